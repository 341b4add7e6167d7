//! Getting back: the chain of a backup, the calls for replication.

use egui::Theme;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use jiff::SignedDuration;
use skybackup::domain::{ApiTime, Backup, BackupId, BackupType, RestorableRange, ServiceId, Status};
use skybackup::draft::RestoreSource;
use skybackup::grid::RowKey;
use skybackup::msg::{
    Command, Effect, Event, ListCommand, ListEffect, ListEvent, RestoreCommand, Screen, TableCommand, TableId,
    WindowCommand,
};
use skybackup::ui::root_ui;

use super::signed_in::{Desk, asked, model, now, waiting, window};
use crate::support::stepped::SteppedModel;

const SIZE: [f32; 2] = [1280.0, 1000.0];

pub(super) fn backup(id: &str, backup_type: BackupType, hours: i64) -> Backup {
    let start = now() - SignedDuration::from_hours(hours);
    Backup {
        id: BackupId::new(id),
        service_id: Some(ServiceId::new("dbpgf41870263")),
        service_name: Some("orders".into()),
        backup_type: Some(backup_type),
        status: Some(Status::new("Succeeded")),
        start_time: Some(ApiTime::At(start)),
        end_time: Some(ApiTime::At(start + SignedDuration::from_mins(10))),
        storage_bytes: Some(1 << 33),
        server_pod: Some("orders-mdb-ms-1".into()),
        ..Backup::default()
    }
}

fn incremental(id: &str, hours: i64) -> Backup {
    Backup { reference_full_backup: Some("full".into()), ..backup(id, BackupType::Incremental, hours) }
}

/// The detail pane of one of these backups.
fn detail_of(rows: Vec<Backup>, id: &str) -> SteppedModel {
    let mut model = model(rows, Vec::new());
    model.view.screen = Screen::Backups;
    model.view.detail = true;
    model.handle(Command::Table(TableId::Backups, TableCommand::Select(RowKey::from(id))), now());
    model
}

fn labels(harness: &egui_kittest::Harness<'_, Desk>) -> Vec<String> {
    harness
        .get_all_by_role(Role::Label)
        .filter_map(|node| node.accesskit_node().value().or_else(|| node.accesskit_node().label()))
        .collect()
}

#[test]
fn the_chain_of_an_incremental_is_shown_and_leads_to_its_members() {
    let rows = vec![backup("full", BackupType::Full, 30), incremental("i1", 20), incremental("i2", 10)];
    for theme in [Theme::Dark, Theme::Light] {
        let mut harness = window(detail_of(rows.clone(), "i2"), SIZE, theme, root_ui);
        let labels = labels(&harness);
        let has = |text: &str| labels.iter().any(|label| label.starts_with(text));
        assert!(has("Needs the full backup of") && has("Listed, not verified: only a restore"), "{labels:#?}");
        assert!(has("3. incremental of"), "{labels:#?}");
        harness.get_by_role_and_label(Role::Button, "1. full backup of 2026-11-22 08:14").click();
        harness.run();
        let show = ListCommand::ShowBackup(ServiceId::new("dbpgf41870263"), BackupId::new("full"));
        assert_eq!(asked(&mut harness), [Command::List(show)]);
    }
}

#[test]
fn a_chain_without_its_full_backup_says_what_is_missing() {
    let harness = window(detail_of(vec![incremental("i1", 20)], "i1"), SIZE, Theme::Dark, root_ui);
    let labels = labels(&harness);
    let has = |text: &str| labels.iter().any(|label| label.contains(text));
    assert!(has("It should not be restorable: the full backup is not in the list"), "{labels:#?}");
    assert!(has("1. full backup full") && has("Not listed"), "{labels:#?}");
    // A full backup needs no other.
    let alone = window(detail_of(vec![backup("full", BackupType::Full, 30)], "full"), SIZE, Theme::Dark, root_ui);
    assert!(alone.query_by_label("Chain").is_none());
}

#[test]
fn a_member_that_a_filter_hides_is_shown_when_asked_for() {
    let rows = vec![backup("full", BackupType::Full, 30), incremental("i1", 20)];
    let mut model = detail_of(rows, "i1");
    let filter = TableCommand::FilterBy(skybackup::grid::Facet::BackupType, "incremental".to_owned());
    model.handle(Command::Table(TableId::Backups, filter), now());
    let show = ListCommand::ShowBackup(ServiceId::new("dbpgf41870263"), BackupId::new("full"));
    model.handle(Command::List(show), now());
    model.tick(now());
    assert_eq!(model.data.shown_backups().chosen().map(|row| row.id.as_str()), Some("full"));
}

