//! Numbers and texts from outside, formatted for the screen.

use std::borrow::Cow;
use std::fmt::Display;

/// The longest foreign text shown in one piece, in characters.
const MAX_SCREEN_CHARS: usize = 256;

/// A size in binary units: `0 B`, `9.0 GiB`, `412 MiB`. One decimal below ten, none above.
#[must_use]
pub fn format_bytes(bytes: u64) -> String {
    let mut text = String::new();
    push_bytes_text(&mut text, bytes);
    text
}

/// Appends [`format_bytes`] to a text: a table of a million sizes needs no allocation for each.
pub fn push_bytes_text(out: &mut String, bytes: u64) {
    const UNITS: [&str; 6] = [" KiB", " MiB", " GiB", " TiB", " PiB", " EiB"];
    if bytes < 1024 {
        push_number(out, bytes);
        out.push_str(" B");
        return;
    }
    let bytes = u128::from(bytes);
    let rounded = |number: u128, shift: u32| u64::try_from((number + (1 << (shift - 1))) >> shift).unwrap_or(u64::MAX);
    for (unit, shift) in UNITS.into_iter().zip((10..).step_by(10)) {
        let whole = rounded(bytes, shift);
        // What would be rounded up to 1024 is 1.0 of the next unit; beyond the last there is none, nor can it be reached.
        if whole >= 1024 {
            continue;
        }
        let tenths = rounded(10 * bytes, shift);
        if tenths < 100 {
            push_number(out, tenths / 10);
            out.push('.');
            push_number(out, tenths % 10);
        } else {
            push_number(out, whole);
        }
        out.push_str(unit);
        return;
    }
}

/// Appends a number in digits, several times faster than the formatting of the standard library.
pub fn push_number(out: &mut String, number: u64) {
    out.push_str(itoa::Buffer::new().format(number));
}

/// How many, with a comma before every three digits: `7`, `1,024`, `100,000`. `count` is a whole number without a sign.
#[must_use]
pub fn format_count(count: impl Display) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How many, in at most six characters: `7`, `99,999`, `100 K`, `1.0 M`. Never more than there are.
#[must_use]
pub fn short_count_text(count: usize) -> String {
    match count {
        0..100_000 => format_count(count),
        100_000..1_000_000 => format!("{} K", count / 1_000),
        1_000_000..10_000_000 => format!("{}.{} M", count / 1_000_000, count / 100_000 % 10),
        _ => format!("{} M", format_count(count / 1_000_000)),
    }
}

/// A length of time as a clock shows it: `0:00:12`, `1:02:03`. Hours always: a spreadsheet, and many a user, reads `0:12` as
/// twelve minutes.
#[must_use]
pub fn format_duration(secs: u64) -> String {
    let mut text = String::new();
    push_duration_text(&mut text, secs);
    text
}

/// Appends [`format_duration`] to a text.
pub fn push_duration_text(out: &mut String, secs: u64) {
    push_number(out, secs / 3600);
    for part in [secs / 60 % 60, secs % 60] {
        out.push_str(if part < 10 { ":0" } else { ":" });
        push_number(out, part);
    }
}

/// How long ago: `just now`, `2 min ago`, `5 h ago`, `3 days ago`.
#[must_use]
pub fn format_ago(secs: u64) -> String {
    // For every row in sight, in every frame while a screen reader listens.
    span_text(secs, " ago").unwrap_or_else(|| "just now".to_owned())
}

/// How far ahead: `in <1 min`, `in 46 min`, `in 5 h`, `in 3 days`.
#[must_use]
pub fn format_until(secs: u64) -> String {
    format!("in {}", format_span(secs))
}

/// A length of time in one unit: `<1 min`, `46 min`, `26 h`, `3 days`.
#[must_use]
pub fn format_span(secs: u64) -> String {
    span_text(secs, "").unwrap_or_else(|| "<1 min".to_owned())
}

/// A length of time in two units where one says too little: `<1 min`, `46 min`, `1 h 40 min`, `26 h`, `3 days`.
#[must_use]
pub fn format_length(secs: u64) -> String {
    match (secs / 3600, secs / 60 % 60) {
        (hours @ 1..10, minutes @ 1..) => format!("{hours} h {minutes} min"),
        _ => format_span(secs),
    }
}

