//! A schedule as times of day on a chosen clock, on weekdays or on days of the month.
//!
//! Everything typed stays text until [`Plan::to_cron`] reads it. Cron runs in UTC, so times of another zone are converted with the
//! offset that is in force at the next run; [`Plan::conversion`] tells what a change of the clocks makes of that.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};

use super::expression::Cron;
use super::field::CronField;
use crate::domain::{Zone, and_list, sanitize_for_display};

/// Minutes of a day.
const DAY: i32 = 24 * 60;
/// A day with more runs than these is shown as cron only.
const MAX_TIMES: usize = 4;
/// A day of the month that is chosen comes within two months; a weekday within one.
const SEARCHED_DAYS: i32 = 63;

/// The clock beside UTC, and the present.
#[derive(Clone, Copy, Debug)]
pub struct LocalClock<'a> {
    /// The zone of this computer, or the one that was chosen by its name.
    pub zone: &'a Zone,
    /// The present moment.
    pub now: Timestamp,
}

/// The clock that the times of a plan are meant on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PlanZone {
    /// UTC, as SkySQL runs it.
    #[default]
    Utc,
    /// The clock beside it.
    Local,
}

/// A set of weekdays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Weekdays(u8);

impl Weekdays {
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);
    /// Monday to Friday.
    pub const WORKING: Self = Self(0b011_1110);
    /// Sunday only.
    pub const SUNDAY: Self = Self(0b000_0001);
    /// No day.
    pub const NONE: Self = Self(0);

    /// True where the day is in the set; `day` counts from Sunday, which is 0.
    #[must_use]
    pub fn has(self, day: u8) -> bool {
        self.0 & Self::bit(day) != 0
    }

    /// The same set with a day put in or taken out; `day` counts from Sunday, which is 0.
    #[must_use]
    pub fn with(self, day: u8, is_in: bool) -> Self {
        Self(if is_in { self.0 | Self::bit(day) } else { self.0 & !Self::bit(day) })
    }

    fn bit(day: u8) -> u8 {
        1_u8.checked_shl(u32::from(day)).unwrap_or(0) & Self::ALL.0
    }

    fn shifted(self, days: i32) -> Self {
        (0_u8..7).filter(|day| self.has(*day)).fold(Self::NONE, |set, day| {
            let moved = (i32::from(day) + days).rem_euclid(7);
            set.with(u8::try_from(moved).unwrap_or(0), true)
        })
    }
}

/// How often a plan repeats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Repeat {
    /// Every hour at one minute.
    Hourly,
    /// On weekdays; on all of them, every day.
    #[default]
    Week,
    /// On days of the month.
    Month,
}

/// The plan: what was typed and chosen. What does not belong to the chosen repetition is kept for when that changes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How often.
    pub repeat: Repeat,
    /// Times of day as typed: `02:00`, or `02:00, 14:00`.
    pub times: String,
    /// The minute of every hour as typed.
    pub minute: String,
    /// The weekdays.
    pub weekdays: Weekdays,
    /// Days of the month as typed: `1`, or `1, 15`.
    pub month_days: String,
}

impl Default for Plan {
    /// Every day at 02:00.
    fn default() -> Self {
        Self {
            repeat: Repeat::Week,
            times: "02:00".to_owned(),
            minute: "0".to_owned(),
            weekdays: Weekdays::ALL,
            month_days: "1".to_owned(),
        }
    }
}

/// A field of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlanField {
    /// The times of day, or the minute of every hour.
    Times,
    /// The weekdays, or the days of the month.
    Days,
}

/// Why a plan is no schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanError {
    /// The field at fault.
    pub field: PlanField,
    /// What is wrong and what to do.
    pub message: String,
}

impl PlanError {
    fn times(message: impl Into<String>) -> Self {
        Self { field: PlanField::Times, message: message.into() }
    }

    fn days(message: impl Into<String>) -> Self {
        Self { field: PlanField::Days, message: message.into() }
    }
}

