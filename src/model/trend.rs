//! What the backup of the detail pane is compared with.

use super::Data;
use crate::domain::Backup;
use crate::grid::RowSource;
use crate::insight::RunTrend;

/// Of more rows of the history than these only the listed ones are looked at: it is done on a frame, once for each row shown.
const MAX_SCANNED: usize = 100_000;

impl Data {
    /// The good backups of the same service and type before a backup: among all ever seen while these are shown, else among the listed.
    #[must_use]
    pub fn trend(&self, backup: &Backup) -> Option<RunTrend> {
        let rows = self.shown_backups().rows();
        if self.lists().backups_shown == RowSource::AllSeen && rows.len() <= MAX_SCANNED {
            return RunTrend::among(rows, backup);
        }
        let (_, result) = self.coverage()?.settled()?;
        RunTrend::listed(result, backup)
    }

    /// Changes whenever [`Data::trend`] may; `None` while the listed backups are being looked at anew.
    #[must_use]
    pub fn trend_revision(&self) -> Option<u64> {
        let (listed, _) = self.coverage()?.settled()?;
        Some(self.shown_backups().revision().wrapping_mul(1 << 32).wrapping_add(listed))
    }
}
