//! The operating system's keyring.

use std::sync::Arc;

use keyring_core::CredentialStore;

use super::VaultError;
use super::stand_in::ApiKey;

/// The service name of every entry this app makes in the keyring.
pub const SERVICE_NAME: &str = "SkyBackup";

/// The keyring. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    given: Option<Arc<CredentialStore>>,
}

impl Vault {
    /// The keyring of this system.
    #[must_use]
    pub fn system() -> Self {
        Self { given: None }
    }

    /// A given store, for tests.
    #[must_use]
    pub fn with_store(store: Arc<CredentialStore>) -> Self {
        Self { given: Some(store) }
    }

    /// Reads the key of `account`.
    pub fn read(&self, account: &str, done: impl FnOnce(Result<Option<ApiKey>, VaultError>) + Send + 'static) {
        let _ = (account, &self.given);
        done(Err(VaultError::NoService));
    }

    /// Saves a key.
    pub fn write(&self, account: &str, key: &Arc<ApiKey>, done: impl FnOnce(Result<(), VaultError>) + Send + 'static) {
        let _ = (account, key);
        done(Err(VaultError::NoService));
    }

    /// Deletes the key of `account`.
    pub fn delete(&self, account: &str, done: impl FnOnce(Result<(), VaultError>) + Send + 'static) {
        let _ = account;
        done(Err(VaultError::NoService));
    }

    /// What this system calls its keyring.
    #[must_use]
    pub fn store_name() -> &'static str {
        "Secret Service"
    }
}
