//! Building an index as one piece of work, so that it can run on any thread.

use std::sync::Arc;

use super::index::index_of;
use super::{FacetCounts, Index, IndexRequest, Row, SearchIndex, Selection, facet_counts, reorder};
use crate::rows::Rows;

/// Everything an index is built from, frozen.
#[derive(Clone, Debug)]
pub struct IndexJob<R: Row> {
    /// The rows.
    pub rows: Rows<R>,
    /// Filter and order.
    pub request: IndexRequest,
    /// The search text of these rows, where it was built before.
    pub search_index: Option<Arc<SearchIndex<R>>>,
    /// What the filter menus offer for these rows, where it was worked out before.
    pub facets: Option<Arc<FacetCounts>>,
    /// An index of the same rows and the same filter: then only the order is made anew.
    pub previous: Option<Index>,
    /// What was selected when the work was asked for.
    pub selection: Selection,
}

/// The result.
#[derive(Clone, Debug)]
pub struct IndexResult<R: Row> {
    /// The order and its sums.
    pub index: Index,
    /// The search text, kept for the next word.
    pub search_index: Option<Arc<SearchIndex<R>>>,
    /// What the filter menus offer, counted in all rows: kept for the next filter.
    pub facets: Arc<FacetCounts>,
    /// The same, counted in what the filter leaves; none where only the order is new.
    pub counted: Option<Arc<FacetCounts>>,
    /// What of [`IndexJob::selection`] is in the new order.
    pub selection: Selection,
}

impl<R: Row> IndexJob<R> {
    /// Does the work; takes time that grows with the rows.
    #[must_use]
    pub fn run(self) -> IndexResult<R> {
        let Self { rows, request, search_index, facets, previous, mut selection } = self;
        let searches = request.filter.has_words();
        let build = || Arc::new(request.search_index(&rows, &request.searched::<R>()));
        let search_index = if searches { Some(search_index.unwrap_or_else(build)) } else { search_index };
        let facets = facets.unwrap_or_else(|| Arc::new(facet_counts(&rows)));
        if let Some(previous) = previous {
            let index = reorder(&rows, &previous, &request, &facets);
            selection.retain_shown(&rows, &index.order);
            return IndexResult { index, search_index, facets, counted: None, selection };
        }
        let order = match &search_index {
            Some(search_index) => search_index.find(&request.filter.text),
            None => (0..).take(rows.len()).collect(),
        };
        let counted = if request.filter.is_empty() {
            Arc::clone(&facets)
        } else {
            Arc::new(facets.recounted(&rows, &order, &request.filter))
        };
        let index = index_of(&rows, order, &request, search_index.as_deref(), &facets);
        selection.retain_shown(&rows, &index.order);
        IndexResult { index, search_index, facets, counted: Some(counted), selection }
    }
}
