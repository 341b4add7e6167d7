use super::super::buckets::PARALLEL_THRESHOLD;
use super::*;
use crate::domain::{ApiTime, Backup, BackupId, Schedule, ScheduleId, ServiceId, Status};
use crate::grid::{Column, Value};
use crate::rows::odd_backup;
use proptest::prelude::*;

fn sorted<R: Row>(rows: &[R], keys: &[(&str, Direction)]) -> Vec<u32> {
    let keys: Vec<SortBy> =
        keys.iter().map(|(key, direction)| SortBy { key: (*key).into(), direction: *direction }).collect();
    let order: Vec<u32> = (0..).take(rows.len()).collect();
    super::sorted(&Rows::new(rows.to_vec()), &order, &keys, Timestamp::UNIX_EPOCH, &ServiceNames::default()).to_vec()
}

fn named(names: &[&str]) -> Vec<Backup> {
    names
        .iter()
        .map(|name| Backup { service_name: (!name.is_empty()).then(|| (*name).into()), ..Backup::default() })
        .collect()
}

#[test]
fn words_sort_without_case_and_empty_ones_last_in_both_directions() {
    let rows = named(&["beta", "", "Alpha", "alpha", "Émile", "gamma delta epsilon 2", "gamma delta epsilon 1"]);
    assert_eq!(sorted(&rows, &[("service_name", Direction::Ascending)]), [2, 3, 0, 4, 6, 5, 1]);
    assert_eq!(sorted(&rows, &[("service_name", Direction::Descending)]), [5, 6, 4, 0, 2, 3, 1]);
}

#[test]
fn a_list_for_two_cores_sorts_as_a_short_one_does() {
    let rows: Vec<Backup> = (0..PARALLEL_THRESHOLD as u64 + 7)
        .map(|number| Backup {
            storage_bytes: (number % 13 > 0).then_some(number.wrapping_mul(2_654_435_761) % 1_000),
            service_name: Some(format!("svc-{}", number % 7).into()),
            ..Backup::default()
        })
        .collect();
    let mut want: Vec<u32> = (0..).take(rows.len()).collect();
    want.sort_by_key(|&at| {
        let row = &rows[at as usize];
        (row.storage_bytes.is_none(), row.storage_bytes.map(std::cmp::Reverse), row.service_name.clone(), at)
    });
    let keys = [("storage_bytes", Direction::Descending), ("service_name", Direction::Ascending)];
    assert_eq!(sorted(&rows, &keys), want);
}

#[test]
fn positions_stand_as_the_server_counts_them() {
    let row = |file: &str, position: &str, gtid: &str, size: &str| Backup {
        binlog_file: (!file.is_empty()).then(|| file.into()),
        binlog_position: Some(position.into()),
        binlog_gtid_position: Some(gtid.into()),
        disk_size: Some(size.into()),
        ..Backup::default()
    };
    let rows = [
        row("mariadb-bin.1000000", "4", "1-1-1", "1.2 GB"),
        row("mariadb-bin.999999", "10000", "0-1-10,1-1-1", "100Gi"),
        row("mariadb-bin.999999", "9999", "none", "900 MB"),
        row("", "123456789012345678901234567890", "1-1-1,0-1-9", "unknown"),
        row("a-bin.000007", "end", "0-1-100", "1 TiB"),
    ];
    for (key, want) in [
        ("binlog_file", [4, 2, 1, 0, 3]),
        ("binlog_position", [0, 2, 1, 3, 4]),
        ("binlog_gtid_position", [3, 1, 4, 0, 2]),
        ("disk_size", [2, 0, 1, 4, 3]),
    ] {
        assert_eq!(sorted(&rows, &[(key, Direction::Ascending)]), want, "{key}");
    }
    // What cannot be read stays behind what can.
    assert_eq!(sorted(&rows, &[("binlog_gtid_position", Direction::Descending)]), [0, 4, 1, 3, 2]);
    assert_eq!(sorted(&rows, &[("binlog_file", Direction::Descending)]), [0, 1, 2, 4, 3]);
}

#[test]
fn a_status_sorts_by_what_it_means() {
    let rows: Vec<Backup> = ["Succeeded", "zebra", "Running", "error", "Failed", "Scheduled", "apple"]
        .map(|word| Backup { status: Some(Status::new(word)), ..Backup::default() })
        .into();
    assert_eq!(sorted(&rows, &[("status", Direction::Ascending)]), [3, 4, 2, 5, 0, 6, 1]);
    assert_eq!(sorted(&rows, &[("status", Direction::Descending)]), [1, 6, 0, 5, 2, 4, 3]);
}

#[test]
fn numbers_sort_as_numbers_and_what_is_none_comes_after_them() {
    let rows: Vec<Schedule> =
        ["215", "x", "30", "", "4"].map(|id| Schedule { id: ScheduleId::new(id), ..Schedule::default() }).into();
    assert_eq!(sorted(&rows, &[("id", Direction::Ascending)]), [4, 2, 0, 1, 3]);
    assert_eq!(sorted(&rows, &[("id", Direction::Descending)]), [0, 2, 4, 1, 3]);
}

