//! Instants as the API writes them: several forms, none declared, none trusted.

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::Text;

/// A time field that holds something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moment {
    /// An instant with its zone in the text, or as a number of seconds or milliseconds since 1970.
    At(Timestamp),
    /// An instant whose text names no zone; the documents say UTC, so UTC is assumed and said.
    AssumedUtc(Timestamp),
    /// A text that is no known form of time, kept to be shown.
    Unreadable(Text),
}

impl Moment {
    /// Reads RFC 3339, `YYYY-MM-DD hh:mm:ss` with a space or a `T` and no zone, or digits (seconds; milliseconds above 10^11).
    /// `None` for "no value": empty, or the zero time of the service's language (`0001-01-01T00:00:00Z`), or 0.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.starts_with("0001-01-01") {
            return None;
        }
        if text.len() < 20 && text.bytes().all(|b| b.is_ascii_digit()) {
            return text.parse().map_or_else(|_| Some(Self::Unreadable(text.into())), Self::from_epoch);
        }
        if let Ok(at) = text.parse::<Timestamp>() {
            return Some(Self::At(at));
        }
        let civil = text.parse::<DateTime>().ok().filter(|_| text.contains([' ', 'T', 't']));
        match civil.and_then(|civil| jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()) {
            Some(at) => Some(Self::AssumedUtc(at)),
            None => Some(Self::Unreadable(text.into())),
        }
    }

    /// Reads a number since 1970: seconds, or milliseconds above 10^11; `None` for 0.
    #[must_use]
    pub fn from_epoch(number: i64) -> Option<Self> {
        if number == 0 {
            return None;
        }
        let at = if number.unsigned_abs() > 100_000_000_000 {
            Timestamp::from_millisecond(number)
        } else {
            Timestamp::from_second(number)
        };
        Some(at.map_or_else(|_| Self::Unreadable(Text::from(number.to_string())), Self::At))
    }

    /// The instant, where one could be read.
    #[must_use]
    pub fn at(&self) -> Option<Timestamp> {
        match self {
            Self::At(at) | Self::AssumedUtc(at) => Some(*at),
            Self::Unreadable(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn known_forms_are_read_and_others_are_kept() {
        let noon = at("2026-09-14T02:11:42Z");
        let cases = [
            ("2026-09-14T02:11:42Z", Some(Moment::At(noon))),
            ("2026-09-14T04:11:42+02:00", Some(Moment::At(noon))),
            ("2026-09-14T02:11:42.000Z", Some(Moment::At(noon))),
            ("2026-09-14 02:11:42", Some(Moment::AssumedUtc(noon))),
            ("2026-09-14T02:11:42", Some(Moment::AssumedUtc(noon))),
            ("1789351902", Some(Moment::At(noon))),
            ("1789351902000", Some(Moment::At(noon))),
            ("", None),
            ("  ", None),
            ("0", None),
            ("0001-01-01T00:00:00Z", None),
            ("yesterday", Some(Moment::Unreadable("yesterday".into()))),
            ("2026-13-14T02:11:42Z", Some(Moment::Unreadable("2026-13-14T02:11:42Z".into()))),
            ("9999999999999999999", Some(Moment::Unreadable("9999999999999999999".into()))),
        ];
        for (text, want) in cases {
            assert_eq!(Moment::read(text), want, "{text}");
        }
    }
}
