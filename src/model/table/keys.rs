//! What an order was built from, and one that is being built.

use std::sync::Arc;

use crate::domain::Zone;
use crate::grid::{ColumnKey, IndexRequest, Row, Selection, ServiceNames};
use crate::msg::Ticket;
use crate::rows::Rows;

/// What an index was built from, to tell whether it is still right.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct IndexKey {
    pub(super) revision: u64,
    pub(super) request: IndexRequest,
}

impl IndexKey {
    /// Everything but the present.
    pub(super) fn without_time(&self) -> impl PartialEq + '_ {
        let IndexRequest { filter, sort, by_service, visible, zone, now: _, names } = &self.request;
        (self.revision, filter, sort, by_service, visible, zone, names)
    }

    /// The index of the other would show the same rows in another order. Words are searched in the visible columns only.
    pub(super) fn differs_in_order_only(&self, other: &Self) -> bool {
        let (old, new) = (&self.request, &other.request);
        let is_same_text = (&old.visible, &old.zone, &old.names) == (&new.visible, &new.zone, &new.names);
        let words = !new.filter.has_words() || is_same_text;
        self.revision == other.revision && old.filter == new.filter && words
    }
}

/// What a search text was built from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SearchKey {
    pub(super) revision: u64,
    pub(super) searched: Vec<ColumnKey>,
    pub(super) zone: Zone,
    pub(super) names: Arc<ServiceNames>,
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

/// An order that is being built elsewhere.
#[derive(Debug)]
pub(super) struct Indexing<R: Row> {
    pub(super) ticket: Ticket,
    pub(super) key: IndexKey,
    pub(super) rows: Rows<R>,
    /// What was selected when it began.
    pub(super) selection: Selection,
}
