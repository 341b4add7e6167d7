//! The different words that a column shows of a chunk of rows: a million rows share some hundred, so sorting and searching look at
//! those.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::{Column, Row, ServiceNames};
use crate::rows::{Cells, Words};

/// Rows with the same code have the same words.
pub(crate) enum Codes<'r> {
    Kept(&'r [u16]),
    /// Codes of both, the id and the name of a service, made into one.
    Made(Vec<u16>),
}

impl Codes<'_> {
    /// The code of each row.
    pub(crate) fn all(&self) -> &[u16] {
        match self {
            Self::Kept(codes) => codes,
            Self::Made(codes) => codes,
        }
    }
}

/// The different words of a chunk, in the order of their codes.
pub(crate) struct ChunkWords<'r> {
    pub(crate) codes: Codes<'r>,
    pub(crate) words: Vec<Cow<'r, str>>,
}

impl<'r> ChunkWords<'r> {
    /// Words as they are kept.
    pub(super) fn of(words: &'r Words) -> Self {
        let by_code = std::iter::once("").chain(words.words()).map(Cow::Borrowed);
        Self { codes: Codes::Kept(words.codes()), words: by_code.collect() }
    }

    /// The words that a column shows of a chunk, each once; `None` where it keeps them in another way.
    pub(super) fn new<R: Row>(cells: &Cells<'r>, column: &Column<R>, names: &'r ServiceNames) -> Option<Self> {
        match *cells {
            Cells::Words(words) => {
                let shown = words.words().map(|word| column.shown_word(Cow::Borrowed(word)));
                let words_by_code = std::iter::once(Cow::Borrowed("")).chain(shown).collect();
                Some(Self { codes: Codes::Kept(words.codes()), words: words_by_code })
            }
            Cells::Service { ids, names: called } => {
                let mut known: FxHashMap<(u16, u16), u16> = FxHashMap::default();
                // Nearly every service has one name: the name and the code that were last seen of each.
                let mut last = vec![None; ids.word_count() + 1];
                let mut words = Vec::new();
                let codes = ids.codes().iter().zip(called.codes()).map(|(&id, &name)| {
                    let last = last.get_mut(usize::from(id));
                    if let Some(Some((last, code))) = &last
                        && *last == name
                    {
                        return *code;
                    }
                    let code = *known.entry((id, name)).or_insert_with(|| {
                        words.push(names.label(ids.of_code(id).unwrap_or_default(), called.of_code(name)));
                        // A chunk has fewer rows than there are codes.
                        u16::try_from(words.len() - 1).unwrap_or(u16::MAX)
                    });
                    if let Some(last) = last {
                        *last = Some((name, code));
                    }
                    code
                });
                let codes = codes.collect();
                Some(Self { codes: Codes::Made(codes), words })
            }
            _ => None,
        }
    }
}
