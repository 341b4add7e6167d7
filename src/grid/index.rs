//! The order of a table: which rows, in which sequence, and what they add up to.

use std::sync::Arc;

use jiff::Timestamp;

use super::haystack::{Words, columns_of, push_row};
use super::{CellContext, Filter, Haystack, Row, SortBy, sort};
use crate::domain::{Status, StatusKind, Zone};

/// From so many rows on, a second core helps.
pub(super) const BESIDE: usize = 100_000;

/// Everything an index depends on besides the rows.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexRequest {
    /// Which rows.
    pub filter: Filter,
    /// In which order, the first key being the strongest.
    pub sort: Vec<SortBy>,
    /// The keys of the visible columns: typed words are looked for in these.
    pub visible: Vec<String>,
    /// The clock that times are written in, and so searched in.
    pub zone: Zone,
    /// The present.
    pub now: Timestamp,
}

/// The rows to show, as positions in the reading, and their sums.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Positions of the rows to show, in the order to show them.
    pub order: Arc<[u32]>,
    /// How many rows there are, shown or not.
    pub total: usize,
    /// What the shown ones add up to.
    pub summary: Summary,
}

/// What the shown rows add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many are shown.
    pub shown: usize,
    /// The sum of their known sizes in bytes.
    pub bytes: u64,
    /// How many have a known size.
    pub bytes_known: usize,
    /// How many failed.
    pub bad: usize,
    /// How many run now.
    pub running: usize,
    /// How many are suspended.
    pub suspended: usize,
}

/// Filters, sorts and sums. Without a haystack (or with one of other rows) the search text is made row by row.
/// Rows beyond the 2³²nd are left out; memory ends long before.
#[must_use]
pub fn build_index<R: Row>(rows: &[R], haystack: Option<&Haystack>, request: &IndexRequest) -> Index {
    let mut order = matching_words(rows, haystack, request);
    if request.filter.has_facets() {
        order.retain(|&at| row(rows, at).is_some_and(|row| request.filter.fits(&row.facets())));
    }
    let sorted = || sort::sorted(rows, &order, &request.sort, request.now);
    let (order, summary) = if order.len() < BESIDE {
        (sorted(), summary(rows, &order))
    } else {
        std::thread::scope(|scope| {
            let beside = std::thread::Builder::new().spawn_scoped(scope, || summary(rows, &order));
            (sorted(), beside.ok().and_then(|beside| beside.join().ok()).unwrap_or_else(|| summary(rows, &order)))
        })
    };
    Index { summary, order, total: rows.len() }
}

/// Puts the rows of an index into another order. Which rows they are and what they add up to stays.
#[must_use]
pub fn reorder<R: Row>(rows: &[R], previous: &Index, request: &IndexRequest) -> Index {
    let mut places: Vec<u32> =
        if previous.order.len() == rows.len() { (0..).take(rows.len()).collect() } else { previous.order.to_vec() };
    // Rows are read far faster one after the other than in the order of another column.
    places.sort_unstable();
    Index { order: sort::sorted(rows, &places, &request.sort, request.now), ..previous.clone() }
}

/// The row at a position of an order.
fn row<R>(rows: &[R], at: u32) -> Option<&R> {
    rows.get(usize::try_from(at).ok()?)
}

fn matching_words<R: Row>(rows: &[R], haystack: Option<&Haystack>, request: &IndexRequest) -> Vec<u32> {
    if request.filter.text.trim().is_empty() {
        return (0..).take(rows.len()).collect();
    }
    if let Some(haystack) = haystack.filter(|haystack| haystack.rows() == rows.len()) {
        return haystack.find(&request.filter.text);
    }
    let words = Words::new(&request.filter.text);
    let finders = words.finders();
    let columns = columns_of::<R>(&request.visible);
    let context = CellContext { zone: &request.zone, now: request.now };
    let mut text = String::new();
    let matching = (0..).zip(rows).filter(|(_, row)| {
        text.clear();
        push_row(&mut text, *row, &columns, &context);
        finders.iter().all(|word| word.find(text.as_bytes()).is_some())
    });
    matching.map(|(at, _)| at).collect()
}

