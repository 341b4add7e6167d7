//! Listings: their pages are published as they come, their end as one event.

use std::sync::{Arc, Mutex};

use super::ledger::PollRecorder;
use super::{Backend, lock};
use crate::api::{
    ApiError, ApiRecord, BackupQuery, Client, LightListing, Listing, Progress, Refreshed, RestoreQuery, Segment,
};
use crate::domain::{Backup, Restore, Schedule, Text};
use crate::ledger::LedgerRow;
use crate::msg::{Event, ListEffect, ListEvent, Listed, RefreshedRows, Ticket};
use crate::rows::{Rows, RowsBuilder};

impl Backend {
    pub(super) fn start_list(&self, effect: ListEffect) {
        match effect {
            ListEffect::ListBackups { ticket, query, resume } => {
                let recorder = self.poll_recorder(filter_of(&query), resume.is_some());
                let events = (ListEvent::BackupsProgress as OnPage<Backup>, ListEvent::BackupsListed as OnEnd<Backup>);
                self.spawn_listing(ticket, events, recorder, async move |client, mut on_progress| match resume {
                    Some((rest, rows)) => client.resume(&query, *rest, &rows, &mut on_progress).await,
                    None => client.list_backups(&query, &mut on_progress).await,
                });
            }
            ListEffect::RefreshBackups { ticket, query, baseline, rows } => {
                let recorder = SharedRecorder::new(self.poll_recorder(filter_of(&query), false).into());
                let pages = Arc::clone(&recorder);
                let on_page = move |rows: &RowsBuilder<Backup>| lock(&pages).page(rows);
                let mut on_progress = self.progress_sink(ticket, ListEvent::BackupsProgress, on_page);
                self.spawn_call(ticket, async move |client| {
                    let result = match client.refresh_backups(&query, &baseline, &mut on_progress).await {
                        Ok(Refreshed::Light(light)) => {
                            lock(&recorder).end_light(fetched(&light));
                            return Event::List(ListEvent::BackupsRefreshed(ticket, splice(&rows, light)));
                        }
                        Ok(Refreshed::Whole(listing)) => Ok(listing.into()),
                        Err(error) => Err(error),
                    };
                    lock(&recorder).end(&result);
                    Event::List(ListEvent::BackupsListed(ticket, result))
                });
            }
            ListEffect::ListSchedules { ticket, query, services, resume } => {
                let recorder = self.poll_recorder(None, resume.is_some());
                let events =
                    (ListEvent::SchedulesProgress as OnPage<Schedule>, ListEvent::SchedulesListed as OnEnd<Schedule>);
                self.spawn_listing(ticket, events, recorder, async move |client, mut on_progress| match resume {
                    Some((rest, rows)) => client.resume(&query, *rest, &rows, &mut on_progress).await,
                    None => client.list_schedules(&query, &services, &mut on_progress).await,
                });
            }
            ListEffect::ListRestores { ticket, services, resume } => {
                let query = RestoreQuery::default();
                let recorder = self.poll_recorder(None, resume.is_some());
                let events =
                    (ListEvent::RestoresProgress as OnPage<Restore>, ListEvent::RestoresListed as OnEnd<Restore>);
                self.spawn_listing(ticket, events, recorder, async move |client, mut on_progress| match resume {
                    Some((rest, rows)) => client.resume(&query, *rest, &rows, &mut on_progress).await,
                    None => client.list_restores(&query, &services, &mut on_progress).await,
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
            ListEffect::FindRestoreTargets { ticket, backup, source } => {
                self.spawn_call(ticket, async move |client| {
                    let found = client.find_restore_targets(&backup, &source).await;
                    Event::List(ListEvent::RestoreTargetsFound(ticket, found))
                });
            }
            ListEffect::FindRestorableRanges(ticket) => self.spawn_call(ticket, async move |client| {
                Event::List(ListEvent::RestorableRangesFound(ticket, client.find_restorable_ranges().await))
            }),
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
        let recorder = SharedRecorder::new(recorder.into());
        let pages = Arc::clone(&recorder);
        let on_progress = self.progress_sink(ticket, progressed, move |rows| lock(&pages).page(rows));
        self.spawn_call(ticket, async move |client| {
            let result = list(client, on_progress).await.map(Into::into);
            lock(&recorder).end(&result);
            Event::List(listed(ticket, result))
        });
    }

    /// Publishes the pages of a listing; `on_page` gets them too.
    fn progress_sink<R: ApiRecord>(
        &self,
        ticket: Ticket,
        progressed: OnPage<R>,
        mut on_page: impl FnMut(&RowsBuilder<R>) + Send + 'static,
    ) -> ProgressSink<R> {
        let (feed, mut published) = (Arc::clone(&self.feed), 0);
        Box::new(move |progress, rows| {
            on_page(rows);
            let rows = is_worth_showing(&mut published, rows.len()).then(|| rows.rows());
            feed.push(Event::List(progressed(ticket, progress.clone(), rows)));
        })
    }
}

/// What a query leaves out, as it is in the request; its order leaves nothing out.
fn filter_of(query: &BackupQuery) -> Option<Text> {
    let service = query.service_id.as_ref().map(|id| format!("service_id={id}"));
    let status = query.status.as_ref().map(|status| format!("status={status}"));
    let parts: Vec<String> = service.into_iter().chain(status).collect();
    (!parts.is_empty()).then(|| parts.join("&").into())
}

/// Written to by each page, and by the end.
type SharedRecorder = Arc<Mutex<PollRecorder>>;

/// Is called after each page of a listing, with all rows so far.
type ProgressSink<R> = Box<dyn FnMut(&Progress, &RowsBuilder<R>) + Send>;

/// Makes the event of a page.
type OnPage<R> = fn(Ticket, Progress, Option<Rows<R>>) -> ListEvent;
/// Makes the event of the end of a listing.
type OnEnd<R> = fn(Ticket, Result<Listed<R>, ApiError>) -> ListEvent;

/// The rows of the pages that were fetched.
fn fetched<R: Clone>(light: &LightListing<R>) -> Vec<R> {
    let rows = light.segments.iter().filter_map(|segment| match segment {
        Segment::Fetched(rows) => Some(rows.as_slice()),
        Segment::Kept(_) => None,
    });
    rows.flatten().cloned().collect()
}

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
                rows.iter().zip(first..).all(|(row, at)| row_at(known, at).as_ref() == Some(row))
            }
        }
    });
    let rows = (!is_same || position != known.len()).then(|| {
        let mut spliced = RowsBuilder::new();
        for segment in light.segments {
            match segment {
                Segment::Kept(rows) => rows.filter_map(|at| row_at(known, at)).for_each(|row| spliced.push(row)),
                Segment::Fetched(rows) => rows.into_iter().for_each(|row| spliced.push(row)),
            }
        }
        spliced.finish()
    });
    RefreshedRows { rows, baseline: Arc::new(light.baseline) }
}

fn row_at<R: ApiRecord>(rows: &Rows<R>, at: usize) -> Option<R> {
    rows.get(u32::try_from(at).ok()?)
}

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
    use crate::api::Baseline;

    fn backup(id: &str) -> Backup {
        Backup { id: crate::domain::BackupId::new(id), ..Backup::default() }
    }

    /// The ids of a known list of four after a refresh with these parts; `None` where they are the same.
    fn spliced(segments: Vec<Segment<Backup>>) -> Option<Vec<String>> {
        let known = Rows::new(["a", "b", "c", "d"].map(backup));
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
