//! Whether the keyring can keep a key, what is shown while it is silent, and how keys are deleted from it.

use super::session::{KeyDeed, KeyPurpose, Removal};
use super::{Dialog, Keyring, Level, Model, Session, Stage, StepContext};
use crate::msg::{Effect, KeyringEffect, OpenError, Ticket};
use crate::settings::{Profile, ProfileId, VaultError};

impl Model {
    /// Looks whether there is a keyring before anybody pastes a key into the form.
    pub(super) fn probe_keyring_when_needed(&mut self, cx: &mut StepContext) {
        let is_needed = self.data.keyring == Keyring::Unknown;
        let is_form = matches!(self.data.sign_in(), Session::SignedOut { .. });
        if is_needed && is_form {
            self.probe_keyring(cx);
        }
    }

    pub(super) fn probe_keyring(&mut self, cx: &mut StepContext) {
        let ticket = cx.ticket();
        self.data.keyring = Keyring::Asked(ticket, self.data.keyring.problem().cloned());
        cx.push(Effect::Keyring(KeyringEffect::ProbeKeyring(ticket)));
    }

    /// Without a keyring a key is not to be kept; with one that was missing before, it is again.
    pub(super) fn keyring_probed(&mut self, ticket: Ticket, result: Result<(), VaultError>) {
        let Keyring::Asked(awaited, problem) = &self.data.keyring else { return };
        if *awaited != ticket {
            return;
        }
        let form = &mut self.view.sign_in;
        self.data.keyring = match result {
            Ok(()) => {
                form.keep |= problem.is_some();
                Keyring::Ready
            }
            Err(problem) => {
                form.keep = false;
                Keyring::Failed(problem)
            }
        };
    }

    /// The keyring may be stuck, or a user may be typing its password: it is waited for, and the ways on are said.
    pub(super) fn keyring_silent(&mut self, silent: Ticket) {
        if let Session::Opening { ticket, stage, .. } = self.data.sign_in_mut()
            && *ticket == silent
        {
            *stage = Stage::KeyringSilent;
        }
        if let Some(open) = self.data.session.open_mut().filter(|open| open.keeping == Some(silent)) {
            open.key_problem = Some(VaultError::TimedOut);
        }
        if matches!(self.data.keyring, Keyring::Asked(ticket, _) if ticket == silent) {
            self.view.sign_in.keep = false;
            self.data.keyring = Keyring::Asked(silent, Some(VaultError::TimedOut));
        }
        if let Some(deed) = self.data.key_deeds.iter().find(|deed| deed.ticket == silent).cloned() {
            self.keys_not_deleted(&deed, &VaultError::TimedOut);
        }
    }

    /// Makes the keyring that is missing.
    pub(super) fn create_keyring(&mut self, cx: &mut StepContext) {
        let ticket = cx.ticket();
        self.data.keyring = Keyring::Creating(ticket);
        cx.push(Effect::Keyring(KeyringEffect::CreateKeyring(ticket)));
    }

    /// A keyring that is there now keeps the key that waits for it.
    pub(super) fn keyring_created(&mut self, ticket: Ticket, result: Result<(), VaultError>, cx: &mut StepContext) {
        if self.data.keyring != Keyring::Creating(ticket) {
            return;
        }
        if let Err(problem) = result {
            self.data.keyring = Keyring::Failed(VaultError::NoPlace);
            let text = format!("No keyring was created: {}", problem.sentence());
            self.data.toasts.add(Level::Warning, text, None, None, self.data.now);
            return;
        }
        self.data.keyring = Keyring::Ready;
        self.view.sign_in.keep = true;
        self.note(Level::Good, "The keyring was created");
        let waits = self.data.session.open().is_some_and(|open| open.key_problem == Some(VaultError::NoPlace));
        if waits {
            self.keep_key(cx);
        }
    }

    pub(super) fn forget_key(&mut self, id: &ProfileId, cx: &mut StepContext) {
        self.delete_keys(id, KeyPurpose::Forget, None, cx);
    }

    pub(super) fn keep_one_key(&mut self, id: &ProfileId, keep: String, cx: &mut StepContext) {
        self.close_dialog();
        self.delete_keys(id, KeyPurpose::KeepOne, Some(keep), cx);
    }

    /// The profile goes once its key is deleted, so that no key stays where nothing finds it any more.
    pub(super) fn remove_profile(&mut self, id: &ProfileId, cx: &mut StepContext) {
        if self.data.settings.profiles.iter().any(|profile| profile.id == *id) {
            self.delete_keys(id, KeyPurpose::Remove, None, cx);
            self.data.removal = Some(Removal { profile: id.clone(), is_under_way: true, problem: None });
            self.view.open(Dialog::RemoveProfile(id.clone()));
        }
    }

