//! The schedule form, the question before deleting, and what is shown of a change without a response.

use crate::support::stepped::SteppedModel;
use egui::{Key, Role, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use skybackup::api::{ApiError, Completeness, Deleted, ErrorKind, Operation, Shell};
use skybackup::cron::LocalClock;
use skybackup::domain::{BackupType, Recurrence, Schedule, ScheduleId, Service, ServiceId};
use skybackup::draft::{NewSchedule, StorageChoice};
use skybackup::msg::{
    ChangeCommand, ChangeEvent, ChangeOutcome, Command, Effect, Event, FormCommand, FormEvent, ListCommand, ListEvent,
    Listed, Screen, TableCommand, TableId, WindowCommand, WindowEffect,
};
use skybackup::secrets::SecretBuffer;
use skybackup::ui::root_ui;

use super::signed_in::{Desk, asked, listed, model, now, schedules, tickets, window};
use super::table::backups;

const SIZE: [f32; 2] = [1280.0, 800.0];
const SMALL: [f32; 2] = [900.0, 600.0];

fn services() -> Vec<Service> {
    let words = [
        ("dbpgf41870000", "orders-prod", "gcp", "11.4.5", "ready"),
        ("dbpgf41870001", "billing", "aws", "10.6.11", "ready"),
        ("dbpgf41870002", "reports-warehouse-eu", "azure", "11.4.5", "ready"),
        ("dbpgf41870003", "a-service-with-a-very-long-name-indeed-0042", "gcp", "10.11.6", "pending_scale"),
        ("dbpgf41870004", "staging", "aws", "11.7.1", "stopped"),
        ("dbpgf41870005", "staging", "aws", "11.4.5", "ready"),
        ("dbpgf41870006", "telemetry", "gcp", "11.4.5", "ready"),
        ("dbpgf41870007", "web", "gcp", "11.4.5", "ready"),
    ];
    let service = |(id, name, provider, version, status): (&str, &str, &str, &str, &str)| Service {
        id: ServiceId::new(id),
        name: Some(name.into()),
        provider: Some(provider.into()),
        version: Some(version.into()),
        status: Some(status.into()),
        fqdn: Some(format!("{id}.sysp0000.db2.skysql.com").into()),
        ..Service::default()
    };
    words.into_iter().map(service).collect()
}

/// Signed in, with these services.
fn desk(services: Result<Vec<Service>, ApiError>) -> SteppedModel {
    let mut model = model(backups(40), schedules());
    let waiting = tickets(&model.handle(Command::List(ListCommand::Refresh), now()));
    model.apply(Event::List(ListEvent::ServicesListed(waiting.services, services.map(listed))), now());
    model.apply(Event::List(ListEvent::BackupsListed(waiting.backups, Ok(listed(backups(40))))), now());
    model.apply(Event::List(ListEvent::SchedulesListed(waiting.schedules, Ok(listed(schedules())))), now());
    model.view.screen = Screen::Activity;
    model
}

fn open<'a>(command: Command, size: [f32; 2], theme: Theme) -> Harness<'a, Desk> {
    let mut model = desk(Ok(services()));
    if let Command::Form(FormCommand::EditSchedule(id))
    | Command::Change(ChangeCommand::AskDelete(id) | ChangeCommand::AskSuspend(id)) = &command
    {
        select(&mut model, id);
    }
    model.handle(command, now());
    window(model, size, theme, root_ui)
}

/// A click on the row of a schedule.
fn select(model: &mut SteppedModel, id: &ScheduleId) {
    let select = TableCommand::Select(id.as_str().into());
    model.handle(Command::Table(TableId::Schedules, select), now());
}

fn new_for<'a>(service: &str) -> Harness<'a, Desk> {
    open(Command::Form(FormCommand::NewSchedule(Some(ServiceId::new(service)))), SIZE, Theme::Dark)
}

fn says(harness: &Harness<'_, Desk>, part: &str) -> bool {
    harness.query_all_by_label_contains(part).next().is_some()
}

fn is_enabled(harness: &Harness<'_, Desk>, button: &str) -> bool {
    !harness.get_by_role_and_label(Role::Button, button).accesskit_node().is_disabled()
}

fn apply(harness: &mut Harness<'_, Desk>, event: Event) {
    harness.state_mut().model.apply(event, now());
    harness.run();
}

fn ticket(harness: &Harness<'_, Desk>) -> skybackup::msg::Ticket {
    harness.state().data().change().unwrap().ticket
}

fn fill(harness: &mut Harness<'_, Desk>, role: Role, field: &str, text: &str) {
    harness.get_by_role_and_label(role, field).focus();
    harness.run();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    harness.get_by_role_and_label(role, field).type_text(text);
    harness.run();
}

fn lost(operation: Operation) -> ApiError {
    ApiError { trace_id: Some("0af7651916cd43dd".to_owned()), ..ApiError::new(ErrorKind::Lost, operation) }
}

/// Writes pictures to look at: `SKYBACKUP_PICTURES=folder cargo test --test main form_pictures -- --ignored`.
#[test]
#[ignore = "for the eye"]
fn form_pictures() {
    let folder =
        std::path::PathBuf::from(std::env::var("SKYBACKUP_PICTURES").unwrap_or_else(|_| "target/pictures".to_owned()));
    std::fs::create_dir_all(&folder).unwrap();
    let shoot = |harness: &mut Harness<'_, Desk>, name: &str| {
        harness.run();
        harness.render().unwrap().save(folder.join(format!("form-{name}.png"))).unwrap();
    };
    for theme in [Theme::Dark, Theme::Light] {
        let tag = format!("{theme:?}").to_lowercase();
        for (size, place) in [(SMALL, "small"), ([1600.0, 1000.0], "large")] {
            let mut harness = open(Command::Form(FormCommand::NewSchedule(None)), size, theme);
            shoot(&mut harness, &format!("new-{place}-{tag}"));
            let form = harness.state_mut().model.view.form.as_mut().unwrap();
            form.draft.service = "dbpgf41870001".to_owned();
            form.draft.backup_type = BackupType::Incremental;
            form.draft.when.set_expression("0 2 * * 1-5");
            form.draft.storage = StorageChoice::OwnBucket;
            form.draft.bucket.path = "s3://acme-backups/mariadb".to_owned();
            form.draft.bucket.credentials = skybackup::draft::CredentialsInput::None;
            form.preview = true;
            shoot(&mut harness, &format!("filled-{place}-{tag}"));
            let form = harness.state_mut().model.view.form.as_mut().unwrap();
            form.draft.storage = StorageChoice::SkySql;
            form.draft.when.set_expression("0 9 ** *");
            shoot(&mut harness, &format!("wrong-{place}-{tag}"));
            let mut harness =
                open(Command::Form(FormCommand::NewSchedule(Some(ServiceId::new("dbpgf41870001")))), size, theme);
            harness.get_by_label("Create schedule").click();
            harness.run();
            let error = ApiError {
                status: Some(400),
                message: Some("service is in a pending state".to_owned()),
                trace_id: Some("0af7651916cd43dd".to_owned()),
                ..ApiError::new(ErrorKind::Rejected, Operation::CreateSchedule)
            };
            let event = Event::Change(ChangeEvent::Ended(ticket(&harness), ChangeOutcome::Rejected(error)));
            apply(&mut harness, event);
            shoot(&mut harness, &format!("refused-{place}-{tag}"));
            let mut harness = lost_creation(Vec::new(), size, theme);
            shoot(&mut harness, &format!("lost-banner-{place}-{tag}"));
            harness.get_by_label("Open the form again").click();
            shoot(&mut harness, &format!("lost-form-{place}-{tag}"));
            let mut harness = lost_creation(vec![like_it("305")], size, theme);
            shoot(&mut harness, &format!("found-{place}-{tag}"));
            let mut harness =
                open(Command::Form(FormCommand::NewSchedule(Some(ServiceId::new("dbpgf41870001")))), size, theme);
            let form = harness.state_mut().model.view.form.as_mut().unwrap();
            form.draft.storage = StorageChoice::OwnBucket;
            form.draft.bucket.path = "S3://acme".to_owned();
            form.draft.backup_type = BackupType::Incremental;
            form.tried = true;
            form.draft.service = "dbpgf41870004".to_owned();
            shoot(&mut harness, &format!("bucket-{place}-{tag}"));
            let mut harness = open(Command::Form(FormCommand::BackUpNow(None)), size, theme);
            shoot(&mut harness, &format!("now-{place}-{tag}"));
            let mut harness = open(Command::Form(FormCommand::EditSchedule(ScheduleId::new("301"))), size, theme);
            shoot(&mut harness, &format!("edit-{place}-{tag}"));
            let mut harness = open(Command::Change(ChangeCommand::AskDelete(ScheduleId::new("301"))), size, theme);
            shoot(&mut harness, &format!("delete-{place}-{tag}"));
            harness.get_by_label("Delete schedule").click();
            harness.run();
            let error = ApiError { status: Some(409), ..ApiError::new(ErrorKind::Conflict, Operation::DeleteSchedule) };
            let event = Event::Change(ChangeEvent::Ended(ticket(&harness), ChangeOutcome::Rejected(error)));
            apply(&mut harness, event);
            shoot(&mut harness, &format!("conflict-{place}-{tag}"));
        }
    }
}

