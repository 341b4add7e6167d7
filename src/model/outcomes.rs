//! The outcome of a change: created, changed, deleted, refused, or not known.

use super::changes::Changes;
use super::{ChangeKind, ChangeState, Dialog, Model, NotificationAction, PendingChange, Severity, StepContext};
use crate::api::{ApiError, Deleted, ErrorKind};
use crate::domain::{Schedule, ScheduleId, sanitize_for_display, shorten_middle};
use crate::draft::SchedulePatch;
use crate::msg::{ChangeEvent, CreateOutcome, DeleteOutcome, UpdateOutcome};

impl Model {
    pub(super) fn apply_change(&mut self, event: ChangeEvent, cx: &mut StepContext) {
        let is_awaited = |ticket| self.data.session.open().is_some_and(|open| open.changes.awaits(ticket));
        match event {
            ChangeEvent::CreateChecking(ticket) if is_awaited(ticket) => self.set_state(ChangeState::Checking),
            ChangeEvent::ScheduleCreated(ticket, outcome) if is_awaited(ticket) => self.created(outcome, cx),
            ChangeEvent::ScheduleUpdated(ticket, outcome) if is_awaited(ticket) => self.updated(outcome, cx),
            ChangeEvent::ScheduleDeleted(ticket, outcome) if is_awaited(ticket) => self.deleted(outcome, cx),
            ChangeEvent::CreateChecking(_)
            | ChangeEvent::ScheduleCreated(..)
            | ChangeEvent::ScheduleUpdated(..)
            | ChangeEvent::ScheduleDeleted(..) => {}
            ChangeEvent::OpenChanges(changes, warnings) => {
                if let Some(open) = self.data.session.open_mut() {
                    open.changes.take_open(changes, open.journal_account().as_ref());
                }
                warnings.into_iter().for_each(|warning| cx.notify(Severity::Warning, warning));
            }
            ChangeEvent::ChangeNotDismissed(why) => cx.notify(Severity::Warning, why),
        }
    }

    fn changes(&mut self) -> Option<&mut Changes> {
        self.data.session.open_mut().map(|open| &mut open.changes)
    }

    fn end_change(&mut self, cx: &mut StepContext) -> Option<PendingChange> {
        self.changes()?.end(cx)
    }

    fn set_state(&mut self, state: ChangeState) {
        if let Some(changes) = self.changes() {
            changes.set_state(state);
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
                let action =
                    Some(NotificationAction::ShowSchedule(schedule.id.clone())).filter(|_| !schedule.id.is_empty());
                let Some(change) = self.end_change(cx) else { return };
                if !change.is_from_earlier {
                    self.close_form_of_create();
                }
                self.put_and_select(schedule);
                cx.notify_with(Severity::Good, text, None, action);
                self.refresh_schedules(cx);
                if let Some(open) = self.data.session.open_mut().filter(|_| once) {
                    open.refresh_backups(cx);
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
                cx.notify(Severity::Good, self.update_text(&before, &patch));
                self.refresh_schedules(cx);
                if self.data.single_schedule_id() == Some(&before.id) {
                    self.read_schedule(before.id, cx);
                }
                self.put_and_select(schedule);
            }
            UpdateOutcome::Rejected(error) => self.rejected(error, cx),
            UpdateOutcome::Conflict(now) => {
                self.set_state(ChangeState::Conflict(now));
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
                cx.notify(Severity::Good, text);
                self.refresh_schedules(cx);
            }
            DeleteOutcome::Rejected(error) => self.rejected(error, cx),
            DeleteOutcome::Conflict(now) => {
                self.set_state(ChangeState::Conflict(now));
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
            && self.data.change().is_some_and(|change| change.is_cancelled)
            && self.end_change(cx).is_some()
        {
            cx.notify(Severity::Info, "The change was not sent");
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
        self.set_state(ChangeState::Unknown { error: error.clone(), found, current, checked });
        let Some(open) = self.data.session.open_mut() else { return };
        if error.kind == ErrorKind::KeyRefused { open.key_refused(error, cx) } else { open.refresh_schedules(cx) }
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
        let Some(open) = self.data.session.open_mut() else { return };
        if error.kind == ErrorKind::KeyRefused {
            open.key_refused(error.clone(), cx);
        } else if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Conflict) {
            // The list shown is not what the service has.
            open.refresh_schedules(cx);
        }
        if has_dialog {
            open.changes.error = Some(error);
        } else {
            let detail = error.message.iter().cloned().chain([error.advice()]).collect::<Vec<_>>().join(". ");
            cx.notify_with(Severity::Bad, error.sentence(), Some(detail), None);
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
}
