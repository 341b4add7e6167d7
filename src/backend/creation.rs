//! What a POST creates: how it is sent, and how it is found again in its list after a lost response.

use crate::api::{ApiError, Client, Completeness, ErrorKind, Listing, Operation, RestoreQuery, ScheduleQuery};
use crate::cron::may_be_same_cron;
use crate::domain::{ApiTime, ChangedRow, Recurrence, Restore, Schedule, Text};
use crate::draft::{NewSchedule, RestoreRequest, RestoreSource};
use crate::journal::{ChangeMark, SentChange};
use crate::rows::Record;

/// Something to be created, which makes a new row each time it arrives.
pub(super) trait Creation: Sync {
    /// The row it becomes.
    type Row: Record + Into<ChangedRow>;
    /// The operation that creates it.
    const OPERATION: Operation;

    /// Lists all rows among which it would be.
    fn list(&self, client: &Client) -> impl Future<Output = Result<Listing<Self::Row>, ApiError>> + Send;

    /// Sends it.
    fn send(&self, client: &Client) -> impl Future<Output = Result<Self::Row, ApiError>> + Send;

    /// Its note in the journal; `before` are the ids of the rows that were there.
    fn note(&self, before: Vec<Text>) -> SentChange;

    /// Whether a row may be what it became.
    fn looks_like(&self, row: &Self::Row) -> bool;

    /// When a row was created: a hint, because the form of that time is not documented.
    fn created_at(row: &Self::Row) -> Option<&ApiTime>;
}

/// All rows among which it would be; a partial list proves nothing and is an error here.
pub(super) async fn rows_of<C: Creation>(new: &C, client: &Client) -> Result<Vec<C::Row>, ApiError> {
    let listing = new.list(client).await?;
    match listing.completeness {
        Completeness::Partial(why) => Err(ApiError::new(ErrorKind::Incomplete { why }, C::OPERATION)),
        Completeness::Complete | Completeness::ChangedWhileReading => Ok(listing.rows.iter().collect()),
    }
}

/// Those that were not there before it was sent and look like it, the likeliest first.
pub(super) fn new_ones<C: Creation>(mark: &ChangeMark, before: &[Text], new: &C, rows: Vec<C::Row>) -> Vec<C::Row> {
    let is_new = |row: &C::Row| before.iter().all(|id| id != row.id()) && new.looks_like(row);
    let mut found: Vec<C::Row> = rows.into_iter().filter(is_new).collect();
    // A hint only: clocks differ by seconds.
    let sent_at = mark.at.as_second() - 60;
    found.sort_by_key(|row| C::created_at(row).and_then(ApiTime::at).is_some_and(|at| at.as_second() < sent_at));
    found
}

impl Creation for NewSchedule {
    type Row = Schedule;
    const OPERATION: Operation = Operation::CreateSchedule;

    async fn list(&self, client: &Client) -> Result<Listing<Schedule>, ApiError> {
        let query = ScheduleQuery { service_id: Some(self.service_id.clone()), ..ScheduleQuery::default() };
        client.list_schedules(&query, &[], &mut |_, _| {}).await
    }

    async fn send(&self, client: &Client) -> Result<Schedule, ApiError> {
        client.create_schedule(self).await
    }

    fn note(&self, before: Vec<Text>) -> SentChange {
        SentChange::Create { new: self.clone(), own_bucket: self.storage.is_some(), before }
    }

    /// Same service, same type, same cadence; where the service only says `cron`, the same kind of cadence.
    fn looks_like(&self, schedule: &Schedule) -> bool {
        let service = schedule.service_id.as_ref().is_none_or(|id| *id == self.service_id);
        let backup_type = schedule.backup_type.as_ref().is_none_or(|kind| *kind == self.backup_type);
        let cadence = match (&schedule.recurrence, &self.recurrence) {
            (None, _) | (Some(Recurrence::Once), Recurrence::Once) => true,
            (Some(Recurrence::Cron(is)), Recurrence::Cron(wanted)) => may_be_same_cron(is, wanted),
            (Some(_), _) => false,
        };
        service && backup_type && cadence
    }

