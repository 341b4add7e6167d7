//! What lists take in memory: a million backups, and 100,000, read page by page by the real client from a service on loopback, each
//! in a process of its own with the allocator of the program, shown while they come and put in order as the table does it. Beside
//! it the bytes of their JSON.
//!
//! `cargo bench --bench memory`; `ROWS=10000` in the environment makes it one list of that length. Linux only: reads `/proc`.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::unwrap_used, reason = "a bench that fails may panic")]

mod generator;
mod report;

use std::collections::HashMap;
use std::process::Command;
use std::sync::Arc;

use axum::extract::Query;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use generator::{backups, now};
use skybackup::api::{Access, BackupQuery, Client, ClientLimits, Progress};
use skybackup::domain::{ApiUrl, Backup, Zone};
use skybackup::grid::{Filter, IndexJob, IndexRequest, IndexResult, Layout, Row as _, Selection};
use skybackup::rows::{Rows, RowsBuilder};
use skybackup::secrets::{ApiKey, KnownSecrets};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// As in the program.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

const KEY: &str = "skysql.1abc.0123456789abcdef0123";
const PAGE: usize = 100;
/// Tells the process that reads the list where it is.
const URL: &str = "MEMORY_BENCH_URL";
/// The most that the peak may be, beside the end.
const PEAK: f64 = 1.25;
/// For each length, the most bytes that a row may take at the end: 0.35 of the 943 MB, and 0.45 of the 129 MB less an empty window,
/// that rows took as structs.
const BARS: [(usize, u64); 2] = [(1_000_000, 330), (100_000, 180)];

fn main() {
    if let Ok(url) = std::env::var(URL) {
        return read(&url);
    }
    let rows = std::env::var("ROWS").ok().and_then(|rows| rows.parse().ok());
    let lists = rows.map_or(BARS.to_vec(), |rows| vec![(rows, u64::MAX)]);
    report::head();
    for (count, bar) in lists {
        let runtime = Runtime::new().unwrap();
        let (json, url) = runtime.block_on(service(count));
        let json = json as u64;
        let child = Command::new(std::env::current_exe().unwrap()).env(URL, url).output().unwrap();
        assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
        let printed = String::from_utf8(child.stdout).unwrap();
        let figures: Vec<u64> = printed.split_whitespace().map(|word| word.parse().unwrap()).collect();
        let [rows, start, end, peak]: [u64; 4] = figures.try_into().unwrap();
        assert_eq!(rows, count as u64);
        let mib = |kb: u64| format!("{} MiB", kb >> 10);
        let a_row = (end - start) * 1024 / rows;
        report::line_of(
            &format!("memory of {rows} backups, over an empty process"),
            [&format!("{}, {a_row} B a row", mib(end - start)), &format!("their JSON: {}", mib(json >> 10))],
            &format!("{:.2}", (end - start) as f64 * 1024.0 / json as f64),
            &format!("≤ {bar} B a row"),
            a_row <= bar,
        );
        let beside = format!("at the end: {}", mib(end));
        report::line(&format!("peak while {rows} backups load"), &mib(peak), &beside, peak as f64 / end as f64, PEAK);
    }
}

/// Reads the list, shows it as it grows and at the end, and prints rows, and in kB: anonymous memory before and at the end, and its peak.
fn read(url: &str) {
    let key = Arc::new(ApiKey::clean(KEY).unwrap().key);
    let url = ApiUrl::parse(url).unwrap();
    let client =
        Client::new(url, key, Access::ReadOnly, KnownSecrets::default(), Arc::new(|_| {}), ClientLimits::default())
            .unwrap();
    let runtime = skybackup::backend::runtime().unwrap();
    let start = status("RssAnon");
    let mut shown: Option<(Rows<Backup>, IndexResult<Backup>)> = None;
    let mut on_page = |_: &Progress, rows: &RowsBuilder<Backup>| {
        // As the program publishes them: half as many more each time.
        let before = shown.as_ref().map_or(0, |(rows, _)| rows.len());
        if rows.len() >= before + before / 2 {
            shown = Some(order(rows.rows()));
        }
    };
    let listing = runtime.block_on(client.list_backups(&BackupQuery::default(), &mut on_page)).unwrap();
    let shown = order(listing.rows);
    // The peak counts the pages of the program too, which are as many as ever.
    let most = status("VmHWM") - status("RssFile");
    println!("{} {start} {} {most}", shown.0.len(), status("RssAnon"));
}

/// The rows with their order, as the table keeps them.
fn order(rows: Rows<Backup>) -> (Rows<Backup>, IndexResult<Backup>) {
    let job = IndexJob {
        rows: rows.clone(),
        request: IndexRequest {
            filter: Filter::default(),
            sort: vec![Backup::DEFAULT_SORT],
            by_service: false,
            visible: Layout::default_of::<Backup>().visible_keys(),
            zone: Zone::utc(),
            now: now(),
            names: Arc::default(),
        },
        search_index: None,
        facets: None,
        previous: None,
        selection: Selection::default(),
    };
    (rows, job.run())
}

/// A line of this process's status, in kB.
fn status(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// A service with the pages of a list; returns the bytes of its JSON, and its address.
async fn service(count: usize) -> (usize, String) {
    let json = move |rows: &[Backup]| -> String {
        let objects = rows.iter().map(|row| {
            let fields: Vec<String> = row.json().iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
            format!("{{{}}}", fields.join(","))
        });
        let objects = objects.collect::<Vec<_>>().join(",");
        format!(r#"{{"backups":[{objects}],"backups_count":{count},"pages_count":{}}}"#, count.div_ceil(PAGE))
    };
    let pages: Arc<Vec<String>> = Arc::new(backups(count).chunks(PAGE).map(json).collect());
    let bytes = pages.iter().map(String::len).sum();
    let answer = move |Query(query): Query<HashMap<String, String>>| async move {
        let number: usize = query.get("page").unwrap().parse().unwrap();
        ([(CONTENT_TYPE, "application/json")], pages.get(number - 1).cloned().unwrap_or_else(|| json(&[])))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = axum::Router::new().route("/skybackup/v1/backups", get(answer));
    tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
    (bytes, url)
}
