//! Chains: whole, broken, and not known.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::domain::{ApiTime, Backup, BackupId, BackupType, SeenState, ServiceId, Sighting, Status, Zone};
use crate::rows::Rows;

pub(super) const NOW: &str = "2026-11-28T12:00:00Z";

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// `27 02:00` of November 2026.
pub(super) fn on(day_and_minute: &str) -> Timestamp {
    let (day, minute) = day_and_minute.split_once(' ').unwrap();
    at(&format!("2026-11-{day}T{minute}:00Z"))
}

/// A good backup of `db1` that takes ten minutes.
pub(super) fn backup(backup_type: BackupType, id: &str, start: &str) -> Backup {
    let start = on(start);
    Backup {
        id: BackupId::new(id),
        service_id: Some(ServiceId::new("db1")),
        backup_type: Some(backup_type),
        status: Some(Status::new("Succeeded")),
        start_time: Some(ApiTime::At(start)),
        end_time: Some(ApiTime::At(start + SignedDuration::from_mins(10))),
        server_pod: Some("pod-1".into()),
        storage_bytes: Some(1 << 30),
        ..Backup::default()
    }
}

pub(super) fn full(id: &str, start: &str) -> Backup {
    backup(BackupType::Full, id, start)
}

pub(super) fn incremental(id: &str, start: &str, full: &str) -> Backup {
    Backup { reference_full_backup: Some(full.into()), ..backup(BackupType::Incremental, id, start) }
}

pub(super) fn logs(id: &str, start: &str, file: u64) -> Backup {
    in_log(backup(BackupType::BinaryLog, id, start), file)
}

pub(super) fn in_log(backup: Backup, file: u64) -> Backup {
    Backup { binlog_file: Some(format!("mariadb-bin.{file:06}").into()), ..backup }
}

pub(super) fn status(backup: Backup, status: &str) -> Backup {
    Backup { status: Some(Status::new(status)), ..backup }
}

pub(super) fn lists(rows: Vec<Backup>) -> KnownLists {
    KnownLists { listed: Rows::new(rows), is_complete: true, listed_at: Some(at(NOW)), now: at(NOW), seen: None }
}

pub(super) fn known(rows: Vec<Backup>) -> ServiceBackups {
    ServiceBackups::new(&lists(rows), &ServiceId::new("db1"))
}

pub(super) fn chain(rows: Vec<Backup>, id: &str) -> Chain {
    Chain::of(&known(rows), &BackupId::new(id)).unwrap_or_else(|| panic!("{id} has no chain"))
}

fn members(chain: &Chain) -> String {
    let words = |member: &ChainMember| format!("{}:{}", member.id.as_str(), member.state.name());
    chain.members.iter().map(words).collect::<Vec<_>>().join(" ")
}

fn week() -> Vec<Backup> {
    vec![
        full("f1", "25 02:00"),
        incremental("i1", "25 10:00", "f1"),
        incremental("i2", "25 18:00", "f1"),
        // A newer full backup does not cut the older chain.
        full("f2", "26 02:00"),
        incremental("i3", "26 04:00", "f1"),
        incremental("i4", "26 10:00", "f2"),
    ]
}

/// The rows with one of them changed.
fn with(id: &str, change: impl Fn(Backup) -> Backup) -> Vec<Backup> {
    let change = |row: Backup| if row.id.as_str() == id { change(row) } else { row };
    week().into_iter().map(change).collect()
}

fn without(id: &str) -> Vec<Backup> {
    week().into_iter().filter(|row| row.id.as_str() != id).collect()
}

