//! The evidence pack: what is chosen for it, and what the overview says of that.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::running_export::Wanted;
use super::{Data, Dialog, EvidenceForm, Model, StepContext};
use crate::domain::{BackupType, ServiceId, Zone};
use crate::export::{EVIDENCE_ENDING, EvidenceJob, EvidenceOptions, PlainTable, evidence_name};
use crate::grid::{Kind, Value};
use crate::insight::{CellState, CoverageReport, ServiceCoverage, Urgency};
use crate::msg::SavePath;

impl Data {
    /// The services that a pack can be about, with what they are called, in the order of their names.
    #[must_use]
    pub fn evidence_services(&self) -> Vec<(ServiceId, String)> {
        let report = self.coverage().and_then(|coverage| coverage.report());
        let services = report.into_iter().flat_map(|report| report.services.iter());
        let mut named: Vec<_> = services
            .filter(|service| !service.id.is_empty())
            .map(|service| (service.id.clone(), self.label_of(service)))
            .collect();
        named.sort_by_cached_key(|(id, name)| (name.to_lowercase(), id.clone()));
        named
    }

    /// The whole path for the path field.
    #[must_use]
    pub fn evidence_path(&self) -> String {
        let profile = self.session.profile().map_or("", |profile| profile.name.as_str());
        self.export_folder().join(evidence_name(profile, self.now)).display().to_string()
    }

    fn label_of(&self, service: &ServiceCoverage) -> String {
        self.lists().service_names.label(service.id.as_str(), service.name.as_deref()).into_owned()
    }

    fn evidence_job(&self, options: &EvidenceOptions) -> EvidenceJob {
        let is_wanted = |id: &ServiceId| options.services.as_ref().is_none_or(|services| services.contains(id));
        let services = options.services.as_ref().map(|_some| {
            let wanted = self.evidence_services().into_iter().filter(|(id, _)| is_wanted(id));
            wanted.map(|(id, name)| (id.as_str().to_owned(), name)).collect()
        });
        let report = self.coverage().and_then(|coverage| coverage.report());
        EvidenceJob {
            from: options.from,
            until: options.until,
            services,
            overview: self.overview_tables(report, &is_wanted),
            names: Arc::clone(&self.lists().service_names),
            app_version: self.config.build.version.to_owned(),
            profile: self.session.profile().map(|profile| profile.name.clone()).unwrap_or_default(),
            now: self.now,
            path: PathBuf::new(),
            replace: Vec::new(),
        }
    }

    /// The overview as tables: each service and type that is used, and each finding.
    /// Without a report they have no rows.
    fn overview_tables(
        &self,
        report: Option<&CoverageReport>,
        is_wanted: &dyn Fn(&ServiceId) -> bool,
    ) -> Vec<PlainTable> {
        let services = report.into_iter().flat_map(|report| report.services.iter());
        let wanted = services.filter(|service| is_wanted(&service.id));
        let time = |at: Option<Timestamp>| at.map_or(Value::Empty, Value::Instant);
        let cells = wanted.flat_map(|service| {
            let used = service.cells.iter().zip(BackupType::ALL).filter(|(cell, _)| cell.state != CellState::Unused);
            used.map(|(cell, kind)| {
                let target = cell.target_secs.and_then(|secs| u64::try_from(secs).ok());
                vec![
                    Value::text(self.label_of(service)),
                    Value::text(service.id.as_str().to_owned()),
                    Value::text(kind.name().to_owned()),
                    Value::text(cell.state.as_words()),
                    time(cell.newest.as_ref().map(|newest| newest.at)),
                    target.map_or(Value::Empty, Value::Seconds),
                    time(cell.next),
                ]
            })
        });
        let findings = report.into_iter().flat_map(|report| report.findings.iter());
        let findings = findings.filter(|finding| is_wanted(&finding.service)).map(|finding| {
            let name = finding.service_name.as_deref();
            vec![
                Value::text(self.lists().service_names.label(finding.service.as_str(), name).into_owned()),
                Value::text(finding.service.as_str().to_owned()),
                Value::text(if finding.urgency == Urgency::Problem { "Problem" } else { "Warning" }),
                Value::text(finding.sentence(&Zone::utc(), self.now)),
            ]
        });
        vec![
            PlainTable { name: "coverage", title: "Coverage", columns: COVERAGE, rows: cells.collect() },
            PlainTable { name: "findings", title: "Findings", columns: FINDINGS, rows: findings.collect() },
        ]
    }
}

const COVERAGE: &[(&str, Kind)] = &[
    ("Service", Kind::Text),
    ("Service ID", Kind::Id),
    ("Type", Kind::Text),
    ("State", Kind::Text),
    ("Newest good backup", Kind::Instant),
    ("Target", Kind::Seconds),
    ("Next run", Kind::Instant),
];

const FINDINGS: &[(&str, Kind)] =
    &[("Service", Kind::Text), ("Service ID", Kind::Id), ("Urgency", Kind::Text), ("Finding", Kind::Text)];

impl Model {
    pub(super) fn open_evidence(&mut self) {
        if self.data.history_blocked_reason().is_some() {
            return;
        }
        self.view.evidence = EvidenceForm::new(self.data.now);
        self.view.export.path = self.view.export.has_no_dialog.then(|| self.data.evidence_path());
        self.open_export_dialog(Dialog::Evidence);
    }

    pub(super) fn export_evidence(&mut self, options: &EvidenceOptions, path: Option<PathBuf>, cx: &mut StepContext) {
        if self.is_exporting() || self.data.history_blocked_reason().is_some() {
            return;
        }
        let job = Box::new(self.data.evidence_job(options));
        let save = SavePath {
            file_type: "Evidence pack",
            ending: EVIDENCE_ENDING,
            file_name: evidence_name(&job.profile, job.now),
            folder: Some(self.data.export_folder()),
        };
        self.begin_export(Wanted::Evidence(job), save, path, cx);
    }
}
