//! Shared by the tests.

pub(crate) mod frames;
#[cfg(target_os = "linux")]
pub(crate) mod program;
pub(crate) mod raw_server;
#[cfg(target_os = "linux")]
pub(crate) mod secret_forms;
pub(crate) mod story;