#[test]
fn the_chain_of_an_incremental_is_its_full_backup_and_all_between() {
    let failed = |row| status(row, "Failed");
    let cases = [
        (week(), "i1", "f1:Listed i1:Listed", ChainVerdict::Whole),
        (week(), "i3", "f1:Listed i1:Listed i2:Listed i3:Listed", ChainVerdict::Whole),
        (week(), "i4", "f2:Listed i4:Listed", ChainVerdict::Whole),
        (without("f1"), "i1", "f1:Not listed i1:Listed", ChainVerdict::Broken),
        (with("f1", failed), "i1", "f1:Failed i1:Listed", ChainVerdict::Broken),
        (with("f1", |row| status(row, "Running")), "i1", "f1:Not finished i1:Listed", ChainVerdict::Broken),
        (with("f1", |row| status(row, "Melted")), "i1", "f1:Not known i1:Listed", ChainVerdict::NotKnown),
        (
            with("f1", |row| Backup { storage_bytes: Some(0), ..row }),
            "i1",
            "f1:0 bytes i1:Listed",
            ChainVerdict::Broken,
        ),
        // Whether a failed one left something that the next one builds on is not known.
        (with("i1", failed), "i2", "f1:Listed i1:Failed i2:Listed", ChainVerdict::NotKnown),
        (with("i2", failed), "i2", "f1:Listed i1:Listed i2:Failed", ChainVerdict::Broken),
        // What follows does not break what precedes.
        (with("i2", failed), "i1", "f1:Listed i1:Listed", ChainVerdict::Whole),
        (with("i1", |row| Backup { reference_full_backup: None, ..row }), "i1", "i1:Listed", ChainVerdict::NotKnown),
        // It names something that is no full backup.
        (
            with("i4", |row| Backup { reference_full_backup: Some("i1".into()), ..row }),
            "i4",
            "i1:Not known i4:Listed",
            ChainVerdict::NotKnown,
        ),
        // An order that cannot be.
        (
            with("f1", |row| Backup { start_time: Some(ApiTime::At(on("25 12:00"))), ..row }),
            "i1",
            "f1:Listed i1:Listed",
            ChainVerdict::NotKnown,
        ),
    ];
    for (number, (rows, id, want, verdict)) in cases.into_iter().enumerate() {
        let chain = chain(rows, id);
        assert_eq!((members(&chain).as_str(), chain.verdict), (want, verdict), "case {number}");
    }
    for alone in ["f1", "nothing"] {
        assert_eq!(Chain::of(&known(week()), &BackupId::new(alone)), None);
    }
}

#[test]
fn what_is_no_longer_listed_was_seen_in_the_history() {
    let seen = |state: SeenState| {
        let sighting = Some(Sighting { first_seen: on("25 02:00"), last_seen: on("26 02:00"), state });
        week().into_iter().map(move |row| Backup { sighting, ..row }).collect::<Rows<Backup>>()
    };
    let cases = [
        (SeenState::Expired, true, "f1:Expired i1:Listed", ChainVerdict::Broken),
        (SeenState::Gone, true, "f1:Not listed i1:Listed", ChainVerdict::Broken),
        // The history is a moment older than the list.
        (SeenState::Listed, true, "f1:Not listed i1:Listed", ChainVerdict::Broken),
        (SeenState::Listed, false, "f1:Not known i1:Listed", ChainVerdict::NotKnown),
        (SeenState::Expired, false, "f1:Expired i1:Listed", ChainVerdict::Broken),
    ];
    for (state, is_complete, want, verdict) in cases {
        let lists = KnownLists { seen: Some(seen(state)), is_complete, ..lists(without("f1")) };
        let backups = ServiceBackups::new(&lists, &ServiceId::new("db1"));
        let chain = Chain::of(&backups, &BackupId::new("i1")).unwrap();
        assert_eq!((members(&chain).as_str(), chain.verdict), (want, verdict), "{state:?} {is_complete}");
    }
}

#[test]
fn an_old_list_does_not_tell_whether_what_it_names_is_still_there() {
    let now = at("2026-12-02T06:00:00Z");
    let lists = KnownLists { is_complete: false, now, ..lists(week()) };
    let backups = ServiceBackups::new(&lists, &ServiceId::new("db1"));
    let chain = Chain::of(&backups, &BackupId::new("i3")).unwrap();
    assert_eq!(members(&chain), "f1:Not known i1:Listed i2:Listed i3:Listed");
    assert_eq!(chain.verdict, ChainVerdict::NotKnown);
}

