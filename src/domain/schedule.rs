//! One schedule, as the API's `Schedule` describes it.

use serde::{Deserialize, Serialize};

use super::{ApiTime, BackupType, ScheduleId, ServiceId, Status, Text};

/// The API's `schedule` text, which is any string: `once`, a cron expression, or the bare word `cron`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Text", into = "Text")]
pub enum Recurrence {
    /// `once`: a single run, now. Such a schedule cannot be edited.
    Once,
    /// Anything else, as it came; [`super::Cron`] reads it where it is an expression.
    Cron(Text),
}

impl Recurrence {
    /// Reads the API's text.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        if text.eq_ignore_ascii_case("once") { Self::Once } else { Self::Cron(text.into()) }
    }

    /// The text as it goes on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Once => "once",
            Self::Cron(text) => text,
        }
    }
}

impl From<Text> for Recurrence {
    fn from(text: Text) -> Self {
        Self::read(&text)
    }
}

impl From<Recurrence> for Text {
    fn from(recurrence: Recurrence) -> Self {
        recurrence.as_str().into()
    }
}

/// `Schedule` of the API: every field but the id is optional there, so it is here. Empty texts arrive as `None`.
/// A file keeps of it what a change can change, and how to name it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// `id`; empty where the API gave none.
    pub id: ScheduleId,
    /// `service_id`.
    pub service_id: Option<ServiceId>,
    /// `service_name`.
    pub service_name: Option<Text>,
    /// `type`.
    #[serde(rename = "type")]
    pub backup_type: Option<BackupType>,
    /// `schedule`.
    #[serde(rename = "schedule")]
    pub recurrence: Option<Recurrence>,
    /// `status`.
    #[serde(skip)]
    pub status: Option<Status>,
    /// `message`: the service's own sentence about the status.
    #[serde(skip)]
    pub message: Option<Text>,
    /// `suspended`: true means that no new backups are made.
    pub suspended: Option<bool>,
    /// `cloud_provider`.
    #[serde(skip)]
    pub cloud_provider: Option<Text>,
    /// `created_at`.
    #[serde(skip)]
    pub created_at: Option<ApiTime>,
    /// `updated_at`.
    #[serde(skip)]
    pub updated_at: Option<ApiTime>,
    /// `scheduled_at`: its meaning for a cron schedule is not documented; shown neutrally.
    #[serde(skip)]
    pub scheduled_at: Option<ApiTime>,
    /// `labels`: any JSON object, as compact JSON text.
    #[serde(skip)]
    pub labels: Option<Box<str>>,
    /// Fields of the response this app does not know or could not read, as one JSON object; none in a normal row.
    #[serde(skip)]
    pub unknown: Option<Box<str>>,
}

impl Schedule {
    /// Only what this app compares and counts: every free text of the service is left out.
    #[must_use]
    pub fn without_free_text(self) -> Self {
        Self { service_name: None, message: None, cloud_provider: None, labels: None, unknown: None, ..self }
    }

    /// True for a `once` schedule.
    #[must_use]
    pub fn is_once(&self) -> bool {
        self.recurrence == Some(Recurrence::Once)
    }

    /// True where the API says `suspended: true`.
    #[must_use]
    pub fn is_suspended(&self) -> bool {
        self.suspended == Some(true)
    }
}
