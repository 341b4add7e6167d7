//! The ledger as a file: old ones, damaged ones, and two windows.

use std::fs;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

use super::schema::VERSION;
use super::tests::{ACCOUNT, at, backup, change, ledger, open, poll, restore};
use super::{LedgerError, LedgerFile};
use crate::domain::{Backup, PolledList, RecordedOutcome, Restore, RestoreId, SeenCounts, SeenState};

/// A file of each version as it was written, oldest first, for every later version to open.
const FILES: [&str; VERSION] = [include_str!("v1.sql"), include_str!("v2.sql"), include_str!("v3.sql")];

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
