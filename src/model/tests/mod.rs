//! The model alone: commands and events in, work and state out. No clock, no network, no window.

mod acting;
mod all_seen;
mod batch;
mod boundaries;
mod calendar;
mod changes;
mod clock;
mod coverage;
mod exporting;
mod following;
mod forms;
mod groups;
mod guards;
mod jumps;
mod keyring;
mod ledger;
mod moments;
mod news;
mod profiles;
mod reading;
mod refreshing;
mod restores;
mod restoring;
mod saved_views;
mod secrets;
mod sessions;
mod tables;
mod timeline;
mod updates;
mod window;
mod workspace;
mod zones;

use super::*;
use crate::api::{BackupQuery, Completeness, ErrorKind, NotSent, Operation, RequestRecord};
use crate::domain::{ApiTime, ApiUrl, Backup, BackupId, Recurrence, Schedule, ScheduleId, Service, ServiceId, Status};
use crate::msg::{
    ChangeCommand, ChangeEffect, Effect, FileEffect, FormCommand, KeyCheck, KeyringEffect, LedgerEffect, ListEffect,
    ListEvent, Listed, NotSaved, OpenError, Opened, Screen, SessionCommand, SessionEffect, SessionEvent, SignIn,
    TableCommand, TableEffect, TableId, WindowEffect,
};
use crate::rows::{Record, Rows};
use crate::settings::{KeyringError, NotificationChoice, Preferences, Profile, ProfileFlags, ProfileId, Settings};

const URL: &str = "https://api.skysql.com";
const KEY: &str = "skysql.1a2b3c.0123456789abcdefghijklmnopqrstuv";

/// A model, its clock, and everything it asked for since the last look.
pub(super) struct Bench {
    pub(super) model: Model,
    pub(super) now: Timestamp,
    cx: StepContext,
}

impl Bench {
    /// A start, and the first work.
    pub(super) fn new(start: ModelConfig) -> (Self, Vec<Effect>) {
        let now = "2026-09-16T12:00:00Z".parse().unwrap();
        let mut cx = StepContext::new(now);
        let model = Model::new(start, &mut cx);
        let first = cx.take_effects();
        (Self { model, now, cx }, first)
    }

    pub(super) fn open(&self) -> &Workspace {
        self.model.data.session.open().unwrap()
    }

    /// The ticket of the open session; of none where there is none.
    pub(super) fn session(&self) -> Ticket {
        self.model.data.session.open().map_or(Ticket(0), |open| open.ticket)
    }

    /// A request that was answered just now.
    pub(super) fn record(&self) -> RequestRecord {
        RequestRecord {
            at: self.now,
            operation: Operation::ListBackups,
            method: "GET",
            path: "/skybackup/v1/backups".to_owned(),
            status: Some(200),
            duration_ms: 1,
            attempt: 1,
            outcome: "200".to_owned(),
            trace_id: None,
            response_bytes: 2,
            server_date: None,
            ended_at: self.now,
        }
    }

    /// Signed in with a typed key; nothing has been answered yet.
    pub(super) fn signed_in() -> (Self, Vec<Effect>) {
        let (mut bench, _) = Self::new(start());
        let effects = bench.handle(Command::Session(SessionCommand::SignIn(sign_in(None, false))));
        let effects = bench.apply(opened(&effects));
        bench.model.data.settings_unsaved_since = None;
        bench.model.view.screen = Screen::Backups;
        (bench, effects)
    }

    /// Signs in to a profile of this name with a typed key; what that asked for.
    pub(super) fn sign_in(&mut self, name: &str) -> Vec<Effect> {
        let form = SignIn { name: name.to_owned(), ..sign_in(None, false) };
        let effects = self.handle(Command::Session(SessionCommand::SignIn(form)));
        self.apply(opened(&effects))
    }

    /// Signed in; both tables and the services were read.
    pub(super) fn ready() -> Self {
        let (mut bench, effects) = Self::signed_in();
        bench.answer_lists(&effects);
        bench
    }

    /// Answers whatever was asked for with the usual rows.
    pub(super) fn answer_lists(&mut self, effects: &[Effect]) {
        for effect in effects {
            let more = match effect {
                Effect::List(ListEffect::ListBackups { ticket, .. }) => self.apply(backups(*ticket, usual_backups())),
                Effect::List(ListEffect::ListSchedules { ticket, .. }) => {
                    self.apply(schedules(*ticket, usual_schedules()))
                }
                Effect::List(ListEffect::ListServices { ticket }) => self.apply(services(*ticket, &["db1", "db2"])),
                _ => Vec::new(),
            };
            assert_eq!(names(&more), Vec::<String>::new());
        }
    }

    /// One step at the time of the bench; what it asked for.
    fn step(&mut self, step: impl FnOnce(&mut Model, &mut StepContext)) -> Vec<Effect> {
        self.cx.now = self.now;
        step(&mut self.model, &mut self.cx);
        self.cx.take_effects()
    }

    pub(super) fn tick(&mut self) -> Vec<Effect> {
        self.step(Model::tick)
    }

