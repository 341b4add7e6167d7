//! Backups in columns.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::ids::Ids;
use super::numbers::Numbers;
use super::sightings::Sightings;
use super::times::Times;
use super::words::Words;
use super::{Cells, Chunk, Facts, Record};
use crate::domain::{ApiTime, Backup, BackupId, BackupType, ServiceId, Status, StatusKind, Text};

/// Some thousand backups, one vector for each field.
#[derive(Clone, Debug, Default)]
pub struct BackupChunk {
    ids: Ids,
    service_ids: Words,
    service_names: Words,
    backup_types: Words,
    methods: Words,
    server_pods: Words,
    cloud_providers: Words,
    statuses: Words,
    start_times: Times,
    end_times: Times,
    points_in_time: Times,
    reference_full_backups: Ids,
    binlog_files: Words,
    binlog_positions: Numbers,
    binlog_gtid_positions: Words,
    disk_sizes: Words,
    disk_size_bytes: Numbers,
    storage_bytes: Numbers,
    /// 0 for none, 1 for no, 2 for yes.
    is_external_storage: Vec<u8>,
    sightings: Sightings,
    unknown: BTreeMap<usize, Box<str>>,
    /// Rows with a value that its column cannot hold.
    odd: BTreeMap<usize, Box<Backup>>,
}

impl BackupChunk {
    fn kind(&self, at: usize) -> StatusKind {
        self.statuses.get(at).map_or(StatusKind::Other, StatusKind::of)
    }

    /// The columns of what filters and sums look at.
    #[must_use]
    pub fn fact_columns(&self) -> FactColumns<'_> {
        FactColumns {
            service_ids: &self.service_ids,
            service_names: &self.service_names,
            backup_types: &self.backup_types,
            statuses: &self.statuses,
            chunk: self,
        }
    }

    /// The row, but for what only rows that are kept whole have.
    fn plain_row(&self, at: usize) -> Backup {
        let words = |words: &Words| words.get(at).map(Text::from);
        let digits = |numbers: &Numbers| {
            let mut text = String::new();
            crate::domain::push_number(&mut text, numbers.get(at)?);
            Some(Text::from(text))
        };
        Backup {
            id: BackupId::new(self.ids.get(at, &self.service_ids, &self.server_pods).unwrap_or_default()),
            service_id: words(&self.service_ids).map(ServiceId::new),
            service_name: words(&self.service_names),
            backup_type: self.backup_types.get(at).map(BackupType::from_word),
            method: words(&self.methods),
            server_pod: words(&self.server_pods),
            cloud_provider: words(&self.cloud_providers),
            status: words(&self.statuses).map(Status::new),
            start_time: self.start_times.get(at),
            end_time: self.end_times.get(at),
            point_in_time: self.points_in_time.get(at),
            reference_full_backup: self.reference_full_backups.get(at, &self.service_ids, &self.server_pods),
            binlog_file: words(&self.binlog_files),
            binlog_position: digits(&self.binlog_positions),
            binlog_gtid_position: words(&self.binlog_gtid_positions),
            disk_size: words(&self.disk_sizes),
            disk_size_bytes: self.disk_size_bytes.get(at),
            storage_bytes: self.storage_bytes.get(at),
            is_external_storage: self.is_external_storage.get(at).and_then(|flag| match flag {
                0 => None,
                flag => Some(*flag == 2),
            }),
            unknown: self.unknown.get(&at).cloned(),
            sighting: self.sightings.get(at),
        }
    }
}

/// The columns of a chunk that [`Facts`] come from, for work on many rows at once: rows of one code have one word.
#[derive(Clone, Copy, Debug)]
pub struct FactColumns<'a> {
    /// Ids of services.
    pub service_ids: &'a Words,
    /// Names of services.
    pub service_names: &'a Words,
    /// Backup types as the API writes them.
    pub backup_types: &'a Words,
    /// Status words.
    pub statuses: &'a Words,
    chunk: &'a BackupChunk,
}

impl FactColumns<'_> {
    /// When a backup began, in seconds since 1970.
    #[must_use]
    pub fn start(&self, at: usize) -> Option<i64> {
        self.chunk.second(at)
    }

    /// When a backup ended, in seconds since 1970.
    #[must_use]
    pub fn end(&self, at: usize) -> Option<i64> {
        if self.chunk.end_times.is_odd(at) {
            return self.chunk.facts(at)?.end.map(Timestamp::as_second);
        }
        self.chunk.end_times.second(at).map(i64::from)
    }

    /// The [`id_tag`](super::id_tag) of a backup.
    #[must_use]
    pub fn id_tag(&self, at: usize) -> u16 {
        self.chunk.ids.tag(at)
    }

    /// How many bytes a backup is stored in, below 2^64 - 2.
    #[must_use]
    pub fn storage_bytes(&self, at: usize) -> Option<u64> {
        self.chunk.storage_bytes.get(at)
    }
}

impl Chunk<Backup> for BackupChunk {
    fn len(&self) -> usize {
        self.is_external_storage.len()
    }

