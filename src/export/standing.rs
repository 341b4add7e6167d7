//! Files that exist where an export would write: what the user is asked about before one of them is replaced.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;

use super::names::{APPLICATION, is_note};

/// A note of ours is about 1 KiB; a larger file is none.
const NOTE_LIMIT: u64 = 64 * 1024;

/// A file as it was found. The user's consent to replace it holds for exactly this one: not for another file that has come to its
/// place meanwhile, nor for other content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its path.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// When it was last changed, where the system says so.
    pub changed_at: Option<Timestamp>,
    /// It is where the note beside a file goes, and is none that this app wrote.
    pub is_foreign_note: bool,
}

/// What exists at this path is no file that could be replaced.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotAFile(pub(super) PathBuf);

impl Standing {
    /// The file at a path; `None` where there is none, or where it cannot be told: then writing there says why.
    ///
    /// # Errors
    /// For folders, links and devices: a rename over them would do something nobody asked for.
    pub(super) fn at(path: &Path) -> Result<Option<Self>, NotAFile> {
        match fs::symlink_metadata(path) {
            Ok(found) if !found.file_type().is_file() => Err(NotAFile(path.to_path_buf())),
            Ok(found) => Ok(Some(Self {
                path: path.to_path_buf(),
                bytes: found.len(),
                changed_at: found.modified().ok().and_then(|at| Timestamp::try_from(at).ok()),
                is_foreign_note: is_note(path) && !is_own_note(path),
            })),
            Err(_free_or_hidden) => Ok(None),
        }
    }

    /// The name of the file, without its folder.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }
}

/// Whether a file is a note that this app wrote beside an export.
fn is_own_note(path: &Path) -> bool {
    let is_small = fs::metadata(path).is_ok_and(|found| found.len() <= NOTE_LIMIT);
    let read = || serde_json::from_slice::<Value>(&fs::read(path).ok()?).ok();
    is_small && read().is_some_and(|note| note.get("application").and_then(Value::as_str) == Some(APPLICATION))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_of_ours_is_known_from_any_other() {
        let folder = tempfile::tempdir().unwrap();
        let found = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            Standing::at(&path).unwrap().unwrap().is_foreign_note
        };
        let own = r#"{"application": "SkyBackup", "version": "0.1.0"}"#;
        let cases = [own, "", "{}", "not json", r#"{"application": "Other"}"#, r#"["SkyBackup"]"#];
        assert_eq!(cases.map(|text| found("a.meta.json", text)), [false, true, true, true, true, true]);
        assert!(found("a.meta.json", &format!("{own}{}", " ".repeat(64 * 1024))), "as large as none of ours");
        assert!(!found("a.csv", "anything"));
        assert_eq!(Standing::at(&folder.path().join("b.csv")), Ok(None));
        assert_eq!(Standing::at(folder.path()), Err(NotAFile(folder.path().to_path_buf())));
    }
}
