//! The overview of all services, worst first.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::Observed;
use super::coverage::{CellState, CoverageCell, cell};
use super::findings::{Finding, ServiceInput, Urgency, WHOLE_COPIES, findings_of};
use super::history::{BackupHistory, LANES, PARALLEL_THRESHOLD, SeenBackup, ServiceHistory};
use super::planned::PlannedSchedules;
use super::run_check::Circumstances;
use super::target::{DAILY, TargetInForce, Targets, target_in_force};
use crate::domain::{Backup, BackupType, Service, ServiceId, Text};
use crate::rows::Rows;

/// A service that no backup was seen of.
static NO_HISTORY: LazyLock<ServiceHistory> = LazyLock::new(ServiceHistory::default);

/// One service of the overview.
#[derive(Clone, Debug)]
pub struct ServiceCoverage {
    /// Its id; empty for rows that have none.
    pub id: ServiceId,
    /// Its name, where one is known.
    pub name: Option<Text>,
    /// It is not in the list of services any more.
    pub is_gone: bool,
    /// Its state where it is not ready, such as `stopped`.
    pub not_ready: Option<Text>,
    /// By [`BackupType::ALL`].
    pub cells: [CoverageCell; LANES],
    /// How much it needs attention.
    pub urgency: Urgency,
    findings: Vec<Arc<Finding>>,
}

impl ServiceCoverage {
    /// The next planned run of any type.
    #[must_use]
    pub fn next(&self) -> Option<Timestamp> {
        self.cells.iter().filter_map(|cell| cell.next).min().filter(|_| !self.is_gone)
    }

    /// The weightiest finding about it.
    #[must_use]
    pub fn worst_finding(&self) -> Option<&Finding> {
        self.findings.first().map(AsRef::as_ref)
    }

    /// No good backup of it is known, and nobody can tell more.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.cells.iter().all(|cell| matches!(cell.state, CellState::NotCheckable | CellState::Unused))
    }
}

/// The overview of all services.
#[derive(Clone, Debug, Default)]
pub struct CoverageReport {
    /// Worst first, then by name.
    pub services: Arc<[Arc<ServiceCoverage>]>,
    /// Weightiest first.
    pub findings: Arc<[Arc<Finding>]>,
    /// How many existing services have a problem.
    pub problems: usize,
    /// How many existing services have nothing worse than a warning, and one at least.
    pub warnings: usize,
    /// How many services exist.
    pub existing: usize,
}

/// What a report is made from.
pub(super) struct ReportInput<'a> {
    pub(super) history: &'a BackupHistory,
    pub(super) schedules: &'a PlannedSchedules,
    /// The services of the account; `None` where the list is not known.
    pub(super) services: Option<&'a [Service]>,
    pub(super) targets: &'a Targets,
    pub(super) observed: &'a Observed,
    pub(super) now: Timestamp,
    pub(super) rows: &'a Rows<Backup>,
}

impl CoverageReport {
    /// Nothing can be told of any service yet.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.services.iter().all(|service| service.is_unknown())
    }

    /// The whole report.
    pub(super) fn new(input: &ReportInput<'_>) -> Self {
        let listed = input.services.unwrap_or_default().iter().map(|service| service.id.as_str());
        let ids: BTreeSet<&str> = listed.chain(input.schedules.ids()).chain(input.history.ids()).collect();
        Self::sorted(service_coverages(ids.into_iter().collect(), input))
    }

    /// The report with only these services worked out again.
    pub(super) fn renewed(&self, touched: &BTreeSet<Text>, input: &ReportInput<'_>) -> Self {
        let kept = self.services.iter().filter(|service| !touched.contains(service.id.as_str())).cloned();
        let renewed = service_coverages(touched.iter().map(Text::as_str).collect(), input);
        Self::sorted(kept.chain(renewed).collect())
    }

    fn sorted(mut services: Vec<Arc<ServiceCoverage>>) -> Self {
        let name = |service: &ServiceCoverage| service.name.as_deref().unwrap_or(service.id.as_str()).to_lowercase();
        services.sort_by_cached_key(|service| {
            (Reverse(service.urgency), service.is_gone, service.is_unknown(), name(service), service.id.clone())
        });
        let mut findings: Vec<Arc<Finding>> =
            services.iter().flat_map(|service| service.findings.iter().cloned()).collect();
        findings.sort_by_key(|finding| Reverse(finding.urgency));
        let existing = services.iter().filter(|service| !service.is_gone);
        Self {
            problems: existing.clone().filter(|service| service.urgency == Urgency::Problem).count(),
            warnings: existing.clone().filter(|service| service.urgency == Urgency::Warning).count(),
            existing: existing.count(),
            services: services.into(),
            findings: findings.into(),
        }
    }
}

