//! All about one backup.

use egui::{RichText, Ui};
use jiff::SignedDuration;

use super::detail::{fields_ui, group_ui, json_ui, moment_ui, note_ui, unknown_ui};
use crate::domain::{Backup, Moment, StatusKind, screen_text};
use crate::grid::Row;
use crate::model::{Data, View};
use crate::msg::Commands;
use crate::theme::{self, icon, space};
use crate::widgets::{status_badge, status_icon};

/// SkySQL keeps a backup so many days.
const KEPT_DAYS: i64 = 7;

/// The detail pane of a backup.
pub(super) fn detail_backup_ui(ui: &mut Ui, row: &Backup, data: &Data, view: &mut View, commands: &mut Commands) {
    header_ui(ui, row);
    group_ui(ui, "Overview", |ui| {
        let keys = [
            "status",
            "type",
            "service_name",
            "service_id",
            "method",
            "cloud_provider",
            "server_pod",
            "is_external_storage",
        ];
        fields_ui(ui, row, &keys, data);
    });
    group_ui(ui, "Times", |ui| {
        times_ui(ui, row, data);
        fields_ui(ui, row, &["duration"], data);
        if let Some(text) = kept_until(row, data) {
            ui.add_space(space::XS);
            note_ui(ui, icon::HOURGLASS, &text);
        }
    });
    group_ui(ui, "Sizes", |ui| {
        fields_ui(ui, row, &["storage_bytes", "disk_size_bytes", "disk_size"], data);
        if row.is_good_but_empty() {
            note_ui(ui, icon::WARNING, "Listed as succeeded, but with 0 bytes stored: do not rely on it");
        }
    });
    group_ui(ui, "Position", |ui| {
        fields_ui(ui, row, &["binlog_file", "binlog_position", "binlog_gtid_position"], data);
    });
    group_ui(ui, "Ids", |ui| fields_ui(ui, row, &["id", "reference_full_backup"], data));
    unknown_ui(ui, row.unknown.as_deref());
    json_ui(ui, row, view, commands);
}

fn header_ui(ui: &mut Ui, row: &Backup) {
    let tokens = theme::tokens(ui);
    let label = screen_text(row.service_label());
    let label = if label.is_empty() { "Unknown service" } else { &label };
    let name = egui::Label::new(RichText::new(label).text_style(theme::section())).truncate();
    ui.add(name).on_hover_text(label);
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = theme::height::ROW_COMPACT;
        ui.spacing_mut().item_spacing.x = space::M;
        if let Some(status) = &row.status {
            let (glyph, colour) = status_icon(row.status_kind(), tokens);
            status_badge(ui, glyph, &screen_text(status.as_str()), colour);
        }
        if let Some(backup_type) = &row.backup_type {
            ui.label(RichText::new(format!("{} backup", screen_text(backup_type.name()))).color(tokens.text_secondary));
        }
    });
}

fn times_ui(ui: &mut Ui, row: &Backup, data: &Data) {
    let times = [("start_time", &row.start_time), ("end_time", &row.end_time), ("point_in_time", &row.point_in_time)];
    for (key, moment) in times {
        if let Some(column) = Backup::column(key) {
            moment_ui(ui, column.header, column.help, moment.as_ref(), data);
        }
    }
}

/// When SkySQL is likely to remove it. Nothing is known of a bucket of one's own.
fn kept_until(row: &Backup, data: &Data) -> Option<String> {
    if row.is_external_storage == Some(true) || row.status_kind() != StatusKind::Good {
        return None;
    }
    let end = row.end_time.as_ref().and_then(Moment::at)?;
    let until = end.checked_add(SignedDuration::from_hours(24 * KEPT_DAYS)).ok()?;
    let zone = data.zone();
    Some(if until > data.now {
        format!("Expires about {} {}", zone.date_minute(until), zone.label())
    } else {
        format!("Older than {KEPT_DAYS} days: SkySQL may remove it at any time")
    })
}
