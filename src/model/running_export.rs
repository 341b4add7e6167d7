//! The export of a session.

use std::path::PathBuf;

use super::StepContext;
use crate::export::{EvidenceJob, ExportError, ExportJob, Standing};
use crate::msg::{Effect, FileEffect, Ticket};

/// An export under way.
#[derive(Debug)]
pub struct RunningExport {
    /// Its ticket.
    pub ticket: Ticket,
    pub(super) wanted: Wanted,
    pub(super) phase: ExportPhase,
    /// Rows written so far.
    pub written: usize,
    /// Rows to write; 0 where that is not known before.
    pub total: usize,
}

/// What is written.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    /// A table.
    Table(Box<ExportJob>),
    /// An evidence pack.
    Evidence(Box<EvidenceJob>),
}

impl Wanted {
    /// The file to write, and those that may be replaced.
    fn target(&mut self) -> (&mut PathBuf, &mut Vec<Standing>) {
        match self {
            Self::Table(job) => (&mut job.path, &mut job.replace),
            Self::Evidence(job) => (&mut job.path, &mut job.replace),
        }
    }

    fn effect(&self, ticket: Ticket) -> Effect {
        Effect::File(match self {
            Self::Table(job) => FileEffect::Export(ticket, job.clone()),
            Self::Evidence(job) => FileEffect::ExportEvidence(ticket, job.clone()),
        })
    }
}

/// The export of a session.
#[derive(Debug, Default)]
pub(super) struct Exports {
    /// The one under way.
    pub(super) running: Option<RunningExport>,
    /// Why the last one failed, for its dialog: sentence and advice.
    pub(super) error: Option<(String, String)>,
}

impl Exports {
    /// An export begins; its path is asked for.
    pub(super) fn begin(&mut self, ticket: Ticket, wanted: Wanted) {
        let total = match &wanted {
            Wanted::Table(job) => job.table.count(job.options.rows),
            // Only the local record knows.
            Wanted::Evidence(_) => 0,
        };
        let running = RunningExport { ticket, wanted, phase: ExportPhase::Picking, written: 0, total };
        *self = Self { running: Some(running), error: None };
    }

    /// The path is known: the file is written.
    pub(super) fn write_to(&mut self, path: PathBuf, cx: &mut StepContext) {
        let Some(export) = &mut self.running else { return };
        export.phase = ExportPhase::Writing;
        *export.wanted.target().0 = path;
        cx.push(export.wanted.effect(export.ticket));
    }

    /// The user agreed to replace what was asked about: the same export once more. What has appeared or changed meanwhile is asked
    /// about in its turn.
    pub(super) fn replace_files(&mut self, cx: &mut StepContext) {
        let ticket = cx.ticket();
        let Some(export) = &mut self.running else { return };
        let ExportPhase::Asking(standing) = std::mem::replace(&mut export.phase, ExportPhase::Writing) else { return };
        let (_, replace) = export.wanted.target();
        replace.retain(|allowed| !standing.iter().any(|it| it.path == allowed.path));
        replace.extend(standing);
        export.ticket = ticket;
        cx.push(export.wanted.effect(ticket));
    }

    /// Files are in the way: the user is asked about each.
    pub(super) fn ask_about(&mut self, export: RunningExport, standing: Vec<Standing>) {
        let running = Some(RunningExport { phase: ExportPhase::Asking(standing), ..export });
        *self = Self { running, error: None };
    }

    /// Stops the export and returns it. Once it is being written, only its own end tells whether a file is there, so that is waited
    /// for.
    pub(super) fn cancel(&mut self, cx: &mut StepContext) -> Option<RunningExport> {
        cx.push(Effect::Cancel(self.running.as_ref()?.ticket));
        self.running.take_if(|export| export.phase != ExportPhase::Writing)
    }

    pub(super) fn progress(&mut self, ticket: Ticket, rows: usize) {
        if let Some(export) = self.running.as_mut().filter(|export| export.ticket == ticket) {
            export.written = rows;
        }
    }

    /// The export with this ticket, which is over.
    pub(super) fn take(&mut self, ticket: Ticket) -> Option<RunningExport> {
        self.running.take_if(|export| export.ticket == ticket)
    }

    pub(super) fn failed(&mut self, error: &ExportError) {
        self.error = Some((error.to_string(), error.advice().to_owned()));
    }
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
