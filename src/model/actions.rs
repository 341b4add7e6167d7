//! Creating, changing and deleting schedules: whether it is possible, and what is sent.

use std::sync::Arc;

use super::{ChangeKind, Dialog, Severity, StepContext, View, Workspace};
use crate::cron::{Cron, is_same_expression};
use crate::domain::{Recurrence, Schedule, ScheduleId};
use crate::draft::{NewSchedule, SchedulePatch};
use crate::msg::ChangeCommand;
use crate::settings::SuspensionNote;

impl Workspace {
    pub(super) fn handle_change(&mut self, command: ChangeCommand, view: &mut View, cx: &mut StepContext) {
        match command {
            ChangeCommand::CreateSchedule(new) => self.create(new, cx),
            ChangeCommand::UpdateSchedule(id, patch) => self.update(&id, patch, view, cx),
            ChangeCommand::AskSuspend(id) => self.ask(&id, Dialog::Suspend(id.clone()), view),
            ChangeCommand::Suspend(id) => {
                self.update(&id, SchedulePatch { suspended: Some(true), ..SchedulePatch::default() }, view, cx);
            }
            ChangeCommand::Resume(id) => {
                self.update(&id, SchedulePatch { suspended: Some(false), ..SchedulePatch::default() }, view, cx);
            }
            ChangeCommand::AskDelete(id) => self.ask(&id, Dialog::Delete(id.clone()), view),
            ChangeCommand::Delete(id) => self.delete(&id, view, cx),
            ChangeCommand::VerifyChange if self.can_read() => self.changes.verify_unknown(cx),
            ChangeCommand::ResendChange if self.can_read() && !self.profile.flags.read_only => self.changes.resend(cx),
            ChangeCommand::VerifyChange | ChangeCommand::ResendChange => {}
            ChangeCommand::DismissChange => self.dismiss_change(view, cx),
            ChangeCommand::CancelChange => self.changes.cancel_by_user(cx),
        }
    }

    /// Opens the question about a schedule that an action may reach.
    fn ask(&mut self, id: &ScheduleId, question: Dialog, view: &mut View) {
        if self.lists.target(id).is_ok() {
            self.changes.error = None;
            view.open(question);
        }
    }

    /// Notes the change and sends it.
    pub(super) fn begin_change(&mut self, kind: ChangeKind, note: Option<SuspensionNote>, cx: &mut StepContext) {
        self.changes.begin(kind, self.record_account(), note, cx);
    }

    fn dismiss_change(&mut self, view: &mut View, cx: &mut StepContext) {
        let is_in_batch = self.is_in_batch();
        let Some(change) = self.changes.dismiss(cx) else { return };
        if is_in_batch {
            return self.batch_row_dismissed(&change);
        }
        match &change.kind {
            ChangeKind::Create(_) if self.is_target_backup(&change.mark.id) => {
                self.target_backup_settled(&change.mark.id, change.was_found(), cx);
            }
            ChangeKind::Create(_) if change.was_found() && !change.is_from_earlier => view.close_form_of_create(),
            ChangeKind::Restore(request) => {
                if let Some(restore) = change.found_restore() {
                    self.follow_started(restore, request, view, cx);
                }
            }
            ChangeKind::Create(_) | ChangeKind::Update(..) | ChangeKind::Delete(_) | ChangeKind::DeleteRestore(_) => {}
        }
    }

    fn create(&mut self, new: Arc<NewSchedule>, cx: &mut StepContext) {
        if self.change_blocked_reason().is_some() {
            return;
        }
        self.begin_change(ChangeKind::Create(new), None, cx);
    }

    fn update(&mut self, id: &ScheduleId, patch: SchedulePatch, view: &mut View, cx: &mut StepContext) {
        let Some(before) = self.target_of_change(id, view, cx) else { return };
        let patch = without_untouched(view.edit_base(id), patch);
        if patch.is_empty() {
            view.close_form_of_edit(id);
            cx.notify(Severity::Info, "Nothing was changed, so nothing was sent");
            return;
        }
        // What the user saw: in the form, the schedule as it was when the form was opened.
        let base = view.edit_base(id).filter(|_| patch.suspended.is_none());
        let schedule = Box::new(base.cloned().unwrap_or(before));
        let note = view.suspension.note().ok().filter(|_| patch.suspended == Some(true));
        self.begin_change(ChangeKind::Update(schedule, patch), note, cx);
    }

    fn delete(&mut self, id: &ScheduleId, view: &mut View, cx: &mut StepContext) {
        if let Some(schedule) = self.target_of_change(id, view, cx) {
            self.begin_change(ChangeKind::Delete(Box::new(schedule)), None, cx);
        }
    }

    /// The schedule, where a change of it may be sent now. One that left the screen while a dialog about it was open closes that.
    fn target_of_change(&mut self, id: &ScheduleId, view: &mut View, cx: &mut StepContext) -> Option<Schedule> {
        if self.change_blocked_reason().is_some() {
            return None;
        }
        let why_not = match self.lists.target(id) {
            Ok(schedule) => return Some(schedule.clone()),
            Err(why_not) => why_not,
        };
        view.close_question(id);
        let why_not = why_not.sentence(&format!("Schedule {}", id.shown()));
        cx.notify(Severity::Info, format!("{why_not}, so nothing was sent"));
        self.refresh_schedules(cx);
        None
    }
}

/// A field that the user left as it was when the form was opened is not sent, whatever it is by now.
fn without_untouched(base: Option<&Schedule>, mut patch: SchedulePatch) -> SchedulePatch {
    let Some(base) = base else { return patch };
    let base_text = base.recurrence.as_ref().map(Recurrence::as_str).unwrap_or_default();
    let is_untouched = |text: &str| Cron::parse(text).is_ok_and(|cron| is_same_expression(base_text, &cron));
    patch.backup_type.take_if(|wanted| base.backup_type.as_ref() == Some(wanted));
    patch.recurrence.take_if(|wanted| is_untouched(wanted));
    patch
}
