//! Rows as JSON text. Numbers keep the digits they came with, so nothing here goes through a number type.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::value::RawValue;

use super::{Row, RowSource, Value};
use crate::domain::{Zone, json_string_length};

/// Deeper than this nothing is put on a line of its own.
const DEEPEST: usize = 64;

/// The row as the API writes it, as indented JSON text.
#[must_use]
pub fn json_text<R: Row>(row: &R) -> String {
    indented(&object(&row.json()))
}

/// The rows as an indented JSON array of objects.
#[must_use]
pub fn json_array<R: Row>(rows: impl IntoIterator<Item = R>) -> String {
    let rows: Vec<String> = rows.into_iter().map(|row| object(&row.json())).collect();
    indented(&format!("[{}]", rows.join(",")))
}

/// The row as the API writes it, on one line; of all that was ever seen, with what the local record adds.
#[must_use]
pub fn json_line<R: Row>(row: &R, source: RowSource) -> String {
    let mut fields = row.json();
    for column in R::columns().iter().filter(|column| column.is_of_history && column.is_in(source)) {
        // `now` plays no part in what was recorded.
        if let Some(value) = json_value((column.value)(row, Timestamp::UNIX_EPOCH)) {
            fields.entry(column.key.as_str().to_owned()).or_insert(value);
        }
    }
    object(&fields)
}

/// The API fields of a row, each with its JSON text, with the row's unknown fields (a JSON object as text) merged in.
pub(super) fn json_of<R: Row>(row: &R, unknown: Option<&str>) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    for column in R::columns().iter().filter(|column| column.is_api_field) {
        // `now` plays no part in a field of the API.
        if let Some(value) = json_value((column.value)(row, Timestamp::UNIX_EPOCH)) {
            fields.insert(column.key.as_str().to_owned(), value);
        }
    }
    let unknown = unknown.and_then(|unknown| serde_json::from_str::<BTreeMap<String, &RawValue>>(unknown).ok());
    for (key, value) in unknown.into_iter().flatten() {
        fields.entry(key).or_insert_with(|| value.get().to_owned());
    }
    fields
}

/// A value as JSON; `None` for an empty one.
fn json_value(value: Value<'_>) -> Option<String> {
    Some(match value {
        Value::Empty => return None,
        Value::Text(text) => quoted(&text),
        Value::Integer(number) => number.to_string(),
        Value::Bytes(number) | Value::Seconds(number) => number.to_string(),
        Value::Instant(at) => quoted(&at.to_string()),
        either @ Value::EitherInstant(..) => quoted(&either.into_text(&Zone::utc())),
        Value::Flag(flag) => flag.to_string(),
    })
}

/// A text as JSON.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn object(fields: &BTreeMap<String, String>) -> String {
    let fields: Vec<String> = fields.iter().map(|(key, value)| format!("{}:{value}", quoted(key))).collect();
    format!("{{{}}}", fields.join(","))
}

/// Any JSON text with one value on each line.
fn indented(json: &str) -> String {
    let mut text = String::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let mut rest = json.trim_ascii_start();
    while let Some(c) = rest.chars().next() {
        let length = if c == '"' { json_string_length(rest) } else { c.len_utf8() };
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = after.trim_ascii_start();
        match c {
            '{' | '[' => {
                text.push(c);
                if !rest.starts_with(['}', ']']) {
                    depth = depth.saturating_add(1);
                    break_line(&mut text, depth);
                }
            }
            '}' | ']' => {
                let is_empty = text.ends_with(['{', '[']);
                if !is_empty {
                    let is_broken = depth <= DEEPEST;
                    depth = depth.saturating_sub(1);
                    if is_broken {
                        break_line(&mut text, depth);
                    }
                }
                text.push(c);
            }
            ',' => {
                text.push(c);
                break_line(&mut text, depth);
            }
            ':' => text.push_str(": "),
            _ => text.push_str(piece),
        }
    }
    text
}

fn break_line(text: &mut String, depth: usize) {
    if depth <= DEEPEST {
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", depth));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::domain::{Backup, Schedule};

    /// Every form of a number that a float would change.
    const NUMBERS: [&str; 12] = [
        "12345678901234567890123",
        "-12345678901234567890123",
        "1.0",
        "-0",
        "-0.0",
        "0.10",
        "1e3",
        "1E3",
        "1e+22",
        "1.50E-07",
        "1e999",
        "3.141592653589793238462643383279",
    ];

    #[test]
    fn numbers_keep_their_digits_in_labels_and_in_fields_that_are_not_known() {
        for number in NUMBERS {
            let nested = format!(r#"{{"a":{number},"b":[{number},{{"c":{number}}}]}}"#);
            let schedule = Schedule { labels: Some(nested.as_str().into()), ..Schedule::default() };
            let backup = Backup { unknown: Some(nested.as_str().into()), ..Backup::default() };
            for text in
                [json_text(&schedule), json_array([schedule.clone()]), json_text(&backup), json_array([backup.clone()])]
            {
                let plain: String = text.split_ascii_whitespace().collect();
                assert!(plain.contains(&format!(r#""a":{number},"b":[{number},{{"c":{number}}}]"#)), "{text}");
            }
        }
    }

    #[test]
    fn nesting_without_end_is_one_line_at_its_depth() {
        let (open, close) = ("[".repeat(20_000), "]".repeat(20_000));
        let text = indented(&format!("{open}1{close}"));
        assert_eq!(text.split_ascii_whitespace().collect::<String>(), format!("{open}1{close}"));
        assert!(text.len() < 60_000, "{}", text.len());
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(json!(null)),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            "\\PC{0,9}".prop_map(Into::into),
            Just(json!("\"}], :\\")),
        ];
        leaf.prop_recursive(5, 40, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
                prop::collection::vec(("\\PC{0,4}", inner), 0..4).prop_map(|fields| fields.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_json_is_indented_as_by_the_library(value in any_json()) {
            prop_assert_eq!(indented(&value.to_string()), format!("{value:#}"));
            prop_assert_eq!(indented(&format!("{value:#}")), format!("{value:#}"));
        }
    }
}
