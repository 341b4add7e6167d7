//! What is remembered of a change: enough to find out its outcome, and nothing that is secret.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{Restore, Schedule, Text};
use crate::draft::{NewSchedule, RestoreRequest, SchedulePatch};

/// Names one change for as long as its outcome is open, over restarts too.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChangeId(String);

impl ChangeId {
    /// The name of the change that was asked for at this moment, as the so-manieth work of its run.
    #[must_use]
    pub fn new(at: Timestamp, number: u64) -> Self {
        Self(format!("{}-{number}", at.as_nanosecond()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Which change, where to and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeMark {
    /// Its name.
    pub id: ChangeId,
    /// Where it is sent: [`crate::settings::Profile::account`]. `None` for a service that ends with this program, so that
    /// nothing has to outlive it.
    pub account: Option<String>,
    /// When, by the clock of the service as far as it is known.
    pub at: Timestamp,
}

/// A change that was sent, or is about to be, as it is in the file. Every text there is a word of the API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenChange {
    /// Which change.
    #[serde(flatten)]
    pub mark: ChangeMark,
    /// What was sent.
    #[serde(flatten)]
    pub change: SentChange,
}

/// What was sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum SentChange {
    /// `POST /backups/schedules`.
    Create {
        /// What was asked for; its storage is not kept.
        #[serde(flatten)]
        new: NewSchedule,
        /// The backups were to go to a bucket of the user's own.
        own_bucket: bool,
        /// The ids of the service's schedules before it was sent: whatever is new came later.
        before: Vec<Text>,
    },
    /// `POST /restores`.
    Restore {
        /// What was asked for; the secrets of its bucket are not kept.
        #[serde(flatten)]
        request: RestoreRequest,
        /// The ids of the restores into its target before it was sent.
        before: Vec<Text>,
    },
    /// `PATCH /backups/schedules/{id}`.
    Update {
        /// The schedule before, as far as it matters here.
        #[serde(rename = "before")]
        schedule: Box<Schedule>,
        /// What was to change.
        #[serde(rename = "to")]
        patch: SchedulePatch,
    },
    /// `DELETE /backups/schedules/{id}`.
    Delete {
        /// The schedule before, as far as it matters here.
        #[serde(rename = "before")]
        schedule: Box<Schedule>,
    },
    /// `DELETE /restores/{id}`.
    DeleteRestore {
        /// The restore before, as far as it matters here.
        #[serde(rename = "before")]
        restore: Box<Restore>,
    },
}

impl SentChange {
    /// The ids of the rows that were there before a creation was sent.
    #[must_use]
    pub fn rows_before(&self) -> &[Text] {
        match self {
            Self::Create { before, .. } | Self::Restore { before, .. } => before,
            Self::Update { .. } | Self::Delete { .. } | Self::DeleteRestore { .. } => &[],
        }
    }
}

impl OpenChange {
    /// The change without the bucket it goes to and without secrets, which are not kept.
    pub(super) fn without_secrets(mut self) -> Self {
        match &mut self.change {
            SentChange::Create { new, .. } => new.storage = None,
            SentChange::Restore { request, .. } => *request = request.clone().without_secrets(),
            SentChange::Update { .. } | SentChange::Delete { .. } | SentChange::DeleteRestore { .. } => {}
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{BackupId, BackupType, Recurrence, RestoreId, ScheduleId, ServiceId};
    use crate::draft::{BucketMethod, BucketSource, RestoreSource};
    use crate::secrets::EncryptionKey;

    /// Files of earlier versions are read too, so the form does not change.
    #[test]
    fn each_change_has_its_form_in_the_file() {
        let schedule = Box::new(Schedule {
            id: ScheduleId::new("301"),
            service_id: Some(ServiceId::new("dbpgf41870263")),
            backup_type: Some(BackupType::Dump),
            recurrence: Some(Recurrence::read("5 4 * * 0")),
            message: Some("not kept".into()),
            ..Schedule::default()
        });
        let new = NewSchedule {
            service_id: ServiceId::new("dbpgf41870263"),
            backup_type: BackupType::Full,
            recurrence: Recurrence::Once,
            storage: None,
        };
        let patch = SchedulePatch { suspended: Some(true), ..SchedulePatch::default() };
        let request = RestoreRequest {
            target: ServiceId::new("dbpgf41870263"),
            source: RestoreSource::Bucket(BucketSource {
                bucket: "gs://b/".to_owned(),
                method: BucketMethod::Mariabackup,
                object: "a.gz".to_owned(),
                credentials: None,
                encryption_key: EncryptionKey::new("not kept"),
            }),
        };
        let restore = Box::new(Restore {
            id: RestoreId::new("13"),
            service_id: Some(ServiceId::new("dbpgf41870263")),
            backup_id: Some(BackupId::new("a:b:c")),
            message: Some("not kept".into()),
            ..Restore::default()
        });
        let before = json!({
            "id": "301", "service_id": "dbpgf41870263", "service_name": null,
            "type": "dump", "schedule": "5 4 * * 0", "suspended": null,
        });
        let cases = [
            (
                SentChange::Create { new, own_bucket: true, before: vec!["200".into()] },
                json!({
                    "deed": "create", "service_id": "dbpgf41870263", "backup_type": "full", "schedule": "once",
                    "own_bucket": true, "before": ["200"],
                }),
            ),
            (
                SentChange::Update { schedule: schedule.clone(), patch },
                json!({
                    "deed": "update", "before": before,
                    "to": { "type": null, "schedule": null, "suspended": true },
                }),
            ),
            (SentChange::Delete { schedule }, json!({ "deed": "delete", "before": before })),
            (
                SentChange::Restore { request, before: vec!["12".into()] },
                json!({
                    "deed": "restore", "target": "dbpgf41870263", "before": ["12"],
                    "source": { "bucket": { "bucket": "gs://b/", "method": "mariabackup", "object": "a.gz" } },
                }),
            ),
            (
                SentChange::DeleteRestore { restore },
                json!({
                    "deed": "delete_restore",
                    "before": { "id": "13", "service_id": "dbpgf41870263", "service_name": null, "backup_id": "a:b:c" },
                }),
            ),
        ];
        for (change, mut want) in cases {
            let mark = ChangeMark { id: ChangeId("7".to_owned()), account: None, at: Timestamp::UNIX_EPOCH };
            let open = OpenChange { mark, change };
            want["id"] = json!("7");
            want["account"] = json!(null);
            want["at"] = json!("1970-01-01T00:00:00Z");
            assert_eq!(serde_json::to_value(&open).unwrap(), want);
        }
    }
}
