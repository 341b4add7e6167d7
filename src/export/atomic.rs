//! Writes an export whole or not at all. A file that is there already is replaced only where that was allowed for exactly this
//! file.

use std::fs;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;
use std::thread;

use tempfile::NamedTempFile;

use super::names::is_reserved;
use super::{ExportError, Standing};
use crate::files::{Existing, RENAME_PAUSE, RENAME_TRIES, folder_of, put};

/// One system call per megabyte.
const BUFFER_BYTES: usize = 1 << 20;

/// Writes `path` with what `write` writes. `replace` are the files that may be replaced. On any failure, and when `write` gives
/// an error, the file that was there stays as it was and no temporary file is left.
///
/// # Errors
/// [`ExportError`], sorted by what a user can do about it; `write`'s own error is handed on.
pub(super) fn write_atomically<T>(
    path: &Path,
    replace: &[Standing],
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<T, ExportError>,
) -> Result<T, ExportError> {
    check_target(path)?;
    let folder = folder_of(path);
    // The temporary file is gone by the time the space is asked for.
    write_in(folder, path, replace, write).map_err(|error| error.with_free_space(folder))
}

fn write_in<T>(
    folder: &Path,
    path: &Path,
    replace: &[Standing],
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<T, ExportError>,
) -> Result<T, ExportError> {
    let failed = |error: &io::Error| ExportError::from_io(error, path);
    if !folder.is_dir() {
        return Err(ExportError::FolderMissing(folder.to_path_buf()));
    }
    let temporary = NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, temporary);
    let written = write(&mut out)?;
    let temporary = out.into_inner().map_err(|error| failed(error.error()))?;
    put_checked(temporary, path, replace)?;
    Ok(written)
}

/// Refuses names that no file can have, folders, links and devices.
fn check_target(path: &Path) -> Result<(), ExportError> {
    let refused = || ExportError::NotAFile(path.to_path_buf());
    let name = path.file_name().ok_or_else(refused)?;
    if cfg!(windows) && name.to_str().is_none_or(is_reserved) {
        return Err(refused());
    }
    Ok(Standing::at(path).map(drop)?)
}

/// Gives the written file its name, unless a file has it that may not be replaced.
fn put_checked(mut temporary: NamedTempFile, path: &Path, replace: &[Standing]) -> Result<(), ExportError> {
    let mut tries = 1;
    loop {
        let failure = match Standing::at(path)? {
            None => put(temporary, path, Existing::Keep),
            Some(found) if replace.contains(&found) => {
                keep_mode(path, &temporary);
                put(temporary, path, Existing::Replace)
            }
            Some(found) => return Err(ExportError::Exists(vec![found])),
        };
        let Err(failure) = failure else { return Ok(()) };
        let error = ExportError::from_io(&failure.error, path);
        let has_appeared = failure.error.kind() == ErrorKind::AlreadyExists;
        if tries == RENAME_TRIES || !(has_appeared || matches!(error, ExportError::TargetBusy(_))) {
            return Err(error);
        }
        tries += 1;
        temporary = failure.file;
        // What has just appeared is looked at once more, at once.
        if !has_appeared {
            thread::sleep(RENAME_PAUSE);
        }
    }
}

/// Who could read the file that is replaced can read the new one. Where that cannot be set it stays private.
fn keep_mode(path: &Path, temporary: &NamedTempFile) {
    if cfg!(unix) {
        let _ = fs::metadata(path).and_then(|found| temporary.as_file().set_permissions(found.permissions()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write_new(path: &Path, replace: &[Standing], meanwhile: impl FnOnce()) -> Result<(), ExportError> {
        write_atomically(path, replace, |out| {
            meanwhile();
            out.write_all(b"new").map_err(|error| ExportError::from_io(&error, path))
        })
    }

    fn standing(path: &Path) -> Standing {
        Standing::at(path).unwrap().unwrap()
    }

    #[test]
    fn only_the_file_that_was_allowed_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        write_new(&path, &[], || {}).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");

        fs::write(&path, "theirs").unwrap();
        let theirs = standing(&path);
        assert_eq!(write_new(&path, &[], || {}), Err(ExportError::Exists(vec![theirs.clone()])));
        let other = Standing { path: folder.path().join("b.csv"), ..theirs.clone() };
        assert_eq!(write_new(&path, &[other], || {}), Err(ExportError::Exists(vec![theirs.clone()])));
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
        write_new(&path, &[theirs], || {}).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing temporary is left");
    }

    #[test]
    fn a_file_that_appears_or_changes_while_the_new_one_is_written_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let appeared = write_new(&path, &[], || fs::write(&path, "theirs").unwrap());
        assert_eq!(appeared, Err(ExportError::Exists(vec![standing(&path)])));
        let before = standing(&path);
        let changed = write_new(&path, &[before], || fs::write(&path, "theirs, and more").unwrap());
        assert_eq!(changed, Err(ExportError::Exists(vec![standing(&path)])));
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs, and more");

        // What was allowed to go and is gone already is no matter.
        let before = standing(&path);
        write_new(&path, &[before], || fs::remove_file(&path).unwrap()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }

    #[cfg(windows)]
    #[test]
    fn a_file_marked_read_only_is_not_called_open_in_another_program() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "theirs").unwrap();
        let mark = |is_read_only| {
            let mut permissions = fs::metadata(&path).unwrap().permissions();
            permissions.set_readonly(is_read_only);
            fs::set_permissions(&path, permissions).unwrap();
        };
        mark(true);
        assert_eq!(write_new(&path, &[standing(&path)], || {}), Err(ExportError::Protected(path.clone())));
        mark(false);
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
    }

    #[cfg(unix)]
    #[test]
    fn the_replaced_file_keeps_its_mode_and_a_new_one_is_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        write_new(&path, &[], || {}).unwrap();
        assert_eq!(mode(), 0o600);
        for kept in [0o640, 0o664, 0o444] {
            fs::set_permissions(&path, fs::Permissions::from_mode(kept)).unwrap();
            write_new(&path, &[standing(&path)], || {}).unwrap();
            assert_eq!(mode(), kept);
        }
    }
}
