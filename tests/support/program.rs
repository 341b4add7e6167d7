//! The program itself, as a user starts it: in a process of its own, on a display of its own, in a folder of its own.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Long for the slowest machine.
const PATIENCE: Duration = Duration::from_mins(3);

/// A virtual display that only who has its cookie may use; ends with its owner.
struct Display {
    server: Child,
    name: String,
    cookie: PathBuf,
}

impl Display {
    fn start(folder: &Path) -> Self {
        let cookie = folder.join("cookie");
        // Of any host, for any number of a display.
        let mut entry = vec![0xff, 0xff];
        for field in [&b""[..], b"", b"MIT-MAGIC-COOKIE-1", &random_bytes()] {
            entry.extend(u16::try_from(field.len()).unwrap().to_be_bytes());
            entry.extend(field);
        }
        std::fs::write(&cookie, entry).unwrap();
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset", "-auth"]);
        command.arg(&cookie);
        let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap_or_else(|error| {
            panic!("tests of the real window need Xvfb: {error}; on Debian and Ubuntu: apt-get install xvfb")
        });
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Self { server, name: format!(":{}", number.trim()), cookie }
    }
}

fn random_bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    std::fs::File::open("/dev/urandom").unwrap().read_exact(&mut bytes).unwrap();
    bytes
}

impl Drop for Display {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// The running program. Its message boxes are shown by a stand-in that writes down what it was asked and the environment it got.
pub(crate) struct Program {
    child: Child,
    folder: PathBuf,
    _display: Display,
}

impl Program {
    /// Starts it with `--data-dir` in this folder.
    pub(crate) fn start(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let display = Display::start(folder);
        let helpers = folder.join("helpers");
        std::fs::create_dir(&helpers).unwrap();
        let box_file = helpers.join("zenity");
        let script = format!("#!/bin/sh\nexec > '{}'\necho \"$@\"\n/usr/bin/env\n", folder.join("box").display());
        std::fs::write(&box_file, script).unwrap();
        std::fs::set_permissions(&box_file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        // Core files would be written, were it not for the program itself.
        let mut command = Command::new("/bin/sh");
        let program =
            std::env::var_os("SKYBACKUP_TEST_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_skybackup").into());
        command.args(["-c", "ulimit -c unlimited; exec \"$0\" \"$@\""]).arg(program);
        command.arg("--data-dir").arg(folder.join("data")).args(arguments);
        command.env_clear().envs(environment.iter().copied()).env("HOME", folder).env("PATH", &helpers);
        command
            .env("DISPLAY", &display.name)
            .env("XAUTHORITY", &display.cookie)
            .env("SKYBACKUP_LOG", "trace")
            .current_dir(folder);
        command.stdin(Stdio::null());
        command.stdout(std::fs::File::create(folder.join("stdout")).unwrap());
        command.stderr(std::fs::File::create(folder.join("stderr")).unwrap());
        Self { child: command.spawn().unwrap(), folder: folder.to_owned(), _display: display }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end.
    pub(crate) fn end(&mut self) -> ExitStatus {
        let mut status = None;
        self.until("the program to end", |program| {
            status = program.ended();
            status.is_some()
        });
        status.unwrap()
    }

    /// How it ended; `None` while it runs.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Waits until something is so.
    pub(crate) fn until(&mut self, what: &str, mut is_so: impl FnMut(&mut Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_so(self) {
            assert!(Instant::now() < deadline, "waited in vain for {what}; {}", self.text_of("stderr"));
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The text of a file in its folder; empty where there is none.
    pub(crate) fn text_of(&self, name: &str) -> String {
        let mut text = String::new();
        if let Ok(mut file) = std::fs::File::open(self.folder.join(name)) {
            file.read_to_string(&mut text).unwrap();
        }
        text
    }

    /// Everything in its log.
    pub(crate) fn log(&self) -> String {
        let Ok(files) = std::fs::read_dir(self.folder.join("data/logs")) else { return String::new() };
        files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
    }

    /// A file that the system keeps about it.
    pub(crate) fn system_file(&self, name: &str) -> std::io::Result<String> {
        let bytes = std::fs::read(format!("/proc/{}/{name}", self.id()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("sh").arg("-c").arg(format!("kill -{name} {}", self.id())).status();
        assert!(status.unwrap().success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
