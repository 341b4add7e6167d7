//! What is known: the settings, the session, the notices, the log of requests; and what views ask about them.

use std::collections::VecDeque;
use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::batch::Batch;
use super::changes::PendingChange;
use super::coverage::Coverage;
use super::key_tasks::{KeyTask, KeyringStatus, Removal};
use super::ledger::History;
use super::lists::Lists;
use super::moments::{Moments, known_lists};
use super::running_export::RunningExport;
use super::suspended::Suspended;
use super::target_backup::TargetBackup;
use super::{BuildInfo, Notifications, Session, Table, Workspace};
use crate::api::{ApiError, RequestRecord};
use crate::domain::{ApiUrl, Backup, Restore, RestoreId, Schedule, ServiceId, Version, Zone};
use crate::grid::{CellContext, Row};
use crate::insight::{Calendar, KnownLists, Timeline};
use crate::notify::NotifyError;
use crate::settings::{Settings, ZoneChoice};

/// What is fixed when the program starts.
#[derive(Clone, Debug)]
pub struct ModelConfig {
    /// The settings as read.
    pub settings: Settings,
    /// What reading them had to say.
    pub warnings: Vec<String>,
    /// The zone of this computer.
    pub local_zone: Zone,
    /// `SKYSQL_API_KEY` is set and not empty.
    pub has_environment_key: bool,
    /// What this program is.
    pub build: BuildInfo,
    /// `--api-url`.
    pub api_url: Option<ApiUrl>,
    /// `--demo`.
    pub demo: bool,
    /// Where things live, as shown: name and folder.
    pub places: Vec<(&'static str, std::path::PathBuf)>,
    /// The user's own folder, where a save begins.
    pub home: std::path::PathBuf,
    /// The name of the operating system's keyring.
    pub store_name: &'static str,
    /// Files and folders of the certificates to trust, where the environment names them in place of the system's: variable and path.
    pub certificates: Vec<(&'static str, std::path::PathBuf)>,
}

/// What is shown of the lists while no session is open: nothing.
static NO_LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::new(&Settings::default()));

static UTC: LazyLock<Zone> = LazyLock::new(Zone::utc);

/// What is known.
#[derive(Debug)]
pub struct Data {
    /// The moment of this step by the clock of the service, as far as it is known.
    pub now: Timestamp,
    /// The same by the clock of this computer: what outlives a session is timed by it.
    pub(super) local_now: Timestamp,
    /// What is fixed since the start.
    pub config: ModelConfig,
    /// Profiles and preferences.
    pub settings: Settings,
    /// The session.
    pub session: Session,
    /// Whether the keyring can keep a key, as far as is known.
    pub keyring: KeyringStatus,
    /// The requests of this run, newest first.
    pub activity: VecDeque<RequestRecord>,
    /// The notices.
    pub notifications: Notifications,
    pub(super) zone: Zone,
    pub(super) named_zone: Option<Zone>,
    /// Where the window was before it changed the last time.
    pub(super) window_before: Option<crate::settings::WindowPlace>,
    pub(super) settings_unsaved_since: Option<Timestamp>,
    /// The last save failed; before this it is not tried again.
    pub(super) save_again_at: Option<Timestamp>,
    /// The newest version of this program, as far as is known; `None` also where the user wants to hear no more of it.
    pub(super) newest_version: Option<Version>,
    /// Why the last notification of the desktop is not shown.
    pub notification_problem: Option<NotifyError>,
    /// What is being done to keys in the keyring.
    pub(super) key_tasks: Vec<KeyTask>,
    /// The profile that was last asked to be removed, until it is or the user has read why not.
    pub removal: Option<Removal>,
}

impl Data {
    /// The clock that times are shown in.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The clock beside UTC wherever times are on two: the named zone where one is chosen, else this computer's; where times are shown
    /// on this computer's clock, that.
    #[must_use]
    pub fn second_zone(&self) -> &Zone {
        let local = &self.config.local_zone;
        if self.settings.preferences.zone == ZoneChoice::Local { local } else { self.named_zone().unwrap_or(local) }
    }

    /// The zone that was chosen by its name.
    #[must_use]
    pub fn named_zone(&self) -> Option<&Zone> {
        self.named_zone.as_ref()
    }

    /// All clocks of the user, each once: the one shown, UTC, that of this computer, the named one.
    #[must_use]
    pub fn clocks(&self) -> Vec<&Zone> {
        let all = [Some(&self.zone), Some(&*UTC), Some(&self.config.local_zone), self.named_zone()];
        let mut clocks: Vec<&Zone> = Vec::new();
        for zone in all.into_iter().flatten() {
            if clocks.iter().all(|known| known.label() != zone.label()) {
                clocks.push(zone);
            }
        }
        clocks
    }

    /// The sign-in that is shown: over the open session if there is one, else in its place.
    #[must_use]
    pub fn sign_in(&self) -> &Session {
        self.session.open().and_then(|open| open.sign_in.as_ref()).unwrap_or(&self.session)
    }

    pub(super) fn sign_in_mut(&mut self) -> &mut Session {
        if !self.is_signing_in_over() {
            return &mut self.session;
        }
        match &mut self.session {
            Session::Open(open) => open.sign_in.get_or_insert(Session::SignedOut { problem: None }),
            session @ (Session::SignedOut { .. } | Session::Opening { .. }) => session,
        }
    }

    /// A sign-in is shown in its dialog over the open session.
    #[must_use]
    pub fn is_signing_in_over(&self) -> bool {
        self.session.open().is_some_and(|open| open.sign_in.is_some())
    }

