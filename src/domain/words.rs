//! The words of the API, as open lists: a word this app does not know is kept and shown as it came.

use serde::{Deserialize, Serialize};

use super::Text;

/// `backup_type` in requests, `type` in answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Text", into = "Text")]
pub enum BackupType {
    /// `full`: a physical copy made with mariabackup.
    #[default]
    Full,
    /// `incremental`: the changes since an existing full backup.
    Incremental,
    /// `binarylog`: closed binary log files.
    BinaryLog,
    /// `dump`: a logical SQL dump.
    Dump,
    /// `snapshot`: a snapshot of the storage volume.
    Snapshot,
    /// Any other word, as it came.
    Other(Text),
}

impl From<Text> for BackupType {
    fn from(word: Text) -> Self {
        Self::from_word(&word)
    }
}

impl From<BackupType> for Text {
    fn from(kind: BackupType) -> Self {
        kind.as_api_str().into()
    }
}

impl BackupType {
    /// The five types a schedule can be created with, in the order of the API's own list.
    pub const ALL: [Self; 5] = [Self::Full, Self::Incremental, Self::BinaryLog, Self::Dump, Self::Snapshot];

    /// Reads the API's word, in any case.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|known| known.as_api_str().eq_ignore_ascii_case(word))
            .unwrap_or_else(|| Self::Other(word.into()))
    }

    /// The word on the wire.
    #[must_use]
    pub fn as_api_str(&self) -> &str {
        match self {
            Self::Full => "full",
            Self::Incremental => "incremental",
            Self::BinaryLog => "binarylog",
            Self::Dump => "dump",
            Self::Snapshot => "snapshot",
            Self::Other(word) => word,
        }
    }

    /// The name on a form: sentence case.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Full => "Full",
            Self::Incremental => "Incremental",
            Self::BinaryLog => "Binary log",
            Self::Dump => "Dump",
            Self::Snapshot => "Snapshot",
            Self::Other(word) => word,
        }
    }
}

/// What a status word means, as far as this app can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StatusKind {
    /// Failed, or in error.
    Bad,
    /// In progress now.
    Running,
    /// Waiting for its time or its turn.
    Queued,
    /// Finished well.
    Good,
    /// A word with no known meaning: shown as it is.
    Other,
}

/// A status as the API wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Status(Text);

impl Status {
    /// Takes the word as it is.
    #[must_use]
    pub fn new(word: impl Into<Text>) -> Self {
        Self(word.into())
    }

    /// The word as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The meaning of the word.
    #[must_use]
    pub fn kind(&self) -> StatusKind {
        StatusKind::of(&self.0)
    }
}

impl StatusKind {
    /// An end, good or bad. What has a status that this app does not know may still go on.
    #[must_use]
    pub fn is_finished(self) -> bool {
        matches!(self, Self::Good | Self::Bad)
    }

    /// The meaning of a status word, compared without case, blanks and dashes.
    #[must_use]
    pub fn of(word: &str) -> Self {
        const GOOD: [&str; 5] = ["succeeded", "success", "completed", "complete", "ready"];
        const RUNNING: [&str; 3] = ["running", "inprogress", "started"];
        const QUEUED: [&str; 4] = ["scheduled", "pending", "queued", "created"];
        // Ends at the first letter that differs: a word may be a megabyte long, and this is asked for each row.
        let letters = || word.bytes().filter(|byte| !matches!(byte, b' ' | b'_' | b'-' | b'.'));
        let first = letters().next().map(|byte| byte.to_ascii_lowercase());
        let is = |known: &str| {
            known.bytes().next() == first && known.bytes().eq(letters().map(|byte| byte.to_ascii_lowercase()))
        };
        let is_in = |words: &[&str]| words.iter().any(|known| is(known));
        if is_in(&GOOD) {
            Self::Good
        } else if is_in(&BAD) {
            Self::Bad
        } else if is_in(&RUNNING) {
            Self::Running
        } else if is_in(&QUEUED) {
            Self::Queued
        } else {
            Self::Other
        }
    }
}

/// No whole backup came of it: the words of backup services, of jobs and of containers. One that was cancelled counts too: there is
/// no backup where one was expected.
const BAD: [&str; 31] = [
    "failed",
    "failure",
    "fail",
    "failedvalidation",
    "validationfailed",
    "partiallyfailed",
    "partialfailure",
    "partialfailed",
    "finalizingpartiallyfailed",
    "completedwitherrors",
    "completedwithfailures",
    "succeededwitherrors",
    "partial",
    "error",
    "errored",
    "timedout",
    "timeout",
    "deadlineexceeded",
    "backofflimitexceeded",
    "aborted",
    "aborting",
    "canceled",
    "cancelled",
    "interrupted",
    "killed",
    "oomkilled",
    "evicted",
    "crashed",
    "crashloopbackoff",
    "rejected",
    "incomplete",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_in_any_case_and_unknown_ones_are_kept() {
        assert_eq!(BackupType::from_word("FULL"), BackupType::Full);
        assert_eq!(BackupType::from_word("binarylog"), BackupType::BinaryLog);
        assert_eq!(BackupType::from_word("clone"), BackupType::Other("clone".into()));
        assert_eq!(BackupType::from_word("clone").as_api_str(), "clone");
    }

    #[test]
    fn status_words_fall_into_their_kinds() {
        let cases = [
            ("Succeeded", StatusKind::Good),
            ("COMPLETED", StatusKind::Good),
            ("In progress", StatusKind::Running),
            ("Scheduled", StatusKind::Queued),
            ("error", StatusKind::Bad),
            ("PartiallyFailed", StatusKind::Bad),
            ("Partially failed", StatusKind::Bad),
            ("PARTIALLY_FAILED", StatusKind::Bad),
            ("TIMED_OUT", StatusKind::Bad),
            ("TimedOut", StatusKind::Bad),
            ("Aborted", StatusKind::Bad),
            ("Canceled", StatusKind::Bad),
            ("Cancelled", StatusKind::Bad),
            ("DeadlineExceeded", StatusKind::Bad),
            ("BackoffLimitExceeded", StatusKind::Bad),
            ("Completed with errors", StatusKind::Bad),
            ("in-progress", StatusKind::Running),
            // Not known, so neither good nor bad.
            ("NotFailed", StatusKind::Other),
            ("Failover", StatusKind::Other),
            ("No error", StatusKind::Other),
            ("Expired", StatusKind::Other),
            ("Deleting", StatusKind::Other),
            ("Suspended", StatusKind::Other),
            ("Quarantined", StatusKind::Other),
            ("", StatusKind::Other),
        ];
        for (word, want) in cases {
            assert_eq!(Status::new(word).kind(), want, "{word}");
        }
    }
}
