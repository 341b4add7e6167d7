//! One writer of the settings at a time, also among several running windows.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::SettingsError;

/// Its lock is what counts; it stays empty.
const LOCK_NAME: &str = ".settings.lock";
/// A save takes milliseconds: whoever holds the lock for longer hangs.
const PATIENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(20);

/// Takes the lock of a folder's settings; it is given back when the file is dropped, and by the system should the program be
/// killed. Fails with [`SettingsError::Busy`] after about a second.
pub(super) fn lock(folder: &Path) -> Result<File, SettingsError> {
    let failed = |source: io::Error| SettingsError::Io { folder: folder.to_path_buf(), source };
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(folder.join(LOCK_NAME)).map_err(failed)?;
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => return Err(SettingsError::Busy { folder: folder.to_path_buf() }),
            // Some network drives know no locks: a save without one is better than none.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
}
