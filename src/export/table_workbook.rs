//! A table as a workbook: one sheet, or more where it has more rows than one holds, and a sheet that says where they come from.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::metadata::about;
use super::options::with_rows;
use super::workbook::{SHEET_ROWS, SheetColumn, WorkbookWriter, catch_full_disk};
use super::{ExportError, ExportJob, TableRows};
use crate::domain::format_bytes;
use crate::grid::{Column, ColumnCells, Kind, Row, Value};
use crate::rows::Rows;

/// Rows whose cells decide how wide the columns are.
const SAMPLE: usize = 200;
/// Rows between two looks at the cancel flag and two reports of progress.
const ROWS_PER_LOOK: usize = 1000;

/// What was written.
pub(super) struct WorkbookReport {
    /// Its rows, without the headers.
    pub(super) rows: usize,
    /// Cells whose text was too long.
    pub(super) cut_cells: usize,
}

/// Writes the rows as a workbook. Its temporary files are in the folder of `path`.
///
/// # Errors
/// [`ExportError::Cancelled`], or what `out` or that folder said.
pub(super) fn write_workbook_to(
    job: &ExportJob,
    path: &Path,
    out: &mut (dyn Write + Send),
    on_rows: &dyn Fn(usize),
    cancelled: &AtomicBool,
) -> Result<WorkbookReport, ExportError> {
    catch_full_disk(path, || {
        let mut workbook = WorkbookWriter::new(path, job.now, cancelled)?;
        let rows =
            with_rows!(&job.table.rows, rows => add_rows(&mut workbook, rows, job, SHEET_ROWS, on_rows, cancelled))?;
        workbook.add_facts("About", &about(job, rows))?;
        let cut_cells = workbook.cut_cells;
        workbook.finish(out)?;
        Ok(WorkbookReport { rows, cut_cells })
    })
}

/// Adds the sheets of a table, each of at most `sheet_rows` rows, and returns the number of all rows.
pub(super) fn add_rows<R: Row>(
    workbook: &mut WorkbookWriter<'_>,
    rows: &Rows<R>,
    job: &ExportJob,
    sheet_rows: usize,
    on_rows: &dyn Fn(usize),
    cancelled: &AtomicBool,
) -> Result<usize, ExportError> {
    let positions = job.table.positions(rows, job.options.rows);
    let columns = job.table.columns.iter().filter_map(|key| R::column(key.as_str()));
    let fields: Vec<SheetField<'_, R>> = columns.flat_map(|column| SheetField::of(rows, column, job)).collect();
    let sample = positions.get(..SAMPLE).unwrap_or(&positions);
    let columns: Vec<SheetColumn> = fields.iter().map(|field| field.column(sample)).collect();
    let mut written = 0;
    on_rows(0);
    // Without rows there is one sheet, with the header.
    let sheets = positions.len().div_ceil(sheet_rows).max(1);
    for number in 1..=sheets {
        let name = sheet_name::<R>(number);
        let of_sheet = positions.chunks(sheet_rows).nth(number - 1).unwrap_or_default();
        workbook.add_sheet(&name, &columns, of_sheet.len(), |row, cell| {
            if written % ROWS_PER_LOOK == 0 {
                on_rows(written);
                if cancelled.load(Ordering::Relaxed) {
                    return Err(ExportError::Cancelled);
                }
            }
            let Some(&position) = of_sheet.get(row) else { return Ok(()) };
            for field in &fields {
                cell(field.value(position));
            }
            written += 1;
            Ok(())
        })?;
    }
    on_rows(written);
    Ok(written)
}

/// `Backups`, and `Backups 2` for the next rows of the same table.
fn sheet_name<R: Row>(number: usize) -> String {
    let mut letters = R::NOUN.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    let name: String = first.into_iter().chain(letters).chain(['s']).collect();
    if number == 1 { name } else { format!("{name} {number}") }
}

/// A column of a table in a sheet.
struct SheetField<'r, R: Row> {
    cells: ColumnCells<'r, R>,
    /// A size as people say it, beside its bytes.
    is_human: bool,
}

impl<'r, R: Row> SheetField<'r, R> {
    fn of(rows: &'r Rows<R>, column: &'static Column<R>, job: &'r ExportJob) -> impl Iterator<Item = Self> {
        let both = [false, true].into_iter().filter(move |is_human| !is_human || column.kind == Kind::Bytes);
        both.map(move |is_human| Self { cells: ColumnCells::new(rows, column, job.now, Some(&job.names)), is_human })
    }

    fn value(&self, row: u32) -> Value<'r> {
        match self.cells.value(row) {
            Value::Bytes(bytes) if self.is_human => Value::Text(format_bytes(bytes).into()),
            value => value,
        }
    }

    fn column(&self, sample: &[u32]) -> SheetColumn {
        let column = self.cells.column();
        let header = match column.kind {
            Kind::Bytes if !self.is_human => format!("{} (bytes)", column.header),
            Kind::Seconds => format!("{} (h:mm:ss)", column.header),
            _ => column.header_text("UTC").into_owned(),
        };
        let length = |&row: &u32| match self.value(row) {
            Value::Text(text) => text.chars().count(),
            Value::Empty | Value::Flag(_) => 0,
            // As long as a time, or a number with its separators.
            _ => 19,
        };
        let longest = sample.iter().map(length).max().unwrap_or(0);
        let kind = match column.kind {
            _ if self.is_human => Kind::Text,
            // An id that is a number is an id all the same.
            _ if column.key == "id" => Kind::Id,
            kind => kind,
        };
        SheetColumn { header, kind, longest }
    }
}
