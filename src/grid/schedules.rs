//! The columns of the schedules table: the 13 fields of the API's `Schedule`, its cron in words, and its next run.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::column::spoken;
use super::json::json_of;
use super::{CellContext, Column, ColumnKey, Direction, Kind, Row, SortBy, Value};
use crate::cron::{NextRun, describe_recurrence, next_run};
use crate::domain::{BackupType, Recurrence, Schedule, Status};

type ScheduleColumn = Column<Schedule>;

static COLUMNS: [ScheduleColumn; 15] = [
    ScheduleColumn::status(116.0).help("What the service says about the schedule, in its own word"),
    ScheduleColumn::service_name(140.0),
    ScheduleColumn::backup_type(100.0),
    ScheduleColumn::new("cron_words", "Schedule (UTC)", Kind::Text, 195.0, |row, _| {
        row.recurrence.as_ref().map_or(Value::Empty, |it| Value::Text(Cow::Owned(describe_recurrence(it))))
    })
    .help("The cron expression in words; its times are UTC")
    .shown()
    .derived(),
    ScheduleColumn::new("next_run", "Next run", Kind::Upcoming, 230.0, |row, now| next_run_value(next_run(row, now)))
        .help("The next time the cron expression names; empty while suspended")
        .shown()
        .derived(),
    ScheduleColumn::new("suspended", "Suspended", Kind::Flag, 100.0, |row, _| Value::from(row.suspended))
        .help("Yes while no new backups are made")
        .shown(),
    ScheduleColumn::new("updated_at", "Updated", Kind::Instant, 165.0, |row, _| Value::from(&row.updated_at))
        .help("When the schedule was last changed"),
    ScheduleColumn::new("schedule", "Cron", Kind::Id, 130.0, |row, _| {
        Value::text(row.recurrence.as_ref().map_or("", Recurrence::as_str))
    })
    .help("The cron expression as the service has it, or once"),
    ScheduleColumn::service_id(),
    ScheduleColumn::new("id", "Schedule ID", Kind::Integer, 100.0, |row, _| match row.id.number().map(i64::try_from) {
        Some(Ok(number)) => Value::Integer(number),
        _ => Value::text(row.id.as_str()),
    })
    .help("The number of this schedule"),
    ScheduleColumn::new("message", "Message", Kind::Text, 240.0, |row, _| Value::from(&row.message))
        .help("The service's own sentence about the status"),
    ScheduleColumn::new("cloud_provider", "Cloud", Kind::Text, 80.0, |row, _| Value::from(&row.cloud_provider))
        .help("The cloud the service runs in"),
    ScheduleColumn::new("created_at", "Created", Kind::Instant, 165.0, |row, _| Value::from(&row.created_at))
        .help("When the schedule was created"),
    ScheduleColumn::new("scheduled_at", "Scheduled at", Kind::Instant, 165.0, |row, _| Value::from(&row.scheduled_at))
        .help("A time the service gives without saying what it means for a cron schedule"),
    ScheduleColumn::new("labels", "Labels", Kind::Text, 180.0, |row, _| {
        Value::text(row.labels.as_deref().unwrap_or_default())
    })
    .help("Labels of the schedule, as JSON")
    .free_text(),
];

impl Row for Schedule {
    const NOUN: &'static str = "schedule";
    const DEFAULT_SORT: SortBy = SortBy { key: ColumnKey::new("next_run"), direction: Direction::Ascending };
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

    fn json(&self) -> BTreeMap<String, String> {
        let mut fields = json_of(self, self.unknown.as_deref());
        if let Some(Ok(labels)) = self.labels.as_deref().map(serde_json::from_str::<&RawValue>) {
            fields.insert("labels".to_owned(), labels.get().to_owned());
        }
        fields
    }

    fn name(&self, context: &CellContext<'_>) -> String {
        let CellContext { zone, now, names } = *context;
        let recurrence = self.recurrence.as_ref().map(describe_recurrence).unwrap_or_default();
        let recurrence = spoken(&recurrence, "no schedule");
        let mut name = format!("{}, {recurrence}, {}", self.subject(names), self.spoken_status());
        if self.is_suspended() {
            // Not twice, where the status says so already.
            if !self.status().is_some_and(|status| status.as_str().eq_ignore_ascii_case("suspended")) {
                name.push_str(", suspended");
            }
        } else {
            match next_run(self, now) {
                NextRun::At(at) => name = format!("{name}, next run {} {}", zone.date_minute(at), zone.label()),
                NextRun::Either(perhaps, sure) => {
                    let sure = sure.map_or_else(|| "never".to_owned(), |sure| zone.date_minute(sure));
                    name = format!("{name}, next run either {} or {sure} {}", zone.date_minute(perhaps), zone.label());
                }
                NextRun::Never => name.push_str(", never runs"),
                NextRun::Unknown => name.push_str(", next run not known"),
                NextRun::None => {}
            }
        }
        name
    }
}

