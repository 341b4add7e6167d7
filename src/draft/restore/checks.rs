//! What speaks for and against a restore, each point one sentence. Only what the documents rule out blocks; SkySQL has the last word.

use jiff::Timestamp;

use super::facts::{ChainFacts, LookupResult, NewestTargetBackup, RestoreFacts, SourceFacts, is_galera, is_serverless};
use crate::domain::{
    ApiTime, Backup, RETENTION, Service, StatusKind, format_ago, format_bytes, sanitize_for_display, server_series,
};

/// A backup of the target that is older than this is called old.
const FRESH_SECS: u64 = 24 * 3600;
/// The oldest server with point-in-time restore.
const FIRST_WITH_MOMENTS: (u32, u32) = (10, 8);

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckLevel {
    /// Nothing speaks against it.
    Ok,
    /// To think about.
    Warning,
    /// The documents rule it out.
    Block,
    /// Nothing is known about it.
    Unknown,
}

/// What a check is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckTopic {
    /// The backup or file.
    Backup,
    /// What an incremental builds on.
    Chain,
    /// Restoring to a moment.
    Moment,
    /// Whether SkySQL lists the target.
    Target,
    /// Source and target are the same.
    SameService,
    /// The cloud provider.
    Provider,
    /// The region.
    Region,
    /// The disk of the target.
    Space,
    /// The version of the server.
    Version,
    /// The topology.
    Topology,
    /// The state of the target.
    State,
    /// The newest backup of the target.
    TargetBackup,
}

impl CheckTopic {
    /// Every topic, in the order of the checks.
    pub const ALL: [Self; 12] = [
        Self::Backup,
        Self::Chain,
        Self::Moment,
        Self::Target,
        Self::SameService,
        Self::Provider,
        Self::Region,
        Self::Space,
        Self::Version,
        Self::Topology,
        Self::State,
        Self::TargetBackup,
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Backup => "Backup",
            Self::Chain => "Chain",
            Self::Moment => "Moment",
            Self::Target => "Target",
            Self::SameService => "Same service",
            Self::Provider => "Cloud provider",
            Self::Region => "Region",
            Self::Space => "Disk space",
            Self::Version => "Server version",
            Self::Topology => "Topology",
            Self::State => "State of the target",
            Self::TargetBackup => "Backup of the target",
        }
    }
}

/// Where a check comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckOrigin {
    /// The documents about restores.
    RestoreDocuments,
    /// The frequently asked questions.
    Faq,
    /// The documents about point-in-time restore.
    MomentDocuments,
    /// The service's own lookup of targets.
    Lookup,
    /// What the lists of the service say, compared here.
    Lists,
    /// How MariaDB itself works.
    Server,
}

impl CheckOrigin {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RestoreDocuments => "SkySQL documentation, restores",
            Self::Faq => "SkySQL documentation, FAQs",
            Self::MomentDocuments => "SkySQL documentation, point-in-time restore",
            Self::Lookup => "SkySQL API, restore lookup",
            Self::Lists => "SkySQL's lists, compared by SkyBackup",
            Self::Server => "MariaDB, not the SkySQL documentation",
        }
    }
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What it is about.
    pub topic: CheckTopic,
    /// How it came out.
    pub level: CheckLevel,
    /// One sentence without its full stop.
    pub text: String,
    /// Where it comes from.
    pub origin: CheckOrigin,
}

impl Check {
    fn new(topic: CheckTopic, level: CheckLevel, text: impl Into<String>, origin: CheckOrigin) -> Self {
        Self { topic, level, text: text.into(), origin }
    }
}

/// All checks that apply, in the order of [`CheckTopic::ALL`], each topic at most once.
#[must_use]
pub fn checks(facts: &RestoreFacts<'_>) -> Vec<Check> {
    let found = [
        backup(facts),
        chain(facts),
        moment(facts),
        target(facts),
        same_service(facts),
        provider(facts),
        region(facts),
        Some(space(facts)),
        version(facts),
        topology(facts),
        Some(state(facts)),
        Some(target_backup(facts)),
    ];
    found.into_iter().flatten().collect()
}

