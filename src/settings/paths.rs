//! Where the app's files live on each system.

use std::path::{Path, PathBuf};

/// The folders of one installation or of one `--data-dir`. None of them needs to exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// Holds `settings.toml`.
    pub config_dir: PathBuf,
    /// Holds what the app writes down about its own running: which renderer a start tried and which one worked.
    pub state_dir: PathBuf,
    /// Holds the ledgers. It does not roam.
    pub data_dir: PathBuf,
    /// Holds the daily log files.
    pub log_dir: PathBuf,
}

impl Paths {
    /// The system's usual places: XDG folders on Linux, `Library` on macOS, `%APPDATA%` and `%LOCALAPPDATA%` on Windows.
    /// `None` when the system knows no home folder.
    #[must_use]
    pub fn standard() -> Option<Self> {
        let dirs = directories::ProjectDirs::from("com", "SkyBackup", "SkyBackup")?;
        // Only Linux has a folder of its own for state; elsewhere the folder that does not roam serves.
        let state_dir = dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_owned();
        let log_dir = if cfg!(target_os = "macos") {
            directories::UserDirs::new()?.home_dir().join("Library/Logs/SkyBackup")
        } else {
            state_dir.join("logs")
        };
        let (config_dir, data_dir) = (dirs.config_dir().to_owned(), dirs.data_local_dir().to_owned());
        Some(Self { config_dir, state_dir, data_dir, log_dir })
    }

    /// Everything below one folder, as `--data-dir` asks for.
    #[must_use]
    pub fn below(data_dir: &Path) -> Self {
        Self {
            config_dir: data_dir.join("config"),
            state_dir: data_dir.join("state"),
            data_dir: data_dir.join("data"),
            log_dir: data_dir.join("logs"),
        }
    }

    /// The settings file itself.
    #[must_use]
    pub fn settings_file(&self) -> PathBuf {
        self.config_dir.join(super::FILE_NAME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_dir_holds_everything() {
        let root = Path::new("/somewhere/else");
        let paths = Paths::below(root);
        for dir in [&paths.config_dir, &paths.state_dir, &paths.data_dir, &paths.log_dir] {
            assert!(dir.starts_with(root), "{}", dir.display());
        }
        assert_eq!(paths.settings_file(), root.join("config").join("settings.toml"));
    }

    #[test]
    fn the_standard_folders_carry_the_name_of_the_app() {
        let Some(paths) = Paths::standard() else {
            return;
        };
        for dir in [&paths.config_dir, &paths.state_dir, &paths.data_dir, &paths.log_dir] {
            let text = dir.to_string_lossy().to_lowercase();
            assert!(text.contains("skybackup"), "{text}");
        }
        assert_ne!(paths.config_dir, paths.log_dir);
    }
}
