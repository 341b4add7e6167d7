//! Size and duration of a backup beside earlier ones, in the detail pane.

use egui::Theme;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use jiff::SignedDuration;
use skybackup::domain::{ApiTime, Backup, BackupId, BackupType, ServiceId, Status};
use skybackup::grid::TableCommand;
use skybackup::msg::{Command, PreferencesCommand, TableId, WindowCommand};
use skybackup::ui::root_ui;

use super::signed_in::{Desk, asked, model, now, window};

/// Eight of one type, a day apart; the newest has 20 GiB where the others have 10.
fn pane_of<'a>(backup_type: &BackupType) -> Harness<'a, Desk> {
    let backup = |day: i64| {
        let start = now() - SignedDuration::from_hours(24 * day + 1);
        Backup {
            id: BackupId::new(format!("b{day}")),
            service_id: Some(ServiceId::new("dbpgf41870000")),
            backup_type: Some(backup_type.clone()),
            status: Some(Status::new("Succeeded")),
            start_time: Some(ApiTime::At(start)),
            end_time: Some(ApiTime::At(start + SignedDuration::from_mins(12))),
            storage_bytes: Some(if day == 0 { 20 } else { 10 } << 30),
            ..Backup::default()
        }
    };
    let mut model = model((0..8).map(backup).collect(), Vec::new());
    model.view.detail = true;
    model.handle(Command::Table(TableId::Backups, TableCommand::Select("b0".into())), now());
    window(model, [1280.0, 1600.0], Theme::Dark, root_ui)
}

fn says(harness: &Harness<'_, Desk>, part: &str) -> bool {
    harness.query_all_by_label_contains(part).next().is_some()
}

#[test]
fn an_unusual_size_has_one_sentence_beside_a_chart_and_its_values() {
    let mut harness = pane_of(&BackupType::Full);
    assert!(says(&harness, "Twice the usual size: median 10 GiB over 7 runs"));
    assert!(says(&harness, "Usual duration: median 12 min over 7 runs"));
    let chart = "Earlier runs: 7, size from 10 GiB to 10 GiB, half of them from 10 GiB to 10 GiB";
    harness.get_by_role_and_label(Role::Image, chart);
    harness.get_by_role_and_label(Role::Button, "Copy sizes").click();
    let asked = asked(&mut harness);
    let copied = asked.iter().find_map(|command| match command {
        Command::Window(WindowCommand::Copy(text, _)) => Some(text.as_str()),
        _ => None,
    });
    let lines: Vec<&str> = copied.unwrap().lines().collect();
    assert_eq!((lines.len(), lines[0], lines[8]), (9, "Started (UTC)\tbytes", "2026-11-23 13:04:30\t21474836480"));
}

#[test]
fn what_varies_is_compared_only_where_that_is_chosen() {
    let mut harness = pane_of(&BackupType::Snapshot);
    let sentence = "Twice the usual size";
    assert!(!says(&harness, sentence) && says(&harness, "Earlier runs: 7"));
    let all = Command::Preferences(PreferencesCommand::SetCompareAllTypes(true));
    harness.state_mut().model.handle(all, now());
    harness.run();
    assert!(says(&harness, sentence));
}
