//! The order of a table: which rows, in which sequence, and what they add up to.

use std::sync::Arc;

use jiff::Timestamp;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::buckets::PARALLEL_THRESHOLD;
use super::groups::grouped;
use super::search_index::search_words;
use super::search_word::SearchWord;
use super::{ColumnKey, FacetCounts, Filter, Row, SearchIndex, ServiceGroup, ServiceNames, SortBy, sort};
use crate::domain::{StatusKind, Zone};
use crate::rows::{CHUNK_ROWS, Chunk as _, Record, Rows};

/// Everything an index depends on besides the rows.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexRequest {
    /// Which rows.
    pub filter: Filter,
    /// In which order, the first key being the strongest.
    pub sort: Vec<SortBy>,
    /// The rows of each service together.
    pub by_service: bool,
    /// The visible columns: typed words are looked for in these, unless the filter asks for all.
    pub visible: Vec<ColumnKey>,
    /// The clock that times are written in, and so searched in.
    pub zone: Zone,
    /// The present.
    pub now: Timestamp,
    /// What services are called where a row alone does not tell.
    pub names: Arc<ServiceNames>,
}

impl IndexRequest {
    /// The columns that typed words are looked for in.
    #[must_use]
    pub fn searched<R: Row>(&self) -> Vec<ColumnKey> {
        if self.filter.all_fields {
            R::columns().iter().map(|column| column.key.clone()).collect()
        } else {
            self.visible.clone()
        }
    }

    /// A search in these columns.
    pub(super) fn search_index<R: Row>(&self, rows: &Rows<R>, searched: &[ColumnKey]) -> SearchIndex<R> {
        SearchIndex::new(rows, searched, &self.zone, self.now, &self.names)
    }
}

/// The rows to show, as positions in the listing, and their sums.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Positions of the rows to show, in the order to show them.
    pub order: Arc<[u32]>,
    /// The groups that they are in, in their order; none where the table is not grouped.
    pub groups: Arc<[ServiceGroup]>,
    /// What the shown ones add up to.
    pub summary: Summary,
    /// Where nothing is shown for the typed words: the hidden columns in which they occur, with the number of rows that showing each
    /// would find.
    pub hidden_matches: Arc<[(ColumnKey, usize)]>,
}

/// What the shown rows add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
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

/// Narrows the rows in which the typed words occur by the rest of the filter, sorts, groups and sums.
/// `search_index` searches the columns of the request, where words were typed; `facets` are those of all rows.
pub(super) fn index_of<R: Row>(
    rows: &Rows<R>,
    mut order: Vec<u32>,
    request: &IndexRequest,
    search_index: Option<&SearchIndex<R>>,
    facets: &FacetCounts,
) -> Index {
    if request.filter.has_facets() {
        order.retain(|&at| rows.facts(at).is_some_and(|row| request.filter.fits(&row)));
    }
    let ordered = || ordered(rows, &order, request, facets);
    let ((order, groups), summary) = if order.len() < PARALLEL_THRESHOLD {
        (ordered(), summary(rows, &order))
    } else {
        rayon::join(ordered, || summary(rows, &order))
    };
    let finds_none = order.is_empty() && !rows.is_empty() && request.filter.has_words();
    let hidden_matches = match search_index {
        Some(searched) if finds_none => hidden_matches(rows, request, searched),
        _ => Arc::default(),
    };
    Index { order, groups, summary, hidden_matches }
}

/// Rows in the order asked for, and their groups.
fn ordered<R: Row>(
    rows: &Rows<R>,
    order: &[u32],
    request: &IndexRequest,
    facets: &FacetCounts,
) -> (Arc<[u32]>, Arc<[ServiceGroup]>) {
    let sorted = sort::sorted(rows, order, &request.sort, request.now, &request.names);
    if !request.by_service {
        return (sorted, Arc::default());
    }
    grouped(rows, &sorted, &request.sort, facets, &request.names)
}

