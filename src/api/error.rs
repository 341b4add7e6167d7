//! What can go wrong, in words for the person at the screen: what happened, and what to do.

use std::time::Duration;

use jiff::Timestamp;

use super::record::Operation;

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
        /// The host asked for.
        host: String,
    },
    /// No connection within the time for one.
    ConnectTimeout {
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
    /// 409 (and 412): the service is in the way of the change.
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
    /// Sent, and the connection broke before a whole answer came.
    Lost,
    /// Sent, and no whole answer within the time for one attempt.
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
    /// An answer that is not from the service: a proxy's or a sign-in page.
    NotJson {
        /// The host asked for.
        host: String,
        /// `Content-Type` of the answer; empty where it had none.
        content_type: String,
    },
    /// JSON that is cut short or of an unknown shape.
    Unreadable,
    /// A list that was read only in part, where a part is not enough.
    BrokeOff {
        /// What stopped it, in a sentence.
        why: String,
    },
    /// An answer that is no text.
    NotUtf8 {
        /// The offset of the first byte that belongs to no character, counted from 0.
        at: usize,
    },
    /// An answer beyond the size this app accepts.
    TooLarge,
    /// Stopped on the user's wish.
    Cancelled,
    /// The person stopped the change before it was sent.
    Withdrawn,
    /// The note by which the change would be found again could not be written, so it was not sent.
    NotNoted {
        /// What the system said.
        reason: String,
    },
    /// The client could not be set up on this computer.
    Setup,
    /// A fault of this app.
    Internal,
}

/// A failed operation. `Display` is [`ApiError::sentence`]; neither ever holds the key.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct ApiError {
    /// What kind of failure.
    pub kind: ErrorKind,
    /// What was being done.
    pub operation: Operation,
    /// The HTTP status, where an answer came.
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
}

