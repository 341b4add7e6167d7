//! One writer of the settings at a time, also among several running windows.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::SettingsError;
use crate::files::open_lock_file;

/// Its lock is what counts; it stays empty.
const LOCK_NAME: &str = ".settings.lock";
/// A save takes milliseconds: whoever holds the lock for longer hangs. Less than a window waits for its work when it closes.
const PATIENCE: Duration = Duration::from_millis(300);
const PAUSE: Duration = Duration::from_millis(20);

/// Takes the lock of a folder's settings; it is released when the file is dropped, and by the system should the program be
/// killed. Fails with [`SettingsError::Busy`] after a moment.
pub(super) fn lock(folder: &Path) -> Result<File, SettingsError> {
    let failed = |source: io::Error| SettingsError::Io { folder: folder.to_path_buf(), source };
    let file = open_lock_file(&folder.join(LOCK_NAME)).map_err(failed)?;
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => return Err(SettingsError::Busy { folder: folder.to_path_buf() }),
            // Some network drives know no locks: a save without one is better than none.
            Err(TryLockError::Error(error)) if says_no_locks(&error) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
}

fn says_no_locks(error: &io::Error) -> bool {
    #[cfg(unix)]
    let code = rustix::io::Errno::NOLCK.raw_os_error();
    // ERROR_INVALID_FUNCTION.
    #[cfg(not(unix))]
    let code = 1;
    error.kind() == io::ErrorKind::Unsupported || error.raw_os_error() == Some(code)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn only_a_drive_without_locks_is_written_without_one() {
        let no_locks = io::Error::from(rustix::io::Errno::NOLCK);
        assert!(says_no_locks(&no_locks) && says_no_locks(&io::ErrorKind::Unsupported.into()));
        assert!(!says_no_locks(&io::ErrorKind::PermissionDenied.into()));
        assert!(!says_no_locks(&io::Error::from(rustix::io::Errno::NOSPC)));
    }
}
