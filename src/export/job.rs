//! One export: a frozen set of rows and columns, written as CSV with a note beside it.

use std::io::{self, Write};
use std::path::{Path, PathBuf, is_separator};
use std::sync::atomic::{AtomicBool, Ordering};

use csv::{QuoteStyle, Terminator, WriterBuilder};
use jiff::Timestamp;
use rayon::iter::ParallelIterator as _;
use rayon::slice::ParallelSlice as _;
use serde::Serialize;

use super::atomic::write_atomically;
use super::cell::{CsvCell, CsvField, fields, push_quoted};
use super::names::{APPLICATION, note_path, with_ending};
use super::{CsvPreset, ExportError, ExportJob, ExportOptions, Standing, TableRows};
use crate::grid::{ColumnKey, Row};
use crate::rows::Rows;

/// Rows between two looks at the cancel flag.
const ROWS_PER_LOOK: usize = 1000;
/// Rows that one core puts into words at a time.
const ROWS_PER_PART: usize = 1250;
/// Parts that are made before they are written, and progress is reported: more than cores, so that none waits long for another.
const PARTS: usize = 8;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportReport {
    /// The file.
    pub path: PathBuf,
    /// Its rows, without the header.
    pub rows: usize,
    /// Sentences a user should read.
    pub warnings: Vec<String>,
}

/// Writes the file and, beside it, `name.meta.json` with where its rows come from. Both are written whole or not at all;
/// a note that could not be written is a warning. Nothing is replaced but what the job allows. `on_rows` hears the number of rows
/// written so far.
///
/// # Errors
/// [`ExportError`]; the file that was there before is then untouched. [`ExportError::Exists`] names every file that would have to
/// be replaced; the same job with these allowed can be tried again.
pub fn write_csv(
    job: &ExportJob,
    on_rows: &dyn Fn(usize),
    cancelled: &AtomicBool,
) -> Result<ExportReport, ExportError> {
    let path = target(&job.path)?;
    let unasked: Vec<Standing> =
        standing(&path)?.into_iter().filter(|standing| !job.replace.contains(standing)).collect();
    if !unasked.is_empty() {
        return Err(ExportError::Exists(unasked));
    }
    let rows = write_atomically(&path, &job.replace, |out| write_csv_to(job, out, on_rows, cancelled))?;
    let mut warnings = Vec::new();
    if job.provenance.partial.is_some() {
        warnings.push(format!("The file does not contain the whole list: {}", job.provenance.completeness()));
    }
    warnings.extend(job.options.preset.row_warning(rows));
    if let Err(error) = write_note(job, &path, rows) {
        warnings.push(format!("The file was written, but not the note beside it: {error}"));
    }
    Ok(ExportReport { path, rows, warnings })
}

/// The file that is written for a path as it was chosen. What is no ordinary file there, or says that it is a folder, was not meant
/// as a name to which an ending is added.
fn target(chosen: &Path) -> Result<PathBuf, ExportError> {
    let is_folder = chosen.as_os_str().as_encoded_bytes().last().is_some_and(|last| is_separator(char::from(*last)));
    if is_folder || chosen.file_name().is_none() {
        return Err(ExportError::NotAFile(chosen.to_path_buf()));
    }
    Standing::at(chosen)?;
    Ok(with_ending(chosen))
}

/// The files that a file and its note would replace. A note that cannot be written is reported when it is its turn.
fn standing(path: &Path) -> Result<Vec<Standing>, ExportError> {
    let note = Standing::at(&note_path(path)).ok().flatten();
    Ok(Standing::at(path)?.into_iter().chain(note).collect())
}

/// Writes the rows as CSV to anything, and gives their number. The same code as [`write_csv`], for tests and measurements.
/// Long lists are put into words on two cores.
///
/// # Errors
/// [`ExportError::Cancelled`], or what `out` said.
pub fn write_csv_to<W: Write>(
    job: &ExportJob,
    out: W,
    on_rows: &dyn Fn(usize),
    cancelled: &AtomicBool,
) -> Result<usize, ExportError> {
    match &job.table.rows {
        TableRows::Backups(rows) => write_rows(rows, job, out, on_rows, cancelled),
        TableRows::Schedules(rows) => write_rows(rows, job, out, on_rows, cancelled),
        TableRows::Restores(rows) => write_rows(rows, job, out, on_rows, cancelled),
    }
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

/// The rows at these positions.
pub(super) fn rows_at<R: Row>(rows: &Rows<R>, positions: &[u32]) -> impl Iterator<Item = R> {
    positions.iter().filter_map(|&position| rows.get(position))
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

/// The note beside a file.
#[derive(Serialize)]
struct Metadata<'a> {
    application: &'static str,
    version: &'a str,
    file: String,
    table: &'static str,
    source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded_since: Option<Timestamp>,
    profile: &'a str,
    data_read_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_read_in_full_at: Option<Timestamp>,
    written_at: Timestamp,
    filters: &'a str,
    sort: &'a str,
    rows: usize,
    rows_before_filtering: usize,
    complete: bool,
    completeness: String,
    columns: &'a [ColumnKey],
    preset: CsvPreset,
    zone: String,
    formula_guard: bool,
}

fn write_note(job: &ExportJob, file: &Path, rows: usize) -> Result<(), ExportError> {
    let for_excel = job.options.preset == CsvPreset::Excel;
    let note = Metadata {
        application: APPLICATION,
        version: &job.provenance.app_version,
        file: file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        table: match job.table.rows {
            TableRows::Backups(_) => "backups",
            TableRows::Schedules(_) => "schedules",
            TableRows::Restores(_) => "restores",
        },
        source: job.provenance.source.name(),
        recorded_since: job.provenance.recorded_since,
        profile: &job.provenance.profile,
        data_read_at: job.provenance.at,
        data_read_in_full_at: job.provenance.in_full_at,
        written_at: job.now,
        filters: &job.provenance.filters,
        sort: &job.provenance.sort,
        rows,
        rows_before_filtering: job.provenance.rows,
        complete: job.provenance.partial.is_none(),
        completeness: job.provenance.completeness(),
        columns: &job.table.columns,
        preset: job.options.preset,
        zone: if for_excel { job.zone.full_label() } else { "UTC".to_owned() },
        formula_guard: for_excel && job.options.formula_escape,
    };
    let path = note_path(file);
    write_atomically(&path, &job.replace, |out| {
        let failed = |error: io::Error| ExportError::from_io(&error, &path);
        serde_json::to_writer_pretty(&mut *out, &note).map_err(|error| failed(error.into()))?;
        out.write_all(b"\n").map_err(failed)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_excel_does_not_show_are_reported() {
        let warning = Some("Excel shows only the first 1,048,575 rows of a file".to_owned());
        assert_eq!(CsvPreset::Excel.row_warning(1_048_575), None);
        assert_eq!(CsvPreset::Excel.row_warning(1_048_576), warning);
        assert_eq!(CsvPreset::Scripts.row_warning(1_048_576), None);
    }
}