    pub(super) fn handle(&mut self, command: Command) -> Vec<Effect> {
        self.step(|model, cx| model.handle(command, cx))
    }

    /// What the user does to a schedule: select its row, if it is there, and ask.
    pub(super) fn act(&mut self, command: Command) -> Vec<Effect> {
        let id = match &command {
            Command::Form(FormCommand::EditSchedule(id))
            | Command::Change(
                ChangeCommand::UpdateSchedule(id, _)
                | ChangeCommand::AskSuspend(id)
                | ChangeCommand::Suspend(id)
                | ChangeCommand::Resume(id)
                | ChangeCommand::AskDelete(id)
                | ChangeCommand::Delete(id),
            ) => Some(id.as_str().to_owned()),
            _ => None,
        };
        if let Some(id) = id {
            let effects = self.table(TableId::Schedules, TableCommand::Select(id.as_str().into()));
            // The pane reads the row; it is as the list says.
            if let (Some(row), false) = (self.model.data.schedules().chosen().cloned(), effects.is_empty()) {
                self.apply(Event::List(ListEvent::ScheduleRead(ticket(&effects, "ReadSchedule"), Ok(row))));
            }
        }
        self.handle(command)
    }

    pub(super) fn apply(&mut self, event: Event) -> Vec<Effect> {
        self.step(|model, cx| model.apply(event, cx))
    }

    /// Lets time pass and ticks once at its end.
    pub(super) fn after_ms(&mut self, ms: i64) -> Vec<Effect> {
        self.now += SignedDuration::from_millis(ms);
        self.tick()
    }

    pub(super) fn after(&mut self, secs: i64) -> Vec<Effect> {
        self.after_ms(secs * 1000)
    }

    pub(super) fn table(&mut self, table: TableId, command: TableCommand) -> Vec<Effect> {
        self.handle(Command::Table(table, command))
    }

    pub(super) fn notifications(&self) -> Vec<&str> {
        self.model.data.notifications.list.iter().map(|notification| notification.text.as_str()).collect()
    }

    pub(super) fn backup_ids(&self) -> Vec<String> {
        let table = self.model.data.backups();
        table.index.order.iter().filter_map(|&at| table.rows().id(at)).map(Into::into).collect()
    }

    /// Seconds until the next automatic refresh.
    pub(super) fn refresh_in(&self) -> Option<i64> {
        self.model.next_refresh().map(|at| at.duration_since(self.now).as_secs())
    }
}

/// Without notifications of the desktop, which are not what most tests are about.
pub(super) fn start() -> ModelConfig {
    let preferences = Preferences { notifications: NotificationChoice::Off, ..Preferences::default() };
    ModelConfig {
        settings: Settings { preferences, ..Settings::default() },
        warnings: Vec::new(),
        local_zone: Zone::new(jiff::tz::TimeZone::get("Asia/Kolkata").unwrap()),
        has_environment_key: false,
        build: BuildInfo::default(),
        api_url: None,
        demo: false,
        places: Vec::new(),
        home: "/home/me".into(),
        store_name: "keyring",
        certificates: Vec::new(),
    }
}

pub(super) fn profile(id: &str, url: &str) -> Profile {
    Profile { id: ProfileId::new(id), name: id.to_uppercase(), api_url: url.to_owned(), ..Profile::default() }
}

pub(super) fn sign_in(profile: Option<&str>, keep: bool) -> SignIn {
    SignIn {
        profile: profile.map(ProfileId::new),
        name: "Production".to_owned(),
        flags: ProfileFlags::default(),
        url: ApiUrl::parse(URL).unwrap(),
        key: std::sync::Arc::new(crate::secrets::ApiKey::clean(KEY).unwrap().key),
        check: KeyCheck::First,
        keep,
    }
}

/// The names of the effects, in order.
pub(super) fn names(effects: &[Effect]) -> Vec<String> {
    let name = |effect: &Effect| {
        let text = format!("{effect:?}");
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        // An effect of a feature is wrapped in the name of the feature.
        let at = usize::from(!matches!(effect, Effect::Cancel(_) | Effect::Notify(..)));
        words.nth(at).unwrap().to_owned()
    };
    effects.iter().map(name).collect()
}

