//! When the lists are read again without being asked for.

use jiff::{SignedDuration, Timestamp};

use super::lists::Lists;

/// While a backup or restore runs, the lists are read again this often, if automatic refresh is on.
const BUSY_SECS: u32 = 30;
/// After a sleep the lists are read again so soon, in milliseconds, and up to as much later, so that not every computer of a
/// company asks in the same second.
const AFTER_SLEEP_MS: i64 = 2_000;
const AFTER_SLEEP_SPREAD_MS: i64 = 3_000;

/// The timer of the automatic refresh. All times are by the clock of the service.
#[derive(Debug, Default)]
pub(super) struct RefreshTimer {
    /// Tries since the service could last be reached.
    failed: u32,
    /// When the last refresh began, or the last listing ended.
    last: Option<Timestamp>,
    /// A refresh that is due at this time, whatever the interval.
    once_at: Option<Timestamp>,
}

impl RefreshTimer {
    /// A refresh begins.
    pub(super) fn begin(&mut self, is_offline: bool, now: Timestamp) {
        self.failed = if is_offline { self.failed.saturating_add(1) } else { 0 };
        self.last = Some(now);
        self.once_at = None;
    }

    /// A listing ended or was stopped. The pause until the next refresh counts from here, so that a listing which takes longer than
    /// the pause is not followed by the next at once.
    pub(super) fn listing_ended(&mut self, now: Timestamp) {
        self.last = Some(now);
    }

    /// One refresh soon, after a sleep.
    pub(super) fn wake_up(&mut self, now: Timestamp) {
        // Any number serves that differs between computers.
        let spread = i64::from(now.subsec_microsecond()).rem_euclid(AFTER_SLEEP_SPREAD_MS);
        self.once_at = now.checked_add(SignedDuration::from_millis(AFTER_SLEEP_MS + spread)).ok();
    }

    /// A clock that was set back must not put off the next refresh.
    pub(super) fn limit_to(&mut self, now: Timestamp) {
        self.last = self.last.map(|at| at.min(now));
    }

    /// The clock of the service became known: the same time has another name now.
    pub(super) fn move_clock(&mut self, change: SignedDuration) {
        for stamp in [&mut self.last, &mut self.once_at] {
            *stamp = stamp.map(|at| at.checked_add(change).unwrap_or(at));
        }
    }

    /// When the next refresh is due; an interval of 0 seconds is none.
    pub(super) fn due(&self, every_secs: u32, lists: &Lists) -> Option<Timestamp> {
        if every_secs == 0 {
            return self.once_at;
        }
        let last = self.last?;
        let secs = if lists.is_offline() {
            i64::from(5_u32 << self.failed.min(4)).min(60)
        } else if lists.backups.index.summary.running > 0 || lists.restores.index.summary.running > 0 {
            i64::from(every_secs.min(BUSY_SECS))
        } else {
            i64::from(every_secs)
        };
        // Up to a tenth later, so that computers that went offline together do not ask together.
        let spread_ms = secs * 100 * i64::from(self.failed.min(1)) * i64::from(last.subsec_millisecond()) / 1000;
        let due = last.checked_add(SignedDuration::from_millis(secs * 1000 + spread_ms)).ok()?;
        let due = self.once_at.map_or(due, |at| at.min(due));
        // Never earlier than the service asked for.
        Some(lists.retry_at().map_or(due, |until| until.max(due)))
    }
}
