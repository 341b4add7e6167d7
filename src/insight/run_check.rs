//! Planned runs, and whether they happened.
//!
//! A backup does not name its schedule, so the two are linked by service, type and time. A run is missed only where nothing else can
//! explain that its backup is absent; else it is not checkable, with the reason.

use jiff::{SignedDuration, Timestamp};

use super::Observed;
use super::history::{SeenBackup, ServiceHistory};
use super::planned::PlannedSchedule;
use crate::domain::{Backup, BackupId, ScheduleId, StatusKind};
use crate::rows::Rows;

/// Clocks differ: so much earlier than planned, in seconds, a run may begin.
const EARLY: i64 = 120;
/// From so much later on, a run that has not begun is late.
const LATE_AFTER: i64 = 15 * 60;
/// From so much later on it is missed, unless the next one is due before.
const MISSED_AFTER: i64 = 3 * 3600;
/// After a change of a schedule its controller needs this long to follow it.
const SETTLE: i64 = 5 * 60;
/// About how many runs of a schedule are looked at, the newest ones.
const RUNS: f64 = 40.0;
/// The longest and the shortest time that is looked back, in seconds.
const LONGEST_LOOK: i64 = 6 * 86_400;
const SHORTEST_LOOK: i64 = 6 * 3600;
/// A backup that began so much later than now, in seconds, shows that a clock is wrong.
const CLOCK_TOLERANCE: i64 = 5 * 60;

/// Why it cannot be told whether a run happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotCheckable {
    /// No whole list was read at a time that would show it.
    NotObserved,
    /// Programs read the expression in two ways, and only one of them has this run.
    TwoReadings,
    /// The text of the schedule does not tell its runs.
    UnknownRuns,
    /// It is not known since when the schedule is as it is.
    UnknownAge,
    /// A row whose type or time is not known may be its backup.
    UnclearRow,
    /// The run before it had not ended: then the next one may be skipped.
    Busy,
    /// The service is not ready: its state.
    NotReady(String),
    /// A backup lies in the future.
    ClockOff,
}

/// What is known about a planned run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunState {
    /// Its backup began; how it went is in the row.
    Happened(StatusKind),
    /// It is not late yet.
    Due,
    /// It should have begun.
    Late,
    /// It did not begin.
    Missed,
    /// It cannot be told.
    NotCheckable(NotCheckable),
}

/// One planned run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunCheck {
    /// When it was planned.
    pub at: Timestamp,
    /// By which schedule.
    pub schedule: ScheduleId,
    /// What is known about it.
    pub state: RunState,
}

/// What the checks of a service depend on besides its rows.
#[derive(Clone, Copy)]
pub(super) struct Circumstances<'a> {
    pub(super) now: Timestamp,
    /// The backups that were looked at.
    pub(super) rows: &'a Rows<Backup>,
    pub(super) observed: &'a Observed,
    /// The state of the service where it is not ready.
    pub(super) not_ready: Option<&'a str>,
}

impl Circumstances<'_> {
    /// The id of the row at a position.
    pub(super) fn id_of(&self, row: u32) -> BackupId {
        self.rows.id(row).map_or_else(BackupId::default, BackupId::new)
    }

    /// When a backup began, in seconds, also where that is far from now.
    pub(super) fn start_of(&self, backup: &SeenBackup) -> i64 {
        self.rows.second(backup.row).unwrap_or_else(|| backup.start())
    }
}

/// A planned run before it is compared.
struct PlannedRun<'a> {
    at: i64,
    /// Its backup begins before this.
    until: i64,
    is_certain: bool,
    plan: &'a PlannedSchedule,
}

/// The planned runs of one lane up to now, oldest first, as far back as they can be checked. Suspended schedules, those that run once,
/// and the time before a schedule was as it is have none.
pub(super) fn checked_runs(
    plans: &[PlannedSchedule],
    lane: usize,
    history: &ServiceHistory,
    circumstances: Circumstances<'_>,
) -> Vec<RunCheck> {
    let active = || plans.iter().filter(|plan| plan.lane == Some(lane) && plan.is_active());
    let mut runs: Vec<PlannedRun<'_>> = active().flat_map(|plan| planned_runs(plan, circumstances.now)).collect();
    runs.sort_by_key(|run| run.at);
    let seen: &[SeenBackup] = history.lanes.get(lane).map_or(&[], Vec::as_slice);
    let mut taken = vec![false; seen.len()];
    let mut checks = Vec::with_capacity(runs.len());
    for run in runs {
        let state = match take_backup(seen, &mut taken, &run) {
            Some(backup) => RunState::Happened(backup.status),
            None => unmatched(&run, seen, history, circumstances),
        };
        let Ok(at) = Timestamp::from_second(run.at) else { continue };
        checks.push(RunCheck { at, schedule: run.plan.id.clone(), state });
    }
    checks
}