fn summary<R: Row>(rows: &[R], order: &[u32]) -> Summary {
    let mut summary = Summary { shown: order.len(), ..Summary::default() };
    // A million rows share a handful of status words.
    let mut kinds: Vec<(&Status, StatusKind)> = Vec::new();
    for row in order.iter().filter_map(|&at| row(rows, at)) {
        if let Some(bytes) = row.bytes() {
            summary.bytes = summary.bytes.saturating_add(bytes);
            summary.bytes_known += 1;
        }
        summary.suspended += usize::from(row.suspended());
        let Some(status) = row.status() else { continue };
        let known = kinds.iter().find(|(known, _)| *known == status).map(|(_, kind)| *kind);
        let kind = known.unwrap_or_else(|| status.kind());
        if known.is_none() && kinds.len() < 16 {
            kinds.push((status, kind));
        }
        match kind {
            StatusKind::Bad => summary.bad += 1,
            StatusKind::Running => summary.running += 1,
            _ => {}
        }
    }
    summary
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Backup, BackupId, Moment, ServiceId};
    use crate::grid::{Direction, Period};

    fn rows() -> Vec<Backup> {
        [
            ("b0", "orders", "Succeeded", "2026-09-14T02:00:00Z", Some(10)),
            ("b1", "billing", "Failed", "2026-09-15T02:00:00Z", None),
            ("b2", "orders", "Running", "2026-09-16T02:00:00Z", Some(u64::MAX)),
            ("b3", "Reports", "Succeeded", "", Some(0)),
        ]
        .into_iter()
        .map(|(id, service, status, start, bytes)| Backup {
            id: BackupId::new(id),
            service_id: Some(ServiceId::new(service)),
            service_name: Some(service.into()),
            status: Some(Status::new(status)),
            start_time: Moment::read(start),
            storage_bytes: bytes,
            ..Backup::default()
        })
        .collect()
    }

    fn request(filter: Filter) -> IndexRequest {
        IndexRequest {
            filter,
            sort: vec![SortBy { key: "start_time".to_owned(), direction: Direction::Descending }],
            visible: vec!["service_name".to_owned(), "status".to_owned()],
            zone: Zone::utc(),
            now: Timestamp::UNIX_EPOCH,
        }
    }

    fn set(words: &[&str]) -> std::collections::BTreeSet<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn filters_narrow_together_with_and_without_a_haystack() {
        let rows = rows();
        let from = "2026-09-15T00:00:00Z".parse().ok();
        let cases: [(Filter, &[u32]); 6] = [
            (Filter::default(), &[2, 1, 0, 3]),
            (Filter { text: "ORDERS".to_owned(), ..Filter::default() }, &[2, 0]),
            (Filter { text: "b0".to_owned(), ..Filter::default() }, &[]),
            (Filter { statuses: set(&["Succeeded", "Failed"]), ..Filter::default() }, &[1, 0, 3]),
            (Filter { services: set(&["orders"]), text: "succ".to_owned(), ..Filter::default() }, &[0]),
            (Filter { period: Period { from, until: None }, ..Filter::default() }, &[2, 1]),
        ];
        for (filter, want) in cases {
            let request = request(filter);
            let haystack = Haystack::build(&rows, &request.visible, &request.zone, request.now);
            let stale = Haystack::build(&rows[..2], &request.visible, &request.zone, request.now);
            for haystack in [None, Some(&haystack), Some(&stale)] {
                assert_eq!(*build_index(&rows, haystack, &request).order, *want, "{:?}", request.filter);
            }
        }
    }

    #[test]
    fn another_order_of_the_same_rows_is_what_a_whole_new_index_would_be() {
        let rows = rows();
        for text in ["", "orders"] {
            let filter = Filter { text: text.to_owned(), ..Filter::default() };
            let first = request(filter);
            let shown = build_index(&rows, None, &first);
            for (key, direction) in [("service_name", Direction::Ascending), ("storage_bytes", Direction::Descending)] {
                let sort = vec![SortBy { key: key.to_owned(), direction }];
                let second = IndexRequest { sort, ..first.clone() };
                let (fast, whole) = (reorder(&rows, &shown, &second), build_index(&rows, None, &second));
                assert_eq!((fast.order, fast.summary, fast.total), (whole.order, whole.summary, whole.total));
            }
        }
    }

    #[test]
    fn the_summary_counts_what_is_shown_and_never_overflows() {
        let index = build_index(&rows(), None, &request(Filter::default()));
        let want = Summary { shown: 4, bytes: u64::MAX, bytes_known: 3, bad: 1, running: 1, suspended: 0 };
        assert_eq!((index.summary, index.total), (want, 4));
        let none = build_index(&rows(), None, &request(Filter { text: "zzz".to_owned(), ..Filter::default() }));
        assert_eq!((none.summary, none.total), (Summary::default(), 4));
    }
}
