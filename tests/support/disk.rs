//! Disks of their own, where this user may mount one: a small tmpfs, and a folder without shared memory.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use std::{fs, thread};

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

/// A folder whose files cannot be mapped into shared memory, as on some network file systems; taken away when dropped.
pub(crate) struct DirectFolder {
    mount_point: TempDir,
    program: Child,
    _files: TempDir,
}

impl DirectFolder {
    /// Mounts one; why not, where FUSE or Python is missing.
    pub(crate) fn mount() -> Result<Self, String> {
        const PATIENCE: Duration = Duration::from_secs(20);
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/support/direct_folder.py");
        let (files, mount_point) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let own = device_of(files.path());
        let program = Command::new("/usr/bin/python3").arg(script).args([files.path(), mount_point.path()]).spawn();
        let mut mounted = Self { program: program.map_err(|error| error.to_string())?, mount_point, _files: files };
        let until = Instant::now() + PATIENCE;
        while device_of(mounted.path()) == own {
            if let Some(status) = mounted.program.try_wait().map_err(|error| error.to_string())? {
                return Err(format!("direct_folder.py ended: {status}"));
            }
            assert!(Instant::now() < until, "nothing was mounted");
            thread::yield_now();
        }
        Ok(mounted)
    }

    pub(crate) fn path(&self) -> &Path {
        self.mount_point.path()
    }
}

impl Drop for DirectFolder {
    fn drop(&mut self) {
        // Without a mount there is nothing to take away; its program has ended then.
        let _ = run("fusermount3", &["-u", "-z"], self.mount_point.path());
        let _ = self.program.wait();
    }
}

fn device_of(folder: &Path) -> Option<u64> {
    fs::metadata(folder).ok().map(|found| found.dev())
}

fn run(program: &str, arguments: &[&str], last: &Path) -> Result<(), String> {
    let output = Command::new(program).args(arguments).arg(last).output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()) }
}