impl Plan {
    /// The plan that says what an expression says, with its times on the given clock. `None` where a plan cannot say it: more than
    /// one kind of day, chosen months, many runs a day, or a day of the month that has no fixed place on that clock.
    #[must_use]
    pub fn of(cron: &Cron, zone: PlanZone, clock: LocalClock<'_>) -> Option<Self> {
        let [_, hour, day, month, weekday] = cron.fields();
        if month != "*" || (day != "*" && weekday != "*") {
            return None;
        }
        let plan = Self::default();
        if hour == "*" {
            let mut minutes = cron.minutes.values();
            let (minute, None) = (minutes.next()?, minutes.next()) else { return None };
            let is_hourly = day == "*" && weekday == "*";
            return is_hourly.then(|| Self { repeat: Repeat::Hourly, minute: minute.to_string(), ..plan });
        }
        if cron.times_of_day().nth(MAX_TIMES).is_some() {
            return None;
        }
        let offset = match zone {
            PlanZone::Utc => 0,
            PlanZone::Local => {
                offset_minutes(clock.zone.time_zone().to_offset(cron.readings().widest().next_after(clock.now)?))
            }
        };
        let moved: Vec<(i32, i32)> = cron.times_of_day().map(|time| moved(time.into(), offset)).collect();
        let times: BTreeSet<i32> = moved.iter().map(|(time, _)| *time).collect();
        let times = times.into_iter().map(clock_text).collect::<Vec<_>>().join(", ");
        let shift = one_shift(&moved);
        if day != "*" {
            let days: Vec<i32> = cron.days.values().map(i32::from).collect();
            let days = shifted_days(&days, shift?).ok()?;
            return Some(Self { repeat: Repeat::Month, times, month_days: number_list(&days, ", "), ..plan });
        }
        let weekdays = cron.weekdays.values().fold(Weekdays::NONE, |set, day| set.with(day, true));
        let weekdays = if weekdays == Weekdays::ALL { weekdays } else { weekdays.shifted(shift?) };
        Some(Self { times, weekdays, ..plan })
    }

    /// The expression that runs as the plan says, in UTC.
    ///
    /// # Errors
    ///
    /// What cannot be read, or has no expression in UTC, with what to do instead.
    pub fn to_cron(&self, zone: PlanZone, clock: LocalClock<'_>) -> Result<Cron, PlanError> {
        let text = match self.repeat {
            Repeat::Hourly => {
                let minute = self.minute.trim().parse::<u8>().ok().filter(|minute| *minute < 60);
                let minute = minute.ok_or_else(|| PlanError::times("Enter the minute of the hour, 0 to 59"))?;
                format!("{minute} * * * *")
            }
            Repeat::Week | Repeat::Month => self.daily(zone, clock)?,
        };
        // What was put together here is an expression; should it not be one, its own reason is shown.
        Cron::parse(&text).map_err(|error| PlanError::times(error.message))
    }

    fn daily(&self, zone: PlanZone, clock: LocalClock<'_>) -> Result<String, PlanError> {
        let (times, month_days) = self.times_and_month_days()?;
        if month_days.is_none() && self.weekdays == Weekdays::NONE {
            return Err(PlanError::days("Choose at least one weekday"));
        }
        let offset = match zone {
            PlanZone::Utc => 0,
            // The one at the next run, so that it is the one typed that comes next.
            PlanZone::Local => {
                let next = self.next_local(&times, month_days.as_deref(), clock).unwrap_or(clock.now);
                offset_minutes(clock.zone.time_zone().to_offset(next))
            }
        };
        let in_utc: Vec<(i32, i32)> = times.iter().map(|time| moved(*time, -offset)).collect();
        let (minutes, hours) = minutes_and_hours(&in_utc).ok_or_else(|| {
            PlanError::times(
                "All times of one schedule need the same minutes, such as 02:30 and 14:30. Create a second schedule for the other times",
            )
        })?;
        let shift = one_shift(&in_utc);
        let (day, weekday) = match &month_days {
            Some(days) => {
                let shift = shift.ok_or_else(mixed_days)?;
                let days = shifted_days(days, shift)
                    .map_err(|days| PlanError::days(lost_day(&times, &in_utc, offset, &days, clock.zone)))?;
                (field_text(&days, CronField::DayOfMonth), "*".to_owned())
            }
            None if self.weekdays == Weekdays::ALL => ("*".to_owned(), "*".to_owned()),
            None => {
                let days = self.weekdays.shifted(shift.ok_or_else(mixed_days)?);
                let days: Vec<i32> = (0_u8..7).filter(|day| days.has(*day)).map(i32::from).collect();
                ("*".to_owned(), field_text(&days, CronField::Weekday))
            }
        };
        let (minutes, hours) = (field_text(&minutes, CronField::Minute), field_text(&hours, CronField::Hour));
        Ok(format!("{minutes} {hours} {day} * {weekday}"))
    }

    /// The times of day in minutes and, where it runs on them, the days of the month.
    fn times_and_month_days(&self) -> Result<(Vec<i32>, Option<Vec<i32>>), PlanError> {
        let times = read_times(&self.times).map_err(PlanError::times)?;
        let month_days = match self.repeat {
            Repeat::Month => Some(read_month_days(&self.month_days).map_err(PlanError::days)?),
            Repeat::Hourly | Repeat::Week => None,
        };
        Ok((times, month_days))
    }