fn backup(facts: &RestoreFacts<'_>) -> Option<Check> {
    let check = |level, text: String, origin| Some(Check::new(CheckTopic::Backup, level, text, origin));
    let backup = match facts.source {
        SourceFacts::Moment(_) => return None,
        SourceFacts::File { object, .. } => {
            let lower = object.to_ascii_lowercase();
            let is_gzip = [".gz", ".tgz", ".gzip"].iter().any(|ending| lower.ends_with(ending));
            return if is_gzip {
                let text = "The name is that of a gzip file; SkyBackup cannot look into it";
                check(CheckLevel::Ok, text.to_owned(), CheckOrigin::RestoreDocuments)
            } else {
                let text = "The file must be compressed with gzip, and its name does not end with .gz";
                check(CheckLevel::Warning, text.to_owned(), CheckOrigin::RestoreDocuments)
            };
        }
        SourceFacts::Backup(None) => {
            let text = "The list does not have this backup any more, so SkySQL may have removed it";
            return check(CheckLevel::Warning, text.to_owned(), CheckOrigin::Lists);
        }
        SourceFacts::Backup(Some(backup)) => backup,
    };
    let (level, text) = backup_state(backup, facts.now);
    check(level, text, if level == CheckLevel::Warning { CheckOrigin::Lists } else { CheckOrigin::Server })
}

fn backup_state(backup: &Backup, now: Timestamp) -> (CheckLevel, String) {
    if backup.status_kind() != StatusKind::Good {
        let status = backup.status.as_ref().map_or("unknown", |status| status.as_str());
        let text = format!("Its status is {}: it may not be whole", sanitize_for_display(status));
        return (CheckLevel::Warning, text);
    }
    if backup.is_good_but_empty() {
        return (CheckLevel::Warning, "It is listed as succeeded, and 0 bytes of it are stored".to_owned());
    }
    let age = backup.end_time.as_ref().and_then(ApiTime::at).map(|at| now.duration_since(at));
    let is_old = backup.is_external_storage != Some(true) && age.is_some_and(|age| age > RETENTION);
    if is_old || !backup.is_listed() {
        let text = "SkySQL keeps backups for 7 days: this one may be gone by now";
        return (CheckLevel::Warning, text.to_owned());
    }
    let text = "Listed as succeeded; only a restore, and reading its tables, shows more";
    (CheckLevel::Ok, text.to_owned())
}

fn chain(facts: &RestoreFacts<'_>) -> Option<Check> {
    let (level, text) = match facts.chain? {
        ChainFacts::Whole(text) => (CheckLevel::Ok, text),
        ChainFacts::Broken(text) => (CheckLevel::Warning, text),
        ChainFacts::NotKnown(text) => (CheckLevel::Unknown, text),
    };
    Some(Check::new(CheckTopic::Chain, level, text, CheckOrigin::Lists))
}

fn moment(facts: &RestoreFacts<'_>) -> Option<Check> {
    let SourceFacts::Moment(at) = facts.source else { return None };
    let (level, text, origin) = match (moment_rule(facts, at), facts.moment_lookup) {
        (Some(warning), _) => (CheckLevel::Warning, warning, CheckOrigin::MomentDocuments),
        (None, LookupResult::Listed) => {
            (CheckLevel::Ok, "SkySQL lists it as a point in time it can restore", CheckOrigin::Lookup)
        }
        (None, LookupResult::NotListed) => (
            CheckLevel::Warning,
            "SkySQL does not list it as a point in time it can restore, so it may refuse",
            CheckOrigin::Lookup,
        ),
        (None, LookupResult::Unknown) => (
            CheckLevel::Unknown,
            "Needs SkySQL's own snapshots before and after it, closer together than binary logs are kept (4 days unless changed)",
            CheckOrigin::MomentDocuments,
        ),
    };
    Some(Check::new(CheckTopic::Moment, level, text, origin))
}

