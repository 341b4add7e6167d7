//! What the settings file holds, and why it could not be written.

use std::io;
use std::path::PathBuf;

use serde::Serialize;

use super::{Preferences, Profile, ProfileId, SavedView, WindowPlace};
use crate::grid::Layout;

/// The name of the settings file in [`super::Paths::config_dir`]. The good file before it is kept as `settings.toml.bak`.
pub const FILE_NAME: &str = "settings.toml";

/// The version of the settings file this build writes.
pub const VERSION: u32 = 1;

/// Everything the app remembers between two runs, apart from the keys.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Settings {
    /// A newer build wrote the file, so that [`super::write`] refuses.
    #[serde(skip)]
    pub is_read_only: bool,
    /// The profiles, in the order a user sees.
    pub profiles: Vec<Profile>,
    /// The profile last used.
    pub active: Option<ProfileId>,
    /// What a user chose.
    pub preferences: Preferences,
    /// Columns and sort of the backups table.
    pub backups_table: Option<Layout>,
    /// Columns and sort of the backups table while it shows all that was ever seen.
    pub all_seen_table: Option<Layout>,
    /// Columns and sort of the schedules table.
    pub schedules_table: Option<Layout>,
    /// Columns and sort of the restores table.
    pub restores_table: Option<Layout>,
    /// Tables that were saved under a name, in the order of the rail. They are of every profile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub saved_views: Vec<SavedView>,
    /// Where the window was.
    pub window: Option<WindowPlace>,
}

impl Settings {
    /// The profile last used.
    #[must_use]
    pub fn active_profile(&self) -> Option<&Profile> {
        self.profile(self.active.as_ref()?)
    }

    /// The profile with this id.
    #[must_use]
    pub fn profile(&self, id: &ProfileId) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.id == *id)
    }
}

/// Why the settings could not be written. Displays as one sentence.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A newer build wrote the file; this build would lose what it does not know.
    #[error("The settings were written by a newer version of SkyBackup, so this version does not change them")]
    Newer,
    /// Another program holds the lock of the settings, for longer than a save takes.
    #[error("Another program holds the settings in {}; they are saved as soon as it lets go", folder.display())]
    Busy {
        /// The folder of the settings file.
        folder: PathBuf,
    },
    /// The file system refused. The old file is untouched.
    #[error("The settings could not be saved in {}: {source}", folder.display())]
    Io {
        /// The folder of the settings file.
        folder: PathBuf,
        /// What the system reported.
        source: io::Error,
    },
    /// The settings do not fit into the file's format.
    #[error("The settings could not be written down: {0}")]
    Format(#[from] toml_edit::ser::Error),
}
