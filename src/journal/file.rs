//! The files of the journal: one for each running program, replaced whole at each change, and a lock that says that it runs.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ChangeId, OpenChange};
use crate::files::{create_private_folder, open_lock_file, replace_file};

/// The folder of the journal below the state folder.
const FOLDER: &str = "changes";
const NOT_OPENED: &str = "The notes about unfinished changes of an earlier run could not be opened";
const ADVICE: &str = "Look at the schedules and restores before you send a change again";
/// The version of the file this build writes.
const VERSION: u32 = 2;

/// Why a change could not be noted. Displays as one sentence.
#[derive(Debug, thiserror::Error)]
#[error("The note about this change could not be written in {}: {source}", folder.display())]
pub struct JournalError {
    folder: PathBuf,
    source: io::Error,
}

/// The changes of this program whose outcome is open.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    /// The name of this program's file.
    name: String,
    state: Mutex<JournalState>,
}

#[derive(Debug, Default)]
struct JournalState {
    /// Held while this program runs; `None` until the first write.
    lock: Option<File>,
    changes: Vec<OpenChange>,
}

#[derive(Serialize, Deserialize)]
struct Contents {
    version: u32,
    changes: Vec<OpenChange>,
}

impl Journal {
    /// The journal in this state folder. Nothing is read or made before it is asked.
    #[must_use]
    pub fn new(state_dir: &Path) -> Self {
        // The number of a process comes again; together with the moment it does not.
        Self::named(state_dir, &format!("{}-{}", std::process::id(), Timestamp::now().as_nanosecond()))
    }

    fn named(state_dir: &Path, name: &str) -> Self {
        Self { folder: state_dir.join(FOLDER), name: name.to_owned(), state: Mutex::default() }
    }

    /// Notes a change, in place of an older note of the same name. On the disk when this returns.
    pub fn begin(&self, change: OpenChange) -> Result<(), JournalError> {
        let mut state = self.state();
        let mut changes = state.changes.clone();
        changes.retain(|known| known.mark.id != change.mark.id);
        changes.push(change.without_secrets());
        self.store(&mut state, changes)
    }

    /// Forgets a change: its outcome is proven, or the user says so.
    pub fn end(&self, id: &ChangeId) -> Result<(), JournalError> {
        let mut state = self.state();
        let mut changes = state.changes.clone();
        changes.retain(|known| known.mark.id != *id);
        if changes.len() == state.changes.len() {
            return Ok(());
        }
        self.store(&mut state, changes)
    }

    /// A change that is noted.
    #[must_use]
    pub fn find(&self, id: &ChangeId) -> Option<OpenChange> {
        self.state().changes.iter().find(|change| change.mark.id == *id).cloned()
    }

    /// The open changes of an account, oldest first; those of programs that no longer run are taken over first. What could not
    /// be read is reported in sentences.
    pub fn open_changes(&self, account: &str) -> (Vec<OpenChange>, Vec<String>) {
        let mut state = self.state();
        let warnings = self.take_over(&mut state);
        let mut changes: Vec<OpenChange> =
            state.changes.iter().filter(|change| change.mark.account.as_deref() == Some(account)).cloned().collect();
        changes.sort_by_key(|change| change.mark.at);
        (changes, warnings)
    }