#[test]
fn the_calls_for_replication_are_filled_in_and_copied() {
    let row = Backup {
        binlog_file: Some("mariadb-bin.000318".into()),
        binlog_position: Some("73114".into()),
        ..backup("full", BackupType::Full, 200)
    };
    let mut harness = window(detail_of(vec![row], "full"), SIZE, Theme::Dark, root_ui);
    harness.get_by_role_and_label(Role::Button, "Set up replication…").click();
    harness.run();
    let notes = labels(&harness);
    let has = |text: &str| notes.iter().any(|label| label.contains(text));
    assert!(has("The GTID position is empty; it can be, while file and position are right"), "{notes:#?}");
    assert!(has("8 days old") && has("for 4 days by default") && has("may have purged"), "{notes:#?}");
    assert!(has("Enter the host of the primary"), "{notes:#?}");
    harness.get_by_role_and_label(Role::TextInput, "Primary host").focus();
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "Primary host").type_text("db.example.com");
    harness.run();
    harness.get_by_role_and_label(Role::RadioButton, "No SSL").click();
    harness.run();
    harness.get_by_role_and_label(Role::Button, "Copy call by file and position").click();
    harness.run();
    let call = "CALL sky.change_external_primary('db.example.com', 3306, 'mariadb-bin.000318', 73114, false);";
    assert_eq!(asked(&mut harness), [Command::Window(WindowCommand::Copy(call.to_owned(), "Call"))]);
    assert!(harness.query_by_label("Copy call by GTID").is_none(), "there is none");
}

fn range(id: &str, from: &str, until: &str) -> RestorableRange {
    RestorableRange {
        service_id: ServiceId::new(id),
        service_name: None,
        start_time: ApiTime::read(from),
        end_time: ApiTime::read(until),
    }
}

/// The moments of `orders-prod`, of which these backups are listed; SkySQL has replied with these ranges.
fn moments_of(rows: Vec<Backup>, ranges: Option<Vec<RestorableRange>>) -> SteppedModel {
    let mut model = model(rows, Vec::new());
    let show = ListCommand::ShowMoments(Some(ServiceId::new("dbpgf41870000")));
    let effects = model.handle(Command::List(show), now());
    let ticket = effects.iter().find_map(|effect| match effect {
        Effect::List(ListEffect::FindRestorableRanges(ticket)) => Some(*ticket),
        _ => None,
    });
    let found = ListEvent::RestorableRangesFound(ticket.expect("the look-up is made"), Ok(ranges));
    model.apply(Event::List(found), now());
    model
}

fn of_orders(row: Backup) -> Backup {
    Backup { service_id: Some(ServiceId::new("dbpgf41870000")), ..row }
}

fn a_day() -> Vec<Backup> {
    let in_log = |row: Backup, file: u64| Backup { binlog_file: Some(format!("mariadb-bin.{file:06}").into()), ..row };
    let rows = vec![
        in_log(backup("full", BackupType::Full, 30), 7),
        in_log(backup("l7", BackupType::BinaryLog, 28), 7),
        in_log(backup("l8", BackupType::BinaryLog, 26), 8),
        in_log(backup("l12", BackupType::BinaryLog, 20), 12),
        backup("dump", BackupType::Dump, 16),
        in_log(backup("full2", BackupType::Full, 8), 20),
    ];
    rows.into_iter().map(of_orders).collect()
}

/// Types a moment and asks.
fn ask(harness: &mut egui_kittest::Harness<'_, Desk>, typed: &str) {
    let field = || (Role::TextInput, "Can I get back to");
    harness.get_by_role_and_label(field().0, field().1).focus();
    harness.run();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
    harness.get_by_role_and_label(field().0, field().1).type_text(typed);
    harness.run();
    harness.get_by_role_and_label(Role::Button, "Find out").click();
    harness.run();
}

fn has(harness: &egui_kittest::Harness<'_, Desk>, text: &str) -> bool {
    labels(harness).iter().any(|label| label.contains(text))
}

#[test]
fn a_moment_is_answered_with_its_chain_and_leads_to_the_restore() {
    for (theme, size) in [(Theme::Dark, [1280.0, 1400.0]), (Theme::Light, [900.0, 600.0])] {
        let mut harness = window(moments_of(a_day(), Some(Vec::new())), size, theme, root_ui);
        assert!(has(&harness, "Hole from") && has(&harness, "mariadb-bin.000009 to mariadb-bin.000011"));
        ask(&mut harness, "2026-11-22 09:00");
        assert!(has(&harness, "Yes: the full backup of 2026-11-22 08:14, and the binary logs after it"));
        asked(&mut harness);
        harness.get_by_role_and_label(Role::Button, "Restore the backup it begins with…").click();
        harness.run();
        let start = RestoreCommand::Start(Some(RestoreSource::Backup(BackupId::new("full"))));
        assert!(asked(&mut harness).contains(&Command::Restore(start)));
    }
}