#[test]
fn equals_stand_newest_first_and_then_as_they_were_read() {
    let rows: Vec<Backup> = ["2026-09-14T00:00:00Z", "2026-09-15T00:00:00Z", "", "2026-09-14T00:00:00Z", "soon"]
        .map(|start| Backup { start_time: ApiTime::read(start), ..Backup::default() })
        .into();
    for direction in [Direction::Ascending, Direction::Descending] {
        assert_eq!(sorted(&rows, &[("storage_bytes", direction)]), [1, 0, 3, 2, 4]);
        assert_eq!(sorted(&rows, &[]), [1, 0, 3, 2, 4]);
    }
    assert_eq!(sorted(&rows, &[("start_time", Direction::Ascending)]), [0, 3, 1, 4, 2]);
}

#[test]
fn the_first_key_is_the_strongest_and_unknown_ones_are_passed_over() {
    use Direction::{Ascending, Descending};
    type Keys = &'static [(&'static str, Direction)];
    let row = |name: &str, bytes: u64| Backup {
        service_name: Some(name.into()),
        storage_bytes: Some(bytes),
        ..Backup::default()
    };
    let rows = [row("b", 1), row("a", 1), row("B", 2), row("a", 2)];
    let cases: [(Keys, [u32; 4]); 3] = [
        (&[("service_name", Ascending), ("storage_bytes", Descending)], [3, 1, 2, 0]),
        (&[("storage_bytes", Descending), ("service_name", Ascending)], [3, 2, 1, 0]),
        (&[("colour", Ascending), ("service_name", Descending), ("storage_bytes", Ascending)], [0, 2, 1, 3]),
    ];
    for (keys, want) in cases {
        assert_eq!(sorted(&rows, keys), want, "{keys:?}");
    }
}

/// What the sort promises, in plain and slow code.
fn plainly(rows: &[Backup], keys: &[(&str, Direction)]) -> Vec<u32> {
    let (now, names) = (Timestamp::UNIX_EPOCH, ServiceNames::default());
    let mut columns: Vec<(&Column<Backup>, Direction)> = Vec::new();
    for (key, direction) in keys {
        let column = Backup::column(key).unwrap();
        columns.push((column, *direction));
        columns.extend(column.tie_break().map(|tie| (tie, *direction)));
    }
    // What the value is: typed, words or none; and the bytes that it is compared by.
    let key_of =
        |row: &Backup, column: &Column<Backup>, direction: Direction| match column.named_value(row, now, &names) {
            Value::Empty => (2, Vec::new()),
            Value::Text(text) => {
                let mut key = Vec::new();
                push_words(&mut key, column.kind, direction, &text);
                (1, key)
            }
            Value::Bytes(number) | Value::Seconds(number) => (0, number.to_be_bytes().to_vec()),
            Value::Instant(at) => (0, (at.as_microsecond().cast_unsigned() ^ (1 << 63)).to_be_bytes().to_vec()),
            Value::Flag(flag) => (0, vec![u8::from(flag)]),
            other => panic!("{other:?}"),
        };
    let keys: Vec<Vec<(u8, Vec<u8>)>> = rows
        .iter()
        .map(|row| columns.iter().map(|(column, direction)| key_of(row, column, *direction)).collect())
        .collect();
    let compare = |a: u32, b: u32| {
        for ((a, b), (_, direction)) in keys[a as usize].iter().zip(&keys[b as usize]).zip(&columns) {
            let order = a.1.cmp(&b.1);
            let order = if *direction == Direction::Descending { order.reverse() } else { order };
            let order = a.0.cmp(&b.0).then(order);
            if order.is_ne() {
                return order;
            }
        }
        // Before 1970 there is no telling apart, nor is there after 2106.
        let age = |row: u32| {
            let second = rows[row as usize].started_at().map(|at| at.as_second().clamp(1, i64::from(u32::MAX)));
            std::cmp::Reverse(second)
        };
        age(a).cmp(&age(b))
    };
    let mut order: Vec<u32> = (0..).take(rows.len()).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

fn any_backup() -> impl Strategy<Value = Backup> {
    let time = "(2026-09-1[0-3]T00:00:00Z|soon|)";
    ("[a-cA-C]{0,2}|db-[0-9]{1,3}", "(prefix of sixteen|Prefix of sixteen)[xX0-9]{0,2}", 0_u64..3, time, time).prop_map(
        |(name, id, bytes, start, end)| Backup {
            id: BackupId::new(id),
            service_name: (!name.is_empty()).then(|| name.into()),
            storage_bytes: (bytes > 0).then_some(bytes),
            start_time: ApiTime::read(&start),
            end_time: ApiTime::read(&end),
            ..Backup::default()
        },
    )
}

/// Every column.
fn any_key() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(Backup::columns().iter().map(|column| column.key.as_str()).collect::<Vec<_>>())
}

