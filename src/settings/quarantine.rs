//! Files that cannot be read are kept under another name rather than lost.

use std::fs;
use std::io;
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
