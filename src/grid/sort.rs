//! Sorting many rows by any column on its real values.
//!
//! Keys are copied beside the row numbers before sorting, which is several times faster than following the row numbers
//! into the rows. A column is sorted strongest key first; only runs of equal rows are looked at again by the next key.
//! Words are compared by keys of bytes, made once for each sort. The groups keep their order in both directions: typed values, then
//! words with an order of their own (a GTID, a size), then words that could not be read as such, then empty cells.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::rank::push_words;
use super::{Column, Direction, Row, ServiceNames, SortBy, Value};

/// From this many rows on, a second core helps.
pub(super) const PARALLEL_THRESHOLD: usize = 100_000;

/// A row as the sorter handles it: its age in the upper half, its number in the lower. The order of these numbers is the
/// last word among rows that are equal in all else: newest first (to the second, none last), then as they were read.
type TieBreakKey = u64;

/// The row numbers of `order` in the order the sort keys ask for. Unknown keys are passed over.
/// A column whose ties are settled by another one brings that along.
pub(super) fn sorted<R: Row>(
    rows: &[R],
    order: &[u32],
    keys: &[SortBy],
    now: Timestamp,
    names: &ServiceNames,
) -> Arc<[u32]> {
    let mut all: Vec<Key<'_, R>> = Vec::new();
    for key in keys {
        let Some(column) = R::column(key.key.as_str()) else { continue };
        all.push((column, key.direction));
        all.extend(column.tie_break().map(|tie| (tie, key.direction)));
    }
    let keys = all;
    let sorter = Sorter { rows, now, names };
    let mut out: Arc<[u32]> = std::iter::repeat_n(0, order.len()).collect();
    if let Some(out) = Arc::get_mut(&mut out) {
        match keys.split_first() {
            Some((&key, rest)) if order.len() >= PARALLEL_THRESHOLD => {
                sorter.sort_by_keys(out, sorter.collect_keys_in_halves(key, order), key, rest);
            }
            _ => sorter.sort_into(out, order.iter().map(|&row| sorter.tie_break(row)), &keys),
        }
    }
    out
}

struct Sorter<'r, R: Row> {
    rows: &'r [R],
    now: Timestamp,
    names: &'r ServiceNames,
}

/// A sort key.
type Key<'a, R> = (&'a Column<R>, Direction);

/// One column's values, copied out of the rows.
#[derive(Default)]
struct SortKeys {
    /// Typed values, mapped so that unsigned order is the wanted order, above the tie-break key. In one number, because such
    /// are sorted faster than pairs.
    numbers: Vec<u128>,
    /// Rows that hold words.
    texts: Vec<TieBreakKey>,
    /// Rows that hold nothing.
    empty: Vec<TieBreakKey>,
}

