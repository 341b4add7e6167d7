//! Changes: noted in the journal before they are sent, and settled by reading when the response is lost.
//!
//! A creation is sent once. A change or deletion may go out once more after a read has shown that it did not happen.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use super::feed::Feed;
use super::files::Saver;
use crate::api::{Access, ApiError, Attempt, Client, Completeness, Deleted, ErrorKind, Operation, ScheduleQuery};
use crate::cron::{is_same_cron, may_be_same_cron};
use crate::domain::{ApiTime, Recurrence, Schedule, ScheduleId};
use crate::draft::{NewSchedule, SchedulePatch};
use crate::journal::{ChangeId, ChangeMark, Journal, OpenChange, SentChange};
use crate::msg::{CreateOutcome, DeleteOutcome, Event, SettingsEvent, UpdateOutcome};

/// What every change needs.
pub(super) struct ChangeExecutor {
    pub(super) client: Client,
    pub(super) journal: Arc<Journal>,
    /// Waits between the reads after a lost response, from the loss on.
    pub(super) check_after: [Duration; 3],
    /// Knows what the settings file says of the profiles.
    pub(super) saver: Arc<Saver>,
    /// Receives what another window protected.
    pub(super) feed: Arc<Feed>,
}

impl ChangeExecutor {
    /// Creates a schedule: looks at what is there, notes it, sends once, and after a lost response looks for what is new. One that
    /// was sent before is looked for first, and not sent again where something like it is there.
    pub(super) async fn create(
        &self,
        mark: ChangeMark,
        new: &NewSchedule,
        on_checking: &(dyn Fn() + Send + Sync),
    ) -> CreateOutcome {
        let id = mark.id.clone();
        let unknown = |error, found| CreateOutcome::Unknown { error, found, checked: true };
        let was_sent_before = self.journal.find(&id).is_some();
        let schedules = match self.schedules_of(new).await {
            Ok(schedules) => schedules,
            Err(error) if was_sent_before => {
                return CreateOutcome::Unknown { error, found: Vec::new(), checked: false };
            }
            Err(error) => return CreateOutcome::Rejected(error),
        };
        if was_sent_before {
            let found = self.new_ones(&id, new, schedules.clone());
            if !found.is_empty() {
                return unknown(ApiError::unanswered(Operation::CreateSchedule), found);
            }
        }
        let before = schedules.into_iter().map(|schedule| schedule.id).collect();
        let change = SentChange::Create { new: new.clone(), own_bucket: new.storage.is_some(), before };
        if let Err(error) = self.note(mark, change, Operation::CreateSchedule).await {
            return if was_sent_before { unknown(error, Vec::new()) } else { CreateOutcome::Rejected(error) };
        }
        match self.client.create_schedule(new).await {
            Ok(schedule) => CreateOutcome::Created(schedule),
            Err(error) if error.outcome_unknown() => {
                on_checking();
                self.check_create(&id, new, error).await
            }
            // This time nothing was created; the time before, that is still not known.
            Err(error) if was_sent_before => unknown(error, Vec::new()),
            Err(error) => CreateOutcome::Rejected(error),
        }
    }

    /// Looks for a schedule whose creation has an unknown outcome. A note is taken out of the journal only once the window knows
    /// the outcome, so what has no note was never sent.
    pub(super) async fn check_create(&self, id: &ChangeId, new: &NewSchedule, error: ApiError) -> CreateOutcome {
        if self.journal.find(id).is_none() {
            return CreateOutcome::Rejected(ApiError::new(ErrorKind::CancelledBeforeSend, Operation::CreateSchedule));
        }
        let lost_at = Instant::now();
        let mut checked = false;
        for wait in self.check_after {
            sleep_until(lost_at + wait).await;
            let Ok(schedules) = self.schedules_of(new).await else { continue };
            checked = true;
            let found = self.new_ones(id, new, schedules);
            if !found.is_empty() {
                return CreateOutcome::Unknown { error, found, checked };
            }
        }
        CreateOutcome::Unknown { error, found: Vec::new(), checked }
    }

