//! Files written by an export, read back by a reader that knows nothing of the writer.

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use calamine::{Data, Reader as _, Xlsx};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use skybackup::domain::{
    ApiTime, Backup, BackupId, BackupType, Recurrence, Schedule, ScheduleId, ServiceId, Status, Zone,
};
use skybackup::export::{
    CsvPreset, ExportError, ExportJob, ExportOptions, FileFormat, Provenance, Snapshot, Standing, TableRows,
    all_columns, write_csv_to, write_file,
};
use skybackup::grid::{ColumnKey, Row, RowSource, Selection, ServiceNames, facet_counts};
use skybackup::rows::Rows;

use crate::fuzz::properties::csv_cell::{Format, begins_a_formula, strict_reader, visible, without_escape};

fn options(preset: CsvPreset) -> ExportOptions {
    ExportOptions { preset, ..ExportOptions::default() }
}

fn job<R: Row>(rows: Vec<R>, columns: Vec<impl Into<ColumnKey>>, options: ExportOptions, path: &Path) -> ExportJob
where
    TableRows: From<Rows<R>>,
{
    ExportJob {
        table: Snapshot {
            order: (0..u32::try_from(rows.len()).unwrap()).collect(),
            rows: Rows::new(rows).into(),
            selection: Selection::default(),
            columns: columns.into_iter().map(Into::into).collect(),
        },
        options,
        zone: Zone::utc(),
        names: Arc::default(),
        now: "2026-09-14T12:00:00Z".parse().unwrap(),
        provenance: Provenance {
            app_version: "0.1.0".to_owned(),
            profile: "acme".to_owned(),
            at: "2026-09-14T11:58:00Z".parse().unwrap(),
            in_full_at: None,
            filters: "status is Failed".to_owned(),
            sort: "Started, newest first".to_owned(),
            partial: None,
            rows: 412,
            ..Provenance::default()
        },
        path: path.to_path_buf(),
        replace: Vec::new(),
    }
}

fn go() -> AtomicBool {
    AtomicBool::new(false)
}

fn text(job: &ExportJob) -> String {
    let mut out = Vec::new();
    write_csv_to(job, &mut out, &|_| {}, &go()).unwrap();
    String::from_utf8(out).unwrap()
}

fn full_backup() -> Backup {
    Backup {
        id: BackupId::new("eda3b724:dbtgf28216706:pod-0"),
        service_id: Some(ServiceId::new("dbtgf28216706")),
        service_name: Some("orders, \"main\"".into()),
        backup_type: Some(BackupType::Full),
        method: Some("skybucket".into()),
        server_pod: Some("@pod".into()),
        cloud_provider: Some("gcp".into()),
        status: Some(Status::new("Succeeded")),
        start_time: ApiTime::read("2026-08-21T02:00:07Z"),
        end_time: ApiTime::read("2026-08-21T03:02:10.5Z"),
        point_in_time: ApiTime::read("2026-08-21 01:59:31"),
        reference_full_backup: None,
        binlog_file: Some("mariadb-bin.000007".into()),
        binlog_position: Some("-5.00".into()),
        binlog_gtid_position: Some("0-1-270".into()),
        disk_size: Some("=1+1".into()),
        disk_size_bytes: Some(1_288_490_188),
        storage_bytes: Some(0),
        is_external_storage: Some(false),
        unknown: None,
        sighting: None,
    }
}

fn odd_backup() -> Backup {
    Backup { start_time: ApiTime::read("+soon"), method: Some("a\0b\u{1b}[0m\nc".into()), ..Backup::default() }
}

#[test]
fn the_file_for_excel_is_this_byte_for_byte() {
    let options = options(CsvPreset::Excel);
    let mut job =
        job(vec![full_backup(), odd_backup()], all_columns::<Backup>(RowSource::Listed), options, Path::new("x.csv"));
    job.zone = Zone::new(TimeZone::get("Europe/Berlin").unwrap());
    let want = [
        "\u{feff}\"Status\",\"Service\",\"Type\",\"Started (Europe/Berlin)\",\"Duration (s)\",\"Duration (h:mm:ss)\",\
         \"Stored size (bytes)\",\"Stored size\",\"Point in time (Europe/Berlin)\",\"Service ID\",\"Backup ID\",\"Method\",\
         \"Pod\",\"Cloud\",\"Ended (Europe/Berlin)\",\"Full backup\",\"Binlog file\",\"Binlog position\",\"GTID\",\
         \"Disk space, as given\",\"Disk space needed to restore (bytes)\",\"Disk space needed to restore\",\"Own bucket\"",
        "\"Succeeded\",\"orders, \"\"main\"\"\",\"full\",2026-08-21 04:00:07,3723,1:02:03,0,\"0 B\",\
         2026-08-21 03:59:31,\"dbtgf28216706\",\"eda3b724:dbtgf28216706:pod-0\",\"skybucket\",\"'@pod\",\"gcp\",\
         2026-08-21 05:02:10,,\"mariadb-bin.000007\",\"-5.00\",\"0-1-270\",\"'=1+1\",1288490188,\"1.2 GiB\",\"No\"",
        ",,,\"'+soon\",,,,,,,,\"ab\\u{1b}[0m\nc\",,,,,,,,,,,",
        "",
    ];
    assert_eq!(text(&job), want.join("\r\n"));
}

