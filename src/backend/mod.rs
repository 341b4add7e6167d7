//! The runtime: takes an [`Effect`], does it somewhere else, hands back [`Event`]s.
//!
//! Owns: the tokio runtime, the session (client and key), the table of running jobs, the hand-over of events.
//! May import: `msg`, `api`, `export`, `settings`, `journal`, `demo`, `domain`, `grid`.
//! Must never: know egui or the model. The wake-up of the window is a closure given in.

mod feed;
mod files;
mod session;
mod sleep;
mod writes;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::task::AbortHandle;

use feed::Feed;
pub use feed::Inbox;
use session::Sessions;
pub use sleep::SleepWatch;
use writes::Writer;

use crate::api::{ApiError, Client, Operation, Pacing, Progress};
use crate::demo::DemoOptions;
use crate::domain::{ApiKey, Backup, KnownSecrets, Schedule};
use crate::grid::Rows;
use crate::journal::Journal;
use crate::msg::{Effect, Event, NotSaved, Ticket};
use crate::settings::{Paths, Settings, SettingsError, Vault};

/// What the backend is given at the start.
pub struct Setup {
    /// Where settings live.
    pub paths: Paths,
    /// The settings as read at the start.
    pub settings: Settings,
    /// The keyring.
    pub vault: Vault,
    /// The key of `SKYSQL_API_KEY` where that is set, or why its text is no key.
    pub environment_key: Option<Result<Arc<ApiKey>, String>>,
    /// Learns of every key and of all credentials in use.
    pub secrets: KnownSecrets,
    /// What the demo service shows.
    pub demo: DemoOptions,
    /// Wakes the window up; called after an event is ready to be taken.
    pub wake: Arc<dyn Fn() + Send + Sync>,
    /// The limits of requests.
    pub pacing: Pacing,
    /// How long the keyring may be silent before that is said.
    pub keyring_patience: Duration,
    /// Waits between the reads after a lost answer, from the loss on.
    pub check_after: [Duration; 3],
    /// How it is noticed that the computer slept.
    pub sleep: SleepWatch,
}

/// The waits of reliability: at once, after 5 s, after 15 s.
pub const CHECK_AFTER: [Duration; 3] = [Duration::ZERO, Duration::from_secs(5), Duration::from_secs(15)];

/// The keyring may be asking the person for a password; after this long without an answer it may as well be stuck.
pub const KEYRING_PATIENCE: Duration = Duration::from_secs(30);

type Jobs = Arc<Mutex<HashMap<Ticket, Job>>>;

struct Job {
    stop: Stop,
    of_session: bool,
}

/// How a job is stopped.
enum Stop {
    /// At its next wait, and silently.
    Abort(AbortHandle),
    /// By a flag it looks at; it ends with its event, which tells how far it came.
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
}

