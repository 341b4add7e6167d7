//! Section 2.6 Keyring of the fault matrix.

use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::time::Duration;

use egui::Role;
use keyring_core::Error;
use keyring_core::api::CredentialStoreApi as _;
use skybackup::secrets::ApiKey;
use skybackup::model::{KeySource, Session as Signed};
use skybackup::settings::{Profile, ProfileId, SERVICE_NAME, Settings, Keyring};

use super::listing::{Backups, read_again};
use super::stage::{Case, Proof};
use crate::support::keyring_session::{DEADLINE, StoreState, Session, surround};
use crate::support::odd_keyring::OddKeyring;
use crate::support::raw_server::RawServer;
use crate::support::story::{KEY, Opening, Story};

/// How long the keyring may be silent in these cases.
const PATIENCE: Duration = Duration::from_secs(3);
const NO_SERVICE: &str = "This computer has no keyring service that answers";
const NOT_SAVED: &str = "The key was not saved. You are signed in until the window closes";

/// A service to sign in to, which outlives the window.
struct Service {
    server: RawServer,
    _runtime: tokio::runtime::Runtime,
}

impl Service {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { server: runtime.block_on(RawServer::start(Backups::default().service())), _runtime: runtime }
    }

    /// A profile of an earlier run.
    fn profile(&self) -> Profile {
        Profile {
            id: ProfileId::new("production"),
            name: "production".to_owned(),
            api_url: self.server.url(),
            ..Profile::default()
        }
    }


    /// A window whose last profile has its key in the keyring.
    fn saved(&self, case: &mut Case, keyring: Keyring) -> Story {
        let profile = self.profile();
        let settings = Settings { active: Some(profile.id.clone()), profiles: vec![profile], ..Settings::default() };
        case.alone(Opening { settings, keyring: Some(keyring), keyring_patience: PATIENCE, ..Opening::default() })
    }

    /// Types the key and signs in; the key is used for this session only.
    fn session_key(&self, case: &mut Case, story: &mut Story) {
        assert!(!story.model().view.sign_in.keep, "the key is not to be kept");
        story.sign_in_at(&self.server.url(), KEY);
        story.until("signed in for this session", |story| source(story) == Some(KeySource::ThisSession));
        case.proves(story, &Proof { says: &["Not saved", "2 of 2"], ..Proof::default() });
    }

    /// A saved profile meets this problem: it is shown with both ways to continue, trying again asks again, and a session key works.
    fn cannot_be_read(&self, case: &mut Case, keyring: Keyring, says: &[&str]) {
        let mut story = self.saved(case, keyring);
        let all: Vec<&str> = says.iter().chain(&["Try again", "Use for this session only"]).copied().collect();
        case.proves(&mut story, &Proof { says: &all, ..Proof::default() });
        story.click("Try again");
        story.until("it was asked again", |story| matches!(story.model().data.session, Signed::SignedOut { .. }));
        case.proves(&mut story, &Proof { says: &all, ..Proof::default() });
        story.click("Use for this session only");
        self.session_key(case, &mut story);
    }

    /// A key that is to be kept meets this problem: the session is open all the same, and goes on after it is accepted.
    fn cannot_be_kept(&self, case: &mut Case, keyring: Keyring, says: &[&str]) {
        let mut story = fresh(case, keyring);
        story.sign_in_at(&self.server.url(), KEY);
        let all: Vec<&str> = says.iter().chain(&[NOT_SAVED, "Try again", "2 of 2"]).copied().collect();
        case.proves(&mut story, &Proof { says: &all, ..Proof::default() });
        story.click("Try again");
        case.proves(&mut story, &Proof { says: &all, ..Proof::default() });
        story.click("Use for this session only");
        case.proves(&mut story, &Proof { says: &["Not saved"], ..Proof::default() });
        assert!(!story.shows(NOT_SAVED) && source(&story) == Some(KeySource::ThisSession));
    }
}

