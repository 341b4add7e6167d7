//! Notifications by the Desktop Notifications Specification, over D-Bus.
//!
//! The services differ more than the specification says; `docs/notifications.md` has the measured table. What holds here:
//! one connection for the whole run, whose signals are asked for before anything is shown; a signal counts only from the very program
//! that showed the notification; its numbers are forgotten when another program takes over; nothing waits for the end of a
//! notification, which some services never report.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::time::timeout;
use zbus::connection::{Builder, Connection};
use zbus::export::ordered_stream::OrderedStreamExt as _;
use zbus::message::{Message, Type};
use zbus::names::OwnedUniqueName;
use zbus::zvariant::Value;
use zbus::{Error, MessageStream};

use super::{APP_ID, APP_NAME, DesktopNotification, NotificationSlot, NotifyError, OnClick};

/// The bus name and the interface of the service.
const SERVICE: &str = "org.freedesktop.Notifications";
const OBJECT: &str = "/org/freedesktop/Notifications";
/// The bus name and the interface of the bus itself.
const BUS: &str = "org.freedesktop.DBus";
const BUS_OBJECT: &str = "/org/freedesktop/DBus";
/// Which signals the bus passes on.
const RULES: [&str; 3] = [
    "type='signal',sender='org.freedesktop.Notifications',interface='org.freedesktop.Notifications',member='ActionInvoked'",
    "type='signal',sender='org.freedesktop.Notifications',interface='org.freedesktop.Notifications',member='NotificationClosed'",
    "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged',\
     arg0='org.freedesktop.Notifications'",
];
/// The only action that every service offers by a click on the notification itself.
const OPEN: &str = "default";
/// The same as a button, where a service shows it as one.
const OPEN_LABEL: &str = "Show";
/// Neither low, which some do not show, nor critical, which stays for ever on some.
const NORMAL_URGENCY: u8 = 1;
/// The service's own time to show it.
const USUAL_TIME: i32 = -1;
/// So long a click on a notification is listened to.
const LIFE: Duration = Duration::from_hours(24);

/// A notification that is shown, as far as is known.
struct ShownNotification {
    id: u64,
    slot: NotificationSlot,
    /// What the service calls it.
    number: u32,
    /// The program on the bus that shows it.
    daemon: OwnedUniqueName,
    /// It was closed: a newer one cannot take its place.
    is_closed: bool,
    at: Instant,
}

/// What a showing and the listener share.
struct Shared {
    /// One for each slot at most.
    shown: Mutex<Vec<ShownNotification>>,
    on_click: OnClick,
}

/// The notification service on the session bus.
pub(super) struct NotificationBus {
    /// The address of the bus, if not that of the session.
    bus: Option<String>,
    patience: Duration,
    shared: Arc<Shared>,
    connection: tokio::sync::Mutex<Option<Connection>>,
}

impl NotificationBus {
    pub(super) fn new(bus: Option<String>, patience: Duration, on_click: OnClick) -> Self {
        let shared = Arc::new(Shared { shown: Mutex::default(), on_click });
        Self { bus, patience, shared, connection: tokio::sync::Mutex::default() }
    }

    pub(super) async fn show(&self, notification: DesktopNotification) -> Result<(), NotifyError> {
        timeout(self.patience, self.notify(&notification)).await.unwrap_or(Err(NotifyError::NoResponse))
    }

    async fn notify(&self, notification: &DesktopNotification) -> Result<(), NotifyError> {
        let mut held = self.connection.lock().await;
        let connection = match &*held {
            Some(connection) => connection.clone(),
            None => held.insert(self.connect().await.map_err(|error| failure(&error))?).clone(),
        };
        let shown = self.call(&connection, notification).await;
        // The bus itself may have ended; the next notification looks for it again.
        if shown.as_ref().is_err_and(|error| !matches!(error, Error::MethodError(..))) {
            *held = None;
        }
        shown.map_err(|error| failure(&error))
    }

    /// Connects, and listens from then on.
    async fn connect(&self) -> zbus::Result<Connection> {
        let bus = match &self.bus {
            Some(address) => Builder::address(address.as_str())?,
            None => Builder::session()?,
        };
        let connection = bus.build().await?;
        let messages = MessageStream::from(&connection);
        for rule in RULES {
            connection.call_method(Some(BUS), BUS_OBJECT, Some(BUS), "AddMatch", &rule).await?;
        }
        tokio::spawn(listen(messages, Arc::clone(&self.shared)));
        Ok(connection)
    }

