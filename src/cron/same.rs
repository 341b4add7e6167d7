//! Whether two texts are the same cron, and whether one of them would have to be rewritten.

use super::expression::Cron;

/// The same normal form, however they are written: `@daily` and `0 0 * * *`, `MON-FRI` and `1-5`. Texts that cannot be read are the
/// same only where they are equal.
#[must_use]
pub fn is_same_cron(one: &str, other: &str) -> bool {
    let read = |text: &str| Cron::parse(text).ok();
    one == other || read(one).is_some_and(|one| Some(one) == read(other))
}

/// The same cron, as far as the texts tell: the bare word `cron`, which the API has for some schedules, may be any.
#[must_use]
pub fn may_be_same_cron(one: &str, other: &str) -> bool {
    is_same_cron(one, other) || [one, other].iter().any(|text| text.eq_ignore_ascii_case("cron"))
}

/// The same cron, and written as five fields already: such a text is not replaced by the expression. `@daily` may be.
#[must_use]
pub fn is_same_expression(text: &str, cron: &Cron) -> bool {
    written_fields(text).is_some() && is_same_cron(text, cron.as_str())
}

/// The five fields of a text that is written as such. A shortcut or a zone in front is no field.
#[must_use]
pub fn written_fields(text: &str) -> Option<[String; 5]> {
    if text.contains(['@', '=']) {
        return None;
    }
    let fields: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    fields.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_cron_are_the_same_and_only_fields_are_left_as_they_are() {
        // The same cron; the same, and written as five fields.
        let cases = [
            ("0 2 * * *", "0 2 * * *", true, true),
            ("0 2 * * MON-FRI", "0 2 * * 1-5", true, true),
            ("  0  2 * *  7 ", "0 2 * * 0", true, true),
            ("@daily", "0 0 * * *", true, false),
            ("TZ=UTC 0 2 * * *", "0 2 * * *", true, false),
            ("TZ=Europe/Berlin 0 2 * * *", "0 2 * * *", false, false),
            ("0 3 * * *", "0 2 * * *", false, false),
            // The same days, but programs read only the first in two ways once a weekday is set.
            ("0 2 */2 * *", "0 2 1-31/2 * *", false, false),
            ("cron", "0 2 * * *", false, false),
            ("", "0 2 * * *", false, false),
        ];
        for (text, expression, is_same, is_written) in cases {
            let cron = Cron::parse(expression).unwrap();
            assert_eq!(is_same_cron(text, expression), is_same, "{text}");
            assert_eq!(is_same_cron(expression, text), is_same, "{text}");
            assert_eq!(is_same_expression(text, &cron), is_written, "{text}");
        }
        assert!(is_same_cron("cron", "cron") && !is_same_cron("cron", "CRON"));
        assert!(may_be_same_cron("Cron", "0 2 * * *") && may_be_same_cron("@daily", "0 0 * * *"));
        assert!(!may_be_same_cron("0 3 * * *", "0 2 * * *"));
    }
}
