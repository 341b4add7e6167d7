//! Sorting many rows by any column on its real values.
//!
//! Keys are taken from the columns the rows are kept in, beside the row numbers, before sorting. A column is sorted strongest key
//! first; only runs of equal rows are looked at again by the next key. Words of a column with few different ones are ranked once
//! and then counted into place; others are compared by keys of bytes. The groups keep their order in both directions: typed values, then
//! words with an order of their own (a GTID, a size), then words that could not be read as such, then empty cells.

use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;

use super::buckets::{Buckets, SPREAD, Spread, halves, in_halves, min_and_max};
use super::fold::natural_hex;
use super::rank::push_words;
use super::sort_key::{Found, SortKey};
use super::{Direction, Row, ServiceNames, SortBy};
use crate::rows::Rows;

/// From this many keys on, putting them into buckets first helps.
const BUCKET_THRESHOLD: usize = 1 << 15;
/// Bytes of a key that are read as one number.
const PREFIX: usize = 16;
/// The bits of a row number.
const ROW_BITS: u32 = u32::BITS;
/// As many different values and ages together fit beside a row number, once they are in buckets.
const JOINED_AT_MOST: u64 = SPREAD << (u64::BITS - ROW_BITS);
/// How many rows of each half tell what to expect of the others.
const SAMPLE: usize = 64;
/// Microseconds of a second.
const MICROS: u64 = 1_000_000;

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
                sorter.sort_values(out, order, |row| row, key, rest);
            }
            _ => sorter.sort_again(out, sorter.tie_breaks(order), &all),
        }
    }
    out
}

struct Sorter<'r, R: Row> {
    rows: &'r Rows<R>,
}

/// A row behind a value of it, mapped so that unsigned order is the wanted order.
type Valued = (u64, u32);

/// One column's values, beside the rows that have them.
#[derive(Default)]
struct Values {
    /// Typed values.
    numbers: Vec<Valued>,
    /// Rows that hold words.
    texts: Vec<u32>,
    /// Rows that hold nothing.
    empty: Vec<u32>,
}

