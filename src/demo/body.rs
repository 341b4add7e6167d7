//! What the bodies of requests have to hold.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Map, Value};

use super::answer::HttpError;

pub(super) fn object(body: &[u8]) -> Result<Map<String, Value>, HttpError> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(HttpError::bad_request("the body must be a JSON object")),
        Err(error) => Err(HttpError::bad_request(format!("the body is not JSON: {error}"))),
    }
}

pub(super) fn required<'a>(body: &'a Map<String, Value>, field: &str) -> Result<&'a str, HttpError> {
    match body.get(field) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(text),
        None | Some(Value::String(_) | Value::Null) => Err(HttpError::bad_request(format!("{field} is required"))),
        Some(_) => Err(HttpError::bad_request(format!("{field} must be a string"))),
    }
}

/// Whether this is the address of a bucket.
pub(super) fn is_bucket(address: &str) -> bool {
    let name = address.strip_prefix("gs://").or_else(|| address.strip_prefix("s3://"));
    name.is_some_and(|name| !name.trim_matches('/').is_empty())
}

/// Credentials are a base64 text, or, as one document has it, a list of bytes.
pub(super) fn check_credentials(credentials: Option<&Value>, parent: &str) -> Result<(), HttpError> {
    match credentials {
        None => Ok(()),
        Some(Value::String(text)) if BASE64_STANDARD.decode(text).is_ok_and(|bytes| !bytes.is_empty()) => Ok(()),
        Some(Value::Array(bytes)) if bytes.iter().all(|byte| byte.as_u64().is_some_and(|byte| byte < 256)) => Ok(()),
        Some(_) => Err(HttpError::bad_request(format!("illegal base64 data in {parent} credentials"))),
    }
}
