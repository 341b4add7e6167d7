//! The default world: 14 services, 24 schedules, and seven days of backups up to now.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::cron::{CronRule, civil};
use super::make::{self, GIB, NewBackup, mix};
use super::rows::{BackupKind, BackupRow, FieldOverrides, Life, ScheduleRow, ServiceRow};

const DAY_SECS: i64 = 86_400;
/// The service lists a backup for so long.
pub(super) const LISTED_SECS: i64 = 7 * DAY_SECS;
/// The suspended schedule is so for this long.
pub(super) const SUSPENDED_SECS: i64 = 5 * DAY_SECS;
/// The id of the first plan.
pub(super) const FIRST_PLAN: u64 = 4300;

/// Everything a world begins with.
pub(super) struct Seeded {
    pub(super) services: Vec<ServiceRow>,
    pub(super) schedules: Vec<ScheduleRow>,
    /// Oldest first.
    pub(super) backups: Vec<BackupRow>,
}

/// id, name, status, provider, region, topology, version, nodes, storage in GB, data in GiB
type ServiceLine =
    (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str, u32, u64, u64);

#[rustfmt::skip]
const SERVICES: [ServiceLine; 14] = [
    ("dbpgf41870263", "orders-prod", "ready", "gcp", "us-central1", "es-replica", "10.6.22-18-1", 3, 400, 182),
    ("dbpwf05213894", "billing", "ready", "aws", "us-east-1", "es-replica", "11.4.7-4-1", 2, 200, 96),
    ("dbpgf62094417", "reports", "ready", "gcp", "europe-west4", "es-single", "10.6.22-18-1", 1, 150, 64),
    ("dbpwf38841026", "reports", "ready", "aws", "eu-west-1", "es-single", "10.6.21-17-1", 1, 100, 41),
    ("dbpaf71530982", "crm-eu", "ready", "azure", "westeurope", "es-replica", "11.4.7-4-1", 2, 200, 118),
    ("dbpgf19467350", "sessions", "ready", "gcp", "europe-west1", "galera", "11.4.7-4-1", 3, 100, 37),
    ("dbpwf83326741", "inventory", "ready", "aws", "eu-central-1", "es-replica", "10.11.13-1", 2, 200, 73),
    ("dbpgf27715608", "analytics-dwh", "ready", "gcp", "us-central1", "es-single", "11.4.7-4-1", 1, 800, 341),
    ("dbpwf54402917", "checkout-prod", "ready", "aws", "us-west-2", "es-replica", "10.11.13-1", 3, 300, 134),
    ("dbtgf90068135", "staging", "ready", "gcp", "us-east4", "serverless-standalone", "11.4.7-4-1", 1, 50, 12),
    ("dbpaf36651279", "legacy-wiki", "stopped", "azure", "northeurope", "standalone", "10.5.29-23-1", 1, 50, 18),
    ("dbpwf77120548", "search-index", "pending_scale", "aws", "ap-southeast-2", "es-replica", "10.11.13-1", 2, 250, 108),
    ("dbpgf08835461", "mobile-api", "ready", "gcp", "asia-southeast1", "serverless-standalone", "11.4.7-4-1", 1, 100, 29),
    ("dbpwf66249073", "customer-recommendations-failover-replica-eu-north-1", "ready", "aws", "eu-north-1", "es-replica", "10.11.13-1", 2, 200, 87),
];

/// The service that is gone; its schedule was left behind.
const GONE: ServiceLine =
    ("dbpgf11942706", "old-shop", "retired", "gcp", "us-west1", "es-single", "10.5.29-23-1", 1, 100, 52);

/// What is special about a plan.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Twist {
    None,
    /// An automatic nightly backup: no row in the list of schedules.
    Automatic,
    /// The last two runs failed.
    Failing,
    /// Every run failed.
    Broken,
    /// Has not run for this many days, and nothing says why.
    Late(i64),
    Suspended,
    /// Its service is gone for three days.
    Orphaned,
    /// `schedule` is written so, instead of as five fields.
    Written(&'static str),
    /// `id` is a text.
    IdAsText,
    /// Into the customer's own bucket.
    External,
}

