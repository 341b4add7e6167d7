//! The real keyring path against gnome-keyring, each test on a D-Bus session bus of its own.
//!
//! The bus, the keyring daemon and the process that uses the [`Keyring`] are separate processes, as for a user. The last is
//! this test binary again, running only [`one_step`].
#![cfg(target_os = "linux")]

mod real;
mod scripted;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use std::{env, fs};

use skybackup::secrets::ApiKey;
use skybackup::settings::{Keyring, KeyringError, SERVICE_NAME};
use tempfile::TempDir;

use crate::support::keyring_session::{DEADLINE, Process, Session, StoreState, wait_for};

const ACCOUNT: &str = "https://api.skysql.com production";
const LABEL: &str = "SkyBackup: production";
const KEY: &str = "skysql.1zzz.keyringTest0123456789.abcdef";
const OTHER_KEY: &str = "skysql.2yyy.anotherKey9876543210.fedcba";
/// How often a key is changed and read in the step that repeats both. With some services one session in a hundred is deaf.
const REPEATS: usize = 300;
/// How long the caller of a frozen keyring waits.
const CALLERS_DEADLINE: Duration = Duration::from_secs(2);
const STEP_VARIABLE: &str = "SKYBACKUP_TEST_KEYRING_STEP";
const OUTCOME_VARIABLE: &str = "SKYBACKUP_TEST_KEYRING_OUTCOME";
const DEADLINE_VARIABLE: &str = "SKYBACKUP_TEST_KEYRING_DEADLINE_MS";

// ---- the stories ----------------------------------------------------------------------------------------------------

#[test]
fn a_key_is_saved_read_after_a_restart_and_deleted() {
    let mut bench = Bench::new();
    bench.session.start_keyring(StoreState::Unlocked);
    assert_eq!(bench.run("read"), "Ok(None)");
    assert_eq!(bench.run("write"), "Ok(())");
    assert_eq!(bench.run("read"), found(KEY));
    bench.session.restart_keyring(StoreState::Unlocked);
    assert_eq!(bench.run("read"), found(KEY));
    assert_eq!(bench.run("write other"), "Ok(())");
    assert_eq!(bench.run("read"), found(OTHER_KEY));
    bench.assert_not_in_any_file(&[KEY, OTHER_KEY]);
    assert_eq!(bench.run("delete"), "Ok(())");
    assert_eq!(bench.run("read"), "Ok(None)");
    bench.session.restart_keyring(StoreState::Unlocked);
    assert_eq!(bench.run("read"), "Ok(None)");
}

#[test]
fn a_locked_keyring_is_reported_and_keeps_its_key() {
    let mut bench = Bench::new();
    bench.session.start_keyring(StoreState::Unlocked);
    assert_eq!(bench.run("write"), "Ok(())");
    bench.session.restart_keyring(StoreState::Locked);
    for step in ["read", "write other", "delete"] {
        assert_eq!(bench.run(step), failed(&KeyringError::Locked), "{step}");
    }
    bench.session.restart_keyring(StoreState::Unlocked);
    assert_eq!(bench.run("read"), found(KEY));
}

#[test]
fn a_damaged_key_is_reported_and_stays_until_it_is_replaced() {
    let mut bench = Bench::new();
    bench.session.start_keyring(StoreState::Unlocked);
    assert_eq!(bench.run("plant damage"), "Ok(())");
    assert_eq!(bench.run("read"), failed(&KeyringError::Damaged));
    assert_eq!(bench.run("read"), failed(&KeyringError::Damaged), "reading deleted nothing");
    assert_eq!(bench.run("write"), "Ok(())");
    assert_eq!(bench.run("read"), found(KEY));
}

#[test]
fn a_user_without_any_keyring_has_no_place_for_a_key() {
    let mut bench = Bench::new();
    bench.session.start_keyring(StoreState::Fresh);
    for step in ["probe", "read", "write", "delete"] {
        assert_eq!(bench.run(step), failed(&KeyringError::NoPlace), "{step}");
    }
}

#[test]
fn a_bus_without_a_keyring_service() {
    let bench = Bench::new();
    for step in ["read", "write", "delete"] {
        assert_eq!(bench.run(step), failed(&KeyringError::NoService), "{step}");
    }
}

