//! What the form would send, and why it cannot yet. No drawing here.

use std::sync::Arc;

use crate::domain::{
    ApiUrl, Cron, DraftField, FieldError, NewSchedule, Recurrence, ScheduleDraft, ScheduleId, SchedulePatch, Secrets,
    ServiceId,
};
use crate::model::{Data, Deed, FormPurpose, ScheduleForm, WriteStage};
use crate::msg::Command;

/// Above so many schedules nobody looks for a twin in every frame.
const MAX_TWIN_SEARCH: usize = 2_000;

/// A request that can be sent.
pub(super) enum Request {
    /// A new schedule, or a run now.
    Create(Arc<NewSchedule>),
    /// What changes of a schedule.
    Update(ScheduleId, SchedulePatch),
}

impl Request {
    pub(super) fn into_command(self) -> Command {
        match self {
            Self::Create(new) => Command::CreateSchedule(new),
            Self::Update(id, patch) => Command::UpdateSchedule(id, patch),
        }
    }

    /// Method and path.
    pub(super) fn line(&self) -> String {
        match self {
            Self::Create(new) => new.request_line(),
            Self::Update(id, patch) => patch.request_line(id),
        }
    }

    /// The body over several lines, without its secrets.
    pub(super) fn body_text(&self) -> String {
        match self {
            Self::Create(new) => format!("{:#}", new.body(Secrets::Masked)),
            Self::Update(_, patch) => format!("{:#}", patch.body()),
        }
    }

    /// As a command for a shell, key and credentials as variables.
    pub(super) fn curl(&self, url: &ApiUrl) -> String {
        match self {
            Self::Create(new) => new.curl(url),
            Self::Update(id, patch) => patch.curl(url, id),
        }
    }
}

/// The form as judged in this frame.
pub(super) struct Verdict {
    /// The request, or in a few words why there is none.
    pub(super) request: Result<Request, String>,
    /// What is wrong, field by field.
    errors: Vec<FieldError>,
}

impl Verdict {
    pub(super) fn of(data: &Data, form: &ScheduleForm) -> Self {
        match &form.purpose {
            FormPurpose::Create | FormPurpose::BackUpNow => match form.draft.parse() {
                Ok(new) => Self { request: Ok(Request::Create(Arc::new(new))), errors: Vec::new() },
                Err(errors) => Self { request: Err(reason(&errors, &form.draft)), errors },
            },
            FormPurpose::Edit(id) => Self::of_edit(data, form, id),
        }
    }

    fn of_edit(data: &Data, form: &ScheduleForm, id: &ScheduleId) -> Self {
        let cron = match form.draft.cron() {
            Some(Ok(cron)) => cron,
            Some(Err(error)) => {
                let fix = error.sure_fix().map(|fix| fix.expression.clone());
                let errors = vec![FieldError { field: DraftField::Cron(error.field), message: error.message, fix }];
                return Self { request: Err(reason(&errors, &form.draft)), errors };
            }
            None => {
                return Self { request: Err("A one-time schedule cannot be edited".to_owned()), errors: Vec::new() };
            }
        };
        let request = data
            .target(id)
            .map_err(|why_not| why_not.sentence(id))
            .map(|before| SchedulePatch::between(before, &form.draft.backup_type, &cron))
            .and_then(|patch| if patch.is_empty() { Err("Nothing is changed yet".to_owned()) } else { Ok(patch) })
            .map(|patch| Request::Update(id.clone(), patch));
        Self { request, errors: Vec::new() }
    }

    /// The error of a field, once the field was filled or the form was tried.
    pub(super) fn error(&self, form: &ScheduleForm, is_it: impl Fn(&DraftField) -> bool) -> Option<&FieldError> {
        let draft = &form.draft;
        self.errors.iter().find(|error| is_it(&error.field)).filter(|error| {
            form.tried
                || match error.field {
                    DraftField::Service => !draft.service.is_empty(),
                    DraftField::BackupType | DraftField::Cron(_) => true,
                    DraftField::Bucket => !draft.bucket.is_empty(),
                    DraftField::AccessKeyId => !draft.access_key_id.is_empty(),
                    DraftField::SecretAccessKey => !draft.secret_access_key.is_empty(),
                    DraftField::Region => !draft.region.is_empty(),
                    DraftField::KeyFile => !draft.key_file.is_empty(),
                }
        })
    }

    /// The same as the text of the message.
    pub(super) fn message(&self, form: &ScheduleForm, field: DraftField) -> Option<&str> {
        self.error(form, |it| *it == field).map(|error| error.message.as_str())
    }
}

/// The first thing to do, in a few words.
fn reason(errors: &[FieldError], draft: &ScheduleDraft) -> String {
    let is_empty = |text: &str| text.trim().is_empty();
    match errors.first().map(|error| error.field) {
        Some(DraftField::Service) if is_empty(&draft.service) => "Choose a service",
        Some(DraftField::Service) => "Correct the service",
        Some(DraftField::BackupType) => "Choose a backup type",
        Some(DraftField::Cron(_)) => "Correct the cron expression",
        Some(DraftField::Bucket) if is_empty(&draft.bucket) => "Write the path of the bucket",
        Some(DraftField::Bucket) => "Correct the path of the bucket",
        Some(DraftField::KeyFile) if draft.key_file.is_empty() => "Choose a key file",
        Some(DraftField::KeyFile) => "Correct the key file",
        Some(DraftField::AccessKeyId | DraftField::SecretAccessKey | DraftField::Region) => "Complete the credentials",
        None => "",
    }
    .to_owned()
}

/// What this form asked for is on its way.
pub(super) fn is_sending(data: &Data, form: &ScheduleForm) -> bool {
    data.write.as_ref().filter(|write| write.is_under_way()).is_some_and(|write| match &form.purpose {
        FormPurpose::Create | FormPurpose::BackUpNow => matches!(write.deed, Deed::Create(_)),
        FormPurpose::Edit(id) => write.concerns(id),
    })
}

/// Why nothing can be sent now, whatever the form says.
pub(super) fn obstacle(data: &Data) -> Option<&'static str> {
    if data.can_write() {
        return None;
    }
    Some(match (&data.write, data.session.open()) {
        (None, Some(_)) if data.is_read_only() => "This profile is read only",
        (Some(write), _) if write.is_under_way() => "Another change is being sent",
        (Some(write), _) if matches!(write.stage, WriteStage::Moved(_)) => "Choose above what becomes of this change",
        (Some(_), _) => "The outcome of the last change is not known yet",
        (None, Some(_)) => "The key was refused",
        (None, None) => "You are not signed in",
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
pub(super) fn twin<'a>(data: &'a Data, form: &ScheduleForm) -> Option<&'a ScheduleId> {
    let rows = data.schedules.rows();
    if rows.len() > MAX_TWIN_SEARCH {
        return None;
    }
    let service = ServiceId::from_typed(&form.draft.service)?;
    let cron = form.draft.cron()?.ok()?;
    let own = match &form.purpose {
        FormPurpose::Edit(id) => Some(id),
        FormPurpose::Create | FormPurpose::BackUpNow => None,
    };
    let is_alike = |text: &str| Cron::parse(text).is_ok_and(|it| it.as_str() == cron.as_str());
    let twin = rows.iter().find(|row| {
        row.service_id.as_ref() == Some(&service)
            && row.backup_type.as_ref() == Some(&form.draft.backup_type)
            && Some(&row.id) != own
            && matches!(&row.recurrence, Some(Recurrence::Text(text)) if is_alike(text))
    });
    twin.map(|row| &row.id)
}
