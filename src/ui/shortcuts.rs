//! The overview of shortcuts, made from the list of actions.

use super::actions::{ACTIONS, Group, keys_text};
use super::text::small_ui;
use crate::msg::{Command, Commands, WindowCommand};
use crate::theme::space;
use crate::widgets::{info_dialog_ui, kbd, scroll_by_keys};

/// Keys that belong to the tables, menus and forms, not to an action.
const OTHERS: [(&str, &[&str]); 15] = [
    ("Move in the table", &["↑", "↓", "Page Up", "Page Down"]),
    ("First or last row", &["Home", "End"]),
    ("Extend the selection", &["Shift+↑", "Shift+↓"]),
    ("Select all rows", &["Ctrl+A"]),
    ("Find a row by its first letters", &["A–Z"]),
    ("Copy the cell or rows", &["Ctrl+C"]),
    ("Show or hide details", &["Space"]),
    ("Menu of the row", &["Menu", "Shift+F10"]),
    ("To the headers, and along them", &["↑", "←", "→"]),
    ("Expand or collapse a group", &["→", "←", "Enter"]),
    ("Sort by a second column", &["Shift+click"]),
    ("Menus", &["F10", "Alt"]),
    ("Confirm a dialog", &["Enter"]),
    ("Close a dialog, clear the search", &["Esc"]),
    ("Larger or smaller", &["Ctrl++", "Ctrl+−"]),
];

pub(super) fn shortcuts_ui(ui: &egui::Ui, commands: &mut Commands) {
    let closed = info_dialog_ui(ui, "shortcuts", "Keyboard shortcuts", 760.0, |ui| {
        let height = ui.ctx().content_rect().height() - 220.0;
        egui::ScrollArea::vertical().auto_shrink([false, true]).max_height(height).min_scrolled_height(height).show(
            ui,
            |ui| {
                ui.spacing_mut().item_spacing.x = space::XXL;
                ui.columns(2, |columns| {
                    if let [left, right] = columns {
                        left.spacing_mut().item_spacing.x = space::S;
                        right.spacing_mut().item_spacing.x = space::S;
                        for group in [Group::File, Group::Edit, Group::View, Group::Schedule] {
                            group_ui(left, group);
                        }
                        let os = right.ctx().os();
                        heading_ui(right, "Tables, menus and dialogs");
                        for (name, keys) in OTHERS {
                            line_ui(right, name, keys.iter().map(|keys| on_this_system(os, keys)));
                        }
                        group_ui(right, Group::Help);
                    }
                });
                scroll_by_keys(ui);
            },
        );
    });
    if closed {
        commands.push(Command::Window(WindowCommand::CloseDialog));
    }
}

/// The command key of macOS in place of Ctrl.
fn on_this_system(os: egui::os::OperatingSystem, keys: &str) -> String {
    if os.is_mac() { keys.replace("Ctrl+", "Cmd+") } else { keys.to_owned() }
}

fn heading_ui(ui: &mut egui::Ui, name: &str) {
    ui.add_space(space::S);
    small_ui(ui, name);
}

fn group_ui(ui: &mut egui::Ui, group: Group) {
    heading_ui(ui, group.name());
    for action in ACTIONS.iter().filter(|action| action.group == group && !action.keys.is_empty()) {
        let keys: Vec<String> = action.keys.iter().map(|keys| keys_text(ui, *keys)).collect();
        line_ui(ui, action.name, keys.into_iter());
    }
}

fn line_ui(ui: &mut egui::Ui, name: &str, keys: impl DoubleEndedIterator<Item = String>) {
    ui.spacing_mut().item_spacing.y = 2.0;
    ui.horizontal(|ui| {
        ui.label(name);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            // The scroll bar of a small window floats over the right edge.
            ui.add_space(space::S);
            ui.spacing_mut().item_spacing.x = space::XS;
            for keys in keys.rev() {
                kbd(ui, &keys);
            }
        });
    });
}
