//! The columns of the backups table: the 19 fields of the API's `Backup`, and how long it took.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::column::spoken_type;
use super::json::json_of;
use super::{CellContext, Column, Direction, Facets, Kind, Row, Value};
use crate::domain::{Backup, BackupType, ServiceId, Status, format_ago, sanitize_for_display};

static COLUMNS: [Column<Backup>; 20] = [
    Column {
        key: "status",
        header: "Status",
        help: "How the backup ended, in the service's own word",
        kind: Kind::Status,
        value: |row, _| row.status.as_ref().map_or(Value::Empty, |status| Value::text(status.as_str())),
        width: 120.0,
        shown: true,
        is_api_field: true,
    },
    Column {
        key: "service_name",
        header: "Service",
        help: "The name of the database service",
        kind: Kind::Service,
        value: |row, _| Value::maybe(row.service_name.as_ref()),
        width: 180.0,
        shown: true,
        is_api_field: true,
    },
    Column {
        key: "type",
        header: "Type",
        help: "Full, incremental, binary log, dump or snapshot",
        kind: Kind::BackupType,
        value: |row, _| row.backup_type.as_ref().map_or(Value::Empty, |kind| Value::text(kind.as_api_str())),
        width: 110.0,
        shown: true,
        is_api_field: true,
    },
    Column {
        key: "start_time",
        header: "Started",
        help: "When the backup started",
        kind: Kind::Instant,
        value: |row, _| Value::moment(row.start_time.as_ref()),
        width: 165.0,
        shown: true,
        is_api_field: true,
    },
    Column {
        key: "duration",
        header: "Duration",
        help: "The time from start to end",
        kind: Kind::Seconds,
        value: |row, _| row.duration_secs().map_or(Value::Empty, Value::Seconds),
        width: 80.0,
        shown: true,
        is_api_field: false,
    },
    Column {
        key: "storage_bytes",
        header: "Stored size",
        help: "The size of the stored backup",
        kind: Kind::Bytes,
        value: |row, _| row.stored_size().map_or(Value::Empty, Value::Bytes),
        width: 110.0,
        shown: true,
        is_api_field: true,
    },
    Column {
        key: "point_in_time",
        header: "Point in time",
        help: "The moment the data is of; it may lie outside start and end",
        kind: Kind::Instant,
        value: |row, _| Value::moment(row.point_in_time.as_ref()),
        width: 175.0,
        shown: true,
        is_api_field: true,
    },
    Column {
        key: "service_id",
        header: "Service ID",
        help: "The id of the database service",
        kind: Kind::Id,
        value: |row, _| row.service_id.as_ref().map_or(Value::Empty, |id| Value::text(id.as_str())),
        width: 140.0,
        shown: false,
        is_api_field: true,
    },
    Column {
        key: "id",
        header: "Backup ID",
        help: "The id of this backup, as restores ask for it",
        kind: Kind::Id,
        value: |row, _| Value::text(row.id.as_str()),
        width: 260.0,
        shown: false,
        is_api_field: true,
    },
    Column {
        key: "method",
        header: "Method",
        help: "The tool the service used",
        kind: Kind::Text,
        value: |row, _| Value::maybe(row.method.as_ref()),
        width: 110.0,
        shown: false,
        is_api_field: true,
    },
    Column {
        key: "server_pod",
        header: "Pod",
        help: "The server the backup was taken from",
        kind: Kind::Id,
        value: |row, _| Value::maybe(row.server_pod.as_ref()),
        width: 170.0,
        shown: false,
        is_api_field: true,
    },
    Column {
        key: "cloud_provider",
        header: "Cloud",
        help: "The cloud the service runs in",
        kind: Kind::Text,
        value: |row, _| Value::maybe(row.cloud_provider.as_ref()),
        width: 80.0,
        shown: false,
        is_api_field: true,
    },
    Column {
        key: "end_time",
        header: "Ended",
        help: "When the backup ended; empty while it runs",
        kind: Kind::Instant,
        value: |row, _| Value::moment(row.end_time.as_ref()),
        width: 165.0,
        shown: false,
        is_api_field: true,
    },
    Column {
        key: "reference_full_backup",
        header: "Full backup",
        help: "For an incremental, the full backup it builds on",
        kind: Kind::Id,
        value: |row, _| Value::maybe(row.reference_full_backup.as_ref()),
        width: 260.0,
        shown: false,
        is_api_field: true,
    },
    Column {
        key: "binlog_file",
        header: "Binlog file",
        help: "The binary log file to replicate from",
        kind: Kind::BinlogFile,
        value: |row, _| Value::maybe(row.binlog_file.as_ref()),
        width: 170.0,
        shown: false,
        is_api_field: true,
    },
    Column {
        key: "binlog_position",
        header: "Binlog position",
        help: "The position in the binary log file to replicate from",
        kind: Kind::BinlogPosition,
        value: |row, _| Value::maybe(row.binlog_position.as_ref()),
        width: 130.0,
        shown: false,
        is_api_field: true,
    },
    Column {
        key: "binlog_gtid_position",
        header: "GTID",
        help: "The global transaction ID, one per replication domain. It may be empty or lack a domain",
        kind: Kind::Gtid,
        value: |row, _| Value::maybe(row.binlog_gtid_position.as_ref()),
        width: 180.0,
        shown: false,
        is_api_field: true,
    },
    Column {
        key: "disk_size",
        header: "Disk space, as given",
        help: "The disk space needed to restore, in SkySQL's own words",
        kind: Kind::SizeText,
        value: |row, _| Value::maybe(row.disk_size.as_ref()),
        width: 150.0,
        shown: false,
        is_api_field: true,
    },
    Column {
        key: "disk_size_bytes",
        header: "Disk space needed to restore",
        help: "The disk space needed to restore this backup",
        kind: Kind::Bytes,
        value: |row, _| row.restore_size().map_or(Value::Empty, Value::Bytes),
        width: 200.0,
        shown: false,
        is_api_field: true,
    },
    Column {
        key: "is_external_storage",
        header: "Own bucket",
        help: "Kept in your own bucket, not in SkySQL's",
        kind: Kind::Flag,
        value: |row, _| row.is_external_storage.map_or(Value::Empty, Value::Flag),
        width: 100.0,
        shown: false,
        is_api_field: true,
    },
];

