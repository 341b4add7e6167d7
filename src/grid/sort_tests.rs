use super::*;
use crate::domain::{ApiTime, Backup, BackupId, Schedule, ScheduleId, Status};
use crate::grid::fold::natural_key;
use proptest::prelude::*;
use std::cmp::Ordering;

fn sorted<R: Row>(rows: &[R], keys: &[(&str, Direction)]) -> Vec<u32> {
    let keys: Vec<SortBy> =
        keys.iter().map(|(key, direction)| SortBy { key: (*key).into(), direction: *direction }).collect();
    let order: Vec<u32> = (0..).take(rows.len()).collect();
    super::sorted(rows, &order, &keys, Timestamp::UNIX_EPOCH, &ServiceNames::default()).to_vec()
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
    let compare = |a: &Backup, b: &Backup| {
        for (key, direction) in keys {
            let column = Backup::column(key).unwrap();
            let now = Timestamp::UNIX_EPOCH;
            let part = |value: &Value<'_>| match value {
                Value::Empty => 2,
                Value::Text(_) => 1,
                _ => 0,
            };
            let (a, b) = ((column.value)(a, now), (column.value)(b, now));
            let order = match (&a, &b) {
                (Value::Text(a), Value::Text(b)) => natural_key(a).cmp(&natural_key(b)),
                (Value::Bytes(a), Value::Bytes(b)) => a.cmp(b),
                (Value::Instant(a), Value::Instant(b)) => a.cmp(b),
                _ => Ordering::Equal,
            };
            let order = if *direction == Direction::Descending { order.reverse() } else { order };
            let order = part(&a).cmp(&part(&b)).then(order);
            if order.is_ne() {
                return order;
            }
        }
        let time = |row: &Backup| std::cmp::Reverse(row.started_at());
        time(a).cmp(&time(b))
    };
    let mut order: Vec<u32> = (0..).take(rows.len()).collect();
    order.sort_by(|a, b| compare(&rows[*a as usize], &rows[*b as usize]));
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

proptest! {
    #[test]
    fn the_fast_sort_is_the_plain_one(
        rows in proptest::collection::vec(any_backup(), 0..60),
        keys in proptest::collection::vec((
            proptest::sample::select(vec!["service_name", "id", "storage_bytes", "start_time", "end_time"]),
            proptest::sample::select(vec![Direction::Ascending, Direction::Descending]),
        ), 0..4),
    ) {
        prop_assert_eq!(sorted(&rows, &keys), plainly(&rows, &keys));
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
