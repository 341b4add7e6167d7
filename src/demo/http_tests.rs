//! Every route over real HTTP.

#![expect(clippy::disallowed_methods, reason = "clients that are not ours")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::Demo;

const NOW: &str = "2026-09-14T09:00:30Z";
const BACKUPS: &str = "/skybackup/v1/backups";
const SCHEDULES: &str = "/skybackup/v1/backups/schedules";
const SERVICES: &str = "/provisioning/v1/services";

/// A clock that stands still and moves only by [`Frozen::advance`].
#[derive(Clone)]
pub(super) struct Frozen(Arc<AtomicI64>);

impl Frozen {
    pub(super) fn at(now: &str) -> Self {
        Self(Arc::new(AtomicI64::new(now.parse::<Timestamp>().unwrap().as_second())))
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
    }

    pub(super) fn advance(&self, secs: i64) {
        self.0.fetch_add(secs, Ordering::SeqCst);
    }

    pub(super) fn reader(&self) -> impl Fn() -> Timestamp + Send + Sync + 'static {
        let clock = self.clone();
        move || clock.now()
    }
}

async fn demo_of(backups: usize) -> Demo {
    demo_with(backups, &Frozen::at(NOW)).await
}

pub(super) async fn demo_with(backups: usize, clock: &Frozen) -> Demo {
    Demo::start(backups, clock.reader()).await.unwrap()
}

async fn schedule_count(demo: &Demo) -> u64 {
    get(demo, SCHEDULES).await.1["schedules_count"].as_u64().unwrap()
}

async fn backup_count(demo: &Demo) -> u64 {
    get(demo, BACKUPS).await.1["backups_count"].as_u64().unwrap()
}

async fn send(demo: &Demo, method: Method, path: &str, body: Option<Value>) -> reqwest::Result<Response> {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build()?;
    let request = client.request(method, format!("{}{path}", demo.url)).header("X-API-Key", &demo.key);
    match body {
        Some(body) => request.json(&body).send().await,
        None => request.send().await,
    }
}

pub(super) async fn call(demo: &Demo, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
    let response = send(demo, method, path, body).await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let value = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
    (status, value)
}

pub(super) async fn get(demo: &Demo, path: &str) -> (u16, Value) {
    call(demo, Method::GET, path, None).await
}

pub(super) fn message(body: &Value) -> &str {
    body["errors"][0]["message"].as_str().unwrap()
}

pub(super) async fn service_id(demo: &Demo, name: &str) -> String {
    let (_, services) = get(demo, "/provisioning/v1/services?page_size=100").await;
    let service = services.as_array().unwrap().iter().find(|service| service["name"] == name).unwrap();
    service["id"].as_str().unwrap().to_owned()
}

/// All rows of a list, by its pages.
async fn walk(demo: &Demo, path: &str, name: &str, size: usize) -> Vec<Value> {
    let mut rows = Vec::new();
    for page in 1.. {
        let (status, body) = get(demo, &format!("{path}?page={page}&page_size={size}")).await;
        assert_eq!(status, 200);
        rows.extend(body[name].as_array().cloned().unwrap_or_default());
        if page >= body["pages_count"].as_u64().unwrap() {
            assert_eq!(body[format!("{name}_count")], rows.len());
            break;
        }
    }
    rows
}

#[tokio::test]
async fn the_key_is_needed() {
    let demo = demo_of(0).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for key in [None, Some("skysql.other.1")] {
        let request = client.get(format!("{}{BACKUPS}", demo.url));
        let request = if let Some(key) = key { request.header("X-API-Key", key) } else { request };
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 401);
        assert_eq!(response.text().await.unwrap(), "");
    }
}

#[tokio::test]
async fn pages_of_backups_cover_the_list_once() {
    for (backups, size) in [(0, 100), (2_345, 1000)] {
        let demo = demo_of(backups).await;
        let rows = walk(&demo, BACKUPS, "backups", size).await;
        let mut ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(u64::try_from(ids.len()).unwrap(), backup_count(&demo).await);
        assert_eq!(ids.len(), rows.len());
        let times: Vec<&str> = rows.iter().filter_map(|row| row["start_time"].as_str()).collect();
        assert!(times.is_sorted_by(|newer, older| newer >= older));
    }
}

