use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};

use super::super::metadata::about;
use super::super::table_workbook::add_rows;
use super::super::{ExportJob, ExportOptions, Provenance, Snapshot};
use super::*;
use crate::domain::{ApiTime, Backup, BackupId};
use crate::grid::Selection;
use crate::rows::Rows;

fn column(header: &str, kind: Kind) -> SheetColumn {
    SheetColumn { header: header.to_owned(), kind, longest: 0 }
}

/// The cells of one sheet of one column, the header left out, as another library reads them, and how many were cut.
fn read_back(kind: Kind, values: &[Value<'static>]) -> (Vec<Data>, usize) {
    let folder = tempfile::tempdir().unwrap();
    let (path, go) = (folder.path().join("a.xlsx"), AtomicBool::new(false));
    let mut workbook = WorkbookWriter::new(&path, Timestamp::UNIX_EPOCH, &go).unwrap();
    let cells = |row: usize, cell: &mut dyn FnMut(Value<'_>)| {
        cell(values[row].clone());
        cell(Value::Text("end".into()));
        Ok(())
    };
    let columns = [column("A", kind), column("B", Kind::Text)];
    workbook.add_sheet("Sheet", &columns, values.len(), cells).unwrap();
    let cut = workbook.cut_cells;
    let mut bytes = Vec::new();
    workbook.finish(&mut bytes).unwrap();
    let mut read: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = read.worksheet_range("Sheet").unwrap();
    (range.rows().skip(1).map(|row| row[0].clone()).collect(), cut)
}

fn text(text: &str) -> Data {
    Data::String(text.to_owned())
}

#[test]
fn words_are_words_whatever_they_look_like() {
    let words = [
        "=1+1",
        "@SUM(A1)",
        "00123",
        "0-1-270",
        "10-11-2024",
        "1E5",
        "TRUE",
        "https://x.example",
        "_x0041_",
        " a ",
        "<&>\"'",
    ];
    let values = words.map(|word| Value::Text(word.into()));
    assert_eq!(read_back(Kind::Text, &values).0, words.map(text));
}

#[test]
fn characters_that_a_workbook_cannot_hold_are_made_visible() {
    let cases = [
        ("a\0b", "ab"),
        ("\u{1b}[0m", "\\u{1b}[0m"),
        ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te"),
        ("\u{ffff}\u{fffe}", "\\u{ffff}\\u{fffe}"),
    ];
    let values = cases.map(|(given, _)| Value::Text(given.into()));
    assert_eq!(read_back(Kind::Text, &values).0, cases.map(|(_, read)| text(read)));
}

#[test]
fn a_text_beyond_the_limit_is_cut_and_counted() {
    let values =
        ["x".repeat(CELL_UNITS), "x".repeat(CELL_UNITS + 1), "𝄞".repeat(CELL_UNITS)].map(|it| Value::Text(it.into()));
    let (read, cut) = read_back(Kind::Text, &values);
    let lengths: Vec<usize> = read.iter().map(|cell| cell.to_string().encode_utf16().count()).collect();
    assert_eq!((lengths, cut), (vec![CELL_UNITS, CELL_UNITS, CELL_UNITS], 2));
    assert!(read[1].to_string().ends_with('…') && read[2].to_string().ends_with("𝄞…"));
}

#[test]
fn whole_numbers_are_numbers_as_long_as_every_digit_is_kept() {
    let exact = 1_u64 << 53;
    let values = [0, exact, exact + 1, u64::MAX].map(Value::Bytes);
    let want = [
        Data::Float(0.0),
        Data::Float(9_007_199_254_740_992.0),
        text("9007199254740993"),
        text("18446744073709551615"),
    ];
    assert_eq!(read_back(Kind::Bytes, &values).0, want);
    let values = [-5, i64::MIN].map(Value::Integer);
    assert_eq!(read_back(Kind::Integer, &values).0, [Data::Float(-5.0), text("-9223372036854775808")]);
    assert_eq!(read_back(Kind::Id, &[Value::Integer(215)]).0, [text("215")], "an id is a text");
    let values = ["4", "004", "-5.00", "9007199254740993"].map(|it| Value::Text(it.into()));
    let want = [Data::Float(4.0), text("004"), text("-5.00"), text("9007199254740993")];
    assert_eq!(read_back(Kind::BinlogPosition, &values).0, want);
    assert_eq!(read_back(Kind::Flag, &[Value::Flag(true), Value::Empty]).0, [Data::Bool(true), Data::Empty]);
}

#[test]
fn times_are_dates_where_excel_has_a_date_for_them() {
    let cases = [
        ("2026-08-21T02:00:07Z", Ok("2026-08-21 02:00:07")),
        ("2026-08-21T02:00:07.25Z", Ok("2026-08-21 02:00:07.250")),
        ("1900-03-01T00:00:00Z", Ok("1900-03-01 00:00:00")),
        ("9999-12-30T21:59:59Z", Ok("9999-12-30 21:59:59")),
        ("1900-02-28T23:59:59Z", Err("1900-02-28T23:59:59Z")),
        ("-000044-03-15T00:00:00Z", Err("-000044-03-15T00:00:00Z")),
    ];
    let values = cases.map(|(at, _)| Value::Instant(at.parse().unwrap()));
    let (read, _) = read_back(Kind::Instant, &values);
    for (cell, (_, want)) in read.iter().zip(cases) {
        match (cell, want) {
            (Data::DateTime(at), Ok(want)) => {
                let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
                let time = format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{milli:03}");
                assert_eq!(time.trim_end_matches(".000"), want);
            }
            (Data::String(text), Err(want)) => assert_eq!(text, want),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn lengths_of_more_than_a_day_stay_lengths() {
    let (read, _) = read_back(Kind::Seconds, &[Value::Seconds(94_205)]);
    let [Data::DateTime(length)] = &read[..] else { panic!("{read:?}") };
    assert!(length.is_duration());
    assert!((length.as_f64() * 86_400.0 - 94_205.0).abs() < 0.001);
}

fn job(count: usize) -> ExportJob {
    let rows = (0..count).map(|number| Backup {
        id: BackupId::new(format!("b{number}")),
        start_time: ApiTime::read("2026-08-21T02:00:07Z"),
        ..Backup::default()
    });
    ExportJob {
        table: Snapshot {
            order: (0..u32::try_from(count).unwrap()).collect(),
            rows: Rows::new(rows).into(),
            selection: Selection::default(),
            columns: vec!["id".into(), "start_time".into()],
        },
        options: ExportOptions::default(),
        zone: Zone::utc(),
        names: std::sync::Arc::default(),
        now: "2026-09-14T12:00:00Z".parse().unwrap(),
        provenance: Provenance { profile: "acme".to_owned(), ..Provenance::default() },
        path: "a.xlsx".into(),
        replace: Vec::new(),
    }
}

#[test]
fn rows_beyond_one_sheet_go_to_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let (path, go) = (folder.path().join("a.xlsx"), AtomicBool::new(false));
    for (count, want) in [
        (0, vec![("Backups", 0)]),
        (3, vec![("Backups", 3)]),
        (7, vec![("Backups", 3), ("Backups 2", 3), ("Backups 3", 1)]),
    ] {
        let job = job(count);
        let super::super::TableRows::Backups(rows) = &job.table.rows else { panic!() };
        let mut workbook = WorkbookWriter::new(&path, job.now, &go).unwrap();
        assert_eq!(add_rows(&mut workbook, rows, &job, 3, &|_| {}, &go), Ok(count));
        workbook.add_facts("About", &about(&job, count)).unwrap();
        let mut bytes = Vec::new();
        workbook.finish(&mut bytes).unwrap();
        let mut read: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let names = read.sheet_names();
        assert_eq!(names.last().unwrap(), "About");
        let sizes: Vec<(&str, usize)> = names[..names.len() - 1]
            .iter()
            .map(|name| (name.as_str(), read.worksheet_range(name).unwrap().height() - 1))
            .collect();
        assert_eq!(sizes, want);
        let last = read.worksheet_range(want.last().unwrap().0).unwrap();
        assert_eq!(last.get((0, 0)), Some(&text("Backup ID")));
        if count > 0 {
            assert_eq!(last.get((last.height() - 1, 0)), Some(&text(&format!("b{}", count - 1))));
        }
    }
}

#[test]
fn a_full_disk_is_a_failure_and_not_the_end_of_the_program() {
    let path = Path::new("/exports/a.xlsx");
    let error = |words: &str| {
        let error = io::Error::from(match words {
            "full" => io::ErrorKind::StorageFull,
            "quota" => io::ErrorKind::QuotaExceeded,
            _ => io::ErrorKind::BrokenPipe,
        });
        catch_full_disk(path, || -> Result<(), ExportError> { panic!("Couldn't write to xml file: {error:?}") })
            .unwrap_err()
    };
    assert_eq!(error("full"), ExportError::Full { path: path.into(), free_bytes: None });
    assert_eq!(error("quota"), ExportError::QuotaUsedUp(path.into()));
    assert!(matches!(error("other"), ExportError::Other { .. }));
}
