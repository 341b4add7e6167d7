//! Several changes of a session: asked for, sent one after the other, and what each led to.

use super::batch::{Batch, BatchRow, RowOutcome, RowState};
use super::{
    BatchForm, ChangeKind, ChangeState, Dialog, FormPurpose, Model, PendingChange, Severity, StepContext, View,
    Workspace,
};
use crate::api::{ApiError, ErrorKind};
use crate::domain::{ChangedRow, Schedule};
use crate::draft::When;
use crate::msg::{BatchAction, BatchCommand, ChangeOutcome, Effect, LedgerEffect};

impl Model {
    pub(super) fn handle_batch(&mut self, command: BatchCommand, cx: &mut StepContext) {
        match command {
            BatchCommand::Ask(action) => self.ask_batch(action, cx),
            BatchCommand::AskRecreate => self.ask_recreate(cx),
            BatchCommand::Recreate(schedule) => {
                self.open_batch(BatchForm::new(BatchAction::Recreate, vec![*schedule]), cx);
            }
            BatchCommand::Send => self.send_batch(),
            BatchCommand::Show => {
                if self.data.batch().is_some() {
                    self.view.batch = None;
                    self.view.open(Dialog::Batch);
                }
            }
            BatchCommand::Stop => self.change_batch(Batch::stop),
            BatchCommand::Continue if self.can_go_on() => self.change_batch(Batch::go_on),
            BatchCommand::RetryFailed if self.can_go_on() => self.change_batch(Batch::retry_failed),
            BatchCommand::Continue | BatchCommand::RetryFailed => {}
            BatchCommand::Dismiss => {
                if let Some(open) = self.data.session.open_mut() {
                    open.batch.take_if(|batch| !batch.is_running());
                }
            }
            BatchCommand::Remind(schedule, on) => {
                if let Some(open) = self.data.session.open_mut() {
                    open.profile.suspensions.remind(&schedule, on);
                }
            }
        }
    }

    fn change_batch(&mut self, change: impl FnOnce(&mut Batch)) {
        if let Some(batch) = self.data.session.open_mut().and_then(|open| open.batch.as_mut()) {
            change(batch);
        }
    }

    fn can_go_on(&self) -> bool {
        self.data.change_blocked_reason().is_none()
    }

    /// Opens the dialog, where a change may be sent at all.
    fn open_batch(&mut self, form: BatchForm, cx: &mut StepContext) {
        if let Some(reason) = self.data.change_blocked_reason() {
            return cx.notify(Severity::Info, reason);
        }
        if let Some(open) = self.data.session.open_mut() {
            open.changes.error = None;
        }
        self.view.open(Dialog::Batch);
        self.view.batch = Some(form);
    }

    /// About the selected schedules, in the order shown and as the user sees them now.
    fn ask_batch(&mut self, action: BatchAction, cx: &mut StepContext) {
        let table = self.data.schedules();
        let rows = table.rows();
        let chosen = table.selection.shown(rows, &table.index.order);
        let subjects: Vec<Schedule> = chosen.into_iter().filter_map(|at| rows.get(at)).collect();
        if subjects.is_empty() || action == BatchAction::Copy && subjects.len() != 1 {
            return;
        }
        let first = subjects.first().map(|row| row.id.clone()).unwrap_or_default();
        let mut form = BatchForm::new(action, subjects);
        form.when.purpose = FormPurpose::Edit(first);
        form.when.draft.when = When::new(self.plan_zone());
        self.open_batch(form, cx);
    }

    fn ask_recreate(&mut self, cx: &mut StepContext) {
        let ticket = cx.ticket();
        let mut form = BatchForm::new(BatchAction::Recreate, Vec::new());
        form.gone.begin(ticket);
        self.open_batch(form, cx);
        if self.view.batch.is_some() {
            cx.push(Effect::Ledger(LedgerEffect::ReadGoneSchedules(ticket)));
        }
    }

    /// Sends what the dialog shows, worked out once more from what is known now.
    fn send_batch(&mut self) {
        let Some(mut form) = self.view.batch.take_if(|_| self.data.change_blocked_reason().is_none()) else { return };
        form.plan_anew(&self.data);
        let rows = form.to_send();
        let is_readable = self.view.suspension.problem(self.data.today()).is_none();
        let note = self.view.suspension.note().ok().filter(|_| form.action == BatchAction::Suspend);
        let Some(open) = self.data.session.open_mut().filter(|_| is_readable && !rows.is_empty()) else {
            self.view.batch = Some(form);
            return;
        };
        open.batch = Some(Batch::new(form.action, rows, note));
        self.view.open(Dialog::Batch);
    }
}

impl Workspace {
    /// True where the pending change is one of several.
    pub(super) fn is_in_batch(&self) -> bool {
        self.batch.as_ref().zip(self.changes.pending.as_ref()).is_some_and(|(batch, change)| batch.holds(change))
    }

