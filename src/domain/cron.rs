//! Five-field cron in UTC: what an expression matches, and its next runs.
//!
//! Days follow the rule of standard cron: where both the day of the month and the weekday are given, a day matches when
//! *either* does; where one of the two starts with `*`, both have to.

use std::fmt;
use std::ops::RangeInclusive;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::cron_read::read;
use super::{Recurrence, Schedule};

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

    /// The names read for its numbers, from the smallest.
    pub(super) fn words(self) -> &'static [&'static str] {
        match self {
            Self::Month => &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
            Self::Weekday => &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
            _ => &[],
        }
    }

    /// The bits of all its numbers.
    pub(super) fn full_set(self) -> u64 {
        self.range().fold(0, |set, value| set | bit(value))
    }
}

/// Why a text is no cron expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CronError {
    /// The field at fault, where it is one.
    pub field: Option<CronField>,
    /// What is wrong and what to write, for the person who typed it.
    pub message: String,
    /// A whole corrected expression to offer, where the intention is plain.
    pub fix: Option<String>,
}

impl fmt::Display for CronError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CronError {}

/// An expression that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    pub(super) text: String,
    pub(super) minutes: FieldSet,
    pub(super) hours: FieldSet,
    pub(super) days: FieldSet,
    pub(super) months: FieldSet,
    pub(super) weekdays: FieldSet,
}

/// The numbers one field matches, as bits, and whether it is written with a leading `*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FieldSet {
    pub(super) bits: u64,
    pub(super) has_star: bool,
}

impl FieldSet {
    pub(super) fn has(self, value: i8) -> bool {
        u8::try_from(value).is_ok_and(|value| self.bits & bit(value) != 0)
    }

    /// The numbers in rising order.
    pub(super) fn values(self) -> impl Iterator<Item = u8> {
        (0..64).filter(move |value| self.bits & bit(*value) != 0)
    }

    fn first(self) -> i8 {
        low(self.bits)
    }
}

pub(super) fn bit(value: u8) -> u64 {
    1_u64.checked_shl(u32::from(value)).unwrap_or(0)
}

/// The number of the lowest bit; 0 for an empty set, which no field has.
fn low(bits: u64) -> i8 {
    if bits == 0 { 0 } else { i8::try_from(bits.trailing_zeros()).unwrap_or(0) }
}

/// The bits from `value` upwards.
fn from(bits: u64, value: i8) -> u64 {
    u32::try_from(value).ok().and_then(|value| u64::MAX.checked_shl(value)).unwrap_or(0) & bits
}

impl Cron {
    /// Reads an expression of five fields: minute, hour, day of month, month, weekday. Lists, ranges, steps and English names
    /// are read; what is kept and sent is plain: numbers only, Sunday as 0, `5/15` as `5-59/15`.
    pub fn parse(text: &str) -> Result<Self, CronError> {
        read(text).map_err(|mut error| {
            error.fix = error.fix.and_then(|fix| read(&fix).ok()).map(|cron| cron.text);
            error
        })
    }

    /// The five fields as they are sent, joined by single spaces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The five fields as they are sent.
    #[must_use]
    pub fn fields(&self) -> [String; 5] {
        let mut fields = self.text.split(' ');
        std::array::from_fn(|_| fields.next().unwrap_or("*").to_owned())
    }

    /// The next run strictly after an instant; `None` where there is none, as for 31 February.
    #[must_use]
    pub fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        /// Every date that exists comes back on the same weekday within 40 years.
        const MONTHS: u16 = 41 * 12;

