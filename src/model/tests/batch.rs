use super::*;
use crate::api::Deleted;
use crate::domain::Seen;
use crate::msg::{
    BatchAction, BatchCommand, ChangeCommand, ChangeEvent, ChangeOutcome, LedgerEvent, ListCommand, WindowCommand,
};
use crate::settings::SuspensionNote;

fn id(text: &str) -> ScheduleId {
    ScheduleId::new(text)
}

fn batch(command: BatchCommand) -> Command {
    Command::Batch(command)
}

/// These schedules are listed, and all of them selected.
fn selected(rows: Vec<Schedule>) -> Bench {
    let mut bench = Bench::ready();
    let effects = bench.handle(Command::List(ListCommand::Refresh));
    bench.apply(schedules(ticket(&effects, "ListSchedules"), rows));
    bench.apply(backups(ticket(&effects, "ListBackups"), usual_backups()));
    bench.apply(services(ticket(&effects, "ListServices"), &["db1", "db2", "db3", "db4"]));
    bench.table(TableId::Schedules, TableCommand::SelectAll);
    bench
}

fn three() -> Bench {
    selected(["1", "2", "3"].map(|id| schedule(id, "0 2 * * *")).to_vec())
}

/// Asks for this and sends what the dialog shows.
fn send(bench: &mut Bench, action: BatchAction) -> Vec<Effect> {
    assert_eq!(names(&bench.handle(batch(BatchCommand::Ask(action)))), Vec::<String>::new(), "asked first");
    assert_eq!(bench.model.view.dialog, Some(Dialog::Batch));
    bench.handle(batch(BatchCommand::Send))
}

/// The change on its way ends so.
fn ended(bench: &mut Bench, outcome: ChangeOutcome) -> Vec<Effect> {
    let ticket = bench.model.data.change().unwrap().ticket;
    bench.apply(Event::Change(ChangeEvent::Ended(ticket, outcome)))
}

fn updated(id: &str) -> ChangeOutcome {
    ChangeOutcome::Updated(Schedule { suspended: Some(true), ..schedule(id, "0 2 * * *") })
}

fn rejected(kind: ErrorKind) -> ChangeOutcome {
    ChangeOutcome::Rejected(error(kind, Operation::UpdateSchedule))
}

/// One letter for each row: waiting, under way, done, failed, moved, not known, not sent.
fn letters(bench: &Bench) -> String {
    let letter = |row: &BatchRow| match row.state {
        RowState::Waiting => 'w',
        RowState::UnderWay => 'u',
        RowState::Done(_) => 'd',
        RowState::Failed(_) => 'f',
        RowState::Moved(_) => 'm',
        RowState::NotKnown => '?',
        RowState::NotSent => '-',
    };
    bench.model.data.batch().map(|batch| batch.rows.iter().map(letter).collect()).unwrap_or_default()
}

fn sent_ids(effects: &[Effect]) -> Vec<String> {
    let ids = effects.iter().filter_map(|effect| match effect {
        Effect::Change(
            ChangeEffect::UpdateSchedule { schedule, .. } | ChangeEffect::DeleteSchedule { schedule, .. },
        ) => Some(schedule.id.to_string()),
        _ => None,
    });
    ids.collect()
}

#[test]
fn changes_are_sent_one_at_a_time_and_the_list_is_read_after_the_last() {
    let mut bench = three();
    let effects = send(&mut bench, BatchAction::Suspend);
    assert_eq!((sent_ids(&effects), letters(&bench)), (vec!["1".to_owned()], "uww".to_owned()));
    for command in [
        Command::Change(ChangeCommand::Resume(id("2"))),
        batch(BatchCommand::Ask(BatchAction::Delete)),
        batch(BatchCommand::Send),
    ] {
        assert_eq!(names(&bench.handle(command.clone())), Vec::<String>::new(), "{command:?}");
    }
    let effects = ended(&mut bench, updated("1"));
    assert_eq!(names(&effects), ["DismissChange", "UpdateSchedule"]);
    assert!(bench.model.data.schedules().find("1").unwrap().is_suspended(), "in the table at once");
    ended(&mut bench, updated("2"));
    let effects = ended(&mut bench, updated("3"));
    assert_eq!(names(&effects), ["DismissChange", "ListSchedules"]);
    assert_eq!((letters(&bench).as_str(), bench.model.data.can_change()), ("ddd", true));
    assert_eq!(bench.notifications(), ["Another change is being sent"], "the dialog shows the outcome");
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    assert!(bench.model.data.batch().is_none());
}

