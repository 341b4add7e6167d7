//! Whether the keyring can keep a key, and what is said while it is silent.

use super::{Keyring, Model, Session, Stage};
use crate::msg::{Effect, Ticket};
use crate::settings::VaultError;

impl Model {
    /// Looks whether there is a keyring before anybody pastes a key into the form.
    pub(super) fn probe_keyring_when_needed(&mut self) -> Vec<Effect> {
        let is_needed = self.data.keyring == Keyring::Unknown;
        let is_form = matches!(self.data.session, Session::SignedOut { .. });
        if is_needed && is_form { self.probe_keyring() } else { Vec::new() }
    }

    pub(super) fn probe_keyring(&mut self) -> Vec<Effect> {
        let ticket = self.data.ticket();
        self.data.keyring = Keyring::Asked(ticket, self.data.keyring.problem().cloned());
        vec![Effect::ProbeKeyring(ticket)]
    }

    /// Without a keyring a key is not to be kept; with one that was missing before, it is again.
    pub(super) fn keyring_probed(&mut self, ticket: Ticket, result: Result<(), VaultError>) -> Vec<Effect> {
        let Keyring::Asked(awaited, problem) = &self.data.keyring else { return Vec::new() };
        if *awaited != ticket {
            return Vec::new();
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
        Vec::new()
    }

    /// The keyring may be stuck, or a person may be typing its password: it is waited for, and the ways on are said.
    pub(super) fn keyring_silent(&mut self, silent: Ticket) -> Vec<Effect> {
        match &mut self.data.session {
            Session::Opening { ticket, stage, .. } if *ticket == silent => *stage = Stage::KeyringSilent,
            Session::Open(open) if open.keeping == Some(silent) => open.key_problem = Some(VaultError::TimedOut),
            _ => {}
        }
        if matches!(self.data.keyring, Keyring::Asked(ticket, _) if ticket == silent) {
            self.view.sign_in.keep = false;
            self.data.keyring = Keyring::Asked(silent, Some(VaultError::TimedOut));
        }
        if self.data.forgetting == Some(silent) {
            return self.key_forgotten(Err(VaultError::TimedOut));
        }
        Vec::new()
    }
}
