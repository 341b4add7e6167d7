//! The outcome of a change: created, changed, deleted, refused, or not known.

use super::{ChangeKind, ChangeState, Dialog, Model, PendingChange, Severity, StepContext, ToastAction};
use crate::api::{ApiError, Deleted, ErrorKind};
use crate::domain::{Schedule, ScheduleId, sanitize_for_display, shorten_middle};
use crate::draft::SchedulePatch;
use crate::msg::{ChangeEffect, ChangeEvent, CreateOutcome, DeleteOutcome, Effect, Ticket, UpdateOutcome};

impl Model {
    pub(super) fn apply_change(&mut self, event: ChangeEvent, cx: &mut StepContext) {
        let is_awaited = |ticket| self.data.change().is_some_and(|change| change.ticket == ticket);
        match event {
            ChangeEvent::CreateChecking(ticket) if is_awaited(ticket) => self.set_stage(ChangeState::Checking),
            ChangeEvent::ScheduleCreated(ticket, outcome) if is_awaited(ticket) => self.created(outcome, cx),
            ChangeEvent::ScheduleUpdated(ticket, outcome) if is_awaited(ticket) => self.updated(outcome, cx),
            ChangeEvent::ScheduleDeleted(ticket, outcome) if is_awaited(ticket) => self.deleted(outcome, cx),
            ChangeEvent::CreateChecking(_)
            | ChangeEvent::ScheduleCreated(..)
            | ChangeEvent::ScheduleUpdated(..)
            | ChangeEvent::ScheduleDeleted(..) => {}
            ChangeEvent::OpenChanges(changes, warnings) => self.found_unfinished(changes, warnings),
            ChangeEvent::ChangeNotDismissed(why) => self.notify(Severity::Warning, why),
        }
    }

    /// The outcome is proven: the change is over, and so is its note. Only here, after the window knows, so that an outcome that
    /// comes too late to be taken leaves the note for the next look.
    fn end_change(&mut self, cx: &mut StepContext) -> Option<PendingChange> {
        let change = self.data.session.open_mut()?.changes.pending.take()?;
        cx.push(Effect::Change(ChangeEffect::DismissChange(change.mark.id.clone())));
        Some(change)
    }

    fn set_stage(&mut self, stage: ChangeState) {
        if let Some(change) = self.data.change_mut() {
            change.stage = stage;
        }
    }

    fn created(&mut self, outcome: CreateOutcome, cx: &mut StepContext) {
        match outcome {
            CreateOutcome::Created(schedule) => {
                let schedule = self.completed(schedule);
                let once = schedule.is_once();
                let label = self.label_of(&schedule);
                let text =
                    if once { format!("Backup of {label} requested") } else { format!("Schedule for {label} created") };
                let action = Some(ToastAction::ShowSchedule(schedule.id.clone())).filter(|_| !schedule.id.is_empty());
                let Some(change) = self.end_change(cx) else { return };
                if !change.is_from_earlier {
                    self.close_form_of_create();
                }
                self.put_and_select(schedule);
                self.data.toasts.add(Severity::Good, text, None, action, self.data.local_now);
                self.refresh_schedules(cx);
                if once {
                    self.refresh_backups(cx);
                }
            }
            CreateOutcome::Rejected(error) => self.rejected(error, cx),
            CreateOutcome::Unknown { error, found, checked } => {
                if let Some(open) = self.data.session.open_mut() {
                    found.iter().for_each(|schedule| open.lists.schedules.put(schedule.clone()));
                }
                self.unknown(error, found, None, checked, cx);
            }
        }
    }

    /// A row that was just written is in the table at once, and selected.
    fn put_and_select(&mut self, schedule: Schedule) {
        if let Some(open) = self.data.session.open_mut().filter(|_| !schedule.id.is_empty()) {
            open.lists.schedules.select_when_shown(schedule.id.as_str());
            open.lists.schedules.put(schedule);
        }
    }

    /// An answer may leave out what was sent; the row shows it all the same until the list is read again.
    fn completed(&self, mut schedule: Schedule) -> Schedule {
        let Some(ChangeKind::Create(new)) = self.data.change().map(|change| &change.kind) else {
            return schedule;
        };
        schedule.service_id.get_or_insert_with(|| new.service_id.clone());
        schedule.backup_type.get_or_insert_with(|| new.backup_type.clone());
        schedule.recurrence.get_or_insert_with(|| new.recurrence.clone());
        if schedule.service_name.is_none() {
            let service = self.data.known_services().iter().find(|service| service.id == new.service_id);
            schedule.service_name = service.and_then(|service| service.name.clone());
        }
        schedule
    }

    fn updated(&mut self, outcome: UpdateOutcome, cx: &mut StepContext) {
        match outcome {
            UpdateOutcome::Updated(schedule) => {
                let Some(PendingChange { kind: ChangeKind::Update(before, patch), .. }) = self.end_change(cx) else {
                    return;
                };
                if patch.suspended.is_none() {
                    self.close_form_of_edit(&before.id);
                }
                self.close_question(&before.id);
                self.notify(Severity::Good, self.update_text(&before, &patch));
                self.refresh_schedules(cx);
                if self.data.single_schedule_id() == Some(&before.id) {
                    self.read_schedule(before.id, cx);
                }
                self.put_and_select(schedule);
            }
            UpdateOutcome::Rejected(error) => self.rejected(error, cx),
            UpdateOutcome::Conflict(now) => {
                self.set_stage(ChangeState::Conflict(now));
                self.refresh_schedules(cx);
            }
            UpdateOutcome::Unknown { error, now } => self.not_known(error, now.map(Box::new), cx),
        }
    }

