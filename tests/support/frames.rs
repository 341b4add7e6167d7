//! What frames cost, and for how long the window was not free.

use std::time::{Duration, Instant};

/// A frame that takes longer is felt.
pub(crate) const MOST: Duration = Duration::from_millis(50);
/// An unoptimised build draws at least so many times slower than the shipped one; what a frame costs there is measured in
/// `benches/frame.rs`.
const UNOPTIMISED: u32 = if cfg!(debug_assertions) { 8 } else { 1 };

/// Once in a case a frame may wait this long: on a busy machine the thread that holds a lock for a moment can itself be kept from
/// a processor. Whatever waits for the network, a disk or the keyring waits longer, or again.
const HICCUP: Duration = Duration::from_millis(250);

/// The dearest frame so far, and how many there were.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    pub(crate) frames: usize,
    /// The one wait that is put down to the machine has been.
    had_hiccup: bool,
    /// Frames of a new window that are not judged yet: the first ones load fonts.
    warming: usize,
    pub(crate) dearest: Duration,
}

impl Watch {
    /// A new window is watched too.
    pub(crate) fn opens(&mut self) {
        self.warming = 3;
    }

    /// Draws a frame and notes what it cost: the time it waited for something in full, the time it worked at the speed of the
    /// shipped build, the time other programs kept it from a processor not at all.
    pub(crate) fn frame(&mut self, draw: impl FnOnce()) {
        let (began, before) = (Instant::now(), Spent::by_this_thread());
        draw();
        let (passed, after) = (began.elapsed(), Spent::by_this_thread());
        let worked = after.working.saturating_sub(before.working);
        let waited = passed.saturating_sub(worked).saturating_sub(after.queueing.saturating_sub(before.queueing));
        self.frames += 1;
        let worked = worked / UNOPTIMISED;
        let is_hiccup = !self.had_hiccup && worked <= MOST && (MOST..HICCUP).contains(&(waited + worked));
        match self.warming.checked_sub(1) {
            Some(left) => self.warming = left,
            None if is_hiccup => self.had_hiccup = true,
            None => self.dearest = self.dearest.max(waited + worked),
        }
    }
}

/// What a thread did with its time, as Linux counts it; nothing where the system does not say, so that all of it counts as waiting.
#[derive(Default)]
struct Spent {
    working: Duration,
    /// Ready to run, without a processor to run on.
    queueing: Duration,
}

impl Spent {
    fn by_this_thread() -> Self {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
        let mut nanos =
            text.split_whitespace().map(|nanos| nanos.parse().map(Duration::from_nanos).unwrap_or_default());
        Self { working: nanos.next().unwrap_or_default(), queueing: nanos.next().unwrap_or_default() }
    }
}
