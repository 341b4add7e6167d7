//! A model that is signed in and has read its lists, made by hand.

use std::sync::Arc;

use crate::support::stepped::SteppedModel;
use egui::{Theme, Ui};
use egui_kittest::Harness;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use skybackup::api::{ApiError, Completeness};
use skybackup::domain::{
    ApiTime, ApiUrl, Backup, BackupType, Recurrence, Schedule, ScheduleId, Service, ServiceId, Status, Zone,
};
use skybackup::model::{BuildInfo, Data, Model, ModelConfig, View};
use skybackup::msg::{
    Command, Commands, Effect, Event, KeyCheck, LedgerEffect, ListCommand, ListEffect, ListEvent, Listed, Opened,
    Screen, SessionCommand, SessionEffect, SessionEvent, SignIn, Ticket,
};
use skybackup::rows::{Record, Rows};
use skybackup::secrets::ApiKey;
use skybackup::settings::{ProfileFlags, Settings};
use skybackup::theme;

/// The clock of these tests.
pub(super) fn now() -> Timestamp {
    "2026-11-23T14:04:30Z".parse().unwrap()
}

/// When the lists were read: two minutes before.
pub(super) fn read_at() -> Timestamp {
    "2026-11-23T14:02:00Z".parse().unwrap()
}

/// The ticket of the session, and those of the listings that a model waits for.
pub(super) struct Waiting {
    pub(super) session: Ticket,
    pub(super) backups: Ticket,
    pub(super) schedules: Ticket,
    pub(super) services: Ticket,
}

pub(super) fn start() -> ModelConfig {
    let mut settings = Settings::default();
    settings.preferences.auto_refresh_secs = 0;
    ModelConfig {
        settings,
        warnings: Vec::new(),
        local_zone: Zone::new(TimeZone::get("Europe/Berlin").unwrap()),
        has_environment_key: false,
        build: BuildInfo::default(),
        api_url: None,
        demo: false,
        places: Vec::new(),
        home: "/home/test".into(),
        store_name: "keyring",
        certificates: Vec::new(),
    }
}

pub(super) fn listed<R: Record>(rows: Vec<R>) -> Listed<R> {
    Listed { rows: Rows::new(rows), unreadable: 0, completeness: Completeness::Complete, rest: None, baseline: None }
}

/// Signed in; the first listings are on their way.
pub(super) fn waiting() -> (SteppedModel, Waiting) {
    let at = read_at();
    let (mut model, _) = SteppedModel::new(start(), at);
    let key = Arc::new(ApiKey::clean("skysql.1abc.0123456789abcdef0123").unwrap().key);
    let url = ApiUrl::parse(ApiUrl::DEFAULT).unwrap();
    let opened = Opened { key: key.tag(&url), url: url.clone() };
    let sign_in = SignIn {
        profile: None,
        name: "acme".to_owned(),
        flags: ProfileFlags::default(),
        url,
        key,
        check: KeyCheck::First,
        keep: false,
    };
    let effects = model.handle(Command::Session(SessionCommand::SignIn(sign_in)), at);
    let ticket = effects.iter().find_map(|effect| match effect {
        Effect::Session(SessionEffect::OpenSession { ticket, .. }) => Some(*ticket),
        _ => None,
    });
    let effects =
        model.apply(Event::Session(SessionEvent::SessionOpened { ticket: ticket.unwrap(), result: Ok(opened) }), at);
    model.view.screen = Screen::Backups;
    (model, tickets(&effects))
}

/// The tickets among the effects of a refresh.
pub(super) fn tickets(effects: &[Effect]) -> Waiting {
    let mut waiting = Waiting { session: Ticket(0), backups: Ticket(0), schedules: Ticket(0), services: Ticket(0) };
    for effect in effects {
        match effect {
            Effect::Ledger(LedgerEffect::Open { session, .. }) => waiting.session = *session,
            Effect::List(ListEffect::ListBackups { ticket, .. }) => waiting.backups = *ticket,
            Effect::List(ListEffect::ListSchedules { ticket, .. }) => waiting.schedules = *ticket,
            Effect::List(ListEffect::ListServices { ticket }) => waiting.services = *ticket,
            _ => {}
        }
    }
    waiting
}

