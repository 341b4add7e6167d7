//! Creating, changing and deleting schedules: whether it is possible, and what is sent.

use std::sync::Arc;

use super::{ChangeKind, ChangeState, Data, Dialog, Model, Severity, StepContext};
use crate::cron::{Cron, is_same_expression};
use crate::domain::{Recurrence, Schedule, ScheduleId};
use crate::draft::{NewSchedule, SchedulePatch};
use crate::msg::ChangeCommand;

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
