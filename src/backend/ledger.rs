//! The ledger of the open session, on a thread of its own: opened, written and read in the order of the calls, never on a frame.

use std::convert::Infallible;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use jiff::Timestamp;

use super::feed::Feed;
use super::{Backend, demo_history, lock};
use crate::api::{ApiError, Clock, Completeness};
use crate::demo::Past;
use crate::domain::{
    Backup, BackupId, ChangeRecord, ChangedRow, Poll, PolledList, RecordedKind, RecordedOutcome, Recurrence, Restore,
    Schedule, Seen, Text,
};
use crate::draft::{NewSchedule, RestoreRequest, RestoreSource, SchedulePatch};
use crate::export::EvidenceRecords;
use crate::insight::{Calendar, CalendarBuilder};
use crate::journal::{ChangeMark, SentChange};
use crate::ledger::{Judgement, Ledger, LedgerError, LedgerFile, LedgerRow, OpenedLedger, Recognition};
use crate::msg::{
    ChangeEffect, ChangeOutcome, Event, KnownRows, KnownTables, LedgerEffect, LedgerEvent, Listed, SeenBackups, Ticket,
};
use crate::rows::{Facts, Record, Rows, RowsBuilder};

/// How long the end of the program waits for what is still to be written.
const LAST_WRITES: Duration = Duration::from_secs(2);

type LedgerCall = Box<dyn FnOnce(&mut Worker) + Send>;

impl Backend {
    pub(super) fn start_ledger(&self, effect: LedgerEffect) {
        match effect {
            LedgerEffect::Open { session, account } => {
                let file = account.map(|account| LedgerFile::new(&self.data_dir, &account));
                // A ledger that ends with the program begins with the past of the demo.
                let past = if file.is_none() { self.sessions.demo_past() } else { None };
                let opened = LedgerThread::start(session, file, past, Arc::clone(&self.feed), Arc::clone(&self.clock));
                match opened {
                    Ok(thread) => *lock(&self.ledger) = Some(thread),
                    Err(error) => self.feed.push(Event::Ledger(LedgerEvent::Failed(session, error.to_string()))),
                }
            }
            LedgerEffect::Delete(account) => {
                let (file, feed) = (LedgerFile::new(&self.data_dir, &account), Arc::clone(&self.feed));
                self.runtime().spawn_blocking(move || {
                    if let Err(error) = file.delete() {
                        let why = format!("{} could not be deleted: {error}", file.path().display());
                        feed.push(Event::Ledger(LedgerEvent::NotDeleted(why)));
                    }
                });
            }
            LedgerEffect::ReadBackups(ticket) => {
                self.ask_ledger(move |worker| {
                    LedgerEvent::BackupsRead(ticket, worker.run(|ledger| all_backups(ledger)))
                });
            }
            LedgerEffect::ReadCalendar(ticket, builder) => self.ask_ledger(move |worker| {
                LedgerEvent::CalendarRead(ticket, worker.run(|ledger| calendar(ledger, *builder)))
            }),
            LedgerEffect::ReadGoneSchedules(ticket) => self.ask_ledger(move |worker| {
                LedgerEvent::GoneSchedulesRead(ticket, worker.run(|ledger| gone_schedules(ledger)))
            }),
            LedgerEffect::Count(ticket) => self.ask_ledger(move |worker| {
                let counted = worker.run(|ledger| ledger.counts());
                LedgerEvent::Counted(ticket, counted)
            }),
            LedgerEffect::Export(ticket, path) => self.ask_ledger(move |worker| {
                let written = worker.run(|ledger| ledger.export_to(&path));
                LedgerEvent::Exported(ticket, written.map(|()| path))
            }),
            LedgerEffect::Accept => self.tell_ledger(|worker| worker.recognition = Recognition::Recognized),
            LedgerEffect::Forget(ticket) => self.ask_ledger(move |worker| {
                worker.recognition = Recognition::Recognized;
                LedgerEvent::Forgotten(ticket, worker.run(Ledger::forget))
            }),
        }
    }

    /// Runs a call on the thread of the ledger; its event comes back. Without a session nothing runs.
    fn ask_ledger(&self, call: impl FnOnce(&mut Worker) -> LedgerEvent + Send + 'static) {
        self.tell_ledger(move |worker| {
            let event = call(worker);
            worker.push(event);
        });
    }

    /// Runs a call on the thread of the ledger.
    fn tell_ledger(&self, call: impl FnOnce(&mut Worker) + Send + 'static) {
        if let Some(thread) = &*lock(&self.ledger) {
            thread.recorder.send(Box::new(call));
        }
    }

