//! How a chunk keeps the values of a column: what sorting and searching use instead of putting rows together.

use super::ids::{IdParts, Ids};
use super::numbers::Numbers;
use super::times::Times;
use super::words::Words;

/// The values of a column in a chunk.
#[derive(Clone, Copy, Debug)]
pub enum Cells<'a> {
    /// Words, each as it is.
    Words(&'a Words),
    /// A service: its id, and what the rows call it.
    Service {
        /// Ids.
        ids: &'a Words,
        /// Names.
        names: &'a Words,
    },
    /// Instants.
    Times(&'a Times),
    /// Lengths of time in seconds, from one instant to another.
    Spans {
        /// From.
        start: &'a Times,
        /// To.
        end: &'a Times,
    },
    /// Sizes in bytes. What 0 means depends on the row.
    Sizes(&'a Numbers),
    /// Words that are a whole number in its own digits.
    Digits(&'a Numbers),
    /// Yes or no: 2 and 1; 0 for neither.
    Flags(&'a [u8]),
    /// Ids.
    Ids {
        /// What they are made of.
        ids: &'a Ids,
        /// The services that are a part of them.
        services: &'a Words,
        /// The pods that are a part of them.
        pods: &'a Words,
    },
    /// Only the row itself tells.
    InRows,
}

/// The value of one row in a column of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// No value.
    Empty,
    /// A number: microseconds since 1970, seconds, bytes, or the number that is written in digits; 1 for yes and 0 for no.
    Number(u64),
    /// Only the row itself tells.
    InRow,
}

impl<'a> Cells<'a> {
    /// The value of a row, where it is a number or nothing.
    #[must_use]
    pub fn number(&self, at: usize) -> Cell {
        let number = match self {
            Self::Times(times) if !times.is_odd(at) => times.microsecond(at),
            Self::Spans { start, end } if !start.is_odd(at) && !end.is_odd(at) => {
                let (start, end) = (start.second(at), end.second(at));
                start.zip(end).and_then(|(start, end)| end.checked_sub(start)).map(u64::from)
            }
            Self::Sizes(sizes) if !sizes.is_odd(at) && sizes.get(at) != Some(0) => sizes.get(at),
            Self::Digits(numbers) if !numbers.is_odd(at) => numbers.get(at),
            Self::Flags(flags) => flags.get(at).and_then(|flag| flag.checked_sub(1)).map(u64::from),
            _ => return Cell::InRow,
        };
        number.map_or(Cell::Empty, Cell::Number)
    }

    /// Whether any row has a value of another form, which only the row itself tells.
    #[must_use]
    pub fn has_odd(&self) -> bool {
        match self {
            Self::Times(times) => times.has_odd(),
            Self::Spans { start, end } => start.has_odd() || end.has_odd(),
            Self::Sizes(numbers) | Self::Digits(numbers) => numbers.has_odd(),
            _ => false,
        }
    }

    /// What the id of a row is made of.
    #[must_use]
    pub fn id_parts(&self, at: usize) -> Option<IdParts<'a>> {
        match self {
            Self::Ids { ids, .. } => ids.parts(at),
            _ => None,
        }
    }
}