#[tokio::test]
async fn both_orders_show_the_same_rows() {
    for backups in [0, 500] {
        let demo = demo_of(backups).await;
        let (_, newest) = get(&demo, &format!("{BACKUPS}?page_size=1000&order=desc")).await;
        let (_, oldest) = get(&demo, &format!("{BACKUPS}?page_size=1000&order=asc")).await;
        let mut reversed = oldest["backups"].as_array().unwrap().clone();
        reversed.reverse();
        assert_eq!(newest["backups"].as_array().unwrap(), &reversed);
    }
}

#[tokio::test]
async fn backups_are_filtered_by_service_and_status() {
    for backups in [0, 2_000] {
        let demo = demo_of(backups).await;
        let id = service_id(&demo, "orders-prod").await;
        let all = walk(&demo, BACKUPS, "backups", 1000).await;
        for (query, field, value) in
            [(format!("service_id={id}"), "service_id", id.as_str()), ("status=Failed".to_owned(), "status", "Failed")]
        {
            let (_, body) = get(&demo, &format!("{BACKUPS}?{query}&page_size=1000")).await;
            let wanted: Vec<&Value> = all.iter().filter(|row| row[field] == value).collect();
            assert!(!wanted.is_empty());
            assert_eq!(body["backups"].as_array().unwrap().iter().collect::<Vec<_>>(), wanted, "{query}");
            assert_eq!(body["backups_count"], wanted.len());
        }
        let (_, none) = get(&demo, &format!("{BACKUPS}?service_id=dbpgf99999999")).await;
        assert_eq!(none, json!({"backups": null, "backups_count": 0, "pages_count": 0}));
    }
}

#[tokio::test]
async fn refusals_have_the_documented_body() {
    let demo = demo_of(0).await;
    for (path, status) in [
        (format!("{BACKUPS}?page=0"), 400),
        (format!("{BACKUPS}/abc"), 400),
        (format!("{BACKUPS}/status"), 404),
        (format!("{SCHEDULES}/99"), 404),
        (format!("{SCHEDULES}/abc"), 400),
        (format!("{SCHEDULES}?service_id=a"), 400),
        (format!("{SERVICES}/dbpgf99999999"), 404),
        (format!("{SERVICES}?page_token=x"), 400),
        ("/skybackup/v1/downloads".to_owned(), 404),
    ] {
        let (code, body) = get(&demo, &path).await;
        assert_eq!(code, status, "{path}");
        assert_eq!(body["code"], status);
        assert!(!message(&body).is_empty());
        assert_eq!(body["path"], path.split('?').next().unwrap());
        assert!(body["timestamp"].as_str().unwrap().parse::<i64>().is_ok());
        assert_eq!(body["trace_id"].as_str().unwrap().len(), 32);
    }
    let (code, _) = call(&demo, Method::DELETE, BACKUPS, None).await;
    assert_eq!(code, 405);
}

#[tokio::test]
async fn services_come_in_pages_by_token() {
    let demo = demo_of(0).await;
    let mut names = Vec::new();
    let mut path = format!("{SERVICES}?page_size=5");
    loop {
        let response = send(&demo, Method::GET, &path, None).await.unwrap();
        let next = response.headers().get("X-SkySQL-Page-Token-Next").map(|token| token.to_str().unwrap().to_owned());
        let page: Vec<Value> = response.json().await.unwrap();
        names.extend(page.iter().map(|service| service["name"].as_str().unwrap().to_owned()));
        match next {
            Some(token) => path = format!("{SERVICES}?page_size=5&page_token={token}"),
            None => break,
        }
    }
    assert_eq!(names.len(), 14);
    assert_eq!(names.iter().filter(|name| *name == "reports").count(), 2);
    let id = service_id(&demo, "legacy-wiki").await;
    let (code, service) = get(&demo, &format!("{SERVICES}/{id}")).await;
    assert_eq!((code, &service["status"]), (200, &json!("stopped")));
    let (code, versions) = get(&demo, "/provisioning/v1/versions?page_size=1").await;
    assert_eq!((code, versions.as_array().unwrap().len()), (200, 1));
}

