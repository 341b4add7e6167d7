use std::sync::Arc;

use super::changes::new_schedule;
use super::*;
use crate::api::Deleted;
use crate::domain::{ChangedRow, Restore, RestoreId};
use crate::draft::{BucketMethod, BucketSource, RestoreRequest, RestoreSource};
use crate::journal::{ChangeId, ChangeMark, OpenChange, SentChange};
use crate::msg::{ChangeEvent, ChangeOutcome, ListCommand, RestoreCommand, WindowCommand};

fn restore(id: &str, status: &str) -> Restore {
    Restore {
        id: RestoreId::new(id),
        service_id: Some(ServiceId::new("db1")),
        status: Some(Status::new(status)),
        ..Restore::default()
    }
}

fn request() -> Arc<RestoreRequest> {
    Arc::new(RestoreRequest { target: ServiceId::new("db1"), source: RestoreSource::Backup(BackupId::new("b1")) })
}

fn listed(ticket: Ticket, rows: Vec<Restore>) -> Event {
    Event::List(ListEvent::RestoresListed(ticket, Ok(Listed::all(Rows::new(rows)))))
}

/// On the restores screen, with two of them, of which the second is selected.
fn on_screen() -> Bench {
    let mut bench = Bench::ready();
    let effects = bench.handle(Command::Window(WindowCommand::Go(Screen::Restores)));
    bench.apply(listed(ticket(&effects, "ListRestores"), vec![restore("12", "Succeeded"), restore("13", "Running")]));
    bench.handle(Command::List(ListCommand::ShowRestore(RestoreId::new("13"))));
    bench
}

fn end(bench: &mut Bench, ticket: Ticket, outcome: ChangeOutcome) -> Vec<Effect> {
    bench.apply(Event::Change(ChangeEvent::Ended(ticket, outcome)))
}

fn ids(bench: &Bench) -> Vec<String> {
    bench.model.data.restores().rows().iter().map(|row| row.id.as_str().to_owned()).collect()
}

#[test]
fn restores_are_read_once_they_are_looked_at_and_from_then_on_with_the_rest() {
    let mut bench = Bench::ready();
    bench.model.view.moments.face = RestoresFace::Restores;
    let refreshed = bench.handle(Command::List(ListCommand::Refresh));
    assert!(!names(&refreshed).contains(&"ListRestores".to_owned()));
    bench.answer_lists(&refreshed);
    let effects = bench.handle(Command::Window(WindowCommand::Go(Screen::Restores)));
    assert_eq!(names(&effects), ["ListRestores"]);
    assert_eq!(names(&bench.handle(Command::Window(WindowCommand::Go(Screen::Backups)))), Vec::<String>::new());
    bench.apply(listed(ticket(&effects, "ListRestores"), vec![restore("12", "Succeeded")]));
    let refreshed = bench.handle(Command::List(ListCommand::Refresh));
    assert!(names(&refreshed).contains(&"ListRestores".to_owned()));
}

#[test]
fn a_list_that_was_refused_at_once_is_asked_for_by_service_when_these_are_known() {
    let (mut bench, effects) = Bench::signed_in();
    let asked = bench.handle(Command::Window(WindowCommand::Go(Screen::Restores)));
    let refused = error(ErrorKind::Rejected, Operation::ListRestores);
    bench.apply(Event::List(ListEvent::RestoresListed(ticket(&asked, "ListRestores"), Err(refused))));
    let again = bench.apply(services(ticket(&effects, "ListServices"), &["db1", "db2"]));
    let asked = again.iter().find_map(|effect| match effect {
        Effect::List(ListEffect::ListRestores { services, .. }) => Some(services.len()),
        _ => None,
    });
    assert_eq!(asked, Some(2));
}

