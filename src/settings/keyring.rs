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
use crate::secrets::ApiKey;

/// The service name of every entry this app makes in the keyring.
pub const SERVICE_NAME: &str = "SkyBackup";

/// The keyring of this system, or a given store in tests. Cheap to clone; clones share their queue of writes.
#[derive(Clone)]
pub struct Keyring {
    source: Source,
    /// Held while the keyring is being changed: no second write starts while the first still hangs.
    changing: Arc<Mutex<()>>,
}

#[derive(Clone)]
enum Source {
    System,
    Given(Arc<CredentialStore>),
}

impl Keyring {
    /// The keyring of this system. Nothing is contacted before the first call.
    #[must_use]
    pub fn system() -> Self {
        Self::from(Source::System)
    }

    /// A vault on one given store, for tests.
    #[must_use]
    pub fn with_store(store: Arc<CredentialStore>) -> Self {
        Self::from(Source::Given(store))
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
    /// read or changed, and no password is asked for, so a locked one is found to be there. `done` as with [`Vault::read`].
    pub fn probe(&self, done: impl FnOnce(Result<(), KeyringError>) + Send + 'static) {
        let source = self.source.clone();
        detach("keyring-probe", done, move || in_sessions(|| source.probe()));
    }

    /// Makes the keyring that is missing; the system asks the user for its password. To be called only when a user asked for
    /// it. `done` as with [`Vault::read`].
    pub fn create_keyring(&self, done: impl FnOnce(Result<(), KeyringError>) + Send + 'static) {
        let Self { source, changing } = self.clone();
        detach("keyring-create", done, move || {
            let _only_one = changing.lock().unwrap_or_else(PoisonError::into_inner);
            source.create_keyring()
        });
    }

    /// Reads the key of `account` ([`super::Profile::account`]); `None` when there is none. Changes nothing, whatever it finds.
    /// `done` is called on the keyring's thread: at once, after a user answered a question, or never.
    pub fn read(&self, account: &str, done: impl FnOnce(Result<Option<ApiKey>, KeyringError>) + Send + 'static) {
        let source = self.source.clone();
        let account = account.to_owned();
        detach("keyring-read", done, move || {
            in_sessions(|| {
                let entry = source.entry(&account, None)?;
                match timed(|| entry.get_secret()).map(Zeroizing::new) {
                    Ok(bytes) => decode(&bytes).map(Some),
                    Err((keyring::Error::NoEntry, _)) => source.believe_absence().map(|()| None),
                    Err(error) => Err(source.explain(&account, error)),
                }
            })
        });
    }

    /// Saves `key` for `account` under the name `label`, in place of an older one, and reads it back in another session to see that
    /// it was kept. To be called only when a user asked for it. `done` as with [`Vault::read`].
    pub fn write(
        &self,
        account: &str,
        label: &str,
        key: &Arc<ApiKey>,
        done: impl FnOnce(Result<(), KeyringError>) + Send + 'static,
    ) {
        let Self { source, changing } = self.clone();
        let (account, label) = (account.to_owned(), label.to_owned());
        let key = Arc::clone(key);
        detach("keyring-write", done, move || {
            let _only_one = changing.lock().unwrap_or_else(PoisonError::into_inner);
            let secret = key.expose().as_bytes();
            in_sessions(|| {
                let entry = source.entry(&account, Some(&label))?;
                timed(|| entry.set_secret(secret)).map_err(|error| source.explain(&account, error))?;
                source.relabel(&entry.inner, &label);
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
    /// only when a user asked for it. `done` as with [`Vault::read`].
    pub fn delete(&self, account: &str, done: impl FnOnce(Result<(), KeyringError>) + Send + 'static) {
        let Self { source, changing } = self.clone();
        let account = account.to_owned();
        detach("keyring-delete", done, move || {
            let _only_one = changing.lock().unwrap_or_else(PoisonError::into_inner);
            in_sessions(|| {
                let entry = source.entry(&account, None)?;
                match timed(|| entry.delete_credential()) {
                    Ok(()) => Ok(()),
                    Err((keyring::Error::NoEntry, _)) => source.believe_absence(),
                    Err((keyring::Error::Ambiguous(_), _)) => source.delete_keys(&account, None),
                    Err(error) => Err(source.explain(&account, error)),
                }
            })
        });
    }

    /// Of several entries of `account` keeps the one named `keep` ([`StoredKey::id`](super::StoredKey::id)) and deletes the others. To
    /// be called only when a user asked for it. `done` as with [`Vault::read`].
    pub fn keep_one(&self, account: &str, keep: &str, done: impl FnOnce(Result<(), KeyringError>) + Send + 'static) {
        let Self { source, changing } = self.clone();
        let (account, keep) = (account.to_owned(), keep.to_owned());
        detach("keyring-keep-one", done, move || {
            let _only_one = changing.lock().unwrap_or_else(PoisonError::into_inner);
            source.delete_keys(&account, Some(&keep))
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
        match self {
            Self::System => system_store(),
            Self::Given(store) => Ok(Arc::clone(store)),
        }
    }

    /// The entry of an account; where it has to be made, it gets the name `label`.
    fn entry(&self, account: &str, label: Option<&str>) -> Result<Entry, KeyringError> {
        let modifiers = match self {
            Self::System => system_modifiers(label),
            Self::Given(_) => None,
        };
        let build = || self.store()?.build(SERVICE_NAME, account, modifiers.as_ref());
        let inner = timed(build).map_err(explain)?;
        Ok(Entry { inner })
    }

    fn explain(&self, account: &str, error: (keyring::Error, Duration)) -> KeyringError {
        match (self, explain(error)) {
            (Self::System, KeyringError::Ambiguous(_)) => KeyringError::Ambiguous(system::stored_keys(account)),
            (_, other) => other,
        }
    }
}

/// What only the keyring of the system can tell or do; a given store has one keyring that is always open.
impl Source {
    fn probe(&self) -> Result<(), KeyringError> {
        timed(|| self.store()).map_err(explain)?;
        match self {
            Self::System => system::find_keyring(),
            Self::Given(_) => Ok(()),
        }
    }

    /// That there is no entry is only believed of a keyring that shows its entries.
    fn believe_absence(&self) -> Result<(), KeyringError> {
        match self {
            Self::System => system::see_keyring(),
            Self::Given(_) => Ok(()),
        }
    }

    fn create_keyring(&self) -> Result<(), KeyringError> {
        match self {
            Self::System => system::create_keyring(),
            Self::Given(_) => Ok(()),
        }
    }

    fn delete_keys(&self, account: &str, keep: Option<&str>) -> Result<(), KeyringError> {
        match self {
            Self::System => system::delete_keys(account, keep),
            Self::Given(_) => Err(KeyringError::Ambiguous(Vec::new())),
        }
    }

    fn relabel(&self, entry: &keyring_core::Entry, label: &str) {
        match self {
            Self::System => system::relabel(entry, label),
            Self::Given(_) => {}
        }
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

    fn vault() -> (Arc<mock::Store>, Keyring) {
        let store = mock::Store::new().unwrap();
        let vault = Keyring::with_store(store.clone());
        (store, vault)
    }

    fn entry(store: &mock::Store) -> keyring_core::Entry {
        store.build(SERVICE_NAME, ACCOUNT, None).unwrap()
    }

    fn key(text: &str) -> Arc<ApiKey> {
        Arc::new(ApiKey::clean(text).unwrap().key)
    }

    fn read(vault: &Keyring) -> Result<Option<String>, KeyringError> {
        let (sender, receiver) = mpsc::channel();
        vault.read(ACCOUNT, move |result| {
            let text = result.map(|key| key.map(|key| key.expose().to_owned()));
            sender.send(text).unwrap();
        });
        receiver.recv_timeout(DEADLINE).unwrap()
    }

    fn write(vault: &Keyring, key: &Arc<ApiKey>) -> Result<(), KeyringError> {
        let (sender, receiver) = mpsc::channel();
        vault.write(ACCOUNT, LABEL, key, move |result| sender.send(result).unwrap());
        receiver.recv_timeout(DEADLINE).unwrap()
    }

    fn delete(vault: &Keyring) -> Result<(), KeyringError> {
        let (sender, receiver) = mpsc::channel();
        vault.delete(ACCOUNT, move |result| sender.send(result).unwrap());
        receiver.recv_timeout(DEADLINE).unwrap()
    }

    #[test]
    fn a_key_is_saved_read_replaced_and_deleted() {
        let (_store, vault) = vault();
        assert_eq!(read(&vault), Ok(None));
        assert_eq!(write(&vault, &key(KEY)), Ok(()));
        assert_eq!(read(&vault), Ok(Some(KEY.to_owned())));
        let other = format!("{KEY}x");
        assert_eq!(write(&vault, &key(&other)), Ok(()));
        assert_eq!(read(&vault), Ok(Some(other)));
        assert_eq!(delete(&vault), Ok(()));
        assert_eq!(read(&vault), Ok(None));
        assert_eq!(delete(&vault), Ok(()), "nothing to delete is no error");
    }

    #[test]
    fn each_account_has_its_own_key() {
        let (_store, vault) = vault();
        write(&vault, &key(KEY)).unwrap();
        let (sender, receiver) = mpsc::channel();
        vault.read("https://api.example.com production", move |result| {
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
            let (store, vault) = vault();
            write(&vault, &key(KEY)).unwrap();
            let entry = entry(&store);
            let cred: &mock::Cred = entry.as_any().downcast_ref().unwrap();
            cred.set_error(make(platform(text)));
            assert_eq!(read(&vault), Err(expected.clone()), "read: {text}");
            cred.set_error(make(platform(text)));
            assert_eq!(delete(&vault), Err(expected.clone()), "delete: {text}");
            cred.set_error(make(platform(text)));
            let other = key("skysql.another.key.that.is.long.enough");
            assert_eq!(write(&vault, &other), Err(expected), "write: {text}");
            assert_eq!(read(&vault), Ok(Some(KEY.to_owned())), "kept: {text}");
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
            let (store, vault) = vault();
            write(&vault, &key(KEY)).unwrap();
            let entry = entry(&store);
            let cred: &mock::Cred = entry.as_any().downcast_ref().unwrap();
            let fail_once = || cred.set_error(make(Box::new(std::io::Error::other(text))));
            fail_once();
            assert_eq!(read(&vault), Ok(Some(KEY.to_owned())), "read: {text}");
            fail_once();
            assert_eq!(write(&vault, &key(KEY)), Ok(()), "write: {text}");
            fail_once();
            assert_eq!(delete(&vault), Ok(()), "delete: {text}");
            assert_eq!(read(&vault), Ok(None));
        }
    }

    #[test]
    fn what_is_no_key_is_damaged_and_stays() {
        for bytes in [&b"\xff\xfe\x00"[..], b"", b"two words"] {
            let (store, vault) = vault();
            entry(&store).set_secret(bytes).unwrap();
            assert_eq!(read(&vault), Err(KeyringError::Damaged));
            assert_eq!(entry(&store).get_secret().unwrap(), bytes);
        }
    }

    /// Says yes to everything and keeps nothing, or something else.
    #[derive(Debug)]
    struct Forgetful(Option<&'static [u8]>);

    impl keyring_core::api::CredentialApi for Forgetful {
        fn set_secret(&self, _secret: &[u8]) -> keyring::Result<()> {
            Ok(())
        }
        fn get_secret(&self) -> keyring::Result<Vec<u8>> {
            self.0.map(<[u8]>::to_vec).ok_or(Error::NoEntry)
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
    struct Odd<C>(Option<Arc<C>>);

    impl<C: keyring_core::api::CredentialApi + Send + Sync + 'static> CredentialStoreApi for Odd<C> {
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
    fn a_key_that_was_not_kept_is_said_so() {
        for kept in [None, Some(&b"something else"[..])] {
            let vault = Keyring::with_store(Arc::new(Odd(Some(Arc::new(Forgetful(kept))))));
            assert_eq!(write(&vault, &key(KEY)), Err(KeyringError::NotKept));
        }
    }

    /// Remembers how many writes were in it at once. Each stays until a second comes, or long enough for one to come.
    #[derive(Debug, Default)]
    struct Counting {
        inside: AtomicUsize,
        most: AtomicUsize,
        kept: Mutex<Option<Vec<u8>>>,
    }

    impl keyring_core::api::CredentialApi for Counting {
        fn set_secret(&self, secret: &[u8]) -> keyring::Result<()> {
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

    #[test]
    fn no_write_starts_while_another_one_runs() {
        let credential = Arc::new(Counting::default());
        let vault = Keyring::with_store(Arc::new(Odd(Some(credential.clone()))));
        let (sender, receiver) = mpsc::channel();
        for _ in 0..2 {
            let sender = sender.clone();
            vault.clone().write(ACCOUNT, LABEL, &key(KEY), move |result| sender.send(result).unwrap());
        }
        for _ in 0..2 {
            assert_eq!(receiver.recv_timeout(DEADLINE).unwrap(), Ok(()));
        }
        assert_eq!(credential.most.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_panic_in_the_library_is_an_error_and_the_next_call_still_works() {
        let vault = Keyring::with_store(Arc::new(Odd::<Forgetful>(None)));
        for _ in 0..2 {
            assert!(matches!(write(&vault, &key(KEY)), Err(KeyringError::Other(_))));
            assert!(matches!(read(&vault), Err(KeyringError::Other(_))));
        }
    }
}
