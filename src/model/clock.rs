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
        at.checked_add(self.clock_ahead).unwrap_or(at)
    }

    /// Until when the service wants to be left alone, as its last answers said.
    #[must_use]
    pub fn asked_to_wait_until(&self) -> Option<Timestamp> {
        let errors = [self.backups.remote().error(), self.schedules.remote().error()];
        let asked = errors.into_iter().flatten().filter_map(retry_at).max();
        asked.filter(|at| *at > self.now)
    }

    /// Whole seconds until a pause that the service asked for is over; `None` while there is none.
    #[must_use]
    pub fn pause_secs(&self) -> Option<i64> {
        self.rate_limited_until.map(|until| until.duration_since(self.now).as_secs() + 1)
    }
}

impl Model {
    /// The moment by the clock of the service, as far as it is known.
    pub(super) fn set_now(&mut self, now: Timestamp) {
        self.data.now = now.checked_add(self.data.clock_ahead).unwrap_or(now);
    }

    /// Compares the clock of an answer with this computer's. Where they differ, everything here follows the service: the ages of
    /// its backups and the next runs of its schedules are counted by its clock.
    pub(super) fn compare_clocks(&mut self, record: &RequestRecord) {
        let Some(theirs) = record.server_date.filter(|_| is_fit_to_tell_the_time(record)) else { return };
        let found = theirs.duration_since(record.ended_at);
        let ahead = if found.abs() < USUAL_DIFFERENCE { SignedDuration::ZERO } else { found };
        let was_known = std::mem::replace(&mut self.data.is_clock_known, true);
        let change = ahead - self.data.clock_ahead;
        if change.abs() < USUAL_DIFFERENCE {
            return;
        }
        let data = &mut self.data;
        data.clock_ahead = ahead;
        data.now = data.now.checked_add(change).unwrap_or(data.now);
        if !was_known {
            // What was noted until now was noted by this computer's clock. Later the service's counts, however this one is set.
            let moved = |at: Timestamp| at.checked_add(change).unwrap_or(at);
            let stamps = [&mut data.last_refresh, &mut data.refresh_at, &mut data.rate_limited_until];
            let saving = [&mut data.settings_unsaved_since, &mut data.save_again_at];
            for stamp in stamps.into_iter().chain(saving) {
                *stamp = stamp.map(moved);
            }
            data.backups.move_clock(change);
            data.schedules.move_clock(change);
            data.toasts.move_clock(change);
        }
        if ahead.abs() >= NOTABLE_DIFFERENCE {
            let text = format!("The clock of this computer is {} SkySQL's", difference(ahead));
            let advice = "Times and ages here follow SkySQL's clock. Set this computer's clock".to_owned();
            data.toasts.add(Severity::Warning, text, Some(advice), None, data.now);
        }
    }

    /// The service asked for a pause.
    pub(super) fn paused(&mut self, until: Timestamp) {
        let until = self.data.by_service_clock(until);
        self.data.rate_limited_until =
            self.data.rate_limited_until.max(Some(until)).filter(|until| *until > self.data.now);
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
        self.data.rate_limited_until = None;
        cx.push(Effect::Session(SessionEffect::ClearRateLimit));
        self.refresh(cx);
    }

    /// The computer slept: what was being read comes no more, connections are dead, and a change on its way is looked for.
    pub(super) fn woke(&mut self, cx: &mut StepContext) {
        if !self.data.can_read() {
            return;
        }
        let data = &mut self.data;
        let now = data.now;
        let reads = [data.backups.cancel(now), data.schedules.cancel(now), data.services.cancel(now)];
        let reads: Vec<Ticket> = reads.into_iter().chain([data.single_schedule.cancel(now)]).flatten().collect();
        if data.settings.preferences.auto_refresh_secs > 0 || !reads.is_empty() {
            // Any number serves that differs between computers.
            let spread = i64::from(now.subsec_microsecond()).rem_euclid(AFTER_SLEEP_SPREAD_MS);
            data.refresh_at = now.checked_add(SignedDuration::from_millis(AFTER_SLEEP_MS + spread)).ok();
        }
        reads
            .into_iter()
            .map(Effect::Cancel)
            .chain([Effect::Session(SessionEffect::Reconnect)])
            .for_each(|effect| cx.push(effect));
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
