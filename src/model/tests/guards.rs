//! Checks and resets that no other test would miss: read only, tickets, the order of rows, and what a session leaves behind.

use super::exporting::export;
use super::*;
use crate::domain::BackupType;
use crate::draft::{NewSchedule, SchedulePatch};
use crate::export::{ExportColumns, ExportOptions, ExportRows};
use crate::grid::Direction;
use crate::journal::{ChangeId, ChangeMark, OpenChange, SentChange};
use crate::msg::{
    ChangeCommand, ChangeEffect, ChangeEvent, ChangeOutcome, CopyFormat, ExportCommand, ExportEvent, FileEffect,
    FormCommand, ListCommand, ListEffect, ListEvent, PickedPath, PreferencesCommand, Screen, SessionCommand,
    SystemEvent, TableEffect, WindowCommand,
};

/// Sorted by id, highest first, so that the order shown is not the order of the list.
fn sorted_down() -> Bench {
    let mut bench = Bench::ready();
    bench.table(TableId::Backups, TableCommand::Show("id".into(), true));
    bench.table(TableId::Backups, TableCommand::SortTo("id".into(), Direction::Descending));
    assert_eq!(bench.backup_ids(), ["b3", "b2", "b1"]);
    bench
}

#[test]
fn an_export_and_a_copy_have_the_rows_in_the_order_shown() {
    let mut bench = sorted_down();
    let asked = bench.handle(Command::Export(export(ExportRows::Shown, Some("/data/x.csv"))));
    let [Effect::File(FileEffect::Export(_, job))] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!(job.table.order[..], [2, 1, 0]);

    bench.table(TableId::Backups, TableCommand::SelectAll);
    let asked = bench.table(TableId::Backups, TableCommand::CopyRows(CopyFormat::Tsv));
    let [Effect::Table(TableEffect::Render(_, table, ..))] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!(table.order[..], [2, 1, 0]);
}

#[test]
fn a_change_of_unknown_outcome_is_not_sent_again_once_the_profile_is_read_only() {
    let mut bench = Bench::ready();
    let sent = bench.act(Command::Change(ChangeCommand::Suspend(ScheduleId::new("1"))));
    let now = schedule("1", "0 2 * * *");
    let lost = error(ErrorKind::Lost, Operation::UpdateSchedule);
    let unknown = ChangeOutcome::Unknown { error: lost, now: Some(now.into()) };
    bench.apply(Event::Change(ChangeEvent::Ended(ticket(&sent, "UpdateSchedule"), unknown)));
    bench.model.data.session.open_mut().unwrap().profile.flags.read_only = true;
    assert_eq!(names(&bench.handle(Command::Change(ChangeCommand::ResendChange))), Vec::<String>::new());
    bench.model.data.session.open_mut().unwrap().profile.flags.read_only = false;
    assert_eq!(names(&bench.handle(Command::Change(ChangeCommand::ResendChange))), ["UpdateSchedule"], "allowed again");
}

#[test]
fn answers_for_an_export_that_is_over_change_nothing_about_the_next() {
    let mut bench = Bench::ready();
    let waiting = export(ExportRows::Shown, None);
    let first = ticket(&bench.handle(Command::Export(waiting.clone())), "PickSavePath");
    bench.handle(Command::Export(ExportCommand::CancelExport));
    let second = ticket(&bench.handle(Command::Export(waiting)), "PickSavePath");
    let late = bench.apply(Event::Export(ExportEvent::SavePathPicked(first, PickedPath::Path("/data/old.csv".into()))));
    assert_eq!(names(&late), Vec::<String>::new());
    assert!(bench.model.data.export().unwrap().is_waiting_for_path());
    bench.apply(Event::Export(ExportEvent::SavePathPicked(second, PickedPath::Path("/data/new.csv".into()))));
    bench.apply(Event::Export(ExportEvent::ExportProgress(first, 2)));
    assert_eq!(bench.model.data.export().unwrap().written, 0, "the progress of another");
    let ended = crate::export::ExportReport { path: "/data/old.csv".into(), rows: 3, warnings: Vec::new() };
    bench.apply(Event::Export(ExportEvent::Exported(first, Ok(ended))));
    assert!(bench.model.data.export().is_some() && bench.notifications().is_empty(), "the end of another");
}

