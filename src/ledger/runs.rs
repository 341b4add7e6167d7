//! What a calendar needs of each backup ever seen, without the rest of its row.

use jiff::Timestamp;

use super::record::read_time;
use super::{Ledger, LedgerError};

/// A backup: of which service, how it went, when it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenRun<'a> {
    /// The id of the service; empty where there is none.
    pub service_id: &'a str,
    /// Its name at that time.
    pub service_name: Option<&'a str>,
    /// The status as it was last seen.
    pub status: &'a str,
    /// The begin.
    pub start: Timestamp,
}

impl Ledger {
    /// Every backup ever seen whose begin is known, in the order of the first time it was seen.
    pub fn for_each_run(&self, mut each: impl FnMut(SeenRun<'_>)) -> Result<(), LedgerError> {
        let query = "SELECT service_id, service_name, status, start_time FROM backup ORDER BY seq";
        let mut statement = self.connection.prepare(query)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let Some(start) = read_time(row, 3)?.and_then(|time| time.at()) else { continue };
            each(SeenRun {
                service_id: row.get_ref(0)?.as_str_or_null().map_err(rusqlite::Error::from)?.unwrap_or_default(),
                service_name: row.get_ref(1)?.as_str_or_null().map_err(rusqlite::Error::from)?,
                status: row.get_ref(2)?.as_str_or_null().map_err(rusqlite::Error::from)?.unwrap_or_default(),
                start,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ApiTime, Backup, BackupId, Poll, PolledList, ServiceId, Status};

    #[test]
    fn every_backup_with_a_readable_begin_is_read() {
        let mut ledger = Ledger::in_memory().unwrap();
        let backup = |id: &str, start: &str| Backup {
            id: BackupId::new(id),
            service_id: (id != "c").then(|| ServiceId::new("db1")),
            service_name: Some("orders".into()),
            status: (id != "c").then(|| Status::new("Succeeded")),
            start_time: ApiTime::read(start),
            ..Backup::default()
        };
        // With a zone, without one, and finer than the file keeps as a number.
        let starts = ["2026-11-23T02:00:00Z", "2026-11-23 03:00:00", "2026-11-23T04:00:00.123456789Z", "yesterday", ""];
        let rows: Vec<_> =
            ["a", "b", "c", "d", "e"].into_iter().zip(starts).map(|(id, start)| backup(id, start)).collect();
        let at = Timestamp::UNIX_EPOCH;
        let (list, filter) = (PolledList::Backups, None);
        let poll = Poll { list, began_at: at, ended_at: at, rows: 5, filter, is_complete: true };
        ledger.end_poll(&poll, &rows).unwrap();
        let mut seen = Vec::new();
        let name =
            |run: SeenRun<'_>| format!("{}/{}/{}", run.service_id, run.service_name.unwrap_or_default(), run.status);
        ledger.for_each_run(|run| seen.push((name(run), run.start.as_second()))).unwrap();
        let hour = |hour: i64| 1_795_392_000 + hour * 3600;
        let orders = || "db1/orders/Succeeded".to_owned();
        assert_eq!(seen, [(orders(), hour(2)), (orders(), hour(3)), ("/orders/".to_owned(), hour(4))]);
    }
}
