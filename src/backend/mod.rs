//! The runtime: runs an effect as a future and hands the event back as a promise.
