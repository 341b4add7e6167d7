//! Whether a failed attempt is made again, and when: one pure function and its numbers.
//!
//! A read may be repeated after anything that can pass. A change is repeated when it provably never left; one that sets absolute
//! values or removes also when it was not accepted (429), or after a reading has shown that it did not happen.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use jiff::{SignedDuration, Timestamp};

use super::error::ErrorKind;
use super::record::{Idempotency, Operation};

/// No wait is ever computed beyond this, whatever a header says.
const LONGEST_ASKED: Duration = Duration::from_hours(24);

/// Tells what time it is.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// All limits of the client. Tests shorten them; the app takes the default.
#[derive(Clone)]
#[doc(hidden)]
pub struct ClientLimits {
    /// For a connection, name look-up and TLS included.
    pub connect: Duration,
    /// For one attempt, body included.
    pub attempt: Duration,
    /// First ceiling of the backoff; doubles with each attempt.
    pub backoff_first: Duration,
    /// Last ceiling of the backoff.
    pub backoff_cap: Duration,
    /// The longest wait a server may ask for; beyond it the operation fails at once and names the time.
    pub longest_wait: Duration,
    /// After this, one request is not tried again.
    pub request: Duration,
    /// After this, a walk over pages stops with what it has.
    pub walk: Duration,
    /// Most pages of one walk.
    pub most_pages: u32,
    /// Most rows of one walk.
    pub most_rows: usize,
    /// Pages of one list in flight at once, at most.
    pub pages_at_once: u32,
    /// Most bytes of all responses of one walk, after unpacking.
    pub most_bytes: u64,
    /// By which waits are measured.
    pub clock: Clock,
}

impl Default for ClientLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            attempt: Duration::from_secs(30),
            backoff_first: Duration::from_millis(500),
            backoff_cap: Duration::from_secs(8),
            longest_wait: Duration::from_mins(1),
            request: Duration::from_mins(1),
            walk: Duration::from_mins(10),
            most_pages: 10_000,
            most_rows: 1_000_000,
            pages_at_once: 6,
            // A million rows of usual length are about 0.6 GiB.
            most_bytes: 1 << 30,
            clock: Arc::new(Timestamp::now),
        }
    }
}

/// How an attempt ended, as far as repeating it is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The request never left.
    NotSent,
    /// A whole response with this status, which is not a success.
    Answered(u16),
    /// Sent, no whole response in time.
    TimedOut,
    /// Sent, connection broken.
    Lost,
    /// A success whose body could not be read.
    Unreadable,
    /// Nothing that a repeat could change.
    Final,
}

impl Outcome {
    pub(crate) fn of(kind: &ErrorKind, status: Option<u16>) -> Self {
        match (kind, status) {
            (ErrorKind::NotSent(_), _) => Self::NotSent,
            (ErrorKind::TimedOut, None) => Self::TimedOut,
            (ErrorKind::Lost | ErrorKind::TimedOut, _) => Self::Lost,
            (ErrorKind::Unreadable | ErrorKind::UnknownCoding { .. } | ErrorKind::NotUtf8 { .. }, _) => {
                Self::Unreadable
            }
            (
                ErrorKind::Certificate { .. }
                | ErrorKind::NotJson { .. }
                | ErrorKind::Incomplete { .. }
                | ErrorKind::TooLarge
                | ErrorKind::CancelledBeforeSend
                | ErrorKind::JournalWriteFailed { .. }
                | ErrorKind::Setup
                | ErrorKind::Internal,
                _,
            )
            | (_, None) => Self::Final,
            (_, Some(status)) => Self::Answered(status),
        }
    }

    /// True where a read that ended so could end otherwise the next time.
    pub(crate) fn may_pass(self) -> bool {
        allowed(Idempotency::Safe, self).0 > 1
    }
}

