//! Files on the disk: written whole or not at all, for this user only, and kept under another name rather than lost.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The path with more text at the end of its name.
pub(super) fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// How a file is kept aside.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum QuarantineMode {
    /// The file stays where it is too.
    Copy,
    /// Its place is free then.
    Move,
}

/// Keeps a file under a name with its own time and returns that name. Nothing is overwritten; a copy of the same file is
/// made only once.
pub(super) fn quarantine_file(file: &Path, how: QuarantineMode) -> io::Result<String> {
    let changed_at = fs::metadata(file)?.modified()?;
    let at = jiff::Timestamp::try_from(changed_at).map_err(io::Error::other)?;
    let stem = at.strftime(".corrupt-%Y%m%dT%H%M%SZ").to_string();
    let mut target = with_suffix(file, &stem);
    let mut number = 2_u32;
    while target.exists() {
        if how == QuarantineMode::Copy && fs::read(&target)? == fs::read(file)? {
            return Ok(name_of(&target));
        }
        target = with_suffix(file, &format!("{stem}-{number}"));
        number += 1;
    }
    match how {
        QuarantineMode::Copy => drop(fs::copy(file, &target)?),
        QuarantineMode::Move => fs::rename(file, &target)?,
    }
    Ok(name_of(&target))
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned()
}

/// Puts a whole file in place of another. The temporary file is made for this user only (0600) and in the same folder, so
/// that the rename cannot tear. Its name follows from the file's: what a killed program left behind is taken away by the next
/// write. Whoever writes a file that others may write too holds a lock.
pub fn replace_file(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let name = format!(".{}.tmp", name_of(file));
    if let Err(error) = fs::remove_file(folder.join(&name))
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(error);
    }
    let mut temporary = tempfile::Builder::new().prefix(&name).rand_bytes(0).tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    temporary.persist(file).map_err(|error| error.error)?;
    // The new name is on the disk once its folder is; where folders cannot be synced the rename stands anyway.
    #[cfg(unix)]
    let _not_everywhere = fs::File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Makes a folder, and those above it that are missing, for this user only (0700 where the system knows modes). That it is
/// there already is no error.
pub fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
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
    let _no_modes = folder;
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
