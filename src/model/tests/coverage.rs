//! The overview beside the lists: when it is worked out, where, and what it may claim.

use super::*;
use crate::api::Progress;
use crate::domain::BackupType;
use crate::insight::{CoverageJob, Evidence};
use crate::msg::{ListCommand, ProfileCommand, ShownEvidence, SystemEvent, WindowCommand};

fn many(count: usize) -> Vec<Backup> {
    (0..count).map(|number| backup(&format!("b{number:05}"), "Succeeded")).collect()
}

/// The work on an overview among some effects.
fn job(effects: &[Effect]) -> Option<(Ticket, CoverageJob)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Table(TableEffect::AssessCoverage(ticket, job)) => Some((*ticket, (**job).clone())),
        _ => None,
    })
}

fn assessed(ticket: Ticket, job: CoverageJob) -> Event {
    Event::List(ListEvent::CoverageAssessed(ticket, Box::new(job.run())))
}

fn problems(bench: &Bench) -> Option<usize> {
    bench.open().coverage.report().map(|report| report.problems)
}

fn pages(ticket: Ticket, count: usize) -> Event {
    let progress = Progress { pages_read: 1, pages_count: Some(3), rows: count };
    Event::List(ListEvent::BackupsProgress(ticket, progress, Some(Rows::new(many(count)))))
}

#[test]
fn few_rows_are_worked_out_at_once_and_again_when_ages_grew() {
    let mut bench = Bench::ready();
    assert!(bench.open().coverage.report().is_some());
    let problems_now = problems(&bench);
    bench.after(30);
    assert_eq!(problems(&bench), problems_now);
    let at = |bench: &Bench| std::sync::Arc::as_ptr(&bench.open().coverage.report().unwrap().services);
    let before = at(&bench);
    bench.after(10);
    assert_eq!(at(&bench), before, "not with every step");
    bench.after(30);
    assert_ne!(at(&bench), before, "ages are shown in minutes");
}

#[test]
fn many_rows_are_worked_out_elsewhere_one_work_at_a_time() {
    let (mut bench, effects) = Bench::signed_in();
    let listing = ticket(&effects, "ListBackups");
    let (first, work) = job(&bench.apply(pages(listing, 1_100))).unwrap();
    assert!(bench.open().coverage.report().is_none());
    assert!(job(&bench.apply(pages(listing, 1_300))).is_none(), "waits for its turn");
    bench.apply(assessed(Ticket(first.0 + 1_000), work.clone()));
    assert!(bench.open().coverage.report().is_none(), "a report nobody waits for");
    let (second, work) = job(&bench.apply(assessed(first, work))).unwrap();
    let known = work.previous.as_ref().map(|previous| previous.history.rows());
    assert_eq!(known, Some(1_100), "only the rows that were added are looked at");
    bench.apply(assessed(second, work));
    assert_eq!(problems(&bench), Some(0), "nothing is claimed before the list is whole");
    // The whole list may have its rows in another order.
    let (_, work) = job(&bench.apply(backups(listing, many(1_200)))).unwrap();
    assert!(work.previous.is_none());
}

#[test]
fn work_that_broke_is_not_tried_for_ever() {
    let (mut bench, effects) = Bench::signed_in();
    let listing = ticket(&effects, "ListBackups");
    let (first, _) = job(&bench.apply(pages(listing, 1_100))).unwrap();
    assert!(job(&bench.apply(Event::System(SystemEvent::TaskPanicked(first)))).is_none());
    assert!(job(&bench.after(120)).is_none());
    assert!(job(&bench.apply(pages(listing, 1_200))).is_some(), "other rows are tried");
}

#[test]
fn a_question_that_leaves_rows_out_claims_nothing() {
    let mut bench = Bench::ready();
    bench.after(7 * 24 * 3600);
    let effects = bench.handle(Command::List(ListCommand::Refresh));
    bench.answer_lists(&effects);
    assert!(problems(&bench) > Some(0), "the backups are a week old");
    let effects = bench.handle(Command::List(ListCommand::ServerStatus(Some("Failed".to_owned()))));
    bench.answer_lists(&effects);
    assert_eq!(problems(&bench), Some(0));
}

#[test]
fn a_target_is_kept_with_its_profile() {
    let mut bench = Bench::ready();
    let profile = bench.open().profile.clone();
    bench.model.data.settings.profiles = vec![profile.clone()];
    let set = |service: Option<&str>, hours| {
        Command::Profile(ProfileCommand::SetTarget {
            service: service.map(ServiceId::new),
            backup_type: BackupType::Full,
            hours,
        })
    };
    bench.handle(set(Some("db1"), Some(1)));
    let saved = |bench: &Bench| bench.model.data.settings.profile(&profile.id).unwrap().targets.clone();
    assert_eq!(saved(&bench).get(Some(&ServiceId::new("db1")), &BackupType::Full), Some(1));
    assert_eq!(saved(&bench), bench.open().profile.targets);
    bench.handle(set(Some("db1"), None));
    assert!(saved(&bench).is_empty());
}

#[test]
fn evidence_is_shown_in_its_table_and_one_way_leads_back() {
    let mut bench = Bench::ready();
    bench.model.view.screen = Screen::Overview;
    let shown = |rows| {
        let (service, backup_type) = (ServiceId::new("db1"), None);
        Command::List(ListCommand::ShowEvidence(ShownEvidence { service, backup_type, rows }))
    };
    bench.handle(shown(Evidence::Backups(vec![BackupId::new("b2")])));
    assert_eq!((bench.model.view.screen, bench.model.view.back_to), (Screen::Backups, Some(Screen::Overview)));
    assert_eq!(bench.model.data.backups().chosen().map(|row| row.id.as_str()), Some("b2"));
    let first = bench.model.data.schedules().rows().get(0).unwrap().id.clone();
    bench.handle(shown(Evidence::Schedules(vec![first.clone()])));
    assert_eq!(bench.model.view.screen, Screen::Schedules);
    assert_eq!(bench.model.data.schedules().chosen().map(|row| row.id.clone()), Some(first));
    bench.handle(Command::Window(WindowCommand::Go(Screen::Overview)));
    assert_eq!(bench.model.view.back_to, None);
}
