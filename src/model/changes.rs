//! Changes: created, updated and deleted schedules. One at a time, each noted in the journal; an unknown outcome is said as such.

use std::sync::Arc;

use super::{Data, Dialog, Model, Severity, StepContext};
use crate::api::{ApiError, Operation};
use crate::domain::{Cron, NewSchedule, Recurrence, Schedule, ScheduleId, SchedulePatch, is_same_expression};
use crate::journal::{ChangeId, ChangeMark, OpenChange, SentChange};
use crate::msg::{ChangeCommand, ChangeEffect, Effect, Ticket};
use crate::settings::ProfileId;

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
    pub stage: ChangeState,
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
        matches!(self.stage, ChangeState::Sending | ChangeState::Checking)
    }

    /// A creation without an answer, of which exactly one new schedule was found: it happened.
    #[must_use]
    pub fn was_found(&self) -> bool {
        let is_create = matches!(self.kind, ChangeKind::Create(_));
        is_create && matches!(&self.stage, ChangeState::Unknown { found, .. } if found.len() == 1)
    }

    /// It may be sent once more: the service was looked at, and it did not happen so far.
    #[must_use]
    pub fn can_resend(&self) -> bool {
        match (&self.stage, &self.kind) {
            (ChangeState::Sending | ChangeState::Checking, _) => false,
            (ChangeState::Conflict(_), _) => true,
            (ChangeState::Unknown { found, checked, .. }, ChangeKind::Create(_)) => {
                *checked && found.is_empty() && !self.lacks_bucket
            }
            (ChangeState::Unknown { current, .. }, ChangeKind::Update(..) | ChangeKind::Delete(_)) => current.is_some(),
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
        let table = &self.schedules;
        match table.chosen().filter(|row| row.id == *id) {
            Some(schedule) => Ok(schedule),
            None if table.find(id.as_str()).is_none() => Err(NoTarget::NotListed),
            None if !table.is_shown(id.as_str()) => Err(NoTarget::Hidden),
            None => Err(NoTarget::NotChosen),
        }
    }

    /// Under which account changes are noted; `None` for the demo, which ends with the program. The key of the environment may be
    /// another one at the next start, so its tag belongs to the account.
    pub(super) fn journal_account(&self) -> Option<String> {
        let open = self.session.open().filter(|open| !open.profile.is_demo)?;
        let account = open.profile.account();
        let is_environment = open.profile.id == ProfileId::environment();
        Some(if is_environment { format!("{account} {}", open.key) } else { account })
    }
}

impl Model {
    pub(super) fn handle_change(&mut self, command: ChangeCommand, cx: &mut StepContext) {
        match command {
            ChangeCommand::CreateSchedule(new) => self.create(new, cx),
            ChangeCommand::UpdateSchedule(id, patch) => self.update(&id, patch, cx),
            ChangeCommand::AskSuspend(id) if self.data.is_production() => self.ask(&id, Dialog::Suspend(id.clone())),
            ChangeCommand::AskSuspend(id) | ChangeCommand::Suspend(id) => {
                self.update(&id, SchedulePatch { suspended: Some(true), ..SchedulePatch::default() }, cx);
            }
            ChangeCommand::Resume(id) => {
                self.update(&id, SchedulePatch { suspended: Some(false), ..SchedulePatch::default() }, cx);
            }
            ChangeCommand::AskDelete(id) => self.ask(&id, Dialog::Delete(id.clone())),
            ChangeCommand::Delete(id) => self.delete(&id, cx),
            ChangeCommand::VerifyChange => self.verify_change(cx),
            ChangeCommand::ResendChange => self.send_again(cx),
            ChangeCommand::DismissChange => self.dismiss_change(cx),
            ChangeCommand::CancelChange => self.cancel_pending_change(cx),
        }
    }

    /// Opens the question about a schedule that an action may reach.
    fn ask(&mut self, id: &ScheduleId, question: Dialog) {
        if self.data.target(id).is_ok() {
            self.data.change_error = None;
            self.view.open(question);
        }
    }

    fn start(&mut self, kind: ChangeKind, cx: &mut StepContext) -> (Ticket, ChangeMark) {
        let ticket = cx.ticket();
        self.data.change_error = None;
        let now = self.data.now;
        let account = self.data.journal_account();
        let mark = ChangeMark { id: ChangeId::new(now, ticket.0), account, at: now };
        self.data.change = Some(PendingChange {
            ticket,
            mark: mark.clone(),
            kind,
            stage: ChangeState::Sending,
            is_from_earlier: false,
            is_cancelled: false,
            lacks_bucket: false,
        });
        (ticket, mark)
    }

