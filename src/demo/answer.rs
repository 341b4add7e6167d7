//! What the routes read and answer alike: queries, refusals, and the pages of lists.

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::{Value, json};

use super::world::World;

/// A refusal: a status and the sentence for `errors[0].message`.
#[derive(Clone, Debug)]
pub(super) struct HttpError {
    status: StatusCode,
    message: String,
}

impl HttpError {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// As `web.ErrorResponse`.
    pub(super) fn response(&self, path: &str, world: &mut World) -> Response {
        let reason = self.status.canonical_reason().unwrap_or_default();
        let body = json!({
            "code": self.status.as_u16(),
            "errors": [{"error": reason.to_lowercase().replace(' ', "_"), "message": self.message}],
            "path": path,
            "timestamp": world.now().to_string(),
            "trace_id": world.new_trace_id(),
        });
        (self.status, Json(body)).into_response()
    }
}

impl IntoResponse for HttpError {
    /// Without a body: only the middleware knows what goes into it.
    fn into_response(self) -> Response {
        (self.status, Extension(self)).into_response()
    }
}

/// The query of a request.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Params(HashMap<String, String>);

impl Params {
    /// The value of `name`; an empty one counts as absent.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A number from 1 to `max`, or `default` where it is absent.
    pub(super) fn number(&self, name: &str, default: usize, max: usize) -> Result<usize, HttpError> {
        let Some(text) = self.get(name) else { return Ok(default) };
        text.parse()
            .ok()
            .filter(|number| (1..=max).contains(number))
            .ok_or_else(|| HttpError::bad_request(format!("{name} must be a number from 1 to {max}")))
    }

    /// Whether `name` asks for the order that is not the `default`; both are `asc` or `desc`.
    pub(super) fn is_reversed(&self, name: &str, default: &str) -> Result<bool, HttpError> {
        match self.get(name).unwrap_or(default) {
            order @ ("asc" | "desc") => Ok(order != default),
            other => Err(HttpError::bad_request(format!("{name} must be asc or desc, not {other}"))),
        }
    }
}

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paging {
    page: usize,
    size: usize,
    /// `order=asc`: oldest first.
    pub(super) is_ascending: bool,
}

impl Paging {
    /// Reads `page`, `page_size` and `order`.
    pub(super) fn read(query: &Params) -> Result<Self, HttpError> {
        Ok(Self {
            is_ascending: query.is_reversed("order", "desc")?,
            page: query.number("page", 1, usize::MAX)?,
            size: query.number("page_size", 20, 1000)?,
        })
    }

    /// The page object: the rows of this page, each made from its place in the whole list, newest first.
    pub(super) fn answer(self, name: &str, total: usize, row: impl Fn(usize) -> Option<Value>) -> Json<Value> {
        let start = (self.page - 1).saturating_mul(self.size).min(total);
        let end = start.saturating_add(self.size).min(total);
        let places = (start..end).map(|place| if self.is_ascending { total - 1 - place } else { place });
        let rows: Vec<Value> = places.filter_map(row).collect();
        Json(json!({
            // An empty list of the service's language is written as null.
            name: if rows.is_empty() { Value::Null } else { Value::Array(rows) },
            (format!("{name}_count")): total,
            "pages_count": total.div_ceil(self.size),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> Params {
        Params(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
    }

    fn page(pairs: &[(&str, &str)], total: usize) -> Value {
        let Json(page) = Paging::read(&query(pairs)).unwrap().answer("backups", total, |place| Some(json!(place)));
        page
    }

    #[test]
    fn pages_cover_the_list_once() {
        let places = |page_number: &str, size: &str, total| {
            page(&[("page", page_number), ("page_size", size)], total)["backups"].take()
        };
        let all = |range: std::ops::Range<usize>| json!(range.collect::<Vec<_>>());
        assert_eq!(places("1", "20", 45), all(0..20));
        assert_eq!(places("3", "20", 45), all(40..45));
        assert_eq!(places("4", "20", 45), Value::Null);
        assert_eq!(places("18446744073709551615", "1000", 45), Value::Null);
        assert_eq!(places("1", "20", 0), Value::Null);
    }

    #[test]
    fn bad_paging_is_refused() {
        for pairs in [
            [("page", "0")],
            [("page", "-1")],
            [("page", "two")],
            [("page_size", "0")],
            [("page_size", "1001")],
            [("order", "up")],
        ] {
            assert_eq!(Paging::read(&query(&pairs)).unwrap_err().status, 400, "{pairs:?}");
        }
    }

    #[test]
    fn the_page_object() {
        let size = ("page_size", "2");
        assert_eq!(page(&[size], 3), json!({"backups": [0, 1], "backups_count": 3, "pages_count": 2}));
        assert_eq!(page(&[size, ("order", "asc")], 3)["backups"], json!([2, 1]));
        assert_eq!(page(&[size], 0), json!({"backups": null, "backups_count": 0, "pages_count": 0}));
    }
}
