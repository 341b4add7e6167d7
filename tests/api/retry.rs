use std::time::{Duration, Instant};

use skybackup::api::{ApiError, Attempt, ClientLimits, ErrorKind};
use skybackup::domain::{RestoreId, Schedule, ScheduleId};
use skybackup::draft::SchedulePatch;

use super::restores::from_backup;
use super::transport::once_now;
use super::{Bench, impatient, quick};
use crate::support::raw_server::{RawServer, Reply, cut, json, response};

async fn get(bench: &Bench) -> Result<Schedule, ApiError> {
    bench.client.get_schedule(&ScheduleId::new("7")).await
}

/// Every way for a response to be lost or unclear after the request was read.
fn fault(kind: &str) -> Reply {
    match kind {
        "500" => Reply::Send(response(500, &[], "")),
        "502" => Reply::Send(response(502, &[], "<html></html>")),
        "503, come back soon" => Reply::Send(response(503, &[("retry-after", "0")], "")),
        "504" => Reply::Send(response(504, &[], "")),
        "408" => Reply::Send(response(408, &[], "")),
        "closed" => Reply::Close(Vec::new()),
        "reset" => Reply::Reset(Vec::new()),
        "half a head" => Reply::Close(b"HTTP/1.1 20".to_vec()),
        "cut body" => Reply::Close(cut(r#"{"id":"#)),
        "reset body" => Reply::Reset(cut(r#"{"id":"#)),
        "silence" => Reply::Stall(Vec::new()),
        "silent body" => Reply::Stall(cut(r#"{"id":"#)),
        "dripping body" => Reply::Drip(json(r#"{"id":7}"#), Duration::from_millis(50)),
        "no body" => Reply::Send(json("")),
        "broken body" => Reply::Send(json(r#"{"id":"#)),
        "no protocol" => Reply::Close(b"\x00\x01\x02 nonsense\r\n\r\n".to_vec()),
        other => panic!("no fault {other}"),
    }
}

const FAULTS: [&str; 16] = [
    "500",
    "502",
    "503, come back soon",
    "504",
    "408",
    "closed",
    "reset",
    "half a head",
    "cut body",
    "reset body",
    "silence",
    "silent body",
    "dripping body",
    "no body",
    "broken body",
    "no protocol",
];

/// A server that falls silent or dawdles is given up soon; one that answers is waited for, however busy the machine is.
fn pacing(kind: &str) -> ClientLimits {
    if kind.starts_with("silen") || kind.starts_with("dripping") { impatient() } else { quick() }
}

#[tokio::test]
async fn creating_reaches_the_server_once_whatever_becomes_of_the_response() {
    for kind in FAULTS {
        for is_restore in [false, true] {
            let server = RawServer::start(move |_, _| fault(kind)).await;
            let client = Bench::with(&server.url(), pacing(kind)).client;
            let error = if is_restore {
                client.create_restore(&from_backup()).await.unwrap_err()
            } else {
                client.create_schedule(&once_now()).await.unwrap_err()
            };
            assert!(error.outcome_unknown(), "{kind}: {error:?}");
            assert_eq!((error.attempts, server.requests().len()), (1, 1), "{kind}");
            assert!(error.advice().contains("may or may not"), "{kind}");
        }
    }
}

#[tokio::test]
async fn changing_and_deleting_reach_the_server_once() {
    let patch = SchedulePatch { suspended: Some(true), ..SchedulePatch::default() };
    let id = ScheduleId::new("7");
    for kind in FAULTS.into_iter().filter(|kind| !kind.contains("body")) {
        let server = RawServer::start(move |_, _| fault(kind)).await;
        let bench = Bench::with(&server.url(), pacing(kind));
        assert!(
            bench.client.update_schedule(&id, &patch, Attempt::First).await.unwrap_err().outcome_unknown(),
            "{kind}"
        );
        assert!(bench.client.delete_schedule(&id, Attempt::First).await.unwrap_err().outcome_unknown(), "{kind}");
        let entry = RestoreId::new("7");
        assert!(bench.client.delete_restore(&entry, Attempt::First).await.unwrap_err().outcome_unknown(), "{kind}");
        assert_eq!(server.requests().len(), 3, "{kind}");
    }
}

#[tokio::test]
async fn a_read_recovers_from_every_passing_fault() {
    for kind in FAULTS {
        let server =
            RawServer::start(move |_, number| if number == 0 { fault(kind) } else { Reply::Send(json(r#"{"id":7}"#)) })
                .await;
        let bench = Bench::with(&server.url(), pacing(kind));
        get(&bench).await.unwrap_or_else(|error| panic!("{kind}: {error:?}"));
        assert_eq!(server.requests().len(), 2, "{kind}");
        let attempts: Vec<u32> = bench.records().iter().map(|record| record.attempt).collect();
        assert_eq!(attempts, [1, 2], "{kind}");
    }
}

#[tokio::test]
async fn a_read_gives_up_after_four_attempts_and_unreadable_ones_after_two() {
    for (kind, attempts, want) in [
        ("500", 4, ErrorKind::Server { retry_at: None }),
        ("closed", 4, ErrorKind::Lost),
        ("silence", 4, ErrorKind::TimedOut),
        ("broken body", 2, ErrorKind::Unreadable),
    ] {
        let server = RawServer::start(move |_, _| fault(kind)).await;
        let error = get(&Bench::with(&server.url(), pacing(kind))).await.unwrap_err();
        assert_eq!(
            (error.kind, error.attempts, server.requests().len()),
            (want, attempts, attempts as usize),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn the_time_for_an_attempt_includes_its_body() {
    let server = RawServer::start(|_, _| Reply::Drip(json(&" ".repeat(1000)), Duration::from_millis(50))).await;
    let bench = Bench::with(&server.url(), impatient());
    let error = bench.client.create_schedule(&once_now()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TimedOut);
    let record = bench.records().remove(0);
    // All of it would take 50 s.
    assert!((900..40_000).contains(&record.duration_ms), "{record:?}");
    assert_eq!(record.outcome, "timed out");
}

#[tokio::test]
async fn a_server_that_asks_for_a_pause_gets_it() {
    let server = RawServer::start(|_, number| {
        Reply::Send(if number == 0 { response(429, &[("retry-after", "1")], "") } else { json(r#"{"id":7}"#) })
    })
    .await;
    let began = Instant::now();
    get(&Bench::new(&server.url())).await.unwrap();
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_long_pause_is_named_and_not_waited_for() {
    for status in [429, 503] {
        let server = RawServer::always(response(status, &[("retry-after", "3600")], "")).await;
        let error = get(&Bench::new(&server.url())).await.unwrap_err();
        let retry_at = match error.kind {
            ErrorKind::TooManyRequests { retry_at } | ErrorKind::Server { retry_at } => retry_at.unwrap(),
            ref other => panic!("{other:?}"),
        };
        let ahead = retry_at.as_second() - jiff::Timestamp::now().as_second();
        assert!((3_590..=3_600).contains(&ahead), "{ahead}");
        assert!(error.sentence().contains(&retry_at.strftime("%H:%M UTC").to_string()), "{error}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn an_outage_uses_up_the_repeats_of_all_calls_together() {
    let server = RawServer::start(|_, _| fault("500")).await;
    let bench = Bench::new(&server.url());
    for _ in 0..8 {
        get(&bench).await.unwrap_err();
    }
    // Ten repeats for all, beside the first attempt of each.
    assert_eq!(server.requests().len(), 8 + 10);
}
