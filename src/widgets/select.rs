//! A line of a list in a form.

use egui::{Response, TextStyle, Ui};

use super::paint;
use crate::domain::sanitize_for_display;
use crate::theme::{self, radius, space};

/// The height of a [`pick_line`], in points.
pub const PICK_LINE_HEIGHT: f32 = 44.0;

/// Two lines of a list in a form: a name and its id in figures, and below them more about it. All of it is its accessible name.
pub fn pick_line(ui: &mut Ui, name: &str, id: &str, detail: &str, is_chosen: bool) -> Response {
    let tokens = theme::tokens(ui);
    let size = egui::vec2(ui.available_width(), PICK_LINE_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::click());
    let words = sanitize_for_display(&format!("{name}  {id}  {detail}")).into_owned();
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ListBoxOption, ui.is_enabled(), &words));
    paint::selected(&response, is_chosen);
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let painter = ui.painter();
    if is_chosen || (response.hovered() && ui.is_enabled()) {
        painter.rect_filled(rect, radius::CONTROL, if is_chosen { tokens.selected } else { tokens.hover });
    }
    let font = |style: TextStyle| style.resolve(ui.style());
    let (left, right) = (rect.left() + space::S, rect.right() - space::S);
    let (upper, lower) = (rect.top() + 14.0, rect.bottom() - 13.0);
    let figures = paint::line(painter, id, font(TextStyle::Monospace), tokens.text_secondary, rect.width() * 0.4);
    let figures_left = right - figures.size().x;
    paint::left_centered(painter, figures_left, upper, figures, tokens.text_secondary);
    let text = paint::line(painter, name, font(TextStyle::Body), tokens.text, figures_left - left - space::M);
    let more = paint::line(painter, detail, font(TextStyle::Small), tokens.text_secondary, right - left);
    let is_cut = text.elided || more.elided;
    paint::left_centered(painter, left, upper, text, tokens.text);
    paint::left_centered(painter, left, lower, more, tokens.text_secondary);
    paint::focus_ring(ui, &response, rect);
    if is_cut { response.on_hover_text(words) } else { response }
}
