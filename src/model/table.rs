//! One table of the window: its rows, how they are ordered and filtered, what is selected.

mod keys;
mod order;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use self::keys::{IndexKey, Indexing, SearchKey};

use crate::api::{ApiError, Baseline, Completeness, ErrorKind, Operation, Progress, ResumePoint};
use crate::domain::{ServiceId, format_count};
use crate::export::{ExportColumns, Provenance, Snapshot, TableRows, all_columns, cell_as_tsv};
use crate::grid::{
    CellContext, ColumnKey, FacetCounts, Filter, Index, Layout, Row, RowKey, RowSource, SearchIndex, Selection,
    TableCommand, TableLines,
};
use crate::msg::{KnownRows, Listed, RefreshedRows, Ticket};
use crate::rows::{Rows, RowsBuilder};

use super::remote::Remote;

/// A light refresh cannot see everything, so the rows are listed whole at least every ten minutes. The last of them is for a
/// refresh that takes long.
const LIGHT_FOR: SignedDuration = SignedDuration::from_mins(9);

/// One table.
///
/// What is selected is always on screen: a row that a filter, a search, another question or a refresh takes away leaves the
/// selection where another order is put in force, in `order.rs`. Actions on one row ask [`Self::chosen`].
#[derive(Debug, Default)]
pub struct Table<R: Row> {
    /// The newest rows and what is going on about them.
    pub remote: Remote<Rows<R>, ApiError>,
    /// How far a running listing is.
    pub progress: Option<Progress>,
    /// Rows of the last listing that could not be read.
    pub unreadable: u32,
    /// Whether the rows are all there is.
    pub completeness: Completeness,
    /// Where the last listing broke off, if it can be gone on with.
    pub rest: Option<Box<ResumePoint>>,
    /// When the rows were last listed whole; they may have been refreshed since.
    pub whole_at: Option<Timestamp>,
    /// For a light refresh of the rows.
    baseline: Option<Arc<Baseline>>,
    revision: u64,
    /// Where its rows come from.
    pub source: RowSource,
    /// Columns and sort.
    pub layout: Layout,
    /// The filter in force.
    pub filter: Filter,
    /// What is selected.
    pub selection: Selection,
    /// The row the keyboard is on. It is shown, but need not be selected.
    pub focused: Option<R>,
    /// A row to select as soon as it is shown.
    wanted: Option<RowKey>,
    /// The rows that the positions of the index mean; older than the newest ones while a new index is built.
    indexed: Rows<R>,
    /// The order shown now; the old one while a new one is built.
    pub index: Index,
    /// That order line by line, without the rows of collapsed groups.
    pub lines: TableLines,
    /// The services whose rows have no lines.
    collapsed: BTreeSet<ServiceId>,
    index_key: Option<IndexKey>,
    index_broken: Option<IndexKey>,
    index_running: Option<Indexing<R>>,
    search_index: Option<(SearchKey, Arc<SearchIndex<R>>)>,
    /// What the filter menus offer, counted in all rows of a revision.
    all_facets: Option<(u64, Arc<FacetCounts>)>,
    /// The values for the filter menus, each with the number of rows that the other filters leave it.
    pub facets: Arc<FacetCounts>,
}

impl<R: Row> Table<R> {
    /// An empty table of the rows that the service lists, with the layout of the settings.
    #[must_use]
    pub fn new(layout: Option<Layout>) -> Self {
        Self::of(RowSource::Listed, layout)
    }

    /// An empty table of rows from there, with the layout of the settings.
    pub(super) fn of(source: RowSource, layout: Option<Layout>) -> Self {
        let default = || Layout::default_in::<R>(source);
        let layout = layout.map_or_else(default, |layout| layout.repaired::<R>(source));
        Self { source, layout, ..Self::default() }
    }

    /// The rows that [`Self::index`] is about; none before the first response. Newer ones take their place together with
    /// their own index, so that a position never means another row.
    #[must_use]
    pub fn rows(&self) -> &Rows<R> {
        &self.indexed
    }

    /// The text of a cell for the clipboard, where its row is selected.
    pub(super) fn cell_text(&self, row: &RowKey, key: &ColumnKey, context: &CellContext<'_>) -> Option<String> {
        Some(cell_as_tsv(R::column(key.as_str())?, &self.selected(row.as_str())?, context))
    }

