//! All backups seen, by service and type, in the order in which they began.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};

use super::BackupFacts;
use super::facts::facts_of;
use crate::domain::{Backup, BackupType, StatusKind, Text};

/// Lanes of a service: one for each backup type that a schedule can have.
pub(super) const LANES: usize = BackupType::ALL.len();

/// The number of the lane of a type; `None` for a word that is not known.
pub(super) fn lane_of(backup_type: &BackupType) -> Option<usize> {
    match backup_type {
        BackupType::Full => Some(0),
        BackupType::Incremental => Some(1),
        BackupType::BinaryLog => Some(2),
        BackupType::Dump => Some(3),
        BackupType::Snapshot => Some(4),
        BackupType::Other(_) => None,
    }
}

/// One backup that was seen. Times are in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SeenBackup {
    pub(super) start: i64,
    pub(super) end: Option<i64>,
    /// Its position among the rows.
    pub(super) row: u32,
    pub(super) status: StatusKind,
    pub(super) is_empty: bool,
    pub(super) is_listed: bool,
}

impl SeenBackup {
    /// Something to restore from: good, not empty, and not purged.
    pub(super) fn is_usable(&self) -> bool {
        self.status == StatusKind::Good && !self.is_empty && self.is_listed
    }

    /// True while it runs or waits for its turn.
    pub(super) fn is_under_way(&self) -> bool {
        matches!(self.status, StatusKind::Running | StatusKind::Queued)
    }
}

/// The backups of one service.
#[derive(Clone, Debug, Default)]
pub(super) struct ServiceHistory {
    pub(super) name: Option<Text>,
    /// By [`lane_of`]; each in the order of the starts.
    pub(super) lanes: [Vec<SeenBackup>; LANES],
    /// Starts of rows of which the type or the start is not known; `None` for a start that is not.
    pub(super) unclear: Vec<Option<i64>>,
}

impl ServiceHistory {
    /// True where a row that cannot be placed may have begun in this stretch of time.
    pub(super) fn may_hide(&self, from: i64, until: i64) -> bool {
        self.unclear.iter().any(|start| start.is_none_or(|start| (from..until).contains(&start)))
    }
}

/// The backups of all services.
#[derive(Clone, Debug, Default)]
pub struct BackupHistory {
    services: FxHashMap<Text, ServiceHistory>,
    rows: u32,
}

impl BackupHistory {
    /// How many rows it was made from: the position of the next one.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows as usize
    }

    /// Adds the rows that follow those it has; the ids of the services they belong to.
    pub(super) fn add(&mut self, rows: impl Iterator<Item = Backup>) -> BTreeSet<Text> {
        let mut touched: FxHashSet<Text> = FxHashSet::default();
        for backup in rows {
            let facts = facts_of(&backup);
            let row = self.rows;
            self.rows += 1;
            if !touched.contains(facts.service) {
                touched.insert(facts.service.into());
            }
            if !self.services.contains_key(facts.service) {
                self.services.insert(facts.service.into(), ServiceHistory::default());
            }
            if let Some(service) = self.services.get_mut(facts.service) {
                service.add(row, &facts);
            }
        }
        let touched: BTreeSet<Text> = touched.into_iter().collect();
        for id in &touched {
            for lane in self.services.get_mut(id).into_iter().flat_map(|service| &mut service.lanes) {
                if !lane.is_sorted_by_key(|seen| seen.start) {
                    lane.sort_by_key(|seen| seen.start);
                }
            }
        }
        touched
    }

    pub(super) fn service(&self, id: &str) -> Option<&ServiceHistory> {
        self.services.get(id)
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.services.keys().map(Text::as_str)
    }
}

impl ServiceHistory {
    fn add(&mut self, row: u32, facts: &BackupFacts<'_>) {
        if self.name.is_none() {
            self.name = facts.service_name.map(Text::from);
        }
        let start = facts.start.map(Timestamp::as_second);
        let lane = facts.backup_type.and_then(lane_of).and_then(|lane| self.lanes.get_mut(lane));
        let (Some(start), Some(lane)) = (start, lane) else {
            self.unclear.push(start);
            return;
        };
        let end = facts.end.map(Timestamp::as_second);
        let BackupFacts { status, is_empty, is_listed, .. } = *facts;
        lane.push(SeenBackup { start, end, row, status, is_empty, is_listed });
    }
}
