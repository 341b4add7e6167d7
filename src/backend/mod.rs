//! The runtime: takes an [`Effect`], does it somewhere else, returns [`Event`]s.
//!
//! Owns: the tokio runtime, the session (client and key), the table of running jobs, the hand-over of events.
//! May import: `msg`, `api`, `export`, `settings`, `journal`, `ledger`, `notify`, `demo`, `domain`, `grid`.
//! Must never: know egui or the model. The wake-up of the window is a closure it is given.

#![warn(clippy::wildcard_enum_match_arm)]

mod changes;
mod creation;
mod demo_history;
mod edit;
mod feed;
mod files;
mod ledger;
mod ledger_reads;
mod listing;
mod session;
mod sleep;
mod tables;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::task::AbortHandle;

use changes::ChangeExecutor;
use edit::{DeleteRestore, DeleteSchedule, UpdateSchedule};
use feed::Feed;
pub use feed::Inbox;
use ledger::{ChangeRecorder, LedgerThread};
use session::{Done, Sessions};
pub use sleep::SleepWatch;

use crate::api::{Client, ClientLimits, Clock, newest_version};
use crate::domain::ApiUrl;
use crate::export::{EvidenceJob, ExportError, write_evidence, write_file};
use crate::journal::Journal;
use crate::msg::{
    ChangeEffect, ChangeEvent, ChangeOutcome, Effect, Event, ExportEvent, FileEffect, FormEvent, KeyringEffect,
    NotSaved, SessionEffect, SessionEvent, SettingsEvent, SystemEvent, Ticket, WindowEffect,
};
use crate::notify::{DesktopNotification, NotificationService, Notifier};
use crate::secrets::{ApiKey, KnownSecrets};
use crate::settings::{Keyring, KeyringError, Paths, Settings, SettingsError};

/// What the backend is given at the start.
#[derive(Clone)]
pub struct BackendConfig {
    /// Where settings live.
    pub paths: Paths,
    /// The settings as read at the start.
    pub settings: Settings,
    /// The keyring.
    pub keyring: Keyring,
    /// The key of `SKYSQL_API_KEY` where that is set, or why its text is no key.
    pub environment_key: Option<Result<Arc<ApiKey>, String>>,
    /// Learns of every key and of all credentials in use.
    pub secrets: KnownSecrets,
    /// How many backups the demo service has; 0 is its usual world.
    pub demo_backups: usize,
    /// The limits of requests.
    pub pacing: ClientLimits,
    /// How long the keyring may be silent before that is reported. It may be asking the user for a password; after so long it may
    /// as well be stuck.
    pub keyring_patience: Duration,
    /// Waits between the reads after a lost response, from the loss on.
    pub check_after: [Duration; 3],
    /// How it is noticed that the computer slept.
    pub sleep: SleepWatch,
    /// The file that holds the newest version of this program, where the build has one.
    pub update_file: Option<ApiUrl>,
    /// Who shows notifications.
    pub notifications: NotificationService,
}

impl BackendConfig {
    /// As the program runs, with no key of the environment and no notifications.
    #[must_use]
    pub fn new(paths: Paths, settings: Settings) -> Self {
        Self {
            paths,
            settings,
            keyring: Keyring::system(),
            environment_key: None,
            secrets: KnownSecrets::default(),
            demo_backups: 0,
            pacing: ClientLimits::default(),
            keyring_patience: Duration::from_secs(30),
            check_after: [Duration::ZERO, Duration::from_secs(5), Duration::from_secs(15)],
            sleep: SleepWatch::default(),
            update_file: None,
            notifications: NotificationService::None,
        }
    }
}

type Jobs = Arc<Mutex<HashMap<Ticket, Job>>>;

struct Job {
    stop: Stop,
    owner: JobOwner,
}

/// What a job ends with at the latest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum JobOwner {
    Session,
    Window,
}

