use std::sync::Arc;

use super::*;
use crate::api::Deleted;
use crate::domain::BackupType;
use crate::draft::{NewSchedule, SchedulePatch};
use crate::journal::{ChangeId, ChangeMark, OpenChange, SentChange};
use crate::msg::{
    ChangeCommand, ChangeEffect, ChangeEvent, ChangeOutcome, FormCommand, ListCommand, SessionCommand, SystemEvent,
    WindowCommand,
};

pub(super) fn new_schedule(cron: &str) -> Arc<NewSchedule> {
    Arc::new(NewSchedule {
        service_id: ServiceId::new("db1"),
        backup_type: BackupType::Full,
        recurrence: Recurrence::read(cron),
        storage: None,
    })
}

fn id(text: &str) -> ScheduleId {
    ScheduleId::new(text)
}

fn state(bench: &Bench) -> Option<&ChangeState> {
    bench.model.data.change().map(|change| &change.state)
}

/// The create form is open, filled with a secret, and sent.
fn sent(bench: &mut Bench) -> Ticket {
    bench.handle(Command::Form(FormCommand::NewSchedule(Some(ServiceId::new("db1")))));
    let form = bench.model.view.form.as_mut().unwrap();
    form.draft.bucket.secret_access_key.as_mut_string().push_str("wipe me");
    let effects = bench.handle(Command::Change(ChangeCommand::CreateSchedule(new_schedule("0 2 * * *"))));
    ticket(&effects, "CreateSchedule")
}

fn lost() -> ApiError {
    error(ErrorKind::Lost, Operation::CreateSchedule)
}

fn unknown(found: Vec<Schedule>, checked: bool) -> ChangeOutcome {
    ChangeOutcome::CreationUnknown { error: lost(), found: found.into_iter().map(Into::into).collect(), checked }
}

#[test]
fn a_created_schedule_closes_the_form_forgets_its_secrets_and_is_shown() {
    let mut bench = Bench::ready();
    let ticket = sent(&mut bench);
    assert!(!bench.model.data.can_change());
    for command in [
        Command::Change(ChangeCommand::CreateSchedule(new_schedule("0 2 * * *"))),
        Command::Change(ChangeCommand::Suspend(id("1"))),
        Command::Change(ChangeCommand::Delete(id("1"))),
        Command::Change(ChangeCommand::UpdateSchedule(
            id("1"),
            SchedulePatch { suspended: Some(true), ..SchedulePatch::default() },
        )),
    ] {
        assert_eq!(names(&bench.handle(command.clone())), Vec::<String>::new(), "one at a time: {command:?}");
    }
    // The response leaves out what was sent.
    let answer = Schedule { id: id("9"), ..Schedule::default() };
    let effects = bench.apply(Event::Change(ChangeEvent::Ended(ticket, ChangeOutcome::Created(answer.into()))));
    assert_eq!(names(&effects), ["DismissChange", "ListSchedules"]);
    assert!(bench.model.view.form.is_none() && bench.model.view.dialog.is_none());
    assert!(bench.model.data.change().is_none() && bench.model.data.can_change());
    let row = bench.model.data.schedules().find("9").unwrap();
    assert_eq!((&row.service_id, &row.service_name), (&Some(ServiceId::new("db1")), &None));
    assert_eq!(row.backup_type, Some(BackupType::Full));
    assert_eq!(bench.notifications(), ["Schedule for orders created"], "as another row calls the service");
    let notification = bench.model.data.notifications.list[0].clone();
    assert_eq!(notification.action, Some(NotificationAction::ShowSchedule(id("9"))));
    bench.handle(Command::List(ListCommand::ShowSchedule(id("9"))));
    assert_eq!(bench.model.data.schedules().focused.as_ref().unwrap().id, id("9"));
    bench.apply(Event::Change(ChangeEvent::Ended(ticket, ChangeOutcome::Rejected(lost()))));
    assert_eq!(bench.notifications().len(), 1, "a second response to the same ticket");
}

#[test]
fn a_backup_now_reads_the_backups_too_even_while_they_are_being_read() {
    let mut bench = Bench::ready();
    let running = bench.handle(Command::List(ListCommand::Refresh));
    bench.handle(Command::Form(FormCommand::BackUpNow(Some(ServiceId::new("db1")))));
    assert!(bench.model.view.form.as_ref().unwrap().draft.when.is_once());
    let effects = bench.handle(Command::Change(ChangeCommand::CreateSchedule(new_schedule("once"))));
    let created = ChangeOutcome::Created(schedule("9", "once").into());
    let effects = bench.apply(Event::Change(ChangeEvent::Ended(ticket(&effects, "CreateSchedule"), created)));
    assert_eq!(names(&effects), ["DismissChange", "Cancel", "ListSchedules", "Cancel", "ListBackups"]);
    assert_eq!(bench.notifications(), ["Backup of orders requested"]);
    assert_eq!(names(&running).len(), 3);
}

