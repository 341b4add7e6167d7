//! What a user was told of, so that every problem is reported once until it is solved.

use std::collections::btree_map::{BTreeMap, Entry};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::findings::{Finding, FindingKind, Urgency};

/// The findings that a user knows, each with its urgency at that time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ToldFindings(BTreeMap<String, Urgency>);

/// Whether a finding that is absent from a report is solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// It is: the report is about everything.
    Solved,
    /// It may only be out of sight.
    Unknown,
}

impl ToldFindings {
    /// Takes in the findings of a report. Returns those that are new, or weigh more than ever since they began. What is solved is
    /// forgotten: should it come back, it is new.
    pub fn take_in<'f>(&mut self, findings: &'f [Arc<Finding>], absent: Absent) -> Vec<&'f Arc<Finding>> {
        let mut known = std::mem::take(&mut self.0);
        if absent == Absent::Unknown {
            self.0.clone_from(&known);
        }
        let mut new = Vec::new();
        for finding in findings {
            let key = key(finding);
            let before = known.remove(&key).unwrap_or_default();
            if finding.urgency > before {
                new.push(finding);
            }
            // One that weighs less for a while, as when a run is under way, is no news when it weighs as much as before again.
            let urgency = finding.urgency.max(before);
            match self.0.entry(key) {
                Entry::Vacant(place) => drop(place.insert(urgency)),
                Entry::Occupied(mut told) => *told.get_mut() = urgency.max(*told.get()),
            }
        }
        new
    }

    /// The user was not told of these after all; `before` is what they knew. What is solved since stays forgotten.
    pub fn take_back(&mut self, findings: &[Arc<Finding>], before: &Self) {
        for finding in findings {
            let key = key(finding);
            match (self.0.get_mut(&key), before.0.get(&key)) {
                (Some(told), Some(known)) => *told = *known,
                (Some(_), None) => drop(self.0.remove(&key)),
                (None, _) => {}
            }
        }
    }

    /// True where nothing was told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What makes two findings of two reports the same: topic, backup type, service. A late run that becomes a missed one, and a newest
