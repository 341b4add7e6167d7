//! A request as a value: built once, sent once or several times, and shown before by [`super::RequestPreview`].

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::record::Operation;
use crate::domain::{ApiUrl, BackupId, ScheduleId, ServiceId};
use crate::draft::{BucketSource, NewSchedule, RestoreRequest, RestoreSource, SchedulePatch};

/// All backups.
pub(super) const BACKUPS: &str = "/skybackup/v1/backups";
/// All schedules.
pub(super) const SCHEDULES: &str = "/skybackup/v1/backups/schedules";
/// One schedule.
pub(super) const SCHEDULE: &str = "/skybackup/v1/backups/schedules/{id}";

/// All restores.
pub(super) const RESTORES: &str = "/skybackup/v1/restores";
/// One restore.
pub(super) const RESTORE: &str = "/skybackup/v1/restores/{id}";
/// The services that a backup can be restored into.
const RESTORE_TARGETS: &str = "/skybackup/v1/restores/lookup";

/// Everything but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A path segment or a query value, percent-encoded.
fn encode_component(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// Largest list response, after decompression.
pub(super) const LIST_BYTES: usize = 16 * 1024 * 1024;
/// Largest response that is one object.
pub(super) const SINGLE_BYTES: usize = 1024 * 1024;

/// One request.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) operation: Operation,
    pub(super) method: Method,
    /// The path with its ids, percent-encoded.
    pub(super) path: String,
    /// The path with names in place of ids, for the log.
    pub(super) template: &'static str,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<Value>,
    /// Largest response accepted.
    pub(super) body_limit: usize,
    /// Attempts of the same request made before: 0, or 1 for a change that is sent again after verification.
    pub(super) attempts_before: u32,
    /// One of several at the same time: tried once, because it is sent again alone where that fails.
    pub(super) is_ahead: bool,
}

/// What a body has in place of the secrets of a bucket.
#[derive(Clone, Copy)]
pub(super) enum SecretText {
    /// The secrets, as they are sent.
    Exposed,
    /// A word, as they are shown.
    Hidden,
    /// The name of a variable, for a shell.
    Variable,
}

impl SecretText {
    /// The fields of a body that are secret, each with its variable.
    pub(super) const VARIABLES: [(&str, &str); 2] = [Self::CREDENTIALS, Self::ENCRYPTION_KEY];
    const CREDENTIALS: (&str, &str) = ("credentials", "STORAGE_CREDENTIALS");
    const ENCRYPTION_KEY: (&str, &str) = ("encryption_key", "STORAGE_ENCRYPTION_KEY");

    /// Adds a field of this secret.
    fn insert(self, body: &mut Map<String, Value>, (field, variable): (&str, &str), secret: &str) {
        let text = match self {
            Self::Exposed => secret,
            Self::Hidden => "(hidden)",
            Self::Variable => variable,
        };
        body.insert(field.to_owned(), text.into());
    }
}

impl Request {
    /// `Content-Type` of every body.
    pub(super) const CONTENT_TYPE: &str = "application/json";

    /// A read of a list.
    pub(super) fn list(operation: Operation, template: &'static str) -> Self {
        Self {
            operation,
            method: Method::GET,
            path: template.to_owned(),
            template,
            query: Vec::new(),
            body: None,
            body_limit: LIST_BYTES,
            attempts_before: 0,
            is_ahead: false,
        }
    }

    /// A call about one object: `{id}` in the template becomes the id. `None` for an id that no path can carry.
    pub(super) fn single(operation: Operation, method: Method, template: &'static str, id: &str) -> Option<Self> {
        // A dot segment would be resolved away and the call would reach another path.
        if id.is_empty() || id == "." || id == ".." {
            return None;
        }
        let path = template.replace("{id}", &encode_component(id).to_string());
        Some(Self { method, path, body_limit: SINGLE_BYTES, ..Self::list(operation, template) })
    }

    /// Creates a schedule, or with `once` starts a backup.
    pub(super) fn create_schedule(new: &NewSchedule, secrets: SecretText) -> Self {
        Self {
            method: Method::POST,
            body: Some(new_schedule_body(new, secrets)),
            body_limit: SINGLE_BYTES,
            ..Self::list(Operation::CreateSchedule, SCHEDULES)
        }
    }

