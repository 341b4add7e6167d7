//! All about one backup.

use egui::{RichText, Ui};
use jiff::SignedDuration;

use super::detail::{fields_ui, group_ui, header_ui, json_ui, note_ui, times_ui, title_ui, unknown_ui};
use super::detail_chain::chain_ui;
use super::replication::has_position;
use super::row_actions::restore_button;
use super::trend::trend_ui;
use crate::domain::{ApiTime, Backup, StatusKind, format_ago};
use crate::grid::EMPTY_BACKUP;
use crate::insight::Quantity;
use crate::model::{Data, Dialog, View};
use crate::msg::{Commands, TableId};
use crate::theme::{self, icon, space};
use crate::widgets::{ActionButton, ButtonStyle};

/// What leads to the calls that begin replication at a backup.
pub(super) const REPLICATE: &str = "Set up replication…";

/// How many days SkySQL keeps a backup.
const KEPT_DAYS: i64 = 7;

/// The detail pane of a backup: what it is worth for a restore first, the technical rest last.
pub(super) fn detail_backup_ui(ui: &mut Ui, row: &Backup, data: &Data, view: &mut View, commands: &mut Commands) {
    title_ui(ui, row, TableId::Backups, data, commands);
    header_ui(ui, row, |ui| {
        if let Some(age) = age(row, data) {
            let secondary = theme::tokens(ui).text_secondary;
            ui.add(egui::Label::new(RichText::new(age).color(secondary)).truncate());
        }
    });
    ui.add_space(space::S);
    restore_button(ui, row, data, commands);
    if let Some(text) = no_longer_listed(row, data) {
        note_ui(ui, icon::CLOUD_SLASH, &text);
    } else if let Some(text) = expires(row, data) {
        note_ui(ui, icon::HOURGLASS, &text);
    }
    group_ui(ui, "Restore point", |ui| {
        times_ui(ui, row, &[("point_in_time", &row.point_in_time)], data);
        fields_ui(ui, row, &["binlog_gtid_position", "binlog_file", "binlog_position"], data);
        if has_position(row) && ui.add(ActionButton::new(ButtonStyle::Secondary, REPLICATE).icon(icon::COPY)).clicked()
        {
            view.open(Dialog::Replication(row.id.clone()));
        }
    });
    chain_ui(ui, row, data, commands);
    group_ui(ui, "Sizes", |ui| {
        // The words say the same once more.
        let has_only_words = row.restore_size().is_none() && row.disk_size.is_some();
        let disk = if has_only_words { "disk_size" } else { "disk_size_bytes" };
        fields_ui(ui, row, &["storage_bytes"], data);
        if row.is_good_but_empty() {
            note_ui(ui, icon::WARNING, EMPTY_BACKUP);
        }
        trend_ui(ui, row, Quantity::Size, data, commands);
        fields_ui(ui, row, &[disk], data);
    });
    group_ui(ui, "Times", |ui| {
        times_ui(ui, row, &[("start_time", &row.start_time), ("end_time", &row.end_time)], data);
        fields_ui(ui, row, &["duration"], data);
        trend_ui(ui, row, Quantity::Duration, data, commands);
    });
    if row.sighting.is_some() {
        group_ui(ui, "History", |ui| fields_ui(ui, row, &["state", "first_seen", "last_seen"], data));
    }
    group_ui(ui, "Origin", |ui| {
        let keys =
            ["service_name", "service_id", "type", "method", "cloud_provider", "server_pod", "is_external_storage"];
        fields_ui(ui, row, &keys, data);
    });
    group_ui(ui, "IDs", |ui| fields_ui(ui, row, &["id", "reference_full_backup"], data));
    unknown_ui(ui, row, row.unknown.as_deref(), data.shown_backups().revision());
    json_ui(ui, row, data.shown_backups().revision(), view, commands);
}

/// How long ago it ended, or else started.
fn age(row: &Backup, data: &Data) -> Option<String> {
    let ended = row.end_time.as_ref().and_then(ApiTime::at).map(|at| ("ended", at));
    let (word, at) = ended.or_else(|| row.started_at().map(|at| ("started", at)))?;
    let secs = u64::try_from(data.now.as_second().saturating_sub(at.as_second())).ok()?;
    Some(format!("{word} {}", format_ago(secs)))
}

/// That nothing can be restored from it as far as is known; `None` where it is listed.
fn no_longer_listed(row: &Backup, data: &Data) -> Option<String> {
    let sighting = row.sighting.as_ref().filter(|_| !row.is_listed())?;
    let zone = data.zone();
    let last_seen = format!("{} {}", zone.date_minute(sighting.last_seen), zone.short_label());
    Some(format!("{}: SkySQL no longer lists it. Last seen {last_seen}", sighting.state.name()))
}

/// When SkySQL is likely to remove it. Nothing is known of a bucket of one's own, and nothing is shown for a time that is over.
fn expires(row: &Backup, data: &Data) -> Option<String> {
    if row.is_external_storage == Some(true) || row.status_kind() != StatusKind::Good {
        return None;
    }
    let end = row.end_time.as_ref().and_then(ApiTime::at)?;
    let at = end.checked_add(SignedDuration::from_hours(24 * KEPT_DAYS)).ok().filter(|at| *at > data.now)?;
    let zone = data.zone();
    Some(format!("Expires about {} {}", zone.date_minute(at), zone.short_label()))
}
