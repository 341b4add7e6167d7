use super::*;
use crate::cron::LocalClock;
use crate::domain::BackupType;
use crate::draft::{CredentialsInput, SchedulePatch};
use crate::msg::{
    ChangeCommand, ChangeEffect, ChangeEvent, ChangeOutcome, FormCommand, FormEvent, ListCommand, PickedPath,
    WindowCommand,
};
use crate::secrets::SecretBuffer;

fn id(text: &str) -> ScheduleId {
    ScheduleId::new(text)
}

fn cron_text(bench: &Bench) -> String {
    let data = &bench.model.data;
    let clock = LocalClock { zone: &data.config.local_zone, now: data.now };
    bench.model.view.form.as_ref().unwrap().draft.when.expression(clock)
}

/// The list is read again and now says this.
fn reread(bench: &mut Bench, rows: Vec<Schedule>) {
    let effects = bench.handle(Command::List(ListCommand::Refresh));
    bench.apply(schedules(ticket(&effects, "ListSchedules"), rows));
}

#[test]
fn a_schedule_that_runs_once_is_not_edited() {
    let mut bench = Bench::ready();
    bench.act(Command::Form(FormCommand::EditSchedule(id("3"))));
    assert_eq!((bench.model.view.dialog.clone(), bench.model.view.form.is_none()), (None, true));
    assert_eq!(bench.notifications(), ["A one-time schedule cannot be edited; create a new one instead"]);
}

#[test]
fn a_closed_form_comes_back_as_it_was_left_for_the_same_purpose_only() {
    let mut bench = Bench::ready();
    bench.handle(Command::Form(FormCommand::NewSchedule(None)));
    bench.model.view.form.as_mut().unwrap().draft.when.set_expression("5 5 * * *");
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    bench.handle(Command::Form(FormCommand::NewSchedule(Some(ServiceId::new("db2")))));
    assert_eq!(cron_text(&bench), "5 5 * * *");
    assert_eq!(bench.model.view.form.as_ref().unwrap().draft.service, "db2");
    bench.act(Command::Form(FormCommand::EditSchedule(id("1"))));
    assert_eq!(cron_text(&bench), "0 2 * * *");
    bench.model.view.form.as_mut().unwrap().draft.when.set_expression("9 9 * * *");
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    bench.act(Command::Form(FormCommand::EditSchedule(id("1"))));
    assert_eq!(cron_text(&bench), "9 9 * * *");
}

#[test]
fn the_draft_of_an_edit_is_not_kept_for_a_schedule_that_changed_meanwhile() {
    let mut bench = Bench::ready();
    bench.act(Command::Form(FormCommand::EditSchedule(id("1"))));
    bench.model.view.form.as_mut().unwrap().draft.when.set_expression("9 9 * * *");
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    reread(&mut bench, vec![schedule("1", "7 7 * * *")]);
    bench.act(Command::Form(FormCommand::EditSchedule(id("1"))));
    assert_eq!(cron_text(&bench), "7 7 * * *");
    assert_eq!(bench.notifications(), ["The schedule was changed meanwhile. The form shows it as it is now"]);
}

#[test]
fn an_edit_never_undoes_what_somebody_else_changed_while_the_form_was_open() {
    let mut bench = Bench::ready();
    bench.act(Command::Form(FormCommand::EditSchedule(id("1"))));
    reread(&mut bench, vec![schedule("1", "7 7 * * *")]);
    // What the form makes of it: the type was chosen, the old time only looks like a change.
    let patch = SchedulePatch {
        backup_type: Some(BackupType::Dump),
        recurrence: Some("0 2 * * *".into()),
        ..SchedulePatch::default()
    };
    let effects = bench.act(Command::Change(ChangeCommand::UpdateSchedule(id("1"), patch)));
    let [Effect::Change(ChangeEffect::UpdateSchedule { patch, ticket, .. })] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((patch.backup_type.clone(), patch.recurrence.clone()), (Some(BackupType::Dump), None));
    bench.apply(Event::Change(ChangeEvent::Ended(*ticket, ChangeOutcome::Updated(schedule("1", "7 7 * * *")))));
    assert!(bench.model.view.form.is_none() && bench.model.view.dialog.is_none());
    let old = SchedulePatch { recurrence: Some("0 2 * * *".into()), ..SchedulePatch::default() };
    let effects = bench.act(Command::Change(ChangeCommand::UpdateSchedule(id("1"), old)));
    assert_eq!(names(&effects), ["UpdateSchedule"], "a form that was closed is no reason any more");
}

