//! The rows of each service in turn, where the API does not list those of all services at once.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::call::Caller;
use super::error::{ApiError, ErrorKind};
use super::listing::{OnProgress, list};
use super::paging::{Completeness, Limits, Listing, Progress, RowAccumulator, cut_at};
use super::query::{ListQuery, list_request};
use super::wire::ApiRecord;
use crate::domain::ServiceId;

/// Services asked about at once.
const MAX_CONCURRENT: usize = 4;

/// Lists each service's rows and merges them. Fails only where nothing at all could be fetched, or the key is refused.
pub(super) async fn list_by_service<Q: ListQuery>(
    caller: &Arc<Caller>,
    query: &Q,
    services: &[ServiceId],
    on_progress: OnProgress<'_, Q::Record>,
) -> Result<Listing<Q::Record>, ApiError> {
    let (base, page_size) = (list_request(query), query.page_size());
    let mut waiting: VecDeque<ServiceId> = services.iter().cloned().collect();
    // Dropping the set, as when this future is dropped, ends its tasks.
    let mut listings = JoinSet::new();
    let mut merged = MergedListing::new(services.len());
    let limits = Limits::of(&caller.pacing);
    loop {
        while listings.len() < MAX_CONCURRENT {
            let Some(service) = waiting.pop_front() else { break };
            let (caller, request) = (Arc::clone(caller), base.clone().with_query("service_id", service.as_str()));
            let limits = limits.clone();
            listings.spawn(async move { list(&caller, &request, page_size, &limits, &mut |_, _| {}).await });
        }
        let Some(joined) = listings.join_next().await else { break };
        let listed = joined.unwrap_or_else(|_panicked| Err(ApiError::new(ErrorKind::Internal, Q::OPERATION)));
        let is_refused = matches!(&listed, Err(error) if error.kind == ErrorKind::KeyRefused);
        merged.take(listed);
        if is_refused {
            // Every other call would be refused too.
            break;
        }
        on_progress(&merged.progress(), &merged.gathered.rows);
        // Each listing is held to its pages; rows and bytes count over all of them.
        if let Some(limit) = limits.reached(0, merged.gathered.rows.len())
            && merged.read < services.len()
        {
            merged.partial = Some(cut_at(&limit));
            break;
        }
    }
    merged.finish()
}

/// The lists of several services as one.
struct MergedListing<R: ApiRecord> {
    gathered: RowAccumulator<R>,
    services: usize,
    read: usize,
    failed: Option<ApiError>,
    partial: Option<String>,
    has_changed: bool,
}

impl<R: ApiRecord> MergedListing<R> {
    fn new(services: usize) -> Self {
        Self { gathered: RowAccumulator::new(), services, read: 0, failed: None, partial: None, has_changed: false }
    }

    fn take(&mut self, listed: Result<Listing<R>, ApiError>) {
        match listed {
            Ok(listing) => {
                self.read = self.read.saturating_add(1);
                self.gathered.duplicates = self.gathered.duplicates.saturating_add(listing.duplicates);
                self.gathered.take(listing.rows.iter(), listing.unreadable);
                match listing.completeness {
                    Completeness::Complete => {}
                    Completeness::Partial(why) => {
                        self.partial.get_or_insert(why);
                    }
                    Completeness::ChangedWhileReading => self.has_changed = true,
                }
            }
            // A refused key outweighs whatever else went wrong.
            Err(error) if error.kind == ErrorKind::KeyRefused => self.failed = Some(error),
            Err(error) => {
                self.failed.get_or_insert(error);
            }
        }
    }

    fn progress(&self) -> Progress {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Progress {
            pages_read: count(self.read),
            pages_count: Some(count(self.services)),
            rows: self.gathered.rows.len(),
        }
    }

    fn finish(self) -> Result<Listing<R>, ApiError> {
        let completeness = match (self.failed, self.partial) {
            (Some(error), _) if self.read == 0 || error.kind == ErrorKind::KeyRefused => return Err(error),
            (Some(error), _) => {
                let (missing, of) = (self.services.saturating_sub(self.read), self.services);
                let why = error.sentence();
                Completeness::Partial(format!("The {} of {missing} of {of} services could not be read: {why}", R::LIST))
            }
            (None, Some(why)) => Completeness::Partial(why),
            (None, None) if self.has_changed => Completeness::ChangedWhileReading,
            (None, None) => Completeness::Complete,
        };
        Ok(self.gathered.into_listing(completeness))
    }
}
