//! A schedule or a restore being written: the form's raw texts, when it runs, and the checked values they become.
//!
//! Owns: the draft of a schedule, its fields and what is wrong in them, the warnings before sending, what creates or changes a
//! schedule, the moment it is of, what starts a restore, and what begins replication from one.
//! May import: `domain`, `cron`, `secrets`, and `serde` derives for what the journal keeps.
//! Must never: read a clock (`now` is an argument).

mod bucket_draft;
mod field;
mod moment;
mod new_schedule;
mod replication;
mod restore;
mod restore_request;
mod schedule_draft;
mod warnings;
mod when;

pub use bucket_draft::{BucketDraft, CredentialsInput};
pub use field::{DraftField, FieldError, FieldFix};
pub use moment::TypedMoment;
pub use new_schedule::{NewSchedule, SchedulePatch};
pub use replication::{Kept, Primary, PrimaryDraft, ReplicationNote, replication_notes};
pub use restore::{
    ChainFacts, Check, CheckLevel, CheckOrigin, CheckTopic, FileDraft, LookupResult, NewestTargetBackup, RestoreDraft,
    RestoreFacts, RestoreInput, SourceFacts, checks, consequences, next_steps,
};
pub use restore_request::{BucketMethod, BucketSource, RestoreRequest, RestoreSource};
pub use schedule_draft::{ScheduleDraft, StorageChoice};
pub use warnings::{TWO_READINGS, warnings};
pub use when::{Cadence, When};