/// Everything a decision depends on.
#[derive(Clone, Debug)]
pub(crate) struct RetryContext<'a> {
    pub(crate) operation: Operation,
    pub(crate) outcome: Outcome,
    /// The attempt that just failed; 1 for the first.
    pub(crate) attempt: u32,
    /// Since the operation began.
    pub(crate) elapsed: Duration,
    /// The clock of this computer, for naming a time only.
    pub(crate) now: Timestamp,
    /// The `Retry-After` header as it came.
    pub(crate) retry_after: Option<&'a [u8]>,
    /// The `Date` header as it came.
    pub(crate) server_date: Option<&'a [u8]>,
    /// Uniform in 0..1.
    pub(crate) random: f64,
}

/// What to do after a failed attempt.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Decision {
    /// Give up; `asked` is how long the server wants to be left alone, where it named a time.
    Stop { asked: Option<Duration> },
    /// Wait, then send the same request again.
    Again { wait: Duration, asked: Option<Duration> },
    /// Give up for now: it may have happened. Once a reading shows that it did not, the same request may go out again after
    /// this wait.
    VerifyThenRetry { wait: Duration, asked: Option<Duration> },
}

/// Decides about the attempt that just failed.
pub(crate) fn decide(case: &RetryContext<'_>, pacing: &ClientLimits) -> Decision {
    let asked = match case.outcome {
        Outcome::Answered(429 | 500..=599) => retry_after(case.retry_after, case.server_date, case.now),
        _ => None,
    };
    // A wait that is over already is no wish worth reporting.
    let stop = || Decision::Stop { asked: asked.filter(|wait| !wait.is_zero()) };
    let (sends, repeat) = allowed(case.operation.safety(), case.outcome);
    if case.attempt >= sends || case.elapsed >= pacing.request {
        return stop();
    }
    if asked.is_some_and(|wait| wait > pacing.longest_wait) {
        return stop();
    }
    let random = if case.random.is_finite() { case.random.clamp(0.0, 1.0) } else { 0.0 };
    let doubled = 2_u32.saturating_pow(case.attempt.saturating_sub(1));
    let ceiling = pacing.backoff_first.saturating_mul(doubled).min(pacing.backoff_cap);
    let own = ceiling.mul_f64(random);
    let wait = match asked {
        Some(asked) => asked.max(own).saturating_add(asked.mul_f64(random * 0.1)),
        None => own,
    };
    match repeat {
        RetryDecision::AtOnce => Decision::Again { wait, asked },
        RetryDecision::AfterReading => Decision::VerifyThenRetry { wait, asked },
    }
}

/// What has to come before a repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RetryDecision {
    /// Only the wait.
    AtOnce,
    /// Proof by reading that it did not happen.
    AfterReading,
}

/// How often a request may go out in all, given how it just ended, and what has to come before the next time.
fn allowed(safety: Idempotency, outcome: Outcome) -> (u32, RetryDecision) {
    match (safety, outcome) {
        (
            Idempotency::Safe,
            Outcome::NotSent | Outcome::TimedOut | Outcome::Lost | Outcome::Answered(408 | 429 | 500 | 502 | 503 | 504),
        ) => (4, RetryDecision::AtOnce),
        // A read whose body was cut where its length was not known looks like broken JSON: worth one more try.
        (Idempotency::Safe, Outcome::Unreadable)
        | (Idempotency::Idempotent, Outcome::NotSent | Outcome::Answered(429))
        | (Idempotency::NonIdempotent, Outcome::NotSent) => (2, RetryDecision::AtOnce),
        (
            Idempotency::Idempotent,
            Outcome::TimedOut | Outcome::Lost | Outcome::Unreadable | Outcome::Answered(408 | 500 | 502 | 503 | 504),
        ) => (2, RetryDecision::AfterReading),
        (_, Outcome::Final)
        | (Idempotency::Safe | Idempotency::Idempotent, Outcome::Answered(_))
        | (
            Idempotency::NonIdempotent,
            Outcome::Answered(_) | Outcome::TimedOut | Outcome::Lost | Outcome::Unreadable,
        ) => (1, RetryDecision::AtOnce),
    }
}