#[test]
fn each_table_keeps_its_own_layout_for_the_next_start() {
    for (table, other) in [
        (TableId::Backups, TableId::Schedules),
        (TableId::Schedules, TableId::Restores),
        (TableId::Restores, TableId::Backups),
    ] {
        let mut bench = Bench::ready();
        bench.table(table, TableCommand::SortTo("service_name".into(), Direction::Descending));
        let layout = |bench: &Bench, table| match table {
            TableId::Backups => bench.model.data.backups().layout.clone(),
            TableId::Schedules => bench.model.data.schedules().layout.clone(),
            TableId::Restores => bench.model.data.restores().layout.clone(),
        };
        let kept = |settings: &Settings, table| match table {
            TableId::Backups => settings.backups_table.clone(),
            TableId::Schedules => settings.schedules_table.clone(),
            TableId::Restores => settings.restores_table.clone(),
        };
        let settings = bench.model.data.settings.clone();
        assert_eq!(kept(&settings, table), Some(layout(&bench, table)), "{table:?}");
        assert_eq!(kept(&settings, other), None, "{other:?} was not touched");
        let (mut next, effects) = Bench::new(ModelConfig { settings, ..start() });
        next.apply(opened(&effects));
        assert_eq!(layout(&next, table), layout(&bench, table), "{table:?} at the next start");
        assert_eq!(layout(&next, other), layout(&bench, other), "{other:?} at the next start");
    }
}

#[test]
fn a_pause_ends_by_the_clock_of_the_service() {
    for ahead in [10_800, -10_800] {
        let mut bench = Bench::ready();
        let server_date = bench.now.checked_add(SignedDuration::from_secs(ahead)).ok();
        bench.apply(Event::System(SystemEvent::Requested(
            bench.session(),
            RequestRecord { server_date, ..bench.record() },
        )));
        assert_eq!(bench.model.data.clock_ahead().as_secs(), ahead);
        // The backend measures the pause from now, by this computer's clock.
        bench
            .apply(Event::System(SystemEvent::RateLimited(bench.session(), bench.now + SignedDuration::from_secs(12))));
        assert_eq!(bench.model.data.pause_secs(), Some(13), "{ahead}");
        bench.after(13);
        assert_eq!(bench.model.data.pause_secs(), None, "{ahead}");
    }
}

#[test]
fn a_pause_noted_before_the_clock_was_known_ends_when_it_would_have() {
    let mut bench = Bench::ready();
    bench.apply(Event::System(SystemEvent::RateLimited(bench.session(), bench.now + SignedDuration::from_secs(12))));
    let server_date = bench.now.checked_add(SignedDuration::from_secs(10_800)).ok();
    bench
        .apply(Event::System(SystemEvent::Requested(bench.session(), RequestRecord { server_date, ..bench.record() })));
    assert_eq!(bench.model.data.pause_secs(), Some(13));
}

#[test]
fn signing_out_leaves_nothing_of_what_was_typed_asked_or_awaited() {
    let mut bench = Bench::ready();
    bench.handle(Command::List(ListCommand::ServerStatus(Some("Failed".to_owned()))));
    bench.handle(Command::Window(WindowCommand::Go(Screen::Schedules)));
    bench.model.view.detail = true;
    bench.table(TableId::Schedules, TableCommand::Select("1".into()));
    bench.model.view.backups_search = "backups".to_owned();
    bench.model.view.schedules_search = "schedules".to_owned();
    bench.model.view.export.path = Some("/data/x.csv".to_owned());
    bench.apply(Event::System(SystemEvent::RateLimited(bench.session(), bench.now + SignedDuration::from_secs(30))));
    assert!(bench.model.data.lists().single_schedule_id.is_some() && bench.model.data.pause_secs().is_some());
    bench.handle(Command::Session(SessionCommand::SignOut));

    let (data, view) = (&bench.model.data, &bench.model.view);
    assert_eq!((view.backups_search.as_str(), view.schedules_search.as_str()), ("", ""));
    assert_eq!(view.export.path, None);
    assert_eq!(data.lists().query, crate::api::BackupQuery::default());
    assert_eq!(data.pause_secs(), None);
    assert_eq!(data.lists().single_schedule_id.as_ref(), None);
    assert!(data.lists().single_schedule.value().is_none() && !data.lists().single_schedule.is_loading());
    assert!(data.backups().filter.is_empty() && data.schedules().filter.is_empty());
}

