use std::sync::atomic::{AtomicUsize, Ordering};

use skybackup::api::{BackupQuery, ClientLimits, Completeness, ErrorKind, Listing};
use skybackup::domain::Backup;

use super::{Bench, quick};
use crate::support::raw_server::{RawRequest, RawServer, Reply, json, response};

fn rows(ids: &[u32]) -> String {
    let rows: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
    rows.join(",")
}

fn page(ids: &[u32], count: i64, pages: i64) -> Reply {
    Reply::Send(json(&format!(r#"{{"backups":[{}],"backups_count":{count},"pages_count":{pages}}}"#, rows(ids))))
}

fn number(request: &RawRequest) -> u32 {
    request.parameter("page").unwrap().parse().unwrap()
}

async fn list(server: &RawServer) -> Listing<Backup> {
    let query = BackupQuery { page_size: 2, ..BackupQuery::default() };
    Bench::new(&server.url()).client.list_backups(&query, &mut |_, _| {}).await.unwrap()
}

fn ids(listing: &Listing<Backup>) -> Vec<u32> {
    listing.rows.iter().map(|row| row.id.as_str().parse().unwrap()).collect()
}

fn pages(server: &RawServer) -> Vec<u32> {
    server.requests().iter().map(number).collect()
}

#[tokio::test]
async fn pages_are_walked_to_the_end_whatever_the_hint_says() {
    // The hint, the pages asked for; the last one is page 1 again, to see whether the list has moved.
    let cases = [
        (3, vec![1, 2, 3, 1]),
        (0, vec![1, 2, 3, 1]),
        (-7, vec![1, 2, 3, 1]),
        (2, vec![1, 2, 3, 1]),
        (1_000_000, vec![1, 2, 3, 4, 1]),
    ];
    for (hint, want) in cases {
        let server = RawServer::start(move |request, _| match number(request) {
            1 => page(&[1, 2], 5, hint),
            2 => page(&[3, 4], 5, hint),
            3 => page(&[5], 5, hint),
            _ => page(&[], 5, hint),
        })
        .await;
        let listing = list(&server).await;
        assert_eq!((ids(&listing), &listing.completeness), (vec![1, 2, 3, 4, 5], &Completeness::Complete), "{hint}");
        assert_eq!(pages(&server), want, "{hint}");
        assert!(server.requests().iter().all(|request| request.parameter("page_size") == Some("2")));
    }
}

#[tokio::test]
async fn one_page_needs_one_request() {
    let server = RawServer::start(|_, _| page(&[1, 2], 2, 1)).await;
    assert_eq!(list(&server).await.completeness, Completeness::Complete);
    assert_eq!(pages(&server), [1]);
}

#[tokio::test]
async fn a_service_that_ignores_the_page_is_found_out() {
    let server = RawServer::start(|_, _| page(&[1, 2], 100, 50)).await;
    let listing = list(&server).await;
    assert_eq!(ids(&listing), [1, 2]);
    let asked = pages(&server);
    assert!(asked[0] == 1 && asked.len() <= 7, "the six pages that were on their way: {asked:?}");
    assert!(matches!(&listing.completeness, Completeness::Partial(why) if why.contains("same page")), "{listing:?}");
}

#[tokio::test]
async fn a_row_on_two_pages_is_one_row() {
    let server = RawServer::start(|request, _| match number(request) {
        1 => page(&[1, 2], 4, 3),
        2 => page(&[2, 3], 4, 3),
        _ => page(&[4], 4, 3),
    })
    .await;
    let listing = list(&server).await;
    assert_eq!((ids(&listing), listing.duplicates), (vec![1, 2, 3, 4], 1));
    assert_eq!(listing.completeness, Completeness::Complete);
}

#[tokio::test]
async fn a_page_that_fails_leaves_a_partial_list() {
    let server = RawServer::start(|request, _| match number(request) {
        1 => page(&[1, 2], 5, 3),
        _ => Reply::Send(response(400, &[], r#"{"message":"no"}"#)),
    })
    .await;
    let listing = list(&server).await;
    assert_eq!(ids(&listing), [1, 2]);
    let why = "Page 2 could not be read: SkySQL rejected the request".to_owned();
    assert_eq!(listing.completeness, Completeness::Partial(why));
}

#[tokio::test]
async fn a_list_that_broke_off_goes_on_at_the_page_that_failed_and_begins_anew_where_it_has_moved() {
    // Rows gone from the head of the list meanwhile; the pages asked for after the failure.
    for (gone, want) in [(0, vec![2, 3, 1]), (1, vec![2, 3, 1, 1, 2, 3, 1])] {
        let server = RawServer::start(move |request, so_far| match (number(request), so_far) {
            (2, 1) => Reply::Send(response(400, &[], r#"{"message":"no"}"#)),
            (1, 0) => page(&[1, 2], 5, 3),
            (1, _) => page(&[1 + gone, 2 + gone], 5, 3),
            (2, _) => page(&[3 + gone, 4 + gone], 5, 3),
            _ => page(&[5 + gone], 5, 3),
        })
        .await;
        let query = BackupQuery { page_size: 2, ..BackupQuery::default() };
        let bench = Bench::with(&server.url(), ClientLimits { pages_at_once: 1, ..quick() });
        let broken = bench.client.list_backups(&query, &mut |_, _| {}).await.unwrap();
        let rest = *broken.rest.unwrap();
        let whole = bench.client.resume(&query, rest, &broken.rows, &mut |_, _| {}).await.unwrap();
        assert_eq!(ids(&whole), (1 + gone..=5 + gone).collect::<Vec<_>>());
        assert_eq!((&whole.completeness, &whole.rest), (&Completeness::Complete, &None));
        assert_eq!(pages(&server)[2..], want, "{gone}");
    }
}

#[tokio::test]
async fn a_key_refused_half_way_is_an_error_and_no_partial_list() {
    let server = RawServer::start(|request, _| match number(request) {
        1 => page(&[1, 2], 5, 3),
        _ => Reply::Send(response(401, &[], "")),
    })
    .await;
    let query = BackupQuery { page_size: 2, ..BackupQuery::default() };
    let error = Bench::new(&server.url()).client.list_backups(&query, &mut |_, _| {}).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::KeyRefused);
}

#[tokio::test]
async fn rows_that_are_counted_but_never_come_are_missed() {
    let server = RawServer::start(|request, _| match number(request) {
        1 => page(&[1, 2], 9, 2),
        2 => page(&[3], 9, 2),
        _ => page(&[], 9, 2),
    })
    .await;
    let why = "SkySQL reports 9 rows but sent 3".to_owned();
    assert_eq!(list(&server).await.completeness, Completeness::Partial(why));
}

#[tokio::test]
async fn a_list_that_moved_once_is_read_again_and_one_that_keeps_moving_is_marked() {
    // Each time page 1 is asked for, the list has one row fewer at its head, until it stands still.
    for (moves, walks, want) in [(1, 2, Completeness::Complete), (99, 2, Completeness::ChangedWhileReading)] {
        let reads = AtomicUsize::new(0);
        let server = RawServer::start(move |request, _| {
            let gone = match number(request) {
                1 => reads.fetch_add(1, Ordering::SeqCst),
                _ => reads.load(Ordering::SeqCst),
            };
            let gone = u32::try_from(gone.min(moves)).unwrap();
            match number(request) {
                1 => page(&[1 + gone, 2 + gone], 3, 2),
                _ => page(&[3 + gone], 3, 2),
            }
        })
        .await;
        let listing = list(&server).await;
        assert_eq!(listing.completeness, want);
        assert_eq!(pages(&server).iter().filter(|page| **page == 2).count(), walks);
    }
}

#[tokio::test]
async fn a_page_size_that_is_refused_is_made_smaller_once() {
    let server = RawServer::start(|request, _| match request.parameter("page_size") {
        Some("50") => page(&[1], 1, 1),
        _ => Reply::Send(response(400, &[], r#"{"message":"page_size"}"#)),
    })
    .await;
    let bench = Bench::new(&server.url());
    let listing = bench.client.list_backups(&BackupQuery::default(), &mut |_, _| {}).await.unwrap();
    assert_eq!(ids(&listing), [1]);
    let refused = RawServer::always(response(400, &[], r#"{"message":"status"}"#)).await;
    let bench = Bench::new(&refused.url());
    let error = bench.client.list_backups(&BackupQuery::default(), &mut |_, _| {}).await.unwrap_err();
    assert_eq!(error.message.as_deref(), Some("status"));
    assert_eq!(refused.requests().len(), 2);
}

#[tokio::test]
async fn a_missing_list_is_an_empty_one() {
    let server = RawServer::always(response(404, &[], r#"{"code":404}"#)).await;
    let listing = list(&server).await;
    assert_eq!((listing.rows.len(), listing.completeness), (0, Completeness::Complete));
}
