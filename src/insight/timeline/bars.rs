//! The bars of a lane: single runs, or where there are too many of them, what they come to.

use jiff::Timestamp;

use super::super::Evidence;
use super::super::history::{LANES, SeenBackup};
use super::super::planned::PlannedSchedule;
use super::super::report::ServiceCoverage;
use super::super::usual::{UsualDuration, usual_duration};
use super::overlaps::{self, Overlap, UpcomingRun};
use super::{TimelineJob, no_single_row};
use crate::domain::{BackupId, BackupType, StatusKind};

/// More runs of one schedule or type than these are not told apart on either side.
const MAX_BARS: usize = 30;
/// A schedule with more planned runs than these is not expanded: every 15 minutes for 7 days are 672.
const MAX_EXPANDED: f64 = 700.0;
const WEEK_SECS: f64 = 7.0 * 86_400.0;
/// A run that began before the range, and reaches into it, began at most this long before, in seconds.
const LONGEST_RUN: i64 = 86_400;

/// What a bar stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarState {
    /// A run that every reading of its schedule has.
    Planned,
    /// A run that only one reading of its schedule has.
    Perhaps,
    /// A run that has begun, and how it went.
    Happened(StatusKind),
}

/// A run, or several of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineBar {
    /// Its type.
    pub backup_type: BackupType,
    /// The number of its type in [`BackupType::ALL`].
    pub lane: usize,
    /// The begin; of several runs, that of the first.
    pub from: Timestamp,
    /// The end; of a planned run, the one expected. `None` where it is not known.
    pub until: Option<Timestamp>,
    /// How many runs it stands for.
    pub count: usize,
    /// What it stands for.
    pub state: BarState,
    /// How long a planned run is expected to take; `None` where no earlier run tells.
    pub usual: Option<UsualDuration>,
    /// It is expected to run at the same time as another one of its service.
    pub overlaps: bool,
    /// The rows behind it.
    pub evidence: Evidence,
}

impl TimelineBar {
    /// It has not begun.
    #[must_use]
    pub fn is_planned(&self) -> bool {
        matches!(self.state, BarState::Planned | BarState::Perhaps)
    }
}

/// The planned runs of a service, and which of them overlap.
pub(super) fn planned_bars<'a>(
    job: &'a TimelineJob,
    plans: impl Iterator<Item = &'a PlannedSchedule>,
    service: &ServiceCoverage,
) -> (Vec<TimelineBar>, Vec<Overlap>) {
    let history = job.history.service(service.id.as_str());
    let (mut bars, mut runs) = (Vec::new(), Vec::new());
    for plan in plans {
        let Some(lane) = plan.lane else { continue };
        let usual = history.and_then(|history| usual_duration(history.lanes.get(lane)?));
        let count = plan.runs_a_week * job.span.length().as_secs_f64() / WEEK_SECS;
        if count > MAX_EXPANDED {
            bars.extend(band(job, plan, lane, count));
        } else {
            runs.extend(expanded(job, plan, lane, usual));
        }
    }
    runs.sort_by_key(|run| run.from);
    let overlaps = overlaps::mark(&mut runs);
    // Those of one schedule side by side; the sort is stable.
    runs.sort_by(|a, b| a.plan.id.cmp(&b.plan.id));
    for of_plan in runs.chunk_by(|a, b| a.plan.id == b.plan.id) {
        if of_plan.len() > MAX_BARS {
            bars.extend(joined(of_plan));
        } else {
            bars.extend(of_plan.iter().filter_map(single));
        }
    }
    (bars, overlaps)
}

fn expanded<'a>(
    job: &TimelineJob,
    plan: &'a PlannedSchedule,
    lane: usize,
    usual: Option<UsualDuration>,
) -> Vec<UpcomingRun<'a>> {
    let Some(timetable) = &plan.timetable else { return Vec::new() };
    let until = job.now.checked_add(job.span.length()).unwrap_or(Timestamp::MAX);
    let run = |run: crate::cron::Run| UpcomingRun {
        plan,
        lane,
        from: run.at.as_second(),
        usual,
        is_certain: run.is_certain,
        overlaps: false,
    };
    timetable.runs_between(job.now, until).into_iter().map(run).collect()
}

fn single(run: &UpcomingRun<'_>) -> Option<TimelineBar> {
    Some(TimelineBar {
        until: run.until().and_then(|until| Timestamp::from_second(until).ok()),
        state: if run.is_certain { BarState::Planned } else { BarState::Perhaps },
        usual: run.usual,
        overlaps: run.overlaps,
        ..bar(run.lane, run.from, Evidence::Schedules(vec![run.plan.id.clone()]))?
    })
}