impl<'r, R: Row> Sorter<'r, R> {
    fn row(&self, row: TieBreakKey) -> Option<&'r R> {
        self.rows.get(usize::try_from(row_of(row)).ok()?)
    }

    fn tie_break(&self, row: u32) -> TieBreakKey {
        let at = self.row(row.into()).and_then(Row::at);
        let age = at.map_or(u32::MAX, |at| !u32::try_from(at.as_second().max(1)).unwrap_or(u32::MAX));
        u64::from(age) << 32 | u64::from(row)
    }

    /// The words of a cell, if it holds words.
    fn words(&self, column: &Column<R>, row: TieBreakKey) -> Cow<'r, str> {
        match self.row(row).map(|row| column.named_value(row, self.now, self.names)) {
            Some(Value::Text(text)) => text,
            _ => Cow::Borrowed(""),
        }
    }

    /// Puts rows that are equal so far into `out`, in the order the remaining keys ask for.
    fn sort_again(&self, out: &mut [u32], mut rows: Vec<TieBreakKey>, keys: &[Key<'_, R>]) {
        if keys.is_empty() || rows.len() < 2 {
            sort_keys(&mut rows);
            copy(out, rows);
        } else {
            self.sort_into(out, rows.into_iter(), keys);
        }
    }

    fn sort_into(&self, out: &mut [u32], rows: impl Iterator<Item = TieBreakKey>, keys: &[Key<'_, R>]) {
        let Some((&key, rest)) = keys.split_first() else {
            self.sort_again(out, rows.collect(), keys);
            return;
        };
        let sort_keys = self.collect_keys(key, rows, out.len());
        self.sort_by_keys(out, sort_keys, key, rest);
    }

    fn sort_by_keys(&self, out: &mut [u32], keys: SortKeys, key: Key<'_, R>, rest: &[Key<'_, R>]) {
        let SortKeys { mut numbers, texts, empty } = keys;
        sort_keys(&mut numbers);
        let (typed, others) = out.split_at_mut(numbers.len().min(out.len()));
        if rest.is_empty() {
            copy(typed, numbers.into_iter().map(tie_break_key_of));
        } else {
            let mut left = typed;
            for run in numbers.chunk_by(|a, b| a >> 64 == b >> 64) {
                self.sort_again(
                    left.split_off_mut(..run.len()).unwrap_or_default(),
                    run.iter().map(|&key| tie_break_key_of(key)).collect(),
                    rest,
                );
            }
        }
        let (worded, blank) = others.split_at_mut(texts.len().min(others.len()));
        self.sort_words(worded, &texts, key, rest);
        self.sort_again(blank, empty, rest);
    }

    /// The values of many rows, copied out by several cores: reading the rows is most of the work.
    fn collect_keys_in_halves(&self, key: Key<'_, R>, order: &[u32]) -> SortKeys {
        let copied = |rows: &[u32]| self.collect_keys(key, rows.iter().map(|&row| self.tie_break(row)), rows.len());
        let (first_half, other_half) = order.split_at(order.len() / 2);
        let (mut keys, others) = rayon::join(|| copied(first_half), || copied(other_half));
        keys.numbers.extend(others.numbers);
        keys.texts.extend(others.texts);
        keys.empty.extend(others.empty);
        keys
    }

    fn collect_keys(
        &self,
        (column, direction): Key<'_, R>,
        rows: impl Iterator<Item = TieBreakKey>,
        count: usize,
    ) -> SortKeys {
        let mut keys = SortKeys::default();
        for tie_break in rows {
            let Some(row) = self.row(tie_break) else { continue };
            let number = match column.named_value(row, self.now, self.names) {
                Value::Integer(number) => ordered(number),
                Value::Bytes(number) | Value::Seconds(number) => number,
                Value::Instant(at) | Value::EitherInstant(at, _) => ordered(at.as_microsecond()),
                Value::Flag(flag) => u64::from(flag),
                Value::Text(_) => {
                    keys.texts.push(tie_break);
                    continue;
                }
                Value::Empty => {
                    keys.empty.push(tie_break);
                    continue;
                }
            };
            if keys.numbers.is_empty() {
                keys.numbers.reserve(count);
            }
            keys.numbers.push(u128::from(directed(number, direction)) << 64 | u128::from(tie_break));
        }
        keys
    }

    fn sort_words(&self, out: &mut [u32], rows: &[TieBreakKey], key: Key<'_, R>, rest: &[Key<'_, R>]) {
        match self.ranks(rows, key) {
            Some(ranks) => self.sort_ranked(out, rows, &ranks, rest),
            None => self.sort_prefixed(out, rows, key, rest),
        }
    }

    /// A number for each row's words, in their order. `None` where many rows have words of their own.
    fn ranks(&self, rows: &[TieBreakKey], (column, direction): Key<'_, R>) -> Option<Vec<u32>> {
        // Small by construction, so that words chosen to collide gain nothing.
        let mut known: FxHashMap<Cow<'r, str>, u32> = FxHashMap::default();
        let mut next = 0;
        let mut numbers = Vec::with_capacity(rows.len());
        for &row in rows {
            let word = self.words(column, row);
            let number = match known.get(&word) {
                Some(&number) => number,
                None if known.len() > (4096 + numbers.len() / 8).min(1 << 16) => return None,
                None => {
                    known.insert(word, next);
                    next += 1;
                    next - 1
                }
            };
            numbers.push(number);
        }
        let key_of = |word: &str| {
            let mut key = Vec::with_capacity(word.len() + 8);
            push_words(&mut key, column.kind, direction, word);
            key
        };
        let mut words: Vec<(Vec<u8>, u32)> = known.into_iter().map(|(word, number)| (key_of(&word), number)).collect();
        words.sort_unstable();
        if direction == Direction::Descending {
            words.reverse();
        }
        // Words of one key, such as those that differ only in case, share a rank.
        let mut ranks: Vec<(u32, u32)> = Vec::with_capacity(words.len());
        for (rank, words) in (0..).zip(words.chunk_by(|a, b| a.0 == b.0)) {
            ranks.extend(words.iter().map(|(_, number)| (*number, rank)));
        }
        ranks.sort_unstable();
        for number in &mut numbers {
            if let Some((_, rank)) = usize::try_from(*number).ok().and_then(|number| ranks.get(number)) {
                *number = *rank;
            }
        }
        Some(numbers)
    }

    /// Few different words: put each row with the others of its rank, without comparing words again.
    fn sort_ranked(&self, out: &mut [u32], rows: &[TieBreakKey], ranks: &[u32], rest: &[Key<'_, R>]) {
        let count = ranks.iter().max().and_then(|&rank| usize::try_from(rank).ok()).map_or(0, |rank| rank + 1);
        let mut buckets: Vec<Vec<TieBreakKey>> = vec![Vec::new(); count];
        for (&row, &rank) in rows.iter().zip(ranks) {
            if let Some(bucket) = usize::try_from(rank).ok().and_then(|rank| buckets.get_mut(rank)) {
                bucket.push(row);
            }
        }
        let mut left = out;
        for bucket in buckets {
            self.sort_again(left.split_off_mut(..bucket.len()).unwrap_or_default(), bucket, rest);
        }
    }

    /// Many different words: compare the first 16 bytes of their keys as one number, and whole keys only where those are equal.
    fn sort_prefixed(&self, out: &mut [u32], rows: &[TieBreakKey], key: Key<'_, R>, rest: &[Key<'_, R>]) {
        let (column, direction) = key;
        let mut bytes = Vec::new();
        let mut keys: Vec<(u128, TieBreakKey)> = rows
            .iter()
            .map(|&row| {
                bytes.clear();
                push_words(&mut bytes, column.kind, direction, &self.words(column, row));
                let prefix = prefix(&bytes);
                (if direction == Direction::Descending { !prefix } else { prefix }, row)
            })
            .collect();
        sort_keys(&mut keys);
        let mut left = out;
        for run in keys.chunk_by(|a, b| a.0 == b.0) {
            let out = left.split_off_mut(..run.len()).unwrap_or_default();
            match run {
                [(_, row)] => copy(out, [*row]),
                _ => self.sort_whole(out, run.iter().map(|(_, row)| *row), key, rest),
            }
        }
    }

    /// Compares whole keys, which lie one after the other in one buffer.
    fn sort_whole(
        &self,
        out: &mut [u32],
        rows: impl Iterator<Item = TieBreakKey>,
        (column, direction): Key<'_, R>,
        rest: &[Key<'_, R>],
    ) {
        let mut bytes = Vec::new();
        let mut keys: Vec<(Range<usize>, TieBreakKey)> = rows
            .map(|row| {
                let start = bytes.len();
                push_words(&mut bytes, column.kind, direction, &self.words(column, row));
                (start..bytes.len(), row)
            })
            .collect();
        let key = |range: &Range<usize>| bytes.get(range.clone()).unwrap_or_default();
        keys.sort_unstable_by(|(a, old), (b, new)| {
            let order = key(a).cmp(key(b));
            (if direction == Direction::Descending { order.reverse() } else { order }).then(old.cmp(new))
        });
        let mut left = out;
        for run in keys.chunk_by(|(a, _), (b, _)| key(a) == key(b)) {
            let rows = run.iter().map(|(_, row)| *row).collect();
            self.sort_again(left.split_off_mut(..run.len()).unwrap_or_default(), rows, rest);
        }
    }
}

