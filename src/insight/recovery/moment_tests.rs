//! Moments: yes, no, not known, and the nearest that work.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::chain_tests::{NOW, any_lists, at, backup, full, in_log, incremental, lists, logs, on, status};
use super::*;
use crate::domain::{ApiTime, Backup, BackupType, Service, ServiceId, Zone};

fn moments_of(lists: &KnownLists, range: PointInTimeRange) -> ServiceMoments {
    let service = Service { provider: Some("gcp".into()), version: Some("10.11.13-1".into()), ..Service::default() };
    let backups = ServiceBackups::new(lists, &ServiceId::new("db1"));
    ServiceMoments::new(backups, Some(service), range, lists.listed_at, lists.now)
}

pub(super) fn moments(rows: Vec<Backup>) -> ServiceMoments {
    moments_of(&lists(rows), PointInTimeRange::None)
}

pub(super) fn snapshot(id: &str, start: &str, of: &str) -> Backup {
    Backup { point_in_time: Some(ApiTime::At(on(of))), ..backup(BackupType::Snapshot, id, start) }
}

/// Full backups at 02:00 in logs 7 and 20, an incremental, and logs each hour, with a hole from 9 to 12.
fn day() -> Vec<Backup> {
    let hourly = [7, 8, 12, 13]
        .into_iter()
        .zip(3..)
        .map(|(file, hour)| logs(&format!("l{file}"), &format!("26 {hour:02}:00"), file));
    let fixed = [
        in_log(full("f1", "26 02:00"), 7),
        incremental("i1", "26 10:00", "f1"),
        backup(BackupType::Dump, "d1", "26 14:00"),
        snapshot("s1", "26 18:00", "26 18:01"),
        in_log(full("f2", "27 02:00"), 20),
        logs("l20", "27 03:00", 20),
        logs("l21", "27 04:00", 21),
        logs("l22", "27 05:00", 22),
    ];
    hourly.chain(fixed).collect()
}

