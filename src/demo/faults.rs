//! What can be made to go wrong, and for which requests.

use super::response::DemoResponse;

/// One way in which the service misbehaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
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
    DropBeforeAnswer,
    /// Does what was asked, then closes the connection without an answer.
    CommitThenDrop,
    /// Does what was asked, then answers 500 without a body.
    CommitThen500,
    /// Does what was asked, then answers 200 without a body.
    CommitThenEmpty,
    /// Closes the connection, and does what was asked this many seconds later.
    CommitLate(u32),
    /// The list of schedules leaves out what was created within the last minute.
    ListsLag,
    /// Announces the whole body and closes the connection half-way through it.
    CutBody,
    /// Does what was asked at once, and answers this many milliseconds later.
    SlowMs(u64),
    /// A sign-in page with status 200, as a proxy in between would send.
    Html200,
    /// The list of schedules answers 400 without `service_id`.
    SchedulesNeedServiceId,
    /// `GET /skybackup/v1/backups/{service_id}` answers in this shape.
    ServiceRouteShape(ServiceShape),
    /// Every page is the first page.
    RepeatPages,
    /// Each page begins with the last row of the page before.
    OverlapPages,
    /// `pages_count` says this.
    WrongPagesCount(usize),
    /// Lists are bare arrays, without counts.
    BareArray,
    /// Every connection is closed as soon as it is made or used.
    Offline,
}

impl Fault {
    /// [`Fault::Status`] without headers.
    #[must_use]
    pub fn status(code: u16, body: &str) -> Self {
        Self::Status { code, body: body.to_owned(), headers: Vec::new() }
    }
}

/// The shapes in which the backups of one service may come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ServiceShape {
    /// A page object, with everything on one page.
    #[default]
    Page,
    /// A bare array.
    Array,
    /// One backup, the newest.
    Object,
    /// `null`.
    Null,
    /// 404.
    NotFound,
}

/// The requests a fault is for. The default is every request, for ever.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaultScope {
    /// Leaves this many matching requests alone first.
    pub skip: u32,
    /// Ends after this many requests; `None` stays until cleared.
    pub times: Option<u32>,
    /// Only this method, such as `POST`.
    pub method: Option<String>,
    /// Only paths that begin so.
    pub path_prefix: Option<String>,
}

impl FaultScope {
    /// The next `times` requests.
    #[must_use]
    pub fn next(times: u32) -> Self {
        Self { times: Some(times), ..Self::default() }
    }

    /// Requests with this method.
    #[must_use]
    pub fn on_method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Requests whose path begins so.
    #[must_use]
    pub fn on_path(mut self, prefix: &str) -> Self {
        self.path_prefix = Some(prefix.to_owned());
        self
    }

    /// Leaves the first `skip` matching requests alone.
    #[must_use]
    pub fn after(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    fn takes(&mut self, method: &str, path: &str) -> bool {
        let is_meant = self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path_prefix.as_deref().is_none_or(|prefix| path.starts_with(prefix));
        if !is_meant || self.times == Some(0) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
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
    DemoResponse,
    /// Close without doing anything.
    DropBefore,
    /// Close after doing it.
    DropAfter,
    /// Close in the middle of the body.
    CutBody,
}

/// How pages are mixed up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum PageTrick {
    #[default]
    None,
    Repeat,
    Overlap,
}

/// How the answers of the routes differ from the usual.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FaultyStream {
    pub(super) needs_service_id: bool,
    pub(super) is_bare_array: bool,
    pub(super) page_trick: PageTrick,
    pub(super) pages_count: Option<usize>,
    pub(super) service_shape: ServiceShape,
    pub(super) lists_lag: bool,
}

