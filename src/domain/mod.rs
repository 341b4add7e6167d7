//! Facts and rules of SkySQL backups, free of any outside world.
//!
//! Owns: ids, backups, schedules, services, moments, cron, sizes, secrets' types, the rules of a new schedule.
//! May import: `std`, `jiff`, `secrecy`, `zeroize`, `compact_str`, `thiserror`, `serde` derives for plain words kept in settings;
//! `serde_json` and `base64`, because the preview of a request has to be the very body that is sent; `url` and
//! `percent_encoding`, which are pure; `sha2` for the tag of a key.
//! Must never: know egui, tokio, reqwest or another module; read a clock (`now` is an argument).

mod api_key;
mod api_url;
mod backup;
mod cron;
mod cron_clocks;
mod cron_days;
mod cron_fix;
mod cron_pace;
mod cron_read;
mod cron_run;
mod cron_words;
#[cfg(test)]
mod cron_words_tests;
mod draft;
mod format;
mod ids;
mod json;
mod known_secrets;
mod moment;
mod new_schedule;
mod plan;
mod rules;
mod schedule;
mod service;
mod storage;
mod timetable;
mod when;
mod words;
mod zone;

pub use api_key::{ApiKey, CleanedKey, KEY_VARIABLE, KeyTag, KeyTextError};
pub use api_url::{ApiUrl, ApiUrlError, encode_component};
pub use backup::Backup;
pub use cron::{Cron, CronError, CronField, OfferedFix, Readings};
pub use cron_clocks::clock_sentence;
pub use cron_run::{DayRule, Pace, Reading};
pub use cron_words::{recurrence_sentence, zoned_recurrence_sentence};
pub use draft::{CredentialsInput, DraftField, FieldError, FieldFix, ScheduleDraft, SecretBuffer, StorageChoice};
pub use format::{
    format_ago, format_bytes, format_count, format_duration, format_until, is_control_or_bidi, is_invisible,
    push_bytes_text, push_duration_text, push_number, sanitize_for_display, sanitize_lines, short_count_text,
    shorten_middle,
};
pub use ids::{BackupId, ScheduleId, ServiceId};
pub use json::json_string_length;
pub use known_secrets::KnownSecrets;
pub use moment::ApiTime;
pub use new_schedule::{NewSchedule, SchedulePatch, Secrets};
pub use plan::{LocalClock, Plan, PlanError, PlanField, PlanZone, Repeat, Weekdays};
pub use rules::{TWO_READINGS, has_snapshots_only, type_line, warnings};
pub use schedule::{Recurrence, Schedule};
pub use service::Service;
pub use storage::{BucketKind, ExternalStorage, S3Field, StorageCredentials, StorageError};
pub use timetable::{NextRun, Run, Timetable, next_run};
pub use when::{Cadence, When, is_same_expression};
pub use words::{BackupType, Status, StatusKind};
pub use zone::{Zone, offset_text};

/// Short text: up to 24 bytes live in place, so that a million rows of words cost no allocation each.
pub type Text = compact_str::CompactString;
