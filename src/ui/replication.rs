//! The dialog that fills in the stored procedures for replication from an external primary.

use egui::{TextStyle, Ui};

use super::detail::note_ui;
use super::text::quiet_ui;
use crate::domain::{Backup, BackupId, format_span, sanitize_for_display};
use crate::draft::{Kept, PrimaryDraft, ReplicationNote, replication_notes};
use crate::model::{Data, View};
use crate::msg::{Command, Commands, WindowCommand};
use crate::theme::{icon, space};
use crate::widgets::{
    ActionButton, ButtonStyle, info_dialog_ui, key_value, labelled_field, section_title, segmented, text_field,
};

const WIDTH: f32 = 600.0;

/// True where the list gives a position to begin at.
pub(super) fn has_position(row: &Backup) -> bool {
    row.binlog_gtid_position.is_some() || row.binlog_file.is_some()
}

pub(super) fn replication_ui(ui: &Ui, data: &Data, view: &mut View, id: &BackupId, commands: &mut Commands) {
    let row = data.shown_backups().find(id.as_str()).or_else(|| data.backups().find(id.as_str()));
    let closed = info_dialog_ui(ui, "replication", "Replicate from an external primary", WIDTH, |ui| match &row {
        Some(row) => {
            quiet_ui(
                ui,
                "After this backup is restored into a service, one of these calls there begins replication at its position",
            );
            ui.add_space(space::S);
            primary_ui(ui, &mut view.primary);
            ui.add_space(space::M);
            calls_ui(ui, row, &view.primary, commands);
            ui.add_space(space::S);
            for note in replication_notes(row, data.now) {
                let (glyph, sentence) = note_words(note);
                note_ui(ui, glyph, &sentence);
            }
        }
        None => quiet_ui(ui, "This backup is no longer in the list"),
    });
    if closed {
        commands.push(Command::Window(WindowCommand::CloseDialog));
    }
}

fn primary_ui(ui: &mut Ui, draft: &mut PrimaryDraft) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        let host_error = draft.host_error();
        ui.vertical(|ui| {
            ui.set_width(300.0);
            labelled_field(ui, "Primary host", "", host_error, |ui| text_field(ui, &mut draft.host, "db.example.com"));
        });
        let port_error = draft.port_error();
        ui.vertical(|ui| {
            ui.set_width(120.0);
            labelled_field(ui, "Port", "", port_error, |ui| text_field(ui, &mut draft.port, "3306"));
        });
        ui.vertical(|ui| {
            labelled_field(ui, "Connection", "", None, |ui| {
                let mut chosen = usize::from(!draft.ssl);
                ui.scope(|ui| {
                    if segmented(ui, &["SSL", "No SSL"], &mut chosen) {
                        draft.ssl = chosen == 0;
                    }
                })
                .response
            });
        });
    });
}

fn calls_ui(ui: &mut Ui, row: &Backup, draft: &PrimaryDraft, commands: &mut Commands) {
    let primary = draft.checked();
    let by_gtid = primary.as_ref().and_then(|primary| primary.call_by_gtid(row));
    let by_position = primary.as_ref().and_then(|primary| primary.call_by_position(row));
    section_title(ui, "By file and position");
    for (name, value) in [("Binlog file", &row.binlog_file), ("Binlog position", &row.binlog_position)] {
        value_ui(ui, name, value.as_deref());
    }
    call_ui(ui, "Copy call by file and position", by_position, primary.is_some(), commands);
    ui.add_space(space::S);
    section_title(ui, "By GTID");
    value_ui(ui, "GTID", row.binlog_gtid_position.as_deref());
    call_ui(ui, "Copy call by GTID", by_gtid, primary.is_some(), commands);
}

fn value_ui(ui: &mut Ui, name: &str, value: Option<&str>) {
    key_value(ui, name, "", &sanitize_for_display(value.unwrap_or_default()), &TextStyle::Monospace);
}

/// A call and the button that copies it; without one, why there is none.
fn call_ui(ui: &mut Ui, name: &str, call: Option<String>, has_primary: bool, commands: &mut Commands) {
    let Some(call) = call else {
        let why = if has_primary { "The backup has no such position" } else { "Enter the host of the primary" };
        return quiet_ui(ui, why);
    };
    ui.add(egui::Label::new(egui::RichText::new(&call).monospace()).wrap().selectable(true));
    if ui.add(ActionButton::new(ButtonStyle::Secondary, name).icon(icon::COPY)).clicked() {
        commands.push(Command::Window(WindowCommand::Copy(call, "Call")));
    }
}

fn note_words(note: ReplicationNote) -> (&'static str, String) {
    match note {
        ReplicationNote::NoGtid => {
            (icon::WARNING, "The GTID position is empty; it can be, while file and position are right".to_owned())
        }
        ReplicationNote::DumpWithoutGtid => (icon::WARNING, "A dump does not keep its GTID".to_owned()),
        ReplicationNote::UnreadableGtid => {
            (icon::WARNING, "The GTID position has no form that a server takes: use file and position".to_owned())
        }
        ReplicationNote::MayLackDomain => (
            icon::INFO,
            "A GTID position may lack a domain, while file and position are right: compare it with the domains of the primary"
                .to_owned(),
        ),
        ReplicationNote::NoPosition => (icon::WARNING, "The list has no file and position of this backup".to_owned()),
        ReplicationNote::Age(secs, kept) => {
            let age = format_span(u64::try_from(secs).unwrap_or(0));
            let known = format!("This backup is {age} old. A primary keeps its binary logs for 4 days by default (expire_logs_days)");
            match kept {
                Kept::Long => (icon::CLOCK, known),
                Kept::TooShort => (icon::WARNING, format!("{known}, so it may have purged those that follow")),
            }
        }
        ReplicationNote::PositionByHand => {
            (icon::INFO, "After a restore gtid_slave_pos is empty until it is set by hand".to_owned())
        }
    }
}