    /// `02:00 in Berlin = 01:00 UTC now, 00:00 UTC from 28 March 2027`; `None` where both are UTC, without times or not readable.
    #[must_use]
    pub fn conversion(&self, zone: PlanZone, clock: LocalClock<'_>) -> Option<String> {
        if zone == PlanZone::Utc || clock.zone.label() == "UTC" || self.repeat == Repeat::Hourly {
            return None;
        }
        self.to_cron(zone, clock).ok()?;
        let (times, month_days) = self.times_and_month_days().ok()?;
        let next = self.next_local(&times, month_days.as_deref(), clock)?;
        let offset = offset_minutes(clock.zone.time_zone().to_offset(next));
        let in_utc = |offset: i32| {
            let texts: Vec<String> = times.iter().map(|time| utc_text(*time, offset)).collect();
            and_list(&texts)
        };
        let local: Vec<String> = times.iter().map(|time| clock_text(*time)).collect();
        // Some changes of a zone shift nothing.
        let mut changes = clock.zone.time_zone().following(next).take(4);
        let change = changes.find(|change| offset_minutes(change.offset()) != offset).map(|change| {
            let day = |at| clock.zone.time_zone().to_datetime(at).date();
            let later = in_utc(offset_minutes(change.offset()));
            format!(", {later} from {}", day_text(day(change.timestamp()), day(clock.now)))
        });
        Some(format!(
            "{} {} = {} now{}",
            and_list(&local),
            place_words(clock.zone),
            in_utc(offset),
            change.unwrap_or_default()
        ))
    }

    /// The next moment when the clock on the wall shows one of the times on one of the days.
    fn next_local(&self, times: &[i32], month_days: Option<&[i32]>, clock: LocalClock<'_>) -> Option<Timestamp> {
        let zone = clock.zone.time_zone();
        let today = zone.to_datetime(clock.now).date();
        let is_chosen = |date: &Date| match month_days {
            Some(days) => days.contains(&i32::from(date.day())),
            None => u8::try_from(date.weekday().to_sunday_zero_offset()).is_ok_and(|day| self.weekdays.has(day)),
        };
        let dates = (0..SEARCHED_DAYS).filter_map(|ahead| today.checked_add(ahead.days()).ok()).filter(is_chosen);
        let moments = dates.flat_map(|date| times.iter().filter_map(move |time| date_time(date, *time)));
        moments.filter_map(|at| zone.to_timestamp(at).ok()).find(|at| *at > clock.now)
    }
}

fn date_time(date: Date, minute_of_day: i32) -> Option<DateTime> {
    let hour = i8::try_from(minute_of_day / 60).ok()?;
    let minute = i8::try_from(minute_of_day % 60).ok()?;
    Some(date.to_datetime(Time::new(hour, minute, 0, 0).ok()?))
}

pub(super) fn offset_minutes(offset: Offset) -> i32 {
    offset.seconds().div_euclid(60)
}

/// A minute of the day moved: the minute it is then, and by how many days it is off.
pub(super) fn moved(minute: i32, by: i32) -> (i32, i32) {
    ((minute + by).rem_euclid(DAY), (minute + by).div_euclid(DAY))
}

/// The days that all are off by; `None` where that is not the same for all.
pub(super) fn one_shift(moved: &[(i32, i32)]) -> Option<i32> {
    let (_, first) = moved.first()?;
    moved.iter().all(|(_, days)| days == first).then_some(*first)
}

/// The minutes and the hours whose combinations are exactly these times.
pub(super) fn minutes_and_hours(times: &[(i32, i32)]) -> Option<(Vec<i32>, Vec<i32>)> {
    let times: BTreeSet<i32> = times.iter().map(|(time, _)| *time).collect();
    let minutes: BTreeSet<i32> = times.iter().map(|time| time % 60).collect();
    let hours: BTreeSet<i32> = times.iter().map(|time| time / 60).collect();
    let is_even = minutes.len() * hours.len() == times.len();
    is_even.then(|| (minutes.into_iter().collect(), hours.into_iter().collect()))
}

/// Days of the month on another clock. A day next to the end of a month has no fixed number there: the days at fault come back.
pub(super) fn shifted_days(days: &[i32], shift: i32) -> Result<Vec<i32>, Vec<i32>> {
    let fits = |day: i32| match shift {
        0 => true,
        // The day before: the first has none in its month; after the 28th not every month has the day that makes it.
        -1 => (2..=28).contains(&day),
        1 => (1..=27).contains(&day),
        _ => false,
    };
    let lost: Vec<i32> = days.iter().copied().filter(|day| !fits(*day)).collect();
    if lost.is_empty() { Ok(days.iter().map(|day| day + shift).collect()) } else { Err(lost) }
}

fn mixed_days() -> PlanError {
    PlanError::times(
        "In UTC these times are not all on the same day. Choose every day, create one schedule for each time, or enter the times in UTC",
    )
}

