//! How fast the overview of a million backups of 500 services is worked out, whole and for one page that arrived, and the timeline and
//! the calendar of a year made from it; each beside a plain scan of the same rows.
//!
//! `cargo bench --bench insight`; `ROWS=100000` in the environment makes it smaller.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::unwrap_used, reason = "a bench that fails may panic")]

mod generator;
mod report;

use std::sync::Arc;
use std::time::Duration;

use generator::{backups, now};
use jiff::SignedDuration;
use skybackup::domain::{
    ApiTime, Backup, BackupType, Recurrence, Schedule, ScheduleId, Service, ServiceId, Status, StatusKind, Zone,
};
use skybackup::insight::{
    Calendar, CalendarBuilder, CoverageJob, CoverageResult, Observed, Targets, TimelineJob, TimelineSpan,
};
use skybackup::rows::Rows;

const RUNS: usize = 9;
const PAGE: usize = 100;
/// The most that the whole overview may take, and one page that arrives.
const WHOLE: Duration = Duration::from_millis(100);
const ONE_PAGE: Duration = Duration::from_millis(5);
/// The most that timeline and calendar may take; both are worked out off the frame.
const SCREEN: Duration = Duration::from_millis(500);
const YEAR_DAYS: i64 = 365;

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
    let whole = report::measure(RUNS, || job(&rows, None), CoverageJob::run);
    let scan = report::measure(RUNS, || (), |()| plain_scan(&list));
    let page = report::measure(RUNS, || job(&rows, Some(job(&before, None).run())), CoverageJob::run);
    report::head();
    let scan = ("a plain scan for the newest good start by service and type", scan);
    report::time_of(&format!("overview of {count} backups of {} services", ids.len()), whole, Some(scan), WHOLE);
    report::time_of(&format!("overview when a page of {PAGE} arrives"), page, None, ONE_PAGE);

    let result = job(&rows, None).run();
    let timeline = report::measure(RUNS, || TimelineJob::new(&result, TimelineSpan::Week, now()), TimelineJob::run);
    let scan = report::measure(RUNS, || (), |()| begun_by_service(&list));
    let scan = ("a plain scan for the begins by service", scan);
    report::time_of(&format!("timeline of 7 days, {} services", ids.len()), timeline, Some(scan), SCREEN);
    let year = a_year(list);
    let calendar = report::measure(RUNS, || CalendarBuilder::new(Zone::utc(), now()), |builder| filled(builder, &year));
    let scan = report::measure(RUNS, || (), |()| counted_by_day(&year));
    let scan = ("a plain scan that counts by service and day", scan);
    report::time_of(&format!("calendar of a year, {} services", ids.len()), calendar, Some(scan), SCREEN);
}

/// The same backups, spread over a year.
fn a_year(rows: Vec<Backup>) -> Vec<Backup> {
    let days = (0..YEAR_DAYS / 7).cycle();
    let shifted = rows.into_iter().zip(days).map(|(row, weeks)| {
        let start = row.started_at().and_then(|at| at.checked_sub(SignedDuration::from_hours(weeks * 7 * 24)).ok());
        Backup { start_time: start.map(ApiTime::At), ..row }
    });
    shifted.collect()
}

fn filled(mut builder: CalendarBuilder, rows: &[Backup]) -> Calendar {
    for row in rows {
        let Some(start) = row.started_at() else { continue };
        let service = row.service_id.as_ref().map_or("", ServiceId::as_str);
        builder.add(service, row.service_name.as_deref(), row.status.as_ref().map_or("", Status::as_str), start);
    }
    let lists = (0..YEAR_DAYS).filter_map(|day| now().checked_sub(SignedDuration::from_hours(day * 24)).ok());
    builder.finish(lists)
}

/// The least that any timeline has to do: the begins of each service, in order.
fn begun_by_service(rows: &[Backup]) -> usize {
    let mut begun: std::collections::HashMap<_, Vec<_>> = std::collections::HashMap::new();
    for row in rows {
        begun.entry(row.service_id.as_ref()).or_default().push(row.started_at());
    }
    begun.values_mut().for_each(|times| times.sort_unstable());
    begun.len()
}

/// The least that any calendar has to do.
fn counted_by_day(rows: &[Backup]) -> usize {
    let mut counts = std::collections::HashMap::new();
    for row in rows {
        let day = row.started_at().map(|at| at.as_second().div_euclid(86_400));
        *counts.entry((row.service_id.as_ref(), day, row.status_kind())).or_insert(0_u32) += 1;
    }
    counts.len()
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
