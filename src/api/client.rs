//! The client: one address, one key, every operation.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::Method;
use serde::de::IgnoredAny;

use super::access::Access;
use super::call::Caller;
use super::decode::{DecodeError, decode_schedule, without_bom};
use super::error::{ApiError, ErrorKind};
use super::fetcher::list_of;
use super::listing::{OnProgress, light_refresh, list, list_pages, list_services};
use super::paging::{Limits, Listing, Paginator, ResumePoint};
use super::record::{Observer, Operation};
use super::refresh::{Baseline, LightListing};
use super::request::{CredentialsText, Request, SCHEDULE, SCHEDULES};
use super::retry::ClientLimits;
use super::schedules::list_by_service;
use super::transport::ApiResponse;
use super::wire::ApiRecord;
use crate::domain::{ApiUrl, Backup, BackupType, Schedule, ScheduleId, Service, ServiceId};
use crate::draft::{NewSchedule, SchedulePatch};
use crate::rows::{Record, Rows};
use crate::secrets::{ApiKey, KnownSecrets};

const BACKUPS: &str = "/skybackup/v1/backups";
const VERSIONS: &str = "/provisioning/v1/versions";

/// `order`: by which key is not documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `asc`
    Ascending,
    /// `desc`
    Descending,
}

impl Order {
    fn as_api_str(self) -> &'static str {
        match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
        }
    }
}

/// What to list of one kind of record.
pub trait ListQuery: Sync {
    /// What the list holds.
    type Record: ApiRecord;
    /// What the listing is.
    const OPERATION: Operation;
    /// Its path.
    const PATH: &'static str;

    /// The parameters but for those of paging; one without a value is left out.
    fn parameters(&self) -> [(&'static str, Option<&str>); 3];
}

/// What to list of the backups; everything by default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupQuery {
    /// `service_id`: of one service only.
    pub service_id: Option<ServiceId>,
    /// `status`: of one status only, in the exact word of the API.
    pub status: Option<String>,
    /// `order`.
    pub order: Option<Order>,
    /// `page_size`: rows asked for at once; always sent.
    pub page_size: u32,
}

impl Default for BackupQuery {
    fn default() -> Self {
        Self { service_id: None, status: None, order: None, page_size: 100 }
    }
}

impl ListQuery for BackupQuery {
    type Record = Backup;
    const OPERATION: Operation = Operation::ListBackups;
    const PATH: &'static str = BACKUPS;

    fn parameters(&self) -> [(&'static str, Option<&str>); 3] {
        [
            ("service_id", self.service_id.as_ref().map(ServiceId::as_str)),
            ("status", self.status.as_deref()),
            ("order", self.order.map(Order::as_api_str)),
        ]
    }
}

/// What to list of the schedules; everything by default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleQuery {
    /// `service_id`: of one service only.
    pub service_id: Option<ServiceId>,
    /// `type`: of one backup type only; the service may not know every type here.
    pub backup_type: Option<BackupType>,
    /// `order`.
    pub order: Option<Order>,
    /// `page_size`: rows asked for at once; always sent.
    pub page_size: u32,
}

impl Default for ScheduleQuery {
    fn default() -> Self {
        Self { service_id: None, backup_type: None, order: None, page_size: 100 }
    }
}

impl ListQuery for ScheduleQuery {
    type Record = Schedule;
    const OPERATION: Operation = Operation::ListSchedules;
    const PATH: &'static str = SCHEDULES;

    fn parameters(&self) -> [(&'static str, Option<&str>); 3] {
        [
            ("service_id", self.service_id.as_ref().map(ServiceId::as_str)),
            ("type", self.backup_type.as_ref().map(BackupType::as_api_str)),
            ("order", self.order.map(Order::as_api_str)),
        ]
    }
}

fn list_request<Q: ListQuery>(query: &Q) -> Request {
    let request = Request::list(Q::OPERATION, Q::PATH);
    query.parameters().into_iter().fold(request, |request, (name, value)| request.with_optional(name, value))
}

/// Which time a change is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// For the first time.
    First,
    /// Once more, after a read has shown that the first time changed nothing ([`ApiError::resend_after`]).
    Resend,
}

impl Attempt {
    fn attempts_before(self) -> u32 {
        match self {
            Self::First => 0,
            Self::Resend => 1,
        }
    }
}

/// How a schedule came to be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// By this call.
    Deleted,
    /// It was gone before: the service responded 404.
    AlreadyGone,
}

/// A list that was refreshed.
#[derive(Clone, Debug, PartialEq)]
pub enum Refreshed<R: Record> {
    /// By some of its pages.
    Light(LightListing<R>),
    /// By all of them, because some could not tell.
    Whole(Listing<R>),
}

