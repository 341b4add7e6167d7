use proptest::prelude::*;

use super::*;
use crate::domain::{ApiTime, Backup, BackupType, Recurrence, Schedule, Service};

const ROW: &str = r#"{"id":"0f9c:dbpgf41870263:orders-prod-mdb-ms-1","service_id":"dbpgf41870263","service_name":"orders-prod",
    "type":"full","method":"skybucket","server_pod":"orders-prod-mdb-ms-1","cloud_provider":"gcp","status":"Succeeded",
    "start_time":"2026-09-14T02:00:07Z","end_time":"2026-09-14T02:11:42Z","point_in_time":"2026-09-14 02:00:01",
    "reference_full_backup":"","binlog_file":"mariadb-bin.000318","binlog_position":"73114",
    "binlog_gtid_position":"0-100-1,435700-435700-90211","disk_size":"38.2 GB","disk_size_bytes":41017532416,
    "storage_bytes":9663676416,"is_external_storage":false}"#;

fn backups(json: &str) -> DecodedPage<Backup> {
    decode_page::<Backup>(json.as_bytes()).unwrap()
}

fn one(json: &str) -> Backup {
    let page = backups(&format!("[{json}]"));
    assert_eq!((page.rows.len(), page.unreadable), (1, 0), "{json}");
    page.rows.into_iter().next().unwrap()
}

