//! Signing in, out, and the fate of the key.

use super::key_tasks::KeyPurpose;
use super::{
    ChangeState, Dialog, KeySource, KeyringStatus, Model, Session, Severity, SignInPhase, StepContext, Workspace,
};
use crate::api::Access;
use crate::domain::ApiUrl;
use crate::msg::{
    ChangeEffect, Effect, KeyCheck, KeyFrom, KeyringEffect, LedgerEffect, OpenError, Opened, SessionCommand,
    SessionEffect, SessionEvent, SignIn, Ticket,
};
use crate::settings::{KeyringError, Profile, ProfileId, strictest_flags};

/// What is done with a typed key: kept in the keyring afterwards, checked before.
#[derive(Clone, Copy, Default)]
struct KeyOptions {
    keep: bool,
    check: KeyCheck,
}

impl Model {
    /// What the start asks for: the demo, the key of the environment, the last profile, or the form.
    pub(super) fn first_sign_in(&mut self, cx: &mut StepContext) {
        self.show_form(None);
        let start = &self.data.config;
        let settings = &self.data.settings;
        if start.demo {
            return self.try_demo(cx);
        }
        if start.has_environment_key {
            return self.ask_for_environment_key(cx);
        }
        let active = settings.active_profile();
        let found = match &start.api_url {
            // Whoever signed out is not signed in again by the next start.
            None => active,
            Some(wanted) => active
                .into_iter()
                .chain(&settings.profiles)
                .find(|profile| ApiUrl::parse(&profile.api_url).is_ok_and(|url| url == *wanted)),
        };
        if let Some(profile) = found.cloned() {
            self.open_profile(profile, cx);
        }
    }

    /// Uses the key of the environment at once for an address that the user has used or that is SkySQL's own; asks before it goes
    /// anywhere else.
    fn ask_for_environment_key(&mut self, cx: &mut StepContext) {
        let settings = &self.data.settings;
        let strange = self.data.config.api_url.clone().filter(|url| {
            let is_default = ApiUrl::parse(ApiUrl::DEFAULT).is_ok_and(|default| default.origin() == url.origin());
            !is_default && !settings.profiles.iter().any(|profile| profile.is_at(url))
        });
        let Some(url) = strange else { return self.use_environment_key(cx) };
        self.view.open(Dialog::EnvironmentKey(url));
    }

    fn use_environment_key(&mut self, cx: &mut StepContext) {
        if !self.data.config.has_environment_key {
            return;
        }
        self.view.dialog = None;
        let address = self.data.config.api_url.as_ref().map_or(ApiUrl::DEFAULT, ApiUrl::as_str);
        let flags = ApiUrl::parse(address).map(|url| strictest_flags(&self.data.settings.profiles, &url));
        let profile = Profile {
            id: ProfileId::environment(),
            name: "Key from SKYSQL_API_KEY".to_owned(),
            api_url: address.to_owned(),
            flags: flags.unwrap_or_default(),
            ..Profile::default()
        };
        self.open(profile, KeyFrom::Environment, KeyOptions::default(), cx);
    }

    pub(super) fn handle_session(&mut self, command: SessionCommand, cx: &mut StepContext) {
        if self.would_lose_a_response(&command) {
            cx.notify(Severity::Warning, "A change is being sent. Wait for its response before you leave this session");
            return;
        }
        match command {
            SessionCommand::SignIn(sign_in) => self.sign_in(sign_in, cx),
            SessionCommand::TryDemo => self.try_demo(cx),
            SessionCommand::OpenProfile(id) => self.open_saved_profile(&id, cx),
            SessionCommand::ShowSignIn(profile) => self.show_sign_in(profile.as_ref(), cx),
            SessionCommand::CancelSignIn => self.cancel_sign_in(cx),
            SessionCommand::TypeSessionKey => self.type_session_key(cx),
            SessionCommand::ProbeKeyring => self.probe_keyring(cx),
            SessionCommand::CreateKeyring => self.create_keyring(cx),
            SessionCommand::UseEnvironmentKey => self.use_environment_key(cx),
            SessionCommand::AskSignOut => self.ask_sign_out(cx),
            SessionCommand::SignOut => self.sign_out(cx),
            SessionCommand::DeleteKey(id) => self.delete_keys(&id, KeyPurpose::Forget, None, cx),
            SessionCommand::KeepOneKey(id, keep) => {
                self.close_dialog();
                self.delete_keys(&id, KeyPurpose::KeepOne, Some(keep), cx);
            }
            SessionCommand::RemoveProfile(id) => self.remove_profile(&id, cx),
            SessionCommand::RemoveProfileOnly(id) => self.remove_profile_only(&id, cx),
            SessionCommand::SaveKey => self.save_key(cx),
            SessionCommand::DismissKeyProblem => {
                if let Some(open) = self.data.session.open_mut() {
                    open.key_problem = None;
                }
            }
        }
    }