/// Of a backup that is listed as good.
pub const EMPTY_BACKUP: &str = "Listed as succeeded, but with 0 bytes stored: do not rely on it";

impl Row for Backup {
    const NOUN: &'static str = "backup";
    const DEFAULT_SORT: (&'static str, Direction) = ("start_time", Direction::Descending);

    fn columns() -> &'static [Column<Self>] {
        &COLUMNS
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn facets(&self) -> Facets<'_> {
        Facets {
            status: self.status.as_ref().map_or("", Status::as_str),
            backup_type: self.backup_type.as_ref().map_or("", BackupType::as_api_str),
            service: self.service_id.as_ref().map_or("", ServiceId::as_str),
            service_label: self.service_label(),
            at: self.at(),
            bytes: self.bytes(),
            suspended: self.suspended(),
            kind: self.status_kind(),
        }
    }

    fn at(&self) -> Option<Timestamp> {
        self.started_at()
    }

    fn bytes(&self) -> Option<u64> {
        self.stored_size()
    }

    fn status(&self) -> Option<&Status> {
        self.status.as_ref()
    }

    fn service(&self) -> (&str, Option<&str>) {
        (self.service_id.as_ref().map_or("", ServiceId::as_str), self.service_name.as_deref())
    }

    fn json(&self) -> BTreeMap<String, String> {
        let mut fields = json_of(self, self.unknown.as_deref());
        // As they came, also where the table shows none.
        for (key, bytes) in [("storage_bytes", self.storage_bytes), ("disk_size_bytes", self.disk_size_bytes)] {
            if let Some(bytes) = bytes {
                fields.insert(key.to_owned(), bytes.to_string());
            }
        }
        fields
    }

    fn name(&self, context: &CellContext<'_>) -> String {
        let CellContext { zone, now, names } = *context;
        let (service_id, service_name) = self.service();
        let or = |text: &str, none: &str| {
            if text.is_empty() { none.to_owned() } else { sanitize_for_display(text).into_owned() }
        };
        let facets = self.facets();
        let when = facets.at.map_or_else(
            || "no start time".to_owned(),
            |at| match u64::try_from(now.as_second().saturating_sub(at.as_second())) {
                Ok(secs) => format_ago(secs),
                Err(_) => format!("{} {}", zone.date_minute(at), zone.label()),
            },
        );
        let warning = if self.is_good_but_empty() { ", 0 bytes stored" } else { "" };
        format!(
            "{}, {}, {}, {when}{warning}",
            or(&names.label(service_id, service_name), "unknown service"),
            or(self.backup_type.as_ref().map_or("", spoken_type), "unknown type"),
            or(facets.status, "no status"),
        )
    }

    fn warning(&self, key: &str) -> Option<&'static str> {
        (key == "storage_bytes" && self.is_good_but_empty()).then_some(EMPTY_BACKUP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ApiTime, BackupId, Zone};
    use crate::grid::{NO_NAMES, json_text};

