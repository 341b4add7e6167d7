//! A table as comma-separated values.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::iter::ParallelIterator as _;
use rayon::slice::ParallelSlice as _;

use super::cell::{CsvField, fields};
use super::csv_dialect::CsvDialect;
use super::options::with_rows;
use super::{CsvPreset, ExportError, ExportJob, TableRows};
use crate::grid::Row;
use crate::rows::Rows;

/// Rows between two looks at the cancel flag.
const ROWS_PER_LOOK: usize = 1000;
/// Rows that one core puts into words at a time.
const ROWS_PER_PART: usize = 1250;
/// Parts that are made before they are written, and progress is reported: more than cores, so that none waits long for another.
const PARTS: usize = 8;
/// What the text of a row usually takes.
const BYTES_PER_ROW: usize = 384;

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
    let lines = CsvLines::of(rows, &positions, job, cancelled);
    let failed = |error: io::Error| ExportError::from_io(&error, &job.path);
    out.write_all(lines.header().as_bytes()).map_err(failed)?;
    on_rows(0);
    let mut written = 0;
    let mut write = |parts: Vec<Option<Part>>| {
        for part in parts {
            let is_wanted = !cancelled.load(Ordering::Relaxed);
            let (text, count) = part.filter(|_| is_wanted).ok_or(ExportError::Cancelled)?;
            out.write_all(text.as_bytes()).map_err(failed)?;
            written += count;
        }
        on_rows(written);
        Ok::<_, ExportError>(())
    };
    let lines_of = |block: &[u32]| block.par_chunks(ROWS_PER_PART).map(|part| lines.of_rows(part)).collect::<Vec<_>>();
    let mut made = None;
    for block in positions.chunks(PARTS * ROWS_PER_PART) {
        // The next block is made while this one is written.
        let mut next = None;
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| next = Some(lines_of(block)));
            made.take().map_or(Ok(()), &mut write)
        })?;
        made = next;
    }
    made.map_or(Ok(()), write)?;
    out.flush().map_err(failed)?;
    // The last rows may have been written while the user said stop.
    if cancelled.load(Ordering::Relaxed) { Err(ExportError::Cancelled) } else { Ok(written) }
}

/// Some lines and their number.
type Part = (String, usize);

/// Turns rows into lines.
struct CsvLines<'a, R: Row> {
    preset: CsvPreset,
    dialect: CsvDialect,
    fields: Vec<CsvField<'a, R>>,
    cancelled: &'a AtomicBool,
}

impl<'a, R: Row> CsvLines<'a, R> {
    fn of(rows: &'a Rows<R>, positions: &[u32], job: &'a ExportJob, cancelled: &'a AtomicBool) -> Self {
        let preset = job.options.preset;
        let mut fields = fields(rows, job);
        if preset == CsvPreset::Scripts {
            for field in &mut fields {
                field.fit_fractions(positions);
            }
        }
        Self { preset, dialect: CsvDialect::of(&job.options), fields, cancelled }
    }

    /// What comes before the rows: the byte order mark that makes Excel read UTF-8, and the headers.
    fn header(&self) -> String {
        let mut line = String::new();
        self.dialect.push_line(&mut line, &self.fields, |out, field| self.dialect.push_text(out, &field.header()));
        let mark = if self.preset == CsvPreset::Excel { "\u{feff}" } else { "" };
        mark.to_owned() + &line
    }

    /// The lines of some rows; `None` when the user said stop.
    fn of_rows(&self, positions: &[u32]) -> Option<Part> {
        let mut text = String::with_capacity(positions.len() * BYTES_PER_ROW);
        for rows in positions.chunks(ROWS_PER_LOOK) {
            if self.cancelled.load(Ordering::Relaxed) {
                return None;
            }
            for &row in rows {
                self.dialect.push_line(&mut text, &self.fields, |out, field| field.push(out, row));
            }
        }
        Some((text, positions.len()))
    }
}
