//! How one column of a table becomes one or two columns of a file, in each preset.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::guard::{clean, is_formula};
use crate::domain::Zone;
use crate::grid::{Column, Kind, Row, Value, flag_text, push_bytes, push_date_time};

/// For whom a file is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CsvPreset {
    /// For people with a spreadsheet: words in headers, times in the chosen zone, sizes and lengths also as people say them.
    #[default]
    Excel,
    /// For programs: the API's field names in a fixed order, RFC 3339 in UTC, plain numbers, texts as they came.
    Scripts,
}

/// What one column of a file takes from its table column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// The value itself.
    Plain,
    /// The value as people say it, beside the plain one.
    Human,
}

/// One column of a file.
#[derive(Clone, Copy)]
pub(super) struct Field<R: 'static> {
    column: &'static Column<R>,
    form: Form,
}

/// The columns of a file. Scripts get them in the order of their definition, whatever order was asked for.
pub(super) fn fields<R: Row>(keys: &[&str], preset: CsvPreset) -> Vec<Field<R>> {
    let mut columns: Vec<&'static Column<R>> = keys.iter().filter_map(|key| R::column(key)).collect();
    if preset == CsvPreset::Scripts {
        columns = R::columns().iter().filter(|column| keys.contains(&column.key)).collect();
    }
    let mut fields = Vec::with_capacity(columns.len());
    for column in columns {
        fields.push(Field { column, form: Form::Plain });
        if preset == CsvPreset::Excel && matches!(column.kind, Kind::Bytes | Kind::Seconds) {
            fields.push(Field { column, form: Form::Human });
        }
    }
    fields
}

impl<R: Row> Field<R> {
    pub(super) fn header(&self, preset: CsvPreset, zone: &Zone) -> String {
        let Column { key, header, kind, .. } = self.column;
        match (preset, kind, self.form) {
            // A file whose first two characters are `ID` is taken for another format by Excel.
            (CsvPreset::Scripts, ..) if *key == "id" => format!("{}_id", R::NOUN),
            (CsvPreset::Scripts, Kind::Seconds, _) => format!("{key}_seconds"),
            (CsvPreset::Scripts, ..) => (*key).to_owned(),
            (CsvPreset::Excel, Kind::Bytes, Form::Plain) => format!("{header} (bytes)"),
            (CsvPreset::Excel, Kind::Seconds, Form::Plain) => format!("{header} (s)"),
            (CsvPreset::Excel, Kind::Seconds, Form::Human) => format!("{header} (h:mm:ss)"),
            (CsvPreset::Excel, ..) => self.column.header_text(zone),
        }
    }

    /// Appends the text of a cell.
    pub(super) fn push(&self, out: &mut String, row: &R, style: &Style<'_>) {
        match (self.column.value)(row, style.now) {
            Value::Empty => {}
            Value::Text(text) => push_words(out, &text, style.guard),
            Value::Integer(number) => push_display(out, number),
            Value::Bytes(bytes) if self.form == Form::Human => push_bytes(out, bytes),
            Value::Seconds(secs) if self.form == Form::Human => push_clock(out, secs),
            Value::Bytes(number) | Value::Seconds(number) => push_display(out, number),
            Value::Moment(at) => match style.preset {
                CsvPreset::Excel => push_date_time(out, at, style.zone),
                CsvPreset::Scripts => push_display(out, at),
            },
            Value::Flag(flag) => match style.preset {
                CsvPreset::Excel => out.push_str(flag_text(flag)),
                CsvPreset::Scripts => push_display(out, flag),
            },
        }
    }
}

/// What the text of a cell depends on besides its value.
pub(super) struct Style<'a> {
    pub(super) preset: CsvPreset,
    pub(super) guard: bool,
    pub(super) zone: &'a Zone,
    pub(super) now: Timestamp,
}

/// Appends words from outside: cleaned, and guarded if asked.
pub(super) fn push_words(out: &mut String, text: &str, guard: bool) {
    let text = clean(text);
    if guard && is_formula(&text) {
        out.push('\'');
    }
    out.push_str(&text);
}

/// Appends `1:02:03`: hours always, so that a spreadsheet does not take minutes for hours.
fn push_clock(out: &mut String, secs: u64) {
    push_display(out, format_args!("{}:{:02}:{:02}", secs / 3600, secs / 60 % 60, secs % 60));
}

fn push_display(out: &mut String, value: impl std::fmt::Display) {
    // Writing to a String cannot fail.
    let _ = write!(out, "{value}");
}
