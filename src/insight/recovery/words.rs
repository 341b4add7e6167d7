//! Chains and moments in words: sentences without their full stops.

use super::answer::{MomentAnswer, NoMoment, NotKnown, Reachability, RestoreMethod};
use super::backups::MemberState;
use super::chain::{Chain, ChainMember, ChainProblem, ChainRole, ChainVerdict};
use super::logs::MissingLogs;
use super::warnings::MomentWarning;
use crate::domain::{BackupType, Zone, and_list, format_count, format_span, sanitize_for_display};

/// What every statement about a chain rests on.
pub const NOT_VERIFIED: &str = "Listed, not verified: only a restore, and reading its tables, shows more";

/// What no list tells.
pub const CANNOT_BE_KNOWN: &str = "The list cannot tell: the options of a dump, storage engines, incrementals and logs that were never \
     listed, whether files are whole, the event scheduler, and whether an incremental was used up by an earlier restore";

impl MemberState {
    /// One word or two.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Listed => "Listed",
            Self::Expired => "Expired",
            Self::NotListed => "Not listed",
            Self::Failed => "Failed",
            Self::Empty => "0 bytes",
            Self::Unfinished => "Not finished",
            Self::Unknown => "Not known",
        }
    }

    /// `is expired`: the end of a sentence about a backup.
    fn predicate(self) -> &'static str {
        match self {
            Self::Listed => "is listed",
            Self::Expired => "is expired",
            Self::NotListed => "is not in the list",
            Self::Failed => "failed",
            Self::Empty => "holds 0 bytes",
            Self::Unfinished => "has not finished",
            Self::Unknown => "is not known",
        }
    }
}

/// `full backup`, `binary logs`.
#[must_use]
pub fn type_words(backup_type: Option<&BackupType>) -> &'static str {
    match backup_type {
        Some(BackupType::Full) => "full backup",
        Some(BackupType::Incremental) => "incremental",
        Some(BackupType::BinaryLog) => "binary logs",
        Some(BackupType::Dump) => "dump",
        Some(BackupType::Snapshot) => "snapshot",
        Some(BackupType::Other(_)) | None => "backup",
    }
}

/// `full backup of 2026-11-24 02:11`.
#[must_use]
pub fn member_words(member: &ChainMember, zone: &Zone) -> String {
    let kind = type_words(member.backup_type.as_ref());
    match member.at {
        Some(at) => format!("{kind} of {}", zone.date_minute(at)),
        None => kind.to_owned(),
    }
}

impl MissingLogs {
    /// `mariadb-bin.000125`, `mariadb-bin.000125 to mariadb-bin.000127`.
    #[must_use]
    pub fn names(&self) -> String {
        let name = |name: &str| sanitize_for_display(name).into_owned();
        if self.count == 1 { name(&self.first) } else { format!("{} to {}", name(&self.first), name(&self.last)) }
    }
}

impl Chain {
    /// What it comes to, in one sentence.
    #[must_use]
    pub fn sentence(&self, zone: &Zone) -> String {
        let is_logs = self.members.last().is_some_and(|this| this.backup_type == Some(BackupType::BinaryLog));
        let base = self.members.first().filter(|base| base.role == ChainRole::Base);
        let between = self.members.iter().filter(|member| member.role == ChainRole::Between).count();
        let needs = match (base, between) {
            (None, _) => None,
            (Some(base), _) if is_logs => Some(format!("Continues from the {}", member_words(base, zone))),
            (Some(base), 0) => Some(format!("Needs the {}", member_words(base, zone))),
            (Some(base), 1) => Some(format!("Needs the {} and 1 incremental between", member_words(base, zone))),
            (Some(base), count) => {
                let count = format_count(count);
                Some(format!("Needs the {} and {count} incrementals between", member_words(base, zone)))
            }
        };
        let verdict = match self.verdict {
            ChainVerdict::Whole => "All of its chain is listed".to_owned(),
            ChainVerdict::Broken => format!("It should not be restorable: {}", self.reasons(zone)),
            ChainVerdict::NotKnown => format!("Not known whether it can be restored: {}", self.reasons(zone)),
        };
        needs.into_iter().chain([verdict]).collect::<Vec<_>>().join(". ")
    }

