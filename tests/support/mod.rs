//! Shared by the tests.
#![cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, reason = "the fault matrix and the rules for secrets run on Linux")
)]

pub(crate) mod acts;
pub(crate) mod demo;
#[cfg(target_os = "linux")]
pub(crate) mod disk;
pub(crate) mod fake_secrets;
pub(crate) mod frames;
#[cfg(target_os = "linux")]
pub(crate) mod http2;
pub(crate) mod keyring_session;
pub(crate) mod odd_keyring;
pub(crate) mod portal;
#[cfg(target_os = "linux")]
pub(crate) mod program;
pub(crate) mod raw_server;
pub(crate) mod restoring;
pub(crate) mod stepped;
pub(crate) mod story;
pub(crate) mod tls;
#[cfg(target_os = "linux")]
pub(crate) mod traces;