fn ids(answer: &MomentAnswer) -> String {
    answer.chain.iter().map(|member| member.id.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_moment_is_reached_by_a_backup_or_by_logs_or_not_at_all() {
    let moments = moments(day());
    let cases = [
        ("26 01:00", Reachability::No, "", "No: not in any listed backup; all of them are of later"),
        // The backup itself holds only its end; from its start on it would be the one before.
        ("26 02:05", Reachability::No, "", "No: not in any listed backup; all of them are of later"),
        (
            "26 02:10",
            Reachability::Yes,
            "f1",
            "Yes: the full backup of 2026-11-26 02:10 holds all that was committed up to its end, in this second",
        ),
        (
            "26 02:30",
            Reachability::Yes,
            "f1 l7 l8",
            "Yes: the full backup of 2026-11-26 02:10, and the binary logs after it",
        ),
        (
            "26 03:30",
            Reachability::NotKnown,
            "f1 l7 l8",
            "Not known: the last listed log ends with the last commit before its rotation, which was at some time up to 2026-11-26 04:00",
        ),
        (
            "26 05:30",
            Reachability::No,
            "",
            "No: not in any listed backup; of the binary logs mariadb-bin.000009 to mariadb-bin.000011 is missing, and nothing after a hole can be applied",
        ),
        (
            "26 10:10",
            Reachability::Yes,
            "f1 i1",
            "Yes: the incremental of 2026-11-26 10:10 holds all that was committed up to its end, in this second",
        ),
        (
            "26 14:05",
            Reachability::NotKnown,
            "d1",
            "Not known: a dump holds a state between its start and end, possibly several moments",
        ),
        (
            "26 18:01",
            Reachability::Yes,
            "s1",
            "Yes: the snapshot of 2026-11-26 18:10 is of this moment, as SkySQL gives it",
        ),
        (
            "27 03:59",
            Reachability::Yes,
            "f2 l20 l21 l22",
            "Yes: the full backup of 2026-11-27 02:10, and the binary logs after it",
        ),
        ("28 02:00", Reachability::No, "", "No: not in any listed backup"),
        ("28 12:01", Reachability::No, "", "No: it lies in the future"),
    ];
    for (moment, verdict, chain, sentence) in cases {
        let answer = moments.answer(on(moment));
        assert_eq!((answer.verdict, ids(&answer).as_str()), (verdict, chain), "{moment}");
        assert_eq!(answer.sentence(&Zone::utc()), sentence, "{moment}");
    }
}

#[test]
fn the_nearest_moments_that_work_are_offered() {
    let moments = moments(day());
    let near = |nearest: &Option<Nearest>| {
        let words = |it: &Nearest| format!("{} {}", Zone::utc().date_time(it.at), type_words(it.backup_type.as_ref()));
        nearest.as_ref().map_or_else(String::new, words)
    };
    let cases = [
        ("26 01:00", "", "2026-11-26 02:10:00 full backup"),
        ("26 05:30", "2026-11-26 03:00:00 backup", "2026-11-26 10:10:00 incremental"),
        ("26 14:05", "2026-11-26 10:10:00 incremental", "2026-11-26 18:01:00 snapshot"),
        ("28 11:00", "2026-11-27 04:00:00 backup", ""),
        ("28 12:01", "2026-11-27 04:00:00 backup", ""),
    ];
    for (moment, before, after) in cases {
        let answer = moments.answer(on(moment));
        assert_eq!((near(&answer.before).as_str(), near(&answer.after).as_str()), (before, after), "{moment}");
    }
    // A dump is offered where there is nothing better.
    let dump = super::moment_tests::moments(vec![backup(BackupType::Dump, "d", "26 14:00")]);
    assert_eq!(near(&dump.answer(on("26 10:00")).after), "2026-11-26 14:00:00 dump");
}

#[test]
fn the_band_has_its_points_spans_and_holes() {
    let moments = moments(day());
    assert_eq!(moments.bounds(), Some((on("26 02:10"), on("27 04:00"))));
    let spans: Vec<_> = moments.spans.iter().map(|span| (span.source, span.from, span.until)).collect();
    assert_eq!(
        spans,
        [(MomentSource::Logs, on("26 02:10"), on("26 03:00")), (MomentSource::Logs, on("27 02:10"), on("27 04:00"))]
    );
    let holes: Vec<_> = moments.holes.iter().map(|hole| (hole.from, hole.until, hole.missing.names())).collect();
    let name = |from: u64, until: u64| format!("mariadb-bin.{from:06} to mariadb-bin.{until:06}");
    assert_eq!(holes, [(on("26 04:00"), on("26 14:10"), name(9, 11)), (on("26 06:00"), on("26 14:10"), name(14, 19))]);
}

#[test]
fn what_skysql_says_about_points_in_time_counts() {
    let range = PointInTimeRange::Range { from: at("2026-11-26T06:00:00.5Z"), until: at("2026-11-26T20:00:00.9Z") };
    let moments = moments_of(&lists(day()), range);
    let answer = moments.answer(on("26 19:00"));
    assert_eq!(answer.method, Some(RestoreMethod::PointInTime));
    assert_eq!(ids(&answer), "s1");
    assert!(answer.warnings.contains(&MomentWarning::NotBetweenSnapshots));
    // To the second, and never beyond.
    for (moment, verdict) in [
        ("2026-11-26T06:00:00Z", Reachability::No),
        ("2026-11-26T06:00:01Z", Reachability::Yes),
        ("2026-11-26T20:00:00Z", Reachability::Yes),
        ("2026-11-26T20:00:01Z", Reachability::No),
    ] {
        assert_eq!(moments.answer(at(moment)).verdict, verdict, "{moment}");
    }
    // Where a backup holds the very moment, it is named.
    assert!(matches!(moments.answer(on("26 10:10")).method, Some(RestoreMethod::Backup(_))));
}

#[test]
fn nothing_is_denied_that_is_not_known() {
    let incomplete = KnownLists { is_complete: false, ..lists(day()) };
    let cases = [
        (incomplete.clone(), PointInTimeRange::None, "26 05:30", "Not known: the list of backups is not complete"),
        (
            KnownLists { listed_at: Some(on("27 06:00")), ..incomplete },
            PointInTimeRange::None,
            "28 02:00",
            "Not known: the list of backups is of 2026-11-27 06:00",
        ),
        (
            lists(day()),
            PointInTimeRange::Unknown,
            "26 05:30",
            "Not known: SkySQL has not told which points in time it can restore",
        ),
    ];
    for (lists, range, moment, sentence) in cases {
        let moments = moments_of(&lists, range);
        assert_eq!(moments.answer(on(moment)).sentence(&Zone::utc()), sentence);
        assert_eq!(moments.answer(on("26 02:10")).verdict, Reachability::Yes, "what is listed is there");
    }
}

#[test]
fn the_rules_for_points_in_time_warn_and_never_block() {
    let range = PointInTimeRange::Range { from: on("20 00:00"), until: on("28 00:00") };
    let service = |version: &str, topology: &str| Service {
        version: Some(version.into()),
        topology: Some(topology.into()),
        provider: Some("aws".into()),
        ..Service::default()
    };
    let snapshots = |days: &[u32]| -> Vec<Backup> {
        days.iter().map(|day| snapshot(&format!("s{day}"), &format!("{day} 01:00"), &format!("{day} 01:00"))).collect()
    };
    let cases = [
        (snapshots(&[24, 25]), service("10.11.13-1", "es-single"), None),
        (snapshots(&[21, 26]), service("10.11.13-1", "es-single"), Some(MomentWarning::SnapshotsApart(5 * 86_400))),
        (snapshots(&[21, 24]), service("10.11.13-1", "es-single"), Some(MomentWarning::NotBetweenSnapshots)),
        (
            snapshots(&[24, 25]),
            service("10.6.22-18-1", "es-single"),
            Some(MomentWarning::OldServer("10.6.22-18-1".into())),
        ),
        (snapshots(&[24, 25]), service("11.4.7-4-1", "galera"), Some(MomentWarning::Galera)),
        (snapshots(&[24, 25]), service("11.4.7-4-1", "serverless-standalone"), Some(MomentWarning::Serverless)),
    ];
    for (rows, service, want) in cases {
        let known = ServiceBackups::new(&lists(rows), &ServiceId::new("db1"));
        let answer = ServiceMoments::new(known, Some(service), range, Some(at(NOW)), at(NOW)).answer(on("24 12:00"));
        assert_eq!(answer.verdict, Reachability::Yes);
        let always = [
            MomentWarning::LongStatements,
            MomentWarning::SameProvider(Some("aws".into())),
            MomentWarning::UsersOfSource,
            MomentWarning::PreparedTransactions,
            MomentWarning::KeepEventsOff,
        ];
        let all: Vec<MomentWarning> = want.into_iter().chain(always).collect();
        assert_eq!(answer.warnings, all);
    }
}

#[test]
fn a_failed_log_or_full_backup_leads_nowhere() {
    let failed = |id: &'static str| -> Vec<Backup> {
        let change = |row: Backup| if row.id.as_str() == id { status(row, "Failed") } else { row };
        day().into_iter().map(change).collect()
    };
    assert_eq!(moments(failed("l21")).answer(on("27 02:30")).verdict, Reachability::NotKnown);
    assert_eq!(moments(failed("f2")).answer(on("27 02:30")).verdict, Reachability::No);
    assert_eq!(moments(failed("f1")).answer(on("26 10:10")).verdict, Reachability::No);
}

fn any_moments() -> impl Strategy<Value = ServiceMoments> {
    let range = proptest::option::of((0..96_i64, 0..48_i64));
    (any_lists(), range).prop_map(|(lists, range)| {
        let hour = |hours: i64| on("24 00:00") + SignedDuration::from_hours(hours);
        let range = range.map_or(PointInTimeRange::None, |(from, length)| PointInTimeRange::Range {
            from: hour(from),
            until: hour(from + length),
        });
        moments_of(&lists, range)
    })
}

proptest! {
    /// What is offered instead works, and nothing that works is nearer.
    #[test]
    fn the_nearest_moments_work_and_are_the_nearest(moments in any_moments(), minutes in 0..7000_i64) {
        let moment = on("24 00:00") + SignedDuration::from_mins(minutes);
        let answer = moments.answer(moment);
        let has_exact = moments.points.iter().any(|it| it.is_exact() && it.is_certain) || !moments.spans.is_empty();
        for nearest in [&answer.before, &answer.after].into_iter().flatten() {
            prop_assert!(nearest.at != answer.at);
            let there = moments.answer(nearest.at);
            prop_assert!(there.method.is_some());
            prop_assert!(there.verdict == Reachability::Yes || !has_exact, "{:?}", nearest);
        }
        if answer.verdict != Reachability::Yes {
            let between = |other: Timestamp| {
                answer.before.as_ref().is_none_or(|it| it.at < other) && answer.after.as_ref().is_none_or(|it| other < it.at)
            };
            for step in (0..7000).step_by(230) {
                let other = on("24 00:00") + SignedDuration::from_mins(step);
                prop_assert!(!between(other) || moments.answer(other).verdict != Reachability::Yes, "{}", other);
            }
        }
    }

    /// Each yes names a chain of listed backups; each no and not known says why.
    #[test]
    fn each_verdict_has_its_reason(moments in any_moments(), minutes in 0..7000_i64) {
        let answer = moments.answer(on("24 00:00") + SignedDuration::from_mins(minutes));
        let by_service = answer.method == Some(RestoreMethod::PointInTime);
        match answer.verdict {
            Reachability::Yes => {
                prop_assert!(answer.method.is_some() && answer.no.is_none() && answer.not_known.is_empty());
                prop_assert!(by_service || !answer.chain.is_empty());
                prop_assert!(answer.chain.iter().all(|member| member.state == MemberState::Listed));
            }
            Reachability::No => prop_assert!(answer.no.is_some() && answer.method.is_none() && answer.not_known.is_empty()),
            Reachability::NotKnown => prop_assert!(answer.no.is_none() && !answer.not_known.is_empty()),
        }
    }
}