#[test]
fn an_edit_without_a_change_sends_nothing_and_closes_its_form() {
    let mut bench = Bench::ready();
    bench.act(Command::Form(FormCommand::EditSchedule(id("1"))));
    assert_eq!(
        names(&bench.act(Command::Change(ChangeCommand::UpdateSchedule(id("1"), SchedulePatch::default())))),
        Vec::<String>::new()
    );
    assert!(bench.model.view.form.is_none() && bench.model.view.dialog.is_none());
    assert!(bench.model.data.change().is_none());
}

#[test]
fn the_form_of_a_change_that_is_not_settled_does_not_make_way_for_another() {
    let mut bench = Bench::ready();
    bench.act(Command::Form(FormCommand::EditSchedule(id("1"))));
    let patch = SchedulePatch { recurrence: Some("9 9 * * *".into()), ..SchedulePatch::default() };
    bench.act(Command::Change(ChangeCommand::UpdateSchedule(id("1"), patch)));
    bench.handle(Command::Window(WindowCommand::CloseDialog));
    for command in [
        Command::Form(FormCommand::NewSchedule(None)),
        Command::Form(FormCommand::BackUpNow(None)),
        Command::Form(FormCommand::EditSchedule(id("2"))),
    ] {
        bench.act(command);
        assert_eq!(bench.model.view.dialog, None);
        assert_eq!(bench.model.view.form.as_ref().unwrap().purpose, FormPurpose::Edit(id("1")));
    }
    bench.act(Command::Form(FormCommand::EditSchedule(id("1"))));
    assert_eq!(bench.model.view.dialog, Some(Dialog::Schedule));
}

#[test]
fn a_key_file_goes_only_into_the_form_that_asked_for_it() {
    let text = || {
        let mut text = SecretBuffer::default();
        text.as_mut_string().push_str("{}");
        text
    };
    let mut bench = Bench::ready();
    bench.handle(Command::Form(FormCommand::NewSchedule(None)));
    let ask = bench.handle(Command::Form(FormCommand::PickKeyFile));
    let asked = ticket(&ask, "PickKeyFile");
    let note = |bench: &Bench| bench.model.view.form.as_ref().unwrap().key_file.note.clone();
    bench.apply(Event::Form(FormEvent::KeyFilePicked(asked, PickedPath::Cancelled)));
    assert!(note(&bench).unwrap().starts_with("No file was chosen"));
    let read = bench.apply(Event::Form(FormEvent::KeyFilePicked(asked, PickedPath::Path("/k.json".into()))));
    assert_eq!(names(&read), ["ReadKeyFile"]);
    bench.apply(Event::Form(FormEvent::KeyFileRead(asked, Ok(text()))));
    let draft = &bench.model.view.form.as_ref().unwrap().draft;
    assert_eq!((draft.bucket.key_file.as_str(), draft.bucket.credentials), ("{}", CredentialsInput::KeyFile));
    bench.apply(Event::Form(FormEvent::KeyFilePicked(asked, PickedPath::Cancelled)));
    assert_eq!(note(&bench).as_deref(), Some("Key file read"), "the one before stays");
    bench.apply(Event::Form(FormEvent::KeyFileRead(asked, Err("k.json is not a text file".to_owned()))));
    assert_eq!(bench.model.view.form.as_ref().unwrap().key_file.note.as_deref(), Some("k.json is not a text file"));
    bench.apply(Event::Form(FormEvent::KeyFilePicked(asked, PickedPath::NoDialog)));
    assert!(bench.model.view.form.as_ref().unwrap().key_file.note.as_deref().unwrap().starts_with("No file dialog"));

    bench.act(Command::Form(FormCommand::EditSchedule(id("1"))));
    assert_eq!(
        names(&bench.apply(Event::Form(FormEvent::KeyFilePicked(asked, PickedPath::Path("/k.json".into()))))),
        Vec::<String>::new()
    );
    bench.apply(Event::Form(FormEvent::KeyFileRead(asked, Ok(text()))));
    assert!(bench.model.view.form.as_ref().unwrap().draft.bucket.key_file.is_empty());
}

