//! Findings and the order of the overview.

use std::sync::Arc;

use proptest::prelude::*;

use super::tests::{SmallWorld, at, before};
use super::{CellState, CoverageJob, Evidence, FindingKind, Observed, Urgency};
use crate::domain::{ApiTime, Backup, BackupType, ScheduleId, Service, ServiceId, Status};
use crate::rows::Rows;

const FULL: BackupType = BackupType::Full;

#[test]
fn a_service_that_is_covered_has_no_finding() {
    let daily = SmallWorld::new().schedule(FULL, "0 2 * * *");
    let covered = [
        daily.clone().good(&FULL, &[34.0, 10.0]),
        // A weekly full within its week, beside daily snapshots.
        SmallWorld::new()
            .schedule(FULL, "0 2 * * 4")
            .schedule(BackupType::Snapshot, "0 2 * * *")
            .good(&FULL, &[106.0])
            .good(&BackupType::Snapshot, &[130.0, 106.0, 82.0, 58.0, 34.0, 10.0]),
        // Nightly backups that no schedule stands for.
        SmallWorld::new().good(&FULL, &[33.0, 9.0]),
        // Before anything was loaded nothing is claimed.
        SmallWorld { observed: Observed::default(), ..SmallWorld::new() },
        SmallWorld { observed: Observed::default(), ..daily },
        // Two days without a list: nobody knows what was made since.
        SmallWorld {
            observed: Observed::default().with_list(before(48.0)),
            ..SmallWorld::new().good(&FULL, &[73.0, 49.0])
        },
    ];
    for world in covered {
        assert_eq!(world.sentences(), Vec::<String>::new());
        assert_eq!(world.report().problems, 0);
    }
}

/// A full backup that failed, `b0`, and a good one, `b1`; then three incrementals, the newest last, that name these full backups.
fn chained(references: &[&str]) -> SmallWorld {
    let world = SmallWorld::new().schedule(FULL, "0 2 * * *").schedule(BackupType::Incremental, "0 * * * *");
    let mut world = world.backup(FULL, "Failed", before(12.0)).good(&FULL, &[10.0]);
    world = world.good(&BackupType::Incremental, &[3.0, 2.0, 1.0]);
    for (backup, reference) in world.backups.iter_mut().skip(2).zip(references) {
        backup.reference_full_backup = Some((*reference).into());
    }
    world
}

