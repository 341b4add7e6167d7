//! What goes out with a request, where it goes, and what comes back.

use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use skybackup::api::{Access, ApiError, Attempt, BackupQuery, Client};
use skybackup::domain::{ApiUrl, BackupType, Recurrence, ScheduleId, ServiceId};
use skybackup::draft::{NewSchedule, SchedulePatch};
use skybackup::secrets::{ApiKey, ExternalStorage, KnownSecrets, StorageCredentials};

use super::traces;
use crate::api::quick;
use crate::support::raw_server::{RawRequest, RawServer, Reply, json, response};
use crate::support::traces::forms;

const KEY: &str = "AnyForm.0123456789-abcdefgh~IJKLMN+op=q";
const BUCKET_SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY";
const METHODS: [&str; 4] = ["GET", "POST", "PATCH", "DELETE"];

fn client(url: &str) -> (Client, Arc<Mutex<Vec<String>>>) {
    let records = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&records);
    let observer = Arc::new(move |record| kept.lock().unwrap().push(format!("{record:?}")));
    let key = Arc::new(ApiKey::clean(KEY).unwrap().key);
    let client =
        Client::new(ApiUrl::parse(url).unwrap(), key, Access::Full, KnownSecrets::default(), observer, quick())
            .unwrap();
    (client, records)
}

fn new_schedule() -> NewSchedule {
    let credentials = StorageCredentials::from_s3("AKIAIOSFODNN7EXAMPLE", BUCKET_SECRET, "us-east-1").unwrap();
    NewSchedule {
        service_id: ServiceId::new("dbpgf00000001"),
        backup_type: BackupType::Full,
        recurrence: Recurrence::Once,
        storage: Some(ExternalStorage { bucket: "s3://bucket".to_owned(), credentials: Some(credentials) }),
    }
}

/// One call of each method; the error of each.
async fn call(client: &Client, method: &str) -> Result<(), ApiError> {
    let id = ScheduleId::new("7");
    let patch = SchedulePatch { suspended: Some(true), ..SchedulePatch::default() };
    match method {
        "GET" => client.list_backups(&BackupQuery::default(), &mut |_, _| {}).await.map(drop),
        "POST" => client.create_schedule(&new_schedule()).await.map(drop),
        "PATCH" => client.update_schedule(&id, &patch, Attempt::First).await.map(drop),
        _ => client.delete_schedule(&id, Attempt::First).await.map(drop),
    }
}

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(test)
}

fn assert_clean(text: &str, what: &str) {
    for secret in [KEY, BUCKET_SECRET] {
        assert_eq!(traces(secret, text.as_bytes()), Vec::<String>::new(), "{what}: {text}");
    }
}

pub(super) fn each_request_carries_the_key_and_no_debug_text_does() {
    run(async {
        let server = RawServer::always(json(r#"{"id":7}"#)).await;
        let (client, records) = client(&server.url());
        for method in METHODS {
            call(&client, method).await.ok();
        }
        let requests = server.requests();
        assert!(requests.len() >= 4 && requests.iter().all(|request| request.header("x-api-key") == Some(KEY)));
        assert!(requests.iter().any(|request| request.body.contains("credentials")), "the credentials were sent");
        assert_clean(&format!("{client:?} {records:?}"), "debug texts");
    });
}

pub(super) fn no_redirect_gets_a_byte() {
    run(async {
        let other = RawServer::always(json("[]")).await;
        let mut calls = 0;
        for status in [301, 302, 303, 307, 308] {
            for (place, target) in [
                "/elsewhere".to_owned(),
                format!("{}/skybackup/v1/backups", other.url()),
                format!("http://localhost:{}/", other.port()),
                format!("https://127.0.0.1:{}/", other.port()),
                format!("//127.0.0.1:{}/", other.port()),
            ]
            .into_iter()
            .enumerate()
            {
                let header = target.clone();
                let server =
                    RawServer::start(move |_, _| Reply::Send(response(status, &[("location", &header)], ""))).await;
                let (client, _) = client(&server.url());
                for (number, method) in METHODS.into_iter().enumerate() {
                    let error = call(&client, method).await.unwrap_err();
                    assert_eq!((error.status, error.attempts), (Some(status), 1), "{status} {method} {target}");
                    assert!(!error.outcome_unknown());
                    let requests = server.requests();
                    assert_eq!(requests.len(), number + 1, "{status} {method} {target}: asked once");
                    let sent = &requests[number];
                    assert_eq!((sent.header("referer"), sent.header("cookie")), (None, None));
                    calls += 1;
                }
                assert_eq!(other.connections(), 0, "{status} to target {place}");
            }
        }
        assert_eq!(calls, 5 * 5 * 4);
    });
}

pub(super) fn a_proxy_sees_the_name_of_the_host_and_nothing_else() {
    run(async {
        let answers = [
            response(407, &[("proxy-authenticate", "Basic")], "who are you"),
            response(302, &[("location", "http://127.0.0.1:9/")], ""),
            response(200, &[], "<html>sign in"),
            response(200, &[], ""),
        ];
        for answer in answers {
            let proxy = RawServer::always(answer).await;
            let url = proxy.url();
            let is_done = tokio::task::spawn_blocking(move || behind(&url)).await.unwrap();
            assert!(is_done);
            let seen = proxy.requests();
            assert!(!seen.is_empty(), "https goes through the proxy");
            for request in seen {
                assert_eq!((request.method.as_str(), request.path.as_str()), ("CONNECT", "skybackup.invalid:443"));
                assert_eq!(request.header("x-api-key"), None);
                assert_clean(&format!("{request:?}"), "the proxy");
            }
        }
    });
}

/// Runs [`super::child::behind_a_proxy`] with a proxy in every variable that names one.
fn behind(proxy: &str) -> bool {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "secrets::child::behind_a_proxy", "--ignored"]).stdout(Stdio::null());
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env(name, proxy);
    }
    command.env_remove("no_proxy").env_remove("NO_PROXY").status().unwrap().success()
}

