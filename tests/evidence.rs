//! The evidence pack, opened by a reader of ZIP files.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use calamine::Reader as _;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use skybackup::domain::{
    ApiTime, Backup, BackupId, BackupType, ChangeRecord, Poll, PolledList, RecordedKind, RecordedOutcome, Recurrence,
    Restore, RestoreId, Schedule, ScheduleId, SeenState, ServiceId, Sighting, Status,
};
use skybackup::export::{EvidenceJob, EvidenceRecords, ExportError, PlainTable, write_evidence};
use skybackup::grid::{Kind, Value};
use skybackup::rows::Rows;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn backup(id: &str, service: &str, start: &str, status: &str) -> Backup {
    let seen = at("2026-11-20T00:00:00Z");
    Backup {
        id: BackupId::new(id),
        service_id: Some(ServiceId::new(service)),
        service_name: Some(format!("name of {service}").as_str().into()),
        backup_type: Some(BackupType::Full),
        status: Some(Status::new(status)),
        start_time: ApiTime::read(start),
        sighting: Some(Sighting { first_seen: seen, last_seen: seen, state: SeenState::Listed }),
        ..Backup::default()
    }
}

fn schedule(service: &str, name: &str) -> Schedule {
    Schedule {
        id: ScheduleId::new("215"),
        service_id: Some(ServiceId::new(service)),
        service_name: Some(name.into()),
        recurrence: Some(Recurrence::read("0 2 * * *")),
        ..Schedule::default()
    }
}

fn restore(id: &str, target: &str, created: &str) -> Restore {
    let seen = at("2026-11-20T00:00:00Z");
    Restore {
        id: RestoreId::new(id),
        service_id: Some(ServiceId::new(target)),
        service_name: Some(format!("name of {target}").as_str().into()),
        backup_id: Some(BackupId::new(format!("source of {id}"))),
        status: Some(Status::new("Succeeded")),
        created_at: ApiTime::read(created),
        sighting: Some(Sighting { first_seen: seen, last_seen: seen, state: SeenState::Gone }),
        ..Restore::default()
    }
}

fn records() -> EvidenceRecords {
    let poll = |began: &str, is_complete| Poll {
        list: PolledList::Backups,
        began_at: at(began),
        ended_at: at(began),
        rows: 3,
        filter: None,
        is_complete,
    };
    let changed = ChangeRecord {
        id: "c1".into(),
        kind: RecordedKind::Update,
        sent_at: at("2026-11-06T09:00:00Z"),
        ended_at: at("2026-11-06T09:00:01Z"),
        outcome: RecordedOutcome::Done,
        row: schedule("db1", "orders").into(),
        new_backup_type: None,
        new_recurrence: Some(Recurrence::read("0 3 * * *")),
        new_suspended: None,
        moment: None,
    };
    let restored = ChangeRecord {
        id: "c2".into(),
        kind: RecordedKind::Restore,
        row: restore("12", "db1", "2026-11-06T10:00:00Z").into(),
        new_recurrence: None,
        moment: Some(at("2026-11-06T08:30:00Z")),
        ..changed.clone()
    };
    EvidenceRecords {
        backups: Rows::new([
            backup("b1", "db1", "2026-11-03T02:00:00Z", "Succeeded"),
            backup("b2", "db1", "2026-11-04T02:00:00Z", "Failed"),
            backup("b3", "db2", "2026-11-05T02:00:00Z", "Succeeded"),
            backup("b4", "db1", "2026-10-31T23:59:59Z", "Succeeded"),
            backup("b5", "db1", "2026-12-01T00:00:00Z", "Succeeded"),
            // Its start cannot be read: what counts is when it was first seen.
            backup("b6", "db1", "soon", "Running"),
        ]),
        schedules: Rows::new([schedule("db1", "=1+1 <script>alert('x')</script> \u{202e}"), schedule("db2", "other")]),
        restores: Rows::new([
            restore("12", "db1", "2026-11-06T10:00:00Z"),
            restore("13", "db2", "2026-11-07T10:00:00Z"),
            restore("14", "db1", "2026-10-07T10:00:00Z"),
            // Its time cannot be read: what counts is when it was first seen.
            restore("15", "db1", "soon"),
        ]),
        polls: vec![
            poll("2026-11-05T00:00:00Z", true),
            poll("2026-11-10T00:00:00Z", false),
            poll("2026-11-20T00:00:00Z", true),
            Poll { list: PolledList::Restores, ..poll("2026-11-21T00:00:00Z", true) },
        ],
        changes: vec![changed, restored],
    }
}

