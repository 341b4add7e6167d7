//! Signing in and out: which profile, which key, how far.

use super::Workspace;
use crate::msg::{OpenError, Ticket};
use crate::settings::{KeyringError, Profile, ProfileId};

/// Where the key of the open session is from, as shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// It is in the OS keyring.
    Keyring,
    /// It is in memory only and gone at exit.
    ThisSession,
    /// `SKYSQL_API_KEY`, for this run only.
    Environment,
    /// The embedded demo service.
    Demo,
}

/// Whether the keyring can keep a key; looked at while the sign-in form is shown, before a key is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum KeyringStatus {
    /// Nobody has looked.
    #[default]
    Unknown,
    /// It is being looked at; what was wrong the last time stands until the answer.
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

/// How far the sign-in is.
#[derive(Clone, Debug, PartialEq)]
pub enum SignInPhase {
    /// The keyring is asked; it may be asking the user.
    ReadingKeyring,
    /// The same, and it has been silent for a while.
    KeyringSlow,
    /// The key is tried at the service.
    Testing,
    /// The demo service starts.
    StartingDemo,
}

/// The session.
#[derive(Debug)]
pub enum Session {
    /// The sign-in form is shown.
    SignedOut {
        /// Why, where it is not the user's wish.
        problem: Option<OpenError>,
    },
    /// A sign-in is under way.
    Opening {
        /// Its ticket.
        ticket: Ticket,
        /// The profile.
        profile: Profile,
        /// How far it is.
        stage: SignInPhase,
        /// Where the key comes from.
        source: KeySource,
        /// Keep the key in the keyring afterwards.
        keep: bool,
    },
    /// Signed in.
    Open(Box<Workspace>),
}

impl Session {
    /// The open session.
    #[must_use]
    pub fn open(&self) -> Option<&Workspace> {
        match self {
            Self::Open(open) => Some(open),
            Self::SignedOut { .. } | Self::Opening { .. } => None,
        }
    }

    /// The open session, to be changed.
    pub(super) fn open_mut(&mut self) -> Option<&mut Workspace> {
        match self {
            Self::Open(open) => Some(open),
            Self::SignedOut { .. } | Self::Opening { .. } => None,
        }
    }

    /// The title of the window: `PROD acme (read only) – SkyBackup`.
    #[must_use]
    pub fn title(&self) -> String {
        let Some(profile) = self.profile() else { return "SkyBackup".to_owned() };
        let production = if profile.marks.production { "PROD " } else { "" };
        let read_only = if profile.marks.read_only { " (read only)" } else { "" };
        format!("{production}{}{read_only} – SkyBackup", profile.name)
    }

    /// The profile of an open session or of one on its way.
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        match self {
            Self::Open(open) => Some(&open.profile),
            Self::Opening { profile, .. } => Some(profile),
            Self::SignedOut { .. } => None,
        }
    }
}
