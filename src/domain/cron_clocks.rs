//! A time of day on two clocks, with the next change of the clocks.

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::cron::Cron;
use super::Zone;
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
        Some("local") | None => "on this computer".to_owned(),
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