/// How a job is stopped.
enum Stop {
    /// At its next wait, and silently.
    Abort(AbortHandle),
    /// By a flag it looks at; it ends with its event, which says how far it came.
    Flag(Arc<AtomicBool>),
}

/// The runtime and what runs on it.
pub struct Backend {
    runtime: Option<Runtime>,
    feed: Arc<Feed>,
    jobs: Jobs,
    sessions: Arc<Sessions>,
    saver: Arc<files::Saver>,
    journal: Arc<Journal>,
    check_after: [Duration; 3],
    /// The ledger of the open session.
    ledger: Mutex<Option<LedgerThread>>,
    data_dir: PathBuf,
    clock: Clock,
    update_file: Option<ApiUrl>,
    notifier: Arc<Notifier>,
}

/// The runtime of all requests. What is heavy runs on threads of its own, so that one worker keeps up; each worker more would keep memory
/// of lists that it has read.
pub fn runtime() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_name("skybackup-worker").enable_all().build()
}

impl Backend {
    /// Starts the runtime; `wake` wakes the window up once an event is ready to be taken. Fails only where the operating system has
    /// no threads left.
    pub fn new(setup: BackendConfig, wake: Arc<dyn Fn() + Send + Sync>) -> std::io::Result<(Self, Inbox)> {
        let runtime = runtime()?;
        let (feed, inbox) = Feed::new(wake);
        runtime.spawn(sleep::watch(setup.sleep, Arc::clone(&feed)));
        let (data_dir, clock) = (setup.paths.data_dir.clone(), Arc::clone(&setup.pacing.clock));
        let sessions = Arc::new(Sessions {
            keyring: setup.keyring,
            keyring_patience: setup.keyring_patience,
            environment_key: Mutex::new(setup.environment_key),
            secrets: setup.secrets,
            demo_backups: setup.demo_backups,
            pacing: setup.pacing,
            feed: Arc::clone(&feed),
            live: Mutex::default(),
            opened: Mutex::default(),
            generation: AtomicU64::default(),
        });
        let clicks = Arc::clone(&feed);
        let on_click = move |id| clicks.push(Event::System(SystemEvent::NotificationClicked(Ticket(id))));
        let backend = Self {
            runtime: Some(runtime),
            feed,
            jobs: Jobs::default(),
            sessions,
            journal: Arc::new(Journal::new(&setup.paths.state_dir)),
            saver: Arc::new(files::Saver::new(setup.paths, setup.settings)),
            check_after: setup.check_after,
            ledger: Mutex::default(),
            data_dir,
            clock,
            update_file: setup.update_file,
            notifier: Arc::new(Notifier::new(setup.notifications, Arc::new(on_click))),
        };
        Ok((backend, inbox))
    }

    /// Does an effect, or returns what is the window's to do.
    pub fn start(&self, effect: Effect) -> Option<WindowEffect> {
        match effect {
            Effect::Session(effect) => self.start_session(effect),
            Effect::Keyring(effect) => self.start_keyring(effect),
            Effect::List(effect) => self.start_list(effect),
            Effect::Change(effect) => self.start_change(effect),
            Effect::Ledger(effect) => self.start_ledger(effect),
            Effect::Table(effect) => self.start_table(effect),
            Effect::File(effect) => self.start_file(effect),
            Effect::Notify(ticket, notification) => self.notify(ticket, notification),
            Effect::FindUpdate => self.find_update(),
            Effect::Cancel(ticket) => self.cancel(ticket),
            Effect::Window(effect) => return Some(effect),
        }
        None
    }

    fn notify(&self, ticket: Ticket, notification: DesktopNotification) {
        let notifier = Arc::clone(&self.notifier);
        self.spawn(ticket, JobOwner::Window, async move {
            Event::System(SystemEvent::Notified(ticket, notifier.show(notification).await))
        });
    }

