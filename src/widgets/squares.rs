//! Squares: rows of small squares on one axis, such as one for each day.

use std::ops::Range;

use egui::{
    Align2, Color32, CursorIcon, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::lanes::{LaneAxis, LaneResponse, lane_title_ui, marks_ui};
use super::paint;
use super::row_list::ListedRow;
use crate::theme::{self, Tokens, icon};

/// The height of a row of squares.
pub const SQUARES_HEIGHT: f32 = 28.0;
/// From one square to the next, at least.
const PITCH: f32 = 16.0;
/// A square is at most as wide as this.
const SIDE: f32 = 14.0;

/// How a square looks. Each look has its own form, so that no meaning is in the color alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SquareLook {
    /// A dot.
    Unknown,
    /// An outline.
    Nothing,
    /// Filled.
    Good,
    /// Half filled.
    Mixed,
    /// Filled, with a cross.
    Bad,
    /// An outline, filled faintly.
    Other,
}

/// A row of squares.
pub struct SquareRow<'a> {
    /// What it is about.
    pub title: &'a str,
    /// All of it for a screen reader.
    pub name: &'a str,
    /// How many squares it has.
    pub count: usize,
    /// Those in sight.
    pub shown: Range<usize>,
    /// How many there is room for: fewer are at the end of the axis.
    pub room: usize,
    /// How a square looks.
    pub look: &'a dyn Fn(usize) -> SquareLook,
    /// What a square is, in words.
    pub words: &'a dyn Fn(usize) -> String,
}

/// How many squares have room beside titles of this width.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand at most")]
pub fn squares_in(width: f32, head: f32) -> usize {
    let room = LaneAxis { head, marks: &[] }.span(width);
    (room / PITCH).max(1.0) as usize
}

/// Draws a row. Left and Right go from square to square, also to those out of sight, at first to the last one.
#[must_use]
pub fn square_row_ui(ui: &Ui, row: &ListedRow<'_>, axis: LaneAxis<'_>, squares: &SquareRow<'_>) -> LaneResponse {
    let places: Vec<i64> = if row.response.has_focus() { (0..).take(squares.count).collect() } else { Vec::new() };
    let at_keyboard = row.current_cell(ui, &places, i64::MAX);
    row.response.widget_info(|| {
        let square = at_keyboard.map(|square| format!(". {}", (squares.words)(square))).unwrap_or_default();
        WidgetInfo::labeled(Role::Row, ui.is_enabled(), format!("{}{square}", squares.name))
    });
    lane_title_ui(ui, row.rect, axis.head, squares.title, "");
    marks_ui(ui, row.rect, axis);
    let mut answer = LaneResponse { current: at_keyboard, clicked: row.response.clicked().then_some(at_keyboard) };
    let pointer = ui.input(|input| input.pointer.hover_pos());
    let free = squares.room.saturating_sub(squares.shown.len());
    for (place, number) in squares.shown.clone().enumerate() {
        let cell = cell_rect(row.rect, axis, free + place, squares.room);
        let rect = Rect::from_center_size(cell.center(), vec2(SIDE, SIDE).min(cell.size() - vec2(2.0, 2.0)));
        square_ui(ui, rect, (squares.look)(number));
        // A node for each square of each row would be thousands; the row at hand has them.
        let is_at_hand = row.response.has_focus() || pointer.is_some_and(|pointer| cell.contains(pointer));
        if !is_at_hand {
            continue;
        }
        let response = square_button(ui, row.response.id.with(number), cell, &|| (squares.words)(number));
        if response.hovered() || at_keyboard == Some(number) {
            let ring = Stroke::new(2.0, theme::tokens(ui).accent_text);
            ui.painter().rect_stroke(rect, 2, ring, StrokeKind::Outside);
        }
        if response.hovered() {
            answer.current = Some(number);
        }
        if response.clicked() {
            answer.clicked = Some(Some(number));
        }
    }
    paint::focus_ring(ui, &row.response, row.rect);
    answer
}

fn square_button(ui: &Ui, id: egui::Id, rect: Rect, words: &dyn Fn() -> String) -> Response {
    let response = ui.interact(rect, id, Sense::CLICK);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), words()));
    response.on_hover_cursor(CursorIcon::PointingHand).on_hover_ui(|ui| {
        ui.label(words());
    })
}

fn cell_rect(row: Rect, axis: LaneAxis<'_>, place: usize, count: usize) -> Rect {
    let at = |place: usize| axis.x(row, place as f32 / count.max(1) as f32);
    Rect::from_x_y_ranges(at(place)..=at(place + 1), row.y_range())
}

fn square_ui(ui: &Ui, rect: Rect, look: SquareLook) {
    let tokens: &Tokens = theme::tokens(ui);
    let painter = ui.painter();
    let outline = |color: Color32| {
        painter.rect_stroke(rect, 2, Stroke::new(1.0, color), StrokeKind::Inside);
    };
    match look {
        SquareLook::Unknown => {
            painter.circle_filled(rect.center(), 1.5, tokens.text_faint);
        }
        SquareLook::Nothing => outline(tokens.text_faint),
        SquareLook::Good => {
            painter.rect_filled(rect, 2, tokens.ok);
        }
        SquareLook::Mixed => {
            outline(tokens.warn);
            let corners = vec![rect.left_bottom(), rect.right_bottom(), pos2(rect.right(), rect.top())];
            painter.add(Shape::convex_polygon(corners, tokens.warn, Stroke::NONE));
        }
        SquareLook::Bad => {
            painter.rect_filled(rect, 2, tokens.bad);
            let font = theme::icon_font(rect.height() * 0.75);
            painter.text(rect.center(), Align2::CENTER_CENTER, icon::CLOSE, font, tokens.base);
        }
        SquareLook::Other => {
            outline(tokens.running);
            painter.rect_filled(rect.shrink(4.0), 1, tokens.running);
        }
    }
}
