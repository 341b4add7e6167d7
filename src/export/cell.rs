//! How one column of a table becomes one or two columns of a file, in each preset.

use jiff::Timestamp;

use super::csv_dialect::CsvDialect;
use super::{CsvPreset, ExportJob};
use crate::domain::{push_bytes_text, push_duration_text, push_number};
use crate::grid::{
    ChunkWords, Column, ColumnCells, Kind, Row, Value, flag_text, fraction_digits, locate, push_date_time, push_rfc3339,
};
use crate::rows::Rows;

/// One column of a file.
pub(super) struct CsvField<'r, R: Row> {
    job: &'r ExportJob,
    dialect: CsvDialect,
    cells: ColumnCells<'r, R>,
    /// Of each chunk, where rows share words: which of them a row has, and those as they are written.
    words: Vec<Option<WrittenWords<'r>>>,
    /// The value as people say it, beside the plain one.
    is_human: bool,
    /// Digits of the fraction of every time in the column, for programs: a reader that has seen one width trips over another.
    fraction_digits: u8,
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
        let dialect = CsvDialect::of(&job.options);
        // Programs get what the service said; people the name that they see in the table.
        let cells = ColumnCells::new(rows, column, job.now, for_people.then_some(&*job.names));
        let written = |word: &str| {
            let mut written = String::new();
            if !word.is_empty() {
                dialect.push_words(&mut written, |out| out.push_str(word));
            }
            written
        };
        let words = cells.shared_words().into_iter().map(|words| {
            words.map(|codes| WrittenWords { written: codes.words.iter().map(|word| written(word)).collect(), codes })
        });
        Self { job, dialect, words: words.collect(), cells, is_human, fraction_digits: 0 }
    }

    pub(super) fn header(&self) -> String {
        let (preset, zone) = (self.job.options.preset, &self.job.zone);
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

    /// Appends the cell of a row.
    pub(super) fn push(&self, out: &mut String, row: u32) {
        let (chunk, at) = locate(row);
        if let Some(Some(words)) = self.words.get(chunk) {
            let code = words.codes.codes.all().get(at).map_or(0, |code| usize::from(*code));
            return out.push_str(words.written.get(code).map_or("", String::as_str));
        }
        if self.cells.is_composed(row) {
            return self.dialect.push_words(out, |out| self.cells.push_composed(row, out));
        }
        match self.cells.value(row) {
            Value::Empty => {}
            Value::Text(text) => self.dialect.push_words(out, |out| out.push_str(&text)),
            Value::Integer(number) => {
                if number < 0 {
                    out.push('-');
                }
                push_number(out, number.unsigned_abs());
            }
            Value::Bytes(bytes) if self.is_human => self.dialect.push_words(out, |out| push_bytes_text(out, bytes)),
            Value::Seconds(secs) if self.is_human => push_duration_text(out, secs),
            Value::Bytes(number) | Value::Seconds(number) => push_number(out, number),
            Value::Instant(at) => self.push_time(out, at),
            Value::EitherInstant(at, other) => self.dialect.push_words(out, |out| {
                out.push_str("either ");
                self.push_time(out, at);
                out.push_str(", or ");
                match other {
                    Some(other) => self.push_time(out, other),
                    None => out.push_str("never"),
                }
            }),
            Value::Flag(flag) => match self.job.options.preset {
                CsvPreset::Excel => self.dialect.push_words(out, |out| out.push_str(flag_text(flag))),
                CsvPreset::Scripts => out.push_str(if flag { "true" } else { "false" }),
            },
        }
    }

    fn push_time(&self, out: &mut String, at: Timestamp) {
        match self.job.options.preset {
            CsvPreset::Excel => push_date_time(out, at, &self.job.zone),
            CsvPreset::Scripts => push_rfc3339(out, at, self.fraction_digits),
        }
    }
}

#[cfg(test)]
#[path = "cell_tests.rs"]
mod tests;