/// A window on the sign-in form of a fresh computer.
fn fresh(case: &mut Case, keyring: Keyring) -> Story {
    case.alone(Opening { keyring: Some(keyring), keyring_patience: PATIENCE, ..Opening::default() })
}

fn source(story: &Story) -> Option<KeySource> {
    story.model().data.session.open().map(|open| open.source)
}

/// Where the keyring has the key of the profile in use.
fn account(story: &Story) -> String {
    story.model().data.session.profile().unwrap().account()
}

/// The surroundings of a process that has a home of its own and no session but what it starts.
fn own_session(command: &mut Command, folder: &Path) {
    surround(command, folder);
}

/// What the keyring of this process holds for an account.
fn stored(account: &str) -> Option<String> {
    let (sender, receiver) = mpsc::channel();
    Keyring::system().read(account, move |read| sender.send(read.map(|key| key.map(|key| key.expose().to_owned()))).unwrap());
    receiver.recv_timeout(DEADLINE).unwrap().unwrap()
}

/// Puts a key into the keyring of this process.
fn store(account: &str, key: &str) {
    let (sender, receiver) = mpsc::channel();
    let key = Arc::new(ApiKey::clean(key).unwrap().key);
    Keyring::system().write(account, "SkyBackup: production", &key, move |written| sender.send(written).unwrap());
    receiver.recv_timeout(DEADLINE).unwrap().unwrap();
}

