//! What can be made to go wrong, and for which requests.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Answer, RESTORES, RecordedRequest, SCHEDULES};

/// One way in which the service misbehaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Answers this instead of doing anything.
    Status {
        /// The HTTP status.
        code: u16,
        /// The body as it goes out.
        body: String,
        /// Headers, such as `Retry-After` or `Location`; no content type is added.
        headers: Vec<(String, String)>,
    },
    /// Closes the connection; nothing was done.
    DropBeforeResponse,
    /// Does what was asked, then closes the connection without a response.
    CommitThenDrop,
    /// Does what was asked, then answers 500 without a body.
    CommitThen500,
    /// Does what was asked, then answers 200 without a body.
    CommitThenEmpty,
    /// Closes the connection, and does what was asked this many seconds later.
    CommitLate(u32),
    /// The lists of schedules and restores leave out what was created within the last minute.
    ListsLag,
    /// Announces the whole body and closes the connection half-way through it.
    CutBody,
    /// Does what was asked at once, and answers this many milliseconds later.
    SlowMs(u64),
    /// The list of schedules answers 400 without `service_id`.
    SchedulesNeedServiceId,
}

impl Fault {
    /// [`Fault::Status`] without headers.
    pub(crate) fn status(code: u16, body: &str) -> Self {
        Self::Status { code, body: body.to_owned(), headers: Vec::new() }
    }

    fn act_on(&self, request: &RecordedRequest, effects: &mut Effects) {
        let is_schedules = request.method == "GET" && request.path == SCHEDULES;
        let is_restores = request.method == "GET" && request.path == RESTORES;
        match self {
            Self::Status { code, body, headers } => {
                effects.instead =
                    Some(Answer { status: *code, headers: headers.clone(), body: body.clone().into_bytes() });
            }
            Self::DropBeforeResponse => effects.ending = Ending::DropBefore,
            Self::CommitThenDrop => effects.ending = Ending::DropAfter,
            Self::CutBody => effects.ending = Ending::CutBody,
            Self::CommitThen500 => effects.afterwards = Some(Answer::empty(500)),
            Self::CommitThenEmpty => effects.afterwards = Some(Answer::empty(200)),
            Self::CommitLate(secs) => {
                effects.ending = Ending::DropBefore;
                effects.commit_after_secs = Some(*secs);
            }
            Self::ListsLag => effects.lists_lag = is_schedules || is_restores,
            Self::SlowMs(delay_ms) => effects.delay += Duration::from_millis(*delay_ms),
            Self::SchedulesNeedServiceId if is_schedules && !request.query.contains("service_id=") => {
                let error = json!({"error": "bad_request", "message": "service_id is required"});
                effects.instead = Some(Answer::json(400, &json!({"code": 400, "errors": [error]})));
            }
            Self::SchedulesNeedServiceId => {}
        }
    }
}

/// A list without what was created within the last minute.
pub(super) fn without_new_rows(answer: &Answer, now: Timestamp) -> Answer {
    let mut page: Value = serde_json::from_slice(&answer.body).unwrap();
    let first_new = now - SignedDuration::from_mins(1);
    let name = ["schedules", "restores"].into_iter().find(|name| page[name].is_array());
    let Some(name) = name else { return Answer::json(200, &page) };
    let rows = page[name].as_array_mut().unwrap();
    let before = rows.len();
    rows.retain(|row| {
        let created_at = row["created_at"].as_str().and_then(|text| text.parse::<Timestamp>().ok());
        created_at.is_none_or(|created_at| created_at < first_new)
    });
    let left_out = u64::try_from(before - rows.len()).unwrap();
    let count = format!("{name}_count");
    page[&count] = json!(page[&count].as_u64().unwrap() - left_out);
    Answer::json(200, &page)
}

/// The requests a fault is for. The default is every request, for ever.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FaultScope {
    /// Ends after this many requests; `None` stays until cleared.
    times: Option<u32>,
    /// Only this method, such as `POST`.
    method: Option<String>,
    /// Only paths that begin so.
    path_prefix: Option<String>,
}

impl FaultScope {
    /// The next `times` requests.
    pub(crate) fn next(times: u32) -> Self {
        Self { times: Some(times), ..Self::default() }
    }

    /// Requests with this method.
    pub(crate) fn on_method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Requests whose path begins so.
    pub(crate) fn on_path(mut self, prefix: &str) -> Self {
        self.path_prefix = Some(prefix.to_owned());
        self
    }

    fn takes(&mut self, method: &str, path: &str) -> bool {
        let is_meant = self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path_prefix.as_deref().is_none_or(|prefix| path.starts_with(prefix));
        if !is_meant || self.times == Some(0) {
            return false;
        }
        if let Some(times) = &mut self.times {
            *times -= 1;
        }
        true
    }
}

/// What happens to the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Ending {
    #[default]
    Answer,
    /// Close without doing anything.
    DropBefore,
    /// Close after doing it.
    DropAfter,
    /// Close in the middle of the body.
    CutBody,
}

/// All that the active faults do to one request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Effects {
    /// This response instead; nothing is done.
    pub(super) instead: Option<Answer>,
    /// This response after doing it.
    pub(super) afterwards: Option<Answer>,
    pub(super) ending: Ending,
    pub(super) delay: Duration,
    /// Nothing is done now, but after this number of seconds.
    pub(super) commit_after_secs: Option<u32>,
    pub(super) lists_lag: bool,
}

/// The active faults, oldest first.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<(Fault, FaultScope)>);

impl Faults {
    pub(super) fn add(&mut self, fault: Fault, scope: FaultScope) {
        self.0.push((fault, scope));
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Puts together what happens to this request and counts it.
    pub(super) fn effects(&mut self, request: &RecordedRequest) -> Effects {
        let mut effects = Effects::default();
        for (fault, scope) in &mut self.0 {
            if scope.takes(&request.method, &request.path) {
                fault.act_on(request, &mut effects);
            }
        }
        self.0.retain(|(_, scope)| scope.times != Some(0));
        effects
    }
}

#[test]
fn a_fault_keeps_to_its_requests() {
    let mut faults = Faults::default();
    faults.add(Fault::status(503, "busy"), FaultScope::next(2).on_method("GET").on_path("/sky"));
    let mut hits =
        |method, path| faults.effects(&RecordedRequest::new(method, path, "", String::new())).instead.is_some();
    let seen = [
        hits("POST", "/skybackup"),
        hits("GET", "/provisioning"),
        hits("GET", "/skybackup"),
        hits("GET", "/skybackup"),
        hits("GET", "/skybackup"),
    ];
    assert_eq!(seen, [false, false, true, true, false]);
}

#[test]
fn faults_add_up() {
    let mut faults = Faults::default();
    faults.add(Fault::SlowMs(20), FaultScope::default());
    faults.add(Fault::SlowMs(5), FaultScope::default());
    faults.add(Fault::ListsLag, FaultScope::default());
    let request = RecordedRequest::new("GET", SCHEDULES, "", String::new());
    let effects = faults.effects(&request);
    assert_eq!(effects.delay, Duration::from_millis(25));
    assert!(effects.lists_lag);
    faults.clear();
    assert_eq!(faults.effects(&request), Effects::default());
}