    /// All schedules of the service; a partial list proves nothing and is an error here.
    async fn schedules_of(&self, new: &NewSchedule) -> Result<Vec<Schedule>, ApiError> {
        let query = ScheduleQuery { service_id: Some(new.service_id.clone()), ..ScheduleQuery::default() };
        let listing = self.client.list_schedules(&query, &[], &mut |_, _| {}).await?;
        match listing.completeness {
            Completeness::Partial(why) => Err(ApiError::new(ErrorKind::Incomplete { why }, Operation::ListSchedules)),
            Completeness::Complete | Completeness::ChangedWhileReading => Ok(listing.rows),
        }
    }

    /// Those that were not there before the change was sent and look like it, the likeliest first.
    fn new_ones(&self, id: &ChangeId, new: &NewSchedule, schedules: Vec<Schedule>) -> Vec<Schedule> {
        let Some(OpenChange { mark, change: SentChange::Create { before, .. } }) = self.journal.find(id) else {
            return Vec::new();
        };
        let is_new = |schedule: &Schedule| !before.contains(&schedule.id) && looks_like(schedule, new);
        let mut found: Vec<Schedule> = schedules.into_iter().filter(is_new).collect();
        // A hint only: the form of `created_at` is not documented, and clocks differ by seconds.
        let sent_at = mark.at.as_second() - 60;
        found.sort_by_key(|schedule| {
            let created_at = schedule.created_at.as_ref().and_then(ApiTime::at);
            created_at.is_some_and(|at| at.as_second() < sent_at)
        });
        found
    }

    /// Changes a schedule, if it is still as the user saw it: the API has no way to send a change under that condition, so it
    /// is read first. After a lost response it is read again: as wanted is done, as before is sent once more, else the user
    /// decides.
    pub(super) async fn update(&self, mark: ChangeMark, before: &Schedule, patch: &SchedulePatch) -> UpdateOutcome {
        let id = &before.id;
        let was_sent_before = self.journal.find(&mark.id).is_some();
        match self.client.get_schedule(id).await {
            // The same times in another text are not what was asked for: a service may stumble over that text.
            Ok(now) if is_as_wanted(&now, patch) && is_text_as_wanted(&now, patch) => {
                return UpdateOutcome::Updated(now);
            }
            Ok(now) if !is_as_before(&now, before, patch) => return UpdateOutcome::Conflict(Box::new(now)),
            Ok(_) => {}
            Err(error) if was_sent_before && error.kind != ErrorKind::NotFound => {
                return UpdateOutcome::Unknown { error, now: None };
            }
            Err(error) => return UpdateOutcome::Rejected(error),
        }
        let change = SentChange::Update { schedule: Box::new(before.clone()), patch: patch.clone() };
        if let Err(error) = self.note(mark, change, Operation::UpdateSchedule).await {
            let unknown = |error| UpdateOutcome::Unknown { error, now: None };
            return if was_sent_before { unknown(error) } else { UpdateOutcome::Rejected(error) };
        }
        let error = match self.client.update_schedule(id, patch, Attempt::First).await {
            Ok(schedule) => return UpdateOutcome::Updated(schedule),
            Err(error) if error.outcome_unknown() || was_sent_before => error,
            Err(error) => return UpdateOutcome::Rejected(error),
        };
        // The wait comes before the reading, so that what it shows is fresh when the change goes out again.
        sleep(error.resend_after.unwrap_or_default()).await;
        let may_go_again = error.resend_after.is_some();
        let outcome = self.read_updated(id, patch, error).await;
        let is_unchanged = |now: &Schedule| is_as_before(now, before, patch);
        if !matches!(&outcome, UpdateOutcome::Unknown { now: Some(now), .. } if may_go_again && is_unchanged(now)) {
            return outcome;
        }
        match self.client.update_schedule(id, patch, Attempt::Resend).await {
            Ok(schedule) => UpdateOutcome::Updated(schedule),
            // The first time may have happened after all.
            Err(error) => self.read_updated(id, patch, error).await,
        }
    }