    /// What waits for everything that is recorded of the open session; the call to the ledger is made at once.
    pub(super) fn evidence_records(&self) -> impl FnOnce() -> Result<EvidenceRecords, String> + Send + 'static {
        let (sender, receiver) = mpsc::channel();
        if let Some(thread) = &*lock(&self.ledger) {
            thread.recorder.send(Box::new(move |worker| {
                // Whoever waited may be gone.
                let _ = sender.send(worker.run(|ledger| evidence_records(ledger)));
            }));
        }
        move || receiver.recv().unwrap_or_else(|_closed| Err("the history could not be read".to_owned()))
    }

    /// What writes a change that is about to be sent, or looked for, into the ledger of the open session.
    pub(super) fn change_recorder(&self, effect: &ChangeEffect) -> Option<ChangeRecorder> {
        let change = match effect {
            ChangeEffect::CreateSchedule { mark, new, .. } => created(mark, new),
            ChangeEffect::UpdateSchedule { mark, schedule, patch, .. } => {
                updated(mark, Schedule::clone(schedule), patch)
            }
            ChangeEffect::DeleteSchedule { mark, schedule, .. } => {
                changed(mark, RecordedKind::Delete, Schedule::clone(schedule))
            }
            ChangeEffect::CreateRestore { mark, request, .. } => restored(mark, request),
            ChangeEffect::DeleteRestore { mark, restore, .. } => {
                changed(mark, RecordedKind::DeleteRestore, Restore::clone(restore))
            }
            ChangeEffect::CheckChange { change, .. } => {
                let open = self.journal.find(change)?;
                changed_by(&open.mark, &open.change)
            }
            ChangeEffect::FindOpenChanges { .. } | ChangeEffect::DismissChange(_) => return None,
        };
        let recorder = lock(&self.ledger).as_ref()?.recorder.clone();
        Some(ChangeRecorder { recorder, change })
    }

    /// What writes a listing that begins now into the ledger of the open session.
    pub(super) fn poll_recorder(&self, filter: Option<Text>, is_resumed: bool) -> PollRecorder {
        let recorder = lock(&self.ledger).as_ref().map(|thread| thread.recorder.clone());
        PollRecorder { recorder, began_at: (self.clock)(), filter, is_resumed, written: 0 }
    }
}

/// Every backup ever seen, as rows of a table.
fn all_backups(ledger: &Ledger) -> Result<SeenBackups, LedgerError> {
    let (mut rows, mut since) = (RowsBuilder::new(), None);
    ledger.for_each_seen(|seen: Seen<Backup>| {
        since = since.or(Some(seen.first_seen)).min(Some(seen.first_seen));
        rows.push(seen.into_row());
    })?;
    Ok(SeenBackups { rows: rows.finish(), since })
}

/// Everything recorded that an evidence pack is made from.
fn evidence_records(ledger: &Ledger) -> Result<EvidenceRecords, LedgerError> {
    let schedules = ledger.seen::<Schedule>()?.into_iter().map(|seen| seen.row);
    let restores = ledger.seen::<Restore>()?.into_iter().map(Seen::<Restore>::into_row);
    Ok(EvidenceRecords {
        backups: all_backups(ledger)?.rows,
        schedules: Rows::new(schedules),
        restores: Rows::new(restores),
        polls: [ledger.polls(PolledList::Backups)?, ledger.polls(PolledList::Restores)?].concat(),
        changes: ledger.changes()?,
    })
}

/// Every backup ever seen, by service and day.
fn calendar(ledger: &Ledger, mut builder: CalendarBuilder) -> Result<Calendar, LedgerError> {
    ledger.for_each_run(|run| builder.add(run.service_id, run.service_name, run.status, run.start))?;
    let polls = ledger.polls(PolledList::Backups)?;
    Ok(builder.finish(polls.into_iter().filter(Poll::is_whole).map(|poll| poll.ended_at)))
}

/// The recurring schedules that are listed no more, those gone last first. One that ran once is gone because it is done.
fn gone_schedules(ledger: &Ledger) -> Result<Vec<Seen<Schedule>>, LedgerError> {
    let mut gone = Vec::new();
    ledger.for_each_seen(|seen: Seen<Schedule>| {
        if seen.gone_at.is_some() && !seen.row.is_once() {
            gone.push(seen);
        }
    })?;
    gone.sort_by_key(|seen| std::cmp::Reverse(seen.gone_at));
    Ok(gone)
}

