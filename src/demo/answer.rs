//! What goes back over the wire: statuses, bodies, and the pages of lists.

use serde_json::{Value, json};

use super::faults::{FaultyStream, PageTrick};
use super::response::DemoResponse;

/// A refusal: a status and the sentence for `errors[0].message`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HttpError {
    pub(super) status: u16,
    pub(super) message: String,
}

impl HttpError {
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self { status: 400, message: message.into() }
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self { status: 404, message: message.into() }
    }

    /// As `web.ErrorResponse`.
    pub(super) fn answer(&self, path: &str, second: i64, trace_id: &str) -> DemoResponse {
        let error = match self.status {
            400 => "bad_request",
            404 => "not_found",
            405 => "method_not_allowed",
            409 => "conflict",
            429 => "too_many_requests",
            _ => "internal_server_error",
        };
        let body = json!({
            "code": self.status,
            "errors": [{"error": error, "message": self.message}],
            "path": path,
            "timestamp": second.to_string(),
            "trace_id": trace_id,
        });
        DemoResponse::json(self.status, &body)
    }
}

/// The query of a request, decoded.
#[derive(Clone, Debug, Default)]
pub(super) struct Query(pub(super) Vec<(String, String)>);

impl Query {
    /// The value of `name`; an empty one counts as absent.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// A number of at least 1 and at most `most`, or `default` where it is absent.
    pub(super) fn number(&self, name: &str, default: usize, most: usize) -> Result<usize, HttpError> {
        let Some(text) = self.get(name) else { return Ok(default) };
        text.parse()
            .ok()
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| HttpError::bad_request(format!("{name} must be a number from 1 to {most}")))
    }
}

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Paging {
    page: usize,
    size: usize,
    /// `order=asc`: oldest first.
    pub(super) is_ascending: bool,
}

impl Paging {
    /// Reads `page`, `page_size` and `order`.
    pub(super) fn read(query: &Query) -> Result<Self, HttpError> {
        let is_ascending = match query.get("order") {
            None | Some("desc") => false,
            Some("asc") => true,
            Some(other) => return Err(HttpError::bad_request(format!("order must be asc or desc, not {other}"))),
        };
        Ok(Self {
            page: query.number("page", 1, usize::MAX)?,
            size: query.number("page_size", 20, 1000)?,
            is_ascending,
        })
    }

    /// The places in the whole list that this page shows.
    pub(super) fn places(&self, total: usize, wire: &FaultyStream) -> std::ops::Range<usize> {
        let start = (self.page - 1).saturating_mul(self.size);
        let start = match wire.page_trick {
            PageTrick::None => start,
            PageTrick::Repeat => 0,
            PageTrick::Overlap => start.saturating_sub(1),
        };
        start.min(total)..start.saturating_add(self.size).min(total)
    }

    /// The page object, or a bare array where the faults ask for one.
    pub(super) fn answer(&self, name: &str, rows: Vec<Value>, total: usize, wire: &FaultyStream) -> DemoResponse {
        // An empty list of the service's language is written as null.
        let rows = if rows.is_empty() { Value::Null } else { Value::Array(rows) };
        if wire.is_bare_array {
            return DemoResponse::json(200, &rows);
        }
        let pages_count = wire.pages_count.unwrap_or(total.div_ceil(self.size));
        let mut page = serde_json::Map::new();
        page.insert(name.to_owned(), rows);
        page.insert(format!("{name}_count"), total.into());
        page.insert("pages_count".to_owned(), pages_count.into());
        DemoResponse::json(200, &Value::Object(page))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> Query {
        Query(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn pages_cover_the_list_once() {
        let wire = FaultyStream::default();
        let places = |page: &str, size: &str, total| {
            Paging::read(&query(&[("page", page), ("page_size", size)])).unwrap().places(total, &wire)
        };
        assert_eq!(places("1", "20", 45), 0..20);
        assert_eq!(places("3", "20", 45), 40..45);
        assert_eq!(places("4", "20", 45), 45..45);
        assert_eq!(places("18446744073709551615", "1000", 45), 45..45);
        assert_eq!(places("1", "20", 0), 0..0);
    }

    #[test]
    fn page_tricks() {
        let paging = Paging::read(&query(&[("page", "2"), ("page_size", "10")])).unwrap();
        let trick = |page_trick| FaultyStream { page_trick, ..FaultyStream::default() };
        assert_eq!(paging.places(25, &trick(PageTrick::Repeat)), 0..10);
        assert_eq!(paging.places(25, &trick(PageTrick::Overlap)), 9..19);
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
        let paging = Paging::read(&query(&[("page_size", "2")])).unwrap();
        let body = |rows, total, wire: &FaultyStream| -> Value {
            serde_json::from_slice(&paging.answer("backups", rows, total, wire).body).unwrap()
        };
        let rows = || vec![json!(1), json!(2)];
        assert_eq!(
            body(rows(), 3, &FaultyStream::default()),
            json!({"backups": [1, 2], "backups_count": 3, "pages_count": 2})
        );
        assert_eq!(
            body(Vec::new(), 0, &FaultyStream::default()),
            json!({"backups": null, "backups_count": 0, "pages_count": 0})
        );
        assert_eq!(body(rows(), 3, &FaultyStream { is_bare_array: true, ..FaultyStream::default() }), json!([1, 2]));
        assert_eq!(
            body(rows(), 3, &FaultyStream { pages_count: Some(9), ..FaultyStream::default() })["pages_count"],
            9
        );
    }
}
