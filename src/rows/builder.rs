//! Collects the rows of a list, page by page.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use rustc_hash::FxBuildHasher;

use super::{CHUNK_ROWS, Chunk as _, Record, Rows};

/// A list that grows. What it holds can be shown at any time: that copies one chunk at most.
pub struct RowsBuilder<R: Record> {
    full: Vec<Arc<R::Chunk>>,
    last: R::Chunk,
    /// Rows that others have taken the place of, until the chunks they are in are made anew.
    replaced: BTreeMap<usize, R>,
    positions: Positions,
}

/// Where the row of an id is. A million ids are too long to keep twice: kept is half of a hash of each, and the row tells
/// whether it is the one.
#[derive(Default)]
struct Positions {
    hasher: RandomState,
    /// The keys are hashes already.
    rows: HashMap<u32, u32, FxBuildHasher>,
}

impl Positions {
    /// The position of the row with this id, or `next` as its position from now on.
    fn find_or_insert(&mut self, id: &str, next: usize, has_id: impl Fn(u32) -> bool) -> Option<u32> {
        let Ok(next) = u32::try_from(next) else { return None };
        let hash = self.hasher.hash_one(id).to_ne_bytes();
        let [a, b, c, d, ..] = hash;
        let mut key = u32::from_ne_bytes([a, b, c, d]);
        loop {
            match self.rows.entry(key) {
                std::collections::hash_map::Entry::Vacant(free) => {
                    free.insert(next);
                    return None;
                }
                std::collections::hash_map::Entry::Occupied(taken) if has_id(*taken.get()) => {
                    return Some(*taken.get());
                }
                // Another id with the same half of a hash.
                std::collections::hash_map::Entry::Occupied(_) => key = key.wrapping_add(1),
            }
        }
    }
}

impl<R: Record> Default for RowsBuilder<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R: Record> RowsBuilder<R> {
    /// An empty list.
    #[must_use]
    pub fn new() -> Self {
        Self { full: Vec::new(), last: R::Chunk::default(), replaced: BTreeMap::new(), positions: Positions::default() }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.full.len() * CHUNK_ROWS + self.last.len()
    }

    /// True where there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many different ids were put.
    #[must_use]
    pub fn ids(&self) -> usize {
        self.positions.rows.len()
    }

    /// The row at a position, or the one that took its place.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<R> {
        if let Some(row) = self.replaced.get(&at) {
            return Some(row.clone());
        }
        let chunk = self.full.get(at / CHUNK_ROWS).map_or(&self.last, |chunk| &**chunk);
        chunk.get(at % CHUNK_ROWS)
    }

    /// Adds a row, whatever its id is.
    pub fn push(&mut self, row: R) {
        self.last.push(row);
        if self.last.len() >= CHUNK_ROWS {
            let mut full = std::mem::take(&mut self.last);
            full.seal();
            self.full.push(Arc::new(full));
        }
    }

    /// Adds a row, or puts it in the place of the one that was put with the same id: then true. Rows without an id are never
    /// taken for one another.
    pub fn put(&mut self, row: R) -> bool {
        let known = if row.id().is_empty() {
            None
        } else {
            let (full, last, id) = (&self.full, &self.last, row.id());
            let has_id = |at: u32| {
                let at = usize::try_from(at).unwrap_or(usize::MAX);
                full.get(at / CHUNK_ROWS)
                    .map_or_else(|| last.has_id(at % CHUNK_ROWS, id), |chunk| chunk.has_id(at % CHUNK_ROWS, id))
            };
            self.positions.find_or_insert(id, self.full.len() * CHUNK_ROWS + self.last.len(), has_id)
        };
        let Some(at) = known.and_then(|at| usize::try_from(at).ok()) else {
            self.push(row);
            return false;
        };
        self.replaced.insert(at, row);
        true
    }

    /// The rows so far.
    #[must_use]
    pub fn rows(&self) -> Rows<R> {
        let mut chunks: Vec<Arc<R::Chunk>> = self.full.clone();
        if !self.last.is_empty() {
            let mut last = self.last.clone();
            last.seal();
            chunks.push(Arc::new(last));
        }
        with_replaced(chunks, &self.replaced)
    }

    /// The whole list.
    #[must_use]
    pub fn finish(self) -> Rows<R> {
        let Self { full: mut chunks, mut last, replaced, .. } = self;
        if !last.is_empty() {
            last.seal();
            chunks.push(Arc::new(last));
        }
        with_replaced(chunks, &replaced)
    }
}

/// Makes the chunks anew in which rows were replaced.
fn with_replaced<R: Record>(mut chunks: Vec<Arc<R::Chunk>>, replaced: &BTreeMap<usize, R>) -> Rows<R> {
    let mut changed: Vec<usize> = replaced.keys().map(|at| at / CHUNK_ROWS).collect();
    changed.dedup();
    for number in changed {
        let Some(chunk) = chunks.get_mut(number) else { continue };
        let mut anew = R::Chunk::default();
        for at in 0..chunk.len() {
            if let Some(row) = replaced.get(&(number * CHUNK_ROWS + at)).cloned().or_else(|| chunk.get(at)) {
                anew.push(row);
            }
        }
        anew.seal();
        *chunk = Arc::new(anew);
    }
    let len = chunks.iter().map(|chunk| chunk.len()).sum();
    Rows { chunks: chunks.into(), len }
}

/// Goes on with a list that was ended before; what it holds counts as put.
impl<R: Record> From<&Rows<R>> for RowsBuilder<R> {
    fn from(rows: &Rows<R>) -> Self {
        let mut builder = Self::new();
        for chunk in rows.chunks() {
            for at in 0..chunk.len() {
                let id = chunk.id(at).unwrap_or_default();
                if !id.is_empty() {
                    let next = builder.full.len() * CHUNK_ROWS + at;
                    // The ids of one list differ, so nothing is compared.
                    builder.positions.find_or_insert(&id, next, |_| false);
                }
            }
            if chunk.len() == CHUNK_ROWS {
                builder.full.push(Arc::clone(chunk));
            } else {
                builder.last = R::Chunk::clone(chunk);
            }
        }
        builder
    }
}
