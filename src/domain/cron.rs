//! Five-field cron in UTC: reading, the form that is sent, and the next runs.
//!
//! Days follow the rule of standard cron: where both the day of the month and the weekday are given, a day matches when
//! *either* does; where one of the two starts with `*`, both have to.

use std::fmt;
use std::ops::RangeInclusive;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::format::{screen_text, shorten_middle};
use super::{Recurrence, Schedule};

/// The longest expression read, in bytes.
const MAX_LENGTH: usize = 512;

/// One of the five fields, in the order they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CronField {
    /// 0 to 59.
    Minute,
    /// 0 to 23, UTC.
    Hour,
    /// 1 to 31.
    DayOfMonth,
    /// 1 to 12, or JAN to DEC.
    Month,
    /// 0 to 6 from Sunday, or SUN to SAT; 7 is Sunday too.
    Weekday,
}

impl CronField {
    /// All five, in order.
    pub const ALL: [Self; 5] = [Self::Minute, Self::Hour, Self::DayOfMonth, Self::Month, Self::Weekday];

    /// The name on a form: sentence case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Minute => "Minute",
            Self::Hour => "Hour",
            Self::DayOfMonth => "Day of month",
            Self::Month => "Month",
            Self::Weekday => "Weekday",
        }
    }

    /// The smallest and the largest number of the field.
    #[must_use]
    pub fn range(self) -> RangeInclusive<u8> {
        match self {
            Self::Minute => 0..=59,
            Self::Hour => 0..=23,
            Self::DayOfMonth => 1..=31,
            Self::Month => 1..=12,
            Self::Weekday => 0..=6,
        }
    }

    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Month => &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
            Self::Weekday => &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
            _ => &[],
        }
    }

    fn full_set(self) -> u64 {
        self.range().fold(0, |set, value| set | bit(value))
    }
}

/// Why a text is no cron expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CronError {
    /// The field at fault, where it is one.
    pub field: Option<CronField>,
    /// What is wrong and what to write, for the person who typed it.
    pub message: String,
    /// A whole corrected expression to offer, where the intention is plain.
    pub fix: Option<String>,
}

impl fmt::Display for CronError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CronError {}

/// An expression that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    text: String,
    pub(super) minutes: FieldSet,
    pub(super) hours: FieldSet,
    pub(super) days: FieldSet,
    pub(super) months: FieldSet,
    pub(super) weekdays: FieldSet,
}

/// The numbers one field matches, as bits, and whether it is written with a leading `*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FieldSet {
    pub(super) bits: u64,
    pub(super) has_star: bool,
}

impl FieldSet {
    pub(super) fn has(self, value: i8) -> bool {
        u8::try_from(value).is_ok_and(|value| self.bits & bit(value) != 0)
    }

    /// The numbers in rising order.
    pub(super) fn values(self) -> impl Iterator<Item = u8> {
        (0..64).filter(move |value| self.bits & bit(*value) != 0)
    }

    fn first(self) -> i8 {
        low(self.bits)
    }
}

pub(super) fn bit(value: u8) -> u64 {
    1_u64.checked_shl(u32::from(value)).unwrap_or(0)
}

/// The number of the lowest bit; 0 for an empty set, which no field has.
fn low(bits: u64) -> i8 {
    if bits == 0 { 0 } else { i8::try_from(bits.trailing_zeros()).unwrap_or(0) }
}

/// The number of the highest bit, plus one.
fn width(bits: u64) -> u32 {
    u64::BITS - bits.leading_zeros()
}

/// The bits from `value` upwards.
fn from(bits: u64, value: i8) -> u64 {
    u32::try_from(value).ok().and_then(|value| u64::MAX.checked_shl(value)).unwrap_or(0) & bits
}

impl Cron {
    /// Reads an expression of five fields: minute, hour, day of month, month, weekday. Lists, ranges, steps and English names
    /// are read; what is kept and sent is plain: numbers only, Sunday as 0, `5/15` as `5-59/15`.
    pub fn parse(text: &str) -> Result<Self, CronError> {
        read(text).map_err(|mut error| {
            error.fix = error.fix.and_then(|fix| read(&fix).ok()).map(|cron| cron.text);
            error
        })
    }

    /// The five fields as they are sent, joined by single spaces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The five fields as they are sent.
    #[must_use]
    pub fn fields(&self) -> [String; 5] {
        let mut fields = self.text.split(' ');
        std::array::from_fn(|_| fields.next().unwrap_or("*").to_owned())
    }

