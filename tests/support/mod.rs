//! Shared by the tests.

pub mod raw_server;