    /// Sends the next of several changes as soon as no other is open.
    pub(super) fn advance_batch(&mut self, view: &View, cx: &mut StepContext) {
        let may_send = self.can_read() && !self.profile.flags.read_only;
        let account = self.record_account();
        let Some(batch) = self.batch.as_mut().filter(|batch| batch.is_running()) else { return };
        if self.changes.pending.is_some() {
            return;
        }
        if !may_send {
            batch.stop();
        }
        if let Some((at, kind, note)) = batch.next() {
            self.changes.begin(kind, account, note, cx);
            if let Some(change) = &self.changes.pending {
                batch.began(at, change.mark.id.clone());
            }
            return;
        }
        batch.finish();
        self.batch_ended(view, cx);
    }

    /// All that is sent is settled. Where every change is proven and nobody looks, one sentence is enough.
    fn batch_ended(&mut self, view: &View, cx: &mut StepContext) {
        if view.dialog != Some(Dialog::Batch)
            && let Some(batch) = self.batch.take_if(|batch| batch.is_all_done())
        {
            cx.notify(Severity::Good, batch.done_words());
        }
        self.refresh_schedules(cx);
    }

    /// One of several changes has an outcome. What the service did is in the table at once; the list is read again after the last.
    pub(super) fn batch_row_ended(&mut self, outcome: ChangeOutcome, cx: &mut StepContext) {
        match outcome {
            ChangeOutcome::Created(row) => {
                let schedule = self.completed(row.into_schedule().unwrap_or_default());
                let id = schedule.id.clone();
                if !id.is_empty() {
                    self.lists.schedules.put(schedule);
                }
                self.batch_row_over(RowState::Done(RowOutcome::Created(id)), cx);
            }
            ChangeOutcome::Updated(schedule) => {
                self.lists.schedules.put(schedule);
                self.batch_row_over(RowState::Done(RowOutcome::Updated), cx);
            }
            ChangeOutcome::Deleted(how) => {
                if let Some(ChangeKind::Delete(schedule)) = self.changes.pending.as_ref().map(|it| it.kind.clone()) {
                    self.lists.schedules.remove(schedule.id.as_str());
                }
                self.batch_row_over(RowState::Done(how.into()), cx);
            }
            ChangeOutcome::Rejected(error) => {
                let is_key = error.kind == ErrorKind::KeyRefused;
                self.batch_row_over(RowState::Failed(error.clone()), cx);
                if is_key {
                    self.key_refused(error, cx);
                }
            }
            ChangeOutcome::Conflict(now) => self.batch_row_over(RowState::Moved(now), cx),
            ChangeOutcome::CreationUnknown { error, found, checked } => {
                self.creation_unknown(error, found, checked, cx);
            }
            // Given up by the user, and as it was: it did not go out.
            ChangeOutcome::Unknown { error, now: Some(_) }
                if self.changes.pending.as_ref().is_some_and(|change| change.is_cancelled) =>
            {
                let error = ApiError::new(ErrorKind::CancelledBeforeSend, error.operation);
                self.batch_row_over(RowState::Failed(error), cx);
            }
            ChangeOutcome::Unknown { error, now } => self.unknown(error, Vec::new(), now.clone(), now.is_some(), cx),
        }
    }

    fn batch_row_over(&mut self, state: RowState, cx: &mut StepContext) {
        if let Some(change) = self.changes.end(cx)
            && matches!(state, RowState::Done(_))
        {
            self.note_outcome(&change, cx.service_now);
        }
        if let Some(batch) = &mut self.batch {
            batch.settle(state);
        }
    }

    /// The user looks no further after one of several changes. Where exactly one new schedule was found, it is the one.
    pub(super) fn batch_row_dismissed(&mut self, change: &PendingChange) {
        let state = match &change.state {
            ChangeState::Unknown { found, .. } if change.was_found() => {
                let id = found.first().and_then(ChangedRow::schedule).map(|found| found.id.clone()).unwrap_or_default();
                RowState::Done(RowOutcome::Created(id))
            }
            ChangeState::Sending | ChangeState::Checking | ChangeState::Unknown { .. } | ChangeState::Conflict(_) => {
                RowState::NotKnown
            }
        };
        if let Some(batch) = &mut self.batch {
            batch.settle(state);
        }
    }
}

impl Batch {
    /// What was done, in a sentence.
    fn done_words(&self) -> String {
        let count = |is_it: fn(&BatchRow) -> bool| self.rows.iter().filter(|row| is_it(row)).count();
        let number = match self.action {
            BatchAction::Copy | BatchAction::Recreate => count(|row| matches!(row.kind, ChangeKind::Create(_))),
            BatchAction::Suspend | BatchAction::Resume | BatchAction::ChangeTime | BatchAction::Delete => {
                self.rows.len()
            }
        };
        let what = if number == 1 { "1 schedule".to_owned() } else { format!("{number} schedules") };
        format!("{what} {}", self.action.done())
    }
}
