//! Small help for widgets that paint themselves.

use std::sync::Arc;

use egui::accesskit::Live;
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{
    Align2, Color32, FontId, Galley, Id, Key, Label, Margin, Modifiers, Painter, Popup, Pos2, Rect, Response, RichText,
    Sense, Stroke, StrokeKind, TextStyle, Ui, UiBuilder, pos2, vec2,
};

use crate::domain::sanitize_for_display;
use crate::theme;

/// One line of text, cut with … where it is wider than `max_width`.
pub(super) fn line(painter: &Painter, text: &str, font: FontId, color: Color32, max_width: f32) -> Arc<Galley> {
    painter.layout_job(line_job(text, font, color, max_width))
}

/// What [`line`] lays out.
pub(super) fn line_job(text: &str, font: FontId, color: Color32, max_width: f32) -> LayoutJob {
    // Whatever is painted as one line may come from outside.
    let text = sanitize_for_display(text).into_owned();
    let mut job = LayoutJob::single_section(text, TextFormat::simple(font, color));
    job.break_on_newline = false;
    job.wrap = TextWrapping::truncate_at_width(max_width.max(0.0));
    job
}

/// One line of text in this style, as wide as it is.
pub(super) fn whole_line(ui: &Ui, text: &str, style: &TextStyle, color: Color32) -> Arc<Galley> {
    line(ui.painter(), text, style.resolve(ui.style()), color, f32::INFINITY)
}

/// Paints `galley` with its left edge at `x`, centered on `y`.
pub(super) fn left_centered(painter: &Painter, x: f32, y: f32, galley: Arc<Galley>, color: Color32) {
    let top = y - galley.size().y / 2.0;
    painter.galley(pos2(x, top), galley, color);
}

/// Paints an icon centered on `at`.
pub fn icon(painter: &Painter, at: Pos2, glyph: &str, size: f32, color: Color32) {
    painter.text(at, Align2::CENTER_CENTER, glyph, theme::icon_font(size), color);
}

/// The one focus ring: 2 points of accent just inside `rect`, while `response` has the keyboard.
pub(super) fn focus_ring(ui: &Ui, response: &Response, rect: Rect) {
    if response.has_focus() {
        let stroke = Stroke::new(2.0, theme::tokens(ui).accent_text);
        ui.painter().rect_stroke(rect, f32::from(theme::radius::CONTROL), stroke, StrokeKind::Inside);
    }
}

/// Tells a screen reader that something is selected, or not. egui's own word for it would be read as "checked".
pub fn selected(response: &Response, is_selected: bool) {
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.clear_toggled();
        node.set_selected(is_selected);
    });
}

/// A scope of this role and name that a screen reader speaks as soon as it is there, and whenever its name changes. AccessKit hands
/// politeness down, so it is taken back for what is inside: else every word of a notice would be spoken twice.
pub fn live_region<T>(ui: &mut Ui, scope: UiBuilder, politeness: Live, add: impl FnOnce(&mut Ui) -> T) -> T {
    let speak = |ui: &Ui, live| ui.ctx().accesskit_node_builder(ui.unique_id(), |node| node.set_live(live));
    let whole = ui.scope_builder(scope, |ui| {
        speak(ui, politeness);
        let inner = ui.scope(|ui| {
            speak(ui, Live::Off);
            add(ui)
        });
        inner.inner
    });
    whole.inner
}

/// Lets a screen reader speak the name of this widget whenever it changes, once it has said what it is saying.
pub fn speak_changes(response: &Response) {
    response.ctx.accesskit_node_builder(response.id, |node| node.set_live(Live::Polite));
}

/// An icon where a word could stand; for the eye alone, so it has no name.
pub fn glyph_ui(ui: &mut Ui, glyph: &str, style: &TextStyle, color: Color32) {
    let size = style.resolve(ui.style()).size + 2.0;
    icon_column(ui, glyph, size, style, color);
}