/// The thread, owned by the session.
pub(super) struct LedgerThread {
    recorder: Recorder,
    /// Ends with the thread.
    ended: mpsc::Receiver<Infallible>,
}

impl LedgerThread {
    fn start(
        session: Ticket,
        file: Option<LedgerFile>,
        past: Option<Past>,
        feed: Arc<Feed>,
        clock: Clock,
    ) -> std::io::Result<Self> {
        let (calls, received) = mpsc::channel::<LedgerCall>();
        let (running, ended) = mpsc::channel();
        let recorder = Recorder { calls, clock: Arc::clone(&clock) };
        let recognition = Recognition::default();
        let mut worker = Worker { session, file, past, ledger: None, recognition, feed, clock, has_failed: false };
        std::thread::Builder::new().name("skybackup-ledger".to_owned()).spawn(move || {
            let _running: mpsc::Sender<Infallible> = running;
            worker.open();
            for call in received {
                call(&mut worker);
            }
        })?;
        Ok(Self { recorder, ended })
    }

    /// Lets the thread write what was asked for until now, for a while.
    pub(super) fn finish(self) {
        drop(self.recorder);
        let _ended_or_stuck = self.ended.recv_timeout(LAST_WRITES);
    }
}

/// Sends work to the thread.
#[derive(Clone)]
struct Recorder {
    calls: mpsc::Sender<LedgerCall>,
    clock: Clock,
}

impl Recorder {
    fn send(&self, call: LedgerCall) {
        // The thread is there as long as anybody can send.
        let _ended = self.calls.send(call);
    }
}

/// Writes one change, once its outcome is known or given up on for now.
pub(super) struct ChangeRecorder {
    recorder: Recorder,
    change: ChangeRecord,
}

impl ChangeRecorder {
    pub(super) fn end(mut self, outcome: &ChangeOutcome) {
        self.change.outcome = match outcome {
            ChangeOutcome::Created(created) => {
                take_id(&mut self.change.row, created);
                RecordedOutcome::Done
            }
            ChangeOutcome::Updated(_) | ChangeOutcome::Deleted(_) => RecordedOutcome::Done,
            ChangeOutcome::Rejected(_) => RecordedOutcome::Rejected,
            ChangeOutcome::Conflict(_) => RecordedOutcome::NotSent,
            ChangeOutcome::CreationUnknown { .. } | ChangeOutcome::Unknown { .. } => RecordedOutcome::Unknown,
        };
        self.change.ended_at = (self.recorder.clock)();
        let change = self.change;
        self.recorder.send(Box::new(move |worker| worker.write(|ledger| ledger.put_change(&change))));
    }
}

/// A change as it was asked for, of which nothing else is known yet. Where its backups go is not kept.
fn created(mark: &ChangeMark, new: &NewSchedule) -> ChangeRecord {
    let asked = Schedule {
        service_id: Some(new.service_id.clone()),
        backup_type: Some(new.backup_type.clone()),
        recurrence: Some(new.recurrence.clone()),
        ..Schedule::default()
    };
    changed(mark, RecordedKind::Create, asked)
}

fn updated(mark: &ChangeMark, schedule: Schedule, patch: &SchedulePatch) -> ChangeRecord {
    ChangeRecord {
        new_backup_type: patch.backup_type.clone(),
        new_recurrence: patch.recurrence.as_deref().map(Recurrence::read),
        new_suspended: patch.suspended,
        ..changed(mark, RecordedKind::Update, schedule)
    }
}

/// The bucket that it comes from is not kept.
fn restored(mark: &ChangeMark, request: &RestoreRequest) -> ChangeRecord {
    let asked = Restore {
        service_id: Some(request.target.clone()),
        backup_id: Some(BackupId::new(request.source_id())),
        ..Restore::default()
    };
    let moment = match request.source {
        RestoreSource::Moment { at, .. } => Some(at),
        RestoreSource::Backup(_) | RestoreSource::Bucket(_) => None,
    };
    ChangeRecord { moment, ..changed(mark, RecordedKind::Restore, asked) }
}

fn changed(mark: &ChangeMark, kind: RecordedKind, row: impl Into<ChangedRow>) -> ChangeRecord {
    ChangeRecord {
        id: mark.id.as_str().into(),
        kind,
        sent_at: mark.at,
        ended_at: mark.at,
        outcome: RecordedOutcome::Unknown,
        row: row.into(),
        new_backup_type: None,
        new_recurrence: None,
        new_suspended: None,
        moment: None,
    }
}

