//! The key that a backup file in the customer's own bucket is encrypted with.

use std::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

/// A secret, sent as plain text. Clones share the one text.
#[derive(Clone)]
pub struct EncryptionKey(Arc<SecretString>);

impl EncryptionKey {
    /// The key as it was typed; `None` where nothing was.
    #[must_use]
    pub fn new(typed: &str) -> Option<Self> {
        (!typed.is_empty()).then(|| Self(Arc::new(SecretString::from(typed))))
    }

    /// The text of the request.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptionKey(redacted)")
    }
}

impl PartialEq for EncryptionKey {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}
