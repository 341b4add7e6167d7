//! Expressions for the tests of this module and of those that use it.

use jiff::Timestamp;
use proptest::prelude::*;

use super::{Cron, CronError, Reading, Readings, Timetable};
use crate::domain::RETENTION;

impl<'a> Readings<'a> {
    /// The one or two readings, the narrow one first.
    pub(super) fn iter(&self) -> impl Iterator<Item = Reading<'a>> {
        std::iter::once(self.narrow).chain(self.wide)
    }
}

/// The expression of the only fix, where there is no choice to make.
pub(crate) fn sure_fix(error: &CronError) -> Option<&str> {
    match error.fixes.as_slice() {
        [only] if only.dialect.is_none() => Some(&only.expression),
        _ => None,
    }
}

pub(crate) fn cron(text: &str) -> Cron {
    Cron::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The next runs after an instant, at most `count`, with the fields read in UTC; fewer where there are no more.
pub(crate) fn upcoming(reading: &Reading<'_>, after: Timestamp, count: usize) -> Vec<Timestamp> {
    std::iter::successors(reading.next_after(after), |at| reading.next_after(*at)).take(count).collect()
}

/// Random text of one field.
pub(crate) fn field_text(min: u8, max: u8) -> impl Strategy<Value = String> {
    // 7 is a weekday, but neither a step nor the start of one.
    let (last, step) = if max == 7 { (6, 7) } else { (max, max - min + 1) };
    let item = prop_oneof![
        6 => (min..=max).prop_map(|v| v.to_string()),
        4 => (min..=max, min..=max).prop_map(|(a, b)| format!("{}-{}", a.min(b), a.max(b))),
        2 => (min..=max, min..=max, 1..=step).prop_map(|(a, b, s)| format!("{}-{}/{s}", a.min(b), a.max(b))),
        2 => (1..=step).prop_map(|s| format!("*/{s}")),
        2 => (min..=last, 1..=step).prop_map(|(a, s)| format!("{a}/{s}")),
        1 => Just("*".to_owned()),
    ];
    prop_oneof![
        2 => Just("*".to_owned()),
        1 => (1..=step).prop_map(|s| format!("*/{s}")),
        3 => proptest::collection::vec(item, 1..4).prop_map(|items| items.join(",")),
    ]
}

/// Random expressions of all shapes.
pub(crate) fn any_cron() -> impl Strategy<Value = String> {
    let fields = (field_text(0, 59), field_text(0, 23), field_text(1, 31), field_text(1, 12), field_text(0, 7));
    fields.prop_map(|(minute, hour, day, month, weekday)| format!("{minute} {hour} {day} {month} {weekday}"))
}

/// All matching minutes over a whole cycle of the calendar would be many; its days and the times of day are not.
fn runs_of(reading: Reading<'_>) -> impl PartialEq + std::fmt::Debug {
    let from = "2001-01-01T00:00:00Z".parse().unwrap();
    (reading.cycle(), reading.cron.hours.bits, reading.cron.minutes.bits, reading.next_after(from))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_sent_reads_as_itself(text in any_cron()) {
        let first = cron(&text);
        let again = cron(first.as_str());
        prop_assert_eq!(&first, &again);
        prop_assert_eq!(first.fields().join(" "), first.as_str());
        prop_assert!(first.as_str().split(' ').nth(4).is_some_and(|week| week == "*/7" || !week.split(',').any(|item| item == "7")));
    }

    #[test]
    fn what_is_left_without_a_backup_is_the_time_between_the_end_of_one_and_the_next_run(
        text in any_cron(), day in 0_i64..3_000,
    ) {
        let timetable = Timetable::read(&text).unwrap();
        let now = Timestamp::from_second(1_700_000_000 + day * 86_400).unwrap();
        let until = now.checked_add(RETENTION * 60).unwrap();
        let runs = timetable.runs_between(now, until);
        let certain: Vec<Timestamp> = runs.iter().filter(|run| run.is_certain).map(|run| run.at).collect();
        let spans = certain.windows(2).map(|pair| (pair[0].checked_add(RETENTION).unwrap(), pair[1]));
        let expected: Vec<_> = spans.filter(|(from, until)| from < until).take(2).collect();
        let found: Vec<_> = timetable.uncovered(now, 2).into_iter().filter(|(_, end)| *end <= until).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn two_readings_differ_and_unambiguous_spellings_are_one_of_them(text in any_cron()) {
        let cron = cron(&text);
        let readings = cron.readings();
        if let Some(wide) = readings.wide {
            prop_assert_ne!(format!("{:?}", runs_of(readings.narrow)), format!("{:?}", runs_of(wide)));
        }
        for fix in cron.unambiguous() {
            let plain = Cron::parse(&fix.expression).unwrap();
            prop_assert!(plain.readings().wide.is_none(), "{}", fix.expression);
            let runs = format!("{:?}", runs_of(plain.readings().narrow));
            prop_assert!(readings.iter().any(|reading| format!("{:?}", runs_of(reading)) == runs), "{}", fix.expression);
        }
    }
}
