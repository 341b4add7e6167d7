//! One column, one definition: header, cell, sort key, search text, clipboard and export all come from `value`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::value::RawValue;

use super::text::narrow_date_time;
use super::{ColumnKey, Facet, RowSource, ServiceNames, SortBy, Value};
use crate::domain::{BackupType, SeenState, Sighting, Status, StatusKind, Zone, format_until, sanitize_for_display};
use crate::rows::Record;

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
    /// A status word, sorted by the rank of its kind.
    Status,
    /// A backup type word.
    BackupType,
    /// Whether the service still lists the row.
    State,
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

/// Where a column is at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Not shown.
    Hidden,
    /// Shown.
    Shown,
    /// Shown, and in sight when the table is scrolled sideways: it tells what a row is about.
    Frozen,
}

/// One column of a table of `R`.
#[derive(Clone, Debug)]
pub struct Column<R: 'static> {
    /// Its name in settings, files and commands.
    pub key: ColumnKey,
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
    /// Where it is to begin with.
    pub placement: Placement,
    /// What a filter can take from its cells.
    pub facet: Option<Facet>,
    /// False for a column this app derives.
    pub is_api_field: bool,
    /// It holds free text that "all columns" leave out: it is only written where it is shown.
    pub is_free_text: bool,
    /// Only rows of the history have a value.
    pub is_of_history: bool,
}

impl<R> Column<R> {
    /// A hidden column for a field of the API.
    pub(super) const fn new(
        key: &'static str,
        header: &'static str,
        kind: Kind,
        width: f32,
        value: fn(&R, Timestamp) -> Value<'_>,
    ) -> Self {
        Self {
            key: ColumnKey::new(key),
            header,
            help: "",
            kind,
            value,
            width,
            placement: Placement::Hidden,
            facet: None,
            is_api_field: true,
            is_free_text: false,
            is_of_history: false,
        }
    }

    pub(super) const fn help(mut self, help: &'static str) -> Self {
        self.help = help;
        self
    }

    pub(super) const fn header(mut self, header: &'static str) -> Self {
        self.header = header;
        self
    }

    pub(super) const fn shown(mut self) -> Self {
        self.placement = Placement::Shown;
        self
    }

    pub(super) const fn frozen(mut self) -> Self {
        self.placement = Placement::Frozen;
        self
    }

    pub(super) const fn facet(mut self, facet: Facet) -> Self {
        self.facet = Some(facet);
        self
    }

    pub(super) const fn derived(mut self) -> Self {
        self.is_api_field = false;
        self
    }

    /// A column that only rows of the history have.
    pub(super) const fn of_history(mut self) -> Self {
        self.is_of_history = true;
        self.derived()
    }

    /// Whether a table of these rows has it.
    #[must_use]
    pub fn is_in(&self, source: RowSource) -> bool {
        !self.is_of_history || source == RowSource::AllSeen
    }

    pub(super) const fn free_text(mut self) -> Self {
        self.is_free_text = true;
        self
    }
}

/// The columns that every table has.
impl<R: Row> Column<R> {
    pub(super) const fn status(width: f32) -> Self {
        Self::new("status", "Status", Kind::Status, width, |row, _| Value::text(row.facet(Facet::Status)))
            .facet(Facet::Status)
            .frozen()
    }

    pub(super) const fn service_name(width: f32) -> Self {
        Self::new("service_name", "Service", Kind::Service, width, |row, _| {
            Value::text(row.service().1.unwrap_or_default())
        })
        .help("The name of the database service")
        .facet(Facet::Service)
        .frozen()
    }

    pub(super) const fn service_id() -> Self {
        Self::new("service_id", "Service ID", Kind::Id, 140.0, |row, _| Value::text(row.service().0))
            .help("The id of the database service")
            .facet(Facet::Service)
    }

    pub(super) const fn backup_type(width: f32) -> Self {
        Self::new("type", "Type", Kind::BackupType, width, |row, _| Value::text(row.facet(Facet::BackupType)))
            .help("Full, incremental, binary log, dump or snapshot")
            .facet(Facet::BackupType)
            .shown()
    }
}

/// The columns of rows that have a history.
impl<R: Row> Column<R> {
    pub(super) const fn state() -> Self {
        Self::new("state", "State", Kind::State, 100.0, |row, _| Value::text(row.facet(Facet::State)))
            .facet(Facet::State)
            .frozen()
            .of_history()
    }

    pub(super) const fn first_seen() -> Self {
        Self::new("first_seen", "First seen", Kind::Instant, 165.0, |row, _| {
            row.sighting().map_or(Value::Empty, |sighting| Value::Instant(sighting.first_seen))
        })
        .help("When this computer first saw it listed; it may have been there before")
        .shown()
        .of_history()
    }

