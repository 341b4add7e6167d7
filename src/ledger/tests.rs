//! The ledger against polls of every kind.

use std::path::Path;

use jiff::Timestamp;

use super::{Ledger, LedgerFile};
use crate::domain::{
    ApiTime, Backup, BackupId, BackupType, ChangeRecord, ChangedRow, Poll, PolledList, RecordedKind, RecordedOutcome,
    Recurrence, Restore, RestoreId, Schedule, ScheduleId, Seen, SeenState, ServiceId, Status,
};

pub(super) const ACCOUNT: &str = "https://api.skysql.com production";

pub(super) fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + minute * 60).unwrap()
}

pub(super) fn backup(id: &str, status: &str) -> Backup {
    Backup {
        id: BackupId::new(id),
        service_id: Some(ServiceId::new("dbpgf41870263")),
        status: Some(Status::new(status)),
        backup_type: Some(BackupType::Full),
        start_time: Some(ApiTime::At(at(0))),
        ..Backup::default()
    }
}

pub(super) fn restore(id: &str, status: &str) -> Restore {
    Restore {
        id: RestoreId::new(id),
        service_id: Some(ServiceId::new("dbpgf41870263")),
        service_name: Some("orders".into()),
        backup_id: Some(BackupId::new("0a:db:pod")),
        backup_type: Some(BackupType::from_word("physical")),
        status: Some(Status::new(status)),
        created_at: ApiTime::read("2026-08-21 02:00:07 +0000 UTC"),
        ..Restore::default()
    }
}

pub(super) fn poll(began: i64, ended: i64) -> Poll {
    Poll {
        list: PolledList::Backups,
        began_at: at(began),
        ended_at: at(ended),
        rows: 0,
        filter: None,
        is_complete: true,
    }
}

pub(super) fn ledger() -> Ledger {
    Ledger::in_memory().unwrap()
}

pub(super) fn open(folder: &Path) -> Ledger {
    let opened = LedgerFile::new(folder, ACCOUNT).open(at(0)).unwrap();
    assert_eq!(opened.quarantined, None);
    opened.ledger
}

pub(super) fn change(id: &str, outcome: RecordedOutcome) -> ChangeRecord {
    ChangeRecord {
        id: id.into(),
        kind: RecordedKind::Update,
        sent_at: at(1),
        ended_at: at(2),
        outcome,
        row: Schedule {
            id: ScheduleId::new("301"),
            service_id: Some(ServiceId::new("db")),
            service_name: Some("orders".into()),
            backup_type: Some(BackupType::Full),
            recurrence: Some(Recurrence::read("0 2 * * *")),
            suspended: Some(false),
            ..Schedule::default()
        }
        .into(),
        new_backup_type: Some(BackupType::Dump),
        new_recurrence: Some(Recurrence::read("0 3 * * *")),
        new_suspended: Some(true),
        moment: None,
    }
}

/// Id, first and last minute seen, and the minute since when it is gone.
pub(super) fn times(ledger: &Ledger) -> Vec<(String, i64, i64, Option<i64>)> {
    let minute = |time: Timestamp| time.duration_since(at(0)).as_mins();
    let seen = ledger.seen::<Backup>().unwrap();
    let rows = seen.iter().map(|it| {
        let id = it.row.id.as_str().to_owned();
        (id, minute(it.first_seen), minute(it.last_seen), it.gone_at.map(minute))
    });
    rows.collect()
}

