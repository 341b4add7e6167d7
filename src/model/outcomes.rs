//! What became of a change: created, changed, deleted, refused, or not known.

use super::{Deed, Dialog, Level, Model, ToastAction, Write, WriteStage};
use crate::api::{ApiError, Deleted, ErrorKind};
use crate::domain::{Schedule, ScheduleId, SchedulePatch, screen_text, shorten_middle};
use crate::msg::{CreateOutcome, DeleteOutcome, Effect, Event, Ticket, UpdateOutcome};

impl Model {
    pub(super) fn apply_write(&mut self, event: Event) -> Vec<Effect> {
        let ticket = match &event {
            Event::CreateChecking(ticket)
            | Event::ScheduleCreated(ticket, _)
            | Event::ScheduleUpdated(ticket, _)
            | Event::ScheduleDeleted(ticket, _) => *ticket,
            _ => return Vec::new(),
        };
        if self.data.write.as_ref().is_none_or(|write| write.ticket != ticket) {
            return Vec::new();
        }
        match event {
            Event::CreateChecking(_) => {
                self.set_stage(WriteStage::Checking);
                Vec::new()
            }
            Event::ScheduleCreated(_, outcome) => self.created(outcome),
            Event::ScheduleUpdated(_, outcome) => self.updated(outcome),
            Event::ScheduleDeleted(_, outcome) => self.deleted(outcome),
            _ => Vec::new(),
        }
    }

    /// The outcome is proven: the change is over, and so is its note. Only here, after the window knows, so that an outcome that
    /// comes too late to be taken leaves the note for the next look.
    fn end_write(&mut self) -> Option<(Write, Effect)> {
        let write = self.data.write.take()?;
        let forget = Effect::ForgetChange(write.mark.id.clone());
        Some((write, forget))
    }

    fn set_stage(&mut self, stage: WriteStage) {
        if let Some(write) = &mut self.data.write {
            write.stage = stage;
        }
    }

    fn created(&mut self, outcome: CreateOutcome) -> Vec<Effect> {
        match outcome {
            CreateOutcome::Created(schedule) => {
                let schedule = self.completed(schedule);
                let once = schedule.is_once();
                let label = self.label_of(&schedule);
                let text =
                    if once { format!("Backup of {label} requested") } else { format!("Schedule for {label} created") };
                let action = Some(ToastAction::ShowSchedule(schedule.id.clone())).filter(|_| !schedule.id.is_empty());
                let Some((write, forget)) = self.end_write() else { return Vec::new() };
                if !write.is_from_earlier {
                    self.close_form_of_create();
                }
                if !schedule.id.is_empty() {
                    self.data.schedules.select_when_shown(schedule.id.as_str());
                    self.data.schedules.put(schedule);
                }
                self.data.toasts.add(Level::Good, text, None, action, self.data.now);
                let mut effects = vec![forget];
                effects.extend(self.refresh_schedules());
                if once {
                    effects.extend(self.refresh_backups());
                }
                effects
            }
            CreateOutcome::Rejected(error) => self.rejected(error),
            CreateOutcome::Unknown { error, found, checked } => {
                for schedule in &found {
                    self.data.schedules.put(schedule.clone());
                }
                self.unknown(error, found, None, checked)
            }
        }
    }

    /// An answer may leave out what was sent; the row shows it all the same until the list is read again.
    fn completed(&self, mut schedule: Schedule) -> Schedule {
        let Some(Deed::Create(new)) = self.data.write.as_ref().map(|write| &write.deed) else { return schedule };
        schedule.service_id.get_or_insert_with(|| new.service_id.clone());
        schedule.backup_type.get_or_insert_with(|| new.backup_type.clone());
        schedule.recurrence.get_or_insert_with(|| new.recurrence.clone());
        if schedule.service_name.is_none() {
            let service = self.data.known_services().iter().find(|service| service.id == new.service_id);
            schedule.service_name = service.and_then(|service| service.name.clone());
        }
        schedule
    }

    fn updated(&mut self, outcome: UpdateOutcome) -> Vec<Effect> {
        match outcome {
            UpdateOutcome::Updated(schedule) => {
                let Some((Write { deed: Deed::Update(before, patch), .. }, forget)) = self.end_write() else {
                    return Vec::new();
                };
                if patch.suspended.is_none() {
                    self.close_form_of_edit(&before.id);
                }
                self.close_question(&before.id);
                self.note(Level::Good, self.update_text(&before, &patch));
                let mut effects = vec![forget];
                effects.extend(self.refresh_schedules());
                if self.data.single_schedule_id.as_ref() == Some(&before.id) {
                    effects.extend(self.read_schedule(before.id));
                }
                if !schedule.id.is_empty() {
                    self.data.schedules.select_when_shown(schedule.id.as_str());
                    self.data.schedules.put(schedule);
                }
                effects
            }
            UpdateOutcome::Rejected(error) => self.rejected(error),
            UpdateOutcome::Moved(now) => {
                self.set_stage(WriteStage::Moved(now));
                self.refresh_schedules()
            }
            UpdateOutcome::Unknown { error, now } => self.not_known(error, now.map(Box::new)),
        }
    }

