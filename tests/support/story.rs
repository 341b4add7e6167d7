//! A window without a screen: the real application, a demo service of its own, a keyring in memory, a folder of its own.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use egui_kittest::kittest::{By, NodeT as _};
use jiff::Timestamp;
use keyring_core::api::CredentialStoreApi as _;
use keyring_core::mock;
use skybackup::api::{ClientLimits, Clock};
use skybackup::app::{App, AppConfig, DesktopTheme, FileDialogs};
use skybackup::backend::SleepWatch;
use skybackup::domain::Schedule;
use skybackup::model::{Model, ModelConfig, UpdateSource};
use skybackup::msg::Screen;
use skybackup::settings::{Keyring, Paths, Preferences, SERVICE_NAME, Settings};

use super::acts::Bell;
use super::demo::{Demo, World};
use super::frames::Watch;
use super::raw_server::{RawRequest, RawServer, Reply};

/// The moment at which every world begins, of the service and of the app: the time of day of the machine changes nothing. No
/// schedule of the demo service runs in the hour after it.
pub(crate) const BEGINNING: &str = "2026-09-14T09:00:30Z";
/// The key of every story whose service is not the demo.
pub(crate) const KEY: &str = "skysql.1a2b.story0123456789abcdefghij";

/// The cadence of the schedule that [`Story::fill_new_schedule`] asks for; the demo service has none like it.
pub(crate) const CRON: &str = "30 3 * * 1-5";

/// What the window talks to.
enum Service {
    Demo(Box<Demo>),
    Raw(RawServer),
    /// Nothing: an address where nobody listens, or a server the test holds itself.
    Elsewhere,
}

/// How a window is opened; everything has a usual value.
pub(crate) struct Opening {
    pub(crate) settings: Settings,
    /// Seconds between automatic refreshes; usually none.
    pub(crate) auto_refresh_secs: u32,
    pub(crate) warnings: Vec<String>,
    /// The keyring; `None` is one in memory.
    pub(crate) keyring: Option<Keyring>,
    pub(crate) pacing: ClientLimits,
    /// How long the keyring may be silent before that is reported.
    pub(crate) keyring_patience: Duration,
    /// Waits between the reads after a lost response.
    pub(crate) check_after: [Duration; 3],
    /// How it is noticed that the computer slept.
    pub(crate) sleep: SleepWatch,
    /// File dialogs; usually there are none, and paths are typed.
    pub(crate) dialogs: FileDialogs,
    /// The folder of settings and records; `None` makes one.
    pub(crate) folder: Option<Rc<tempfile::TempDir>>,
    pub(crate) watch: Rc<RefCell<Watch>>,
    /// The moment at which its world begins.
    pub(crate) beginning: Timestamp,
    /// Where the build looks for newer versions; usually nowhere.
    pub(crate) updates: Option<UpdateSource>,
}

impl Default for Opening {
    fn default() -> Self {
        Self {
            settings: Settings::default(),
            auto_refresh_secs: 0,
            warnings: Vec::new(),
            keyring: None,
            pacing: brisk(),
            keyring_patience: Duration::from_secs(30),
            check_after: [Duration::ZERO, Duration::from_millis(30), Duration::from_millis(90)],
            sleep: SleepWatch::default(),
            dialogs: FileDialogs::Missing,
            folder: None,
            watch: Rc::default(),
            beginning: BEGINNING.parse().unwrap(),
            updates: None,
        }
    }
}

/// A clock that shows this moment now, and goes on from there.
pub(crate) fn clock_from(moment: Timestamp) -> Clock {
    let ahead = moment.duration_since(Timestamp::now());
    Arc::new(move || Timestamp::now() + ahead)
}

/// The limits of the app with short waits between repeats, and patient: a server that is only slow, as on a busy machine, is
/// waited for.
pub(crate) fn brisk() -> ClientLimits {
    ClientLimits {
        connect: Duration::from_mins(1),
        attempt: Duration::from_mins(1),
        backoff_first: Duration::from_millis(1),
        backoff_cap: Duration::from_millis(4),
        ..ClientLimits::default()
    }
}

/// One window and the world around it.
pub(crate) struct Story {
    pub(crate) window: Harness<'static, App>,
    launch: AppConfig,
    service: Service,
    pub(crate) runtime: tokio::runtime::Runtime,
    pub(crate) keyring: Arc<mock::Store>,
    folder: Rc<tempfile::TempDir>,
    pub(super) bell: Bell,
    watch: Rc<RefCell<Watch>>,
    /// Where the service was before it went away.
    url_before: String,
}

impl Story {
    /// Opens the window on the sign-in form of a fresh computer.
    pub(crate) fn new() -> Self {
        Self::with(Settings::default())
    }