/// Whole minutes below an hour, whole hours below two days, whole days above, and these words behind; `None` below a minute.
fn span_text(secs: u64, words: &str) -> Option<String> {
    let (number, unit) = match secs {
        0..60 => return None,
        60..3600 => (secs / 60, " min"),
        3600..172_800 => (secs / 3600, " h"),
        _ => (secs / 86_400, " days"),
    };
    let mut text = String::with_capacity(16);
    push_number(&mut text, number);
    text.extend([unit, words]);
    Some(text)
}

/// Cuts the middle out of a long text: `0f9c2d7…-mdb-ms-1`. The result has at most `max_chars` characters.
#[must_use]
pub fn shorten_middle(text: &str, max_chars: usize) -> String {
    let count = text.chars().count();
    if count <= max_chars {
        return text.to_owned();
    }
    let Some(kept) = max_chars.checked_sub(1) else { return String::new() };
    let (head, tail) = (kept.div_ceil(2), kept / 2);
    text.chars().take(head).chain(std::iter::once('…')).chain(text.chars().skip(count - tail)).collect()
}

/// A text from elsewhere, made safe for one place on the screen: characters that cannot be seen or that turn the direction of
/// the text are written as escapes, and what is over 256 characters is cut with `…`.
#[must_use]
pub fn sanitize_for_display(text: &str) -> Cow<'_, str> {
    // This runs for every cell of every frame, and most texts are plain.
    if text.len() <= MAX_SCREEN_CHARS && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    // Never counts a text of a megabyte to its end.
    let is_long = text.len() > MAX_SCREEN_CHARS && text.chars().nth(MAX_SCREEN_CHARS).is_some();
    if !is_long && !text.chars().any(is_control_or_bidi) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len().min(4 * MAX_SCREEN_CHARS));
    let kept = if is_long { MAX_SCREEN_CHARS - 1 } else { MAX_SCREEN_CHARS };
    for c in text.chars().take(kept) {
        if is_control_or_bidi(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    if is_long {
        shown.push('…');
    }
    Cow::Owned(shown)
}

/// A text of several lines from elsewhere, made safe to be laid out in every frame: each line as [`sanitize_for_display`] makes it, and no more
/// than `max_lines` of them. The rest is counted.
#[must_use]
pub fn sanitize_lines(text: &str, max_lines: usize) -> String {
    let mut lines = text.split('\n');
    let mut shown: Vec<Cow<'_, str>> = lines.by_ref().take(max_lines).map(sanitize_for_display).collect();
    let left = lines.count();
    if left > 0 {
        shown.push(Cow::Owned(format!("… {} more lines", format_count(left))));
    }
    shown.join("\n")
}

/// Control characters, and marks that have no width or change the direction of the text around them.
#[must_use]
pub fn is_control_or_bidi(c: char) -> bool {
    c.is_control() || is_invisible(c)
}

/// Marks without a width: zero-width spaces and joiners, direction marks, byte order marks, line separators, fillers, tags.
/// What Unicode calls ignorable by default, but for the selectors of the look of emoji.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn and_list(items: &[String]) -> String {
    joined_list(items, "and")
}