/// The error of a field, as it is read out.
fn error_of(harness: &Harness<'_, Desk>, field: &str) -> Option<String> {
    harness.get_by_role_and_label(Role::TextInput, field).accesskit_node().description()
}

fn value(harness: &Harness<'_, Desk>, field: &str) -> String {
    harness.get_by_role_and_label(Role::TextInput, field).accesskit_node().value().unwrap()
}

fn choose(harness: &mut Harness<'_, Desk>, name: &str) {
    harness.get_by_role_and_label(Role::RadioButton, name).click();
    harness.run();
}

fn boxes(harness: &Harness<'_, Desk>) -> [String; 5] {
    ["Minute", "Hour", "Day of month", "Month", "Weekday"].map(|name| value(harness, name))
}

#[test]
fn sending_without_a_service_leads_to_its_field_and_says_so() {
    let mut harness = open(Command::Form(FormCommand::NewSchedule(None)), SIZE, Theme::Dark);
    assert_eq!(error_of(&harness, "Service"), None, "nobody is blamed before trying");
    harness.get_by_role_and_label(Role::RadioButton, "Dump").focus();
    harness.get_by_label("Create schedule").click();
    assert_eq!(asked(&mut harness), []);
    harness.run();
    assert_eq!(error_of(&harness, "Service").as_deref(), Some("Choose a service"));
    assert!(harness.get_by_role_and_label(Role::TextInput, "Service").accesskit_node().is_focused());
    harness.get_by_role_and_label(Role::TextInput, "Service").type_text("bill");
    harness.run();
    harness.get_by_label("Create schedule").click();
    assert_eq!(asked(&mut harness), [], "a word that filters the list is no service");
    assert!(harness.query_by_label_contains("orders-prod").is_none());
    harness.get_by_label_contains("billing  dbpgf41870001  aws · 10.6.11 · ready").click();
    harness.run();
    harness.get_by_label("Create schedule").click();
    let sent = asked(&mut harness);
    let want = NewSchedule {
        service_id: ServiceId::new("dbpgf41870001"),
        backup_type: BackupType::Full,
        recurrence: Recurrence::read("0 2 * * *"),
        storage: None,
    };
    assert_eq!(sent, [Command::Change(ChangeCommand::CreateSchedule(want.into()))]);
}

#[test]
fn the_first_wrong_field_gets_the_keyboard() {
    let mut harness = new_for("dbpgf41870001");
    fill(&mut harness, Role::TextInput, "Time", "2x");
    assert_eq!(error_of(&harness, "Time"), None, "it may still become a time");
    choose(&mut harness, "My own bucket");
    assert!(error_of(&harness, "Time").is_some_and(|why| why.contains("is not a time")));
    harness.get_by_label("Create schedule").click();
    harness.run();
    assert!(harness.get_by_role_and_label(Role::TextInput, "Time").accesskit_node().is_focused());
    fill(&mut harness, Role::TextInput, "Time", "2");
    harness.get_by_label("Create schedule").click();
    harness.run();
    assert!(harness.get_by_role_and_label(Role::TextInput, "Bucket path").accesskit_node().is_focused());
    assert!(says(&harness, "Enter the bucket path"));
    assert_eq!(asked(&mut harness), []);
}

