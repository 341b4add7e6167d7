//! What belongs to one open session: its account, and everything read, asked for and changed in it. It is dropped as a whole when
//! the session ends, so that nothing of one account is left for the next.

use std::borrow::Cow;
use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};

use super::changes::{Changes, PendingChange};
use super::clock::ServiceClock;
use super::exports::{Exports, RunningExport};
use super::lists::Lists;
use super::refresh::RefreshTimer;
use super::{Data, KeySource, Remote, Session, StepContext, Table};
use crate::api::{ApiError, BackupQuery, ErrorKind};
use crate::domain::{ApiUrl, Backup, Schedule, ScheduleId, Service};
use crate::grid::{CellContext, Row, ServiceNames};
use crate::msg::{Listed, Opened, Ticket};
use crate::secrets::KeyTag;
use crate::settings::{KeyringError, Profile, ProfileId, Settings};

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
    pub(super) changes: Changes,
    pub(super) exports: Exports,
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
            changes: Changes::default(),
            exports: Exports::default(),
            timer: RefreshTimer::default(),
            clock: ServiceClock::default(),
        }
    }

    /// True while something may be read: with a key that works.
    pub(super) fn can_read(&self) -> bool {
        self.refused.is_none()
    }

    /// Under which account changes are noted; `None` for the demo, which ends with the program. The key of the environment may be
    /// another one at the next start, so its tag belongs to the account.
    pub(super) fn journal_account(&self) -> Option<String> {
        let account = Some(self.profile.account()).filter(|_| !self.profile.is_demo)?;
        let is_environment = self.profile.id == ProfileId::environment();
        Some(if is_environment { format!("{account} {}", self.key) } else { account })
    }

    /// Reads both tables and the services again. What is being read already goes on.
    pub(super) fn refresh(&mut self, cx: &mut StepContext) {
        if !self.can_read() {
            return;
        }
        self.timer.begin(self.lists.is_offline(), cx.service_now);
        if !self.lists.services.is_loading() {
            self.lists.read_services(cx);
        }
        if !self.lists.backups.remote().is_loading() {
            self.lists.read_backups(cx);
        }
        if !self.lists.schedules.remote().is_loading() {
            self.lists.read_schedules(cx);
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
}

/// What is shown of the lists while no session is open: nothing.
static NO_LISTS: LazyLock<Lists> = LazyLock::new(Lists::default);

impl Data {
    pub(super) fn lists(&self) -> &Lists {
        self.session.open().map_or(&NO_LISTS, |open| &open.lists)
    }

    /// The backups table.
    #[must_use]
    pub fn backups(&self) -> &Table<Backup> {
        &self.lists().backups
    }

    /// The schedules table.
    #[must_use]
    pub fn schedules(&self) -> &Table<Schedule> {
        &self.lists().schedules
    }

    /// The services, for the picker.
    #[must_use]
    pub fn services(&self) -> &Remote<Listed<Service>, ApiError> {
        &self.lists().services
    }

    /// The services known by the picker's list, or none yet.
    #[must_use]
    pub fn known_services(&self) -> &[Service] {
        self.lists().known_services()
    }

    /// What is asked of the server for the backups table.
    #[must_use]
    pub fn backup_query(&self) -> &BackupQuery {
        &self.lists().query
    }

    /// The schedule of the detail pane, read singly.
    #[must_use]
    pub fn single_schedule(&self) -> &Remote<Schedule, ApiError> {
        &self.lists().single_schedule
    }

    /// Its id.
    #[must_use]
    pub fn single_schedule_id(&self) -> Option<&ScheduleId> {
        self.lists().single_schedule_id.as_ref()
    }

    /// The change under way, or of unknown outcome.
    #[must_use]
    pub fn change(&self) -> Option<&PendingChange> {
        self.session.open()?.changes.pending.as_ref()
    }

    /// Why the last change was refused, for the dialog that asked for it.
    #[must_use]
    pub fn change_error(&self) -> Option<&ApiError> {
        self.session.open()?.changes.error.as_ref()
    }

    /// The export under way.
    #[must_use]
    pub fn export(&self) -> Option<&RunningExport> {
        self.session.open()?.exports.running.as_ref()
    }

    /// Why the last export failed, for its dialog: sentence and advice.
    #[must_use]
    pub fn export_error(&self) -> Option<&(String, String)> {
        self.session.open()?.exports.error.as_ref()
    }

    /// The service asked for a pause until then; calls wait.
    #[must_use]
    pub fn rate_limited_until(&self) -> Option<Timestamp> {
        self.session.open()?.clock.rate_limited_until
    }

    /// How far the clock of the service is ahead of this computer's, where that is more than clocks usually differ.
    #[must_use]
    pub fn clock_ahead(&self) -> SignedDuration {
        self.session.open().map_or(SignedDuration::ZERO, |open| open.clock.ahead)
    }

    /// True while anything is being read.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.lists().is_loading()
    }

    /// The last refresh could not reach the service.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        self.lists().is_offline()
    }

    /// What services are called where a row alone does not tell.
    #[must_use]
    pub fn service_names(&self) -> &ServiceNames {
        &self.lists().service_names
    }

    /// What the service of a row is called wherever a sentence names it: as its cell in the tables.
    #[must_use]
    pub fn service_label<'a, R: Row>(&'a self, row: &'a R) -> Cow<'a, str> {
        let (id, name) = row.service();
        self.service_names().label(id, name)
    }

    /// The name of the service of a row, which another service may have too; its id where no name is known.
    #[must_use]
    pub fn service_name<'a, R: Row>(&'a self, row: &'a R) -> &'a str {
        let (id, name) = row.service();
        self.service_names().name(id, name).unwrap_or(id)
    }

    /// What cells are written with.
    #[must_use]
    pub fn cell_context(&self) -> CellContext<'_> {
        CellContext { zone: self.zone(), now: self.now, names: self.service_names() }
    }
}