impl ApiError {
    /// A failure with nothing known but its kind.
    #[must_use]
    pub fn new(kind: ErrorKind, operation: Operation) -> Self {
        Self { kind, operation, status: None, message: None, trace_id: None, attempts: 0, resend_after: None }
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
            ErrorKind::NotSent(NotSent::HostNotFound { host }) => format!("Cannot find the host {host}"),
            ErrorKind::NotSent(NotSent::Refused { host }) => format!("Cannot connect to {host}"),
            ErrorKind::NotSent(NotSent::ConnectTimeout { host }) => {
                format!("{host} did not accept a connection in time")
            }
            ErrorKind::ReadOnly => "This profile is read only, so nothing was sent".to_owned(),
            ErrorKind::KeyRefused => "The API key was refused".to_owned(),
            ErrorKind::Forbidden => "This key has no right to do this".to_owned(),
            ErrorKind::NotFound => self.not_found().to_owned(),
            ErrorKind::Conflict => self.conflict().to_owned(),
            ErrorKind::Rejected => "SkySQL did not accept the request".to_owned(),
            ErrorKind::TooManyRequests { retry_at: None } => "SkySQL asks for fewer requests".to_owned(),
            ErrorKind::TooManyRequests { retry_at: Some(at) } => {
                format!("SkySQL asks for fewer requests and to wait until {}", minute(*at))
            }
            ErrorKind::Server { retry_at } => self.server(*retry_at),
            ErrorKind::Lost => "The connection broke before the answer was complete".to_owned(),
            ErrorKind::TimedOut => "No complete answer came in time".to_owned(),
            ErrorKind::Certificate { host, reason } => format!("The secure connection to {host} failed: {reason}"),
            ErrorKind::Redirected { host } if host.is_empty() => {
                "The service pointed to another address, which was not followed".to_owned()
            }
            ErrorKind::Redirected { host } => format!("The service pointed to {host}, which was not followed"),
            ErrorKind::NotJson { host, content_type } if content_type.is_empty() => {
                format!("A proxy or sign-in page answered in place of {host}")
            }
            ErrorKind::NotJson { host, content_type } => {
                format!("A proxy or sign-in page ({content_type}) answered in place of {host}")
            }
            ErrorKind::Unreadable => "The answer was incomplete or not in a known form".to_owned(),
            ErrorKind::BrokeOff { why } => why.clone(),
            ErrorKind::NotUtf8 { at } => format!("The answer is broken: it is not UTF-8 text from its byte {at} on"),
            ErrorKind::TooLarge => "The answer was larger than this app accepts".to_owned(),
            ErrorKind::Cancelled => format!("{} was cancelled", self.operation.name()),
            ErrorKind::Withdrawn => "The change was not sent".to_owned(),
            ErrorKind::NotNoted { reason } => format!("The change was not sent. {reason}"),
            ErrorKind::Setup => "The connection could not be set up on this computer".to_owned(),
            ErrorKind::Internal => format!("{} failed inside this app", self.operation.name()),
        }
    }

    /// What to do now, in one sentence without a full stop.
    #[must_use]
    pub fn advice(&self) -> String {
        if self.outcome_unknown() {
            return "It is not known whether the change was made. Read the list again before sending it once more"
                .to_owned();
        }
        match &self.kind {
            ErrorKind::NotSent(NotSent::HostNotFound { .. }) => {
                "Check the network connection and the API address. Nothing was sent"
            }
            ErrorKind::NotSent(_) => "Check the network connection, then try again. Nothing was sent",
            ErrorKind::ReadOnly => "Choose \"Edit profile…\" to allow changes",
            ErrorKind::KeyRefused => "Enter a key that is valid, under Profiles. The stored key was not removed",
            ErrorKind::Forbidden => "Ask the owner of the SkySQL organization for the role this needs",
            ErrorKind::NotFound => match self.operation {
                Operation::GetSchedule | Operation::UpdateSchedule | Operation::DeleteSchedule => {
                    "Refresh the schedules: it may have been deleted elsewhere"
                }
                _ => "Check the API address",
            },
            ErrorKind::Conflict => match self.operation {
                Operation::DeleteSchedule => "Wait until its backup has finished, then try again",
                _ => "Refresh to see the present state, then try again",
            },
            ErrorKind::Rejected => "Correct what the message names, then send it again",
            ErrorKind::TooManyRequests { retry_at: Some(_) } | ErrorKind::Server { retry_at: Some(_) } => {
                "Try again at that time"
            }
            ErrorKind::TooManyRequests { .. } | ErrorKind::Server { .. } | ErrorKind::TimedOut => "Try again in a minute",
            ErrorKind::Lost
            | ErrorKind::Unreadable
            | ErrorKind::BrokeOff { .. }
            | ErrorKind::NotUtf8 { .. }
            | ErrorKind::Cancelled => "Try again",
            ErrorKind::Certificate { .. } => {
                "Check the clock of this computer and the API address. In a company network, its certificate may have to be installed. The key was not sent"
            }
            ErrorKind::Redirected { .. } => "Check the API address: the key is sent only to the address of the profile",
            ErrorKind::NotJson { .. } => "Sign in to the network or proxy with a browser, then try again",
            ErrorKind::TooLarge => "Narrow the list, for example to one service",
            ErrorKind::Withdrawn => "It was stopped before it went out. Send it again if you still want it",
            ErrorKind::NotNoted { .. } => {
                "SkyBackup notes each change before it is sent, to find out what became of it if the answer is lost. See that there is room in that folder and that you may write there, then send it again"
            }
            ErrorKind::Setup => "Check the API address and the key, then start the app again",
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
            | ErrorKind::Unreadable
            | ErrorKind::NotUtf8 { .. }
            | ErrorKind::TooLarge
            | ErrorKind::Cancelled => true,
            ErrorKind::NotJson { .. } => self.status.is_some_and(|status| (200..300).contains(&status)),
            ErrorKind::Server { .. } => !matches!(self.status, Some(501 | 505)),
            // A failure inside the app before the first attempt sent nothing.
            ErrorKind::Internal => self.attempts > 0,
            _ => false,
        }
    }

    fn not_found(&self) -> &'static str {
        match self.operation {
            Operation::GetSchedule | Operation::UpdateSchedule | Operation::DeleteSchedule => {
                "SkySQL no longer has this schedule"
            }
            _ => "There is no backup service at this address",
        }
    }

    fn conflict(&self) -> &'static str {
        match self.operation {
            Operation::DeleteSchedule => "SkySQL cannot delete this schedule now",
            _ => "SkySQL cannot make this change now",
        }
    }

    fn server(&self, retry_at: Option<Timestamp>) -> String {
        let what = match self.status {
            Some(503) => "SkySQL is not available now (503)".to_owned(),
            Some(status) => format!("SkySQL reports a fault of its own ({status})"),
            None => "SkySQL reports a fault of its own".to_owned(),
        };
        match retry_at {
            Some(at) => format!("{what} and asks to wait until {}", minute(at)),
            None => what,
        }
    }
}

