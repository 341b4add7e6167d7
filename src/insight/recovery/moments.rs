//! The moments that one service can be restored to: single ones, stretches of time, and the holes between them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::backups::{KnownBackup, MemberState, ServiceBackups};
use super::chain::follow_each_other;
use super::logs::{LogRun, MissingLogs, log_runs, run_after};
use crate::domain::{ApiTime, BackupId, BackupType, Service};

/// A backup, and the moment that it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestorePoint {
    /// The backup.
    pub id: BackupId,
    /// Its type.
    pub backup_type: BackupType,
    /// The moment: the end of a full or incremental backup, what a snapshot says, of a dump its start.
    pub from: Timestamp,
    /// The same; of a dump its end, because it may hold several moments from its start on.
    pub until: Timestamp,
    /// All of its chain is listed.
    pub is_certain: bool,
}

impl RestorePoint {
    /// True for one that holds exactly this second.
    pub(super) fn holds(&self, second: i64) -> bool {
        (self.from.as_second()..=self.until.as_second()).contains(&second)
    }

    /// Every row in it is of one moment, which is known.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.backup_type != BackupType::Dump
    }
}

/// What leads to each moment of a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MomentSource {
    /// SkySQL restores the service to a point in time.
    PointInTime,
    /// A backup, and the binary logs after it.
    Logs,
}

/// Moments one after the other, to the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MomentSpan {
    /// What leads there.
    pub source: MomentSource,
    /// The first moment.
    pub from: Timestamp,
    /// The last moment.
    pub until: Timestamp,
}

/// Moments that the binary logs would lead to if none of them were missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// After this moment.
    pub from: Timestamp,
    /// Up to this one.
    pub until: Timestamp,
    /// The logs that no listed backup holds.
    pub missing: MissingLogs,
}

/// What SkySQL says about the points in time of a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PointInTimeRange {
    /// It was not asked, or did not reply.
    #[default]
    Unknown,
    /// The service cannot be restored to a point in time.
    None,
    /// From the first moment to the last one.
    Range {
        /// The first.
        from: Timestamp,
        /// The last.
        until: Timestamp,
    },
}

impl PointInTimeRange {
    /// The same as requests can name it: to the second, and never beyond its ends.
    fn in_whole_seconds(self) -> Self {
        let Self::Range { from, until } = self else { return self };
        let first = from.as_second() + i64::from(from.subsec_nanosecond() > 0);
        match timestamp(first).zip(timestamp(until.as_second())) {
            Some((from, until)) if from <= until => Self::Range { from, until },
            _ => Self::None,
        }
    }
}

/// A backup that binary logs continue from. Seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct LogBase {
    /// Its position among the backups.
    pub(super) position: usize,
    /// The first second that the logs lead to.
    pub(super) from: i64,
    /// Every commit up to here is in the logs.
    pub(super) certain_until: i64,
    /// No commit after this is.
    pub(super) possible_until: i64,
}

/// The moments that a service can be restored to.
#[derive(Clone, Debug)]
pub struct ServiceMoments {
    /// Backups that hold a moment, by time.
    pub points: Vec<RestorePoint>,
    /// Stretches of moments; those of one source do not overlap.
    pub spans: Vec<MomentSpan>,
    /// Holes in the binary logs.
    pub holes: Vec<Hole>,
    /// What SkySQL says about points in time.
    pub range: PointInTimeRange,
    /// When the list was read.
    pub listed_at: Option<Timestamp>,
    /// The present.
    pub now: Timestamp,
    pub(super) backups: ServiceBackups,
    pub(super) service: Option<Service>,
    /// By the second they begin at.
    pub(super) log_bases: Vec<LogBase>,
}