#[test]
fn a_change_sent_again_after_a_conflict_is_compared_with_what_was_shown_then() {
    let mut bench = Bench::ready();
    let sent = bench.act(Command::Change(ChangeCommand::Suspend(ScheduleId::new("1"))));
    let moved = Box::new(schedule("1", "0 5 * * *"));
    bench.apply(Event::Change(ChangeEvent::Ended(
        ticket(&sent, "UpdateSchedule"),
        ChangeOutcome::Conflict(crate::domain::ChangedRow::Schedule(moved.clone())),
    )));
    let again = bench.handle(Command::Change(ChangeCommand::ResendChange));
    let [Effect::Change(ChangeEffect::UpdateSchedule { schedule, .. })] = &again[..] else { panic!("{again:?}") };
    assert_eq!(*schedule, moved);
}

#[test]
fn a_refresh_in_spite_of_a_pause_ends_its_countdown() {
    let mut bench = Bench::ready();
    bench.apply(Event::System(SystemEvent::RateLimited(bench.session(), bench.now + SignedDuration::from_secs(30))));
    bench.handle(Command::List(ListCommand::RefreshAnyway));
    assert_eq!(bench.model.data.pause_secs(), None);
}

#[test]
fn settings_are_saved_in_time_when_the_clock_turns_out_to_be_ahead() {
    let mut bench = Bench::ready();
    bench.handle(Command::Preferences(PreferencesCommand::SetZoom(1.5)));
    let server_date = bench.now.checked_sub(SignedDuration::from_hours(3)).ok();
    bench
        .apply(Event::System(SystemEvent::Requested(bench.session(), RequestRecord { server_date, ..bench.record() })));
    assert!(names(&bench.after(1)).contains(&"SaveSettings".to_owned()));
}

#[test]
fn the_detail_of_another_schedule_begins_empty() {
    let mut bench = Bench::ready();
    let read = bench.handle(Command::List(ListCommand::ReadSchedule(ScheduleId::new("1"))));
    bench.apply(Event::List(ListEvent::ScheduleRead(ticket(&read, "ReadSchedule"), Ok(schedule("1", "0 2 * * *")))));
    bench.handle(Command::List(ListCommand::ReadSchedule(ScheduleId::new("1"))));
    assert!(bench.model.data.lists().single_schedule.value().is_some(), "the same is kept while it is read again");
    bench.handle(Command::List(ListCommand::ReadSchedule(ScheduleId::new("2"))));
    assert!(bench.model.data.lists().single_schedule.value().is_none());
}

#[test]
fn services_are_listed_by_name_with_numbers_in_order() {
    let (mut bench, effects) = Bench::signed_in();
    bench.apply(services(ticket(&effects, "ListServices"), &["db10", "db2", "db1"]));
    let ids: Vec<&str> = bench.model.data.lists().known_services().iter().map(|service| service.id.as_str()).collect();
    assert_eq!(ids, ["db1", "db2", "db10"]);
}

#[test]
fn a_jump_to_a_service_or_schedule_ends_what_would_hide_it() {
    let mut bench = Bench::ready();
    bench.model.view.backups_search = "other".to_owned();
    bench.model.view.schedules_search = "other".to_owned();
    bench.handle(Command::List(ListCommand::ShowSchedule(ScheduleId::new("1"))));
    assert_eq!(bench.model.view.schedules_search, "");

    let asked = bench.handle(Command::List(ListCommand::ServerStatus(Some("Failed".to_owned()))));
    bench.answer_lists(&asked);
    let asked = bench.handle(Command::List(ListCommand::ShowBackupsOf(ServiceId::new("db1"))));
    assert_eq!(bench.model.view.backups_search, "");
    assert_eq!((names(&asked), &bench.model.data.lists().query.status), (vec!["ListBackups".to_owned()], &None));
}

#[test]
fn after_a_stopped_listing_the_next_refresh_is_a_whole_interval_away() {
    let mut bench = Bench::ready();
    let every = i64::from(bench.model.data.settings.preferences.auto_refresh_secs);
    assert!(every > 10);
    let asked = bench.handle(Command::List(ListCommand::Refresh));
    bench.apply(services(ticket(&asked, "ListServices"), &["db1"]));
    bench.now += SignedDuration::from_secs(10);
    for table in [TableId::Backups, TableId::Schedules] {
        bench.handle(Command::List(ListCommand::CancelLoading(table)));
    }
    assert_eq!(bench.refresh_in(), Some(every));
}