#[test]
fn chains_say_in_words_what_they_need_and_what_is_missing() {
    let zone = Zone::utc();
    let cases = [
        (week(), "i1", "Needs the full backup of 2026-11-25 02:10. All of its chain is listed"),
        (
            week(),
            "i2",
            "Needs the full backup of 2026-11-25 02:10 and 1 incremental between. All of its chain is listed",
        ),
        (
            without("f1"),
            "i3",
            "Needs the full backup and 2 incrementals between. It should not be restorable: the full backup is not in the list",
        ),
        (
            with("i1", |row| Backup { reference_full_backup: None, ..row }),
            "i1",
            "Not known whether it can be restored: SkySQL does not name the full backup it builds on",
        ),
        (
            with("i1", |row| status(row, "Failed")),
            "i2",
            "Needs the full backup of 2026-11-25 02:10 and 1 incremental between. Not known whether it can be restored: \
             the incremental of 2026-11-25 10:10 failed",
        ),
    ];
    for (rows, id, want) in cases {
        assert_eq!(chain(rows, id).sentence(&zone), want);
    }
}

/// A full backup in log 7, and backups of the logs from there on.
fn with_logs(files: &[u64]) -> Vec<Backup> {
    let logs = files
        .iter()
        .enumerate()
        .map(|(hour, file)| logs(&format!("l{file}"), &format!("26 {:02}:00", hour + 3), *file));
    std::iter::once(in_log(full("f", "26 02:00"), 7)).chain(logs).collect()
}

#[test]
fn logs_continue_from_the_newest_backup_that_no_hole_cuts_off() {
    let cases = [
        (with_logs(&[7, 8, 9]), "l9", "f:Listed l7:Listed l8:Listed l9:Listed", ChainVerdict::Whole, ""),
        // They begin at the file of the backup itself.
        (with_logs(&[8, 9]), "l9", "f:Listed l9:Listed", ChainVerdict::Broken, "mariadb-bin.000007"),
        (with_logs(&[7, 9]), "l9", "f:Listed l7:Listed l9:Listed", ChainVerdict::Broken, "mariadb-bin.000008"),
        (
            with_logs(&[7, 11, 13]),
            "l13",
            "f:Listed l7:Listed l13:Listed",
            ChainVerdict::Broken,
            "mariadb-bin.000008 to mariadb-bin.000010, mariadb-bin.000012",
        ),
    ];
    for (rows, id, want, verdict, missing) in cases {
        let until = rows.last().and_then(Backup::started_at);
        let chain = chain(rows, id);
        let names: Vec<String> = chain
            .problems
            .iter()
            .filter_map(|problem| match problem {
                ChainProblem::MissingLogs(missing) => Some(missing.names()),
                _ => None,
            })
            .collect();
        assert_eq!((chain.verdict, names.join(", ").as_str()), (verdict, missing), "{want}");
        assert_eq!((members(&chain).as_str(), chain.from, chain.until), (want, Some(on("26 02:10")), until));
    }
    let six_digits: Vec<Backup> = vec![
        in_log(full("f", "26 02:00"), 999_999),
        logs("l1", "26 03:00", 999_999),
        logs("l2", "26 04:00", 1_000_000),
    ];
    assert_eq!(chain(six_digits, "l2").verdict, ChainVerdict::Whole);
}

#[test]
fn without_a_log_name_nothing_is_promised() {
    let gtid = |row: Backup, gtid: &str| Backup { binlog_gtid_position: Some(gtid.into()), binlog_file: None, ..row };
    let base = || gtid(full("f", "26 02:00"), "0-1-7");
    let log = |position: &str| gtid(logs("l", "26 03:00", 1), position);
    let unnamed = Backup { binlog_file: None, ..logs("l", "26 03:00", 1) };
    let cases = [
        (vec![base(), log("0-1-9")], ChainProblem::ByGtidOnly, ChainVerdict::NotKnown),
        (vec![base(), log("0-1-3")], ChainProblem::ByTimeOnly, ChainVerdict::NotKnown),
        (vec![base(), unnamed], ChainProblem::ByTimeOnly, ChainVerdict::NotKnown),
        (vec![log("0-1-9")], ChainProblem::NoBase, ChainVerdict::Broken),
        // The backup ended in a later log, on the same or another server.
        (vec![in_log(full("f", "26 02:00"), 9), logs("l", "26 03:00", 8)], ChainProblem::NoBase, ChainVerdict::Broken),
    ];
    for (rows, problem, verdict) in cases {
        let chain = chain(rows, "l");
        assert_eq!((chain.problems.as_slice(), chain.verdict), (&[problem][..], verdict));
    }
    let incomplete = KnownLists { is_complete: false, ..lists(vec![log("0-1-9")]) };
    let backups = ServiceBackups::new(&incomplete, &ServiceId::new("db1"));
    assert_eq!(Chain::of(&backups, &BackupId::new("l")).unwrap().verdict, ChainVerdict::NotKnown);
}

