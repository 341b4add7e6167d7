//! The secrets that no text from outside may carry on.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode, percent_encode_byte};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::{ApiKey, EncryptionKey, StorageCredentials, storage};

/// This many bytes of a secret in a row count as the secret: the length of the shortest key.
const RUN: usize = 16;
const KEY_MASK: &str = "[API key]";
const CREDENTIALS_MASK: &str = "[bucket credentials]";

/// API keys for as long as they live; credentials and encryption keys of buckets until the program ends, because a service that keeps them may send
/// them back in any later list. Clones share one list. It holds no copy of a secret and keeps none alive.
#[derive(Clone, Default)]
pub struct KnownSecrets(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    keys: Vec<Weak<SecretString>>,
    credentials: Arc<Fingerprints>,
}

/// Hashes of every run of every form of some secrets, under a random key of this process. They tell a secret that comes back,
/// after it was wiped, and cannot be read back themselves.
#[derive(Clone, Default)]
struct Fingerprints {
    hasher: RandomState,
    hashes: HashSet<u64>,
}

impl Fingerprints {
    fn add(&mut self, form: &str) {
        for run in form.as_bytes().array_windows::<RUN>() {
            self.hashes.insert(self.hasher.hash_one(run));
        }
    }

    fn has(&self, run: &[u8; RUN]) -> bool {
        !self.hashes.is_empty() && self.hashes.contains(&self.hasher.hash_one(run))
    }
}

impl fmt::Debug for KnownSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KnownSecrets")
    }
}

impl KnownSecrets {
    /// Knows this key for as long as it lives.
    pub fn add_key(&self, key: &ApiKey) {
        let keys = &mut self.known().keys;
        keys.retain(|key| key.strong_count() > 0);
        keys.push(Arc::downgrade(key.shared()));
    }

    /// Knows these credentials from now on, also when they are dropped.
    pub fn add_credentials(&self, credentials: &StorageCredentials) {
        let mut known = self.known();
        let fingerprints = Arc::make_mut(&mut known.credentials);
        // The text that is sent is an encoding already; what is in it may come back in any.
        let sent = credentials.expose_base64();
        fingerprints.add(sent);
        if let Some(inner) = storage::secret_part(sent) {
            forms(&inner, &mut |form| fingerprints.add(form));
        }
    }

    /// Knows this encryption key from now on, also when it is dropped. One that is shorter than a run is never told from other text.
    pub fn add_encryption_key(&self, key: &EncryptionKey) {
        let mut known = self.known();
        let fingerprints = Arc::make_mut(&mut known.credentials);
        forms(key.expose(), &mut |form| fingerprints.add(form));
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The text without any run of 16 or more bytes of a known secret: as it is, escaped, in UTF-16, in base64 at any offset,
    /// percent-encoded, in hex, or as a list of decimal numbers.
    #[must_use]
    pub fn mask<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        let (keys, credentials) = self.runs();
        let mut masked = Vec::new();
        let mut copied_to = 0;
        for (at, run) in text.array_windows::<RUN>().enumerate() {
            let mask = if keys.contains(&u128::from_be_bytes(*run)) {
                KEY_MASK
            } else if credentials.has(run) {
                CREDENTIALS_MASK
            } else {
                continue;
            };
            if masked.is_empty() || at >= copied_to {
                masked.extend_from_slice(text.get(copied_to..at).unwrap_or_default());
                masked.extend_from_slice(mask.as_bytes());
            }
            copied_to = at + RUN;
        }
        if masked.is_empty() {
            return Cow::Borrowed(text);
        }
        masked.extend_from_slice(text.get(copied_to..).unwrap_or_default());
        Cow::Owned(masked)
    }

    /// Every run of every form of the living keys, and what is known of credentials.
    fn runs(&self) -> (HashSet<u128>, Arc<Fingerprints>) {
        let known = self.known();
        let mut runs = HashSet::new();
        for key in known.keys.iter().filter_map(Weak::upgrade) {
            forms(key.expose_secret(), &mut |form| {
                runs.extend(form.as_bytes().array_windows::<RUN>().map(|run| u128::from_be_bytes(*run)));
            });
        }
        (runs, Arc::clone(&known.credentials))
    }
}

/// Adds every form in which a text can carry a secret.
fn forms(secret: &str, add: &mut impl FnMut(&str)) {
    let bytes = secret.as_bytes();
    add(secret);
    let quoted = Zeroizing::new(serde_json::Value::from(secret).to_string());
    add(quoted.get(1..quoted.len() - 1).unwrap_or_default());
    for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
        for offset in 0..3 {
            add(&base64_inside(engine, bytes, offset));
        }
    }
    add(&Zeroizing::new(percent_encode(bytes, NON_ALPHANUMERIC).to_string()));
    add(&joined(bytes, "", |byte| percent_encode_byte(byte).to_owned()));
    add(&joined(bytes, "", |byte| format!("{byte:02x}")));
    add(&joined(bytes, "", |byte| format!("{byte:02X}")));
    // UTF-16.
    add(&joined(bytes, "\0", |byte| char::from(byte).to_string()));
    for between in [", ", ",", " "] {
        add(&joined(bytes, between, |byte| byte.to_string()));
    }
}

/// The base64 digits that tell of the secret alone, where it stands `offset` bytes after a multiple of three.
fn base64_inside(engine: &GeneralPurpose, secret: &[u8], offset: usize) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(vec![0; offset]);
    bytes.extend_from_slice(secret);
    let digits = Zeroizing::new(engine.encode(&bytes));
    let (first, end) = ((offset * 8).div_ceil(6), bytes.len() * 8 / 6);
    Zeroizing::new(digits.get(first..end).unwrap_or_default().to_owned())
}

