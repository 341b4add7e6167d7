//! The values of one column, as sorting asks for them: from the columns the rows are kept in where that tells, else from the rows.

use std::borrow::Cow;

use jiff::Timestamp;
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use rustc_hash::FxHashMap;

use super::chunk_words::{ChunkWords, Codes};
use super::column_cells::locate;
use super::rank::push_words;
use super::{Column, Direction, Kind, Row, ServiceNames, Value};
use crate::rows::{Cell, Cells, Chunk as _, IdParts, Rows};

/// More different words than this in all chunks together are compared, not ranked. Small, so that words chosen to collide gain
/// nothing.
const MAX_RANKED: usize = 1 << 17;

/// What a row holds in a column.
pub(super) enum Found {
    /// A typed value; unsigned order is its order.
    Number(u64),
    /// Words.
    Words,
    /// Nothing.
    Empty,
}

/// A sort key at work.
pub(super) struct SortKey<'r, R: Row> {
    rows: &'r Rows<R>,
    column: &'static Column<R>,
    direction: Direction,
    now: Timestamp,
    names: &'r ServiceNames,
    /// Of each chunk.
    cells: Vec<Cells<'r>>,
    ranks: Option<Ranks<'r>>,
}

impl<'r, R: Row> SortKey<'r, R> {
    pub(super) fn new(
        rows: &'r Rows<R>,
        column: &'static Column<R>,
        direction: Direction,
        now: Timestamp,
        names: &'r ServiceNames,
    ) -> Self {
        let mut cells: Vec<Cells<'r>> = rows.chunks().iter().map(|chunk| chunk.cells(column.key.as_str())).collect();
        // Digits in an unusual form have their place among the others, so that all are read as words then.
        if cells.iter().any(|cells| matches!(cells, Cells::Digits(numbers) if numbers.has_odd())) {
            cells.fill(Cells::InRows);
        }
        let ranks = Ranks::new(&cells, column, direction, names);
        Self { rows, column, direction, now, names, cells, ranks }
    }

    pub(super) fn direction(&self) -> Direction {
        self.direction
    }

    pub(super) fn kind(&self) -> Kind {
        self.column.kind
    }

    /// How many ranks the words of this column have; `None` where they are not ranked.
    pub(super) fn rank_count(&self) -> Option<usize> {
        self.ranks.as_ref().map(|ranks| ranks.count)
    }

    /// The rank of a row's words: small ones first, none last.
    pub(super) fn rank(&self, row: u32) -> usize {
        let (chunk, at) = locate(row);
        self.ranks.as_ref().and_then(|ranks| ranks.chunks.get(chunk)).map_or(0, |chunk| chunk.rank(at))
    }

    /// Whether rows with the same value are of the same age.
    pub(super) fn tells_age(&self) -> bool {
        self.column.key.as_str() == R::AT
    }

