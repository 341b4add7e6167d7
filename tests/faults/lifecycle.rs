//! Section 2.5 Clock, power, lifecycle of the fault matrix.

use std::fs::File;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use egui::{Key, Modifiers, Role};
use jiff::{SignedDuration, Timestamp};
use skybackup::backend::SleepWatch;
use skybackup::model::Dialog;
use skybackup::domain::ApiUrl;
use skybackup::settings::{self, Paths, Profile, ProfileId, Settings, ZoneChoice};

use super::restoring;
use super::stage::{Case, Proof};
use crate::support::demo::{Fault, FaultScope};
use crate::support::program::Program;
use crate::support::raw_server::{Reply, json};
use crate::support::story::{Opening, Story};

/// Far less than what is read or sent may take, however busy the machine is.
const PROMPTLY: Duration = Duration::from_secs(20);
/// Longer than any test runs.
const FOR_EVER: Fault = Fault::SlowMs(600_000);

/// Signed in, with the form of a new schedule filled, whose creation will not be answered while the case runs.
fn with_hanging_form(case: &mut Case, opening: Opening) -> Story {
    let mut story = case.demo(opening);
    story.sign_in();
    story.go_to_schedules();
    story.fill_new_schedule();
    story.world().set_fault_for(FOR_EVER, FaultScope::default().on_method("POST"));
    case.begin(&mut story);
    story
}

fn until_sent(story: &mut Story) {
    story.until("it was sent", |story| story.methods().iter().any(|method| method == "POST"));
}

fn is_noted(story: &Story) -> bool {
    let files = std::fs::read_dir(story.folder().join("state").join("changes")).into_iter().flatten();
    files.filter_map(Result::ok).any(|file| file.path().extension().is_some_and(|ending| ending == "json"))
}

/// Ages and next runs follow the clock of the service, and the difference is shown once.
pub(super) fn wrong_clock(case: &mut Case) {
    let mut story = case.demo(Opening::default());
    story.world().advance(3 * 3_600);
    story.sign_in();
    let says = ["The clock of this computer is 3 h behind SkySQL's", "Set this computer's clock"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    let ahead = story.model().data.now.duration_since(story.now()).as_secs();
    assert!((3 * 3_600 - 60..=3 * 3_600 + 60).contains(&ahead), "{ahead}");
    assert!(story.shows("just now") || story.shows("s ago"), "what was read now is new, not 3 h old or in the future");
}

/// What was being read ends, connections are new, one refresh follows; a change on its way is looked for.
pub(super) fn sleep_and_resume(case: &mut Case) {
    let slept_secs = Arc::new(AtomicI64::new(0));
    let clock = Arc::clone(&slept_secs);
    let sleep = SleepWatch {
        every: Duration::from_millis(20),
        clock: Arc::new(move || {
            Timestamp::now() + SignedDuration::from_secs(clock.load(Ordering::SeqCst))
        }),
    };
    let mut story = with_hanging_form(case, Opening { sleep, ..Opening::default() });
    story.click("Create schedule");
    until_sent(&mut story);
    story.press(Key::Escape);
    story.until("the dialog is closed", |story| story.model().view.dialog.is_none());
    story.world().set_fault_for(FOR_EVER, FaultScope::next(3).on_method("GET"));
    story.press(Key::F5);
    story.until("it is being read", |story| story.model().data.backups().remote.is_loading());
    slept_secs.store(3_600, Ordering::SeqCst);
    let says = ["new since your request"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("POST", 1)], more_schedules: 1 });
    story.until("the lists are fetched again automatically", |story| {
        let data = &story.model().data;
        !data.lists().is_loading() && data.schedules().rows().len() == story.world().schedule_count()
    });
}

