//! What a user chose about the look and the habits of the app.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::Zone;
use crate::export::{CsvPreset, FileFormat};
use crate::grid::RowSource;

/// Which of the two themes is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThemeChoice {
    /// As the system says, also when it changes.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// The clock of every time on screen and in exports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ZoneChoice {
    /// UTC, as the service itself counts.
    #[default]
    Utc,
    /// The zone of this computer.
    Local,
    /// The zone of [`Preferences::named_zone`].
    Named,
}

/// How close rows and controls stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// Room to read.
    #[default]
    Comfortable,
    /// More rows on the screen.
    Compact,
}

/// What draws the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RendererChoice {
    /// The usual one of this system, then the other.
    #[default]
    Auto,
    /// OpenGL first.
    Glow,
    /// Vulkan, Metal or Direct3D first.
    Wgpu,
}

/// Whether a newer version of this program is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdateChoice {
    /// Not before the user was asked.
    #[default]
    Ask,
    /// Once a day.
    Daily,
    /// Never.
    Never,
}

/// Of what the desktop shows a notification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationChoice {
    /// Of nothing.
    Off,
    /// Of problems, and of restores that ended.
    #[default]
    Problems,
    /// Of warnings, too.
    All,
}

/// What the export dialog was left at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportPreferences {
    /// What sort of file.
    pub format: FileFormat,
    /// Who will read a CSV file.
    pub preset: CsvPreset,
    /// Whether cells that a spreadsheet would run as a formula are made harmless.
    pub guard: bool,
    /// All columns instead of the visible ones.
    pub columns_all: bool,
    /// Where the last file went.
    #[serde(skip_serializing_if = "cannot_be_written")]
    pub last_folder: Option<PathBuf>,
    /// `;` between cells instead of `,`.
    pub semicolon: bool,
}

/// A folder whose name is no Unicode text has no place in the settings file, and must not stop it from being written.
#[expect(clippy::ref_option, reason = "the signature serde asks for")]
fn cannot_be_written(folder: &Option<PathBuf>) -> bool {
    folder.as_ref().is_none_or(|folder| folder.to_str().is_none())
}

impl Default for ExportPreferences {
    fn default() -> Self {
        Self {
            format: FileFormat::Csv,
            preset: CsvPreset::Excel,
            guard: true,
            columns_all: false,
            last_folder: None,
            semicolon: false,
        }
    }
}

/// Everything a user can choose in the settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Light, dark, or as the system says.
    pub theme: ThemeChoice,
    /// UTC, local time or that of a named zone.
    pub zone: ZoneChoice,
    /// A zone of the tz database by its name, such as `Asia/Tokyo`, beside UTC and this computer's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub named_zone: Option<String>,
    /// Comfortable or compact.
    pub density: Density,
    /// Seconds between two automatic refreshes; 0 is off, never below [`Preferences::MIN_AUTO_REFRESH_SECS`] otherwise.
    pub auto_refresh_secs: u32,
    /// Size of everything on screen, 1.0 is normal; within [`Preferences::ZOOM`].
    pub zoom: f32,
    /// What draws the window.
    pub renderer: RendererChoice,
    /// Which backups the backups table shows.
    pub backups_shown: RowSource,
    /// Whether the detail pane beside a table is open.
    pub detail_open: bool,
    /// What the export dialog was left at.
    pub export: ExportPreferences,
    /// Size and duration are compared with earlier ones also of snapshots and incrementals, which vary by nature.
    pub compare_all_types: bool,
    /// Of what the desktop shows a notification.
    pub notifications: NotificationChoice,
    /// Notifications name the services that they are about.
    pub notification_names: bool,
    /// Whether a newer version is looked for.
    pub updates: UpdateChoice,
    /// When one was last looked for, by the clock of this computer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updates_checked_at: Option<Timestamp>,
}

impl Preferences {
    /// The shortest pause between two automatic refreshes.
    pub const MIN_AUTO_REFRESH_SECS: u32 = 30;
    /// The longest pause between two automatic refreshes: one day.
    pub const MAX_AUTO_REFRESH_SECS: u32 = 86_400;
    /// Smallest and largest zoom.
    pub const ZOOM: (f32, f32) = (0.5, 3.0);

