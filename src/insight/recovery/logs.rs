//! Binary logs that follow each other without a hole.
//!
//! A backup of binary logs is taken to hold the logs that were closed when it began, the last of which it names. So the log it names
//! was still open when the backup before it began, unless both name the same one.

use super::backups::{KnownBackup, MemberState, ServiceBackups};
use crate::domain::{BackupType, BinlogFile};

/// Logs that no listed backup holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingLogs {
    /// The name of the first.
    pub first: String,
    /// The name of the last, which may be the same.
    pub last: String,
    /// How many there are.
    pub count: u64,
}

impl MissingLogs {
    /// Those between two that are there; `None` where these follow each other.
    fn between(before: &BinlogFile, after: &BinlogFile) -> Option<Self> {
        let (first, last) = (before.number.checked_add(1)?, after.number.checked_sub(1)?);
        Self::from_to(before, first, last)
    }

    fn from_to(file: &BinlogFile, first: u64, last: u64) -> Option<Self> {
        let count = last.checked_sub(first)?.checked_add(1)?;
        Some(Self { first: file.name_of(first), last: file.name_of(last), count })
    }
}

/// Backups of binary logs that can be applied one after the other.
#[derive(Clone, Debug)]
pub(super) struct LogRun<'a> {
    /// By number and start; never empty.
    logs: Vec<&'a KnownBackup>,
    /// What is missing between this run and the next one.
    pub(super) missing_after: Option<MissingLogs>,
}

impl<'a> LogRun<'a> {
    fn first(&self) -> Option<&'a BinlogFile> {
        self.logs.first()?.file.as_ref()
    }

    pub(super) fn last(&self) -> Option<&'a KnownBackup> {
        self.logs.last().copied()
    }

    /// True where this log is one of the run, or lies between two of it.
    fn holds(&self, file: &BinlogFile) -> bool {
        let (first, last) = (self.first(), self.last().and_then(|last| last.file.as_ref()));
        first
            .zip(last)
            .is_some_and(|(first, last)| file.base == first.base && (first.number..=last.number).contains(&file.number))
    }

    /// Those with the logs from this one on.
    pub(super) fn from(&self, file: &BinlogFile) -> impl Iterator<Item = &'a KnownBackup> {
        let number = file.number;
        self.logs.iter().copied().filter(move |log| log.file.as_ref().is_some_and(|file| file.number >= number))
    }

    /// Up to which second every commit is in these logs for sure: the start of the last backup that names an earlier log than the
    /// last one, because the last one was open then.
    pub(super) fn certain_until(&self) -> Option<i64> {
        let last = self.last()?.file.as_ref()?;
        let earlier = self.logs.iter().filter(|log| log.file.as_ref() != Some(last));
        earlier.filter_map(|log| log.start).max()
    }

    /// After which second no commit is in these logs: the first start of a backup that names the last one, which was closed by then.
    pub(super) fn possible_until(&self) -> Option<i64> {
        let last = self.last()?.file.as_ref()?;
        self.logs.iter().filter(|log| log.file.as_ref() == Some(last)).filter_map(|log| log.start).min()
    }
}

/// All runs of a service, by name and number. A log that is not listed as succeeded is none.
pub(super) fn log_runs(backups: &ServiceBackups) -> Vec<LogRun<'_>> {
    let usable = backups.of_type(&BackupType::BinaryLog).filter(|log| log.state == MemberState::Listed);
    let mut logs: Vec<(&BinlogFile, &KnownBackup)> =
        usable.filter_map(|log| Some((log.file.as_ref().filter(|_| log.start.is_some())?, log))).collect();
    logs.sort_by(|(file, log), (other_file, other)| (file, log.start).cmp(&(other_file, other.start)));
    let mut runs: Vec<LogRun<'_>> = Vec::new();
    let mut before: Option<&BinlogFile> = None;
    for (file, log) in logs {
        let missing = before.filter(|before| before.base == file.base);
        let missing = missing.and_then(|before| MissingLogs::between(before, file));
        let follows = before.is_some_and(|before| before.base == file.base) && missing.is_none();
        before = Some(file);
        match runs.last_mut() {
            Some(run) if follows => run.logs.push(log),
            last => {
                if let Some(run) = last {
                    run.missing_after = missing;
                }
                runs.push(LogRun { logs: vec![log], missing_after: None });
            }
        }
    }
    runs
}

/// The run that continues from a backup: it holds the log that the backup ended in.
pub(super) fn run_after<'r, 'a>(runs: &'r [LogRun<'a>], base: &KnownBackup) -> Option<&'r LogRun<'a>> {
    let file = base.file.as_ref()?;
    runs.iter().find(|run| run.holds(file))
}

/// What is missing from the log that a backup ended in to the one of another; empty where nothing is.
pub(super) fn missing_between(runs: &[LogRun<'_>], from: &BinlogFile, until: &BinlogFile) -> Vec<MissingLogs> {
    let is_reached = |run: &&LogRun<'_>| {
        let first = run.first().filter(|first| first.base == from.base && first.number <= until.number);
        let last = run.last().and_then(|last| last.file.as_ref()).filter(|last| last.number >= from.number);
        first.is_some() && last.is_some()
    };
    let mut missing = Vec::new();
    let mut next = from.number;
    for run in runs.iter().filter(is_reached) {
        let (Some(first), Some(last)) = (run.first(), run.last().and_then(|last| last.file.as_ref())) else { continue };
        missing.extend(first.number.checked_sub(1).and_then(|before| MissingLogs::from_to(from, next, before)));
        next = last.number.saturating_add(1);
    }
    if next <= until.number {
        missing.extend(MissingLogs::from_to(from, next, until.number));
    }
    missing
}
