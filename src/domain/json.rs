//! Where a string ends in JSON text that is read without parsing it, as numbers of any length must keep their digits.

/// The length in bytes of the string that the JSON begins with, quotes included; the whole text where the string does not end.
#[must_use]
pub fn json_string_length(json: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in json.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_ends_at_a_quote_that_is_not_escaped() {
        let cases = [
            (r#""a": 1"#, 3),
            (r#""": 1"#, 2),
            (r#""a\"b", 2"#, 6),
            (r#""a\\", 2"#, 5),
            (r#""é"]"#, 4),
            (r#""without an end\""#, 17),
            ("\"", 1),
        ];
        for (json, length) in cases {
            assert_eq!(json_string_length(json), length, "{json}");
        }
    }
}