impl ServiceMoments {
    /// Those of a service, of which `backups` are known.
    #[must_use]
    pub fn new(
        backups: ServiceBackups,
        service: Option<Service>,
        range: PointInTimeRange,
        listed_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Self {
        let certain = certain_incrementals(&backups);
        let points = points(&backups, &certain);
        let runs = log_runs(&backups);
        let log_bases = log_bases(&backups, &certain, &runs);
        let holes = holes(&runs, &points, listed_at.unwrap_or(now));
        let mut spans = log_spans(&log_bases);
        let range = range.in_whole_seconds();
        if let PointInTimeRange::Range { from, until } = range {
            spans.push(MomentSpan { source: MomentSource::PointInTime, from, until });
        }
        Self { points, spans, holes, range, listed_at, now, backups, service, log_bases }
    }

    /// The first and the last moment that lead anywhere; `None` where there is none.
    #[must_use]
    pub fn bounds(&self) -> Option<(Timestamp, Timestamp)> {
        let from = self.points.iter().map(|point| point.from).chain(self.spans.iter().map(|span| span.from)).min()?;
        let until =
            self.points.iter().map(|point| point.until).chain(self.spans.iter().map(|span| span.until)).max()?;
        Some((from, until))
    }
}

fn timestamp(second: i64) -> Option<Timestamp> {
    Timestamp::from_second(second).ok()
}

/// Of each incremental whether all of its chain is listed, by its position; those that should not be restorable are left out. A
/// member that is missing breaks what follows it, not what precedes it.
fn certain_incrementals(backups: &ServiceBackups) -> BTreeMap<usize, bool> {
    let mut by_full: BTreeMap<&str, Vec<(usize, &KnownBackup)>> = BTreeMap::new();
    for (position, backup) in backups.all.iter().enumerate().filter(|(_, it)| it.is(&BackupType::Incremental)) {
        let reference = backup.row.reference_full_backup.as_deref().unwrap_or_default();
        by_full.entry(reference).or_default().push((position, backup));
    }
    let by_id: BTreeMap<&str, &KnownBackup> =
        backups.of_type(&BackupType::Full).map(|full| (full.row.id.as_str(), full)).collect();
    let mut certain = BTreeMap::new();
    for (reference, incrementals) in by_full {
        let full = by_id.get(reference).copied();
        let state = full.map_or_else(|| backups.absent_state(), |full| full.state);
        if reference.is_empty() || state.is_unusable() {
            continue;
        }
        let mut is_certain = state == MemberState::Listed && full.is_some();
        for (position, incremental) in incrementals {
            let is_in_order = follow_each_other(full, &[], incremental);
            match incremental.state {
                MemberState::Listed => {
                    is_certain &= is_in_order;
                    certain.insert(position, is_certain);
                }
                MemberState::Failed | MemberState::Unfinished | MemberState::Unknown => is_certain = false,
                MemberState::Expired | MemberState::NotListed | MemberState::Empty => break,
            }
        }
    }
    certain
}

fn points(backups: &ServiceBackups, certain: &BTreeMap<usize, bool>) -> Vec<RestorePoint> {
    let listed = backups.all.iter().enumerate().filter(|(_, backup)| backup.state == MemberState::Listed);
    let mut points: Vec<RestorePoint> = listed
        .filter_map(|(position, backup)| {
            let (start, end) = (timestamp(backup.start?)?, backup.end.and_then(timestamp));
            let backup_type = backup.row.backup_type.clone()?;
            let whole = |at: Timestamp| timestamp(at.as_second());
            let (from, until, is_certain) = match backup_type {
                BackupType::Full => (end?, end?, true),
                BackupType::Incremental => (end?, end?, *certain.get(&position)?),
                BackupType::Dump => (start, end.filter(|end| *end >= start)?, true),
                BackupType::Snapshot => {
                    let at = backup.row.point_in_time.as_ref().and_then(ApiTime::at).and_then(whole)?;
                    (at, at, true)
                }
                BackupType::BinaryLog | BackupType::Other(_) => return None,
            };
            Some(RestorePoint { id: backup.row.id.clone(), backup_type, from, until, is_certain })
        })
        .collect();
    points.sort_by(|a, b| (a.from, a.until, &a.id).cmp(&(b.from, b.until, &b.id)));
    points
}

/// Backups that binary logs continue from. Logs are applied to what a backup holds, so that their moments begin at its end.
fn log_bases(backups: &ServiceBackups, certain: &BTreeMap<usize, bool>, runs: &[LogRun<'_>]) -> Vec<LogBase> {
    let is_base = |position: usize, backup: &KnownBackup| {
        let is_whole = match backup.row.backup_type {
            Some(BackupType::Full | BackupType::Dump) => true,
            Some(BackupType::Incremental) => certain.get(&position) == Some(&true),
            _ => false,
        };
        is_whole && backup.state == MemberState::Listed
    };
    let mut bases: Vec<LogBase> = backups
        .all
        .iter()
        .enumerate()
        .filter(|(position, backup)| is_base(*position, backup))
        .filter_map(|(position, backup)| {
            let end = backup.end?;
            // A dump may hold rows of its last second, and is not of one moment; logs lead to the seconds after it.
            let from = if backup.is(&BackupType::Dump) { end.checked_add(1)? } else { end };
            let run = run_after(runs, backup)?;
            let possible_until = run.possible_until().unwrap_or(from).max(from);
            let certain_until = run.certain_until().unwrap_or(from).clamp(from, possible_until);
            Some(LogBase { position, from, certain_until, possible_until })
                .filter(|base| base.from < base.possible_until)
        })
        .collect();
    bases.sort_by_key(|base| (base.from, base.position));
    bases
}

/// The stretches that logs lead to for sure, joined where they overlap.
fn log_spans(bases: &[LogBase]) -> Vec<MomentSpan> {
    let mut spans: Vec<(i64, i64)> = Vec::new();
    for base in bases.iter().filter(|base| base.certain_until > base.from) {
        match spans.last_mut() {
            Some((_, until)) if base.from <= *until => *until = (*until).max(base.certain_until),
            _ => spans.push((base.from, base.certain_until)),
        }
    }
    let span = |(from, until)| {
        Some(MomentSpan { source: MomentSource::Logs, from: timestamp(from)?, until: timestamp(until)? })
    };
    spans.into_iter().filter_map(span).collect()
}

/// A hole is open until the next whole copy, from which logs can go on.
fn holes(runs: &[LogRun<'_>], points: &[RestorePoint], latest: Timestamp) -> Vec<Hole> {
    let hole = |run: &LogRun<'_>| {
        let missing = run.missing_after.clone()?;
        let from = timestamp(run.possible_until()?)?;
        let is_copy = |point: &&RestorePoint| matches!(point.backup_type, BackupType::Full | BackupType::Dump);
        let next = points.iter().filter(is_copy).map(|point| point.until).find(|until| *until > from);
        Some(Hole { from, until: next.unwrap_or(latest), missing }).filter(|hole| hole.until > hole.from)
    };
    runs.iter().filter_map(hole).collect()
}
