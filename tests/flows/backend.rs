//! The backend and the demo service over real HTTP, without a window. What counts after a lost response is what the service has.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use crate::support::demo::{Demo, Fault, FaultScope, World};
use crate::support::stepped::SteppedModel;
use skybackup::api::{Access, ApiError, BackupQuery, ClientLimits, Completeness, ErrorKind, Operation, ScheduleQuery};
use skybackup::backend::{Backend, BackendConfig, Inbox};
use skybackup::domain::{ApiUrl, BackupType, ChangedRow, Recurrence, Restore, Schedule, ServiceId, StatusKind, Zone};
use skybackup::draft::{NewSchedule, RestoreRequest, RestoreSource, SchedulePatch};
use skybackup::journal::{ChangeId, ChangeMark};
use skybackup::model::{BuildInfo, ChangeState, Model, ModelConfig};
use skybackup::msg::{
    ChangeCommand, ChangeEffect, ChangeEvent, ChangeOutcome, Command, Effect, Event, FileEffect, FormCommand, KeyCheck,
    KeyFrom, ListEffect, ListEvent, OpenError, Opened, SessionCommand, SessionEffect, SessionEvent, SettingsEvent,
    SignIn, SystemEvent, Ticket, WindowEffect,
};
use skybackup::secrets::ApiKey;
use skybackup::settings::{Paths, Profile, ProfileFlags, ProfileId, Settings};
use tempfile::TempDir;

use crate::support::story::{BEGINNING, clock_from};

/// The account of every change here.
const ACCOUNT: &str = "http://127.0.0.1 test";

/// Long for the slowest machine; nothing here waits for it when all is well.
const DEADLINE: Duration = Duration::from_mins(3);

/// A demo service, a backend, and a bell that rings when an event is there.
struct Stage {
    backend: Option<Backend>,
    inbox: Inbox,
    bell: Receiver<()>,
    waiting: Vec<Event>,
    world: World,
    url: ApiUrl,
    key: Arc<ApiKey>,
    last_ticket: u64,
    _demo: Demo,
    _service: tokio::runtime::Runtime,
    folder: TempDir,
}

impl Stage {
    fn new(backups: usize) -> Self {
        let service = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let demo = service.block_on(Demo::start_at(backups, BEGINNING.parse().unwrap()));
        let folder = tempfile::tempdir().unwrap();
        let (ring, bell) = mpsc::channel();
        let wake = move || {
            // Nobody listens any more once the test is over.
            let _over = ring.send(());
        };
        let setup = BackendConfig {
            pacing: ClientLimits { clock: clock_from(BEGINNING.parse().unwrap()), ..ClientLimits::default() },
            check_after: [Duration::ZERO, Duration::from_millis(30), Duration::from_millis(90)],
            ..BackendConfig::new(Paths::below(folder.path()), Settings::default())
        };
        let (backend, inbox) = Backend::new(setup, Arc::new(wake)).unwrap();
        Self {
            backend: Some(backend),
            inbox,
            bell,
            waiting: Vec::new(),
            world: demo.world.clone(),
            url: ApiUrl::parse(&demo.url).unwrap(),
            key: Arc::new(ApiKey::clean(&demo.key).unwrap().key),
            last_ticket: 0,
            _demo: demo,
            _service: service,
            folder,
        }
    }

    /// Signed in to the default world.
    fn signed_in() -> Self {
        let mut stage = Self::new(0);
        stage.sign_in();
        stage
    }

    fn ticket(&mut self) -> Ticket {
        self.last_ticket += 1;
        Ticket(self.last_ticket)
    }

    fn start(&self, effect: Effect) {
        assert!(self.backend.as_ref().unwrap().start(effect).is_none(), "the backend does it itself");
    }

