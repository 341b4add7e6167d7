//! What was seen on a real server about getting back, row by row: the rules that decide what is concluded from the list alone.

use jiff::SignedDuration;

use super::chain_tests::{backup, chain, full, in_log, incremental, logs, on, status};
use super::moment_tests::{moments, snapshot};
use super::*;
use crate::domain::{ApiTime, Backup, BackupType, Zone};

fn says(answer: &MomentAnswer, warning: &MomentWarning) -> bool {
    answer.warnings.contains(warning)
}

fn with_gtid(backup: Backup, gtid: &str) -> Backup {
    Backup { binlog_gtid_position: Some(gtid.into()), ..backup }
}

/// Rows committed up to the end are in: never from start to end by that backup, but by the one before and its logs.
#[test]
fn full_and_incremental_hold_their_end() {
    let moments = moments(vec![
        in_log(full("f1", "26 02:00"), 7),
        logs("l7", "27 01:00", 7),
        in_log(full("f2", "27 02:00"), 8),
        incremental("i1", "27 04:00", "f1"),
        logs("l8", "27 03:00", 8),
        logs("l9", "27 05:00", 9),
    ]);
    let answer = |moment| moments.answer(on(moment)).method;
    let by = |id: &str| crate::domain::BackupId::new(id);
    assert_eq!(answer("27 02:00"), Some(RestoreMethod::Logs(by("f1"))));
    assert_eq!(answer("27 02:09"), Some(RestoreMethod::Logs(by("f1"))));
    assert_eq!(answer("27 02:10"), Some(RestoreMethod::Backup(by("f2"))));
    assert_eq!(answer("27 04:10"), Some(RestoreMethod::Backup(by("i1"))));
    assert_eq!(moments.answer(on("27 02:10")).at, on("27 02:10"), "cut to the second");
}

/// mariadb-backup lets commits go on, and then writes the time.
#[test]
fn the_end_of_a_physical_backup_is_noted_later() {
    let moments = moments(vec![full("f", "26 02:00"), snapshot("s", "26 14:00", "26 13:58")]);
    assert!(says(&moments.answer(on("26 02:10")), &MomentWarning::NotedLater));
    assert!(
        !says(&moments.answer(on("26 13:58")), &MomentWarning::NotedLater),
        "a snapshot is of the moment of its freeze"
    );
}

#[test]
fn a_dump_is_between_start_and_end_possibly_several_moments() {
    let moments = moments(vec![backup(BackupType::Dump, "d", "26 14:00")]);
    for moment in ["26 14:00", "26 14:04", "26 14:10"] {
        let answer = moments.answer(on(moment));
        assert_eq!(
            (answer.verdict, answer.not_known.as_slice()),
            (Reachability::NotKnown, &[NotKnown::Dump][..]),
            "{moment}"
        );
        assert!(answer.sentence(&Zone::utc()).contains("between its start and end, possibly several moments"));
    }
    assert_eq!(moments.answer(on("26 14:11")).verdict, Reachability::No);
}

/// A dump may hold rows of any moment of its last second, so that logs lead exactly to the seconds after it only.
#[test]
fn logs_lead_to_the_seconds_after_a_dump() {
    let dump = in_log(backup(BackupType::Dump, "d", "26 14:00"), 7);
    let moments = moments(vec![dump, logs("l7", "26 15:00", 7), logs("l8", "26 16:00", 8)]);
    let end = on("26 14:10");
    assert_eq!(moments.answer(end).not_known, [NotKnown::Dump]);
    let next = end + SignedDuration::from_secs(1);
    assert_eq!(moments.answer(next).verdict, Reachability::Yes);
    assert_eq!(moments.spans.first().map(|span| span.from), Some(next));
}

/// The list cannot know its moment: what it gives as one is used as given, and without it there is none.
#[test]
fn a_snapshot_is_of_the_moment_that_is_given() {
    let given = snapshot("s", "26 14:00", "26 13:58");
    let silent = Backup { point_in_time: None, ..given.clone() };
    let moments = moments(vec![given]);
    assert_eq!(moments.answer(on("26 13:58")).verdict, Reachability::Yes);
    assert_eq!(moments.answer(on("26 14:00")).verdict, Reachability::No);
    assert!(super::moment_tests::moments(vec![silent]).points.is_empty());
}

