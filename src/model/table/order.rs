//! The order of a table: built from rows, filter and sort, and what it leaves of the selection.

use std::sync::Arc;

use jiff::SignedDuration;

use super::Table;
use super::keys::{IndexKey, Indexing, SearchKey};
use crate::domain::{ServiceId, Zone};
use crate::grid::{
    IndexJob, IndexRequest, IndexResult, Row, RowKey, Selection, ServiceNames, TableLines, rows_of_group,
};
use crate::model::context::StepContext;
use crate::msg::Ticket;
use crate::rows::Rows;

/// Up to this many rows an index is built at once; above, off the UI thread.
const SYNC_INDEX_LIMIT: usize = 3_000;

impl<R: Row> Table<R> {
    /// Brings the index up to date: at once for few rows, else as work for elsewhere; the old order stays until then.
    /// One piece of work at a time: a newer wish waits for it, and then has its search text to go on from.
    pub(in crate::model) fn reindex(
        &mut self,
        zone: &Zone,
        names: &Arc<ServiceNames>,
        cx: &mut StepContext,
    ) -> Option<(Ticket, Box<IndexJob<R>>)> {
        let request = IndexRequest {
            filter: self.filter.clone(),
            sort: self.layout.sort.clone(),
            by_service: self.layout.by_service,
            visible: self.layout.visible_keys(),
            zone: zone.clone(),
            now: cx.service_now,
            names: Arc::clone(names),
        };
        let key = IndexKey { revision: self.revision, request };
        let is_small = self.newest().len() <= SYNC_INDEX_LIMIT;
        if same(self.index_key.as_ref(), &key) || same(self.index_broken.as_ref(), &key) {
            self.index_running = None;
            return None;
        }
        if self.index_running.is_some() && !is_small {
            return None;
        }
        let search = SearchKey::new::<R>(&key);
        let facets = self.all_facets.as_ref().filter(|(revision, _)| *revision == key.revision);
        let job = IndexJob {
            rows: self.remote.value().cloned().unwrap_or_default(),
            request: key.request.clone(),
            search_index: self
                .search_index
                .as_ref()
                .filter(|(built, _)| *built == search)
                .map(|(_, built)| Arc::clone(built)),
            facets: facets.map(|(_, facets)| Arc::clone(facets)),
            previous: self.index_key.as_ref().filter(|old| old.differs_in_order_only(&key)).map(|_| self.index.clone()),
            selection: self.selection.clone(),
        };
        let (rows, selection) = (job.rows.clone(), job.selection.clone());
        if is_small {
            self.index_running = None;
            let result = job.run();
            self.take_index(key, rows, &selection, result);
            return None;
        }
        if self.indexed.is_empty() {
            self.indexed = rows.clone();
        }
        let ticket = cx.ticket();
        self.index_running = Some(Indexing { ticket, key, rows, selection });
        Some((ticket, Box::new(job)))
    }

    /// Whether this index is waited for.
    pub(in crate::model) fn awaits_index(&self, ticket: Ticket) -> bool {
        self.index_running.as_ref().is_some_and(|running| running.ticket == ticket)
    }

    /// An index came from elsewhere. A late one is ignored.
    pub(in crate::model) fn indexed(&mut self, ticket: Ticket, result: IndexResult<R>) {
        if let Some(done) = self.index_running.take_if(|running| running.ticket == ticket) {
            self.take_index(done.key, done.rows, &done.selection, result);
        }
    }

    /// The work on an index broke. The old order stays; the same work is not tried again, it would break again.
    pub(in crate::model) fn fail_index(&mut self, ticket: Ticket) {
        if let Some(broken) = self.index_running.take_if(|running| running.ticket == ticket) {
            self.index_broken = Some(broken.key);
        }
    }