    /// Waits for the first event that the closure takes; the others stay for later.
    fn wait<T>(&mut self, mut take: impl FnMut(&Event) -> Option<T>) -> T {
        let until = Instant::now() + DEADLINE;
        loop {
            self.waiting.extend(self.inbox.take());
            if let Some((place, found)) =
                self.waiting.iter().enumerate().find_map(|(place, event)| Some((place, take(event)?)))
            {
                self.waiting.remove(place);
                return found;
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(self.bell.recv_timeout(left).is_ok(), "nothing came; there is {:?}", self.waiting);
        }
    }

    fn sign_in(&mut self) {
        let (url, key) = (self.url.clone(), Arc::clone(&self.key));
        let result = self.open(url, KeyFrom::Typed(key), KeyCheck::First);
        assert_eq!(result.map(|opened| opened.url), Ok(self.url.clone()));
    }

    fn open(&mut self, url: ApiUrl, key: KeyFrom, check: KeyCheck) -> Result<Opened, OpenError> {
        let wanted = self.ticket();
        self.start(Effect::Session(SessionEffect::OpenSession {
            ticket: wanted,
            url,
            key,
            check,
            access: Access::Full,
        }));
        self.wait(|event| match event {
            Event::Session(SessionEvent::SessionOpened { ticket, result }) if *ticket == wanted => Some(result.clone()),
            _ => None,
        })
        .inspect(|_| self.start(Effect::Session(SessionEffect::UseSession(wanted))))
    }

    fn create(&mut self, new: &New) -> ChangeOutcome {
        let mark = self.mark();
        self.send(new, mark)
    }

    /// Sends a creation under a mark, for the first time or once more.
    fn send(&mut self, new: &New, mark: ChangeMark) -> ChangeOutcome {
        let ticket = self.ticket();
        self.start(new.effect(ticket, mark));
        self.created(ticket)
    }

    /// How many rows of this kind the service has.
    fn count(&self, new: &New) -> usize {
        match new {
            New::Schedule(_) => self.world.schedule_count(),
            New::Restore(_) => self.world.restore_count(),
        }
    }

    /// The mark of a new change.
    fn mark(&mut self) -> ChangeMark {
        let (at, number) = (self.world.now(), self.ticket().0);
        ChangeMark { id: ChangeId::new(at, number), account: Some(ACCOUNT.to_owned()), at }
    }

    /// Takes a change out of the journal, and waits until the journal knows it no more. Its file is not read meanwhile: where one that
    /// is open cannot be replaced, the change would stay.
    fn dismiss(&mut self, change: &ChangeId) {
        self.start(Effect::Change(ChangeEffect::DismissChange(change.clone())));
        let mut is_known = true;
        while is_known {
            self.start(Effect::Change(ChangeEffect::FindOpenChanges { account: ACCOUNT.to_owned() }));
            is_known = self.wait(|event| match event {
                Event::Change(ChangeEvent::OpenChanges(open, _)) => {
                    Some(open.iter().any(|open| open.mark.id == *change))
                }
                Event::Change(ChangeEvent::ChangeNotDismissed(why)) => panic!("{why}"),
                _ => None,
            });
        }
    }

    /// The changes that are noted on the disk, told by the program that made them. A file may go between its name and its text.
    fn noted(&self) -> usize {
        let folder = Paths::below(self.folder.path()).state_dir.join("changes");
        let files = std::fs::read_dir(folder).map(|entries| entries.map(|entry| entry.unwrap().path())).into_iter();
        let texts = files.flatten().filter(|path| path.extension().is_some_and(|ending| ending == "json"));
        texts.map(|path| std::fs::read_to_string(path).map_or(0, |text| text.matches("\"deed\"").count())).sum()
    }

    fn created(&mut self, wanted: Ticket) -> ChangeOutcome {
        self.wait(|event| match event {
            Event::Change(ChangeEvent::Ended(ticket, outcome)) if *ticket == wanted => Some(outcome.clone()),
            _ => None,
        })
    }

    fn update(&mut self, schedule: &Schedule, patch: SchedulePatch) -> ChangeOutcome {
        let (wanted, mark) = (self.ticket(), self.mark());
        self.start(Effect::Change(ChangeEffect::UpdateSchedule {
            ticket: wanted,
            mark,
            schedule: Box::new(schedule.clone()),
            patch,
        }));
        self.wait(|event| match event {
            Event::Change(ChangeEvent::Ended(ticket, outcome)) if *ticket == wanted => Some(outcome.clone()),
            _ => None,
        })
    }

    fn delete(&mut self, schedule: &Schedule) -> ChangeOutcome {
        let (wanted, mark) = (self.ticket(), self.mark());
        self.start(Effect::Change(ChangeEffect::DeleteSchedule {
            ticket: wanted,
            mark,
            schedule: Box::new(schedule.clone()),
        }));
        self.wait(|event| match event {
            Event::Change(ChangeEvent::Ended(ticket, outcome)) if *ticket == wanted => Some(outcome.clone()),
            _ => None,
        })
    }

    fn schedules(&mut self) -> Vec<Schedule> {
        let wanted = self.ticket();
        let (query, services) = (ScheduleQuery::default(), Vec::new());
        self.start(Effect::List(ListEffect::ListSchedules { ticket: wanted, query, services, resume: None }));
        self.wait(|event| match event {
            Event::List(ListEvent::SchedulesListed(ticket, result)) if *ticket == wanted => {
                Some(result.as_ref().unwrap().rows.iter().collect())
            }
            _ => None,
        })
    }

    /// A schedule that runs again and again, made here.
    fn made(&mut self) -> Schedule {
        let new = self.new_schedule("17 4 * * 2");
        match self.create(&new) {
            ChangeOutcome::Created(ChangedRow::Schedule(schedule)) => *schedule,
            other => panic!("{other:?}"),
        }
    }

    fn new_schedule(&mut self, cron: &str) -> New {
        let service_id = self.schedules().into_iter().find_map(|schedule| schedule.service_id).unwrap();
        New::Schedule(new_schedule(service_id, cron))
    }

    /// A restore of the newest full backup of one service into another one that has room for it.
    fn new_restore(&mut self) -> New {
        let wanted = self.ticket();
        let query = BackupQuery { service_id: Some(ServiceId::new("dbpgf41870263")), ..BackupQuery::default() };
        self.start(Effect::List(ListEffect::ListBackups { ticket: wanted, query, resume: None }));
        let backups = self.wait(|event| match event {
            Event::List(ListEvent::BackupsListed(ticket, result)) if *ticket == wanted => Some(result.clone().unwrap()),
            _ => None,
        });
        let mut good = backups.rows.iter().filter(|row| row.status_kind() == StatusKind::Good);
        let backup = good.find(|row| row.backup_type == Some(BackupType::Full)).unwrap().id;
        New::Restore(Arc::new(RestoreRequest {
            target: ServiceId::new("dbpgf27715608"),
            source: RestoreSource::Backup(backup),
        }))
    }

    /// A creation of this kind.
    fn new_of(&mut self, kind: NewKind) -> New {
        match kind {
            NewKind::Schedule => self.new_schedule("17 4 * * 2"),
            NewKind::Restore => self.new_restore(),
        }
    }

    fn restores(&mut self) -> Vec<Restore> {
        let wanted = self.ticket();
        self.start(Effect::List(ListEffect::ListRestores { ticket: wanted, services: Vec::new(), resume: None }));
        self.wait(|event| match event {
            Event::List(ListEvent::RestoresListed(ticket, result)) if *ticket == wanted => {
                Some(result.as_ref().unwrap().rows.iter().collect())
            }
            _ => None,
        })
    }

    fn delete_restore(&mut self, restore: &Restore) -> ChangeOutcome {
        let (ticket, mark) = (self.ticket(), self.mark());
        let restore = Box::new(restore.clone());
        self.start(Effect::Change(ChangeEffect::DeleteRestore { ticket, mark, restore }));
        self.created(ticket)
    }

    fn posts(&self) -> usize {
        self.world.requests().iter().filter(|request| request.method == "POST").count()
    }

    /// Waits for the service to have got a request, whose arrival rings no bell here.
    fn wait_for_request(&self, method: &str) {
        let until = Instant::now() + DEADLINE;
        while !self.world.requests().iter().any(|request| request.method == method) {
            assert!(Instant::now() < until, "no {method} came");
            std::thread::yield_now();
        }
    }
}

/// What can be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NewKind {
    Schedule,
    Restore,
}

