//! Saved views: their lines in the rail, the dialog that saves one, and the dialog that renames, orders, deletes and hands them on.

use egui::{Align, Layout, ScrollArea, TextEdit, Ui};

use super::confirm::ask_ui;
use super::text::{quiet_ui, small_ui};
use crate::model::{Data, View};
use crate::msg::{Command, Commands, ViewsCommand, WindowCommand};
use crate::theme::{icon, space};
use crate::widgets::{
    ModalDialog, focus_on_open, icon_button, info_dialog_ui, labelled_field, link_button, secondary_button, text_field,
};

/// The width of the field of a name in the list.
const NAME: f32 = 260.0;

fn push(commands: &mut Commands, command: ViewsCommand) {
    commands.push(Command::Views(command));
}

/// Under which name the table of the screen is saved.
pub(super) fn save_view_ui(ui: &Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let name = &mut view.views.name;
    let is_known = data.settings.saved_views.iter().any(|saved| saved.name == name.trim());
    let dialog = ModalDialog {
        id: "save-view",
        title: "Save view",
        width: 420.0,
        confirm: if is_known { "Replace view" } else { "Save view" },
        cancel: "Cancel",
        is_danger: false,
        can_confirm: !name.trim().is_empty(),
    };
    let is_confirmed = ask_ui(ui, &dialog, commands, |ui, _| {
        let field = labelled_field(ui, "Name", "", None, |ui| text_field(ui, name, "Failed this week"));
        focus_on_open(ui, &field);
        ui.add_space(space::XS);
        let what =
            "Filter, search, columns and sort of this table. A period such as the last 7 days moves with the time";
        small_ui(ui, what);
    });
    if is_confirmed {
        push(commands, ViewsCommand::Save(name.clone()));
    }
}

/// All views: names, order, deletion, and the text to hand on.
pub(super) fn saved_views_ui(ui: &Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let saved = &data.settings.saved_views;
    let is_closed = info_dialog_ui(ui, "saved-views", "Saved views", 480.0, |ui| {
        if saved.is_empty() {
            quiet_ui(ui, "No views yet. Filter a table and choose \"Save view…\" in the View menu");
        }
        let height = (ui.ctx().content_rect().height() - 380.0).clamp(96.0, 320.0);
        let area = ScrollArea::vertical().max_height(height).auto_shrink([false, true]);
        area.show(ui, |ui| {
            for (at, old) in saved.iter().map(|view| view.name.clone()).enumerate() {
                ui.push_id(at, |ui| ui.horizontal(|ui| line_ui(ui, view, (at, &old), data, commands)));
            }
        });
        ui.add_space(space::S);
        text_ui(ui, data, &mut view.views.text, commands);
    });
    if is_closed {
        commands.push(Command::Window(WindowCommand::CloseDialog));
    }
}

fn line_ui(ui: &mut Ui, view: &mut View, (at, old): (usize, &str), data: &Data, commands: &mut Commands) {
    let saved = &data.settings.saved_views;
    if let Some(name) = view.view_names(saved).get_mut(at) {
        let label = format!("Name of view {old}");
        let field = ui.scope(|ui| {
            ui.set_max_width(NAME);
            text_field(ui, name, "").accessible_name(&label)
        });
        if field.inner.lost_focus() && name != old {
            push(commands, ViewsCommand::Rename { from: old.to_owned(), to: name.clone() });
        }
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        if icon_button(ui, icon::TRASH, &format!("Delete view {old}")).clicked() {
            push(commands, ViewsCommand::Delete(old.to_owned()));
        }
        let steps = [
            (at + 1 < saved.len(), icon::ARROW_DOWN, "down", at + 1),
            (at > 0, icon::ARROW_UP, "up", at.saturating_sub(1)),
        ];
        for (can, glyph, way, to) in steps {
            ui.add_enabled_ui(can, |ui| {
                if icon_button(ui, glyph, &format!("Move view {old} {way}")).clicked() {
                    push(commands, ViewsCommand::Move { from: at, to });
                }
            });
        }
    });
}

/// The views as a text to hand on, and a text to take them from.
fn text_ui(ui: &mut Ui, data: &Data, text: &mut String, commands: &mut Commands) {
    if !data.settings.saved_views.is_empty() && link_button(ui, "Copy all views as text").clicked() {
        push(commands, ViewsCommand::Copy);
    }
    labelled_field(ui, "Add views from a text", "As copied here, or as in the settings file", None, |ui| {
        ui.add(TextEdit::multiline(text).desired_rows(2).desired_width(f32::INFINITY))
    });
    let add = ui.add_enabled_ui(!text.trim().is_empty(), |ui| secondary_button(ui, "Add views")).inner;
    if add.clicked() {
        push(commands, ViewsCommand::Import(text.clone()));
    }
}
