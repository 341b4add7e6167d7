//! Files: settings, a picked key file.

use std::io::Read;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::lock;
use crate::secrets::SecretBuffer;
use crate::settings::{Paths, Profile, Settings, SettingsError};

/// A service account key is about 2 KiB; nothing a user means to send is larger than this.
const KEY_FILE_LIMIT: u64 = 64 * 1024;

/// Writes the settings, each time on whichever thread: an older state that comes late never replaces a newer one.
pub(super) struct Saver {
    paths: Paths,
    last_seq: AtomicU64,
    written: Mutex<Written>,
}

/// The newest state that was written, and its turn; at first the one that was read.
struct Written {
    seq: u64,
    settings: Settings,
}

impl Saver {
    pub(super) fn new(paths: Paths, read: Settings) -> Self {
        Self { paths, last_seq: AtomicU64::new(0), written: Mutex::new(Written { seq: 0, settings: read }) }
    }

    /// Taken where the state is from, in the order of the states.
    pub(super) fn next_seq(&self) -> u64 {
        self.last_seq.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Returns the profiles that are protected in the file and were not in these settings: another window did that.
    pub(super) fn save(&self, seq: u64, settings: &Settings) -> Result<Vec<Profile>, SettingsError> {
        let mut written = lock(&self.written);
        if written.seq > seq {
            return Ok(Vec::new());
        }
        let found = crate::settings::write(&self.paths, &written.settings, settings)?;
        *written = Written { seq, settings: settings.clone() };
        Ok(protected_since(settings, found.profiles))
    }

    /// The profiles that another window has protected since the settings were last read or written here.
    pub(super) fn protected_elsewhere(&self) -> Vec<Profile> {
        let written = lock(&self.written);
        protected_since(&written.settings, crate::settings::saved_profiles(&self.paths))
    }
}

/// Those profiles of the file that it protects and these settings do not. One that is not in the settings counts as free there.
fn protected_since(settings: &Settings, in_file: Vec<Profile>) -> Vec<Profile> {
    let is_protected = |it: &Profile| {
        let own = settings.profiles.iter().find(|own| own.id == it.id).map(|own| own.flags).unwrap_or_default();
        own.protected_as(it.flags) != own
    };
    in_file.into_iter().filter(is_protected).collect()
}

/// Reads a key file a user picked. The text goes into a buffer that is wiped when dropped.
pub(super) fn read_key_file(path: &Path) -> Result<SecretBuffer, String> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let file = std::fs::File::open(path).map_err(|error| format!("{name} cannot be opened: {error}"))?;
    let mut text = SecretBuffer::default();
    let read = file.take(KEY_FILE_LIMIT + 1).read_to_string(text.as_mut_string());
    match read {
        Ok(length) if length as u64 > KEY_FILE_LIMIT => Err(format!("{name} is too large to be a key file")),
        Ok(_) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Err(format!("{name} is not a text file")),
        Err(error) => Err(format!("{name} cannot be read: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_settings_that_are_written_late_never_replace_newer_ones() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::below(folder.path());
        let saver = Saver::new(paths.clone(), Settings::default());
        let zoomed = |zoom| {
            let mut settings = Settings::default();
            settings.preferences.zoom = zoom;
            settings
        };
        let (older, newer) = (saver.next_seq(), saver.next_seq());
        saver.save(newer, &zoomed(1.5)).unwrap();
        saver.save(older, &zoomed(1.25)).unwrap();
        assert_eq!(crate::settings::read(&paths).0, zoomed(1.5));
    }

    #[test]
    fn a_key_file_of_64_kib_is_read_and_a_larger_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        for (bytes, is_read) in [(64 * 1024, true), (64 * 1024 + 1, false)] {
            std::fs::write(&path, "x".repeat(bytes)).unwrap();
            assert_eq!(read_key_file(&path).is_ok(), is_read, "{bytes}");
        }
    }
}
