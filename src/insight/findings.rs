//! What needs attention, each with the rows behind it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::coverage::{CellState, CoverageCell, NewestBackup};
use super::history::{LANES, SeenBackup, ServiceHistory};
use super::planned::PlannedSchedule;
use super::recovery::{Chain, ChainVerdict, ServiceBackups};
use super::run_check::{Circumstances, RunState};
use super::target::DAILY;
use crate::domain::{
    BINARY_LOGS_KEPT, Backup, BackupId, BackupType, RETENTION, ScheduleId, ServiceId, StatusKind, Text,
};
use crate::rows::id_tag;

/// Rows that one finding names at most.
const MAX_ROWS: usize = 200;
/// A one-time schedule makes its backup soon; after this, in seconds, it should be there.
const ONCE_WITHIN: i64 = 3 * 3600;
/// How far ahead days without a backup are looked for, in seconds.
const AHEAD: i64 = 100 * 86_400;
/// The lane of full backups.
const FULL: usize = 0;
/// The lane of incrementals.
const INCREMENTAL: usize = 1;
/// The lanes of which one backup is enough to restore a service.
pub(super) const WHOLE_COPIES: [usize; 3] = [0, 3, 4];

/// How much something matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Nothing to do.
    #[default]
    None,
    /// Worth a look: the service can be restored, but something is not as planned.
    Warning,
    /// No young enough copy of the whole service exists, or none is known.
    Problem,
}

/// Why the newest good backup is too old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgeCause {
    /// The newest runs failed: how many.
    Failed(usize),
    /// The newest planned runs did not happen: how many.
    Missed(usize),
    /// Its schedules are suspended.
    Suspended,
    /// The service is not ready: its state.
    NotReady(Text),
    /// None that is known.
    Unknown,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindingKind {
    /// The newest good backup of a type is older than its target, or there is none.
    OverTarget {
        /// Its age in seconds; `None` where there is none.
        age_secs: Option<i64>,
        /// The target in seconds.
        target_secs: i64,
        /// Why.
        cause: AgeCause,
    },
    /// The newest planned runs did not happen.
    Missed {
        /// How many.
        count: usize,
        /// When the last of them was planned.
        last: Timestamp,
    },
    /// A run should have begun.
    Late {
        /// When it was planned.
        since: Timestamp,
    },
    /// The newest runs failed.
    Failed {
        /// How many.
        count: usize,
    },
    /// A service without any schedule, of which no backup arrives either.
    NoSchedule,
    /// Every schedule of the service is suspended.
    AllSuspended {
        /// Since when, where the schedules tell.
        since: Option<Timestamp>,
    },
    /// Schedules of a service that no longer exists.
    ServiceGone {
        /// How many.
        schedules: usize,
    },
    /// Runs are farther apart than backups are kept.
    Gap {
        /// The days with nothing to restore from: begin and end.
        spans: Vec<(Timestamp, Timestamp)>,
    },
    /// Incrementals are made, and no full backup that they could build on is listed.
    NoFull,
    /// The newest incrementals name a full backup that they cannot be restored from.
    BrokenChain {
        /// How many there are in a row.
        count: usize,
        /// The full backup is listed, but failed or is empty.
        is_listed: bool,
    },
    /// Backups that count as good and hold 0 bytes.
    Empty,
    /// A run that goes on far longer than any other.
    NeverEnds {
        /// Since when.
        since: Timestamp,
    },
    /// A one-time schedule that made no backup.
    OnceWithoutBackup {
        /// When it was created.
        created: Timestamp,
    },
    /// Snapshots too far apart for a recovery to any point in time.
    SnapshotsApart {
        /// The longest time between two, in seconds.
        gap_secs: i64,
    },
}

/// The rows behind a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Backups of the service and type; those that the finding is about.
    Backups(Vec<BackupId>),
    /// Schedules.
    Schedules(Vec<ScheduleId>),
}

