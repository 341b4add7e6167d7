//! The days an expression runs on, in English.

use super::field::{CronField, FieldSet, MONTHS, WEEKDAYS, bit};
use super::ranges::{Runs, Steps, number_runs};
use super::runs::{DayRule, Reading, longest_month};
use crate::domain::{and_list, joined_list};

/// The days of a reading, to be put behind times of day: ` every day`, `, Monday to Friday`, ` on day 1 of the month`. Behind a
/// distance (`is_list` false) every day goes without saying. `None` where no date matches.
pub(super) fn days_of(reading: &Reading<'_>, is_list: bool) -> Option<String> {
    let cron = reading.cron;
    let is_every_day = cron.days.is_full(CronField::DayOfMonth);
    let is_every_weekday = cron.weekdays.is_full(CronField::Weekday);
    let is_open = match reading.rule {
        DayRule::Both => is_every_day && is_every_weekday,
        DayRule::Either => is_every_day || is_every_weekday,
    };
    let months = months_with(cron.months, |_| true);
    if is_open {
        return Some(format!("{}{}", if is_list { " every day" } else { "" }, in_months(&months)));
    }
    let dates = DateWords::of(cron.days, cron.months);
    match reading.rule {
        DayRule::Either => {
            let weekdays = format!("every {}{}", day_list(cron.weekdays, "and"), in_months(&months));
            Some(dates.map_or_else(|| format!(" {weekdays}"), |dates| format!(" {} and {weekdays}", dates.text)))
        }
        DayRule::Both if is_every_weekday => dates.map(|dates| format!(" {}", dates.text)),
        DayRule::Both if is_every_day => {
            let weekdays = weekday_runs(cron.weekdays);
            Some(match weekdays.one_range() {
                Some(range) => format!(", {range}{}{}", if months.len() == 12 { "" } else { "," }, in_months(&months)),
                None if is_list => format!(" every {}{}", day_list(cron.weekdays, "and"), in_months(&months)),
                None => {
                    let names: Vec<String> = weekdays.texts.iter().map(|name| format!("{name}s")).collect();
                    format!(" on {}{}", and_list(&names), in_months(&months))
                }
            })
        }
        DayRule::Both => dates.map(|dates| {
            let fall = if dates.is_one { "if it falls" } else { "that fall" };
            format!(" {} {fall} on {}", dates.text, day_list(cron.weekdays, "or"))
        }),
    }
}

/// Days of the month in words.
struct DateWords {
    text: String,
    /// At most one day a month.
    is_one: bool,
}

impl DateWords {
    /// `on day 1 of the month`, `on 1 June`. Months without such a day are left out, or named where the words would take them
    /// in. `None` where no month has such a day.
    fn of(days: FieldSet, months: FieldSet) -> Option<Self> {
        let first = u8::try_from(days.first()).unwrap_or(1);
        let possible = months_with(months, |month| first <= longest_month(month));
        let values: Vec<u8> = days.values().collect();
        let is_every_month = months.is_full(CronField::Month);
        let of = match possible.as_slice() {
            [] => return None,
            _ if is_every_month => " of the month".to_owned(),
            possible => {
                let names = Runs::of(possible);
                let range = names.one_range().map(|range| format!(" of each month from {range}"));
                range.unwrap_or_else(|| format!(" of {}", and_list(&names.texts)))
            }
        };
        if let ([day], [(month, name)]) = (values.as_slice(), possible.as_slice()) {
            let is_leap_day = (*day, *month) == (29, 2);
            let leap = if is_leap_day { ", in leap years only" } else { "" };
            return Some(Self { text: format!("on {day} {name}{leap}"), is_one: true });
        }
        let is_one = values.len() == 1;
        let (text, names_days) = match (values.as_slice(), Steps::of(days, 31)) {
            ([day], _) => (format!("on day {day}{of}"), true),
            (_, Some(Steps { step: 2, first: 1, last: 31, .. })) => (format!("on odd days{of}"), false),
            (_, Some(Steps { step: 2, first: 2, last: 30, .. })) => (format!("on even days{of}"), false),
            (_, Some(Steps { step: 1, first, last: 31, .. })) => {
                (format!("from day {first} to the last day{of}"), false)
            }
            (_, Some(Steps { step, first, last, .. })) if step > 1 && last + step > 31 => {
                (format!("on every {} day from day {first}{of} (restarts each month)", ordinal(step)), false)
            }
            (values, _) => {
                let list = number_runs(values, |day| day.to_string());
                (format!("on days {}{of}", and_list(&list)), true)
            }
        };
        let missing = if names_days { missing_days(&values, months, &possible, is_one) } else { String::new() };
        Some(Self { text: format!("{text}{missing}"), is_one })
    }
}