#[test]
fn a_pasted_host_name_is_a_service_and_enter_sends() {
    let mut harness = open(Command::Form(FormCommand::NewSchedule(None)), SIZE, Theme::Light);
    harness.get_by_role_and_label(Role::TextInput, "Service").type_text("dbpgf41870006.sysp0000.db2.skysql.com:3306");
    harness.run();
    assert!(is_enabled(&harness, "Create schedule"));
    harness.key_press(Key::Enter);
    let sent = asked(&mut harness);
    assert!(
        matches!(sent.as_slice(), [Command::Change(ChangeCommand::CreateSchedule(new))] if new.service_id.as_str() == "dbpgf41870006"),
        "{sent:?}"
    );
}

#[test]
fn enter_picks_the_only_match_before_it_sends() {
    let mut harness = open(Command::Form(FormCommand::NewSchedule(None)), SIZE, Theme::Dark);
    harness.get_by_role_and_label(Role::TextInput, "Service").type_text("telem");
    harness.run();
    harness.key_press(Key::Enter);
    assert_eq!(asked(&mut harness), []);
    assert!(says(&harness, "dbpgf41870006"));
    harness.get_by_label("Change service").click();
    harness.run();
    harness.get_by_label("Create schedule").click();
    assert_eq!(asked(&mut harness), []);
}

#[test]
fn a_list_of_services_with_a_gap_says_so() {
    let mut model = desk(Ok(services()));
    let waiting = tickets(&model.handle(Command::List(ListCommand::Refresh), now()));
    let completeness = Completeness::Partial("SkySQL sends the same services again and again".to_owned());
    let cut = Listed { completeness, ..listed(services()) };
    model.apply(Event::List(ListEvent::ServicesListed(waiting.services, Ok(cut))), now());
    model.handle(Command::Form(FormCommand::NewSchedule(None)), now());
    let mut harness = window(model, SIZE, Theme::Dark, root_ui);
    harness.run();
    assert!(says(&harness, "Only part of your services could be loaded. Pick one, or enter its id or host name"));
    harness.get_by_label_contains("orders-prod").click();
    harness.run();
    assert!(is_enabled(&harness, "Create schedule"));
}

#[test]
fn without_a_list_a_typed_id_works() {
    let error = ApiError { status: Some(403), ..ApiError::new(ErrorKind::Forbidden, Operation::ListServices) };
    let mut model = desk(Ok(Vec::new()));
    let waiting = tickets(&model.handle(Command::List(ListCommand::Refresh), now()));
    model.apply(Event::List(ListEvent::ServicesListed(waiting.services, Err(error))), now());
    model.handle(Command::Form(FormCommand::NewSchedule(None)), now());
    let mut harness = window(model, SIZE, Theme::Dark, root_ui);
    assert!(says(&harness, "could not be loaded") || says(&harness, "No services are listed"));
    harness.get_by_role_and_label(Role::TextInput, "Service").type_text("db");
    harness.run();
    assert!(!says(&harness, "This is not a service ID"), "it is still being typed");
    harness.get_by_label("Create schedule").click();
    harness.run();
    assert!(says(&harness, "This is not a service ID"));
    fill(&mut harness, Role::TextInput, "Service", "dbpgf99999999");
    harness.run();
    assert!(is_enabled(&harness, "Create schedule"));
}

#[test]
fn it_is_sent_once_and_the_form_waits() {
    let mut harness = new_for("dbpgf41870001");
    harness.get_by_label("Create schedule").click();
    assert_eq!(asked(&mut harness).len(), 1);
    assert!(!is_enabled(&harness, "Creating…"));
    assert!(harness.get_by_role_and_label(Role::TextInput, "Time").accesskit_node().is_disabled());
    harness.get_by_label("Creating…").click();
    harness.key_press(Key::Enter);
    assert_eq!(asked(&mut harness), []);
    let made = Schedule { id: ScheduleId::new("305"), ..Schedule::default() };
    let event = Event::Change(ChangeEvent::Ended(ticket(&harness), ChangeOutcome::Created(made.into())));
    apply(&mut harness, event);
    assert!(harness.state().model.view.form.is_none());
    assert_eq!(harness.state().model.view.dialog, None);
}

#[test]
fn times_and_days_boxes_and_expression_stay_in_step() {
    let mut harness = new_for("dbpgf41870001");
    choose(&mut harness, "Weekdays");
    assert!(says(&harness, "At 02:00 UTC, Monday to Friday"));
    assert!(says(&harness, "5 runs a week"));
    fill(&mut harness, Role::TextInput, "Time", "04:00");
    let weekdays = harness.get_by_role_and_label(Role::RadioButton, "Weekdays");
    assert_eq!(
        weekdays.accesskit_node().toggled(),
        Some(egui::accesskit::Toggled::True),
        "another hour is no other choice"
    );
    harness.get_by_role_and_label(Role::CheckBox, "Sat").click();
    harness.run();
    assert!(says(&harness, "At 04:00 UTC, Monday to Saturday"));
    choose(&mut harness, "Advanced");
    assert_eq!(value(&harness, "Cron expression"), "0 4 * * 1-6");
    assert_eq!(boxes(&harness), ["0", "4", "*", "*", "1-6"]);
    fill(&mut harness, Role::TextInput, "Hour", "5");
    assert_eq!(value(&harness, "Cron expression"), "0 5 * * 1-6");
    fill(&mut harness, Role::TextInput, "Cron expression", "30 23 1 * *");
    assert_eq!(value(&harness, "Day of month"), "1");
    assert!(says(&harness, "At 23:30 UTC on day 1 of"));
    assert!(says(&harness, "Wed 02 Dec 00:30"), "the run of 1 December is on the day after in Berlin");
    assert!(says(&harness, "without a backup"), "a month is longer than backups are kept");
    choose(&mut harness, "Monthly");
    assert_eq!((value(&harness, "Time"), value(&harness, "Days of the month")), ("23:30".to_owned(), "1".to_owned()));
}