/// All that the active faults do to one request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Effects {
    /// This answer instead; nothing is done.
    pub(super) instead: Option<DemoResponse>,
    /// This answer after doing it.
    pub(super) afterwards: Option<DemoResponse>,
    pub(super) ending: Ending,
    pub(super) delay_ms: u64,
    /// Nothing is done now, but after this number of seconds.
    pub(super) commit_after_secs: Option<u32>,
    pub(super) wire: FaultyStream,
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

    /// Whether new connections are closed at once. Counts as one request of the fault.
    pub(super) fn refuses_connection(&mut self) -> bool {
        self.0.iter_mut().any(|(fault, scope)| {
            *fault == Fault::Offline && scope.path_prefix.is_none() && scope.method.is_none() && scope.takes("", "")
        })
    }

    /// Puts together what happens to this request and counts it.
    pub(super) fn effects(&mut self, method: &str, path: &str) -> Effects {
        let mut effects = Effects::default();
        for (fault, scope) in &mut self.0 {
            if scope.takes(method, path) {
                fault.act_on(&mut effects);
            }
        }
        self.0.retain(|(_, scope)| scope.times != Some(0));
        effects
    }
}

impl Fault {
    fn act_on(&self, effects: &mut Effects) {
        let wire = &mut effects.wire;
        match self {
            Self::Status { code, body, headers } => {
                effects.instead =
                    Some(DemoResponse { status: *code, headers: headers.clone(), body: body.clone().into_bytes() });
            }
            Self::Html200 => {
                let page =
                    "<!doctype html><html><head><title>Sign in</title></head><body>Sign in to continue</body></html>";
                effects.instead = Some(
                    DemoResponse { status: 200, headers: Vec::new(), body: page.as_bytes().to_vec() }
                        .with_header("content-type", "text/html; charset=utf-8"),
                );
            }
            Self::DropBeforeAnswer | Self::Offline => effects.ending = Ending::DropBefore,
            Self::CommitThenDrop => effects.ending = Ending::DropAfter,
            Self::CutBody => effects.ending = Ending::CutBody,
            Self::CommitThen500 => effects.afterwards = Some(DemoResponse::empty(500)),
            Self::CommitThenEmpty => effects.afterwards = Some(DemoResponse::empty(200)),
            Self::CommitLate(secs) => {
                effects.ending = Ending::DropBefore;
                effects.commit_after_secs = Some(*secs);
            }
            Self::ListsLag => wire.lists_lag = true,
            Self::SlowMs(delay_ms) => effects.delay_ms += delay_ms,
            Self::SchedulesNeedServiceId => wire.needs_service_id = true,
            Self::ServiceRouteShape(shape) => wire.service_shape = *shape,
            Self::RepeatPages => wire.page_trick = PageTrick::Repeat,
            Self::OverlapPages => wire.page_trick = PageTrick::Overlap,
            Self::WrongPagesCount(count) => wire.pages_count = Some(*count),
            Self::BareArray => wire.is_bare_array = true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_keeps_to_its_requests() {
        let mut faults = Faults::default();
        faults.add(Fault::status(503, "busy"), FaultScope::next(2).on_method("GET").on_path("/sky").after(1));
        let mut hits = |method, path| faults.effects(method, path).instead.is_some();
        let seen = [
            hits("POST", "/skybackup"),
            hits("GET", "/provisioning"),
            hits("GET", "/skybackup"),
            hits("GET", "/skybackup"),
            hits("GET", "/skybackup"),
            hits("GET", "/skybackup"),
        ];
        assert_eq!(seen, [false, false, false, true, true, false]);
    }

    #[test]
    fn faults_add_up() {
        let mut faults = Faults::default();
        faults.add(Fault::SlowMs(20), FaultScope::default());
        faults.add(Fault::SlowMs(5), FaultScope::default());
        faults.add(Fault::BareArray, FaultScope::default());
        let effects = faults.effects("GET", "/");
        assert_eq!(effects.delay_ms, 25);
        assert!(effects.wire.is_bare_array);
        faults.clear();
        assert_eq!(faults.effects("GET", "/"), Effects::default());
    }
}
