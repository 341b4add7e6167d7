//! The clock of the service, where it differs from that of this computer, and the pause that the service asked for.

use jiff::{SignedDuration, Timestamp};

use super::StepContext;
use crate::api::RequestRecord;

/// Clocks that differ by less count as equal: answers carry whole seconds and take a while to come.
const USUAL_DIFFERENCE: SignedDuration = SignedDuration::from_mins(1);
/// A difference from here on is worth reporting.
const NOTABLE_DIFFERENCE: SignedDuration = SignedDuration::from_mins(5);

/// The clock of the service, and the pause it asked for.
#[derive(Debug, Default)]
pub(super) struct ServiceClock {
    /// How far it is ahead of this computer's, where that is more than clocks usually differ.
    pub(super) ahead: SignedDuration,
    /// It was compared with this computer's.
    is_known: bool,
    /// The service asked for a pause until then, by its clock; calls wait.
    pub(super) rate_limited_until: Option<Timestamp>,
}

impl ServiceClock {
    /// A time by this computer's clock, by the clock of the service.
    pub(super) fn at(&self, computer: Timestamp) -> Timestamp {
        computer.checked_add(self.ahead).unwrap_or(computer)
    }

    /// Compares the clock of a response with this computer's. Returns by how much the difference changed, and whether it became known
    /// just now; `None` where it is as it was.
    pub(super) fn compare(&mut self, record: &RequestRecord) -> Option<(SignedDuration, bool)> {
        let theirs = record.server_date.filter(|_| is_fit_to_tell_the_time(record))?;
        let found = theirs.duration_since(record.ended_at);
        let ahead = if found.abs() < USUAL_DIFFERENCE { SignedDuration::ZERO } else { found };
        let is_first = !std::mem::replace(&mut self.is_known, true);
        let change = ahead - self.ahead;
        if change.abs() < USUAL_DIFFERENCE {
            return None;
        }
        self.ahead = ahead;
        if is_first {
            self.rate_limited_until = self.rate_limited_until.map(|at| at.checked_add(change).unwrap_or(at));
        }
        Some((change, is_first))
    }

    /// The difference as seen from this computer, `3 h behind`, where it is worth reporting.
    pub(super) fn notable_difference(&self) -> Option<String> {
        (self.ahead.abs() >= NOTABLE_DIFFERENCE).then(|| difference(self.ahead))
    }

    /// The service asked for a pause until then, by this computer's clock.
    pub(super) fn rate_limited(&mut self, until: Timestamp, cx: &StepContext) {
        let until = self.rate_limited_until.max(Some(self.at(until)));
        self.rate_limited_until = until.filter(|until| *until > cx.service_now);
    }
}

/// A whole response of the service itself, during which this computer neither slept nor had its clock set.
fn is_fit_to_tell_the_time(record: &RequestRecord) -> bool {
    let by_clock = record.ended_at.duration_since(record.at).as_millis();
    let by_watch = i128::from(record.duration_ms);
    let is_steady = (by_clock - by_watch).abs() < 5_000;
    is_steady
        && record.status.is_some_and(|status| (200..300).contains(&status) && record.outcome == status.to_string())
}

/// `3 h behind`, as seen from this computer.
fn difference(ahead: SignedDuration) -> String {
    let rounded = |secs: i64, unit: i64| (secs + unit / 2) / unit;
    let minutes = rounded(ahead.abs().as_secs(), 60);
    let amount = match minutes {
        0..120 => format!("{minutes} min"),
        120..2880 => format!("{} h", rounded(minutes, 60)),
        _ => format!("{} days", rounded(minutes, 1440)),
    };
    let side = if ahead.is_positive() { "behind" } else { "ahead of" };
    format!("{amount} {side}")
}
