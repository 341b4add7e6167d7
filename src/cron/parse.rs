//! Parses cron expressions: five fields, or a shortcut for them. Offers what other texts probably mean.

use super::expression::Cron;
use super::field::CronField;
use super::five_fields::{ParseError, read_fields};
use super::fixes;

/// The longest expression read, in bytes.
const MAX_LENGTH: usize = 512;

/// Shortcuts for five fields.
const MACROS: [(&str, &str); 7] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
];

/// Why a text is no cron expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CronError {
    /// The field at fault, where it is one.
    pub field: Option<CronField>,
    /// What is wrong and what to write, for the user who typed it.
    pub message: String,
    /// Expressions to offer instead. One without a dialect means what was typed; several are for the user to choose from.
    pub fixes: Vec<OfferedFix>,
}

/// An expression to offer in place of one that cannot be read, or that is not read alike everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedFix {
    /// Five fields that can be sent as they are.
    pub expression: String,
    /// Whose reading of the typed text it is, where programs differ: `Quartz`.
    pub dialect: Option<&'static str>,
    /// When it runs: `At 02:00 UTC every Monday`.
    pub meaning: String,
}

impl OfferedFix {
    /// The fix for what can be read; `None` where `expression` cannot.
    #[must_use]
    pub fn new(expression: &str, dialect: Option<&'static str>) -> Option<Self> {
        let cron = read(expression).ok()?;
        Some(Self { meaning: cron.describe_in("UTC"), expression: cron.text, dialect })
    }

    /// The words on its button: `Quartz: At 02:00 UTC every Monday`, or `Use 0 2 * * 1`.
    #[must_use]
    pub fn label(&self) -> String {
        match self.dialect {
            Some(dialect) => format!("{dialect}: {}", self.meaning),
            None => format!("Use {}", self.expression),
        }
    }
}

impl Cron {
    /// Reads an expression of five fields: minute, hour, day of month, month, weekday; or a shortcut for them, such as
    /// `@daily`. Lists, ranges, steps, `?` and English names are read; what is kept and sent is plain: numbers only, Sunday as
    /// 0, `5/15` as `5-59/15`.
    pub fn parse(text: &str) -> Result<Self, CronError> {
        read(text).map_err(explained)
    }

    /// Where there are two readings: for each, the spelling that all programs read so, as far as there is one.
    #[must_use]
    pub fn unambiguous(&self) -> Vec<OfferedFix> {
        if self.readings().wide.is_none() {
            return Vec::new();
        }
        let [minute, hour, day, month, weekday] = self.fields();
        let is_full_day = self.days.is_full(CronField::DayOfMonth);
        let is_full_week = self.weekdays.is_full(CronField::Weekday);
        let (day, weekday) = (without_star(&day, CronField::DayOfMonth), without_star(&weekday, CronField::Weekday));
        let write =
            |day: &str, weekday: &str| OfferedFix::new(&format!("{minute} {hour} {day} {month} {weekday}"), None);
        let both = match (is_full_day, is_full_week) {
            (true, _) => write("*", &weekday),
            (_, true) => write(&day, "*"),
            // No spelling that asks for both is read alike everywhere.
            (false, false) => None,
        };
        let either = if is_full_day || is_full_week { write("*", "*") } else { write(&day, &weekday) };
        [both, either].into_iter().flatten().collect()
    }
}

fn explained(error: ParseError) -> CronError {
    let fixes = error.fixes.iter().filter_map(|(dialect, fix)| OfferedFix::new(fix, *dialect));
    CronError { field: error.field, fixes: fixes.collect(), message: error.message }
}

/// A day field with its stars written as ranges: `1-31/2` for `*/2`.
fn without_star(field: &str, of: CronField) -> String {
    let (first, last) = of.range().into_inner();
    let items = field.split(',').map(|item| match item.strip_prefix('*') {
        Some(step) => format!("{first}-{last}{step}"),
        None => item.to_owned(),
    });
    items.collect::<Vec<_>>().join(",")
}

/// Reads five fields or a shortcut for them.
fn read(text: &str) -> Result<Cron, ParseError> {
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
    match <&[&str; 5]>::try_from(tokens.as_slice()) {
        Ok(five) if !five.iter().any(|token| token.starts_with("**")) => read_fields(five),
        _ => Err(fixes::wrong_count(&tokens)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{cron, sure_fix};
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

    #[test]
    fn what_is_read_in_two_ways_has_a_spelling_that_is_not() {
        let cases: [(&str, &[&str]); 8] = [
            ("0 0 */2 * 1", &["0 0 1-31/2 * 1"]),
            ("0 0 1-7 * */7", &["0 0 1-7 * 0"]),
            ("0 0 1-31 * 1", &["0 0 * * 1", "0 0 * * *"]),
            ("0 0 */1 * 1", &["0 0 * * 1", "0 0 * * *"]),
            ("0 0 1,* * 1", &["0 0 * * 1", "0 0 * * *"]),
            ("0 0 */2 * 0-6", &["0 0 1-31/2 * *", "0 0 * * *"]),
            ("0 0 */2 * *", &[]),
            ("0 0 13 * 5", &[]),
        ];
        for (text, want) in cases {
            let found: Vec<String> = cron(text).unambiguous().into_iter().map(|fix| fix.expression).collect();
            assert_eq!(found, want, "{text}");
        }
        let fixes = cron("0 0 */2 * 1").unambiguous();
        assert_eq!(fixes[0].label(), "Use 0 0 1-31/2 * 1");
        assert_eq!(fixes[0].meaning, "At 00:00 UTC on odd days of the month and every Monday");
    }
}
