//! The whole state and its pure transitions.
//!
//! Owns: [`Model`] with its two halves: [`Data`] (what is known; only the model writes) and [`View`] (what the user
//! looks at and types; views may write). Nearly all behaviour of the application is here.
//! May import: `domain`, `grid`, `msg`, and the plain types of `api`, `settings`, `export` and `journal`.
//! Must never: touch clock, disk, network, keyring or egui. The moment comes with the [`StepContext`] of a step, and
//! work for the outside goes into it.

#![warn(clippy::wildcard_enum_match_arm)]

mod change_blocked;
mod changes;
mod clock;
mod context;
mod exports;
mod keyring_flow;
mod outcomes;
mod profiles;
mod remote;
mod schedule_form;
mod session;
mod session_flow;
mod settings_flow;
mod table;
mod tables_flow;
mod toast;
mod view;
mod window_flow;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

#[cfg(test)]
#[expect(clippy::wildcard_enum_match_arm, reason = "a test looks at the few values it is about")]
mod tests;

pub use change_blocked::ChangeBlocked;
pub use changes::{ChangeKind, ChangeState, NoTarget, PendingChange};
pub use context::StepContext;
pub use exports::RunningExport;
pub use remote::{Remote, RemoteStatus};
use session::KeyTask;
pub use session::{KeySource, KeyringStatus, OpenSession, Removal, Session, SignInPhase};
pub use table::Table;
pub use toast::{Severity, Toast, ToastAction, Toasts};
pub use view::{
    Dialog, ExportForm, FormPurpose, NewestFull, ProfileForm, RangeForm, ScheduleForm, SignInField, SignInForm, View,
};

use crate::api::{ApiError, BackupQuery, RequestRecord};
use crate::domain::{ApiUrl, Backup, Schedule, ScheduleId, Service, Zone};
use crate::grid::{CellContext, Row, ServiceNames};
use crate::journal::OpenChange;
use crate::msg::{Command, Event, Listed, SystemEvent, Ticket};
use crate::settings::{Settings, ZoneChoice};

/// How many requests are remembered in the activity list.
const ACTIVITY: usize = 1_000;

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

/// What is known.
#[derive(Debug)]
pub struct Data {
    /// The clock of the last frame.
    pub now: Timestamp,
    /// What is fixed since the start.
    pub start: ModelConfig,
    /// Profiles and preferences.
    pub settings: Settings,
    /// The session.
    pub session: Session,
    /// A sign-in in its dialog over the open session, which goes on until another one is open. Never [`Session::Open`].
    pub next_session: Option<Session>,
    /// The backups table.
    pub backups: Table<Backup>,
    /// The schedules table.
    pub schedules: Table<Schedule>,
    /// The services, for the picker.
    pub services: Remote<Listed<Service>, ApiError>,
    /// Whether the keyring can keep a key, as far as is known.
    pub keyring: KeyringStatus,
    /// What is asked of the server for the backups table.
    pub backup_query: BackupQuery,
    /// The schedule of the detail pane, read singly.
    pub single_schedule: Remote<Schedule, ApiError>,
    /// Its id.
    pub single_schedule_id: Option<ScheduleId>,
    /// The change under way, or of unknown outcome.
    pub change: Option<PendingChange>,
    /// Changes of earlier runs whose outcome is open, oldest first; each is looked at when no other is open.
    unresolved: VecDeque<OpenChange>,
    /// The service asked for a pause until then; calls wait.
    pub rate_limited_until: Option<Timestamp>,
    /// The clock of the service was compared with this computer's.
    is_clock_known: bool,
    /// How far the clock of the service is ahead of this computer's, where that is more than clocks usually differ.
    pub clock_ahead: SignedDuration,
    /// Why the last change was refused, for the dialog that asked for it.
    pub change_error: Option<ApiError>,
    /// The export under way.
    pub export: Option<RunningExport>,
    /// Why the last export failed, for its dialog: sentence and advice.
    pub export_error: Option<(String, String)>,
    /// The requests of this run, newest first.
    pub activity: VecDeque<RequestRecord>,
    /// The notices.
    pub toasts: Toasts,
    /// What services are called where a row alone does not tell.
    service_names: Arc<ServiceNames>,
    /// The rows and the services that these names were worked out from.
    named_from: Option<(u64, u64, Option<Timestamp>)>,
    zone: Zone,
    /// Where the window was before it changed the last time.
    window_before: Option<crate::settings::WindowPlace>,
    settings_unsaved_since: Option<Timestamp>,
    /// The last save failed; before this it is not tried again.
    save_again_at: Option<Timestamp>,
    /// Tries since the service could last be reached.
    failed_refreshes: u32,
    /// When the last refresh began, or the last listing ended.
    last_refresh: Option<Timestamp>,
    /// A refresh that is due at this moment, whatever the rhythm.
    refresh_at: Option<Timestamp>,
    schedules_asked_without_services: bool,
    /// The schedule as it was when its change was begun in the form.
    edit_base: Option<Schedule>,
    /// What is being done to keys in the keyring.
    key_tasks: Vec<KeyTask>,
    /// The profile that was last asked to be removed, until it is or the user has read why not.
    pub removal: Option<Removal>,
    /// The file dialog for a bucket's key file that is open for the form.
    key_file: Option<Ticket>,
}

