//! The real keyring path against gnome-keyring, each test on a D-Bus session bus of its own.
//!
//! The bus, the keyring daemon and the process that uses the [`Vault`] are separate processes, as for a person. The last is
//! this test binary again, running only [`one_step`].
#![cfg(target_os = "linux")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use skybackup::domain::ApiKey;
use skybackup::settings::{SERVICE_NAME, Vault, VaultError};
use tempfile::TempDir;

const ACCOUNT: &str = "https://api.skysql.com production";
const KEY: &str = "skysql.1zzz.keyringTest0123456789.abcdef";
const OTHER_KEY: &str = "skysql.2yyy.anotherKey9876543210.fedcba";
/// Long for the slowest machine, short for a person who waits.
const DEADLINE: Duration = Duration::from_mins(1);
/// How long the caller of a frozen keyring waits.
const CALLERS_DEADLINE: Duration = Duration::from_secs(2);
const STEP_VARIABLE: &str = "SKYBACKUP_TEST_KEYRING_STEP";
const OUTCOME_VARIABLE: &str = "SKYBACKUP_TEST_KEYRING_OUTCOME";
const DEADLINE_VARIABLE: &str = "SKYBACKUP_TEST_KEYRING_DEADLINE_MS";
const PASSWORD: &[u8] = b"the keyring's own password";

// ---- the stories ----------------------------------------------------------------------------------------------------

#[test]
fn a_key_is_saved_read_after_a_restart_and_deleted() {
    let mut session = Session::new();
    session.start_keyring(Keyring::Unlocked);
    assert_eq!(session.run("read"), "Ok(None)");
    assert_eq!(session.run("write"), "Ok(())");
    assert_eq!(session.run("read"), found(KEY));
    session.restart_keyring(Keyring::Unlocked);
    assert_eq!(session.run("read"), found(KEY));
    assert_eq!(session.run("write other"), "Ok(())");
    assert_eq!(session.run("read"), found(OTHER_KEY));
    session.assert_not_in_any_file(&[KEY, OTHER_KEY]);
    assert_eq!(session.run("delete"), "Ok(())");
    assert_eq!(session.run("read"), "Ok(None)");
    session.restart_keyring(Keyring::Unlocked);
    assert_eq!(session.run("read"), "Ok(None)");
}

#[test]
fn a_locked_keyring_is_said_so_and_keeps_its_key() {
    let mut session = Session::new();
    session.start_keyring(Keyring::Unlocked);
    assert_eq!(session.run("write"), "Ok(())");
    session.restart_keyring(Keyring::Locked);
    for step in ["read", "write other", "delete"] {
        assert_eq!(session.run(step), failed(&VaultError::Locked), "{step}");
    }
    session.restart_keyring(Keyring::Unlocked);
    assert_eq!(session.run("read"), found(KEY));
}

#[test]
fn a_damaged_key_is_said_so_and_stays_until_it_is_replaced() {
    let mut session = Session::new();
    session.start_keyring(Keyring::Unlocked);
    assert_eq!(session.run("plant damage"), "Ok(())");
    assert_eq!(session.run("read"), failed(&VaultError::Damaged));
    assert_eq!(session.run("read"), failed(&VaultError::Damaged), "reading deleted nothing");
    assert_eq!(session.run("write"), "Ok(())");
    assert_eq!(session.run("read"), found(KEY));
}

#[test]
fn a_user_without_any_keyring_has_no_place_for_a_key() {
    let mut session = Session::new();
    session.start_keyring(Keyring::Fresh);
    assert_eq!(session.run("read"), "Ok(None)");
    assert_eq!(session.run("write"), failed(&VaultError::NoPlace));
    assert_eq!(session.run("delete"), "Ok(())");
}

#[test]
fn a_bus_without_a_keyring_service() {
    let session = Session::new();
    for step in ["read", "write", "delete"] {
        assert_eq!(session.run(step), failed(&VaultError::NoService), "{step}");
    }
}

#[test]
fn no_bus_at_all() {
    let mut session = Session::new();
    session.stop_bus();
    for step in ["read", "write", "delete"] {
        assert_eq!(session.run(step), failed(&VaultError::NoService), "{step}");
    }
}