/// Reads `Retry-After`: whole seconds, or one of the three forms of an HTTP date, counted from the response's own `Date`
/// so that a wrong clock here does no harm. `None` for anything else. Never more than a day.
fn retry_after(header: Option<&[u8]>, server_date: Option<&[u8]>, now: Timestamp) -> Option<Duration> {
    let text = std::str::from_utf8(header?).ok()?;
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let secs = text.parse::<u64>().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(secs).min(LONGEST_ASKED));
    }
    let until = epoch_secs(text)?;
    let from = server_date
        .and_then(|date| std::str::from_utf8(date).ok())
        .and_then(epoch_secs)
        .or_else(|| u64::try_from(now.as_second()).ok())?;
    Some(Duration::from_secs(until.saturating_sub(from)).min(LONGEST_ASKED))
}

fn epoch_secs(http_date: &str) -> Option<u64> {
    let at = httpdate::parse_http_date(http_date).ok()?;
    Some(at.duration_since(UNIX_EPOCH).ok()?.as_secs())
}

/// The moment that a `Date` header names.
pub(crate) fn date_of(header: &[u8]) -> Option<Timestamp> {
    let secs = epoch_secs(std::str::from_utf8(header).ok()?)?;
    Timestamp::from_second(i64::try_from(secs).ok()?).ok()
}

/// So long after a moment.
pub(crate) fn later(now: Timestamp, wait: Duration) -> Option<Timestamp> {
    now.checked_add(SignedDuration::try_from(wait).ok()?).ok()
}

/// A store of repeats shared by all calls of one client, so that an outage is not answered with a storm.
/// Counted in halves of a unit: 20 units full, a repeat costs 2, one after a timeout 3, a success restores ½.
#[derive(Debug)]
pub(crate) struct Budget {
    halves: u32,
}

impl Budget {
    const FULL: u32 = 40;

    pub(crate) fn full() -> Self {
        Self { halves: Self::FULL }
    }

    /// Takes the price of one repeat; false where it cannot be paid.
    pub(crate) fn try_spend(&mut self, outcome: Outcome) -> bool {
        let price = if outcome == Outcome::TimedOut { 6 } else { 4 };
        match self.halves.checked_sub(price) {
            Some(left) => {
                self.halves = left;
                true
            }
            None => false,
        }
    }

    pub(crate) fn refund(&mut self) {
        self.halves = self.halves.saturating_add(1).min(Self::FULL);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn case(operation: Operation, outcome: Outcome, attempt: u32) -> RetryContext<'static> {
        RetryContext {
            operation,
            outcome,
            attempt,
            elapsed: Duration::ZERO,
            now: "2026-09-14T02:00:00Z".parse().unwrap(),
            retry_after: None,
            server_date: None,
            random: 1.0,
        }
    }

    /// How often a request goes out that always ends so, as `4`, or as `2 after reading`.
    fn sends(operation: Operation, outcome: Outcome) -> String {
        let (mut attempt, mut after) = (1, "");
        loop {
            match decide(&case(operation, outcome, attempt), &ClientLimits::default()) {
                Decision::Stop { .. } => return format!("{attempt}{after}"),
                Decision::Again { .. } => {}
                Decision::VerifyThenRetry { .. } => after = " after reading",
            }
            attempt += 1;
        }
    }

    #[test]
    fn a_date_header_names_a_moment_and_a_wait_ends_so_long_after_it() {
        let at: Timestamp = "2026-09-14T02:00:00Z".parse().unwrap();
        assert_eq!(date_of(b"Mon, 14 Sep 2026 02:00:00 GMT"), Some(at));
        for odd in [b"".as_slice(), b"soon", b"\xff"] {
            assert_eq!(date_of(odd), None);
        }
        assert_eq!(later(at, Duration::from_secs(90)), Some("2026-09-14T02:01:30Z".parse().unwrap()));
        assert_eq!(later(at, Duration::MAX), None);
    }

