//! What is sent to create and to change a schedule: the very body, so that a preview cannot differ from the request.

use serde_json::{Value, json};

use super::{ApiUrl, BackupType, Cron, ExternalStorage, Recurrence, Schedule, ScheduleId, ServiceId, Text};

/// The path of schedules below the address of the service.
const SCHEDULES_PATH: &str = "skybackup/v1/backups/schedules";

/// A schedule to be created, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSchedule {
    /// `service_id`.
    pub service_id: ServiceId,
    /// `backup_type`.
    pub backup_type: BackupType,
    /// `schedule`: `once` or an expression, never the word `cron`.
    pub recurrence: Recurrence,
    /// `external_storage`; none for the storage of SkySQL.
    pub storage: Option<ExternalStorage>,
}

/// A change of a schedule: only what is to change. Service and storage cannot be changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SchedulePatch {
    /// `backup_type`.
    pub backup_type: Option<BackupType>,
    /// `schedule`, an expression.
    pub recurrence: Option<Text>,
    /// `suspended`.
    pub suspended: Option<bool>,
}

/// Whether a body holds its secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    /// As it is sent.
    Exposed,
    /// As it is shown.
    Masked,
}

impl NewSchedule {
    /// The body of the request.
    #[must_use]
    pub fn body(&self, secrets: Secrets) -> Value {
        self.body_with(|credentials| match secrets {
            Secrets::Exposed => credentials.to_owned(),
            Secrets::Masked => "(hidden)".to_owned(),
        })
    }

    /// The request as a command for a POSIX shell. Key and credentials are variables, so that the text may be shown and kept.
    #[must_use]
    pub fn curl(&self, url: &ApiUrl) -> String {
        const VARIABLE: &str = "$STORAGE_CREDENTIALS";
        let body = self.body_with(|_| VARIABLE.to_owned()).to_string();
        // Quotes inside a value are escaped in JSON, so these words with their quotes stand only where they are the field.
        let field = format!("\"credentials\":\"{VARIABLE}\"");
        let open = format!("\"credentials\":\"'\"{VARIABLE}\"'\"");
        curl("POST", &url.join(SCHEDULES_PATH), &shell_quoted(&body).replace(&field, &open))
    }

    fn body_with(&self, credentials: impl Fn(&str) -> String) -> Value {
        let mut body = json!({
            "service_id": self.service_id.as_str(),
            "backup_type": self.backup_type.word(),
            "schedule": self.recurrence.as_str(),
        });
        if let (Some(storage), Value::Object(fields)) = (&self.storage, &mut body) {
            let mut bucket = json!({ "path": storage.bucket });
            if let (Some(secret), Value::Object(bucket)) = (&storage.credentials, &mut bucket) {
                bucket.insert("credentials".to_owned(), credentials(secret.expose_base64()).into());
            }
            fields.insert("external_storage".to_owned(), json!({ "bucket": bucket }));
        }
        body
    }
}

impl SchedulePatch {
    /// What has to be sent to turn a schedule into the given one. A text that means the same expression is no change.
    #[must_use]
    pub fn between(old: &Schedule, backup_type: &BackupType, cron: &Cron) -> Self {
        let old_text = old.recurrence.as_ref().map(Recurrence::as_str).unwrap_or_default();
        let is_same_cron = Cron::parse(old_text).is_ok_and(|old| old.as_str() == cron.as_str());
        Self {
            backup_type: (old.backup_type.as_ref() != Some(backup_type)).then(|| backup_type.clone()),
            recurrence: (!is_same_cron).then(|| cron.as_str().into()),
            suspended: None,
        }
    }

    /// True where nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The body of the request: the changed fields only.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut fields = serde_json::Map::new();
        if let Some(backup_type) = &self.backup_type {
            fields.insert("backup_type".to_owned(), backup_type.word().into());
        }
        if let Some(recurrence) = &self.recurrence {
            fields.insert("schedule".to_owned(), recurrence.as_str().into());
        }
        if let Some(suspended) = self.suspended {
            fields.insert("suspended".to_owned(), suspended.into());
        }
        Value::Object(fields)
    }

    /// The request as a command for a POSIX shell, the key as a variable.
    #[must_use]
    pub fn curl(&self, url: &ApiUrl, id: &ScheduleId) -> String {
        let path = format!("{SCHEDULES_PATH}/{}", escaped_segment(id.as_str()));
        curl("PATCH", &url.join(&path), &shell_quoted(&self.body().to_string()))
    }
}

fn curl(method: &str, address: &str, quoted_body: &str) -> String {
    let address = shell_quoted(address);
    format!(
        "curl --request {method} {address} \\\n  --header \"X-API-Key: $SKYSQL_API_KEY\" \\\n  --header 'Content-Type: application/json' \\\n  --data {quoted_body}"
    )
}

/// In single quotes, each quote inside written as `'\''`.
fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// One segment of a path; ids are digits so far, anything else is percent-encoded.
fn escaped_segment(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}