    fn reasons(&self, zone: &Zone) -> String {
        let is_decisive = |problem: &&ChainProblem| match problem {
            ChainProblem::Member(position) if self.verdict == ChainVerdict::Broken => {
                self.members.get(*position).is_some_and(|member| member.state.is_unusable())
            }
            _ => true,
        };
        let reasons: Vec<String> =
            self.problems.iter().filter(is_decisive).map(|problem| self.reason(problem, zone)).collect();
        and_list(&reasons)
    }

    fn reason(&self, problem: &ChainProblem, zone: &Zone) -> String {
        match problem {
            ChainProblem::Member(position) => match self.members.get(*position) {
                Some(member) if member.role == ChainRole::This => format!("it {}", member.state.predicate()),
                Some(member) => format!("the {} {}", member_words(member, zone), member.state.predicate()),
                None => String::new(),
            },
            ChainProblem::NoReference => "SkySQL does not name the full backup it builds on".to_owned(),
            ChainProblem::Order => "the times of its chain leave the order open".to_owned(),
            ChainProblem::MissingLogs(missing) => match missing.count {
                1 => format!("{} is in no listed backup", missing.names()),
                _ => format!("{} are in no listed backup", missing.names()),
            },
            ChainProblem::NoBase => "no full backup or dump that it continues from is listed".to_owned(),
            ChainProblem::BaseUnknown => "the list is not complete".to_owned(),
            ChainProblem::ByGtidOnly => {
                "only the GTID links them, so that missing logs would not be noticed".to_owned()
            }
            ChainProblem::ByTimeOnly => "only their times link them, neither a log nor a GTID".to_owned(),
        }
    }

    /// The moments that binary logs lead to; `None` for other backups.
    #[must_use]
    pub fn span_sentence(&self, zone: &Zone) -> Option<String> {
        let (from, until) = self.from.zip(self.until)?;
        let [from, until] = [from, until].map(|at| zone.date_minute(at));
        Some(format!(
            "From {from} to the last commit before its last rotation, at the latest {until}; what is later is not in any listed backup"
        ))
    }

    /// What to watch out for.
    #[must_use]
    pub fn warnings(&self) -> Vec<MomentWarning> {
        let more = (!self.new_domains.is_empty()).then(|| MomentWarning::MoreDomains(self.new_domains.clone()));
        let others = self.has_other_servers.then_some(MomentWarning::OtherServers);
        let is_incremental = self.members.last().is_some_and(|it| it.backup_type == Some(BackupType::Incremental));
        let used_up = is_incremental.then_some(MomentWarning::UsedUp);
        [more, others, used_up].into_iter().flatten().collect()
    }
}

impl MomentWarning {
    /// What to watch out for.
    #[must_use]
    pub fn sentence(&self, zone: &Zone) -> String {
        match self {
            Self::ListIsOlder(at) => {
                format!("As listed on {}; SkySQL keeps backups for 7 days", zone.date_minute(*at))
            }
            Self::SnapshotsApart(gap) => {
                let gap = format_span(u64::try_from(*gap).unwrap_or(0));
                format!("The snapshots around it are {gap} apart, and binary logs are kept 4 days by default (expire_logs_days)")
            }
            Self::NotBetweenSnapshots => {
                "A recovery to a point in time needs a native snapshot before and one after it; the list does not show both"
                    .to_owned()
            }
            Self::OldServer(version) => {
                format!("It needs MariaDB 10.8 or later; this service runs {}", sanitize_for_display(version))
            }
            Self::Galera => "It is not documented for Galera clusters".to_owned(),
            Self::Serverless => "It is not documented for serverless services yet".to_owned(),
            Self::SameProvider(Some(provider)) => {
                format!("Only a service on {} can be the target", sanitize_for_display(provider))
            }
            Self::SameProvider(None) => "Only a service of the same cloud provider can be the target".to_owned(),
            Self::LogsByHand => {
                "SkySQL restores the backup; the binary logs after it are applied by hand, or by replication".to_owned()
            }
            Self::LogBounds => {
                "mariadb-binlog leaves out the GTID it begins at and applies the one it stops at; with positions it is the other way round"
                    .to_owned()
            }
            Self::LongStatements => {
                "What commits in that second is left out. A statement bears the time it began, so a long one may be in although it \
                 ended later"
                    .to_owned()
            }
            Self::MoreDomains(domains) => {
                let domains: Vec<String> = domains.iter().map(u32::to_string).collect();
                let plural = if domains.len() == 1 { "" } else { "s" };
                format!("The logs have the replication domain{plural} {}, which the GTID of the backup lacks: begin by file and position", and_list(&domains))
            }
            Self::NoGtid => "The backup has no GTID: begin by file and position".to_owned(),
            Self::OtherServers => {
                "Backup and logs are from different servers, whose logs have names of their own: compare them first".to_owned()
            }
            Self::NotedLater => {
                "The end is noted a moment after commits go on again: what was committed just before it may be missing".to_owned()
            }
            Self::UsedUp => {
                "The files of an incremental serve once: a second use says completed and leaves tables unreadable".to_owned()
            }
            Self::PreparedTransactions => {
                "XA transactions that were prepared on the source come along: XA RECOVER lists them".to_owned()
            }
            Self::KeepEventsOff => {
                "Events of the database run at once: keep the event scheduler off until all is applied".to_owned()
            }
            Self::UsersOfSource => "Users and passwords become those of the source".to_owned(),
        }
    }
}

