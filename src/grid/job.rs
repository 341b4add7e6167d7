//! Building an index as one piece of work, so that it can run on any thread.

use std::sync::Arc;

use super::{FacetCounts, Haystack, Index, IndexRequest, Row, Rows, Selection, build_index, facet_counts, reorder};

/// Everything an index is built from, frozen.
#[derive(Clone, Debug)]
pub struct IndexJob<R> {
    /// The rows.
    pub rows: Rows<R>,
    /// Filter and order.
    pub request: IndexRequest,
    /// The search text of these rows, where it was built before.
    pub haystack: Option<Arc<Haystack>>,
    /// Count the values for the filter menus too.
    pub count_facets: bool,
    /// An index of the same rows and the same filter: then only the order is made anew.
    pub previous: Option<Index>,
    /// What was selected when the work was asked for.
    pub selection: Selection,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct IndexResult {
    /// The order and its sums.
    pub index: Index,
    /// The search text, kept for the next word.
    pub haystack: Option<Arc<Haystack>>,
    /// The values for the filter menus, where they were asked for.
    pub facets: Option<FacetCounts>,
    /// What of [`IndexJob::selection`] is in the new order.
    pub selection: Selection,
}

impl<R: Row> IndexJob<R> {
    /// Does the work; takes time that grows with the rows.
    #[must_use]
    pub fn run(self) -> IndexResult {
        let Self { rows, request, haystack, count_facets, previous, mut selection } = self;
        let searches = !request.filter.text.trim().is_empty();
        let build = || Arc::new(Haystack::build::<R>(&rows, &request.visible, &request.zone, request.now));
        let haystack = if searches { Some(haystack.unwrap_or_else(build)) } else { haystack };
        let index = match previous {
            Some(previous) => reorder(&rows, &previous, &request),
            None => build_index(&rows, haystack.as_deref(), &request),
        };
        selection.retain_shown(&rows, &index.order);
        IndexResult { index, haystack, facets: count_facets.then(|| facet_counts(&rows[..])), selection }
    }
}
