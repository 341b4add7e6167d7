use super::*;
use crate::domain::{BackupType, RestoreTarget};
use crate::draft::{
    CheckLevel, CheckTopic, LookupResult, NewestTargetBackup, RestoreInput, RestoreSource, SourceFacts, checks,
};
use crate::msg::{
    ChangeEvent, ChangeOutcome, FormCommand, FormEvent, KnownRows, KnownTables, LedgerEvent, ListCommand, PickedPath,
    RestoreCommand, WindowCommand,
};
use crate::secrets::SecretBuffer;

pub(super) fn source(id: &str) -> RestoreSource {
    RestoreSource::Backup(BackupId::new(id))
}

pub(super) fn start_restore(bench: &mut Bench, source: impl Into<Option<RestoreSource>>) -> Vec<Effect> {
    bench.handle(Command::Restore(RestoreCommand::Start(source.into())))
}

pub(super) fn form(bench: &mut Bench) -> &mut RestoreForm {
    bench.model.view.restore.as_mut().unwrap()
}

fn full(id: &str, service: &str, status: &str, start: &str) -> Backup {
    Backup {
        id: BackupId::new(id),
        service_id: Some(ServiceId::new(service)),
        backup_type: Some(BackupType::Full),
        status: Some(Status::new(status)),
        start_time: ApiTime::read(start),
        end_time: ApiTime::read(start),
        ..Backup::default()
    }
}

/// The services are longer here, as ids of targets are.
pub(super) fn ready() -> Bench {
    let (mut bench, effects) = Bench::signed_in();
    for effect in &effects {
        match effect {
            Effect::List(ListEffect::ListBackups { ticket, .. }) => {
                let rows = vec![
                    full("b1", "dborders1", "Succeeded", "2026-09-16T02:00:00Z"),
                    full("b2", "dbstage01", "Succeeded", "2026-09-14T02:00:00Z"),
                    full("b3", "dbstage01", "Succeeded", "2026-09-15T02:00:00Z"),
                    full("b4", "dbstage01", "Failed", "2026-09-16T02:00:00Z"),
                ];
                bench.apply(backups(*ticket, rows));
            }
            Effect::List(ListEffect::ListSchedules { ticket, .. }) => {
                bench.apply(schedules(*ticket, Vec::new()));
            }
            Effect::List(ListEffect::ListServices { ticket }) => {
                bench.apply(services(*ticket, &["dborders1", "dbstage01", "dbempty01"]));
            }
            _ => {}
        }
    }
    bench
}

#[test]
fn a_start_asks_for_the_targets_of_the_backup_and_reads_the_services_again() {
    let mut bench = ready();
    let effects = start_restore(&mut bench, source("b1"));
    assert_eq!(names(&effects), ["FindRestoreTargets", "ListServices"]);
    let Effect::List(ListEffect::FindRestoreTargets { ticket, backup, source: service }) = &effects[0] else {
        panic!()
    };
    assert_eq!((backup.as_str(), service.as_str()), ("b1", "dborders1"));
    assert_eq!(bench.model.view.dialog, Some(Dialog::Restore));
    let target = RestoreTarget { service_id: ServiceId::new("dbstage01"), service_name: None };
    bench.apply(Event::List(ListEvent::RestoreTargetsFound(*ticket, Ok(Some(vec![target])))));
    let (candidates, is_looked_up) = bench.model.data.lists().restore_candidates(None);
    assert_eq!((candidates.len(), is_looked_up), (1, true));

    // The next start forgets them: they were those of another backup.
    start_restore(&mut bench, None);
    assert_eq!(bench.model.data.lists().restore_candidates(None).0.len(), 3);
}

