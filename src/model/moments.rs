//! Which backups are known of a service: what chains are worked out from.

use super::Data;
use crate::domain::ServiceId;
use crate::grid::RowSource;
use crate::insight::KnownLists;

impl Data {
    /// What is known of the backups of a service.
    #[must_use]
    pub fn known_lists(&self, service: &ServiceId) -> KnownLists {
        let lists = self.lists();
        let listed = &lists.backups;
        let asked = &lists.query;
        let is_whole = asked.status.is_none() && asked.service_id.as_ref().is_none_or(|asked| asked == service);
        // Rows of an earlier run have no time of a whole listing.
        let is_complete = is_whole && listed.whole_at.is_some() && listed.complete_at().is_some();
        let is_history = lists.backups_shown == RowSource::AllSeen;
        KnownLists {
            listed: listed.remote.value().cloned().unwrap_or_default(),
            seen: lists.all_seen.remote.value().filter(|_| is_history).cloned(),
            is_complete,
            listed_at: listed.remote.at,
            now: self.now,
        }
    }
}