/// What `keyring::Entry::new` alone does not do: it keeps its first failure for the life of the process.
#[test]
fn a_keyring_that_starts_later_is_found_without_a_restart() {
    let mut session = Session::new();
    session.start_keyring(Keyring::Unlocked);
    assert_eq!(session.run("write"), "Ok(())");
    session.stop_keyring();
    let mut step = session.start("read until it works");
    wait_for("the first failure", || step.outcome().is_some());
    assert_eq!(step.outcome(), Some(failed(&VaultError::NoService)));
    session.start_keyring(Keyring::Unlocked);
    wait_for("the key", || step.outcome() == Some(found(KEY)));
    assert!(step.finish().success());
}

#[test]
fn a_frozen_keyring_never_answers_and_never_holds_the_app() {
    let mut session = Session::new();
    session.start_keyring(Keyring::Unlocked);
    session.signal_keyring("STOP");
    for step in ["read", "write", "delete"] {
        // That the step ends at all is the proof that leaving does not wait for the keyring.
        assert_eq!(session.run_within(step, CALLERS_DEADLINE), "no answer", "{step}");
    }
    session.signal_keyring("CONT");
}

// ---- what runs in a process of its own ------------------------------------------------------------------------------

#[test]
#[ignore = "the other tests run it, in a process and a session of its own"]
fn one_step() {
    let step = env::var(STEP_VARIABLE).expect("only the other tests run this");
    let file = PathBuf::from(env::var_os(OUTCOME_VARIABLE).unwrap());
    let vault = Vault::system();
    let key = |text| Arc::new(ApiKey::clean(text).unwrap().key);
    let outcome = match step.as_str() {
        "read" => read(&vault),
        "write" => answer(|done| vault.write(ACCOUNT, &key(KEY), done)),
        "write other" => answer(|done| vault.write(ACCOUNT, &key(OTHER_KEY), done)),
        "delete" => answer(|done| vault.delete(ACCOUNT, done)),
        "plant damage" => {
            let entry = keyring::Entry::new(SERVICE_NAME, ACCOUNT).unwrap();
            entry.set_secret(b"\xff\x00 not a key").unwrap();
            "Ok(())".to_owned()
        }
        "read until it works" => {
            put(&file, &read(&vault));
            let mut outcome = String::new();
            wait_for("a keyring", || {
                outcome = read(&vault);
                outcome.starts_with("Ok")
            });
            outcome
        }
        other => panic!("no such step: {other}"),
    };
    put(&file, &outcome);
}

fn read(vault: &Vault) -> String {
    answer(|done| {
        vault.read(ACCOUNT, move |result| done(result.map(|key| key.map(|key| key.expose().to_owned()))));
    })
}

/// The result of a call as text, or `no answer` after the caller's deadline.
fn answer<T: std::fmt::Debug + Send + 'static>(call: impl FnOnce(Box<dyn FnOnce(T) + Send>)) -> String {
    let (sender, receiver) = mpsc::channel();
    call(Box::new(move |result| drop(sender.send(result))));
    let deadline_ms = env::var(DEADLINE_VARIABLE).unwrap().parse().unwrap();
    let result = receiver.recv_timeout(Duration::from_millis(deadline_ms));
    result.map_or_else(|_| "no answer".to_owned(), |result| format!("{result:?}"))
}

fn put(file: &Path, outcome: &str) {
    let whole = file.with_extension("part");
    fs::write(&whole, outcome).unwrap();
    fs::rename(whole, file).unwrap();
}

fn found(key: &str) -> String {
    format!("{:?}", Ok::<_, ()>(Some(key)))
}

fn failed(error: &VaultError) -> String {
    format!("Err({error:?})")
}

// ---- the session ----------------------------------------------------------------------------------------------------

/// What the daemon finds when it starts.
#[derive(Clone, Copy, PartialEq)]
enum Keyring {
    /// A keyring, made when there was none, and its password.
    Unlocked,
    /// A keyring, but nobody gives the password.
    Locked,
    /// No keyring.
    Fresh,
}

/// A home, a bus without any service but what a test starts, and the daemon.
struct Session {
    home: TempDir,
    bus: Process,
    keyring: Option<Process>,
}

