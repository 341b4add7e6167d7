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
use crate::msg::{ChangeEvent, ChangeOutcome, Event, SettingsEvent, Ticket};

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

/// A change of a schedule that exists.
#[derive(Clone, Copy)]
pub(super) enum ScheduleEdit<'a> {
    Update(&'a SchedulePatch),
    Delete,
}

impl ChangeExecutor {
    /// Creates a schedule: looks at what is there, notes it, sends once, and after a lost response looks for what is new. One that
    /// was sent before is looked for first, and not sent again where something like it is there.
    pub(super) async fn create(&self, ticket: Ticket, mark: ChangeMark, new: &NewSchedule) -> ChangeOutcome {
        let unknown = |error, found| ChangeOutcome::CreationUnknown { error, found, checked: true };
        let sent_before = self.journal.find(&mark.id);
        let was_sent_before = sent_before.is_some();
        let schedules = match self.schedules_of(new).await {
            Ok(schedules) => schedules,
            Err(error) if was_sent_before => {
                return ChangeOutcome::CreationUnknown { error, found: Vec::new(), checked: false };
            }
            Err(error) => return ChangeOutcome::Rejected(error),
        };
        if let Some(OpenChange { mark, change: SentChange::Create { before, .. } }) = &sent_before {
            let found = new_ones(mark, before, new, schedules.clone());
            if !found.is_empty() {
                return unknown(ApiError::unanswered(Operation::CreateSchedule), found);
            }
        }
        let before: Vec<ScheduleId> = schedules.into_iter().map(|schedule| schedule.id).collect();
        let change = SentChange::Create { new: new.clone(), own_bucket: new.storage.is_some(), before: before.clone() };
        if let Err(error) = self.note(mark.clone(), change, Operation::CreateSchedule).await {
            return if was_sent_before { unknown(error, Vec::new()) } else { ChangeOutcome::Rejected(error) };
        }
        match self.client.create_schedule(new).await {
            Ok(schedule) => ChangeOutcome::Created(schedule),
            Err(error) if error.outcome_unknown() => {
                self.feed.push(Event::Change(ChangeEvent::CreateChecking(ticket)));
                self.find_created(&mark, &before, new, error).await
            }
            // This time nothing was created; the time before, that is still not known.
            Err(error) if was_sent_before => unknown(error, Vec::new()),
            Err(error) => ChangeOutcome::Rejected(error),
        }
    }

    /// Reads whether a change of unknown outcome was made. A note is taken out of the journal only once the window knows the
    /// outcome, so what has no note was never sent.
    pub(super) async fn check(&self, id: &ChangeId, error: ApiError) -> ChangeOutcome {
        let Some(OpenChange { mark, change }) = self.journal.find(id) else {
            return ChangeOutcome::Rejected(ApiError::new(ErrorKind::CancelledBeforeSend, error.operation));
        };
        match change {
            SentChange::Create { new, before, .. } => {
                self.find_created(&mark, &before, &new, ApiError::unanswered(Operation::CreateSchedule)).await
            }
            SentChange::Update { schedule, patch } => {
                self.read_edited(&schedule.id, ScheduleEdit::Update(&patch), error).await
            }
            SentChange::Delete { schedule } => self.read_edited(&schedule.id, ScheduleEdit::Delete, error).await,
        }
    }

    /// Looks for a schedule whose creation has an unknown outcome.
    async fn find_created(
        &self,
        mark: &ChangeMark,
        before: &[ScheduleId],
        new: &NewSchedule,
        error: ApiError,
    ) -> ChangeOutcome {
        let lost_at = Instant::now();
        let mut checked = false;
        for wait in self.check_after {
            sleep_until(lost_at + wait).await;
            let Ok(schedules) = self.schedules_of(new).await else { continue };
            checked = true;
            let found = new_ones(mark, before, new, schedules);
            if !found.is_empty() {
                return ChangeOutcome::CreationUnknown { error, found, checked };
            }
        }
        ChangeOutcome::CreationUnknown { error, found: Vec::new(), checked }
    }

    /// All schedules of the service; a partial list proves nothing and is an error here.
    async fn schedules_of(&self, new: &NewSchedule) -> Result<Vec<Schedule>, ApiError> {
        let query = ScheduleQuery { service_id: Some(new.service_id.clone()), ..ScheduleQuery::default() };
        let listing = self.client.list_schedules(&query, &[], &mut |_, _| {}).await?;
        match listing.completeness {
            Completeness::Partial(why) => Err(ApiError::new(ErrorKind::Incomplete { why }, Operation::ListSchedules)),
            Completeness::Complete | Completeness::ChangedWhileReading => Ok(listing.rows.iter().collect()),
        }
    }