#[test]
fn the_facts_are_those_of_the_lists() {
    let mut bench = ready();
    start_restore(&mut bench, source("b1"));
    let newest = |bench: &mut Bench, target: &str| {
        let mut form = form(bench).clone();
        target.clone_into(&mut form.draft.target);
        form.look_up(&bench.model.data);
        let facts = form.facts(&bench.model.data)?;
        assert!(matches!(facts.source, SourceFacts::Backup(Some(_))) && facts.lookup == LookupResult::Unknown);
        Some(match facts.target_backup {
            NewestTargetBackup::Known(backup) => backup.id.to_string(),
            NewestTargetBackup::None => "none".to_owned(),
            NewestTargetBackup::Unknown => "unknown".to_owned(),
        })
    };
    assert_eq!(newest(&mut bench, "dbstage01").as_deref(), Some("b3"), "not the older, not the failed");
    assert_eq!(newest(&mut bench, "dbempty01").as_deref(), Some("none"));
    assert_eq!(newest(&mut bench, ""), None);
    // A narrowed list proves nothing about others.
    let effects = bench.handle(Command::List(ListCommand::ServerService(Some(ServiceId::new("dborders1")))));
    let rows = vec![full("b1", "dborders1", "Succeeded", "2026-09-16T02:00:00Z")];
    bench.apply(backups(ticket(&effects, "ListBackups"), rows));
    assert_eq!(newest(&mut bench, "dbempty01").as_deref(), Some("unknown"));
}

/// A list of an earlier run tells nothing of what was backed up or removed since.
#[test]
fn rows_of_an_earlier_run_do_not_deny_a_backup_of_the_target() {
    let (mut bench, _) = Bench::signed_in();
    let at = "2026-09-16T10:00:00Z".parse().unwrap();
    let rows = Rows::new([full("b1", "dborders1", "Succeeded", "2026-09-16T02:00:00Z")]);
    let tables = KnownTables { backups: Some(KnownRows { rows, at }), ..KnownTables::default() };
    bench.apply(Event::Ledger(LedgerEvent::Known(bench.session(), tables)));
    start_restore(&mut bench, source("b1"));
    let mut form = form(&mut bench).clone();
    form.draft.target = "dbstage01".to_owned();
    form.look_up(&bench.model.data);
    let facts = form.facts(&bench.model.data).unwrap();
    assert!(matches!(facts.source, SourceFacts::Backup(Some(_))));
    assert!(matches!(facts.target_backup, NewestTargetBackup::Unknown), "{:?}", facts.target_backup);
}

#[test]
fn all_of_the_chain_of_an_incremental_counts() {
    let on = |id: &str, start: &str, status: &str| Backup {
        backup_type: Some(BackupType::Incremental),
        reference_full_backup: Some("b1".into()),
        ..full(id, "dborders1", status, start)
    };
    let told = |id: &str, between: &str, has_full: bool| {
        let mut bench = ready();
        let first = full("b1", "dborders1", "Succeeded", "2026-09-16T02:00:00Z");
        let rows = [on("i1", "2026-09-16T04:00:00Z", between), on("i2", "2026-09-16T06:00:00Z", "Succeeded")];
        let rows = has_full.then_some(first).into_iter().chain(rows).collect();
        let effects = bench.handle(Command::List(ListCommand::Refresh));
        let read = effects.iter().find_map(|effect| match effect {
            Effect::List(ListEffect::ListBackups { ticket, .. } | ListEffect::RefreshBackups { ticket, .. }) => {
                Some(*ticket)
            }
            _ => None,
        });
        bench.apply(backups(read.unwrap(), rows));
        start_restore(&mut bench, source(id));
        let mut form = form(&mut bench).clone();
        form.draft.target = "dbstage01".to_owned();
        form.look_up(&bench.model.data);
        let check = checks(&form.facts(&bench.model.data).unwrap());
        check.into_iter().find(|check| check.topic == CheckTopic::Chain).map(|check| (check.level, check.text))
    };
    let (level, text) = told("i2", "Succeeded", true).unwrap();
    assert!(level == CheckLevel::Ok && text.ends_with("All of its chain is listed"), "{text}");
    let (level, text) = told("i2", "Failed", true).unwrap();
    assert!(level == CheckLevel::Unknown && text.contains("the incremental of 2026-09-16 04:00 failed"), "{text}");
    let (level, text) = told("i2", "Succeeded", false).unwrap();
    assert!(level == CheckLevel::Warning && text.contains("It should not be restorable"), "{text}");
    assert_eq!(told("b1", "Succeeded", true), None);
}

#[test]
fn a_draft_is_kept_for_the_same_source_only() {
    let mut bench = ready();
    start_restore(&mut bench, source("b1"));
    form(&mut bench).draft.target = "dbstage01".to_owned();
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    start_restore(&mut bench, source("b1"));
    assert_eq!(form(&mut bench).draft.target, "dbstage01");
    start_restore(&mut bench, source("b2"));
    assert_eq!(form(&mut bench).draft.target, "");
}

