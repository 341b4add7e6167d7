//! `/skybackup/v1/backups/schedules`: the list, and creating, reading, changing and deleting one.

use serde_json::{Map, Value};

use super::answer::{HttpError, Paging, Query};
use super::cron::CronRule;
use super::faults::FaultyStream;
use super::response::DemoResponse;
use super::rows::{BackupKind, Life, ScheduleRow, ServiceRow};
use super::state::State;

/// Schedules it takes in all, so that no program can fill the memory.
const MOST_SCHEDULES: usize = 500;

/// `GET`: `page`, `page_size`, `order`, `service_id`, `type`.
pub(super) fn list(state: &State, query: &Query, wire: &FaultyStream) -> Result<DemoResponse, HttpError> {
    let paging = Paging::read(query)?;
    let service_id = query.get("service_id");
    if wire.needs_service_id && service_id.is_none() {
        return Err(HttpError::bad_request("service_id is required"));
    }
    if service_id.is_some_and(|id| id.len() < 3) {
        return Err(HttpError::bad_request("service_id must have at least 3 characters"));
    }
    let backup_type = query.get("type");
    let mut rows: Vec<&ScheduleRow> = state
        .schedules
        .iter()
        .filter(|schedule| schedule.is_listed())
        .filter(|schedule| !wire.lists_lag || schedule.created_at < state.now() - 60)
        .filter(|schedule| service_id.is_none_or(|id| schedule.service_id == id))
        .filter(|schedule| backup_type.is_none_or(|word| schedule.backup_type == word))
        .collect();
    rows.sort_by_key(|schedule| schedule.id);
    if !paging.is_ascending {
        rows.reverse();
    }
    let places = paging.places(rows.len(), wire);
    let page = rows.get(places).unwrap_or_default().iter().map(|schedule| json(state, schedule)).collect();
    Ok(paging.answer("schedules", page, rows.len(), wire))
}

/// `GET` of one.
pub(super) fn get(state: &State, id: &str) -> Result<DemoResponse, HttpError> {
    let place = place_of(state, id)?;
    answer(state, place)
}

/// `POST`: `backup_type`, `schedule`, `service_id`, and `external_storage` where it is the customer's own bucket.
pub(super) fn create(state: &mut State, body: &str) -> Result<DemoResponse, HttpError> {
    let body = object(body)?;
    let service_id = required(&body, "service_id")?;
    let kind = kind(required(&body, "backup_type")?)?;
    let recurrence = required(&body, "schedule")?.trim();
    let cron = if recurrence == "once" { None } else { Some(cron(recurrence)?) };
    let is_external = match body.get("external_storage") {
        None => false,
        Some(storage) => check_storage(storage).map(|()| true)?,
    };
    let service = state
        .service(service_id)
        .ok_or_else(|| HttpError::bad_request(format!("service {service_id} was not found")))?
        .clone();
    check_service(&service, kind)?;
    if kind == BackupKind::Incremental && state.newest_full(service_id).is_none() {
        return Err(HttpError::bad_request("an incremental backup needs an existing full backup"));
    }
    if state.schedules.iter().filter(|schedule| schedule.is_listed()).count() >= MOST_SCHEDULES {
        let message = format!("the demo keeps at most {MOST_SCHEDULES} schedules: delete some first");
        return Err(HttpError { status: 429, message });
    }
    let now = state.now();
    let schedule = ScheduleRow {
        id: state.new_schedule_id(),
        service_id: service.id,
        service_name: service.name,
        provider: service.provider,
        backup_type: kind.as_str().to_owned(),
        recurrence: recurrence.to_owned(),
        cron,
        is_suspended: false,
        life: Life::Active,
        is_external,
        stuck_at: None,
        created_at: now,
        updated_at: now,
        labels: Value::Null,
        odd: Vec::new(),
    };
    if schedule.is_once() {
        state.begin_job(&schedule, now);
    }
    state.schedules.push(schedule);
    answer(state, state.schedules.len() - 1)
}

/// `PATCH`: any of `backup_type`, `schedule`, `suspended`.
pub(super) fn update(state: &mut State, id: &str, body: &str) -> Result<DemoResponse, HttpError> {
    let place = place_of(state, id)?;
    let body = object(body)?;
    if let Some(field) = body.keys().find(|field| !["backup_type", "schedule", "suspended"].contains(&field.as_str())) {
        return Err(HttpError::bad_request(format!("{field} cannot be changed")));
    }
    let current = state.schedules.get(place).ok_or_else(gone)?;
    let service = state.service(&current.service_id);
    let kind = match body.get("backup_type") {
        None => None,
        Some(word) => Some(kind(word.as_str().unwrap_or_default())?),
    };
    if let (Some(kind), Some(service)) = (kind, service) {
        check_type(service, kind)?;
    }
    let recurrence = match body.get("schedule").map(|text| text.as_str().unwrap_or_default().trim()) {
        None => None,
        Some(_) if current.is_once() => {
            return Err(HttpError::bad_request("the schedule of a one-time backup cannot be changed"));
        }
        Some("once") => return Err(HttpError::bad_request("a recurring schedule cannot become a one-time backup")),
        Some(text) => Some((text.to_owned(), cron(text)?)),
    };
    let is_suspended = match body.get("suspended") {
        None => None,
        Some(Value::Bool(flag)) => Some(*flag),
        Some(_) => return Err(HttpError::bad_request("suspended must be true or false")),
    };
    let now = state.now();
    let schedule = state.schedules.get_mut(place).ok_or_else(gone)?;
    if let Some(kind) = kind {
        kind.as_str().clone_into(&mut schedule.backup_type);
    }
    if let Some((text, cron)) = recurrence {
        schedule.recurrence = text;
        schedule.cron = Some(cron);
    }
    if let Some(flag) = is_suspended {
        schedule.is_suspended = flag;
    }
    schedule.updated_at = now;
    answer(state, place)
}