/// Something to be created.
#[derive(Clone)]
enum New {
    Schedule(Arc<NewSchedule>),
    Restore(Arc<RestoreRequest>),
}

impl New {
    /// The effect that sends it.
    fn effect(&self, ticket: Ticket, mark: ChangeMark) -> Effect {
        Effect::Change(match self.clone() {
            Self::Schedule(new) => ChangeEffect::CreateSchedule { ticket, mark, new },
            Self::Restore(request) => ChangeEffect::CreateRestore { ticket, mark, request },
        })
    }
}

impl NewKind {
    const ALL: [Self; 2] = [Self::Schedule, Self::Restore];

    fn operation(self) -> Operation {
        match self {
            Self::Schedule => Operation::CreateSchedule,
            Self::Restore => Operation::CreateRestore,
        }
    }

    fn list(self) -> &'static str {
        match self {
            Self::Schedule => "/skybackup/v1/backups/schedules",
            Self::Restore => "/skybackup/v1/restores",
        }
    }
}

fn new_schedule(service_id: ServiceId, cron: &str) -> Arc<NewSchedule> {
    let recurrence = Recurrence::read(cron);
    Arc::new(NewSchedule { service_id, backup_type: BackupType::Dump, recurrence, storage: None })
}

fn once_on(method: &str) -> FaultScope {
    FaultScope::next(1).on_method(method)
}

fn suspend() -> SchedulePatch {
    SchedulePatch { suspended: Some(true), ..SchedulePatch::default() }
}

#[test]
fn the_demo_opens_without_a_key_and_a_wrong_key_or_none_does_not_open() {
    let mut stage = Stage::new(0);
    let wrong = Arc::new(ApiKey::clean("skysql.wrong.0123456789abcdefghijklmnopqrstuv").unwrap().key);
    let refused = stage.open(stage.url.clone(), KeyFrom::Typed(wrong), KeyCheck::First);
    assert!(matches!(&refused, Err(OpenError::Api(error)) if error.kind == ErrorKind::KeyRefused), "{refused:?}");
    assert_eq!(stage.open(stage.url.clone(), KeyFrom::Environment, KeyCheck::First), Err(OpenError::NoKey));
    let url = stage.open(stage.url.clone(), KeyFrom::Demo, KeyCheck::First).unwrap().url;
    assert!(url.is_loopback() && url != stage.url, "a service of its own, at {url}");
    assert!(!stage.schedules().is_empty());
}

#[test]
fn a_listing_tells_its_progress_and_shows_rows_before_it_ends() {
    let mut stage = Stage::new(1_000);
    stage.sign_in();
    let wanted = stage.ticket();
    stage.start(Effect::List(ListEffect::ListBackups { ticket: wanted, query: BackupQuery::default(), resume: None }));
    let rows = stage.wait(|event| match event {
        Event::List(ListEvent::BackupsListed(ticket, result)) if *ticket == wanted => Some(result.clone().unwrap()),
        _ => None,
    });
    assert_eq!((rows.rows.len(), rows.unreadable, rows.completeness), (1_000, 0, Completeness::Complete));
    let told: Vec<(u32, usize, Option<usize>)> = stage
        .waiting
        .iter()
        .filter_map(|event| match event {
            Event::List(ListEvent::BackupsProgress(_, progress, rows)) => {
                Some((progress.pages_read, progress.rows, rows.as_ref().map(skybackup::rows::Rows::len)))
            }
            _ => None,
        })
        .collect();
    assert_eq!(told.first(), Some(&(1, 100, Some(100))), "the first page is shown at once");
    assert_eq!(told.last().map(|(pages, rows, _)| (*pages, *rows)), Some((10, 1_000)));
    assert!(told.iter().any(|(.., rows)| rows.is_none()), "not every page makes a copy of all before");
}

#[test]
fn a_schedule_is_created_suspended_and_deleted() {
    let mut stage = Stage::signed_in();
    let before = stage.world.schedule_count();
    let made = stage.made();
    assert_eq!(stage.world.schedule_count(), before + 1);
    let updated = stage.update(&made, suspend());
    let ChangeOutcome::Updated(updated) = updated else { panic!("{updated:?}") };
    assert!(updated.is_suspended());
    let deletions = |stage: &Stage| stage.world.requests().iter().filter(|request| request.method == "DELETE").count();
    let outcome = stage.delete(&made);
    let ChangeOutcome::Conflict(ChangedRow::Schedule(now)) = outcome else { panic!("{outcome:?}") };
    assert!(now.is_suspended() && deletions(&stage) == 0, "seen running, suspended since: nothing goes out");
    assert!(matches!(stage.delete(&updated), ChangeOutcome::Deleted(skybackup::api::Deleted::Deleted)));
    assert_eq!((stage.world.schedule_count(), deletions(&stage)), (before, 1));
    assert!(matches!(stage.delete(&made), ChangeOutcome::Deleted(skybackup::api::Deleted::AlreadyGone)));
    assert_eq!(deletions(&stage), 1, "what is gone is gone");
}

