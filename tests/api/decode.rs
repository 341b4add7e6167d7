use skybackup::api::{ErrorKind, decode_page};
use skybackup::domain::Backup;

use super::Bench;
use super::backups::list;
use crate::support::raw_server::{RawServer, json, response};

#[tokio::test]
async fn an_unreadable_row_is_counted_and_its_page_kept() {
    let server = RawServer::always(json(r#"{"backups":[{"id":"a"},7,{"id":"b","status":["odd"]}]}"#)).await;
    let listing = list(&Bench::new(&server.url())).await;
    assert_eq!((listing.rows.len(), listing.unreadable), (2, 1));
    assert_eq!(listing.rows.get(1).unwrap().unknown.as_deref(), Some(r#"{"status":["odd"]}"#));
}

#[tokio::test]
async fn json_is_taken_under_any_type_and_behind_a_byte_order_mark() {
    for kind in ["text/plain", "application/json; charset=utf-8", "application/problem+json", "text/html", ""] {
        let server = RawServer::always(response(200, &[("content-type", kind)], "\u{feff}[{\"id\":\"a\"}]")).await;
        assert_eq!(list(&Bench::new(&server.url())).await.rows.len(), 1, "{kind}");
    }
}

#[tokio::test]
async fn a_web_page_in_place_of_a_response_is_named_and_never_quoted() {
    let page = "<html><body>token=123</body></html>";
    for (status, kind) in
        [(200, "text/html"), (200, ""), (404, "text/html"), (407, "text/html"), (200, "application/json")]
    {
        let server = RawServer::always(response(status, &[("content-type", kind)], page)).await;
        let bench = Bench::new(&server.url());
        let error =
            bench.client.list_backups(&skybackup::api::BackupQuery::default(), &mut |_, _| {}).await.unwrap_err();
        let want = ErrorKind::NotJson { host: "127.0.0.1".to_owned(), content_type: kind.to_owned() };
        assert_eq!((&error.kind, error.attempts), (&want, 1), "{status} {kind}");
        assert!(!format!("{error:?}").contains("token"), "{error:?}");
    }
}

#[test]
fn the_decoder_stands_alone() {
    assert_eq!(decode_page::<Backup>(br#"{"backups":[{"id":"a"}]}"#).unwrap().rows.len(), 1);
}
