//! What an export takes from a table, and how it writes it.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FileFormat, Standing};
use crate::domain::{Backup, Restore, Schedule, Zone, format_count};
use crate::grid::{ColumnKey, Row, RowSource, Selection, ServiceNames};
use crate::rows::Rows;

/// The rows of one Excel sheet, the header among them.
const EXCEL_ROWS: usize = 1_048_576;

/// For whom a file is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CsvPreset {
    /// For people with a spreadsheet: words in headers, times in the chosen zone, sizes and lengths also as people say them.
    #[default]
    Excel,
    /// For programs: the API's field names in a fixed order, RFC 3339 in UTC, plain numbers, texts as they came.
    Scripts,
}

/// Which rows an export takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExportRows {
    /// The selected ones.
    Selected,
    /// Those that pass the filter, in the order shown.
    #[default]
    Shown,
    /// Every loaded row.
    All,
}

/// Which columns an export takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExportColumns {
    /// Those shown in the table, in its order.
    #[default]
    Visible,
    /// Every one in its fixed order but those of free text, which are only written where they are shown.
    All,
}

/// What is chosen in the export dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportOptions {
    /// Rows.
    pub rows: ExportRows,
    /// Columns.
    pub columns: ExportColumns,
    /// What sort of file.
    pub format: FileFormat,
    /// For whom a CSV file is.
    pub preset: CsvPreset,
    /// Puts `'` before words that a spreadsheet could take for a formula. Plays no part in files for scripts.
    pub formula_escape: bool,
    /// `;` between cells, for Excel where a comma separates decimals. Plays no part in files for scripts.
    pub semicolon: bool,
    /// LF instead of CRLF at line ends, in files for scripts.
    pub line_feed_only: bool,
}

impl Default for ExportOptions {
    fn default() -> Self {
        Self {
            rows: ExportRows::default(),
            columns: ExportColumns::default(),
            format: FileFormat::default(),
            preset: CsvPreset::default(),
            formula_escape: true,
            semicolon: false,
            line_feed_only: false,
        }
    }
}

impl ExportOptions {
    /// It is a CSV file for a spreadsheet.
    #[must_use]
    pub fn is_csv_for_excel(&self) -> bool {
        self.format == FileFormat::Csv && self.preset == CsvPreset::Excel
    }

    /// The warning about a file with more rows than Excel shows.
    #[must_use]
    pub fn row_warning(&self, rows: usize) -> Option<String> {
        let is_beyond = self.is_csv_for_excel() && rows >= EXCEL_ROWS;
        is_beyond.then(|| format!("Excel shows only the first {} rows of a file", format_count(EXCEL_ROWS - 1)))
    }
}

/// The rows of one of the tables.
#[derive(Clone, Debug, PartialEq)]
pub enum TableRows {
    /// Backups.
    Backups(Rows<Backup>),
    /// Schedules.
    Schedules(Rows<Schedule>),
    /// Restores.
    Restores(Rows<Restore>),
}

/// An expression on the rows of whichever table it is.
macro_rules! with_rows {
    ($table:expr, $rows:ident => $body:expr) => {
        match $table {
            TableRows::Backups($rows) => $body,
            TableRows::Schedules($rows) => $body,
            TableRows::Restores($rows) => $body,
        }
    };
}
pub(super) use with_rows;

impl From<Rows<Backup>> for TableRows {
    fn from(rows: Rows<Backup>) -> Self {
        Self::Backups(rows)
    }
}

impl From<Rows<Schedule>> for TableRows {
    fn from(rows: Rows<Schedule>) -> Self {
        Self::Schedules(rows)
    }
}

impl From<Rows<Restore>> for TableRows {
    fn from(rows: Rows<Restore>) -> Self {
        Self::Restores(rows)
    }
}

/// A table when something was asked of it: nothing that is done to the table later changes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The rows of the listing.
    pub rows: TableRows,
    /// The positions of the shown ones, in the order shown.
    pub order: Arc<[u32]>,
    /// The selected ones.
    pub selection: Selection,
    /// The columns to take, in their order.
    pub columns: Vec<ColumnKey>,
}

impl Snapshot {
    /// The number of rows that these are.
    #[must_use]
    pub fn count(&self, which: ExportRows) -> usize {
        match which {
            ExportRows::Selected => self.selection.len(),
            ExportRows::Shown => self.order.len(),
            ExportRows::All => with_rows!(&self.rows, rows => rows.len()),
        }
    }

