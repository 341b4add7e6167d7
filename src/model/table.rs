//! One table of the window: its rows, how they are ordered and filtered, what is selected.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::api::{ApiError, Completeness, ErrorKind, Operation, Progress, Rest};
use crate::domain::Zone;
use crate::grid::{
    FacetCounts, Filter, Haystack, Index, IndexJob, IndexRequest, IndexResult, Layout, Row, Rows, Selection,
    ServiceNames,
};
use crate::msg::{Listed, TableCommand, Ticket};

use super::index_key::{IndexKey, SearchKey, same};
use super::remote::Remote;

/// Up to so many rows an index is built at once; above, off the UI thread.
const AT_ONCE: usize = 3_000;

/// One table.
#[derive(Debug)]
pub struct Table<R> {
    rows: Remote<Rows<R>, ApiError>,
    progress: Option<Progress>,
    unreadable: u32,
    completeness: Completeness,
    rest: Option<Box<Rest>>,
    revision: u64,
    layout: Layout,
    filter: Filter,
    selection: Selection,
    focused: Option<R>,
    /// The rows that the positions of the index mean; older than the newest ones while a new index is built.
    indexed: Rows<R>,
    index: Index,
    index_key: Option<IndexKey>,
    index_broken: Option<IndexKey>,
    index_running: Option<(Ticket, IndexKey, Rows<R>)>,
    haystack: Option<(SearchKey, Arc<Haystack>)>,
    /// What the filter menus offer, counted in all rows of a revision.
    all_facets: Option<(u64, Arc<FacetCounts>)>,
    /// The same, counted in what the filter leaves.
    facets: Arc<FacetCounts>,
}

/// What the table needs from outside after a change.
pub(super) enum Reindex<R> {
    /// Nothing.
    Settled,
    /// This work, off the UI thread.
    Elsewhere(Ticket, Box<IndexJob<R>>),
}

impl<R: Row> Table<R> {
    /// An empty table with the layout of the settings.
    #[must_use]
    pub fn new(layout: Option<Layout>) -> Self {
        let layout = layout.map_or_else(Layout::default_of::<R>, Layout::repaired::<R>);
        Self {
            rows: Remote::default(),
            progress: None,
            unreadable: 0,
            completeness: Completeness::Complete,
            rest: None,
            revision: 0,
            layout,
            filter: Filter::default(),
            selection: Selection::default(),
            focused: None,
            indexed: Rows::default(),
            index: Index::default(),
            index_key: None,
            index_broken: None,
            index_running: None,
            haystack: None,
            all_facets: None,
            facets: Arc::default(),
        }
    }

    /// The rows and what is going on about them.
    #[must_use]
    pub fn remote(&self) -> &Remote<Rows<R>, ApiError> {
        &self.rows
    }

    /// The rows that [`Self::index`] is about; none before the first answer. Newer ones take their place together with
    /// their own index, so that a position never means another row.
    #[must_use]
    pub fn rows(&self) -> &[R] {
        &self.indexed[..]
    }

    /// The same rows, shared.
    #[must_use]
    pub fn shared_rows(&self) -> Rows<R> {
        self.indexed.clone()
    }

    /// The newest rows, which may still be waiting for their index.
    fn newest(&self) -> &[R] {
        self.rows.value().map_or(&[], |rows| &rows[..])
    }

