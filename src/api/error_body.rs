//! What an error answer says, in any of the shapes the services of this host use, or none.

use serde_json::Value;

/// Longest text taken over from a server, in characters.
const LONGEST: usize = 500;

/// The words of an error answer.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ErrorBody {
    pub(crate) message: Option<String>,
    pub(crate) trace_id: Option<String>,
}

impl ErrorBody {
    /// Reads `errors[].message`, `errors[].error`, `message`, `exception`, `detail`, then plain text; never a web page.
    pub(crate) fn read(body: &[u8]) -> Self {
        let body = super::decode::without_bom(body);
        match serde_json::from_slice::<Value>(body) {
            Ok(value) => Self {
                message: message_of(&value).and_then(|text| tidy(&text)),
                trace_id: value.get("trace_id").and_then(text_of).and_then(|text| tidy(&text)),
            },
            Err(_not_json) => Self { message: plain_text(body), trace_id: None },
        }
    }
}

fn message_of(value: &Value) -> Option<String> {
    if let Value::String(text) = value {
        return Some(text.clone());
    }
    let errors = value.get("errors").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    joined(errors, "message")
        .or_else(|| joined(errors, "error"))
        .or_else(|| value.get("message").and_then(text_of))
        .or_else(|| value.get("exception").and_then(text_of))
        .or_else(|| value.get("detail").and_then(detail_of))
        .or_else(|| value.get("err").and_then(text_of))
        .or_else(|| value.get("error").and_then(text_of))
}

fn joined(errors: &[Value], field: &str) -> Option<String> {
    let texts: Vec<String> = errors
        .iter()
        .filter_map(|error| match error {
            Value::String(text) if field == "message" => Some(text.clone()),
            _ => error.get(field).and_then(text_of),
        })
        .collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}

fn detail_of(detail: &Value) -> Option<String> {
    match detail {
        Value::Array(entries) => joined(entries, "msg").or_else(|| joined(entries, "message")),
        other => text_of(other),
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn plain_text(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?.trim();
    // Markup and broken JSON tell a reader nothing, and a page may hold tokens.
    let looks_written = !text.starts_with(['<', '{', '[']) && !text.contains("</");
    if looks_written { tidy(text) } else { None }
}

/// One line, control and direction marks made visible, cut at a bearable length. `None` where nothing is left.
pub(crate) fn tidy(text: &str) -> Option<String> {
    let mut tidied = String::new();
    for (count, c) in text.trim().chars().enumerate() {
        if count == LONGEST {
            tidied.push('…');
            break;
        }
        match c {
            '\n' | '\r' | '\t' => tidied.push(' '),
            c if c.is_control() || is_invisible(c) => tidied.extend(c.escape_unicode()),
            c => tidied.push(c),
        }
    }
    (!tidied.is_empty()).then_some(tidied)
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_telling_words_are_taken_from_any_shape() {
        let cases = [
            (r#"{"errors":[{"error":"conflict","message":"A backup runs"}],"message":"x"}"#, Some("A backup runs")),
            (r#"{"errors":[{"message":"one"},{"message":"two"}]}"#, Some("one; two")),
            (r#"{"errors":[{"error":"conflict","message":""}],"exception":"x"}"#, Some("conflict")),
            (r#"{"errors":[],"message":"flat","exception":"x"}"#, Some("flat")),
            (r#"{"errors":null,"exception":"deep"}"#, Some("deep")),
            (r#"{"detail":[{"loc":["body"],"msg":"field required","type":"m"}]}"#, Some("field required")),
            (r#"{"detail":"not so"}"#, Some("not so")),
            (r#"{"code":"7","err":"billing words"}"#, Some("billing words")),
            (r#""bare""#, Some("bare")),
            ("upstream connect error\nreset", Some("upstream connect error reset")),
            ("<html><body>token=1</body></html>", None),
            ("Sorry <b>no</b>", None),
            (r#"{"errors":[{"mess"#, None),
            ("", None),
            ("{}", None),
            ("a\u{202e}b\u{0}", Some("a\\u{202e}b\\u{0}")),
        ];
        for (body, want) in cases {
            assert_eq!(ErrorBody::read(body.as_bytes()).message.as_deref(), want, "{body}");
        }
        assert_eq!(ErrorBody::read(b"\xff\xfe").message, None);
    }

    #[test]
    fn the_trace_id_is_read_as_text_or_number() {
        for (body, want) in [(r#"{"trace_id":"ab12"}"#, Some("ab12")), (r#"{"trace_id":12}"#, Some("12")), ("{}", None)]
        {
            assert_eq!(ErrorBody::read(body.as_bytes()).trace_id.as_deref(), want);
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        let body = "x".repeat(10_000);
        assert_eq!(ErrorBody::read(body.as_bytes()).message.unwrap().chars().count(), LONGEST + 1);
    }
}
