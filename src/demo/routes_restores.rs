//! `/skybackup/v1/restores`: the list, starting, reading and deleting one, and both look-ups.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use jiff::civil::DateTime;
use serde_json::{Map, Value, json};

use super::answer::{HttpError, Paging, Params};
use super::body::{check_credentials, is_bucket, object, required};
use super::restores::{RestoreKind, RestoreRow, is_gzip_name};
use super::rows::{BackupRow, ServiceRow, instant_text};
use super::world::{SharedWorld, World};

/// `GET`: `page`, `page_size`, `order`, `service_id`, `type`.
pub(super) async fn list(
    State(world): State<SharedWorld>,
    Query(query): Query<Params>,
) -> Result<Json<Value>, HttpError> {
    let paging = Paging::read(&query)?;
    let (service_id, kind) = (query.get("service_id"), query.get("type"));
    if service_id.is_some_and(|id| id.len() < 3) {
        return Err(HttpError::bad_request("service_id must have at least 3 characters"));
    }
    let world = world.lock();
    let rows: Vec<&RestoreRow> = world
        .restores
        .iter()
        .rev()
        .filter(|restore| !restore.is_deleted)
        .filter(|restore| service_id.is_none_or(|id| restore.service_id == id))
        .filter(|restore| kind.is_none_or(|word| restore.kind.as_str() == word))
        .collect();
    let now = world.now();
    Ok(paging.answer("restores", rows.len(), |place| rows.get(place).map(|restore| restore.json(now))))
}

/// `GET` of one.
pub(super) async fn get(State(world): State<SharedWorld>, Path(id): Path<String>) -> Result<Json<Value>, HttpError> {
    let mut world = world.lock();
    let now = world.now();
    Ok(Json(find(&mut world, &id)?.json(now)))
}

/// `DELETE`: takes the entry out of the list; a restore that runs goes on.
pub(super) async fn delete(State(world): State<SharedWorld>, Path(id): Path<String>) -> Result<StatusCode, HttpError> {
    find(&mut world.lock(), &id)?.is_deleted = true;
    Ok(StatusCode::OK)
}

/// `POST`: `service_id` (the target) and `id`; for a moment `point_in_time`, for a bucket of the user's own `external_source`.
pub(super) async fn create(State(world): State<SharedWorld>, body: Bytes) -> Result<Json<Value>, HttpError> {
    let body = object(&body)?;
    let (target_id, source_id) = (required(&body, "service_id")?, required(&body, "id")?);
    let mut world = world.lock();
    let target = service(&world, target_id)?.clone();
    check_target(&world, &target)?;
    let (now, id) = (world.now(), world.new_restore_id());
    let begin = |kind| RestoreRow::new(id, &target, source_id, kind, now);
    let restore = match (body.get("external_source"), body.get("point_in_time")) {
        (Some(_), Some(_)) => return Err(HttpError::bad_request("point_in_time does not go with external_source")),
        (Some(source), None) => from_bucket(source, begin)?,
        (None, Some(moment)) => {
            let at = moment_of(moment)?;
            let (source, first, last) = restorable(&world, source_id)?;
            check_provider(source, &target)?;
            if !(first..=last).contains(&at) {
                let (first, last) = (instant_text(first), instant_text(last));
                return Err(HttpError::bad_request(format!("point_in_time must lie between {first} and {last}")));
            }
            RestoreRow { data_bytes: Some(source.data_bytes), ..begin(RestoreKind::Physical) }
        }
        (None, None) => {
            let backup = world.backup(source_id).ok_or_else(|| no_backup(source_id))?;
            check_provider(service(&world, &backup.service_id)?, &target)?;
            of_backup(&backup, &target, now, begin)?
        }
    };
    let row = restore.json(now);
    world.begin_restore(restore);
    Ok(Json(row))
}

/// `POST /lookup`: `backup_id` and `service_id`, the source.
pub(super) async fn targets(State(world): State<SharedWorld>, body: Bytes) -> Result<Json<Value>, HttpError> {
    let body = object(&body)?;
    let (backup_id, source_id) = (required(&body, "backup_id")?, required(&body, "service_id")?);
    let mut world = world.lock();
    if world.backup(backup_id).is_none_or(|backup| backup.service_id != source_id) {
        return Err(no_backup(backup_id));
    }
    let provider = service(&world, source_id)?.provider;
    let services = world.services.iter().filter(|service| service.provider == provider && service.status != "stopped");
    let rows: Vec<Value> =
        services.map(|service| json!({"service_id": service.id, "service_name": service.name})).collect();
    Ok(Json(json!({ "services": rows })))
}

