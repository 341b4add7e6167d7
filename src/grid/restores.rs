//! The columns of the restores table: the nine fields of the API's `Restore`, and what the history knows of it.

use std::collections::BTreeMap;

use super::json::json_of;
use super::{CellContext, Column, ColumnKey, Direction, Kind, Row, SortBy, Value};
use crate::domain::{ApiTime, BackupId, BackupType, Restore, Sighting, Status};

type RestoreColumn = Column<Restore>;

static COLUMNS: [RestoreColumn; 12] = [
    RestoreColumn::status(116.0).help("What the service says about the restore, in its own word"),
    RestoreColumn::service_name(170.0).header("Target").help("The database service that is restored into"),
    RestoreColumn::backup_type(100.0).help("Physical for data files, logical for SQL statements"),
    RestoreColumn::new("created_at", "Created", Kind::Instant, 165.0, |row, _| Value::from(&row.created_at))
        .help("When the restore was asked for")
        .shown(),
    RestoreColumn::new("message", "Message", Kind::Text, 240.0, |row, _| Value::from(&row.message))
        .help("The service's own sentence about the status")
        .shown(),
    RestoreColumn::new("backup_id", "Source", Kind::Id, 260.0, |row, _| {
        Value::text(row.backup_id.as_ref().map_or("", BackupId::as_str))
    })
    .help("The backup, the file in a bucket, or for a moment the id of the source service")
    .shown(),
    RestoreColumn::new("id", "Restore ID", Kind::Integer, 100.0, |row, _| match row.id.number().map(i64::try_from) {
        Some(Ok(number)) => Value::Integer(number),
        _ => Value::text(row.id.as_str()),
    })
    .help("The number of this restore"),
    RestoreColumn::new("bucket", "Bucket", Kind::Text, 200.0, |row, _| Value::from(&row.bucket))
        .help("The bucket that the data comes from"),
    RestoreColumn::service_id().header("Target ID").help("The id of the database service that is restored into"),
    RestoreColumn::state().help("Whether SkySQL still lists it"),
    RestoreColumn::first_seen(),
    RestoreColumn::last_seen(),
];

impl Row for Restore {
    const NOUN: &'static str = "restore";
    const DEFAULT_SORT: SortBy = SortBy { key: ColumnKey::new("created_at"), direction: Direction::Descending };
    const AT: &'static str = "created_at";

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
        json_of(self, self.unknown.as_deref())
    }

    fn name(&self, context: &CellContext<'_>) -> String {
        let name = format!("{}, {}", self.subject(context.names), self.spoken_status());
        match self.created_at.as_ref().and_then(ApiTime::at) {
            Some(at) => format!("{name}, created {} {}", context.zone.date_minute(at), context.zone.label()),
            None => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{RestoreId, ServiceId, Zone};
    use crate::grid::{NO_NAMES, json_text};

    #[test]
    fn a_restore_reads_as_words_and_as_json() {
        let row = Restore {
            id: RestoreId::new("12"),
            service_id: Some(ServiceId::new("db1")),
            service_name: Some("staging".into()),
            backup_id: Some(BackupId::new("a:db2:b")),
            backup_type: Some(BackupType::from_word("physical")),
            status: Some(Status::new("Running")),
            message: Some("server is not-ready".into()),
            created_at: ApiTime::read("2026-09-14T02:00:07Z"),
            ..Restore::default()
        };
        let now = "2026-09-14T12:00:00Z".parse().unwrap();
        let context = CellContext { zone: &Zone::utc(), now, names: &NO_NAMES };
        assert_eq!(row.name(&context), "staging, physical, Running, created 2026-09-14 02:00 UTC");
        assert_eq!(Restore::default().name(&context), "unknown service, unknown type, no status");
        let want = serde_json::json!({
            "id": 12, "service_id": "db1", "service_name": "staging", "backup_id": "a:db2:b", "type": "physical",
            "status": "Running", "message": "server is not-ready", "created_at": "2026-09-14T02:00:07Z",
        });
        assert_eq!(json_text(&row), format!("{want:#}"));
        assert!(Restore::columns().iter().all(|column| row.warning(&column.key).is_none()));
        let derived = Restore::columns().iter().filter(|column| !column.is_api_field);
        let derived: Vec<&str> = derived.map(|column| column.key.as_str()).collect();
        assert_eq!(derived, ["state", "first_seen", "last_seen"]);
    }
}