#[test]
fn the_file_for_scripts_is_this_byte_for_byte() {
    let mut columns = all_columns::<Backup>(RowSource::Listed);
    columns.reverse();
    let job = job(vec![full_backup(), odd_backup()], columns, options(CsvPreset::Scripts), Path::new("x.csv"));
    let want = [
        "status,service_name,type,start_time,duration_seconds,storage_bytes,point_in_time,service_id,backup_id,method,\
         server_pod,cloud_provider,end_time,reference_full_backup,binlog_file,binlog_position,binlog_gtid_position,\
         disk_size,disk_size_bytes,is_external_storage",
        "Succeeded,\"orders, \"\"main\"\"\",full,2026-08-21T02:00:07Z,3723,0,2026-08-21T01:59:31Z,dbtgf28216706,\
         eda3b724:dbtgf28216706:pod-0,skybucket,@pod,gcp,2026-08-21T03:02:10.500Z,,mariadb-bin.000007,-5.00,0-1-270,=1+1,\
         1288490188,false",
        ",,,+soon,,,,,,\"ab\\u{1b}[0m\nc\",,,,,,,,,,",
        "",
    ];
    assert_eq!(text(&job), want.join("\r\n"));
    let mut with_line_feeds = job;
    with_line_feeds.options.line_feed_only = true;
    assert_eq!(text(&with_line_feeds), want.join("\n"));
}

#[test]
fn schedules_are_written_by_the_same_rules() {
    let schedule = Schedule {
        id: ScheduleId::new("215"),
        service_name: Some("orders".into()),
        recurrence: Some(Recurrence::read("0 2 * * 1-5")),
        suspended: Some(true),
        message: Some("-cmd".into()),
        ..Schedule::default()
    };
    let first = Schedule { id: ScheduleId::new("0"), ..Schedule::default() };
    let columns = vec!["id", "schedule", "suspended", "message", "service_name"];
    let mut excel = options(CsvPreset::Excel);
    excel.semicolon = true;
    let job = job(vec![schedule, first], columns, excel, Path::new("x.csv"));
    assert_eq!(
        text(&job),
        "\u{feff}\"Schedule ID\";\"Cron\";\"Suspended\";\"Message\";\"Service\"\r\n\
         215;\"0 2 * * 1-5\";\"Yes\";\"'-cmd\";\"orders\"\r\n\
         0;;;;\r\n"
    );
    assert!(
        !all_columns::<Schedule>(RowSource::Listed).contains(&"labels".into()),
        "free text is written only where it is asked for"
    );
}

/// Two readings of a cron expression make a sentence of a time: words, which are quoted in both presets.
#[test]
fn a_next_run_that_is_not_sure_stays_in_its_cell() {
    let rows = || {
        let row = |cron: &str| Schedule { recurrence: Some(Recurrence::read(cron)), ..Schedule::default() };
        vec![row("0 0 */2 * 1"), row("0 2 * * *")]
    };
    let cases =
        [(CsvPreset::Excel, " 02:00:00", " 00:00:00, or "), (CsvPreset::Scripts, "T02:00:00Z", "T00:00:00Z, or ")];
    for (preset, sure, either) in cases {
        let written = text(&job(rows(), vec!["next_run"], options(preset), Path::new("x.csv")));
        let lines: Vec<&str> = written.lines().skip(1).collect();
        assert!(lines[0].starts_with("\"either 2026-") && lines[0].ends_with('"'), "{written}");
        assert!(lines[0].contains(either) && lines[1] == format!("2026-09-15{sure}"), "{written}");
    }
}

/// The format of both presets as they are by default.
const COMMAS: Format = Format { separator: ',', line_end: "\r\n" };