    fn dismiss_change(&mut self, cx: &mut StepContext) {
        let can_end = |change: &mut PendingChange| !matches!(change.stage, ChangeState::Sending);
        let Some(change) = self.data.change.take_if(can_end) else { return };
        if change.was_found() && !change.is_from_earlier {
            self.close_form_of_create();
        }
        if matches!(change.stage, ChangeState::Checking) {
            cx.push(Effect::Cancel(change.ticket));
        }
        cx.push(Effect::Change(ChangeEffect::DismissChange(change.mark.id)));
    }

    /// Sends a change once more that did not happen so far. For a creation the backend looks for it first.
    fn send_again(&mut self, cx: &mut StepContext) {
        if !self.data.can_read() || self.data.is_read_only() {
            return;
        }
        let ticket = cx.ticket();
        let Some(change) = self.data.change.as_mut().filter(|change| change.can_resend()) else { return };
        change.ticket = ticket;
        let stage = std::mem::replace(&mut change.stage, ChangeState::Sending);
        if let (ChangeState::Conflict(now), ChangeKind::Update(before, _) | ChangeKind::Delete(before)) =
            (stage, &mut change.kind)
        {
            // The user has seen it as it is now.
            *before = now;
        }
        let mark = change.mark.clone();
        let effect = match &change.kind {
            ChangeKind::Create(new) => {
                Effect::Change(ChangeEffect::CreateSchedule { ticket, mark, new: Arc::clone(new) })
            }
            ChangeKind::Update(schedule, patch) => Effect::Change(ChangeEffect::UpdateSchedule {
                ticket,
                mark,
                schedule: schedule.clone(),
                patch: patch.clone(),
            }),
            ChangeKind::Delete(schedule) => {
                Effect::Change(ChangeEffect::DeleteSchedule { ticket, mark, schedule: schedule.clone() })
            }
        };
        cx.push(effect);
    }

    /// Gives a change up that waits for a pause of the service. Whether it went out after all is looked up.
    fn cancel_pending_change(&mut self, cx: &mut StepContext) {
        if let Some(change) = self.data.change.as_mut().filter(|change| change.is_under_way()) {
            change.is_cancelled = true;
        }
        self.cancel_change(cx);
    }

    /// The change on its way is stopped, and its outcome is looked up.
    pub(super) fn cancel_change(&mut self, cx: &mut StepContext) {
        let Some(change) = self.data.change.as_ref().filter(|change| change.is_under_way()) else { return };
        cx.push(Effect::Cancel(change.ticket));
        self.verify_change_outcome(None, cx);
    }

    fn create(&mut self, new: Arc<NewSchedule>, cx: &mut StepContext) {
        if !self.data.can_change() {
            return;
        }
        let (ticket, mark) = self.start(ChangeKind::Create(Arc::clone(&new)), cx);
        cx.push(Effect::Change(ChangeEffect::CreateSchedule { ticket, mark, new }));
    }

    fn update(&mut self, id: &ScheduleId, patch: SchedulePatch, cx: &mut StepContext) {
        if !self.data.can_change() {
            return;
        }
        let before = match self.data.target(id) {
            Ok(before) => before.clone(),
            Err(why_not) => return self.not_there(id, why_not, cx),
        };
        let patch = self.without_untouched(id, patch);
        if patch.is_empty() {
            self.close_form_of_edit(id);
            self.notify(Severity::Info, "Nothing was changed, so nothing was sent");
            return;
        }
        // What the user saw: in the form, the schedule as it was when the form was opened.
        let base = self.data.edit_base.as_ref().filter(|base| base.id == *id && patch.suspended.is_none());
        let schedule = Box::new(base.cloned().unwrap_or(before));
        let (ticket, mark) = self.start(ChangeKind::Update(schedule.clone(), patch.clone()), cx);
        cx.push(Effect::Change(ChangeEffect::UpdateSchedule { ticket, mark, schedule, patch }));
    }

