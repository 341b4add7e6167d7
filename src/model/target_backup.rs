//! A backup of the target of a restore, made before it: requested once, and waited for in the list.
//!
//! ```text
//!   Requesting --- created ---> Waiting --- a new backup of the service ended ---> Succeeded or Failed
//!       |                          |
//!       +--- refused, given up ----+--- "Stop waiting": forgotten; the backup goes on
//! ```

use jiff::Timestamp;

use crate::domain::{Backup, ServiceId, Text};
use crate::journal::ChangeId;

/// How far the backup of the target is.
#[derive(Clone, Debug, PartialEq)]
pub enum TargetBackupState {
    /// The request is on its way.
    Requesting,
    /// SkySQL took the request; the backup, as soon as it is listed.
    Waiting(Option<Box<Backup>>),
    /// It succeeded.
    Succeeded(Box<Backup>),
    /// It did not.
    Failed(Box<Backup>),
}

/// A backup of the target, made before a restore.
#[derive(Debug)]
pub struct TargetBackup {
    /// The service.
    pub service: ServiceId,
    /// How far it is.
    pub state: TargetBackupState,
    /// When it was requested.
    pub requested_at: Timestamp,
    /// The change that requests it.
    pub(super) change: ChangeId,
    /// The backups of the service before.
    pub(super) before: Vec<Text>,
    pub(super) next_poll: Timestamp,
    /// The rows that were last looked through.
    pub(super) looked_at: Option<u64>,
}

impl TargetBackup {
    /// It is not over yet.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        matches!(self.state, TargetBackupState::Requesting | TargetBackupState::Waiting(_))
    }
}