    fn delete_keys(&mut self, id: &ProfileId, purpose: KeyPurpose, keep: Option<String>, cx: &mut StepContext) {
        let Some(profile) = self.data.settings.profiles.iter().find(|profile| profile.id == *id).cloned() else {
            return;
        };
        let ticket = cx.ticket();
        if purpose != KeyPurpose::KeepOne && self.data.session.profile().is_some_and(|open| open.id == *id) {
            self.leave(cx);
            self.show_form(Some(id));
        }
        self.data.key_deeds.push(KeyDeed { ticket, profile: profile.id.clone(), purpose });
        cx.push(Effect::Keyring(KeyringEffect::ForgetKey { ticket, account: profile.account(), keep }));
    }

    pub(super) fn keys_deleted(&mut self, ticket: Ticket, result: Result<(), VaultError>, cx: &mut StepContext) {
        let Some(at) = self.data.key_deeds.iter().position(|deed| deed.ticket == ticket) else { return };
        let deed = self.data.key_deeds.swap_remove(at);
        if let Err(problem) = result {
            if let Some(removal) = self.removal_of(&deed) {
                removal.is_under_way = false;
            }
            self.keys_not_deleted(&deed, &problem);
            return;
        }
        let store = self.data.start.store_name;
        match deed.purpose {
            KeyPurpose::Forget => self.note(Level::Good, format!("Key deleted from the {store}")),
            KeyPurpose::Remove => self.drop_profile(&deed.profile, &format!("its key was deleted from the {store}")),
            KeyPurpose::KeepOne => {
                self.note(Level::Good, "One key was kept, the others were deleted");
                self.use_kept_key(&deed.profile, cx);
            }
        }
    }

    /// What could not be done because of several keys is done now.
    fn use_kept_key(&mut self, id: &ProfileId, cx: &mut StepContext) {
        let several = |problem: &VaultError| matches!(problem, VaultError::Ambiguous(_));
        let in_use = self.data.session.open().filter(|open| open.profile.id == *id);
        if in_use.is_some_and(|open| open.key_problem.as_ref().is_some_and(several)) {
            return self.keep_key(cx);
        }
        if let Session::SignedOut { problem: Some(OpenError::Vault(problem)) } = self.data.sign_in()
            && several(problem)
        {
            self.open_saved_profile(id, cx);
        }
    }

    /// Says that keys may still be there: in the dialog that asked for it, else in a notice.
    pub(super) fn keys_not_deleted(&mut self, deed: &KeyDeed, problem: &VaultError) {
        let is_shown = self.view.dialog == Some(Dialog::RemoveProfile(deed.profile.clone()));
        if let Some(removal) = self.removal_of(deed) {
            removal.problem = Some(problem.clone());
            if is_shown {
                return;
            }
        }
        let store = self.data.start.store_name;
        let name = self.data.profile(&deed.profile).map(|profile| profile.name.clone()).unwrap_or_default();
        let text = match deed.purpose {
            KeyPurpose::Remove => {
                format!("Profile {name} is still there, its key was not deleted: {}", problem.sentence())
            }
            KeyPurpose::Forget => format!("The key may still be in the {store}: {}", problem.sentence()),
            KeyPurpose::KeepOne => format!("No key was deleted: {}", problem.sentence()),
        };
        self.data.toasts.add(Level::Bad, text, Some(problem.advice()), None, self.data.now);
    }

    /// The removal that this deed is part of.
    fn removal_of(&mut self, deed: &KeyDeed) -> Option<&mut Removal> {
        let is_removing = deed.purpose == KeyPurpose::Remove;
        self.data.removal.as_mut().filter(|removal| is_removing && removal.profile == deed.profile)
    }

    pub(super) fn remove_profile_only(&mut self, id: &ProfileId) {
        let store = self.data.start.store_name;
        let label = self.data.profile(id).map(Profile::key_label).unwrap_or_default();
        self.drop_profile(id, &format!("its key stays in the {store} as \u{201c}{label}\u{201d}"));
    }

    fn drop_profile(&mut self, id: &ProfileId, and_its_key: &str) {
        let name = self.data.profile(id).map(|profile| profile.name.clone()).unwrap_or_default();
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
        self.note(Level::Good, format!("Profile {name} was removed, {and_its_key}"));
    }
}
