//! How fast a ledger of a million backups is opened and a page is written to it, each beside the least that could be done.
//!
//! `cargo bench --bench ledger`; `ROWS=100000` in the environment makes it smaller. Needs `sqlite3`.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::unwrap_used, reason = "a bench that fails may panic")]

mod generator;
mod report;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use generator::{backups, now};
use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior, params};
use skybackup::domain::{ApiTime, Backup, BackupType, Poll, PolledList, ServiceId, Status};
use skybackup::ledger::{Ledger, LedgerFile};
use skybackup::rows::RowsBuilder;

const RUNS: usize = 5;
const PAGE: usize = 100;
const PAGES: usize = 200;
/// The most that opening may take, and beside `sqlite3`.
const OPENING: Duration = Duration::from_secs(2);
const RATIO_OF_OPENING: f64 = 2.0;
/// The most that writing a page may take beside the same inserts.
const RATIO_OF_PAGE: f64 = 1.5;

fn main() {
    let count = std::env::var("ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().unwrap();
    let rows = backups(count);
    let file = LedgerFile::new(folder.path(), "https://api.skysql.com bench");
    let mut ledger = file.open(now()).unwrap().ledger;
    let poll = Poll {
        list: PolledList::Backups,
        began_at: now(),
        ended_at: now(),
        rows: count as u64,
        filter: None,
        is_complete: true,
    };
    let start = Instant::now();
    ledger.end_poll(&poll, &rows).unwrap();
    println!("{count} backups written in {:.1} s, median of {RUNS} runs\n", start.elapsed().as_secs_f64());
    drop(ledger);
    report::head();
    opening(&file);
    let known: Vec<Backup> = rows.into_iter().take(PAGE * PAGES).collect();
    let new = backups(PAGE * PAGES * 2).split_off(PAGE * PAGES);
    pages(folder.path(), &file, &known, &new);
}

/// Opening a ledger and reading every row of it into the rows of a table, as the application does, beside `sqlite3` printing the same rows.
fn opening(file: &LedgerFile) {
    let ours = || {
        let ledger = file.open(now()).unwrap().ledger;
        let mut rows = RowsBuilder::new();
        ledger.for_each_seen::<Backup>(|seen| rows.push(seen.into_row())).unwrap();
        rows.finish().len()
    };
    let peer = || {
        let query = "SELECT * FROM backup ORDER BY seq";
        let status = Command::new("sqlite3").arg(file.path()).arg(query).stdout(Stdio::null()).status();
        assert!(status.unwrap().success(), "sqlite3");
    };
    let rows = ours();
    let ours = report::measure(RUNS, || (), |()| ours());
    let peer = ("sqlite3 printing them", report::measure(RUNS, || (), |()| peer()));
    let work = format!("ledger: open and read {rows} rows");
    report::times(&work, ours, peer, RATIO_OF_OPENING);
    report::time_of(&work, ours, None, OPENING);
}

/// A page of 100, beside the same inserts by rusqlite alone; each page is a transaction.
fn pages(folder: &Path, file: &LedgerFile, known: &[Backup], new: &[Backup]) {
    let mut ledger = file.open(now()).unwrap().ledger;
    let per_page = |all: Duration| all / u32::try_from(PAGES).unwrap();
    let write = |ledger: &mut Ledger, rows: &[Backup]| {
        let start = Instant::now();
        for page in rows.chunks(PAGE) {
            ledger.put(page, now()).unwrap();
        }
        per_page(start.elapsed())
    };
    let unchanged = write(&mut ledger, known);
    let mut alone = Ledger::in_memory().unwrap();
    let small = LedgerFile::new(folder, "https://api.skysql.com small");
    let mut small = small.open(now()).unwrap().ledger;
    let ours = write(&mut small, new);
    let peer = ("the same inserts by rusqlite", per_page(plain_inserts(&folder.join("peer.sqlite"), new)));
    report::times("ledger: a page of 100 new backups", ours, peer, RATIO_OF_PAGE);
    report::times("ledger: a page of 100 known ones, of all", unchanged, peer, RATIO_OF_PAGE);
    report::times("ledger: a page of 100 new ones in memory", write(&mut alone, new), peer, RATIO_OF_PAGE);
}

fn plain_inserts(path: &Path, rows: &[Backup]) -> Duration {
    let mut connection = Connection::open(path).unwrap();
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
    connection.pragma_update(None, "synchronous", "NORMAL").unwrap();
    let columns: Vec<String> = (1..21).map(|number| format!("c{number}")).collect();
    connection
        .execute_batch(&format!(
            "CREATE TABLE backup (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, {}) STRICT",
            columns.iter().map(|name| format!("{name} ANY")).collect::<Vec<_>>().join(", ")
        ))
        .unwrap();
    let insert = format!(
        "INSERT INTO backup (id, {}) VALUES ({})",
        columns.join(", "),
        (1..=21).map(|number| format!("?{number}")).collect::<Vec<_>>().join(", ")
    );
    let micros = |time: Option<&ApiTime>| time.and_then(ApiTime::at).map(Timestamp::as_microsecond);
    let start = Instant::now();
    for page in rows.chunks(PAGE) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        let mut statement = transaction.prepare_cached(&insert).unwrap();
        for row in page {
            statement
                .execute(params![
                    row.id.as_str(),
                    row.service_id.as_ref().map(ServiceId::as_str),
                    row.service_name.as_deref(),
                    row.backup_type.as_ref().map(BackupType::as_api_str),
                    row.method.as_deref(),
                    row.server_pod.as_deref(),
                    row.cloud_provider.as_deref(),
                    row.status.as_ref().map(Status::as_str),
                    micros(row.start_time.as_ref()),
                    micros(row.end_time.as_ref()),
                    micros(row.point_in_time.as_ref()),
                    row.reference_full_backup.as_deref(),
                    row.binlog_file.as_deref(),
                    row.binlog_position.as_deref(),
                    row.binlog_gtid_position.as_deref(),
                    row.disk_size.as_deref(),
                    row.disk_size_bytes.map(u64::cast_signed),
                    row.storage_bytes.map(u64::cast_signed),
                    row.is_external_storage,
                    now().as_microsecond(),
                    now().as_microsecond(),
                ])
                .unwrap();
        }
        drop(statement);
        transaction.commit().unwrap();
    }
    start.elapsed()
}