#[test]
fn a_creation_whose_response_is_lost_is_looked_for_and_never_sent_again() {
    let cases = [
        ("done, then dropped", Fault::CommitThenDrop, 1),
        ("done, then 500", Fault::CommitThen500, 1),
        ("done, cut short", Fault::CutBody, 1),
        ("done, without a body", Fault::CommitThenEmpty, 1),
        ("not done", Fault::DropBeforeResponse, 0),
        ("a 500 without doing it", Fault::status(500, ""), 0),
    ];
    for (kind, (name, fault, done)) in NewKind::ALL.into_iter().flat_map(|kind| cases.clone().map(|case| (kind, case)))
    {
        let name = format!("{kind:?}: {name}");
        let mut stage = Stage::signed_in();
        let new = stage.new_of(kind);
        // Another of the same kind was there before: it is not taken for the new one.
        assert!(matches!(stage.create(&new), ChangeOutcome::Created(_)), "{name}");
        // A restore keeps its target busy until it has ended.
        stage.world.advance(60);
        let (count, posts, noted) = (stage.count(&new), stage.posts(), stage.noted());
        stage.world.set_fault_for(fault, once_on("POST"));
        let mark = stage.mark();
        let outcome = stage.send(&new, mark.clone());
        let ChangeOutcome::CreationUnknown { error, found, checked } = outcome else { panic!("{name}: {outcome:?}") };
        assert!(error.outcome_unknown() && checked, "{name}: {error:?}");
        assert_eq!((found.len(), stage.count(&new) - count), (done, done), "{name}");
        assert_eq!(stage.posts(), posts + 1, "{name}: sent once");
        assert!(
            stage.waiting.iter().any(|event| matches!(event, Event::Change(ChangeEvent::CreateChecking(_)))),
            "{name}"
        );

        let ticket = stage.ticket();
        stage.start(Effect::Change(ChangeEffect::CheckChange {
            ticket,
            change: mark.id.clone(),
            error: ApiError::unanswered(kind.operation()),
        }));
        let again = stage.created(ticket);
        assert!(
            matches!(&again, ChangeOutcome::CreationUnknown { found, checked: true, .. } if found.len() == done),
            "{name}"
        );
        assert_eq!(stage.posts(), posts + 1, "{name}: a check only reads");
        assert_eq!(stage.noted(), noted + 1, "{name}: noted until it is proven");

        // A list that cannot be read proves nothing.
        stage.world.set_fault_for(Fault::status(403, "{}"), FaultScope::default().on_method("GET"));
        let ticket = stage.ticket();
        let error = ApiError::unanswered(kind.operation());
        stage.start(Effect::Change(ChangeEffect::CheckChange { ticket, change: mark.id.clone(), error }));
        let unread = stage.created(ticket);
        assert!(matches!(unread, ChangeOutcome::CreationUnknown { checked: false, .. }), "{name}: {unread:?}");
        assert_eq!((stage.posts(), stage.noted()), (posts + 1, noted + 1), "{name}: still noted");
        stage.world.clear_faults();

        // On the user's word it is sent again, and only where it is not there.
        let again = stage.send(&new, mark.clone());
        assert_eq!(matches!(again, ChangeOutcome::Created(_)), done == 0, "{name}: {again:?}");
        assert_eq!((stage.posts(), stage.count(&new)), (posts + 2 - done, count + 1), "{name}");
        assert_eq!(stage.noted(), noted + 1, "{name}: noted until the window knows");
        stage.dismiss(&mark.id);
        assert_eq!(stage.noted(), noted, "{name}: it is noted no more");
    }
}

#[test]
fn a_creation_that_becomes_visible_late_is_found_by_the_later_reads() {
    for kind in NewKind::ALL {
        let mut stage = Stage::signed_in();
        let new = stage.new_of(kind);
        let count = stage.count(&new);
        stage.world.set_fault_for(Fault::CommitThenDrop, once_on("POST"));
        // The first reading after the loss shows the list as it was before.
        let lists = FaultScope::next(2).on_method("GET").on_path(kind.list());
        stage.world.set_fault_for(Fault::ListsLag, lists);
        let outcome = stage.create(&new);
        assert!(
            matches!(&outcome, ChangeOutcome::CreationUnknown { found, checked: true, .. } if found.len() == 1),
            "{outcome:?}"
        );
        assert_eq!((stage.posts(), stage.count(&new)), (1, count + 1));
    }
}

#[test]
fn a_creation_that_is_done_long_after_the_response_was_given_up_is_found_at_the_next_look() {
    for kind in NewKind::ALL {
        let mut stage = Stage::signed_in();
        let new = stage.new_of(kind);
        let count = stage.count(&new);
        stage.world.set_fault_for(Fault::CommitLate(10), once_on("POST"));
        let mark = stage.mark();
        let outcome = stage.send(&new, mark.clone());
        assert!(
            matches!(&outcome, ChangeOutcome::CreationUnknown { found, checked: true, .. } if found.is_empty()),
            "{outcome:?}"
        );
        assert_eq!(stage.count(&new), count);
        stage.world.advance(11);
        // Sending again looks first, and finds it.
        let again = stage.send(&new, mark);
        assert!(matches!(&again, ChangeOutcome::CreationUnknown { found, .. } if found.len() == 1), "{again:?}");
        assert_eq!((stage.posts(), stage.count(&new)), (1, count + 1));
    }
}

/// Every status of the fault matrix that a creation can meet: one POST, and no row more at the service.
#[test]
fn a_creation_is_sent_once_whatever_the_status_of_its_response() {
    for kind in NewKind::ALL {
        let mut stage = Stage::signed_in();
        let new = stage.new_of(kind);
        let count = stage.count(&new);
        let fault = |code, headers| Fault::Status { code, body: "{}".to_owned(), headers };
        for code in [300, 304, 307, 400, 403, 404, 409, 412, 422, 501, 505] {
            let (posts, noted) = (stage.posts(), stage.noted());
            stage.world.set_fault_for(fault(code, Vec::new()), once_on("POST"));
            let mark = stage.mark();
            let outcome = stage.send(&new, mark.clone());
            assert!(matches!(outcome, ChangeOutcome::Rejected(_)), "{kind:?} {code}: {outcome:?}");
            assert_eq!((stage.posts(), stage.count(&new)), (posts + 1, count), "{kind:?} {code}");
            stage.dismiss(&mark.id);
            assert_eq!(stage.noted(), noted, "{kind:?} {code}: it is noted no more");
        }
        for code in [408, 500, 502, 503, 504] {
            let posts = stage.posts();
            stage.world.set_fault_for(fault(code, Vec::new()), once_on("POST"));
            let outcome = stage.create(&new);
            let is_unknown =
                matches!(&outcome, ChangeOutcome::CreationUnknown { found, checked: true, .. } if found.is_empty());
            assert!(is_unknown, "{kind:?} {code}: {outcome:?}");
            assert_eq!((stage.posts(), stage.count(&new)), (posts + 1, count), "{kind:?} {code}");
        }
        // From here on a service each, because nothing more goes out, or not for a while.
        let asks_to_wait = ["300", "1", "-1", "abc", "99999999999999999999", "Fri, 01 Jan 2010 00:00:00 GMT"];
        let waits = asks_to_wait.map(|secs| vec![("retry-after".to_owned(), secs.to_owned())]);
        for (code, headers) in waits.into_iter().map(|headers| (429, headers)).chain([(401, Vec::new())]) {
            let mut stage = Stage::signed_in();
            let new = stage.new_of(kind);
            stage.world.set_fault_for(fault(code, headers.clone()), once_on("POST"));
            let outcome = stage.create(&new);
            assert!(matches!(outcome, ChangeOutcome::Rejected(_)), "{kind:?} {code} {headers:?}: {outcome:?}");
            assert_eq!((stage.posts(), stage.count(&new)), (1, count), "{kind:?} {code} {headers:?}");
        }
        // A wait that is asked for with a 503 does not tell that nothing was done.
        let mut stage = Stage::signed_in();
        let new = stage.new_of(kind);
        stage.world.set_fault_for(fault(503, vec![("retry-after".to_owned(), "1".to_owned())]), once_on("POST"));
        let outcome = stage.create(&new);
        assert!(matches!(outcome, ChangeOutcome::CreationUnknown { .. }), "{kind:?}: {outcome:?}");
        assert_eq!((stage.posts(), stage.count(&new)), (1, count), "{kind:?} 503");
    }
}

