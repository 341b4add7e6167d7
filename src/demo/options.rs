//! What kind of world to make, and the key to it.

/// What kind of world to make.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// How many backups the world has; 0 means the default world of 14 services and about 400 backups.
    pub backups: usize,
    /// The same seed and the same moment give the same world.
    pub seed: u64,
    /// How long each answer to a list takes, in milliseconds.
    pub page_delay_ms: u64,
    /// The only `X-API-Key` that is accepted; a new one for each run by default. It opens nothing else.
    pub key: String,
}

impl Default for DemoOptions {
    fn default() -> Self {
        Self { backups: 0, seed: 7, page_delay_ms: 0, key: random_key() }
    }
}

/// A key that no other program of this computer can guess. The standard library's hashers are keyed by the system's randomness.
fn random_key() -> String {
    use std::hash::{BuildHasher as _, RandomState};
    let random: [u64; 4] = std::array::from_fn(|place| RandomState::new().hash_one(place));
    random.iter().fold("skysql.demo.".to_owned(), |key, part| format!("{key}{part:016x}"))
}
