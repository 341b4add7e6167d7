//! File names that every system accepts and that say what is inside.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::FileFormat;

/// The longest part of a name, in bytes: three of them and the fixed words stay well below the 255 that systems allow.
const MAX_PART_BYTES: usize = 60;

/// `skysql-backups_acme-production_failed_20260821T1405Z.csv`: table, profile, filter, time in UTC. No spaces, no `:`,
/// nothing that leaves the folder.
#[must_use]
pub fn file_name(table: &str, profile: &str, filter: &str, at: Timestamp, ending: &str) -> String {
    let time = TimeZone::UTC.to_datetime(at).strftime("%Y%m%dT%H%MZ");
    let part = |text: &str, empty: &str| {
        let part = sanitised(text);
        if part.is_empty() { empty.to_owned() } else { part }
    };
    format!("skysql-{}_{}_{}_{time}.{ending}", part(table, "table"), part(profile, "profile"), part(filter, "all"))
}

/// What a note names as its maker, and is recognized by.
pub(super) const APPLICATION: &str = "SkyBackup";

/// The ending of the note beside a file.
const NOTE_ENDING: &str = "meta.json";

/// The path with the first of these endings, unless it has one of them already: `report 2026.11` has none.
pub(super) fn with_ending(path: &Path, endings: &[&str]) -> PathBuf {
    if endings.iter().any(|ending| has_ending(path, ending)) {
        return path.to_path_buf();
    }
    let mut name = path.file_name().map(OsString::from).unwrap_or_default();
    if let Some(ending) = endings.first() {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}

fn has_ending(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(wanted))
}

/// A path as it is typed, whose ending follows the format that is chosen; one that has the ending of no format stays.
#[must_use]
pub fn with_ending_of(path: &str, format: FileFormat) -> String {
    let known = FileFormat::ALL.iter().find(|known| has_ending(Path::new(path), known.ending()));
    let stem = known.and_then(|known| path.get(..path.len().checked_sub(known.ending().len())?));
    stem.map_or_else(|| path.to_owned(), |stem| format!("{stem}{}", format.ending()))
}

/// `a.csv` → `a.meta.json`. The path has its ending.
pub(super) fn note_path(path: &Path) -> PathBuf {
    path.with_extension(NOTE_ENDING)
}

/// Whether a note would stand at this path.
pub(super) fn is_note(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(&format!(".{NOTE_ENDING}")))
}

/// Letters and digits of any script stay; each stretch of anything else becomes one `-`.
fn sanitised(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if out.len() + c.len_utf8() > MAX_PART_BYTES {
            break;
        }
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

/// Names that Windows keeps for devices, with any extension.
pub(super) fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |word: &str| {
        stem.strip_prefix(word).is_some_and(|rest| {
            matches!(rest, "¹" | "²" | "³") || rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit())
        })
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$") || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_is_inside_and_fits_every_system() {
        let at: Timestamp = "2026-08-21T14:05:59Z".parse().unwrap();
        let cases = [
            ("acme-production", "failed", "skysql-backups_acme-production_failed_20260821T1405Z.csv"),
            ("Acme: prod/..\\x", "", "skysql-backups_Acme-prod-x_all_20260821T1405Z.csv"),
            ("", "status = Failed, type = full", "skysql-backups_profile_status-Failed-type-full_20260821T1405Z.csv"),
            ("日本 語", "..", "skysql-backups_日本-語_all_20260821T1405Z.csv"),
        ];
        for (profile, filter, want) in cases {
            assert_eq!(file_name("backups", profile, filter, at, "csv"), want);
        }
        let long = file_name("backups", &"é".repeat(500), &"x ".repeat(500), at, "xlsx");
        assert!(long.len() < 220, "{long}");
    }

    #[test]
    fn a_name_gets_its_ending_and_a_note_of_its_own() {
        let cases = [
            ("/tmp/list", "/tmp/list.csv", "/tmp/list.meta.json"),
            ("/tmp/list.csv", "/tmp/list.csv", "/tmp/list.meta.json"),
            ("list.CSV", "list.CSV", "list.meta.json"),
            ("/tmp/list.txt", "/tmp/list.txt", "/tmp/list.meta.json"),
            ("/tmp/report 2026.11", "/tmp/report 2026.11.csv", "/tmp/report 2026.11.meta.json"),
            ("/tmp/report 2026.12", "/tmp/report 2026.12.csv", "/tmp/report 2026.12.meta.json"),
            ("/tmp/a.csv.old", "/tmp/a.csv.old.csv", "/tmp/a.csv.old.meta.json"),
            ("/tmp/.csv", "/tmp/.csv.csv", "/tmp/.csv.meta.json"),
            ("/tmp.d/list", "/tmp.d/list.csv", "/tmp.d/list.meta.json"),
        ];
        for (typed, file, note) in cases {
            let path = with_ending(Path::new(typed), FileFormat::Csv.endings());
            assert_eq!((path.as_path(), note_path(&path).as_path()), (Path::new(file), Path::new(note)), "{typed}");
        }
    }

    #[test]
    fn the_ending_follows_the_format() {
        let cases = [
            ("/tmp/list.csv", FileFormat::Workbook, "/tmp/list.xlsx", "/tmp/list.csv.xlsx"),
            ("/tmp/list.XLSX", FileFormat::Workbook, "/tmp/list.xlsx", "/tmp/list.XLSX"),
            ("list.xlsx", FileFormat::Json, "list.json", "list.xlsx.json"),
            ("list.meta.json", FileFormat::Csv, "list.meta.csv", "list.meta.json.csv"),
            ("report 2026.11", FileFormat::Json, "report 2026.11", "report 2026.11.json"),
            ("a.txt", FileFormat::Workbook, "a.txt", "a.txt.xlsx"),
        ];
        for (typed, format, follows, written) in cases {
            assert_eq!(with_ending_of(typed, format), follows, "{typed}");
            assert_eq!(with_ending(Path::new(typed), format.endings()), Path::new(written), "{typed}");
        }
    }

    #[test]
    fn device_names_are_known() {
        for name in ["CON", "con.csv", "nul", "Com1.csv", "LPT9", "aux .csv"] {
            assert!(is_reserved(name), "{name}");
        }
        for name in ["console.csv", "com.csv", "com10.csv", "", "a.con"] {
            assert!(!is_reserved(name), "{name}");
        }
    }
}
