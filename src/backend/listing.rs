//! Listings: their pages are published as they come, their end as one event.

use std::sync::{Arc, Mutex};

use super::ledger::PollRecorder;
use super::{Backend, lock};
use crate::api::{ApiError, ApiRecord, BackupQuery, Client, Listing, Progress};
use crate::domain::{Backup, Schedule, Text};
use crate::grid::Rows;
use crate::ledger::LedgerRow;
use crate::msg::{Event, ListEffect, ListEvent, Listed, Ticket};

impl Backend {
    pub(super) fn start_list(&self, effect: ListEffect) {
        match effect {
            ListEffect::ListBackups { ticket, query, resume } => {
                let recorder = self.poll_recorder(filter_of(&query), resume.is_some());
                let events = (ListEvent::BackupsProgress as OnPage<Backup>, ListEvent::BackupsListed as OnEnd<Backup>);
                self.spawn_listing(ticket, events, recorder, async move |client, mut on_progress| match resume {
                    Some((rest, rows)) => client.resume(&query, *rest, rows.to_vec(), &mut on_progress).await,
                    None => client.list_backups(&query, &mut on_progress).await,
                });
            }
            ListEffect::ListSchedules { ticket, query, services, resume } => {
                let recorder = self.poll_recorder(None, resume.is_some());
                let events =
                    (ListEvent::SchedulesProgress as OnPage<Schedule>, ListEvent::SchedulesListed as OnEnd<Schedule>);
                self.spawn_listing(ticket, events, recorder, async move |client, mut on_progress| match resume {
                    Some((rest, rows)) => client.resume(&query, *rest, rows.to_vec(), &mut on_progress).await,
                    None => client.list_schedules(&query, &services, &mut on_progress).await,
                });
            }
            ListEffect::ListServices { ticket } => self.spawn_call(ticket, async move |client| {
                Event::List(ListEvent::ServicesListed(ticket, client.list_services().await.map(Into::into)))
            }),
            ListEffect::ReadSchedule { ticket, id } => {
                self.spawn_call(ticket, async move |client| {
                    Event::List(ListEvent::ScheduleRead(ticket, client.get_schedule(&id).await))
                });
            }
        }
    }

    /// Runs a listing; publishes its pages as they come, and its end. Both also go into the ledger.
    fn spawn_listing<R: ApiRecord + LedgerRow, F>(
        &self,
        ticket: Ticket,
        (progressed, listed): (OnPage<R>, OnEnd<R>),
        recorder: PollRecorder,
        list: impl FnOnce(Client, ProgressSink<R>) -> F + Send + 'static,
    ) where
        F: Future<Output = Result<Listing<R>, ApiError>> + Send + 'static,
    {
        let (feed, mut published) = (Arc::clone(&self.feed), 0);
        let recorder = Arc::new(Mutex::new(recorder));
        let pages = Arc::clone(&recorder);
        let on_progress: ProgressSink<R> = Box::new(move |progress, rows| {
            lock(&pages).page(rows);
            let rows = is_worth_showing(&mut published, rows.len()).then(|| Rows::new(rows.to_vec()));
            feed.push(Event::List(progressed(ticket, progress.clone(), rows)));
        });
        self.spawn_call(ticket, async move |client| {
            let result = list(client, on_progress).await.map(Into::into);
            lock(&recorder).end(&result);
            Event::List(listed(ticket, result))
        });
    }
}

/// What a query leaves out, as it is in the request; its order leaves nothing out.
fn filter_of(query: &BackupQuery) -> Option<Text> {
    let service = query.service_id.as_ref().map(|id| format!("service_id={id}"));
    let status = query.status.as_ref().map(|status| format!("status={status}"));
    let parts: Vec<String> = service.into_iter().chain(status).collect();
    (!parts.is_empty()).then(|| parts.join("&").into())
}

/// Is called after each page of a listing, with all rows so far.
type ProgressSink<R> = Box<dyn FnMut(&Progress, &[R]) + Send>;

/// Makes the event of a page.
type OnPage<R> = fn(Ticket, Progress, Option<Rows<R>>) -> ListEvent;
/// Makes the event of the end of a listing.
type OnEnd<R> = fn(Ticket, Result<Listed<R>, ApiError>) -> ListEvent;

/// Rows are published with the first page and then whenever there are half as many more, so that all copies together
/// stay within a small multiple of the list.
fn is_worth_showing(published: &mut usize, rows: usize) -> bool {
    let worth = rows > 0 && (*published == 0 || rows >= *published + *published / 2);
    if worth {
        *published = rows;
    }
    worth
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_narrows_a_list_is_its_filter() {
        let query = BackupQuery { order: Some(crate::api::Order::Ascending), ..BackupQuery::default() };
        assert_eq!(filter_of(&query), None);
        let query = BackupQuery { service_id: Some(crate::domain::ServiceId::new("db1")), ..query };
        assert_eq!(filter_of(&query).as_deref(), Some("service_id=db1"));
        let query = BackupQuery { status: Some("Failed".to_owned()), ..query };
        assert_eq!(filter_of(&query).as_deref(), Some("service_id=db1&status=Failed"));
    }

    #[test]
    fn rows_are_published_first_and_then_ever_more_rarely() {
        let mut published = 0;
        let shown: Vec<usize> =
            (1..=10).map(|page| page * 100).filter(|&rows| is_worth_showing(&mut published, rows)).collect();
        assert_eq!(shown, [100, 200, 300, 500, 800]);
        assert!(!is_worth_showing(&mut 0, 0));
    }
}
