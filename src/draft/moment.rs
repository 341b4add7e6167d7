//! A moment as it is typed on a clock.

use jiff::civil::{DateTime, Time};
use jiff::tz::AmbiguousOffset;
use jiff::{SignedDuration, Timestamp};

use crate::domain::Zone;

/// What a typed text means on a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypedMoment {
    /// Nothing is typed.
    Empty,
    /// It is no date and time.
    Unreadable,
    /// One moment.
    At(Timestamp),
    /// The clock shows this time twice: the first moment and the second.
    Twice(Timestamp, Timestamp),
    /// The clock skips this time: the moments that are as far from the change, before it and after it.
    Skipped(Timestamp, Timestamp),
}

impl TypedMoment {
    /// Reads `2026-11-24 14:05`, with seconds or without, or the time of day alone, which is that of today. A text that names its own
    /// offset, such as `2026-11-24T14:05:00+01:00`, is read as it says.
    #[must_use]
    pub fn read(text: &str, zone: &Zone, now: Timestamp) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self::Empty;
        }
        if let Ok(at) = text.parse::<Timestamp>() {
            return whole_second(at).map_or(Self::Unreadable, Self::At);
        }
        let of_today = || {
            let time = ["%H:%M:%S", "%H:%M"].iter().find_map(|form| Time::strptime(form, text).ok())?;
            Some(zone.civil_and_offset(now).0.date().to_datetime(time))
        };
        let forms = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"];
        let civil = forms.iter().find_map(|form| DateTime::strptime(form, text).ok()).or_else(of_today);
        civil.map_or(Self::Unreadable, |civil| Self::on_clock(civil, zone))
    }

    fn on_clock(civil: DateTime, zone: &Zone) -> Self {
        let ambiguous = zone.time_zone().to_ambiguous_timestamp(civil);
        let both = || Some((ambiguous.earlier().ok()?, ambiguous.later().ok()?));
        let read = match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => ambiguous.compatible().ok().map(Self::At),
            AmbiguousOffset::Fold { .. } => both().map(|(first, second)| Self::Twice(first, second)),
            AmbiguousOffset::Gap { .. } => both().map(|(before, after)| Self::Skipped(before, after)),
        };
        read.unwrap_or(Self::Unreadable)
    }
}

/// Without a fraction; requests name whole seconds.
fn whole_second(at: Timestamp) -> Option<Timestamp> {
    at.checked_sub(SignedDuration::from_nanos(at.subsec_nanosecond().into())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn berlin() -> Zone {
        Zone::new(jiff::tz::TimeZone::get("Europe/Berlin").unwrap())
    }

    #[test]
    fn a_moment_is_read_on_the_clock_that_it_is_typed_on() {
        let now = at("2026-11-24T23:30:00Z");
        let cases = [
            ("2026-11-24 14:05", Zone::utc(), TypedMoment::At(at("2026-11-24T14:05:00Z"))),
            (" 2026-11-24 14:05:07 ", berlin(), TypedMoment::At(at("2026-11-24T13:05:07Z"))),
            ("2026-11-24T14:05", Zone::utc(), TypedMoment::At(at("2026-11-24T14:05:00Z"))),
            ("2026-11-24T14:05:00.7+05:30", berlin(), TypedMoment::At(at("2026-11-24T08:35:00Z"))),
            // Today, which is another day there.
            ("14:05", Zone::utc(), TypedMoment::At(at("2026-11-24T14:05:00Z"))),
            ("14:05:09", berlin(), TypedMoment::At(at("2026-11-25T13:05:09Z"))),
            ("", Zone::utc(), TypedMoment::Empty),
            ("Tuesday", Zone::utc(), TypedMoment::Unreadable),
            ("2026-11-31 10:00", Zone::utc(), TypedMoment::Unreadable),
            ("2026-11-24", Zone::utc(), TypedMoment::Unreadable),
        ];
        for (typed, zone, want) in cases {
            assert_eq!(TypedMoment::read(typed, &zone, now), want, "{typed}");
        }
    }

    #[test]
    fn a_repeated_or_skipped_hour_has_two_moments() {
        let now = at("2026-11-24T23:30:00Z");
        let cases = [
            ("2026-10-25 02:30", berlin(), TypedMoment::Twice(at("2026-10-25T00:30:00Z"), at("2026-10-25T01:30:00Z"))),
            (
                "2026-03-29 02:30",
                berlin(),
                TypedMoment::Skipped(at("2026-03-29T00:30:00Z"), at("2026-03-29T01:30:00Z")),
            ),
            ("2026-10-25 02:30", Zone::utc(), TypedMoment::At(at("2026-10-25T02:30:00Z"))),
            ("2026-10-25 03:00", berlin(), TypedMoment::At(at("2026-10-25T02:00:00Z"))),
        ];
        for (typed, zone, want) in cases {
            assert_eq!(TypedMoment::read(typed, &zone, now), want, "{typed}");
        }
    }

    proptest::proptest! {
        /// What the clock shows of a moment is read as that moment, or as one of two.
        #[test]
        fn what_a_clock_shows_is_read_as_it_is(second in 1_700_000_000_i64..2_000_000_000) {
            let moment = Timestamp::from_second(second).unwrap();
            for zone in [Zone::utc(), berlin()] {
                let civil = zone.civil_and_offset(moment).0.strftime("%Y-%m-%d %H:%M:%S").to_string();
                let is_it = match TypedMoment::read(&civil, &zone, moment) {
                    TypedMoment::At(at) => at == moment,
                    TypedMoment::Twice(first, second) => first == moment || second == moment,
                    _ => false,
                };
                proptest::prop_assert!(is_it, "{}", civil);
            }
        }
    }
}