#[tokio::test]
async fn schedules_are_listed_and_filtered() {
    let demo = demo_of(0).await;
    let rows = walk(&demo, SCHEDULES, "schedules", 10).await;
    assert_eq!((rows.len(), schedule_count(&demo).await), (24, 24));
    for (name, found) in [
        ("word cron", rows.iter().any(|row| row["schedule"] == "cron")),
        ("a word for five fields", rows.iter().any(|row| row["schedule"] == "@daily")),
        ("two readings", rows.iter().any(|row| row["schedule"] == "0 4 */2 * 1-5")),
        ("once", rows.iter().any(|row| row["schedule"] == "once")),
        ("id as text", rows.iter().any(|row| row["id"].is_string())),
        ("suspended", rows.iter().any(|row| row["suspended"] == true)),
        ("failed", rows.iter().any(|row| row["status"] == "Failed")),
        ("no labels", rows.iter().any(|row| row.get("labels") == Some(&Value::Null))),
        ("nested labels", rows.iter().any(|row| row["labels"]["owner"].is_object())),
    ] {
        assert!(found, "{name}");
    }
    let (_, body) = get(&demo, &format!("{SCHEDULES}?type=snapshot&page_size=100")).await;
    assert!(body["schedules"].as_array().unwrap().iter().all(|row| row["type"] == "snapshot"));
    let id = service_id(&demo, "billing").await;
    let (_, body) = get(&demo, &format!("{SCHEDULES}?service_id={id}")).await;
    assert_eq!(body["schedules_count"], 3);
}

#[tokio::test]
async fn a_backup_made_now_runs_and_finishes() {
    let clock = Frozen::at(NOW);
    let demo = demo_with(0, &clock).await;
    let id = service_id(&demo, "orders-prod").await;
    let order = json!({"service_id": id, "backup_type": "full", "schedule": "once"});
    let (code, schedule) = call(&demo, Method::POST, SCHEDULES, Some(order)).await;
    assert_eq!((code, &schedule["status"], &schedule["schedule"]), (200, &json!("Running"), &json!("once")));
    let one = format!("{SCHEDULES}/{}", schedule["id"]);
    let (_, list) = get(&demo, &format!("{BACKUPS}?page_size=1")).await;
    let row = &list["backups"][0];
    assert_eq!((&row["status"], &row["service_name"]), (&json!("Running"), &json!("orders-prod")));
    assert_eq!((&row["storage_bytes"], &row["binlog_gtid_position"]), (&json!(0), &json!("")));

    let (code, busy) = call(&demo, Method::DELETE, &one, None).await;
    assert_eq!(code, 409);
    assert!(message(&busy).contains("running"));

    clock.advance(61);
    let (_, schedule) = get(&demo, &one).await;
    assert_eq!(schedule["status"], "Succeeded");
    let (_, list) = get(&demo, &format!("{BACKUPS}?page_size=1")).await;
    let row = &list["backups"][0];
    assert_eq!(row["status"], "Succeeded");
    assert!(row["storage_bytes"].as_u64().unwrap() > 1 << 30);
    assert!(row["binlog_gtid_position"].as_str().unwrap().contains("0-"));
    assert_eq!(row["id"].as_str().unwrap().split(':').count(), 3);

    let response = send(&demo, Method::DELETE, &one, None).await.unwrap();
    assert_eq!((response.status().as_u16(), response.content_length()), (200, Some(0)));
    assert_eq!(get(&demo, &one).await.0, 404);
    assert_eq!(call(&demo, Method::DELETE, &one, None).await.0, 404);
}

#[tokio::test]
async fn a_cron_schedule_that_is_posted_fires() {
    let clock = Frozen::at(NOW);
    let demo = demo_with(100, &clock).await;
    let id = service_id(&demo, "checkout-prod").await;
    let order = json!({"service_id": id, "backup_type": "dump", "schedule": "*/30 * * * *"});
    let (code, schedule) = call(&demo, Method::POST, SCHEDULES, Some(order)).await;
    assert_eq!((code, &schedule["status"]), (200, &json!("Scheduled")));
    assert_eq!(schedule["scheduled_at"], "2026-09-14T09:30:00Z");
    clock.advance(29 * 60 + 35);
    let (_, list) = get(&demo, &format!("{BACKUPS}?page_size=1")).await;
    assert_eq!((&list["backups"][0]["type"], &list["backups_count"]), (&json!("dump"), &json!(101)));
    assert_eq!(get(&demo, &format!("{SCHEDULES}/{}", schedule["id"])).await.1["status"], "Running");
}