    /// What an export or a copy takes from it.
    #[must_use]
    pub fn snapshot(&self, columns: ExportColumns) -> Snapshot
    where
        TableRows: From<Rows<R>>,
    {
        Snapshot {
            rows: self.indexed.clone().into(),
            order: Arc::clone(&self.index.order),
            selection: self.selection.clone(),
            columns: match columns {
                ExportColumns::Visible => self.layout.visible_keys(),
                ExportColumns::All => all_columns::<R>(self.source),
            },
        }
    }

    /// Where its rows come from, as far as the table knows.
    pub(super) fn provenance(&self, now: Timestamp) -> Provenance {
        let sort = self.layout.sort.iter().map(|by| format!("{} {:?}", by.key.as_str(), by.direction).to_lowercase());
        Provenance {
            at: self.remote.at.unwrap_or(now),
            in_full_at: self.refreshed_since(),
            sort: sort.collect::<Vec<_>>().join(", "),
            partial: self.partial(),
            rows: self.indexed.len(),
            source: self.source,
            ..Provenance::default()
        }
    }

    /// Why the rows are not all there are; `None` where they are.
    pub(super) fn partial(&self) -> Option<String> {
        let missing = match &self.completeness {
            Completeness::Complete => None,
            Completeness::Partial(why) => Some(why.clone()),
            Completeness::ChangedWhileReading => Some("the list changed while it was read".to_owned()),
        };
        let reasons: Vec<String> = missing.into_iter().chain(self.unreadable_words()).collect();
        (!reasons.is_empty()).then(|| reasons.join("; "))
    }

    /// The newest rows, which may still be waiting for their index.
    fn newest(&self) -> Rows<R> {
        self.remote.value().cloned().unwrap_or_default()
    }