    pub(super) const fn last_seen() -> Self {
        Self::new("last_seen", "Last seen", Kind::Instant, 165.0, |row, _| {
            row.sighting().map_or(Value::Empty, |sighting| Value::Instant(sighting.last_seen))
        })
        .help("When this computer last saw it listed")
        .shown()
        .of_history()
    }
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
            (Kind::Service, _) => {
                let (id, name) = row.service();
                Value::text(names.label(id, name))
            }
            (_, Value::Text(word)) => Value::Text(self.shown_word(word)),
            (_, value) => value,
        }
    }

    /// A word of the API as a table shows, sorts and searches it.
    pub(super) fn shown_word<'w>(&self, word: Cow<'w, str>) -> Cow<'w, str> {
        if self.kind == Kind::BackupType { type_name(word) } else { word }
    }

    /// The key of the column that decides between equal values of this one.
    #[must_use]
    pub fn tie_break(&self) -> Option<&'static Self> {
        (self.kind == Kind::BinlogFile)
            .then(|| R::columns().iter().find(|it| it.kind == Kind::BinlogPosition))
            .flatten()
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
            (_, Value::Instant(at)) => return Cow::Owned(narrow_date_time(at, context.zone)),
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

    /// The header; where the column holds times with the name of their zone: `Started (Europe/Berlin)`.
    #[must_use]
    pub fn header_text(&self, zone: &str) -> Cow<'static, str> {
        match self.kind {
            Kind::Instant | Kind::Upcoming => Cow::Owned(format!("{} ({zone})", self.header)),
            _ => Cow::Borrowed(self.header),
        }
    }

    /// Numbers, sizes and lengths are aligned right.
    #[must_use]
    pub fn is_right_aligned(&self) -> bool {
        matches!(self.kind, Kind::Integer | Kind::Bytes | Kind::Seconds | Kind::BinlogPosition)
    }
}

/// The name of a backup type's word; a word of no known type stays.
fn type_name(word: Cow<'_, str>) -> Cow<'_, str> {
    let known = BackupType::ALL.iter().find(|known| known.as_api_str().eq_ignore_ascii_case(&word));
    known.map_or(word, |known| Cow::Owned(known.name().to_owned()))
}

/// A thing that tables, indexes and exports can handle.
pub trait Row: Record {
    /// The word for one of these in files and names: `backup`, `schedule`.
    const NOUN: &'static str;
    /// What a table is sorted by at first.
    const DEFAULT_SORT: SortBy;
    /// The API's name of the field that [`Self::at`] is.
    const AT: &'static str;

    /// Every column, in the order shown at first. The order is a promise to scripts: new columns go to the end.
    fn columns() -> &'static [Column<Self>];
    /// The time the row belongs to: a backup's start, a schedule's creation. Newest first among equals.
    fn at(&self) -> Option<Timestamp> {
        self.facts().at
    }
    /// The status.
    fn status(&self) -> Option<&Status>;
    /// The backup type.
    fn backup_type(&self) -> Option<&BackupType>;
    /// The service's id (empty where there is none), and its name as the row gives it.
    fn service(&self) -> (&str, Option<&str>) {
        let facts = self.facts();
        (facts.service_id, facts.service_name)
    }
    /// It makes no backups for now; only schedules can be so.
    fn suspended(&self) -> bool {
        self.facts().suspended
    }

    /// What the history knows of it besides its fields, for a row of the history.
    fn sighting(&self) -> Option<&Sighting> {
        None
    }

    /// Whether the service still lists it, for a row of the history.
    fn seen_state(&self) -> Option<SeenState> {
        self.sighting().map(|sighting| sighting.state)
    }

    /// The fields of the row as the API writes them, each with its JSON text: fields this app does not know merged in, missing
    /// ones left out.
    fn json(&self) -> BTreeMap<String, String>;
    /// The row as a sentence, for screen readers; it calls the service what `context` calls it.
    fn name(&self, context: &CellContext<'_>) -> String;
    /// What to be wary of in the cell of this column.
    fn warning(&self, _key: &ColumnKey) -> Option<&'static str> {
        None
    }

    /// The column with this key.
    #[must_use]
    fn column(key: &str) -> Option<&'static Column<Self>> {
        Self::columns().iter().find(|column| column.key == key)
    }

    /// The value of one facet, as the API writes it; empty where there is none.
    fn facet(&self, facet: Facet) -> &str {
        match facet {
            Facet::Status => self.status().map_or("", Status::as_str),
            Facet::BackupType => self.backup_type().map_or("", BackupType::as_api_str),
            Facet::Service => self.service().0,
            Facet::State => self.seen_state().map_or("", SeenState::name),
        }
    }

    /// What the status means.
    fn status_kind(&self) -> StatusKind {
        self.status().map_or(StatusKind::Other, Status::kind)
    }

    /// How the sentence of [`Self::name`] begins: service and backup type. With space for the rest of it.
    fn subject(&self, names: &ServiceNames) -> String {
        let (id, name) = self.service();
        let backup_type = self.backup_type().map_or("", |backup_type| match backup_type {
            BackupType::BinaryLog => "binary log",
            other => other.as_api_str(),
        });
        // For every row in sight, in every frame while a screen reader listens.
        let mut subject = String::with_capacity(128);
        subject.push_str(&spoken(&names.label(id, name), "unknown service"));
        subject.push_str(", ");
        subject.push_str(&spoken(backup_type, "unknown type"));
        subject
    }

    /// The status inside a sentence.
    fn spoken_status(&self) -> Cow<'_, str> {
        spoken(self.facet(Facet::Status), "no status")
    }
}

/// Words from outside inside a sentence; `none` where there are none.
pub(super) fn spoken<'a>(text: &'a str, none: &'static str) -> Cow<'a, str> {
    if text.is_empty() { Cow::Borrowed(none) } else { sanitize_for_display(text) }
}

/// The fields of a row's unknown part (a JSON object as text), each with its value: words as they are, anything else as the
/// JSON it came in.
#[must_use]
pub fn unknown_fields(unknown: &str) -> Vec<(String, String)> {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(unknown).unwrap_or_default();
    let text = |raw: &RawValue| serde_json::from_str::<String>(raw.get()).unwrap_or_else(|_other| raw.get().to_owned());
    fields.into_iter().map(|(name, raw)| (name, text(raw))).collect()
}
