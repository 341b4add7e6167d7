//! What is sent to create and to change a schedule: the very body, so that a preview cannot differ from the request.

use serde_json::{Value, json};

use super::is_same_expression;
use crate::cron::Cron;
use crate::domain::{ApiUrl, BackupType, Recurrence, Schedule, ScheduleId, ServiceId, Text, encode_component};
use crate::secrets::ExternalStorage;

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

    /// Method and path, as shown above the body.
    #[must_use]
    pub fn request_line(&self) -> String {
        format!("POST /{SCHEDULES_PATH}")
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
            "backup_type": self.backup_type.as_api_str(),
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
    /// What has to be sent to turn a schedule into the given one; without an expression its time stays. Five fields that mean the same
    /// are no change.
    #[must_use]
    pub fn between(old: &Schedule, backup_type: &BackupType, cron: Option<&Cron>) -> Self {
        let old_text = old.recurrence.as_ref().map(Recurrence::as_str).unwrap_or_default();
        Self {
            backup_type: (old.backup_type.as_ref() != Some(backup_type)).then(|| backup_type.clone()),
            recurrence: cron.filter(|cron| !is_same_expression(old_text, cron)).map(|cron| cron.as_str().into()),
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
            fields.insert("backup_type".to_owned(), backup_type.as_api_str().into());
        }
        if let Some(recurrence) = &self.recurrence {
            fields.insert("schedule".to_owned(), recurrence.as_str().into());
        }
        if let Some(suspended) = self.suspended {
            fields.insert("suspended".to_owned(), suspended.into());
        }
        Value::Object(fields)
    }

    /// Method and path, as shown above the body.
    #[must_use]
    pub fn request_line(&self, id: &ScheduleId) -> String {
        format!("PATCH /{}", path_of(id))
    }

    /// The request as a command for a POSIX shell, the key as a variable.
    #[must_use]
    pub fn curl(&self, url: &ApiUrl, id: &ScheduleId) -> String {
        curl("PATCH", &url.join(&path_of(id)), &shell_quoted(&self.body().to_string()))
    }
}

