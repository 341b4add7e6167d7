//! What frames cost, and for how long the window was not free.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::Path;
use std::time::{Duration, Instant};

/// A frame that takes longer is felt.
pub(crate) const MOST: Duration = Duration::from_millis(50);
/// A debug build draws at least this many times slower than the shipped one; what a frame costs there is measured in
/// `benches/frame.rs`.
const UNOPTIMISED: u32 = if cfg!(debug_assertions) { 8 } else { 1 };

/// Once in a case a frame may wait this long: not every delay of a busy machine can be told from a wait. Whatever waits for the
/// network, a disk or the keyring waits longer, or again.
const HICCUP: Duration = Duration::from_millis(120);

/// The dearest frame so far, and how many there were.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    pub(crate) frames: usize,
    /// The one wait that is put down to the machine has been.
    had_hiccup: bool,
    /// Frames of a new window that are not judged yet: the first ones load fonts.
    warming: usize,
    pub(crate) dearest: Cost,
}

/// What a frame cost.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    /// At the speed of the shipped build.
    worked: Duration,
    waited: Duration,
}

impl Cost {
    pub(crate) fn total(self) -> Duration {
        self.worked + self.waited
    }
}

impl Watch {
    /// A new window is watched too.
    pub(crate) fn opens(&mut self) {
        self.warming = 3;
    }

    /// Draws a frame and notes what it cost: the time it worked at the speed of the shipped build, the time it waited for
    /// something in full, and nothing for the time in which others kept it, or a thread that it may have waited for, from a
    /// processor: on a calm machine, that is next to none.
    pub(crate) fn frame(&mut self, draw: impl FnOnce()) {
        let (before, began) = (Load::now(), Instant::now());
        draw();
        let passed = began.elapsed();
        self.note(Load::now().cost_since(&before, passed));
    }

    fn note(&mut self, cost: Cost) {
        self.frames += 1;
        let is_hiccup = !self.had_hiccup && cost.worked <= MOST && (MOST..HICCUP).contains(&cost.total());
        match self.warming.checked_sub(1) {
            Some(left) => self.warming = left,
            None if is_hiccup => self.had_hiccup = true,
            None if cost.total() > self.dearest.total() => self.dearest = cost,
            None => {}
        }
    }
}

/// Where Linux tells about the thread that asks.
const OWN: &str = "/proc/thread-self";

/// What the threads of this process did with their time, as Linux counts it; nothing where the system does not say, so that all
/// of it counts as waiting.
struct Load {
    own: Spent,
    /// Of every other thread by its number: how long it was ready to run, without a processor to run on. Any of them may hold what
    /// the frame waits for, be it the memory of the process alone.
    queueing: HashMap<OsString, Duration>,
}

impl Load {
    fn now() -> Self {
        let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().filter_map(Result::ok);
        let queueing = |thread: std::fs::DirEntry| (thread.file_name(), Spent::by(&thread.path()).queueing);
        let mut load = Self { own: Spent::by(Path::new(OWN)), queueing: threads.map(queueing).collect() };
        let own = std::fs::read_link(OWN).ok();
        load.queueing.retain(|number, _| own.as_ref().and_then(|own| own.file_name()) != Some(number));
        load
    }

    /// What a frame cost that took so long since then.
    fn cost_since(&self, before: &Self, passed: Duration) -> Cost {
        let worked = self.own.working.saturating_sub(before.own.working);
        let queued = self.own.queueing.saturating_sub(before.own.queueing) + self.longest_queue_since(before);
        Cost { worked: worked / UNOPTIMISED, waited: passed.saturating_sub(worked).saturating_sub(queued) }
    }

    /// The longest that any one thread was kept from a processor since then.
    fn longest_queue_since(&self, before: &Self) -> Duration {
        let since = |(number, now): (&OsString, &Duration)| {
            now.saturating_sub(before.queueing.get(number).copied().unwrap_or_default())
        };
        self.queueing.iter().map(since).max().unwrap_or_default()
    }
}

#[derive(Default)]
struct Spent {
    working: Duration,
    /// Ready to run, without a processor to run on.
    queueing: Duration,
}

impl Spent {
    fn by(thread: &Path) -> Self {
        let text = std::fs::read_to_string(thread.join("schedstat")).unwrap_or_default();
        let mut nanos =
            text.split_whitespace().map(|nanos| nanos.parse().map(Duration::from_nanos).unwrap_or_default());
        Self { working: nanos.next().unwrap_or_default(), queueing: nanos.next().unwrap_or_default() }
    }
}

#[test]
fn a_frame_that_waits_is_dear_and_one_that_works_or_is_kept_from_working_is_not() {
    let ms = Duration::from_millis;
    let load = |working, queueing, others: u64| Load {
        own: Spent { working: ms(working), queueing: ms(queueing) },
        queueing: HashMap::from([(OsString::from("7"), ms(others)), (OsString::from("8"), ms(others / 2))]),
    };
    let before = load(1000, 100, 40);
    let cost = |working, queueing, others: u64, passed| load(working, queueing, others).cost_since(&before, ms(passed));
    let working = cost(1080, 100, 40, 80);
    assert_eq!((working.worked, working.waited), (ms(80) / UNOPTIMISED, Duration::ZERO), "it worked");
    assert_eq!(cost(1000, 300, 40, 200).total(), Duration::ZERO, "it got no processor");
    assert_eq!(cost(1000, 100, 240, 200).total(), Duration::ZERO, "another got none, once for all that it held");
    assert_eq!(cost(1000, 100, 40, 200).total(), ms(200), "it waited");

    let mut watch = Watch::default();
    watch.note(cost(1000, 100, 40, 100));
    assert!(watch.dearest.total() <= MOST, "the one hiccup");
    watch.note(cost(1000, 100, 40, 60));
    assert!(watch.dearest.total() > MOST, "again");
    let mut watch = Watch::default();
    watch.note(cost(1000, 100, 40, 200));
    assert!(watch.dearest.total() > MOST, "too long for a hiccup");
}

#[test]
#[cfg(target_os = "linux")]
fn what_linux_counts_is_read() {
    let before = Spent::by(Path::new(OWN)).working;
    while Spent::by(Path::new(OWN)).working < before + Duration::from_millis(1) {}
    assert!(!Load::now().queueing.is_empty(), "the thread that runs the tests, at least");
}
