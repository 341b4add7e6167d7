//! The moments of a service: what is read for them and when, and what they are worked out from.

use super::*;
use crate::domain::{BackupType, RestorableRange, SeenState, Sighting};
use crate::insight::{Chain, ChainVerdict, PointInTimeRange, Reachability, ServiceBackups};
use crate::msg::{LedgerCommand, LedgerEvent, ListCommand, SeenBackups, WindowCommand};

fn backup(id: &str, backup_type: BackupType, start: &str) -> Backup {
    Backup {
        id: BackupId::new(id),
        service_id: Some(ServiceId::new("db1")),
        backup_type: Some(backup_type),
        status: Some(Status::new("Succeeded")),
        start_time: ApiTime::read(start),
        end_time: ApiTime::read(start),
        ..Backup::default()
    }
}

fn show_db1() -> Command {
    Command::List(ListCommand::ShowMoments(Some(ServiceId::new("db1"))))
}

/// Signed in with a full backup, on the moments of its service; what that asked for.
fn on_moments() -> (Bench, Vec<Effect>) {
    let (mut bench, effects) = Bench::signed_in();
    bench.answer_lists(&effects);
    let refreshed = bench.handle(Command::List(ListCommand::Refresh));
    let listing = ticket(&refreshed, "ListBackups");
    bench.answer_lists(
        &refreshed
            .into_iter()
            .filter(|it| !matches!(it, Effect::List(ListEffect::ListBackups { .. })))
            .collect::<Vec<_>>(),
    );
    bench.apply(backups(listing, vec![backup("f1", BackupType::Full, "2026-09-16T02:00:00Z")]));
    let effects = bench.handle(show_db1());
    (bench, effects)
}

fn range() -> RestorableRange {
    RestorableRange {
        service_id: ServiceId::new("db1"),
        service_name: None,
        start_time: ApiTime::read("2026-09-15T00:00:00Z"),
        end_time: ApiTime::read("2026-09-16T11:00:00Z"),
    }
}

fn found(ticket: Ticket, ranges: Option<Vec<RestorableRange>>) -> Event {
    Event::List(ListEvent::RestorableRangesFound(ticket, Ok(ranges)))
}

fn ask(bench: &mut Bench, moment: &str) -> Reachability {
    bench.handle(Command::List(ListCommand::AskMoment(moment.parse().unwrap())));
    bench.model.data.moments().unwrap().answer().unwrap().verdict
}

#[test]
fn points_in_time_are_looked_up_for_each_list_while_they_are_looked_at() {
    let (mut bench, effects) = on_moments();
    let look_up = ticket(&effects, "FindRestorableRanges");
    assert_eq!(ask(&mut bench, "2026-09-16T05:00:00Z"), Reachability::NotKnown, "not told yet");
    assert_eq!(names(&bench.apply(found(look_up, Some(vec![range()])))), Vec::<String>::new());
    assert_eq!(ask(&mut bench, "2026-09-16T05:00:00Z"), Reachability::Yes);
    assert_eq!(ask(&mut bench, "2026-09-16T11:30:00Z"), Reachability::No);
    // Not again for the same list; again for the next one.
    assert!(!names(&bench.handle(show_db1())).contains(&"FindRestorableRanges".to_owned()));
    bench.now = bench.now.checked_add(SignedDuration::from_mins(2)).unwrap();
    let refreshed = bench.handle(Command::List(ListCommand::Refresh));
    let again = bench.apply(backups(ticket(&refreshed, "ListBackups"), Vec::new()));
    assert!(names(&again).contains(&"FindRestorableRanges".to_owned()), "{:?}", names(&again));
    // Elsewhere nobody needs them.
    bench.handle(Command::Window(WindowCommand::Go(Screen::Backups)));
    bench.now = bench.now.checked_add(SignedDuration::from_mins(2)).unwrap();
    let refreshed = bench.handle(Command::List(ListCommand::Refresh));
    let more = bench.apply(backups(ticket(&refreshed, "ListBackups"), Vec::new()));
    assert!(!names(&more).contains(&"FindRestorableRanges".to_owned()));
}

