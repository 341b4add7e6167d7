//! What a table shows line by line: its rows, and where it is grouped a line above those of each service.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::ServiceGroup;
use crate::domain::ServiceId;

/// One line of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// The line of a group, by its number.
    Group(usize),
    /// A row, by its position in [`TableLines::order`].
    Row(usize),
}

/// The lines of a table. Made anew when the order or what is collapsed changes, so that a frame only looks lines up.
#[derive(Clone, Debug, Default)]
pub struct TableLines {
    order: Arc<[u32]>,
    groups: Arc<[ServiceGroup]>,
    starts: Vec<Start>,
}

/// Where a group begins.
#[derive(Clone, Copy, Debug, Default)]
struct Start {
    /// Its own line.
    line: usize,
    /// The position of its first row; of a collapsed one that of the next row below.
    row: usize,
}

impl From<Arc<[u32]>> for TableLines {
    /// The lines of a table that is not grouped.
    fn from(order: Arc<[u32]>) -> Self {
        Self { order, ..Self::default() }
    }
}

impl TableLines {
    /// The lines of rows in this order, without the rows of collapsed groups.
    #[must_use]
    pub fn new(order: &Arc<[u32]>, groups: &Arc<[ServiceGroup]>, collapsed: &BTreeSet<ServiceId>) -> Self {
        let is_collapsed = |group: &ServiceGroup| collapsed.contains(&group.service);
        let mut starts = Vec::with_capacity(groups.len());
        let mut next = Start::default();
        for group in groups.iter() {
            starts.push(next);
            next.row += if is_collapsed(group) { 0 } else { group.rows };
            next.line = next.row + starts.len();
        }
        let shown = if groups.iter().any(is_collapsed) {
            let mut left = &**order;
            let mut shown = Vec::with_capacity(next.row);
            for group in groups.iter() {
                let rows = left.split_off(..group.rows).unwrap_or_default();
                if !is_collapsed(group) {
                    shown.extend_from_slice(rows);
                }
            }
            shown.into()
        } else {
            Arc::clone(order)
        };
        Self { order: shown, groups: Arc::clone(groups), starts }
    }

    /// The rows that have a line, as positions in the listing, in the order shown.
    #[must_use]
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// How many lines there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len() + self.groups.len()
    }

    /// True where there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// True where the rows are grouped.
    #[must_use]
    pub fn is_grouped(&self) -> bool {
        !self.groups.is_empty()
    }

    /// What a line shows.
    #[must_use]
    pub fn at(&self, line: usize) -> Option<Line> {
        let begun = self.starts.partition_point(|start| start.line <= line);
        let number = begun.checked_sub(1);
        match number.and_then(|number| self.starts.get(number)) {
            Some(start) if start.line == line => number.map(Line::Group),
            _ => (line < self.len()).then_some(Line::Row(line - begun)),
        }
    }

    /// The row of a line, as a position in the listing; none for the line of a group.
    #[must_use]
    pub fn row_at(&self, line: usize) -> Option<u32> {
        match self.at(line)? {
            Line::Row(position) => self.order.get(position).copied(),
            Line::Group(_) => None,
        }
    }

    /// The line of the row at a position of [`Self::order`].
    #[must_use]
    pub fn line_of_row(&self, position: usize) -> usize {
        position + self.starts.partition_point(|start| start.row <= position)
    }

    /// The number of the group that the row at a position of [`Self::order`] belongs to.
    #[must_use]
    pub fn group_of_row(&self, position: usize) -> Option<usize> {
        self.starts.partition_point(|start| start.row <= position).checked_sub(1)
    }

    /// The position of the first row on a line or below it; beyond the last one where there is none.
    #[must_use]
    pub fn row_from(&self, line: usize) -> usize {
        line.saturating_sub(self.starts.partition_point(|start| start.line < line))
    }

    /// The group of this number.
    #[must_use]
    pub fn group(&self, number: usize) -> Option<&ServiceGroup> {
        self.groups.get(number)
    }

    /// True where the rows of the group of this number have lines of their own.
    #[must_use]
    pub fn is_expanded(&self, number: usize) -> bool {
        let end = self.starts.get(number + 1).map_or(self.order.len(), |next| next.row);
        self.starts.get(number).is_some_and(|start| start.row < end)
    }

    /// The number of a service's group.
    #[must_use]
    pub fn number_of(&self, service: &ServiceId) -> Option<usize> {
        self.groups.iter().position(|group| group.service == *service)
    }

    /// The line of a service's group.
    #[must_use]
    pub fn line_of_group(&self, service: &ServiceId) -> Option<usize> {
        self.starts.get(self.number_of(service)?).map(|start| start.line)
    }
}

/// Where the rows of a service are in the whole order of a grouped table.
#[must_use]
pub fn rows_of_group(groups: &[ServiceGroup], service: &ServiceId) -> Range<usize> {
    let mut start = 0;
    for group in groups {
        if group.service == *service {
            return start..start + group.rows;
        }
        start += group.rows;
    }
    0..0
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