/// File and position rank above GTID, GTID above times; nothing is derived from the point in time of a physical backup.
#[test]
fn file_ranks_above_gtid_above_times() {
    let of_file = in_log(full("file", "26 02:00"), 7);
    let of_gtid = with_gtid(full("gtid", "26 04:00"), "0-1-7");
    let of_time = full("time", "26 06:00");
    let last = with_gtid(logs("l", "26 08:00", 7), "0-1-9");
    let base = |rows: Vec<Backup>| chain(rows, "l").members.first().unwrap().id.as_str().to_owned();
    assert_eq!(base(vec![of_file, of_gtid.clone(), of_time.clone(), last.clone()]), "file");
    assert_eq!(base(vec![of_gtid, of_time.clone(), last.clone()]), "gtid");
    assert_eq!(base(vec![of_time, last]), "time");
    let elsewhere = Backup { point_in_time: Some(ApiTime::At(on("26 09:00"))), ..full("f", "26 02:00") };
    let moments = moments(vec![elsewhere]);
    assert_eq!(moments.answer(on("26 09:00")).verdict, Reachability::No);
    assert_eq!(moments.answer(on("26 02:10")).verdict, Reachability::Yes);
}

/// A missing member breaks what follows it, not what precedes it; a newer full backup does not cut an older chain.
#[test]
fn a_missing_member_breaks_what_follows() {
    let rows = |word: &str| {
        vec![
            full("f1", "26 02:00"),
            incremental("i1", "26 04:00", "f1"),
            status(incremental("i2", "26 06:00", "f1"), word),
            full("f2", "26 07:00"),
            incremental("i3", "26 08:00", "f1"),
        ]
    };
    assert_eq!(chain(rows("Succeeded"), "i3").verdict, ChainVerdict::Whole);
    assert_eq!(chain(rows("Failed"), "i1").verdict, ChainVerdict::Whole);
    assert_ne!(chain(rows("Failed"), "i3").verdict, ChainVerdict::Whole);
    let headless = chain(rows("Succeeded").split_off(1), "i3").sentence(&Zone::utc());
    assert!(headless.contains("should not be restorable") && !headless.contains("cannot"), "{headless}");
    let answer = moments(rows("Succeeded")).answer(on("26 08:10"));
    assert!(says(&answer, &MomentWarning::UsedUp), "a second use leaves unreadable tables");
}

#[test]
fn listed_as_succeeded_is_no_proof() {
    assert_eq!(NOT_VERIFIED, "Listed, not verified: only a restore, and reading its tables, shows more");
}

/// Logs begin at the backup's own file and follow each other; the band ends before the first hole, and nothing is offered after it.
#[test]
fn logs_are_consecutive_from_the_file_of_the_backup() {
    let world = |files: &[u64]| {
        let hourly =
            files.iter().zip(3..).map(|(file, hour)| logs(&format!("l{file}"), &format!("26 {hour:02}:00"), *file));
        moments(std::iter::once(in_log(full("f", "26 02:00"), 7)).chain(hourly).collect())
    };
    let spans = |files: &[u64]| world(files).spans.iter().map(|span| (span.from, span.until)).collect::<Vec<_>>();
    assert_eq!(spans(&[7, 8, 9, 10]), [(on("26 02:10"), on("26 05:00"))]);
    assert_eq!(spans(&[7, 8, 10, 11]), [(on("26 02:10"), on("26 03:00"))]);
    assert_eq!(spans(&[8, 9, 10, 11]), [], "the first log is missing");
    let with_hole = world(&[7, 8, 10, 11]);
    for minute in ["26 04:30", "26 05:30", "26 06:30"] {
        assert_eq!(with_hole.answer(on(minute)).verdict, Reachability::No, "{minute}");
    }
}

