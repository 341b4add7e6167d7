//! Columns of whole numbers.

/// No number.
const NONE: u64 = u64::MAX;
/// A number, or words in its place, that the column does not hold; the row that has it is kept whole.
const ODD: u64 = u64::MAX - 1;

/// A column of whole numbers below 2^64 - 2; others are odd.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    numbers: Vec<u64>,
    has_odd: bool,
}

impl Numbers {
    /// Adds a number; false where it is odd.
    #[must_use]
    pub(super) fn push(&mut self, number: Option<u64>) -> bool {
        let is_plain = number.is_none_or(|number| number < ODD);
        self.has_odd |= !is_plain;
        self.numbers.push(if is_plain { number.unwrap_or(NONE) } else { ODD });
        is_plain
    }

    /// Adds a number written in digits; false where they are not those that the number would be written in.
    #[must_use]
    pub(super) fn push_digits(&mut self, text: Option<&str>) -> bool {
        let Some(text) = text else { return self.push(None) };
        let is_canonical = text == "0" || !text.starts_with(['0', '+']);
        self.push(Some(text.parse().ok().filter(|_| is_canonical).unwrap_or(ODD)))
    }

    pub(super) fn seal(&mut self) {
        self.numbers.shrink_to_fit();
    }

    /// The number of a row that is not odd.
    pub(super) fn get(&self, at: usize) -> Option<u64> {
        self.numbers.get(at).copied().filter(|number| *number < ODD)
    }

    /// Whether any row is odd.
    #[must_use]
    pub fn has_odd(&self) -> bool {
        self.has_odd
    }

    pub(super) fn is_odd(&self, at: usize) -> bool {
        self.numbers.get(at) == Some(&ODD)
    }
}
