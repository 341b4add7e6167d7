//! The shape of what is being loaded.

use egui::{Sense, Ui, WidgetInfo, vec2};

use crate::theme::{self, space};

/// Grey bars where `rows` lines of a list will stand.
pub fn skeleton_rows_ui(ui: &mut Ui, rows: usize) {
    /// Widths as parts of the whole, so that it looks like words.
    const WIDTHS: [f32; 5] = [0.62, 0.48, 0.71, 0.39, 0.55];
    const BAR: f32 = 8.0;
    let tokens = theme::tokens(ui);
    let width = ui.available_width();
    let size = vec2(width, theme::height::ROW * rows as f32);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::ProgressIndicator, true, "Loading"));
    for (row, part) in WIDTHS.iter().cycle().take(rows).enumerate() {
        let y = rect.top() + (row as f32 + 0.5) * theme::height::ROW;
        let bar = egui::Rect::from_min_size(
            egui::pos2(rect.left() + space::M, y - BAR / 2.0),
            vec2((width - 2.0 * space::M).max(0.0) * part, BAR),
        );
        ui.painter().rect_filled(bar, BAR / 2.0, tokens.line_subtle);
    }
}