/// The hidden columns in which the typed words that no visible one has occur, and in how many rows; the most rows first.
fn hidden_matches<R: Row>(
    rows: &Rows<R>,
    request: &IndexRequest,
    searched: &SearchIndex<R>,
) -> Arc<[(ColumnKey, usize)]> {
    let visible = request.searched::<R>();
    let keys = R::columns().iter().map(|column| column.key.clone());
    let hidden: Vec<ColumnKey> = keys.filter(|key| !visible.contains(key)).collect();
    if hidden.is_empty() {
        return Arc::default();
    }
    let words: Vec<SearchWord> = search_words(&request.filter.text).iter().map(|word| SearchWord::new(word)).collect();
    let search = HiddenSearch { rows, request, words: &words, searched, hidden: &request.search_index(rows, &hidden) };
    let added =
        |counts: Vec<usize>, more: Vec<usize>| counts.iter().zip(more).map(|(count, more)| count + more).collect();
    let parts = (0..rows.chunks().len()).into_par_iter().map(|chunk| search.count_in(chunk, hidden.len()));
    let counts = parts.reduce(|| vec![0; hidden.len()], added);
    let mut found: Vec<(ColumnKey, usize)> = hidden.into_iter().zip(counts).filter(|(_, count)| *count > 0).collect();
    found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    found.into()
}

/// Looks for words in hidden columns that visible ones do not have.
struct HiddenSearch<'a, R: Row> {
    rows: &'a Rows<R>,
    request: &'a IndexRequest,
    words: &'a [SearchWord],
    searched: &'a SearchIndex<R>,
    hidden: &'a SearchIndex<R>,
}

impl<R: Row> HiddenSearch<'_, R> {
    /// For each hidden column the number of rows of a chunk that would be shown if it were searched too.
    fn count_in(&self, chunk: usize, columns: usize) -> Vec<usize> {
        let visible: Vec<Vec<bool>> = self.words.iter().map(|word| self.searched.rows_with(chunk, word)).collect();
        let count = self.rows.chunks().get(chunk).map_or(0, |chunk| chunk.len());
        let first = u32::try_from(chunk * CHUNK_ROWS).unwrap_or(u32::MAX);
        let fits = (first..).take(count).map(|at| self.rows.facts(at));
        let fits: Vec<bool> = fits.map(|row| row.is_some_and(|row| self.request.filter.fits(&row))).collect();
        let count_of = |column: usize| {
            let mut all = fits.clone();
            for (word, visible) in self.words.iter().zip(&visible) {
                let mut found = visible.clone();
                self.hidden.mark(chunk, column, word, &mut found);
                all.iter_mut().zip(found).for_each(|(all, found)| *all &= found);
            }
            all.into_iter().filter(|row| *row).count()
        };
        (0..columns).map(count_of).collect()
    }
}

/// Puts the rows of an index into another order. Which rows they are and what they add up to stays.
#[must_use]
pub fn reorder<R: Row>(rows: &Rows<R>, previous: &Index, request: &IndexRequest, facets: &FacetCounts) -> Index {
    let mut ascending: Vec<u32> =
        if previous.order.len() == rows.len() { (0..).take(rows.len()).collect() } else { previous.order.to_vec() };
    // Rows are read far faster one after the other than in the order of another column.
    ascending.sort_unstable();
    let (order, groups) = ordered(rows, &ascending, request, facets);
    Index { order, groups, ..previous.clone() }
}

