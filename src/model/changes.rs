//! Changes: created, updated and deleted schedules, started restores and their deleted entries. One at a time, each noted in the journal; an unknown outcome is shown as such.
//!
//! ```text
//!                       answer lost                      read, not settled
//!  begin --> Sending ----------------> Checking ------------------------------> Unknown
//!               |  ^                    ^  |  ^                                  |  |
//!               |  |       of an earlier|  |  |            verify                |  |
//!               |  |         run -------+  |  +----------------------------------+  |
//!               |  +-----------------------|----------------------------------------+  resend, if it did not happen so far
//!               |  |                       |
//!               |  +-- resend -- Conflict <+  the row is no longer as the user saw it: nothing was sent
//!               |                          |
//!               +--------------------------+--> done or rejected: the note in the journal is deleted
//! ```
//!
//! Every state but `Sending` can be dismissed by the user. When the session ends, the journal keeps what is not settled for the next
//! sign-in to the same account.

use std::collections::VecDeque;
use std::sync::Arc;

use super::StepContext;
use crate::api::{ApiError, Operation};
use crate::domain::{ChangedRow, Restore, Schedule, ScheduleId};
use crate::draft::{NewSchedule, RestoreRequest, SchedulePatch};
use crate::journal::{ChangeId, ChangeMark, OpenChange, SentChange};
use crate::msg::{ChangeEffect, Effect, Ticket};
use crate::settings::SuspensionNote;

/// What is being changed.
#[derive(Clone, Debug)]
pub enum ChangeKind {
    /// A new schedule.
    Create(Arc<NewSchedule>),
    /// A change: the schedule before, and what shall change.
    Update(Box<Schedule>, SchedulePatch),
    /// A deletion.
    Delete(Box<Schedule>),
    /// A new restore.
    Restore(Arc<RestoreRequest>),
    /// A deletion of the entry of a restore.
    DeleteRestore(Box<Restore>),
}

impl ChangeKind {
    pub(super) fn operation(&self) -> Operation {
        match self {
            Self::Create(_) => Operation::CreateSchedule,
            Self::Update(..) => Operation::UpdateSchedule,
            Self::Delete(_) => Operation::DeleteSchedule,
            Self::Restore(_) => Operation::CreateRestore,
            Self::DeleteRestore(_) => Operation::DeleteRestore,
        }
    }

    /// It is about a restore, not about a schedule.
    pub(super) fn is_of_restore(&self) -> bool {
        matches!(self, Self::Restore(_) | Self::DeleteRestore(_))
    }

    /// It makes a new row each time it arrives.
    fn is_creation(&self) -> bool {
        matches!(self, Self::Create(_) | Self::Restore(_))
    }
}

/// How far a change is.
#[derive(Clone, Debug)]
pub enum ChangeState {
    /// On its way.
    Sending,
    /// The response was lost; the service is being read.
    Checking,
    /// It may or may not have happened.
    Unknown {
        /// What happened to the response.
        error: ApiError,
        /// For a creation: new rows that look like it.
        found: Vec<ChangedRow>,
        /// For a change: the row as it is now.
        current: Option<ChangedRow>,
        /// The service could be read at least once.
        checked: bool,
    },
    /// It was not sent: the row was changed elsewhere since the user saw it. Holds it as it is now.
    Conflict(ChangedRow),
}

/// A change under way, or of unknown outcome.
#[derive(Clone, Debug)]
pub struct PendingChange {
    /// Its ticket.
    pub ticket: Ticket,
    /// Its place in the journal.
    pub mark: ChangeMark,
    /// What it is.
    pub kind: ChangeKind,
    /// How far it is.
    pub state: ChangeState,
    /// It was sent by an earlier run of the program.
    pub is_from_earlier: bool,
    /// The user stopped it while it waited to be sent.
    pub is_cancelled: bool,
    /// What the user noted, where it suspends a schedule.
    pub(super) note: Option<SuspensionNote>,
    /// It is a creation to or from a bucket of the user's own, whose secrets were not kept: it cannot be sent again from here.
    pub lacks_bucket: bool,
}

