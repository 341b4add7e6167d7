//! The search text of one column in one chunk of rows: made when a word is first looked for that could occur in it, and kept for the
//! next word.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::chunk_words::ChunkWords;
use super::fold::{folded, push_folded};
use super::search_word::{SECS_PER_DAY, SearchWord, TimeSearch};
use super::text::push_value;
use super::{CellContext, Column, Kind, Row, Value};
use crate::domain::push_number;
use crate::rows::{Cell, Cells, Chunk as _, IdParts, Ids, Times, Words};

/// What is between texts. A word never holds white space, so no match reaches across.
const SEPARATOR: char = '\n';

/// Texts one after the other, in the form they are searched in.
#[derive(Debug, Default)]
struct FoldedTexts {
    text: String,
    /// Where each ends in `text`.
    ends: Vec<usize>,
}

impl FoldedTexts {
    fn end(&mut self) {
        self.text.push(SEPARATOR);
        self.ends.push(self.text.len());
    }

    fn of_words(words: &Words) -> Self {
        if let Some((text, ends)) = words.ascii() {
            // All of them at once, with nothing between: what is found has to end where its word does.
            return Self { text: text.to_ascii_lowercase(), ends: std::iter::once(&0).chain(ends).copied().collect() };
        }
        let mut texts = Self::default();
        // Code 0 has no word.
        texts.end();
        for word in words.words() {
            push_folded(&mut texts.text, word);
            texts.end();
        }
        texts
    }

    /// Calls `found` with the number of each text in which a word occurs.
    fn find(&self, word: &SearchWord, mut found: impl FnMut(usize)) {
        let bytes = self.text.as_bytes();
        let (mut number, mut start) = (0, 0);
        while let Some(at) = bytes.get(start..).and_then(|text| word.finder().find(text)) {
            number = text_at(&self.ends, number, start + at);
            let Some(&end) = self.ends.get(number) else { break };
            if start + at + word.bytes().len() > end {
                // It reaches into the next text.
                start += at + 1;
                continue;
            }
            found(number);
            (number, start) = (number + 1, end);
        }
    }

    /// For each text whether a word occurs in it; `None` where it does in none.
    fn hits(&self, word: &SearchWord) -> Option<Vec<bool>> {
        let mut hits = None;
        self.find(word, |number| {
            let hits = hits.get_or_insert_with(|| vec![false; self.ends.len()]);
            if let Some(hit) = hits.get_mut(number) {
                *hit = true;
            }
        });
        hits
    }
}

/// The text that holds the byte at `at`, looked for from `number` on: near first, then in ever larger steps.
fn text_at(ends: &[usize], number: usize, at: usize) -> usize {
    let (mut low, mut step) = (number, 1);
    while ends.get(low + step).is_some_and(|&end| end <= at) {
        low += step;
        step *= 2;
    }
    let high = ends.len().min(low + step + 1);
    low + ends.get(low..high).map_or(0, |ends| ends.partition_point(|&end| end <= at))
}

/// The search text of a column in a chunk, each part made when it is first needed.
#[derive(Debug, Default)]
pub(super) struct CellText {
    /// Of each row, or of each of the different words.
    texts: OnceLock<FoldedTexts>,
    /// Where the different words depend on two fields: which of them a row has.
    codes: OnceLock<Vec<u16>>,
    /// Of ids: the texts of the services and of the pods that are a part of them.
    parts: [OnceLock<FoldedTexts>; 2],
}

/// A column of a chunk with all that its text depends on.
pub(super) struct ChunkColumn<'a, R: Row> {
    pub(super) chunk: &'a R::Chunk,
    pub(super) column: &'static Column<R>,
    pub(super) context: CellContext<'a>,
}

