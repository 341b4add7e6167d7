//! A SkySQL look-alike: real HTTP on 127.0.0.1, stateful, seeded, its world made relative to the moment it starts.
//!
//! `--demo` signs in to it, and the tests talk to it. It owns its own small world (services, schedules, backups, restores), its own
//! reading of cron and its own JSON, so that it can disagree with the client: it may import std, tokio, axum, serde and
//! jiff, and must never import another module of this crate.
//!
//! | file | what it is |
//! | --- | --- |
//! | `server` | the listener |
//! | `routes`, `routes_*` | the routes, and one file for each family of them |
//! | `answer`, `body` | refusals, the pages of lists, and the bodies of requests |
//! | `world` | the state, brought up to date for each request |
//! | `seed`, `make`, `bulk` | how the default world and a world of any size come to be |
//! | `past` | the year before the default world, for the history |
//! | `rows`, `restores` | services, schedules, backups and restores, and their JSON |

mod answer;
mod body;
mod bulk;
mod cron;
mod make;
mod past;
mod restores;
mod routes;
mod routes_backups;
mod routes_restores;
mod routes_schedules;
mod routes_services;
mod rows;
mod seed;
mod server;
mod world;

#[cfg(test)]
mod http_tests;
#[cfg(test)]
mod past_tests;
#[cfg(test)]
mod restore_tests;

use jiff::Timestamp;
use tokio::task::AbortHandle;

pub use past::{Past, PastChange, PastChangeKind, PastListing};
pub use routes::router;
use routes::router_of;
use world::SharedWorld;

/// A running demo service. Dropping it closes the listener and every connection that is idle.
#[derive(Debug)]
pub struct Demo {
    /// The base URL, such as `http://127.0.0.1:40321`; no slash at the end.
    pub url: String,
    /// The only `X-API-Key` that is accepted; a new one for each run. It opens nothing else.
    pub key: String,
    /// The year before it began; a world of another size has none.
    pub past: Option<Past>,
    server: AbortHandle,
}

impl Demo {
    /// Starts the service on a free port of 127.0.0.1, on the tokio runtime it is called from, with a world of that many
    /// `backups` (see [`router`]) and the time of `clock`. Fails where no port can be had.
    pub async fn start(backups: usize, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> std::io::Result<Self> {
        let key = random_key();
        let world = SharedWorld::new(backups, clock);
        let past = world.past();
        let (port, server) = server::start(router_of(world, &key)).await?;
        Ok(Self { url: format!("http://127.0.0.1:{port}"), key, past, server })
    }
}

/// The year before a demo that begins at this moment.
#[cfg(test)]
pub(crate) fn past_at(now: Timestamp) -> Past {
    Past::new(now.as_second())
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A key that no other program of this computer can guess. The standard library's hashers are keyed by the system's randomness.
fn random_key() -> String {
    use std::hash::{BuildHasher as _, RandomState};
    let random: [u64; 4] = std::array::from_fn(|place| RandomState::new().hash_one(place));
    random.iter().fold("skysql.demo.".to_owned(), |key, part| format!("{key}{part:016x}"))
}
