//! A backup, reduced to what conclusions need.

use jiff::Timestamp;

use crate::domain::{ApiTime, Backup, BackupType, ServiceId, StatusKind};

/// What one row says about a backup.
#[derive(Clone, Copy, Debug)]
pub struct BackupFacts<'a> {
    /// The id of its service; empty where the row has none.
    pub service: &'a str,
    /// The name of its service.
    pub service_name: Option<&'a str>,
    /// Its type.
    pub backup_type: Option<&'a BackupType>,
    /// What its status means.
    pub status: StatusKind,
    /// When it began.
    pub start: Option<Timestamp>,
    /// When it ended.
    pub end: Option<Timestamp>,
    /// It counts as good and holds no bytes.
    pub is_empty: bool,
    /// It is in the newest list, so that it can be restored from. A record of older lists has others too.
    pub is_listed: bool,
}

/// What the row of a loaded list says. The only function that knows how rows are stored.
pub(super) fn facts_of(backup: &Backup) -> BackupFacts<'_> {
    BackupFacts {
        service: backup.service_id.as_ref().map_or("", ServiceId::as_str),
        service_name: backup.service_name.as_deref(),
        backup_type: backup.backup_type.as_ref(),
        status: backup.status_kind(),
        start: backup.started_at(),
        end: backup.end_time.as_ref().and_then(ApiTime::at),
        is_empty: backup.is_good_but_empty(),
        is_listed: true,
    }
}
