//! What can be done to a table: said by its widget, done by the model.

use super::{ColumnKey, Direction, Facet, Filter, RowKey};
use crate::domain::ServiceId;

/// How rows are put on the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyFormat {
    /// Tab-separated with a header line.
    Tsv,
    /// A JSON array with the API's field names.
    Json,
    /// A Markdown table.
    Markdown,
}

/// Something done to a table.
#[derive(Clone, Debug, PartialEq)]
pub enum TableCommand {
    /// A click on a header; `extend` (Shift) keeps the other sort keys.
    Sort {
        /// The column.
        key: ColumnKey,
        /// Keep the other keys.
        extend: bool,
    },
    /// Sort by one column in a given direction.
    SortTo(ColumnKey, Direction),
    /// A column was made wider or narrower, or fitted to what is in sight; in points.
    Resize(ColumnKey, f32),
    /// A column was moved. Positions count hidden columns too.
    Move {
        /// Old position among all columns.
        from: usize,
        /// New position, after it was taken out.
        to: usize,
    },
    /// Show or hide a column.
    Show(ColumnKey, bool),
    /// Keep a column in sight when the table is scrolled sideways, or let it go.
    Freeze(ColumnKey, bool),
    /// Put the rows of each service together, or no longer.
    GroupByService(bool),
    /// Show the rows of a group, or its own line alone. The keyboard goes to that line.
    Expand(ServiceId, bool),
    /// The same of all groups.
    ExpandAll(bool),
    /// The keyboard goes to the line of a group; no row is selected then.
    FocusGroup(ServiceId),
    /// Columns, widths, sort and grouping as delivered.
    ResetLayout,
    /// A new filter.
    SetFilter(Filter),
    /// Show only rows with this value, as the API writes it.
    FilterBy(Facet, String),
    /// Show all rows but those with this value.
    Exclude(Facet, String),
    /// Forget the filter.
    ClearFilter,
    /// Select one row.
    Select(RowKey),
    /// Add or remove one row (Ctrl or Cmd).
    Toggle(RowKey),
    /// Select from the last row to this one (Shift).
    Extend(RowKey),
    /// Select one row and show its details (double-click, Enter).
    Open(RowKey),
    /// Move the focus by rows; `extend` keeps what is selected between.
    MoveFocus {
        /// Rows down (negative: up). May point beyond the ends.
        step: isize,
        /// Extend the selection.
        extend: bool,
    },
    /// Select every shown row.
    SelectAll,
    /// Copy one cell, whole.
    CopyCell {
        /// The row.
        row: RowKey,
        /// The column.
        key: ColumnKey,
    },
    /// Copy the selected rows.
    CopyRows(CopyFormat),
    /// Open or close the detail pane.
    ToggleDetail,
}

impl TableCommand {
    /// It says which rows are selected.
    #[must_use]
    pub fn is_selection(&self) -> bool {
        matches!(
            self,
            Self::Select(_)
                | Self::Toggle(_)
                | Self::Extend(_)
                | Self::Open(_)
                | Self::MoveFocus { .. }
                | Self::FocusGroup(_)
                | Self::SelectAll
        )
    }
}
