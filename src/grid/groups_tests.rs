use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;

use super::super::sort;
use super::*;
use crate::domain::{ApiTime, Backup, BackupId, BackupType, Status};
use crate::grid::{NewestGood, facet_counts};

fn backup(number: usize, service: &str, name: Option<&str>, status: &str) -> Backup {
    Backup {
        id: BackupId::new(format!("b{number}")),
        service_id: (!service.is_empty()).then(|| ServiceId::new(service)),
        service_name: name.map(Into::into),
        status: Some(Status::new(status)),
        backup_type: Some(BackupType::Full),
        start_time: Timestamp::from_second(i64::try_from(number).unwrap()).ok().map(ApiTime::At),
        storage_bytes: Some(1),
        ..Backup::default()
    }
}

fn sort_by(key: &str, direction: Direction) -> Vec<SortBy> {
    vec![SortBy { key: key.into(), direction }]
}

fn grouped_by(rows: &Rows<Backup>, order: &[u32], sort: &[SortBy]) -> (Vec<u32>, Vec<(String, usize, usize)>) {
    let facets = facet_counts(rows);
    let names = ServiceNames::new(std::iter::empty(), &[&facets]);
    let (order, groups) = grouped(rows, order, sort, &facets, &names);
    let groups = groups.iter().map(|group| (group.label.clone(), group.rows, group.failed)).collect();
    (order.to_vec(), groups)
}

fn rows() -> Rows<Backup> {
    Rows::new([
        backup(0, "db2", Some("orders"), "Succeeded"),
        backup(1, "db1", Some("Billing"), "Failed"),
        backup(2, "", None, "Succeeded"),
        backup(3, "db2", None, "Failed"),
        backup(4, "db3", Some("orders"), "Failed"),
        backup(5, "db1", Some("Billing"), "Failed"),
    ])
}

fn named(groups: &[(&str, usize, usize)]) -> Vec<(String, usize, usize)> {
    groups.iter().map(|(name, rows, failed)| ((*name).to_owned(), *rows, *failed)).collect()
}

#[test]
fn groups_come_by_name_and_rows_keep_their_order() {
    let rows = rows();
    let newest_first = sort_by("start_time", Direction::Descending);
    let (order, groups) = grouped_by(&rows, &[5, 4, 3, 2, 1, 0], &newest_first);
    assert_eq!(order, [5, 1, 3, 0, 4, 2]);
    assert_eq!(groups, named(&[("Billing", 2, 2), ("orders (db2)", 2, 1), ("orders (db3)", 1, 1), ("", 1, 0)]));
}

#[test]
fn sorted_by_service_the_groups_follow_and_those_without_one_stay_last() {
    let rows = rows();
    let by_service = sort_by("service_name", Direction::Descending);
    let (order, groups) = grouped_by(&rows, &[4, 0, 3, 1, 5, 2], &by_service);
    assert_eq!(order, [4, 0, 3, 1, 5, 2]);
    assert_eq!(groups, named(&[("orders (db3)", 1, 1), ("orders (db2)", 2, 1), ("Billing", 2, 2), ("", 1, 0)]));
}

#[test]
fn what_a_filter_leaves_is_counted_and_services_without_rows_have_no_group() {
    let (order, groups) = grouped_by(&rows(), &[3, 0], &[]);
    assert_eq!((order, groups), (vec![3, 0], named(&[("orders (db2)", 2, 1)])));
    assert_eq!(grouped_by(&rows(), &[], &[]), (Vec::new(), Vec::new()));
}

#[test]
fn the_newest_good_backup_of_a_service_is_neither_failed_nor_empty() {
    let empty = Backup { storage_bytes: Some(0), ..backup(9, "db2", Some("orders"), "Succeeded") };
    let all: Vec<Backup> = rows().iter().chain([empty, backup(7, "db2", None, "Succeeded")]).collect();
    let newest = facet_counts(&Rows::new(all)).newest_good;
    let at = |second| NewestGood { at: Timestamp::from_second(second).unwrap(), backup_type: BackupType::Full };
    assert_eq!(newest, BTreeMap::from([("db2".to_owned(), at(7)), (String::new(), at(2))]));
}

proptest! {
    #[test]
    fn grouping_is_a_stable_sort_by_the_place_of_the_service(
        services in proptest::collection::vec(0_usize..6, 0..60), seed in any::<u64>(), descending in any::<bool>(),
    ) {
        let names = ["orders", "Orders 10", "orders 9", "", "a", "ä"];
        let word = |number: usize| if number.is_multiple_of(3) { "Failed" } else { "Succeeded" };
        let row = |(number, service): (usize, &usize)| {
            let id = if *service == 3 { String::new() } else { format!("db{service}") };
            backup(number, &id, Some(names[*service]).filter(|name| !name.is_empty()), word(number))
        };
        let rows: Rows<Backup> = services.iter().enumerate().map(row).collect();
        let order: Vec<u32> = (0..).take(rows.len()).filter(|at| seed >> (at % 64) & 1 == 1).collect();
        let direction = if descending { Direction::Descending } else { Direction::Ascending };
        let sort = sort_by("start_time", direction);
        let sorted = sort::sorted(&rows, &order, &sort, Timestamp::UNIX_EPOCH, &ServiceNames::default());
        let (shown, groups) = grouped_by(&rows, &sorted, &sort);

        let by_name = |at: &u32| ["a", "ä", "orders", "orders 9", "orders 10", ""].iter().position(|name| {
            natural_key(name) == natural_key(names[services[*at as usize]])
        });
        let mut expected = sorted.to_vec();
        expected.sort_by_key(by_name);
        prop_assert_eq!(&shown, &expected);
        prop_assert_eq!(groups.iter().map(|(_, rows, _)| rows).sum::<usize>(), order.len());
        let failed = order.iter().filter(|at| at.is_multiple_of(3)).count();
        prop_assert_eq!(groups.iter().map(|(.., failed)| failed).sum::<usize>(), failed);
    }
}