/// Of many rows on all cores.
fn service_coverages(ids: Vec<&str>, input: &ReportInput<'_>) -> Vec<Arc<ServiceCoverage>> {
    let coverage = |id| Arc::new(service_coverage(id, input));
    if input.history.rows() < PARALLEL_THRESHOLD {
        ids.into_iter().map(coverage).collect()
    } else {
        ids.into_par_iter().map(coverage).collect()
    }
}

fn service_coverage(id: &str, input: &ReportInput<'_>) -> ServiceCoverage {
    let known = input.services.and_then(|services| services.iter().find(|service| service.id.as_str() == id));
    let history = input.history.service(id).unwrap_or(&NO_HISTORY);
    let plans = input.schedules.of(id);
    let service_id = ServiceId::new(id);
    let is_gone = input.services.is_some() && known.is_none();
    let state = known.and_then(|service| service.status.as_deref());
    let not_ready = state.filter(|state| !state.eq_ignore_ascii_case("ready")).or(is_gone.then_some("deleted"));
    let circumstances = Circumstances { now: input.now, rows: input.rows, observed: input.observed, not_ready };
    let mut targets: [TargetInForce; LANES] = std::array::from_fn(|lane| {
        let backup_type = BackupType::ALL.get(lane).filter(|_| !is_gone);
        backup_type.map_or(TargetInForce::default(), |kind| target_in_force(input.targets, &service_id, kind, plans))
    });
    if !is_gone {
        expect_a_daily_copy(&mut targets, history);
    }
    let cells: [CoverageCell; LANES] = std::array::from_fn(|lane| {
        let target = targets.get(lane).copied().unwrap_or_default();
        cell(lane, history, plans, target, circumstances)
    });
    let name = known.and_then(|service| service.name.clone());
    let name = name.or_else(|| input.schedules.service_name(id).cloned()).or_else(|| history.name.clone());
    let service = ServiceInput { id: service_id, name, is_gone, plans, history, cells: &cells, circumstances };
    let mut findings: Vec<Arc<Finding>> = findings_of(&service).into_iter().map(Arc::new).collect();
    findings.sort_by_key(|finding| Reverse(finding.urgency));
    let urgency = findings.first().map_or(Urgency::None, |finding| finding.urgency);
    let ServiceInput { id, name, .. } = service;
    ServiceCoverage { id, name, is_gone, not_ready: not_ready.map(Text::from), urgency, findings, cells }
}

/// A service needs one whole copy a day, unless its schedules or its user say otherwise for a type of whole copy: asked of the type
/// of which the newest one is.
fn expect_a_daily_copy(targets: &mut [TargetInForce; LANES], history: &ServiceHistory) {
    let has_target =
        WHOLE_COPIES.into_iter().any(|lane| targets.get(lane).is_some_and(|it| it.secs.is_some() || it.is_set));
    if has_target {
        return;
    }
    let newest = |lane: &usize| {
        let seen = history.lanes.get(*lane).into_iter().flatten();
        seen.filter(|backup| backup.is_usable()).map(SeenBackup::start).max()
    };
    // Of several without any backup the first: full.
    let lane = WHOLE_COPIES.into_iter().rev().max_by_key(newest).unwrap_or_default();
    if let Some(target) = targets.get_mut(lane) {
        target.secs = Some(DAILY.as_secs());
    }
}