#[test]
fn a_rejected_change_keeps_dialog_and_draft_and_shows_why_in_it() {
    let refusals = [(ErrorKind::Rejected, 1), (ErrorKind::Forbidden, 1), (ErrorKind::Conflict, 2)];
    for (kind, more) in refusals {
        let mut bench = Bench::ready();
        let ticket = sent(&mut bench);
        let refused = error(kind, Operation::CreateSchedule);
        let effects = bench.apply(Event::Change(ChangeEvent::Ended(ticket, ChangeOutcome::Rejected(refused.clone()))));
        assert_eq!(effects.len(), more, "{refused:?}: only a conflict asks for the list");
        assert_eq!(bench.model.view.dialog, Some(Dialog::Schedule));
        assert_eq!(bench.model.data.change_error(), Some(&refused));
        assert_eq!(bench.model.view.form.as_ref().unwrap().draft.bucket.secret_access_key.as_str(), "wipe me");
        assert_eq!(bench.notifications(), Vec::<&str>::new(), "said once");
        bench.handle(Command::Window(WindowCommand::CloseDialog));
        assert_eq!(bench.model.data.change_error(), None);
        bench.handle(Command::Form(FormCommand::NewSchedule(None)));
        assert_eq!(bench.model.view.form.as_ref().unwrap().draft.service, "db1", "the draft is still there");
        sent(&mut bench);
        assert_eq!(bench.model.data.change_error(), None, "sent again: nothing is refused yet");
    }
}

#[test]
fn a_response_never_lands_in_the_dialog_of_another_change() {
    let mut bench = Bench::ready();
    let ticket = sent(&mut bench);
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    bench.act(Command::Change(ChangeCommand::AskDelete(id("1"))));
    let refused = error(ErrorKind::Rejected, Operation::CreateSchedule);
    bench.apply(Event::Change(ChangeEvent::Ended(ticket, ChangeOutcome::Rejected(refused.clone()))));
    assert_eq!(bench.model.data.change_error(), None, "the deletion was not refused");
    assert_eq!(bench.notifications(), [refused.sentence()]);
    assert!(bench.model.view.form.is_some(), "the draft waits");
    assert_eq!(bench.model.view.dialog, Some(Dialog::Delete(id("1"))));
}

#[test]
fn a_key_refused_by_a_change_stops_everything() {
    let mut bench = Bench::ready();
    let ticket = sent(&mut bench);
    bench.handle(Command::List(ListCommand::Refresh));
    let refused = error(ErrorKind::KeyRefused, Operation::CreateSchedule);
    let effects = bench.apply(Event::Change(ChangeEvent::Ended(ticket, ChangeOutcome::Rejected(refused))));
    assert_eq!(names(&effects), ["DismissChange", "Cancel", "Cancel", "Cancel"]);
    assert!(!bench.model.data.can_change() && bench.model.view.form.is_some());
}

