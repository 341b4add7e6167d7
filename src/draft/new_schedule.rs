//! A schedule to be created, and a change of one: checked, and ready to be sent.

use serde::{Deserialize, Serialize};

use crate::cron::{Cron, is_same_expression};
use crate::domain::{BackupType, Recurrence, Schedule, ServiceId, Text};
use crate::secrets::ExternalStorage;

/// A schedule to be created, checked. Its storage is never kept in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewSchedule {
    /// `service_id`.
    pub service_id: ServiceId,
    /// `backup_type`.
    pub backup_type: BackupType,
    /// `schedule`: `once` or an expression, never the word `cron`.
    #[serde(rename = "schedule")]
    pub recurrence: Recurrence,
    /// `external_storage`; none for the storage of SkySQL.
    #[serde(skip)]
    pub storage: Option<ExternalStorage>,
}

/// A change of a schedule: only what is to change. Service and storage cannot be changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SchedulePatch {
    /// `backup_type`.
    #[serde(rename = "type")]
    pub backup_type: Option<BackupType>,
    /// `schedule`, an expression.
    #[serde(rename = "schedule")]
    pub recurrence: Option<Text>,
    /// `suspended`.
    pub suspended: Option<bool>,
}

impl SchedulePatch {
    /// What has to be sent to turn a schedule into the given one; without an expression its time stays. Five fields that mean the same
    /// are no change.
    #[must_use]
    pub fn between(old: &Schedule, backup_type: &BackupType, cron: Option<&Cron>) -> Self {
        let old_text = old.recurrence.as_ref().map(Recurrence::as_str).unwrap_or_default();
        Self {
            backup_type: (old.backup_type.as_ref() != Some(backup_type)).then(|| backup_type.clone()),
            recurrence: cron.filter(|cron| !is_same_expression(old_text, cron)).map(|cron| cron.as_str().into()),
            suspended: None,
        }
    }

    /// True where nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_carries_only_what_changed() {
        let cron = |text| Cron::parse(text).unwrap();
        let patch = |backup_type: Option<BackupType>, text: Option<&str>| SchedulePatch {
            backup_type,
            recurrence: text.map(Into::into),
            suspended: None,
        };
        let old = Schedule {
            backup_type: Some(BackupType::Full),
            recurrence: Some(Recurrence::Cron("0 2 * * MON-FRI".into())),
            ..Schedule::default()
        };
        let cases = [
            (BackupType::Full, "0 2 * * 1-5", patch(None, None)),
            (BackupType::Dump, "0 2 * * 1-5", patch(Some(BackupType::Dump), None)),
            (BackupType::Full, "0 3 * * 1-5", patch(None, Some("0 3 * * 1-5"))),
            (BackupType::Dump, "0 3 * * 1-5", patch(Some(BackupType::Dump), Some("0 3 * * 1-5"))),
        ];
        for (backup_type, text, want) in cases {
            let found = SchedulePatch::between(&old, &backup_type, Some(&cron(text)));
            assert_eq!(found, want);
            assert_eq!(found.is_empty(), want == SchedulePatch::default());
        }
        let unreadable = Schedule { recurrence: Some(Recurrence::Cron("cron".into())), ..old };
        let found = SchedulePatch::between(&unreadable, &BackupType::Full, Some(&cron("0 2 * * *")));
        assert_eq!(found, patch(None, Some("0 2 * * *")));
        let found = SchedulePatch::between(&unreadable, &BackupType::Dump, None);
        assert_eq!(found, patch(Some(BackupType::Dump), None));
    }
}
