//! Restores that were started here: their list is read until they end, and their end is reported.

use jiff::{SignedDuration, Timestamp};

use super::followed_restores::FollowedRestore;
use super::{NotificationAction, Severity, StepContext, Workspace};
use crate::domain::{Restore, RestoreId, StatusKind};

/// While one runs, the restores are read this often.
const POLL: SignedDuration = SignedDuration::from_secs(5);
/// So much later where the last reading failed: what refuses or is out of reach is not asked every few seconds.
const LATER: SignedDuration = SignedDuration::from_secs(25);

impl Workspace {
    /// Follows a restore to its end.
    pub(super) fn follow_restore(&mut self, row: &Restore, cx: &StepContext) {
        if row.id.is_empty() {
            return;
        }
        let began_with = self.lists.restores.remote.at;
        let followed = &mut self.followed_restores;
        followed.forget(&row.id);
        followed.all.push(FollowedRestore { row: row.clone(), began_with, was_listed: false });
        followed.next_poll = cx.service_now.checked_add(POLL).ok();
        followed.looked_at = None;
    }

    /// True while SkyBackup waits for the end of this restore.
    pub(super) fn follows(&self, id: &RestoreId) -> bool {
        self.followed_restores.has(id)
    }

    /// Reports the end of each restore that has ended since other rows were shown; those.
    pub(super) fn look_for_ended_restores(&mut self, cx: &mut StepContext) -> Vec<Restore> {
        let revision = self.lists.restores.revision();
        let followed = &mut self.followed_restores;
        if followed.all.is_empty() || followed.looked_at.replace(revision) == Some(revision) {
            return Vec::new();
        }
        let (mut ended, mut left) = (Vec::new(), Vec::new());
        let list = &self.lists.restores;
        followed.all.retain_mut(|followed| {
            match list.find(followed.row.id.as_str()) {
                Some(row) if row.is_finished() => ended.push(row),
                Some(row) => {
                    followed.was_listed |= list.remote.at != followed.began_with;
                    followed.row = row;
                    return true;
                }
                // A list may show a new row late, but one that it had does not come back.
                None if followed.was_listed && list.complete_at().is_some() => left.push(followed.row.clone()),
                None => return true,
            }
            false
        });
        for restore in &ended {
            self.report_end(restore, cx);
        }
        for restore in &left {
            let label = self.label_of(restore);
            let advice = "Look at the service itself before anybody relies on it".to_owned();
            let text = format!("SkySQL no longer lists the restore into {label}, so how it ends is not known");
            cx.notify_with(Severity::Warning, text, Some(advice), None);
        }
        if !ended.is_empty() || !left.is_empty() {
            // What it stopped is ready again, or failed.
            self.read_services(cx);
        }
        ended
    }

    /// One that failed may have a sentence of the service.
    fn report_end(&self, restore: &Restore, cx: &mut StepContext) {
        let label = self.label_of(restore);
        let action = Some(NotificationAction::ShowRestore(restore.id.clone()));
        if restore.status_kind() == StatusKind::Good {
            let advice = "Its users and passwords are those of the source now".to_owned();
            cx.notify_with(Severity::Good, format!("Restore into {label} succeeded"), Some(advice), action);
        } else {
            let why = restore.message.as_ref().map(ToString::to_string);
            cx.notify_with(Severity::Bad, format!("Restore into {label} did not succeed"), why, action);
        }
    }

    /// When the restores are to be read for those that are followed; never earlier than the service asked for.
    pub(super) fn next_restore_poll(&self) -> Option<Timestamp> {
        let followed = &self.followed_restores;
        let is_due = !followed.all.is_empty() && self.can_read() && !self.lists.restores.remote.is_loading();
        let wait = if self.lists.restores.remote.error().is_some() { LATER } else { SignedDuration::ZERO };
        let at = followed.next_poll.filter(|_| is_due)?.checked_add(wait).ok()?;
        Some(self.lists.retry_at().map_or(at, |until| until.max(at)))
    }

    /// Reads the restores where it is time to look at those that are followed.
    pub(super) fn poll_followed_restores(&mut self, cx: &mut StepContext) {
        if self.next_restore_poll().is_some_and(|at| at <= cx.service_now) {
            self.followed_restores.next_poll = cx.service_now.checked_add(POLL).ok();
            self.refresh_restores(cx);
        }
    }
}
