//! How one column of a table becomes one or two columns of a file, in each preset.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::guard::{clean, is_formula};
use crate::domain::{Zone, push_bytes_text, push_number};
use crate::grid::{Column, Kind, Row, Value, flag_text, push_date_time, push_rfc3339};

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

    /// The text of a cell; `scratch` is where it is made, unless the row holds it ready.
    pub(super) fn text<'a>(&self, row: &'a R, style: &Style<'_>, scratch: &'a mut String) -> &'a str {
        scratch.clear();
        match (self.column.value)(row, style.now) {
            Value::Empty => {}
            Value::Text(Cow::Borrowed(text)) => match clean(text) {
                Cow::Borrowed(text) if !(style.guard && is_formula(text)) => return text,
                text => push_words(scratch, &text, style.guard),
            },
            Value::Text(text) => push_words(scratch, &clean(&text), style.guard),
            Value::Integer(number) => {
                if number < 0 {
                    scratch.push('-');
                }
                push_number(scratch, number.unsigned_abs());
            }
            Value::Bytes(bytes) if self.form == Form::Human => push_bytes_text(scratch, bytes),
            Value::Seconds(secs) if self.form == Form::Human => push_clock(scratch, secs),
            Value::Bytes(number) | Value::Seconds(number) => push_number(scratch, number),
            Value::Moment(at) => push_moment(scratch, at, style),
            Value::EitherMoment(at, other) => {
                scratch.push_str("either ");
                push_moment(scratch, at, style);
                scratch.push_str(", or ");
                match other {
                    Some(other) => push_moment(scratch, other, style),
                    None => scratch.push_str("never"),
                }
            }
            Value::Flag(flag) => match style.preset {
                CsvPreset::Excel => scratch.push_str(flag_text(flag)),
                CsvPreset::Scripts => scratch.push_str(if flag { "true" } else { "false" }),
            },
        }
        scratch
    }
}

fn push_moment(out: &mut String, at: Timestamp, style: &Style<'_>) {
    match style.preset {
        CsvPreset::Excel => push_date_time(out, at, style.zone),
        CsvPreset::Scripts => push_rfc3339(out, at),
    }
}

/// What the text of a cell depends on besides its value.
pub(super) struct Style<'a> {
    pub(super) preset: CsvPreset,
    pub(super) guard: bool,
    pub(super) zone: &'a Zone,
    pub(super) now: Timestamp,
}

/// Appends clean words, guarded if asked and needed.
fn push_words(out: &mut String, text: &str, guard: bool) {
    if guard && is_formula(text) {
        out.push('\'');
    }
    out.push_str(text);
}

/// Appends `1:02:03`: hours always, so that a spreadsheet does not take minutes for hours.
fn push_clock(out: &mut String, secs: u64) {
    push_number(out, secs / 3600);
    for part in [secs / 60 % 60, secs % 60] {
        out.push_str(if part < 10 { ":0" } else { ":" });
        push_number(out, part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_has_hours_and_two_digits_for_the_rest() {
        let cases = [(0, "0:00:00"), (9, "0:00:09"), (4210, "1:10:10"), (3_599_999, "999:59:59")];
        for (secs, want) in cases {
            let mut text = String::new();
            push_clock(&mut text, secs);
            assert_eq!(text, want);
        }
    }
}