impl PendingChange {
    /// On its way or being checked: closing the window now would leave the outcome open.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        matches!(self.state, ChangeState::Sending | ChangeState::Checking)
    }

    /// A creation without a response, of which exactly one new row was found: it happened.
    #[must_use]
    pub fn was_found(&self) -> bool {
        self.kind.is_creation() && matches!(&self.state, ChangeState::Unknown { found, .. } if found.len() == 1)
    }

    /// The restore that was found so.
    pub(super) fn found_restore(&self) -> Option<&Restore> {
        match &self.state {
            ChangeState::Unknown { found, .. } => match found.as_slice() {
                [ChangedRow::Restore(restore)] => Some(restore),
                _ => None,
            },
            ChangeState::Sending | ChangeState::Checking | ChangeState::Conflict(_) => None,
        }
    }

    /// It may be sent once more: the service was looked at, and it did not happen so far.
    #[must_use]
    pub fn can_resend(&self) -> bool {
        match &self.state {
            ChangeState::Sending | ChangeState::Checking => false,
            ChangeState::Conflict(_) => true,
            ChangeState::Unknown { found, checked, .. } if self.kind.is_creation() => {
                *checked && found.is_empty() && !self.lacks_bucket
            }
            ChangeState::Unknown { current, .. } => current.is_some(),
        }
    }

    /// The effect that sends it, or sends it again.
    fn send_effect(&self) -> ChangeEffect {
        let (ticket, mark) = (self.ticket, self.mark.clone());
        match self.kind.clone() {
            ChangeKind::Create(new) => ChangeEffect::CreateSchedule { ticket, mark, new },
            ChangeKind::Update(schedule, patch) => ChangeEffect::UpdateSchedule { ticket, mark, schedule, patch },
            ChangeKind::Delete(schedule) => ChangeEffect::DeleteSchedule { ticket, mark, schedule },
            ChangeKind::Restore(request) => ChangeEffect::CreateRestore { ticket, mark, request },
            ChangeKind::DeleteRestore(restore) => ChangeEffect::DeleteRestore { ticket, mark, restore },
        }
    }

    /// The effect that reads its outcome; `error` is what happened to its response, where that is known.
    fn verify_effect(&self, error: Option<ApiError>) -> ChangeEffect {
        let error = error.unwrap_or_else(|| ApiError::unanswered(self.kind.operation()));
        ChangeEffect::CheckChange { ticket: self.ticket, change: self.mark.id.clone(), error }
    }

    /// True if this change is about that schedule.
    #[must_use]
    pub fn concerns(&self, id: &ScheduleId) -> bool {
        match &self.kind {
            ChangeKind::Create(_) | ChangeKind::Restore(_) | ChangeKind::DeleteRestore(_) => false,
            ChangeKind::Update(schedule, _) | ChangeKind::Delete(schedule) => schedule.id == *id,
        }
    }
}

/// The change of a session that is open, and those of earlier runs that wait for their turn.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// The change under way, or of unknown outcome.
    pub(super) pending: Option<PendingChange>,
    /// Why the last change was refused, for the dialog that asked for it.
    pub(super) error: Option<ApiError>,
    /// Changes of earlier runs whose outcome is open, oldest first; each is looked at when no other is open.
    unresolved: VecDeque<OpenChange>,
}

impl Changes {
    /// Begins a change; `account` is the one it is noted under, `note` what the user says about a suspension.
    pub(super) fn begin(
        &mut self,
        kind: ChangeKind,
        account: Option<String>,
        note: Option<SuspensionNote>,
        cx: &mut StepContext,
    ) {
        let ticket = cx.ticket();
        self.error = None;
        let mark = ChangeMark { id: ChangeId::new(cx.service_now, ticket.0), account, at: cx.service_now };
        let change = PendingChange {
            ticket,
            mark,
            kind,
            state: ChangeState::Sending,
            is_from_earlier: false,
            is_cancelled: false,
            note,
            lacks_bucket: false,
        };
        cx.push(Effect::Change(change.send_effect()));
        self.pending = Some(change);
    }

    pub(super) fn awaits(&self, ticket: Ticket) -> bool {
        self.pending.as_ref().is_some_and(|change| change.ticket == ticket)
    }

    pub(super) fn set_state(&mut self, state: ChangeState) {
        if let Some(change) = &mut self.pending {
            change.state = state;
        }
    }

    /// The outcome is proven: the change is over, and so is its note. Only here, after the window knows, so that an outcome that
    /// comes too late to be taken leaves the note for the next look.
    pub(super) fn end(&mut self, cx: &mut StepContext) -> Option<PendingChange> {
        let change = self.pending.take()?;
        cx.push(Effect::Change(ChangeEffect::DismissChange(change.mark.id.clone())));
        Some(change)
    }

    /// Looks no further after a change; `None` while it is being sent.
    pub(super) fn dismiss(&mut self, cx: &mut StepContext) -> Option<PendingChange> {
        let change = self.pending.take_if(|change| !matches!(change.state, ChangeState::Sending))?;
        if matches!(change.state, ChangeState::Checking) {
            cx.push(Effect::Cancel(change.ticket));
        }
        cx.push(Effect::Change(ChangeEffect::DismissChange(change.mark.id.clone())));
        Some(change)
    }

