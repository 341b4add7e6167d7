//! The rows of a table by service: which belong together, and what the line above them counts.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::column_cells::locate;
use super::fold::natural_key;
use super::{Direction, FacetCounts, Kind, Row, ServiceNames, SortBy};
use crate::domain::{ServiceId, StatusKind};
use crate::rows::{Cells, Chunk as _, Rows};

/// The rows of one service in a table that is grouped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceGroup {
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
) -> (Arc<[u32]>, Arc<[ServiceGroup]>) {
    let mut groups = groups_of(facets, names, direction::<R>(sort));
    let members = GroupMembers::new(rows, &groups);
    let mut counts = vec![(0, 0); groups.len()];
    let mut number_of_row = Vec::with_capacity(order.len());
    for &at in order {
        let (number, is_failed) = members.of(at);
        if let Some((count, failed)) = counts.get_mut(number) {
            *count += 1;
            *failed += usize::from(is_failed);
        }
        number_of_row.push(number);
    }
    let begin = |begin: &mut usize, (count, _): &(usize, usize)| Some(std::mem::replace(begin, *begin + count));
    let mut next: Vec<usize> = counts.iter().scan(0, begin).collect();
    let mut out: Arc<[u32]> = std::iter::repeat_n(0, order.len()).collect();
    if let Some(out) = Arc::get_mut(&mut out) {
        for (number, &at) in number_of_row.into_iter().zip(order) {
            let Some(next) = next.get_mut(number) else { continue };
            if let Some(place) = out.get_mut(*next) {
                *place = at;
            }
            *next += 1;
        }
    }
    for (group, (count, failed)) in groups.iter_mut().zip(counts) {
        (group.rows, group.failed) = (count, failed);
    }
    groups.retain(|group| group.rows > 0);
    (out, groups.into())
}

/// The group of each row, and whether it failed: looked up once for each word of a chunk, where the chunk keeps words.
struct GroupMembers<'r, R: Row> {
    rows: &'r Rows<R>,
    numbers: FxHashMap<&'r str, usize>,
    chunks: Vec<Option<[ByCode<'r>; 2]>>,
}

/// What a column of words comes to, as a number for each code.
struct ByCode<'r> {
    codes: &'r [u16],
    meanings: Vec<usize>,
}

impl<'r> ByCode<'r> {
    fn new(cells: Cells<'r>, meaning: impl Fn(&str) -> usize) -> Option<Self> {
        let Cells::Words(words) = cells else { return None };
        let meanings = std::iter::once("").chain(words.words()).map(meaning);
        Some(Self { codes: words.codes(), meanings: meanings.collect() })
    }

    fn get(&self, at: usize) -> Option<usize> {
        self.meanings.get(usize::from(*self.codes.get(at)?)).copied()
    }
}

impl<'r, R: Row> GroupMembers<'r, R> {
    fn new(rows: &'r Rows<R>, groups: &'r [ServiceGroup]) -> Self {
        let numbers: FxHashMap<&str, usize> =
            groups.iter().enumerate().map(|(number, group)| (group.service.as_str(), number)).collect();
        let chunk = |chunk: &'r R::Chunk| {
            let services = ByCode::new(chunk.cells("service_id"), |id| numbers.get(id).copied().unwrap_or_default())?;
            Some([services, ByCode::new(chunk.cells("status"), |word| usize::from(is_failed(word)))?])
        };
        let chunks = rows.chunks().iter().map(|rows| chunk(rows)).collect();
        Self { rows, numbers, chunks }
    }

    /// The number of the group of a row, and whether the row failed.
    fn of(&self, row: u32) -> (usize, bool) {
        let (chunk, at) = locate(row);
        if let Some(Some([services, failed])) = self.chunks.get(chunk) {
            return (services.get(at).unwrap_or_default(), failed.get(at) == Some(1));
        }
        let facts = self.rows.facts(row).unwrap_or_default();
        (self.numbers.get(facts.service_id).copied().unwrap_or_default(), is_failed(facts.status))
    }
}

fn is_failed(status: &str) -> bool {
    StatusKind::of(status) == StatusKind::Bad
}

/// The direction in which the table is sorted by service, if it is.
fn direction<R: Row>(sort: &[SortBy]) -> Direction {
    let by_service =
        sort.iter().find(|by| R::column(by.key.as_str()).is_some_and(|column| column.kind == Kind::Service));
    by_service.map_or(Direction::Ascending, |by| by.direction)
}

/// A group for each service of all rows, empty yet.
fn groups_of(facets: &FacetCounts, names: &ServiceNames, direction: Direction) -> Vec<ServiceGroup> {
    let group = |(id, name, _): &(String, String, usize)| ServiceGroup {
        service: ServiceId::new(id.as_str()),
        label: names.label(id, (name != id).then_some(name)).into_owned(),
        rows: 0,
        failed: 0,
    };
    let mut groups: Vec<ServiceGroup> = facets.services.iter().map(group).collect();
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