#[test]
fn a_backup_and_a_schedule_come_back_as_they_were() {
    let mut ledger = ledger();
    let odd = Backup {
        id: BackupId::new("0a:db:pod"),
        service_id: Some(ServiceId::new("db")),
        service_name: Some("ünï\u{202e}\0 'quoted'; DROP TABLE backup".into()),
        backup_type: Some(BackupType::from_word("Mirror")),
        method: Some("mariabackup".into()),
        server_pod: Some("pod".into()),
        cloud_provider: Some("gcp".into()),
        status: Some(Status::new("Half Done")),
        start_time: ApiTime::read("2026-08-21 02:00:07.123456789 +0000 UTC"),
        end_time: ApiTime::read("2026-08-21 02:00:07"),
        point_in_time: ApiTime::read("yesterday"),
        reference_full_backup: Some("12".into()),
        binlog_file: Some("1e3".into()),
        binlog_position: Some("007".into()),
        binlog_gtid_position: Some("0-1-270".into()),
        disk_size: Some(" 12 ".into()),
        disk_size_bytes: Some(0),
        storage_bytes: Some(u64::MAX),
        is_external_storage: Some(false),
        unknown: Some("{\"surprise\":1}".into()),
        sighting: None,
    };
    ledger.put(&[odd.clone(), Backup::default()], at(1)).unwrap();
    let seen = ledger.seen::<Backup>().unwrap();
    assert_eq!(seen.len(), 1, "a row without an id is not kept");
    let largest = u64::try_from(i64::MAX).unwrap();
    assert_eq!(seen[0].row, Backup { unknown: None, storage_bytes: Some(largest), ..odd });

    let schedule = Schedule {
        id: ScheduleId::new("0603"),
        service_id: Some(ServiceId::new("db")),
        service_name: Some("orders".into()),
        backup_type: Some(BackupType::BinaryLog),
        recurrence: Some(Recurrence::read("0 2 * * *")),
        status: Some(Status::new("Scheduled")),
        message: Some("kept nowhere".into()),
        suspended: Some(true),
        cloud_provider: Some("aws".into()),
        created_at: ApiTime::read("2026-08-21T02:00:07Z"),
        updated_at: ApiTime::read("2026-08-21T02:00:07.5Z"),
        scheduled_at: None,
        labels: Some("{}".into()),
        unknown: Some("{\"surprise\":1}".into()),
    };
    ledger.put(std::slice::from_ref(&schedule), at(1)).unwrap();
    let kept = Schedule { message: None, labels: None, unknown: None, ..schedule };
    assert_eq!(ledger.listed::<Schedule>().unwrap(), [kept]);
}

#[test]
fn a_restore_comes_back_without_its_message_and_bucket_and_keeps_when_it_was_seen() {
    let mut ledger = ledger();
    let told = Restore {
        bucket: Some("gs://kept-nowhere/".into()),
        message: Some("kept nowhere".into()),
        unknown: Some("{\"surprise\":1}".into()),
        ..restore("12", "Running")
    };
    let of_restores = |began, ended| Poll { list: PolledList::Restores, ..poll(began, ended) };
    ledger.end_poll(&of_restores(0, 1), &[told, Restore::default()]).unwrap();
    assert_eq!(ledger.listed::<Restore>().unwrap(), [restore("12", "Running")]);
    // A whole poll of another list tells nothing of restores.
    ledger.end_poll::<Backup>(&poll(2, 3), &[]).unwrap();
    ledger.end_poll(&of_restores(4, 5), &[restore("12", "Succeeded")]).unwrap();
    ledger.end_poll::<Restore>(&of_restores(6, 7), &[]).unwrap();
    let seen = ledger.seen::<Restore>().unwrap();
    let want = Seen { row: restore("12", "Succeeded"), first_seen: at(1), last_seen: at(5), gone_at: Some(at(7)) };
    assert_eq!(seen, [want]);
    assert_eq!(seen[0].state(), SeenState::Gone);
    assert_eq!(ledger.last_whole_poll(PolledList::Restores).unwrap(), Some(at(7)));
    // Of old polls of each list one an hour stays.
    ledger.compact(at(3 * 30 * 24 * 60)).unwrap();
    let left = |list| ledger.polls(list).unwrap().len();
    assert_eq!((left(PolledList::Restores), left(PolledList::Backups)), (1, 1));
}

#[test]
fn only_a_whole_poll_marks_rows_as_gone() {
    let mut ledger = ledger();
    let (a, b) = (backup("a", "Succeeded"), backup("b", "Succeeded"));
    ledger.end_poll(&poll(0, 1), &[a.clone(), b]).unwrap();
    let partial = |began, ended| Poll { is_complete: false, ..poll(began, ended) };
    let filtered = Poll { filter: Some("status=Failed".into()), ..poll(120, 121) };
    // Seen again within the hour: the disk is spared.
    for (poll, last_seen) in [(&partial(59, 60), 1), (&partial(60, 61), 61), (&filtered, 121)] {
        ledger.end_poll(poll, std::slice::from_ref(&a)).unwrap();
        assert_eq!(times(&ledger), [("a".into(), 1, last_seen, None), ("b".into(), 1, 1, None)]);
    }
    ledger.end_poll(&poll(126, 127), std::slice::from_ref(&a)).unwrap();
    assert_eq!(times(&ledger), [("a".into(), 1, 127, None), ("b".into(), 1, 1, Some(127))]);
    assert_eq!(ledger.listed::<Backup>().unwrap(), std::slice::from_ref(&a));
    // Listed again, as some lists leave rows out for a while.
    ledger.end_poll(&poll(128, 129), &[a, backup("b", "Succeeded")]).unwrap();
    assert_eq!(times(&ledger), [("a".into(), 1, 129, None), ("b".into(), 1, 129, None)]);
}

