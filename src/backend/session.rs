//! The one owner of key and client.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::feed::Feed;
use super::lock;
use crate::api::{Access, ApiError, Client, ClientEvent, ClientLimits};
use crate::demo::{Demo, Past};
use crate::domain::ApiUrl;
use crate::msg::{Event, KeyCheck, KeyFrom, OpenError, Opened, SessionEvent, SystemEvent, Ticket};
use crate::secrets::{ApiKey, KnownSecrets};
use crate::settings::{Keyring, KeyringError};

pub(super) struct Live {
    client: Client,
    key: Arc<ApiKey>,
    /// Dropping it stops the demo service.
    demo: Option<Demo>,
}

pub(super) struct Sessions {
    pub(super) keyring: Keyring,
    /// How long the keyring may be silent before that is reported.
    pub(super) keyring_patience: Duration,
    /// Taken by its one use.
    pub(super) environment_key: Mutex<Option<Result<Arc<ApiKey>, String>>>,
    pub(super) secrets: KnownSecrets,
    pub(super) demo_backups: usize,
    pub(super) pacing: ClientLimits,
    pub(super) feed: Arc<Feed>,
    pub(super) live: Mutex<Option<Live>>,
    /// Opened, and not yet in use.
    pub(super) opened: Mutex<Option<(Ticket, Live)>>,
    pub(super) generation: AtomicU64,
}

impl Sessions {
    /// A new sign-in: one that is still under way can no longer become the open session.
    pub(super) fn next_generation(&self) -> u64 {
        self.generation.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Puts the session opened with this ticket in the place of the one in use.
    pub(super) fn use_opened(&self, ticket: Ticket) {
        if let Some((_, live)) = lock(&self.opened).take_if(|(opened, _)| *opened == ticket) {
            *lock(&self.live) = Some(live);
        }
    }

    /// Drops what was opened and is not in use, and what is still being opened once it is there.
    pub(super) fn give_up_opening(&self) {
        self.next_generation();
        lock(&self.opened).take();
    }

    pub(super) fn client(&self) -> Option<Client> {
        lock(&self.live).as_ref().map(|live| live.client.clone())
    }

    /// The past of the demo service in use.
    pub(super) fn demo_past(&self) -> Option<Past> {
        lock(&self.live).as_ref()?.demo.as_ref()?.past
    }

    pub(super) fn close(&self) {
        self.give_up_opening();
        lock(&self.live).take();
    }

    /// Gets the key, makes the client, checks the key if asked, and holds it ready for [`Sessions::use_opened`].
    pub(super) async fn open(
        &self,
        (ticket, generation): (Ticket, u64),
        url: ApiUrl,
        from: KeyFrom,
        check: KeyCheck,
        access: Access,
    ) -> Result<Opened, OpenError> {
        let mut demo = None;
        let mut url = url;
        let key = match from {
            KeyFrom::Typed(key) => key,
            KeyFrom::Environment => {
                lock(&self.environment_key).take().ok_or(OpenError::NoKey)?.map_err(OpenError::BadKey)?
            }
            KeyFrom::Keyring(account) => self.read_key(ticket, &account).await?,
            KeyFrom::Demo => {
                let (started, address, key) = self.start_demo().await?;
                demo = Some(started);
                url = address;
                key
            }
        };
        let client = self.connect(ticket, &url, &key, access).map_err(OpenError::Api)?;
        if check == KeyCheck::First {
            client.probe().await.map_err(OpenError::Api)?;
        }
        let opened = Opened { key: key.tag(&url), url };
        let mut waiting = lock(&self.opened);
        if self.generation.load(Ordering::SeqCst) == generation {
            *waiting = Some((ticket, Live { client, key, demo }));
        }
        Ok(opened)
    }

    /// Allows or forbids changes to the open session, calls under way included.
    pub(super) fn set_access(&self, access: Access) {
        if let Some(live) = lock(&self.live).as_ref() {
            live.client.set_access(access);
        }
    }

    fn connect(&self, ticket: Ticket, url: &ApiUrl, key: &Arc<ApiKey>, access: Access) -> Result<Client, ApiError> {
        let feed = Arc::clone(&self.feed);
        let observer = Arc::new(move |notice| {
            feed.push(match notice {
                ClientEvent::Request(record) => Event::System(SystemEvent::Requested(ticket, record)),
                ClientEvent::Pause(until) => Event::System(SystemEvent::RateLimited(ticket, until)),
            });
        });
        Client::new(url.clone(), Arc::clone(key), access, self.secrets.clone(), observer, self.pacing.clone())
    }

    /// Gives the open session new connections; what is under way keeps its old ones.
    pub(super) fn reconnect(&self) {
        let mut live = lock(&self.live);
        let Some(live) = live.as_mut() else { return };
        match live.client.reconnected() {
            Ok(client) => live.client = client,
            // The old client still finds out, only later.
            Err(error) => tracing::warn!("no new connections: {error}"),
        }
    }

    async fn start_demo(&self) -> Result<(Demo, ApiUrl, Arc<ApiKey>), OpenError> {
        let broken = |error: &dyn std::fmt::Display| OpenError::Demo(error.to_string());
        let clock = self.pacing.clock.clone();
        let demo = Demo::start(self.demo_backups, move || clock()).await.map_err(|error| broken(&error))?;
        let url = ApiUrl::parse(&demo.url).map_err(|error| broken(&error))?;
        let key = ApiKey::clean(&demo.key).map_err(|error| broken(&error))?.key;
        Ok((demo, url, Arc::new(key)))
    }

    async fn read_key(&self, ticket: Ticket, account: &str) -> Result<Arc<ApiKey>, OpenError> {
        let read = self.answer(ticket, |done| self.keyring.read(account, done)).await;
        match read.map_err(OpenError::Keyring)? {
            Some(key) => Ok(Arc::new(key)),
            None => Err(OpenError::NoKey),
        }
    }

    /// Writes the open session's key to the keyring.
    pub(super) async fn keep_key(&self, ticket: Ticket, account: &str, label: &str) -> Result<(), KeyringError> {
        let key = lock(&self.live).as_ref().map(|live| Arc::clone(&live.key));
        let Some(key) = key else { return Err(KeyringError::Other("no session is open".to_owned())) };
        self.answer(ticket, |done| self.keyring.write(account, label, &key, done)).await
    }

    /// Waits for a keyring call for as long as it takes, because a user may be typing a password; a long silence is reported
    /// once. The call has a thread of its own, which nobody waits for once this is dropped.
    pub(super) async fn answer<T: Send + 'static>(
        &self,
        ticket: Ticket,
        call: impl FnOnce(Done<T>),
    ) -> Result<T, KeyringError> {
        let (sender, mut receiver) = tokio::sync::oneshot::channel();
        call(Box::new(move |result| {
            // The receiver is gone when the user cancelled.
            let _late = sender.send(result);
        }));
        let answer = match tokio::time::timeout(self.keyring_patience, &mut receiver).await {
            Ok(answer) => answer,
            Err(_silent) => {
                self.feed.push(Event::Session(SessionEvent::KeyringSlow(ticket)));
                receiver.await
            }
        };
        answer.unwrap_or_else(|_lost| Err(KeyringError::Other("the keyring call ended without a response".to_owned())))
    }
}