proptest! {
    #[test]
    fn what_is_written_is_read_back_row_for_row(
        cells in proptest::collection::vec(("\\PC{0,6}|[-+=@'\"\t\r\n\0,;＝ 5.a\u{feff}\u{1b}\u{85}]{0,6}", any::<u64>(), any::<bool>()), 1..20),
        for_excel: bool,
    ) {
        let rows = cells.iter().map(|(text, bytes, flag)| Backup {
            method: (!text.is_empty()).then(|| text.as_str().into()),
            storage_bytes: Some(*bytes),
            is_external_storage: Some(*flag),
            ..Backup::default()
        }).collect();
        let preset = if for_excel { CsvPreset::Excel } else { CsvPreset::Scripts };
        let written = text(&job(rows, vec!["storage_bytes", "method", "is_external_storage"], options(preset), Path::new("x")));
        let body = if for_excel { written.strip_prefix('\u{feff}').unwrap() } else { written.as_str() };
        let records = strict_reader(body, &COMMAS).map_err(TestCaseError::fail)?;
        prop_assert_eq!(records.len(), cells.len() + 1);
        for ((text, bytes, flag), record) in cells.iter().zip(&records[1..]) {
            prop_assert_eq!(&record[0], &bytes.to_string());
            let (cell, last) = (&record[record.len() - 2], &record[record.len() - 1]);
            prop_assert_eq!(last, match (for_excel, flag) { (true, true) => "Yes", (true, false) => "No", (false, true) => "true", (false, false) => "false" });
            if for_excel {
                prop_assert_eq!(without_escape(cell), visible(text));
                prop_assert!(!begins_a_formula(cell), "{:?}", cell);
            } else {
                prop_assert_eq!(cell, &visible(text));
            }
        }
    }
}

#[test]
fn a_file_and_its_note_are_written_whole_over_an_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("backups.csv");
    fs::write(&path, "old").unwrap();
    let rows: Vec<Backup> = (0..25_000).map(|_| full_backup()).collect();
    let mut job = job(rows, vec!["service_name", "status"], options(CsvPreset::Scripts), &path);
    let Err(ExportError::Exists(old)) = write_file(&job, &|_| {}, &go()) else { panic!("an old file") };
    job.replace = old;
    job.provenance.in_full_at = "2026-09-14T11:51:00Z".parse().ok();
    let heard = RefCell::new(Vec::new());
    let report = write_file(&job, &|rows| heard.borrow_mut().push(rows), &go()).unwrap();
    assert_eq!((report.rows, report.warnings.as_slice()), (25_000, [].as_slice()));
    assert_eq!(*heard.borrow(), [0, 10_000, 20_000, 25_000]);
    let written = fs::read_to_string(&path).unwrap();
    assert_eq!(strict_reader(&written, &COMMAS).unwrap().len(), 25_001);
    let note: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("backups.meta.json")).unwrap()).unwrap();
    assert_eq!(
        note,
        serde_json::json!({
            "application": "SkyBackup", "version": "0.1.0", "file": "backups.csv", "format": "csv", "table": "backups",
            "source": "Listed now", "profile": "acme", "data_read_at": "2026-09-14T11:58:00Z",
            "data_read_in_full_at": "2026-09-14T11:51:00Z", "written_at": "2026-09-14T12:00:00Z",
            "filters": "status is Failed", "sort": "Started, newest first", "rows": 25_000, "rows_before_filtering": 412,
            "complete": true, "completeness": "complete", "columns": ["service_name", "status"],
            "preset": "scripts", "zone": "UTC", "formula_guard": false,
        })
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing temporary is left");
}

