//! The overview of shortcuts, made from the list of actions.

use egui::RichText;

use super::actions::{ACTIONS, Group, keys_text};
use crate::msg::{Command, Commands};
use crate::theme::{self, space};
use crate::widgets::{kbd, modal_ui, quiet_button, section_title};

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
    let (closed, is_escape) = modal_ui(ui, "shortcuts", 680.0, |ui| {
        section_title(ui, "Keyboard shortcuts");
        ui.add_space(space::M);
        let height = ui.ctx().content_rect().height() - 220.0;
        egui::ScrollArea::vertical().auto_shrink([false, true]).max_height(height).min_scrolled_height(height).show(
            ui,
            |ui| {
                ui.spacing_mut().item_spacing.x = space::XXL;
                ui.columns(2, |columns| {
                    if let [left, right] = columns {
                        left.spacing_mut().item_spacing.x = space::S;
                        right.spacing_mut().item_spacing.x = space::S;
                        for group in [Group::File, Group::Edit, Group::Help] {
                            group_ui(left, group);
                        }
                        for group in [Group::View, Group::Schedule] {
                            group_ui(right, group);
                        }
                        heading_ui(left, "Tables and forms");
                        for (name, keys) in OTHERS {
                            line_ui(left, name, keys);
                        }
                    }
                });
            },
        );
        ui.add_space(space::M);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| quiet_button(ui, "Close").clicked()).inner
    });
    if closed || is_escape {
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
        let keys: Vec<String> = action.keys.iter().map(|keys| keys_text(ui, *keys)).collect();
        line_ui(ui, action.name, &keys.join("  "));
    }
}

fn line_ui(ui: &mut egui::Ui, name: &str, keys: &str) {
    ui.spacing_mut().item_spacing.y = 2.0;
    ui.horizontal(|ui| {
        ui.label(name);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            // The scroll bar of a small window floats over the right edge.
            ui.add_space(space::S);
            kbd(ui, keys);
        });
    });
}
