//! A D-Bus session of its own with the real gnome-keyring on it: a home, a bus without any service but what a test starts,
//! and the daemon, each a process that ends with its owner.
#![cfg(target_os = "linux")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

/// Long for the slowest machine, short for a user who waits.
pub(crate) const DEADLINE: Duration = Duration::from_mins(3);
const PASSWORD: &[u8] = b"the keyring's own password";

/// What the daemon finds when it starts.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum StoreState {
    /// A keyring, made when there was none, and its password.
    Unlocked,
    /// A keyring, but nobody gives the password.
    Locked,
    /// No keyring.
    Fresh,
}

/// A home, a bus without any service but what a test starts, and the daemon.
pub(crate) struct Session {
    home: PathBuf,
    bus: Process,
    keyring: Option<Process>,
}

impl Session {
    /// A session whose home is this empty folder.
    pub(crate) fn new(home: &Path) -> Self {
        for dir in ["data", "config", "cache", "run"] {
            let dir = home.join(dir);
            fs::create_dir(&dir).unwrap();
            fs::set_permissions(&dir, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        }
        let socket = home.join("run/bus");
        let config = home.join("bus.conf");
        // Without service folders nothing starts on demand, above all no keyring of the machine.
        let text = format!(
            "<busconfig><type>session</type><listen>unix:path={}</listen><policy context=\"default\">\
             <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/>\
             </policy></busconfig>",
            socket.display()
        );
        fs::write(&config, text).unwrap();
        let mut command = Command::new("dbus-daemon");
        command.arg("--nofork").arg("--config-file").arg(&config);
        let bus = Process::start(&mut command, home, "dbus-daemon");
        let session = Self { home: home.to_owned(), bus, keyring: None };
        wait_for("the bus", || session.ask(&["org.freedesktop.DBus", "/", "org.freedesktop.DBus.GetId"]).is_some());
        session
    }

    /// The address of its bus.
    pub(crate) fn address(&self) -> String {
        format!("unix:path={}", self.home.join("run/bus").display())
    }

    pub(crate) fn start_keyring(&mut self, keyring: StoreState) {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if keyring == StoreState::Unlocked {
            command.arg("--unlock").stdin(Stdio::piped());
        }
        let mut process = Process::start(&mut command, &self.home, "gnome-keyring");
        if let Some(mut input) = process.0.stdin.take() {
            input.write_all(PASSWORD).unwrap();
        }
        self.keyring = Some(process);
        wait_for("the keyring daemon", || self.is_keyring_there());
        let locked = match keyring {
            StoreState::Unlocked => "boolean false",
            StoreState::Locked => "boolean true",
            StoreState::Fresh => return,
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

    /// Starts the program of another keyring service in place of gnome-keyring's, and waits until it serves.
    pub(crate) fn start_service(&mut self, command: &mut Command, package: &str) {
        self.keyring = Some(Process::start(command, &self.home, package));
        wait_for(package, || self.is_keyring_there());
    }

    pub(crate) fn stop_keyring(&mut self) {
        self.keyring = None;
        wait_for("the end of the keyring daemon", || !self.is_keyring_there());
    }

    pub(crate) fn restart_keyring(&mut self, keyring: StoreState) {
        self.stop_keyring();
        self.start_keyring(keyring);
    }

    pub(crate) fn stop_bus(&mut self) {
        self.bus.stop();
        let socket = self.home.join("run/bus");
        fs::remove_file(socket).ok();
    }

    pub(crate) fn signal_keyring(&self, signal: &str) {
        let id = self.keyring.as_ref().expect("a daemon").0.id();
        let status = Command::new("sh").arg("-c").arg(format!("kill -{signal} {id}")).status();
        assert!(status.unwrap().success());
    }

    fn is_keyring_there(&self) -> bool {
        self.has_owner("org.freedesktop.secrets")
    }

    /// Whether a program on the bus has this name.
    pub(crate) fn has_owner(&self, name: &str) -> bool {
        let name = format!("string:{name}");
        let answer = self.ask(&["org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", &name]);
        answer.is_some_and(|answer| answer.contains("boolean true"))
    }

    /// One D-Bus call; `None` when it failed.
    pub(crate) fn ask(&self, call: &[&str]) -> Option<String> {
        let (destination, rest) = call.split_first().expect("a destination");
        let mut command = Command::new("dbus-send");
        command.arg("--session").arg("--print-reply").arg(format!("--dest={destination}")).args(rest);
        surround(&mut command, &self.home);
        let output = command.output().unwrap_or_else(|error| missing("dbus", &error));
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// A process that ends with its owner.
pub(crate) struct Process(pub(crate) Child);

impl Process {
    pub(crate) fn start(command: &mut Command, home: &Path, package: &str) -> Self {
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
pub(crate) fn surround(command: &mut Command, home: &Path) {
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

pub(crate) fn missing(package: &str, error: &std::io::Error) -> ! {
    panic!("the keyring tests need {package}: {error}; on Debian and Ubuntu: apt-get install gnome-keyring dbus");
}

/// Waits until something holds, and fails when it does not in time.
pub(crate) fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + DEADLINE;
    while !holds() {
        assert!(Instant::now() < end, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(10));
    }
}
