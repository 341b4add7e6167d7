//! Texts that are not five fields: what they are instead, and which expressions mean the same.
//!
//! A fix is offered only where the meaning is known. Six or seven fields are read as each dialect reads them: where dialects
//! differ, each fix names the program that reads the text so.

use super::duration::duration_secs;
use super::field::CronField;
use super::five_fields::{ParseError, read_field, read_fields};

/// The message and the plain text for one with characters that only look like those of cron, or wrapped in something.
pub(super) fn plain(text: &str) -> Option<(String, String)> {
    let typed = text.trim();
    let inner = unwrapped(typed);
    let mut found = None;
    let plain: String = inner
        .chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}'))
        .map(|c| {
            let plain = plain_char(c);
            found = found.or((plain != c).then_some((c, plain)));
            plain
        })
        .collect();
    let message = match found {
        Some((odd, plain)) => format!("“{odd}” only looks like {plain}"),
        None if inner != typed || plain != inner => "Write the expression alone, without anything around it".to_owned(),
        None => return None,
    };
    Some((message, plain.replace("\\*", "*")))
}

/// The character of cron that another one looks like.
fn plain_char(c: char) -> char {
    match c {
        '‐' | '‑' | '‒' | '–' | '—' | '−' | '－' => '-',
        '∗' | '＊' | '⁎' | '✱' => '*',
        '，' | '、' => ',',
        '／' | '⁄' | '∕' => '/',
        '？' => '?',
        '＠' => '@',
        // Full-width digits and letters lie as far apart as the plain ones.
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c)
        }
        _ => c,
    }
}

/// Without quotes around it, and without the `cron(…)` of AWS.
fn unwrapped(text: &str) -> &str {
    let pairs = [("\"", "\""), ("'", "'"), ("`", "`"), ("“", "”"), ("cron(", ")"), ("Cron(", ")")];
    let inner = pairs.iter().find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    inner.map_or(text, str::trim)
}

/// Explains a text that has not five fields.
pub(super) fn wrong_count(tokens: &[&str]) -> ParseError {
    let Some(first) = tokens.first() else {
        let message = "Write five fields: minute, hour, day of month, month, weekday";
        return ParseError::whole(message, Some("0 2 * * *".to_owned()));
    };
    if let Some(error) = unknown_word(first, tokens) {
        return error;
    }
    if tokens.iter().any(|token| token.starts_with("**")) {
        let spread =
            |separator: &str| tokens.iter().map(|token| spread_stars(token, separator)).collect::<Vec<_>>().join(" ");
        let apart = spread(" ");
        let fix = if apart.split(' ').count() == 5 { apart } else { spread("") };
        return ParseError::whole("A space is missing between two stars; every field is one *", Some(fix));
    }
    let count = tokens.len();
    if count < 5 {
        let fields = if count == 1 { "1 field".to_owned() } else { format!("{count} fields") };
        // The lost field can only be guessed where those around it are open.
        let fix = matches!(tokens, [_, _, "*", "*"]).then(|| format!("{} *", tokens.join(" ")));
        let message = format!("This has {fields}; five are needed: minute, hour, day of month, month, weekday");
        return ParseError::whole(message, fix);
    }
    let joined = tokens.join(" ").replace(" ,", ",").replace(", ", ",");
    if joined.split(' ').count() == 5 {
        return ParseError::whole("Lists are written without spaces, such as 1,15", Some(joined));
    }
    other_dialect(tokens)
}

/// Words that are no shortcut for five fields.
fn unknown_word(first: &str, tokens: &[&str]) -> Option<ParseError> {
    if first == "@every" {
        let fix = tokens.get(1).and_then(|length| duration_secs(length)).and_then(evenly);
        let message =
            "@every cannot be sent: it is not counted from the full hour or from midnight, as five fields are";
        let fixes = fix.map(|fix| (Some("Counted from midnight"), fix));
        return Some(ParseError { field: None, message: message.to_owned(), fixes: fixes.into_iter().collect() });
    }
    let message = if first.starts_with('@') {
        "This shortcut is not known; @hourly, @daily, @weekly, @monthly and @yearly are, or write five fields"
    } else if first.eq_ignore_ascii_case("cron") && tokens.len() == 1 {
        "The word cron is not a time; write five fields, such as 0 2 * * *"
    } else if first.eq_ignore_ascii_case("once") && tokens.len() == 1 {
        "A single run has no cron expression; choose “Now, once”"
    } else if first.starts_with("TZ=") || first.starts_with("CRON_TZ=") {
        "A time zone cannot be sent: SkySQL reads the fields in UTC"
    } else {
        return None;
    };
    Some(ParseError::whole(message, None))
}

