//! The whole way of a start, in order.

use std::cell::RefCell;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;

use eframe::Renderer;

use super::place::{SMALLEST, USUAL, bring_back};
use super::{
    LastStart, Options, Parsed, StartError, USUAL_RENDERER, fatal, hand_over_key, hook_panics, key_from_environment,
    mark_shown, mark_starting, open_window, parse, print, print_error, print_usage_error, renderer_order, start_log,
    withdraw_start,
};
use crate::app::{AppConfig, disable_core_dumps, renderer_name, waker};
use crate::files::make_private;
use crate::notify::NotificationService;
use crate::secrets::{KEY_VARIABLE, KnownSecrets};
use crate::settings::{Paths, WindowPlace, read};

/// The id of the application: the name of its desktop entry and its icon.
const APP_ID: &str = "com.skybackup.SkyBackup";

/// Runs the program from its command line to its exit code.
#[must_use]
pub fn run() -> ExitCode {
    hand_over_key();
    let closed = disable_core_dumps();
    hook_panics();
    match parse(std::env::args_os().skip(1)) {
        Parsed::Print(text) => {
            print(&text);
            ExitCode::SUCCESS
        }
        Parsed::Wrong(sentence) => {
            print_usage_error(&sentence);
            ExitCode::from(2)
        }
        Parsed::Run(options) => match window(options, closed) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                match error {
                    StartError::NoDisplay(_) => print_error(&error.sentence()),
                    StartError::NoRenderer { .. } | StartError::Crashed => fatal(&error.sentence()),
                }
                ExitCode::from(error.exit_code())
            }
        },
    }
}

fn window(options: Options, closed: std::io::Result<()>) -> Result<(), StartError> {
    let paths = match &options.data_dir {
        Some(folder) => Paths::below(folder),
        None => Paths::standard().unwrap_or_else(|| Paths::below(std::path::Path::new("skybackup-data"))),
    };
    let secrets = KnownSecrets::default();
    let log = start_log(&paths.log_dir, secrets.clone());
    if let Err(error) = closed {
        tracing::warn!("core files are not forbidden: {error}");
    }
    for folder in [&paths.config_dir, &paths.state_dir, &paths.data_dir, &paths.log_dir] {
        if let Err(error) = make_private(folder) {
            tracing::warn!("{} cannot be kept to this user: {error}", folder.display());
        }
    }
    let (settings, mut warnings) = read(&paths);
    if let Err(why) = &log {
        warnings.push(why.clone());
    }
    let preferred = settings.preferences.renderer;
    let place = settings.window.and_then(WindowPlace::checked);
    let order = renderer_order(options.renderer, preferred, LastStart::read(&paths.state_dir), USUAL_RENDERER);
    let state_dir = paths.state_dir.clone();
    let mut launch = AppConfig::new(paths, settings, warnings);
    launch.backend.secrets = secrets;
    launch.backend.notifications = NotificationService::Desktop;
    launch.model.demo = options.demo;
    launch.model.api_url = options.api_url;
    launch.backend.demo_backups = options.demo_backups.unwrap_or_default();
    launch.backend.environment_key = key_from_environment().map(|read| {
        read.map(|cleaned| Arc::new(cleaned.key))
            .map_err(|error| format!("{KEY_VARIABLE} holds no usable key: {error}"))
    });
    launch.model.has_environment_key = launch.backend.environment_key.is_some();
    let launch = Rc::new(RefCell::new(launch));
    let [first, _] = order;
    log_failure(mark_starting(&state_dir, first));
    let opened = open_window(order, viewport(place), &|context| {
        bring_back(context, place);
        launch.borrow_mut().model.build.renderer = renderer_name(context);
        let mut app = launch.borrow().app(&context.egui_ctx)?;
        launch.borrow().desktop_theme.follow(waker(&context.egui_ctx));
        let (state_dir, renderer, launch) = (state_dir.clone(), renderer_of(context), Rc::clone(&launch));
        let (ctx, is_maximised) = (context.egui_ctx.clone(), place.is_some_and(|place| place.maximized));
        app.when_shown = Some(Box::new(move || {
            // Window managers of X11 do not hear it from a window that is not shown yet.
            if is_maximised {
                ctx.send_viewport_cmd(egui::ViewportCommand::Maximized(true));
            }
            // No other renderer is tried any more: the app alone has the key now.
            launch.borrow_mut().backend.environment_key = None;
            log_failure(mark_shown(&state_dir, renderer));
        }));
        let app: Box<dyn eframe::App> = Box::new(app);
        #[cfg(debug_assertions)]
        let app = super::panic_injection::inject_panic(app);
        Ok(app)
    });
    if matches!(opened, Err(StartError::NoDisplay(_))) {
        log_failure(withdraw_start(&state_dir));
    }
    opened
}

fn renderer_of(context: &eframe::CreationContext<'_>) -> Renderer {
    if context.wgpu_render_state.is_some() { Renderer::Wgpu } else { Renderer::Glow }
}

/// These notes only make the next start smoother; without them it starts all the same.
fn log_failure(result: std::io::Result<()>) {
    if let Err(error) = result {
        tracing::debug!("note of the start: {error}");
    }
}

fn viewport(place: Option<WindowPlace>) -> egui::ViewportBuilder {
    let mut viewport = egui::ViewportBuilder::default()
        .with_title("SkyBackup")
        .with_app_id(APP_ID)
        .with_min_inner_size(SMALLEST)
        .with_inner_size(USUAL);
    if let Ok(icon) = eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon.png")) {
        viewport = viewport.with_icon(icon);
    }
    if let Some(place) = place {
        viewport = viewport.with_inner_size([place.width, place.height]).with_maximized(place.maximized);
        if let (Some(x), Some(y)) = (place.x, place.y) {
            viewport = viewport.with_position([x, y]);
        }
    }
    viewport
}
