//! Numbers in English: at equal distances, one by one, and neighbours as ranges.

use super::field::FieldSet;

/// Up to this many numbers are written one by one.
const MAX_LISTED_NUMBERS: usize = 8;

/// Numbers of a field at equal distances.
pub(super) struct Steps {
    pub(super) step: u8,
    pub(super) first: u8,
    pub(super) last: u8,
    pub(super) count: usize,
    /// The distance from the last number to the first of the next round is the same.
    pub(super) is_cyclic: bool,
}

impl Steps {
    /// Two or more numbers that keep their distance over the end of the field, or four or more that keep it up to there.
    /// `size` is how many numbers the field has.
    pub(super) fn of(set: FieldSet, size: u8) -> Option<Self> {
        let values: Vec<u8> = set.values().collect();
        let [first, second, ..] = values.as_slice() else { return None };
        let (first, step, last) = (*first, second - first, *values.last()?);
        let is_even = values.iter().zip(values.iter().skip(1)).all(|(a, b)| b - a == step);
        let is_cyclic = first + size - last == step;
        (is_even && (is_cyclic || values.len() > 3)).then_some(Self {
            step,
            first,
            last,
            count: values.len(),
            is_cyclic,
        })
    }

    pub(super) fn every(&self, unit: &str) -> String {
        if self.step == 1 { format!("Every {unit}") } else { format!("Every {} {unit}s", self.step) }
    }
}

/// The numbers one by one; where they are many, three or more neighbours as `a to b`.
pub(super) fn number_runs(values: &[u8], text: impl Fn(u8) -> String) -> Vec<String> {
    let texts: Vec<(u8, String)> = values.iter().map(|value| (*value, text(*value))).collect();
    if values.len() <= MAX_LISTED_NUMBERS && values.windows(3).all(|three| !matches!(three, [a, _, c] if a + 2 == *c)) {
        return texts.into_iter().map(|(_, text)| text).collect();
    }
    Runs::of(&texts).texts
}

/// Numbers by name, three or more neighbours as `first to last`.
pub(super) struct Runs {
    pub(super) texts: Vec<String>,
    /// There is nothing but three or more neighbours.
    is_one_range: bool,
}

impl Runs {
    pub(super) fn of<T: AsRef<str>>(values: &[(u8, T)]) -> Self {
        let neighbours: Vec<&[(u8, T)]> = values.chunk_by(|(a, _), (b, _)| a + 1 == *b).collect();
        let texts = neighbours.iter().flat_map(|run| match run {
            [(_, first), _, .., (_, last)] => vec![format!("{} to {}", first.as_ref(), last.as_ref())],
            short => short.iter().map(|(_, text)| text.as_ref().to_owned()).collect(),
        });
        Self { texts: texts.collect(), is_one_range: matches!(neighbours.as_slice(), [[_, _, _, ..]]) }
    }

    /// `first to last`, where that is all.
    pub(super) fn one_range(&self) -> Option<&str> {
        self.texts.first().map(String::as_str).filter(|_| self.is_one_range)
    }
}