/// One sign, old data with its age, a quiet look now and then; a change is not kept for later.
pub(super) fn offline_then_online(case: &mut Case) {
    let lists = |_: &_, _| Reply::Send(json(r#"{"backups":[{"id":"b1"}],"schedules":[],"services":[]}"#));
    let mut story = case.raw_with(Opening { auto_refresh_secs: 30, ..Opening::default() }, lists);
    story.sign_in();
    story.stop_service();
    story.press(Key::F5);
    case.proves(&mut story, &Proof { says: &["Offline, showing data from"], ..Proof::default() });
    assert_eq!(story.model().data.backups().rows().len(), 1, "what was read stays");
    // Nobody touches anything.
    story.start_again(lists);
    story.until("it is online again without a click", |story| {
        !story.model().data.lists().is_offline() && !story.model().data.lists().is_loading()
    });
    assert!(!story.shows("Offline"));
    assert!(story.server().requests().iter().all(|request| request.method == "GET"));
}

/// Closing does not wait for a reading.
pub(super) fn closed_while_reading(case: &mut Case) {
    let mut story = case.signed_in();
    story.world().set_fault(FOR_EVER);
    story.press(Key::F5);
    case.proves(&mut story, &Proof { says: &["Waiting for SkySQL"], ..Proof::default() });
    let waiting = story.methods().len();
    story.until("the service has the requests", |story| story.methods().len() >= waiting);
    let took = story.close();
    assert!(took < PROMPTLY, "{took:?}");
}

/// The user is asked; who quits all the same finds the change at the next start, and it is not sent again.
pub(super) fn closed_while_writing(case: &mut Case) {
    let mut story = with_hanging_form(case, Opening::default());
    story.click("Create schedule");
    until_sent(&mut story);
    story.ask_to_close();
    let says = ["Quit while a change is being sent?", "SkyBackup checks it at the next start"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("POST", 1)], more_schedules: 1 });
    story.click("Wait");
    story.until("it waits", |story| story.model().view.dialog != Some(Dialog::Quit));
    story.ask_to_close();
    story.click("Quit anyway");
    assert!(is_noted(&story), "the note is on the disk");
    story.world().clear_faults();
    story.restart();
    let says = ["and its response never came", "new since your request"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("POST", 1)], more_schedules: 1 });
    story.click("Done");
    story.until("the note is gone", |story| !is_noted(story));

    let mut story = restoring::with_restore(case, Opening::default());
    let before = story.world().restore_count();
    restoring::set_fault(&story, FOR_EVER);
    restoring::send(&mut story);
    story.until("it was sent", |story| story.world().restore_count() > before);
    story.ask_to_close();
    story.click("Quit anyway");
    assert!(is_noted(&story), "the note is on the disk");
    story.restart();
    restoring::proves(case, &mut story, &["and its response never came", "new since your request"], (1, before, 1));
}

/// One change on its way at a time, whatever the fingers do.
pub(super) fn double_click(case: &mut Case) {
    let mut story = with_hanging_form(case, Opening::default());
    story.click_twice("Create schedule");
    until_sent(&mut story);
    for _ in 0..10 {
        story.press(Key::Enter);
    }
    let says = ["A change is being sent"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("POST", 1)], more_schedules: 1 });

    let mut story = restoring::with_restore(case, Opening::default());
    let before = story.world().restore_count();
    restoring::set_fault(&story, FOR_EVER);
    story.click_twice("Restore into analytics-dwh");
    story.until("it was sent", |story| story.world().restore_count() > before);
    for _ in 0..10 {
        story.press(Key::Enter);
    }
    restoring::proves(case, &mut story, &["Sending…"], (1, before, 1));
}

/// That piece of work fails, the program lives, and a change counts as unknown.
pub(super) fn worker_panics(case: &mut Case) {
    case.may_break();
    let mut story = with_hanging_form(case, Opening::default());
    story.click("Create schedule");
    until_sent(&mut story);
    let ticket = story.model().data.change().unwrap().ticket;
    story.window.state().backend.spawn_event(ticket, async { panic!("broken on purpose") });
    let says = ["Something in SkyBackup failed", "It is not known whether the schedule was created"];
    case.proves(&mut story, &Proof { says: &says, calls: &[("POST", 1)], more_schedules: 1 });
    story.press(Key::Escape);
    story.until("the dialog is closed", |story| story.model().view.dialog.is_none());
    story.click("Check again");
    story.until_shown("new since your request");
}

