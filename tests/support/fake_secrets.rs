//! A Secret Service whose every response is the test's, on a bus of the test: one keyring that may be missing, locked or deaf, and
//! the entries in it.
#![expect(
    clippy::needless_pass_by_value,
    clippy::unused_self,
    clippy::used_underscore_binding,
    reason = "the shape of a D-Bus interface, and what its macro makes of it"
)]
#![cfg(target_os = "linux")]

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use hkdf::Hkdf;
use sha2::Sha256;
use zbus::blocking::Connection;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};
use zbus::{DBusError, ObjectServer, interface, object_server::SignalEmitter};

const SERVICE: &str = "/org/freedesktop/secrets";
const KEYRING: &str = "/org/freedesktop/secrets/collection/one";
const NOTHING: &str = "/";
/// The size of a key exchange, in bytes.
const SHARED: usize = 128;
/// Any 16 bytes do.
const IV: [u8; 16] = [7; 16];

/// The secret of an entry as it travels: session, initialization vector, encrypted bytes, type.
type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

#[derive(DBusError, Debug)]
#[zbus(prefix = "org.freedesktop.Secret.Error")]
enum Refusal {
    #[zbus(error)]
    ZBus(zbus::Error),
    NoSession(String),
    IsLocked(String),
}

/// How the sessions with the service go wrong.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Deafness {
    /// Its end of the shared secret is another: nothing can be decrypted.
    OtherSecret,
    /// It has forgotten the session.
    NoSession,
    /// It gives an empty secret, without any error.
    Empty,
}

/// One entry.
#[derive(Clone)]
struct Entry {
    path: OwnedObjectPath,
    label: String,
    attributes: HashMap<String, String>,
    secret: Vec<u8>,
}

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
struct State {
    has_keyring: bool,
    is_locked: bool,
    /// A locked keyring shows its entries as locked; else as if there were none, as `KeePassXC` does.
    hides_when_locked: bool,
    /// What the user answers to every question of the service.
    says_yes: bool,
    /// How many sessions from now on go wrong.
    deaf: Option<(usize, Deafness)>,
    sessions: HashMap<OwnedObjectPath, (Vec<u8>, Option<Deafness>)>,
    entries: Vec<Entry>,
    last: usize,
}

impl State {
    fn next(&mut self, kind: &str) -> OwnedObjectPath {
        self.last += 1;
        path(&format!("{SERVICE}/{kind}/{}", self.last))
    }

    fn open(&self, secret: &Secret) -> Result<Vec<u8>, Refusal> {
        let (key, deaf) = self.session(&secret.0)?;
        if deaf == Some(Deafness::Empty) {
            return Ok(Vec::new());
        }
        let Some(key) = key else { return Ok(secret.2.clone()) };
        let iv: [u8; 16] = secret.1.clone().try_into().unwrap();
        let cipher = cbc::Decryptor::<aes::Aes128>::new(&key.into(), &iv.into());
        // A real service that cannot decrypt keeps what came out.
        Ok(cipher.decrypt_padded_vec::<Pkcs7>(&secret.2).unwrap_or_default())
    }

    fn seal(&self, session: &OwnedObjectPath, secret: &[u8]) -> Result<Secret, Refusal> {
        let (key, deaf) = self.session(session)?;
        let secret = if deaf == Some(Deafness::Empty) { &[] } else { secret };
        let (iv, bytes) = match key {
            Some(key) => {
                let cipher = cbc::Encryptor::<aes::Aes128>::new(&key.into(), &IV.into());
                (IV.to_vec(), cipher.encrypt_padded_vec::<Pkcs7>(secret))
            }
            None => (Vec::new(), secret.to_vec()),
        };
        Ok((session.clone(), iv, bytes, "application/octet-stream".to_owned()))
    }

    /// The key of a session, none for one without encryption.
    fn session(&self, path: &OwnedObjectPath) -> Result<(Option<[u8; 16]>, Option<Deafness>), Refusal> {
        match self.sessions.get(path) {
            Some((_, Some(Deafness::NoSession))) | None => Err(Refusal::NoSession("no such session".to_owned())),
            Some((key, deaf)) => Ok((key.clone().try_into().ok(), *deaf)),
        }
    }

    fn entry(&mut self, path: &OwnedObjectPath) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.path == *path)
    }
}

/// The service; it ends when this is dropped.
pub(crate) struct FakeSecrets {
    state: Arc<Mutex<State>>,
    connection: Connection,
}