#[test]
fn a_row_was_seen_last_by_the_whole_poll_before_it_was_gone() {
    let mut ledger = ledger();
    for minute in [0, 10, 20] {
        ledger.end_poll(&poll(minute, minute + 1), &[backup("a", "Succeeded")]).unwrap();
    }
    ledger.end_poll::<Backup>(&poll(30, 31), &[]).unwrap();
    assert_eq!(times(&ledger), [("a".into(), 1, 21, Some(31))]);
}

#[test]
fn a_slow_poll_does_not_mark_what_another_window_saw_meanwhile() {
    let mut ledger = ledger();
    ledger.end_poll(&poll(0, 1), &[backup("a", "Succeeded")]).unwrap();
    // A page of the other window, with a backup that began after the slow poll had read its first page.
    ledger.put(&[backup("b", "Running")], at(5)).unwrap();
    ledger.end_poll(&poll(4, 6), &[backup("a", "Succeeded")]).unwrap();
    assert_eq!(times(&ledger), [("a".into(), 1, 6, None), ("b".into(), 5, 6, None)]);
    // The other window finished a whole poll after this one began: nothing is marked by the older view.
    ledger.end_poll(&poll(7, 9), &[backup("a", "Succeeded"), backup("b", "Succeeded")]).unwrap();
    ledger.end_poll::<Backup>(&poll(8, 10), &[]).unwrap();
    assert_eq!(ledger.listed::<Backup>().unwrap().len(), 2);
    ledger.end_poll::<Backup>(&poll(11, 12), &[]).unwrap();
    assert!(ledger.listed::<Backup>().unwrap().is_empty());
}

#[test]
fn a_clock_that_was_ahead_once_hides_nothing_afterwards() {
    let mut ledger = ledger();
    ledger.end_poll(&poll(900_000, 900_001), &[backup("a", "Running"), backup("b", "Running")]).unwrap();
    ledger.end_poll(&poll(10, 11), &[backup("a", "Succeeded")]).unwrap();
    let seen = ledger.seen::<Backup>().unwrap();
    assert_eq!(seen[0].row.status, Some(Status::new("Succeeded")));
    assert_eq!(seen[1].gone_at, Some(at(11)));
}

#[test]
fn a_schedule_keeps_what_decided_about_its_runs() {
    let mut ledger = ledger();
    let schedule = |recurrence: &str, suspended, status: &str| Schedule {
        id: ScheduleId::new("301"),
        recurrence: Some(Recurrence::read(recurrence)),
        suspended: Some(suspended),
        status: Some(Status::new(status)),
        ..Schedule::default()
    };
    let states = [
        schedule("0 2 * * *", false, "Scheduled"),
        schedule("0 2 * * *", false, "Running"),
        schedule("0 3 * * *", false, "Running"),
        schedule("0 3 * * *", true, "Running"),
        schedule("0 3 * * *", false, "Running"),
    ];
    for (state, minute) in states.iter().zip(1..) {
        ledger.put(std::slice::from_ref(state), at(minute)).unwrap();
    }
    // Nothing about its runs is known; it has a version all the same.
    ledger.put(&[Schedule { id: ScheduleId::new("302"), ..Schedule::default() }], at(9)).unwrap();
    let versions = ledger.schedule_versions().unwrap();
    let known: Vec<_> = versions
        .iter()
        .map(|it| (it.id.as_str(), it.since, it.recurrence.as_ref().map(Recurrence::as_str), it.suspended))
        .collect();
    assert_eq!(
        known,
        [
            ("301", at(1), Some("0 2 * * *"), Some(false)),
            ("301", at(3), Some("0 3 * * *"), Some(false)),
            ("301", at(4), Some("0 3 * * *"), Some(true)),
            ("301", at(5), Some("0 3 * * *"), Some(false)),
            ("302", at(9), None, None),
        ]
    );
}