/// Which months have no 29th, 30th or 31st although the words name it: ` (skips February)`.
fn missing_days(days: &[u8], months: FieldSet, possible: &[(u8, &str)], is_one: bool) -> String {
    let is_every_month = months.is_full(CronField::Month);
    let mut notes = Vec::new();
    for day in days.iter().copied().filter(|day| *day > 28) {
        let skipped = months_with(months, |month| {
            let is_named = is_every_month || possible.iter().any(|(possible, _)| *possible == month);
            is_named && longest_month(month) < day
        });
        if !skipped.is_empty() {
            let names = skipped.iter().map(|(_, name)| (*name).to_owned()).collect::<Vec<_>>();
            let verb = if is_one { "skips".to_owned() } else { format!("no day {day} in") };
            notes.push(format!("{verb} {}", joined_list(&names, if is_one { "and" } else { "or" })));
        } else if day == 29 && months.has(2) {
            notes.push(
                if is_one { "in February only in leap years" } else { "29 February only in leap years" }.to_owned(),
            );
        }
    }
    if notes.is_empty() { String::new() } else { format!(" ({})", notes.join("; ")) }
}

/// The months that are in the set and pass, with their numbers and names.
fn months_with(months: FieldSet, passes: impl Fn(u8) -> bool) -> Vec<(u8, &'static str)> {
    let numbered = (1_u8..).zip(MONTHS);
    numbered.filter(|(number, _)| months.bits & bit(*number) != 0 && passes(*number)).collect()
}

/// The months by name, three or more neighbours as `January to March`.
pub(super) fn month_runs(months: FieldSet) -> Vec<String> {
    Runs::of(&months_with(months, |_| true)).texts
}

/// ` in June`, ` from January to March`; nothing for every month.
fn in_months(months: &[(u8, &str)]) -> String {
    if months.len() == MONTHS.len() {
        return String::new();
    }
    let names = Runs::of(months);
    let range = names.one_range().map(|range| format!(" from {range}"));
    range.unwrap_or_else(|| format!(" in {}", and_list(&names.texts)))
}

/// The weekdays from Monday on, with their place in the week.
fn weekdays_in_order(weekdays: FieldSet) -> impl Iterator<Item = (u8, &'static str)> {
    let from_monday = (0..7).zip(WEEKDAYS.iter().zip(0..).cycle().skip(1));
    from_monday.filter(move |(_, (_, number))| weekdays.has(*number)).map(|(place, (name, _))| (place, *name))
}

fn weekday_runs(weekdays: FieldSet) -> Runs {
    Runs::of(&weekdays_in_order(weekdays).collect::<Vec<_>>())
}

/// `Monday, Wednesday and Friday`; three or more neighbours as `Monday to Friday`.
fn day_list(weekdays: FieldSet, word: &str) -> String {
    let names = weekday_runs(weekdays);
    let range = names.one_range().filter(|_| word == "and").map(|range| format!("day from {range}"));
    range.unwrap_or_else(|| joined_list(&names.texts, word))
}

fn ordinal(number: u8) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
