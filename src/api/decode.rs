//! Responses to rows. Takes every shape seen or feared of a list: page object, bare array, single object, null, nothing in it.
//!
//! Each row is read on its own, and each field of it, so that a broken row costs that row, and a field of an unexpected type nothing.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::fields::Field as _;
use super::wire::{ApiRecord, RowVisitor};

/// One response to a list request.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodedPage<R> {
    /// The rows, in the order of the response.
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

/// Why a response could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// It is cut short, is no JSON, or is JSON of an unknown shape.
    #[error("The response was incomplete or in an unknown format")]
    Shape,
    /// The byte at this offset, counted from 0, belongs to no UTF-8 text.
    #[error("The response is not UTF-8 text from its byte {0} on")]
    NotUtf8(usize),
}

impl DecodeError {
    /// What is wrong with bytes that are no response.
    fn of(bytes: &[u8]) -> Self {
        match str::from_utf8(bytes) {
            // A character cut in two at the end is a cut response.
            Err(error) if error.error_len().is_some() => Self::NotUtf8(error.valid_up_to()),
            _ => Self::Shape,
        }
    }
}

/// Reads a response that is one row, or a list holding it. It must have an id.
pub(super) fn decode_single<R: ApiRecord>(bytes: &[u8]) -> Result<R, DecodeError> {
    let first = decode_page::<R>(bytes)?.rows.into_iter().next();
    first.filter(|row| !row.id().is_empty()).ok_or(DecodeError::Shape)
}

/// The bytes behind a byte order mark.
pub(super) fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Reads a response to a list request.
pub fn decode_page<R: ApiRecord>(bytes: &[u8]) -> Result<DecodedPage<R>, DecodeError> {
    let json = without_bom(bytes);
    let page = match read_whole(json, PageVisitor(PhantomData)) {
        Ok(Some(page)) => Some(page),
        // Not a page, so perhaps a row alone.
        Ok(None) => read_whole(json, RowsVisitor(PhantomData)).ok(),
        Err(_cut_or_odd) => None,
    };
    page.ok_or_else(|| DecodeError::of(bytes))
}

/// Reads JSON of any type, and nothing after it.
fn read_whole<'de, V: Visitor<'de>>(json: &'de [u8], visitor: V) -> serde_json::Result<V::Value> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = deserializer.deserialize_any(visitor)?;
    deserializer.end().map(|()| value)
}

/// Reads a page in any shape but that of a row alone: `None` for an object with no key of a page.
struct PageVisitor<R>(PhantomData<R>);

impl<'de, R: ApiRecord> Visitor<'de> for PageVisitor<R> {
    type Value = Option<DecodedPage<R>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Some(DecodedPage::default()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, rows: A) -> Result<Self::Value, A::Error> {
        RowsVisitor(PhantomData).visit_seq(rows).map(Some)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut page = DecodedPage::default();
        let (mut is_page, mut is_empty) = (false, true);
        while let Some(key) = map.next_key::<String>()? {
            is_empty = false;
            if key == R::LIST {
                let rows = map.next_value_seed(RowsVisitor(PhantomData))?;
                page = DecodedPage { count: page.count, pages_count: page.pages_count, ..rows };
            } else if key == R::COUNT {
                page.count = count_of(map.next_value()?);
            } else if key == "pages_count" {
                page.pages_count = count_of(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            is_page = true;
        }
        Ok((is_page || is_empty).then_some(page))
    }
}

fn count_of(json: &RawValue) -> Option<u64> {
    u64::from_json(json.get()).ok().flatten()
}

/// Reads a list, null, or a row in place of a list.
struct RowsVisitor<R>(PhantomData<R>);

impl<'de, R: ApiRecord> Visitor<'de> for RowsVisitor<R> {
    type Value = DecodedPage<R>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(DecodedPage::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut page = DecodedPage::default();
        while let Some(row) = seq.next_element::<&RawValue>()? {
            let mut row = serde_json::Deserializer::from_str(row.get());
            match row.deserialize_map(RowVisitor(PhantomData)) {
                Ok(row) => page.rows.push(row),
                Err(_no_row) => page.unreadable = page.unreadable.saturating_add(1),
            }
        }
        Ok(page)
    }

    /// It must have an id: any other object could be anything.
    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Self::Value, A::Error> {
        let row = R::read(entries)?;
        if row.id().is_empty() {
            return Err(A::Error::missing_field("id"));
        }
        Ok(DecodedPage { rows: vec![row], ..DecodedPage::default() })
    }
}

impl<'de, R: ApiRecord> DeserializeSeed<'de> for RowsVisitor<R> {
    type Value = DecodedPage<R>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