#[test]
fn a_restore_is_followed_to_its_end_and_its_entry_deleted() {
    let mut stage = Stage::signed_in();
    let new = stage.new_restore();
    let ChangeOutcome::Created(ChangedRow::Restore(made)) = stage.create(&new) else { panic!() };
    assert_eq!(made.status_kind(), StatusKind::Running);
    // The target is busy: nothing else is restored into it meanwhile.
    let refused = stage.create(&new);
    assert!(matches!(&refused, ChangeOutcome::Rejected(error) if error.kind == ErrorKind::Conflict), "{refused:?}");
    stage.world.advance(60);
    let ended = stage.restores().into_iter().find(|row| row.id == made.id).unwrap();
    assert_eq!(ended.status_kind(), StatusKind::Good);
    let count = stage.world.restore_count();
    // Seen running, ended since: the entry is the same.
    assert!(matches!(stage.delete_restore(&made), ChangeOutcome::Deleted(skybackup::api::Deleted::Deleted)));
    assert_eq!(stage.world.restore_count(), count - 1);
    assert!(matches!(stage.delete_restore(&made), ChangeOutcome::Deleted(skybackup::api::Deleted::AlreadyGone)));
    // An entry of another target is not the one that the user saw.
    let other = stage.restores().remove(0);
    let seen = Restore { service_id: Some(ServiceId::new("dbpgf00000000")), ..other.clone() };
    let outcome = stage.delete_restore(&seen);
    assert!(matches!(&outcome, ChangeOutcome::Conflict(ChangedRow::Restore(now)) if now.id == other.id), "{outcome:?}");
    assert_eq!(stage.world.restore_count(), count - 1);
}

#[test]
fn a_deleted_entry_whose_response_is_lost_is_looked_up() {
    for (fault, sent) in [(Fault::CommitThenDrop, 1), (Fault::CommitThen500, 1), (Fault::DropBeforeResponse, 2)] {
        let mut stage = Stage::signed_in();
        let entry = stage.restores().remove(0);
        let count = stage.world.restore_count();
        stage.world.set_fault_for(fault.clone(), once_on("DELETE"));
        let outcome = stage.delete_restore(&entry);
        assert!(matches!(outcome, ChangeOutcome::Deleted(_)), "{fault:?}: {outcome:?}");
        let deletions = stage.world.requests().iter().filter(|request| request.method == "DELETE").count();
        assert_eq!((deletions, stage.world.restore_count()), (sent, count - 1), "{fault:?}");
    }
}

#[test]
fn a_profile_that_another_window_made_read_only_changes_nothing_from_here_on() {
    let mut stage = Stage::signed_in();
    let (new, made) = (stage.new_schedule("17 4 * * 2"), stage.made());
    let (count, requests) = (stage.world.schedule_count(), stage.posts());
    // This profile is not known here, so it counts like one that was free.
    let flags = ProfileFlags { read_only: true, ..ProfileFlags::default() };
    let url = "http://127.0.0.1".to_owned();
    let profile = Profile { id: ProfileId::new("test"), api_url: url, flags, ..Profile::default() };
    assert_eq!(profile.account(), ACCOUNT);
    let settings = Settings { profiles: vec![profile.clone()], ..Settings::default() };
    let paths = Paths::below(stage.folder.path());
    skybackup::settings::write(&paths, &Settings::default(), &settings).unwrap();
    let refused = |error: &skybackup::api::ApiError| error.kind == ErrorKind::ReadOnly;
    assert!(matches!(stage.create(&new), ChangeOutcome::Rejected(error) if refused(&error)));
    let told = stage.wait(|event| match event {
        Event::Settings(SettingsEvent::ProfilesProtected(profiles)) => Some(profiles.clone()),
        _ => None,
    });
    assert_eq!(told, [profile]);
    assert!(matches!(stage.update(&made, suspend()), ChangeOutcome::Rejected(error) if refused(&error)));
    assert!(matches!(stage.delete(&made), ChangeOutcome::Rejected(error) if refused(&error)));
    assert_eq!((stage.world.schedule_count(), stage.posts()), (count, requests));
    assert!(stage.world.requests().iter().all(|request| !["PATCH", "DELETE"].contains(&request.method.as_str())));
    // The gate stays shut over new connections too.
    stage.start(Effect::Session(SessionEffect::Reconnect));
    assert!(matches!(stage.delete(&made), ChangeOutcome::Rejected(error) if refused(&error)));
}

