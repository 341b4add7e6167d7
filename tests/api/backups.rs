use skybackup::api::{BackupQuery, Completeness, Listing, Operation, Order, Progress};
use skybackup::domain::{Backup, ServiceId};
use skybackup::rows::RowsBuilder;

use super::Bench;
use crate::support::raw_server::{RawServer, Reply, json, response};

pub(crate) async fn list(bench: &Bench) -> Listing<Backup> {
    bench.client.list_backups(&BackupQuery::default(), &mut |_, _| {}).await.unwrap()
}

#[tokio::test]
async fn the_query_goes_out_in_full_and_percent_encoded() {
    let server = RawServer::always(json(r#"{"backups":null,"backups_count":0,"pages_count":0}"#)).await;
    let bench = Bench::new(&server.url());
    let query = BackupQuery {
        service_id: Some(ServiceId::new("db&x=1")),
        status: Some("In progress".to_owned()),
        order: Some(Order::Descending),
        page_size: 50,
    };
    let listing = bench.client.list_backups(&query, &mut |_, _| {}).await.unwrap();
    assert_eq!((listing.rows.len(), listing.completeness), (0, Completeness::Complete));
    let want = "GET /skybackup/v1/backups?service_id=db%26x%3D1&status=In%20progress&order=desc&page=1&page_size=50";
    assert_eq!(server.lines(), [want]);
}

#[tokio::test]
async fn an_attempt_is_on_record_with_its_trace() {
    let server = RawServer::always(response(200, &[("x-trace-id", "t-1")], "[]")).await;
    let bench = Bench::new(&server.url());
    list(&bench).await;
    let record = bench.records().remove(0);
    assert_eq!((record.operation, record.method), (Operation::ListBackups, "GET"));
    let path = record.path.split_once('?').map_or(record.path.as_str(), |(path, _)| path);
    assert_eq!((path, record.status, record.attempt), ("/skybackup/v1/backups", Some(200), 1));
    assert!(record.path.contains("page=1"), "{}", record.path);
    assert_eq!((record.outcome.as_str(), record.trace_id.as_deref()), ("200", Some("t-1")));
    assert_eq!(record.response_bytes, 2);
}

#[tokio::test]
async fn a_list_is_read_from_any_shape() {
    let row = r#"{"id":"a:dbpgf41870263:x","status":"Succeeded"}"#;
    let cases = [
        (json(row), 1),
        (json(&format!("[{row}]")), 1),
        (json(&format!(r#"{{"backups":[{row}],"backups_count":1,"pages_count":1}}"#)), 1),
        (json("null"), 0),
        (json("{}"), 0),
        (response(204, &[], ""), 0),
        (response(404, &[], r#"{"code":404}"#), 0),
    ];
    for (bytes, want) in cases {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let server = RawServer::always(bytes).await;
        let listing = list(&Bench::new(&server.url())).await;
        assert_eq!((listing.rows.len(), listing.completeness), (want, Completeness::Complete), "{text}");
        assert_eq!(server.lines(), ["GET /skybackup/v1/backups?page=1&page_size=100"]);
    }
}

#[tokio::test]
async fn rows_are_shown_after_each_page() {
    let server = RawServer::start(|request, _| {
        Reply::Send(match request.parameter("page") {
            Some("1") => json(r#"{"backups":[{"id":"a"},{"id":"b"}],"backups_count":3,"pages_count":2}"#),
            _ => json(r#"{"backups":[{"id":"c"}],"backups_count":3,"pages_count":2}"#),
        })
    })
    .await;
    let bench = Bench::new(&server.url());
    let mut seen = Vec::new();
    let query = BackupQuery { page_size: 2, ..BackupQuery::default() };
    let mut note = |progress: &Progress, rows: &RowsBuilder<Backup>| seen.push((progress.clone(), rows.len()));
    let listing = bench.client.list_backups(&query, &mut note).await.unwrap();
    assert_eq!(listing.rows.len(), 3);
    let progress = |pages_read, rows| (Progress { pages_read, pages_count: Some(2), rows }, rows);
    assert_eq!(seen, [progress(1, 2), progress(2, 3)]);
}

#[tokio::test]
async fn a_probe_tries_the_key_and_then_the_backups() {
    let ok = || json("[]");
    let missing = || response(404, &[], "");
    let cases = [
        ("all is well", ok(), ok(), None),
        ("no versions list", missing(), ok(), None),
        ("no right to the versions list", response(403, &[], ""), ok(), None),
        ("no backups yet", ok(), missing(), None),
        ("neither", missing(), missing(), Some("There is no backup service at this address")),
        ("a refused key", response(401, &[], ""), ok(), Some("SkySQL rejected this API key")),
        ("a key without the right", ok(), response(403, &[], ""), Some("This API key is not allowed to do this")),
        (
            "a web page",
            response(200, &[("content-type", "text/html; charset=utf-8")], "<html>sign in</html>"),
            ok(),
            Some("A proxy or sign-in page (text/html) answered instead of 127.0.0.1"),
        ),
    ];
    for (name, versions, backups, want) in cases {
        let server = RawServer::start(move |request, _| {
            let is_versions = request.path == "/provisioning/v1/versions";
            Reply::Send(if is_versions { versions.clone() } else { backups.clone() })
        })
        .await;
        let probed = Bench::new(&server.url()).client.probe().await;
        assert_eq!(probed.err().map(|error| error.sentence()).as_deref(), want, "{name}");
        let both = ["GET /provisioning/v1/versions?page_size=1", "GET /skybackup/v1/backups?page=1&page_size=1"];
        assert!(both.starts_with(&server.lines().iter().map(String::as_str).collect::<Vec<_>>()), "{name}");
    }
}
