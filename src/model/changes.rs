//! Changes: created, updated and deleted schedules. One at a time, each noted in the journal; an unknown outcome is shown as such.
//!
//! ```text
//!                       answer lost                      read, not settled
//!  begin --> Sending ----------------> Checking ------------------------------> Unknown
//!               |  ^                    ^  |  ^                                  |  |
//!               |  |       of an earlier|  |  |            verify                |  |
//!               |  |         run -------+  |  +----------------------------------+  |
//!               |  +-----------------------|----------------------------------------+  resend, if it did not happen so far
//!               |  |                       |
//!               |  +-- resend -- Conflict <+  the schedule is no longer as the user saw it: nothing was sent
//!               |                          |
//!               +--------------------------+--> done or rejected: the note in the journal is deleted
//! ```
//!
//! Every state but `Sending` can be dismissed by the user. When the session ends, the journal keeps what is not settled for the next
//! sign-in to the same account.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Data, Dialog, Model, Severity, StepContext};
use crate::api::{ApiError, Operation};
use crate::cron::{Cron, is_same_expression};
use crate::domain::{Recurrence, Schedule, ScheduleId};
use crate::draft::{NewSchedule, SchedulePatch};
use crate::journal::{ChangeId, ChangeMark, OpenChange, SentChange};
use crate::msg::{ChangeCommand, ChangeEffect, Effect, Ticket};

/// What is being changed.
#[derive(Clone, Debug)]
pub enum ChangeKind {
    /// A new schedule.
    Create(Arc<NewSchedule>),
    /// A change: the schedule before, and what shall change.
    Update(Box<Schedule>, SchedulePatch),
    /// A deletion.
    Delete(Box<Schedule>),
}

impl ChangeKind {
    pub(super) fn operation(&self) -> Operation {
        match self {
            Self::Create(_) => Operation::CreateSchedule,
            Self::Update(..) => Operation::UpdateSchedule,
            Self::Delete(_) => Operation::DeleteSchedule,
        }
    }
}

/// How far a change is.
#[derive(Clone, Debug)]
pub enum ChangeState {
    /// On its way.
    Sending,
    /// The answer was lost; the service is being read.
    Checking,
    /// It may or may not have happened.
    Unknown {
        /// What happened to the answer.
        error: ApiError,
        /// For a creation: new schedules that look like it.
        found: Vec<Schedule>,
        /// For a change: the schedule as it is now.
        current: Option<Box<Schedule>>,
        /// The service could be read at least once.
        checked: bool,
    },
    /// It was not sent: the schedule was changed elsewhere since the user saw it. Holds it as it is now.
    Conflict(Box<Schedule>),
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
    /// It is a creation for a bucket of the user's own, and the bucket was not kept: it cannot be sent again from here.
    pub lacks_bucket: bool,
}

