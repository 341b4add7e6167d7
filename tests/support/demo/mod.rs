//! The demo service as tests need it: it misbehaves when told so, records every request, and has a clock that can be moved.
//!
//! The service itself is the router of the application, called in this process; what stands before it is here.

mod faults;
mod server;

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::handler::Handler as _;
use axum::http::header::DATE;
use axum::response::Response;
use axum::routing::any_service;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use skybackup::api::Clock;
use tokio::task::AbortHandle;

use faults::{Ending, Faults};
pub(crate) use faults::{Fault, FaultScope};
use server::{Cut, Switch};

use super::story::clock_from;

const KEY: &str = "skysql.demo.0123456789abcdef0123456789abcdef";
const BACKUPS: &str = "/skybackup/v1/backups";
const SCHEDULES: &str = "/skybackup/v1/backups/schedules";
const RESTORES: &str = "/skybackup/v1/restores";

/// A running service with faults. Dropping it closes the listener at once and a connection at its next use.
pub(crate) struct Demo {
    pub(crate) url: String,
    pub(crate) key: String,
    pub(crate) world: World,
    server: AbortHandle,
}

impl Demo {
    /// Starts a service with that many backups, 0 for the default world, whose clock shows `now` and goes on from there.
    pub(crate) async fn start_at(backups: usize, now: Timestamp) -> Self {
        let state = Arc::new(Mutex::new(WorldState::new(now)));
        let clock = Arc::clone(&state);
        let service = skybackup::demo::router(backups, KEY, move || locked(&clock).now());
        let world = World { service, state };
        let (port, server) = server::start(world.clone()).await.unwrap();
        Self { url: format!("http://127.0.0.1:{port}"), key: KEY.to_owned(), world, server }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.world.state().is_stopped = true;
        self.server.abort();
    }
}

/// A handle on the world of a running [`Demo`]; every clone is a handle on the same world.
#[derive(Clone)]
pub(crate) struct World {
    service: Router,
    state: Arc<Mutex<WorldState>>,
}

/// What is before the service: its clock, its faults, and the record of requests.
struct WorldState {
    clock: Clock,
    shift: SignedDuration,
    requests: Vec<RecordedRequest>,
    faults: Faults,
    /// Requests that are done later, and when.
    late: Vec<(Timestamp, RecordedRequest)>,
    is_stopped: bool,
}

impl WorldState {
    fn new(now: Timestamp) -> Self {
        Self {
            clock: clock_from(now),
            shift: SignedDuration::ZERO,
            requests: Vec::new(),
            faults: Faults::default(),
            late: Vec::new(),
            is_stopped: false,
        }
    }

    fn now(&self) -> Timestamp {
        (self.clock)() + self.shift
    }
}

/// A request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct RecordedRequest {
    /// The method, in capitals.
    pub(crate) method: String,
    /// The path, still percent-encoded.
    pub(crate) path: String,
    /// What followed the question mark; empty without one.
    pub(crate) query: String,
    /// The raw body.
    pub(crate) body: String,
    /// Names in lower case, and values, in the order in which they came.
    pub(crate) headers: Vec<(String, String)>,
}

impl RecordedRequest {
    /// A request that a test makes itself.
    fn new(method: &str, path: &str, query: &str, body: String) -> Self {
        let headers =
            [("host", "localhost"), ("x-api-key", KEY)].map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            body,
            headers: headers.to_vec(),
        }
    }

    async fn read(request: Request) -> Self {
        let (head, body) = request.into_parts();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let headers = head.headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes())));
        Self {
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            body: text(&to_bytes(body, usize::MAX).await.unwrap_or_default()),
            headers: headers.collect(),
        }
    }

    /// The value of the first header with this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn to_http(&self) -> Request {
        let request = Request::builder().method(self.method.as_str()).uri(format!("{}?{}", self.path, self.query));
        let headers = self.headers.iter();
        headers
            .fold(request, |request, (name, value)| request.header(name, value))
            .body(Body::from(self.body.clone()))
            .unwrap()
    }
}

/// A response, before it goes out.
#[derive(Clone, Debug, PartialEq)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Self { status, headers, body: body.to_string().into_bytes() }
    }

    fn into_http(self, now: Timestamp) -> Response {
        let response = Response::builder().status(self.status);
        let mut response = self
            .headers
            .into_iter()
            .fold(response, |response, (name, value)| response.header(name, value))
            .body(Body::from(self.body))
            .unwrap();
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        response.headers_mut().insert(DATE, date.parse().unwrap());
        response
    }
}