/// Something that needs attention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much.
    pub urgency: Urgency,
    /// What is wrong.
    pub kind: FindingKind,
    /// The service; an empty id where the rows have none.
    pub service: ServiceId,
    /// Its name, where one is known.
    pub service_name: Option<Text>,
    /// The backup type, where the finding is about one.
    pub backup_type: Option<BackupType>,
    /// The rows behind it.
    pub evidence: Evidence,
}

/// A service and all that is known about it.
pub(super) struct ServiceInput<'a> {
    pub(super) id: ServiceId,
    pub(super) name: Option<Text>,
    /// It is not in the list of services, which is known.
    pub(super) is_gone: bool,
    pub(super) plans: &'a [PlannedSchedule],
    pub(super) history: &'a ServiceHistory,
    pub(super) cells: &'a [CoverageCell; LANES],
    pub(super) circumstances: Circumstances<'a>,
}

impl ServiceInput<'_> {
    fn finding(&self, urgency: Urgency, kind: FindingKind, lane: Option<usize>, evidence: Evidence) -> Finding {
        let backup_type = lane.and_then(|lane| BackupType::ALL.get(lane).cloned());
        Finding { urgency, kind, service: self.id.clone(), service_name: self.name.clone(), backup_type, evidence }
    }

    /// Up to when its backups are known: what was made since then is not seen yet.
    fn known_until(&self) -> Timestamp {
        let until = self.circumstances.observed.until().and_then(|until| Timestamp::from_second(until).ok());
        until.map_or(self.circumstances.now, |until| until.min(self.circumstances.now))
    }

    fn active(&self) -> impl Iterator<Item = &PlannedSchedule> {
        self.plans.iter().filter(|plan| plan.is_active())
    }

    fn schedules(&self, is_it: impl Fn(&PlannedSchedule) -> bool) -> Evidence {
        Evidence::Schedules(self.plans.iter().filter(|plan| is_it(plan)).map(|plan| plan.id.clone()).collect())
    }

    fn backups<'b>(&self, seen: impl Iterator<Item = &'b SeenBackup>) -> Evidence {
        Evidence::Backups(seen.take(MAX_ROWS).map(|backup| self.circumstances.id_of(backup.row)).collect())
    }

    fn lane(&self, lane: usize) -> &[SeenBackup] {
        self.history.lanes.get(lane).map_or(&[], Vec::as_slice)
    }

    /// Everything is known up to a moment, so that what is absent then is absent.
    fn is_observed(&self) -> bool {
        self.circumstances.observed.until().is_some()
    }
}

/// True where a copy of the whole service is young enough at a moment: within the target of its type, or of the last day.
pub(super) fn has_young_copy(cells: &[CoverageCell; LANES], at: Timestamp) -> bool {
    let is_young = |cell: &CoverageCell| {
        let target = cell.target_secs.unwrap_or(DAILY.as_secs());
        cell.age_secs(at).is_some_and(|age| age <= target) || matches!(cell.state, CellState::Fresh)
    };
    WHOLE_COPIES.into_iter().filter_map(|lane| cells.get(lane)).any(is_young)
}

/// All findings of one service, in no order.
pub(super) fn findings_of(service: &ServiceInput<'_>) -> Vec<Finding> {
    if service.is_gone {
        return gone(service).into_iter().collect();
    }
    let mut found: Vec<Finding> = Vec::new();
    found.extend((0..LANES).filter_map(|lane| of_lane(service, lane)));
    found.extend((0..LANES).filter_map(|lane| never_ends(service, lane)));
    found.extend((0..LANES).filter_map(|lane| empty(service, lane)));
    found.extend(no_schedule(service));
    found.extend(all_suspended(service));
    found.extend(gap(service));
    found.extend(no_full(service));
    found.extend(once_without_backup(service));
    found.extend(snapshots_apart(service));
    found
}

