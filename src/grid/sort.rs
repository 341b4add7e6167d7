//! Sorting many rows by any column on its real values.
//!
//! Keys are taken from the columns the rows are kept in, beside the row numbers, before sorting. A column is sorted strongest key
//! first; only runs of equal rows are looked at again by the next key. Words of a column with few different ones are ranked once
//! and then counted into place; others are compared by keys of bytes. The groups keep their order in both directions: typed values, then
//! words with an order of their own (a GTID, a size), then words that could not be read as such, then empty cells.

use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;

use super::buckets::{Buckets, halves};
use super::rank::push_words;
use super::sort_key::{Found, SortKey};
use super::{Direction, Row, ServiceNames, SortBy};
use crate::rows::Rows;

/// From this many rows on, a second core helps.
pub(super) const PARALLEL_THRESHOLD: usize = 100_000;
/// From this many keys on, putting them into buckets first helps.
const BUCKET_THRESHOLD: usize = 1 << 15;
/// Bytes of a key that are compared as one number.
const PREFIX: usize = 16;

/// A row as the sorter handles it: its age in the upper half, its number in the lower. The order of these numbers is the
/// last word among rows that are equal in all else: newest first (to the second, none last), then as they were read.
type TieBreakKey = u64;

/// The row numbers of `order` in the order the sort keys ask for. Unknown keys are passed over.
/// A column whose ties are settled by another one brings that along.
pub(super) fn sorted<R: Row>(
    rows: &Rows<R>,
    order: &[u32],
    keys: &[SortBy],
    now: Timestamp,
    names: &ServiceNames,
) -> Arc<[u32]> {
    let mut all: Vec<SortKey<'_, R>> = Vec::new();
    let key = |column, direction| SortKey::new(rows, column, direction, now, names);
    for by in keys {
        let Some(column) = R::column(by.key.as_str()) else { continue };
        all.push(key(column, by.direction));
        all.extend(column.tie_break().map(|tie| key(tie, by.direction)));
    }
    let sorter = Sorter { rows };
    let mut out: Arc<[u32]> = std::iter::repeat_n(0, order.len()).collect();
    if let Some(out) = Arc::get_mut(&mut out) {
        match all.split_first() {
            Some((key, rest)) if key.rank_count().is_none() => {
                sorter.sort_values(out, order, |row| sorter.tie_break(row), key, rest);
            }
            _ => {
                let tie_breaks = |rows: &[u32]| rows.iter().map(|&row| sorter.tie_break(row)).collect();
                sorter.sort_again(out, in_halves(order, tie_breaks), &all);
            }
        }
    }
    out
}

/// What `work` makes of a list, both halves at the same time where it is long.
fn in_halves<T: Sync, U: Send>(items: &[T], work: impl Fn(&[T]) -> Vec<U> + Sync) -> Vec<U> {
    if items.len() < PARALLEL_THRESHOLD {
        return work(items);
    }
    let (first_half, other_half) = items.split_at(items.len() / 2);
    let (mut made, others) = rayon::join(|| work(first_half), || work(other_half));
    made.extend(others);
    made
}

struct Sorter<'r, R: Row> {
    rows: &'r Rows<R>,
}

/// One column's values, beside the rows that have them.
#[derive(Default)]
struct Values {
    /// Typed values, mapped so that unsigned order is the wanted order, above the tie-break key. In one number, because such
    /// are sorted faster than pairs.
    numbers: Vec<u128>,
    /// Rows that hold words.
    texts: Vec<TieBreakKey>,
    /// Rows that hold nothing.
    empty: Vec<TieBreakKey>,
}