#[test]
fn a_service_that_is_not_among_the_ranges_has_none_and_a_missing_look_up_says_nothing() {
    for (ranges, want) in [(Some(Vec::new()), PointInTimeRange::None), (None, PointInTimeRange::Unknown)] {
        let (mut bench, effects) = on_moments();
        bench.apply(found(ticket(&effects, "FindRestorableRanges"), ranges));
        assert_eq!(bench.model.data.moments().unwrap().shown().unwrap().range, want);
    }
}

#[test]
fn the_history_tells_what_is_no_longer_listed() {
    let (mut bench, effects) = on_moments();
    let sighting = Sighting { first_seen: bench.now, last_seen: bench.now, state: SeenState::Expired };
    let gone = Backup { sighting: Some(sighting), ..backup("f0", BackupType::Full, "2026-09-01T02:00:00Z") };
    let next = Backup {
        reference_full_backup: Some("f0".into()),
        ..backup("i0", BackupType::Incremental, "2026-09-16T04:00:00Z")
    };
    let seen = SeenBackups { rows: Rows::new(vec![gone, next]), since: None };
    bench.apply(Event::Ledger(LedgerEvent::BackupsRead(ticket(&effects, "ReadBackups"), Ok(seen))));
    let service = ServiceId::new("db1");
    let known = ServiceBackups::new(&bench.model.data.known_lists(&service), &service);
    assert_eq!(known.len(), 3);
    assert_eq!(Chain::of(&known, &BackupId::new("i0")).unwrap().verdict, ChainVerdict::Broken);
    // Once forgotten, it is read anew.
    let forgetting = bench.handle(Command::Ledger(LedgerCommand::Forget));
    let again = bench.apply(Event::Ledger(LedgerEvent::Forgotten(ticket(&forgetting, "Forget"), Ok(()))));
    assert!(names(&again).contains(&"ReadBackups".to_owned()));
}

#[test]
fn a_list_of_one_status_proves_no_absence() {
    let (mut bench, effects) = on_moments();
    bench.apply(found(ticket(&effects, "FindRestorableRanges"), Some(Vec::new())));
    assert_eq!(ask(&mut bench, "2026-09-16T05:00:00Z"), Reachability::No);
    let asked = bench.handle(Command::List(ListCommand::ServerStatus(Some("Failed".to_owned()))));
    bench.apply(backups(ticket(&asked, "ListBackups"), Vec::new()));
    assert_eq!(ask(&mut bench, "2026-09-16T05:00:00Z"), Reachability::NotKnown);
}

/// The dialog says of a moment what the screen it comes from says.
#[test]
fn a_restore_to_a_moment_knows_what_skysql_said_about_it() {
    use crate::draft::{LookupResult, RestoreSource};
    use crate::msg::RestoreCommand;
    let told = |ranges: Option<Vec<RestorableRange>>, moment: &str| {
        let (mut bench, effects) = on_moments();
        bench.apply(found(ticket(&effects, "FindRestorableRanges"), ranges));
        let source = RestoreSource::Moment { service: ServiceId::new("db1"), at: moment.parse().unwrap() };
        bench.handle(Command::Restore(RestoreCommand::Start(Some(source))));
        let mut form = bench.model.view.restore.clone().unwrap();
        form.draft.target = "dbstage01".to_owned();
        form.look_up(&bench.model.data);
        form.facts(&bench.model.data).unwrap().moment_lookup
    };
    let last = "2026-09-16T11:00:00Z";
    assert_eq!(told(Some(vec![range()]), last), LookupResult::Listed);
    assert_eq!(told(Some(vec![range()]), "2026-09-16T11:00:01Z"), LookupResult::NotListed);
    assert_eq!(told(Some(Vec::new()), last), LookupResult::NotListed);
    assert_eq!(told(None, last), LookupResult::Unknown);
}