fn changed_by(mark: &ChangeMark, sent: &SentChange) -> ChangeRecord {
    match sent {
        SentChange::Create { new, .. } => created(mark, new),
        SentChange::Update { schedule, patch } => updated(mark, Schedule::clone(schedule), patch),
        SentChange::Delete { schedule } => changed(mark, RecordedKind::Delete, Schedule::clone(schedule)),
        SentChange::Restore { request, .. } => restored(mark, request),
        SentChange::DeleteRestore { restore } => changed(mark, RecordedKind::DeleteRestore, Restore::clone(restore)),
    }
}

/// The id that the service gave to what was asked for.
fn take_id(asked: &mut ChangedRow, created: &ChangedRow) {
    match (asked, created) {
        (ChangedRow::Schedule(asked), ChangedRow::Schedule(created)) => asked.id = created.id.clone(),
        (ChangedRow::Restore(asked), ChangedRow::Restore(created)) => asked.id = created.id.clone(),
        (ChangedRow::Schedule(_), ChangedRow::Restore(_)) | (ChangedRow::Restore(_), ChangedRow::Schedule(_)) => {}
    }
}

/// Writes one listing: its pages as they come, and its end.
pub(super) struct PollRecorder {
    recorder: Option<Recorder>,
    began_at: Timestamp,
    filter: Option<Text>,
    /// Its first pages were read by another listing, so that nobody knows what the list was like at any one moment.
    is_resumed: bool,
    /// Rows that were sent before.
    written: usize,
}

impl PollRecorder {
    /// Writes what a page added to the rows so far.
    pub(super) fn page<R: LedgerRow + Record>(&mut self, rows: &RowsBuilder<R>) {
        let Some(recorder) = &self.recorder else { return };
        // A listing that begins again has fewer rows than were there before.
        let from = if rows.len() < self.written { 0 } else { self.written };
        let new: Vec<R> = (from..rows.len()).filter_map(|at| rows.get(at)).collect();
        self.written = rows.len();
        let at = (recorder.clock)();
        recorder.send(Box::new(move |worker| {
            if worker.may_record(new.iter().map(R::facts), false) {
                worker.write(|ledger| ledger.put(&new, at));
            }
        }));
    }

    /// Writes the end of the listing, where it brought anything.
    pub(super) fn end<R: LedgerRow + Record>(&mut self, listed: &Result<Listed<R>, ApiError>) {
        let Ok(listed) = listed else { return };
        let is_whole = listed.completeness == Completeness::Complete && listed.unreadable == 0;
        let rows = Rows::clone(&listed.rows);
        self.write_end::<R>(rows.len(), is_whole && !self.is_resumed, move |worker, poll| {
            // An account may have no schedules, but a list of backups tells which one it is.
            if worker.may_record(rows.all_facts(), poll.is_whole() && poll.list == PolledList::Backups) {
                worker.write(|ledger| ledger.end_poll_of::<R, _>(poll, || rows.iter()));
            }
        });
    }

    /// Writes the end of a light refresh, which fetched only these rows: what it did not fetch may be there or not.
    pub(super) fn end_light<R: LedgerRow + Record>(&mut self, rows: Vec<R>) {
        self.write_end::<R>(rows.len(), false, move |worker, poll| {
            if worker.may_record(rows.iter().map(R::facts), false) {
                worker.write(|ledger| ledger.end_poll(poll, &rows));
            }
        });
    }

    fn write_end<R: LedgerRow>(
        &self,
        rows: usize,
        is_complete: bool,
        write: impl FnOnce(&mut Worker, &Poll) + Send + 'static,
    ) {
        let Some(recorder) = &self.recorder else { return };
        let poll = Poll {
            list: R::LIST,
            began_at: self.began_at,
            ended_at: (recorder.clock)(),
            rows: rows as u64,
            filter: self.filter.clone(),
            is_complete,
        };
        recorder.send(Box::new(move |worker| write(worker, &poll)));
    }
}

/// What lives on the thread.
struct Worker {
    session: Ticket,
    /// None for a ledger that ends with the program.
    file: Option<LedgerFile>,
    /// What such a ledger begins with.
    past: Option<Past>,
    ledger: Option<Ledger>,
    recognition: Recognition,
    feed: Arc<Feed>,
    clock: Clock,
    /// That nothing is kept was reported.
    has_failed: bool,
}

impl Worker {
    fn push(&self, event: LedgerEvent) {
        self.feed.push(Event::Ledger(event));
    }

