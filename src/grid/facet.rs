//! What filters choose from: the facets of a row, and their values with the number of rows behind each.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::domain::BackupType;
use crate::rows::Facts;

/// How many facets there are.
pub(super) const FACETS: usize = 4;

/// What of a row a filter menu offers to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    /// The status word.
    Status,
    /// The backup type's word.
    BackupType,
    /// The service's id.
    Service,
    /// Whether the service still lists the row, for rows of the history.
    State,
}

impl Facet {
    pub(super) const ALL: [Self; FACETS] = [Self::Status, Self::BackupType, Self::Service, Self::State];

    /// The value of a row, as the API writes it; empty where there is none.
    pub(super) fn of<'a>(self, facts: &Facts<'a>) -> &'a str {
        match self {
            Self::Status => facts.status,
            Self::BackupType => facts.backup_type,
            Self::Service => facts.service_id,
            Self::State => facts.state,
        }
    }
}

/// What the filter menus offer, with the number of rows that choosing each word would show. An empty word means "none given".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FacetCounts {
    /// Status words, bad ones first.
    pub statuses: Vec<(String, usize)>,
    /// Backup type words, by name.
    pub backup_types: Vec<(String, usize)>,
    /// Words of states, in the order of [`crate::domain::SeenState::ALL`]; none where the rows are not of the history.
    pub states: Vec<(String, usize)>,
    /// Service ID, the service's name, and the count; by name.
    pub services: Vec<(String, String, usize)>,
    /// Ids of services that some row gives without a name.
    pub nameless: BTreeSet<String>,
    /// Of each service the newest of all rows that succeeded, and is not empty.
    pub newest_good: BTreeMap<String, NewestGood>,
}

/// The newest backup of a service that is something to restore from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewestGood {
    /// When it began.
    pub at: Timestamp,
    /// Its type.
    pub backup_type: BackupType,
}

impl FacetCounts {
    /// The values of a facet, each with its count.
    pub(super) fn values(&self, facet: Facet) -> Vec<(&str, usize)> {
        let words = match facet {
            Facet::Status => &self.statuses,
            Facet::BackupType => &self.backup_types,
            Facet::State => &self.states,
            Facet::Service => return self.services.iter().map(|(id, _, count)| (id.as_str(), *count)).collect(),
        };
        words.iter().map(|(word, count)| (word.as_str(), *count)).collect()
    }

    /// The number of rows with this value.
    #[must_use]
    pub fn count(&self, facet: Facet, value: &str) -> Option<usize> {
        self.values(facet).into_iter().find(|(known, _)| *known == value).map(|(_, count)| count)
    }
}
