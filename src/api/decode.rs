//! Answers to rows. Takes every shape seen or feared of a list: page object, bare array, single object, null, nothing in it.
//!
//! A page in order is read in one go. Only where that fails is it read row by row, and such a row field by field, so that one
//! broken row costs that row, and one field of an unexpected type costs nothing.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::fields::{Lenient, read_raw};
use super::wire::{ApiRecord, Wire, WireBackup, WireSchedule, WireService, entries};
use crate::domain::{Backup, Schedule, Service};

/// One answer to a list request.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodedPage<R> {
    /// The rows, in the order of the answer.
    pub rows: Vec<R>,
    /// Rows that are no objects.
    pub unreadable: u32,
    /// `backups_count` and its like: perhaps the total, perhaps this page's.
    pub count: Option<u64>,
    /// `pages_count`: a hint.
    pub pages_count: Option<u64>,
}

impl<R> Default for DecodedPage<R> {
    fn default() -> Self {
        Self { rows: Vec::new(), unreadable: 0, count: None, pages_count: None }
    }
}

/// Why an answer could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// It is cut short, is no JSON, or is JSON of an unknown shape.
    #[error("The response was incomplete or in an unknown format")]
    Shape,
    /// The byte at this offset, counted from 0, belongs to no UTF-8 text.
    #[error("The answer is not UTF-8 text from its byte {0} on")]
    NotUtf8(usize),
}

impl DecodeError {
    /// What is wrong with bytes that are no answer.
    fn of(bytes: &[u8]) -> Self {
        match str::from_utf8(bytes) {
            // A character cut in two at the end is a cut answer.
            Err(error) if error.error_len().is_some() => Self::NotUtf8(error.valid_up_to()),
            _ => Self::Shape,
        }
    }
}

/// Reads an answer to `GET /skybackup/v1/backups` or `/backups/{service_id}`.
pub fn decode_backups(bytes: &[u8]) -> Result<DecodedPage<Backup>, DecodeError> {
    decode_page::<WireBackup>(bytes)
}

/// Reads an answer to `GET /skybackup/v1/backups/schedules`.
pub fn decode_schedules(bytes: &[u8]) -> Result<DecodedPage<Schedule>, DecodeError> {
    decode_page::<WireSchedule>(bytes)
}

/// Reads an answer to `GET /provisioning/v1/services`.
pub fn decode_services(bytes: &[u8]) -> Result<DecodedPage<Service>, DecodeError> {
    decode_page::<WireService>(bytes)
}

/// Reads an answer that is one schedule, or a list holding it. It must have an id.
pub(super) fn decode_schedule(bytes: &[u8]) -> Result<Schedule, DecodeError> {
    let first = decode_schedules(bytes)?.rows.into_iter().next();
    first.filter(|schedule| !schedule.id.is_empty()).ok_or(DecodeError::Shape)
}

/// The bytes behind a byte order mark.
pub(super) fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

pub(super) fn decode_page<W: Wire>(bytes: &[u8]) -> Result<DecodedPage<W::Row>, DecodeError> {
    let text = without_bom(bytes);
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let whole = deserializer.deserialize_any(PageVisitor::<W>(PhantomData));
    match whole.and_then(|page| deserializer.end().map(|()| page)) {
        Ok(page) => Ok(page),
        Err(_odd) => salvage_page::<W>(text).ok_or_else(|| DecodeError::of(bytes)),
    }
}

/// Reads a whole page in one go; fails at the first thing out of order.
struct PageVisitor<W>(PhantomData<W>);

impl<'de, W: Wire> Visitor<'de> for PageVisitor<W> {
    type Value = DecodedPage<W::Row>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(DecodedPage::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, rows: A) -> Result<Self::Value, A::Error> {
        let rows = RowsVisitor::<W>(PhantomData).visit_seq(rows)?;
        Ok(DecodedPage { rows, ..DecodedPage::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut page = DecodedPage::default();
        let (mut known_keys, mut other_keys) = (0_usize, 0_usize);
        while let Some(key) = map.next_key::<String>()? {
            if key == W::LIST {
                page.rows = map.next_value_seed(RowsVisitor::<W>(PhantomData))?;
            } else if key == W::COUNT {
                page.count = map.next_value_seed(Lenient::<u64>::new())?;
            } else if key == "pages_count" {
                page.pages_count = map.next_value_seed(Lenient::<u64>::new())?;
            } else {
                map.next_value::<IgnoredAny>()?;
                other_keys = other_keys.saturating_add(1);
                continue;
            }
            known_keys = known_keys.saturating_add(1);
        }
        if known_keys > 0 || other_keys == 0 { Ok(page) } else { Err(A::Error::custom("not a page")) }
    }
}

struct RowsVisitor<W>(PhantomData<W>);

impl<'de, W: Wire> Visitor<'de> for RowsVisitor<W> {
    type Value = Vec<W::Row>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = seq.next_element::<W>()? {
            rows.push(row.into_row());
        }
        Ok(rows)
    }
}

impl<'de, W: Wire> DeserializeSeed<'de> for RowsVisitor<W> {
    type Value = Vec<W::Row>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Reads a page piece by piece; `None` where it is no JSON or of no known shape.
fn salvage_page<W: Wire>(bytes: &[u8]) -> Option<DecodedPage<W::Row>> {
    let whole: &RawValue = serde_json::from_slice(bytes).ok()?;
    let mut page = DecodedPage::default();
    let Some(entries) = entries(whole.get()) else {
        salvage_rows::<W>(whole.get(), &mut page)?;
        return Some(page);
    };
    let mut is_page = entries.is_empty();
    for (key, value) in &entries {
        if key == W::LIST {
            is_page = true;
            salvage_rows::<W>(value.get(), &mut page)?;
        } else if key == W::COUNT {
            is_page = true;
            page.count = read_raw(value).ok().flatten();
        } else if key == "pages_count" {
            is_page = true;
            page.pages_count = read_raw(value).ok().flatten();
        }
    }
    if is_page { Some(page) } else { single::<W>(whole.get()) }
}

fn salvage_rows<W: Wire>(text: &str, page: &mut DecodedPage<W::Row>) -> Option<()> {
    if text.starts_with('{') {
        *page = DecodedPage { rows: single::<W>(text)?.rows, ..std::mem::take(page) };
        return Some(());
    }
    let rows: Option<Vec<&RawValue>> = serde_json::from_str(text).ok()?;
    for raw in rows.unwrap_or_default() {
        match serde_json::from_str::<W>(raw.get()).ok().or_else(|| W::decode_lenient(raw.get())) {
            Some(row) => page.rows.push(row.into_row()),
            None => page.unreadable = page.unreadable.saturating_add(1),
        }
    }
    Some(())
}

/// A row standing alone in place of a list. It must have an id: any other object could be anything.
fn single<W: Wire>(text: &str) -> Option<DecodedPage<W::Row>> {
    let row = serde_json::from_str::<W>(text).ok().or_else(|| W::decode_lenient(text))?.into_row();
    (!row.key().is_empty()).then(|| DecodedPage { rows: vec![row], ..DecodedPage::default() })
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
