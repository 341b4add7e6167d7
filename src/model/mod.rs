//! The whole state and its pure transitions.
//!
//! Owns: [`Model`] with its two halves: [`Data`] (what is known; only the model writes) and [`View`] (what the user
//! looks at and types; views may write). Nearly all behaviour of the application is here.
//! May import: `domain`, `grid`, `msg`, and the plain types of `api`, `settings`, `export` and `journal`.
//! Must never: touch clock, disk, network, keyring or egui. The moment comes with the [`StepContext`] of a step, and
//! work for the outside goes into it.

#![warn(clippy::wildcard_enum_match_arm)]

mod actions;
mod batch;
mod batch_form;
mod batching;
mod build_info;
mod calendar;
mod changes;
mod clock;
mod context;
mod coverage;
mod data;
mod desktop_notifications;
mod evidence;
mod exports;
mod followed_restores;
mod key_file;
mod key_tasks;
mod keys;
mod ledger;
mod lists;
mod moments;
mod news;
mod notifications;
mod open_view;
mod outcomes;
mod preferences;
mod profiles;
mod refresh;
mod remote;
mod restore_ends;
mod restore_facts;
mod restore_form;
mod restores;
mod restoring;
mod running_export;
mod saved_views;
mod schedule_form;
mod session;
mod sign_in;
mod suspended;
mod suspending;
mod table;
mod table_commands;
mod target_backup;
mod target_backups;
mod timeline;
mod trend;
mod updates;
mod view;
mod window;

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

#[cfg(test)]
#[expect(clippy::wildcard_enum_match_arm, reason = "a test looks at the few values it is about")]
mod tests;

pub use batch::{Batch, BatchRow, RowOutcome, RowState};
pub use build_info::{BuildInfo, UpdateSource};
pub use changes::{ChangeKind, ChangeState, PendingChange};
pub use context::StepContext;
pub use coverage::Coverage;
pub use data::{Data, ModelConfig};
pub use key_file::KeyFile;
pub use key_tasks::{KeyringStatus, Removal};
pub use ledger::History;
pub use lists::{Lists, NoTarget};
pub use moments::{Moments, MomentsForm, RestoresFace};
pub use notifications::{Notification, NotificationAction, Notifications, Severity};
pub use open_view::ViewsForm;
pub use remote::Remote;
pub use restore_facts::restore_blocked_reason;
pub use restore_form::{RestoreForm, RestoreStep};
pub use running_export::RunningExport;
pub use session::{KeySource, Session, SignInPhase, Workspace};
pub use suspended::{Suspended, SuspensionForm};
pub use table::Table;
pub use target_backup::{TargetBackup, TargetBackupState};
pub use view::{
    BatchForm, Dialog, EvidenceForm, ExportForm, FormPurpose, NewestFull, OverviewView, PlannedChange, ProfileForm,
    RangeForm, ScheduleForm, SignInField, SignInForm, TimelineView, View,
};

use crate::api::{ApiError, RequestRecord};
use crate::domain::{ScheduleId, Zone};
use crate::msg::{ChangeEvent, Command, Event, Screen, SystemEvent, Ticket};
use crate::settings::ZoneChoice;

