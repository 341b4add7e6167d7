//! One column, one definition: header, cell, sort key, search text, clipboard and export all come from `value`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::value::RawValue;

use super::ServiceNames;
use crate::domain::{
    ApiTime, BackupType, Status, StatusKind, Zone, format_bytes, format_duration, format_until, sanitize_for_display,
};

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
    /// Borrowed words; an empty text is an empty cell.
    pub(super) fn text(text: &'a str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(Cow::Borrowed(text)) }
    }

    /// Borrowed words that may be missing.
    pub(super) fn maybe<T: AsRef<str>>(text: Option<&'a T>) -> Self {
        text.map_or(Self::Empty, |text| Self::text(text.as_ref()))
    }

    /// A time field: the instant, or the words of one that could not be read.
    pub(super) fn moment(moment: Option<&'a ApiTime>) -> Self {
        match moment {
            None => Self::Empty,
            Some(ApiTime::At(at) | ApiTime::AssumedUtc(at)) => Self::Instant(*at),
            Some(ApiTime::Unreadable(text)) => Self::text(text),
        }
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

/// The word for a flag.
pub(crate) fn flag_text(flag: bool) -> &'static str {
    if flag { "Yes" } else { "No" }
}

/// What sort of thing a column holds: decides alignment, font, first sort direction, and how a table draws it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// The name of a service, or its id where no name is known.
    Service,
    /// An opaque identifier, to be read character by character.
    Id,
    /// The name of a binary log file; where two are one, the position decides.
    BinlogFile,
    /// A position in a binary log file: a whole number of any length.
    BinlogPosition,
    /// A GTID position: sorted by domain and sequence number.
    Gtid,
    /// A size in the service's own words, sorted by its bytes.
    SizeText,
    /// A status word, sorted by its meaning.
    Status,
    /// A backup type word.
    BackupType,
    /// A whole number.
    Integer,
    /// A size in bytes.
    Bytes,
    /// A length of time.
    Seconds,
    /// An instant.
    Instant,
    /// An instant ahead, to the minute, with how long it is until then.
    Upcoming,
    /// Yes or no.
    Flag,
}

/// One column of a table of `R`.
#[derive(Clone, Copy, Debug)]
pub struct Column<R: 'static> {
    /// The API's field name, or our own for a derived column. Kept in settings, never changed.
    pub key: &'static str,
    /// The words above the column.
    pub header: &'static str,
    /// One line on what it is.
    pub help: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// The value of a row at a time (`now` matters only to columns such as the next run).
    pub value: fn(&R, Timestamp) -> Value<'_>,
    /// The width to begin with, in points.
    pub width: f32,
    /// Visible to begin with.
    pub shown: bool,
    /// False for a column this app derives.
    pub is_api_field: bool,
}

/// What a cell's text depends on besides the row.
#[derive(Clone, Copy, Debug)]
pub struct CellContext<'a> {
    /// The clock to write times in.
    pub zone: &'a Zone,
    /// The present.
    pub now: Timestamp,
    /// What services are called where a row alone does not tell.
    pub names: &'a ServiceNames,
}

impl<R: Row> Column<R> {
    /// The value of a row as a table shows, sorts and searches it: as in the API, but for services, which are told apart by `names`.
    #[must_use]
    pub fn named_value<'r>(&self, row: &'r R, now: Timestamp, names: &'r ServiceNames) -> Value<'r> {
        match (self.kind, (self.value)(row, now)) {
            (Kind::Service, _) => names.label_of(row),
            (Kind::BackupType, Value::Text(word)) => Value::Text(type_name(word)),
            (_, value) => value,
        }
    }

    /// The key of the column that decides between equal values of this one.
    #[must_use]
    pub fn tie_break(&self) -> Option<&'static str> {
        (self.kind == Kind::BinlogFile).then_some("binlog_position")
    }

    /// The text of a cell on screen: control characters made visible, very long texts cut.
    #[must_use]
    pub fn cell<'r>(&self, row: &'r R, context: &CellContext<'r>) -> Cow<'r, str> {
        match (self.kind, (self.value)(row, context.now)) {
            (Kind::Upcoming, Value::Instant(at)) => {
                let secs = u64::try_from(at.as_second().saturating_sub(context.now.as_second())).unwrap_or(0);
                return Cow::Owned(format!("{}  {}", context.zone.date_minute(at), format_until(secs)));
            }
            (Kind::Upcoming, Value::EitherInstant(at, other)) => {
                let other = other.map_or_else(|| "never".to_owned(), |other| context.zone.date_minute(other));
                return Cow::Owned(format!("either {} or {other}", context.zone.date_minute(at)));
            }
            // Cut at its end it would lose the very offset that tells it from another.
            (_, Value::Instant(at)) if let Some(text) = context.zone.narrow_with_offset(at) => return Cow::Owned(text),
            _ => {}
        }
        match self.text(row, context) {
            Cow::Borrowed(text) => sanitize_for_display(text),
            Cow::Owned(text) => Cow::Owned(sanitize_for_display(&text).into_owned()),
        }
    }

    /// The whole text of a cell, for the clipboard and the search.
    #[must_use]
    pub fn text<'r>(&self, row: &'r R, context: &CellContext<'r>) -> Cow<'r, str> {
        self.named_value(row, context.now, context.names).into_text(context.zone)
    }

    /// The header with all that is to be known of the zone where the column holds times: `Started (UTC)`.
    #[must_use]
    pub fn header_text(&self, zone: &Zone) -> String {
        match self.kind {
            Kind::Instant | Kind::Upcoming => format!("{} ({})", self.header, zone.full_label()),
            _ => self.header.to_owned(),
        }
    }

    /// The same with the last part of the zone's name alone, where room is short: `Started (Berlin)`.
    #[must_use]
    pub fn short_header_text(&self, zone: &Zone) -> String {
        match self.kind {
            Kind::Instant | Kind::Upcoming => format!("{} ({})", self.header, zone.short_label()),
            _ => self.header.to_owned(),
        }
    }

    /// Numbers, sizes and lengths stand right.
    #[must_use]
    pub fn is_right_aligned(&self) -> bool {
        matches!(self.kind, Kind::Integer | Kind::Bytes | Kind::Seconds | Kind::BinlogPosition)
    }
}