#[test]
fn an_unknown_creation_is_shown_as_such_and_checked_by_reading_only() {
    let mut bench = Bench::ready();
    let ticket_sent = sent(&mut bench);
    bench.apply(Event::Change(ChangeEvent::CreateChecking(ticket_sent)));
    assert!(matches!(state(&bench), Some(ChangeState::Checking)));
    assert!(bench.model.data.change().unwrap().is_under_way());
    let effects = bench.apply(Event::Change(ChangeEvent::Ended(ticket_sent, unknown(Vec::new(), true))));
    assert_eq!(names(&effects), ["ListSchedules"]);
    assert!(matches!(state(&bench), Some(ChangeState::Unknown { checked: true, found, .. }) if found.is_empty()));
    assert_eq!(
        names(&bench.handle(Command::Change(ChangeCommand::CreateSchedule(new_schedule("0 2 * * *"))))),
        Vec::<String>::new()
    );
    assert!(bench.model.view.form.is_some());

    let effects = bench.handle(Command::Change(ChangeCommand::VerifyChange));
    let mark = bench.model.data.change().unwrap().mark.clone();
    assert!(matches!(&effects[..], [Effect::Change(ChangeEffect::CheckChange { change, .. })] if *change == mark.id));
    assert!(matches!(state(&bench), Some(ChangeState::Checking)));
    assert_eq!(
        names(&bench.handle(Command::Change(ChangeCommand::VerifyChange))),
        Vec::<String>::new(),
        "already being checked"
    );
    bench.apply(Event::Change(ChangeEvent::Ended(ticket_sent, unknown(Vec::new(), false))));
    assert!(matches!(state(&bench), Some(ChangeState::Checking)), "late");
    let found = unknown(vec![schedule("9", "0 2 * * *")], true);
    bench.apply(Event::Change(ChangeEvent::Ended(ticket(&effects, "CheckChange"), found)));
    assert!(matches!(state(&bench), Some(ChangeState::Unknown { found, .. }) if found[0].shown_id() == "9"));
    let effects = bench.handle(Command::Change(ChangeCommand::DismissChange));
    assert!(matches!(&effects[..], [Effect::Change(ChangeEffect::DismissChange(change))] if *change == mark.id));
    assert!(state(&bench).is_none() && bench.model.data.can_change());
}

#[test]
fn a_broken_creation_is_unknown_and_looked_for_by_its_note() {
    let mut bench = Bench::ready();
    let sent = sent(&mut bench);
    let mark = bench.model.data.change().unwrap().mark.clone();
    bench.apply(Event::System(SystemEvent::TaskPanicked(sent)));
    assert!(matches!(state(&bench), Some(ChangeState::Unknown { checked: false, .. })));
    assert_eq!(
        names(&bench.handle(Command::Change(ChangeCommand::ResendChange))),
        Vec::<String>::new(),
        "not before it was looked for"
    );
    let effects = bench.handle(Command::Change(ChangeCommand::VerifyChange));
    assert!(matches!(&effects[..], [Effect::Change(ChangeEffect::CheckChange { change, .. })] if *change == mark.id));
}

#[test]
fn a_change_that_did_not_happen_so_far_is_sent_again_on_the_persons_word_under_the_same_note() {
    let mut bench = Bench::ready();
    let creation = sent(&mut bench);
    let mark = bench.model.data.change().unwrap().mark.clone();
    assert_eq!(mark.account, bench.model.data.session.profile().map(Profile::account));
    bench.apply(Event::Change(ChangeEvent::Ended(creation, unknown(Vec::new(), true))));
    let effects = bench.handle(Command::Change(ChangeCommand::ResendChange));
    let [Effect::Change(ChangeEffect::CreateSchedule { mark: again, new, ticket: again_ticket })] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((again, **new == *new_schedule("0 2 * * *")), (&mark, true));
    assert_ne!(*again_ticket, creation);
    assert_eq!(
        names(&bench.handle(Command::Change(ChangeCommand::ResendChange))),
        Vec::<String>::new(),
        "it is on its way"
    );
    bench.apply(Event::Change(ChangeEvent::Ended(creation, ChangeOutcome::Created(schedule("8", "0 2 * * *").into()))));
    assert!(state(&bench).is_some(), "a response to the first sending is late");
    let found = unknown(vec![schedule("9", "0 2 * * *")], true);
    bench.apply(Event::Change(ChangeEvent::Ended(*again_ticket, found)));
    assert_eq!(names(&bench.handle(Command::Change(ChangeCommand::ResendChange))), Vec::<String>::new(), "it is there");
    bench.handle(Command::Change(ChangeCommand::DismissChange));

    let effects = bench.act(Command::Change(ChangeCommand::Suspend(id("1"))));
    let lost = error(ErrorKind::TimedOut, Operation::UpdateSchedule);
    for (now, names_sent) in [(None, vec![]), (Some(schedule("1", "0 2 * * *").into()), vec!["UpdateSchedule"])] {
        let ticket = bench.model.data.change().unwrap().ticket;
        bench.apply(Event::Change(ChangeEvent::Ended(ticket, ChangeOutcome::Unknown { error: lost.clone(), now })));
        assert_eq!(names(&bench.handle(Command::Change(ChangeCommand::ResendChange))), names_sent);
        if names_sent.is_empty() {
            bench.handle(Command::Change(ChangeCommand::VerifyChange));
        }
    }
    assert_eq!(names(&effects), ["UpdateSchedule"]);
}

