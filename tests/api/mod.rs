//! The client against a server whose every byte is scripted: what it sends, what it makes of responses, how often it asks.

mod access;
mod backups;
mod decode;
mod errors;
mod light_refresh;
mod pages_at_once;
mod paging;
mod preview;
mod restores;
mod retry;
mod schedules;
mod services;
pub(crate) mod transport;
mod update;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use skybackup::api::{Access, Client, ClientEvent, ClientLimits, RequestRecord};
use skybackup::domain::ApiUrl;
use skybackup::secrets::{ApiKey, KnownSecrets};

pub(crate) const KEY: &str = "skysql.1a2b3c.0123456789abcdefghijklmnopqrstuv";

/// A client and the records of its attempts.
pub(crate) struct Bench {
    pub(crate) client: Client,
    records: Arc<Mutex<Vec<RequestRecord>>>,
}

impl Bench {
    pub(crate) fn new(url: &str) -> Self {
        Self::with(url, quick())
    }

    pub(crate) fn with(url: &str, pacing: ClientLimits) -> Self {
        let records = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&records);
        let observer = Arc::new(move |notice| {
            if let ClientEvent::Request(record) = notice {
                kept.lock().unwrap().push(record);
            }
        });
        let key = Arc::new(ApiKey::clean(KEY).unwrap().key);
        let (url, secrets) = (ApiUrl::parse(url).unwrap(), KnownSecrets::default());
        let client = Client::new(url, key, Access::Full, secrets, observer, pacing).unwrap();
        Self { client, records }
    }

    pub(crate) fn records(&self) -> Vec<RequestRecord> {
        self.records.lock().unwrap().clone()
    }
}

/// The app's limits with short waits between repeats.
pub(crate) fn quick() -> ClientLimits {
    ClientLimits {
        backoff_first: Duration::from_millis(1),
        backoff_cap: Duration::from_millis(4),
        attempt: Duration::from_mins(1),
        ..ClientLimits::default()
    }
}

/// Limits under which a silent server is given up soon.
pub(crate) fn impatient() -> ClientLimits {
    ClientLimits { attempt: Duration::from_secs(1), connect: Duration::from_secs(1), ..quick() }
}