/// Incrementals of three full backups, each present or not, in any state.
fn any_backups() -> impl Strategy<Value = Vec<Backup>> {
    let words = prop_oneof![Just("Succeeded"), Just("Failed"), Just("Running"), Just("Melted")];
    let one = (0..5_usize, 0..4_usize, 0..24_u32, 24..28_u32, words, 5..12_u64, proptest::bool::weighted(0.8));
    proptest::collection::vec(one, 0..24).prop_map(|all| {
        let row = |(number, (kind, reference, hour, day, word, file, has_file)): (usize, _)| {
            let kind: usize = kind;
            let start = format!("{day} {hour:02}:00");
            let id = if kind == 0 { format!("f{reference}") } else { format!("b{number}") };
            let made = backup(BackupType::ALL[kind].clone(), &id, &start);
            let made = if has_file { in_log(made, file) } else { made };
            let is_incremental = kind == 1 && reference > 0;
            let reference = is_incremental.then(|| format!("f{reference}").into());
            Backup { reference_full_backup: reference, point_in_time: made.start_time.clone(), ..status(made, word) }
        };
        let rows = all.into_iter().enumerate().map(row);
        let by_id: std::collections::BTreeMap<_, _> = rows.map(|row| (row.id.clone(), row)).collect();
        by_id.into_values().collect()
    })
}

pub(super) fn any_lists() -> impl Strategy<Value = KnownLists> {
    (any_backups(), any::<bool>()).prop_map(|(rows, is_complete)| KnownLists { is_complete, ..lists(rows) })
}

proptest! {
    /// The order of the list does not matter.
    #[test]
    fn a_chain_does_not_depend_on_the_order_of_the_list(lists in any_lists(), seed in any::<u64>()) {
        let mut rows: Vec<Backup> = lists.listed.iter().collect();
        rows.sort_by_key(|row| row.id.as_str().bytes().fold(seed, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())));
        let shuffled = KnownLists { listed: Rows::new(rows), ..lists.clone() };
        let service = ServiceId::new("db1");
        let [one, other] = [&lists, &shuffled].map(|lists| ServiceBackups::new(lists, &service));
        for row in lists.listed.iter() {
            prop_assert_eq!(Chain::of(&one, &row.id), Chain::of(&other, &row.id));
        }
    }

    /// What is not known to be there never makes a chain whole, and no hole is bridged.
    #[test]
    fn a_whole_chain_has_only_listed_members_without_a_hole(lists in any_lists()) {
        let backups = ServiceBackups::new(&lists, &ServiceId::new("db1"));
        for row in lists.listed.iter() {
            let Some(chain) = Chain::of(&backups, &row.id) else { continue };
            prop_assert_eq!(chain.verdict == ChainVerdict::Whole, chain.problems.is_empty());
            if chain.verdict != ChainVerdict::Whole {
                continue;
            }
            prop_assert!(chain.members.len() > 1);
            let rows: Vec<Backup> = chain.members.iter().map(|it| lists.listed.find(it.id.as_str()).unwrap()).collect();
            prop_assert!(rows.iter().all(|row| row.status_kind() == crate::domain::StatusKind::Good));
            if row.backup_type == Some(BackupType::BinaryLog) {
                let file = |row: &Backup| row.binlog_file.as_deref().and_then(crate::domain::BinlogFile::parse).unwrap();
                let numbers: Vec<u64> = rows.iter().map(|row| file(row).number).collect();
                prop_assert!(numbers.windows(2).all(|pair| pair[0] == pair[1] || pair[0] + 1 == pair[1]), "{:?}", numbers);
                prop_assert_eq!(numbers.first(), numbers.get(1), "the logs begin at the file of the backup");
            } else {
                let reference = row.reference_full_backup.as_deref();
                prop_assert_eq!(rows.first().map(|row| row.id.as_str()), reference);
            }
        }
    }
}
