//! Notifications of the desktop, against a service of the test on a bus of its own.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use skybackup::notify::{DesktopNotification, NotificationService, NotificationSlot, Notifier, NotifyError};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::message::Header;
use zbus::names::OwnedUniqueName;
use zbus::zvariant::OwnedValue;
use zbus::{fdo, interface};

use crate::support::keyring_session::{DEADLINE, Session, wait_for};

const SERVICE: &str = "org.freedesktop.Notifications";
const OBJECT: &str = "/org/freedesktop/Notifications";

/// What the service was asked to show.
#[derive(Debug)]
struct Asked {
    by: OwnedUniqueName,
    replaces: u32,
    words: [String; 4],
    actions: Vec<String>,
    hints: HashMap<String, OwnedValue>,
    expires: i32,
}

/// How the service behaves.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Shows,
    Refuses,
    IsSilent,
}

struct Service {
    manner: Manner,
    asked: Arc<Mutex<Vec<Asked>>>,
    last: u32,
}

#[expect(clippy::too_many_arguments, reason = "the shape of the interface")]
#[interface(name = "org.freedesktop.Notifications")]
impl Service {
    async fn notify(
        &mut self,
        name: String,
        replaces: u32,
        icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        expires: i32,
        #[zbus(header)] header: Header<'_>,
    ) -> fdo::Result<u32> {
        let by = header.sender().unwrap().to_owned().into();
        let words = [name, icon, title, body];
        self.asked.lock().unwrap().push(Asked { by, replaces, words, actions, hints, expires });
        match self.manner {
            Manner::Shows => {}
            Manner::Refuses => return Err(fdo::Error::LimitsExceeded("too many".to_owned())),
            Manner::IsSilent => std::future::pending().await,
        }
        if replaces == 0 {
            self.last += 1;
        }
        Ok(if replaces == 0 { self.last } else { replaces })
    }
}

/// A service whose numbers begin at 1, as those of every program do that has just started.
struct Daemon {
    bus: Connection,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Daemon {
    fn start(session: &Session, manner: Manner) -> Self {
        let asked = Arc::default();
        let service = Service { manner, asked: Arc::clone(&asked), last: 0 };
        let bus = Builder::address(session.address().as_str()).unwrap().serve_at(OBJECT, service).unwrap();
        Self { bus: bus.name(SERVICE).unwrap().build().unwrap(), asked }
    }

    fn stop(self, session: &Session) {
        self.bus.close().unwrap();
        wait_for("the end of the service", || !session.has_owner(SERVICE));
    }

    fn last(&self) -> Asked {
        self.asked.lock().unwrap().pop().unwrap()
    }

    fn click(&self, number: u32, action: &str) {
        signal(&self.bus, None, "ActionInvoked", &(number, action));
    }

    fn close(&self, number: u32) {
        // 2: dismissed by the user, which some services also say of a click.
        signal(&self.bus, None, "NotificationClosed", &(number, 2_u32));
    }
}

/// Emits a signal, and waits until the bus has passed it on.
fn signal<B: serde::Serialize + zbus::zvariant::DynamicType>(bus: &Connection, to: Option<&str>, name: &str, body: &B) {
    bus.emit_signal(to, OBJECT, SERVICE, name, body).unwrap();
    let dbus = "org.freedesktop.DBus";
    bus.call_method(Some(dbus), "/org/freedesktop/DBus", Some(dbus), "GetId", &()).unwrap();
}

/// The notifier of the application, on the bus of a session.
struct Bench {
    _home: TempDir,
    session: Session,
    runtime: Runtime,
    notifier: Notifier,
    clicks: Receiver<u64>,
}

impl Bench {
    fn new() -> Self {
        Self::patient(DEADLINE)
    }

    fn patient(patience: Duration) -> Self {
        let home = tempfile::tempdir().unwrap();
        let session = Session::new(home.path());
        let (sender, clicks) = channel();
        let on_click = Arc::new(move |id| sender.send(id).unwrap());
        let notifier = Notifier::new(NotificationService::Bus(session.address(), patience), on_click);
        Self { _home: home, session, runtime: Runtime::new().unwrap(), notifier, clicks }
    }

    fn show_in(&self, slot: NotificationSlot, id: u64) -> Result<(), NotifyError> {
        let (title, body) = ("A service needs attention".to_owned(), "a & <b>".to_owned());
        self.runtime.block_on(self.notifier.show(DesktopNotification { id, slot, title, body }))
    }

    fn show(&self, id: u64) -> Result<(), NotifyError> {
        self.show_in(NotificationSlot::Findings, id)
    }

