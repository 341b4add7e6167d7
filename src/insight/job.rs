//! Working a report out as one piece of work, so that it can run on any thread.

use std::sync::Arc;

use jiff::Timestamp;

use super::history::BackupHistory;
use super::planned::PlannedSchedules;
use super::report::{CoverageReport, ReportInput};
use super::{Observed, Targets};
use crate::domain::{Backup, Schedule, Service};
use crate::rows::Rows;

/// Everything a report is made from, frozen.
#[derive(Clone, Debug)]
pub struct CoverageJob {
    /// The backups.
    pub backups: Rows<Backup>,
    /// The schedules.
    pub schedules: Rows<Schedule>,
    /// The services; none where their list is not known.
    pub services: Option<Arc<[Service]>>,
    /// Which times the backups tell about.
    pub observed: Observed,
    /// How old backups may be.
    pub targets: Targets,
    /// The present.
    pub now: Timestamp,
    /// The result for the same schedules, services, targets and present, where only rows were added to the backups since.
    pub previous: Option<CoverageResult>,
    /// What the schedules came to, where they are the same as before.
    pub planned: Option<Arc<PlannedSchedules>>,
}

/// The result.
#[derive(Clone, Debug, Default)]
pub struct CoverageResult {
    /// The overview.
    pub report: CoverageReport,
    /// The backups it was made from.
    pub backups: Rows<Backup>,
    /// The backups by service, kept for the rows that come next.
    pub history: Arc<BackupHistory>,
    /// The schedules, kept as long as they are the same.
    pub planned: Arc<PlannedSchedules>,
}

impl CoverageJob {
    /// Does the work. Whole, it takes time that grows with the rows; after rows were added, with those and the backups of their services.
    #[must_use]
    pub fn run(self) -> CoverageResult {
        let Self { backups, schedules, services, observed, targets, now, previous, planned } = self;
        let (previous, mut history) = match previous {
            Some(CoverageResult { report, history, .. }) => (Some(report), history),
            None => (None, Arc::default()),
        };
        let read_schedules =
            || planned.unwrap_or_else(|| Arc::new(PlannedSchedules::new(&schedules.iter().collect::<Vec<_>>())));
        let (planned, touched) = rayon::join(read_schedules, || Arc::make_mut(&mut history).add(&backups));
        let input = ReportInput {
            history: &history,
            schedules: &planned,
            services: services.as_deref(),
            targets: &targets,
            observed: &observed,
            now,
            rows: &backups,
        };
        let report = previous.map_or_else(|| CoverageReport::new(&input), |report| report.renewed(&touched, &input));
        CoverageResult { report, backups, history, planned }
    }
}
