//! What the parts of a table share: what it shows, what a frame remembers for the next, the columns of a frame.

use egui::{FontId, Id, Rect, TextStyle, Ui};

use crate::grid::{
    CellContext, Column, ColumnKey, FacetCounts, Focus, Kind, Layout, Row, Selection, ServiceGroup, TableCommand,
    TableLines,
};
use crate::rows::Rows;

/// Left and right of the words of a cell, in points.
pub(super) const PADDING: f32 = 10.0;

/// Before the first column, in points: with the padding, the margin of the title.
pub(super) const LEADING_PAD: f32 = 16.0 - PADDING;

/// What a table shows.
#[derive(Clone, Copy)]
pub struct DataTable<'a, R: Row> {
    /// Its own name, unlike every other table's; also read out: "backups".
    pub id: &'a str,
    /// The rows of the last listing.
    pub rows: &'a Rows<R>,
    /// Which of them, in what order, and their groups.
    pub lines: &'a TableLines,
    /// Columns, widths, sort.
    pub layout: &'a Layout,
    /// What is selected.
    pub selection: &'a Selection,
    /// The clock, the present, and what services are called.
    pub context: &'a CellContext<'a>,
    /// How many rows are behind the values that a row's menu filters by.
    pub facets: &'a FacetCounts,
    /// What the line of a group says of the newest good backup of its service.
    pub newest_good: &'a dyn Fn(&ServiceGroup) -> Option<String>,
    /// Lower rows.
    pub dense: bool,
    /// A listing is under way: with no rows yet, their shape is shown.
    pub loading: bool,
}

/// What one frame must tell the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// The column being made wider or narrower, and its width now.
    pub(super) resize: Option<(&'static ColumnKey, f32)>,
    /// The column whose header is being dragged.
    pub(super) dragged: Option<&'static ColumnKey>,
    /// The column last clicked, for copying one cell.
    pub(super) column: Option<&'static ColumnKey>,
    /// A row was pressed: the table takes the keyboard at the end of the frame.
    ///
    /// Not at once: egui takes it away again from a widget that is covered where the pointer presses.
    pub(super) takes_keyboard: bool,
    /// The line whose menu was asked for by key.
    pub(super) menu_of: Option<Focus>,
    /// The table had the keyboard in the last frame.
    pub(super) had_keyboard: bool,
    /// The widget of the focused line, while it is drawn.
    pub(super) focused_row: Option<Id>,
    /// What was typed to find a row, and when the last letter came, in seconds.
    pub(super) typed: (String, f64),
    /// The keyboard moved the focus: the view follows it.
    pub(super) is_following: bool,
    /// What the keyboard was on in the last frame.
    pub(super) focus: Option<Focus>,
    /// How far the view was scrolled down, and its height.
    pub(super) view: (f32, f32),
    /// What is done to the table in this frame.
    pub(super) commands: Vec<TableCommand>,
}

/// A line as a screen reader finds it.
#[derive(Clone, Debug)]
pub(super) struct ReadLine {
    /// Its widget.
    pub(super) id: Id,
    /// Its place among all lines.
    pub(super) line: usize,
    /// Nothing for a line that cannot be selected.
    pub(super) is_selected: Option<bool>,
    pub(super) cells: Vec<ReadCell>,
}

/// A cell as a screen reader finds it.
#[derive(Clone, Debug)]
pub(super) struct ReadCell {
    /// The place of its column among those shown.
    pub(super) column: usize,
    pub(super) rect: Rect,
    /// What it shows.
    pub(super) text: String,
    /// What to be wary of.
    pub(super) warning: Option<&'static str>,
}

/// A visible column with its width of this frame.
pub(super) struct Shown<R: 'static> {
    pub(super) column: &'static Column<R>,
    /// With its leading pad.
    pub(super) width: f32,
    /// More space before the first column, so that its words are under the title of the screen.
    pub(super) leading_pad: f32,
    /// Its left edge, from the left edge of the first column.
    pub(super) left: f32,
    /// How near to the left edge of the view it stays, where it is frozen.
    pub(super) stop: Option<f32>,
}

impl<R> Shown<R> {
    /// Its left edge on screen, with the first column's at `first_left` and the view's at `view_left`.
    pub(super) fn left_at(&self, first_left: f32, view_left: f32) -> f32 {
        let left = first_left + self.left;
        self.stop.map_or(left, |stop| left.max(view_left + stop))
    }

    /// True where it is frozen and the others pass under it.
    pub(super) fn is_stuck(&self, first_left: f32, view_left: f32) -> bool {
        self.stop.is_some_and(|stop| first_left + self.left < view_left + stop - 0.5)
    }
}

/// Everything the parts of a table share within a frame.
pub(super) struct Frame<'a, R: Row> {
    pub(super) table: &'a DataTable<'a, R>,
    pub(super) id: Id,
    pub(super) columns: Vec<Shown<R>>,
    pub(super) row_height: f32,
    /// Where rows are seen.
    pub(super) viewport: Rect,
    pub(super) has_focus: bool,
    /// A screen reader listens, or something like it.
    pub(super) is_read: bool,
    pub(super) fonts: CellFonts,
}

/// The fonts of cells.
pub(super) struct CellFonts {
    words: FontId,
    figures: FontId,
}

impl CellFonts {
    pub(super) fn new(ui: &Ui) -> Self {
        let [words, figures] = [TextStyle::Body, TextStyle::Monospace].map(|style| style.resolve(ui.style()));
        Self { words, figures }
    }

    /// Words in the font of the window; what is read character by character, and numbers, in one of equal widths.
    pub(super) fn of(&self, kind: Kind) -> &FontId {
        match kind {
            Kind::Text
            | Kind::Service
            | Kind::Status
            | Kind::BackupType
            | Kind::State
            | Kind::SizeText
            | Kind::Flag => &self.words,
            _ => &self.figures,
        }
    }
}

/// A part of a row's context menu that whoever shows the table may add lines to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowMenu {
    /// The first lines.
    Actions,
    /// Below the table's own lines for copying.
    Copies,
}

/// Adds lines to a part of the context menu of the row with this id, opened over a column.
pub(super) type RowLines<'a> = dyn FnMut(&mut Ui, RowMenu, &str, &ColumnKey) + 'a;

/// The row at a position in the order.
pub(super) fn row_at<R: Row>(frame: &Frame<'_, R>, position: usize) -> Option<R> {
    let number = *frame.table.lines.order().get(position)?;
    frame.table.rows.get(number)
}