fn any_direction() -> impl Strategy<Value = Direction> {
    proptest::sample::select(vec![Direction::Ascending, Direction::Descending])
}

proptest! {
    #[test]
    fn the_fast_sort_is_the_plain_one(
        rows in proptest::collection::vec(any_backup(), 0..60),
        keys in proptest::collection::vec((any_key(), any_direction()), 0..4),
    ) {
        prop_assert_eq!(sorted(&rows, &keys), plainly(&rows, &keys));
    }

    #[test]
    fn any_values_sort_as_the_plain_sort_has_them(
        rows in proptest::collection::vec(odd_backup(), 0..30),
        keys in proptest::collection::vec((any_key(), any_direction()), 1..3),
    ) {
        prop_assert_eq!(sorted(&rows, &keys), plainly(&rows, &keys));
    }
}

/// Enough rows for buckets and for two cores, in every column and both ways.
#[test]
fn a_long_list_sorts_as_the_plain_sort_has_it() {
    use Direction::{Ascending, Descending};
    let count = PARALLEL_THRESHOLD as u64 + 20_000;
    let rows: Vec<Backup> = (0..count)
        .map(|number| {
            let hash = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
            let has = |share: u64| hash % share > 0;
            let service = format!("db{}", hash % 97);
            let pod = format!("svc-{}-{}", hash % 97, hash % 3);
            Backup {
                id: BackupId::new(format!("{hash:032x}:{service}:{pod}")),
                service_id: has(50).then(|| ServiceId::new(service.as_str())),
                service_name: has(5).then(|| format!("Name {}", hash % 89).into()),
                server_pod: Some(pod.into()),
                status: Some(Status::new(["Succeeded", "Failed", "running"][hash as usize % 3])),
                start_time: ApiTime::from_epoch(1_790_000_000 + (hash % 5_000).cast_signed()),
                end_time: has(4).then(|| ApiTime::from_epoch(1_790_000_100 + (hash % 9_000).cast_signed())).flatten(),
                binlog_file: has(3).then(|| format!("mariadb-bin.{:06}", hash % 300).into()),
                binlog_position: has(3).then(|| (hash % 1_000).to_string().into()),
                binlog_gtid_position: has(3).then(|| format!("0-1-{}", hash % 1_000_003).into()),
                storage_bytes: has(6).then_some(hash % 10_000 * (hash % 2)),
                is_external_storage: has(7).then_some(hash % 2 == 0),
                ..Backup::default()
            }
        })
        .collect();
    let cases: [&[(&str, Direction)]; 4] = [
        &[("id", Descending)],
        &[("binlog_file", Ascending)],
        &[("storage_bytes", Descending)],
        &[("is_external_storage", Ascending), ("service_name", Descending)],
    ];
    for keys in cases {
        assert!(sorted(&rows, keys) == plainly(&rows, keys), "{keys:?}");
    }
}

/// Rows that come in the order that is asked for or from its end, with several of one time and without, and times that are years
/// apart to the microsecond.
#[test]
fn a_long_list_of_times_sorts_as_the_plain_sort_has_it() {
    let count = i64::try_from(PARALLEL_THRESHOLD).unwrap() + 20_000;
    let hash = |number: i64| number.wrapping_mul(7_046_029_254_386_353_131) >> 20 & 0x7fff_ffff;
    let times: [&dyn Fn(i64) -> i64; 4] = [
        &|number| number / 3 * 1_000_000,
        &|number| -number * 1_000_000,
        &|number| i64::from(number >= count / 2),
        &|number| hash(number) * 31_000 + number % 7,
    ];
    for (case, time) in times.into_iter().enumerate() {
        let backup = |number: i64| Backup {
            id: BackupId::new(number.to_string()),
            start_time: ApiTime::from_epoch(1_790_000_000 + hash(number) % 50),
            end_time: Timestamp::from_microsecond(1_600_000_000_000_000 + time(number)).ok().map(ApiTime::At),
            ..Backup::default()
        };
        let rows: Vec<Backup> = (0..count).map(backup).collect();
        for direction in [Direction::Ascending, Direction::Descending] {
            let keys = [("end_time", direction)];
            assert!(sorted(&rows, &keys) == plainly(&rows, &keys), "{case} {direction:?}");
        }
    }
}

#[test]
fn many_different_words_sort_like_few() {
    let names: Vec<String> = (0..120_000_u32)
        .map(|n| {
            let n = n.wrapping_mul(2_654_435_761);
            format!("{}-{n:08x}", if n % 3 == 0 { "A name that is long" } else { "b" })
        })
        .collect();
    let rows = named(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for direction in [Direction::Ascending, Direction::Descending] {
        let keys = [("service_name", direction)];
        assert!(sorted(&rows, &keys) == plainly(&rows, &keys), "{direction:?}");
    }
}
