//! The clock by which waits and records are measured.

use jiff::{SignedDuration, Timestamp};

/// The clock of this computer, or one that is ahead of it: a test's world has a time of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    ahead: SignedDuration,
}

impl Clock {
    /// A clock that shows this moment now, and goes on from there.
    #[must_use]
    pub fn starting_at(moment: Timestamp) -> Self {
        Self { ahead: moment.duration_since(Timestamp::now()) }
    }

    /// The time it shows.
    #[must_use]
    pub fn now(self) -> Timestamp {
        let now = Timestamp::now();
        now.checked_add(self.ahead).unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_from_the_moment_it_was_set_to() {
        let moment: Timestamp = "2020-02-29T23:59:58Z".parse().unwrap();
        let clock = Clock::starting_at(moment);
        let (first, second) = (clock.now(), clock.now());
        assert!(moment <= first && first <= second, "{first} {second}");
        assert!(Clock::default().now() > moment);
    }
}
