//! A change that was sent from this computer, as it is remembered.

use jiff::Timestamp;

use super::{BackupType, ChangedRow, Recurrence, ServiceId, Text};

/// What was asked of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordedKind {
    /// A new schedule.
    Create,
    /// Another state of a schedule.
    Update,
    /// A schedule less.
    Delete,
    /// A new restore.
    Restore,
    /// The entry of a restore less.
    DeleteRestore,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordedOutcome {
    /// The service did it.
    Done,
    /// The service did not do it.
    Rejected,
    /// It was not sent, as the row was no longer as the user saw it.
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
    /// The row before it; for a new one what was asked for, with the id once that is known. Without its free texts but for the
    /// name of the service, so that a deleted schedule can be made again.
    pub row: ChangedRow,
    /// The type asked for in its place.
    pub new_backup_type: Option<BackupType>,
    /// The times asked for in their place.
    pub new_recurrence: Option<Recurrence>,
    /// Whether it was to be suspended or resumed.
    pub new_suspended: Option<bool>,
    /// Of a restore of a service as it was at a moment, that moment.
    pub moment: Option<Timestamp>,
}

impl ChangeRecord {
    /// The service it is about, of a restore the target: its id, empty where there is none, and its name as it was known then.
    #[must_use]
    pub fn service(&self) -> (&str, Option<&str>) {
        let (id, name) = match &self.row {
            ChangedRow::Schedule(schedule) => (&schedule.service_id, &schedule.service_name),
            ChangedRow::Restore(restore) => (&restore.service_id, &restore.service_name),
        };
        (id.as_ref().map_or("", ServiceId::as_str), name.as_deref())
    }
}
