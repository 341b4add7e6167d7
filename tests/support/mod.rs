//! Shared by the tests.

pub(crate) mod disk;
pub(crate) mod frames;
pub(crate) mod raw_server;
pub(crate) mod story;