    fn deleted(&mut self, outcome: DeleteOutcome) -> Vec<Effect> {
        match outcome {
            DeleteOutcome::Gone(how) => {
                let Some((Write { deed: Deed::Delete(schedule), .. }, forget)) = self.end_write() else {
                    return Vec::new();
                };
                self.close_question(&schedule.id);
                self.close_form_of_edit(&schedule.id);
                self.data.schedules.remove(schedule.id.as_str());
                let text = match how {
                    Deleted::Deleted => format!("Schedule of {} deleted", self.label_of(&schedule)),
                    Deleted::AlreadyGone => format!("The schedule of {} was already gone", self.label_of(&schedule)),
                };
                self.note(Level::Good, text);
                [forget].into_iter().chain(self.refresh_schedules()).collect()
            }
            DeleteOutcome::Rejected(error) => self.rejected(error),
            DeleteOutcome::Moved(now) => {
                self.set_stage(WriteStage::Moved(now));
                self.refresh_schedules()
            }
            DeleteOutcome::Unknown { error, now } => self.not_known(error, now),
        }
    }

    /// What the question about this schedule asked for is done.
    pub(super) fn close_question(&mut self, id: &ScheduleId) {
        let asks = [Dialog::Delete(id.clone()), Dialog::Suspend(id.clone())];
        self.view.dialog.take_if(|dialog| asks.contains(dialog));
    }

    /// A change or deletion whose outcome a reading did not settle. One that the person gave up, of a schedule that is there as it
    /// was, is settled: it did not go out.
    fn not_known(&mut self, error: ApiError, now: Option<Box<Schedule>>) -> Vec<Effect> {
        if now.is_some()
            && let Some(write) = self.data.write.take_if(|write| write.is_given_up)
        {
            self.note(Level::Info, "The change was not sent");
            return [Effect::ForgetChange(write.mark.id)].into_iter().chain(self.refresh_schedules()).collect();
        }
        let checked = now.is_some();
        self.unknown(error, Vec::new(), now, checked)
    }

    fn unknown(
        &mut self,
        error: ApiError,
        found: Vec<Schedule>,
        current: Option<Box<Schedule>>,
        checked: bool,
    ) -> Vec<Effect> {
        self.set_stage(WriteStage::Unknown { error: error.clone(), found, current, checked });
        if error.kind == ErrorKind::KeyRefused { self.key_refused(error) } else { self.refresh_schedules() }
    }

    /// Nothing was changed: the dialog that asked stays with its texts and shows why; where it was closed, a notice does.
    fn rejected(&mut self, error: ApiError) -> Vec<Effect> {
        let Some((write, forget)) = self.end_write() else { return Vec::new() };
        let has_dialog = match (&self.view.dialog, &write.deed) {
            _ if write.is_from_earlier => false,
            (Some(Dialog::Schedule), Deed::Create(_)) => self.form_edits().is_none(),
            (Some(Dialog::Schedule), Deed::Update(schedule, _)) => self.form_edits() == Some(&schedule.id),
            (Some(Dialog::Delete(id)), Deed::Delete(schedule))
            | (Some(Dialog::Suspend(id)), Deed::Update(schedule, _)) => *id == schedule.id,
            _ => false,
        };
        let mut effects = vec![forget];
        effects.extend(match error.kind {
            ErrorKind::KeyRefused => self.key_refused(error.clone()),
            // The list shown is not what the service has.
            ErrorKind::NotFound | ErrorKind::Conflict => self.refresh_schedules(),
            _ => Vec::new(),
        });
        if has_dialog {
            self.data.write_error = Some(error);
        } else {
            let detail = error.message.iter().cloned().chain([error.advice()]).collect::<Vec<_>>().join(". ");
            self.data.toasts.add(Level::Bad, error.sentence(), Some(detail), None, self.data.now);
        }
        effects
    }

    /// What a notice calls the service of a schedule.
    fn label_of(&self, schedule: &Schedule) -> String {
        shorten_middle(&screen_text(&self.data.service_label(schedule)), 48)
    }

    fn update_text(&self, schedule: &Schedule, patch: &SchedulePatch) -> String {
        let label = self.label_of(schedule);
        match patch.suspended {
            Some(true) => format!("Schedule of {label} suspended"),
            Some(false) => format!("Schedule of {label} resumed"),
            None => format!("Schedule of {label} changed"),
        }
    }

    pub(super) fn break_write(&mut self, ticket: Ticket, error: ApiError) {
        if let Some(write) = self.data.write.as_ref().filter(|write| write.ticket == ticket) {
            let error = ApiError { operation: write.deed.operation(), ..error };
            self.set_stage(WriteStage::Unknown { error, found: Vec::new(), current: None, checked: false });
        }
    }
}