/// Signed in with these lists read two minutes ago.
pub(super) fn model(backups: Vec<Backup>, schedules: Vec<Schedule>) -> SteppedModel {
    let (mut model, waiting) = waiting();
    let services = ["orders-prod", "billing"].into_iter().enumerate().map(|(number, name)| Service {
        id: ServiceId::new(format!("dbpgf4187{number:04}")),
        name: Some(name.into()),
        ..Service::default()
    });
    let at = read_at();
    model.apply(Event::List(ListEvent::ServicesListed(waiting.services, Ok(listed(services.collect())))), at);
    model.apply(Event::List(ListEvent::BackupsListed(waiting.backups, Ok(listed(backups)))), at);
    model.apply(Event::List(ListEvent::SchedulesListed(waiting.schedules, Ok(listed(schedules)))), at);
    model.tick(now());
    model
}

/// A refresh that fails for both lists.
pub(super) fn fail(model: &mut SteppedModel, error: &ApiError) {
    let waiting = tickets(&model.handle(Command::List(ListCommand::Refresh), now()));
    model.apply(Event::List(ListEvent::BackupsListed(waiting.backups, Err(error.clone()))), now());
    model.apply(Event::List(ListEvent::SchedulesListed(waiting.schedules, Err(error.clone()))), now());
}

/// Four schedules: nightly, suspended, once, unreadable.
pub(super) fn schedules() -> Vec<Schedule> {
    let one = |id: u32, service: usize, name: &str, backup_type: &str, recurrence: &str| Schedule {
        id: ScheduleId::new(id.to_string()),
        service_id: Some(ServiceId::new(format!("dbpgf4187{service:04}"))),
        service_name: Some(name.into()),
        backup_type: Some(BackupType::from_word(backup_type)),
        recurrence: Some(Recurrence::read(recurrence)),
        status: Some(Status::new("Scheduled")),
        message: Some("Backup is scheduled.".into()),
        suspended: Some(id == 302),
        cloud_provider: Some("gcp".into()),
        created_at: ApiTime::read("2026-09-14T02:11:42Z"),
        updated_at: ApiTime::read("2026-10-02 08:30:00"),
        scheduled_at: None,
        labels: Some(r#"{"team":"payments"}"#.into()),
        unknown: None,
    };
    vec![
        one(301, 0, "orders-prod", "full", "0 2 * * 1-5"),
        one(302, 1, "billing", "incremental", "30 */6 * * *"),
        one(303, 2, "reports-warehouse-eu", "snapshot", "once"),
        one(304, 3, "a-service-with-a-very-long-name-indeed-0042", "dump", "cron"),
    ]
}

/// A model in a window of its own: what a view asks for is noted, and done where `does` is set.
pub(super) struct Desk {
    pub(super) model: SteppedModel,
    pub(super) asked: Vec<Command>,
    pub(super) does: bool,
}

impl Desk {
    pub(super) fn data(&self) -> &Data {
        &self.model.data
    }
}

pub(super) type DrawView = fn(&mut Ui, &Data, &mut View, &mut Commands);

/// A window that shows one view of a model.
pub(super) fn window<'a>(model: SteppedModel, size: [f32; 2], theme: Theme, view: DrawView) -> Harness<'a, Desk> {
    let desk = Desk { model, asked: Vec::new(), does: true };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_max_steps(24)
        .with_step_dt(0.05)
        .with_context_setup(theme::install)
        .wgpu()
        .build_ui_state(
            move |ui, desk: &mut Desk| {
                let mut commands = Commands::default();
                let base = egui::Frame::new().fill(skybackup::ui::ground(&desk.model.data, ui.theme()));
                egui::CentralPanel::default().frame(base).show(ui, |ui| {
                    let model: &mut Model = &mut desk.model;
                    view(ui, &model.data, &mut model.view, &mut commands);
                });
                for command in commands.drain(..) {
                    desk.asked.push(command.clone());
                    if desk.does {
                        desk.model.handle(command, now());
                    }
                }
            },
            desk,
        );
    harness.run();
    // A dialog is in its place once it knows its size.
    harness.run_steps(3);
    harness
}

/// What the view asked for since the last time.
pub(super) fn asked(harness: &mut Harness<'_, Desk>) -> Vec<Command> {
    harness.run();
    std::mem::take(&mut harness.state_mut().asked)
}
