//! The outcome of a change: created, changed, deleted, refused, or not known.

use super::session::Workspace;
use super::{ChangeKind, ChangeState, Dialog, NotificationAction, PendingChange, Severity, StepContext, View};
use crate::api::{ApiError, Deleted, ErrorKind};
use crate::domain::{ChangedRow, Restore, Schedule, sanitize_for_display, shorten_middle};
use crate::draft::SchedulePatch;
use crate::grid::Row;
use crate::msg::{ChangeEvent, ChangeOutcome};

impl Workspace {
    pub(super) fn apply_change(&mut self, event: ChangeEvent, view: &mut View, cx: &mut StepContext) {
        let is_awaited = |ticket| self.changes.awaits(ticket);
        match event {
            ChangeEvent::CreateChecking(ticket) if is_awaited(ticket) => self.changes.set_state(ChangeState::Checking),
            ChangeEvent::Ended(ticket, outcome) if is_awaited(ticket) => self.ended(outcome, view, cx),
            ChangeEvent::CreateChecking(_) | ChangeEvent::Ended(..) | ChangeEvent::ChangeNotDismissed(_) => {}
            ChangeEvent::OpenChanges(changes, warnings) => {
                self.changes.take_open(changes, self.record_account().as_ref());
                for warning in warnings {
                    cx.notify(Severity::Warning, warning);
                }
            }
        }
    }

    fn ended(&mut self, outcome: ChangeOutcome, view: &mut View, cx: &mut StepContext) {
        if self.is_in_batch() {
            return self.batch_row_ended(outcome, cx);
        }
        match outcome {
            ChangeOutcome::Created(ChangedRow::Schedule(schedule)) => self.created(*schedule, view, cx),
            ChangeOutcome::Created(ChangedRow::Restore(restore)) => self.restore_started(*restore, view, cx),
            ChangeOutcome::Updated(schedule) => self.updated(schedule, view, cx),
            ChangeOutcome::Deleted(how) => self.deleted(how, view, cx),
            ChangeOutcome::Rejected(error) => self.rejected(error, view, cx),
            ChangeOutcome::Conflict(now) => {
                self.changes.set_state(ChangeState::Conflict(now));
                self.refresh_changed(cx);
            }
            ChangeOutcome::CreationUnknown { error, found, checked } => {
                self.creation_unknown(error, found, checked, cx);
            }
            ChangeOutcome::Unknown { error, now } => self.not_known(error, now, cx),
        }
    }

    fn created(&mut self, schedule: Schedule, view: &mut View, cx: &mut StepContext) {
        let schedule = self.completed(schedule);
        let once = schedule.is_once();
        let label = self.label_of(&schedule);
        let text = if once { format!("Backup of {label} requested") } else { format!("Schedule for {label} created") };
        let action = Some(NotificationAction::ShowSchedule(schedule.id.clone())).filter(|_| !schedule.id.is_empty());
        let Some(change) = self.changes.end(cx) else { return };
        if self.is_target_backup(&change.mark.id) {
            self.target_backup_settled(&change.mark.id, true, cx);
        } else if !change.is_from_earlier {
            view.close_form_of_create();
        }
        self.put_and_select(schedule);
        cx.notify_with(Severity::Good, text, None, action);
        self.refresh_schedules(cx);
        if once {
            self.refresh_backups(cx);
        }
    }

    /// A row that was just written is in the table at once, and selected.
    fn put_and_select(&mut self, schedule: Schedule) {
        if !schedule.id.is_empty() {
            self.lists.schedules.select_when_shown(schedule.id.as_str());
            self.lists.schedules.put(schedule);
        }
    }

    /// A response may leave out what was sent; the row shows it all the same until the list is read again.
    pub(super) fn completed(&self, mut schedule: Schedule) -> Schedule {
        let Some(ChangeKind::Create(new)) = self.changes.pending.as_ref().map(|change| &change.kind) else {
            return schedule;
        };
        schedule.service_id.get_or_insert_with(|| new.service_id.clone());
        schedule.backup_type.get_or_insert_with(|| new.backup_type.clone());
        schedule.recurrence.get_or_insert_with(|| new.recurrence.clone());
        if schedule.service_name.is_none() {
            let service = self.lists.known_services().iter().find(|service| service.id == new.service_id);
            schedule.service_name = service.and_then(|service| service.name.clone());
        }
        schedule
    }

    fn updated(&mut self, schedule: Schedule, view: &mut View, cx: &mut StepContext) {
        let Some(change) = self.changes.end(cx) else { return };
        self.note_outcome(&change, cx.service_now);
        let PendingChange { kind: ChangeKind::Update(before, patch), .. } = change else { return };
        if patch.suspended.is_none() {
            view.close_form_of_edit(&before.id);
        }
        view.close_question(&before.id);
        cx.notify(Severity::Good, self.update_text(&before, &patch));
        self.refresh_schedules(cx);
        if self.lists.single_schedule_id.as_ref() == Some(&before.id) {
            self.read_schedule(before.id, cx);
        }
        self.put_and_select(schedule);
    }

