//! How old the newest good backup of a service and type may be.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::history::lane_of;
use super::planned::PlannedSchedule;
use crate::domain::{BackupType, RETENTION, ServiceId};

/// What a run may take, and how late it may begin, before its backup counts as too old.
const GRACE: SignedDuration = SignedDuration::from_hours(2);

/// For a whole copy of a service without a schedule that tells: one a day, as SkySQL's own nightly backups are.
pub(super) const DAILY: SignedDuration = SignedDuration::from_hours(24 + 2);

/// A target that a user set, as it is in the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeTarget {
    /// The service; none for all services that have no target of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceId>,
    /// The backup type.
    #[serde(rename = "type")]
    pub backup_type: BackupType,
    /// Hours; 0 for no target.
    pub hours: u32,
}

/// The targets of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Targets(Vec<AgeTarget>);

impl Targets {
    /// Sets a target, or removes it where `hours` is `None`.
    pub fn set(&mut self, service: Option<&ServiceId>, backup_type: &BackupType, hours: Option<u32>) {
        self.0.retain(|target| target.service.as_ref() != service || target.backup_type != *backup_type);
        let target = |hours| AgeTarget { service: service.cloned(), backup_type: backup_type.clone(), hours };
        self.0.extend(hours.map(target));
    }

    /// The hours that were set for exactly this.
    #[must_use]
    pub fn get(&self, service: Option<&ServiceId>, backup_type: &BackupType) -> Option<u32> {
        let mut targets = self.0.iter();
        targets.find(|it| it.service.as_ref() == service && it.backup_type == *backup_type).map(|it| it.hours)
    }

    /// True where none was set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn in_force(&self, service: &ServiceId, backup_type: &BackupType) -> Option<u32> {
        self.get(Some(service), backup_type).or_else(|| self.get(None, backup_type))
    }
}

/// The target in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TargetInForce {
    /// `None` where any age will do.
    pub(super) secs: Option<i64>,
    /// A user set it.
    pub(super) is_set: bool,
}

/// What is in force for a service and type: what the user set; else what its schedules promise, which is the longest time between two
/// runs and a grace, never more than backups are kept.
pub(super) fn target_in_force(
    targets: &Targets,
    service: &ServiceId,
    backup_type: &BackupType,
    plans: &[PlannedSchedule],
) -> TargetInForce {
    if let Some(hours) = targets.in_force(service, backup_type) {
        return TargetInForce { secs: (hours > 0).then(|| i64::from(hours) * 3600), is_set: true };
    }
    let lane = lane_of(backup_type);
    let gaps = plans.iter().filter(|plan| plan.lane == lane && plan.is_active()).filter_map(|plan| plan.longest_gap);
    let promised = gaps.min().map(|gap| (gap + GRACE.as_secs()).min(RETENTION.as_secs()));
    TargetInForce { secs: promised, is_set: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_of_a_service_goes_before_that_of_all() {
        let (orders, billing) = (ServiceId::new("dborders"), ServiceId::new("dbbilling"));
        let mut targets = Targets::default();
        targets.set(None, &BackupType::Full, Some(24));
        targets.set(Some(&orders), &BackupType::Full, Some(6));
        targets.set(Some(&orders), &BackupType::Full, Some(12));
        let secs = |targets: &Targets, service, kind| target_in_force(targets, service, kind, &[]).secs;
        assert_eq!(secs(&targets, &orders, &BackupType::Full), Some(12 * 3600));
        assert_eq!(secs(&targets, &billing, &BackupType::Full), Some(24 * 3600));
        assert_eq!(secs(&targets, &billing, &BackupType::Dump), None);
        targets.set(Some(&orders), &BackupType::Full, None);
        assert_eq!(secs(&targets, &orders, &BackupType::Full), Some(24 * 3600));
        targets.set(Some(&orders), &BackupType::Full, Some(0));
        let off = target_in_force(&targets, &orders, &BackupType::Full, &[]);
        assert_eq!(off, TargetInForce { secs: None, is_set: true });
    }
}