/// A client for one address and one key. Cheap to clone; all clones share connections, pauses and limits.
#[derive(Clone)]
pub struct Client {
    caller: Arc<Caller>,
    /// True once the service has refused to list schedules of all services at once.
    schedules_by_service: Arc<AtomicBool>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

impl Client {
    /// A client for this address and key with this access; `secrets` learns of it, and `observer` of every attempt. Fails with
    /// [`ErrorKind::Setup`] where this computer cannot make secure connections, or no header can hold the key.
    pub fn new(
        url: ApiUrl,
        key: Arc<ApiKey>,
        access: Access,
        secrets: KnownSecrets,
        observer: Observer,
        pacing: ClientLimits,
    ) -> Result<Self, ApiError> {
        let caller =
            Caller::new(url, key, secrets, observer, pacing).map_err(|kind| ApiError::new(kind, Operation::Probe))?;
        caller.transport.gate.set(access);
        Ok(Self { caller: Arc::new(caller), schedules_by_service: Arc::default() })
    }

    /// Allows or forbids changes from now on, for all clones and also for what is under way. A change that is already on its
    /// way cannot be called back.
    pub fn set_access(&self, access: Access) {
        self.caller.transport.gate.set(access);
    }

    /// Tries address and key with two small reads: the versions list, which proves the key, then one backup, which proves the right to
    /// see backups. An address where neither exists is [`ErrorKind::NotFound`].
    pub async fn probe(&self) -> Result<(), ApiError> {
        let any_json = |response: &ApiResponse| {
            let body = without_bom(&response.body);
            let is_json = body.is_empty() || serde_json::from_slice::<IgnoredAny>(body).is_ok();
            is_json.then_some(()).ok_or(DecodeError::Shape)
        };
        let versions = Request::list(Operation::Probe, VERSIONS).with_query("page_size", "1");
        let versions = self.caller.call(&versions, any_json).await;
        let proved = match versions {
            Ok(()) => true,
            Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Forbidden) => false,
            Err(error) => return Err(error),
        };
        let backups = Request::list(Operation::Probe, BACKUPS).with_query("page", "1").with_query("page_size", "1");
        match self.caller.call(&backups, |response| list_of::<Backup>(response).map(drop)).await {
            Err(error) if error.kind == ErrorKind::NotFound && proved => Ok(()),
            other => other,
        }
    }

    /// Lists backups, page by page. `on_progress` gets all rows so far after each page. A failure after the first page gives a
    /// partial listing, unless the key was refused.
    pub async fn list_backups(
        &self,
        query: &BackupQuery,
        on_progress: OnProgress<'_, Backup>,
    ) -> Result<Listing<Backup>, ApiError> {
        list(&self.caller, &list_request(query), query.page_size, &self.limits(), on_progress).await
    }

    /// Refreshes a list of backups by as few of its pages as show what changed, or where these cannot, by all of them. The query has to be
    /// that of the listing which left this baseline. A failure leaves the list as it was known.
    pub async fn refresh_backups(
        &self,
        query: &BackupQuery,
        baseline: &Baseline,
        on_progress: OnProgress<'_, Backup>,
    ) -> Result<Refreshed<Backup>, ApiError> {
        let request = Request { operation: Operation::RefreshBackups, ..list_request(query) };
        match light_refresh(&self.caller, &request, baseline).await? {
            Some(light) => Ok(Refreshed::Light(light)),
            None => self.list_backups(query, on_progress).await.map(Refreshed::Whole),
        }
    }

    /// Lists schedules: of the whole organization at once, or, where the service refuses that with 400, of each of `services`.
    /// Which of the two works is remembered.
    pub async fn list_schedules(
        &self,
        query: &ScheduleQuery,
        services: &[ServiceId],
        on_progress: OnProgress<'_, Schedule>,
    ) -> Result<Listing<Schedule>, ApiError> {
        let (request, limits) = (list_request(query), self.limits());
        if query.service_id.is_some() || services.is_empty() {
            return list(&self.caller, &request, query.page_size, &limits, on_progress).await;
        }
        let by_service = &self.schedules_by_service;
        if by_service.load(Ordering::Relaxed) {
            return list_by_service(&self.caller, &request, query.page_size, services, on_progress).await;
        }
        let pages = Paginator::new(query.page_size, limits);
        match list_pages(&self.caller, &request, pages, on_progress).await {
            Err(error) if error.kind == ErrorKind::Rejected => {
                let listing = list_by_service(&self.caller, &request, query.page_size, services, on_progress).await;
                if listing.is_ok() {
                    by_service.store(true, Ordering::Relaxed);
                }
                listing
            }
            other => other,
        }
    }

