//! What can go wrong, in words for the user at the screen: what happened, and what to do.

use std::error::Error;
use std::io;
use std::time::Duration;

use jiff::Timestamp;

use super::record::Operation;
use crate::domain::sanitize_for_display;

/// Why nothing was sent. The service cannot have acted on such a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The name could not be resolved.
    HostNotFound {
        /// The host asked for.
        host: String,
    },
    /// The host refused the connection, or was not reachable.
    Refused {
        /// The host asked for, with its port.
        host: String,
        /// Why, in a few words; empty where the system did not report it.
        cause: String,
    },
    /// No connection within the time for one.
    ConnectTimeout {
        /// The host asked for, with its port.
        host: String,
    },
    /// A proxy answered that it does not open the way to the host, for another reason than a missing login.
    ProxyRefused {
        /// The host asked for.
        host: String,
    },
}

/// The kinds of failure, each with its own sentence and advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request provably never left this computer.
    NotSent(NotSent),
    /// A change, and the client is read only: the request never left this computer.
    ReadOnly,
    /// 401: the key is not accepted.
    KeyRefused,
    /// 403: the key's role does not allow this.
    Forbidden,
    /// 404.
    NotFound,
    /// 409 (and 412): the state of the service prevents the change.
    Conflict,
    /// 400, 422 and other refusals of the request itself.
    Rejected,
    /// 429.
    TooManyRequests {
        /// When the service wants to be asked again.
        retry_at: Option<Timestamp>,
    },
    /// 5xx and 408.
    Server {
        /// When the service wants to be asked again.
        retry_at: Option<Timestamp>,
    },
    /// Sent, and the connection broke before a whole response came.
    Lost,
    /// Sent, and no whole response within the time for one attempt.
    TimedOut,
    /// The secure connection could not be trusted or made.
    Certificate {
        /// The host asked for.
        host: String,
        /// Why, in plain words.
        reason: String,
    },
    /// 3xx: an address elsewhere was given, and not followed.
    Redirected {
        /// The host pointed to; empty where none was named.
        host: String,
    },
    /// A response that is not from the service: a proxy's or a sign-in page.
    NotJson {
        /// The host asked for.
        host: String,
        /// `Content-Type` of the response; empty where it had none.
        content_type: String,
    },
    /// A response packed in a way this app does not ask for and cannot unpack.
    UnknownCoding {
        /// Its `Content-Encoding`, such as `deflate`.
        coding: String,
    },
    /// JSON that is cut short or of an unknown shape.
    Unreadable,
    /// A list that was read only in part, where a part is not enough.
    Incomplete {
        /// What stopped it, in a sentence.
        why: String,
    },
    /// A response that is no text.
    NotUtf8 {
        /// The offset of the first byte that belongs to no character, counted from 0.
        at: usize,
    },
    /// A response beyond the size this app accepts.
    TooLarge,
    /// The user stopped the change before it was sent.
    CancelledBeforeSend,
    /// The note by which the change would be found again could not be written, so it was not sent.
    JournalWriteFailed {
        /// What the system reported.
        reason: String,
    },
    /// The client could not be set up on this computer.
    Setup,
    /// A fault of this app.
    Internal,
}

/// One error in the chain below an [`ApiError`]: its text without secrets, and what caused it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Cause {
    text: String,
    source: Option<Box<Self>>,
}

impl Cause {
    /// The chain of these texts, the outermost first; `None` where there are none.
    pub(super) fn chain(texts: Vec<String>) -> Option<Box<Self>> {
        texts.into_iter().rev().fold(None, |source, text| Some(Box::new(Self { text, source })))
    }
}

/// The causes of an error, the outermost first.
pub(super) fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(error.source(), |&error| {
        // An I/O error hides what it wraps from `source()`.
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        }
    })
}

