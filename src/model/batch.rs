//! Several changes asked for at once: sent one after the other, each by the rules of a single one (`changes.rs`).
//!
//! ```text
//!            next one                  proven                       all sent
//!  Waiting ------------> UnderWay -----------------> Done           -------> the batch is over
//!     ^ ^                   |  |      refused
//!     | |                   |  +-------------------> Failed, Moved  ---+
//!     | |                   +---- user looks no further -> NotKnown    | retry failed
//!     | +--------------------------------------------------------------+
//!     +---- continue ---- NotSent <-- stopped by the user, or by a failure that the next one would meet too
//! ```
//!
//! While the outcome of a change is unknown the batch waits, as every other change does. The journal holds the one that was sent;
//! those that wait were never sent, and end with the session.

use super::{ChangeKind, PendingChange};
use crate::api::{ApiError, Deleted, ErrorKind};
use crate::domain::{ChangedRow, Schedule, ScheduleId};
use crate::draft::SchedulePatch;
use crate::journal::ChangeId;
use crate::msg::BatchAction;
use crate::settings::SuspensionNote;

/// How far one of the changes is.
#[derive(Clone, Debug)]
pub enum RowState {
    /// It is sent when its turn comes.
    Waiting,
    /// It is being sent, or its outcome is looked up.
    UnderWay,
    /// It is proven.
    Done(RowOutcome),
    /// The service refused it, or it could not be sent.
    Failed(ApiError),
    /// It was not sent: the schedule was changed elsewhere since the user saw it. Holds it as it is now.
    Moved(ChangedRow),
    /// The user looked no further after it.
    NotKnown,
    /// The batch was stopped before it.
    NotSent,
}

/// What a change led to.
#[derive(Clone, Debug, PartialEq)]
pub enum RowOutcome {
    /// The schedule was changed.
    Updated,
    /// It was deleted.
    Deleted,
    /// It was gone before.
    AlreadyGone,
    /// A new one is there. The id is empty where the response had none.
    Created(ScheduleId),
}

/// One of several changes.
#[derive(Clone, Debug)]
pub struct BatchRow {
    /// The schedule as the user saw it, or will see it once it is created.
    pub subject: Schedule,
    /// What is sent.
    pub kind: ChangeKind,
    /// A creation that is suspended by a request of its own as soon as its id is known.
    pub then_suspend: bool,
    /// How far it is.
    pub state: RowState,
}

impl BatchRow {
    /// A change whose turn comes.
    pub(super) fn new(subject: Schedule, kind: ChangeKind, then_suspend: bool) -> Self {
        Self { subject, kind, then_suspend, state: RowState::Waiting }
    }

    /// It did not happen, and may be tried again.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        matches!(self.state, RowState::Failed(_) | RowState::Moved(_))
    }
}

/// Several changes.
#[derive(Clone, Debug)]
pub struct Batch {
    /// What they do.
    pub action: BatchAction,
    /// The changes, in the order they are sent in.
    pub rows: Vec<BatchRow>,
    /// What was noted about the suspensions.
    note: Option<SuspensionNote>,
    /// More of them are sent as soon as the one under way is over.
    is_running: bool,
    /// The one under way.
    current: Option<(usize, ChangeId)>,
}

impl Batch {
    pub(super) fn new(action: BatchAction, rows: Vec<BatchRow>, note: Option<SuspensionNote>) -> Self {
        Self { action, rows, note, is_running: true, current: None }
    }

