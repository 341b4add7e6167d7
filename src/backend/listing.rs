//! Listings: their pages are published as they come, their end as one event.

use std::sync::Arc;

use super::Backend;
use crate::api::{ApiError, ApiRecord, Client, LightListing, Listing, Progress, Refreshed, Segment};
use crate::domain::{Backup, Schedule};
use crate::grid::Rows;
use crate::msg::{Event, ListEffect, ListEvent, Listed, RefreshedRows, Ticket};

impl Backend {
    pub(super) fn start_list(&self, effect: ListEffect) {
        match effect {
            ListEffect::ListBackups { ticket, query, resume } => {
                let events = (ListEvent::BackupsProgress as OnPage<Backup>, ListEvent::BackupsListed as OnEnd<Backup>);
                self.spawn_listing(ticket, events, async move |client, mut on_progress| match resume {
                    Some((rest, rows)) => client.resume(&query, *rest, rows.to_vec(), &mut on_progress).await,
                    None => client.list_backups(&query, &mut on_progress).await,
                });
            }
            ListEffect::RefreshBackups { ticket, query, baseline, rows } => {
                let mut on_progress = self.progress_sink(ticket, ListEvent::BackupsProgress);
                self.spawn_call(ticket, async move |client| {
                    Event::List(match client.refresh_backups(&query, &baseline, &mut on_progress).await {
                        Ok(Refreshed::Light(light)) => ListEvent::BackupsRefreshed(ticket, splice(&rows, light)),
                        Ok(Refreshed::Whole(listing)) => ListEvent::BackupsListed(ticket, Ok(listing.into())),
                        Err(error) => ListEvent::BackupsListed(ticket, Err(error)),
                    })
                });
            }
            ListEffect::ListSchedules { ticket, query, services, resume } => {
                let events =
                    (ListEvent::SchedulesProgress as OnPage<Schedule>, ListEvent::SchedulesListed as OnEnd<Schedule>);
                self.spawn_listing(ticket, events, async move |client, mut on_progress| match resume {
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

    /// Runs a listing; publishes its pages as they come, and its end.
    fn spawn_listing<R: ApiRecord, F>(
        &self,
        ticket: Ticket,
        (progressed, listed): (OnPage<R>, OnEnd<R>),
        list: impl FnOnce(Client, ProgressSink<R>) -> F + Send + 'static,
    ) where
        F: Future<Output = Result<Listing<R>, ApiError>> + Send + 'static,
    {
        let on_progress = self.progress_sink(ticket, progressed);
        self.spawn_call(ticket, async move |client| {
            Event::List(listed(ticket, list(client, on_progress).await.map(Into::into)))
        });
    }

    fn progress_sink<R: ApiRecord>(&self, ticket: Ticket, progressed: OnPage<R>) -> ProgressSink<R> {
        let (feed, mut published) = (Arc::clone(&self.feed), 0);
        Box::new(move |progress, rows| {
            let rows = is_worth_showing(&mut published, rows.len()).then(|| Rows::new(rows.to_vec()));
            feed.push(Event::List(progressed(ticket, progress.clone(), rows)));
        })
    }
}

/// Is called after each page of a listing, with all rows so far.
type ProgressSink<R> = Box<dyn FnMut(&Progress, &[R]) + Send>;

/// Makes the event of a page.
type OnPage<R> = fn(Ticket, Progress, Option<Rows<R>>) -> ListEvent;
/// Makes the event of the end of a listing.
type OnEnd<R> = fn(Ticket, Result<Listed<R>, ApiError>) -> ListEvent;

/// The known rows and those of the fetched pages as one list.
fn splice<R: ApiRecord + PartialEq>(known: &Rows<R>, light: LightListing<R>) -> RefreshedRows<R> {
    let mut position = 0;
    let is_same = light.segments.iter().all(|segment| {
        let first = position;
        match segment {
            Segment::Kept(rows) => {
                position += rows.len();
                rows.start == first
            }
            Segment::Fetched(rows) => {
                position += rows.len();
                rows.iter().zip(first..).all(|(row, at)| known.get(at) == Some(row))
            }
        }
    });
    let rows = (!is_same || position != known.len()).then(|| {
        let mut spliced = Vec::new();
        for segment in light.segments {
            match segment {
                Segment::Kept(rows) => spliced.extend(rows.filter_map(|at| known.get(at).cloned())),
                Segment::Fetched(rows) => spliced.extend(rows),
            }
        }
        Rows::new(spliced)
    });
    RefreshedRows { rows, baseline: Arc::new(light.baseline) }
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
    use crate::api::Baseline;

    fn backup(id: &str) -> Backup {
        Backup { id: crate::domain::BackupId::new(id), ..Backup::default() }
    }

    /// The ids of a known list of four after a refresh with these parts; `None` where they are the same.
    fn spliced(segments: Vec<Segment<Backup>>) -> Option<Vec<String>> {
        let known = Rows::new(["a", "b", "c", "d"].map(backup).into());
        let light = LightListing { segments, baseline: Baseline::of_rows::<Backup>(&[], 1) };
        splice(&known, light).rows.map(|rows| rows.iter().map(|row| row.id.as_str().to_owned()).collect())
    }

    #[test]
    fn the_fetched_rows_take_their_place_among_the_known_ones() {
        let fetched = |ids: &[&str]| Segment::Fetched(ids.iter().map(|id| backup(id)).collect());
        assert_eq!(spliced(vec![fetched(&["a"]), Segment::Kept(1..3), fetched(&["d"])]), None);
        let moved = spliced(vec![fetched(&["n", "a"]), Segment::Kept(1..2), fetched(&["d"])]);
        assert_eq!(moved.unwrap(), ["n", "a", "b", "d"]);
        assert_eq!(spliced(vec![fetched(&["a", "b"])]).unwrap(), ["a", "b"], "shorter");
        assert_eq!(spliced(vec![Segment::Kept(0..4), fetched(&["e"])]).unwrap(), ["a", "b", "c", "d", "e"]);
        let mut ended = backup("d");
        ended.method = Some("new".into());
        assert!(spliced(vec![Segment::Kept(0..3), Segment::Fetched(vec![ended])]).is_some(), "another value");
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
