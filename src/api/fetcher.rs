//! Fetches the pages of one list: the next one, and while it is on its way those after it, as far as it is known that they exist.
//!
//! Several at a time are a favour that the service may withdraw: after a failed attempt, whoever it was of, and while pages are slow,
//! fewer are asked for, down to one after the other. Pages are handed out in their order, so the walk over them is the same as ever.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::call::Caller;
use super::decode::{DecodeError, DecodedPage, decode_page};
use super::error::ApiError;
use super::paging::{PageFingerprint, Paginator};
use super::request::Request;
use super::retry::Outcome;
use super::transport::ApiResponse;
use super::wire::ApiRecord;

/// A page that takes longer halves the number of those in flight.
const SLOW: Duration = Duration::from_secs(3);

/// A page, what distinguishes it from others, and the length of its response in bytes.
pub(super) type FetchedPage<R> = (DecodedPage<R>, PageFingerprint, usize);

pub(super) struct PageFetcher<'a, R> {
    caller: &'a Arc<Caller>,
    base: &'a Request,
    /// Dropping the set, as when this is dropped, ends its tasks.
    in_flight: JoinSet<(u32, Duration, Result<FetchedPage<R>, ApiError>)>,
    /// Pages that came before their turn.
    ready: BTreeMap<u32, Result<FetchedPage<R>, ApiError>>,
    /// The last page that was asked for.
    asked: u32,
    at_once: u32,
    failed_attempts: usize,
}

impl<'a, R: ApiRecord> PageFetcher<'a, R> {
    pub(super) fn new(caller: &'a Arc<Caller>, base: &'a Request) -> Self {
        let (at_once, failed_attempts) = (caller.pacing.pages_at_once, caller.failed_attempts());
        Self { caller, base, in_flight: JoinSet::new(), ready: BTreeMap::new(), asked: 0, at_once, failed_attempts }
    }

    /// The next page of this walk.
    pub(super) async fn next(&mut self, pages: &Paginator<R>) -> Result<FetchedPage<R>, ApiError> {
        let (number, page_size) = (pages.next_page(), pages.cursor.page_size);
        self.ask_ahead(pages);
        while !self.ready.contains_key(&number) && self.join_one().await {}
        match self.ready.remove(&number) {
            Some(Err(error)) if Outcome::of(&error.kind, error.status).may_pass() => {}
            Some(page) => return page,
            None => {}
        }
        // Once more and alone, with all the attempts of its own: what failed may have failed for being one of several.
        while self.join_one().await {}
        page(self.caller, self.base, number, page_size).await
    }

    /// Waits for one of the pages on their way; false where there is none.
    async fn join_one(&mut self) -> bool {
        let Some(joined) = self.in_flight.join_next().await else { return false };
        // A task that panicked leaves its page to be asked for in its turn.
        if let Ok((number, took, page)) = joined {
            if took > SLOW {
                self.at_once = (self.at_once / 2).max(1);
            }
            self.ready.insert(number, page);
        }
        true
    }

    /// Asks for pages after the next one, and for that one too, where they are known to exist.
    fn ask_ahead(&mut self, pages: &Paginator<R>) {
        if self.caller.failed_attempts() != self.failed_attempts {
            self.at_once = 1;
        }
        let (next, page_size) = (pages.next_page(), pages.cursor.page_size);
        let Some(last) = pages.last_page().filter(|_| self.at_once > 1) else { return };
        self.asked = self.asked.max(next.saturating_sub(1));
        let until = last.min(next.saturating_add(self.at_once).saturating_sub(1));
        while self.asked < until {
            self.asked = self.asked.saturating_add(1);
            let (caller, number) = (Arc::clone(self.caller), self.asked);
            let base = Request { is_ahead: true, ..self.base.clone() };
            self.in_flight.spawn(async move {
                let began = Instant::now();
                let page = page(&caller, &base, number, page_size).await;
                (number, began.elapsed(), page)
            });
        }
    }
}

/// One page, what distinguishes it from others, and the length of its response in bytes.
pub(super) async fn page<R: ApiRecord>(
    caller: &Caller,
    base: &Request,
    number: u32,
    page_size: u32,
) -> Result<FetchedPage<R>, ApiError> {
    let request = base.clone().with_query("page", number.to_string()).with_query("page_size", page_size.to_string());
    caller
        .call(&request, |response: &ApiResponse| {
            let masked = if R::MAY_ECHO { caller.masked(&response.body) } else { None };
            let page = match masked {
                Some(masked) => decode_page::<R>(&masked)?,
                None => list_of::<R>(response)?,
            };
            let mark = PageFingerprint::of(&page, &response.body);
            Ok((page, mark, response.body.len()))
        })
        .await
}

/// The rows of a list response; "no content" is a list with nothing in it.
pub(super) fn list_of<R: ApiRecord>(response: &ApiResponse) -> Result<DecodedPage<R>, DecodeError> {
    if response.status == 204 { Ok(DecodedPage::default()) } else { decode_page::<R>(&response.body) }
}