#[test]
fn a_batch_whose_dialog_was_closed_goes_on_and_ends_in_one_sentence() {
    let mut bench = three();
    send(&mut bench, BatchAction::Delete);
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    ended(&mut bench, ChangeOutcome::Deleted(Deleted::Deleted));
    ended(&mut bench, ChangeOutcome::Deleted(Deleted::AlreadyGone));
    ended(&mut bench, ChangeOutcome::Deleted(Deleted::Deleted));
    assert_eq!(bench.notifications(), ["3 schedules deleted"]);
    assert!(bench.model.data.batch().is_none() && bench.model.data.schedules().find("1").is_none());
}

#[test]
fn what_is_refused_stays_with_its_reason_and_is_sent_again_alone() {
    let mut bench = three();
    send(&mut bench, BatchAction::Suspend);
    ended(&mut bench, updated("1"));
    ended(&mut bench, rejected(ErrorKind::Conflict));
    ended(&mut bench, updated("3"));
    assert_eq!(letters(&bench), "dfd");
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    assert_eq!(letters(&bench), "dfd", "what failed is kept");
    bench.handle(batch(BatchCommand::Show));
    let effects = bench.handle(batch(BatchCommand::RetryFailed));
    assert_eq!((sent_ids(&effects), letters(&bench)), (vec!["2".to_owned()], "dud".to_owned()));
    ended(&mut bench, updated("2"));
    assert_eq!(letters(&bench), "ddd");
}

#[test]
fn stopping_lets_the_one_under_way_end_and_the_rest_can_be_sent_later() {
    let mut bench = three();
    send(&mut bench, BatchAction::Suspend);
    bench.handle(batch(BatchCommand::Stop));
    assert_eq!(letters(&bench), "u--");
    let effects = ended(&mut bench, updated("1"));
    assert_eq!(
        (names(&effects), letters(&bench)),
        (vec!["DismissChange".to_owned(), "ListSchedules".into()], "d--".into())
    );
    let effects = bench.handle(batch(BatchCommand::Continue));
    assert_eq!((sent_ids(&effects), letters(&bench)), (vec!["2".to_owned()], "duw".to_owned()));
}

#[test]
fn a_failure_that_the_next_one_would_meet_too_stops_the_rest() {
    let kinds = [
        (ErrorKind::TooManyRequests { retry_at: None }, "f--"),
        (offline(Operation::UpdateSchedule).kind, "f--"),
        (ErrorKind::JournalWriteFailed { reason: "the disk is full".to_owned() }, "f--"),
        (ErrorKind::KeyRefused, "f--"),
        (ErrorKind::Rejected, "fuw"),
        (ErrorKind::NotFound, "fuw"),
        (ErrorKind::Server { retry_at: None }, "fuw"),
    ];
    for (kind, want) in kinds {
        let mut bench = three();
        send(&mut bench, BatchAction::Suspend);
        ended(&mut bench, rejected(kind.clone()));
        assert_eq!(letters(&bench), want, "{kind:?}");
    }
}

#[test]
fn a_profile_that_becomes_read_only_sends_no_more() {
    let mut bench = three();
    send(&mut bench, BatchAction::Suspend);
    bench.model.data.session.open_mut().unwrap().profile.flags.read_only = true;
    ended(&mut bench, updated("1"));
    assert_eq!(letters(&bench), "d--");
    assert_eq!(names(&bench.handle(batch(BatchCommand::Continue))), Vec::<String>::new());
    assert_eq!(names(&bench.handle(batch(BatchCommand::Ask(BatchAction::Delete)))), Vec::<String>::new());
    assert_eq!(bench.model.view.batch.as_ref().map(|form| form.action), None, "not even asked");
}

