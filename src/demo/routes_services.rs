//! `/provisioning/v1/services` and `/provisioning/v1/versions`: bare arrays, with the next page's token in a header.

use serde_json::{Value, json};

use super::answer::{HttpError, Query};
use super::response::DemoResponse;
use super::rows::ServiceRow;
use super::state::State;

/// `GET /provisioning/v1/services`: `page_size`, `page_order`, `page_token`.
pub(super) fn list(state: &State, query: &Query) -> Result<DemoResponse, HttpError> {
    let mut rows: Vec<Value> = state.services.iter().map(ServiceRow::json).collect();
    match query.get("page_order") {
        None | Some("asc") => {}
        Some("desc") => rows.reverse(),
        Some(other) => return Err(HttpError::bad_request(format!("page_order must be asc or desc, not {other}"))),
    }
    token_page(&rows, query)
}

/// `GET /provisioning/v1/services/{id}`.
pub(super) fn get(state: &State, id: &str) -> Result<DemoResponse, HttpError> {
    let service = state.service(id).ok_or_else(|| HttpError::not_found(format!("service {id} was not found")))?;
    Ok(DemoResponse::json(200, &service.json()))
}

/// `GET /provisioning/v1/versions`: what clients call to try a key.
pub(super) fn versions(query: &Query) -> Result<DemoResponse, HttpError> {
    let rows: Vec<Value> =
        [("10.5.29-23-1", "2025-05-20"), ("10.6.22-18-1", "2025-06-11"), ("10.11.13-1", "2025-06-12")]
            .into_iter()
            .chain([("11.4.7-4-1", "2025-06-11"), ("11.8.2-1", "0001-01-01")])
            .map(|(version, released)| {
                json!({
                    "id": format!("ver-{version}"),
                    "name": version,
                    "version": version,
                    "display_name": format!("MariaDB {version}"),
                    "topology": "es-single",
                    "product": "server",
                    "is_major": false,
                    "release_date": format!("{released}T00:00:00Z"),
                })
            })
            .collect();
    token_page(&rows, query)
}

fn token_page(rows: &[Value], query: &Query) -> Result<DemoResponse, HttpError> {
    let size = query.number("page_size", 10, 100)?;
    let start = match query.get("page_token") {
        None => 0,
        Some(token) => token
            .strip_prefix("t-")
            .and_then(|place| place.parse::<usize>().ok())
            .filter(|&place| place < rows.len())
            .ok_or_else(|| HttpError::bad_request("page_token is not valid"))?,
    };
    let end = start.saturating_add(size).min(rows.len());
    let mut answer = DemoResponse::json(200, &Value::Array(rows.get(start..end).unwrap_or_default().to_vec()));
    if end < rows.len() {
        answer = answer.with_header("x-skysql-page-token-next", format!("t-{end}"));
    }
    if start > 0 {
        answer = answer.with_header("x-skysql-page-token-previous", format!("t-{}", start.saturating_sub(size)));
    }
    Ok(answer)
}