    /// Changes with [`Self::rows`]: what was worked out from them is right as long as this stays.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.index_key.as_ref().map_or(0, |key| key.revision)
    }

    /// How far a running listing is.
    #[must_use]
    pub fn progress(&self) -> Option<&Progress> {
        self.progress.as_ref()
    }

    /// Rows of the last listing that could not be read.
    #[must_use]
    pub fn unreadable(&self) -> u32 {
        self.unreadable
    }

    /// Whether the rows are all there is.
    #[must_use]
    pub fn completeness(&self) -> &Completeness {
        &self.completeness
    }

    /// Where the last listing broke off, if it can be gone on with.
    #[must_use]
    pub fn rest(&self) -> Option<&Rest> {
        self.rest.as_deref()
    }

    /// The rows so far and what is left of a listing that broke off. Both stay until the next listing has ended.
    pub(super) fn rest_to_read(&self) -> Option<(Box<Rest>, Rows<R>)> {
        let rows = self.rows.value().cloned().filter(|_| !self.rows.is_loading())?;
        Some((self.rest.clone()?, rows))
    }

    /// Columns and sort.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The filter in force.
    #[must_use]
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// What is selected.
    #[must_use]
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// The focused row, for the detail pane.
    #[must_use]
    pub fn focused(&self) -> Option<&R> {
        self.focused.as_ref()
    }

    /// The order shown now; the old one while a new one is built.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// A new order is being built.
    #[must_use]
    pub fn is_indexing(&self) -> bool {
        self.index_running.is_some()
    }

    /// The values for the filter menus, each with the number of rows that the other filters leave it.
    #[must_use]
    pub fn facets(&self) -> &FacetCounts {
        &self.facets
    }

    /// Nothing came yet and something is on its way.
    #[must_use]
    pub fn is_first_load(&self) -> bool {
        self.rows.value().is_none() && self.rows.is_loading()
    }

    /// A listing begins.
    pub(super) fn begin(&mut self, ticket: Ticket) {
        self.rows.begin(ticket);
        self.progress = None;
    }

    /// A page came. Its rows are shown only while there is nothing older to keep in place.
    pub(super) fn progressed(&mut self, ticket: Ticket, progress: Progress, rows: Option<Rows<R>>) -> bool {
        if !self.rows.awaits(ticket) {
            return false;
        }
        self.progress = Some(progress);
        let first = self.rows.at().is_none();
        let Some(rows) = rows.filter(|_| first) else { return false };
        self.replace(ticket, rows)
    }

    fn replace(&mut self, ticket: Ticket, rows: Rows<R>) -> bool {
        let changed = self.rows.publish(ticket, rows);
        if changed {
            self.revision += 1;
            self.completeness = Completeness::Partial("still being read".to_owned());
        }
        changed
    }

    /// The question changed: rows that answer another one are not shown as the answer to this one.
    pub(super) fn forget_rows(&mut self) {
        self.rows = Remote::default();
        self.progress = None;
        self.unreadable = 0;
        self.completeness = Completeness::Complete;
        self.rest = None;
        self.revision += 1;
    }

    /// A listing ended. False if it was late.
    pub(super) fn settle(&mut self, ticket: Ticket, result: Result<Listed<R>, ApiError>, now: Timestamp) -> bool {
        let (rows, unreadable, came) = match result {
            Ok(listed) => match self.cut_short(&listed) {
                Some(error) => (Err(error), self.unreadable, None),
                None => (Ok(listed.rows), listed.unreadable, Some((listed.completeness, listed.rest))),
            },
            Err(error) => (Err(error), self.unreadable, None),
        };
        let had_age = self.rows.at().is_some();
        if !self.rows.settle(ticket, rows, now) {
            return false;
        }
        if !had_age {
            self.say_stopped();
        }
        self.progress = None;
        self.unreadable = unreadable;
        if let Some((completeness, rest)) = came {
            self.completeness = completeness;
            self.rest = rest;
            self.revision += 1;
            self.selection.retain_known(self.rows.value().map_or(&[], |rows| &rows[..]));
            self.refocus();
        }
        true
    }

    /// A reading that broke off shows less than what was known in full before: then the old rows are the better truth, and it
    /// is told as the failure it is.
    fn cut_short(&self, listed: &Listed<R>) -> Option<ApiError> {
        let Completeness::Partial(why) = &listed.completeness else { return None };
        let was_whole = self.rows.at().is_some() && self.completeness == Completeness::Complete;
        let loses_rows = was_whole && listed.rows.len() < self.newest().len();
        let kind = ErrorKind::BrokeOff { why: why.clone() };
        loses_rows.then(|| ApiError::new(kind, Operation::ListBackups))
    }

    /// The listing was stopped. Pages of a first one stay, marked as partial; old rows stay as they were.
    pub(super) fn cancel(&mut self, now: Timestamp) -> Option<Ticket> {
        let had_age = self.rows.at().is_some();
        let ticket = self.rows.cancel(now)?;
        self.progress = None;
        if !had_age {
            self.say_stopped();
        }
        Some(ticket)
    }

    fn say_stopped(&mut self) {
        if self.rows.value().is_some() {
            self.completeness = Completeness::Partial("reading was stopped".to_owned());
        }
    }

    /// The clock was set: the same moment has another time now.
    pub(super) fn move_clock(&mut self, change: SignedDuration) {
        self.rows.move_clock(change);
    }

    /// Puts a row that was just written or read in its place, or adds it.
    pub(super) fn put(&mut self, row: R) {
        let mut rows: Vec<R> = self.newest().to_vec();
        match rows.iter_mut().find(|old| old.id() == row.id()) {
            Some(old) => *old = row,
            None => rows.push(row),
        }
        self.overwrite(rows);
    }

    /// Takes a row away.
    pub(super) fn remove(&mut self, id: &str) {
        let rows: Vec<R> = self.newest().iter().filter(|row| row.id() != id).cloned().collect();
        self.overwrite(rows);
        self.selection.retain_known(self.rows.value().map_or(&[], |rows| &rows[..]));
        self.refocus();
    }

    fn overwrite(&mut self, rows: Vec<R>) {
        self.rows.overwrite(Rows::new(rows));
        self.revision += 1;
        self.refocus();
    }

    /// The row of an id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&R> {
        self.focused.as_ref().filter(|row| row.id() == id).or_else(|| self.newest().iter().find(|row| row.id() == id))
    }

    fn refocus(&mut self) {
        let focused = self.selection.focus().map(str::to_owned);
        self.focused = focused.and_then(|id| self.newest().iter().find(|row| row.id() == id).cloned());
    }

    /// Brings the index up to date: at once for few rows, else as work for elsewhere; the old order stays until then.
    /// One piece of work at a time: a newer wish waits for it, and then has its search text to go on from.
    pub(super) fn reindex(
        &mut self,
        zone: &Zone,
        now: Timestamp,
        names: &Arc<ServiceNames>,
        ticket: impl FnOnce() -> Ticket,
    ) -> Reindex<R> {
        let visible: Vec<String> = self.layout.visible().map(|column| column.key.clone()).collect();
        let request = IndexRequest {
            filter: self.filter.clone(),
            sort: self.layout.sort.clone(),
            visible,
            zone: zone.clone(),
            now,
            names: Arc::clone(names),
        };
        let key = IndexKey { revision: self.revision, request };
        let is_small = self.newest().len() <= AT_ONCE;
        if same(self.index_key.as_ref(), &key) || same(self.index_broken.as_ref(), &key) {
            self.index_running = None;
            return Reindex::Settled;
        }
        if self.index_running.is_some() && !is_small {
            return Reindex::Settled;
        }
        let search = SearchKey::new::<R>(&key);
        let facets = self.all_facets.as_ref().filter(|(revision, _)| *revision == key.revision);
        let job = IndexJob {
            rows: self.rows.value().cloned().unwrap_or_default(),
            request: key.request.clone(),
            haystack: self.haystack.as_ref().filter(|(built, _)| *built == search).map(|(_, built)| Arc::clone(built)),
            facets: facets.map(|(_, facets)| Arc::clone(facets)),
            previous: self.index_key.as_ref().filter(|old| old.differs_in_order_only(&key)).map(|_| self.index.clone()),
        };
        let rows = job.rows.clone();
        if is_small {
            self.index_running = None;
            let result = job.run();
            self.take_index(key, rows, result);
            return Reindex::Settled;
        }
        if self.indexed.is_empty() {
            self.indexed = rows.clone();
        }
        let ticket = ticket();
        self.index_running = Some((ticket, key, rows));
        Reindex::Elsewhere(ticket, Box::new(job))
    }

    /// An index came from elsewhere. A late one is ignored.
    pub(super) fn indexed(&mut self, ticket: Ticket, result: IndexResult) {
        if let Some((_, key, rows)) = self.index_running.take_if(|(running, ..)| *running == ticket) {
            self.take_index(key, rows, result);
        }
    }

    /// The work on an index broke. The old order stays; the same work is not tried again, it would break again.
    pub(super) fn break_index(&mut self, ticket: Ticket) {
        if let Some((_, key, _)) = self.index_running.take_if(|(running, ..)| *running == ticket) {
            self.index_broken = Some(key);
        }
    }

    fn take_index(&mut self, key: IndexKey, rows: Rows<R>, result: IndexResult) {
        self.all_facets = Some((key.revision, result.facets));
        if let Some(counted) = result.counted {
            self.facets = counted;
        }
        if let Some(haystack) = result.haystack {
            self.haystack = Some((SearchKey::new::<R>(&key), haystack));
        }
        self.indexed = rows;
        self.index = result.index;
        self.index_broken = None;
        self.index_key = Some(key);
    }

    /// Does what was asked of the table alone. The rest (copying, the detail pane) is the model's.
    pub(super) fn handle(&mut self, command: TableCommand) {
        match command {
            TableCommand::Sort { key, extend } => self.layout.click_header(&key, extend),
            TableCommand::SortTo(key, direction) => self.layout.sort_by(&key, direction),
            TableCommand::Resize(key, width) => self.layout.set_width(&key, width),
            TableCommand::Move { from, to } => self.layout.move_column(from, to),
            TableCommand::Show(key, visible) => self.layout.set_visible(&key, visible),
            TableCommand::Freeze(key, frozen) => self.layout.set_frozen(&key, frozen),
            TableCommand::ResetLayout => self.layout = Layout::default_of::<R>(),
            TableCommand::SetFilter(filter) => self.set_filter(filter),
            TableCommand::FilterBy(key, value) => self.filter_by(&key, value),
            TableCommand::ClearFilter => self.filter = Filter::default(),
            TableCommand::Select(id) => self.selection.click(&id),
            TableCommand::Toggle(id) => self.selection.toggle(&id),
            TableCommand::Extend(id) => self.extend_to(&id),
            TableCommand::MoveFocus { step, extend } => self.move_focus(step, extend),
            TableCommand::SelectAll => self.select_all(),
            TableCommand::ClearSelection => self.selection.clear(),
            TableCommand::CopyCell { .. } | TableCommand::CopyRows(_) | TableCommand::ToggleDetail => {}
        }
        if self.selection.focus() != self.focused.as_ref().map(Row::id) {
            self.refocus();
        }
    }

    /// Searching all fields is about the words typed; without any it ends.
    fn set_filter(&mut self, filter: Filter) {
        let all_fields = filter.all_fields && filter.has_words();
        self.filter = Filter { all_fields, ..filter };
    }

    fn filter_by(&mut self, key: &str, value: String) {
        match key {
            "status" => self.filter.statuses = [value].into(),
            "type" => self.filter.backup_types = [value].into(),
            "service_id" | "service_name" => self.filter.services = [value].into(),
            _ => self.filter.text = value,
        }
    }

    fn extend_to(&mut self, id: &str) {
        let rows = self.shared_rows();
        self.selection.extend(id, &rows[..], &self.index.order);
    }

    fn move_focus(&mut self, step: isize, extend: bool) {
        let rows = self.shared_rows();
        self.selection.move_focus(step, extend, &rows[..], &self.index.order);
    }

    fn select_all(&mut self) {
        let rows = self.shared_rows();
        self.selection.select_all(self.index.order.iter().filter_map(|&place| rows.get(place as usize)).map(Row::id));
    }
}
