//! Reading cron expressions, with a reason and, where the intention is plain, a fix for each that cannot be read.

use super::cron::{Cron, CronError, CronField, FieldSet, bit};
use super::format::{screen_text, shorten_middle};

/// The longest expression read, in bytes.
const MAX_LENGTH: usize = 512;

/// Reads without checking that the offered fix is an expression itself.
pub(super) fn read(text: &str) -> Result<Cron, CronError> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
            ("", None, "five fields", Some("0 2 * * *")),
            ("0 9 ** *", None, "space is missing", Some("0 9 * * *")),
            ("0 2 * ** *", None, "space is missing", Some("0 2 * * *")),
            ("0 2 ***", None, "space is missing", Some("0 2 * * *")),
            ("@daily", None, "@daily", Some("0 0 * * *")),
            ("@Weekly", None, "@weekly", Some("0 0 * * 0")),
            ("@reboot", None, "not accepted", None),
            ("@every 5m", None, "not accepted", None),
            ("cron", None, "word cron", None),
            ("once", None, "Once now", None),
            ("CRON_TZ=Europe/Berlin 0 2 * * *", None, "always UTC", None),
            ("0 2 * *", None, "4 fields; five", Some("0 2 * * *")),
            ("0 0 2 * * ?", None, "without seconds", Some("0 2 * * *")),
            ("0 2 * * * 2027", None, "without a year", Some("0 2 * * *")),
            ("15 2 * * * *", None, "without seconds", None),
            ("15 2 * * * 20", None, "without seconds", None),
            ("5", None, "This has 1 field; five", None),
            ("0 2 1, 15 * *", None, "without spaces", Some("0 2 1,15 * *")),
            ("60 2 * * *", Some(Minute), "Minute: “60” is out of range; use 0 to 59", None),
            ("0 24 * * *", Some(Hour), "use 0 to 23", None),
            ("0 2 0 * *", Some(DayOfMonth), "use 1 to 31", None),
            ("0 2 * 13 *", Some(Month), "use 1 to 12", None),
            ("0 2 * * 8", Some(Weekday), "use 0 to 7", None),
            ("0 2 L * *", Some(DayOfMonth), "L, W, #", None),
            ("0 2 ? * 1", Some(DayOfMonth), "write *", Some("0 2 * * 1")),
            ("0 22-2 * * *", Some(Hour), "backwards", Some("0 22-23,0-2 * * *")),
            ("0 2 * * 5-1,3", Some(Weekday), "backwards", Some("0 2 * * 5-6,0-1,3")),
            ("*/0 * * * *", Some(Minute), "never moves", None),
            ("*/90 * * * *", Some(Minute), "larger than the field", Some("0 * * * *")),
            ("*/999 * * * *", Some(Minute), "larger than the field", Some("0 * * * *")),
            ("0 2 */31 * *", Some(DayOfMonth), "use 1 to 30", Some("0 2 1 * *")),
            ("*/x * * * *", Some(Minute), "has to be a number", None),
            ("*/ * * * *", Some(Minute), "has to be a number", None),
            ("0 2 * foo *", Some(Month), "use 1 to 12, or JAN to DEC", None),
            ("0 2 * * foo", Some(Weekday), "use 0 to 6, or SUN to SAT", None),
            ("1,,2 * * * *", Some(Minute), "comma", None),
            ("1- * * * *", Some(Minute), "missing in the range", None),
            ("*5 * * * *", Some(Minute), "not a number", None),
            ("+5 * * * *", Some(Minute), "not a number", None),
            ("٣ * * * *", Some(Minute), "not a number", None),
            ("\u{202e}5 * * * *", Some(Minute), "\\u{202e}", None),
        ];
        for (text, field, part, fix) in cases {
            let error = Cron::parse(text).expect_err(text);
            assert_eq!(error.field, field, "{text}: {error}");
            assert!(error.message.contains(part), "{text}: {error}");
            assert_eq!(error.to_string(), error.message);
            assert_eq!(error.fix.as_deref(), fix, "{text}: {error}");
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
                if let Some(fix) = error.fix {
                    prop_assert!(Cron::parse(&fix).is_ok(), "{text} -> {fix}");
                }
            }
        }
    }
}
