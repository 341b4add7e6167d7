//! The overview: every size of account, what is not known, and its look.

use egui::Theme;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use jiff::SignedDuration;
use skybackup::api::{ApiError, ErrorKind, Operation};
use skybackup::domain::{ApiTime, Backup, BackupId, BackupType, Service, ServiceId, Status};
use skybackup::msg::{Command, Event, ListCommand, ListEvent, ProfileCommand, Screen};
use skybackup::ui::root_ui;

use super::signed_in::{self, asked, fail, listed, now, read_at, schedules, waiting, window};
use crate::support::stepped::SteppedModel;

const SIZE: [f32; 2] = [1280.0, 800.0];

fn backup(service: usize, name: Option<&str>, status: &str, hours: i64) -> Backup {
    let start = now() - SignedDuration::from_hours(hours);
    Backup {
        id: BackupId::new(format!("b{service}-{hours}")),
        service_id: Some(ServiceId::new(format!("dbpgf4187{service:04}"))),
        service_name: name.map(Into::into),
        backup_type: Some(BackupType::Full),
        status: Some(Status::new(status)),
        start_time: Some(ApiTime::At(start)),
        end_time: Some(ApiTime::At(start + SignedDuration::from_mins(9))),
        storage_bytes: Some(1 << 33),
        ..Backup::default()
    }
}

/// Signed in with these services and backups and no schedules, on the overview.
fn overview_of(services: Vec<(usize, Option<&str>)>, backups: Vec<Backup>) -> SteppedModel {
    let (mut model, waiting) = waiting();
    let services = services.into_iter().map(|(number, name)| Service {
        id: ServiceId::new(format!("dbpgf4187{number:04}")),
        name: name.map(Into::into),
        status: Some("ready".into()),
        ..Service::default()
    });
    let at = read_at();
    model.apply(Event::List(ListEvent::ServicesListed(waiting.services, Ok(listed(services.collect())))), at);
    model.apply(Event::List(ListEvent::BackupsListed(waiting.backups, Ok(listed(backups)))), at);
    model.apply(Event::List(ListEvent::SchedulesListed(waiting.schedules, Ok(listed(Vec::new())))), at);
    model.view.screen = Screen::Overview;
    model.tick(now());
    model
}

fn rows(harness: &egui_kittest::Harness<'_, signed_in::Desk>) -> Vec<String> {
    harness.get_all_by_role(Role::Row).map(|node| node.accesskit_node().label().unwrap_or_default()).collect()
}

#[test]
fn services_are_called_so_that_they_cannot_be_mistaken() {
    // Two of one name, one without any, one that is gone.
    let services = vec![(0, Some("reports")), (1, Some("reports")), (2, None)];
    let backups = vec![
        backup(0, Some("reports"), "Succeeded", 5),
        backup(1, Some("reports"), "Succeeded", 60),
        backup(2, None, "Succeeded", 5),
        backup(3, Some("old-shop"), "Succeeded", 100),
    ];
    let harness = window(overview_of(services, backups), SIZE, Theme::Dark, root_ui);
    let rows = rows(&harness);
    let begins = [
        "reports (dbpgf41870001), needs attention",
        "dbpgf41870002, nothing",
        "reports (dbpgf41870000), nothing",
        "old-shop, nothing to do. Deleted service",
    ];
    for (row, begin) in rows.iter().zip(begins) {
        assert!(row.starts_with(begin), "{row}");
    }
    assert_eq!(rows.len(), begins.len());
    harness.get_by_label_contains("1 of 3 services needs attention");
}

#[test]
fn one_service_and_none_have_their_own_words() {
    let one = overview_of(vec![(0, Some("orders"))], vec![backup(0, Some("orders"), "Succeeded", 3)]);
    window(one, SIZE, Theme::Dark, root_ui).get_by_label_contains("The service is covered");
    let none = overview_of(Vec::new(), Vec::new());
    window(none, SIZE, Theme::Dark, root_ui).get_by_label_contains("No services yet");
}

#[test]
fn services_that_are_covered_but_not_as_planned_are_counted() {
    let failed = || [backup(0, Some("orders"), "Succeeded", 3), backup(0, Some("orders"), "Failed", 1)];
    let one = overview_of(vec![(0, Some("orders"))], failed().into());
    window(one, SIZE, Theme::Dark, root_ui).get_by_label_contains("Covered, with a warning");
    let backups = failed().into_iter().chain([backup(1, Some("crm"), "Succeeded", 3)]).collect();
    let two = overview_of(vec![(0, Some("orders")), (1, Some("crm"))], backups);
    window(two, SIZE, Theme::Dark, root_ui).get_by_label_contains("Covered, 1 of 2 with a warning");
}