    /// Leaving would drop the one call that knows the outcome of a change.
    fn would_lose_a_response(&self, command: &SessionCommand) -> bool {
        let leaves = match command {
            SessionCommand::SaveKey
            | SessionCommand::DismissKeyProblem
            | SessionCommand::CancelSignIn
            | SessionCommand::TypeSessionKey
            | SessionCommand::ProbeKeyring
            | SessionCommand::CreateKeyring
            | SessionCommand::KeepOneKey(..) => false,
            SessionCommand::DeleteKey(id)
            | SessionCommand::RemoveProfile(id)
            | SessionCommand::RemoveProfileOnly(id) => {
                self.data.session.profile().is_some_and(|profile| profile.id == *id)
            }
            SessionCommand::SignIn(_)
            | SessionCommand::TryDemo
            | SessionCommand::OpenProfile(_)
            | SessionCommand::ShowSignIn(_)
            | SessionCommand::UseEnvironmentKey
            | SessionCommand::AskSignOut
            | SessionCommand::SignOut => true,
        };
        // A change that is only looked for is noted, and looked for again at the next sign-in.
        leaves && self.data.change().is_some_and(|change| matches!(change.state, ChangeState::Sending))
    }

    /// Shows the form: in the place of a sign-in, or in its dialog over the open session.
    fn show_sign_in(&mut self, profile: Option<&ProfileId>, cx: &mut StepContext) {
        self.give_up_sign_in(cx);
        self.data.keyring = KeyringStatus::Unknown;
        self.show_form(profile);
        self.set_sign_in(Session::SignedOut { problem: None });
    }

    /// A typed form stays as it is, key included; for a saved profile its form is shown, or the session under it.
    fn cancel_sign_in(&mut self, cx: &mut StepContext) {
        let Session::Opening { profile, source, .. } = self.data.sign_in() else { return };
        let (source, saved) = (*source, (*source == KeySource::Keyring).then(|| profile.id.clone()));
        self.give_up_sign_in(cx);
        if source != KeySource::ThisSession && self.data.is_signing_in_over() {
            self.view.dialog = None;
        } else if saved.is_some() {
            self.show_form(saved.as_ref());
        }
    }

    fn type_session_key(&mut self, cx: &mut StepContext) {
        let Session::Opening { profile, .. } = self.data.sign_in() else { return };
        let id = profile.id.clone();
        self.give_up_sign_in(cx);
        self.show_form(Some(&id));
        self.view.sign_in.keep = false;
    }

    /// Puts a sign-in where it belongs: over an open session, which stays as it is, or in the place of one.
    fn set_sign_in(&mut self, sign_in: Session) {
        let Some(open) = self.data.session.open_mut() else {
            self.data.session = sign_in;
            return;
        };
        open.sign_in = Some(sign_in);
        if self.view.dialog != Some(Dialog::SignIn) {
            self.view.open(Dialog::SignIn);
        }
    }

