//! What can go wrong while a file is written, in words.

use std::io;
use std::path::{Path, PathBuf};

use super::standing::{NotAFile, Standing};
use crate::domain::format_bytes;
use crate::files::{is_held, is_read_only};

/// Why no file was written. Whatever was at the place before is untouched in every case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// Stopped by the user.
    #[error("The export was cancelled")]
    Cancelled,
    /// The folder is not there.
    #[error("The folder {} does not exist", .0.display())]
    FolderMissing(PathBuf),
    /// No space left.
    #[error("The disk is full, so {} was not written{}", path.display(), free_words(*free_bytes))]
    Full {
        /// The file that was to be written.
        path: PathBuf,
        /// What is free on its disk without the part that was written, where the system says so.
        free_bytes: Option<u64>,
    },
    /// No space left for this user or in this folder; the disk may have more.
    #[error("Your disk quota is used up, so {} was not written", .0.display())]
    QuotaUsedUp(PathBuf),
    /// Not allowed to write there.
    #[error("You do not have permission to write to {}", .0.display())]
    Denied(PathBuf),
    /// The disk or folder only allows reading.
    #[error("{} is on a read-only disk", .0.display())]
    ReadOnly(PathBuf),
    /// The file is marked as one not to be written, which only Windows minds when it is replaced.
    #[error("{} is marked read-only", .0.display())]
    Protected(PathBuf),
    /// Another program holds the file.
    #[error("{} is open in another program", .0.display())]
    TargetBusy(PathBuf),
    /// Files exist there that nobody has agreed to replace.
    #[error("{}", exists_words(.0))]
    Exists(Vec<Standing>),
    /// A folder, a link or a device is in the way.
    #[error("{} is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// Anything else, in the system's words.
    #[error("{} was not written: {reason}", path.display())]
    Other {
        /// The file that was to be written.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

/// `list.csv already exists`, `list.csv and list.meta.json already exist`.
fn exists_words(standing: &[Standing]) -> String {
    let names: Vec<String> = standing.iter().map(Standing::name).collect();
    let verb = if names.len() == 1 { "exists" } else { "exist" };
    format!("{} already {verb}", names.join(" and "))
}

fn free_words(free_bytes: Option<u64>) -> String {
    free_bytes.map(|bytes| format!("; {} are free there", format_bytes(bytes))).unwrap_or_default()
}

impl ExportError {
    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Cancelled => "No file was left behind",
            Self::FolderMissing(_) => "Choose another folder, or connect the drive it is on and try again",
            Self::Full { .. } => "Free some space or choose another disk, and try again",
            Self::QuotaUsedUp(_) => "Delete some of your files there or choose another disk, and try again",
            Self::Denied(_) => "Choose a folder you can write to, and try again",
            Self::ReadOnly(_) => "Choose a folder on another disk, and try again",
            Self::Protected(_) => "Clear “Read-only” in its properties and try again, or choose another name",
            Self::TargetBusy(_) => "Close it in the other program and try again, or choose another name",
            Self::Exists(_) => "Nothing was replaced. Export again to replace it or to choose another name",
            Self::NotAFile(_) => "Choose another name: folders, links and devices are never replaced",
            Self::Other { .. } => "Choose another place, and try again",
        }
    }

    /// The same with what is free on the disk, where that is what was missing.
    pub(super) fn with_free_space(self, folder: &Path) -> Self {
        match self {
            Self::Full { path, .. } => Self::Full { path, free_bytes: fs4::available_space(folder).ok() },
            other => other,
        }
    }

    /// Sorts a system's error into these.
    pub(super) fn from_io(error: &io::Error, path: &Path) -> Self {
        let is_busy = is_held(error, path);
        let path = path.to_path_buf();
        match error.kind() {
            _ if is_busy => Self::TargetBusy(path),
            io::ErrorKind::PermissionDenied if cfg!(windows) && is_read_only(&path) => Self::Protected(path),
            io::ErrorKind::StorageFull => Self::Full { path, free_bytes: None },
            io::ErrorKind::QuotaExceeded => Self::QuotaUsedUp(path),
            io::ErrorKind::PermissionDenied => Self::Denied(path),
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly(path),
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                Self::FolderMissing(path.parent().unwrap_or(&path).to_path_buf())
            }
            io::ErrorKind::IsADirectory => Self::NotAFile(path),
            _ => Self::Other { path, reason: error.to_string() },
        }
    }
}

impl From<NotAFile> for ExportError {
    fn from(NotAFile(path): NotAFile) -> Self {
        Self::NotAFile(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_failure_has_its_own_sentence() {
        let path = Path::new("/exports/a.csv");
        let cases = [
            (io::ErrorKind::StorageFull, "The disk is full, so /exports/a.csv was not written"),
            (io::ErrorKind::QuotaExceeded, "Your disk quota is used up, so /exports/a.csv was not written"),
            (io::ErrorKind::PermissionDenied, "You do not have permission to write to /exports/a.csv"),
            (io::ErrorKind::ReadOnlyFilesystem, "/exports/a.csv is on a read-only disk"),
            (io::ErrorKind::NotFound, "The folder /exports does not exist"),
            (io::ErrorKind::ResourceBusy, "/exports/a.csv is open in another program"),
            (io::ErrorKind::IsADirectory, "/exports/a.csv is not a regular file"),
        ];
        for (kind, want) in cases {
            assert_eq!(ExportError::from_io(&io::Error::from(kind), path).to_string(), want);
        }
        let full = ExportError::Full { path: path.to_path_buf(), free_bytes: Some(12_288) };
        assert_eq!(full.to_string(), "The disk is full, so /exports/a.csv was not written; 12 KiB are free there");
        let other = ExportError::from_io(&io::Error::other("the tape tore"), path);
        assert_eq!(other.to_string(), "/exports/a.csv was not written: the tape tore");
    }
}
