//! A window without a screen: the real application, a demo service of its own, a keyring in memory, a folder of its own.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use keyring_core::api::CredentialStoreApi as _;
use keyring_core::mock;
use skybackup::app::{App, Launch};
use skybackup::demo::{Demo, DemoOptions, World};
use skybackup::model::Model;
use skybackup::settings::{Paths, Preferences, SERVICE_NAME, Settings, Vault};

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(40);

/// One window and the world around it.
pub(crate) struct Story {
    pub(crate) window: Harness<'static, App>,
    demo: Option<Demo>,
    runtime: tokio::runtime::Runtime,
    pub(crate) keyring: Arc<mock::Store>,
    folder: tempfile::TempDir,
}

impl Story {
    /// Opens the window on the sign-in form of a fresh computer.
    pub(crate) fn new() -> Self {
        Self::with(Settings::default())
    }

    /// Opens the window with settings from an earlier run.
    pub(crate) fn with(settings: Settings) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let demo = runtime.block_on(Demo::start(DemoOptions::default())).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let keyring = mock::Store::new().unwrap();
        let mut launch = Launch::new(Paths::below(folder.path()), quiet(settings), Vec::new());
        launch.vault = Vault::with_store(keyring.clone());
        let window = Harness::builder()
            .with_size([1280.0, 800.0])
            .with_max_steps(64)
            .build_eframe(move |context| launch.app(&context.egui_ctx).unwrap());
        let mut story = Self { window, demo: Some(demo), runtime, keyring, folder };
        story.window.step();
        story
    }

    pub(crate) fn world(&self) -> World {
        self.demo.as_ref().unwrap().world()
    }

    pub(crate) fn url(&self) -> String {
        self.demo.as_ref().unwrap().url().to_owned()
    }

    pub(crate) fn key(&self) -> String {
        self.demo.as_ref().unwrap().key().to_owned()
    }

    /// The service goes away: connections are refused from now on.
    pub(crate) fn stop_service(&mut self) {
        let _guard = self.runtime.enter();
        self.demo.take();
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn model(&self) -> &Model {
        self.window.state().model()
    }

    /// Draws until something is so; fails with what was waited for.
    pub(crate) fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_so(self) {
            assert!(Instant::now() < deadline, "waited in vain until {what}");
            self.window.step();
            std::thread::yield_now();
        }
        self.window.step();
    }

    /// Draws until a text is on the screen.
    pub(crate) fn until_shown(&mut self, text: &str) {
        self.until(&format!("{text:?} is shown"), |story| story.shows(text));
    }

    /// True where a text is somewhere on the screen, as a name or a value.
    pub(crate) fn shows(&self, text: &str) -> bool {
        self.window.query_all_by_label_contains(text).next().is_some()
    }

    /// Clicks what has exactly this name, once it is there alone and can be used: an answer may still be on its way.
    pub(crate) fn click(&mut self, name: &str) {
        self.until(&format!("{name:?} can be clicked"), |story| {
            let mut found = story.window.query_all_by_label(name);
            let is_ready = found.next().is_some_and(|node| !node.accesskit_node().is_disabled());
            is_ready && found.next().is_none()
        });
        self.window.get_by_label(name).click();
        self.window.step();
        self.window.step();
    }

    /// Types into the field of this name.
    pub(crate) fn type_into(&mut self, role: egui::Role, name: &str, text: &str) {
        let field = self.window.get_by_role_and_label(role, name);
        field.focus();
        self.window.step();
        self.window.get_by_role_and_label(role, name).type_text(text);
        self.window.step();
    }

    /// Replaces the text of a field.
    pub(crate) fn fill(&mut self, role: egui::Role, name: &str, text: &str) {
        self.window.get_by_role_and_label(role, name).focus();
        self.window.step();
        self.window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
        self.window.step();
        self.window.get_by_role_and_label(role, name).type_text(text);
        self.window.step();
    }

    /// Fills the sign-in form and signs in.
    pub(crate) fn sign_in_with(&mut self, key: &str) {
        let url = self.url();
        self.fill(egui::Role::TextInput, "Profile name", "production");
        self.fill(egui::Role::TextInput, "API address", &url);
        self.fill(egui::Role::PasswordInput, "API key", key);
        self.click("Sign in");
    }

    /// Signed in with both lists read.
    pub(crate) fn signed_in() -> Self {
        let mut story = Self::new();
        let key = story.key();
        story.sign_in_with(&key);
        story.until("both lists are read", |story| {
            let data = &story.model().data;
            data.backups.remote().at().is_some() && data.schedules.remote().at().is_some()
        });
        story
    }

    /// The key the keyring holds for the only profile.
    pub(crate) fn stored_key(&self) -> Option<String> {
        let profile = self.model().data.settings.profiles.first()?;
        self.keyring.build(SERVICE_NAME, &profile.account(), None).unwrap().get_password().ok()
    }
}

/// No automatic refresh, so that every request is one that was asked for.
fn quiet(mut settings: Settings) -> Settings {
    settings.preferences = Preferences { auto_refresh_secs: 0, ..settings.preferences };
    settings
}