#[test]
fn the_detail_pane_is_as_it_was_at_the_next_start() {
    let mut bench = Bench::ready();
    for _ in 0..2 {
        bench.table(TableId::Backups, TableCommand::ToggleDetail);
        let (next, _) = Bench::new(ModelConfig { settings: bench.model.data.settings.clone(), ..start() });
        assert_eq!(next.model.view.detail, bench.model.view.detail);
    }
}

#[test]
fn schedules_are_asked_for_by_every_service_that_a_list_names() {
    let (mut bench, effects) = Bench::signed_in();
    bench.apply(services(ticket(&effects, "ListServices"), &["listed"]));
    let of = |id: &str| Some(ServiceId::new(id));
    let in_backup = Backup { service_id: of("in-backup"), ..backup("b1", "Succeeded") };
    let in_schedule = Schedule { service_id: of("in-schedule"), ..schedule("1", "0 2 * * *") };
    bench.apply(backups(ticket(&effects, "ListBackups"), vec![in_backup]));
    bench.apply(schedules(ticket(&effects, "ListSchedules"), vec![in_schedule]));
    let asked = bench.handle(Command::List(ListCommand::Refresh));
    let services = asked.iter().find_map(|effect| match effect {
        Effect::List(ListEffect::ListSchedules { services, .. }) => Some(services.clone()),
        _ => None,
    });
    assert_eq!(services, Some(["in-backup", "in-schedule", "listed"].map(ServiceId::new).to_vec()));
}

#[test]
fn what_failed_in_one_session_is_not_shown_in_the_next() {
    let mut bench = Bench::ready();
    bench.handle(Command::Export(ExportCommand::OpenExport(None)));
    let asked = bench.handle(Command::Export(export(ExportRows::Shown, Some("/data/x.csv"))));
    let full = crate::export::ExportError::Full { path: "/data/x.csv".into(), free_bytes: None };
    bench.apply(Event::Export(ExportEvent::Exported(ticket(&asked, "Export"), Err(full))));
    assert!(bench.model.data.export_error().is_some());
    bench.handle(Command::Session(SessionCommand::SignOut));
    assert_eq!(bench.model.data.export_error(), None);

    let mut bench = Bench::ready();
    bench.act(Command::Change(ChangeCommand::AskDelete(ScheduleId::new("1"))));
    let sent = bench.handle(Command::Change(ChangeCommand::Delete(ScheduleId::new("1"))));
    let refused = ChangeOutcome::Rejected(error(ErrorKind::Rejected, Operation::DeleteSchedule));
    bench.apply(Event::Change(ChangeEvent::Ended(ticket(&sent, "DeleteSchedule"), refused)));
    assert!(bench.model.data.change_error().is_some());
    bench.handle(Command::Session(SessionCommand::SignOut));
    assert_eq!(bench.model.data.change_error(), None);
}

#[test]
fn a_notice_of_the_last_session_leads_nowhere_in_the_next() {
    let mut bench = Bench::ready();
    let now = bench.model.data.now;
    let (here, there) = (
        NotificationAction::ShowInFolder("/data/x.csv".into()),
        NotificationAction::ShowSchedule(ScheduleId::new("1")),
    );
    bench.model.data.notifications.add(Notification::new(Severity::Good, "created", None, Some(there)), now);
    bench.model.data.notifications.add(Notification::new(Severity::Good, "saved", None, Some(here.clone())), now);
    bench.handle(Command::Session(SessionCommand::SignOut));
    let actions: Vec<_> =
        bench.model.data.notifications.list.iter().map(|notification| notification.action.clone()).collect();
    assert_eq!((actions.len(), actions.iter().flatten().collect::<Vec<_>>()), (2, vec![&here]));
}

