//! The session: whether somebody is signed in, with which profile and which key.
//!
//! ```text
//!                    sign in                       the key works
//!   SignedOut --------------------> Opening --------------------> Open(Workspace)
//!    ^     ^                           |                            |   |    ^
//!    |     +--- failed, cancelled -----+                 sign in    |   |    |  the next one is open:
//!    |                                                   over it    |   |    |  this workspace is dropped
//!    |                                                              v   |    |
//!    |                                        Workspace::sign_in: Opening ---+
//!    |                                                                  |
//!    +--- sign out, key or profile deleted: the workspace is dropped ---+
//! ```

use jiff::{SignedDuration, Timestamp};

use super::batch::Batch;
use super::calendar::CalendarState;
use super::changes::{ChangeState, Changes};
use super::clock::ServiceClock;
use super::coverage::Coverage;
use super::followed_restores::FollowedRestores;
use super::ledger::History;
use super::lists::Lists;
use super::moments::{Moments, MomentsForm};
use super::news::News;
use super::open_view::OpenView;
use super::refresh::RefreshTimer;
use super::running_export::Exports;
use super::suspended::Suspended;
use super::target_backup::TargetBackup;
use super::timeline::TimelineState;
use super::{Severity, StepContext};
use crate::api::{ApiError, BackupQuery, ErrorKind, RequestRecord};
use crate::domain::{ApiUrl, RestoreTarget, ScheduleId, Service};
use crate::msg::{Effect, KnownTables, ListEvent, OpenError, Opened, SessionEffect, TableId, Ticket};
use crate::secrets::KeyTag;
use crate::settings::{KeyringError, Profile, ProfileId, Settings};

/// Where the key of the open session is from, as shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// It is in the OS keyring.
    Keyring,
    /// It is in memory only and gone at exit.
    ThisSession,
    /// `SKYSQL_API_KEY`, for this run only.
    Environment,
    /// The embedded demo service.
    Demo,
}

/// How far the sign-in is.
#[derive(Clone, Debug, PartialEq)]
pub enum SignInPhase {
    /// The keyring is asked; it may be asking the user.
    ReadingKeyring,
    /// The same, and it has been silent for a while.
    KeyringSlow,
    /// The key is tried at the service.
    Testing,
    /// The demo service starts.
    StartingDemo,
}

/// The session.
#[derive(Debug)]
pub enum Session {
    /// The sign-in form is shown.
    SignedOut {
        /// Why, where it is not the user's wish.
        problem: Option<OpenError>,
    },
    /// A sign-in is under way.
    Opening {
        /// Its ticket.
        ticket: Ticket,
        /// The profile.
        profile: Profile,
        /// How far it is.
        phase: SignInPhase,
        /// Where the key comes from.
        source: KeySource,
        /// Keep the key in the keyring afterwards.
        keep: bool,
    },
    /// Signed in.
    Open(Box<Workspace>),
}

impl Session {
    /// The open session.
    #[must_use]
    pub fn open(&self) -> Option<&Workspace> {
        match self {
            Self::Open(open) => Some(open),
            Self::SignedOut { .. } | Self::Opening { .. } => None,
        }
    }

    /// The open session, to be changed.
    pub(super) fn open_mut(&mut self) -> Option<&mut Workspace> {
        match self {
            Self::Open(open) => Some(open),
            Self::SignedOut { .. } | Self::Opening { .. } => None,
        }
    }

    /// The title of the window: `PROD acme (read only) – SkyBackup`.
    #[must_use]
    pub fn title(&self) -> String {
        let Some(profile) = self.profile() else { return "SkyBackup".to_owned() };
        let production = if profile.flags.production { "PROD " } else { "" };
        let read_only = if profile.flags.read_only { " (read only)" } else { "" };
        format!("{production}{}{read_only} – SkyBackup", profile.name)
    }

    /// The profile of an open session or of one on its way.
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        match self {
            Self::Open(open) => Some(&open.profile),
            Self::Opening { profile, .. } => Some(profile),
            Self::SignedOut { .. } => None,
        }
    }
}

