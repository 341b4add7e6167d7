//! What is written: rows as their pages come, and each poll at its end.

use std::borrow::Borrow;
use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::record::LedgerRow;
use super::{Ledger, LedgerError};
use crate::domain::{Poll, PolledList, Text};

/// Rows written in one transaction, so that another window never waits long.
const ROWS_AT_ONCE: usize = 1_000;
/// For so long every poll is kept; of older ones that were whole, the last of each hour.
const EVERY_POLL_MICROS: i64 = 30 * 86_400 * 1_000_000;
const HOUR_MICROS: i64 = 3_600 * 1_000_000;
/// A row that a partial poll shows again is not written more often than this, so that a refresh every minute spares the disk.
const SEEN_AGAIN_MICROS: i64 = HOUR_MICROS;

impl Ledger {
    /// Writes the rows of a page that was read at this moment. A row that is known and unchanged costs a look; one without an id
    /// cannot be recognized later, and is left out.
    pub fn put<R: LedgerRow>(&mut self, rows: &[R], at: Timestamp) -> Result<(), LedgerError> {
        self.put_each::<R>(rows.iter(), at)
    }

    fn put_each<R: LedgerRow>(
        &mut self,
        rows: impl Iterator<Item: Borrow<R>>,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        let mut rows = rows.peekable();
        while rows.peek().is_some() {
            self.write(|transaction| put::<R>(transaction, rows.by_ref().take(ROWS_AT_ONCE), at))?;
        }
        Ok(())
    }

    /// Writes the end of a poll, with all of its rows. Only a whole one marks rows as gone: those that it did not list and that
    /// nobody has seen since it began.
    pub fn end_poll<R: LedgerRow>(&mut self, poll: &Poll, rows: &[R]) -> Result<(), LedgerError> {
        self.end_poll_of::<R, _>(poll, || rows.iter())
    }

    /// The same with rows that are made as they are asked for.
    pub fn end_poll_of<R: LedgerRow, I: Iterator<Item: Borrow<R>>>(
        &mut self,
        poll: &Poll,
        rows: impl Fn() -> I,
    ) -> Result<(), LedgerError> {
        self.put_each::<R>(rows(), poll.ended_at)?;
        self.write(|transaction| {
            if poll.is_whole() {
                mark_gone::<R>(transaction, poll, rows())?;
            } else {
                mark_seen::<R>(transaction, poll, rows())?;
            }
            transaction
                .prepare_cached(
                    "INSERT INTO poll (list, began_at, ended_at, row_count, filter, is_complete) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![
                    list_word(poll.list),
                    poll.began_at.as_microsecond(),
                    poll.ended_at.as_microsecond(),
                    i64::try_from(poll.rows).unwrap_or(i64::MAX),
                    poll.filter.as_deref(),
                    poll.is_complete
                ])?;
            Ok(())
        })
    }

    /// Thins out old polls: of those older than 30 days, the last whole one of each hour stays. Takes time that grows with the file.
    pub fn compact(&mut self, now: Timestamp) -> Result<(), LedgerError> {
        let before = now.as_microsecond().saturating_sub(EVERY_POLL_MICROS);
        self.write(|transaction| {
            transaction.execute(
                "DELETE FROM poll WHERE ended_at < ?1 AND seq NOT IN (
                    SELECT max(seq) FROM poll WHERE ended_at < ?1 AND is_complete AND filter IS NULL
                    GROUP BY list, ended_at / ?2)",
                [before, HOUR_MICROS],
            )
        })?;
        self.connection.execute_batch("PRAGMA optimize")?;
        Ok(())
    }

    /// Deletes all that is known, for every window that has the file open.
    pub fn forget(&mut self) -> Result<(), LedgerError> {
        self.write(|transaction| {
            transaction.execute_batch(
                "DELETE FROM backup; DELETE FROM schedule; DELETE FROM schedule_version; DELETE FROM restore; \
                 DELETE FROM poll; DELETE FROM change;",
            )
        })?;
        self.connection.execute_batch("VACUUM")?;
        // The log still holds what was deleted. Another window that reads just now leaves it to the next checkpoint.
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// One transaction that has the right to write from its beginning: a read that becomes a write can fail at once, and its commit
    /// can be lost. Whatever fails is rolled back.
    pub(super) fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, LedgerError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }
}

/// The word for a list in the table of polls.
pub(super) fn list_word(list: PolledList) -> &'static str {
    match list {
        PolledList::Backups => "backups",
        PolledList::Schedules => "schedules",
        PolledList::Restores => "restores",
    }
}

fn put<R: LedgerRow>(
    connection: &Connection,
    rows: impl Iterator<Item: Borrow<R>>,
    at: Timestamp,
) -> rusqlite::Result<()> {
    let mut upsert = connection.prepare_cached(&upsert_sql::<R>())?;
    let mut version = match R::LIST {
        PolledList::Backups | PolledList::Restores => None,
        PolledList::Schedules => Some(connection.prepare_cached(NEW_VERSION)?),
    };
    let seen = R::COLUMNS.len() + 2;
    for row in rows {
        let row: &R = row.borrow();
        if row.record_id().is_empty() {
            continue;
        }
        row.bind(&mut upsert)?;
        upsert.raw_bind_parameter(seen, at.as_microsecond())?;
        let is_new = upsert.raw_execute()? > 0;
        if let Some(version) = version.as_mut().filter(|_| is_new) {
            version.execute([row.record_id()])?;
        }
    }
    Ok(())
}