    /// Sends a change once more that did not happen so far. For a creation the backend looks for it first.
    pub(super) fn resend(&mut self, cx: &mut StepContext) {
        let ticket = cx.ticket();
        let Some(change) = self.pending.as_mut().filter(|change| change.can_resend()) else { return };
        change.ticket = ticket;
        let state = std::mem::replace(&mut change.state, ChangeState::Sending);
        // The user has seen it as it is now.
        match (state, &mut change.kind) {
            (
                ChangeState::Conflict(ChangedRow::Schedule(now)),
                ChangeKind::Update(before, _) | ChangeKind::Delete(before),
            ) => *before = now,
            (ChangeState::Conflict(ChangedRow::Restore(now)), ChangeKind::DeleteRestore(before)) => *before = now,
            _ => {}
        }
        cx.push(Effect::Change(change.send_effect()));
    }

    /// Looks up the outcome of the change; `error` is what happened to its response, where that is known.
    fn verify(&mut self, error: Option<ApiError>, cx: &mut StepContext) {
        let Some(change) = &mut self.pending else { return };
        change.ticket = cx.ticket();
        change.state = ChangeState::Checking;
        cx.push(Effect::Change(change.verify_effect(error)));
    }

    /// Looks up an unknown outcome once more.
    pub(super) fn verify_unknown(&mut self, cx: &mut StepContext) {
        if let Some(ChangeState::Unknown { error, .. }) = self.pending.as_ref().map(|change| &change.state) {
            self.verify(Some(error.clone()), cx);
        }
    }

    /// The change on its way is stopped, and its outcome is looked up.
    pub(super) fn cancel(&mut self, cx: &mut StepContext) {
        let Some(change) = self.pending.as_ref().filter(|change| change.is_under_way()) else { return };
        cx.push(Effect::Cancel(change.ticket));
        self.verify(None, cx);
    }

    /// Cancels a change that waits for a pause of the service. Whether it went out after all is looked up.
    pub(super) fn cancel_by_user(&mut self, cx: &mut StepContext) {
        if let Some(change) = self.pending.as_mut().filter(|change| change.is_under_way()) {
            change.is_cancelled = true;
        }
        self.cancel(cx);
    }

    /// A change of an earlier run is looked at as soon as no other is open.
    pub(super) fn resume_next_unresolved(&mut self, cx: &mut StepContext) {
        if self.pending.is_some() {
            return;
        }
        let Some(OpenChange { mark, change }) = self.unresolved.pop_front() else { return };
        let (kind, lacks_bucket) = match change {
            SentChange::Create { new, own_bucket, .. } => (ChangeKind::Create(Arc::new(new)), own_bucket),
            SentChange::Update { schedule, patch } => (ChangeKind::Update(schedule, patch), false),
            SentChange::Delete { schedule } => (ChangeKind::Delete(schedule), false),
            SentChange::Restore { request, .. } => {
                let lacks_bucket = request.is_from_own_bucket();
                (ChangeKind::Restore(Arc::new(request)), lacks_bucket)
            }
            SentChange::DeleteRestore { restore } => (ChangeKind::DeleteRestore(restore), false),
        };
        let (ticket, state) = (cx.ticket(), ChangeState::Checking);
        let (is_from_earlier, is_cancelled, note) = (true, false, None);
        let change = PendingChange { ticket, mark, kind, state, is_from_earlier, is_cancelled, note, lacks_bucket };
        cx.push(Effect::Change(change.verify_effect(None)));
        self.pending = Some(change);
    }

    /// The task of the change panicked: its outcome is unknown.
    pub(super) fn fail(&mut self, ticket: Ticket, error: ApiError) {
        if let Some(change) = self.pending.as_mut().filter(|change| change.ticket == ticket) {
            let error = ApiError { operation: change.kind.operation(), ..error };
            change.state = ChangeState::Unknown { error, found: Vec::new(), current: None, checked: false };
        }
    }

    /// What the journal knows of earlier runs. A change that is open here already is not taken up twice, and one of another account,
    /// asked for before the user went to this one, not at all.
    pub(super) fn take_open(&mut self, found: Vec<OpenChange>, account: Option<&String>) {
        let pending = self.pending.as_ref().map(|change| &change.mark.id);
        let is_meant = |change: &OpenChange| account.is_some() && change.mark.account.as_ref() == account;
        let fresh = found.into_iter().filter(|change| is_meant(change) && Some(&change.mark.id) != pending);
        self.unresolved = fresh.collect();
    }
}
