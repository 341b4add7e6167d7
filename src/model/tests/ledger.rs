//! The history: shown before the service answers, copied, forgotten, and reported where there is none.

use std::path::PathBuf;

use super::*;
use crate::domain::{BackupType, Restore, RestoreId, SeenCounts};
use crate::insight::{NotCheckable, RunState};
use crate::msg::{KnownRows, KnownTables, LedgerCommand, LedgerEvent, ListCommand, PickedPath, WindowCommand};

/// What an earlier run listed at ten o'clock.
fn known(bench: &Bench, ids: &[&str]) -> Event {
    let at = "2026-09-16T10:00:00Z".parse().unwrap();
    let rows = ids.iter().map(|id| backup(id, "Succeeded")).collect();
    let tables = KnownTables {
        backups: Some(KnownRows { rows, at }),
        schedules: Some(KnownRows { rows: Rows::new(usual_schedules()), at }),
        restores: None,
    };
    Event::Ledger(LedgerEvent::Known(bench.session(), tables))
}

#[test]
fn a_session_opens_the_ledger_of_its_account_and_the_demo_one_that_ends_with_it() {
    let (mut bench, effects) = Bench::signed_in();
    let account = bench.open().record_account();
    let asked = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::Ledger(LedgerEffect::Open { session, account }) => Some((*session, account.clone())),
            _ => None,
        })
    };
    assert_eq!(asked(&effects), Some((bench.session(), account.clone())));
    assert!(account.unwrap().starts_with(URL));
    let place = |name: &str| names(&effects).iter().position(|known| known == name);
    assert!(place("Open") < place("ListBackups"), "what is listed goes into it");
    let effects = bench.handle(Command::Session(SessionCommand::TryDemo));
    let effects = bench.apply(opened(&effects));
    assert_eq!(asked(&effects), Some((bench.session(), None)));
}

#[test]
fn what_an_earlier_run_knew_is_shown_with_its_age_until_the_list_is_there() {
    let (mut bench, effects) = Bench::signed_in();
    bench.apply(known(&bench, &["old1", "old2"]));
    assert_eq!(bench.backup_ids(), ["old1", "old2"]);
    let shown_at = |bench: &Bench| bench.model.data.backups().remote.at.unwrap().to_string();
    assert_eq!(shown_at(&bench), "2026-09-16T10:00:00Z");
    assert!(bench.model.data.backups().remote.is_loading());
    assert_eq!(bench.model.data.schedules().rows().len(), 3);
    bench.answer_lists(&effects);
    assert_eq!(bench.backup_ids(), ["b1", "b2", "b3"]);
    assert_eq!(shown_at(&bench), bench.now.to_string());
    bench.apply(known(&bench, &["old1"]));
    assert_eq!(bench.backup_ids(), ["b1", "b2", "b3"], "a slow disk replaces nothing");
}

#[test]
fn offline_it_stays_with_its_age_whichever_comes_first() {
    for is_ledger_first in [true, false] {
        let (mut bench, effects) = Bench::signed_in();
        let lost = Event::List(ListEvent::BackupsListed(
            ticket(&effects, "ListBackups"),
            Err(offline(Operation::ListBackups)),
        ));
        let events = [known(&bench, &["old1"]), lost];
        let order = if is_ledger_first { [0, 1] } else { [1, 0] };
        for at in order {
            bench.apply(events[at].clone());
        }
        assert_eq!(bench.backup_ids(), ["old1"]);
        let data = &bench.model.data;
        assert!(data.lists().is_offline());
        assert_eq!(data.backups().remote.at.unwrap().to_string(), "2026-09-16T10:00:00Z");
    }
}

#[test]
fn a_poll_of_an_earlier_session_counts_as_observed_and_the_time_since_does_not() {
    let (mut bench, effects) = Bench::signed_in();
    let daily = |id: &str, cron: &str, backup_type| Schedule {
        backup_type: Some(backup_type),
        created_at: ApiTime::read("2026-09-01T00:00:00Z"),
        ..schedule(id, cron)
    };
    let rows = vec![daily("1", "0 2 * * *", BackupType::Full), daily("2", "0 11 * * *", BackupType::Dump)];
    let at = "2026-09-16T10:00:00Z".parse().unwrap();
    let tables = KnownTables {
        backups: Some(KnownRows { rows: Rows::default(), at }),
        schedules: Some(KnownRows { rows: Rows::new(rows), at }),
        restores: None,
    };
    bench.apply(Event::Ledger(LedgerEvent::Known(bench.session(), tables)));
    let lost = || offline(Operation::ListServices);
    bench.apply(Event::List(ListEvent::ServicesListed(ticket(&effects, "ListServices"), Err(lost()))));
    let report = bench.open().coverage.report().unwrap();
    let newest = |lane: usize| report.services[0].cells[lane].runs.last().unwrap();
    assert_eq!(
        (newest(0).state.clone(), newest(0).at.to_string()),
        (RunState::Missed, "2026-09-16T02:00:00Z".to_owned())
    );
    let not_observed = RunState::NotCheckable(NotCheckable::NotObserved);
    assert_eq!((newest(3).state.clone(), newest(3).at.to_string()), (not_observed, "2026-09-16T11:00:00Z".to_owned()));
}

