//! Whether the keyring can keep a key, what is shown while it is silent, and how keys are deleted from it.

use super::key_tasks::{KeyPurpose, KeyTask, KeyringStatus, Removal};
use super::{Dialog, Model, Session, Severity, SignInPhase, StepContext};
use crate::msg::{Effect, KeyringEffect, LedgerEffect, OpenError, Ticket};
use crate::settings::{KeyringError, Profile, ProfileId};

impl Model {
    /// Looks whether there is a keyring before anybody pastes a key into the form.
    pub(super) fn probe_keyring_when_needed(&mut self, cx: &mut StepContext) {
        let is_needed = self.data.keyring == KeyringStatus::Unknown;
        let is_form = matches!(self.data.sign_in(), Session::SignedOut { .. });
        if is_needed && is_form {
            self.probe_keyring(cx);
        }
    }

    pub(super) fn probe_keyring(&mut self, cx: &mut StepContext) {
        let ticket = cx.ticket();
        self.data.keyring = KeyringStatus::Asked(ticket, self.data.keyring.problem().cloned());
        cx.push(Effect::Keyring(KeyringEffect::ProbeKeyring(ticket)));
    }

    /// Without a keyring a key is not to be kept; with one that was missing before, it is again.
    pub(super) fn keyring_probed(&mut self, ticket: Ticket, result: Result<(), KeyringError>) {
        let KeyringStatus::Asked(awaited, problem) = &self.data.keyring else { return };
        if *awaited != ticket {
            return;
        }
        let form = &mut self.view.sign_in;
        self.data.keyring = match result {
            Ok(()) => {
                form.keep |= problem.is_some();
                KeyringStatus::Ready
            }
            Err(problem) => {
                form.keep = false;
                KeyringStatus::Failed(problem)
            }
        };
    }

    /// The keyring may be stuck, or a user may be typing its password: it is waited for, and the ways to continue are shown.
    pub(super) fn keyring_slow(&mut self, silent: Ticket, cx: &mut StepContext) {
        if let Session::Opening { ticket, phase, .. } = self.data.sign_in_mut()
            && *ticket == silent
        {
            *phase = SignInPhase::KeyringSlow;
        }
        if let Some(open) = self.data.session.open_mut().filter(|open| open.keeping == Some(silent)) {
            open.key_problem = Some(KeyringError::TimedOut);
        }
        if matches!(self.data.keyring, KeyringStatus::Asked(ticket, _) if ticket == silent) {
            self.view.sign_in.keep = false;
            self.data.keyring = KeyringStatus::Asked(silent, Some(KeyringError::TimedOut));
        }
        if let Some(task) = self.data.key_tasks.iter().find(|task| task.ticket == silent).cloned() {
            self.keys_not_deleted(&task, &KeyringError::TimedOut, cx);
        }
    }

    /// Makes the keyring that is missing.
    pub(super) fn create_keyring(&mut self, cx: &mut StepContext) {
        let ticket = cx.ticket();
        self.data.keyring = KeyringStatus::Creating(ticket);
        cx.push(Effect::Keyring(KeyringEffect::CreateKeyring(ticket)));
    }

    /// A keyring that is there now keeps the key that waits for it.
    pub(super) fn keyring_created(&mut self, ticket: Ticket, result: Result<(), KeyringError>, cx: &mut StepContext) {
        if self.data.keyring != KeyringStatus::Creating(ticket) {
            return;
        }
        if let Err(problem) = result {
            self.data.keyring = KeyringStatus::Failed(KeyringError::NoPlace);
            let text = format!("No keyring was created: {}", problem.sentence());
            cx.notify(Severity::Warning, text);
            return;
        }
        self.data.keyring = KeyringStatus::Ready;
        self.view.sign_in.keep = true;
        cx.notify(Severity::Good, "The keyring was created");
        let waits = self.data.session.open().is_some_and(|open| open.key_problem == Some(KeyringError::NoPlace));
        if waits {
            self.save_key(cx);
        }
    }

    /// The profile goes once its key is deleted, so that no key stays where nothing finds it any more.
    pub(super) fn remove_profile(&mut self, id: &ProfileId, cx: &mut StepContext) {
        if self.data.settings.profile(id).is_some() {
            self.delete_keys(id, KeyPurpose::Remove, None, cx);
            self.data.removal = Some(Removal { profile: id.clone(), is_under_way: true, problem: None });
            self.view.open(Dialog::RemoveProfile(id.clone()));
        }
    }

