//! Steps in processes of their own, whose memory is searched from outside.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use skybackup::api::{Access, Client};
use skybackup::domain::{ApiUrl, BackupType, Recurrence, ScheduleId, ServiceId};
use skybackup::draft::NewSchedule;
use skybackup::secrets::{ApiKey, ExternalStorage, KnownSecrets, StorageCredentials};
use skybackup::settings::Keyring;

use crate::api::quick;
use crate::support::odd_keyring::OddKeyring;
use crate::support::raw_server::{RawServer, json};
use crate::support::traces::Search;

const FOLDER_VARIABLE: &str = "SKYBACKUP_TEST_MEMORY_FOLDER";
const SERVER_VARIABLE: &str = "SKYBACKUP_TEST_MEMORY_SERVER";
/// What is looked for, and in the end what has to be found: made anew for each run, so that they stand in no program.
const WORDS: [&str; 3] = ["key", "bucket-secret", "canary"];

pub(super) fn nothing_stays_in_memory_of_what_was_used() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(RawServer::always(json(r#"{"id":7}"#)));
    let mut step = Step::start("use_and_drop", &server.url());
    step.until("in use");
    let used = step.copies();
    assert!(used.iter().all(|copies| *copies > 0), "the search is blind: {used:?}");
    step.go_on();
    step.until("dropped");
    let [key, bucket_secret, canary] = step.copies();
    assert_eq!((key, bucket_secret), (0, 0));
    assert!(canary > 0, "the search is blind");
    assert!(server.requests().len() >= 5, "it was used");
}

pub(super) fn nothing_stays_in_memory_of_what_the_keyring_gave() {
    let mut step = Step::start("ask_the_keyring", "");
    step.until("read");
    let [key, _, canary] = step.copies();
    assert!(key > 0 && canary > 0, "the search is blind: {key} {canary}");
    step.go_on();
    step.until("dropped");
    let [key, _, canary] = step.copies();
    assert_eq!(key, 0);
    assert!(canary > 0, "the search is blind");
}

/// A running step, and the words it was given.
struct Step {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
    words: [String; WORDS.len()],
    _folder: tempfile::TempDir,
}

impl Step {
    fn start(name: &str, server: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let words = WORDS.map(|word| {
            let text: String = std::iter::repeat_with(fastrand::alphanumeric).take(40).collect();
            fs::write(folder.path().join(word), &text).unwrap();
            text
        });
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", &format!("secrets::child::{name}"), "--ignored", "--nocapture"]);
        command.env(FOLDER_VARIABLE, folder.path()).env(SERVER_VARIABLE, server);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output, words, _folder: folder }
    }

    /// Waits until the step says that it is so far.
    fn until(&mut self, place: &str) {
        let wanted = format!("at: {place}");
        let mut line = String::new();
        while !line.contains(&wanted) {
            line.clear();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the step ended before it was {wanted}");
        }
    }

    fn go_on(&mut self) {
        self.child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    /// The number of traces of each word in the memory.
    fn copies(&self) -> [usize; WORDS.len()] {
        let search = Search::new(WORDS.into_iter().zip(self.words.iter().map(String::as_str)));
        let (traces, _) = search.in_memory(self.child.id()).unwrap();
        WORDS.map(|word| traces.iter().filter(|trace| trace.secret == word).count())
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

// ---- what runs in a process of its own --------------------------------------------------------------------------------------

fn word(name: &str) -> String {
    fs::read_to_string(Path::new(&std::env::var_os(FOLDER_VARIABLE).unwrap()).join(name)).unwrap()
}

/// Says how far it is and waits to be told to go on.
fn pause(place: &str) {
    std::io::stdout().write_all(format!("at: {place}\n").as_bytes()).unwrap();
    std::io::stdin().lock().read_line(&mut String::new()).unwrap();
}

/// Five requests with the key, one of them with credentials; then everything is dropped but the canary.
#[test]
#[ignore = "run by the test above, in a process of its own"]
fn use_and_drop() {
    let canary = word("canary");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let url = ApiUrl::parse(&std::env::var(SERVER_VARIABLE).unwrap()).unwrap();
    {
        let key = Arc::new(ApiKey::clean(&word("key")).unwrap().key);
        let credentials =
            StorageCredentials::from_s3("AKIAIOSFODNN7EXAMPLE", &word("bucket-secret"), "us-east-1").unwrap();
        let typed = word("bucket-secret");
        let new = NewSchedule {
            service_id: ServiceId::new("dbpgf00000001"),
            backup_type: BackupType::Full,
            recurrence: Recurrence::Once,
            storage: Some(ExternalStorage { bucket: "s3://bucket".to_owned(), credentials: Some(credentials) }),
        };
        let client = Client::new(url, key, Access::Full, KnownSecrets::default(), Arc::new(|_| {}), quick()).unwrap();
        runtime.block_on(async {
            client.create_schedule(&new).await.unwrap();
            for _ in 0..4 {
                client.get_schedule(&ScheduleId::new("7")).await.unwrap();
            }
        });
        pause("in use");
        drop((client, new, typed));
    }
    drop(runtime);
    pause("dropped");
    assert_eq!(canary.len(), 40);
}

/// A keyring that keeps its bytes turned inside out, so that every copy in memory is one it gave.
fn inside_out() -> Keyring {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let turned = |bytes: &[u8]| bytes.iter().map(|byte| !byte).collect::<Vec<u8>>();
    let stored = Arc::clone(&kept);
    OddKeyring::keyring(
        move || Ok(turned(&kept.lock().unwrap())),
        move |secret| {
            *stored.lock().unwrap() = turned(secret);
            Ok(())
        },
    )
}

/// Saves the key once and reads it eleven times.
#[test]
#[ignore = "run by the test above, in a process of its own"]
fn ask_the_keyring() {
    let canary = word("canary");
    let keyring = inside_out();
    let patience = Duration::from_mins(3);
    let mut keys = Vec::new();
    {
        let (sender, receiver) = mpsc::channel();
        let key = Arc::new(ApiKey::clean(&word("key")).unwrap().key);
        keyring.write("account", "label", &key, move |result| sender.send(result).unwrap());
        receiver.recv_timeout(patience).unwrap().unwrap();
    }
    for _ in 0..11 {
        let (sender, receiver) = mpsc::channel();
        keyring.read("account", move |result| sender.send(result).unwrap());
        keys.push(receiver.recv_timeout(patience).unwrap().unwrap().unwrap());
    }
    pause("read");
    drop(keys);
    pause("dropped");
    assert_eq!(canary.len(), 40);
}

#[test]
#[ignore = "run by a test of the wire, with a proxy in the environment"]
fn behind_a_proxy() {
    super::wire::call_a_host_that_does_not_exist();
}

#[test]
#[ignore = "run by the tests of the log, in a process whose log it starts"]
fn fill_the_log() {
    super::log::fill();
}
