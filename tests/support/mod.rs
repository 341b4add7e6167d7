//! Shared by the tests.

pub(crate) mod raw_server;
