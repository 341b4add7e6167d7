//! The demo's own reading of cron: five fields of numbers, UTC, as sets of bits.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::Offset};

/// A schedule's firing minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CronRule {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Both day fields are restricted, so either may match, as cron has always had it.
    either_day: bool,
}

impl CronRule {
    /// Reads five fields; the error is a sentence for the response.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields.as_slice() else {
            return Err(format!("expected exactly 5 fields, found {}: [{text}]", fields.len()));
        };
        let weekdays = field(weekday, 0, 7)?;
        Ok(Self {
            minutes: field(minute, 0, 59)?,
            hours: field(hour, 0, 23)?,
            days: field(day, 1, 31)?,
            months: field(month, 1, 12)?,
            // Sunday is 0 and 7.
            weekdays: (weekdays | (weekdays >> 7)) & 0x7f,
            either_day: !day.starts_with('*') && !weekday.starts_with('*'),
        })
    }

    /// Whether it fires in the minute that `at` lies in.
    pub(super) fn fires_at(&self, at: DateTime) -> bool {
        self.fires_on(at.date()) && has(self.hours, at.hour()) && has(self.minutes, at.minute())
    }

    /// The firings of a day, counted from 1970, in epoch seconds and in order.
    pub(super) fn firings_on(&self, day: i64) -> impl Iterator<Item = i64> {
        let Self { hours, minutes, .. } = *self;
        let is_day = self.fires_on(civil(day * 86_400).date());
        let hours = (0..24).filter(move |&hour| is_day && has(hours, hour));
        hours.flat_map(move |hour| {
            let minutes = (0..60).filter(move |&minute| has(minutes, minute));
            minutes.map(move |minute| day * 86_400 + i64::from(hour) * 3600 + i64::from(minute) * 60)
        })
    }

    fn fires_on(&self, date: Date) -> bool {
        let day = has(self.days, date.day());
        let weekday = has(self.weekdays, date.weekday().to_sunday_zero_offset());
        has(self.months, date.month()) && if self.either_day { day || weekday } else { day && weekday }
    }

    /// The first firing after `second`, in epoch seconds; none within eight years means never.
    pub(super) fn next_after(&self, second: i64) -> Option<i64> {
        let first = second.div_euclid(60) + 1;
        let first_day = first.div_euclid(1440);
        (first_day..first_day + 2923)
            .filter(|day| self.fires_on(civil(day * 86_400).date()))
            .flat_map(|day| day * 1440..(day + 1) * 1440)
            .find(|&minute| minute >= first && self.fires_at(civil(minute * 60)))
            .map(|minute| minute * 60)
    }
}

/// The UTC calendar reading of an epoch second.
pub(super) fn civil(second: i64) -> DateTime {
    Offset::UTC.to_datetime(Timestamp::from_second(second).unwrap_or_default())
}

fn has(set: u64, bit: i8) -> bool {
    (set >> bit) & 1 == 1
}

fn field(text: &str, low: u32, high: u32) -> Result<u64, String> {
    let mut set = 0;
    for part in text.split(',') {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        let number = |text: &str| {
            let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            is_plain
                .then(|| text.parse::<u32>().ok())
                .flatten()
                .ok_or_else(|| format!("failed to parse number from {text}"))
        };
        let (from, to) = match (range, range.split_once('-'), step) {
            ("*", ..) => (low, high.min(if high == 7 { 6 } else { high })),
            (_, Some((from, to)), _) => (number(from)?, number(to)?),
            (single, None, Some(_)) => (number(single)?, high),
            (single, None, None) => (number(single)?, number(single)?),
        };
        let step = step.map_or(Ok(1), number)?;
        if from < low || to > high || from > to || step == 0 {
            return Err(format!("value out of range ({low} to {high}): {part}"));
        }
        set |= (from..=to).filter(|bit| (bit - from).is_multiple_of(step)).fold(0, |bits, bit| bits | (1 << bit));
    }
    Ok(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_second()
    }

    #[test]
    fn the_firings_of_a_day_are_the_minutes_that_fire() {
        for text in ["0 2 * * *", "10 */4 * * *", "0 4 */2 * 1-5", "0,30 5,17 1 * 0", "*/7 0-3 * 2 *"] {
            let rule = CronRule::parse(text).unwrap();
            for day in 20_000..20_040 {
                let minutes = (day * 1440..(day + 1) * 1440).map(|minute| minute * 60);
                let fires: Vec<i64> = minutes.filter(|&second| rule.fires_at(civil(second))).collect();
                assert_eq!(rule.firings_on(day).collect::<Vec<_>>(), fires, "{text} {day}");
            }
        }
    }

    #[test]
    fn next_firings() {
        let cases = [
            ("0 2 * * *", "2026-09-14T02:00:00Z", "2026-09-15T02:00:00Z"),
            ("0 2 * * *", "2026-09-14T01:59:59Z", "2026-09-14T02:00:00Z"),
            ("*/15 * * * *", "2026-09-14T01:50:01Z", "2026-09-14T02:00:00Z"),
            ("0 9 * * 1-5", "2026-09-18T09:00:00Z", "2026-09-21T09:00:00Z"),
            ("30 4 1,15 * *", "2026-09-14T00:00:00Z", "2026-09-15T04:30:00Z"),
            ("0 0 13 * 5", "2026-09-14T00:00:00Z", "2026-09-18T00:00:00Z"),
            ("0 0 * * 7", "2026-09-14T00:00:00Z", "2026-09-20T00:00:00Z"),
            ("0 0 29 2 *", "2026-09-14T00:00:00Z", "2028-02-29T00:00:00Z"),
            ("5/20 * * * *", "2026-09-14T00:26:00Z", "2026-09-14T00:45:00Z"),
        ];
        for (cron, after, want) in cases {
            assert_eq!(CronRule::parse(cron).unwrap().next_after(second(after)), Some(second(want)), "{cron}");
        }
        assert_eq!(CronRule::parse("0 0 31 2 *").unwrap().next_after(0), None);
    }

    #[test]
    fn broken_expressions_are_refused() {
        for text in [
            "",
            "0 9 ** *",
            "0 2 * *",
            "0 2 * * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 8",
            "a * * * *",
            "5-1 * * * *",
            "*/0 * * * *",
            "@daily",
            "cron",
            "+5 * * * *",
        ] {
            assert!(CronRule::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn firing_agrees_with_next_after() {
        let start = second("2026-02-27T00:00:00Z");
        for text in ["7 */5 * * *", "0 12 1 * 3", "59 23 28-31 * *"] {
            let cron = CronRule::parse(text).unwrap();
            let by_minute = (1..=6 * 1440).map(|minute| start + minute * 60).find(|&at| cron.fires_at(civil(at)));
            assert_eq!(cron.next_after(start), by_minute, "{text}");
        }
    }
}
