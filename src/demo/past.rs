//! The year before the demo begins, as a client saw it that listed everything every few days. It makes the history of the demo.
//!
//! Its last week is the world of the service, row for row. Before that, services grew, a week of backups failed, a schedule was moved,
//! one was suspended for a while and one deleted, a restore was rehearsed every month, and for three weeks nobody looked.

use std::collections::HashMap;
use std::ops::Range;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::cron::CronRule;
use super::make::mix;
use super::restores::{self, RestoreKind, RestoreRow};
use super::rows::{BackupKind, BackupRow, ScheduleRow, ServiceRow};
use super::seed::{self, FIRST_PLAN, LISTED_SECS, SUSPENDED_SECS, Seeded, Twist};

const DAY_SECS: i64 = 86_400;
/// The first and the last listing, in days before now.
const FIRST_DAY: i64 = 364;
const LAST_DAY: i64 = 1;
/// Nobody looked on these days before now.
const AWAY: Range<i64> = 54..75;
/// Far from the numbers of the rows of the service.
const FIRST_SALT: u64 = 10_000_000;
/// The full backups of this plan failed on these days before now.
const FAILED: (u64, Range<i64>) = (FIRST_PLAN + 3, 133..140);
/// This plan ran an hour later until this day before now.
const MOVED: (u64, &str, i64) = (FIRST_PLAN, "0 3 * * *", 200);
/// This plan was suspended on these days before now.
const PAUSED: (u64, Range<i64>) = (FIRST_PLAN + 21, 90..100);
/// The schedule that was deleted on this day before now: its id, service, cron.
const DELETED: (u64, &str, &str, i64) = (4290, "orders-prod", "0 5 * * 0", 120);
/// A restore was rehearsed each time this number of days had passed, from the first service into the second; one of them failed.
const REHEARSAL: (i64, &str, &str) = (30, "dbpgf41870263", "dbtgf90068135");
const REHEARSALS: i64 = 11;
const FAILED_REHEARSAL: i64 = 7;
/// The entry of a rehearsal was deleted after so long.
const REHEARSAL_LISTED_SECS: i64 = 20 * DAY_SECS;

/// The past of a world that begins at a moment; the same moment has the same past.
#[derive(Clone, Copy, Debug)]
pub struct Past {
    now: i64,
}

/// What a client was sent that listed everything, as JSON arrays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastListing {
    /// When.
    pub at: Timestamp,
    /// The backups that are new since the listing before this one, or were running then, oldest first.
    pub backups: String,
    /// All schedules.
    pub schedules: String,
    /// All restores.
    pub restores: String,
}

/// A change that the user sent. Rows are JSON objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastChange {
    /// When.
    pub at: Timestamp,
    /// What was done, to which row.
    pub kind: PastChangeKind,
}

/// What a change did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PastChangeKind {
    /// Gave a schedule other times.
    Moved {
        /// The schedule before.
        schedule: String,
        /// Its new cron expression.
        cron: String,
    },
    /// Suspended or resumed a schedule.
    Suspended {
        /// The schedule before.
        schedule: String,
        /// Whether it was suspended.
        suspended: bool,
    },
    /// Deleted a schedule.
    Deleted {
        /// The schedule before.
        schedule: String,
    },
    /// Started a restore.
    Restored {
        /// The restore.
        restore: String,
    },
}

/// A schedule for as long as nothing about it changed.
struct PlanVersion<'a> {
    schedule: ScheduleRow,
    service: &'a ServiceRow,
    twist: Twist,
    /// Epoch seconds.
    during: Range<i64>,
}

impl Past {
    pub(super) fn new(now: i64) -> Self {
        Self { now }
    }