    fn next_click(&self) -> u64 {
        self.clicks.recv_timeout(DEADLINE).unwrap()
    }
}

#[test]
fn a_notification_is_shown_with_one_action_and_the_usual_urgency() {
    let bench = Bench::new();
    let daemon = Daemon::start(&bench.session, Manner::Shows);
    bench.show(7).unwrap();
    let asked = daemon.last();
    let id = "com.skybackup.SkyBackup";
    assert_eq!(asked.words, ["SkyBackup", id, "A service needs attention", "a &amp; &lt;b&gt;"]);
    assert_eq!((asked.replaces, asked.expires), (0, -1));
    assert_eq!(asked.actions, ["default", "Show"]);
    assert_eq!(u8::try_from(asked.hints["urgency"].clone()).unwrap(), 1);
    assert_eq!(String::try_from(asked.hints["desktop-entry"].clone()).unwrap(), id);
    assert_eq!(asked.hints.len(), 2);
}

#[test]
fn a_newer_one_takes_the_place_of_the_last_of_its_slot_while_that_is_there() {
    let bench = Bench::new();
    let daemon = Daemon::start(&bench.session, Manner::Shows);
    let replaced = |slot, id| {
        bench.show_in(slot, id).unwrap();
        daemon.last().replaces
    };
    assert_eq!(replaced(NotificationSlot::Findings, 1), 0);
    assert_eq!(replaced(NotificationSlot::Restore, 2), 0);
    assert_eq!(replaced(NotificationSlot::Findings, 3), 1);
    assert_eq!(replaced(NotificationSlot::Restore, 4), 2);
    // Heard in order: the click that follows shows that the end was heard.
    daemon.close(1);
    daemon.click(1, "default");
    assert_eq!(bench.next_click(), 3);
    assert_eq!(replaced(NotificationSlot::Findings, 5), 0);
}

#[test]
fn only_a_click_on_it_that_its_own_service_reports_counts() {
    let bench = Bench::new();
    let daemon = Daemon::start(&bench.session, Manner::Shows);
    bench.show(7).unwrap();
    let app = daemon.last().by;
    let stranger = Builder::address(bench.session.address().as_str()).unwrap().build().unwrap();
    for to in [None, Some(app.as_str())] {
        signal(&stranger, to, "ActionInvoked", &(1_u32, "default"));
    }
    signal(&stranger, Some(app.as_str()), "NotificationClosed", &(1_u32, 2_u32));
    daemon.click(2, "default");
    daemon.click(1, "another");
    // Of another form than the specification's.
    signal(&daemon.bus, None, "ActionInvoked", &("1", "default"));
    bench.show_in(NotificationSlot::Restore, 8).unwrap();
    daemon.click(2, "default");
    assert_eq!(bench.next_click(), 8, "nothing before it");
    daemon.click(1, "default");
    assert_eq!(bench.next_click(), 7);
}

#[test]
fn numbers_of_a_service_that_ended_are_forgotten() {
    let bench = Bench::new();
    let daemon = Daemon::start(&bench.session, Manner::Shows);
    bench.show(7).unwrap();
    daemon.stop(&bench.session);
    assert_eq!(bench.show(8), Err(NotifyError::NoService));
    // The next one counts from 1 again, and that is another program's.
    let next = Daemon::start(&bench.session, Manner::Shows);
    let other = Builder::address(bench.session.address().as_str()).unwrap().build().unwrap();
    let hints: HashMap<&str, OwnedValue> = HashMap::new();
    let theirs = ("Other", 0_u32, "", "Theirs", "", [""; 0].as_slice(), hints, -1);
    other.call_method(Some(SERVICE), OBJECT, Some(SERVICE), "Notify", &theirs).unwrap();
    next.click(1, "default");
    bench.show(9).unwrap();
    assert_eq!(next.last().replaces, 0);
    next.click(2, "default");
    assert_eq!(bench.next_click(), 9, "nothing before it");
}

#[test]
fn a_silent_service_is_not_waited_for() {
    let bench = Bench::patient(Duration::from_millis(300));
    let daemon = Daemon::start(&bench.session, Manner::IsSilent);
    let began = Instant::now();
    assert_eq!(bench.show(7), Err(NotifyError::NoResponse));
    assert!(began.elapsed() < DEADLINE);
    assert_eq!(daemon.asked.lock().unwrap().len(), 1);
}

#[test]
fn a_desktop_without_a_service_a_refusal_and_no_bus_are_told_apart() {
    let mut bench = Bench::new();
    assert_eq!(bench.show(1), Err(NotifyError::NoService));
    let daemon = Daemon::start(&bench.session, Manner::Refuses);
    assert_eq!(bench.show(2), Err(NotifyError::Refused));
    daemon.stop(&bench.session);
    bench.session.stop_bus();
    assert_eq!(bench.show(3), Err(NotifyError::NoService));
}
