//! Rows as clipboard texts: for spreadsheets, programs, and people.

use std::borrow::Cow;

use super::csv_dialect::push_quoted;
use super::formula_escape::{clean, escape_formula};
use super::options::{rows_at, with_rows};
use super::{ExportRows, Snapshot, TableRows};
use crate::grid::{CellContext, Column, ColumnKey, CopyFormat, Row, Value, json_array as rows_as_json};
use crate::rows::Rows;

/// The selected rows as they are put on the clipboard, and their number.
#[must_use]
pub fn render(table: &Snapshot, format: CopyFormat, context: &CellContext<'_>) -> (String, usize) {
    with_rows!(&table.rows, rows => render_rows(rows, table, format, context))
}

fn render_rows<R: Row>(
    rows: &Rows<R>,
    table: &Snapshot,
    format: CopyFormat,
    context: &CellContext<'_>,
) -> (String, usize) {
    let positions = table.positions(rows, ExportRows::Selected);
    let picked = || rows_at(rows, &positions);
    let text = match format {
        CopyFormat::Tsv => rows_as_tsv(picked(), &table.columns, context),
        CopyFormat::Json => rows_as_json(picked()),
        CopyFormat::Markdown => rows_as_markdown(picked(), &table.columns, context),
    };
    (text, positions.len())
}

/// Rows as tab-separated cells below their headers, the way they are on screen but whole. Words that could be formulas are escaped, as in
/// the file for Excel; tabs and line ends inside a cell become spaces.
#[must_use]
pub fn rows_as_tsv<R: Row>(
    rows: impl IntoIterator<Item = R>,
    columns: &[ColumnKey],
    context: &CellContext<'_>,
) -> String {
    let columns: Vec<_> = columns.iter().filter_map(|key| R::column(key.as_str())).collect();
    let line = |cells: Vec<String>| cells.join("\t");
    let mut lines =
        vec![line(columns.iter().map(|column| column.header_text(&context.zone.full_label()).into_owned()).collect())];
    for row in rows {
        lines.push(line(columns.iter().map(|column| cell_as_tsv(column, &row, context)).collect()));
    }
    lines.join("\n")
}

/// One cell as it is in [`rows_as_tsv`], which is how a spreadsheet takes a single cell too.
#[must_use]
pub fn cell_as_tsv<R: Row>(column: &Column<R>, row: &R, context: &CellContext<'_>) -> String {
    match column.named_value(row, context.now, context.names) {
        Value::Text(text) => words_as_tsv(&text),
        typed => typed.into_text(context.zone).into_owned(),
    }
}

/// A spreadsheet that meets a quote at the beginning of a cell reads on to the next one, over tabs and line ends: such a cell is
/// quoted.
fn words_as_tsv(text: &str) -> String {
    let text = escape_formula(&on_one_line(&clean(text))).into_owned();
    if !text.starts_with('"') {
        return text;
    }
    let mut quoted = String::new();
    push_quoted(&mut quoted, &text);
    quoted
}

fn on_one_line(text: &str) -> Cow<'_, str> {
    if text.contains(['\t', '\r', '\n']) {
        Cow::Owned(text.replace("\r\n", " ").replace(['\t', '\r', '\n'], " "))
    } else {
        Cow::Borrowed(text)
    }
}

/// Words from outside are words in Markdown too: no cell border, emphasis, code, formula, link, picture or HTML. An address that
/// would become a link automatically is broken where its mark begins.
fn words_as_markdown(text: &str) -> String {
    let text = on_one_line(&clean(text)).into_owned();
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        let follows = rest.get(c.len_utf8()..).unwrap_or_default();
        let is_mark = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' | '@' | '#');
        // `https://`, `www.`
        let is_address = c == ':' && follows.starts_with('/') || c == '.' && ends_with_www(&out);
        if is_mark || is_address {
            out.push('\\');
        }
        out.push(c);
        rest = follows;
    }
    out
}

fn ends_with_www(text: &str) -> bool {
    let last = text.len().checked_sub(3).and_then(|start| text.get(start..));
    last.is_some_and(|last| last.eq_ignore_ascii_case("www"))
}

