//! Changes and deletions of rows that exist: how they are sent, and what a read of the row tells about them.

use crate::api::{ApiError, Attempt, Client, Operation};
use crate::cron::{is_same_cron, may_be_same_cron};
use crate::domain::{ChangedRow, Recurrence, Restore, Schedule};
use crate::draft::SchedulePatch;
use crate::journal::SentChange;
use crate::msg::ChangeOutcome;

/// A change or deletion of one row.
pub(super) trait RowEdit: Sync {
    /// The row.
    type Row: Into<ChangedRow> + Send;
    /// The operation that makes it.
    const OPERATION: Operation;
    /// A row that is gone is what was wanted.
    const IS_DELETION: bool;

    /// Reads the row.
    fn read(&self, client: &Client) -> impl Future<Output = Result<Self::Row, ApiError>> + Send;

    /// Sends the change.
    fn send(&self, client: &Client, attempt: Attempt) -> impl Future<Output = Result<ChangeOutcome, ApiError>> + Send;

    /// Its note in the journal.
    fn note(&self) -> SentChange;

    /// All that the user's decision depends on is as they saw it.
    fn is_as_seen(&self, now: &Self::Row) -> bool;

    /// The outcome that a row proves, where it is as wanted already.
    fn done(&self, _now: &Self::Row) -> Option<ChangeOutcome> {
        None
    }

    /// Such a row is so to the letter, too, so that nothing has to be sent.
    fn is_to_the_letter(&self, _now: &Self::Row) -> bool {
        true
    }

    /// A row that is there shows that it did not happen, and that nobody else has changed what it is about.
    fn is_undone(&self, _now: &Self::Row) -> bool {
        true
    }
}

/// A change of a schedule.
pub(super) struct UpdateSchedule {
    /// As the user saw it.
    pub(super) before: Box<Schedule>,
    /// Only what changes.
    pub(super) patch: SchedulePatch,
}

impl RowEdit for UpdateSchedule {
    type Row = Schedule;
    const OPERATION: Operation = Operation::UpdateSchedule;
    const IS_DELETION: bool = false;

    async fn read(&self, client: &Client) -> Result<Schedule, ApiError> {
        client.get_schedule(&self.before.id).await
    }

    async fn send(&self, client: &Client, attempt: Attempt) -> Result<ChangeOutcome, ApiError> {
        client.update_schedule(&self.before.id, &self.patch, attempt).await.map(ChangeOutcome::Updated)
    }

    fn note(&self) -> SentChange {
        SentChange::Update { schedule: self.before.clone(), patch: self.patch.clone() }
    }

    fn is_as_seen(&self, now: &Schedule) -> bool {
        is_as_before(now, &self.before, &self.patch)
    }

    fn done(&self, now: &Schedule) -> Option<ChangeOutcome> {
        is_as_wanted(now, &self.patch).then(|| ChangeOutcome::Updated(now.clone()))
    }

    /// The same times in another text are not what was asked for: a service may stumble over that text.
    fn is_to_the_letter(&self, now: &Schedule) -> bool {
        let text = now.recurrence.as_ref().map(Recurrence::as_str);
        self.patch.recurrence.as_deref().is_none_or(|wanted| text == Some(wanted))
    }

    fn is_undone(&self, now: &Schedule) -> bool {
        self.is_as_seen(now)
    }
}

/// A deletion of a schedule.
pub(super) struct DeleteSchedule {
    /// As the user saw it.
    pub(super) before: Box<Schedule>,
}

impl RowEdit for DeleteSchedule {
    type Row = Schedule;
    const OPERATION: Operation = Operation::DeleteSchedule;
    const IS_DELETION: bool = true;

    async fn read(&self, client: &Client) -> Result<Schedule, ApiError> {
        client.get_schedule(&self.before.id).await
    }

    async fn send(&self, client: &Client, attempt: Attempt) -> Result<ChangeOutcome, ApiError> {
        client.delete_schedule(&self.before.id, attempt).await.map(ChangeOutcome::Deleted)
    }

    fn note(&self) -> SentChange {
        SentChange::Delete { schedule: self.before.clone() }
    }

    fn is_as_seen(&self, now: &Schedule) -> bool {
        is_unchanged(now, &self.before)
    }
}

/// A deletion of the entry of a restore.
pub(super) struct DeleteRestore {
    /// As the user saw it.
    pub(super) before: Box<Restore>,
}

impl RowEdit for DeleteRestore {
    type Row = Restore;
    const OPERATION: Operation = Operation::DeleteRestore;
    const IS_DELETION: bool = true;

    async fn read(&self, client: &Client) -> Result<Restore, ApiError> {
        client.get_restore(&self.before.id).await
    }

    async fn send(&self, client: &Client, attempt: Attempt) -> Result<ChangeOutcome, ApiError> {
        client.delete_restore(&self.before.id, attempt).await.map(ChangeOutcome::Deleted)
    }