/// Age, missed, late and failed runs of one type: one finding, the weightiest.
fn of_lane(service: &ServiceInput<'_>, lane: usize) -> Option<Finding> {
    let cell = service.cells.get(lane)?;
    let (kind, evidence) = if let Some(target_secs) = cell.target_secs.filter(|_| cell.is_over_target) {
        let cause = match cell.state {
            CellState::Missed => AgeCause::Missed(cell.missed),
            CellState::Failed => AgeCause::Failed(cell.failed.len()),
            _ if service.plans.iter().any(|plan| plan.lane == Some(lane) && plan.is_suspended) => AgeCause::Suspended,
            _ => service.circumstances.not_ready.map_or(AgeCause::Unknown, |state| AgeCause::NotReady(state.into())),
        };
        let kind = FindingKind::OverTarget { age_secs: cell.age_secs(service.circumstances.now), target_secs, cause };
        (kind, over_target_evidence(service, lane, cell))
    } else {
        match cell.state {
            CellState::Missed => {
                let missed = || cell.runs.iter().rev().filter(|run| run.state == RunState::Missed);
                let kind = FindingKind::Missed { count: cell.missed, last: missed().next()?.at };
                (kind, service.schedules(|plan| missed().take(cell.missed).any(|run| run.schedule == plan.id)))
            }
            CellState::Failed => {
                let count = cell.failed.len();
                (FindingKind::Failed { count }, Evidence::Backups(cell.failed.iter().take(MAX_ROWS).cloned().collect()))
            }
            CellState::Late => {
                let run = cell.runs.last()?;
                (FindingKind::Late { since: run.at }, service.schedules(|plan| run.schedule == plan.id))
            }
            _ => return None,
        }
    };
    let is_over = matches!(kind, FindingKind::OverTarget { .. });
    let leaves_no_copy = WHOLE_COPIES.contains(&lane) && !has_young_copy(service.cells, service.known_until());
    // A service that does not run has nothing new to back up; what there is counts.
    let is_idle = service.circumstances.not_ready == Some("stopped") && cell.newest.is_some();
    let is_problem = is_over && (leaves_no_copy || cell.is_target_set) && !is_idle;
    let urgency = if is_problem { Urgency::Problem } else { Urgency::Warning };
    Some(service.finding(urgency, kind, Some(lane), evidence))
}

/// The failed runs; else the newest good backup; else the schedules that should have made one.
fn over_target_evidence(service: &ServiceInput<'_>, lane: usize, cell: &CoverageCell) -> Evidence {
    if !cell.failed.is_empty() {
        return Evidence::Backups(cell.failed.iter().take(MAX_ROWS).cloned().collect());
    }
    match &cell.newest {
        Some(NewestBackup { id, .. }) => Evidence::Backups(vec![id.clone()]),
        None => service.schedules(|plan| plan.lane == Some(lane)),
    }
}

fn gone(service: &ServiceInput<'_>) -> Option<Finding> {
    let schedules = service.plans.iter().filter(|plan| !plan.is_once).count();
    let evidence = service.schedules(|plan| !plan.is_once);
    (schedules > 0).then(|| service.finding(Urgency::Warning, FindingKind::ServiceGone { schedules }, None, evidence))
}

fn no_schedule(service: &ServiceInput<'_>) -> Option<Finding> {
    // Nightly backups are made without a listed schedule: while they arrive, nothing is wrong.
    let is_alone = service.plans.iter().all(|plan| plan.is_once) && service.is_observed();
    if !is_alone || has_young_copy(service.cells, service.known_until()) {
        return None;
    }
    let all = service.history.lanes.iter().flatten();
    Some(service.finding(Urgency::Problem, FindingKind::NoSchedule, None, service.backups(all)))
}

