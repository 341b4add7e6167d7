//! Changes: created, updated and deleted schedules. One at a time, each sent once; an unknown outcome is said as such.

use std::sync::Arc;

use super::{Data, Dialog, Level, Model, ToastAction};
use crate::api::{ApiError, Deleted, ErrorKind};
use crate::domain::{Cron, NewSchedule, Schedule, ScheduleId, SchedulePatch};
use crate::msg::{Command, CreateOutcome, DeleteOutcome, Effect, Event, Ticket, UpdateOutcome};

/// What is being changed.
#[derive(Clone, Debug)]
pub enum Deed {
    /// A new schedule.
    Create(Arc<NewSchedule>),
    /// A change: the schedule before, and what shall change.
    Update(Box<Schedule>, SchedulePatch),
    /// A deletion.
    Delete(Box<Schedule>),
}

/// How far a change is.
#[derive(Clone, Debug)]
pub enum WriteStage {
    /// On its way.
    Sending,
    /// The answer was lost; the service is being read.
    Checking,
    /// It may or may not have happened.
    Unknown {
        /// What happened to the answer.
        error: ApiError,
        /// For a creation: the ids that were there before.
        before: Vec<ScheduleId>,
        /// For a creation: new schedules that look like it.
        found: Vec<Schedule>,
        /// For a change: the schedule as it is now.
        current: Option<Box<Schedule>>,
        /// The service could be read at least once.
        checked: bool,
    },
}

/// A change under way, or of unknown outcome.
#[derive(Clone, Debug)]
pub struct Write {
    /// Its ticket.
    pub ticket: Ticket,
    /// What it is.
    pub deed: Deed,
    /// How far it is.
    pub stage: WriteStage,
}

impl Write {
    /// On its way or being checked: closing the window now would leave the outcome open.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        !matches!(self.stage, WriteStage::Unknown { .. })
    }

    /// A creation without an answer, of which exactly one new schedule was found: it happened.
    #[must_use]
    pub fn was_found(&self) -> bool {
        let is_create = matches!(self.deed, Deed::Create(_));
        is_create && matches!(&self.stage, WriteStage::Unknown { found, .. } if found.len() == 1)
    }

    /// True if this change is about that schedule.
    #[must_use]
    pub fn concerns(&self, id: &ScheduleId) -> bool {
        match &self.deed {
            Deed::Create(_) => false,
            Deed::Update(schedule, _) | Deed::Delete(schedule) => schedule.id == *id,
        }
    }
}

impl Data {
    /// True while a change may be sent: signed in with a key that works and a profile that allows it, and no other change is open.
    #[must_use]
    pub fn can_write(&self) -> bool {
        self.write.is_none() && !self.is_read_only() && self.session.open().is_some_and(|open| open.refused.is_none())
    }
}

