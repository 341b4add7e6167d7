//! The local record of every backup, schedule, restore and change ever seen, beyond the week that the service keeps them.
//!
//! Owns: one SQLite file for each profile and origin in the folder `ledger`; its schema and its migrations.
//! May import: `domain`, and `files` for private folders.
//! Must never: hold a key, the credentials of a bucket or unknown fields of a response; know the API, the model or the window. It
//! is read as untrusted input, and no change is ever sent because of what it says.
//!
//! | file | what it is |
//! | --- | --- |
//! | `file` | the file: its name, its rights, opening, quarantine, export, deletion |
//! | `schema` | the tables, and how files of older versions come to have them |
//! | `record` | how backups, schedules and restores are rows |
//! | `write`, `read` | what is written, and what is read |
//! | `recognition` | whether a key lists the account that the ledger is about |
//! | `runs` | what a calendar needs of each backup |
//! | `change` | the changes that were sent from here |
//! | `error` | why it fails |

mod change;
mod error;
mod file;
#[cfg(test)]
mod file_tests;
mod read;
mod recognition;
mod record;
mod runs;
mod schema;
#[cfg(test)]
mod tests;
mod write;

pub use error::LedgerError;
pub use file::{Ledger, LedgerFile, OpenedLedger};
pub use recognition::{Judgement, Recognition};
pub use record::LedgerRow;
pub use runs::SeenRun;
