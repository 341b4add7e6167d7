//! Rows of a detail pane: a name, a value, and a way to copy it.

use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Color32, Layout, Rect, Response, RichText, Role, Sense, TextStyle, Ui, UiBuilder, WidgetInfo, vec2};

use super::button::icon_button;
use super::paint;
use crate::theme::{self, icon, space};

/// A name in a fixed column, with `help` as its tooltip, and a value that wraps; a button copies the value. Empty values show as a dash.
pub fn key_value(ui: &mut Ui, name: &str, help: &str, value: &str, style: TextStyle) -> Response {
    row(ui, name, help, value, |ui| {
        let text = RichText::new(if value.is_empty() { "–" } else { value }).text_style(style);
        let text = if value.is_empty() { text.color(theme::tokens(ui).text_faint) } else { text };
        ui.add(egui::Label::new(text).wrap().selectable(true));
    })
}

/// The same with an icon and word in a color, for a status.
pub fn key_value_icon(ui: &mut Ui, name: &str, help: &str, glyph: &str, word: &str, color: Color32) -> Response {
    row(ui, name, help, word, |ui| {
        super::badge::status_badge(ui, glyph, word, color);
    })
}

/// The same for an instant: one line per clock, each a time and the name of its zone. The first one is copied.
pub fn key_value_clocks(ui: &mut Ui, name: &str, help: &str, clocks: &[(String, String)]) -> Response {
    let copied = clocks.first().map(|(time, zone)| format!("{time} {zone}")).unwrap_or_default();
    key_value_lines(ui, name, help, clocks, &copied)
}

/// The same for a value in several lines, each a figure and its unit; `copied` is what the button copies.
pub fn key_value_lines(ui: &mut Ui, name: &str, help: &str, lines: &[(String, String)], copied: &str) -> Response {
    row(ui, name, help, copied, |ui| {
        let tokens = theme::tokens(ui);
        let (mono, small) = (TextStyle::Monospace.resolve(ui.style()), TextStyle::Small.resolve(ui.style()));
        ui.spacing_mut().item_spacing.y = 2.0;
        for (number, (figure, unit)) in lines.iter().enumerate() {
            let color = if number == 0 { tokens.text } else { tokens.text_secondary };
            let mut job = LayoutJob::default();
            job.append(figure, 0.0, TextFormat::simple(mono.clone(), color));
            job.append(&format!(" {unit}"), 0.0, TextFormat::simple(small.clone(), tokens.text_secondary));
            ui.add(egui::Label::new(job).truncate().selectable(true));
        }
    })
}

fn row(ui: &mut Ui, name: &str, help: &str, value: &str, add: impl FnOnce(&mut Ui)) -> Response {
    let tokens = theme::tokens(ui);
    let size = vec2(ui.available_width(), ui.spacing().interact_size.y);
    let whole = Rect::from_min_size(ui.available_rect_before_wrap().min, size);
    let row = UiBuilder::new().id_salt(name).max_rect(whole).layout(Layout::left_to_right(Align::Min));
    let row = ui.scope_builder(row, |ui| {
        let name_width = (ui.available_width() * 0.32).clamp(88.0, 128.0);
        ui.spacing_mut().item_spacing.x = space::S;
        ui.spacing_mut().interact_size.y = theme::height::ROW_COMPACT;
        let font = TextStyle::Small.resolve(ui.style());
        // A long name takes two lines; cut it would have to be guessed.
        let words = ui.painter().layout(name.to_owned(), font, tokens.text_secondary, name_width);
        let height = theme::height::ROW_COMPACT.max(words.size().y + space::S);
        let (rect, cell) = ui.allocate_exact_size(vec2(name_width, height), Sense::hover());
        cell.widget_info(|| WidgetInfo::labeled(Role::Label, true, name));
        paint::left_centered(ui.painter(), rect.left(), rect.center().y, words, tokens.text_secondary);
        if !help.is_empty() {
            cell.on_hover_text(help);
        }
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            if value.is_empty() {
                ui.add_space(theme::height::ROW_COMPACT);
            } else if icon_button(ui, icon::COPY, &format!("Copy {}", name.to_lowercase())).clicked() {
                ui.copy_text(value.to_owned());
            }
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                ui.add_space(3.0);
                add(ui);
            });
        });
    });
    row.response
}
