use super::*;
use crate::backend::Inbox;
use crate::domain::{Backup, BackupId, RestoreId, ServiceId, Status};
use crate::journal::ChangeId;

fn start(file: Option<LedgerFile>) -> (LedgerThread, Inbox) {
    let (feed, inbox) = Feed::new(Arc::new(|| {}));
    let clock: Clock = Arc::new(|| Timestamp::from_second(1_790_000_000).unwrap());
    (LedgerThread::start(Ticket(1), file, None, feed, clock).unwrap(), inbox)
}

fn recorder(thread: &LedgerThread, filter: Option<&str>, is_resumed: bool) -> PollRecorder {
    let recorder = Some(thread.recorder.clone());
    PollRecorder { recorder, began_at: Timestamp::UNIX_EPOCH, filter: filter.map(Text::from), is_resumed, written: 0 }
}

fn builder_of(rows: Vec<Backup>) -> RowsBuilder<Backup> {
    let mut builder = RowsBuilder::new();
    for row in rows {
        builder.push(row);
    }
    builder
}

fn backups(ids: &[&str]) -> Vec<Backup> {
    ids.iter().map(|id| Backup { id: BackupId::new(*id), ..Backup::default() }).collect()
}

fn listed(completeness: Completeness, unreadable: u32) -> Listed<Backup> {
    Listed { rows: Rows::new(backups(&["a"])), unreadable, completeness, rest: None, baseline: None }
}

/// Asks the thread, after everything that was sent before.
fn ask<T: Send + 'static>(thread: &LedgerThread, question: fn(&Ledger) -> T) -> T {
    let (sender, receiver) = mpsc::channel();
    thread.recorder.send(Box::new(move |worker| {
        let _received = sender.send(worker.ledger.as_ref().map(question));
    }));
    receiver.recv().unwrap().unwrap()
}

#[test]
fn a_poll_is_complete_only_where_one_listing_read_every_row() {
    let cases = [
        (Completeness::Complete, 0, false, true),
        (Completeness::Complete, 0, true, false),
        (Completeness::Complete, 1, false, false),
        (Completeness::ChangedWhileReading, 0, false, false),
        (Completeness::Partial("stopped".to_owned()), 0, false, false),
    ];
    for (completeness, unreadable, is_resumed, want) in cases {
        let (thread, _inbox) = start(None);
        let result = Ok(listed(completeness, unreadable));
        recorder(&thread, Some("status=Failed"), is_resumed).end(&result);
        let polls = ask(&thread, |ledger| ledger.polls(PolledList::Backups).unwrap());
        assert_eq!(polls.len(), 1);
        assert_eq!(polls[0].is_complete, want, "{result:?} {is_resumed}");
        assert_eq!((polls[0].filter.as_deref(), polls[0].rows), (Some("status=Failed"), 1));
    }
    let (thread, _inbox) = start(None);
    recorder(&thread, None, false).end::<Backup>(&Err(ApiError::internal()));
    assert_eq!(ask(&thread, |ledger| ledger.polls(PolledList::Backups).unwrap()), []);
}

