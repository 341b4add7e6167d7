//! The search in a table: which rows hold every typed word in one of the searched columns.
//!
//! Rows are kept in columns, and so they are searched: a word is looked for in the different words of a column, which are few, and
//! in times, sizes and numbers only where it is made of characters that those are written with. What text that takes is made then,
//! and kept for the next word. A word never holds white space, so no match reaches from one cell into another.

use std::sync::Arc;

use jiff::Timestamp;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::cell_text::{CellText, ChunkColumn};
use super::fold::folded;
use super::search_word::SearchWord;
use super::{CellContext, Column, ColumnKey, Row, ServiceNames};
use crate::domain::Zone;
use crate::rows::{CHUNK_ROWS, Chunk as _, Rows};

/// The search in some columns of all rows; one per listing, set of searched columns, zone and names of services.
#[derive(Debug)]
pub struct SearchIndex<R: Row> {
    rows: Rows<R>,
    columns: Vec<&'static Column<R>>,
    zone: Zone,
    now: Timestamp,
    names: Arc<ServiceNames>,
    /// Of each column, for each chunk.
    texts: Vec<Vec<CellText>>,
}

impl<R: Row> SearchIndex<R> {
    /// A search in these columns; unknown keys are passed over. Nothing is read yet.
    #[must_use]
    pub fn new(rows: &Rows<R>, searched: &[ColumnKey], zone: &Zone, now: Timestamp, names: &Arc<ServiceNames>) -> Self {
        let columns: Vec<_> = searched.iter().filter_map(|key| R::column(key.as_str())).collect();
        let texts = columns.iter().map(|_| rows.chunks().iter().map(|_| CellText::default()).collect()).collect();
        Self { rows: rows.clone(), columns, zone: zone.clone(), now, names: Arc::clone(names), texts }
    }

    /// The rows in which every one of the words occurs, in ascending order. No words find every row.
    #[must_use]
    pub fn find(&self, words: &str) -> Vec<u32> {
        let words: Vec<SearchWord> = search_words(words).iter().map(|word| SearchWord::new(word)).collect();
        if words.is_empty() {
            return (0..).take(self.rows.len()).collect();
        }
        let found: Vec<Vec<u32>> = (0..self.rows.chunks().len())
            .into_par_iter()
            .map(|chunk| {
                let mut all: Option<Vec<bool>> = None;
                for word in &words {
                    let rows = self.rows_with(chunk, word);
                    match &mut all {
                        None => all = Some(rows),
                        Some(all) => all.iter_mut().zip(rows).for_each(|(all, row)| *all &= row),
                    }
                }
                let first = u32::try_from(chunk * CHUNK_ROWS).unwrap_or(u32::MAX);
                let numbered = (first..).zip(all.unwrap_or_default());
                numbered.filter(|(_, row)| *row).map(|(number, _)| number).collect()
            })
            .collect();
        found.concat()
    }

    /// For each row of a chunk whether a word occurs in any of the columns.
    pub(super) fn rows_with(&self, chunk: usize, word: &SearchWord) -> Vec<bool> {
        let count = self.rows.chunks().get(chunk).map_or(0, |chunk| chunk.len());
        let mut rows = vec![false; count];
        for column in 0..self.columns.len() {
            self.mark(chunk, column, word, &mut rows);
        }
        rows
    }

    /// Marks the rows of a chunk that hold a word in a column.
    pub(super) fn mark(&self, chunk: usize, column: usize, word: &SearchWord, rows: &mut [bool]) {
        let text = self.texts.get(column).and_then(|texts| texts.get(chunk));
        if let (Some(column), Some(chunk), Some(text)) = (self.columns.get(column), self.rows.chunks().get(chunk), text)
        {
            let context = CellContext { zone: &self.zone, now: self.now, names: &self.names };
            ChunkColumn { chunk: &**chunk, column, context }.mark(text, word, rows);
        }
    }
}

/// The words of a search, folded the way the search text is, the longest first: it rules out the most.
pub(super) fn search_words(typed: &str) -> Vec<String> {
    let mut words: Vec<String> = typed.split_whitespace().map(folded).collect();
    // Nothing is left of one that was pasted without a visible character.
    words.retain(|word| !word.is_empty());
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

#[cfg(test)]
#[path = "search_index_tests.rs"]
mod tests;