/// Service, type, cron, twist. A service number past the end is the one that is gone.
#[rustfmt::skip]
const PLANS: [(usize, BackupKind, &str, Twist); 24] = [
    (0, BackupKind::Full, "0 2 * * *", Twist::None),
    (0, BackupKind::Incremental, "10 */4 * * *", Twist::None),
    (0, BackupKind::BinaryLog, "25 */3 * * *", Twist::None),
    (1, BackupKind::Full, "30 1 * * *", Twist::None),
    (1, BackupKind::Incremental, "15 */6 * * *", Twist::None),
    (1, BackupKind::BinaryLog, "45 */4 * * *", Twist::None),
    (2, BackupKind::Full, "15 3 * * *", Twist::None),
    (2, BackupKind::Dump, "0 4 */2 * 1-5", Twist::External),
    (3, BackupKind::Full, "35 3 * * *", Twist::Automatic),
    (3, BackupKind::Dump, "40 5 * * *", Twist::Late(2)),
    (4, BackupKind::Snapshot, "0 */8 * * *", Twist::None),
    (5, BackupKind::Snapshot, "30 */6 * * *", Twist::None),
    (6, BackupKind::Full, "10 2 * * *", Twist::Failing),
    (7, BackupKind::Full, "0 22 * * 6", Twist::None),
    (7, BackupKind::Snapshot, "0 5,17 * * *", Twist::None),
    (8, BackupKind::Full, "0 0 * * *", Twist::Written("@daily")),
    (8, BackupKind::BinaryLog, "5 */2 * * *", Twist::None),
    (9, BackupKind::Full, "20 3 * * *", Twist::Automatic),
    (9, BackupKind::Dump, "0 6 * * 1", Twist::Suspended),
    (10, BackupKind::Snapshot, "0 1 * * *", Twist::Late(3)),
    (11, BackupKind::Full, "25 2 * * *", Twist::Late(2)),
    (12, BackupKind::Full, "35 2 * * *", Twist::Written("cron")),
    (13, BackupKind::Full, "50 2 * * *", Twist::IdAsText),
    (SERVICES.len(), BackupKind::Full, "0 2 * * *", Twist::Orphaned),
];

/// Makes the world as it is at `now`, in epoch seconds; the same moment gives the same world.
pub(super) fn seeded(now: i64) -> Seeded {
    let services: Vec<ServiceRow> = SERVICES.iter().map(|line| service(line, now)).collect();
    let gone = gone_service(now);
    let plans = plans(&services, &gone, now);
    let mut backups = history(now, &plans);
    let mut schedules: Vec<ScheduleRow> = plans.into_iter().map(|(_, schedule, _)| schedule).collect();
    schedules.extend(once_schedules(now, &services, &mut backups));
    make_some_odd(&mut backups);
    Seeded { services, schedules, backups }
}

/// What fires, with the service that it is of.
pub(super) fn plans<'a>(
    services: &'a [ServiceRow],
    gone: &'a ServiceRow,
    now: i64,
) -> Vec<(Twist, ScheduleRow, &'a ServiceRow)> {
    let plan = |(number, &(service, kind, cron, twist)): (u64, &(usize, BackupKind, &str, Twist))| {
        let owner = services.get(service).unwrap_or(gone);
        (twist, planned(FIRST_PLAN + number, owner, kind, cron, twist, now), owner)
    };
    (0..).zip(&PLANS).map(plan).collect()
}

/// The service that is gone.
pub(super) fn gone_service(now: i64) -> ServiceRow {
    service(&GONE, now)
}

fn service(line: &ServiceLine, now: i64) -> ServiceRow {
    let &(id, name, status, provider, region, topology, version, nodes, storage_gb, data_gib) = line;
    let age_days = i64::try_from(make::between(mix(storage_gb, data_gib), 200, 800)).unwrap_or(200);
    ServiceRow {
        id: id.to_owned(),
        name: name.to_owned(),
        status,
        provider,
        region,
        topology,
        version,
        nodes,
        storage_gb,
        data_bytes: data_gib * GIB,
        sized_at: now,
        created_on: now - age_days * DAY_SECS,
    }
}