/// The ticket of the first effect of a name.
pub(super) fn ticket(effects: &[Effect], name: &str) -> Ticket {
    let found = effects.iter().find(|effect| names(&[(*effect).clone()]) == [name]);
    match found.unwrap_or_else(|| panic!("no {name} in {:?}", names(effects))) {
        Effect::Session(
            SessionEffect::OpenSession { ticket, .. }
            | SessionEffect::UseSession(ticket)
            | SessionEffect::CancelSignIn(ticket),
        )
        | Effect::Keyring(
            KeyringEffect::SaveKey { ticket, .. }
            | KeyringEffect::DeleteKey { ticket, .. }
            | KeyringEffect::ProbeKeyring(ticket)
            | KeyringEffect::CreateKeyring(ticket),
        )
        | Effect::List(
            ListEffect::ListBackups { ticket, .. }
            | ListEffect::RefreshBackups { ticket, .. }
            | ListEffect::ListSchedules { ticket, .. }
            | ListEffect::ListRestores { ticket, .. }
            | ListEffect::ListServices { ticket }
            | ListEffect::ReadSchedule { ticket, .. }
            | ListEffect::FindRestorableRanges(ticket),
        )
        | Effect::Change(
            ChangeEffect::CreateSchedule { ticket, .. }
            | ChangeEffect::CheckChange { ticket, .. }
            | ChangeEffect::UpdateSchedule { ticket, .. }
            | ChangeEffect::DeleteSchedule { ticket, .. }
            | ChangeEffect::CreateRestore { ticket, .. }
            | ChangeEffect::DeleteRestore { ticket, .. },
        )
        | Effect::Cancel(ticket)
        | Effect::Notify(ticket, _)
        | Effect::Table(
            TableEffect::IndexBackups(ticket, _)
            | TableEffect::IndexSchedules(ticket, _)
            | TableEffect::Render(ticket, ..),
        )
        | Effect::File(
            FileEffect::Export(ticket, _) | FileEffect::ExportEvidence(ticket, _) | FileEffect::ReadKeyFile(ticket, _),
        )
        | Effect::Ledger(
            LedgerEffect::ReadBackups(ticket)
            | LedgerEffect::ReadGoneSchedules(ticket)
            | LedgerEffect::Count(ticket)
            | LedgerEffect::Export(ticket, _)
            | LedgerEffect::Forget(ticket),
        )
        | Effect::Window(
            WindowEffect::PickSavePath(ticket, _)
            | WindowEffect::PickLedgerPath(ticket, _)
            | WindowEffect::PickKeyFile(ticket),
        ) => *ticket,
        other => panic!("{other:?} has no ticket"),
    }
}

/// A session at this address.
pub(super) fn opened_at(url: &str) -> Opened {
    let url = ApiUrl::parse(url).unwrap();
    Opened { key: crate::secrets::ApiKey::clean(KEY).unwrap().key.tag(&url), url }
}

/// The sign-in that was just asked for succeeds.
pub(super) fn opened(effects: &[Effect]) -> Event {
    Event::Session(SessionEvent::SessionOpened { ticket: ticket(effects, "OpenSession"), result: Ok(opened_at(URL)) })
}

pub(super) fn error(kind: ErrorKind, operation: Operation) -> ApiError {
    ApiError { attempts: 1, ..ApiError::new(kind, operation) }
}

pub(super) fn offline(operation: Operation) -> ApiError {
    error(
        ErrorKind::NotSent(NotSent::Refused { host: "api.skysql.com:443".to_owned(), cause: String::new() }),
        operation,
    )
}

pub(super) fn backup(id: &str, status: &str) -> Backup {
    Backup {
        id: BackupId::new(id),
        service_id: Some(ServiceId::new(if id.len().is_multiple_of(2) { "db1" } else { "db2" })),
        status: Some(Status::new(status)),
        start_time: ApiTime::read("2026-09-16T02:00:00Z"),
        ..Backup::default()
    }
}

pub(super) fn schedule(id: &str, cron: &str) -> Schedule {
    Schedule {
        id: ScheduleId::new(id),
        service_id: Some(ServiceId::new("db1")),
        service_name: Some("orders".into()),
        backup_type: Some(crate::domain::BackupType::Full),
        recurrence: Some(Recurrence::read(cron)),
        suspended: Some(false),
        ..Schedule::default()
    }
}

pub(super) fn usual_backups() -> Vec<Backup> {
    vec![backup("b1", "Succeeded"), backup("b2", "Failed"), backup("b3", "Succeeded")]
}

pub(super) fn usual_schedules() -> Vec<Schedule> {
    vec![schedule("1", "0 2 * * *"), schedule("2", "0 3 * * *"), schedule("3", "once")]
}

pub(super) fn listed<R: Record>(rows: Vec<R>) -> Listed<R> {
    Listed { rows: Rows::new(rows), unreadable: 0, completeness: Completeness::Complete, rest: None, baseline: None }
}

pub(super) fn backups(ticket: Ticket, rows: Vec<Backup>) -> Event {
    Event::List(ListEvent::BackupsListed(ticket, Ok(listed(rows))))
}

pub(super) fn schedules(ticket: Ticket, rows: Vec<Schedule>) -> Event {
    Event::List(ListEvent::SchedulesListed(ticket, Ok(listed(rows))))
}

pub(super) fn services(ticket: Ticket, ids: &[&str]) -> Event {
    let service = |id: &&str| Service { id: ServiceId::new(*id), ..Service::default() };
    Event::List(ListEvent::ServicesListed(ticket, Ok(listed(ids.iter().map(service).collect()))))
}

/// Why nobody is signed in, or being signed in; `None` where somebody is.
pub(super) fn signed_out(session: &Session) -> Option<&Option<OpenError>> {
    match session {
        Session::SignedOut { problem } => Some(problem),
        Session::Opening { .. } | Session::Open(_) => None,
    }
}

pub(super) fn open_error() -> OpenError {
    OpenError::Api(error(ErrorKind::KeyRefused, Operation::Probe))
}