    /// All listings, oldest first, and all changes, oldest first.
    #[must_use]
    pub fn listings_and_changes(&self) -> (Vec<PastListing>, Vec<PastChange>) {
        let now = self.now;
        let Seeded { services, schedules, backups: listed } = seed::seeded(now);
        let gone = seed::gone_service(now);
        let versions = versions(now, &services, &gone);
        let mut backups = runs(now, &versions);
        let mut restores = rehearsals(now, &services, &backups);
        restores.extend(restores::seeded(now, &services, &listed));
        backups.extend(listed);
        backups.sort_by_key(|backup| backup.start);
        let once: Vec<ScheduleRow> = schedules.into_iter().filter(ScheduleRow::is_once).collect();
        let changes = changes(now, &versions, &restores);
        let mut before = i64::MIN;
        let listing = |at| {
            let in_force = versions.iter().filter(|version| version.during.contains(&at));
            let plans = in_force.map(|version| &version.schedule).filter(|schedule| schedule.is_listed());
            let begun = once.iter().filter(|schedule| schedule.created_at <= at);
            let week = in_week(&backups, at);
            let job = |id| week.iter().rev().find(|backup| backup.schedule_id == Some(id));
            let is_new = |backup: &&BackupRow| backup.end > before || backup.start > before;
            let listing = PastListing {
                at: Timestamp::from_second(at).unwrap_or_default(),
                backups: array(week.iter().filter(is_new).map(|backup| backup.json(at))),
                schedules: array(plans.chain(begun).map(|schedule| schedule.json(job(schedule.id), at))),
                restores: array(restores.iter().filter(|it| is_restore_listed(it, at)).map(|it| it.json(at))),
            };
            before = at;
            listing
        };
        (listing_times(now).into_iter().map(listing).collect(), changes)
    }
}

/// When everything was listed: every three or four days, in the morning of the service, but for some weeks.
fn listing_times(now: i64) -> Vec<i64> {
    let mut days = Vec::new();
    let mut day = FIRST_DAY;
    while day > LAST_DAY {
        days.push(day);
        day -= 3 + i64::try_from(mix(u64::try_from(day).unwrap_or_default(), 71) % 2).unwrap_or_default();
    }
    days.push(LAST_DAY);
    let jitter = |day: i64| i64::try_from(mix(u64::try_from(day).unwrap_or_default(), 72) % 5_000).unwrap_or_default();
    days.into_iter().filter(|day| !AWAY.contains(day)).map(|day| now - day * DAY_SECS - jitter(day)).collect()
}

/// The schedules in each of their states, and the one that was deleted.
fn versions<'a>(now: i64, services: &'a [ServiceRow], gone: &'a ServiceRow) -> Vec<PlanVersion<'a>> {
    let ago = |days: i64| now - days * DAY_SECS;
    let mut versions = Vec::new();
    for (twist, schedule, service) in seed::plans(services, gone, now) {
        let mut add = |schedule: ScheduleRow, during| versions.push(PlanVersion { schedule, service, twist, during });
        let created_at = schedule.created_at;
        let running = ScheduleRow { is_suspended: false, ..schedule.clone() };
        if schedule.id == MOVED.0 {
            let (_, cron, days) = MOVED;
            let before = with_cron(running.clone(), cron);
            add(before, created_at..ago(days));
            add(running, ago(days)..i64::MAX);
        } else if schedule.id == PAUSED.0 {
            let days = PAUSED.1;
            add(running.clone(), created_at..ago(days.end));
            add(ScheduleRow { is_suspended: true, ..running.clone() }, ago(days.end)..ago(days.start));
            add(running, ago(days.start)..i64::MAX);
        } else if schedule.is_suspended {
            add(running, created_at..now - SUSPENDED_SECS);
            add(schedule, now - SUSPENDED_SECS..i64::MAX);
        } else {
            add(schedule, created_at..i64::MAX);
        }
    }
    let (id, name, cron, days) = DELETED;
    if let Some(service) = services.iter().find(|service| service.name == name) {
        let schedule = seed::planned(id, service, BackupKind::Dump, cron, Twist::None, now);
        let during = schedule.created_at..ago(days);
        versions.push(PlanVersion { schedule, service, twist: Twist::None, during });
    }
    versions
}

fn with_cron(schedule: ScheduleRow, cron: &str) -> ScheduleRow {
    ScheduleRow { recurrence: cron.to_owned(), cron: CronRule::parse(cron).ok(), ..schedule }
}

