//! Requesting a backup of the target of a restore, and waiting for it.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::target_backup::{TargetBackup, TargetBackupState};
use super::{ChangeKind, Lists, StepContext, Workspace};
use crate::domain::{Backup, BackupType, Recurrence, ServiceId, StatusKind, Text, snapshots_only};
use crate::draft::NewSchedule;
use crate::journal::ChangeId;

/// While it is waited for, the backups are read this often.
const POLL: SignedDuration = SignedDuration::from_secs(5);
/// So much later where the last reading failed.
const LATER: SignedDuration = SignedDuration::from_secs(25);

impl Workspace {
    /// Requests a backup of a service that is about to be restored into.
    pub(super) fn back_up_target(&mut self, service: ServiceId, cx: &mut StepContext) {
        if self.change_blocked_reason().is_some() {
            return;
        }
        let known = self.lists.known_services().iter().find(|it| it.id == service);
        let is_snapshot = known.is_some_and(|service| snapshots_only(service).is_some());
        let new = NewSchedule {
            service_id: service.clone(),
            backup_type: if is_snapshot { BackupType::Snapshot } else { BackupType::Full },
            recurrence: Recurrence::Once,
            storage: None,
        };
        let before = backups_of(&self.lists, &service).map(|(id, _)| id).collect();
        self.changes.begin(ChangeKind::Create(Arc::new(new)), self.record_account(), None, cx);
        let Some(change) = self.changes.pending.as_ref().map(|change| change.mark.id.clone()) else { return };
        self.target_backup = Some(TargetBackup {
            service,
            state: TargetBackupState::Requesting,
            requested_at: cx.service_now,
            change,
            before,
            next_poll: cx.service_now,
            looked_at: None,
        });
    }

    /// True where this change requests the backup of a target, not what a form asked for.
    pub(super) fn is_target_backup(&self, change: &ChangeId) -> bool {
        self.target_backup.as_ref().is_some_and(|it| it.change == *change)
    }

    /// Its request is settled: it exists by now, or it never will.
    pub(super) fn target_backup_settled(&mut self, change: &ChangeId, is_created: bool, cx: &StepContext) {
        let Some(backup) = self.target_backup.as_mut().filter(|it| it.change == *change) else { return };
        if is_created {
            backup.state = TargetBackupState::Waiting(None);
            backup.next_poll = later(cx.service_now);
        } else {
            self.target_backup = None;
        }
    }

    /// Looks for the new backup where other rows are shown than the last time.
    pub(super) fn look_for_target_backup(&mut self) {
        let Some(waiting) = &mut self.target_backup else { return };
        let revision = self.lists.backups.revision();
        let is_waiting = matches!(waiting.state, TargetBackupState::Waiting(_));
        if !is_waiting || waiting.looked_at.replace(revision) == Some(revision) {
            return;
        }
        let fresh = backups_of(&self.lists, &waiting.service).filter(|(id, _)| !waiting.before.contains(id));
        let Some(newest) = fresh.filter_map(|(_, at)| self.lists.backups.rows().get(at)).max_by_key(Backup::started_at)
        else {
            return;
        };
        waiting.state = match newest.status_kind() {
            StatusKind::Good => TargetBackupState::Succeeded(Box::new(newest)),
            StatusKind::Bad => TargetBackupState::Failed(Box::new(newest)),
            StatusKind::Running | StatusKind::Queued | StatusKind::Other => {
                TargetBackupState::Waiting(Some(Box::new(newest)))
            }
        };
    }

    /// When the backups are to be read for it; never earlier than the service asked for.
    pub(super) fn next_target_backup_poll(&self) -> Option<Timestamp> {
        let waiting = self.target_backup.as_ref()?;
        let is_waiting = matches!(waiting.state, TargetBackupState::Waiting(_));
        let is_free = is_waiting && self.can_read() && !self.lists.backups.remote.is_loading();
        let wait = if self.lists.backups.remote.error().is_some() { LATER } else { SignedDuration::ZERO };
        let at = waiting.next_poll.checked_add(wait).ok().filter(|_| is_free)?;
        Some(self.lists.retry_at().map_or(at, |until| until.max(at)))
    }

    /// Reads the backups where it is time to look for it.
    pub(super) fn poll_target_backup(&mut self, cx: &mut StepContext) {
        if self.next_target_backup_poll().is_none_or(|at| at > cx.service_now) {
            return;
        }
        let next = later(cx.service_now);
        if let Some(waiting) = &mut self.target_backup {
            waiting.next_poll = next;
        }
        self.lists.refresh_backups(next, cx);
    }
}

fn later(now: Timestamp) -> Timestamp {
    now.checked_add(POLL).unwrap_or(Timestamp::MAX)
}

/// Id and position of the listed backups of a service.
fn backups_of<'a>(lists: &'a Lists, service: &'a ServiceId) -> impl Iterator<Item = (Text, u32)> + 'a {
    let rows = lists.backups.rows();
    let of_service = rows.all_facts().zip(0_u32..).filter(|(facts, _)| facts.service_id == service.as_str());
    of_service.filter_map(|(_, at)| Some((rows.id(at)?, at)))
}
