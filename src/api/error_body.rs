//! What an error response says, in any of the shapes the services of this host use, or none.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::domain::is_control_or_bidi;

/// Longest text taken over from a server, in characters.
const LONGEST: usize = 500;

/// The words of an error response.
#[derive(Debug, Default, PartialEq)]
pub struct ErrorBody {
    /// What it says.
    pub message: Option<String>,
    /// Its `trace_id`.
    pub trace_id: Option<String>,
}

impl ErrorBody {
    /// Reads `errors[].message`, `errors[].error`, `message`, `exception`, `detail`, then plain text; never a web page.
    #[must_use]
    pub fn read(body: &[u8]) -> Self {
        let body = super::decode::without_bom(body);
        match serde_json::from_slice::<Value>(body) {
            Ok(value) => Self {
                message: message_of(&value).and_then(|text| tidy(&text)),
                trace_id: trace_id_of(body).and_then(|text| tidy(&text)),
            },
            Err(_not_json) => Self { message: plain_text(body), trace_id: None },
        }
    }
}

/// A text, or a number with all its digits.
fn trace_id_of(body: &[u8]) -> Option<String> {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_slice(body).ok()?;
    let trace_id = fields.get("trace_id")?;
    match serde_json::from_str(trace_id.get()) {
        Ok(Value::String(text)) if !text.trim().is_empty() => Some(text),
        Ok(Value::Number(_)) => Some(trace_id.get().to_owned()),
        _ => None,
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

/// One line, what cannot be seen made visible, cut at a bearable length. `None` where nothing is left.
pub(crate) fn tidy(text: &str) -> Option<String> {
    let mut visible = text.trim().chars().flat_map(visible);
    let mut tidied: String = visible.by_ref().take(LONGEST - 1).collect();
    match (visible.next(), visible.next()) {
        (Some(_), Some(_)) => tidied.push('…'),
        (last, _) => tidied.extend(last),
    }
    (!tidied.is_empty()).then_some(tidied)
}

fn visible(c: char) -> impl Iterator<Item = char> {
    let (plain, escape) = match c {
        '\n' | '\r' | '\t' => (Some(' '), None),
        c if is_control_or_bidi(c) => (None, Some(c.escape_unicode())),
        c => (Some(c), None),
    };
    plain.into_iter().chain(escape.into_iter().flatten())
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
            ("a\u{ad}b\u{2028}c\u{e0041}", Some("a\\u{ad}b\\u{2028}c\\u{e0041}")),
        ];
        for (body, want) in cases {
            assert_eq!(ErrorBody::read(body.as_bytes()).message.as_deref(), want, "{body}");
        }
        assert_eq!(ErrorBody::read(b"\xff\xfe").message, None);
    }

    #[test]
    fn the_trace_id_is_read_as_text_or_number() {
        let long = "12345678901234567890123";
        let number = format!(r#"{{"trace_id":{long}}}"#);
        for (body, want) in [
            (r#"{"trace_id":"ab12"}"#, Some("ab12")),
            (r#"{"trace_id":12}"#, Some("12")),
            (number.as_str(), Some(long)),
            (r#"{"trace_id":" "}"#, None),
            (r#"{"trace_id":[1]}"#, None),
            ("{}", None),
        ] {
            assert_eq!(ErrorBody::read(body.as_bytes()).trace_id.as_deref(), want);
        }
    }

    #[test]
    fn a_long_text_is_cut_by_what_is_shown_of_it() {
        let cut = |body: &str| ErrorBody::read(body.as_bytes()).message.unwrap();
        assert_eq!(cut(&"x".repeat(500)), "x".repeat(500));
        assert_eq!(cut(&"x".repeat(501)), format!("{}…", "x".repeat(499)));
        let escaped = cut(&"\u{200b}".repeat(400));
        assert_eq!((escaped.chars().count(), escaped.ends_with('…')), (500, true));
    }
}