#[test]
fn a_moment_that_no_backup_holds_is_answered_with_the_nearest_that_work() {
    let mut harness = window(moments_of(a_day(), Some(Vec::new())), [1280.0, 1400.0], Theme::Dark, root_ui);
    ask(&mut harness, "2026-11-22 20:00");
    assert!(has(&harness, "No: not in any listed backup; of the binary logs"));
    harness.get_by_role_and_label(Role::Button, "After: 2026-11-23 06:14:30, full backup").click();
    harness.run();
    assert!(has(&harness, "Yes: the full backup of 2026-11-23 06:14 holds all that was committed up to its end"));
    assert!(harness.query_by_role_and_label(Role::Button, "Restore to here…").is_some());
}

#[test]
fn a_point_in_time_of_skysql_is_restored_as_one() {
    let ranges = vec![range("dbpgf41870000", "2026-11-20T00:00:00Z", "2026-11-23T14:00:00Z")];
    let mut harness = window(moments_of(a_day(), Some(ranges)), [1280.0, 1400.0], Theme::Dark, root_ui);
    ask(&mut harness, "2026-11-22 20:00");
    assert!(has(&harness, "Yes: SkySQL lists it as a point in time it can restore"));
    assert!(has(&harness, "Users and passwords become those of the source"));
    asked(&mut harness);
    harness.get_by_role_and_label(Role::Button, "Restore to here…").click();
    harness.run();
    let at = "2026-11-22T20:00:00Z".parse().unwrap();
    let source = RestoreSource::Moment { service: ServiceId::new("dbpgf41870000"), at };
    assert!(asked(&mut harness).contains(&Command::Restore(RestoreCommand::Start(Some(source)))));
}

#[test]
fn a_time_that_the_clock_shows_twice_is_asked_about() {
    let mut harness = window(moments_of(a_day(), Some(Vec::new())), [1280.0, 1400.0], Theme::Dark, root_ui);
    let berlin = harness.state().data().config.local_zone.short_label();
    harness.get_by_role_and_label(Role::RadioButton, &berlin).click();
    harness.run();
    ask(&mut harness, "2026-10-25 02:30");
    assert!(has(&harness, "This clock shows that time twice. Which one?"));
    assert_eq!(harness.state().model.view.moments.asked, None, "nothing is assumed");
    harness.get_by_role_and_label(Role::Button, "02:30:00 at offset +01:00").click();
    harness.run();
    assert_eq!(harness.state().model.view.moments.asked, "2026-10-25T01:30:00Z".parse().ok());
}

#[test]
fn a_time_that_the_clock_skips_is_asked_about() {
    let mut harness = window(moments_of(a_day(), Some(Vec::new())), [1280.0, 1400.0], Theme::Dark, root_ui);
    let berlin = harness.state().data().config.local_zone.short_label();
    harness.get_by_role_and_label(Role::RadioButton, &berlin).click();
    harness.run();
    ask(&mut harness, "2026-03-29 02:30");
    assert!(has(&harness, "This clock skips that time. Which moment is meant?"));
    assert_eq!(harness.state().model.view.moments.asked, None, "nothing is assumed");
    // As far after the change as 02:30 would have been, and as far before it.
    assert!(harness.query_by_role_and_label(Role::Button, "01:30:00 at offset +01:00").is_some());
    harness.get_by_role_and_label(Role::Button, "03:30:00 at offset +02:00").click();
    harness.run();
    assert_eq!(harness.state().model.view.moments.asked, "2026-03-29T01:30:00Z".parse().ok());
}

#[test]
fn what_is_not_known_is_neither_yes_nor_no() {
    // SkySQL has not told its points in time, and nothing was read since.
    let mut harness = window(moments_of(a_day(), None), [1280.0, 1400.0], Theme::Dark, root_ui);
    ask(&mut harness, "2026-11-22 20:00");
    assert!(has(&harness, "Not known: SkySQL has not told which points in time it can restore"));
    ask(&mut harness, "2026-11-23 14:04");
    assert!(has(&harness, "the list of backups is of 2026-11-23 14:02"));
    ask(&mut harness, "2026-11-22 22:05");
    assert!(has(&harness, "a dump holds a state between its start and end, possibly several moments"));
}

#[test]
fn the_moments_have_their_states_without_an_answer() {
    let empty = window(moments_of(Vec::new(), Some(Vec::new())), SIZE, Theme::Dark, root_ui);
    assert!(has(&empty, "No moment of this service can be restored, as far as its backups are listed"));
    let mut none_chosen = model(a_day(), Vec::new());
    none_chosen.handle(Command::Window(WindowCommand::Go(Screen::Restores)), now());
    let harness = window(none_chosen, [900.0, 600.0], Theme::Light, root_ui);
    assert!(has(&harness, "Choose a service to see which moments it can be restored to"));
    assert!(harness.query_by_role_and_label(Role::RadioButton, "Moments").is_some());
    let (mut loading, _) = waiting();
    loading.handle(Command::Window(WindowCommand::Go(Screen::Restores)), now());
    assert!(has(&window(loading, SIZE, Theme::Dark, root_ui), "Loading the backups…"));
}
