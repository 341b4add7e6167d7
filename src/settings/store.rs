//! The settings file.

use serde::Serialize;

use super::stand_in::Layout;
use super::{Paths, Preferences, Profile, ProfileId, WindowPlace};

/// The name of the settings file in [`Paths::config_dir`].
pub const FILE_NAME: &str = "settings.toml";

/// The version of the settings file this build writes.
pub const VERSION: u32 = 1;

/// Everything the app remembers between two runs, apart from the keys.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Settings {
    /// The version of the file; higher than [`VERSION`] when a newer build wrote it, which makes it read-only.
    pub version: u32,
    /// The profiles, in the order a person sees.
    pub profiles: Vec<Profile>,
    /// The profile last used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<ProfileId>,
    /// What a person chose.
    pub preferences: Preferences,
    /// Columns and sort of the backups table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backups_table: Option<Layout>,
    /// Columns and sort of the schedules table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedules_table: Option<Layout>,
    /// Where the window was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<WindowPlace>,
    /// What the file held that this build does not know, each in its place; written back as it was.
    #[serde(skip)]
    pub rest: toml::Table,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: VERSION,
            profiles: Vec::new(),
            active: None,
            preferences: Preferences::default(),
            backups_table: None,
            schedules_table: None,
            window: None,
            rest: toml::Table::new(),
        }
    }
}

/// Why the settings could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A newer build wrote the file; this build would lose what it does not know.
    #[error("The settings were written by a newer version of SkyBackup, so this version does not change them")]
    Newer,
    /// The file system said no.
    #[error("The settings could not be saved in {folder}: {source}")]
    Io {
        /// The folder of the settings file.
        folder: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The settings do not fit into the file's format.
    #[error("The settings could not be put into words for the file: {0}")]
    Format(#[from] toml::ser::Error),
}

/// Reads the settings; never fails.
#[must_use]
pub fn read(paths: &Paths) -> (Settings, Vec<String>) {
    let _ = paths;
    (Settings::default(), Vec::new())
}

/// Writes the settings.
pub fn write(paths: &Paths, settings: &Settings) -> Result<(), SettingsError> {
    let _ = (paths, settings);
    Ok(())
}
