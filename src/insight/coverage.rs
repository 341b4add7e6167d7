//! One service and one backup type: the newest good backup, and how its age compares with the target.

use jiff::Timestamp;

use super::history::{SeenBackup, ServiceHistory};
use super::planned::PlannedSchedule;
use super::run_check::{Circumstances, NotCheckable, RunCheck, RunState, checked_runs, unknown_runs};
use super::target::TargetInForce;
use crate::cron::NextRun;
use crate::domain::{BackupId, StatusKind};

/// A run that goes on for longer than this, and than any before it by far, does not end.
const LONGEST_RUN: i64 = 6 * 3600;
/// By how many times a run has to outlast the longest one before it.
const OUTLASTS: i64 = 4;

/// What a cell of the overview says in one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellState {
    /// Neither backups nor schedules nor a target: the type is not used.
    #[default]
    Unused,
    /// Young enough.
    Fresh,
    /// There is one, and no target to compare it with.
    NoTarget,
    /// Young enough, but the newest run is late.
    Late,
    /// The newest planned run did not happen.
    Missed,
    /// The newest run failed.
    Failed,
    /// Older than its target.
    TooOld,
    /// There is none.
    NoBackup,
    /// Its schedules are suspended.
    Suspended,
    /// It cannot be told.
    NotCheckable,
}

/// The newest good backup of a service and type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewestBackup {
    /// When it began.
    pub at: Timestamp,
    /// Its row.
    pub id: BackupId,
}

/// One service and one backup type.
#[derive(Clone, Debug, Default)]
pub struct CoverageCell {
    /// In one word.
    pub state: CellState,
    /// The newest good backup that is listed.
    pub newest: Option<NewestBackup>,
    /// The target in force, in seconds.
    pub target_secs: Option<i64>,
    /// The next planned run that every reading has.
    pub next: Option<Timestamp>,
    /// Planned runs of the last days, oldest first.
    pub runs: Vec<RunCheck>,
    /// Why runs cannot be checked, where there are any that cannot.
    pub not_checkable: Option<NotCheckable>,
    /// The newest runs that failed, one after the other.
    pub(super) failed: Vec<BackupId>,
    /// The newest planned runs that did not happen, one after the other.
    pub(super) missed: usize,
    /// The newest planned run is late since then.
    pub(super) late_since: Option<Timestamp>,
    /// The newest good backup is older than the target, or there is none.
    pub(super) is_over_target: bool,
    /// A user set the target.
    pub(super) is_target_set: bool,
    /// A run that does not end.
    pub(super) stuck: Option<NewestBackup>,
}

impl CoverageCell {
    /// The age of the newest good backup, in seconds.
    #[must_use]
    pub fn age_secs(&self, now: Timestamp) -> Option<i64> {
        self.newest.as_ref().map(|newest| now.as_second() - newest.at.as_second())
    }
}

/// Works out one cell; `plans` are all schedules of the service.
pub(super) fn cell(
    lane: usize,
    history: &ServiceHistory,
    plans: &[PlannedSchedule],
    target: TargetInForce,
    circumstances: Circumstances<'_>,
) -> CoverageCell {
    let now = circumstances.now;
    let seen: &[SeenBackup] = history.lanes.get(lane).map_or(&[], Vec::as_slice);
    let newest =
        seen.iter().rev().find(|backup| backup.is_usable()).and_then(|backup| newest_backup(backup, circumstances));
    let runs = checked_runs(plans, lane, history, circumstances);
    let of_lane = || plans.iter().filter(|plan| plan.lane == Some(lane));
    let newest_checked = || runs.iter().rev().filter(|run| run.state != RunState::Due);
    let unchecked = newest_checked().find_map(|run| match &run.state {
        RunState::NotCheckable(reason) => Some(reason.clone()),
        RunState::Happened(_) | RunState::Due | RunState::Late | RunState::Missed => None,
    });
    let missed = newest_checked()
        .filter(|run| !matches!(run.state, RunState::NotCheckable(_) | RunState::Late))
        .take_while(|run| run.state == RunState::Missed)
        .count();
    let overdue = runs.last().filter(|run| run.state == RunState::Late);
    let mut cell = CoverageCell {
        state: CellState::Unused,
        newest,
        target_secs: target.secs,
        next: of_lane().filter(|plan| plan.is_active()).filter_map(|plan| next_certain(plan, now)).min(),
        not_checkable: unchecked.or_else(|| of_lane().filter(|plan| plan.is_active()).find_map(unknown_runs)),
        failed: newest_failures(seen).map(|backup| circumstances.id_of(backup.row)).collect(),
        missed,
        late_since: overdue.map(|run| run.at),
        is_over_target: false,
        is_target_set: target.is_set,
        stuck: stuck_run(seen, now).and_then(|backup| newest_backup(backup, circumstances)),
        runs,
    };
    let is_used = !seen.is_empty() || of_lane().any(|plan| !plan.is_once) || target.secs.is_some();
    if is_used {
        let is_suspended = of_lane().any(|plan| plan.is_suspended) && !of_lane().any(PlannedSchedule::is_active);
        cell.judge(seen, is_suspended, circumstances);
    }
    cell
}