        let minute = after.as_second().div_euclid(60).checked_add(1)?;
        let start = TimeZone::UTC.to_datetime(Timestamp::from_second(minute.checked_mul(60)?).ok()?);
        let today = start.date();
        let is_today = self.days_of_month(today.year(), today.month()) & bit(u8::try_from(today.day()).ok()?) != 0;
        if is_today && let Some((hour, minute)) = self.time_from(start.hour(), start.minute()) {
            return instant(today, hour, minute);
        }
        let (mut year, mut month, mut day) = (today.year(), today.month(), today.day() + 1);
        for _ in 0..MONTHS {
            let days = from(self.days_of_month(year, month), day);
            if days != 0 {
                return instant(Date::new(year, month, low(days)).ok()?, self.hours.first(), self.minutes.first());
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

    /// The next runs after an instant, at most `count`; fewer where there are no more.
    #[must_use]
    pub fn upcoming(&self, after: Timestamp, count: usize) -> Vec<Timestamp> {
        std::iter::successors(self.next_after(after), |at| self.next_after(*at)).take(count).collect()
    }

    /// Runs a week, on the average of 28 years.
    #[must_use]
    pub fn runs_per_week(&self) -> f64 {
        let runs_a_day = self.minutes.bits.count_ones() * self.hours.bits.count_ones();
        let days = self.cycle().len();
        f64::from(runs_a_day) * days as f64 * 7.0 / f64::from(CYCLE_DAYS)
    }

    /// The seconds between the two runs that are closest; `None` where it never runs.
    #[must_use]
    pub fn shortest_gap_secs(&self) -> Option<u64> {
        let times: Vec<u32> = self
            .hours
            .values()
            .flat_map(|hour| self.minutes.values().map(move |minute| u32::from(hour) * 60 + u32::from(minute)))
            .collect();
        let (first, last) = (*times.first()?, *times.last()?);
        let within_a_day = times.iter().zip(times.iter().skip(1)).map(|(a, b)| b - a).min();
        let days: Vec<u32> = self.cycle();
        let first_day = *days.first()?;
        let next_days = days.iter().skip(1).copied().chain([first_day + CYCLE_DAYS]);
        let days_apart = days.iter().zip(next_days).map(|(a, b)| b - a).min()?;
        let across_days = days_apart * 1440 + first - last;
        Some(u64::from(within_a_day.map_or(across_days, |within| within.min(across_days))) * 60)
    }

    /// True where no date matches, as for 31 February.
    #[must_use]
    pub fn is_never(&self) -> bool {
        const LONGEST: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let first = u8::try_from(self.days.first()).unwrap_or(1);
        let fits = |month: u8| LONGEST.get(usize::from(month).wrapping_sub(1)).is_some_and(|longest| first <= *longest);
        !self.is_either_day() && !self.months.values().any(fits)
    }

    /// True where a day matches when the day of the month *or* the weekday does.
    pub(super) fn is_either_day(&self) -> bool {
        !self.days.has_star && !self.weekdays.has_star
    }

    /// The first time of day at or after the given one.
    fn time_from(&self, hour: i8, minute: i8) -> Option<(i8, i8)> {
        if self.hours.has(hour) {
            let minutes = from(self.minutes.bits, minute);
            if minutes != 0 {
                return Some((hour, low(minutes)));
            }
        }
        let hours = from(self.hours.bits, hour + 1);
        (hours != 0).then(|| (low(hours), self.minutes.first()))
    }

    /// The days of one month that match, as bits 1 to 31.
    fn days_of_month(&self, year: i16, month: i8) -> u64 {
        if !self.months.has(month) {
            return 0;
        }
        let Ok(first) = Date::new(year, month, 1) else { return 0 };
        let length = u8::try_from(first.days_in_month()).unwrap_or(31);
        let weekday = u8::try_from(first.weekday().to_sunday_zero_offset()).unwrap_or(0);
        let by_weekday = (1..=length).filter(|day| self.weekdays.bits & bit((weekday + day - 1) % 7) != 0);
        let by_weekday = by_weekday.fold(0, |set, day| set | bit(day));
        let by_day = self.days.bits & (bit(length + 1) - 1);
        if self.is_either_day() { by_day | by_weekday } else { by_day & by_weekday }
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

/// Days of the 28 years after which the calendar repeats (between 1901 and 2099).
const CYCLE_DAYS: u32 = 10_227;

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn instant(date: Date, hour: i8, minute: i8) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(date.at(hour, minute, 0, 0)).ok()
}

/// The next run of a schedule; `None` where it is suspended, runs once, or its text is no expression.
#[must_use]
pub fn next_run(schedule: &Schedule, now: Timestamp) -> Option<Timestamp> {
    match &schedule.recurrence {
        Some(Recurrence::Text(text)) if !schedule.is_suspended() => Cron::parse(text).ok()?.next_after(now),
        _ => None,
    }
}

/// Usual schedules, one click each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Preset {
    /// On the hour.
    Hourly,
    /// Every night.
    Daily,
    /// Monday to Friday.
    Weekdays,
    /// Every Sunday.
    Weekly,
    /// On the first of the month.
    Monthly,
}

impl Preset {
    /// All, from often to seldom.
    pub const ALL: [Self; 5] = [Self::Hourly, Self::Daily, Self::Weekdays, Self::Weekly, Self::Monthly];

    /// The word on its button.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hourly => "Hourly",
            Self::Daily => "Daily",
            Self::Weekdays => "Weekdays",
            Self::Weekly => "Weekly",
            Self::Monthly => "Monthly",
        }
    }