#[test]
fn each_finding_has_its_sentence_and_rows() {
    use Evidence::{Backups, Schedules};
    let daily = || SmallWorld::new().schedule(FULL, "0 2 * * *");
    let schedule = |id: &str| Schedules(vec![ScheduleId::new(id)]);
    let backups = |ids: &[&str]| Backups(ids.iter().map(|id| crate::domain::BackupId::new(*id)).collect());
    let mut empty = daily().good(&FULL, &[34.0, 10.0]);
    empty.backups[1].storage_bytes = Some(0);
    let mut gone = daily().good(&FULL, &[34.0]);
    gone.services = Some(Vec::new());
    let failing =
        daily().good(&FULL, &[58.0]).backup(FULL, "Failed", before(34.0)).backup(FULL, "Failed", before(10.0));
    let cases = [
        (
            failing,
            "Problem: Newest good full backup is 2 days old, target 26 h. The last 2 runs failed",
            backups(&["b2", "b1"]),
        ),
        (
            daily().good(&FULL, &[58.0]),
            "Problem: Newest good full backup is 2 days old, target 26 h. The last 2 planned runs did not happen",
            backups(&["b0"]),
        ),
        (
            daily().good(&FULL, &[58.0, 34.0, 22.0]),
            "Warning: The full backup planned for Mon 23 Nov 02:00 did not run",
            schedule("300"),
        ),
        (
            SmallWorld::new().schedule(FULL, "30 11 * * *").good(&FULL, &[24.5]),
            "Warning: The full backup planned for Mon 23 Nov 11:30 has not begun",
            schedule("300"),
        ),
        (SmallWorld::new(), "Problem: No schedule, and no backup of the last day", backups(&[])),
        (
            daily().with(|it| it.suspended = Some(true)).with(|it| it.updated_at = Some(ApiTime::At(before(100.0)))),
            "Problem: All schedules are suspended, the last one changed Thu 19 Nov 08:00",
            schedule("300"),
        ),
        (gone, "Warning: A schedule of a service that no longer exists", schedule("300")),
        (
            SmallWorld::new().schedule(FULL, "0 2 1 * *").good(&FULL, &[5.0]),
            "Warning: Nothing to restore from Mon 30 Nov 07:00 to Tue 01 Dec 02:00 and from Tue 08 Dec 02:00 to Fri 01 Jan 2027 02:00",
            schedule("300"),
        ),
        (
            daily().schedule(BackupType::Incremental, "0 * * * *").good(&BackupType::Incremental, &[1.0, 2.0]),
            "Warning: Incrementals are made, but no good full backup is listed",
            backups(&["b0", "b1"]),
        ),
        (
            chained(&["b1", "b1", "gone"]),
            "Warning: The newest incremental builds on a full backup that is not listed",
            backups(&["b4"]),
        ),
        (
            chained(&["b1", "gone", "gone"]),
            "Warning: The newest 2 incrementals build on a full backup that is not listed",
            backups(&["b4", "b3"]),
        ),
        (
            chained(&["b1", "b1", "b0"]),
            "Warning: The newest incremental builds on a full backup that failed or is empty",
            backups(&["b4"]),
        ),
        (empty, "Warning: A full backup is marked as succeeded and holds 0 bytes", backups(&["b1"])),
        (
            SmallWorld::new().good(&FULL, &[34.0, 20.0]).backup(FULL, "Running", before(9.0)),
            "Warning: A full backup has been running since Mon 23 Nov 03:00",
            backups(&["b2"]),
        ),
        (
            daily()
                .good(&FULL, &[34.0, 10.0])
                .schedule(BackupType::Dump, "once")
                .with(|it| it.created_at = Some(ApiTime::At(before(30.0)))),
            "Warning: The one-time dump of Sun 22 Nov 06:00 made no backup",
            schedule("301"),
        ),
        (
            daily()
                .good(&FULL, &[34.0, 10.0])
                .schedule(BackupType::BinaryLog, "0 2 * * *")
                .good(&BackupType::BinaryLog, &[34.0, 10.0])
                .schedule(BackupType::Snapshot, "0 2 * * 1")
                .good(&BackupType::Snapshot, &[10.0]),
            "Warning: Snapshots are up to 7 days apart, too far for recovery to any point in time",
            schedule("302"),
        ),
    ];
    for (world, sentence, evidence) in cases {
        let found = world.sentences();
        assert!(found.iter().any(|found| found == sentence), "{sentence}\n{found:#?}");
        let report = world.report();
        let position = found.iter().position(|found| found == sentence).unwrap();
        let finding = &report.findings[position];
        assert_eq!(finding.evidence, evidence, "{sentence}");
        assert!(!finding.advice().is_empty() && !finding.advice().ends_with('.'));
        assert_eq!((finding.service.as_str(), report.services.len()), ("db1", 1));
    }
}

#[test]
fn one_cause_is_one_finding_of_its_type() {
    let failing = SmallWorld::new()
        .schedule(FULL, "0 2 * * *")
        .good(&FULL, &[58.0])
        .backup(FULL, "Failed", before(34.0))
        .backup(FULL, "Failed", before(10.0));
    assert_eq!(failing.sentences().len(), 1);
}

#[test]
fn another_young_copy_makes_a_problem_a_warning() {
    let old = SmallWorld::new().schedule(FULL, "0 2 * * *").good(&FULL, &[58.0]);
    assert_eq!(old.report().problems, 1);
    let copied = old.good(&BackupType::Snapshot, &[5.0]);
    let report = copied.report();
    assert_eq!((report.problems, report.warnings, report.findings[0].urgency), (0, 1, Urgency::Warning));
    // What the user asked for counts, whatever else there is.
    let mut asked = copied;
    asked.targets.set(None, &FULL, Some(48));
    assert_eq!(asked.report().problems, 1);
    asked.targets.set(None, &FULL, Some(72));
    assert_eq!(asked.report().problems, 0);
}

#[test]
fn a_stopped_service_with_a_copy_is_no_problem() {
    let mut stopped = SmallWorld::new().schedule(FULL, "0 2 * * *").good(&FULL, &[58.0]);
    stopped.services.as_mut().unwrap()[0].status = Some("stopped".into());
    assert_eq!((stopped.report().problems, stopped.service().urgency), (0, Urgency::Warning));
    stopped.backups.clear();
    assert_eq!(stopped.report().problems, 1);
}