/// A change to the account of this session, as the journal of an earlier run tells it.
fn earlier(bench: &Bench, number: u64, change: SentChange) -> OpenChange {
    let at: Timestamp = "2026-09-15T02:00:00Z".parse().unwrap();
    let account = bench.model.data.session.open().unwrap().record_account();
    OpenChange { mark: ChangeMark { id: ChangeId::new(at, number), account, at }, change }
}

#[test]
fn changes_of_an_earlier_run_are_looked_at_one_after_the_other() {
    let mut bench = Bench::ready();
    bench.handle(Command::Form(FormCommand::NewSchedule(None)));
    let new = NewSchedule::clone(&new_schedule("0 2 * * *"));
    let creation = earlier(&bench, 1, SentChange::Create { new, own_bucket: true, before: vec!["1".into()] });
    let deletion = earlier(&bench, 2, SentChange::Delete { schedule: Box::new(schedule("1", "0 2 * * *")) });
    let changes = vec![creation.clone(), deletion.clone()];
    let effects =
        bench.apply(Event::Change(ChangeEvent::OpenChanges(changes, vec!["A note could not be read".to_owned()])));
    assert_eq!(names(&effects), ["CheckChange"]);
    assert_eq!(bench.notifications(), ["A note could not be read"]);
    let change = bench.model.data.change().unwrap();
    assert!(change.is_from_earlier && change.lacks_bucket && change.mark == creation.mark);
    bench.apply(Event::Change(ChangeEvent::Ended(ticket(&effects, "CheckChange"), unknown(Vec::new(), true))));
    assert_eq!(
        names(&bench.handle(Command::Change(ChangeCommand::ResendChange))),
        Vec::<String>::new(),
        "its bucket was not kept"
    );
    let effects = bench.handle(Command::Change(ChangeCommand::DismissChange));
    assert_eq!(names(&effects), ["DismissChange", "CheckChange"], "the next one");
    assert!(bench.model.view.form.is_some(), "the form of today has nothing to do with it");
    let gone = ChangeOutcome::Deleted(Deleted::Deleted);
    bench.apply(Event::Change(ChangeEvent::Ended(ticket(&effects, "CheckChange"), gone)));
    assert!(state(&bench).is_none() && bench.model.data.can_change());
    assert_eq!(bench.notifications()[1..], ["Schedule of orders deleted"]);
}

#[test]
fn a_change_of_an_earlier_run_waits_until_the_one_of_today_is_settled() {
    let mut bench = Bench::ready();
    let ticket_sent = sent(&mut bench);
    let deletion = earlier(&bench, 2, SentChange::Delete { schedule: Box::new(schedule("1", "0 2 * * *")) });
    assert_eq!(
        names(&bench.apply(Event::Change(ChangeEvent::OpenChanges(vec![deletion], Vec::new())))),
        Vec::<String>::new()
    );
    let created = ChangeOutcome::Created(schedule("9", "0 2 * * *").into());
    let effects = bench.apply(Event::Change(ChangeEvent::Ended(ticket_sent, created)));
    assert_eq!(names(&effects), ["DismissChange", "ListSchedules", "CheckChange"]);
}

#[test]
fn suspending_and_resuming_send_one_field_and_say_what_was_done() {
    for (command, wanted, said) in [
        (Command::Change(ChangeCommand::Suspend(id("1"))), true, "Schedule of orders suspended"),
        (Command::Change(ChangeCommand::Resume(id("1"))), false, "Schedule of orders resumed"),
    ] {
        let mut bench = Bench::ready();
        bench.handle(Command::Form(FormCommand::NewSchedule(None)));
        bench.handle(Command::Window(WindowCommand::CloseDialog));
        let effects = bench.act(command);
        let want = SchedulePatch { suspended: Some(wanted), ..SchedulePatch::default() };
        assert!(matches!(&effects[..], [Effect::Change(ChangeEffect::UpdateSchedule { patch, .. })] if *patch == want));
        let now = Schedule { suspended: Some(wanted), ..schedule("1", "0 2 * * *") };
        let effects = bench
            .apply(Event::Change(ChangeEvent::Ended(ticket(&effects, "UpdateSchedule"), ChangeOutcome::Updated(now))));
        assert_eq!(names(&effects), ["DismissChange", "ListSchedules", "ReadSchedule"], "the pane shows it");
        assert_eq!(bench.model.data.schedules().find("1").unwrap().is_suspended(), wanted);
        assert_eq!(bench.notifications(), [said]);
        assert!(bench.model.view.form.is_some(), "the draft of another schedule is not touched");
    }
}