#[test]
fn a_light_refresh_tells_what_is_there_and_not_what_is_gone() {
    let (thread, _inbox) = start(None);
    recorder(&thread, None, false).end(&Ok(listed(Completeness::Complete, 0)));
    recorder(&thread, None, false).end_light(backups(&["new"]));
    let known = ask(&thread, |ledger| ledger.listed::<Backup>().unwrap());
    assert_eq!(known, backups(&["a", "new"]));
    let whole = ask(&thread, |ledger| ledger.polls(PolledList::Backups).unwrap());
    assert_eq!(whole.iter().map(Poll::is_whole).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn pages_are_written_as_they_come_also_of_a_listing_that_never_ends() {
    let (thread, _inbox) = start(None);
    let mut recorder = recorder(&thread, None, false);
    recorder.page(&builder_of(backups(&["a", "b"])));
    recorder.page(&builder_of(backups(&["a", "b", "c"])));
    drop(recorder);
    let known = ask(&thread, |ledger| ledger.listed::<Backup>().unwrap());
    assert_eq!(known, backups(&["a", "b", "c"]));
}

#[test]
fn damage_that_shows_only_while_writing_begins_a_new_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = LedgerFile::new(folder.path(), "account");
    let (thread, mut inbox) = start(Some(file.clone()));
    recorder(&thread, None, false).end(&Ok(listed(Completeness::Complete, 0)));
    ask(&thread, |ledger| ledger.counts().unwrap());
    rusqlite::Connection::open(file.path()).unwrap().execute_batch("DROP TABLE poll").unwrap();
    recorder(&thread, None, false).end(&Ok(listed(Completeness::Complete, 0)));
    recorder(&thread, None, false).end(&Ok(listed(Completeness::Complete, 0)));
    assert_eq!(ask(&thread, |ledger| ledger.counts().unwrap()).backups, 1, "the new one records");
    let events = inbox.take();
    let moved = events.iter().filter(|event| matches!(event, Event::Ledger(LedgerEvent::Quarantined(..)))).count();
    assert_eq!(moved, 1, "{events:?}");
    assert_eq!(ask(&thread, |ledger| ledger.polls(PolledList::Backups).unwrap()).len(), 1);
}

#[test]
fn the_end_waits_for_what_was_sent_before() {
    let folder = tempfile::tempdir().unwrap();
    let file = LedgerFile::new(folder.path(), "account");
    let (thread, _inbox) = start(Some(file.clone()));
    let rows: Vec<Backup> = (0..3_000).map(|number| backups(&[&number.to_string()]).remove(0)).collect();
    recorder(&thread, None, false).page(&builder_of(rows));
    thread.finish();
    assert_eq!(file.open(Timestamp::UNIX_EPOCH).unwrap().ledger.counts().unwrap().backups, 3_000);
}

fn restored_to_a_moment() -> RestoreRequest {
    let source =
        RestoreSource::Moment { service: ServiceId::new("db1"), at: Timestamp::from_second(1_789_000_000).unwrap() };
    RestoreRequest { target: ServiceId::new("db2"), source }
}

#[test]
fn a_restore_is_a_change_with_its_target_source_and_moment_and_the_id_it_got() {
    let (thread, _inbox) = start(None);
    let mark = ChangeMark { id: ChangeId::new(Timestamp::UNIX_EPOCH, 1), account: None, at: Timestamp::UNIX_EPOCH };
    let request = restored_to_a_moment();
    let sent = ChangeRecorder { recorder: thread.recorder.clone(), change: restored(&mark, &request) };
    sent.end(&ChangeOutcome::Created(Restore { id: RestoreId::new("12"), ..Restore::default() }.into()));
    let changes = ask(&thread, |ledger| ledger.changes().unwrap());
    let [change] = &changes[..] else { panic!("{changes:?}") };
    assert_eq!((change.kind, change.outcome), (RecordedKind::Restore, RecordedOutcome::Done));
    let want = Restore {
        id: RestoreId::new("12"),
        service_id: Some(ServiceId::new("db2")),
        backup_id: Some(BackupId::new("db1")),
        ..Restore::default()
    };
    assert_eq!((&change.row, change.moment), (&want.into(), Some(Timestamp::from_second(1_789_000_000).unwrap())));
    // What the journal knows of it makes the same record.
    let noted = SentChange::Restore { request, before: Vec::new() };
    assert_eq!(changed_by(&mark, &noted), restored(&mark, &restored_to_a_moment()));
}

#[test]
fn restores_are_known_once_they_were_ever_read() {
    let (thread, mut inbox) = start(None);
    let known = |session: Ticket, thread: &LedgerThread| {
        let (sender, receiver) = mpsc::channel();
        thread.recorder.send(Box::new(move |worker| {
            sender.send(worker.ledger.as_ref().map(|ledger| known(session, ledger).unwrap())).unwrap();
        }));
        let Some(LedgerEvent::Known(_, tables)) = receiver.recv().unwrap() else { panic!("no ledger") };
        tables.restores.map(|known| known.rows.iter().collect::<Vec<_>>())
    };
    assert_eq!(known(Ticket(1), &thread), None);
    let restore = Restore { id: RestoreId::new("12"), status: Some(Status::new("Running")), ..Restore::default() };
    let told = Restore { message: Some("not kept".into()), bucket: Some("gs://b/".into()), ..restore.clone() };
    recorder(&thread, None, false).end(&Ok(Listed::all(Rows::new([told]))));
    assert_eq!(known(Ticket(1), &thread), Some(vec![restore]));
    assert!(inbox.take().iter().all(|event| !matches!(event, Event::Ledger(LedgerEvent::Failed(..)))));
}

fn backups_of(service: &str, ids: &[&str]) -> Vec<Backup> {
    let service = Some(crate::domain::ServiceId::new(service));
    backups(ids).into_iter().map(|row| Backup { service_id: service.clone(), ..row }).collect()
}

fn end(thread: &LedgerThread, rows: Vec<Backup>) {
    let listed = Listed { rows: Rows::new(rows), ..listed(Completeness::Complete, 0) };
    let recorder = Some(thread.recorder.clone());
    // After what was seen by then.
    let began_at = Timestamp::from_second(1_790_000_001).unwrap();
    PollRecorder { recorder, began_at, filter: None, is_resumed: false, written: 0 }.end(&Ok(listed));
}

fn listed_ids(thread: &LedgerThread) -> Vec<String> {
    let rows = ask(thread, |ledger| ledger.listed::<Backup>().unwrap());
    rows.iter().map(|row| row.id.to_string()).collect()
}

/// The ledger of an account with two backups of one service, opened for a new session.
fn reopened(folder: &tempfile::TempDir) -> (LedgerThread, Inbox) {
    let file = LedgerFile::new(folder.path(), "account");
    let (thread, _inbox) = start(Some(file.clone()));
    end(&thread, backups_of("db1", &["a", "b"]));
    thread.finish();
    start(Some(file))
}

fn asked(inbox: &mut Inbox) -> Vec<usize> {
    let events = inbox.take();
    let count = |event: &Event| {
        if let Event::Ledger(LedgerEvent::OtherServices(_, known)) = event { Some(*known) } else { None }
    };
    events.iter().filter_map(count).collect()
}

#[test]
fn nothing_of_another_account_is_recorded_and_nothing_is_gone_until_it_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let (thread, mut inbox) = reopened(&folder);
    recorder(&thread, None, false).page(&builder_of(backups_of("db9", &["x"])));
    end(&thread, backups_of("db9", &["x", "y"]));
    end(&thread, backups_of("db9", &["x", "y"]));
    recorder(&thread, None, false).end_light(backups_of("db9", &["z"]));
    assert_eq!(listed_ids(&thread), ["a", "b"]);
    assert_eq!(ask(&thread, |ledger| ledger.polls(PolledList::Backups).unwrap()).len(), 1, "no poll of the account");
    assert_eq!(asked(&mut inbox), [1], "once");

    thread.recorder.send(Box::new(|worker| worker.recognition = Recognition::Recognized));
    end(&thread, backups_of("db9", &["x", "y"]));
    assert_eq!(listed_ids(&thread), ["x", "y"], "those of before are gone");
    assert_eq!(ask(&thread, |ledger| ledger.counts().unwrap().backups), 4);
}

#[test]
fn an_account_with_one_known_service_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (thread, mut inbox) = reopened(&folder);
    let new = backups_of("db9", &["x"]).into_iter().chain(backups_of("db1", &["b"]));
    end(&thread, new.collect());
    assert_eq!((listed_ids(&thread), asked(&mut inbox)), (vec!["b".to_owned(), "x".to_owned()], Vec::new()));
    end(&thread, backups_of("db9", &["x"]));
    assert_eq!(listed_ids(&thread), ["x"], "its service may go later");
}
