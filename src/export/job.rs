//! One export: a frozen set of rows and columns, written as a file of the wanted format.

use std::path::{Path, PathBuf, is_separator};
use std::sync::atomic::AtomicBool;

use super::atomic::write_atomically;
use super::csv_file::write_csv_to;
use super::json_file::write_json_to;
use super::metadata::write_note;
use super::names::{note_path, with_ending};
use super::table_workbook::write_workbook_to;
use super::{ExportError, ExportJob, FileFormat, Standing};
use crate::domain::format_count;

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

/// Writes the file and, beside it where the format cannot hold that itself, `name.meta.json` with where its rows come from. Both are
/// written whole or not at all; a note that could not be written is a warning. Nothing is replaced but what the job allows. `on_rows`
/// hears the number of rows written so far.
///
/// # Errors
/// [`ExportError`]; the file that was there before is then untouched. [`ExportError::Exists`] names every file that would have to
/// be replaced; the same job with these allowed can be tried again.
pub fn write_file(
    job: &ExportJob,
    on_rows: &dyn Fn(usize),
    cancelled: &AtomicBool,
) -> Result<ExportReport, ExportError> {
    let path = target(&job.path, job.options.format.endings())?;
    let note = job.options.format.has_note().then(|| note_path(&path));
    let unasked: Vec<Standing> =
        standing(&path, note.as_deref())?.into_iter().filter(|standing| !job.replace.contains(standing)).collect();
    if !unasked.is_empty() {
        return Err(ExportError::Exists(unasked));
    }
    let mut warnings = Vec::new();
    if job.provenance.partial.is_some() {
        warnings.push(format!("The file does not contain the whole list: {}", job.provenance.completeness()));
    }
    let rows = write_atomically(&path, &job.replace, |out| match job.options.format {
        FileFormat::Csv => write_csv_to(job, out, on_rows, cancelled),
        FileFormat::Json => write_json_to(job, out, on_rows, cancelled),
        FileFormat::Workbook => {
            let written = write_workbook_to(job, &path, out, on_rows, cancelled)?;
            warnings.extend(cut_warning(written.cut_cells));
            Ok(written.rows)
        }
    })?;
    warnings.extend(job.options.row_warning(rows));
    if let Some(Err(error)) = note.map(|note| write_note(job, &path, &note, rows)) {
        warnings.push(format!("The file was written, but not the note beside it: {error}"));
    }
    Ok(ExportReport { path, rows, warnings })
}

/// The file that is written for a path as it was chosen. What is no ordinary file there, or says that it is a folder, was not meant
/// as a name to which an ending is added.
pub(super) fn target(chosen: &Path, endings: &[&str]) -> Result<PathBuf, ExportError> {
    let is_folder = chosen.as_os_str().as_encoded_bytes().last().is_some_and(|last| is_separator(char::from(*last)));
    if is_folder || chosen.file_name().is_none() {
        return Err(ExportError::NotAFile(chosen.to_path_buf()));
    }
    Standing::at(chosen)?;
    Ok(with_ending(chosen, endings))
}

/// The files that a file and its note would replace. A note that cannot be written is reported when it is its turn.
fn standing(path: &Path, note: Option<&Path>) -> Result<Vec<Standing>, ExportError> {
    let note = note.and_then(|note| Standing::at(note).ok().flatten());
    Ok(Standing::at(path)?.into_iter().chain(note).collect())
}

fn cut_warning(cells: usize) -> Option<String> {
    let what = if cells == 1 { "1 cell was".to_owned() } else { format!("{} cells were", format_count(cells)) };
    (cells > 0).then(|| format!("{what} cut to the 32,767 characters that Excel allows"))
}