    #[test]
    fn every_operation_is_sent_as_often_as_its_table_says() {
        // (outcome, sends of a read, sends of PATCH and DELETE, sends of POST)
        let mut table = vec![
            (Outcome::NotSent, "4", "2", "2"),
            (Outcome::TimedOut, "4", "2 after reading", "1"),
            (Outcome::Lost, "4", "2 after reading", "1"),
            (Outcome::Unreadable, "2", "2 after reading", "1"),
            (Outcome::Final, "1", "1", "1"),
            (Outcome::Answered(429), "4", "2", "1"),
        ];
        for status in [408, 500, 502, 503, 504] {
            table.push((Outcome::Answered(status), "4", "2 after reading", "1"));
        }
        for status in [100, 301, 302, 304, 307, 308, 400, 401, 403, 404, 405, 409, 412, 418, 422, 451, 501, 505, 599] {
            table.push((Outcome::Answered(status), "1", "1", "1"));
        }
        for operation in Operation::ALL {
            for (outcome, read, absolute, creates) in &table {
                let want = match operation {
                    Operation::CreateSchedule | Operation::CreateRestore => creates,
                    Operation::UpdateSchedule | Operation::DeleteSchedule | Operation::DeleteRestore => absolute,
                    _ => read,
                };
                assert_eq!(sends(operation, *outcome), *want, "{operation:?} {outcome:?}");
            }
        }
    }