/// With the day: the sentence may be read on the next.
fn minute(at: Timestamp) -> String {
    at.strftime("%-d %b %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds() -> Vec<ErrorKind> {
        let host = || "api.skysql.com".to_owned();
        let at: Option<Timestamp> = Some("2026-09-14T02:11:42Z".parse().unwrap());
        vec![
            ErrorKind::NotSent(NotSent::HostNotFound { host: host() }),
            ErrorKind::NotSent(NotSent::Refused { host: host() }),
            ErrorKind::NotSent(NotSent::ConnectTimeout { host: host() }),
            ErrorKind::ReadOnly,
            ErrorKind::KeyRefused,
            ErrorKind::Forbidden,
            ErrorKind::NotFound,
            ErrorKind::Conflict,
            ErrorKind::Rejected,
            ErrorKind::TooManyRequests { retry_at: None },
            ErrorKind::TooManyRequests { retry_at: at },
            ErrorKind::Server { retry_at: None },
            ErrorKind::Server { retry_at: at },
            ErrorKind::Lost,
            ErrorKind::TimedOut,
            ErrorKind::Certificate { host: host(), reason: "it has expired".to_owned() },
            ErrorKind::Redirected { host: host() },
            ErrorKind::Redirected { host: String::new() },
            ErrorKind::NotJson { host: host(), content_type: "text/html".to_owned() },
            ErrorKind::NotJson { host: host(), content_type: String::new() },
            ErrorKind::Unreadable,
            ErrorKind::BrokeOff { why: "Page 2 could not be read".to_owned() },
            ErrorKind::NotUtf8 { at: 17 },
            ErrorKind::TooLarge,
            ErrorKind::Cancelled,
            ErrorKind::Withdrawn,
            ErrorKind::NotNoted { reason: "The disk is full".to_owned() },
            ErrorKind::Setup,
            ErrorKind::Internal,
        ]
    }

    #[test]
    fn each_kind_says_what_happened_in_words_of_its_own() {
        for operation in Operation::ALL {
            let mut sentences: Vec<String> =
                kinds().into_iter().map(|kind| ApiError::new(kind, operation).sentence()).collect();
            for text in &sentences {
                assert!(!text.is_empty() && !text.ends_with('.') && !text.contains('{'), "{text}");
            }
            sentences.sort();
            sentences.dedup();
            assert_eq!(sentences.len(), kinds().len(), "{operation:?}");
            for kind in kinds() {
                let advice = ApiError::new(kind, operation).advice();
                assert!(!advice.is_empty() && !advice.ends_with('.'), "{advice}");
            }
        }
    }

    #[test]
    fn only_a_change_that_may_have_arrived_is_of_unknown_outcome() {
        let unknown = |operation| {
            let errors = kinds().into_iter().map(|kind| ApiError { attempts: 1, ..ApiError::new(kind, operation) });
            errors.filter(ApiError::outcome_unknown).map(|error| error.kind).collect::<Vec<_>>()
        };
        assert_eq!(unknown(Operation::ListBackups), []);
        let retry_at = Some("2026-09-14T02:11:42Z".parse().unwrap());
        let want = [
            ErrorKind::Server { retry_at: None },
            ErrorKind::Server { retry_at },
            ErrorKind::Lost,
            ErrorKind::TimedOut,
            ErrorKind::Unreadable,
            ErrorKind::NotUtf8 { at: 17 },
            ErrorKind::TooLarge,
            ErrorKind::Cancelled,
            ErrorKind::Internal,
        ];
        assert_eq!(unknown(Operation::CreateSchedule), want);
    }
}