    fn deleted(&mut self, how: Deleted, view: &mut View, cx: &mut StepContext) {
        let Some(change) = self.changes.end(cx) else { return };
        self.note_outcome(&change, cx.service_now);
        let schedule = match change.kind {
            ChangeKind::Delete(schedule) => schedule,
            ChangeKind::DeleteRestore(restore) => return self.restore_deleted(&restore, how, view, cx),
            ChangeKind::Create(_) | ChangeKind::Update(..) | ChangeKind::Restore(_) => return,
        };
        view.close_question(&schedule.id);
        view.close_form_of_edit(&schedule.id);
        self.lists.schedules.remove(schedule.id.as_str());
        let text = match how {
            Deleted::Deleted => format!("Schedule of {} deleted", self.label_of(&*schedule)),
            Deleted::AlreadyGone => format!("The schedule of {} was already gone", self.label_of(&*schedule)),
        };
        let action = (!schedule.is_once()).then_some(NotificationAction::Recreate(schedule));
        cx.notify_with(Severity::Good, text, None, action);
        self.refresh_schedules(cx);
    }

    /// A creation without a response; what looks like it is in the table at once.
    pub(super) fn creation_unknown(
        &mut self,
        error: ApiError,
        found: Vec<ChangedRow>,
        checked: bool,
        cx: &mut StepContext,
    ) {
        for row in &found {
            match row {
                ChangedRow::Schedule(schedule) => self.lists.schedules.put(Schedule::clone(schedule)),
                ChangedRow::Restore(restore) => self.lists.restores.put(Restore::clone(restore)),
            }
        }
        self.unknown(error, found, None, checked, cx);
    }

    /// A change or deletion whose outcome a reading did not settle. One that the user gave up, of a schedule that is there as it
    /// was, is settled: it did not go out.
    fn not_known(&mut self, error: ApiError, now: Option<ChangedRow>, cx: &mut StepContext) {
        let is_settled = now.is_some() && self.changes.pending.as_ref().is_some_and(|change| change.is_cancelled);
        if is_settled && let Some(change) = self.changes.end(cx) {
            cx.notify(Severity::Info, "The change was not sent");
            return self.refresh_list(change.kind.is_of_restore(), cx);
        }
        let checked = now.is_some();
        self.unknown(error, Vec::new(), now, checked, cx);
    }

    pub(super) fn unknown(
        &mut self,
        error: ApiError,
        found: Vec<ChangedRow>,
        current: Option<ChangedRow>,
        checked: bool,
        cx: &mut StepContext,
    ) {
        self.changes.set_state(ChangeState::Unknown { error: error.clone(), found, current, checked });
        if error.kind == ErrorKind::KeyRefused { self.key_refused(error, cx) } else { self.refresh_changed(cx) }
    }

    /// Nothing was changed: the dialog that asked stays with its texts and shows why; where it was closed, a notice does.
    fn rejected(&mut self, error: ApiError, view: &mut View, cx: &mut StepContext) {
        let Some(change) = self.changes.end(cx) else { return };
        self.target_backup_settled(&change.mark.id, false, cx);
        let has_dialog = match (&view.dialog, &change.kind) {
            _ if change.is_from_earlier => false,
            (Some(Dialog::Restore), ChangeKind::Create(_) | ChangeKind::Restore(_)) => true,
            (Some(Dialog::Schedule), ChangeKind::Create(_)) => view.form_edits().is_none(),
            (Some(Dialog::Schedule), ChangeKind::Update(schedule, _)) => view.form_edits() == Some(&schedule.id),
            (Some(Dialog::Delete(id)), ChangeKind::Delete(schedule))
            | (Some(Dialog::Suspend(id)), ChangeKind::Update(schedule, _)) => *id == schedule.id,
            (Some(Dialog::DeleteRestore(id)), ChangeKind::DeleteRestore(restore)) => *id == restore.id,
            _ => false,
        };
        if error.kind == ErrorKind::KeyRefused {
            self.key_refused(error.clone(), cx);
        } else if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Conflict) {
            // The list shown is not what the service has.
            self.refresh_list(change.kind.is_of_restore(), cx);
        }
        if has_dialog {
            self.changes.error = Some(error);
        } else {
            let detail = error.message.iter().cloned().chain([error.advice()]).collect::<Vec<_>>().join(". ");
            cx.notify_with(Severity::Bad, error.sentence(), Some(detail), None);
        }
    }

    /// Reads the list of the pending change again.
    fn refresh_changed(&mut self, cx: &mut StepContext) {
        let is_of_restore = self.changes.pending.as_ref().is_some_and(|change| change.kind.is_of_restore());
        self.refresh_list(is_of_restore, cx);
    }

    fn refresh_list(&mut self, is_of_restores: bool, cx: &mut StepContext) {
        if is_of_restores { self.refresh_restores(cx) } else { self.refresh_schedules(cx) }
    }

    /// What a notice calls the service of a row.
    pub(super) fn label_of<R: Row>(&self, row: &R) -> String {
        shorten_middle(&sanitize_for_display(&self.lists.service_label(row)), 48)
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
