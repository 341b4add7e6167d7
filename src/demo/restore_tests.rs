//! The routes of restores over real HTTP.

use reqwest::Method;
use serde_json::{Value, json};

use super::Demo;
use super::http_tests::{Frozen, call, demo_with, get, message, service_id};

const RESTORES: &str = "/skybackup/v1/restores";
const NOW: &str = "2026-09-14T09:00:30Z";

async fn demo() -> (Demo, Frozen) {
    let clock = Frozen::at(NOW);
    (demo_with(0, &clock).await, clock)
}

async fn post(demo: &Demo, body: Value) -> (u16, Value) {
    call(demo, Method::POST, RESTORES, Some(body)).await
}

/// The newest good backup of a type of a service.
async fn newest(demo: &Demo, service: &str, kind: &str) -> Value {
    let path = format!("/skybackup/v1/backups?service_id={service}&status=Succeeded&page_size=1000");
    let (_, page) = get(demo, &path).await;
    page["backups"].as_array().unwrap().iter().find(|row| row["type"] == kind).unwrap().clone()
}

async fn service(demo: &Demo, id: &str) -> Value {
    get(demo, &format!("/provisioning/v1/services/{id}")).await.1
}

#[tokio::test]
async fn a_restore_stops_its_target_and_ends() {
    let (demo, clock) = demo().await;
    let target = service_id(&demo, "staging").await;
    let orders = service_id(&demo, "orders-prod").await;
    let backup = newest(&demo, &orders, "incremental").await;
    let before = get(&demo, RESTORES).await.1["restores_count"].as_u64().unwrap();
    // It needs more than the 50 GB of the target.
    let (status, row) = post(&demo, json!({"service_id": target, "id": backup["id"]})).await;
    assert_eq!((status, row["status"].as_str(), row["type"].as_str()), (200, Some("Running"), Some("physical")));
    assert_eq!((&row["backup_id"], row["service_name"].as_str()), (&backup["id"], Some("staging")));
    assert_eq!(get(&demo, RESTORES).await.1["restores_count"], before + 1);
    assert_eq!(service(&demo, &target).await["status"], "pending_modifying");
    let (status, refusal) = post(&demo, json!({"service_id": target, "id": backup["id"]})).await;
    assert_eq!((status, message(&refusal).contains("pending state")), (409, true));
    clock.advance(45);
    let path = format!("{RESTORES}/{}", row["id"]);
    let (_, ended) = get(&demo, &path).await;
    assert_eq!(ended["status"], "Failed");
    assert!(ended["message"].as_str().unwrap().contains("no space left"));
    assert_eq!(service(&demo, &target).await["status"], "failed");
    // What failed can be tried again with less.
    let reports = "dbpgf62094417";
    let small = newest(&demo, &service_id(&demo, "mobile-api").await, "full").await;
    let (status, row) = post(&demo, json!({"service_id": reports, "id": small["id"]})).await;
    assert_eq!(status, 200, "{row}");
    clock.advance(45);
    assert_eq!(get(&demo, &format!("{RESTORES}/{}", row["id"])).await.1["status"], "Succeeded");
    assert_eq!(service(&demo, reports).await["status"], "ready");
}

#[tokio::test]
async fn a_target_holds_the_data_of_what_was_restored_into_it() {
    let (demo, clock) = demo().await;
    let (target, source) = (service_id(&demo, "analytics-dwh").await, service_id(&demo, "mobile-api").await);
    let backup = newest(&demo, &source, "full").await;
    let (status, _) = post(&demo, json!({"service_id": target, "id": backup["id"]})).await;
    assert_eq!(status, 200);
    clock.advance(60);
    let schedule = json!({"backup_type": "full", "schedule": "once", "service_id": target});
    call(&demo, Method::POST, "/skybackup/v1/backups/schedules", Some(schedule)).await;
    clock.advance(90);
    let again = newest(&demo, &target, "full").await["storage_bytes"].as_u64().unwrap();
    let of_source = backup["storage_bytes"].as_u64().unwrap();
    assert!(again.abs_diff(of_source) < of_source, "{again} {of_source}");
}

#[tokio::test]
async fn what_the_documents_forbid_is_refused() {
    let (demo, _clock) = demo().await;
    let (orders, staging) = (service_id(&demo, "orders-prod").await, service_id(&demo, "staging").await);
    let full = newest(&demo, &orders, "full").await["id"].clone();
    let elsewhere = service_id(&demo, "billing").await;
    let bucket = |method: &str, bucket: &str| json!({"method": method, "bucket": bucket});
    let cases = [
        (json!({"id": full}), 400, "service_id is required"),
        (json!({"service_id": staging}), 400, "id is required"),
        (json!({"service_id": "dbpgf00000000", "id": full}), 400, "was not found"),
        (json!({"service_id": staging, "id": "no such backup"}), 400, "backup no such backup was not found"),
        (json!({"service_id": elsewhere, "id": full}), 400, "a backup in gcp cannot be restored into a service in aws"),
        (json!({"service_id": service_id(&demo, "legacy-wiki").await, "id": full}), 400, "stopped"),
        (json!({"service_id": service_id(&demo, "search-index").await, "id": full}), 409, "pending state"),
        (json!({"service_id": staging, "id": orders, "point_in_time": "2026-09-14 02:00:00"}), 400, "point in time"),
        (
            json!({"service_id": staging, "id": "a.gz", "external_source": bucket("mysqldump", "gs://b")}),
            400,
            "end with /",
        ),
        (
            json!({"service_id": staging, "id": "a.gz", "external_source": bucket("pg_dump", "gs://b/")}),
            400,
            "mariabackup or mysqldump",
        ),
    ];
    for (body, want, words) in cases {
        let (status, refusal) = post(&demo, body.clone()).await;
        assert_eq!(status, want, "{body}");
        assert!(message(&refusal).contains(words), "{}", message(&refusal));
    }
}

