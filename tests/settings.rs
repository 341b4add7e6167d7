//! The settings file against a program that is killed while it writes, and against a place that cannot be written.
//!
//! The program that is killed is this test binary again, running only [`saves_until_it_is_killed`].

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};
use std::{env, fs, io};

use egui::{Key, Modifiers};
use skybackup::settings::{self, Paths, Profile, ProfileColor, ProfileFlags, ProfileId, Settings, ZoneChoice};

use crate::support::story::{Opening, Story};

const FOLDER_VARIABLE: &str = "SKYBACKUP_TEST_SAVES_IN";
const BEGUN: &str = "saving has begun";
/// The number of programs that are killed.
const KILLS: u32 = 300;
/// The moments of the kills are spread over so much time; a save takes a part of it.
const SPREAD: Duration = Duration::from_millis(12);
/// Should nobody kill it.
const MOST_SAVES: u32 = 20_000;

/// The settings number `number`; every value of them tells which.
fn state(number: u32) -> Settings {
    let profile = |at: u32| Profile {
        id: ProfileId::new(format!("profile-{at}")),
        name: format!("{number} ").repeat(40),
        api_url: format!("https://host-{number}.example"),
        flags: ProfileFlags {
            color: ProfileColor::Blue,
            production: number.is_multiple_of(2),
            read_only: number.is_multiple_of(3),
        },
        ..Profile::default()
    };
    let mut settings = Settings { profiles: (0..number % 5).map(profile).collect(), ..Settings::default() };
    settings.preferences.auto_refresh_secs = 30 + number;
    settings
}

fn number_of(settings: &Settings) -> u32 {
    settings.preferences.auto_refresh_secs - 30
}

/// Saves one state after the other, for ever.
#[test]
#[ignore = "run by the test of the kills"]
fn saves_until_it_is_killed() {
    let paths = Paths::below(Path::new(&env::var_os(FOLDER_VARIABLE).unwrap()));
    let mut before = settings::read(&paths).0;
    writeln!(io::stdout(), "{BEGUN}").unwrap();
    for _ in 0..MOST_SAVES {
        let next = state(number_of(&before) % 50_000 + 1);
        settings::write(&paths, &before, &next).unwrap();
        before = next;
    }
}

/// Told once, tried again without a word, and written as soon as that is possible; the window works meanwhile.
#[test]
fn settings_that_cannot_be_written_are_reported_and_written_later() {
    let folder = Rc::new(tempfile::tempdir().unwrap());
    let paths = Paths::below(folder.path());
    fs::write(&paths.config_dir, "in the way").unwrap();
    let mut story = Story::alone(Opening { folder: Some(Rc::clone(&folder)), ..Opening::default() });
    story.press_with(Modifiers::COMMAND, Key::U);
    story.until_shown("Settings were not saved: The settings could not be saved in ");
    assert_eq!(story.model().data.settings.preferences.zone, ZoneChoice::Local, "chosen all the same");
    fs::remove_file(&paths.config_dir).unwrap();
    story.until("the settings are written", |_| settings::read(&paths).0.preferences.zone == ZoneChoice::Local);
}

fn start(folder: &Path) -> Child {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["settings::saves_until_it_is_killed", "--exact", "--ignored", "--nocapture"])
        .env(FOLDER_VARIABLE, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains(BEGUN)), "the program ended before it was killed");
    child
}

#[test]
fn a_kill_at_any_moment_leaves_settings_that_were_being_saved_and_whole() {
    // In memory where there is such a place: a kill interrupts the same calls, and saves are many times faster.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    let paths = Paths::below(folder.path());
    settings::write(&paths, &Settings::default(), &state(0)).unwrap();
    let (mut last, mut torn) = (0, 0);
    for kill in 0..KILLS {
        let mut child = start(folder.path());
        let moment = Instant::now() + SPREAD * kill / KILLS;
        while Instant::now() < moment {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let (found, warnings) = settings::read(&paths);
        assert_eq!(warnings, [""; 0], "kill {kill}");
        assert_eq!(found, state(number_of(&found)), "kill {kill}");
        assert!(number_of(&found) >= last, "kill {kill} went back from {last} to {}", number_of(&found));
        last = number_of(&found);
        torn += usize::from(paths.config_dir.join(".settings.toml.tmp").exists());
    }
    assert!(last > 0 && torn > 0, "{last} saves, {torn} of {KILLS} programs killed in the middle of one");
}