fn summary<R: Record>(rows: &Rows<R>, order: &[u32]) -> Summary {
    let mut summary = Summary::default();
    // A million rows share a handful of status words.
    let mut kinds: Vec<(&str, StatusKind)> = Vec::new();
    for row in order.iter().filter_map(|&at| rows.facts(at)) {
        if let Some(bytes) = row.bytes {
            summary.bytes = summary.bytes.saturating_add(bytes);
            summary.bytes_known += 1;
        }
        summary.suspended += usize::from(row.suspended);
        let known = kinds.iter().find(|(known, _)| *known == row.status).map(|(_, kind)| *kind);
        let kind = known.unwrap_or_else(|| StatusKind::of(row.status));
        if known.is_none() && kinds.len() < 16 {
            kinds.push((row.status, kind));
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
    use crate::domain::{ApiTime, Backup, BackupId, ServiceId, Status};
    use crate::grid::{Direction, IndexJob, Period, SearchIndex, Selection, facet_counts};

    fn build(rows: &Rows<Backup>, search_index: Option<SearchIndex<Backup>>, request: &IndexRequest) -> Index {
        let job = IndexJob {
            rows: rows.clone(),
            request: request.clone(),
            search_index: search_index.map(Arc::new),
            facets: None,
            previous: None,
            selection: Selection::default(),
        };
        job.run().index
    }

    fn rows() -> Rows<Backup> {
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
            start_time: ApiTime::read(start),
            storage_bytes: bytes,
            ..Backup::default()
        })
        .collect()
    }

    fn request(filter: Filter) -> IndexRequest {
        IndexRequest {
            filter,
            sort: vec![SortBy { key: "start_time".into(), direction: Direction::Descending }],
            by_service: false,
            visible: vec!["service_name".into(), "status".into()],
            zone: Zone::utc(),
            now: Timestamp::UNIX_EPOCH,
            names: Arc::default(),
        }
    }

    fn set(words: &[&str]) -> std::collections::BTreeSet<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn filters_narrow_together_with_and_without_a_search_index() {
        let rows = rows();
        let from = "2026-09-15T00:00:00Z".parse().ok();
        let cases: [(Filter, &[u32]); 6] = [
            (Filter::default(), &[2, 1, 0, 3]),
            (Filter { text: "ORDERS".to_owned(), ..Filter::default() }, &[2, 0]),
            (Filter { text: "b0".to_owned(), ..Filter::default() }, &[]),
            (Filter { statuses: set(&["Succeeded", "Failed"]), ..Filter::default() }, &[1, 0, 3]),
            (Filter { services: set(&["orders"]), text: "succ".to_owned(), ..Filter::default() }, &[0]),
            (Filter { period: Period { from, ..Period::default() }, ..Filter::default() }, &[2, 1]),
        ];
        for (filter, want) in cases {
            let request = request(filter);
            let search_index = request.search_index(&rows, &request.visible);
            for search_index in [None, Some(search_index)] {
                assert_eq!(*build(&rows, search_index, &request).order, *want, "{:?}", request.filter);
            }
        }
    }

    #[test]
    fn words_that_no_shown_column_has_are_found_in_hidden_ones() {
        let rows = rows();
        let found = |text: &str, visible: &[&str]| {
            let mut request = request(Filter { text: text.to_owned(), ..Filter::default() });
            request.visible = visible.iter().map(|key| ColumnKey::from(*key)).collect();
            let matches = build(&rows, None, &request).hidden_matches;
            matches.iter().map(|(key, count)| (key.as_str().to_owned(), *count)).collect::<Vec<_>>()
        };
        let shown = ["service_name", "status"];
        assert_eq!(found("2026-09-14", &shown), [("start_time".to_owned(), 1)]);
        assert_eq!(found("B1", &shown), [("id".to_owned(), 1)]);
        assert_eq!(found("b1 billing", &shown), [("id".to_owned(), 1)], "the other word is in a shown column");
        assert_eq!(found("ORDERS", &["status"]), [("service_name".to_owned(), 2), ("service_id".to_owned(), 2)]);
        for text in ["b1 orders", "b1 2026-09-15", "zzz", "orders", ""] {
            assert_eq!(found(text, &shown), [], "{text}");
        }
        // Every field is searched at once where that is asked for, and then there is nothing hidden to offer.
        let all = Filter { text: "b1 2026-09-15".to_owned(), all_fields: true, ..Filter::default() };
        let index = build(&rows, None, &request(all.clone()));
        assert_eq!((&*index.order, &*index.hidden_matches), (&[1][..], &[][..]));
        let none = build(&rows, None, &request(Filter { text: "zzz".to_owned(), ..all }));
        assert!(none.order.is_empty() && none.hidden_matches.is_empty());
    }

    #[test]
    fn another_order_of_the_same_rows_is_what_a_whole_new_index_would_be() {
        let rows = rows();
        for text in ["", "orders"] {
            let filter = Filter { text: text.to_owned(), ..Filter::default() };
            let first = request(filter);
            let shown = build(&rows, None, &first);
            for (key, direction) in [("service_name", Direction::Ascending), ("storage_bytes", Direction::Descending)] {
                let sort = vec![SortBy { key: key.into(), direction }];
                let second = IndexRequest { sort, ..first.clone() };
                let fast = reorder(&rows, &shown, &second, &facet_counts(&rows));
                let whole = build(&rows, None, &second);
                assert_eq!((fast.order, fast.summary), (whole.order, whole.summary));
            }
        }
    }

    #[test]
    fn the_summary_counts_what_is_shown_and_never_overflows() {
        let index = build(&rows(), None, &request(Filter::default()));
        let want = Summary { bytes: u64::MAX, bytes_known: 3, bad: 1, running: 1, suspended: 0 };
        assert_eq!(index.summary, want);
        let none = build(&rows(), None, &request(Filter { text: "zzz".to_owned(), ..Filter::default() }));
        assert_eq!(none.summary, Summary::default());
    }
}
