//! Getting back: the chain of a backup, the calls for replication.

use egui::Theme;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use jiff::SignedDuration;
use skybackup::domain::{ApiTime, Backup, BackupId, BackupType, ServiceId, Status};
use skybackup::grid::RowKey;
use skybackup::msg::{Command, ListCommand, Screen, TableCommand, TableId, WindowCommand};
use skybackup::ui::root_ui;

use super::signed_in::{Desk, asked, model, now, window};
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
