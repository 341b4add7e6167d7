//! A restore being written: its raw texts, what speaks against it, and what it does.

mod checks;
mod consequences;
mod facts;
mod restore_draft;

pub use checks::{Check, CheckLevel, CheckOrigin, CheckTopic, checks};
pub use consequences::{consequences, next_steps};
pub use facts::{ChainFacts, LookupResult, NewestTargetBackup, RestoreFacts, SourceFacts};
pub use restore_draft::{FileDraft, RestoreDraft, RestoreInput};
