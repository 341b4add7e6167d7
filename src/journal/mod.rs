//! The changes whose outcome is not known yet, on the disk until it is: so that a lost response, a crash or a closed window
//! never leaves a change that nobody looks for.
//!
//! Owns: the folder `changes` of the state folder. Every running program has one file there and holds a lock beside it; what a
//! program left behind that no longer runs is taken over by the next.
//! May import: `domain`, what `draft` sends, and `files`.
//! Must never: hold a key, the credentials of a bucket or its path; know the API, the model or the window.

mod entry;
mod file;

pub use entry::{ChangeId, ChangeMark, OpenChange, SentChange};
pub use file::{Journal, JournalError};
