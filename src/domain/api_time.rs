//! Instants as the API writes them: several forms, none declared, none trusted.

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::Text;

/// A time field that holds something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiTime {
    /// An instant with its zone in the text, or as a number of seconds or milliseconds since 1970.
    At(Timestamp),
    /// An instant whose text names no zone; the documents say UTC, so UTC is assumed and said.
    AssumedUtc(Timestamp),
    /// A text that is no known form of time, kept to be shown.
    Unreadable(Text),
}

impl ApiTime {
    /// Reads RFC 3339, `YYYY-MM-DD hh:mm:ss` with a space or a `T` and no zone, digits (seconds; milliseconds above 10^11), or a
    /// time as Go prints it (`2026-08-21 02:00:07.123456789 +0000 UTC m=+0.1`).
    /// `None` for "no value": empty, the zero time of Go (`0001-01-01T00:00:00Z`), or the zero of Unix time, in any form.
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
        if let Some(at) = as_go_prints(text) {
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

/// Reads `date time offset zone`, with a zone of letters or a number, and optionally the reading of the monotonic clock behind it.
/// The offset says it all; the zone is only a name for it. Without an offset the zone has to be UTC.
fn as_go_prints(text: &str) -> Option<Timestamp> {
    let mut words = text.split(' ');
    let (date, time) = (words.next()?, words.next()?);
    let mut rest: Vec<&str> = words.collect();
    if rest.last().is_some_and(|word| word.starts_with("m=")) {
        rest.pop();
    }
    let is_name = |zone: &str| {
        let letters = zone.strip_prefix(['+', '-']).unwrap_or(zone);
        !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let offset = match rest.as_slice() {
        ["UTC" | "GMT" | "Z"] => "+00:00".to_owned(),
        [offset] | [offset, _] if rest.iter().all(|word| is_name(word)) => with_colon(offset)?,
        _ => return None,
    };
    format!("{date}T{time}{offset}").parse().ok()
}

/// `+0200` as RFC 3339 writes it; `None` for any other text.
fn with_colon(offset: &str) -> Option<String> {
    let (sign, digits) = (offset.get(..1)?, offset.get(1..)?);
    let is_offset = matches!(sign, "+" | "-") && digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let (hours, minutes) = digits.split_at_checked(2)?;
    is_offset.then(|| format!("{sign}{hours}:{minutes}"))
}

/// False on the first day of the year 1, where Go has its zero time, and in the first second of 1970, where Unix has it.
fn is_value(at: Timestamp) -> bool {
    at.as_second() != 0 && !(-62_135_596_800..-62_135_510_400).contains(&at.as_second())
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
            ("2026-09-14T02:11:42Z", Some(ApiTime::At(noon))),
            ("2026-09-14T04:11:42+02:00", Some(ApiTime::At(noon))),
            ("2026-09-14T02:11:42.000Z", Some(ApiTime::At(noon))),
            ("2026-09-14 02:11:42", Some(ApiTime::AssumedUtc(noon))),
            ("2026-09-14T02:11:42", Some(ApiTime::AssumedUtc(noon))),
            ("1789351902", Some(ApiTime::At(noon))),
            ("1789351902000", Some(ApiTime::At(noon))),
            ("2026-09-14 02:11:42 +0000 UTC", Some(ApiTime::At(noon))),
            ("2026-09-14 02:11:42 +0000 UTC m=+0.100000001", Some(ApiTime::At(noon))),
            ("2026-09-14 04:11:42 +0200 CEST", Some(ApiTime::At(noon))),
            ("2026-09-14 05:11:42 +0300 +03", Some(ApiTime::At(noon))),
            ("2026-09-13 23:11:42 -0300 -03 m=-12.5", Some(ApiTime::At(noon))),
            ("2026-09-14 07:41:42 +0530 IST", Some(ApiTime::At(noon))),
            ("2026-09-14 04:11:42 +0200", Some(ApiTime::At(noon))),
            ("2026-09-14 02:11:42 UTC", Some(ApiTime::At(noon))),
            ("2026-08-21 02:00:07.123456789 +0000 UTC m=+0.1", Some(ApiTime::At(at("2026-08-21T02:00:07.123456789Z")))),
            ("0001-01-01 00:00:00 +0000 UTC", None),
            ("1970-01-01 00:00:00 +0000 UTC", None),
            ("1970-01-01T00:00:00Z", None),
            ("1970-01-01T01:00:00+01:00", None),
            ("1970-01-01 00:00:00", None),
            ("1970-01-01T00:00:01Z", Some(ApiTime::At(at("1970-01-01T00:00:01Z")))),
            ("2026-09-14 02:11:42 CEST", Some(ApiTime::Unreadable("2026-09-14 02:11:42 CEST".into()))),
            ("2026-09-14 02:11:42 +2 CEST", Some(ApiTime::Unreadable("2026-09-14 02:11:42 +2 CEST".into()))),
            (
                "2026-09-14 02:11:42 +0200 CEST later",
                Some(ApiTime::Unreadable("2026-09-14 02:11:42 +0200 CEST later".into())),
            ),
            ("", None),
            ("  ", None),
            ("0", None),
            ("0001-01-01T00:00:00Z", None),
            ("0001-01-02T00:00:00+22:00", None),
            ("0001-01-02T00:00:00Z", Some(ApiTime::At(at("0001-01-02T00:00:00Z")))),
            ("0000-12-31T23:59:59Z", Some(ApiTime::At(at("0000-12-31T23:59:59Z")))),
            ("yesterday", Some(ApiTime::Unreadable("yesterday".into()))),
            ("2026-13-14T02:11:42Z", Some(ApiTime::Unreadable("2026-13-14T02:11:42Z".into()))),
            ("0299999999999999999", Some(ApiTime::Unreadable("0299999999999999999".into()))),
            ("9999999999999999999", Some(ApiTime::Unreadable("9999999999999999999".into()))),
        ];
        for (text, want) in cases {
            assert_eq!(ApiTime::read(text), want, "{text}");
        }
        for number in [0, -62_135_596_800, -62_135_596_800_000] {
            assert_eq!(ApiTime::from_epoch(number), None, "{number}");
        }
    }
}