/// Why a day of the month cannot be kept, and what to do.
fn lost_day(times: &[i32], in_utc: &[(i32, i32)], offset: i32, days: &[i32], zone: &Zone) -> String {
    let (time, (utc, shift)) =
        (times.first().copied().unwrap_or_default(), in_utc.first().copied().unwrap_or_default());
    let (when, kept, way) = if shift < 0 {
        ("the day before", "2 to 28", format!("a time from {} on", clock_text(offset.rem_euclid(DAY))))
    } else {
        ("the next day", "1 to 27", format!("a time before {}", clock_text(offset.rem_euclid(DAY))))
    };
    format!(
        "{} {} is {} UTC {when}, and day {} has no fixed day there. Choose {way}, days {kept}, or enter the time in UTC",
        clock_text(time),
        place_words(zone),
        clock_text(utc),
        number_list(days, ", "),
    )
}

/// `02:00`.
pub(super) fn clock_text(minute_of_day: i32) -> String {
    format!("{:02}:{:02}", minute_of_day / 60, minute_of_day % 60)
}

/// What follows a time that falls this many days later: nothing, ` the day before`, ` the next day`.
pub(super) fn day_shift_words(days: i32) -> &'static str {
    match days {
        0 => "",
        ..0 => " the day before",
        1.. => " the next day",
    }
}

/// A local time in UTC: `01:00 UTC`, `23:30 UTC the day before`.
fn utc_text(time: i32, offset: i32) -> String {
    let (utc, days) = moved(time, -offset);
    format!("{} UTC{}", clock_text(utc), day_shift_words(days))
}

/// `in Berlin`; for a zone without a name `on this computer`.
pub(super) fn place_words(zone: &Zone) -> String {
    if zone.has_name() { format!("in {}", zone.short_label()) } else { "on this computer".to_owned() }
}

/// `28 March`, with the year where it is not this one.
pub(super) fn day_text(day: Date, today: Date) -> String {
    let form = if day.year() == today.year() { "%-d %B" } else { "%-d %B %Y" };
    day.strftime(form).to_string()
}

/// Reads `02:00`, `2:00, 14:00`, `2 pm`, `0230`: minutes of the day in rising order.
fn read_times(text: &str) -> Result<Vec<i32>, String> {
    let text = text.replace(" and ", ",").replace(';', ",");
    let items: Vec<&str> = text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
    if items.is_empty() {
        return Err("Enter a time, such as 02:00".to_owned());
    }
    let read = |item: &str| {
        read_time(item).ok_or_else(|| format!("“{}” is not a time; write it like 02:00", sanitize_for_display(item)))
    };
    let times: BTreeSet<i32> = items.into_iter().map(read).collect::<Result<_, _>>()?;
    Ok(times.into_iter().collect())
}

fn read_time(text: &str) -> Option<i32> {
    let lower = text.to_ascii_lowercase();
    let (digits, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(digits), _) => (digits.trim_end(), Some(0)),
        (_, Some(digits)) => (digits.trim_end(), Some(12)),
        _ => (lower.as_str(), None),
    };
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (hour, minute),
        Some(_) => return None,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "00"),
    };
    let number = |text: &str| {
        let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<i32>().ok()).flatten()
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let hour = match half {
        Some(half) => (1..=12).contains(&hour).then_some(hour % 12 + half)?,
        None => hour,
    };
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// Reads `1`, `1, 15`, `1-7`: days of the month in rising order.
fn read_month_days(text: &str) -> Result<Vec<i32>, String> {
    let mut days = BTreeSet::new();
    let text = text.replace(" - ", "-");
    for item in text.split([',', ';', ' ']).filter(|item| !item.is_empty()) {
        let (first, last) = item.split_once('-').unwrap_or((item, item));
        let day = |text: &str| text.parse::<u8>().ok().filter(|day| (1..=31).contains(day)).map(i32::from);
        match (day(first), day(last)) {
            (Some(first), Some(last)) if first <= last => days.extend(first..=last),
            _ => return Err(format!("“{}” is not a day of the month; use 1 to 31", sanitize_for_display(item))),
        }
    }
    if days.is_empty() {
        return Err("Enter the days of the month, such as 1 or 1, 15".to_owned());
    }
    Ok(days.into_iter().collect())
}

/// Numbers as one field: all of them as `*`, three or more in a row as a range.
pub(super) fn field_text(numbers: &[i32], kind: CronField) -> String {
    if numbers.len() == kind.range().count() { "*".to_owned() } else { number_list(numbers, ",") }
}

/// `1-5`, `1, 15`.
fn number_list(numbers: &[i32], separator: &str) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b);
    let texts = runs.flat_map(|run| match run {
        [first, _, .., last] => vec![format!("{first}-{last}")],
        short => short.iter().map(ToString::to_string).collect(),
    });
    texts.collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
