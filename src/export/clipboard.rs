//! Rows as clipboard texts: for spreadsheets, programs, and people.

use std::borrow::Cow;

use super::guard::{clean, guarded};
use crate::grid::{CellContext, Column, Row, Value};

/// Rows as tab-separated cells, the way they stand on screen but whole. Words that could be formulas are guarded, as in
/// the file for Excel; tabs and line ends inside a cell become spaces.
#[must_use]
pub fn rows_as_tsv<'r, R: Row>(
    rows: impl IntoIterator<Item = &'r R>,
    columns: &[&str],
    context: &CellContext<'_>,
    with_headers: bool,
) -> String {
    let columns: Vec<_> = columns.iter().filter_map(|key| R::column(key)).collect();
    let line = |cells: Vec<String>| cells.join("\t");
    let mut lines = Vec::new();
    if with_headers {
        lines.push(line(columns.iter().map(|column| column.header_text(context.zone)).collect()));
    }
    for row in rows {
        lines.push(line(columns.iter().map(|column| guarded_cell(column, row, context)).collect()));
    }
    lines.join("\n")
}

fn guarded_cell<R: Row>(column: &Column<R>, row: &R, context: &CellContext<'_>) -> String {
    match (column.value)(row, context.now) {
        Value::Text(text) => guarded(&on_one_line(&clean(&text))).into_owned(),
        typed => typed.into_text(context.zone).into_owned(),
    }
}

fn on_one_line(text: &str) -> Cow<'_, str> {
    if text.contains(['\t', '\r', '\n']) {
        Cow::Owned(text.replace("\r\n", " ").replace(['\t', '\r', '\n'], " "))
    } else {
        Cow::Borrowed(text)
    }
}

/// Rows as a JSON array of objects with every field, as the API writes them.
#[must_use]
pub fn rows_as_json<'r, R: Row>(rows: impl IntoIterator<Item = &'r R>) -> String {
    let rows: Vec<_> = rows.into_iter().map(Row::json).collect();
    format!("{:#}", serde_json::Value::Array(rows))
}

/// Rows as a Markdown table.
#[must_use]
pub fn rows_as_markdown<'r, R: Row>(
    rows: impl IntoIterator<Item = &'r R>,
    columns: &[&str],
    context: &CellContext<'_>,
) -> String {
    let columns: Vec<_> = columns.iter().filter_map(|key| R::column(key)).collect();
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let mut lines = vec![
        line(columns.iter().map(|column| column.header_text(context.zone)).collect()),
        line(columns.iter().map(|column| if column.is_right_aligned() { "--:" } else { "---" }.to_owned()).collect()),
    ];
    for row in rows {
        let cell = |column: &&'static Column<R>| {
            let text = column.text(row, context);
            on_one_line(&clean(&text)).replace('\\', "\\\\").replace('|', "\\|")
        };
        lines.push(line(columns.iter().map(cell).collect()));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Backup, BackupId, Moment, Zone};
    use crate::grid::NO_NAMES;
    use jiff::Timestamp;

    fn row() -> Backup {
        Backup {
            id: BackupId::new("b|1"),
            service_name: Some("=cmd\t|'x'".into()),
            start_time: Moment::read("2026-09-14T02:11:42Z"),
            storage_bytes: Some(9 << 30),
            ..Backup::default()
        }
    }

    #[test]
    fn rows_become_text_for_spreadsheets_programs_and_people() {
        let zone = Zone::utc();
        let context = CellContext { zone: &zone, now: Timestamp::UNIX_EPOCH, names: &NO_NAMES };
        let columns = ["id", "service_name", "start_time", "storage_bytes", "method", "no such column"];
        assert_eq!(
            rows_as_tsv([&row()], &columns, &context, true),
            "Backup id\tService\tStarted (UTC)\tStored size\tMethod\nb|1\t'=cmd |'x'\t2026-09-14 02:11:42\t9.0 GiB\t"
        );
        assert_eq!(rows_as_tsv([&row()], &columns[..1], &context, false), "b|1");
        assert_eq!(
            rows_as_markdown([&row()], &columns[..4], &context),
            "| Backup id | Service | Started (UTC) | Stored size |\n| --- | --- | --- | --: |\n\
             | b\\|1 | =cmd \\|'x' | 2026-09-14 02:11:42 | 9.0 GiB |"
        );
        let json: serde_json::Value = serde_json::from_str(&rows_as_json([&row()])).unwrap();
        assert_eq!(
            json,
            serde_json::json!([{
                "id": "b|1", "service_name": "=cmd\t|'x'", "start_time": "2026-09-14T02:11:42Z", "storage_bytes": 9_663_676_416_u64
            }])
        );
    }
}