    /// Puts an order in force; `before` is what was selected when it was asked for.
    fn take_index(&mut self, key: IndexKey, rows: Rows<R>, before: &Selection, result: IndexResult<R>) {
        self.all_facets = Some((key.revision, result.facets));
        if let Some(counted) = result.counted {
            self.facets = counted;
        }
        if let Some(search_index) = result.search_index {
            self.search_index = Some((SearchKey::new::<R>(&key), search_index));
        }
        // It would keep the rows that it is about.
        self.search_index.take_if(|(built, _)| built.revision != key.revision);
        self.indexed = rows;
        self.index = result.index;
        if !key.request.by_service {
            self.collapsed.clear();
        }
        self.lines = TableLines::new(&self.index.order, &self.index.groups, &self.collapsed);
        self.index_broken = None;
        self.index_key = Some(key);
        if self.selection == *before {
            self.selection = result.selection;
        } else {
            // Rows were selected while the order was being built.
            self.selection.retain_shown(&self.indexed, &self.index.order);
        }
        self.refocus();
    }

    /// Whether a row has a line on screen.
    pub(in crate::model) fn is_shown(&self, id: &str) -> bool {
        self.rows().positions(id).any(|position| self.lines.order().contains(&position))
    }

    /// Whether the filter leaves a row; it may be in a collapsed group.
    pub(in crate::model) fn is_found(&self, id: &str) -> bool {
        self.rows().positions(id).any(|position| self.index.order.contains(&position))
    }

    /// Shows the rows of a group, or its line alone; what has no line any more leaves the selection.
    pub(super) fn expand(&mut self, service: &ServiceId, is_expanded: bool) {
        let hidden = if is_expanded {
            self.collapsed.remove(service);
            0..0
        } else {
            self.collapsed.insert(service.clone());
            rows_of_group(&self.index.groups, service)
        };
        self.selection.forget(&self.indexed, self.index.order.get(hidden).unwrap_or_default());
        self.selection.go_to_group(service.clone());
        self.lines = TableLines::new(&self.index.order, &self.index.groups, &self.collapsed);
    }

    /// The same of all groups.
    pub(super) fn expand_all(&mut self, is_expanded: bool) {
        let groups = if is_expanded { &[] } else { &*self.index.groups };
        self.collapsed = groups.iter().map(|group| group.service.clone()).collect();
        if !groups.is_empty() {
            self.selection.clear();
            if let Some(focused) = self.focused.take() {
                self.selection.go_to_group(ServiceId::new(focused.service().0));
            }
        }
        self.lines = TableLines::new(&self.index.order, &self.index.groups, &self.collapsed);
    }

    /// Expands the group of a row.
    fn reveal(&mut self, id: &str) {
        let row = if self.collapsed.is_empty() { None } else { self.indexed.find(id) };
        if row.is_some_and(|row| self.collapsed.remove(&ServiceId::new(row.service().0))) {
            self.lines = TableLines::new(&self.index.order, &self.index.groups, &self.collapsed);
        }
    }

    /// Selects a row alone as soon as it is shown; not if it is not among the rows once nothing more is on its way.
    pub(in crate::model) fn select_when_shown(&mut self, id: &str) {
        self.wanted = Some(RowKey::from(id));
    }

    /// Selects the row that was waited for, where it is shown now; true if so.
    pub(in crate::model) fn select_wanted(&mut self) -> bool {
        let Some(id) = self.wanted.take() else { return false };
        self.reveal(id.as_str());
        let is_shown = self.is_shown(id.as_str());
        if is_shown {
            self.selection.click(id.as_str());
            self.refocus();
        } else if self.remote.is_loading() || self.is_indexing() {
            self.wanted = Some(id);
        }
        is_shown
    }
}

/// Both ask for the same index. The clock matters only to columns such as the next run, which may be a few minutes old. Compared in
/// every frame, so nothing is cloned.
fn same(old: Option<&IndexKey>, new: &IndexKey) -> bool {
    old.is_some_and(|old| {
        let age = new.request.now.duration_since(old.request.now);
        old.without_time() == new.without_time() && age < SignedDuration::from_mins(5)
    })
}
