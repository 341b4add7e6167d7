//! What belongs to one open session: its account, and everything read, asked for and changed in it. It is dropped as a whole when
//! the session ends, so that nothing of one account is left for the next.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, LazyLock};

use jiff::{SignedDuration, Timestamp};

use super::changes::PendingChange;
use super::exports::RunningExport;
use super::{Data, KeySource, Remote, Session, Table};
use crate::api::{ApiError, BackupQuery};
use crate::domain::{ApiUrl, Backup, Schedule, ScheduleId, Service, ServiceId};
use crate::grid::{CellContext, Row, ServiceNames};
use crate::journal::OpenChange;
use crate::msg::{Listed, Opened, Ticket};
use crate::secrets::KeyTag;
use crate::settings::{KeyringError, Profile, Settings};

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
    pub(super) refresh: Refresh,
    pub(super) clock: ServiceClock,
}

/// What was read from the service.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) backups: Table<Backup>,
    pub(super) schedules: Table<Schedule>,
    /// The services, for the picker.
    pub(super) services: Remote<Listed<Service>, ApiError>,
    /// What is asked of the server for the backups table.
    pub(super) backup_query: BackupQuery,
    /// The schedule of the detail pane, read singly, and its id.
    pub(super) single_schedule: Remote<Schedule, ApiError>,
    pub(super) single_schedule_id: Option<ScheduleId>,
    pub(super) schedules_asked_without_services: bool,
    /// What services are called where a row alone does not tell.
    pub(super) service_names: Arc<ServiceNames>,
    /// The rows and the services that these names were worked out from.
    named_from: Option<(u64, u64, Option<Timestamp>)>,
}

/// Changes of schedules.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// The change under way, or of unknown outcome.
    pub(super) pending: Option<PendingChange>,
    /// Changes of earlier runs whose outcome is open, oldest first; each is looked at when no other is open.
    pub(super) unresolved: VecDeque<OpenChange>,
    /// Why the last change was refused, for the dialog that asked for it.
    pub(super) error: Option<ApiError>,
    /// The schedule as it was when its change was begun in the form.
    pub(super) edit_base: Option<Schedule>,
    /// The file dialog for a bucket's key file that is open for the form.
    pub(super) key_file: Option<Ticket>,
}

/// Exports.
#[derive(Debug, Default)]
pub(super) struct Exports {
    /// The export under way.
    pub(super) running: Option<RunningExport>,
    /// Why the last export failed, for its dialog: sentence and advice.
    pub(super) error: Option<(String, String)>,
}

/// When the lists are read again. Instants are by the clock of the service.
#[derive(Debug, Default)]
pub(super) struct Refresh {
    /// Tries since the service could last be reached.
    pub(super) failed: u32,
    /// When the last refresh began, or the last listing ended.
    pub(super) last: Option<Timestamp>,
    /// A refresh that is due at this moment, whatever the interval.
    pub(super) due_at: Option<Timestamp>,
    /// The service asked for a pause until then; calls wait.
    pub(super) rate_limited_until: Option<Timestamp>,
}

/// The clock of the service.
#[derive(Debug, Default)]
pub(super) struct ServiceClock {
    /// It was compared with this computer's.
    pub(super) is_known: bool,
    /// How far it is ahead of this computer's, where that is more than clocks usually differ.
    pub(super) ahead: SignedDuration,
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
        let lists = Lists {
            backups: Table::new(settings.backups_table.clone()),
            schedules: Table::new(settings.schedules_table.clone()),
            ..Lists::default()
        };
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
            lists,
            changes: Changes::default(),
            exports: Exports::default(),
            refresh: Refresh::default(),
            clock: ServiceClock::default(),
        }
    }
}

impl Lists {
    /// The services known by the picker's list, or none yet.
    pub(super) fn known_services(&self) -> &[Service] {
        self.services.value().map_or(&[], |listed| &listed.rows[..])
    }

    /// True while anything is being read.
    pub(super) fn is_loading(&self) -> bool {
        self.backups.remote().is_loading() || self.schedules.remote().is_loading()
    }

    /// The last refresh could not reach the service.
    pub(super) fn is_offline(&self) -> bool {
        let error = self.backups.remote().error().or_else(|| self.schedules.remote().error());
        error.is_some_and(ApiError::is_offline)
    }

    /// For the per-service way: the account's services, and those that only a backup or a schedule still names.
    pub(super) fn services_to_ask(&self) -> Vec<ServiceId> {
        let listed = self.known_services().iter().map(|service| service.id.as_str());
        let facets = [self.backups.facets(), self.schedules.facets()];
        let seen = facets.into_iter().flat_map(|facets| facets.services.iter().map(|(id, _, _)| id.as_str()));
        let mut ids: Vec<&str> = listed.chain(seen).filter(|id| !id.is_empty()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().map(ServiceId::new).collect()
    }

    /// Stops everything that is being read; the tickets of that.
    pub(super) fn cancel(&mut self, now: Timestamp) -> Vec<Ticket> {
        let tables = [self.backups.cancel(now), self.schedules.cancel(now)];
        let others = [self.services.cancel(now), self.single_schedule.cancel(now)];
        tables.into_iter().chain(others).flatten().collect()
    }

    /// The task behind this ticket panicked: whatever waited for it must not wait for ever.
    pub(super) fn fail(&mut self, ticket: Ticket, error: &ApiError, now: Timestamp) {
        self.backups.settle(ticket, Err(error.clone()), now);
        self.schedules.settle(ticket, Err(error.clone()), now);
        self.services.settle(ticket, Err(error.clone()), now);
        self.single_schedule.settle(ticket, Err(error.clone()), now);
        self.backups.fail_index(ticket);
        self.schedules.fail_index(ticket);
    }

    /// Brings the names of services up to date with both tables and the list of services; true where they are others now.
    pub(super) fn name_services(&mut self) -> bool {
        let key = (self.backups.revision(), self.schedules.revision(), self.services.at());
        if self.named_from.replace(key) == Some(key) {
            return false;
        }
        let known = self.known_services().iter().filter_map(|it| Some((&it.id, it.name.as_deref()?)));
        let names = ServiceNames::new(known, &[self.backups.facets(), self.schedules.facets()]);
        let is_new = names != *self.service_names;
        if is_new {
            self.service_names = Arc::new(names);
        }
        is_new
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
        &self.lists().backup_query
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
        self.session.open()?.refresh.rate_limited_until
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
