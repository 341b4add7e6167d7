//! The state of the demo service, behind one lock.
//!
//! Time has no task of its own: whenever a request comes in, everything that was due since the last one happens first.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::Value;

use super::bulk::Bulk;
use super::cron::civil;
use super::make::{self, NewBackup, between, mix};
use super::past::Past;
use super::restores::{self, RestoreKind, RestoreRow};
use super::rows::{BackupKind, BackupRow, Life, ScheduleRow, ServiceRow};
use super::seed::{self, Seeded};

/// Schedules catch up at most this much after the clock has moved.
const MAX_CATCH_UP_SECS: i64 = 31 * 86_400;
/// How long binary logs are kept, and so how far back a moment can be restored.
const BINLOG_SECS: i64 = 4 * 86_400;

/// A handle on the world of a service; every clone is a handle on the same world.
#[derive(Clone)]
pub(super) struct SharedWorld(Arc<Mutex<World>>);

impl SharedWorld {
    /// A world that begins at what the clock shows, with that many backups; 0 means the default world.
    pub(super) fn new(backups: usize, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(Mutex::new(World::new(backups, Box::new(clock)))))
    }

    /// The year before the world began; a large world has none.
    pub(super) fn past(&self) -> Option<Past> {
        let world = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        world.bulk.is_none().then(|| Past::new(world.began_at))
    }

    /// The world as it is now. The lock is held only while a response is made.
    pub(super) fn lock(&self) -> MutexGuard<'_, World> {
        let mut world = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        world.catch_up();
        world
    }
}

/// The state of the service.
pub(super) struct World {
    pub(super) services: Vec<ServiceRow>,
    pub(super) schedules: Vec<ScheduleRow>,
    /// Oldest first.
    pub(super) restores: Vec<RestoreRow>,
    bulk: Option<Bulk>,
    /// In the order in which they were made.
    backups: Vec<BackupRow>,
    clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// Epoch seconds.
    began_at: i64,
    caught_up_to: i64,
    last_schedule_id: u64,
    last_restore_id: u64,
    last_salt: u64,
}

impl World {
    fn new(backup_count: usize, clock: Box<dyn Fn() -> Timestamp + Send + Sync>) -> Self {
        let now = clock().as_second();
        let Seeded { mut services, mut schedules, mut backups } = seed::seeded(now);
        let mut restores = restores::seeded(now, &services, &backups);
        let mut bulk = None;
        if backup_count > 0 {
            Bulk::grow_services(&mut services, backup_count);
            bulk = Some(Bulk::new(now, backup_count, services.clone()));
            backups.clear();
            restores.clear();
            // This number of rows and no more: only schedules created later add to them.
            schedules.retain(ScheduleRow::is_listed);
            for schedule in &mut schedules {
                schedule.life = Life::Idle;
            }
        }
        Self {
            services,
            schedules,
            restores,
            bulk,
            backups,
            clock,
            began_at: now,
            // What began in this very minute is not in the history: it is running.
            caught_up_to: now.div_euclid(60) * 60 - 1,
            last_schedule_id: 4351,
            last_restore_id: restores::LAST_SEEDED,
            last_salt: 2_000_000,
        }
    }

    /// The time up to which everything has happened.
    pub(super) fn now(&self) -> i64 {
        self.caught_up_to
    }

    pub(super) fn service(&self, id: &str) -> Option<&ServiceRow> {
        self.services.iter().find(|service| service.id == id)
    }

    /// The newest job of a schedule.
    pub(super) fn newest_job(&self, schedule_id: u64) -> Option<&BackupRow> {
        self.backups.iter().rev().find(|backup| backup.schedule_id == Some(schedule_id))
    }

    /// Whether a job of the schedule runs now.
    pub(super) fn is_busy(&self, schedule_id: u64) -> bool {
        let now = self.now();
        self.backups.iter().any(|backup| backup.schedule_id == Some(schedule_id) && backup.is_running(now))
    }

    /// The newest good full backup of a service that has finished.
    pub(super) fn newest_full(&self, service_id: &str) -> Option<String> {
        let now = self.now();
        let is_full = |backup: &BackupRow| {
            backup.service_id == service_id && backup.kind == BackupKind::Full && backup.is_good && backup.end <= now
        };
        let live = self.backups.iter().rev().find(|backup| is_full(backup)).map(|backup| backup.id.clone());
        live.or_else(|| {
            let bulk = self.bulk.as_ref()?;
            // Full backups are at most a few rounds of all services away.
            (0..bulk.len().min(4000)).filter_map(|number| bulk.row(number)).find(is_full).map(|row| row.id)
        })
    }