    fn find_update(&self) {
        let Some(file) = self.update_file.clone() else { return };
        let (feed, limits) = (Arc::clone(&self.feed), self.sessions.pacing.clone());
        self.runtime().spawn(async move {
            match newest_version(&file, &limits).await {
                Ok(newest) => feed.push(Event::System(SystemEvent::UpdateFound(newest))),
                // Nobody waits for it: it is tried again tomorrow.
                Err(error) => tracing::info!("looking for a newer version: {error}"),
            }
        });
    }

    fn export_evidence(&self, ticket: Ticket, job: Box<EvidenceJob>) {
        let (feed, records) = (Arc::clone(&self.feed), self.evidence_records());
        self.spawn_blocking(ticket, move |cancelled| {
            let progress = |rows| feed.push(Event::Export(ExportEvent::ExportProgress(ticket, rows)));
            let unread = |reason| ExportError::Other { path: job.path.clone(), reason };
            let written =
                records().map_err(unread).and_then(|records| write_evidence(&job, &records, &progress, cancelled));
            Event::Export(ExportEvent::Exported(ticket, written))
        });
    }

    fn start_file(&self, effect: FileEffect) {
        match effect {
            FileEffect::Export(ticket, job) => {
                let feed = Arc::clone(&self.feed);
                self.spawn_blocking(ticket, move |cancelled| {
                    let progress = |rows| feed.push(Event::Export(ExportEvent::ExportProgress(ticket, rows)));
                    Event::Export(ExportEvent::Exported(ticket, write_file(&job, &progress, cancelled)))
                });
            }
            FileEffect::ExportEvidence(ticket, job) => self.export_evidence(ticket, job),
            FileEffect::SaveSettings(settings) => {
                let (saver, feed) = (Arc::clone(&self.saver), Arc::clone(&self.feed));
                let turn = saver.next_seq();
                self.runtime().spawn_blocking(move || {
                    let failed = |error: SettingsError| {
                        let is_for_good = matches!(error, SettingsError::Newer);
                        NotSaved { why: error.to_string(), is_for_good }
                    };
                    feed.push(Event::Settings(SettingsEvent::SettingsSaved(
                        saver.save(turn, &settings).map_err(failed),
                    )));
                });
            }
            FileEffect::ReadKeyFile(ticket, path) => {
                self.spawn_blocking(ticket, move |_| {
                    Event::Form(FormEvent::KeyFileRead(ticket, files::read_key_file(&path)))
                });
            }
        }
    }

    /// Runs a future that the window made, such as a native dialog, and pushes its event.
    pub fn spawn_event(&self, ticket: Ticket, event: impl Future<Output = Event> + Send + 'static) {
        self.spawn(ticket, JobOwner::Window, event);
    }

    fn start_session(&self, effect: SessionEffect) {
        match effect {
            SessionEffect::OpenSession { ticket, url, key, check, access } => {
                let sessions = Arc::clone(&self.sessions);
                let generation = sessions.next_generation();
                self.spawn(ticket, JobOwner::Session, async move {
                    let result = sessions.open((ticket, generation), url, key, check, access).await;
                    Event::Session(SessionEvent::SessionOpened { ticket, result })
                });
            }
            SessionEffect::UseSession(ticket) => {
                self.cancel_session_jobs();
                self.sessions.use_opened(ticket);
            }
            SessionEffect::CancelSignIn(ticket) => {
                self.cancel(ticket);
                self.sessions.give_up_opening();
            }
            SessionEffect::CloseSession => {
                self.sessions.close();
                self.cancel_session_jobs();
                lock(&self.ledger).take();
            }
            SessionEffect::SetAccess(access) => self.sessions.set_access(access),
            SessionEffect::Reconnect => self.sessions.reconnect(),
            SessionEffect::ClearRateLimit => {
                if let Some(client) = self.sessions.client() {
                    client.clear_rate_limit();
                }
            }
        }
    }

