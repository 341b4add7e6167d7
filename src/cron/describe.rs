//! Cron in English: the times of day, then the days. Two expressions that run at different times never read the same, and every
//! sentence is held against the runs by a test that reads it back.

use super::days::{days_of, month_runs};
use super::expression::{Cron, CronField, FieldSet, Readings};
use super::timetable::Timetable;
use crate::domain::{Recurrence, and_list, joined_list, sanitize_for_display};

/// Up to this many times of day are written out.
const MAX_LISTED_TIMES: usize = 4;
/// Up to this many numbers are written one by one.
const MAX_LISTED_NUMBERS: usize = 8;

/// When a day has runs, in words.
struct TimeWords {
    text: String,
    /// It lists times of day: `At 02:00`; else it names a distance: `Every 15 minutes`.
    is_list: bool,
    /// The same on every clock on earth, as none of them differs by less than a quarter of an hour.
    is_alike: bool,
}

impl Cron {
    /// The expression in words, without a zone and without a full stop: `At 02:00, Monday to Friday`. Both readings where it has
    /// two: `At 02:00, either every Monday, or every day`.
    #[must_use]
    pub fn describe(&self) -> String {
        self.describe_in("")
    }

    /// The same with its zone: `At 02:00 UTC, Monday to Friday`. What is alike in every zone names none: `Every 15 minutes`.
    #[must_use]
    pub fn describe_utc(&self) -> String {
        self.describe_in("UTC")
    }

    /// The same with the zone of a name; none where that is empty.
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
        let times = self.hours.values().count() * self.minutes.values().count();
        if times <= MAX_LISTED_TIMES {
            let times =
                self.hours.values().flat_map(|hour| self.minutes.values().map(move |minute| clock(hour, minute)));
            let text = format!("At {}", and_list(&times.collect::<Vec<_>>()));
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

/// Numbers of a field at equal distances.
pub(super) struct Steps {
    pub(super) step: u8,
    pub(super) first: u8,
    pub(super) last: u8,
    pub(super) count: usize,
    /// The distance from the last number to the first of the next round is the same.
    pub(super) is_cyclic: bool,
}

impl Steps {
    /// Two or more numbers that keep their distance over the end of the field, or four or more that keep it up to there.
    /// `size` is how many numbers the field has.
    pub(super) fn of(set: FieldSet, size: u8) -> Option<Self> {
        let values: Vec<u8> = set.values().collect();
        let [first, second, ..] = values.as_slice() else { return None };
        let (first, step, last) = (*first, second - first, *values.last()?);
        let is_even = values.iter().zip(values.iter().skip(1)).all(|(a, b)| b - a == step);
        let is_cyclic = first + size - last == step;
        (is_even && (is_cyclic || values.len() > 3)).then_some(Self {
            step,
            first,
            last,
            count: values.len(),
            is_cyclic,
        })
    }

    fn every(&self, unit: &str) -> String {
        if self.step == 1 { format!("Every {unit}") } else { format!("Every {} {unit}s", self.step) }
    }
}

pub(super) fn clock(hour: u8, minute: u8) -> String {
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

/// The numbers one by one; where they are many, three or more neighbours as `a to b`.
pub(super) fn number_runs(values: &[u8], text: impl Fn(u8) -> String) -> Vec<String> {
    let texts: Vec<(u8, String)> = values.iter().map(|value| (*value, text(*value))).collect();
    if values.len() <= MAX_LISTED_NUMBERS && values.windows(3).all(|three| !matches!(three, [a, _, c] if a + 2 == *c)) {
        return texts.into_iter().map(|(_, text)| text).collect();
    }
    runs(&texts)
}

/// Writes three or more neighbours as `first to last`.
pub(super) fn runs<T: AsRef<str>>(values: &[(u8, T)]) -> Vec<String> {
    let neighbours = values.chunk_by(|(a, _), (b, _)| a + 1 == *b);
    neighbours
        .flat_map(|run| match run {
            [(_, first), _, .., (_, last)] => vec![format!("{} to {}", first.as_ref(), last.as_ref())],
            short => short.iter().map(|(_, text)| text.as_ref().to_owned()).collect(),
        })
        .collect()
}

impl Timetable {
    /// In words, for a place that says elsewhere that times are UTC: `At 02:00 every day`. A zone of its own is named.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Cron { cron, zone } if zone.label() == "UTC" => cron.describe(),
            _ => self.describe_with_zone(),
        }
    }

    /// In words, with the zone: `At 02:00 UTC every day`, `At 02:00 Europe/Berlin every day`, `Every 90 minutes, …`.
    #[must_use]
    pub fn describe_with_zone(&self) -> String {
        match self {
            Self::Cron { cron, zone } => cron.describe_in(zone.label()),
            Self::Every { secs } => format!("Every {}, counted from a time that is not known", length_words(*secs)),
        }
    }
}

/// A length of time: `90 minutes`, `2 hours`, `1 day`.
fn length_words(secs: u64) -> String {
    let units = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
    let (size, unit) = units.into_iter().find(|(size, _)| secs.is_multiple_of(*size)).unwrap_or((1, "second"));
    let count = secs / size;
    if count == 1 { unit.to_owned() } else { format!("{count} {unit}s") }
}

/// A recurrence in words: `Once`, the sentence of its text, or `Unreadable: ` and the text as it came.
#[must_use]
pub fn describe_recurrence(recurrence: &Recurrence) -> String {
    in_words(recurrence, Timetable::describe)
}

/// The same with its zone.
#[must_use]
pub fn describe_recurrence_with_zone(recurrence: &Recurrence) -> String {
    in_words(recurrence, Timetable::describe_with_zone)
}

fn in_words(recurrence: &Recurrence, describe: fn(&Timetable) -> String) -> String {
    match recurrence {
        Recurrence::Once => "Once".to_owned(),
        Recurrence::Cron(text) => Timetable::read(text)
            .map_or_else(|_| format!("Unreadable: {}", sanitize_for_display(text)), |table| describe(&table)),
    }
}
