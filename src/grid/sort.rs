//! Sorting many rows by any column on its real values.
//!
//! Keys are copied beside the row numbers before sorting, which is several times faster than following the row numbers
//! into the rows. A column is sorted strongest key first; only runs of equal rows are looked at again by the next key,
//! and at last by time, newest first. Three parts keep their place in both directions: typed values, then words among
//! them that could not be read as such, then empty cells.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use jiff::Timestamp;

use super::{Column, Direction, Kind, Row, SortBy, Value};
use crate::domain::{Status, StatusKind};

/// Puts the row numbers of `order` into the order the sort keys ask for. Unknown keys are passed over.
pub(super) fn sort<R: Row>(rows: &[R], order: &mut [u32], keys: &[SortBy], now: Timestamp) {
    let keys: Vec<(&Column<R>, Direction)> =
        keys.iter().filter_map(|key| R::column(&key.key).map(|column| (column, key.direction))).collect();
    Sorter { rows, ages: ages(rows, order), now }.sort_by(order, &keys);
}

/// For each row of the order, by its number: the seconds it is older than the newest one. Kept apart from the rows, so
/// that looking one up costs little.
fn ages<R: Row>(rows: &[R], order: &[u32]) -> Vec<u32> {
    let mut ages = vec![u32::MAX; rows.len()];
    let at = |row: u32| rows.get(usize::try_from(row).ok()?)?.at().map(Timestamp::as_second);
    let Some(newest) = order.iter().filter_map(|&row| at(row)).max() else {
        return ages;
    };
    for &row in order {
        let age = at(row).and_then(|second| u32::try_from(newest - second).ok());
        if let (Some(age), Some(place)) = (age, usize::try_from(row).ok().and_then(|row| ages.get_mut(row))) {
            *place = age;
        }
    }
    ages
}

struct Sorter<'r, R: Row> {
    rows: &'r [R],
    ages: Vec<u32>,
    now: Timestamp,
}

/// One column's values, copied out of the rows.
#[derive(Default)]
struct Parts {
    /// Typed values, mapped so that unsigned order is the wanted order; then age; then the row. In one number, because
    /// such are sorted twice as fast as three.
    numbers: Vec<u128>,
    /// Rows that hold words.
    texts: Vec<u32>,
    /// Rows that hold nothing.
    empty: Vec<u32>,
}

