//! What is read: rows with the times they were seen at, the polls, the versions of schedules.

use std::sync::mpsc;

use jiff::Timestamp;
use rusqlite::Row;

use super::record::LedgerRow;
use super::write::{last_whole_poll, list_word};
use super::{Ledger, LedgerError};
use crate::domain::{BackupType, Poll, PolledList, Recurrence, ScheduleId, ScheduleVersion, Seen, SeenCounts, Text};

/// Rows handed over to another thread at a time.
const BATCH_ROWS: usize = 512;
/// Batches that may wait there.
const BATCHES: usize = 8;

impl Ledger {
    /// Every row ever seen, in the order of the first time; those still listed count as seen by the last whole poll. Each is handed
    /// over soon after it was read, so that no second copy of a long list is needed; `each` runs on a thread of its own, beside the
    /// reading.
    pub fn for_each_seen<R: LedgerRow + Send>(&self, each: impl FnMut(Seen<R>) + Send) -> Result<(), LedgerError> {
        self.read_beside::<R>("", each)
    }

    /// The same for the rows that were listed last.
    pub fn for_each_listed<R: LedgerRow + Send>(&self, mut each: impl FnMut(R) + Send) -> Result<(), LedgerError> {
        self.read_beside::<R>("WHERE gone_at IS NULL", |seen| each(seen.row))
    }

    /// Every row ever seen.
    pub fn seen<R: LedgerRow + Send>(&self) -> Result<Vec<Seen<R>>, LedgerError> {
        let mut rows = Vec::new();
        self.for_each_seen(|seen| rows.push(seen))?;
        Ok(rows)
    }

    /// The rows that were listed last.
    pub fn listed<R: LedgerRow + Send>(&self) -> Result<Vec<R>, LedgerError> {
        let mut rows = Vec::new();
        self.for_each_listed(|row| rows.push(row))?;
        Ok(rows)
    }

    fn read_beside<R: LedgerRow + Send>(
        &self,
        which: &str,
        mut each: impl FnMut(Seen<R>) + Send,
    ) -> Result<(), LedgerError> {
        std::thread::scope(|scope| {
            let (sender, batches) = mpsc::sync_channel::<Vec<Seen<R>>>(BATCHES);
            scope.spawn(move || batches.into_iter().flatten().for_each(&mut each));
            let mut batch = Vec::with_capacity(BATCH_ROWS);
            self.read_rows::<R>(which, &mut |seen| {
                batch.push(seen);
                if batch.len() == BATCH_ROWS {
                    // Nobody receives only after a panic, which the end of the scope passes on.
                    let _ = sender.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH_ROWS)));
                }
            })?;
            let _ = sender.send(batch);
            Ok(())
        })
    }

    fn read_rows<R: LedgerRow>(&self, which: &str, each: &mut dyn FnMut(Seen<R>)) -> Result<(), LedgerError> {
        let last_poll = last_whole_poll(&self.connection, R::LIST, i64::MAX)?;
        let columns = R::COLUMNS.join(", ");
        let mut statement = self.connection.prepare(&format!(
            "SELECT id, {columns}, first_seen, last_seen, gone_at FROM {} {which} ORDER BY seq",
            R::TABLE
        ))?;
        let seen_at = R::COLUMNS.len() + 1;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let gone_at: Option<i64> = row.get(seen_at + 2)?;
            let mut last_seen: i64 = row.get(seen_at + 1)?;
            if let (None, Some(last_poll)) = (gone_at, last_poll) {
                last_seen = last_seen.max(last_poll);
            }
            each(Seen {
                row: R::read(row)?,
                first_seen: time(row.get(seen_at)?),
                last_seen: time(last_seen),
                gone_at: gone_at.map(time),
            });
        }
        Ok(())
    }

    /// Every poll of a list that is kept, oldest first.
    pub fn polls(&self, list: PolledList) -> Result<Vec<Poll>, LedgerError> {
        let mut statement = self.connection.prepare(
            "SELECT began_at, ended_at, row_count, filter, is_complete FROM poll WHERE list = ?1 ORDER BY ended_at, seq",
        )?;
        let read = |row: &Row<'_>| {
            Ok(Poll {
                list,
                began_at: time(row.get(0)?),
                ended_at: time(row.get(1)?),
                rows: u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0),
                filter: row.get_ref(3)?.as_str_or_null()?.map(Text::from),
                is_complete: row.get(4)?,
            })
        };
        Ok(statement.query_map([list_word(list)], read)?.collect::<rusqlite::Result<_>>()?)
    }

    /// When the newest whole poll of a list ended: the age of what [`Self::for_each_listed`] hands over.
    pub fn last_whole_poll(&self, list: PolledList) -> Result<Option<Timestamp>, LedgerError> {
        Ok(last_whole_poll(&self.connection, list, i64::MAX)?.map(time))
    }

    /// What each schedule was like, and since when: by schedule, oldest first.
    pub fn schedule_versions(&self) -> Result<Vec<ScheduleVersion>, LedgerError> {
        let mut statement = self.connection.prepare(
            "SELECT schedule_id, since, backup_type, recurrence, suspended FROM schedule_version \
             ORDER BY schedule_id, seq",
        )?;
        let read = |row: &Row<'_>| {
            Ok(ScheduleVersion {
                id: ScheduleId::new(row.get_ref(0)?.as_str()?),
                since: time(row.get(1)?),
                backup_type: row.get_ref(2)?.as_str_or_null()?.map(BackupType::from_word),
                recurrence: row.get_ref(3)?.as_str_or_null()?.map(Recurrence::read),
                suspended: row.get(4)?,
            })
        };
        Ok(statement.query_map([], read)?.collect::<rusqlite::Result<_>>()?)
    }

    /// How much was ever seen.
    pub fn counts(&self) -> Result<SeenCounts, LedgerError> {
        let query =
            "SELECT (SELECT count(*) FROM backup), (SELECT count(*) FROM schedule), (SELECT count(*) FROM restore)";
        Ok(self.connection.query_row(query, [], |row| {
            let count = |column| Ok::<_, rusqlite::Error>(row.get::<_, i64>(column)?.unsigned_abs());
            Ok(SeenCounts { backups: count(0)?, schedules: count(1)?, restores: count(2)? })
        })?)
    }
}

/// A moment as it is in the file. One that no calendar knows is the nearest that one does.
pub(super) fn time(micros: i64) -> Timestamp {
    let nearest = if micros < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_microsecond(micros).unwrap_or(nearest)
}