/// An open session.
#[derive(Debug)]
pub struct Workspace {
    /// The ticket of its sign-in, which its requests are known by.
    pub(super) ticket: Ticket,
    /// The profile.
    pub profile: Profile,
    /// The address in use.
    pub url: ApiUrl,
    /// Where the key is from.
    pub source: KeySource,
    /// What may be shown of the key.
    pub key: KeyTag,
    /// The key is being written to the keyring.
    pub keeping: Option<Ticket>,
    /// Why the key is not in the keyring, until the user has read it.
    pub key_problem: Option<KeyringError>,
    /// The service refused the key: no more calls until it is replaced.
    pub refused: Option<ApiError>,
    /// A sign-in in its dialog over this session, which goes on until another one is open. Never [`Session::Open`].
    pub(super) sign_in: Option<Session>,
    pub(super) lists: Lists,
    pub(super) coverage: Coverage,
    pub(super) calendar: CalendarState,
    pub(super) timeline: TimelineState,
    pub(super) changes: Changes,
    pub(super) batch: Option<Batch>,
    pub(super) suspended: Suspended,
    pub(super) open_view: Option<OpenView>,
    /// The backup of the target of a restore, made before it.
    pub(super) target_backup: Option<TargetBackup>,
    /// Restores that were started here.
    pub(super) followed_restores: FollowedRestores,
    pub(super) news: News,
    pub(super) exports: Exports,
    pub(super) history: History,
    pub(super) moments: Moments,
    pub(super) timer: RefreshTimer,
    pub(super) clock: ServiceClock,
}

impl Workspace {
    /// A session with nothing read yet; its tables are laid out as they were left.
    pub(super) fn new(
        ticket: Ticket,
        profile: Profile,
        source: KeySource,
        opened: Opened,
        settings: &Settings,
    ) -> Self {
        let Opened { url, key } = opened;
        Self {
            ticket,
            profile,
            url,
            source,
            key,
            keeping: None,
            key_problem: None,
            refused: None,
            sign_in: None,
            lists: Lists::new(settings),
            coverage: Coverage::default(),
            calendar: CalendarState::default(),
            timeline: TimelineState::default(),
            changes: Changes::default(),
            batch: None,
            suspended: Suspended::default(),
            open_view: None,
            target_backup: None,
            followed_restores: FollowedRestores::default(),
            news: News::default(),
            exports: Exports::default(),
            history: History::default(),
            moments: Moments::default(),
            timer: RefreshTimer::default(),
            clock: ServiceClock::default(),
        }
    }

    /// The moments are on screen: reads what they need, and works them out.
    pub(super) fn show_moments(&mut self, form: &MomentsForm, cx: &mut StepContext) {
        if self.can_read() {
            self.moments.read(&mut self.lists, !self.history.is_unavailable, cx);
        }
        self.moments.update(&self.lists, form, cx.service_now);
    }

    /// True while something may be read: with a key that works.
    pub(super) fn can_read(&self) -> bool {
        self.refused.is_none()
    }

