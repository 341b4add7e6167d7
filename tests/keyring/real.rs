//! The same against keyrings of other desktops, whose questions are answered on a display of their own as a user answers them:
//! heavy to install, so run by `scripts/soak keyrings` alone.

use std::collections::HashSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use skybackup::settings::KeyringError;

use super::{Bench, KEY, failed, found};
use crate::support::keyring_session::{Process, StoreState, surround, wait_for};

/// What a user types as the password of a keyring.
const PASSWORD: &str = "secretpass";
/// The keys that give a password, and those that choose one.
const GIVE_PASSWORD: [Press; 2] = [Press::Text(PASSWORD), Press::Key("Return")];
const CHOOSE_PASSWORD: [Press; 4] =
    [Press::Text(PASSWORD), Press::Key("Tab"), Press::Text(PASSWORD), Press::Key("Return")];
const CLOSE: [Press; 1] = [Press::Key("Escape")];

#[test]
#[ignore = "needs gcr, Xvfb and xdotool: scripts/soak keyrings"]
fn gnome_keyring_makes_its_first_keyring_on_request() {
    let mut bench = Bench::new();
    let mut screen = Screen::new(&bench);
    bench.session.start_keyring(StoreState::Fresh);
    let prompter = start_prompter(&bench, &screen);
    assert_no_place(&bench);
    assert_eq!(screen.run(&bench, "create keyring", &[&CLOSE]), failed(&KeyringError::Refused));
    assert_no_place(&bench);
    assert_eq!(screen.run(&bench, "create keyring", &[&CHOOSE_PASSWORD]), "Ok(())");
    assert_keeps_a_key(&bench);
    bench.session.restart_keyring(StoreState::Locked);
    drop(prompter);
    let _prompter = start_prompter(&bench, &screen);
    assert_locked_until_the_password(&bench, &mut screen);
}

#[test]
#[ignore = "needs kwalletd5, Xvfb and xdotool: scripts/soak keyrings"]
fn kwallet_makes_its_first_wallet_on_request() {
    // From "Use GPG encryption" to "Classic, blowfish encrypted file", for which nothing else has to be there.
    let classic = [Press::Key("Tab"), Press::Key("Tab"), Press::Key("Tab"), Press::Key("space"), Press::Key("alt+f")];
    let mut bench = Bench::new();
    let mut screen = Screen::new(&bench);
    bench.session.start_service(&mut screen.program("kwalletd5", &[]), "libkf5wallet-bin");
    assert_no_place(&bench);
    assert_eq!(screen.run(&bench, "create keyring", &[&CLOSE]), failed(&KeyringError::Refused));
    assert_no_place(&bench);
    assert_eq!(screen.run(&bench, "create keyring", &[&classic, &CHOOSE_PASSWORD]), "Ok(())");
    assert_keeps_a_key(&bench);
    let close = ["org.kde.kwalletd5", "/modules/kwalletd5", "org.kde.KWallet.closeAllWallets"];
    bench.session.ask(&close).expect("the wallet is written and closed");
    bench.session.stop_keyring();
    bench.session.start_service(&mut screen.program("kwalletd5", &[]), "libkf5wallet-bin");
    assert_locked_until_the_password(&bench, &mut screen);
}

#[test]
#[ignore = "needs keepassxc, Xvfb and xdotool: scripts/soak keyrings"]
fn a_locked_database_of_keepassxc_is_not_taken_for_an_empty_one() {
    let mut bench = Bench::new();
    let mut screen = Screen::new(&bench);
    let database = make_database(&bench);
    let mut keepassxc = screen.program("keepassxc", &["--pw-stdin", &database]);
    keepassxc.stdin(file_with(&bench, "password", &format!("{PASSWORD}\n")));
    // It hands its database to one that runs already, of any session, which it finds in the folder for temporary files.
    keepassxc.env("TMPDIR", bench.home.path());
    bench.session.start_service(&mut keepassxc, "keepassxc");
    wait_for("the open database", || bench.run("probe") == "Ok(())");
    assert_eq!(bench.run("read"), "Ok(None)");
    assert_eq!(bench.run("write"), "Ok(())");
    assert_eq!(bench.run("read"), found(KEY));
    screen.see();
    let window = "org.keepassxc.KeePassXC.MainWindow";
    let lock = [window, "/keepassxc", "org.keepassxc.KeePassXC.MainWindow.lockAllDatabases"];
    bench.session.ask(&lock).expect("the database is locked");
    // It answers the call before it has done so.
    let collection = ["org.freedesktop.secrets", "/org/freedesktop/secrets/collection/database"];
    let property = ["string:org.freedesktop.Secret.Collection", "string:Locked"];
    let is_locked = [&collection[..], &["org.freedesktop.DBus.Properties.Get"], &property].concat();
    wait_for("the locked database", || {
        bench.session.ask(&is_locked).is_some_and(|answer| answer.contains("boolean true"))
    });
    assert_locked_until_the_password(&bench, &mut screen);
}

/// What shows the questions of gnome-keyring. It ends ten seconds after the last one; a desktop starts it again.
fn start_prompter(bench: &Bench, screen: &Screen) -> Process {
    let name = "org.gnome.keyring.SystemPrompter";
    wait_for("the end of the prompter before", || !bench.session.has_owner(name));
    let prompter = Process::start(&mut screen.program("/usr/libexec/gcr-prompter", &[]), bench.home.path(), "gcr");
    wait_for("the prompter", || bench.session.has_owner(name));
    prompter
}