/// The expression that runs at this distance all day, where the distance divides the hour or the day.
fn evenly(secs: u64) -> Option<String> {
    let minutes = secs.checked_div(60).filter(|_| secs.is_multiple_of(60))?;
    match minutes {
        1 => Some("* * * * *".to_owned()),
        2..60 if 60 % minutes == 0 => Some(format!("*/{minutes} * * * *")),
        60 => Some("0 * * * *".to_owned()),
        61..1440 if minutes % 60 == 0 && 1440 % minutes == 0 => Some(format!("0 */{} * * *", minutes / 60)),
        1440 => Some("0 0 * * *".to_owned()),
        _ => None,
    }
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

/// A way to write schedules with more than five fields.
struct Dialect {
    name: &'static str,
    has_seconds: bool,
    /// Whether the last field, a year, has to be there.
    needs_year: bool,
    /// The number of Sunday; Saturday has the one six higher.
    sunday: u8,
    /// Whether a day field may, or even has to, be `?`.
    question: Question,
}

/// What a dialect makes of `?` for the day field that is left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    Needed,
    Read,
    Unknown,
}

const DIALECTS: [Dialect; 5] = [
    Dialect { name: "AWS EventBridge", has_seconds: false, needs_year: true, sunday: 1, question: Question::Needed },
    Dialect { name: "Quartz", has_seconds: true, needs_year: false, sunday: 1, question: Question::Needed },
    Dialect { name: "Year last", has_seconds: false, needs_year: true, sunday: 0, question: Question::Unknown },
    Dialect {
        name: "Seconds first, Sunday as 0",
        has_seconds: true,
        needs_year: false,
        sunday: 0,
        question: Question::Read,
    },
    Dialect {
        name: "Seconds first, Sunday as 1",
        has_seconds: true,
        needs_year: true,
        sunday: 1,
        question: Question::Read,
    },
];

/// What a dialect makes of a text.
enum Meaning {
    /// Five fields say the same.
    Same(String),
    /// It is an expression of this dialect, but five fields cannot say it: it names seconds, years, or the last day.
    Inexpressible,
}

impl Dialect {
    /// `None` where the text is no expression of this dialect.
    fn read(&self, tokens: &[&str]) -> Option<Meaning> {
        let without_year = 5 + usize::from(self.has_seconds);
        let is_right_count = tokens.len() == without_year + 1 || tokens.len() == without_year && !self.needs_year;
        if !is_right_count {
            return None;
        }
        let (seconds, rest) = if self.has_seconds { tokens.split_first()? } else { (&"0", tokens) };
        let [minute, hour, day, month, weekday, years @ ..] = rest else { return None };
        let questions = [day, weekday].iter().filter(|field| **field == &"?").count();
        let is_question_right = match self.question {
            Question::Needed => questions == 1,
            Question::Read => questions < 2,
            Question::Unknown => questions == 0,
        };
        if !is_question_right || [minute, hour, month].contains(&&"?") {
            return None;
        }
        let (_, second_set) = read_field(CronField::Minute, seconds).ok()?;
        let is_year = |year: &str| year.split([',', '-']).all(|part| matches!(part.parse(), Ok(1970..=2199_u16)));
        let year = years.first().copied().unwrap_or("*");
        if year != "*" && !is_year(year) {
            return None;
        }
        let is_special = |field: &str| field.contains('#') || field.ends_with(['L', 'W']) && field.len() <= 3;
        if second_set.bits != 1 || year != "*" || is_special(day) || is_special(weekday) {
            return Some(Meaning::Inexpressible);
        }
        let weekday = self.plain_weekdays(weekday)?;
        let cron = read_fields(&[minute, hour, day, month, &weekday]).ok()?;
        Some(Meaning::Same(cron.text))
    }

    /// The weekdays with Sunday as 0.
    fn plain_weekdays(&self, field: &str) -> Option<String> {
        let number = |text: &str| match text.parse::<u8>() {
            Ok(day) => day
                .checked_sub(self.sunday)
                .filter(|day| *day < 7 + u8::from(self.sunday == 0))
                .map(|day| day.to_string()),
            Err(_name) => Some(text.to_owned()),
        };
        let item = |item: &str| {
            let (range, step) = item.split_once('/').map_or((item, None), |(range, step)| (range, Some(step)));
            let ends: Option<Vec<String>> = range.split('-').map(number).collect();
            let range = ends?.join("-");
            Some(step.map_or_else(|| range.clone(), |step| format!("{range}/{step}")))
        };
        field.split(',').map(item).collect::<Option<Vec<_>>>().map(|items| items.join(","))
    }
}

