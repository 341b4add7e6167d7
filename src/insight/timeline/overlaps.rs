//! Planned runs of one service that are expected to run at the same time.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::planned::PlannedSchedule;
use super::super::usual::UsualDuration;
use crate::domain::{BackupType, ScheduleId};

/// One planned run, in seconds.
pub(super) struct UpcomingRun<'a> {
    pub(super) plan: &'a PlannedSchedule,
    pub(super) lane: usize,
    pub(super) from: i64,
    pub(super) usual: Option<UsualDuration>,
    pub(super) is_certain: bool,
    pub(super) overlaps: bool,
}

impl UpcomingRun<'_> {
    pub(super) fn until(&self) -> Option<i64> {
        Some(self.from + self.usual?.secs)
    }
}

/// Two schedules of one service whose runs overlap, by the first time they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The schedules: that of the run which begins first, and that of the other. They may be the same.
    pub schedules: [ScheduleId; 2],
    /// The types of the runs.
    pub backup_types: [BackupType; 2],
    /// When the runs begin.
    pub at: [Timestamp; 2],
    /// How long the first run is expected to take.
    pub usual: Option<UsualDuration>,
    /// How often the two overlap in the span.
    pub count: usize,
}

/// Marks the runs that overlap, which are in the order of their begins. A run whose length is not known overlaps with what begins at
/// the same moment; one that may not happen overlaps with none.
pub(super) fn mark(runs: &mut [UpcomingRun<'_>]) -> Vec<Overlap> {
    let mut pairs: BTreeMap<(ScheduleId, ScheduleId), Overlap> = BTreeMap::new();
    let mut under_way: Vec<usize> = Vec::new();
    for second in 0..runs.len() {
        let Some((is_certain, at)) = runs.get(second).map(|run| (run.is_certain, run.from)) else { break };
        if !is_certain {
            continue;
        }
        under_way.retain(|&first| {
            runs.get(first).is_some_and(|run| run.from == at || run.until().is_some_and(|until| until > at))
        });
        for &first in &under_way {
            note(runs, [first, second], &mut pairs);
        }
        under_way.push(second);
    }
    pairs.into_values().collect()
}

fn note(
    runs: &mut [UpcomingRun<'_>],
    [first, second]: [usize; 2],
    pairs: &mut BTreeMap<(ScheduleId, ScheduleId), Overlap>,
) {
    for number in [first, second] {
        if let Some(run) = runs.get_mut(number) {
            run.overlaps = true;
        }
    }
    let (Some(a), Some(b)) = (runs.get(first), runs.get(second)) else { return };
    let key = (a.plan.id.clone(), b.plan.id.clone());
    if let Some(known) = pairs.get_mut(&key) {
        known.count += 1;
    } else if let Some(overlap) = overlap(a, b) {
        pairs.insert(key, overlap);
    }
}

fn overlap(a: &UpcomingRun<'_>, b: &UpcomingRun<'_>) -> Option<Overlap> {
    let backup_type = |run: &UpcomingRun<'_>| BackupType::ALL.get(run.lane).cloned();
    let at = |run: &UpcomingRun<'_>| Timestamp::from_second(run.from).ok();
    Some(Overlap {
        schedules: [a.plan.id.clone(), b.plan.id.clone()],
        backup_types: [backup_type(a)?, backup_type(b)?],
        at: [at(a)?, at(b)?],
        usual: a.usual,
        count: 1,
    })
}
