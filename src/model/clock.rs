//! Time that does not go its usual way: a service that asks to wait, a computer that slept, a clock that is wrong.

use jiff::{SignedDuration, Timestamp};

use super::{Data, Dialog, Model, Severity, StepContext, Workspace};
use crate::api::RequestRecord;
use crate::msg::{Effect, SessionEffect};

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

    /// The service asked for a pause until then, by this computer's clock.
    pub(super) fn rate_limited(&mut self, until: Timestamp, cx: &StepContext) {
        let until = self.rate_limited_until.max(Some(self.at(until)));
        self.rate_limited_until = until.filter(|until| *until > cx.service_now);
    }
}

impl Data {
    /// Until when the service wants to be left alone, as its last answers said.
    #[must_use]
    pub fn asked_to_wait_until(&self) -> Option<Timestamp> {
        self.lists().retry_at().filter(|at| *at > self.now)
    }

    /// Whole seconds until a pause that the service asked for is over; `None` while there is none.
    #[must_use]
    pub fn pause_secs(&self) -> Option<i64> {
        self.rate_limited_until().map(|until| until.duration_since(self.now).as_secs() + 1)
    }
}

impl Workspace {
    /// Compares the clock of an answer with this computer's. Where they differ, everything here follows the service: the ages of
    /// its backups and the next runs of its schedules are counted by its clock.
    pub(super) fn compare_clocks(&mut self, record: &RequestRecord, cx: &mut StepContext) {
        let Some(theirs) = record.server_date.filter(|_| is_fit_to_tell_the_time(record)) else { return };
        let found = theirs.duration_since(record.ended_at);
        let ahead = if found.abs() < USUAL_DIFFERENCE { SignedDuration::ZERO } else { found };
        let was_known = std::mem::replace(&mut self.clock.is_known, true);
        let change = ahead - self.clock.ahead;
        if change.abs() < USUAL_DIFFERENCE {
            return;
        }
        self.clock.ahead = ahead;
        cx.service_now = self.clock.at(cx.now);
        if !was_known {
            // What was noted until now was noted by this computer's clock. Later the service's counts, however this one is set.
            self.timer.move_clock(change);
            let until = self.clock.rate_limited_until;
            self.clock.rate_limited_until = until.map(|at| at.checked_add(change).unwrap_or(at));
            self.lists.move_clock(change);
        }
        if ahead.abs() >= NOTABLE_DIFFERENCE {
            let text = format!("The clock of this computer is {} SkySQL's", difference(ahead));
            let advice = "Times and ages here follow SkySQL's clock. Set this computer's clock".to_owned();
            cx.notify_with(Severity::Warning, text, Some(advice), None);
        }
    }

    /// The computer slept: what was being read comes no more, connections are dead, and the outcome of a change on its way is looked
    /// up.
    pub(super) fn system_resumed(&mut self, is_refreshed: bool, cx: &mut StepContext) {
        if !self.can_read() {
            return;
        }
        if self.lists.cancel_all(cx) || is_refreshed {
            self.timer.wake_up(cx.service_now);
        }
        cx.push(Effect::Session(SessionEffect::Reconnect));
        self.changes.cancel(cx);
    }
}

impl Model {
    /// The time of a step, by the clock of the service as far as it is known.
    pub(super) fn set_now(&mut self, cx: &mut StepContext) {
        self.data.local_now = cx.now;
        cx.service_now = self.data.session.open().map_or(cx.now, |open| open.clock.at(cx.now));
        self.data.now = cx.service_now;
    }

    /// A refresh that the user asks for: while the service wants to be left alone, they are asked once.
    pub(super) fn refresh_asked(&mut self, cx: &mut StepContext) {
        if self.data.can_read() && self.data.asked_to_wait_until().is_some() {
            self.view.open(Dialog::AskedToWait);
            return;
        }
        self.refresh(cx);
    }

    pub(super) fn refresh_anyway(&mut self, cx: &mut StepContext) {
        self.view.dialog.take_if(|dialog| *dialog == Dialog::AskedToWait);
        if let Some(open) = self.data.session.open_mut() {
            open.clock.rate_limited_until = None;
        }
        cx.push(Effect::Session(SessionEffect::ClearRateLimit));
        self.refresh(cx);
    }
}

/// A whole answer of the service itself, during which this computer neither slept nor had its clock set.
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
