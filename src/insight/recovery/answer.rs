//! "Can I get back to this moment?": yes, no, or not known; by what, or what is missing.

use jiff::Timestamp;

use super::backups::{KnownBackup, MemberState};
use super::chain::{Chain, ChainMember, ChainRole, member};
use super::logs::{MissingLogs, log_runs, run_after};
use super::moments::{LogBase, PointInTimeRange, RestorePoint, ServiceMoments};
use super::warnings::{MomentWarning, backup_warnings, log_warnings, point_in_time_warnings};
use crate::domain::{ApiTime, BackupId, BackupType};

/// Yes, no, or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reachability {
    /// The lists prove it, as far as lists can.
    Yes,
    /// Nothing that is listed leads there.
    No,
    /// The lists do not tell.
    NotKnown,
}

/// How to get there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestoreMethod {
    /// SkySQL restores the service to this point in time.
    PointInTime,
    /// The backup holds this moment.
    Backup(BackupId),
    /// The backup is restored, then the binary logs after it are applied by hand.
    Logs(BackupId),
}

/// Why nothing leads there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoMoment {
    /// It lies in the future, and nothing that is listed is of it.
    Future,
    /// Every listed backup is of later.
    BeforeAll,
    /// In none of the listed backups.
    NotInAny,
    /// Binary logs are missing.
    Missing(MissingLogs),
}

/// Why it is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotKnown {
    /// A dump holds a state between its start and end, possibly several moments.
    Dump,
    /// The last log was closed at some time before this moment.
    LastLog(Timestamp),
    /// It is not known whether all of the chain of an incremental is there.
    Chain,
    /// The list of backups is not complete.
    ListIncomplete,
    /// The list of backups was read before.
    ListIsOlder(Timestamp),
    /// SkySQL has not told which points in time it can restore.
    RangeUnknown,
}

/// A moment that works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearest {
    /// The moment.
    pub at: Timestamp,
    /// The type of the backup that holds it; `None` for one of a stretch of moments.
    pub backup_type: Option<BackupType>,
}

/// Whether a service can be restored to a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MomentAnswer {
    /// The moment, in whole seconds.
    pub at: Timestamp,
    /// Whether it can.
    pub verdict: Reachability,
    /// How; also where it is not known whether that leads exactly there.
    pub method: Option<RestoreMethod>,
    /// What is restored, in this order.
    pub chain: Vec<ChainMember>,
    /// Why not.
    pub no: Option<NoMoment>,
    /// Why it is not known.
    pub not_known: Vec<NotKnown>,
    /// What to watch out for.
    pub warnings: Vec<MomentWarning>,
    /// The nearest moment before that works.
    pub before: Option<Nearest>,
    /// The nearest moment after that works.
    pub after: Option<Nearest>,
}

impl ServiceMoments {
    /// Whether the service can be restored to a moment.
    #[must_use]
    pub fn answer(&self, at: Timestamp) -> MomentAnswer {
        let second = at.as_second();
        let empty = MomentAnswer {
            at: Timestamp::from_second(second).unwrap_or(at),
            verdict: Reachability::No,
            method: None,
            chain: Vec::new(),
            no: None,
            not_known: Vec::new(),
            warnings: Vec::new(),
            before: self.before(second),
            after: self.after(second),
        };
        let held = |is_it: &dyn Fn(&RestorePoint) -> bool| {
            self.points.iter().rev().find(|point| point.holds(second) && is_it(point))
        };
        if let Some(point) = held(&|point| point.is_exact() && point.is_certain) {
            return self.by_backup(empty, point, Reachability::Yes);
        }
        if self.is_in_range(at) {
            return self.by_point_in_time(empty);
        }
        let base = |is_reached: &dyn Fn(&LogBase) -> bool| {
            let begun = self.log_bases.partition_point(|base| base.from <= second);
            self.log_bases.get(..begun)?.iter().rev().find(|base| is_reached(base))
        };
        if let Some(base) = base(&|base| base.from < base.certain_until && second <= base.certain_until) {
            return self.by_logs(empty, base, Reachability::Yes);
        }
        if let Some(point) = held(&|point| point.is_exact()) {
            return self.by_backup(empty, point, Reachability::NotKnown);
        }
        if let Some(base) = base(&|base| second <= base.possible_until) {
            return self.by_logs(empty, base, Reachability::NotKnown);
        }
        match held(&|_| true) {
            Some(dump) => self.by_backup(empty, dump, Reachability::NotKnown),
            None => self.by_nothing(empty),
        }
    }

    fn by_backup(&self, answer: MomentAnswer, point: &RestorePoint, verdict: Reachability) -> MomentAnswer {
        let chain = self.backups.find(point.id.as_str()).map_or_else(Vec::new, |backup| self.chain_of(backup));
        let reason = if point.is_exact() { NotKnown::Chain } else { NotKnown::Dump };
        MomentAnswer {
            verdict,
            method: Some(RestoreMethod::Backup(point.id.clone())),
            chain,
            not_known: (verdict == Reachability::NotKnown).then_some(reason).into_iter().collect(),
            warnings: backup_warnings(self, &point.backup_type),
            ..answer
        }
    }

    /// What is restored for a backup: its base, what lies between, the backup itself.
    fn chain_of(&self, backup: &KnownBackup) -> Vec<ChainMember> {
        let alone = || vec![member(backup, ChainRole::Base)];
        let mut members = Chain::of(&self.backups, &backup.row.id).map_or_else(alone, |chain| chain.members);
        for member in members.iter_mut().filter(|member| member.role == ChainRole::This) {
            member.role = ChainRole::Between;
        }
        members
    }