    /// Changes with [`Self::rows`]: what was worked out from them is right as long as this stays.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.index_key.as_ref().map_or(0, |key| key.revision)
    }

    /// Changes with the newest rows, also before they have their index.
    pub(super) fn listing_revision(&self) -> u64 {
        self.revision
    }

    /// The first listing, while its pages arrive: until it ends, rows are only added.
    pub(super) fn arriving(&self) -> Option<Ticket> {
        self.remote.running().filter(|_| self.remote.at.is_none())
    }

    /// When the newest rows were all there are; `None` where some are missing. A light refresh since then does not count: it may
    /// overlook rows.
    #[must_use]
    pub fn complete_at(&self) -> Option<Timestamp> {
        let is_complete = self.completeness == Completeness::Complete && self.unreadable == 0;
        self.whole_at.or(self.remote.at).filter(|_| is_complete && self.remote.at.is_some())
    }

    /// All rows there are were read in this session.
    pub(super) fn is_read_whole(&self) -> bool {
        self.whole_at.is_some() && self.complete_at().is_some()
    }

    /// How many rows could not be read, in words; `None` where all could.
    #[must_use]
    pub fn unreadable_words(&self) -> Option<String> {
        match self.unreadable {
            0 => None,
            1 => Some("1 row could not be read".to_owned()),
            count => Some(format!("{} rows could not be read", format_count(count))),
        }
    }

    /// The rows so far and what is left of a listing that broke off. Both stay until the next listing has ended.
    pub(super) fn resume_from(&self) -> Option<(Box<ResumePoint>, Rows<R>)> {
        let rows = self.remote.value().cloned().filter(|_| !self.remote.is_loading())?;
        Some((self.rest.clone()?, rows))
    }

    /// The row that an action on one row may reach, and that the detail pane shows: shown, selected, and no other with it.
    #[must_use]
    pub fn chosen(&self) -> Option<&R> {
        self.focused.as_ref().filter(|row| self.selection.is_only(row.id()))
    }

    /// The row of this id, if it is selected and so shown.
    #[must_use]
    pub fn selected(&self, id: &str) -> Option<R> {
        self.find(id).filter(|_| self.selection.contains(id))
    }

    /// A new order is being built.
    #[must_use]
    pub fn is_indexing(&self) -> bool {
        self.index_running.is_some()
    }

    /// A listing begins.
    pub(super) fn begin(&mut self, ticket: Ticket) {
        self.baseline = None;
        self.remote.begin(ticket);
        self.progress = None;
    }

    /// The rows of an earlier run, with their age, until the service lists anything.
    pub(super) fn recall(&mut self, known: KnownRows<R>) {
        if self.remote.recall(known.rows, known.at) {
            self.rows_changed();
        }
    }

    /// A light refresh begins, where one is possible: the rows can tell what to fetch, and will not have gone without a whole listing
    /// for too long when the refresh after this one is due.
    pub(super) fn begin_light(
        &mut self,
        now: Timestamp,
        next_due: Timestamp,
        ticket: impl FnOnce() -> Ticket,
    ) -> Option<(Ticket, Arc<Baseline>, Rows<R>)> {
        let until = self.whole_at?.checked_add(LIGHT_FOR).ok()?;
        let is_recent = self.whole_at? <= now && next_due <= until;
        let baseline = self.baseline.clone().filter(|_| is_recent)?;
        let rows = self.remote.value()?.clone();
        let ticket = ticket();
        self.remote.begin(ticket);
        self.progress = None;
        Some((ticket, baseline, rows))
    }

    /// A light refresh ended. False if it was late.
    pub(super) fn refreshed(&mut self, ticket: Ticket, refreshed: RefreshedRows<R>, now: Timestamp) -> bool {
        let RefreshedRows { rows, baseline } = refreshed;
        let is_same = rows.is_none();
        let Some(rows) = rows.or_else(|| self.remote.value().cloned()) else { return false };
        if !self.remote.settle(ticket, Ok(rows), now) {
            return false;
        }
        self.progress = None;
        self.baseline = Some(baseline);
        if !is_same {
            self.rows_changed();
        }
        true
    }

    /// The next refresh lists everything.
    pub(super) fn forget_baseline(&mut self) {
        self.baseline = None;
    }

    /// When the rows were last listed whole, where they were refreshed in part since.
    #[must_use]
    pub fn refreshed_since(&self) -> Option<Timestamp> {
        self.whole_at.filter(|at| self.remote.at.is_some_and(|refreshed| refreshed != *at))
    }

    fn rows_changed(&mut self) {
        self.revision += 1;
        self.selection.retain_known(&self.newest());
        self.refocus();
    }

    /// A page came. Its rows are shown only while there is nothing older to keep in place.
    pub(super) fn progressed(&mut self, ticket: Ticket, progress: Progress, rows: Option<Rows<R>>) {
        if !self.remote.awaits(ticket) {
            return;
        }
        self.progress = Some(progress);
        let first = self.remote.at.is_none();
        if let Some(rows) = rows.filter(|_| first)
            && self.remote.publish(ticket, rows)
        {
            self.revision += 1;
            self.completeness = Completeness::Partial("still being read".to_owned());
        }
    }

    /// The question changed: rows that answer another one are not shown as the answer to this one.
    pub(super) fn clear_rows(&mut self) {
        self.remote = Remote::default();
        self.progress = None;
        self.unreadable = 0;
        self.completeness = Completeness::Complete;
        self.rest = None;
        self.whole_at = None;
        self.baseline = None;
        self.revision += 1;
    }

    /// A listing ended. False if it was late.
    pub(super) fn settle(&mut self, ticket: Ticket, result: Result<Listed<R>, ApiError>, now: Timestamp) -> bool {
        let (rows, unreadable, came) = match result {
            Ok(listed) => match self.cut_short(&listed) {
                Some(error) => (Err(error), self.unreadable, None),
                None => (Ok(listed.rows), listed.unreadable, Some((listed.completeness, listed.rest, listed.baseline))),
            },
            Err(error) => (Err(error), self.unreadable, None),
        };
        let had_age = self.remote.at.is_some();
        if !self.remote.settle(ticket, rows, now) {
            return false;
        }
        if !had_age {
            self.mark_stopped();
        }
        self.progress = None;
        self.unreadable = unreadable;
        if let Some((completeness, rest, baseline)) = came {
            self.completeness = completeness;
            self.rest = rest;
            self.baseline = baseline;
            self.whole_at = Some(now);
            self.rows_changed();
        }
        true
    }

    /// A listing that broke off shows less than what was known in full before: then the old rows are the better truth, and it
    /// is reported as the failure it is.
    fn cut_short(&self, listed: &Listed<R>) -> Option<ApiError> {
        let Completeness::Partial(why) = &listed.completeness else { return None };
        let was_whole = self.remote.at.is_some() && self.completeness == Completeness::Complete;
        let loses_rows = was_whole && listed.rows.len() < self.newest().len();
        let kind = ErrorKind::Incomplete { why: why.clone() };
        loses_rows.then(|| ApiError::new(kind, Operation::ListBackups))
    }

    /// The listing was stopped. Pages of a first one stay, marked as partial; old rows stay as they were.
    pub(super) fn cancel(&mut self, now: Timestamp) -> Option<Ticket> {
        let had_age = self.remote.at.is_some();
        let ticket = self.remote.cancel(now)?;
        self.progress = None;
        if !had_age {
            self.mark_stopped();
        }
        Some(ticket)
    }

    fn mark_stopped(&mut self) {
        if self.remote.value().is_some() {
            self.completeness = Completeness::Partial("reading was stopped".to_owned());
        }
    }

    /// The clock was set: the same moment has another time now.
    pub(super) fn move_clock(&mut self, change: SignedDuration) {
        self.remote.move_clock(change);
        self.whole_at = self.whole_at.map(|at| at.checked_add(change).unwrap_or(at));
    }

    /// Puts a row that was just written or read in its place, or adds it.
    pub(super) fn put(&mut self, row: R) {
        let mut rows = RowsBuilder::from(&self.newest());
        rows.put(row);
        self.overwrite(rows.finish());
    }

    /// Takes a row away.
    pub(super) fn remove(&mut self, id: &str) {
        let rows = self.newest().iter().filter(|row| row.id() != id).collect();
        self.overwrite(rows);
        self.selection.retain_known(&self.newest());
        self.refocus();
    }

    fn overwrite(&mut self, rows: Rows<R>) {
        self.baseline = None;
        self.remote.overwrite(rows);
        self.revision += 1;
        self.refocus();
    }

    /// The row of an id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<R> {
        self.focused.clone().filter(|row| row.id() == id).or_else(|| self.newest().find(id))
    }

    fn refocus(&mut self) {
        let focused = self.selection.focused_row().map(str::to_owned);
        self.focused = focused.and_then(|id| self.newest().find(&id));
    }

    /// Does what was asked of the table alone. The rest (copying, the detail pane) is the model's.
    pub(super) fn handle(&mut self, command: TableCommand) {
        if command.is_selection() {
            self.wanted = None;
        }
        match command {
            TableCommand::Sort { key, extend } => self.layout.click_header(key, extend),
            TableCommand::SortTo(key, direction) => self.layout.sort_by(key, direction),
            TableCommand::Resize(key, width) => self.layout.set_width(&key, width),
            TableCommand::Move { from, to } => self.layout.move_column(from, to),
            TableCommand::Show(key, visible) => self.layout.set_visible(&key, visible),
            TableCommand::Freeze(key, frozen) => self.layout.set_frozen(key, frozen),
            TableCommand::GroupByService(on) => self.layout.by_service = on,
            TableCommand::Expand(service, is_expanded) => self.expand(&service, is_expanded),
            TableCommand::ExpandAll(is_expanded) => self.expand_all(is_expanded),
            TableCommand::FocusGroup(service) => {
                self.selection.clear();
                self.selection.go_to_group(service);
            }
            TableCommand::ResetLayout => self.layout = Layout::default_in::<R>(self.source),
            TableCommand::SetFilter(filter) => self.set_filter(filter),
            TableCommand::FilterBy(facet, value) => *self.filter.chosen_mut(facet) = [value].into(),
            TableCommand::Exclude(facet, value) => self.filter.exclude(facet, &value, &self.facets),
            TableCommand::ClearFilter => self.filter = Filter::default(),
            TableCommand::Select(row)
            | TableCommand::Toggle(row)
            | TableCommand::Extend(row)
            | TableCommand::Open(row)
                if !self.is_shown(row.as_str()) => {}
            TableCommand::Select(row) | TableCommand::Open(row) => self.selection.click(row.as_str()),
            TableCommand::Toggle(row) => self.selection.toggle(row.as_str()),
            TableCommand::Extend(row) => self.selection.extend(row.as_str(), &self.indexed, &self.lines),
            TableCommand::MoveFocus { step, extend } => {
                self.selection.move_focus(step, extend, &self.indexed, &self.lines);
            }
            TableCommand::SelectAll => {
                let order = self.lines.order().iter();
                self.selection.select_all(order.filter_map(|&at| self.indexed.id(at)));
            }
            TableCommand::CopyCell { .. } | TableCommand::CopyRows(_) | TableCommand::ToggleDetail => {}
        }
        if self.selection.focused_row() != self.focused.as_ref().map(R::id) {
            self.refocus();
        }
    }

    /// Searching all fields is about the words typed; without any it ends.
    fn set_filter(&mut self, filter: Filter) {
        let all_fields = filter.all_fields && filter.has_words();
        self.filter = Filter { all_fields, ..filter };
    }
}
