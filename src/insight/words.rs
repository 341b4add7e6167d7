//! Findings and cells in words.

use jiff::Timestamp;

use super::coverage::CellState;
use super::findings::{AgeCause, Finding, FindingKind};
use super::run_check::NotCheckable;
use crate::cron::describe_uncovered;
use crate::domain::{BackupType, Zone, format_count, format_span, sanitize_for_display};

/// Spans of days without a backup that a sentence names.
const MAX_SPANS: usize = 2;

impl CellState {
    /// One word or two, as in the overview; nothing for a type that is not used.
    #[must_use]
    pub fn as_words(self) -> &'static str {
        match self {
            Self::Unused => "",
            Self::Fresh => "OK",
            Self::NoTarget => "No target",
            Self::Late => "Late",
            Self::Missed => "Missed",
            Self::Failed => "Failed",
            Self::TooOld => "Too old",
            Self::NoBackup => "None",
            Self::Suspended => "Suspended",
            Self::NotCheckable => "Not checkable",
        }
    }
}

impl NotCheckable {
    /// Why runs cannot be checked, one sentence without its full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::NotObserved => "No complete list was loaded at a time that would show this run".to_owned(),
            Self::TwoReadings => {
                "Cron programs read this schedule in two ways, and only one of them has this run".to_owned()
            }
            Self::UnknownRuns => "The text of the schedule does not tell when it runs".to_owned(),
            Self::UnknownAge => "SkySQL does not tell since when the schedule is as it is".to_owned(),
            Self::UnclearRow => "A backup without a readable type or time may belong to this run".to_owned(),
            Self::Busy => "The run before it had not ended, so this one may have been skipped".to_owned(),
            Self::NotReady(state) => format!("The service is {}", state_words(state)),
            Self::ClockOff => "A backup lies in the future, so a clock is wrong".to_owned(),
        }
    }
}

impl Finding {
    /// What is wrong: one sentence without its full stop. The service is named beside it.
    #[must_use]
    pub fn sentence(&self, zone: &Zone, now: Timestamp) -> String {
        let kind = self.type_name();
        let time = |at: &Timestamp| zone.weekday_minute(*at, now);
        match &self.kind {
            FindingKind::OverTarget { age_secs, target_secs, cause } => {
                let age = match age_secs {
                    Some(age) => format!("Newest good {kind} is {} old, target {}", span(*age), span(*target_secs)),
                    None => format!("No good {kind} is listed, target {}", span(*target_secs)),
                };
                match cause.sentence() {
                    Some(cause) => format!("{age}. {cause}"),
                    None => age,
                }
            }
            FindingKind::Missed { count: 1, last } => format!("The {kind} planned for {} did not run", time(last)),
            FindingKind::Missed { count, last } => {
                format!("The last {} planned {kind}s did not run, the newest of {}", format_count(count), time(last))
            }
            FindingKind::Late { since } => format!("The {kind} planned for {} has not begun", time(since)),
            FindingKind::Failed { count: 1 } => format!("The last {kind} failed"),
            FindingKind::Failed { count } => format!("The last {} {kind}s failed", format_count(count)),
            FindingKind::NoSchedule => "No schedule, and no backup of the last day".to_owned(),
            FindingKind::AllSuspended { since: Some(since) } => {
                format!("All schedules are suspended, the last one changed {}", time(since))
            }
            FindingKind::AllSuspended { since: None } => "All schedules are suspended".to_owned(),
            FindingKind::ServiceGone { schedules: 1 } => "A schedule of a service that no longer exists".to_owned(),
            FindingKind::ServiceGone { schedules } => {
                format!("{} schedules of a service that no longer exists", format_count(schedules))
            }
            FindingKind::Gap { spans } => {
                let spans = spans.get(..spans.len().min(MAX_SPANS)).unwrap_or_default();
                describe_uncovered(spans, zone, now)
            }
            FindingKind::NoFull => "Incrementals are made, but no good full backup is listed".to_owned(),
            FindingKind::BrokenChain { count, is_listed } => {
                let incrementals = match count {
                    1 => "The newest incremental builds".to_owned(),
                    count => format!("The newest {} incrementals build", format_count(count)),
                };
                let state = if *is_listed { "failed or is empty" } else { "is not listed" };
                format!("{incrementals} on a full backup that {state}")
            }
            FindingKind::Empty => format!("A {kind} is marked as succeeded and holds 0 bytes"),
            FindingKind::NeverEnds { since } => format!("A {kind} has been running since {}", time(since)),
            FindingKind::OnceWithoutBackup { created } => {
                format!("The one-time {kind} of {} made no backup", time(created))
            }
            FindingKind::SnapshotsApart { gap_secs } => {
                format!("Snapshots are up to {} apart, too far for recovery to any point in time", span(*gap_secs))
            }
        }
    }

