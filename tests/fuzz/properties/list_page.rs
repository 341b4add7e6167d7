//! Answers to list requests: every row is there or counted, and nothing of a row is lost, too long or unseen.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use skybackup::api::{ApiRecord, DecodeError, DecodedPage, decode_page};
use skybackup::domain::{ApiTime, Backup, Schedule, Service, Zone};
use skybackup::grid::{CellContext, NO_NAMES, Row, json_array, json_text, unknown_fields};

use super::is_unseen;

/// Longest text of a cell on screen, in characters.
const LONGEST_CELL: usize = 256;
/// An escape such as `\u{e0001}` in place of one character.
const LONGEST_ESCAPE: usize = 10;

/// Reads the bytes as a page of each list.
pub fn check(bytes: &[u8]) {
    if let Ok(page) = decode_page::<Backup>(bytes) {
        check_count(bytes, "backups", &api_keys::<Backup>(), &page);
        check_rows(&page.rows, |row| &mut row.unknown, decode_page::<Backup>, without_writing_of_backup);
    }
    if let Ok(page) = decode_page::<Schedule>(bytes) {
        check_count(bytes, "schedules", &api_keys::<Schedule>(), &page);
        check_rows(&page.rows, |row| &mut row.unknown, decode_page::<Schedule>, without_writing_of_schedule);
    }
    if let Ok(page) = decode_page::<Service>(bytes) {
        let keys =
            ["id", "name", "status", "provider", "region", "topology", "version", "fqdn", "storage_volume"].as_slice();
        check_count(bytes, "services", keys, &page);
    }
}

fn api_keys<R: Row>() -> Vec<&'static str> {
    R::columns().iter().filter(|column| column.is_api_field).map(|column| column.key.as_str()).collect()
}

/// Each entry of a list is a row or is counted as unreadable, as a reader sees it that looks at nothing but the form.
fn check_count<R: ApiRecord>(bytes: &[u8], list: &str, keys: &[&str], page: &DecodedPage<R>) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // A part that is passed over may hold bytes that are no text.
    let Ok(whole) = serde_json::from_slice::<&RawValue>(bytes) else { return };
    let object: Option<Entries<'_>> = serde_json::from_str(whole.get()).ok();
    let lists = |object: &Entries<'_>| object.0.iter().filter(|(key, _)| key == list).count();
    let listed = match &object {
        // A list named twice has no one right reading; one that is missing, beside counts or nothing at all, is empty.
        Some(object) if lists(object) > 1 => return,
        Some(object) if lists(object) == 0 && object.is_page(list) => return assert_eq!(page.rows.len(), 0),
        Some(object) => object.0.iter().find(|(key, _)| key == list).map_or(whole, |(_, listed)| *listed),
        None => whole,
    };
    let entries = match serde_json::from_str::<Option<Vec<&RawValue>>>(listed.get()) {
        Ok(entries) => entries.unwrap_or_default(),
        Err(_single) => vec![listed],
    };
    let is_row = |entry: &&&RawValue| {
        let fields = serde_json::from_str::<Entries<'_>>(entry.get());
        fields.is_ok_and(|fields| keys.iter().all(|key| fields.0.iter().filter(|(name, _)| name == key).count() < 2))
    };
    assert_eq!(page.rows.len(), entries.iter().filter(is_row).count(), "each object that says nothing twice is a row");
    assert_eq!(page.rows.len() + page.unreadable as usize, entries.len(), "the rest is counted");
}

/// The names and values of an object, in order, repeats included.
struct Entries<'a>(Vec<(String, &'a RawValue)>);

impl Entries<'_> {
    fn is_page(&self, list: &str) -> bool {
        let count = format!("{list}_count");
        self.0.is_empty() || self.0.iter().any(|(key, _)| *key == count || key == "pages_count")
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                std::iter::from_fn(|| map.next_entry().transpose()).collect()
            }
        }

        deserializer.deserialize_map(Object).map(Entries)
    }
}

fn check_rows<R: Row + ApiRecord + PartialEq + fmt::Debug>(
    rows: &[R],
    unknown: impl Fn(&mut R) -> &mut Option<Box<str>>,
    decode: impl Fn(&[u8]) -> Result<DecodedPage<R>, DecodeError>,
    comparable: impl Fn(&R) -> R,
) {
    let zone = Zone::utc();
    let context = CellContext { zone: &zone, now: Timestamp::UNIX_EPOCH, names: &NO_NAMES };
    for row in rows {
        for column in R::columns() {
            let cell = column.cell(row, &context);
            assert!(!cell.chars().any(is_unseen), "{}: {cell:?}", column.key.as_str());
            assert!(cell.chars().count() <= LONGEST_CELL * LONGEST_ESCAPE, "{}: {cell:?}", column.key.as_str());
        }
        // Reading a row's own JSON gives the same row; fields without a place are shown beside it, not read again.
        let mut known = row.clone();
        let not_shown = unknown(&mut known).take();
        let json = json_array([known.clone()]);
        let again = decode(json.as_bytes()).unwrap();
        assert_eq!((again.rows.len(), again.unreadable), (1, 0), "{json}");
        assert_eq!(comparable(&again.rows[0]), comparable(&known), "{json}");
        assert_eq!(again.rows[0].json().get("labels"), known.json().get("labels"), "{json}");
        if let Some(unknown) = not_shown {
            check_unknown(&unknown, &json_text(row));
        }
    }
}

/// The fields without a place are one JSON object, and every one of them can be seen.
fn check_unknown(unknown: &str, json: &str) {
    let json: BTreeMap<String, &RawValue> = serde_json::from_str(json).unwrap();
    assert!(unknown.starts_with('{') && serde_json::from_str::<&RawValue>(unknown).is_ok(), "{unknown}");
    let fields = unknown_fields(unknown);
    assert!(!fields.is_empty(), "{unknown}");
    for (key, _) in fields {
        assert!(json.contains_key(&key), "{key} of {unknown}");
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

fn name_zone(moment: &mut Option<ApiTime>) {
    if let Some(at) = moment.as_ref().and_then(ApiTime::at) {
        *moment = Some(ApiTime::At(at));
    }
}
