//! The client: one address, one key, every operation.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::Method;
use serde::de::IgnoredAny;

use super::access::Access;
use super::by_service::list_by_service;
use super::call::Caller;
use super::decode::{DecodeError, decode_single, without_bom};
use super::error::{ApiError, ErrorKind};
use super::fetcher::list_of;
use super::listing::{OnProgress, light_refresh, list, list_pages, list_services};
use super::paging::{Limits, Listing, Paginator, ResumePoint};
use super::query::{BackupQuery, ListQuery, RestoreQuery, ScheduleQuery, list_request};
use super::record::{Observer, Operation};
use super::refresh::{Baseline, LightListing};
use super::request::{BACKUPS, RESTORE, Request, SCHEDULE, SecretText};
use super::retry::ClientLimits;
use super::transport::ApiResponse;
use super::wire::ApiRecord;
use crate::domain::{
    ApiUrl, Backup, BackupId, RestorableRange, Restore, RestoreId, RestoreTarget, Schedule, ScheduleId, Service,
    ServiceId,
};
use crate::draft::{NewSchedule, RestoreRequest, RestoreSource, SchedulePatch};
use crate::rows::{Record, Rows};
use crate::secrets::{ApiKey, KnownSecrets};

const VERSIONS: &str = "/provisioning/v1/versions";
const RESTORABLE_RANGES: &str = "/skybackup/v1/restores/pointintime/lookup";

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

/// How a row came to be gone.
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
    by_service: Arc<ByService>,
}

