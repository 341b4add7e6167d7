//! Preferences, and when the settings are written.

use jiff::{SignedDuration, Timestamp};

use super::{Model, Severity, StepContext};
use crate::cron::LocalClock;
use crate::domain::Zone;
use crate::msg::{Effect, FileEffect, NotSaved, PreferencesCommand, SettingsEvent};
use crate::settings::{Preferences, Profile, WindowPlace, ZoneChoice};

/// A change of the settings is written after so long a pause.
const SAVE_AFTER_MS: i64 = 800;
/// A save that failed is tried again after so long.
const SAVE_AGAIN_AFTER_SECS: i64 = 5;

impl Model {
    pub(super) fn handle_preference(&mut self, command: PreferencesCommand) {
        let second_zone = self.data.second_zone().clone();
        let preferences = &mut self.data.settings.preferences;
        match command {
            PreferencesCommand::SetTheme(theme) => preferences.theme = theme,
            PreferencesCommand::SetZone(zone) => preferences.zone = zone,
            PreferencesCommand::SetNamedZone(name) => {
                preferences.named_zone = Some(name);
                preferences.zone = ZoneChoice::Named;
            }
            PreferencesCommand::SetDensity(density) => preferences.density = density,
            PreferencesCommand::SetAutoRefresh(secs) => preferences.auto_refresh_secs = secs,
            PreferencesCommand::SetCompareAllTypes(all) => preferences.compare_all_types = all,
            PreferencesCommand::SetNotifications(choice) => preferences.notifications = choice,
            PreferencesCommand::SetNotificationNames(named) => preferences.notification_names = named,
            PreferencesCommand::SetUpdates(updates) => preferences.updates = updates,
            PreferencesCommand::SetRenderer(renderer) => preferences.renderer = renderer,
            PreferencesCommand::SetZoom(zoom) => preferences.zoom = zoom,
        }
        *preferences = Preferences::within_limits(preferences.clone());
        self.set_zone();
        self.convert_form(&second_zone);
        self.settings_changed();
    }

    /// Times typed in a form that is kept on the clock beside UTC are converted where that is another one now: what it says stays.
    fn convert_form(&mut self, before: &Zone) {
        let (zone, now) = (self.data.second_zone(), self.data.now);
        if let Some(form) = self.view.form.as_mut().filter(|_| zone != before) {
            form.draft.when.change_clock(LocalClock { zone: before, now }, LocalClock { zone, now });
        }
    }

    /// Where the window is, for the next start.
    pub fn note_window(&mut self, place: WindowPlace) {
        // Whole points: told of every frame, a place that trembles by a fraction would be written for ever, and one
        // that is no number would never equal itself.
        let whole = WindowPlace {
            width: place.width.round(),
            height: place.height.round(),
            x: place.x.map(f32::round),
            y: place.y.map(f32::round),
            ..place
        };
        let Some(place) = whole.checked() else { return };
        let known = self.data.settings.window;
        let place = if place.maximized { self.normal_place(place) } else { place };
        if known != Some(place) {
            self.data.window_before = known;
            self.data.settings.window = Some(place);
            self.settings_changed();
        }
    }

    /// The place that a maximised window goes back to. Its new size may be told before the word that it is maximised now: then the
    /// place before that one counts.
    fn normal_place(&self, maximised: WindowPlace) -> WindowPlace {
        let same_size = |known: &WindowPlace| (known.width, known.height) == (maximised.width, maximised.height);
        let known = self.data.settings.window.filter(|known| known.maximized || !same_size(known));
        let normal = known.or(self.data.window_before).unwrap_or(maximised);
        WindowPlace { maximized: true, ..normal }
    }

    pub(super) fn settings_changed(&mut self) {
        self.data.settings_unsaved_since.get_or_insert(self.data.local_now);
    }

    /// When unsaved settings are to be written.
    pub(super) fn next_save(&self) -> Option<Timestamp> {
        let due = self.data.settings_unsaved_since?.checked_add(SignedDuration::from_millis(SAVE_AFTER_MS)).ok()?;
        Some(self.data.save_again_at.map_or(due, |again| due.max(again)))
    }

    pub(super) fn save_settings_when_due(&mut self, cx: &mut StepContext) {
        // A clock that was set back must not put off the next save.
        self.data.settings_unsaved_since = self.data.settings_unsaved_since.map(|at| at.min(cx.now));
        self.data.save_again_at = self.data.save_again_at.min(save_again_after(cx.now));
        if self.next_save().is_none_or(|due| cx.now < due) {
            return;
        }
        self.data.settings_unsaved_since = None;
        cx.push(Effect::File(FileEffect::SaveSettings(Box::new(self.data.settings.clone()))));
    }

    pub(super) fn apply_settings(&mut self, event: SettingsEvent, cx: &mut StepContext) {
        match event {
            SettingsEvent::SettingsSaved(result) => self.settings_saved(result, cx),
            SettingsEvent::ProfilesProtected(profiles) => self.protect_profiles(&profiles, cx),
        }
    }

    fn settings_saved(&mut self, result: Result<Vec<Profile>, NotSaved>, cx: &mut StepContext) {
        let has_failed_before = self.data.save_again_at.take().is_some();
        let NotSaved { why, is_for_good } = match result {
            Ok(protected) => return self.protect_profiles(&protected, cx),
            Err(failure) => failure,
        };
        // A passing failure is reported once, and the save is tried again until it works; a newer file is never written.
        if !has_failed_before {
            cx.notify(Severity::Warning, format!("Settings were not saved: {why}"));
        }
        self.data.save_again_at = save_again_after(cx.now);
        if !is_for_good {
            self.settings_changed();
        }
    }
}

fn save_again_after(now: Timestamp) -> Option<Timestamp> {
    now.checked_add(SignedDuration::from_secs(SAVE_AGAIN_AFTER_SECS)).ok()
}