    /// A backup, by its id.
    pub(super) fn backup(&mut self, id: &str) -> Option<BackupRow> {
        if let Some(backup) = self.backups.iter().find(|backup| backup.id == id) {
            return Some(backup.clone());
        }
        let service_id = id.split(':').nth(1)?;
        let bulk = self.bulk.as_mut()?;
        let numbers = bulk.matching(Some(service_id), None);
        let mut rows = numbers.iter().filter_map(|number| bulk.row(usize::try_from(*number).ok()?));
        rows.find(|backup| backup.id == id)
    }

    /// From the first to the last good snapshot of a service in the last four days, where there are two.
    pub(super) fn snapshots(&self, service_id: &str) -> Option<(i64, i64)> {
        let now = self.now();
        let mut ends = self
            .backups
            .iter()
            .filter(|backup| backup.service_id == service_id && backup.kind == BackupKind::Snapshot && backup.is_good)
            .map(|backup| backup.start)
            .filter(|start| (now - BINLOG_SECS..now).contains(start));
        let first = ends.next()?;
        Some((first, ends.next_back()?))
    }

    /// Whether a restore into this service runs now, also one whose entry was deleted.
    pub(super) fn is_restoring(&self, service_id: &str) -> bool {
        let now = self.now();
        self.restores.iter().any(|restore| restore.service_id == service_id && restore.is_running(now))
    }

    /// Begins a restore; one of data files stops its target.
    pub(super) fn begin_restore(&mut self, restore: RestoreRow) {
        let target = self.services.iter_mut().find(|service| service.id == restore.service_id);
        if let Some(target) = target.filter(|_| restore.kind == RestoreKind::Physical) {
            target.status = "pending_modifying";
        }
        self.restores.push(restore);
    }

    /// The backups that both filters let through: how many, and the JSON of the one at a place, newest first.
    pub(super) fn backups(
        &mut self,
        service_id: Option<&str>,
        status: Option<&str>,
    ) -> (usize, impl Fn(usize) -> Option<Value>) {
        // First the kept rows, which are newer, then those that are made from their numbers.
        let numbers = self.bulk.as_mut().map(|bulk| bulk.matching(service_id, status)).unwrap_or_default();
        let (now, live, bulk) = (self.now(), self.live(service_id, status), &self.bulk);
        let total = live.len() + numbers.len();
        let row = move |place: usize| {
            if let Some(backup) = live.get(place) {
                return Some(backup.json(now));
            }
            let number = usize::try_from(*numbers.get(place - live.len())?).ok()?;
            Some(bulk.as_ref()?.row(number)?.json(now))
        };
        (total, row)
    }

    /// The kept backups that have begun and that both filters let through, newest first.
    fn live(&self, service_id: Option<&str>, status: Option<&str>) -> Vec<&BackupRow> {
        let now = self.now();
        let mut rows: Vec<&BackupRow> = self
            .backups
            .iter()
            .filter(|backup| backup.start <= now)
            .filter(|backup| service_id.is_none_or(|id| backup.service_id == id))
            .filter(|backup| status.is_none_or(|word| backup.status(now) == word))
            .collect();
        rows.sort_by(|a, b| b.start.cmp(&a.start).then_with(|| a.id.cmp(&b.id)));
        rows
    }

    pub(super) fn new_schedule_id(&mut self) -> u64 {
        self.last_schedule_id += 1;
        self.last_schedule_id
    }

    pub(super) fn new_restore_id(&mut self) -> u64 {
        self.last_restore_id += 1;
        self.last_restore_id
    }

    /// 32 hex digits, different for every response.
    pub(super) fn new_trace_id(&mut self) -> String {
        self.last_salt += 1;
        format!("{:016x}{:016x}", mix(self.last_salt, 41), mix(self.last_salt, 42))
    }

    /// Begins a job of the schedule; it ends well after 20 to 60 seconds.
    pub(super) fn begin_job(&mut self, schedule: &ScheduleRow, start: i64) {
        self.last_salt += 1;
        let (salt, kind) = (self.last_salt, schedule.kind);
        let reference = match kind {
            BackupKind::Incremental => self.newest_full(&schedule.service_id).unwrap_or_default(),
            _ => String::new(),
        };
        let Some(service) = self.service(&schedule.service_id) else { return };
        let mut backup =
            make::backup(NewBackup { service, kind, start, schedule_id: Some(schedule.id), salt, reference });
        backup.end = start + i64::try_from(between(mix(salt, 43), 20, 60)).unwrap_or(40);
        backup.is_external = schedule.is_external;
        self.backups.push(backup);
    }

