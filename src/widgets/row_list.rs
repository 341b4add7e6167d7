//! Rows of equal height, of which only those in sight are drawn.
//!
//! They are one stop of Tab: inside, the arrow keys go from row to row, and in a row that has cells, from cell to cell.

use egui::{
    Color32, EventFilter, Id, Key, Modifiers, Rect, Response, ScrollArea, Sense, Stroke, TextStyle, Ui, pos2, vec2,
};

use super::paint;
use crate::theme::{self, space};

/// Rows that a page up or down goes.
const PAGE: usize = 10;

/// A list of rows.
#[derive(Clone, Copy, Debug)]
pub struct RowList<'a> {
    /// Its own name, unlike every other list's.
    pub id: &'a str,
    /// How many rows it has.
    pub rows: usize,
    /// The height of each.
    pub height: f32,
    /// The row that is at the top when the list is shown for the first time.
    pub first: usize,
}

/// One row in sight.
#[derive(Clone, Debug)]
pub struct ListedRow<'a> {
    /// Its number.
    pub number: usize,
    /// Where it is.
    pub rect: Rect,
    /// How it was clicked; it still needs its name.
    pub response: Response,
    list: RowList<'a>,
}

/// Draws a list; `draw` fills each row in sight, on a background that tells where the pointer is.
pub fn row_list_ui<'a>(ui: &mut Ui, list: RowList<'a>, mut draw: impl FnMut(&mut Ui, &ListedRow<'a>)) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut area = ScrollArea::vertical().id_salt(list.id).auto_shrink(false);
    let focused = moved_focus(ui, list);
    let memory = list.slot("view");
    let known: Option<(f32, f32)> = ui.data(|data| data.get_temp(memory));
    let (offset, view) = known.unwrap_or_default();
    if let Some(row) = focused {
        let top = row as f32 * list.height;
        let offset = if top < offset { top } else { offset.max(top + list.height - view) };
        area = area.vertical_scroll_offset(offset);
    } else if known.is_none() && list.first > 0 {
        area = area.vertical_scroll_offset(list.first as f32 * list.height);
    }
    let shown = area.show_rows(ui, list.height, list.rows, |ui, rows| {
        for number in rows {
            let row = row_ui(ui, list, number);
            draw(ui, &row);
        }
    });
    ui.data_mut(|data| data.insert_temp(memory, (shown.state.clamped_offset().y, shown.inner_rect.height())));
}

impl RowList<'_> {
    /// Where something is kept from frame to frame.
    fn slot(&self, what: &str) -> Id {
        Id::unique(("row list", what, self.id))
    }

    fn row_id(&self, row: usize) -> Id {
        Id::unique(("row list row", self.id, row))
    }

    /// The row that Tab stops at: the last that had the keyboard, else the first in sight.
    fn current(&self, ui: &Ui) -> usize {
        let current: usize = ui.data(|data| data.get_temp(self.slot("focus"))).unwrap_or(self.first);
        current.min(self.rows.saturating_sub(1))
    }
}

/// The row that the keyboard has just gone to by an arrow key.
fn moved_focus(ui: &Ui, list: RowList<'_>) -> Option<usize> {
    let row: usize = ui.data(|data| data.get_temp(list.slot("focus")))?;
    let id = list.row_id(row);
    if ui.memory(|memory| !memory.has_focus(id)) {
        return None;
    }
    let bottom = list.rows.saturating_sub(1);
    let steps = [
        (Key::ArrowUp, row.saturating_sub(1)),
        (Key::ArrowDown, (row + 1).min(bottom)),
        (Key::Home, 0),
        (Key::End, bottom),
        (Key::PageUp, row.saturating_sub(PAGE)),
        (Key::PageDown, (row + PAGE).min(bottom)),
    ];
    let to = steps.into_iter().find_map(|(key, to)| is_pressed(ui, key).then_some(to))?;
    ui.data_mut(|data| data.insert_temp(list.slot("focus"), to));
    ui.memory_mut(|memory| memory.request_focus(list.row_id(to)));
    Some(to)
}