    /// Deletes the keys of a saved profile, all but the one named by `keep`.
    pub(super) fn delete_keys(
        &mut self,
        id: &ProfileId,
        purpose: KeyPurpose,
        keep: Option<String>,
        cx: &mut StepContext,
    ) {
        let Some(account) = self.data.settings.profile(id).map(Profile::account) else { return };
        let ticket = cx.ticket();
        if purpose != KeyPurpose::KeepOne && self.data.session.profile().is_some_and(|open| open.id == *id) {
            self.end_session(cx);
            self.show_form(Some(id));
        }
        self.data.key_tasks.push(KeyTask { ticket, profile: id.clone(), purpose });
        cx.push(Effect::Keyring(KeyringEffect::DeleteKey { ticket, account, keep }));
    }

    pub(super) fn keys_deleted(&mut self, ticket: Ticket, result: Result<(), KeyringError>, cx: &mut StepContext) {
        let Some(at) = self.data.key_tasks.iter().position(|task| task.ticket == ticket) else { return };
        let task = self.data.key_tasks.swap_remove(at);
        if let Err(problem) = result {
            if let Some(removal) = self.removal_of(&task) {
                removal.is_under_way = false;
            }
            self.keys_not_deleted(&task, &problem, cx);
            return;
        }
        let store = self.data.config.store_name;
        match task.purpose {
            KeyPurpose::Forget => cx.notify(Severity::Good, format!("Key deleted from the {store}")),
            KeyPurpose::Remove => {
                self.drop_profile(&task.profile, &format!("its key was deleted from the {store}"), cx);
            }
            KeyPurpose::KeepOne => {
                cx.notify(Severity::Good, "One key was kept, the others were deleted");
                self.use_kept_key(&task.profile, cx);
            }
        }
    }

    /// What could not be done because of several keys is done now.
    fn use_kept_key(&mut self, id: &ProfileId, cx: &mut StepContext) {
        let several = |problem: &KeyringError| matches!(problem, KeyringError::Ambiguous(_));
        let in_use = self.data.session.open().filter(|open| open.profile.id == *id);
        if in_use.is_some_and(|open| open.key_problem.as_ref().is_some_and(several)) {
            return self.save_key(cx);
        }
        if let Session::SignedOut { problem: Some(OpenError::Keyring(problem)) } = self.data.sign_in()
            && several(problem)
        {
            self.open_saved_profile(id, cx);
        }
    }

    /// Says that keys may still be there: in the dialog that asked for it, else in a notice.
    pub(super) fn keys_not_deleted(&mut self, task: &KeyTask, problem: &KeyringError, cx: &mut StepContext) {
        let is_shown = self.view.dialog == Some(Dialog::RemoveProfile(task.profile.clone()));
        if let Some(removal) = self.removal_of(task) {
            removal.problem = Some(problem.clone());
            if is_shown {
                return;
            }
        }
        let store = self.data.config.store_name;
        let name = self.data.profile(&task.profile).map(|profile| profile.name.clone()).unwrap_or_default();
        let text = match task.purpose {
            KeyPurpose::Remove => {
                format!("Profile {name} is still there, its key was not deleted: {}", problem.sentence())
            }
            KeyPurpose::Forget => format!("The key may still be in the {store}: {}", problem.sentence()),
            KeyPurpose::KeepOne => format!("No key was deleted: {}", problem.sentence()),
        };
        cx.notify_with(Severity::Bad, text, Some(problem.advice()), None);
    }

    /// The removal that this task is part of.
    fn removal_of(&mut self, task: &KeyTask) -> Option<&mut Removal> {
        let is_removing = task.purpose == KeyPurpose::Remove;
        self.data.removal.as_mut().filter(|removal| is_removing && removal.profile == task.profile)
    }

    pub(super) fn remove_profile_only(&mut self, id: &ProfileId, cx: &mut StepContext) {
        let store = self.data.config.store_name;
        let label = self.data.profile(id).map(Profile::key_label).unwrap_or_default();
        self.drop_profile(id, &format!("its key stays in the {store} as \u{201c}{label}\u{201d}"), cx);
    }

    fn drop_profile(&mut self, id: &ProfileId, and_its_key: &str, cx: &mut StepContext) {
        let name = self.data.profile(id).map(|profile| profile.name.clone()).unwrap_or_default();
        // Its file would stay where nothing finds it any more.
        if let Some(account) = self.data.profile(id).map(Profile::account) {
            cx.push(Effect::Ledger(LedgerEffect::Delete(account)));
        }
        self.data.settings.profiles.retain(|profile| profile.id != *id);
        self.data.settings.active.take_if(|active| active == id);
        self.data.removal.take_if(|removal| removal.profile == *id);
        if self.view.sign_in.profile.as_ref() == Some(id) {
            self.show_form(None);
            // What went wrong with it matters no more.
            if let Session::SignedOut { problem } = self.data.sign_in_mut() {
                *problem = None;
            }
        }
        if self.view.dialog == Some(Dialog::RemoveProfile(id.clone())) {
            self.view.dialog = None;
        }
        self.settings_changed();
        cx.notify(Severity::Good, format!("Profile {name} was removed, {and_its_key}"));
    }
}
