//! Listings: their pages are published as they come, their end as one event.

use std::sync::Arc;

use super::Backend;
use crate::api::{ApiError, ApiRecord, Client, Listing, Progress};
use crate::domain::{Backup, Schedule};
use crate::msg::{Event, ListEffect, ListEvent, Listed, Ticket};
use crate::rows::{Rows, RowsBuilder};

impl Backend {
    pub(super) fn start_list(&self, effect: ListEffect) {
        match effect {
            ListEffect::ListBackups { ticket, query, resume } => {
                let events = (ListEvent::BackupsProgress as OnPage<Backup>, ListEvent::BackupsListed as OnEnd<Backup>);
                self.spawn_listing(ticket, events, async move |client, mut on_progress| match resume {
                    Some((rest, rows)) => client.resume(&query, *rest, &rows, &mut on_progress).await,
                    None => client.list_backups(&query, &mut on_progress).await,
                });
            }
            ListEffect::ListSchedules { ticket, query, services, resume } => {
                let events =
                    (ListEvent::SchedulesProgress as OnPage<Schedule>, ListEvent::SchedulesListed as OnEnd<Schedule>);
                self.spawn_listing(ticket, events, async move |client, mut on_progress| match resume {
                    Some((rest, rows)) => client.resume(&query, *rest, &rows, &mut on_progress).await,
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

    /// Runs a listing; publishes its pages as they come, and its end.
    fn spawn_listing<R: ApiRecord, F>(
        &self,
        ticket: Ticket,
        (progressed, listed): (OnPage<R>, OnEnd<R>),
        list: impl FnOnce(Client, ProgressSink<R>) -> F + Send + 'static,
    ) where
        F: Future<Output = Result<Listing<R>, ApiError>> + Send + 'static,
    {
        let (feed, mut published) = (Arc::clone(&self.feed), 0);
        let on_progress: ProgressSink<R> = Box::new(move |progress, rows| {
            let rows = is_worth_showing(&mut published, rows.len()).then(|| rows.rows());
            feed.push(Event::List(progressed(ticket, progress.clone(), rows)));
        });
        self.spawn_call(ticket, async move |client| {
            Event::List(listed(ticket, list(client, on_progress).await.map(Into::into)))
        });
    }
}

/// Is called after each page of a listing, with all rows so far.
type ProgressSink<R> = Box<dyn FnMut(&Progress, &RowsBuilder<R>) + Send>;

/// Makes the event of a page.
type OnPage<R> = fn(Ticket, Progress, Option<Rows<R>>) -> ListEvent;
/// Makes the event of the end of a listing.
type OnEnd<R> = fn(Ticket, Result<Listed<R>, ApiError>) -> ListEvent;

/// Rows are published with the first page and then whenever there are half as many more: each time they are put in order anew.
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