impl<R: Row> ChunkColumn<'_, R> {
    /// Marks the rows in which a word occurs.
    pub(super) fn mark(&self, kept: &CellText, word: &SearchWord, rows: &mut [bool]) {
        match self.chunk.cells(self.column.key.as_str()) {
            cells if !self.could_occur(&cells, word.bytes()) => {}
            Cells::Words(words) => {
                let texts = kept.texts.get_or_init(|| self.words_text(words));
                mark_codes(texts.hits(word).as_deref(), words.codes(), rows);
            }
            cells @ Cells::Service { .. } => {
                let texts = kept.texts.get_or_init(|| {
                    let Some(words) = ChunkWords::new(&cells, self.column, self.context.names) else {
                        return FoldedTexts::default();
                    };
                    let mut texts = FoldedTexts::default();
                    for word in &words.words {
                        push_folded(&mut texts.text, word);
                        texts.end();
                    }
                    // Made together, so nobody else was first.
                    let _ = kept.codes.set(words.codes.all().to_vec());
                    texts
                });
                let codes = kept.codes.get().map(Vec::as_slice).unwrap_or_default();
                mark_codes(texts.hits(word).as_deref(), codes, rows);
            }
            Cells::Ids { ids, services, pods } => mark_ids(kept, [services, pods], ids, word, rows),
            Cells::Times(times) => self.mark_times(times, word, rows),
            cells @ Cells::Spans { .. } => self.mark_spans(&cells, word, rows),
            cells => {
                let texts = kept.texts.get_or_init(|| self.rows_text(&cells, rows.len()));
                texts.find(word, |at| {
                    if let Some(row) = rows.get_mut(at) {
                        *row = true;
                    }
                });
            }
        }
    }

    /// Whether a word has only characters that the texts of these cells are written with.
    fn could_occur(&self, cells: &Cells<'_>, word: &[u8]) -> bool {
        let signs: &[u8] = match cells {
            // Types have other names on screen.
            Cells::Words(words) if self.column.kind != Kind::BackupType => return words.could_hold(word),
            Cells::Service { ids, names } => return self.context.names.could_hold([ids, names], word),
            _ if cells.has_odd() => return true,
            Cells::Times(_) => b"0123456789-:+",
            Cells::Spans { .. } => b"0123456789:",
            Cells::Digits(_) => b"0123456789",
            Cells::Flags(_) => b"yesno",
            // What 0 means depends on the row, but it has no other text than a size.
            Cells::Sizes(_) => b"0123456789.bikmgtpe",
            _ => return true,
        };
        word.iter().all(|byte| signs.contains(byte))
    }

    fn words_text(&self, words: &Words) -> FoldedTexts {
        if self.column.kind != Kind::BackupType {
            return FoldedTexts::of_words(words);
        }
        let mut texts = FoldedTexts::default();
        texts.end();
        for word in words.words() {
            push_folded(&mut texts.text, &self.column.shown_word(word.into()));
            // Scripts and the API say `binarylog` where people read "Binary log".
            texts.text.push(SEPARATOR);
            push_folded(&mut texts.text, word);
            texts.end();
        }
        texts
    }

    fn mark_times(&self, times: &Times, word: &SearchWord, rows: &mut [bool]) {
        let mut search = TimeSearch::new(word, self.context.zone, times.first_and_last());
        if let Some((is_in, seconds)) = search.in_time_of_day().zip(times.plain_seconds()) {
            // Without a branch: which rows have a time is not to be predicted.
            for (row, &second) in rows.iter_mut().zip(seconds) {
                *row |= (second > 0) & is_in(second);
            }
            return;
        }
        let mut text = String::new();
        for (at, row) in rows.iter_mut().enumerate() {
            if *row {
                continue;
            }
            let found = match times.second(at) {
                Some(second) => search.is_in(second),
                None if times.is_odd(at) => None,
                None => Some(false),
            };
            *row = found.unwrap_or_else(|| {
                text.clear();
                match times.instant(at) {
                    Some(instant) => self.push_typed(&mut text, Value::Instant(instant)),
                    None => self.chunk.get(at).iter().for_each(|row| self.push_row(&mut text, row)),
                }
                word.finder().find(text.as_bytes()).is_some()
            });
        }
    }

    fn mark_spans(&self, spans: &Cells<'_>, word: &SearchWord, rows: &mut [bool]) {
        let durations = word.durations();
        let mut text = String::new();
        let mut is_in_text = |at: usize| {
            text.clear();
            self.chunk.get(at).iter().for_each(|row| self.push_row(&mut text, row));
            word.finder().find(text.as_bytes()).is_some()
        };
        if let Cells::Spans { start, end } = spans
            && let Some((starts, ends)) = start.plain_seconds().zip(end.plain_seconds())
        {
            for ((at, row), (&start, &end)) in rows.iter_mut().enumerate().zip(starts.iter().zip(ends)) {
                let is_known = start > 0 && end >= start;
                let secs = end.wrapping_sub(start);
                // There are bits for one second more than those of a day, so that this is one path for all.
                *row |= is_known & durations.holds(secs.min(SECS_PER_DAY));
                if is_known && secs >= SECS_PER_DAY {
                    *row |= is_in_text(at);
                }
            }
            return;
        }
        for (at, row) in rows.iter_mut().enumerate() {
            let found = match spans.number(at) {
                Cell::Empty => Some(false),
                Cell::Number(secs) => u32::try_from(secs).ok().and_then(|secs| durations.holds_length(secs)),
                Cell::InRow => None,
            };
            *row |= found.unwrap_or_else(|| is_in_text(at));
        }
    }

    fn rows_text(&self, cells: &Cells<'_>, count: usize) -> FoldedTexts {
        let mut texts = FoldedTexts::default();
        for at in 0..count {
            match (cells.number(at), cells) {
                (Cell::Empty, _) => {}
                (Cell::Number(number), Cells::Digits(_)) => push_number(&mut texts.text, number),
                (Cell::Number(flag), Cells::Flags(_)) => self.push_typed(&mut texts.text, Value::Flag(flag == 1)),
                (Cell::Number(number), Cells::Sizes(_)) => self.push_typed(&mut texts.text, Value::Bytes(number)),
                (Cell::Number(_) | Cell::InRow, _) => {
                    if let Some(row) = self.chunk.get(at) {
                        self.push_row(&mut texts.text, &row);
                    }
                }
            }
            texts.end();
        }
        texts
    }

    /// Appends what a row shows in the column.
    fn push_row(&self, out: &mut String, row: &R) {
        match self.column.named_value(row, self.context.now, self.context.names) {
            Value::Text(text) => {
                push_folded(out, &text);
                if self.column.kind == Kind::BackupType
                    && let Value::Text(word) = (self.column.value)(row, self.context.now)
                {
                    out.push(SEPARATOR);
                    push_folded(out, &word);
                }
            }
            typed => self.push_typed(out, typed),
        }
    }

    fn push_typed(&self, out: &mut String, value: Value<'_>) {
        let start = out.len();
        push_value(out, value, self.context.zone);
        // Units and month names are ASCII.
        if let Some(added) = out.get_mut(start..) {
            added.make_ascii_lowercase();
        }
    }
}

