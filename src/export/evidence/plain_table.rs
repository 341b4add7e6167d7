//! Small tables of a pack: what they hold, as CSV and as a sheet.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use jiff::Timestamp;

use super::super::ExportError;
use super::super::csv_dialect::CsvDialect;
use super::super::workbook::{SheetColumn, WorkbookWriter};
use crate::domain::{
    Backup, ChangeRecord, ChangedRow, Poll, PolledList, RecordedKind, RecordedOutcome, Restore, Schedule, StatusKind,
    Zone,
};
use crate::grid::{Kind, Row, ServiceNames, Value};
use crate::rows::Rows;

/// A table of a pack. Every row has a value for each column.
#[derive(Clone, Debug, PartialEq)]
pub struct PlainTable {
    /// The name of its file, without the ending.
    pub name: &'static str,
    /// What is above it.
    pub title: &'static str,
    /// The headers, and what is below them.
    pub columns: &'static [(&'static str, Kind)],
    /// The rows, in their order.
    pub rows: Vec<Vec<Value<'static>>>,
}

impl PlainTable {
    /// The headers as they are written: times with their zone.
    pub(super) fn headers(&self) -> impl Iterator<Item = String> {
        self.columns.iter().map(|(header, kind)| match kind {
            Kind::Instant => format!("{header} (UTC)"),
            Kind::Seconds => format!("{header} (h:mm:ss)"),
            _ => (*header).to_owned(),
        })
    }

    /// For people: with a byte order mark, and words that could be formulas escaped.
    pub(super) fn write_csv(&self, out: &mut (dyn Write + Send), path: &Path) -> Result<(), ExportError> {
        let (zone, dialect) = (Zone::utc(), CsvDialect::with_formula_escape());
        let headers: Vec<String> = self.headers().collect();
        let mut text = "\u{feff}".to_owned();
        dialect.push_line(&mut text, &headers, |out, header| dialect.push_text(out, header));
        for row in &self.rows {
            dialect.push_line(&mut text, row, |out, value| match value {
                Value::Text(words) => dialect.push_words(out, |out| out.push_str(words)),
                typed => dialect.push_text(out, &typed.clone().into_text(&zone)),
            });
        }
        out.write_all(text.as_bytes()).map_err(|error| ExportError::from_io(&error, path))
    }

    pub(super) fn add_to(&self, workbook: &mut WorkbookWriter<'_>) -> Result<(), ExportError> {
        let zone = Zone::utc();
        let longest = |column: usize| {
            let texts = self.rows.iter().take(200).filter_map(|row| row.get(column));
            texts.map(|value| value.clone().into_text(&zone).chars().count()).max().unwrap_or(0)
        };
        let columns: Vec<SheetColumn> = self
            .headers()
            .zip(self.columns)
            .enumerate()
            .map(|(index, (header, (_, kind)))| SheetColumn { header, kind: *kind, longest: longest(index) })
            .collect();
        workbook.add_sheet(self.title, &columns, self.rows.len(), |row, cell| {
            self.rows.get(row).into_iter().flatten().for_each(|value| cell(value.clone()));
            Ok(())
        })
    }
}

