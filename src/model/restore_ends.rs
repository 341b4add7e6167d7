//! Restores that were started here: their list is read until they end, and their end is reported.

use jiff::{SignedDuration, Timestamp};

use super::{NotificationAction, Severity, StepContext, Workspace};
use crate::domain::{Restore, RestoreId, StatusKind};

/// While one runs, the restores are read this often.
const POLL: SignedDuration = SignedDuration::from_secs(5);

impl Workspace {
    /// Follows a restore to its end.
    pub(super) fn follow_restore(&mut self, id: &RestoreId, cx: &StepContext) {
        if id.is_empty() {
            return;
        }
        let followed = &mut self.followed_restores;
        followed.ids.push(id.clone());
        followed.next_poll = cx.service_now.checked_add(POLL).ok();
        followed.looked_at = None;
    }

    /// Reports the end of each restore that has ended since other rows were shown; those.
    pub(super) fn look_for_ended_restores(&mut self, cx: &mut StepContext) -> Vec<Restore> {
        let revision = self.lists.restores.revision();
        let followed = &mut self.followed_restores;
        if followed.ids.is_empty() || followed.looked_at.replace(revision) == Some(revision) {
            return Vec::new();
        }
        let rows = followed.ids.iter().filter_map(|id| self.lists.restores.find(id.as_str()));
        let ended: Vec<Restore> = rows.filter(Restore::is_finished).collect();
        if ended.is_empty() {
            return ended;
        }
        for restore in &ended {
            self.followed_restores.ids.retain(|id| *id != restore.id);
            self.report_end(restore, cx);
        }
        // What it stopped is ready again, or failed.
        self.read_services(cx);
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
        let is_due = !followed.ids.is_empty() && self.can_read() && !self.lists.restores.remote.is_loading();
        let at = followed.next_poll.filter(|_| is_due)?;
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