    /// True until the last one is over, or the batch was stopped.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.is_running
    }

    /// The number of changes that are so.
    #[must_use]
    pub fn count(&self, is_so: impl Fn(&RowState) -> bool) -> usize {
        self.rows.iter().filter(|row| is_so(&row.state)).count()
    }

    /// The number of changes whose outcome is known.
    #[must_use]
    pub fn settled(&self) -> usize {
        self.count(|state| !matches!(state, RowState::Waiting | RowState::UnderWay | RowState::NotSent))
    }

    /// Every change is proven.
    #[must_use]
    pub fn is_all_done(&self) -> bool {
        self.rows.iter().all(|row| matches!(row.state, RowState::Done(_)))
    }

    /// The pending change is one of these.
    pub(super) fn holds(&self, change: &PendingChange) -> bool {
        self.current.as_ref().is_some_and(|(_, id)| *id == change.mark.id)
    }

    /// The next change to send, by its place, with what to note about its suspension; `None` where none waits.
    pub(super) fn next(&self) -> Option<(usize, ChangeKind, Option<SuspensionNote>)> {
        let at = self.rows.iter().position(|row| matches!(row.state, RowState::Waiting))?;
        Some((at, self.rows.get(at)?.kind.clone(), self.note.clone()))
    }

    /// The change at this place is on its way under this id.
    pub(super) fn began(&mut self, at: usize, id: ChangeId) {
        if let Some(row) = self.rows.get_mut(at) {
            row.state = RowState::UnderWay;
            self.current = Some((at, id));
        }
    }

    /// The one under way is over.
    pub(super) fn settle(&mut self, state: RowState) {
        let Some((at, _)) = self.current.take() else { return };
        let Some(row) = self.rows.get_mut(at) else { return };
        row.state = state;
        let stops = matches!(&row.state, RowState::Failed(error) if stops_the_rest(&error.kind));
        if let (true, RowState::Done(RowOutcome::Created(id))) = (row.then_suspend, &row.state)
            && !id.is_empty()
        {
            let created = Schedule { id: id.clone(), suspended: Some(false), ..row.subject.clone() };
            let patch = SchedulePatch { suspended: Some(true), ..SchedulePatch::default() };
            let kind = ChangeKind::Update(Box::new(created.clone()), patch);
            self.rows.insert(at + 1, BatchRow::new(created, kind, false));
        }
        if stops {
            self.stop();
        }
    }

    /// No more are sent; the one under way ends as it will.
    pub(super) fn stop(&mut self) {
        self.set_all(|state| matches!(state, RowState::Waiting), &RowState::NotSent);
    }

    /// None is under way, and none waits.
    pub(super) fn finish(&mut self) {
        self.is_running = false;
    }

    /// Those that were not sent are.
    pub(super) fn go_on(&mut self) {
        self.is_running = true;
        self.set_all(|state| matches!(state, RowState::NotSent), &RowState::Waiting);
    }

    /// Those that failed are sent once more, alone: on top of what the user has seen by now.
    pub(super) fn retry_failed(&mut self) {
        self.is_running = true;
        for row in self.rows.iter_mut().filter(|row| row.has_failed()) {
            if let (
                RowState::Moved(ChangedRow::Schedule(now)),
                ChangeKind::Update(before, _) | ChangeKind::Delete(before),
            ) = (&row.state, &mut row.kind)
            {
                before.clone_from(now);
            }
            row.state = RowState::Waiting;
        }
    }

    fn set_all(&mut self, is_so: impl Fn(&RowState) -> bool, into: &RowState) {
        for row in self.rows.iter_mut().filter(|row| is_so(&row.state)) {
            row.state.clone_from(into);
        }
    }
}

impl From<Deleted> for RowOutcome {
    fn from(how: Deleted) -> Self {
        match how {
            Deleted::Deleted => Self::Deleted,
            Deleted::AlreadyGone => Self::AlreadyGone,
        }
    }
}

/// The next change would fail for the same reason: nothing reaches the service, it wants to be left alone, or nothing may be sent.
fn stops_the_rest(kind: &ErrorKind) -> bool {
    match kind {
        ErrorKind::NotSent(_)
        | ErrorKind::ReadOnly
        | ErrorKind::KeyRefused
        | ErrorKind::TooManyRequests { .. }
        | ErrorKind::Certificate { .. }
        | ErrorKind::CancelledBeforeSend
        | ErrorKind::JournalWriteFailed { .. } => true,
        ErrorKind::Forbidden
        | ErrorKind::NotFound
        | ErrorKind::Conflict
        | ErrorKind::Rejected
        | ErrorKind::Server { .. }
        | ErrorKind::Lost
        | ErrorKind::TimedOut
        | ErrorKind::Redirected { .. }
        | ErrorKind::NotJson { .. }
        | ErrorKind::UnknownCoding { .. }
        | ErrorKind::Unreadable
        | ErrorKind::Incomplete { .. }
        | ErrorKind::NotUtf8 { .. }
        | ErrorKind::TooLarge
        | ErrorKind::Setup
        | ErrorKind::Internal => false,
    }
}