    /// The next run strictly after an instant; `None` where there is none, as for 31 February.
    #[must_use]
    pub fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        /// Every date that exists comes back on the same weekday within 40 years.
        const MONTHS: u16 = 41 * 12;

        let minute = after.as_second().div_euclid(60).checked_add(1)?;
        let start = TimeZone::UTC.to_datetime(Timestamp::from_second(minute.checked_mul(60)?).ok()?);
        let today = start.date();
        let is_today = self.days_of_month(today.year(), today.month()) & bit(u8::try_from(today.day()).ok()?) != 0;
        if is_today && let Some((hour, minute)) = self.time_from(start.hour(), start.minute()) {
            return instant(today, hour, minute);
        }
        let (mut year, mut month, mut day) = (today.year(), today.month(), today.day() + 1);
        for _ in 0..MONTHS {
            let days = from(self.days_of_month(year, month), day);
            if days != 0 {
                return instant(Date::new(year, month, low(days)).ok()?, self.hours.first(), self.minutes.first());
            }
            day = 1;
            month += 1;
            if month > 12 {
                month = 1;
                year = year.checked_add(1)?;
            }
        }
        None
    }

    /// The next runs after an instant, at most `count`; fewer where there are no more.
    #[must_use]
    pub fn upcoming(&self, after: Timestamp, count: usize) -> Vec<Timestamp> {
        std::iter::successors(self.next_after(after), |at| self.next_after(*at)).take(count).collect()
    }

    /// Runs a week, on the average of 28 years.
    #[must_use]
    pub fn runs_per_week(&self) -> f64 {
        let runs_a_day = self.minutes.bits.count_ones() * self.hours.bits.count_ones();
        let days = self.cycle().count();
        f64::from(runs_a_day) * days as f64 * 7.0 / CYCLE_DAYS as f64
    }

    /// The seconds between the two runs that are closest; `None` where it never runs.
    #[must_use]
    pub fn shortest_gap_secs(&self) -> Option<u64> {
        let times: Vec<u32> = self
            .hours
            .values()
            .flat_map(|hour| self.minutes.values().map(move |minute| u32::from(hour) * 60 + u32::from(minute)))
            .collect();
        let (first, last) = (*times.first()?, *times.last()?);
        let within_a_day = times.iter().zip(times.iter().skip(1)).map(|(a, b)| b - a).min();
        let days: Vec<u32> = self.cycle().collect();
        let first_day = *days.first()?;
        let next_days = days.iter().skip(1).copied().chain([first_day + CYCLE_DAYS]);
        let days_apart = days.iter().zip(next_days).map(|(a, b)| b - a).min()?;
        let across_days = days_apart * 1440 + first - last;
        Some(u64::from(within_a_day.map_or(across_days, |within| within.min(across_days))) * 60)
    }

    /// True where no date matches, as for 31 February.
    #[must_use]
    pub fn is_never(&self) -> bool {
        const LONGEST: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let first = u8::try_from(self.days.first()).unwrap_or(1);
        let fits = |month: u8| LONGEST.get(usize::from(month).wrapping_sub(1)).is_some_and(|longest| first <= *longest);
        !self.is_either_day() && !self.months.values().any(fits)
    }

    /// True where a day matches when the day of the month *or* the weekday does.
    pub(super) fn is_either_day(&self) -> bool {
        !self.days.has_star && !self.weekdays.has_star
    }

    /// The first time of day at or after the given one.
    fn time_from(&self, hour: i8, minute: i8) -> Option<(i8, i8)> {
        if self.hours.has(hour) {
            let minutes = from(self.minutes.bits, minute);
            if minutes != 0 {
                return Some((hour, low(minutes)));
            }
        }
        let hours = from(self.hours.bits, hour + 1);
        (hours != 0).then(|| (low(hours), self.minutes.first()))
    }

    /// The days of one month that match, as bits 1 to 31.
    fn days_of_month(&self, year: i16, month: i8) -> u64 {
        if !self.months.has(month) {
            return 0;
        }
        let Ok(first) = Date::new(year, month, 1) else { return 0 };
        let length = u8::try_from(first.days_in_month()).unwrap_or(31);
        let weekday = u8::try_from(first.weekday().to_sunday_zero_offset()).unwrap_or(0);
        let by_weekday = (1..=length).filter(|day| self.weekdays.bits & bit((weekday + day - 1) % 7) != 0);
        let by_weekday = by_weekday.fold(0, |set, day| set | bit(day));
        let by_day = self.days.bits & (bit(length + 1) - 1);
        if self.is_either_day() { by_day | by_weekday } else { by_day & by_weekday }
    }

    /// The matching days of 2001 to 2028, after which dates and weekdays repeat, counted from the first day.
    fn cycle(&self) -> impl Iterator<Item = u32> {
        let months = (2001..=2028).flat_map(|year| (1..=12).map(move |month| (year, month)));
        let lengths = months.scan(0, |start, (year, month)| {
            let this = *start;
            *start += u32::from(Date::new(year, month, 1).map_or(31, Date::days_in_month).unsigned_abs());
            Some((this, self.days_of_month(year, month)))
        });
        lengths.flat_map(|(start, days)| {
            (1..=31).filter(move |day| days & bit(*day) != 0).map(move |d| start + u32::from(d))
        })
    }
}

