//! From what the command line, the environment and the settings say to a model and a backend.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::{App, DesktopTheme, FileDialogs};
use crate::api::ClientLimits;
use crate::backend::{Backend, BackendConfig, CHECK_AFTER, KEYRING_PATIENCE, SleepWatch};
use crate::domain::{ApiUrl, Zone};
use crate::model::{Model, ModelConfig, StepContext};
use crate::secrets::{ApiKey, KnownSecrets};
use crate::settings::{Keyring, Paths, Settings};

/// Everything an application is made of; making one does not use it up, so another renderer can be tried with it.
#[derive(Clone)]
pub struct AppConfig {
    /// Where things live.
    pub paths: Paths,
    /// The settings as read.
    pub settings: Settings,
    /// What reading them had to say.
    pub warnings: Vec<String>,
    /// The key of the environment, or why it is none.
    pub environment_key: Option<Result<Arc<ApiKey>, String>>,
    /// Learns of every secret in use, for the log to leave out.
    pub secrets: KnownSecrets,
    /// `--api-url`.
    pub api_url: Option<ApiUrl>,
    /// `--demo`.
    pub demo: bool,
    /// How many backups the demo service has; 0 is its usual world.
    pub demo_backups: usize,
    /// The keyring.
    pub vault: Keyring,
    /// The limits of requests, and the clock of the whole app; tests shorten the ones and set the other.
    #[doc(hidden)]
    pub pacing: ClientLimits,
    /// How long the keyring may be silent before that is reported; tests shorten it.
    #[doc(hidden)]
    pub keyring_patience: Duration,
    /// Waits between the reads after a lost answer; tests shorten them.
    #[doc(hidden)]
    pub check_after: [Duration; 3],
    /// How it is noticed that the computer slept.
    #[doc(hidden)]
    pub sleep: SleepWatch,
    /// The file dialogs; tests open none.
    #[doc(hidden)]
    pub dialogs: FileDialogs,
    /// Which theme the desktop wants.
    pub desktop_theme: DesktopTheme,
}

impl AppConfig {
    /// A launch with nothing asked for.
    #[must_use]
    pub fn new(paths: Paths, settings: Settings, warnings: Vec<String>) -> Self {
        Self {
            paths,
            settings,
            warnings,
            environment_key: None,
            secrets: KnownSecrets::default(),
            api_url: None,
            demo: false,
            demo_backups: 0,
            vault: Keyring::system(),
            pacing: ClientLimits::default(),
            keyring_patience: KEYRING_PATIENCE,
            check_after: CHECK_AFTER,
            sleep: SleepWatch::default(),
            dialogs: FileDialogs::default(),
            desktop_theme: DesktopTheme::default(),
        }
    }

    /// Makes the application. Fails only where the operating system gives no threads.
    pub fn app(&self, ctx: &egui::Context) -> std::io::Result<App> {
        let setup = BackendConfig {
            paths: self.paths.clone(),
            settings: self.settings.clone(),
            vault: self.vault.clone(),
            environment_key: self.environment_key.clone(),
            secrets: self.secrets.clone(),
            demo_backups: self.demo_backups,
            wake: super::waker(ctx),
            pacing: self.pacing.clone(),
            keyring_patience: self.keyring_patience,
            check_after: self.check_after,
            sleep: self.sleep.clone(),
        };
        let backend = Backend::new(setup)?;
        let clock = Arc::clone(&self.pacing.clock);
        let mut cx = StepContext::new(clock());
        let model = Model::new(self.start(), &mut cx);
        Ok(App::new(ctx, (model, cx), backend, (self.dialogs, self.desktop_theme.clone()), clock))
    }

    fn start(&self) -> ModelConfig {
        let places = vec![
            ("Settings", self.paths.config_dir.clone()),
            ("State", self.paths.state_dir.clone()),
            ("Log", self.paths.log_dir.clone()),
        ];
        let local_zone = Zone::new(TimeZone::system());
        let mut warnings = self.warnings.clone();
        if local_zone.is_unreadable() && names_a_zone() {
            warnings
                .push("The time zone of this computer could not be read, so local times are shown in UTC".to_owned());
        }
        ModelConfig {
            settings: self.settings.clone(),
            warnings,
            local_zone,
            has_environment_key: self.environment_key.is_some(),
            api_url: self.api_url.clone(),
            demo: self.demo,
            places,
            home: std::env::home_dir().unwrap_or_else(|| PathBuf::from(".")),
            store_name: Keyring::store_name(),
            certificates: trusted_certificates(),
        }
    }
}

/// Whether this computer means to be in some zone: one that says nothing is in UTC.
fn names_a_zone() -> bool {
    let is_set = std::env::var_os("TZ").is_some_and(|zone| !zone.is_empty());
    is_set || Path::new("/etc/localtime").exists()
}

/// Where the certificates to trust come from, if not from the system: on Linux the TLS library takes them from these instead.
fn trusted_certificates() -> Vec<(&'static str, PathBuf)> {
    let places =
        if cfg!(all(unix, not(target_os = "macos"))) { ["SSL_CERT_FILE", "SSL_CERT_DIR"].as_slice() } else { &[] };
    let named = |name: &&'static str| std::env::var_os(name).map(|path| (*name, PathBuf::from(path)));
    places.iter().filter_map(named).collect()
}