impl PendingChange {
    /// On its way or being checked: closing the window now would leave the outcome open.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        matches!(self.state, ChangeState::Sending | ChangeState::Checking)
    }

    /// A creation without an answer, of which exactly one new schedule was found: it happened.
    #[must_use]
    pub fn was_found(&self) -> bool {
        let is_create = matches!(self.kind, ChangeKind::Create(_));
        is_create && matches!(&self.state, ChangeState::Unknown { found, .. } if found.len() == 1)
    }

    /// It may be sent once more: the service was looked at, and it did not happen so far.
    #[must_use]
    pub fn can_resend(&self) -> bool {
        match (&self.state, &self.kind) {
            (ChangeState::Sending | ChangeState::Checking, _) => false,
            (ChangeState::Conflict(_), _) => true,
            (ChangeState::Unknown { found, checked, .. }, ChangeKind::Create(_)) => {
                *checked && found.is_empty() && !self.lacks_bucket
            }
            (ChangeState::Unknown { current, .. }, ChangeKind::Update(..) | ChangeKind::Delete(_)) => current.is_some(),
        }
    }

    /// The effect that sends it, or sends it again.
    fn send_effect(&self) -> ChangeEffect {
        let (ticket, mark) = (self.ticket, self.mark.clone());
        match self.kind.clone() {
            ChangeKind::Create(new) => ChangeEffect::CreateSchedule { ticket, mark, new },
            ChangeKind::Update(schedule, patch) => ChangeEffect::UpdateSchedule { ticket, mark, schedule, patch },
            ChangeKind::Delete(schedule) => ChangeEffect::DeleteSchedule { ticket, mark, schedule },
        }
    }

    /// The effect that reads its outcome; `error` is what happened to its answer, where that is known.
    fn verify_effect(&self, error: Option<ApiError>) -> ChangeEffect {
        let (ticket, change) = (self.ticket, self.mark.id.clone());
        let error = error.unwrap_or_else(|| ApiError::unanswered(self.kind.operation()));
        match self.kind.clone() {
            ChangeKind::Create(new) => ChangeEffect::CheckCreate { ticket, change, new },
            ChangeKind::Update(schedule, patch) => {
                ChangeEffect::CheckUpdate { ticket, change, id: schedule.id, patch, error }
            }
            ChangeKind::Delete(schedule) => ChangeEffect::CheckDelete { ticket, change, id: schedule.id, error },
        }
    }

    /// True if this change is about that schedule.
    #[must_use]
    pub fn concerns(&self, id: &ScheduleId) -> bool {
        match &self.kind {
            ChangeKind::Create(_) => false,
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
    /// Begins a change; `account` is the one it is noted under.
    fn begin(&mut self, kind: ChangeKind, account: Option<String>, cx: &mut StepContext) {
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
    fn dismiss(&mut self, cx: &mut StepContext) -> Option<PendingChange> {
        let change = self.pending.take_if(|change| !matches!(change.state, ChangeState::Sending))?;
        if matches!(change.state, ChangeState::Checking) {
            cx.push(Effect::Cancel(change.ticket));
        }
        cx.push(Effect::Change(ChangeEffect::DismissChange(change.mark.id.clone())));
        Some(change)
    }

    /// Sends a change once more that did not happen so far. For a creation the backend looks for it first.
    fn resend(&mut self, cx: &mut StepContext) {
        let ticket = cx.ticket();
        let Some(change) = self.pending.as_mut().filter(|change| change.can_resend()) else { return };
        change.ticket = ticket;
        let state = std::mem::replace(&mut change.state, ChangeState::Sending);
        if let (ChangeState::Conflict(now), ChangeKind::Update(before, _) | ChangeKind::Delete(before)) =
            (state, &mut change.kind)
        {
            // The user has seen it as it is now.
            *before = now;
        }
        cx.push(Effect::Change(change.send_effect()));
    }

    /// Looks up the outcome of the change; `error` is what happened to its answer, where that is known.
    fn verify(&mut self, error: Option<ApiError>, cx: &mut StepContext) {
        let Some(change) = &mut self.pending else { return };
        change.ticket = cx.ticket();
        change.state = ChangeState::Checking;
        cx.push(Effect::Change(change.verify_effect(error)));
    }

    /// Looks up an unknown outcome once more.
    fn verify_unknown(&mut self, cx: &mut StepContext) {
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
    fn cancel_by_user(&mut self, cx: &mut StepContext) {
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
        };
        let (ticket, state) = (cx.ticket(), ChangeState::Checking);
        let change =
            PendingChange { ticket, mark, kind, state, is_from_earlier: true, is_cancelled: false, lacks_bucket };
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

/// Why a schedule is out of reach of an action on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTarget {
    /// The list has it no more.
    NotListed,
    /// The list has it, but a filter hides it.
    Hidden,
    /// It is shown, but not the only selected row.
    NotChosen,
}

impl NoTarget {
    /// One sentence without its full stop.
    #[must_use]
    pub fn sentence(self, id: &ScheduleId) -> String {
        let id = id.shown();
        match self {
            Self::NotListed => format!("Schedule {id} is no longer in the list"),
            Self::Hidden => format!("Schedule {id} is hidden by the filters now"),
            Self::NotChosen => format!("Schedule {id} is not selected any more"),
        }
    }
}

impl Data {
    /// The schedule, if an action may reach it: every action on one schedule, and every dialog about one, asks here.
    ///
    /// # Errors
    /// Why not: it is not on screen, or not the only selected row.
    pub fn target(&self, id: &ScheduleId) -> Result<&Schedule, NoTarget> {
        let table = self.schedules();
        match table.chosen().filter(|row| row.id == *id) {
            Some(schedule) => Ok(schedule),
            None if table.find(id.as_str()).is_none() => Err(NoTarget::NotListed),
            None if !table.is_shown(id.as_str()) => Err(NoTarget::Hidden),
            None => Err(NoTarget::NotChosen),
        }
    }

    /// Why no change may be sent now; `None` where one may. The one rule for every place that offers a change, and for sending.
    #[must_use]
    pub fn change_blocked_reason(&self) -> Option<&'static str> {
        let Some(open) = self.session.open() else { return Some("Sign in first") };
        let pending = open.changes.pending.as_ref();
        match pending.map(|change| &change.state) {
            _ if self.is_read_only() => Some("This profile is read only. Choose \"Edit profile…\" to allow changes"),
            Some(ChangeState::Sending | ChangeState::Checking) => Some("Another change is being sent"),
            Some(ChangeState::Conflict(_)) => Some("Another change waits for your decision"),
            Some(ChangeState::Unknown { .. }) => Some("The outcome of the last change is not known yet"),
            None if open.refused.is_some() => Some("The key was refused; enter a valid one first"),
            None => None,
        }
    }

    /// True while a change may be sent.
    #[must_use]
    pub fn can_change(&self) -> bool {
        self.change_blocked_reason().is_none()
    }
}

impl Model {
    pub(super) fn handle_change(&mut self, command: ChangeCommand, cx: &mut StepContext) {
        let Some(open) = self.data.session.open_mut() else { return };
        match command {
            ChangeCommand::CreateSchedule(new) => self.create(new, cx),
            ChangeCommand::UpdateSchedule(id, patch) => self.update(&id, patch, cx),
            ChangeCommand::AskSuspend(id) if open.profile.marks.production => {
                self.ask(&id, Dialog::Suspend(id.clone()))
            }
            ChangeCommand::AskSuspend(id) | ChangeCommand::Suspend(id) => {
                self.update(&id, SchedulePatch { suspended: Some(true), ..SchedulePatch::default() }, cx);
            }
            ChangeCommand::Resume(id) => {
                self.update(&id, SchedulePatch { suspended: Some(false), ..SchedulePatch::default() }, cx);
            }
            ChangeCommand::AskDelete(id) => self.ask(&id, Dialog::Delete(id.clone())),
            ChangeCommand::Delete(id) => self.delete(&id, cx),
            ChangeCommand::VerifyChange if open.can_read() => open.changes.verify_unknown(cx),
            ChangeCommand::ResendChange if open.can_read() && !open.profile.marks.read_only => open.changes.resend(cx),
            ChangeCommand::VerifyChange | ChangeCommand::ResendChange => {}
            ChangeCommand::DismissChange => self.dismiss_change(cx),
            ChangeCommand::CancelChange => open.changes.cancel_by_user(cx),
        }
    }

    /// Opens the question about a schedule that an action may reach.
    fn ask(&mut self, id: &ScheduleId, question: Dialog) {
        if self.data.target(id).is_ok() {
            self.clear_change_error();
            self.view.open(question);
        }
    }

    pub(super) fn clear_change_error(&mut self) {
        if let Some(open) = self.data.session.open_mut() {
            open.changes.error = None;
        }
    }

    /// Notes the change and sends it.
    fn begin_change(&mut self, kind: ChangeKind, cx: &mut StepContext) {
        if let Some(open) = self.data.session.open_mut() {
            open.changes.begin(kind, open.journal_account(), cx);
        }
    }

    fn dismiss_change(&mut self, cx: &mut StepContext) {
        let change = self.data.session.open_mut().and_then(|open| open.changes.dismiss(cx));
        if change.is_some_and(|change| change.was_found() && !change.is_from_earlier) {
            self.close_form_of_create();
        }
    }

    fn create(&mut self, new: Arc<NewSchedule>, cx: &mut StepContext) {
        if !self.data.can_change() {
            return;
        }
        self.begin_change(ChangeKind::Create(new), cx);
    }

    fn update(&mut self, id: &ScheduleId, patch: SchedulePatch, cx: &mut StepContext) {
        if !self.data.can_change() {
            return;
        }
        let before = match self.data.target(id) {
            Ok(before) => before.clone(),
            Err(why_not) => return self.target_missing(id, why_not, cx),
        };
        let patch = self.without_untouched(id, patch);
        if patch.is_empty() {
            self.close_form_of_edit(id);
            cx.notify(Severity::Info, "Nothing was changed, so nothing was sent");
            return;
        }
        // What the user saw: in the form, the schedule as it was when the form was opened.
        let base = self.edit_base(id).filter(|_| patch.suspended.is_none());
        let schedule = Box::new(base.cloned().unwrap_or(before));
        self.begin_change(ChangeKind::Update(schedule, patch), cx);
    }

    /// A field that the user left as it was when the form was opened is not sent, whatever it is by now.
    fn without_untouched(&self, id: &ScheduleId, mut patch: SchedulePatch) -> SchedulePatch {
        let Some(base) = self.edit_base(id) else { return patch };
        let base_text = base.recurrence.as_ref().map(Recurrence::as_str).unwrap_or_default();
        let is_untouched = |text: &str| Cron::parse(text).is_ok_and(|cron| is_same_expression(base_text, &cron));
        patch.backup_type.take_if(|wanted| base.backup_type.as_ref() == Some(wanted));
        patch.recurrence.take_if(|wanted| is_untouched(wanted));
        patch
    }

    /// The schedule left the screen while a dialog about it was open.
    fn target_missing(&mut self, id: &ScheduleId, why_not: NoTarget, cx: &mut StepContext) {
        self.close_question(id);
        cx.notify(Severity::Info, format!("{}, so nothing was sent", why_not.sentence(id)));
        self.refresh_schedules(cx);
    }

    fn delete(&mut self, id: &ScheduleId, cx: &mut StepContext) {
        if !self.data.can_change() {
            return;
        }
        let schedule = match self.data.target(id) {
            Ok(schedule) => Box::new(schedule.clone()),
            Err(why_not) => return self.target_missing(id, why_not, cx),
        };
        self.begin_change(ChangeKind::Delete(schedule), cx);
    }
}
