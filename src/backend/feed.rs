//! The hand-over of events to the window: a chain of promises, each holding an event and the promise of the next.
//!
//! Nobody else touches `poll_promise`. A dropped sender would panic in the UI thread; here the one open sender lives in
//! the [`Feed`], which every running task holds, and the inbox ends quietly when the last of them is gone.

use std::sync::{Arc, Mutex};

use poll_promise::{Promise, Sender};

use super::lock;
use crate::msg::Event;

struct Link {
    event: Event,
    next: Box<Promise<Link>>,
}

/// The writing end; any thread may push.
pub(super) struct Feed {
    tail: Mutex<Option<Sender<Link>>>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

/// The reading end, polled once a frame.
pub struct Inbox {
    head: Option<Promise<Link>>,
    /// Keeps the open sender alive for as long as somebody reads.
    _feed: Arc<Feed>,
}

impl Feed {
    pub(super) fn new(wake: Arc<dyn Fn() + Send + Sync>) -> (Arc<Self>, Inbox) {
        let (sender, promise) = Promise::new();
        let feed = Arc::new(Self { tail: Mutex::new(Some(sender)), wake });
        (Arc::clone(&feed), Inbox { head: Some(promise), _feed: feed })
    }

    /// Puts an event at the end, then wakes the window up.
    pub(super) fn push(&self, event: Event) {
        let mut tail = lock(&self.tail);
        let (sender, next) = Promise::new();
        if let Some(last) = tail.replace(sender) {
            last.send(Link { event, next: Box::new(next) });
        }
        drop(tail);
        (self.wake)();
    }
}

impl Inbox {
    /// Everything that is there, in the order it was pushed. Never waits.
    pub fn take(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(promise) = self.head.take() {
            match promise.try_take() {
                Ok(link) => {
                    events.push(link.event);
                    self.head = Some(*link.next);
                }
                Err(waiting) => {
                    self.head = Some(waiting);
                    break;
                }
            }
        }
        events
    }
}

impl Drop for Inbox {
    /// Takes the chain apart link by link: thousands of unread events, dropped one inside the other, would overflow the stack.
    fn drop(&mut self) {
        drop(self.take());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::msg::{SystemEvent, Ticket};

    #[expect(clippy::wildcard_enum_match_arm, reason = "any other event is a failure")]
    fn number(event: &Event) -> u64 {
        match event {
            Event::System(SystemEvent::TaskPanicked(Ticket(number))) => *number,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn events_come_in_order_and_each_wakes_the_window() {
        let woken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&woken);
        let (feed, mut inbox) = Feed::new(Arc::new(move || {
            count.fetch_add(1, Ordering::SeqCst);
        }));
        assert!(inbox.take().is_empty());
        for ticket in 0..100 {
            feed.push(Event::System(SystemEvent::TaskPanicked(Ticket(ticket))));
        }
        assert_eq!(inbox.take().iter().map(number).collect::<Vec<_>>(), (0..100).collect::<Vec<_>>());
        assert!(inbox.take().is_empty());
        feed.push(Event::System(SystemEvent::TaskPanicked(Ticket(7))));
        assert_eq!(inbox.take().iter().map(number).collect::<Vec<_>>(), [7]);
        assert_eq!(woken.load(Ordering::SeqCst), 101);
    }

    #[test]
    fn a_long_chain_nobody_read_is_dropped_without_a_deep_stack() {
        let (feed, inbox) = Feed::new(Arc::new(|| {}));
        (0..200_000).for_each(|number| feed.push(Event::System(SystemEvent::TaskPanicked(Ticket(number)))));
        drop(inbox);
    }

    #[test]
    fn many_threads_lose_nothing() {
        let (feed, mut inbox) = Feed::new(Arc::new(|| {}));
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let feed = &feed;
                scope.spawn(move || {
                    (0..250)
                        .for_each(|n| feed.push(Event::System(SystemEvent::TaskPanicked(Ticket(thread * 250 + n)))));
                });
            }
        });
        let mut numbers: Vec<u64> = inbox.take().iter().map(number).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..1000).collect::<Vec<_>>());
    }
}
