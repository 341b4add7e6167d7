//! Shared by the tests.

pub(crate) mod frames;
pub(crate) mod program;
pub(crate) mod raw_server;
pub(crate) mod secret_forms;
pub(crate) mod story;
