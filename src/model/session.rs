//! The session: whether somebody is signed in, with which profile and which key.
//!
//! ```text
//!                    sign in                       the key works
//!   SignedOut --------------------> Opening --------------------> Open(Workspace)
//!    ^     ^                           |                            |   |    ^
//!    |     +--- failed, cancelled -----+                 sign in    |   |    |  the next one is open:
//!    |                                                   over it    |   |    |  this workspace is dropped
//!    |                                                              v   |    |
//!    |                                        Workspace::sign_in: Opening ---+
//!    |                                                                  |
//!    +--- sign out, key or profile deleted: the workspace is dropped ---+
//! ```

use super::Workspace;
use crate::msg::{OpenError, Ticket};
use crate::settings::Profile;

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
        phase: SignInPhase,
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