/// True for a list once the service has refused it for all services at once.
#[derive(Default)]
struct ByService {
    schedules: AtomicBool,
    restores: AtomicBool,
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
        Ok(Self { caller: Arc::new(caller), by_service: Arc::default() })
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
        self.list_at_once(query, services, &self.by_service.schedules, on_progress).await
    }

    /// Lists restores, in the same way.
    pub async fn list_restores(
        &self,
        query: &RestoreQuery,
        services: &[ServiceId],
        on_progress: OnProgress<'_, Restore>,
    ) -> Result<Listing<Restore>, ApiError> {
        self.list_at_once(query, services, &self.by_service.restores, on_progress).await
    }

    async fn list_at_once<Q: ListQuery>(
        &self,
        query: &Q,
        services: &[ServiceId],
        by_service: &AtomicBool,
        on_progress: OnProgress<'_, Q::Record>,
    ) -> Result<Listing<Q::Record>, ApiError> {
        let (request, limits) = (list_request(query), self.limits());
        if query.service_id().is_some() || services.is_empty() {
            return list(&self.caller, &request, query.page_size(), &limits, on_progress).await;
        }
        if by_service.load(Ordering::Relaxed) {
            return list_by_service(&self.caller, query, services, on_progress).await;
        }
        let pages = Paginator::new(query.page_size(), limits);
        match list_pages(&self.caller, &request, pages, on_progress).await {
            Err(error) if error.kind == ErrorKind::Rejected => {
                let listing = list_by_service(&self.caller, query, services, on_progress).await;
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
        self.caller.call(&request, |response| self.read_single(response, Schedule::without_free_text)).await
    }

    /// Creates a schedule, or with `once` starts a backup. Sent once; where [`ApiError::outcome_unknown`] is true, only reading the list
    /// tells whether it was made.
    pub async fn create_schedule(&self, schedule: &NewSchedule) -> Result<Schedule, ApiError> {
        if let Some(credentials) = schedule.storage.as_ref().and_then(|storage| storage.credentials.as_ref()) {
            self.caller.transport.secrets.add_credentials(credentials);
        }
        let request = Request::create_schedule(schedule, SecretText::Exposed);
        self.caller.call(&request, |response| self.read_single(response, Schedule::without_free_text)).await
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
            if response.body.is_empty() {
                Ok(None)
            } else {
                self.read_single(response, Schedule::without_free_text).map(Some)
            }
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
        self.delete(single(Operation::DeleteSchedule, Method::DELETE, SCHEDULE, id.as_str())?, sending).await
    }

    /// Reads one restore.
    pub async fn get_restore(&self, id: &RestoreId) -> Result<Restore, ApiError> {
        let request = single(Operation::GetRestore, Method::GET, RESTORE, id.as_str())?;
        self.caller.call(&request, |response| self.read_single(response, Restore::without_free_text)).await
    }

    /// Starts a restore. Sent once; where [`ApiError::outcome_unknown`] is true, only reading the list tells whether it began.
    pub async fn create_restore(&self, restore: &RestoreRequest) -> Result<Restore, ApiError> {
        if let RestoreSource::Bucket(source) = &restore.source {
            let secrets = &self.caller.transport.secrets;
            source.credentials.iter().for_each(|credentials| secrets.add_credentials(credentials));
            source.encryption_key.iter().for_each(|key| secrets.add_encryption_key(key));
        }
        let request = Request::create_restore(restore, SecretText::Exposed);
        self.caller.call(&request, |response| self.read_single(response, Restore::without_free_text)).await
    }

    /// Deletes the entry of a restore, which is not documented to stop one that runs. Where [`ApiError::outcome_unknown`] is true,
    /// only reading tells whether it happened.
    pub async fn delete_restore(&self, id: &RestoreId, sending: Attempt) -> Result<Deleted, ApiError> {
        self.delete(single(Operation::DeleteRestore, Method::DELETE, RESTORE, id.as_str())?, sending).await
    }

    async fn delete(&self, mut request: Request, sending: Attempt) -> Result<Deleted, ApiError> {
        request.attempts_before = sending.attempts_before();
        match self.caller.call(&request, |_any_body| Ok(())).await {
            Ok(()) => Ok(Deleted::Deleted),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(Deleted::AlreadyGone),
            Err(error) => Err(error),
        }
    }

    /// The services that a backup of `source` can be restored into; `None` where the service has no such look-up (400, 404).
    pub async fn find_restore_targets(
        &self,
        backup: &BackupId,
        source: &ServiceId,
    ) -> Result<Option<Vec<RestoreTarget>>, ApiError> {
        self.look_up(&Request::find_restore_targets(backup, source)).await
    }

    /// The services of which a moment can be restored, each with its first and last; `None` where the service has no such look-up.
    pub async fn find_restorable_ranges(&self) -> Result<Option<Vec<RestorableRange>>, ApiError> {
        self.look_up(&Request::list(Operation::FindRestorableRanges, RESTORABLE_RANGES)).await
    }

    async fn look_up<R: ApiRecord>(&self, request: &Request) -> Result<Option<Vec<R>>, ApiError> {
        match self.caller.call(request, |response| list_of::<R>(response)).await {
            // A row without an id tells nothing.
            Ok(page) => Ok(Some(page.rows.into_iter().filter(|row| !row.id().is_empty()).collect())),
            Err(error) if matches!(error.kind, ErrorKind::Rejected | ErrorKind::NotFound) => Ok(None),
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
        Ok(Self { caller: Arc::new(caller), by_service: Arc::clone(&self.by_service) })
    }

    /// Forgets that the service asked for a pause, because the user wants to ask all the same.
    pub fn clear_rate_limit(&self) {
        self.caller.clear_rate_limit();
    }

    /// The row in a response, without any living secret that the service may have sent back in it.
    fn read_single<R: ApiRecord>(
        &self,
        response: &ApiResponse,
        without_free_text: impl Fn(R) -> R,
    ) -> Result<R, DecodeError> {
        match self.caller.masked(&response.body) {
            None => decode_single(&response.body),
            // Where the mask left no JSON, what is free text is dropped instead.
            Some(masked) => decode_single(&masked).or_else(|_| decode_single(&response.body).map(without_free_text)),
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
