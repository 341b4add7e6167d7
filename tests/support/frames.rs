//! What frames cost, and for how long the window was not free.

use std::time::{Duration, Instant};

/// A frame that takes longer is felt.
pub(crate) const MOST: Duration = Duration::from_millis(50);

/// The dearest frame so far, and how many there were.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    pub(crate) frames: usize,
    pub(crate) dearest: Duration,
}

impl Watch {
    /// Draws a frame and notes what it cost: the time it worked or waited for something, without the time other programs kept
    /// it from a processor.
    pub(crate) fn frame(&mut self, draw: impl FnOnce()) {
        let (began, queued) = (Instant::now(), time_in_queue());
        draw();
        let cost = began.elapsed().saturating_sub(time_in_queue().saturating_sub(queued));
        self.frames += 1;
        // The first frames of a window load fonts.
        if self.frames > 3 {
            self.dearest = self.dearest.max(cost);
        }
    }
}

/// How long this thread has been ready to run without a processor to run on; nothing where the system does not say.
fn time_in_queue() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(text.split(' ').nth(1).and_then(|nanos| nanos.parse().ok()).unwrap_or(0))
}
