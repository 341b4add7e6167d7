//! The ledger against polls of every kind, old files, damaged ones, and two windows.

use std::fs;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

use super::schema::VERSION;
use super::{Ledger, LedgerError, LedgerFile};
use crate::domain::{
    ApiTime, Backup, BackupId, BackupType, ChangeRecord, ChangedRow, Poll, PolledList, RecordedKind, RecordedOutcome,
    Recurrence, Restore, RestoreId, Schedule, ScheduleId, Seen, SeenCounts, SeenState, ServiceId, Status,
};

const ACCOUNT: &str = "https://api.skysql.com production";
/// A file of each version as it was written, oldest first, for every later version to open.
const FILES: [&str; VERSION] = [include_str!("v1.sql"), include_str!("v2.sql"), include_str!("v3.sql")];

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + minute * 60).unwrap()
}

fn backup(id: &str, status: &str) -> Backup {
    Backup {
        id: BackupId::new(id),
        service_id: Some(ServiceId::new("dbpgf41870263")),
        status: Some(Status::new(status)),
        backup_type: Some(BackupType::Full),
        start_time: Some(ApiTime::At(at(0))),
        ..Backup::default()
    }
}

fn restore(id: &str, status: &str) -> Restore {
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

fn poll(began: i64, ended: i64) -> Poll {
    Poll {
        list: PolledList::Backups,
        began_at: at(began),
        ended_at: at(ended),
        rows: 0,
        filter: None,
        is_complete: true,
    }
}

fn ledger() -> Ledger {
    Ledger::in_memory().unwrap()
}

fn open(folder: &Path) -> Ledger {
    let opened = LedgerFile::new(folder, ACCOUNT).open(at(0)).unwrap();
    assert_eq!(opened.quarantined, None);
    opened.ledger
}

fn change(id: &str, outcome: RecordedOutcome) -> ChangeRecord {
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
fn times(ledger: &Ledger) -> Vec<(String, i64, i64, Option<i64>)> {
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

#[test]
fn files_of_every_version_are_opened_and_keep_their_rows() {
    for (file, version) in FILES.iter().zip(1..) {
        let folder = tempfile::tempdir().unwrap();
        let place = LedgerFile::new(folder.path(), ACCOUNT);
        fs::create_dir_all(place.path().parent().unwrap()).unwrap();
        let raw = Connection::open(place.path()).unwrap();
        raw.execute_batch(file).unwrap();
        assert_eq!(raw.pragma_query_value(None, "user_version", |row| row.get::<_, i32>(0)).unwrap(), version);
        drop(raw);
        let mut ledger = open(folder.path());
        let seen = ledger.seen::<Backup>().unwrap();
        assert_eq!(seen.len(), 2, "version {version}");
        assert_eq!((seen[0].first_seen, seen[0].gone_at), (at(1), None));
        assert_eq!((seen[1].last_seen, seen[1].gone_at), (at(1), Some(at(3))));
        assert_eq!(seen[0].row, backup("a", "Succeeded"));
        assert_eq!(ledger.polls(PolledList::Backups).unwrap().len(), 2);
        assert_eq!(ledger.schedule_versions().unwrap().len(), 1);
        let changes = match version {
            1 => 0,
            2 => 1,
            _ => 2,
        };
        assert_eq!(ledger.changes().unwrap().len(), changes, "version {version}");
        let restores = ledger.seen::<Restore>().unwrap();
        assert_eq!(restores.len(), usize::from(version >= 3), "version {version}");
        ledger.put(&[restore("12", "Running")], at(4)).unwrap();
        assert_eq!(ledger.listed::<Restore>().unwrap(), [restore("12", "Running")]);
        ledger.put_change(&change("later", RecordedOutcome::Done)).unwrap();
        ledger.end_poll::<Backup>(&poll(5, 6), &[]).unwrap();
        assert_eq!(ledger.listed::<Backup>().unwrap(), []);
    }
}

/// Times that are text are shown as they are, and the last microsecond of a day belongs to it.
#[test]
fn the_queries_that_the_documents_show_work() {
    let raw = Connection::open_in_memory().unwrap();
    raw.execute_batch(FILES[VERSION - 1]).unwrap();
    let add = "INSERT INTO backup (id, service_id, status, start_time, first_seen, last_seen)
        VALUES (?1, 'dbpgf41870263', 'Succeeded', ?2, 1790000060000000, 1790000060000000)";
    raw.execute(add, ("late", 1_790_035_199_999_999_i64)).unwrap();
    for (id, text) in [("fine", "2026-09-21T23:59:59.999999999Z"), ("odd", "yesterday")] {
        raw.execute(add, (id, text)).unwrap();
    }
    let documents = include_str!("../../docs/ledger.md").split("sqlite3 -readonly FILE \"").skip(1);
    let answers: Vec<Vec<String>> = documents
        .map(|rest| {
            let mut query = raw.prepare(rest.split('"').next().unwrap()).unwrap();
            let columns = query.column_count();
            let rows = query.query_map([], |row| {
                let cells = (0..columns).map(|at| row.get::<_, rusqlite::types::Value>(at));
                let words = cells.map(|cell| {
                    Ok(match cell? {
                        rusqlite::types::Value::Integer(number) => number.to_string(),
                        rusqlite::types::Value::Text(text) => text,
                        _ => "-".to_owned(),
                    })
                });
                Ok(words.collect::<rusqlite::Result<Vec<_>>>()?.join(" | "))
            });
            rows.unwrap().map(Result::unwrap).collect()
        })
        .collect();
    let newest = [
        "odd | Succeeded | yesterday | 2026-09-21 14:14:20 | -",
        "fine | Succeeded | 2026-09-21T23:59:59.999999999Z | 2026-09-21 14:14:20 | -",
        "late | Succeeded | 2026-09-21 23:59:59 | 2026-09-21 14:14:20 | -",
        "a | Succeeded | 2026-09-21 14:13:20 | 2026-09-21 14:14:20 | -",
        "b | Succeeded | 2026-09-21 14:13:20 | 2026-09-21 14:14:20 | 2026-09-21 14:16:20",
    ];
    assert_eq!(
        answers,
        [&newest[..], &["- | 1", "2026-09-21 | 4"], &["a | Succeeded", "b | Succeeded", "late | Succeeded"]]
    );
}

/// What a file of the next version is made from, once this one is released: `sqlite3 FILE .dump`, and the two marks of the header.
#[test]
fn the_tables_of_a_new_file_are_those_kept_for_this_version() {
    let schema = |connection: &Connection| -> Vec<String> {
        let mut names =
            connection.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").unwrap();
        let texts = names.query_map([], |row| row.get::<_, String>(0)).unwrap();
        texts.map(|text| text.unwrap().split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    let kept = Connection::open_in_memory().unwrap();
    kept.execute_batch(FILES[VERSION - 1]).unwrap();
    assert_eq!(schema(&kept), schema(&ledger().connection));
}

#[test]
fn a_file_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let place = LedgerFile::new(folder.path(), ACCOUNT);
    let raw = Connection::open(place.path()).unwrap();
    raw.pragma_update(None, "user_version", i32::try_from(VERSION).unwrap() + 1).unwrap();
    drop(raw);
    let before = fs::read(place.path()).unwrap();
    let error = place.open(at(0)).unwrap_err();
    assert!(matches!(error, LedgerError::Newer), "{error}");
    assert_eq!(fs::read(place.path()).unwrap(), before);
}

#[test]
fn a_damaged_file_is_kept_under_a_dated_name_and_a_new_one_begun() {
    let damages: [fn(&Path); 4] = [
        |path| fs::write(path, "this is no database, and long enough to be looked at as one").unwrap(),
        |path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        },
        |path| {
            let mut bytes = fs::read(path).unwrap();
            bytes[100..200].fill(0xFF);
            fs::write(path, bytes).unwrap();
        },
        |path| {
            fs::remove_file(path).unwrap();
            Connection::open(path).unwrap().execute_batch("CREATE TABLE other (a)").unwrap();
        },
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        let place = LedgerFile::new(folder.path(), ACCOUNT);
        let mut ledger = open(folder.path());
        ledger.end_poll(&poll(0, 1), &[backup("a", "Succeeded")]).unwrap();
        drop(ledger);
        damage(place.path());
        let found = fs::read(place.path()).unwrap();
        let opened = place.open(at(60)).unwrap();
        let name = opened.quarantined.unwrap_or_else(|| panic!("damage {number} was not noticed"));
        assert!(name.contains(".sqlite.corrupt-20260921T"), "{name}");
        assert_eq!(fs::read(place.path().with_file_name(&name)).unwrap(), found);
        assert_eq!(opened.ledger.counts().unwrap(), SeenCounts::default());
        drop(opened.ledger);
        damage(place.path());
        let second = place.open(at(60)).unwrap().quarantined.unwrap();
        assert_eq!(second, format!("{name}-2"), "nothing is overwritten");
    }
}

#[test]
fn two_windows_write_one_file_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let writers: Vec<_> = ["a", "b"]
        .map(|window| {
            let folder = folder.path().to_owned();
            std::thread::spawn(move || {
                let mut ledger = open(&folder);
                for page in 0..50 {
                    let row = |number| backup(&format!("{window}-{page}-{number}"), "Succeeded");
                    ledger.put(&(0..20).map(row).collect::<Vec<_>>(), at(page)).unwrap();
                }
            })
        })
        .into_iter()
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    assert_eq!(open(folder.path()).counts().unwrap().backups, 2_000);
}

#[test]
fn a_copy_is_whole_although_the_log_was_not_written_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = open(folder.path());
    ledger.end_poll(&poll(0, 1), &[backup("a", "Succeeded")]).unwrap();
    let target = folder.path().join("copy.sqlite");
    fs::write(&target, "an older copy").unwrap();
    ledger.export_to(&target).unwrap();
    let copy = Connection::open(&target).unwrap();
    let rows: i64 = copy.query_row("SELECT count(*) FROM backup", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 1);
    let missing = folder.path().join("no such folder").join("copy.sqlite");
    assert!(ledger.export_to(&missing).is_err());
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "nothing half-written stays: {names:?}");
}

