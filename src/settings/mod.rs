//! Profiles, preferences, paths, and the keyring that holds the API keys.
//!
//! Owns: the file `settings.toml` (read, repaired, written atomically and by one program at a time), where the app's files
//! live, the operating system's keyring.
//! May import: `domain`, `secrets`, `files`, `grid::Layout`, `export::CsvPreset`, `export::FileFormat`, `serde`, `toml_edit`, `directories`, `keyring`, `secret-service`, `rustix`.
//! Must never: know egui, tokio, the API client or the model; put a secret into a file; print a foreign keyring error
//! with `{:?}` (it may hold the secret's bytes).

#[cfg(all(unix, not(target_os = "macos")))]
mod collection;
mod contents;
mod decode;
mod keyring;
mod keyring_error;
mod lock;
mod merge;
mod paths;
mod preferences;
mod profile;
mod quarantine;
mod saved_view;
mod store;
mod suspensions;

pub use contents::{FILE_NAME, Settings, SettingsError, VERSION};
pub use keyring::Keyring;
pub use keyring_error::{KeyringError, StoredKey};
pub use paths::Paths;
pub use preferences::{
    Density, ExportPreferences, NotificationChoice, Preferences, RendererChoice, ThemeChoice, UpdateChoice,
    WindowPlace, ZoneChoice,
};
pub use profile::{Profile, ProfileColor, ProfileFlags, ProfileId, SERVICE_NAME, strictest_flags};
pub use saved_view::{SavedView, ViewTable, views_from_text, views_to_text};
pub use store::{read, saved_profiles, write};
pub use suspensions::{Suspension, SuspensionNote, Suspensions};