#[test]
fn an_incremental_builds_on_the_newest_good_full_backup_of_its_service() {
    let mut bench = Bench::ready();
    let row = |id: &str, service: &str, kind: BackupType, status: &str, started: &str| Backup {
        service_id: Some(ServiceId::new(service)),
        backup_type: Some(kind),
        start_time: ApiTime::read(started),
        ..backup(id, status)
    };
    let rows = vec![
        row("older", "dbpgf41870001", BackupType::Full, "Succeeded", "2026-11-20T02:00:00Z"),
        row("newest", "dbpgf41870001", BackupType::Full, "Succeeded", "2026-11-21T02:00:00Z"),
        row("failed", "dbpgf41870001", BackupType::Full, "Failed", "2026-11-22T02:00:00Z"),
        row("dump", "dbpgf41870001", BackupType::Dump, "Succeeded", "2026-11-22T03:00:00Z"),
        row("other", "dbpgf41870002", BackupType::Full, "Succeeded", "2026-11-22T04:00:00Z"),
        row("failed too", "dbpgf41870003", BackupType::Full, "Failed", "2026-11-22T05:00:00Z"),
    ];
    let list = |bench: &mut Bench, rows| {
        let asked = bench.handle(Command::List(ListCommand::Refresh));
        bench.apply(backups(ticket(&asked, "ListBackups"), rows));
    };
    list(&mut bench, rows.clone());
    bench.handle(Command::Form(FormCommand::NewSchedule(None)));
    let mut form = bench.model.view.form.take().expect("the form");
    form.draft.service = "dbpgf41870001".to_owned();
    form.look_up_newest_full(&bench.model.data);
    assert!(form.newest_full.is_none(), "a full backup builds on none");
    form.draft.backup_type = BackupType::Incremental;
    let mut fulls = |bench: &Bench, service: &str| {
        form.draft.service = service.to_owned();
        form.look_up_newest_full(&bench.model.data);
        let fulls = form.known_fulls(&bench.model.data)?;
        Some(fulls.iter().map(|full| full.id.to_string()).collect::<Vec<_>>())
    };
    assert_eq!(fulls(&bench, "dbpgf41870001"), Some(vec!["newest".to_owned()]));
    assert_eq!(fulls(&bench, "dbpgf41870002"), Some(vec!["other".to_owned()]));
    assert_eq!(fulls(&bench, "dbpgf41870003"), Some(Vec::new()), "none, as the whole list says");
    for (status, service, is_known) in
        [(Some("Failed"), None, false), (None, Some("dbpgf41870001"), false), (None, Some("dbpgf41870003"), true)]
    {
        let query = &mut bench.model.data.session.open_mut().unwrap().lists.query;
        query.status = status.map(ToOwned::to_owned);
        query.service_id = service.map(ServiceId::new);
        assert_eq!(fulls(&bench, "dbpgf41870003").is_some(), is_known, "only {status:?} of {service:?} was asked for");
    }
    bench.model.data.session.open_mut().unwrap().lists.query = BackupQuery::default();
    list(&mut bench, rows[..1].to_vec());
    assert_eq!(fulls(&bench, "dbpgf41870003"), Some(Vec::new()));
    assert_eq!(fulls(&bench, "dbpgf41870001"), Some(vec!["older".to_owned()]));
    list(&mut bench, rows);
    assert_eq!(fulls(&bench, "dbpgf41870001"), Some(vec!["newest".to_owned()]), "looked up again in other rows");
}
