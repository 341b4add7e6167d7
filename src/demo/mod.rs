//! A SkySQL look-alike: real HTTP on 127.0.0.1, stateful, seeded, its world made relative to the moment it starts.
//!
//! `--demo` signs in to it, and the tests talk to it. It owns its own small world (services, schedules, backups), its own
//! reading of cron and its own JSON, so that it can disagree with the client: it may import std, tokio, axum, `serde_json`
//! and jiff, and must never import another module of this crate.
//!
//! | file | what it is |
//! | --- | --- |
//! | `server` | the listener, one handler, and the way to cut a connection |
//! | `faults` | what can be made to go wrong |
//! | `world` | the state, its clock, the handle for tests |
//! | `seed`, `make`, `bulk` | how the default world and a world of any size come to be |
//! | `rows` | services, schedules and backups, and their JSON |
//! | `routes_*` | one file per family of paths |

mod answer;
mod bulk;
mod cron;
mod faults;
mod make;
mod response;
mod routes;
mod routes_backups;
mod routes_schedules;
mod routes_services;
mod rows;
mod seed;
mod server;
mod world;

#[cfg(test)]
mod http_tests;

use jiff::Timestamp;
use tokio::task::AbortHandle;

pub use faults::{Fault, FaultScope, ServiceShape};
pub use world::{RecordedRequest, World};

/// What kind of world to make.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// How many backups the world has; 0 means the default world of 14 services and about 400 backups.
    pub backups: usize,
    /// The same seed and the same moment give the same world.
    pub seed: u64,
    /// How long each answer to a list takes, in milliseconds.
    pub page_delay_ms: u64,
    /// The only `X-API-Key` that is accepted; a new one for each run by default. It opens nothing else.
    pub key: String,
}

impl Default for DemoOptions {
    fn default() -> Self {
        Self { backups: 0, seed: 7, page_delay_ms: 0, key: random_key() }
    }
}

/// A key that no other program of this computer can guess. The standard library's hashers are keyed by the system's randomness.
fn random_key() -> String {
    use std::hash::{BuildHasher as _, RandomState};
    let random: [u64; 4] = std::array::from_fn(|place| RandomState::new().hash_one(place));
    random.iter().fold("skysql.demo.".to_owned(), |key, part| format!("{key}{part:016x}"))
}

/// A running demo service. Dropping it closes the listener at once and a connection at its next use.
#[derive(Debug)]
pub struct Demo {
    url: String,
    key: String,
    world: World,
    server: AbortHandle,
}

impl Demo {
    /// Starts the service on a free port of 127.0.0.1, on the tokio runtime it is called from. Fails where no port can be had.
    pub async fn start(options: DemoOptions) -> std::io::Result<Self> {
        Self::start_at(options, Timestamp::now()).await
    }

    /// As [`Demo::start`], with a world whose clock shows `now` at its start, and goes on from there.
    pub async fn start_at(options: DemoOptions, now: Timestamp) -> std::io::Result<Self> {
        let key = options.key.clone();
        Self::serve(World::running(options, now), key).await
    }

    /// As [`Demo::start`], with a world whose clock stands still at `now` and moves only by [`World::advance`].
    pub async fn start_frozen(options: DemoOptions, now: Timestamp) -> std::io::Result<Self> {
        let key = options.key.clone();
        Self::serve(World::frozen(options, now), key).await
    }

    async fn serve(world: World, key: String) -> std::io::Result<Self> {
        let (port, server) = server::start(world.clone()).await?;
        Ok(Self { url: format!("http://127.0.0.1:{port}"), key, world, server })
    }

    /// The base URL, such as `http://127.0.0.1:40321`; no slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The key it accepts.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The handle by which tests look into the world and disturb it.
    #[must_use]
    pub fn world(&self) -> World {
        self.world.clone()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.world.stop();
        self.server.abort();
    }
}
