//! A list over many pages: what to ask next, when it is the end, and how sure that is. Pure; the asking is done elsewhere.
//!
//! `pages_count` and the counts are hints: they can make the walk go on, and they can tell that a full page was the last,
//! but a walk never ends short because of a wrong one, and never goes on past an empty page.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::decode::DecodedPage;
use super::refresh::Baseline;
use super::retry::ClientLimits;
use super::wire::ApiRecord;
use crate::domain::{Text, format_bytes, format_count};
use crate::rows::{Record, Rows, RowsBuilder};

/// How far a listing has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Pages read so far.
    pub pages_read: u32,
    /// How many there are, as far as the service's hint can be true.
    pub pages_count: Option<u32>,
    /// Rows so far, each counted once.
    pub rows: usize,
}

/// Whether a listing is all there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Completeness {
    /// Everything was read.
    #[default]
    Complete,
    /// Something is missing; the sentence says why.
    Partial(String),
    /// Everything was read, but the list changed meanwhile, twice over: a row may have slipped through.
    ChangedWhileReading,
}

/// A list as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing<R: Record> {
    /// The rows, each once.
    pub rows: Rows<R>,
    /// Rows that could not be read and are missing here.
    pub unreadable: u32,
    /// Rows that came more than once; the last one counts.
    pub duplicates: u32,
    /// Whether it is all.
    pub completeness: Completeness,
    /// Where to go on, if it broke off at a page that could not be read.
    pub rest: Option<Box<ResumePoint>>,
    /// For a light refresh of it, where one is possible and less work than a listing.
    pub baseline: Option<Baseline>,
}

/// What is left of a listing that broke off: the page that failed, and what is known of those before it.
#[derive(Clone, Debug, PartialEq)]
pub struct ResumePoint {
    cursor: PageCursor,
    unreadable: u32,
    duplicates: u32,
}

/// Rows gathered from several responses, each id once, the newest response winning.
pub(super) struct RowAccumulator<R: Record> {
    pub(super) rows: RowsBuilder<R>,
    pub(super) unreadable: u32,
    pub(super) duplicates: u32,
}

impl<R: Record> RowAccumulator<R> {
    pub(super) fn new() -> Self {
        Self { rows: RowsBuilder::new(), unreadable: 0, duplicates: 0 }
    }

    /// Takes rows in; rows without an id are never taken for one another.
    pub(super) fn take(&mut self, rows: impl IntoIterator<Item = R>, unreadable: u32) {
        self.unreadable = self.unreadable.saturating_add(unreadable);
        for row in rows {
            let is_duplicate = self.rows.put(row);
            self.duplicates = self.duplicates.saturating_add(u32::from(is_duplicate));
        }
    }

    pub(super) fn into_listing(self, completeness: Completeness) -> Listing<R> {
        let Self { rows, unreadable, duplicates } = self;
        Listing { rows: rows.finish(), unreadable, duplicates, completeness, rest: None, baseline: None }
    }
}

/// What distinguishes a page from another: its ids, or for rows without ids all of its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PageFingerprint {
    ids: HashSet<Text>,
    content: u64,
}

impl PageFingerprint {
    pub(super) fn of<R: ApiRecord>(page: &DecodedPage<R>, body: &[u8]) -> Self {
        let ids = page.rows.iter().map(|row| Text::from(row.id())).filter(|id| !id.is_empty()).collect();
        let mut hasher = DefaultHasher::new();
        body.hash(&mut hasher);
        Self { ids, content: hasher.finish() }
    }

    /// True where both hold the same ids; of rows without ids nothing is known, so nothing is claimed.
    pub(super) fn has_same_rows(&self, other: &Self) -> bool {
        self.ids == other.ids
    }

    fn is_same_page(&self, other: &Self) -> bool {
        if self.ids.is_empty() { self.content == other.content } else { self.ids == other.ids }
    }
}

/// What to do after a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PageStep {
    /// Ask for the next page.
    Next,
    /// The end, as far as can be told from here.
    End(Completeness),
}

/// How far a walk is, and what the pages so far said of the whole.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PageCursor {
    /// Rows asked for at once.
    pub(super) page_size: u32,
    pub(super) pages_read: u32,
    /// The first page, for telling later whether the list has moved.
    pub(super) first: Option<PageFingerprint>,
    previous: Option<PageFingerprint>,
    pages_count: Option<u64>,
    count: Option<u64>,
    /// True while every count seen was just the number of rows on its page.
    counts_are_of_pages: bool,
    /// Rows on the first page.
    per_page: u64,
    /// True while all pages but the newest had just as many.
    pages_are_full: bool,
}