    /// Reads whether a change of unknown outcome was made.
    pub(super) async fn check_update(
        &self,
        change: &ChangeId,
        id: &ScheduleId,
        patch: &SchedulePatch,
        error: ApiError,
    ) -> UpdateOutcome {
        if self.journal.find(change).is_none() {
            return UpdateOutcome::Rejected(ApiError::new(ErrorKind::CancelledBeforeSend, Operation::UpdateSchedule));
        }
        self.read_updated(id, patch, error).await
    }

    /// A schedule that is gone was not changed.
    async fn read_updated(&self, id: &ScheduleId, patch: &SchedulePatch, error: ApiError) -> UpdateOutcome {
        match self.client.get_schedule(id).await {
            Ok(schedule) if is_as_wanted(&schedule, patch) => UpdateOutcome::Updated(schedule),
            Ok(schedule) => UpdateOutcome::Unknown { error, now: Some(schedule) },
            Err(read) if read.kind == ErrorKind::NotFound => UpdateOutcome::Rejected(read),
            Err(_) => UpdateOutcome::Unknown { error, now: None },
        }
    }

    /// Deletes a schedule, if it is still as the user saw it; one that is gone already is done. After a lost response it is read
    /// again: not found is done, still there is sent once more.
    pub(super) async fn delete(&self, mark: ChangeMark, schedule: &Schedule) -> DeleteOutcome {
        let id = &schedule.id;
        let was_sent_before = self.journal.find(&mark.id).is_some();
        match self.client.get_schedule(id).await {
            Ok(now) if !is_unchanged(&now, schedule) => return DeleteOutcome::Conflict(Box::new(now)),
            Ok(_) => {}
            Err(error) if error.kind == ErrorKind::NotFound => {
                let gone = if was_sent_before { Deleted::Deleted } else { Deleted::AlreadyGone };
                return DeleteOutcome::Deleted(gone);
            }
            Err(error) if was_sent_before => return DeleteOutcome::Unknown { error, now: None },
            Err(error) => return DeleteOutcome::Rejected(error),
        }
        let change = SentChange::Delete { schedule: Box::new(schedule.clone()) };
        if let Err(error) = self.note(mark, change, Operation::DeleteSchedule).await {
            let unknown = |error| DeleteOutcome::Unknown { error, now: None };
            return if was_sent_before { unknown(error) } else { DeleteOutcome::Rejected(error) };
        }
        let error = match self.client.delete_schedule(id, Attempt::First).await {
            Ok(how) => return DeleteOutcome::Deleted(how),
            Err(error) if error.outcome_unknown() || was_sent_before => error,
            Err(error) => return DeleteOutcome::Rejected(error),
        };
        sleep(error.resend_after.unwrap_or_default()).await;
        let may_go_again = error.resend_after.is_some();
        let outcome = self.read_deleted(id, error).await;
        if !matches!(outcome, DeleteOutcome::Unknown { now: Some(_), .. } if may_go_again) {
            return outcome;
        }
        match self.client.delete_schedule(id, Attempt::Resend).await {
            Ok(how) => DeleteOutcome::Deleted(how),
            Err(error) => self.read_deleted(id, error).await,
        }
    }

    /// Reads whether a deletion of unknown outcome happened.
    pub(super) async fn check_delete(&self, change: &ChangeId, id: &ScheduleId, error: ApiError) -> DeleteOutcome {
        if self.journal.find(change).is_none() {
            return DeleteOutcome::Rejected(ApiError::new(ErrorKind::CancelledBeforeSend, Operation::DeleteSchedule));
        }
        self.read_deleted(id, error).await
    }

    async fn read_deleted(&self, id: &ScheduleId, error: ApiError) -> DeleteOutcome {
        match self.client.get_schedule(id).await {
            Err(read) if read.kind == ErrorKind::NotFound => DeleteOutcome::Deleted(Deleted::Deleted),
            Ok(schedule) => DeleteOutcome::Unknown { error, now: Some(Box::new(schedule)) },
            Err(_) => DeleteOutcome::Unknown { error, now: None },
        }
    }

