//! The runs of one reading of an expression: the next ones, how many, and how far apart.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::expression::Cron;
use super::field::{CronField, FieldSet, bit, low};

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
                    if let Ok(first) = ambiguous.earlier()
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
        let times: Vec<u32> = cron.times_of_day().map(u32::from).collect();
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
    pub(super) fn cycle(&self) -> Vec<u32> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{any_cron, cron, upcoming};
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
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
            // The narrow reading of a step: an odd day that is a Monday.
            ("0 0 */2 * 1", "2026-09-01T00:00:00Z", "2026-09-07T00:00:00Z"),
            ("0 0 */2 * 1", "2026-09-07T00:00:00Z", "2026-09-21T00:00:00Z"),
            ("59 23 31 12 *", "2026-12-31T23:59:00Z", "2027-12-31T23:59:00Z"),
            ("0 0 1 1 *", "1969-06-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ];
        for (text, after, want) in cases {
            assert_eq!(cron(text).readings().narrow.next_after(at(after)), Some(at(want)), "{text} after {after}");
        }
        for never in ["0 0 31 2 *", "0 0 30 2 */2", "0 0 31 4,6,9,11 *"] {
            let cron = cron(never);
            let reading = cron.readings().narrow;
            assert_eq!(reading.next_after(at("2026-09-14T00:00:00Z")), None, "{never}");
            assert!(reading.is_never() && upcoming(&reading, at("2026-09-14T00:00:00Z"), 3).is_empty());
        }
        let two = [at("2026-09-14T02:00:00Z"), at("2026-09-15T02:00:00Z")];
        assert_eq!(upcoming(&cron("0 2 * * *").readings().narrow, at("2026-09-14T00:00:00Z"), 2), two);
        assert!(["0 0 31 2 1", "0 0 29 2 *"].iter().all(|text| !cron(text).readings().narrow.is_never()));
        let minutely = cron("* * * * *");
        assert_eq!(minutely.readings().narrow.next_after(Timestamp::MAX), None);
        assert!(minutely.readings().narrow.next_after(Timestamp::MIN).is_some());
    }

    #[test]
    fn clocks_that_change_skip_a_run_or_repeat_it() {
        let next = |text: &str, zone: &str, after: &str, count: usize| -> Vec<String> {
            let (cron, zone) = (cron(text), TimeZone::get(zone).unwrap());
            let reading = cron.readings().narrow;
            let runs = std::iter::successors(reading.next_in(at(after), &zone), |at| reading.next_in(*at, &zone));
            runs.take(count).map(|at| at.to_string()).collect()
        };
        // Spring: 02:30 does not exist on 28 March 2027.
        let want = ["2027-03-27T01:30:00Z", "2027-03-29T00:30:00Z"];
        assert_eq!(next("30 2 * * *", "Europe/Berlin", "2027-03-26T12:00:00Z", 2), want);
        // Autumn: 02:30 comes twice on 31 October 2027.
        let want = ["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z", "2027-11-01T01:30:00Z"];
        assert_eq!(next("30 2 * * *", "Europe/Berlin", "2027-10-30T12:00:00Z", 3), want);
        // The repeated hour in the order of the instants, not of the clock; also when asked in its midst.
        let want = ["2027-10-31T00:30:00Z", "2027-10-31T01:00:00Z", "2027-10-31T01:30:00Z", "2027-11-01T01:00:00Z"];
        assert_eq!(next("*/30 2 * * *", "Europe/Berlin", "2027-10-31T00:00:00Z", 4), want);
        assert_eq!(next("0 2,3 * * *", "Europe/Berlin", "2027-10-31T01:00:00Z", 1), ["2027-10-31T02:00:00Z"]);
        // Troll sets its clocks by two hours, Lord Howe by half an hour.
        let want = ["2027-10-30T23:30:00Z", "2027-10-31T01:30:00Z"];
        assert_eq!(next("30 1 31 10 *", "Antarctica/Troll", "2027-10-30T12:00:00Z", 2), want);
        let want = ["2027-04-03T14:45:00Z", "2027-04-03T15:15:00Z"];
        assert_eq!(next("45 1 4 4 *", "Australia/Lord_Howe", "2027-04-01T12:00:00Z", 2), want);
    }

    #[test]
    fn runs_a_week_and_the_gaps() {
        let day = 86_400;
        let cases = [
            ("0 2 * * *", 7.0, Some((day, day))),
            ("0 2 * * 1-5", 5.0, Some((day, 3 * day))),
            ("0 2 * * 0", 1.0, Some((7 * day, 7 * day))),
            ("*/15 * * * *", 672.0, Some((900, 900))),
            ("*/7 * * * *", 1512.0, Some((240, 420))),
            ("0 2,14 * * *", 14.0, Some((12 * 3600, 12 * 3600))),
            ("50 23 * * *", 7.0, Some((day, day))),
            ("0,50 0,23 * * 1,4", 8.0, Some((50 * 60, 3 * day + 600))),
            ("0 0,23 * * *", 14.0, Some((3600, 23 * 3600))),
            ("0 2 1 * *", 12.0 * 28.0 / 1461.0, Some((28 * day, 31 * day))),
            ("0 0 29 2 *", 7.0 / 1461.0, Some((1461 * day, 1461 * day))),
            ("0 0 31 2 *", 0.0, None),
        ];
        for (text, per_week, gaps) in cases {
            let pace = cron(text).readings().narrow.pace();
            assert!((pace.per_week - per_week).abs() < 1e-9, "{text}: {pace:?} {per_week}");
            assert_eq!(pace.shortest_gap_secs.zip(pace.longest_gap_secs), gaps, "{text}");
        }
    }

    /// Whether a minute matches, decided from the text alone in the simplest way.
    fn matches_plainly(text: &str, rule: DayRule, at: Timestamp) -> bool {
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
        let week = one(fields[4], weekday, 0, 6) || weekday == 0 && one(&fields[4].replace('*', "0-6"), 7, 0, 6);
        one(fields[0], time.minute(), 0, 59)
            && one(fields[1], time.hour(), 0, 23)
            && one(fields[3], time.month(), 1, 12)
            && if rule == DayRule::Both { day && week } else { day || week }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn the_next_run_is_what_a_walk_minute_by_minute_finds(
            text in any_cron(),
            start in 1_700_000_000_i64..1_900_000_000,
        ) {
            const HORIZON: i64 = 4 * 24 * 60;
            let start = Timestamp::from_second(start).unwrap();
            let first = start.as_second() / 60 + 1;
            let cron = cron(&text);
            for reading in cron.readings().iter() {
                let walked = (first..first + HORIZON).map(|m| Timestamp::from_second(m * 60).unwrap());
                let walked = walked.into_iter().find(|at| matches_plainly(&text, reading.rule, *at));
                let found = reading.next_after(start);
                match walked {
                    Some(walked) => prop_assert_eq!(found, Some(walked)),
                    None => prop_assert!(found.is_none_or(|at| at.as_second() >= (first + HORIZON) * 60)),
                }
                prop_assert!(found.is_none_or(|at| at > start && reading.matches(at, &TimeZone::UTC)));
            }
        }

        #[test]
        fn in_a_zone_it_is_what_a_walk_finds_too(text in any_cron(), hours in 0_i64..48, place in 0_usize..4) {
            const PLACES: [(&str, &str); 4] = [
                ("Europe/Berlin", "2027-10-30T12:00:00Z"),
                ("Europe/Berlin", "2027-03-27T12:00:00Z"),
                ("Antarctica/Troll", "2027-10-30T12:00:00Z"),
                ("Australia/Lord_Howe", "2027-04-03T02:00:00Z"),
            ];
            let (zone, start) = PLACES[place];
            let (zone, cron) = (TimeZone::get(zone).unwrap(), cron(&text));
            let reading = cron.readings().narrow;
            let first = at(start).as_second() / 60 + hours * 60;
            let minutes = (first..first + 2 * 1440).map(|m| Timestamp::from_second(m * 60).unwrap());
            let walked = minutes.into_iter().find(|at| reading.matches(*at, &zone));
            let found = reading.next_in(Timestamp::from_second(first * 60 - 1).unwrap(), &zone);
            match walked {
                Some(walked) => prop_assert_eq!(found, Some(walked)),
                None => prop_assert!(found.is_none_or(|at| at.as_second() >= (first + 2 * 1440) * 60)),
            }
        }

        #[test]
        fn no_gap_is_outside_the_shortest_and_the_longest(text in any_cron()) {
            let cron = cron(&text);
            for reading in cron.readings().iter() {
                let mut runs = upcoming(&reading, at("2026-09-14T00:00:00Z"), 200);
                // 2100 is no leap year: beyond it the 28 years that a pace is counted over do not repeat.
                runs.retain(|run| *run < at("2100-01-01T00:00:00Z"));
                let pace = reading.pace();
                prop_assert_eq!(pace.shortest_gap_secs.is_none(), pace.per_week == 0.0);
                for (a, b) in runs.iter().zip(runs.iter().skip(1)) {
                    let gap = u64::try_from(b.as_second() - a.as_second()).unwrap();
                    prop_assert!(pace.shortest_gap_secs.unwrap() <= gap && gap <= pace.longest_gap_secs.unwrap());
                }
            }
        }
    }

    proptest! {
        // Each case looks at every day of 28 years.
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn the_days_of_a_cycle_are_those_the_text_names(text in any_cron()) {
            let cron = cron(&text);
            let time = i64::from(cron.hours.first()) * 3600 + i64::from(cron.minutes.first()) * 60;
            let start = at("2001-01-01T00:00:00Z").as_second() + time;
            for reading in cron.readings().iter() {
                let day = |number: u32| Timestamp::from_second(start + i64::from(number - 1) * 86_400).unwrap();
                let plainly: Vec<u32> =
                    (1..=CYCLE_DAYS).filter(|number| matches_plainly(&text, reading.rule, day(*number))).collect();
                prop_assert_eq!(reading.cycle(), plainly);
            }
        }
    }
}