impl MomentAnswer {
    /// Yes, no or not known, and why.
    #[must_use]
    pub fn sentence(&self, zone: &Zone) -> String {
        match self.verdict {
            Reachability::Yes => format!("Yes: {}", self.method_words(zone)),
            Reachability::No => format!("No: {}", self.no.as_ref().map_or_else(String::new, NoMoment::reason)),
            Reachability::NotKnown => {
                let reasons: Vec<String> = self.not_known.iter().map(|reason| reason.words(zone)).collect();
                format!("Not known: {}", and_list(&reasons))
            }
        }
    }

    /// What leads there.
    fn method_words(&self, zone: &Zone) -> String {
        let last = self.chain.last().map(|last| (last, member_words(last, zone)));
        match (&self.method, last) {
            (Some(RestoreMethod::PointInTime), _) => "SkySQL lists it as a point in time it can restore".to_owned(),
            (Some(RestoreMethod::Backup(_)), Some((last, words))) if last.backup_type == Some(BackupType::Snapshot) => {
                format!("the {words} is of this moment, as SkySQL gives it")
            }
            (Some(RestoreMethod::Backup(_)), Some((_, words))) => {
                format!("the {words} holds all that was committed up to its end, in this second")
            }
            (Some(RestoreMethod::Logs(base)), _) => {
                let base = self.chain.iter().find(|member| member.id == *base);
                let base = base.map(|base| member_words(base, zone)).unwrap_or_default();
                format!("the {base}, and the binary logs after it")
            }
            _ => String::new(),
        }
    }
}

impl NoMoment {
    fn reason(&self) -> String {
        match self {
            Self::Future => "it lies in the future".to_owned(),
            Self::BeforeAll => "not in any listed backup; all of them are of later".to_owned(),
            Self::NotInAny => "not in any listed backup".to_owned(),
            Self::Missing(missing) => {
                format!(
                    "not in any listed backup; of the binary logs {} is missing, and nothing after a hole can be applied",
                    missing.names()
                )
            }
        }
    }
}

impl NotKnown {
    fn words(&self, zone: &Zone) -> String {
        match self {
            Self::Dump => "a dump holds a state between its start and end, possibly several moments".to_owned(),
            Self::LastLog(at) => format!(
                "the last listed log ends with the last commit before its rotation, which was at some time up to {}",
                zone.date_minute(*at)
            ),
            Self::Chain => "not all of the chain of the incremental of this moment is known".to_owned(),
            Self::ListIncomplete => "the list of backups is not complete".to_owned(),
            Self::ListIsOlder(at) => format!("the list of backups is of {}", zone.date_minute(*at)),
            Self::RangeUnknown => "SkySQL has not told which points in time it can restore".to_owned(),
        }
    }
}