impl CoverageCell {
    /// Compares the age with the target. That a backup is too old, or absent, is claimed only of a moment of which all backups are known.
    fn judge(&mut self, seen: &[SeenBackup], is_suspended: bool, circumstances: Circumstances<'_>) {
        let Circumstances { now, observed, .. } = circumstances;
        let known_until = observed.until().map(|until| until.min(now.as_second()));
        let start = self.newest.as_ref().map(|newest| newest.at.as_second());
        let is_within = |at: i64| self.target_secs.is_none_or(|target| start.is_some_and(|start| at - start <= target));
        // A run under way replaces the newest one as soon as it ends.
        let is_under_way = self.stuck.is_none()
            && seen.last().is_some_and(|last| {
                last.status == StatusKind::Running && start.is_none_or(|start| start < last.start())
            });
        let is_fresh_now = is_within(now.as_second());
        self.is_over_target = !is_under_way && known_until.is_some_and(|at| !is_within(at));
        let cause = if self.missed > 0 {
            Some(CellState::Missed)
        } else if !self.failed.is_empty() {
            Some(CellState::Failed)
        } else {
            self.late_since.map(|_| CellState::Late)
        };
        self.state = match cause {
            Some(cause) => cause,
            None if self.is_over_target && start.is_none() => CellState::NoBackup,
            None if self.is_over_target => CellState::TooOld,
            None if is_suspended => CellState::Suspended,
            None if self.target_secs.is_none() && start.is_some() => CellState::NoTarget,
            None if is_fresh_now && start.is_some() || is_under_way => CellState::Fresh,
            None if known_until.is_some() && self.target_secs.is_none() => CellState::NoBackup,
            None => CellState::NotCheckable,
        };
    }
}

fn newest_backup(backup: &SeenBackup, circumstances: Circumstances<'_>) -> Option<NewestBackup> {
    Some(NewestBackup {
        at: Timestamp::from_second(circumstances.start_of(backup)).ok()?,
        id: circumstances.id_of(backup.row),
    })
}

/// The newest runs that failed, newest first, as far as none that went well lies between them.
fn newest_failures(seen: &[SeenBackup]) -> impl Iterator<Item = &SeenBackup> {
    let ended = seen.iter().rev().filter(|backup| !backup.is_under_way());
    ended.take_while(|backup| backup.status == StatusKind::Bad)
}

/// The oldest run that goes on far longer than any other of its lane took.
fn stuck_run(seen: &[SeenBackup], now: Timestamp) -> Option<&SeenBackup> {
    let running = seen.iter().find(|backup| backup.status == StatusKind::Running && backup.end().is_none())?;
    let longest = seen.iter().filter_map(|backup| Some(backup.end()? - backup.start())).max().unwrap_or(0);
    (now.as_second() - running.start() > LONGEST_RUN.max(OUTLASTS * longest)).then_some(running)
}

fn next_certain(plan: &PlannedSchedule, now: Timestamp) -> Option<Timestamp> {
    match plan.timetable.as_ref()?.next_run(now) {
        NextRun::At(at) => Some(at),
        NextRun::Either(_, sure) => sure,
        NextRun::Never | NextRun::Unknown | NextRun::None => None,
    }
}
