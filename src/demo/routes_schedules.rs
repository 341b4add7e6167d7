//! `/skybackup/v1/backups/schedules`: the list, and creating, reading, changing and deleting one.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde_json::Value;

use super::answer::{HttpError, Paging, Params};
use super::body::{check_credentials, is_bucket, object, required};
use super::cron::CronRule;
use super::rows::{BackupKind, Life, ScheduleRow, ServiceRow};
use super::world::{SharedWorld, World};

/// Schedules it takes in all, so that no program can fill the memory.
const MAX_SCHEDULES: usize = 500;

/// `GET`: `page`, `page_size`, `order`, `service_id`, `type`.
pub(super) async fn list(
    State(world): State<SharedWorld>,
    Query(query): Query<Params>,
) -> Result<Json<Value>, HttpError> {
    let paging = Paging::read(&query)?;
    let (service_id, backup_type) = (query.get("service_id"), query.get("type"));
    if service_id.is_some_and(|id| id.len() < 3) {
        return Err(HttpError::bad_request("service_id must have at least 3 characters"));
    }
    let world = world.lock();
    let mut rows: Vec<&ScheduleRow> = world
        .schedules
        .iter()
        .filter(|schedule| schedule.is_listed())
        .filter(|schedule| service_id.is_none_or(|id| schedule.service_id == id))
        .filter(|schedule| backup_type.is_none_or(|word| schedule.kind.as_str() == word))
        .collect();
    rows.sort_by_key(|schedule| std::cmp::Reverse(schedule.id));
    Ok(paging.answer("schedules", rows.len(), |place| rows.get(place).map(|schedule| json(&world, schedule))))
}

/// `GET` of one.
pub(super) async fn get(State(world): State<SharedWorld>, Path(id): Path<String>) -> Result<Json<Value>, HttpError> {
    let mut world = world.lock();
    let schedule = find(&mut world, &id)?.clone();
    Ok(Json(json(&world, &schedule)))
}

/// `POST`: `backup_type`, `schedule`, `service_id`, and `external_storage` where it is the customer's own bucket.
pub(super) async fn create(State(world): State<SharedWorld>, body: Bytes) -> Result<Json<Value>, HttpError> {
    let body = object(&body)?;
    let service_id = required(&body, "service_id")?;
    let kind = kind(required(&body, "backup_type")?)?;
    let recurrence = required(&body, "schedule")?.trim();
    let cron = if recurrence == "once" { None } else { Some(cron(recurrence)?) };
    let storage = body.get("external_storage");
    storage.map_or(Ok(()), check_storage)?;
    let mut world = world.lock();
    let service = world
        .service(service_id)
        .ok_or_else(|| HttpError::bad_request(format!("service {service_id} was not found")))?
        .clone();
    check_service(&service, kind)?;
    if kind == BackupKind::Incremental && world.newest_full(service_id).is_none() {
        return Err(HttpError::bad_request("an incremental backup needs an existing full backup"));
    }
    if world.schedules.iter().filter(|schedule| schedule.is_listed()).count() >= MAX_SCHEDULES {
        let message = format!("the demo keeps at most {MAX_SCHEDULES} schedules: delete some first");
        return Err(HttpError::new(StatusCode::TOO_MANY_REQUESTS, message));
    }
    let now = world.now();
    let schedule = ScheduleRow {
        id: world.new_schedule_id(),
        service_id: service.id,
        service_name: service.name,
        provider: service.provider,
        kind,
        recurrence: recurrence.to_owned(),
        cron,
        is_suspended: false,
        life: Life::Active,
        is_external: storage.is_some(),
        stuck_at: None,
        created_at: now,
        updated_at: now,
        labels: Value::Null,
        odd: Vec::new(),
    };
    if schedule.is_once() {
        world.begin_job(&schedule, now);
    }
    let row = json(&world, &schedule);
    world.schedules.push(schedule);
    Ok(Json(row))
}

/// `PATCH`: any of `backup_type`, `schedule`, `suspended`.
pub(super) async fn update(
    State(world): State<SharedWorld>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, HttpError> {
    let mut world = world.lock();
    let mut schedule = find(&mut world, &id)?.clone();
    for (field, value) in object(&body)? {
        match (field.as_str(), value) {
            ("backup_type", value) => {
                schedule.kind = kind(value.as_str().unwrap_or_default())?;
                if let Some(service) = world.service(&schedule.service_id) {
                    check_type(service, schedule.kind)?;
                }
            }
            ("schedule", _) if schedule.is_once() => {
                return Err(HttpError::bad_request("the schedule of a one-time backup cannot be changed"));
            }
            ("schedule", value) => {
                let text = value.as_str().unwrap_or_default().trim();
                if text == "once" {
                    return Err(HttpError::bad_request("a recurring schedule cannot become a one-time backup"));
                }
                schedule.cron = Some(cron(text)?);
                text.clone_into(&mut schedule.recurrence);
            }
            ("suspended", Value::Bool(flag)) => schedule.is_suspended = flag,
            ("suspended", _) => return Err(HttpError::bad_request("suspended must be true or false")),
            (field, _) => return Err(HttpError::bad_request(format!("{field} cannot be changed"))),
        }
    }
    schedule.updated_at = world.now();
    let row = json(&world, &schedule);
    *find(&mut world, &id)? = schedule;
    Ok(Json(row))
}

/// `DELETE`: refused while a job of the schedule runs.
pub(super) async fn delete(State(world): State<SharedWorld>, Path(id): Path<String>) -> Result<StatusCode, HttpError> {
    let mut world = world.lock();
    let schedule_id = find(&mut world, &id)?.id;
    if world.is_busy(schedule_id) {
        let message = format!("schedule {id} cannot be deleted while its backup is running");
        return Err(HttpError::new(StatusCode::CONFLICT, message));
    }
    world.schedules.retain(|schedule| schedule.id != schedule_id);
    Ok(StatusCode::OK)
}

fn json(world: &World, schedule: &ScheduleRow) -> Value {
    schedule.json(world.newest_job(schedule.id), world.now())
}

/// The schedule with this id.
fn find<'a>(world: &'a mut World, id: &str) -> Result<&'a mut ScheduleRow, HttpError> {
    let number: u64 =
        id.parse().map_err(|_error| HttpError::bad_request(format!("schedule id must be a number, not {id}")))?;
    world
        .schedules
        .iter_mut()
        .find(|schedule| schedule.is_listed() && schedule.id == number)
        .ok_or_else(|| HttpError::not_found(format!("schedule {number} was not found")))
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
    if !storage.is_object() {
        return Err(HttpError::bad_request("external_storage must be an object"));
    }
    let bucket = storage
        .pointer("/bucket/path")
        .and_then(Value::as_str)
        .ok_or_else(|| HttpError::bad_request("external_storage.bucket.path is required"))?;
    if !is_bucket(bucket) {
        return Err(HttpError::bad_request("external_storage.bucket.path must begin with gs:// or s3://"));
    }
    check_credentials(storage.pointer("/bucket/credentials"), "external_storage")
}