#[test]
fn what_is_known_is_no_response_to_another_question_or_session() {
    let (mut bench, _) = Bench::signed_in();
    let of_this_session = known(&bench, &["old1"]);
    bench.handle(Command::List(ListCommand::ServerStatus(Some("Failed".to_owned()))));
    bench.apply(of_this_session);
    assert_eq!(bench.backup_ids(), [""; 0]);

    let (mut bench, _) = Bench::signed_in();
    let of_the_first = known(&bench, &["old1"]);
    bench.sign_in("Second");
    bench.apply(of_the_first);
    assert_eq!(bench.backup_ids(), [""; 0]);
}

#[test]
fn a_ledger_that_fails_or_was_damaged_is_reported_and_the_session_goes_on() {
    let mut bench = Bench::ready();
    let session = bench.session();
    bench.apply(Event::Ledger(LedgerEvent::Failed(session, "the disk is full".to_owned())));
    bench.apply(Event::Ledger(LedgerEvent::Quarantined(session, "x.sqlite.corrupt-1".to_owned())));
    bench.apply(Event::Ledger(LedgerEvent::Failed(Ticket(9_999), "of another session".to_owned())));
    let texts = bench.notifications();
    assert_eq!(
        texts,
        [
            "No history of this profile is kept: the disk is full",
            "The history of this profile was damaged, so a new one was begun"
        ]
    );
    let details = bench.model.data.notifications.list.iter().map(|it| it.detail.clone().unwrap_or_default());
    assert!(details.collect::<String>().contains("x.sqlite.corrupt-1"));
    assert_eq!(bench.backup_ids().len(), 3);
}

#[test]
fn forgetting_says_how_much_goes_and_is_done_once() {
    let mut bench = Bench::ready();
    let asked = bench.handle(Command::Ledger(LedgerCommand::AskForget));
    assert_eq!(names(&asked), ["Count"]);
    assert_eq!(bench.model.view.dialog, Some(Dialog::ForgetHistory));
    assert_eq!(bench.open().history.held_words(), None);
    bench.apply(Event::Ledger(LedgerEvent::Counted(Ticket(9_999), Ok(SeenCounts::default()))));
    assert_eq!(bench.open().history.held_words(), None, "a late count of another question");
    let counts = SeenCounts { backups: 12_345, schedules: 1, restores: 2 };
    bench.apply(Event::Ledger(LedgerEvent::Counted(ticket(&asked, "Count"), Ok(counts))));
    assert_eq!(bench.open().history.held_words().unwrap(), "12,345 backups, 1 schedule and 2 restores");
    let forgetting = bench.handle(Command::Ledger(LedgerCommand::Forget));
    assert_eq!(names(&forgetting), ["Forget"]);
    assert_eq!(bench.model.view.dialog, None);
    assert_eq!(names(&bench.handle(Command::Ledger(LedgerCommand::Forget))), [""; 0]);
    bench.apply(Event::Ledger(LedgerEvent::Forgotten(ticket(&forgetting, "Forget"), Ok(()))));
    assert_eq!(bench.notifications(), ["History forgotten. It begins anew with the next refresh"]);
    assert_eq!(bench.backup_ids().len(), 3, "what is listed now stays on screen");
}

