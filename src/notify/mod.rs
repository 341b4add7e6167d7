//! Notifications of the desktop.
//!
//! Owns: the way of a notification to the desktop, and the way of a click on one back.
//! May import: nothing of the other modules.
//! Must never: decide what a user learns, or hold anything that is not to be read by others: the desktop may show it on a locked
//! screen and keep it.

#[cfg(all(unix, not(target_os = "macos")))]
mod freedesktop;
#[cfg(not(all(unix, not(target_os = "macos"))))]
mod native;

use std::sync::Arc;
use std::time::Duration;

#[cfg(all(unix, not(target_os = "macos")))]
use freedesktop::NotificationBus as Desktop;
#[cfg(not(all(unix, not(target_os = "macos"))))]
use native::NotificationCenter as Desktop;

/// The name that the desktop shows beside a notification.
const APP_NAME: &str = "SkyBackup";
/// The id of the application: of its desktop entry, of its bundle, of its notifications on Windows.
const APP_ID: &str = "com.skybackup.SkyBackup";
/// A service may have to be started first; one that is silent for longer has no notification to show.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a notification is about. A newer one takes the place of the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationSlot {
    /// What needs attention.
    Findings,
    /// A restore that ended.
    Restore,
}

/// A notification as the desktop shows it. A click on it is reported with its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesktopNotification {
    /// Never that of another one in this run.
    pub id: u64,
    /// What it is about.
    pub slot: NotificationSlot,
    /// One line.
    pub title: String,
    /// A few lines of plain text.
    pub body: String,
}

/// Why a notification is not shown. Displays as a sentence without its full stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotifyError {
    /// Nobody shows notifications here.
    #[error("This desktop has no service that shows notifications")]
    NoService,
    /// It did not respond in time. It may show the notification later.
    #[error("The service that shows notifications does not respond")]
    NoResponse,
    /// It responded with an error.
    #[error("The service that shows notifications refused one")]
    Refused,
}

/// Who shows notifications.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum NotificationService {
    /// Nobody.
    #[default]
    None,
    /// The desktop of this user.
    Desktop,
    /// One on this bus, which is waited for so long; for tests.
    #[doc(hidden)]
    Bus(String, Duration),
}

/// Learns of clicks, by the ids of the notifications.
pub type OnClick = Arc<dyn Fn(u64) + Send + Sync>;

/// Shows notifications. Made once, and shared.
pub struct Notifier(Option<Desktop>);

impl Notifier {
    /// Nothing is connected before the first notification.
    #[must_use]
    pub fn new(service: NotificationService, on_click: OnClick) -> Self {
        Self(match service {
            NotificationService::None => None,
            NotificationService::Desktop => Some(Desktop::new(None, PATIENCE, on_click)),
            NotificationService::Bus(address, patience) => Some(Desktop::new(Some(address), patience, on_click)),
        })
    }

    /// Shows a notification in place of the last one of its slot. Ends after a while, whatever the desktop does.
    pub async fn show(&self, notification: DesktopNotification) -> Result<(), NotifyError> {
        match &self.0 {
            Some(desktop) => desktop.show(notification).await,
            None => Err(NotifyError::NoService),
        }
    }
}
