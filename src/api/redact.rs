//! Secrets that a service sends back: what is never shown, by the name of its key, and escapes that could hide one.

use std::borrow::Cow;

use crate::domain::json_string_length;

/// What replaces a value whose key names a secret.
const HIDDEN: &str = "\"[hidden]\"";

/// The JSON text without the blanks between its parts, and without the values whose keys name a secret. Takes JSON of any depth;
/// of a text that is no JSON it makes another one that is none.
pub(super) fn shown_json(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c != '"' {
            if !c.is_ascii_whitespace() {
                shown.push(c);
            }
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        }
        let (string, after) = split(rest, json_string_length(rest));
        shown.push_str(string);
        rest = after;
        let Some(value) = after.trim_ascii_start().strip_prefix(':').map(str::trim_ascii_start) else { continue };
        let (value, after) = split(value, value_end(value));
        if is_telling(value) && is_secret_name(string) {
            shown.push(':');
            shown.push_str(HIDDEN);
            rest = after;
        }
    }
    shown
}

/// The value of an object's entry as [`shown_json`] shows it.
pub(super) fn shown_value(name: &str, value: &str) -> String {
    if is_telling(value) && is_secret_name(name) { HIDDEN.to_owned() } else { shown_json(value) }
}

fn split(text: &str, at: usize) -> (&str, &str) {
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// The length of the value that the text begins with.
fn value_end(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'"' => at += json_string_length(text.get(at..).unwrap_or_default()).saturating_sub(1),
            b'{' | b'[' => depth += 1,
            b'}' | b']' | b',' if depth == 0 => return at,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 && matches!(byte, b'"' | b'}' | b']') {
            return at;
        }
    }
    text.len()
}

/// False for a value that says nothing: `null`, a flag, or an empty text, list or object.
fn is_telling(value: &str) -> bool {
    !matches!(value.trim_ascii_end(), "" | "null" | "true" | "false" | "\"\"" | "[]" | "{}")
}

/// True for a name such as `credentials`, `accessKey`, `SAS_TOKEN` or `db.password`, in any case and spelling.
fn is_secret_name(name: &str) -> bool {
    /// Part of any name of a secret.
    const PARTS: [&str; 14] = [
        "credential",
        "password",
        "passwd",
        "passphrase",
        "secret",
        "token",
        "apikey",
        "accesskey",
        "privatekey",
        "accountkey",
        "sharedkey",
        "signature",
        "authorization",
        "connectionstring",
    ];
    /// Secrets as words of their own; inside longer words they mean other things.
    const WORDS: [&str; 8] = ["key", "keys", "pwd", "pass", "auth", "bearer", "sas", "pem"];
    let plain = plain_escapes(name.as_bytes());
    let name = String::from_utf8_lossy(&plain);
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let letters = letters.to_ascii_lowercase();
    if PARTS.iter().any(|part| letters.contains(part)) {
        return true;
    }
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in name.chars() {
        let begins = !c.is_ascii_alphanumeric() || (was_small && c.is_ascii_uppercase());
        if begins {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_ascii_alphanumeric(), words.last_mut()) {
            word.push(c.to_ascii_lowercase());
        }
        was_small = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    words.iter().any(|word| WORDS.contains(&word.as_str()))
}

/// The same JSON with `\/` and the `\u00..` of visible ASCII written as what they stand for, so that no escape hides a secret from
/// those who look for its text.
pub(super) fn plain_escapes(json: &[u8]) -> Cow<'_, [u8]> {
    if !json.contains(&b'\\') {
        return Cow::Borrowed(json);
    }
    let mut plain = Vec::with_capacity(json.len());
    let mut rest = json;
    while let Some((&byte, after)) = rest.split_first() {
        let (written, length) = match (byte, after) {
            (b'\\', [b'/', ..]) => (Some(b'/'), 2),
            (b'\\', [b'u', b'0', b'0', high, low, ..]) => (visible(*high, *low), 6),
            (b'\\', [_, ..]) => (None, 2),
            _ => (None, 1),
        };
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        match written {
            Some(written) => plain.push(written),
            None => plain.extend_from_slice(piece),
        }
        rest = after;
    }
    Cow::Owned(plain)
}

