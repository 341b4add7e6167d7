//! Conclusions about backups: is every service covered, what needs attention, which planned runs happened, which moments can be
//! restored.
//!
//! Owns: coverage of service by backup type, findings with the rows behind them, expected runs, targets for the age of backups, chains, moments.
//! May import: `domain`, `cron`, `rows`.
//! Must never: read a clock (`now` is an argument), touch files or the network, know egui. What was not observed is never called
//! missed: `docs/coverage.md` has the meaning of each word.

mod calendar;
mod coverage;
mod findings;
mod history;
mod job;
mod observed;
mod planned;
mod recovery;
mod report;
mod run_check;
mod target;
mod timeline;
mod told;
mod trend;
mod usual;
mod words;

#[cfg(test)]
mod report_tests;
#[cfg(test)]
mod run_check_tests;
#[cfg(test)]
mod tests;

pub use calendar::{Calendar, CalendarBuilder, CalendarDay, CalendarService, DayRuns, DayState};
pub use coverage::{CellState, CoverageCell, NewestBackup};
pub use findings::{AgeCause, Evidence, Finding, FindingKind, Urgency};
pub use history::BackupHistory;
pub use job::{CoverageJob, CoverageResult};
pub use observed::Observed;
pub use planned::PlannedSchedules;
pub use recovery::{
    CANNOT_BE_KNOWN, Chain, ChainMember, ChainProblem, ChainRole, ChainVerdict, Hole, KnownLists, MemberState,
    MissingLogs, MomentAnswer, MomentSource, MomentSpan, MomentWarning, NOT_VERIFIED, Nearest, NoMoment, NotKnown,
    PointInTimeRange, Reachability, RestoreMethod, RestorePoint, ServiceBackups, ServiceMoments, member_words,
    type_words,
};
pub use report::{CoverageReport, ServiceCoverage};
pub use run_check::{NotCheckable, RunCheck, RunState};
pub use target::{AgeTarget, Targets};
pub use timeline::{
    AxisTick, BarState, Overlap, Timeline, TimelineBar, TimelineJob, TimelineLane, TimelineSpan, axis_ticks,
};
pub use told::{Absent, ToldFindings};
pub use trend::{Comparison, GoodRun, Quantity, RunTrend, UsualValue};
pub use usual::UsualDuration;