#[test]
fn nothing_of_what_is_forgotten_is_left_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = open(folder.path());
    let mut other_window = open(folder.path());
    let rows: Vec<Backup> = (0..500).map(|number| backup(&format!("SECRETLY{number}"), "Succeeded")).collect();
    ledger.end_poll(&poll(0, 1), &rows).unwrap();
    let restore = Restore { id: RestoreId::new("SECRETLY"), ..restore("1", "Succeeded") };
    ledger.put(&[restore], at(1)).unwrap();
    assert_eq!(other_window.counts().unwrap(), SeenCounts { backups: 500, schedules: 0, restores: 1 });
    ledger.forget().unwrap();
    assert_eq!([ledger.counts().unwrap(), other_window.counts().unwrap()], [SeenCounts::default(); 2]);
    assert_eq!(ledger.polls(PolledList::Backups).unwrap(), []);
    for entry in fs::read_dir(LedgerFile::new(folder.path(), ACCOUNT).path().parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        assert!(!bytes.windows(8).any(|part| part == b"SECRETLY"), "{}", path.display());
    }
    other_window.put(&[backup("later", "Succeeded")], at(5)).unwrap();
    assert_eq!(ledger.counts().unwrap().backups, 1);
}

#[test]
fn a_deleted_ledger_leaves_no_file_and_no_other_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let place = LedgerFile::new(folder.path(), ACCOUNT);
    place.delete().unwrap();
    let other = LedgerFile::new(folder.path(), "another account").open(at(0)).unwrap().ledger;
    let mut ledger = open(folder.path());
    ledger.end_poll(&poll(0, 1), &[backup("a", "Succeeded")]).unwrap();
    // Its log stays behind, as after a kill.
    let log = place.path().with_extension("sqlite-wal");
    let bytes = fs::read(&log).unwrap();
    drop((ledger, other));
    fs::write(&log, bytes).unwrap();
    place.delete().unwrap();
    let left = fs::read_dir(place.path().parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
    let left: Vec<_> = left.collect();
    assert_eq!(left, [LedgerFile::new(folder.path(), "another account").path()]);
}