/// A failed operation. `Display` is [`ApiError::sentence`]; neither it nor any cause ever holds the key.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct ApiError {
    /// What kind of failure.
    pub kind: ErrorKind,
    /// What was being done.
    pub operation: Operation,
    /// The HTTP status, where a response came.
    pub status: Option<u16>,
    /// The server's own words, escaped and cut; never a web page.
    pub message: Option<String>,
    /// `trace_id`, for SkySQL's support.
    pub trace_id: Option<String>,
    /// Attempts made, the first one included; 0 where none was.
    pub attempts: u32,
    /// For a change that may or may not have happened: once a reading has shown that it did not, the same request may be sent
    /// once more after this wait. `None` where it may not.
    pub resend_after: Option<Duration>,
    /// What the network or the system reported, for the log and for support.
    pub source: Option<Box<Cause>>,
}

impl ApiError {
    /// A failure with nothing known but its kind.
    #[must_use]
    pub fn new(kind: ErrorKind, operation: Operation) -> Self {
        Self {
            kind,
            operation,
            status: None,
            message: None,
            trace_id: None,
            attempts: 0,
            resend_after: None,
            source: None,
        }
    }

    /// A fault of this app: the task that made the call broke.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(ErrorKind::Internal, Operation::ListBackups)
    }

    /// A change whose answer never came, as remembered for a later check.
    #[must_use]
    pub fn unanswered(operation: Operation) -> Self {
        Self::new(ErrorKind::Lost, operation)
    }

    /// What happened, in one sentence without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        match &self.kind {
            ErrorKind::NotSent(reason) => reason.sentence(),
            ErrorKind::ReadOnly => "This profile is read only, so nothing was sent".to_owned(),
            ErrorKind::KeyRefused => "SkySQL rejected this API key".to_owned(),
            ErrorKind::Forbidden => "This API key is not allowed to do this".to_owned(),
            ErrorKind::NotFound if self.operation == Operation::CreateRestore => {
                "SkySQL does not know this backup or this service".to_owned()
            }
            ErrorKind::NotFound => match self.operation.row() {
                Some(row) => format!("SkySQL no longer has this {row}"),
                None => "There is no backup service at this address".to_owned(),
            },
            ErrorKind::Conflict if self.operation == Operation::DeleteSchedule => {
                "SkySQL cannot delete this schedule now".to_owned()
            }
            ErrorKind::Conflict if self.operation == Operation::DeleteRestore => {
                "SkySQL cannot delete this entry now".to_owned()
            }
            ErrorKind::Conflict => "SkySQL cannot make this change now".to_owned(),
            ErrorKind::Rejected => "SkySQL rejected the request".to_owned(),
            ErrorKind::TooManyRequests { retry_at: None } => "SkySQL is limiting requests (HTTP 429)".to_owned(),
            ErrorKind::TooManyRequests { retry_at: Some(at) } => {
                format!(
                    "SkySQL is limiting requests (HTTP 429) and asks to wait until {}",
                    clock(*at, Timestamp::now())
                )
            }
            ErrorKind::Server { retry_at } => self.server(*retry_at),
            ErrorKind::Lost => "The connection was lost before the full response arrived".to_owned(),
            ErrorKind::TimedOut => "SkySQL did not respond in time".to_owned(),
            ErrorKind::Certificate { host, reason } => format!("The secure connection to {host} failed: {reason}"),
            ErrorKind::Redirected { host } if host.is_empty() => {
                "The service redirected to another address, which SkyBackup did not follow".to_owned()
            }
            ErrorKind::Redirected { host } => {
                format!("The service redirected to {host}, which SkyBackup did not follow")
            }
            ErrorKind::NotJson { host, content_type } if content_type.is_empty() => {
                format!("A proxy or sign-in page answered instead of {host}")
            }
            ErrorKind::NotJson { host, content_type } => {
                format!("A proxy or sign-in page ({content_type}) answered instead of {host}")
            }
            ErrorKind::UnknownCoding { coding } => {
                format!("The response was compressed in a way SkyBackup cannot read ({coding})")
            }
            ErrorKind::Unreadable => "The response was incomplete or in an unknown format".to_owned(),
            ErrorKind::Incomplete { why } => why.clone(),
            ErrorKind::NotUtf8 { at } => format!("The response is damaged: not UTF-8 text from byte {at} on"),
            ErrorKind::TooLarge => "The response was larger than SkyBackup accepts".to_owned(),
            ErrorKind::CancelledBeforeSend => "The change was not sent".to_owned(),
            ErrorKind::JournalWriteFailed { reason } => format!("The change was not sent. {reason}"),
            ErrorKind::Setup => "The connection could not be set up on this computer".to_owned(),
            ErrorKind::Internal => format!("{} failed inside SkyBackup", self.operation.name()),
        }
    }

    /// Everything known about the failure, for a message to support: one fact a line.
    #[must_use]
    pub fn details(&self) -> String {
        let status = self.status.map(|status| format!("HTTP {status}"));
        let message = self.message.as_ref().map(|message| format!("SkySQL says: {}", sanitize_for_display(message)));
        let trace_id = self.trace_id.as_ref().map(|id| format!("Trace ID: {}", sanitize_for_display(id)));
        let causes = causes(self).map(|cause| format!("Caused by: {cause}"));
        let lines = [Some(self.sentence()), status, message, trace_id].into_iter().flatten().chain(causes);
        lines.collect::<Vec<_>>().join("\n")
    }

    /// What to do now, in one sentence without a full stop.
    #[must_use]
    pub fn advice(&self) -> String {
        if self.outcome_unknown() {
            return "The change may or may not have been made. Refresh the list before you try again".to_owned();
        }
        match &self.kind {
            ErrorKind::NotSent(NotSent::HostNotFound { .. }) => {
                "Check the network connection and the API address. Nothing was sent"
            }
            ErrorKind::NotSent(NotSent::ProxyRefused { .. }) => {
                "Check that the proxy allows this address, then try again. Nothing was sent"
            }
            ErrorKind::NotSent(_) => "Check the network connection, then try again. Nothing was sent",
            ErrorKind::ReadOnly => "Choose \"Edit profile…\" to allow changes",
            ErrorKind::KeyRefused => match self.operation {
                Operation::Probe => "Check that you copied all of it and that it has not expired",
                _ => "Check that it has not expired, or enter another one under Profiles. The stored key was not removed",
            },
            ErrorKind::Forbidden => "Ask an administrator of your SkySQL organization for a role that allows it",
            ErrorKind::NotFound if self.operation == Operation::CreateRestore => {
                "Refresh the lists: one of them may have been deleted elsewhere"
            }
            ErrorKind::NotFound if self.operation.row().is_some() => {
                "Refresh the list: it may have been deleted elsewhere"
            }
            ErrorKind::NotFound => "Check the API address",
            ErrorKind::Conflict | ErrorKind::Rejected if self.is_service_busy() => {
                "Wait until the service is ready, then try again"
            }
            ErrorKind::Conflict if self.operation == Operation::DeleteSchedule => {
                "Wait until its backup has finished, then try again"
            }
            ErrorKind::Conflict if self.operation == Operation::DeleteRestore => {
                "Wait until the restore has finished, then try again"
            }
            ErrorKind::Conflict => "Refresh to see the current state, then try again",
            ErrorKind::Rejected => "Correct what SkySQL names in its message, then try again",
            ErrorKind::TooManyRequests { retry_at: Some(_) } | ErrorKind::Server { retry_at: Some(_) } => {
                "Try again after that time"
            }
            ErrorKind::TooManyRequests { .. } | ErrorKind::Server { .. } | ErrorKind::TimedOut => "Try again in a minute",
            ErrorKind::Lost
            | ErrorKind::Unreadable
            | ErrorKind::Incomplete { .. }
            | ErrorKind::NotUtf8 { .. } => "Try again",
            ErrorKind::UnknownCoding { .. } => {
                "A proxy on the way may have compressed it. Try again from another network, or ask who runs the proxy"
            }
            ErrorKind::Certificate { .. } => {
                "Check the clock of this computer and the API address. In a company network, its certificate may have to be installed. The key was not sent"
            }
            ErrorKind::Redirected { .. } => "Check the API address: the key is sent only to the address of the profile",
            ErrorKind::NotJson { .. } => "Sign in to the network or proxy with a browser, then try again",
            ErrorKind::TooLarge => "Narrow the list, for example to one service",
            ErrorKind::CancelledBeforeSend => "It was stopped before it was sent. Send it again if you still want it",
            ErrorKind::JournalWriteFailed { .. } => {
                "SkyBackup writes each change down before sending it, to find its outcome if the response is lost. Check that this folder has space and is writable, then try again"
            }
            ErrorKind::Setup => "Check the API address and the key, then restart SkyBackup",
            ErrorKind::Internal => "Try again. If it happens again, report it with the log",
        }
        .to_owned()
    }

    /// True where the service could not be reached at all.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        matches!(self.kind, ErrorKind::NotSent(_))
    }

    /// True where a change may or may not have happened: only reading can tell.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        if !self.operation.is_write() {
            return false;
        }
        match self.kind {
            ErrorKind::Lost
            | ErrorKind::TimedOut
            | ErrorKind::UnknownCoding { .. }
            | ErrorKind::Unreadable
            | ErrorKind::NotUtf8 { .. }
            | ErrorKind::TooLarge => true,
            ErrorKind::NotJson { .. } => self.status.is_some_and(|status| (200..300).contains(&status)),
            ErrorKind::Server { .. } => !matches!(self.status, Some(501 | 505)),
            // A failure inside the app before the first attempt sent nothing.
            ErrorKind::Internal => self.attempts > 0,
            _ => false,
        }
    }

    /// True where the service's own words say that the database service is in a state that passes. No status code says so.
    fn is_service_busy(&self) -> bool {
        let Some(message) = &self.message else { return false };
        let message = message.to_ascii_lowercase();
        ["pending", "not ready", "not-ready", "being scaled", "scaling"].iter().any(|word| message.contains(word))
    }

    fn server(&self, retry_at: Option<Timestamp>) -> String {
        let what = match self.status {
            Some(502) => "A gateway in front of SkySQL failed (HTTP 502)".to_owned(),
            Some(503) => "SkySQL is temporarily unavailable (HTTP 503)".to_owned(),
            Some(status @ (408 | 504)) => format!("SkySQL did not respond in time (HTTP {status})"),
            Some(status @ (501 | 505)) => format!("SkySQL does not support this request (HTTP {status})"),
            Some(status) => format!("SkySQL had an internal error (HTTP {status})"),
            None => "SkySQL had an internal error".to_owned(),
        };
        match retry_at {
            Some(at) => format!("{what} and asks to wait until {}", clock(at, Timestamp::now())),
            None => what,
        }
    }
}

impl NotSent {
    fn sentence(&self) -> String {
        match self {
            Self::HostNotFound { host } => format!("Cannot find the host {host}"),
            Self::Refused { host, cause } if cause.is_empty() => format!("Cannot connect to {host}"),
            Self::Refused { host, cause } => format!("Cannot connect to {host}: {cause}"),
            Self::ConnectTimeout { host } => format!("Cannot connect to {host}: no response in time"),
            Self::ProxyRefused { host } => format!("The proxy did not allow a connection to {host}"),
        }
    }
}

/// A clock time, with its day where that is not today.
fn clock(at: Timestamp, now: Timestamp) -> String {
    let day = |at: Timestamp| jiff::tz::TimeZone::UTC.to_datetime(at).date();
    let form = if day(at) == day(now) { "%H:%M UTC" } else { "%H:%M UTC on %a %-d %b" };
    at.strftime(form).to_string()
}

#[cfg(test)]
#[path = "error_tests.rs"]
mod tests;