    /// Why no change may be sent now; `None` where one may.
    pub(super) fn change_blocked_reason(&self) -> Option<&'static str> {
        match self.changes.pending.as_ref().map(|change| &change.state) {
            _ if self.profile.flags.read_only => {
                Some("This profile is read only. Choose \"Edit profile…\" to allow changes")
            }
            Some(ChangeState::Sending | ChangeState::Checking) => Some("Another change is being sent"),
            Some(ChangeState::Conflict(_)) => Some("Another change waits for your decision"),
            Some(ChangeState::Unknown { .. }) => Some("The outcome of the last change is not known yet"),
            None if self.refused.is_some() => Some("The key was refused; enter a valid one first"),
            None if self.batch.as_ref().is_some_and(Batch::is_running) => Some("Several changes are being sent"),
            None => None,
        }
    }

    /// Under which account changes are noted and the history is kept; `None` for the demo, which ends with the program. The key of the environment may be
    /// another one at the next start, so its tag belongs to the account.
    pub(super) fn record_account(&self) -> Option<String> {
        let account = Some(self.profile.account()).filter(|_| !self.profile.is_demo)?;
        let is_environment = self.profile.id == ProfileId::environment();
        Some(if is_environment { format!("{account} {}", self.key) } else { account })
    }

    /// Shows what an earlier run read. Restores that it looked at are read from now on with the rest.
    pub(super) fn recall(&mut self, known: KnownTables, cx: &mut StepContext) {
        let were_in_use = self.lists.are_restores_in_use();
        self.lists.recall(known);
        if !were_in_use && self.lists.are_restores_in_use() {
            self.refresh_restores(cx);
        }
    }

    /// Reads the tables and the services again. What is being read already goes on.
    pub(super) fn refresh(&mut self, cx: &mut StepContext) {
        self.refresh_with(Lists::read_backups, cx);
    }

    /// The same without being asked for, with as few requests as show what changed: schedules are few and may change at any time,
    /// but most backups are finished.
    pub(super) fn refresh_automatically(&mut self, every_secs: u32, cx: &mut StepContext) {
        let next_due = cx.service_now.checked_add(SignedDuration::from_secs(every_secs.into()));
        let next_due = next_due.unwrap_or(Timestamp::MAX);
        self.refresh_with(|lists, cx| lists.refresh_backups(next_due, cx), cx);
    }

    fn refresh_with(&mut self, read_backups: impl FnOnce(&mut Lists, &mut StepContext), cx: &mut StepContext) {
        if !self.can_read() {
            return;
        }
        self.timer.begin(self.lists.is_offline(), cx.service_now);
        if !self.lists.services.is_loading() {
            self.lists.read_services(cx);
        }
        if !self.lists.backups.remote.is_loading() {
            read_backups(&mut self.lists, cx);
        }
        if !self.lists.schedules.remote.is_loading() {
            self.lists.read_schedules(cx);
        }
        if self.lists.are_restores_in_use() && !self.lists.restores.remote.is_loading() {
            self.lists.read_restores(cx);
        }
    }

    /// Reads the backups again; a listing under way is stopped, the newest question wins.
    pub(super) fn refresh_backups(&mut self, cx: &mut StepContext) {
        if self.can_read() {
            self.lists.read_backups(cx);
        }
    }

    /// Reads the schedules again.
    pub(super) fn refresh_schedules(&mut self, cx: &mut StepContext) {
        if self.can_read() {
            self.lists.read_schedules(cx);
        }
    }

    /// Reads the restores again.
    pub(super) fn refresh_restores(&mut self, cx: &mut StepContext) {
        if self.can_read() {
            self.lists.read_restores(cx);
        }
    }

    /// Reads one schedule for the detail pane.
    pub(super) fn read_schedule(&mut self, id: ScheduleId, cx: &mut StepContext) {
        if self.can_read() {
            self.lists.read_schedule(id, cx);
        }
    }

    /// The service refused the key: all calls stop, the data stays on screen as old, the stored key is not touched.
    pub(super) fn key_refused(&mut self, error: ApiError, cx: &mut StepContext) {
        self.refused = Some(error);
        self.lists.cancel_all(cx);
    }

    /// After a call: a refused key stops everything.
    pub(super) fn stop_if_refused(&mut self, error: Option<ApiError>, cx: &mut StepContext) {
        if let Some(error) = error.filter(|error| error.kind == ErrorKind::KeyRefused) {
            self.key_refused(error, cx);
        }
    }

    /// When the next automatic refresh is due.
    pub(super) fn next_refresh(&self, every_secs: u32) -> Option<Timestamp> {
        if !self.can_read() || self.lists.is_loading() {
            return None;
        }
        self.timer.due(every_secs, &self.lists)
    }

    pub(super) fn apply_list(&mut self, event: ListEvent, cx: &mut StepContext) {
        let now = cx.service_now;
        let lists = &mut self.lists;
        match event {
            ListEvent::BackupsProgress(ticket, progress, rows) => lists.backups.progressed(ticket, progress, rows),
            ListEvent::SchedulesProgress(ticket, progress, rows) => lists.schedules.progressed(ticket, progress, rows),
            ListEvent::BackupsIndexed(ticket, result) => {
                let is_history = lists.all_seen.awaits_index(ticket);
                let table = if is_history { &mut lists.all_seen } else { &mut lists.backups };
                table.indexed(ticket, result);
            }
            ListEvent::RestoresProgress(ticket, progress, rows) => lists.restores.progressed(ticket, progress, rows),
            ListEvent::RestoresIndexed(ticket, result) => lists.restores.indexed(ticket, result),
            ListEvent::SchedulesIndexed(ticket, result) => lists.schedules.indexed(ticket, result),
            ListEvent::CoverageAssessed(ticket, result) => self.coverage.assessed(ticket, *result),
            ListEvent::TimelineLaidOut(ticket, timeline) => self.timeline.laid_out(ticket, *timeline),
            ListEvent::BackupsListed(ticket, result) => {
                let error = result.as_ref().err().cloned();
                if lists.backups.settle(ticket, result, now) {
                    lists.read_history(cx);
                    self.timer.listing_ended(now);
                    self.stop_if_refused(error, cx);
                }
            }
            ListEvent::BackupsRefreshed(ticket, refreshed) => {
                let is_new = refreshed.rows.is_some();
                if lists.backups.refreshed(ticket, refreshed, now) {
                    if is_new {
                        lists.read_history(cx);
                    }
                    self.timer.listing_ended(now);
                }
            }
            ListEvent::SchedulesListed(ticket, result) => {
                let error = result.as_ref().err().cloned();
                if lists.schedules.settle(ticket, result, now) {
                    self.timer.listing_ended(now);
                    if error.is_none() {
                        self.forget_resumed();
                    }
                    self.stop_if_refused(error, cx);
                    self.read_by_service(cx);
                }
            }
            ListEvent::RestoresListed(ticket, result) => {
                let error = result.as_ref().err().cloned();
                if lists.restores.settle(ticket, result, now) {
                    self.timer.listing_ended(now);
                    self.stop_if_refused(error, cx);
                    self.read_by_service(cx);
                }
            }
            ListEvent::ServicesListed(ticket, result) => {
                let error = result.as_ref().err().cloned();
                if !lists.services.settle(ticket, result.map(Into::into), now) {
                    return;
                }
                match error {
                    Some(_) => self.stop_if_refused(error, cx),
                    None => self.read_by_service(cx),
                }
            }
            ListEvent::RestoreTargetsFound(ticket, result) => {
                let error = result.as_ref().err().cloned();
                let named = |found: Vec<RestoreTarget>| {
                    found.into_iter().filter(|target| !target.service_id.is_empty()).map(Service::from).collect()
                };
                let result = result.map(|found| found.map(named));
                if lists.restore_targets.settle(ticket, result, now) {
                    self.stop_if_refused(error, cx);
                }
            }
            ListEvent::RestorableRangesFound(ticket, result) => {
                let error = result.as_ref().err().cloned();
                if lists.restorable_ranges.settle(ticket, result, now) {
                    self.stop_if_refused(error, cx);
                }
            }
            ListEvent::ScheduleRead(ticket, result) => {
                let error = result.as_ref().err().cloned();
                if !lists.single_schedule.settle(ticket, result.clone(), now) {
                    return;
                }
                if let Ok(schedule) = result
                    && lists.schedules.find(schedule.id.as_str()).is_some_and(|old| old != schedule)
                {
                    lists.schedules.put(schedule);
                }
                self.stop_if_refused(error, cx);
            }
        }
    }

    /// Reads again, now that the services are known, what the service lists only for each of them.
    fn read_by_service(&mut self, cx: &mut StepContext) {
        if self.lists.wants_schedules_by_service() {
            self.refresh_schedules(cx);
        }
        if self.lists.wants_restores_by_service() {
            self.refresh_restores(cx);
        }
    }

    /// Asks the server another question. Rows that answer the old one go, unless the new one differs only in its order.
    pub(super) fn ask_for(&mut self, query: BackupQuery, cx: &mut StepContext) {
        let old = std::mem::replace(&mut self.lists.query, query);
        self.lists.cancel(TableId::Backups, cx);
        if (&old.service_id, &old.status) != (&self.lists.query.service_id, &self.lists.query.status) {
            self.lists.backups.clear_rows();
        }
        self.refresh_backups(cx);
    }

    /// Compares the clock of a response with this computer's. Where they differ, everything here follows the service: the ages of
    /// its backups and the next runs of its schedules are counted by its clock.
    pub(super) fn compare_clocks(&mut self, record: &RequestRecord, cx: &mut StepContext) {
        let Some((change, is_first)) = self.clock.compare(record) else { return };
        cx.service_now = self.clock.at(cx.now);
        if is_first {
            // What was noted until now was noted by this computer's clock. Later the service's counts, however this one is set.
            self.timer.move_clock(change);
            self.lists.move_clock(change);
        } else {
            // One of the clocks was set, so nobody knows how long ago the last listing was.
            self.lists.backups.forget_baseline();
        }
        if let Some(difference) = self.clock.notable_difference() {
            let text = format!("The clock of this computer is {difference} SkySQL's");
            let advice = "Times and ages here follow SkySQL's clock. Set this computer's clock".to_owned();
            cx.notify_with(Severity::Warning, text, Some(advice), None);
        }
    }

    /// The computer slept: what was being read comes no more, connections are dead, and the outcome of a change on its way is looked
    /// up.
    pub(super) fn system_resumed(&mut self, is_refreshed: bool, cx: &mut StepContext) {
        if !self.can_read() {
            return;
        }
        if self.lists.cancel_all(cx) || is_refreshed {
            self.timer.wake_up(cx.service_now);
        }
        cx.push(Effect::Session(SessionEffect::Reconnect));
        self.changes.cancel(cx);
    }
}