#[cfg(unix)]
#[test]
fn only_this_user_can_look_and_a_link_is_not_followed() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let place = LedgerFile::new(folder.path(), ACCOUNT);
    let private = place.path().parent().unwrap().to_owned();
    let mut ledger = open(folder.path());
    ledger.end_poll(&poll(0, 1), &[backup("a", "Succeeded")]).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&private), 0o700);
    let files: Vec<_> = fs::read_dir(&private).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 3, "the file, its log, and the index of that: {files:?}");
    assert!(files.iter().all(|path| mode(path) == 0o600), "{files:?}");
    drop(ledger);
    let elsewhere = folder.path().join("elsewhere");
    fs::rename(place.path(), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, place.path()).unwrap();
    let error = place.open(at(0)).unwrap_err();
    assert!(!matches!(error, LedgerError::Damaged(_)), "{error}");
}

/// A file may say anything: rows that no calendar knows, and words that are none.
#[test]
fn what_the_file_says_is_not_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = open(folder.path());
    ledger.end_poll(&poll(0, 1), &[backup("a", "Succeeded")]).unwrap();
    drop(ledger);
    let raw = Connection::open(LedgerFile::new(folder.path(), ACCOUNT).path()).unwrap();
    raw.execute_batch(
        "UPDATE backup SET first_seen = 9223372036854775807, storage_bytes = -1, is_external_storage = 7;",
    )
    .unwrap();
    let seen = open(folder.path()).seen::<Backup>().unwrap();
    assert_eq!((seen[0].first_seen, seen[0].row.storage_bytes), (Timestamp::MAX, None));
    raw.execute_batch("UPDATE backup SET start_time = 9223372036854775807").unwrap();
    let error = open(folder.path()).seen::<Backup>().unwrap_err();
    assert!(matches!(error, LedgerError::Damaged(_)), "{error}");
    raw.execute_batch("UPDATE backup SET start_time = x'00ff'").unwrap();
    assert!(matches!(open(folder.path()).seen::<Backup>(), Err(LedgerError::Damaged(_))));
}

/// The retention counts between times of one clock.
#[test]
fn a_week_passes_in_the_file_as_in_the_calendar() {
    let mut ledger = ledger();
    ledger.end_poll(&poll(0, 1), &[backup("a", "Succeeded")]).unwrap();
    let week = SignedDuration::from_hours(7 * 24).as_mins();
    ledger.end_poll::<Backup>(&poll(week - 1, week), &[]).unwrap();
    let seen = ledger.seen::<Backup>().unwrap();
    assert_eq!(seen[0].state(), SeenState::Expired);
}