/// Rows as a Markdown table.
#[must_use]
pub fn rows_as_markdown<R: Row>(
    rows: impl IntoIterator<Item = R>,
    columns: &[ColumnKey],
    context: &CellContext<'_>,
) -> String {
    let columns: Vec<_> = columns.iter().filter_map(|key| R::column(key.as_str())).collect();
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let mut lines = vec![
        line(columns.iter().map(|column| column.header_text(&context.zone.full_label()).into_owned()).collect()),
        line(columns.iter().map(|column| if column.is_right_aligned() { "--:" } else { "---" }.to_owned()).collect()),
    ];
    for row in rows {
        let cell = |column: &&'static Column<R>| match column.named_value(&row, context.now, context.names) {
            Value::Text(text) => words_as_markdown(&text),
            typed => typed.into_text(context.zone).into_owned(),
        };
        lines.push(line(columns.iter().map(cell).collect()));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ApiTime, Backup, BackupId, Zone};
    use crate::grid::NO_NAMES;
    use jiff::Timestamp;

    fn row() -> Backup {
        Backup {
            id: BackupId::new("b|1"),
            service_name: Some("=cmd\t|'x'".into()),
            start_time: ApiTime::read("2026-09-14T02:11:42Z"),
            end_time: ApiTime::read("2026-09-14T02:12:25Z"),
            storage_bytes: Some(9 << 30),
            ..Backup::default()
        }
    }

    #[test]
    fn words_stay_words_in_markdown() {
        let cases = [
            ("orders-prod", "orders-prod"),
            ("a|b\\c", "a\\|b\\\\c"),
            ("a\r\nb\tc", "a b c"),
            ("<img src=x onerror=alert(1)>", "\\<img src=x onerror=alert(1)\\>"),
            ("[a](https://x.example)", "\\[a\\](https\\://x.example)"),
            ("WWW.x.example", "WWW\\.x.example"),
            (
                "a@x.example &amp; `b` *c* __d__ ~~e~~ $f$",
                "a\\@x.example \\&amp; \\`b\\` \\*c\\* \\_\\_d\\_\\_ \\~\\~e\\~\\~ \\$f\\$",
            ),
            ("mariadb-bin.000007", "mariadb-bin.000007"),
        ];
        for (text, want) in cases {
            assert_eq!(words_as_markdown(text), want);
        }
    }

    #[test]
    fn a_cell_that_begins_with_a_quote_keeps_to_itself() {
        let cases = [
            ("plain \"word\"", "plain \"word\""),
            ("\"a\" and b", "\"\"\"a\"\" and b\""),
            ("\"", "\"\"\"\""),
            ("\"=1+1\"", "'\"=1+1\""),
            ("\"\t=1", "'\" =1"),
            ("=1", "'=1"),
        ];
        for (text, want) in cases {
            assert_eq!(words_as_tsv(text), want, "{text:?}");
        }
    }

    #[test]
    fn rows_become_text_for_spreadsheets_programs_and_people() {
        let zone = Zone::utc();
        let context = CellContext { zone: &zone, now: Timestamp::UNIX_EPOCH, names: &NO_NAMES };
        let columns = ["id", "service_name", "start_time", "storage_bytes", "duration", "method", "no such column"]
            .map(ColumnKey::from);
        assert_eq!(
            rows_as_tsv([row()], &columns, &context),
            "Backup ID\tService\tStarted (UTC)\tStored size\tDuration\tMethod\n\
             b|1\t'=cmd |'x'\t2026-09-14 02:11:42\t9.0 GiB\t0:00:43\t"
        );
        assert!(rows_as_tsv([row()], &columns[..1], &context).ends_with("\nb|1"));
        assert_eq!(
            rows_as_markdown([row()], &columns[..4], &context),
            "| Backup ID | Service | Started (UTC) | Stored size |\n| --- | --- | --- | --: |\n\
             | b\\|1 | =cmd \\|'x' | 2026-09-14 02:11:42 | 9.0 GiB |"
        );
        let json: serde_json::Value = serde_json::from_str(&rows_as_json([row()])).unwrap();
        assert_eq!(
            json,
            serde_json::json!([{
                "id": "b|1", "service_name": "=cmd\t|'x'", "start_time": "2026-09-14T02:11:42Z",
                "end_time": "2026-09-14T02:12:25Z", "storage_bytes": 9_663_676_416_u64
            }])
        );
    }
}