/// A time where there is one; words where a dash would look like "suspended".
fn next_run_value(next: NextRun) -> Value<'static> {
    match next {
        NextRun::At(at) => Value::Instant(at),
        NextRun::Either(perhaps, sure) => Value::EitherInstant(perhaps, sure),
        NextRun::Never => Value::text("Never"),
        NextRun::Unknown => Value::text("Not known"),
        NextRun::None => Value::Empty,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Recurrence, ScheduleId, Zone};
    use crate::grid::{NO_NAMES, json_text};
    use jiff::Timestamp;

    fn utc(now: Timestamp) -> CellContext<'static> {
        static UTC: std::sync::LazyLock<Zone> = std::sync::LazyLock::new(Zone::utc);
        CellContext { zone: &UTC, now, names: &NO_NAMES }
    }

    #[test]
    fn no_cell_of_a_schedule_warns() {
        let row = Schedule::default();
        assert!(Schedule::columns().iter().all(|column| row.warning(&column.key).is_none()));
    }

    #[test]
    fn every_field_of_the_api_is_a_column_and_two_are_derived() {
        let api = [
            "id",
            "service_id",
            "service_name",
            "type",
            "schedule",
            "status",
            "message",
            "suspended",
            "cloud_provider",
            "created_at",
            "updated_at",
            "scheduled_at",
            "labels",
        ];
        for key in api {
            assert!(Schedule::column(key).is_some_and(|column| column.is_api_field), "{key}");
        }
        let derived: Vec<&str> = Schedule::columns()
            .iter()
            .filter(|column| !column.is_api_field)
            .map(|column| column.key.as_str())
            .collect();
        assert_eq!((Schedule::columns().len(), derived.as_slice()), (15, ["cron_words", "next_run"].as_slice()));
    }

    #[test]
    fn a_schedule_reads_as_words_and_as_json() {
        let now: Timestamp = "2026-09-14T12:00:00Z".parse().unwrap();
        let row = Schedule {
            id: ScheduleId::new("215"),
            service_name: Some("orders".into()),
            backup_type: Some(BackupType::Dump),
            recurrence: Some(Recurrence::read("0 2 * * *")),
            suspended: Some(false),
            labels: Some(r#"{"team":"a"}"#.into()),
            ..Schedule::default()
        };
        let value = |row: &Schedule, key: &str| format!("{:?}", (Schedule::column(key).unwrap().value)(row, now));
        assert_eq!(value(&row, "next_run"), "Instant(2026-09-15T02:00:00Z)");
        let name = row.name(&utc(now));
        let words = describe_recurrence(&Recurrence::read("0 2 * * *"));
        assert!(name.starts_with(&format!("orders, dump, {words}, ")), "{name}");
        assert!(name.ends_with("no status, next run 2026-09-15 02:00 UTC"), "{name}");
        let want = serde_json::json!({
            "id": 215, "service_name": "orders", "type": "dump", "schedule": "0 2 * * *", "suspended": false,
            "labels": {"team": "a"}
        });
        assert_eq!(json_text(&row), format!("{want:#}"));
        let next = |text: &str| {
            let row = Schedule { recurrence: Some(Recurrence::read(text)), ..row.clone() };
            (value(&row, "next_run"), row.name(&utc(now)).rsplit_once("status, ").unwrap().1.to_owned())
        };
        let either = "EitherInstant(2026-09-15T00:00:00Z, Some(2026-09-21T00:00:00Z))".to_owned();
        assert_eq!(
            next("0 0 */2 * 1"),
            (either, "next run either 2026-09-15 00:00 or 2026-09-21 00:00 UTC".to_owned())
        );
        let known = |value: &str, name: &str| (value.to_owned(), name.to_owned());
        assert_eq!(next("cron"), known("Text(\"Not known\")", "next run not known"));
        assert_eq!(next("0 0 31 2 *"), known("Text(\"Never\")", "never runs"));
        let row_of = |text: &str| Schedule { recurrence: Some(Recurrence::read(text)), ..row.clone() };
        let text = |key: &str, text: &str| {
            let context = CellContext { zone: &Zone::utc(), now, names: &NO_NAMES };
            let column = Schedule::column(key).unwrap();
            let row = row_of(text);
            (column.text(&row, &context).into_owned(), column.cell(&row, &context).into_owned())
        };
        let both = |text: &str, cell: &str| (text.to_owned(), cell.to_owned());
        let want =
            both("either 2026-09-15 00:00:00, or 2026-09-21 00:00:00", "either 2026-09-15 00:00 or 2026-09-21 00:00");
        assert_eq!(text("next_run", "0 0 */2 * 1"), want);
        let want = both("either 2027-02-02 00:00:00, or never", "either 2027-02-02 00:00 or never");
        assert_eq!(text("next_run", "0 0 30 2 */2"), want);
        assert_eq!(text("cron_words", "cron"), both("Unreadable: cron", "Unreadable: cron"));
        let suspended = Schedule { suspended: Some(true), ..row.clone() };
        assert_eq!(value(&suspended, "next_run"), "Empty");
        assert!(suspended.name(&utc(now)).ends_with("no status, suspended"));
        let said = Schedule { status: Some(Status::new("Suspended")), ..suspended };
        assert!(said.name(&utc(now)).ends_with("every day, Suspended"), "{}", said.name(&utc(now)));
    }
}