#[test]
fn an_unknown_outcome_holds_the_rest_until_it_is_settled() {
    let lost = || error(ErrorKind::Lost, Operation::UpdateSchedule);
    let mut bench = three();
    send(&mut bench, BatchAction::Suspend);
    ended(&mut bench, ChangeOutcome::Unknown { error: lost(), now: None });
    assert_eq!((letters(&bench).as_str(), bench.model.data.can_change()), ("uww", false));
    let effects = bench.handle(Command::Change(ChangeCommand::VerifyChange));
    assert_eq!(names(&effects), ["CheckChange"]);
    let effects = ended(&mut bench, updated("1"));
    assert_eq!(
        (names(&effects), letters(&bench).as_str()),
        (vec!["DismissChange".to_owned(), "UpdateSchedule".into()], "duw")
    );
    ended(&mut bench, ChangeOutcome::Unknown { error: lost(), now: None });
    let effects = bench.handle(Command::Change(ChangeCommand::DismissChange));
    assert_eq!(
        (names(&effects), letters(&bench).as_str()),
        (vec!["DismissChange".to_owned(), "UpdateSchedule".into()], "d?u")
    );
}

#[test]
fn what_was_changed_elsewhere_is_not_sent_and_then_on_top_of_what_it_is_now() {
    let mut bench = three();
    send(&mut bench, BatchAction::Delete);
    let now = schedule("1", "30 4 * * *");
    ended(&mut bench, ChangeOutcome::Conflict(now.clone().into()));
    ended(&mut bench, ChangeOutcome::Deleted(Deleted::Deleted));
    ended(&mut bench, ChangeOutcome::Deleted(Deleted::Deleted));
    assert_eq!(letters(&bench), "mdd");
    let effects = bench.handle(batch(BatchCommand::RetryFailed));
    assert!(
        matches!(&effects[..], [Effect::Change(ChangeEffect::DeleteSchedule { schedule, .. })] if **schedule == now)
    );
}

#[test]
fn what_cannot_be_done_to_a_schedule_is_left_out_with_the_reason() {
    let suspended = Schedule { suspended: Some(true), ..schedule("2", "0 2 * * *") };
    let nameless = Schedule { id: id(""), ..schedule("x", "0 2 * * *") };
    let rows = vec![schedule("1", "0 2 * * *"), suspended, schedule("3", "once")];
    let mut bench = selected(rows);
    let plan = |bench: &mut Bench, action| {
        bench.handle(batch(BatchCommand::Ask(action)));
        let mut form = bench.model.view.batch.take().unwrap();
        form.subjects.push(nameless.clone());
        form.plan_anew(&bench.model.data);
        let reason = |planned: &PlannedChange| planned.kind.as_ref().err().cloned().unwrap_or_default();
        form.plan.iter().map(reason).collect::<Vec<_>>()
    };
    let no_id = "The list gives no ID for this schedule";
    for (action, want) in [
        (BatchAction::Suspend, ["", "It is suspended already", "A one-time schedule has no runs to suspend", no_id]),
        (BatchAction::Resume, ["It is not suspended", "", "It is not suspended", no_id]),
        (BatchAction::Delete, ["", "", "", no_id]),
        (
            BatchAction::ChangeTime,
            [
                "It runs at this time already",
                "It runs at this time already",
                "A one-time schedule cannot be edited",
                no_id,
            ],
        ),
    ] {
        assert_eq!(plan(&mut bench, action), want, "{action:?}");
    }
}

