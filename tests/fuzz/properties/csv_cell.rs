//! Foreign words in a CSV file: a strict reader gets each of them back, and none begins as a formula.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use skybackup::domain::{ApiTime, Backup, BackupId, Status, Zone};
use skybackup::export::{
    CsvPreset, ExportJob, ExportOptions, Provenance, Snapshot, file_name, is_formula, rows_as_markdown, rows_as_tsv,
    write_csv_to,
};
use skybackup::grid::{CellContext, ColumnKey, NO_NAMES, Row as _, Selection, json_array};
use skybackup::rows::Rows;

/// The columns the words are put into, one after the other.
const COLUMNS: [&str; 5] = ["method", "id", "status", "start_time", "disk_size"];

/// Puts the bytes, cut at each `FF`, into the cells of rows and writes those in every way there is. The first byte chooses how.
pub fn check(bytes: &[u8]) {
    let Some((how, bytes)) = bytes.split_first() else { return };
    let words: Vec<String> =
        bytes.split(|byte| *byte == 0xff).map(|word| String::from_utf8_lossy(word).into_owned()).collect();
    let rows: Vec<Backup> = words.chunks(COLUMNS.len()).map(row_of).collect();
    let flag = |place: u8| how & (1 << place) != 0;
    let options = ExportOptions {
        preset: if flag(0) { CsvPreset::Excel } else { CsvPreset::Scripts },
        semicolon: flag(1),
        formula_escape: flag(2),
        line_feed_only: flag(3),
        ..ExportOptions::default()
    };
    check_file(&rows, options);
    check_clipboard(&rows);
    check_name(&words);
}

fn row_of(words: &[String]) -> Backup {
    let word = |place: usize| words.get(place).filter(|word| !word.is_empty());
    Backup {
        method: word(0).map(Into::into),
        id: BackupId::new(word(1).map_or("", String::as_str)),
        status: word(2).map(Status::new),
        start_time: word(3).map(|word| ApiTime::Unreadable(word.into())),
        disk_size: word(4).map(Into::into),
        ..Backup::default()
    }
}

/// The words of a row as they went in.
fn words_of(row: &Backup) -> [&str; COLUMNS.len()] {
    let start = match &row.start_time {
        Some(ApiTime::Unreadable(text)) => text.as_str(),
        _ => "",
    };
    [
        row.method.as_deref().unwrap_or_default(),
        row.id.as_str(),
        row.status.as_ref().map_or("", Status::as_str),
        start,
        row.disk_size.as_deref().unwrap_or_default(),
    ]
}

fn check_file(rows: &[Backup], options: ExportOptions) {
    let for_excel = options.preset == CsvPreset::Excel;
    let is_escaped = for_excel && options.formula_escape;
    let format = Format {
        separator: if for_excel && options.semicolon { ';' } else { ',' },
        line_end: if !for_excel && options.line_feed_only { "\n" } else { "\r\n" },
    };
    let job = ExportJob {
        table: Snapshot {
            rows: Rows::new(rows.to_vec()).into(),
            order: (0..u32::try_from(rows.len()).unwrap()).collect(),
            selection: Selection::default(),
            columns: COLUMNS.map(ColumnKey::from).to_vec(),
        },
        options,
        zone: Zone::utc(),
        names: std::sync::Arc::default(),
        now: Timestamp::UNIX_EPOCH,
        provenance: Provenance::default(),
        path: PathBuf::new(),
        replace: Vec::new(),
    };
    let mut file = Vec::new();
    assert_eq!(write_csv_to(&job, &mut file, &|_| {}, &AtomicBool::new(false)), Ok(rows.len()));
    let file = String::from_utf8(file).unwrap();
    let body = if for_excel { file.strip_prefix('\u{feff}').expect("the mark that Excel needs") } else { &file };
    if for_excel {
        let quoted: String =
            strict_reader(body, &format).unwrap().iter().map(|record| quoted(record, &format)).collect();
        assert_eq!(quoted, body, "words are quoted, and empty cells are not");
    }
    let records = strict_reader(body, &format).unwrap();
    assert_eq!(records.len(), rows.len() + 1, "a header and each row");
    // Files for scripts have the columns in the order of their definition.
    let order: Vec<usize> = if for_excel {
        (0..COLUMNS.len()).collect()
    } else {
        let place = |key: &str| COLUMNS.iter().position(|column| *column == key);
        Backup::columns().iter().filter_map(|column| place(column.key.as_str())).collect()
    };
    for (row, record) in rows.iter().zip(&records[1..]) {
        assert_eq!(record.len(), COLUMNS.len());
        for (cell, place) in record.iter().zip(&order) {
            let word = visible(words_of(row)[*place]);
            if is_escaped {
                assert_eq!(without_escape(cell), word, "one apostrophe removed from {cell:?}");
                assert!(!begins_a_formula(cell), "{cell:?}");
            } else {
                assert_eq!(*cell, word);
            }
        }
    }
}

