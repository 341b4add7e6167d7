//! Times as texts: a known form is that instant, a written time reads back as the same, and any other text is kept as it came.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use jiff::civil::DateTime;
use skybackup::domain::{ApiTime, Backup, Zone};
use skybackup::export::{CsvPreset, ExportJob, ExportOptions, Provenance, Snapshot, write_csv_to};
use skybackup::grid::Selection;
use skybackup::rows::Rows;

/// Reads the bytes as a time field of a response, writes what was read, and reads that again.
pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let trimmed = text.trim();
    let moment = ApiTime::read(&text);
    match &moment {
        None => assert!(trimmed.bytes().all(|byte| byte == b'0') || is_zero_time(trimmed), "no value: {text:?}"),
        Some(ApiTime::Unreadable(kept)) => assert_eq!(kept, trimmed, "kept as it came"),
        Some(ApiTime::At(at) | ApiTime::AssumedUtc(at)) => check_written(*at),
    }
    // A form that is known is that instant; the last two days of the year 9999 are beyond what can be held.
    if let Some(second) = plain_form(trimmed).filter(|second| Timestamp::from_second(*second).is_ok()) {
        assert_eq!(moment.and_then(|moment| moment.at()).map(Timestamp::as_second), Some(second), "{text:?}");
    }
}

/// The first day of the year 1 or the first second of 1970, as it is written or in UTC, also as Go prints a time.
fn is_zero_time(text: &str) -> bool {
    let is_zero = |text: &str| text.starts_with("0001-01-01") || text.starts_with("1970-01-01T00:00:00");
    let in_utc = text.parse::<Timestamp>().map(|at| at.to_string());
    let as_written = || text.parse::<DateTime>().map(|civil| civil.to_string());
    let words: Vec<&str> = text.split(' ').collect();
    let as_go_prints = match words.as_slice() {
        [date, time, "UTC" | "GMT" | "Z", ..] => format!("{date}T{time}Z").parse::<Timestamp>().ok(),
        [date, time, offset, ..] => format!("{date}T{time}{offset}").parse::<Timestamp>().ok(),
        _ => None,
    };
    is_zero(text)
        || in_utc.or_else(|_| as_written()).is_ok_and(|text| is_zero(&text))
        || as_go_prints.is_some_and(|at| is_zero(&at.to_string()))
}

/// An instant reads back from everything that is written for it.
fn check_written(at: Timestamp) {
    assert_eq!(ApiTime::read(&at.to_string()), Some(ApiTime::At(at)), "as the API writes it");
    assert_eq!(ApiTime::read(&exported(at, CsvPreset::Scripts)), Some(ApiTime::At(at)), "in a file for scripts");
    // Files for people have no fractions, and their years have four digits.
    if Zone::utc().time_zone().to_datetime(at).year() >= 0 {
        let second = at.as_nanosecond().div_euclid(1_000_000_000);
        let read = ApiTime::read(&exported(at, CsvPreset::Excel));
        assert_eq!(read.and_then(|moment| moment.at()).map(Timestamp::as_nanosecond), Some(second * 1_000_000_000));
    }
}

/// The one cell of a file that holds nothing but this instant.
fn exported(at: Timestamp, preset: CsvPreset) -> String {
    let job = ExportJob {
        table: Snapshot {
            rows: Rows::new(vec![Backup { start_time: Some(ApiTime::At(at)), ..Backup::default() }]).into(),
            order: [0].into(),
            selection: Selection::default(),
            columns: vec!["start_time".into()],
        },
        options: ExportOptions { preset, line_feed_only: true, ..ExportOptions::default() },
        zone: Zone::utc(),
        names: std::sync::Arc::default(),
        now: Timestamp::UNIX_EPOCH,
        provenance: Provenance::default(),
        path: PathBuf::new(),
        replace: Vec::new(),
    };
    let mut file = Vec::new();
    write_csv_to(&job, &mut file, &|_| {}, &AtomicBool::new(false)).unwrap();
    let file = String::from_utf8(file).unwrap();
    file.lines().nth(1).unwrap().trim_matches('"').to_owned()
}

/// The seconds since 1970 of `2026-09-14T02:11:42Z`, or of the same with a blank and no zone, by a calendar of our own.
fn plain_form(text: &str) -> Option<i64> {
    let text = text.strip_suffix('Z').filter(|text| text.contains('T')).unwrap_or(text);
    let bytes = text.as_bytes();
    let is_form = bytes.len() == 19
        && bytes.iter().enumerate().all(|(place, byte)| match place {
            4 | 7 => *byte == b'-',
            10 => matches!(byte, b'T' | b' '),
            13 | 16 => *byte == b':',
            _ => byte.is_ascii_digit(),
        });
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    if !is_form {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if is_leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before = usize::try_from(month - 1).ok()?;
    let is_date = (1..=*lengths.get(before)?).contains(&day);
    // The zero times are no values.
    let is_epoch = (year, month, day, hour, minute, second) == (1970, 1, 1, 0, 0, 0);
    if !is_date || hour > 23 || minute > 59 || second > 59 || (year, month, day) == (1, 1, 1) || is_epoch {
        return None;
    }
    let leap_days = |year: i64| year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days_to = |year: i64| year * 365 + leap_days(year - 1);
    let days = days_to(year) - days_to(1970) + lengths.iter().take(before).sum::<i64>() + day - 1;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}
