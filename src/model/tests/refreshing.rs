//! The light refresh: when it may take the place of a listing, and what the window knows of it.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::api::{Baseline, Order};
use crate::msg::{ListCommand, PreferencesCommand, RefreshedRows, SystemEvent};

const LISTING: [&str; 3] = ["ListServices", "ListBackups", "ListSchedules"];
const LIGHT: [&str; 3] = ["ListServices", "RefreshBackups", "ListSchedules"];

fn baseline() -> Arc<Baseline> {
    Arc::new(Baseline::of_rows(&usual_backups(), 1))
}

/// A listing that ended, with a baseline.
fn listing(ticket: Ticket) -> Event {
    let listed = Listed { baseline: Some(baseline()), ..listed(usual_backups()) };
    Event::List(ListEvent::BackupsListed(ticket, Ok(listed)))
}

fn refreshed(ticket: Ticket, rows: Option<Vec<Backup>>) -> Event {
    Event::List(ListEvent::BackupsRefreshed(ticket, RefreshedRows { rows: rows.map(Rows::new), baseline: baseline() }))
}

impl Bench {
    /// Signed in; everything was read, and the backups can be refreshed lightly.
    fn with_baseline() -> Self {
        let (mut bench, effects) = Self::signed_in();
        bench.end_refresh(&effects);
        bench
    }

    /// Whatever was asked for ends; a light refresh finds nothing new.
    fn end_refresh(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::List(ListEffect::ListBackups { ticket, .. }) => self.apply(listing(*ticket)),
                Effect::List(ListEffect::RefreshBackups { ticket, .. }) => self.apply(refreshed(*ticket, None)),
                Effect::List(ListEffect::ListSchedules { ticket, .. }) => {
                    self.apply(schedules(*ticket, usual_schedules()))
                }
                Effect::List(ListEffect::ListServices { ticket }) => self.apply(services(*ticket, &["db1"])),
                _ => Vec::new(),
            };
        }
    }

    fn in_full(&self) -> Option<Timestamp> {
        self.model.data.backups().refreshed_since()
    }
}

#[test]
fn an_automatic_refresh_is_light_and_one_that_was_asked_for_is_not() {
    let mut bench = Bench::with_baseline();
    let listed_at = bench.now;
    assert_eq!(bench.in_full(), None);
    let effects = bench.after(60);
    assert_eq!(names(&effects), LIGHT);
    let revision = bench.model.data.backups().revision();
    bench.end_refresh(&effects);
    assert_eq!((bench.model.data.backups().remote.at, bench.in_full()), (Some(bench.now), Some(listed_at)));
    assert_eq!(bench.model.data.backups().revision(), revision, "the same rows need no new order");
    let provenance = bench.model.data.backups().provenance(bench.now);
    assert_eq!((provenance.at, provenance.in_full_at), (bench.now, Some(listed_at)));

    let effects = bench.after(60);
    bench.apply(refreshed(
        ticket(&effects, "RefreshBackups"),
        Some(vec![backup("b2", "Failed"), backup("b9", "Running")]),
    ));
    assert_eq!((bench.backup_ids().len(), bench.in_full()), (2, Some(listed_at)));
    bench.answer_lists(&effects);

    let effects = bench.handle(Command::List(ListCommand::Refresh));
    assert_eq!(names(&effects), LISTING);
    assert_eq!(bench.in_full(), Some(listed_at), "while it runs, the rows are as they were");
    bench.end_refresh(&effects);
    assert_eq!((bench.backup_ids().len(), bench.in_full()), (3, None));
}

#[test]
fn without_a_baseline_every_refresh_is_a_listing() {
    let mut bench = Bench::ready();
    assert_eq!(names(&bench.after(60)), LISTING);
}

#[test]
fn a_late_end_of_a_light_refresh_changes_nothing() {
    let mut bench = Bench::with_baseline();
    let late = ticket(&bench.after(60), "RefreshBackups");
    bench.handle(Command::List(ListCommand::CancelLoading(TableId::Backups)));
    bench.apply(refreshed(late, Some(Vec::new())));
    assert_eq!(bench.backup_ids().len(), 3);
}

