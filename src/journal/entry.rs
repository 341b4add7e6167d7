//! What is remembered of a change: enough to find out its outcome, and nothing that is secret.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::{BackupType, Recurrence, Schedule, ScheduleId, ServiceId, Text};
use crate::draft::{NewSchedule, SchedulePatch};

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

/// A change that was sent, or is about to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "JournalLine", from = "JournalLine")]
pub struct OpenChange {
    /// Which change.
    pub mark: ChangeMark,
    /// What was sent.
    pub change: SentChange,
}

/// What was sent.
#[derive(Clone, Debug, PartialEq)]
pub enum SentChange {
    /// `POST /backups/schedules`.
    Create {
        /// What was asked for; its storage is not kept.
        new: NewSchedule,
        /// The backups were to go to a bucket of the user's own.
        own_bucket: bool,
        /// The ids of the service's schedules before it was sent: whatever is new came later.
        before: Vec<ScheduleId>,
    },
    /// `PATCH /backups/schedules/{id}`.
    Update {
        /// The schedule before, as far as it matters here.
        schedule: Box<Schedule>,
        /// What was to change.
        patch: SchedulePatch,
    },
    /// `DELETE /backups/schedules/{id}`.
    Delete {
        /// The schedule before, as far as it matters here.
        schedule: Box<Schedule>,
    },
}

impl OpenChange {
    /// The change without what is not kept, as it will be read back.
    #[must_use]
    pub fn as_persisted(self) -> Self {
        Self::from(JournalLine::from(self))
    }
}

/// A change as it is in the file. Every text is a word of the API.
#[derive(Serialize, Deserialize)]
struct JournalLine {
    #[serde(flatten)]
    mark: ChangeMark,
    #[serde(flatten)]
    change: JournalChange,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
enum JournalChange {
    Create { service_id: ServiceId, backup_type: Text, schedule: Text, own_bucket: bool, before: Vec<ScheduleId> },
    Update { before: LineSchedule, to: LineFields },
    Delete { before: LineSchedule },
}

#[derive(Serialize, Deserialize)]
struct LineSchedule {
    id: ScheduleId,
    service_id: Option<ServiceId>,
    service_name: Option<Text>,
    #[serde(flatten)]
    fields: LineFields,
}

/// What a change can change.
#[derive(Serialize, Deserialize)]
struct LineFields {
    #[serde(rename = "type")]
    backup_type: Option<Text>,
    schedule: Option<Text>,
    suspended: Option<bool>,
}

impl From<OpenChange> for JournalLine {
    fn from(open: OpenChange) -> Self {
        let change = match open.change {
            SentChange::Create { new, own_bucket, before } => JournalChange::Create {
                service_id: new.service_id,
                backup_type: new.backup_type.as_api_str().into(),
                schedule: new.recurrence.as_str().into(),
                own_bucket,
                before,
            },
            SentChange::Update { schedule, patch } => JournalChange::Update {
                before: (*schedule).into(),
                to: LineFields {
                    backup_type: patch.backup_type.map(|kind| kind.as_api_str().into()),
                    schedule: patch.recurrence,
                    suspended: patch.suspended,
                },
            },
            SentChange::Delete { schedule } => JournalChange::Delete { before: (*schedule).into() },
        };
        Self { mark: open.mark, change }
    }
}

impl From<JournalLine> for OpenChange {
    fn from(line: JournalLine) -> Self {
        let change = match line.change {
            JournalChange::Create { service_id, backup_type, schedule, own_bucket, before } => SentChange::Create {
                new: NewSchedule {
                    service_id,
                    backup_type: BackupType::from_word(&backup_type),
                    recurrence: Recurrence::read(&schedule),
                    storage: None,
                },
                own_bucket,
                before,
            },
            JournalChange::Update { before, to } => SentChange::Update {
                schedule: Box::new(before.into()),
                patch: SchedulePatch {
                    backup_type: to.backup_type.as_deref().map(BackupType::from_word),
                    recurrence: to.schedule,
                    suspended: to.suspended,
                },
            },
            JournalChange::Delete { before } => SentChange::Delete { schedule: Box::new(before.into()) },
        };
        Self { mark: line.mark, change }
    }
}

impl From<Schedule> for LineSchedule {
    fn from(schedule: Schedule) -> Self {
        let fields = LineFields {
            backup_type: schedule.backup_type.map(|kind| kind.as_api_str().into()),
            schedule: schedule.recurrence.map(|recurrence| recurrence.as_str().into()),
            suspended: schedule.suspended,
        };
        Self { id: schedule.id, service_id: schedule.service_id, service_name: schedule.service_name, fields }
    }
}

impl From<LineSchedule> for Schedule {
    fn from(line: LineSchedule) -> Self {
        Self {
            id: line.id,
            service_id: line.service_id,
            service_name: line.service_name,
            backup_type: line.fields.backup_type.as_deref().map(BackupType::from_word),
            recurrence: line.fields.schedule.as_deref().map(Recurrence::read),
            suspended: line.fields.suspended,
            ..Self::default()
        }
    }
}