impl<'r, R: Row> Sorter<'r, R> {
    fn row(&self, at: u32) -> Option<&'r R> {
        self.rows.get(usize::try_from(at).ok()?)
    }

    /// Age and row in one number: the order of rows that are equal in all else.
    fn aged(&self, at: u32) -> u64 {
        let age = usize::try_from(at).ok().and_then(|at| self.ages.get(at)).copied().unwrap_or(u32::MAX);
        u64::from(age) << 32 | u64::from(at)
    }

    /// The words of a cell, if it holds words.
    fn words(&self, column: &Column<R>, at: u32) -> Cow<'r, str> {
        match self.row(at).map(|row| (column.value)(row, self.now)) {
            Some(Value::Text(text)) => text,
            _ => Cow::Borrowed(""),
        }
    }

    fn sort_by(&self, order: &mut [u32], keys: &[(&Column<R>, Direction)]) {
        if order.len() < 2 {
            return;
        }
        let Some((&(column, direction), rest)) = keys.split_first() else {
            self.sort_by_age(order);
            return;
        };
        let Parts { mut numbers, texts, empty } = self.parts(column, direction, order);
        numbers.sort_unstable();
        let (typed, others) = order.split_at_mut(numbers.len().min(order.len()));
        copy(typed, numbers.iter().map(|&number| row_of(number)));
        if !rest.is_empty() {
            runs(typed, &numbers, |a, b| a >> 64 == b >> 64, |run| self.sort_by(run, rest));
        }
        drop(numbers);
        let (worded, blank) = others.split_at_mut(texts.len().min(others.len()));
        copy(worded, texts);
        self.sort_words(worded, column, direction, rest);
        copy(blank, empty);
        self.sort_by(blank, rest);
    }

    fn parts(&self, column: &Column<R>, direction: Direction, order: &[u32]) -> Parts {
        let mut parts = Parts::default();
        for &at in order {
            let Some(row) = self.row(at) else { continue };
            let number = match (column.value)(row, self.now) {
                Value::Integer(number) => ordered(number),
                Value::Bytes(number) | Value::Seconds(number) => number,
                Value::Moment(at) => ordered(at.as_microsecond()),
                Value::Flag(flag) => u64::from(flag),
                Value::Text(_) => {
                    parts.texts.push(at);
                    continue;
                }
                Value::Empty => {
                    parts.empty.push(at);
                    continue;
                }
            };
            parts.numbers.push(u128::from(directed(number, direction)) << 64 | u128::from(self.aged(at)));
        }
        parts
    }

    /// The last word among equals: newest first, then as they were read.
    fn sort_by_age(&self, order: &mut [u32]) {
        let mut keys: Vec<u64> = order.iter().map(|&at| self.aged(at)).collect();
        keys.sort_unstable();
        copy(order, keys.into_iter().map(|key| row_of(key.into())));
    }

    fn sort_words(
        &self,
        order: &mut [u32],
        column: &Column<R>,
        direction: Direction,
        rest: &[(&Column<R>, Direction)],
    ) {
        if order.len() < 2 {
            return;
        }
        match self.ranks(order, column, direction) {
            Some(ranks) => self.sort_ranked(order, &ranks, rest),
            None => self.sort_prefixed(order, column, direction, rest),
        }
    }

    /// A number for each row's words, in their order. `None` where nearly every row has its own words.
    fn ranks(&self, order: &[u32], column: &Column<R>, direction: Direction) -> Option<Vec<u32>> {
        let mut known: HashMap<Cow<'r, str>, u32, BuildHasherDefault<WordHasher>> = HashMap::default();
        let mut words: Vec<(u32, u32)> = Vec::with_capacity(order.len());
        let mut next = 0;
        let mut ranks = Vec::with_capacity(order.len());
        for &at in order {
            let word = self.words(column, at);
            let number = match known.get(&word) {
                Some(&number) => number,
                None => {
                    let limit = 1024 + ranks.len() / 8;
                    if known.len() > limit.min(1 << 16) {
                        return None;
                    }
                    known.insert(word, next);
                    next += 1;
                    next - 1
                }
            };
            ranks.push(number);
        }
        let mut sorted: Vec<(StatusKind, String, u32)> =
            known.into_iter().map(|(word, number)| (meaning(column.kind, &word), lower(&word), number)).collect();
        sorted.sort_unstable();
        if direction == Direction::Descending {
            sorted.reverse();
        }
        // Words that differ only in case share a rank.
        let mut rank = 0;
        let mut before: Option<(StatusKind, &str)> = None;
        for (kind, word, number) in &sorted {
            let this = (*kind, word.as_str());
            if before.is_some_and(|before| before != this) {
                rank += 1;
            }
            before = Some(this);
            words.push((*number, rank));
        }
        words.sort_unstable();
        for number in &mut ranks {
            if let Some((_, rank)) = usize::try_from(*number).ok().and_then(|number| words.get(number)) {
                *number = *rank;
            }
        }
        Some(ranks)
    }

    /// Few different words: put each row behind the others of its rank, without comparing anything.
    fn sort_ranked(&self, order: &mut [u32], ranks: &[u32], rest: &[(&Column<R>, Direction)]) {
        let count = ranks.iter().max().and_then(|&rank| usize::try_from(rank).ok()).map_or(0, |rank| rank + 1);
        let mut buckets: Vec<Vec<u32>> = vec![Vec::new(); count];
        for (&at, &rank) in order.iter().zip(ranks) {
            if let Some(bucket) = usize::try_from(rank).ok().and_then(|rank| buckets.get_mut(rank)) {
                bucket.push(at);
            }
        }
        let mut left = order;
        for bucket in buckets {
            let (run, others) = left.split_at_mut(bucket.len().min(left.len()));
            copy(run, bucket);
            self.sort_by(run, rest);
            left = others;
        }
    }

    /// Many different words: compare the first 16 bytes as one number, and the whole text only where those are equal.
    fn sort_prefixed(
        &self,
        order: &mut [u32],
        column: &Column<R>,
        direction: Direction,
        rest: &[(&Column<R>, Direction)],
    ) {
        let mut keys: Vec<(u128, u32)> = order
            .iter()
            .map(|&at| {
                let prefix = prefix(column.kind, &self.words(column, at));
                (if direction == Direction::Descending { !prefix } else { prefix }, at)
            })
            .collect();
        keys.sort_unstable();
        copy(order, keys.iter().map(|(_, at)| *at));
        runs(
            order,
            &keys,
            |a, b| a.0 == b.0,
            |run| {
                let mut keys: Vec<(String, u32)> = run.iter().map(|&at| (lower(&self.words(column, at)), at)).collect();
                keys.sort_unstable_by(|a, b| match direction {
                    Direction::Ascending => a.cmp(b),
                    Direction::Descending => b.0.cmp(&a.0).then(a.1.cmp(&b.1)),
                });
                copy(run, keys.iter().map(|(_, at)| *at));
                runs(run, &keys, |a, b| a.0 == b.0, |run| self.sort_by(run, rest));
            },
        );
    }
}

