//! The search field.

use egui::{EventFilter, Key, Modifiers, Response, RichText, TextEdit, Ui, vec2};

use super::paint;
use crate::theme::{self, icon, space};

/// A field with a magnifying glass and, once something is typed, a cross; Esc in it clears. Named "Search".
pub fn search_field(ui: &mut Ui, text: &mut String, hint: &str) -> Response {
    const ICON_WIDTH: f32 = 28.0;
    let tokens = theme::tokens(ui);
    let has_text = !text.is_empty();
    let edit = TextEdit::singleline(text)
        .hint_text(RichText::new(hint).color(tokens.text_faint))
        .desired_width(ui.available_width())
        .margin(paint::field_margin(ui, 28));
    // Esc clears first; in an empty field it leaves.
    let filter = EventFilter { escape: has_text, ..edit.get_event_filter() };
    let mut response = ui.add(edit.event_filter(filter)).accessible_name("Search");
    let rect = response.rect;
    let glass = egui::pos2(rect.left() + ICON_WIDTH / 2.0, rect.center().y);
    paint::icon(ui.painter(), glass, icon::SEARCH, 15.0, tokens.text_faint);
    if !text.is_empty() {
        let side = rect.height() - space::XS;
        let cross = egui::Rect::from_center_size(
            egui::pos2(rect.right() - rect.height() / 2.0, rect.center().y),
            vec2(side, side),
        );
        let is_escape = response.has_focus() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
        let is_clicked = |ui: &mut Ui| {
            ui.spacing_mut().interact_size.y = side;
            super::button::icon_button(ui, icon::CLOSE, "Clear search").clicked()
        };
        let is_clicked = ui.scope_builder(egui::UiBuilder::new().max_rect(cross), is_clicked).inner;
        if is_escape || is_clicked {
            text.clear();
            response.mark_changed();
            response.request_focus();
        }
    }
    response
}
