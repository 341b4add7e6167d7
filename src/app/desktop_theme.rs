//! The theme that the desktop wants. On Linux its portal knows, over D-Bus, and tells when it changes; no library below asks it.

use std::sync::{Arc, Mutex, PoisonError};

use egui::Theme;

#[cfg(target_os = "linux")]
pub(super) use self::portal::{PLACE, PORTAL};

/// The theme that the desktop wants, as far as it is known; every clone is the same.
#[derive(Clone, Debug, Default)]
pub struct DesktopTheme(Arc<Mutex<Option<Theme>>>);

impl DesktopTheme {
    /// `None` where nothing is known: then egui's own knowledge counts.
    #[must_use]
    pub fn get(&self) -> Option<Theme> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    fn set(&self, theme: Option<Theme>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = theme;
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
mod portal {
    use std::time::Duration;

    use zbus::blocking::Proxy;
    use zbus::blocking::connection::Builder;
    use zbus::zvariant::{OwnedValue, Value};

    use super::{Arc, DesktopTheme, Theme};

    /// The desktop portal on the session bus.
    pub(in crate::app) const PORTAL: &str = "org.freedesktop.portal.Desktop";
    /// The object that has all interfaces of the portal.
    pub(in crate::app) const PLACE: &str = "/org/freedesktop/portal/desktop";
    const NAMESPACE: &str = "org.freedesktop.appearance";
    const KEY: &str = "color-scheme";
    /// A portal may have to be started first.
    const PATIENCE: Duration = Duration::from_secs(30);

    impl DesktopTheme {
        /// Asks the desktop, and listens to it for as long as the program runs, on a thread of its own. `wake` is called after each
        /// answer.
        pub fn follow(&self, wake: Arc<dyn Fn() + Send + Sync>) {
            self.follow_on(Builder::session, wake);
        }

        /// As [`Self::follow`], on this bus.
        #[doc(hidden)]
        pub fn follow_on(
            &self,
            bus: impl FnOnce() -> zbus::Result<Builder<'static>> + Send + 'static,
            wake: Arc<dyn Fn() + Send + Sync>,
        ) {
            let theme = self.clone();
            let listen = move || {
                if let Err(why) = listen(bus, &theme, &*wake) {
                    tracing::info!("the desktop does not say which theme it wants: {why}");
                }
            };
            // Without a thread it is as without a portal.
            let _thread = std::thread::Builder::new().name("desktop-theme".to_owned()).spawn(listen);
        }
    }

    fn listen(
        bus: impl FnOnce() -> zbus::Result<Builder<'static>>,
        theme: &DesktopTheme,
        wake: &(dyn Fn() + Send + Sync),
    ) -> zbus::Result<()> {
        let connection = bus()?.method_timeout(PATIENCE).build()?;
        let settings = Proxy::new(&connection, PORTAL, PLACE, "org.freedesktop.portal.Settings")?;
        // Before the question: a change between the two is not missed.
        let changes = settings.receive_signal_with_args("SettingChanged", &[(0, NAMESPACE), (1, KEY)])?;
        match settings.call::<_, _, OwnedValue>("Read", &(NAMESPACE, KEY)) {
            Ok(scheme) => {
                theme.set(wanted(&scheme));
                wake();
            }
            // One that comes later tells of its first change.
            Err(why) => tracing::info!("the desktop has no color scheme yet: {why}"),
        }
        for change in changes {
            if let Ok((_, _, scheme)) = change.body().deserialize::<(String, String, OwnedValue)>() {
                theme.set(wanted(&scheme));
                wake();
            }
        }
        Ok(())
    }

    /// 1 is dark, 2 is light, and no preference is light as in every other program of such a desktop. Old portals put the number
    /// into one variant more.
    fn wanted(scheme: &Value<'_>) -> Option<Theme> {
        match scheme {
            Value::Value(inner) => wanted(inner),
            Value::U32(1) => Some(Theme::Dark),
            Value::U32(_) => Some(Theme::Light),
            _ => None,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_scheme_is_read_in_whatever_it_is_wrapped() {
            for (number, theme) in [(0_u32, Theme::Light), (1, Theme::Dark), (2, Theme::Light), (7, Theme::Light)] {
                let plain = Value::from(number);
                let wrapped = Value::Value(Box::new(Value::Value(Box::new(plain.try_clone().unwrap()))));
                assert_eq!((wanted(&plain), wanted(&wrapped)), (Some(theme), Some(theme)), "{number}");
            }
            assert_eq!(wanted(&Value::from("dark")), None);
        }
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
impl DesktopTheme {
    /// Nothing to do: the window hears it from the system.
    pub fn follow(&self, _wake: Arc<dyn Fn() + Send + Sync>) {}
}