    fn deleted(&mut self, outcome: DeleteOutcome, cx: &mut StepContext) {
        match outcome {
            DeleteOutcome::Deleted(how) => {
                let Some(PendingChange { kind: ChangeKind::Delete(schedule), .. }) = self.end_change(cx) else {
                    return;
                };
                self.close_question(&schedule.id);
                self.close_form_of_edit(&schedule.id);
                if let Some(open) = self.data.session.open_mut() {
                    open.lists.schedules.remove(schedule.id.as_str());
                }
                let text = match how {
                    Deleted::Deleted => format!("Schedule of {} deleted", self.label_of(&schedule)),
                    Deleted::AlreadyGone => format!("The schedule of {} was already gone", self.label_of(&schedule)),
                };
                self.notify(Severity::Good, text);
                self.refresh_schedules(cx);
            }
            DeleteOutcome::Rejected(error) => self.rejected(error, cx),
            DeleteOutcome::Conflict(now) => {
                self.set_stage(ChangeState::Conflict(now));
                self.refresh_schedules(cx);
            }
            DeleteOutcome::Unknown { error, now } => self.not_known(error, now, cx),
        }
    }

    /// What the question about this schedule asked for is done.
    pub(super) fn close_question(&mut self, id: &ScheduleId) {
        let asks = [Dialog::Delete(id.clone()), Dialog::Suspend(id.clone())];
        self.view.dialog.take_if(|dialog| asks.contains(dialog));
    }

    /// A change or deletion whose outcome a reading did not settle. One that the user gave up, of a schedule that is there as it
    /// was, is settled: it did not go out.
    fn not_known(&mut self, error: ApiError, now: Option<Box<Schedule>>, cx: &mut StepContext) {
        if now.is_some()
            && let Some(open) = self.data.session.open_mut()
            && let Some(change) = open.changes.pending.take_if(|change| change.is_cancelled)
        {
            self.notify(Severity::Info, "The change was not sent");
            cx.push(Effect::Change(ChangeEffect::DismissChange(change.mark.id)));
            return self.refresh_schedules(cx);
        }
        let checked = now.is_some();
        self.unknown(error, Vec::new(), now, checked, cx);
    }

    fn unknown(
        &mut self,
        error: ApiError,
        found: Vec<Schedule>,
        current: Option<Box<Schedule>>,
        checked: bool,
        cx: &mut StepContext,
    ) {
        self.set_stage(ChangeState::Unknown { error: error.clone(), found, current, checked });
        if error.kind == ErrorKind::KeyRefused { self.key_refused(error, cx) } else { self.refresh_schedules(cx) }
    }

    /// Nothing was changed: the dialog that asked stays with its texts and shows why; where it was closed, a notice does.
    fn rejected(&mut self, error: ApiError, cx: &mut StepContext) {
        let Some(change) = self.end_change(cx) else { return };
        let has_dialog = match (&self.view.dialog, &change.kind) {
            _ if change.is_from_earlier => false,
            (Some(Dialog::Schedule), ChangeKind::Create(_)) => self.form_edits().is_none(),
            (Some(Dialog::Schedule), ChangeKind::Update(schedule, _)) => self.form_edits() == Some(&schedule.id),
            (Some(Dialog::Delete(id)), ChangeKind::Delete(schedule))
            | (Some(Dialog::Suspend(id)), ChangeKind::Update(schedule, _)) => *id == schedule.id,
            _ => false,
        };
        if error.kind == ErrorKind::KeyRefused {
            self.key_refused(error.clone(), cx);
        } else if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Conflict) {
            // The list shown is not what the service has.
            self.refresh_schedules(cx);
        }
        if has_dialog {
            if let Some(open) = self.data.session.open_mut() {
                open.changes.error = Some(error);
            }
        } else {
            let detail = error.message.iter().cloned().chain([error.advice()]).collect::<Vec<_>>().join(". ");
            self.data.toasts.add(Severity::Bad, error.sentence(), Some(detail), None, self.data.local_now);
        }
    }

    /// What a notice calls the service of a schedule.
    fn label_of(&self, schedule: &Schedule) -> String {
        shorten_middle(&sanitize_for_display(&self.data.service_label(schedule)), 48)
    }

    fn update_text(&self, schedule: &Schedule, patch: &SchedulePatch) -> String {
        let label = self.label_of(schedule);
        match patch.suspended {
            Some(true) => format!("Schedule of {label} suspended"),
            Some(false) => format!("Schedule of {label} resumed"),
            None => format!("Schedule of {label} changed"),
        }
    }

    pub(super) fn fail_change(&mut self, ticket: Ticket, error: ApiError) {
        if let Some(change) = self.data.change().filter(|change| change.ticket == ticket) {
            let error = ApiError { operation: change.kind.operation(), ..error };
            self.set_stage(ChangeState::Unknown { error, found: Vec::new(), current: None, checked: false });
        }
    }
}