    fn by_point_in_time(&self, answer: MomentAnswer) -> MomentAnswer {
        let (before, after) = self.snapshots_around(answer.at);
        let snapshots = [before, after].into_iter().flatten();
        let chain = snapshots.map(|backup| member(backup, ChainRole::Base)).collect();
        let warnings = point_in_time_warnings(self, before, after);
        MomentAnswer { verdict: Reachability::Yes, method: Some(RestoreMethod::PointInTime), chain, warnings, ..answer }
    }

    fn by_logs(&self, answer: MomentAnswer, base: &LogBase, verdict: Reachability) -> MomentAnswer {
        let Some(backup) = self.backups.all.get(base.position) else { return answer };
        let runs = log_runs(&self.backups);
        let logs = run_after(&runs, backup).into_iter().zip(&backup.file).flat_map(|(run, file)| run.from(file));
        let second = answer.at.as_second();
        // Up to the log that was still open when a backup began that was made after the moment.
        let mut needed: Vec<&KnownBackup> = Vec::new();
        for log in logs {
            let is_last = needed.iter().any(|it| it.start >= Some(second) && it.file != log.file);
            needed.push(log);
            if is_last {
                break;
            }
        }
        let logs = needed.iter().map(|log| member(log, ChainRole::Between));
        let chain = self.chain_of(backup).into_iter().chain(logs).collect();
        let last_log = Timestamp::from_second(base.possible_until).ok().map(NotKnown::LastLog);
        MomentAnswer {
            verdict,
            method: Some(RestoreMethod::Logs(backup.row.id.clone())),
            chain,
            not_known: last_log.filter(|_| verdict == Reachability::NotKnown).into_iter().collect(),
            warnings: log_warnings(self, backup, &needed),
            ..answer
        }
    }

    fn by_nothing(&self, answer: MomentAnswer) -> MomentAnswer {
        if answer.at > self.now {
            return MomentAnswer { no: Some(NoMoment::Future), ..answer };
        }
        let mut not_known = Vec::new();
        match self.listed_at.filter(|listed| answer.at > *listed) {
            Some(listed) => not_known.push(NotKnown::ListIsOlder(listed)),
            None if !self.backups.is_complete => not_known.push(NotKnown::ListIncomplete),
            None => {}
        }
        if self.range == PointInTimeRange::Unknown {
            not_known.push(NotKnown::RangeUnknown);
        }
        let hole = self.holes.iter().find(|hole| hole.from < answer.at && answer.at < hole.until);
        let is_first = self.bounds().is_some_and(|(first, _)| answer.at < first);
        let no = match hole {
            Some(hole) => NoMoment::Missing(hole.missing.clone()),
            None if is_first => NoMoment::BeforeAll,
            None => NoMoment::NotInAny,
        };
        let verdict = if not_known.is_empty() { Reachability::No } else { Reachability::NotKnown };
        MomentAnswer { verdict, no: Some(no).filter(|_| verdict == Reachability::No), not_known, ..answer }
    }

    fn is_in_range(&self, at: Timestamp) -> bool {
        matches!(self.range, PointInTimeRange::Range { from, until } if from <= at && at <= until)
    }

    /// The listed snapshots before and after a moment.
    fn snapshots_around(&self, at: Timestamp) -> (Option<&KnownBackup>, Option<&KnownBackup>) {
        let moment = |backup: &KnownBackup| backup.row.point_in_time.as_ref().and_then(ApiTime::at);
        let snapshots = || {
            let listed = self.backups.of_type(&BackupType::Snapshot).filter(|it| it.state == MemberState::Listed);
            listed.filter_map(move |backup| Some((moment(backup)?, backup)))
        };
        let before = snapshots().filter(|(of, _)| *of <= at).max_by_key(|(of, _)| *of);
        let after = snapshots().filter(|(of, _)| *of > at).min_by_key(|(of, _)| *of);
        (before.map(|(_, backup)| backup), after.map(|(_, backup)| backup))
    }

    /// The moments that work, each stretch as its first and last. Dumps only where there is nothing better.
    fn working(&self) -> impl Iterator<Item = (Timestamp, Timestamp, Option<&BackupType>)> {
        let has_exact = !self.spans.is_empty() || self.points.iter().any(|it| it.is_exact() && it.is_certain);
        let points = self.points.iter().filter(move |it| it.is_certain && (it.is_exact() || !has_exact));
        let points = points.map(|point| (point.from, point.until, Some(&point.backup_type)));
        points.chain(self.spans.iter().map(|span| (span.from, span.until, None)))
    }

    fn before(&self, second: i64) -> Option<Nearest> {
        let last = self.working().filter_map(|(from, until, backup_type)| {
            let at = Timestamp::from_second(until.as_second().min(second - 1)).ok()?;
            (from <= at).then_some((at, backup_type))
        });
        let (at, backup_type) = last.max_by_key(|(at, backup_type)| (*at, backup_type.is_some()))?;
        Some(Nearest { at, backup_type: backup_type.cloned() })
    }

    fn after(&self, second: i64) -> Option<Nearest> {
        let first = self.working().filter_map(|(from, until, backup_type)| {
            let at = Timestamp::from_second(from.as_second().max(second + 1)).ok()?;
            (at <= until).then_some((at, backup_type))
        });
        let (at, backup_type) = first.min_by_key(|(at, backup_type)| (*at, backup_type.is_none()))?;
        Some(Nearest { at, backup_type: backup_type.cloned() })
    }
}
