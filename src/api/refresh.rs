//! The light refresh of a long list: which pages to fetch, and what the list is then. Pure; the fetching is done elsewhere.
//!
//! Fetched are the first page, the last one, and those with a row that may still change. Rows keep their order, so between two pages
//! that were fetched lie the known rows between theirs, as long as they are just as many as fit there. Where they are not, rows came
//! or went in between, and the pages there are halved until what is known fits again. What is not sure is left to a listing of all
//! pages: other counts on another page, another order, a row that cannot be read.
//!
//! Two moves between fetched pages stay unseen: a finished row that is changed, and a removed row with an added one between the same
//! two pages. So a list must not be refreshed like this for long, and a list that was says so.

use std::borrow::Borrow;
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{Hash as _, Hasher as _};
use std::ops::Range;

use super::decode::DecodedPage;
use super::wire::ApiRecord;

/// A list that would take more pages is listed whole, several pages at a time.
const MOST_PAGES: usize = 50;

/// What a listing leaves for a light refresh: which rows are where. Made only where the list can be trusted to fill its pages, and
/// where a light refresh is less work than a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    /// Rows asked for at once.
    pub(super) page_size: u32,
    /// Rows on every page but the last.
    per_page: usize,
    /// The hash of each id, in the order of the service. It is compared only with the ids of the same list.
    ids: Vec<u64>,
    /// The positions of the rows that may still change, ascending.
    unfinished: Vec<usize>,
}

impl Baseline {
    /// Of a list that fills its pages but the last with this many rows each.
    pub(super) fn of<R: ApiRecord>(rows: impl Iterator<Item = R>, page_size: u32, per_page: usize) -> Option<Self> {
        let mut baseline = Self { page_size, per_page, ids: Vec::new(), unfinished: Vec::new() };
        baseline.extend::<R>(rows);
        Some(baseline).filter(Self::is_worth_it)
    }

    fn extend<R: ApiRecord>(&mut self, rows: impl IntoIterator<Item: Borrow<R>>) {
        for row in rows {
            let row: &R = row.borrow();
            if !row.is_final() {
                self.unfinished.push(self.ids.len());
            }
            self.ids.push(hash_of(row.id()));
        }
    }

    /// Takes over rows of another baseline of the same list.
    fn extend_from(&mut self, other: &Self, rows: Range<usize>) {
        let first = self.ids.len();
        self.unfinished.extend(other.unfinished_in(&rows).iter().map(|at| first + at - rows.start));
        self.ids.extend(other.ids.get(rows).unwrap_or_default());
    }

    fn unfinished_in(&self, rows: &Range<usize>) -> &[usize] {
        let until = |end: usize| self.unfinished.partition_point(|at| *at < end);
        self.unfinished.get(until(rows.start)..until(rows.end)).unwrap_or_default()
    }

    fn is_worth_it(&self) -> bool {
        let last = self.ids.len().saturating_sub(1) / self.per_page;
        let unfinished = self.unfinished.iter().map(|at| at / self.per_page);
        let pages: HashSet<usize> = unfinished.chain([0, last]).collect();
        pages.len() <= most_pages(last + 1)
    }

    /// The positions of these rows; `None` for one that is new. One pass over the list takes less memory than a map of it.
    fn locate<R: ApiRecord>(&self, rows: &[R]) -> Vec<Option<usize>> {
        let on_page: HashMap<u64, usize> =
            rows.iter().enumerate().map(|(index, row)| (hash_of(row.id()), index)).collect();
        let mut known_at = vec![None; rows.len()];
        for (position, id) in self.ids.iter().enumerate() {
            if let Some(known_at) = on_page.get(id).and_then(|index| known_at.get_mut(*index)) {
                *known_at = Some(position);
            }
        }
        known_at
    }
}

#[cfg(test)]
impl Baseline {
    /// Of a list with these rows, whatever came of its counts.
    pub(crate) fn of_rows<R: ApiRecord>(rows: &[R], per_page: usize) -> Self {
        let mut baseline = Self { page_size: 100, per_page, ids: Vec::new(), unfinished: Vec::new() };
        baseline.extend::<R>(rows);
        baseline
    }
}

fn hash_of(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

/// The most pages that a light refresh of a list of this length fetches.
fn most_pages(pages: usize) -> usize {
    (pages / 2).min(MOST_PAGES)
}

/// A part of a refreshed list.
#[derive(Clone, Debug, PartialEq)]
pub enum Segment<R> {
    /// Known rows, by their positions in the list before.
    Kept(Range<usize>),
    /// Rows of fetched pages.
    Fetched(Vec<R>),
}

/// A list after a light refresh.
#[derive(Clone, Debug, PartialEq)]
pub struct LightListing<R> {
    /// Its parts, in their order.
    pub segments: Vec<Segment<R>>,
    /// For the next one.
    pub baseline: Baseline,
}

/// What a light refresh needs next. Pages are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Fetch(usize),
    Done,
    /// Only a listing of all pages can tell.
    Unsure,
}

struct PageRows<R> {
    rows: Vec<R>,
    /// The position of each row in the list before.
    known_at: Vec<Option<usize>>,
}

impl<R> PageRows<R> {
    fn first_known(&self) -> Option<usize> {
        self.known_at.first().copied().flatten()
    }

    fn last_known(&self) -> Option<usize> {
        self.known_at.last().copied().flatten()
    }
}

/// Pages between two fetched ones.
struct Gap {
    pages: Range<usize>,
    /// The known rows between those of the pages beside it; unknown where one of these ends with a new row on this side.
    before: Option<usize>,
    after: Option<usize>,
}

