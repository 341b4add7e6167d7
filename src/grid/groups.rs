//! The rows of a table by service: which belong together, and what the line above them counts.

use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use rustc_hash::FxHashMap;

use super::buckets::{Buckets, in_halves};
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
    let members = members(rows, &groups);
    let read = |order: &[u32]| read_members(order, &members, groups.len());
    let [(first, counts), (other, more)] = in_halves(order, read);
    let mut out: Arc<[u32]> = std::iter::repeat_n(0, order.len()).collect();
    if let Some(out) = Arc::get_mut(&mut out) {
        let buckets = Buckets::new([&first, &other], groups.len(), |(_, member)| member.group(), |(at, _)| *at);
        buckets.finish(out, &|out, rows| out.iter_mut().zip(rows).for_each(|(out, row)| *out = row));
    }
    for counts in [counts, more] {
        for (group, (rows, failed)) in groups.iter_mut().zip(counts) {
            group.rows += rows;
            group.failed += failed;
        }
    }
    groups.retain(|group| group.rows > 0);
    (out, groups.into())
}

/// Rows, and of each group how many there are and how many of them failed.
type Members = (Vec<(u32, Member)>, Vec<(usize, usize)>);

/// Each row with the group it belongs to.
fn read_members(order: &[u32], members: &[Member], groups: usize) -> Members {
    let mut counts = vec![(0, 0); groups];
    let read = |&at: &u32| {
        let member = usize::try_from(at).ok().and_then(|at| members.get(at)).copied().unwrap_or_default();
        if let Some((rows, failed)) = counts.get_mut(member.group()) {
            *rows += 1;
            *failed += usize::from(member.is_failed());
        }
        (at, member)
    };
    (order.iter().map(read).collect(), counts)
}

/// The number of the group of a row, and in the lowest bit whether the row failed.
#[derive(Clone, Copy, Default)]
struct Member(u32);

impl Member {
    fn new(group: u32, is_failed: bool) -> Self {
        Self(group << 1 | u32::from(is_failed))
    }

    fn group(self) -> usize {
        usize::try_from(self.0 >> 1).unwrap_or(usize::MAX)
    }

    fn is_failed(self) -> bool {
        self.0 & 1 == 1
    }
}

/// Which group each row belongs to, in the order of the list. What the words of a chunk mean is looked up once for each of them.
fn members<R: Row>(rows: &Rows<R>, groups: &[ServiceGroup]) -> Vec<Member> {
    let numbers: FxHashMap<&str, u32> = groups.iter().map(|group| group.service.as_str()).zip(0..).collect();
    let group_of = |id: &str| numbers.get(id).copied().unwrap_or_default();
    let of_chunk = |chunk: &Arc<R::Chunk>| -> Vec<Member> {
        let services = ByCode::new(chunk.cells("service_id"), group_of);
        if let Some((services, failed)) = services.zip(ByCode::new(chunk.cells("status"), is_failed)) {
            let pairs = services.values().zip(failed.values());
            return pairs.map(|(group, is_failed)| Member::new(group, is_failed)).collect();
        }
        let facts = (0..chunk.len()).map(|at| chunk.facts(at).unwrap_or_default());
        facts.map(|facts| Member::new(group_of(facts.service_id), is_failed(facts.status))).collect()
    };
    let chunks: Vec<Vec<Member>> = rows.chunks().par_iter().map(of_chunk).collect();
    chunks.concat()
}

/// What each word of a column comes to, by its code.
struct ByCode<'r, M> {
    codes: &'r [u16],
    meanings: Vec<M>,
}

impl<'r, M: Copy + Default> ByCode<'r, M> {
    /// `None` where the column does not keep words.
    fn new(cells: Cells<'r>, meaning: impl Fn(&str) -> M) -> Option<Self> {
        let Cells::Words(words) = cells else { return None };
        let meanings = std::iter::once("").chain(words.words()).map(meaning);
        Some(Self { codes: words.codes(), meanings: meanings.collect() })
    }

    /// Of each row.
    fn values(&self) -> impl Iterator<Item = M> {
        self.codes.iter().map(|code| self.meanings.get(usize::from(*code)).copied().unwrap_or_default())
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
