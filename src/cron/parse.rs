//! Reading cron expressions. What cannot be read says at which field, and why.

use super::expression::{Cron, CronError, CronField, FieldSet, OfferedFix, Star, bit};
use super::fixes;
use crate::domain::{sanitize_for_display, shorten_middle};

/// The longest expression read, in bytes.
const MAX_LENGTH: usize = 512;

/// The words read for five fields.
const MACROS: [(&str, &str); 7] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];

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

    pub(super) fn explain(self) -> CronError {
        let fixes = self.fixes.iter().filter_map(|(dialect, fix)| OfferedFix::new(fix, *dialect));
        CronError { field: self.field, fixes: fixes.collect(), message: self.message }
    }
}

/// Reads five fields or a word that stands for them.
pub(super) fn read(text: &str) -> Result<Cron, ParseError> {
    if text.len() > MAX_LENGTH {
        return Err(ParseError::whole(format!("A cron expression has at most {MAX_LENGTH} characters"), None));
    }
    if let Some((message, plain)) = fixes::plain(text) {
        return Err(match read(&plain) {
            Ok(cron) => ParseError::whole(message, Some(cron.text)),
            Err(error) => error,
        });
    }
    let tokens: Vec<&str> = text.split_whitespace().collect();
    if let [word] = tokens.as_slice()
        && let Some((_, fields)) = MACROS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word))
    {
        return read(fields);
    }
    if let Some(("TZ=UTC" | "CRON_TZ=UTC", rest)) = text.trim_start().split_once(char::is_whitespace) {
        return read(rest);
    }
    let [minute, hour, day, month, weekday] = tokens.as_slice() else {
        return Err(fixes::wrong_count(&tokens));
    };
    if tokens.iter().any(|token| token.starts_with("**")) {
        return Err(fixes::wrong_count(&tokens));
    }
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
    let special = if text.contains(['L', 'W', '#', 'H']) { "; L, W, # and H are not accepted" } else { "" };
    Err((format!("{} is not a number; use {min} to {max}{names}{special}", shown(text)), None))
}

