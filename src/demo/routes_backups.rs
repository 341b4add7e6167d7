//! `/skybackup/v1/backups` and `/skybackup/v1/backups/{service_id}`.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde_json::{Value, json};

use super::answer::{HttpError, Paging, Params};
use super::world::SharedWorld;

/// `GET /skybackup/v1/backups`: `page`, `page_size`, `order`, `service_id`, `status`.
pub(super) async fn list(
    State(world): State<SharedWorld>,
    Query(query): Query<Params>,
) -> Result<Json<Value>, HttpError> {
    let paging = Paging::read(&query)?;
    let mut world = world.lock();
    let (total, row) = world.backups(query.get("service_id"), query.get("status"));
    Ok(paging.answer("backups", total, row))
}

/// `GET /skybackup/v1/backups/{service_id}`: everything on one page.
pub(super) async fn of_service(
    State(world): State<SharedWorld>,
    Path(service_id): Path<String>,
) -> Result<Json<Value>, HttpError> {
    if service_id.len() < 5 {
        return Err(HttpError::bad_request("service_id must have at least 5 characters"));
    }
    let mut world = world.lock();
    let is_known = world.service(&service_id).is_some();
    let (total, row) = world.backups(Some(&service_id), None);
    if total == 0 && !is_known {
        return Err(HttpError::not_found(format!("service {service_id} was not found")));
    }
    let rows: Vec<Value> = (0..total).filter_map(row).collect();
    Ok(Json(json!({"backups_count": total, "pages_count": 1, "backups": rows})))
}
