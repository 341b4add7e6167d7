//! The overview of shortcuts, made from the list of actions.

use egui::RichText;

use super::actions::{ACTIONS, Group};
use crate::msg::{Command, Commands};
use crate::theme::{self, space};
use crate::widgets::{kbd, quiet_button, section_title};

/// Keys that belong to the tables and forms, not to an action.
const OTHERS: [(&str, &str); 7] = [
    ("Move in the table", "↑ ↓"),
    ("Extend the selection", "Shift ↑ ↓"),
    ("Show or hide details", "Space"),
    ("Second sort column", "Shift click"),
    ("Close a dialog, clear the search", "Esc"),
    ("Larger or smaller", "Ctrl + −"),
    ("Copy the cell or rows", "Ctrl C"),
];

pub(super) fn shortcuts_ui(ui: &egui::Ui, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    let frame = egui::Frame::new()
        .fill(tokens.raised)
        .stroke(egui::Stroke::new(1.0, tokens.line_subtle))
        .corner_radius(theme::radius::DIALOG)
        .inner_margin(egui::Margin::same(24));
    let modal = egui::Modal::new(egui::Id::unique("shortcuts")).frame(frame).backdrop_color(tokens.veil);
    let shown = modal.show(ui, |ui| {
        ui.set_width(640.0_f32.min(ui.ctx().content_rect().width() - 120.0));
        section_title(ui, "Keyboard shortcuts");
        ui.add_space(space::M);
        egui::ScrollArea::vertical().max_height(ui.ctx().content_rect().height() - 220.0).show(ui, |ui| {
            ui.columns(2, |columns| {
                if let [left, right] = columns {
                    for group in [Group::File, Group::Edit, Group::Help] {
                        group_ui(left, group);
                    }
                    for group in [Group::View, Group::Schedule] {
                        group_ui(right, group);
                    }
                    heading_ui(right, "Tables and forms");
                    for (name, keys) in OTHERS {
                        line_ui(right, name, keys);
                    }
                }
            });
        });
        ui.add_space(space::M);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| quiet_button(ui, "Close").clicked()).inner
    });
    if shown.inner || shown.should_close() {
        commands.push(Command::CloseDialog);
    }
}

fn heading_ui(ui: &mut egui::Ui, name: &str) {
    let tokens = theme::tokens(ui);
    ui.add_space(space::S);
    ui.label(RichText::new(name).small().color(tokens.text_faint));
}

fn group_ui(ui: &mut egui::Ui, group: Group) {
    heading_ui(ui, group.name());
    for action in ACTIONS.iter().filter(|action| action.group == group && !action.keys.is_empty()) {
        let keys: Vec<String> = action.keys.iter().map(|keys| ui.format_shortcut(keys)).collect();
        line_ui(ui, action.name, &keys.join("  "));
    }
}

fn line_ui(ui: &mut egui::Ui, name: &str, keys: &str) {
    ui.horizontal(|ui| {
        ui.label(name);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| kbd(ui, keys));
    });
}
