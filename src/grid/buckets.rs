//! Keys put into buckets by two cores: the first step of sorting many of them. What is in a bucket fits the cache, and buckets are
//! finished on both cores without waiting for one another.

use std::ops::Range;

/// Rows that one core finishes without sharing them.
const ROWS_ALONE: usize = 1 << 14;
/// How finely keys are spread. More would not fit the cache while they are put there.
const SPREAD: u64 = 1 << 11;

/// A list in two halves, one for each core.
pub(super) fn halves<K>(keys: &[K]) -> [&[K]; 2] {
    keys.split_at(keys.len() / 2).into()
}

/// Keys in buckets of ascending numbers.
pub(super) struct Buckets<K> {
    halves: [Half<K>; 2],
    count: usize,
}

/// The keys of one half, one bucket after the other.
struct Half<K> {
    keys: Vec<K>,
    /// Where each bucket ends.
    ends: Vec<usize>,
}

impl<K: Copy> Half<K> {
    fn new(keys: &[K], count: usize, bucket_of: &impl Fn(&K) -> usize) -> Self {
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
        let mut placed = keys.to_vec();
        for key in keys {
            if let Some(next) = next.get_mut(bucket_of(key)) {
                if let Some(place) = placed.get_mut(*next) {
                    *place = *key;
                }
                *next += 1;
            }
        }
        Self { keys: placed, ends: next }
    }

    /// The keys of these buckets.
    fn of(&self, buckets: Range<usize>) -> &[K] {
        let end = |bucket: Option<usize>| bucket.and_then(|bucket| self.ends.get(bucket)).copied().unwrap_or(0);
        self.keys.get(end(buckets.start.checked_sub(1))..end(buckets.end.checked_sub(1))).unwrap_or_default()
    }
}

impl<K: Copy + Send + Sync> Buckets<K> {
    /// Puts each key into its bucket, a number below `count`; one core takes one half.
    pub(super) fn new([first, other]: [&[K]; 2], count: usize, bucket_of: impl Fn(&K) -> usize + Sync) -> Self {
        let (first, other) =
            rayon::join(|| Half::new(first, count, &bucket_of), || Half::new(other, count, &bucket_of));
        Self { halves: [first, other], count }
    }

    /// Spreads keys by the value of `coarse`, small ones first. `None` where that is the same for all.
    pub(super) fn spread([first, other]: [&[K]; 2], coarse: impl Fn(&K) -> u64 + Sync) -> Option<Self> {
        let ends =
            |keys: &[K]| keys.iter().map(&coarse).fold((u64::MAX, 0), |(min, max), key| (min.min(key), max.max(key)));
        let (one, two) = rayon::join(|| ends(first), || ends(other));
        let (min, max) = (one.0.min(two.0), one.1.max(two.1));
        let range = max.checked_sub(min).filter(|range| *range > 0)?;
        let bits = u64::BITS - range.leading_zeros();
        let shift = bits.saturating_sub(SPREAD.ilog2());
        let bucket_of = |key: &K| usize::try_from((coarse(key) - min) >> shift).unwrap_or(usize::MAX);
        Some(Self::new([first, other], usize::try_from(SPREAD).unwrap_or(usize::MAX), bucket_of))
    }

    /// Calls `finish` for each bucket with its keys, in no order, and with its part of `out`.
    pub(super) fn finish(&self, out: &mut [u32], finish: &(impl Fn(&mut [u32], Vec<K>) + Sync)) {
        self.finish_some(0..self.count, out, finish);
    }

    fn finish_some(&self, buckets: Range<usize>, mut out: &mut [u32], finish: &(impl Fn(&mut [u32], Vec<K>) + Sync)) {
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
