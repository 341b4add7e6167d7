//! What the log and standard error hold after a run at the loudest level. A process has one log, so each run is one of its own.

use std::process::Command;
use std::sync::Arc;

use skybackup::api::{Access, BackupQuery, Client};
use skybackup::domain::ApiUrl;
use skybackup::secrets::{ApiKey, KnownSecrets, StorageCredentials};
use skybackup::start::{hook_panics, start_log};

use super::traces;
use crate::api::quick;
use crate::api::transport::once_now;
use crate::support::raw_server::{RawServer, Reply, response};
use crate::support::traces::forms;

const KEY: &str = "AnyForm.0123456789-abcdefgh~IJKLMN+op=q";
const BUCKET_SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY";
const FOLDER_VARIABLE: &str = "SKYBACKUP_TEST_LOG_FOLDER";
const STEP_VARIABLE: &str = "SKYBACKUP_TEST_LOG_STEP";

/// The log and standard error of one step.
fn after(step: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "secrets::child::fill_the_log", "--ignored", "--nocapture"]);
    command.env(FOLDER_VARIABLE, folder.path()).env(STEP_VARIABLE, step).env("SKYBACKUP_LOG", "trace");
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{errors}");
    let files = std::fs::read_dir(folder.path()).unwrap();
    (files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect(), errors)
}

/// Does one step with a log, a living key and living credentials.
pub(super) fn fill() {
    let secrets = KnownSecrets::default();
    let key = Arc::new(ApiKey::clean(KEY).unwrap().key);
    let credentials = StorageCredentials::from_s3("AKIAIOSFODNN7EXAMPLE", BUCKET_SECRET, "us-east-1").unwrap();
    secrets.add_key(&key);
    secrets.add_credentials(&credentials);
    let folder = std::env::var_os(FOLDER_VARIABLE).unwrap();
    let _log = start_log(std::path::Path::new(&folder), secrets.clone()).unwrap();
    hook_panics();
    match std::env::var(STEP_VARIABLE).unwrap().as_str() {
        "requests" => requests(&key, &secrets),
        "forms" => {
            for secret in [KEY, BUCKET_SECRET, credentials.expose_base64()] {
                for (name, form) in forms(secret) {
                    tracing::info!(target: "skybackup", "{name} begins {} ends", String::from_utf8_lossy(&form));
                }
            }
        }
        _ => {
            let text = format!("a panic about {}", key.expose());
            let broken = std::thread::spawn(move || panic!("{text}")).join();
            assert!(broken.is_err());
            let fixed = std::thread::spawn(|| panic!("an index went wrong")).join();
            assert!(fixed.is_err());
        }
    }
}

/// Reads with a query, from a server that sends the key back and one that is not there.
fn requests(key: &Arc<ApiKey>, secrets: &KnownSecrets) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let server = RawServer::start(|request, _| {
            let key = request.header("x-api-key").unwrap();
            Reply::Send(response(400, &[("x-trace-id", key), ("x-odd", "an-odd-header")], format!("odd body {key}")))
        })
        .await;
        for url in [server.url(), "http://127.0.0.1:9".to_owned()] {
            let url = ApiUrl::parse(&url).unwrap();
            let (key, secrets) = (Arc::clone(key), secrets.clone());
            let client = Client::new(url, key, Access::Full, secrets, Arc::new(|_| {}), quick()).unwrap();
            let query = BackupQuery { status: Some("a-value-of-the-query".to_owned()), ..BackupQuery::default() };
            client.list_backups(&query, &mut |_, _| {}).await.unwrap_err();
            client.create_schedule(&once_now()).await.unwrap_err();
        }
    });
}

pub(super) fn at_its_loudest_it_holds_no_query_no_body_and_no_header() {
    let (log, errors) = after("requests");
    assert!(traces(KEY, log.as_bytes()).is_empty() && traces(KEY, errors.as_bytes()).is_empty(), "{log}{errors}");
    for odd in ["a-value-of-the-query", "odd body", "odd-header", "x-api-key", "127.0.0.1"] {
        assert!(!log.contains(odd), "{odd}: {log}");
    }
    let is_ours = |line: &&str| line.contains("request") || line.contains("sending");
    let lines: Vec<&str> = log.lines().filter(is_ours).collect();
    // One creation reached the server; the other was tried twice where nobody listens.
    let sendings = lines.iter().filter(|line| line.contains("sending") && line.contains("POST")).count();
    let endings = lines.iter().filter(|line| line.contains("request") && line.contains("POST")).count();
    assert_eq!((sendings, endings), (3, 3), "{log}");
    for line in lines {
        let is_list = line.contains("method=\"GET\"") && line.contains("path=\"/skybackup/v1/backups\"");
        let is_creation = line.contains("method=\"POST\"") && line.contains("path=\"/skybackup/v1/backups/schedules\"");
        assert!(is_list || is_creation, "{line}");
        let names = line.split_whitespace().filter_map(|part| part.split_once('=')).map(|(name, _)| name);
        let unknown: Vec<&str> = names
            .filter(|name| !["method", "path", "status", "ms", "attempt", "trace_id", "outcome"].contains(name))
            .collect();
        assert!(unknown.is_empty(), "{unknown:?} in {line}");
    }
}

pub(super) fn every_form_of_a_living_secret_is_left_out() {
    let (log, _) = after("forms");
    for secret in [KEY, BUCKET_SECRET] {
        assert_eq!(traces(secret, log.as_bytes()), Vec::<String>::new(), "{log}");
    }
    for (name, _) in forms(KEY) {
        assert!(log.contains(&format!("{name} begins [API key]")), "{name}: {log}");
    }
    assert!(log.contains("raw begins [bucket credentials] ends"), "{log}");
}

pub(super) fn a_panic_tells_its_place_and_not_what_it_held() {
    let (log, errors) = after("panic");
    for text in [&log, &errors] {
        assert!(traces(KEY, text.as_bytes()).is_empty() && !text.contains("a panic about"), "{text}");
        assert!(text.contains("tests/secrets/log.rs:") && text.contains("(text withheld)"), "{text}");
        assert!(text.contains("an index went wrong"), "{text}");
    }
}