/// Sorts, on two cores where there is much to sort: for keys of 8 bytes that is faster than the parallel sort of rayon.
fn sort_keys<K: Ord + Send>(keys: &mut [K]) {
    if keys.len() < PARALLEL_THRESHOLD {
        return keys.sort_unstable();
    }
    let (first_half, other_half) = keys.split_at_mut(keys.len() / 2);
    rayon::join(|| first_half.sort_unstable(), || other_half.sort_unstable());
    // The standard library's stable sort finds the two sorted halves and merges them.
    keys.sort();
}

fn copy(target: &mut [u32], source: impl IntoIterator<Item = TieBreakKey>) {
    for (target, source) in target.iter_mut().zip(source) {
        *target = row_of(source);
    }
}

/// The number of a row.
fn row_of(row: TieBreakKey) -> u32 {
    u32::try_from(row & u64::from(u32::MAX)).unwrap_or(u32::MAX)
}

/// The tie-break key below a key.
fn tie_break_key_of(key: u128) -> TieBreakKey {
    u64::try_from(key & u128::from(u64::MAX)).unwrap_or(u64::MAX)
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

/// The first 16 bytes of a key as a number of the same order.
fn prefix(key: &[u8]) -> u128 {
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(key) {
        *byte = *from;
    }
    u128::from_be_bytes(bytes)
}

#[cfg(test)]
#[path = "sort_tests.rs"]
mod tests;
