//! The export of a session.

use crate::export::{ExportJob, Standing};
use crate::msg::Ticket;

/// An export under way.
#[derive(Debug)]
pub struct RunningExport {
    /// Its ticket.
    pub ticket: Ticket,
    pub(super) job: Box<ExportJob>,
    pub(super) phase: ExportPhase,
    /// Rows written so far.
    pub written: usize,
    /// Rows to write.
    pub total: usize,
}

/// The export of a session.
#[derive(Debug, Default)]
pub(super) struct Exports {
    /// The one under way.
    pub(super) running: Option<RunningExport>,
    /// Why the last one failed, for its dialog: sentence and advice.
    pub(super) error: Option<(String, String)>,
}

/// How far an export is.
#[derive(Debug, PartialEq)]
pub(super) enum ExportPhase {
    /// The native dialog is open.
    Picking,
    /// The file is being written.
    Writing,
    /// Files are in the way; the user is asked about each. Nothing was written.
    Asking(Vec<Standing>),
}

impl RunningExport {
    /// The native dialog is open; nothing is written yet.
    #[must_use]
    pub fn is_waiting_for_path(&self) -> bool {
        self.phase == ExportPhase::Picking
    }

    /// The files that the export would replace and waits for a word about; empty while there is nothing to ask.
    #[must_use]
    pub fn asks_to_replace(&self) -> &[Standing] {
        match &self.phase {
            ExportPhase::Asking(standing) => standing,
            ExportPhase::Picking | ExportPhase::Writing => &[],
        }
    }
}
