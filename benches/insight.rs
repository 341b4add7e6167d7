//! How fast the overview of a million backups of 500 services is worked out: whole, and for one page
//! that arrived; beside a plain scan of the same rows.
//!
//! `cargo bench --bench insight`; `ROWS=100000` in the environment makes it smaller.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::unwrap_used, reason = "a bench that fails may panic")]

mod generator;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use generator::{backups, now};
use jiff::SignedDuration;
use skybackup::domain::{
    ApiTime, Backup, BackupType, Recurrence, Schedule, ScheduleId, Service, ServiceId, StatusKind,
};
use skybackup::insight::{CoverageJob, CoverageResult, Observed, Targets};
use skybackup::rows::Rows;

const RUNS: usize = 9;
const PAGE: usize = 100;

fn main() {
    let count = std::env::var("ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(1_000_000);
    let list = backups(count);
    let rows = Rows::new(list.iter().cloned());
    let before = Rows::new(list.iter().take(count.saturating_sub(PAGE)).cloned());
    let ids = services_of(&list);
    let schedules = Rows::new(schedules(&ids));
    let services: Arc<[Service]> = ids.iter().map(service).collect();
    println!("{count} backups of {} services, {} schedules, median of {RUNS} runs\n", ids.len(), schedules.len());
    let job = |backups: &Rows<Backup>, previous: Option<CoverageResult>| CoverageJob {
        backups: backups.clone(),
        schedules: schedules.clone(),
        services: Some(Arc::clone(&services)),
        observed: Observed::default().with_list(now()),
        targets: Targets::default(),
        now: now(),
        planned: previous.as_ref().map(|result| Arc::clone(&result.planned)),
        previous,
    };
    let whole = median(|| job(&rows, None), CoverageJob::run);
    let scan = median(|| (), |()| plain_scan(&list));
    let page = median(|| job(&rows, Some(job(&before, None).run())), CoverageJob::run);
    println!("whole                    {:>8.1} ms   bar 100 ms", millis(whole));
    println!("plain scan               {:>8.1} ms   newest good start by service and type, one hash map", millis(scan));
    println!("one page of {PAGE} more     {:>8.2} ms   bar 5 ms", millis(page));
}

/// The least that any overview has to do: the newest good backup of each service and type.
fn plain_scan(rows: &[Backup]) -> usize {
    let mut newest = std::collections::HashMap::new();
    for row in rows.iter().filter(|row| row.status_kind() == StatusKind::Good) {
        let start = newest.entry((row.service_id.as_ref(), row.backup_type.as_ref())).or_insert(row.started_at());
        *start = (*start).max(row.started_at());
    }
    newest.len()
}

fn services_of(rows: &[Backup]) -> Vec<ServiceId> {
    let mut ids: Vec<ServiceId> = rows.iter().filter_map(|row| row.service_id.clone()).collect();
    ids.sort();
    ids.dedup();
    ids
}

fn service(id: &ServiceId) -> Service {
    Service { id: id.clone(), name: Some(id.as_str().into()), status: Some("ready".into()), ..Service::default() }
}

/// Three of each service, at times of its own.
fn schedules(ids: &[ServiceId]) -> Vec<Schedule> {
    let created = now().checked_sub(SignedDuration::from_hours(40 * 24)).unwrap();
    let of_service = |(number, id): (usize, &ServiceId)| {
        let (minute, hour) = (number % 60, number % 24);
        let texts = [
            (BackupType::Full, format!("{minute} {hour} * * *")),
            (BackupType::Incremental, format!("{minute} */4 * * *")),
            (BackupType::Snapshot, format!("{minute} {hour} * * 1-5")),
        ];
        texts.map(|(backup_type, text)| Schedule {
            id: ScheduleId::new(format!("{number}{}", backup_type.as_api_str())),
            service_id: Some(id.clone()),
            backup_type: Some(backup_type),
            recurrence: Some(Recurrence::read(&text)),
            created_at: Some(ApiTime::At(created)),
            ..Schedule::default()
        })
    };
    ids.iter().enumerate().flat_map(of_service).collect()
}

fn median<I, O>(mut input: impl FnMut() -> I, work: impl Fn(I) -> O) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let input = input();
            let start = Instant::now();
            let output = black_box(work(input));
            let took = start.elapsed();
            drop(output);
            took
        })
        .collect();
    times.sort_unstable();
    times.get(RUNS / 2).copied().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
