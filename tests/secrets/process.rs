//! The program as a process: what it was given, what it gives on, what is left when it crashes.

use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::ExitStatusExt as _;

use skybackup::secrets::KEY_VARIABLE;
use skybackup::settings::{self, Paths, Profile, ProfileId, Settings};
use skybackup::start::{Parsed, parse};

use super::traces;
use crate::support::program::Program;

const KEY: &str = "AnyForm.0123456789-abcdefgh~IJKLMN+op=q";

/// The program starts anew without the variable, so neither it nor a helper of a library has it. The helper here is the message
/// box of a window that broke, which a library starts.
pub(super) fn the_key_of_the_environment_is_inherited_by_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("http://{}", std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    // Signed in at before, so the key goes there without a question.
    let profile = Profile { id: ProfileId::new("here"), api_url: address.clone(), ..Profile::default() };
    let settings = Settings { profiles: vec![profile], ..Settings::default() };
    settings::write(&Paths::below(&folder.path().join("data")), &Settings::default(), &settings).unwrap();
    let breaks = folder.path().join("breaks");
    let environment = [
        (KEY_VARIABLE, KEY),
        ("SKYBACKUP_TEST_PANIC", breaks.to_str().unwrap()),
        ("CANARY", "canary-of-the-environment"),
    ];
    let mut program = Program::start(folder.path(), &["--api-url", &address], &environment);
    program.until("the key to be used", |program| program.log().contains("outcome="));
    std::fs::write(breaks, "broken").unwrap();
    let mut seen = ["environ", "cmdline"].map(|name| (name, Ok(String::new())));
    program.until("the message box", |program| {
        for (name, last) in &mut seen {
            match program.system_file(name) {
                Ok(text) if !text.is_empty() => *last = Ok(text),
                Err(error) if error.kind() == ErrorKind::PermissionDenied => *last = Err(error),
                // Of a process that has ended there is nothing to see.
                _ => {}
            }
        }
        program.text_of("box").contains("CANARY=")
    });
    program.end();
    let helper = program.text_of("box");
    let [(_, environment), (_, command_line)] = seen;
    let mut looked_at = vec![
        ("the command line", command_line.unwrap(), "--api-url"),
        ("the helper", helper, "canary-of-the-environment"),
        ("the log", program.log(), "outcome="),
    ];
    // The program closes itself to its own user: only root reads its environment, everybody else was refused.
    looked_at.extend(environment.ok().map(|text| ("the environment", text, "canary-of-the-environment")));
    for (what, text, known) in looked_at {
        assert!(traces(KEY, text.as_bytes()).is_empty(), "{what}: {text}");
        assert!(text.contains(known), "{what} was looked at: {text}");
    }
}

pub(super) fn the_command_line_takes_no_key() {
    let Parsed::Print(help) = parse(["--help".into()]) else { panic!("no help") };
    assert!(help.contains(KEY_VARIABLE) && !help.contains("--key") && !help.contains("--api-key"), "{help}");
    for line in [vec!["--api-key", KEY], vec!["--key", KEY], vec![&format!("--api-key={KEY}")], vec![KEY]] {
        let Parsed::Wrong(sentence) = parse(line.iter().map(Into::into)) else { panic!("{line:?}") };
        assert!(line == [KEY] || traces(KEY, sentence.as_bytes()).is_empty(), "{sentence}");
    }
}

pub(super) fn a_crash_leaves_no_core_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path(), &["--demo"], &[]);
    program.until("the lists of the demo", |program| program.log().contains("/skybackup/v1/backups"));
    let limits = program.system_file("limits").unwrap();
    let core: Vec<&str> = limits.lines().find(|line| line.contains("core file")).unwrap().split_whitespace().collect();
    assert_eq!(core[..6], ["Max", "core", "file", "size", "0", "0"]);
    // The system gives what is closed to other programs to root; where the tests are root themselves it is so anyway.
    assert_eq!(std::fs::metadata(format!("/proc/{}/mem", program.id())).unwrap().uid(), 0);
    // The first signal only takes away the handler that looks for overflowing stacks.
    let mut status = None;
    program.until("the crash", |program| {
        status = program.ended();
        if status.is_none() {
            program.signal("SEGV");
        }
        status.is_some()
    });
    let status = status.unwrap();
    assert_eq!((status.signal(), status.core_dumped()), (Some(11), false), "{status}");
    let mut names = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!names.any(|name| name.to_string_lossy().starts_with("core")));
}
