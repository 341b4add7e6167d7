//! What a cell holds, before it is text.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::domain::{ApiTime, Text, Zone, format_bytes, format_duration};

/// What a cell holds, typed. Everything a user sees or a file gets is made from this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// No value: an empty cell, sorted last in both directions.
    Empty,
    /// Words from outside: the only kind of cell a formula can hide in.
    Text(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// A size in bytes.
    Bytes(u64),
    /// A length of time in seconds.
    Seconds(u64),
    /// An instant.
    Instant(Timestamp),
    /// Either the first instant, or the second and later one, or never: which one is not known.
    EitherInstant(Timestamp, Option<Timestamp>),
    /// Yes or no.
    Flag(bool),
}

impl<'a> Value<'a> {
    /// Words; an empty text is an empty cell.
    #[must_use]
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    pub(super) fn bytes(bytes: Option<u64>) -> Self {
        bytes.map_or(Self::Empty, Self::Bytes)
    }

    pub(super) fn seconds(secs: Option<u64>) -> Self {
        secs.map_or(Self::Empty, Self::Seconds)
    }

    /// The whole text of the value as a user reads it, nothing escaped or cut.
    #[must_use]
    pub fn into_text(self, zone: &Zone) -> Cow<'a, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => text,
            Self::Integer(number) => Cow::Owned(number.to_string()),
            Self::Bytes(bytes) => Cow::Owned(format_bytes(bytes)),
            Self::Seconds(secs) => Cow::Owned(format_duration(secs)),
            Self::Instant(at) => Cow::Owned(zone.date_time(at)),
            Self::EitherInstant(at, other) => {
                let other = other.map_or_else(|| "never".to_owned(), |other| zone.date_time(other));
                Cow::Owned(format!("either {}, or {other}", zone.date_time(at)))
            }
            Self::Flag(flag) => Cow::Borrowed(flag_text(flag)),
        }
    }
}

/// Words that may be missing.
impl<'a> From<&'a Option<Text>> for Value<'a> {
    fn from(text: &'a Option<Text>) -> Self {
        Self::text(text.as_deref().unwrap_or_default())
    }
}

/// A time field: the instant, or the words of one that could not be read.
impl<'a> From<&'a Option<ApiTime>> for Value<'a> {
    fn from(time: &'a Option<ApiTime>) -> Self {
        match time {
            None => Self::Empty,
            Some(ApiTime::At(at) | ApiTime::AssumedUtc(at)) => Self::Instant(*at),
            Some(ApiTime::Unreadable(text)) => Self::text(&**text),
        }
    }
}

impl From<Option<bool>> for Value<'_> {
    fn from(flag: Option<bool>) -> Self {
        flag.map_or(Self::Empty, Self::Flag)
    }
}

/// The word for a flag.
pub(crate) fn flag_text(flag: bool) -> &'static str {
    if flag { "Yes" } else { "No" }
}
