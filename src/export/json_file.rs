//! A table as a JSON array, one row a line: every field as the service sent it, numbers with their digits.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::iter::ParallelIterator as _;
use rayon::slice::ParallelSlice as _;

use super::options::{rows_at, with_rows};
use super::{ExportError, ExportJob, TableRows};
use crate::grid::{Row, json_line};
use crate::rows::Rows;

/// Rows that one core puts into words at a time.
const ROWS_PER_PART: usize = 500;
/// Parts that are made between two looks at the cancel flag.
const PARTS: usize = 8;

/// Writes the rows as JSON, and returns their number.
///
/// # Errors
/// [`ExportError::Cancelled`], or what `out` said.
pub(super) fn write_json_to(
    job: &ExportJob,
    out: &mut (dyn Write + Send),
    on_rows: &dyn Fn(usize),
    cancelled: &AtomicBool,
) -> Result<usize, ExportError> {
    with_rows!(&job.table.rows, rows => write_rows(rows, job, out, on_rows, cancelled))
}

fn write_rows<R: Row>(
    rows: &Rows<R>,
    job: &ExportJob,
    out: &mut (dyn Write + Send),
    on_rows: &dyn Fn(usize),
    cancelled: &AtomicBool,
) -> Result<usize, ExportError> {
    let failed = |error: io::Error| ExportError::from_io(&error, &job.path);
    let positions = job.table.positions(rows, job.options.rows);
    let source = job.provenance.source;
    on_rows(0);
    let mut written = 0;
    for block in positions.chunks(PARTS * ROWS_PER_PART) {
        let lines = |part: &[u32]| rows_at(rows, part).map(|row| json_line(&row, source)).collect();
        let parts: Vec<Vec<String>> = block.par_chunks(ROWS_PER_PART).map(lines).collect();
        for line in parts.iter().flatten() {
            let before = if written == 0 { "[\n" } else { ",\n" };
            out.write_all(before.as_bytes()).and_then(|()| out.write_all(line.as_bytes())).map_err(failed)?;
            written += 1;
        }
        on_rows(written);
        if cancelled.load(Ordering::Relaxed) {
            return Err(ExportError::Cancelled);
        }
    }
    let end = if written == 0 { "[]\n" } else { "\n]\n" };
    out.write_all(end.as_bytes()).map_err(failed)?;
    Ok(written)
}