#[test]
fn secrets_leave_with_the_dialog_and_with_the_session() {
    let mut bench = ready();
    let enter = |bench: &mut Bench| {
        start_restore(bench, None);
        let RestoreInput::File(file) = &mut form(bench).draft.source else { panic!() };
        file.encryption_key.as_mut_string().push_str("s3cr3t");
        file.bucket.key_file.as_mut_string().push_str("s3cr3t");
    };
    enter(&mut bench);
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    let RestoreInput::File(file) = &form(&mut bench).draft.source else { panic!() };
    assert!(file.encryption_key.is_empty() && file.bucket.key_file.is_empty());
    enter(&mut bench);
    bench.handle(Command::Session(SessionCommand::SignOut));
    assert!(bench.model.view.restore.is_none());
}

#[test]
fn the_key_file_goes_to_the_dialog_that_asked_for_it() {
    let mut bench = ready();
    start_restore(&mut bench, None);
    let effects = bench.handle(Command::Form(FormCommand::PickKeyFile));
    let ticket = ticket(&effects, "PickKeyFile");
    bench.apply(Event::Form(FormEvent::KeyFilePicked(ticket, PickedPath::Path("/k.json".into()))));
    let mut text = SecretBuffer::default();
    text.as_mut_string().push_str("{}");
    bench.apply(Event::Form(FormEvent::KeyFileRead(ticket, Ok(text))));
    let RestoreInput::File(file) = &form(&mut bench).draft.source else { panic!() };
    assert_eq!(file.bucket.key_file.as_str(), "{}");
    assert!(bench.model.view.form.is_none());
    // A backup has no bucket to read a key for.
    start_restore(&mut bench, source("b1"));
    assert_eq!(names(&bench.handle(Command::Form(FormCommand::PickKeyFile))), Vec::<String>::new());
}

#[test]
fn a_read_only_profile_opens_no_dialog() {
    let mut bench = ready();
    let Session::Open(open) = &mut bench.model.data.session else { panic!() };
    open.profile.flags.read_only = true;
    assert!(start_restore(&mut bench, source("b1")).is_empty());
    assert!(bench.model.view.dialog.is_none() && bench.notifications()[0].contains("Edit profile"));
    assert!(bench.handle(Command::Restore(RestoreCommand::BackUpTarget(ServiceId::new("dbstage01")))).is_empty());
}

/// The target is being backed up: its request was taken.
pub(super) fn waiting() -> Bench {
    let mut bench = ready();
    start_restore(&mut bench, source("b1"));
    let effects = bench.handle(Command::Restore(RestoreCommand::BackUpTarget(ServiceId::new("dbstage01"))));
    let [Effect::Change(ChangeEffect::CreateSchedule { new, ticket, .. })] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((new.service_id.as_str(), &new.recurrence), ("dbstage01", &Recurrence::Once));
    assert_eq!(new.backup_type, BackupType::Full);
    let created = Schedule { id: ScheduleId::new("77"), recurrence: Some(Recurrence::Once), ..Schedule::default() };
    let effects = bench.apply(Event::Change(ChangeEvent::Ended(*ticket, ChangeOutcome::Created(created.into()))));
    bench.apply(backups(super::ticket(&effects, "ListBackups"), backup_rows(None)));
    bench
}

/// The backups of the bench, and one more of the target with this status.
fn backup_rows(status: Option<&str>) -> Vec<Backup> {
    let mut rows = vec![
        full("b1", "dborders1", "Succeeded", "2026-09-16T02:00:00Z"),
        full("b3", "dbstage01", "Succeeded", "2026-09-15T02:00:00Z"),
    ];
    rows.extend(status.map(|status| full("b9", "dbstage01", status, "2026-09-16T12:00:05Z")));
    rows
}

fn state(bench: &Bench) -> Option<String> {
    let state = &bench.model.data.target_backup()?.state;
    Some(format!("{state:?}").split(['(', ' ']).next().unwrap().to_owned())
}

/// The next look at the backups, some seconds later, finds these.
fn look_again(bench: &mut Bench, status: Option<&str>) {
    let effects = bench.after(6);
    let read = effects.iter().find_map(|effect| match effect {
        Effect::List(ListEffect::ListBackups { ticket, .. } | ListEffect::RefreshBackups { ticket, .. }) => {
            Some(*ticket)
        }
        _ => None,
    });
    bench.apply(backups(read.unwrap(), backup_rows(status)));
}

