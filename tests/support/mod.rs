//! Shared by the tests.

pub(crate) mod frames;
pub(crate) mod keyring_session;
pub(crate) mod odd_keyring;
pub(crate) mod raw_server;
pub(crate) mod story;
pub(crate) mod tls;