    /// The positions of these among `rows`, in the order to write them.
    pub(super) fn positions<R: Row>(&self, rows: &Rows<R>, which: ExportRows) -> Cow<'_, [u32]> {
        match which {
            ExportRows::Shown => Cow::Borrowed(&self.order),
            ExportRows::Selected => Cow::Owned(self.selection.shown(rows, &self.order)),
            ExportRows::All => Cow::Owned((0..).take(rows.len()).collect()),
        }
    }
}

/// Where the rows of a file come from: what the note beside it says. Nothing in here is secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The version of this app.
    pub app_version: String,
    /// The profile's name.
    pub profile: String,
    /// When the rows were read from the service.
    pub at: Timestamp,
    /// When they were last read all at once, where only some were read since.
    pub in_full_at: Option<Timestamp>,
    /// The filters, in words.
    pub filters: String,
    /// The sort, in words.
    pub sort: String,
    /// Why the rows are not all there are; `None` where they are.
    pub partial: Option<String>,
    /// The number of rows before filtering.
    pub rows: usize,
    /// Whether they are what the service lists, or all that was ever seen.
    pub source: RowSource,
    /// For all that was ever seen: since when anything is recorded.
    pub recorded_since: Option<Timestamp>,
}

impl Provenance {
    /// `complete`, or `partial: …` with the reason.
    #[must_use]
    pub fn completeness(&self) -> String {
        self.partial.as_ref().map_or_else(|| "complete".to_owned(), |why| format!("partial: {why}"))
    }
}

/// The rows at these positions.
pub(super) fn rows_at<R: Row>(rows: &Rows<R>, positions: &[u32]) -> impl Iterator<Item = R> {
    positions.iter().filter_map(|&position| rows.get(position))
}

/// Everything an export needs, frozen when it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportJob {
    /// The table.
    pub table: Snapshot,
    /// What of it, and how.
    pub options: ExportOptions,
    /// The clock of times, in files for people.
    pub zone: Zone,
    /// What services are called where a row alone does not tell, in files for people.
    pub names: Arc<ServiceNames>,
    /// The present, for columns such as the next run.
    pub now: Timestamp,
    /// For the note.
    pub provenance: Provenance,
    /// The file to write, as it was chosen: a name without an ending gets one.
    pub path: PathBuf,
    /// The files that may be replaced: the user was asked about each by its name.
    pub replace: Vec<Standing>,
}

/// The columns meant by [`ExportColumns::All`].
#[must_use]
pub fn all_columns<R: Row>(source: RowSource) -> Vec<ColumnKey> {
    let columns = R::columns().iter().filter(|column| column.is_in(source) && !column.is_free_text);
    columns.map(|column| column.key.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::BackupId;

    #[test]
    fn rows_that_excel_does_not_show_are_reported() {
        let warning =
            |format, preset, rows| ExportOptions { format, preset, ..ExportOptions::default() }.row_warning(rows);
        let expected = Some("Excel shows only the first 1,048,575 rows of a file".to_owned());
        assert_eq!(warning(FileFormat::Csv, CsvPreset::Excel, 1_048_575), None);
        assert_eq!(warning(FileFormat::Csv, CsvPreset::Excel, 1_048_576), expected);
        assert_eq!(warning(FileFormat::Csv, CsvPreset::Scripts, 1_048_576), None);
        assert_eq!(warning(FileFormat::Workbook, CsvPreset::Excel, 1_048_576), None, "it has more than one sheet");
    }

    #[test]
    fn a_file_has_the_rows_asked_for_in_the_order_shown() {
        let rows = Rows::new(["b1", "b2", "b3"].map(|id| Backup { id: BackupId::new(id), ..Backup::default() }));
        let mut selection = Selection::default();
        selection.click("b1");
        selection.toggle("b3");
        let order = [2, 0, 1].into();
        let table = Snapshot { rows: rows.clone().into(), order, selection, columns: vec!["id".into()] };
        for (wanted, positions) in
            [(ExportRows::Shown, &[2, 0, 1][..]), (ExportRows::Selected, &[2, 0]), (ExportRows::All, &[0, 1, 2])]
        {
            assert_eq!(table.positions(&rows, wanted)[..], *positions, "{wanted:?}");
            assert_eq!(table.count(wanted), positions.len(), "{wanted:?}");
        }
    }
}
