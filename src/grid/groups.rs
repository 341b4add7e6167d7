//! The rows of a table by service: which belong together, and what the line above them counts.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::fold::natural_key;
use super::{Direction, FacetCounts, Kind, Row, ServiceNames, SortBy};
use crate::domain::{ServiceId, StatusKind};
use crate::rows::Rows;

/// The rows of one service in a table that is grouped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The service; an empty id for rows that have none.
    pub service: ServiceId,
    /// What it is called; empty for rows that have no service.
    pub label: String,
    /// How many rows it has.
    pub rows: usize,
    /// How many of them failed.
    pub failed: usize,
}

/// Puts the rows of each service together. Groups come by name, those without a service last; where the table is sorted by service, in that
/// direction. Within a group the rows keep their order.
pub(super) fn grouped<R: Row>(
    rows: &Rows<R>,
    order: &[u32],
    sort: &[SortBy],
    facets: &FacetCounts,
    names: &ServiceNames,
) -> (Arc<[u32]>, Arc<[Group]>) {
    let mut groups = groups_of(facets, names, direction::<R>(sort));
    let numbers: FxHashMap<&str, usize> =
        groups.iter().enumerate().map(|(number, group)| (group.service.as_str(), number)).collect();
    let mut counts = vec![(0, 0); groups.len()];
    let mut kinds: FxHashMap<&str, StatusKind> = FxHashMap::default();
    let mut number_of_row = Vec::with_capacity(order.len());
    for &at in order {
        let facts = rows.facts(at).unwrap_or_default();
        let number = numbers.get(facts.service_id).copied().unwrap_or_default();
        if let Some((count, failed)) = counts.get_mut(number) {
            *count += 1;
            let kind = *kinds.entry(facts.status).or_insert_with(|| StatusKind::of(facts.status));
            *failed += usize::from(kind == StatusKind::Bad);
        }
        number_of_row.push(number);
    }
    let begin = |begin: &mut usize, (count, _): &(usize, usize)| Some(std::mem::replace(begin, *begin + count));
    let mut next: Vec<usize> = counts.iter().scan(0, begin).collect();
    let mut out: Arc<[u32]> = std::iter::repeat_n(0, order.len()).collect();
    for (number, &at) in number_of_row.into_iter().zip(order) {
        let Some(next) = next.get_mut(number) else { continue };
        if let Some(place) = Arc::get_mut(&mut out).and_then(|out| out.get_mut(*next)) {
            *place = at;
        }
        *next += 1;
    }
    for (group, (count, failed)) in groups.iter_mut().zip(counts) {
        (group.rows, group.failed) = (count, failed);
    }
    groups.retain(|group| group.rows > 0);
    (out, groups.into())
}

/// The direction in which the table is sorted by service, if it is.
fn direction<R: Row>(sort: &[SortBy]) -> Direction {
    let by_service =
        sort.iter().find(|by| R::column(by.key.as_str()).is_some_and(|column| column.kind == Kind::Service));
    by_service.map_or(Direction::Ascending, |by| by.direction)
}

/// A group for each service of all rows, empty yet.
fn groups_of(facets: &FacetCounts, names: &ServiceNames, direction: Direction) -> Vec<Group> {
    let group = |(id, name, _): &(String, String, usize)| Group {
        service: ServiceId::new(id.as_str()),
        label: names.label(id, (name != id).then_some(name)).into_owned(),
        rows: 0,
        failed: 0,
    };
    let mut groups: Vec<Group> = facets.services.iter().map(group).collect();
    groups.sort_by_cached_key(|group| (natural_key(&group.label), group.service.clone()));
    if direction == Direction::Descending {
        groups.reverse();
    }
    groups.sort_by_key(|group| group.service.is_empty());
    groups
}

#[cfg(test)]
#[path = "groups_tests.rs"]
mod tests;