impl<R: Row> Sorter<'_, R> {
    fn tie_break(&self, row: u32) -> TieBreakKey {
        let second = self.rows.second(row);
        let age = second.map_or(u32::MAX, |second| !u32::try_from(second.max(1)).unwrap_or(u32::MAX));
        u64::from(age) << 32 | u64::from(row)
    }

    /// Puts rows that are equal so far into `out`, in the order the remaining keys ask for.
    fn sort_again(&self, out: &mut [u32], rows: Vec<TieBreakKey>, keys: &[SortKey<'_, R>]) {
        match keys.split_first() {
            Some((key, rest)) if rows.len() > 1 => match key.rank_count() {
                Some(count) => self.sort_ranked(out, &rows, key, count, rest),
                None => self.sort_values(out, &rows, |row| row, key, rest),
            },
            _ => sort_tie_breaks(out, rows),
        }
    }

    /// Few different words: puts each row with the others of its rank, without comparing words.
    fn sort_ranked(
        &self,
        out: &mut [u32],
        rows: &[TieBreakKey],
        key: &SortKey<'_, R>,
        count: usize,
        rest: &[SortKey<'_, R>],
    ) {
        if rows.len() < BUCKET_THRESHOLD {
            let mut ranked: Vec<(usize, TieBreakKey)> = rows.iter().map(|&row| (key.rank(row_of(row)), row)).collect();
            ranked.sort_unstable();
            let mut left = out;
            for run in ranked.chunk_by(|a, b| a.0 == b.0) {
                let rows = run.iter().map(|(_, row)| *row).collect();
                self.sort_again(left.split_off_mut(..run.len()).unwrap_or_default(), rows, rest);
            }
            return;
        }
        let buckets = Buckets::new(halves(rows), count, |&row| key.rank(row_of(row)));
        buckets.finish(out, &|out, rows| self.sort_again(out, rows, rest));
    }

    /// Takes the values of rows and sorts by them; `tie_break` turns what a row is given as into its key.
    fn sort_values<T: Copy + Sync>(
        &self,
        out: &mut [u32],
        rows: &[T],
        tie_break: impl Fn(T) -> TieBreakKey + Sync,
        key: &SortKey<'_, R>,
        rest: &[SortKey<'_, R>],
    ) {
        let (values, more) = if rows.len() < PARALLEL_THRESHOLD {
            (Self::values(rows, &tie_break, key), Values::default())
        } else {
            let [first, other] = halves(rows);
            rayon::join(|| Self::values(first, &tie_break, key), || Self::values(other, &tie_break, key))
        };
        let Values { numbers, mut texts, mut empty } = values;
        texts.extend(more.texts);
        empty.extend(more.empty);
        let (typed, others) = out.split_at_mut((numbers.len() + more.numbers.len()).min(out.len()));
        self.sort_numbers(typed, [numbers, more.numbers], rest);
        let (worded, blank) = others.split_at_mut(texts.len().min(others.len()));
        self.sort_words(worded, &texts, key, rest);
        self.sort_again(blank, empty, rest);
    }

    fn values<T: Copy>(rows: &[T], tie_break: &impl Fn(T) -> TieBreakKey, key: &SortKey<'_, R>) -> Values {
        let mut values = Values::default();
        for &row in rows {
            let row = tie_break(row);
            match key.find(row_of(row)) {
                Found::Number(number) => {
                    if values.numbers.is_empty() {
                        values.numbers.reserve(rows.len());
                    }
                    values.numbers.push(u128::from(directed(number, key.direction())) << 64 | u128::from(row));
                }
                Found::Words => values.texts.push(row),
                Found::Empty => values.empty.push(row),
            }
        }
        values
    }

    /// `numbers` are in two halves, as two cores have read them.
    fn sort_numbers(&self, out: &mut [u32], numbers: [Vec<u128>; 2], rest: &[SortKey<'_, R>]) {
        let value = |key: &u128| u64::try_from(key >> 64).unwrap_or(u64::MAX);
        if out.len() >= BUCKET_THRESHOLD {
            match Buckets::spread(numbers.each_ref().map(Vec::as_slice), value) {
                Some(buckets) => {
                    drop(numbers);
                    buckets.finish(out, &|out, numbers| self.sort_numbers(out, [numbers, Vec::new()], rest));
                }
                None => self.sort_again(out, numbers.into_iter().flatten().map(tie_break_key_of).collect(), rest),
            }
            return;
        }
        let [mut numbers, others] = numbers;
        numbers.extend(others);
        numbers.sort_unstable();
        if rest.is_empty() {
            return copy(out, numbers.into_iter().map(tie_break_key_of));
        }
        let mut left = out;
        for run in numbers.chunk_by(|a, b| value(a) == value(b)) {
            let rows = run.iter().map(|&key| tie_break_key_of(key)).collect();
            self.sort_again(left.split_off_mut(..run.len()).unwrap_or_default(), rows, rest);
        }
    }

    /// Many different words: compare the first 16 bytes of their keys as one number, and whole keys only where those are equal.
    fn sort_words(&self, out: &mut [u32], rows: &[TieBreakKey], key: &SortKey<'_, R>, rest: &[SortKey<'_, R>]) {
        let keys: Vec<(u128, TieBreakKey)> = in_halves(rows, |rows| {
            let (mut bytes, mut scratch) = (Vec::new(), String::new());
            let push_key = |bytes: &mut Vec<u8>, words: &str| {
                bytes.clear();
                push_words(bytes, key.kind(), key.direction(), words);
            };
            let prefixed = rows.iter().map(|&row| {
                push_key(&mut bytes, key.first_words(row_of(row), &mut scratch));
                if bytes.len() < PREFIX {
                    push_key(&mut bytes, key.words(row_of(row), &mut scratch));
                }
                let prefix = prefix(&bytes);
                (if key.direction() == Direction::Descending { !prefix } else { prefix }, row)
            });
            prefixed.collect()
        });
        self.sort_prefixed(out, keys, key, rest);
    }

    fn sort_prefixed(
        &self,
        out: &mut [u32],
        mut keys: Vec<(u128, TieBreakKey)>,
        key: &SortKey<'_, R>,
        rest: &[SortKey<'_, R>],
    ) {
        if keys.len() >= BUCKET_THRESHOLD
            && let Some(buckets) =
                Buckets::spread(halves(&keys), |(prefix, _)| u64::try_from(prefix >> 64).unwrap_or(u64::MAX))
        {
            drop(keys);
            return buckets.finish(out, &|out, keys| self.sort_prefixed(out, keys, key, rest));
        }
        keys.sort_unstable();
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
        key: &SortKey<'_, R>,
        rest: &[SortKey<'_, R>],
    ) {
        let (mut bytes, mut scratch) = (Vec::new(), String::new());
        let direction = key.direction();
        let mut keys: Vec<(Range<usize>, TieBreakKey)> = rows
            .map(|row| {
                let start = bytes.len();
                push_words(&mut bytes, key.kind(), direction, key.words(row_of(row), &mut scratch));
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

fn sort_tie_breaks(out: &mut [u32], mut rows: Vec<TieBreakKey>) {
    if rows.len() >= BUCKET_THRESHOLD
        && let Some(buckets) = Buckets::spread(halves(&rows), |row| *row)
    {
        drop(rows);
        buckets.finish(out, &sort_tie_breaks);
    } else {
        rows.sort_unstable();
        copy(out, rows);
    }
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

fn directed(number: u64, direction: Direction) -> u64 {
    match direction {
        Direction::Ascending => number,
        Direction::Descending => !number,
    }
}

/// The first bytes of a key as a number of the same order.
fn prefix(key: &[u8]) -> u128 {
    let mut bytes = [0; PREFIX];
    for (byte, from) in bytes.iter_mut().zip(key) {
        *byte = *from;
    }
    u128::from_be_bytes(bytes)
}

#[cfg(test)]
#[path = "sort_tests.rs"]
mod tests;