/// One line of a file whose cells hold words or nothing.
fn quoted(record: &[String], format: &Format) -> String {
    let cell = |cell: &String| match cell.as_str() {
        "" => String::new(),
        words => format!("\"{}\"", words.replace('"', "\"\"")),
    };
    let cells: Vec<String> = record.iter().map(cell).collect();
    format!("{}{}", cells.join(&format.separator.to_string()), format.line_end)
}

/// Cells on the clipboard stay in their cells, whether a spreadsheet takes quotes off them or not, and what lands there begins no
/// formula.
fn check_clipboard(rows: &[Backup]) {
    let zone = Zone::utc();
    let context = CellContext { zone: &zone, now: Timestamp::UNIX_EPOCH, names: &NO_NAMES };
    let table = rows_as_tsv(rows.iter().cloned(), &COLUMNS.map(ColumnKey::from), &context);
    let lines = table.split_once('\n').map_or("", |(_headers, lines)| lines);
    let plain: Vec<Vec<String>> = lines.split('\n').map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    let unquoted = as_a_spreadsheet_pastes(lines);
    for pasted in [&plain, &unquoted] {
        assert_eq!(pasted.len(), rows.len());
        for line in pasted {
            assert_eq!(line.len(), COLUMNS.len(), "{line:?}");
            for cell in line {
                assert!(!begins_a_formula(cell) && !cell.contains('\r'), "{cell:?}");
            }
        }
    }
    for (row, line) in rows.iter().zip(&unquoted) {
        for (cell, word) in line.iter().zip(words_of(row)) {
            let word = visible(word).replace("\r\n", " ").replace(['\t', '\r', '\n'], " ");
            assert_eq!(without_escape(cell), word);
        }
    }

    let table = rows_as_markdown(rows.iter().cloned(), &COLUMNS.map(ColumnKey::from), &context);
    assert_eq!(table.split('\n').count(), rows.len() + 2);
    for line in table.split('\n') {
        let unescaped = without_escapes(line);
        assert_eq!(unescaped.matches('|').count(), COLUMNS.len() + 1, "{line:?}");
        assert!(!unescaped.contains(['<', '>', '[', ']', '`', '*', '_', '&', '$', '~']), "{line:?}");
        let small = unescaped.to_ascii_lowercase();
        assert!(!small.contains("://") && !small.contains("www."), "{line:?}");
    }

    let json: Vec<serde_json::Value> = serde_json::from_str(&json_array(rows.iter().cloned())).unwrap();
    assert_eq!(json.len(), rows.len());
    for (object, row) in json.iter().zip(rows) {
        for (key, word) in COLUMNS.iter().zip(words_of(row)) {
            assert_eq!(object.get(*key).and_then(serde_json::Value::as_str).unwrap_or_default(), word, "{key}");
        }
    }
}

/// The text without each backslash and what it takes the meaning from.
fn without_escapes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == '\\' {
            rest.next();
        } else {
            out.push(c);
        }
    }
    out
}