    /// Ends a sign-in that is under way; its form is there again, with the session under it where there is one.
    fn give_up_sign_in(&mut self, cx: &mut StepContext) {
        let sign_in = self.data.sign_in_mut();
        match sign_in {
            Session::Opening { ticket, .. } => cx.push(Effect::Session(SessionEffect::CancelSignIn(*ticket))),
            Session::SignedOut { .. } => {}
            Session::Open(_) => return,
        }
        *sign_in = Session::SignedOut { problem: None };
        // The keyring may have been locked, or unlocked, since it was last looked at.
        self.data.keyring = KeyringStatus::Unknown;
    }

    /// A sign-in over the session and its dialog end together, whichever way the dialog was closed.
    pub(super) fn settle_sign_in_dialog(&mut self, cx: &mut StepContext) {
        match &self.view.dialog {
            Some(Dialog::SignIn) if !self.data.is_signing_in_over() => self.view.dialog = None,
            Some(Dialog::SignIn | Dialog::SeveralKeys { .. }) => {}
            _ if !self.data.is_signing_in_over() => {}
            _ => {
                self.give_up_sign_in(cx);
                if let Some(open) = self.data.session.open_mut() {
                    open.sign_in = None;
                }
                self.wipe_key_field();
            }
        }
    }

    pub(super) fn apply_session(&mut self, event: SessionEvent, cx: &mut StepContext) {
        match event {
            SessionEvent::SessionOpened { ticket, result } => self.session_opened(ticket, result, cx),
            SessionEvent::KeyringSlow(ticket) => self.keyring_slow(ticket, cx),
            SessionEvent::KeyringProbed(ticket, result) => self.keyring_probed(ticket, result),
            SessionEvent::KeyringCreated(ticket, result) => self.keyring_created(ticket, result, cx),
            SessionEvent::KeySaved(ticket, result) => self.key_saved(ticket, result, cx),
            SessionEvent::KeyDeleted(ticket, result) => self.keys_deleted(ticket, result, cx),
        }
    }

    pub(super) fn open_saved_profile(&mut self, id: &ProfileId, cx: &mut StepContext) {
        if let Some(profile) = self.data.settings.profile(id).cloned() {
            self.open_profile(profile, cx);
        }
    }

    fn sign_in(&mut self, sign_in: SignIn, cx: &mut StepContext) {
        if matches!(self.data.sign_in(), Session::Opening { .. }) {
            return;
        }
        // A key in the keyring is bound to its server: the key of another server gets a profile of its own, else the old key
        // would stay in the keyring where nothing finds it any more.
        let settings = &self.data.settings;
        let is_here = |id: &ProfileId| settings.profile(id).is_none_or(|saved| !saved.is_elsewhere(&sign_in.url));
        let known = sign_in.profile.clone().filter(is_here);
        // Only the dialog of the profile changes the marks of one that is saved; another server's begins with the same.
        let saved = sign_in.profile.as_ref().and_then(|id| settings.profile(id));
        let flags = saved.map_or(sign_in.flags, |saved| saved.flags);
        let targets = saved.map(|saved| saved.targets.clone()).unwrap_or_default();
        let same = saved.filter(|_| known.is_some());
        let suspensions = same.map(|saved| saved.suspensions.clone()).unwrap_or_default();
        let told = same.map(|saved| saved.told.clone()).unwrap_or_default();
        let id = known.unwrap_or_else(|| ProfileId::fresh(&sign_in.name, self.data.now));
        let api_url = sign_in.url.as_str().to_owned();
        let name = sign_in.name.clone();
        let profile = Profile { id, name, api_url, flags, targets, suspensions, told, is_demo: false };
        let key_options = KeyOptions { keep: sign_in.keep, check: sign_in.check };
        self.open(profile, KeyFrom::Typed(sign_in.key), key_options, cx);
    }

    fn try_demo(&mut self, cx: &mut StepContext) {
        let profile = Profile { id: ProfileId::demo(), name: "Demo".to_owned(), is_demo: true, ..Profile::default() };
        self.open(profile, KeyFrom::Demo, KeyOptions::default(), cx);
    }

    fn open_profile(&mut self, profile: Profile, cx: &mut StepContext) {
        let account = profile.account();
        self.open(profile, KeyFrom::Keyring(account), KeyOptions::default(), cx);
    }