/// How many requests are remembered in the activity list.
const ACTIVITY: usize = 1_000;

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
    pub fn new(config: ModelConfig, cx: &mut StepContext) -> Self {
        let now = cx.now;
        let settings = config.settings.clone();
        let data = Data {
            now,
            local_now: now,
            session: Session::SignedOut { problem: None },
            keyring: KeyringStatus::default(),
            activity: VecDeque::new(),
            notifications: Notifications::default(),
            zone: Zone::utc(),
            named_zone: None,
            window_before: None,
            settings_unsaved_since: None,
            save_again_at: None,
            newest_version: None,
            notification_problem: None,
            key_tasks: Vec::new(),
            removal: None,
            settings,
            config,
        };
        let mut model = Self { data, view: View::default() };
        model.view.detail = model.data.settings.preferences.detail_open;
        model.set_zone();
        for warning in model.data.config.warnings.clone() {
            cx.notify(Severity::Warning, warning);
        }
        model.first_sign_in(cx);
        model.show_notifications(cx);
        model
    }

    /// Does what a user asked for.
    pub fn handle(&mut self, command: Command, cx: &mut StepContext) {
        self.set_now(cx);
        match command {
            Command::Session(command) => self.handle_session(command, cx),
            Command::Profile(command) => self.handle_profile(command, cx),
            Command::List(command) => self.handle_list(command, cx),
            Command::Table(table, command) => self.handle_table(table, command, cx),
            Command::Form(command) => self.handle_form(command, cx),
            Command::Change(command) => {
                if let Some(open) = self.data.session.open_mut() {
                    open.handle_change(command, &mut self.view, cx);
                }
            }
            Command::Batch(command) => self.handle_batch(command, cx),
            Command::Restore(command) => {
                if let Some(open) = self.data.session.open_mut() {
                    open.handle_restore(command, &mut self.view, cx);
                }
            }
            Command::Export(command) => self.handle_export(command, cx),
            Command::Ledger(command) => self.handle_ledger(command, cx),
            Command::Preferences(command) => self.handle_preference(command),
            Command::Views(command) => self.handle_views(command, cx),
            Command::Window(command) => self.handle_window(command, cx),
        }
        self.settle(cx);
    }

    /// Takes in what came back.
    pub fn apply(&mut self, event: Event, cx: &mut StepContext) {
        self.set_now(cx);
        match event {
            Event::Session(event) => self.apply_session(event, cx),
            Event::List(event) => {
                if let Some(open) = self.data.session.open_mut() {
                    open.apply_list(event, cx);
                }
            }
            // Also after the session ended.
            Event::Change(ChangeEvent::ChangeNotDismissed(why)) => cx.notify(Severity::Warning, why),
            Event::Change(event) => {
                if let Some(open) = self.data.session.open_mut() {
                    open.apply_change(event, &mut self.view, cx);
                }
            }
            Event::Export(event) => self.apply_export(event, cx),
            Event::Ledger(event) => self.apply_ledger(event, cx),
            Event::Form(event) => self.apply_form(event, cx),
            Event::Settings(event) => self.apply_settings(event, cx),
            Event::System(event) => self.apply_system(event, cx),
        }
        self.settle(cx);
    }

    fn apply_system(&mut self, event: SystemEvent, cx: &mut StepContext) {
        match event {
            SystemEvent::SystemResumed => {
                let is_refreshed = self.data.settings.preferences.auto_refresh_secs > 0;
                if let Some(open) = self.data.session.open_mut() {
                    open.system_resumed(is_refreshed, cx);
                }
            }
            SystemEvent::RateLimited(session, until) => {
                if let Some(open) = self.data.session.open_mut().filter(|open| open.ticket == session) {
                    open.clock.rate_limited(until, cx);
                }
            }
            SystemEvent::Requested(session, record) => self.log_request(session, record, cx),
            SystemEvent::Notified(ticket, result) => self.notified(ticket, result),
            SystemEvent::NotificationClicked(ticket) => self.notification_clicked(ticket, cx),
            SystemEvent::UpdateFound(newest) => self.data.newest_version = Some(newest),
            SystemEvent::TaskPanicked(ticket) => self.task_panicked(ticket, cx),
        }
    }

    /// The time of a step, by the clock of the service as far as it is known.
    pub(super) fn set_now(&mut self, cx: &mut StepContext) {
        self.data.local_now = cx.now;
        cx.service_now = self.data.session.open().map_or(cx.now, |open| open.clock.at(cx.now));
        self.data.now = cx.service_now;
    }

    /// What every step ends with: a sign-in ends with its dialog, the next open change is looked at, the tables are in order.
    fn settle(&mut self, cx: &mut StepContext) {
        self.settle_sign_in_dialog(cx);
        if let Some(open) = self.data.session.open_mut() {
            open.advance_batch(&self.view, cx);
            if open.can_read() {
                open.changes.resume_next_unresolved(cx);
                // Nobody who does not look at them needs them.
                if self.view.screen == Screen::Restores && !open.lists.are_restores_in_use() {
                    open.refresh_restores(cx);
                }
            }
        }
        self.keep_suspensions();
        self.finish_step(cx);
    }

    /// Puts the tables in order, and shows the notices of the step.
    fn finish_step(&mut self, cx: &mut StepContext) {
        self.data.now = cx.service_now;
        let today = self.data.today();
        let Data { session, zone, .. } = &mut self.data;
        if let Some(open) = session.open_mut() {
            if let Some(table) = open.lists.reindex(zone, cx) {
                self.view.scroll_to_focus = Some(table);
            }
            let schedules = &open.lists.schedules;
            open.suspended.update(schedules.rows(), schedules.revision(), &open.profile, today);
            open.coverage.update(&open.lists, &open.profile.targets, cx);
            open.look_for_target_backup();
            let ended = open.look_for_ended_restores(cx);
            if self.view.screen == Screen::Overview && self.view.overview.is_calendar {
                open.calendar.update(&open.lists, &open.coverage, zone, cx);
            }
            if self.view.screen == Screen::Timeline {
                open.timeline.update(&open.coverage, self.view.timeline.span, cx);
            }
            if self.view.screen == Screen::Restores && self.view.moments.face == RestoresFace::Moments {
                open.show_moments(&self.view.moments, cx);
            }
            self.tell_ended_restores(&ended, cx);
        }
        self.tell_new_findings(cx);
        self.show_notifications(cx);
    }

    fn show_notifications(&mut self, cx: &mut StepContext) {
        for notification in cx.take_notifications() {
            self.data.notifications.add(notification, cx.now);
        }
    }

    /// Does what the time asks for: automatic refresh, notices that leave, settings that wait to be written.
    pub fn tick(&mut self, cx: &mut StepContext) {
        self.set_now(cx);
        self.data.notifications.tick(cx.now);
        self.move_periods();
        self.save_settings_when_due(cx);
        self.probe_keyring_when_needed(cx);
        self.find_update_when_due(cx);
        if let Some(open) = self.data.session.open_mut() {
            open.timer.limit_to(cx.service_now);
            open.clock.rate_limited_until.take_if(|until| *until <= cx.service_now);
        }
        if self.next_refresh().is_some_and(|due| due <= cx.service_now) {
            let every_secs = self.data.settings.preferences.auto_refresh_secs;
            if let Some(open) = self.data.session.open_mut() {
                open.refresh_automatically(every_secs, cx);
            }
        }
        if let Some(open) = self.data.session.open_mut() {
            open.poll_target_backup(cx);
            open.poll_followed_restores(cx);
        }
        self.finish_step(cx);
    }

    /// When the next automatic refresh is due. A window that nobody sees reads nothing automatically, unless its user wants to be told.
    fn next_refresh(&self) -> Option<Timestamp> {
        let is_wanted = !self.view.is_hidden || self.data.wants_notifications();
        let open = self.data.session.open().filter(|_| is_wanted)?;
        open.next_refresh(self.data.settings.preferences.auto_refresh_secs)
    }

    fn refresh(&mut self, cx: &mut StepContext) {
        if let Some(open) = self.data.session.open_mut() {
            open.refresh(cx);
        }
    }

    fn read_schedule(&mut self, id: ScheduleId, cx: &mut StepContext) {
        if let Some(open) = self.data.session.open_mut() {
            open.read_schedule(id, cx);
        }
    }

    /// When [`Model::tick`] has something to do next, or a shown age changes.
    #[must_use]
    pub fn next_wake(&self) -> Option<Timestamp> {
        let now = self.data.now;
        let in_secs = |secs| now.checked_add(SignedDuration::from_secs(secs)).ok();
        let age = self.data.session.open().and_then(|_| in_secs(20));
        let countdown = self.data.rate_limited_until().and_then(|_| in_secs(1));
        let open = self.data.session.open();
        let target_backup = open.and_then(Workspace::next_target_backup_poll);
        let restores = open.and_then(Workspace::next_restore_poll);
        let by_service = [self.next_refresh(), age, countdown, target_backup, restores].into_iter().flatten().min();
        // By this computer's clock, as the caller counts.
        let ahead = self.data.clock_ahead();
        let by_service = by_service.map(|at| at.checked_sub(ahead).unwrap_or(at));
        [self.data.notifications.next_end(), self.next_save(), by_service].into_iter().flatten().min()
    }

    /// The log keeps the requests of all sessions; only those of the open one tell the time of its service.
    fn log_request(&mut self, session: Ticket, record: RequestRecord, cx: &mut StepContext) {
        if let Some(open) = self.data.session.open_mut().filter(|open| open.ticket == session) {
            open.compare_clocks(&record, cx);
        }
        self.data.activity.push_front(record);
        self.data.activity.truncate(ACTIVITY);
    }

    /// A task panicked: whatever waited for it must not wait for ever.
    fn task_panicked(&mut self, ticket: Ticket, cx: &mut StepContext) {
        let error = ApiError::internal();
        if let Some(open) = self.data.session.open_mut() {
            open.lists.fail(ticket, &error, cx.service_now);
            open.coverage.fail(ticket);
            open.timeline.fail(ticket);
            open.changes.fail(ticket, error);
            open.history.fail(ticket);
            open.moments.fail(ticket, cx.service_now);
            open.fail_notification(ticket);
            open.exports.running.take_if(|export| export.ticket == ticket);
        }
        self.fail_sign_in(ticket);
        let advice = "Nothing else is affected. If it happens again, send the log file with a report".to_owned();
        cx.notify_with(Severity::Bad, "Something in SkyBackup failed", Some(advice), None);
    }

    fn set_zone(&mut self) {
        let preferences = &self.data.settings.preferences;
        self.data.named_zone = preferences.named_zone.as_deref().and_then(Zone::named);
        self.data.zone = match (preferences.zone, &self.data.named_zone) {
            (ZoneChoice::Local, _) => self.data.config.local_zone.clone(),
            (ZoneChoice::Named, Some(named)) => named.clone(),
            (ZoneChoice::Utc | ZoneChoice::Named, _) => Zone::utc(),
        };
    }
}