#[test]
fn whatever_makes_the_known_rows_unsure_leads_to_a_listing() {
    type Step = fn(&mut Bench);
    let cases: [(&str, Step); 5] = [
        ("another question", |bench| {
            let command = Command::List(ListCommand::ServerOrder(Some(Order::Ascending)));
            let asked = bench.handle(command);
            bench.apply(backups(ticket(&asked, "ListBackups"), usual_backups()));
        }),
        ("a listing that was stopped", |bench| {
            let asked = bench.handle(Command::List(ListCommand::Refresh));
            bench.handle(Command::List(ListCommand::CancelLoading(TableId::Backups)));
            bench.end_refresh(&asked);
        }),
        ("a listing that failed", |bench| {
            let asked = bench.handle(Command::List(ListCommand::Refresh));
            let failed = Err(error(ErrorKind::Forbidden, Operation::ListBackups));
            bench.apply(Event::List(ListEvent::BackupsListed(ticket(&asked, "ListBackups"), failed)));
            bench.end_refresh(&asked);
        }),
        ("a clock that was set", |bench| {
            for ahead in [0, 300] {
                let server_date = bench.now.checked_add(SignedDuration::from_secs(ahead)).ok();
                let record = RequestRecord { server_date, ..bench.record() };
                bench.apply(Event::System(SystemEvent::Requested(bench.session(), record)));
            }
        }),
        ("a clock that runs backwards", |bench| {
            bench.now -= SignedDuration::from_hours(1);
            assert_eq!(names(&bench.tick()), Vec::<String>::new());
        }),
    ];
    for (name, unsure) in cases {
        let mut bench = Bench::with_baseline();
        unsure(&mut bench);
        let effects = bench.after(120);
        assert!(names(&effects).contains(&"ListBackups".to_owned()), "{name}: {:?}", names(&effects));
    }
}

#[test]
fn a_light_refresh_that_fails_leaves_the_rows_and_their_age() {
    let mut bench = Bench::with_baseline();
    let listed_at = bench.now;
    let light = ticket(&bench.after(60), "RefreshBackups");
    bench.apply(Event::List(ListEvent::BackupsListed(light, Err(offline(Operation::RefreshBackups)))));
    let remote = &bench.model.data.backups().remote;
    assert_eq!((remote.at, bench.in_full(), bench.backup_ids().len()), (Some(listed_at), None, 3));
    assert!(remote.error().is_some());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    /// However often the lists are refreshed, a listing begins within ten minutes of the one before, and where the last refresh was none,
    /// the table says when the last listing was.
    #[test]
    fn a_listing_comes_at_least_every_ten_minutes(
        every_secs in prop::sample::select(vec![30_u32, 60, 120, 300, 601, 3_600]),
        takes in prop::collection::vec(0..55_i64, 1..60),
    ) {
        let mut bench = Bench::with_baseline();
        bench.handle(Command::Preferences(PreferencesCommand::SetAutoRefresh(every_secs)));
        let mut listed_at = bench.now;
        for takes in takes {
            bench.now = bench.model.next_refresh().unwrap();
            let since = bench.now.duration_since(listed_at).as_secs();
            prop_assert!(since <= 600.max(i64::from(every_secs)), "{since} s after the listing");
            let mut effects = bench.tick();
            effects.retain(|effect| matches!(effect, Effect::List(_)));
            bench.now += SignedDuration::from_secs(takes);
            let is_light = names(&effects) == LIGHT;
            prop_assert!(is_light || names(&effects) == LISTING);
            if !is_light {
                listed_at = bench.now;
            }
            bench.end_refresh(&effects);
            prop_assert_eq!(bench.in_full(), is_light.then_some(listed_at));
            prop_assert!(every_secs <= 270 || !is_light);
        }
    }
}
