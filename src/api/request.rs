//! A request as a value: built once, sent perhaps several times.

use reqwest::Method;
use serde_json::Value;

use super::record::Operation;
use crate::domain::{ApiUrl, encode_component};

/// Largest list answer, after unpacking.
pub(super) const LIST_BYTES: usize = 16 * 1024 * 1024;
/// Largest answer that is one object.
pub(super) const SINGLE_BYTES: usize = 1024 * 1024;

/// One request.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) operation: Operation,
    pub(super) method: Method,
    /// The path with its ids, percent-encoded.
    pub(super) path: String,
    /// The path with names in place of ids, for the log.
    pub(super) template: &'static str,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<Value>,
    /// Largest answer taken.
    pub(super) body_limit: usize,
    /// Attempts of the same request made before: 0, or 1 for a change that is sent again after a reading.
    pub(super) attempts_before: u32,
}

impl Request {
    /// A read of a list.
    pub(super) fn list(operation: Operation, template: &'static str) -> Self {
        Self {
            operation,
            method: Method::GET,
            path: template.to_owned(),
            template,
            query: Vec::new(),
            body: None,
            body_limit: LIST_BYTES,
            attempts_before: 0,
        }
    }

    /// A call about one object: `{id}` in the template becomes the id. `None` for an id that no path can carry.
    pub(super) fn single(operation: Operation, method: Method, template: &'static str, id: &str) -> Option<Self> {
        // A dot segment would be resolved away and the call would reach another path.
        if id.is_empty() || id == "." || id == ".." {
            return None;
        }
        let path = template.replace("{id}", &encode_component(id).to_string());
        Some(Self { method, path, body_limit: SINGLE_BYTES, ..Self::list(operation, template) })
    }

    pub(super) fn with_query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub(super) fn with_optional(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with_query(name, value),
            None => self,
        }
    }

    /// The whole address.
    pub(super) fn url(&self, base: &ApiUrl) -> String {
        base.join(&self.path_and_query())
    }

    /// The path with its query, percent-encoded. Neither carries a secret.
    pub(super) fn path_and_query(&self) -> String {
        let mut url = self.path.clone();
        for (index, (name, value)) in self.query.iter().enumerate() {
            url.push(if index == 0 { '?' } else { '&' });
            url.push_str(name);
            url.push('=');
            url.extend(encode_component(value));
        }
        url
    }

    /// The method as a constant text.
    pub(super) fn method_name(&self) -> &'static str {
        match self.method {
            Method::GET => "GET",
            Method::POST => "POST",
            Method::PATCH => "PATCH",
            Method::DELETE => "DELETE",
            _ => "?",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::client::SCHEDULE;
    use super::*;
    use crate::domain::ScheduleId;
    use crate::draft::SchedulePatch;

    #[test]
    fn the_preview_of_a_change_has_the_path_of_the_request() {
        let base = ApiUrl::parse(ApiUrl::DEFAULT).unwrap();
        let patch = SchedulePatch::default();
        for id in ["4312", "a-b_c.d~e", "a:b/c?d#e%", "ü x'y", "..."] {
            let request = Request::single(Operation::UpdateSchedule, Method::PATCH, SCHEDULE, id).unwrap();
            let id = ScheduleId::new(id);
            assert_eq!(patch.request_line(&id), format!("PATCH {}", request.path));
            let command = patch.curl(&base, &id);
            assert!(command.contains(&format!("'{}'", request.url(&base))), "{command}");
        }
    }

    #[test]
    fn ids_and_values_cannot_leave_their_place() {
        let base = ApiUrl::parse("https://api.skysql.com/").unwrap();
        let single = |id: &str| {
            Request::single(Operation::GetSchedule, Method::GET, "/s/{id}", id).map(|request| request.url(&base))
        };
        let cases = [
            ("200", Some("https://api.skysql.com/s/200")),
            ("a:b/c?d#e%", Some("https://api.skysql.com/s/a%3Ab%2Fc%3Fd%23e%25")),
            ("ü x", Some("https://api.skysql.com/s/%C3%BC%20x")),
            ("...", Some("https://api.skysql.com/s/...")),
            ("..", None),
            (".", None),
            ("", None),
        ];
        for (id, want) in cases {
            assert_eq!(single(id).as_deref(), want, "{id}");
        }
        let list = Request::list(Operation::ListBackups, "/b").with_query("status", "a&b=c d+").with_query("page", "1");
        assert_eq!(list.url(&base), "https://api.skysql.com/b?status=a%26b%3Dc%20d%2B&page=1");
    }
}