fn path_of(id: &ScheduleId) -> String {
    format!("{SCHEDULES_PATH}/{}", encode_component(id.as_str()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::StorageCredentials;

    fn schedule(storage: Option<ExternalStorage>) -> NewSchedule {
        NewSchedule {
            service_id: ServiceId::new("dbpgf41870263"),
            backup_type: BackupType::Full,
            recurrence: Recurrence::Cron("0 2 * * 1-5".into()),
            storage,
        }
    }

    fn own_bucket(bucket: &str) -> ExternalStorage {
        let credentials = StorageCredentials::from_s3("AKIATESTTESTTEST", "s3cr3t", "eu-west-1").unwrap();
        ExternalStorage { bucket: bucket.to_owned(), credentials: Some(credentials) }
    }

    #[test]
    fn the_body_has_the_keys_of_the_api_and_no_more() {
        let plain = json!({"service_id": "dbpgf41870263", "backup_type": "full", "schedule": "0 2 * * 1-5"});
        assert_eq!(schedule(None).body(Secrets::Exposed), plain);
        let once = NewSchedule { recurrence: Recurrence::Once, ..schedule(None) };
        assert_eq!(once.body(Secrets::Masked)["schedule"], "once");

        let own = schedule(Some(own_bucket("s3://bucket/x/")));
        let secret = own.storage.as_ref().unwrap().credentials.as_ref().unwrap().expose_base64().to_owned();
        let exposed = own.body(Secrets::Exposed);
        assert_eq!(exposed["external_storage"], json!({"bucket": {"path": "s3://bucket/x/", "credentials": secret}}));
        let masked = own.body(Secrets::Masked);
        assert_eq!(masked["external_storage"]["bucket"]["credentials"], "(hidden)");
        assert!(!masked.to_string().contains(&secret) && !format!("{own:?}").contains(&secret));

        let open = schedule(Some(ExternalStorage { credentials: None, ..own_bucket("gs://bucket") }));
        assert_eq!(open.body(Secrets::Exposed)["external_storage"], json!({"bucket": {"path": "gs://bucket"}}));
    }

    #[test]
    fn a_patch_carries_only_what_changed() {
        let cron = |text| Cron::parse(text).unwrap();
        let old = Schedule {
            backup_type: Some(BackupType::Full),
            recurrence: Some(Recurrence::Cron("0 2 * * MON-FRI".into())),
            ..Schedule::default()
        };
        let cases = [
            (BackupType::Full, "0 2 * * 1-5", json!({})),
            (BackupType::Dump, "0 2 * * 1-5", json!({"backup_type": "dump"})),
            (BackupType::Full, "0 3 * * 1-5", json!({"schedule": "0 3 * * 1-5"})),
            (BackupType::Dump, "0 3 * * 1-5", json!({"backup_type": "dump", "schedule": "0 3 * * 1-5"})),
        ];
        for (backup_type, text, want) in cases {
            let patch = SchedulePatch::between(&old, &backup_type, Some(&cron(text)));
            assert_eq!(patch.body(), want);
            assert_eq!(patch.is_empty(), want == json!({}));
        }
        let unreadable = Schedule { recurrence: Some(Recurrence::Cron("cron".into())), ..old };
        let patch = SchedulePatch::between(&unreadable, &BackupType::Full, Some(&cron("0 2 * * *")));
        assert_eq!(patch.body(), json!({"schedule": "0 2 * * *"}));
        let patch = SchedulePatch::between(&unreadable, &BackupType::Dump, None);
        assert_eq!(patch.body(), json!({"backup_type": "dump"}));
        let suspend = SchedulePatch { suspended: Some(true), ..SchedulePatch::default() };
        assert_eq!(suspend.body(), json!({"suspended": true}));
    }

    /// Runs the command in a real shell, with `curl` replaced by a function that prints its last argument.
    #[cfg(unix)]
    fn last_argument(command: &str) -> String {
        let script = format!("curl() {{ for last; do :; done; printf %s \"$last\"; }}\n{command}");
        let shell = std::process::Command::new("sh").args(["-c", &script]).env("STORAGE_CREDENTIALS", "QUJD").output();
        String::from_utf8(shell.unwrap().stdout).unwrap()
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_makes_the_same_body_of_the_command() {
        let url = ApiUrl::parse(ApiUrl::DEFAULT).unwrap();
        for bucket in [
            "s3://bucket/x",
            "s3://it's/$HOME`id`\\",
            "\"credentials\":\"$STORAGE_CREDENTIALS\"",
            "$STORAGE_CREDENTIALS",
        ] {
            let new = schedule(Some(own_bucket(bucket)));
            let command = new.curl(&url);
            assert!(!command.contains(new.storage.as_ref().unwrap().credentials.as_ref().unwrap().expose_base64()));
            let mut want = new.body(Secrets::Masked);
            want["external_storage"]["bucket"]["credentials"] = "QUJD".into();
            assert_eq!(serde_json::from_str::<Value>(&last_argument(&command)).unwrap(), want, "{command}");
        }
        let patch = SchedulePatch { suspended: Some(false), ..SchedulePatch::default() };
        let command = patch.curl(&url, &ScheduleId::new("4312"));
        assert_eq!(last_argument(&command), r#"{"suspended":false}"#);
        assert!(command.contains("'https://api.skysql.com/skybackup/v1/backups/schedules/4312'"), "{command}");
        assert!(patch.curl(&url, &ScheduleId::new("a/b c")).contains("/schedules/a%2Fb%20c'"));
    }

    #[test]
    fn the_command_names_the_key_as_a_variable() {
        let command = schedule(None).curl(&ApiUrl::parse("http://127.0.0.1:8080").unwrap());
        let want = concat!(
            "curl --request POST 'http://127.0.0.1:8080/skybackup/v1/backups/schedules' \\\n",
            "  --header \"X-API-Key: $SKYSQL_API_KEY\" \\\n",
            "  --header 'Content-Type: application/json' \\\n",
            "  --data '{\"backup_type\":\"full\",\"schedule\":\"0 2 * * 1-5\",\"service_id\":\"dbpgf41870263\"}'",
        );
        assert_eq!(command, want);
    }
}
