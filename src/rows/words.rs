//! Columns of words.

use std::collections::HashMap;

use crate::domain::Text;

/// Texts one after the other in one buffer.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Texts {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    pub(super) fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)?;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(start..end)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// Which signs occur in texts, ASCII letters in lower case.
#[derive(Clone, Copy, Debug, Default)]
struct Signs {
    /// A bit for each ASCII sign.
    ascii: u128,
    has_others: bool,
}

impl Signs {
    fn add(&mut self, text: &str) {
        for byte in text.bytes() {
            match 1_u128.checked_shl(byte.to_ascii_lowercase().into()) {
                Some(sign) => self.ascii |= sign,
                None => self.has_others = true,
            }
        }
    }

    /// Beyond ASCII everything is taken to occur.
    fn are_all(self, text: &[u8]) -> bool {
        let is_in = |byte: &u8| 1_u128.checked_shl((*byte).into()).is_some_and(|sign| self.ascii & sign != 0);
        self.has_others || text.iter().all(is_in)
    }
}

/// A column of words, each word kept once in a chunk.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// Of each row: 0 for none, else the number of its word, counted from 1. A chunk is too short for more than fit.
    codes: Vec<u16>,
    different: Texts,
    signs: Signs,
    /// The codes of the words, while rows are added. Keyed at random, so that words chosen to collide gain nothing.
    known: HashMap<Text, u16>,
}

impl Words {
    pub(super) fn push(&mut self, word: Option<&str>) {
        let code = word.map_or(0, |word| self.code_of(word));
        self.codes.push(code);
    }

    fn code_of(&mut self, word: &str) -> u16 {
        if self.known.is_empty() {
            // A chunk that was sealed and goes on.
            self.known = (1..).zip(self.different.iter()).map(|(code, word)| (word.into(), code)).collect();
        }
        if let Some(code) = self.known.get(word) {
            return *code;
        }
        self.different.push(word);
        self.signs.add(word);
        let code = u16::try_from(self.different.len()).unwrap_or(0);
        self.known.insert(word.into(), code);
        code
    }

    pub(super) fn seal(&mut self) {
        self.known = HashMap::new();
        self.codes.shrink_to_fit();
        self.different.shrink();
    }

    /// The word of a row.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&str> {
        self.of_code(*self.codes.get(at)?)
    }

    /// The code of each row: rows with the same code have the same word, those with 0 have none.
    #[must_use]
    pub fn codes(&self) -> &[u16] {
        &self.codes
    }

    /// The word of a code.
    #[must_use]
    pub fn of_code(&self, code: u16) -> Option<&str> {
        self.different.get(usize::from(code.checked_sub(1)?))
    }

    /// Whether the words have all the signs of a text in lower case, so that it could be a part of one.
    #[must_use]
    pub fn could_hold(&self, lower: &[u8]) -> bool {
        self.signs.are_all(lower)
    }

    /// Every word once, one after the other, and where each ends; `None` where any has signs beyond ASCII.
    #[must_use]
    pub fn ascii(&self) -> Option<(&str, &[usize])> {
        (!self.signs.has_others).then_some((&self.different.text, &self.different.ends))
    }

    /// How many different words there are.
    #[must_use]
    pub fn word_count(&self) -> usize {
        self.different.len()
    }

    /// Every word once, in the order of the codes from 1 on.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.different.iter()
    }
}