#[test]
fn services_are_shown_worst_first_whatever_is_known_of_them() {
    let mut world = SmallWorld::new().schedule(FULL, "0 2 * * *").good(&FULL, &[34.0, 10.0]);
    let service = |id: &str, name: Option<&str>| Service {
        id: ServiceId::new(id),
        name: name.map(Into::into),
        status: Some("ready".into()),
        ..Service::default()
    };
    // A service without a name, two of one name, and one that is gone.
    world.services.as_mut().unwrap().extend([service("db2", None), service("db3", Some("orders"))]);
    let row = |id: &str, hours: f64| Backup {
        service_id: Some(ServiceId::new(id)),
        backup_type: Some(FULL),
        status: Some(Status::new("Succeeded")),
        start_time: Some(ApiTime::At(before(hours))),
        ..Backup::default()
    };
    world.backups.extend([row("db3", 3.0), row("db9", 100.0)]);
    let report = world.report();
    let shown: Vec<(&str, bool, Urgency)> =
        report.services.iter().map(|service| (service.id.as_str(), service.is_gone, service.urgency)).collect();
    let expected = [
        ("db2", false, Urgency::Problem),
        ("db1", false, Urgency::None),
        ("db3", false, Urgency::None),
        ("db9", true, Urgency::None),
    ];
    assert_eq!(shown, expected);
    assert_eq!((report.problems, report.warnings, report.existing), (1, 0, 3));
    // While the list of services is not known, none of them is gone.
    world.services = None;
    assert!(world.report().services.iter().all(|service| !service.is_gone));
}

#[test]
fn the_newest_backup_is_shown_as_it_began_even_in_another_century() {
    let start: jiff::Timestamp = "1921-05-06T07:08:09Z".parse().unwrap();
    let report = SmallWorld::new().backup(FULL, "Succeeded", start).report();
    assert_eq!(report.services[0].cells[0].newest.as_ref().map(|newest| newest.at), Some(start));
}

#[test]
fn a_suspended_type_beside_another_is_shown_as_such() {
    let world = SmallWorld::new()
        .schedule(FULL, "0 2 * * *")
        .good(&FULL, &[34.0, 10.0])
        .schedule(BackupType::Dump, "0 6 * * 1")
        .with(|it| it.suspended = Some(true));
    assert_eq!(world.service().cells[3].state, CellState::Suspended);
    assert_eq!(world.sentences(), Vec::<String>::new());
    assert_eq!(world.service().next(), Some(at("2026-11-24T02:00:00Z")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The newest incremental decides: the one full backup that it names has to be a good one.
    #[test]
    fn a_chain_is_broken_where_the_newest_incremental_names_no_good_full_backup(
        fulls in proptest::collection::vec(any::<bool>(), 1..6),
        references in proptest::collection::vec(0_usize..14, 1..6),
    ) {
        let mut world = SmallWorld::new();
        for (number, is_good) in fulls.iter().enumerate() {
            world = world.backup(FULL, if *is_good { "Succeeded" } else { "Failed" }, before(40.0 - number as f64));
        }
        for (number, reference) in references.iter().enumerate() {
            world = world.backup(BackupType::Incremental, "Succeeded", before(20.0 - number as f64));
            world.backups.last_mut().unwrap().reference_full_backup = Some(format!("b{reference}").as_str().into());
        }
        let named = *references.last().unwrap();
        // One that names another incremental says nothing that can be followed.
        let is_broken = fulls.get(named).map_or(named >= fulls.len() + references.len(), |is_good| !is_good);
        let has_full = fulls.contains(&true);
        let kinds: Vec<FindingKind> = world.report().findings.iter().map(|finding| finding.kind.clone()).collect();
        let count = references.iter().rev().take_while(|reference| **reference == named).count();
        let broken = FindingKind::BrokenChain { count, is_listed: named < fulls.len() };
        prop_assert_eq!(kinds.contains(&FindingKind::NoFull), !has_full);
        prop_assert_eq!(kinds.contains(&broken), has_full && is_broken);
    }

    /// Rows that arrive page by page lead to the same report as all at once.
    #[test]
    fn pages_lead_to_the_report_of_the_whole(
        rows in proptest::collection::vec((0_u8..4, 0_usize..5, 0_usize..4, 0.0_f64..200.0), 0..60),
        page in 1_usize..20,
    ) {
        let mut world = SmallWorld::new().schedule(FULL, "0 2 * * *");
        for (service, kind, status, hours) in rows {
            let status = ["Succeeded", "Failed", "Running", "Quarantined"][status];
            world = world.backup(BackupType::ALL[kind].clone(), status, before(hours));
            world.backups.last_mut().unwrap().service_id = Some(ServiceId::new(format!("db{service}")));
        }
        let all = world.backups.clone();
        let mut previous = CoverageJob { backups: Rows::default(), ..world.job() }.run();
        let mut known = 0;
        while known < all.len() {
            known = (known + page).min(all.len());
            let backups = Rows::new(all[..known].to_vec());
            let planned = Some(Arc::clone(&previous.planned));
            previous = CoverageJob { backups, previous: Some(previous), planned, ..world.job() }.run();
        }
        let whole = world.report();
        prop_assert_eq!(format!("{:?}", previous.report), format!("{:?}", whole));
    }
}