#[test]
fn the_list_of_runs_says_when_the_clocks_change() {
    let mut harness = new_for("dbpgf41870001");
    choose(&mut harness, "Monthly");
    assert!(says(&harness, "Thu 01 Apr 2027 04:00") && says(&harness, "after the clocks change"));
    choose(&mut harness, "Daily");
    assert!(!says(&harness, "after the clocks change"));
    fill(&mut harness, Role::TextInput, "Time", "02:00, 14:00");
    assert!(says(&harness, "02:00 and 14:00 UTC = 03:00 and 15:00 in Berlin"));
}

#[test]
fn a_time_in_berlin_is_shown_in_utc_with_the_change_of_the_clocks() {
    let mut harness = new_for("dbpgf41870001");
    choose(&mut harness, "Berlin");
    assert_eq!(value(&harness, "Time"), "02:00", "what is typed stays");
    assert!(says(&harness, "02:00 in Berlin = 01:00 UTC now, 00:00 UTC from 28 March 2027"));
    assert!(says(&harness, "01:00 UTC = 02:00 in Berlin"));
    assert!(says(&harness, "From 28 March 2027 (clocks 1 hour forward): 03:00 in Berlin"));
    assert!(says(&harness, "From 31 October 2027 (clocks 1 hour back): 02:00 in Berlin"));
    choose(&mut harness, "Weekly");
    for day in ["Sun", "Mon"] {
        harness.get_by_role_and_label(Role::CheckBox, day).click();
        harness.run();
    }
    fill(&mut harness, Role::TextInput, "Time", "00:30");
    assert!(says(&harness, "23:30 UTC = 00:30 the next day in Berlin, Mon"));
    choose(&mut harness, "Monthly");
    assert!(says(
        &harness,
        "day 1 has no fixed day there. Choose a time from 01:00 on, days 2 to 28, or enter the time in UTC"
    ));
    harness.get_by_label("Create schedule").click();
    assert_eq!(asked(&mut harness), []);
    choose(&mut harness, "Weekly");
    harness.get_by_label("Create schedule").click();
    let sent = asked(&mut harness);
    let [Command::Change(ChangeCommand::CreateSchedule(new))] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!(new.recurrence, Recurrence::read("30 23 * * 0"), "Monday in Berlin is Sunday in UTC");
}

#[test]
fn a_word_fills_the_boxes_and_two_readings_are_both_there() {
    let mut harness = new_for("dbpgf41870001");
    choose(&mut harness, "Advanced");
    fill(&mut harness, Role::TextInput, "Cron expression", "@daily");
    assert_eq!(boxes(&harness), ["0", "0", "*", "*", "*"]);
    fill(&mut harness, Role::TextInput, "Cron expression", "0 0 */2 * 1");
    assert!(says(&harness, "27 or 212 runs a year") && says(&harness, "perhaps"));
    assert!(says(&harness, "Both day fields must match in Debian cron"));
    harness.get_by_label_contains("Use 0 0 1-31/2 * 1").click();
    harness.run();
    assert_eq!(value(&harness, "Cron expression"), "0 0 1-31/2 * 1");
    assert!(!says(&harness, "perhaps"));
    // Seconds first or a year last: the user picks, nothing is guessed.
    fill(&mut harness, Role::TextInput, "Cron expression", "0 0 2 ? * 2");
    assert!(harness.query_all_by_label_contains("Quartz").next().is_some());
    assert_eq!(boxes(&harness), [""; 5]);
}

/// The form that changes schedule 301, which the server has with this text.
fn edit_of<'a>(text: &str) -> Harness<'a, Desk> {
    let mut model = desk(Ok(services()));
    let waiting = tickets(&model.handle(Command::List(ListCommand::Refresh), now()));
    let mut rows = schedules();
    rows.iter_mut().find(|row| row.id.as_str() == "301").unwrap().recurrence = Some(Recurrence::read(text));
    model.apply(Event::List(ListEvent::SchedulesListed(waiting.schedules, Ok(listed(rows)))), now());
    select(&mut model, &ScheduleId::new("301"));
    model.handle(Command::Form(FormCommand::EditSchedule(ScheduleId::new("301"))), now());
    window(model, SIZE, Theme::Dark, root_ui)
}

#[test]
fn a_text_without_five_fields_stays_until_it_is_replaced() {
    for (text, words) in [
        ("@daily", "At 00:00 UTC every day"),
        ("TZ=Europe/Berlin 0 2 * * *", "At 02:00 Europe/Berlin every day"),
        ("@every 90m", "Every 90 minutes"),
        ("cron", "The word cron is not a time"),
        ("0 0 2 * * 2", "fields"),
        ("", "five fields"),
    ] {
        let mut harness = edit_of(text);
        assert_eq!(boxes(&harness), [""; 5], "{text}");
        assert_eq!(value(&harness, "Cron expression"), text);
        assert!(says(&harness, words) && says(&harness, "It stays as it is"), "{text}: {words}");
        // Without a word on when, nothing of it is sent.
        choose(&mut harness, "Dump");
        harness.get_by_label("Save changes").click();
        let sent = asked(&mut harness);
        let [Command::Change(ChangeCommand::UpdateSchedule(_, patch))] = sent.as_slice() else {
            panic!("{text}: {sent:?}")
        };
        assert_eq!((patch.recurrence.as_deref(), &patch.backup_type), (None, &Some(BackupType::Dump)), "{text}");
    }
}

/// The right edge of what has this label, however often it is on screen.
fn right_edge(harness: &Harness<'_, Desk>, part: &str) -> f32 {
    let edges = harness.query_all_by_label_contains(part).map(|node| node.rect().right());
    let edge = edges.fold(f32::NAN, f32::max);
    assert!(!edge.is_nan(), "{part:?} is not on screen");
    edge
}

