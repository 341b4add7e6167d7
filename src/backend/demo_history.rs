//! The history of the demo: its past, recorded as if this computer had listed it.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use crate::api::{ApiRecord, decode_page};
use crate::demo::{Past, PastChange, PastChangeKind, PastListing};
use crate::domain::{
    Backup, BackupId, ChangeRecord, ChangedRow, Poll, RETENTION, RecordedKind, RecordedOutcome, Recurrence, Restore,
    Schedule,
};
use crate::ledger::{Ledger, LedgerError, LedgerRow};

/// So long takes each listing.
const LISTING: SignedDuration = SignedDuration::from_secs(2);

/// Records the past in an empty ledger. Takes a second or so.
pub(super) fn record(ledger: &mut Ledger, past: Past) -> Result<(), LedgerError> {
    let (listings, changes) = past.listings_and_changes();
    let mut backups = Vec::new();
    for PastListing { at, backups: new, schedules, restores } in listings {
        backups = listed(backups, decoded(&new), at);
        end_poll(ledger, at, &backups)?;
        end_poll::<Schedule>(ledger, at, &decoded(&schedules))?;
        end_poll::<Restore>(ledger, at, &decoded(&restores))?;
    }
    for (number, change) in (1..).zip(changes) {
        if let Some(change) = change_record(number, change) {
            ledger.put_change(&change)?;
        }
    }
    Ok(())
}

/// The rows of a JSON array, or the one row that it is. The demo writes what the app reads.
fn decoded<R: ApiRecord>(json: &str) -> Vec<R> {
    decode_page(json.as_bytes()).map(|page| page.rows).unwrap_or_default()
}

/// The backups that were listed at a moment: those of the listing before that have not expired, and the new ones.
fn listed(mut before: Vec<Backup>, new: Vec<Backup>, at: Timestamp) -> Vec<Backup> {
    let ids: HashSet<&BackupId> = new.iter().map(|backup| &backup.id).collect();
    let is_kept = |backup: &Backup| backup.started_at().is_none_or(|start| at.duration_since(start) < RETENTION);
    before.retain(|backup| is_kept(backup) && !ids.contains(&backup.id));
    before.extend(new);
    before
}

fn end_poll<R: LedgerRow>(ledger: &mut Ledger, at: Timestamp, rows: &[R]) -> Result<(), LedgerError> {
    let ended_at = at.checked_add(LISTING).unwrap_or(at);
    let poll = Poll { list: R::LIST, began_at: at, ended_at, rows: rows.len() as u64, filter: None, is_complete: true };
    ledger.end_poll(&poll, rows)
}

fn change_record(number: u32, PastChange { at, kind }: PastChange) -> Option<ChangeRecord> {
    let schedule = |json: &str| Some(ChangedRow::from(decoded::<Schedule>(json).into_iter().next()?));
    let (mut new_recurrence, mut new_suspended) = (None, None);
    let (kind, row) = match kind {
        PastChangeKind::Moved { schedule: before, cron } => {
            new_recurrence = Some(Recurrence::read(cron.as_str()));
            (RecordedKind::Update, schedule(&before)?)
        }
        PastChangeKind::Suspended { schedule: before, suspended } => {
            new_suspended = Some(suspended);
            (RecordedKind::Update, schedule(&before)?)
        }
        PastChangeKind::Deleted { schedule: before } => (RecordedKind::Delete, schedule(&before)?),
        PastChangeKind::Restored { restore } => {
            (RecordedKind::Restore, ChangedRow::from(decoded::<Restore>(&restore).into_iter().next()?))
        }
    };
    Some(ChangeRecord {
        id: format!("demo-{number}").into(),
        kind,
        sent_at: at,
        ended_at: at.checked_add(LISTING).unwrap_or(at),
        outcome: RecordedOutcome::Done,
        row,
        new_backup_type: None,
        new_recurrence,
        new_suspended,
        moment: None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::{PolledList, SeenState, StatusKind};

    /// What the ledger of a demo that begins at this moment holds.
    fn recorded(now: &str) -> Ledger {
        let now: Timestamp = now.parse().unwrap();
        let mut ledger = Ledger::in_memory().unwrap();
        record(&mut ledger, crate::demo::past_at(now)).unwrap();
        ledger
    }

    #[test]
    fn a_year_is_recorded_as_if_it_had_been_listed() {
        let now: Timestamp = "2026-11-28T09:00:30Z".parse().unwrap();
        let ledger = recorded("2026-11-28T09:00:30Z");
        let seen = ledger.seen::<Backup>().unwrap();
        let mut states: BTreeMap<&str, usize> = BTreeMap::new();
        for backup in &seen {
            *states.entry(backup.state().name()).or_default() += 1;
        }
        assert!(seen.len() > 10_000, "{}", seen.len());
        assert!(states["Expired"] > 10_000 && states["Listed"] > 300, "{states:?}");
        assert!(!states.contains_key("Gone"), "none was deleted: {states:?}");
        let oldest = seen.iter().filter_map(|backup| backup.row.started_at()).min().unwrap();
        assert!((364..=372).contains(&(now.duration_since(oldest).as_hours() / 24)), "{oldest}");
        assert!(
            seen.iter().all(|it| it.row.started_at().is_none_or(|start| start <= it.first_seen && it.first_seen < now))
        );
        let running = seen.iter().filter(|it| it.row.status_kind() == StatusKind::Running);
        assert!(running.count() <= 1, "what ran was listed again when it had ended");
        for list in [PolledList::Backups, PolledList::Schedules, PolledList::Restores] {
            let polls = ledger.polls(list).unwrap();
            assert!(polls.len() > 80 && polls.iter().all(Poll::is_whole), "{list:?} {}", polls.len());
        }
    }

    #[test]
    fn schedules_restores_and_changes_of_the_year_are_known() {
        let ledger = recorded("2026-11-28T09:00:30Z");
        let schedules = ledger.seen::<Schedule>().unwrap();
        let gone: Vec<_> = schedules.iter().filter(|it| it.state() == SeenState::Gone).collect();
        assert_eq!(gone.len(), 1, "the one that was deleted");
        let versions = ledger.schedule_versions().unwrap();
        assert!(versions.len() >= schedules.len() + 4, "moved, suspended, resumed, suspended: {}", versions.len());
        let restores = ledger.seen::<Restore>().unwrap();
        let listed = restores.iter().filter(|it| it.state() == SeenState::Listed).count();
        assert!((listed, restores.len() > 12) >= (4, true), "{listed} of {}", restores.len());
        assert!(restores.iter().any(|it| it.row.status_kind() == StatusKind::Bad));
        let changes = ledger.changes().unwrap();
        let count = |kind| changes.iter().filter(|change| change.kind == kind).count();
        assert_eq!((count(RecordedKind::Update), count(RecordedKind::Delete)), (4, 1));
        assert!(count(RecordedKind::Restore) >= 12);
        assert!(changes.iter().all(|change| !change.service().0.is_empty()));
    }
}