    /// Writes the note without which nothing is sent. A profile that another window has made read only meanwhile changes nothing
    /// from here on.
    async fn note(&self, mark: ChangeMark, change: SentChange, operation: Operation) -> Result<(), ApiError> {
        let (journal, saver, feed) = (Arc::clone(&self.journal), Arc::clone(&self.saver), Arc::clone(&self.feed));
        let client = self.client.clone();
        let noted = tokio::task::spawn_blocking(move || {
            let protected = saver.protected_elsewhere();
            let is_read_only = protected.iter().any(|it| it.flags.read_only && it.is_meant_by(mark.account.as_deref()));
            if !protected.is_empty() {
                feed.push(Event::Settings(SettingsEvent::ProfilesProtected(protected)));
            }
            if is_read_only {
                client.set_access(Access::ReadOnly);
                return Err(ErrorKind::ReadOnly);
            }
            let open = OpenChange { mark, change };
            journal.begin(open).map_err(|error| ErrorKind::JournalWriteFailed { reason: error.to_string() })
        });
        let noted = noted.await.unwrap_or_else(|_panicked| {
            Err(ErrorKind::JournalWriteFailed { reason: "The note about this change could not be written".to_owned() })
        });
        noted.map_err(|kind| ApiError::new(kind, operation))
    }
}

/// Same service, same type, same cadence; where the service only says `cron`, the same kind of cadence.
fn looks_like(schedule: &Schedule, new: &NewSchedule) -> bool {
    let service = schedule.service_id.as_ref().is_none_or(|id| *id == new.service_id);
    let backup_type = schedule.backup_type.as_ref().is_none_or(|kind| *kind == new.backup_type);
    let cadence = match (&schedule.recurrence, &new.recurrence) {
        (None, _) | (Some(Recurrence::Once), Recurrence::Once) => true,
        (Some(Recurrence::Cron(is)), Recurrence::Cron(wanted)) => may_be_same_cron(is, wanted),
        (Some(_), _) => false,
    };
    service && backup_type && cadence
}

fn is_as_wanted(schedule: &Schedule, patch: &SchedulePatch) -> bool {
    let is_cadence = |wanted: &str| schedule.recurrence.as_ref().is_some_and(|is| is_same_cron(is.as_str(), wanted));
    patch.suspended.is_none_or(|wanted| schedule.is_suspended() == wanted)
        && patch.backup_type.as_ref().is_none_or(|wanted| schedule.backup_type.as_ref() == Some(wanted))
        && patch.recurrence.as_ref().is_none_or(|wanted| is_cadence(wanted))
}

fn is_text_as_wanted(schedule: &Schedule, patch: &SchedulePatch) -> bool {
    let text = schedule.recurrence.as_ref().map(Recurrence::as_str);
    patch.recurrence.as_deref().is_none_or(|wanted| text == Some(wanted))
}

/// What was to change is all as it was: nobody else has changed it meanwhile either.
fn is_as_before(now: &Schedule, before: &Schedule, patch: &SchedulePatch) -> bool {
    (patch.suspended.is_none() || now.is_suspended() == before.is_suspended())
        && (patch.backup_type.is_none() || is_same_type(now, before))
        && (patch.recurrence.is_none() || is_same_recurrence(now, before))
}

/// All that the user's decision depends on is as it was: service, type, times, and whether it runs at all.
fn is_unchanged(now: &Schedule, before: &Schedule) -> bool {
    let is_same_service =
        now.service_id.is_none() || before.service_id.is_none() || now.service_id == before.service_id;
    let is_as_active =
        now.suspended.is_none() || before.suspended.is_none() || now.is_suspended() == before.is_suspended();
    is_same_service && is_as_active && is_same_type(now, before) && is_same_recurrence(now, before)
}

/// A type that one of the two does not say counts as the same.
fn is_same_type(now: &Schedule, before: &Schedule) -> bool {
    now.backup_type.is_none() || before.backup_type.is_none() || now.backup_type == before.backup_type
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