impl Data {
    /// The clock that times are shown in.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The computer's zone.
    #[must_use]
    pub fn local_zone(&self) -> &Zone {
        &self.start.local_zone
    }

    /// Where a sign-in stands: over the open session if one is shown there, else in its place.
    #[must_use]
    pub fn sign_in(&self) -> &Session {
        self.next_session.as_ref().unwrap_or(&self.session)
    }

    fn sign_in_mut(&mut self) -> &mut Session {
        self.next_session.as_mut().unwrap_or(&mut self.session)
    }

    /// True while anything is being read.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.backups.remote().is_loading() || self.schedules.remote().is_loading()
    }

    /// The last refresh could not reach the service.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        let error = self.backups.remote().error().or_else(|| self.schedules.remote().error());
        error.is_some_and(ApiError::is_offline)
    }

    /// True while something may be read: signed in with a key that works.
    #[must_use]
    pub fn can_read(&self) -> bool {
        self.session.open().is_some_and(|open| open.refused.is_none())
    }

    /// The services known by the picker's list, or none yet.
    #[must_use]
    pub fn known_services(&self) -> &[Service] {
        self.services.value().map_or(&[], |listed| &listed.rows[..])
    }

    /// What services are called where a row alone does not tell.
    #[must_use]
    pub fn service_names(&self) -> &ServiceNames {
        &self.service_names
    }

    /// What the service of a row is called wherever a sentence names it: as its cell in the tables.
    #[must_use]
    pub fn service_label<'a, R: Row>(&'a self, row: &'a R) -> Cow<'a, str> {
        let (id, name) = row.service();
        self.service_names.label(id, name)
    }

    /// The name of the service of a row, which another service may have too; its id where no name is known.
    #[must_use]
    pub fn service_name<'a, R: Row>(&'a self, row: &'a R) -> &'a str {
        let (id, name) = row.service();
        self.service_names.name(id, name).unwrap_or(id)
    }

    /// What cells are written with.
    #[must_use]
    pub fn cell_context(&self) -> CellContext<'_> {
        CellContext { zone: &self.zone, now: self.now, names: &self.service_names }
    }

    /// Brings the names of services up to date with both tables and the list of services; true where they are others now.
    fn name_services(&mut self) -> bool {
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

/// The whole state.
#[derive(Debug)]
pub struct Model {
    /// What is known.
    pub data: Data,
    /// What the user looks at and types.
    pub view: View,
}

impl Model {
    /// The state at the start, and the first work.
    #[must_use]
    pub fn new(start: ModelConfig, cx: &mut StepContext) -> Self {
        let now = cx.now;
        let settings = start.settings.clone();
        let data = Data {
            now,
            session: Session::SignedOut { problem: None },
            next_session: None,
            backups: Table::new(settings.backups_table.clone()),
            schedules: Table::new(settings.schedules_table.clone()),
            services: Remote::default(),
            keyring: KeyringStatus::default(),
            backup_query: BackupQuery::default(),
            single_schedule: Remote::default(),
            single_schedule_id: None,
            change: None,
            unresolved: VecDeque::new(),
            rate_limited_until: None,
            is_clock_known: false,
            clock_ahead: SignedDuration::ZERO,
            change_error: None,
            export: None,
            export_error: None,
            activity: VecDeque::new(),
            toasts: Toasts::default(),
            service_names: Arc::default(),
            named_from: None,
            zone: Zone::utc(),
            window_before: None,
            settings_unsaved_since: None,
            save_again_at: None,
            failed_refreshes: 0,
            last_refresh: None,
            refresh_at: None,
            schedules_asked_without_services: false,
            edit_base: None,
            key_tasks: Vec::new(),
            removal: None,
            key_file: None,
            settings,
            start,
        };
        let mut model = Self { data, view: View::default() };
        model.apply_preferences();
        for warning in model.data.start.warnings.clone() {
            model.data.toasts.add(Severity::Warning, warning, None, None, now);
        }
        model.first_sign_in(cx);
        model
    }

    /// Does what a user asked for.
    pub fn handle(&mut self, command: Command, cx: &mut StepContext) {
        self.set_now(cx.now);
        match command {
            Command::Session(command) => self.handle_session(command, cx),
            Command::Profile(command) => self.handle_profile(command, cx),
            Command::List(command) => self.handle_list(command, cx),
            Command::Table(table, command) => self.handle_table(table, command, cx),
            Command::Form(command) => self.handle_form(command, cx),
            Command::Change(command) => self.handle_change(command, cx),
            Command::Export(command) => self.handle_export(command, cx),
            Command::Preferences(command) => self.handle_preference(&command),
            Command::Window(command) => self.handle_window(command, cx),
        }
        self.settle(cx);
    }

    /// Takes in what came back.
    pub fn apply(&mut self, event: Event, cx: &mut StepContext) {
        self.set_now(cx.now);
        match event {
            Event::Session(event) => self.apply_session(event, cx),
            Event::List(event) => self.apply_list(event, cx),
            Event::Change(event) => self.apply_change(event, cx),
            Event::Export(event) => self.apply_export(event, cx),
            Event::Form(event) => self.apply_form(event, cx),
            Event::Settings(event) => self.apply_settings(event, cx),
            Event::System(event) => self.apply_system(event, cx),
        }
        self.settle(cx);
    }

    fn apply_system(&mut self, event: SystemEvent, cx: &mut StepContext) {
        match event {
            SystemEvent::SystemResumed => self.woke(cx),
            SystemEvent::Paused(until) => self.paused(until),
            SystemEvent::Requested(record) => self.note_request(record),
            SystemEvent::TaskPanicked(ticket) => self.broken(ticket),
        }
    }

    /// What every step ends with: a sign-in ends with its dialog, the next open change is looked at, the tables are in order.
    fn settle(&mut self, cx: &mut StepContext) {
        self.settle_sign_in_dialog(cx);
        self.resume_next_unresolved(cx);
        self.reindex(cx);
    }

    /// Does what the time asks for: automatic refresh, notices that leave, settings that wait to be written.
    pub fn tick(&mut self, cx: &mut StepContext) {
        self.set_now(cx.now);
        self.data.rate_limited_until.take_if(|until| *until <= self.data.now);
        self.data.toasts.tick(self.data.now);
        self.save_settings_when_due(cx);
        self.probe_keyring_when_needed(cx);
        self.refresh_when_due(cx);
        self.reindex(cx);
    }

    /// When [`Model::tick`] has something to do next, or a shown age changes.
    #[must_use]
    pub fn next_wake(&self) -> Option<Timestamp> {
        let age = self.data.session.open().and_then(|_| self.data.now.checked_add(SignedDuration::from_secs(20)).ok());
        let countdown =
            self.data.rate_limited_until.and_then(|_| self.data.now.checked_add(SignedDuration::from_secs(1)).ok());
        let next = [self.data.toasts.next_end(), self.next_save(), self.next_refresh(), age, countdown];
        // By this computer's clock, as the caller counts.
        next.into_iter().flatten().min().map(|at| at.checked_sub(self.data.clock_ahead).unwrap_or(at))
    }

    fn note_request(&mut self, record: RequestRecord) {
        self.compare_clocks(&record);
        self.data.activity.push_front(record);
        self.data.activity.truncate(ACTIVITY);
    }

    /// A task broke: whatever waited for it must not wait for ever.
    fn broken(&mut self, ticket: Ticket) {
        let now = self.data.now;
        let error = ApiError::internal();
        self.data.backups.settle(ticket, Err(error.clone()), now);
        self.data.schedules.settle(ticket, Err(error.clone()), now);
        self.data.services.settle(ticket, Err(error.clone()), now);
        self.data.single_schedule.settle(ticket, Err(error.clone()), now);
        self.data.backups.fail_index(ticket);
        self.data.schedules.fail_index(ticket);
        self.fail_sign_in(ticket);
        self.fail_change(ticket, error);
        self.fail_export(ticket);
        let advice = "Nothing else is affected. If it happens again, send the log file with a report".to_owned();
        self.data.toasts.add(Severity::Bad, "Something in SkyBackup failed", Some(advice), None, now);
    }

    fn set_zone(&mut self) {
        self.data.zone = match self.data.settings.preferences.zone {
            ZoneChoice::Utc => Zone::utc(),
            ZoneChoice::Local => self.data.start.local_zone.clone(),
        };
    }
}