    fn note(&self) -> SentChange {
        SentChange::DeleteRestore { restore: self.before.clone() }
    }

    /// Its status changes meanwhile, and deleting the entry of one that runs does not stop it.
    fn is_as_seen(&self, now: &Restore) -> bool {
        is_same(now.service_id.as_ref(), self.before.service_id.as_ref())
            && is_same(now.backup_id.as_ref(), self.before.backup_id.as_ref())
    }
}

/// A value that one of the two does not say counts as the same.
fn is_same<T: PartialEq>(now: Option<&T>, before: Option<&T>) -> bool {
    now.zip(before).is_none_or(|(now, before)| now == before)
}

fn is_as_wanted(schedule: &Schedule, patch: &SchedulePatch) -> bool {
    let is_cadence = |wanted: &str| schedule.recurrence.as_ref().is_some_and(|is| is_same_cron(is.as_str(), wanted));
    patch.suspended.is_none_or(|wanted| schedule.is_suspended() == wanted)
        && patch.backup_type.as_ref().is_none_or(|wanted| schedule.backup_type.as_ref() == Some(wanted))
        && patch.recurrence.as_ref().is_none_or(|wanted| is_cadence(wanted))
}

/// What was to change is all as it was: nobody else has changed it meanwhile either.
fn is_as_before(now: &Schedule, before: &Schedule, patch: &SchedulePatch) -> bool {
    (patch.suspended.is_none() || now.is_suspended() == before.is_suspended())
        && (patch.backup_type.is_none() || is_same(now.backup_type.as_ref(), before.backup_type.as_ref()))
        && (patch.recurrence.is_none() || is_same_recurrence(now, before))
}

/// All that the user's decision depends on is as it was: service, type, times, and whether it runs at all.
fn is_unchanged(now: &Schedule, before: &Schedule) -> bool {
    is_same(now.service_id.as_ref(), before.service_id.as_ref())
        && is_same(now.suspended.as_ref(), before.suspended.as_ref())
        && is_same(now.backup_type.as_ref(), before.backup_type.as_ref())
        && is_same_recurrence(now, before)
}

/// Times that one of the two does not say, or only names as `cron`, count as the same.
fn is_same_recurrence(now: &Schedule, before: &Schedule) -> bool {
    now.recurrence
        .as_ref()
        .zip(before.recurrence.as_ref())
        .is_none_or(|(now, before)| may_be_same_cron(now.as_str(), before.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{BackupType, ServiceId};

    /// The schedule of these tests: a full backup each night, not suspended.
    fn nightly() -> Schedule {
        Schedule {
            service_id: Some(ServiceId::new("db1")),
            backup_type: Some(BackupType::Full),
            recurrence: Some(Recurrence::read("0 2 * * *")),
            suspended: Some(false),
            ..Schedule::default()
        }
    }

    #[test]
    fn a_change_is_done_only_where_every_field_is_as_wanted() {
        let full = || Some(BackupType::Full);
        let text = |cron: &str| Some(cron.into());
        let cases = [
            (full(), text("0 2 * * *"), None, true),
            (full(), text("0 3 * * *"), None, false),
            (Some(BackupType::Dump), text("0 2 * * *"), None, false),
            (full(), None, Some(true), false),
            (full(), None, Some(false), true),
            (None, text("0 3 * * *"), Some(false), false),
            (None, None, Some(true), false),
        ];
        for (backup_type, recurrence, suspended, want) in cases {
            let patch = SchedulePatch { backup_type, recurrence, suspended };
            assert_eq!(is_as_wanted(&nightly(), &patch), want, "{patch:?}");
        }
    }

    #[test]
    fn a_schedule_is_as_before_only_where_all_that_is_to_change_is_as_it_was() {
        let patch = SchedulePatch {
            suspended: Some(true),
            backup_type: Some(BackupType::Dump),
            recurrence: Some("0 4 * * *".into()),
        };
        let others = [
            Schedule { suspended: Some(true), ..nightly() },
            Schedule { backup_type: Some(BackupType::Incremental), ..nightly() },
            Schedule { recurrence: Some(Recurrence::read("0 3 * * *")), ..nightly() },
        ];
        assert!(is_as_before(&nightly(), &nightly(), &patch) && is_unchanged(&nightly(), &nightly()));
        for other in others {
            assert!(!is_as_before(&other, &nightly(), &patch), "{other:?}");
            assert!(is_as_before(&other, &nightly(), &SchedulePatch::default()), "not what is to change: {other:?}");
            assert!(!is_unchanged(&other, &nightly()), "{other:?}");
        }
        let moved = Schedule { service_id: Some(ServiceId::new("db2")), ..nightly() };
        assert!(!is_unchanged(&moved, &nightly()));
        assert!(is_unchanged(&Schedule::default(), &nightly()), "what is not said counts as the same");
    }
}