fn all_suspended(service: &ServiceInput<'_>) -> Option<Finding> {
    let recurring = || service.plans.iter().filter(|plan| !plan.is_once);
    if recurring().next().is_none() || !recurring().all(|plan| plan.is_suspended) {
        return None;
    }
    let kind = FindingKind::AllSuspended { since: recurring().filter_map(|plan| plan.changed_at).max() };
    let has_copy = has_young_copy(service.cells, service.known_until());
    let urgency = if has_copy || !service.is_observed() { Urgency::Warning } else { Urgency::Problem };
    Some(service.finding(urgency, kind, None, service.schedules(|plan| !plan.is_once)))
}

/// Days with nothing to restore from: no schedule makes whole copies as often as they are purged.
fn gap(service: &ServiceInput<'_>) -> Option<Finding> {
    let kept = RETENTION.as_secs();
    let is_whole =
        |plan: &PlannedSchedule| plan.lane.is_some_and(|lane| WHOLE_COPIES.contains(&lane)) && plan.is_active();
    let whole = || service.plans.iter().filter(|plan| is_whole(plan));
    let is_rare = |plan: &PlannedSchedule| plan.longest_gap.is_some_and(|gap| gap > kept);
    // Where a lane without a schedule has young backups, somebody else makes them.
    let has_others = WHOLE_COPIES.into_iter().any(|lane| {
        let is_planned = service.plans.iter().any(|plan| plan.lane == Some(lane) && plan.is_active());
        let newest = self::newest_usable(service, lane);
        !is_planned && newest.is_some_and(|start| service.known_until().as_second() - start < DAILY.as_secs())
    });
    if whole().next().is_none() || !whole().all(is_rare) || has_others {
        return None;
    }
    let newest = WHOLE_COPIES.into_iter().filter_map(|lane| newest_usable(service, lane)).max();
    let spans = uncovered(whole(), newest, service.circumstances.now);
    if spans.is_empty() {
        return None;
    }
    Some(service.finding(Urgency::Warning, FindingKind::Gap { spans }, None, service.schedules(is_whole)))
}

fn newest_usable(service: &ServiceInput<'_>, lane: usize) -> Option<i64> {
    service.lane(lane).iter().rev().find(|backup| backup.is_usable()).map(SeenBackup::start)
}

/// From when the backup before is purged to the next run, from now on. `newest` is the start of the newest whole copy.
fn uncovered<'a>(
    plans: impl Iterator<Item = &'a PlannedSchedule>,
    newest: Option<i64>,
    now: Timestamp,
) -> Vec<(Timestamp, Timestamp)> {
    let Ok(until) = Timestamp::from_second(now.as_second().saturating_add(AHEAD)) else { return Vec::new() };
    let timetables = plans.filter_map(|plan| plan.timetable.as_ref());
    let runs = timetables.flat_map(|timetable| timetable.runs_between(now, until));
    let mut starts: Vec<i64> = runs.filter(|run| run.is_certain).map(|run| run.at.as_second()).collect();
    starts.sort_unstable();
    let before = newest.unwrap_or(i64::MIN).max(now.as_second().saturating_sub(RETENTION.as_secs()));
    let befores = std::iter::once(before).chain(starts.iter().copied());
    let spans = befores.zip(&starts).map(|(before, next)| (before + RETENTION.as_secs(), *next));
    spans
        .filter(|(from, until)| from < until)
        .filter_map(|(from, until)| Some((Timestamp::from_second(from).ok()?, Timestamp::from_second(until).ok()?)))
        .collect()
}

