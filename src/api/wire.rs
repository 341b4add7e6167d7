//! The rows of answers: which key of the JSON fills which fact. One table per row, one visitor for all of them.
//!
//! Keys may be missing or unknown; a row that says one thing twice is no row; a JSON array never stands for an object.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::fields::{Lenient, Volume, read_raw};
use super::redact::shown_value;
use crate::domain::{
    ApiTime, Backup, BackupId, BackupType, Recurrence, Schedule, ScheduleId, Service, ServiceId, Status, Text,
};

/// A row as it is in an answer.
pub(super) trait Wire: for<'de> Deserialize<'de> {
    /// The fact it becomes.
    type Row: ApiRecord;
    /// The key of the list in a page object.
    const LIST: &'static str;
    /// The key of the count in a page object.
    const COUNT: &'static str;
    /// Its rows may hold what was sent to create them.
    const MAY_ECHO: bool;

    /// The fact.
    fn into_row(self) -> Self::Row;

    /// Reads a row field by field, so that a field of an unexpected type goes among the unknown ones. `None` for no object,
    /// and for one with two values of the same name: nobody can tell which of them is meant.
    fn decode_lenient(text: &str) -> Option<Self>;
}

/// A fact that comes in lists.
pub trait ApiRecord: Clone + Send + Sync + 'static {
    /// The id to tell rows apart by; empty where the answer gave none.
    fn key(&self) -> &str;

    /// Takes the fields that are not known, as one JSON object.
    #[doc(hidden)]
    fn keep_unknown(&mut self, _fields: Option<Box<str>>) {}
}

impl ApiRecord for Backup {
    fn key(&self) -> &str {
        self.id.as_str()
    }

    fn keep_unknown(&mut self, fields: Option<Box<str>>) {
        self.unknown = fields;
    }
}

impl ApiRecord for Schedule {
    fn key(&self) -> &str {
        self.id.as_str()
    }

    fn keep_unknown(&mut self, fields: Option<Box<str>>) {
        self.unknown = fields;
    }
}

impl ApiRecord for Service {
    fn key(&self) -> &str {
        self.id.as_str()
    }
}

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

/// A place in a row that a value can be put into.
trait Slot<T> {
    fn put(&mut self, value: T);
    fn is_free(&self) -> bool;
}

impl<T> Slot<T> for Option<T> {
    fn put(&mut self, value: T) {
        *self = Some(value);
    }

    fn is_free(&self) -> bool {
        self.is_none()
    }
}

macro_rules! id_slots {
    ($($id:ty),*) => {$(
        impl Slot<$id> for $id {
            fn put(&mut self, value: $id) {
                *self = value;
            }

            fn is_free(&self) -> bool {
                self.is_empty()
            }
        }
    )*};
}

id_slots!(BackupId, ScheduleId, ServiceId);

/// All keys and values of an object, in order, repeats included.
struct Entries<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor;

        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(entries)
            }
        }

        deserializer.deserialize_map(EntriesVisitor).map(Entries)
    }
}

/// The entries of a JSON object; `None` for anything else.
pub(super) fn entries(text: &str) -> Option<Vec<(String, &RawValue)>> {
    serde_json::from_str::<Entries<'_>>(text).ok().map(|entries| entries.0)
}

/// `"key": Type => place` fills the place; `or name = "key": Type => place` fills it only while it is free.
macro_rules! wire_row {
    (
        $(#[$doc:meta])*
        $wire:ident($row:ident) as $list:literal, $count:literal, may_echo: $may_echo:literal {
            $($key:literal: $kind:ty => $field:ident,)*
            $(or $old:ident = $old_key:literal: $old_kind:ty => $old_field:ident,)*
        }
    ) => {
        $(#[$doc])*
        pub(super) struct $wire($row);

        impl<'de> Deserialize<'de> for $wire {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[expect(non_camel_case_types, reason = "one variant per field, named as the field")]
                enum Key {
                    $($field,)*
                    $($old,)*
                    Other(String),
                }

                struct KeyVisitor;

                impl Visitor<'_> for KeyVisitor {
                    type Value = Key;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a key")
                    }

                    fn visit_str<E>(self, key: &str) -> Result<Key, E> {
                        Ok(match key {
                            $($key => Key::$field,)*
                            $($old_key => Key::$old,)*
                            other => Key::Other(other.to_owned()),
                        })
                    }
                }

                impl<'de> Deserialize<'de> for Key {
                    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                        deserializer.deserialize_identifier(KeyVisitor)
                    }
                }

                struct RowVisitor;

                impl<'de> Visitor<'de> for RowVisitor {
                    type Value = $wire;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<$wire, A::Error> {
                        let mut row = $row::default();
                        let mut unknown = Unknown::default();
                        // True once the key of this field has come.
                        $(let mut $field = false;)*
                        while let Some(key) = map.next_key::<Key>()? {
                            match key {
                                $(Key::$field => {
                                    if std::mem::replace(&mut $field, true) {
                                        return Err(serde::de::Error::duplicate_field($key));
                                    }
                                    if let Some(value) = map.next_value_seed(Lenient::<$kind>::new())? {
                                        row.$field.put(value.into());
                                    }
                                })*
                                $(Key::$old => {
                                    let value = map.next_value_seed(Lenient::<$old_kind>::new())?;
                                    if let Some(value) = value && row.$old_field.is_free() {
                                        row.$old_field.put(value.into());
                                    }
                                })*
                                Key::Other(key) => unknown.push(&key, map.next_value::<&RawValue>()?.get()),
                            }
                        }
                        row.keep_unknown(unknown.finish());
                        Ok($wire(row))
                    }
                }

                deserializer.deserialize_map(RowVisitor)
            }
        }

        impl Wire for $wire {
            type Row = $row;
            const LIST: &'static str = $list;
            const COUNT: &'static str = $count;
            const MAY_ECHO: bool = $may_echo;

            fn into_row(self) -> $row {
                self.0
            }

            fn decode_lenient(text: &str) -> Option<Self> {
                let mut row = $row::default();
                let mut unknown = Unknown::default();
                $(let mut $field = false;)*
                for (key, raw) in entries(text)? {
                    match key.as_str() {
                        $($key if std::mem::replace(&mut $field, true) => return None,)*
                        $($key => match read_raw::<$kind>(raw) {
                            Ok(Some(value)) => row.$field.put(value.into()),
                            Ok(None) => {}
                            Err(_odd) => unknown.push(&key, raw.get()),
                        },)*
                        $($old_key => match read_raw::<$old_kind>(raw) {
                            Ok(Some(value)) if row.$old_field.is_free() => row.$old_field.put(value.into()),
                            Ok(_) => {}
                            Err(_odd) => unknown.push(&key, raw.get()),
                        },)*
                        _ => unknown.push(&key, raw.get()),
                    }
                }
                row.keep_unknown(unknown.finish());
                Some(Self(row))
            }
        }
    };
}

wire_row! {
    /// `Backup` of the API.
    WireBackup(Backup) as "backups", "backups_count", may_echo: false {
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
        or backup_size = "backup_size": u64 => storage_bytes,
    }
}

wire_row! {
    /// `Schedule` of the API.
    WireSchedule(Schedule) as "schedules", "schedules_count", may_echo: true {
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
    /// A service of `GET /provisioning/v1/services`, as far as a picker needs it.
    WireService(Service) as "services", "services_count", may_echo: false {
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
