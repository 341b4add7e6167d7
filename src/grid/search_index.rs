//! The search text of a table: the searched columns of every row, folded, in one buffer.
//!
//! A typed word is looked for in the whole buffer at once, which costs little more than reading it. Cells and rows are
//! kept apart by line feeds; a word never holds white space, so no match reaches across.

use memchr::memmem::Finder;

use super::fold::{folded, push_folded};
use super::text::push_value;
use super::{CellContext, Column, ColumnKey, Kind, Row, Value};

/// What is between cells.
const SEPARATOR: char = '\n';

/// The search text of all rows; built once per listing, set of searched columns, zone and names of services.
#[derive(Clone, Debug, Default)]
pub struct SearchIndex {
    text: String,
    /// Where each row ends in `text`.
    ends: Vec<usize>,
}

impl SearchIndex {
    /// Builds the search text of these columns; unknown keys are passed over.
    #[must_use]
    pub fn build<R: Row>(rows: &[R], searched: &[ColumnKey], context: &CellContext<'_>) -> Self {
        let columns = columns_of::<R>(searched);
        let mut search_index =
            Self { text: String::with_capacity(rows.len() * columns.len() * 12), ends: Vec::with_capacity(rows.len()) };
        for row in rows {
            push_row(&mut search_index.text, row, &columns, context);
            search_index.ends.push(search_index.text.len());
        }
        search_index
    }

    /// The rows in which every one of the words occurs, in ascending order. No words find every row.
    #[must_use]
    pub fn find(&self, words: &str) -> Vec<u32> {
        let words = search_words(words);
        let finders: Vec<Finder<'_>> = words.iter().map(Finder::new).collect();
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

/// The words of a search, folded the way the search index is, the longest first: it rules out the most.
pub(super) fn search_words(typed: &str) -> Vec<String> {
    let mut words: Vec<String> = typed.split_whitespace().map(folded).collect();
    // Nothing is left of one that was pasted without a visible character.
    words.retain(|word| !word.is_empty());
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

/// The columns behind some keys.
pub(super) fn columns_of<R: Row>(keys: &[ColumnKey]) -> Vec<&'static Column<R>> {
    keys.iter().filter_map(|key| R::column(key.as_str())).collect()
}

/// Appends the search text of one row.
pub(super) fn push_row<R: Row>(out: &mut String, row: &R, columns: &[&'static Column<R>], context: &CellContext<'_>) {
    for column in columns {
        match column.named_value(row, context.now, context.names) {
            Value::Text(text) => {
                push_folded(out, &text);
                // Scripts and the API say `binarylog` where people read "Binary log".
                if column.kind == Kind::BackupType
                    && let Value::Text(word) = (column.value)(row, context.now)
                {
                    out.push(SEPARATOR);
                    push_folded(out, &word);
                }
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ApiTime, Backup, Status, Zone};
    use crate::grid::NO_NAMES;
    use jiff::Timestamp;
    use proptest::prelude::*;

    fn search_index(rows: &[(&str, &str)]) -> SearchIndex {
        let rows: Vec<Backup> = rows
            .iter()
            .map(|(name, status)| Backup {
                service_name: Some((*name).into()),
                status: Some(Status::new(*status)),
                start_time: ApiTime::read("2026-09-14T02:11:42Z"),
                storage_bytes: Some(9 << 30),
                ..Backup::default()
            })
            .collect();
        let visible = ["service_name", "status", "start_time", "storage_bytes"].map(ColumnKey::from);
        build(&rows, &visible)
    }

    fn build(rows: &[Backup], searched: &[ColumnKey]) -> SearchIndex {
        SearchIndex::build(
            rows,
            searched,
            &CellContext { zone: &Zone::utc(), now: Timestamp::UNIX_EPOCH, names: &NO_NAMES },
        )
    }

    #[test]
    fn every_word_must_occur_in_any_case_and_none_across_cells() {
        let search_index = search_index(&[
            ("Orders-DB", "Succeeded"),
            ("billing", "Failed"),
            ("Größe ΣΑΣ", "Failed"),
            ("a\nb", "Failed"),
        ]);
        let cases: [(&str, &[u32]); 15] = [
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
            ("gro\u{308}ße", &[2]),
            ("or\u{200b}ders\u{feff}", &[0]),
            ("\u{200b}", &[0, 1, 2, 3]),
        ];
        for (words, want) in cases {
            assert_eq!(search_index.find(words), want, "{words}");
        }
    }

    #[test]
    fn no_rows_and_no_columns_find_nothing_and_everything() {
        assert_eq!(SearchIndex::default().find("x"), Vec::<u32>::new());
        assert_eq!(SearchIndex::default().find(""), Vec::<u32>::new());
        let bare = build(&[Backup::default(), Backup::default()], &[]);
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
            prop_assert_eq!(search_index(&rows).find(&words), wanted);
        }
    }
}