#[test]
fn only_rows_in_sight_are_drawn() {
    let count = 500;
    let services = (0..count).map(|number| (number, Some("service"))).collect();
    let backups = (0..count).map(|number| backup(number, Some("service"), "Succeeded", 30)).collect();
    let mut model = overview_of(services, backups);
    // Below the limit of rows that are worked out at once.
    model.tick(now());
    let mut harness = window(model, SIZE, Theme::Light, root_ui);
    harness.get_by_label_contains("500 of 500 services need attention");
    let shown = rows(&harness).len();
    assert!((10..40).contains(&shown), "{shown} rows");
    harness.get_all_by_role(Role::Row).next().unwrap().focus();
    harness.run();
    harness.key_press(egui::Key::End);
    harness.run();
    assert!(rows(&harness).last().unwrap().contains("(dbpgf41870499)"), "End leads to the last row");
    harness.key_press(egui::Key::ArrowUp);
    harness.run();
    harness.key_press(egui::Key::Enter);
    let commands = asked(&mut harness);
    let leads_there = |command: &Command| match command {
        Command::List(ListCommand::ShowEvidence(shown)) => shown.service.as_str() == "dbpgf41870498",
        _ => false,
    };
    assert!(commands.iter().any(leads_there), "{commands:?}");
}

#[test]
fn what_could_not_be_loaded_is_shown() {
    let error = ApiError::new(ErrorKind::Server { retry_at: None }, Operation::ListBackups);
    let (mut loading, _) = waiting();
    loading.view.screen = Screen::Overview;
    let harness = window(loading, SIZE, Theme::Dark, root_ui);
    assert!(harness.query_by_role(Role::Row).is_none(), "no row before the first list");
    let (mut failed, waiting) = waiting();
    failed.view.screen = Screen::Overview;
    failed.apply(Event::List(ListEvent::BackupsListed(waiting.backups, Err(error.clone()))), now());
    let mut harness = window(failed, SIZE, Theme::Dark, root_ui);
    harness.get_by_label("Try again").click();
    let refreshes = asked(&mut harness);
    assert!(refreshes.contains(&Command::List(ListCommand::Refresh)), "{refreshes:?}");
    // A refresh that fails keeps the overview, with its age and the failure.
    let mut stale = overview_of(vec![(0, Some("orders"))], vec![backup(0, Some("orders"), "Succeeded", 3)]);
    fail(&mut stale, &error);
    let harness = window(stale, SIZE, Theme::Dark, root_ui);
    harness.get_by_label_contains("The service is covered");
    harness.get_by_label_contains("Showing data from");
}

#[test]
fn a_target_that_is_set_counts_at_once() {
    let model = overview_of(vec![(0, Some("orders"))], vec![backup(0, Some("orders"), "Succeeded", 13)]);
    let mut harness = window(model, SIZE, Theme::Dark, root_ui);
    harness.get_by_label("Targets…").click();
    harness.run();
    harness.get_by_label("Target for full: As scheduled").click();
    harness.run();
    harness.get_by_role_and_label(Role::MenuItemRadio, "12 h").click();
    let commands = asked(&mut harness);
    let set =
        |command: &Command| matches!(command, Command::Profile(ProfileCommand::SetTarget { hours: Some(12), .. }));
    assert!(commands.iter().any(set), "{commands:?}");
    harness.get_by_label_contains("1 of 1 services needs attention");
}

/// A picture of the demo would change with its clock; this world stands still.
#[test]
fn the_look_is_as_it_was() {
    let mut results = egui_kittest::SnapshotResults::new();
    for theme in [Theme::Dark, Theme::Light] {
        let services = vec![(0, Some("orders-prod")), (1, Some("billing")), (2, Some("reports-warehouse-eu"))];
        let backups = vec![
            backup(0, Some("orders-prod"), "Succeeded", 36),
            backup(0, Some("orders-prod"), "Failed", 12),
            backup(1, Some("billing"), "Succeeded", 8),
            backup(2, Some("reports-warehouse-eu"), "Succeeded", 20),
        ];
        let mut model = overview_of(services, backups);
        let refresh = model.handle(Command::List(ListCommand::Refresh), now());
        let tickets = signed_in::tickets(&refresh);
        model.apply(Event::List(ListEvent::SchedulesListed(tickets.schedules, Ok(listed(schedules())))), read_at());
        model.handle(Command::List(ListCommand::CancelLoading(skybackup::msg::TableId::Backups)), now());
        model.tick(now());
        let mut harness = window(model, [900.0, 600.0], theme, root_ui);
        results.add(harness.try_snapshot(format!("overview-{theme:?}").to_lowercase()));
    }
}
