//! Small worlds for the tests of this module.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{CoverageJob, CoverageReport, CoverageResult, Observed, RunCheck, ServiceCoverage, Targets};
use crate::domain::{
    ApiTime, Backup, BackupId, BackupType, Recurrence, Schedule, ScheduleId, Service, ServiceId, Status,
};
use crate::rows::Rows;

/// A Monday.
pub(super) const NOW: &str = "2026-11-23T12:00:00Z";

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// This many hours before now.
pub(super) fn before(hours: f64) -> Timestamp {
    at(NOW).checked_sub(SignedDuration::from_secs_f64(hours * 3600.0)).unwrap()
}

/// A whole world with one service, `db1`, created long ago and ready.
#[derive(Clone)]
pub(super) struct SmallWorld {
    pub(super) backups: Vec<Backup>,
    pub(super) schedules: Vec<Schedule>,
    pub(super) services: Option<Vec<Service>>,
    pub(super) observed: Observed,
    pub(super) targets: Targets,
    pub(super) now: Timestamp,
}

impl SmallWorld {
    /// A whole list was read just now.
    pub(super) fn new() -> Self {
        let now = at(NOW);
        let service = Service { id: ServiceId::new("db1"), name: Some("orders".into()), ..Service::default() };
        let service = Service { status: Some("ready".into()), ..service };
        Self {
            backups: Vec::new(),
            schedules: Vec::new(),
            services: Some(vec![service]),
            observed: Observed::default().with_list(now),
            targets: Targets::default(),
            now,
        }
    }

    /// A schedule that is a month old.
    pub(super) fn schedule(mut self, backup_type: BackupType, cron: &str) -> Self {
        self.schedules.push(Schedule {
            id: ScheduleId::new(format!("{}", 300 + self.schedules.len())),
            service_id: Some(ServiceId::new("db1")),
            backup_type: Some(backup_type),
            recurrence: Some(Recurrence::read(cron)),
            created_at: Some(ApiTime::At(before(30.0 * 24.0))),
            ..Schedule::default()
        });
        self
    }

    /// The last schedule, changed.
    pub(super) fn with(mut self, change: impl FnOnce(&mut Schedule)) -> Self {
        change(self.schedules.last_mut().unwrap());
        self
    }

    /// A backup that took ten minutes.
    pub(super) fn backup(mut self, backup_type: BackupType, status: &str, start: Timestamp) -> Self {
        let end = start.checked_add(SignedDuration::from_mins(10)).ok().filter(|_| status != "Running");
        self.backups.push(Backup {
            id: BackupId::new(format!("b{}", self.backups.len())),
            service_id: Some(ServiceId::new("db1")),
            service_name: Some("orders".into()),
            backup_type: Some(backup_type),
            status: Some(Status::new(status)),
            start_time: Some(ApiTime::At(start)),
            end_time: end.map(ApiTime::At),
            storage_bytes: Some(1 << 30),
            ..Backup::default()
        });
        self
    }

    /// Good backups at these hours before now.
    pub(super) fn good(self, backup_type: &BackupType, hours: &[f64]) -> Self {
        hours.iter().fold(self, |world, hours| world.backup(backup_type.clone(), "Succeeded", before(*hours)))
    }

    pub(super) fn job(&self) -> CoverageJob {
        CoverageJob {
            backups: Rows::new(self.backups.clone()),
            schedules: Rows::new(self.schedules.clone()),
            services: self.services.clone().map(Into::into),
            observed: self.observed.clone(),
            targets: self.targets.clone(),
            now: self.now,
            previous: None,
            planned: None,
        }
    }

    pub(super) fn result(&self) -> CoverageResult {
        self.job().run()
    }

    pub(super) fn report(&self) -> CoverageReport {
        self.result().report
    }

    pub(super) fn service(&self) -> Arc<ServiceCoverage> {
        let report = self.report();
        Arc::clone(report.services.iter().find(|service| service.id.as_str() == "db1").unwrap())
    }

    /// The planned runs of a type.
    pub(super) fn runs(&self, backup_type: &BackupType) -> Vec<RunCheck> {
        let lane = BackupType::ALL.iter().position(|known| known == backup_type).unwrap();
        self.service().cells[lane].runs.clone()
    }

    /// The findings in words, with their weight.
    pub(super) fn sentences(&self) -> Vec<String> {
        let zone = crate::domain::Zone::utc();
        let sentence =
            |finding: &super::Finding| format!("{:?}: {}", finding.urgency, finding.sentence(&zone, self.now));
        self.report().findings.iter().map(|finding| sentence(finding)).collect()
    }
}
