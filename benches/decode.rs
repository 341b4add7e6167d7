//! Decoding 100,000 backups, in pages of 100 as the service sends them, beside plain `serde_json` into a derived struct of the same
//! fields.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::unwrap_used, reason = "a bench may fail")]

mod report;

use std::hint::black_box;
use std::time::{Duration, Instant};

use compact_str::CompactString;
use serde::Deserialize;
use skybackup::api::decode_page;
use skybackup::domain::Backup;

const PAGES: usize = 1_000;
const ROWS: usize = 100;
const ROUNDS: usize = 7;
/// The most that it may take beside `serde_json` alone.
const RATIO: f64 = 1.5;

/// What a decoder without tolerance would read.
#[derive(Deserialize)]
#[expect(dead_code, reason = "only filled")]
struct PlainPage {
    backups: Vec<PlainBackup>,
    backups_count: Option<u64>,
    pages_count: Option<u64>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only filled")]
struct PlainBackup {
    id: Option<CompactString>,
    service_id: Option<CompactString>,
    service_name: Option<CompactString>,
    r#type: Option<CompactString>,
    method: Option<CompactString>,
    server_pod: Option<CompactString>,
    cloud_provider: Option<CompactString>,
    status: Option<CompactString>,
    start_time: Option<CompactString>,
    end_time: Option<CompactString>,
    point_in_time: Option<CompactString>,
    reference_full_backup: Option<CompactString>,
    binlog_file: Option<CompactString>,
    binlog_position: Option<CompactString>,
    binlog_gtid_position: Option<CompactString>,
    disk_size: Option<CompactString>,
    disk_size_bytes: Option<u64>,
    storage_bytes: Option<u64>,
    is_external_storage: Option<bool>,
}

fn page(number: usize) -> Vec<u8> {
    let rows: Vec<String> = (0..ROWS)
        .map(|row| {
            let n = number * ROWS + row;
            let minute = n % 60;
            format!(
                concat!(
                    r#"{{"id":"0f9c2d7be41a5630c8d2e977{n:08x}:dbpgf41870263:orders-prod-mdb-ms-{m}","service_id":"dbpgf41870263","#,
                    r#""service_name":"orders-prod","type":"full","method":"skybucket","server_pod":"orders-prod-mdb-ms-{m}","#,
                    r#""cloud_provider":"gcp","status":"Succeeded","start_time":"2026-09-14T02:{minute:02}:07Z","#,
                    r#""end_time":"2026-09-14T03:{minute:02}:42Z","point_in_time":"2026-09-14 02:{minute:02}:01","#,
                    r#""reference_full_backup":"","binlog_file":"mariadb-bin.000318","binlog_position":"{n}","#,
                    r#""binlog_gtid_position":"0-100-1,435700-435700-{n}","disk_size":"38.2 GB","disk_size_bytes":41017532416,"#,
                    r#""storage_bytes":{n},"is_external_storage":false}}"#
                ),
                n = n,
                m = n % 3,
                minute = minute
            )
        })
        .collect();
    format!(r#"{{"backups":[{}],"backups_count":100000,"pages_count":1000}}"#, rows.join(",")).into_bytes()
}

fn timed(work: impl Fn()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

fn main() {
    let pages: Vec<Vec<u8>> = (0..PAGES).map(page).collect();
    let ours = || {
        for page in &pages {
            let decoded = decode_page::<Backup>(black_box(page)).unwrap();
            assert_eq!(decoded.rows.len(), ROWS);
            black_box(decoded);
        }
    };
    let plain = || {
        for page in &pages {
            let decoded: PlainPage = serde_json::from_slice(black_box(page)).unwrap();
            assert_eq!(decoded.backups.len(), ROWS);
            black_box(decoded);
        }
    };
    // Taken in turns, so that a busy moment of the machine meets both; the best of each counts.
    let (mut our_best, mut plain_best) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        plain_best = plain_best.min(timed(plain));
        our_best = our_best.min(timed(ours));
    }
    report::head();
    report::times("decode 100,000 backups to rows", our_best, ("serde_json alone", plain_best), RATIO);
}
