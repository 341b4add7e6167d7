//! The restores that were started here and have not ended, as far as is known.

use jiff::Timestamp;

use crate::domain::{Restore, RestoreId};

/// One restore that is followed.
#[derive(Debug)]
pub(super) struct FollowedRestore {
    /// As it was last seen.
    pub(super) row: Restore,
    /// When the list was read that was known as it began.
    pub(super) began_with: Option<Timestamp>,
    /// A later list has had it.
    pub(super) was_listed: bool,
}

/// The restores that are followed.
#[derive(Debug, Default)]
pub(super) struct FollowedRestores {
    pub(super) all: Vec<FollowedRestore>,
    /// When the restores are read next, if nothing else reads them before.
    pub(super) next_poll: Option<Timestamp>,
    /// The rows that were last looked through.
    pub(super) looked_at: Option<u64>,
}

impl FollowedRestores {
    pub(super) fn has(&self, id: &RestoreId) -> bool {
        self.all.iter().any(|followed| followed.row.id == *id)
    }

    /// Follows this one no longer.
    pub(super) fn forget(&mut self, id: &RestoreId) {
        self.all.retain(|followed| followed.row.id != *id);
    }
}
