//! A desktop portal on the session bus of this process, whose file dialog answers as scripted.
#![cfg(target_os = "linux")]

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::message::Header;
use zbus::names::OwnedUniqueName;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{fdo, interface};

const PLACE: &str = "/org/freedesktop/portal/desktop";

/// What the file dialog answers.
pub(crate) enum Answer {
    /// This file was picked.
    File(PathBuf),
    /// It was closed.
    Cancelled,
    /// It ended on its own.
    Failed,
    /// It did not open.
    Refused,
}

/// The portal; it leaves the bus with its owner.
pub(crate) struct Portal {
    bus: Connection,
    state: Arc<Mutex<State>>,
}

struct State {
    answers: VecDeque<Answer>,
    asked: usize,
    /// Who asked last and where the answer is awaited, and the answer.
    open: Option<(OwnedUniqueName, OwnedObjectPath, Answer)>,
}

impl Portal {
    /// A portal with a file dialog that gives these answers, or one that has no file dialog.
    pub(crate) fn start(answers: Option<Vec<Answer>>) -> Self {
        let has_dialog = answers.is_some();
        let state = Arc::new(Mutex::new(State { answers: answers.unwrap_or_default().into(), asked: 0, open: None }));
        let mut bus = Builder::session().unwrap();
        if has_dialog {
            bus = bus.serve_at(PLACE, FileChooser(Arc::clone(&state))).unwrap();
        }
        let bus = bus.name("org.freedesktop.portal.Desktop").unwrap().build().unwrap();
        Self { bus, state }
    }

    /// Answers for the dialog that was asked for last. To be repeated until it is heard: rfd misses an answer that comes before it
    /// listens, as one of a user never does.
    pub(crate) fn say(&self) {
        let state = self.state.lock().unwrap();
        let Some((sender, place, answer)) = &state.open else { return };
        let (code, file) = match answer {
            Answer::File(path) => (0_u32, Some(format!("file://{}", path.display()))),
            Answer::Cancelled => (1, None),
            Answer::Failed | Answer::Refused => (2, None),
        };
        let results: HashMap<&str, Value<'_>> =
            file.map(|file| ("uris", Value::from(vec![file]))).into_iter().collect();
        let interface = "org.freedesktop.portal.Request";
        self.bus.emit_signal(Some(sender), place, interface, "Response", &(code, results)).unwrap();
    }

    /// How often the dialog was asked for.
    pub(crate) fn asked(&self) -> usize {
        self.state.lock().unwrap().asked
    }
}

struct FileChooser(Arc<Mutex<State>>);

#[expect(clippy::unused_self, clippy::needless_pass_by_value, reason = "the shape that an interface has")]
#[interface(name = "org.freedesktop.portal.FileChooser")]
impl FileChooser {
    #[zbus(property, name = "version")]
    fn version(&self) -> u32 {
        3
    }

    fn save_file(
        &self,
        parent: String,
        title: String,
        options: HashMap<String, OwnedValue>,
        #[zbus(header)] header: Header<'_>,
    ) -> fdo::Result<OwnedObjectPath> {
        let mut state = self.0.lock().unwrap();
        assert_eq!(
            (parent.as_str(), title.as_str()),
            ("", "Export as CSV"),
            "a window in a test has no place on the desktop"
        );
        state.asked += 1;
        let answer = state.answers.pop_front().expect("an answer");
        if matches!(answer, Answer::Refused) {
            return Err(fdo::Error::Failed("no display".to_owned()));
        }
        let sender = header.sender().expect("a bus names the sender");
        let token: &str = options.get("handle_token").and_then(|token| token.downcast_ref().ok()).expect("a token");
        let place = format!("{PLACE}/request/{}/{token}", sender.trim_start_matches(':').replace('.', "_"));
        let place = OwnedObjectPath::try_from(place).expect("a path");
        state.open = Some((sender.to_owned().into(), place.clone(), answer));
        Ok(place)
    }
}
