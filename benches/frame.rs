//! What one frame of the backups screen costs: the pass over the views and the tessellation, without a window.
//!
//! `cargo bench --bench frame`; `ROWS=100000` in the environment makes the large table smaller.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::unwrap_used, reason = "a bench that fails may panic")]

mod generator;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Context, Event as Input, MouseWheelSource, MouseWheelUnit, Pos2, RawInput, Rect, TouchPhase, Vec2};
use generator::{backups, now};
use skybackup::api::Completeness;
use skybackup::domain::{ApiUrl, Zone};
use skybackup::model::{BuildInfo, Model, ModelConfig, StepContext};
use skybackup::msg::{
    Command, Commands, Effect, Event, KeyCheck, ListEffect, ListEvent, Listed, Opened, SessionCommand, SessionEffect,
    SessionEvent, SignIn, TableCommand, TableEffect, TableId,
};
use skybackup::rows::Rows;
use skybackup::secrets::ApiKey;
use skybackup::settings::{ProfileFlags, Settings};
use skybackup::theme;
use skybackup::ui::backups::backups_ui;

/// As in the program.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

const FRAMES: usize = 400;
const SIZE: Vec2 = Vec2::new(1600.0, 1000.0);
/// The most a frame may take at the median.
const BAR: Duration = Duration::from_millis(2);
/// The most a frame over the large table may take beside one over the small table.
const RATIO: f64 = 1.2;

/// How the frames follow each other.
#[derive(Clone, Copy)]
enum Motion {
    /// Nothing changes.
    Still,
    /// The wheel turns a little each frame.
    Scrolling,
}

fn main() {
    let many = std::env::var("ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    println!("one frame of the backups screen at {} x {}, median of {FRAMES}\n", SIZE.x, SIZE.y);
    println!("{:<12} {:>12} {:>12} {:>7} {:>5}", "", "1000 rows", format!("{many} rows"), "ratio", "bar");
    let (mut small, mut large) = (signed_in(1000), signed_in(many));
    for (name, motion) in [("still", Motion::Still), ("scrolling", Motion::Scrolling)] {
        let (few, lots) = (frame(&mut small, motion), frame(&mut large, motion));
        let ratio = lots.as_secs_f64() / few.as_secs_f64();
        let verdict = if ratio <= RATIO && few.max(lots) < BAR { "" } else { "  MISSED" };
        println!("{name:<12} {:>9.3} ms {:>9.3} ms {ratio:>7.2} {RATIO:>5}{verdict}", millis(few), millis(lots));
    }
    println!("\na frame stays below {:.1} ms", millis(BAR));
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The median time of a frame.
fn frame(model: &mut Model, motion: Motion) -> Duration {
    let ctx = Context::default();
    theme::install(&ctx);
    let mut times: Vec<Duration> = (0..FRAMES + 20).map(|number| one_frame(&ctx, model, motion, number)).collect();
    // The first frames lay out letters that later ones find ready.
    let times = times.get_mut(20..).unwrap();
    times.sort_unstable();
    *times.get(FRAMES / 2).unwrap()
}

fn one_frame(ctx: &Context, model: &mut Model, motion: Motion, number: usize) -> Duration {
    let mut input = RawInput {
        screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)),
        time: Some(number as f64 / 60.0),
        ..RawInput::default()
    };
    input.events.push(Input::PointerMoved(Pos2::new(500.0, 500.0)));
    if matches!(motion, Motion::Scrolling) {
        input.events.push(Input::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: Vec2::new(0.0, -40.0),
            phase: TouchPhase::Move,
            source: MouseWheelSource::Wheel,
            modifiers: egui::Modifiers::NONE,
        });
    }
    let mut commands = Commands::default();
    let start = Instant::now();
    let output = ctx.run_ui(input, |ui| backups_ui(ui, &model.data, &mut model.view, &mut commands));
    let shapes = ctx.tessellate(output.shapes, output.pixels_per_point);
    let time = start.elapsed();
    black_box(shapes);
    time
}

/// A model that is signed in and shows that many backups, one of them in the detail pane.
fn signed_in(count: usize) -> Model {
    let start = ModelConfig {
        settings: Settings::default(),
        warnings: Vec::new(),
        build: BuildInfo::default(),
        local_zone: Zone::new(jiff::tz::TimeZone::get("Europe/Berlin").unwrap()),
        has_environment_key: false,
        api_url: None,
        demo: false,
        places: Vec::new(),
        home: "/".into(),
        store_name: "keyring",
        certificates: Vec::new(),
    };
    let mut cx = StepContext::new(now());
    let mut model = Model::new(start, &mut cx);
    let key = Arc::new(ApiKey::clean("skysql.1abc.0123456789abcdef0123").unwrap().key);
    let url = ApiUrl::parse(ApiUrl::DEFAULT).unwrap();
    let opened = Opened { key: key.tag(&url), url: url.clone() };
    let sign_in = SignIn {
        profile: None,
        name: "bench".to_owned(),
        flags: ProfileFlags::default(),
        url,
        key,
        check: KeyCheck::First,
        keep: false,
    };
    model.handle(Command::Session(SessionCommand::SignIn(sign_in)), &mut cx);
    let mut effects = cx.take_effects();
    let rows = Rows::new(backups(count));
    let first = rows.id(0).unwrap();
    while let Some(effect) = effects.pop() {
        let event = match effect {
            Effect::Session(SessionEffect::OpenSession { ticket, .. }) => {
                Event::Session(SessionEvent::SessionOpened { ticket, result: Ok(opened.clone()) })
            }
            Effect::List(ListEffect::ListBackups { ticket, .. }) => {
                let listed = Listed {
                    rows: rows.clone(),
                    unreadable: 0,
                    completeness: Completeness::Complete,
                    rest: None,
                    baseline: None,
                };
                Event::List(ListEvent::BackupsListed(ticket, Ok(listed)))
            }
            Effect::Table(TableEffect::IndexBackups(ticket, job)) => {
                Event::List(ListEvent::BackupsIndexed(ticket, job.run()))
            }
            _ => continue,
        };
        model.apply(event, &mut cx);
        effects.extend(cx.take_effects());
    }
    model.handle(Command::Table(TableId::Backups, TableCommand::Select(first.as_str().into())), &mut cx);
    model
}
