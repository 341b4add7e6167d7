//! The model by itself: wishes and answers in, work and state out. No clock, no network, no window.

mod acting;
mod changes;
mod clock;
mod exporting;
mod forms;
mod guards;
mod keyring;
mod profiles;
mod reading;
mod secrets;
mod sessions;
mod tables;
mod window;

use super::*;
use crate::api::{Completeness, ErrorKind, NotSent, Operation, RequestRecord};
use crate::domain::{BackupId, Moment, Recurrence, ServiceId, Status};
use crate::grid::Rows;
use crate::msg::{NotSaved, OpenError, Opened, SignIn, TableCommand, TableId};
use crate::settings::{Profile, ProfileId, ProfileMarks, VaultError};

const URL: &str = "https://api.skysql.com";
const KEY: &str = "skysql.1a2b3c.0123456789abcdefghijklmnopqrstuv";

/// A model, its clock, and everything it asked for since the last look.
pub(super) struct Bench {
    pub(super) model: Model,
    pub(super) now: Timestamp,
}

impl Bench {
    /// A start, and the first work.
    pub(super) fn new(start: Start) -> (Self, Vec<Effect>) {
        let now = "2026-09-16T12:00:00Z".parse().unwrap();
        let (model, first) = Model::new(start, now);
        (Self { model, now }, first)
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
        let effects = bench.handle(Command::SignIn(sign_in(None, false)));
        let effects = bench.apply(opened(&effects));
        bench.model.data.settings_unsaved_since = None;
        (bench, effects)
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
                Effect::ListBackups { ticket, .. } => self.apply(backups(*ticket, usual_backups())),
                Effect::ListSchedules { ticket, .. } => self.apply(schedules(*ticket, usual_schedules())),
                Effect::ListServices { ticket } => self.apply(services(*ticket, &["db1", "db2"])),
                _ => Vec::new(),
            };
            assert_eq!(names(&more), Vec::<String>::new());
        }
    }

    pub(super) fn handle(&mut self, command: Command) -> Vec<Effect> {
        self.model.handle(command, self.now)
    }

    /// What the user does to a schedule: select its row, if it is there, and ask.
    pub(super) fn act(&mut self, command: Command) -> Vec<Effect> {
        let id = match &command {
            Command::EditSchedule(id)
            | Command::UpdateSchedule(id, _)
            | Command::AskSuspend(id)
            | Command::Suspend(id)
            | Command::Resume(id)
            | Command::AskDelete(id)
            | Command::Delete(id) => Some(id.as_str().to_owned()),
            _ => None,
        };
        if let Some(id) = id {
            let effects = self.table(TableId::Schedules, TableCommand::Select(id.clone()));
            // The pane reads the row; it is as the list says.
            if let (Some(row), false) = (self.model.data.schedules.chosen().cloned(), effects.is_empty()) {
                self.apply(Event::ScheduleRead(ticket(&effects, "ReadSchedule"), Ok(row)));
            }
        }
        self.handle(command)
    }

    pub(super) fn apply(&mut self, event: Event) -> Vec<Effect> {
        self.model.apply(event, self.now)
    }

    /// Lets time pass and ticks once at its end.
    pub(super) fn after_ms(&mut self, ms: i64) -> Vec<Effect> {
        self.now += SignedDuration::from_millis(ms);
        self.model.tick(self.now)
    }

    pub(super) fn after(&mut self, secs: i64) -> Vec<Effect> {
        self.after_ms(secs * 1000)
    }

    pub(super) fn table(&mut self, table: TableId, command: TableCommand) -> Vec<Effect> {
        self.handle(Command::Table(table, command))
    }

    pub(super) fn toasts(&self) -> Vec<&str> {
        self.model.data.toasts.shown().iter().map(|toast| toast.text.as_str()).collect()
    }

    pub(super) fn backup_ids(&self) -> Vec<&str> {
        let table = &self.model.data.backups;
        table.index().order.iter().map(|&at| table.rows()[at as usize].id.as_str()).collect()
    }

    /// Seconds until the next automatic refresh.
    pub(super) fn refresh_in(&self) -> Option<i64> {
        self.model.next_refresh().map(|at| at.duration_since(self.now).as_secs())
    }
}

