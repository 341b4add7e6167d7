//! How one column of a table becomes one or two columns of a file, in each preset.

use std::borrow::Cow;

use jiff::Timestamp;

use super::formula_escape::{clean, is_formula};
use super::{CsvPreset, ExportJob};
use crate::domain::{Zone, push_bytes_text, push_duration_text, push_number};
use crate::grid::{
    ChunkWords, Column, ColumnCells, Kind, Row, Value, flag_text, fraction_digits, locate, push_date_time, push_rfc3339,
};
use crate::rows::Rows;

/// One column of a file.
pub(super) struct CsvField<'r, R: Row> {
    cells: ColumnCells<'r, R>,
    /// Of each chunk, where rows share words: which of them a row has, and those as they are written.
    words: Vec<Option<WrittenWords<'r>>>,
    /// The value as people say it, beside the plain one.
    is_human: bool,
    /// Digits of the fraction of every time in the column, for programs: a reader that has seen one width trips over another.
    fraction_digits: u8,
}

/// The text of a cell.
pub(super) struct CsvCell<'a> {
    pub(super) text: &'a str,
    /// It holds words, which are quoted for people: an unquoted number, time or length stays what it is in the program that opens the
    /// file.
    pub(super) is_words: bool,
    /// It is in quotes already, where it needs to be.
    pub(super) is_quoted: bool,
}

/// Appends a text in quotes, with those inside it doubled.
pub(super) fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    for (number, part) in text.split('"').enumerate() {
        if number > 0 {
            out.push_str("\"\"");
        }
        out.push_str(part);
    }
    out.push('"');
}

/// The words of a chunk, each as it is written.
struct WrittenWords<'r> {
    codes: ChunkWords<'r>,
    written: Vec<String>,
}

/// The columns of a file. Scripts get them in the order of their definition, whatever order was asked for.
pub(super) fn fields<'r, R: Row>(rows: &'r Rows<R>, job: &'r ExportJob) -> Vec<CsvField<'r, R>> {
    let (keys, preset) = (&job.table.columns, job.options.preset);
    let mut columns: Vec<&'static Column<R>> = keys.iter().filter_map(|key| R::column(key.as_str())).collect();
    if preset == CsvPreset::Scripts {
        columns = R::columns().iter().filter(|column| keys.contains(&column.key)).collect();
    }
    let mut fields = Vec::with_capacity(columns.len());
    for column in columns {
        fields.push(CsvField::new(rows, column, job, false));
        if preset == CsvPreset::Excel && matches!(column.kind, Kind::Bytes | Kind::Seconds) {
            fields.push(CsvField::new(rows, column, job, true));
        }
    }
    fields
}

impl<'r, R: Row> CsvField<'r, R> {
    fn new(rows: &'r Rows<R>, column: &'static Column<R>, job: &'r ExportJob, is_human: bool) -> Self {
        let for_people = job.options.preset == CsvPreset::Excel;
        // Programs get what the service said; people the name that they see in the table.
        let cells = ColumnCells::new(rows, column, job.now, for_people.then_some(&*job.names));
        let formula_escape = for_people && job.options.formula_escape;
        let written = |word: &str| {
            let (mut text, mut quoted) = (String::new(), String::new());
            push_words(&mut text, &clean(word), formula_escape);
            if !for_people || word.is_empty() {
                return text;
            }
            push_quoted(&mut quoted, &text);
            quoted
        };
        let words = cells.shared_words().into_iter().map(|words| {
            words.map(|codes| WrittenWords { written: codes.words.iter().map(|word| written(word)).collect(), codes })
        });
        Self { words: words.collect(), cells, is_human, fraction_digits: 0 }
    }

    pub(super) fn header(&self, preset: CsvPreset, zone: &Zone) -> String {
        let Column { key, header, kind, .. } = self.cells.column();
        match (preset, kind, self.is_human) {
            // A file whose first two characters are `ID` is taken for another format by Excel.
            (CsvPreset::Scripts, ..) if *key == "id" => format!("{}_id", R::NOUN),
            (CsvPreset::Scripts, Kind::Seconds, _) => format!("{}_seconds", key.as_str()),
            (CsvPreset::Scripts, ..) => key.as_str().to_owned(),
            (CsvPreset::Excel, Kind::Bytes, false) => format!("{header} (bytes)"),
            (CsvPreset::Excel, Kind::Seconds, false) => format!("{header} (s)"),
            (CsvPreset::Excel, Kind::Seconds, true) => format!("{header} (h:mm:ss)"),
            (CsvPreset::Excel, ..) => self.cells.column().header_text(&zone.full_label()).into_owned(),
        }
    }

    /// Gives all times of the column the width that the longest fraction among these rows needs.
    pub(super) fn fit_fractions(&mut self, rows: &[u32]) {
        // Times ahead fall on whole minutes.
        if self.cells.column().kind == Kind::Instant {
            let digits = |&row: &u32| match self.cells.value(row) {
                Value::Instant(at) => fraction_digits(at),
                _ => 0,
            };
            self.fraction_digits = rows.iter().map(digits).max().unwrap_or(0);
        }
    }

    /// The text of a cell; `scratch` is where it is made, unless it lies ready.
    pub(super) fn text<'a>(&'a self, row: u32, job: &ExportJob, scratch: &'a mut String) -> CsvCell<'a> {
        let (chunk, at) = locate(row);
        if let Some(Some(words)) = self.words.get(chunk) {
            let code = words.codes.codes.all().get(at).map_or(0, |code| usize::from(*code));
            let text = words.written.get(code).map_or("", String::as_str);
            return CsvCell { text, is_words: !text.is_empty(), is_quoted: true };
        }
        scratch.clear();
        let for_people = job.options.preset == CsvPreset::Excel;
        let formula_escape = for_people && job.options.formula_escape;
        if self.cells.push_composed(row, scratch) {
            let is_words = !scratch.is_empty();
            if !matches!(clean(scratch), Cow::Borrowed(text) if !(formula_escape && is_formula(text))) {
                let text = std::mem::take(scratch);
                push_words(scratch, &clean(&text), formula_escape);
            }
            return CsvCell { text: scratch, is_words, is_quoted: false };
        }
        let value = self.cells.value(row);
        let is_words = match value {
            Value::Text(_) | Value::EitherInstant(..) => true,
            Value::Bytes(_) => self.is_human,
            Value::Flag(_) => for_people,
            Value::Empty | Value::Integer(_) | Value::Seconds(_) | Value::Instant(_) => false,
        };
        match value {
            Value::Empty => {}
            Value::Text(Cow::Borrowed(text)) => match clean(text) {
                Cow::Borrowed(text) if !(formula_escape && is_formula(text)) => {
                    return CsvCell { text, is_words, is_quoted: false };
                }
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
        CsvCell { text: scratch, is_words, is_quoted: false }
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

#[cfg(test)]
#[path = "cell_tests.rs"]
mod tests;