    /// What is wrong in fixed words, without names, times and counts, for where others may read along: one sentence without its full stop.
    #[must_use]
    pub fn headline(&self) -> String {
        let kind = self.type_name();
        match &self.kind {
            FindingKind::OverTarget { age_secs: Some(_), .. } => format!("Newest good {kind} is too old"),
            FindingKind::OverTarget { age_secs: None, .. } => format!("No good {kind}"),
            FindingKind::Missed { .. } => format!("A planned {kind} did not run"),
            FindingKind::Late { .. } => format!("A planned {kind} has not begun"),
            FindingKind::Failed { .. } => format!("The last {kind} failed"),
            FindingKind::NoSchedule => "No schedule, and no backup of the last day".to_owned(),
            FindingKind::AllSuspended { .. } => "All schedules are suspended".to_owned(),
            FindingKind::ServiceGone { .. } => "Deleted, but still has a schedule".to_owned(),
            FindingKind::Gap { .. } => "Days with nothing to restore from".to_owned(),
            FindingKind::NoFull | FindingKind::BrokenChain { .. } => "Incrementals without a full backup".to_owned(),
            FindingKind::Empty => format!("A {kind} holds 0 bytes"),
            FindingKind::NeverEnds { .. } => format!("A {kind} does not end"),
            FindingKind::OnceWithoutBackup { .. } => format!("A one-time {kind} made no backup"),
            FindingKind::SnapshotsApart { .. } => "Snapshots are too far apart".to_owned(),
        }
    }

    /// What to do about it: one sentence without its full stop.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match &self.kind {
            FindingKind::OverTarget { cause: AgeCause::Failed(_), .. } | FindingKind::Failed { .. } => {
                "Look at the failed runs, then back up now"
            }
            FindingKind::OverTarget { cause: AgeCause::Suspended, .. } | FindingKind::AllSuspended { .. } => {
                "Resume the schedules, or delete them"
            }
            FindingKind::OverTarget { cause: AgeCause::NotReady(_), .. } => "Back up as soon as the service is ready",
            FindingKind::OverTarget { .. } | FindingKind::Missed { .. } => {
                "Back up now; ask support why it did not run"
            }
            FindingKind::Late { .. } => "Wait for a while, then look again",
            FindingKind::NoSchedule => "Create a schedule for this service",
            FindingKind::ServiceGone { .. } => "Delete the schedule",
            FindingKind::Gap { .. } => "Backups are kept 7 days: run at least once a week",
            FindingKind::NoFull | FindingKind::BrokenChain { .. } => "Make a full backup now: incrementals need one",
            FindingKind::Empty => "Do not rely on it; back up now",
            FindingKind::NeverEnds { .. } => "Ask SkySQL support to look at it",
            FindingKind::OnceWithoutBackup { .. } => "Look at its message, then back up now",
            FindingKind::SnapshotsApart { .. } => "Run them closer than expire_logs_days, usually 4 days",
        }
    }

    /// `full backup`, `binary log`.
    fn type_name(&self) -> String {
        self.backup_type.as_ref().map_or_else(|| "backup".to_owned(), noun)
    }
}

/// `full backup`, `binary log`.
pub(super) fn noun(backup_type: &BackupType) -> String {
    let name = backup_type.name().to_lowercase();
    if matches!(backup_type, BackupType::Full | BackupType::Incremental) { format!("{name} backup") } else { name }
}

impl AgeCause {
    fn sentence(&self) -> Option<String> {
        match self {
            Self::NotReady(state) => Some(format!("The service is {}", state_words(state))),
            Self::Failed(1) => Some("The last run failed".to_owned()),
            Self::Failed(count) => Some(format!("The last {} runs failed", format_count(count))),
            Self::Missed(1) => Some("The last planned run did not happen".to_owned()),
            Self::Missed(count) => Some(format!("The last {} planned runs did not happen", format_count(count))),
            Self::Suspended => Some("Its schedule is suspended".to_owned()),
            Self::Unknown => None,
        }
    }
}

/// `pending scale`.
fn state_words(state: &str) -> String {
    sanitize_for_display(state).replace('_', " ")
}

fn span(secs: i64) -> String {
    format_span(u64::try_from(secs).unwrap_or(0))
}