    fn start_keyring(&self, effect: KeyringEffect) {
        match effect {
            KeyringEffect::SaveKey { ticket, account, label } => {
                let sessions = Arc::clone(&self.sessions);
                self.spawn(ticket, JobOwner::Session, async move {
                    let result = sessions.keep_key(ticket, &account, &label).await;
                    Event::Session(SessionEvent::KeySaved(ticket, result))
                });
            }
            KeyringEffect::DeleteKey { ticket, account, keep } => {
                self.spawn_keyring(ticket, SessionEvent::KeyDeleted, move |keyring, done| {
                    keyring.delete(&account, keep.as_deref(), done);
                });
            }
            KeyringEffect::ProbeKeyring(ticket) => {
                self.spawn_keyring(ticket, SessionEvent::KeyringProbed, Keyring::probe);
            }
            KeyringEffect::CreateKeyring(ticket) => {
                self.spawn_keyring(ticket, SessionEvent::KeyringCreated, Keyring::create_keyring);
            }
        }
    }

    /// Runs a keyring call that needs no session.
    fn spawn_keyring(
        &self,
        ticket: Ticket,
        event: fn(Ticket, Result<(), KeyringError>) -> SessionEvent,
        call: impl FnOnce(&Keyring, Done<()>) + Send + 'static,
    ) {
        let sessions = Arc::clone(&self.sessions);
        self.spawn(ticket, JobOwner::Window, async move {
            let result = sessions.answer(ticket, |done| call(&sessions.keyring, done)).await;
            Event::Session(event(ticket, result))
        });
    }

    fn start_change(&self, effect: ChangeEffect) {
        let recorder = self.change_recorder(&effect);
        match effect {
            ChangeEffect::FindOpenChanges { account } => {
                let (journal, feed) = (Arc::clone(&self.journal), Arc::clone(&self.feed));
                self.runtime().spawn_blocking(move || {
                    let (changes, warnings) = journal.open_changes(&account);
                    feed.push(Event::Change(ChangeEvent::OpenChanges(changes, warnings)));
                });
            }
            ChangeEffect::DismissChange(change) => {
                let (journal, feed) = (Arc::clone(&self.journal), Arc::clone(&self.feed));
                self.runtime().spawn_blocking(move || {
                    if let Err(error) = journal.end(&change) {
                        feed.push(Event::Change(ChangeEvent::ChangeNotDismissed(error.to_string())));
                    }
                });
            }
            ChangeEffect::CreateSchedule { ticket, mark, new } => {
                self.spawn_change(ticket, recorder, async move |executor| executor.create(ticket, mark, &*new).await);
            }
            ChangeEffect::UpdateSchedule { ticket, mark, schedule, patch } => {
                let edit = UpdateSchedule { before: schedule, patch };
                self.spawn_change(ticket, recorder, async move |executor| executor.edit(mark, &edit).await);
            }
            ChangeEffect::DeleteSchedule { ticket, mark, schedule } => {
                let edit = DeleteSchedule { before: schedule };
                self.spawn_change(ticket, recorder, async move |executor| executor.edit(mark, &edit).await);
            }
            ChangeEffect::CreateRestore { ticket, mark, request } => {
                self.spawn_change(ticket, recorder, async move |executor| {
                    executor.create(ticket, mark, &*request).await
                });
            }
            ChangeEffect::DeleteRestore { ticket, mark, restore } => {
                let edit = DeleteRestore { before: restore };
                self.spawn_change(ticket, recorder, async move |executor| executor.edit(mark, &edit).await);
            }
            ChangeEffect::CheckChange { ticket, change, error } => {
                self.spawn_change(ticket, recorder, async move |executor| executor.check(&change, error).await);
            }
        }
    }