impl FakeSecrets {
    /// Starts the service on the bus of a session whose home this is; it has one open, empty keyring, and people say yes.
    pub(crate) fn start(home: &Path) -> Self {
        let state = Arc::new(Mutex::new(State { has_keyring: true, says_yes: true, ..State::default() }));
        let address = format!("unix:path={}", home.join("run/bus").display());
        let connection = zbus::blocking::connection::Builder::address(address.as_str())
            .unwrap()
            .serve_at(SERVICE, Service(Arc::clone(&state)))
            .unwrap()
            .serve_at(KEYRING, Keyring(Arc::clone(&state)))
            .unwrap()
            .name("org.freedesktop.secrets")
            .unwrap()
            .build()
            .unwrap();
        Self { state, connection }
    }

    /// Nobody has made a keyring yet; whoever is asked to make one says so.
    pub(crate) fn without_keyring(self, says_yes: bool) -> Self {
        let mut state = lock(&self.state);
        (state.has_keyring, state.says_yes) = (false, says_yes);
        drop(state);
        self
    }

    /// Locks the keyring: nobody gives its password, and it shows its entries as locked, or none at all.
    pub(crate) fn lock(&self, hides: bool) {
        let mut state = lock(&self.state);
        (state.is_locked, state.hides_when_locked, state.says_yes) = (true, hides, false);
    }

    pub(crate) fn unlock(&self) {
        lock(&self.state).is_locked = false;
    }

    /// How many encrypted sessions from now on go wrong.
    pub(crate) fn deafen(&self, sessions: usize, how: Deafness) {
        lock(&self.state).deaf = Some((sessions, how));
    }

    /// Puts one more entry in, as another program may.
    pub(crate) fn add(&self, label: &str, attributes: &[(&str, &str)], secret: &str) {
        let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let path = lock(&self.state).next("item");
        let entry =
            Entry { path: path.clone(), label: label.to_owned(), attributes, secret: secret.as_bytes().to_vec() };
        lock(&self.state).entries.push(entry);
        let item = Item { path: path.clone(), state: Arc::clone(&self.state) };
        self.connection.object_server().at(path, item).unwrap();
    }

    /// Name and secret of every entry.
    pub(crate) fn entries(&self) -> Vec<(String, String)> {
        let state = lock(&self.state);
        let shown = |entry: &Entry| (entry.label.clone(), String::from_utf8_lossy(&entry.secret).into_owned());
        state.entries.iter().map(shown).collect()
    }

    pub(crate) fn has_keyring(&self) -> bool {
        lock(&self.state).has_keyring
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap()
}

fn path(text: &str) -> OwnedObjectPath {
    ObjectPath::try_from(text).unwrap().into()
}

struct Service(Arc<Mutex<State>>);

#[interface(name = "org.freedesktop.Secret.Service")]
impl Service {
    /// With 1 as its own secret number the service's public one is 2, and the shared number is the client's public one.
    fn open_session(&self, algorithm: &str, input: Value<'_>) -> (OwnedValue, OwnedObjectPath) {
        let mut state = lock(&self.0);
        let session = state.next("session");
        if algorithm == "plain" {
            state.sessions.insert(session.clone(), (Vec::new(), None));
            return (Value::from("").try_into().unwrap(), session);
        }
        let public = Vec::<u8>::try_from(input).unwrap();
        let mut shared = vec![0; SHARED - public.len()];
        shared.extend(public);
        let mut key = vec![0; 16];
        Hkdf::<Sha256>::new(None, &shared).expand(&[], &mut key).unwrap();
        let deaf = match &mut state.deaf {
            Some((left, how)) if *left > 0 => {
                *left -= 1;
                Some(*how)
            }
            _ => None,
        };
        if deaf == Some(Deafness::OtherSecret) {
            key.reverse();
        }
        state.sessions.insert(session.clone(), (key, deaf));
        (Value::from(vec![2_u8]).try_into().unwrap(), session)
    }

    async fn create_collection(
        &self,
        _properties: HashMap<String, OwnedValue>,
        alias: &str,
        #[zbus(object_server)] server: &ObjectServer,
    ) -> (OwnedObjectPath, OwnedObjectPath) {
        assert_eq!(alias, "default");
        let prompt = lock(&self.0).next("prompt");
        let asked = Prompt { state: Arc::clone(&self.0), makes_keyring: true };
        server.at(prompt.clone(), asked).await.unwrap();
        (path(NOTHING), prompt)
    }

