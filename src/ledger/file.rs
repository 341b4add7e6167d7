//! The file: its name, its rights, opening, quarantine, export, deletion.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tempfile::NamedTempFile;

use super::LedgerError;
use super::schema::migrate;
use crate::files::{Existing, create_private_folder, folder_of, make_private, open_lock_file, put};

/// The folder of the ledgers below the data folder.
const FOLDER: &str = "ledger";
/// How long another window may hold the file before a write fails.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// What SQLite keeps beside the file.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// How what is being written survives a kill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum JournalMode {
    /// A log beside the file, with an index that all windows share in memory.
    WriteAhead,
    /// Copies of what is overwritten, for file systems that cannot share memory.
    Rollback,
}

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    pub(super) connection: Connection,
}

/// A ledger that was opened.
#[derive(Debug)]
pub struct OpenedLedger {
    /// The ledger.
    pub ledger: Ledger,
    /// The name under which a damaged file is kept, where there was one: the ledger is a new one then.
    pub quarantined: Option<String>,
}

/// Where the ledger of an account is. Nothing needs to be there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerFile {
    path: PathBuf,
}

impl LedgerFile {
    /// The file of an account ([`crate::settings::Profile::account`]) below the data folder.
    #[must_use]
    pub fn new(data_dir: &Path, account: &str) -> Self {
        Self { path: data_dir.join(FOLDER).join(file_name(account)) }
    }

    /// The path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the ledger, for this user only; it is made where there is none. A damaged file is moved aside, with this moment in its
    /// name, and a new one begun. One of a newer version is left alone.
    pub fn open(&self, now: Timestamp) -> Result<OpenedLedger, LedgerError> {
        match self.open_once() {
            Err(LedgerError::Damaged(_)) => self.start_anew(now),
            other => Ok(OpenedLedger { ledger: other?, quarantined: None }),
        }
    }

    /// Moves the file aside and begins a new one, for damage that showed only later.
    pub fn start_anew(&self, now: Timestamp) -> Result<OpenedLedger, LedgerError> {
        let quarantined = Some(self.quarantine(now)?);
        Ok(OpenedLedger { ledger: self.open_once()?, quarantined })
    }

    fn open_once(&self) -> Result<Ledger, LedgerError> {
        let folder = folder_of(&self.path);
        create_private_folder(folder)?;
        make_private(folder)?;
        // SQLite gives the files beside it the same rights.
        if !is_ours(&open_lock_file(&self.path)?)? {
            return Err(LedgerError::NotOurs);
        }
        match Ledger::prepare(self.connect()?, JournalMode::WriteAhead) {
            // It shows only after the file was said to have such a log, and the connection is of no more use then.
            Err(LedgerError::NoSharedMemory(_)) => Ledger::prepare(self.connect()?, JournalMode::Rollback),
            other => other,
        }
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let flags =
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        Connection::open_with_flags(&self.path, flags)
    }