#[test]
fn every_file_in_the_way_is_named_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    let job = |name: &str, replace: Vec<Standing>| {
        let mut job = job(vec![full_backup()], vec!["status"], options(CsvPreset::Scripts), &place(name));
        job.replace = replace;
        job
    };
    let in_the_way = |name: &str, replace: &[Standing]| match write_file(&job(name, replace.to_vec()), &|_| {}, &go()) {
        Err(ExportError::Exists(standing)) => standing,
        other => panic!("{other:?}"),
    };
    let names = |standing: &[Standing]| standing.iter().map(Standing::name).collect::<Vec<_>>();
    for (name, text) in [("list.csv", "a"), ("list.meta.json", "b"), ("notes.meta.json", "c"), ("list", "d")] {
        fs::write(place(name), text).unwrap();
    }
    // The name as typed is free to whoever has it: the file gets its ending.
    let both = in_the_way("list", &[]);
    assert_eq!(names(&both), ["list.csv", "list.meta.json"]);
    assert_eq!(names(&in_the_way("notes.csv", &[])), ["notes.meta.json"], "another file's note");
    assert_eq!(names(&in_the_way("list", &both[..1])), ["list.meta.json"], "one word is not a word about the other");
    for (name, text) in [("list.csv", "a"), ("list.meta.json", "b"), ("notes.meta.json", "c"), ("list", "d")] {
        assert_eq!(fs::read_to_string(place(name)).unwrap(), text, "{name}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
    let report = write_file(&job("list", both), &|_| {}, &go()).unwrap();
    assert_eq!((report.path, report.warnings), (place("list.csv"), Vec::new()));
    // Now they are ours, and asked about all the same.
    let ours = in_the_way("list.csv", &[]);
    assert_eq!(ours.iter().map(|it| it.is_foreign_note).collect::<Vec<_>>(), [false, false]);
    assert_eq!(fs::read_to_string(place("list")).unwrap(), "d");
}

/// A note that somebody else put there while the rows were written stays; the file itself is whole.
#[test]
fn a_note_that_appears_meanwhile_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("list.meta.json");
    let rows: Vec<Backup> = (0..10).map(|_| full_backup()).collect();
    let job = job(rows, vec!["status"], options(CsvPreset::Scripts), &folder.path().join("list.csv"));
    let report = write_file(&job, &|_| fs::write(&note, "theirs").unwrap(), &go()).unwrap();
    assert_eq!(report.warnings, ["The file was written, but not the note beside it: list.meta.json already exists"]);
    assert_eq!(fs::read_to_string(&note).unwrap(), "theirs");
}

#[test]
fn a_partial_list_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut job =
        job(vec![full_backup()], vec!["status"], options(CsvPreset::Excel), &folder.path().join("backups.csv"));
    job.provenance.partial = Some("page 3 of 9 did not come".to_owned());
    let report = write_file(&job, &|_| {}, &go()).unwrap();
    assert_eq!(report.warnings, ["The file does not contain the whole list: partial: page 3 of 9 did not come"]);
    let note = fs::read_to_string(folder.path().join("backups.meta.json")).unwrap();
    assert!(note.contains("\"complete\": false"), "{note}");
}

#[test]
fn a_cancelled_export_leaves_the_old_file_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("backups.csv");
    fs::write(&path, "old").unwrap();
    let rows: Vec<Backup> = (0..50_000).map(|_| full_backup()).collect();
    let mut job = job(rows, vec!["status"], options(CsvPreset::Excel), &path);
    let Err(ExportError::Exists(old)) = write_file(&job, &|_| {}, &go()) else { panic!("an old file") };
    job.replace = old;
    let stop = go();
    let heard = RefCell::new(0);
    let on_rows = |rows: usize| {
        *heard.borrow_mut() = rows;
        stop.store(rows == 20_000, Ordering::Relaxed);
    };
    assert_eq!(write_file(&job, &on_rows, &stop), Err(ExportError::Cancelled));
    assert_eq!(*heard.borrow(), 20_000);
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_place_that_is_no_ordinary_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let export = |path: &Path| {
        write_file(&job(vec![full_backup()], vec!["status"], options(CsvPreset::Excel), path), &|_| {}, &go())
    };
    assert_eq!(export(folder.path()), Err(ExportError::NotAFile(folder.path().to_path_buf())));
    let missing = folder.path().join("gone");
    assert_eq!(export(&missing.join("a.csv")), Err(ExportError::FolderMissing(missing)));
    assert_eq!(export(Path::new("/")), Err(ExportError::NotAFile("/".into())));
    let named_as_folder = folder.path().join("new/");
    assert_eq!(export(&named_as_folder), Err(ExportError::NotAFile(named_as_folder)));
    #[cfg(unix)]
    {
        let (link, target) = (folder.path().join("link.csv"), folder.path().join("target.csv"));
        fs::write(&target, "old").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert_eq!(export(&link), Err(ExportError::NotAFile(link.clone())));
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");
        assert_eq!(export(Path::new("/dev/null")), Err(ExportError::NotAFile("/dev/null".into())));
        // A file where a folder should be.
        assert_eq!(export(&target.join("a.csv")), Err(ExportError::FolderMissing(target)));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_files_is_explained_in_words() {
    let path = Path::new("/proc/self/a.csv");
    let result = write_file(&job(vec![full_backup()], vec!["status"], options(CsvPreset::Excel), path), &|_| {}, &go());
    assert!(matches!(result, Err(ExportError::FolderMissing(_) | ExportError::Denied(_))), "{result:?}");
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    let mut permissions = fs::metadata(&closed).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&closed, permissions.clone()).unwrap();
    let path = closed.join("a.csv");
    let probe = fs::write(closed.join("probe"), "");
    let result =
        write_file(&job(vec![full_backup()], vec!["status"], options(CsvPreset::Excel), &path), &|_| {}, &go());
    // The superuser may write everywhere.
    match probe {
        Ok(()) => assert!(result.is_ok(), "{result:?}"),
        Err(_) => assert_eq!(result, Err(ExportError::Denied(path))),
    }
}