/// The state of one light refresh.
pub(super) struct LightRefresh<'a, R> {
    baseline: &'a Baseline,
    /// The length of the list, as the first page said.
    count: usize,
    pages: BTreeMap<usize, PageRows<R>>,
}

impl<'a, R: ApiRecord> LightRefresh<'a, R> {
    pub(super) fn new(baseline: &'a Baseline) -> Self {
        Self { baseline, count: 0, pages: BTreeMap::new() }
    }

    /// Takes in a page. False where it does not fit the others.
    pub(super) fn take(&mut self, number: usize, page: DecodedPage<R>) -> bool {
        if self.pages.is_empty() {
            self.count = page.count.and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
        }
        let first = number * self.baseline.per_page;
        let expected = self.count.saturating_sub(first).min(self.baseline.per_page);
        let has_same_counts = page.count == u64::try_from(self.count).ok()
            && page.pages_count == u64::try_from(self.pages_count()).ok()
            && page.rows.len() == expected;
        if !has_same_counts
            || page.rows.is_empty()
            || page.unreadable > 0
            || page.rows.iter().any(|row| row.id().is_empty())
        {
            return false;
        }
        let known_at = self.baseline.locate(&page.rows);
        self.pages.insert(number, PageRows { rows: page.rows, known_at });
        true
    }

    pub(super) fn next(&self) -> Step {
        let Some(last) = self.pages_count().checked_sub(1) else { return Step::Fetch(0) };
        if !self.has_known_order() {
            return Step::Unsure;
        }
        let wanted = if self.pages.contains_key(&last) { self.wanted_in_gaps() } else { Some(last) };
        match wanted {
            None => Step::Done,
            Some(_) if self.pages.len() >= most_pages(last + 1) => Step::Unsure,
            Some(page) => Step::Fetch(page),
        }
    }

    /// True where rows came, went, or lie elsewhere.
    pub(super) fn has_moved(&self) -> bool {
        let per_page = self.baseline.per_page;
        let is_in_place = |(number, page): (&usize, &PageRows<R>)| {
            page.known_at.iter().zip(number * per_page..).all(|(known_at, position)| *known_at == Some(position))
        };
        self.count != self.baseline.ids.len() || !self.pages.iter().all(is_in_place)
    }

    /// True where the first page still has the same rows.
    pub(super) fn begins_with(&self, page: &DecodedPage<R>) -> bool {
        let first = self.pages.get(&0).map(|page| page.rows.iter().map(R::id));
        first.is_some_and(|first| first.eq(page.rows.iter().map(R::id)))
    }

    pub(super) fn finish(self) -> LightListing<R> {
        let Baseline { page_size, per_page, .. } = *self.baseline;
        let mut baseline = Baseline { page_size, per_page, ids: Vec::new(), unfinished: Vec::new() };
        let mut segments = Vec::new();
        let mut gaps = self.gaps().into_iter().peekable();
        for (number, page) in self.pages {
            if let Some(rows) = gaps.next_if(|gap| gap.pages.end == number).and_then(|gap| gap.known_rows()) {
                baseline.extend_from(self.baseline, rows.clone());
                segments.push(Segment::Kept(rows));
            }
            baseline.extend::<R>(&page.rows);
            match segments.last_mut() {
                Some(Segment::Fetched(before)) => before.extend(page.rows),
                Some(Segment::Kept(_)) | None => segments.push(Segment::Fetched(page.rows)),
            }
        }
        LightListing { segments, baseline }
    }

    fn pages_count(&self) -> usize {
        self.count.div_ceil(self.baseline.per_page)
    }

    /// The known rows are in their order, and no row is on two pages.
    fn has_known_order(&self) -> bool {
        let rows = || self.pages.values().flat_map(|page| &page.rows);
        let mut ids = HashSet::new();
        let known_at: Vec<usize> = self.pages.values().flat_map(|page| &page.known_at).flatten().copied().collect();
        known_at.is_sorted_by(|before, after| before < after) && rows().all(|row| ids.insert(row.id()))
    }

    fn gaps(&self) -> Vec<Gap> {
        let gap = |((left_number, left), (right_number, right)): ((&usize, &PageRows<R>), (&usize, _))| Gap {
            pages: left_number + 1..*right_number,
            before: left.last_known(),
            after: PageRows::first_known(right),
        };
        self.pages.iter().zip(self.pages.iter().skip(1)).map(gap).filter(|gap| !gap.pages.is_empty()).collect()
    }

    fn wanted_in_gaps(&self) -> Option<usize> {
        self.gaps().into_iter().find_map(|gap| gap.wanted_page(self.baseline))
    }
}

impl Gap {
    /// The known rows in it, however many fit.
    fn known_rows(&self) -> Option<Range<usize>> {
        Some(self.before?.saturating_add(1)..self.after?)
    }

    /// The page of it to fetch; `None` where its rows are known, and none of them may still change.
    fn wanted_page(&self, baseline: &Baseline) -> Option<usize> {
        let Range { start, end } = self.pages;
        let Some(rows) = self.known_rows() else {
            // New rows go on where they began.
            return Some(if self.before.is_none() { start } else { end.saturating_sub(1) });
        };
        if rows.len() != self.pages.len() * baseline.per_page {
            return Some(usize::midpoint(start, end.saturating_sub(1)));
        }
        let unfinished = baseline.unfinished_in(&rows).first()?;
        Some(start + (unfinished - rows.start) / baseline.per_page)
    }
}

#[cfg(test)]
#[path = "refresh_tests.rs"]
mod tests;