fn count(number: usize) -> Value<'static> {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// How many backups of a service ended how.
#[derive(Default)]
struct Counts {
    name: Option<String>,
    all: usize,
    succeeded: usize,
    failed: usize,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

/// The backups at these positions, counted by service.
pub(super) fn summary(backups: &Rows<Backup>, positions: &[u32], names: &ServiceNames) -> PlainTable {
    let mut services: BTreeMap<String, Counts> = BTreeMap::new();
    for backup in positions.iter().filter_map(|&position| backups.get(position)) {
        let (id, name) = backup.service();
        let counts = services.entry(id.to_owned()).or_default();
        counts.name.get_or_insert_with(|| names.label(id, name).into_owned());
        counts.all += 1;
        match backup.status_kind() {
            StatusKind::Good => counts.succeeded += 1,
            StatusKind::Bad => counts.failed += 1,
            _ => {}
        }
        if let Some(at) = backup.started_at() {
            counts.first = Some(counts.first.map_or(at, |first| first.min(at)));
            counts.last = counts.last.max(Some(at));
        }
    }
    let time = |at: Option<Timestamp>| at.map_or(Value::Empty, Value::Instant);
    let row = |(id, counts): (String, Counts)| {
        vec![
            Value::text(counts.name.unwrap_or_default()),
            Value::text(id),
            count(counts.all),
            count(counts.succeeded),
            count(counts.failed),
            count(counts.all - counts.succeeded - counts.failed),
            time(counts.first),
            time(counts.last),
        ]
    };
    PlainTable {
        name: "services",
        title: "Services",
        columns: &[
            ("Service", Kind::Text),
            ("Service ID", Kind::Id),
            ("Backups", Kind::Integer),
            ("Succeeded", Kind::Integer),
            ("Failed", Kind::Integer),
            ("Other", Kind::Integer),
            ("First", Kind::Instant),
            ("Last", Kind::Instant),
        ],
        rows: services.into_iter().map(row).collect(),
    }
}

/// The changes that were sent from this computer.
pub(super) fn changes(changes: &[&ChangeRecord], names: &ServiceNames) -> PlainTable {
    let row = |change: &&ChangeRecord| {
        let (id, name) = change.service();
        let (of_schedule, of_restore) = match &change.row {
            ChangedRow::Schedule(schedule) => (schedule_cells(change, schedule), [const { Value::Empty }; 3]),
            ChangedRow::Restore(restore) => ([const { Value::Empty }; 4], restore_cells(change, restore)),
        };
        let first = [
            Value::Instant(change.sent_at),
            Value::text(kind_words(change.kind)),
            Value::text(outcome_words(change.outcome)),
            Value::text(names.label(id, name).into_owned()),
            Value::text(id.to_owned()),
        ];
        first.into_iter().chain(of_schedule).chain(of_restore).collect()
    };
    PlainTable {
        name: "changes",
        title: "Changes",
        columns: &[
            ("Sent", Kind::Instant),
            ("Change", Kind::Text),
            ("Outcome", Kind::Text),
            ("Service", Kind::Text),
            ("Service ID", Kind::Id),
            ("Schedule ID", Kind::Id),
            ("Type", Kind::Text),
            ("Cron", Kind::Text),
            ("Suspended", Kind::Flag),
            ("Restore ID", Kind::Id),
            ("Source", Kind::Id),
            ("Moment", Kind::Instant),
        ],
        rows: changes.iter().map(row).collect(),
    }
}

fn kind_words(kind: RecordedKind) -> &'static str {
    match kind {
        RecordedKind::Create => "create",
        RecordedKind::Update => "update",
        RecordedKind::Delete => "delete",
        RecordedKind::Restore => "restore",
        RecordedKind::DeleteRestore => "delete entry of restore",
    }
}

fn outcome_words(outcome: RecordedOutcome) -> &'static str {
    match outcome {
        RecordedOutcome::Done => "done",
        RecordedOutcome::Rejected => "rejected",
        RecordedOutcome::NotSent => "not sent",
        RecordedOutcome::Unknown => "unknown",
    }
}

/// Id, type, cron and whether it is suspended, as they were asked for.
fn schedule_cells(change: &ChangeRecord, schedule: &Schedule) -> [Value<'static>; 4] {
    let new_type = change.new_backup_type.as_ref().or(schedule.backup_type.as_ref());
    let cron = change.new_recurrence.as_ref().filter(|new| !new.as_str().is_empty()).or(schedule.recurrence.as_ref());
    let suspended = change.new_suspended.or(schedule.suspended);
    [
        Value::text(schedule.id.as_str().to_owned()),
        Value::text(new_type.map_or_else(String::new, |kind| kind.as_api_str().to_owned())),
        Value::text(cron.map_or_else(String::new, |cron| cron.as_str().to_owned())),
        suspended.map_or(Value::Empty, Value::Flag),
    ]
}

/// Id, source and moment.
fn restore_cells(change: &ChangeRecord, restore: &Restore) -> [Value<'static>; 3] {
    let source = restore.backup_id.as_ref().map_or_else(String::new, |source| source.as_str().to_owned());
    [
        Value::text(restore.id.as_str().to_owned()),
        Value::text(source),
        change.moment.map_or(Value::Empty, Value::Instant),
    ]
}

/// When the lists of backups and of restores were fetched.
pub(super) fn fetches(polls: &[&Poll]) -> PlainTable {
    let row = |poll: &&Poll| {
        vec![
            Value::Instant(poll.began_at),
            Value::Instant(poll.ended_at),
            Value::Integer(i64::try_from(poll.rows).unwrap_or(i64::MAX)),
            Value::Flag(poll.is_whole()),
            Value::text(poll.filter.as_deref().unwrap_or_default().to_owned()),
            Value::text(match poll.list {
                PolledList::Backups => "backups",
                PolledList::Schedules => "schedules",
                PolledList::Restores => "restores",
            }),
        ]
    };
    PlainTable {
        name: "fetches",
        title: "Fetches",
        columns: &[
            ("Began", Kind::Instant),
            ("Ended", Kind::Instant),
            ("Rows", Kind::Integer),
            ("Complete", Kind::Flag),
            ("Asked for", Kind::Text),
            ("List", Kind::Text),
        ],
        rows: polls.iter().map(row).collect(),
    }
}