    fn search_items(&self, attributes: HashMap<String, String>) -> (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) {
        let state = lock(&self.0);
        let matches = |entry: &&Entry| attributes.iter().all(|(name, value)| entry.attributes.get(name) == Some(value));
        let found: Vec<OwnedObjectPath> = state.entries.iter().filter(matches).map(|it| it.path.clone()).collect();
        match (state.is_locked, state.hides_when_locked) {
            (false, _) => (found, Vec::new()),
            (true, false) => (Vec::new(), found),
            (true, true) => (Vec::new(), Vec::new()),
        }
    }

    async fn unlock(
        &self,
        objects: Vec<OwnedObjectPath>,
        #[zbus(object_server)] server: &ObjectServer,
    ) -> (Vec<OwnedObjectPath>, OwnedObjectPath) {
        if !lock(&self.0).is_locked {
            return (objects, path(NOTHING));
        }
        let prompt = lock(&self.0).next("prompt");
        let asked = Prompt { state: Arc::clone(&self.0), makes_keyring: false };
        server.at(prompt.clone(), asked).await.unwrap();
        (Vec::new(), prompt)
    }

    fn read_alias(&self, name: &str) -> OwnedObjectPath {
        let has_keyring = name == "default" && lock(&self.0).has_keyring;
        path(if has_keyring { KEYRING } else { NOTHING })
    }
}

struct Keyring(Arc<Mutex<State>>);

#[interface(name = "org.freedesktop.Secret.Collection")]
impl Keyring {
    async fn create_item(
        &self,
        properties: HashMap<String, OwnedValue>,
        secret: Secret,
        _replace: bool,
        #[zbus(object_server)] server: &ObjectServer,
    ) -> Result<(OwnedObjectPath, OwnedObjectPath), Refusal> {
        let path = {
            let mut state = lock(&self.0);
            if state.is_locked {
                return Err(Refusal::IsLocked("locked".to_owned()));
            }
            let property = |name: &str| properties[&format!("org.freedesktop.Secret.Item.{name}")].clone();
            let (path, secret) = (state.next("item"), state.open(&secret)?);
            let label = String::try_from(property("Label")).unwrap();
            let attributes = HashMap::try_from(property("Attributes")).unwrap();
            state.entries.push(Entry { path: path.clone(), label, attributes, secret });
            path
        };
        let item = Item { path: path.clone(), state: Arc::clone(&self.0) };
        server.at(path.clone(), item).await?;
        Ok((path, self::path(NOTHING)))
    }

    #[zbus(property)]
    fn locked(&self) -> bool {
        lock(&self.0).is_locked
    }
}

struct Item {
    path: OwnedObjectPath,
    state: Arc<Mutex<State>>,
}

#[interface(name = "org.freedesktop.Secret.Item")]
impl Item {
    fn get_secret(&self, session: OwnedObjectPath) -> Result<Secret, Refusal> {
        let mut state = lock(&self.state);
        let secret = state.entry(&self.path).unwrap().secret.clone();
        state.seal(&session, &secret)
    }

    fn set_secret(&self, secret: Secret) -> Result<(), Refusal> {
        let mut state = lock(&self.state);
        let secret = state.open(&secret)?;
        state.entry(&self.path).unwrap().secret = secret;
        Ok(())
    }

    fn delete(&self) -> OwnedObjectPath {
        lock(&self.state).entries.retain(|entry| entry.path != self.path);
        path(NOTHING)
    }

    #[zbus(property)]
    fn locked(&self) -> bool {
        lock(&self.state).is_locked
    }

    #[zbus(property)]
    fn label(&self) -> String {
        lock(&self.state).entry(&self.path).unwrap().label.clone()
    }

    #[zbus(property)]
    fn set_label(&self, label: String) {
        lock(&self.state).entry(&self.path).unwrap().label = label;
    }

    #[zbus(property)]
    fn modified(&self) -> u64 {
        1_794_000_000
    }
}

/// A question to the user, who has answered before it is asked.
struct Prompt {
    state: Arc<Mutex<State>>,
    makes_keyring: bool,
}

#[interface(name = "org.freedesktop.Secret.Prompt")]
impl Prompt {
    async fn prompt(&self, _window: &str, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>) {
        let (is_dismissed, result) = {
            let mut state = lock(&self.state);
            if state.says_yes && self.makes_keyring {
                state.has_keyring = true;
            } else if state.says_yes {
                state.is_locked = false;
            }
            (!state.says_yes, path(if state.has_keyring { KEYRING } else { NOTHING }))
        };
        Self::completed(&emitter, is_dismissed, Value::from(result)).await.unwrap();
    }

    #[zbus(signal)]
    async fn completed(emitter: &SignalEmitter<'_>, dismissed: bool, result: Value<'_>) -> zbus::Result<()>;
}