    /// True while something may be read: signed in with a key that works.
    #[must_use]
    pub fn can_read(&self) -> bool {
        self.session.open().is_some_and(|open| open.refused.is_none())
    }

    /// Why no change may be sent now; `None` where one may. The one rule for every place that offers a change, and for sending.
    #[must_use]
    pub fn change_blocked_reason(&self) -> Option<&'static str> {
        self.session.open().map_or(Some("Sign in first"), Workspace::change_blocked_reason)
    }

    /// True while a change may be sent.
    #[must_use]
    pub fn can_change(&self) -> bool {
        self.change_blocked_reason().is_none()
    }

    /// Until when the service wants to be left alone, as its last responses said.
    #[must_use]
    pub fn asked_to_wait_until(&self) -> Option<Timestamp> {
        self.lists().retry_at().filter(|at| *at > self.now)
    }

    /// Whole seconds until a pause that the service asked for is over; `None` while there is none.
    #[must_use]
    pub fn pause_secs(&self) -> Option<i64> {
        self.rate_limited_until().map(|until| until.duration_since(self.now).as_secs() + 1)
    }

    /// What was read in the open session, and how it is shown.
    #[must_use]
    pub fn lists(&self) -> &Lists {
        self.session.open().map_or(&NO_LISTS, |open| &open.lists)
    }

    /// The backups that the service lists.
    #[must_use]
    pub fn backups(&self) -> &Table<Backup> {
        &self.lists().backups
    }

    /// The backups that the backups screen shows: those, or all that were ever seen.
    #[must_use]
    pub fn shown_backups(&self) -> &Table<Backup> {
        self.lists().shown_backups()
    }

    /// Why no backups of the history can be shown; `None` where they can.
    #[must_use]
    pub fn history_blocked_reason(&self) -> Option<&'static str> {
        match self.history() {
            None => Some("Sign in first"),
            Some(history) => history.is_unavailable.then_some("No history of this profile is kept"),
        }
    }

    /// The schedules table.
    #[must_use]
    pub fn schedules(&self) -> &Table<Schedule> {
        &self.lists().schedules
    }

    /// The restores table.
    #[must_use]
    pub fn restores(&self) -> &Table<Restore> {
        &self.lists().restores
    }

    /// Whether every service is covered, as far as is known.
    #[must_use]
    pub fn coverage(&self) -> Option<&Coverage> {
        Some(&self.session.open()?.coverage)
    }

    /// What is known of each day and service, once it was read.
    #[must_use]
    pub fn calendar(&self) -> Option<&Calendar> {
        self.session.open()?.calendar.calendar()
    }

    /// Why there is no calendar; a part of a sentence.
    #[must_use]
    pub fn calendar_error(&self) -> Option<&str> {
        self.session.open()?.calendar.error()
    }

    /// The runs of all services on one axis, once they are laid out.
    #[must_use]
    pub fn timeline(&self) -> Option<&Timeline> {
        self.session.open()?.timeline.timeline()
    }

    /// The moments of the service that is looked at.
    #[must_use]
    pub fn moments(&self) -> Option<&Moments> {
        Some(&self.session.open()?.moments)
    }

    /// What is known of the backups of a service.
    #[must_use]
    pub fn known_lists(&self, service: &ServiceId) -> KnownLists {
        let seen = self.moments().and_then(Moments::seen);
        known_lists(self.lists(), seen, service, self.now)
    }

    /// The change under way, or of unknown outcome.
    #[must_use]
    pub fn change(&self) -> Option<&PendingChange> {
        self.session.open()?.changes.pending.as_ref()
    }

    /// Several changes that are being sent, or some of which were not.
    #[must_use]
    pub fn batch(&self) -> Option<&Batch> {
        self.session.open()?.batch.as_ref()
    }

    /// The schedules that make no backups, and of which of them to remind the user.
    #[must_use]
    pub fn suspended(&self) -> Option<&Suspended> {
        Some(&self.session.open()?.suspended)
    }

    /// The day on the clock of this computer.
    #[must_use]
    pub fn today(&self) -> Date {
        self.config.local_zone.time_zone().to_datetime(self.local_now).date()
    }

    /// Why the last change was refused, for the dialog that asked for it.
    #[must_use]
    pub fn change_error(&self) -> Option<&ApiError> {
        self.session.open()?.changes.error.as_ref()
    }

    /// The backup of the target of a restore, made before it.
    #[must_use]
    pub fn target_backup(&self) -> Option<&TargetBackup> {
        self.session.open()?.target_backup.as_ref()
    }

    /// True while SkyBackup waits for the end of this restore.
    #[must_use]
    pub fn follows(&self, restore: &RestoreId) -> bool {
        self.session.open().is_some_and(|open| open.follows(restore))
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

    /// The history of the open session.
    #[must_use]
    pub fn history(&self) -> Option<&History> {
        Some(&self.session.open()?.history)
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

    /// The name of the service of a row, which another service may have too; its id where no name is known.
    #[must_use]
    pub fn service_name<'a, R: Row>(&'a self, row: &'a R) -> &'a str {
        let (id, name) = row.service();
        self.lists().service_names.name(id, name).unwrap_or(id)
    }

    /// What cells are written with.
    #[must_use]
    pub fn cell_context(&self) -> CellContext<'_> {
        CellContext { zone: self.zone(), now: self.now, names: &self.lists().service_names }
    }
}