/// Marks the rows whose word is hit; hits are by code.
fn mark_codes(hits: Option<&[bool]>, codes: &[u16], rows: &mut [bool]) {
    let Some(hits) = hits else { return };
    for (row, code) in rows.iter_mut().zip(codes) {
        *row |= hits.get(usize::from(*code)).copied().unwrap_or(false);
    }
}

/// Marks the rows in whose ids a word occurs.
fn mark_ids(kept: &CellText, parts: [&Words; 2], ids: &Ids, word: &SearchWord, rows: &mut [bool]) {
    // A `:` is the only sign by which a word can reach from one part into the next.
    if let Some(colon) = memchr::memchr(b':', word.bytes()) {
        if ids.has_texts() || could_reach_across(parts, word.bytes(), colon) {
            mark_across(parts, ids, word, colon, rows);
        }
        return;
    }
    let is_hex = word.bytes().iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_hex || ids.has_texts() {
        let texts = kept.texts.get_or_init(|| {
            let mut texts = FoldedTexts::default();
            for at in 0..rows.len() {
                match ids.parts(at) {
                    Some(IdParts::Joined(text) | IdParts::Whole(text)) => push_folded(&mut texts.text, text),
                    Some(own @ IdParts::Hex(_)) => push_own(&mut texts.text, own),
                    None => {}
                }
                texts.end();
            }
            texts
        });
        texts.find(word, |at| {
            if let Some(row) = rows.get_mut(at) {
                *row = true;
            }
        });
    }
    for (texts, words) in kept.parts.iter().zip(parts).filter(|(_, words)| words.could_hold(word.bytes())) {
        let Some(hits) = texts.get_or_init(|| FoldedTexts::of_words(words)).hits(word) else { continue };
        for (at, (row, code)) in rows.iter_mut().zip(words.codes()).enumerate() {
            if hits.get(usize::from(*code)) == Some(&true) && ids.has_parts(at) {
                *row = true;
            }
        }
    }
}