    /// Changes the given fields of a schedule. `None` for an id that no path can carry.
    pub(super) fn update_schedule(id: &ScheduleId, patch: &SchedulePatch) -> Option<Self> {
        let request = Self::single(Operation::UpdateSchedule, Method::PATCH, SCHEDULE, id.as_str())?;
        Some(Self { body: Some(patch_body(patch)), ..request })
    }

    /// Deletes a schedule. `None` for an id that no path can carry.
    pub(super) fn delete_schedule(id: &ScheduleId) -> Option<Self> {
        Self::single(Operation::DeleteSchedule, Method::DELETE, SCHEDULE, id.as_str())
    }

    /// Starts a restore.
    pub(super) fn create_restore(request: &RestoreRequest, secrets: SecretText) -> Self {
        Self {
            method: Method::POST,
            body: Some(restore_body(request, secrets)),
            body_limit: SINGLE_BYTES,
            ..Self::list(Operation::CreateRestore, RESTORES)
        }
    }

    /// Looks up where a backup of this service can be restored. It changes nothing, although it is a POST.
    pub(super) fn find_restore_targets(backup: &BackupId, source: &ServiceId) -> Self {
        Self {
            method: Method::POST,
            body: Some(json!({ "backup_id": backup.as_str(), "service_id": source.as_str() })),
            ..Self::list(Operation::FindRestoreTargets, RESTORE_TARGETS)
        }
    }

    pub(super) fn with_query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub(super) fn with_optional(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with_query(name, value),
            None => self,
        }
    }

    /// The whole address.
    pub(super) fn url(&self, base: &ApiUrl) -> String {
        base.join(&self.path_and_query())
    }

    /// The path with its query, percent-encoded. Neither carries a secret.
    pub(super) fn path_and_query(&self) -> String {
        let mut url = self.path.clone();
        for (index, (name, value)) in self.query.iter().enumerate() {
            url.push(if index == 0 { '?' } else { '&' });
            url.push_str(name);
            url.push('=');
            url.extend(encode_component(value));
        }
        url
    }

    /// The method as a constant text.
    pub(super) fn method_name(&self) -> &'static str {
        match self.method {
            Method::GET => "GET",
            Method::POST => "POST",
            Method::PATCH => "PATCH",
            Method::DELETE => "DELETE",
            _ => "?",
        }
    }
}

fn new_schedule_body(new: &NewSchedule, secrets: SecretText) -> Value {
    let mut body = Map::new();
    body.insert("service_id".to_owned(), new.service_id.as_str().into());
    body.insert("backup_type".to_owned(), new.backup_type.as_api_str().into());
    body.insert("schedule".to_owned(), new.recurrence.as_str().into());
    if let Some(storage) = &new.storage {
        let mut bucket = Map::new();
        bucket.insert("path".to_owned(), storage.bucket.as_str().into());
        if let Some(secret) = &storage.credentials {
            secrets.insert(&mut bucket, SecretText::CREDENTIALS, secret.expose_base64());
        }
        body.insert("external_storage".to_owned(), json!({ "bucket": bucket }));
    }
    Value::Object(body)
}

fn restore_body(request: &RestoreRequest, secrets: SecretText) -> Value {
    let mut body = Map::new();
    body.insert("service_id".to_owned(), request.target.as_str().into());
    body.insert("id".to_owned(), request.source_id().into());
    match &request.source {
        RestoreSource::Backup(_) => {}
        RestoreSource::Moment { at, .. } => {
            body.insert("point_in_time".to_owned(), at.strftime("%Y-%m-%d %H:%M:%S").to_string().into());
        }
        RestoreSource::Bucket(source) => {
            body.insert("external_source".to_owned(), external_source(source, secrets));
        }
    }
    Value::Object(body)
}

fn external_source(source: &BucketSource, secrets: SecretText) -> Value {
    let mut fields = Map::new();
    // Without the slash at its end the service does not take it.
    fields.insert("bucket".to_owned(), format!("{}/", source.bucket.trim_end_matches('/')).into());
    fields.insert("method".to_owned(), source.method.as_api_str().into());
    if let Some(credentials) = &source.credentials {
        secrets.insert(&mut fields, SecretText::CREDENTIALS, credentials.expose_base64());
    }
    if let Some(key) = &source.encryption_key {
        secrets.insert(&mut fields, SecretText::ENCRYPTION_KEY, key.expose());
    }
    Value::Object(fields)
}