    /// Moves the file and what belongs to it aside; returns its new name. Nothing is overwritten.
    fn quarantine(&self, now: Timestamp) -> io::Result<String> {
        let stem = now.strftime(".corrupt-%Y%m%dT%H%M%SZ").to_string();
        let numbered = (2..).map(|number: u32| format!("{stem}-{number}"));
        let taken = |suffix: &String| with_suffix(&self.path, suffix).exists();
        let suffix = std::iter::once(stem.clone()).chain(numbered).find(|suffix| !taken(suffix)).unwrap_or(stem);
        let kept = with_suffix(&self.path, &suffix);
        fs::rename(&self.path, &kept)?;
        for companion in COMPANIONS {
            match fs::rename(with_suffix(&self.path, companion), with_suffix(&kept, companion)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(kept.file_name().unwrap_or_default().to_string_lossy().into_owned())
    }

    /// Deletes the ledger for good, which nobody may have open. That there is none is no error.
    pub fn delete(&self) -> io::Result<()> {
        let companions = COMPANIONS.map(|companion| with_suffix(&self.path, companion));
        for path in std::iter::once(&self.path).chain(&companions) {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

impl Ledger {
    /// A ledger that ends with the program.
    pub fn in_memory() -> Result<Self, LedgerError> {
        Self::prepare(Connection::open_in_memory()?, JournalMode::WriteAhead)
    }

    fn prepare(mut connection: Connection, journal: JournalMode) -> Result<Self, LedgerError> {
        connection.busy_timeout(BUSY_TIMEOUT)?;
        // The file is read as untrusted: nothing in it may run, and no statement may harm it.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        // What is forgotten is overwritten, not only unlinked.
        connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
        match journal {
            JournalMode::WriteAhead => {
                migrate(&mut connection)?;
                connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
                connection.pragma_update(None, "synchronous", "NORMAL")?;
            }
            JournalMode::Rollback => {
                // Alone with the file, a log that it has already is read without shared memory, and ended.
                connection.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(()))?;
                connection.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
                connection.pragma_update_and_check(None, "locking_mode", "NORMAL", |_| Ok(()))?;
                migrate(&mut connection)?;
            }
        }
        // The first read of a log tells whether it can be used; it also gives up the lock of being alone.
        connection.query_row("SELECT count(*) FROM poll", [], |_| Ok(()))?;
        Ok(Self { connection })
    }

    /// Writes a whole copy to a new file. The file itself is never copied: without its log it would lack what came last.
    pub fn export_to(&self, path: &Path) -> Result<(), LedgerError> {
        let temporary = NamedTempFile::new_in(folder_of(path))?;
        // An empty file is as good as none to SQLite.
        let name = temporary.path().to_str().ok_or_else(|| io::Error::other("its name is no Unicode text"))?;
        self.connection.execute("VACUUM INTO ?1", [name])?;
        Ok(put(temporary, path, Existing::Replace).map_err(|failure| failure.error)?)
    }
}

/// True for a file, not a folder or a device, of the user that runs this program.
fn is_ours(file: &fs::File) -> io::Result<bool> {
    let found = file.metadata()?;
    #[cfg(unix)]
    let is_own = std::os::unix::fs::MetadataExt::uid(&found) == rustix::process::geteuid().as_raw();
    #[cfg(not(unix))]
    let is_own = true;
    Ok(found.is_file() && is_own)
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// A name that every file system takes: what is readable of the account, and a number that only this account has.
fn file_name(account: &str) -> String {
    let readable = account.trim_start_matches("https://").chars().take(60);
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c.to_ascii_lowercase() } else { '_' };
    // FNV-1a: the same number for the same account in every version of this program.
    let number = account
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{}-{number:016x}.sqlite", readable.map(safe).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_file_is_safe_and_each_accounts_own() {
        let cases = [
            ("https://api.skysql.com production-19fb", "api.skysql.com_production-19fb-"),
            ("http://127.0.0.1:8080 ../../etc/passwd", "http___127.0.0.1_8080_.._.._etc_passwd-"),
            ("https://API.skysql.com a", "api.skysql.com_a-"),
            ("https://api.skysql.com ü\u{202e}\0", "api.skysql.com____-"),
        ];
        let mut names: Vec<String> = cases.iter().map(|(account, _)| file_name(account)).collect();
        for ((account, begin), name) in cases.iter().zip(&names) {
            let rest = name.strip_prefix(begin).unwrap_or_else(|| panic!("{account}: {name}"));
            assert_eq!(rest.len(), "0123456789abcdef.sqlite".len(), "{name}");
        }
        names.push(file_name(&format!("https://{} a", "x".repeat(300))));
        names.push(file_name(&format!("https://{} b", "x".repeat(300))));
        names.push(file_name("https://api.skysql.com A"));
        assert!(names.iter().all(|name| name.len() < 100));
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    /// Files of earlier versions must be found again.
    #[test]
    fn the_name_of_an_account_never_changes() {
        assert_eq!(file_name("https://api.skysql.com a"), file_name("https://api.skysql.com a"));
        assert_eq!(file_name(""), "-cbf29ce484222325.sqlite");
        assert_eq!(file_name("a"), "a-af63dc4c8601ec8c.sqlite");
    }
}
