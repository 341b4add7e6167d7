//! The runs of one reading of an expression: the next ones, how many, and how far apart.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::cron::{Cron, CronField, FieldSet, bit, low};

/// How the day of the month and the weekday decide together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayRule {
    /// A day has to match both fields.
    Both,
    /// A day has to match one of the two.
    Either,
}

/// An expression with the rule its days follow.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    pub(super) cron: &'a Cron,
    /// How its two day fields combine.
    pub rule: DayRule,
}

/// The longest that clocks are set back, and so the longest that a run can come twice.
const LONGEST_FOLD_HOURS: i64 = 3;

/// Days of the 28 years after which the calendar repeats (between 1901 and 2099).
const CYCLE_DAYS: u32 = 10_227;

/// Runs of one reading over a whole cycle of the calendar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Runs a week, on the average of 28 years; 0 where it never runs.
    pub per_week: f64,
    /// Seconds between the two runs that are closest.
    pub shortest_gap_secs: Option<u64>,
    /// Seconds between the two runs that are farthest apart.
    pub longest_gap_secs: Option<u64>,
}

impl Reading<'_> {
    /// The next run strictly after an instant, with the fields read in UTC; `None` where there is none, as for 31 February.
    #[must_use]
    pub fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        self.next_in(after, &TimeZone::UTC)
    }

    /// The same with the fields read in a zone. As in the scheduler that knows zones (Go's robfig/cron), a time that the
    /// clocks skip does not run, and one they show twice runs twice.
    #[must_use]
    pub fn next_in(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        if *zone == TimeZone::UTC {
            return instant(self.next_civil(minute_after(TimeZone::UTC.to_datetime(after))?)?, zone);
        }
        let back = Timestamp::from_second(after.as_second().checked_sub(LONGEST_FOLD_HOURS * 3600)?).ok()?;
        let mut at = self.next_civil(minute_after(zone.to_datetime(back))?);
        let mut second_time: Option<Timestamp> = None;
        while let Some(civil) = at {
            let ambiguous = zone.to_ambiguous_timestamp(civil);
            let later = |first: Timestamp| second_time.map_or(first, |second| first.min(second));
            match ambiguous.offset() {
                AmbiguousOffset::Unambiguous { .. } => {
                    if let Ok(first) = ambiguous.unambiguous()
                        && first > after
                    {
                        return Some(later(first));
                    }
                }
                AmbiguousOffset::Gap { .. } => {}
                AmbiguousOffset::Fold { .. } => {
                    if let Ok(first) = ambiguous.clone().earlier()
                        && first > after
                    {
                        return Some(later(first));
                    }
                    let second = ambiguous.later().ok().filter(|second| *second > after);
                    second_time = second_time.or(second);
                }
            }
            at = self.next_civil(minute_after(civil)?);
        }
        second_time
    }

    /// The next runs after an instant, at most `count`, with the fields read in UTC; fewer where there are no more.
    #[must_use]
    pub fn upcoming(&self, after: Timestamp, count: usize) -> Vec<Timestamp> {
        std::iter::successors(self.next_after(after), |at| self.next_after(*at)).take(count).collect()
    }

    /// The first matching minute at or after a time of the calendar.
    fn next_civil(&self, from: DateTime) -> Option<DateTime> {
        /// Every date that exists comes back on the same weekday within 40 years.
        const MONTHS: u16 = 41 * 12;

        let today = from.date();
        let is_today = self.days_of_month(today.year(), today.month()) & bit(u8::try_from(today.day()).ok()?) != 0;
        if is_today && let Some((hour, minute)) = self.time_from(from.hour(), from.minute()) {
            return Some(today.at(hour, minute, 0, 0));
        }
        let (mut year, mut month, mut day) = (today.year(), today.month(), today.day() + 1);
        for _ in 0..MONTHS {
            let days = bits_from(self.days_of_month(year, month), day);
            if days != 0 {
                let date = Date::new(year, month, low(days)).ok()?;
                return Some(date.at(self.cron.hours.first(), self.cron.minutes.first(), 0, 0));
            }
            day = 1;
            month += 1;
            if month > 12 {
                month = 1;
                year = year.checked_add(1)?;
            }
        }
        None
    }

    /// Whether the minute of an instant matches, with the fields read in a zone.
    #[must_use]
    pub fn matches(&self, at: Timestamp, zone: &TimeZone) -> bool {
        let civil = zone.to_datetime(at);
        let day = u8::try_from(civil.day()).unwrap_or(0);
        self.days_of_month(civil.year(), civil.month()) & bit(day) != 0
            && self.cron.hours.has(civil.hour())
            && self.cron.minutes.has(civil.minute())
    }

    /// How often it runs, over 28 years.
    #[must_use]
    pub fn pace(&self) -> Pace {
        let cron = self.cron;
        let days = self.cycle();
        let runs_a_day = cron.minutes.bits.count_ones() * cron.hours.bits.count_ones();
        let per_week = f64::from(runs_a_day) * days.len() as f64 * 7.0 / f64::from(CYCLE_DAYS);
        let times: Vec<u32> = cron
            .hours
            .values()
            .flat_map(|hour| cron.minutes.values().map(move |minute| u32::from(hour) * 60 + u32::from(minute)))
            .collect();
        let next_days = days.iter().skip(1).copied().chain(days.first().map(|first| first + CYCLE_DAYS));
        let apart = days.iter().zip(next_days).map(|(a, b)| b - a);
        let overnight = times.first().zip(times.last()).map(|(first, last)| (*first, *last));
        let across = |days_apart: u32| overnight.map(|(first, last)| days_apart * 1440 + first - last);
        let across_days = apart.clone().min().and_then(across).into_iter().chain(apart.max().and_then(across));
        let within_a_day = times.iter().zip(times.iter().skip(1)).map(|(a, b)| b - a).filter(|_| !days.is_empty());
        let gaps = across_days.chain(within_a_day).map(|minutes| u64::from(minutes) * 60);
        Pace { per_week, shortest_gap_secs: gaps.clone().min(), longest_gap_secs: gaps.max() }
    }

    /// True where no date matches, as for 31 February.
    #[must_use]
    pub fn is_never(&self) -> bool {
        let first = u8::try_from(self.cron.days.first()).unwrap_or(1);
        let fits = |month: u8| first <= longest_month(month);
        self.rule == DayRule::Both && !self.cron.months.values().any(fits)
    }

    /// The first time of day at or after the given one.
    fn time_from(&self, hour: i8, minute: i8) -> Option<(i8, i8)> {
        let Cron { hours, minutes, .. } = self.cron;
        if hours.has(hour) {
            let minutes = bits_from(minutes.bits, minute);
            if minutes != 0 {
                return Some((hour, low(minutes)));
            }
        }
        let hours = bits_from(hours.bits, hour + 1);
        (hours != 0).then(|| (low(hours), minutes.first()))
    }

    /// The days of one month that match, as bits 1 to 31.
    fn days_of_month(&self, year: i16, month: i8) -> u64 {
        let Cron { days, months, weekdays, .. } = self.cron;
        if !months.has(month) {
            return 0;
        }
        let Ok(first) = Date::new(year, month, 1) else { return 0 };
        let length = u8::try_from(first.days_in_month()).unwrap_or(31);
        let weekday = u8::try_from(first.weekday().to_sunday_zero_offset()).unwrap_or(0);
        let by_weekday = days_on(*weekdays, weekday, length);
        let by_day = days.bits & (bit(length + 1) - 1);
        match self.rule {
            DayRule::Both => by_day & by_weekday,
            DayRule::Either => by_day | by_weekday,
        }
    }

    /// The matching days of 2001 to 2028, after which dates and weekdays repeat, counted from the first day.
    fn cycle(&self) -> Vec<u32> {
        let mut matching = Vec::new();
        let mut start = 0;
        for (year, month) in (2001..=2028).flat_map(|year| (1..=12).map(move |month| (year, month))) {
            let days = self.days_of_month(year, month);
            matching.extend((1..=31).filter(|day| days & bit(*day) != 0).map(|day| start + u32::from(day)));
            start += u32::from(Date::new(year, month, 1).map_or(31, Date::days_in_month).unsigned_abs());
        }
        matching
    }
}

/// The days of a month that fall on these weekdays; `first` is the weekday of its first day.
fn days_on(weekdays: FieldSet, first: u8, length: u8) -> u64 {
    let days = (1..=length).filter(|day| weekdays.bits & bit((first + day - 1) % 7) != 0);
    days.fold(0, |set, day| set | bit(day))
}

/// The most days a month has.
pub(super) fn longest_month(month: u8) -> u8 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => *CronField::DayOfMonth.range().end(),
    }
}

/// The bits from `value` upwards.
fn bits_from(bits: u64, value: i8) -> u64 {
    u32::try_from(value).ok().and_then(|value| u64::MAX.checked_shl(value)).unwrap_or(0) & bits
}

/// The start of the minute after a time; `None` at the end of the calendar.
fn minute_after(civil: DateTime) -> Option<DateTime> {
    let start = civil.date().at(civil.hour(), civil.minute(), 0, 0);
    start.checked_add(jiff::Span::new().minutes(1)).ok()
}

fn instant(civil: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_timestamp(civil).ok()
}