/// `GET /pointintime/lookup`: the services of which a moment can be restored, with the first and last one.
pub(super) async fn moments(State(world): State<SharedWorld>) -> Json<Value> {
    let world = world.lock();
    let rows: Vec<Value> = world
        .services
        .iter()
        .filter_map(|service| restorable(&world, &service.id).ok())
        .map(|(service, first, last)| {
            json!({
                "service_id": service.id,
                "service_name": service.name,
                "start_time": instant_text(first),
                "end_time": instant_text(last),
            })
        })
        .collect();
    Json(json!({ "services": rows }))
}

fn of_backup(
    backup: &BackupRow,
    target: &ServiceRow,
    now: i64,
    begin: impl FnOnce(RestoreKind) -> RestoreRow,
) -> Result<RestoreRow, HttpError> {
    if backup.status(now) != "Succeeded" {
        return Err(HttpError::bad_request(format!("backup {} has not succeeded", backup.id)));
    }
    let is_too_large = backup.disk_bytes > target.storage_gb * 1_000_000_000;
    Ok(RestoreRow {
        data_bytes: Some(backup.disk_bytes),
        // Seen only when the volume is full.
        failure: is_too_large.then_some("no space left on the data volume of the target"),
        ..begin(RestoreKind::of(backup.kind))
    })
}

fn from_bucket(source: &Value, begin: impl FnOnce(RestoreKind) -> RestoreRow) -> Result<RestoreRow, HttpError> {
    let source: &Map<String, Value> =
        source.as_object().ok_or_else(|| HttpError::bad_request("external_source must be an object"))?;
    let bucket = required(source, "bucket")?;
    if !is_bucket(bucket) || !bucket.ends_with('/') {
        let message = "external_source.bucket must begin with gs:// or s3:// and end with /";
        return Err(HttpError::bad_request(message));
    }
    let kind = match required(source, "method")? {
        "mariabackup" => RestoreKind::Physical,
        "mysqldump" => RestoreKind::Logical,
        _ => return Err(HttpError::bad_request("external_source.method must be mariabackup or mysqldump")),
    };
    check_credentials(source.get("credentials"), "external_source")?;
    let mut restore = begin(kind);
    bucket.clone_into(&mut restore.bucket);
    // Only reading the file tells.
    restore.failure = (!is_gzip_name(&restore.source_id)).then_some("the file is not in gzip format");
    Ok(restore)
}

/// The source of a moment, and the first and last moment: between two snapshots of the last four days.
fn restorable<'a>(world: &'a World, source_id: &str) -> Result<(&'a ServiceRow, i64, i64), HttpError> {
    let source = service(world, source_id)?;
    let is_new_enough = !source.version.starts_with("10.5") && !source.version.starts_with("10.6");
    let is_capable = source.topology != "galera" && !source.topology.starts_with("serverless") && is_new_enough;
    match world.snapshots(source_id) {
        Some((first, last)) if is_capable => Ok((source, first, last)),
        _ => Err(HttpError::bad_request(format!("service {source_id} cannot be restored to a point in time"))),
    }
}

fn moment_of(value: &Value) -> Result<i64, HttpError> {
    let text = value.as_str().unwrap_or_default();
    let moment = text.replace(' ', "T").parse::<DateTime>().ok().filter(|_| text.len() == 19);
    let at = moment.and_then(|moment| jiff::tz::TimeZone::UTC.to_timestamp(moment).ok());
    at.map(jiff::Timestamp::as_second)
        .ok_or_else(|| HttpError::bad_request("point_in_time must have the form YYYY-MM-DD hh:mm:ss"))
}

fn check_target(world: &World, target: &ServiceRow) -> Result<(), HttpError> {
    if target.status == "stopped" {
        return Err(HttpError::bad_request("service is stopped"));
    }
    if target.status.starts_with("pending") || world.is_restoring(&target.id) {
        let message = format!("service {} is in a pending state", target.id);
        return Err(HttpError::new(StatusCode::CONFLICT, message));
    }
    Ok(())
}

fn check_provider(source: &ServiceRow, target: &ServiceRow) -> Result<(), HttpError> {
    if source.provider == target.provider {
        return Ok(());
    }
    let message = format!("a backup in {} cannot be restored into a service in {}", source.provider, target.provider);
    Err(HttpError::bad_request(message))
}

fn service<'a>(world: &'a World, id: &str) -> Result<&'a ServiceRow, HttpError> {
    world.service(id).ok_or_else(|| HttpError::bad_request(format!("service {id} was not found")))
}

fn no_backup(id: &str) -> HttpError {
    HttpError::bad_request(format!("backup {id} was not found"))
}

/// The restore with this id.
fn find<'a>(world: &'a mut World, id: &str) -> Result<&'a mut RestoreRow, HttpError> {
    let number: u64 =
        id.parse().map_err(|_error| HttpError::bad_request(format!("restore id must be a number, not {id}")))?;
    world
        .restores
        .iter_mut()
        .find(|restore| !restore.is_deleted && restore.id == number)
        .ok_or_else(|| HttpError::not_found(format!("restore {number} was not found")))
}