/// Calls `settle` with each run of two or more neighbours of equal key.
fn runs<K>(order: &mut [u32], keys: &[K], equal: impl Fn(&K, &K) -> bool, mut settle: impl FnMut(&mut [u32])) {
    let mut left = order;
    for chunk in keys.chunk_by(equal) {
        let (run, others) = left.split_at_mut(chunk.len().min(left.len()));
        if run.len() > 1 {
            settle(run);
        }
        left = others;
    }
}

/// The row in the lowest bits of a key.
fn row_of(key: u128) -> u32 {
    let [.., a, b, c, d] = key.to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}

fn copy(target: &mut [u32], source: impl IntoIterator<Item = u32>) {
    for (target, source) in target.iter_mut().zip(source) {
        *target = source;
    }
}

/// A signed number as an unsigned one of the same order.
fn ordered(number: i64) -> u64 {
    number.cast_unsigned() ^ (1 << 63)
}

fn directed(number: u64, direction: Direction) -> u64 {
    match direction {
        Direction::Ascending => number,
        Direction::Descending => !number,
    }
}

/// Status words sort by what they mean; all other words mean nothing here.
fn meaning(kind: Kind, word: &str) -> StatusKind {
    if kind == Kind::Status { Status::new(word).kind() } else { StatusKind::Other }
}

fn lower(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.to_lowercase() }
}

/// The first 16 bytes of a text in lower case, as a number of the same order; a status has its meaning in front.
fn prefix(kind: Kind, text: &str) -> u128 {
    let lowered;
    let text = if text.is_ascii() {
        text
    } else {
        lowered = text.to_lowercase();
        &lowered
    };
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(text.bytes()) {
        *byte = from.to_ascii_lowercase();
    }
    let prefix = u128::from_be_bytes(bytes);
    if kind == Kind::Status { prefix >> 8 | u128::from(meaning(kind, text) as u8) << 120 } else { prefix }
}

/// A quick hash for words: one multiplication per eight bytes. The table it serves is small by construction, so that
/// words chosen to collide gain nothing.
#[derive(Default)]
struct WordHasher(u64);

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            for (to, from) in word.iter_mut().zip(chunk) {
                *to = *from;
            }
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }

    fn finish(&self) -> u64 {
        // The table takes the lowest bits, the product is best in its highest.
        self.0.rotate_left(26)
    }
}
