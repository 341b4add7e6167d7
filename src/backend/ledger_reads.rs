//! What is read from a ledger at once: for the window as it opens, all that was seen, the calendar, evidence packs.

use crate::domain::{Backup, Poll, PolledList, Restore, Schedule, Seen};
use crate::export::EvidenceRecords;
use crate::insight::{Calendar, CalendarBuilder};
use crate::ledger::{Ledger, LedgerError, LedgerRow, Recognition};
use crate::msg::{KnownRows, KnownTables, LedgerEvent, SeenBackups, Ticket};
use crate::rows::{Record, Rows, RowsBuilder};

/// Every backup ever seen, as rows of a table.
pub(super) fn all_backups(ledger: &Ledger) -> Result<SeenBackups, LedgerError> {
    let (mut rows, mut since) = (RowsBuilder::new(), None);
    ledger.for_each_seen(|seen: Seen<Backup>| {
        since = since.or(Some(seen.first_seen)).min(Some(seen.first_seen));
        rows.push(seen.into_row());
    })?;
    Ok(SeenBackups { rows: rows.finish(), since })
}

/// Everything recorded that an evidence pack is made from.
pub(super) fn evidence_records(ledger: &Ledger) -> Result<EvidenceRecords, LedgerError> {
    let schedules = ledger.seen::<Schedule>()?.into_iter().map(|seen| seen.row);
    let restores = ledger.seen::<Restore>()?.into_iter().map(Seen::<Restore>::into_row);
    Ok(EvidenceRecords {
        backups: all_backups(ledger)?.rows,
        schedules: Rows::new(schedules),
        restores: Rows::new(restores),
        polls: [ledger.polls(PolledList::Backups)?, ledger.polls(PolledList::Restores)?].concat(),
        changes: ledger.changes()?,
    })
}

/// Every backup ever seen, by service and day.
pub(super) fn calendar(ledger: &Ledger, mut builder: CalendarBuilder) -> Result<Calendar, LedgerError> {
    ledger.for_each_run(|run| builder.add(run.service_id, run.service_name, run.status, run.start))?;
    let polls = ledger.polls(PolledList::Backups)?;
    Ok(builder.finish(polls.into_iter().filter(Poll::is_whole).map(|poll| poll.ended_at)))
}

/// The recurring schedules that are listed no more, those gone last first. One that ran once is gone because it is done.
pub(super) fn gone_schedules(ledger: &Ledger) -> Result<Vec<Seen<Schedule>>, LedgerError> {
    let mut gone = Vec::new();
    ledger.for_each_seen(|seen: Seen<Schedule>| {
        if seen.gone_at.is_some() && !seen.row.is_once() {
            gone.push(seen);
        }
    })?;
    gone.sort_by_key(|seen| std::cmp::Reverse(seen.gone_at));
    Ok(gone)
}

/// What the service listed last, where all of it was ever read.
pub(super) fn known(session: Ticket, ledger: &Ledger) -> Result<LedgerEvent, LedgerError> {
    fn rows<R: LedgerRow + Record>(ledger: &Ledger, list: PolledList) -> Result<Option<KnownRows<R>>, LedgerError> {
        let Some(at) = ledger.last_whole_poll(list)? else { return Ok(None) };
        let mut rows = RowsBuilder::new();
        ledger.for_each_listed(|row| rows.push(row))?;
        Ok(Some(KnownRows { rows: rows.finish(), at }))
    }
    let known = KnownTables {
        backups: rows(ledger, PolledList::Backups)?,
        schedules: rows(ledger, PolledList::Schedules)?,
        restores: rows(ledger, PolledList::Restores)?,
    };
    Ok(LedgerEvent::Known(session, known))
}

/// By the services of what was listed last.
pub(super) fn recognition_of(known: &LedgerEvent) -> Recognition {
    fn services<R: Record>(known: Option<&KnownRows<R>>) -> impl Iterator<Item = &str> {
        known.into_iter().flat_map(|known| known.rows.all_facts()).map(|row| row.service_id)
    }
    let LedgerEvent::Known(_, known) = known else { return Recognition::Recognized };
    Recognition::of(services(known.backups.as_ref()).chain(services(known.schedules.as_ref())))
}