pub(super) fn planned(
    id: u64,
    service: &ServiceRow,
    kind: BackupKind,
    text: &str,
    twist: Twist,
    now: i64,
) -> ScheduleRow {
    let created_at = service.created_on + i64::try_from(mix(id, 23) % 30_000).unwrap_or(0);
    let labels = match id % 5 {
        0 => json!({"team": "platform", "tier": "gold"}),
        1 => json!({"owner": {"team": "data", "contacts": ["on-call", "reports"]}, "retention": {"days": 7}}),
        2 => Value::Null,
        _ => json!({}),
    };
    let mut odd = Vec::new();
    if twist == Twist::IdAsText {
        odd.push(("id", Some(json!(id.to_string()))));
    }
    ScheduleRow {
        id,
        service_id: service.id.clone(),
        service_name: service.name.clone(),
        provider: service.provider,
        kind,
        recurrence: if let Twist::Written(written) = twist { written } else { text }.to_owned(),
        cron: CronRule::parse(text).ok(),
        is_suspended: twist == Twist::Suspended,
        life: match twist {
            Twist::Automatic => Life::Automatic,
            Twist::Late(_) | Twist::Orphaned => Life::Idle,
            _ => Life::Active,
        },
        is_external: twist == Twist::External,
        stuck_at: (twist == Twist::Failing)
            .then_some(("Failed", "Last backup failed: no space left on the backup volume.")),
        created_at,
        updated_at: if twist == Twist::Suspended { now - SUSPENDED_SECS } else { created_at },
        labels,
        odd,
    }
}

/// All that fired in the last seven days, oldest first.
fn history(now: i64, plans: &[(Twist, ScheduleRow, &ServiceRow)]) -> Vec<BackupRow> {
    let mut backups = Vec::new();
    let mut newest_full: HashMap<String, String> = HashMap::new();
    for minute in (now - LISTED_SECS).div_euclid(60) + 1..now.div_euclid(60) {
        let at = civil(minute * 60);
        for (twist, schedule, service) in plans {
            if !schedule.cron.is_some_and(|cron| cron.fires_at(at)) || twist.has_stopped(now - minute * 60) {
                continue;
            }
            let salt = u64::try_from(backups.len()).unwrap_or_default();
            backups.push(run(schedule, service, *twist, minute * 60, salt, now, &mut newest_full));
        }
    }
    backups
}

/// A run of a schedule in the minute that begins at `due`, as it is known now: finished. `newest_full` has the id of the newest good
/// full backup of each service, and learns of this one.
pub(super) fn run(
    schedule: &ScheduleRow,
    service: &ServiceRow,
    twist: Twist,
    due: i64,
    salt: u64,
    now: i64,
    newest_full: &mut HashMap<String, String>,
) -> BackupRow {
    let kind = schedule.kind;
    let reference = match kind {
        BackupKind::Incremental => newest_full.get(&service.id).cloned().unwrap_or_default(),
        _ => String::new(),
    };
    let start = due + i64::try_from(mix(salt, 20) % 24).unwrap_or(0) + 3;
    let mut backup = make::backup(NewBackup { service, kind, start, schedule_id: Some(schedule.id), salt, reference });
    // Everything has finished by now, but for the one that is meant to be watched.
    backup.end = backup.end.min(now - 5).max(start + 1);
    backup.is_external = schedule.is_external;
    // Not of late: the two services that need attention are meant to be the only ones.
    let is_unlucky = matches!(kind, BackupKind::Incremental | BackupKind::Snapshot)
        && now - start > DAY_SECS
        && mix(salt, 21).is_multiple_of(43);
    if is_unlucky || twist == Twist::Broken || twist == Twist::Failing && now - start < 2 * DAY_SECS {
        backup.is_good = false;
        backup.end = backup.end.min(start + 20 + i64::try_from(mix(salt, 22) % 110).unwrap_or(0));
    }
    if kind == BackupKind::Full && backup.is_good {
        newest_full.insert(service.id.clone(), backup.id.clone());
    }
    backup
}

