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
            let read = text.parse().map_or_else(|_| Some(Self::Unreadable(text.into())), Self::from_epoch);
            return read.map(|moment| if moment.at().is_some() { moment } else { Self::Unreadable(text.into()) });
        }
        if let Ok(at) = text.parse::<Timestamp>() {
            return is_value(at).then_some(Self::At(at));
        }
        let civil = text.parse::<DateTime>().ok().filter(|_| text.contains([' ', 'T', 't']));
        match civil.and_then(|civil| jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()) {
            Some(at) => is_value(at).then_some(Self::AssumedUtc(at)),
            None => Some(Self::Unreadable(text.into())),
        }
    }

    /// Reads a number since 1970: seconds, or milliseconds above 10^11; `None` for 0 and for the zero time.
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
        match at {
            Ok(at) => is_value(at).then_some(Self::At(at)),
            Err(_beyond) => Some(Self::Unreadable(Text::from(number.to_string()))),
        }
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

/// False on the first day of the year 1, where the service's language has its zero time.
fn is_value(at: Timestamp) -> bool {
    !(-62_135_596_800..-62_135_510_400).contains(&at.as_second())
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
            ("0001-01-02T00:00:00+22:00", None),
            ("0001-01-02T00:00:00Z", Some(Moment::At(at("0001-01-02T00:00:00Z")))),
            ("0000-12-31T23:59:59Z", Some(Moment::At(at("0000-12-31T23:59:59Z")))),
            ("yesterday", Some(Moment::Unreadable("yesterday".into()))),
            ("2026-13-14T02:11:42Z", Some(Moment::Unreadable("2026-13-14T02:11:42Z".into()))),
            ("0299999999999999999", Some(Moment::Unreadable("0299999999999999999".into()))),
            ("9999999999999999999", Some(Moment::Unreadable("9999999999999999999".into()))),
        ];
        for (text, want) in cases {
            assert_eq!(Moment::read(text), want, "{text}");
        }
        for number in [0, -62_135_596_800, -62_135_596_800_000] {
            assert_eq!(Moment::from_epoch(number), None, "{number}");
        }
    }
}
