//! The words of an error response: one line, nothing unseen, short, and the same from whatever shape they came in.

use serde_json::{Value, json};
use skybackup::api::ErrorBody;

use super::is_unseen;

/// Longest text taken over, in characters.
const LONGEST: usize = 500;

/// Reads the bytes as an error response, and the text in them as the message of responses of every shape.
pub fn check(bytes: &[u8]) {
    let body = ErrorBody::read(bytes);
    for text in [&body.message, &body.trace_id].into_iter().flatten() {
        check_text(text);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return assert_eq!(body, ErrorBody::default(), "bytes that are no text say nothing");
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_json = serde_json::from_str::<Value>(text).is_ok();
    if !is_json && text.trim_start().starts_with('<') {
        assert_eq!(body.message, None, "a page is never quoted");
    }
    check_shapes(text, if is_json { None } else { body.message.as_deref() });
}

fn check_text(text: &str) {
    assert!(!text.trim().is_empty(), "an empty text is none: {text:?}");
    assert!(text.chars().count() <= LONGEST, "{} characters", text.chars().count());
    assert!(!text.chars().any(is_unseen), "{text:?}");
}

/// The same words say the same in each shape of answer, and as plain text where they are taken over from there.
fn check_shapes(words: &str, plain: Option<&str>) {
    let shapes = [
        json!({"errors": [{"error": "conflict", "message": words}], "message": "less telling"}),
        json!({"errors": [words]}),
        json!({"errors": null, "message": words}),
        json!({"exception": words, "code": 7}),
        json!({"detail": [{"loc": ["body"], "msg": words, "type": "missing"}]}),
        json!({"detail": words}),
    ];
    let said = ErrorBody::read(json!({"message": words}).to_string().as_bytes()).message;
    for shape in shapes {
        let message = ErrorBody::read(shape.to_string().as_bytes()).message;
        // Blank words are passed over for the next best.
        assert_eq!(message.is_none() || words.trim().is_empty(), said.is_none(), "{shape}");
        if said.is_some() {
            assert_eq!(message, said, "{shape}");
        }
    }
    if let Some(plain) = plain {
        assert_eq!(Some(plain), said.as_deref());
    }
    assert_eq!(said.is_none(), words.trim().is_empty(), "{words:?}");
    let traced = ErrorBody::read(json!({"trace_id": words}).to_string().as_bytes());
    assert_eq!((traced.trace_id, traced.message), (said, None));
}
