//! Section 2.5 Clock, power, lifecycle of the fault matrix.

use std::rc::Rc;

use skybackup::domain::ApiUrl;
use skybackup::settings::{self, Paths, Profile, ProfileId, Settings};

use super::stage::{Case, Proof};
use crate::support::program::Program;
use crate::support::story::Opening;

pub(super) fn wrong_clock(_case: &mut Case) {
    todo!("Clock wrong by hours");
}

pub(super) fn sleep_and_resume(_case: &mut Case) {
    todo!("Sleep and resume");
}

pub(super) fn offline_then_online(_case: &mut Case) {
    todo!("Offline, then online");
}

pub(super) fn closed_while_reading(_case: &mut Case) {
    todo!("Window closed, GET in flight");
}

pub(super) fn closed_while_writing(_case: &mut Case) {
    todo!("Window closed, write in flight");
}

pub(super) fn double_click(_case: &mut Case) {
    todo!("Double click, Enter held");
}

pub(super) fn worker_panics(_case: &mut Case) {
    todo!("Worker task panics");
}

/// The real program on a real display: the log and standard error have the place and no text, a message box says so, the exit code
/// tells, and the next start finds everything as it was.
pub(super) fn window_panics(case: &mut Case) {
    let folder = Rc::new(tempfile::tempdir().unwrap());
    let data = folder.path().join("data");
    let (id, api_url) = (ProfileId::new("acme"), ApiUrl::DEFAULT.to_owned());
    let profile = Profile { id, name: "Acme".to_owned(), api_url, ..Profile::default() };
    let before = Settings { profiles: vec![profile], ..Settings::default() };
    settings::write(&Paths::below(&data), &before).unwrap();
    let mut program = Program::start(folder.path(), &["--demo"], &[("SKYBACKUP_TEST_PANIC", "what a person typed")]);
    let status = program.end();
    assert_eq!(status.code(), Some(1), "{status}");
    let (message, errors, log) = (program.text_of("box"), program.text_of("stderr"), program.log());
    assert!(message.contains("SkyBackup had to close because of an internal error; the log says where"), "{message}");
    for text in [&errors, &log] {
        assert!(text.contains("rehearsal.rs:") && text.contains("(text withheld)"), "{text}");
        assert!(!text.contains("what a person typed"), "{text}");
    }
    let (settings, warnings) = settings::read(&Paths::below(&data));
    assert_eq!((&settings.profiles, warnings.is_empty()), (&before.profiles, true));
    let mut story = case.alone(Opening { settings, ..Opening::default() });
    story.click("Acme");
    case.proves(&mut story, &Proof { says: &["No key is stored for this profile"], ..Proof::default() });
}

pub(super) fn two_instances(_case: &mut Case) {
    todo!("Two instances");
}
