//! A disk of its own: a small tmpfs, where this user may mount one.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// A mounted tmpfs; taken away when dropped.
pub(crate) struct Disk {
    folder: TempDir,
}

impl Disk {
    /// Mounts one of this number of kilobytes; the system's words where it does not let this user.
    pub(crate) fn mount(kilobytes: usize) -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        run("mount", &["-t", "tmpfs", "-o", &format!("size={kilobytes}k"), "tmpfs"], folder.path())?;
        Ok(Self { folder })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// From now on it can only be read.
    pub(crate) fn only_read(&self) {
        run("mount", &["-o", "remount,ro"], self.path()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, for a file that is still open somewhere.
        run("umount", &["-l"], self.folder.path()).unwrap();
    }
}

fn run(program: &str, arguments: &[&str], last: &Path) -> Result<(), String> {
    let output = Command::new(program).args(arguments).arg(last).output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()) }
}