#[test]
fn no_text_widens_the_form() {
    let mut services = services();
    services[1].name = Some("n".repeat(5000).into());
    let mut model = desk(Ok(services));
    model.handle(Command::Form(FormCommand::NewSchedule(Some(ServiceId::new("dbpgf41870001")))), now());
    let mut harness = window(model, SIZE, Theme::Dark, root_ui);
    let form = harness.state_mut().model.view.form.as_mut().unwrap();
    form.tried = true;
    form.draft.when.set_expression("30 1 1 * *");
    harness.run();
    let edge = right_edge(&harness, "Create schedule") + 1.0;
    assert!(right_edge(&harness, "Advanced") < edge);
    assert!(right_edge(&harness, "dbpgf41870001") < right_edge(&harness, "Change service"), "the id stays in sight");
    assert!(right_edge(&harness, "after the clocks change") < edge);
    // The padding of a quiet button reaches beyond its column.
    assert!(right_edge(&harness, "Copy as curl") < edge + 8.0);
    choose(&mut harness, "Weekdays");
    fill(&mut harness, Role::TextInput, "Time", "00:30, 13:00");
    assert!(right_edge(&harness, "All times of one schedule need the same minutes") < edge);
}

#[test]
fn a_minute_typed_beside_a_word_moves_no_backup() {
    let mut harness = edit_of("@daily");
    fill(&mut harness, Role::TextInput, "Minute", "30");
    assert_eq!(boxes(&harness), ["30", "", "", "", ""]);
    harness.get_by_label("Save changes").click();
    assert_eq!(asked(&mut harness), []);
    harness.run();
    assert!(says(&harness, "Hour is empty; enter * for every value"));
    assert!(!says(&harness, "Use 30"), "a backup every hour is not what was typed");
    harness.get_by_label("Keep @daily").click();
    harness.run();
    assert!(says(&harness, "Nothing is changed yet"));
    harness.get_by_label("Use 0 0 * * *").click();
    harness.run();
    // What it means now is shown as times and days; the text of the server can still be kept.
    assert!(says(&harness, "Keep @daily"));
    choose(&mut harness, "Advanced");
    fill(&mut harness, Role::TextInput, "Minute", "30");
    assert_eq!(value(&harness, "Cron expression"), "30 0 * * *");
    harness.get_by_label("Save changes").click();
    let sent = asked(&mut harness);
    let [Command::Change(ChangeCommand::UpdateSchedule(_, patch))] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!(patch.recurrence.as_deref(), Some("30 0 * * *"));
}

#[test]
fn the_utc_times_of_a_text_with_a_zone_can_be_taken() {
    // In November; Kolkata is half an hour off, and its Monday begins on Sunday.
    for (text, utc) in [
        ("TZ=Europe/Berlin 0 2 * * *", "0 1 * * *"),
        ("CRON_TZ=Asia/Kolkata 30 2 * * 1", "0 21 * * 0"),
        ("TZ=UTC 0 2 * * *", "0 2 * * *"),
    ] {
        let mut harness = edit_of(text);
        harness.get_by_label(&format!("Use {utc}")).click();
        harness.run();
        assert!(says(&harness, &format!("Keep {text}")) && !says(&harness, "It stays as it is"), "{text}");
        choose(&mut harness, "Advanced");
        assert_eq!(value(&harness, "Cron expression"), utc, "{text}");
        harness.get_by_label("Save changes").click();
        let sent = asked(&mut harness);
        let [Command::Change(ChangeCommand::UpdateSchedule(_, patch))] = sent.as_slice() else {
            panic!("{text}: {sent:?}")
        };
        assert_eq!((patch.recurrence.as_deref(), &patch.backup_type), (Some(utc), &None), "{text}");
    }
}

#[test]
fn a_service_whose_name_only_the_list_of_services_gives_is_called_by_it_everywhere() {
    let mut model = desk(Ok(services()));
    let waiting = tickets(&model.handle(Command::List(ListCommand::Refresh), now()));
    let rows = schedules().into_iter().map(|row| Schedule { service_name: None, ..row }).collect();
    model.apply(Event::List(ListEvent::SchedulesListed(waiting.schedules, Ok(listed(rows)))), now());
    let id = ScheduleId::new("301");
    select(&mut model, &id);
    model.handle(Command::Change(ChangeCommand::AskDelete(id.clone())), now());
    let mut harness = window(model, SIZE, Theme::Dark, root_ui);
    assert!(says(&harness, "Delete the full backup of orders-prod?"));
    assert!(says(&harness, "Full backup of orders-prod · At 02:00 UTC, Monday to Friday"));
    harness.state_mut().model.handle(Command::Change(ChangeCommand::Delete(id.clone())), now());
    let left = ChangeOutcome::Unknown { error: lost(Operation::DeleteSchedule), now: None };
    let event = Event::Change(ChangeEvent::Ended(ticket(&harness), left));
    apply(&mut harness, event);
    assert!(says(&harness, "It is not known whether schedule 301 was deleted"));
    assert!(says(&harness, "Full backup of orders-prod"));
    harness.state_mut().model.handle(Command::Change(ChangeCommand::VerifyChange), now());
    let event = Event::Change(ChangeEvent::Ended(ticket(&harness), ChangeOutcome::Deleted(Deleted::Deleted)));
    apply(&mut harness, event);
    assert!(says(&harness, "Schedule of orders-prod deleted"));
}

#[test]
fn snapshots_are_preselected_where_there_is_nothing_else() {
    let is_chosen = |harness: &Harness<'_, Desk>, name: &str| {
        harness.get_by_role_and_label(Role::RadioButton, name).accesskit_node().toggled()
            == Some(egui::accesskit::Toggled::True)
    };
    let mut harness = new_for("dbpgf41870002");
    harness.run();
    assert!(is_chosen(&harness, "Snapshot") && !says(&harness, "supports only snapshots"));
    choose(&mut harness, "Dump");
    assert!(is_chosen(&harness, "Dump") && says(&harness, "SkySQL supports only snapshots for services on Azure"));
    let mut harness = new_for("dbpgf41870001");
    harness.run();
    assert!(is_chosen(&harness, "Full"));
}

