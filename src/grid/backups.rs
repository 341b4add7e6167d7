//! The columns of the backups table: the 19 fields of the API's `Backup`, how long it took, and what the history knows of it.

use std::collections::BTreeMap;

use super::json::{json_of, quoted};
use super::{CellContext, Column, ColumnKey, Direction, Kind, Row, SortBy, Value};
use crate::domain::{Backup, BackupType, SeenState, ServiceId, Sighting, Status, format_ago};

type BackupColumn = Column<Backup>;

static COLUMNS: [BackupColumn; 23] = [
    BackupColumn::status(120.0).help("How the backup ended, in the service's own word"),
    BackupColumn::service_name(180.0),
    BackupColumn::backup_type(110.0),
    BackupColumn::new("start_time", "Started", Kind::Instant, 165.0, |row, _| Value::from(&row.start_time))
        .help("When the backup started")
        .shown(),
    BackupColumn::new("duration", "Duration", Kind::Seconds, 80.0, |row, _| Value::seconds(row.duration_secs()))
        .help("The time from start to end")
        .shown()
        .derived(),
    BackupColumn::new("storage_bytes", "Stored size", Kind::Bytes, 110.0, |row, _| Value::bytes(row.stored_size()))
        .help("The size of the stored backup")
        .shown(),
    BackupColumn::new("point_in_time", "Point in time", Kind::Instant, 175.0, |row, _| Value::from(&row.point_in_time))
        .help("The moment the data is of; it may lie outside start and end")
        .shown(),
    BackupColumn::service_id(),
    BackupColumn::new("id", "Backup ID", Kind::Id, 260.0, |row, _| Value::text(row.id.as_str()))
        .help("The id of this backup, as restores ask for it"),
    BackupColumn::new("method", "Method", Kind::Text, 110.0, |row, _| Value::from(&row.method))
        .help("The tool the service used"),
    BackupColumn::new("server_pod", "Pod", Kind::Id, 170.0, |row, _| Value::from(&row.server_pod))
        .help("The server the backup was taken from"),
    BackupColumn::new("cloud_provider", "Cloud", Kind::Text, 80.0, |row, _| Value::from(&row.cloud_provider))
        .help("The cloud the service runs in"),
    BackupColumn::new("end_time", "Ended", Kind::Instant, 165.0, |row, _| Value::from(&row.end_time))
        .help("When the backup ended; empty while it runs"),
    BackupColumn::new("reference_full_backup", "Full backup", Kind::Id, 260.0, |row, _| {
        Value::from(&row.reference_full_backup)
    })
    .help("For an incremental, the full backup it builds on"),
    BackupColumn::new("binlog_file", "Binlog file", Kind::BinlogFile, 170.0, |row, _| Value::from(&row.binlog_file))
        .help("The binary log file to replicate from"),
    BackupColumn::new("binlog_position", "Binlog position", Kind::BinlogPosition, 130.0, |row, _| {
        Value::from(&row.binlog_position)
    })
    .help("The position in the binary log file to replicate from"),
    BackupColumn::new("binlog_gtid_position", "GTID", Kind::Gtid, 180.0, |row, _| {
        Value::from(&row.binlog_gtid_position)
    })
    .help("The global transaction ID, one per replication domain. It may be empty or lack a domain"),
    BackupColumn::new("disk_size", "Disk space, as given", Kind::SizeText, 150.0, |row, _| Value::from(&row.disk_size))
        .help("The disk space needed to restore, in SkySQL's own words"),
    BackupColumn::new("disk_size_bytes", "Disk space needed to restore", Kind::Bytes, 200.0, |row, _| {
        Value::bytes(row.restore_size())
    })
    .help("The disk space needed to restore this backup"),
    BackupColumn::new("is_external_storage", "Own bucket", Kind::Flag, 100.0, |row, _| {
        Value::from(row.is_external_storage)
    })
    .help("Kept in your own bucket, not in SkySQL's"),
    BackupColumn::state().help("Whether SkySQL still lists it: expired after 7 days, or gone sooner"),
    BackupColumn::first_seen(),
    BackupColumn::last_seen(),
];

