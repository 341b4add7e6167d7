//! One of many, in a list that opens.

use egui::{ComboBox, Response, TextStyle, Ui};

use super::menu::begin_menu;
use super::paint;
use crate::domain::sanitize_for_display;
use crate::theme::{self, icon, radius, space};

/// A box over the width at hand that shows `chosen` and opens a list; `options` draws it, with [`select_option`] for each line.
///
/// `id` tells it from other boxes of the same screen. Name it with `labelled_field` or `accessible_name`.
pub fn select_box(ui: &mut Ui, id: &str, chosen: &str, options: impl FnOnce(&mut Ui)) -> Response {
    let width = ui.available_width();
    ComboBox::from_id_salt(id)
        .width(width)
        .truncate()
        .icon(|ui, rect, _, _| {
            let colour = theme::tokens(ui).text_secondary;
            paint::icon(ui.painter(), rect.center(), icon::CARET_DOWN, 13.0, colour);
        })
        .selected_text(chosen)
        .show_ui(ui, |ui| {
            begin_menu(ui);
            ui.set_width(width - 2.0 * space::XS);
            options(ui);
        })
        .response
}

/// A line of a [`select_box`]: words, and more about them in secondary at the right (or `""`). Give it back as clicked to choose it.
pub fn select_option(ui: &mut Ui, words: &str, detail: &str, is_chosen: bool) -> Response {
    let tokens = theme::tokens(ui);
    let size = egui::vec2(ui.available_width(), theme::height::ROW);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ListBoxOption, ui.is_enabled(), words));
    paint::selected(&response, is_chosen);
    let painter = ui.painter();
    if is_chosen || response.hovered() {
        painter.rect_filled(rect, radius::CONTROL, if is_chosen { tokens.selected } else { tokens.hover });
    }
    let y = rect.center().y;
    let small = TextStyle::Small.resolve(ui.style());
    let more = paint::line(painter, detail, small, tokens.text_secondary, rect.width() * 0.5);
    let right = rect.right() - space::S - more.size().x;
    let left = rect.left() + space::S;
    let body = TextStyle::Body.resolve(ui.style());
    let text = paint::line(painter, words, body, tokens.text, right - space::S - left);
    let is_cut = text.elided;
    paint::left_centred(painter, left, y, text, tokens.text);
    paint::left_centred(painter, right, y, more, tokens.text_secondary);
    paint::focus_ring(ui, &response, rect);
    let response = if is_cut { response.on_hover_text(words) } else { response };
    if response.clicked() {
        ui.close();
    }
    response
}

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
    let figures = paint::line(painter, id, font(theme::mono()), tokens.text_secondary, rect.width() * 0.4);
    let figures_left = right - figures.size().x;
    paint::left_centred(painter, figures_left, upper, figures, tokens.text_secondary);
    let text = paint::line(painter, name, font(theme::body()), tokens.text, figures_left - left - space::M);
    let more = paint::line(painter, detail, font(theme::small()), tokens.text_secondary, right - left);
    let is_cut = text.elided || more.elided;
    paint::left_centred(painter, left, upper, text, tokens.text);
    paint::left_centred(painter, left, lower, more, tokens.text_secondary);
    paint::focus_ring(ui, &response, rect);
    if is_cut { response.on_hover_text(words) } else { response }
}