    /// Opens the window with settings from an earlier run.
    pub(crate) fn with(settings: Settings) -> Self {
        Self::open(Opening { settings, ..Opening::default() })
    }

    /// Opens the window beside a demo service.
    pub(crate) fn open(opening: Opening) -> Self {
        let runtime = runtime();
        let demo = runtime.block_on(Demo::start_at(0, opening.beginning));
        Self::build(opening, runtime, Service::Demo(Box::new(demo)))
    }

    /// Opens the window beside a server whose every byte is scripted.
    pub(crate) fn raw(opening: Opening, script: impl Fn(&RawRequest, usize) -> Reply + Send + Sync + 'static) -> Self {
        let runtime = runtime();
        let server = runtime.block_on(RawServer::start(script));
        Self::build(opening, runtime, Service::Raw(server))
    }

    /// Opens the window; what it will talk to is the test's own affair.
    pub(crate) fn alone(opening: Opening) -> Self {
        Self::build(opening, runtime(), Service::Elsewhere)
    }

    fn build(opening: Opening, runtime: tokio::runtime::Runtime, service: Service) -> Self {
        let folder = opening.folder.unwrap_or_else(|| Rc::new(tempfile::tempdir().unwrap()));
        let keyring = mock::Store::new().unwrap();
        let mut launch = AppConfig::new(
            Paths::below(folder.path()),
            quiet(opening.settings, opening.auto_refresh_secs),
            opening.warnings,
        );
        launch.backend.keyring = opening.keyring.unwrap_or_else(|| Keyring::with_store(keyring.clone()));
        launch.backend.update_file = opening.updates.as_ref().map(|source| source.file.clone());
        launch.model.build.updates = opening.updates;
        launch.backend.pacing = ClientLimits { clock: clock_from(opening.beginning), ..opening.pacing };
        launch.backend.keyring_patience = opening.keyring_patience;
        launch.backend.check_after = opening.check_after;
        launch.backend.sleep = opening.sleep;
        launch.dialogs = opening.dialogs;
        // What goes into the home folder of a user must not go into that of whoever runs the tests.
        folder.path().clone_into(&mut launch.model.home);
        let (window, bell) = window(&launch);
        let watch = opening.watch;
        watch.borrow_mut().opens();
        let url_before = String::new();
        let mut story = Self { window, launch, service, runtime, keyring, folder, bell, watch, url_before };
        story.window.step();
        story
    }

    /// Closes the window and opens it again, as a user does the next day: service, keyring and folder are the same.
    pub(crate) fn restart(&mut self) {
        self.close();
        let (settings, warnings) = skybackup::settings::read(&Paths::below(self.folder.path()));
        let settings = quiet(settings, self.launch.model.settings.preferences.auto_refresh_secs);
        self.launch.backend.settings.clone_from(&settings);
        self.launch.model = ModelConfig { settings, warnings, ..self.launch.model.clone() };
        (self.window, self.bell) = window(&self.launch);
        self.watch.borrow_mut().opens();
        self.window.step();
    }

    /// Closes the window and says how long that took. What is left is a window that nobody has signed in to.
    pub(crate) fn close(&mut self) -> Duration {
        let mut nobody = self.launch.clone();
        nobody.model.settings = Settings::default();
        nobody.backend.settings = Settings::default();
        let elsewhere = tempfile::tempdir().unwrap();
        nobody.backend.paths = Paths::below(elsewhere.path());
        let (new, bell) = window(&nobody);
        let old = std::mem::replace(&mut self.window, new);
        self.bell = bell;
        let began = Instant::now();
        drop(old);
        began.elapsed()
    }

    /// The window is asked to close, as by its corner.
    pub(crate) fn ask_to_close(&mut self) {
        let viewport = self.window.input_mut().viewports.entry(egui::ViewportId::ROOT).or_default();
        viewport.events.push(egui::ViewportEvent::Close);
        self.step();
        self.window.input_mut().viewports.entry(egui::ViewportId::ROOT).or_default().events.clear();
    }

    /// Draws one frame and notes what it cost.
    pub(crate) fn step(&mut self) {
        let window = &mut self.window;
        self.watch.borrow_mut().frame(|| window.step());
    }

    pub(crate) fn world(&self) -> World {
        match &self.service {
            Service::Demo(demo) => demo.world.clone(),
            Service::Raw(_) | Service::Elsewhere => panic!("this story has no demo service"),
        }
    }

    /// The scripted server.
    pub(crate) fn server(&self) -> &RawServer {
        match &self.service {
            Service::Raw(server) => server,
            Service::Demo(_) | Service::Elsewhere => panic!("this story has no scripted server"),
        }
    }