pub(super) fn start() -> Start {
    Start {
        settings: Settings::default(),
        warnings: Vec::new(),
        local_zone: Zone::new(jiff::tz::TimeZone::get("Asia/Kolkata").unwrap()),
        has_environment_key: false,
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
        marks: ProfileMarks::default(),
        url: ApiUrl::parse(URL).unwrap(),
        key: std::sync::Arc::new(crate::domain::ApiKey::clean(KEY).unwrap().key),
        test: true,
        keep,
    }
}

/// The names of the effects, in order.
pub(super) fn names(effects: &[Effect]) -> Vec<String> {
    let name = |effect| format!("{effect:?}").split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned();
    effects.iter().map(name).collect()
}

/// The ticket of the first effect of a name.
pub(super) fn ticket(effects: &[Effect], name: &str) -> Ticket {
    let found = effects.iter().find(|effect| names(&[(*effect).clone()]) == [name]);
    match found.unwrap_or_else(|| panic!("no {name} in {:?}", names(effects))) {
        Effect::OpenSession { ticket, .. }
        | Effect::KeepKey { ticket, .. }
        | Effect::ForgetKey { ticket, .. }
        | Effect::ListBackups { ticket, .. }
        | Effect::ListSchedules { ticket, .. }
        | Effect::ListServices { ticket }
        | Effect::ReadSchedule { ticket, .. }
        | Effect::CreateSchedule { ticket, .. }
        | Effect::CheckCreate { ticket, .. }
        | Effect::CheckUpdate { ticket, .. }
        | Effect::CheckDelete { ticket, .. }
        | Effect::UpdateSchedule { ticket, .. }
        | Effect::DeleteSchedule { ticket, .. }
        | Effect::ProbeKeyring(ticket)
        | Effect::CreateKeyring(ticket)
        | Effect::UseSession(ticket)
        | Effect::CancelSignIn(ticket)
        | Effect::Cancel(ticket)
        | Effect::IndexBackups(ticket, _)
        | Effect::IndexSchedules(ticket, _)
        | Effect::Export(ticket, _)
        | Effect::Render(ticket, _)
        | Effect::PickSavePath(ticket, _)
        | Effect::ReadKeyFile(ticket, _)
        | Effect::PickKeyFile(ticket) => *ticket,
        other => panic!("{other:?} has no ticket"),
    }
}

/// A session at this address.
pub(super) fn opened_at(url: &str) -> Opened {
    let url = ApiUrl::parse(url).unwrap();
    Opened { key: crate::domain::ApiKey::clean(KEY).unwrap().key.tag(&url), url }
}

/// The sign-in that was just asked for succeeds.
pub(super) fn opened(effects: &[Effect]) -> Event {
    Event::SessionOpened { ticket: ticket(effects, "OpenSession"), result: Ok(opened_at(URL)) }
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
        start_time: Moment::read("2026-09-16T02:00:00Z"),
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

pub(super) fn listed<R>(rows: Vec<R>) -> Listed<R> {
    Listed { rows: Rows::new(rows), unreadable: 0, completeness: Completeness::Complete, rest: None }
}

pub(super) fn backups(ticket: Ticket, rows: Vec<Backup>) -> Event {
    Event::BackupsListed(ticket, Ok(listed(rows)))
}

pub(super) fn schedules(ticket: Ticket, rows: Vec<Schedule>) -> Event {
    Event::SchedulesListed(ticket, Ok(listed(rows)))
}

pub(super) fn services(ticket: Ticket, ids: &[&str]) -> Event {
    let service = |id: &&str| Service { id: ServiceId::new(*id), ..Service::default() };
    Event::ServicesListed(ticket, Ok(listed(ids.iter().map(service).collect())))
}

pub(super) fn open_error() -> OpenError {
    OpenError::Api(error(ErrorKind::KeyRefused, Operation::Probe))
}
