//! The times of an expression on two clocks, and what changes of the clocks make of them.

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::expression::Cron;
use super::field::{CronField, WEEKDAYS};
use super::plan::{clock_text, day_shift_words, day_text, moved, offset_minutes, place_words};
use crate::domain::{ClockChange, Zone, and_list, offset_text};

/// Up to this many times of day are written out.
const MAX_LISTED_TIMES: usize = 4;
/// Changes of the clocks are named this far ahead.
const YEAR: SignedDuration = SignedDuration::from_hours(366 * 24);
/// A zone has at most a few changes a year; this many reach far enough to find one that matters.
const MAX_CHANGES: usize = 12;

/// The times of day on two clocks: `02:00 UTC = 03:00 in Berlin`; for many times how far the other clock is from UTC. `None` without
/// runs, where the other clock is UTC itself, and for what is alike on every clock, such as every 15 minutes.
#[must_use]
pub fn describe_clocks(cron: &Cron, local: &Zone, now: Timestamp) -> Option<String> {
    if local.label() == "UTC" {
        return None;
    }
    let offset = offset_minutes(local.time_zone().to_offset(cron.readings().widest().next_after(now)?));
    let Some(times) = listed_times(cron) else {
        return (!is_alike(cron, offset))
            .then(|| format!("{} each run is {}", place_at_first(local), distance(offset)));
    };
    let utc: Vec<String> = times.iter().map(|time| clock_text(*time)).collect();
    let there = times_there(cron, &times, offset, local);
    Some(format!("{} UTC = {there}", and_list(&utc)))
}

/// What each change of the clocks in the next 12 months makes of the times: `From 28 March 2027 (clocks 1 hour forward): 04:00 in
/// Berlin`, the day being that of the first run after it. A change that no run meets is left out; where none of a year is left, the
/// next one that matters is named. Cron counts in UTC, so no run is skipped or made twice; where no time moves, the line reports that.
#[must_use]
pub fn describe_clock_changes(cron: &Cron, local: &Zone, now: Timestamp) -> Vec<String> {
    let runs = cron.readings().widest();
    let Some(next) = runs.next_after(now) else { return Vec::new() };
    let year = now.checked_add(YEAR).unwrap_or(Timestamp::MAX);
    let offset = |at: Timestamp| local.time_zone().to_offset(at);
    let (mut known, mut lines) = (offset(next), Vec::new());
    for change in local.clock_changes(next).take(MAX_CHANGES) {
        if change.at > year && !lines.is_empty() {
            break;
        }
        let before = change.at.checked_sub(SignedDuration::from_secs(1));
        let Some(run) = before.ok().and_then(|before| runs.next_after(before)) else { break };
        let there = offset(run);
        if there == known {
            continue;
        }
        let met = ClockChange { at: change.at, before: known, after: there };
        known = there;
        let date = |at| local.time_zone().to_datetime(at).date();
        let day = day_text(date(run), date(now));
        lines.push(format!("From {day} (clocks {}): {}", met.words(), after_change(cron, met, local)));
    }
    lines
}

fn after_change(cron: &Cron, change: ClockChange, local: &Zone) -> String {
    let [before, after] = [change.before, change.after].map(offset_minutes);
    match listed_times(cron) {
        Some(times) => times_there(cron, &times, after, local),
        None if is_alike(cron, before) && is_alike(cron, after) => {
            format!("same minutes, no run is {}", if change.minutes() < 0 { "made twice" } else { "left out" })
        }
        None => format!("each run is {}", distance(after)),
    }
}

/// The times of day in minutes, where they are few enough to be written out.
fn listed_times(cron: &Cron) -> Option<Vec<i32>> {
    let times: Vec<i32> = cron.times_of_day().take(MAX_LISTED_TIMES + 1).map(i32::from).collect();
    (times.len() <= MAX_LISTED_TIMES).then_some(times)
}

