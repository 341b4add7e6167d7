//! Services, schedules and backups as the demo keeps them, and as they go over the wire.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::{Value, json};

use super::cron::{CronRule, civil};

/// The kinds of backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BackupKind {
    Full,
    Incremental,
    BinaryLog,
    Dump,
    Snapshot,
}

impl BackupKind {
    const ALL: [Self; 5] = [Self::Full, Self::Incremental, Self::BinaryLog, Self::Dump, Self::Snapshot];

    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Incremental => "incremental",
            Self::BinaryLog => "binarylog",
            Self::Dump => "dump",
            Self::Snapshot => "snapshot",
        }
    }

    /// The tool, as in `method`.
    pub(super) fn method(self) -> &'static str {
        match self {
            Self::Full | Self::Incremental | Self::BinaryLog => "skybucket",
            Self::Dump => "mariadb-dump",
            Self::Snapshot => "volume-snapshot",
        }
    }
}

/// A database service.
#[derive(Clone, Debug)]
pub(super) struct ServiceRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) status: &'static str,
    pub(super) provider: &'static str,
    pub(super) region: &'static str,
    pub(super) topology: &'static str,
    pub(super) version: &'static str,
    pub(super) nodes: u32,
    pub(super) storage_gb: u64,
    /// How much data it held at `sized_at`.
    pub(super) data_bytes: u64,
    pub(super) sized_at: i64,
    pub(super) created_on: i64,
}

impl ServiceRow {
    /// Only snapshots can be made of it: azure and galera services.
    pub(super) fn is_snapshot_only(&self) -> bool {
        self.provider == "azure" || self.topology == "galera"
    }

    /// As the services API writes it.
    pub(super) fn json(&self) -> Value {
        let is_ready = self.status == "ready";
        let service_type = if self.name.contains("dwh") { "analytical" } else { "transactional" };
        let fqdn = if is_ready { format!("{}.sysp0000.db2.skysql.com", self.id) } else { String::new() };
        let volume_type = match self.provider {
            "aws" => "gp3",
            "azure" => "premium-ssd",
            _ => "pd-ssd",
        };
        json!({
            "id": self.id,
            "name": self.name,
            "status": self.status,
            "is_active": self.status != "stopped",
            "provider": self.provider,
            "region": self.region,
            "topology": self.topology,
            "version": self.version,
            "service_type": service_type,
            "tier": "foundation",
            "size": if self.nodes > 1 { "sky-8x32" } else { "sky-4x16" },
            "nodes": self.nodes,
            "architecture": "amd64",
            "storage_volume": {"size": self.storage_gb, "volume_type": volume_type, "iops": 3000},
            "fqdn": fqdn,
            "project_id": "prj-demo0001",
            "created_on": self.created_on,
            "updated_on": self.sized_at - 86_400,
            "tags": {"name": self.name},
        })
    }
}

/// Fields of a row that differ on the wire; `None` leaves the field out.
pub(super) type FieldOverrides = Vec<(&'static str, Option<Value>)>;

/// Whether a schedule does what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    /// It is listed and fires.
    Active,
    /// It fires, without a row in the list: the nightly backups that every service has.
    Automatic,
    /// It is listed and does nothing, so that it grows late.
    Idle,
}

/// A schedule, and what the demo does with it.
#[derive(Clone, Debug)]
pub(super) struct ScheduleRow {
    pub(super) id: u64,
    pub(super) service_id: String,
    pub(super) service_name: String,
    pub(super) provider: &'static str,
    pub(super) kind: BackupKind,
    /// The text in `schedule`: `once`, an expression, or the word `cron`.
    pub(super) recurrence: String,
    /// When it fires; none for `once`.
    pub(super) cron: Option<CronRule>,
    pub(super) is_suspended: bool,
    pub(super) life: Life,
    /// Its backups go into the customer's own bucket.
    pub(super) is_external: bool,
    /// A status and message that stay as they are.
    pub(super) stuck_at: Option<(&'static str, &'static str)>,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
    pub(super) labels: Value,
    pub(super) odd: FieldOverrides,
}

impl ScheduleRow {
    /// Whether it has a row in the list.
    pub(super) fn is_listed(&self) -> bool {
        self.life != Life::Automatic
    }

    /// Whether a job of it begins in the minute of `at`.
    pub(super) fn is_due(&self, at: DateTime) -> bool {
        self.life != Life::Idle && !self.is_suspended && self.cron.is_some_and(|cron| cron.fires_at(at))
    }

    pub(super) fn is_once(&self) -> bool {
        self.recurrence == "once"
    }

    /// As the API writes it; `newest` is the newest of its jobs.
    pub(super) fn json(&self, newest: Option<&BackupRow>, now: i64) -> Value {
        let is_running = newest.is_some_and(|job| job.is_running(now));
        let (status, message) = match (self.stuck_at, newest) {
            (Some(stuck), _) => stuck,
            _ if is_running => ("Running", "Backup is running."),
            (_, Some(job)) if self.is_once() && job.is_good => ("Succeeded", "Backup has succeeded."),
            (_, Some(_)) if self.is_once() => ("Failed", "Backup has failed."),
            _ if self.is_suspended => ("Suspended", "Schedule is suspended."),
            _ => ("Scheduled", "Backup is scheduled."),
        };
        let scheduled_at = match self.cron {
            _ if self.is_suspended => None,
            Some(cron) => cron.next_after(now),
            None => Some(self.created_at),
        };
        let mut row = json!({
            "id": self.id,
            "service_id": self.service_id,
            "service_name": self.service_name,
            "type": self.kind.as_str(),
            "schedule": self.recurrence,
            "status": status,
            "message": message,
            "suspended": self.is_suspended,
            "cloud_provider": self.provider,
            "created_at": instant_text(self.created_at),
            "updated_at": instant_text(self.updated_at),
            "scheduled_at": scheduled_at.map_or_else(String::new, instant_text),
            "labels": self.labels,
        });
        make_odd(&mut row, &self.odd);
        row
    }
}

