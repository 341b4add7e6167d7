//! Words from outside must not become formulas where a spreadsheet opens them.
//!
//! The rule, as a reader can undo it: a cell that begins with `'` loses that one character if the rest is a formula by
//! [`is_formula`]; every other cell is as it was.

use std::borrow::Cow;

use crate::domain::is_control_or_bidi;

/// Whether a spreadsheet could take a text for a formula: its first character, after blanks, marks without width, apostrophes and
/// quotes, is `=`, `+`, `-`, `@` or the full-width form of one, or it meets a tab, line feed, carriage return or NUL
/// before any other character. A plain number such as `-5.00` is none.
#[must_use]
pub fn is_formula(text: &str) -> bool {
    // Nearly every cell begins with a letter or a digit.
    if text.bytes().next().is_none_or(|first| first.is_ascii_alphanumeric()) {
        return false;
    }
    for (at, c) in text.char_indices() {
        match c {
            '=' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\n' | '\r' | '\0' => return true,
            '+' | '-' => return !is_plain_number(text.get(at + 1..).unwrap_or_default()),
            c if is_blank(c) => {}
            _ => return false,
        }
    }
    false
}

/// Blanks, what cannot be seen, the apostrophe of the escape, and the quotes that a spreadsheet takes off a cell that it is given.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\'' || c == '"' || is_control_or_bidi(c)
}

/// Digits, with at most one decimal point among them.
fn is_plain_number(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Puts an apostrophe in front of what could be a formula.
#[must_use]
pub fn escape_formula(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Takes out NUL and makes other control characters visible as `\u{1b}`; tabs and line ends stay.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    // C1 controls begin with the byte C2; any other text without a control byte is clean. Without an early end, so that
    // many bytes are looked at in one step.
    let control = |byte: u8| u8::from(byte < 0x20) | u8::from(byte == 0x7f) | u8::from(byte == 0xc2);
    if text.bytes().fold(0, |found, byte| found | control(byte)) == 0 {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\0' => {}
            '\t' | '\n' | '\r' => out.push(c),
            c if c.is_control() => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_formula_gets_one_apostrophe() {
        let cases = [
            ("", ""),
            ("orders", "orders"),
            ("0-1-270", "0-1-270"),
            ("*/5 * * * *", "*/5 * * * *"),
            ("=1+1", "'=1+1"),
            ("+1+1", "'+1+1"),
            ("-1+1", "'-1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1+1", "'＝1+1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠x", "'＠x"),
            ("\t=1", "'\t=1"),
            ("\tx", "'\tx"),
            ("\nx", "'\nx"),
            ("\r\nx", "'\r\nx"),
            ("  =1", "'  =1"),
            ("\u{feff}=1", "'\u{feff}=1"),
            ("\u{200b}\u{a0}=1", "'\u{200b}\u{a0}=1"),
            ("\u{202e}=1", "'\u{202e}=1"),
            ("'=1", "''=1"),
            ("''=1", "'''=1"),
            ("'quoted'", "'quoted'"),
            ("\"=1+1\"", "'\"=1+1\""),
            ("\"\"\"@x", "'\"\"\"@x"),
            ("\"quoted\"", "\"quoted\""),
            ("\"-5\"", "'\"-5\""),
            ("-5.00", "-5.00"),
            ("+49", "+49"),
            ("-5,00", "'-5,00"),
            ("-", "'-"),
            ("-.5", "'-.5"),
            ("-1e5", "'-1e5"),
            ("--5", "'--5"),
            ("=", "'="),
            ("  ", "  "),
            ("a=1", "a=1"),
            ("(=1)", "(=1)"),
            ("*-1", "*-1"),
        ];
        for (text, want) in cases {
            assert_eq!(escape_formula(text), want, "{text:?}");
        }
    }

    #[test]
    fn control_characters_are_made_visible_and_nul_goes() {
        let cases = [
            ("plain é ü \u{202e}", "plain é ü \u{202e}"),
            ("a\0b", "ab"),
            ("a\u{1b}[31m", "a\\u{1b}[31m"),
            ("a\u{85}b\u{7f}", "a\\u{85}b\\u{7f}"),
            ("\u{7f}", "\\u{7f}"),
            ("a\tb\r\nc", "a\tb\r\nc"),
        ];
        for (text, want) in cases {
            assert_eq!(clean(text), want, "{text:?}");
        }
        assert_eq!(escape_formula(&clean("\0=1")), "'=1", "cleaning comes first, or it would uncover a formula");
    }
}
