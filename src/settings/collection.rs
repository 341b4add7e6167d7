//! What the Secret Service of Linux knows about keyrings ("collections") and entries beyond reading and writing a key.
//!
//! A session without encryption is enough here: no secret passes through it.

use std::collections::HashMap;
use std::time::Instant;

use jiff::Timestamp;
use keyring_core::Entry;
use secret_service::blocking::{Item, SecretService};
use secret_service::{EncryptionType, Error};
use zbus_secret_service_keyring_store::cred::Specifier;

use super::keyring_error::{KeyringError, StoredKey};
use super::profile::SERVICE_NAME;

/// The alias of the keyring that new entries go to.
const DEFAULT: &str = "default";
/// The name of a keyring made here, as the desktops themselves call it.
const NAME: &str = "Default keyring";

/// Looks for the keyring that new entries go to, locked or not; nobody is asked for a password.
pub(super) fn find_keyring() -> Result<(), KeyringError> {
    is_keyring_locked().map(drop)
}

/// Makes sure that the entries of the keyring can be seen: some services show a locked one as if it were empty.
pub(super) fn see_keyring() -> Result<(), KeyringError> {
    if is_keyring_locked()? { Err(KeyringError::Locked) } else { Ok(()) }
}

/// Makes the keyring that new entries go to. The service asks the user for its password; this waits for the answer.
pub(super) fn create_keyring() -> Result<(), KeyringError> {
    let created = on_service(|service| service.create_collection(NAME, DEFAULT).map(drop));
    // A question always precedes this; whoever closes it at once has refused all the same.
    created.map_err(|error| if error == KeyringError::Locked { KeyringError::Refused } else { error })?;
    // Some services take the wish and make nothing.
    find_keyring()
}

/// [`KeyringError::NoPlace`] where there is none: nobody has made it yet, or its file is not open.
fn is_keyring_locked() -> Result<bool, KeyringError> {
    on_service(|service| service.get_collection_by_alias(DEFAULT)?.is_locked())
}

/// Every entry of an account, as the password manager shows it.
pub(super) fn stored_keys(account: &str) -> Vec<StoredKey> {
    let keys = on_service(|service| {
        let describe = |item: Item<'_>| {
            let modified = item.get_modified().ok().and_then(|secs| i64::try_from(secs).ok());
            let modified = modified.and_then(|secs| Timestamp::from_second(secs).ok());
            Ok(StoredKey { id: item.item_path.to_string(), label: item.get_label()?, modified })
        };
        items(service, account)?.into_iter().map(describe).collect()
    });
    // Without their names the entries are still told to be several.
    keys.unwrap_or_default()
}

/// Deletes the entries of an account, all but the one named by `keep` ([`StoredKey::id`]).
pub(super) fn delete_keys(account: &str, keep: Option<&str>) -> Result<(), KeyringError> {
    on_service(|service| {
        let items = items(service, account)?;
        let is_kept = |item: &Item<'_>| keep == Some(item.item_path.as_str());
        if keep.is_some() && !items.iter().any(is_kept) {
            // Without the one to keep, the others may be all there is.
            return Err(Error::NoResult);
        }
        items.iter().filter(|item| !is_kept(item)).try_for_each(Item::delete)
    })
}

fn items<'s>(service: &'s SecretService<'_>, account: &str) -> Result<Vec<Item<'s>>, Error> {
    let found = service.search_items(HashMap::from([("service", SERVICE_NAME), ("username", account)]))?;
    Ok(found.unlocked.into_iter().chain(found.locked).collect())
}

/// Gives an entry its name in the password manager, also where an older version or another program made it.
pub(super) fn relabel(entry: &Entry, label: &str) {
    let Some(entry) = entry.as_any().downcast_ref::<Specifier>() else { return };
    let renamed = match entry.get_label() {
        Ok(is) if is == label => Ok(()),
        _ => entry.set_label(label),
    };
    // The key is stored all the same.
    if let Err(error) = renamed {
        tracing::debug!("the keyring entry keeps its old name: {error}");
    }
}

fn on_service<T>(work: impl FnOnce(&SecretService<'_>) -> Result<T, Error>) -> Result<T, KeyringError> {
    let start = Instant::now();
    SecretService::connect(EncryptionType::Plain)
        .and_then(|service| work(&service))
        .map_err(|error| KeyringError::from_keyring(&keyring::Error::PlatformFailure(Box::new(error)), start.elapsed()))
}