    /// Changes or deletes a schedule, if it is still as the user saw it: the API has no way to send a change under that condition,
    /// so it is read first. After a lost response it is read again: as wanted is done, as before is sent once more, else the user
    /// decides. A schedule that was gone before counts as deleted.
    pub(super) async fn edit(&self, mark: ChangeMark, before: &Schedule, edit: ScheduleEdit<'_>) -> ChangeOutcome {
        let id = &before.id;
        let was_sent_before = self.journal.find(&mark.id).is_some();
        let is_as_seen = |now: &Schedule| match edit {
            ScheduleEdit::Update(patch) => is_as_before(now, before, patch),
            ScheduleEdit::Delete => is_unchanged(now, before),
        };
        match (self.client.get_schedule(id).await, edit) {
            // The same times in another text are not what was asked for: a service may stumble over that text.
            (Ok(now), ScheduleEdit::Update(patch)) if is_as_wanted(&now, patch) && is_text_as_wanted(&now, patch) => {
                return ChangeOutcome::Updated(now);
            }
            (Ok(now), _) if !is_as_seen(&now) => return ChangeOutcome::Conflict(Box::new(now)),
            (Ok(_), _) => {}
            (Err(error), ScheduleEdit::Delete) if error.kind == ErrorKind::NotFound => {
                return ChangeOutcome::Deleted(if was_sent_before { Deleted::Deleted } else { Deleted::AlreadyGone });
            }
            (Err(error), _) if was_sent_before && error.kind != ErrorKind::NotFound => {
                return ChangeOutcome::Unknown { error, now: None };
            }
            (Err(error), _) => return ChangeOutcome::Rejected(error),
        }
        let schedule = Box::new(before.clone());
        let (operation, change) = match edit {
            ScheduleEdit::Update(patch) => {
                (Operation::UpdateSchedule, SentChange::Update { schedule, patch: patch.clone() })
            }
            ScheduleEdit::Delete => (Operation::DeleteSchedule, SentChange::Delete { schedule }),
        };
        if let Err(error) = self.note(mark, change, operation).await {
            let unknown = |error| ChangeOutcome::Unknown { error, now: None };
            return if was_sent_before { unknown(error) } else { ChangeOutcome::Rejected(error) };
        }
        let error = match self.send_edit(id, edit, Attempt::First).await {
            Ok(outcome) => return outcome,
            Err(error) if error.outcome_unknown() || was_sent_before => error,
            Err(error) => return ChangeOutcome::Rejected(error),
        };
        // The wait comes before the reading, so that what it shows is fresh when the change goes out again.
        sleep(error.resend_after.unwrap_or_default()).await;
        let may_go_again = error.resend_after.is_some();
        let outcome = self.read_edited(id, edit, error).await;
        let is_not_done = |now: &Schedule| match edit {
            ScheduleEdit::Update(patch) => is_as_before(now, before, patch),
            ScheduleEdit::Delete => true,
        };
        if !matches!(&outcome, ChangeOutcome::Unknown { now: Some(now), .. } if may_go_again && is_not_done(now)) {
            return outcome;
        }
        match self.send_edit(id, edit, Attempt::Resend).await {
            Ok(outcome) => outcome,
            // The first time may have happened after all.
            Err(error) => self.read_edited(id, edit, error).await,
        }
    }

    async fn send_edit(
        &self,
        id: &ScheduleId,
        edit: ScheduleEdit<'_>,
        attempt: Attempt,
    ) -> Result<ChangeOutcome, ApiError> {
        match edit {
            ScheduleEdit::Update(patch) => {
                self.client.update_schedule(id, patch, attempt).await.map(ChangeOutcome::Updated)
            }
            ScheduleEdit::Delete => self.client.delete_schedule(id, attempt).await.map(ChangeOutcome::Deleted),
        }
    }

    /// Reads whether a change or deletion of unknown outcome happened. A schedule that is gone was not changed.
    async fn read_edited(&self, id: &ScheduleId, edit: ScheduleEdit<'_>, error: ApiError) -> ChangeOutcome {
        match (self.client.get_schedule(id).await, edit) {
            (Ok(now), ScheduleEdit::Update(patch)) if is_as_wanted(&now, patch) => ChangeOutcome::Updated(now),
            (Ok(now), _) => ChangeOutcome::Unknown { error, now: Some(Box::new(now)) },
            (Err(read), ScheduleEdit::Update(_)) if read.kind == ErrorKind::NotFound => ChangeOutcome::Rejected(read),
            (Err(read), ScheduleEdit::Delete) if read.kind == ErrorKind::NotFound => {
                ChangeOutcome::Deleted(Deleted::Deleted)
            }
            (Err(_), _) => ChangeOutcome::Unknown { error, now: None },
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

/// Those that were not there before the change was sent and look like it, the likeliest first.
fn new_ones(mark: &ChangeMark, before: &[ScheduleId], new: &NewSchedule, schedules: Vec<Schedule>) -> Vec<Schedule> {
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