    /// The same preferences with every number inside its limits, and no zone that is not known.
    #[must_use]
    pub fn within_limits(mut self) -> Self {
        self.named_zone.take_if(|name| Zone::named(name).is_none());
        if self.zone == ZoneChoice::Named && self.named_zone.is_none() {
            self.zone = ZoneChoice::default();
        }
        if self.auto_refresh_secs != 0 {
            self.auto_refresh_secs =
                self.auto_refresh_secs.clamp(Self::MIN_AUTO_REFRESH_SECS, Self::MAX_AUTO_REFRESH_SECS);
        }
        let (smallest, largest) = Self::ZOOM;
        self.zoom = if self.zoom.is_finite() { self.zoom.clamp(smallest, largest) } else { 1.0 };
        self
    }
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::default(),
            zone: ZoneChoice::default(),
            named_zone: None,
            density: Density::default(),
            auto_refresh_secs: 60,
            zoom: 1.0,
            renderer: RendererChoice::default(),
            backups_shown: RowSource::default(),
            detail_open: true,
            export: ExportPreferences::default(),
            compare_all_types: false,
            notifications: NotificationChoice::default(),
            notification_names: false,
            updates: UpdateChoice::default(),
            updates_checked_at: None,
        }
    }
}

/// Where the window was, in points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WindowPlace {
    /// Inner width.
    pub width: f32,
    /// Inner height.
    pub height: f32,
    /// Left edge of the frame; unknown on Wayland.
    pub x: Option<f32>,
    /// Top edge of the frame; unknown on Wayland.
    pub y: Option<f32>,
    /// Whether the window filled the screen.
    #[serde(default)]
    pub maximized: bool,
}

impl WindowPlace {
    /// The same place when its size can be a window's, or `None`.
    #[must_use]
    pub fn checked(self) -> Option<Self> {
        let is_size = |points: f32| (200.0..=20_000.0).contains(&points);
        let is_edge = |points: Option<f32>| points.filter(|p| (-20_000.0..=20_000.0).contains(p));
        (is_size(self.width) && is_size(self.height)).then(|| Self { x: is_edge(self.x), y: is_edge(self.y), ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_brought_inside_their_limits() {
        for (refresh, zoom, expected_refresh, expected_zoom) in
            [(0, 1.25, 0, 1.25), (1, 0.0, 30, 0.5), (60, 99.0, 60, 3.0), (u32::MAX, f32::NAN, 86_400, 1.0)]
        {
            let preferences =
                Preferences { auto_refresh_secs: refresh, zoom, ..Preferences::default() }.within_limits();
            assert_eq!(preferences.auto_refresh_secs, expected_refresh);
            assert!((preferences.zoom - expected_zoom).abs() < f32::EPSILON);
        }
    }

    #[test]
    fn a_zone_that_is_not_known_is_dropped() {
        let cases = [
            (ZoneChoice::Named, Some("Asia/Tokyo"), ZoneChoice::Named, Some("Asia/Tokyo")),
            (ZoneChoice::Utc, Some("Asia/Tokyo"), ZoneChoice::Utc, Some("Asia/Tokyo")),
            (ZoneChoice::Named, Some("Asia/Atlantis"), ZoneChoice::Utc, None),
            (ZoneChoice::Named, None, ZoneChoice::Utc, None),
            (ZoneChoice::Local, Some(""), ZoneChoice::Local, None),
        ];
        for (zone, name, zone_kept, name_kept) in cases {
            let read = Preferences { zone, named_zone: name.map(str::to_owned), ..Preferences::default() };
            let kept = read.within_limits();
            assert_eq!((kept.zone, kept.named_zone.as_deref()), (zone_kept, name_kept), "{name:?}");
        }
    }

    #[test]
    fn a_window_place_that_cannot_be_is_dropped() {
        let good =
            WindowPlace { width: 1200.0, height: 800.0, x: Some(-100.0), y: Some(f32::INFINITY), maximized: true };
        let checked = good.checked().expect("a usual size");
        assert_eq!((checked.x, checked.y, checked.maximized), (Some(-100.0), None, true));
        for width in [0.0, -5.0, f32::NAN, 1e9] {
            assert_eq!(WindowPlace { width, ..good }.checked(), None);
        }
    }
}