/// Why the runs of a schedule cannot be told at all.
pub(super) fn unknown_runs(plan: &PlannedSchedule) -> Option<NotCheckable> {
    if plan.longest_gap.is_none() {
        return Some(NotCheckable::UnknownRuns);
    }
    plan.changed_at.is_none().then_some(NotCheckable::UnknownAge)
}

fn planned_runs(plan: &PlannedSchedule, now: Timestamp) -> Vec<PlannedRun<'_>> {
    let (Some(timetable), Some(changed_at)) = (&plan.timetable, plan.changed_at) else { return Vec::new() };
    let secs = RUNS / plan.runs_a_week.max(f64::MIN_POSITIVE) * 7.0 * 86_400.0;
    let look = SignedDuration::try_from_secs_f64(secs).map_or(LONGEST_LOOK, |look| look.as_secs());
    let look = look.clamp(SHORTEST_LOOK, LONGEST_LOOK);
    let from = now.as_second().saturating_sub(look).max(changed_at.as_second().saturating_add(SETTLE));
    let until = now.as_second().saturating_add(MISSED_AFTER);
    let (Ok(from), Ok(until)) = (Timestamp::from_second(from), Timestamp::from_second(until)) else {
        return Vec::new();
    };
    let planned = timetable.runs_between(from, until);
    let following = planned.iter().skip(1).map(|run| run.at.as_second()).chain([i64::MAX]);
    planned
        .iter()
        .zip(following)
        .filter(|(run, _)| run.at <= now)
        .map(|(run, next)| {
            let at = run.at.as_second();
            PlannedRun { at, until: next.min(at.saturating_add(MISSED_AFTER)), is_certain: run.is_certain, plan }
        })
        .collect()
}

/// The first backup that began in the window of the run and belongs to no earlier one.
fn take_backup<'a>(seen: &'a [SeenBackup], taken: &mut [bool], run: &PlannedRun<'_>) -> Option<&'a SeenBackup> {
    let first = seen.partition_point(|backup| backup.start() < run.at - EARLY);
    let fits = seen.iter().zip(taken).skip(first).take_while(|(backup, _)| backup.start() < run.until);
    let (backup, is_taken) = fits.into_iter().find(|(_, is_taken)| !**is_taken)?;
    *is_taken = true;
    Some(backup)
}

fn unmatched(
    run: &PlannedRun<'_>,
    seen: &[SeenBackup],
    history: &ServiceHistory,
    circumstances: Circumstances<'_>,
) -> RunState {
    let Circumstances { now, observed, not_ready, .. } = circumstances;
    // What was not looked at since says nothing about now.
    let known_until = observed.until().unwrap_or(i64::MIN).min(now.as_second());
    let is_busy =
        |backup: &SeenBackup| backup.start() < run.at && backup.end().map_or(backup.is_under_way(), |end| end > run.at);
    let before = seen.partition_point(|backup| backup.start() < run.at - EARLY);
    let reason = if let Some(state) = not_ready {
        NotCheckable::NotReady(state.to_owned())
    } else if seen.last().is_some_and(|backup| backup.start() > now.as_second() + CLOCK_TOLERANCE) {
        NotCheckable::ClockOff
    } else if !run.is_certain {
        NotCheckable::TwoReadings
    } else if now.as_second() < run.at + LATE_AFTER {
        return RunState::Due;
    } else if known_until < run.at + LATE_AFTER || !observed.covers(run.at - EARLY, run.until.min(known_until)) {
        NotCheckable::NotObserved
    } else if history.may_hide(run.at - EARLY, run.until) {
        NotCheckable::UnclearRow
    } else if seen.iter().take(before).any(is_busy) {
        NotCheckable::Busy
    } else if known_until < run.until {
        return RunState::Late;
    } else {
        return RunState::Missed;
    };
    RunState::NotCheckable(reason)
}
