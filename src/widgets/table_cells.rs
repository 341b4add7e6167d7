//! How a row of a table looks: its ground, the text and the icons of its cells.
//!
//! The shapes of a row are collected, and laid out and handed over in one go: to lock egui's fonts and its list of shapes once for
//! each cell takes as long as the cell.

use egui::epaint::text::FontsView;
use egui::epaint::{RectShape, Shape};
use egui::{Align2, Color32, Rangef, Rect, Response, Stroke, StrokeKind, Ui, pos2};

use super::badge::{row_status_icon, seen_state_icon};
use super::paint;
use super::table_parts::{Frame, PADDING, ReadCell, Shown};
use crate::grid::{Kind, Row};
use crate::theme::{self, Tokens, icon};

/// The icon of a status, in points.
const STATUS_ICON: f32 = 15.0;
/// Between an icon and the words behind it, in points.
const ICON_GAP: f32 = 6.0;

/// The width that the icon of a column takes.
pub(super) fn icon_width(kind: Kind) -> f32 {
    if matches!(kind, Kind::Status | Kind::State) { STATUS_ICON + ICON_GAP } else { 0.0 }
}

/// Paints a row over `rect`, from the left edge of the first column to the right edge of the last one; returns the text of the cell under
/// the pointer, where it was cut, or its warning, and the cells for a screen reader.
pub(super) fn row_cells_ui<R: Row>(
    ui: &Ui,
    frame: &Frame<'_, R>,
    data: &R,
    response: &Response,
    rect: Rect,
) -> (Option<String>, Vec<ReadCell>) {
    let mut row = RowPainter {
        frame,
        data,
        tokens: theme::tokens(ui),
        row: rect,
        is_hot: response.hovered() || paint::has_context_menu(response),
        pointer_x: response.hover_pos().map(|pointer| pointer.x),
        shapes: Vec::with_capacity(2 * frame.columns.len() + 4),
        cut: None,
        cells: Vec::with_capacity(if frame.is_read { frame.columns.len() } else { 0 }),
    };
    row.ground(frame.viewport.with_min_y(rect.top()).with_max_y(rect.bottom()));
    ui.fonts_mut(|fonts| {
        row.free_cells(fonts);
        row.stuck_cells(fonts);
    });
    ui.painter().extend(row.shapes);
    (row.cut, row.cells)
}

/// A row being painted.
struct RowPainter<'a, R: Row> {
    frame: &'a Frame<'a, R>,
    data: &'a R,
    tokens: &'static Tokens,
    /// From the left edge of the first column, which scrolls under the view, to the right edge of the last one.
    row: Rect,
    /// The pointer is over it, or its menu is open.
    is_hot: bool,
    /// Where the pointer is, over the row.
    pointer_x: Option<f32>,
    shapes: Vec<Shape>,
    /// The tooltip of the cell under the pointer.
    cut: Option<String>,
    /// The cells in sight, where they are read.
    cells: Vec<ReadCell>,
}

