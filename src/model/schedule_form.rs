//! Opening, filling and closing the schedule form.

use jiff::Timestamp;

use super::{Data, Dialog, FormPurpose, Level, Model, NewestFull, ScheduleForm};
use crate::api::Completeness;
use crate::domain::{Backup, BackupType, CredentialsInput, ScheduleDraft, ScheduleId, ServiceId, StatusKind, Timing};
use crate::msg::{Command, Effect, Event, PickedPath};

impl Model {
    pub(super) fn handle_form(&mut self, command: Command) -> Vec<Effect> {
        match command {
            Command::NewSchedule(service) => self.open_form(FormPurpose::Create, service),
            Command::BackUpNow(service) => self.open_form(FormPurpose::BackUpNow, service),
            Command::EditSchedule(id) => self.open_edit(id),
            Command::ReopenForm => {
                if self.view.form.is_some() {
                    self.view.open(Dialog::Schedule);
                } else {
                    self.open_form(FormPurpose::Create, None);
                }
            }
            Command::PickKeyFile => {
                let ticket = self.data.ticket();
                return vec![Effect::PickKeyFile(ticket)];
            }
            _ => {}
        }
        Vec::new()
    }

    /// Opens the form; an unfinished draft of the same purpose comes back as it was left.
    fn open_form(&mut self, purpose: FormPurpose, service: Option<ServiceId>) {
        if self.data.session.open().is_none() {
            return;
        }
        self.data.write_error = None;
        let kept = self.view.form.take().filter(|form| form.purpose == purpose);
        let mut form = kept.unwrap_or_else(|| {
            let mut draft = ScheduleDraft::default();
            if purpose == FormPurpose::BackUpNow {
                draft.timing = Timing::OnceNow;
            }
            blank(purpose, draft)
        });
        if let Some(service) = service {
            form.draft.service = service.as_str().to_owned();
            form.service_search.clear();
        }
        self.view.form = Some(form);
        self.view.open(Dialog::Schedule);
    }

    fn open_edit(&mut self, id: ScheduleId) {
        let Some(schedule) = self.data.schedules.find(id.as_str()) else { return };
        let Some(draft) = ScheduleDraft::of(schedule) else {
            self.note(Level::Info, "A one-time schedule cannot be edited; create a new one instead");
            return;
        };
        self.data.write_error = None;
        let purpose = FormPurpose::Edit(id);
        let kept = self.view.form.take().filter(|form| form.purpose == purpose);
        self.view.form = Some(kept.unwrap_or_else(|| blank(purpose, draft)));
        self.view.open(Dialog::Schedule);
    }

    /// The deed is done: the draft and its secrets are gone.
    pub(super) fn close_form(&mut self) {
        if let Some(mut form) = self.view.form.take() {
            form.draft.clear_secrets();
        }
        if self.view.dialog == Some(Dialog::Schedule) {
            self.view.dialog = None;
        }
    }

    /// The draft stays, its credentials go.
    pub(super) fn wipe_form_secrets(&mut self) {
        if let Some(form) = &mut self.view.form {
            form.draft.clear_secrets();
            form.key_file_note = None;
        }
    }

    pub(super) fn apply_form(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::KeyFilePicked(ticket, PickedPath::Path(path)) => return vec![Effect::ReadKeyFile(ticket, path)],
            Event::KeyFilePicked(_, PickedPath::NoDialog) => {
                self.key_file_note(
                    "No file dialog can open on this computer: paste the content of the key file instead",
                );
            }
            Event::KeyFileRead(_, Ok(text)) => {
                if let Some(form) = &mut self.view.form {
                    form.draft.credentials = CredentialsInput::KeyFile;
                    form.draft.key_file = text;
                    form.key_file_note = Some("Key file read".to_owned());
                }
            }
            Event::KeyFileRead(_, Err(error)) => self.key_file_note(&error),
            _ => {}
        }
        Vec::new()
    }

    fn key_file_note(&mut self, text: &str) {
        if let Some(form) = &mut self.view.form {
            form.key_file_note = Some(text.to_owned());
        }
    }
}

fn blank(purpose: FormPurpose, draft: ScheduleDraft) -> ScheduleForm {
    ScheduleForm {
        purpose,
        draft,
        service_search: String::new(),
        tried: false,
        preview: false,
        key_file_note: None,
        custom: false,
        newest_full: None,
    }
}

impl ScheduleForm {
    /// Looks up the newest good full backup where an incremental wants one: once for a service and a set of rows, not in every frame.
    pub fn look_up_newest_full(&mut self, data: &Data) {
        let revision = data.backups.revision();
        let Some(service) = ServiceId::from_typed(&self.draft.service) else { return };
        let is_known =
            self.newest_full.as_ref().is_some_and(|known| known.revision == revision && known.service == service);
        if self.draft.backup_type != BackupType::Incremental || is_known {
            return;
        }
        let fulls = data.backups.rows().iter().filter(|backup| {
            backup.service_id.as_ref() == Some(&service)
                && backup.backup_type == Some(BackupType::Full)
                && backup.status_kind() == StatusKind::Good
        });
        let newest = fulls.max_by_key(|backup| backup.started_at().unwrap_or(Timestamp::MAX)).cloned();
        self.newest_full = Some(NewestFull { revision, service, backup: newest });
    }

    /// The backups that matter for the warnings: the newest good full one, or none; `None` where the list cannot tell.
    #[must_use]
    pub fn known_fulls(&self, data: &Data) -> Option<Vec<&Backup>> {
        let known = self.newest_full.as_ref()?;
        if let Some(backup) = &known.backup {
            return Some(vec![backup]);
        }
        let query = &data.backup_query;
        let is_whole = data.backups.remote().at().is_some()
            && data.backups.completeness() == &Completeness::Complete
            && query.status.is_none()
            && query.service_id.as_ref().is_none_or(|service| *service == known.service);
        is_whole.then(Vec::new)
    }
}
