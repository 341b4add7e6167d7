//! The labels of the axis, on the clock of a zone.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};

use super::TimelineSpan;
use crate::domain::Zone;

/// Hours of the day that the axis of a day names.
const HOURS: [i8; 4] = [0, 6, 12, 18];

/// A mark on the axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AxisTick {
    /// Where.
    pub at: Timestamp,
    /// What it says: a day, or a time of day.
    pub label: String,
    /// A day begins here.
    pub is_day: bool,
    /// The clocks change here, which the label says.
    pub is_change: bool,
}

/// The marks between two instants, in their order: the begins of days, for a day also some hours, and changes of the clocks. Days and
/// hours are those of the zone, so on the day of a change they are closer together or farther apart.
#[must_use]
pub fn axis_ticks(from: Timestamp, until: Timestamp, span: TimelineSpan, zone: &Zone) -> Vec<AxisTick> {
    let is_shown = |at: &Timestamp| from <= *at && *at < until;
    let mut ticks: Vec<AxisTick> = Vec::new();
    for (date, start) in zone.days(from, until) {
        let day = AxisTick { at: start, label: date.strftime("%a %-d %b").to_string(), is_day: true, is_change: false };
        ticks.push(day);
        if span == TimelineSpan::Day {
            ticks.extend(hours(date, zone).filter(|tick| tick.at > start));
        }
    }
    // A change at the first instant is one that happened before it.
    let before = from.checked_sub(SignedDuration::from_secs(1)).unwrap_or(from);
    for change in zone.clock_changes(before).take_while(|change| change.at < until) {
        let label = format!("Clocks {}", change.words());
        ticks.push(AxisTick { at: change.at, label, is_day: false, is_change: true });
    }
    ticks.retain(|tick| is_shown(&tick.at));
    // A day that a zone left out begins where the next does.
    ticks.sort_by_key(|tick| (tick.at, !tick.is_day));
    ticks.dedup_by(|later, earlier| later.at == earlier.at && later.is_day == earlier.is_day && !later.is_change);
    ticks
}

/// The hours of a day that are named; one that the clocks skip is left out, one that comes twice is the first.
fn hours(date: Date, zone: &Zone) -> impl Iterator<Item = AxisTick> {
    HOURS.into_iter().filter_map(move |hour| {
        let civil = date.to_datetime(Time::new(hour, 0, 0, 0).ok()?);
        let at = zone.time_zone().to_timestamp(civil).ok()?;
        let is_there = zone.time_zone().to_datetime(at) == civil;
        is_there.then(|| AxisTick { at, label: zone.minute(at), is_day: false, is_change: false })
    })
}