#[test]
fn a_running_restore_is_followed_more_often() {
    let mut bench = on_screen();
    bench.model.data.settings.preferences.auto_refresh_secs = 300;
    let due = |bench: &Bench| bench.model.next_refresh().unwrap().duration_since(bench.now).as_secs();
    assert_eq!(due(&bench), 30);
    let effects = bench.handle(Command::List(ListCommand::Refresh));
    bench.answer_lists(&effects);
    bench.apply(listed(ticket(&effects, "ListRestores"), vec![restore("13", "Succeeded")]));
    assert_eq!(due(&bench), 300);
}

#[test]
fn a_started_restore_is_in_the_table_at_once_and_its_target_is_looked_at() {
    let mut bench = Bench::ready();
    let effects = bench.handle(Command::Restore(RestoreCommand::Create(request())));
    assert_eq!(names(&effects), ["CreateRestore"]);
    assert!(!bench.model.data.can_change(), "one change at a time");
    assert_eq!(names(&bench.handle(Command::Restore(RestoreCommand::Create(request())))), Vec::<String>::new());
    let answer = Restore { id: RestoreId::new("14"), ..Restore::default() };
    let after = end(&mut bench, ticket(&effects, "CreateRestore"), ChangeOutcome::Created(answer.into()));
    for name in ["DismissChange", "ListRestores", "ListServices"] {
        assert!(names(&after).contains(&name.to_owned()), "{name}: {after:?}");
    }
    let row = bench.model.data.restores().rows().get(0).unwrap();
    assert_eq!((row.service_id, row.backup_id), (Some(ServiceId::new("db1")), Some(BackupId::new("b1"))));
    assert_eq!(bench.notifications(), ["Restore into orders started"]);
    assert!(bench.model.data.can_change());
}

#[test]
fn a_lost_restore_is_found_or_sent_again_only_after_a_question() {
    let mut bench = Bench::ready();
    let effects = bench.handle(Command::Restore(RestoreCommand::Create(request())));
    let lost = || error(ErrorKind::Lost, Operation::CreateRestore);
    let unknown = |found: Vec<ChangedRow>| ChangeOutcome::CreationUnknown { error: lost(), found, checked: true };
    end(&mut bench, ticket(&effects, "CreateRestore"), unknown(Vec::new()));
    let change = bench.model.data.change().unwrap();
    assert!(change.can_resend() && !change.was_found());
    bench.handle(Command::Restore(RestoreCommand::AskResend));
    assert_eq!(bench.model.view.dialog, Some(Dialog::ResendRestore));
    let checks = bench.handle(Command::Change(ChangeCommand::VerifyChange));
    end(&mut bench, ticket(&checks, "CheckChange"), unknown(vec![restore("14", "Running").into()]));
    assert!(bench.model.data.change().unwrap().was_found());
    assert_eq!(ids(&bench), ["14"], "it is shown before the list is read again");
    bench.model.view.dialog = None;
    bench.handle(Command::Restore(RestoreCommand::AskResend));
    assert_eq!(bench.model.view.dialog, None, "what was found is not sent again");
}

#[test]
fn a_restore_of_an_earlier_run_is_looked_for_and_without_its_secrets_not_sent_again() {
    let bucket = BucketSource {
        bucket: "gs://b/".to_owned(),
        method: BucketMethod::Mysqldump,
        object: "a.gz".to_owned(),
        credentials: None,
        encryption_key: None,
    };
    for (source, can_resend) in
        [(RestoreSource::Backup(BackupId::new("b1")), true), (RestoreSource::Bucket(bucket), false)]
    {
        let mut bench = Bench::ready();
        let account = bench.open().record_account();
        let mark = ChangeMark { id: ChangeId::new(bench.now, 1), account, at: bench.now };
        let request = RestoreRequest { target: ServiceId::new("db1"), source };
        let open = OpenChange { mark, change: SentChange::Restore { request, before: Vec::new() } };
        let checks = bench.apply(Event::Change(ChangeEvent::OpenChanges(vec![open], Vec::new())));
        assert_eq!(names(&checks), ["CheckChange"]);
        let error = error(ErrorKind::Lost, Operation::CreateRestore);
        let unknown = ChangeOutcome::CreationUnknown { error, found: Vec::new(), checked: true };
        end(&mut bench, ticket(&checks, "CheckChange"), unknown);
        assert_eq!(bench.model.data.change().unwrap().can_resend(), can_resend);
    }
}