    #[test]
    fn the_backoff_doubles_up_to_its_cap_and_is_spread_over_the_whole_range() {
        let pacing = ClientLimits::default();
        let wait = |attempt, random| {
            let case = RetryContext { random, ..case(Operation::ListBackups, Outcome::Lost, attempt) };
            match decide(&case, &pacing) {
                Decision::Again { wait, .. } => wait.as_millis(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!([wait(1, 1.0), wait(2, 1.0), wait(3, 1.0)], [500, 1000, 2000]);
        assert_eq!([wait(1, 0.0), wait(2, 0.5), wait(3, f64::NAN)], [0, 500, 0]);
    }

    #[test]
    fn no_repeat_begins_after_the_time_for_one_request() {
        let late = RetryContext { elapsed: Duration::from_mins(1), ..case(Operation::ListBackups, Outcome::Lost, 1) };
        assert_eq!(decide(&late, &ClientLimits::default()), Decision::Stop { asked: None });
    }

    #[test]
    fn retry_after_is_read_in_its_forms_and_ignored_otherwise() {
        let now: Timestamp = "2026-09-14T02:00:00Z".parse().unwrap();
        // The server's clock is an hour ahead of this one.
        let date = Some(&b"Mon, 14 Sep 2026 03:00:00 GMT"[..]);
        let secs = |secs| Some(Duration::from_secs(secs));
        let cases: [(&str, Option<Duration>); 15] = [
            ("2", secs(2)),
            ("0", secs(0)),
            ("007", secs(7)),
            ("3600", secs(3600)),
            ("99999999999999999999999", secs(86_400)),
            ("18446744073709551615", secs(86_400)),
            ("Mon, 14 Sep 2026 03:00:30 GMT", secs(30)),
            ("Monday, 14-Sep-26 03:00:30 GMT", secs(30)),
            ("Mon Sep 14 03:00:30 2026", secs(30)),
            ("Mon, 14 Sep 2020 03:00:30 GMT", secs(0)),
            ("-1", None),
            ("1.5", None),
            ("+3", None),
            ("1 2", None),
            ("", None),
        ];
        for (text, want) in cases {
            assert_eq!(retry_after(Some(text.as_bytes()), date, now), want, "{text:?}");
        }
        assert_eq!(retry_after(Some(b"\xff\xfe"), date, now), None);
        assert_eq!(retry_after(Some(b"Mon, 14 Sep 2026 02:00:30 GMT"), None, now), secs(30));
    }

    #[test]
    fn a_server_is_never_asked_earlier_than_it_wants() {
        let ask = |operation, status, header: &'static str| {
            let case =
                RetryContext { retry_after: Some(header.as_bytes()), ..case(operation, Outcome::Answered(status), 1) };
            decide(&case, &ClientLimits::default())
        };
        let stop = |secs| Decision::Stop { asked: Some(Duration::from_secs(secs)) };
        let Decision::Again { wait, asked } = ask(Operation::ListBackups, 429, "60") else { panic!("stopped") };
        assert!(wait >= Duration::from_mins(1) && wait <= Duration::from_secs(66), "{wait:?}");
        assert_eq!(asked, Some(Duration::from_mins(1)));
        assert_eq!(ask(Operation::ListBackups, 429, "61"), stop(61));
        assert_eq!(ask(Operation::ListBackups, 503, "61"), stop(61));
        assert_eq!(ask(Operation::CreateSchedule, 429, "2"), stop(2));
        assert_eq!(ask(Operation::ListBackups, 400, "2"), Decision::Stop { asked: None });
    }

    #[test]
    fn an_empty_budget_ends_repeats_and_successes_fill_it_again() {
        let mut budget = Budget::full();
        let paid = (0..100).take_while(|_| budget.try_spend(Outcome::Lost)).count();
        assert_eq!(paid, 10);
        (0..4).for_each(|_| budget.refund());
        assert!(!budget.try_spend(Outcome::TimedOut));
        assert!(budget.try_spend(Outcome::Lost));
    }

    fn outcomes() -> impl Strategy<Value = Outcome> {
        prop_oneof![
            Just(Outcome::NotSent),
            (100_u16..600).prop_map(Outcome::Answered),
            Just(Outcome::TimedOut),
            Just(Outcome::Lost),
            Just(Outcome::Unreadable),
            Just(Outcome::Final),
        ]
    }

    proptest! {
        #[test]
        fn any_case_ends_in_a_bounded_wait_or_a_stop(
            operation in prop::sample::select(Operation::ALL.to_vec()),
            outcome in outcomes(),
            attempt in any::<u32>(),
            elapsed in any::<u64>(),
            now in -2_000_000_000_i64..253_402_207_200,
            header in prop::option::of(prop_oneof![
                prop::collection::vec(any::<u8>(), 0..40),
                "[0-9]{1,25}".prop_map(String::into_bytes),
            ]),
            date in prop::option::of(prop::collection::vec(any::<u8>(), 0..40)),
            random in any::<f64>(),
        ) {
            let now = Timestamp::from_second(now).unwrap();
            let case = RetryContext {
                operation, outcome, attempt, now, random,
                elapsed: Duration::from_millis(elapsed),
                retry_after: header.as_deref(),
                server_date: date.as_deref(),
            };
            let decision = decide(&case, &ClientLimits::default());
            let was_not_done = matches!(outcome, Outcome::NotSent | Outcome::Answered(429));
            match decision {
                Decision::Stop { .. } => {}
                Decision::Again { .. } => match operation.safety() {
                    Idempotency::Safe => prop_assert!(attempt < 4),
                    Idempotency::Idempotent => prop_assert!(attempt < 2 && was_not_done),
                    Idempotency::NonIdempotent => prop_assert!(attempt < 2 && outcome == Outcome::NotSent),
                },
                Decision::VerifyThenRetry { .. } => {
                    prop_assert!(attempt < 2 && operation.safety() == Idempotency::Idempotent && !was_not_done);
                }
            }
            if let Decision::Again { wait, asked } | Decision::VerifyThenRetry { wait, asked } = decision {
                prop_assert!(wait <= Duration::from_secs(66));
                prop_assert!(asked.is_none_or(|asked| wait >= asked));
            }
        }
    }
}
