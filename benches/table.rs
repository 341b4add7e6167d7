//! How fast a table of a million backups is sorted, searched and written, each beside the least that could be done.
//!
//! `cargo bench --bench table`; `ROWS=100000` in the environment makes it smaller.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::unwrap_used, reason = "a bench that fails may panic")]

mod generator;
mod report;

use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use generator::{backups, now};
use rayon::slice::ParallelSliceMut as _;
use skybackup::domain::{Backup, Status, Zone};
use skybackup::export::{CsvPreset, ExportJob, ExportOptions, Provenance, Snapshot, all_columns, write_csv_to};
use skybackup::grid::{
    CellContext, Column, ColumnKey, Direction, Filter, IndexJob, IndexRequest, IndexResult, Kind, Layout, NO_NAMES,
    Row, SearchIndex, Selection, SortBy, Value, folded, reorder,
};
use skybackup::rows::Rows;

const RUNS: usize = 5;

fn main() {
    let count = std::env::var("ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    let list = backups(count);
    let rows = Rows::new(list.iter().cloned());
    println!("{count} backups, median of {RUNS} runs, {} threads\n", rayon::current_num_threads());
    report::head();
    sorting(&rows, &list);
    searching(&rows, &list);
    drop(list);
    writing(&rows);
}

/// Sorting through the index, against sorting lower-case keys (value, newest first, position) already copied out, on as many
/// threads: less than ours, which counts numbers in names and reads positions and sizes.
fn sorting(rows: &Rows<Backup>, list: &[Backup]) {
    let request = |sort| IndexRequest {
        filter: Filter::default(),
        sort,
        by_service: false,
        visible: Vec::new(),
        zone: Zone::utc(),
        now: now(),
        names: Arc::default(),
    };
    let job = IndexJob {
        rows: rows.clone(),
        request: request(Vec::new()),
        search_index: None,
        facets: None,
        previous: None,
        selection: Selection::default(),
    };
    let IndexResult { index: shown, facets, .. } = job.run();
    for column in Backup::columns() {
        let request = request(vec![SortBy { key: column.key.clone(), direction: Direction::Ascending }]);
        let ours = report::measure(RUNS, || (), |()| reorder(rows, &shown, &request, &facets));
        let peer = ("sorting keys that lie ready, as many threads", peer_sort(list, column));
        report::times(&format!("sort {} rows by {}", rows.len(), column.key.as_str()), ours, peer, 0.8);
    }
    let plain = request(vec![Backup::DEFAULT_SORT]);
    let grouped = IndexRequest { by_service: true, ..plain.clone() };
    let [plain, grouped] =
        [plain, grouped].map(|request| report::measure(RUNS, || (), |()| reorder(rows, &shown, &request, &facets)));
    let peer = ("the same order without groups", plain);
    report::times(&format!("group {} rows by service, newest first", rows.len()), grouped, peer, 2.0);
}

fn peer_sort(rows: &[Backup], column: &Column<Backup>) -> Duration {
    let time = |row: &Backup| !row.started_at().map_or(0, |at| at.as_microsecond().cast_unsigned());
    let values = || rows.iter().zip(0_u32..).map(|(row, at)| ((column.value)(row, now()), time(row), at));
    let mut numbers: Vec<(u64, u64, u32)> = Vec::new();
    let mut texts: Vec<(String, u64, u32)> = Vec::new();
    for (value, time, at) in values() {
        match value {
            Value::Empty => numbers.push((u64::MAX, time, at)),
            Value::Text(text) if column.kind == Kind::Status => {
                texts.push((format!("{:?}{}", Status::new(text.as_ref()).kind(), text.to_lowercase()), time, at));
            }
            Value::Text(text) => texts.push((text.to_lowercase(), time, at)),
            Value::Integer(number) => numbers.push((number.cast_unsigned(), time, at)),
            Value::Bytes(number) | Value::Seconds(number) => numbers.push((number, time, at)),
            Value::Instant(moment) | Value::EitherInstant(moment, _) => {
                numbers.push((moment.as_microsecond().cast_unsigned(), time, at));
            }
            Value::Flag(flag) => numbers.push((u64::from(flag), time, at)),
        }
    }
    let texts: Vec<(&str, u64, u32)> = texts.iter().map(|(text, time, at)| (text.as_str(), *time, *at)).collect();
    report::measure(
        RUNS,
        || (numbers.clone(), texts.clone()),
        |(mut numbers, mut texts)| {
            numbers.par_sort_unstable();
            texts.par_sort_unstable();
            (numbers, texts)
        },
    )
}

/// Finding the rows of typed words, with all that a first word makes, against looking for the word in the same text that lies ready.
fn searching(rows: &Rows<Backup>, list: &[Backup]) {
    let every: Vec<ColumnKey> = Backup::columns().iter().map(|column| column.key.clone()).collect();
    let shown = Layout::default_of::<Backup>().visible_keys();
    let zone = Zone::utc();
    let context = CellContext { zone: &zone, now: now(), names: &NO_NAMES };
    for columns in [shown, every] {
        let searched: Vec<&Column<Backup>> = columns.iter().filter_map(|key| Backup::column(key.as_str())).collect();
        let text: String = list
            .iter()
            .flat_map(|row| searched.iter().map(|column| folded(&column.text(row, &context)) + "\n"))
            .collect();
        let beside = format!("memchr over their text, {} MiB", text.len() >> 20);
        let first = || SearchIndex::new(rows, &columns, &zone, now(), &Arc::default());
        let report_word = |what: &str, ours: Duration, least: &str| {
            let finder = memchr::memmem::Finder::new(least);
            let peer = report::measure(RUNS, || (), |()| finder.find_iter(text.as_bytes()).count());
            report::times(&format!("{what} in {} columns", columns.len()), ours, (&beside, peer), 1.5);
        };
        for (word, least) in [
            ("FAILED", "failed"),
            ("Orders", "orders"),
            ("succeeded", "succeeded"),
            ("svc-0417", "svc-0417"),
            ("no such word", "word"),
            ("failed orders", "failed"),
            ("2026-11-20", "2026-11-20"),
            ("09:41", "09:41"),
            ("00c0ffee", "00c0ffee"),
        ] {
            let ours = report::measure(RUNS, first, |index| (index.find(word), index));
            report_word(&format!("first word `{word}`, in {} rows,", first().find(word).len()), ours, least);
        }
        let index = first();
        black_box(index.find("2026-11-20"));
        let ours = report::measure(RUNS, || (), |()| index.find("2026-11-21"));
        report_word("next word `2026-11-21`,", ours, "2026-11-21");
    }
}

/// The file for people and the file for scripts, against the csv crate writing the same strings that lie ready.
fn writing(rows: &Rows<Backup>) {
    let order: Arc<[u32]> = (0_u32..).take(rows.len()).collect();
    for preset in [CsvPreset::Excel, CsvPreset::Scripts] {
        let job = ExportJob {
            table: Snapshot {
                rows: rows.clone().into(),
                order: Arc::clone(&order),
                selection: Selection::default(),
                columns: all_columns::<Backup>(skybackup::grid::RowSource::Listed),
            },
            options: ExportOptions { preset, ..ExportOptions::default() },
            zone: Zone::utc(),
            names: Arc::default(),
            now: now(),
            provenance: Provenance::default(),
            path: "unused.csv".into(),
            replace: Vec::new(),
        };
        let ours = report::measure(RUNS, temporary, |mut file| {
            write_csv_to(&job, &mut file, &|_| {}, &AtomicBool::new(false)).unwrap();
            file.flush().unwrap();
        });
        let mut bytes = Vec::new();
        write_csv_to(&job, &mut bytes, &|_| {}, &AtomicBool::new(false)).unwrap();
        let size = bytes.len() >> 20;
        let records: Vec<csv::StringRecord> = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(&bytes[..])
            .records()
            .map(Result::unwrap)
            .collect();
        drop(bytes);
        let style = if preset == CsvPreset::Excel { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
        let peer = report::measure(RUNS, temporary, |file| {
            let mut writer =
                csv::WriterBuilder::new().quote_style(style).terminator(csv::Terminator::CRLF).from_writer(file);
            for record in &records {
                writer.write_record(record).unwrap();
            }
            writer.flush().unwrap();
        });
        let peer = ("the csv crate writing the same strings", peer);
        report::times(&format!("CSV for {preset:?}, {size} MiB"), ours, peer, 1.5);
    }
}

fn temporary() -> BufWriter<File> {
    BufWriter::with_capacity(1 << 20, tempfile::tempfile().unwrap())
}