/// The changed fields only.
fn patch_body(patch: &SchedulePatch) -> Value {
    let mut fields = Map::new();
    if let Some(backup_type) = &patch.backup_type {
        fields.insert("backup_type".to_owned(), backup_type.as_api_str().into());
    }
    if let Some(recurrence) = &patch.recurrence {
        fields.insert("schedule".to_owned(), recurrence.as_str().into());
    }
    if let Some(suspended) = patch.suspended {
        fields.insert("suspended".to_owned(), suspended.into());
    }
    Value::Object(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{BackupType, Recurrence, ServiceId};
    use crate::secrets::{ExternalStorage, StorageCredentials};

    fn body(request: Request) -> Value {
        request.body.unwrap()
    }

    #[test]
    fn the_body_of_a_new_schedule_has_the_keys_of_the_api_and_no_more() {
        use SecretText::{Exposed, Hidden};
        let schedule = |storage| NewSchedule {
            service_id: ServiceId::new("dbpgf41870263"),
            backup_type: BackupType::Full,
            recurrence: Recurrence::Cron("0 2 * * 1-5".into()),
            storage,
        };
        let create = |new: &NewSchedule, credentials| body(Request::create_schedule(new, credentials));
        let plain = json!({"service_id": "dbpgf41870263", "backup_type": "full", "schedule": "0 2 * * 1-5"});
        assert_eq!(create(&schedule(None), Exposed), plain);
        let once = NewSchedule { recurrence: Recurrence::Once, ..schedule(None) };
        assert_eq!(create(&once, Hidden)["schedule"], "once");

        let credentials = StorageCredentials::from_s3("AKIATESTTESTTEST", "s3cr3t", "eu-west-1").unwrap();
        let secret = credentials.expose_base64().to_owned();
        let bucket = "s3://bucket/x/".to_owned();
        let own = schedule(Some(ExternalStorage { bucket, credentials: Some(credentials) }));
        let sent = create(&own, Exposed);
        assert_eq!(sent["external_storage"], json!({"bucket": {"path": "s3://bucket/x/", "credentials": secret}}));
        let shown = create(&own, Hidden);
        assert_eq!(shown["external_storage"]["bucket"]["credentials"], "(hidden)");
        assert!(!shown.to_string().contains(&secret) && !format!("{own:?}").contains(&secret));

        let open = schedule(Some(ExternalStorage { bucket: "gs://bucket".to_owned(), credentials: None }));
        assert_eq!(create(&open, Exposed)["external_storage"], json!({"bucket": {"path": "gs://bucket"}}));
    }

    #[test]
    fn the_body_of_a_change_has_only_what_changes() {
        let cases = [
            (SchedulePatch::default(), json!({})),
            (
                SchedulePatch { backup_type: Some(BackupType::Dump), ..SchedulePatch::default() },
                json!({"backup_type": "dump"}),
            ),
            (
                SchedulePatch { recurrence: Some("0 3 * * 1-5".into()), ..SchedulePatch::default() },
                json!({"schedule": "0 3 * * 1-5"}),
            ),
            (SchedulePatch { suspended: Some(true), ..SchedulePatch::default() }, json!({"suspended": true})),
        ];
        for (patch, want) in cases {
            assert_eq!(body(Request::update_schedule(&ScheduleId::new("4312"), &patch).unwrap()), want);
        }
    }

    #[test]
    fn ids_and_values_cannot_leave_their_place() {
        let base = ApiUrl::parse("https://api.skysql.com/").unwrap();
        let single = |id: &str| {
            Request::single(Operation::GetSchedule, Method::GET, "/s/{id}", id).map(|request| request.url(&base))
        };
        let cases = [
            ("200", Some("https://api.skysql.com/s/200")),
            ("a:b/c?d#e%", Some("https://api.skysql.com/s/a%3Ab%2Fc%3Fd%23e%25")),
            ("ü x", Some("https://api.skysql.com/s/%C3%BC%20x")),
            ("...", Some("https://api.skysql.com/s/...")),
            ("..", None),
            (".", None),
            ("", None),
        ];
        for (id, want) in cases {
            assert_eq!(single(id).as_deref(), want, "{id}");
        }
        let list = Request::list(Operation::ListBackups, "/b").with_query("status", "a&b=c d+").with_query("page", "1");
        assert_eq!(list.url(&base), "https://api.skysql.com/b?status=a%26b%3Dc%20d%2B&page=1");
    }
}