impl Backend {
    /// Starts the runtime. Fails only where the operating system gives no threads.
    pub fn new(setup: Setup) -> std::io::Result<(Self, Inbox)> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("skybackup-worker")
            .enable_all()
            .build()?;
        let (feed, inbox) = Feed::new(setup.wake);
        runtime.spawn(sleep::watch(setup.sleep, Arc::clone(&feed)));
        let sessions = Arc::new(Sessions::new(
            setup.vault,
            setup.keyring_patience,
            setup.environment_key,
            setup.secrets,
            setup.demo,
            setup.pacing,
            Arc::clone(&feed),
        ));
        let backend = Self {
            runtime: Some(runtime),
            feed,
            jobs: Jobs::default(),
            sessions,
            journal: Arc::new(Journal::new(&setup.paths.state_dir)),
            saver: Arc::new(files::Saver::new(setup.paths, setup.settings)),
            check_after: setup.check_after,
        };
        Ok((backend, inbox))
    }

    /// Does an effect, or gives it back where it is the window's to do.
    pub fn start(&self, effect: Effect) -> Option<Effect> {
        match effect {
            Effect::OpenSession { .. }
            | Effect::UseSession(_)
            | Effect::CancelSignIn(_)
            | Effect::CloseSession
            | Effect::SetAccess(_) => self.start_session(effect),
            Effect::KeepKey { .. } | Effect::ForgetKey { .. } | Effect::ProbeKeyring(_) | Effect::CreateKeyring(_) => {
                self.start_keyring(effect);
            }
            Effect::Cancel(ticket) => self.cancel(ticket),
            Effect::ListBackups { .. }
            | Effect::RestOfBackups { .. }
            | Effect::ListSchedules { .. }
            | Effect::RestOfSchedules { .. }
            | Effect::ListServices { .. }
            | Effect::ReadSchedule { .. } => self.start_read(effect),
            Effect::CreateSchedule { .. }
            | Effect::CheckCreate { .. }
            | Effect::UpdateSchedule { .. }
            | Effect::CheckUpdate { .. }
            | Effect::DeleteSchedule { .. }
            | Effect::CheckDelete { .. } => self.start_write(effect),
            Effect::FindOpenChanges { account } => {
                let (journal, feed) = (Arc::clone(&self.journal), Arc::clone(&self.feed));
                self.runtime().spawn_blocking(move || {
                    let (changes, warnings) = journal.open_changes(&account);
                    feed.push(Event::OpenChanges(changes, warnings));
                });
            }
            Effect::ForgetChange(change) => {
                let (journal, feed) = (Arc::clone(&self.journal), Arc::clone(&self.feed));
                self.runtime().spawn_blocking(move || {
                    if let Err(error) = journal.end(&change) {
                        feed.push(Event::ChangeNotForgotten(error.to_string()));
                    }
                });
            }
            Effect::Reconnect => self.sessions.reconnect(),
            Effect::LiftPause => {
                if let Some(client) = self.sessions.client() {
                    client.lift_pause();
                }
            }
            Effect::IndexBackups(ticket, job) => {
                self.spawn_blocking(ticket, move |_| Event::BackupsIndexed(ticket, job.run()));
            }
            Effect::IndexSchedules(ticket, job) => {
                self.spawn_blocking(ticket, move |_| Event::SchedulesIndexed(ticket, job.run()));
            }
            Effect::Export(ticket, request) => {
                let feed = Arc::clone(&self.feed);
                self.spawn_blocking(ticket, move |cancelled| {
                    let progress = |rows| feed.push(Event::ExportProgress(ticket, rows));
                    Event::Exported(ticket, files::export(&request, &progress, cancelled))
                });
            }
            Effect::Render(ticket, request) => {
                self.spawn_blocking(ticket, move |_| {
                    let (text, rows) = files::render(&request);
                    Event::Rendered(ticket, text, rows)
                });
            }
            Effect::SaveSettings(settings) => {
                let (saver, feed) = (Arc::clone(&self.saver), Arc::clone(&self.feed));
                let turn = saver.turn();
                self.runtime().spawn_blocking(move || {
                    let failed = |error: SettingsError| {
                        let is_for_good = matches!(error, SettingsError::Newer);
                        NotSaved { why: error.to_string(), is_for_good }
                    };
                    feed.push(Event::SettingsSaved(saver.save(turn, &settings).map_err(failed)));
                });
            }
            Effect::ReadKeyFile(ticket, path) => {
                self.spawn_blocking(ticket, move |_| Event::KeyFileRead(ticket, files::read_key_file(&path)));
            }
            Effect::PickSavePath(..)
            | Effect::PickKeyFile(_)
            | Effect::CopyText(_)
            | Effect::ShowInFolder(_)
            | Effect::OpenPath(_)
            | Effect::OpenWeb(_)
            | Effect::CloseWindow => return Some(effect),
        }
        None
    }

    /// Runs a future that the window made, such as a native dialog, and hands its event back.
    pub fn spawn_event(&self, ticket: Ticket, event: impl Future<Output = Event> + Send + 'static) {
        self.spawn(ticket, false, event);
    }

    fn start_session(&self, effect: Effect) {
        match effect {
            Effect::OpenSession { ticket, url, key, test, access } => {
                let sessions = Arc::clone(&self.sessions);
                let generation = sessions.next_generation();
                self.spawn(ticket, true, async move {
                    let result = sessions.open((ticket, generation), url, key, test, access).await;
                    Event::SessionOpened { ticket, result }
                });
            }
            Effect::UseSession(ticket) => {
                self.cancel_session_jobs();
                self.sessions.use_opened(ticket);
            }
            Effect::CancelSignIn(ticket) => {
                self.cancel(ticket);
                self.sessions.give_up_opening();
            }
            Effect::CloseSession => {
                self.sessions.close();
                self.cancel_session_jobs();
            }
            Effect::SetAccess(access) => self.sessions.set_access(access),
            _ => {}
        }
    }

    fn start_keyring(&self, effect: Effect) {
        let sessions = Arc::clone(&self.sessions);
        match effect {
            Effect::KeepKey { ticket, account, label } => self.spawn(ticket, true, async move {
                let result = sessions.keep_key(ticket, &account, &label).await;
                Event::KeyKept(ticket, result)
            }),
            Effect::ForgetKey { ticket, account, keep } => self.spawn(ticket, false, async move {
                let result = sessions.forget_key(ticket, &account, keep.as_deref()).await;
                Event::KeyForgotten(ticket, result)
            }),
            Effect::ProbeKeyring(ticket) => self.spawn(ticket, false, async move {
                let result = sessions.probe_keyring(ticket).await;
                Event::KeyringProbed(ticket, result)
            }),
            Effect::CreateKeyring(ticket) => self.spawn(ticket, false, async move {
                let result = sessions.create_keyring(ticket).await;
                Event::KeyringCreated(ticket, result)
            }),
            _ => {}
        }
    }

    fn start_read(&self, effect: Effect) {
        match effect {
            Effect::ListBackups { ticket, query } => {
                let feed = Arc::clone(&self.feed);
                self.spawn_call(ticket, async move |client| {
                    let result = client.list_backups(&query, &mut backups_progress(ticket, feed)).await;
                    Event::BackupsListed(ticket, result.map(Into::into))
                });
            }
            Effect::RestOfBackups { ticket, query, rest, rows } => {
                let feed = Arc::clone(&self.feed);
                self.spawn_call(ticket, async move |client| {
                    let mut on_progress = backups_progress(ticket, feed);
                    let result = client.rest_of_backups(&query, *rest, rows.to_vec(), &mut on_progress).await;
                    Event::BackupsListed(ticket, result.map(Into::into))
                });
            }
            Effect::RestOfSchedules { ticket, query, rest, rows } => {
                let feed = Arc::clone(&self.feed);
                self.spawn_call(ticket, async move |client| {
                    let mut on_progress = schedules_progress(ticket, feed);
                    let result = client.rest_of_schedules(&query, *rest, rows.to_vec(), &mut on_progress).await;
                    Event::SchedulesListed(ticket, result.map(Into::into))
                });
            }
            Effect::ListSchedules { ticket, query, services } => {
                let feed = Arc::clone(&self.feed);
                self.spawn_call(ticket, async move |client| {
                    let mut on_progress = schedules_progress(ticket, feed);
                    let result = client.list_schedules(&query, &services, &mut on_progress).await;
                    Event::SchedulesListed(ticket, result.map(Into::into))
                });
            }
            Effect::ListServices { ticket } => self.spawn_call(ticket, async move |client| {
                Event::ServicesListed(ticket, client.list_services().await.map(Into::into))
            }),
            Effect::ReadSchedule { ticket, id } => {
                self.spawn_call(ticket, async move |client| {
                    Event::ScheduleRead(ticket, client.get_schedule(&id).await)
                });
            }
            _ => {}
        }
    }

    fn start_write(&self, effect: Effect) {
        match effect {
            Effect::CreateSchedule { ticket, mark, new } => {
                let feed = Arc::clone(&self.feed);
                self.spawn_write(ticket, async move |writer| {
                    let checking = || feed.push(Event::CreateChecking(ticket));
                    Event::ScheduleCreated(ticket, writer.create(mark, &new, &checking).await)
                });
            }
            Effect::CheckCreate { ticket, change, new } => self.spawn_write(ticket, async move |writer| {
                let error = ApiError::unanswered(Operation::CreateSchedule);
                Event::ScheduleCreated(ticket, writer.check_create(&change, &new, error).await)
            }),
            Effect::UpdateSchedule { ticket, mark, schedule, patch } => self.spawn_write(ticket, async move |writer| {
                Event::ScheduleUpdated(ticket, writer.update(mark, &schedule, &patch).await)
            }),
            Effect::CheckUpdate { ticket, change, id, patch, error } => {
                self.spawn_write(ticket, async move |writer| {
                    Event::ScheduleUpdated(ticket, writer.check_update(&change, &id, &patch, error).await)
                });
            }
            Effect::DeleteSchedule { ticket, mark, schedule } => self.spawn_write(ticket, async move |writer| {
                Event::ScheduleDeleted(ticket, writer.delete(mark, &schedule).await)
            }),
            Effect::CheckDelete { ticket, change, id, error } => self.spawn_write(ticket, async move |writer| {
                Event::ScheduleDeleted(ticket, writer.check_delete(&change, &id, error).await)
            }),
            _ => {}
        }
    }

    fn spawn_write<F>(&self, ticket: Ticket, write: impl FnOnce(Writer) -> F + Send + 'static)
    where
        F: Future<Output = Event> + Send + 'static,
    {
        let (journal, check_after) = (Arc::clone(&self.journal), self.check_after);
        let (saver, feed) = (Arc::clone(&self.saver), Arc::clone(&self.feed));
        self.spawn_call(ticket, move |client| write(Writer { client, journal, check_after, saver, feed }));
    }

    /// Runs a call of the open session. Without a session nothing runs: the model has let go of the ticket.
    fn spawn_call<F>(&self, ticket: Ticket, call: impl FnOnce(Client) -> F + Send + 'static)
    where
        F: Future<Output = Event> + Send + 'static,
    {
        if let Some(client) = self.sessions.client() {
            self.spawn(ticket, true, call(client));
        }
    }

    /// Runs a future. Should it break, its ticket ends with [`Event::Broken`]; an aborted one ends silently.
    fn spawn(&self, ticket: Ticket, of_session: bool, event: impl Future<Output = Event> + Send + 'static) {
        let task = self.runtime().spawn(event);
        self.watch(ticket, Job { stop: Stop::Abort(task.abort_handle()), of_session }, task);
    }

    fn spawn_blocking(&self, ticket: Ticket, work: impl FnOnce(&AtomicBool) -> Event + Send + 'static) {
        let cancelled: Arc<AtomicBool> = Arc::default();
        let seen = Arc::clone(&cancelled);
        let task = self.runtime().spawn_blocking(move || work(&seen));
        self.watch(ticket, Job { stop: Stop::Flag(cancelled), of_session: false }, task);
    }

    fn watch(&self, ticket: Ticket, job: Job, task: tokio::task::JoinHandle<Event>) {
        lock(&self.jobs).insert(ticket, job);
        let (feed, jobs) = (Arc::clone(&self.feed), Arc::clone(&self.jobs));
        self.runtime().spawn(async move {
            let ended = task.await;
            lock(&jobs).remove(&ticket);
            match ended {
                Ok(event) => feed.push(event),
                Err(broken) if broken.is_panic() => feed.push(Event::Broken(ticket)),
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
        for job in lock(&self.jobs).values().filter(|job| job.of_session) {
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
        if let Err(why) = self.saver.save(self.saver.turn(), settings) {
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
    /// Stops everything without waiting for work that hangs. An export that is told takes its half-written file away.
    fn drop(&mut self) {
        self.sessions.close();
        lock(&self.jobs).values().for_each(Job::stop);
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_millis(500));
        }
    }
}

/// Publishes the pages of a listing of backups as they come.
fn backups_progress(ticket: Ticket, feed: Arc<Feed>) -> impl FnMut(&Progress, &[Backup]) + Send {
    let mut published = 0;
    move |progress, rows| {
        let rows = is_worth_showing(&mut published, rows.len()).then(|| Rows::new(rows.to_vec()));
        feed.push(Event::BackupsProgress(ticket, progress.clone(), rows));
    }
}

fn schedules_progress(ticket: Ticket, feed: Arc<Feed>) -> impl FnMut(&Progress, &[Schedule]) + Send {
    let mut published = 0;
    move |progress, rows| {
        let rows = is_worth_showing(&mut published, rows.len()).then(|| Rows::new(rows.to_vec()));
        feed.push(Event::SchedulesProgress(ticket, progress.clone(), rows));
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