    /// Opens the ledger, reports what it knows, and tidies it up.
    fn open(&mut self) {
        let opened = match &self.file {
            Some(file) => file.open((self.clock)()),
            None => in_memory(self.past).map(|ledger| OpenedLedger { ledger, quarantined: None }),
        };
        let known = opened.and_then(|opened| {
            if let Some(name) = opened.quarantined {
                self.push(LedgerEvent::Quarantined(self.session, name));
            }
            let known = known(self.session, &opened.ledger);
            self.ledger = Some(opened.ledger);
            known
        });
        match known {
            Ok(known) => {
                self.recognition = recognition_of(&known);
                self.push(known);
                let now = (self.clock)();
                self.write(|ledger| ledger.compact(now));
            }
            Err(error) => self.failed(&error),
        }
    }

    /// Whether listed rows are of the account that the ledger is about, as far as is known. `is_all` where they are all of its backups.
    fn may_record<'r>(&mut self, rows: impl Iterator<Item = Facts<'r>>, is_all: bool) -> bool {
        match self.recognition.judge(rows.map(|row| row.service_id), is_all) {
            Judgement::Record => true,
            Judgement::Wait => false,
            Judgement::Ask(known) => {
                self.push(LedgerEvent::OtherServices(self.session, known));
                false
            }
        }
    }

    /// Writes; a failure is reported once. A file that turns out to be damaged is moved aside, and a new one begun.
    fn write(&mut self, work: impl FnOnce(&mut Ledger) -> Result<(), LedgerError>) {
        let Some(ledger) = &mut self.ledger else { return };
        if let Err(error) = work(ledger) {
            self.failed(&error);
        }
    }

    fn failed(&mut self, error: &LedgerError) {
        let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        tracing::warn!("ledger: {error}: {cause}");
        if let (LedgerError::Damaged(_), Some(file)) = (error, &self.file) {
            self.ledger = None;
            match file.start_anew((self.clock)()) {
                Ok(opened) => {
                    self.ledger = Some(opened.ledger);
                    self.recognition = Recognition::Recognized;
                    let name = opened.quarantined.unwrap_or_default();
                    return self.push(LedgerEvent::Quarantined(self.session, name));
                }
                Err(error) => tracing::warn!("ledger: no new one: {error}"),
            }
        }
        if !std::mem::replace(&mut self.has_failed, true) {
            self.push(LedgerEvent::Failed(self.session, error.to_string()));
        }
    }

    /// Does what the user asked for, who reads the failure.
    fn run<T>(&mut self, work: impl FnOnce(&mut Ledger) -> Result<T, LedgerError>) -> Result<T, String> {
        let Some(ledger) = &mut self.ledger else { return Err("it is not kept in this session".to_owned()) };
        work(ledger).map_err(|error| error.to_string())
    }
}

/// A ledger that ends with the program, and begins with that past.
fn in_memory(past: Option<Past>) -> Result<Ledger, LedgerError> {
    let mut ledger = Ledger::in_memory()?;
    if let Some(past) = past {
        demo_history::record(&mut ledger, past)?;
    }
    Ok(ledger)
}

/// What the service listed last, where all of it was ever read.
fn known(session: Ticket, ledger: &Ledger) -> Result<LedgerEvent, LedgerError> {
    fn rows<R: LedgerRow + Record>(ledger: &Ledger, list: PolledList) -> Result<Option<KnownRows<R>>, LedgerError> {
        let Some(at) = ledger.last_whole_poll(list)? else { return Ok(None) };
        let mut rows = RowsBuilder::new();
        ledger.for_each_listed(|row| rows.push(row))?;
        Ok(Some(KnownRows { rows: rows.finish(), at }))
    }
    let known = KnownTables {
        backups: rows(ledger, PolledList::Backups)?,
        schedules: rows(ledger, PolledList::Schedules)?,
        restores: rows(ledger, PolledList::Restores)?,
    };
    Ok(LedgerEvent::Known(session, known))
}

/// By the services of what was listed last.
fn recognition_of(known: &LedgerEvent) -> Recognition {
    fn services<R: Record>(known: Option<&KnownRows<R>>) -> impl Iterator<Item = &str> {
        known.into_iter().flat_map(|known| known.rows.all_facts()).map(|row| row.service_id)
    }
    let LedgerEvent::Known(_, known) = known else { return Recognition::Recognized };
    Recognition::of(services(known.backups.as_ref()).chain(services(known.schedules.as_ref())))
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