    /// A field that the user left as it was when the form was opened is not sent, whatever became of it meanwhile.
    fn without_untouched(&self, id: &ScheduleId, mut patch: SchedulePatch) -> SchedulePatch {
        let Some(base) = self.data.edit_base.as_ref().filter(|base| base.id == *id) else { return patch };
        let base_text = base.recurrence.as_ref().map(Recurrence::as_str).unwrap_or_default();
        let is_untouched = |text: &str| Cron::parse(text).is_ok_and(|cron| is_same_expression(base_text, &cron));
        patch.backup_type.take_if(|wanted| base.backup_type.as_ref() == Some(wanted));
        patch.recurrence.take_if(|wanted| is_untouched(wanted));
        patch
    }

    /// The schedule left the screen while a dialog about it was open.
    fn not_there(&mut self, id: &ScheduleId, why_not: NoTarget, cx: &mut StepContext) {
        self.close_question(id);
        self.notify(Severity::Info, format!("{}, so nothing was sent", why_not.sentence(id)));
        self.refresh_schedules(cx);
    }

    fn delete(&mut self, id: &ScheduleId, cx: &mut StepContext) {
        if !self.data.can_change() {
            return;
        }
        let schedule = match self.data.target(id) {
            Ok(schedule) => Box::new(schedule.clone()),
            Err(why_not) => return self.not_there(id, why_not, cx),
        };
        let (ticket, mark) = self.start(ChangeKind::Delete(schedule.clone()), cx);
        cx.push(Effect::Change(ChangeEffect::DeleteSchedule { ticket, mark, schedule }));
    }

    fn verify_change(&mut self, cx: &mut StepContext) {
        if !self.data.can_read() {
            return;
        }
        if let Some(ChangeState::Unknown { error, .. }) = self.data.change.as_ref().map(|change| &change.stage) {
            self.verify_change_outcome(Some(error.clone()), cx);
        }
    }

    /// Looks up the outcome of the change; `error` is what happened to its answer, where that is known.
    fn verify_change_outcome(&mut self, error: Option<ApiError>, cx: &mut StepContext) {
        let ticket = cx.ticket();
        let Some(change) = &mut self.data.change else { return };
        change.ticket = ticket;
        change.stage = ChangeState::Checking;
        let id = change.mark.id.clone();
        let error = |operation| error.unwrap_or_else(|| ApiError::unanswered(operation));
        let effect = match &change.kind {
            ChangeKind::Create(new) => {
                Effect::Change(ChangeEffect::CheckCreate { ticket, change: id, new: Arc::clone(new) })
            }
            ChangeKind::Update(schedule, patch) => Effect::Change(ChangeEffect::CheckUpdate {
                ticket,
                change: id,
                id: schedule.id.clone(),
                patch: patch.clone(),
                error: error(Operation::UpdateSchedule),
            }),
            ChangeKind::Delete(schedule) => Effect::Change(ChangeEffect::CheckDelete {
                ticket,
                change: id,
                id: schedule.id.clone(),
                error: error(Operation::DeleteSchedule),
            }),
        };
        cx.push(effect);
    }

    /// A change of an earlier run is looked at as soon as no other is open.
    pub(super) fn resume_next_unresolved(&mut self, cx: &mut StepContext) {
        if self.data.change.is_some() || !self.data.can_read() {
            return;
        }
        let Some(OpenChange { mark, change }) = self.data.unresolved.pop_front() else { return };
        let (kind, lacks_bucket) = match change {
            SentChange::Create { new, own_bucket, .. } => (ChangeKind::Create(Arc::new(new)), own_bucket),
            SentChange::Update { schedule, patch } => (ChangeKind::Update(schedule, patch), false),
            SentChange::Delete { schedule } => (ChangeKind::Delete(schedule), false),
        };
        let (ticket, stage) = (cx.ticket(), ChangeState::Checking);
        self.data.change =
            Some(PendingChange { ticket, mark, kind, stage, is_from_earlier: true, is_cancelled: false, lacks_bucket });
        self.verify_change_outcome(None, cx);
    }

    /// What the journal knows of earlier runs. A change that is open here already is not taken up twice, and one of another account,
    /// asked for before the user went to this one, not at all.
    pub(super) fn found_unfinished(&mut self, changes: Vec<OpenChange>, warnings: Vec<String>) {
        let account = self.data.journal_account();
        let open = self.data.change.as_ref().map(|change| &change.mark.id);
        let is_meant = |change: &OpenChange| account.is_some() && change.mark.account == account;
        let fresh = changes.into_iter().filter(|change| is_meant(change) && Some(&change.mark.id) != open);
        self.data.unresolved = fresh.collect();
        for warning in warnings {
            self.notify(Severity::Warning, warning);
        }
    }
}