fn assert_no_place(bench: &Bench) {
    for step in ["probe", "read", "write", "delete"] {
        assert_eq!(bench.run(step), failed(&KeyringError::NoPlace), "{step}");
    }
}

fn assert_keeps_a_key(bench: &Bench) {
    assert_eq!(bench.run("probe"), "Ok(())");
    assert_eq!(bench.run("read"), "Ok(None)");
    assert_eq!(bench.run("write and read again and again"), "Ok(())");
    assert_eq!(bench.run("write"), "Ok(())");
}

/// The question for the password is closed twice, which tells nothing and changes nothing, and then answered.
fn assert_locked_until_the_password(bench: &Bench, screen: &mut Screen) {
    assert_eq!(bench.run("probe"), "Ok(())", "it is there");
    for step in ["read", "delete"] {
        let told = screen.run(bench, step, &[&CLOSE]);
        // Which of the two depends on how long the question stood.
        let possible = [KeyringError::Locked, KeyringError::Refused].map(|error| failed(&error));
        assert!(possible.contains(&told), "{step}: {told}");
    }
    assert_eq!(screen.run(bench, "read", &[&GIVE_PASSWORD]), found(KEY));
    assert_eq!(bench.run("delete"), "Ok(())");
    assert_eq!(bench.run("read"), "Ok(None)");
}

/// A database whose only group is shown to other programs, and settings that let them read it without a question each time.
fn make_database(bench: &Bench) -> String {
    let home = bench.home.path();
    fs::create_dir(home.join("config/keepassxc")).unwrap();
    let settings = "[General]\nConfigVersion=2\nUpdateCheckMessageShown=true\n\n[GUI]\nCheckForUpdates=false\n\n\
                    [FdoSecrets]\nEnabled=true\nConfirmAccessItem=false\nConfirmDeleteItem=false\nShowNotification=false\n\n\
                    [Security]\nLockDatabaseIdle=false\n";
    fs::write(home.join("config/keepassxc/keepassxc.ini"), settings).unwrap();
    let group = "<KeePassFile><Meta><CustomData><Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key>\
                 <Value>{65657e9f-4d81-4260-a87f-08239174149d}</Value></Item></CustomData></Meta>\
                 <Root><Group><UUID>ZWV+n02BQmCofwgjkXQUnQ==</UUID><Name>Passwords</Name></Group></Root></KeePassFile>";
    fs::write(home.join("database.xml"), group).unwrap();
    let database = home.join("database.kdbx");
    let mut import = Command::new("keepassxc-cli");
    import.args(["import", "--quiet", "--set-password"]).arg(home.join("database.xml")).arg(&database);
    surround(&mut import, home);
    import.stdin(file_with(bench, "passwords", &format!("{PASSWORD}\n{PASSWORD}\n")));
    let output = import.output().expect("keepassxc is installed by scripts/soak keyrings");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    database.to_str().expect("a path that is text").to_owned()
}

/// What a program reads as its standard input.
fn file_with(bench: &Bench, name: &str, text: &str) -> fs::File {
    let path = bench.home.path().join(name);
    fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
    fs::File::open(path).unwrap()
}

/// What a user presses.
#[derive(Clone, Copy)]
enum Press {
    Key(&'static str),
    Text(&'static str),
}

/// A display of its own without a window manager, and what was seen on it.
struct Screen {
    _server: Process,
    display: String,
    seen: HashSet<String>,
}

impl Screen {
    fn new(bench: &Bench) -> Self {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = Process::start(&mut command, bench.home.path(), "xvfb");
        let mut number = String::new();
        BufReader::new(server.0.stdout.take().expect("its output")).read_line(&mut number).unwrap();
        Self { _server: server, display: format!(":{}", number.trim()), seen: HashSet::new() }
    }

    /// A program that shows its windows here.
    fn program(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(name);
        command.args(arguments).env("DISPLAY", &self.display).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Runs one step whose questions, each in a window that was not there before, are answered by these keys.
    fn run(&mut self, bench: &Bench, step: &str, answers: &[&[Press]]) -> String {
        let mut running = bench.start(step);
        for keys in answers {
            let window = self.next_window();
            self.drive(&["windowfocus", "--sync", &window]);
            for press in *keys {
                match press {
                    Press::Key(key) => self.drive(&["key", key]),
                    Press::Text(text) => self.drive(&["type", text]),
                };
            }
            wait_for("the end of a question", || !self.windows().contains(&window));
            self.seen.remove(&window);
        }
        let status = running.finish();
        assert!(status.success(), "{step}: {status}");
        running.outcome().expect("an outcome")
    }

    /// Waits for a window that was not there at the last look.
    fn next_window(&mut self) -> String {
        let mut new = None;
        wait_for("a question", || {
            let windows = self.windows();
            new = windows.difference(&self.seen).next().cloned();
            self.seen = windows;
            new.is_some()
        });
        new.expect("a window")
    }

    /// Waits for the first window and takes it for known.
    fn see(&mut self) {
        wait_for("a window", || !self.windows().is_empty());
        self.seen = self.windows();
    }

    fn windows(&self) -> HashSet<String> {
        self.drive(&["search", "--onlyvisible", "--class", "."]).lines().map(ToOwned::to_owned).collect()
    }

    /// One call of xdotool, which also fails where it finds nothing.
    fn drive(&self, arguments: &[&str]) -> String {
        let output =
            Command::new("timeout").args(["20", "xdotool"]).args(arguments).env("DISPLAY", &self.display).output();
        String::from_utf8_lossy(&output.expect("xdotool is installed by scripts/soak keyrings").stdout).into_owned()
    }
}
