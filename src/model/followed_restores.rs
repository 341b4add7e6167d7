//! The restores that were started here and have not ended, as far as is known.

use jiff::Timestamp;

use crate::domain::RestoreId;

/// The restores that are followed.
#[derive(Debug, Default)]
pub(super) struct FollowedRestores {
    pub(super) ids: Vec<RestoreId>,
    /// When the restores are read next, if nothing else reads them before.
    pub(super) next_poll: Option<Timestamp>,
    /// The rows that were last looked through.
    pub(super) looked_at: Option<u64>,
}
