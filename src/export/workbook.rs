//! Workbooks that Excel opens: typed cells, a header that stays in sight, filters.
//!
//! A sheet is written row by row into a temporary file without a name, so that a million rows need no memory; the library packs
//! these files at the end.

use std::borrow::Cow;
use std::error::Error as _;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Workbook, Worksheet, XlsxError,
};

use super::ExportError;
use super::formula_escape::clean;
use super::names::APPLICATION;
use crate::domain::Zone;
use crate::files::folder_of;
use crate::grid::{Kind, Value};

/// The rows of one sheet below its header.
pub(super) const SHEET_ROWS: usize = 1_048_575;
/// The longest text of a cell, in UTF-16 units.
const CELL_UNITS: usize = 32_767;
/// A double holds every whole number up to this one.
const LARGEST_EXACT: u64 = 1 << 53;
/// The narrowest and the widest column, in characters.
const WIDTHS: (f64, f64) = (8.0, 60.0);
/// What the filter button and the margins of a cell take.
const WIDTH_MARGIN: f64 = 3.0;

/// One column of a sheet.
pub(super) struct SheetColumn {
    pub(super) header: String,
    pub(super) kind: Kind,
    /// The longest text of a sample of its cells, in characters.
    pub(super) longest: usize,
}

/// A workbook under way.
pub(super) struct WorkbookWriter<'a> {
    workbook: Workbook,
    formats: Formats,
    path: &'a Path,
    cancelled: &'a AtomicBool,
    /// Cells whose text was too long.
    pub(super) cut_cells: usize,
}

/// How cells look.
struct Formats {
    header: Format,
    text: Format,
    number: Format,
    position: Format,
    time: Format,
    time_with_fraction: Format,
    duration: Format,
}

impl Formats {
    fn new() -> Self {
        Self {
            header: Format::new().set_bold().set_align(FormatAlign::Left).set_border_bottom(FormatBorder::Thin),
            // A text that looks like a number or a formula stays a text, also when its cell is edited.
            text: Format::new().set_num_format("@"),
            number: Format::new().set_num_format("#,##0"),
            position: Format::new().set_num_format("0"),
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            time_with_fraction: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss.000"),
            duration: Format::new().set_num_format("[h]:mm:ss"),
        }
    }
}

impl<'a> WorkbookWriter<'a> {
    /// A workbook without sheets, for the file at `path`, in whose folder its temporary files are.
    ///
    /// # Errors
    /// [`ExportError`] where that folder takes no files.
    pub(super) fn new(path: &'a Path, written_at: Timestamp, cancelled: &'a AtomicBool) -> Result<Self, ExportError> {
        let mut workbook = Workbook::new();
        // Without it the library asks the clock.
        let created = ExcelDateTime::from_timestamp(written_at.as_second())
            .map_err(|error| export_error(&error, path, cancelled))?;
        workbook.set_properties(&DocProperties::new().set_author(APPLICATION).set_creation_datetime(&created));
        workbook.set_tempdir(folder_of(path)).map_err(|error| export_error(&error, path, cancelled))?;
        Ok(Self { workbook, formats: Formats::new(), path, cancelled, cut_cells: 0 })
    }