/// Without a bus the form says beforehand that nothing can be kept, and a saved profile says why its key is not there.
pub(super) fn no_bus(case: &mut Case) {
    let Some(_folder) = case.own_process(own_session) else { return };
    let service = Service::new();
    let mut story = fresh(case, Keyring::system());
    let says = [NO_SERVICE, "A key can be used for this session only", "Check again"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    service.session_key(case, &mut story);
    service.cannot_be_read(case, Keyring::system(), &[NO_SERVICE, "Start GNOME Keyring, KWallet or KeePassXC"]);
}

/// The same on a bus without the service; one that is started later is found without another start of the app.
pub(super) fn no_service(case: &mut Case) {
    let Some(folder) = case.own_process(own_session) else { return };
    let mut session = Session::new(&folder);
    let service = Service::new();
    service.cannot_be_read(case, Keyring::system(), &[NO_SERVICE, "Start GNOME Keyring, KWallet or KeePassXC"]);
    let mut story = fresh(case, Keyring::system());
    case.proves(&mut story, &Proof { says: &[NO_SERVICE, "Check again"], ..Proof::default() });
    session.start_keyring(StoreState::Unlocked);
    story.click("Check again");
    story.until("the keyring is found", |story| story.model().view.sign_in.keep);
    assert!(!story.shows(NO_SERVICE));
    story.sign_in_at(&service.server.url(), KEY);
    story.until("the key is kept", |story| source(story) == Some(KeySource::Keyring));
    case.proves(&mut story, &Proof::default());
    assert_eq!(stored(&account(&story)).as_deref(), Some(KEY));
}

/// A locked keyring that cannot ask is reported as locked, at reading and at saving, and its entry outlives both.
pub(super) fn locked(case: &mut Case) {
    const OTHER: &str = "skysql.2yyy.anotherKey9876543210.fedcba";
    let Some(folder) = case.own_process(own_session) else { return };
    let mut session = Session::new(&folder);
    let service = Service::new();
    session.start_keyring(StoreState::Unlocked);
    store(&service.profile().account(), OTHER);
    session.restart_keyring(StoreState::Locked);
    let says = ["The keyring is locked", "Unlock it in your password manager"];
    service.cannot_be_read(case, Keyring::system(), &says);
    service.cannot_be_kept(case, Keyring::system(), &says);
    session.restart_keyring(StoreState::Unlocked);
    assert_eq!(stored(&service.profile().account()).as_deref(), Some(OTHER));
}

/// A keyring that asks for its password is waited for without limit; a session key goes on without it, and its response is taken
/// whenever it comes.
pub(super) fn prompt_open(case: &mut Case) {
    let answered = Arc::new((Mutex::new(false), Condvar::new()));
    let prompt = Arc::clone(&answered);
    let keyring = OddKeyring::keyring(
        move || {
            let (is_answered, bell) = &*prompt;
            drop(bell.wait_while(is_answered.lock().unwrap(), |is_answered| !*is_answered).unwrap());
            Ok(KEY.as_bytes().to_vec())
        },
        |_| Ok(()),
    );
    let service = Service::new();
    let mut story = service.saved(case, keyring.clone());
    let says = ["Waiting for the Secret Service keyring", "It may be asking for its password in another window", "Cancel"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    let says = ["The Secret Service keyring does not answer", "asking for its password behind other windows", "Cancel"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    story.click("Use a key for this session only");
    service.session_key(case, &mut story);

    let mut story = service.saved(case, keyring);
    story.until_shown("The Secret Service keyring does not answer");
    *answered.0.lock().unwrap() = true;
    answered.1.notify_all();
    story.until("the response is taken", |story| source(story) == Some(KeySource::Keyring));
    case.proves(&mut story, &Proof { says: &["2 of 2"], ..Proof::default() });
}

/// A service that never answers holds neither the window nor its end.
pub(super) fn frozen(case: &mut Case) {
    let Some(folder) = case.own_process(own_session) else { return };
    let mut session = Session::new(&folder);
    let service = Service::new();
    session.start_keyring(StoreState::Unlocked);
    store(&service.profile().account(), KEY);
    session.signal_keyring("STOP");
    let mut story = service.saved(case, Keyring::system());
    case.proves(&mut story, &Proof { says: &["The Secret Service keyring does not answer"], ..Proof::default() });
    story.click("Use a key for this session only");
    let says = ["The keyring does not answer. A key can be used for this session only"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    service.session_key(case, &mut story);
    ends_at_once(story);

    let mut story = fresh(case, Keyring::system());
    story.sign_in_at(&service.server.url(), KEY);
    let says = ["The key is not saved yet. You are signed in until the window closes", "The keyring does not answer"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    ends_at_once(story);
    session.signal_keyring("CONT");
    assert_eq!(stored(&service.profile().account()).as_deref(), Some(KEY));
}

/// The window closes although the keyring has not answered.
fn ends_at_once(mut story: Story) {
    let took = story.close();
    assert!(took < Duration::from_secs(20), "the end took {took:?}, as if it had waited for a response that never comes");
}

/// A fresh user's keyring service has no keyring: known only when a key is to be kept.
pub(super) fn no_collection(case: &mut Case) {
    let Some(folder) = case.own_process(own_session) else { return };
    let mut session = Session::new(&folder);
    session.start_keyring(StoreState::Fresh);
    let mut story = fresh(case, Keyring::system());
    let says = ["No keyring was found. A key can be used for this session only", "Create a keyring…", "Check again"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
    Service::new().session_key(case, &mut story);
}

/// A user who says no, on any system, is not asked again automatically; nothing is deleted.
pub(super) fn denied(case: &mut Case) {
    let service = Service::new();
    let refusals: [fn() -> Error; 3] = [
        || Error::NoStorageAccess("User canceled the operation.".into()),
        || Error::PlatformFailure("The user name or passphrase you entered is not correct.".into()),
        || Error::PlatformFailure("org.freedesktop.DBus.Error.AccessDenied: not for you".into()),
    ];
    for refusal in refusals {
        let keyring = OddKeyring::keyring(move || Err(refusal()), move |_| Err(refusal()));
        let says = ["Access to the keyring was refused", "allow SkyBackup when the system asks"];
        service.cannot_be_read(case, keyring.clone(), &says);
        service.cannot_be_kept(case, keyring, &says);
    }
}

/// What Windows says of a network logon is a locked keyring.
pub(super) fn network_logon(case: &mut Case) {
    let refusal = || {
        let words = "Windows error 1312: A specified logon session does not exist. It may already have been terminated.";
        Error::NoStorageAccess(words.into())
    };
    let keyring = OddKeyring::keyring(move || Err(refusal()), move |_| Err(refusal()));
    let service = Service::new();
    service.cannot_be_read(case, keyring.clone(), &["The keyring is locked"]);
    service.cannot_be_kept(case, keyring, &["The keyring is locked"]);
}

/// What is no key is reported as damaged and stays until another one is pasted in its place.
pub(super) fn damaged(case: &mut Case) {
    const DAMAGE: &[u8] = b"\xff\x00 not a key";
    let Some(folder) = case.own_process(own_session) else { return };
    let mut session = Session::new(&folder);
    let service = Service::new();
    session.start_keyring(StoreState::Unlocked);
    let entry = keyring::Entry::new(SERVICE_NAME, &service.profile().account()).unwrap();
    entry.set_secret(DAMAGE).unwrap();
    let says = ["The key in the keyring is damaged and cannot be used", "Paste the key again to replace what is stored"];
    service.cannot_be_read(case, Keyring::system(), &says);
    assert_eq!(entry.get_secret().unwrap(), DAMAGE);
    let mut story = service.saved(case, Keyring::system());
    story.until_shown(says[0]);
    story.fill(Role::PasswordInput, "API key", KEY);
    story.click("Sign in");
    story.until("the key is kept", |story| source(story) == Some(KeySource::Keyring));
    case.proves(&mut story, &Proof::default());
    assert_eq!(entry.get_secret().unwrap(), KEY.as_bytes());
}

/// Of several keys none is picked.
pub(super) fn two_entries(case: &mut Case) {
    let keyring = || OddKeyring::keyring(|| Err(Error::Ambiguous(Vec::new())), |_| Err(Error::Ambiguous(Vec::new())));
    let says = ["The keyring holds several keys for this profile", "Delete the entries named SkyBackup that you do not need"];
    let service = Service::new();
    service.cannot_be_read(case, keyring(), &says);
    service.cannot_be_kept(case, keyring(), &says);
}

/// A key that is too long for the keyring is used all the same.
pub(super) fn too_long(case: &mut Case) {
    let keyring = OddKeyring::keyring(|| Err(Error::NoEntry), |_| Err(Error::TooLong("secret".to_owned(), 2560)));
    let says = ["The key is too long for this computer's keyring", "Check that only the key was pasted"];
    Service::new().cannot_be_kept(case, keyring, &says);
}

/// A session goes on with its key after the entry is gone; the next start asks.
pub(super) fn deleted_outside(case: &mut Case) {
    let service = Service::new();
    let keyring = keyring_core::mock::Store::new().unwrap();
    let mut story = fresh(case, Keyring::with_store(keyring.clone()));
    story.sign_in_at(&service.server.url(), KEY);
    story.until("the key is kept", |story| source(story) == Some(KeySource::Keyring));
    keyring.build(SERVICE_NAME, &account(&story), None).unwrap().delete_credential().unwrap();
    read_again(case, &mut story);
    case.proves(&mut story, &Proof { says: &["2 of 2"], ..Proof::default() });
    assert_eq!(story.model().data.backups().remote.error(), None);
    let settings = story.model().data.settings.clone();
    let keyring = Some(Keyring::with_store(keyring));
    let mut story = case.alone(Opening { settings, keyring, keyring_patience: PATIENCE, ..Opening::default() });
    let says = ["No key is stored for this profile", "Enter its API key"];
    case.proves(&mut story, &Proof { says: &says, ..Proof::default() });
}

/// A keyring that says yes and keeps nothing, or something else, is found out by reading back.
pub(super) fn not_kept(case: &mut Case) {
    let service = Service::new();
    let answers: [fn() -> keyring_core::Result<Vec<u8>>; 2] = [|| Err(Error::NoEntry), || Ok(b"something else".to_vec())];
    for kept in answers {
        let says = ["The keyring accepted the key but did not keep it"];
        service.cannot_be_kept(case, OddKeyring::keyring(kept, |_| Ok(())), &says);
    }
}
