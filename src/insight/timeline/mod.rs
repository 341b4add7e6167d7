//! The timeline: what is planned to run next, and what has run, one lane for each service on one axis.
//!
//! It is laid out in instants; only the labels of the axis know a zone.

mod axis;
mod bars;
mod overlaps;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

pub use axis::{AxisTick, axis_ticks};
pub use bars::{BarState, TimelineBar};
pub use overlaps::Overlap;

use super::history::BackupHistory;
use super::planned::PlannedSchedules;
use super::report::{CoverageReport, ServiceCoverage};
use super::{CoverageResult, Evidence};
use crate::domain::{Backup, ServiceId, Text};
use crate::rows::Rows;

/// How far the timeline reaches to either side of the present.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TimelineSpan {
    /// 24 hours.
    #[default]
    Day,
    /// 7 days.
    Week,
}

impl TimelineSpan {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Day, Self::Week];

    /// The length of one side.
    #[must_use]
    pub fn length(self) -> SignedDuration {
        match self {
            Self::Day => SignedDuration::from_hours(24),
            Self::Week => SignedDuration::from_hours(7 * 24),
        }
    }

    /// `24 hours`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "24 hours",
            Self::Week => "7 days",
        }
    }
}

/// The runs of one service.
#[derive(Clone, Debug)]
pub struct TimelineLane {
    /// The service.
    pub service: ServiceId,
    /// Its name, where one is known.
    pub name: Option<Text>,
    /// It is not in the list of services any more, so nothing is planned for it.
    pub is_gone: bool,
    /// Its recurring schedules that are suspended.
    pub suspended: usize,
    /// Its active schedules whose text does not tell when they run.
    pub unknown: usize,
    /// Its runs, by their begins.
    pub bars: Vec<TimelineBar>,
    /// Its planned runs that are expected to run at the same time.
    pub overlaps: Vec<Overlap>,
}

impl TimelineLane {
    /// The number of planned runs.
    #[must_use]
    pub fn planned(&self) -> usize {
        self.bars.iter().filter(|bar| bar.is_planned()).map(|bar| bar.count).sum()
    }
}

/// The timeline of all services.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// The present, which is its middle.
    pub now: Timestamp,
    /// How far it reaches.
    pub span: TimelineSpan,
    /// By name; services that have nothing to show are last.
    pub lanes: Arc<[Arc<TimelineLane>]>,
    /// All bars by their begins: the numbers of the lane and of the bar in it.
    pub order: Arc<[(usize, usize)]>,
}

impl Timeline {
    /// The first and the last instant.
    #[must_use]
    pub fn range(&self) -> (Timestamp, Timestamp) {
        let length = self.span.length();
        (self.now.checked_sub(length).unwrap_or(Timestamp::MIN), self.now.checked_add(length).unwrap_or(Timestamp::MAX))
    }

    /// All overlaps, each with its lane.
    pub fn overlaps(&self) -> impl Iterator<Item = (&TimelineLane, &Overlap)> {
        self.lanes.iter().flat_map(|lane| lane.overlaps.iter().map(|overlap| (&**lane, overlap)))
    }

    /// A bar of [`Self::order`], with its lane.
    #[must_use]
    pub fn bar(&self, number: usize) -> Option<(&TimelineLane, &TimelineBar)> {
        let (lane, bar) = *self.order.get(number)?;
        let lane = self.lanes.get(lane)?;
        Some((lane, lane.bars.get(bar)?))
    }

    /// The number of planned runs.
    #[must_use]
    pub fn planned(&self) -> usize {
        self.lanes.iter().map(|lane| lane.planned()).sum()
    }
}

/// Everything a timeline is made from, frozen.
#[derive(Clone, Debug)]
pub struct TimelineJob {
    backups: Rows<Backup>,
    history: Arc<BackupHistory>,
    planned: Arc<PlannedSchedules>,
    report: CoverageReport,
    span: TimelineSpan,
    now: Timestamp,
}

impl TimelineJob {
    /// Shows what a report was made from.
    #[must_use]
    pub fn new(result: &CoverageResult, span: TimelineSpan, now: Timestamp) -> Self {
        Self {
            backups: result.backups.clone(),
            history: Arc::clone(&result.history),
            planned: Arc::clone(&result.planned),
            report: result.report.clone(),
            span,
            now,
        }
    }

    /// Does the work. It takes time that grows with the services, and for each of them with its runs in the span.
    #[must_use]
    pub fn run(self) -> Timeline {
        let mut lanes: Vec<Arc<TimelineLane>> =
            self.report.services.iter().map(|service| Arc::new(self.lane(service))).collect();
        lanes.sort_by_cached_key(|lane| {
            let name = lane.name.as_deref().unwrap_or(lane.service.as_str()).to_lowercase();
            (lane.bars.is_empty(), name, lane.service.clone())
        });
        let bars = |(number, lane): (usize, &Arc<TimelineLane>)| {
            lane.bars.iter().enumerate().map(|(bar, it)| (it.from, (number, bar))).collect::<Vec<_>>()
        };
        let mut order: Vec<(Timestamp, (usize, usize))> = lanes.iter().enumerate().flat_map(bars).collect();
        order.sort_unstable();
        let order = order.into_iter().map(|(_, place)| place).collect();
        Timeline { now: self.now, span: self.span, lanes: lanes.into(), order }
    }

    fn lane(&self, service: &ServiceCoverage) -> TimelineLane {
        let plans = self.planned.of(service.id.as_str());
        let expected = plans.iter().filter(|plan| plan.is_active() && !service.is_gone);
        let (mut bars, overlaps) = bars::planned_bars(self, expected.clone(), service);
        bars.extend(bars::past_bars(self, service));
        bars.sort_by_key(|bar| (bar.from, bar.lane));
        TimelineLane {
            service: service.id.clone(),
            name: service.name.clone(),
            is_gone: service.is_gone,
            suspended: plans.iter().filter(|plan| plan.is_suspended && !plan.is_once).count(),
            unknown: expected.filter(|plan| plan.longest_gap.is_none()).count(),
            bars,
            overlaps,
        }
    }
}

/// Nothing more is known of the rows behind a bar than their service and type.
fn no_single_row() -> Evidence {
    Evidence::Backups(Vec::new())
}