#[test]
fn now_once_has_no_times() {
    let mut harness = new_for("dbpgf41870001");
    choose(&mut harness, "Now, once");
    assert!(harness.query_by_label("Time").is_none() && says(&harness, "Starts one backup as soon as possible"));
    harness.get_by_label("Create schedule").click();
    let sent = asked(&mut harness);
    assert!(
        matches!(sent.as_slice(), [Command::Change(ChangeCommand::CreateSchedule(new))] if new.recurrence == Recurrence::Once)
    );
    let mut harness =
        open(Command::Form(FormCommand::BackUpNow(Some(ServiceId::new("dbpgf41870001")))), SMALL, Theme::Light);
    assert!(harness.query_by_label("When").is_none() && !says(&harness, "cannot be edited later"));
    harness.get_by_role_and_label(Role::Button, "Back up now").click();
    assert_eq!(asked(&mut harness).len(), 1);
}

#[test]
fn an_error_is_at_its_field_with_the_fix() {
    let mut harness = new_for("dbpgf41870001");
    choose(&mut harness, "Advanced");
    fill(&mut harness, Role::TextInput, "Cron expression", "0 9 ** *");
    harness.get_by_label("Create schedule").click();
    assert_eq!(asked(&mut harness), []);
    harness.run();
    harness.get_by_label("Use 0 9 * * *").click();
    harness.run();
    assert!(says(&harness, "At 09:00 UTC every day"));
    fill(&mut harness, Role::TextInput, "Hour", "25");
    let hour = harness.get_by_role_and_label(Role::TextInput, "Hour");
    assert!(hour.accesskit_node().description().is_some_and(|why| why.contains("25")));
    let minute = harness.get_by_role_and_label(Role::TextInput, "Minute");
    assert_eq!(minute.accesskit_node().description(), None);
}

#[test]
fn warnings_never_block() {
    let mut harness = new_for("dbpgf41870002");
    choose(&mut harness, "Full");
    assert!(says(&harness, "SkySQL supports only snapshots for services on Azure"));
    harness.get_by_role_and_label(Role::RadioButton, "Incremental").click();
    harness.run();
    assert!(says(&harness, "an incremental has nothing to build on"));
    assert!(is_enabled(&harness, "Create schedule"));
    harness.state_mut().model.handle(Command::List(ListCommand::ServerStatus(Some("Failed".to_owned()))), now());
    harness.run();
    assert!(says(&harness, "not all of its backups are listed here"), "a list of failed backups shows no full one");
    let mut harness = new_for("dbpgf41870000");
    assert!(!says(&harness, "already exists"));
    harness.get_by_role_and_label(Role::RadioButton, "Weekdays").click();
    harness.run();
    assert!(says(&harness, "A schedule like this already exists: #301"));
    assert!(is_enabled(&harness, "Create schedule"));
}

#[test]
fn the_credentials_asked_for_are_those_of_the_cloud() {
    let mut harness = new_for("dbpgf41870001");
    harness.get_by_role_and_label(Role::RadioButton, "My own bucket").click();
    harness.run();
    fill(&mut harness, Role::TextInput, "Bucket path", "s3://acme");
    assert!(harness.query_by_role_and_label(Role::PasswordInput, "Secret access key").is_some());
    fill(&mut harness, Role::TextInput, "Bucket path", "gs://acme");
    assert!(harness.query_by_label("Choose key file…").is_some());
    harness.get_by_role_and_label(Role::RadioButton, "None").click();
    harness.run();
    fill(&mut harness, Role::TextInput, "Bucket path", "s3://acme");
    assert!(harness.query_by_label("Secret access key").is_none(), "none may be meant");
    harness.get_by_role_and_label(Role::RadioButton, "Access key").click();
    harness.run();
    fill(&mut harness, Role::PasswordInput, "Secret access key", "s3cr3t");
    fill(&mut harness, Role::TextInput, "Bucket path", "gs://acme");
    assert!(harness.query_by_label("Secret access key").is_some(), "what was entered stays in sight");
}

#[test]
fn secrets_are_in_neither_preview_nor_curl() {
    let mut harness = new_for("dbpgf41870001");
    harness.get_by_role_and_label(Role::RadioButton, "My own bucket").click();
    harness.run();
    fill(&mut harness, Role::TextInput, "Bucket path", "s3://acme-backups/mariadb");
    harness.get_by_role_and_label(Role::RadioButton, "Access key").click();
    harness.run();
    fill(&mut harness, Role::PasswordInput, "Access key ID", "AKIATESTTESTTEST");
    fill(&mut harness, Role::PasswordInput, "Secret access key", "s3cr3twithsigns");
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::Z);
    harness.run();
    let kept = harness.state().model.view.form.as_ref().unwrap().draft.bucket.secret_access_key.as_str().to_owned();
    assert_eq!(kept, "s3cr3twithsigns", "no copy of a secret is kept to be brought back");
    fill(&mut harness, Role::TextInput, "Region", "eu-west-1");
    harness.get_by_label("Request").click_accesskit();
    harness.run();
    assert!(says(&harness, "POST /skybackup/v1/backups/schedules"));
    assert!(says(&harness, "\"credentials\": \"(hidden)\""));
    let commands = Shell::ALL.map(|shell| {
        harness.get_by_label("Copy as curl").click_accesskit();
        harness.run();
        harness.get_by_role_and_label(Role::MenuItem, shell.name()).click_accesskit();
        let copied = asked(&mut harness);
        let [Command::Window(WindowCommand::Copy(curl, _))] = copied.as_slice() else { panic!("{copied:?}") };
        assert!(curl.contains("STORAGE_CREDENTIALS") && curl.contains("SKYSQL_API_KEY"), "{curl}");
        curl.clone()
    });
    let data = harness.state().data();
    let clock = LocalClock { zone: &data.config.local_zone, now: data.now };
    let form = harness.state().model.view.form.as_ref().unwrap();
    let encoded = form.draft.parse(clock).unwrap().storage.unwrap().credentials.unwrap();
    for secret in ["AKIATESTTESTTEST", "s3cr3twithsigns", encoded.expose_base64()] {
        assert!(!says(&harness, secret) && commands.iter().all(|curl| !curl.contains(secret)), "{secret}");
    }
}

