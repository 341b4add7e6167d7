//! A line of a list of notes: what it is about, what is the matter, and what to do. All of it is one button.

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, CursorIcon, Galley, Response, Role, Sense, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2};

use super::paint;
use crate::theme::{self, icon, space};

/// The height of a [`note_row`]: its title, two lines of text, one of advice.
pub const NOTE_ROW_HEIGHT: f32 = 84.0;

/// What a note says.
#[derive(Clone, Copy, Debug)]
pub struct NoteRow<'a> {
    /// The icon.
    pub icon: &'a str,
    /// Its color.
    pub color: Color32,
    /// What it is about.
    pub title: &'a str,
    /// What is the matter.
    pub text: &'a str,
    /// What to do.
    pub advice: &'a str,
    /// All of it for a screen reader.
    pub name: &'a str,
}

/// Draws a note; `number` tells it from the others of its list.
pub fn note_row(ui: &mut Ui, number: usize, note: NoteRow<'_>) -> Response {
    let tokens = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), NOTE_ROW_HEIGHT), Sense::hover());
    let response = ui.interact(rect, ui.scope_id().with(("note", number)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), note.name));
    let painter = ui.painter();
    if response.hovered() {
        painter.rect_filled(rect, 0, tokens.hover);
    }
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.line_subtle));
    paint::icon(painter, pos2(rect.left() + space::L + 8.0, rect.top() + 17.0), note.icon, 16.0, note.color);
    let left = rect.left() + space::L + 24.0;
    let width = rect.right() - left - space::XL;
    let lines = [
        (note.title, theme::strong(), tokens.text, 1),
        (note.text, TextStyle::Body, tokens.text, 2),
        (note.advice, TextStyle::Small, tokens.text_secondary, 1),
    ];
    let (mut is_cut, mut top) = (false, rect.top() + space::S);
    for (text, style, color, rows) in lines {
        let galley = clipped(ui, text, &style, color, (width, rows));
        is_cut |= galley.elided;
        let height = galley.size().y;
        ui.painter().galley(pos2(left, top), galley, color);
        top += height + 2.0;
    }
    let caret = pos2(rect.right() - space::L, rect.center().y);
    paint::icon(ui.painter(), caret, icon::CARET_RIGHT, 12.0, tokens.text_faint);
    paint::focus_ring(ui, &response, rect);
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    if is_cut { response.on_hover_text(format!("{}. {}", note.text, note.advice)) } else { response }
}

/// Text in a maximum number of lines, cut with ….
fn clipped(ui: &Ui, text: &str, style: &TextStyle, color: Color32, (width, rows): (f32, usize)) -> Arc<Galley> {
    let format = TextFormat::simple(style.resolve(ui.style()), color);
    let mut job = LayoutJob::single_section(text.to_owned(), format);
    job.wrap = TextWrapping { max_width: width.max(0.0), max_rows: rows, ..TextWrapping::default() };
    ui.painter().layout_job(job)
}
