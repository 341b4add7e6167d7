use proptest::prelude::*;

use super::*;
use crate::domain::{
    ApiTime, Backup, BackupId, BackupType, Schedule, ScheduleId, SeenState, ServiceId, Sighting, Status,
};
use crate::grid::{Row as _, json_text};

fn any_time() -> impl Strategy<Value = Option<ApiTime>> {
    let seconds = prop_oneof![
        1_790_000_000_i64..1_790_000_050,
        Just(i64::from(u32::MAX)),
        Just(i64::from(u32::MAX) - 1),
        -2..3_i64,
        -377_705_023_201..253_402_207_200_i64,
    ];
    let nanos = prop_oneof![3 => Just(0), 1 => prop::sample::select(vec![1, 123_000_000, 999_999_999])];
    (seconds, nanos, 0..8_u8).prop_map(|(second, nanos, form)| {
        let at = Timestamp::new(second, nanos).ok()?;
        match form {
            0 => None,
            1 => Some(ApiTime::Unreadable("2026-09-14 soon".into())),
            2 => Some(ApiTime::AssumedUtc(at)),
            3 => Some(ApiTime::Unreadable(Text::default())),
            _ => Some(ApiTime::At(at)),
        }
    })
}

fn any_word() -> impl Strategy<Value = Option<Text>> {
    let word = prop_oneof![
        4 => "(db|Svc-)[0-9]{1,2}",
        1 => Just(String::new()),
        1 => "\\PC{0,5}",
        1 => Just("long ".repeat(9_000)),
        1 => "[ée\u{301}A:-]{1,4}",
        1 => "[=+@'\",;\r\n\t\u{0}\u{1b}\u{85}a]{1,4}",
    ];
    (word, 0..5_u8).prop_map(|(word, form)| (form > 0).then(|| word.into()))
}

fn any_size() -> impl Strategy<Value = Option<u64>> {
    prop::option::of(prop_oneof![0..5_u64, 1_000_000..2_000_000_000_u64, u64::MAX - 3..=u64::MAX])
}

fn any_digits() -> impl Strategy<Value = Option<Text>> {
    let digits = prop_oneof![
        6 => "[1-9][0-9]{0,3}",
        1 => prop::sample::select(vec!["0", "007", "+7", " 7", "", "end", "18446744073709551615"]).prop_map(str::to_owned),
        1 => Just("123456789012345678901234567890".to_owned()),
    ];
    prop::option::of(digits.prop_map(Text::from))
}

/// An id of a row with this service and pod: of the usual form, nearly so, or another.
fn any_id(service: &str, pod: &str) -> impl Strategy<Value = String> + use<> {
    let (service, pod) = (service.to_owned(), pod.to_owned());
    let own = prop_oneof![3 => "[0-9a-f]{32}", 1 => "[0-9A-F]{32}", 1 => "[0-9a-f]{0,3}", 1 => "0{30}[0-9a-f]{2}"];
    (own, 0..8_u8).prop_map(move |(own, form)| match form {
        0 => own,
        1 => format!("{own}:{service}"),
        2 => format!("{own}:{service}:other"),
        3 => String::new(),
        _ => format!("{own}:{service}:{pod}"),
    })
}

fn any_sighting() -> impl Strategy<Value = Option<Sighting>> {
    let time = || prop_oneof![8 => 0..4_000_000_000_000_000_i64, 1 => -9_000_000_000..0_i64];
    let time = move || time().prop_map(|micros| Timestamp::from_microsecond(micros).unwrap());
    let sighting = (time(), time(), prop::sample::select(&SeenState::ALL[..]));
    prop::option::of(sighting.prop_map(|(first_seen, last_seen, state)| Sighting { first_seen, last_seen, state }))
}