#[test]
fn an_update_of_unknown_outcome_is_checked_by_reading_that_schedule() {
    let mut bench = Bench::ready();
    let effects = bench.act(Command::Change(ChangeCommand::Suspend(id("1"))));
    let lost = error(ErrorKind::TimedOut, Operation::UpdateSchedule);
    let outcome = ChangeOutcome::Unknown { error: lost.clone(), now: Some(schedule("1", "0 2 * * *").into()) };
    bench.apply(Event::Change(ChangeEvent::Ended(ticket(&effects, "UpdateSchedule"), outcome)));
    assert!(matches!(state(&bench), Some(ChangeState::Unknown { checked: true, current: Some(_), .. })));
    assert!(bench.model.data.change().unwrap().concerns(&id("1")));
    let effects = bench.handle(Command::Change(ChangeCommand::VerifyChange));
    assert!(matches!(&effects[..], [Effect::Change(ChangeEffect::CheckChange { error, .. })] if *error == lost));
    let now = Schedule { suspended: Some(true), ..schedule("1", "0 2 * * *") };
    bench.apply(Event::Change(ChangeEvent::Ended(ticket(&effects, "CheckChange"), ChangeOutcome::Updated(now))));
    assert_eq!((bench.notifications(), state(&bench).is_none()), (vec!["Schedule of orders suspended"], true));
}

#[test]
fn a_deletion_ends_in_the_table_in_its_dialog_or_unknown() {
    let mut bench = Bench::ready();
    bench.table(TableId::Schedules, TableCommand::Select("1".into()));
    let ask = |bench: &mut Bench| {
        assert!(bench.act(Command::Change(ChangeCommand::AskDelete(id("1")))).is_empty());
        assert_eq!(bench.model.view.dialog, Some(Dialog::Delete(id("1"))));
        let effects = bench.act(Command::Change(ChangeCommand::Delete(id("1"))));
        ticket(&effects, "DeleteSchedule")
    };
    let conflict = error(ErrorKind::Conflict, Operation::DeleteSchedule);
    let first = ask(&mut bench);
    let effects = bench.apply(Event::Change(ChangeEvent::Ended(first, ChangeOutcome::Rejected(conflict.clone()))));
    assert_eq!(names(&effects), ["DismissChange", "ListSchedules"]);
    assert_eq!(bench.model.data.change_error(), Some(&conflict));
    assert_eq!(bench.model.view.dialog, Some(Dialog::Delete(id("1"))));

    let second = ask(&mut bench);
    assert_eq!(bench.model.data.change_error(), None);
    let lost = error(ErrorKind::Lost, Operation::DeleteSchedule);
    let unknown = ChangeOutcome::Unknown { error: lost.clone(), now: Some(schedule("1", "0 2 * * *").into()) };
    bench.apply(Event::Change(ChangeEvent::Ended(second, unknown)));
    assert!(matches!(state(&bench), Some(ChangeState::Unknown { checked: true, current: Some(_), .. })));
    let effects = bench.handle(Command::Change(ChangeCommand::VerifyChange));
    bench.apply(Event::Change(ChangeEvent::Ended(
        ticket(&effects, "CheckChange"),
        ChangeOutcome::Deleted(Deleted::Deleted),
    )));
    assert!(bench.model.data.schedules().find("1").is_none());
    assert!(bench.model.data.schedules().focused.is_none() && bench.model.data.schedules().selection.is_empty());
    assert_eq!(bench.model.view.dialog, None);
    assert_eq!(bench.notifications(), ["Schedule of orders deleted"]);
}

#[test]
fn a_schedule_that_went_away_meanwhile_is_reported_and_nothing_is_sent() {
    for command in [Command::Change(ChangeCommand::Delete(id("1"))), Command::Change(ChangeCommand::Suspend(id("1")))] {
        let mut bench = Bench::ready();
        bench.act(Command::Change(ChangeCommand::AskDelete(id("1"))));
        let effects = bench.handle(Command::List(ListCommand::Refresh));
        bench.apply(schedules(ticket(&effects, "ListSchedules"), vec![schedule("2", "0 3 * * *")]));
        let effects = bench.act(command);
        assert_eq!(names(&effects), ["ListSchedules"]);
        assert_eq!(bench.notifications(), ["Schedule 1 is no longer in the list, so nothing was sent"]);
        assert_eq!((bench.model.view.dialog.clone(), state(&bench).is_none()), (None, true));
    }
}

