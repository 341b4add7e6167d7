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
//! | `state`, `world` | the state and its clock, and the handle that answers requests and that tests hold |
//! | `options` | what kind of world to make |
//! | `seed`, `make`, `bulk` | how the default world and a world of any size come to be |
//! | `rows` | services, schedules and backups, and their JSON |
//! | `routes_*` | one file per family of paths |

mod answer;
mod bulk;
mod cron;
mod faults;
mod make;
mod options;
mod response;
mod routes;
mod routes_backups;
mod routes_schedules;
mod routes_services;
mod rows;
mod seed;
mod server;
mod state;
mod world;

#[cfg(test)]
mod http_tests;

use jiff::Timestamp;
use tokio::task::AbortHandle;

pub use faults::{Fault, FaultScope, ServiceShape};
pub use options::DemoOptions;
pub use state::RecordedRequest;
pub use world::World;

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
