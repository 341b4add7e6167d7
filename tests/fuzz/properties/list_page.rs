//! Answers to list requests: every row is there or counted, and nothing of a row is lost, too long or unseen.

use std::collections::HashSet;
use std::fmt;

use jiff::Timestamp;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use skybackup::api::{DecodeError, DecodedPage, Listed, decode_backups, decode_schedules, decode_services};
use skybackup::domain::{Backup, Moment, Schedule, Zone};
use skybackup::grid::{CellContext, Row, unknown_fields};

use super::is_unseen;

/// Longest text of a cell on screen, in characters.
const LONGEST_CELL: usize = 256;
/// An escape such as `\u{e0001}` in place of one character.
const LONGEST_ESCAPE: usize = 10;

/// Reads the bytes as a page of each list.
pub fn check(bytes: &[u8]) {
    if let Ok(page) = decode_backups(bytes) {
        check_count(bytes, "backups", &page);
        check_rows(&page.rows, |row| row.unknown.as_deref(), decode_backups, without_writing_of_backup);
    }
    if let Ok(page) = decode_schedules(bytes) {
        check_count(bytes, "schedules", &page);
        check_rows(&page.rows, |row| row.unknown.as_deref(), decode_schedules, without_writing_of_schedule);
    }
    if let Ok(page) = decode_services(bytes) {
        check_count(bytes, "services", &page);
    }
}

/// Each entry of a list is a row or is counted as unreadable, as a plain JSON reader sees it.
fn check_count<R: Listed>(bytes: &[u8], list: &str, page: &DecodedPage<R>) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // The plain reader refuses what is nested deeper than it goes, or what holds a number beyond its range.
    let Ok(whole) = serde_json::from_slice::<Value>(bytes) else { return };
    let listed = match &whole {
        Value::Object(object) => object.get(list).unwrap_or(&whole),
        other => other,
    };
    let entries = match listed {
        Value::Array(entries) => entries.as_slice(),
        Value::Null => &[],
        object => std::slice::from_ref(object),
    };
    let objects = entries.iter().filter(|entry| entry.is_object()).count();
    if key_repeats(bytes, list) || is_empty_page(&whole, list) {
        return;
    }
    assert_eq!(page.rows.len() + page.unreadable as usize, entries.len(), "each entry is a row or is counted");
    // An object that says one thing twice is no row.
    if serde_json::from_slice::<WithoutRepeats>(bytes).is_ok() {
        assert_eq!(page.rows.len(), objects, "each object is a row");
    }
}

/// Any JSON in which no object has a key twice.
struct WithoutRepeats;

impl<'de> Deserialize<'de> for WithoutRepeats {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WithoutRepeats)
    }
}

impl<'de> Visitor<'de> for WithoutRepeats {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without repeated keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        let mut keys = HashSet::new();
        while let Some((key, WithoutRepeats)) = map.next_entry::<String, Self>()? {
            if !keys.insert(key) {
                return Err(A::Error::custom("a key repeats"));
            }
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self, A::Error> {
        while seq.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }
}

/// A list named more than once has no one right reading.
fn key_repeats(bytes: &[u8], list: &str) -> bool {
    let key = serde_json::to_string(list).unwrap();
    let text = String::from_utf8_lossy(bytes);
    text.matches(&key).count() > 1 || text.contains("\\u")
}

/// An object with nothing in it, or with counts and no list, is a page without rows.
fn is_empty_page(whole: &Value, list: &str) -> bool {
    let count = format!("{list}_count");
    let Value::Object(object) = whole else { return false };
    !object.contains_key(list)
        && (object.is_empty() || object.contains_key("pages_count") || object.contains_key(&count))
}

fn check_rows<R: Row + Listed + PartialEq + std::fmt::Debug>(
    rows: &[R],
    unknown: impl Fn(&R) -> Option<&str>,
    decode: impl Fn(&[u8]) -> Result<DecodedPage<R>, DecodeError>,
    comparable: impl Fn(&R) -> R,
) {
    let zone = Zone::utc();
    let context = CellContext { zone: &zone, now: Timestamp::UNIX_EPOCH };
    for row in rows {
        for column in R::columns() {
            let cell = column.cell(row, &context);
            assert!(!cell.chars().any(is_unseen), "{}: {cell:?}", column.key);
            assert!(cell.chars().count() <= LONGEST_CELL * LONGEST_ESCAPE, "{}: {cell:?}", column.key);
        }
        // Reading a row's own JSON gives the same row; fields without a place are shown beside it, not read again.
        let mut known = row.clone();
        known.keep_unknown(None);
        let json = Value::Array(vec![known.json()]).to_string();
        let again = decode(json.as_bytes()).unwrap();
        assert_eq!((again.rows.len(), again.unreadable), (1, 0), "{json}");
        assert_eq!(comparable(&again.rows[0]), comparable(&known), "{json}");
        assert_eq!(again.rows[0].json().get("labels").is_some(), known.json().get("labels").is_some(), "{json}");
        if let Some(unknown) = unknown(row) {
            check_unknown(unknown, &row.json());
        }
    }
}

/// The fields without a place are one JSON object, and every one of them can be seen.
fn check_unknown(unknown: &str, json: &Value) {
    assert!(unknown.starts_with('{') && serde_json::from_str::<&RawValue>(unknown).is_ok(), "{unknown}");
    let fields = unknown_fields(unknown);
    assert!(!fields.is_empty(), "{unknown}");
    for (key, _) in fields {
        assert!(json.get(&key).is_some(), "{key} of {unknown}");
    }
}

/// What may differ after a round trip: whether a time named its zone, and how numbers are written in labels.
fn without_writing_of_backup(row: &Backup) -> Backup {
    let mut row = row.clone();
    for moment in [&mut row.start_time, &mut row.end_time, &mut row.point_in_time] {
        name_zone(moment);
    }
    row
}

fn without_writing_of_schedule(row: &Schedule) -> Schedule {
    let mut row = Schedule { labels: None, ..row.clone() };
    for moment in [&mut row.created_at, &mut row.updated_at, &mut row.scheduled_at] {
        name_zone(moment);
    }
    row
}

fn name_zone(moment: &mut Option<Moment>) {
    if let Some(at) = moment.as_ref().and_then(Moment::at) {
        *moment = Some(Moment::At(at));
    }
}
