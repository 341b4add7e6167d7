//! The state of the demo service and its clock.

use std::collections::VecDeque;
use std::time::Instant;

use super::bulk::Bulk;
use super::faults::Faults;
use super::make::{self, NewBackup, between, mix};
use super::options::DemoOptions;
use super::rows::{BackupKind, BackupRow, Life, ScheduleRow, ServiceRow};
use super::seed;

/// How many requests are remembered unless told otherwise.
const MOST_REQUESTS: usize = 20_000;

/// A request as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedRequest {
    /// The method, in capitals.
    pub method: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// What followed the question mark; empty without one.
    pub query: String,
    /// The raw body.
    pub body: String,
    /// Names in lower case, and values, in the order in which they came.
    pub headers: Vec<(String, String)>,
}

impl RecordedRequest {
    /// The value of the first header with this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// The clock of the service.
pub(super) struct WorldClock {
    began_at: i64,
    /// None for a clock that stands still.
    running_since: Option<Instant>,
    pub(super) shift_secs: i64,
}

impl WorldClock {
    pub(super) fn now(&self) -> i64 {
        let passed_secs = self.running_since.map_or(0, |since| i64::try_from(since.elapsed().as_secs()).unwrap_or(0));
        self.began_at + passed_secs + self.shift_secs
    }
}

/// The whole state, behind one lock that is held only while an answer is made.
pub(super) struct State {
    pub(super) key: String,
    pub(super) services: Vec<ServiceRow>,
    pub(super) schedules: Vec<ScheduleRow>,
    pub(super) bulk: Option<Bulk>,
    /// In the order in which they were made.
    pub(super) backups: Vec<BackupRow>,
    pub(super) seed: u64,
    pub(super) page_delay_ms: u64,
    pub(super) clock: WorldClock,
    pub(super) caught_up_to: i64,
    pub(super) next_schedule_id: u64,
    pub(super) next_salt: u64,
    pub(super) requests: VecDeque<RecordedRequest>,
    pub(super) most_requests: usize,
    pub(super) faults: Faults,
    /// Requests that are done later, and when.
    pub(super) late: Vec<(i64, RecordedRequest)>,
    pub(super) is_stopped: bool,
}

impl State {
    pub(super) fn new(options: DemoOptions, now: i64, running_since: Option<Instant>) -> Self {
        let seed::Seeded { mut services, mut schedules, mut backups } = seed::seeded(options.seed, now);
        let mut bulk = None;
        if options.backups > 0 {
            Bulk::grow_services(&mut services, options.seed, options.backups);
            bulk = Some(Bulk::new(options.seed, now, options.backups, services.clone()));
            backups.clear();
            // This number of rows and no more: only schedules created later add to them.
            schedules.retain(ScheduleRow::is_listed);
            for schedule in &mut schedules {
                schedule.life = Life::Idle;
            }
        }
        Self {
            key: options.key,
            services,
            schedules,
            bulk,
            backups,
            seed: options.seed,
            page_delay_ms: options.page_delay_ms,
            clock: WorldClock { began_at: now, running_since, shift_secs: 0 },
            // What began in this very minute is not in the history: it is running.
            caught_up_to: now.div_euclid(60) * 60 - 1,
            next_schedule_id: 4351,
            next_salt: 2_000_000,
            requests: VecDeque::new(),
            most_requests: MOST_REQUESTS,
            faults: Faults::default(),
            late: Vec::new(),
            is_stopped: false,
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
        let is_full = |backup: &&BackupRow| {
            backup.service_id == service_id && backup.kind == BackupKind::Full && backup.is_good && backup.end <= now
        };
        let live = self.backups.iter().rev().find(is_full).map(|backup| backup.id.clone());
        let bulk = self.bulk.as_ref();
        live.or_else(|| {
            let bulk = bulk?;
            // Full backups are at most a few rounds of all services away.
            (0..bulk.len().min(4000)).filter_map(|number| bulk.row(number)).find(|row| is_full(&row)).map(|row| row.id)
        })
    }

    /// The kept backups that have begun and that both filters let through, newest first.
    pub(super) fn live(&self, service_id: Option<&str>, status: Option<&str>) -> Vec<&BackupRow> {
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
        self.next_schedule_id += 1;
        self.next_schedule_id
    }

    /// 32 hex digits, different for every answer.
    pub(super) fn new_trace_id(&mut self) -> String {
        self.next_salt += 1;
        format!("{:016x}{:016x}", mix(self.seed, self.next_salt, 41), mix(self.seed, self.next_salt, 42))
    }

    /// Begins a job of the schedule; it ends well after 20 to 60 seconds.
    pub(super) fn begin_job(&mut self, schedule: &ScheduleRow, start: i64) {
        self.next_salt += 1;
        let salt = self.next_salt;
        let Some(kind) = BackupKind::from_word(&schedule.backup_type) else { return };
        let reference = match kind {
            BackupKind::Incremental => self.newest_full(&schedule.service_id).unwrap_or_default(),
            _ => String::new(),
        };
        let Some(service) = self.service(&schedule.service_id) else { return };
        let order = NewBackup { service, kind, start, schedule_id: Some(schedule.id), salt, reference };
        let mut backup = make::backup(self.seed, order);
        backup.end = start + i64::try_from(between(mix(self.seed, salt, 43), 20, 60)).unwrap_or(40);
        backup.is_external = schedule.is_external;
        self.backups.push(backup);
    }
}
