//! The changes that were sent from this computer.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::read::time;
use super::{Ledger, LedgerError};
use crate::domain::{
    BackupId, BackupType, ChangeRecord, ChangedRow, RecordedKind, RecordedOutcome, Recurrence, Restore, RestoreId,
    Schedule, ScheduleId, ServiceId, Text,
};

/// The columns of the table, in the order they are read in and written in.
const COLUMNS: &str = "id, kind, sent_at, ended_at, outcome, schedule_id, service_id, service_name, backup_type, \
    recurrence, suspended, new_backup_type, new_recurrence, new_suspended, restore_id, source_id, moment";

impl Ledger {
    /// Remembers a change, or what became known of it since.
    pub fn put_change(&mut self, change: &ChangeRecord) -> Result<(), LedgerError> {
        let (schedule, restore) = match &change.row {
            ChangedRow::Schedule(schedule) => (Some(schedule), None),
            ChangedRow::Restore(restore) => (None, Some(restore)),
        };
        let (service_id, service_name) = change.service();
        let known = |id: &'_ str| (!id.is_empty()).then(|| id.to_owned());
        self.write(|transaction| {
            transaction
                .prepare_cached(&format!(
                    "INSERT INTO change ({COLUMNS}) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) \
                     ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, outcome = excluded.outcome, \
                     schedule_id = coalesce(excluded.schedule_id, schedule_id), \
                     restore_id = coalesce(excluded.restore_id, restore_id)"
                ))?
                .execute(params![
                    change.id.as_str(),
                    kind_word(change.kind),
                    change.sent_at.as_microsecond(),
                    change.ended_at.as_microsecond(),
                    outcome_word(change.outcome),
                    schedule.and_then(|schedule| known(schedule.id.as_str())),
                    known(service_id),
                    service_name,
                    schedule.and_then(|schedule| schedule.backup_type.as_ref()).map(BackupType::as_api_str),
                    schedule.and_then(|schedule| schedule.recurrence.as_ref()).map(Recurrence::as_str),
                    schedule.and_then(|schedule| schedule.suspended),
                    change.new_backup_type.as_ref().map(BackupType::as_api_str),
                    change.new_recurrence.as_ref().map(Recurrence::as_str),
                    change.new_suspended,
                    restore.and_then(|restore| known(restore.id.as_str())),
                    restore.and_then(|restore| restore.backup_id.as_ref()).map(BackupId::as_str),
                    change.moment.map(Timestamp::as_microsecond),
                ])?;
            Ok(())
        })
    }

    /// Every change that was sent, in the order they were first recorded.
    pub fn changes(&self) -> Result<Vec<ChangeRecord>, LedgerError> {
        let mut statement = self.connection.prepare(&format!("SELECT {COLUMNS} FROM change ORDER BY seq"))?;
        Ok(statement.query_map([], read)?.collect::<rusqlite::Result<_>>()?)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<ChangeRecord> {
    let text = |column: usize| Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_str_or_null()?);
    let kind = kind_of(text(1)?.unwrap_or_default());
    Ok(ChangeRecord {
        id: Text::from(text(0)?.unwrap_or_default()),
        kind,
        sent_at: time(row.get(2)?),
        ended_at: time(row.get(3)?),
        outcome: outcome_of(text(4)?.unwrap_or_default()),
        row: match kind {
            RecordedKind::Create | RecordedKind::Update | RecordedKind::Delete => Schedule {
                id: ScheduleId::new(text(5)?.unwrap_or_default()),
                service_id: text(6)?.map(ServiceId::new),
                service_name: text(7)?.map(Text::from),
                backup_type: text(8)?.map(BackupType::from_word),
                recurrence: text(9)?.map(Recurrence::read),
                suspended: row.get(10)?,
                ..Schedule::default()
            }
            .into(),
            RecordedKind::Restore | RecordedKind::DeleteRestore => Restore {
                id: RestoreId::new(text(14)?.unwrap_or_default()),
                service_id: text(6)?.map(ServiceId::new),
                service_name: text(7)?.map(Text::from),
                backup_id: text(15)?.map(BackupId::new),
                ..Restore::default()
            }
            .into(),
        },
        new_backup_type: text(11)?.map(BackupType::from_word),
        new_recurrence: text(12)?.map(Recurrence::read),
        new_suspended: row.get(13)?,
        moment: row.get::<_, Option<i64>>(16)?.map(time),
    })
}

fn kind_word(kind: RecordedKind) -> &'static str {
    match kind {
        RecordedKind::Create => "create",
        RecordedKind::Update => "update",
        RecordedKind::Delete => "delete",
        RecordedKind::Restore => "restore",
        RecordedKind::DeleteRestore => "delete restore",
    }
}

/// A word of nobody is read as the kind that promises least.
fn kind_of(word: &str) -> RecordedKind {
    match word {
        "create" => RecordedKind::Create,
        "delete" => RecordedKind::Delete,
        "restore" => RecordedKind::Restore,
        "delete restore" => RecordedKind::DeleteRestore,
        _ => RecordedKind::Update,
    }
}

fn outcome_word(outcome: RecordedOutcome) -> &'static str {
    match outcome {
        RecordedOutcome::Done => "done",
        RecordedOutcome::Rejected => "rejected",
        RecordedOutcome::NotSent => "not sent",
        RecordedOutcome::Unknown => "unknown",
    }
}

fn outcome_of(word: &str) -> RecordedOutcome {
    match word {
        "done" => RecordedOutcome::Done,
        "rejected" => RecordedOutcome::Rejected,
        "not sent" => RecordedOutcome::NotSent,
        _ => RecordedOutcome::Unknown,
    }
}