fn job(path: &Path) -> EvidenceJob {
    let words = |word: &str| Value::Text(word.to_owned().into());
    EvidenceJob {
        from: at("2026-11-01T00:00:00Z"),
        until: at("2026-12-01T00:00:00Z"),
        services: None,
        overview: vec![PlainTable {
            name: "findings",
            title: "Findings",
            columns: &[("Service", Kind::Text), ("Finding", Kind::Text)],
            rows: vec![vec![words("orders"), words("Newest good full backup is 30 h old")]],
        }],
        names: Arc::default(),
        app_version: "0.1.0".to_owned(),
        profile: "acme".to_owned(),
        now: at("2026-12-02T12:00:00Z"),
        path: path.to_path_buf(),
        replace: Vec::new(),
    }
}

/// Each file of a pack by its whole name.
fn files(pack: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(fs::File::open(pack).unwrap()).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut file = zip.by_index(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn written(job: &EvidenceJob) -> BTreeMap<String, String> {
    let report = write_evidence(job, &records(), &|_| {}, &AtomicBool::new(false)).unwrap();
    let text = |(name, bytes): (String, Vec<u8>)| {
        let name = name.rsplit_once('/').unwrap().1.to_owned();
        (name, String::from_utf8_lossy(&bytes).into_owned())
    };
    files(&report.path).into_iter().map(text).collect()
}

#[test]
fn a_pack_holds_its_files_and_their_checksums() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pack");
    let report = write_evidence(&job(&path), &records(), &|_| {}, &AtomicBool::new(false)).unwrap();
    assert_eq!((report.path.as_path(), report.rows), (folder.path().join("pack.zip").as_path(), 4));
    let files = files(&report.path);
    let inside = "skysql-evidence_acme_all_20261202T1200Z/";
    let names: Vec<&str> = files.keys().map(|name| name.strip_prefix(inside).unwrap()).collect();
    let tables = ["backups.csv", "changes.csv", "evidence.html", "evidence.xlsx", "fetches.csv", "findings.csv"];
    assert_eq!(
        names,
        [&["README.txt", "SHA256SUMS"], &tables[..], &["restores.csv", "schedules.csv", "services.csv"]].concat()
    );
    let sums = String::from_utf8(files[&format!("{inside}SHA256SUMS")].clone()).unwrap();
    assert_eq!(sums.lines().count(), files.len() - 1, "all but the list itself");
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        let mut found = String::new();
        for byte in Sha256::digest(&files[&format!("{inside}{name}")]) {
            write!(found, "{byte:02x}").unwrap();
        }
        assert_eq!(found, sum, "{name}");
    }
    let workbook = files[&format!("{inside}evidence.xlsx")].clone();
    let workbook: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(workbook)).unwrap();
    let tables = ["Backups", "Schedules", "Restores", "Services", "Findings", "Changes", "Fetches", "About"];
    assert_eq!(workbook.sheet_names(), tables);
}

#[test]
fn the_same_records_make_the_same_pack() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = |name: &str| {
        let path = folder.path().join(name);
        write_evidence(&job(&path), &records(), &|_| {}, &AtomicBool::new(false)).unwrap();
        fs::read(path).unwrap()
    };
    assert_eq!(bytes("a.zip"), bytes("b.zip"));
}