/// A backup type inside a sentence.
pub(super) fn spoken_type(backup_type: &BackupType) -> &str {
    match backup_type {
        BackupType::BinaryLog => "binary log",
        other => other.as_api_str(),
    }
}

/// The name of a backup type's word; a word of no known type stays.
fn type_name(word: Cow<'_, str>) -> Cow<'_, str> {
    let known = BackupType::ALL.iter().find(|known| known.as_api_str().eq_ignore_ascii_case(&word));
    known.map_or(word, |known| Cow::Owned(known.name().to_owned()))
}

/// What filters ask of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facets<'a> {
    /// The status word; empty where there is none.
    pub status: &'a str,
    /// The backup type's word; empty where there is none.
    pub backup_type: &'a str,
    /// The service id; empty where there is none.
    pub service: &'a str,
    /// The service's name, else its id.
    pub service_label: &'a str,
    /// The time the row belongs to: a backup's start, a schedule's creation. Newest first among equals.
    pub at: Option<Timestamp>,
    /// Its size in bytes, where it has one.
    pub bytes: Option<u64>,
    /// What the status means.
    pub kind: StatusKind,
    /// It makes no backups for now; only schedules can be so.
    pub suspended: bool,
}

/// A thing that tables, indexes and exports can handle.
pub trait Row: Clone + Send + Sync + 'static {
    /// The word for one of these in files and names: `backup`, `schedule`.
    const NOUN: &'static str;
    /// The column a table is sorted by at first, and its direction.
    const DEFAULT_SORT: (&'static str, super::Direction);

    /// Every column, in the order shown at first. The order is a promise to scripts: new columns go to the end.
    fn columns() -> &'static [Column<Self>];
    /// The API's id; empty where it gave none.
    fn id(&self) -> &str;
    /// What filters ask.
    fn facets(&self) -> Facets<'_>;
    /// The time the row belongs to, as in [`Facets::at`].
    fn at(&self) -> Option<Timestamp>;
    /// The size that footers add up.
    fn bytes(&self) -> Option<u64>;
    /// The status.
    fn status(&self) -> Option<&Status>;
    /// The service's id (empty where there is none), and its name as the row gives it.
    fn service(&self) -> (&str, Option<&str>);
    /// It makes no backups for now; only schedules can be so.
    fn suspended(&self) -> bool {
        false
    }

    /// The fields of the row as the API writes them, each with its JSON text: fields this app does not know merged in, missing
    /// ones left out.
    fn json(&self) -> BTreeMap<String, String>;
    /// The row as a sentence, for screen readers; it calls the service what `context` calls it.
    fn name(&self, context: &CellContext<'_>) -> String;
    /// What to be wary of in the cell of the column with this key.
    fn warning(&self, _key: &str) -> Option<&'static str> {
        None
    }

    /// The column with this key.
    #[must_use]
    fn column(key: &str) -> Option<&'static Column<Self>> {
        Self::columns().iter().find(|column| column.key == key)
    }
}

/// The fields of a row's unknown part (a JSON object as text), each with its value: words as they are, anything else as the
/// JSON it came in.
#[must_use]
pub fn unknown_fields(unknown: &str) -> Vec<(String, String)> {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(unknown).unwrap_or_default();
    let text = |raw: &RawValue| serde_json::from_str::<String>(raw.get()).unwrap_or_else(|_other| raw.get().to_owned());
    fields.into_iter().map(|(name, raw)| (name, text(raw))).collect()
}

/// The rows of one reading, shared and never changed.
#[derive(PartialEq)]
pub struct Rows<R>(Arc<Vec<R>>);

impl<R> Rows<R> {
    /// Takes the rows.
    #[must_use]
    pub fn new(rows: Vec<R>) -> Self {
        Self(Arc::new(rows))
    }

    /// No rows.
    #[must_use]
    pub fn empty() -> Self {
        Self::new(Vec::new())
    }
}

impl<R> Clone for Rows<R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<R> Default for Rows<R> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<R> Deref for Rows<R> {
    type Target = [R];

    fn deref(&self) -> &[R] {
        &self.0
    }
}

impl<R> fmt::Debug for Rows<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rows({})", self.0.len())
    }
}