#[test]
fn an_unsettled_change_waits_for_its_own_account() {
    let mut bench = Bench::ready();
    let change = |number: u64| OpenChange {
        mark: ChangeMark {
            id: ChangeId::new(bench.now, number),
            account: bench.model.data.session.open().unwrap().record_account(),
            at: bench.now,
        },
        change: SentChange::Delete { schedule: Box::new(schedule("1", "0 2 * * *")) },
    };
    let changes = vec![change(1001), change(1002)];
    assert_eq!(
        names(&bench.apply(Event::Change(ChangeEvent::OpenChanges(changes, Vec::new())))),
        ["CheckChange"],
        "one at a time"
    );
    bench.handle(Command::Session(SessionCommand::SignOut));
    let asked = bench
        .handle(Command::Session(SessionCommand::SignIn(SignIn { name: "Other".to_owned(), ..sign_in(None, false) })));
    let effects = bench.apply(opened(&asked));
    assert!(!names(&effects).contains(&"CheckChange".to_owned()), "{:?}", names(&effects));
    assert!(bench.model.data.change().is_none());
}

#[test]
fn an_edit_sends_only_the_field_that_differs_from_what_was_shown() {
    let mut bench = Bench::ready();
    bench.act(Command::Form(FormCommand::EditSchedule(ScheduleId::new("1"))));
    let patch = SchedulePatch {
        backup_type: Some(BackupType::Full),
        recurrence: Some("0 9 * * *".into()),
        ..SchedulePatch::default()
    };
    let sent = bench.act(Command::Change(ChangeCommand::UpdateSchedule(ScheduleId::new("1"), patch)));
    let [Effect::Change(ChangeEffect::UpdateSchedule { patch, .. })] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!((patch.backup_type.clone(), patch.recurrence.as_deref()), (None, Some("0 9 * * *")));
}

#[test]
fn a_suspension_starts_from_the_row_and_not_from_a_form_that_is_open() {
    let mut bench = Bench::ready();
    bench.act(Command::Form(FormCommand::EditSchedule(ScheduleId::new("1"))));
    let asked = bench.handle(Command::List(ListCommand::Refresh));
    let now = schedule("1", "0 7 * * *");
    bench.apply(schedules(ticket(&asked, "ListSchedules"), vec![now.clone()]));
    let sent = bench.act(Command::Change(ChangeCommand::Suspend(ScheduleId::new("1"))));
    let Some(Effect::Change(ChangeEffect::UpdateSchedule { schedule, .. })) = sent.last() else { panic!("{sent:?}") };
    assert_eq!(**schedule, now);
}

#[test]
fn the_draft_of_a_deleted_schedule_goes_with_it() {
    let mut bench = Bench::ready();
    bench.act(Command::Form(FormCommand::EditSchedule(ScheduleId::new("1"))));
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    assert!(bench.model.view.form.is_some());
    let sent = bench.act(Command::Change(ChangeCommand::Delete(ScheduleId::new("1"))));
    let gone = ChangeOutcome::Deleted(crate::api::Deleted::Deleted);
    bench.apply(Event::Change(ChangeEvent::Ended(ticket(&sent, "DeleteSchedule"), gone)));
    assert!(bench.model.view.form.is_none());
}

#[test]
fn a_refusal_is_shown_in_the_dialog_of_its_own_schedule_only() {
    for (edited, is_in_dialog) in [("1", true), ("2", false)] {
        let mut bench = Bench::ready();
        let patch = SchedulePatch { recurrence: Some("0 9 * * *".into()), ..SchedulePatch::default() };
        if is_in_dialog {
            bench.act(Command::Form(FormCommand::EditSchedule(ScheduleId::new(edited))));
        }
        let sent = bench.act(Command::Change(ChangeCommand::UpdateSchedule(ScheduleId::new("1"), patch)));
        if !is_in_dialog {
            bench.act(Command::Form(FormCommand::EditSchedule(ScheduleId::new(edited))));
        }
        assert_eq!(bench.model.view.dialog, Some(Dialog::Schedule));
        let refused = ChangeOutcome::Rejected(error(ErrorKind::Rejected, Operation::UpdateSchedule));
        bench.apply(Event::Change(ChangeEvent::Ended(ticket(&sent, "UpdateSchedule"), refused)));
        assert_eq!(bench.model.data.change_error().is_some(), is_in_dialog, "{edited}");
        assert_eq!(bench.notifications().is_empty(), is_in_dialog, "{edited}");
    }
}