    /// A sheet of these rows: `row` writes the cells of one. More rows than a sheet holds are no error of it: the caller begins
    /// another one.
    pub(super) fn add_sheet(
        &mut self,
        name: &str,
        columns: &[SheetColumn],
        rows: usize,
        mut cells: impl FnMut(usize, &mut dyn FnMut(Value<'_>)) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let Self { workbook, formats, path, cancelled, cut_cells } = self;
        let failed = |error: XlsxError| export_error(&error, path, cancelled);
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(failed)?;
        begin_sheet(sheet, name, columns, rows, formats).map_err(failed)?;
        for row in 0..rows {
            let (mut column, mut result) = (0, Ok(()));
            cells(row, &mut |value| {
                let kind = columns.get(usize::from(column)).map_or(Kind::Text, |column| column.kind);
                let position = (u32::try_from(row + 1).unwrap_or(u32::MAX), column);
                if result.is_ok() {
                    result = write_cell(sheet, position, kind, value, formats, cut_cells);
                }
                column += 1;
            })?;
            result.map_err(failed)?;
        }
        Ok(())
    }

    /// A sheet of facts, each with its name.
    pub(super) fn add_facts(&mut self, name: &str, facts: &[(&str, String)]) -> Result<(), ExportError> {
        let Self { workbook, formats, path, cancelled, .. } = self;
        let sheet = workbook.add_worksheet();
        let mut write = || -> Result<(), XlsxError> {
            sheet.set_name(name)?.set_column_width(0, 26.0)?.set_column_width(1, WIDTHS.1)?;
            for (row, (fact, value)) in (0..).zip(facts) {
                sheet.write_string_with_format(row, 0, *fact, &formats.header)?;
                sheet.write_string_with_format(row, 1, cell_text(value).0, &formats.text)?;
            }
            Ok(())
        };
        write().map_err(|error| export_error(&error, path, cancelled))
    }

    /// Packs the sheets.
    pub(super) fn finish(mut self, out: &mut (dyn Write + Send)) -> Result<(), ExportError> {
        let out = Stoppable { out, cancelled: self.cancelled };
        self.workbook.save_to_writer(out).map_err(|error| export_error(&error, self.path, self.cancelled))
    }
}

/// Runs what writes a workbook. The library panics where it cannot write to its temporary files: that is a failure of the disk like
/// any other.
///
/// # Errors
/// Those of `write`, and [`ExportError::Full`] or [`ExportError::Other`] in place of such a panic.
pub(super) fn catch_full_disk<T>(
    path: &Path,
    write: impl FnOnce() -> Result<T, ExportError>,
) -> Result<T, ExportError> {
    // Whatever was half written is dropped with the panic.
    catch_unwind(AssertUnwindSafe(write)).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map_or("", String::as_str);
        let path = path.to_path_buf();
        Err(match words {
            words if words.contains("StorageFull") => ExportError::Full { path, free_bytes: None },
            words if words.contains("QuotaExceeded") => ExportError::QuotaUsedUp(path),
            _ => ExportError::Other { path, reason: "a temporary file could not be written".to_owned() },
        })
    })
}

/// Name, header, widths and filters. In this mode the library wants rows from the top.
fn begin_sheet(
    sheet: &mut Worksheet,
    name: &str,
    columns: &[SheetColumn],
    rows: usize,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?.set_freeze_panes(1, 0)?;
    // On paper the header is on every page.
    sheet.set_repeat_rows(0, 0)?.set_landscape();
    let last_row = u32::try_from(rows).unwrap_or(u32::MAX);
    for (index, column) in (0..).zip(columns) {
        let longest = column.header.chars().count().max(column.longest);
        let width = f64::from(u32::try_from(longest).unwrap_or(u32::MAX)) + WIDTH_MARGIN;
        sheet.set_column_width(index, width.clamp(WIDTHS.0, WIDTHS.1))?;
        sheet.write_string_with_format(0, index, cell_text(&column.header).0, &formats.header)?;
    }
    if let Some(last) = columns.len().checked_sub(1).and_then(|last| u16::try_from(last).ok()) {
        sheet.autofilter(0, 0, last_row, last)?;
        sheet.ignore_error_range(0, 0, last_row, last, IgnoreError::NumberStoredAsText)?;
    }
    Ok(())
}