/// Days of the 28 years after which the calendar repeats (between 1901 and 2099).
const CYCLE_DAYS: u32 = 10_227;

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn instant(date: Date, hour: i8, minute: i8) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(date.at(hour, minute, 0, 0)).ok()
}

/// The next run of a schedule; `None` where it is suspended, runs once, or its text is no expression.
#[must_use]
pub fn next_run(schedule: &Schedule, now: Timestamp) -> Option<Timestamp> {
    match &schedule.recurrence {
        Some(Recurrence::Text(text)) if !schedule.is_suspended() => Cron::parse(text).ok()?.next_after(now),
        _ => None,
    }
}

/// Usual schedules, one click each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Preset {
    /// On the hour.
    Hourly,
    /// Every night.
    Daily,
    /// Monday to Friday.
    Weekdays,
    /// Every Sunday.
    Weekly,
    /// On the first of the month.
    Monthly,
}

impl Preset {
    /// All, from often to seldom.
    pub const ALL: [Self; 5] = [Self::Hourly, Self::Daily, Self::Weekdays, Self::Weekly, Self::Monthly];

    /// The word on its button.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hourly => "Hourly",
            Self::Daily => "Daily",
            Self::Weekdays => "Weekdays",
            Self::Weekly => "Weekly",
            Self::Monthly => "Monthly",
        }
    }

    /// The expression it stands for.
    #[must_use]
    pub fn cron(self) -> &'static str {
        match self {
            Self::Hourly => "0 * * * *",
            Self::Daily => "0 2 * * *",
            Self::Weekdays => "0 2 * * 1-5",
            Self::Weekly => "0 2 * * 0",
            Self::Monthly => "0 2 1 * *",
        }
    }

    /// The preset an expression is, if it is one.
    #[must_use]
    pub fn of(cron: &Cron) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.cron() == cron.as_str())
    }
}

/// Reads without checking that the offered fix is an expression itself.
fn read(text: &str) -> Result<Cron, CronError> {
    let tokens: Vec<&str> = text.split_whitespace().collect();
    if text.len() > MAX_LENGTH {
        return Err(whole(format!("A cron expression has at most {MAX_LENGTH} characters"), None));
    }
    let [minute, hour, day, month, weekday] = tokens.as_slice() else {
        return Err(wrong_count(&tokens));
    };
    if tokens.iter().any(|token| token.starts_with("**")) {
        return Err(wrong_count(&tokens));
    }
    let field = |field: CronField, token: &str| {
        read_field(field, token).map_err(|(message, token_fix)| {
            let fix = token_fix.map(|token_fix| {
                let fixed = tokens.iter().zip(CronField::ALL);
                let fixed = fixed.map(|(token, of)| if of == field { token_fix.as_str() } else { token });
                fixed.collect::<Vec<_>>().join(" ")
            });
            CronError { field: Some(field), message, fix }
        })
    };
    let (minute, minutes) = field(CronField::Minute, minute)?;
    let (hour, hours) = field(CronField::Hour, hour)?;
    let (day, days) = field(CronField::DayOfMonth, day)?;
    let (month, months) = field(CronField::Month, month)?;
    let (weekday, weekdays) = field(CronField::Weekday, weekday)?;
    Ok(Cron { text: [minute, hour, day, month, weekday].join(" "), minutes, hours, days, months, weekdays })
}

fn whole(message: impl Into<String>, fix: Option<String>) -> CronError {
    CronError { field: None, message: message.into(), fix }
}

