//! The changes that were sent from this computer.

use rusqlite::{Row, params};

use super::read::time;
use super::{Ledger, LedgerError};
use crate::domain::{
    BackupType, ChangeRecord, RecordedKind, RecordedOutcome, Recurrence, Schedule, ScheduleId, ServiceId, Text,
};

impl Ledger {
    /// Remembers a change, or what became known of it since.
    pub fn put_change(&mut self, change: &ChangeRecord) -> Result<(), LedgerError> {
        self.write(|transaction| {
            let schedule = &change.schedule;
            transaction
                .prepare_cached(
                    "INSERT INTO change (id, kind, sent_at, ended_at, outcome, schedule_id, service_id, service_name, \
                     backup_type, recurrence, suspended, new_backup_type, new_recurrence, new_suspended) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) \
                     ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, outcome = excluded.outcome, \
                     schedule_id = coalesce(excluded.schedule_id, schedule_id)",
                )?
                .execute(params![
                    change.id.as_str(),
                    kind_word(change.kind),
                    change.sent_at.as_microsecond(),
                    change.ended_at.as_microsecond(),
                    outcome_word(change.outcome),
                    (!schedule.id.is_empty()).then(|| schedule.id.as_str()),
                    schedule.service_id.as_ref().map(ServiceId::as_str),
                    schedule.service_name.as_deref(),
                    schedule.backup_type.as_ref().map(BackupType::as_api_str),
                    schedule.recurrence.as_ref().map(Recurrence::as_str),
                    schedule.suspended,
                    change.new_backup_type.as_ref().map(BackupType::as_api_str),
                    change.new_recurrence.as_ref().map(Recurrence::as_str),
                    change.new_suspended,
                ])?;
            Ok(())
        })
    }

    /// Every change that was sent, in the order they were first recorded.
    pub fn changes(&self) -> Result<Vec<ChangeRecord>, LedgerError> {
        let mut statement = self.connection.prepare(
            "SELECT id, kind, sent_at, ended_at, outcome, schedule_id, service_id, service_name, backup_type, \
             recurrence, suspended, new_backup_type, new_recurrence, new_suspended FROM change ORDER BY seq",
        )?;
        Ok(statement.query_map([], read)?.collect::<rusqlite::Result<_>>()?)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<ChangeRecord> {
    let text = |column: usize| Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_str_or_null()?);
    Ok(ChangeRecord {
        id: Text::from(text(0)?.unwrap_or_default()),
        kind: kind_of(text(1)?.unwrap_or_default()),
        sent_at: time(row.get(2)?),
        ended_at: time(row.get(3)?),
        outcome: outcome_of(text(4)?.unwrap_or_default()),
        schedule: Schedule {
            id: ScheduleId::new(text(5)?.unwrap_or_default()),
            service_id: text(6)?.map(ServiceId::new),
            service_name: text(7)?.map(Text::from),
            backup_type: text(8)?.map(BackupType::from_word),
            recurrence: text(9)?.map(Recurrence::read),
            suspended: row.get(10)?,
            ..Schedule::default()
        },
        new_backup_type: text(11)?.map(BackupType::from_word),
        new_recurrence: text(12)?.map(Recurrence::read),
        new_suspended: row.get(13)?,
    })
}

fn kind_word(kind: RecordedKind) -> &'static str {
    match kind {
        RecordedKind::Create => "create",
        RecordedKind::Update => "update",
        RecordedKind::Delete => "delete",
    }
}

/// A word of nobody is read as the kind that promises least.
fn kind_of(word: &str) -> RecordedKind {
    match word {
        "create" => RecordedKind::Create,
        "delete" => RecordedKind::Delete,
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
