//! The rows of responses: which key of the JSON fills which fact. One table per row, one way of reading them all.
//!
//! Keys may be missing or unknown; a field of an unexpected type goes among the unknown ones; a row that says one thing twice is no
//! row; a JSON array never stands for an object.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use super::fields::{Field, TypeMismatch, Volume};
use super::redact::shown_value;
use crate::domain::{
    ApiTime, Backup, BackupId, BackupType, Recurrence, RestorableRange, Restore, RestoreId, RestoreTarget, Schedule,
    ScheduleId, Service, ServiceId, Status, Text,
};
use crate::rows::Record;

/// A fact that comes in lists.
pub trait ApiRecord: Record {
    /// The key of the list in a page object.
    const LIST: &'static str;
    /// The key of the count in a page object.
    const COUNT: &'static str;
    /// Its rows may hold what was sent to create them.
    const MAY_ECHO: bool;

    /// True where the row will hardly change any more, so that a light refresh need not fetch it.
    fn is_final(&self) -> bool {
        false
    }

    /// Reads a row from the entries of its object. Fails for one with two values of the same name: nobody can tell which of them is
    /// meant.
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error>;
}

/// Reads a row: an object, and nothing else.
pub(super) struct RowVisitor<R>(pub(super) PhantomData<R>);

impl<'de, R: ApiRecord> Visitor<'de> for RowVisitor<R> {
    type Value = R;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<R, A::Error> {
        R::read(entries)
    }
}

/// The key of an entry; borrowed unless it has escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// The fields without a place, growing into one JSON object.
#[derive(Default)]
struct Unknown(String);

/// The longest value kept of a field that this app does not know, in bytes of JSON.
const LONGEST_UNKNOWN: usize = 16 * 1024;

impl Unknown {
    fn push(&mut self, key: &str, value: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        // A text always has a JSON form.
        self.0.push_str(&serde_json::to_string(key).unwrap_or_default());
        self.0.push(':');
        let is_kept = value.len() <= LONGEST_UNKNOWN;
        let value = if is_kept { shown_value(key, value) } else { format!("\"{} bytes, not kept\"", value.len()) };
        self.0.push_str(&value);
    }

    fn finish(mut self) -> Option<Box<str>> {
        if self.0.is_empty() {
            return None;
        }
        self.0.push('}');
        Some(self.0.into_boxed_str())
    }
}

/// `"key": Type => field` fills the field; `or "key": Type => field` fills it only while it is empty. Fields without a place go into
/// `unknown`, or are dropped where a row has no such field.
macro_rules! wire_row {
    (
        $row:ident as $list:literal, $count:literal, may_echo: $may_echo:literal
        $(, is_final: $is_final:path)? $(, unknown: $unknown:ident)? {
            $($key:literal: $kind:ty => $field:ident,)*
            $(or $old_key:literal: $old_kind:ty => $old_field:ident,)*
        }
    ) => {
        impl ApiRecord for $row {
            const LIST: &'static str = $list;
            const COUNT: &'static str = $count;
            const MAY_ECHO: bool = $may_echo;

            $(fn is_final(&self) -> bool {
                $is_final(self)
            })?

            fn read<'de, A: MapAccess<'de>>(mut entries: A) -> Result<Self, A::Error> {
                let mut row = Self::default();
                let mut unknown = Unknown::default();
                // True once the key of this field has come.
                $(let mut $field = false;)*
                while let Some(Key(key)) = entries.next_key()? {
                    let json = entries.next_value::<&RawValue>()?.get();
                    let read = match &*key {
                        $($key => {
                            if std::mem::replace(&mut $field, true) {
                                return Err(serde::de::Error::duplicate_field($key));
                            }
                            <$kind>::from_json(json).map(|value| {
                                if let Some(value) = value {
                                    row.$field = value.into();
                                }
                            })
                        })*
                        $($old_key => <$old_kind>::from_json(json).map(|value| {
                            if row.$old_field.is_none() {
                                row.$old_field = value;
                            }
                        }),)*
                        _ => Err(TypeMismatch),
                    };
                    if let Err(TypeMismatch) = read {
                        unknown.push(&key, json);
                    }
                }
                $(row.$unknown = unknown.finish();)?
                Ok(row)
            }
        }
    };
}

wire_row! {
    Backup as "backups", "backups_count", may_echo: false, is_final: Backup::is_finished, unknown: unknown {
        "id": BackupId => id,
        "service_id": ServiceId => service_id,
        "service_name": Text => service_name,
        "type": BackupType => backup_type,
        "method": Text => method,
        "server_pod": Text => server_pod,
        "cloud_provider": Text => cloud_provider,
        "status": Status => status,
        "start_time": ApiTime => start_time,
        "end_time": ApiTime => end_time,
        "point_in_time": ApiTime => point_in_time,
        "reference_full_backup": Text => reference_full_backup,
        "binlog_file": Text => binlog_file,
        "binlog_position": Text => binlog_position,
        "binlog_gtid_position": Text => binlog_gtid_position,
        "disk_size": Text => disk_size,
        "disk_size_bytes": u64 => disk_size_bytes,
        "storage_bytes": u64 => storage_bytes,
        "is_external_storage": bool => is_external_storage,
        or "backup_size": u64 => storage_bytes,
    }
}

wire_row! {
    Schedule as "schedules", "schedules_count", may_echo: true, unknown: unknown {
        "id": ScheduleId => id,
        "service_id": ServiceId => service_id,
        "service_name": Text => service_name,
        "type": BackupType => backup_type,
        "schedule": Recurrence => recurrence,
        "status": Status => status,
        "message": Text => message,
        "suspended": bool => suspended,
        "cloud_provider": Text => cloud_provider,
        "created_at": ApiTime => created_at,
        "updated_at": ApiTime => updated_at,
        "scheduled_at": ApiTime => scheduled_at,
        "labels": Box<str> => labels,
    }
}

wire_row! {
    Restore as "restores", "restores_count", may_echo: true, unknown: unknown {
        "id": RestoreId => id,
        "service_id": ServiceId => service_id,
        "service_name": Text => service_name,
        "backup_id": BackupId => backup_id,
        "bucket": Text => bucket,
        "type": BackupType => backup_type,
        "status": Status => status,
        "message": Text => message,
        "created_at": ApiTime => created_at,
        or "key": BackupId => backup_id,
    }
}

wire_row! {
    RestoreTarget as "services", "services_count", may_echo: false {
        "service_id": ServiceId => service_id,
        "service_name": Text => service_name,
    }
}

wire_row! {
    RestorableRange as "services", "services_count", may_echo: false {
        "service_id": ServiceId => service_id,
        "service_name": Text => service_name,
        "start_time": ApiTime => start_time,
        "end_time": ApiTime => end_time,
    }
}

wire_row! {
    // A service of `GET /provisioning/v1/services`, as far as a picker needs it.
    Service as "services", "services_count", may_echo: false {
        "id": ServiceId => id,
        "name": Text => name,
        "status": Text => status,
        "provider": Text => provider,
        "region": Text => region,
        "topology": Text => topology,
        "version": Text => version,
        "fqdn": Text => fqdn,
        "storage_volume": Volume => storage_gb,
    }
}