fn joined(bytes: &[u8], between: &str, text: impl Fn(u8) -> String) -> Zeroizing<String> {
    let mut joined = Zeroizing::new(String::with_capacity(bytes.len() * 5));
    for &byte in bytes {
        if !joined.is_empty() {
            joined.push_str(between);
        }
        joined.push_str(&text(byte));
    }
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "skysql.1zzz.AbC-_012+/=~&\"4567.xyz";

    fn key(text: &str) -> ApiKey {
        ApiKey::clean(text).unwrap().key
    }

    fn masked(secrets: &KnownSecrets, text: &str) -> String {
        String::from_utf8(secrets.mask(text.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn every_form_of_a_living_key_is_masked_and_nothing_around_it() {
        let (secrets, key) = (KnownSecrets::default(), key(KEY));
        secrets.add_key(&key);
        let each = |between: &str, text: fn(u8) -> String| KEY.bytes().map(text).collect::<Vec<_>>().join(between);
        for form in [
            KEY.to_owned(),
            each("", |byte| format!("{byte:02x}")),
            each("", |byte| format!("{byte:02X}")),
            each("", |byte| format!("%{byte:02X}")),
            each("\0", |byte| char::from(byte).to_string()),
            each(", ", |byte| byte.to_string()),
            each(",", |byte| byte.to_string()),
            each(" ", |byte| byte.to_string()),
            percent_encode(KEY.as_bytes(), NON_ALPHANUMERIC).to_string(),
            STANDARD_NO_PAD.encode(&KEY[..33]),
            URL_SAFE_NO_PAD.encode(&KEY[..33]),
        ] {
            assert_eq!(masked(&secrets, &format!("before <{form}> after")), "before <[API key]> after", "{form}");
        }
        assert_eq!(masked(&secrets, &format!("{KEY}{KEY}")), "[API key][API key]");
        assert_eq!(masked(&secrets, &format!("{KEY:?}")), "\"[API key]\"");
        drop(key);
        assert_eq!(masked(&secrets, KEY), KEY, "what is dropped is not known any more");
    }

    #[test]
    fn the_secret_in_credentials_is_masked_and_what_is_public_in_them_stays() {
        let secrets = KnownSecrets::default();
        let mark = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        let s3 = StorageCredentials::from_s3("AKIAIOSFODNN7EXAMPLE", mark, "us-east-1").unwrap();
        let pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n";
        let file = serde_json::json!({"type": "service_account", "client_email": "robot@project.iam.example", "private_key": pem});
        let (gcs, ..) = StorageCredentials::from_key_file(&file.to_string()).unwrap();
        secrets.add_credentials(&s3);
        secrets.add_credentials(&gcs);
        for credentials in [&s3, &gcs] {
            assert_eq!(masked(&secrets, credentials.expose_base64()), "[bucket credentials]");
        }
        assert_eq!(masked(&secrets, &format!("bad key {mark}")), "bad key [bucket credentials]");
        for pem in [pem.to_owned(), pem.replace('\n', "\\n")] {
            assert!(!masked(&secrets, &pem).contains("MIIEvQIBADANBgkq"), "{pem}");
        }
        let public = "robot@project.iam.example may not write to the bucket, AKIAIOSFODNN7EXAMPLE neither";
        assert_eq!(masked(&secrets, public), public);
    }

    #[test]
    fn credentials_stay_masked_after_they_are_dropped() {
        let secrets = KnownSecrets::default();
        let mark = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        let s3 = StorageCredentials::from_s3("AKIAIOSFODNN7EXAMPLE", mark, "us-east-1").unwrap();
        let sent = s3.expose_base64().to_owned();
        secrets.clone().add_credentials(&s3);
        drop(s3);
        assert_eq!(masked(&secrets, &format!("stored with {sent}")), "stored with [bucket credentials]");
        assert_eq!(masked(&secrets, &format!("stored with {mark}.")), "stored with [bucket credentials].");
    }

    #[test]
    fn an_encryption_key_is_masked_also_after_it_is_dropped() {
        let (secrets, text) = (KnownSecrets::default(), "correct horse \"battery\" staple");
        secrets.add_encryption_key(&EncryptionKey::new(text).unwrap());
        for form in [text.to_owned(), text.replace('"', "\\\"")] {
            assert_eq!(masked(&secrets, &format!("with {form}.")), "with [bucket credentials].");
        }
    }

    proptest! {
        #[test]
        fn base64_of_a_text_around_the_key_shows_none_of_it(before in "[a-z]{0,9}", after in "[a-z]{0,9}") {
            let (secrets, key) = (KnownSecrets::default(), key(KEY));
            secrets.add_key(&key);
            let text = STANDARD_NO_PAD.encode(format!("{before}{KEY}{after}"));
            let rest = masked(&secrets, &text).replace("[API key]", "");
            // What is left are the digits of the text around it, and at each end one or two that both share.
            prop_assert!(rest.len() <= (before.len() + after.len()) * 4 / 3 + 4, "{rest}");
        }

        #[test]
        fn any_text_without_the_key_stays_as_it_is(text in "\\PC{0,80}") {
            let (secrets, key) = (KnownSecrets::default(), key(KEY));
            secrets.add_key(&key);
            prop_assert_eq!(masked(&secrets, &text), text);
        }
    }
}
