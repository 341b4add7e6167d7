//! A change that was sent from this computer, as it is remembered.

use jiff::Timestamp;

use super::{BackupType, Recurrence, Schedule, Text};

/// What was asked of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordedKind {
    /// A new schedule.
    Create,
    /// Another state of a schedule.
    Update,
    /// A schedule less.
    Delete,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordedOutcome {
    /// The service did it.
    Done,
    /// The service did not do it.
    Rejected,
    /// It was not sent, as the schedule was no longer as the user saw it.
    NotSent,
    /// Nobody knows yet.
    Unknown,
}

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeRecord {
    /// Its name, in every window and at every start.
    pub id: Text,
    /// What was asked.
    pub kind: RecordedKind,
    /// When it was asked for.
    pub sent_at: Timestamp,
    /// When the outcome was last looked at.
    pub ended_at: Timestamp,
    /// The outcome.
    pub outcome: RecordedOutcome,
    /// The schedule before it; for a new one what was asked for, with the id once that is known. Without its free texts but for the
    /// name of the service, so that a deleted schedule can be made again.
    pub schedule: Schedule,
    /// The type asked for in its place.
    pub new_backup_type: Option<BackupType>,
    /// The times asked for in their place.
    pub new_recurrence: Option<Recurrence>,
    /// Whether it was to be suspended or resumed.
    pub new_suspended: Option<bool>,
}
