//! Cron in English: the times of day, then the days. Two expressions that run at different times never read the same, and every
//! sentence is held against the runs by a test that reads it back.

use std::fmt::Display;

use super::days::{days_of, month_runs};
use super::expression::Cron;
use super::field::{CronField, FieldSet};
use super::ranges::{Steps, number_runs};
use super::readings::Readings;
use crate::domain::{and_list, joined_list};

/// Up to this many times of day are written out.
const MAX_LISTED_TIMES: usize = 4;

/// When a day has runs, in words.
struct TimeWords {
    text: String,
    /// It lists times of day: `At 02:00`; else it names a distance: `Every 15 minutes`.
    is_list: bool,
    /// The same on every clock on earth, as none of them differs by less than a quarter of an hour.
    is_alike: bool,
}

impl Cron {
    /// The expression in words, without a full stop, with the name of its zone, which may be empty: `At 02:00 UTC, Monday to
    /// Friday`. What is alike in every zone names none: `Every 15 minutes`. Both readings where it has two: `At 02:00, either
    /// every Monday, or every day`.
    pub(super) fn describe_in(&self, zone: &str) -> String {
        let time = self.time_words();
        let Readings { narrow, wide } = self.readings();
        let Some(narrow_days) = days_of(&narrow, time.is_list) else {
            return match wide.and_then(|wide| days_of(&wide, true)) {
                None => format!("Never runs: {}", self.never_reason()),
                Some(days) => format!("Either never, or {}{days}", lower_first(&with_zone(&time, zone).0)),
            };
        };
        let (head, tail) = with_zone(&time, zone);
        let days = match wide.and_then(|wide| days_of(&wide, true)) {
            None => narrow_days,
            Some(wide_days) => {
                let narrow_days = days_of(&narrow, true).unwrap_or_default();
                format!(", either {}, or {}", bare(&narrow_days), bare(&wide_days))
            }
        };
        let tail = if time.is_alike && days.is_empty() { "" } else { &tail };
        format!("{head}{days}{tail}")
    }

    /// Why an expression that never runs does not: `there is no day 31 in February`.
    #[must_use]
    pub fn never_reason(&self) -> String {
        let days: Vec<u8> = self.days.values().collect();
        let is = if days.len() == 1 { "is no day" } else { "are no days" };
        let days = joined_list(&number_runs(&days, |day| day.to_string()), "or");
        format!("there {is} {days} in {}", joined_list(&month_runs(self.months), "or"))
    }

    fn time_words(&self) -> TimeWords {
        if self.times_of_day().nth(MAX_LISTED_TIMES).is_none() {
            let times: Vec<String> = self.times_of_day().map(|time| clock(time / 60, time % 60)).collect();
            let text = format!("At {}", and_list(&times));
            return TimeWords { text, is_list: true, is_alike: false };
        }
        let text = match Steps::of(self.minutes, 60) {
            Some(steps) if steps.count > 2 || steps.first == 0 => self.every_few_minutes(&steps),
            _ => self.every_few_hours(),
        };
        let quarter = self.minutes.bits;
        let is_shifted_same = (quarter << 15 | quarter >> 45) & CronField::Minute.full_set() == quarter;
        TimeWords { text, is_list: false, is_alike: is_shifted_same && self.hours.is_full(CronField::Hour) }
    }

    /// `Every 15 minutes`, and in which hours.
    fn every_few_minutes(&self, steps: &Steps) -> String {
        let every = steps.every("minute");
        let hours: Vec<u8> = self.hours.values().collect();
        match (hours.as_slice(), Steps::of(self.hours, 24)) {
            ([hour], _) => format!("{every} from {} to {}", clock(*hour, steps.first), clock(*hour, steps.last)),
            (_, Some(Steps { step: 1, count: 24, .. })) if !steps.is_cyclic => {
                format!("{every} from {} to {} (restarts each hour)", minute(steps.first), minute(steps.last))
            }
            (_, Some(Steps { step: 1, count: 24, .. })) if steps.first == 0 => every,
            (_, Some(Steps { step: 1, count: 24, .. })) => format!("{every} from {}", minute(steps.first)),
            (_, Some(Steps { step: 1, first, last, .. })) if steps.is_cyclic => {
                format!("{every} from {} to {}", clock(first, steps.first), clock(last, steps.last))
            }
            _ => format!("{every} from {} to {}, {}", minute(steps.first), minute(steps.last), in_hours(self.hours)),
        }
    }

    /// `Every 4 hours at :45`, or the hours one by one.
    fn every_few_hours(&self) -> String {
        let minutes: Vec<u8> = self.minutes.values().collect();
        let at = and_list(&number_runs(&minutes, minute));
        if self.hours.is_full(CronField::Hour) {
            return if minutes == [0] { "Every hour on the hour".to_owned() } else { format!("Every hour at {at}") };
        }
        let (Some(steps), Some(early), Some(late)) = (Steps::of(self.hours, 24), minutes.first(), minutes.last())
        else {
            return format!("At {at} {}", in_hours(self.hours));
        };
        let every = steps.every("hour");
        let (first, last) = (clock(steps.first, *early), clock(steps.last, *late));
        if steps.is_cyclic {
            let from = if steps.first == 0 { String::new() } else { format!(", from {first}") };
            return format!("{every} at {at}{from}");
        }
        let at = if minutes.len() == 1 { String::new() } else { format!(" at {at},") };
        let restarts = if steps.step == 1 { "" } else { " (restarts each day)" };
        format!("{every}{at} from {first} to {last}{restarts}")
    }
}

/// The times of day with their zone, and what is put behind the days instead where that reads better.
fn with_zone(time: &TimeWords, zone: &str) -> (String, String) {
    if zone.is_empty() {
        (time.text.clone(), String::new())
    } else if time.is_list {
        (format!("{} {zone}", time.text), String::new())
    } else {
        (time.text.clone(), format!(" ({zone})"))
    }
}

/// Without what joins it to a time of day.
fn bare(days: &str) -> &str {
    days.trim_start_matches([',', ' '])
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

fn clock(hour: impl Display, minute: impl Display) -> String {
    format!("{hour:02}:{minute:02}")
}

fn minute(minute: u8) -> String {
    format!(":{minute:02}")
}

/// `in the hours 01, 05 and 09`.
fn in_hours(hours: FieldSet) -> String {
    let hours: Vec<u8> = hours.values().collect();
    let word = if hours.len() == 1 { "hour" } else { "hours" };
    format!("in the {word} {}", and_list(&number_runs(&hours, |hour| format!("{hour:02}"))))
}
