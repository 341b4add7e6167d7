//! Opening, filling and closing the schedule form.

use jiff::Timestamp;

use super::{Data, Dialog, FormPurpose, KeyFile, Model, NewestFull, ScheduleForm, Severity, StepContext, View};
use crate::api::Completeness;
use crate::cron::PlanZone;
use crate::domain::{Backup, BackupType, Schedule, ScheduleId, ServiceId, StatusKind, snapshots_only};
use crate::draft::{BucketDraft, CredentialsInput, RestoreInput, ScheduleDraft, When};
use crate::msg::{Effect, FileEffect, FormCommand, FormEvent, PickedPath, Ticket, WindowEffect};

impl Model {
    pub(super) fn handle_form(&mut self, command: FormCommand, cx: &mut StepContext) {
        match command {
            FormCommand::NewSchedule(service) => self.open_form(FormPurpose::Create, service, cx),
            FormCommand::BackUpNow(service) => self.open_form(FormPurpose::BackUpNow, service, cx),
            FormCommand::EditSchedule(id) => self.open_edit(id, cx),
            FormCommand::ReopenForm => {
                if self.view.form.is_some() {
                    self.view.open(Dialog::Schedule);
                } else {
                    self.open_form(FormPurpose::Create, None, cx);
                }
            }
            FormCommand::PickKeyFile => {
                let ticket = cx.ticket();
                let Some((_, key_file)) = self.view.bucket_form() else { return };
                key_file.asked = Some(ticket);
                cx.push(Effect::Window(WindowEffect::PickKeyFile(ticket)));
            }
        }
    }

    /// Opens the form; an unfinished draft of the same purpose comes back as it was left.
    fn open_form(&mut self, purpose: FormPurpose, service: Option<ServiceId>, cx: &mut StepContext) {
        if self.another_form_is_sent(&purpose, cx) {
            return;
        }
        let Some(open) = self.data.session.open_mut() else { return };
        open.changes.error = None;
        let kept = self.view.form.take().filter(|form| form.purpose == purpose);
        let when = match purpose {
            FormPurpose::BackUpNow => When::once(),
            FormPurpose::Create | FormPurpose::Edit(_) => When::new(self.plan_zone()),
        };
        let draft = ScheduleDraft { when, ..ScheduleDraft::default() };
        let mut form = kept.unwrap_or_else(|| ScheduleForm { purpose, draft, ..ScheduleForm::default() });
        if let Some(service) = service {
            service.as_str().clone_into(&mut form.draft.service);
            form.service_search.clear();
        }
        self.view.form = Some(form);
        self.view.open(Dialog::Schedule);
    }

    fn open_edit(&mut self, id: ScheduleId, cx: &mut StepContext) {
        let Ok(schedule) = self.data.lists().target(&id) else { return };
        let Some(draft) = ScheduleDraft::of(schedule, self.plan_zone()) else {
            cx.notify(Severity::Info, "A one-time schedule cannot be edited; create a new one instead");
            return;
        };
        let schedule = schedule.clone();
        let purpose = FormPurpose::Edit(id);
        if self.another_form_is_sent(&purpose, cx) {
            return;
        }
        let Some(open) = self.data.session.open_mut() else { return };
        open.changes.error = None;
        let kept = self.view.form.take().filter(|form| form.purpose == purpose);
        let base = kept.as_ref().and_then(|form| form.base.as_ref());
        let has_moved = base
            .is_some_and(|base| (&base.backup_type, &base.recurrence) != (&schedule.backup_type, &schedule.recurrence));
        if kept.is_some() && has_moved {
            cx.notify(Severity::Info, "The schedule was changed meanwhile. The form shows it as it is now");
        }
        let kept = kept.filter(|_| !has_moved);
        let mut form = kept.unwrap_or_else(|| ScheduleForm { purpose, draft, ..ScheduleForm::default() });
        form.base = Some(schedule);
        self.view.form = Some(form);
        self.view.open(Dialog::Schedule);
    }

    /// Times are typed on the clock that the window shows.
    pub(super) fn plan_zone(&self) -> PlanZone {
        if self.data.zone() == self.data.second_zone() { PlanZone::Local } else { PlanZone::Utc }
    }

    /// The form of a change that is open would make way for another one, and its texts would be lost.
    fn another_form_is_sent(&mut self, purpose: &FormPurpose, cx: &mut StepContext) -> bool {
        let other =
            self.data.change().is_some() && self.view.form.as_ref().is_some_and(|form| form.purpose != *purpose);
        if other {
            cx.notify(Severity::Info, "Another change is not settled yet. Wait for its response first");
        }
        other
    }

    pub(super) fn apply_form(&mut self, event: FormEvent, cx: &mut StepContext) {
        let (FormEvent::KeyFilePicked(ticket, _) | FormEvent::KeyFileRead(ticket, _)) = &event;
        let Some((draft, key_file)) = self.view.bucket_form_that_asked(*ticket) else { return };
        let note = |text: &str| Some(text.to_owned());
        match event {
            FormEvent::KeyFilePicked(ticket, PickedPath::Path(path)) => {
                cx.push(Effect::File(FileEffect::ReadKeyFile(ticket, path)));
            }
            FormEvent::KeyFilePicked(_, PickedPath::NoDialog) => {
                key_file.note =
                    note("No file dialog can open on this computer: paste the content of the key file instead");
            }
            // Whether the dialog was closed or could not open.
            FormEvent::KeyFilePicked(_, PickedPath::Cancelled) if draft.key_file.is_empty() => {
                key_file.note = note("No file was chosen. You can also paste the content of the key file");
            }
            FormEvent::KeyFileRead(_, Ok(text)) => {
                draft.credentials = CredentialsInput::KeyFile;
                draft.key_file = text;
                key_file.note = note("Key file read");
            }
            FormEvent::KeyFileRead(_, Err(error)) => key_file.note = Some(error),
            FormEvent::KeyFilePicked(_, PickedPath::Cancelled) => {}
        }
    }
}