/// A part of the typed text, short and safe enough for a message.
pub(super) fn shown(text: &str) -> String {
    format!("“{}”", sanitize_for_display(&shorten_middle(text, 20)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::expression::tests::sure_fix;
    use super::*;

    #[test]
    fn expressions_are_read_into_plain_form() {
        let cases = [
            ("0 2 * * *", "0 2 * * *"),
            ("  0\t02 * *  1-5\n", "0 2 * * 1-5"),
            ("*/15 * * * *", "*/15 * * * *"),
            ("5/15 * * * *", "5-59/15 * * * *"),
            ("1-10/2 * * * *", "1-10/2 * * * *"),
            ("*/1 0-23 * * *", "* 0-23 * * *"),
            ("*/60 */24 * */12 *", "0 0 * 1 *"),
            ("0 0 * * */7", "0 0 * * */7"),
            ("0 0 */31 * *", "0 0 */31 * *"),
            ("0 0 */1 * *", "0 0 * * *"),
            ("0 0 */1 * 1", "0 0 */1 * 1"),
            ("0 0 ? * ?", "0 0 * * *"),
            ("@daily", "0 0 * * *"),
            ("@Midnight", "0 0 * * *"),
            (" @hourly ", "0 * * * *"),
            ("@weekly", "0 0 * * 0"),
            ("@monthly", "0 0 1 * *"),
            ("@yearly", "0 0 1 1 *"),
            ("@annually", "0 0 1 1 *"),
            ("TZ=UTC 0 2 * * *", "0 2 * * *"),
            ("CRON_TZ=UTC @daily", "0 0 * * *"),
            ("3-3 * * * *", "3 * * * *"),
            ("0 0 1,15 JAN,Jul mon-FRI", "0 0 1,15 1,7 1-5"),
            ("0 0 * * 7", "0 0 * * 0"),
            ("0 0 * * 5-7", "0 0 * * 5-6,0"),
            ("0 0 * * 6-7", "0 0 * * 6,0"),
            ("0 0 * * 1-7/2", "0 0 * * 1,3,5,0"),
            ("0 0 * * 0-7", "0 0 * * 0-6,0"),
            ("0 0 * * FRI-SUN", "0 0 * * 5-6,0"),
            ("0 0 * * SUN-TUE", "0 0 * * 0-2"),
            ("0 0 * * 7/2", "0 0 * * 0-6/2"),
            ("*,5 * * * *", "*,5 * * * *"),
            ("0007 * * * *", "7 * * * *"),
            ("59/15 * * * *", "59 * * * *"),
            ("0 0 * * 6/2", "0 0 * * 6"),
            ("0 0 * * SUN-SUN", "0 0 * * 0"),
        ];
        for (text, want) in cases {
            assert_eq!(Cron::parse(text).unwrap_or_else(|e| panic!("{text}: {e}")).as_str(), want, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_explained_at_its_field() {
        use CronField::{DayOfMonth, Hour, Minute, Month, Weekday};
        let cases = [
            ("60 2 * * *", Minute, "Minute: “60” is out of range; use 0 to 59", None),
            ("0 24 * * *", Hour, "use 0 to 23", None),
            ("0 2 0 * *", DayOfMonth, "use 1 to 31", None),
            ("0 2 * 13 *", Month, "use 1 to 12", None),
            ("0 2 * * 8", Weekday, "use 0 to 7", None),
            ("0 2 L * *", DayOfMonth, "L, W, # and H", None),
            ("0 2 * * 5#1", Weekday, "L, W, # and H", None),
            ("0 22-2 * * *", Hour, "backwards", Some("0 22-23,0-2 * * *")),
            ("0 2 * * FRI-MON", Weekday, "backwards", Some("0 2 * * 5-6,0-1")),
            ("0 2 * * 5-1,3", Weekday, "backwards", Some("0 2 * * 5-6,0-1,3")),
            ("*/0 * * * *", Minute, "never moves", None),
            ("*/90 * * * *", Minute, "larger than the field", Some("0 * * * *")),
            ("*/999 * * * *", Minute, "larger than the field", Some("0 * * * *")),
            ("0 2 */32 * *", DayOfMonth, "use 1 to 31", Some("0 2 1 * *")),
            ("*/x * * * *", Minute, "has to be a number", None),
            ("*/ * * * *", Minute, "has to be a number", None),
            ("0 2 * foo *", Month, "use 1 to 12, or JAN to DEC", None),
            ("0 2 * * foo", Weekday, "use 0 to 6, or SUN to SAT", None),
            ("1,,2 * * * *", Minute, "comma", None),
            ("1- * * * *", Minute, "missing in the range", None),
            ("*5 * * * *", Minute, "not a number", None),
            ("+5 * * * *", Minute, "not a number", None),
            ("?/2 * * * *", Minute, "not a number", None),
            ("٣ * * * *", Minute, "not a number", None),
            ("\u{202e}5 * * * *", Minute, "\\u{202e}", None),
        ];
        for (text, field, part, fix) in cases {
            let error = Cron::parse(text).expect_err(text);
            assert_eq!(error.field, Some(field), "{text}: {error}");
            assert!(error.message.contains(part), "{text}: {error}");
            assert_eq!(error.to_string(), error.message);
            assert_eq!(sure_fix(&error), fix, "{text}: {error}");
        }
        let long = |length: usize| format!("{:1$}", "0 2 * * *", length);
        assert!(Cron::parse(&long(512)).is_ok_and(|cron| cron.as_str() == "0 2 * * *"));
        assert!(Cron::parse(&long(513)).is_err_and(|error| error.message.contains("at most 512")));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_every_fix_reads(text in "[-*/,0-9a-zA-Z?@#= ]{0,24}|\\PC{0,16}") {
            if let Err(error) = Cron::parse(&text) {
                prop_assert!(!error.message.is_empty() && !error.message.ends_with('.'));
                for fix in error.fixes {
                    prop_assert!(Cron::parse(&fix.expression).is_ok_and(|cron| cron.as_str() == fix.expression), "{text} -> {fix:?}");
                }
            }
        }
    }
}
