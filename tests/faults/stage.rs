//! A case of the fault matrix: opens windows, takes proofs, and holds what every case has to hold.

use std::cell::RefCell;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::support::frames::{MOST, Watch};
use crate::support::raw_server::{RawRequest, Reply};
use crate::support::story::{Opening, Story};

/// What a broken part of the program is called on screen.
const BROKEN: &str = "Something in SkyBackup failed";

/// The folder of a case that runs in a process of its own; set in that process alone.
const OWN_FOLDER: &str = "SKYBACKUP_TEST_OWN_FOLDER";
/// Longer than any case in a process of its own takes on a busy machine.
const OWN_PROCESS: Duration = Duration::from_mins(10);

/// What has to be true after a fault.
#[derive(Default)]
pub(super) struct Proof<'a> {
    /// What stands on the screen; the proof waits for it.
    pub(super) says: &'a [&'a str],
    /// How often each method reached the service since the fault was made. One that changes something and is not named did not;
    /// reads are only counted where `GET` is named.
    pub(super) calls: &'a [(&'a str, usize)],
    /// Schedules the service has more than before; only the demo service can tell.
    pub(super) more_schedules: i64,
}

/// One row of the matrix.
#[derive(Default)]
pub(super) struct Case {
    /// The test that runs this row.
    name: &'static str,
    /// The proofs were taken in a process of its own.
    is_elsewhere: bool,
    watch: Rc<RefCell<Watch>>,
    proofs: usize,
    may_break: bool,
    /// Requests and schedules when the fault was made.
    calls_before: usize,
    schedules_before: Option<usize>,
}

impl Case {
    /// Runs the case of a row and holds what is the same for every row.
    pub(super) fn prove(name: &'static str, row: impl FnOnce(&mut Self)) {
        let mut case = Self { name, ..Self::default() };
        row(&mut case);
        if case.is_elsewhere {
            return;
        }
        assert!(case.proofs > 0, "the case proved nothing");
        let watch = case.watch.borrow();
        assert!(watch.frames > 3, "the case looked at no window");
        assert!(watch.dearest.total() <= MOST, "a frame took too long: {:?}", watch.dearest);
    }

    /// A window beside the demo service, signed in with both lists read; what was called until now is not counted.
    pub(super) fn signed_in(&mut self) -> Story {
        let mut story = self.demo(Opening::default());
        story.sign_in();
        self.begin(&mut story);
        story
    }

    /// A window beside the demo service, at the sign-in form.
    pub(super) fn demo(&mut self, opening: Opening) -> Story {
        let mut story = Story::open(Opening { watch: Rc::clone(&self.watch), ..opening });
        self.begin(&mut story);
        story
    }

    /// For a row whose fault is in the surroundings of the process: runs this row once more, in a process of its own with an
    /// empty folder, and holds that it was proved there. `None` here, the folder there, where the fault is to be made.
    pub(super) fn own_process(&mut self, surround: impl FnOnce(&mut Command, &Path)) -> Option<PathBuf> {
        if let Some(folder) = std::env::var_os(OWN_FOLDER) {
            return Some(PathBuf::from(folder));
        }
        let (folder, words) = (tempfile::tempdir().unwrap(), tempfile::NamedTempFile::new().unwrap());
        let output = || File::options().append(true).open(words.path()).unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", self.name, "--include-ignored"])
            .env(OWN_FOLDER, folder.path())
            .stdout(output())
            .stderr(output());
        surround(&mut command, folder.path());
        let mut process = command.spawn().unwrap();
        let deadline = Instant::now() + OWN_PROCESS;
        let ended = loop {
            match process.try_wait().unwrap() {
                None if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(10)),
                ended => break ended,
            }
        };
        if ended.is_none() {
            process.kill().unwrap();
        }
        let words = std::fs::read_to_string(words.path()).unwrap();
        let is_proved = ended.is_some_and(|status| status.success()) && words.contains("test result: ok. 1 passed");
        assert!(is_proved, "in a process of its own: {ended:?}\n{words}");
        self.is_elsewhere = true;
        None
    }

    /// A window beside a scripted server, at the sign-in form.
    pub(super) fn raw(&mut self, script: impl Fn(&RawRequest, usize) -> Reply + Send + Sync + 'static) -> Story {
        self.raw_with(Opening::default(), script)
    }

    /// As [`Self::raw`], with more than usual to say about the window.
    pub(super) fn raw_with(
        &mut self,
        opening: Opening,
        script: impl Fn(&RawRequest, usize) -> Reply + Send + Sync + 'static,
    ) -> Story {
        let mut story = Story::raw(Opening { watch: Rc::clone(&self.watch), ..opening }, script);
        self.begin(&mut story);
        story
    }

    /// A window whose service is the case's own affair, at the sign-in form.
    pub(super) fn alone(&mut self, opening: Opening) -> Story {
        Story::alone(Opening { watch: Rc::clone(&self.watch), ..opening })
    }

    /// Counts calls and schedules from here on; what is still under way is waited for.
    pub(super) fn begin(&mut self, story: &mut Story) {
        story.calm();
        self.calls_before = story.methods().len();
        self.schedules_before = story.schedule_count();
    }

    /// A part of the program breaks on purpose in this case.
    pub(super) fn may_break(&mut self) {
        self.may_break = true;
    }

    /// Waits for what the screen has to say and for the calls that have to come, then holds the calls and the schedules of the
    /// service against the proof.
    pub(super) fn proves(&mut self, story: &mut Story, proof: &Proof<'_>) {
        for text in proof.says {
            story.until_shown(text);
        }
        let before = self.calls_before;
        let calls = |story: &Story| story.methods().into_iter().skip(before).collect::<Vec<String>>();
        let count_in = |methods: &[String], method: &str| methods.iter().filter(|made| *made == method).count();
        story.until(&format!("the service got {:?}", proof.calls), |story| {
            let methods = calls(story);
            proof.calls.iter().all(|(method, expected)| count_in(&methods, method) >= *expected)
        });
        let methods = calls(story);
        let count = |method: &str| count_in(&methods, method);
        for method in ["GET", "POST", "PATCH", "DELETE"] {
            match proof.calls.iter().find(|(named, _)| *named == method) {
                Some((_, expected)) => assert_eq!(count(method), *expected, "calls by {method}: {methods:?}"),
                None if method == "GET" => {}
                None => assert_eq!(count(method), 0, "calls by {method}: {methods:?}"),
            }
        }
        if let (Some(before), Some(now)) = (self.schedules_before, story.schedule_count()) {
            let more = i64::try_from(now).unwrap() - i64::try_from(before).unwrap();
            assert_eq!(more, proof.more_schedules, "schedules at the service");
        }
        assert!(self.may_break || !story.shows(BROKEN), "a part of the program broke");
        self.proofs += 1;
    }
}