    /// Takes the changes of files over whose lock nobody holds.
    fn take_over(&self, state: &mut JournalState) -> Vec<String> {
        let mut warnings = Vec::new();
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return warnings,
            Err(error) => {
                let place = self.folder.display();
                warnings.push(format!(
                    "The notes about unfinished changes in {place} could not be read: {error}. {ADVICE}"
                ));
                return warnings;
            }
        };
        for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
            if path.extension().is_none_or(|ending| ending != "json") || path == self.file() {
                continue;
            }
            if let Err(warning) = self.take_over_one(state, &path) {
                warnings.push(warning);
            }
        }
        warnings
    }

    fn take_over_one(&self, state: &mut JournalState, path: &Path) -> Result<(), String> {
        let lock_path = path.with_extension("lock");
        let lock = open_lock_file(&lock_path).map_err(|error| format!("{NOT_OPENED}: {error}. {ADVICE}"))?;
        match lock.try_lock() {
            // Where there are no locks, a program may take over what another still looks for: then both look, and no more.
            Ok(()) | Err(TryLockError::Error(_)) => {}
            // The other program still runs, and sees to its own changes.
            Err(TryLockError::WouldBlock) => return Ok(()),
        }
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            // Another program that starts just now was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let _gone_already = fs::remove_file(lock_path);
                return Ok(());
            }
            Err(error) => return Err(format!("{NOT_OPENED}: {error}. {ADVICE}")),
        };
        let found = match serde_json::from_slice(&bytes) {
            Ok(Contents { version, .. }) if version > VERSION => {
                return Err(format!("A newer version of SkyBackup has notes about unfinished changes. {ADVICE}"));
            }
            Ok(Contents { changes, .. }) => changes,
            Err(error) => return Err(set_aside(path, &error.to_string())),
        };
        let mut changes = state.changes.clone();
        changes.extend(
            found.into_iter().filter(|change| state.changes.iter().all(|known| known.mark.id != change.mark.id)),
        );
        if let Err(error) = self.store(state, changes.clone()) {
            // They are looked at all the same; the old file stays for the next start.
            state.changes = changes;
            return Err(error.to_string());
        }
        fs::remove_file(path).map_err(|error| error.to_string())?;
        let _gone_already = fs::remove_file(lock_path);
        Ok(())
    }

    fn store(&self, state: &mut JournalState, changes: Vec<OpenChange>) -> Result<(), JournalError> {
        let failed = |source| JournalError { folder: self.folder.clone(), source };
        let kept: Vec<OpenChange> = changes.iter().filter(|change| change.mark.account.is_some()).cloned().collect();
        if kept.is_empty() && state.lock.is_none() {
            state.changes = changes;
            return Ok(());
        }
        if state.lock.is_none() {
            create_private_folder(&self.folder).map_err(failed)?;
            let lock = open_lock_file(&self.file().with_extension("lock")).map_err(failed)?;
            // Where locks do not work, the next start may take these changes over too soon, which only means that it looks.
            let _unlocked = lock.try_lock();
            state.lock = Some(lock);
        }
        if kept.is_empty() {
            match fs::remove_file(self.file()) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
                _ => {}
            }
        } else {
            let contents = Contents { version: VERSION, changes: kept };
            let text = serde_json::to_vec_pretty(&contents).map_err(|error| failed(io::Error::other(error)))?;
            replace_file(&self.file(), &text).map_err(failed)?;
        }
        state.changes = changes;
        Ok(())
    }

    fn file(&self) -> PathBuf {
        self.folder.join(format!("{}.json", self.name))
    }

    fn state(&self) -> MutexGuard<'_, JournalState> {
        // Every change of the state is one assignment of a whole list.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Journal {
    /// Leaves nothing behind where nothing is open.
    fn drop(&mut self) {
        let state = self.state();
        if state.lock.is_some() && state.changes.is_empty() {
            let _not_there = fs::remove_file(self.file().with_extension("lock"));
        }
    }
}