    fn value(&self, row: u32, take: impl FnOnce(Value<'_>)) {
        if let Some(row) = self.rows.get(row) {
            take(self.column.named_value(&row, self.now, self.names));
        }
    }

    /// What a row holds.
    pub(super) fn find(&self, row: u32) -> Found {
        let (chunk, at) = locate(row);
        match self.cells.get(chunk) {
            Some(Cells::Words(words)) => found(words.get(at).unwrap_or_default()),
            Some(cells @ Cells::Ids { .. }) => match cells.id_parts(at) {
                None | Some(IdParts::Whole("")) => Found::Empty,
                Some(_) => Found::Words,
            },
            Some(cells) => match cells.number(at) {
                Cell::Number(number) if matches!(cells, Cells::Times(_)) => {
                    Found::Number(ordered(number.cast_signed()))
                }
                Cell::Number(number) => Found::Number(number),
                Cell::Empty => Found::Empty,
                Cell::InRow => self.find_in_row(row),
            },
            None => Found::Empty,
        }
    }

    fn find_in_row(&self, row: u32) -> Found {
        let mut found = Found::Empty;
        self.value(row, |value| {
            found = match value {
                Value::Integer(number) => Found::Number(ordered(number)),
                Value::Bytes(number) | Value::Seconds(number) => Found::Number(number),
                Value::Instant(at) | Value::EitherInstant(at, _) => Found::Number(ordered(at.as_microsecond())),
                Value::Flag(flag) => Found::Number(u64::from(flag)),
                Value::Text(_) => Found::Words,
                Value::Empty => Found::Empty,
            }
        });
        found
    }

    /// Whether the words of every row, where it has any, begin with a number in hex digits.
    pub(super) fn is_hex(&self) -> bool {
        self.cells.iter().all(|cells| matches!(cells, Cells::Ids { ids, .. } if !ids.has_texts()))
    }

    /// The number in hex digits that the words of a row begin with.
    pub(super) fn hex(&self, row: u32) -> Option<u128> {
        let (chunk, at) = locate(row);
        match self.cells.get(chunk)?.id_parts(at)? {
            IdParts::Hex(hex) => Some(hex),
            IdParts::Joined(_) | IdParts::Whole(_) => None,
        }
    }

    /// The words of a row; `scratch` is where they are put together.
    pub(super) fn words<'s>(&'s self, row: u32, scratch: &'s mut String) -> &'s str {
        let (chunk, at) = locate(row);
        scratch.clear();
        match self.cells.get(chunk) {
            Some(Cells::Words(words)) if self.kind() != Kind::BackupType => {
                return words.get(at).unwrap_or_default();
            }
            Some(Cells::Ids { ids, services, pods }) => match ids.parts(at) {
                Some(IdParts::Whole(text)) => return text,
                _ => ids.push_to(scratch, at, [services, pods]),
            },
            _ => self.value(row, |value| {
                if let Value::Text(text) = value {
                    scratch.push_str(&text);
                }
            }),
        }
        scratch
    }
}

fn found(words: &str) -> Found {
    if words.is_empty() { Found::Empty } else { Found::Words }
}

/// A signed number as an unsigned one of the same order.
fn ordered(number: i64) -> u64 {
    number.cast_unsigned() ^ (1 << 63)
}

/// A number for the words of each row, in their order. Words of one key, such as those that differ only in case, share one.
struct Ranks<'r> {
    chunks: Vec<ChunkRanks<'r>>,
    /// The last is that of no words.
    count: usize,
}

struct ChunkRanks<'r> {
    codes: Codes<'r>,
    /// Of each code.
    ranks: Vec<usize>,
}

impl ChunkRanks<'_> {
    fn rank(&self, at: usize) -> usize {
        self.codes.all().get(at).and_then(|code| self.ranks.get(usize::from(*code))).copied().unwrap_or(0)
    }
}

impl<'r> Ranks<'r> {
    /// `None` where the column does not hold words, or too many different ones.
    fn new<R: Row>(
        cells: &[Cells<'r>],
        column: &Column<R>,
        direction: Direction,
        names: &'r ServiceNames,
    ) -> Option<Self> {
        let most = cells.iter().map(|cells| if let Cells::Words(words) = cells { words.word_count() } else { 0 });
        if cells.is_empty() || most.sum::<usize>() > MAX_RANKED {
            return None;
        }
        let chunks: Option<Vec<ChunkWords<'r>>> =
            cells.par_iter().map(|cells| ChunkWords::new(cells, column, names)).collect();
        let chunks =
            chunks.filter(|chunks| chunks.iter().map(|chunk| chunk.words.len()).sum::<usize>() <= 2 * MAX_RANKED)?;
        let mut keys: FxHashMap<&str, usize> = FxHashMap::default();
        for word in chunks.iter().flat_map(|chunk| &chunk.words).filter(|word| !word.is_empty()) {
            keys.insert(word, 0);
        }
        let key_of = |word: &str| {
            let mut key = Vec::with_capacity(word.len() + 8);
            push_words(&mut key, column.kind, direction, word);
            key
        };
        let mut sorted: Vec<(Vec<u8>, &str)> = keys.keys().map(|word| (key_of(word), *word)).collect();
        sorted.sort_unstable();
        if direction == Direction::Descending {
            sorted.reverse();
        }
        let mut count = 0;
        for words in sorted.chunk_by(|a, b| a.0 == b.0) {
            keys.extend(words.iter().map(|(_, word)| (*word, count)));
            count += 1;
        }
        // No words come last.
        let rank = |word: &Cow<'r, str>| keys.get(&**word).copied().unwrap_or(count);
        let ranks: Vec<Vec<usize>> = chunks.iter().map(|chunk| chunk.words.iter().map(rank).collect()).collect();
        let chunks = chunks.into_iter().zip(ranks).map(|(chunk, ranks)| ChunkRanks { codes: chunk.codes, ranks });
        Some(Self { chunks: chunks.collect(), count: count + 1 })
    }
}
