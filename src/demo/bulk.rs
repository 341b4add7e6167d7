//! A world of any size: each row is made from its number when it is asked for, and none is kept.

use std::sync::Arc;

use super::make::{self, NewBackup, mix};
use super::rows::{BackupKind, BackupRow, ServiceRow};

/// A service and a status.
type Filter = (Option<String>, Option<String>);

/// The rows of a large world. Number 0 is the newest.
#[derive(Debug)]
pub(super) struct Bulk {
    now: i64,
    count: usize,
    services: Vec<ServiceRow>,
    /// The last filter that was asked for, and the numbers of the rows it lets through.
    last_filter: Option<(Filter, Arc<[u32]>)>,
}

/// The rows cover this much time up to now.
const SPAN_SECS: u64 = 90 * 86_400;
/// One backup of a service is full in every run of this length.
const FULL_EVERY: usize = 8;

impl Bulk {
    pub(super) fn new(now: i64, count: usize, services: Vec<ServiceRow>) -> Self {
        Self { now, count, services, last_filter: None }
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The services such a world has: the usual ones, and more of them in a large one.
    pub(super) fn grow_services(services: &mut Vec<ServiceRow>, count: usize) {
        let usual = services.clone();
        let wanted = usual.len() + (count / 5_000).min(186);
        for (number, pattern) in (1_u64..).zip(usual.iter().cycle()).take(wanted - usual.len()) {
            let mut service = pattern.clone();
            service.id =
                format!("dbp{}f{:08}", &pattern.provider.get(..1).unwrap_or("g"), mix(number, 31) % 100_000_000);
            service.name = format!("shard-{number:03}");
            service.status = "ready";
            services.push(service);
        }
    }

    /// The row with this number.
    pub(super) fn row(&self, number: usize) -> Option<BackupRow> {
        if number >= self.count {
            return None;
        }
        let service = self.services.get(number % self.services.len().max(1))?;
        let nth = number / self.services.len();
        let kind = match nth % FULL_EVERY {
            _ if service.is_snapshot_only() => BackupKind::Snapshot,
            7 => BackupKind::Full,
            3 => BackupKind::Dump,
            part if part % 2 == 0 => BackupKind::Incremental,
            _ => BackupKind::BinaryLog,
        };
        let full = number + (FULL_EVERY - 1 - nth % FULL_EVERY) * self.services.len();
        let reference = if kind == BackupKind::Incremental && full < self.count {
            make::backup_id(service, salt(full))
        } else {
            String::new()
        };
        let age_secs = 7200 + salt(number).saturating_mul(SPAN_SECS) / salt(self.count).max(1);
        let start = self.now - i64::try_from(age_secs).unwrap_or_default();
        let mut backup =
            make::backup(NewBackup { service, kind, start, schedule_id: None, salt: salt(number), reference });
        backup.end = backup.end.min(self.now - 60);
        backup.is_good = is_good(number);
        Some(backup)
    }

    /// The numbers of the rows that both filters let through, newest first.
    pub(super) fn matching(&mut self, service_id: Option<&str>, status: Option<&str>) -> Arc<[u32]> {
        let filter = (service_id.map(str::to_owned), status.map(str::to_owned));
        if let Some((last, places)) = &self.last_filter
            && *last == filter
        {
            return Arc::clone(places);
        }
        let places: Arc<[u32]> = (0..self.count)
            .filter(|number| {
                let service = self.services.get(number % self.services.len().max(1));
                let is_service = service_id.is_none_or(|id| service.is_some_and(|service| service.id == id));
                is_service && status.is_none_or(|word| word == if is_good(*number) { "Succeeded" } else { "Failed" })
            })
            .filter_map(|number| u32::try_from(number).ok())
            .collect();
        self.last_filter = Some((filter, Arc::clone(&places)));
        places
    }
}

fn is_good(number: usize) -> bool {
    !mix(salt(number), 32).is_multiple_of(37)
}

fn salt(number: usize) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::seed;

    const NOW: i64 = 1_789_430_400;

    fn bulk(count: usize) -> Bulk {
        let mut services = seed::seeded(NOW).services;
        Bulk::grow_services(&mut services, count);
        Bulk::new(NOW, count, services)
    }

    #[test]
    fn a_million_rows_cost_nothing_until_asked_for() {
        let bulk = bulk(1_000_000);
        assert_eq!(bulk.services.len(), 200);
        let (newest, oldest) = (bulk.row(0).unwrap(), bulk.row(999_999).unwrap());
        assert!(newest.start > oldest.start && newest.end < NOW);
        assert!(bulk.row(1_000_000).is_none());
        assert_eq!(bulk.row(12_345).unwrap().json(NOW), bulk.row(12_345).unwrap().json(NOW));
    }

    #[test]
    fn filters_agree_with_the_rows() {
        let mut bulk = bulk(5_000);
        let service_id = bulk.services[3].id.clone();
        let places = bulk.matching(Some(&service_id), Some("Failed"));
        let by_row: Vec<u32> = (0..5_000)
            .filter(|&number| {
                let row = bulk.row(number).unwrap();
                row.service_id == service_id && row.status(NOW) == "Failed"
            })
            .map(|number| u32::try_from(number).unwrap())
            .collect();
        assert!(!by_row.is_empty());
        assert_eq!(*places, *by_row);
        assert!(bulk.matching(None, None).iter().copied().eq(0..5_000));
        assert!(bulk.matching(None, Some("Running")).is_empty());
    }

    #[test]
    fn ids_differ_and_incrementals_name_a_full_backup() {
        let bulk = bulk(3_000);
        let rows: Vec<BackupRow> = (0..3_000).map(|number| bulk.row(number).unwrap()).collect();
        let ids: std::collections::HashMap<&str, &BackupRow> = rows.iter().map(|row| (row.id.as_str(), row)).collect();
        assert_eq!(ids.len(), rows.len());
        for row in rows.iter().filter(|row| !row.reference.is_empty()) {
            let full = ids[row.reference.as_str()];
            assert!(full.kind == BackupKind::Full && full.start < row.start && full.service_id == row.service_id);
        }
    }
}
