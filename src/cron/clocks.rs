//! The times of an expression on two clocks, with the next change of the clocks.

use jiff::Timestamp;
use jiff::tz::Offset;

use super::expression::Cron;
use super::field::{CronField, WEEKDAYS};
use super::plan::{clock_text, day_shift_words, day_text, moved, offset_minutes, place_words};
use crate::domain::{Zone, and_list, offset_text};

/// Up to this many times of day are written out.
const MAX_LISTED_TIMES: usize = 4;

/// The times of day on two clocks, with the next change of the clocks: `02:00 UTC = 03:00 in Berlin (04:00 from 28 March 2027)`; for
/// many times how far the other clock is from UTC. `None` without runs, where the other clock is UTC itself, and for what is alike on
/// every clock, such as every 15 minutes.
#[must_use]
pub fn describe_clocks(cron: &Cron, local: &Zone, now: Timestamp) -> Option<String> {
    if local.label() == "UTC" {
        return None;
    }
    let offset = |at: Timestamp| offset_minutes(local.time_zone().to_offset(at));
    let runs = cron.readings().widest();
    let next = runs.next_after(now)?;
    let first = offset(next);
    // A zone has at most a few changes a year; four reach far enough to find one that matters.
    let change = local.time_zone().following(next).take(4).find_map(|transition| {
        let before = Timestamp::from_second(transition.timestamp().as_second() - 1).ok()?;
        let run = runs.next_after(before)?;
        let date = |at| local.time_zone().to_datetime(at).date();
        (offset(run) != first).then(|| (offset(run), day_text(date(run), date(now))))
    });
    let times: Vec<i32> = cron.times_of_day().map(i32::from).collect();
    if times.len() > MAX_LISTED_TIMES {
        return distance_words(cron, local, first, change);
    }
    let utc: Vec<String> = times.iter().map(|time| clock_text(*time)).collect();
    let weekdays = shifted_weekdays(cron, &times, first).map(|days| format!(", {days}")).unwrap_or_default();
    let change = change.map(|(offset, date)| format!(" ({} from {date})", local_times(&times, offset, local)));
    Some(format!(
        "{} UTC = {} {}{weekdays}{}",
        and_list(&utc),
        local_times(&times, first, local),
        place_words(local),
        change.unwrap_or_default()
    ))
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

/// `In Berlin each run is 1 hour later (2 hours from 28 March 2027)`.
fn distance_words(cron: &Cron, local: &Zone, first: i32, change: Option<(i32, String)>) -> Option<String> {
    let is_whole = first % 60 == 0 && change.as_ref().is_none_or(|(offset, _)| offset % 60 == 0);
    let is_every_day = cron.days.is_full(CronField::DayOfMonth) && cron.weekdays.is_full(CronField::Weekday);
    if cron.hours.is_full(CronField::Hour) && is_every_day && is_whole {
        return None;
    }
    let length = |minutes: i32| match (minutes.abs() / 60, minutes.abs() % 60) {
        (1, 0) => "1 hour".to_owned(),
        (hours, 0) => format!("{hours} hours"),
        (hours, minutes) => format!("{hours}:{minutes:02} hours"),
    };
    let side = if first < 0 { "earlier" } else { "later" };
    let change = change.map(|(offset, date)| format!(" ({} from {date})", length(offset))).unwrap_or_default();
    let place = place_words(local).replacen("in ", "In ", 1).replacen("on ", "On ", 1);
    Some(format!("{place} each run is {} {side}{change}", length(first)))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn two_clocks_name_the_next_change() {
        let cases = [
            (
                "0 2 * * *",
                "Europe/Berlin",
                "2026-11-23T12:00:00Z",
                Some("02:00 UTC = 03:00 in Berlin (04:00 from 28 March 2027)"),
            ),
            (
                "0 2 * * *",
                "Europe/Berlin",
                "2026-07-23T12:00:00Z",
                Some("02:00 UTC = 04:00 in Berlin (03:00 from 25 October)"),
            ),
            ("30 23 * * *", "Asia/Kolkata", "2026-07-23T12:00:00Z", Some("23:30 UTC = 05:00 the next day in Kolkata")),
            (
                "0 4 * * *",
                "America/New_York",
                "2026-11-23T12:00:00Z",
                Some("04:00 UTC = 23:00 the day before in New York (00:00 from 15 March 2027)"),
            ),
            // In 2030 and 2031 summer begins after the 28th.
            (
                "0 2 28 3 *",
                "Europe/Berlin",
                "2029-06-01T12:00:00Z",
                Some("02:00 UTC = 03:00 in Berlin (04:00 from 28 March 2032)"),
            ),
            // The change does not touch a run that is always in summer.
            ("0 2 1 7 *", "Europe/Berlin", "2026-11-23T12:00:00Z", Some("02:00 UTC = 04:00 in Berlin")),
            (
                "0 2,14 * * *",
                "Europe/Berlin",
                "2026-11-23T12:00:00Z",
                Some("02:00 and 14:00 UTC = 03:00 and 15:00 in Berlin (04:00 and 16:00 from 28 March 2027)"),
            ),
            (
                "30 11,23 * * *",
                "Asia/Kolkata",
                "2026-11-23T12:00:00Z",
                Some("11:30 and 23:30 UTC = 17:00 and 05:00 the next day in Kolkata"),
            ),
            (
                "0 17 * * 1-5",
                "Asia/Tokyo",
                "2026-11-23T12:00:00Z",
                Some("17:00 UTC = 02:00 the next day in Tokyo, Tue–Sat"),
            ),
            (
                "0 17 * * 0,6",
                "Asia/Tokyo",
                "2026-11-23T12:00:00Z",
                Some("17:00 UTC = 02:00 the next day in Tokyo, Mon, Sun"),
            ),
            (
                "0 8-17 * * 1-5",
                "Europe/Berlin",
                "2026-11-23T12:00:00Z",
                Some("In Berlin each run is 1 hour later (2 hours from 29 March 2027)"),
            ),
            (
                "0 */4 * * *",
                "America/St_Johns",
                "2026-11-23T12:00:00Z",
                Some("In St Johns each run is 3:30 hours earlier (2:30 hours from 14 March 2027)"),
            ),
            ("*/15 * * * *", "Europe/Berlin", "2026-11-23T12:00:00Z", None),
            ("0 2 * * *", "UTC", "2026-11-23T12:00:00Z", None),
            ("0 2 31 2 *", "Europe/Berlin", "2026-11-23T12:00:00Z", None),
        ];
        for (text, zone, now, want) in cases {
            let zone = Zone::new(TimeZone::get(zone).unwrap());
            let found = describe_clocks(&Cron::parse(text).unwrap(), &zone, now.parse().unwrap());
            assert_eq!(found.as_deref(), want, "{text}");
        }
        let nameless = Zone::new(TimeZone::fixed(jiff::tz::offset(3)));
        let found = describe_clocks(&Cron::parse("0 2 * * *").unwrap(), &nameless, Timestamp::UNIX_EPOCH);
        assert_eq!(found.as_deref(), Some("02:00 UTC = 05:00 in UTC+03:00"));
        let rule = Zone::new(TimeZone::posix("XXX-3YYY,M3.5.0,M10.5.0").unwrap());
        let winter = "2026-11-23T12:00:00Z".parse().unwrap();
        let found = describe_clocks(&Cron::parse("0 2 1 1 *").unwrap(), &rule, winter);
        assert_eq!(found.as_deref(), Some("02:00 UTC = 05:00+03:00 on this computer"));
    }
}