#[tokio::test]
async fn a_moment_lies_between_two_snapshots() {
    let (demo, clock) = demo().await;
    let (status, found) = get(&demo, &format!("{RESTORES}/pointintime/lookup")).await;
    let ranges = found["services"].as_array().unwrap();
    assert_eq!(status, 200);
    let names: Vec<&str> = ranges.iter().map(|row| row["service_name"].as_str().unwrap()).collect();
    assert_eq!(names, ["crm-eu", "analytics-dwh"]);
    let (source, target) = (&ranges[1]["service_id"], service_id(&demo, "staging").await);
    let first = ranges[1]["start_time"].as_str().unwrap().split('.').next().unwrap().trim_end_matches('Z');
    let body = |moment: &str| json!({"service_id": target, "id": source, "point_in_time": moment});
    for wrong in ["2026-09-01 02:00:00", "2026-09-14T02:00:00Z", "yesterday"] {
        assert_eq!(post(&demo, body(wrong)).await.0, 400, "{wrong}");
    }
    let (status, row) = post(&demo, body(&first.replace('T', " "))).await;
    assert_eq!((status, &row["backup_id"]), (200, source));
    clock.advance(45);
    assert_eq!(get(&demo, &format!("{RESTORES}/{}", row["id"])).await.1["status"], "Succeeded");
}

#[tokio::test]
async fn a_file_in_a_bucket_leaves_the_target_running_where_it_is_a_dump() {
    let (demo, clock) = demo().await;
    let target = service_id(&demo, "staging").await;
    for (object, want) in [("dump.sql.gz", "Succeeded"), ("dump.sql", "Failed")] {
        let source = json!({"bucket": "gs://b/", "method": "mysqldump", "credentials": "YWJj", "encryption_key": "k"});
        let (status, row) = post(&demo, json!({"service_id": target, "id": object, "external_source": source})).await;
        assert_eq!((status, row["bucket"].as_str(), row["type"].as_str()), (200, Some("gs://b/"), Some("logical")));
        assert!(!row.to_string().contains("YWJj"));
        assert_eq!(service(&demo, &target).await["status"], "ready");
        clock.advance(45);
        assert_eq!(get(&demo, &format!("{RESTORES}/{}", row["id"])).await.1["status"], want, "{object}");
    }
}

#[tokio::test]
async fn a_deleted_entry_is_gone_and_its_restore_goes_on() {
    let (demo, clock) = demo().await;
    let (orders, target) = (service_id(&demo, "orders-prod").await, service_id(&demo, "analytics-dwh").await);
    let backup = newest(&demo, &orders, "full").await;
    let (_, row) = post(&demo, json!({"service_id": target, "id": backup["id"]})).await;
    let path = format!("{RESTORES}/{}", row["id"]);
    assert_eq!(call(&demo, Method::DELETE, &path, None).await.0, 200);
    assert_eq!(get(&demo, &path).await.0, 404);
    assert_eq!(call(&demo, Method::DELETE, &path, None).await.0, 404);
    assert_eq!(service(&demo, &target).await["status"], "pending_modifying");
    assert_eq!(post(&demo, json!({"service_id": target, "id": backup["id"]})).await.0, 409);
    clock.advance(45);
    assert_eq!(service(&demo, &target).await["status"], "ready");
}

#[tokio::test]
async fn the_targets_of_a_backup_are_in_its_cloud() {
    let (demo, _clock) = demo().await;
    let orders = service_id(&demo, "orders-prod").await;
    let backup = newest(&demo, &orders, "full").await;
    let path = format!("{RESTORES}/lookup");
    let look_up = async |service: &str| {
        let body = json!({"backup_id": backup["id"], "service_id": service});
        call(&demo, Method::POST, &path, Some(body)).await
    };
    let (status, found) = look_up(&orders).await;
    let names: Vec<&str> =
        found["services"].as_array().unwrap().iter().map(|row| row["service_name"].as_str().unwrap()).collect();
    assert_eq!((status, names.contains(&"staging"), names.contains(&"billing")), (200, true, false));
    assert_eq!(look_up("dbpwf05213894").await.0, 400, "not a backup of that service");
}

#[tokio::test]
async fn the_list_begins_with_finished_restores_in_both_forms() {
    let (demo, _clock) = demo().await;
    let (_, page) = get(&demo, &format!("{RESTORES}?page_size=100")).await;
    let rows = page["restores"].as_array().unwrap();
    let statuses: Vec<&str> = rows.iter().map(|row| row["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["Succeeded", "Succeeded", "Failed", "Succeeded", "Succeeded"]);
    assert_eq!(rows.iter().filter(|row| row["key"].is_string()).count(), 1);
    assert_eq!(rows.iter().filter(|row| row["backup_id"].is_string()).count(), 4);
    let target = rows[0]["service_id"].as_str().unwrap();
    let (_, page) = get(&demo, &format!("{RESTORES}?service_id={target}")).await;
    assert_eq!(page["restores_count"], 1);
    assert_eq!(get(&demo, &format!("{RESTORES}?service_id=ab")).await.0, 400);
    // A world of a given size has the rows it was asked for and no more.
    let large = demo_with(1_000, &Frozen::at(NOW)).await;
    assert_eq!(get(&large, RESTORES).await.1["restores_count"], 0);
    let orders = service_id(&large, "orders-prod").await;
    let (backup, target) = (newest(&large, &orders, "full").await, service_id(&large, "analytics-dwh").await);
    assert_eq!(post(&large, json!({"service_id": target, "id": backup["id"]})).await.0, 200);
}
