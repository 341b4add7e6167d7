//! How fast "can I get back to this moment?" is answered for one of 500 services with a year of backups each, a million in all: from
//! the bare rows, and for the next moment of the same service; beside a plain scan of the same rows by SQLite.
//!
//! `cargo bench --bench moment`; `ROWS=100000` in the environment makes it smaller.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::unwrap_used, reason = "a bench that fails may panic")]

mod report;

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use skybackup::domain::{ApiTime, Backup, BackupId, BackupType, ServiceId, Status};
use skybackup::insight::{KnownLists, PointInTimeRange, Reachability, ServiceBackups, ServiceMoments};
use skybackup::rows::Rows;

const RUNS: usize = 9;
const SERVICES: usize = 500;
/// The most that an answer may take.
const ANSWER: Duration = Duration::from_millis(100);
/// 2026-11-23T12:00:00Z, and a year before.
const NOW: i64 = 1_795_435_200;
const YEAR: i64 = 365 * 86_400;
/// Out of this number of backups of a service one is full, two are incremental, and the others are of binary logs.
const CYCLE: usize = 6;
/// The number of the log that is open at each backup of a cycle, or the last one that it holds.
const LOGS: [usize; CYCLE] = [0, 0, 0, 1, 1, 2];

fn main() {
    let count = std::env::var("ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    let list = backups(count);
    let database = database(&list);
    let lists = KnownLists {
        listed: Rows::new(list),
        seen: None,
        is_complete: true,
        listed_at: Timestamp::from_second(NOW).ok(),
        now: Timestamp::from_second(NOW).unwrap(),
    };
    let service = service_id(SERVICES / 2);
    let moment = Timestamp::from_second(NOW - YEAR / 3).unwrap();
    let moments = || {
        let backups = ServiceBackups::new(&lists, &service);
        ServiceMoments::new(backups, None, PointInTimeRange::None, lists.listed_at, lists.now)
    };
    assert_eq!(moments().answer(moment).verdict, Reachability::Yes);
    println!("{count} backups of {SERVICES} services in a year, median of {RUNS} runs\n");
    let cold = report::measure(RUNS, || (), |()| moments().answer(moment));
    let next = report::measure(RUNS, moments, |moments| moments.answer(moment));
    let scan = report::measure(RUNS, || (), |()| plain_scan(&database, service.as_str()));
    report::head();
    let peer = ("a plain scan by SQLite for the good backups of the service", scan);
    report::time_of(&format!("a moment of one service among {count} backups, from the rows"), cold, Some(peer), ANSWER);
    report::time_of("the next moment of the same service", next, None, ANSWER);
}

fn service_id(number: usize) -> ServiceId {
    ServiceId::new(format!("dbpgf{number:08}"))
}

/// Backups of a year, oldest first: an incremental builds on the full backup before it, and logs follow each other.
fn backups(count: usize) -> Vec<Backup> {
    let step = YEAR / i64::try_from(count / SERVICES + 1).unwrap();
    (0..count)
        .map(|number| {
            let (service, nth) = (number % SERVICES, number / SERVICES);
            let start = NOW - YEAR + step * i64::try_from(nth).unwrap() + i64::try_from(service).unwrap();
            let id = |nth: usize| format!("{:032x}:{}:pod-0", nth * SERVICES + service, service_id(service));
            let kind = match nth % CYCLE {
                0 => BackupType::Full,
                1 | 3 => BackupType::Incremental,
                _ => BackupType::BinaryLog,
            };
            let log = 1 + nth / CYCLE * 3 + LOGS.get(nth % CYCLE).unwrap();
            let reference = (kind == BackupType::Incremental).then(|| id(nth - nth % CYCLE).into());
            Backup {
                id: BackupId::new(id(nth)),
                service_id: Some(service_id(service)),
                service_name: Some(format!("service-{service:04}").into()),
                backup_type: Some(kind),
                server_pod: Some("pod-0".into()),
                status: Some(Status::new(if nth % 61 == 60 { "Failed" } else { "Succeeded" })),
                start_time: ApiTime::from_epoch(start),
                end_time: ApiTime::from_epoch(start + 600),
                reference_full_backup: reference,
                binlog_file: Some(format!("mariadb-bin.{log:06}").into()),
                binlog_gtid_position: Some(format!("0-{service}-{nth}").into()),
                storage_bytes: Some(1 << 30),
                ..Backup::default()
            }
        })
        .collect()
}

/// The same rows in memory, without an index.
fn database(rows: &[Backup]) -> Connection {
    let mut database = Connection::open_in_memory().unwrap();
    database
        .execute_batch(
            "CREATE TABLE backups (id TEXT, service_id TEXT, type TEXT, status TEXT, start_time INTEGER, end_time INTEGER,
             reference TEXT, binlog_file TEXT, gtid TEXT) STRICT",
        )
        .unwrap();
    let transaction = database.transaction().unwrap();
    let mut insert = transaction.prepare("INSERT INTO backups VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)").unwrap();
    for row in rows {
        let second = |time: &Option<ApiTime>| time.as_ref().and_then(ApiTime::at).map(Timestamp::as_second);
        let values = params![
            row.id.as_str(),
            row.service_id.as_ref().map(ServiceId::as_str),
            row.backup_type.as_ref().map(BackupType::as_api_str),
            row.status.as_ref().map(Status::as_str),
            second(&row.start_time),
            second(&row.end_time),
            row.reference_full_backup.as_deref(),
            row.binlog_file.as_deref(),
            row.binlog_gtid_position.as_deref(),
        ];
        insert.execute(values).unwrap();
    }
    drop(insert);
    transaction.commit().unwrap();
    database
}

/// The rows that any answer has to look at.
fn plain_scan(database: &Connection, service: &str) -> Vec<(String, Option<i64>, Option<String>)> {
    let sql =
        "SELECT id, end_time, binlog_file FROM backups WHERE service_id = ? AND status = 'Succeeded' ORDER BY end_time";
    let mut query = database.prepare_cached(sql).unwrap();
    let rows = query.query_map([service], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}
