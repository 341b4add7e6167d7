//! The exact request before it is sent, its secrets hidden, and the same as a command for a shell.

use egui::{Frame, Layout, Margin, RichText, ScrollArea, Ui};

use super::request::Verdict;
use crate::model::{Data, ScheduleForm};
use crate::msg::{Command, Commands};
use crate::theme::{self, icon, radius};
use crate::widgets::{ActionButton, Weight};

pub(super) fn preview_ui(
    ui: &mut Ui,
    data: &Data,
    form: &mut ScheduleForm,
    verdict: &Verdict,
    commands: &mut Commands,
) {
    let tokens = theme::tokens(ui);
    ui.horizontal(|ui| {
        let caret = if form.preview { icon::CARET_DOWN } else { icon::CARET_RIGHT };
        if ui.add(ActionButton::new(Weight::Quiet, "Request").icon(caret)).clicked() {
            form.preview = !form.preview;
        }
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            let curl = ActionButton::new(Weight::Quiet, "Copy as curl").icon(icon::TERMINAL);
            let can = verdict.request.is_ok() && data.session.open().is_some();
            if ui.add_enabled(can, curl).on_hover_text("The key is a variable in it").clicked()
                && let (Ok(request), Some(open)) = (&verdict.request, data.session.open())
            {
                commands.push(Command::Copy(request.curl(&open.url), "Curl command"));
            }
        });
    });
    if !form.preview {
        return;
    }
    let frame = Frame::new().fill(tokens.panel).corner_radius(radius::CARD).inner_margin(Margin::same(12));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        let Ok(request) = &verdict.request else {
            ui.label(RichText::new("Shown as soon as the form is complete").color(tokens.text_secondary));
            return;
        };
        ScrollArea::horizontal().id_salt("request").auto_shrink([false, true]).show(ui, |ui| {
            ui.vertical(|ui| {
                ui.label(RichText::new(request.line()).monospace().color(tokens.text_secondary));
                let body = RichText::new(request.body_text()).monospace();
                ui.add(egui::Label::new(body).extend().selectable(true));
            });
        });
    });
}
