use serde_json::{Value, json as value};
use skybackup::api::{Attempt, Completeness, Deleted, ErrorKind, Listing, Operation, RestoreQuery};
use skybackup::domain::{
    ApiTime, BackupId, BackupType, RestorableRange, Restore, RestoreId, RestoreTarget, ServiceId, Status, Text,
};
use skybackup::draft::{BucketMethod, BucketSource, RestoreRequest, RestoreSource};
use skybackup::secrets::{EncryptionKey, StorageCredentials};

use super::Bench;
use crate::support::raw_server::{RawServer, Reply, json, response};

const BACKUP: &str = "0f9c2d7be41a5630c8d2e97714ab60f5:dbpgf41870263:orders-prod-mdb-ms-1";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

fn service(id: &str) -> ServiceId {
    ServiceId::new(id)
}

pub(super) fn from_backup() -> RestoreRequest {
    RestoreRequest { target: service("dbpgf99999999"), source: RestoreSource::Backup(BackupId::new(BACKUP)) }
}

fn from_bucket(bucket: &str) -> RestoreRequest {
    let source = BucketSource {
        bucket: bucket.to_owned(),
        method: BucketMethod::Mysqldump,
        object: "nightly/orders.sql.gz".to_owned(),
        credentials: StorageCredentials::from_s3("AKIAIOSFODNN7EXAMPLE", SECRET, "us-east-1").ok(),
        encryption_key: EncryptionKey::new("correct horse battery staple"),
    };
    RestoreRequest { source: RestoreSource::Bucket(source), ..from_backup() }
}

async fn list(bench: &Bench, services: &[ServiceId]) -> Listing<Restore> {
    bench.client.list_restores(&RestoreQuery::default(), services, &mut |_, _| {}).await.unwrap()
}

#[tokio::test]
async fn a_list_is_read_in_each_of_its_shapes() {
    let row = value!({
        "id": 12, "service_id": "dbpgf99999999", "service_name": "orders-staging", "backup_id": BACKUP,
        "bucket": "gs://sky-backups/", "type": "physical", "status": "Running", "message": "server is not-ready",
        "created_at": "2026-09-14 02:00:07 +0000 UTC",
    });
    let mut sample = row.clone();
    let fields = sample.as_object_mut().unwrap();
    let backup = fields.remove("backup_id").unwrap();
    fields.insert("key".to_owned(), backup);
    let want = Restore {
        id: RestoreId::new("12"),
        service_id: Some(service("dbpgf99999999")),
        service_name: Some("orders-staging".into()),
        backup_id: Some(BackupId::new(BACKUP)),
        bucket: Some("gs://sky-backups/".into()),
        backup_type: Some(BackupType::Other("physical".into())),
        status: Some(Status::new("Running")),
        message: Some("server is not-ready".into()),
        created_at: ApiTime::read("2026-09-14T02:00:07Z"),
        unknown: None,
        sighting: None,
    };
    for body in [
        value!({"restores": [row], "restores_count": 1, "pages_count": 1}),
        value!({"restores": [sample]}),
        value!([row]),
        value!([sample]),
        row.clone(),
    ] {
        let server = RawServer::always(json(&body.to_string())).await;
        let listing = list(&Bench::new(&server.url()), &[]).await;
        assert_eq!((listing.rows.get(0), listing.rows.len()), (Some(want.clone()), 1), "{body}");
        assert_eq!(server.lines()[0], "GET /skybackup/v1/restores?page=1&page_size=100");
    }
    for body in ["null", "[]", r#"{"restores":null,"restores_count":0,"pages_count":0}"#, "{}"] {
        let server = RawServer::always(json(body)).await;
        assert_eq!(list(&Bench::new(&server.url()), &[]).await.rows.len(), 0, "{body}");
    }
}

