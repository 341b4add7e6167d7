//! A choice of colors.

use egui::{Color32, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use super::paint;
use crate::theme::{self, icon};

/// The side of the square that takes the click, in points.
const SIDE: f32 = 24.0;
/// The radius of the disc in it.
const RADIUS: f32 = 8.0;

/// One of `options`, each a name and its color (none is an empty ring), side by side; tells whether `chosen` changed. The chosen
/// one has a check mark, and each says its name.
pub fn swatches(ui: &mut Ui, options: &[(&str, Option<Color32>)], chosen: &mut usize) -> bool {
    let tokens = theme::tokens(ui);
    let mut changed = false;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (number, (name, color)) in options.iter().enumerate() {
            let is_on = *chosen == number;
            let (rect, response) = ui.allocate_exact_size(vec2(SIDE, SIDE), Sense::click());
            response.widget_info(|| WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), is_on, name));
            if response.hovered() && ui.is_enabled() {
                ui.painter().rect_filled(rect, theme::radius::CONTROL, tokens.hover);
            }
            let (centre, sign) = match color {
                Some(color) => (*color, tokens.raised),
                None => (Color32::TRANSPARENT, tokens.text),
            };
            let ring = Stroke::new(1.0, color.unwrap_or(tokens.text_secondary));
            ui.painter().circle(rect.center(), RADIUS, centre, ring);
            if is_on {
                paint::icon(ui.painter(), rect.center(), icon::CHECK, 12.0, sign);
            }
            paint::focus_ring(ui, &response, rect);
            if response.clicked() && !is_on {
                *chosen = number;
                changed = true;
            }
            response.on_hover_text(*name);
        }
    });
    changed
}
