//! The operating system's keyring, asked from threads of its own.
//!
//! A keyring call may show a password question, and a sick keyring service never answers at all. So every call runs on a
//! detached thread that nobody waits for: the caller keeps its own deadline, and leaving the app never waits either.
//!
//! `keyring::Entry::new` picks the system's store once per process and keeps a failure for good. The entries here are
//! `keyring` entries around a store built afresh for every call instead, so a keyring that was started or unlocked later
//! is found without restarting the app.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use keyring::Entry;
use keyring_core::CredentialStore;
use zeroize::Zeroizing;

use super::KeyringError;
use super::profile::SERVICE_NAME;
use crate::secrets::ApiKey;

/// The keyring of this system, or a given store in tests. Cheap to clone; clones share their queue of writes.
#[derive(Clone)]
pub struct Keyring {
    source: Source,
    /// Held while the keyring is being changed: no second write starts while the first still hangs.
    changing: Arc<Mutex<()>>,
}

/// A given store, which has one keyring that is always open; without one, what the system has.
#[derive(Clone)]
struct Source(Option<Arc<CredentialStore>>);

impl Keyring {
    /// The keyring of this system. Nothing is contacted before the first call.
    #[must_use]
    pub fn system() -> Self {
        Self::from(Source(None))
    }

    /// A keyring on one given store, for tests.
    #[must_use]
    pub fn with_store(store: Arc<CredentialStore>) -> Self {
        Self::from(Source(Some(store)))
    }

    fn from(source: Source) -> Self {
        Self { source, changing: Arc::default() }
    }