/// Takes this number of bytes, then reports a full disk.
struct SmallDisk(usize);

impl std::io::Write for SmallDisk {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        if self.0 == 0 {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        let taken = buffer.len().min(self.0);
        self.0 -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_disk_that_fills_up_anywhere_is_an_error() {
    let rows: Vec<Backup> = (0..20).map(|_| full_backup()).collect();
    let job =
        job(rows, all_columns::<Backup>(RowSource::Listed), options(CsvPreset::Excel), Path::new("/exports/a.csv"));
    let size = text(&job).len();
    for room in 0..size {
        let result = write_csv_to(&job, SmallDisk(room), &|_| {}, &go());
        assert_eq!(
            result,
            Err(ExportError::Full { path: "/exports/a.csv".into(), free_bytes: None }),
            "{room} of {size} bytes"
        );
    }
    assert_eq!(write_csv_to(&job, SmallDisk(size), &|_| {}, &go()), Ok(20));
}

/// A reader that has seen one width of fractions trips over another; every column has its own.
#[test]
fn the_times_of_a_column_have_one_width_in_files_for_scripts() {
    let row = |start: &str, end: &str| Backup {
        start_time: ApiTime::read(start),
        end_time: ApiTime::read(end),
        ..Backup::default()
    };
    let rows = vec![
        row("2026-08-21T02:00:07Z", "2026-08-21T03:00:00Z"),
        row("2026-08-21T02:00:07.5Z", "2026-08-21T03:00:00Z"),
        row("2026-08-21T02:00:07.123456Z", ""),
        row("soon", "2026-08-21T03:00:00Z"),
        row("2026-08-21T02:00:07.000000001Z", "2026-08-21T03:00:00.25Z"),
    ];
    let mut job = job(rows, vec!["start_time", "end_time"], options(CsvPreset::Scripts), Path::new("x.csv"));
    let columns = |text: &str| -> Vec<String> { text.lines().skip(1).map(str::to_owned).collect() };
    assert_eq!(
        columns(&text(&job)),
        [
            "2026-08-21T02:00:07.000000000Z,2026-08-21T03:00:00.000Z",
            "2026-08-21T02:00:07.500000000Z,2026-08-21T03:00:00.000Z",
            "2026-08-21T02:00:07.123456000Z,",
            "soon,2026-08-21T03:00:00.000Z",
            "2026-08-21T02:00:07.000000001Z,2026-08-21T03:00:00.250Z",
        ]
    );
    // Only the rows of the file count.
    job.table.order = [0, 1].into();
    assert_eq!(
        columns(&text(&job)),
        ["2026-08-21T02:00:07.000Z,2026-08-21T03:00:00Z", "2026-08-21T02:00:07.500Z,2026-08-21T03:00:00Z"]
    );
}

/// A blank line is no row to many readers, so a row whose only cell is empty has its quotes.
#[test]
fn a_row_with_one_empty_cell_is_no_blank_line() {
    for preset in [CsvPreset::Excel, CsvPreset::Scripts] {
        let job = job(vec![odd_backup(), full_backup()], vec!["end_time"], options(preset), Path::new("x.csv"));
        let written = text(&job);
        assert_eq!(written.lines().skip(1).collect::<Vec<_>>()[..1], ["\"\""], "{preset:?}");
    }
}

fn workbook_of(job: &ExportJob) -> Xlsx<std::io::BufReader<fs::File>> {
    let report = write_file(job, &|_| {}, &go()).unwrap();
    calamine::open_workbook(report.path).unwrap()
}

#[test]
fn a_workbook_holds_typed_cells_and_where_they_come_from() {
    let folder = tempfile::tempdir().unwrap();
    let mut job = job(
        vec![full_backup(), odd_backup()],
        all_columns::<Backup>(RowSource::Listed),
        ExportOptions { format: FileFormat::Workbook, ..ExportOptions::default() },
        &folder.path().join("backups"),
    );
    job.zone = Zone::new(TimeZone::get("Asia/Tokyo").unwrap());
    let mut workbook = workbook_of(&job);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no note beside it, and nothing temporary");
    assert_eq!(workbook.sheet_names(), ["Backups", "About"]);
    let table = workbook.worksheet_range("Backups").unwrap();
    let headers: Vec<String> = table.rows().next().unwrap().iter().map(ToString::to_string).collect();
    let cell = |header: &str, row: usize| {
        let column = headers.iter().position(|it| it == header).unwrap_or_else(|| panic!("no {header} in {headers:?}"));
        table.rows().nth(row).unwrap()[column].clone()
    };
    let words = |word: &str| Data::String(word.to_owned());
    for (header, want) in [
        ("Status", words("Succeeded")),
        ("Service", words("orders, \"main\"")),
        ("Stored size (bytes)", Data::Float(0.0)),
        ("Disk space needed to restore (bytes)", Data::Float(1_288_490_188.0)),
        ("Disk space needed to restore", words("1.2 GiB")),
        ("GTID", words("0-1-270")),
        ("Disk space, as given", words("=1+1")),
        ("Own bucket", Data::Bool(false)),
        ("Full backup", Data::Empty),
    ] {
        assert_eq!(cell(header, 1), want, "{header}");
    }
    let Data::DateTime(started) = cell("Started (UTC)", 1) else { panic!("{:?}", cell("Started (UTC)", 1)) };
    assert_eq!(started.to_ymd_hms_milli(), (2026, 8, 21, 2, 0, 7, 0));
    let Data::DateTime(length) = cell("Duration (h:mm:ss)", 1) else { panic!("no length") };
    assert!(length.is_duration());
    assert_eq!((cell("Started (UTC)", 2), cell("Method", 2)), (words("+soon"), words("ab\\u{1b}[0m\nc")));
    let about = workbook.worksheet_range("About").unwrap();
    let facts: Vec<(String, String)> = about.rows().map(|row| (row[0].to_string(), row[1].to_string())).collect();
    for (name, value) in [
        ("Application", "SkyBackup 0.1.0"),
        ("Profile", "acme"),
        ("Table", "backups"),
        ("Data read at", "2026-09-14T11:58:00Z"),
        ("Written at", "2026-09-14T12:00:00Z"),
        ("Filters", "status is Failed"),
        ("Rows", "2"),
        ("Rows before filtering", "412"),
        ("Completeness", "complete"),
    ] {
        assert!(facts.contains(&(name.to_owned(), value.to_owned())), "{name}: {facts:?}");
    }
}

#[test]
fn the_same_rows_make_the_same_workbook() {
    let folder = tempfile::tempdir().unwrap();
    let options = ExportOptions { format: FileFormat::Workbook, ..ExportOptions::default() };
    let bytes = |name: &str| {
        let path = folder.path().join(name);
        write_file(&job(vec![full_backup()], vec!["status", "start_time"], options, &path), &|_| {}, &go()).unwrap();
        fs::read(path).unwrap()
    };
    assert_eq!(bytes("a.xlsx"), bytes("b.xlsx"));
}

#[test]
fn a_cancelled_workbook_leaves_the_old_file_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("backups.xlsx");
    fs::write(&path, "old").unwrap();
    let rows: Vec<Backup> = (0..5_000).map(|_| full_backup()).collect();
    let options = ExportOptions { format: FileFormat::Workbook, ..ExportOptions::default() };
    // While the rows are written, and while they are packed.
    for last in [2_000, 5_000] {
        let mut job = job(rows.clone(), vec!["status"], options, &path);
        let Err(ExportError::Exists(old)) = write_file(&job, &|_| {}, &go()) else { panic!("an old file") };
        job.replace = old;
        let stop = go();
        let on_rows = |rows: usize| stop.store(rows == last, Ordering::Relaxed);
        assert_eq!(write_file(&job, &on_rows, &stop), Err(ExportError::Cancelled), "{last}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

/// The library panics on a full disk in this mode; the user gets the sentence of any other file.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "needs the right to mount"]
fn a_workbook_on_a_full_disk_is_reported_as_such() {
    let disk = crate::support::disk::Disk::mount(200).unwrap();
    let rows: Vec<Backup> = (0..20_000).map(|_| full_backup()).collect();
    let options = ExportOptions { format: FileFormat::Workbook, ..ExportOptions::default() };
    let path = disk.path().join("a.xlsx");
    let job = job(rows, all_columns::<Backup>(RowSource::Listed), options, &path);
    let result = write_file(&job, &|_| {}, &go());
    assert!(matches!(&result, Err(ExportError::Full { free_bytes: Some(_), .. })), "{result:?}");
    assert_eq!(fs::read_dir(disk.path()).unwrap().count(), 0);
}

#[test]
fn json_has_every_field_with_the_digits_as_they_came() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("backups.json");
    let odd = Backup { unknown: Some(r#"{"cost":1.50,"big":12345678901234567890123}"#.into()), ..full_backup() };
    let json = |rows: Vec<Backup>| {
        let options = ExportOptions { format: FileFormat::Json, ..ExportOptions::default() };
        let mut job = job(rows, vec!["status"], options, &path);
        job.replace = match write_file(&job, &|_| {}, &go()) {
            Err(ExportError::Exists(old)) => old,
            Ok(_) => return fs::read_to_string(&path).unwrap(),
            Err(error) => panic!("{error}"),
        };
        write_file(&job, &|_| {}, &go()).unwrap();
        fs::read_to_string(&path).unwrap()
    };
    let text = json(vec![odd, full_backup()]);
    let lines: Vec<&str> = text.lines().collect();
    assert!(matches!(lines[..], ["[", _, _, "]"]) && lines[1].ends_with(','), "one row a line: {text}");
    assert!(text.contains(r#""cost":1.50"#) && text.contains(r#""big":12345678901234567890123"#), "{text}");
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&read[1]["storage_bytes"], &read[1]["binlog_gtid_position"]), (&0.into(), &"0-1-270".into()));
    assert_eq!(read[1]["id"], "eda3b724:dbtgf28216706:pod-0", "columns play no part");
    let note = fs::read_to_string(folder.path().join("backups.meta.json")).unwrap();
    let note: serde_json::Value = serde_json::from_str(&note).unwrap();
    assert_eq!((&note["format"], &note["file"], note.get("preset")), (&"json".into(), &"backups.json".into(), None));
    assert_eq!(json(Vec::new()), "[]\n");
}

/// One row more than a sheet takes, as long as those of the service: how long that takes, and the memory it needs beside the rows.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "writes a million rows, which takes minutes; run it alone, with --nocapture"]
fn a_workbook_of_more_rows_than_a_sheet_takes() {
    const ROWS: usize = 1_048_576;
    let peak_kib = || -> u64 {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim_end_matches(" kB").trim().parse().unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("SKYBACKUP_READERS_FOLDER").map(std::path::PathBuf::from);
    let path = kept.as_deref().unwrap_or(folder.path()).join("million.xlsx");
    let _ = fs::remove_file(&path);
    let row =
        |number: usize| Backup { id: BackupId::new(format!("{number:032x}:dbtgf28216706:pod-0")), ..full_backup() };
    let options = ExportOptions { format: FileFormat::Workbook, ..options(CsvPreset::Excel) };
    let mut job = job::<Backup>(Vec::new(), all_columns::<Backup>(RowSource::Listed), options, &path);
    job.table.rows = (0..ROWS).map(row).collect::<Rows<Backup>>().into();
    job.table.order = (0..u32::try_from(ROWS).unwrap()).collect();
    let (before, begun) = (peak_kib(), std::time::Instant::now());
    let report = write_file(&job, &|_| {}, &go()).unwrap();
    let (took, grown) = (begun.elapsed(), peak_kib() - before);
    println!(
        "{ROWS} rows of {} columns: {took:.1?}, {} MiB more than before, a file of {} MiB",
        job.table.columns.len(),
        grown / 1024,
        fs::metadata(&path).unwrap().len() >> 20
    );
    assert_eq!(report.rows, ROWS);
    assert!(grown < 300 * 1024, "{grown} KiB: the rows of a sheet are in memory");
    let mut workbook: Xlsx<_> = calamine::open_workbook(&path).unwrap();
    assert_eq!(workbook.sheet_names(), ["Backups", "Backups 2", "About"]);
    for (sheet, want) in [("Backups", ROWS - 1), ("Backups 2", 1)] {
        let mut cells = workbook.worksheet_cells_reader(sheet).unwrap();
        let (mut last, mut ids) = (0, 0);
        while let Some(cell) = cells.next_cell().unwrap() {
            last = cell.get_position().0;
            ids += usize::from(
                matches!(cell.get_value(), calamine::DataRef::SharedString(text) if text.ends_with(":pod-0")),
            );
            ids += usize::from(matches!(cell.get_value(), calamine::DataRef::String(text) if text.ends_with(":pod-0")));
        }
        assert_eq!((last as usize, ids), (want, want), "{sheet}: the header is row 0");
    }
}

/// Files of both presets for `scripts/soak readers`, which opens them in other programs: with what those are known to stumble over.
#[test]
#[ignore = "writes the files that scripts/soak readers opens"]
fn files_for_other_programs() {
    let folder = std::env::var_os("SKYBACKUP_READERS_FOLDER").expect("a folder to write to");
    let odd = Backup {
        id: BackupId::new("00123"),
        service_name: Some("Zürich, \"main\"; 1|2".into()),
        method: Some("=1+1".into()),
        binlog_gtid_position: Some("10-11-2024".into()),
        start_time: ApiTime::read("2026-08-22T02:00:07.25Z"),
        end_time: ApiTime::read("2026-08-23T04:10:12.25Z"),
        ..Backup::default()
    };
    let empty = Backup { id: BackupId::new("b3"), ..Backup::default() };
    let rows = vec![full_backup(), odd, empty];
    let of_format = |format| ExportOptions { format, ..ExportOptions::default() };
    for (name, options) in [
        ("excel.csv", options(CsvPreset::Excel)),
        ("scripts.csv", options(CsvPreset::Scripts)),
        ("workbook.xlsx", of_format(FileFormat::Workbook)),
        ("rows.json", of_format(FileFormat::Json)),
    ] {
        let path = Path::new(&folder).join(name);
        let _ = fs::remove_file(&path);
        let _ = fs::remove_file(path.with_extension("meta.json"));
        write_file(&job(rows.clone(), all_columns::<Backup>(RowSource::Listed), options, &path), &|_| {}, &go())
            .unwrap();
    }
}

/// What the table shows is what people get; programs get what the service said.
#[test]
fn a_service_that_a_row_does_not_name_is_named_in_files_for_people() {
    let row = |name: Option<&str>| Backup {
        service_id: Some(ServiceId::new("db1")),
        service_name: name.map(Into::into),
        ..Backup::default()
    };
    let rows = [row(None), row(Some("orders"))];
    for (preset, cells) in [(CsvPreset::Excel, ["\"db1\",\"orders\""; 2]), (CsvPreset::Scripts, [",db1", "orders,db1"])]
    {
        let columns = vec!["service_id", "service_name"];
        let mut job = job(rows.to_vec(), columns, options(preset), Path::new("list.csv"));
        job.names = Arc::new(ServiceNames::new(std::iter::empty(), &[&facet_counts(&Rows::new(rows.clone()))]));
        let written = text(&job);
        assert_eq!(written.lines().skip(1).collect::<Vec<_>>(), cells, "{preset:?}");
    }
}

/// Both backups of the hour that comes twice can be told apart and read back, and so can every time in a zone without a name.
#[test]
fn times_in_files_for_people_stand_for_one_instant_each() {
    let [summer, winter] = ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"].map(|at| at.parse::<Timestamp>().unwrap());
    let rows = |at: Timestamp| Backup { start_time: Some(ApiTime::At(at)), ..Backup::default() };
    let zones = [
        (TimeZone::get("Europe/Berlin").unwrap(), "Europe/Berlin", ["+02:00", "+01:00", ""]),
        (
            TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap(),
            "local time, with UTC offset",
            ["+02:00", "+01:00", "+01:00"],
        ),
        (TimeZone::fixed(jiff::tz::offset(2)), "UTC+02:00", ["", "", ""]),
        (TimeZone::unknown(), "UTC", ["", "", ""]),
    ];
    for (zone, name, offsets) in zones {
        let folder = tempfile::tempdir().unwrap();
        let noon = summer + jiff::SignedDuration::from_hours(200);
        let mut job = job(
            vec![rows(summer), rows(winter), rows(noon)],
            vec!["start_time"],
            options(CsvPreset::Excel),
            &folder.path().join("x.csv"),
        );
        job.zone = Zone::new(zone.clone());
        write_file(&job, &|_| {}, &go()).unwrap();
        let written = fs::read_to_string(folder.path().join("x.csv")).unwrap();
        let lines: Vec<&str> = written.lines().collect();
        assert_eq!(lines[0], format!("\u{feff}\"Started ({name})\""));
        for ((at, line), offset) in [summer, winter, noon].iter().zip(&lines[1..]).zip(offsets) {
            let (civil, rest) = line.split_at(19);
            assert_eq!(rest, offset);
            let civil: jiff::civil::DateTime = civil.parse().unwrap();
            let read =
                if rest.is_empty() { zone.to_timestamp(civil).unwrap() } else { line.parse::<Timestamp>().unwrap() };
            assert_eq!(read, *at, "{line}");
        }
        let note = fs::read_to_string(folder.path().join("x.meta.json")).unwrap();
        assert!(note.contains(&format!("\"zone\": \"{name}\"")), "{note}");
    }
}

#[test]
fn times_in_files_for_scripts_are_utc_whatever_the_zone() {
    let mut job = job(vec![full_backup()], vec!["start_time"], options(CsvPreset::Scripts), Path::new("x.csv"));
    job.zone = Zone::new(TimeZone::get("Asia/Tokyo").unwrap());
    job.now = Timestamp::UNIX_EPOCH;
    assert_eq!(text(&job), "start_time\r\n2026-08-21T02:00:07Z\r\n");
}
