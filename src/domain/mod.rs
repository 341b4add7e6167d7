//! Facts of SkySQL backups, free of any outside world.
//!
//! Owns: ids, backups, schedules, restores, services, times, zones, sizes, what the documents say about types.
//! May import: `std`, `jiff`, `compact_str`, `thiserror`, `serde` derives for what settings and journal keep; `url`, which is pure.
//! Must never: know egui, tokio, reqwest or another module; read a clock (`now` is an argument).

mod api_time;
mod api_url;
mod backup;
mod change_record;
mod changed_row;
mod clock_change;
mod days;
mod format;
mod ids;
mod json;
mod replication;
mod restore;
mod rules;
mod schedule;
mod seen;
mod service;
mod sighting;
mod version;
mod words;
mod zone;

pub use api_time::ApiTime;
pub use api_url::{ApiUrl, ApiUrlError};
pub use backup::Backup;
pub use change_record::{ChangeRecord, RecordedKind, RecordedOutcome};
pub use changed_row::ChangedRow;
pub use clock_change::ClockChange;
pub use format::{
    and_list, format_ago, format_bytes, format_count, format_duration, format_length, format_span, format_until,
    is_control_or_bidi, is_invisible, joined_list, push_bytes_text, push_duration_text, push_number,
    sanitize_for_display, sanitize_lines, short_count_text, shorten_middle,
};
pub use ids::{BackupId, RestoreId, ScheduleId, ServiceId};
pub use json::json_string_length;
pub use replication::{BinlogFile, GtidPosition};
pub use restore::{RestorableRange, Restore, RestoreTarget};
pub use rules::{BINARY_LOGS_KEPT, RETENTION, is_on_azure, server_series, snapshots_only, type_line};
pub use schedule::{Recurrence, Schedule};
pub use seen::{Poll, PolledList, ScheduleVersion, Seen, SeenCounts};
pub use service::Service;
pub use sighting::{SeenState, Sighting};
pub use version::Version;
pub use words::{BackupType, Status, StatusKind};
pub use zone::{Zone, offset_text, zone_names};

/// Short text: up to 24 bytes live in place, so that a million rows of words cost no allocation each.
pub type Text = compact_str::CompactString;