/// Explains a text that has not five fields.
fn wrong_count(tokens: &[&str]) -> CronError {
    const SHORTCUTS: [(&str, &str); 7] = [
        ("@hourly", "0 * * * *"),
        ("@daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        ("@weekly", "0 0 * * 0"),
        ("@monthly", "0 0 1 * *"),
        ("@yearly", "0 0 1 1 *"),
        ("@annually", "0 0 1 1 *"),
    ];
    let Some(first) = tokens.first() else {
        return whole("Write five fields: minute, hour, day of month, month, weekday", Some("0 2 * * *".to_owned()));
    };
    if first.starts_with('@') {
        let known = SHORTCUTS.iter().find(|(shortcut, _)| shortcut.eq_ignore_ascii_case(first));
        return match known {
            Some((shortcut, cron)) => {
                whole(format!("{shortcut} is not sent as a word; write {cron}"), Some((*cron).to_owned()))
            }
            None => whole("Shortcuts with @ are not accepted; write five fields, such as 0 2 * * *", None),
        };
    }
    if first.eq_ignore_ascii_case("cron") && tokens.len() == 1 {
        return whole("The word cron is not a time; write five fields, such as 0 2 * * *", None);
    }
    if first.eq_ignore_ascii_case("once") && tokens.len() == 1 {
        return whole("A single run has no cron expression; choose “Once now”", None);
    }
    if first.contains('=') {
        return whole("A time zone before the fields is not accepted; the times are always UTC", None);
    }
    let spread: Vec<String> = tokens.iter().map(|token| spread_stars(token, " ")).collect();
    let spread = spread.join(" ");
    if tokens.iter().any(|token| token.starts_with("**")) {
        let fix = if spread.split(' ').count() == 5 {
            spread
        } else {
            tokens.iter().map(|token| spread_stars(token, "")).collect::<Vec<_>>().join(" ")
        };
        return whole("A space is missing between two stars; every field is one *", Some(fix));
    }
    let count = tokens.len();
    if count < 5 {
        let fields = if count == 1 { "1 field".to_owned() } else { format!("{count} fields") };
        let fix = (count == 4).then(|| format!("{} *", tokens.join(" ")));
        let message = format!("This has {fields}; five are needed: minute, hour, day of month, month, weekday");
        return whole(message, fix);
    }
    let joined = tokens.join(" ").replace(" ,", ",").replace(", ", ",");
    if joined.split(' ').count() == 5 {
        return whole("Lists are written without spaces, such as 1,15", Some(joined));
    }
    let has_year = tokens.last().is_some_and(|last| last.len() == 4 && last.starts_with("20"));
    let fix = match tokens {
        [rest @ .., _] if count == 6 && has_year => Some(rest.join(" ")),
        ["0" | "00", rest @ ..] if count == 6 => Some(rest.join(" ")),
        _ => None,
    };
    let message = format!("This has {count} fields; exactly five are accepted, without seconds and without a year");
    whole(message, fix.map(|fix| fix.replace('?', "*")))
}

/// `**` as `* *`, or as one `*` where the separator is empty.
fn spread_stars(token: &str, separator: &str) -> String {
    let stars = token.chars().take_while(|c| *c == '*').count();
    let rest = token.get(stars..).unwrap_or_default();
    if stars < 2 || !rest.is_empty() {
        return token.to_owned();
    }
    if separator.is_empty() { "*".to_owned() } else { vec!["*"; stars.min(5)].join(separator) }
}

/// What is wrong in one field, and the field as it was probably meant.
type FieldProblem = (String, Option<String>);

/// Reads one field: its plain text and what it matches.
fn read_field(field: CronField, token: &str) -> Result<(String, FieldSet), FieldProblem> {
    let name = field.name();
    if token == "?" {
        return Err((format!("{name}: ? is not accepted; write *"), Some("*".to_owned())));
    }
    let mut texts = Vec::new();
    let mut bits = 0;
    for item in token.split(',') {
        let (text, item_bits) = read_item(field, item).map_err(|(message, item_fix)| {
            let items =
                |fixed: &str| token.split(',').map(|i| if i == item { fixed } else { i }).collect::<Vec<_>>().join(",");
            (format!("{name}: {message}"), item_fix.map(|fixed| items(&fixed)))
        })?;
        texts.push(text);
        bits |= item_bits;
    }
    Ok((texts.join(","), FieldSet { bits, has_star: token.starts_with('*') }))
}

/// Reads one element of a list: `*`, `7`, `1-5`, each with or without `/step`.
fn read_item(field: CronField, item: &str) -> Result<(String, u64), FieldProblem> {
    let (min, max) = field.range().into_inner();
    if item.is_empty() {
        return Err(("a number is missing beside the comma".to_owned(), None));
    }
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, Some(read_step(field, range, step)?)),
        None => (item, None),
    };
    let (start, end) = if range == "*" {
        (min, max)
    } else if let Some((start, end)) = range.split_once('-') {
        let is_sunday_last = field == CronField::Weekday && end.eq_ignore_ascii_case("sun");
        let start = read_number(field, start)?;
        let end = if is_sunday_last && start > 0 { 7 } else { read_number(field, end)? };
        (start, end)
    } else {
        let start = read_number(field, range)?;
        // A 7 with a step starts on Sunday, which is where the week starts.
        let start = if step.is_some() && start > max { min } else { start };
        (start, if step.is_some() { max } else { start })
    };
    if start > end {
        let fix = step.is_none().then(|| format!("{},{}", range_text(start, max.max(start)), range_text(min, end)));
        return Err((format!("{start}-{end} runs backwards; write two ranges"), fix));
    }
    let step = step.unwrap_or(1);
    let values = (start..=end).step_by(usize::from(step));
    // Only a weekday can be above its largest number: 7 is Sunday, as 0 is.
    let bits = values.clone().fold(0, |set, value| set | bit(if value > max { min } else { value }));
    let text = if range == "*" {
        if step == 1 { "*".to_owned() } else { format!("*/{step}") }
    } else if end <= max {
        let plain = range_text(start, end);
        if step == 1 || start == end { plain } else { format!("{plain}/{step}") }
    } else if step == 1 && start <= max {
        format!("{},{min}", range_text(start, max))
    } else {
        let plain: Vec<String> = values.map(|value| if value > max { min } else { value }.to_string()).collect();
        plain.join(",")
    };
    Ok((text, bits))
}