    fn open(&mut self, profile: Profile, key: KeyFrom, key_options: KeyOptions, cx: &mut StepContext) {
        self.give_up_sign_in(cx);
        let url = if profile.is_demo { ApiUrl::parse(ApiUrl::DEFAULT) } else { ApiUrl::parse(&profile.api_url) };
        let url = match url {
            Ok(url) => url,
            Err(error) => {
                self.show_form(Some(&profile.id));
                let problem = Some(OpenError::BadAddress(error));
                return self.set_sign_in(Session::SignedOut { problem });
            }
        };
        let (phase, source) = match key {
            KeyFrom::Keyring(_) => (SignInPhase::ReadingKeyring, KeySource::Keyring),
            KeyFrom::Demo => (SignInPhase::StartingDemo, KeySource::Demo),
            KeyFrom::Typed(_) => (SignInPhase::Testing, KeySource::ThisSession),
            KeyFrom::Environment => (SignInPhase::Testing, KeySource::Environment),
        };
        let ticket = cx.ticket();
        let access = access(&profile);
        self.set_sign_in(Session::Opening { ticket, profile, phase, source, keep: key_options.keep });
        cx.push(Effect::Session(SessionEffect::OpenSession { ticket, url, key, check: key_options.check, access }));
    }

    fn session_opened(&mut self, ticket: Ticket, result: Result<Opened, OpenError>, cx: &mut StepContext) {
        let Session::Opening { ticket: awaited, profile, source, keep, .. } = self.data.sign_in() else {
            return;
        };
        if *awaited != ticket {
            return;
        }
        let (mut profile, source, keep) = (profile.clone(), *source, *keep);
        match result {
            Ok(opened) => {
                // What was protected since the sign-in was asked for, is.
                let saved = self.data.settings.profile(&profile.id).map(|saved| saved.flags).unwrap_or_default();
                let asked = access(&profile);
                profile.flags = profile.flags.protected_as(saved);
                let access = access(&profile);
                self.drop_session(cx);
                self.wipe_key_field();
                self.remember_profile(&profile, source);
                let open = Workspace::new(ticket, profile, source, opened, &self.data.settings);
                self.data.session = Session::Open(Box::new(open));
                cx.push(Effect::Session(SessionEffect::UseSession(ticket)));
                if asked != access {
                    cx.push(Effect::Session(SessionEffect::SetAccess(access)));
                }
                if keep {
                    self.save_key(cx);
                }
                let account = self.data.session.open().and_then(Workspace::record_account);
                cx.push(Effect::Ledger(LedgerEffect::Open { session: ticket, account: account.clone() }));
                if let Some(open) = self.data.session.open_mut() {
                    open.lists.read_history(cx);
                }
                self.refresh(cx);
                if let Some(account) = account {
                    cx.push(Effect::Change(ChangeEffect::FindOpenChanges { account }));
                }
            }
            Err(error) => {
                if source == KeySource::Keyring {
                    self.show_form(Some(&profile.id));
                }
                self.set_sign_in(Session::SignedOut { problem: Some(error) });
            }
        }
    }

    fn remember_profile(&mut self, profile: &Profile, source: KeySource) {
        if matches!(source, KeySource::Demo | KeySource::Environment) {
            return;
        }
        let settings = &mut self.data.settings;
        match settings.profiles.iter_mut().find(|old| old.id == profile.id) {
            Some(old) => *old = profile.clone(),
            None => settings.profiles.push(profile.clone()),
        }
        settings.active = Some(profile.id.clone());
        self.settings_changed();
    }

    pub(super) fn save_key(&mut self, cx: &mut StepContext) {
        let ticket = cx.ticket();
        let Some(open) = self.data.session.open_mut() else { return };
        open.keeping = Some(ticket);
        open.key_problem = None;
        cx.push(Effect::Keyring(KeyringEffect::SaveKey {
            ticket,
            account: open.profile.account(),
            label: open.profile.key_label(),
        }));
    }