/// Tab-separated text as spreadsheets take it from the clipboard: a cell that begins with a quote goes on to its end, over tabs and
/// line ends.
fn as_a_spreadsheet_pastes(text: &str) -> Vec<Vec<String>> {
    let mut lines = vec![vec![String::new()]];
    let mut chars = text.chars().peekable();
    let (mut is_begin, mut is_quoted) = (true, false);
    while let Some(c) = chars.next() {
        let line = lines.last_mut().unwrap();
        match c {
            '"' if is_begin => is_quoted = true,
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                chars.next();
                line.last_mut().unwrap().push('"');
            }
            '"' if is_quoted => is_quoted = false,
            '\t' | '\n' if !is_quoted => {
                if c == '\t' {
                    line.push(String::new());
                } else {
                    lines.push(vec![String::new()]);
                }
                is_begin = true;
                continue;
            }
            c => line.last_mut().unwrap().push(c),
        }
        is_begin = false;
    }
    lines
}

/// A name made from foreign words is one name in one folder, on every system.
fn check_name(words: &[String]) {
    let word = |place: usize| words.get(place).map_or("", String::as_str);
    let name = file_name("backups", word(0), word(1), Timestamp::UNIX_EPOCH, "csv");
    let stem = name.strip_suffix(".csv").expect("the ending of a CSV file");
    assert!(name.len() < 255 && stem.starts_with("skysql-backups_"), "{name:?}");
    assert!(stem.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')), "{name:?}");
}

/// How cells and records are kept apart.
pub struct Format {
    /// Between cells.
    pub separator: char,
    /// After each record.
    pub line_end: &'static str,
}

/// RFC 4180, strictly: cells with a quote, separator or line end are quoted, records end as agreed, nothing else is allowed.
pub fn strict_reader(text: &str, format: &Format) -> Result<Vec<Vec<String>>, String> {
    let mut records = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut record = Vec::new();
        loop {
            let mut cell = String::new();
            if let Some(quoted) = rest.strip_prefix('"') {
                rest = quoted;
                loop {
                    let end = rest.find('"').ok_or("a quote is never closed")?;
                    cell.push_str(&rest[..end]);
                    rest = &rest[end + 1..];
                    let Some(more) = rest.strip_prefix('"') else { break };
                    cell.push('"');
                    rest = more;
                }
            } else {
                let end = rest.find([format.separator, '"', '\r', '\n']).ok_or("the last record has no end")?;
                cell.push_str(&rest[..end]);
                rest = &rest[end..];
            }
            record.push(cell);
            if let Some(more) = rest.strip_prefix(format.separator) {
                rest = more;
            } else {
                rest = rest.strip_prefix(format.line_end).ok_or_else(|| format!("after a cell: {rest:.20}"))?;
                break;
            }
        }
        records.push(record);
    }
    Ok(records)
}

/// The cell as it was before it was escaped, by the rule as it is documented.
pub fn without_escape(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// What is promised of foreign words besides the escape: NUL goes, other control characters become visible.
pub fn visible(text: &str) -> String {
    let visible = |c: char| match c {
        '\0' => String::new(),
        '\t' | '\r' | '\n' => c.to_string(),
        c if c.is_control() => format!("\\u{{{:x}}}", u32::from(c)),
        c => c.to_string(),
    };
    text.chars().map(visible).collect()
}

/// Whether a spreadsheet could take a cell for a formula; what cannot be seen at its front does not count, nor do quotes, which some
/// programs take off.
pub fn begins_a_formula(cell: &str) -> bool {
    let seen = cell.trim_start_matches(|c: char| match c {
        '\t' | '\r' | '\n' | '\0' => false,
        c => c == '"' || c.is_whitespace() || super::is_unseen(c),
    });
    let triggers = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];
    seen.starts_with(triggers) && !is_plain_number(seen)
}

fn is_plain_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    text.len() - digits.len() <= 1 && digits.starts_with(|c: char| c.is_ascii_digit()) && digits.parse::<f64>().is_ok()
}