#[tokio::test]
async fn posts_that_make_no_sense_are_refused() {
    let demo = demo_of(0).await;
    let orders = service_id(&demo, "orders-prod").await;
    let order = |field: &str, value: Value| {
        let mut order = json!({"service_id": orders, "backup_type": "full", "schedule": "0 2 * * *"});
        order[field] = value;
        order
    };
    let storage = |bucket: Value| order("external_storage", json!({"bucket": bucket}));
    let before = schedule_count(&demo).await;
    for (body, word) in [
        (json!([]), "object"),
        (json!({"service_id": orders, "schedule": "once"}), "backup_type"),
        (order("service_id", json!("dbpgf00000000")), "not found"),
        (order("service_id", json!(service_id(&demo, "legacy-wiki").await)), "stopped"),
        (order("service_id", json!(service_id(&demo, "search-index").await)), "pending_scale"),
        (order("service_id", json!(service_id(&demo, "crm-eu").await)), "snapshot"),
        (order("backup_type", json!("physical")), "backup_type"),
        (order("schedule", json!("0 9 ** *")), "5 fields"),
        (order("schedule", json!("cron")), "5 fields"),
        (order("schedule", json!(5)), "string"),
        (order("external_storage", Value::Null), "external_storage"),
        (storage(json!({"path": "bucket"})), "gs://"),
        (storage(json!({"path": "s3://bucket", "credentials": "not base64"})), "base64"),
    ] {
        let (code, answer) = call(&demo, Method::POST, SCHEDULES, Some(body.clone())).await;
        assert_eq!(code, 400, "{body}");
        assert!(message(&answer).contains(word), "{body}: {answer}");
    }
    assert_eq!(schedule_count(&demo).await, before);
    let good = storage(json!({"path": "s3://bucket/nightly", "credentials": "W2RlZmF1bHRd"}));
    assert_eq!(call(&demo, Method::POST, SCHEDULES, Some(good)).await.0, 200);
}

#[tokio::test]
async fn a_schedule_is_changed() {
    let demo = demo_of(0).await;
    let rows = walk(&demo, SCHEDULES, "schedules", 100).await;
    let path_of =
        |word: &str| format!("{SCHEDULES}/{}", rows.iter().find(|row| row["schedule"] == word).unwrap()["id"]);
    let nightly = path_of("30 1 * * *");
    let (code, changed) =
        call(&demo, Method::PATCH, &nightly, Some(json!({"schedule": "5 4 * * *", "suspended": true}))).await;
    assert_eq!((code, &changed["schedule"], &changed["suspended"]), (200, &json!("5 4 * * *"), &json!(true)));
    assert_eq!((&changed["type"], &changed["updated_at"]), (&json!("full"), &json!(NOW)));
    let (_, resumed) = call(&demo, Method::PATCH, &nightly, Some(json!({"suspended": false}))).await;
    assert_eq!((&resumed["status"], &resumed["schedule"]), (&json!("Scheduled"), &json!("5 4 * * *")));
    for (path, body, word) in [
        (path_of("once"), json!({"schedule": "0 2 * * *"}), "one-time"),
        (nightly.clone(), json!({"schedule": "once"}), "one-time"),
        (nightly.clone(), json!({"schedule": "0 9 ** *"}), "5 fields"),
        (nightly.clone(), json!({"service_id": "dbpgf41870263"}), "service_id"),
        (nightly.clone(), json!({"suspended": "yes"}), "suspended"),
    ] {
        let (code, answer) = call(&demo, Method::PATCH, &path, Some(body.clone())).await;
        assert_eq!(code, 400, "{body}");
        assert!(message(&answer).contains(word), "{body}: {answer}");
    }
}

#[tokio::test]
async fn a_suspended_schedule_does_not_fire() {
    let clock = Frozen::at(NOW);
    let demo = demo_with(100, &clock).await;
    let id = service_id(&demo, "billing").await;
    let order = json!({"service_id": id, "backup_type": "full", "schedule": "* * * * *"});
    let (_, schedule) = call(&demo, Method::POST, SCHEDULES, Some(order)).await;
    let path = format!("{SCHEDULES}/{}", schedule["id"]);
    call(&demo, Method::PATCH, &path, Some(json!({"suspended": true}))).await;
    clock.advance(600);
    assert_eq!(backup_count(&demo).await, 100);
    call(&demo, Method::PATCH, &path, Some(json!({"suspended": false}))).await;
    clock.advance(600);
    assert_eq!(backup_count(&demo).await, 110);
}

#[tokio::test]
async fn the_backups_of_one_service_come_on_one_page() {
    let demo = demo_of(0).await;
    let path = format!("{BACKUPS}/{}", service_id(&demo, "billing").await);
    let (_, page) = get(&demo, &path).await;
    let count = page["backups"].as_array().unwrap().len();
    assert_eq!(page["backups_count"], count);
}

