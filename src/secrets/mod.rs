//! API keys and bucket credentials: never printed, wiped when dropped, masked in every text from outside.
//!
//! Owns: how a pasted key or a key file is cleaned and checked, and which secrets are known.
//! May import: `domain`; `secrecy` and `zeroize`; `base64`, `serde` and `serde_json` for key files; `sha2` for the tag of a key.
//! Must never: touch the keyring, a file or the network.

mod api_key;
mod buffer;
mod encryption_key;
mod known_secrets;
mod storage;

pub use api_key::{ApiKey, CleanedKey, KEY_VARIABLE, KeyTag, KeyTextError};
pub use buffer::SecretBuffer;
pub use encryption_key::EncryptionKey;
pub use known_secrets::KnownSecrets;
pub use storage::{BucketKind, ExternalStorage, S3Field, StorageCredentials, StorageError};