    /// What this system calls its keyring, for sentences and settings.
    #[must_use]
    pub fn store_name() -> &'static str {
        if cfg!(windows) {
            "Windows Credential Manager"
        } else if cfg!(target_os = "macos") {
            "macOS Keychain"
        } else {
            "Secret Service keyring"
        }
    }

    /// Finds out whether there is a keyring to keep a key in; [`KeyringError::NoPlace`] where the service has none. Nothing in it is
    /// read or changed, and no password is asked for, so a locked one is found to be there. `done` as with [`Keyring::read`].
    pub fn probe(&self, done: impl FnOnce(Result<(), KeyringError>) + Send + 'static) {
        self.ask("keyring-probe", done, |source| {
            in_sessions(|| {
                timed(|| source.store()).map_err(explain)?;
                source.on_system(Ok(()), system::find_keyring)
            })
        });
    }

    /// Makes the keyring that is missing; the system asks the user for its password. To be called only when a user asked for
    /// it. `done` as with [`Keyring::read`].
    pub fn create_keyring(&self, done: impl FnOnce(Result<(), KeyringError>) + Send + 'static) {
        self.change("keyring-create", done, |source| source.on_system(Ok(()), system::create_keyring));
    }

    /// Reads the key of `account` ([`super::Profile::account`]); `None` when there is none. Changes nothing, whatever it finds.
    /// `done` is called on the keyring's thread: at once, after a user answered a question, or never.
    pub fn read(&self, account: &str, done: impl FnOnce(Result<Option<ApiKey>, KeyringError>) + Send + 'static) {
        let account = account.to_owned();
        self.ask("keyring-read", done, move |source| {
            in_sessions(|| {
                let entry = source.entry(&account, None)?;
                match timed(|| entry.get_secret()).map(Zeroizing::new) {
                    Ok(bytes) => decode(&bytes).map(Some),
                    Err((keyring::Error::NoEntry, _)) => source.on_system(Ok(()), system::see_keyring).map(|()| None),
                    Err(error) => Err(source.explain(&account, error)),
                }
            })
        });
    }

    /// Saves `key` for `account` under the name `label`, in place of an older one, and reads it back in another session to see that
    /// it was kept. To be called only when a user asked for it. `done` as with [`Keyring::read`].
    pub fn write(
        &self,
        account: &str,
        label: &str,
        key: &Arc<ApiKey>,
        done: impl FnOnce(Result<(), KeyringError>) + Send + 'static,
    ) {
        let (account, label, key) = (account.to_owned(), label.to_owned(), Arc::clone(key));
        self.change("keyring-write", done, move |source| {
            let secret = key.expose().as_bytes();
            in_sessions(|| {
                let entry = source.entry(&account, Some(&label))?;
                timed(|| entry.set_secret(secret)).map_err(|error| source.explain(&account, error))?;
                source.on_system((), || system::relabel(&entry.inner, &label));
                let entry = source.entry(&account, None)?;
                match timed(|| entry.get_secret()).map(Zeroizing::new) {
                    Ok(kept) if kept.as_slice() == secret => Ok(()),
                    Ok(_) | Err((keyring::Error::NoEntry, _)) => Err(KeyringError::NotKept),
                    Err(error) => Err(source.explain(&account, error)),
                }
            })
        });
    }

    /// Deletes the key of `account`, and every other entry that would be taken for it; that there was none is no error. Of several
    /// entries the one named `keep` ([`StoredKey::id`](super::StoredKey::id)) stays. To be called only when a user asked for it. `done`
    /// as with [`Keyring::read`].
    pub fn delete(
        &self,
        account: &str,
        keep: Option<&str>,
        done: impl FnOnce(Result<(), KeyringError>) + Send + 'static,
    ) {
        let (account, keep) = (account.to_owned(), keep.map(str::to_owned));
        self.change("keyring-delete", done, move |source| {
            if keep.is_some() {
                return source.delete_keys(&account, keep.as_deref());
            }
            in_sessions(|| {
                let entry = source.entry(&account, None)?;
                match timed(|| entry.delete_credential()) {
                    Ok(()) => Ok(()),
                    Err((keyring::Error::NoEntry, _)) => source.on_system(Ok(()), system::see_keyring),
                    Err((keyring::Error::Ambiguous(_), _)) => source.delete_keys(&account, None),
                    Err(error) => Err(source.explain(&account, error)),
                }
            })
        });
    }

    /// Runs `work` on a named thread nobody joins. `done` is called once, also when the thread cannot start or the keyring library
    /// panics.
    fn ask<T: 'static>(
        &self,
        name: &str,
        done: impl FnOnce(Result<T, KeyringError>) + Send + 'static,
        work: impl FnOnce(&Source) -> Result<T, KeyringError> + Send + 'static,
    ) {
        let source = self.source.clone();
        let done = Arc::new(Mutex::new(Some(done)));
        let on_thread = Arc::clone(&done);
        let started = thread::Builder::new().name(name.to_owned()).spawn(move || {
            let result = catch_unwind(AssertUnwindSafe(|| work(&source)))
                .unwrap_or_else(|_panic| Err(KeyringError::Other("the keyring library stopped working".to_owned())));
            finish(&on_thread, result);
        });
        if let Err(error) = started {
            finish(&done, Err(KeyringError::Other(error.to_string())));
        }
    }

    /// The same, after every change that was begun before.
    fn change(
        &self,
        name: &str,
        done: impl FnOnce(Result<(), KeyringError>) + Send + 'static,
        work: impl FnOnce(&Source) -> Result<(), KeyringError> + Send + 'static,
    ) {
        let changing = Arc::clone(&self.changing);
        self.ask(name, done, move |source| {
            let _only_one = changing.lock().unwrap_or_else(PoisonError::into_inner);
            work(source)
        });
    }
}

/// How many sessions with the keyring are tried before an error is reported. With some services one in a hundred does not work.
const SESSIONS: usize = 3;

/// Does `work`, which begins a session of its own, and once more in another one where the session may be what went wrong.
fn in_sessions<T>(work: impl Fn() -> Result<T, KeyringError>) -> Result<T, KeyringError> {
    let mut result = work();
    for _ in 1..SESSIONS {
        match &result {
            Err(error) if error.may_be_of_the_session() => tracing::debug!("another session with the keyring: {error}"),
            _ => break,
        }
        result = work();
    }
    result
}

impl Source {
    fn store(&self) -> keyring::Result<Arc<CredentialStore>> {
        self.0.clone().map_or_else(system_store, Ok)
    }

    /// What only the keyring of the system can tell or do; `otherwise` for a given store.
    fn on_system<T>(&self, otherwise: T, ask: impl FnOnce() -> T) -> T {
        if self.0.is_none() { ask() } else { otherwise }
    }

