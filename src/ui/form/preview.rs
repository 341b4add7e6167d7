//! The exact request before it is sent, its secrets hidden, and the same as a command for a shell.

use egui::{Frame, Layout, Margin, RichText, ScrollArea, Ui, UiBuilder};

use super::super::text::quiet_ui;
use crate::api::{RequestPreview, Shell};
use crate::model::Data;
use crate::msg::{Command, Commands, WindowCommand};
use crate::theme::{self, icon, radius, space};
use crate::widgets::{ActionButton, ButtonStyle, menu_button, menu_item};

/// A line that opens and closes the preview and copies the request, and below it the request. `preview_of` makes it: `None` while
/// the form is not complete.
pub(in crate::ui) fn preview_ui(
    ui: &mut Ui,
    data: &Data,
    is_open: &mut bool,
    preview_of: impl Fn() -> Option<RequestPreview>,
    commands: &mut Commands,
) {
    let tokens = theme::tokens(ui);
    let place = ui.available_rect_before_wrap();
    let place = place.with_max_y(place.top() + ui.spacing().interact_size.y);
    // What is in the buttons keeps to the edges of the fields; the padding around it reaches beyond.
    let line = UiBuilder::new()
        .max_rect(place.expand2(egui::vec2(space::S, 0.0)))
        .layout(Layout::left_to_right(egui::Align::Center));
    line_ui(&mut ui.new_child(line), data, is_open, &preview_of, commands);
    ui.advance_cursor_after_rect(place);
    if !*is_open {
        return;
    }
    let frame = Frame::new().fill(tokens.panel).corner_radius(radius::CARD).inner_margin(Margin::same(12));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        let Some(preview) = preview_of() else {
            return quiet_ui(ui, "Shown as soon as the form is complete");
        };
        ScrollArea::horizontal().id_salt("request").auto_shrink([false, true]).show(ui, |ui| {
            ui.vertical(|ui| {
                ui.label(RichText::new(preview.line()).monospace().color(tokens.text_secondary));
                let body = RichText::new(preview.body()).monospace();
                ui.add(egui::Label::new(body).extend().selectable(true));
            });
        });
    });
}

/// Opens and closes the preview, and copies the request.
fn line_ui(
    ui: &mut Ui,
    data: &Data,
    is_open: &mut bool,
    preview_of: impl Fn() -> Option<RequestPreview>,
    commands: &mut Commands,
) {
    let caret = if *is_open { icon::CARET_DOWN } else { icon::CARET_RIGHT };
    if ui.add(ActionButton::new(ButtonStyle::Quiet, "Request").icon(caret)).clicked() {
        *is_open = !*is_open;
    }
    ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
        let curl =
            ActionButton::new(ButtonStyle::Quiet, "Copy as curl").icon(icon::TERMINAL).trailing_icon(icon::CARET_DOWN);
        let can = data.session.open().is_some() && preview_of().is_some();
        let menu = ui.add_enabled_ui(can, |ui| {
            menu_button(ui, curl, |ui| {
                for shell in Shell::ALL {
                    if menu_item(ui, "", shell.name(), "").clicked()
                        && let (Some(preview), Some(open)) = (preview_of(), data.session.open())
                    {
                        let command = preview.curl(&open.url, shell);
                        commands.push(Command::Window(WindowCommand::Copy(command, "Curl command")));
                        ui.close();
                    }
                }
            })
        });
        menu.inner.on_hover_text("The key is a variable in it");
    });
}