#[test]
fn a_change_that_cannot_be_noted_is_not_sent() {
    let mut stage = Stage::signed_in();
    let (new, restore, made) = (stage.new_schedule("17 4 * * 2"), stage.new_restore(), stage.made());
    let (count, restores, requests) = (stage.world.schedule_count(), stage.world.restore_count(), stage.posts());
    let state_dir = Paths::below(stage.folder.path()).state_dir;
    std::fs::remove_dir_all(state_dir.join("changes")).unwrap();
    std::fs::write(state_dir.join("changes"), "a file in place of the folder").unwrap();
    let errors = [
        match stage.create(&new) {
            ChangeOutcome::Rejected(error) => error,
            other => panic!("{other:?}"),
        },
        match stage.create(&restore) {
            ChangeOutcome::Rejected(error) => error,
            other => panic!("{other:?}"),
        },
        match stage.update(&made, suspend()) {
            ChangeOutcome::Rejected(error) => error,
            other => panic!("{other:?}"),
        },
        match stage.delete(&made) {
            ChangeOutcome::Rejected(error) => error,
            other => panic!("{other:?}"),
        },
    ];
    for error in errors {
        assert!(error.sentence().starts_with("The change was not sent. The note about this change"), "{error}");
        assert!(error.advice().contains("has space"), "{}", error.advice());
    }
    assert_eq!((stage.world.schedule_count(), stage.posts()), (count, requests));
    assert_eq!(stage.world.restore_count(), restores);
    assert!(stage.world.requests().iter().all(|request| !["PATCH", "DELETE"].contains(&request.method.as_str())));
}

