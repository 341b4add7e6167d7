//! A few choices side by side, all in sight: one of them, or any of them.

use egui::{Rect, Role, Sense, Stroke, StrokeKind, TextStyle, Ui, WidgetInfo, vec2};

use super::paint;
use crate::theme::{self, radius, space};

/// One of `options`, side by side; tells whether `chosen` changed.
pub fn segmented(ui: &mut Ui, options: &[&str], chosen: &mut usize) -> bool {
    let clicked = layout_ui(ui, options, Role::RadioButton, |number| number == *chosen);
    let changed = clicked.filter(|number| number != chosen);
    *chosen = changed.unwrap_or(*chosen);
    changed.is_some()
}

/// Any of `options`, side by side; tells which one was switched. `is_on` says which are on.
pub fn toggles(ui: &mut Ui, options: &[&str], is_on: impl Fn(usize) -> bool) -> Option<usize> {
    layout_ui(ui, options, Role::CheckBox, is_on)
}

/// Draws them; the one clicked.
fn layout_ui(ui: &mut Ui, options: &[&str], role: Role, is_on: impl Fn(usize) -> bool) -> Option<usize> {
    let tokens = theme::tokens(ui);
    let words: Vec<_> = options
        .iter()
        .map(|text| paint::whole_line(ui, text, &TextStyle::Button, egui::Color32::PLACEHOLDER))
        .collect();
    let height = ui.spacing().interact_size.y;
    let total: f32 = words.iter().map(|galley| galley.size().x + 2.0 * space::M).sum();
    let (rect, _) = ui.allocate_exact_size(vec2(total + 4.0, height), Sense::hover());
    let line = Stroke::new(1.0, tokens.line_strong);
    ui.painter().rect(rect, radius::CONTROL + 1, tokens.panel, line, StrokeKind::Inside);
    let mut clicked = None;
    let mut left = rect.left() + 2.0;
    for (number, (text, galley)) in options.iter().zip(words).enumerate() {
        let width = galley.size().x + 2.0 * space::M;
        let part = Rect::from_min_size(egui::pos2(left, rect.top() + 2.0), vec2(width, height - 4.0));
        left += width;
        let response =
            ui.interact(part, ui.scope_id().with(("segment", number, rect.left().to_bits())), Sense::click());
        let is_on = is_on(number);
        response.widget_info(|| WidgetInfo::selected(role, ui.is_enabled(), is_on, text));
        let painter = ui.painter();
        if is_on {
            painter.rect_filled(part, radius::CONTROL - 1, tokens.selected);
        } else if response.hovered() && ui.is_enabled() {
            painter.rect_filled(part, radius::CONTROL - 1, tokens.hover);
        }
        let color = if is_on { tokens.accent_text } else { tokens.text_secondary };
        let x = part.center().x - galley.size().x / 2.0;
        paint::left_centered(painter, x, part.center().y, galley, color);
        paint::focus_ring(ui, &response, part);
        if response.clicked() {
            clicked = Some(number);
        }
    }
    clicked
}
