//! Columns of instants.

use jiff::Timestamp;

use crate::domain::ApiTime;

/// No time.
const NONE: u32 = 0;
/// A time of another form; the row that has it is kept whole.
const ODD: u32 = u32::MAX;
/// Marks an instant whose text named no zone; the bits below are its nanoseconds.
const ASSUMED_UTC: u32 = 1 << 31;

/// A column of times from 1970 to 2106; others are odd.
#[derive(Clone, Debug, Default)]
pub struct Times {
    /// Seconds since 1970.
    seconds: Vec<u32>,
    /// What is more to a time than its seconds. Empty as long as no row has more.
    details: Vec<u32>,
    has_odd: bool,
}

impl Times {
    /// Adds a time; false where it is odd.
    #[must_use]
    pub(super) fn push(&mut self, time: Option<&ApiTime>) -> bool {
        let (at, assumed) = match time {
            None => return self.push_parts(NONE, 0, true),
            Some(ApiTime::At(at)) => (at, 0),
            Some(ApiTime::AssumedUtc(at)) => (at, ASSUMED_UTC),
            Some(ApiTime::Unreadable(_)) => return self.push_parts(ODD, 0, false),
        };
        match (u32::try_from(at.as_second()), u32::try_from(at.subsec_nanosecond())) {
            (Ok(second), Ok(nanos)) if second != NONE && second != ODD => {
                self.push_parts(second, nanos | assumed, true)
            }
            _ => self.push_parts(ODD, 0, false),
        }
    }

    fn push_parts(&mut self, second: u32, detail: u32, is_plain: bool) -> bool {
        if detail != 0 && self.details.is_empty() {
            self.details.resize(self.seconds.len(), 0);
        }
        if detail != 0 || !self.details.is_empty() {
            self.details.push(detail);
        }
        self.has_odd |= !is_plain;
        self.seconds.push(second);
        is_plain
    }

    pub(super) fn seal(&mut self) {
        self.seconds.shrink_to_fit();
        self.details.shrink_to_fit();
    }

    fn detail(&self, at: usize) -> u32 {
        self.details.get(at).copied().unwrap_or(0)
    }

    /// The time of a row that is not odd.
    pub(super) fn get(&self, at: usize) -> Option<ApiTime> {
        let instant = self.instant(at)?;
        let is_assumed = self.detail(at) & ASSUMED_UTC != 0;
        Some(if is_assumed { ApiTime::AssumedUtc(instant) } else { ApiTime::At(instant) })
    }

    /// The instant of a row that is not odd.
    #[must_use]
    pub fn instant(&self, at: usize) -> Option<Timestamp> {
        let second = self.second(at)?;
        let nanos = i32::try_from(self.detail(at) & !ASSUMED_UTC).ok()?;
        Timestamp::new(i64::from(second), nanos).ok()
    }

    /// The whole seconds of a row that is not odd.
    #[must_use]
    pub fn second(&self, at: usize) -> Option<u32> {
        self.seconds.get(at).copied().filter(|second| *second != NONE && *second != ODD)
    }

    /// The whole seconds of each row, 0 where it has no time; `None` where any row is odd.
    #[must_use]
    pub fn plain_seconds(&self) -> Option<&[u32]> {
        (!self.has_odd).then_some(&self.seconds)
    }

    /// The whole seconds of the first and of the last of all times; `None` where every row is odd or has none.
    #[must_use]
    pub fn first_and_last(&self) -> Option<(u32, u32)> {
        // What is no time is the smallest number or the largest, so that it changes no minimum and no maximum.
        let first = self.seconds.iter().map(|second| second.wrapping_sub(1)).min()?;
        let last = self.seconds.iter().map(|second| second.wrapping_add(1)).max()?;
        let (first, last) = (first.checked_add(1)?, last.checked_sub(1)?);
        (first != ODD && last != NONE).then_some((first, last))
    }

    /// Whether any row is odd.
    #[must_use]
    pub fn has_odd(&self) -> bool {
        self.has_odd
    }

    /// Whether only the row itself tells its time.
    #[must_use]
    pub fn is_odd(&self, at: usize) -> bool {
        self.seconds.get(at) == Some(&ODD)
    }

    /// Microseconds since 1970, of a row that is not odd.
    pub(super) fn microsecond(&self, at: usize) -> Option<u64> {
        let nanos = self.detail(at) & !ASSUMED_UTC;
        Some(u64::from(self.second(at)?) * 1_000_000 + u64::from(nanos / 1000))
    }
}
