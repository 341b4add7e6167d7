//! A small chart of values in the order of time, the last of which is looked at.

use egui::{Color32, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::theme;

/// The height of the chart.
const HEIGHT: f32 = 44.0;
/// The widest a bar gets, with its gap.
const PITCH: f32 = 12.0;
/// A value that is 0 is drawn this high.
const LEAST: f32 = 2.0;

/// What a chart shows.
pub struct TrendChart<'a> {
    /// The values, oldest first, from 0 to 1; `None` for one that is not known, which is a dot.
    pub values: &'a [Option<f32>],
    /// The middle value, as a dashed line.
    pub median: Option<f32>,
    /// The color of the last value.
    pub color: Color32,
    /// All of it in words.
    pub name: &'a str,
    /// What one value is, in words.
    pub words: &'a dyn Fn(usize) -> String,
}

/// Draws a chart. Its values have tooltips; for a screen reader it is one thing, whose name tells what it shows.
pub fn trend_chart_ui(ui: &mut Ui, chart: &TrendChart<'_>) {
    let tokens = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, chart.name));
    let pitch = (rect.width() / chart.values.len().max(1) as f32).min(PITCH);
    let y = |value: f32| rect.bottom() - (value.clamp(0.0, 1.0) * (HEIGHT - 2.0)).max(LEAST);
    for (number, value) in chart.values.iter().enumerate() {
        let left = rect.left() + pitch * number as f32;
        let column = Rect::from_min_max(pos2(left, rect.top()), pos2(left + pitch, rect.bottom()));
        let is_last = number + 1 == chart.values.len();
        let color = if is_last { chart.color } else { tokens.text_faint };
        match value {
            Some(value) => {
                let bar = Rect::from_min_max(pos2(left + 1.0, y(*value)), pos2(left + pitch - 1.0, rect.bottom()));
                ui.painter().rect_filled(bar, 1, color);
                if is_last {
                    ui.painter().rect_stroke(bar, 1, Stroke::new(1.0, tokens.text), StrokeKind::Outside);
                }
            }
            None => {
                ui.painter().circle_filled(pos2(column.center().x, rect.bottom() - 3.0), 1.5, color);
            }
        }
        let cell = ui.interact(column, response.id.with(number), Sense::hover());
        cell.on_hover_ui(|ui| {
            ui.label((chart.words)(number));
        });
    }
    if let Some(median) = chart.median {
        let right = rect.left() + pitch * chart.values.len() as f32;
        let ends = [pos2(rect.left(), y(median)), pos2(right, y(median))];
        ui.painter().extend(Shape::dashed_line(&ends, Stroke::new(1.0, tokens.text_secondary), 3.0, 3.0));
    }
}
