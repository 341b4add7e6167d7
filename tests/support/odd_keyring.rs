//! A keyring whose every response is the test's.

use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::api::{CredentialApi, CredentialStoreApi};
use keyring_core::{Credential, Entry, Result};
use skybackup::settings::Keyring;

type Get = dyn Fn() -> Result<Vec<u8>> + Send + Sync;
type Set = dyn Fn(&[u8]) -> Result<()> + Send + Sync;

/// One entry for every account; nothing is ever deleted from it.
#[derive(Clone)]
pub(crate) struct OddKeyring {
    get: Arc<Get>,
    set: Arc<Set>,
}

impl OddKeyring {
    /// A keyring that answers a reading and a writing so.
    pub(crate) fn keyring(
        get: impl Fn() -> Result<Vec<u8>> + Send + Sync + 'static,
        set: impl Fn(&[u8]) -> Result<()> + Send + Sync + 'static,
    ) -> Keyring {
        Keyring::with_store(Arc::new(Self { get: Arc::new(get), set: Arc::new(set) }))
    }
}

impl CredentialApi for OddKeyring {
    fn set_secret(&self, secret: &[u8]) -> Result<()> {
        (self.set)(secret)
    }

    fn get_secret(&self) -> Result<Vec<u8>> {
        (self.get)()
    }

    fn delete_credential(&self) -> Result<()> {
        panic!("nobody asked for a key to be deleted")
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl CredentialStoreApi for OddKeyring {
    fn vendor(&self) -> String {
        "test".to_owned()
    }

    fn id(&self) -> String {
        "odd".to_owned()
    }

    fn build(&self, _service: &str, _user: &str, _modifiers: Option<&HashMap<&str, &str>>) -> Result<Entry> {
        Ok(Entry::new_with_credential(Arc::new(self.clone())))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