#[test]
fn no_bus_at_all() {
    let mut bench = Bench::new();
    bench.session.stop_bus();
    for step in ["read", "write", "delete"] {
        assert_eq!(bench.run(step), failed(&KeyringError::NoService), "{step}");
    }
}

/// What `keyring::Entry::new` alone does not do: it keeps its first failure for the life of the process.
#[test]
fn a_keyring_that_starts_later_is_found_without_a_restart() {
    let mut bench = Bench::new();
    bench.session.start_keyring(StoreState::Unlocked);
    assert_eq!(bench.run("write"), "Ok(())");
    bench.session.stop_keyring();
    let mut step = bench.start("read until it works");
    wait_for("the first failure", || step.outcome().is_some());
    assert_eq!(step.outcome(), Some(failed(&KeyringError::NoService)));
    bench.session.start_keyring(StoreState::Unlocked);
    wait_for("the key", || step.outcome() == Some(found(KEY)));
    assert!(step.finish().success());
}

#[test]
fn a_frozen_keyring_never_answers_and_never_holds_the_app() {
    let mut bench = Bench::new();
    bench.session.start_keyring(StoreState::Unlocked);
    bench.session.signal_keyring("STOP");
    for step in ["read", "write", "delete"] {
        // That the step ends at all is the proof that leaving does not wait for the keyring.
        assert_eq!(bench.run_within(step, CALLERS_DEADLINE), "no response", "{step}");
    }
    bench.session.signal_keyring("CONT");
}

// ---- what runs in a process of its own ------------------------------------------------------------------------------

#[test]
#[ignore = "the other tests run it, in a process and a session of its own"]
fn one_step() {
    let step = env::var(STEP_VARIABLE).expect("only the other tests run this");
    let file = PathBuf::from(env::var_os(OUTCOME_VARIABLE).unwrap());
    let keyring = Keyring::system();
    let key = |text| Arc::new(ApiKey::clean(text).unwrap().key);
    let outcome = match step.as_str() {
        "read" => read(&keyring),
        "write" => answer(|done| keyring.write(ACCOUNT, LABEL, &key(KEY), done)),
        "write other" => answer(|done| keyring.write(ACCOUNT, LABEL, &key(OTHER_KEY), done)),
        "probe" => answer(|done| keyring.probe(done)),
        "create keyring" => answer(|done| keyring.create_keyring(done)),
        "name the keys" => {
            answer(|done| keyring.read(ACCOUNT, move |read| done(read.map(drop).map_err(|error| error.sentence()))))
        }
        "keep the last key" => keep_the_last(&keyring),
        "write and read again and again" => write_and_read_often(&keyring),
        "delete" => answer(|done| keyring.delete(ACCOUNT, None, done)),
        "plant damage" => {
            let entry = keyring::Entry::new(SERVICE_NAME, ACCOUNT).unwrap();
            entry.set_secret(b"\xff\x00 not a key").unwrap();
            "Ok(())".to_owned()
        }
        "read until it works" => {
            put(&file, &read(&keyring));
            let mut outcome = String::new();
            wait_for("a keyring", || {
                outcome = read(&keyring);
                outcome.starts_with("Ok")
            });
            outcome
        }
        other => panic!("no such step: {other}"),
    };
    put(&file, &outcome);
}

fn read(keyring: &Keyring) -> String {
    answer(|done| {
        keyring.read(ACCOUNT, move |result| done(result.map(|key| key.map(|key| key.expose().to_owned()))));
    })
}

/// Changes the key and reads it, each time in sessions of their own; the first outcome that is not as it should be.
fn write_and_read_often(keyring: &Keyring) -> String {
    for round in 1..=REPEATS {
        let text = if round % 2 == 0 { KEY } else { OTHER_KEY };
        let key = Arc::new(ApiKey::clean(text).unwrap().key);
        let written = answer(|done| keyring.write(ACCOUNT, LABEL, &key, done));
        let was_read = read(keyring);
        if (written.as_str(), was_read.as_str()) != ("Ok(())", found(text).as_str()) {
            return format!("round {round}: {written}, then {was_read}");
        }
    }
    "Ok(())".to_owned()
}