pub(super) type Done<T> = Box<dyn FnOnce(Result<T, KeyringError>) + Send>;

#[cfg(test)]
mod tests {
    use super::*;

    fn sessions() -> Sessions {
        let (feed, _inbox) = Feed::new(Arc::new(|| {}));
        Sessions {
            keyring: Keyring::with_store(keyring_core::mock::Store::new().unwrap()),
            keyring_patience: Duration::from_secs(30),
            environment_key: Mutex::default(),
            secrets: KnownSecrets::default(),
            demo_backups: 0,
            pacing: ClientLimits::default(),
            feed,
            live: Mutex::default(),
            opened: Mutex::default(),
            generation: AtomicU64::default(),
        }
    }

    #[tokio::test]
    async fn a_closed_session_has_no_client_and_none_that_was_opened_meanwhile() {
        let sessions = sessions();
        for ticket in [Ticket(1), Ticket(2)] {
            let (url, identity) = (ApiUrl::parse(ApiUrl::DEFAULT).unwrap(), (ticket, sessions.next_generation()));
            sessions.open(identity, url, KeyFrom::Demo, KeyCheck::Skipped, Access::Full).await.unwrap();
            if ticket == Ticket(1) {
                sessions.use_opened(ticket);
            }
        }
        assert!(sessions.client().is_some());
        sessions.close();
        assert!(sessions.client().is_none());
        sessions.use_opened(Ticket(2));
        assert!(sessions.client().is_none(), "what was opened for the closed one is dropped");
    }

    #[tokio::test]
    async fn without_a_session_no_key_is_reported_as_saved() {
        assert!(matches!(sessions().keep_key(Ticket(1), "account", "label").await, Err(KeyringError::Other(_))));
    }
}