impl Session {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        for dir in ["data", "config", "cache", "run"] {
            let dir = home.path().join(dir);
            fs::create_dir(&dir).unwrap();
            fs::set_permissions(&dir, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        }
        let socket = home.path().join("run/bus");
        let config = home.path().join("bus.conf");
        // Without service folders nothing starts by itself, above all no keyring of the machine.
        let text = format!(
            "<busconfig><type>session</type><listen>unix:path={}</listen><policy context=\"default\">\
             <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/>\
             </policy></busconfig>",
            socket.display()
        );
        fs::write(&config, text).unwrap();
        let mut command = Command::new("dbus-daemon");
        command.arg("--nofork").arg("--config-file").arg(&config);
        let bus = Process::start(&mut command, home.path(), "dbus-daemon");
        let session = Self { home, bus, keyring: None };
        wait_for("the bus", || session.ask(&["org.freedesktop.DBus", "/", "org.freedesktop.DBus.GetId"]).is_some());
        session
    }

    fn start_keyring(&mut self, keyring: Keyring) {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if keyring == Keyring::Unlocked {
            command.arg("--unlock").stdin(Stdio::piped());
        }
        let mut process = Process::start(&mut command, self.home.path(), "gnome-keyring");
        if let Some(mut input) = process.0.stdin.take() {
            input.write_all(PASSWORD).unwrap();
        }
        self.keyring = Some(process);
        wait_for("the keyring daemon", || self.is_keyring_there());
        let locked = match keyring {
            Keyring::Unlocked => "boolean false",
            Keyring::Locked => "boolean true",
            Keyring::Fresh => return,
        };
        wait_for(locked, || {
            let answer = self.ask(&[
                "org.freedesktop.secrets",
                "/org/freedesktop/secrets/aliases/default",
                "org.freedesktop.DBus.Properties.Get",
                "string:org.freedesktop.Secret.Collection",
                "string:Locked",
            ]);
            answer.is_some_and(|answer| answer.contains(locked))
        });
    }

    fn stop_keyring(&mut self) {
        self.keyring = None;
        wait_for("the end of the keyring daemon", || !self.is_keyring_there());
    }

    fn restart_keyring(&mut self, keyring: Keyring) {
        self.stop_keyring();
        self.start_keyring(keyring);
    }

    fn stop_bus(&mut self) {
        self.bus.stop();
        let socket = self.home.path().join("run/bus");
        fs::remove_file(socket).ok();
    }

    fn signal_keyring(&self, signal: &str) {
        let id = self.keyring.as_ref().expect("a daemon").0.id();
        let status = Command::new("sh").arg("-c").arg(format!("kill -{signal} {id}")).status();
        assert!(status.unwrap().success());
    }

    fn is_keyring_there(&self) -> bool {
        let answer = self.ask(&[
            "org.freedesktop.DBus",
            "/",
            "org.freedesktop.DBus.NameHasOwner",
            "string:org.freedesktop.secrets",
        ]);
        answer.is_some_and(|answer| answer.contains("boolean true"))
    }

    /// One D-Bus call; `None` when it failed.
    fn ask(&self, call: &[&str]) -> Option<String> {
        let (destination, rest) = call.split_first().expect("a destination");
        let mut command = Command::new("dbus-send");
        command.arg("--session").arg("--print-reply").arg(format!("--dest={destination}")).args(rest);
        surround(&mut command, self.home.path());
        let output = command.output().unwrap_or_else(|error| missing("dbus", &error));
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
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

/// A process that ends with its owner.
struct Process(Child);

impl Process {
    fn start(command: &mut Command, home: &Path, package: &str) -> Self {
        surround(command, home);
        Self(command.spawn().unwrap_or_else(|error| missing(package, &error)))
    }

    fn stop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Gives a command the environment of its session and nothing of this one: no display, no other bus, no other home.
fn surround(command: &mut Command, home: &Path) {
    let own: Vec<_> = command.get_envs().map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned))).collect();
    command.env_clear();
    for (name, value) in own {
        command.env(name, value.unwrap_or_default());
    }
    command.env("PATH", env::var_os("PATH").unwrap_or_default());
    command.env("HOME", home);
    for (name, dir) in [
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_RUNTIME_DIR", "run"),
    ] {
        command.env(name, home.join(dir));
    }
    command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", home.join("run/bus").display()));
    // Daemons talk about what they miss here; a failing step says why.
    if command.get_program().to_string_lossy().ends_with("-daemon") {
        command.stdout(Stdio::null()).stderr(Stdio::null());
    }
}

fn missing(package: &str, error: &std::io::Error) -> ! {
    panic!("the keyring tests need {package}: {error}; on Debian and Ubuntu: apt-get install gnome-keyring dbus");
}

/// Waits until something holds, and fails when it does not in time.
fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + DEADLINE;
    while !holds() {
        assert!(Instant::now() < end, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(10));
    }
}
