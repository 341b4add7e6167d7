//! Opening and closing the restore dialog, and what comes of it.

use super::key_file::KeyFile;
use super::{Dialog, Lists, Remote, RestoreForm, RestoreStep, Severity, StepContext, View, Workspace};
use crate::domain::{Restore, RestoreId};
use crate::draft::{RestoreInput, RestoreRequest, RestoreSource};
use crate::msg::{Effect, ListEffect};

impl Workspace {
    /// Opens the dialog; an unfinished draft of the same source comes back as it was left.
    pub(super) fn open_restore(&mut self, source: Option<RestoreSource>, view: &mut View, cx: &mut StepContext) {
        if let Some(reason) = self.change_blocked_reason() {
            cx.notify(Severity::Info, reason);
            return;
        }
        self.changes.error = None;
        let kept = view.restore.take().filter(|form| form.sent.is_none() && form.draft.is_for(source.as_ref()));
        let mut form = kept.unwrap_or_else(|| RestoreForm::of(source));
        // The sentences about the rows name times, on a clock that may be another one by now.
        form.known = None;
        self.lists.look_up_targets(&form.draft.source, cx);
        self.read_services(cx);
        view.restore = Some(form);
        view.open(Dialog::Restore);
    }

    /// Reads the services again, unless they are being read.
    pub(super) fn read_services(&mut self, cx: &mut StepContext) {
        if self.can_read() && !self.lists.services.is_loading() {
            self.lists.read_services(cx);
        }
    }

    /// A restore began: it is followed to its end, in the dialog that asked for it where that is there.
    pub(super) fn follow_started(
        &mut self,
        restore: &Restore,
        request: &RestoreRequest,
        view: &mut View,
        cx: &StepContext,
    ) {
        self.follow_restore(restore, cx);
        view.show_progress(&restore.id, request);
    }
}

impl Lists {
    /// Asks where a backup can be restored; of any other source the service cannot be asked.
    fn look_up_targets(&mut self, source: &RestoreInput, cx: &mut StepContext) {
        if let Some(ticket) = self.restore_targets.cancel(cx.service_now) {
            cx.push(Effect::Cancel(ticket));
        }
        self.restore_targets = Remote::default();
        let RestoreInput::Backup(id) = source else { return };
        let row = self.backups.find(id.as_str()).or_else(|| self.shown_backups().find(id.as_str()));
        let Some(service) = row.and_then(|row| row.service_id) else { return };
        let ticket = cx.ticket();
        self.restore_targets.begin(ticket);
        cx.push(Effect::List(ListEffect::FindRestoreTargets { ticket, backup: id.clone(), source: service }));
    }
}

impl View {
    /// The draft stays, its secrets go, and it is not confirmed any more. One that was sent is over.
    pub(super) fn wipe_restore_secrets(&mut self) {
        let Some(form) = &mut self.restore else { return };
        form.draft.clear_secrets();
        form.key_file = KeyFile::default();
        form.confirm_name.clear();
        form.is_production_confirmed = false;
        self.restore.take_if(|form| form.sent.is_some());
    }

    /// What this dialog asked for began: its progress is shown there, and its secrets are gone.
    fn show_progress(&mut self, id: &RestoreId, request: &RestoreRequest) {
        let is_it = |form: &&mut RestoreForm| {
            form.draft.target_id().as_ref() == Some(&request.target) && form.draft.is_for(Some(&request.source))
        };
        let Some(form) = self.restore.as_mut().filter(is_it) else { return };
        form.draft.clear_secrets();
        form.key_file = KeyFile::default();
        form.sent = Some(id.clone());
        form.go_to(RestoreStep::Progress);
    }
}