impl Twist {
    /// Whether a plan did nothing any more this long before now.
    pub(super) fn has_stopped(self, before_now_secs: i64) -> bool {
        match self {
            Self::Late(days) => before_now_secs < days * DAY_SECS,
            Self::Orphaned => before_now_secs < 3 * DAY_SECS,
            Self::Suspended => before_now_secs < SUSPENDED_SECS,
            _ => false,
        }
    }
}

/// One that is done since yesterday, and one whose backup ends 40 s from now.
fn once_schedules(now: i64, services: &[ServiceRow], backups: &mut Vec<BackupRow>) -> Vec<ScheduleRow> {
    let runs =
        [(0, BackupKind::Snapshot, now - DAY_SECS - 1177, None), (8, BackupKind::Full, now - 380, Some(now + 40))];
    let mut schedules = Vec::new();
    for (number, (service, kind, start, end)) in (0_u64..).zip(runs) {
        let Some(service) = services.get(service) else { continue };
        let id = 4340 + number;
        let (salt, reference) = (1_000_000 + number, String::new());
        let mut backup = make::backup(NewBackup { service, kind, start, schedule_id: Some(id), salt, reference });
        backup.end = end.unwrap_or(backup.end);
        backups.push(backup);
        let mut schedule = planned(id, service, kind, "once", Twist::None, now);
        (schedule.created_at, schedule.updated_at) = (start - 4, start);
        if number == 0 {
            // As short as the first documents showed it.
            schedule.odd =
                ["cloud_provider", "created_at", "updated_at", "labels", "suspended"].map(|field| (field, None)).into();
        }
        schedules.push(schedule);
    }
    backups.sort_by_key(|backup| backup.start);
    schedules
}

const FIELDS_OF_LATER_DOCUMENTS: &str =
    "service_name method server_pod cloud_provider start_time end_time point_in_time
    reference_full_backup binlog_file binlog_position binlog_gtid_position disk_size disk_size_bytes storage_bytes
    is_external_storage";