/// Every method once to an address that only a proxy could reach.
pub(super) fn call_a_host_that_does_not_exist() {
    run(async {
        let (client, _) = client("https://skybackup.invalid");
        for method in METHODS {
            let error = call(&client, method).await.unwrap_err();
            assert_clean(&format!("{error} {error:?} {}", error.advice()), method);
        }
    });
}

/// Sends everything back that came: as it is and in every form, in the message, in the trace id and in a header.
fn echo(request: &RawRequest) -> Reply {
    let key = request.header("x-api-key").unwrap_or_default();
    let sent: serde_json::Value = serde_json::from_str(&request.body).unwrap_or_default();
    let credentials = sent["external_storage"]["bucket"]["credentials"].as_str().unwrap_or_default();
    let secrets = if credentials.is_empty() { vec![key] } else { vec![credentials, BUCKET_SECRET, key] };
    let all = secrets.into_iter().flat_map(forms).filter(|(name, _)| name != "utf-16");
    let words: Vec<String> = all.map(|(_, form)| String::from_utf8(form).unwrap()).collect();
    let errors: Vec<serde_json::Value> = words
        .iter()
        .map(|word| serde_json::json!({"error": "echo", "message": format!("not with {word} here")}))
        .collect();
    let body = serde_json::json!({"errors": errors, "trace_id": key}).to_string();
    Reply::Send(response(400, &[("content-type", "application/json"), ("x-trace-id", key)], body))
}

pub(super) fn no_error_holds_what_the_server_sent_back() {
    run(async {
        for form in 0..forms(KEY).len() {
            let server = RawServer::start(move |request, _| match form {
                0 => echo(request),
                // Each form alone as well, so that no cut of a long message hides one.
                form => {
                    let (name, bytes) = forms(request.header("x-api-key").unwrap()).remove(form);
                    let word = if name == "utf-16" { String::new() } else { String::from_utf8(bytes).unwrap() };
                    Reply::Send(response(403, &[], format!("not with {word} here")))
                }
            })
            .await;
            let (client, records) = client(&server.url());
            for method in METHODS {
                let error = call(&client, method).await.unwrap_err();
                assert!(error.message.as_deref().unwrap().contains("not with"), "{error:?}");
                assert_clean(&format!("{error} {error:?} {} {:?}", error.advice(), error.message), method);
            }
            assert_clean(&format!("{records:?}"), "records");
        }
    });
}

/// Wherever a long text of the server is cut, no beginning of a key stays at its end.
pub(super) fn no_cut_leaves_a_part_of_the_key() {
    run(async {
        let filler = "-".repeat(490);
        let echoed = format!("{filler}{KEY}");
        for header in ["x-trace-id", "content-type"] {
            let status = if header == "content-type" { 200 } else { 403 };
            let server = RawServer::always(response(status, &[(header, &echoed)], "<html>")).await;
            let (client, records) = client(&server.url());
            let error = call(&client, METHODS[0]).await.unwrap_err();
            let said = format!("{error} {error:?} {records:?}");
            assert!(said.contains(&filler), "{header} is reported: {said}");
            assert!(!said.contains(&KEY[..5]), "{header}: {said}");
        }
    });
}

pub(super) fn addresses_that_would_carry_the_key_elsewhere_are_refused() {
    let refused = [
        "http://localhost.evil.com",
        "http://127.0.0.1@evil.example",
        "http://0x7f.1",
        "http://2130706433",
        "http://127.1",
        "http://0177.0.0.1",
        "http://127。0。0。1",
        "http://evil.localhost",
        "http://localhost.",
        "http://[::ffff:7f00:1]",
        "http://[fe80::1%25eth0]",
        "http://0.0.0.0",
        "http://api.skysql.com",
        "https://key:secret@api.skysql.com",
        "https://api.skysql.com.",
        "https://api。skysql。com",
        "https://аpi.skysql.com",
        "https://api.skysql.com#@evil.example",
        "https://api.skysql.com?x=@evil.example",
        "http://localhost\\@evil.example",
        "ftp://localhost",
        "//localhost",
    ];
    for typed in refused {
        assert!(ApiUrl::parse(typed).is_err(), "{typed}");
    }
    for (typed, is_here) in [
        ("https://x.example:443", false),
        ("https://[2001:db8::1]", false),
        ("http://localhost:8080", true),
        ("http://127.8.9.10", true),
        ("http://[::1]", true),
    ] {
        assert_eq!(ApiUrl::parse(typed).unwrap().is_loopback(), is_here, "{typed}");
    }
}