impl<R: Row> Sorter<'_, R> {
    fn tie_break(&self, row: u32) -> TieBreakKey {
        let second = self.rows.second(row);
        let age = second.map_or(u32::MAX, |second| !u32::try_from(second.max(1)).unwrap_or(u32::MAX));
        u64::from(age) << 32 | u64::from(row)
    }

    fn tie_breaks(&self, rows: &[u32]) -> Vec<TieBreakKey> {
        in_halves(rows, |rows| rows.iter().map(|&row| self.tie_break(row)).collect::<Vec<_>>()).concat()
    }

    /// Puts rows that are equal so far into `out`, in the order the remaining keys ask for.
    fn sort_again(&self, out: &mut [u32], rows: Vec<TieBreakKey>, keys: &[SortKey<'_, R>]) {
        match keys.split_first() {
            Some((key, rest)) if rows.len() > 1 => match key.rank_count() {
                Some(count) => self.sort_ranked(out, &rows, key, count, rest),
                None => self.sort_values(out, &rows, row_of, key, rest),
            },
            _ => sort_tie_breaks(out, &mut { rows }),
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
        let buckets = Buckets::new(halves(rows), count, |&row| key.rank(row_of(row)), |&row| row);
        buckets.finish(out, &|out, rows| self.sort_again(out, rows, rest));
    }

    /// Takes the values of rows and sorts by them; `row_of` is the number of a row as it is given.
    fn sort_values<T: Copy + Sync>(
        &self,
        out: &mut [u32],
        rows: &[T],
        row_of: impl Fn(T) -> u32 + Sync,
        key: &SortKey<'_, R>,
        rest: &[SortKey<'_, R>],
    ) {
        let [values, more] = in_halves(rows, |rows| Self::values(rows, &row_of, key));
        let Values { numbers, mut texts, mut empty } = values;
        texts.extend(more.texts);
        empty.extend(more.empty);
        let (typed, others) = out.split_at_mut((numbers.len() + more.numbers.len()).min(out.len()));
        let mut numbers = [numbers, more.numbers];
        let are_joined = rest.is_empty() && (key.tells_age() || self.join_ages(&mut numbers));
        let ties = |out: &mut [u32], rows: &mut Vec<TieBreakKey>| self.sort_ties(out, rows, rest);
        self.sort_numbers(typed, numbers.each_ref().map(Vec::as_slice), (!are_joined).then_some(&ties));
        let (worded, blank) = others.split_at_mut(texts.len().min(others.len()));
        self.sort_words(worded, &texts, key, rest);
        self.sort_again(blank, self.tie_breaks(&empty), rest);
    }

    fn values<T: Copy>(rows: &[T], row_of: &impl Fn(T) -> u32, key: &SortKey<'_, R>) -> Values {
        let mut values = Values::default();
        for &row in rows {
            let row = row_of(row);
            match key.find(row) {
                Found::Number(number) => {
                    if values.numbers.is_empty() {
                        values.numbers.reserve(rows.len());
                    }
                    values.numbers.push((directed(number, key.direction()), row));
                }
                Found::Words => values.texts.push(row),
                Found::Empty => values.empty.push(row),
            }
        }
        values
    }

    /// Makes one number of each value and the age of its row, where few bits hold both: so that the age is read along with the rows, and not
    /// again, from all over the memory, for those of one value. False where that does not pay; nothing has changed then.
    fn join_ages(&self, numbers: &mut [Vec<Valued>; 2]) -> bool {
        let [first, other] = &*numbers;
        if first.len() + other.len() < BUCKET_THRESHOLD {
            return false;
        }
        let Some((min, max)) = min_and_max([first, other], |(value, _)| *value) else { return false };
        let age = |(_, row): &Valued| u32::try_from(self.tie_break(*row) >> ROW_BITS).unwrap_or(u32::MAX);
        let fit = |step: u64, ages: u64| ((max - min) / step).saturating_add(1).saturating_mul(ages) <= JOINED_AT_MOST;
        // Reading all ages takes long: the range of a few tells of most columns whether it is of use.
        let some = || numbers.iter().flat_map(|half| half.iter().step_by(half.len() / SAMPLE + 1)).map(age);
        let sampled = u64::from(some().max().unwrap_or(0) - some().min().unwrap_or(0)) + 1;
        if !fit(MICROS, sampled) {
            return false;
        }
        let are_seconds = |half: &[Valued]| half.iter().all(|(value, _)| (value - min) % MICROS == 0);
        let step = if rayon::join(|| are_seconds(first), || are_seconds(other)) == (true, true) { MICROS } else { 1 };
        if !fit(step, sampled) {
            return false;
        }
        let ages_of = |numbers: &[Valued]| numbers.iter().map(age).collect::<Vec<u32>>();
        let ages: [Vec<u32>; 2] = rayon::join(|| ages_of(first), || ages_of(other)).into();
        let Some((youngest, oldest)) = min_and_max(ages.each_ref().map(Vec::as_slice), |age| (*age).into()) else {
            return false;
        };
        let ages_at_most = oldest - youngest + 1;
        if !fit(step, ages_at_most) {
            return false;
        }
        let join = |numbers: &mut [Valued], ages: &[u32]| {
            for ((value, _), age) in numbers.iter_mut().zip(ages) {
                *value = (*value - min) / step * ages_at_most + (u64::from(*age) - youngest);
            }
        };
        let ([first, other], [ages, more]) = (numbers, &ages);
        rayon::join(|| join(first, ages), || join(other, more));
        true
    }

    /// Sorts by values, which are in two halves, as two cores have read them; `ties` sorts the rows of one value, which otherwise are in the order of
    /// their numbers.
    fn sort_numbers(&self, out: &mut [u32], numbers: [&[Valued]; 2], ties: Option<&Ties<'_>>) {
        if out.len() < BUCKET_THRESHOLD {
            let mut numbers = numbers.concat();
            numbers.sort_unstable();
            return self.copy_runs(out, &numbers, |number| *number, ties);
        }
        let Some(spread) = Spread::over(numbers, |(value, _)| *value) else {
            let mut rows: Vec<u32> = numbers.into_iter().flatten().map(|(_, row)| *row).collect();
            if let Some(ties) = ties {
                return ties(out, &mut self.tie_breaks(&rows));
            }
            rows.sort_unstable();
            return out.copy_from_slice(&rows);
        };
        if spread.low_bits > u64::BITS - ROW_BITS {
            let buckets = Buckets::spread(numbers, spread, |(value, _)| *value, |number| *number);
            return buckets.finish(out, &|out, numbers| self.sort_numbers(out, halves(&numbers), ties));
        }
        // What the bucket does not tell of a value fits beside the row, and such numbers are sorted faster than pairs.
        let packed = |&(value, row): &Valued| spread.low(value) << ROW_BITS | u64::from(row);
        let buckets = Buckets::spread(numbers, spread, |(value, _)| *value, packed);
        buckets.finish(out, &|out, mut numbers| {
            numbers.sort_unstable();
            self.copy_runs(out, &numbers, |&number| (number >> ROW_BITS, row_of(number)), ties);
        });
    }

    /// Copies the rows of sorted numbers; those of one value as `ties` sorts them.
    fn copy_runs<K>(&self, out: &mut [u32], sorted: &[K], valued: impl Fn(&K) -> Valued, ties: Option<&Ties<'_>>) {
        let Some(ties) = ties else {
            out.iter_mut().zip(sorted).for_each(|(out, number)| *out = valued(number).1);
            return;
        };
        let mut left = out;
        let mut rows = Vec::new();
        for run in sorted.chunk_by(|a, b| valued(a).0 == valued(b).0) {
            let out = left.split_off_mut(..run.len()).unwrap_or_default();
            if let ([number], [out]) = (run, &mut *out) {
                *out = valued(number).1;
            } else {
                rows.clear();
                rows.extend(run.iter().map(|number| self.tie_break(valued(number).1)));
                ties(out, &mut rows);
            }
        }
    }

    fn sort_ties(&self, out: &mut [u32], rows: &mut Vec<TieBreakKey>, rest: &[SortKey<'_, R>]) {
        if rest.is_empty() { sort_tie_breaks(out, rows) } else { self.sort_again(out, std::mem::take(rows), rest) }
    }

    /// Many different words: sort by a beginning of each as a number, and compare whole keys only where those are equal.
    fn sort_words(&self, out: &mut [u32], rows: &[u32], key: &SortKey<'_, R>, rest: &[SortKey<'_, R>]) {
        let ties = |out: &mut [u32], rows: &mut Vec<TieBreakKey>| self.sort_whole(out, rows, key, rest);
        if key.is_hex() {
            let valued = |&row: &u32| (directed(key.hex(row).map_or(0, natural_hex), key.direction()), row);
            let [first, other] = in_halves(rows, |rows| rows.iter().map(valued).collect::<Vec<_>>());
            return self.sort_numbers(out, [&first, &other], Some(&ties));
        }
        let prefixes = in_halves(rows, |rows| {
            let (mut bytes, mut scratch) = (Vec::new(), String::new());
            let prefix_of = |row: &u32| {
                bytes.clear();
                push_words(&mut bytes, key.kind(), key.direction(), key.words(*row, &mut scratch));
                let prefix = prefix(&bytes);
                if key.direction() == Direction::Descending { !prefix } else { prefix }
            };
            rows.iter().map(prefix_of).collect::<Vec<_>>()
        });
        // Of all of them the bits in which they differ, as many as fit.
        let (min, max) =
            prefixes.iter().flatten().fold((u128::MAX, 0), |(min, max), &key| (key.min(min), key.max(max)));
        let shift = (u128::BITS - max.saturating_sub(min).leading_zeros()).saturating_sub(u64::BITS);
        let number = |prefix: u128| u64::try_from((prefix - min) >> shift).unwrap_or(u64::MAX);
        let [first, other] = prefixes;
        let (rows, others) = rows.split_at(first.len());
        let valued = |(prefixes, rows): (Vec<u128>, &[u32])| {
            prefixes.into_iter().map(number).zip(rows.iter().copied()).collect::<Vec<Valued>>()
        };
        let (first, other) = rayon::join(|| valued((first, rows)), || valued((other, others)));
        self.sort_numbers(out, [&first, &other], Some(&ties));
    }

    /// Compares whole keys, which lie one after the other in one buffer.
    fn sort_whole(&self, out: &mut [u32], rows: &[TieBreakKey], key: &SortKey<'_, R>, rest: &[SortKey<'_, R>]) {
        let (mut bytes, mut scratch) = (Vec::new(), String::new());
        let direction = key.direction();
        let mut keys: Vec<(Range<usize>, TieBreakKey)> = rows
            .iter()
            .map(|&row| {
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

/// Sorts rows of one value into their part of the order. What is in the list afterwards is of no use.
type Ties<'t> = dyn Fn(&mut [u32], &mut Vec<TieBreakKey>) + Sync + 't;

fn sort_tie_breaks(out: &mut [u32], rows: &mut Vec<TieBreakKey>) {
    if rows.len() >= BUCKET_THRESHOLD
        && let Some(spread) = Spread::over(halves(rows), |row| *row)
    {
        let buckets = Buckets::spread(halves(rows), spread, |row| *row, |row| *row);
        buckets.finish(out, &|out, mut rows| sort_tie_breaks(out, &mut rows));
    } else {
        rows.sort_unstable();
        for (target, source) in out.iter_mut().zip(rows) {
            *target = row_of(*source);
        }
    }
}

/// The number of the row in the lower half of a key.
fn row_of(row: TieBreakKey) -> u32 {
    u32::try_from(row & u64::from(u32::MAX)).unwrap_or(u32::MAX)
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
