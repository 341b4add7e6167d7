use skybackup::api::{Attempt, Deleted, ErrorKind};
use skybackup::domain::ScheduleId;

use super::Bench;
use super::transport::once_now;
use crate::support::raw_server::{RawServer, response};

#[tokio::test]
async fn each_status_has_its_kind_its_words_and_its_trace() {
    let body = r#"{"code":1,"errors":[{"error":"e","message":"Words of the server"}],"timestamp":"1789430000","trace_id":"t-9"}"#;
    let cases = [
        (400, ErrorKind::Rejected),
        (401, ErrorKind::KeyRefused),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (409, ErrorKind::Conflict),
        (412, ErrorKind::Conflict),
        (418, ErrorKind::Rejected),
        (422, ErrorKind::Rejected),
        (501, ErrorKind::Server { retry_at: None }),
    ];
    for (status, kind) in cases {
        let server = RawServer::always(response(status, &[], body)).await;
        let bench = Bench::new(&server.url());
        let error = bench.client.get_schedule(&ScheduleId::new("7")).await.unwrap_err();
        assert_eq!((&error.kind, error.status, error.attempts), (&kind, Some(status), 1));
        assert_eq!(error.message.as_deref(), Some("Words of the server"));
        assert_eq!(error.trace_id.as_deref(), Some("t-9"));
        assert_eq!(bench.records()[0].trace_id.as_deref(), Some("t-9"));
        assert!(!error.sentence().is_empty() && !error.advice().is_empty());
    }
}

#[tokio::test]
async fn empty_and_foreign_error_bodies_are_borne() {
    let cases = [
        ("", Some("Forbidden")),
        ("<html>secret</html>", Some("Forbidden")),
        ("plain words", Some("plain words")),
        (r#"{"detail":[{"loc":["body"],"msg":"field required"}]}"#, Some("field required")),
    ];
    for (body, want) in cases {
        let server = RawServer::always(response(403, &[("x-request-id", "r-1")], body)).await;
        let error = Bench::new(&server.url()).client.get_schedule(&ScheduleId::new("7")).await.unwrap_err();
        assert_eq!((error.kind, error.message.as_deref()), (ErrorKind::Forbidden, want), "{body}");
        assert_eq!(error.trace_id.as_deref(), Some("r-1"));
    }
}

#[tokio::test]
async fn deleting_knows_gone_already_gone_and_not_now() {
    let id = ScheduleId::new("7");
    for (status, want) in
        [(200, Deleted::Deleted), (202, Deleted::Deleted), (204, Deleted::Deleted), (404, Deleted::AlreadyGone)]
    {
        let server = RawServer::always(response(status, &[], "")).await;
        assert_eq!(Bench::new(&server.url()).client.delete_schedule(&id, Attempt::First).await, Ok(want), "{status}");
        assert_eq!(server.lines(), ["DELETE /skybackup/v1/backups/schedules/7"]);
    }
    let server = RawServer::always(response(409, &[], r#"{"errors":[{"message":"A backup runs"}]}"#)).await;
    let error = Bench::new(&server.url()).client.delete_schedule(&id, Attempt::First).await.unwrap_err();
    assert_eq!(error.sentence(), "SkySQL cannot delete this schedule now");
    assert_eq!((error.message.as_deref(), server.requests().len()), (Some("A backup runs"), 1));
}

#[tokio::test]
async fn a_refused_change_is_a_known_outcome() {
    for status in [400, 401, 403, 404, 409, 422, 429, 501] {
        let server = RawServer::always(response(status, &[], "")).await;
        let error = Bench::new(&server.url()).client.create_schedule(&once_now()).await.unwrap_err();
        assert!(!error.outcome_unknown(), "{status}");
        assert_eq!(server.requests().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_row_without_an_id_is_never_asked_about() {
    let server = RawServer::always(response(200, &[], "{}")).await;
    let bench = Bench::new(&server.url());
    for id in ["", ".", ".."] {
        let error = bench.client.delete_schedule(&ScheduleId::new(id), Attempt::First).await.unwrap_err();
        assert_eq!((error.kind, error.attempts), (ErrorKind::Internal, 0));
    }
    assert_eq!(server.connections(), 0);
}