/// Adds the state of a schedule that decides about its runs, where it differs from the one known last.
const NEW_VERSION: &str = "INSERT INTO schedule_version (schedule_id, since, backup_type, recurrence, suspended)
    SELECT id, last_seen, backup_type, recurrence, suspended FROM schedule AS now WHERE id = ?1 AND
        (backup_type, recurrence, suspended) IS NOT (
            SELECT backup_type, recurrence, suspended FROM schedule_version
            WHERE schedule_id = now.id ORDER BY seq DESC LIMIT 1)
        OR id = ?1 AND NOT EXISTS (SELECT 1 FROM schedule_version WHERE schedule_id = now.id)";

/// Adds a row, or brings it up to date where anything of it differs. A row that stayed the same is not written again.
fn upsert_sql<R: LedgerRow>() -> String {
    let columns = R::COLUMNS.join(", ");
    let values = (1..=R::COLUMNS.len() + 1).map(|number| format!("?{number}")).collect::<Vec<_>>().join(", ");
    let each = |form: &dyn Fn(&str) -> String| R::COLUMNS.iter().map(|name| form(name)).collect::<Vec<_>>().join(", ");
    let old = each(&|name| format!("{}.{name}", R::TABLE));
    let new = each(&|name| format!("excluded.{name}"));
    let set = each(&|name| format!("{name} = excluded.{name}"));
    format!(
        "INSERT INTO {} (id, {columns}, first_seen, last_seen) VALUES ({values}, ?{seen}, ?{seen}) \
         ON CONFLICT (id) DO UPDATE SET {set}, last_seen = excluded.last_seen, gone_at = NULL \
         WHERE gone_at IS NOT NULL OR ({old}) IS NOT ({new})",
        R::TABLE,
        seen = R::COLUMNS.len() + 2
    )
}

/// Marks the rows that a whole poll did not list. What another window saw since this one began is not gone; where it has finished a
/// whole poll meanwhile, it has marked them itself. Times that lie ahead are of a clock that was wrong, and count for nothing.
fn mark_gone<R: LedgerRow>(
    connection: &Connection,
    poll: &Poll,
    rows: impl Iterator<Item: Borrow<R>>,
) -> rusqlite::Result<()> {
    let (began, ended) = (poll.began_at.as_microsecond(), poll.ended_at.as_microsecond());
    let previous = last_whole_poll(connection, R::LIST, ended)?;
    if previous.is_some_and(|previous| previous > began) {
        return Ok(());
    }
    let listed: HashSet<Text> = rows.map(|row| Text::from(row.borrow().record_id())).collect();
    let mut known =
        connection.prepare_cached(&format!("SELECT seq, id, last_seen FROM {} WHERE gone_at IS NULL", R::TABLE))?;
    let mut gone = Vec::new();
    let mut found = known.query([])?;
    while let Some(row) = found.next()? {
        let last_seen: i64 = row.get(2)?;
        if !listed.contains(row.get_ref(1)?.as_str()?) && !(began..=ended).contains(&last_seen) {
            gone.push(row.get::<_, i64>(0)?);
        }
    }
    let mut mark = connection.prepare_cached(&format!(
        "UPDATE {} SET gone_at = ?2, last_seen = max(last_seen, ?3) WHERE seq = ?1",
        R::TABLE
    ))?;
    for seq in gone {
        mark.execute(params![seq, ended, previous.unwrap_or(i64::MIN)])?;
    }
    Ok(())
}

/// A poll that tells only what is there: its rows were seen, the others may be there or not.
fn mark_seen<R: LedgerRow>(
    connection: &Connection,
    poll: &Poll,
    rows: impl Iterator<Item: Borrow<R>>,
) -> rusqlite::Result<()> {
    let mut mark = connection
        .prepare_cached(&format!("UPDATE {} SET last_seen = ?2 WHERE id = ?1 AND last_seen <= ?3", R::TABLE))?;
    let at = poll.ended_at.as_microsecond();
    for row in rows {
        mark.execute(params![row.borrow().record_id(), at, at.saturating_sub(SEEN_AGAIN_MICROS)])?;
    }
    Ok(())
}

/// The end of the newest whole poll of a list up to a moment, in microseconds: all listed rows were seen then.
pub(super) fn last_whole_poll(connection: &Connection, list: PolledList, until: i64) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached(
            "SELECT ended_at FROM poll WHERE list = ?1 AND ended_at <= ?2 AND is_complete AND filter IS NULL \
             ORDER BY ended_at DESC LIMIT 1",
        )?
        .query_row(params![list_word(list), until], |row| row.get(0))
        .optional()
}
