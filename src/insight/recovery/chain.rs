//! The chain of a backup: what else is needed to restore it, and whether that is there.

use jiff::Timestamp;

use super::backups::{KnownBackup, MemberState, ServiceBackups};
use super::logs::{LogRun, MissingLogs, log_runs, missing_between, run_after};
use crate::domain::{BackupId, BackupType};

/// What a member is in its chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainRole {
    /// It is restored first.
    Base,
    /// It is applied after those before it.
    Between,
    /// The backup that the chain is of: the last one.
    This,
}

/// One backup of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainMember {
    /// Its id, which may be all that is known of it.
    pub id: BackupId,
    /// Its type.
    pub backup_type: Option<BackupType>,
    /// What it is here.
    pub role: ChainRole,
    /// Whether it is there.
    pub state: MemberState,
    /// When it ended, or else began.
    pub at: Option<Timestamp>,
}

/// Why a chain is broken or not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainProblem {
    /// The member at this position is not there, or it is not known whether it is.
    Member(usize),
    /// The incremental does not name its full backup.
    NoReference,
    /// The times of the members leave their order open.
    Order,
    /// Logs that no listed backup holds.
    MissingLogs(MissingLogs),
    /// No listed full backup or dump is one that the logs continue from.
    NoBase,
    /// None is known, and the list is not complete.
    BaseUnknown,
    /// No name of a log tells whether logs are missing: the base was found by its GTID.
    ByGtidOnly,
    /// The same, and the base was found by its time.
    ByTimeOnly,
}

/// Whether all of a chain is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainVerdict {
    /// Every member is listed as succeeded.
    Whole,
    /// Something is missing: it should not be restorable.
    Broken,
    /// The lists do not tell.
    NotKnown,
}

/// The chain of an incremental backup or of a backup of binary logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// In the order in which they are restored; the last one is the backup itself.
    pub members: Vec<ChainMember>,
    /// Whether all is there.
    pub verdict: ChainVerdict,
    /// Why not.
    pub problems: Vec<ChainProblem>,
    /// Binary logs: their first moment, the end of the backup they continue from.
    pub from: Option<Timestamp>,
    /// Binary logs: no commit after this moment is in them.
    pub until: Option<Timestamp>,
    /// Replication domains that the logs have and the GTID of their base lacks.
    pub new_domains: Vec<u32>,
    /// The backups were taken from different servers, whose logs have names of their own.
    pub has_other_servers: bool,
}

impl Chain {
    /// The chain of a backup; `None` for one that needs no other, or that is not among these.
    #[must_use]
    pub fn of(backups: &ServiceBackups, id: &BackupId) -> Option<Self> {
        let this = backups.find(id.as_str())?;
        match this.row.backup_type.as_ref()? {
            BackupType::Incremental => Some(Self::of_incremental(backups, this)),
            BackupType::BinaryLog => Some(Self::of_logs(backups, this)),
            BackupType::Full | BackupType::Dump | BackupType::Snapshot | BackupType::Other(_) => None,
        }
    }

    fn of_incremental(backups: &ServiceBackups, this: &KnownBackup) -> Self {
        let Some(reference) = this.row.reference_full_backup.as_deref() else {
            let members = vec![member(this, ChainRole::This)];
            return Self::new(members, vec![ChainProblem::NoReference], None);
        };
        let siblings = backups.all.iter().filter(|backup| {
            backup.is(&BackupType::Incremental) && backup.row.reference_full_backup.as_deref() == Some(reference)
        });
        let between: Vec<&KnownBackup> = siblings.take_while(|backup| backup.row.id != this.row.id).collect();
        let full = backups.find(reference);
        let is_in_order = follow_each_other(full, &between, this);
        let base = full.map_or_else(
            || ChainMember {
                id: BackupId::new(reference),
                backup_type: Some(BackupType::Full),
                role: ChainRole::Base,
                state: backups.absent_state(),
                at: None,
            },
            |full| {
                let state = if full.is(&BackupType::Full) { full.state } else { MemberState::Unknown };
                ChainMember { state, ..member(full, ChainRole::Base) }
            },
        );
        let between = between.into_iter().map(|backup| member(backup, ChainRole::Between));
        let members: Vec<ChainMember> =
            std::iter::once(base).chain(between).chain([member(this, ChainRole::This)]).collect();
        Self::new(members, if is_in_order { Vec::new() } else { vec![ChainProblem::Order] }, None)
    }

    fn of_logs(backups: &ServiceBackups, this: &KnownBackup) -> Self {
        let runs = log_runs(backups);
        let (base, mut problems) = base_of_logs(backups, &runs, this);
        let Some(base) = base else {
            return Self::new(vec![member(this, ChainRole::This)], problems, None);
        };
        let mut logs: Vec<&KnownBackup> = Vec::new();
        if let (Some(from), Some(until)) = (&base.file, &this.file) {
            let run = run_after(&runs, base).filter(|_| problems.is_empty());
            let number = |log: &KnownBackup| (log.file.as_ref().map_or(0, |file| file.number), log.start);
            logs.extend(run.into_iter().flat_map(|run| run.from(from)).filter(|log| number(log) < number(this)));
            let missing = missing_between(&runs, from, until).into_iter().map(ChainProblem::MissingLogs);
            problems.extend(missing.filter(|_| this.state == MemberState::Listed));
        }
        let between = logs.iter().map(|log| member(log, ChainRole::Between));
        let members = std::iter::once(member(base, ChainRole::Base)).chain(between);
        let members: Vec<ChainMember> = members.chain([member(this, ChainRole::This)]).collect();
        let new_domains =
            base.gtid.as_ref().zip(this.gtid.as_ref()).map_or_else(Vec::new, |(base, this)| base.lacks(this));
        Self {
            new_domains,
            has_other_servers: has_other_servers(base, &logs, this),
            ..Self::new(members, problems, Some((base, this)))
        }
    }

