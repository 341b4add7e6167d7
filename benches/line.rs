//! 10,000 backups over a line that takes 120 ms there and back, from the first to the last page, beside `curl` with six connections at
//! a time; the first rows, beside one `curl` of the first page; and a refresh of the list, which has not changed. Needs `curl`.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::unwrap_used, reason = "a bench that fails may panic")]

#[expect(dead_code, reason = "no clock is needed here")]
mod generator;
mod report;

use std::collections::HashMap;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::extract::Query;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use generator::backups;
use skybackup::api::{Access, BackupQuery, Client, ClientEvent, ClientLimits, Progress, Refreshed};
use skybackup::domain::{ApiUrl, Backup, Status};
use skybackup::grid::Row as _;
use skybackup::rows::RowsBuilder;
use skybackup::secrets::{ApiKey, KnownSecrets};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, tcp};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

/// As in the program.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

const KEY: &str = "skysql.1abc.0123456789abcdef0123";
const ROWS: usize = 10_000;
const PAGE: usize = 100;
/// One way.
const DELAY: Duration = Duration::from_millis(60);
const ROUNDS: usize = 3;
/// The most that the whole list may take beside curl.
const RATIO: f64 = 1.3;
/// The most that the first rows may take beyond curl.
const FIRST: Duration = Duration::from_millis(50);
/// Backups that may not be finished, at the beginning of the list.
const RUNNING: usize = 20;
/// The most requests of a refresh.
const REQUESTS: usize = 5;

fn main() {
    let runtime = Runtime::new().unwrap();
    let url = runtime.block_on(async { delayed(service().await).await });
    let (mut first, mut all, mut curl_first, mut curl_all) =
        (Duration::MAX, Duration::MAX, Duration::MAX, Duration::MAX);
    let (mut refreshed, mut requests) = (Duration::MAX, 0);
    for _ in 0..ROUNDS {
        let (ours_first, ours_all, refresh) = runtime.block_on(list(&url));
        (first, all) = (first.min(ours_first), all.min(ours_all));
        (refreshed, requests) = (refreshed.min(refresh.0), refresh.1);
        curl_first = curl_first.min(curl(&url, "1"));
        curl_all = curl_all.min(curl(&url, &format!("[1-{}]", ROWS / PAGE)));
    }
    println!("{ROWS} backups in pages of {PAGE} over a line of {:?} there and back, best of {ROUNDS}\n", DELAY * 2);
    report::head();
    report::times(
        &format!("{ROWS} backups over a line of {:?}, first to last page", DELAY * 2),
        all,
        ("curl -Z --parallel-max 6", curl_all),
        RATIO,
    );
    report::line_of(
        "first rows over that line",
        [&report::millis(first), &format!("curl of page 1: {}", report::millis(curl_first))],
        &format!("{:.2}", first.as_secs_f64() / curl_first.as_secs_f64()),
        &format!("curl + {FIRST:?}"),
        first <= curl_first + FIRST,
    );
    report::line_of(
        &format!("refresh of an unchanged list of {ROWS}"),
        [&format!("{requests} requests, {}", report::millis(refreshed)), "–"],
        "–",
        &format!("≤ {REQUESTS} requests"),
        requests <= REQUESTS,
    );
}

/// Lists everything with a client that has no connection yet: when the first rows came, and the last; then how long a refresh takes, and
/// how many requests.
async fn list(url: &str) -> (Duration, Duration, (Duration, usize)) {
    let key = Arc::new(ApiKey::clean(KEY).unwrap().key);
    let (url, limits) = (ApiUrl::parse(url).unwrap(), ClientLimits::default());
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&requests);
    let observer = Arc::new(move |event| {
        if let ClientEvent::Request(_) = event {
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    let client = Client::new(url, key, Access::ReadOnly, KnownSecrets::default(), observer, limits).unwrap();
    let mut first = None;
    let began = Instant::now();
    let mut on_page = |_: &Progress, _: &RowsBuilder<Backup>| {
        first.get_or_insert_with(|| began.elapsed());
    };
    let listing = client.list_backups(&BackupQuery::default(), &mut on_page).await.unwrap();
    assert_eq!(listing.rows.len(), ROWS);
    let (first, all, listed) = (first.unwrap(), began.elapsed(), requests.load(Ordering::Relaxed));
    let began = Instant::now();
    let baseline = listing.baseline.unwrap();
    let refreshed = client.refresh_backups(&BackupQuery::default(), &baseline, &mut |_, _| {}).await.unwrap();
    assert!(matches!(refreshed, Refreshed::Light(_)));
    (first, all, (began.elapsed(), requests.load(Ordering::Relaxed) - listed))
}

fn curl(url: &str, pages: &str) -> Duration {
    let began = Instant::now();
    let status = Command::new("curl")
        .args(["--silent", "--show-error", "--fail", "-Z", "--parallel-max", "6", "--output", "/dev/null", "--header"])
        .args([&format!("X-API-Key: {KEY}"), &format!("{url}/skybackup/v1/backups?page={pages}&page_size={PAGE}")])
        .stdout(Stdio::null())
        // Its progress, which several at a time always show.
        .stderr(Stdio::null())
        .status();
    assert!(status.unwrap().success(), "curl");
    began.elapsed()
}

/// A service with the pages of the list; returns its port.
async fn service() -> u16 {
    let rows: Vec<String> = backups(ROWS)
        .into_iter()
        .enumerate()
        .map(|(at, mut row)| {
            // Of a list as it is at a service, only the newest backups still run.
            if at >= RUNNING {
                row.status = Some(Status::new("Succeeded"));
            }
            let fields: Vec<String> = row.json().iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
            format!("{{{}}}", fields.join(","))
        })
        .collect();
    let page = |rows: &[String]| {
        format!(r#"{{"backups":[{}],"backups_count":{ROWS},"pages_count":{}}}"#, rows.join(","), ROWS / PAGE)
    };
    let pages: Arc<Vec<String>> = Arc::new(rows.chunks(PAGE).map(page).collect());
    let answer = move |Query(query): Query<HashMap<String, String>>| async move {
        let number: usize = query.get("page").unwrap().parse().unwrap();
        ([(CONTENT_TYPE, "application/json")], pages.get(number - 1).cloned().unwrap_or_else(|| page(&[])))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let router = axum::Router::new().route("/skybackup/v1/backups", get(answer));
    tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
    port
}

/// A line to that port on which every byte takes its time; returns its address. A new connection costs a round trip more.
async fn delayed(port: u16) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            tokio::spawn(async move {
                let far = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                near.set_nodelay(true).unwrap();
                far.set_nodelay(true).unwrap();
                let (near_in, near_out) = near.into_split();
                let (far_in, far_out) = far.into_split();
                tokio::spawn(pass(near_in, far_out, DELAY * 2));
                tokio::spawn(pass(far_in, near_out, Duration::ZERO));
            });
        }
    });
    url
}

/// Passes bytes on, each [`DELAY`] after it came; the first ones later still.
async fn pass(mut from: tcp::OwnedReadHalf, mut to: tcp::OwnedWriteHalf, mut handshake: Duration) {
    let (sender, mut receiver) = mpsc::unbounded_channel::<(tokio::time::Instant, Vec<u8>)>();
    tokio::spawn(async move {
        while let Some((due, bytes)) = receiver.recv().await {
            tokio::time::sleep_until(due).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
    });
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let due = tokio::time::Instant::now() + DELAY + std::mem::take(&mut handshake);
        if sender.send((due, buffer.get(..length).unwrap().to_vec())).is_err() {
            return;
        }
    }
}