/// What the documents say against it.
fn moment_rule(facts: &RestoreFacts<'_>, at: Timestamp) -> Option<&'static str> {
    if at > facts.now {
        return Some("This moment is in the future");
    }
    let series = facts.source_service.and_then(|service| server_series(service.version.as_deref()?));
    match facts.source_service {
        Some(service) if is_galera(service) => Some("Point-in-time restore is not available for Galera clusters"),
        Some(service) if is_serverless(service) => {
            Some("Point-in-time restore does not have serverless services as sources yet")
        }
        _ if series.is_some_and(|series| series < FIRST_WITH_MOMENTS) => {
            Some("Point-in-time restore needs server version 10.8 or later")
        }
        _ => None,
    }
}

fn target(facts: &RestoreFacts<'_>) -> Option<Check> {
    let (level, text) = match facts.lookup {
        LookupResult::Listed => (CheckLevel::Ok, "SkySQL lists this service as a target for this backup"),
        LookupResult::NotListed => {
            (CheckLevel::Warning, "SkySQL does not list this service as a target for this backup, so it may refuse")
        }
        LookupResult::Unknown if matches!(facts.source, SourceFacts::Backup(_)) => (
            CheckLevel::Unknown,
            "Whether SkySQL allows this target is not known: its list of targets could not be read",
        ),
        LookupResult::Unknown => return None,
    };
    Some(Check::new(CheckTopic::Target, level, text, CheckOrigin::Lookup))
}

fn same_service(facts: &RestoreFacts<'_>) -> Option<Check> {
    let text = "The target is the service that the data comes from: everything written since then is lost";
    facts
        .is_into_source()
        .then(|| Check::new(CheckTopic::SameService, CheckLevel::Warning, text, CheckOrigin::RestoreDocuments))
}

/// Providers as they are compared: in any case, and with the one word that the API misspells.
fn provider_name(provider: &str) -> String {
    let lower = provider.to_ascii_lowercase();
    if lower == "onpred" { "onprem".to_owned() } else { lower }
}

fn provider(facts: &RestoreFacts<'_>) -> Option<Check> {
    let check = |level, text: String, origin| Some(Check::new(CheckTopic::Provider, level, text, origin));
    let of_backup = match facts.source {
        SourceFacts::Backup(backup) => backup.and_then(|backup| backup.cloud_provider.as_deref()),
        SourceFacts::Moment(_) => None,
        SourceFacts::File { .. } => {
            let text = "A file in your own bucket can be restored into any cloud provider".to_owned();
            return check(CheckLevel::Ok, text, CheckOrigin::RestoreDocuments);
        }
    };
    let source = of_backup.or_else(|| facts.source_service?.provider.as_deref()).map(provider_name);
    let target = facts.target.and_then(|target| target.provider.as_deref()).map(provider_name);
    let origin = CheckOrigin::RestoreDocuments;
    match (source, target) {
        (Some(source), Some(target)) if source == target => {
            check(CheckLevel::Ok, format!("Both are on {}", sanitize_for_display(&source)), origin)
        }
        (Some(source), Some(target)) => {
            let (source, target) = (sanitize_for_display(&source), sanitize_for_display(&target));
            let text = format!(
                "The data is on {source} and the target on {target}. SkySQL restores its own backups within one cloud provider; back up to your own bucket and restore from there"
            );
            check(CheckLevel::Block, text, origin)
        }
        _ => {
            let text =
                "SkySQL restores its own backups within one cloud provider only, and one of the two is not known";
            check(CheckLevel::Unknown, text.to_owned(), origin)
        }
    }
}

fn region(facts: &RestoreFacts<'_>) -> Option<Check> {
    let region = |service: Option<&Service>| service?.region.as_deref().map(|it| sanitize_for_display(it).into_owned());
    let (source, target) = (region(facts.source_service)?, region(facts.target)?);
    let text = if source.eq_ignore_ascii_case(&target) {
        format!("Both are in {target}")
    } else {
        format!("The data goes from {source} to {target}, which SkySQL allows")
    };
    Some(Check::new(CheckTopic::Region, CheckLevel::Ok, text, CheckOrigin::Faq))
}

fn space(facts: &RestoreFacts<'_>) -> Check {
    let needed = match facts.source {
        SourceFacts::Backup(backup) => backup.and_then(Backup::restore_size).filter(|bytes| *bytes > 0),
        SourceFacts::Moment(_) | SourceFacts::File { .. } => None,
    };
    let gigabytes = facts.target.and_then(|target| target.storage_gb).filter(|size| *size > 0);
    let (level, text) = match (needed, gigabytes) {
        (Some(needed), Some(size)) => {
            let words = format!("The backup needs {} and the target has {size} GB of disk", format_bytes(needed));
            // Whether a GB is 10^9 or 2^30 bytes is not documented.
            if needed <= size.saturating_mul(1_000_000_000) {
                (CheckLevel::Ok, words)
            } else if needed <= size.saturating_mul(1 << 30) {
                (CheckLevel::Warning, format!("{words}: it may not fit"))
            } else {
                (CheckLevel::Warning, format!("{words}: it does not fit"))
            }
        }
        (None, Some(size)) => {
            let text = format!("How much disk the data needs is not known; the target has {size} GB");
            (CheckLevel::Unknown, text)
        }
        (Some(needed), None) => {
            let text = format!("The backup needs {}; the disk of the target is not known", format_bytes(needed));
            (CheckLevel::Unknown, text)
        }
        (None, None) => {
            (CheckLevel::Unknown, "Neither the disk that the data needs nor that of the target is known".to_owned())
        }
    };
    Check::new(CheckTopic::Space, level, text, CheckOrigin::Lists)
}

fn version(facts: &RestoreFacts<'_>) -> Option<Check> {
    let series = |service: Option<&Service>| server_series(service?.version.as_deref()?);
    let check = |level, text: String| Some(Check::new(CheckTopic::Version, level, text, CheckOrigin::Server));
    let name = |(major, minor): (u32, u32)| format!("{major}.{minor}");
    match (series(facts.source_service), series(facts.target)) {
        (Some(source), Some(target)) if source == target => {
            check(CheckLevel::Ok, format!("Both servers are version {}", name(source)))
        }
        (Some(source), Some(target)) if target < source => {
            let (source, target) = (name(source), name(target));
            let what = if facts.is_logical() {
                "statements of the newer version may fail on it"
            } else {
                "a copy of the files of a newer server does not run on an older one"
            };
            check(
                CheckLevel::Warning,
                format!("The target is version {target}, older than the source's {source}: {what}"),
            )
        }
        (Some(source), Some(target)) => {
            let (source, target) = (name(source), name(target));
            let text = format!("The target is version {target}, newer than the source's {source}");
            if facts.is_logical() {
                check(CheckLevel::Ok, text)
            } else {
                check(CheckLevel::Warning, format!("{text}: whether SkySQL upgrades the data is not documented"))
            }
        }
        _ if facts.source_id.is_none() => {
            check(CheckLevel::Unknown, "Which server version the file comes from is not known".to_owned())
        }
        _ => check(CheckLevel::Unknown, "The server version of one of the two is not known".to_owned()),
    }
}

fn topology(facts: &RestoreFacts<'_>) -> Option<Check> {
    let target = facts.target?;
    let name = |service: &Service| service.topology.as_deref().map(|it| sanitize_for_display(it).into_owned());
    let check = |level, text: String, origin| Some(Check::new(CheckTopic::Topology, level, text, origin));
    if is_galera(target) {
        let text = "The target is a cluster: one node is restored, the others synchronize with it afterwards";
        return check(CheckLevel::Warning, text.to_owned(), CheckOrigin::RestoreDocuments);
    }
    if is_serverless(target) {
        let text = "The documents say nothing about restoring into a serverless service";
        return check(CheckLevel::Warning, text.to_owned(), CheckOrigin::RestoreDocuments);
    }
    let to = name(target)?;
    let text = match facts.source_service.and_then(name) {
        Some(from) if from.eq_ignore_ascii_case(&to) => format!("Both are {to}"),
        Some(from) => format!("The source is {from} and the target {to}, which no document rules out"),
        None => format!("The target is {to}"),
    };
    check(CheckLevel::Ok, text, CheckOrigin::Lists)
}

fn state(facts: &RestoreFacts<'_>) -> Check {
    let status = facts.target.and_then(|target| target.status.as_deref());
    let (level, text) = match status.map(str::to_ascii_lowercase).as_deref() {
        Some("ready") => (CheckLevel::Ok, "The target is ready".to_owned()),
        None | Some("" | "unknown") => (CheckLevel::Unknown, "The state of the target is not known".to_owned()),
        Some(pending) if pending.starts_with("pending_") => {
            let text =
                format!("The target is busy ({}): SkySQL may refuse until it is ready", sanitize_for_display(pending));
            (CheckLevel::Warning, text)
        }
        Some(other) => {
            (CheckLevel::Warning, format!("The target is {}: SkySQL may refuse", sanitize_for_display(other)))
        }
    };
    Check::new(CheckTopic::State, level, text, CheckOrigin::Lists)
}

fn target_backup(facts: &RestoreFacts<'_>) -> Check {
    let (level, text) = match facts.target_backup {
        NewestTargetBackup::Known(backup) => newest_words(backup, facts),
        NewestTargetBackup::None => {
            let text = "No good backup of the target is listed: what it holds now is lost for good";
            (CheckLevel::Warning, text.to_owned())
        }
        NewestTargetBackup::Unknown => {
            let text = "Not all backups of the target are listed here, so its newest good one is not known";
            (CheckLevel::Unknown, text.to_owned())
        }
    };
    Check::new(CheckTopic::TargetBackup, level, text, CheckOrigin::Lists)
}

fn newest_words(backup: &Backup, facts: &RestoreFacts<'_>) -> (CheckLevel, String) {
    let kind = backup
        .backup_type
        .as_ref()
        .map_or("backup".to_owned(), |kind| format!("{} backup", sanitize_for_display(kind.name()).to_lowercase()));
    let ended = backup.end_time.as_ref().and_then(ApiTime::at).or_else(|| backup.started_at());
    let Some(at) = ended else {
        let text = format!("The newest good backup of the target is a {kind} without a readable time");
        return (CheckLevel::Unknown, text);
    };
    let secs = u64::try_from(facts.now.duration_since(at).as_secs()).unwrap_or_default();
    let time = format!("{} {}", facts.zone.date_minute(at), facts.zone.short_label());
    let text = format!("The newest good backup of the target is a {kind} of {time}, {}", format_ago(secs));
    if secs <= FRESH_SECS {
        (CheckLevel::Ok, text)
    } else {
        (CheckLevel::Warning, format!("{text}: what was written since then is lost"))
    }
}

#[cfg(test)]
#[path = "checks_tests.rs"]
mod tests;