/// `DELETE`: refused while a job of the schedule runs.
pub(super) fn delete(state: &mut State, id: &str) -> Result<DemoResponse, HttpError> {
    let place = place_of(state, id)?;
    let schedule_id = state.schedules.get(place).ok_or_else(gone)?.id;
    if state.is_busy(schedule_id) {
        let message = format!("schedule {id} cannot be deleted while its backup is running");
        return Err(HttpError { status: 409, message });
    }
    state.schedules.remove(place);
    Ok(DemoResponse::empty(200))
}

fn json(state: &State, schedule: &ScheduleRow) -> Value {
    schedule.json(state.newest_job(schedule.id), state.now())
}

fn answer(state: &State, place: usize) -> Result<DemoResponse, HttpError> {
    let schedule = state.schedules.get(place).ok_or_else(gone)?;
    Ok(DemoResponse::json(200, &json(state, schedule)))
}

fn place_of(state: &State, id: &str) -> Result<usize, HttpError> {
    let number: u64 =
        id.parse().map_err(|_error| HttpError::bad_request(format!("schedule id must be a number, not {id}")))?;
    let is_it = |schedule: &ScheduleRow| schedule.is_listed() && schedule.id == number;
    state
        .schedules
        .iter()
        .position(is_it)
        .ok_or_else(|| HttpError::not_found(format!("schedule {number} was not found")))
}

fn gone() -> HttpError {
    HttpError::not_found("schedule was not found")
}

fn object(body: &str) -> Result<Map<String, Value>, HttpError> {
    match serde_json::from_str(body) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(HttpError::bad_request("the body must be a JSON object")),
        Err(error) => Err(HttpError::bad_request(format!("the body is not JSON: {error}"))),
    }
}

fn required<'a>(body: &'a Map<String, Value>, field: &str) -> Result<&'a str, HttpError> {
    match body.get(field) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(text),
        None | Some(Value::String(_) | Value::Null) => Err(HttpError::bad_request(format!("{field} is required"))),
        Some(_) => Err(HttpError::bad_request(format!("{field} must be a string"))),
    }
}

fn kind(word: &str) -> Result<BackupKind, HttpError> {
    BackupKind::from_word(word).ok_or_else(|| {
        let message = "backup_type must be one of full, incremental, binarylog, dump, snapshot";
        HttpError::bad_request(message)
    })
}

fn cron(text: &str) -> Result<CronRule, HttpError> {
    CronRule::parse(text)
        .map_err(|reason| HttpError::bad_request(format!("schedule is not a cron expression: {reason}")))
}

fn check_service(service: &ServiceRow, kind: BackupKind) -> Result<(), HttpError> {
    if service.status == "stopped" {
        return Err(HttpError::bad_request("service is stopped"));
    }
    if service.status.starts_with("pending") {
        let message = format!("modification is not allowed while the service is in state {}", service.status);
        return Err(HttpError::bad_request(message));
    }
    check_type(service, kind)
}

fn check_type(service: &ServiceRow, kind: BackupKind) -> Result<(), HttpError> {
    if service.is_snapshot_only() && kind != BackupKind::Snapshot {
        let message = format!("{} backups are not supported for this service; use snapshot", kind.as_str());
        return Err(HttpError::bad_request(message));
    }
    Ok(())
}

fn check_storage(storage: &Value) -> Result<(), HttpError> {
    let Value::Object(storage) = storage else {
        return Err(HttpError::bad_request("external_storage must be an object"));
    };
    let bucket = storage
        .get("bucket")
        .and_then(|bucket| bucket.get("path"))
        .and_then(Value::as_str)
        .ok_or_else(|| HttpError::bad_request("external_storage.bucket.path is required"))?;
    let name = bucket.strip_prefix("gs://").or_else(|| bucket.strip_prefix("s3://"));
    if name.is_none_or(str::is_empty) {
        return Err(HttpError::bad_request("external_storage.bucket.path must begin with gs:// or s3://"));
    }
    match storage.get("bucket").and_then(|bucket| bucket.get("credentials")) {
        None => Ok(()),
        Some(Value::String(text)) if is_base64(text) => Ok(()),
        Some(Value::Array(bytes)) if bytes.iter().all(|byte| byte.as_u64().is_some_and(|byte| byte < 256)) => Ok(()),
        Some(_) => Err(HttpError::bad_request("illegal base64 data in external_storage credentials")),
    }
}

/// Standard alphabet, padded, one line.
fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty()
        && text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/')
}