#[test]
fn the_entry_that_is_selected_is_deleted_after_a_question() {
    let mut bench = on_screen();
    bench.handle(Command::Restore(RestoreCommand::AskDelete(RestoreId::new("12"))));
    assert_eq!(bench.model.view.dialog, None, "not the selected one");
    bench.handle(Command::Restore(RestoreCommand::AskDelete(RestoreId::new("13"))));
    assert_eq!(bench.model.view.dialog, Some(Dialog::DeleteRestore(RestoreId::new("13"))));
    let effects = bench.handle(Command::Restore(RestoreCommand::Delete(RestoreId::new("13"))));
    assert_eq!(names(&effects), ["DeleteRestore"]);
    let after = end(&mut bench, ticket(&effects, "DeleteRestore"), ChangeOutcome::Deleted(Deleted::Deleted));
    assert_eq!((ids(&bench), bench.model.view.dialog.clone()), (vec!["12".to_owned()], None));
    assert!(names(&after).contains(&"ListRestores".to_owned()));
    assert_eq!(bench.notifications(), ["Entry of the restore into orders deleted"]);
}

#[test]
fn a_refused_deletion_stays_in_its_question_and_an_entry_that_left_closes_it() {
    let mut bench = on_screen();
    bench.handle(Command::Restore(RestoreCommand::AskDelete(RestoreId::new("13"))));
    let effects = bench.handle(Command::Restore(RestoreCommand::Delete(RestoreId::new("13"))));
    let refused = error(ErrorKind::Conflict, Operation::DeleteRestore);
    let after = end(&mut bench, ticket(&effects, "DeleteRestore"), ChangeOutcome::Rejected(refused.clone()));
    assert_eq!(bench.model.data.change_error(), Some(&refused));
    assert!(bench.model.view.dialog.is_some());
    bench.apply(listed(ticket(&after, "ListRestores"), vec![restore("12", "Succeeded")]));
    let effects = bench.handle(Command::Restore(RestoreCommand::Delete(RestoreId::new("13"))));
    assert!(!names(&effects).contains(&"DeleteRestore".to_owned()), "{effects:?}");
    assert_eq!(bench.model.view.dialog, None);
    assert_eq!(bench.notifications(), ["Restore 13 is no longer in the list, so nothing was sent"]);
}

#[test]
fn an_entry_that_changed_is_deleted_as_it_is_now_only_on_demand() {
    let mut bench = on_screen();
    let effects = bench.handle(Command::Restore(RestoreCommand::Delete(RestoreId::new("13"))));
    let moved = Restore { service_id: Some(ServiceId::new("db2")), ..restore("13", "Running") };
    end(&mut bench, ticket(&effects, "DeleteRestore"), ChangeOutcome::Conflict(moved.clone().into()));
    let again = bench.handle(Command::Change(ChangeCommand::ResendChange));
    let [Effect::Change(ChangeEffect::DeleteRestore { restore, .. })] = &again[..] else { panic!("{again:?}") };
    assert_eq!(**restore, moved);
}

#[test]
fn a_read_only_profile_neither_starts_a_restore_nor_deletes_an_entry() {
    let mut bench = on_screen();
    bench.model.data.session.open_mut().unwrap().profile.flags.read_only = true;
    for command in [
        Command::Restore(RestoreCommand::Create(request())),
        Command::Restore(RestoreCommand::Delete(RestoreId::new("13"))),
        Command::Change(ChangeCommand::CreateSchedule(new_schedule("0 2 * * *"))),
    ] {
        assert_eq!(names(&bench.handle(command)), Vec::<String>::new());
    }
}
