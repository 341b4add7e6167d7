//! A file against a plain model of it: every cell made from its row, one after the other.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use csv::{QuoteStyle, Terminator, WriterBuilder};
use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::domain::{Backup, Zone, format_bytes, format_duration};
use crate::export::{ExportOptions, Provenance, Snapshot, clean, escape_formula, write_csv_to};
use crate::grid::{ColumnKey, Selection, ServiceNames, facet_counts};
use crate::rows::odd_backup;

fn written(job: &ExportJob) -> String {
    let mut file = Vec::new();
    write_csv_to(job, &mut file, &|_| {}, &AtomicBool::new(false)).unwrap();
    String::from_utf8(file).unwrap()
}

/// The cells of a row: one for each column, two where a file for people says a number in words too.
fn cells(row: &Backup, columns: &[&'static Column<Backup>], job: &ExportJob, digits: &[u8]) -> Vec<String> {
    let for_people = job.options.preset == CsvPreset::Excel;
    let quoted = |text: String| if for_people { format!("\"{}\"", text.replace('"', "\"\"")) } else { text };
    let mut cells = Vec::new();
    for (column, digits) in columns.iter().zip(digits) {
        let value = if for_people && column.kind == Kind::Service {
            column.named_value(row, job.now, &job.names)
        } else {
            (column.value)(row, job.now)
        };
        let mut human = String::new();
        cells.push(match value {
            Value::Empty => String::new(),
            Value::Text(text) => {
                let text = clean(&text).into_owned();
                let is_escaped = for_people && job.options.formula_escape;
                quoted(if is_escaped { escape_formula(&text).into_owned() } else { text })
            }
            Value::Bytes(bytes) => {
                human = quoted(format_bytes(bytes));
                bytes.to_string()
            }
            Value::Seconds(secs) => {
                human = format_duration(secs);
                secs.to_string()
            }
            Value::Instant(at) if for_people => job.zone.date_time(at),
            Value::Instant(at) => format!("{at:.*}", usize::from(*digits)),
            Value::Flag(flag) if for_people => quoted(flag_text(flag).to_owned()),
            Value::Flag(flag) => flag.to_string(),
            other => panic!("{other:?}"),
        });
        if for_people && matches!(column.kind, Kind::Bytes | Kind::Seconds) {
            cells.push(human);
        }
    }
    cells
}

fn plainly(rows: &[Backup], job: &ExportJob) -> String {
    let options = &job.options;
    let for_people = options.preset == CsvPreset::Excel;
    let wanted = |column: &&Column<Backup>| job.table.columns.contains(&column.key);
    let columns: Vec<&'static Column<Backup>> = if for_people {
        job.table.columns.iter().filter_map(|key| Backup::column(key.as_str())).collect()
    } else {
        Backup::columns().iter().filter(wanted).collect()
    };
    let digits: Vec<u8> = columns
        .iter()
        .map(|column| {
            let digits = rows.iter().map(|row| match (column.value)(row, job.now) {
                Value::Instant(at) => fraction_digits(at),
                _ => 0,
            });
            digits.max().unwrap_or(0)
        })
        .collect();
    let mut csv = WriterBuilder::new()
        .delimiter(if for_people && options.semicolon { b';' } else { b',' })
        .quote_style(if for_people { QuoteStyle::Never } else { QuoteStyle::Necessary })
        .terminator(if !for_people && options.line_feed_only { Terminator::Any(b'\n') } else { Terminator::CRLF })
        .from_writer(Vec::new());
    for at in job.table.order.iter() {
        csv.write_record(cells(&rows[*at as usize], &columns, job, &digits)).unwrap();
    }
    String::from_utf8(csv.into_inner().unwrap()).unwrap()
}

proptest! {
    #[test]
    fn a_file_holds_what_each_row_says(
        rows in proptest::collection::vec(odd_backup(), 0..20),
        columns in proptest::sample::subsequence(Backup::columns().iter().collect::<Vec<_>>(), 1..20).prop_shuffle(),
        preset in proptest::sample::select(vec![CsvPreset::Excel, CsvPreset::Scripts]),
        flags in any::<[bool; 4]>(),
        zone in proptest::sample::select(vec!["UTC", "Europe/Berlin", "America/St_Johns"]),
    ) {
        let kept = Rows::new(rows.clone());
        let [formula_escape, semicolon, line_feed_only, is_reversed] = flags;
        let mut order: Vec<u32> = (0..).take(rows.len()).collect();
        if is_reversed {
            order.reverse();
        }
        let names = ServiceNames::new(std::iter::empty(), &[&facet_counts(&kept)]);
        let job = |order: Vec<u32>| ExportJob {
            table: Snapshot {
                rows: kept.clone().into(),
                order: order.into(),
                selection: Selection::default(),
                columns: columns.iter().map(|column| ColumnKey::clone(&column.key)).collect(),
            },
            options: ExportOptions { preset, formula_escape, semicolon, line_feed_only, ..ExportOptions::default() },
            zone: Zone::new(jiff::tz::TimeZone::get(zone).unwrap()),
            names: Arc::new(names.clone()),
            now: Timestamp::UNIX_EPOCH,
            provenance: Provenance::default(),
            path: "unused.csv".into(),
            replace: Vec::new(),
        };
        let header = written(&job(Vec::new()));
        let job = job(order);
        prop_assert_eq!(written(&job), header + &plainly(&rows, &job));
    }
}
