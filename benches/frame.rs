//! What one frame of the backups screen costs, the pass over the views and the tessellation, without a window; beside a pass that
//! paints the same text and does nothing else.
//!
//! `cargo bench --bench frame`; `ROWS=100000` in the environment makes the large table smaller.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::unwrap_used, reason = "a bench that fails may panic")]

mod generator;
mod report;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::epaint::TextShape;
use egui::text::LayoutJob;
use egui::{Context, Event as Input, MouseWheelSource, MouseWheelUnit, Pos2, RawInput, Rect, Shape, TouchPhase, Vec2};
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
/// The first frames lay out letters that later ones find ready.
const FIRST_FRAMES: usize = 20;
const SIZE: Vec2 = Vec2::new(1600.0, 1000.0);
/// The most a frame may take beside a painter of the same text.
const RATIO: f64 = 1.5;
/// The most a frame over the large table may take beside one over the small table.
const RATIO_OF_SIZES: f64 = 1.2;
/// The most a frame for a screen reader may take beside one for the eyes alone.
const RATIO_OF_READER: f64 = 1.3;

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
    report::head();
    let (mut small, mut large) = (signed_in(1000), signed_in(many));
    for (name, motion) in [("still", Motion::Still), ("scrolling", Motion::Scrolling)] {
        let [ours, painter] = frames(&mut large, motion, false);
        let [few, _] = frames(&mut small, motion, false);
        let [read, _] = frames(&mut large, motion, true);
        let line = |beside: &str, ours: Duration, peer: Duration, goal| {
            report::times(&format!("frame, {many} rows, {name}"), ours, (beside, peer), goal);
        };
        line("painter of the same text", ours, painter, RATIO);
        line("1000 rows", ours, few, RATIO_OF_SIZES);
        line("with a screen reader, beside none", read, ours, RATIO_OF_READER);
    }
}

/// The median time of a frame, and that of a pass that paints the same text with nothing around it.
fn frames(model: &mut Model, motion: Motion, is_read: bool) -> [Duration; 2] {
    let (ctx, bare) = (Context::default(), Context::default());
    for ctx in [&ctx, &bare] {
        theme::install(ctx);
    }
    if is_read {
        ctx.enable_accesskit();
    }
    let mut times = [Vec::new(), Vec::new()];
    let [ours, painter] = &mut times;
    for number in 0..FRAMES + FIRST_FRAMES {
        let (time, text) = one_frame(&ctx, model, motion, number);
        ours.push(time);
        painter.push(painted(&bare, &text, number));
    }
    times.map(|mut times| report::median(times.split_off(FIRST_FRAMES)))
}

fn one_frame(ctx: &Context, model: &mut Model, motion: Motion, number: usize) -> (Duration, Vec<(Rect, TextShape)>) {
    let mut input = input(number);
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
    let pass = start.elapsed();
    let mut text = Vec::new();
    output.shapes.iter().for_each(|clipped| collect_text(clipped.clip_rect, &clipped.shape, &mut text));
    let start = Instant::now();
    let shapes = ctx.tessellate(output.shapes, output.pixels_per_point);
    let time = pass + start.elapsed();
    black_box(shapes);
    (time, text)
}

fn input(number: usize) -> RawInput {
    RawInput {
        screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)),
        time: Some(number as f64 / 60.0),
        ..RawInput::default()
    }
}

fn collect_text(clip: Rect, shape: &Shape, text: &mut Vec<(Rect, TextShape)>) {
    match shape {
        Shape::Text(shape) => text.push((clip, shape.clone())),
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect_text(clip, shape, text)),
        _ => {}
    }
}

/// The time of a pass that lays out, paints and tessellates this text, and knows nothing else.
fn painted(ctx: &Context, text: &[(Rect, TextShape)], number: usize) -> Duration {
    let start = Instant::now();
    let output = ctx.run_ui(input(number), |ui| {
        for (clip, shape) in text {
            let painter = ui.painter().with_clip_rect(*clip);
            let galley = painter.layout_job(LayoutJob::clone(&shape.galley.job));
            painter.galley(shape.pos, galley, shape.fallback_color);
        }
    });
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