/// The most that one listing may take, however many walks it is made of. Clones share the bytes that are left.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    pages: u32,
    rows: usize,
    bytes: u64,
    bytes_left: Arc<AtomicU64>,
}

impl Limits {
    pub(super) fn of(pacing: &ClientLimits) -> Self {
        let ClientLimits { most_pages, most_rows, most_bytes, .. } = *pacing;
        Self { pages: most_pages, rows: most_rows, bytes: most_bytes, bytes_left: Arc::new(AtomicU64::new(most_bytes)) }
    }

    /// Notes a response of this length, after unpacking.
    pub(super) fn spend(&self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let left = |left: u64| Some(left.saturating_sub(bytes));
        // The closure always gives a value.
        let _before = self.bytes_left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left);
    }

    /// The limit that this number of pages or rows, or the bytes so far, have reached.
    pub(super) fn reached(&self, pages: u32, rows: usize) -> Option<String> {
        if rows >= self.rows {
            Some(format!("{} rows", format_count(self.rows)))
        } else if pages >= self.pages {
            Some(format!("{} pages", format_count(self.pages)))
        } else if self.bytes_left.load(Ordering::Relaxed) == 0 {
            Some(format_bytes(self.bytes))
        } else {
            None
        }
    }
}

/// The state of one walk.
pub(super) struct Paginator<R: Record> {
    pub(super) gathered: RowAccumulator<R>,
    pub(super) cursor: PageCursor,
    limits: Limits,
}

impl<R: ApiRecord> Paginator<R> {
    pub(super) fn new(page_size: u32, limits: Limits) -> Self {
        let cursor = PageCursor {
            page_size: page_size.max(1),
            pages_read: 0,
            first: None,
            previous: None,
            pages_count: None,
            count: None,
            counts_are_of_pages: true,
            per_page: 0,
            pages_are_full: true,
        };
        Self { gathered: RowAccumulator::new(), cursor, limits }
    }

    /// A walk that goes on where another broke off with these rows.
    pub(super) fn resumed(rest: ResumePoint, rows: &Rows<R>, limits: Limits) -> Self {
        let mut walk = Self { cursor: rest.cursor, ..Self::new(0, limits) };
        walk.gathered = RowAccumulator { rows: rows.into(), unreadable: rest.unreadable, duplicates: rest.duplicates };
        walk
    }

    /// What another walk needs to go on from here, but for the rows.
    pub(super) fn rest(&self) -> ResumePoint {
        let RowAccumulator { unreadable, duplicates, .. } = self.gathered;
        ResumePoint { cursor: self.cursor.clone(), unreadable, duplicates }
    }

    /// The page to ask for, counted from 1.
    pub(super) fn next_page(&self) -> u32 {
        self.cursor.pages_read.saturating_add(1)
    }

    /// The last page, where the hints can be trusted with it: every page so far had the same number of new rows, and both hints agree
    /// on how many pages of that length there are.
    pub(super) fn last_page(&self) -> Option<u32> {
        let (pages_read, had) = (u64::from(self.cursor.pages_read), self.had());
        let per_page = had.checked_div(pages_read).filter(|rows| *rows > 0 && rows * pages_read == had)?;
        let pages = self
            .cursor
            .pages_count
            .filter(|pages| self.cursor.count.map(|count| count.div_ceil(per_page)) == Some(*pages))?;
        u32::try_from(pages).ok().map(|pages| pages.min(self.limits.pages))
    }

    pub(super) fn progress(&self) -> Progress {
        let pages_read = self.cursor.pages_read;
        let hint = self.cursor.pages_count.and_then(|pages| u32::try_from(pages).ok());
        Progress {
            pages_read,
            pages_count: hint.filter(|pages| *pages >= pages_read && *pages <= self.limits.pages),
            rows: self.gathered.rows.len(),
        }
    }