    /// The entry of an account; where it has to be made, it gets the name `label`.
    fn entry(&self, account: &str, label: Option<&str>) -> Result<Entry, KeyringError> {
        let modifiers = self.on_system(None, || system_modifiers(label));
        let build = || self.store()?.build(SERVICE_NAME, account, modifiers.as_ref());
        let inner = timed(build).map_err(explain)?;
        Ok(Entry { inner })
    }

    fn explain(&self, account: &str, error: (keyring::Error, Duration)) -> KeyringError {
        match explain(error) {
            KeyringError::Ambiguous(none) => {
                KeyringError::Ambiguous(self.on_system(none, || system::stored_keys(account)))
            }
            other => other,
        }
    }

    fn delete_keys(&self, account: &str, keep: Option<&str>) -> Result<(), KeyringError> {
        self.on_system(Err(KeyringError::Ambiguous(Vec::new())), || system::delete_keys(account, keep))
    }
}

#[cfg(target_os = "macos")]
fn system_store() -> keyring::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn system_store() -> keyring::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn system_store() -> keyring::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

/// A key belongs to this computer; without this Windows sends it around with a roaming profile.
#[cfg(windows)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have none")]
fn system_modifiers(_label: Option<&str>) -> Option<HashMap<&'static str, &str>> {
    Some(HashMap::from([("persistence", "Local")]))
}

#[cfg(target_os = "macos")]
fn system_modifiers(_label: Option<&str>) -> Option<HashMap<&'static str, &str>> {
    None
}

/// The name of an entry in the password manager, where it has to be made.
#[cfg(all(unix, not(target_os = "macos")))]
fn system_modifiers(label: Option<&str>) -> Option<HashMap<&'static str, &str>> {
    label.map(|label| HashMap::from([("label", label)]))
}

/// The Secret Service has keyrings that can be missing or locked, and may hold several entries of one account.
#[cfg(all(unix, not(target_os = "macos")))]
use super::collection as system;

/// The keyring of Windows and macOS is always there, asks for itself, and holds one entry of an account.
#[cfg(any(windows, target_os = "macos"))]
#[expect(clippy::unnecessary_wraps, reason = "the same functions can fail where there is a Secret Service")]
mod system {
    use keyring_core::Entry;

    use crate::settings::{KeyringError, StoredKey};

    pub(super) fn find_keyring() -> Result<(), KeyringError> {
        Ok(())
    }

    pub(super) fn see_keyring() -> Result<(), KeyringError> {
        Ok(())
    }

    pub(super) fn create_keyring() -> Result<(), KeyringError> {
        Ok(())
    }

    pub(super) fn delete_keys(_account: &str, _keep: Option<&str>) -> Result<(), KeyringError> {
        Err(KeyringError::Ambiguous(Vec::new()))
    }

    pub(super) fn stored_keys(_account: &str) -> Vec<StoredKey> {
        Vec::new()
    }

    pub(super) fn relabel(_entry: &Entry, _label: &str) {}
}

/// What is stored, as a key.
fn decode(bytes: &[u8]) -> Result<ApiKey, KeyringError> {
    let text = std::str::from_utf8(bytes).map_err(|_not_text| KeyringError::Damaged)?;
    ApiKey::clean(text).map(|cleaned| cleaned.key).map_err(|_not_a_key| KeyringError::Damaged)
}

/// How long a failed call took tells whether a user can have seen a question.
fn timed<T>(call: impl FnOnce() -> keyring::Result<T>) -> Result<T, (keyring::Error, Duration)> {
    let start = Instant::now();
    call().map_err(|error| (error, start.elapsed()))
}

fn explain((error, took): (keyring::Error, Duration)) -> KeyringError {
    KeyringError::from_keyring(&error, took)
}

fn finish<T, D: FnOnce(Result<T, KeyringError>)>(done: &Mutex<Option<D>>, result: Result<T, KeyringError>) {
    let done = done.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(done) = done {
        done(result);
    }
}

#[cfg(test)]
#[path = "keyring_tests.rs"]
mod tests;