#[test]
fn a_broken_task_settles_only_the_change_it_was_for() {
    let mut bench = Bench::ready();
    let sent = ticket(&bench.act(Command::Change(ChangeCommand::Suspend(ScheduleId::new("1")))), "UpdateSchedule");
    let is_sending = |bench: &Bench| bench.model.data.change().unwrap().is_under_way();
    bench.apply(Event::System(SystemEvent::TaskPanicked(Ticket(sent.0 + 1_000))));
    assert!(is_sending(&bench));
    bench.apply(Event::System(SystemEvent::TaskPanicked(sent)));
    assert!(!is_sending(&bench));
}

#[test]
fn the_export_dialog_begins_with_the_rows_selected_in_its_table_and_the_last_choice() {
    let mut bench = Bench::ready();
    for (select, rows) in [(false, ExportRows::Shown), (true, ExportRows::Selected)] {
        if select {
            bench.table(TableId::Backups, TableCommand::SelectAll);
        }
        bench.handle(Command::Export(ExportCommand::OpenExport(None)));
        assert_eq!(bench.model.view.export.options.rows, rows);
        bench.handle(Command::Window(WindowCommand::CloseDialog));
    }
    for (formula_escape, semicolon, columns) in
        [(false, true, ExportColumns::All), (true, false, ExportColumns::Visible)]
    {
        let options = ExportOptions { columns, formula_escape, semicolon, ..ExportOptions::default() };
        let (table, path) = (TableId::Backups, Some("/data/x.csv".into()));
        let asked = bench.handle(Command::Export(ExportCommand::Export { table, options, path }));
        bench.apply(Event::Export(ExportEvent::Exported(
            ticket(&asked, "Export"),
            Err(crate::export::ExportError::Cancelled),
        )));
        bench.handle(Command::Export(ExportCommand::OpenExport(None)));
        let form = bench.model.view.export.options;
        assert_eq!((form.formula_escape, form.semicolon, form.columns), (formula_escape, semicolon, columns));
        bench.handle(Command::Window(WindowCommand::CloseDialog));
    }
}

/// A change of an earlier run, of this account.
fn earlier(bench: &Bench, change: SentChange) -> OpenChange {
    let account = bench.model.data.session.open().unwrap().record_account();
    OpenChange { mark: ChangeMark { id: ChangeId::new(bench.now, 1001), account, at: bench.now }, change }
}

fn deletion() -> SentChange {
    SentChange::Delete { schedule: Box::new(schedule("1", "0 2 * * *")) }
}

#[test]
fn a_change_of_an_earlier_run_that_is_open_is_not_taken_up_twice() {
    let mut bench = Bench::ready();
    for _ in 0..2 {
        let change = earlier(&bench, deletion());
        bench.apply(Event::Change(ChangeEvent::OpenChanges(vec![change], Vec::new())));
    }
    assert_eq!(names(&bench.handle(Command::Change(ChangeCommand::DismissChange))), ["Cancel", "DismissChange"]);
    assert!(bench.model.data.change().is_none());
}

#[test]
fn the_end_of_an_earlier_change_leaves_the_open_dialog_alone() {
    let mut bench = Bench::ready();
    let change = earlier(&bench, deletion());
    let looked = bench.apply(Event::Change(ChangeEvent::OpenChanges(vec![change], Vec::new())));
    bench.act(Command::Change(ChangeCommand::AskDelete(ScheduleId::new("1"))));
    let refused = ChangeOutcome::Rejected(error(ErrorKind::Rejected, Operation::DeleteSchedule));
    bench.apply(Event::Change(ChangeEvent::Ended(ticket(&looked, "CheckChange"), refused)));
    assert_eq!((bench.model.data.change_error().is_none(), bench.notifications().len()), (true, 1));

    let mut bench = Bench::ready();
    let new = NewSchedule {
        service_id: ServiceId::new("db1"),
        backup_type: BackupType::Full,
        recurrence: Recurrence::read("0 2 * * *"),
        storage: None,
    };
    let change = earlier(&bench, SentChange::Create { new, own_bucket: false, before: Vec::new() });
    let looked = bench.apply(Event::Change(ChangeEvent::OpenChanges(vec![change], Vec::new())));
    bench.handle(Command::Form(FormCommand::NewSchedule(None)));
    let created = ChangeOutcome::Created(schedule("9", "0 2 * * *").into());
    bench.apply(Event::Change(ChangeEvent::Ended(ticket(&looked, "CheckChange"), created)));
    assert!(bench.model.view.form.is_some() && bench.model.view.dialog == Some(Dialog::Schedule));
}
