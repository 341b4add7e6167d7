//! From a request to its result: attempts, waits between them, the record of each, and what an error response means.

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, Semaphore};
use tokio::time::Instant;

use super::decode::DecodeError;
use super::error::{ApiError, Cause, ErrorKind, causes};
use super::error_body::{ErrorBody, tidy};
use super::record::{ClientEvent, Observer, Operation, RequestRecord};
use super::redact::{plain_escapes, shown_json};
use super::request::Request;
use super::retry::{Budget, ClientLimits, Decision, Outcome, RetryContext, date_of, decide, later};
use super::transport::{ApiResponse, AttemptFailure, Transport};
use crate::domain::ApiUrl;
use crate::secrets::{ApiKey, KnownSecrets};

/// Calls in flight at once to one host, and connections where it speaks HTTP/1.1.
const CALLS_AT_ONCE: usize = 6;

/// Everything the calls of one client share.
pub(super) struct Caller {
    pub(super) transport: Transport,
    pub(super) pacing: ClientLimits,
    observer: Observer,
    gate: Semaphore,
    /// Outlives the connections: a pause that was asked for holds for new ones too.
    host: Arc<Mutex<Host>>,
    /// Wakes the calls that wait when the user lifts a pause.
    lifted: Notify,
    failed_attempts: AtomicUsize,
}

/// What was learned about the host.
struct Host {
    budget: Budget,
    /// Nothing goes out before this: the host asked for a pause, and every call waits.
    rate_limited_until: Option<Instant>,
    /// The host asked for a longer pause than anybody waits: every call fails until then. The second is the same moment by the
    /// host's clock, for naming it.
    blocked_until: Option<(Instant, Timestamp)>,
}

impl Caller {
    pub(super) fn new(
        url: ApiUrl,
        key: Arc<ApiKey>,
        secrets: KnownSecrets,
        observer: Observer,
        pacing: ClientLimits,
    ) -> Result<Self, ErrorKind> {
        let transport = Transport::new(url, key, secrets, &pacing)?;
        let host = Host { budget: Budget::full(), rate_limited_until: None, blocked_until: None };
        Ok(Self::over(transport, pacing, observer, Arc::new(Mutex::new(host))))
    }

    fn over(transport: Transport, pacing: ClientLimits, observer: Observer, host: Arc<Mutex<Host>>) -> Self {
        let (gate, lifted, failed_attempts) = (Semaphore::new(CALLS_AT_ONCE), Notify::new(), AtomicUsize::new(0));
        Self { transport, pacing, observer, gate, host, lifted, failed_attempts }
    }

    /// The same with new connections.
    pub(super) fn reconnected(&self) -> Result<Self, ErrorKind> {
        let transport = self.transport.reconnected(&self.pacing)?;
        Ok(Self::over(transport, self.pacing.clone(), Arc::clone(&self.observer), Arc::clone(&self.host)))
    }

    /// Sends the request until it succeeds or a repeat is not due. `read` turns a 2xx response into the result.
    pub(super) async fn call<T>(
        &self,
        request: &Request,
        read: impl Fn(&ApiResponse) -> Result<T, DecodeError> + Send + Sync,
    ) -> Result<T, ApiError> {
        let began = Instant::now();
        let mut attempt = request.attempts_before.saturating_add(1);
        loop {
            if let Some(retry_at) = self.blocked_until() {
                let kind = ErrorKind::TooManyRequests { retry_at: Some(retry_at) };
                return Err(ApiError { attempts: attempt.saturating_sub(1), ..ApiError::new(kind, request.operation) });
            }
            let mut failure = match self.attempt(request, attempt, &read).await {
                Ok(value) => {
                    self.host(|host| host.budget.refund());
                    return Ok(value);
                }
                Err(failure) => failure,
            };
            self.failed_attempts.fetch_add(1, Ordering::Relaxed);
            failure.error.attempts = attempt;
            let outcome = Outcome::of(&failure.error.kind, failure.error.status);
            let case = RetryContext {
                operation: request.operation,
                outcome,
                attempt: if request.is_ahead { u32::MAX } else { attempt },
                elapsed: began.elapsed(),
                now: (self.pacing.clock)(),
                retry_after: failure.retry_after.as_deref(),
                server_date: failure.date.as_deref(),
                random: fastrand::f64(),
            };
            match decide(&case, &self.pacing) {
                Decision::Stop { asked } => {
                    let date = failure.date.as_deref().and_then(date_of).unwrap_or_else(|| (self.pacing.clock)());
                    let retry_at = asked.and_then(|wait| later(date, wait));
                    if let (Some(wait), Some(at)) = (asked, retry_at) {
                        self.back_off_until(wait, at);
                    }
                    if let ErrorKind::TooManyRequests { retry_at: at } | ErrorKind::Server { retry_at: at } =
                        &mut failure.error.kind
                    {
                        *at = retry_at;
                    }
                    return Err(failure.error);
                }
                Decision::Again { wait, asked } => {
                    if asked.is_some() {
                        self.pause(wait);
                    }
                    if !self.host(|host| host.budget.try_spend(outcome)) {
                        return Err(failure.error);
                    }
                    self.sleep(wait).await;
                    attempt = attempt.saturating_add(1);
                }
                Decision::VerifyThenRetry { wait, asked } => {
                    if asked.is_some() {
                        self.pause(wait);
                    }
                    let resend_after = self.host(|host| host.budget.try_spend(outcome)).then_some(wait);
                    return Err(ApiError { resend_after, ..failure.error });
                }
            }
        }
    }