impl<R: Row> RowPainter<'_, R> {
    /// The colour of the row over a part of it, the line below, and the ring of the keyboard.
    fn ground(&mut self, part: Rect) {
        let (tokens, selection) = (self.tokens, self.frame.table.selection);
        if selection.contains(self.data.id()) {
            self.shapes.push(RectShape::filled(part, 0, tokens.selected).into());
        } else if self.is_hot {
            self.shapes.push(RectShape::filled(part, 0, tokens.hover).into());
        }
        self.shapes.push(Shape::hline(part.x_range(), part.bottom() - 0.5, Stroke::new(1.0, tokens.line_subtle)));
        if self.frame.has_focus && selection.focused_row() == Some(self.data.id()) {
            let ring = Rect::from_x_y_ranges(self.frame.viewport.x_range(), part.y_range());
            let stroke = Stroke::new(2.0, tokens.accent_text);
            self.shapes.push(RectShape::stroke(ring, theme::radius::CONTROL - 1, stroke, StrokeKind::Inside).into());
        }
    }

    /// The cells that scroll, as far as they are in sight.
    fn free_cells(&mut self, fonts: &mut FontsView<'_>) {
        let (first_left, view) = (self.row.left(), self.frame.viewport.x_range());
        let seen = Rangef::new(self.stuck_right().unwrap_or(view.min), view.max);
        let columns = self.frame.columns.iter().enumerate();
        for (number, shown) in columns.filter(|(_, shown)| !shown.is_stuck(first_left, view.min)) {
            let left = first_left + shown.left;
            let rect = Rect::from_x_y_ranges(left..=left + shown.width, self.row.y_range());
            if seen.intersects(rect.x_range()) {
                self.cell(fonts, rect, number, shown);
            }
        }
    }

    /// The right edge of the frozen cells that the others have been scrolled under.
    fn stuck_right(&self) -> Option<f32> {
        let (first_left, view_left) = (self.row.left(), self.frame.viewport.left());
        let stuck = self.frame.columns.iter().filter(|shown| shown.is_stuck(first_left, view_left));
        stuck.map(|shown| shown.left_at(first_left, view_left) + shown.width).reduce(f32::max)
    }

    /// The frozen cells that the others have been scrolled under, with a ground of their own.
    fn stuck_cells(&mut self, fonts: &mut FontsView<'_>) {
        let (first_left, view_left, rows) = (self.row.left(), self.frame.viewport.left(), self.row.y_range());
        let rect_of = |shown: &Shown<R>| {
            let left = shown.left_at(first_left, view_left);
            Rect::from_x_y_ranges(left..=left + shown.width, rows)
        };
        let frame = self.frame;
        let stuck = || frame.columns.iter().enumerate().filter(|(_, shown)| shown.is_stuck(first_left, view_left));
        let Some(right) = self.stuck_right() else { return };
        let part = Rect::from_x_y_ranges(view_left..=right, rows);
        self.shapes.push(RectShape::filled(part, 0, self.tokens.base).into());
        self.ground(part);
        for (number, shown) in stuck() {
            self.cell(fonts, rect_of(shown), number, shown);
        }
        self.shapes.push(Shape::vline(right - 0.5, rows, Stroke::new(1.0, self.tokens.line_strong)));
    }

    fn cell(&mut self, fonts: &mut FontsView<'_>, rect: Rect, number: usize, shown: &Shown<R>) {
        let (column, data, tokens) = (shown.column, self.data, self.tokens);
        let text = column.cell(data, self.frame.table.context);
        let warning = data.warning(&column.key);
        let (words, kind, color, glyph) = if text.is_empty() {
            ("–", Kind::Text, tokens.text_faint, None)
        } else if column.kind == Kind::Status {
            let (glyph, color) = row_status_icon(data, tokens);
            (&*text, column.kind, color, Some(glyph))
        } else if let (Kind::State, Some(state)) = (column.kind, data.seen_state()) {
            let (glyph, color) = seen_state_icon(state, tokens);
            (&*text, column.kind, color, Some(glyph))
        } else if warning.is_some() {
            (&*text, column.kind, tokens.warn, Some(icon::WARNING))
        } else {
            (&*text, column.kind, tokens.text, None)
        };
        let inner = rect.with_min_x(rect.left() + shown.leading_pad);
        let y = inner.center().y - 0.5;
        // Before the words, wherever they are aligned.
        let icon_width = if glyph.is_some() { STATUS_ICON + ICON_GAP } else { 0.0 };
        let most = inner.width() - 2.0 * PADDING - icon_width;
        let galley = fonts.layout_job(paint::line_job(words, self.frame.fonts.of(kind).clone(), color, most));
        if self.pointer_x.is_some_and(|x| rect.x_range().contains(x)) {
            self.cut = warning.map(str::to_owned).or_else(|| galley.elided.then(|| text.clone().into_owned()));
        }
        let left = if column.is_right_aligned() {
            inner.right() - PADDING - galley.size().x - icon_width
        } else {
            inner.left() + PADDING
        };
        if let Some(glyph) = glyph {
            self.icon(fonts, left, y, glyph, color);
        }
        if !galley.is_empty() {
            let at = pos2(left + icon_width, y - galley.size().y / 2.0);
            self.shapes.push(Shape::galley(at, galley, color));
        }
        if self.frame.is_read {
            self.cells.push(ReadCell { column: number, rect, text: text.into_owned(), warning });
        }
    }

    fn icon(&mut self, fonts: &mut FontsView<'_>, left: f32, y: f32, glyph: &str, color: Color32) {
        let galley = fonts.layout_no_wrap(glyph.to_owned(), theme::icon_font(STATUS_ICON), color);
        let at = Align2::CENTER_CENTER.anchor_size(pos2(left + STATUS_ICON / 2.0, y), galley.size()).min;
        self.shapes.push(Shape::galley(at, galley, color));
    }
}