/// The visible ASCII character of these hexadecimal digits, unless it needs an escape.
fn visible(high: u8, low: u8) -> Option<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    let byte = u8::try_from(digit(high)? * 16 + digit(low)?).ok()?;
    ((b' '..=b'~').contains(&byte) && !matches!(byte, b'"' | b'\\')).then_some(byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn blanks_between_parts_go_and_blanks_in_texts_stay() {
        assert_eq!(shown_json("{ \"a\\\" b\" : [ 1 ,\n2 ] }"), "{\"a\\\" b\":[1,2]}");
        assert_eq!(shown_json(r#"{"a\\": 1}"#), r#"{"a\\":1}"#);
    }

    #[test]
    fn values_are_hidden_by_the_names_of_their_keys() {
        for name in [
            "credentials",
            "Credentials",
            "CREDENTIALS",
            "password",
            "dbPassword",
            "secret",
            "secretAccessKey",
            "token",
            "sas_token",
            "key",
            "Key",
            "access.key",
            "privateKey",
            "keys",
            "pwd",
            "x-auth",
            "api_key",
            "storage key",
        ] {
            let text = format!(r#"{{"a":1,"{name}" : "hidden away" ,"b":[2,{{"{name}":[1,{{"c":"]"}}]}}]}}"#);
            let want = format!(r#"{{"a":1,"{name}":"[hidden]","b":[2,{{"{name}":"[hidden]"}}]}}"#);
            assert_eq!(shown_json(&text), want);
        }
        for name in ["keyring", "monkey", "bypass", "author", "compass", "bucket", "path", "sasquatch"] {
            let text = format!(r#"{{"{name}":"shown"}}"#);
            assert_eq!(shown_json(&text), text);
        }
        for value in ["null", "true", "false", "\"\"", "[]", "{}"] {
            let text = format!(r#"{{"credentials":{value},"b":1}}"#);
            assert_eq!(shown_json(&text), text, "says nothing");
        }
        assert_eq!(shown_json(r#"{"credentials":12345,"b":"x"}"#), r#"{"credentials":"[hidden]","b":"x"}"#);
        assert_eq!(shown_json(r#"{"cred\u0065ntials":"x"}"#), r#"{"cred\u0065ntials":"[hidden]"}"#);
        assert_eq!(shown_json(r#"["token","key"]"#), r#"["token","key"]"#, "a value is no key");
    }

    #[test]
    fn nesting_without_end_is_read() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000));
        assert_eq!(shown_json(&deep), deep);
        let hidden = format!("{{\"key\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000));
        assert_eq!(shown_json(&hidden), r#"{"key":"[hidden]"}"#);
    }

    #[test]
    fn escapes_are_written_as_what_they_stand_for() {
        let plain = |text: &str| String::from_utf8(plain_escapes(text.as_bytes()).into_owned()).unwrap();
        assert_eq!(plain(r#""a\/b\u0041\u007e""#), r#""a/bA~""#);
        for kept in [r#""\\u0041""#, r#""\u0022\u005c\n\"""#, r#""\u00e9\ud83d\ude00""#, r#""\u00"#, "\"\\"] {
            assert_eq!(plain(kept), kept);
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,9}".prop_map(Value::from),
            Just(Value::from("\"}],:\\ secret")),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            let name = prop_oneof!["[a-z\"\\\\]{0,4}", Just("secretKey".to_owned())];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((name, inner), 0..4).prop_map(|entries| entries.into_iter().collect()),
            ]
        })
    }

    /// What is to be left of a value.
    fn without_secrets(value: &Value) -> Value {
        match value {
            Value::Object(entries) => entries
                .iter()
                .map(|(name, value)| {
                    let is_hidden = name == "secretKey" && is_telling(&value.to_string());
                    (name.clone(), if is_hidden { Value::from("[hidden]") } else { without_secrets(value) })
                })
                .collect(),
            Value::Array(values) => values.iter().map(without_secrets).collect(),
            other => other.clone(),
        }
    }

    proptest! {
        #[test]
        fn any_json_stays_json_without_its_secrets(value in any_json()) {
            for text in [value.to_string(), format!("{value:#}")] {
                let shown: Value = serde_json::from_str(&shown_json(&text)).unwrap();
                prop_assert_eq!(shown, without_secrets(&value));
                let plain: Value = serde_json::from_slice(&plain_escapes(text.as_bytes())).unwrap();
                prop_assert_eq!(&plain, &value);
            }
        }
    }
}
