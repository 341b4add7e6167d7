//! The name and the marks of profiles, saved ones and the one in use.

use super::sign_in::access;
use super::{Data, Dialog, Model, ProfileForm, Session, Severity, StepContext};
use crate::domain::{BackupType, ServiceId};
use crate::msg::{Effect, ProfileChange, ProfileCommand, SessionEffect};
use crate::settings::{Profile, ProfileId};

impl Data {
    /// The profile with this id: a saved one, or the one in use, which may be saved nowhere.
    #[must_use]
    pub fn profile(&self, id: &ProfileId) -> Option<&Profile> {
        let in_use = self.session.profile().into_iter();
        self.settings.profiles.iter().chain(in_use).find(|profile| profile.id == *id)
    }

    /// True while the profile in use forbids every change.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.session.profile().is_some_and(|profile| profile.flags.read_only)
    }

    /// True while the profile in use is marked as production.
    #[must_use]
    pub fn is_production(&self) -> bool {
        self.session.profile().is_some_and(|profile| profile.flags.production)
    }
}

impl Model {
    pub(super) fn handle_profile(&mut self, command: ProfileCommand, cx: &mut StepContext) {
        match command {
            ProfileCommand::EditProfile(id) => self.edit_profile(id),
            ProfileCommand::ChangeProfile(change) => self.change_profile(&change, cx),
            ProfileCommand::SetTarget { service, backup_type, hours } => {
                self.set_target(service.as_ref(), &backup_type, hours);
            }
        }
    }

    /// Targets belong to the profile in use; of one that is not saved they are gone with the session.
    fn set_target(&mut self, service: Option<&ServiceId>, backup_type: &BackupType, hours: Option<u32>) {
        let Data { session, settings, .. } = &mut self.data;
        let Some(in_use) = session.open_mut().map(|open| &mut open.profile) else { return };
        in_use.targets.set(service, backup_type, hours);
        if let Some(saved) = settings.profiles.iter_mut().find(|profile| profile.id == in_use.id) {
            saved.targets.clone_from(&in_use.targets);
            self.settings_changed();
        }
    }

    fn edit_profile(&mut self, id: ProfileId) {
        if let Some(profile) = self.data.profile(&id) {
            self.view.profile = ProfileForm { name: profile.name.clone(), flags: profile.flags };
            self.view.open(Dialog::Profile(id));
        }
    }

    /// Takes the change over everywhere at once; before a production profile may change things again, the user is asked.
    fn change_profile(&mut self, change: &ProfileChange, cx: &mut StepContext) {
        let Some(before) = self.data.profile(&change.id).map(|profile| profile.flags) else { return };
        // A session opens with the marks it was asked for with.
        if matches!(self.data.sign_in(), Session::Opening { profile, .. } if profile.id == change.id) {
            cx.notify(Severity::Warning, "The profile was not saved: it is signing in, save it again after that");
            return;
        }
        let question = Dialog::AllowChanges(change.clone());
        if before.frees_production(change.flags) && self.view.dialog.as_ref() != Some(&question) {
            self.view.open(question);
            return;
        }
        self.view.dialog = None;
        let is_this = |profile: &&mut Profile| profile.id == change.id;
        let data = &mut self.data;
        if let Some(saved) = data.settings.profiles.iter_mut().find(is_this) {
            (saved.name, saved.flags) = (change.name.clone(), change.flags);
            self.settings_changed();
        }
        if let Some(in_use) = self.data.session.open_mut().map(|open| &mut open.profile).filter(is_this) {
            (in_use.name, in_use.flags) = (change.name.clone(), change.flags);
            cx.push(Effect::Session(SessionEffect::SetAccess(access(in_use))));
        }
        if self.view.sign_in.profile.as_ref() == Some(&change.id) {
            (self.view.sign_in.name, self.view.sign_in.flags) = (change.name.clone(), change.flags);
        }
        let what = match (before.read_only, change.flags.read_only) {
            (false, true) => "is read only from now on",
            (true, false) => "allows changes again",
            _ => "saved",
        };
        cx.notify(Severity::Good, format!("Profile {} {what}", change.name));
    }

    /// Takes over what another window protected; what it freed stays protected here.
    pub(super) fn protect_profiles(&mut self, protected: &[Profile], cx: &mut StepContext) {
        for found in protected {
            let data = &mut self.data;
            if let Some(saved) = data.settings.profiles.iter_mut().find(|profile| profile.id == found.id) {
                saved.flags = saved.flags.protected_as(found.flags);
            }
            if self.view.sign_in.profile.as_ref() == Some(&found.id) {
                self.view.sign_in.flags = self.view.sign_in.flags.protected_as(found.flags);
            }
            // The key of the environment is as protected as any profile of its server, also one that is not known here.
            let in_use = data
                .session
                .open_mut()
                .filter(|open| open.profile.id == found.id || open.profile.is_environment() && found.is_at(&open.url));
            let Some(in_use) = in_use.map(|open| &mut open.profile) else { continue };
            let flags = in_use.flags.protected_as(found.flags);
            if flags == in_use.flags {
                continue;
            }
            in_use.flags = flags;
            cx.push(Effect::Session(SessionEffect::SetAccess(access(in_use))));
            let what = if in_use.flags.read_only { "read only" } else { "marked as production" };
            let text = format!("Profile {} is {what} now: that was chosen in another window", in_use.name);
            cx.notify(Severity::Warning, text);
        }
    }
}