#[test]
fn only_the_period_and_the_services_count() {
    let folder = tempfile::tempdir().unwrap();
    let mut job = job(&folder.path().join("all.zip"));
    let ids = |files: &BTreeMap<String, String>| -> Vec<String> {
        ["b1", "b2", "b3", "b4", "b5", "b6"]
            .into_iter()
            .filter(|id| files["backups.csv"].contains(&format!("\"{id}\"")))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(ids(&written(&job)), ["b1", "b2", "b3", "b6"]);
    job.path = folder.path().join("some.zip");
    job.services = Some(vec![("db1".to_owned(), "orders".to_owned())]);
    let files = written(&job);
    assert_eq!(ids(&files), ["b1", "b2", "b6"]);
    assert_eq!(files["schedules.csv"].lines().count(), 2);
    assert!(files["README.txt"].contains("Services: orders (db1)"));
    let services: Vec<&str> = files["services.csv"].lines().skip(1).collect();
    assert_eq!(services, ["name of db1,db1,3,1,1,1,2026-11-03 02:00:00,2026-11-04 02:00:00"]);
    job.path = folder.path().join("other.zip");
    job.services = Some(vec![("db2".to_owned(), "other".to_owned())]);
    assert_eq!(written(&job)["changes.csv"].lines().count(), 1, "a change of another service");
}

/// Seven days before a complete fetch are seen by it; an incomplete one tells nothing.
#[test]
fn what_was_not_observed_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let files = written(&job(&folder.path().join("a.zip")));
    let gaps = "2026-11-05 00:00 to 2026-11-13 00:00; 2026-11-20 00:00 to 2026-12-01 00:00";
    for name in ["README.txt", "evidence.html"] {
        assert!(files[name].contains(gaps), "{name}: {}", files[name]);
        assert!(files[name].contains("Not observed is not the same as not made"), "{name}");
    }
    assert_eq!(files["fetches.csv"].lines().count(), 5);
    // An entry of a restore stays listed: the last fetch tells of all before it.
    assert!(files["README.txt"].contains("Restores not observed: 2026-11-21 00:00 to 2026-12-01 00:00"));
    let page = "The complete list of restores was fetched once in the period. Not observed (UTC): 2026-11-21 00:00 to";
    assert!(files["evidence.html"].contains(page));
}

#[test]
fn restores_of_the_period_are_in_every_form_with_when_they_were_seen() {
    let folder = tempfile::tempdir().unwrap();
    let mut job = job(&folder.path().join("all.zip"));
    let ids = |csv: &str| -> Vec<String> {
        let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        let column = reader.headers().unwrap().iter().position(|header| header == "Restore ID").unwrap();
        reader.records().map(|row| row.unwrap()[column].to_owned()).collect()
    };
    let all = written(&job);
    assert_eq!(ids(&all["restores.csv"]), ["12", "13", "15"]);
    for part in ["name of db1", "source of 12", "2026-11-06 10:00:00", "Gone", "2026-11-20 00:00:00"] {
        assert!(all["restores.csv"].contains(part), "{part}: {}", all["restores.csv"]);
    }
    let page = &all["evidence.html"];
    assert!(page.contains("<h2>Restores</h2>") && page.contains("<td>source of 13</td>") && !page.contains("of 14"));
    let sent = "restore,done,name of db1,db1,,,,,12,source of 12,2026-11-06 08:30:00";
    assert!(all["changes.csv"].contains(sent), "{}", all["changes.csv"]);
    job.path = folder.path().join("some.zip");
    job.services = Some(vec![("db1".to_owned(), "orders".to_owned())]);
    let some = written(&job);
    assert_eq!(ids(&some["restores.csv"]), ["12", "15"], "by the service that is restored into");
    let workbook = files(&job.path).into_iter().find(|(name, _)| name.ends_with("/evidence.xlsx")).unwrap().1;
    let mut workbook: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(workbook)).unwrap();
    assert_eq!(workbook.worksheet_range("Restores").unwrap().rows().count(), 3);
}

#[test]
fn the_page_stands_alone_and_takes_no_word_for_markup() {
    let folder = tempfile::tempdir().unwrap();
    let mut job = job(&folder.path().join("a.zip"));
    job.profile = "<b onclick=x>\"&".to_owned();
    let page = &written(&job)["evidence.html"];
    for part in ["<script", "<b ", "src=", "href=", "url(", "@import", "http:", "https:", "\u{202e}"] {
        assert!(!page.contains(part), "{part}");
    }
    assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
    assert!(page.contains("Content-Security-Policy"));
    // Failed backups one by one, all others as numbers.
    assert!(page.contains("<td>b2</td>") && !page.contains("<td>b1</td>"));
    assert!(page.contains("0 3 * * *") && page.contains("Newest good full backup is 30 h old"));
}