#[test]
fn a_creation_is_not_sent_where_what_is_there_cannot_be_read_and_a_refusal_is_no_riddle() {
    for kind in NewKind::ALL {
        let mut stage = Stage::signed_in();
        let new = stage.new_of(kind);
        let count = stage.count(&new);
        stage.world.set_fault_for(Fault::status(403, "{}"), once_on("GET"));
        assert!(matches!(stage.create(&new), ChangeOutcome::Rejected(_)), "{kind:?}");
        assert_eq!(stage.posts(), 0, "{kind:?}");
        stage.world.set_fault_for(Fault::status(422, r#"{"errors":[{"message":"no such type"}]}"#), once_on("POST"));
        let refused = stage.create(&new);
        assert!(
            matches!(&refused, ChangeOutcome::Rejected(error) if error.message.as_deref() == Some("no such type")),
            "{refused:?}"
        );
        assert_eq!((stage.count(&new), stage.posts()), (count, 1), "{kind:?}");
    }
}

#[test]
fn a_change_is_not_sent_where_the_schedule_cannot_be_read_and_that_is_no_riddle() {
    let mut stage = Stage::signed_in();
    let made = stage.made();
    stage.world.set_fault_for(Fault::status(403, "{}"), once_on("GET"));
    let outcome = stage.update(&made, suspend());
    assert!(matches!(outcome, ChangeOutcome::Rejected(_)), "{outcome:?}");
    assert!(stage.world.requests().iter().all(|request| request.method != "PATCH"));
}

#[test]
fn a_change_whose_response_is_lost_is_settled_by_reading_the_schedule() {
    let cases = [
        ("done, then dropped", Fault::CommitThenDrop, true),
        ("done, then 500", Fault::CommitThen500, true),
        ("not done", Fault::DropBeforeResponse, false),
    ];
    for (name, fault, done) in cases {
        let mut stage = Stage::signed_in();
        let made = stage.made();
        stage.world.set_fault_for(fault.clone(), once_on("PATCH"));
        let outcome = stage.update(&made, suspend());
        let ChangeOutcome::Updated(updated) = outcome else { panic!("{name}: {outcome:?}") };
        assert!(updated.is_suspended(), "{name}");
        let count = stage.world.schedule_count();
        stage.world.set_fault_for(fault, once_on("DELETE"));
        let outcome = stage.delete(&updated);
        match &outcome {
            ChangeOutcome::Deleted(_) => {}
            other => panic!("{name}: {other:?}"),
        }
        assert_eq!(stage.world.schedule_count(), count - 1, "{name}");
        for method in ["PATCH", "DELETE"] {
            let sent = stage.world.requests().iter().filter(|request| request.method == method).count();
            assert_eq!(sent, if done { 1 } else { 2 }, "{name}: {method} goes out again only where it did not happen");
        }
    }
}

#[test]
fn a_change_that_never_gets_through_is_sent_twice_and_stays_unknown() {
    let mut stage = Stage::signed_in();
    let made = stage.made();
    let sent =
        |stage: &Stage, method: &str| stage.world.requests().iter().filter(|request| request.method == method).count();
    for method in ["PATCH", "DELETE"] {
        stage.world.set_fault_for(Fault::status(502, ""), FaultScope::default().on_method(method));
    }
    let outcome = stage.update(&made, suspend());
    assert!(
        matches!(&outcome, ChangeOutcome::Unknown { now: Some(now), .. } if !now.schedule().unwrap().is_suspended()),
        "{outcome:?}"
    );
    let outcome = stage.delete(&made);
    assert!(
        matches!(&outcome, ChangeOutcome::Unknown { now: Some(now), .. } if now.schedule().unwrap().id == made.id),
        "{outcome:?}"
    );
    assert_eq!((sent(&stage, "PATCH"), sent(&stage, "DELETE")), (2, 2));
}

#[test]
fn a_change_of_somebody_else_meanwhile_is_not_overwritten_without_asking() {
    let mut stage = Stage::signed_in();
    let made = stage.made();
    let before = Schedule { recurrence: Some(Recurrence::read("1 1 * * *")), ..made.clone() };
    let patch = SchedulePatch { recurrence: Some("2 2 * * *".into()), ..SchedulePatch::default() };
    let outcome = stage.update(&before, patch);
    let ChangeOutcome::Conflict(ChangedRow::Schedule(now)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(now.recurrence, made.recurrence, "neither as wanted nor as it was here");
    let wanted = SchedulePatch { recurrence: Some("17 4 * * 2".into()), ..SchedulePatch::default() };
    assert!(matches!(stage.update(&before, wanted), ChangeOutcome::Updated(_)), "it is as wanted already");
    assert!(!stage.world.requests().iter().any(|request| request.method == "PATCH"), "nothing was sent");
}

#[test]
fn the_same_times_in_another_text_are_sent() {
    let mut stage = Stage::signed_in();
    let made = stage.made();
    let patch = SchedulePatch { recurrence: Some("17 04 * * 2".into()), ..SchedulePatch::default() };
    let outcome = stage.update(&made, patch);
    let ChangeOutcome::Updated(now) = outcome else { panic!("{outcome:?}") };
    assert_eq!(now.recurrence, Some(Recurrence::read("17 04 * * 2")));
    assert_eq!(stage.world.requests().iter().filter(|request| request.method == "PATCH").count(), 1);
}

#[test]
fn a_conflict_is_a_refusal() {
    let mut stage = Stage::signed_in();
    let made = stage.made();
    let count = stage.world.schedule_count();
    stage.world.set_fault_for(Fault::status(409, r#"{"errors":[{"message":"in use"}]}"#), once_on("DELETE"));
    let outcome = stage.delete(&made);
    assert!(matches!(&outcome, ChangeOutcome::Rejected(error) if error.kind == ErrorKind::Conflict), "{outcome:?}");
    assert_eq!(stage.world.schedule_count(), count);
}

#[test]
fn a_cancelled_call_and_those_of_a_closed_session_end_silently() {
    let mut stage = Stage::signed_in();
    stage.world.forget_requests();
    stage.world.set_fault_for(Fault::SlowMs(600_000), FaultScope::default().on_path("/skybackup"));
    let (cancelled, closed) = (stage.ticket(), stage.ticket());
    stage.start(Effect::List(ListEffect::ListBackups {
        ticket: cancelled,
        query: BackupQuery::default(),
        resume: None,
    }));
    stage.wait_for_request("GET");
    stage.start(Effect::Cancel(cancelled));
    let query = ScheduleQuery::default();
    stage.start(Effect::List(ListEffect::ListSchedules {
        ticket: closed,
        query: query.clone(),
        services: Vec::new(),
        resume: None,
    }));
    stage.start(Effect::Session(SessionEffect::CloseSession));
    let nobody = stage.ticket();
    stage.start(Effect::List(ListEffect::ListSchedules { ticket: nobody, query, services: Vec::new(), resume: None }));
    stage.world.clear_faults();
    stage.sign_in();
    assert!(!stage.schedules().is_empty(), "the next session works");
    let late = stage.waiting.iter().find(|event| {
        matches!(
            event,
            Event::List(ListEvent::BackupsListed(..) | ListEvent::SchedulesListed(..))
                | Event::System(SystemEvent::TaskPanicked(_))
        )
    });
    assert!(late.is_none(), "{late:?}");
}

#[test]
fn a_sign_in_that_was_left_never_becomes_the_open_session() {
    let mut stage = Stage::new(0);
    stage.world.set_fault_for(Fault::SlowMs(600_000), FaultScope::default());
    let ticket = stage.ticket();
    let key = KeyFrom::Typed(Arc::clone(&stage.key));
    stage.start(Effect::Session(SessionEffect::OpenSession {
        ticket,
        url: stage.url.clone(),
        key,
        check: KeyCheck::First,
        access: Access::Full,
    }));
    stage.wait_for_request("GET");
    stage.start(Effect::Session(SessionEffect::CloseSession));
    stage.world.clear_faults();
    let url = stage.open(stage.url.clone(), KeyFrom::Demo, KeyCheck::Skipped).unwrap().url;
    assert_ne!(url, stage.url);
    stage.world.forget_requests();
    stage.schedules();
    assert!(stage.world.requests().is_empty(), "the calls go to the session that is open");
}

#[test]
fn a_task_that_panics_is_reported_and_the_rest_goes_on() {
    let mut stage = Stage::signed_in();
    let ticket = stage.ticket();
    stage.backend.as_ref().unwrap().spawn_event(ticket, async { panic!("a fault of the program, on purpose") });
    let broken = stage.wait(|event| match event {
        Event::System(SystemEvent::TaskPanicked(ticket)) => Some(*ticket),
        _ => None,
    });
    assert_eq!(broken, ticket);
    assert!(!stage.schedules().is_empty());
}

#[test]
fn the_program_ends_at_once_although_the_service_hangs() {
    for method in ["GET", "POST"] {
        let mut stage = Stage::signed_in();
        let new = stage.new_schedule("17 4 * * 2");
        stage.world.forget_requests();
        stage.world.set_fault_for(Fault::SlowMs(600_000), FaultScope::default().on_method(method));
        let (ticket, mark) = (stage.ticket(), stage.mark());
        stage.start(if method == "GET" {
            Effect::List(ListEffect::ListBackups { ticket, query: BackupQuery::default(), resume: None })
        } else {
            new.effect(ticket, mark)
        });
        stage.wait_for_request(method);
        let begun = Instant::now();
        drop(stage.backend.take());
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(20), "{method}: {took:?}, as if it had waited for the response");
    }
}

#[test]
fn settings_are_written_and_the_newest_state_is_the_one_that_stays() {
    let mut stage = Stage::new(0);
    for zoom in 1..=20_u8 {
        let mut settings = Settings::default();
        settings.preferences.zoom = 1.0 + f32::from(zoom) * 0.05;
        stage.start(Effect::File(FileEffect::SaveSettings(Box::new(settings))));
    }
    for _ in 1..=20 {
        let saved = stage.wait(|event| match event {
            Event::Settings(SettingsEvent::SettingsSaved(result)) => Some(result.clone()),
            _ => None,
        });
        assert_eq!(saved, Ok(Vec::new()));
    }
    let (read, warnings) = skybackup::settings::read(&Paths::below(stage.folder.path()));
    assert_eq!(warnings, Vec::<String>::new());
    assert!((read.preferences.zoom - 2.0).abs() < 0.001, "{}", read.preferences.zoom);
}

#[test]
fn a_save_tells_which_profiles_another_window_protected() {
    let mut stage = Stage::new(0);
    let profile = |read_only| Profile {
        id: ProfileId::new("acme"),
        flags: ProfileFlags { read_only, ..ProfileFlags::default() },
        ..Profile::default()
    };
    let settings = |read_only| Settings { profiles: vec![profile(read_only)], ..Settings::default() };
    let paths = Paths::below(stage.folder.path());
    let mut save = |read_only| {
        stage.start(Effect::File(FileEffect::SaveSettings(Box::new(settings(read_only)))));
        stage.wait(|event| match event {
            Event::Settings(SettingsEvent::SettingsSaved(result)) => Some(result.clone()),
            _ => None,
        })
    };
    assert_eq!(save(false), Ok(Vec::new()));
    skybackup::settings::write(&paths, &settings(false), &settings(true)).unwrap();
    assert_eq!(save(false), Ok(vec![profile(true)]));
    assert_eq!(save(true), Ok(Vec::new()), "it is known here now");
    assert_eq!(save(false), Ok(Vec::new()), "and can be freed here");
    std::fs::write(paths.settings_file(), "version = 99").unwrap();
    assert!(save(true).is_err_and(|failure| failure.is_for_good));
}

/// Model and backend in turn, as the window does it, until the model is as wanted.
fn play(stage: &mut Stage, model: &mut SteppedModel, mut effects: Vec<Effect>, is_done: impl Fn(&Model) -> bool) {
    let until = Instant::now() + DEADLINE;
    loop {
        for effect in effects.drain(..) {
            let _windows_own: Option<WindowEffect> = stage.backend.as_ref().unwrap().start(effect);
        }
        for event in stage.inbox.take() {
            effects.extend(model.apply(event, stage.world.now()));
        }
        if effects.is_empty() {
            if is_done(model) {
                return;
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(stage.bell.recv_timeout(left).is_ok(), "{:?} {:?}", model.data.session, model.data.change());
        }
    }
}

#[test]
fn model_and_backend_sign_in_read_and_settle_a_lost_creation() {
    let mut stage = Stage::new(0);
    // The list of all schedules is not offered: they are read service by service.
    stage.world.set_fault(Fault::SchedulesNeedServiceId);
    let start = ModelConfig {
        settings: Settings::default(),
        warnings: Vec::new(),
        local_zone: Zone::utc(),
        has_environment_key: false,
        build: BuildInfo::default(),
        api_url: Some(stage.url.clone()),
        demo: false,
        places: Vec::new(),
        home: stage.folder.path().to_owned(),
        store_name: "keyring",
        certificates: Vec::new(),
    };
    let world = stage.world.clone();
    let now = || world.now();
    let (mut model, first) = SteppedModel::new(start, now());
    assert!(first.is_empty());
    let sign_in = SignIn {
        profile: None,
        name: "Test".to_owned(),
        flags: ProfileFlags::default(),
        url: stage.url.clone(),
        key: Arc::clone(&stage.key),
        check: KeyCheck::First,
        keep: false,
    };
    let effects = model.handle(Command::Session(SessionCommand::SignIn(sign_in)), now());
    let read = |model: &Model| {
        model.data.session.open().is_some()
            && !model.data.lists().is_loading()
            && !model.data.lists().services.is_loading()
    };
    play(&mut stage, &mut model, effects, read);
    assert_eq!(model.data.schedules().remote.error(), None);
    assert!(!model.data.schedules().rows().is_empty());
    let asked = stage.world.requests().into_iter().filter(|request| request.query.contains("service_id="));
    assert!(asked.count() >= model.data.lists().known_services().len(), "service by service");
    assert_eq!(model.data.backups().index.order.len(), stage.world.backup_count());
    assert!(!model.data.activity.is_empty());

    let service = model.data.lists().known_services()[0].id.clone();
    let count = stage.world.schedule_count();
    stage.world.set_fault_for(Fault::CommitThenDrop, once_on("POST"));
    model.handle(Command::Form(FormCommand::NewSchedule(Some(service.clone()))), now());
    let effects =
        model.handle(Command::Change(ChangeCommand::CreateSchedule(new_schedule(service, "17 4 * * 2"))), now());
    let settled = |model: &Model| model.data.change().is_some_and(|write| !write.is_under_way()) && read(model);
    play(&mut stage, &mut model, effects, settled);
    let Some(ChangeState::Unknown { found, .. }) = model.data.change().map(|write| &write.state) else { panic!() };
    assert_eq!((found.len(), stage.world.schedule_count()), (1, count + 1));
    assert!(model.data.schedules().find(&found[0].shown_id()).is_some(), "the list was read again");
    assert!(model.view.form.is_some(), "the draft is there until the user discards it");
    let effects = model.handle(Command::Session(SessionCommand::SignOut), now());
    play(&mut stage, &mut model, effects, |model| model.data.session.open().is_none());
    assert!(model.data.schedules().rows().is_empty());
}

/// Nothing in the window stands between these effects and the service: the client alone holds them back.
#[test]
fn effects_for_changes_change_nothing_while_the_session_is_read_only() {
    let mut stage = Stage::signed_in();
    let schedule = stage.made();
    let new = stage.new_schedule("18 4 * * 2");
    stage.start(Effect::Session(SessionEffect::SetAccess(Access::ReadOnly)));
    stage.world.forget_requests();
    let count = stage.world.schedule_count();
    let is_refused = |error: &skybackup::api::ApiError| error.kind == ErrorKind::ReadOnly;
    assert!(matches!(stage.create(&new), ChangeOutcome::Rejected(error) if is_refused(&error)));
    assert!(matches!(stage.update(&schedule, suspend()), ChangeOutcome::Rejected(error) if is_refused(&error)));
    assert!(matches!(stage.delete(&schedule), ChangeOutcome::Rejected(error) if is_refused(&error)));
    let restore = stage.new_restore();
    assert!(matches!(stage.create(&restore), ChangeOutcome::Rejected(error) if is_refused(&error)));
    let entry = stage.restores().remove(0);
    assert!(matches!(stage.delete_restore(&entry), ChangeOutcome::Rejected(error) if is_refused(&error)));
    assert!(stage.schedules().iter().any(|row| row.id == schedule.id), "reading goes on");
    let requests = stage.world.requests();
    assert!(requests.iter().all(|request| request.method == "GET"), "{requests:?}");
    assert_eq!(stage.world.schedule_count(), count);
    stage.start(Effect::Session(SessionEffect::SetAccess(Access::Full)));
    assert!(matches!(stage.delete(&schedule), ChangeOutcome::Deleted(_)));
    assert_eq!(stage.world.schedule_count(), count - 1);
}
