//! Five fields read one by one. What cannot be read says at which field, and why.

use super::expression::Cron;
use super::field::{CronField, FieldSet, Star, bit};
use crate::domain::{sanitize_for_display, shorten_middle};

/// Why a text is not read, before its fixes are known to be readable.
#[derive(Debug)]
pub(super) struct ParseError {
    pub(super) field: Option<CronField>,
    pub(super) message: String,
    /// Whole expressions to offer, each with the dialect whose reading it is.
    pub(super) fixes: Vec<(Option<&'static str>, String)>,
}

impl ParseError {
    /// About the text as a whole, with a fix that means the same.
    pub(super) fn whole(message: impl Into<String>, fix: Option<String>) -> Self {
        Self { field: None, message: message.into(), fixes: fix.into_iter().map(|fix| (None, fix)).collect() }
    }
}

/// Reads five fields.
pub(super) fn read_fields(tokens: &[&str; 5]) -> Result<Cron, ParseError> {
    let [minute, hour, day, month, weekday] = tokens;
    let field = |field: CronField, token: &str| {
        read_field(field, token).map_err(|(message, token_fix)| {
            let fix = token_fix.map(|token_fix| {
                let fixed = tokens.iter().zip(CronField::ALL);
                let fixed = fixed.map(|(token, of)| if of == field { token_fix.as_str() } else { token });
                fixed.collect::<Vec<_>>().join(" ")
            });
            ParseError { field: Some(field), ..ParseError::whole(message, fix) }
        })
    };
    let (minute, minutes) = field(CronField::Minute, minute)?;
    let (hour, hours) = field(CronField::Hour, hour)?;
    let (mut day, mut days) = field(CronField::DayOfMonth, day)?;
    let (month, months) = field(CronField::Month, month)?;
    let (mut weekday, mut weekdays) = field(CronField::Weekday, weekday)?;
    // Beside an open field `*/1` is plainly `*`; beside another it is read in two ways, so it stays as it is.
    if weekdays.star == Star::Alone && day == "*/1" {
        (day, days.star) = ("*".to_owned(), Star::Alone);
    } else if days.star == Star::Alone && weekday == "*/1" {
        (weekday, weekdays.star) = ("*".to_owned(), Star::Alone);
    }
    Ok(Cron { text: [minute, hour, day, month, weekday].join(" "), minutes, hours, days, months, weekdays })
}

/// How a field is written with a star.
fn star_of(field: &str) -> Star {
    let is_whole = |item: &str| matches!(item, "*" | "*/1");
    match (field.starts_with('*'), field.split(',').any(is_whole)) {
        _ if field == "*" => Star::Alone,
        (true, true) => Star::LeadingWhole,
        (true, false) => Star::LeadingStep,
        (false, true) => Star::LaterWhole,
        (false, false) => Star::None,
    }
}

/// What is wrong in one field, and the field as it was probably meant.
type FieldProblem = (String, Option<String>);

/// Reads one field: its plain text and what it matches.
pub(super) fn read_field(field: CronField, token: &str) -> Result<(String, FieldSet), FieldProblem> {
    let name = field.name();
    let is_day = matches!(field, CronField::DayOfMonth | CronField::Weekday);
    let token = if token == "?" { "*" } else { token };
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
    let text = texts.join(",");
    // Only the day fields ask how a star is written; elsewhere `*/60` is `0` to every program.
    let text = match text.strip_prefix('*') {
        _ if is_day => text,
        Some("/1") => "*".to_owned(),
        Some(step) if !step.is_empty() && bits.is_power_of_two() => field.range().start().to_string(),
        _ => text,
    };
    Ok((text.clone(), FieldSet { bits, star: star_of(&text) }))
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
        item.split_once('/').map_or_else(|| "*".to_owned(), |_| format!("*/{step}"))
    } else if end <= max {
        let plain = range_text(start, end);
        match usize::from(end - start) / usize::from(step) {
            0 => start.to_string(),
            _ if step == 1 => plain,
            _ => format!("{plain}/{step}"),
        }
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

/// Reads the number after a `/`. It has to fit into the field: `*/60` minutes is once an hour, but `*/90` is so silently too.
fn read_step(field: CronField, range: &str, text: &str) -> Result<u8, FieldProblem> {
    let (min, max) = field.range().into_inner();
    let largest = max - min + 1;
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
    if let Some(index) = field.number_names().iter().position(|name| is_short_for(text, name)) {
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
    let special = if text.contains(['L', 'W', '#', 'H']) { "; L, W, # and H are not accepted" } else { "" };
    Err((format!("{} is not a number; use {min} to {max}{names}{special}", shown(text)), None))
}

/// `MON` for `Monday`.
fn is_short_for(text: &str, name: &str) -> bool {
    name.get(..3).is_some_and(|short| short.eq_ignore_ascii_case(text))
}

/// A part of the typed text, short and safe enough for a message.
pub(super) fn shown(text: &str) -> String {
    format!("“{}”", sanitize_for_display(&shorten_middle(text, 20)))
}
