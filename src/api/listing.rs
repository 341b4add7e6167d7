//! Fetches the pages of a list, several at a time where it is known how many there are, and checks at the end whether the list has
//! changed meanwhile.

use std::sync::Arc;

use tokio::time::Instant;

use super::call::Caller;
use super::error::{ApiError, ErrorKind};
use super::fetcher::{PageFetcher, list_of, page};
use super::paging::{Completeness, Limits, Listing, PageStep, Paginator, Progress, RowAccumulator, cut_at};
use super::record::Operation;
use super::refresh::{Baseline, LightListing, LightRefresh, Step};
use super::request::Request;
use super::transport::ApiResponse;
use super::wire::ApiRecord;
use crate::domain::Service;
use crate::rows::RowsBuilder;

/// Called after each page: how far the listing is, and all rows so far, each once.
pub type OnProgress<'a, R> = &'a mut (dyn FnMut(&Progress, &RowsBuilder<R>) + Send);

/// Header of the services list that names the next page.
const NEXT_TOKEN: reqwest::header::HeaderName = reqwest::header::HeaderName::from_static("x-skysql-page-token-next");
/// Largest page of the services list.
const SERVICES_PAGE: u32 = 100;

/// Fetches all pages of a list. With at least one page fetched, a failure gives a partial list,
/// except that of the key; 404 is an empty one.
/// Where the service refuses the request, a smaller page is tried once: the largest size it takes is not documented.
pub(super) async fn list<R: ApiRecord>(
    caller: &Arc<Caller>,
    base: &Request,
    page_size: u32,
    limits: &Limits,
    on_progress: OnProgress<'_, R>,
) -> Result<Listing<R>, ApiError> {
    let error = match list_pages(caller, base, Paginator::new(page_size, limits.clone()), on_progress).await {
        Err(error) if error.kind == ErrorKind::Rejected => error,
        other => return other,
    };
    let Some(smaller) = smaller(page_size) else { return Err(error) };
    list_pages(caller, base, Paginator::new(smaller, limits.clone()), on_progress).await.map_err(|_second| error)
}

/// Fetches the pages to the end, and once more from the beginning where the list has changed meanwhile.
pub(super) async fn list_pages<R: ApiRecord>(
    caller: &Arc<Caller>,
    base: &Request,
    pages: Paginator<R>,
    on_progress: OnProgress<'_, R>,
) -> Result<Listing<R>, ApiError> {
    let deadline = Instant::now().checked_add(caller.pacing.walk);
    let page_size = pages.cursor.page_size;
    let first = fetch_pass(caller, base, pages, deadline, on_progress).await?;
    if first.end != Completeness::Complete || first.pages.cursor.pages_read < 2 {
        return Ok(first.into_listing());
    }
    if has_changed(caller, base, &first).await != Some(true) {
        return Ok(first.checked());
    }
    let second = Paginator::new(page_size, Limits::of(&caller.pacing));
    match fetch_pass(caller, base, second, deadline, &mut |_, _| {}).await {
        Ok(second) if second.end == Completeness::Complete => {
            let is_steady = has_changed(caller, base, &second).await == Some(false);
            Ok(if is_steady { second.checked() } else { second.changed() })
        }
        Err(error) if error.kind == ErrorKind::KeyRefused => Err(error),
        Ok(_) | Err(_) => Ok(first.changed()),
    }
}

/// Fetches what a light refresh needs, one page after the other. `None` where only a listing of all pages can tell what the list is.
pub(super) async fn light_refresh<R: ApiRecord>(
    caller: &Caller,
    base: &Request,
    baseline: &Baseline,
) -> Result<Option<LightListing<R>>, ApiError> {
    let fetch = async |number: usize| {
        let Ok(number) = u32::try_from(number.saturating_add(1)) else { return Ok(None) };
        match page::<R>(caller, base, number, baseline.page_size).await {
            Ok((page, _, _)) => Ok(Some(page)),
            // The list ends before that page, or its pages have another length now.
            Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Rejected) => Ok(None),
            Err(error) => Err(error),
        }
    };
    let mut refresh = LightRefresh::new(baseline);
    loop {
        match refresh.next() {
            Step::Fetch(number) => {
                if !fetch(number).await?.is_some_and(|page| refresh.take(number, page)) {
                    return Ok(None);
                }
            }
            Step::Unsure => return Ok(None),
            Step::Done => break,
        }
    }
    // As after a listing: a row may have slipped from a page still to come to one that was there.
    let is_steady = !refresh.has_moved() || fetch(0).await?.is_some_and(|page| refresh.begins_with(&page));
    Ok(is_steady.then(|| refresh.finish()))
}

fn smaller(page_size: u32) -> Option<u32> {
    match page_size {
        0..=10 => None,
        11..=50 => Some(10),
        _ => Some(50),
    }
}

/// One pass over the pages, at its end.
struct PassResult<R: ApiRecord> {
    pages: Paginator<R>,
    end: Completeness,
    /// It ended before the end of the list: the next page can still be asked for.
    has_rest: bool,
}

