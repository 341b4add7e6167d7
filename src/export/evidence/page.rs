//! The page to print: one HTML file without scripts, links or anything from elsewhere.

use std::fmt::Write as _;

use super::super::options::with_rows;
use super::super::{ExportJob, TableRows};
use super::observed::Observation;
use super::plain_table::PlainTable;
use super::readme::{FILES, LIMITS};
use super::{PackContents, visible};
use crate::domain::{StatusKind, Zone, format_count};
use crate::grid::{CellContext, Kind, Row, Value};
use crate::rows::Rows;

/// Rows of a table on the page; the files have all.
const MOST_ROWS: usize = 500;

/// Fits A4 and Letter: the margins are the page's, the sizes are the text's.
const STYLE: &str = "\
@page{margin:15mm}\
body{font:10pt/1.4 system-ui,'Segoe UI',sans-serif;color:#111;background:#fff;max-width:60em;margin:2em auto;padding:0 1em}\
h1{font-size:18pt;margin:0 0 .5em}h2{font-size:13pt;margin:1.6em 0 .5em;break-after:avoid}\
table{border-collapse:collapse;width:100%;font-size:8.5pt}thead{display:table-header-group}tr{break-inside:avoid}\
th,td{border-bottom:1px solid #bbb;padding:.25em .5em;text-align:left;vertical-align:top;overflow-wrap:anywhere}\
th{border-bottom:2px solid #555}.number{text-align:right}dt{font-weight:600;float:left;clear:left;width:15em}dd{margin:0 0 .3em 15em}\
@media print{body{margin:0;padding:0;max-width:none}}";

/// Columns of the page; the files have all.
const BACKUPS: [&str; 6] = ["service_name", "type", "status", "start_time", "duration", "id"];
const RESTORES: [&str; 6] = ["service_name", "type", "status", "created_at", "backup_id", "id"];
const SCHEDULES: [&str; 6] = ["service_name", "type", "schedule", "suspended", "status", "id"];

/// The page.
pub(super) fn html(contents: &PackContents<'_>) -> String {
    let mut page = String::new();
    let title = format!("Evidence of backups: {}", contents.job.profile);
    page.push_str("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
    // Nothing is fetched and nothing runs, whatever a name says.
    page.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    push(&mut page, format_args!("<title>{}</title><style>{STYLE}</style></head><body>\n", escaped(&title)));
    push(&mut page, format_args!("<h1>{}</h1>\n<dl>", escaped(&title)));
    for (name, value) in contents.facts() {
        push(&mut page, format_args!("<dt>{name}</dt><dd>{}</dd>\n", escaped(&value)));
    }
    page.push_str("</dl>\n<h2>What was observed, and what was not</h2>\n");
    for sentence in [
        observed("backups", "A backup", &contents.observed_backups),
        observed("restores", "A restore", &contents.observed_restores),
    ] {
        push(&mut page, format_args!("<p>{}</p>\n", escaped(&sentence)));
    }
    page.push_str("<ul>");
    for limit in LIMITS {
        push(&mut page, format_args!("<li>{}</li>", escaped(limit)));
    }
    page.push_str("</ul>\n");
    for table in contents.tables.iter().filter(|table| table.name != "fetches") {
        plain_table(&mut page, table);
    }
    let failed = PageTable { title: "Failed backups", file: "backups.csv", job: &contents.backups, columns: &BACKUPS };
    with_rows!(&failed.job.table.rows, rows => {
        failed.push(&mut page, rows, |row| row.status_kind() == StatusKind::Bad);
    });
    let restores = PageTable { title: "Restores", file: "restores.csv", job: &contents.restores, columns: &RESTORES };
    with_rows!(&restores.job.table.rows, rows => restores.push(&mut page, rows, |_row| true));
    let schedules =
        PageTable { title: "Schedules", file: "schedules.csv", job: &contents.schedules, columns: &SCHEDULES };
    with_rows!(&schedules.job.table.rows, rows => schedules.push(&mut page, rows, |_row| true));
    page.push_str("<h2>Files</h2>\n<dl>");
    for (name, what) in FILES {
        push(&mut page, format_args!("<dt>{name}</dt><dd>{}</dd>\n", escaped(what)));
    }
    page.push_str("</dl>\n</body></html>\n");
    page
}

/// What the fetches of a list tell; `rows` and `one` name what is on it.
fn observed(rows: &str, one: &str, observation: &Observation) -> String {
    let fetches = match observation.fetches {
        0 => format!("The complete list of {rows} was not fetched in the period"),
        1 => format!("The complete list of {rows} was fetched once in the period"),
        count => format!("The complete list of {rows} was fetched {} times in the period", format_count(count)),
    };
    if observation.gaps.is_empty() {
        return format!("{fetches}. {one} of any time in the period would have been seen.");
    }
    let capital = rows.get(..1).unwrap_or_default().to_uppercase();
    let rest = rows.get(1..).unwrap_or_default();
    format!("{fetches}. Not observed (UTC): {}. {capital}{rest} of these times may be missing.", observation.words())
}

fn plain_table(page: &mut String, table: &PlainTable) {
    let headers: Vec<String> = table.headers().collect();
    let zone = Zone::utc();
    let cells =
        |row: &Vec<Value<'static>>| row.iter().map(|value| value.clone().into_text(&zone).into_owned()).collect();
    let numbers: Vec<bool> = table.columns.iter().map(|(_, kind)| is_number(*kind)).collect();
    let rows = table.rows.iter().take(MOST_ROWS).map(cells);
    push_table(page, table.title, &headers, &numbers, rows, table.rows.len(), &format!("{}.csv", table.name));
}

/// Some columns of a table of the pack.
struct PageTable<'a> {
    title: &'static str,
    /// The file with all of it.
    file: &'static str,
    job: &'a ExportJob,
    columns: &'static [&'static str],
}

