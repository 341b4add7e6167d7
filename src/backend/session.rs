//! The one owner of key and client.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::feed::Feed;
use super::{KEYRING_DEADLINE, lock};
use crate::api::{Client, Pacing};
use crate::demo::{Demo, DemoOptions};
use crate::domain::{ApiKey, ApiUrl, KnownSecrets};
use crate::msg::{Event, KeyFrom, OpenError};
use crate::settings::{Vault, VaultError};

struct Live {
    client: Client,
    key: Arc<ApiKey>,
    /// Dropping it stops the demo service.
    #[cfg_attr(not(test), expect(dead_code, reason = "it is held to be dropped with the session"))]
    demo: Option<Demo>,
}

pub(super) struct Sessions {
    vault: Vault,
    /// Taken by its one use.
    environment_key: Mutex<Option<Result<Arc<ApiKey>, String>>>,
    secrets: KnownSecrets,
    demo: DemoOptions,
    pacing: Pacing,
    feed: Arc<Feed>,
    live: Mutex<Option<Live>>,
    generation: AtomicU64,
}

impl Sessions {
    pub(super) fn new(
        vault: Vault,
        environment_key: Option<Result<Arc<ApiKey>, String>>,
        secrets: KnownSecrets,
        demo: DemoOptions,
        pacing: Pacing,
        feed: Arc<Feed>,
    ) -> Self {
        let environment_key = Mutex::new(environment_key);
        let (live, generation) = (Mutex::new(None), AtomicU64::new(0));
        Self { vault, environment_key, secrets, demo, pacing, feed, live, generation }
    }

    /// Ends the session before: a sign-in that is still under way can no longer become the open one.
    pub(super) fn next_generation(&self) -> u64 {
        self.generation.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(super) fn client(&self) -> Option<Client> {
        lock(&self.live).as_ref().map(|live| live.client.clone())
    }

    pub(super) fn close(&self) {
        self.next_generation();
        lock(&self.live).take();
    }

    /// Gets the key, makes the client, tests it if asked, and makes this the open session.
    pub(super) async fn open(
        &self,
        generation: u64,
        url: ApiUrl,
        from: KeyFrom,
        test: bool,
    ) -> Result<ApiUrl, OpenError> {
        let mut demo = None;
        let mut url = url;
        let key = match from {
            KeyFrom::Typed(key) => key,
            KeyFrom::Environment => {
                lock(&self.environment_key).take().ok_or(OpenError::NoKey)?.map_err(OpenError::BadKey)?
            }
            KeyFrom::Keyring(account) => self.read_key(&account).await?,
            KeyFrom::Demo => {
                let (started, address, key) = self.start_demo().await?;
                demo = Some(started);
                url = address;
                key
            }
        };
        let feed = Arc::clone(&self.feed);
        let observer = Arc::new(move |record| feed.push(Event::Requested(record)));
        let client = Client::new(url.clone(), Arc::clone(&key), self.secrets.clone(), observer, self.pacing.clone())
            .map_err(OpenError::Api)?;
        if test {
            client.probe().await.map_err(OpenError::Api)?;
        }
        let mut live = lock(&self.live);
        if self.generation.load(Ordering::SeqCst) == generation {
            *live = Some(Live { client, key, demo });
        }
        Ok(url)
    }

    async fn start_demo(&self) -> Result<(Demo, ApiUrl, Arc<ApiKey>), OpenError> {
        let broken = |error: &dyn std::fmt::Display| OpenError::Demo(error.to_string());
        let demo = Demo::start(self.demo.clone()).await.map_err(|error| broken(&error))?;
        // Its record of requests is for tests: it holds what was posted, credentials of a bucket too, and only grows.
        demo.world().remember_requests(0);
        let url = ApiUrl::parse(demo.url()).map_err(|error| broken(&error))?;
        let key = ApiKey::clean(demo.key()).map_err(|error| broken(&error))?.key;
        Ok((demo, url, Arc::new(key)))
    }

    async fn read_key(&self, account: &str) -> Result<Arc<ApiKey>, OpenError> {
        let read = in_time(|done| self.vault.read(account, done)).await;
        match read.map_err(OpenError::Vault)? {
            Some(key) => Ok(Arc::new(key)),
            None => Err(OpenError::NoKey),
        }
    }

    /// Writes the open session's key to the keyring.
    pub(super) async fn keep_key(&self, account: &str) -> Result<(), VaultError> {
        let key = lock(&self.live).as_ref().map(|live| Arc::clone(&live.key));
        let Some(key) = key else { return Err(VaultError::Other("no session is open".to_owned())) };
        in_time(|done| self.vault.write(account, &key, done)).await
    }

    pub(super) async fn forget_key(&self, account: &str) -> Result<(), VaultError> {
        in_time(|done| self.vault.delete(account, done)).await
    }
}

type Done<T> = Box<dyn FnOnce(Result<T, VaultError>) + Send>;

/// Waits for a keyring call up to the deadline. The call has a thread of its own, which nobody waits for afterwards.
async fn in_time<T: Send + 'static>(call: impl FnOnce(Done<T>)) -> Result<T, VaultError> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    call(Box::new(move |result| {
        // The receiver is gone when the person cancelled or the deadline passed.
        let _late = sender.send(result);
    }));
    match tokio::time::timeout(KEYRING_DEADLINE, receiver).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(VaultError::Other("the keyring call ended without an answer".to_owned())),
        Err(_) => Err(VaultError::TimedOut),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sessions() -> Sessions {
        let vault = Vault::with_store(keyring_core::mock::Store::new().unwrap());
        let (feed, _inbox) = Feed::new(Arc::new(|| {}));
        Sessions::new(vault, None, KnownSecrets::default(), DemoOptions::default(), Pacing::default(), feed)
    }

    #[tokio::test]
    async fn the_demo_of_the_app_keeps_no_record_of_what_was_sent() {
        let sessions = sessions();
        let url = ApiUrl::parse(ApiUrl::DEFAULT).unwrap();
        sessions.open(sessions.next_generation(), url, KeyFrom::Demo, false).await.unwrap();
        sessions.client().unwrap().list_services().await.unwrap();
        let live = lock(&sessions.live);
        assert!(live.as_ref().unwrap().demo.as_ref().unwrap().world().requests().is_empty());
    }

    #[tokio::test]
    async fn without_a_session_no_key_is_said_to_be_kept() {
        assert!(matches!(sessions().keep_key("account").await, Err(VaultError::Other(_))));
    }
}
