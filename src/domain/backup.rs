//! One backup, as the API's `Backup` describes it.

use jiff::Timestamp;

use super::{ApiTime, BackupId, BackupType, SeenState, ServiceId, Sighting, Status, StatusKind, Text};

/// `Backup` of the API: every field but the id is optional there, so it is here. Empty texts arrive as `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Backup {
    /// `id`; empty where the API gave none.
    pub id: BackupId,
    /// `service_id`: the service this is a backup of.
    pub service_id: Option<ServiceId>,
    /// `service_name`.
    pub service_name: Option<Text>,
    /// `type`.
    pub backup_type: Option<BackupType>,
    /// `method`: the tool used.
    pub method: Option<Text>,
    /// `server_pod`: the pod the backup was taken from.
    pub server_pod: Option<Text>,
    /// `cloud_provider`: `gcp`, `aws`, `azure`, `onprem` (or the declared `onpred`).
    pub cloud_provider: Option<Text>,
    /// `status`.
    pub status: Option<Status>,
    /// `start_time`.
    pub start_time: Option<ApiTime>,
    /// `end_time`; none while it runs.
    pub end_time: Option<ApiTime>,
    /// `point_in_time`: the moment the data is of; may lie outside start and end.
    pub point_in_time: Option<ApiTime>,
    /// `reference_full_backup`: for an incremental, the full backup it builds on.
    pub reference_full_backup: Option<Text>,
    /// `binlog_file`.
    pub binlog_file: Option<Text>,
    /// `binlog_position`: text in the API, a number is accepted.
    pub binlog_position: Option<Text>,
    /// `binlog_gtid_position`.
    pub binlog_gtid_position: Option<Text>,
    /// `disk_size`: the disk needed to restore, in the API's own words. Shown as it is; read only to sort by it.
    pub disk_size: Option<Text>,
    /// `disk_size_bytes`: the disk needed to restore.
    pub disk_size_bytes: Option<u64>,
    /// `storage_bytes` (in old answers `backup_size`): the size of the stored backup.
    pub storage_bytes: Option<u64>,
    /// `is_external_storage`: kept in the customer's own bucket.
    pub is_external_storage: Option<bool>,
    /// Fields of the response this app does not know or could not read, as one JSON object; none in a normal row.
    pub unknown: Option<Box<str>>,
    /// When it was seen, for a row of the history; none in a row of the service's list.
    pub sighting: Option<Sighting>,
}

impl Backup {
    /// Seconds from start to end. `None` while it runs, when a time is missing, or when the end lies before the start.
    #[must_use]
    pub fn duration_secs(&self) -> Option<u64> {
        let start = self.start_time.as_ref()?.at()?;
        let end = self.end_time.as_ref()?.at()?;
        u64::try_from(end.as_second() - start.as_second()).ok()
    }

    /// The size of the stored backup, where there is one. Of a backup that is not whole, 0 bytes mean "no value".
    #[must_use]
    pub fn stored_size(&self) -> Option<u64> {
        Self::known_size(self.status_kind(), self.storage_bytes)
    }

    /// The disk needed to restore it, under the same rule.
    #[must_use]
    pub fn restore_size(&self) -> Option<u64> {
        Self::known_size(self.status_kind(), self.disk_size_bytes)
    }

    /// A size of a backup whose status means this, under the same rule.
    pub(crate) fn known_size(kind: StatusKind, bytes: Option<u64>) -> Option<u64> {
        let is_whole = !matches!(kind, StatusKind::Bad | StatusKind::Running | StatusKind::Queued);
        bytes.filter(|bytes| is_whole || *bytes > 0)
    }

    /// False where the history knows that the service lists it no more.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        self.sighting.is_none_or(|sighting| sighting.state == SeenState::Listed)
    }

    /// True where the service calls a whole copy of the data good and says that nothing of it is stored.
    #[must_use]
    pub fn is_good_but_empty(&self) -> bool {
        // Nearly always some bytes are stored, and the status need not be looked up.
        self.storage_bytes == Some(0)
            && self
                .backup_type
                .as_ref()
                .is_some_and(|kind| Self::is_empty_copy(kind, self.status_kind(), self.storage_bytes))
    }

    /// The same of a backup of this type, whose status means this and of which so much is stored.
    pub(crate) fn is_empty_copy(backup_type: &BackupType, status: StatusKind, stored: Option<u64>) -> bool {
        let is_whole_copy = matches!(backup_type, BackupType::Full | BackupType::Dump);
        is_whole_copy && status == StatusKind::Good && stored == Some(0)
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

    /// When it started, where that can be read.
    #[must_use]
    pub fn started_at(&self) -> Option<Timestamp> {
        self.start_time.as_ref()?.at()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_bytes_are_no_size_where_the_backup_is_not_whole() {
        let backup = |status: &str, bytes| Backup {
            status: Some(Status::new(status)),
            backup_type: Some(BackupType::Full),
            storage_bytes: bytes,
            disk_size_bytes: bytes,
            ..Backup::default()
        };
        for status in ["Running", "Failed", "PartiallyFailed", "Scheduled", "TIMED_OUT"] {
            assert_eq!(backup(status, Some(0)).stored_size(), None, "{status}");
            assert_eq!(backup(status, Some(0)).restore_size(), None, "{status}");
            assert_eq!(backup(status, Some(7)).stored_size(), Some(7), "{status}");
            assert!(!backup(status, Some(0)).is_good_but_empty());
        }
        for status in ["Succeeded", "Quarantined"] {
            assert_eq!(backup(status, Some(0)).stored_size(), Some(0), "{status}");
            assert_eq!(backup(status, None).stored_size(), None, "{status}");
        }
        assert!(backup("Succeeded", Some(0)).is_good_but_empty());
        assert!(!backup("Succeeded", Some(1)).is_good_but_empty() && !backup("Succeeded", None).is_good_but_empty());
        let logs = Backup { backup_type: Some(BackupType::BinaryLog), ..backup("Succeeded", Some(0)) };
        assert!(!logs.is_good_but_empty(), "a log may be empty");
    }

    #[test]
    fn a_duration_needs_both_ends_in_order() {
        let backup = |start: &str, end: &str| Backup {
            start_time: ApiTime::read(start),
            end_time: ApiTime::read(end),
            ..Backup::default()
        };
        assert_eq!(backup("2026-09-14T02:00:07Z", "2026-09-14T02:11:42Z").duration_secs(), Some(695));
        assert_eq!(backup("2026-09-14T02:00:07Z", "").duration_secs(), None);
        assert_eq!(backup("2026-09-14T02:00:07Z", "2026-09-14T01:00:00Z").duration_secs(), None);
        assert_eq!(backup("soon", "2026-09-14T01:00:00Z").duration_secs(), None);
    }
}