/// A backup. It is running, and its row incomplete, until its end has passed.
#[derive(Clone, Debug)]
pub(super) struct BackupRow {
    pub(super) id: String,
    pub(super) service_id: String,
    pub(super) service_name: String,
    pub(super) provider: &'static str,
    pub(super) kind: BackupKind,
    pub(super) pod: String,
    /// The schedule whose job this is.
    pub(super) schedule_id: Option<u64>,
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) is_good: bool,
    pub(super) gtid: String,
    pub(super) binlog_file: String,
    pub(super) binlog_position: u64,
    /// The disk needed to restore it.
    pub(super) disk_bytes: u64,
    pub(super) storage_bytes: u64,
    pub(super) is_external: bool,
    /// For an incremental, the id of its full backup.
    pub(super) reference: String,
    pub(super) odd: FieldOverrides,
}

impl BackupRow {
    pub(super) fn is_running(&self, now: i64) -> bool {
        self.start <= now && now < self.end
    }

    /// The word in `status`.
    pub(super) fn status(&self, now: i64) -> &str {
        match self.odd.iter().find(|(field, _)| *field == "status") {
            Some((_, word)) => word.as_ref().and_then(Value::as_str).unwrap_or_default(),
            None if self.is_running(now) => "Running",
            None if self.is_good => "Succeeded",
            None => "Failed",
        }
    }

    /// As the API writes it.
    pub(super) fn json(&self, now: i64) -> Value {
        let is_running = self.is_running(now);
        let is_done = !is_running && self.is_good;
        let when_done = |text: &str| if is_done { text.to_owned() } else { String::new() };
        // What a snapshot notes comes from another program, which writes fractions of seconds.
        let micros = if self.kind == BackupKind::Snapshot { self.storage_bytes % 1_000_000 } else { 0 };
        let instant = |second: i64| fraction_text(second, micros);
        let end = match (is_running, self.start % 2) {
            (false, _) => instant(self.end),
            // Both ways of saying "not yet" are seen on the wire.
            (true, 0) => String::new(),
            (true, _) => "0001-01-01T00:00:00Z".to_owned(),
        };
        let disk_bytes = if is_done { self.disk_bytes } else { 0 };
        let mut row = json!({
            "id": self.id,
            "service_id": self.service_id,
            "service_name": self.service_name,
            "type": self.kind.as_str(),
            "method": self.kind.method(),
            "server_pod": self.pod,
            "cloud_provider": self.provider,
            "status": self.status(now),
            "start_time": instant(self.start),
            "end_time": end,
            "point_in_time": when_done(&point_text(self.start)),
            "reference_full_backup": self.reference,
            "binlog_file": when_done(&self.binlog_file),
            "binlog_position": if self.binlog_file.is_empty() { String::new() } else { when_done(&self.binlog_position.to_string()) },
            "binlog_gtid_position": when_done(&self.gtid),
            "disk_size": if is_done { size_text(disk_bytes) } else { String::new() },
            "disk_size_bytes": disk_bytes,
            "storage_bytes": if is_done { self.storage_bytes } else { 0 },
            "is_external_storage": self.is_external,
        });
        make_odd(&mut row, &self.odd);
        row
    }
}

fn make_odd(row: &mut Value, odd: &FieldOverrides) {
    let Value::Object(row) = row else { return };
    for (field, value) in odd {
        match value {
            Some(value) => row.insert((*field).to_owned(), value.clone()),
            None => row.remove(*field),
        };
    }
}

/// `2026-09-14T02:00:07Z`.
pub(super) fn instant_text(second: i64) -> String {
    fraction_text(second, 0)
}

/// `2026-09-14T02:00:07.04315Z`: the digits that are needed, as Go writes them.
fn fraction_text(second: i64, micros: u64) -> String {
    let nanos = i32::try_from(micros * 1000).unwrap_or_default();
    Timestamp::new(second, nanos).unwrap_or_default().to_string()
}

/// `2026-09-14 02:00:07`: without a zone, as `point_in_time` is written.
fn point_text(second: i64) -> String {
    civil(second).to_string().replace('T', " ")
}

/// `38.2 GB`.
fn size_text(bytes: u64) -> String {
    let tenths = bytes / 100_000_000;
    format!("{}.{} GB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_the_form_of_the_api() {
        assert_eq!(instant_text(1_789_430_400), "2026-09-15T00:00:00Z");
        assert_eq!(point_text(1_789_430_401), "2026-09-15 00:00:01");
        assert_eq!(point_text(1_789_430_460), "2026-09-15 00:01:00");
        assert_eq!(fraction_text(1_789_430_400, 43_150), "2026-09-15T00:00:00.04315Z");
        assert_eq!(fraction_text(1_789_430_400, 0), "2026-09-15T00:00:00Z");
        assert_eq!(size_text(41_017_532_416), "41.0 GB");
    }
}
