//! Keys put into buckets by two cores: the first step of sorting many of them. What is in a bucket fits the cache, and buckets are
//! finished on both cores without waiting for one another.

use std::ops::Range;

/// Rows that one core finishes without sharing them.
const ROWS_ALONE: usize = 1 << 14;
/// How finely keys are spread. More would not fit the cache while they are put there.
pub(super) const SPREAD: u64 = 1 << 11;

/// A list in two halves, one for each core.
pub(super) fn halves<K>(keys: &[K]) -> [&[K]; 2] {
    keys.split_at(keys.len() / 2).into()
}

/// From this many items on, a second core helps.
pub(super) const PARALLEL_THRESHOLD: usize = 100_000;

/// What `work` makes of each half of a list, both at the same time where it is long; of a short one all is in the first half.
pub(super) fn in_halves<T: Sync, U: Default + Send>(items: &[T], work: impl Fn(&[T]) -> U + Sync) -> [U; 2] {
    if items.len() < PARALLEL_THRESHOLD {
        return [work(items), U::default()];
    }
    let [first, other] = halves(items);
    rayon::join(|| work(first), || work(other)).into()
}

/// The smallest and the largest number of keys; `None` where there are no keys.
pub(super) fn min_and_max<K: Sync>([first, other]: [&[K]; 2], number: impl Fn(&K) -> u64 + Sync) -> Option<(u64, u64)> {
    let ends =
        |keys: &[K]| keys.iter().map(&number).fold((u64::MAX, 0), |(min, max), key| (min.min(key), max.max(key)));
    let (one, two) = rayon::join(|| ends(first), || ends(other));
    let (min, max) = (one.0.min(two.0), one.1.max(two.1));
    (min <= max).then_some((min, max))
}

/// How keys are spread over buckets by a number: those next to one another share a bucket.
#[derive(Clone, Copy)]
pub(super) struct Spread {
    min: u64,
    /// The bits of a number, counted from the smallest one, that do not tell its bucket.
    pub(super) low_bits: u32,
}

impl Spread {
    /// `None` where the number is the same for all.
    pub(super) fn over<K: Sync>(keys: [&[K]; 2], number: impl Fn(&K) -> u64 + Sync) -> Option<Self> {
        let (min, max) = min_and_max(keys, number)?;
        let range = Some(max - min).filter(|range| *range > 0)?;
        Some(Self { min, low_bits: (u64::BITS - range.leading_zeros()).saturating_sub(SPREAD.ilog2()) })
    }

    fn bucket(self, number: u64) -> usize {
        usize::try_from(number.saturating_sub(self.min) >> self.low_bits).unwrap_or(usize::MAX)
    }

    /// What the bucket does not tell of a number.
    pub(super) fn low(self, number: u64) -> u64 {
        number.saturating_sub(self.min) & ((1 << self.low_bits) - 1)
    }
}

/// Keys in buckets of ascending numbers.
pub(super) struct Buckets<P> {
    halves: [Half<P>; 2],
    count: usize,
}

/// The keys of one half, one bucket after the other.
struct Half<P> {
    keys: Vec<P>,
    /// Where each bucket ends.
    ends: Vec<usize>,
}

impl<P: Copy + Default> Half<P> {
    fn new<K>(keys: &[K], count: usize, bucket_of: &impl Fn(&K) -> usize, placed_as: &impl Fn(&K) -> P) -> Self {
        let mut next = vec![0; count];
        for key in keys {
            if let Some(count) = next.get_mut(bucket_of(key)) {
                *count += 1;
            }
        }
        let mut start = 0;
        for next in &mut next {
            start += std::mem::replace(next, start);
        }
        let mut placed = vec![P::default(); keys.len()];
        for key in keys {
            if let Some(next) = next.get_mut(bucket_of(key)) {
                if let Some(place) = placed.get_mut(*next) {
                    *place = placed_as(key);
                }
                *next += 1;
            }
        }
        Self { keys: placed, ends: next }
    }

    /// The keys of these buckets.
    fn of(&self, buckets: Range<usize>) -> &[P] {
        let end = |bucket: Option<usize>| bucket.and_then(|bucket| self.ends.get(bucket)).copied().unwrap_or(0);
        self.keys.get(end(buckets.start.checked_sub(1))..end(buckets.end.checked_sub(1))).unwrap_or_default()
    }
}

impl<P: Copy + Default + Send + Sync> Buckets<P> {
    /// Puts each key into its bucket, a number below `count`, as `placed_as` makes it; one core takes one half.
    pub(super) fn new<K: Sync>(
        [first, other]: [&[K]; 2],
        count: usize,
        bucket_of: impl Fn(&K) -> usize + Sync,
        placed_as: impl Fn(&K) -> P + Sync,
    ) -> Self {
        let (first, other) = rayon::join(
            || Half::new(first, count, &bucket_of, &placed_as),
            || Half::new(other, count, &bucket_of, &placed_as),
        );
        Self { halves: [first, other], count }
    }

    /// Spreads keys by a number, small ones first.
    pub(super) fn spread<K: Sync>(
        keys: [&[K]; 2],
        spread: Spread,
        number: impl Fn(&K) -> u64 + Sync,
        placed_as: impl Fn(&K) -> P + Sync,
    ) -> Self {
        let count = usize::try_from(SPREAD).unwrap_or(usize::MAX);
        Self::new(keys, count, |key| spread.bucket(number(key)), placed_as)
    }

    /// Calls `finish` for each bucket with its keys, in no order, and with its part of `out`.
    pub(super) fn finish(&self, out: &mut [u32], finish: &(impl Fn(&mut [u32], Vec<P>) + Sync)) {
        self.finish_some(0..self.count, out, finish);
    }

    fn finish_some(&self, buckets: Range<usize>, mut out: &mut [u32], finish: &(impl Fn(&mut [u32], Vec<P>) + Sync)) {
        let [first, other] = &self.halves;
        if out.len() > ROWS_ALONE && buckets.len() > 1 {
            let middle = buckets.start.midpoint(buckets.end);
            let count = first.of(buckets.start..middle).len() + other.of(buckets.start..middle).len();
            let (low, high) = out.split_at_mut(count.min(out.len()));
            rayon::join(
                || self.finish_some(buckets.start..middle, low, finish),
                || self.finish_some(middle..buckets.end, high, finish),
            );
            return;
        }
        for bucket in buckets {
            let keys = [first.of(bucket..bucket + 1), other.of(bucket..bucket + 1)].concat();
            finish(out.split_off_mut(..keys.len()).unwrap_or_default(), keys);
        }
    }
}