#[tokio::test]
async fn a_dropped_service_answers_nobody() {
    let demo = demo_of(0).await;
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
    let url = format!("{}{SERVICES}", demo.url);
    let key = demo.key.clone();
    let get = || client.get(&url).header("X-API-Key", &key).send();
    get().await.unwrap().bytes().await.unwrap();
    drop(demo);
    assert!(get().await.is_err());
}

#[tokio::test]
async fn a_service_with_a_running_clock() {
    let demo = Demo::start(0, Timestamp::now).await.unwrap();
    assert!(demo.url.starts_with("http://127.0.0.1:") && !demo.url.ends_with('/'));
    let response = send(&demo, Method::GET, BACKUPS, None).await.unwrap();
    assert_eq!(response.status(), 200);
    let date = response.headers()["date"].to_str().unwrap();
    let behind = Timestamp::now().duration_since(jiff::fmt::rfc2822::parse(date).unwrap().timestamp());
    assert!((0..5).contains(&behind.as_secs()));
}

#[tokio::test]
async fn a_page_of_a_million_backups() {
    let demo = demo_of(1_000_000).await;
    let (_, body) = get(&demo, &format!("{BACKUPS}?page=10000&page_size=100")).await;
    assert_eq!((&body["backups_count"], &body["pages_count"]), (&json!(1_000_000), &json!(10_000)));
    assert_eq!(body["backups"].as_array().unwrap().len(), 100);
    let (_, services) = get(&demo, "/provisioning/v1/services?page_size=100").await;
    assert_eq!(services.as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn each_run_has_a_key_of_its_own() {
    let (first, second) = (demo_of(0).await, demo_of(0).await);
    assert_ne!(first.key, second.key);
    assert_eq!(first.key.len(), "skysql.demo.".len() + 64);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(format!("{}{SERVICES}", first.url)).header("X-API-Key", &second.key).send().await.unwrap();
    assert_eq!(answer.status(), 401);
}

#[tokio::test]
async fn only_a_name_of_this_computer_is_served() {
    let demo = demo_of(0).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let port = demo.url.rsplit(':').next().unwrap().to_owned();
    let url = format!("{}{SERVICES}", demo.url);
    let cases = [
        (format!("127.0.0.1:{port}"), 200),
        ("localhost:1".to_owned(), 200),
        ("LOCALHOST".to_owned(), 200),
        ("[::1]:80".to_owned(), 200),
        (format!("evil.example:{port}"), 421),
        ("127.0.0.1.evil.example".to_owned(), 421),
        ("localhost.".to_owned(), 421),
        (String::new(), 421),
    ];
    for (host, status) in cases {
        let answer = client.get(&url).header("X-API-Key", &demo.key).header("Host", &host).send().await.unwrap();
        assert_eq!(answer.status(), status, "{host}");
    }
}

#[tokio::test]
async fn bodies_rows_and_connections_have_limits() {
    let demo = demo_of(0).await;
    let body = json!({"service_id": "x".repeat(65 * 1024)});
    let answer = send(&demo, Method::POST, SCHEDULES, Some(body)).await.unwrap();
    assert_eq!(answer.status(), 413);

    let service = get(&demo, SERVICES).await.1[0]["id"].clone();
    let body = json!({"service_id": service, "backup_type": "full", "schedule": "0 2 * * *"});
    let before = schedule_count(&demo).await;
    for made in before.. {
        let answer = send(&demo, Method::POST, SCHEDULES, Some(body.clone())).await.unwrap();
        if answer.status() != 200 {
            assert_eq!((answer.status().as_u16(), made), (429, 500));
            break;
        }
    }

    // Connections that say nothing take all places; the next one is served once one of them is gone.
    let address = demo.url.trim_start_matches("http://").to_owned();
    let mut silent = Vec::new();
    for _ in 0..64 {
        silent.push(tokio::net::TcpStream::connect(&address).await.unwrap());
    }
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_millis(300)).build().unwrap();
    let get = || client.get(format!("{}{SERVICES}", demo.url)).header("X-API-Key", &demo.key).send();
    assert!(get().await.unwrap_err().is_timeout());
    silent.clear();
    assert_eq!(send(&demo, Method::GET, SERVICES, None).await.unwrap().status(), 200);
}
