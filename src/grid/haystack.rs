//! The search text of a table: the visible columns of every row, lower-cased, in one buffer.
//!
//! A typed word is looked for in the whole buffer at once, which costs little more than reading it. Cells and rows are
//! kept apart by line feeds; a word never holds white space, so no match reaches across.

use jiff::Timestamp;
use memchr::memmem::Finder;

use super::text::push_value;
use super::{CellContext, Column, Row};
use crate::domain::Zone;

/// What stands between cells.
const SEPARATOR: char = '\n';

/// The search text of all rows; built once per reading, set of visible columns, and zone.
#[derive(Clone, Debug, Default)]
pub struct Haystack {
    text: String,
    /// Where each row ends in `text`.
    ends: Vec<usize>,
}

impl Haystack {
    /// Builds the search text of the visible columns; unknown keys are passed over.
    #[must_use]
    pub fn build<R: Row>(rows: &[R], visible: &[String], zone: &Zone, now: Timestamp) -> Self {
        let columns = columns_of::<R>(visible);
        let context = CellContext { zone, now };
        let mut haystack =
            Self { text: String::with_capacity(rows.len() * columns.len() * 12), ends: Vec::with_capacity(rows.len()) };
        for row in rows {
            push_row(&mut haystack.text, row, &columns, &context);
            haystack.ends.push(haystack.text.len());
        }
        haystack
    }

    /// The number of rows it was built from.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.ends.len()
    }

    /// The whole search text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The rows in which every one of the words occurs, in ascending order. No words find every row.
    #[must_use]
    pub fn find(&self, words: &str) -> Vec<u32> {
        let words = Words::new(words);
        let finders = words.finders();
        let Some((first, rest)) = finders.split_first() else {
            return (0..).take(self.ends.len()).collect();
        };
        let bytes = self.text.as_bytes();
        let mut found = Vec::new();
        let (mut row, mut start) = (0, 0);
        while let Some(at) = bytes.get(start..).and_then(|text| first.find(text)) {
            let at = start + at;
            row = row_at(&self.ends, row, at);
            let (Some(&end), Ok(number)) = (self.ends.get(row), u32::try_from(row)) else {
                break;
            };
            let before = row.checked_sub(1).and_then(|row| self.ends.get(row)).copied().unwrap_or(0);
            let text = bytes.get(before..end).unwrap_or_default();
            if rest.iter().all(|word| word.find(text).is_some()) {
                found.push(number);
            }
            (row, start) = (row + 1, end);
        }
        found
    }
}

/// The row that holds the byte at `at`, looked for from `row` on: near first, then in ever larger steps.
fn row_at(ends: &[usize], row: usize, at: usize) -> usize {
    let (mut low, mut step) = (row, 1);
    while ends.get(low + step).is_some_and(|&end| end <= at) {
        low += step;
        step *= 2;
    }
    let high = ends.len().min(low + step + 1);
    low + ends.get(low..high).map_or(0, |ends| ends.partition_point(|&end| end <= at))
}

/// The words of a search, lower-cased the way the haystack is, the longest first: it rules out the most.
pub(super) struct Words(Vec<String>);

impl Words {
    pub(super) fn new(typed: &str) -> Self {
        let mut words: Vec<String> = Vec::new();
        for word in typed.split_whitespace() {
            let mut lower = String::with_capacity(word.len());
            push_lower(&mut lower, word);
            words.push(lower);
        }
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self(words)
    }

    pub(super) fn finders(&self) -> Vec<Finder<'_>> {
        self.0.iter().map(Finder::new).collect()
    }
}

/// The columns behind some keys.
pub(super) fn columns_of<R: Row>(keys: &[String]) -> Vec<&'static Column<R>> {
    keys.iter().filter_map(|key| R::column(key)).collect()
}

/// Appends the search text of one row.
pub(super) fn push_row<R: Row>(out: &mut String, row: &R, columns: &[&'static Column<R>], context: &CellContext<'_>) {
    for column in columns {
        match (column.value)(row, context.now) {
            super::Value::Text(text) => push_lower(out, &text),
            typed => {
                let start = out.len();
                push_value(out, typed, context.zone);
                // Units and month names are ASCII.
                if let Some(added) = out.get_mut(start..) {
                    added.make_ascii_lowercase();
                }
            }
        }
        out.push(SEPARATOR);
    }
}

/// Appends a text in lower case, character by character, so that a word and the text it stands in fold alike.
fn push_lower(out: &mut String, text: &str) {
    if text.is_ascii() {
        let start = out.len();
        out.push_str(text);
        if let Some(added) = out.get_mut(start..) {
            added.make_ascii_lowercase();
        }
    } else {
        out.extend(text.chars().flat_map(char::to_lowercase));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Backup, Moment, Status};
    use proptest::prelude::*;

    fn haystack(rows: &[(&str, &str)]) -> Haystack {
        let rows: Vec<Backup> = rows
            .iter()
            .map(|(name, status)| Backup {
                service_name: Some((*name).into()),
                status: Some(Status::new(*status)),
                start_time: Moment::read("2026-09-14T02:11:42Z"),
                storage_bytes: Some(9 << 30),
                ..Backup::default()
            })
            .collect();
        let visible = ["service_name", "status", "start_time", "storage_bytes"].map(str::to_owned);
        Haystack::build(&rows, &visible, &Zone::utc(), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn every_word_must_occur_in_any_case_and_none_across_cells() {
        let haystack =
            haystack(&[("Orders-DB", "Succeeded"), ("billing", "Failed"), ("Größe ΣΑΣ", "Failed"), ("a\nb", "Failed")]);
        let cases: [(&str, &[u32]); 12] = [
            ("", &[0, 1, 2, 3]),
            ("  \t", &[0, 1, 2, 3]),
            ("orders", &[0]),
            ("ORDERS succ", &[0]),
            ("orders failed", &[]),
            ("failed", &[1, 2, 3]),
            ("GRÖSSE", &[]),
            ("GRÖßE", &[2]),
            ("σας", &[]),
            ("σασ", &[2]),
            ("2026-09-14 gib", &[0, 1, 2, 3]),
            ("dbsucc", &[]),
        ];
        for (words, want) in cases {
            assert_eq!(haystack.find(words), want, "{words}");
        }
    }

    #[test]
    fn no_rows_and_no_columns_find_nothing_and_everything() {
        assert_eq!(Haystack::default().find("x"), Vec::<u32>::new());
        assert_eq!(Haystack::default().find(""), Vec::<u32>::new());
        let bare = Haystack::build(&[Backup::default(), Backup::default()], &[], &Zone::utc(), Timestamp::UNIX_EPOCH);
        assert_eq!(bare.find("x"), Vec::<u32>::new());
        assert_eq!(bare.find(""), [0, 1]);
    }

    proptest! {
        #[test]
        fn finding_agrees_with_looking_at_each_row(
            names in proptest::collection::vec("[abAB \n]{0,6}", 0..40),
            words in "[abAB ]{0,4}",
        ) {
            let rows: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "Failed")).collect();
            let wanted: Vec<u32> = (0..).zip(&names).filter(|(_, name)| {
                let row = format!("{name}\nfailed\n2026-09-14 02:11:42\n9.0 gib").to_lowercase();
                words.split_whitespace().all(|word| row.contains(&word.to_lowercase()))
            }).map(|(row, _)| row).collect();
            prop_assert_eq!(haystack(&rows).find(&words), wanted);
        }
    }
}
