//! What an index and a search text were built from, to tell whether they are still right.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::domain::Zone;
use crate::grid::{IndexRequest, Row, ServiceNames};

/// What an index was built from, to tell whether it is still right.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct IndexKey {
    pub(super) revision: u64,
    pub(super) request: IndexRequest,
}

impl IndexKey {
    /// The same rows in another order would come of the other. Words are looked for in visible columns only.
    pub(super) fn differs_in_order_only(&self, other: &Self) -> bool {
        let (old, new) = (&self.request, &other.request);
        let searched =
            |request: &IndexRequest| (request.visible.clone(), request.zone.clone(), Arc::clone(&request.names));
        let words = !new.filter.has_words() || searched(old) == searched(new);
        self.revision == other.revision && old.filter == new.filter && words
    }
}

/// What a search text was built from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SearchKey {
    revision: u64,
    searched: Vec<String>,
    zone: Zone,
    names: Arc<ServiceNames>,
}

impl SearchKey {
    pub(super) fn new<R: Row>(key: &IndexKey) -> Self {
        Self {
            revision: key.revision,
            searched: key.request.searched::<R>(),
            zone: key.request.zone.clone(),
            names: Arc::clone(&key.request.names),
        }
    }
}

/// The same index would come of both. The clock counts only where the period of the filter hangs on it, a minute at most.
pub(super) fn same(old: Option<&IndexKey>, new: &IndexKey) -> bool {
    old.is_some_and(|old| {
        let request = IndexRequest { now: old.request.now, ..new.request.clone() };
        let age = new.request.now.duration_since(old.request.now);
        old.revision == new.revision && old.request == request && age < SignedDuration::from_mins(5)
    })
}