/// Keeps a file that cannot be read under another name, so that it is neither lost nor asked about again.
fn set_aside(path: &Path, why: &str) -> String {
    let kept = path.with_extension("unreadable");
    let kept = if fs::rename(path, &kept).is_ok() { kept } else { path.to_owned() };
    format!("A note about unfinished changes could not be read ({why}); it is kept as {}. {ADVICE}", kept.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{BackupType, Recurrence, Schedule, ScheduleId, ServiceId};
    use crate::draft::{NewSchedule, SchedulePatch};
    use crate::journal::{ChangeMark, SentChange};
    use crate::secrets::{ExternalStorage, StorageCredentials};

    const ACCOUNT: &str = "https://api.skysql.com production";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + second).unwrap()
    }

    fn creation(number: u64) -> OpenChange {
        let new = NewSchedule {
            service_id: ServiceId::new("dbpgf41870263"),
            backup_type: BackupType::Full,
            recurrence: Recurrence::read("0 2 * * *"),
            storage: None,
        };
        let before = vec!["200".into(), "201".into()];
        change(number, SentChange::Create { new, own_bucket: false, before })
    }

    fn change(number: u64, change: SentChange) -> OpenChange {
        let at = at(i64::try_from(number).unwrap());
        let mark = ChangeMark { id: ChangeId::new(at, number), account: Some(ACCOUNT.to_owned()), at };
        OpenChange { mark, change }
    }

    fn schedule() -> Box<Schedule> {
        Box::new(Schedule {
            id: ScheduleId::new("301"),
            service_id: Some(ServiceId::new("dbpgf41870263")),
            service_name: Some("orders".into()),
            backup_type: Some(BackupType::Dump),
            recurrence: Some(Recurrence::read("5 4 * * 0")),
            suspended: Some(false),
            ..Schedule::default()
        })
    }

    fn files(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(dir.join(FOLDER))
            .map(|entries| entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect())
            .unwrap_or_default();
        names.sort();
        names
    }

    #[test]
    fn a_change_outlives_the_program_and_is_taken_over_by_the_next() {
        let dir = tempfile::tempdir().unwrap();
        let patch =
            SchedulePatch { suspended: Some(true), recurrence: Some("6 4 * * 0".into()), ..SchedulePatch::default() };
        let changes = [
            creation(1),
            change(2, SentChange::Update { schedule: schedule(), patch }),
            change(3, SentChange::Delete { schedule: schedule() }),
        ];
        let first = Journal::named(dir.path(), "1");
        for change in changes.iter().rev() {
            first.begin(change.clone()).unwrap();
        }
        drop(first);
        let second = Journal::named(dir.path(), "2");
        assert_eq!(second.open_changes(ACCOUNT), (changes.to_vec(), Vec::new()));
        assert_eq!(second.open_changes("https://api.skysql.com other"), (Vec::new(), Vec::new()));
        assert_eq!(files(dir.path()), ["2.json", "2.lock"]);
        for change in &changes {
            second.end(&change.mark.id).unwrap();
        }
        drop(second);
        assert_eq!(files(dir.path()), [""; 0], "nothing is left where nothing is open");
    }

    #[test]
    fn a_running_program_keeps_its_changes_to_itself() {
        let dir = tempfile::tempdir().unwrap();
        let first = Journal::named(dir.path(), "1");
        first.begin(creation(1)).unwrap();
        let second = Journal::named(dir.path(), "2");
        assert_eq!(second.open_changes(ACCOUNT), (Vec::new(), Vec::new()));
        drop(first);
        assert_eq!(second.open_changes(ACCOUNT).0, [creation(1)]);
    }

    #[test]
    fn a_change_of_today_and_one_of_an_earlier_run_stand_beside_each_other() {
        let dir = tempfile::tempdir().unwrap();
        Journal::new(dir.path()).begin(creation(1)).unwrap();
        let today = Journal::new(dir.path());
        today.begin(creation(2)).unwrap();
        assert_eq!(today.open_changes(ACCOUNT).0, [creation(1), creation(2)]);
        today.end(&creation(2).mark.id).unwrap();
        drop(today);
        assert_eq!(Journal::new(dir.path()).open_changes(ACCOUNT).0, [creation(1)]);
    }

    #[test]
    fn a_second_note_of_the_same_change_replaces_the_first() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::named(dir.path(), "1");
        let mut change = creation(1);
        journal.begin(change.clone()).unwrap();
        if let SentChange::Create { before, .. } = &mut change.change {
            before.push("202".into());
        }
        journal.begin(change.clone()).unwrap();
        assert_eq!(journal.find(&change.mark.id), Some(change.clone()));
        assert_eq!(journal.open_changes(ACCOUNT).0, [change]);
    }

    #[test]
    fn a_change_of_a_service_that_ends_with_the_program_is_on_no_disk() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::named(dir.path(), "1");
        let mut change = creation(1);
        change.mark.account = None;
        journal.begin(change.clone()).unwrap();
        assert_eq!(journal.find(&change.mark.id), Some(change));
        assert_eq!(files(dir.path()), [""; 0]);
    }

    #[test]
    fn no_secret_gets_into_the_file() {
        const SECRET: &str = "CANARY0123456789CANARY";
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::named(dir.path(), "1");
        let mut change = creation(1);
        let credentials = StorageCredentials::from_s3("AKIACANARY", SECRET, "us-east-1").unwrap();
        let base64 = credentials.expose_base64().to_owned();
        if let SentChange::Create { new, own_bucket, .. } = &mut change.change {
            new.storage = Some(ExternalStorage { bucket: "s3://bucket".to_owned(), credentials: Some(credentials) });
            *own_bucket = true;
        }
        journal.begin(change.clone()).unwrap();
        let text = fs::read_to_string(dir.path().join(FOLDER).join("1.json")).unwrap();
        assert!(text.contains("dbpgf41870263") && text.contains("own_bucket"), "{text}");
        for secret in [SECRET, "AKIACANARY", base64.as_str(), "s3://bucket"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(!format!("{:?}", journal.find(&change.mark.id)).contains("s3://bucket"));
    }

    #[cfg(unix)]
    #[test]
    fn only_this_user_can_look() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::named(dir.path(), "1");
        journal.begin(creation(1)).unwrap();
        let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(dir.path().join(FOLDER)), 0o700);
        for name in files(dir.path()) {
            assert_eq!(mode(dir.path().join(FOLDER).join(name)), 0o600);
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_kept_and_said_once() {
        let dir = tempfile::tempdir().unwrap();
        create_private_folder(&dir.path().join(FOLDER)).unwrap();
        fs::write(dir.path().join(FOLDER).join("7.json"), "{ garbage").unwrap();
        let journal = Journal::named(dir.path(), "1");
        let (changes, warnings) = journal.open_changes(ACCOUNT);
        assert_eq!((changes.len(), warnings.len()), (0, 1), "{warnings:?}");
        assert!(warnings[0].contains("kept as") && warnings[0].contains("Look at the schedules"), "{warnings:?}");
        assert_eq!(journal.open_changes(ACCOUNT), (Vec::new(), Vec::new()));
        assert_eq!(files(dir.path()), ["7.lock", "7.unreadable"]);
    }

    #[test]
    fn a_file_of_a_newer_version_stays_for_that_version() {
        let dir = tempfile::tempdir().unwrap();
        create_private_folder(&dir.path().join(FOLDER)).unwrap();
        fs::write(dir.path().join(FOLDER).join("8.json"), r#"{"version":3,"changes":[]}"#).unwrap();
        let (changes, warnings) = Journal::named(dir.path(), "1").open_changes(ACCOUNT);
        assert_eq!((changes.len(), warnings.len()), (0, 1), "{warnings:?}");
        assert!(warnings[0].contains("newer version"), "{warnings:?}");
        assert_eq!(files(dir.path()), ["8.json", "8.lock"]);
    }

    #[test]
    fn a_note_that_cannot_be_written_is_reported_and_the_one_before_it_stays() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a file"), "").unwrap();
        let journal = Journal::named(&dir.path().join("a file"), "1");
        let error = journal.begin(creation(1)).unwrap_err().to_string();
        assert!(error.contains("a file") && !error.contains('\n'), "{error}");
        assert_eq!(journal.find(&creation(1).mark.id), None);
    }
}