    async fn call(&self, connection: &Connection, notification: &DesktopNotification) -> zbus::Result<()> {
        let DesktopNotification { id, slot, title, body } = notification;
        let owner = connection.call_method(Some(BUS), BUS_OBJECT, Some(BUS), "GetNameOwner", &SERVICE).await;
        // A program that took over meanwhile has numbers of its own.
        let owner = owner.ok().and_then(|owner| owner.body().deserialize::<OwnedUniqueName>().ok());
        let replaced = owner.map_or(0, |owner| self.shared.number_to_replace(*slot, &owner));
        let hints: HashMap<&str, Value<'_>> =
            [("urgency", Value::U8(NORMAL_URGENCY)), ("desktop-entry", Value::from(APP_ID))].into();
        let actions: &[&str] = &[OPEN, OPEN_LABEL];
        let body = escaped(body);
        let arguments = (APP_NAME, replaced, APP_ID, title.as_str(), body.as_str(), actions, hints, USUAL_TIME);
        let reply = connection.call_method(Some(SERVICE), OBJECT, Some(SERVICE), "Notify", &arguments).await?;
        let number: u32 = reply.body().deserialize()?;
        if let Some(daemon) = reply.header().sender() {
            let daemon = daemon.to_owned().into();
            self.shared.put(ShownNotification {
                id: *id,
                slot: *slot,
                number,
                daemon,
                is_closed: false,
                at: Instant::now(),
            });
        }
        Ok(())
    }
}

/// What a failure of the bus means to the user; its own words are in the log.
fn failure(error: &Error) -> NotifyError {
    tracing::info!("no notification: {error}");
    match error {
        Error::MethodError(name, ..) if !is_of_nobody(name) => NotifyError::Refused,
        _ => NotifyError::NoService,
    }
}

/// The errors with which the bus itself responds: nobody has the name, the program that would take it does not start, or it has ended
/// meanwhile.
fn is_of_nobody(error: &str) -> bool {
    let name = error.strip_prefix("org.freedesktop.DBus.Error.").unwrap_or_default();
    matches!(name, "ServiceUnknown" | "NameHasNoOwner" | "NoReply" | "TimedOut") || name.starts_with("Spawn.")
}

/// A body may hold simple markup, so a name with one of these is not plain text to a service.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Hears every signal in its order, until the bus ends.
async fn listen(mut messages: MessageStream, shared: Arc<Shared>) {
    while let Some(Ok(message)) = messages.next().await {
        if message.message_type() == Type::Signal {
            // A signal of another form than the specification's says nothing.
            let _ = shared.hear(&message);
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Vec<ShownNotification>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, new: ShownNotification) {
        let mut shown = self.lock();
        shown.retain(|old| old.slot != new.slot);
        shown.push(new);
    }

    /// The number of the last notification of a slot, where this program shows it still; else 0, which replaces nothing.
    fn number_to_replace(&self, slot: NotificationSlot, daemon: &OwnedUniqueName) -> u32 {
        let shown = self.lock();
        let last = shown.iter().find(|it| it.slot == slot && it.daemon == *daemon && !it.is_closed);
        last.filter(|it| it.at.elapsed() < LIFE).map_or(0, |it| it.number)
    }

    fn hear(&self, signal: &Message) -> zbus::Result<()> {
        let header = signal.header();
        let (Some(sender), Some(interface), Some(member)) = (header.sender(), header.interface(), header.member())
        else {
            return Ok(());
        };
        let body = signal.body();
        match (interface.as_str(), member.as_str()) {
            (SERVICE, "ActionInvoked") => {
                let (number, action): (u32, &str) = body.deserialize()?;
                let id = {
                    let mut shown = self.lock();
                    let clicked = find(&mut shown, number, sender.as_str()).filter(|it| it.at.elapsed() < LIFE);
                    clicked.filter(|_| action == OPEN).map(|it| it.id)
                };
                if let Some(id) = id {
                    (self.on_click)(id);
                }
            }
            // Why it was closed means nothing: a click is reported as dismissed by some, and an end not at all by others.
            (SERVICE, "NotificationClosed") => {
                let (number, _why): (u32, u32) = body.deserialize()?;
                if let Some(closed) = find(&mut self.lock(), number, sender.as_str()) {
                    closed.is_closed = true;
                }
            }
            (BUS, "NameOwnerChanged") if sender.as_str() == BUS => {
                let (_name, _old, new): (&str, &str, &str) = body.deserialize()?;
                self.lock().retain(|it| it.daemon.as_str() == new);
            }
            _ => {}
        }
        Ok(())
    }
}

fn find<'s>(shown: &'s mut [ShownNotification], number: u32, sender: &str) -> Option<&'s mut ShownNotification> {
    shown.iter_mut().find(|it| it.number == number && it.daemon.as_str() == sender)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_bus_is_told_from_one_of_the_service() {
        for (error, is_of_bus) in [
            ("org.freedesktop.DBus.Error.ServiceUnknown", true),
            ("org.freedesktop.DBus.Error.Spawn.ChildExited", true),
            ("org.freedesktop.DBus.Error.LimitsExceeded", false),
            ("org.freedesktop.Notifications.MaxNotificationsExceeded", false),
        ] {
            assert_eq!(is_of_nobody(error), is_of_bus, "{error}");
        }
    }

    #[test]
    fn a_name_never_becomes_markup() {
        assert_eq!(escaped("a & b <i>c</i>"), "a &amp; b &lt;i&gt;c&lt;/i&gt;");
    }
}
