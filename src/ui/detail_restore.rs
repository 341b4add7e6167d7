//! All about one restore.

use egui::{RichText, Ui};

use super::detail::{fields_ui, group_ui, header_ui, json_ui, note_ui, times_ui, title_ui, unknown_ui};
use super::restore_questions::{delete_block, delete_command};
use super::row_actions::blocked_button_ui;
use crate::domain::{ApiTime, Restore, StatusKind, format_ago};
use crate::model::{Data, View};
use crate::msg::{Commands, TableId};
use crate::theme::{self, icon, space};
use crate::widgets::{ActionButton, ButtonStyle};

/// The detail pane of a restore.
pub(super) fn detail_restore_ui(ui: &mut Ui, row: &Restore, data: &Data, view: &mut View, commands: &mut Commands) {
    title_ui(ui, row, TableId::Restores, data, commands);
    header_ui(ui, row, |ui| {
        if let Some(age) = age(row, data) {
            let secondary = theme::tokens(ui).text_secondary;
            ui.add(egui::Label::new(RichText::new(age).color(secondary)).truncate());
        }
    });
    if let Some((glyph, text)) = note(row) {
        note_ui(ui, glyph, text);
    }
    ui.add_space(space::S);
    if blocked_button_ui(ui, delete_block(row, data), ActionButton::new(ButtonStyle::Danger, "Delete entry…")) {
        commands.push(delete_command(row));
    }
    group_ui(ui, "Overview", |ui| {
        fields_ui(ui, row, &["status", "message", "type", "service_name", "service_id"], data);
    });
    group_ui(ui, "Source", |ui| fields_ui(ui, row, &["backup_id", "bucket"], data));
    group_ui(ui, "Times", |ui| times_ui(ui, row, &[("created_at", &row.created_at)], data));
    group_ui(ui, "IDs", |ui| fields_ui(ui, row, &["id"], data));
    unknown_ui(ui, row, row.unknown.as_deref(), data.restores().revision());
    json_ui(ui, row, data.restores().revision(), view, commands);
}

fn age(row: &Restore, data: &Data) -> Option<String> {
    let at = row.created_at.as_ref().and_then(ApiTime::at)?;
    let secs = u64::try_from(data.now.as_second().saturating_sub(at.as_second())).ok()?;
    Some(format!("created {}", format_ago(secs)))
}

/// What the state means for who uses the target.
fn note(row: &Restore) -> Option<(&'static str, &'static str)> {
    match row.status_kind() {
        StatusKind::Good => Some((icon::KEY, "The user names and passwords of the target are now those of the source")),
        StatusKind::Running => Some((icon::HOURGLASS, "The target is stopped meanwhile, except for logical dumps")),
        StatusKind::Bad | StatusKind::Queued | StatusKind::Other => None,
    }
}
