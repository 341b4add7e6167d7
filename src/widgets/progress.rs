//! How far something has come.

use egui::{Response, Role, Sense, TextStyle, Ui, WidgetInfo, vec2};

use super::paint;
use crate::theme::{self, space};

/// A thin bar with words under it. Without a `fraction` (0 to 1) the bar is a full quiet line: the end is not known.
pub fn progress_bar(ui: &mut Ui, fraction: Option<f32>, text: &str) -> Response {
    const BAR: f32 = 4.0;
    let tokens = theme::tokens(ui);
    let width = ui.available_width();
    let font = TextStyle::Small.resolve(ui.style());
    let words = paint::line(ui.painter(), text, font, tokens.text_secondary, width);
    let height = if text.is_empty() { BAR } else { BAR + space::XS + words.size().y };
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, text);
        info.value = fraction.map(|fraction| f64::from(fraction * 100.0));
        info
    });
    let bar = egui::Rect::from_min_size(rect.min, vec2(width, BAR));
    let painter = ui.painter();
    painter.rect_filled(bar, 2, tokens.line_subtle);
    let done = fraction.map_or(1.0, |fraction| fraction.clamp(0.0, 1.0));
    let color = if fraction.is_some() { tokens.accent_fill } else { tokens.line_strong };
    painter.rect_filled(egui::Rect::from_min_size(bar.min, vec2(width * done, BAR)), 2, color);
    if !text.is_empty() {
        painter.galley(egui::pos2(rect.left(), bar.bottom() + space::XS), words, tokens.text_secondary);
    }
    response
}
