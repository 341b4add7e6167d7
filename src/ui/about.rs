//! Version, licence, places; what a report needs.

use egui::TextStyle;

use super::text::quiet_ui;
use crate::domain::sanitize_for_display;
use crate::model::Data;
use crate::msg::{Command, Commands, WindowCommand};
use crate::theme::{icon, space};
use crate::widgets::{ActionButton, ButtonStyle, info_dialog_ui, key_value};

pub(super) fn about_ui(ui: &egui::Ui, data: &Data, commands: &mut Commands) {
    let closed = info_dialog_ui(ui, "about", "SkyBackup", 520.0, |ui| {
        quiet_ui(ui, "Backups of MariaDB SkySQL databases, without a terminal");
        ui.add_space(space::M);
        let build = &data.config.build;
        key_value(ui, "Version", "", &build.version_and_commit(), &TextStyle::Monospace);
        if let Some(newer) = data.newer_version() {
            key_value(ui, "Newer version", "", &newer.to_string(), &TextStyle::Monospace);
        }
        key_value(ui, "Licence", "", "MIT or Apache-2.0; fonts under the OFL, icons under MIT", &TextStyle::Body);
        key_value(ui, "Built for", "", build.target, &TextStyle::Monospace);
        key_value(ui, "Renderer", "", &sanitize_for_display(&build.renderer), &TextStyle::Monospace);
        for (name, place) in &data.config.places {
            key_value(ui, name, "", &place.display().to_string(), &TextStyle::Monospace);
        }
        ui.add_space(space::M);
        ui.horizontal(|ui| {
            if ui.add(ActionButton::new(ButtonStyle::Secondary, "Copy diagnostics").icon(icon::COPY)).clicked() {
                commands.push(Command::Window(WindowCommand::Copy(diagnostics(data), "Diagnostics")));
            }
            if let Some(file) = &build.licences
                && ui.add(ActionButton::new(ButtonStyle::Secondary, "Show component licences")).clicked()
            {
                commands.push(Command::Window(WindowCommand::OpenPath(file.clone())));
            }
        });
    });
    if closed {
        commands.push(Command::Window(WindowCommand::CloseDialog));
    }
}

/// An allow-list: nothing here can hold a key, an id of a service or a name.
fn diagnostics(data: &Data) -> String {
    let source = data.session.open().map_or_else(|| "signed out".to_owned(), |open| format!("{:?}", open.source));
    let (zone, build) = (&data.config.local_zone, &data.config.build);
    let requests = data.activity.iter().take(10).map(|record| {
        let trace = record.trace_id.as_deref().unwrap_or("none");
        format!("  {} {} {} ms, trace {trace}", record.operation.name(), record.outcome, record.duration_ms)
    });
    let mut lines = vec![
        format!("SkyBackup {}, {}", build.version_and_commit(), build.target),
        format!("Renderer: {}", build.renderer),
        format!("Zone: {}{}", zone.full_label(), if zone.is_unreadable() { " (could not be read)" } else { "" }),
        format!("Keyring: {}, key from: {source}", data.config.store_name),
        format!("Backups: {}, schedules: {}", data.backups().rows().len(), data.schedules().rows().len()),
        "Last requests:".to_owned(),
    ];
    lines.extend(requests);
    lines.join("\n")
}