    pub(crate) fn url(&self) -> String {
        match &self.service {
            Service::Demo(demo) => demo.url.clone(),
            Service::Raw(server) => server.url(),
            Service::Elsewhere => panic!("this story has no service"),
        }
    }

    pub(crate) fn key(&self) -> String {
        match &self.service {
            Service::Demo(demo) => demo.key.clone(),
            Service::Raw(_) | Service::Elsewhere => KEY.to_owned(),
        }
    }

    /// The method of every request that reached the service, in order.
    pub(crate) fn methods(&self) -> Vec<String> {
        match &self.service {
            Service::Demo(demo) => demo.world.requests().into_iter().map(|request| request.method).collect(),
            Service::Raw(server) => server.requests().into_iter().map(|request| request.method).collect(),
            Service::Elsewhere => Vec::new(),
        }
    }

    /// How many schedules the demo service has; nobody else can tell.
    pub(crate) fn schedule_count(&self) -> Option<usize> {
        match &self.service {
            Service::Demo(demo) => Some(demo.world.schedule_count()),
            Service::Raw(_) | Service::Elsewhere => None,
        }
    }

    /// The scripted server takes the place of the one before, at the same address.
    pub(crate) fn start_again(&mut self, script: impl Fn(&RawRequest, usize) -> Reply + Send + Sync + 'static) {
        let port = url::Url::parse(&self.url_before).unwrap().port().unwrap();
        self.service = Service::Raw(self.runtime.block_on(RawServer::start_at(port, script)));
    }

    /// The service goes away: connections are refused from now on.
    pub(crate) fn stop_service(&mut self) {
        self.url_before = self.url();
        let _guard = self.runtime.enter();
        self.service = Service::Elsewhere;
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What the desktop wants the window to look like.
    pub(crate) fn desktop_theme(&self) -> &DesktopTheme {
        &self.launch.desktop_theme
    }

    /// What the clocks of the app and of the service show.
    pub(crate) fn now(&self) -> Timestamp {
        (self.launch.backend.pacing.clock)()
    }

    pub(crate) fn model(&self) -> &Model {
        &self.window.state().model
    }

    /// Every text on the screen: what is painted, and what a screen reader announces.
    pub(crate) fn texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        for shape in &self.window.output().shapes {
            painted(&shape.shape, &mut texts);
        }
        for node in self.window.root().children_recursive() {
            let node = node.accesskit_node();
            texts.extend([node.label(), node.value(), node.description()].into_iter().flatten());
        }
        texts
    }

    /// Writes another address of the service; the field stands under "More".
    pub(crate) fn fill_address(&mut self, url: &str) {
        self.show_more();
        self.fill(egui::Role::TextInput, "API address", url);
    }

    /// Shows address and label in the sign-in form. What the form says of the keyring comes late and moves the link: it may have
    /// left the part of the form that is in sight by the time of the click.
    pub(crate) fn show_more(&mut self) {
        use egui_kittest::kittest::Queryable as _;
        const MORE: &str = "More: address and label";
        for _ in 0..50 {
            if self.model().view.sign_in.more {
                return;
            }
            self.window.get_by_label(MORE).scroll_to_me();
            self.step();
            self.step();
            self.click(MORE);
        }
        panic!("{MORE:?} was clicked in vain");
    }

    /// Fills the sign-in form and signs in.
    pub(crate) fn sign_in_with(&mut self, key: &str) {
        let url = self.url();
        self.sign_in_at(&url, key);
    }

    /// Fills the sign-in form with this address and signs in.
    pub(crate) fn sign_in_at(&mut self, url: &str, key: &str) {
        self.fill(egui::Role::TextInput, "Profile name", "production");
        self.fill_address(url);
        self.fill(egui::Role::PasswordInput, "API key", key);
        self.click("Sign in");
    }

    /// Signed in with both lists read.
    pub(crate) fn signed_in() -> Self {
        let mut story = Self::new();
        story.sign_in();
        story
    }

    /// Signs in with the right key and waits until both lists are read.
    pub(crate) fn sign_in(&mut self) {
        let key = self.key();
        self.sign_in_with(&key);
        self.until("both lists are read", |story| {
            let data = &story.model().data;
            data.backups().remote.at.is_some() && data.schedules().remote.at.is_some()
        });
        self.calm();
    }

    /// Waits until nothing is being read and no change is on its way.
    pub(crate) fn calm(&mut self) {
        self.until("nothing is under way", |story| {
            let data = &story.model().data;
            let is_reading = data.lists().is_loading()
                || data.lists().services.is_loading()
                || data.lists().single_schedule.is_loading();
            !is_reading && data.change().is_none_or(|write| !write.is_under_way())
        });
    }

