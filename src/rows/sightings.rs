//! When the rows of the history were seen.

use super::Cells;
use super::times::Times;
use super::words::Words;
use crate::domain::{ApiTime, SeenState, Sighting};

/// What the history knows of each row. Takes no space as long as no row of the chunk has any, as in a list of the service.
#[derive(Clone, Debug, Default)]
pub(super) struct Sightings {
    len: usize,
    first_seen: Times,
    last_seen: Times,
    states: Words,
}

impl Sightings {
    /// Adds that of the row at this position; false where it can only be kept in the row itself.
    #[must_use]
    pub(super) fn push(&mut self, at: usize, sighting: Option<&Sighting>) -> bool {
        if sighting.is_none() && self.len == 0 {
            return true;
        }
        while self.len < at {
            self.push_one(None);
        }
        self.push_one(sighting)
    }

    fn push_one(&mut self, sighting: Option<&Sighting>) -> bool {
        self.len += 1;
        self.states.push(sighting.map(|sighting| sighting.state.name()));
        let first_seen = sighting.map(|sighting| ApiTime::At(sighting.first_seen));
        let last_seen = sighting.map(|sighting| ApiTime::At(sighting.last_seen));
        [self.first_seen.push(first_seen.as_ref()), self.last_seen.push(last_seen.as_ref())] == [true; 2]
    }

    pub(super) fn seal(&mut self) {
        self.first_seen.seal();
        self.last_seen.seal();
        self.states.seal();
    }

    pub(super) fn get(&self, at: usize) -> Option<Sighting> {
        let word = self.states.get(at)?;
        Some(Sighting {
            first_seen: self.first_seen.instant(at)?,
            last_seen: self.last_seen.instant(at)?,
            state: SeenState::ALL.into_iter().find(|state| state.name() == word)?,
        })
    }

    /// The word of the state of a row; empty for one that is not of the history.
    pub(super) fn state(&self, at: usize) -> &str {
        self.states.get(at).unwrap_or_default()
    }

    /// How the values of one of its columns are kept.
    pub(super) fn cells(&self, key: &str) -> Cells<'_> {
        match key {
            "first_seen" => Cells::Times(&self.first_seen),
            "last_seen" => Cells::Times(&self.last_seen),
            "state" => Cells::Words(&self.states),
            _ => Cells::InRows,
        }
    }
}
