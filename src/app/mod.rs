//! The glue: the eframe application, native dialogs, the clipboard.
//!
//! Owns: the order of one frame, and what only a window can do. May import everything.
//! Must never: decide anything; that is the model's.

mod build_info;
mod desktop;
mod desktop_theme;
mod dialogs;
mod dumps;
mod launch;
#[cfg(target_os = "linux")]
mod portal;

use std::sync::Arc;

pub use build_info::renderer_name;
pub use desktop_theme::DesktopTheme;
pub use dialogs::FileDialogs;
pub use dumps::disable_core_dumps;
pub use launch::AppConfig;

use jiff::{SignedDuration, Timestamp};

use crate::api::Clock;
use crate::backend::{Backend, Inbox};
use crate::model::{Model, StepContext};
use crate::msg::{Command, Commands, PreferencesCommand, WindowCommand, WindowEffect};
use crate::settings::{Density, ThemeChoice, WindowPlace};
use crate::{theme, ui};

/// What the style was made for; it is set again only when one of these changes.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    theme: egui::ThemePreference,
    density: Density,
    zoom: f32,
}

/// The application.
pub struct App {
    /// The state.
    pub model: Model,
    cx: StepContext,
    /// What carries out its effects.
    pub backend: Backend,
    inbox: Inbox,
    clock: Clock,
    commands: Commands,
    dialogs: dialogs::Dialogs,
    desktop_theme: DesktopTheme,
    look: Option<Look>,
    /// What the window was told to be called.
    title: String,
    /// The user chose to close although a change is being sent.
    closing: bool,
    /// Called once, when the first frame was shown.
    pub when_shown: Option<Box<dyn FnOnce()>>,
}

impl App {
    /// Takes over the model with its first work.
    #[must_use]
    pub fn new(
        ctx: &egui::Context,
        (model, cx): (Model, StepContext),
        (backend, inbox): (Backend, Inbox),
        (dialogs, desktop_theme): (FileDialogs, DesktopTheme),
        clock: Clock,
    ) -> Self {
        theme::install(ctx);
        ctx.options_mut(|options| options.quit_shortcuts.clear());
        let mut app = Self {
            model,
            cx,
            backend,
            inbox,
            clock,
            commands: Commands::default(),
            dialogs: dialogs::Dialogs::new(dialogs),
            desktop_theme,
            look: None,
            title: String::new(),
            closing: false,
            when_shown: None,
        };
        app.apply_look(ctx);
        app.start_all(ctx, None);
        app
    }

    /// The second frame is drawn only after the first was shown.
    fn note_frame(&mut self, ctx: &egui::Context) {
        if ctx.cumulative_frame_nr() > 0
            && let Some(call) = self.when_shown.take()
        {
            call();
        }
    }

    fn apply_look(&mut self, ctx: &egui::Context) {
        let preferences = &self.model.data.settings.preferences;
        let theme = match (preferences.theme, self.desktop_theme.get()) {
            (ThemeChoice::System, None) => egui::ThemePreference::System,
            (ThemeChoice::System, Some(theme)) => theme.into(),
            (ThemeChoice::Light, _) => egui::ThemePreference::Light,
            (ThemeChoice::Dark, _) => egui::ThemePreference::Dark,
        };
        let look = Look { theme, density: preferences.density, zoom: preferences.zoom };
        if self.look == Some(look) {
            return;
        }
        ctx.set_theme(theme);
        ctx.send_viewport_cmd(egui::ViewportCommand::SetTheme(title_bar(theme, ctx)));
        theme::apply_density(ctx, look.density == Density::Compact);
        ctx.set_zoom_factor(look.zoom);
        self.look = Some(look);
    }

    /// Before the first frame there is no window yet that dialogs could belong to, and nobody to ask for one.
    fn start_all(&mut self, ctx: &egui::Context, frame: Option<&eframe::Frame>) {
        for effect in self.cx.take_effects() {
            match (self.backend.start(effect), frame) {
                (Some(WindowEffect::PickSavePath(ticket, wanted)), Some(frame)) => {
                    self.backend.spawn_event(ticket, self.dialogs.save(ticket, wanted, frame));
                }
                (Some(WindowEffect::PickLedgerPath(ticket, wanted)), Some(frame)) => {
                    self.backend.spawn_event(ticket, self.dialogs.save_ledger(ticket, wanted, frame));
                }
                (Some(WindowEffect::PickKeyFile(ticket)), Some(frame)) => {
                    self.backend.spawn_event(ticket, self.dialogs.key_file(ticket, frame));
                }
                (Some(own), _) => self.start_own(ctx, own),
                (None, _) => {}
            }
        }
    }

    /// What only the window can do.
    fn start_own(&mut self, ctx: &egui::Context, effect: WindowEffect) {
        match effect {
            WindowEffect::CopyText(text) => ctx.copy_text(text),
            WindowEffect::OpenWeb(address) => desktop::open(address.into()),
            WindowEffect::ShowInFolder(path) => desktop::show_in_folder(path),
            WindowEffect::OpenPath(path) => desktop::open(path.into_os_string()),
            WindowEffect::Raise => raise(ctx),
            WindowEffect::CloseWindow => {
                self.closing = true;
                // The runtime may end before its own save does.
                self.backend.save_settings_now(&self.model.data.settings);
                ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            }
            // Without a window there is nothing that a dialog could belong to.
            WindowEffect::PickSavePath(..) | WindowEffect::PickLedgerPath(..) | WindowEffect::PickKeyFile(_) => {}
        }
    }

