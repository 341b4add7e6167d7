use std::error::Error as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use skybackup::api::{Attempt, BackupQuery, ErrorKind, NotSent, ScheduleQuery};
use skybackup::domain::{BackupType, Recurrence, ScheduleId, ServiceId};
use skybackup::draft::{NewSchedule, SchedulePatch};

use super::{Bench, KEY, impatient, quick};
use crate::support::raw_server::{RawServer, Reply, json, response};

pub(crate) fn once_now() -> NewSchedule {
    NewSchedule {
        service_id: ServiceId::new("dbpgf41870263"),
        backup_type: BackupType::Full,
        recurrence: Recurrence::Once,
        storage: None,
    }
}

#[tokio::test]
async fn a_request_carries_the_key_and_the_plain_headers_and_nothing_else() {
    let server = RawServer::always(json(r#"{"id":7}"#)).await;
    let bench = Bench::new(&server.url());
    bench.client.get_schedule(&ScheduleId::new("7")).await.unwrap();
    bench.client.create_schedule(&once_now()).await.unwrap();
    let requests = server.requests();
    let names = |index: usize| {
        let mut names: Vec<String> = requests[index].headers.iter().map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(names(0), ["accept", "accept-encoding", "host", "user-agent", "x-api-key"]);
    assert_eq!(
        names(1),
        ["accept", "accept-encoding", "content-length", "content-type", "host", "user-agent", "x-api-key"]
    );
    assert_eq!(requests[0].header("x-api-key"), Some(KEY));
    assert_eq!(requests[0].header("accept"), Some("application/json"));
    assert_eq!(requests[0].header("accept-encoding"), Some("gzip"));
    assert_eq!(requests[0].header("user-agent"), Some(concat!("SkyBackup/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(requests[1].header("content-type"), Some("application/json"));
}

/// The calls can be handed to another thread; this fails to compile where they cannot.
#[test]
fn every_call_can_move_between_threads() {
    fn is_send<T: Send>(_: &T) {}
    let bench = Bench::new("http://127.0.0.1:9");
    let (client, id, patch, new) = (&bench.client, ScheduleId::new("7"), SchedulePatch::default(), once_now());
    is_send(&client.probe());
    is_send(&client.list_backups(&BackupQuery::default(), &mut |_, _| {}));
    is_send(&client.list_schedules(&ScheduleQuery::default(), &[], &mut |_, _| {}));
    is_send(&client.get_schedule(&id));
    is_send(&client.create_schedule(&new));
    is_send(&client.update_schedule(&id, &patch, Attempt::First));
    is_send(&client.delete_schedule(&id, Attempt::First));
    is_send(&client.list_services());
}

#[tokio::test]
async fn no_redirect_is_followed_and_the_key_reaches_nobody_else() {
    let other = RawServer::always(json("[]")).await;
    for status in [301, 302, 303, 307, 308] {
        for target in [format!("{}/skybackup/v1/backups", other.url()), "/elsewhere".to_owned()] {
            let location = target.clone();
            let server =
                RawServer::start(move |_, _| Reply::Send(response(status, &[("location", &location)], ""))).await;
            let bench = Bench::new(&server.url());
            let read = bench.client.list_backups(&BackupQuery::default(), &mut |_, _| {}).await.unwrap_err();
            let write = bench.client.create_schedule(&once_now()).await.unwrap_err();
            for error in [read, write] {
                assert_eq!(error.kind, ErrorKind::Redirected { host: "127.0.0.1".to_owned() }, "{status} {target}");
                assert_eq!((error.status, error.attempts), (Some(status), 1));
                assert!(!error.outcome_unknown());
            }
            let methods: Vec<String> = server.requests().into_iter().map(|request| request.method).collect();
            assert_eq!(methods, ["GET", "POST"], "{status} {target}");
        }
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn localhost_is_this_computer_at_the_port_of_the_address() {
    let server = RawServer::always(json(r#"{"id":7}"#)).await;
    let bench = Bench::new(&format!("http://localhost:{}", server.port()));
    bench.client.get_schedule(&ScheduleId::new("7")).await.unwrap();
    assert_eq!(server.requests()[0].header("host"), Some(format!("localhost:{}", server.port()).as_str()));
}

#[tokio::test]
async fn a_proxy_in_the_environment_never_sees_a_call_to_this_computer() {
    let proxy = RawServer::always(json("[]")).await;
    let server = RawServer::always(json("[]")).await;
    let (through, to) = (proxy.url(), server.url());
    let run = move || run_behind(&through, &to, "api::transport::behind_a_proxy");
    assert!(tokio::task::spawn_blocking(run).await.unwrap());
    // The one call is the control: a plain client in the same environment does go through the proxy.
    let seen: Vec<String> = proxy.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(seen, [format!("{}/control", server.url())]);
    assert_eq!(server.lines(), ["GET /skybackup/v1/backups?page=1&page_size=100"]);
}

#[tokio::test]
#[ignore = "run by the test above, with a proxy in the environment"]
async fn behind_a_proxy() {
    let url = std::env::var("SKYBACKUP_TEST_TARGET").unwrap();
    #[expect(clippy::disallowed_methods, reason = "a client that is not ours")]
    reqwest::get(format!("{url}/control")).await.unwrap();
    Bench::new(&url).client.list_backups(&BackupQuery::default(), &mut |_, _| {}).await.unwrap();
}

/// Runs one ignored test of this binary with a proxy in its environment.
fn run_behind(proxy: &str, target: &str, test: &str) -> bool {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--ignored"]).stdout(Stdio::null());
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env(name, proxy);
    }
    command.env_remove("no_proxy").env_remove("NO_PROXY").env("SKYBACKUP_TEST_TARGET", target);
    command.status().unwrap().success()
}

#[tokio::test]
async fn a_body_may_not_be_larger_than_its_kind_allows() {
    use std::io::Write as _;

    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    (0..64).for_each(|_| bomb.write_all(&vec![b' '; 1024 * 1024]).unwrap());
    let bomb = response(200, &[("content-encoding", "gzip")], bomb.finish().unwrap());
    let plain = json(&format!("[{}]", " ".repeat(16 * 1024 * 1024)));
    for bytes in [bomb, plain] {
        let server = RawServer::always(bytes).await;
        let bench = Bench::new(&server.url());
        let error = bench.client.list_backups(&BackupQuery::default(), &mut |_, _| {}).await.unwrap_err();
        assert_eq!((error.kind, error.attempts, server.requests().len()), (ErrorKind::TooLarge, 1, 1));
        assert_eq!(bench.records()[0].response_bytes, 16 * 1024 * 1024);
    }
    let single = RawServer::always(json(&format!(r#"{{"id":7,"message":"{}"}}"#, "x".repeat(1024 * 1024)))).await;
    let error = Bench::new(&single.url()).client.get_schedule(&ScheduleId::new("7")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge);
}

#[tokio::test]
async fn a_packed_response_is_unpacked() {
    use std::io::Write as _;

    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(br#"{"id":7}"#).unwrap();
    let server = RawServer::always(response(200, &[("content-encoding", "gzip")], packed.finish().unwrap())).await;
    let schedule = Bench::new(&server.url()).client.get_schedule(&ScheduleId::new("7")).await.unwrap();
    assert_eq!(schedule.id.as_str(), "7");
}

#[tokio::test]
async fn each_change_goes_out_on_a_connection_of_its_own() {
    let server = RawServer::always(json(r#"{"id":7}"#)).await;
    let bench = Bench::new(&server.url());
    let id = ScheduleId::new("7");
    let patch = SchedulePatch { suspended: Some(true), ..SchedulePatch::default() };
    bench.client.get_schedule(&id).await.unwrap();
    bench.client.get_schedule(&id).await.unwrap();
    bench.client.update_schedule(&id, &patch, Attempt::First).await.unwrap();
    bench.client.update_schedule(&id, &patch, Attempt::First).await.unwrap();
    let connections: Vec<usize> = server.requests().iter().map(|request| request.connection).collect();
    assert_eq!(connections, [0, 0, 1, 2]);
}

#[tokio::test]
async fn at_most_six_calls_run_at_once() {
    let server = RawServer::start(|_, _| Reply::Late(Duration::from_millis(400), json(r#"{"id":7}"#))).await;
    let bench = Bench::new(&server.url());
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let client = bench.client.clone();
        calls.spawn(async move { client.get_schedule(&ScheduleId::new("7")).await });
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap().unwrap();
    }
    assert_eq!((server.requests().len(), server.busiest()), (12, 6));
}

#[tokio::test]
async fn a_closed_port_and_a_missing_host_differ_from_a_lost_response() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let bench = Bench::with(&format!("http://{closed}"), impatient());
    let error = bench.client.create_schedule(&once_now()).await.unwrap_err();
    assert_eq!(
        error.kind,
        ErrorKind::NotSent(NotSent::Refused { host: closed.to_string(), cause: "connection refused".to_owned() })
    );
    assert_eq!((error.attempts, error.is_offline(), error.outcome_unknown()), (2, true, false));
    assert_eq!(error.sentence(), format!("Cannot connect to {closed}: connection refused"));
    let cause = error.source().unwrap();
    assert!(cause.source().is_some(), "the chain is more than one link: {error:?}");
    let details = error.details();
    assert!(details.starts_with(&error.sentence()), "{details}");
    assert!(
        details.to_lowercase().contains("\ncaused by: ")
            && details.contains("refused")
            && details.contains("(os error "),
        "{details}"
    );
    let outcomes: Vec<String> = bench.records().into_iter().map(|record| record.outcome).collect();
    assert_eq!(outcomes, ["not sent", "not sent"]);

    let error = Bench::with("https://skybackup.invalid", impatient())
        .client
        .get_schedule(&ScheduleId::new("7"))
        .await
        .unwrap_err();
    assert!(error.is_offline(), "{error:?}");
    assert!(error.sentence().contains("skybackup.invalid"), "{error}");
}

#[tokio::test]
async fn a_response_without_encryption_on_a_secure_address_is_named_and_not_repeated() {
    let server = RawServer::always(json("[]")).await;
    let url = format!("https://127.0.0.1:{}", server.port());
    let error = Bench::new(&url).client.list_backups(&BackupQuery::default(), &mut |_, _| {}).await.unwrap_err();
    let reason = "the response was not encrypted".to_owned();
    assert_eq!(error.kind, ErrorKind::Certificate { host: "127.0.0.1".to_owned(), reason });
    assert_eq!((error.attempts, server.connections(), server.requests().len()), (1, 1, 0));
}

#[tokio::test]
async fn a_dropped_call_ends_at_once_and_is_on_record() {
    let server = RawServer::start(|_, _| Reply::Stall(Vec::new())).await;
    let bench = Bench::new(&server.url());
    let began = Instant::now();
    let id = ScheduleId::new("7");
    let arrived = async {
        while server.requests().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        answer = bench.client.get_schedule(&id) => panic!("{answer:?}"),
        () = arrived => {}
    }
    assert!(began.elapsed() < quick().attempt / 2, "as if it had waited for the response");
    let records = bench.records();
    assert_eq!((records.len(), records[0].outcome.as_str(), records[0].status), (1, "cancelled", None));
}

#[tokio::test]
async fn no_key_is_on_record_or_in_debug_texts_and_a_query_is_only_in_the_path_of_its_record() {
    let server = RawServer::always(response(500, &[], format!("bad key {KEY}"))).await;
    let bench = Bench::new(&server.url());
    let query = BackupQuery { status: Some("Succeeded".to_owned()), ..BackupQuery::default() };
    let error = bench.client.list_backups(&query, &mut |_, _| {}).await.unwrap_err();
    assert_eq!(error.message.as_deref(), Some("bad key [API key]"));
    let text = format!("{error:?} {error} {} {:?}", error.advice(), bench.client);
    assert!(!text.contains(KEY) && !text.contains("Succeeded"), "{text}");
    for record in bench.records() {
        assert_eq!(record.path, "/skybackup/v1/backups?status=Succeeded&page=1&page_size=100");
        assert!(!format!("{record:?}").contains(KEY));
    }
}

#[tokio::test]
async fn no_half_of_a_key_stays_where_a_long_message_is_cut() {
    let body = format!("{}{KEY}", "x".repeat(500 - KEY.len() / 2));
    let server = RawServer::always(response(403, &[], body)).await;
    let error = Bench::new(&server.url()).client.get_schedule(&ScheduleId::new("7")).await.unwrap_err();
    assert!(!error.message.unwrap().contains(&KEY[..8]));
}
