//! Notices that the computer slept: time has passed in which nothing here ran.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::feed::Feed;
use crate::api::Clock;
use crate::msg::{Event, SystemEvent};

/// So much more time than was waited means a sleep. A clock that is set by hand looks the same: what was being read is then read
/// again, and a change on its way is looked for.
const GAP: SignedDuration = SignedDuration::from_secs(30);

/// How sleep is noticed.
#[derive(Clone)]
pub struct SleepWatch {
    /// The time between two looks.
    pub every: Duration,
    /// The clock that goes on while the computer sleeps.
    pub clock: Clock,
}

impl Default for SleepWatch {
    fn default() -> Self {
        Self { every: Duration::from_secs(10), clock: Arc::new(Timestamp::now) }
    }
}

/// Looks for as long as the program runs, and tells of each sleep.
pub(super) async fn watch(watch: SleepWatch, feed: Arc<Feed>) {
    let every = SignedDuration::try_from(watch.every).unwrap_or(SignedDuration::MAX);
    let mut last = (watch.clock)();
    loop {
        tokio::time::sleep(watch.every).await;
        let now = (watch.clock)();
        if now.duration_since(last) > every.saturating_add(GAP) {
            feed.push(Event::System(SystemEvent::SystemResumed));
        }
        last = now;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_gap_is_reported_once_and_usual_delays_are_not() {
        // What the clock shows at each look, in seconds.
        let shown = Arc::new(Mutex::new(vec![7_290, 3_690, 3_680, 45, 10, 0]));
        let clock = Arc::new(move || Timestamp::from_second(shown.lock().unwrap().pop().unwrap_or(7_300)).unwrap());
        let (feed, mut inbox) = Feed::new(Arc::new(|| {}));
        let watching = watch(SleepWatch { every: Duration::from_secs(10), clock }, feed);
        let _ended = tokio::time::timeout(Duration::from_secs(65), watching).await;
        let events = inbox.take();
        assert!(events.iter().all(|event| matches!(event, Event::System(SystemEvent::SystemResumed))));
        // From 45 to 3,680 and from 3,690 to 7,290; from 10 to 45 is only a busy computer.
        assert_eq!(events.len(), 2);
    }
}
