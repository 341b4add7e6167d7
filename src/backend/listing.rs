//! Listings: their pages are published as they come, their end as one event.

use std::sync::Arc;

use super::Backend;
use crate::api::{ApiError, ApiRecord, Client, ListQuery, Listing, Progress, ResumePoint};
use crate::domain::{Backup, Schedule};
use crate::grid::Rows;
use crate::msg::{Event, ListEffect, ListEvent, Listed, Ticket};

impl Backend {
    pub(super) fn start_list(&self, effect: ListEffect) {
        match effect {
            ListEffect::ListBackups { ticket, query } => {
                self.spawn_listing(ticket, async move |client, mut on_progress| {
                    client.list_backups(&query, &mut on_progress).await
                });
            }
            ListEffect::ListSchedules { ticket, query, services } => {
                self.spawn_listing(ticket, async move |client, mut on_progress| {
                    client.list_schedules(&query, &services, &mut on_progress).await
                });
            }
            ListEffect::ResumeBackups { ticket, query, rest, rows } => self.spawn_resume(ticket, query, *rest, rows),
            ListEffect::ResumeSchedules { ticket, query, rest, rows } => self.spawn_resume(ticket, query, *rest, rows),
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

    fn spawn_resume<Q>(&self, ticket: Ticket, query: Q, rest: ResumePoint, rows: Rows<Q::Record>)
    where
        Q: ListQuery<Record: PagedRecord> + Send + 'static,
    {
        self.spawn_listing(ticket, async move |client, mut on_progress| {
            client.resume(&query, rest, rows.to_vec(), &mut on_progress).await
        });
    }

    /// Runs a listing; publishes its pages as they come, and its end.
    fn spawn_listing<R: PagedRecord, F>(
        &self,
        ticket: Ticket,
        list: impl FnOnce(Client, ProgressSink<R>) -> F + Send + 'static,
    ) where
        F: Future<Output = Result<Listing<R>, ApiError>> + Send + 'static,
    {
        let (feed, mut published) = (Arc::clone(&self.feed), 0);
        let on_progress: ProgressSink<R> = Box::new(move |progress, rows| {
            let rows = is_worth_showing(&mut published, rows.len()).then(|| Rows::new(rows.to_vec()));
            feed.push(Event::List(R::progress_event(ticket, progress.clone(), rows)));
        });
        self.spawn_call(ticket, async move |client| {
            Event::List(R::listed_event(ticket, list(client, on_progress).await.map(Into::into)))
        });
    }
}

/// Is called after each page of a listing, with all rows so far.
type ProgressSink<R> = Box<dyn FnMut(&Progress, &[R]) + Send>;

/// A record whose listing shows its pages as they come.
trait PagedRecord: ApiRecord {
    fn progress_event(ticket: Ticket, progress: Progress, rows: Option<Rows<Self>>) -> ListEvent;
    fn listed_event(ticket: Ticket, result: Result<Listed<Self>, ApiError>) -> ListEvent;
}

impl PagedRecord for Backup {
    fn progress_event(ticket: Ticket, progress: Progress, rows: Option<Rows<Self>>) -> ListEvent {
        ListEvent::BackupsProgress(ticket, progress, rows)
    }

    fn listed_event(ticket: Ticket, result: Result<Listed<Self>, ApiError>) -> ListEvent {
        ListEvent::BackupsListed(ticket, result)
    }
}

impl PagedRecord for Schedule {
    fn progress_event(ticket: Ticket, progress: Progress, rows: Option<Rows<Self>>) -> ListEvent {
        ListEvent::SchedulesProgress(ticket, progress, rows)
    }

    fn listed_event(ticket: Ticket, result: Result<Listed<Self>, ApiError>) -> ListEvent {
        ListEvent::SchedulesListed(ticket, result)
    }
}

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
    fn rows_are_published_first_and_then_ever_more_rarely() {
        let mut published = 0;
        let shown: Vec<usize> =
            (1..=10).map(|page| page * 100).filter(|&rows| is_worth_showing(&mut published, rows)).collect();
        assert_eq!(shown, [100, 200, 300, 500, 800]);
        assert!(!is_worth_showing(&mut 0, 0));
    }
}