/// The expressions that would be sent, or why none is.
fn times(form: &BatchForm) -> Vec<String> {
    let time = |planned: &PlannedChange| match &planned.kind {
        Ok(ChangeKind::Update(_, patch)) => patch.recurrence.as_deref().unwrap_or("same").to_owned(),
        Ok(ChangeKind::Create(new)) => format!("{} {}", new.service_id, new.recurrence.as_str()),
        Ok(ChangeKind::Delete(_)) => "delete".to_owned(),
        Ok(ChangeKind::Restore(_) | ChangeKind::DeleteRestore(_)) => "restore".to_owned(),
        Err(reason) => reason.clone(),
    };
    form.plan.iter().map(time).collect()
}

#[test]
fn a_new_time_is_given_to_all_with_minutes_between_them() {
    let mut bench = three();
    bench.handle(batch(BatchCommand::Ask(BatchAction::ChangeTime)));
    let mut form = bench.model.view.batch.take().unwrap();
    form.when.draft.when.set_expression("50 3 * * 1-5");
    form.stagger = "10".to_owned();
    form.plan_anew(&bench.model.data);
    assert_eq!(times(&form), ["50 3 * * 1-5", "0 4 * * 1-5", "10 4 * * 1-5"]);
    form.stagger = "ten".to_owned();
    form.plan_anew(&bench.model.data);
    assert_eq!((form.stagger_minutes(), form.sendable()), (None, 0));
    form.when.draft.when.set_expression("50 23 1 * 1");
    form.stagger = "10".to_owned();
    form.plan_anew(&bench.model.data);
    assert_eq!(times(&form)[1], "10 minutes later its days would no longer be the same");
}

#[test]
fn copies_wait_for_each_other_leave_out_what_is_there_and_can_begin_suspended() {
    let there = Schedule { service_id: Some(ServiceId::new("db2")), ..schedule("9", "30 2 * * *") };
    let mut bench = selected(vec![schedule("1", "0 2 * * *"), there]);
    bench.table(TableId::Schedules, TableCommand::Select("1".into()));
    bench.handle(batch(BatchCommand::Ask(BatchAction::Copy)));
    let form = bench.model.view.batch.as_mut().unwrap();
    form.services = ["db4", "db2", "db3"].map(ServiceId::new).into();
    form.starts_suspended = true;
    form.stagger = "30".to_owned();
    form.plan_anew(&bench.model.data);
    let like = "The service has a schedule like this already: #9";
    assert_eq!(times(bench.model.view.batch.as_ref().unwrap()), [like, "db3 0 3 * * *", "db4 30 3 * * *"]);
    let effects = bench.handle(batch(BatchCommand::Send));
    assert_eq!((names(&effects), letters(&bench).as_str()), (vec!["CreateSchedule".to_owned()], "uw"));
    let created = Schedule { id: id("21"), ..Schedule::default() };
    let effects = ended(&mut bench, ChangeOutcome::Created(created.into()));
    assert_eq!(
        (sent_ids(&effects), letters(&bench).as_str()),
        (vec!["21".to_owned()], "duw"),
        "suspended before the next"
    );
    ended(&mut bench, updated("21"));
    let effects = ended(&mut bench, ChangeOutcome::Created(Schedule::default().into()));
    assert_eq!(letters(&bench), "ddd", "without an id there is nothing to suspend");
    assert!(!names(&effects).contains(&"UpdateSchedule".to_owned()));
}

