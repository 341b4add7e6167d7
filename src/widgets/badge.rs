//! Small badges: status, label, key.

use egui::{Color32, Response, Role, Sense, Stroke, StrokeKind, TextStyle, Ui, WidgetInfo, vec2};

use super::paint;
use crate::domain::{SeenState, StatusKind};
use crate::grid::Row;
use crate::theme::{self, Tokens, icon, space};

/// The icon and color of a status: the same on every screen.
#[must_use]
pub const fn status_icon(kind: StatusKind, tokens: &Tokens) -> (&'static str, Color32) {
    match kind {
        StatusKind::Good => (icon::CHECK_CIRCLE, tokens.ok),
        StatusKind::Bad => (icon::X_CIRCLE, tokens.bad),
        StatusKind::Running => (icon::RUNNING, tokens.running),
        StatusKind::Queued => (icon::CLOCK, tokens.info),
        StatusKind::Other => (icon::CIRCLE_DASHED, tokens.text_secondary),
    }
}

/// The same for a row: a suspended schedule waits for nothing, so it has not the color of one that does.
#[must_use]
pub fn row_status_icon<R: Row>(row: &R, tokens: &Tokens) -> (&'static str, Color32) {
    match row.status_kind() {
        StatusKind::Queued | StatusKind::Other if row.suspended() => (icon::PAUSE, tokens.text_secondary),
        kind => status_icon(kind, tokens),
    }
}

/// The icon and color of what the history knows of a row.
pub(super) const fn seen_state_icon(state: SeenState, tokens: &Tokens) -> (&'static str, Color32) {
    match state {
        SeenState::Listed => (icon::CLOUD_CHECK, tokens.text),
        SeenState::Expired => (icon::HOURGLASS, tokens.text_secondary),
        SeenState::Gone => (icon::CLOUD_SLASH, tokens.text_secondary),
    }
}

/// An icon and a word in the color of their meaning.
pub fn status_badge(ui: &mut Ui, icon: &str, word: &str, color: Color32) -> Response {
    const ICON: f32 = 15.0;
    let words = paint::whole_line(ui, word, &TextStyle::Body, color);
    let size = vec2(ICON + space::XS + 2.0 + words.size().x, words.size().y.max(ICON));
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, word));
    let y = rect.center().y;
    paint::icon(ui.painter(), egui::pos2(rect.left() + ICON / 2.0, y), icon, ICON, color);
    paint::left_centered(ui.painter(), rect.left() + ICON + space::XS + 2.0, y, words, color);
    response
}

/// A word in an outline of its colour, such as PROD.
pub fn tag(ui: &mut Ui, text: &str, color: Color32) -> Response {
    pill(ui, text, color, color.gamma_multiply(0.12), color.gamma_multiply(0.45))
}

/// The keys of a shortcut.
pub fn kbd(ui: &mut Ui, keys: &str) -> Response {
    let tokens = theme::tokens(ui);
    pill(ui, keys, tokens.text_secondary, tokens.base, tokens.line_strong)
}

fn pill(ui: &mut Ui, text: &str, color: Color32, fill: Color32, line: Color32) -> Response {
    const HEIGHT: f32 = 18.0;
    let words = paint::whole_line(ui, text, &TextStyle::Small, color);
    let width = (words.size().x + 2.0 * 5.0).max(HEIGHT);
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    ui.painter().rect(rect, theme::radius::CONTROL, fill, Stroke::new(1.0, line), StrokeKind::Inside);
    let x = rect.center().x - words.size().x / 2.0;
    paint::left_centered(ui.painter(), x, rect.center().y, words, color);
    response
}