    fn spawn_change<F>(
        &self,
        ticket: Ticket,
        recorder: Option<ChangeRecorder>,
        change: impl FnOnce(ChangeExecutor) -> F + Send + 'static,
    ) where
        F: Future<Output = ChangeOutcome> + Send + 'static,
    {
        let (journal, check_after) = (Arc::clone(&self.journal), self.check_after);
        let (saver, feed) = (Arc::clone(&self.saver), Arc::clone(&self.feed));
        self.spawn_call(ticket, async move |client| {
            let outcome = change(ChangeExecutor { client, journal, check_after, saver, feed }).await;
            if let Some(recorder) = recorder {
                recorder.end(&outcome);
            }
            Event::Change(ChangeEvent::Ended(ticket, outcome))
        });
    }

    /// Runs a call of the open session. Without a session nothing runs: the model has dropped the ticket.
    fn spawn_call<F>(&self, ticket: Ticket, call: impl FnOnce(Client) -> F + Send + 'static)
    where
        F: Future<Output = Event> + Send + 'static,
    {
        if let Some(client) = self.sessions.client() {
            self.spawn(ticket, JobOwner::Session, call(client));
        }
    }

    /// Runs a future. Should it panic, its ticket ends with [`SystemEvent::TaskPanicked`]; an aborted one ends silently.
    fn spawn(&self, ticket: Ticket, owner: JobOwner, event: impl Future<Output = Event> + Send + 'static) {
        let task = self.runtime().spawn(event);
        self.watch(ticket, Job { stop: Stop::Abort(task.abort_handle()), owner }, task);
    }

    fn spawn_blocking(&self, ticket: Ticket, work: impl FnOnce(&AtomicBool) -> Event + Send + 'static) {
        let cancelled: Arc<AtomicBool> = Arc::default();
        let seen = Arc::clone(&cancelled);
        let task = self.runtime().spawn_blocking(move || work(&seen));
        self.watch(ticket, Job { stop: Stop::Flag(cancelled), owner: JobOwner::Window }, task);
    }

    fn watch(&self, ticket: Ticket, job: Job, task: tokio::task::JoinHandle<Event>) {
        lock(&self.jobs).insert(ticket, job);
        let (feed, jobs) = (Arc::clone(&self.feed), Arc::clone(&self.jobs));
        self.runtime().spawn(async move {
            let ended = task.await;
            lock(&jobs).remove(&ticket);
            match ended {
                Ok(event) => feed.push(event),
                Err(broken) if broken.is_panic() => feed.push(Event::System(SystemEvent::TaskPanicked(ticket))),
                Err(_) => {}
            }
        });
    }

    fn cancel(&self, ticket: Ticket) {
        if let Some(job) = lock(&self.jobs).get(&ticket) {
            job.stop();
        }
    }

    fn cancel_session_jobs(&self) {
        for job in lock(&self.jobs).values().filter(|job| job.owner == JobOwner::Session) {
            job.stop();
        }
    }

    /// The runtime; it is there until [`Drop`].
    fn runtime(&self) -> tokio::runtime::Handle {
        match &self.runtime {
            Some(runtime) => runtime.handle().clone(),
            None => tokio::runtime::Handle::current(),
        }
    }

    /// Writes the settings now, on this thread: for the last moment before the window closes.
    pub fn save_settings_now(&self, settings: &Settings) {
        if let Err(why) = self.saver.save(self.saver.next_seq(), settings) {
            tracing::warn!("settings not saved at exit: {why}");
        }
    }
}

impl Job {
    fn stop(&self) {
        match &self.stop {
            Stop::Abort(task) => task.abort(),
            Stop::Flag(cancelled) => cancelled.store(true, Ordering::Relaxed),
        }
    }
}

impl Drop for Backend {
    /// Stops everything without waiting for stuck work. An export that is stopped removes its half-written file.
    fn drop(&mut self) {
        self.sessions.close();
        lock(&self.jobs).values().for_each(Job::stop);
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_millis(500));
        }
        if let Some(ledger) = lock(&self.ledger).take() {
            ledger.finish();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