#[test]
fn a_deleted_schedule_can_be_created_again_from_the_notice_and_from_the_history() {
    let mut bench = Bench::ready();
    bench.act(Command::Change(ChangeCommand::Delete(id("1"))));
    ended(&mut bench, ChangeOutcome::Deleted(Deleted::Deleted));
    let action = bench.model.data.notifications.list[0].action.clone();
    let Some(NotificationAction::Recreate(gone)) = action else { panic!("{action:?}") };
    bench.handle(batch(BatchCommand::Recreate(gone.clone())));
    let effects = bench.handle(batch(BatchCommand::Send));
    let [Effect::Change(ChangeEffect::CreateSchedule { new, .. })] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((new.service_id.as_str(), new.recurrence.as_str(), &new.storage), ("db1", "0 2 * * *", &None));
    ended(&mut bench, ChangeOutcome::Created(schedule("30", "0 2 * * *").into()));
    bench.handle(Command::Window(WindowCommand::CloseDialog));

    let effects = bench.handle(batch(BatchCommand::AskRecreate));
    let asked = ticket(&effects, "ReadGoneSchedules");
    let seen = |row: Schedule| Seen { row, first_seen: bench.now, last_seen: bench.now, gone_at: Some(bench.now) };
    let suspended = Schedule { suspended: Some(true), ..schedule("8", "0 5 * * *") };
    let rows = vec![seen(schedule("1", "0 2 * * *")), seen(suspended), seen(schedule("7", "cron"))];
    bench.apply(Event::Ledger(LedgerEvent::GoneSchedulesRead(asked, Ok(rows))));
    let mut form = bench.model.view.batch.take().unwrap();
    form.chosen = ["1", "7", "8"].map(ScheduleId::new).into();
    form.plan_anew(&bench.model.data);
    let like = "The service has a schedule like this already: #30";
    assert_eq!(times(&form), [like, "db1 0 5 * * *", "Its time is not known"]);
    assert!(form.plan[1].then_suspend, "as it was");
}

#[test]
fn reason_and_reminder_of_a_suspension_are_kept_until_it_ends() {
    let mut bench = three();
    bench.model.data.settings.profiles = vec![bench.open().profile.clone()];
    bench.handle(batch(BatchCommand::Ask(BatchAction::Suspend)));
    bench.model.view.suspension.reason = " migration ".to_owned();
    for (day, is_sent) in [("soon", false), ("2026-09-16", false), ("2026-09-18", true)] {
        bench.model.view.suspension.remind_on = day.to_owned();
        let effects = bench.handle(batch(BatchCommand::Send));
        assert_eq!(names(&effects).len(), usize::from(is_sent), "{day}");
    }
    ended(&mut bench, updated("1"));
    ended(&mut bench, rejected(ErrorKind::Conflict));
    ended(&mut bench, updated("3"));
    let noted = |bench: &Bench, id: &str| {
        let saved = &bench.model.data.settings.profiles[0].suspensions;
        saved.get(&ScheduleId::new(id)).map(|noted| noted.note.clone())
    };
    let on = Some(jiff::civil::date(2026, 9, 18));
    let note = SuspensionNote { reason: "migration".to_owned(), remind_on: on };
    assert_eq!((noted(&bench, "1"), noted(&bench, "2")), (Some(note), None), "only what is proven");
    let due = |bench: &Bench| bench.model.data.suspended().unwrap().due.len();
    assert_eq!((bench.model.data.suspended().unwrap().count, due(&bench)), (2, 0));
    bench.after(2 * 24 * 3600);
    assert_eq!(due(&bench), 2);
    bench.handle(batch(BatchCommand::Remind(id("3"), None)));
    assert_eq!(due(&bench), 1);
    bench.handle(batch(BatchCommand::Dismiss));
    bench.act(Command::Change(ChangeCommand::Resume(id("1"))));
    ended(&mut bench, ChangeOutcome::Updated(schedule("1", "0 2 * * *")));
    assert_eq!((noted(&bench, "1"), due(&bench)), (None, 0));
    bench.handle(Command::List(ListCommand::Refresh));
    let resumed_elsewhere = ["1", "2", "3"].map(|id| schedule(id, "0 2 * * *")).to_vec();
    let reading = bench.model.data.schedules().remote.running().unwrap();
    bench.apply(schedules(reading, resumed_elsewhere));
    assert_eq!(noted(&bench, "3"), None, "it runs again, whoever resumed it");
}

#[test]
fn quitting_in_the_middle_asks_first() {
    let mut bench = three();
    send(&mut bench, BatchAction::Suspend);
    ended(&mut bench, ChangeOutcome::Unknown { error: error(ErrorKind::Lost, Operation::UpdateSchedule), now: None });
    assert!(bench.handle(Command::Window(WindowCommand::Quit)).is_empty());
    assert_eq!(bench.model.view.dialog, Some(Dialog::Quit));
}