    /// The expression it stands for.
    #[must_use]
    pub fn cron(self) -> &'static str {
        match self {
            Self::Hourly => "0 * * * *",
            Self::Daily => "0 2 * * *",
            Self::Weekdays => "0 2 * * 1-5",
            Self::Weekly => "0 2 * * 0",
            Self::Monthly => "0 2 1 * *",
        }
    }

    /// The preset an expression is, if it is one.
    #[must_use]
    pub fn of(cron: &Cron) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.cron() == cron.as_str())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn cron(text: &str) -> Cron {
        Cron::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn the_next_run_is_found() {
        let cases = [
            ("0 2 * * *", "2026-09-14T01:59:59Z", "2026-09-14T02:00:00Z"),
            ("0 2 * * *", "2026-09-14T02:00:00Z", "2026-09-15T02:00:00Z"),
            ("0 2 * * *", "2026-09-14T02:00:00.5Z", "2026-09-15T02:00:00Z"),
            ("* * * * *", "2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00Z"),
            ("*/15 9-17 * * 1-5", "2026-09-11T17:45:00Z", "2026-09-14T09:00:00Z"),
            ("0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z"),
            ("0 0 31 * *", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z"),
            // Either the 13th or a Friday.
            ("0 0 13 * 5", "2026-09-12T00:00:00Z", "2026-09-13T00:00:00Z"),
            ("0 0 13 * 5", "2026-09-13T00:00:00Z", "2026-09-18T00:00:00Z"),
            // A leading star: an odd day that is a Monday.
            ("0 0 */2 * 1", "2026-09-01T00:00:00Z", "2026-09-07T00:00:00Z"),
            ("0 0 */2 * 1", "2026-09-07T00:00:00Z", "2026-09-21T00:00:00Z"),
            ("59 23 31 12 *", "2026-12-31T23:59:00Z", "2027-12-31T23:59:00Z"),
            ("0 0 1 1 *", "1969-06-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ];
        for (text, after, want) in cases {
            assert_eq!(cron(text).next_after(at(after)), Some(at(want)), "{text} after {after}");
        }
        for never in ["0 0 31 2 *", "0 0 30 2 */2", "0 0 31 4,6,9,11 *"] {
            assert_eq!(cron(never).next_after(at("2026-09-14T00:00:00Z")), None, "{never}");
            assert!(cron(never).is_never() && cron(never).upcoming(at("2026-09-14T00:00:00Z"), 3).is_empty());
        }
        let two = [at("2026-09-14T02:00:00Z"), at("2026-09-15T02:00:00Z")];
        assert_eq!(cron("0 2 * * *").upcoming(at("2026-09-14T00:00:00Z"), 2), two);
        assert!(!cron("0 0 31 2 1").is_never() && !cron("0 0 29 2 *").is_never());
        assert_eq!(cron("* * * * *").next_after(Timestamp::MAX), None);
        assert!(cron("* * * * *").next_after(Timestamp::MIN).is_some());
    }

    #[test]
    fn runs_a_week_and_the_shortest_gap() {
        let day = 86_400;
        let cases = [
            ("0 2 * * *", 7.0, Some(day)),
            ("0 2 * * 1-5", 5.0, Some(day)),
            ("0 2 * * 0", 1.0, Some(7 * day)),
            ("*/15 * * * *", 672.0, Some(900)),
            ("0 2,14 * * *", 14.0, Some(12 * 3600)),
            ("50 23 * * *", 7.0, Some(day)),
            ("0,50 0,23 * * 1,4", 8.0, Some(50 * 60)),
            ("0 0,23 * * *", 14.0, Some(3600)),
            ("0 2 1 * *", 12.0 * 28.0 / 1461.0, Some(28 * day)),
            ("0 0 29 2 *", 7.0 / 1461.0, Some(1461 * day)),
            ("0 0 31 2 *", 0.0, None),
        ];
        for (text, per_week, gap) in cases {
            let found = cron(text).runs_per_week();
            assert!((found - per_week).abs() < 1e-9, "{text}: {found} {per_week}");
            assert_eq!(cron(text).shortest_gap_secs(), gap, "{text}");
        }
    }

    #[test]
    fn a_schedule_runs_next_only_if_it_runs_at_all() {
        let now = at("2026-09-14T00:00:00Z");
        let schedule = |text: &str, suspended| Schedule {
            recurrence: Some(Recurrence::read(text)),
            suspended,
            ..Schedule::default()
        };
        assert_eq!(next_run(&schedule("0 2 * * *", None), now), Some(at("2026-09-14T02:00:00Z")));
        assert_eq!(next_run(&schedule("0 2 * * *", Some(true)), now), None);
        assert_eq!(next_run(&schedule("once", None), now), None);
        assert_eq!(next_run(&schedule("cron", None), now), None);
        assert_eq!(next_run(&Schedule::default(), now), None);
    }

    #[test]
    fn presets_are_expressions_and_find_themselves() {
        for preset in Preset::ALL {
            assert_eq!(Preset::of(&cron(preset.cron())), Some(preset));
            assert_eq!(cron(preset.cron()).to_string(), preset.cron());
        }
        assert_eq!(Preset::ALL.map(Preset::name), ["Hourly", "Daily", "Weekdays", "Weekly", "Monthly"]);
        assert_eq!(Preset::of(&cron("0  02 * * SUN")), Some(Preset::Weekly));
        assert_eq!(Preset::of(&cron("1 2 * * *")), None);
    }

    /// Random text of one field.
    pub(in crate::domain) fn field_text(min: u8, max: u8) -> impl Strategy<Value = String> {
        // 7 is a weekday, but neither a step nor the start of one.
        let (last, step) = if max == 7 { (6, 6) } else { (max, max - min) };
        let item = prop_oneof![
            3 => (min..=max).prop_map(|v| v.to_string()),
            2 => (min..=max, min..=max).prop_map(|(a, b)| format!("{}-{}", a.min(b), a.max(b))),
            1 => (min..=max, min..=max, 1..=step).prop_map(|(a, b, s)| format!("{}-{}/{s}", a.min(b), a.max(b))),
            1 => (1..=step).prop_map(|s| format!("*/{s}")),
            1 => (min..=last, 1..=step).prop_map(|(a, s)| format!("{a}/{s}")),
        ];
        prop_oneof![2 => Just("*".to_owned()), 3 => proptest::collection::vec(item, 1..4).prop_map(|items| items.join(","))]
    }

    /// Random expressions of all shapes.
    pub(in crate::domain) fn any_cron() -> impl Strategy<Value = String> {
        let fields = (field_text(0, 59), field_text(0, 23), field_text(1, 31), field_text(1, 12), field_text(0, 7));
        fields.prop_map(|(minute, hour, day, month, weekday)| format!("{minute} {hour} {day} {month} {weekday}"))
    }

    /// Whether a minute matches, told from the text alone by the plainest means.
    fn matches_plainly(text: &str, at: Timestamp) -> bool {
        let time = TimeZone::UTC.to_datetime(at);
        let weekday = time.weekday().to_sunday_zero_offset();
        let fields: Vec<&str> = text.split(' ').collect();
        let one = |field: &str, value: i8, min: i8, max: i8| {
            field.split(',').any(|item| {
                let (range, step) =
                    item.split_once('/').map_or((item, None), |(r, s)| (r, Some(s.parse::<i8>().unwrap())));
                let (from, to) = match range.split_once('-') {
                    _ if range == "*" => (min, max),
                    Some((a, b)) => (a.parse().unwrap(), b.parse().unwrap()),
                    None if step.is_some() => (range.parse::<i8>().unwrap(), max),
                    None => (range.parse().unwrap(), range.parse().unwrap()),
                };
                value >= from && value <= to && (value - from) % step.unwrap_or(1) == 0
            })
        };
        let day = one(fields[2], time.day(), 1, 31);
        let week = one(fields[4], weekday, 0, 6) || weekday == 0 && one(fields[4], 7, 0, 6);
        let both = fields[2].starts_with('*') || fields[4].starts_with('*');
        one(fields[0], time.minute(), 0, 59)
            && one(fields[1], time.hour(), 0, 23)
            && one(fields[3], time.month(), 1, 12)
            && if both { day && week } else { day || week }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn what_is_sent_reads_as_itself(text in any_cron()) {
            let first = cron(&text);
            let again = cron(first.as_str());
            prop_assert_eq!(&first, &again);
            prop_assert_eq!(first.fields().join(" "), first.as_str());
            prop_assert!(first.as_str().split(' ').nth(4).is_some_and(|weekday| !weekday.contains('7')));
        }

        #[test]
        fn the_next_run_is_what_a_walk_minute_by_minute_finds(
            text in any_cron(),
            start in 1_700_000_000_i64..1_900_000_000,
        ) {
            const HORIZON: i64 = 4 * 24 * 60;
            let start = Timestamp::from_second(start).unwrap();
            let first = start.as_second() / 60 + 1;
            let walked = (first..first + HORIZON).map(|m| Timestamp::from_second(m * 60).unwrap());
            let walked = walked.into_iter().find(|at| matches_plainly(&text, *at));
            let found = cron(&text).next_after(start);
            match walked {
                Some(walked) => prop_assert_eq!(found, Some(walked)),
                None => prop_assert!(found.is_none_or(|at| at.as_second() >= (first + HORIZON) * 60)),
            }
            prop_assert!(found.is_none_or(|at| at > start));
        }

        #[test]
        fn the_shortest_gap_is_never_longer_than_one_that_happens(text in any_cron()) {
            let cron = cron(&text);
            let runs = cron.upcoming(at("2026-09-14T00:00:00Z"), 200);
            let gap = cron.shortest_gap_secs();
            prop_assert_eq!(gap.is_none(), cron.runs_per_week() == 0.0);
            for (a, b) in runs.iter().zip(runs.iter().skip(1)) {
                prop_assert!(gap.unwrap() <= u64::try_from(b.as_second() - a.as_second()).unwrap());
            }
        }
    }
}
