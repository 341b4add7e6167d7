//! The preview of a change against the bytes that a server receives: from the client, and from the copied command in a real shell.

#[cfg(unix)]
use std::process::{Command, Output};

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::Value;
#[cfg(unix)]
use skybackup::api::Shell;
use skybackup::api::{Attempt, RequestPreview};
#[cfg(unix)]
use skybackup::domain::ApiUrl;
use skybackup::domain::{BackupId, BackupType, Recurrence, ScheduleId, ServiceId};
use skybackup::draft::{BucketMethod, BucketSource, NewSchedule, RestoreRequest, RestoreSource, SchedulePatch};
use skybackup::secrets::{EncryptionKey, ExternalStorage, StorageCredentials};

use super::Bench;
#[cfg(unix)]
use super::KEY;
use crate::support::raw_server::{RawRequest, RawServer, json};

#[derive(Clone, Debug)]
enum Change {
    Create(NewSchedule),
    Update(ScheduleId, SchedulePatch),
    Restore(RestoreRequest),
}

impl Change {
    fn preview(&self) -> Option<RequestPreview> {
        match self {
            Self::Create(new) => Some(RequestPreview::of_create(new)),
            Self::Update(id, patch) => RequestPreview::of_update(id, patch),
            Self::Restore(request) => Some(RequestPreview::of_restore(request)),
        }
    }

    /// The secrets of its bucket: field, variable and value.
    fn secrets(&self) -> Vec<(&'static str, &'static str, &str)> {
        let (credentials, key) = match self {
            Self::Create(new) => (new.storage.as_ref().and_then(|storage| storage.credentials.as_ref()), None),
            Self::Restore(RestoreRequest { source: RestoreSource::Bucket(source), .. }) => {
                (source.credentials.as_ref(), source.encryption_key.as_ref())
            }
            Self::Update(..) | Self::Restore(_) => (None, None),
        };
        let credentials = credentials.map(|it| ("credentials", "STORAGE_CREDENTIALS", it.expose_base64()));
        let key = key.map(|it| ("encryption_key", "STORAGE_ENCRYPTION_KEY", it.expose()));
        credentials.into_iter().chain(key).collect()
    }

    async fn send(&self, bench: &Bench) {
        match self {
            Self::Create(new) => drop(bench.client.create_schedule(new).await),
            Self::Update(id, patch) => drop(bench.client.update_schedule(id, patch, Attempt::First).await),
            Self::Restore(request) => drop(bench.client.create_restore(request).await),
        }
    }
}

/// Text that a URL, JSON or a shell could stumble over, and any other.
fn any_text() -> impl Strategy<Value = String> {
    let awkward = [
        "",
        ".",
        "..",
        "...",
        "4312",
        "a/b?c#d%",
        "a:b c",
        "[1-3]{x,y}",
        "it's",
        "\"",
        "\\",
        "`id`",
        "$(id)",
        "$STORAGE_CREDENTIALS",
        "\"credentials\":\"$STORAGE_CREDENTIALS\"",
        "\"encryption_key\":\"STORAGE_ENCRYPTION_KEY\"",
        "@file",
        "ü\u{0}\r\n\t\u{7f}",
        "\u{202e}",
    ];
    prop_oneof![prop::sample::select(awkward.to_vec()).prop_map(str::to_owned), any::<String>()]
}

fn any_type() -> impl Strategy<Value = BackupType> {
    prop_oneof![
        prop::sample::select(BackupType::ALL.to_vec()),
        any_text().prop_map(|text| BackupType::Other(text.into()))
    ]
}

fn any_storage() -> impl Strategy<Value = ExternalStorage> {
    let credentials =
        "[!-~]{1,40}".prop_filter_map("", |secret| StorageCredentials::from_s3("AKIATEST", &secret, "eu-west-1").ok());
    (any_text(), prop::option::of(credentials))
        .prop_map(|(bucket, credentials)| ExternalStorage { bucket, credentials })
}

fn any_source() -> impl Strategy<Value = RestoreSource> {
    let backup = any_text().prop_map(|id| RestoreSource::Backup(BackupId::new(id)));
    let moment = (any_text(), 0_i64..4_000_000_000).prop_map(|(service, second)| RestoreSource::Moment {
        service: ServiceId::new(service),
        at: jiff::Timestamp::from_second(second).unwrap(),
    });
    let key = prop::option::of("[A-Za-z0-9 $'`!-]{1,40}");
    let bucket = (any_storage(), any_text(), prop::sample::select(BucketMethod::ALL.to_vec()), key);
    let bucket = bucket.prop_map(|(ExternalStorage { bucket, credentials }, object, method, key)| {
        let encryption_key = key.as_deref().and_then(EncryptionKey::new);
        RestoreSource::Bucket(BucketSource { bucket, method, object, credentials, encryption_key })
    });
    prop_oneof![backup, moment, bucket]
}

