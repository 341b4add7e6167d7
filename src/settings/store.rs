//! The settings file: reading it whatever happened to it, writing it whole or not at all.

use std::path::{Path, PathBuf};
use std::{fs, io};

use toml_edit::{DocumentMut, Item, Table, value};

use super::quarantine::{QuarantineMode, quarantine_file, with_suffix};
use super::{Paths, Profile, Settings, SettingsError, VERSION, decode, lock, merge};
use crate::files::{create_private_folder, replace_file};

/// Reads the settings. Never fails: what cannot be read is kept aside under another name, the copy before it or the
/// defaults step in, and the warnings say so in one sentence each.
#[must_use]
pub fn read(paths: &Paths) -> (Settings, Vec<String>) {
    let file = paths.settings_file();
    let mut warnings = Vec::new();
    match fs::read(&file) {
        Ok(bytes) => {
            if let Some(document) = parse(&bytes) {
                return (decode_or_default(document, Some(&file), &mut warnings), warnings);
            }
            warnings.push(match quarantine_file(&file, QuarantineMode::Move) {
                Ok(name) => format!("The settings file was damaged and is kept as {name}"),
                Err(error) => {
                    format!("The settings file is damaged and could not be moved aside: {error}")
                }
            });
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if !backup_of(&file).exists() {
                return (Settings::default(), warnings);
            }
            warnings.push("The settings file was missing".to_owned());
        }
        Err(error) => {
            warnings.push(format!(
                "The settings file {} could not be read, so the defaults are used: {error}",
                file.display()
            ));
            return (Settings::default(), warnings);
        }
    }
    let before = fs::read(backup_of(&file)).ok().and_then(|bytes| parse(&bytes));
    let settings = if let Some(document) = before {
        warnings.push("The settings are those of the copy before it".to_owned());
        decode_or_default(document, None, &mut warnings)
    } else {
        warnings.push("The settings start again from their defaults".to_owned());
        Settings::default()
    };
    (settings, warnings)
}

/// The profiles as the file has them now, for a look at their flags; none where it cannot be read. Changes nothing on the disk.
#[must_use]
pub fn saved_profiles(paths: &Paths) -> Vec<Profile> {
    let document = fs::read(paths.settings_file()).ok().and_then(|bytes| parse(&bytes));
    document.map_or_else(Vec::new, |mut document| decode::settings(&mut document).0.profiles)
}

/// Writes what changed in the settings since `base`, which is what this program read or wrote last: whatever another
/// running program wrote meanwhile stays. Returns what the file holds then. One program writes at a time, under a lock of the
/// operating system.
///
/// The file is written whole or not at all: a temporary file in the same folder, flushed to the disk, then renamed. The
/// good file before it becomes the `.bak`. Demo profiles are left out. Fails, and changes nothing, when a newer build
/// wrote the file, the file system refuses, or another program holds on to the lock.
pub fn write(paths: &Paths, base: &Settings, settings: &Settings) -> Result<Settings, SettingsError> {
    if settings.is_read_only {
        return Err(SettingsError::Newer);
    }
    let file = paths.settings_file();
    let failed = |source| SettingsError::Io { folder: paths.config_dir.clone(), source };
    create_private_folder(&paths.config_dir).map_err(failed)?;
    let _held_to_the_end = lock::lock(&paths.config_dir)?;
    // A link, as people make who keep their settings elsewhere, stays a link.
    let file = fs::canonicalize(&file).unwrap_or(file);
    let before = match fs::read(&file) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    let found = before.as_deref().and_then(parse);
    let is_good = found.is_some();
    let mut document = found.unwrap_or_default();
    if is_good {
        let (theirs, problems) = decode::settings(&mut document);
        if theirs.is_read_only {
            return Err(SettingsError::Newer);
        }
        // A value that could not be read is no longer in the document.
        if !problems.is_empty() {
            quarantine_file(&file, QuarantineMode::Copy).map_err(failed)?;
        }
    } else if before.is_some() {
        quarantine_file(&file, QuarantineMode::Move).map_err(failed)?;
    }
    if document.get("version").and_then(Item::as_integer) != Some(VERSION.into()) {
        document.insert("version", value(i64::from(VERSION)));
    }
    let base = if is_good { serialized(base)? } else { Table::new() };
    merge::settings(&base, &serialized(settings)?, &mut document);
    let text = document.to_string();
    let (written, _) = decode::settings(&mut document);
    match before {
        Some(bytes) if bytes == text.as_bytes() => return Ok(written),
        Some(bytes) if is_good => replace_file(&backup_of(&file), &bytes).map_err(failed)?,
        _ => {}
    }
    replace_file(&file, text.as_bytes()).map_err(failed)?;
    Ok(written)
}

/// The file's document; `None` when it is empty or no TOML. An empty file is what a crash of the whole computer can leave.
fn parse(bytes: &[u8]) -> Option<DocumentMut> {
    let document: DocumentMut = std::str::from_utf8(bytes).ok()?.parse().ok()?;
    (!document.is_empty()).then_some(document)
}

/// The settings of a document; when parts of it were not understood, the file is copied aside before it can be overwritten.
fn decode_or_default(mut document: DocumentMut, file: Option<&Path>, warnings: &mut Vec<String>) -> Settings {
    let (settings, problems) = decode::settings(&mut document);
    if settings.is_read_only {
        warnings.push(
            "The settings were written by a newer version of SkyBackup: they are used as far as this version understands them, and are not changed"
                .to_owned(),
        );
    } else if !problems.is_empty() {
        let kept = file
            .and_then(|file| quarantine_file(file, QuarantineMode::Copy).ok())
            .map_or_else(String::new, |name| format!("; the file as it was is kept as {name}"));
        warnings.push(format!(
            "Some settings could not be read and are back at what is safe ({}){kept}",
            problems.join(", ")
        ));
    }
    settings
}

/// The settings as they are written: without the demo.
fn serialized(settings: &Settings) -> Result<Table, toml_edit::ser::Error> {
    let mut kept = settings.clone();
    kept.profiles.retain(|profile| !profile.is_demo);
    kept.active = kept.active_profile().map(|profile| profile.id.clone());
    toml_edit::ser::to_document(&kept).map(DocumentMut::into_table)
}

fn backup_of(file: &Path) -> PathBuf {
    with_suffix(file, ".bak")
}

#[cfg(test)]
#[path = "store_file_tests.rs"]
mod file_tests;
#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
