//! A table as comma-separated values.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use csv::{QuoteStyle, Terminator, WriterBuilder};
use rayon::iter::ParallelIterator as _;
use rayon::slice::ParallelSlice as _;

use super::cell::{CsvCell, CsvField, fields, push_quoted};
use super::options::with_rows;
use super::{CsvPreset, ExportError, ExportJob, ExportOptions, TableRows};
use crate::grid::Row;
use crate::rows::Rows;

/// Rows between two looks at the cancel flag.
const ROWS_PER_LOOK: usize = 1000;
/// Rows that one core puts into words at a time.
const ROWS_PER_PART: usize = 1250;
/// Parts that are made before they are written, and progress is reported: more than cores, so that none waits long for another.
const PARTS: usize = 8;

/// Writes the rows as CSV to anything, and gives their number. Long lists are put into words on two cores.
///
/// # Errors
/// [`ExportError::Cancelled`], or what `out` said.
pub fn write_csv_to<W: Write>(
    job: &ExportJob,
    out: W,
    on_rows: &dyn Fn(usize),
    cancelled: &AtomicBool,
) -> Result<usize, ExportError> {
    with_rows!(&job.table.rows, rows => write_rows(rows, job, out, on_rows, cancelled))
}

fn write_rows<R: Row, W: Write>(
    rows: &Rows<R>,
    job: &ExportJob,
    mut out: W,
    on_rows: &dyn Fn(usize),
    cancelled: &AtomicBool,
) -> Result<usize, ExportError> {
    let positions = job.table.positions(rows, job.options.rows);
    let lines = Lines::of(rows, &positions, job, cancelled);
    let failed = |error: io::Error| ExportError::from_io(&error, &job.path);
    out.write_all(&lines.header().map_err(failed)?).map_err(failed)?;
    on_rows(0);
    let mut written = 0;
    for block in positions.chunks(PARTS * ROWS_PER_PART) {
        let parts: Vec<_> = block.par_chunks(ROWS_PER_PART).map(|part| lines.of_rows(part)).collect();
        for part in parts {
            let (text, count) = part.map_err(failed)?.ok_or(ExportError::Cancelled)?;
            out.write_all(&text).map_err(failed)?;
            written += count;
        }
        on_rows(written);
    }
    out.flush().map_err(failed)?;
    // The last rows may have been written while the user said stop.
    if cancelled.load(Ordering::Relaxed) { Err(ExportError::Cancelled) } else { Ok(written) }
}

/// Turns rows into lines.
struct Lines<'a, R: Row> {
    job: &'a ExportJob,
    fields: Vec<CsvField<'a, R>>,
    cancelled: &'a AtomicBool,
}

impl<'a, R: Row> Lines<'a, R> {
    fn of(rows: &'a Rows<R>, positions: &[u32], job: &'a ExportJob, cancelled: &'a AtomicBool) -> Self {
        let preset = job.options.preset;
        let mut fields = fields(rows, job);
        if preset == CsvPreset::Scripts {
            for field in &mut fields {
                field.fit_fractions(positions);
            }
        }
        Self { job, fields, cancelled }
    }

    fn writer(&self) -> csv::Writer<Vec<u8>> {
        let ExportOptions { preset, semicolon, line_feed_only, .. } = self.job.options;
        let for_excel = preset == CsvPreset::Excel;
        WriterBuilder::new()
            .delimiter(if for_excel && semicolon { b';' } else { b',' })
            // For people the words come quoted already, and nothing else is.
            .quote_style(if for_excel { QuoteStyle::Never } else { QuoteStyle::Necessary })
            .terminator(if !for_excel && line_feed_only { Terminator::Any(b'\n') } else { Terminator::CRLF })
            .buffer_capacity(1 << 16)
            .from_writer(Vec::new())
    }

    /// What comes before the rows: the byte order mark that makes Excel read UTF-8, and the headers.
    fn header(&self) -> io::Result<Vec<u8>> {
        let mut csv = self.writer();
        for field in &self.fields {
            let text = field.header(self.job.options.preset, &self.job.zone);
            self.write_cell(&mut csv, &CsvCell { text: &text, is_words: true, is_quoted: false }, &mut String::new())?;
        }
        csv.write_record(None::<&[u8]>)?;
        let line = csv.into_inner().map_err(csv::IntoInnerError::into_error)?;
        let mark = if self.job.options.preset == CsvPreset::Excel { "\u{feff}" } else { "" };
        Ok([mark.as_bytes(), &line].concat())
    }

    /// Writes one cell; for people in quotes where it holds words. `quoted` is where those are made.
    fn write_cell(&self, csv: &mut csv::Writer<Vec<u8>>, cell: &CsvCell<'_>, quoted: &mut String) -> csv::Result<()> {
        if self.job.options.preset == CsvPreset::Scripts || !cell.is_words || cell.is_quoted {
            return csv.write_field(cell.text);
        }
        quoted.clear();
        push_quoted(quoted, cell.text);
        csv.write_field(quoted)
    }

    /// The lines of some rows and their number; `None` when the user said stop.
    fn of_rows(&self, positions: &[u32]) -> io::Result<Option<(Vec<u8>, usize)>> {
        let mut csv = self.writer();
        let (mut count, mut scratch, mut quoted) = (0, String::new(), String::new());
        for &row in positions {
            if count % ROWS_PER_LOOK == 0 && self.cancelled.load(Ordering::Relaxed) {
                return Ok(None);
            }
            for field in &self.fields {
                self.write_cell(&mut csv, &field.text(row, self.job, &mut scratch), &mut quoted)?;
            }
            csv.write_record(None::<&[u8]>)?;
            count += 1;
        }
        let text = csv.into_inner().map_err(csv::IntoInnerError::into_error)?;
        Ok(Some((text, count)))
    }
}