fn is_pressed(ui: &Ui, key: Key) -> bool {
    ui.input_mut(|input| input.consume_key(Modifiers::NONE, key))
}

fn row_ui<'a>(ui: &mut Ui, list: RowList<'a>, number: usize) -> ListedRow<'a> {
    let tokens = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), list.height), Sense::hover());
    let sense = if list.current(ui) == number { Sense::click() } else { Sense::CLICK };
    let response = ui.interact(rect, list.row_id(number), sense);
    if response.has_focus() {
        let arrows = EventFilter { vertical_arrows: true, horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
    }
    if response.gained_focus() || response.clicked() {
        ui.data_mut(|data| data.insert_temp(list.slot("focus"), number));
    }
    if response.contains_pointer() {
        ui.painter().rect_filled(rect, 0, tokens.hover);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.line_subtle));
    ListedRow { number, rect, response, list }
}

impl ListedRow<'_> {
    /// The cell of this row that the keyboard is at, as Left and Right move it; `None` while the row has not the keyboard, or no cells.
    /// The cells are known by where they are along the row, in their order; from row to row the keyboard stays as near as it can to where
    /// it was, at first to `start`.
    #[must_use]
    pub fn current_cell(&self, ui: &Ui, cells: &[i64], start: i64) -> Option<usize> {
        let last = cells.len().checked_sub(1).filter(|_| self.response.has_focus())?;
        let slot = self.list.slot("cell");
        let (mut cell, at): (usize, i64) = ui.data(|data| data.get_temp(slot)).unwrap_or((0, start));
        if cells.get(cell) != Some(&at) {
            let nearest = cells.iter().enumerate().min_by_key(|(_, place)| place.abs_diff(at));
            cell = nearest.map_or(0, |(number, _)| number);
        }
        let before = cell;
        if is_pressed(ui, Key::ArrowLeft) {
            cell = cell.saturating_sub(1);
        } else if is_pressed(ui, Key::ArrowRight) {
            cell = (cell + 1).min(last);
        }
        if before != cell || ui.data(|data| data.get_temp::<(usize, i64)>(slot)).is_none() {
            let place = cells.get(cell).copied().unwrap_or(start);
            ui.data_mut(|data| data.insert_temp(slot, (cell, place)));
        }
        Some(cell)
    }
}

/// One line in a row: an icon, what it is about, and words.
#[derive(Clone, Copy, Debug)]
pub struct ListLine<'a> {
    /// The icon.
    pub icon: &'a str,
    /// Its color.
    pub color: Color32,
    /// What it is about.
    pub title: &'a str,
    /// The words.
    pub text: &'a str,
}

/// Draws a line into a row; words that do not fit are in its tooltip.
pub fn list_line_ui(ui: &Ui, row: &ListedRow<'_>, line: ListLine<'_>) {
    let tokens = theme::tokens(ui);
    let (rect, painter) = (row.rect, ui.painter());
    paint::icon(painter, pos2(rect.left() + space::L + 8.0, rect.center().y), line.icon, 15.0, line.color);
    let left = rect.left() + space::L + 24.0;
    let width = (rect.width() * 0.25).clamp(120.0, 240.0);
    let title = paint::line(painter, line.title, theme::strong().resolve(ui.style()), tokens.text, width - space::M);
    paint::left_centered(painter, left, rect.center().y, title, tokens.text);
    let font = TextStyle::Body.resolve(ui.style());
    let text = paint::line(painter, line.text, font, tokens.text, rect.right() - left - width - space::L);
    let is_cut = text.elided;
    paint::left_centered(painter, left + width, rect.center().y, text, tokens.text);
    paint::focus_ring(ui, &row.response, rect);
    if is_cut {
        row.response.clone().on_hover_text(line.text);
    }
}