    /// With what the states of the members add to the problems. `span` are the base and the last of binary logs.
    fn new(
        members: Vec<ChainMember>,
        mut problems: Vec<ChainProblem>,
        span: Option<(&KnownBackup, &KnownBackup)>,
    ) -> Self {
        let absent = members.iter().enumerate().filter(|(_, member)| member.state != MemberState::Listed);
        problems.extend(absent.map(|(position, _)| ChainProblem::Member(position)));
        let is_broken = problems.iter().any(|problem| match problem {
            ChainProblem::Member(position) => members.get(*position).is_some_and(ChainMember::breaks_chain),
            ChainProblem::MissingLogs(_) | ChainProblem::NoBase => true,
            _ => false,
        });
        let verdict = match problems.is_empty() {
            true => ChainVerdict::Whole,
            false if is_broken => ChainVerdict::Broken,
            false => ChainVerdict::NotKnown,
        };
        let at = |second: i64| Timestamp::from_second(second).ok();
        Self {
            members,
            verdict,
            problems,
            from: span.and_then(|(base, _)| at(base.end?)),
            until: span.and_then(|(_, last)| at(last.start?)),
            new_domains: Vec::new(),
            has_other_servers: false,
        }
    }
}

impl ChainMember {
    /// Nothing after it can be restored. Whether a failed incremental left something that the next one builds on is not known.
    fn breaks_chain(&self) -> bool {
        let may_be_skipped = matches!(self.state, MemberState::Failed | MemberState::Unfinished);
        self.state.is_unusable() && !(self.role == ChainRole::Between && may_be_skipped)
    }
}

pub(super) fn member(backup: &KnownBackup, role: ChainRole) -> ChainMember {
    let time = backup.row.end_time.as_ref().or(backup.row.start_time.as_ref());
    ChainMember {
        id: backup.row.id.clone(),
        backup_type: backup.row.backup_type.clone(),
        role,
        state: backup.state,
        at: time.and_then(crate::domain::ApiTime::at),
    }
}

/// True where each began after the full backup did, and all of them have a start.
pub(super) fn follow_each_other(full: Option<&KnownBackup>, between: &[&KnownBackup], this: &KnownBackup) -> bool {
    let first = full.map_or(Some(i64::MIN), |full| full.start);
    let mut later = between.iter().copied().chain([this]);
    first.is_some_and(|first| later.all(|backup| backup.start.is_some_and(|start| start > first)))
}

/// True where not all are known to be of one server.
pub(super) fn has_other_servers(base: &KnownBackup, logs: &[&KnownBackup], last: &KnownBackup) -> bool {
    let pod = base.row.server_pod.as_deref();
    logs.iter().copied().chain([last]).any(|log| log.row.server_pod.as_deref() != pod)
}

/// The full backup or dump that logs continue from: by the order of the logs, else by GTID, else by time.
fn base_of_logs<'a>(
    backups: &'a ServiceBackups,
    runs: &[LogRun<'a>],
    this: &KnownBackup,
) -> (Option<&'a KnownBackup>, Vec<ChainProblem>) {
    let usable = || {
        let is_base = |backup: &&KnownBackup| backup.is(&BackupType::Full) || backup.is(&BackupType::Dump);
        let usable = backups.all.iter().filter(is_base).filter(|backup| backup.state == MemberState::Listed);
        usable.filter(|backup| backup.end.is_some() && backup.end <= this.start)
    };
    let newest = |candidates: &mut dyn Iterator<Item = &'a KnownBackup>| candidates.max_by_key(|backup| backup.end);
    if let Some(file) = &this.file {
        let is_before = |backup: &&KnownBackup| {
            backup.file.as_ref().is_some_and(|own| own.base == file.base && own.number <= file.number)
        };
        let is_linked =
            |backup: &&KnownBackup| backup.file.as_ref().is_some_and(|own| missing_between(runs, own, file).is_empty());
        let linked = newest(&mut usable().filter(is_before).filter(is_linked));
        if let Some(base) = linked.or_else(|| newest(&mut usable().filter(is_before))) {
            return (Some(base), Vec::new());
        }
    }
    let is_reached = |backup: &&KnownBackup| {
        backup.gtid.as_ref().zip(this.gtid.as_ref()).is_some_and(|(own, this)| own.is_reached_by(this))
    };
    // A name of its own says more than a GTID does: then it is another log than this one continues.
    let is_unnamed = |backup: &&KnownBackup| backup.file.is_none() || this.file.is_none();
    if let Some(base) = newest(&mut usable().filter(is_unnamed).filter(is_reached)) {
        return (Some(base), vec![ChainProblem::ByGtidOnly]);
    }
    if let Some(base) = newest(&mut usable().filter(is_unnamed)) {
        return (Some(base), vec![ChainProblem::ByTimeOnly]);
    }
    (None, vec![if backups.is_complete { ChainProblem::NoBase } else { ChainProblem::BaseUnknown }])
}
