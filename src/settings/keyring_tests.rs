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
    keyring.delete(ACCOUNT, None, move |result| sender.send(result).unwrap());
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
