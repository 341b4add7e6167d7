//! The light refresh of a long list over HTTP: which pages are asked for, and when all of them are.

use skybackup::api::{BackupQuery, Baseline, ErrorKind, LightListing, Operation, Refreshed, Segment};
use skybackup::domain::Backup;

use super::{Bench, quick};
use crate::support::raw_server::{RawRequest, RawServer, Reply, json, response};

/// Rows on a page.
const PAGE: usize = 100;

/// This page of a list with these rows.
fn page(rows: std::ops::Range<usize>, number: usize) -> Reply {
    let (total, pages) = (rows.len(), rows.len().div_ceil(PAGE));
    let rows: Vec<String> = rows
        .skip((number - 1) * PAGE)
        .take(PAGE)
        .map(|id| format!(r#"{{"id":"{id}","status":"Succeeded"}}"#))
        .collect();
    Reply::Send(json(&format!(r#"{{"backups":[{}],"backups_count":{total},"pages_count":{pages}}}"#, rows.join(","))))
}

fn number(request: &RawRequest) -> usize {
    request.parameter("page").unwrap().parse().unwrap()
}

/// What a listing of 10,000 backups leaves.
pub(super) async fn baseline() -> Baseline {
    let server = RawServer::start(|request, _| page(0..10_000, number(request))).await;
    let listing = Bench::new(&server.url()).client.list_backups(&BackupQuery::default(), &mut |_, _| {}).await.unwrap();
    assert_eq!((listing.rows.len(), server.requests().len()), (10_000, 101));
    listing.baseline.unwrap()
}

/// Refreshes that list at a server: the outcome, the pages asked for, and what the log says of each request.
async fn refresh(
    answer: impl Fn(&RawRequest) -> Reply + Send + Sync + 'static,
) -> (Result<Refreshed<Backup>, ErrorKind>, Vec<usize>, Vec<Operation>) {
    let baseline = baseline().await;
    let server = RawServer::start(move |request, _| answer(request)).await;
    let bench = Bench::with(&server.url(), quick());
    let refreshed = bench.client.refresh_backups(&BackupQuery::default(), &baseline, &mut |_, _| {}).await;
    let pages = server.requests().iter().map(number).collect();
    (refreshed.map_err(|error| error.kind), pages, bench.records().iter().map(|record| record.operation).collect())
}

#[tokio::test]
async fn an_unchanged_list_of_ten_thousand_takes_two_requests_and_the_log_says_of_what() {
    let (refreshed, pages, operations) = refresh(|request| page(0..10_000, number(request))).await;
    let Ok(Refreshed::Light(LightListing { segments, baseline: next })) = refreshed else { panic!("{refreshed:?}") };
    assert_eq!((pages, operations), (vec![1, 100], vec![Operation::RefreshBackups; 2]));
    assert_eq!(next, baseline().await);
    let [Segment::Fetched(first), Segment::Kept(kept), Segment::Fetched(last)] = &segments[..] else { panic!() };
    assert_eq!((first.len(), kept, last.len()), (PAGE, &(100..9_900), PAGE));
    assert_eq!(Operation::RefreshBackups.name(), "Light refresh");
}

#[tokio::test]
async fn a_list_that_moved_is_looked_at_once_more_at_its_beginning() {
    let (refreshed, pages, _) = refresh(|request| page(2..10_000, number(request))).await;
    assert!(matches!(refreshed, Ok(Refreshed::Light(_))), "{refreshed:?}");
    assert_eq!(pages, [1, 100, 1]);
}

#[tokio::test]
async fn where_some_pages_cannot_tell_all_are_listed() {
    // A page that is no longer there, one with another count, one that the service refuses.
    let odd: [fn(&RawRequest) -> Reply; 3] = [
        |_| Reply::Send(response(404, &[], r#"{"code":404}"#)),
        |request| page(0..10_001, number(request)),
        |_| Reply::Send(response(400, &[], r#"{"message":"no such page"}"#)),
    ];
    for odd in odd {
        let is_odd = std::sync::atomic::AtomicBool::new(true);
        let (refreshed, pages, operations) = refresh(move |request| {
            let once = number(request) == 100 && is_odd.swap(false, std::sync::atomic::Ordering::SeqCst);
            if once { odd(request) } else { page(0..10_000, number(request)) }
        })
        .await;
        let Ok(Refreshed::Whole(listing)) = refreshed else { panic!("{refreshed:?}") };
        assert_eq!((listing.rows.len(), pages.len()), (10_000, 2 + 101));
        assert!(listing.baseline.is_some(), "the next one is light again");
        let light = operations.iter().filter(|operation| **operation == Operation::RefreshBackups).count();
        assert_eq!(light, 2);
    }
}

#[tokio::test]
async fn a_service_that_fails_is_not_asked_for_all_pages_instead() {
    for (status, kind) in [(401, ErrorKind::KeyRefused), (403, ErrorKind::Forbidden)] {
        let (refreshed, pages, _) = refresh(move |_| Reply::Send(response(status, &[], "{}"))).await;
        assert_eq!((refreshed.unwrap_err(), pages), (kind, vec![1]));
    }
}
