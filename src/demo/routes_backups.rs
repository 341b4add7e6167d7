//! `/skybackup/v1/backups` and `/skybackup/v1/backups/{service_id}`.

use serde_json::{Value, json};

use super::answer::{HttpError, Paging, Query};
use super::faults::{FaultyStream, ServiceShape};
use super::response::DemoResponse;
use super::state::State;

/// `GET /skybackup/v1/backups`: `page`, `page_size`, `order`, `service_id`, `status`.
pub(super) fn list(state: &mut State, query: &Query, wire: &FaultyStream) -> Result<DemoResponse, HttpError> {
    let paging = Paging::read(query)?;
    let (service_id, status) = (query.get("service_id"), query.get("status"));
    // First the kept rows, which are newer, then those that are made from their numbers.
    let matching = state.bulk.as_mut().and_then(|bulk| bulk.matching(service_id, status));
    let now = state.now();
    let live = state.live(service_id, status);
    let bulk_count = match (&state.bulk, &matching) {
        (None, _) => 0,
        (Some(_), Some(places)) => places.len(),
        (Some(bulk), None) => bulk.len(),
    };
    let total = live.len() + bulk_count;
    let row = |place: usize| -> Option<Value> {
        let newest_first = if paging.is_ascending { total - 1 - place } else { place };
        if let Some(backup) = live.get(newest_first) {
            return Some(backup.json(now));
        }
        let place = newest_first - live.len();
        let number = match &matching {
            Some(places) => usize::try_from(*places.get(place)?).ok()?,
            None => place,
        };
        Some(state.bulk.as_ref()?.row(number)?.json(now))
    };
    let rows = paging.places(total, wire).filter_map(row).collect();
    Ok(paging.answer("backups", rows, total, wire))
}

/// `GET /skybackup/v1/backups/{service_id}`: whose shape is not settled, so the faults choose it.
pub(super) fn of_service(state: &mut State, service_id: &str, wire: &FaultyStream) -> Result<DemoResponse, HttpError> {
    if service_id.len() < 5 {
        return Err(HttpError::bad_request("service_id must have at least 5 characters"));
    }
    let now = state.now();
    let mut rows: Vec<Value> = state.live(Some(service_id), None).iter().map(|backup| backup.json(now)).collect();
    if let Some(bulk) = &mut state.bulk {
        let places = bulk.matching(Some(service_id), None).unwrap_or_default();
        let numbers = places.iter().filter_map(|place| usize::try_from(*place).ok());
        rows.extend(numbers.filter_map(|number| bulk.row(number)).map(|backup| backup.json(now)));
    }
    let is_known = !rows.is_empty() || state.service(service_id).is_some();
    if !is_known || wire.service_shape == ServiceShape::NotFound {
        return Err(HttpError::not_found(format!("service {service_id} was not found")));
    }
    let body = match wire.service_shape {
        ServiceShape::Array => Value::Array(rows),
        ServiceShape::Object => rows.into_iter().next().unwrap_or(Value::Null),
        ServiceShape::Null | ServiceShape::NotFound => Value::Null,
        ServiceShape::Page => json!({"backups_count": rows.len(), "pages_count": 1, "backups": rows}),
    };
    Ok(DemoResponse::json(200, &body))
}
