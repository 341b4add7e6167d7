//! The timeline: bars and their words, the list, overlaps, and what cannot be shown.

use egui::accesskit::Role;
use egui::{Key, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use jiff::SignedDuration;
use skybackup::api::{ApiError, ErrorKind, Operation};
use skybackup::domain::{
    ApiTime, Backup, BackupId, BackupType, Recurrence, Schedule, ScheduleId, Service, ServiceId, Status,
};
use skybackup::insight::{Evidence, TimelineSpan};
use skybackup::msg::{
    Command, Effect, Event, ListCommand, ListEvent, PreferencesCommand, Screen, ShownEvidence, TableEffect,
    WindowCommand,
};
use skybackup::ui::root_ui;

use super::signed_in::{Desk, asked, fail, listed, model, now, tickets, waiting, window};
use crate::support::stepped::SteppedModel;

const SIZE: [f32; 2] = [1280.0, 800.0];

fn backup(id: &str, service: usize, backup_type: &BackupType, status: &str, hours: i64) -> Backup {
    let start = now() - SignedDuration::from_hours(hours);
    Backup {
        id: BackupId::new(id),
        service_id: Some(ServiceId::new(format!("dbpgf4187{service:04}"))),
        backup_type: Some(backup_type.clone()),
        status: Some(Status::new(status)),
        start_time: Some(ApiTime::At(start)),
        end_time: Some(ApiTime::At(start + SignedDuration::from_mins(45))),
        storage_bytes: Some(1 << 33),
        ..Backup::default()
    }
}

fn schedule(id: &str, service: usize, backup_type: &BackupType, cron: &str) -> Schedule {
    Schedule {
        id: ScheduleId::new(id),
        service_id: Some(ServiceId::new(format!("dbpgf4187{service:04}"))),
        backup_type: Some(backup_type.clone()),
        recurrence: Some(Recurrence::read(cron)),
        ..Schedule::default()
    }
}

/// A full backup takes 45 minutes and meets a dump; billing has one schedule, which is suspended.
fn two_services() -> SteppedModel {
    let backups =
        vec![backup("b1", 0, &BackupType::Full, "Succeeded", 12), backup("b2", 0, &BackupType::Dump, "Failed", 10)];
    let suspended = Schedule { suspended: Some(true), ..schedule("303", 1, &BackupType::Full, "0 5 * * *") };
    let schedules = vec![
        schedule("301", 0, &BackupType::Full, "0 2 * * *"),
        schedule("302", 0, &BackupType::Dump, "30 2 * * *"),
        suspended,
    ];
    on_timeline(model(backups, schedules))
}

fn on_timeline(mut model: SteppedModel) -> SteppedModel {
    model.handle(Command::Window(WindowCommand::Go(Screen::Timeline)), now());
    model
}

fn names(harness: &Harness<'_, Desk>, role: Role) -> Vec<String> {
    harness.get_all_by_role(role).map(|node| node.accesskit_node().label().unwrap_or_default()).collect()
}

fn evidence(asked: &[Command]) -> Vec<&ShownEvidence> {
    asked
        .iter()
        .filter_map(|command| match command {
            Command::List(ListCommand::ShowEvidence(shown)) => Some(shown),
            _ => None,
        })
        .collect()
}

#[test]
fn each_bar_has_words_and_leads_to_its_rows() {
    let mut harness = window(two_services(), SIZE, Theme::Dark, root_ui);
    harness.get_by_label_contains("2 runs planned in the next 24 hours, 1 overlap");
    let rows = names(&harness, Role::Row);
    let begins =
        ["orders-prod. 2 runs planned, 2 past runs, 1 failed", "billing. 0 runs planned, 0 past runs, 1 schedule"];
    assert_eq!(rows.len(), begins.len());
    for (row, begin) in rows.iter().zip(begins) {
        assert!(row.starts_with(begin), "{row}");
    }
    let bars = [
        (
            "Full backup Mon 23 Nov 02:04 to 02:49, succeeded. Begins Mon 23 Nov 03:04 Berlin",
            Evidence::Backups(vec![BackupId::new("b1")]),
        ),
        (
            "Dump planned Tue 24 Nov 02:30, how long is not known, overlaps with another run. Begins Tue 24 Nov 03:30 Berlin",
            Evidence::Schedules(vec![ScheduleId::new("302")]),
        ),
    ];
    for (words, rows) in bars {
        harness.get_by_role_and_label(Role::Button, words).click();
        let asked = asked(&mut harness);
        let shown = evidence(&asked);
        assert_eq!(shown.iter().map(|it| it.rows.clone()).collect::<Vec<_>>(), [rows]);
        harness.get_by_role_and_label(Role::Button, "Back to timeline").click();
        harness.run();
        assert_eq!(harness.state().model.view.screen, Screen::Timeline);
    }
    let overlap = "Overlap: orders-prod. Dump of Tue 24 Nov 02:30 begins during the full backup of 02:00, which takes about 45 min. Move one of them if this slows the service";
    harness.get_by_role_and_label(Role::Button, overlap).click();
    let asked = asked(&mut harness);
    let schedules = ["301", "302"].map(ScheduleId::new).to_vec();
    assert_eq!(evidence(&asked)[0].rows, Evidence::Schedules(schedules));
}

#[test]
fn the_keyboard_goes_from_run_to_run() {
    let mut harness = window(two_services(), SIZE, Theme::Light, root_ui);
    harness.get_all_by_role(Role::Row).next().unwrap().focus();
    harness.run();
    let at = |harness: &Harness<'_, Desk>| names(harness, Role::Row).remove(0);
    // The nearest to now is the first of the planned ones, or the last that ran.
    let words =
        |part: &str, harness: &Harness<'_, Desk>| assert!(at(harness).contains(part), "{part}: {}", at(harness));
    words("Dump Mon 23 Nov 04:04 to 04:49, failed", &harness);
    harness.key_press(Key::ArrowRight);
    harness.run();
    words("Full backup planned Tue 24 Nov 02:00", &harness);
    // What is at the keyboard is read below the lanes, too.
    assert!(harness.query_all_by_label_contains("orders-prod: Full backup planned").next().is_some());
    harness.key_press(Key::Enter);
    let asked = asked(&mut harness);
    assert_eq!(evidence(&asked)[0].rows, Evidence::Schedules(vec![ScheduleId::new("301")]));
}

#[test]
fn the_list_says_the_same_and_the_axis_follows_the_zone() {
    let mut harness = window(two_services(), [900.0, 600.0], Theme::Dark, root_ui);
    harness.get_by_label("Times in UTC");
    harness.get_by_label("Tue 24 Nov");
    let tokyo = PreferencesCommand::SetNamedZone("Asia/Tokyo".to_owned());
    harness.state_mut().model.handle(Command::Preferences(tokyo), now());
    harness.run();
    harness.get_by_label("Times in Tokyo");
    harness.get_by_role_and_label(Role::RadioButton, "7 days").click();
    harness.run();
    harness.state_mut().model.tick(now());
    harness.run();
    assert_eq!(harness.state().data().timeline().unwrap().span, TimelineSpan::Week);
    harness.get_by_label_contains("14 runs planned in the next 7 days");
    harness.get_by_role_and_label(Role::RadioButton, "List").click();
    harness.run();
    let rows = names(&harness, Role::Row);
    assert!(rows.iter().any(|row| row.starts_with("orders-prod: Full backup planned Tue 24 Nov 11:00")), "{rows:?}");
    harness.get_all_by_role(Role::Row).next().unwrap().click();
    let asked = asked(&mut harness);
    assert_eq!(evidence(&asked).len(), 1);
}

#[test]
fn only_lanes_in_sight_are_drawn() {
    let backups = (0..500).map(|at| backup(&format!("b{at}"), at, &BackupType::Full, "Succeeded", 3)).collect();
    let schedules = (0..500).map(|at| schedule(&format!("s{at}"), at, &BackupType::Full, "0 2 * * *")).collect();
    let mut model = model(Vec::new(), Vec::new());
    let waiting = tickets(&model.handle(Command::List(ListCommand::Refresh), now()));
    let service = |at| Service { id: ServiceId::new(format!("dbpgf4187{at:04}")), ..Service::default() };
    let services = listed((0..500).map(service).collect());
    model.apply(Event::List(ListEvent::ServicesListed(waiting.services, Ok(services))), now());
    model.apply(Event::List(ListEvent::BackupsListed(waiting.backups, Ok(listed(backups)))), now());
    model.apply(Event::List(ListEvent::SchedulesListed(waiting.schedules, Ok(listed(schedules)))), now());
    let effects = model.handle(Command::Window(WindowCommand::Go(Screen::Timeline)), now());
    let job = effects.into_iter().find_map(|effect| match effect {
        Effect::Table(TableEffect::LayOutTimeline(ticket, job)) => Some((ticket, job)),
        _ => None,
    });
    let (ticket, job) = job.expect("500 services are laid out elsewhere");
    model.apply(Event::List(ListEvent::TimelineLaidOut(ticket, Box::new(job.run()))), now());
    let harness = window(model, SIZE, Theme::Light, root_ui);
    harness.get_by_label_contains("500 runs planned");
    assert!((8..30).contains(&names(&harness, Role::Row).len()));
}

#[test]
fn what_could_not_be_loaded_is_shown() {
    let (loading, _) = waiting();
    let harness = window(on_timeline(loading), SIZE, Theme::Dark, root_ui);
    harness.get_by_role_and_label(Role::Heading, "Timeline");
    assert!(harness.query_by_role(Role::Row).is_none());
    let error = ApiError::new(ErrorKind::Server { retry_at: None }, Operation::ListBackups);
    let (mut failed, waiting) = waiting();
    failed.apply(Event::List(ListEvent::BackupsListed(waiting.backups, Err(error.clone()))), now());
    window(on_timeline(failed), SIZE, Theme::Dark, root_ui).get_by_label("Try again");
    // Offline: what was known stays, with a line above it.
    let mut stale = two_services();
    fail(&mut stale, &error);
    let harness = window(stale, SIZE, Theme::Dark, root_ui);
    harness.get_by_label_contains("Showing data from");
    assert_eq!(names(&harness, Role::Row).len(), 2);
}