/// `03:00 in Berlin`, `02:00 the next day in Tokyo, Tue–Sat`.
fn times_there(cron: &Cron, times: &[i32], offset: i32, local: &Zone) -> String {
    let weekdays = shifted_weekdays(cron, times, offset).map(|days| format!(", {days}")).unwrap_or_default();
    format!("{} {}{weekdays}", local_times(times, offset, local), place_words(local))
}

/// A clock that far from UTC shows the same minutes in the same hours: every hour of every day, and whole hours apart.
fn is_alike(cron: &Cron, offset: i32) -> bool {
    let is_every_day = cron.days.is_full(CronField::DayOfMonth) && cron.weekdays.is_full(CronField::Weekday);
    cron.hours.is_full(CronField::Hour) && is_every_day && offset % 60 == 0
}

/// `03:00`, `03:00 and 15:00`, `02:00 the next day`, `05:00+03:00`.
fn local_times(times: &[i32], offset: i32, zone: &Zone) -> String {
    // A zone without a name is identified by its offset.
    let told = Offset::from_seconds(offset * 60).ok().filter(|_| !zone.has_name()).map(offset_text).unwrap_or_default();
    let text = |minute_of_day: i32| format!("{}{told}", clock_text(minute_of_day));
    let moved: Vec<(i32, i32)> = times.iter().map(|time| moved(*time, offset)).collect();
    let first = moved.first().map(|(_, days)| *days).unwrap_or_default();
    if moved.iter().all(|(_, days)| *days == first) {
        let texts: Vec<String> = moved.iter().map(|(time, _)| text(*time)).collect();
        return format!("{}{}", and_list(&texts), day_shift_words(first));
    }
    and_list(&moved.iter().map(|(time, days)| format!("{}{}", text(*time), day_shift_words(*days))).collect::<Vec<_>>())
}

/// The weekdays on the other clock where they are others than in the expression: `Tue–Sat`.
fn shifted_weekdays(cron: &Cron, times: &[i32], offset: i32) -> Option<String> {
    let mut shifts = times.iter().map(|time| moved(*time, offset).1);
    let shift = shifts.next().filter(|shift| *shift != 0)?;
    let is_by_weekday = cron.days.is_full(CronField::DayOfMonth) && !cron.weekdays.is_full(CronField::Weekday);
    if !is_by_weekday || shifts.any(|other| other != shift) {
        return None;
    }
    let mut days: Vec<i32> = cron.weekdays.values().map(|day| (i32::from(day) + shift - 1).rem_euclid(7)).collect();
    days.sort_unstable();
    // Counted from Monday, so that a weekend is one run.
    let name = |day: &i32| {
        let from_sunday = usize::try_from(day + 1).unwrap_or_default() % WEEKDAYS.len();
        WEEKDAYS.get(from_sunday).and_then(|name| name.get(..3)).unwrap_or_default()
    };
    let runs = days.chunk_by(|a, b| a + 1 == *b).flat_map(|run| match run {
        [first, _, .., last] => vec![format!("{}–{}", name(first), name(last))],
        short => short.iter().map(|day| name(day).to_owned()).collect(),
    });
    Some(runs.collect::<Vec<_>>().join(", "))
}

/// `1 hour later than in UTC`.
fn distance(offset: i32) -> String {
    let length = match (offset.abs() / 60, offset.abs() % 60) {
        (0, 0) => return "at the same time as in UTC".to_owned(),
        (1, 0) => "1 hour".to_owned(),
        (hours, 0) => format!("{hours} hours"),
        (hours, minutes) => format!("{hours}:{minutes:02} hours"),
    };
    format!("{length} {} than in UTC", if offset < 0 { "earlier" } else { "later" })
}

