//! A board: rows of cells that each say a word and a number, such as one row for each service.
//!
//! One stop of Tab, as every [`RowList`].

use egui::{
    Align2, Color32, CursorIcon, Id, Rect, Response, Role, Sense, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2,
};

use super::menu::{context_menu, is_menu_key};
use super::paint;
use super::row_list::{ListedRow, RowList, row_list_ui};
use crate::theme::{self, height, space};

/// The height of a row: two lines.
const ROW: f32 = 44.0;
/// The narrowest and the widest cell.
const CELL: (f32, f32) = (98.0, 148.0);
/// The narrowest first column, for which the cells become narrower than [`CELL`], and the widest: on a wide screen the cells stay near.
const HEAD: (f32, f32) = (110.0, 560.0);
/// The column at the end.
const LAST: f32 = 64.0;
const ICON: f32 = 15.0;
const MARGIN: f32 = space::L;
/// More than any window shows.
const SKELETON_ROWS: usize = 100;

/// Two lines beside an icon.
#[derive(Clone, Debug, Default)]
pub struct BoardCell {
    /// The icon; nothing is drawn where it is empty.
    pub icon: &'static str,
    /// The color of the icon, and of the word where it says that something is wrong.
    pub color: Color32,
    /// The word is in the color of the icon.
    pub is_loud: bool,
    /// The word.
    pub word: String,
    /// What the word is about.
    pub detail: String,
    /// All about it, in words.
    pub help: String,
}

/// One row.
#[derive(Clone, Debug, Default)]
pub struct BoardRow {
    /// What the row is about.
    pub head: BoardCell,
    /// Its cells, in the order of the headers.
    pub cells: Vec<BoardCell>,
    /// The text at the end.
    pub last: String,
    /// The whole row for a screen reader.
    pub name: String,
}

/// What was clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoardClick {
    /// The number of the row.
    pub row: usize,
    /// The number of the cell; none for the row as such.
    pub cell: Option<usize>,
}

/// What a board shows.
#[derive(Clone, Copy)]
pub struct Board<'a> {
    /// Its own name, unlike every other board's; also read out.
    pub id: &'a str,
    /// The headers: of the first column, of the cells, of the last column.
    pub headers: &'a [&'a str],
    /// How many rows it has.
    pub rows: usize,
}

/// Draws a board. `row` makes a row as it comes into sight, `menu` fills its menu.
pub fn board_ui(
    ui: &mut Ui,
    board: Board<'_>,
    mut row: impl FnMut(usize) -> BoardRow,
    mut menu: impl FnMut(&mut Ui, usize),
) -> Option<BoardClick> {
    let columns = Columns::new(ui.available_width(), board.headers.len().saturating_sub(2));
    ui.spacing_mut().item_spacing.y = 0.0;
    header_ui(ui, &columns, board.headers);
    let mut clicked = None;
    let list = RowList { id: board.id, rows: board.rows, height: ROW, first: 0 };
    row_list_ui(ui, list, |ui, shown| {
        let drawn = row_ui(ui, &columns, shown, &row(shown.number), &mut menu);
        clicked = clicked.or(drawn);
    });
    clicked
}

/// The left edges of the cells, and where the last column begins.
struct Columns {
    width: f32,
    cells: Vec<Rect>,
    last: f32,
}

impl Columns {
    fn new(width: f32, count: usize) -> Self {
        let space = width - 2.0 * MARGIN - LAST;
        let each = |space: f32| space / count.max(1) as f32;
        let cell = each(space * 0.75).clamp(CELL.0, CELL.1).min(each(space - HEAD.0)).max(0.0);
        let first = MARGIN + (space - cell * count as f32).min(HEAD.1);
        let last = first + cell * count as f32;
        let left = |number: usize| first + cell * number as f32;
        let cells = (0..count).map(|number| Rect::from_min_size(pos2(left(number), 0.0), vec2(cell, ROW))).collect();
        Self { width, cells, last }
    }

    fn head(&self) -> Rect {
        let right = self.cells.first().map_or(self.last, Rect::left);
        Rect::from_min_max(pos2(MARGIN, 0.0), pos2(right - space::S, ROW))
    }
}

fn header_ui(ui: &mut Ui, columns: &Columns, headers: &[&str]) {
    let tokens = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(columns.width, height::ROW), Sense::hover());
    let lefts = std::iter::once(MARGIN).chain(columns.cells.iter().map(|cell| cell.left() + ICON + space::XS));
    for (number, (header, left)) in headers.iter().zip(lefts.chain([columns.last])).enumerate() {
        let at = pos2(rect.left() + left, rect.center().y);
        ui.painter().text(at, Align2::LEFT_CENTER, header, TextStyle::Small.resolve(ui.style()), tokens.text_secondary);
        let part = Rect::from_min_size(at - vec2(0.0, 8.0), vec2(40.0, 16.0));
        let response = ui.interact(part, ui.scope_id().with(("header", number)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, *header));
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, tokens.line_subtle));
}

