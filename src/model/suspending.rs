//! What is noted about suspensions: kept once they are proven, forgotten when they end, and saved with the profile.

use jiff::Timestamp;

use super::{Batch, ChangeKind, Data, Model, PendingChange, Workspace};
use crate::api::Completeness;
use crate::draft::SchedulePatch;

impl Workspace {
    /// A change is proven: keeps what the user noted about a suspension as long as that lasts.
    pub(super) fn note_outcome(&mut self, change: &PendingChange, now: Timestamp) {
        let notes = &mut self.profile.suspensions;
        match &change.kind {
            ChangeKind::Update(schedule, SchedulePatch { suspended: Some(true), .. }) => {
                notes.put(schedule.id.clone(), now, change.note.clone().unwrap_or_default());
            }
            ChangeKind::Update(schedule, SchedulePatch { suspended: Some(false), .. })
            | ChangeKind::Delete(schedule) => notes.remove(&schedule.id),
            ChangeKind::Create(_) | ChangeKind::Update(..) | ChangeKind::Restore(_) | ChangeKind::DeleteRestore(_) => {}
        }
    }

    /// After a whole listing: a schedule that runs again or is gone needs no reason any more.
    pub(super) fn forget_resumed(&mut self) {
        let table = &self.lists.schedules;
        // A listing that began before one of several changes knows nothing of it; another one comes after the last.
        if self.batch.as_ref().is_some_and(Batch::is_running) {
            return;
        }
        if table.completeness == Completeness::Complete && !self.profile.suspensions.is_empty() {
            let rows = table.remote.value().cloned().unwrap_or_default();
            self.profile.suspensions.retain(|id| rows.find(id.as_str()).is_some_and(|row| row.is_suspended()));
        }
    }
}

impl Model {
    /// What was noted in the session goes into the settings of its profile; of one that is not saved it is gone with the session.
    pub(super) fn keep_suspensions(&mut self) {
        let Data { session, settings, .. } = &mut self.data;
        let Some(in_use) = session.open().map(|open| &open.profile) else { return };
        let saved = settings.profiles.iter_mut().find(|saved| saved.id == in_use.id);
        if let Some(saved) = saved.filter(|saved| saved.suspensions != in_use.suspensions) {
            saved.suspensions.clone_from(&in_use.suspensions);
            self.settings_changed();
        }
    }
}