/// A backup with whatever a service may send: missing, empty, usual and unusual values.
pub(crate) fn odd_backup() -> impl Strategy<Value = Backup> {
    let kind = prop::sample::select(vec!["full", "binarylog", "dump", "clone", "FULL", ""]);
    let status = prop::sample::select(vec!["Succeeded", "Failed", "running", "Paused", ""]);
    let words = (any_word(), any_word(), any_word(), any_word(), any_word(), any_word());
    let gtid = prop::option::of("0-[1-3]-[0-9]{1,3}|1-1-1,0-1-[0-9]|none");
    let size_text = prop::option::of("[0-9]{1,3}(Gi| GB|)");
    let numbers = (any_digits(), any_size(), any_size(), any::<Option<bool>>(), 0..9_u8);
    let times = (any_time(), any_time(), any_time());
    (words, (kind, status, gtid, size_text), numbers, times, any_sighting()).prop_flat_map(|fields| {
        let (words, others, numbers, times, sighting) = fields;
        let (service, name, pod, method, cloud, file) = words;
        let ids = (
            any_id(service.as_deref().unwrap_or_default(), pod.as_deref().unwrap_or_default()),
            prop::option::of(any_id(service.as_deref().unwrap_or_default(), pod.as_deref().unwrap_or_default())),
        );
        ids.prop_map(move |(id, reference)| {
            let (kind, status, gtid, size_text) = others.clone();
            let (position, disk, storage, external, form) = numbers.clone();
            let (start_time, end_time, point_in_time) = times.clone();
            Backup {
                id: BackupId::new(id),
                service_id: service.clone().map(ServiceId::new),
                service_name: name.clone(),
                backup_type: match form {
                    0 => None,
                    1 => Some(BackupType::Other("full".into())),
                    _ => Some(BackupType::from_word(kind)),
                },
                method: method.clone(),
                server_pod: pod.clone(),
                cloud_provider: cloud.clone(),
                status: (form != 2).then(|| Status::new(status)),
                start_time,
                end_time,
                point_in_time,
                reference_full_backup: reference.map(Text::from),
                binlog_file: file.clone(),
                binlog_position: position,
                binlog_gtid_position: gtid.map(Text::from),
                disk_size: size_text.map(Text::from),
                disk_size_bytes: disk,
                storage_bytes: storage,
                is_external_storage: external,
                unknown: (form == 3).then(|| r#"{"colour":1e999}"#.into()),
                sighting,
            }
        })
    })
}

proptest! {
    #[test]
    fn what_is_read_is_what_was_put_in(rows in prop::collection::vec(odd_backup(), 0..20)) {
        let kept = Rows::new(rows.clone());
        prop_assert_eq!(kept.len(), rows.len());
        prop_assert_eq!(&kept.iter().collect::<Vec<_>>(), &rows);
        for (at, row) in (0..).zip(&rows) {
            let again = kept.get(at).unwrap();
            prop_assert_eq!(json_text(&again), json_text(row));
            prop_assert_eq!(kept.id(at), Some(Text::from(row.id.as_str())));
            prop_assert!(kept.has_id(at, row.id.as_str()));
            prop_assert_eq!(kept.facts(at), Some(row.facts()));
            let later = rows.iter().map(Backup::facts).skip(at.try_into().unwrap());
            prop_assert!(kept.facts_from(at.try_into().unwrap()).eq(later));
            prop_assert_eq!(kept.second(at), row.started_at().map(Timestamp::as_second));
            for (other, at) in rows.iter().zip(0..) {
                prop_assert_eq!(kept.has_id(at, row.id.as_str()), other.id == row.id);
            }
        }
        let tags = kept.chunks().iter().flat_map(|chunk| (0..chunk.len()).map(|at| chunk.fact_columns().id_tag(at)));
        prop_assert!(tags.eq(rows.iter().map(|row| id_tag(row.id.as_str()))));
        prop_assert_eq!(kept.get(rows.len().try_into().unwrap()), None);
    }

    #[test]
    fn a_list_that_grows_is_the_list_it_becomes(
        rows in prop::collection::vec((0..12_u8, odd_backup()), 0..30), pause in 0..30_usize,
    ) {
        // Each id once, the newest row with it where the first one was.
        let mut plain: Vec<Backup> = Vec::new();
        let mut builder = RowsBuilder::new();
        for (number, (id, row)) in rows.into_iter().enumerate() {
            let row = Backup { id: BackupId::new(if id == 0 { String::new() } else { id.to_string() }), ..row };
            let known = plain.iter().position(|old| id > 0 && old.id == row.id);
            match known {
                Some(at) => plain[at] = row.clone(),
                None => plain.push(row.clone()),
            }
            prop_assert_eq!(builder.put(row), known.is_some());
            prop_assert_eq!(&builder.rows().iter().collect::<Vec<_>>(), &plain);
            if number == pause {
                builder = RowsBuilder::from(&builder.rows());
            }
        }
        prop_assert_eq!(builder.finish().iter().collect::<Vec<_>>(), plain);
    }
}

fn numbered(number: usize) -> Backup {
    Backup {
        id: BackupId::new(format!("{number:032x}:db1:pod-1")),
        service_id: Some(ServiceId::new("db1")),
        server_pod: Some("pod-1".into()),
        binlog_gtid_position: Some(format!("0-1-{number}").into()),
        ..Backup::default()
    }
}

#[test]
fn what_was_shown_stays_as_it_was_while_the_list_grows_and_shares_its_full_chunks() {
    let mut builder = RowsBuilder::new();
    (0..CHUNK_ROWS + 5).for_each(|number| builder.push(numbered(number)));
    let shown = builder.rows();
    (CHUNK_ROWS + 5..=2 * CHUNK_ROWS).for_each(|number| builder.push(numbered(number)));
    let whole = builder.finish();
    assert_eq!((shown.len(), whole.len(), whole.chunks().len()), (CHUNK_ROWS + 5, 2 * CHUNK_ROWS + 1, 3));
    assert!(Arc::ptr_eq(&shown.chunks()[0], &whole.chunks()[0]), "a full chunk is shared");
    assert_eq!(shown.get(u32::try_from(CHUNK_ROWS).unwrap() + 4), Some(numbered(CHUNK_ROWS + 4)));
    assert_eq!(shown.get(u32::try_from(CHUNK_ROWS).unwrap() + 5), None);
    let last = u32::try_from(2 * CHUNK_ROWS).unwrap();
    let facts_from = |at: usize| whole.facts_from(at).count();
    assert_eq!([CHUNK_ROWS - 1, CHUNK_ROWS, 2 * CHUNK_ROWS + 1].map(facts_from), [CHUNK_ROWS + 2, CHUNK_ROWS + 1, 0]);
    assert_eq!((whole.get(last), whole.get(last + 1)), (Some(numbered(2 * CHUNK_ROWS)), None));
    assert_eq!(whole.positions(numbered(2 * CHUNK_ROWS).id.as_str()).collect::<Vec<_>>(), [last]);
    // One list goes on where another ended, in the midst of a chunk, and knows its rows.
    let mut resumed = RowsBuilder::from(&shown);
    (CHUNK_ROWS..=2 * CHUNK_ROWS).for_each(|number| {
        assert_eq!(resumed.put(numbered(number)), number < CHUNK_ROWS + 5, "{number}");
    });
    assert!(resumed.finish() == whole);
}

#[test]
fn a_row_that_takes_the_place_of_another_leaves_the_other_chunks_alone() {
    let mut builder = RowsBuilder::new();
    (0..=2 * CHUNK_ROWS).for_each(|number| assert!(!builder.put(numbered(number))));
    let before = builder.rows();
    let newer = Backup { status: Some(Status::new("Failed")), ..numbered(CHUNK_ROWS + 1) };
    assert!(builder.put(newer.clone()));
    let after = builder.finish();
    assert_eq!(after.find(newer.id.as_str()), Some(newer));
    assert_eq!(after.len(), before.len());
    let is_shared = |at: usize| Arc::ptr_eq(&before.chunks()[at], &after.chunks()[at]);
    assert_eq!([is_shared(0), is_shared(1)], [true, false]);
}

#[test]
fn schedules_are_kept_as_they_are() {
    let rows = ["7", "", "9"].map(|id| Schedule { id: ScheduleId::new(id), ..Schedule::default() });
    let kept = Rows::new(rows.clone());
    assert_eq!(kept.iter().collect::<Vec<_>>(), rows);
    assert_eq!((kept.find("9"), kept.find("8")), (Some(rows[2].clone()), None));
    assert!(rows.iter().all(|row| row.facts().at == row.at()));
}
