//! Notifications of Windows and macOS.

use std::sync::Arc;
use std::time::Duration;

use notify_rust::Notification;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::{APP_ID, APP_NAME, DesktopNotification, NotifyError, OnClick};

/// The notification centre of this system.
pub(super) struct NotificationCenter {
    patience: Duration,
    on_click: OnClick,
}

impl NotificationCenter {
    pub(super) fn new(_bus: Option<String>, patience: Duration, on_click: OnClick) -> Self {
        #[cfg(target_os = "macos")]
        if let Err(error) = notify_rust::set_application(APP_ID) {
            tracing::info!("notifications are not shown as those of SkyBackup: {error}");
        }
        Self { patience, on_click }
    }

    /// The system keeps what is shown; it has no way to take the place of an earlier notification.
    pub(super) async fn show(&self, notification: DesktopNotification) -> Result<(), NotifyError> {
        let on_click = Arc::clone(&self.on_click);
        let shown = spawn_blocking(move || show(&notification, on_click));
        match timeout(self.patience, shown).await {
            Ok(shown) => shown.unwrap_or(Err(NotifyError::Refused)),
            Err(_late) => Err(NotifyError::NoResponse),
        }
    }
}

fn show(notification: &DesktopNotification, on_click: OnClick) -> Result<(), NotifyError> {
    let mut wanted = Notification::new();
    wanted.appname(APP_NAME).summary(&notification.title).body(&notification.body);
    #[cfg(windows)]
    wanted.app_id(APP_ID);
    match wanted.show() {
        Ok(handle) => {
            answer(handle, notification.id, on_click);
            Ok(())
        }
        Err(error) => {
            tracing::info!("no notification: {error}");
            Err(NotifyError::Refused)
        }
    }
}

/// Waits on a thread of its own for the click or the end, which Windows reports within seconds.
#[cfg(windows)]
fn answer(handle: notify_rust::NotificationHandle, id: u64, on_click: OnClick) {
    let wait = move || {
        let clicked = |response: &notify_rust::NotificationResponse| {
            if matches!(response, notify_rust::NotificationResponse::Default) {
                on_click(id);
            }
        };
        if let Err(error) = handle.wait_for_response(clicked) {
            tracing::info!("the end of a notification is not known: {error}");
        }
    };
    // Without a thread a click does nothing.
    let _thread = std::thread::Builder::new().name("notification".to_owned()).spawn(wait);
}

/// macOS itself brings the application to the front; waiting for more would block for as long as the notification is kept.
#[cfg(target_os = "macos")]
fn answer(handle: notify_rust::NotificationHandle, _id: u64, _on_click: OnClick) {
    // Shown when it is dropped.
    drop(handle);
}