    /// The number of attempts that failed so far, over all calls.
    pub(super) fn failed_attempts(&self) -> usize {
        self.failed_attempts.load(Ordering::Relaxed)
    }

    /// Forgets that the host asked for a pause: the user wants to ask all the same.
    pub(super) fn clear_rate_limit(&self) {
        self.host(|host| (host.rate_limited_until, host.blocked_until) = (None, None));
        self.lifted.notify_waiters();
    }

    /// Waits, or until the user lifts the pause.
    async fn sleep(&self, wait: Duration) {
        // Whichever comes first, the call goes on.
        let _either = tokio::time::timeout(wait, self.lifted.notified()).await;
    }

    /// The JSON of a response without the living secrets that the service may have sent back in it; `None` where there are none.
    /// A mask among numbers may leave no JSON.
    pub(super) fn masked(&self, body: &[u8]) -> Option<Vec<u8>> {
        let plain = plain_escapes(body);
        // Values that are named as secrets go first, as a whole.
        let shown = shown_json(std::str::from_utf8(&plain).ok()?);
        match self.transport.secrets.mask(shown.as_bytes()) {
            Cow::Borrowed(_) => None,
            Cow::Owned(masked) => Some(masked),
        }
    }

    fn host<T>(&self, act: impl FnOnce(&mut Host) -> T) -> T {
        // The state is two plain values: whoever panicked left them whole.
        act(&mut self.host.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn pause(&self, wait: Duration) {
        let until = Instant::now().checked_add(wait);
        self.host(|host| host.rate_limited_until = host.rate_limited_until.max(until));
        if let Some(at) =
            SignedDuration::try_from(wait).ok().and_then(|wait| (self.pacing.clock)().checked_add(wait).ok())
        {
            (self.observer)(ClientEvent::Pause(at));
        }
    }

    /// The host wants to be left alone for so long, until this moment by its clock: for a short while calls wait, for a long one
    /// they fail.
    fn back_off_until(&self, wait: Duration, at: Timestamp) {
        if wait <= self.pacing.longest_wait {
            self.pause(wait);
        } else if let Some(until) = Instant::now().checked_add(wait) {
            self.host(|host| host.blocked_until = host.blocked_until.max(Some((until, at))));
        }
    }

    fn blocked_until(&self) -> Option<Timestamp> {
        self.host(|host| host.blocked_until.filter(|(until, _)| *until > Instant::now()).map(|(_, at)| at))
    }

    async fn attempt<T>(
        &self,
        request: &Request,
        attempt: u32,
        read: &(impl Fn(&ApiResponse) -> Result<T, DecodeError> + Send + Sync),
    ) -> Result<T, Box<AttemptFailure>> {
        // The gate is never closed; were it, the call would still be right, only not held back.
        let _place = self.gate.acquire().await.ok();
        while let Some(until) = self.host(|host| host.rate_limited_until.filter(|until| *until > Instant::now())) {
            self.sleep(until.saturating_duration_since(Instant::now())).await;
        }
        let mut trace = Trace::begin(self, request, attempt);
        let response = match self.transport.attempt(request).await {
            Ok(response) => response,
            Err(broken) => {
                trace.record.response_bytes = count(broken.bytes);
                trace.cause.clone_from(&broken.error.source);
                trace.end(broken.error.status, outcome_word(&broken.error.kind));
                return Err(broken);
            }
        };
        trace.record.response_bytes = count(response.body.len());
        trace.record.server_date = response.date().and_then(date_of);
        trace.record.trace_id = self.trace_id_of(&response);
        let result = self.result_of(&response, request.operation, read);
        let mut outcome = response.status.to_string();
        if let Err(failure) = &result {
            if failure.error.trace_id.is_some() {
                trace.record.trace_id.clone_from(&failure.error.trace_id);
            }
            if response.is_success() {
                outcome = format!("{outcome}, {}", outcome_word(&failure.error.kind));
            }
        }
        trace.end(Some(response.status), outcome);
        result
    }

    fn result_of<T>(
        &self,
        response: &ApiResponse,
        operation: Operation,
        read: &(impl Fn(&ApiResponse) -> Result<T, DecodeError> + Send + Sync),
    ) -> Result<T, Box<AttemptFailure>> {
        let status = Some(response.status);
        if response.is_success() {
            return read(response).map_err(|error| {
                let content_type = response.content_type();
                let is_other_type = !content_type.is_empty() && !content_type.contains("json");
                let not_json = response.is_markup() || (is_other_type && !response.looks_like_json());
                let kind = match error {
                    _ if response.unknown_coding().is_some() => ErrorKind::UnknownCoding {
                        coding: response.unknown_coding().and_then(|coding| self.shown(coding)).unwrap_or_default(),
                    },
                    _ if not_json => self.not_json(response),
                    DecodeError::Shape => ErrorKind::Unreadable,
                    DecodeError::NotUtf8(at) => ErrorKind::NotUtf8 { at },
                };
                ApiError { status, ..ApiError::new(kind, operation) }.into()
            });
        }
        let words = ErrorBody::read(&self.transport.secrets.mask(&response.body));
        let clean = |text: Option<String>| text.map(|text| self.transport.without_secrets(text));
        let reason = || reqwest::StatusCode::from_u16(response.status).ok()?.canonical_reason().map(str::to_owned);
        let error = ApiError {
            status,
            message: clean(words.message).or_else(reason),
            trace_id: clean(words.trace_id).or_else(|| self.trace_id_of(response)),
            ..ApiError::new(self.kind_of(response), operation)
        };
        Err(Box::new(AttemptFailure {
            error,
            bytes: response.body.len(),
            retry_after: response.retry_after().map(<[u8]>::to_vec),
            date: response.date().map(<[u8]>::to_vec),
        }))
    }

    fn trace_id_of(&self, response: &ApiResponse) -> Option<String> {
        self.shown(response.trace_id_header()?)
    }

    /// A text of the server as it may be shown: without secrets before it is cut, so that no part of one stays.
    fn shown(&self, text: &str) -> Option<String> {
        tidy(&self.transport.without_secrets(text.to_owned()))
    }

    fn kind_of(&self, response: &ApiResponse) -> ErrorKind {
        match response.status {
            300..=399 => ErrorKind::Redirected { host: response.redirect_host(&self.transport.url) },
            401 => ErrorKind::KeyRefused,
            403 => ErrorKind::Forbidden,
            // A web page is not the service saying that there is nothing.
            404 if response.is_markup() => self.not_json(response),
            404 => ErrorKind::NotFound,
            407 => self.not_json(response),
            409 | 412 => ErrorKind::Conflict,
            429 => ErrorKind::TooManyRequests { retry_at: None },
            408 | 500..=599 => ErrorKind::Server { retry_at: None },
            400..=499 => ErrorKind::Rejected,
            _ => ErrorKind::Unreadable,
        }
    }

    fn not_json(&self, response: &ApiResponse) -> ErrorKind {
        let media_type = response.content_type().split(';').next().unwrap_or_default().trim();
        ErrorKind::NotJson {
            host: self.transport.url.host().to_owned(),
            content_type: self.shown(media_type).unwrap_or_default(),
        }
    }
}

/// The few words for the activity list.
fn outcome_word(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NotSent(_) => "not sent",
        ErrorKind::ReadOnly => "not sent, read only",
        ErrorKind::TimedOut => "timed out",
        ErrorKind::Lost => "connection lost",
        ErrorKind::Certificate { .. } => "certificate not trusted",
        ErrorKind::TooLarge => "too large",
        ErrorKind::Unreadable | ErrorKind::UnknownCoding { .. } | ErrorKind::NotUtf8 { .. } => "unreadable response",
        ErrorKind::NotJson { .. } => "not from SkySQL",
        _ => "failed",
    }
}

fn count(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// Tells the observer of an attempt when it ends, also when it is dropped half-way.
struct Trace<'a> {
    caller: &'a Caller,
    template: &'static str,
    began: Instant,
    record: RequestRecord,
    /// Why no whole response came, for the log.
    cause: Option<Box<Cause>>,
}

impl<'a> Trace<'a> {
    fn begin(caller: &'a Caller, request: &Request, attempt: u32) -> Self {
        let now = (caller.pacing.clock)();
        let record = RequestRecord {
            at: now,
            operation: request.operation,
            method: request.method_name(),
            path: request.path_and_query(),
            status: None,
            duration_ms: 0,
            attempt,
            outcome: "cancelled".to_owned(),
            trace_id: None,
            response_bytes: 0,
            server_date: None,
            ended_at: now,
        };
        if request.operation.is_write() {
            // Said before it leaves as well, so that the log of a program that ended in between names it too.
            tracing::info!(method = record.method, path = request.template, attempt, "sending");
        }
        Self { caller, template: request.template, began: Instant::now(), record, cause: None }
    }

    fn end(mut self, status: Option<u16>, outcome: impl Into<String>) {
        self.record.status = status;
        self.record.outcome = outcome.into();
    }
}

impl Drop for Trace<'_> {
    fn drop(&mut self) {
        self.record.ended_at = (self.caller.pacing.clock)();
        self.record.duration_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        // The outermost text only tells that the request failed, which the outcome does too.
        let causes = self.cause.iter().flat_map(|cause| causes(&**cause));
        let causes = causes.fold(String::new(), |chain, cause| format!("{chain}: {cause}"));
        tracing::info!(
            method = self.record.method,
            path = self.template,
            status = self.record.status,
            ms = self.record.duration_ms,
            attempt = self.record.attempt,
            trace_id = self.record.trace_id.as_deref(),
            outcome = self.record.outcome,
            "request{causes}"
        );
        (self.caller.observer)(ClientEvent::Request(self.record.clone()));
    }
}
