//! A change before it is sent: what the request will be, and the same as a command for a shell.

use super::curl::{Shell, curl_command};
use super::request::{Request, SecretText};
use crate::domain::{ApiUrl, ScheduleId};
use crate::draft::{NewSchedule, RestoreRequest, SchedulePatch};

/// The request of a change, made by the same functions as the one that is sent; secrets are hidden in it.
pub struct RequestPreview {
    shown: Request,
    /// With the name of a shell variable in place of each secret.
    for_shell: Request,
}

impl RequestPreview {
    /// Of creating this schedule.
    #[must_use]
    pub fn of_create(new: &NewSchedule) -> Self {
        Self {
            shown: Request::create_schedule(new, SecretText::Hidden),
            for_shell: Request::create_schedule(new, SecretText::Variable),
        }
    }

    /// Of starting this restore.
    #[must_use]
    pub fn of_restore(request: &RestoreRequest) -> Self {
        Self {
            shown: Request::create_restore(request, SecretText::Hidden),
            for_shell: Request::create_restore(request, SecretText::Variable),
        }
    }

    /// Of this change; `None` for an id that no path can carry.
    #[must_use]
    pub fn of_update(id: &ScheduleId, patch: &SchedulePatch) -> Option<Self> {
        let request = Request::update_schedule(id, patch)?;
        Some(Self { shown: request.clone(), for_shell: request })
    }

    /// Of this deletion; `None` for an id that no path can carry.
    #[must_use]
    pub fn of_delete(id: &ScheduleId) -> Option<Self> {
        let request = Request::delete_schedule(id)?;
        Some(Self { shown: request.clone(), for_shell: request })
    }

    /// Method and path: `POST /skybackup/v1/backups/schedules`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.shown.method_name(), self.shown.path_and_query())
    }

    /// The body over several lines, with `(hidden)` in place of secrets.
    #[must_use]
    pub fn body(&self) -> String {
        self.shown.body.as_ref().map(|body| format!("{body:#}")).unwrap_or_default()
    }

    /// The same in one line.
    #[must_use]
    pub fn compact_body(&self) -> String {
        self.shown.body.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    /// The request as a command for a shell. Every secret is a variable, so that the text may be shown and kept.
    #[must_use]
    pub fn curl(&self, base: &ApiUrl, shell: Shell) -> String {
        curl_command(&self.for_shell, base, shell)
    }
}
