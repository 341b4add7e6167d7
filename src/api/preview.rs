//! A change before it is sent: what the request will be, and the same as a command for a shell.

use super::request::{CredentialsText, Request};
use crate::domain::{ApiUrl, ScheduleId};
use crate::draft::{NewSchedule, SchedulePatch};

/// The request of a change, made by the same functions as the one that is sent; credentials are hidden in it.
pub struct RequestPreview {
    shown: Request,
    /// With the name of a shell variable in place of the credentials.
    for_shell: Request,
}

impl RequestPreview {
    /// Of creating this schedule.
    #[must_use]
    pub fn of_create(new: &NewSchedule) -> Self {
        Self {
            shown: Request::create_schedule(new, CredentialsText::Hidden),
            for_shell: Request::create_schedule(new, CredentialsText::ShellVariable),
        }
    }

    /// Of this change; `None` for an id that no path can carry.
    #[must_use]
    pub fn of_update(id: &ScheduleId, patch: &SchedulePatch) -> Option<Self> {
        let request = Request::update_schedule(id, patch)?;
        Some(Self { shown: request.clone(), for_shell: request })
    }

    /// Method and path: `POST /skybackup/v1/backups/schedules`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.shown.method_name(), self.shown.path_and_query())
    }

    /// The body over several lines, with `(hidden)` in place of credentials.
    #[must_use]
    pub fn body(&self) -> String {
        self.shown.body.as_ref().map(|body| format!("{body:#}")).unwrap_or_default()
    }

    /// The request as a command for a POSIX shell. Key and credentials are variables, so that the text may be shown and kept.
    #[must_use]
    pub fn curl(&self, base: &ApiUrl) -> String {
        let body = self.for_shell.body.as_ref().map(ToString::to_string).unwrap_or_default();
        // Quotes inside a value are escaped in JSON, so these words with their quotes are only in the field itself.
        let variable = CredentialsText::SHELL_VARIABLE;
        let field = format!("\"credentials\":\"{variable}\"");
        let open = format!("\"credentials\":\"'\"{variable}\"'\"");
        format!(
            "curl --request {} {} \\\n  --header \"X-API-Key: $SKYSQL_API_KEY\" \\\n  --header 'Content-Type: {}' \\\n  --data {}",
            self.for_shell.method_name(),
            shell_quoted(&self.for_shell.url(base)),
            Request::CONTENT_TYPE,
            shell_quoted(&body).replace(&field, &open)
        )
    }
}

/// In single quotes, each quote inside written as `'\''`.
fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{BackupType, Recurrence, ServiceId};

    #[test]
    fn the_command_names_the_key_as_a_variable() {
        let new = NewSchedule {
            service_id: ServiceId::new("dbpgf41870263"),
            backup_type: BackupType::Full,
            recurrence: Recurrence::Cron("0 2 * * 1-5".into()),
            storage: None,
        };
        let command = RequestPreview::of_create(&new).curl(&ApiUrl::parse("http://127.0.0.1:8080").unwrap());
        let want = concat!(
            "curl --request POST 'http://127.0.0.1:8080/skybackup/v1/backups/schedules' \\\n",
            "  --header \"X-API-Key: $SKYSQL_API_KEY\" \\\n",
            "  --header 'Content-Type: application/json' \\\n",
            "  --data '{\"backup_type\":\"full\",\"schedule\":\"0 2 * * 1-5\",\"service_id\":\"dbpgf41870263\"}'",
        );
        assert_eq!(command, want);
    }
}
