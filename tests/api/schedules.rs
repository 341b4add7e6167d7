use serde_json::{Value, json as value};
use skybackup::api::{Attempt, ClientLimits, Completeness, ErrorKind, Listing, Operation, ScheduleQuery};
use skybackup::domain::{BackupType, Recurrence, Schedule, ScheduleId, ServiceId, Status};
use skybackup::draft::{NewSchedule, SchedulePatch};
use skybackup::grid::json_text;
use skybackup::rows::RowsBuilder;
use skybackup::secrets::{ExternalStorage, StorageCredentials};

use super::transport::once_now;
use super::{Bench, quick};
use crate::support::raw_server::{RawServer, Reply, json, response};

fn services(count: usize) -> Vec<ServiceId> {
    (0..count).map(|number| ServiceId::new(format!("dbpgf{number:08}"))).collect()
}

async fn list(bench: &Bench, services: &[ServiceId]) -> Listing<Schedule> {
    bench.client.list_schedules(&ScheduleQuery::default(), services, &mut |_, _| {}).await.unwrap()
}

#[tokio::test]
async fn the_whole_organization_is_asked_first() {
    let server =
        RawServer::always(json(r#"{"schedules":[{"id":1},{"id":2}],"schedules_count":2,"pages_count":1}"#)).await;
    assert_eq!(list(&Bench::new(&server.url()), &services(3)).await.rows.len(), 2);
    assert_eq!(server.lines(), ["GET /skybackup/v1/backups/schedules?page=1&page_size=100"]);
}

#[tokio::test]
async fn a_service_that_wants_a_service_id_is_asked_for_each_and_that_is_remembered() {
    for refusal in [400, 422] {
        let server = RawServer::start(move |request, _| {
            Reply::Send(match request.parameter("service_id") {
                None => response(refusal, &[], r#"{"message":"service_id is required"}"#),
                Some("dbpgf00000002") => response(404, &[], r#"{"code":404}"#),
                Some(service) => json(&format!(r#"[{{"id":"{}"}}]"#, &service[5..])),
            })
        })
        .await;
        let bench = Bench::new(&server.url());
        let mut seen = Vec::new();
        let query = ScheduleQuery { backup_type: Some(BackupType::Full), ..ScheduleQuery::default() };
        let mut note = |progress: &skybackup::api::Progress, rows: &RowsBuilder<Schedule>| {
            seen.push((progress.pages_read, progress.pages_count, rows.len()));
        };
        let listing = bench.client.list_schedules(&query, &services(6), &mut note).await.unwrap();
        assert_eq!((listing.rows.len(), &listing.completeness), (5, &Completeness::Complete));
        assert_eq!(seen.len(), 6);
        assert_eq!(seen[5], (6, Some(6), 5));
        let mut asked = server.lines();
        assert_eq!(asked[0], "GET /skybackup/v1/backups/schedules?type=full&page=1&page_size=100");
        asked[1..].sort();
        assert_eq!(
            asked[1],
            "GET /skybackup/v1/backups/schedules?type=full&service_id=dbpgf00000000&page=1&page_size=100"
        );
        assert_eq!(asked.len(), 7);
        list(&bench, &services(2)).await;
        assert_eq!(server.lines()[7..].iter().filter(|line| !line.contains("service_id")).count(), 0);
    }
}

#[tokio::test]
async fn a_service_that_fails_is_reported_and_leaves_the_others() {
    let server = RawServer::start(|request, _| {
        Reply::Send(match request.parameter("service_id") {
            Some("dbpgf00000001") => response(403, &[], ""),
            Some(service) => json(&format!(r#"[{{"id":"{}"}}]"#, &service[5..])),
            None => response(400, &[], ""),
        })
    })
    .await;
    let listing = list(&Bench::new(&server.url()), &services(3)).await;
    assert_eq!(listing.rows.len(), 2);
    let why = "The schedules of 1 of 3 services could not be read: This API key is not allowed to do this".to_owned();
    assert_eq!(listing.completeness, Completeness::Partial(why));
}

#[tokio::test]
async fn a_refusal_without_services_to_ask_for_is_an_error() {
    let server = RawServer::always(response(400, &[], r#"{"message":"service_id is required"}"#)).await;
    let client = Bench::new(&server.url()).client;
    let error = client.list_schedules(&ScheduleQuery::default(), &[], &mut |_, _| {}).await.unwrap_err();
    assert_eq!((error.kind, error.message.as_deref()), (ErrorKind::Rejected, Some("service_id is required")));
}

#[tokio::test]
async fn a_schedule_is_created_with_just_what_it_needs() {
    let server = RawServer::always(response(201, &[], r#"{"id":4312,"schedule":"once","status":"Scheduled"}"#)).await;
    let bench = Bench::new(&server.url());
    let schedule = bench.client.create_schedule(&once_now()).await.unwrap();
    assert_eq!((schedule.id.as_str(), schedule.recurrence), ("4312", Some(Recurrence::Once)));
    assert_eq!(server.lines(), ["POST /skybackup/v1/backups/schedules"]);
    let body: Value = serde_json::from_str(&server.requests()[0].body).unwrap();
    assert_eq!(body, value!({"backup_type": "full", "schedule": "once", "service_id": "dbpgf41870263"}));
    assert_eq!(bench.records()[0].operation, Operation::CreateSchedule);
}

#[tokio::test]
async fn a_change_sends_only_what_changed() {
    let server = RawServer::always(json(r#"{"id":7,"suspended":true}"#)).await;
    let patch = SchedulePatch { suspended: Some(true), ..SchedulePatch::default() };
    let schedule =
        Bench::new(&server.url()).client.update_schedule(&ScheduleId::new("7"), &patch, Attempt::First).await.unwrap();
    assert!(schedule.is_suspended());
    assert_eq!(server.lines(), ["PATCH /skybackup/v1/backups/schedules/7"]);
    assert_eq!(server.requests()[0].body, r#"{"suspended":true}"#);
}

#[tokio::test]
async fn a_change_accepted_without_words_is_read_back() {
    let server = RawServer::start(|request, _| {
        Reply::Send(if request.method == "PATCH" {
            response(204, &[], "")
        } else {
            json(r#"{"id":7,"suspended":true}"#)
        })
    })
    .await;
    let patch = SchedulePatch { suspended: Some(true), ..SchedulePatch::default() };
    let schedule =
        Bench::new(&server.url()).client.update_schedule(&ScheduleId::new("7"), &patch, Attempt::First).await.unwrap();
    assert!(schedule.is_suspended());
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn an_id_stays_in_its_place() {
    let server = RawServer::always(json(r#"{"id":7}"#)).await;
    Bench::new(&server.url()).client.get_schedule(&ScheduleId::new("7/../x?y")).await.unwrap();
    assert_eq!(server.lines(), ["GET /skybackup/v1/backups/schedules/7%2F..%2Fx%3Fy"]);
}

#[tokio::test]
async fn the_limits_of_a_list_hold_for_the_lists_of_all_services_together() {
    for (pacing, words) in [
        (ClientLimits { most_rows: 5, ..quick() }, "cut at 5 rows"),
        (ClientLimits { most_bytes: 100, ..quick() }, "cut at 100 B"),
    ] {
        let server = RawServer::start(|request, _| {
            Reply::Send(match request.parameter("service_id") {
                None => response(400, &[], r#"{"message":"service_id is required"}"#),
                Some(service) => json(&format!(r#"[{{"id":"{service}"}}]"#)),
            })
        })
        .await;
        let listing = list(&Bench::with(&server.url(), pacing), &services(40)).await;
        assert!(matches!(&listing.completeness, Completeness::Partial(why) if why.contains(words)), "{listing:?}");
        assert!(server.requests().len() < 20, "{}", server.requests().len());
    }
}

/// A service that sends the bucket credentials of a creation back, in any form and under any name.
#[tokio::test]
async fn credentials_that_come_back_are_in_no_field() {
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    let credentials = || StorageCredentials::from_s3("AKIAIOSFODNN7EXAMPLE", secret, "us-east-1").unwrap();
    let sent = credentials().expose_base64().to_owned();
    let numbers = secret.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ");
    let escaped = secret.replace('/', "\\/").replace('K', "\\u004b");
    let bodies = [
        format!(r#"{{"id":1,"service_id":"db1","message":"saved {sent}"}}"#),
        format!(r#"{{"id":1,"service_id":"db1","message":"saved {secret}","labels":{{"a":"{secret}"}}}}"#),
        format!(r#"{{"id":1,"service_id":"db1","message":"saved {escaped}","bucket":{{"of":"{escaped}"}}}}"#),
        format!(r#"{{"id":1,"service_id":"db1","service_name":"{secret}"}}"#),
        format!(r#"{{"id":1,"service_id":"db1","external_storage":{{"credentials":"{sent}"}}}}"#),
        format!(r#"{{"id":1,"service_id":"db1","bucket":{{"Credentials":[{numbers}]}}}}"#),
        format!(r#"[{{"id":1,"service_id":"db1","labels":"{sent}"}}]"#),
    ];
    for body in bodies {
        let server = RawServer::always(json(&body)).await;
        let storage = ExternalStorage { bucket: "s3://b".to_owned(), credentials: Some(credentials()) };
        let new = NewSchedule { storage: Some(storage), ..once_now() };
        let bench = Bench::new(&server.url());
        let made = bench.client.create_schedule(&new).await.unwrap();
        let again = bench.client.get_schedule(&ScheduleId::new("1")).await.unwrap();
        let patch = SchedulePatch { suspended: Some(true), ..SchedulePatch::default() };
        let changed = bench.client.update_schedule(&ScheduleId::new("1"), &patch, Attempt::First).await.unwrap();
        let listed = list(&bench, &[]).await.rows.get(0).unwrap();
        for schedule in [made, again, changed, listed] {
            assert_eq!((schedule.id.as_str(), schedule.service_id.as_ref().map(ServiceId::as_str)), ("1", Some("db1")));
            let seen = format!("{schedule:?} {}", json_text(&schedule));
            for form in [secret, &sent, &escaped, &numbers, "wJalrXUtnFEMI", "K7MDENG"] {
                assert!(!seen.contains(form), "{seen}");
            }
        }
    }
}

/// As numbers under a name that tells nothing, the mask breaks the JSON: the schedule is known, and free text of it is dropped.
#[tokio::test]
async fn credentials_that_come_back_as_numbers_cost_the_free_text() {
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    let credentials = StorageCredentials::from_s3("AKIAIOSFODNN7EXAMPLE", secret, "us-east-1").unwrap();
    let numbers = secret.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ");
    let server =
        RawServer::always(json(&format!(r#"{{"id":1,"status":"Scheduled","message":"m","a":[{numbers}]}}"#))).await;
    let storage = ExternalStorage { bucket: "s3://b".to_owned(), credentials: Some(credentials) };
    let new = NewSchedule { storage: Some(storage), ..once_now() };
    let made = Bench::new(&server.url()).client.create_schedule(&new).await.unwrap();
    assert_eq!((made.id.as_str(), made.status.as_ref().map(Status::as_str)), ("1", Some("Scheduled")));
    assert_eq!((made.message, made.unknown), (None, None));
}

/// What the name of a key tells, also where the value is not one of ours and in a list.
#[tokio::test]
async fn values_named_as_secrets_are_hidden_in_lists_too() {
    let row =
        r#"{"id":1,"labels":{"team":"a","Api-Key":"abc"},"storage":{"SECRET":"def","path":"s3://b"},"token":"ghi"}"#;
    let server = RawServer::always(json(&format!("[{row}]"))).await;
    let listing = list(&Bench::new(&server.url()), &[]).await;
    let text = json_text(&listing.rows.get(0).unwrap());
    assert!(!["abc", "def", "ghi"].iter().any(|secret| text.contains(secret)), "{text}");
    assert!(text.contains("s3://b") && text.matches("[hidden]").count() == 3, "{text}");
}
