//! Opening and closing the restore dialog, and sending from it.

use super::key_file::KeyFile;
use super::{Dialog, Lists, Model, Remote, RestoreForm, RestoreStep, Severity, StepContext, View};
use crate::domain::RestoreId;
use crate::draft::{RestoreInput, RestoreSource};
use crate::msg::{Effect, ListEffect, RestoreCommand};

impl Model {
    pub(super) fn handle_restore(&mut self, command: RestoreCommand, cx: &mut StepContext) {
        match command {
            RestoreCommand::Start(source) => self.open_restore(source, cx),
            RestoreCommand::Check => {
                if let Some(open) = self.data.session.open_mut().filter(|open| open.can_read())
                    && !open.lists.services.is_loading()
                {
                    open.lists.read_services(cx);
                }
            }
            RestoreCommand::BackUpTarget(service) => {
                if let Some(open) = self.data.session.open_mut() {
                    open.back_up_target(service, cx);
                }
            }
            RestoreCommand::StopWaiting => {
                if let Some(open) = self.data.session.open_mut() {
                    open.target_backup = None;
                }
            }
            RestoreCommand::Create(_) => {}
        }
    }

    /// Opens the dialog; an unfinished draft of the same source comes back as it was left.
    fn open_restore(&mut self, source: Option<RestoreSource>, cx: &mut StepContext) {
        let Some(open) = self.data.session.open_mut() else { return };
        if let Some(reason) = open.change_blocked_reason() {
            cx.notify(Severity::Info, reason);
            return;
        }
        open.changes.error = None;
        let kept = self.view.restore.take().filter(|form| form.sent.is_none() && form.draft.is_for(source.as_ref()));
        let form = kept.unwrap_or_else(|| RestoreForm::of(source));
        open.lists.look_up_targets(&form.draft.source, cx);
        if !open.lists.services.is_loading() {
            open.lists.read_services(cx);
        }
        self.view.restore = Some(form);
        self.view.open(Dialog::Restore);
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

    /// The dialog was sent, and a restore came of it: it is followed there. Its secrets are gone.
    pub(super) fn follow_restore(&mut self, id: RestoreId) {
        if let Some(form) = &mut self.restore {
            form.draft.clear_secrets();
            form.key_file = KeyFile::default();
            form.sent = Some(id);
            form.go_to(RestoreStep::Progress);
        }
    }
}
