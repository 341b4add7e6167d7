//! How one column of a table becomes one or two columns of a file, in each preset.

use std::borrow::Cow;

use jiff::Timestamp;

use super::formula_escape::{clean, is_formula};
use super::{CsvPreset, ExportJob};
use crate::domain::{Zone, push_bytes_text, push_duration_text, push_number};
use crate::grid::{Column, ColumnKey, Kind, Row, Value, flag_text, fraction_digits, push_date_time, push_rfc3339};

/// One column of a file.
#[derive(Clone, Copy)]
pub(super) struct CsvField<R: 'static> {
    column: &'static Column<R>,
    /// The value as people say it, beside the plain one.
    is_human: bool,
    /// Digits of the fraction of every time in the column, for programs: a reader that has seen one width trips over another.
    fraction_digits: u8,
}

/// The text of a cell.
pub(super) struct Cell<'a> {
    pub(super) text: &'a str,
    /// It holds words, which are quoted for people: an unquoted number, time or length stays what it is in the program that opens the
    /// file.
    pub(super) is_words: bool,
}

/// The columns of a file. Scripts get them in the order of their definition, whatever order was asked for.
pub(super) fn fields<R: Row>(keys: &[ColumnKey], preset: CsvPreset) -> Vec<CsvField<R>> {
    let mut columns: Vec<&'static Column<R>> = keys.iter().filter_map(|key| R::column(key.as_str())).collect();
    if preset == CsvPreset::Scripts {
        columns = R::columns().iter().filter(|column| keys.contains(&column.key)).collect();
    }
    let mut fields = Vec::with_capacity(columns.len());
    for column in columns {
        fields.push(CsvField { column, is_human: false, fraction_digits: 0 });
        if preset == CsvPreset::Excel && matches!(column.kind, Kind::Bytes | Kind::Seconds) {
            fields.push(CsvField { column, is_human: true, fraction_digits: 0 });
        }
    }
    fields
}

impl<R: Row> CsvField<R> {
    pub(super) fn header(&self, preset: CsvPreset, zone: &Zone) -> String {
        let Column { key, header, kind, .. } = self.column;
        match (preset, kind, self.is_human) {
            // A file whose first two characters are `ID` is taken for another format by Excel.
            (CsvPreset::Scripts, ..) if *key == "id" => format!("{}_id", R::NOUN),
            (CsvPreset::Scripts, Kind::Seconds, _) => format!("{}_seconds", key.as_str()),
            (CsvPreset::Scripts, ..) => key.as_str().to_owned(),
            (CsvPreset::Excel, Kind::Bytes, false) => format!("{header} (bytes)"),
            (CsvPreset::Excel, Kind::Seconds, false) => format!("{header} (s)"),
            (CsvPreset::Excel, Kind::Seconds, true) => format!("{header} (h:mm:ss)"),
            (CsvPreset::Excel, ..) => self.column.header_text(&zone.full_label()).into_owned(),
        }
    }

    /// Gives all times of the column the width that the longest fraction among these rows needs.
    pub(super) fn fit_fractions<'a>(&mut self, rows: impl Iterator<Item = &'a R>) {
        // Times that are computed here fall on whole minutes.
        if self.column.kind == Kind::Instant && self.column.is_api_field {
            let digits = |row: &'a R| match (self.column.value)(row, Timestamp::UNIX_EPOCH) {
                Value::Instant(at) => fraction_digits(at),
                _ => 0,
            };
            self.fraction_digits = rows.map(digits).max().unwrap_or(0);
        }
    }

    /// The text of a cell; `scratch` is where it is made, unless the row holds it ready.
    pub(super) fn text<'a>(&self, row: &'a R, job: &'a ExportJob, scratch: &'a mut String) -> Cell<'a> {
        scratch.clear();
        let for_people = job.options.preset == CsvPreset::Excel;
        let formula_escape = for_people && job.options.formula_escape;
        // Programs get what the service said; people the name that they see in the table.
        let value = if for_people && self.column.kind == Kind::Service {
            self.column.named_value(row, job.now, &job.names)
        } else {
            (self.column.value)(row, job.now)
        };
        let is_words = match value {
            Value::Text(_) | Value::EitherInstant(..) => true,
            Value::Bytes(_) => self.is_human,
            Value::Flag(_) => for_people,
            Value::Empty | Value::Integer(_) | Value::Seconds(_) | Value::Instant(_) => false,
        };
        match value {
            Value::Empty => {}
            Value::Text(Cow::Borrowed(text)) => match clean(text) {
                Cow::Borrowed(text) if !(formula_escape && is_formula(text)) => return Cell { text, is_words },
                text => push_words(scratch, &text, formula_escape),
            },
            Value::Text(text) => push_words(scratch, &clean(&text), formula_escape),
            Value::Integer(number) => {
                if number < 0 {
                    scratch.push('-');
                }
                push_number(scratch, number.unsigned_abs());
            }
            Value::Bytes(bytes) if self.is_human => push_bytes_text(scratch, bytes),
            Value::Seconds(secs) if self.is_human => push_duration_text(scratch, secs),
            Value::Bytes(number) | Value::Seconds(number) => push_number(scratch, number),
            Value::Instant(at) => self.push_time(scratch, at, job),
            Value::EitherInstant(at, other) => {
                scratch.push_str("either ");
                self.push_time(scratch, at, job);
                scratch.push_str(", or ");
                match other {
                    Some(other) => self.push_time(scratch, other, job),
                    None => scratch.push_str("never"),
                }
            }
            Value::Flag(flag) if for_people => scratch.push_str(flag_text(flag)),
            Value::Flag(flag) => scratch.push_str(if flag { "true" } else { "false" }),
        }
        Cell { text: scratch, is_words }
    }

    fn push_time(&self, out: &mut String, at: Timestamp, job: &ExportJob) {
        match job.options.preset {
            CsvPreset::Excel => push_date_time(out, at, &job.zone),
            CsvPreset::Scripts => push_rfc3339(out, at, self.fraction_digits),
        }
    }
}

/// Appends clean words, escaped if asked and needed.
fn push_words(out: &mut String, text: &str, formula_escape: bool) {
    if formula_escape && is_formula(text) {
        out.push('\'');
    }
    out.push_str(text);
}
