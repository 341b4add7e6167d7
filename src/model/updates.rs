//! Looking for a newer version of this program: once a day, and only where the build has an address for it and the user said yes.

use jiff::{SignedDuration, Timestamp};

use super::{Data, Model, StepContext};
use crate::domain::Version;
use crate::msg::{Effect, WindowEffect};
use crate::settings::{Preferences, UpdateChoice};

const PAUSE: SignedDuration = SignedDuration::from_hours(24);

impl Data {
    /// The user has still to be asked whether to look for newer versions.
    #[must_use]
    pub fn asks_about_updates(&self) -> bool {
        self.config.build.updates.is_some() && self.settings.preferences.updates == UpdateChoice::Ask
    }

    /// A version that is newer than this one, as far as is known and wanted.
    #[must_use]
    pub fn newer_version(&self) -> Option<Version> {
        let is_wanted = self.settings.preferences.updates == UpdateChoice::Daily;
        let this = Version::parse(self.config.build.version);
        self.newest_version.filter(|newest| is_wanted && this.is_some_and(|this| *newest > this))
    }
}

impl Model {
    pub(super) fn find_update_when_due(&mut self, cx: &mut StepContext) {
        let preferences = &mut self.data.settings.preferences;
        if self.data.config.build.updates.is_none() || !is_due(preferences, cx.now) {
            return;
        }
        // Noted first: one that fails is not tried again before tomorrow.
        preferences.updates_checked_at = Some(cx.now);
        self.settings_changed();
        cx.push(Effect::FindUpdate);
    }

    pub(super) fn open_download_page(&self, cx: &mut StepContext) {
        if let Some(source) = &self.data.config.build.updates {
            cx.push(Effect::Window(WindowEffect::OpenWeb(source.page.clone())));
        }
    }
}

/// A clock that was set back makes it due, and does not put it off.
fn is_due(preferences: &Preferences, now: Timestamp) -> bool {
    let is_old = |at: Timestamp| now < at || now.duration_since(at) >= PAUSE;
    preferences.updates == UpdateChoice::Daily && preferences.updates_checked_at.is_none_or(is_old)
}