impl<R: ApiRecord> PassResult<R> {
    fn into_listing(self) -> Listing<R> {
        let rest = self.has_rest.then(|| Box::new(self.pages.rest()));
        Listing { rest, ..self.pages.gathered.into_listing(self.end) }
    }

    /// The listing of a pass during which the first page stayed the same.
    fn checked(mut self) -> Listing<R> {
        if self.pages.rows_are_missing() {
            self.end = Completeness::Partial(self.pages.count_sentence());
        }
        let per_page = self.pages.rows_per_page().filter(|_| self.end == Completeness::Complete);
        let page_size = self.pages.cursor.page_size;
        let listing = self.into_listing();
        let baseline = per_page.and_then(|per_page| Baseline::of(listing.rows.iter(), page_size, per_page));
        Listing { baseline, ..listing }
    }

    fn changed(mut self) -> Listing<R> {
        self.end = Completeness::ChangedWhileReading;
        self.into_listing()
    }
}

async fn fetch_pass<R: ApiRecord>(
    caller: &Arc<Caller>,
    base: &Request,
    mut pages: Paginator<R>,
    deadline: Option<Instant>,
    on_progress: OnProgress<'_, R>,
) -> Result<PassResult<R>, ApiError> {
    let stopped = |pages, why| Ok(PassResult { pages, end: Completeness::Partial(why), has_rest: true });
    let ended = |pages, end| Ok(PassResult { pages, end, has_rest: false });
    let mut fetcher = PageFetcher::new(caller, base);
    loop {
        let (page, mark, bytes) = match fetcher.next(&pages).await {
            Ok(page) => page,
            // "Not found" for a list is a list with nothing in it, or the end of one.
            Err(error) if error.kind == ErrorKind::NotFound => return ended(pages, Completeness::Complete),
            // A refused key is a matter for the whole session, not for this list alone.
            Err(error) if pages.cursor.pages_read == 0 || error.kind == ErrorKind::KeyRefused => return Err(error),
            Err(error) => {
                let why = format!("Page {} could not be read: {}", pages.next_page(), error.sentence());
                return stopped(pages, why);
            }
        };
        let step = pages.take(page, mark, bytes);
        on_progress(&pages.progress(), &pages.gathered.rows);
        if let PageStep::End(end) = step {
            return ended(pages, end);
        }
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return stopped(pages, stopped_after(caller));
        }
    }
}

/// Fetches the first page again and compares; `None` where that fails.
async fn has_changed<R: ApiRecord>(caller: &Caller, base: &Request, pass: &PassResult<R>) -> Option<bool> {
    let (_, mark, _) = page::<R>(caller, base, 1, pass.pages.cursor.page_size).await.ok()?;
    Some(!pass.pages.cursor.first.as_ref()?.has_same_rows(&mark))
}

/// Lists the services, which name their next page in a header. It ends at the limits of any other list, and at a page that brings
/// nothing new, whatever page that names.
pub(super) async fn list_services(caller: &Caller) -> Result<Listing<Service>, ApiError> {
    let base = Request::list(Operation::ListServices, "/provisioning/v1/services")
        .with_query("page_size", SERVICES_PAGE.to_string());
    let (limits, deadline) = (Limits::of(&caller.pacing), Instant::now().checked_add(caller.pacing.walk));
    let mut gathered = RowAccumulator::<Service>::new();
    let mut seen = std::collections::HashSet::new();
    let mut token: Option<String> = None;
    let mut pages_read = 0_u32;
    let end = loop {
        let request = base.clone().with_optional("page_token", token.as_deref());
        let read = |response: &ApiResponse| {
            let next = response.header(&NEXT_TOKEN).map(str::to_owned);
            Ok((list_of::<Service>(response)?, next, response.body.len()))
        };
        let (page, next, bytes) = match caller.call(&request, read).await {
            Ok(page) => page,
            Err(error) if error.kind == ErrorKind::NotFound => break Completeness::Complete,
            Err(error) if token.is_none() || error.kind == ErrorKind::KeyRefused => return Err(error),
            Err(error) => {
                let read = gathered.rows.len();
                let error = error.sentence();
                break Completeness::Partial(format!("The services after the first {read} could not be read: {error}"));
            }
        };
        pages_read = pages_read.saturating_add(1);
        limits.spend(bytes);
        let (known, is_empty) = (gathered.rows.len(), page.rows.is_empty() && page.unreadable == 0);
        let is_readable = page.unreadable == 0;
        gathered.take(page.rows, page.unreadable);
        let Some(next) = next.filter(|_| !is_empty) else { break Completeness::Complete };
        let is_known = is_readable && gathered.rows.len() == known;
        if is_known || !seen.insert(next.clone()) {
            break Completeness::Partial(
                "SkySQL sends the same services again and again, so the list may be incomplete".to_owned(),
            );
        }
        if let Some(limit) = limits.reached(pages_read, gathered.rows.len()) {
            break Completeness::Partial(cut_at(&limit));
        }
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            break Completeness::Partial(stopped_after(caller));
        }
        token = Some(next);
    };
    Ok(gathered.into_listing(end))
}

fn stopped_after(caller: &Caller) -> String {
    format!("Loading stopped after {} minutes", caller.pacing.walk.as_secs() / 60)
}
