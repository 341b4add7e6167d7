//! What can be wrong with the keyring, in words a person can act on.

/// Why the keyring did not do what was asked. Holds no part of a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// There is no keyring service to talk to.
    #[error("no keyring service")]
    NoService,
    /// The keyring is locked and no question for its password could be shown.
    #[error("the keyring is locked")]
    Locked,
    /// The system asked, and access was refused or the question dismissed.
    #[error("access to the keyring was refused")]
    Refused,
    /// What is stored is not a key.
    #[error("the stored key is damaged")]
    Damaged,
    /// The service runs, but has no keyring to put the key into.
    #[error("the keyring has no place to store a key")]
    NoPlace,
    /// Several entries match.
    #[error("several keyring entries match")]
    Ambiguous,
    /// The keyring does not take a key this long.
    #[error("the key is too long for the keyring")]
    TooLong,
    /// The key was saved without an error, but reading it back gave something else.
    #[error("the keyring did not keep the key")]
    NotKept,
    /// No answer within the caller's deadline.
    #[error("the keyring did not answer")]
    TimedOut,
    /// Anything else, in the keyring's own words, escaped and cut.
    #[error("the keyring failed: {0}")]
    Other(String),
}

impl VaultError {
    /// What happened, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.to_string()
    }

    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        String::new()
    }

    /// The error in our words.
    pub(super) fn from_keyring(error: &keyring::Error) -> Self {
        Self::Other(error.to_string())
    }
}
