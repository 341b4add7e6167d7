//! One restore, as the API's `Restore` describes it, and what its look-ups return.

use serde::{Deserialize, Serialize};

use super::{ApiTime, BackupId, BackupType, RestoreId, Service, ServiceId, Sighting, Status, StatusKind, Text};

/// `Restore` of the API: every field but the id is optional there, so it is here. Empty texts arrive as `None`.
/// A file keeps of it how to name it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Restore {
    /// `id`; empty where the API gave none.
    pub id: RestoreId,
    /// `service_id`: the service that is restored into.
    pub service_id: Option<ServiceId>,
    /// `service_name` of that service.
    pub service_name: Option<Text>,
    /// `backup_id` (in samples `key`): the backup, or the object in the user's own bucket, or the source service of a moment.
    pub backup_id: Option<BackupId>,
    /// `bucket`: where the backup is stored.
    #[serde(skip)]
    pub bucket: Option<Text>,
    /// `type`: `physical` in all samples.
    #[serde(skip)]
    pub backup_type: Option<BackupType>,
    /// `status`: `Running` and `Succeeded` in the samples.
    #[serde(skip)]
    pub status: Option<Status>,
    /// `message`: the service's own sentence about the status.
    #[serde(skip)]
    pub message: Option<Text>,
    /// `created_at`.
    #[serde(skip)]
    pub created_at: Option<ApiTime>,
    /// Fields of the response this app does not know or could not read, as one JSON object; none in a normal row.
    #[serde(skip)]
    pub unknown: Option<Box<str>>,
    /// What the history knows of it; none in a row that the service just listed.
    #[serde(skip)]
    pub sighting: Option<Sighting>,
}

impl Restore {
    /// Only what this app compares: every free text of the service is left out.
    #[must_use]
    pub fn without_free_text(self) -> Self {
        Self { service_name: None, bucket: None, message: None, unknown: None, ..self }
    }

    /// What the status means; `Other` where there is none.
    #[must_use]
    pub fn status_kind(&self) -> StatusKind {
        self.status.as_ref().map_or(StatusKind::Other, Status::kind)
    }

    /// It came to an end.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.status_kind().is_finished()
    }
}

/// A service that a backup can be restored into, as `POST /restores/lookup` lists it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RestoreTarget {
    /// `service_id`; empty where the API gave none.
    pub service_id: ServiceId,
    /// `service_name`.
    pub service_name: Option<Text>,
}

/// All that is known of a service that no list of services has.
impl From<RestoreTarget> for Service {
    fn from(target: RestoreTarget) -> Self {
        Self { id: target.service_id, name: target.service_name, ..Self::default() }
    }
}

/// The moments of one service that can be restored, as `GET /restores/pointintime/lookup` lists them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RestorableRange {
    /// `service_id`: the source; empty where the API gave none.
    pub service_id: ServiceId,
    /// `service_name`.
    pub service_name: Option<Text>,
    /// `start_time`: the first moment.
    pub start_time: Option<ApiTime>,
    /// `end_time`: the last moment.
    pub end_time: Option<ApiTime>,
}
