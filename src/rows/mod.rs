//! The rows of a list, kept in columns.
//!
//! A million backups as structs take most of a gigabyte, nearly all of it words that repeat. Here rows lie in chunks of
//! [`CHUNK_ROWS`], and a chunk keeps one vector for each field: words as numbers into a dictionary, times and sizes as
//! integers, the parts of an id that other fields hold too not at all. A row whose values have another form is kept whole beside
//! them, so that what is read is exactly what was put in. Chunks never change: a list that grows shares the full ones with what
//! was shown of it before, and nothing copies a whole list.
//!
//! Owns: [`Rows`], the builder that collects them, the columns of a chunk.
//! May import: `std`, `domain`, `jiff`, `rustc-hash`.
//! Must never: know egui, a table's columns or the wire; do input or output.

mod backups;
mod builder;
mod cells;
mod ids;
mod numbers;
mod plain;
mod sightings;
mod times;
mod words;

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::Text;

pub use backups::{BackupChunk, FactColumns};
pub use builder::RowsBuilder;
pub use cells::{Cell, Cells};
pub use ids::{IdParts, Ids, id_tag, to_hex};
pub use numbers::Numbers;
pub use plain::PlainChunk;
pub use times::Times;
pub use words::Words;

/// Rows in each chunk but the last one, so that a row number tells where its row is.
pub const CHUNK_ROWS: usize = 1 << 14;

/// A record that comes in lists.
pub trait Record: Clone + fmt::Debug + Default + PartialEq + Send + Sync + 'static {
    /// How lists keep some thousand of them.
    type Chunk: Chunk<Self>;

    /// The id that rows are told apart by; empty where the API gave none.
    fn id(&self) -> &str;

    /// What filters and sums look at.
    fn facts(&self) -> Facts<'_>;
}

/// What filters, menus and sums look at in each of many rows, borrowed from where it is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts<'a> {
    /// The status word; empty where there is none.
    pub status: &'a str,
    /// The backup type as the API writes it; empty where there is none.
    pub backup_type: &'a str,
    /// The id of the service; empty where there is none.
    pub service_id: &'a str,
    /// The name of the service.
    pub service_name: Option<&'a str>,
    /// The time the row belongs to.
    pub at: Option<Timestamp>,
    /// When a backup ended.
    pub end: Option<Timestamp>,
    /// The size that sums add up.
    pub bytes: Option<u64>,
    /// It makes no backups for now.
    pub suspended: bool,
    /// Whether the service still lists it, in a word; empty for a row that is not of the history.
    pub state: &'a str,
}

/// Some thousand rows. Positions count from 0 within the chunk.
pub trait Chunk<R>: Clone + fmt::Debug + Default + Send + Sync + 'static {
    /// How many rows there are.
    fn len(&self) -> usize;
    /// True where there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Adds a row at the end; at most [`CHUNK_ROWS`].
    fn push(&mut self, row: R);
    /// Nothing more is added: gives up what only adding needs.
    fn seal(&mut self);
    /// The row, equal to the one that was added.
    fn get(&self, at: usize) -> Option<R>;
    /// The id of a row.
    fn id(&self, at: usize) -> Option<Text>;
    /// Whether the row has this id, without putting its id together.
    fn has_id(&self, at: usize, id: &str) -> bool;
    /// The second of the time that a row belongs to.
    fn second(&self, at: usize) -> Option<i64> {
        self.facts(at)?.at.map(Timestamp::as_second)
    }
    /// What filters look at in a row.
    fn facts(&self, at: usize) -> Option<Facts<'_>>;
    /// How the values of a column are kept, for work on many rows at once; `key` is the API's name of the field, or `duration`.
    fn cells(&self, key: &str) -> Cells<'_>;
}

/// The rows of one listing, shared and never changed.
pub struct Rows<R: Record> {
    chunks: Arc<[Arc<R::Chunk>]>,
    len: usize,
}

impl<R: Record> Rows<R> {
    /// These rows, in this order.
    #[must_use]
    pub fn new(rows: impl IntoIterator<Item = R>) -> Self {
        let mut builder = RowsBuilder::new();
        for row in rows {
            builder.push(row);
        }
        builder.finish()
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// True where there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The chunks, each full but the last one.
    #[must_use]
    pub fn chunks(&self) -> &[Arc<R::Chunk>] {
        &self.chunks
    }

    /// The chunk that holds a row, and its position there.
    fn locate(&self, at: u32) -> Option<(&R::Chunk, usize)> {
        let at = usize::try_from(at).ok()?;
        Some((self.chunks.get(at / CHUNK_ROWS)?, at % CHUNK_ROWS))
    }

    /// The row at a position.
    #[must_use]
    pub fn get(&self, at: u32) -> Option<R> {
        let (chunk, at) = self.locate(at)?;
        chunk.get(at)
    }

    /// The id of the row at a position.
    #[must_use]
    pub fn id(&self, at: u32) -> Option<Text> {
        let (chunk, at) = self.locate(at)?;
        chunk.id(at)
    }

    /// Whether the row at a position has this id.
    #[must_use]
    pub fn has_id(&self, at: u32, id: &str) -> bool {
        self.locate(at).is_some_and(|(chunk, at)| chunk.has_id(at, id))
    }

    /// The positions of all rows with this id; more than one only where rows have none.
    pub fn positions<'a>(&'a self, id: &'a str) -> impl Iterator<Item = u32> + 'a {
        (0..).take(self.len).filter(move |&at| self.has_id(at, id))
    }

    /// The first row with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<R> {
        self.positions(id).next().and_then(|at| self.get(at))
    }

    /// The second of the time that the row at a position belongs to.
    #[must_use]
    pub fn second(&self, at: u32) -> Option<i64> {
        let (chunk, at) = self.locate(at)?;
        chunk.second(at)
    }

    /// What filters look at in the row at a position.
    #[must_use]
    pub fn facts(&self, at: u32) -> Option<Facts<'_>> {
        let (chunk, at) = self.locate(at)?;
        chunk.facts(at)
    }

    /// What filters look at in the rows from a position on.
    pub fn facts_from(&self, at: usize) -> impl Iterator<Item = Facts<'_>> + '_ {
        let chunks = self.chunks.iter().enumerate().skip(at / CHUNK_ROWS);
        chunks.flat_map(move |(number, chunk)| {
            let first = at.saturating_sub(number * CHUNK_ROWS);
            (first..chunk.len()).filter_map(|at| chunk.facts(at))
        })
    }

    /// All rows, each put together as it is asked for.
    pub fn iter(&self) -> impl Iterator<Item = R> + '_ {
        self.chunks.iter().flat_map(|chunk| (0..chunk.len()).filter_map(|at| chunk.get(at)))
    }

    /// What filters look at in all rows.
    pub fn all_facts(&self) -> impl Iterator<Item = Facts<'_>> + '_ {
        self.facts_from(0)
    }
}

impl<R: Record> Clone for Rows<R> {
    fn clone(&self) -> Self {
        Self { chunks: Arc::clone(&self.chunks), len: self.len }
    }
}

impl<R: Record> Default for Rows<R> {
    fn default() -> Self {
        Self { chunks: Arc::default(), len: 0 }
    }
}

impl<R: Record> fmt::Debug for Rows<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<R: Record> PartialEq for Rows<R> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl<R: Record> FromIterator<R> for Rows<R> {
    fn from_iter<I: IntoIterator<Item = R>>(rows: I) -> Self {
        Self::new(rows)
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::odd_backup;
