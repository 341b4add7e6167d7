//! When the list of backups was looked at as a whole, and so which stretches of time are known.

use jiff::{SignedDuration, Timestamp};

/// How far back one whole list reaches. Backups are listed for 7 days; the last of these is left out, because it is not known from
/// when exactly the days are counted, and a backup that was purged is no missed one.
const REACH: SignedDuration = SignedDuration::from_hours(6 * 24);

/// Stretches of time of which every backup is known. Between them the list was not read, so nothing is known about those.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// Begin and end, in seconds; disjoint and in order.
    spans: Vec<(i64, i64)>,
}

impl Observed {
    /// Adds what a whole list tells that was read at this moment.
    #[must_use]
    pub fn with_list(mut self, at: Timestamp) -> Self {
        let until = at.as_second();
        let (mut from, mut until) = (until.saturating_sub(REACH.as_secs()), until);
        self.spans.retain(|&(known_from, known_until)| {
            let touches = known_from <= until && from <= known_until;
            if touches {
                (from, until) = (from.min(known_from), until.max(known_until));
            }
            !touches
        });
        let position = self.spans.partition_point(|&(known_from, _)| known_from < from);
        self.spans.insert(position, (from, until));
        self
    }

    /// True where every backup is known that began from `from` up to `until`, in seconds.
    pub(super) fn covers(&self, from: i64, until: i64) -> bool {
        self.spans.iter().any(|&(known_from, known_until)| known_from <= from && until <= known_until)
    }

    /// The first moment of which everything is known, in seconds; `None` where no whole list was read.
    pub(super) fn from(&self) -> Option<i64> {
        self.spans.first().map(|&(from, _)| from)
    }

    /// The last moment of which everything is known, in seconds; `None` where no whole list was read.
    pub(super) fn until(&self) -> Option<i64> {
        self.spans.last().map(|&(_, until)| until)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: i64 = 86_400;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_second(day * DAY).unwrap()
    }

    #[test]
    fn a_week_without_the_app_is_not_observed() {
        let observed = Observed::default().with_list(at(20)).with_list(at(40)).with_list(at(43));
        assert!(observed.covers(14 * DAY, 20 * DAY) && observed.covers(34 * DAY, 43 * DAY));
        for (from, until) in [(13, 15), (19, 21), (20, 34), (30, 35), (42, 44)] {
            assert!(!observed.covers(from * DAY, until * DAY), "{from} {until}");
        }
        assert_eq!(observed.until(), Some(43 * DAY));
        assert!(!Observed::default().covers(0, 0));
    }

    proptest! {
        /// The order of the lists does not matter, and a moment is known exactly where one of them reaches it.
        #[test]
        fn a_moment_is_known_where_a_list_reaches_it(lists in proptest::collection::vec(0_i64..120, 0..8), moment in 0_i64..120) {
            let observed = lists.iter().fold(Observed::default(), |observed, day| observed.with_list(at(*day)));
            let reversed = lists.iter().rev().fold(Observed::default(), |observed, day| observed.with_list(at(*day)));
            prop_assert_eq!(&observed, &reversed);
            let is_known = lists.iter().any(|day| (day - 6..=*day).contains(&moment));
            prop_assert_eq!(observed.covers(moment * DAY, moment * DAY), is_known);
        }
    }
}