    /// Lets every schedule fire whose minute has passed since the last time.
    fn catch_up(&mut self) {
        let now = (self.clock)().as_second();
        let from = self.caught_up_to.max(now - MAX_CATCH_UP_SECS);
        if now <= from {
            return;
        }
        self.caught_up_to = now;
        self.end_restores();
        for minute in from.div_euclid(60) + 1..=now.div_euclid(60) {
            let at = civil(minute * 60);
            let due: Vec<ScheduleRow> = self.schedules.iter().filter(|schedule| schedule.is_due(at)).cloned().collect();
            for schedule in &due {
                self.begin_job(schedule, minute * 60);
            }
        }
    }

    /// Lets the targets of restores that have ended be what these made of them.
    fn end_restores(&mut self) {
        let now = self.caught_up_to;
        for restore in self.restores.iter_mut().filter(|restore| !restore.is_applied && !restore.is_running(now)) {
            restore.is_applied = true;
            let Some(target) = self.services.iter_mut().find(|service| service.id == restore.service_id) else {
                continue;
            };
            if restore.kind == RestoreKind::Physical {
                target.status = if restore.failure.is_none() { "ready" } else { "failed" };
            }
            if let Some(data_bytes) = restore.data_bytes.filter(|_| restore.failure.is_none()) {
                target.data_bytes = data_bytes;
                target.sized_at = restore.end;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::http_tests::Frozen;

    const NOW: &str = "2026-09-14T09:00:30Z";

    fn world(backups: usize) -> (SharedWorld, Frozen) {
        let clock = Frozen::at(NOW);
        (SharedWorld::new(backups, clock.reader()), clock)
    }

    fn backup_count(world: &SharedWorld) -> usize {
        let mut world = world.lock();
        let (total, _) = world.backups(None, None);
        total
    }

    fn running(world: &SharedWorld) -> usize {
        world.lock().live(None, Some("Running")).len()
    }

    #[test]
    fn the_watched_backup_finishes_after_forty_seconds() {
        let (world, clock) = world(0);
        assert_eq!(running(&world), 1);
        clock.advance(39);
        assert_eq!(running(&world), 1);
        clock.advance(1);
        assert_eq!(running(&world), 0);
    }

    #[test]
    fn schedules_fire_when_their_minute_passes() {
        let (world, clock) = world(0);
        let before = backup_count(&world);
        // 09:24:59, then 09:25:00: "25 */3 * * *" of orders-prod.
        clock.advance(24 * 60 + 29);
        assert_eq!((backup_count(&world), running(&world)), (before, 0));
        clock.advance(1);
        assert_eq!((backup_count(&world), running(&world)), (before + 1, 1));
        clock.advance(60);
        assert_eq!((backup_count(&world), running(&world)), (before + 1, 0));
        let (world, now) = (world.lock(), clock.now().as_second());
        let newest = world.live(None, None)[0].json(now);
        assert_eq!(newest["type"], "binarylog");
        assert_eq!(newest["start_time"], "2026-09-14T09:25:00Z");
    }

    #[test]
    fn a_schedule_of_the_minute_of_the_start_fires() {
        let count_at = |now: &str| backup_count(&SharedWorld::new(0, Frozen::at(now).reader()));
        // "0 2 * * *" of orders-prod has just begun; seven days ago the same run fell out of the history.
        let clock = Frozen::at("2026-09-14T02:00:20Z");
        let world = SharedWorld::new(0, clock.reader());
        let newest = world.lock().live(None, Some("Running"))[0].json(clock.now().as_second());
        assert_eq!((newest["type"].as_str(), newest["service_name"].as_str()), (Some("full"), Some("orders-prod")));
        assert_eq!(count_at("2026-09-14T01:59:59Z"), backup_count(&world));
    }

    #[test]
    fn a_day_of_firing_is_caught_up_in_one_go() {
        let (world, clock) = world(0);
        let before = backup_count(&world);
        clock.advance(86_400);
        let fired = backup_count(&world) - before;
        assert!((50..70).contains(&fired), "{fired}");
        // Not once more without time passing.
        assert_eq!(backup_count(&world), before + fired);
    }

    #[test]
    fn a_large_world_has_exactly_its_size() {
        let (world, clock) = world(1_000_000);
        assert_eq!(backup_count(&world), 1_000_000);
        clock.advance(86_400);
        assert_eq!(backup_count(&world), 1_000_000);
        assert_eq!(world.lock().schedules.iter().filter(|schedule| schedule.is_listed()).count(), 24);
    }
}
