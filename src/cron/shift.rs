//! The same runs some minutes later, so that many services do not begin in the same minute.

use super::expression::Cron;
use super::field::CronField;
use super::plan::{field_text, minutes_and_hours, moved, one_shift, shifted_days};

impl Cron {
    /// The expression of the same runs `minutes` later; `None` where five fields cannot say it: where some of the runs would move to
    /// another day and others not, or a day of the month to one that not every month has.
    #[must_use]
    pub fn later(&self, minutes: u16) -> Option<Self> {
        if minutes == 0 {
            return Some(self.clone());
        }
        let times: Vec<(i32, i32)> =
            self.times_of_day().map(|time| moved(i32::from(time), i32::from(minutes))).collect();
        let (minutes, hours) = minutes_and_hours(&times)?;
        let [_, _, day, month, weekday] = self.fields();
        let is_any_day = [&day, &month, &weekday].into_iter().all(|field| field == "*");
        let days = match one_shift(&times) {
            _ if is_any_day => [day, month, weekday],
            Some(0) => [day, month, weekday],
            Some(days) if month == "*" && day == "*" => [day, month, self.weekdays_later(days)],
            Some(days) if month == "*" && weekday == "*" => [self.month_days_later(days)?, month, weekday],
            _ => return None,
        };
        let [day, month, weekday] = days;
        let (minutes, hours) = (field_text(&minutes, CronField::Minute), field_text(&hours, CronField::Hour));
        Self::parse(&format!("{minutes} {hours} {day} {month} {weekday}")).ok()
    }

    fn weekdays_later(&self, by: i32) -> String {
        let mut days: Vec<i32> = self.weekdays.values().map(|day| (i32::from(day) + by).rem_euclid(7)).collect();
        days.sort_unstable();
        days.dedup();
        field_text(&days, CronField::Weekday)
    }

    fn month_days_later(&self, by: i32) -> Option<String> {
        let days: Vec<i32> = self.days.values().map(i32::from).collect();
        Some(field_text(&shifted_days(&days, by).ok()?, CronField::DayOfMonth))
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use jiff::{SignedDuration, Timestamp};
    use proptest::prelude::*;

    use crate::cron::tests::{any_cron, cron, upcoming};

    #[test]
    fn later_runs_keep_their_days_or_move_them_together() {
        let cases = [
            ("0 2 * * *", 15, Some("15 2 * * *")),
            ("50 2 * * *", 15, Some("5 3 * * *")),
            ("50 23 * * *", 15, Some("5 0 * * *")),
            ("50 23 * * 5", 15, Some("5 0 * * 6")),
            ("50 23 * * 6", 15, Some("5 0 * * 0")),
            ("50 23 1 * *", 15, Some("5 0 2 * *")),
            ("50 23 31 * *", 15, None),
            ("50 23 28 2 *", 15, None),
            ("50 23 1 * 5", 15, None),
            ("0 2 28 2 *", 15, Some("15 2 28 2 *")),
            ("0 2 1 * 5", 0, Some("0 2 1 * 5")),
            ("50 11,23 * * *", 15, Some("5 0,12 * * *")),
            ("50 11,23 * * 1-5", 15, None),
            ("0 * * * *", 15, Some("15 * * * *")),
            ("*/30 * * * *", 10, Some("10,40 * * * *")),
            ("0,30 2 * * *", 45, None),
            ("0 2 * * *", 24 * 60 + 5, Some("5 2 * * *")),
        ];
        for (text, minutes, want) in cases {
            let later = cron(text).later(minutes);
            assert_eq!(later.as_ref().map(super::Cron::as_str), want, "{text} {minutes} min later");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_offered_runs_exactly_that_much_later(text in any_cron(), minutes in 1_u16..3_000) {
            let before = cron(&text);
            let Some(later) = before.later(minutes) else { return Ok(()) };
            let begin: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
            let by = SignedDuration::from_mins(minutes.into());
            let (before, later) = (before.readings().widest(), later.readings().widest());
            for at in upcoming(&before, begin, 8) {
                prop_assert!(later.matches(at + by, &TimeZone::UTC), "{} {} {}", text, later.cron.as_str(), at);
            }
            for at in upcoming(&later, begin + by, 8) {
                prop_assert!(before.matches(at - by, &TimeZone::UTC), "{} {} {}", text, later.cron.as_str(), at);
            }
        }
    }
}
