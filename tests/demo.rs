//! The demo service with faults, as a client meets it.

#![expect(clippy::disallowed_methods, reason = "clients that are not ours")]

use std::time::Duration;

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::support::demo::{Demo, Fault, FaultScope};
use crate::support::story::BEGINNING;

const BACKUPS: &str = "/skybackup/v1/backups";
const SCHEDULES: &str = "/skybackup/v1/backups/schedules";
const SERVICES: &str = "/provisioning/v1/services";

async fn demo() -> Demo {
    Demo::start_at(0, BEGINNING.parse().unwrap()).await
}

fn client() -> Client {
    Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap()
}

async fn send(demo: &Demo, method: Method, path: &str, body: Option<&Value>) -> reqwest::Result<Response> {
    let request = client().request(method, format!("{}{path}", demo.url)).header("X-API-Key", &demo.key);
    match body {
        Some(body) => request.json(body).send().await,
        None => request.send().await,
    }
}

async fn get(demo: &Demo, path: &str) -> (u16, Value) {
    let response = send(demo, Method::GET, path, None).await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn order(demo: &Demo) -> Value {
    let services = get(demo, SERVICES).await.1;
    json!({"service_id": services[0]["id"], "backup_type": "full", "schedule": "once"})
}

#[tokio::test]
async fn requests_are_recorded() {
    let demo = demo().await;
    let order = order(&demo).await;
    send(&demo, Method::POST, &format!("{SCHEDULES}?a=b"), Some(&order)).await.unwrap();
    let requests = demo.world.requests();
    let [_, post] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!((post.method.as_str(), post.path.as_str(), post.query.as_str()), ("POST", SCHEDULES, "a=b"));
    assert_eq!(serde_json::from_str::<Value>(&post.body).unwrap(), order);
    assert_eq!(post.header("X-API-Key"), Some(demo.key.as_str()));
    demo.world.forget_requests();
    assert!(demo.world.requests().is_empty());
}

#[tokio::test]
async fn answers_can_be_replaced() {
    let demo = demo().await;
    let headers = vec![("retry-after".to_owned(), "2".to_owned())];
    let fault = Fault::Status { code: 429, body: "slow down".to_owned(), headers };
    demo.world.set_fault_for(fault, FaultScope::next(1).on_path(BACKUPS));
    assert_eq!(get(&demo, SERVICES).await.0, 200);
    let response = send(&demo, Method::GET, BACKUPS, None).await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers()["retry-after"].to_str().unwrap()), (429, "2"));
    assert_eq!(response.text().await.unwrap(), "slow down");
    assert_eq!(get(&demo, BACKUPS).await.0, 200);
}

#[tokio::test]
async fn connections_can_be_cut() {
    let demo = demo().await;
    let world = &demo.world;
    let order = order(&demo).await;
    let before = world.schedule_count();

    for (fault, adds) in [(Fault::DropBeforeResponse, 0), (Fault::CommitThenDrop, 1), (Fault::CommitThen500, 2)] {
        world.set_fault_for(fault.clone(), FaultScope::next(1).on_method("POST"));
        let answer = send(&demo, Method::POST, SCHEDULES, Some(&order)).await;
        assert_eq!(world.schedule_count(), before + adds, "{fault:?}");
        match answer {
            Ok(response) => assert_eq!((&fault, response.status().as_u16()), (&Fault::CommitThen500, 500)),
            Err(error) => assert!(fault != Fault::CommitThen500 && !error.is_timeout(), "{error:?}"),
        }
    }

    for path in [BACKUPS, SCHEDULES, &format!("{SERVICES}?page_size=1")] {
        world.set_fault_for(Fault::CutBody, FaultScope::next(1));
        let response = send(&demo, Method::GET, path, None).await.unwrap();
        assert_eq!(response.status(), 200);
        assert!(response.bytes().await.is_err(), "{path}");
        assert_eq!(get(&demo, path).await.0, 200);
    }
}

#[tokio::test]
async fn a_kept_connection_is_cut_too() {
    let demo = demo().await;
    let client = client();
    let get = || client.get(format!("{}{SERVICES}", demo.url)).header("X-API-Key", &demo.key).send();
    get().await.unwrap().bytes().await.unwrap();
    demo.world.set_fault(Fault::DropBeforeResponse);
    assert!(get().await.is_err());
    demo.world.clear_faults();
    assert_eq!(get().await.unwrap().status(), 200);
}

#[tokio::test]
async fn lists_can_lie() {
    let demo = demo().await;
    let world = &demo.world;
    world.set_fault(Fault::SchedulesNeedServiceId);
    let (code, body) = get(&demo, SCHEDULES).await;
    assert_eq!((code, &body["errors"][0]["message"]), (400, &json!("service_id is required")));
    let order = order(&demo).await;
    let id = order["service_id"].as_str().unwrap();
    assert_eq!(get(&demo, &format!("{SCHEDULES}?service_id={id}")).await.0, 200);
    world.clear_faults();

    let before = world.schedule_count();
    world.set_fault(Fault::ListsLag);
    send(&demo, Method::POST, SCHEDULES, Some(&order)).await.unwrap();
    assert_eq!(get(&demo, SCHEDULES).await.1["schedules_count"], before);
    world.advance(61);
    assert_eq!(get(&demo, SCHEDULES).await.1["schedules_count"], before + 1);
}

#[tokio::test]
async fn answers_can_be_slow() {
    let demo = demo().await;
    let world = &demo.world;
    let order = order(&demo).await;
    world.forget_requests();
    world.set_fault(Fault::SlowMs(60_000));
    let request = client().post(format!("{}{SCHEDULES}", demo.url)).header("X-API-Key", &demo.key).json(&order);
    let sending = tokio::spawn(request.send());
    while world.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // It is done, and nobody has been told.
    assert_eq!(world.schedule_count(), 25);
    assert!(!sending.is_finished());
    sending.abort();
}
