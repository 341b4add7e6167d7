//! Files written whole or not at all, and files and folders for this user only.
//!
//! Owns: the one way a file gets its name: written under a temporary one in the same folder, synced, renamed.
//! May import: `tempfile`.
//! Must never: know what the files hold.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;
use std::thread;
use std::time::Duration;

use tempfile::{NamedTempFile, PersistError};

/// How often a rename is tried while another program holds the file: a virus scanner lets go within a second.
pub const RENAME_TRIES: u32 = 3;
/// The pause between two of them.
pub const RENAME_PAUSE: Duration = Duration::from_millis(300);

/// What happens to a file that has the name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It is replaced.
    Replace,
    /// It stays, and [`put`] fails with [`ErrorKind::AlreadyExists`].
    Keep,
}

/// The folder that holds a file; the working folder for a bare name.
#[must_use]
pub fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// True where a rename failed because another program has the file open, which may be over in a moment.
#[must_use]
pub fn is_held(error: &io::Error, path: &Path) -> bool {
    // Windows: access denied, sharing violation, lock violation. The first is also what a read-only file gives.
    match error.raw_os_error() {
        Some(5) if cfg!(windows) => !is_read_only(path),
        Some(32 | 33) if cfg!(windows) => true,
        _ => matches!(error.kind(), ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy),
    }
}

/// True for a file that may not be written; on Windows it cannot be replaced either.
#[must_use]
pub fn is_read_only(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.permissions().readonly())
}

/// Gives a temporary file of the same folder its name once all of it is on the disk. A failure leaves what was there, and returns
/// the temporary file.
pub fn put(temporary: NamedTempFile, path: &Path, existing: Existing) -> Result<(), PersistError> {
    if let Err(error) = temporary.as_file().sync_all() {
        return Err(PersistError { error, file: temporary });
    }
    match existing {
        Existing::Replace => temporary.persist(path).map(drop)?,
        Existing::Keep => claim(temporary, path)?,
    }
    // The new name is on the disk once its folder is; where folders cannot be synced the rename stands anyway.
    if cfg!(unix) {
        let _not_everywhere = File::open(folder_of(path)).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

/// Gives the file a name that nobody else has, not even since a moment ago.
fn claim(temporary: NamedTempFile, path: &Path) -> Result<(), PersistError> {
    match temporary.persist_noclobber(path) {
        Ok(_file) => Ok(()),
        Err(failure) if failure.error.kind() == ErrorKind::AlreadyExists => Err(failure),
        Err(failure) => claim_by_empty_file(failure.file, path),
    }
}

/// The same on file systems that know neither a rename that spares what is there nor hard links: an empty file takes the name first.
fn claim_by_empty_file(temporary: NamedTempFile, path: &Path) -> Result<(), PersistError> {
    if let Err(error) = File::options().write(true).create_new(true).open(path) {
        return Err(PersistError { error, file: temporary });
    }
    temporary.persist(path).map(drop).inspect_err(|_failure| {
        let _ = fs::remove_file(path);
    })
}

/// Puts a whole file in place of another, for this user only (0600). The name of the temporary file follows from the file's: what a
/// killed program left behind is removed by the next write. While another program holds the file it is waited for, not longer than
/// a second. Whoever writes a file that others may write too holds a lock.
pub fn replace_file(file: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_with_pauses(file, bytes, || thread::sleep(RENAME_PAUSE))
}

fn replace_with_pauses(file: &Path, bytes: &[u8], mut pause: impl FnMut()) -> io::Result<()> {
    let folder = folder_of(file);
    let name = format!(".{}.tmp", file.file_name().unwrap_or(file.as_os_str()).to_string_lossy());
    match fs::remove_file(folder.join(&name)) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut temporary = tempfile::Builder::new().prefix(&name).rand_bytes(0).tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    let mut tries = 1;
    loop {
        let Err(failure) = put(temporary, file, Existing::Replace) else { return Ok(()) };
        if tries == RENAME_TRIES || !is_held(&failure.error, file) {
            return Err(failure.error);
        }
        tries += 1;
        temporary = failure.file;
        pause();
    }
}

/// Opens a file whose lock is what counts, for this user only (0600); it is made where it is missing, and stays empty.
pub fn open_lock_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a folder, and those above it that are missing, for this user only (0700 where the system knows modes). That it is
/// there already is no error; a file in the place of one is [`ErrorKind::NotADirectory`].
pub fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| match error.kind() {
        // What Windows says of a file anywhere in the path, and Linux of one at its end.
        ErrorKind::AlreadyExists => ErrorKind::NotADirectory.into(),
        _ => error,
    })
}

/// Gives a folder of ours that is there already, and all in it, their modes back: 0700 for folders, 0600 for files. An older
/// version, a copy or another program may have made them with others. Links are left alone, and so is what belongs to somebody
/// else, which is an error. Nothing to do where the system knows no modes.
pub fn make_private(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Ok(found) = fs::symlink_metadata(folder)
        && found.is_dir()
    {
        restrict(folder, &found, 0o700)?;
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            match fs::symlink_metadata(&path) {
                Ok(found) if found.is_dir() => make_private(&path)?,
                Ok(found) if found.is_file() => restrict(&path, &found, 0o600)?,
                // A link, or gone meanwhile.
                _ => {}
            }
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(unix)]
fn restrict(path: &Path, found: &fs::Metadata, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    /// What the group and everybody else may do.
    const OTHERS: u32 = 0o077;
    if found.permissions().mode() & OTHERS == 0 {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_in_the_place_of_a_folder_is_not_a_directory() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data");
        fs::write(&file, "in the way").unwrap();
        for wanted in [file.clone(), file.join("ledger")] {
            let error = create_private_folder(&wanted).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::NotADirectory, "{error}");
        }
        create_private_folder(folder.path()).unwrap();
    }

    #[cfg(windows)]
    #[test]
    fn a_file_that_another_program_holds_is_waited_for() {
        use std::os::windows::fs::OpenOptionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        fs::write(&path, "old").unwrap();
        // Nobody else may read, write or replace it.
        let open_alone = || Some(File::options().read(true).share_mode(0).open(&path).unwrap());
        let (mut held, mut pauses) = (open_alone(), 0);
        replace_with_pauses(&path, b"new", || {
            held = None;
            pauses += 1;
        })
        .unwrap();
        assert_eq!((pauses, fs::read_to_string(&path).unwrap().as_str()), (1, "new"));
        let (held, mut pauses) = (open_alone(), 0);
        let error = replace_with_pauses(&path, b"newer", || pauses += 1).unwrap_err();
        assert!(is_held(&error, &path) && pauses == RENAME_TRIES - 1, "{error}");
        drop(held);
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing temporary is left");
    }

    /// The last moment, after the check of what is there: neither way of taking a name replaces anything.
    #[test]
    fn a_name_is_taken_only_where_it_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        for take in [claim, claim_by_empty_file] {
            let mut temporary = NamedTempFile::new_in(folder.path()).unwrap();
            temporary.write_all(b"new").unwrap();
            fs::write(&path, "theirs").unwrap();
            let failure = take(temporary, &path).unwrap_err();
            assert_eq!(failure.error.kind(), ErrorKind::AlreadyExists);
            assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
            fs::remove_file(&path).unwrap();
            take(failure.file, &path).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), "new");
            fs::remove_file(&path).unwrap();
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
