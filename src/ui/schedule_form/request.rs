//! What the form would send, and why it cannot yet. No drawing here.

use std::sync::Arc;

use crate::api::RequestPreview;
use crate::cron::{LocalClock, is_same_cron};
use crate::domain::{Recurrence, ScheduleId, ServiceId};
use crate::draft::{DraftField, FieldError, SchedulePatch};
use crate::model::{ChangeKind, Data, FormPurpose, ScheduleForm};
use crate::msg::ChangeCommand;

/// Above this many schedules no duplicate is looked for, as that is done in every frame.
const MAX_DUPLICATE_SEARCH: usize = 2_000;

/// The clock of this computer, for times that are typed on it.
pub(super) fn clock(data: &Data) -> LocalClock<'_> {
    LocalClock { zone: data.second_zone(), now: data.now }
}

/// The form as judged in this frame.
pub(super) struct FormValidation {
    /// What creates or updates the schedule; without it, why nothing can be sent although no field is wrong.
    pub(super) request: Result<ChangeCommand, Option<String>>,
    /// What is wrong, field by field, in the order of the form.
    errors: Vec<FieldError>,
}

impl FormValidation {
    pub(super) fn of(data: &Data, form: &ScheduleForm) -> Self {
        match &form.purpose {
            FormPurpose::Create | FormPurpose::BackUpNow => match form.draft.parse(clock(data)) {
                Ok(new) => Self { request: Ok(ChangeCommand::CreateSchedule(Arc::new(new))), errors: Vec::new() },
                Err(errors) => Self { request: Err(None), errors },
            },
            FormPurpose::Edit(id) => Self::of_edit(data, form, id),
        }
    }

    /// Of the time alone, which is sent for several schedules.
    pub(super) fn of_time(data: &Data, form: &ScheduleForm) -> Self {
        let error = form.draft.when.cron(clock(data)).and_then(Result::err);
        Self { request: Err(None), errors: error.into_iter().collect() }
    }

    fn of_edit(data: &Data, form: &ScheduleForm, id: &ScheduleId) -> Self {
        let without_errors = |request| Self { request, errors: Vec::new() };
        let cron = match form.draft.when.cron(clock(data)).filter(|_| !form.draft.when.is_kept()) {
            Some(Err(error)) => return Self { request: Err(None), errors: vec![error] },
            Some(Ok(cron)) => Some(cron),
            None => None,
        };
        let before = match data.lists().target(id) {
            Ok(before) => before,
            Err(why_not) => return without_errors(Err(Some(why_not.sentence(&format!("Schedule {}", id.shown()))))),
        };
        let patch = SchedulePatch::between(before, &form.draft.backup_type, cron.as_ref());
        if patch.is_empty() {
            return without_errors(Err(Some("Nothing is changed yet".to_owned())));
        }
        without_errors(Ok(ChangeCommand::UpdateSchedule(id.clone(), patch)))
    }

    /// What is wrong, field by field, in the order of the form.
    pub(super) fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// What is shown and copied of the request; `None` for a schedule that no request can name.
    pub(super) fn preview(&self) -> Option<RequestPreview> {
        match self.request.as_ref().ok()? {
            ChangeCommand::CreateSchedule(new) => Some(RequestPreview::of_create(new)),
            ChangeCommand::UpdateSchedule(id, patch) => RequestPreview::of_update(id, patch),
            _ => None,
        }
    }

    /// The first field that is wrong.
    pub(super) fn first_wrong(&self) -> Option<DraftField> {
        self.errors.first().map(|error| error.field)
    }

    /// The error of a field, once the field was filled or the form was tried.
    pub(super) fn error(&self, form: &ScheduleForm, is_it: impl Fn(&DraftField) -> bool) -> Option<&FieldError> {
        let draft = &form.draft;
        self.errors.iter().find(|error| is_it(&error.field)).filter(|error| {
            form.tried
                || match error.field {
                    DraftField::Service => !draft.service.is_empty(),
                    DraftField::BackupType | DraftField::Plan(_) | DraftField::Cron(_) => true,
                    DraftField::Bucket | DraftField::S3(_) | DraftField::KeyFile => draft.bucket.is_filled(error.field),
                    DraftField::Object | DraftField::EncryptionKey | DraftField::Target => false,
                }
        })
    }

    /// The same as the text of the message.
    pub(super) fn message(&self, form: &ScheduleForm, field: DraftField) -> Option<&str> {
        self.error(form, |it| *it == field).map(|error| error.message.as_str())
    }
}

/// What this form asked for is on its way.
pub(super) fn is_sending(data: &Data, form: &ScheduleForm) -> bool {
    data.change().filter(|change| change.is_under_way()).is_some_and(|change| match &form.purpose {
        FormPurpose::Create | FormPurpose::BackUpNow => matches!(change.kind, ChangeKind::Create(_)),
        FormPurpose::Edit(id) => change.concerns(id),
    })
}

/// The words of the primary button.
pub(super) fn button_words(purpose: &FormPurpose, is_sending: bool) -> &'static str {
    match (purpose, is_sending) {
        (FormPurpose::Create, false) => "Create schedule",
        (FormPurpose::Create, true) => "Creating…",
        (FormPurpose::BackUpNow, false) => "Back up now",
        (FormPurpose::BackUpNow, true) => "Requesting…",
        (FormPurpose::Edit(_), false) => "Save changes",
        (FormPurpose::Edit(_), true) => "Saving…",
    }
}

/// Another schedule that does the same: same service, type and expression.
pub(super) fn duplicate(data: &Data, form: &ScheduleForm) -> Option<ScheduleId> {
    let rows = data.schedules().rows();
    if rows.len() > MAX_DUPLICATE_SEARCH {
        return None;
    }
    let service = ServiceId::from_typed(&form.draft.service)?;
    let cron = form.draft.when.cron(clock(data))?.ok()?;
    let own = match &form.purpose {
        FormPurpose::Edit(id) => Some(id),
        FormPurpose::Create | FormPurpose::BackUpNow => None,
    };
    let duplicate = rows.iter().find(|row| {
        row.service_id.as_ref() == Some(&service)
            && row.backup_type.as_ref() == Some(&form.draft.backup_type)
            && Some(&row.id) != own
            && matches!(&row.recurrence, Some(Recurrence::Cron(text)) if is_same_cron(text, cron.as_str()))
    });
    duplicate.map(|row| row.id)
}