#[test]
fn nobody_leaves_the_session_while_a_response_is_awaited() {
    let mut bench = Bench::ready();
    let ticket = sent(&mut bench);
    let in_use = bench.model.data.session.profile().unwrap().id.clone();
    let leaving = [
        Command::Session(SessionCommand::SignOut),
        Command::Session(SessionCommand::TryDemo),
        Command::Session(SessionCommand::ShowSignIn(None)),
        Command::Session(SessionCommand::OpenProfile(in_use.clone())),
        Command::Session(SessionCommand::DeleteKey(in_use.clone())),
        Command::Session(SessionCommand::RemoveProfile(in_use)),
    ];
    for command in leaving {
        assert_eq!(names(&bench.handle(command.clone())), Vec::<String>::new(), "{command:?}");
        assert!(bench.model.data.session.open().is_some() && state(&bench).is_some(), "{command:?}");
    }
    assert_eq!(bench.notifications().len(), 1);
    bench.apply(Event::Change(ChangeEvent::Ended(ticket, unknown(Vec::new(), true))));
    assert_eq!(names(&bench.handle(Command::Session(SessionCommand::SignOut))), ["CloseSession"]);
    assert!(state(&bench).is_none());
}

#[test]
fn an_outcome_that_comes_too_late_leaves_the_note_for_the_look() {
    let mut bench = Bench::ready();
    let first = sent(&mut bench);
    let effects = bench.apply(Event::System(SystemEvent::SystemResumed));
    assert_eq!(names(&effects), ["Reconnect", "Cancel", "CheckChange"]);
    let late = ChangeOutcome::Created(schedule("9", "0 2 * * *").into());
    assert_eq!(names(&bench.apply(Event::Change(ChangeEvent::Ended(first, late)))), Vec::<String>::new());
    let found = unknown(vec![schedule("9", "0 2 * * *")], true);
    bench.apply(Event::Change(ChangeEvent::Ended(ticket(&effects, "CheckChange"), found)));
    assert!(bench.model.data.change().unwrap().was_found());
    assert!(bench.model.data.schedules().find("9").is_some(), "what was found is in the table at once");
}

#[test]
fn changes_of_another_account_are_not_looked_for_in_this_one() {
    let mut bench = Bench::ready();
    let mut foreign = earlier(&bench, 1, SentChange::Delete { schedule: Box::new(schedule("1", "0 2 * * *")) });
    foreign.mark.account = Some("https://api.skysql.com other".to_owned());
    assert_eq!(
        names(&bench.apply(Event::Change(ChangeEvent::OpenChanges(vec![foreign], Vec::new())))),
        Vec::<String>::new()
    );
    assert!(state(&bench).is_none());
}

#[test]
fn while_it_is_only_looked_for_the_user_may_stop_or_leave() {
    let deletion =
        |bench: &Bench| earlier(bench, 2, SentChange::Delete { schedule: Box::new(schedule("1", "0 2 * * *")) });
    let mut bench = Bench::ready();
    let note = deletion(&bench);
    bench.apply(Event::Change(ChangeEvent::OpenChanges(vec![note], Vec::new())));
    assert!(matches!(state(&bench), Some(ChangeState::Checking)));
    assert_eq!(names(&bench.handle(Command::Change(ChangeCommand::DismissChange))), ["Cancel", "DismissChange"]);
    assert!(bench.model.data.can_change());

    let mut bench = Bench::ready();
    let note = deletion(&bench);
    bench.apply(Event::Change(ChangeEvent::OpenChanges(vec![note], Vec::new())));
    assert_eq!(names(&bench.handle(Command::Session(SessionCommand::SignOut))), ["CloseSession"], "the note stays");
}

#[test]
fn a_change_that_was_given_up_and_did_not_happen_is_over() {
    let mut bench = Bench::ready();
    bench.act(Command::Change(ChangeCommand::Suspend(id("1"))));
    let effects = bench.handle(Command::Change(ChangeCommand::CancelChange));
    let lost = error(ErrorKind::Lost, Operation::UpdateSchedule);
    let outcome = ChangeOutcome::Unknown { error: lost, now: Some(schedule("1", "0 2 * * *").into()) };
    let effects = bench.apply(Event::Change(ChangeEvent::Ended(ticket(&effects, "CheckChange"), outcome)));
    assert_eq!(names(&effects), ["DismissChange", "ListSchedules"]);
    assert_eq!((state(&bench).is_none(), bench.notifications()), (true, vec!["The change was not sent"]));
}