/// A handful of rows that no document promises and a client must live with.
fn make_some_odd(backups: &mut [BackupRow]) {
    let text = |text: &str| Some(json!(text));
    let oddities: [(usize, FieldOverrides); 8] = [
        (19, vec![("status", text("Quarantined"))]),
        (33, vec![("type", text("clone")), ("method", text(""))]),
        (38, vec![("disk_size_bytes", Some(json!(0))), ("storage_bytes", Some(json!(0))), ("disk_size", text("0 B"))]),
        (61, vec![("end_time", text("0001-01-01T00:00:00Z")), ("status", text("Unknown"))]),
        (
            84,
            vec![
                ("service_name", Some(Value::Null)),
                ("storage_bytes", Some(Value::Null)),
                ("server_pod", Some(Value::Null)),
            ],
        ),
        (107, vec![("cloud_provider", text("onpred")), ("binlog_position", Some(json!(73_114)))]),
        (131, vec![("point_in_time", None), ("is_external_storage", None), ("disk_size", None)]),
        (47, Vec::new()),
    ];
    for (back, odd) in oddities {
        // Counted from the newest, so that they are met soon; not a copy of a whole service, which may be the newest one of it.
        let is_part = |backup: &&mut BackupRow| {
            matches!(backup.kind, BackupKind::Incremental | BackupKind::BinaryLog) && backup.odd.is_empty()
        };
        let Some(backup) = backups.iter_mut().rev().skip(back - 1).find(is_part) else { continue };
        backup.odd = odd;
        if backup.odd.is_empty() {
            // As the first documents showed a row: five fields, and the old name of the size.
            backup.odd = FIELDS_OF_LATER_DOCUMENTS
                .split_whitespace()
                .map(|field| (field, None))
                .chain([("backup_size", Some(json!(backup.storage_bytes)))])
                .collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const NOW: i64 = 1_789_430_400 + 9 * 3600;

    fn json(seeded: &Seeded) -> Vec<Value> {
        let backups = seeded.backups.iter().map(|backup| backup.json(NOW));
        let schedules = seeded.schedules.iter().map(|schedule| schedule.json(None, NOW));
        backups.chain(schedules).chain(seeded.services.iter().map(ServiceRow::json)).collect()
    }

    #[test]
    fn the_same_moment_gives_the_same_world() {
        assert_eq!(json(&seeded(NOW)), json(&seeded(NOW)));
        assert_ne!(json(&seeded(NOW)), json(&seeded(NOW + DAY_SECS)));
    }

    #[test]
    fn the_world_has_what_it_promises_at_any_hour() {
        for hour in (0..7 * 24).step_by(5) {
            let now = NOW + hour * 3600;
            let world = seeded(now);
            assert_eq!(world.services.len(), 14);
            assert_eq!(world.schedules.iter().filter(|schedule| schedule.is_listed()).count(), 24);
            assert!((380..=430).contains(&world.backups.len()), "{}", world.backups.len());
            let ids: BTreeSet<&str> = world.backups.iter().map(|backup| backup.id.as_str()).collect();
            assert_eq!(ids.len(), world.backups.len());
            assert_eq!(world.backups.iter().filter(|backup| backup.status(now) == "Running").count(), 1);
            assert!(world.backups.iter().filter(|backup| backup.status(now) == "Failed").count() >= 2);
            assert!(world.backups.iter().any(|backup| backup.status(now) == "Quarantined"));
            assert!(world.backups.is_sorted_by_key(|backup| backup.start));
        }
    }

    #[test]
    fn sizes_and_times_are_believable() {
        let world = seeded(NOW);
        for backup in world.backups.iter().filter(|backup| backup.is_good && backup.end < NOW - 60) {
            let gib = backup.storage_bytes as f64 / GIB as f64;
            assert!((0.5..400.0).contains(&gib), "{gib}");
            assert!(backup.disk_bytes <= 400 * GIB, "{}", backup.disk_bytes);
            assert!((20..4 * 3600).contains(&(backup.end - backup.start)), "{}", backup.end - backup.start);
        }
    }

    #[test]
    fn incrementals_name_a_full_backup_of_their_service() {
        let world = seeded(NOW);
        let mut named = 0;
        for backup in
            world.backups.iter().filter(|backup| backup.kind == BackupKind::Incremental && !backup.reference.is_empty())
        {
            let full = world.backups.iter().find(|full| full.id == backup.reference).unwrap();
            assert!(full.kind == BackupKind::Full && full.start < backup.start && full.service_id == backup.service_id);
            named += 1;
        }
        assert!(named > 50, "{named}");
    }

    #[test]
    fn positions_are_as_varied_as_those_of_servers() {
        let world = seeded(NOW);
        let gtids = || world.backups.iter().map(|backup| (backup.gtid.as_str(), backup));
        let domains = |gtid: &str| {
            gtid.split(',').map(|part| part.split('-').next().unwrap().parse().unwrap()).collect::<Vec<u32>>()
        };
        assert!(gtids().any(|(gtid, _)| gtid.contains(',') && domains(gtid).is_sorted()));
        assert!(gtids().any(|(gtid, _)| gtid.contains(',') && !domains(gtid).is_sorted()));
        assert!(gtids().any(|(gtid, backup)| gtid.is_empty() && !backup.binlog_file.is_empty()));
        let files: BTreeSet<usize> = world.backups.iter().map(|backup| backup.binlog_file.len()).collect();
        assert!(
            files.contains(&"mariadb-bin.999999".len()) && files.contains(&"mariadb-bin.1000000".len()),
            "{files:?}"
        );
        assert!(world.backups.iter().any(|backup| backup.binlog_file == "mariadb-bin.999999"));
        let has_fraction =
            |backup: &&BackupRow| backup.json(NOW)["start_time"].as_str().is_some_and(|at| at.contains('.'));
        assert!(world.backups.iter().filter(has_fraction).count() > 5);
    }
}