    fn key_saved(&mut self, ticket: Ticket, result: Result<(), KeyringError>, cx: &mut StepContext) {
        let store = self.data.config.store_name;
        let Some(open) = self.data.session.open_mut().filter(|open| open.keeping == Some(ticket)) else {
            return;
        };
        open.keeping = None;
        match result {
            Ok(()) => {
                open.source = KeySource::Keyring;
                open.key_problem = None;
                cx.notify(Severity::Good, format!("Key saved in the {store}"));
            }
            Err(problem) => open.key_problem = Some(problem),
        }
    }

    /// What is only in memory goes anyway; what is in the keyring is the user's to decide.
    fn ask_sign_out(&mut self, cx: &mut StepContext) {
        if self.data.session.open().is_some_and(|open| open.source == KeySource::Keyring) {
            self.view.open(Dialog::SignOut { forget: false });
            return;
        }
        self.sign_out(cx);
    }

    fn sign_out(&mut self, cx: &mut StepContext) {
        let profile = self.data.session.profile().filter(|profile| !profile.is_demo).map(|profile| profile.id.clone());
        self.end_session(cx);
        if profile.is_some() && self.data.settings.active == profile {
            self.data.settings.active = None;
            self.settings_changed();
        }
        self.show_form(profile.as_ref());
    }

    /// Signs out: closes the connection and drops the session with everything that was read in it.
    pub(super) fn end_session(&mut self, cx: &mut StepContext) {
        let was_out = matches!(self.data.session, Session::SignedOut { .. });
        self.drop_session(cx);
        if !was_out {
            cx.push(Effect::Session(SessionEffect::CloseSession));
        }
    }

    /// Drops the session, and what the window shows of it. Its export is stopped.
    fn drop_session(&mut self, cx: &mut StepContext) {
        let session = std::mem::replace(&mut self.data.session, Session::SignedOut { problem: None });
        if matches!(session, Session::SignedOut { .. }) {
            return;
        }
        if let Some(export) = session.open().and_then(|open| open.exports.running.as_ref()) {
            cx.push(Effect::Cancel(export.ticket));
        }
        self.set_now(cx);
        self.data.keyring = KeyringStatus::Unknown;
        self.data.notifications.end_session();
        self.view.end_session();
    }

    /// Fills the sign-in form from a profile, or for a new one.
    pub(super) fn show_form(&mut self, profile: Option<&ProfileId>) {
        let found = profile.and_then(|id| self.data.settings.profile(id)).cloned();
        self.wipe_key_field();
        let form = &mut self.view.sign_in;
        (form.tried, form.url_left, form.go_to) = (false, false, None);
        form.keep = self.data.keyring.problem().is_none();
        form.profile = found.as_ref().map(|profile| profile.id.clone());
        let Profile { name, flags, api_url, .. } = found.unwrap_or_else(|| {
            let address = self.data.config.api_url.as_ref().map_or(ApiUrl::DEFAULT, ApiUrl::as_str);
            Profile { api_url: address.to_owned(), ..Profile::default() }
        });
        (form.name, form.flags, form.url) = (name, flags, api_url);
        form.more = form.profile.is_none() && form.url != ApiUrl::DEFAULT;
    }

    fn wipe_key_field(&mut self) {
        let form = &mut self.view.sign_in;
        form.key.clear();
        (form.pasted, form.key_left) = (false, false);
        form.generation += 1;
    }

    pub(super) fn fail_sign_in(&mut self, broken: Ticket) {
        if matches!(self.data.sign_in(), Session::Opening { ticket, .. } if *ticket == broken) {
            let error = OpenError::Api(crate::api::ApiError::internal());
            self.set_sign_in(Session::SignedOut { problem: Some(error) });
        }
        if let Some(open) = self.data.session.open_mut().filter(|open| open.keeping == Some(broken)) {
            open.keeping = None;
            open.key_problem = Some(KeyringError::Other("the part of the program that saves keys broke".to_owned()));
        }
    }
}

/// What a session with this profile may do.
pub(super) fn access(profile: &Profile) -> Access {
    if profile.flags.read_only { Access::ReadOnly } else { Access::Full }
}