/// All runs of one schedule, too many to be told apart.
fn joined(runs: &[UpcomingRun<'_>]) -> Option<TimelineBar> {
    let (first, last) = (runs.first()?, runs.last()?);
    Some(TimelineBar {
        until: Timestamp::from_second(last.until().unwrap_or(last.from)).ok(),
        count: runs.len(),
        state: if runs.iter().any(|run| run.is_certain) { BarState::Planned } else { BarState::Perhaps },
        overlaps: runs.iter().any(|run| run.overlaps),
        ..single(first)?
    })
}

/// A schedule that runs so often that its runs are not even expanded.
fn band(job: &TimelineJob, plan: &PlannedSchedule, lane: usize, count: f64) -> Option<TimelineBar> {
    let until = job.now.checked_add(job.span.length()).ok()?;
    // Rounded and positive.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of runs in a week")]
    let count = count.round() as usize;
    let evidence = Evidence::Schedules(vec![plan.id.clone()]);
    Some(TimelineBar {
        until: Some(until),
        count,
        state: BarState::Planned,
        ..bar(lane, job.now.as_second(), evidence)?
    })
}

/// A bar of one run that has nothing else to it yet.
fn bar(lane: usize, from: i64, evidence: Evidence) -> Option<TimelineBar> {
    Some(TimelineBar {
        backup_type: BackupType::ALL.get(lane)?.clone(),
        lane,
        from: Timestamp::from_second(from).ok()?,
        until: None,
        count: 1,
        state: BarState::Planned,
        usual: None,
        overlaps: false,
        evidence,
    })
}

/// The runs of a service that have begun.
pub(super) fn past_bars(job: &TimelineJob, service: &ServiceCoverage) -> Vec<TimelineBar> {
    let Some(history) = job.history.service(service.id.as_str()) else { return Vec::new() };
    let now = job.now.as_second();
    let begin = now - job.span.length().as_secs();
    let mut bars = Vec::new();
    for (lane, seen) in (0..LANES).zip(&history.lanes) {
        let first = seen.partition_point(|backup| backup.start() < begin - LONGEST_RUN);
        let shown = seen.iter().skip(first).filter(|backup| reach(backup, now) >= begin && backup.start() <= now);
        let shown: Vec<&SeenBackup> = shown.collect();
        if shown.len() > MAX_BARS {
            bars.extend(slices(job, lane, &shown, begin));
        } else {
            bars.extend(shown.into_iter().filter_map(|backup| happened(job, lane, backup)));
        }
    }
    bars
}

/// Until when a run is known to have gone on.
fn reach(backup: &SeenBackup, now: i64) -> i64 {
    end(backup, now).unwrap_or(backup.start())
}

/// The end of a run; of one that goes on, the present.
fn end(backup: &SeenBackup, now: i64) -> Option<i64> {
    backup.end().filter(|end| *end >= backup.start()).or((backup.status == StatusKind::Running).then_some(now))
}

fn happened(job: &TimelineJob, lane: usize, backup: &SeenBackup) -> Option<TimelineBar> {
    let id = job.backups.id(backup.row).map(BackupId::new);
    let start = job.backups.second(backup.row).unwrap_or_else(|| backup.start());
    Some(TimelineBar {
        until: end(backup, job.now.as_second()).and_then(|end| Timestamp::from_second(end).ok()),
        state: BarState::Happened(backup.status),
        ..bar(lane, start, Evidence::Backups(id.into_iter().collect()))?
    })
}

/// Many runs: the axis is cut into slices, and in each of them those that went alike are one bar.
fn slices(job: &TimelineJob, lane: usize, shown: &[&SeenBackup], begin: i64) -> Vec<TimelineBar> {
    let width = (job.span.length().as_secs() / i64::try_from(MAX_BARS).unwrap_or(1)).max(1);
    let slice = |backup: &SeenBackup| (backup.start() - begin).div_euclid(width);
    let mut bars = Vec::new();
    for within in shown.chunk_by(|a, b| slice(a) == slice(b)) {
        let mut alike = within.to_vec();
        alike.sort_by_key(|backup| (backup.status, backup.start()));
        for runs in alike.chunk_by(|a, b| a.status == b.status) {
            bars.extend(of_slice(job, lane, runs));
        }
    }
    bars
}

fn of_slice(job: &TimelineJob, lane: usize, runs: &[&SeenBackup]) -> Option<TimelineBar> {
    let first = happened(job, lane, runs.first()?)?;
    if runs.len() == 1 {
        return Some(first);
    }
    let until = runs.iter().map(|backup| reach(backup, job.now.as_second())).max()?;
    let until = Timestamp::from_second(until).ok();
    Some(TimelineBar { until, count: runs.len(), evidence: no_single_row(), ..first })
}
