//! Lists too short to gain from columns: their rows as they are.

use super::{Cells, Chunk, Facts, Record};
use crate::domain::{
    ApiTime, BackupType, RestorableRange, Restore, RestoreTarget, Schedule, Service, ServiceId, Status, Text,
};

/// Rows one after the other.
#[derive(Clone, Debug)]
pub struct PlainChunk<R>(Vec<R>);

impl<R> Default for PlainChunk<R> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<R: Record> Chunk<R> for PlainChunk<R> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn push(&mut self, row: R) {
        self.0.push(row);
    }

    fn seal(&mut self) {
        self.0.shrink_to_fit();
    }

    fn get(&self, at: usize) -> Option<R> {
        self.0.get(at).cloned()
    }

    fn id(&self, at: usize) -> Option<Text> {
        self.0.get(at).map(|row| row.id().into())
    }

    fn has_id(&self, at: usize, id: &str) -> bool {
        self.0.get(at).is_some_and(|row| row.id() == id)
    }

    fn facts(&self, at: usize) -> Option<Facts<'_>> {
        self.0.get(at).map(R::facts)
    }

    fn cells(&self, _key: &str) -> Cells<'_> {
        Cells::InRows
    }
}

impl Record for Schedule {
    type Chunk = PlainChunk<Self>;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn facts(&self) -> Facts<'_> {
        Facts {
            status: self.status.as_ref().map_or("", Status::as_str),
            backup_type: self.backup_type.as_ref().map_or("", BackupType::as_api_str),
            service_id: self.service_id.as_ref().map_or("", ServiceId::as_str),
            service_name: self.service_name.as_deref(),
            at: self.created_at.as_ref().and_then(ApiTime::at),
            suspended: self.is_suspended(),
            ..Facts::default()
        }
    }
}

impl Record for Restore {
    type Chunk = PlainChunk<Self>;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn facts(&self) -> Facts<'_> {
        Facts {
            status: self.status.as_ref().map_or("", Status::as_str),
            backup_type: self.backup_type.as_ref().map_or("", BackupType::as_api_str),
            service_id: self.service_id.as_ref().map_or("", ServiceId::as_str),
            service_name: self.service_name.as_deref(),
            at: self.created_at.as_ref().and_then(ApiTime::at),
            ..Facts::default()
        }
    }
}

impl Record for RestoreTarget {
    type Chunk = PlainChunk<Self>;

    fn id(&self) -> &str {
        self.service_id.as_str()
    }

    fn facts(&self) -> Facts<'_> {
        Facts { service_id: self.id(), service_name: self.service_name.as_deref(), ..Facts::default() }
    }
}

impl Record for RestorableRange {
    type Chunk = PlainChunk<Self>;

    fn id(&self) -> &str {
        self.service_id.as_str()
    }

    fn facts(&self) -> Facts<'_> {
        Facts { service_id: self.id(), service_name: self.service_name.as_deref(), ..Facts::default() }
    }
}

impl Record for Service {
    type Chunk = PlainChunk<Self>;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn facts(&self) -> Facts<'_> {
        Facts { service_id: self.id.as_str(), service_name: self.name.as_deref(), ..Facts::default() }
    }
}
