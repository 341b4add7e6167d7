//! Changes: noted in the journal before they are sent, and settled by reading when the response is lost.
//!
//! A creation is sent once. A change or deletion may go out once more after a read has shown that it did not happen.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use super::creation::{Creation, new_ones, rows_of};
use super::edit::{DeleteRestore, DeleteSchedule, RowEdit, UpdateSchedule};
use super::feed::Feed;
use super::files::Saver;
use crate::api::{Access, ApiError, Attempt, Client, Deleted, ErrorKind, Operation};
use crate::domain::Text;
use crate::journal::{ChangeId, ChangeMark, Journal, OpenChange, SentChange};
use crate::msg::{ChangeEvent, ChangeOutcome, Event, SettingsEvent, Ticket};
use crate::rows::Record as _;

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
    /// Creates a row: looks at what is there, notes it, sends once, and after a lost response looks for what is new. One that
    /// was sent before is looked for first, and not sent again where something like it is there.
    pub(super) async fn create<C: Creation>(&self, ticket: Ticket, mark: ChangeMark, new: &C) -> ChangeOutcome {
        let unknown = |error, found| creation_unknown::<C>(error, found, true);
        let sent_before = self.journal.find(&mark.id);
        let was_sent_before = sent_before.is_some();
        let rows = match rows_of(new, &self.client).await {
            Ok(rows) => rows,
            Err(error) if was_sent_before => {
                return creation_unknown::<C>(error, Vec::new(), false);
            }
            Err(error) => return ChangeOutcome::Rejected(error),
        };
        if let Some(OpenChange { mark, change }) = &sent_before {
            let found = new_ones(mark, change.rows_before(), new, rows.clone());
            if !found.is_empty() {
                return unknown(ApiError::unanswered(C::OPERATION), found);
            }
        }
        let before: Vec<Text> = rows.iter().map(|row| row.id().into()).collect();
        if let Err(error) = self.note(mark.clone(), new.note(before.clone()), C::OPERATION).await {
            return if was_sent_before { unknown(error, Vec::new()) } else { ChangeOutcome::Rejected(error) };
        }
        match new.send(&self.client).await {
            Ok(row) => ChangeOutcome::Created(row.into()),
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
            SentChange::Create { new, before, .. } => self.check_created(&mark, &before, &new).await,
            SentChange::Restore { request, before } => self.check_created(&mark, &before, &request).await,
            SentChange::Update { schedule, patch } => {
                self.read_edited(&UpdateSchedule { before: schedule, patch }, error).await
            }
            SentChange::Delete { schedule } => self.read_edited(&DeleteSchedule { before: schedule }, error).await,
            SentChange::DeleteRestore { restore } => self.read_edited(&DeleteRestore { before: restore }, error).await,
        }
    }

    async fn check_created<C: Creation>(&self, mark: &ChangeMark, before: &[Text], new: &C) -> ChangeOutcome {
        self.find_created(mark, before, new, ApiError::unanswered(C::OPERATION)).await
    }

    /// Looks for a row whose creation has an unknown outcome.
    async fn find_created<C: Creation>(
        &self,
        mark: &ChangeMark,
        before: &[Text],
        new: &C,
        error: ApiError,
    ) -> ChangeOutcome {
        let lost_at = Instant::now();
        let mut checked = false;
        for wait in self.check_after {
            sleep_until(lost_at + wait).await;
            let Ok(rows) = rows_of(new, &self.client).await else { continue };
            checked = true;
            let found = new_ones(mark, before, new, rows);
            if !found.is_empty() {
                return creation_unknown::<C>(error, found, checked);
            }
        }
        creation_unknown::<C>(error, Vec::new(), checked)
    }

    /// Changes or deletes a row, if it is still as the user saw it: the API has no way to send a change under that condition,
    /// so it is read first. After a lost response it is read again: as wanted is done, as before is sent once more, else the user
    /// decides. A row that was gone before counts as deleted.
    pub(super) async fn edit<E: RowEdit>(&self, mark: ChangeMark, edit: &E) -> ChangeOutcome {
        let was_sent_before = self.journal.find(&mark.id).is_some();
        match edit.read(&self.client).await {
            Ok(now) => match edit.done(&now).filter(|_| edit.is_to_the_letter(&now)) {
                Some(done) => return done,
                None if !edit.is_as_seen(&now) => return ChangeOutcome::Conflict(now.into()),
                None => {}
            },
            Err(error) if E::IS_DELETION && error.kind == ErrorKind::NotFound => {
                return ChangeOutcome::Deleted(if was_sent_before { Deleted::Deleted } else { Deleted::AlreadyGone });
            }
            Err(error) if was_sent_before && error.kind != ErrorKind::NotFound => {
                return ChangeOutcome::Unknown { error, now: None };
            }
            Err(error) => return ChangeOutcome::Rejected(error),
        }
        if let Err(error) = self.note(mark, edit.note(), E::OPERATION).await {
            let unknown = |error| ChangeOutcome::Unknown { error, now: None };
            return if was_sent_before { unknown(error) } else { ChangeOutcome::Rejected(error) };
        }
        let error = match edit.send(&self.client, Attempt::First).await {
            Ok(outcome) => return outcome,
            Err(error) if error.outcome_unknown() || was_sent_before => error,
            Err(error) => return ChangeOutcome::Rejected(error),
        };
        // The wait comes before the reading, so that what it shows is fresh when the change goes out again.
        sleep(error.resend_after.unwrap_or_default()).await;
        let read = edit.read(&self.client).await;
        let may_go_again = error.resend_after.is_some() && matches!(&read, Ok(now) if edit.is_undone(now));
        let outcome = settled(edit, read, error);
        if !may_go_again || !matches!(outcome, ChangeOutcome::Unknown { .. }) {
            return outcome;
        }
        match edit.send(&self.client, Attempt::Resend).await {
            Ok(outcome) => outcome,
            // The first time may have happened after all.
            Err(error) => self.read_edited(edit, error).await,
        }
    }

    /// Reads whether a change or deletion of unknown outcome happened.
    async fn read_edited<E: RowEdit>(&self, edit: &E, error: ApiError) -> ChangeOutcome {
        settled(edit, edit.read(&self.client).await, error)
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

fn creation_unknown<C: Creation>(error: ApiError, found: Vec<C::Row>, checked: bool) -> ChangeOutcome {
    ChangeOutcome::CreationUnknown { error, found: found.into_iter().map(Into::into).collect(), checked }
}

/// What a read tells of a change or deletion of unknown outcome. A row that is gone was not changed.
fn settled<E: RowEdit>(edit: &E, read: Result<E::Row, ApiError>, error: ApiError) -> ChangeOutcome {
    match read {
        Ok(now) => edit.done(&now).unwrap_or_else(|| ChangeOutcome::Unknown { error, now: Some(now.into()) }),
        Err(read) if read.kind != ErrorKind::NotFound => ChangeOutcome::Unknown { error, now: None },
        Err(_gone) if E::IS_DELETION => ChangeOutcome::Deleted(Deleted::Deleted),
        Err(gone) => ChangeOutcome::Rejected(gone),
    }
}