/// All that fired before the backups that the service still lists, oldest first.
fn runs(now: i64, versions: &[PlanVersion<'_>]) -> Vec<BackupRow> {
    let days =
        (now - FIRST_DAY * DAY_SECS - LISTED_SECS).div_euclid(DAY_SECS)..=(now - LISTED_SECS).div_euclid(DAY_SECS);
    // The first minute that the world of the service has.
    let until = ((now - LISTED_SECS).div_euclid(60) + 1) * 60;
    let mut due: Vec<(i64, usize, &PlanVersion<'_>)> = Vec::new();
    for (number, version) in versions.iter().enumerate().filter(|(_, version)| !version.schedule.is_suspended) {
        let firings = version.schedule.cron.iter().flat_map(|cron| days.clone().flat_map(|day| cron.firings_on(day)));
        let is_run = |at: &i64| version.during.contains(at) && *at < until && !version.twist.has_stopped(now - at);
        due.extend(firings.filter(is_run).map(|at| (at, number, version)));
    }
    due.sort_unstable_by_key(|&(at, number, _)| (at, number));
    let mut newest_full = HashMap::new();
    let run = |(salt, (at, _, version)): (u64, (i64, usize, &PlanVersion<'_>))| {
        let mut twist = version.twist;
        let days_ago = (now - at).div_euclid(DAY_SECS);
        if version.schedule.id == FAILED.0 && FAILED.1.contains(&days_ago) {
            twist = Twist::Broken;
        }
        seed::run(&version.schedule, version.service, twist, at, salt, now, &mut newest_full)
    };
    (FIRST_SALT..).zip(due).map(run).collect()
}

/// Restores of the newest full backup of a service into another one, one a month.
fn rehearsals(now: i64, services: &[ServiceRow], backups: &[BackupRow]) -> Vec<RestoreRow> {
    let (every, source, target) = REHEARSAL;
    let Some(target) = services.iter().find(|service| service.id == target) else { return Vec::new() };
    let rehearsal = |number: i64| {
        let start = now - number * every * DAY_SECS - 9_000;
        let is_source = |backup: &&BackupRow| {
            backup.service_id == source && backup.kind == BackupKind::Full && backup.is_good && backup.end < start
        };
        let backup = backups.iter().rev().find(is_source)?;
        let id = restores::LAST_SEEDED - 5 - u64::try_from(number).ok()?;
        let mut restore = RestoreRow::new(id, target, &backup.id, RestoreKind::Physical, start);
        restore.end = start + 1_500;
        restore.failure = (number == FAILED_REHEARSAL).then_some("the target ran out of disk space");
        Some(restore)
    };
    (1..=REHEARSALS).rev().filter_map(rehearsal).collect()
}

fn is_restore_listed(restore: &RestoreRow, at: i64) -> bool {
    let is_rehearsal = restore.id + 4 < restores::LAST_SEEDED;
    restore.start <= at && !(is_rehearsal && at > restore.start + REHEARSAL_LISTED_SECS)
}

/// What the user sent in the year, oldest first.
fn changes(now: i64, versions: &[PlanVersion<'_>], restores: &[RestoreRow]) -> Vec<PastChange> {
    let change = |at: i64, kind| PastChange { at: Timestamp::from_second(at).unwrap_or_default(), kind };
    let mut changes = Vec::new();
    for (before, after) in versions.iter().zip(versions.iter().skip(1)) {
        if before.schedule.id != after.schedule.id {
            continue;
        }
        let at = after.during.start;
        let schedule = before.schedule.json(None, at).to_string();
        changes.push(change(
            at,
            if before.schedule.recurrence == after.schedule.recurrence {
                PastChangeKind::Suspended { schedule, suspended: after.schedule.is_suspended }
            } else {
                PastChangeKind::Moved { schedule, cron: after.schedule.recurrence.clone() }
            },
        ));
    }
    let deleted = versions.iter().filter(|version| version.schedule.id == DELETED.0);
    changes.extend(deleted.map(|version| {
        let at = version.during.end;
        change(at, PastChangeKind::Deleted { schedule: version.schedule.json(None, at).to_string() })
    }));
    changes.extend(
        restores
            .iter()
            .map(|restore| change(restore.start, PastChangeKind::Restored { restore: restore.json(now).to_string() })),
    );
    changes.sort_by_key(|change| change.at);
    changes
}

/// The backups that the service listed at a moment.
fn in_week(backups: &[BackupRow], at: i64) -> &[BackupRow] {
    let until = |second: i64| backups.partition_point(|backup| backup.start <= second);
    backups.get(until(at - LISTED_SECS)..until(at)).unwrap_or_default()
}

fn array(rows: impl Iterator<Item = Value>) -> String {
    json!(rows.collect::<Vec<_>>()).to_string()
}