impl World {
    /// Every request since the start, oldest first.
    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.clone()
    }

    /// Forgets the requests so far.
    pub(crate) fn forget_requests(&self) {
        self.state().requests.clear();
    }

    /// How many schedules the list has now.
    pub(crate) fn schedule_count(&self) -> usize {
        self.count(SCHEDULES, "schedules_count")
    }

    /// How many restores the list has now.
    pub(crate) fn restore_count(&self) -> usize {
        self.count(RESTORES, "restores_count")
    }

    /// How many backups the list has now.
    pub(crate) fn backup_count(&self) -> usize {
        self.count(BACKUPS, "backups_count")
    }

    fn count(&self, path: &str, field: &str) -> usize {
        let page = self.answer(&RecordedRequest::new("GET", path, "page_size=1", String::new())).body;
        let page: Value = serde_json::from_slice(&page).unwrap();
        usize::try_from(page[field].as_u64().unwrap()).unwrap()
    }

    /// Somebody else gives a schedule another cadence. What does not exist or is no expression changes nothing.
    pub(crate) fn change_schedule(&self, id: &str, recurrence: &str) {
        let body = format!("{{\"schedule\":\"{recurrence}\"}}");
        self.answer(&RecordedRequest::new("PATCH", &format!("{SCHEDULES}/{id}"), "", body));
    }

    /// Makes every request misbehave in this way, until cleared. Faults add up.
    pub(crate) fn set_fault(&self, fault: Fault) {
        self.set_fault_for(fault, FaultScope::default());
    }

    /// Makes the requests of this scope misbehave. Faults add up.
    pub(crate) fn set_fault_for(&self, fault: Fault, scope: FaultScope) {
        self.state().faults.add(fault, scope);
    }

    /// Ends every fault.
    pub(crate) fn clear_faults(&self) {
        self.state().faults.clear();
    }

    /// Moves the clock of the service forward. What falls due happens at the next request.
    pub(crate) fn advance(&self, secs: u32) {
        self.state().shift += SignedDuration::from_secs(i64::from(secs));
    }

    /// The time of the service.
    pub(crate) fn now(&self) -> Timestamp {
        self.state().now()
    }

    fn state(&self) -> MutexGuard<'_, WorldState> {
        locked(&self.state)
    }

    fn is_stopped(&self) -> bool {
        self.state().is_stopped
    }

    /// The response of the service, after the requests that were to be done late and are due.
    fn answer(&self, request: &RecordedRequest) -> Answer {
        let due: Vec<RecordedRequest> = {
            let mut state = self.state();
            let now = state.now();
            state.late.extract_if(.., |(due, _)| *due <= now).map(|(_, request)| request).collect()
        };
        for late in due {
            // Nobody is there to read the response any more.
            let _unread = self.call(&late);
        }
        self.call(request)
    }

    fn call(&self, request: &RecordedRequest) -> Answer {
        let (head, body) = at_once(any_service(self.service.clone()).call(request.to_http(), ())).into_parts();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let headers = head.headers.iter().filter(|(name, _)| **name != DATE);
        Answer {
            status: head.status.as_u16(),
            headers: headers.map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect(),
            body: at_once(to_bytes(body, usize::MAX)).unwrap().to_vec(),
        }
    }

    /// Lets the faults have their way with a request, answers it and records it.
    async fn handle(self, switch: Switch, request: RecordedRequest) -> Response {
        let effects = {
            let mut state = self.state();
            let mut effects = state.faults.effects(&request);
            if state.is_stopped {
                effects.ending = Ending::DropBefore;
            }
            if let Some(secs) = effects.commit_after_secs {
                let due = state.now() + SignedDuration::from_secs(i64::from(secs));
                state.late.push((due, request.clone()));
            }
            effects
        };
        let answer = match (effects.ending, effects.instead) {
            (Ending::DropBefore, _) => Answer::empty(503),
            (_, Some(instead)) => instead,
            (_, None) => {
                let answer = self.answer(&request);
                effects.afterwards.unwrap_or(answer)
            }
        };
        let answer = if effects.lists_lag { faults::without_new_rows(&answer, self.now()) } else { answer };
        self.state().requests.push(request);
        if effects.delay > Duration::ZERO {
            tokio::time::sleep(effects.delay).await;
        }
        match effects.ending {
            Ending::Answer => {}
            Ending::DropBefore | Ending::DropAfter => switch.set(Cut::Now),
            Ending::CutBody => switch.set(Cut::InBody(answer.body.len() / 2)),
        }
        answer.into_http(self.now())
    }
}

async fn handle(State(world): State<World>, ConnectInfo(switch): ConnectInfo<Switch>, request: Request) -> Response {
    world.handle(switch, RecordedRequest::read(request).await).await
}

fn locked(state: &Mutex<WorldState>) -> MutexGuard<'_, WorldState> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a future that never waits becomes: the service is in this process and in memory.
fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the service waits for something"),
    }
}