fn any_change() -> impl Strategy<Value = Change> {
    let recurrence = any_text().prop_map(|text| Recurrence::read(&text));
    let create = (any_text(), any_type(), recurrence, prop::option::of(any_storage()));
    let create = create.prop_map(|(id, backup_type, recurrence, storage)| {
        Change::Create(NewSchedule { service_id: ServiceId::new(id), backup_type, recurrence, storage })
    });
    let patch = (prop::option::of(any_type()), prop::option::of(any_text()), any::<Option<bool>>());
    let update = (any_text(), patch).prop_map(|(id, (backup_type, text, suspended))| {
        let patch = SchedulePatch { backup_type, recurrence: text.map(Into::into), suspended };
        Change::Update(ScheduleId::new(id), patch)
    });
    let restore = (any_text(), any_source());
    let restore =
        restore.prop_map(|(target, source)| Change::Restore(RestoreRequest { target: ServiceId::new(target), source }));
    prop_oneof![create, update, restore]
}

/// Checks any change against a server that takes every request.
fn for_any_change(cases: u32, check: &impl AsyncFn(&RawServer, &Bench, Change) -> Result<(), TestCaseError>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = runtime.block_on(RawServer::always(json(r#"{"id":"4312"}"#)));
    let bench = Bench::new(&server.url());
    let config = ProptestConfig { failure_persistence: None, cases, ..ProptestConfig::default() };
    let outcome = TestRunner::new(config).run(&any_change(), |change| runtime.block_on(check(&server, &bench, change)));
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

/// What came since the last call.
fn received(server: &RawServer, before: usize) -> Option<RawRequest> {
    let requests = server.requests();
    assert!(requests.len() <= before + 1, "one request for one change");
    requests.get(before).cloned()
}

#[test]
fn the_preview_of_any_change_is_what_the_server_receives() {
    for_any_change(256, &async |server, bench, change| {
        let before = server.requests().len();
        change.send(bench).await;
        let (preview, sent) = (change.preview(), received(server, before));
        let (Some(preview), Some(sent)) = (&preview, &sent) else {
            prop_assert!(preview.is_none() && sent.is_none(), "shown and sent, or neither");
            return Ok(());
        };
        prop_assert_eq!(Some(preview.line()), server.lines().pop());
        let shown: Value = serde_json::from_str(&preview.body()).unwrap();
        let mut compact = shown.to_string();
        for (field, _, secret) in change.secrets() {
            prop_assert!(secret.len() < 16 || !preview.body().contains(secret));
            compact = compact.replacen(&format!("\"{field}\":\"(hidden)\""), &format!("\"{field}\":\"{secret}\""), 1);
        }
        prop_assert_eq!(&compact, &sent.body);
        Ok(())
    });
}

/// Runs a copied command as a user would, with the variables it names set; no proxy or `.curlrc` of this computer applies.
#[cfg(unix)]
async fn run_in_shell(command: &str, secrets: &[(&str, &str, &str)]) -> Output {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    shell.env("SKYSQL_API_KEY", KEY).envs(secrets.iter().map(|(_, variable, secret)| (variable, secret)));
    tokio::task::spawn_blocking(move || shell.output().unwrap()).await.unwrap()
}

#[cfg(unix)]
#[test]
fn curl_sends_what_the_client_sends_for_any_change() {
    for_any_change(48, &async |server, bench, change| {
        let before = server.requests().len();
        change.send(bench).await;
        let Some(ours) = received(server, before) else { return Ok(()) };
        let command = change.preview().unwrap().curl(&ApiUrl::parse(&server.url()).unwrap(), Shell::Posix);
        let output = run_in_shell(&command, &change.secrets()).await;
        let errors = String::from_utf8_lossy(&output.stderr);
        prop_assert!(output.status.success(), "this test needs curl (see docs/testing.md): {errors}\n{command}");
        let theirs = received(server, before + 1).unwrap();
        let parts = |request: &RawRequest| {
            let header = |name| request.header(name).map(str::to_owned);
            let line = (request.method.clone(), request.path.clone(), request.query.clone());
            (line, header("x-api-key"), header("content-type"), request.body.clone())
        };
        prop_assert_eq!(parts(&theirs), parts(&ours), "{}", command);
        Ok(())
    });
}