    /// Continues a listing that stopped after `rows`, at the page that failed. The query has to be the same.
    pub async fn resume<Q: ListQuery>(
        &self,
        query: &Q,
        rest: ResumePoint,
        rows: &Rows<Q::Record>,
        on_progress: OnProgress<'_, Q::Record>,
    ) -> Result<Listing<Q::Record>, ApiError> {
        let pages = Paginator::resumed(rest, rows, self.limits());
        list_pages(&self.caller, &list_request(query), pages, on_progress).await
    }

    /// Reads one schedule.
    pub async fn get_schedule(&self, id: &ScheduleId) -> Result<Schedule, ApiError> {
        let request = single(Operation::GetSchedule, Method::GET, SCHEDULE, id.as_str())?;
        self.caller.call(&request, |response| self.read_schedule(response)).await
    }

    /// Creates a schedule, or with `once` starts a backup. Sent once; where [`ApiError::outcome_unknown`] is true, only reading the list
    /// tells whether it was made.
    pub async fn create_schedule(&self, schedule: &NewSchedule) -> Result<Schedule, ApiError> {
        if let Some(credentials) = schedule.storage.as_ref().and_then(|storage| storage.credentials.as_ref()) {
            self.caller.transport.secrets.add_credentials(credentials);
        }
        let request = Request::create_schedule(schedule, CredentialsText::Exposed);
        self.caller.call(&request, |response| self.read_schedule(response)).await
    }

    /// Changes the given fields of a schedule and returns it as it then is. Where [`ApiError::outcome_unknown`] is true, only
    /// reading tells whether it happened.
    pub async fn update_schedule(
        &self,
        id: &ScheduleId,
        patch: &SchedulePatch,
        sending: Attempt,
    ) -> Result<Schedule, ApiError> {
        let operation = Operation::UpdateSchedule;
        let mut request = Request::update_schedule(id, patch).ok_or_else(|| without_id(operation))?;
        request.attempts_before = sending.attempts_before();
        let read = |response: &ApiResponse| {
            if response.body.is_empty() { Ok(None) } else { self.read_schedule(response).map(Some) }
        };
        match self.caller.call(&request, read).await? {
            Some(schedule) => Ok(schedule),
            // Accepted without words: what it is now has to be asked for.
            None => self.get_schedule(id).await.map_err(|error| ApiError {
                kind: ErrorKind::Unreadable,
                operation,
                resend_after: None,
                ..error
            }),
        }
    }

    /// Deletes a schedule. Where [`ApiError::outcome_unknown`] is true, only reading tells whether it happened.
    pub async fn delete_schedule(&self, id: &ScheduleId, sending: Attempt) -> Result<Deleted, ApiError> {
        let mut request = Request::delete_schedule(id).ok_or_else(|| without_id(Operation::DeleteSchedule))?;
        request.attempts_before = sending.attempts_before();
        match self.caller.call(&request, |_any_body| Ok(())).await {
            Ok(()) => Ok(Deleted::Deleted),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(Deleted::AlreadyGone),
            Err(error) => Err(error),
        }
    }

    /// Lists the services of the account, for a picker.
    pub async fn list_services(&self) -> Result<Listing<Service>, ApiError> {
        list_services(&self.caller).await
    }

    /// The same client with new connections, for when the old ones are dead: address, key, access, and the pauses that the service
    /// asked for stay. Fails as [`Client::new`].
    pub fn reconnected(&self) -> Result<Self, ApiError> {
        let caller = self.caller.reconnected().map_err(|kind| ApiError::new(kind, Operation::Probe))?;
        Ok(Self { caller: Arc::new(caller), schedules_by_service: Arc::clone(&self.schedules_by_service) })
    }

    /// Forgets that the service asked for a pause, because the user wants to ask all the same.
    pub fn clear_rate_limit(&self) {
        self.caller.clear_rate_limit();
    }

    /// The schedule in a response, without any living secret that the service may have sent back in it.
    fn read_schedule(&self, response: &ApiResponse) -> Result<Schedule, DecodeError> {
        match self.caller.masked(&response.body) {
            None => decode_schedule(&response.body),
            // Where the mask left no JSON, what is free text is dropped instead.
            Some(masked) => {
                decode_schedule(&masked).or_else(|_| decode_schedule(&response.body).map(Schedule::without_free_text))
            }
        }
    }

    fn limits(&self) -> Limits {
        Limits::of(&self.caller.pacing)
    }
}

fn single(operation: Operation, method: Method, template: &'static str, id: &str) -> Result<Request, ApiError> {
    Request::single(operation, method, template, id).ok_or_else(|| without_id(operation))
}

fn without_id(operation: Operation) -> ApiError {
    let message = Some("This row has no ID, so SkySQL cannot be asked about it".to_owned());
    ApiError { message, ..ApiError::new(ErrorKind::Internal, operation) }
}
