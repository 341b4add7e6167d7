//! Writes a file whole or not at all: a temporary file in the same folder, flushed, synced, then renamed.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

use tempfile::NamedTempFile;

use super::ExportError;
use super::names::is_reserved;

/// One system call per megabyte.
const BUFFER_BYTES: usize = 1 << 20;
/// How often a rename is tried while another program holds the file: a virus scanner lets go within a second.
const RENAME_TRIES: u32 = 3;
const RENAME_PAUSE: Duration = Duration::from_millis(300);

/// Writes `path` with what `write` writes. On any failure, and when `write` gives an error, the file that was there
/// stays as it was and no temporary file is left.
///
/// # Errors
/// [`ExportError`], sorted by what a person can do about it; `write`'s own error is handed on.
pub(super) fn write_atomically<T>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T, ExportError>,
) -> Result<T, ExportError> {
    check_target(path)?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // The temporary file is gone by the time the space is asked for.
    write_in(folder, path, write).map_err(|error| error.with_free_space(folder))
}

fn write_in<T>(
    folder: &Path,
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T, ExportError>,
) -> Result<T, ExportError> {
    let failed = |error: &io::Error| ExportError::from_io(error, path);
    if !folder.is_dir() {
        return Err(ExportError::FolderMissing(folder.to_path_buf()));
    }
    let temporary = NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, temporary);
    let written = write(&mut out)?;
    let temporary = out.into_inner().map_err(|error| failed(error.error()))?;
    temporary.as_file().sync_all().map_err(|error| failed(&error))?;
    rename(temporary, path)?;
    sync_folder(folder);
    Ok(written)
}

/// Refuses folders, links and devices: a rename over them would do something nobody asked for.
fn check_target(path: &Path) -> Result<(), ExportError> {
    let refused = || ExportError::NotAFile(path.to_path_buf());
    let name = path.file_name().ok_or_else(refused)?;
    if cfg!(windows) && name.to_str().is_none_or(is_reserved) {
        return Err(refused());
    }
    match fs::symlink_metadata(path) {
        Ok(found) if !found.file_type().is_file() => Err(refused()),
        _ => Ok(()),
    }
}

fn rename(mut temporary: NamedTempFile, path: &Path) -> Result<(), ExportError> {
    let mut tries = 1;
    loop {
        let Err(failure) = temporary.persist(path) else { return Ok(()) };
        let error = ExportError::from_io(&failure.error, path);
        if tries == RENAME_TRIES || !matches!(error, ExportError::TargetBusy(_)) {
            return Err(error);
        }
        tries += 1;
        temporary = failure.file;
        thread::sleep(RENAME_PAUSE);
    }
}

/// Makes the rename itself last through a power cut, where the system can do that. The file is whole either way.
fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}