#[test]
fn a_backup_of_the_target_is_requested_once_and_waited_for() {
    let mut bench = waiting();
    assert_eq!(state(&bench).as_deref(), Some("Waiting"));
    assert!(bench.model.next_wake().unwrap() <= bench.now + SignedDuration::from_secs(5));
    look_again(&mut bench, None);
    assert_eq!(state(&bench).as_deref(), Some("Waiting"));
    look_again(&mut bench, Some("Running"));
    assert_eq!(state(&bench).as_deref(), Some("Waiting"));
    look_again(&mut bench, Some("Succeeded"));
    assert_eq!(state(&bench).as_deref(), Some("Succeeded"));
    assert_eq!(names(&bench.after(60)), Vec::<String>::new(), "nothing is read for it any more");
    let mut form = form(&mut bench).clone();
    form.draft.target = "dbstage01".to_owned();
    form.look_up(&bench.model.data);
    let found = checks(&form.facts(&bench.model.data).unwrap());
    let newest = found.last().unwrap();
    assert!(newest.level == CheckLevel::Ok && newest.text.ends_with("1 min ago"), "{newest:?}");
}

#[test]
fn a_backup_of_the_target_that_fails_is_reported() {
    let mut bench = waiting();
    look_again(&mut bench, Some("Failed"));
    assert_eq!(state(&bench).as_deref(), Some("Failed"));
    bench.handle(Command::Restore(RestoreCommand::BackUpTarget(ServiceId::new("dbstage01"))));
    assert_eq!(state(&bench).as_deref(), Some("Requesting"));
}

#[test]
fn waiting_for_the_backup_of_the_target_can_be_stopped() {
    let mut bench = waiting();
    bench.handle(Command::Restore(RestoreCommand::StopWaiting));
    assert_eq!(state(&bench), None);
    assert_eq!(names(&bench.after(60)), Vec::<String>::new());
}

#[test]
fn a_refused_backup_of_the_target_is_shown_in_the_dialog_and_closes_no_other_form() {
    let mut bench = ready();
    bench.handle(Command::Form(FormCommand::NewSchedule(None)));
    bench.model.view.form.as_mut().unwrap().draft.when.set_expression("5 5 * * *");
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    start_restore(&mut bench, source("b1"));
    for outcome in [
        ChangeOutcome::Rejected(error(ErrorKind::Rejected, Operation::CreateSchedule)),
        ChangeOutcome::Created(Schedule { id: ScheduleId::new("77"), ..Schedule::default() }.into()),
    ] {
        let is_refused = matches!(outcome, ChangeOutcome::Rejected(_));
        let effects = bench.handle(Command::Restore(RestoreCommand::BackUpTarget(ServiceId::new("dbstage01"))));
        bench.apply(Event::Change(ChangeEvent::Ended(ticket(&effects, "CreateSchedule"), outcome)));
        assert_eq!(bench.model.data.change_error().is_some(), is_refused);
        assert_eq!(state(&bench).is_none(), is_refused);
        assert!(bench.model.view.form.is_some(), "the draft of a schedule is another matter");
        assert_eq!(bench.model.view.dialog, Some(Dialog::Restore));
    }
}

/// A restore of b1 into dbstage01 that was asked for, and the ticket of its outcome.
pub(super) fn sent() -> (Bench, Ticket) {
    let mut bench = ready();
    start_restore(&mut bench, source("b1"));
    form(&mut bench).draft.target = "dbstage01".to_owned();
    let request = std::sync::Arc::new(form(&mut bench).request().unwrap());
    let effects = bench.handle(Command::Restore(RestoreCommand::Create(request)));
    let [Effect::Change(ChangeEffect::CreateRestore { ticket, .. })] = &effects[..] else { panic!("{effects:?}") };
    let ticket = *ticket;
    (bench, ticket)
}

#[test]
fn a_refused_restore_is_shown_in_its_dialog() {
    let (mut bench, ticket) = sent();
    let refused = ChangeOutcome::Rejected(error(ErrorKind::Conflict, Operation::CreateRestore));
    bench.apply(Event::Change(ChangeEvent::Ended(ticket, refused)));
    assert!(bench.model.data.change_error().is_some() && bench.notifications().is_empty());
    assert_eq!(bench.model.view.dialog, Some(Dialog::Restore));
}