    /// Takes in a page, whose answer had this many bytes.
    pub(super) fn take(&mut self, page: DecodedPage<R>, mark: PageFingerprint, bytes: usize) -> PageStep {
        self.limits.spend(bytes);
        let had = self.had();
        let cursor = &mut self.cursor;
        let pages_before = u64::from(cursor.pages_read);
        cursor.pages_read = cursor.pages_read.saturating_add(1);
        let on_page = page.rows.len().saturating_add(page.unreadable as usize);
        if on_page == 0 {
            return PageStep::End(Completeness::Complete);
        }
        cursor.pages_count = page.pages_count.or(cursor.pages_count);
        cursor.count = page.count.or(cursor.count);
        cursor.counts_are_of_pages &= cursor.count == u64::try_from(on_page).ok();
        if pages_before == 0 {
            cursor.per_page = u64::try_from(on_page).unwrap_or(u64::MAX);
        }
        cursor.pages_are_full &= cursor.per_page.checked_mul(pages_before) == Some(had);
        if cursor.previous.as_ref().is_some_and(|previous| previous.is_same_page(&mark)) {
            return PageStep::End(if self.has_all() {
                Completeness::Complete
            } else {
                Completeness::Partial(
                    "SkySQL sends the same page again and again, so the list may be incomplete".into(),
                )
            });
        }
        cursor.first.get_or_insert_with(|| mark.clone());
        cursor.previous = Some(mark);
        self.gathered.take(page.rows, page.unreadable);
        // A list that ends just where a limit is was not cut.
        if self.is_last(on_page) {
            return PageStep::End(Completeness::Complete);
        }
        match self.limits.reached(self.cursor.pages_read, self.gathered.rows.len()) {
            Some(limit) => PageStep::End(Completeness::Partial(cut_at(&limit))),
            None => PageStep::Next,
        }
    }

    fn is_last(&self, on_page: usize) -> bool {
        let pages_left = self.cursor.pages_count.is_some_and(|pages| pages > u64::from(self.cursor.pages_read));
        if u32::try_from(on_page).is_ok_and(|on_page| on_page < self.cursor.page_size) {
            // A short page is the last, unless the service caps the page size and says that there is more.
            return !pages_left && self.missing() == 0;
        }
        // A full page is the last only where both hints say so.
        !pages_left && self.cursor.pages_count.is_some() && self.has_all() && self.missing() == 0
    }

    fn had(&self) -> u64 {
        let rows = u64::try_from(self.gathered.rows.len()).unwrap_or(u64::MAX);
        rows.saturating_add(u64::from(self.gathered.unreadable))
    }

    fn has_all(&self) -> bool {
        self.cursor.count.is_some_and(|count| count == self.had())
    }

    /// Rows that the count promises beyond those that came.
    fn missing(&self) -> u64 {
        self.cursor.count.unwrap_or(0).saturating_sub(self.had())
    }

    /// True where the service counts other rows than came, as far as its count looks like one of all rows.
    pub(super) fn count_differs(&self) -> bool {
        let of_page = self.cursor.counts_are_of_pages && self.cursor.pages_read > 1;
        !of_page && self.cursor.count.is_some_and(|count| count != 0 && count != self.had())
    }

    /// Rows on every page but the last, where the walk has ended and what the service said of the whole is just what came: rows with an
    /// id each, none of them twice.
    pub(super) fn rows_per_page(&self) -> Option<usize> {
        let RowAccumulator { rows, unreadable, duplicates } = &self.gathered;
        let per_page = usize::try_from(self.cursor.per_page).ok().filter(|rows| *rows > 0)?;
        let pages = u64::try_from(rows.len().div_ceil(per_page)).ok();
        let is_exact = *unreadable == 0 && *duplicates == 0 && rows.ids() == rows.len() && self.has_all();
        let fills_pages = self.cursor.pages_are_full
            && self.cursor.pages_count == pages
            && pages == Some(u64::from(self.cursor.pages_read));
        (is_exact && fills_pages).then_some(per_page)
    }

    /// The count against what came, in a sentence.
    pub(super) fn count_sentence(&self) -> String {
        format!("SkySQL reports {} rows but sent {}", self.cursor.count.unwrap_or(0), self.had())
    }

    /// True where the count promises more than came.
    pub(super) fn rows_are_missing(&self) -> bool {
        self.count_differs() && self.missing() > 0
    }
}

/// The message about a listing that reached this limit.
pub(super) fn cut_at(limit: &str) -> String {
    format!("The list was cut at {limit}. Ask SkySQL for one service to see all of it")
}

#[cfg(test)]
#[path = "paging_tests.rs"]
mod tests;