/// Whether a word with a `:`, the first one at `colon`, can be in an id that begins with hex digits. What is behind its `:` is then the
/// beginning of a service or of a pod, unless those hold such signs themselves.
fn could_reach_across(parts: [&Words; 2], word: &[u8], colon: usize) -> bool {
    let tail = word.get(colon + 1..).unwrap_or_default();
    let next = memchr::memchr(b':', tail).and_then(|end| tail.get(..end)).unwrap_or(tail);
    let begins = |text: &str| text.as_bytes().get(..next.len()).is_some_and(|text| text.eq_ignore_ascii_case(next));
    // Signs beyond ASCII count as all signs.
    parts.iter().any(|words| words.could_hold(b":") || words.words().any(begins))
}

/// Marks the rows in whose ids a word with a `:` occurs, the first one at `colon`. In an id that begins with hex digits it is behind
/// them, which rows with the same service and pod have in common, or the digits end with what is before its `:`.
fn mark_across(parts: [&Words; 2], ids: &Ids, word: &SearchWord, colon: usize, rows: &mut [bool]) {
    let (head, tail) = word.bytes().split_at(colon);
    let mut tails: FxHashMap<(u16, u16), [bool; 2]> = FxHashMap::default();
    let (mut id, mut text) = (String::new(), String::new());
    let mut is_in_whole = |at: usize| {
        id.clear();
        text.clear();
        ids.push_to(&mut id, at, parts);
        push_folded(&mut text, &id);
        word.finder().find(text.as_bytes()).is_some()
    };
    let [services, pods] = parts;
    let codes = services.codes().iter().zip(pods.codes());
    for ((at, row), (&service, &pod)) in rows.iter_mut().enumerate().zip(codes) {
        let Some(IdParts::Hex(hex)) = ids.parts(at) else {
            *row |= is_in_whole(at);
            continue;
        };
        let [holds_word, begins_with_tail] = *tails.entry((service, pod)).or_insert_with(|| {
            let [service, pod] = [services.of_code(service), pods.of_code(pod)].map(Option::unwrap_or_default);
            let text = folded(&format!(":{service}:{pod}"));
            [word.finder().find(text.as_bytes()).is_some(), text.as_bytes().starts_with(tail)]
        });
        *row |= holds_word || begins_with_tail && crate::rows::to_hex(hex).ends_with(head);
    }
}

fn push_own(out: &mut String, own: IdParts<'_>) {
    if let IdParts::Hex(hex) = own {
        out.push_str(std::str::from_utf8(&crate::rows::to_hex(hex)).unwrap_or_default());
    }
}