#[test]
fn a_copy_goes_where_the_user_says_or_without_a_dialog_into_the_home_folder() {
    let cases = [
        (PickedPath::Path("/disk/copy.sqlite".into()), Some("/disk/copy.sqlite")),
        (PickedPath::NoDialog, Some("/home/me/skysql-history_Production_all_20260916T1200Z.sqlite")),
        (PickedPath::Cancelled, None),
    ];
    for (picked, path) in cases {
        let mut bench = Bench::ready();
        let asked = bench.handle(Command::Ledger(LedgerCommand::Export));
        let [Effect::Window(WindowEffect::PickLedgerPath(ticket, save))] = &asked[..] else { panic!("{asked:?}") };
        assert_eq!(save.file_name, "skysql-history_Production_all_20260916T1200Z.sqlite");
        assert_eq!(names(&bench.handle(Command::Ledger(LedgerCommand::Export))), [""; 0], "one at a time");
        let writing = bench.apply(Event::Ledger(LedgerEvent::PathPicked(*ticket, picked)));
        let Some(path) = path else {
            assert_eq!(names(&writing), [""; 0]);
            assert_eq!(names(&bench.handle(Command::Ledger(LedgerCommand::Export))), ["PickLedgerPath"], "again");
            continue;
        };
        let [Effect::Ledger(LedgerEffect::Export(_, target))] = &writing[..] else { panic!("{writing:?}") };
        assert_eq!(target, &PathBuf::from(path));
        bench.apply(Event::Ledger(LedgerEvent::Exported(*ticket, Ok(target.clone()))));
        assert_eq!(bench.notifications().last(), Some(&"History exported"));
        let again = bench.handle(Command::Ledger(LedgerCommand::Export));
        bench
            .apply(Event::Ledger(LedgerEvent::Exported(super::ticket(&again, "PickLedgerPath"), Err("no".to_owned()))));
        assert_eq!(bench.notifications().last(), Some(&"The history was not exported: no"));
    }
}

/// Restores that an earlier run looked at, at ten o'clock.
fn known_restores(bench: &Bench) -> Event {
    let at = "2026-09-16T10:00:00Z".parse().unwrap();
    let rows = Rows::new([Restore { id: RestoreId::new("12"), ..Restore::default() }]);
    let tables = KnownTables { restores: Some(KnownRows { rows, at }), ..KnownTables::default() };
    Event::Ledger(LedgerEvent::Known(bench.session(), tables))
}

fn look_at_restores(bench: &mut Bench) -> Vec<Effect> {
    bench.handle(Command::Window(WindowCommand::Go(Screen::Restores)))
}

fn reads_restores(effects: &[Effect]) -> bool {
    names(effects).contains(&"ListRestores".to_owned())
}

#[test]
fn restores_that_an_earlier_run_looked_at_are_shown_with_their_age_and_read_again() {
    let mut bench = Bench::ready();
    let effects = bench.apply(known_restores(&bench));
    assert_eq!(names(&effects), ["ListRestores"]);
    let shown_at = |bench: &Bench| bench.model.data.restores().remote.at.unwrap().to_string();
    assert_eq!((bench.model.data.restores().rows().len(), shown_at(&bench)), (1, "2026-09-16T10:00:00Z".to_owned()));
    let lost = Err(offline(Operation::ListRestores));
    bench.apply(Event::List(ListEvent::RestoresListed(ticket(&effects, "ListRestores"), lost)));
    assert_eq!((bench.model.data.restores().rows().len(), shown_at(&bench)), (1, "2026-09-16T10:00:00Z".to_owned()));
    assert!(!reads_restores(&look_at_restores(&mut bench)), "read once, not for every look");
    let refresh = bench.handle(Command::List(ListCommand::Refresh));
    assert!(reads_restores(&refresh), "and with the rest from now on");
}

#[test]
fn restores_that_are_being_read_are_not_asked_for_twice_and_those_nobody_looked_at_not_at_all() {
    let mut bench = Bench::ready();
    assert!(reads_restores(&look_at_restores(&mut bench)));
    assert_eq!(names(&bench.apply(known_restores(&bench))), [""; 0]);
    assert_eq!(bench.model.data.restores().rows().len(), 1, "shown meanwhile");

    let mut bench = Bench::ready();
    assert_eq!(names(&bench.apply(known(&bench, &["old1"]))), [""; 0]);
}

#[test]
fn a_key_of_other_services_is_asked_about_and_accepted() {
    let mut bench = Bench::ready();
    let session = bench.session();
    bench.apply(Event::Ledger(LedgerEvent::OtherServices(Ticket(9_999), 3)));
    assert_eq!(bench.model.data.history().unwrap().other_services, None, "of another session");
    bench.apply(Event::Ledger(LedgerEvent::OtherServices(session, 3)));
    assert_eq!(bench.model.data.history().unwrap().other_services, Some(3));
    let effects = bench.handle(Command::Ledger(LedgerCommand::Accept));
    assert_eq!(names(&effects)[0], "Accept");
    assert!(names(&effects).contains(&"ListBackups".to_owned()), "all is listed again, to be recorded");
    assert_eq!(bench.model.data.history().unwrap().other_services, None);
}