/// Six or seven fields, or five with a command behind them.
fn other_dialect(tokens: &[&str]) -> ParseError {
    let count = tokens.len();
    let mut known: Vec<&'static str> = Vec::new();
    let mut fixes: Vec<(Vec<&'static str>, String)> = Vec::new();
    for dialect in &DIALECTS {
        match dialect.read(tokens) {
            None => continue,
            Some(Meaning::Inexpressible) => {}
            Some(Meaning::Same(text)) => match fixes.iter_mut().find(|(_, fix)| *fix == text) {
                Some((names, _)) => names.push(dialect.name),
                None => fixes.push((vec![dialect.name], text)),
            },
        }
        known.push(dialect.name);
    }
    if let ([(names, fix)], true) =
        (fixes.as_slice(), fixes.iter().map(|(names, _)| names.len()).sum::<usize>() == known.len())
    {
        let message = format!("This has {count} fields, as in {}; five are needed", dialect_words(names));
        return ParseError::whole(message, Some(fix.clone()));
    }
    if !fixes.is_empty() {
        let message = format!("This has {count} fields, and programs differ in what they are; choose what is meant");
        let fixes = fixes.into_iter().map(|(names, fix)| (names.first().copied(), fix)).collect();
        return ParseError { field: None, message, fixes };
    }
    if let Some(name) = known.first() {
        let what = "names seconds, years or days that five fields cannot say";
        return ParseError::whole(
            format!("This has {count} fields, as in {}, and {what}", dialect_words(&[name])),
            None,
        );
    }
    if let [minute, hour, day, month, weekday, command, ..] = tokens
        && command.contains(|c: char| c.is_alphabetic() || c == '/')
        && let Ok(cron) = read_fields(&[minute, hour, day, month, weekday])
    {
        return ParseError::whole("Write the five fields alone, without a user and a command", Some(cron.text));
    }
    ParseError::whole(
        format!("This has {count} fields; exactly five are accepted, without seconds and without a year"),
        None,
    )
}

/// The names inside a sentence: `Quartz`, `seconds first`.
fn dialect_words(names: &[&str]) -> String {
    let first = names.first().copied().unwrap_or_default();
    match first {
        "Year last" => "a cron with the year last".to_owned(),
        name if name.starts_with("Seconds first") => "a cron with the seconds first".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::sure_fix;
    use super::super::{Cron, CronError};

    fn refused(text: &str) -> CronError {
        let error = Cron::parse(text).expect_err(text);
        assert_eq!(error.field, None, "{text}: {error}");
        error
    }

    #[test]
    fn what_is_not_five_fields_is_explained() {
        let cases = [
            ("", "five fields", Some("0 2 * * *")),
            ("0 9 ** *", "space is missing", Some("0 9 * * *")),
            ("0 2 * ** *", "space is missing", Some("0 2 * * *")),
            ("0 2 ***", "space is missing", Some("0 2 * * *")),
            ("@reboot", "not known", None),
            ("@every 7m", "cannot be sent", None),
            ("cron", "word cron", None),
            ("once", "Now, once", None),
            ("CRON_TZ=Europe/Berlin 0 2 * * *", "in UTC", None),
            ("0 2 * *", "4 fields; five", Some("0 2 * * *")),
            // Which field was lost cannot be told.
            ("0 2 1 1", "4 fields; five", None),
            ("5", "This has 1 field; five", None),
            ("0 2 1, 15 * *", "without spaces", Some("0 2 1,15 * *")),
            ("0 2 * * * root /usr/local/bin/backup --all", "without a user", Some("0 2 * * *")),
            ("0 2 * * * 99", "exactly five", None),
        ];
        for (text, part, fix) in cases {
            let error = refused(text);
            assert!(error.message.contains(part), "{text}: {error}");
            assert_eq!(sure_fix(&error), fix, "{text}: {error}");
        }
    }

    /// The dialect and the expression.
    type Fix<'a> = (Option<&'a str>, &'a str);

    #[test]
    fn more_fields_are_read_as_their_dialect_reads_them() {
        // None: one meaning, which needs no choice.
        let cases: [(&str, &[Fix<'_>]); 20] = [
            // AWS EventBridge: a year last, and a question mark.
            ("0 2 * * ? *", &[(None, "0 2 * * *")]),
            ("15 10 ? * 6 *", &[(None, "15 10 * * 5")]),
            ("0 18 ? * MON-FRI *", &[(None, "0 18 * * 1-5")]),
            ("cron(0 2 * * ? *)", &[(None, "0 2 * * *")]),
            ("0 2 1 * ? 2027", &[]),
            ("0 2 L * ? *", &[]),
            // Quartz has 1 for Sunday, Spring 0.
            ("0 0 2 ? * 2", &[(Some("Quartz"), "0 2 * * 1"), (Some("Seconds first, Sunday as 0"), "0 2 * * 2")]),
            ("0 0 2 ? * MON", &[(None, "0 2 * * 1")]),
            ("0 0 2 * * ?", &[(None, "0 2 * * *")]),
            ("0 0 2 ? * 2-6", &[(Some("Quartz"), "0 2 * * 1-5"), (Some("Seconds first, Sunday as 0"), "0 2 * * 2-6")]),
            ("0 0 2 ? * 7", &[(Some("Quartz"), "0 2 * * 6"), (Some("Seconds first, Sunday as 0"), "0 2 * * 0")]),
            ("0 0 2 ? * 2 *", &[(Some("Quartz"), "0 2 * * 1"), (Some("Seconds first, Sunday as 0"), "0 2 * * 2")]),
            ("0 0 2 ? * 6#3", &[]),
            ("30 0 2 * * ?", &[]),
            // Seconds or a year: it cannot be told.
            ("0 2 * * * *", &[(Some("Year last"), "0 2 * * *"), (Some("Seconds first, Sunday as 0"), "2 * * * *")]),
            ("15 2 * * * *", &[(Some("Year last"), "15 2 * * *")]),
            ("0 2 * * * 2027", &[]),
            ("0 15 2 * * 1-5", &[(None, "15 2 * * 1-5")]),
            (
                "0 0 2 * * 2 *",
                &[(Some("Seconds first, Sunday as 0"), "0 2 * * 2"), (Some("Seconds first, Sunday as 1"), "0 2 * * 1")],
            ),
            ("0 0 2 * * * *", &[(None, "0 2 * * *")]),
        ];
        for (text, want) in cases {
            let error = Cron::parse(text).expect_err(text);
            let found: Vec<_> = error.fixes.iter().map(|fix| (fix.dialect, fix.expression.as_str())).collect();
            assert_eq!(found, want, "{text}: {error}");
        }
        let fix = &refused("0 0 2 ? * 2").fixes[0];
        assert_eq!(fix.label(), "Quartz: At 02:00 UTC every Monday");
        assert_eq!(refused("0 2 * * ? *").message, "This has 6 fields, as in AWS EventBridge; five are needed");
    }

    #[test]
    fn characters_that_only_look_right_have_a_fix() {
        let cases = [
            ("0 2 * * 1–5", "“–” only looks like -", "0 2 * * 1-5"),
            ("０ ２ ＊ ＊ １－５", "“０” only looks like 0", "0 2 * * 1-5"),
            ("0 2 * * ＭＯＮ", "“Ｍ” only looks like M", "0 2 * * 1"),
            ("0 2 1，15 * *", "“，” only looks like ,", "0 2 1,15 * *"),
            ("∗／15 * * * *", "“∗” only looks like *", "*/15 * * * *"),
            ("\u{feff}0 2 * * *", "without anything around it", "0 2 * * *"),
            ("\"0 2 * * *\"", "without anything around it", "0 2 * * *"),
            ("`@daily`", "without anything around it", "0 0 * * *"),
        ];
        for (text, message, fix) in cases {
            let error = refused(text);
            assert!(error.message.contains(message), "{text}: {error}");
            assert_eq!(sure_fix(&error), Some(fix), "{text}");
        }
        // Spaces of other scripts are spaces.
        assert_eq!(Cron::parse("0\u{a0}2\u{3000}* * *").unwrap().as_str(), "0 2 * * *");
    }

    #[test]
    fn every_has_a_fix_where_it_divides_the_hour_or_the_day() {
        let cases = [
            ("@every 1m", Some("* * * * *")),
            ("@every 15m", Some("*/15 * * * *")),
            ("@every 3600s", Some("0 * * * *")),
            ("@every 6h", Some("0 */6 * * *")),
            ("@every 24h", Some("0 0 * * *")),
            ("@every 90m", None),
            ("@every 48h", None),
            ("@every 90s", None),
            ("@every", None),
        ];
        for (text, want) in cases {
            let error = refused(text);
            let found = error.fixes.first().map(|fix| (fix.dialect, fix.expression.as_str()));
            assert_eq!(found, want.map(|fix| (Some("Counted from midnight"), fix)), "{text}");
        }
    }
}