fn range_text(start: u8, end: u8) -> String {
    if start == end { start.to_string() } else { format!("{start}-{end}") }
}

/// Reads the number after a `/`. It has to fit into the field: `*/90` minutes would silently mean once an hour.
fn read_step(field: CronField, range: &str, text: &str) -> Result<u8, FieldProblem> {
    let (min, max) = field.range().into_inner();
    let largest = max - min;
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number {
        return Err((format!("the step after / has to be a number from 1 to {largest}"), None));
    }
    match text.parse::<u8>() {
        Ok(0) => Err((format!("a step of 0 never moves on; use 1 to {largest}"), None)),
        Ok(step) if step <= largest => Ok(step),
        _ => {
            let start =
                if range == "*" { min.to_string() } else { range.split('-').next().unwrap_or_default().to_owned() };
            let message = format!("the step {} is larger than the field; use 1 to {largest}", shown(text));
            Err((message, Some(start)))
        }
    }
}

/// Reads a number or a name of the field. A weekday may be 7.
fn read_number(field: CronField, text: &str) -> Result<u8, FieldProblem> {
    let (min, max) = field.range().into_inner();
    if let Some(index) = field.words().iter().position(|word| word.eq_ignore_ascii_case(text)) {
        return Ok(min + u8::try_from(index).unwrap_or(0));
    }
    if text.is_empty() {
        return Err(("a number is missing in the range".to_owned(), None));
    }
    let last = if field == CronField::Weekday { max + 1 } else { max };
    if text.bytes().all(|b| b.is_ascii_digit()) {
        let digits = text.trim_start_matches('0');
        let number = if digits.is_empty() { Ok(0) } else { digits.parse::<u8>() };
        return match number {
            Ok(number) if (min..=last).contains(&number) => Ok(number),
            _ => Err((format!("{} is out of range; use {min} to {last}", shown(text)), None)),
        };
    }
    let names = match field {
        CronField::Month => ", or JAN to DEC",
        CronField::Weekday => ", or SUN to SAT",
        _ => "",
    };
    let special = if text.contains(['L', 'W', '#', '?', 'H']) { "; L, W, #, ? and H are not accepted" } else { "" };
    Err((format!("{} is not a number; use {min} to {max}{names}{special}", shown(text)), None))
}

/// A part of the typed text, short and safe enough for a message.
fn shown(text: &str) -> String {
    format!("“{}”", screen_text(&shorten_middle(text, 20)))
}
