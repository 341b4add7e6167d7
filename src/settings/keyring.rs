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

    /// Deletes the key of `account`, and every other entry that would be taken for it; that there was none is no error. To be called
    /// only when a user asked for it. `done` as with [`Keyring::read`].
    pub fn delete(&self, account: &str, done: impl FnOnce(Result<(), KeyringError>) + Send + 'static) {
        let account = account.to_owned();
        self.change("keyring-delete", done, move |source| {
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

    /// Of several entries of `account` keeps the one named `keep` ([`StoredKey::id`](super::StoredKey::id)) and deletes the others. To
    /// be called only when a user asked for it. `done` as with [`Keyring::read`].
    pub fn keep_one(&self, account: &str, keep: &str, done: impl FnOnce(Result<(), KeyringError>) + Send + 'static) {
        let (account, keep) = (account.to_owned(), keep.to_owned());
        self.change("keyring-keep-one", done, move |source| source.delete_keys(&account, Some(&keep)));
    }

    fn ask<T: 'static>(
        &self,
        name: &str,
        done: impl FnOnce(Result<T, KeyringError>) + Send + 'static,
        work: impl FnOnce(&Source) -> Result<T, KeyringError> + Send + 'static,
    ) {
        let source = self.source.clone();
        detach(name, done, move || work(&source));
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

/// Runs `work` on a named thread nobody joins. `done` is called once, also when the thread cannot start or the keyring
/// library panics.
fn detach<T: 'static>(
    name: &str,
    done: impl FnOnce(Result<T, KeyringError>) + Send + 'static,
    work: impl FnOnce() -> Result<T, KeyringError> + Send + 'static,
) {
    let done = Arc::new(Mutex::new(Some(done)));
    let on_thread = Arc::clone(&done);
    let started = thread::Builder::new().name(name.to_owned()).spawn(move || {
        let result = catch_unwind(AssertUnwindSafe(work))
            .unwrap_or_else(|_panic| Err(KeyringError::Other("the keyring library stopped working".to_owned())));
        finish(&on_thread, result);
    });
    if let Err(error) = started {
        finish(&done, Err(KeyringError::Other(error.to_string())));
    }
}

fn finish<T, D: FnOnce(Result<T, KeyringError>)>(done: &Mutex<Option<D>>, result: Result<T, KeyringError>) {
    let done = done.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(done) = done {
        done(result);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    use keyring_core::api::CredentialStoreApi;
    use keyring_core::{Error, mock};

    use super::*;

    const ACCOUNT: &str = "https://api.skysql.com production";
    const LABEL: &str = "SkyBackup: production";
    const KEY: &str = "skysql.1zzz.abcdefghijklmnop.0123456789";
    const DEADLINE: Duration = Duration::from_secs(20);

    fn keyring() -> (Arc<mock::Store>, Keyring) {
        let store = mock::Store::new().unwrap();
        let keyring = Keyring::with_store(store.clone());
        (store, keyring)
    }

    fn entry(store: &mock::Store) -> keyring_core::Entry {
        store.build(SERVICE_NAME, ACCOUNT, None).unwrap()
    }

    fn key(text: &str) -> Arc<ApiKey> {
        Arc::new(ApiKey::clean(text).unwrap().key)
    }

    fn read(keyring: &Keyring) -> Result<Option<String>, KeyringError> {
        let (sender, receiver) = mpsc::channel();
        keyring.read(ACCOUNT, move |result| {
            let text = result.map(|key| key.map(|key| key.expose().to_owned()));
            sender.send(text).unwrap();
        });
        receiver.recv_timeout(DEADLINE).unwrap()
    }

    fn write(keyring: &Keyring, key: &Arc<ApiKey>) -> Result<(), KeyringError> {
        let (sender, receiver) = mpsc::channel();
        keyring.write(ACCOUNT, LABEL, key, move |result| sender.send(result).unwrap());
        receiver.recv_timeout(DEADLINE).unwrap()
    }

    fn delete(keyring: &Keyring) -> Result<(), KeyringError> {
        let (sender, receiver) = mpsc::channel();
        keyring.delete(ACCOUNT, move |result| sender.send(result).unwrap());
        receiver.recv_timeout(DEADLINE).unwrap()
    }

    #[test]
    fn a_key_is_saved_read_replaced_and_deleted() {
        let (_store, keyring) = keyring();
        assert_eq!(read(&keyring), Ok(None));
        assert_eq!(write(&keyring, &key(KEY)), Ok(()));
        assert_eq!(read(&keyring), Ok(Some(KEY.to_owned())));
        let other = format!("{KEY}x");
        assert_eq!(write(&keyring, &key(&other)), Ok(()));
        assert_eq!(read(&keyring), Ok(Some(other)));
        assert_eq!(delete(&keyring), Ok(()));
        assert_eq!(read(&keyring), Ok(None));
        assert_eq!(delete(&keyring), Ok(()), "nothing to delete is no error");
    }

    #[test]
    fn each_account_has_its_own_key() {
        let (_store, keyring) = keyring();
        write(&keyring, &key(KEY)).unwrap();
        let (sender, receiver) = mpsc::channel();
        keyring.read("https://api.example.com production", move |result| {
            sender.send(result.map(|key| key.is_some())).unwrap();
        });
        assert_eq!(receiver.recv_timeout(DEADLINE).unwrap(), Ok(false));
    }

    #[test]
    fn a_failed_call_reports_its_kind_and_leaves_the_key_alone() {
        type Make = fn(Box<std::io::Error>) -> Error;
        let platform = |text: &str| Box::new(std::io::Error::other(text.to_owned()));
        let errors: [(Make, &str, KeyringError); 3] = [
            (|e| Error::NoStorageAccess(e), "SS error: prompt dismissed", KeyringError::Locked),
            (|e| Error::PlatformFailure(e), "org.freedesktop.DBus.Error.ServiceUnknown: gone", KeyringError::NoService),
            (|e| Error::TooLong(e.to_string(), 2560), "secret", KeyringError::TooLong),
        ];
        for (make, text, expected) in errors {
            let (store, keyring) = keyring();
            write(&keyring, &key(KEY)).unwrap();
            let entry = entry(&store);
            let cred: &mock::Cred = entry.as_any().downcast_ref().unwrap();
            cred.set_error(make(platform(text)));
            assert_eq!(read(&keyring), Err(expected.clone()), "read: {text}");
            cred.set_error(make(platform(text)));
            assert_eq!(delete(&keyring), Err(expected.clone()), "delete: {text}");
            cred.set_error(make(platform(text)));
            let other = key("skysql.another.key.that.is.long.enough");
            assert_eq!(write(&keyring, &other), Err(expected), "write: {text}");
            assert_eq!(read(&keyring), Ok(Some(KEY.to_owned())), "kept: {text}");
        }
    }

    #[test]
    fn a_session_that_went_wrong_once_is_silently_begun_anew() {
        type Make = fn(Box<std::io::Error>) -> Error;
        let errors: [(Make, &str); 3] = [
            (|e| Error::PlatformFailure(e), "Crypto error: message decryption failed"),
            (|e| Error::PlatformFailure(e), "org.freedesktop.Secret.Error.NoSession: no such session"),
            (|e| Error::BadDataFormat(KEY.as_bytes().to_vec(), e), "bad"),
        ];
        for (make, text) in errors {
            let (store, keyring) = keyring();
            write(&keyring, &key(KEY)).unwrap();
            let entry = entry(&store);
            let cred: &mock::Cred = entry.as_any().downcast_ref().unwrap();
            let fail_once = || cred.set_error(make(Box::new(std::io::Error::other(text))));
            fail_once();
            assert_eq!(read(&keyring), Ok(Some(KEY.to_owned())), "read: {text}");
            fail_once();
            assert_eq!(write(&keyring, &key(KEY)), Ok(()), "write: {text}");
            fail_once();
            assert_eq!(delete(&keyring), Ok(()), "delete: {text}");
            assert_eq!(read(&keyring), Ok(None));
        }
    }

    #[test]
    fn what_is_no_key_is_damaged_and_stays() {
        for bytes in [&b"\xff\xfe\x00"[..], b"", b"two words"] {
            let (store, keyring) = keyring();
            entry(&store).set_secret(bytes).unwrap();
            assert_eq!(read(&keyring), Err(KeyringError::Damaged));
            assert_eq!(entry(&store).get_secret().unwrap(), bytes);
        }
    }

    /// Keeps what it is given, or only says so. Counts how many writes were in it at once: each stays until a second comes, or long
    /// enough for one to come.
    #[derive(Debug, Default)]
    struct Fake {
        is_forgetful: bool,
        kept: Mutex<Option<Vec<u8>>>,
        inside: AtomicUsize,
        most: AtomicUsize,
    }

    impl keyring_core::api::CredentialApi for Fake {
        fn set_secret(&self, secret: &[u8]) -> keyring::Result<()> {
            if self.is_forgetful {
                return Ok(());
            }
            self.inside.fetch_add(1, Ordering::SeqCst);
            let end = Instant::now() + Duration::from_millis(100);
            while Instant::now() < end && self.inside.load(Ordering::SeqCst) < 2 {
                thread::yield_now();
            }
            self.most.fetch_max(self.inside.load(Ordering::SeqCst), Ordering::SeqCst);
            self.inside.fetch_sub(1, Ordering::SeqCst);
            *self.kept.lock().unwrap() = Some(secret.to_vec());
            Ok(())
        }
        fn get_secret(&self) -> keyring::Result<Vec<u8>> {
            self.kept.lock().unwrap().clone().ok_or(Error::NoEntry)
        }
        fn delete_credential(&self) -> keyring::Result<()> {
            Ok(())
        }
        fn get_credential(&self) -> keyring::Result<Option<Arc<keyring_core::Credential>>> {
            Ok(None)
        }
        fn get_specifiers(&self) -> Option<(String, String)> {
            None
        }
        fn as_any(&self) -> &dyn std::any::Any {
            self
        }
    }

    /// Builds the given credential, or panics.
    struct FakeStore(Option<Arc<Fake>>);

    impl CredentialStoreApi for FakeStore {
        fn vendor(&self) -> String {
            String::new()
        }
        fn id(&self) -> String {
            String::new()
        }
        fn build(
            &self,
            _service: &str,
            _user: &str,
            _modifiers: Option<&HashMap<&str, &str>>,
        ) -> keyring::Result<keyring_core::Entry> {
            let credential = self.0.clone().expect("a store that panics");
            Ok(keyring_core::Entry::new_with_credential(credential))
        }
        fn as_any(&self) -> &dyn std::any::Any {
            self
        }
    }

    #[test]
    fn a_key_that_was_not_kept_is_reported() {
        for kept in [None, Some(&b"something else"[..])] {
            let kept = Mutex::new(kept.map(<[u8]>::to_vec));
            let fake = Fake { is_forgetful: true, kept, ..Fake::default() };
            let keyring = Keyring::with_store(Arc::new(FakeStore(Some(Arc::new(fake)))));
            assert_eq!(write(&keyring, &key(KEY)), Err(KeyringError::NotKept));
        }
    }

    #[test]
    fn no_write_starts_while_another_one_runs() {
        let credential = Arc::new(Fake::default());
        let keyring = Keyring::with_store(Arc::new(FakeStore(Some(credential.clone()))));
        let (sender, receiver) = mpsc::channel();
        for _ in 0..2 {
            let sender = sender.clone();
            keyring.clone().write(ACCOUNT, LABEL, &key(KEY), move |result| sender.send(result).unwrap());
        }
        for _ in 0..2 {
            assert_eq!(receiver.recv_timeout(DEADLINE).unwrap(), Ok(()));
        }
        assert_eq!(credential.most.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_panic_in_the_library_is_an_error_and_the_next_call_still_works() {
        let keyring = Keyring::with_store(Arc::new(FakeStore(None)));
        for _ in 0..2 {
            assert!(matches!(write(&keyring, &key(KEY)), Err(KeyringError::Other(_))));
            assert!(matches!(read(&keyring), Err(KeyringError::Other(_))));
        }
    }
}