impl PageTable<'_> {
    /// Appends those of its rows that are to be on the page.
    fn push<R: Row>(&self, page: &mut String, rows: &Rows<R>, is_shown: impl Fn(&R) -> bool) {
        let zone = Zone::utc();
        let context = CellContext { zone: &zone, now: self.job.now, names: &self.job.names };
        let columns: Vec<_> = self.columns.iter().filter_map(|key| R::column(key)).collect();
        let headers: Vec<String> = columns.iter().map(|column| column.header_text("UTC").into_owned()).collect();
        let numbers: Vec<bool> = columns.iter().map(|column| is_number(column.kind)).collect();
        let positions = self.job.table.order.iter();
        let shown: Vec<R> = positions.filter_map(|&row| rows.get(row)).filter(is_shown).collect();
        let cells = |row: &R| columns.iter().map(|column| column.text(row, &context).into_owned()).collect();
        push_table(
            page,
            self.title,
            &headers,
            &numbers,
            shown.iter().take(MOST_ROWS).map(cells),
            shown.len(),
            self.file,
        );
    }
}

fn is_number(kind: Kind) -> bool {
    matches!(kind, Kind::Integer | Kind::Bytes | Kind::Seconds)
}

fn push_table(
    page: &mut String,
    title: &str,
    headers: &[String],
    numbers: &[bool],
    rows: impl Iterator<Item = Vec<String>>,
    count: usize,
    file: &str,
) {
    push(page, format_args!("<h2>{}</h2>\n", escaped(title)));
    if count == 0 {
        page.push_str("<p>None.</p>\n");
        return;
    }
    let class = |index: usize| if numbers.get(index) == Some(&true) { " class=\"number\"" } else { "" };
    page.push_str("<table><thead><tr>");
    for (index, header) in headers.iter().enumerate() {
        push(page, format_args!("<th scope=\"col\"{}>{}</th>", class(index), escaped(header)));
    }
    page.push_str("</tr></thead><tbody>\n");
    for row in rows {
        page.push_str("<tr>");
        for (index, cell) in row.iter().enumerate() {
            push(page, format_args!("<td{}>{}</td>", class(index), escaped(cell)));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table>\n");
    if count > MOST_ROWS {
        push(page, format_args!("<p>{} more rows are in {file}.</p>\n", format_count(count - MOST_ROWS)));
    }
}

fn push(page: &mut String, text: std::fmt::Arguments<'_>) {
    // A text takes whatever is written to it.
    let _ = page.write_fmt(text);
}

/// Words from outside as words of a page: control characters and those that turn the direction of text are visible.
fn escaped(text: &str) -> String {
    visible(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