/// One line below a field: a glyph that no reader speaks, and beside it the small text, wrapped.
pub(super) fn note_ui(ui: &mut Ui, glyph: &str, text: &str, color: Color32) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = theme::space::XS;
        glyph_ui(ui, glyph, &TextStyle::Small, color);
        ui.add(Label::new(RichText::new(text).small().color(color)).wrap());
    });
}

/// Takes a column for an icon beside text: as high as a line of `style`, the icon centered in that line.
pub(super) fn icon_column(ui: &mut Ui, glyph: &str, size: f32, style: &TextStyle, color: Color32) {
    let line_height = ui.text_style_height(style);
    let (rect, _) = ui.allocate_exact_size(vec2(size, line_height), Sense::hover());
    icon(ui.painter(), rect.center(), glyph, size, color);
}

/// The margin that makes a line of text as high as a button.
#[expect(clippy::cast_possible_truncation, reason = "a few points at most")]
pub(super) fn field_margin(ui: &Ui, side: i8) -> Margin {
    let spacing = ui.spacing();
    let line_height = ui.text_style_height(&TextStyle::Body) + spacing.extra_text_line_spacing;
    let above = ((spacing.interact_size.y - line_height) / 2.0).round().max(2.0);
    Margin::symmetric(side, above as i8)
}

/// The context menu of `response` is open. What `Response::context_menu_opened` tells, without a popup being made to ask it.
pub(super) fn has_context_menu(response: &Response) -> bool {
    Popup::is_id_open(&response.ctx, Popup::default_response_id(response))
}

/// Shows `text` as the tooltip of `response`. `Response::on_hover_text` makes a popup in every frame only to find that the pointer is
/// somewhere else.
pub(super) fn tooltip(response: Response, text: &str) -> Response {
    let may_show = response.hovered() || response.is_tooltip_open();
    if may_show || response.ctx.has_accesskit_node(response.id) { response.on_hover_text(text) } else { response }
}

/// Scrolls what has just got the keyboard into sight. Called at the end of what a scroll area shows.
pub fn keep_focus_in_sight(ui: &Ui) {
    let slot = ui.scope_id().with("focus in sight");
    let focused = ui.memory(egui::Memory::focused);
    let before: Option<Id> = ui.data(|data| data.get_temp(slot)).flatten();
    if focused == before {
        return;
    }
    ui.data_mut(|data| data.insert_temp(slot, focused));
    let Some(response) = focused.and_then(|id| ui.ctx().read_response(id)) else { return };
    let is_inside = response.layer_id == ui.layer_id() && ui.min_rect().intersects(response.rect);
    if is_inside {
        ui.scroll_to_rect(response.rect.expand(theme::space::S), None);
    }
}

/// Scrolls by the keys that move through a page. Called inside a scroll area in a dialog that has nothing in it for the keyboard.
pub fn scroll_by_keys(ui: &Ui) {
    let line = 2.0 * theme::height::ROW;
    let page = (ui.clip_rect().height() - line).max(line);
    let all = ui.min_rect().height();
    let steps = [
        (Key::ArrowDown, -line),
        (Key::ArrowUp, line),
        (Key::PageDown, -page),
        (Key::PageUp, page),
        (Key::End, -all),
        (Key::Home, all),
    ];
    for (key, step) in steps {
        let presses = ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        if presses > 0 {
            ui.scroll_with_delta(vec2(0.0, step * presses as f32));
        }
    }
}

/// Gives `response` the keyboard when it was not on screen in the frame before: for the first field or the safe button of what opens.
pub fn focus_on_open(ui: &Ui, response: &Response) {
    if is_opening(ui, response) {
        response.request_focus();
    }
}

/// `response` was not on screen in the frame before. Asked once a frame.
pub(super) fn is_opening(ui: &Ui, response: &Response) -> bool {
    let seen = response.id.with("seen in pass");
    let pass = ui.cumulative_pass_nr();
    let last: Option<u64> = ui.data(|data| data.get_temp(seen));
    ui.data_mut(|data| data.insert_temp(seen, pass));
    last.is_none_or(|last| last + 1 < pass)
}