/// The same with another word before the last item.
#[must_use]
pub fn joined_list(items: &[String], word: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} {word} {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_from_elsewhere_are_escaped_cut_and_counted() {
        assert_eq!(sanitize_lines("a\u{202e}b\nc", 2), "a\\u{202e}b\nc");
        assert_eq!(sanitize_lines("1\n2\n3\n4", 2), "1\n2\n… 2 more lines");
        let long = sanitize_lines(&"x".repeat(5_000_000), 3);
        assert_eq!(long.chars().count(), MAX_SCREEN_CHARS);
    }

    #[test]
    fn short_counts_fit_beside_a_word() {
        let cases = [
            (0, "0"),
            (99_999, "99,999"),
            (100_000, "100 K"),
            (999_999, "999 K"),
            (1_000_000, "1.0 M"),
            (1_999_999, "1.9 M"),
            (12_345_678, "12 M"),
        ];
        for (count, want) in cases {
            assert_eq!(short_count_text(count), want);
        }
    }

    #[test]
    fn sizes_have_one_decimal_below_ten() {
        let cases = [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (9_663_676_416, "9.0 GiB"),
            (432_013_312, "412 MiB"),
            (10_188, "9.9 KiB"),
            (10_190, "10 KiB"),
            (1_048_063, "1023 KiB"),
            (1_048_064, "1.0 MiB"),
            (2_308_974_418_330, "2.1 TiB"),
            (u64::MAX, "16 EiB"),
        ];
        for (bytes, want) in cases {
            assert_eq!(format_bytes(bytes), want, "{bytes}");
        }
    }

    #[test]
    fn counts_have_a_comma_before_every_three_digits() {
        let cases = [
            (0, "0"),
            (7, "7"),
            (999, "999"),
            (1000, "1,000"),
            (12_345, "12,345"),
            (100_000, "100,000"),
            (1_048_575, "1,048,575"),
        ];
        for (count, want) in cases {
            assert_eq!(format_count(count), want, "{count}");
        }
    }

    #[test]
    fn lengths_of_time_read_as_on_a_clock_and_in_words() {
        let clocks = [
            (0, "0:00:00"),
            (43, "0:00:43"),
            (695, "0:11:35"),
            (3599, "0:59:59"),
            (3723, "1:02:03"),
            (3_599_999, "999:59:59"),
        ];
        for (secs, want) in clocks {
            assert_eq!(format_duration(secs), want, "{secs}");
        }
        let lengths = [(59, "<1 min"), (720, "12 min"), (3600, "1 h"), (6000, "1 h 40 min"), (36_060, "10 h")];
        for (secs, want) in lengths {
            assert_eq!(format_length(secs), want, "{secs}");
        }
        let words = [
            (0, "just now", "in <1 min"),
            (59, "just now", "in <1 min"),
            (60, "1 min ago", "in 1 min"),
            (2760, "46 min ago", "in 46 min"),
            (3600, "1 h ago", "in 1 h"),
            (172_799, "47 h ago", "in 47 h"),
            (172_800, "2 days ago", "in 2 days"),
        ];
        for (secs, ago, ahead) in words {
            assert_eq!((format_ago(secs).as_str(), format_until(secs).as_str()), (ago, ahead), "{secs}");
        }
    }

    #[test]
    fn the_middle_is_cut_between_characters() {
        let cases = [
            ("abcdefgh", 8, "abcdefgh"),
            ("abcdefgh", 5, "ab…gh"),
            ("abcdefgh", 4, "ab…h"),
            ("äöüäöü", 3, "ä…ü"),
            ("abc", 1, "…"),
            ("abc", 0, ""),
            ("", 0, ""),
        ];
        for (text, max, want) in cases {
            assert_eq!(shorten_middle(text, max), want, "{text} {max}");
        }
    }

    #[test]
    fn what_deceives_the_eye_is_escaped() {
        let cases = [
            ("orders-prod", "orders-prod"),
            ("a\nb\tc\0", "a\\nb\\tc\\u{0}"),
            ("gpj\u{202e}exe", "gpj\\u{202e}exe"),
            ("a\u{200b}b\u{feff}", "a\\u{200b}b\\u{feff}"),
            ("\u{1b}[31m", "\\u{1b}[31m"),
            ("a\u{34f}b\u{e0100}", "a\\u{34f}b\\u{e0100}"),
            ("Zürich 東京 🗄", "Zürich 東京 🗄"),
        ];
        for (text, want) in cases {
            assert_eq!(sanitize_for_display(text), want, "{text:?}");
        }
        assert!(matches!(sanitize_for_display("plain"), Cow::Borrowed(_)));
        let cut = sanitize_for_display(&"ä".repeat(257)).into_owned();
        assert_eq!((cut.chars().count(), cut.ends_with('…')), (256, true));
        assert_eq!(sanitize_for_display(&"ä".repeat(256)), "ä".repeat(256));
    }

    proptest! {
        #[test]
        fn shown_texts_hold_nothing_deceptive(text in "\\PC{0,20}|[\\x00-\\x20\u{200b}-\u{2069}a]{0,300}", max in 0_usize..40) {
            prop_assert!(!sanitize_for_display(&text).chars().any(is_control_or_bidi));
            prop_assert!(shorten_middle(&text, max).chars().count() <= max);
        }
    }
}