/// Of a backup that is listed as good.
pub const EMPTY_BACKUP: &str = "Listed as succeeded, but with 0 bytes stored: do not rely on it";

impl Row for Backup {
    const NOUN: &'static str = "backup";
    const DEFAULT_SORT: SortBy = SortBy { key: ColumnKey::new("start_time"), direction: Direction::Descending };
    const AT: &'static str = "start_time";

    fn columns() -> &'static [Column<Self>] {
        &COLUMNS
    }

    fn status(&self) -> Option<&Status> {
        self.status.as_ref()
    }

    fn backup_type(&self) -> Option<&BackupType> {
        self.backup_type.as_ref()
    }

    fn sighting(&self) -> Option<&Sighting> {
        self.sighting.as_ref()
    }

    fn json(&self) -> BTreeMap<String, String> {
        let mut fields = json_of(self, self.unknown.as_deref());
        // As they came, also where the table shows none.
        for (key, bytes) in [("storage_bytes", self.storage_bytes), ("disk_size_bytes", self.disk_size_bytes)] {
            if let Some(bytes) = bytes {
                fields.insert(key.to_owned(), bytes.to_string());
            }
        }
        if let Some(Sighting { first_seen, last_seen, state }) = self.sighting {
            fields.insert("first_seen".to_owned(), quoted(&first_seen.to_string()));
            fields.insert("last_seen".to_owned(), quoted(&last_seen.to_string()));
            fields.insert("state".to_owned(), quoted(state.name()));
        }
        fields
    }

    fn name(&self, context: &CellContext<'_>) -> String {
        let CellContext { zone, now, names } = *context;
        let mut name = self.subject(names);
        name.push_str(", ");
        name.push_str(&self.spoken_status());
        name.push_str(", ");
        match self.started_at() {
            None => name.push_str("no start time"),
            Some(at) => match u64::try_from(now.as_second().saturating_sub(at.as_second())) {
                Ok(secs) => name.push_str(&format_ago(secs)),
                Err(_) => name.extend([&zone.date_minute(at), " ", zone.label()]),
            },
        }
        if self.is_good_but_empty() {
            name.push_str(", 0 bytes stored");
        }
        if let Some(state) = self.seen_state().filter(|state| *state != SeenState::Listed) {
            name.extend([", no longer listed, ", &state.name().to_lowercase()]);
        }
        name
    }

    fn service(&self) -> (&str, Option<&str>) {
        // Asked for each cell of a service, and all facts look at more.
        (self.service_id.as_ref().map_or("", ServiceId::as_str), self.service_name.as_deref())
    }

    fn warning(&self, key: &ColumnKey) -> Option<&'static str> {
        (*key == "storage_bytes" && self.is_good_but_empty()).then_some(EMPTY_BACKUP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ApiTime, BackupId, Zone};
    use crate::grid::{NO_NAMES, json_text};
    use jiff::Timestamp;

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
            Backup::columns().iter().filter(|column| !column.is_api_field).map(|column| column.key.as_str()).collect();
        assert_eq!(
            (Backup::columns().len(), derived.as_slice()),
            (23, ["duration", "state", "first_seen", "last_seen"].as_slice())
        );
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
            assert_eq!((&*column.header_text(&zone.full_label()), &*column.cell(&row, &context)), (header, cell));
        }
        // The second of two hours that are called the same.
        let repeated = Backup { start_time: ApiTime::read("2026-10-25T01:30:07Z"), ..Backup::default() };
        let column = Backup::column("start_time").unwrap();
        assert_eq!(column.cell(&repeated, &context), "2026-10-25 02:30+01");
        assert_eq!(column.text(&repeated, &context), "2026-10-25 02:30:07+01:00");
        assert_eq!(Backup::column("start_time").unwrap().header_text(&zone.short_label()), "Started (Berlin)");
        assert_eq!(Backup::column("service_name").unwrap().text(&row, &context), "a\u{202e}b");
    }
}