#[tokio::test]
async fn a_time_in_a_form_that_nobody_published_stays_as_it_came() {
    let row = r#"[{"id":"12","created_at":"14 Sep 2026, 2 o'clock","status":7,"bucket":{"path":"gs://b/"}}]"#;
    let server = RawServer::always(json(row)).await;
    let restore = list(&Bench::new(&server.url()), &[]).await.rows.get(0).unwrap();
    assert_eq!(restore.created_at, Some(ApiTime::Unreadable(Text::from("14 Sep 2026, 2 o'clock"))));
    assert_eq!(restore.status.as_ref().map(Status::as_str), Some("7"));
    assert_eq!(restore.unknown.as_deref(), Some(r#"{"bucket":{"path":"gs://b/"}}"#));
}

#[tokio::test]
async fn a_service_that_wants_a_service_id_is_asked_for_each() {
    let server = RawServer::start(|request, _| {
        Reply::Send(match request.parameter("service_id") {
            None => response(400, &[], r#"{"message":"service_id is required"}"#),
            Some("dbpgf00000002") => response(403, &[], ""),
            Some(service) => json(&format!(r#"[{{"id":"{}"}}]"#, &service[5..])),
        })
    })
    .await;
    let bench = Bench::new(&server.url());
    let services: Vec<ServiceId> = (0..3).map(|number| service(&format!("dbpgf{number:08}"))).collect();
    let listing = list(&bench, &services).await;
    assert_eq!(listing.rows.len(), 2);
    let why = "The restores of 1 of 3 services could not be read: This API key is not allowed to do this".to_owned();
    assert_eq!(listing.completeness, Completeness::Partial(why));
    // Remembered for restores alone: schedules may be listed at once all the same.
    list(&bench, &services).await;
    let without =
        |path: &str| server.lines().iter().filter(|line| line.contains(path) && !line.contains("_id=")).count();
    assert_eq!(without("/restores"), 1);
    let query = skybackup::api::ScheduleQuery::default();
    drop(bench.client.list_schedules(&query, &services, &mut |_, _| {}).await);
    assert_eq!(without("/schedules"), 1);
}

#[tokio::test]
async fn one_restore_is_read_as_an_object_or_as_a_list_of_one() {
    for body in [r#"{"id":12,"status":"Succeeded"}"#, r#"[{"id":12,"status":"Succeeded"}]"#] {
        let server = RawServer::always(json(body)).await;
        let restore = Bench::new(&server.url()).client.get_restore(&RestoreId::new("12")).await.unwrap();
        assert_eq!((restore.id.as_str(), restore.is_finished()), ("12", true));
        assert_eq!(server.lines(), ["GET /skybackup/v1/restores/12"]);
    }
    let server = RawServer::always(response(404, &[], "")).await;
    let error = Bench::new(&server.url()).client.get_restore(&RestoreId::new("12")).await.unwrap_err();
    assert_eq!(error.sentence(), "SkySQL no longer has this restore");
}

#[tokio::test]
async fn each_source_is_sent_with_just_what_it_needs() {
    let moment =
        RestoreSource::Moment { service: service("dbpgf41870263"), at: "2026-09-14T02:00:07.9Z".parse().unwrap() };
    let bucket = value!({
        "bucket": "s3://bucket/", "method": "mysqldump", "encryption_key": "correct horse battery staple",
        "credentials": StorageCredentials::from_s3("AKIAIOSFODNN7EXAMPLE", SECRET, "us-east-1").unwrap().expose_base64(),
    });
    let own = value!({"service_id": "dbpgf99999999", "id": "nightly/orders.sql.gz", "external_source": bucket});
    let open = RestoreRequest { source: from_bucket("gs://b").source, ..from_backup() }.without_secrets();
    let cases = [
        (from_backup(), value!({"service_id": "dbpgf99999999", "id": BACKUP})),
        (
            RestoreRequest { source: moment, ..from_backup() },
            value!({"service_id": "dbpgf99999999", "id": "dbpgf41870263", "point_in_time": "2026-09-14 02:00:07"}),
        ),
        (from_bucket("s3://bucket"), own.clone()),
        (from_bucket("s3://bucket/"), own),
        (
            open,
            value!({
                "service_id": "dbpgf99999999", "id": "nightly/orders.sql.gz",
                "external_source": {"bucket": "gs://b/", "method": "mysqldump"},
            }),
        ),
    ];
    for (request, want) in cases {
        let server = RawServer::always(response(201, &[], r#"{"id":12,"status":"Running"}"#)).await;
        let bench = Bench::new(&server.url());
        assert_eq!(bench.client.create_restore(&request).await.unwrap().id.as_str(), "12");
        assert_eq!(server.lines(), ["POST /skybackup/v1/restores"]);
        assert_eq!(serde_json::from_str::<Value>(&server.requests()[0].body).unwrap(), want);
        assert_eq!(bench.records()[0].operation, Operation::CreateRestore);
    }
}

#[tokio::test]
async fn an_entry_that_is_gone_counts_as_deleted() {
    for (status, body, want) in
        [(200, "", Deleted::Deleted), (204, "", Deleted::Deleted), (404, "{}", Deleted::AlreadyGone)]
    {
        let server = RawServer::always(response(status, &[], body)).await;
        let client = Bench::new(&server.url()).client;
        assert_eq!(client.delete_restore(&RestoreId::new("12"), Attempt::First).await.unwrap(), want);
        assert_eq!(server.lines(), ["DELETE /skybackup/v1/restores/12"]);
    }
    let server = RawServer::always(response(409, &[], r#"{"message":"it is running"}"#)).await;
    let client = Bench::new(&server.url()).client;
    let error = client.delete_restore(&RestoreId::new("12"), Attempt::First).await.unwrap_err();
    assert_eq!((&error.kind, error.sentence().as_str()), (&ErrorKind::Conflict, "SkySQL cannot delete this entry now"));
}

#[tokio::test]
async fn the_look_ups_are_read_or_are_not_there() {
    let targets =
        r#"{"services":[{"service_id":"db1","service_name":"one"},{"service_id":"db2"},{"service_name":"no id"}]}"#;
    let want =
        |id: &str, name: Option<&str>| RestoreTarget { service_id: service(id), service_name: name.map(Into::into) };
    let look_up = async |reply: Vec<u8>| {
        let server = RawServer::always(reply).await;
        let client = Bench::new(&server.url()).client;
        let found = client.find_restore_targets(&BackupId::new(BACKUP), &service("dbpgf41870263")).await;
        (found, server)
    };
    let (found, server) = look_up(json(targets)).await;
    assert_eq!(found.unwrap(), Some(vec![want("db1", Some("one")), want("db2", None)]));
    assert_eq!(server.lines(), ["POST /skybackup/v1/restores/lookup"]);
    let body: Value = serde_json::from_str(&server.requests()[0].body).unwrap();
    assert_eq!(body, value!({"backup_id": BACKUP, "service_id": "dbpgf41870263"}));
    assert_eq!(look_up(json(r#"[{"service_id":"db1"}]"#)).await.0.unwrap(), Some(vec![want("db1", None)]));
    for status in [400, 404, 422] {
        let (found, server) = look_up(response(status, &[], "")).await;
        assert_eq!((found.unwrap(), server.requests().len()), (None, 1), "{status}");
    }
    // A look-up changes nothing, so it is repeated as every read.
    let (found, server) = look_up(response(503, &[], "")).await;
    assert_eq!((found.is_err(), server.requests().len()), (true, 4));
}

#[tokio::test]
async fn the_restorable_times_are_read_in_any_form() {
    let body = r#"{"services":[{"service_id":"db1","service_name":"one","start_time":"2026-09-10 02:00:00","end_time":"2026-09-14T02:00:00Z"},
        {"service_id":"db2","start_time":"","end_time":"soon"}]}"#;
    let server = RawServer::always(json(body)).await;
    let ranges = Bench::new(&server.url()).client.find_restorable_ranges().await.unwrap().unwrap();
    let want = [
        RestorableRange {
            service_id: service("db1"),
            service_name: Some("one".into()),
            start_time: ApiTime::read("2026-09-10 02:00:00"),
            end_time: ApiTime::read("2026-09-14T02:00:00Z"),
        },
        RestorableRange {
            service_id: service("db2"),
            service_name: None,
            start_time: None,
            end_time: Some(ApiTime::Unreadable("soon".into())),
        },
    ];
    assert_eq!(ranges, want);
    assert_eq!(server.lines(), ["GET /skybackup/v1/restores/pointintime/lookup"]);
    let server = RawServer::always(response(404, &[], "")).await;
    assert_eq!(Bench::new(&server.url()).client.find_restorable_ranges().await.unwrap(), None);
}

#[tokio::test]
async fn secrets_of_a_bucket_that_come_back_are_in_no_field() {
    let request = from_bucket("s3://bucket/");
    let RestoreSource::Bucket(source) = &request.source else { panic!() };
    let sent = source.credentials.as_ref().unwrap().expose_base64().to_owned();
    let key = source.encryption_key.as_ref().unwrap().expose().to_owned();
    for body in [
        format!(r#"{{"id":1,"service_id":"db1","message":"cannot read with {sent}"}}"#),
        format!(r#"{{"id":1,"service_id":"db1","message":"cannot read with {SECRET}, {key}"}}"#),
        format!(r#"[{{"id":1,"service_id":"db1","external_source":{{"encryption_key":"{key}"}},"bucket":"{key}"}}]"#),
    ] {
        let server = RawServer::always(json(&body)).await;
        let bench = Bench::new(&server.url());
        let made = bench.client.create_restore(&request).await.unwrap();
        let again = bench.client.get_restore(&RestoreId::new("1")).await.unwrap();
        let listed = list(&bench, &[]).await.rows.get(0).unwrap();
        for restore in [made, again, listed] {
            assert_eq!((restore.id.as_str(), restore.service_id.as_ref().map(ServiceId::as_str)), ("1", Some("db1")));
            let seen = format!("{restore:?}");
            for form in [SECRET, &sent, &key] {
                assert!(!seen.contains(form), "{seen}");
            }
        }
    }
}
