//! Changes of the clocks of a zone: how far, and when.

use jiff::Timestamp;
use jiff::tz::Offset;

use super::Zone;

/// A moment at which the clocks of a zone are set forward or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockChange {
    /// The first instant of the new offset.
    pub at: Timestamp,
    /// The offset before it.
    pub before: Offset,
    /// The offset from then on.
    pub after: Offset,
}

impl ClockChange {
    /// By how many minutes the clocks go forward; less than 0 where they go back.
    #[must_use]
    pub fn minutes(&self) -> i32 {
        (self.after.seconds() - self.before.seconds()) / 60
    }

    /// `1 hour forward`, `30 minutes back`.
    #[must_use]
    pub fn words(&self) -> String {
        let minutes = self.minutes();
        format!("{} {}", length_words(minutes.abs()), if minutes < 0 { "back" } else { "forward" })
    }
}

/// `1 hour`, `2 hours`, `30 minutes`, `1:30 hours`.
fn length_words(minutes: i32) -> String {
    match (minutes / 60, minutes % 60) {
        (1, 0) => "1 hour".to_owned(),
        (hours, 0) => format!("{hours} hours"),
        (0, minutes) => format!("{minutes} minutes"),
        (hours, minutes) => format!("{hours}:{minutes:02} hours"),
    }
}

impl Zone {
    /// The changes of its clocks after an instant, in their order; for many zones they have no end. What the tz database lists beyond
    /// that, such as a new name for the same offset, shifts nothing and is left out.
    pub fn clock_changes(&self, after: Timestamp) -> impl Iterator<Item = ClockChange> {
        let zone = self.time_zone();
        let mut before = zone.to_offset(after);
        zone.following(after).filter_map(move |transition| {
            let change = ClockChange { at: transition.timestamp(), before, after: transition.offset() };
            before = transition.offset();
            (change.before != change.after).then_some(change)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the tz database has for 2027; the lengths differ, and some zones have none.
    #[test]
    fn changes_name_their_length_and_their_side() {
        let cases: [(&str, &[(&str, &str)]); 8] = [
            ("Europe/Berlin", &[("2027-03-28T01:00:00Z", "1 hour forward"), ("2027-10-31T01:00:00Z", "1 hour back")]),
            (
                "Antarctica/Troll",
                &[("2027-03-28T01:00:00Z", "2 hours forward"), ("2027-10-31T01:00:00Z", "2 hours back")],
            ),
            (
                "Australia/Lord_Howe",
                &[("2027-04-03T15:00:00Z", "30 minutes back"), ("2027-10-02T15:30:00Z", "30 minutes forward")],
            ),
            ("Pacific/Chatham", &[("2027-04-03T14:00:00Z", "1 hour back"), ("2027-09-25T14:00:00Z", "1 hour forward")]),
            // Over midnight: 23:00 of one day is followed by 00:00 of the next.
            ("America/Nuuk", &[("2027-03-28T01:00:00Z", "1 hour forward"), ("2027-10-31T01:00:00Z", "1 hour back")]),
            ("Africa/Casablanca", &[]),
            ("America/Asuncion", &[]),
            ("UTC", &[]),
        ];
        for (name, want) in cases {
            let zone = Zone::named(name).unwrap();
            let (from, until) = ("2027-01-01T00:00:00Z".parse().unwrap(), "2028-01-01T00:00:00Z".parse().unwrap());
            let changes: Vec<_> = zone.clock_changes(from).take_while(|change| change.at < until).collect();
            let got: Vec<_> = changes.iter().map(|change| (change.at.to_string(), change.words())).collect();
            let want: Vec<_> = want.iter().map(|(at, words)| ((*at).to_owned(), (*words).to_owned())).collect();
            assert_eq!(got, want, "{name}");
        }
    }

    proptest::proptest! {
        /// A change is exactly where the offset of the last second differs from that of this one.
        #[test]
        fn every_change_changes_the_offset(
            zone in proptest::sample::select(vec!["Europe/Berlin", "Africa/Casablanca", "Asia/Gaza", "Africa/Cairo", "Africa/Monrovia"]),
            from in 0_i64..2_000_000_000,
        ) {
            let zone = Zone::named(zone).unwrap();
            let from = Timestamp::from_second(from).unwrap();
            for change in zone.clock_changes(from).take(6) {
                let last = Timestamp::from_second(change.at.as_second() - 1).unwrap();
                let offsets = [last, change.at].map(|at| zone.time_zone().to_offset(at));
                proptest::prop_assert_eq!(offsets, [change.before, change.after]);
                proptest::prop_assert_ne!(change.before, change.after);
            }
        }
    }
}