/// Incrementals arrive, and there is no full backup at all that they could build on, or not the one that the newest of them names. Older ones
/// may lose theirs: it is purged before them.
fn no_full(service: &ServiceInput<'_>) -> Option<Finding> {
    let incrementals = || service.lane(INCREMENTAL).iter().rev().filter(|backup| backup.is_usable());
    let newest = incrementals().next()?;
    if service.history.may_hide(i64::MIN, i64::MAX) || !service.is_observed() {
        return None;
    }
    let (kind, evidence) = if newest_usable(service, FULL).is_none() {
        (FindingKind::NoFull, service.backups(incrementals()))
    } else {
        let rows = service.circumstances.rows;
        let reference = rows.get(newest.row)?.reference_full_backup?;
        // Full backups come first, and the newest of them is looked at first.
        let mut listed = [FULL, INCREMENTAL].into_iter().flat_map(|lane| service.lane(lane).iter().rev());
        let tag = id_tag(&reference);
        let base = listed.find(|backup| backup.id_tag == tag && rows.has_id(backup.row, &reference));
        if base.is_some_and(SeenBackup::is_usable) {
            return None;
        }
        let names_it = |row: &Backup| row.reference_full_backup.as_ref() == Some(&reference);
        let siblings: Vec<(&SeenBackup, Backup)> =
            incrementals().map_while(|seen| Some((seen, rows.get(seen.row).filter(names_it)?))).collect();
        let chain = siblings.iter().map(|(_, row)| row.clone()).chain(base.and_then(|base| rows.get(base.row)));
        let chain = Chain::of(&ServiceBackups::listed(chain), &service.circumstances.id_of(newest.row))?;
        if chain.verdict != ChainVerdict::Broken {
            return None;
        }
        let kind = FindingKind::BrokenChain { count: siblings.len(), is_listed: base.is_some() };
        (kind, service.backups(siblings.iter().map(|(seen, _)| *seen)))
    };
    Some(service.finding(Urgency::Warning, kind, Some(INCREMENTAL), evidence))
}

fn empty(service: &ServiceInput<'_>, lane: usize) -> Option<Finding> {
    let empty = || service.lane(lane).iter().rev().filter(|backup| backup.is_empty);
    empty().next()?;
    Some(service.finding(Urgency::Warning, FindingKind::Empty, Some(lane), service.backups(empty())))
}

fn never_ends(service: &ServiceInput<'_>, lane: usize) -> Option<Finding> {
    let stuck = service.cells.get(lane)?.stuck.as_ref()?;
    let kind = FindingKind::NeverEnds { since: stuck.at };
    Some(service.finding(Urgency::Warning, kind, Some(lane), Evidence::Backups(vec![stuck.id.clone()])))
}

fn once_without_backup(service: &ServiceInput<'_>) -> Option<Finding> {
    let observed = service.circumstances.observed;
    let plan = service.plans.iter().find(|plan| {
        let (Some(lane), Some(created)) = (plan.lane, plan.created_at) else { return false };
        let (from, until) = (created.as_second() - 120, created.as_second() + ONCE_WITHIN);
        let is_waiting = matches!(plan.status, StatusKind::Running | StatusKind::Queued);
        let has_backup = service.lane(lane).iter().any(|backup| (from..until).contains(&backup.start()));
        plan.is_once
            && !plan.is_suspended
            && !is_waiting
            && !has_backup
            && observed.covers(from, until)
            && !service.history.may_hide(from, until)
    })?;
    let kind = FindingKind::OnceWithoutBackup { created: plan.created_at? };
    let evidence = Evidence::Schedules(vec![plan.id.clone()]);
    Some(service.finding(Urgency::Warning, kind, plan.lane, evidence))
}

fn snapshots_apart(service: &ServiceInput<'_>) -> Option<Finding> {
    const SNAPSHOT: usize = 4;
    const BINARY_LOG: usize = 2;
    let has = |lane: usize| service.active().any(|plan| plan.lane == Some(lane));
    let gap_secs =
        service.active().filter(|plan| plan.lane == Some(SNAPSHOT)).filter_map(|plan| plan.longest_gap).min()?;
    // Only who backs up binary logs wants to recover to any point in time.
    let is_apart = gap_secs > BINARY_LOGS_KEPT.as_secs() && has(BINARY_LOG);
    let evidence = service.schedules(|plan| plan.lane == Some(SNAPSHOT) && plan.is_active());
    is_apart
        .then(|| service.finding(Urgency::Warning, FindingKind::SnapshotsApart { gap_secs }, Some(SNAPSHOT), evidence))
}