impl Model {
    pub(super) fn handle_write(&mut self, command: Command) -> Vec<Effect> {
        match command {
            Command::CreateSchedule(new) => self.create(new),
            Command::UpdateSchedule(id, patch) => self.update(&id, patch),
            Command::Suspend(id) => {
                self.update(&id, SchedulePatch { suspended: Some(true), ..SchedulePatch::default() })
            }
            Command::Resume(id) => {
                self.update(&id, SchedulePatch { suspended: Some(false), ..SchedulePatch::default() })
            }
            Command::AskDelete(id) => {
                if self.data.schedules.find(id.as_str()).is_some() {
                    self.data.write_error = None;
                    self.view.open(Dialog::Delete(id));
                }
                Vec::new()
            }
            Command::Delete(id) => self.delete(&id),
            Command::CheckWrite => self.check_write(),
            Command::ForgetWrite => {
                if let Some(write) = self.data.write.take_if(|write| !write.is_under_way())
                    && write.was_found()
                {
                    self.close_form_of_create();
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn start(&mut self, deed: Deed) -> Ticket {
        let ticket = self.data.ticket();
        self.data.write_error = None;
        self.data.known_before_write = self.data.schedules.rows().iter().map(|row| row.id.clone()).collect();
        self.data.write = Some(Write { ticket, deed, stage: WriteStage::Sending });
        ticket
    }

    fn create(&mut self, new: Arc<NewSchedule>) -> Vec<Effect> {
        if !self.data.can_write() {
            return Vec::new();
        }
        let ticket = self.start(Deed::Create(Arc::clone(&new)));
        vec![Effect::CreateSchedule { ticket, new }]
    }

    fn update(&mut self, id: &ScheduleId, patch: SchedulePatch) -> Vec<Effect> {
        if !self.data.can_write() {
            return Vec::new();
        }
        let Some(before) = self.data.schedules.find(id.as_str()).cloned() else { return self.not_there(id) };
        let patch = self.without_untouched(id, patch);
        if patch.is_empty() {
            self.close_form_of_edit(id);
            self.note(Level::Info, "Nothing was changed, so nothing was sent");
            return Vec::new();
        }
        let ticket = self.start(Deed::Update(Box::new(before), patch.clone()));
        vec![Effect::UpdateSchedule { ticket, id: id.clone(), patch }]
    }

    /// A field that the person left as it was when the form was opened is not sent, whatever became of it meanwhile.
    fn without_untouched(&self, id: &ScheduleId, mut patch: SchedulePatch) -> SchedulePatch {
        let Some(base) = self.data.edit_base.as_ref().filter(|base| base.id == *id) else { return patch };
        let base_cron = base.recurrence.as_ref().and_then(|text| Cron::parse(text.as_str()).ok());
        patch.backup_type.take_if(|wanted| base.backup_type.as_ref() == Some(wanted));
        patch.recurrence.take_if(|wanted| base_cron.as_ref().is_some_and(|cron| cron.as_str() == wanted.as_str()));
        patch
    }

    /// The schedule went away while a dialog about it was open.
    fn not_there(&mut self, id: &ScheduleId) -> Vec<Effect> {
        self.view.dialog.take_if(|dialog| *dialog == Dialog::Delete(id.clone()));
        self.note(Level::Info, format!("Schedule {id} is no longer there, so nothing was sent"));
        self.refresh_schedules()
    }

    fn delete(&mut self, id: &ScheduleId) -> Vec<Effect> {
        if !self.data.can_write() {
            return Vec::new();
        }
        let Some(schedule) = self.data.schedules.find(id.as_str()).cloned() else { return self.not_there(id) };
        let ticket = self.start(Deed::Delete(Box::new(schedule)));
        vec![Effect::DeleteSchedule { ticket, id: id.clone() }]
    }

    fn check_write(&mut self) -> Vec<Effect> {
        if !self.data.can_read() {
            return Vec::new();
        }
        let ticket = self.data.ticket();
        let Some(write) = &mut self.data.write else { return Vec::new() };
        let WriteStage::Unknown { error, before, .. } = &write.stage else { return Vec::new() };
        let (error, before) = (error.clone(), before.clone());
        write.ticket = ticket;
        write.stage = WriteStage::Checking;
        vec![match &write.deed {
            Deed::Create(new) => Effect::CheckCreate { ticket, new: Arc::clone(new), before },
            Deed::Update(schedule, patch) => {
                Effect::CheckUpdate { ticket, id: schedule.id.clone(), patch: patch.clone(), error }
            }
            Deed::Delete(schedule) => Effect::CheckDelete { ticket, id: schedule.id.clone(), error },
        }]
    }

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
                let label = schedule.service_label().to_owned();
                let text =
                    if once { format!("Backup of {label} requested") } else { format!("Schedule for {label} created") };
                let action = Some(ToastAction::ShowSchedule(schedule.id.clone())).filter(|_| !schedule.id.is_empty());
                self.data.write = None;
                self.close_form_of_create();
                if !schedule.id.is_empty() {
                    self.data.schedules.put(schedule);
                }
                self.data.toasts.add(Level::Good, text, None, action, self.data.now);
                let mut effects = self.refresh_schedules();
                if once {
                    effects.extend(self.refresh_backups());
                }
                effects
            }
            CreateOutcome::Rejected(error) => self.rejected(error),
            CreateOutcome::Unknown { error, before, found, checked } => {
                let stage = WriteStage::Unknown { error, before, found, current: None, checked };
                self.set_stage(stage);
                self.refresh_schedules()
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
                let Some(Write { deed: Deed::Update(before, patch), .. }) = self.data.write.take() else {
                    return Vec::new();
                };
                if patch.suspended.is_none() {
                    self.close_form_of_edit(&before.id);
                }
                self.note(Level::Good, update_text(&before, &patch));
                let mut effects = self.refresh_schedules();
                if self.data.single_schedule_id.as_ref() == Some(&before.id) {
                    effects.extend(self.read_schedule(before.id));
                }
                if !schedule.id.is_empty() {
                    self.data.schedules.put(schedule);
                }
                effects
            }
            UpdateOutcome::Rejected(error) => self.rejected(error),
            UpdateOutcome::Unknown { error, now } => {
                let checked = now.is_some();
                let current = now.map(Box::new);
                self.set_stage(WriteStage::Unknown { error, before: Vec::new(), found: Vec::new(), current, checked });
                self.refresh_schedules()
            }
        }
    }

    fn deleted(&mut self, outcome: DeleteOutcome) -> Vec<Effect> {
        match outcome {
            DeleteOutcome::Gone(how) => {
                let Some(Write { deed: Deed::Delete(schedule), .. }) = self.data.write.take() else {
                    return Vec::new();
                };
                self.view.dialog.take_if(|dialog| *dialog == Dialog::Delete(schedule.id.clone()));
                self.close_form_of_edit(&schedule.id);
                self.data.schedules.remove(schedule.id.as_str());
                let text = match how {
                    Deleted::Deleted => format!("Schedule {} of {} deleted", schedule.id, schedule.service_label()),
                    Deleted::AlreadyGone => format!("Schedule {} was already gone", schedule.id),
                };
                self.note(Level::Good, text);
                self.refresh_schedules()
            }
            DeleteOutcome::Rejected(error) => self.rejected(error),
            DeleteOutcome::Unknown { error, now } => {
                let (before, found, checked) = (Vec::new(), Vec::new(), now.is_some());
                let current = now;
                self.set_stage(WriteStage::Unknown { error, before, found, current, checked });
                self.refresh_schedules()
            }
        }
    }

    /// Nothing was changed: the dialog that asked stays with its texts and shows why; where it was closed, a notice does.
    fn rejected(&mut self, error: ApiError) -> Vec<Effect> {
        let Some(write) = self.data.write.take() else { return Vec::new() };
        let has_dialog = match (&self.view.dialog, &write.deed) {
            (Some(Dialog::Schedule), Deed::Create(_)) => self.form_edits().is_none(),
            (Some(Dialog::Schedule), Deed::Update(schedule, _)) => self.form_edits() == Some(&schedule.id),
            (Some(Dialog::Delete(id)), Deed::Delete(schedule)) => *id == schedule.id,
            _ => false,
        };
        let effects = match error.kind {
            ErrorKind::KeyRefused => self.key_refused(error.clone()),
            // The list shown is not what the service has.
            ErrorKind::NotFound | ErrorKind::Conflict => self.refresh_schedules(),
            _ => Vec::new(),
        };
        if has_dialog {
            self.data.write_error = Some(error);
        } else {
            let detail = error.message.iter().cloned().chain([error.advice()]).collect::<Vec<_>>().join(". ");
            self.data.toasts.add(Level::Bad, error.sentence(), Some(detail), None, self.data.now);
        }
        effects
    }

    pub(super) fn break_write(&mut self, ticket: Ticket, error: ApiError) {
        if self.data.write.as_ref().is_some_and(|write| write.ticket == ticket) {
            let before = std::mem::take(&mut self.data.known_before_write);
            self.set_stage(WriteStage::Unknown { error, before, found: Vec::new(), current: None, checked: false });
        }
    }
}

fn update_text(schedule: &Schedule, patch: &SchedulePatch) -> String {
    let label = schedule.service_label();
    match patch.suspended {
        Some(true) => format!("Schedule of {label} suspended"),
        Some(false) => format!("Schedule of {label} resumed"),
        None => format!("Schedule of {label} changed"),
    }
}