/// backup that becomes too old for it, are one problem that grows.
fn key(finding: &Finding) -> String {
    let topic = match &finding.kind {
        FindingKind::OverTarget { .. }
        | FindingKind::Missed { .. }
        | FindingKind::Late { .. }
        | FindingKind::Failed { .. } => "runs",
        FindingKind::NoSchedule => "no_schedule",
        FindingKind::AllSuspended { .. } => "suspended",
        FindingKind::ServiceGone { .. } => "service_gone",
        FindingKind::Gap { .. } => "gap",
        FindingKind::NoFull | FindingKind::BrokenChain { .. } => "no_full",
        FindingKind::Empty => "empty",
        FindingKind::NeverEnds { .. } => "never_ends",
        FindingKind::OnceWithoutBackup { .. } => "once",
        FindingKind::SnapshotsApart { .. } => "snapshots_apart",
    };
    let backup_type = finding.backup_type.as_ref().map_or("all", |backup_type| backup_type.as_api_str());
    format!("{topic} {backup_type} {}", finding.service)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{BackupType, ServiceId};
    use crate::insight::{AgeCause, Evidence};

    fn finding(service: &str, urgency: Urgency, kind: FindingKind) -> Arc<Finding> {
        Arc::new(Finding {
            urgency,
            kind,
            service: ServiceId::new(service),
            service_name: None,
            backup_type: Some(BackupType::Full),
            evidence: Evidence::Backups(Vec::new()),
        })
    }

    fn too_old(service: &str, urgency: Urgency) -> Arc<Finding> {
        let kind = FindingKind::OverTarget { age_secs: None, target_secs: 93_600, cause: AgeCause::Unknown };
        finding(service, urgency, kind)
    }

    fn services(new: &[&Arc<Finding>]) -> Vec<String> {
        new.iter().map(|finding| finding.service.to_string()).collect()
    }

    #[test]
    fn a_problem_is_new_once_and_again_after_it_was_solved() {
        let mut told = ToldFindings::default();
        let a = [too_old("a", Urgency::Problem)];
        let both = [too_old("a", Urgency::Problem), too_old("b", Urgency::Problem)];
        let steps: [(&[Arc<Finding>], &[&str]); 7] =
            [(&a, &["a"]), (&a, &[]), (&both, &["b"]), (&a, &[]), (&both, &["b"]), (&[], &[]), (&both, &["a", "b"])];
        for (number, (findings, want)) in steps.into_iter().enumerate() {
            assert_eq!(services(&told.take_in(findings, Absent::Solved)), want, "step {number}");
        }
    }

    #[test]
    fn what_grows_is_shown_when_it_weighs_more_and_never_for_its_words_alone() {
        let mut told = ToldFindings::default();
        let at = Timestamp::UNIX_EPOCH;
        let late = finding("a", Urgency::Warning, FindingKind::Late { since: at });
        let missed = |count| finding("a", Urgency::Warning, FindingKind::Missed { count, last: at });
        let steps = [
            (late, 1),
            (missed(1), 0),
            (missed(2), 0),
            (too_old("a", Urgency::Problem), 1),
            // While a run is under way, only its failures are left.
            (finding("a", Urgency::Warning, FindingKind::Failed { count: 3 }), 0),
            (too_old("a", Urgency::Problem), 0),
        ];
        for (number, (finding, want)) in steps.into_iter().enumerate() {
            assert_eq!(told.take_in(&[finding], Absent::Solved).len(), want, "step {number}");
        }
    }

    #[test]
    fn what_is_only_out_of_sight_is_not_solved() {
        let mut told = ToldFindings::default();
        let a = [too_old("a", Urgency::Problem)];
        told.take_in(&a, Absent::Solved);
        assert!(told.take_in(&[], Absent::Unknown).is_empty());
        assert!(told.take_in(&a, Absent::Solved).is_empty());
    }

    #[test]
    fn what_was_taken_back_is_new_again_and_keeps_what_was_known() {
        let mut told = ToldFindings::default();
        told.take_in(&[too_old("a", Urgency::Warning)], Absent::Solved);
        let before = told.clone();
        let now = [too_old("a", Urgency::Problem), too_old("b", Urgency::Problem)];
        assert_eq!(told.take_in(&now, Absent::Solved).len(), 2);
        told.take_back(&now, &before);
        assert_eq!(told, before);
        assert_eq!(told.take_in(&now, Absent::Solved).len(), 2);
    }

    proptest! {
        /// Over any run of reports, with a restart between any two: told exactly when a problem begins or grows.
        #[test]
        fn never_twice_and_never_lost(reports in proptest::collection::vec(proptest::collection::vec(0_u8..3, 4), 1..12)) {
            let urgencies = [Urgency::None, Urgency::Warning, Urgency::Problem];
            let mut told = ToldFindings::default();
            let mut worst = [Urgency::None; 4];
            for report in reports {
                let now: Vec<Urgency> = report.iter().map(|level| urgencies[usize::from(*level)]).collect();
                let present = now.iter().enumerate().filter(|(_, urgency)| **urgency > Urgency::None);
                let findings: Vec<_> = present.map(|(service, urgency)| too_old(&service.to_string(), *urgency)).collect();
                let want: Vec<String> =
                    (0..4).filter(|service| now[*service] > worst[*service]).map(|service| service.to_string()).collect();
                prop_assert_eq!(services(&told.take_in(&findings, Absent::Solved)), want);
                for (worst, now) in worst.iter_mut().zip(now) {
                    *worst = if now == Urgency::None { now } else { now.max(*worst) };
                }
                let kept = toml_edit::ser::to_string(&told).unwrap();
                told = toml_edit::de::from_str(&kept).unwrap();
            }
        }
    }
}