    fn push(&mut self, row: Backup) {
        let at = self.len();
        let service = row.service_id.as_ref().map(ServiceId::as_str);
        let pod = row.server_pod.as_deref();
        self.ids.push(Some(row.id.as_str()), service, pod);
        self.reference_full_backups.push(row.reference_full_backup.as_deref(), service, pod);
        self.service_ids.push(service);
        self.service_names.push(row.service_name.as_deref());
        self.backup_types.push(row.backup_type.as_ref().map(BackupType::as_api_str));
        self.methods.push(row.method.as_deref());
        self.server_pods.push(pod);
        self.cloud_providers.push(row.cloud_provider.as_deref());
        self.statuses.push(row.status.as_ref().map(Status::as_str));
        self.binlog_files.push(row.binlog_file.as_deref());
        self.binlog_gtid_positions.push(row.binlog_gtid_position.as_deref());
        self.disk_sizes.push(row.disk_size.as_deref());
        self.is_external_storage.push(row.is_external_storage.map_or(0, |flag| 1 + u8::from(flag)));
        let is_plain = [
            self.start_times.push(row.start_time.as_ref()),
            self.end_times.push(row.end_time.as_ref()),
            self.points_in_time.push(row.point_in_time.as_ref()),
            self.binlog_positions.push_digits(row.binlog_position.as_deref()),
            self.disk_size_bytes.push(row.disk_size_bytes),
            self.storage_bytes.push(row.storage_bytes),
            self.sightings.push(at, row.sighting.as_ref()),
            // A type that was not read from a word, but made to look like a known one.
            row.backup_type.as_ref().is_none_or(|kind| BackupType::from_word(kind.as_api_str()) == *kind),
        ];
        if is_plain != [true; 8] {
            self.odd.insert(at, Box::new(row));
        } else if let Some(unknown) = row.unknown {
            self.unknown.insert(at, unknown);
        }
    }

    fn seal(&mut self) {
        for words in [
            &mut self.service_ids,
            &mut self.service_names,
            &mut self.backup_types,
            &mut self.methods,
            &mut self.server_pods,
            &mut self.cloud_providers,
            &mut self.statuses,
            &mut self.binlog_files,
            &mut self.binlog_gtid_positions,
            &mut self.disk_sizes,
        ] {
            words.seal();
        }
        for times in [&mut self.start_times, &mut self.end_times, &mut self.points_in_time] {
            times.seal();
        }
        for numbers in [&mut self.binlog_positions, &mut self.disk_size_bytes, &mut self.storage_bytes] {
            numbers.seal();
        }
        self.ids.seal();
        self.reference_full_backups.seal();
        self.sightings.seal();
        self.is_external_storage.shrink_to_fit();
    }

    fn get(&self, at: usize) -> Option<Backup> {
        if at >= self.len() {
            return None;
        }
        let odd = self.odd.get(&at).map(|row| Backup::clone(row));
        Some(odd.unwrap_or_else(|| self.plain_row(at)))
    }

    fn id(&self, at: usize) -> Option<Text> {
        self.ids.get(at, &self.service_ids, &self.server_pods)
    }

    fn has_id(&self, at: usize, id: &str) -> bool {
        self.ids.is(at, id, &self.service_ids, &self.server_pods)
    }

    fn second(&self, at: usize) -> Option<i64> {
        if self.start_times.is_odd(at) {
            return self.facts(at)?.at.map(Timestamp::as_second);
        }
        self.start_times.second(at).map(i64::from)
    }

    fn facts(&self, at: usize) -> Option<Facts<'_>> {
        if at >= self.len() {
            return None;
        }
        if let Some(row) = self.odd.get(&at) {
            return Some(row.facts());
        }
        let bytes = match self.storage_bytes.get(at) {
            Some(0) => Backup::known_size(self.kind(at), Some(0)),
            bytes => bytes,
        };
        Some(Facts {
            status: self.statuses.get(at).unwrap_or_default(),
            backup_type: self.backup_types.get(at).unwrap_or_default(),
            service_id: self.service_ids.get(at).unwrap_or_default(),
            service_name: self.service_names.get(at),
            at: self.start_times.instant(at),
            end: self.end_times.instant(at),
            bytes,
            suspended: false,
            state: self.sightings.state(at),
        })
    }

    fn cells(&self, key: &str) -> Cells<'_> {
        let (services, pods) = (&self.service_ids, &self.server_pods);
        match key {
            "id" => Cells::Ids { ids: &self.ids, services, pods },
            "reference_full_backup" => Cells::Ids { ids: &self.reference_full_backups, services, pods },
            "service_name" => Cells::Service { ids: services, names: &self.service_names },
            "service_id" => Cells::Words(services),
            "type" => Cells::Words(&self.backup_types),
            "method" => Cells::Words(&self.methods),
            "server_pod" => Cells::Words(pods),
            "cloud_provider" => Cells::Words(&self.cloud_providers),
            "status" => Cells::Words(&self.statuses),
            "start_time" => Cells::Times(&self.start_times),
            "end_time" => Cells::Times(&self.end_times),
            "point_in_time" => Cells::Times(&self.points_in_time),
            "duration" => Cells::Spans { start: &self.start_times, end: &self.end_times },
            "binlog_file" => Cells::Words(&self.binlog_files),
            "binlog_position" => Cells::Digits(&self.binlog_positions),
            "binlog_gtid_position" => Cells::Words(&self.binlog_gtid_positions),
            "disk_size" => Cells::Words(&self.disk_sizes),
            "disk_size_bytes" => Cells::Sizes(&self.disk_size_bytes),
            "storage_bytes" => Cells::Sizes(&self.storage_bytes),
            "is_external_storage" => Cells::Flags(&self.is_external_storage),
            key => self.sightings.cells(key),
        }
    }
}

impl Record for Backup {
    type Chunk = BackupChunk;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn facts(&self) -> Facts<'_> {
        Facts {
            status: self.status.as_ref().map_or("", Status::as_str),
            backup_type: self.backup_type.as_ref().map_or("", BackupType::as_api_str),
            service_id: self.service_id.as_ref().map_or("", ServiceId::as_str),
            service_name: self.service_name.as_deref(),
            at: self.start_time.as_ref().and_then(ApiTime::at),
            end: self.end_time.as_ref().and_then(ApiTime::at),
            bytes: self.stored_size(),
            suspended: false,
            state: self.sighting.map_or("", |sighting| sighting.state.name()),
        }
    }
}
