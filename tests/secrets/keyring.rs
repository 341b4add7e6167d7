//! The key in the keyring: where it is, and where it goes when the keyring fails.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use keyring_core::api::CredentialStoreApi as _;
use keyring_core::{Error, mock};
use skybackup::domain::ApiUrl;
use skybackup::secrets::ApiKey;
use skybackup::settings::{Keyring, KeyringError, Profile, ProfileId, SERVICE_NAME};

use crate::support::odd_keyring::OddKeyring;

const KEY: &str = "skysql.keyring.0123456789abcdefghijklm";

fn profile(url: &str) -> Profile {
    Profile {
        id: ProfileId::new("production"),
        name: "Production".to_owned(),
        api_url: url.to_owned(),
        ..Profile::default()
    }
}

/// The result of a call of the keyring.
fn answer<T: Send + 'static>(call: impl FnOnce(Box<dyn FnOnce(T) + Send>)) -> T {
    let (sender, receiver) = mpsc::channel();
    call(Box::new(move |result| sender.send(result).unwrap()));
    receiver.recv_timeout(Duration::from_mins(3)).unwrap()
}

fn read(keyring: &Keyring, account: &str) -> Result<Option<String>, KeyringError> {
    answer(|done| keyring.read(account, move |result| done(result.map(|key| key.map(|key| key.expose().to_owned())))))
}

fn write(keyring: &Keyring, account: &str, key: &str) -> Result<(), KeyringError> {
    let key = Arc::new(ApiKey::clean(key).unwrap().key);
    answer(|done| keyring.write(account, "label", &key, done))
}

pub(super) fn a_key_is_bound_to_scheme_host_and_port() {
    let home = profile("https://api.skysql.com");
    for same in ["https://api.skysql.com/", "HTTPS://API.skysql.com:443", "https://api.skysql.com/other/path"] {
        assert_eq!(profile(same).account(), home.account(), "{same}");
        assert!(!home.is_elsewhere(&ApiUrl::parse(same).unwrap()), "{same}");
    }
    let elsewhere =
        ["https://api.skysql.com:8443", "https://api.skysql.com.evil.example", "http://localhost", "https://localhost"];
    for (place, url) in elsewhere.iter().enumerate() {
        assert_ne!(profile(url).account(), home.account(), "{url}");
        assert!(home.is_elsewhere(&ApiUrl::parse(url).unwrap()), "{url}");
        for other in &elsewhere[place + 1..] {
            assert_ne!(profile(url).account(), profile(other).account());
        }
    }
}

pub(super) fn each_origin_has_its_entry_and_a_write_is_read_back() {
    let store = mock::Store::new().unwrap();
    let keyring = Keyring::with_store(store.clone());
    let (here, there) = (profile("https://api.skysql.com").account(), profile("https://other.example").account());
    assert_eq!(write(&keyring, &here, KEY), Ok(()));
    assert_eq!(read(&keyring, &here), Ok(Some(KEY.to_owned())));
    assert_eq!(read(&keyring, &there), Ok(None));
    assert_eq!(SERVICE_NAME, "SkyBackup");
    let entry = store.build(SERVICE_NAME, &here, None).unwrap();
    assert_eq!(entry.get_secret().unwrap(), KEY.as_bytes(), "as bytes, so that Windows has room for it");
    // The read-back fails although the write did not.
    let credential: &mock::Cred = entry.as_any().downcast_ref().unwrap();
    assert_eq!(write(&keyring, &here, &format!("{KEY}2")), Ok(()));
    credential.set_error(Error::NoEntry);
    assert_eq!(write(&keyring, &here, &format!("{KEY}3")), Ok(()), "once may be the fault of the session");
    let forgetful = OddKeyring::keyring(|| Err(Error::NoEntry), |_| Ok(()));
    assert_eq!(write(&forgetful, &here, KEY), Err(KeyringError::NotKept));
}

pub(super) fn each_trouble_has_its_words_and_leaves_the_entry_alone() {
    type Make = fn() -> Error;
    let troubles: [(Make, KeyringError); 5] = [
        (|| Error::NoStorageAccess("SS error: prompt dismissed".into()), KeyringError::Locked),
        (|| Error::PlatformFailure("org.freedesktop.DBus.Error.AccessDenied".into()), KeyringError::Refused),
        (|| Error::PlatformFailure("org.freedesktop.DBus.Error.ServiceUnknown".into()), KeyringError::NoService),
        (|| Error::Ambiguous(Vec::new()), KeyringError::Ambiguous(Vec::new())),
        (|| Error::PlatformFailure("timed out".into()), KeyringError::TimedOut),
    ];
    let account = profile("https://api.skysql.com").account();
    let mut sentences = Vec::new();
    for (make, expected) in troubles {
        let store = mock::Store::new().unwrap();
        let keyring = Keyring::with_store(store.clone());
        write(&keyring, &account, KEY).unwrap();
        let entry = store.build(SERVICE_NAME, &account, None).unwrap();
        let credential: &mock::Cred = entry.as_any().downcast_ref().unwrap();
        credential.set_error(make());
        assert_eq!(read(&keyring, &account), Err(expected.clone()));
        credential.set_error(make());
        assert_eq!(write(&keyring, &account, &format!("{KEY}2")), Err(expected.clone()));
        assert_eq!(read(&keyring, &account), Ok(Some(KEY.to_owned())), "{expected:?}");
        assert!(!sentences.contains(&expected.sentence()), "{expected:?}");
        sentences.push(expected.sentence());
    }
    let damaged = OddKeyring::keyring(|| Err(Error::BadEncoding(KEY.as_bytes().to_vec())), |_| Ok(()));
    assert_eq!(read(&damaged, &account), Err(KeyringError::Damaged));
    let empty = Keyring::with_store(mock::Store::new().unwrap());
    assert_eq!(read(&empty, &account), Ok(None), "that there is none is no trouble");
}
