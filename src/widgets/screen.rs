//! What every screen begins with, and what groups things on it.

use egui::{Align, Layout, Response, RichText, Stroke, Ui};

use crate::theme::{self, space};

/// The title of a screen with how many and how old beside it; `actions` are drawn at the right edge, from right to left.
pub fn screen_title<R>(ui: &mut Ui, title: &str, detail: &str, actions: impl FnOnce(&mut Ui) -> R) -> R {
    let tokens = theme::tokens(ui);
    ui.horizontal(|ui| {
        ui.set_height(theme::height::BAR);
        let heading = ui.label(RichText::new(title).heading());
        heading.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Heading, true, title));
        ui.add_space(space::XS);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let done = actions(ui);
            // What is left of the line: nothing runs below the actions.
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                if !detail.is_empty() {
                    ui.add(egui::Label::new(RichText::new(detail).color(tokens.text_secondary)).truncate());
                }
            });
            done
        })
        .inner
    })
    .inner
}

/// The title of a section.
pub fn section_title(ui: &mut Ui, title: &str) -> Response {
    let response = ui.label(RichText::new(title).text_style(theme::section()));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Heading, true, title));
    response
}

/// A hairline across the space at hand, without a gap around it.
pub fn panel_separator(ui: &mut Ui) {
    let tokens = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(egui::vec2(ui.available_width(), 1.0), egui::Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(1.0, tokens.line_subtle));
}
