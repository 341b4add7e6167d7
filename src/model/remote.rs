//! A value that comes from outside: what was last known, and what is going on about it.

use jiff::{SignedDuration, Timestamp};

use crate::msg::Ticket;

/// What was last known, kept while something newer is asked for. A response with another ticket is late and ignored.
#[derive(Clone, Debug)]
pub struct Remote<T, E> {
    value: Option<T>,
    /// When the value was read, wholly or as far as it came.
    pub at: Option<Timestamp>,
    running: Option<Ticket>,
    error: Option<E>,
}

impl<T, E> Default for Remote<T, E> {
    fn default() -> Self {
        Self { value: None, at: None, running: None, error: None }
    }
}

impl<T, E> Remote<T, E> {
    /// A request begins; the old value stays. A newer ticket makes the older request's answer late.
    pub fn begin(&mut self, ticket: Ticket) {
        self.running = Some(ticket);
    }

    /// True if this ticket is the one being waited for.
    #[must_use]
    pub fn awaits(&self, ticket: Ticket) -> bool {
        self.running == Some(ticket)
    }

    /// Part of the value came; the request goes on.
    pub fn publish(&mut self, ticket: Ticket, value: T) -> bool {
        if !self.awaits(ticket) {
            return false;
        }
        self.value = Some(value);
        true
    }

    /// What was known before anything was asked, as it was at that time. False where there is something newer.
    pub fn recall(&mut self, value: T, at: Timestamp) -> bool {
        if self.value.is_some() || self.at.is_some() {
            return false;
        }
        self.value = Some(value);
        self.at = Some(at);
        true
    }

    /// The request ended. False if the response was late and changed nothing.
    pub fn settle(&mut self, ticket: Ticket, result: Result<T, E>, now: Timestamp) -> bool {
        if !self.awaits(ticket) {
            return false;
        }
        self.running = None;
        match result {
            Ok(value) => {
                self.value = Some(value);
                self.at = Some(now);
                self.error = None;
            }
            Err(error) => {
                self.error = Some(error);
                self.date_what_came(now);
            }
        }
        true
    }

    /// The request was stopped; what came stays, and has an age from now on if it had none.
    pub fn cancel(&mut self, now: Timestamp) -> Option<Ticket> {
        let ticket = self.running.take()?;
        self.date_what_came(now);
        Some(ticket)
    }

    fn date_what_came(&mut self, now: Timestamp) {
        if self.value.is_some() {
            self.at.get_or_insert(now);
        }
    }

    /// The clock was set: the same moment has another time now.
    pub fn move_clock(&mut self, change: SignedDuration) {
        self.at = self.at.map(|at| at.checked_add(change).unwrap_or(at));
    }

    /// The value was changed here, by a write whose answer is known; its age stays.
    pub fn overwrite(&mut self, value: T) {
        self.value = Some(value);
    }

    /// What can be drawn.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The last failure, also while a new try runs.
    #[must_use]
    pub fn error(&self) -> Option<&E> {
        self.error.as_ref()
    }

    /// The request under way.
    #[must_use]
    pub fn running(&self) -> Option<Ticket> {
        self.running
    }

    /// True while a request is under way.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.running.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Value, failure, and whether a request is under way.
    fn shown<'a>(remote: &'a Remote<u8, &'a str>) -> (Option<&'a u8>, Option<&'a &'a str>, bool) {
        (remote.value(), remote.error(), remote.is_loading())
    }

    #[test]
    fn a_late_response_changes_nothing() {
        let now = Timestamp::UNIX_EPOCH;
        let mut remote: Remote<u8, &str> = Remote::default();
        assert_eq!(shown(&remote), (None, None, false));
        remote.begin(Ticket(1));
        remote.begin(Ticket(2));
        assert!(!remote.settle(Ticket(1), Ok(1), now));
        assert_eq!(remote.value(), None);
        assert!(remote.settle(Ticket(2), Ok(2), now));
        assert_eq!(shown(&remote), (Some(&2), None, false));
    }

    #[test]
    fn what_was_known_before_is_shown_until_something_newer_comes() {
        let (then, now) = (Timestamp::UNIX_EPOCH, Timestamp::from_second(9).unwrap());
        let mut remote: Remote<u8, &str> = Remote::default();
        remote.begin(Ticket(1));
        assert!(remote.recall(3, then));
        assert_eq!((shown(&remote), remote.at), ((Some(&3), None, true), Some(then)));
        assert!(!remote.recall(4, then));
        assert!(remote.settle(Ticket(1), Err("lost"), now));
        assert_eq!((shown(&remote), remote.at), ((Some(&3), Some(&"lost"), false), Some(then)));
        remote.begin(Ticket(2));
        assert!(remote.settle(Ticket(2), Ok(5), now));
        assert!(!remote.recall(4, then));
        assert_eq!((shown(&remote), remote.at), ((Some(&5), None, false), Some(now)));
    }

    #[test]
    fn a_failure_keeps_the_old_value_and_a_cancel_keeps_what_came() {
        let now = Timestamp::UNIX_EPOCH;
        let mut remote: Remote<u8, &str> = Remote::default();
        remote.begin(Ticket(1));
        assert!(remote.publish(Ticket(1), 7));
        assert_eq!((remote.at, remote.cancel(now)), (None, Some(Ticket(1))));
        assert_eq!((shown(&remote), remote.at), ((Some(&7), None, false), Some(now)));
        remote.begin(Ticket(2));
        assert!(remote.settle(Ticket(2), Err("lost"), now));
        assert_eq!(shown(&remote), (Some(&7), Some(&"lost"), false));
    }
}