#[test]
fn every_field_of_a_backup_is_read() {
    let page = backups(&format!(r#"{{"backups":[{ROW}],"backups_count":1,"pages_count":1}}"#));
    assert_eq!((page.count, page.pages_count, page.unreadable), (Some(1), Some(1), 0));
    let row = &page.rows[0];
    assert_eq!(row.id.as_str(), "0f9c:dbpgf41870263:orders-prod-mdb-ms-1");
    assert_eq!(row.service_id.as_ref().unwrap().as_str(), "dbpgf41870263");
    assert_eq!(row.backup_type, Some(BackupType::Full));
    assert_eq!(row.status.as_ref().unwrap().as_str(), "Succeeded");
    assert_eq!(row.duration_secs(), Some(695));
    assert_eq!(row.point_in_time, Some(ApiTime::AssumedUtc("2026-09-14T02:00:01Z".parse().unwrap())));
    assert_eq!(row.reference_full_backup, None);
    let texts = [
        &row.service_name,
        &row.method,
        &row.server_pod,
        &row.cloud_provider,
        &row.binlog_file,
        &row.binlog_position,
        &row.binlog_gtid_position,
        &row.disk_size,
    ];
    let want = [
        "orders-prod",
        "skybucket",
        "orders-prod-mdb-ms-1",
        "gcp",
        "mariadb-bin.000318",
        "73114",
        "0-100-1,435700-435700-90211",
        "38.2 GB",
    ];
    assert_eq!(texts.map(|text| text.as_deref().unwrap()), want);
    assert_eq!((row.disk_size_bytes, row.storage_bytes), (Some(41_017_532_416), Some(9_663_676_416)));
    assert_eq!((row.is_external_storage, &row.unknown), (Some(false), &None));
}

#[test]
fn every_shape_of_a_list_is_read() {
    let cases = [
        (format!(r#"{{"backups":[{ROW},{ROW}]}}"#), 2),
        (format!("[{ROW},{ROW}]"), 2),
        (format!("\u{feff}[{ROW}]"), 1),
        (format!("  [{ROW}]\n"), 1),
        (ROW.to_owned(), 1),
        (format!(r#"{{"backups":{ROW},"pages_count":1}}"#), 1),
        (format!(r#"{{"extra":[{{}}],"backups":[{ROW}],"more":1}}"#), 1),
        (r#"{"backups":null,"backups_count":0,"pages_count":0}"#.to_owned(), 0),
        (r#"{"backups_count":0}"#.to_owned(), 0),
        (r#"{"pages_count":"many","backups_count":-1}"#.to_owned(), 0),
        ("null".to_owned(), 0),
        ("{}".to_owned(), 0),
        ("[]".to_owned(), 0),
    ];
    for (json, want) in cases {
        let page = backups(&json);
        assert_eq!((page.rows.len(), page.unreadable), (want, 0), "{json}");
    }
}

#[test]
fn what_is_no_list_is_an_error() {
    let cut = format!(r#"{{"backups":[{ROW}"#);
    let cases = [
        "",
        " ",
        "5",
        r#""text""#,
        "true",
        r#"{"backups":5}"#,
        r#"{"error":"no"}"#,
        "<html></html>",
        "[1,2",
        "{} {}",
        "[{}]x",
        &cut,
    ];
    for json in cases {
        assert_eq!(decode_page::<Backup>(json.as_bytes()).err(), Some(DecodeError::Shape), "{json}");
    }
}

#[test]
fn what_is_no_text_is_named_by_its_first_wrong_byte() {
    assert_eq!(decode_page::<Backup>(b"[{\"id\":\"\xff\"}]").err(), Some(DecodeError::NotUtf8(8)));
    assert_eq!(decode_page::<Backup>(b"\xef\xbb\xbf[{\"id\":\"\xff\"}]").err(), Some(DecodeError::NotUtf8(11)));
    assert_eq!(
        decode_page::<Backup>("[{\"id\":\"ä".as_bytes().split_last().unwrap().1).err(),
        Some(DecodeError::Shape)
    );
}

#[test]
fn a_row_that_says_one_thing_twice_is_no_row() {
    for row in [r#"{"id":"a","id":"b"}"#, r#"{"id":"a","id":null}"#, r#"{"id":"a","status":[],"status":"x"}"#] {
        let page = backups(&format!("[{row},{ROW}]"));
        assert_eq!((page.rows.len(), page.unreadable), (1, 1), "{row}");
    }
    // What this app does not know may come twice: it is kept as it came.
    assert_eq!(one(r#"{"id":"a","x":1,"x":2}"#).unknown.as_deref(), Some(r#"{"x":1,"x":2}"#));
}

#[test]
fn a_broken_row_costs_that_row_and_is_counted() {
    let page =
        backups(&format!(r#"{{"pages_count":3,"backups":[{ROW},5,null,["x"],"y",{ROW},{{}}],"backups_count":"7"}}"#));
    assert_eq!((page.rows.len(), page.unreadable), (3, 4));
    assert_eq!((page.count, page.pages_count), (Some(7), Some(3)));
    assert_eq!(page.rows[2], Backup::default());
}

#[test]
fn odd_fields_cost_nothing_and_are_kept_as_they_came() {
    let row = one(
        r#"{"id":"a","service_name":{"x": 1.50},"storage_bytes":-1,"end_time":[1, 2],"status":"Quarantined","type":"clone"}"#,
    );
    assert_eq!(row.id.as_str(), "a");
    assert_eq!(row.status.unwrap().as_str(), "Quarantined");
    assert_eq!(row.backup_type, Some(BackupType::Other("clone".into())));
    assert_eq!(row.unknown.as_deref(), Some(r#"{"service_name":{"x":1.50},"storage_bytes":-1,"end_time":[1,2]}"#));

    let row = one(r#"{"id":"a","new field":99999999999999999999,"q\"":null}"#);
    assert_eq!(row.unknown.as_deref(), Some(r#"{"new field":99999999999999999999,"q\"":null}"#));
}

#[test]
fn old_names_and_numbers_in_place_of_texts_are_taken() {
    assert_eq!(one(r#"{"id":"a","backup_size":5327326}"#).storage_bytes, Some(5_327_326));
    assert_eq!(one(r#"{"backup_size":1,"storage_bytes":2}"#).storage_bytes, Some(2));
    assert_eq!(one(r#"{"storage_bytes":2,"backup_size":1}"#).storage_bytes, Some(2));
    assert_eq!(one(r#"{"storage_bytes":null,"backup_size":"1"}"#).storage_bytes, Some(1));
    assert_eq!(one(r#"{"binlog_position":73114}"#).binlog_position.as_deref(), Some("73114"));
    assert_eq!(one(r#"{"id":99999999999999999999}"#).id.as_str(), "99999999999999999999");
    assert_eq!(one(r#"{"end_time":""}"#).end_time, None);
    assert_eq!(one(r#"{"end_time":"0001-01-01T00:00:00Z"}"#).end_time, None);
    assert_eq!(one(r#"{"method":"","id":"a\u0041\n"}"#).id.as_str(), "aA\n");
}

#[test]
fn deep_nesting_harms_nothing() {
    let deep = format!(r#"[{{"id":"a","x":{}1{}}}]"#, "[".repeat(2_000_000), "]".repeat(2_000_000));
    assert_eq!(backups(&deep).rows[0].unknown.as_deref(), Some(r#"{"x":"4000001 bytes, not kept"}"#));
    let known = format!(r#"[{{"id":"a","status":{}1{}}}]"#, "[".repeat(200_000), "]".repeat(200_000));
    assert_eq!(backups(&known).rows[0].id.as_str(), "a");
    let top = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    assert!(decode_page::<Backup>(top.as_bytes()).is_ok_and(|page| page.rows.is_empty()));
}

#[test]
fn schedules_are_read_with_ids_as_numbers_or_texts() {
    let json = r#"{"schedules":[
        {"id":4312,"service_id":"dbpgf41870263","schedule":"once","type":"snapshot","status":"Scheduled","message":"Backup is scheduled."},
        {"id":"4313","schedule":"0 2 * * *","suspended":true,"labels":{ "team": {"a": [1, 2]} },"created_at":1789351902},
        {"id":4314.0,"schedule":"cron","labels":null,"suspended":"false"}
    ],"schedules_count":3,"pages_count":1}"#;
    let page = decode_page::<Schedule>(json.as_bytes()).unwrap();
    let ids: Vec<&str> = page.rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["4312", "4313", "4314"]);
    assert!(page.rows[0].is_once());
    assert_eq!(page.rows[0].message.as_deref(), Some("Backup is scheduled."));
    assert_eq!(page.rows[1].labels.as_deref(), Some(r#"{"team":{"a":[1,2]}}"#));
    assert_eq!((page.rows[1].suspended, page.rows[2].suspended), (Some(true), Some(false)));
    assert_eq!(page.rows[2].recurrence, Some(Recurrence::Cron("cron".into())));
    assert_eq!(page.rows[2].labels, None);
}

#[test]
fn one_schedule_is_read_alone_or_from_a_list_of_one() {
    for json in [r#"{"id":7}"#, r#"[{"id":7}]"#, r#"{"schedules":[{"id":7}]}"#] {
        assert_eq!(decode_single::<Schedule>(json.as_bytes()).unwrap().id.as_str(), "7", "{json}");
    }
    for json in ["", "null", "{}", "[]", r#"{"message":"ok"}"#, r#"[{"status":"x"}]"#] {
        assert_eq!(decode_single::<Schedule>(json.as_bytes()).err(), Some(DecodeError::Shape), "{json}");
    }
}

#[test]
fn services_are_read_with_their_volume() {
    let json = r#"[{"id":"dbpgf41870263","name":"orders","status":"ready","provider":"gcp","region":"us-central1","topology":"es-replica",
        "version":"10.6.11-6-1","fqdn":"","storage_volume":{"size":100,"iops":0},"tags":{}},
        {"id":"dbpwf22338686","storage_volume":"none"},{"id":"dbpwf22338687","storage_volume":{"size":"50"}}]"#;
    let page = decode_page::<Service>(json.as_bytes()).unwrap();
    assert_eq!((page.rows.len(), page.unreadable), (3, 0));
    assert_eq!(
        (page.rows[0].storage_gb, page.rows[1].storage_gb, page.rows[2].storage_gb),
        (Some(100), None, Some(50))
    );
    assert_eq!((page.rows[0].label(), page.rows[0].fqdn.as_deref()), ("orders", None));
}

/// Any JSON value, with keys of the API among its own.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        ".{0,12}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        let keys = prop_oneof![
            prop::sample::select(vec![
                "id",
                "type",
                "status",
                "end_time",
                "storage_bytes",
                "backups",
                "backups_count",
                "labels"
            ])
            .prop_map(str::to_owned),
            ".{0,6}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::Array),
            prop::collection::vec((keys, inner), 0..8).prop_map(|entries| entries.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = (decode_page::<Backup>(&bytes), decode_page::<Schedule>(&bytes), decode_page::<Service>(&bytes));
    }

    #[test]
    fn a_list_of_anything_keeps_each_object_and_counts_the_rest(rows in prop::collection::vec(json(), 0..8)) {
        let objects = rows.iter().filter(|row| row.is_object()).count();
        let text = serde_json::json!({"schedules": rows, "pages_count": 1}).to_string();
        let page = decode_page::<Schedule>(text.as_bytes()).unwrap();
        prop_assert_eq!(page.rows.len(), objects);
        prop_assert_eq!(page.rows.len() + page.unreadable as usize, rows.len());
        for row in page.rows {
            if let Some(unknown) = row.unknown {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&unknown).is_ok());
            }
        }
    }
}