/// Logs reach the last commit before their last rotation; the gap to now has no bound in time.
#[test]
fn closed_logs_end_before_their_last_rotation() {
    let moments = moments(vec![in_log(full("f", "26 02:00"), 7), logs("l7", "26 03:00", 7), logs("l8", "26 04:00", 8)]);
    let verdict = |moment| moments.answer(on(moment)).verdict;
    assert_eq!(verdict("26 03:00"), Reachability::Yes, "log 8 was open then");
    assert_eq!(verdict("26 03:30"), Reachability::NotKnown);
    assert_eq!(moments.answer(on("26 04:01")).sentence(&Zone::utc()), "No: not in any listed backup");
}

#[test]
fn a_moment_is_a_whole_second_and_long_statements_are_warned_of() {
    let moments = moments(vec![in_log(full("f", "26 02:00"), 7), logs("l7", "26 03:00", 7), logs("l8", "26 04:00", 8)]);
    let answer = moments.answer("2026-11-26T02:30:00.7Z".parse().unwrap());
    assert_eq!(answer.at, on("26 02:30"));
    assert!(says(&answer, &MomentWarning::LongStatements));
    let sentence = MomentWarning::LongStatements.sentence(&Zone::utc());
    assert!(sentence.starts_with("What commits in that second is left out"), "{sentence}");
    assert!(says(&answer, &MomentWarning::LogBounds));
    let sentence = MomentWarning::LogBounds.sentence(&Zone::utc());
    let parts =
        ["leaves out the GTID it begins at", "applies the one it stops at", "positions it is the other way round"];
    assert!(parts.iter().all(|part| sentence.contains(part)), "{sentence}");
    assert!(!says(&moments.answer(on("26 02:10")), &MomentWarning::LogBounds), "no logs are applied");
}

#[test]
fn domains_that_the_backup_lacks_are_warned_of() {
    let world = |gtid: &str| {
        let base = in_log(full("f", "26 02:00"), 7);
        let base = if gtid.is_empty() { base } else { with_gtid(base, gtid) };
        vec![base, logs("l7", "26 03:00", 7), with_gtid(logs("l8", "26 04:00", 8), "7-2-9,0-1-12")]
    };
    let cases = [
        ("0-1-7", Some(MomentWarning::MoreDomains(vec![7]))),
        ("0-1-7,7-2-1", None),
        ("", Some(MomentWarning::NoGtid)),
    ];
    for (gtid, want) in cases {
        let answer = moments(world(gtid)).answer(on("26 02:30"));
        let is_about_gtid = |it: &&MomentWarning| matches!(it, MomentWarning::MoreDomains(_) | MomentWarning::NoGtid);
        assert_eq!(answer.warnings.iter().find(is_about_gtid), want.as_ref(), "{gtid}");
    }
    assert_eq!(chain(world("0-1-7"), "l8").new_domains, [7]);
}

#[test]
fn after_a_restore_users_are_those_of_the_source_and_events_run() {
    let dump = in_log(backup(BackupType::Dump, "d", "25 02:00"), 3);
    let rows = vec![in_log(full("f", "26 02:00"), 7), logs("l7", "26 03:00", 7), logs("l8", "26 04:00", 8)];
    let moments = moments(rows);
    for moment in ["26 02:10", "26 02:30", "26 03:30"] {
        let answer = moments.answer(on(moment));
        assert!(
            says(&answer, &MomentWarning::UsersOfSource) && says(&answer, &MomentWarning::KeepEventsOff),
            "{moment}"
        );
        assert!(says(&answer, &MomentWarning::PreparedTransactions), "a copy of the files has them: {moment}");
    }
    let by_dump = super::moment_tests::moments(vec![dump, logs("l3", "25 03:00", 3), logs("l4", "25 04:00", 4)]);
    for moment in ["25 02:05", "25 02:30"] {
        let answer = by_dump.answer(on(moment));
        assert!(says(&answer, &MomentWarning::UsersOfSource), "{moment}");
        assert!(!says(&answer, &MomentWarning::PreparedTransactions), "a dump has none: {moment}");
    }
}

#[test]
fn what_no_list_tells_is_named() {
    for part in ["options of a dump", "engines", "never listed", "whole", "scheduler", "used up"] {
        assert!(CANNOT_BE_KNOWN.contains(part), "{part}");
    }
}