#[test]
fn a_key_file_is_never_shown_again() {
    let mut harness = new_for("dbpgf41870001");
    harness.get_by_role_and_label(Role::RadioButton, "My own bucket").click();
    harness.run();
    harness.get_by_label("Choose key file…").click();
    assert_eq!(asked(&mut harness), [Command::Form(FormCommand::PickKeyFile)]);
    let mut text = SecretBuffer::default();
    text.as_mut_string().push_str(r#"{"type": "service_account", "private_key": "k3y", "client_email": "a@b"}"#);
    let effects = harness.state_mut().model.handle(Command::Form(FormCommand::PickKeyFile), now());
    let [Effect::Window(WindowEffect::PickKeyFile(ticket))] = effects.as_slice() else { panic!("{effects:?}") };
    apply(&mut harness, Event::Form(FormEvent::KeyFileRead(*ticket, Ok(text))));
    assert!(says(&harness, "Google service account key"));
    assert!(!says(&harness, "k3y") && harness.query_by_label("Content of the key file").is_none());
    harness.get_by_label("Remove").click();
    harness.run();
    assert!(harness.query_by_label("Content of the key file").is_some());
}

#[test]
fn cancel_and_escape_keep_the_draft() {
    for key in [true, false] {
        let mut harness = new_for("dbpgf41870001");
        fill(&mut harness, Role::TextInput, "Time", "7:00");
        harness.state_mut().model.view.form.as_mut().unwrap().draft.bucket.key_file.as_mut_string().push_str("k3y");
        if key {
            harness.key_press(Key::Escape);
        } else {
            harness.get_by_label("Cancel").click();
        }
        assert_eq!(asked(&mut harness), [Command::Window(WindowCommand::CloseDialog)]);
        harness.state_mut().model.handle(Command::Form(FormCommand::NewSchedule(None)), now());
        harness.run();
        assert!(says(&harness, "At 07:00 UTC every day"));
        assert!(harness.state().model.view.form.as_ref().unwrap().draft.bucket.key_file.is_empty(), "but no secret");
    }
}

#[test]
fn a_refusal_is_in_the_form_with_everything_known() {
    let mut harness = new_for("dbpgf41870001");
    harness.get_by_label("Create schedule").click();
    harness.run();
    let error = ApiError {
        status: Some(400),
        message: Some("service is in a pending state".to_owned()),
        trace_id: Some("0af7651916cd43dd".to_owned()),
        ..ApiError::new(ErrorKind::Rejected, Operation::CreateSchedule)
    };
    let event = Event::Change(ChangeEvent::Ended(ticket(&harness), ChangeOutcome::Rejected(error)));
    apply(&mut harness, event);
    for part in ["rejected the request", "HTTP 400. SkySQL says: service is in a pending state", "0af7651916cd43dd"] {
        assert!(says(&harness, part), "{part}");
    }
    assert!(is_enabled(&harness, "Create schedule"), "the draft is there to be sent again");
}

#[test]
fn an_edit_sends_only_what_changed_and_never_once() {
    let mut harness = open(Command::Form(FormCommand::EditSchedule(ScheduleId::new("301"))), SIZE, Theme::Light);
    assert!(says(&harness, "Edit the full backup of orders-prod") && says(&harness, "Nothing is changed yet"));
    assert!(harness.query_by_label("Now, once").is_none());
    assert!(harness.query_by_role_and_label(Role::TextInput, "Service").is_none());
    assert!(harness.query_by_label("My own bucket").is_none());
    fill(&mut harness, Role::TextInput, "Time", "3");
    harness.get_by_label("Request").click();
    harness.run();
    assert!(says(&harness, "PATCH /skybackup/v1/backups/schedules/301"));
    harness.get_by_label("Save changes").click();
    let sent = asked(&mut harness);
    let [Command::Change(ChangeCommand::UpdateSchedule(id, patch))] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!((id.as_str(), patch.recurrence.as_deref(), &patch.backup_type), ("301", Some("0 3 * * 1-5"), &None));
    let harness = open(Command::Form(FormCommand::EditSchedule(ScheduleId::new("303"))), SIZE, Theme::Light);
    assert_eq!(harness.state().model.view.dialog, None, "a schedule that ran once cannot be edited");
}

#[test]
fn deleting_names_what_will_not_run_and_offers_to_suspend() {
    let mut harness = open(Command::Change(ChangeCommand::AskDelete(ScheduleId::new("301"))), SMALL, Theme::Dark);
    for part in
        ["Delete the full backup of orders-prod?", "Full backup of orders-prod · At 02:00 UTC, Monday to Friday"]
    {
        assert!(says(&harness, part), "{part}");
    }
    assert!(says(&harness, "Tue 24 Nov 02:00") && says(&harness, "Tue 24 Nov 03:00"));
    assert!(says(&harness, "Existing backups are kept until they expire"));
    harness.get_by_label("Suspend instead").click();
    assert_eq!(
        asked(&mut harness),
        [
            Command::Window(WindowCommand::CloseDialog),
            Command::Change(ChangeCommand::AskSuspend(ScheduleId::new("301")))
        ]
    );
    let harness = open(Command::Change(ChangeCommand::AskDelete(ScheduleId::new("303"))), SMALL, Theme::Dark);
    assert!(says(&harness, "Snapshot backup of reports-warehouse-eu · Once"));
    for id in ["302", "303"] {
        let harness = open(Command::Change(ChangeCommand::AskDelete(ScheduleId::new(id))), SMALL, Theme::Light);
        assert!(harness.query_by_label("Suspend instead").is_none(), "{id} is suspended or ran once");
    }
}

#[test]
fn a_busy_schedule_can_be_tried_again() {
    let mut harness = open(Command::Change(ChangeCommand::AskDelete(ScheduleId::new("301"))), SMALL, Theme::Light);
    harness.get_by_role_and_label(Role::Button, "Delete schedule").click();
    assert_eq!(asked(&mut harness), [Command::Change(ChangeCommand::Delete(ScheduleId::new("301")))]);
    assert!(!is_enabled(&harness, "Deleting…"));
    let error = ApiError { status: Some(409), ..ApiError::new(ErrorKind::Conflict, Operation::DeleteSchedule) };
    let event = Event::Change(ChangeEvent::Ended(ticket(&harness), ChangeOutcome::Rejected(error)));
    apply(&mut harness, event);
    assert!(says(&harness, "SkySQL cannot delete this schedule now") && says(&harness, "HTTP 409"));
    harness.get_by_label("Try again").click();
    assert_eq!(asked(&mut harness), [Command::Change(ChangeCommand::Delete(ScheduleId::new("301")))]);
}

/// A creation whose response was lost, with these new schedules found; the dialog is closed.
fn lost_creation<'a>(found: Vec<Schedule>, size: [f32; 2], theme: Theme) -> Harness<'a, Desk> {
    let mut harness = open(Command::Form(FormCommand::NewSchedule(Some(ServiceId::new("dbpgf41870001")))), size, theme);
    harness.get_by_label("Create schedule").click();
    harness.run();
    let event = Event::Change(ChangeEvent::CreateChecking(ticket(&harness)));
    apply(&mut harness, event);
    assert!(says(&harness, "Looking whether the schedule exists…"));
    let found = found.into_iter().map(Into::into).collect();
    let outcome = ChangeOutcome::CreationUnknown { error: lost(Operation::CreateSchedule), found, checked: true };
    let event = Event::Change(ChangeEvent::Ended(ticket(&harness), outcome));
    apply(&mut harness, event);
    harness.state_mut().model.view.dialog = None;
    harness.run();
    asked(&mut harness);
    harness
}

fn like_it(id: &str) -> Schedule {
    Schedule { id: ScheduleId::new(id), service_name: Some("billing".into()), ..schedules().remove(0) }
}

#[test]
fn a_lost_creation_is_looked_for_and_never_sent_again() {
    let mut harness = lost_creation(Vec::new(), SIZE, Theme::Light);
    assert!(says(&harness, "Not found so far; it may still appear") && says(&harness, "0af7651916cd43dd"));
    harness.get_by_label("Open the form again").click();
    assert_eq!(asked(&mut harness), [Command::Form(FormCommand::ReopenForm)]);
    assert!(says(&harness, "The outcome of the last change is not known yet"));
    assert!(!is_enabled(&harness, "Create schedule"));
    harness.state_mut().model.handle(Command::Window(WindowCommand::CloseDialog), now());
    harness.run();
    harness.get_by_label("Check again").click();
    assert_eq!(asked(&mut harness), [Command::Change(ChangeCommand::VerifyChange)]);
    assert!(says(&harness, "Looking whether the schedule exists…"));
    let mut harness = lost_creation(Vec::new(), SIZE, Theme::Light);
    harness.get_by_label("Stop looking").click();
    assert_eq!(asked(&mut harness), [Command::Change(ChangeCommand::DismissChange)]);
    assert!(harness.state().model.view.form.is_some(), "the draft is kept");
}

#[test]
fn a_lost_creation_that_was_found_is_shown_and_done() {
    let mut harness = lost_creation(vec![like_it("305")], SIZE, Theme::Dark);
    assert!(says(&harness, "Found as schedule #305, new since your request"));
    harness.get_by_label("Show").click();
    assert_eq!(
        asked(&mut harness),
        [Command::List(ListCommand::ShowSchedule(ScheduleId::new("305"))), Command::Window(WindowCommand::CloseDialog)]
    );
    harness.get_by_label("Done").click();
    assert_eq!(asked(&mut harness), [Command::Change(ChangeCommand::DismissChange)]);
    assert!(harness.state().model.view.form.is_none(), "what was made is no draft any more");
    let mut harness = lost_creation(vec![like_it("305"), like_it("306")], SIZE, Theme::Dark);
    assert!(says(&harness, "2 new schedules look like yours"));
    harness.get_by_label("Show #306").click();
    assert_eq!(asked(&mut harness).first(), Some(&Command::List(ListCommand::ShowSchedule(ScheduleId::new("306")))));
}

#[test]
fn a_lost_change_shows_wanted_before_and_now() {
    let cases = [
        (None, "not known", "It is not known whether schedule 301 was changed"),
        (Some("0 2 * * 1-5"), "0 2 * * 1-5", "is not as you wanted it, so far"),
        (Some("0 3 * * 1-5"), "0 3 * * 1-5", "is as you wanted it"),
    ];
    for (current, word, title) in cases {
        let mut harness = open(Command::Form(FormCommand::EditSchedule(ScheduleId::new("301"))), SIZE, Theme::Dark);
        fill(&mut harness, Role::TextInput, "Time", "3");
        harness.get_by_label("Save changes").click();
        harness.run();
        let now = current.map(|text| Schedule { recurrence: Some(Recurrence::read(text)), ..like_it("301") }.into());
        let outcome = ChangeOutcome::Unknown { error: lost(Operation::UpdateSchedule), now };
        let event = Event::Change(ChangeEvent::Ended(ticket(&harness), outcome));
        apply(&mut harness, event);
        assert!(says(&harness, title), "{title}");
        let line = format!("Schedule: wanted 0 3 * * 1-5 · before 0 2 * * 1-5 · now {word}");
        assert!(says(&harness, &line), "{line}");
    }
}

#[test]
fn a_lost_deletion_says_whether_the_schedule_is_still_there() {
    let cases = [
        (None, "It is not known whether schedule 301 was deleted"),
        (Some(like_it("301").into()), "The response was lost; schedule 301 is still there, so far"),
    ];
    for (now, title) in cases {
        let mut harness = open(Command::Change(ChangeCommand::AskDelete(ScheduleId::new("301"))), SIZE, Theme::Dark);
        harness.get_by_role_and_label(Role::Button, "Delete schedule").click();
        harness.run();
        let outcome = ChangeOutcome::Unknown { error: lost(Operation::DeleteSchedule), now };
        let event = Event::Change(ChangeEvent::Ended(ticket(&harness), outcome));
        apply(&mut harness, event);
        assert!(says(&harness, title), "{title}");
        assert!(!is_enabled(&harness, "Delete schedule"), "it is not sent again while that is open");
        asked(&mut harness);
        harness.state_mut().model.view.dialog = None;
        harness.run();
        harness.get_by_label("Check again").click();
        assert_eq!(asked(&mut harness), [Command::Change(ChangeCommand::VerifyChange)]);
        assert!(says(&harness, "Looking whether the schedule still exists…"));
    }
}