    fn take_events(&mut self, ctx: &egui::Context, frame: &eframe::Frame) {
        for event in self.inbox.take() {
            self.model.apply(event, &mut self.cx);
            self.start_all(ctx, Some(frame));
        }
        self.model.tick(&mut self.cx);
        self.start_all(ctx, Some(frame));
    }

    /// Does what was asked for while drawing; true if anything was.
    fn do_commands(&mut self, ctx: &egui::Context, frame: &eframe::Frame) -> bool {
        let commands = std::mem::take(&mut self.commands);
        let any = !commands.is_empty();
        for command in commands {
            self.model.handle(command, &mut self.cx);
            self.start_all(ctx, Some(frame));
        }
        any
    }

    /// The window asks to close: while a change is being sent, the user is asked first.
    fn answer_close(&mut self, ctx: &egui::Context) {
        if !ctx.input(|input| input.viewport().close_requested()) || self.closing {
            return;
        }
        self.model.handle(Command::Window(WindowCommand::Quit), &mut self.cx);
        self.start_all(ctx, None);
        if !self.closing {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
        }
    }

    /// Notes whether anybody can see the window, and whether somebody works in it.
    fn note_attention(&mut self, ctx: &egui::Context) {
        let (minimized, focused) = ctx.input(|input| (input.viewport().minimized, input.viewport().focused));
        self.model.view.is_hidden = minimized == Some(true);
        self.model.view.is_focused = focused == Some(true) && !self.model.view.is_hidden;
    }

    /// Notes where the window is and how far it is zoomed, for the next start.
    fn note_window(&mut self, ctx: &egui::Context) {
        let zoom = ctx.zoom_factor();
        if self.look.is_some_and(|look| (look.zoom - zoom).abs() > 0.001) {
            self.commands.push(Command::Preferences(PreferencesCommand::SetZoom(zoom)));
        }
        if self.model.view.is_hidden {
            return;
        }
        // What is drawn on: Wayland tells no place of a window, so its inner rectangle is not known there.
        let size = ctx.viewport_rect().size() * zoom;
        let place = ctx.input(|input| {
            let viewport = input.viewport();
            let corner = viewport.outer_rect.map(|rect| rect.min.to_vec2() * zoom);
            WindowPlace {
                width: size.x,
                height: size.y,
                x: corner.map(|corner| corner.x),
                y: corner.map(|corner| corner.y),
                maximized: viewport.maximized.unwrap_or(false),
            }
        });
        self.model.note_window(place);
    }

    fn wake_later(&self, ctx: &egui::Context, now: Timestamp) {
        if let Some(at) = self.model.next_wake() {
            let wait = at.duration_since(now).max(SignedDuration::from_millis(20)).unsigned_abs();
            ctx.request_repaint_after(wait);
        }
    }

    /// Tells the window its title when that changed.
    fn apply_title(&mut self, ctx: &egui::Context) {
        let title = self.model.data.session.title();
        if self.title != title {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        let now = (self.clock)();
        self.cx.now = now;
        self.note_attention(ctx);
        self.take_events(ctx, frame);
        self.answer_close(ctx);
        self.wake_later(ctx, now);
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        let now = (self.clock)();
        self.cx.now = now;
        self.note_frame(ui);
        self.apply_look(ui);
        ui::root_ui(ui, &self.model.data, &mut self.model.view, &mut self.commands);
        self.note_window(ui);
        if self.do_commands(ui, frame) {
            self.apply_look(ui);
            ui.request_repaint();
        }
        self.wake_later(ui, now);
        self.apply_title(ui);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        let theme = if visuals.dark_mode { egui::Theme::Dark } else { egui::Theme::Light };
        ui::ground(&self.model.data, theme).to_normalized_gamma_f32()
    }
}

/// Brings the window to the front. Where the window system gives no window the keyboard without the user, as Wayland does, it asks
/// for attention instead.
fn raise(ctx: &egui::Context) {
    ctx.send_viewport_cmd(egui::ViewportCommand::Minimized(false));
    ctx.send_viewport_cmd(egui::ViewportCommand::Focus);
    if ctx.input(|input| input.viewport().focused) != Some(true) {
        let attention = egui::UserAttentionType::Informational;
        ctx.send_viewport_cmd(egui::ViewportCommand::RequestUserAttention(attention));
    }
}

/// The theme of the frame that the window system draws: the one shown. Where the system decides about both, it is left to it.
fn title_bar(theme: egui::ThemePreference, ctx: &egui::Context) -> egui::SystemTheme {
    let is_systems = theme == egui::ThemePreference::System && cfg!(any(windows, target_os = "macos"));
    match ctx.theme() {
        _ if is_systems => egui::SystemTheme::SystemDefault,
        egui::Theme::Dark => egui::SystemTheme::Dark,
        egui::Theme::Light => egui::SystemTheme::Light,
    }
}

/// A wake-up for the backend that draws a frame.
#[must_use]
pub fn waker(ctx: &egui::Context) -> Arc<dyn Fn() + Send + Sync> {
    let ctx = ctx.clone();
    Arc::new(move || ctx.request_repaint())
}