/// Writes a value as what it is; as text where a cell cannot hold it exactly.
fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    kind: Kind,
    value: Value<'_>,
    formats: &Formats,
    cut_cells: &mut usize,
) -> Result<(), XlsxError> {
    let (number, format) = match value {
        Value::Empty => return Ok(()),
        Value::Flag(flag) => return sheet.write_boolean(row, column, flag).map(drop),
        Value::Integer(number) => (exact(number.unsigned_abs()).map(|it| it.copysign(number as f64)), &formats.number),
        Value::Bytes(number) => (exact(number), &formats.number),
        Value::Seconds(secs) => (exact(secs).map(|secs| secs / 86_400.0), &formats.duration),
        Value::Instant(at) if at.subsec_nanosecond() == 0 => (serial_date(at), &formats.time),
        Value::Instant(at) => (serial_date(at), &formats.time_with_fraction),
        Value::Text(ref text) if kind == Kind::BinlogPosition => (plain_number(text), &formats.position),
        Value::Text(_) | Value::EitherInstant(..) => (None, &formats.text),
    };
    // An id is read character by character, whatever it is made of.
    if let Some(number) = number.filter(|_| kind != Kind::Id) {
        return sheet.write_number_with_format(row, column, number, format).map(drop);
    }
    let text = match value {
        Value::Instant(at) => Cow::Owned(at.to_string()),
        Value::Bytes(number) | Value::Seconds(number) => Cow::Owned(number.to_string()),
        other => other.into_text(&Zone::utc()),
    };
    let (text, is_cut) = cell_text(&text);
    *cut_cells += usize::from(is_cut);
    sheet.write_string_with_format(row, column, text, &formats.text).map(drop)
}

/// A number that a cell holds with all its digits.
fn exact(number: u64) -> Option<f64> {
    (number <= LARGEST_EXACT).then_some(number as f64)
}

/// The number that a text is, where the number as text is the same again.
fn plain_number(text: &str) -> Option<f64> {
    let number = text.parse::<u64>().ok().filter(|number| number.to_string() == text)?;
    exact(number)
}

/// The days since 1899-12-30, to the millisecond; `None` for what Excel has no date for, and for the first two months of 1900, which
/// Excel counts with a 29 February.
fn serial_date(at: Timestamp) -> Option<f64> {
    const MILLIS_OF_DAY: i64 = 86_400_000;
    /// 1970-01-01.
    const UNIX_EPOCH: i64 = 25_569 * MILLIS_OF_DAY;
    /// 1900-03-01.
    const FIRST: i64 = 61 * MILLIS_OF_DAY;
    /// 10000-01-01.
    const END: i64 = 2_958_466 * MILLIS_OF_DAY;
    let millis = UNIX_EPOCH + at.as_millisecond();
    (FIRST..END).contains(&millis).then_some(millis as f64 / MILLIS_OF_DAY as f64)
}

/// A text as a cell can hold it, and whether it had to be cut: control characters visible, one form of line ends.
fn cell_text(text: &str) -> (Cow<'_, str>, bool) {
    let mut text = clean(text);
    if text.contains(['\r', '\u{fffe}', '\u{ffff}']) {
        // XML has no place for the last two.
        let lines = text.replace("\r\n", "\n").replace('\r', "\n");
        text = Cow::Owned(lines.replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}"));
    }
    if text.len() <= CELL_UNITS {
        return (text, false);
    }
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units < CELL_UNITS
    };
    if text.encode_utf16().count() <= CELL_UNITS {
        return (text, false);
    }
    let kept: String = text.chars().take_while(fits).chain(['…']).collect();
    (Cow::Owned(kept), true)
}

/// Ends the packing when the user says stop.
struct Stoppable<'a> {
    out: &'a mut (dyn Write + Send),
    cancelled: &'a AtomicBool,
}

impl Write for Stoppable<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(io::Error::other("cancelled"));
        }
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The library wraps the system's error at different depths.
fn export_error(error: &XlsxError, path: &Path, cancelled: &AtomicBool) -> ExportError {
    if cancelled.load(Ordering::Relaxed) {
        return ExportError::Cancelled;
    }
    let io = match error {
        XlsxError::IoError(io) => Some(io),
        other => other.source().and_then(|source| source.downcast_ref::<io::Error>()),
    };
    io.map_or_else(
        || ExportError::Other { path: path.to_path_buf(), reason: error.to_string() },
        |io| ExportError::from_io(io, path),
    )
}

#[cfg(test)]
#[path = "workbook_tests.rs"]
mod tests;
