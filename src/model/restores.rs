//! Restores: whether one can be started or its entry deleted, and the outcome of that.

use std::sync::Arc;

use super::changes::PendingChange;
use super::{ChangeKind, Dialog, NotificationAction, RestoresFace, Severity, StepContext, View, Workspace};
use crate::api::Deleted;
use crate::domain::{BackupId, Restore, RestoreId};
use crate::draft::RestoreRequest;
use crate::grid::TableCommand;
use crate::msg::{RestoreCommand, Screen};

impl Workspace {
    pub(super) fn handle_restore(&mut self, command: RestoreCommand, view: &mut View, cx: &mut StepContext) {
        match command {
            RestoreCommand::Start(source) => self.open_restore(source, view, cx),
            RestoreCommand::Check => self.read_services(cx),
            RestoreCommand::BackUpTarget(service) => self.back_up_target(service, cx),
            RestoreCommand::StopWaiting => self.target_backup = None,
            RestoreCommand::Create(request) => self.start_restore(request, cx),
            RestoreCommand::AskResend => {
                if self.changes.pending.as_ref().is_some_and(PendingChange::can_resend) {
                    view.open(Dialog::ResendRestore);
                }
            }
            RestoreCommand::AskDelete(id) => {
                if self.lists.target_restore(&id).is_ok() {
                    self.changes.error = None;
                    view.open(Dialog::DeleteRestore(id));
                }
            }
            RestoreCommand::Delete(id) => self.delete_restore(&id, view, cx),
        }
    }

    fn start_restore(&mut self, request: Arc<RestoreRequest>, cx: &mut StepContext) {
        if self.change_blocked_reason().is_none() {
            self.begin_change(ChangeKind::Restore(request), None, cx);
        }
    }

    /// Deletes the entry, where it may be reached. One that left the screen while the question was open closes that.
    fn delete_restore(&mut self, id: &RestoreId, view: &mut View, cx: &mut StepContext) {
        if self.change_blocked_reason().is_some() {
            return;
        }
        match self.lists.target_restore(id) {
            Ok(restore) => {
                let before = Box::new(restore.clone());
                self.begin_change(ChangeKind::DeleteRestore(before), None, cx);
            }
            Err(why_not) => {
                view.close_restore_question(id);
                let why_not = why_not.sentence(&format!("Restore {}", id.shown()));
                cx.notify(Severity::Info, format!("{why_not}, so nothing was sent"));
                self.refresh_restores(cx);
            }
        }
    }

    /// The service took a restore: its row is in the table at once, and the services are read again, because it stops its target.
    pub(super) fn restore_started(&mut self, restore: Restore, view: &mut View, cx: &mut StepContext) {
        let Some(change) = self.changes.end(cx) else { return };
        let ChangeKind::Restore(request) = change.kind else { return };
        let restore = self.completed_restore(restore, &request);
        let text = format!("Restore into {} started", self.label_of(&restore));
        let action = Some(NotificationAction::ShowRestore(restore.id.clone())).filter(|_| !restore.id.is_empty());
        self.follow_started(&restore, &request, view, cx);
        if !restore.id.is_empty() {
            self.lists.restores.select_when_shown(restore.id.as_str());
            self.lists.restores.put(restore);
        }
        cx.notify_with(Severity::Good, text, None, action);
        self.refresh_restores(cx);
        self.read_services(cx);
    }

    /// A response may leave out what was sent; the row shows it all the same until the list is read again.
    fn completed_restore(&self, mut restore: Restore, request: &RestoreRequest) -> Restore {
        restore.service_id.get_or_insert_with(|| request.target.clone());
        restore.backup_id.get_or_insert_with(|| BackupId::new(request.source_id()));
        if restore.service_name.is_none() {
            let service = self.lists.known_services().iter().find(|service| service.id == request.target);
            restore.service_name = service.and_then(|service| service.name.clone());
        }
        restore
    }

    pub(super) fn restore_deleted(&mut self, restore: &Restore, how: Deleted, view: &mut View, cx: &mut StepContext) {
        view.close_restore_question(&restore.id);
        self.lists.restores.remove(restore.id.as_str());
        self.followed_restores.forget(&restore.id);
        let label = self.label_of(restore);
        let text = match how {
            Deleted::Deleted => format!("Entry of the restore into {label} deleted"),
            Deleted::AlreadyGone => format!("The entry of the restore into {label} was already gone"),
        };
        cx.notify(Severity::Good, text);
        self.refresh_restores(cx);
    }

    pub(super) fn show_restore(&mut self, id: &RestoreId, view: &mut View) {
        view.screen = Screen::Restores;
        view.moments.face = RestoresFace::Restores;
        view.restores_search.clear();
        view.detail = true;
        self.lists.restores.handle(TableCommand::ClearFilter);
        self.lists.restores.select_when_shown(id.as_str());
    }
}

impl View {
    /// What the question about the entry of this restore asked for is done.
    fn close_restore_question(&mut self, id: &RestoreId) {
        self.dialog.take_if(|dialog| *dialog == Dialog::DeleteRestore(id.clone()));
    }
}
