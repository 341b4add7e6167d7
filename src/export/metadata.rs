//! Where the rows of a file come from: the note beside it, or a sheet inside it.

use std::io;
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use super::atomic::write_atomically;
use super::names::APPLICATION;
use super::options::with_rows;
use super::{CsvPreset, ExportError, ExportJob, FileFormat, TableRows};
use crate::domain::format_count;
use crate::grid::{ColumnKey, Row};
use crate::rows::Rows;

/// The note beside a file.
#[derive(Serialize)]
struct Metadata<'a> {
    application: &'static str,
    version: &'a str,
    file: String,
    format: FileFormat,
    table: String,
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
    #[serde(flatten)]
    csv: Option<CsvMetadata<'a>>,
}

/// What only a CSV file has a choice of.
#[derive(Serialize)]
struct CsvMetadata<'a> {
    columns: &'a [ColumnKey],
    preset: CsvPreset,
    zone: String,
    formula_guard: bool,
}

/// Writes the note beside `file`.
pub(super) fn write_note(job: &ExportJob, file: &Path, note: &Path, rows: usize) -> Result<(), ExportError> {
    let for_excel = job.options.preset == CsvPreset::Excel;
    let csv = (job.options.format == FileFormat::Csv).then(|| CsvMetadata {
        columns: &job.table.columns,
        preset: job.options.preset,
        zone: if for_excel { job.zone.full_label() } else { "UTC".to_owned() },
        formula_guard: for_excel && job.options.formula_escape,
    });
    let metadata = Metadata {
        application: APPLICATION,
        version: &job.provenance.app_version,
        file: file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        format: job.options.format,
        table: with_rows!(&job.table.rows, rows => plural(rows)),
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
        csv,
    };
    write_atomically(note, &job.replace, |out| {
        let failed = |error: io::Error| ExportError::from_io(&error, note);
        serde_json::to_writer_pretty(&mut *out, &metadata).map_err(|error| failed(error.into()))?;
        out.write_all(b"\n").map_err(failed)
    })
}

/// The same in words, one line for each fact: its name and its value. Facts that there are none of are left out.
pub(super) fn about(job: &ExportJob, rows: usize) -> Vec<(&'static str, String)> {
    let provenance = &job.provenance;
    let time = |at: Timestamp| Some(format!("{at:.0}"));
    let facts = [
        ("Application", Some(format!("{APPLICATION} {}", provenance.app_version))),
        ("Profile", Some(provenance.profile.clone())),
        ("Table", Some(with_rows!(&job.table.rows, rows => plural(rows)))),
        ("Source", Some(provenance.source.name().to_owned())),
        ("Recorded since", provenance.recorded_since.and_then(time)),
        ("Data read at", time(provenance.at)),
        ("Data read in full at", provenance.in_full_at.and_then(time)),
        ("Written at", time(job.now)),
        ("Filters", Some(provenance.filters.clone()).filter(|filters| !filters.is_empty())),
        ("Sort", Some(provenance.sort.clone())),
        ("Rows", Some(format_count(rows))),
        ("Rows before filtering", Some(format_count(provenance.rows))),
        ("Completeness", Some(provenance.completeness())),
        ("Times", Some("UTC; a time that the service gives without a zone is taken as UTC".to_owned())),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn plural<R: Row>(_rows: &Rows<R>) -> String {
    format!("{}s", R::NOUN)
}
