//! From what the command line, the environment and the settings say to a model and a backend.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::build_info::build_info;
use super::{App, DesktopTheme, FileDialogs};
use crate::backend::{Backend, BackendConfig};
use crate::domain::Zone;
use crate::model::{Model, ModelConfig, StepContext};
use crate::settings::{Keyring, Paths, Settings};

/// Everything an application is made of; making one does not use it up, so another renderer can be tried with it.
#[derive(Clone)]
pub struct AppConfig {
    /// What the model is given.
    pub model: ModelConfig,
    /// What the backend is given; its clock is that of the whole app.
    pub backend: BackendConfig,
    /// The file dialogs; tests open none.
    #[doc(hidden)]
    pub dialogs: FileDialogs,
    /// Which theme the desktop wants.
    pub desktop_theme: DesktopTheme,
}

impl AppConfig {
    /// A launch with nothing asked for; `warnings` is what reading the settings had to say.
    #[must_use]
    pub fn new(paths: Paths, settings: Settings, mut warnings: Vec<String>) -> Self {
        let local_zone = Zone::of_system(TimeZone::system());
        if local_zone.is_unreadable() && names_a_zone() {
            warnings
                .push("The time zone of this computer could not be read, so local times are shown in UTC".to_owned());
        }
        let places = vec![
            ("Settings", paths.config_dir.clone()),
            ("State", paths.state_dir.clone()),
            ("History", paths.data_dir.clone()),
            ("Log", paths.log_dir.clone()),
        ];
        let model = ModelConfig {
            settings: settings.clone(),
            warnings,
            local_zone,
            has_environment_key: false,
            build: build_info(),
            api_url: None,
            demo: false,
            places,
            home: std::env::home_dir().unwrap_or_else(|| PathBuf::from(".")),
            store_name: Keyring::store_name(),
            certificates: trusted_certificates(),
        };
        let update_file = model.build.updates.as_ref().map(|source| source.file.clone());
        Self {
            model,
            backend: BackendConfig { update_file, ..BackendConfig::new(paths, settings) },
            dialogs: FileDialogs::default(),
            desktop_theme: DesktopTheme::default(),
        }
    }

    /// Makes the application. Fails only where the operating system gives no threads.
    pub fn app(&self, ctx: &egui::Context) -> std::io::Result<App> {
        let backend = Backend::new(self.backend.clone(), super::waker(ctx))?;
        let clock = Arc::clone(&self.backend.pacing.clock);
        let mut cx = StepContext::new(clock());
        let model = Model::new(self.model.clone(), &mut cx);
        Ok(App::new(ctx, (model, cx), backend, (self.dialogs, self.desktop_theme.clone()), clock))
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