    fn utc(now: Timestamp) -> CellContext<'static> {
        static UTC: std::sync::LazyLock<Zone> = std::sync::LazyLock::new(Zone::utc);
        CellContext { zone: &UTC, now, names: &NO_NAMES }
    }

    #[test]
    fn every_field_of_the_api_is_a_column_and_keys_are_told_apart() {
        let api = [
            "id",
            "service_id",
            "service_name",
            "type",
            "method",
            "server_pod",
            "cloud_provider",
            "status",
            "start_time",
            "end_time",
            "point_in_time",
            "reference_full_backup",
            "binlog_file",
            "binlog_gtid_position",
            "binlog_position",
            "disk_size",
            "disk_size_bytes",
            "storage_bytes",
            "is_external_storage",
        ];
        for key in api {
            assert!(Backup::column(key).is_some_and(|column| column.is_api_field), "{key}");
        }
        let derived: Vec<&str> =
            Backup::columns().iter().filter(|column| !column.is_api_field).map(|column| column.key).collect();
        assert_eq!((Backup::columns().len(), derived.as_slice()), (20, ["duration"].as_slice()));
    }

    #[test]
    fn a_row_is_a_sentence_for_screen_readers() {
        let now = "2026-09-14T12:00:00Z".parse().unwrap();
        let row = Backup {
            service_name: Some("orders-prod".into()),
            backup_type: Some(BackupType::Full),
            status: Some(Status::new("Succeeded")),
            start_time: ApiTime::read("2026-09-14T10:00:00Z"),
            ..Backup::default()
        };
        assert_eq!(row.name(&utc(now)), "orders-prod, full, Succeeded, 2 h ago");
        let future = Backup { start_time: ApiTime::read("2026-09-15T10:00:00Z"), ..row };
        assert_eq!(future.name(&utc(now)), "orders-prod, full, Succeeded, 2026-09-15 10:00 UTC");
        assert_eq!(Backup::default().name(&utc(now)), "unknown service, unknown type, no status, no start time");
    }

    #[test]
    fn json_has_the_api_s_names_and_keeps_what_is_unknown() {
        let row = Backup {
            id: BackupId::new("b1"),
            is_external_storage: Some(false),
            storage_bytes: Some(7),
            end_time: ApiTime::read("later"),
            unknown: Some(r#"{"colour":"red","storage_bytes":"seven"}"#.into()),
            ..Backup::default()
        };
        let want = serde_json::json!({
            "id": "b1", "is_external_storage": false, "storage_bytes": 7, "end_time": "later", "colour": "red"
        });
        assert_eq!(json_text(&row), format!("{want:#}"));
        let json = |unknown: &str| Backup { unknown: Some(unknown.into()), ..Backup::default() }.json();
        assert_eq!(json("no json"), BTreeMap::new());
        let want = [("a", "1e999"), ("b", "7")].map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(json(r#"{"a":1e999,"b":7}"#), want.into());
    }

    #[test]
    fn cells_are_texts_for_people() {
        let row = Backup {
            service_name: Some("a\u{202e}b".into()),
            start_time: ApiTime::read("2026-09-14T02:00:07Z"),
            end_time: ApiTime::read("2026-09-14T02:11:42Z"),
            storage_bytes: Some(9 << 30),
            is_external_storage: Some(true),
            ..Backup::default()
        };
        let zone = Zone::new(jiff::tz::TimeZone::get("Europe/Berlin").unwrap());
        let context = CellContext { zone: &zone, now: Timestamp::UNIX_EPOCH, names: &NO_NAMES };
        let cases = [
            ("service_name", "Service", "a\\u{202e}b"),
            ("start_time", "Started (Europe/Berlin)", "2026-09-14 04:00:07"),
            ("duration", "Duration", "0:11:35"),
            ("storage_bytes", "Stored size", "9.0 GiB"),
            ("is_external_storage", "Own bucket", "Yes"),
            ("method", "Method", ""),
        ];
        for (key, header, cell) in cases {
            let column = Backup::column(key).unwrap();
            assert_eq!((column.header_text(&zone).as_str(), &*column.cell(&row, &context)), (header, cell));
        }
        // The second of two hours that are called the same.
        let repeated = Backup { start_time: ApiTime::read("2026-10-25T01:30:07Z"), ..Backup::default() };
        let column = Backup::column("start_time").unwrap();
        assert_eq!(column.cell(&repeated, &context), "2026-10-25 02:30+01");
        assert_eq!(column.text(&repeated, &context), "2026-10-25 02:30:07+01:00");
        assert_eq!(Backup::column("start_time").unwrap().short_header_text(&zone), "Started (Berlin)");
        assert_eq!(Backup::column("service_name").unwrap().text(&row, &context), "a\u{202e}b");
    }
}