    /// Shows the schedules.
    pub(crate) fn go_to_schedules(&mut self) {
        self.press_with(egui::Modifiers::COMMAND, egui::Key::Num4);
        self.until("the schedules are shown", |story| story.model().view.screen == Screen::Schedules);
    }

    /// Selects the first schedule in sight that is so, by a click on its row.
    pub(crate) fn select_schedule(&mut self, is_so: impl Fn(&Schedule) -> bool) -> Schedule {
        let data = &self.model().data;
        let rows = data.schedules().rows();
        let order = data.schedules().index.order.iter().map(|&place| rows.get(place).unwrap());
        let (place, schedule) = order.enumerate().find(|(_, schedule)| is_so(schedule)).unwrap();
        let (ending, schedule) = (format!(", row {} of {}", place + 1, rows.len()), schedule);
        self.click_at(&By::new().label_contains(&ending));
        self.until("the row is selected", |story| {
            story.model().data.schedules().focused.as_ref().is_some_and(|focused| focused.id == schedule.id)
        });
        self.calm();
        schedule
    }

    /// The expression of the open form.
    pub(crate) fn cron_entered(&self) -> String {
        let data = &self.model().data;
        let clock = skybackup::cron::LocalClock { zone: &data.config.local_zone, now: data.now };
        self.model().view.form.as_ref().unwrap().draft.when.expression(clock)
    }

    /// On the schedules: opens the form for a service that takes any type, with a cadence of its own.
    pub(crate) fn fill_new_schedule(&mut self) {
        let service = self.select_schedule(|schedule| schedule.service_name.as_deref() == Some("orders-prod"));
        self.press_with(egui::Modifiers::COMMAND, egui::Key::N);
        self.until_shown("Advanced");
        assert_eq!(
            self.model().view.form.as_ref().map(|form| form.draft.service.clone()),
            service.service_id.map(|id| id.as_str().to_owned()),
        );
        self.click("Advanced");
        self.fill(egui::Role::TextInput, "Cron expression", CRON);
        self.until_shown("At 03:30");
    }

    /// Signs in with a key that is not kept, and out again. Gives the place of this profile's key in the keyring, where the next
    /// call fails.
    pub(crate) fn with_a_keyring_that_fails(&mut self, error: keyring_core::Error) -> keyring_core::Entry {
        self.click(&format!("Keep the key in the {}", Keyring::store_name()));
        self.sign_in();
        let account = self.model().data.session.profile().unwrap().account();
        self.click("File");
        self.click("Sign out");
        self.until("signed out", |story| story.model().data.session.profile().is_none());
        let entry = self.keyring.build(SERVICE_NAME, &account, None).unwrap();
        entry.as_any().downcast_ref::<mock::Cred>().unwrap().set_error(error);
        entry
    }

    /// Every key the keyring holds, whatever for.
    pub(crate) fn kept_keys(&self) -> Vec<String> {
        let entries = self.keyring.search(&HashMap::new()).unwrap();
        entries.iter().filter_map(|entry| entry.get_password().ok()).collect()
    }

    /// The key the keyring holds for the only profile.
    pub(crate) fn stored_key(&self) -> Option<String> {
        let profile = self.model().data.settings.profiles.first()?;
        self.keyring.build(SERVICE_NAME, &profile.account(), None).unwrap().get_password().ok()
    }
}

fn painted(shape: &egui::Shape, texts: &mut Vec<String>) {
    match shape {
        egui::Shape::Text(text) => texts.push(text.galley.text().to_owned()),
        egui::Shape::Vec(shapes) => shapes.iter().for_each(|shape| painted(shape, texts)),
        _ => {}
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

/// A window, and the bell that it rings when it wants to be drawn.
fn window(launch: &AppConfig) -> (Harness<'static, App>, Bell) {
    let (launch, bell) = (launch.clone(), Bell::default());
    let ringer = bell.clone();
    let mut window = Harness::builder().with_size([1280.0, 800.0]).with_max_steps(64).build_eframe(move |context| {
        context.egui_ctx.set_request_repaint_callback(move |wanted| {
            if wanted.delay.is_zero() {
                ringer.ring();
            }
        });
        launch.app(&context.egui_ctx).unwrap()
    });
    // Nearly all stories are about the tables.
    window.state_mut().model.view.screen = Screen::Backups;
    (window, bell)
}

/// Usually without automatic refresh, so that every request is one that was asked for.
fn quiet(mut settings: Settings, auto_refresh_secs: u32) -> Settings {
    settings.preferences = Preferences { auto_refresh_secs, ..settings.preferences };
    settings
}
