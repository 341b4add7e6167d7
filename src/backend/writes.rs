//! Changes, each sent once. A lost answer is settled by reading, never by sending again.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::api::{ApiError, Client, Completeness, ErrorKind, Operation, ScheduleQuery};
use crate::domain::{NewSchedule, Recurrence, Schedule, ScheduleId, SchedulePatch};
use crate::msg::{CreateOutcome, DeleteOutcome, UpdateOutcome};

/// Creates a schedule: looks at what is there, sends once, and after a lost answer looks for what is new.
pub(super) async fn create(
    client: &Client,
    new: &NewSchedule,
    check_after: [Duration; 3],
    on_checking: &(dyn Fn() + Send + Sync),
) -> CreateOutcome {
    let before = match schedules_of(client, new).await {
        Ok(schedules) => schedules.into_iter().map(|schedule| schedule.id).collect::<Vec<_>>(),
        Err(error) => return CreateOutcome::Rejected(error),
    };
    match client.create_schedule(new).await {
        Ok(schedule) => CreateOutcome::Created(schedule),
        Err(error) if error.outcome_unknown() => {
            on_checking();
            check(client, new, before, error, check_after).await
        }
        Err(error) => CreateOutcome::Rejected(error),
    }
}

/// Looks again for a schedule whose creation has an unknown outcome.
pub(super) async fn check_again(
    client: &Client,
    new: &NewSchedule,
    before: Vec<ScheduleId>,
    check_after: [Duration; 3],
) -> CreateOutcome {
    let error = ApiError::creation_unanswered();
    check(client, new, before, error, check_after).await
}

async fn check(
    client: &Client,
    new: &NewSchedule,
    before: Vec<ScheduleId>,
    error: ApiError,
    check_after: [Duration; 3],
) -> CreateOutcome {
    let lost_at = Instant::now();
    let mut checked = false;
    for wait in check_after {
        sleep_until(lost_at + wait).await;
        let Ok(schedules) = schedules_of(client, new).await else { continue };
        checked = true;
        let found: Vec<Schedule> = schedules
            .into_iter()
            .filter(|schedule| !before.contains(&schedule.id) && looks_like(schedule, new))
            .collect();
        if !found.is_empty() {
            return CreateOutcome::Unknown { error, before, found, checked };
        }
    }
    CreateOutcome::Unknown { error, before, found: Vec::new(), checked }
}

/// All schedules of the service; a partial list proves nothing and is an error here.
async fn schedules_of(client: &Client, new: &NewSchedule) -> Result<Vec<Schedule>, ApiError> {
    let query = ScheduleQuery { service_id: Some(new.service_id.clone()), ..ScheduleQuery::default() };
    let listing = client.list_schedules(&query, &[], &mut |_, _| {}).await?;
    match listing.completeness {
        Completeness::Partial(_) => Err(ApiError::new(ErrorKind::Unreadable, Operation::ListSchedules)),
        Completeness::Complete | Completeness::ChangedWhileReading => Ok(listing.rows),
    }
}

/// Same service, same type, same cadence; where the service only says `cron`, the same kind of cadence.
fn looks_like(schedule: &Schedule, new: &NewSchedule) -> bool {
    let service = schedule.service_id.as_ref().is_none_or(|id| *id == new.service_id);
    let backup_type = schedule.backup_type.as_ref().is_none_or(|kind| *kind == new.backup_type);
    let cadence = match (&schedule.recurrence, &new.recurrence) {
        (None, _) | (Some(Recurrence::Once), Recurrence::Once) => true,
        (Some(Recurrence::Text(is)), Recurrence::Text(wanted)) => is == wanted || is.eq_ignore_ascii_case("cron"),
        (Some(_), _) => false,
    };
    service && backup_type && cadence
}

/// Changes a schedule. After a lost answer it is read: as wanted is done, else the person decides.
pub(super) async fn update(client: &Client, id: &ScheduleId, patch: &SchedulePatch) -> UpdateOutcome {
    match client.update_schedule(id, patch).await {
        Ok(schedule) => UpdateOutcome::Updated(schedule),
        Err(error) if error.outcome_unknown() => check_update(client, id, patch, error).await,
        Err(error) => UpdateOutcome::Rejected(error),
    }
}

/// Reads whether a change of unknown outcome happened. A schedule that is gone was not changed.
pub(super) async fn check_update(
    client: &Client,
    id: &ScheduleId,
    patch: &SchedulePatch,
    error: ApiError,
) -> UpdateOutcome {
    match client.get_schedule(id).await {
        Ok(schedule) if is_as_wanted(&schedule, patch) => UpdateOutcome::Updated(schedule),
        Ok(schedule) => UpdateOutcome::Unknown { error, now: Some(schedule) },
        Err(read) if read.kind == ErrorKind::NotFound => UpdateOutcome::Rejected(read),
        Err(_) => UpdateOutcome::Unknown { error, now: None },
    }
}

fn is_as_wanted(schedule: &Schedule, patch: &SchedulePatch) -> bool {
    let recurrence = schedule.recurrence.as_ref().map(Recurrence::as_str);
    patch.suspended.is_none_or(|wanted| schedule.is_suspended() == wanted)
        && patch.backup_type.as_ref().is_none_or(|wanted| schedule.backup_type.as_ref() == Some(wanted))
        && patch.recurrence.as_ref().is_none_or(|wanted| recurrence == Some(wanted.as_str()))
}

/// Deletes a schedule. After a lost answer it is read: not found is done.
pub(super) async fn delete(client: &Client, id: &ScheduleId) -> DeleteOutcome {
    match client.delete_schedule(id).await {
        Ok(how) => DeleteOutcome::Gone(how),
        Err(error) if error.outcome_unknown() => check_delete(client, id, error).await,
        Err(error) => DeleteOutcome::Rejected(error),
    }
}

/// Reads whether a deletion of unknown outcome happened.
pub(super) async fn check_delete(client: &Client, id: &ScheduleId, error: ApiError) -> DeleteOutcome {
    match client.get_schedule(id).await {
        Err(read) if read.kind == ErrorKind::NotFound => DeleteOutcome::Gone(crate::api::Deleted::Deleted),
        Ok(schedule) => DeleteOutcome::Unknown { error, now: Some(Box::new(schedule)) },
        Err(_) => DeleteOutcome::Unknown { error, now: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{BackupType, ServiceId};

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
            assert_eq!(looks_like(&schedule, &new), want, "{schedule:?}");
        }
    }
}
