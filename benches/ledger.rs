//! How fast a ledger of a million backups is opened and a page is written to it, each beside the least that could be done.
//!
//! `cargo bench --bench ledger`; `ROWS=100000` in the environment makes it smaller. Opening is measured against the `sqlite3`
//! program, where there is one.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::unwrap_used, reason = "a bench that fails may panic")]

mod generator;

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use generator::{backups, now};
use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior, params};
use skybackup::domain::{ApiTime, Backup, BackupType, Poll, PolledList, ServiceId, Status};
use skybackup::ledger::{Ledger, LedgerFile};

const RUNS: usize = 5;
const PAGE: usize = 100;
const PAGES: usize = 200;

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
    println!("{:<44} {:>10} {:>10} {:>7} {:>5}", "", "ours", "peer", "ratio", "bar");
    opening(&file);
    let known: Vec<Backup> = rows.into_iter().take(PAGE * PAGES).collect();
    let new = backups(PAGE * PAGES * 2).split_off(PAGE * PAGES);
    pages(folder.path(), &file, &known, &new);
}

/// Opening a ledger and reading every row of it into the application's own type, against `sqlite3` printing the same rows.
fn opening(file: &LedgerFile) {
    let ours = median(|| {
        let ledger = file.open(now()).unwrap().ledger;
        let mut rows = 0;
        ledger.for_each_seen::<Backup>(|seen| rows += usize::from(black_box(seen).gone_at.is_none())).unwrap();
        rows
    });
    let peer = median(|| {
        let query = "SELECT * FROM backup ORDER BY seq";
        Command::new("sqlite3").arg(file.path()).arg(query).stdout(Stdio::null()).status().is_ok()
    });
    report("open and read every row", ours, peer, 2.0);
}

/// A page of 100, against the same inserts by rusqlite alone; each page is a transaction.
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
    let peer = per_page(plain_inserts(&folder.join("peer.sqlite"), new));
    report("a page of 100 new backups", ours, peer, 1.5);
    report("a page of 100 that are known, of a million", unchanged, peer, 1.5);
    report("a page of 100 new ones in memory", write(&mut alone, new), peer, 1.5);
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

/// The median time of `run`.
fn median<U>(mut run: impl FnMut() -> U) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times.get(RUNS / 2).copied().unwrap_or_default()
}

fn report(what: &str, ours: Duration, peer: Duration, bar: f64) {
    let ratio = ours.as_secs_f64() / peer.as_secs_f64();
    let verdict = if ratio <= bar { "" } else { "  MISSED" };
    println!("{what:<44} {:>7.1} ms {:>7.1} ms {ratio:>7.2} {bar:>5}{verdict}", millis(ours), millis(peer));
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
