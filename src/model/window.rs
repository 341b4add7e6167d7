//! The window itself: screens, dialogs, the clipboard, the end.

use super::{Batch, Dialog, Model, PendingChange, Severity, StepContext};
use crate::msg::{Effect, FileEffect, WindowCommand, WindowEffect};

impl Model {
    pub(super) fn handle_window(&mut self, command: WindowCommand, cx: &mut StepContext) {
        match command {
            WindowCommand::Go(screen) => {
                // A screen shows its table as the user has it; a view of another one stays as it is. What a jump led to does not.
                if self.data.open_view(screen).is_some() || self.data.is_after_jump() {
                    self.close_view(cx);
                }
                self.view.screen = screen;
                self.view.back_to = None;
            }
            WindowCommand::OpenPalette => {
                self.view.palette.clear();
                self.view.palette_line = 0;
                self.view.open(Dialog::Palette);
            }
            WindowCommand::OpenShortcuts => self.view.open(Dialog::Shortcuts),
            WindowCommand::OpenAbout => self.view.open(Dialog::About),
            WindowCommand::OpenColumns => {
                if let Some(table) = self.view.table() {
                    self.view.open(Dialog::Columns(table));
                }
            }
            WindowCommand::OpenZones => {
                self.view.zone_search.clear();
                self.view.open(Dialog::Zone);
            }
            WindowCommand::FocusSearch => self.view.focus_search = self.view.table().is_some(),
            WindowCommand::SayWhyNot(reason) => cx.notify(Severity::Info, reason),
            WindowCommand::CloseDialog => self.close_dialog(),
            WindowCommand::DismissNotification(id) => self.data.notifications.dismiss(id),
            WindowCommand::ClearActivity => self.data.activity.clear(),
            WindowCommand::ShowInFolder(path) => cx.push(Effect::Window(WindowEffect::ShowInFolder(path))),
            WindowCommand::OpenPath(path) => cx.push(Effect::Window(WindowEffect::OpenPath(path))),
            WindowCommand::OpenWeb(address) => cx.push(Effect::Window(WindowEffect::OpenWeb(address))),
            WindowCommand::OpenDownloadPage => self.open_download_page(cx),
            WindowCommand::PostponeUpdate => self.data.newest_version = None,
            WindowCommand::Copy(text, what) => cx.copy(text, what),
            WindowCommand::Quit => self.quit(cx),
        }
    }

    pub(super) fn close_dialog(&mut self) {
        if self.view.dialog == Some(Dialog::Batch) {
            self.view.batch = None;
            if let Some(open) = self.data.session.open_mut() {
                open.batch.take_if(|batch| !batch.is_running() && batch.is_all_done());
            }
        }
        // A draft is kept, its secrets are not; while the outcome of a change is open they may be needed again.
        if self.view.dialog == Some(Dialog::Schedule) && self.data.change().is_none() {
            self.view.wipe_form_secrets();
        }
        // What was sent has its own, should it be sent once more.
        if self.view.dialog == Some(Dialog::Restore) {
            self.view.wipe_restore_secrets();
        }
        // Under the question about a sign-in over the session is that sign-in.
        let is_over_sign_in =
            matches!(self.view.dialog, Some(Dialog::SeveralKeys { .. })) && self.data.is_signing_in_over();
        self.view.dialog = is_over_sign_in.then_some(Dialog::SignIn);
        self.data.removal.take_if(|removal| !removal.is_under_way);
        if let Some(open) = self.data.session.open_mut() {
            if open.changes.pending.is_none() {
                open.changes.error = None;
            }
            open.exports.error = None;
        }
    }

    /// Closes the window; while a change is being sent, asks first.
    pub(super) fn quit(&mut self, cx: &mut StepContext) {
        let is_open = self.data.change().is_some_and(PendingChange::is_under_way)
            || self.data.batch().is_some_and(Batch::is_running);
        if is_open && self.view.dialog != Some(Dialog::Quit) {
            self.view.open(Dialog::Quit);
            return;
        }
        cx.push(Effect::File(FileEffect::SaveSettings(Box::new(self.data.settings.clone()))));
        cx.push(Effect::Window(WindowEffect::CloseWindow));
    }
}
