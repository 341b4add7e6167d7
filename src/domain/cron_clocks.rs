//! A time of day on two clocks, with the next change of the clocks.

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::Zone;
use super::cron::Cron;
use super::cron_words::clock;

/// One time of day on two clocks, with the next change of the clocks: `02:00 UTC = 03:00 in Berlin (04:00 from 28 March)`.
/// `None` for an expression with several times of day or without runs, and where the other clock is UTC itself.
#[must_use]
pub fn clock_sentence(cron: &Cron, local: &Zone, now: Timestamp) -> Option<String> {
    let mut times = cron.hours.values().flat_map(|hour| cron.minutes.values().map(move |minute| clock(hour, minute)));
    let time = times.next().filter(|_| times.next().is_none())?;
    if local.label() == "UTC" {
        return None;
    }
    let utc = Zone::utc();
    let local_time = |at: Timestamp| {
        let there = local.time_zone().to_datetime(at);
        format!("{}{}", local.minute(at), day_shift(utc.time_zone().to_datetime(at), there))
    };
    let runs = cron.readings().widest();
    let next = runs.next_after(now)?;
    let first = local_time(next);
    // A zone has at most a few changes a year; four reach far enough to find one that matters.
    let change = local.time_zone().following(next).take(4).find_map(|transition| {
        let before = Timestamp::from_second(transition.timestamp().as_second() - 1).ok()?;
        let run = runs.next_after(before)?;
        let time = local_time(run);
        (time != first).then(|| {
            let is_far = run.as_second() - now.as_second() > 360 * 86_400;
            let date =
                local.time_zone().to_datetime(run).strftime(if is_far { "%-d %B %Y" } else { "%-d %B" }).to_string();
            format!(" ({time} from {date})")
        })
    });
    let place = match local.label().rsplit('/').next() {
        Some("local time") | None => "on this computer".to_owned(),
        Some(city) => format!("in {}", city.replace('_', " ")),
    };
    Some(format!("{time} UTC = {first} {place}{}", change.unwrap_or_default()))
}

fn day_shift(utc: DateTime, there: DateTime) -> &'static str {
    match there.date().cmp(&utc.date()) {
        std::cmp::Ordering::Less => " the day before",
        std::cmp::Ordering::Equal => "",
        std::cmp::Ordering::Greater => " the day after",
    }
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
                Some("02:00 UTC = 03:00 in Berlin (04:00 from 28 March)"),
            ),
            (
                "0 2 * * *",
                "Europe/Berlin",
                "2026-07-23T12:00:00Z",
                Some("02:00 UTC = 04:00 in Berlin (03:00 from 25 October)"),
            ),
            ("30 23 * * *", "Asia/Kolkata", "2026-07-23T12:00:00Z", Some("23:30 UTC = 05:00 the day after in Kolkata")),
            (
                "0 4 * * *",
                "America/New_York",
                "2026-11-23T12:00:00Z",
                Some("04:00 UTC = 23:00 the day before in New York (00:00 from 15 March)"),
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
            ("0 2,3 * * *", "Europe/Berlin", "2026-11-23T12:00:00Z", None),
            ("0 2 * * *", "UTC", "2026-11-23T12:00:00Z", None),
            ("0 2 31 2 *", "Europe/Berlin", "2026-11-23T12:00:00Z", None),
        ];
        for (text, zone, now, want) in cases {
            let zone = Zone::new(TimeZone::get(zone).unwrap());
            let found = clock_sentence(&Cron::parse(text).unwrap(), &zone, now.parse().unwrap());
            assert_eq!(found.as_deref(), want, "{text}");
        }
        let nameless = Zone::new(TimeZone::fixed(jiff::tz::offset(3)));
        let found = clock_sentence(&Cron::parse("0 2 * * *").unwrap(), &nameless, Timestamp::UNIX_EPOCH);
        assert_eq!(found.as_deref(), Some("02:00 UTC = 05:00 in UTC+03:00"));
        let rule = Zone::new(TimeZone::posix("XXX-3YYY,M3.5.0,M10.5.0").unwrap());
        let winter = "2026-11-23T12:00:00Z".parse().unwrap();
        let found = clock_sentence(&Cron::parse("0 2 1 1 *").unwrap(), &rule, winter);
        assert_eq!(found.as_deref(), Some("02:00 UTC = 05:00+03:00 on this computer"));
    }
}