#[test]
fn a_long_list_of_services_is_not_cut() {
    let folder = tempfile::tempdir().unwrap();
    let mut job = job(&folder.path().join("a.zip"));
    let service = |number: usize| (format!("db{number}"), format!("service number {number}"));
    job.services = Some((0..200).map(service).collect());
    let files = written(&job);
    for name in ["README.txt", "evidence.html"] {
        assert!(files[name].contains("service number 199 (db199)"), "{name}");
    }
}

#[test]
fn odd_names_stay_inside_the_folder_and_formulas_stay_words() {
    let folder = tempfile::tempdir().unwrap();
    for (number, profile) in ["../../etc", "CON", "a/b\\c:d*?", &"é".repeat(500), ""].into_iter().enumerate() {
        let path = folder.path().join(format!("{number}.zip"));
        let job = EvidenceJob { profile: profile.to_owned(), ..job(&path) };
        write_evidence(&job, &records(), &|_| {}, &AtomicBool::new(false)).unwrap();
        for name in files(&path).keys() {
            let (inside, file) = name.split_once('/').unwrap();
            assert!(inside.starts_with("skysql-evidence_") && inside.len() < 200, "{name}");
            assert!(!file.contains(['/', '\\', ':']) && !inside.contains(['\\', ':', '.', '*', '?']), "{name}");
        }
    }
    let path = folder.path().join("words.zip");
    assert!(written(&job(&path))["schedules.csv"].contains("\"'=1+1 <script>"));
}

#[test]
fn a_pack_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    fs::write(&path, "old").unwrap();
    let go = AtomicBool::new(false);
    let mut job = job(&path);
    let Err(ExportError::Exists(old)) = write_evidence(&job, &records(), &|_| {}, &go) else { panic!("an old file") };
    job.replace = old;
    let stop = AtomicBool::new(false);
    let on_rows = |_| stop.store(true, Ordering::Relaxed);
    assert_eq!(write_evidence(&job, &records(), &on_rows, &stop), Err(ExportError::Cancelled));
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(write_evidence(&job, &records(), &|_| {}, &go).is_ok());
}

/// Writes a pack with a schedule of a service of this name.
#[cfg(target_os = "linux")]
pub(crate) fn write_pack(path: &Path, service: &str) {
    let records = EvidenceRecords { schedules: Rows::new([schedule("db1", service)]), ..records() };
    write_evidence(&job(path), &records, &|_| {}, &AtomicBool::new(false)).unwrap();
}

/// A pack for `scripts/soak evidence`, which opens it in other programs: several pages, and names that are no ASCII.
#[test]
#[ignore = "writes the pack that scripts/soak evidence opens"]
fn a_pack_for_other_programs() {
    let folder = std::env::var_os("SKYBACKUP_READERS_FOLDER").expect("a folder to write to");
    let path = Path::new(&folder).join("pack.zip");
    let _ = fs::remove_file(&path);
    let failed = (0..300).map(|number| backup(&format!("b{number}"), "db1", "2026-11-03T02:00:00Z", "Failed"));
    let restores = (0..120).map(|number| restore(&format!("r{number}"), "db1", "2026-11-06T10:00:00Z"));
    let records = EvidenceRecords { backups: Rows::new(failed), restores: Rows::new(restores), ..records() };
    let mut job = EvidenceJob { profile: format!("Zürich 日本 {}", "long ".repeat(60)), ..job(&path) };
    // As the window writes one, which has all files.
    let mut coverage = job.overview[0].clone();
    (coverage.name, coverage.title) = ("coverage", "Coverage");
    job.overview.insert(0, coverage);
    write_evidence(&job, &records, &|_| {}, &AtomicBool::new(false)).unwrap();
}
