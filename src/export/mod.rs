//! Files of three formats and clipboard texts, from the same columns the tables show; the atomic writer.
//!
//! Owns: CSV and its two presets, workbooks, JSON, the evidence pack, the escape of formulas, the writer that leaves a whole file or none, file names,
//! clipboard texts.
//! May import: `std`, `domain`, `grid`, `jiff`, `csv`,
//! `rust_xlsxwriter`, `zip`, `sha2`, `rayon`, `serde`, `serde_json`, `tempfile`, `thiserror`,
//! `fs4` (what is free on a disk).
//! Must never: know egui, the API, tokio; read a clock (`now` is in the options); show anything.

mod atomic;
mod cell;
mod clipboard;
mod csv_dialect;
mod csv_file;
mod error;
mod evidence;
mod format;
mod formula_escape;
mod job;
mod json_file;
mod metadata;
mod names;
mod options;
mod standing;
mod table_workbook;
mod workbook;

pub use clipboard::{cell_as_tsv, render, rows_as_markdown, rows_as_tsv};
pub use csv_file::write_csv_to;
pub use error::ExportError;
pub use evidence::{
    ENDING as EVIDENCE_ENDING, EvidenceJob, EvidenceOptions, EvidenceRecords, PlainTable, evidence_name, write_evidence,
};
pub use format::FileFormat;
pub use formula_escape::{clean, escape_formula, is_formula};
pub use job::{ExportReport, write_file};
pub use names::{file_name, with_ending_of};
pub use options::{
    CsvPreset, ExportColumns, ExportJob, ExportOptions, ExportRows, Provenance, Snapshot, TableRows, all_columns,
};
pub use standing::Standing;
