//! Profiles, preferences, paths, and the keyring that holds the API keys.
