//! What is known of the keyring, and what is being done to the keys in it.

use crate::msg::Ticket;
use crate::settings::{KeyringError, ProfileId};

/// Whether the keyring can keep a key; looked at while the sign-in form is shown, before a key is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum KeyringStatus {
    /// Nobody has looked.
    #[default]
    Unknown,
    /// It is being looked at; what was wrong the last time stands until the response.
    Asked(Ticket, Option<KeyringError>),
    /// It answers.
    Ready,
    /// It is missing and being made; the system asks the user for its password.
    Creating(Ticket),
    /// It cannot keep a key now.
    Failed(KeyringError),
}

static NO_PLACE: KeyringError = KeyringError::NoPlace;

impl KeyringStatus {
    /// Why a key cannot be kept, as far as is known.
    #[must_use]
    pub fn problem(&self) -> Option<&KeyringError> {
        match self {
            Self::Asked(_, problem) => problem.as_ref(),
            Self::Creating(_) => Some(&NO_PLACE),
            Self::Failed(problem) => Some(problem),
            Self::Unknown | Self::Ready => None,
        }
    }
}

/// A profile on its way out: it stays until its key is deleted.
#[derive(Clone, Debug, PartialEq)]
pub struct Removal {
    /// The profile.
    pub profile: ProfileId,
    /// The key is being deleted.
    pub is_under_way: bool,
    /// Why the key could not be deleted, or is not yet.
    pub problem: Option<KeyringError>,
}

/// What is done to the keys of a profile in the keyring.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct KeyTask {
    pub(super) ticket: Ticket,
    pub(super) profile: ProfileId,
    pub(super) purpose: KeyPurpose,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyPurpose {
    /// The key is deleted.
    Forget,
    /// The key is deleted, and the profile after it.
    Remove,
    /// All keys but one are deleted.
    KeepOne,
}
