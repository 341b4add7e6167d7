//! Time that does not go its usual way: a service that asks to wait, a computer that slept, a clock that is wrong.

use jiff::{SignedDuration, Timestamp};

use super::{Data, Dialog, Model, Severity, StepContext};
use crate::api::{ApiError, ErrorKind, RequestRecord};
use crate::msg::{Effect, SessionEffect, Ticket};

/// Clocks that differ by less count as equal: answers say whole seconds and take a while to come.
const USUAL_DIFFERENCE: SignedDuration = SignedDuration::from_mins(1);
/// A difference from here on is worth reporting.
const NOTABLE_DIFFERENCE: SignedDuration = SignedDuration::from_mins(5);
/// After a sleep the lists are read again so soon, in milliseconds, and up to as much later, so that not every computer of a
/// company asks in the same second.
const AFTER_SLEEP_MS: i64 = 2_000;
const AFTER_SLEEP_SPREAD_MS: i64 = 3_000;

impl Data {
    /// A moment by this computer's clock, by the clock of the service.
    fn by_service_clock(&self, at: Timestamp) -> Timestamp {
        at.checked_add(self.clock_ahead()).unwrap_or(at)
    }

    /// Until when the service wants to be left alone, as its last answers said.
    #[must_use]
    pub fn asked_to_wait_until(&self) -> Option<Timestamp> {
        let errors = [self.backups().remote().error(), self.schedules().remote().error()];
        let asked = errors.into_iter().flatten().filter_map(retry_at).max();
        asked.filter(|at| *at > self.now)
    }

    /// Whole seconds until a pause that the service asked for is over; `None` while there is none.
    #[must_use]
    pub fn pause_secs(&self) -> Option<i64> {
        self.rate_limited_until().map(|until| until.duration_since(self.now).as_secs() + 1)
    }
}

impl Model {
    /// The moment by the clock of the service, as far as it is known.
    pub(super) fn set_now(&mut self, now: Timestamp) {
        self.data.local_now = now;
        self.data.now = self.data.by_service_clock(now);
    }

    /// Compares the clock of an answer with this computer's. Where they differ, everything here follows the service: the ages of
    /// its backups and the next runs of its schedules are counted by its clock.
    pub(super) fn compare_clocks(&mut self, session: Ticket, record: &RequestRecord) {
        let Some(theirs) = record.server_date.filter(|_| is_fit_to_tell_the_time(record)) else { return };
        let Some(open) = self.data.session.open_mut().filter(|open| open.ticket == session) else { return };
        let found = theirs.duration_since(record.ended_at);
        let ahead = if found.abs() < USUAL_DIFFERENCE { SignedDuration::ZERO } else { found };
        let was_known = std::mem::replace(&mut open.clock.is_known, true);
        let change = ahead - open.clock.ahead;
        if change.abs() < USUAL_DIFFERENCE {
            return;
        }
        open.clock.ahead = ahead;
        if !was_known {
            // What was recorded until now was recorded by this computer's clock. Later the service's counts, however this one is set.
            let moved = |at: Timestamp| at.checked_add(change).unwrap_or(at);
            let refresh = &mut open.refresh;
            for stamp in [&mut refresh.last, &mut refresh.due_at, &mut refresh.rate_limited_until] {
                *stamp = stamp.map(moved);
            }
            open.lists.backups.move_clock(change);
            open.lists.schedules.move_clock(change);
        }
        self.set_now(self.data.local_now);
        if ahead.abs() >= NOTABLE_DIFFERENCE {
            let text = format!("The clock of this computer is {} SkySQL's", difference(ahead));
            let advice = "Times and ages here follow SkySQL's clock. Set this computer's clock".to_owned();
            self.data.toasts.add(Severity::Warning, text, Some(advice), None, self.data.local_now);
        }
    }

    /// The service asked for a pause.
    pub(super) fn rate_limited(&mut self, session: Ticket, until: Timestamp) {
        let until = self.data.by_service_clock(until);
        let Some(open) = self.data.session.open_mut().filter(|open| open.ticket == session) else { return };
        let limited = &mut open.refresh.rate_limited_until;
        *limited = (*limited).max(Some(until)).filter(|until| *until > self.data.now);
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
            open.refresh.rate_limited_until = None;
        }
        cx.push(Effect::Session(SessionEffect::ClearRateLimit));
        self.refresh(cx);
    }

    /// The computer slept: what was being read comes no more, connections are dead, and a change on its way is looked for.
    pub(super) fn woke(&mut self, cx: &mut StepContext) {
        let now = self.data.now;
        let is_automatic = self.data.settings.preferences.auto_refresh_secs > 0;
        let Some(open) = self.data.session.open_mut().filter(|open| open.refused.is_none()) else { return };
        let reads = open.lists.cancel(now);
        if is_automatic || !reads.is_empty() {
            // Any number serves that differs between computers.
            let spread = i64::from(now.subsec_microsecond()).rem_euclid(AFTER_SLEEP_SPREAD_MS);
            open.refresh.due_at = now.checked_add(SignedDuration::from_millis(AFTER_SLEEP_MS + spread)).ok();
        }
        reads.into_iter().for_each(|ticket| cx.push(Effect::Cancel(ticket)));
        cx.push(Effect::Session(SessionEffect::Reconnect));
        self.cancel_change(cx);
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

/// By the clock of the service.
fn retry_at(error: &ApiError) -> Option<Timestamp> {
    if let ErrorKind::TooManyRequests { retry_at } | ErrorKind::Server { retry_at } = error.kind {
        return retry_at;
    }
    None
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
