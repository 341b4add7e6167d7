//! `/provisioning/v1/services` and `/provisioning/v1/versions`: bare arrays, with the next page's token in a header.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::answer::{HttpError, Params};
use super::rows::ServiceRow;
use super::world::SharedWorld;

/// `GET /provisioning/v1/services`: `page_size`, `page_order`, `page_token`.
pub(super) async fn list(
    State(world): State<SharedWorld>,
    Query(query): Query<Params>,
) -> Result<impl IntoResponse, HttpError> {
    let mut rows: Vec<Value> = world.lock().services.iter().map(ServiceRow::json).collect();
    if query.is_reversed("page_order", "asc")? {
        rows.reverse();
    }
    token_page(rows, &query)
}

/// `GET /provisioning/v1/services/{id}`.
pub(super) async fn get(State(world): State<SharedWorld>, Path(id): Path<String>) -> Result<Json<Value>, HttpError> {
    let world = world.lock();
    let service = world.service(&id).ok_or_else(|| HttpError::not_found(format!("service {id} was not found")))?;
    Ok(Json(service.json()))
}

/// `GET /provisioning/v1/versions`: what clients call to try a key.
pub(super) async fn versions(Query(query): Query<Params>) -> Result<impl IntoResponse, HttpError> {
    let versions = [
        ("10.5.29-23-1", "2025-05-20"),
        ("10.6.22-18-1", "2025-06-11"),
        ("10.11.13-1", "2025-06-12"),
        ("11.4.7-4-1", "2025-06-11"),
        ("11.8.2-1", "0001-01-01"),
    ];
    let row = |(version, released)| {
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
    };
    token_page(versions.map(row).to_vec(), &query)
}

/// The page that `page_size` and `page_token` name, with the tokens of its neighbours.
fn token_page(rows: Vec<Value>, query: &Params) -> Result<impl IntoResponse + use<>, HttpError> {
    let size = query.number("page_size", 10, 100)?;
    let start = match query.get("page_token") {
        None => 0,
        Some(token) => token
            .strip_prefix("t-")
            .and_then(|place| place.parse::<usize>().ok())
            .filter(|&place| place < rows.len())
            .ok_or_else(|| HttpError::bad_request("page_token is not valid"))?,
    };
    let (end, before) = (start + size, start.saturating_sub(size));
    let next = (end < rows.len()).then(|| [("x-skysql-page-token-next", format!("t-{end}"))]);
    let previous = (start > 0).then(|| [("x-skysql-page-token-previous", format!("t-{before}"))]);
    let page: Vec<Value> = rows.into_iter().skip(start).take(size).collect();
    Ok((next, previous, Json(page)))
}
