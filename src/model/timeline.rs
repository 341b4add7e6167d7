//! The timeline of the session: laid out while it is on screen, whenever the overview it is made from is another one.

use super::StepContext;
use super::coverage::Coverage;
use crate::insight::{CoverageResult, Timeline, TimelineJob, TimelineSpan};
use crate::msg::{Effect, TableEffect, Ticket};

/// Up to this many backups and services the timeline is laid out at once; above, off the UI thread.
const SYNC_BACKUPS: usize = 1_000;
const SYNC_SERVICES: usize = 20;

/// The overview it is made from, by its number, and how far it reaches.
type TimelineKey = (u64, TimelineSpan);

/// The timeline, and the work on it.
#[derive(Debug, Default)]
pub(super) struct TimelineState {
    shown: Option<(TimelineKey, Timeline)>,
    running: Option<(Ticket, TimelineKey)>,
    /// The work on this broke; the same is not tried again.
    broken: Option<TimelineKey>,
}

impl TimelineState {
    /// The newest timeline; an older one stays until the one that was asked for is there.
    pub(super) fn timeline(&self) -> Option<&Timeline> {
        self.shown.as_ref().map(|(_, timeline)| timeline)
    }

    /// Brings the timeline up to date with the overview. One piece of work at a time.
    pub(super) fn update(&mut self, coverage: &Coverage, span: TimelineSpan, cx: &mut StepContext) {
        let Some((number, result)) = coverage.settled() else { return };
        let key = (number, span);
        let is_current = self.shown.as_ref().is_some_and(|(known, _)| *known == key);
        if is_current || self.running.is_some() || self.broken == Some(key) {
            return;
        }
        let job = TimelineJob::new(result, span, cx.service_now);
        if is_small(result) {
            self.shown = Some((key, job.run()));
            return;
        }
        let ticket = cx.ticket();
        self.running = Some((ticket, key));
        cx.push(Effect::Table(TableEffect::LayOutTimeline(ticket, Box::new(job))));
    }

    /// A timeline came from elsewhere. A late one is ignored.
    pub(super) fn laid_out(&mut self, ticket: Ticket, timeline: Timeline) {
        if let Some((_, key)) = self.running.take_if(|(running, _)| *running == ticket) {
            self.shown = Some((key, timeline));
        }
    }

    /// The work on a timeline broke. The old one stays.
    pub(super) fn fail(&mut self, ticket: Ticket) {
        if let Some((_, key)) = self.running.take_if(|(running, _)| *running == ticket) {
            self.broken = Some(key);
        }
    }
}

fn is_small(result: &CoverageResult) -> bool {
    result.backups.len() <= SYNC_BACKUPS && result.report.services.len() <= SYNC_SERVICES
}