fn row_ui(
    ui: &mut Ui,
    columns: &Columns,
    ListedRow { number, rect, response, .. }: &ListedRow<'_>,
    row: &BoardRow,
    menu: &mut impl FnMut(&mut Ui, usize),
) -> Option<BoardClick> {
    let tokens = theme::tokens(ui);
    let (number, rect) = (*number, *rect);
    response.widget_info(|| WidgetInfo::labeled(Role::Row, ui.is_enabled(), &row.name));
    let placed = |part: Rect| part.translate(rect.min.to_vec2());
    cell_ui(ui, placed(columns.head()), &row.head, &theme::strong());
    let mut clicked = response.clicked().then_some(BoardClick { row: number, cell: None });
    for (cell_number, (part, cell)) in columns.cells.iter().zip(&row.cells).enumerate() {
        let part = placed(*part);
        cell_ui(ui, part, cell, &TextStyle::Body);
        if !cell.icon.is_empty() && cell_button(ui, response.id.with(cell_number), part, cell).clicked() {
            clicked = Some(BoardClick { row: number, cell: Some(cell_number) });
        }
    }
    let last = paint::line(ui.painter(), &row.last, TextStyle::Body.resolve(ui.style()), tokens.text_secondary, LAST);
    paint::left_centered(ui.painter(), rect.left() + columns.last, rect.center().y, last, tokens.text_secondary);
    paint::focus_ring(ui, response, rect);
    let by_key = response.has_focus() && is_menu_key(ui);
    context_menu(response, by_key, rect.with_max_x(rect.left() + columns.width.min(320.0)), |ui| menu(ui, number));
    clicked
}

/// A cell is a button of its own for the pointer and for a screen reader; the keyboard has the menu of the row.
fn cell_button(ui: &Ui, id: Id, rect: Rect, cell: &BoardCell) -> Response {
    let response = ui.interact(rect, id, Sense::CLICK);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), &cell.help));
    if response.hovered() {
        let line = Stroke::new(1.0, theme::tokens(ui).line_strong);
        ui.painter().rect_stroke(rect.shrink(2.0), theme::radius::CONTROL, line, egui::StrokeKind::Inside);
    }
    response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(&cell.help)
}

fn cell_ui(ui: &Ui, rect: Rect, cell: &BoardCell, style: &TextStyle) {
    let tokens = theme::tokens(ui);
    let painter = ui.painter();
    let font = style.resolve(ui.style());
    if cell.icon.is_empty() {
        let nothing = paint::line(painter, &cell.word, font, tokens.text_faint, rect.width());
        paint::left_centered(painter, rect.left() + ICON + space::XS, rect.center().y, nothing, tokens.text_faint);
        return;
    }
    let left = rect.left() + ICON + space::XS + 2.0;
    let width = rect.right() - left - space::XS;
    let upper = if cell.detail.is_empty() { rect.center().y } else { rect.center().y - 8.5 };
    paint::icon(painter, pos2(rect.left() + ICON / 2.0, upper), cell.icon, ICON, cell.color);
    let color = if cell.is_loud { cell.color } else { tokens.text };
    paint::left_centered(painter, left, upper, paint::line(painter, &cell.word, font, color, width), color);
    let small = TextStyle::Small.resolve(ui.style());
    let detail = paint::line(painter, &cell.detail, small, tokens.text_secondary, width);
    paint::left_centered(painter, left, rect.center().y + 9.0, detail, tokens.text_secondary);
}

/// The shape of a board that is still loading.
pub fn board_skeleton_ui(ui: &mut Ui, headers: &[&str]) {
    let tokens = theme::tokens(ui);
    let columns = Columns::new(ui.available_width(), headers.len().saturating_sub(2));
    ui.spacing_mut().item_spacing.y = 0.0;
    header_ui(ui, &columns, headers);
    for _ in 0..SKELETON_ROWS {
        if ui.available_height() < ROW {
            break;
        }
        let (rect, _) = ui.allocate_exact_size(vec2(columns.width, ROW), Sense::hover());
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.line_subtle));
        for part in std::iter::once(columns.head()).chain(columns.cells.iter().copied()) {
            let part = part.translate(rect.min.to_vec2());
            let bar =
                Rect::from_min_size(pos2(part.left() + ICON, part.center().y - 4.0), vec2(part.width() * 0.45, 8.0));
            ui.painter().rect_filled(bar, theme::radius::CONTROL, tokens.hover);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_column_keeps_its_space_in_a_narrow_board() {
        for width in [560.0, 700.0, 1000.0, 1600.0] {
            let columns = Columns::new(width, 5);
            assert!(columns.head().width() >= HEAD.0 - space::S, "{width}: {:?}", columns.head());
            let cells = columns.cells.first().zip(columns.cells.last()).unwrap();
            assert!(cells.0.left() >= columns.head().right() && cells.1.right() <= columns.last + 0.5, "{width}");
            assert!(columns.last + LAST <= width, "{width}");
        }
        assert!((Columns::new(1600.0, 5).cells[0].width() - CELL.1).abs() < 0.01);
    }
}