impl View {
    /// The bucket of the form that is open.
    fn bucket_form(&mut self) -> Option<(&mut BucketDraft, &mut KeyFile)> {
        if self.dialog != Some(Dialog::Restore) {
            let form = self.form.as_mut()?;
            return Some((&mut form.draft.bucket, &mut form.key_file));
        }
        let form = self.restore.as_mut()?;
        let RestoreInput::File(file) = &mut form.draft.source else { return None };
        Some((&mut file.bucket, &mut form.key_file))
    }

    /// The same, if it waits for the key file of this ticket.
    fn bucket_form_that_asked(&mut self, ticket: Ticket) -> Option<(&mut BucketDraft, &mut KeyFile)> {
        self.bucket_form().filter(|(_, key_file)| key_file.asked == Some(ticket))
    }

    /// The schedule that the form changes.
    pub(super) fn form_edits(&self) -> Option<&ScheduleId> {
        match &self.form.as_ref()?.purpose {
            FormPurpose::Edit(id) => Some(id),
            FormPurpose::Create | FormPurpose::BackUpNow => None,
        }
    }

    /// The schedule as it was when the form that changes it was opened.
    pub(super) fn edit_base(&self, id: &ScheduleId) -> Option<&Schedule> {
        self.form.as_ref()?.base.as_ref().filter(|base| base.id == *id)
    }

    /// The draft stays, its credentials go.
    pub(super) fn wipe_form_secrets(&mut self) {
        if let Some(form) = &mut self.form {
            form.draft.bucket.clear_secrets();
            form.key_file = KeyFile::default();
        }
    }

    pub(super) fn close_form_of_create(&mut self) {
        if self.form_edits().is_none() {
            self.close_form();
        }
    }

    pub(super) fn close_form_of_edit(&mut self, id: &ScheduleId) {
        if self.form_edits() == Some(id) {
            self.close_form();
        }
    }

    /// The change is done: the draft and its secrets are gone.
    fn close_form(&mut self) {
        if let Some(mut form) = self.form.take() {
            form.draft.bucket.clear_secrets();
        }
        self.dialog.take_if(|dialog| *dialog == Dialog::Schedule);
    }

    /// What the question about this schedule asked for is done.
    pub(super) fn close_question(&mut self, id: &ScheduleId) {
        let asks = [Dialog::Delete(id.clone()), Dialog::Suspend(id.clone())];
        self.dialog.take_if(|dialog| asks.contains(dialog));
    }
}

impl ScheduleForm {
    /// Preselects snapshots for a service that has no other backups, once for each service and never over a choice.
    pub fn suggest_type(&mut self, data: &Data) {
        if matches!(self.purpose, FormPurpose::Edit(_)) || self.type_chosen {
            return;
        }
        let Some(id) = ServiceId::from_typed(&self.draft.service) else { return };
        let Some(service) = data.lists().known_services().iter().find(|service| service.id == id) else { return };
        if self.type_suggested_for.as_ref() == Some(&id) {
            return;
        }
        self.draft.backup_type =
            if snapshots_only(service).is_some() { BackupType::Snapshot } else { BackupType::Full };
        self.type_suggested_for = Some(id);
    }

    /// Looks up the newest good full backup where an incremental wants one: once for a service and a set of rows, not in every frame.
    pub fn look_up_newest_full(&mut self, data: &Data) {
        let revision = data.backups().revision();
        let Some(service) = ServiceId::from_typed(&self.draft.service) else { return };
        let is_known =
            self.newest_full.as_ref().is_some_and(|known| known.revision == revision && known.service == service);
        if self.draft.backup_type != BackupType::Incremental || is_known {
            return;
        }
        let rows = data.backups().rows();
        let fulls = rows.all_facts().zip(0_u32..).filter(|(facts, _)| {
            facts.service_id == service.as_str()
                && facts.backup_type == BackupType::Full.as_api_str()
                && StatusKind::of(facts.status) == StatusKind::Good
        });
        let newest = fulls.max_by_key(|(facts, _)| facts.at.unwrap_or(Timestamp::MAX));
        let newest = newest.and_then(|(_, at)| rows.get(at));
        self.newest_full = Some(NewestFull { revision, service, backup: newest });
    }

    /// The backups that matter for the warnings: the newest good full one, or none; `None` where the list cannot tell.
    #[must_use]
    pub fn known_fulls(&self, data: &Data) -> Option<Vec<&Backup>> {
        let known = self.newest_full.as_ref()?;
        if let Some(backup) = &known.backup {
            return Some(vec![backup]);
        }
        let query = &data.lists().query;
        let is_whole = data.backups().remote.at.is_some()
            && data.backups().completeness == Completeness::Complete
            && query.status.is_none()
            && query.service_id.as_ref().is_none_or(|service| *service == known.service);
        is_whole.then(Vec::new)
    }
}
