//! The modules of the application that the fuzz targets call, from the very same files, and what must hold of them.
#![allow(dead_code, reason = "a target calls only a part of a module")]

extern crate self as skybackup;

#[path = "api.rs"]
pub mod api;
#[path = "../../../src/cron/mod.rs"]
pub mod cron;
#[path = "../../../src/domain/mod.rs"]
pub mod domain;
#[path = "../../../src/export/mod.rs"]
pub mod export;
#[path = "../../../src/files.rs"]
pub mod files;
#[path = "../../../src/grid/mod.rs"]
pub mod grid;
#[path = "../../../src/rows/mod.rs"]
pub mod rows;
#[path = "../properties/mod.rs"]
pub mod properties;
#[path = "../../../src/secrets/mod.rs"]
pub mod secrets;