/// Keeps the last of several keys and deletes the others.
fn keep_the_last(keyring: &Keyring) -> String {
    let (sender, receiver) = mpsc::channel();
    keyring.read(ACCOUNT, move |read| sender.send(read.map(drop)).unwrap());
    let Err(KeyringError::Ambiguous(keys)) = receiver.recv().unwrap() else { panic!("there are not several") };
    let keep = keys.last().unwrap().id.clone();
    answer(|done| keyring.delete(ACCOUNT, Some(&keep), done))
}

/// The result of a call as text, or `no response` after the caller's deadline.
fn answer<T: std::fmt::Debug + Send + 'static>(call: impl FnOnce(Box<dyn FnOnce(T) + Send>)) -> String {
    let (sender, receiver) = mpsc::channel();
    call(Box::new(move |result| drop(sender.send(result))));
    let deadline_ms = env::var(DEADLINE_VARIABLE).unwrap().parse().unwrap();
    let result = receiver.recv_timeout(Duration::from_millis(deadline_ms));
    result.map_or_else(|_| "no response".to_owned(), |result| format!("{result:?}"))
}

fn put(file: &Path, outcome: &str) {
    let whole = file.with_extension("part");
    fs::write(&whole, outcome).unwrap();
    fs::rename(whole, file).unwrap();
}

fn found(key: &str) -> String {
    format!("{:?}", Ok::<_, ()>(Some(key)))
}

fn failed(error: &KeyringError) -> String {
    format!("Err({error:?})")
}

// ---- the bench ------------------------------------------------------------------------------------------------------

/// A session, and the steps that run in it.
struct Bench {
    session: Session,
    home: TempDir,
}

impl Bench {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        Self { session: Session::new(home.path()), home }
    }

    fn start(&self, step: &str) -> Step {
        self.start_within(step, DEADLINE / 2)
    }

    fn start_within(&self, step: &str, deadline: Duration) -> Step {
        let outcome = self.home.path().join("outcome");
        fs::remove_file(&outcome).ok();
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", "keyring::one_step", "--ignored", "--nocapture", "--quiet"]).stdout(Stdio::null());
        command.env(STEP_VARIABLE, step).env(OUTCOME_VARIABLE, &outcome);
        command.env(DEADLINE_VARIABLE, deadline.as_millis().to_string());
        Step { process: Process::start(&mut command, self.home.path(), "the test itself"), outcome }
    }

    /// Runs one step in a process of its own and returns its outcome.
    fn run(&self, step: &str) -> String {
        self.run_within(step, DEADLINE / 2)
    }

    fn run_within(&self, step: &str, deadline: Duration) -> String {
        let mut running = self.start_within(step, deadline);
        let status = running.finish();
        assert!(status.success(), "{step}: {status}");
        running.outcome().expect("an outcome")
    }

    /// Keys are in no file of this home as they are; the scan proves that it looked.
    fn assert_not_in_any_file(&self, keys: &[&str]) {
        let canary = self.home.path().join("data/canary");
        fs::write(&canary, KEY).unwrap();
        let with_a_key = |bytes: &[u8]| {
            let holds = |key: &&&str| bytes.windows(key.len()).any(|window| window == key.as_bytes());
            keys.iter().any(|key| holds(&key))
        };
        let mut folders = vec![self.home.path().to_owned()];
        let mut found = Vec::new();
        let mut keyrings = 0;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                let kind = entry.file_type().unwrap();
                if kind.is_dir() {
                    folders.push(entry.path());
                } else if kind.is_file() && entry.file_name() != "outcome" {
                    keyrings += usize::from(entry.path().extension().is_some_and(|name| name == "keyring"));
                    if with_a_key(&fs::read(entry.path()).unwrap()) {
                        found.push(entry.path());
                    }
                }
            }
        }
        fs::remove_file(&canary).unwrap();
        assert_eq!(found, [canary]);
        assert!(keyrings > 0, "the keyring's own file was scanned");
    }
}

/// A running [`one_step`].
struct Step {
    process: Process,
    outcome: PathBuf,
}

impl Step {
    fn outcome(&self) -> Option<String> {
        fs::read_to_string(&self.outcome).ok()
    }

    fn finish(&mut self) -> ExitStatus {
        let mut status = None;
        wait_for("the end of a step", || {
            status = self.process.0.try_wait().unwrap();
            status.is_some()
        });
        status.expect("it ended")
    }
}
