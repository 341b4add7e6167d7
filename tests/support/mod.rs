//! Shared by the tests.

#[cfg(target_os = "linux")]
pub(crate) mod disk;
pub(crate) mod frames;
pub(crate) mod raw_server;
pub(crate) mod story;