    fn created_at(schedule: &Schedule) -> Option<&ApiTime> {
        schedule.created_at.as_ref()
    }
}

impl Creation for RestoreRequest {
    type Row = Restore;
    const OPERATION: Operation = Operation::CreateRestore;

    async fn list(&self, client: &Client) -> Result<Listing<Restore>, ApiError> {
        let query = RestoreQuery { service_id: Some(self.target.clone()), ..RestoreQuery::default() };
        client.list_restores(&query, &[], &mut |_, _| {}).await
    }

    async fn send(&self, client: &Client) -> Result<Restore, ApiError> {
        client.create_restore(self).await
    }

    fn note(&self, before: Vec<Text>) -> SentChange {
        SentChange::Restore { request: self.clone(), before }
    }

    /// Same target, and for a backup the same backup: what the service calls the source of a moment or of a bucket is not documented.
    fn looks_like(&self, restore: &Restore) -> bool {
        let is_target = restore.service_id.as_ref().is_none_or(|id| *id == self.target);
        let is_source = match &self.source {
            RestoreSource::Backup(wanted) => restore.backup_id.as_ref().is_none_or(|id| id == wanted),
            RestoreSource::Moment { .. } | RestoreSource::Bucket(_) => true,
        };
        is_target && is_source
    }

    fn created_at(restore: &Restore) -> Option<&ApiTime> {
        restore.created_at.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{BackupId, BackupType, ServiceId};

    #[test]
    fn a_new_schedule_is_recognised_by_service_type_and_cadence() {
        let new = NewSchedule {
            service_id: ServiceId::new("dbpgf41870263"),
            backup_type: BackupType::Full,
            recurrence: Recurrence::read("0 2 * * *"),
            storage: None,
        };
        let schedule = |service: &str, kind: BackupType, cadence: &str| Schedule {
            service_id: Some(ServiceId::new(service)),
            backup_type: Some(kind),
            recurrence: Some(Recurrence::read(cadence)),
            ..Schedule::default()
        };
        let cases = [
            (schedule("dbpgf41870263", BackupType::Full, "0 2 * * *"), true),
            (schedule("dbpgf41870263", BackupType::Full, "cron"), true),
            (schedule("dbpgf41870263", BackupType::Full, "0 3 * * *"), false),
            (schedule("dbpgf41870263", BackupType::Full, "once"), false),
            (schedule("dbpgf41870263", BackupType::Dump, "0 2 * * *"), false),
            (schedule("dbpgf99999999", BackupType::Full, "0 2 * * *"), false),
            (Schedule::default(), true),
        ];
        for (schedule, want) in cases {
            assert_eq!(new.looks_like(&schedule), want, "{schedule:?}");
        }
    }

    #[test]
    fn a_new_restore_is_recognised_by_its_target_and_its_backup() {
        let request = |source| RestoreRequest { target: ServiceId::new("db1"), source };
        let row = |target: &str, backup: &str| Restore {
            service_id: Some(ServiceId::new(target)),
            backup_id: Some(BackupId::new(backup)),
            ..Restore::default()
        };
        let backup = request(RestoreSource::Backup(BackupId::new("a")));
        let at = "2026-09-14T02:00:00Z".parse().unwrap();
        let moment = request(RestoreSource::Moment { service: ServiceId::new("db2"), at });
        for (row, of_backup, of_moment) in [
            (row("db1", "a"), true, true),
            (row("db1", "b"), false, true),
            (row("db2", "a"), false, false),
            (Restore::default(), true, true),
        ] {
            assert_eq!((backup.looks_like(&row), moment.looks_like(&row)), (of_backup, of_moment), "{row:?}");
        }
    }
}
