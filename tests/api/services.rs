use skybackup::api::{ClientLimits, Completeness, ErrorKind};

use super::{Bench, quick};
use crate::support::raw_server::{RawServer, Reply, json, response};

const NEXT: &str = "X-SkySQL-Page-Token-Next";

#[tokio::test]
async fn services_are_read_along_their_tokens() {
    let server = RawServer::start(|request, _| {
        Reply::Send(match request.parameter("page_token") {
            None => response(200, &[(NEXT, "a/b=")], r#"[{"id":"dbpgf41870263","name":"orders"}]"#),
            Some("a%2Fb%3D") => response(200, &[(NEXT, "")], r#"[{"id":"dbpwf22338686","name":"orders"}]"#),
            Some(other) => panic!("{other}"),
        })
    })
    .await;
    let listing = Bench::new(&server.url()).client.list_services().await.unwrap();
    assert_eq!((listing.rows.len(), listing.completeness), (2, Completeness::Complete));
    assert_eq!(
        server.lines(),
        [
            "GET /provisioning/v1/services?page_size=100",
            "GET /provisioning/v1/services?page_size=100&page_token=a%2Fb%3D"
        ]
    );
}

#[tokio::test]
async fn a_token_that_repeats_ends_the_walk() {
    let server = RawServer::always(response(200, &[(NEXT, "same")], r#"[{"id":"dbpgf41870263"}]"#)).await;
    let listing = Bench::new(&server.url()).client.list_services().await.unwrap();
    assert_eq!((listing.rows.len(), server.requests().len()), (1, 2));
    assert!(matches!(listing.completeness, Completeness::Partial(_)));
}

#[tokio::test]
async fn a_page_that_fails_leaves_a_partial_list_and_a_first_one_an_error() {
    let server = RawServer::start(|request, _| {
        Reply::Send(match request.parameter("page_token") {
            None => response(200, &[(NEXT, "2")], r#"[{"id":"dbpgf41870263"}]"#),
            Some(_) => response(403, &[], ""),
        })
    })
    .await;
    let listing = Bench::new(&server.url()).client.list_services().await.unwrap();
    assert!(matches!(&listing.completeness, Completeness::Partial(why) if why.contains("not allowed")), "{listing:?}");

    let server = RawServer::always(response(401, &[], "")).await;
    let error = Bench::new(&server.url()).client.list_services().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::KeyRefused);
}

#[tokio::test]
async fn a_page_object_and_nothing_at_all_are_lists_too() {
    for (bytes, want) in [
        (json(r#"{"services":[{"id":"dbpgf41870263"}]}"#), 1),
        (json("[]"), 0),
        (json("null"), 0),
        (response(204, &[], ""), 0),
        (response(404, &[], ""), 0),
    ] {
        let server = RawServer::always(bytes).await;
        assert_eq!(Bench::new(&server.url()).client.list_services().await.unwrap().rows.len(), want);
    }
}

/// The body of the page with this number.
type Page = fn(usize) -> String;

/// Every page names a new one: rows that repeat, rows without ids, and new rows without end.
#[tokio::test]
async fn a_list_without_end_is_cut() {
    let repeated = |_: usize| r#"[{"id":"dbpgf41870263"}]"#.to_owned();
    let nameless = |number: usize| format!(r#"[{{"name":"n{number}"}}]"#);
    let endless = |number: usize| format!(r#"[{{"id":"db{number}"}}]"#);
    let broken = |_: usize| "[7]".to_owned();
    let limits = |most_pages, most_rows, most_bytes| ClientLimits { most_pages, most_rows, most_bytes, ..quick() };
    let cases: [(Page, ClientLimits, usize, &str); 6] = [
        (repeated, quick(), 2, "again and again"),
        (nameless, limits(10_000, 5, 1 << 30), 5, "cut at 5 rows"),
        (endless, limits(10_000, 7, 1 << 30), 7, "cut at 7 rows"),
        (endless, limits(4, 1_000_000, 1 << 30), 4, "cut at 4 pages"),
        (endless, limits(10_000, 1_000_000, 40), 3, "cut at 40 B"),
        (broken, limits(6, 1_000_000, 1 << 30), 6, "cut at 6 pages"),
    ];
    for (page, pacing, want, words) in cases {
        let server =
            RawServer::start(move |_, number| Reply::Send(response(200, &[(NEXT, &number.to_string())], page(number))))
                .await;
        let listing = Bench::with(&server.url(), pacing).client.list_services().await.unwrap();
        assert_eq!(server.requests().len(), want, "{words}");
        assert!(matches!(&listing.completeness, Completeness::Partial(why) if why.contains(words)), "{listing:?}");
    }
}