#[test]
fn a_change_is_kept_once_with_the_outcome_known_last() {
    let mut ledger = ledger();
    let ChangedRow::Schedule(updated) = change("1", RecordedOutcome::Unknown).row else { panic!("a schedule") };
    let asked = Schedule { id: ScheduleId::default(), ..*updated };
    let unknown =
        ChangeRecord { kind: RecordedKind::Create, row: asked.clone().into(), ..change("1", RecordedOutcome::Unknown) };
    ledger.put_change(&unknown).unwrap();
    let others = [(RecordedKind::Delete, RecordedOutcome::Rejected), (RecordedKind::Update, RecordedOutcome::NotSent)];
    let others = others.map(|(kind, outcome)| ChangeRecord { kind, ..change(&format!("{kind:?}"), outcome) });
    for other in &others {
        ledger.put_change(other).unwrap();
    }
    let id = ScheduleId::new("302");
    let found = ChangeRecord {
        ended_at: at(9),
        outcome: RecordedOutcome::Done,
        row: Schedule { id, ..asked }.into(),
        ..unknown.clone()
    };
    ledger.put_change(&found).unwrap();
    assert_eq!(ledger.changes().unwrap(), [found.clone(), others[0].clone(), others[1].clone()]);
    // A later look that does not know the id takes none away.
    ledger.put_change(&ChangeRecord { outcome: RecordedOutcome::Done, ended_at: at(9), ..unknown }).unwrap();
    assert_eq!(ledger.changes().unwrap()[0], found);
}

#[test]
fn restores_and_deleted_entries_are_changes_too() {
    let mut ledger = ledger();
    let asked = Restore {
        service_id: Some(ServiceId::new("db2")),
        backup_id: Some(BackupId::new("db1")),
        ..Restore::default()
    };
    let sent = ChangeRecord {
        kind: RecordedKind::Restore,
        row: asked.clone().into(),
        new_backup_type: None,
        new_recurrence: None,
        new_suspended: None,
        moment: Some(at(-5)),
        ..change("1", RecordedOutcome::Unknown)
    };
    ledger.put_change(&sent).unwrap();
    let row = Restore { id: RestoreId::new("12"), ..asked };
    let done = ChangeRecord { row: row.clone().into(), outcome: RecordedOutcome::Done, ..sent.clone() };
    ledger.put_change(&done).unwrap();
    let (id, kind) = ("2".into(), RecordedKind::DeleteRestore);
    let deleted = ChangeRecord { id, kind, row: row.into(), moment: None, ..done.clone() };
    ledger.put_change(&deleted).unwrap();
    assert_eq!(ledger.changes().unwrap(), [done, deleted]);
}

#[test]
fn old_polls_are_thinned_out_to_one_an_hour_and_those_of_a_month_stay() {
    let mut ledger = ledger();
    let month = 30 * 24 * 60;
    for minute in [0, 20, 40, 80] {
        ledger.end_poll(&poll(minute, minute + 1), &[backup("a", "Succeeded")]).unwrap();
        let partial = Poll { is_complete: false, ..poll(minute + 2, minute + 3) };
        ledger.end_poll(&partial, &[backup("a", "Succeeded")]).unwrap();
    }
    let later = [month + 120, month + 121];
    for minute in later {
        ledger.end_poll(&Poll { is_complete: false, ..poll(minute, minute) }, &[backup("a", "Succeeded")]).unwrap();
    }
    let now = at(2 * month + 120);
    ledger.compact(now).unwrap();
    ledger.compact(now).unwrap();
    let polls = ledger.polls(PolledList::Backups).unwrap();
    let ends: Vec<i64> = polls.iter().map(|poll| poll.ended_at.duration_since(at(0)).as_mins()).collect();
    // Minute 0 is 13 minutes into an hour.
    assert_eq!(ends, [41, 81, month + 120, month + 121]);
    assert_eq!(polls[0], poll(40, 41));
    assert_eq!(ledger.last_whole_poll(PolledList::Backups).unwrap(), Some(at(81)));
    assert_eq!(ledger.last_whole_poll(PolledList::Schedules).unwrap(), None);
}