/// `In Berlin`, at the beginning of a sentence.
fn place_at_first(local: &Zone) -> String {
    place_words(local).replacen("in ", "In ", 1).replacen("on ", "On ", 1)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    /// The sentence, and the lines of changes.
    type ClockCase<'a> = (&'a str, &'a str, &'a str, Option<&'a str>, &'a [&'a str]);

    const WINTER: &str = "2026-11-23T12:00:00Z";
    const SUMMER: &str = "2026-07-23T12:00:00Z";

    fn check(cases: &[ClockCase<'_>]) {
        for (text, zone, now, sentence, changes) in cases {
            let (cron, zone, now) = (Cron::parse(text).unwrap(), Zone::named(zone).unwrap(), now.parse().unwrap());
            assert_eq!(describe_clocks(&cron, &zone, now).as_deref(), *sentence, "{text}");
            assert_eq!(describe_clock_changes(&cron, &zone, now), *changes, "{text}");
        }
    }

    #[test]
    fn two_clocks_and_the_changes_of_a_year() {
        let cases: &[ClockCase<'_>] = &[
            (
                "0 2 * * *",
                "Europe/Berlin",
                WINTER,
                Some("02:00 UTC = 03:00 in Berlin"),
                &[
                    "From 28 March 2027 (clocks 1 hour forward): 04:00 in Berlin",
                    "From 31 October 2027 (clocks 1 hour back): 03:00 in Berlin",
                ],
            ),
            (
                "0 2 * * *",
                "Europe/Berlin",
                SUMMER,
                Some("02:00 UTC = 04:00 in Berlin"),
                &[
                    "From 25 October (clocks 1 hour back): 03:00 in Berlin",
                    "From 28 March 2027 (clocks 1 hour forward): 04:00 in Berlin",
                ],
            ),
            ("30 23 * * *", "Asia/Kolkata", SUMMER, Some("23:30 UTC = 05:00 the next day in Kolkata"), &[]),
            (
                "0 4 * * *",
                "America/New_York",
                WINTER,
                Some("04:00 UTC = 23:00 the day before in New York"),
                &[
                    "From 15 March 2027 (clocks 1 hour forward): 00:00 in New York",
                    "From 7 November 2027 (clocks 1 hour back): 23:00 the day before in New York",
                ],
            ),
            // Changes of 30 and of 120 minutes.
            (
                "0 2 * * *",
                "Australia/Lord_Howe",
                WINTER,
                Some("02:00 UTC = 13:00 in Lord Howe"),
                &[
                    "From 4 April 2027 (clocks 30 minutes back): 12:30 in Lord Howe",
                    "From 3 October 2027 (clocks 30 minutes forward): 13:00 in Lord Howe",
                ],
            ),
            (
                "0 2 * * *",
                "Antarctica/Troll",
                WINTER,
                Some("02:00 UTC = 02:00 in Troll"),
                &[
                    "From 28 March 2027 (clocks 2 hours forward): 04:00 in Troll",
                    "From 31 October 2027 (clocks 2 hours back): 02:00 in Troll",
                ],
            ),
            // Weekly: the first run after the change is days later, and once it is another weekday.
            (
                "30 22 * * 3",
                "Europe/Berlin",
                WINTER,
                Some("22:30 UTC = 23:30 in Berlin"),
                &[
                    "From 1 April 2027 (clocks 1 hour forward): 00:30 the next day in Berlin, Thu",
                    "From 3 November 2027 (clocks 1 hour back): 23:30 in Berlin",
                ],
            ),
            // In 2030 and 2031 summer begins after the 28th.
            (
                "0 2 28 3 *",
                "Europe/Berlin",
                "2029-06-01T12:00:00Z",
                Some("02:00 UTC = 03:00 in Berlin"),
                &["From 28 March 2032 (clocks 1 hour forward): 04:00 in Berlin"],
            ),
            // The change does not touch a run that is always in summer.
            ("0 2 1 7 *", "Europe/Berlin", WINTER, Some("02:00 UTC = 04:00 in Berlin"), &[]),
            (
                "0 2,14 * * *",
                "Europe/Berlin",
                WINTER,
                Some("02:00 and 14:00 UTC = 03:00 and 15:00 in Berlin"),
                &[
                    "From 28 March 2027 (clocks 1 hour forward): 04:00 and 16:00 in Berlin",
                    "From 31 October 2027 (clocks 1 hour back): 03:00 and 15:00 in Berlin",
                ],
            ),
            (
                "30 11,23 * * *",
                "Asia/Kolkata",
                WINTER,
                Some("11:30 and 23:30 UTC = 17:00 and 05:00 the next day in Kolkata"),
                &[],
            ),
            ("0 17 * * 1-5", "Asia/Tokyo", WINTER, Some("17:00 UTC = 02:00 the next day in Tokyo, Tue–Sat"), &[]),
            ("0 17 * * 0,6", "Asia/Tokyo", WINTER, Some("17:00 UTC = 02:00 the next day in Tokyo, Mon, Sun"), &[]),
        ];
        check(cases);
    }

    /// More than four times a day, also where nothing but the length of a day changes.
    #[test]
    fn many_times_have_one_distance_from_utc() {
        let cases: &[ClockCase<'_>] = &[
            (
                "0 8-17 * * 1-5",
                "Europe/Berlin",
                WINTER,
                Some("In Berlin each run is 1 hour later than in UTC"),
                &[
                    "From 29 March 2027 (clocks 1 hour forward): each run is 2 hours later than in UTC",
                    "From 1 November 2027 (clocks 1 hour back): each run is 1 hour later than in UTC",
                ],
            ),
            (
                "0 */4 * * *",
                "America/St_Johns",
                WINTER,
                Some("In St Johns each run is 3:30 hours earlier than in UTC"),
                &[
                    "From 14 March 2027 (clocks 1 hour forward): each run is 2:30 hours earlier than in UTC",
                    "From 7 November 2027 (clocks 1 hour back): each run is 3:30 hours earlier than in UTC",
                ],
            ),
            (
                "0 */4 * * *",
                "Europe/London",
                SUMMER,
                Some("In London each run is 1 hour later than in UTC"),
                &[
                    "From 25 October (clocks 1 hour back): each run is at the same time as in UTC",
                    "From 28 March 2027 (clocks 1 hour forward): each run is 1 hour later than in UTC",
                ],
            ),
            (
                "*/15 * * * *",
                "Europe/Berlin",
                WINTER,
                None,
                &[
                    "From 28 March 2027 (clocks 1 hour forward): same minutes, no run is left out",
                    "From 31 October 2027 (clocks 1 hour back): same minutes, no run is made twice",
                ],
            ),
            // Half an hour moves the minute of every hour.
            (
                "0 * * * *",
                "Australia/Lord_Howe",
                WINTER,
                None,
                &[
                    "From 4 April 2027 (clocks 30 minutes back): each run is 10:30 hours later than in UTC",
                    "From 3 October 2027 (clocks 30 minutes forward): each run is 11 hours later than in UTC",
                ],
            ),
            ("0 2 * * *", "UTC", WINTER, None, &[]),
            ("0 2 31 2 *", "Europe/Berlin", WINTER, None, &[]),
        ];
        check(cases);
    }

    #[test]
    fn a_zone_without_a_name_is_known_by_its_offset() {
        let nameless = Zone::new(TimeZone::fixed(jiff::tz::offset(3)));
        let found = describe_clocks(&Cron::parse("0 2 * * *").unwrap(), &nameless, Timestamp::UNIX_EPOCH);
        assert_eq!(found.as_deref(), Some("02:00 UTC = 05:00 in UTC+03:00"));
        let rule = Zone::new(TimeZone::posix("XXX-3YYY,M3.5.0,M10.5.0").unwrap());
        let winter = "2026-11-23T12:00:00Z".parse().unwrap();
        let found = describe_clocks(&Cron::parse("0 2 1 1 *").unwrap(), &rule, winter);
        assert_eq!(found.as_deref(), Some("02:00 UTC = 05:00+03:00 on this computer"));
    }
}
