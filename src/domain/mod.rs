//! Facts and rules of SkySQL backups, free of any outside world.
//!
//! Owns: ids, backups, schedules, services, moments, cron, sizes, secrets' types, the rules of a new schedule.
//! May import: `std`, `jiff`, `secrecy`, `zeroize`, `compact_str`, `serde` derives for plain words kept in settings.
//! Must never: know egui, tokio, reqwest or another room; read a clock (`now` is an argument).

mod backup;
mod ids;
mod moment;
mod schedule;
mod service;
mod words;
mod zone;

pub use backup::Backup;
pub use ids::{BackupId, ScheduleId, ServiceId};
pub use moment::Moment;
pub use schedule::{Recurrence, Schedule};
pub use service::Service;
pub use words::{BackupType, Status, StatusKind};
pub use zone::Zone;

/// Short text: up to 24 bytes live in place, so that a million rows of words cost no allocation each.
pub type Text = compact_str::CompactString;
