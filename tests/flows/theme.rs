//! The theme: the user's, or the one that the desktop wants, in the window and in the frame around it.
#![cfg(target_os = "linux")]

use std::sync::{Arc, Mutex};

use egui::{SystemTheme, Theme, ViewportCommand};
use skybackup::settings::{Settings, ThemeChoice};
use tempfile::TempDir;
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::fdo;
use zbus::zvariant::{OwnedValue, Value};

use crate::support::keyring_session::Session;
use crate::support::story::{Opening, Story};

const PLACE: &str = "/org/freedesktop/portal/desktop";

/// The appearance settings of a desktop, on a bus of its own.
struct Desktop {
    bus: Connection,
    address: String,
    _session: Session,
    _home: TempDir,
}

struct Appearance(u32);

#[zbus::interface(name = "org.freedesktop.portal.Settings")]
impl Appearance {
    #[expect(clippy::unnecessary_wraps, reason = "the shape of the portal's method")]
    fn read(&self, namespace: &str, key: &str) -> fdo::Result<OwnedValue> {
        assert_eq!((namespace, key), ("org.freedesktop.appearance", "color-scheme"));
        // As the first version of the portal does: in one variant more.
        Ok(Value::Value(Box::new(Value::from(self.0))).try_into().unwrap())
    }
}

impl Desktop {
    fn new(scheme: u32) -> Self {
        let home = tempfile::tempdir().unwrap();
        let session = Session::new(home.path());
        let address = format!("unix:path={}", home.path().join("run/bus").display());
        let bus = Builder::address(address.as_str()).unwrap().serve_at(PLACE, Appearance(scheme)).unwrap();
        let bus = bus.name("org.freedesktop.portal.Desktop").unwrap().build().unwrap();
        Self { bus, address, _session: session, _home: home }
    }

    fn changes_to(&self, scheme: u32) {
        let body = ("org.freedesktop.appearance", "color-scheme", Value::from(scheme));
        self.bus.emit_signal(None::<&str>, PLACE, "org.freedesktop.portal.Settings", "SettingChanged", &body).unwrap();
    }

    fn is_followed_by(&self, story: &Story) {
        let (address, ctx) = (self.address.clone(), story.window.ctx.clone());
        let bus = move || Builder::address(address.as_str());
        story.desktop_theme().follow_on(bus, Arc::new(move || ctx.request_repaint()));
    }
}

/// A window of this choice, and what the frame around it was told last.
fn window(theme: ThemeChoice) -> (Story, Arc<Mutex<Option<SystemTheme>>>) {
    let mut settings = Settings::default();
    settings.preferences.theme = theme;
    let story = Story::open(Opening { settings, ..Opening::default() });
    let told = Arc::new(Mutex::new(None));
    let noted = Arc::clone(&told);
    story.window.ctx.on_end_pass(
        "frame",
        Arc::new(move |ctx| {
            let commands = ctx.viewport(|viewport| viewport.commands.clone());
            for command in commands {
                if let ViewportCommand::SetTheme(theme) = command {
                    *noted.lock().unwrap() = Some(theme);
                }
            }
        }),
    );
    (story, told)
}

#[test]
fn the_desktops_theme_is_followed_live_by_the_window_and_its_frame() {
    let (mut story, told) = window(ThemeChoice::System);
    let desktop = Desktop::new(2);
    desktop.is_followed_by(&story);
    let is_shown = |story: &Story, theme: Theme| story.window.ctx.theme() == theme;
    story.until("it is light", |story| is_shown(story, Theme::Light));
    assert_eq!(*told.lock().unwrap(), Some(SystemTheme::Light));
    desktop.changes_to(1);
    story.until("it is dark", |story| is_shown(story, Theme::Dark));
    assert_eq!(*told.lock().unwrap(), Some(SystemTheme::Dark));
    desktop.changes_to(0);
    story.until("without a preference it is light", |story| is_shown(story, Theme::Light));
    assert_eq!(*told.lock().unwrap(), Some(SystemTheme::Light));
}

#[test]
fn a_theme_that_was_chosen_stays_whatever_the_desktop_wants() {
    let (mut story, told) = window(ThemeChoice::Dark);
    let desktop = Desktop::new(2);
    desktop.is_followed_by(&story);
    story.until("the desktop has answered", |story| story.desktop_theme().get() == Some(Theme::Light));
    assert_eq!((story.window.ctx.theme(), *told.lock().unwrap()), (Theme::Dark, None), "told once, when it opened");
}