/// The real program on a real display: the log and standard error have the place and no text, a message box says so, the exit code
/// tells, and the next start finds everything as it was.
pub(super) fn window_panics(case: &mut Case) {
    let folder = Rc::new(tempfile::tempdir().unwrap());
    let data = folder.path().join("data");
    let (id, api_url) = (ProfileId::new("acme"), ApiUrl::DEFAULT.to_owned());
    let profile = Profile { id, name: "Acme".to_owned(), api_url, ..Profile::default() };
    let before = Settings { profiles: vec![profile], ..Settings::default() };
    settings::write(&Paths::below(&data), &Settings::default(), &before).unwrap();
    let breaks = folder.path().join("breaks");
    std::fs::write(&breaks, "what a user typed").unwrap();
    let environment = [("SKYBACKUP_TEST_PANIC", breaks.to_str().unwrap())];
    let mut program = Program::start(folder.path(), &["--demo"], &environment);
    let status = program.end();
    assert_eq!(status.code(), Some(1), "{status}");
    let (message, errors, log) = (program.text_of("box"), program.text_of("stderr"), program.log());
    assert!(message.contains("SkyBackup had to close because of an internal error; the log says where"), "{message}");
    for text in [&errors, &log] {
        assert!(text.contains("panic_injection.rs:") && text.contains("(text withheld)"), "{text}");
        assert!(!text.contains("what a user typed"), "{text}");
    }
    let (settings, warnings) = settings::read(&Paths::below(&data));
    assert_eq!((&settings.profiles, warnings.is_empty()), (&before.profiles, true));
    let mut story = case.alone(Opening { settings, ..Opening::default() });
    story.click("Acme");
    case.proves(&mut story, &Proof { says: &["No key is stored for this profile"], ..Proof::default() });
}

/// Both windows write one file of settings and neither undoes the other; one that holds the lock for ever is reported and does
/// not hold up the window.
pub(super) fn two_instances(case: &mut Case) {
    let folder = Rc::new(tempfile::tempdir().unwrap());
    let opening = || Opening { folder: Some(Rc::clone(&folder)), ..Opening::default() };
    let (mut one, mut two) = (case.demo(opening()), case.demo(opening()));
    let paths = Paths::below(folder.path());
    let saved = || settings::read(&paths).0;
    let profiles = || saved().profiles.into_iter().map(|profile| profile.name).collect::<Vec<_>>();

    one.sign_in();
    one.until("the profile of the first is saved", |_| profiles() == ["production"]);
    let (url, key) = (two.url(), two.key());
    two.fill(Role::TextInput, "Profile name", "staging");
    two.fill_address(&url);
    two.fill(Role::PasswordInput, "API key", &key);
    two.click("Sign in");
    two.until("the profiles of both are saved", |_| profiles() == ["production", "staging"]);
    one.press_with(Modifiers::COMMAND, Key::U);
    one.until("the choice of the first is saved", |_| saved().preferences.zone == ZoneChoice::Local);
    assert_eq!(profiles(), ["production", "staging"]);
    assert_eq!(one.model().data.settings.profiles.len(), 1, "the first never heard of the second");

    let lock = File::options().write(true).open(paths.config_dir.join(".settings.lock")).unwrap();
    lock.lock().unwrap();
    case.begin(&mut one);
    one.press_with(Modifiers::COMMAND, Key::U);
    let says = ["Settings were not saved: Another program holds the settings in "];
    case.proves(&mut one, &Proof { says: &says, ..Proof::default() });
    assert_eq!(saved().preferences.zone, ZoneChoice::Local);
    drop(lock);
    one.until("it is saved once the lock is free", |_| saved().preferences.zone == ZoneChoice::Utc);
    assert_eq!(profiles(), ["production", "staging"]);
}
