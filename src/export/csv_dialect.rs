//! The form of a CSV file: what delimits its cells and lines, and which words are in quotes.

use super::formula_escape::{clean, is_formula};
use super::{CsvPreset, ExportOptions};

/// How a file is written. Cells are appended to a line one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct CsvDialect {
    delimiter: char,
    line_end: &'static str,
    /// Words are always quoted, so that an unquoted number, time or length stays what it is in the program that opens the file; else
    /// where they would be read as something else.
    quotes_words: bool,
    /// Puts `'` before words that could be taken for a formula.
    formula_escape: bool,
}

impl CsvDialect {
    pub(super) fn of(options: &ExportOptions) -> Self {
        let is_for_people = options.preset == CsvPreset::Excel;
        Self {
            delimiter: if is_for_people && options.semicolon { ';' } else { ',' },
            line_end: if !is_for_people && options.line_feed_only { "\n" } else { "\r\n" },
            quotes_words: is_for_people,
            formula_escape: is_for_people && options.formula_escape,
        }
    }

    /// For people too, but with quotes only where they are needed: for tables that are small enough to look at.
    pub(super) fn with_formula_escape() -> Self {
        Self { delimiter: ',', line_end: "\r\n", quotes_words: false, formula_escape: true }
    }

    /// Appends a line of cells, each as `push` writes it.
    pub(super) fn push_line<T>(&self, out: &mut String, cells: &[T], mut push: impl FnMut(&mut String, &T)) {
        let start = out.len();
        for (number, cell) in cells.iter().enumerate() {
            if number > 0 {
                out.push(self.delimiter);
            }
            push(out, cell);
        }
        // Without quotes it would be an empty line, which readers pass over.
        if out.len() == start {
            out.push_str("\"\"");
        }
        out.push_str(self.line_end);
    }

    /// Appends a text of our own.
    pub(super) fn push_text(&self, out: &mut String, text: &str) {
        if self.quotes_words || text.contains([self.delimiter, '"', '\r', '\n']) {
            push_quoted(out, text);
        } else {
            out.push_str(text);
        }
    }

    /// Appends words from outside, which `push` appends as they are: clean, escaped and quoted. No words are an empty cell.
    pub(super) fn push_words(&self, out: &mut String, push: impl FnOnce(&mut String)) {
        let start = out.len();
        if self.quotes_words {
            out.push('"');
        }
        let start_of_words = out.len();
        push(out);
        let words = out.get(start_of_words..).unwrap_or_default();
        if words.is_empty() {
            out.truncate(start);
        } else if !self.is_plain(words) {
            let words = words.to_owned();
            out.truncate(start);
            self.push_odd(out, &words);
        } else if self.quotes_words {
            out.push('"');
        }
    }

    /// Whether words are written as they are, but for the quotes around those for people.
    fn is_plain(&self, words: &str) -> bool {
        let delimiter = u8::try_from(self.delimiter).unwrap_or(b'"');
        // Control characters are below the blank, or begin with the byte C2. Without an early end, so that many bytes are looked
        // at in one step.
        let is_odd = |byte: u8| (byte < b' ') | (byte == 0x7f) | (byte == 0xc2) | (byte == b'"') | (byte == delimiter);
        !words.bytes().fold(false, |found, byte| found | is_odd(byte)) && !(self.formula_escape && is_formula(words))
    }

    fn push_odd(&self, out: &mut String, words: &str) {
        let words = clean(words);
        if self.formula_escape && is_formula(&words) {
            self.push_text(out, &format!("'{words}"));
        } else {
            self.push_text(out, &words);
        }
    }
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
