//! The five fields, and the numbers that one of them matches.

use std::ops::RangeInclusive;

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// One of the five fields, in the order they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CronField {
    /// 0 to 59.
    Minute,
    /// 0 to 23, UTC.
    Hour,
    /// 1 to 31.
    DayOfMonth,
    /// 1 to 12, or JAN to DEC.
    Month,
    /// 0 to 6 from Sunday, or SUN to SAT; 7 is Sunday too.
    Weekday,
}

impl CronField {
    /// All five, in order.
    pub const ALL: [Self; 5] = [Self::Minute, Self::Hour, Self::DayOfMonth, Self::Month, Self::Weekday];

    /// The name on a form: sentence case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Minute => "Minute",
            Self::Hour => "Hour",
            Self::DayOfMonth => "Day of month",
            Self::Month => "Month",
            Self::Weekday => "Weekday",
        }
    }

    /// The smallest and the largest number of the field.
    #[must_use]
    pub fn range(self) -> RangeInclusive<u8> {
        match self {
            Self::Minute => 0..=59,
            Self::Hour => 0..=23,
            Self::DayOfMonth => 1..=31,
            Self::Month => 1..=12,
            Self::Weekday => 0..=6,
        }
    }

    /// The English names of its numbers, from the smallest; their first three letters are read in their place.
    pub(super) fn number_names(self) -> &'static [&'static str] {
        match self {
            Self::Month => &MONTHS,
            Self::Weekday => &WEEKDAYS,
            Self::Minute | Self::Hour | Self::DayOfMonth => &[],
        }
    }

    /// The bits of all its numbers.
    pub(super) fn full_set(self) -> u64 {
        self.range().fold(0, |set, value| set | bit(value))
    }
}

/// The numbers one field matches, as bits, and how it is written with a star.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FieldSet {
    pub(super) bits: u64,
    pub(super) star: Star,
}

/// The ways to write a star that cron programs tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Star {
    /// No element is a star, or only one with a step that is not the first: `1-31`, `1,*/2`.
    None,
    /// `*` alone.
    Alone,
    /// `*/1`, `*,1`: it begins with a star, and an element is every number.
    LeadingWhole,
    /// `*/2`, `*/2,1`: it begins with a star that has a step.
    LeadingStep,
    /// `1,*`: an element is every number, but not the first.
    LaterWhole,
}

impl FieldSet {
    pub(super) fn has(self, value: i8) -> bool {
        u8::try_from(value).is_ok_and(|value| self.bits & bit(value) != 0)
    }

    /// The numbers in rising order.
    pub(super) fn values(self) -> impl Iterator<Item = u8> {
        (0..64).filter(move |value| self.bits & bit(*value) != 0)
    }

    pub(super) fn first(self) -> i8 {
        low(self.bits)
    }

    pub(super) fn is_full(self, field: CronField) -> bool {
        self.bits == field.full_set()
    }
}

pub(super) fn bit(value: u8) -> u64 {
    1_u64.checked_shl(u32::from(value)).unwrap_or(0)
}

/// The number of the lowest bit; 0 for an empty set, which no field has.
pub(super) fn low(bits: u64) -> i8 {
    if bits == 0 { 0 } else { i8::try_from(bits.trailing_zeros()).unwrap_or(0) }
}
