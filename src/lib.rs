//! SkyBackup: a desktop application for the backups of MariaDB SkySQL databases.
//!
//! The map of the crate, from the facts outwards:
//!
//! | module | what it is |
//! | --- | --- |
//! | [`domain`] | facts: ids, backups, schedules, services, times |
//! | [`cron`] | cron expressions: parse, describe, next runs, plans |
//! | [`secrets`] | API keys and bucket credentials |
//! | [`draft`] | a schedule being written, and what it becomes |
//! | [`rows`] | the rows of a list, kept in columns |
//! | [`grid`] | a table without drawing it: columns, index, selection |
//! | [`insight`] | conclusions: coverage, findings, expected runs |
//! | [`api`] | SkySQL over HTTP, usable without the window |
//! | [`export`] | CSV files and clipboard texts |
//! | [`files`] | files written whole or not at all, private folders |
//! | [`settings`] | profiles, preferences, paths, the keyring |
//! | [`journal`] | changes whose outcome is open, on the disk until it is known |
//! | [`ledger`] | the local record of everything ever seen |
//! | [`notify`] | notifications of the desktop, and clicks on them |
//! | [`msg`] | commands, effects, events |
//! | [`model`] | the whole state and its pure transitions |
//! | [`backend`] | the runtime that carries out effects |
//! | [`demo`] | a SkySQL look-alike on loopback |
//! | [`theme`], [`widgets`], [`ui`] | the look, the pieces, the screens |
//! | [`app`], [`start`] | the glue and the way to a window |
//!
//! One loop: views push commands, the model turns commands and events into effects, the backend turns effects into events.

pub mod api;
pub mod app;
pub mod backend;
pub mod cron;
pub mod demo;
pub mod domain;
pub mod draft;
pub mod export;
pub mod files;
pub mod grid;
pub mod insight;
pub mod journal;
pub mod ledger;
pub mod model;
pub mod msg;
pub mod notify;
pub mod rows;
pub mod secrets;
pub mod settings;
pub mod start;
pub mod theme;
pub mod ui;
pub mod widgets;
