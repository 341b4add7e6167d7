//! The past against the world that it leads to, at many hours of a week.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::past::{Past, PastChangeKind, PastListing};
use super::seed;

const NOW: i64 = 1_789_430_400 + 9 * 3600;
const DAY: i64 = 86_400;

fn rows(json: &str) -> Vec<Value> {
    serde_json::from_str(json).unwrap()
}

/// Every backup as it was listed last, by its id.
fn backups(listings: &[PastListing]) -> BTreeMap<String, Value> {
    let all = listings.iter().flat_map(|listing| rows(&listing.backups));
    all.map(|row| (row["id"].as_str().unwrap().to_owned(), row)).collect()
}

fn second(row: &Value, field: &str) -> i64 {
    row[field].as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_second()
}

/// The days before now at which backups of a service and type began that ended so.
fn days<'a>(rows: impl Iterator<Item = &'a Value>, service: &str, kind: &str, status: &str) -> BTreeSet<i64> {
    let is_it = |row: &&Value| {
        row["service_name"] == service
            && row["type"] == kind
            && row["status"] == status
            && row["start_time"].is_string()
    };
    rows.filter(is_it).map(|row| (NOW - second(row, "start_time")).div_euclid(DAY)).collect()
}

#[test]
fn the_same_moment_has_the_same_past() {
    assert_eq!(Past::new(NOW).listings_and_changes(), Past::new(NOW).listings_and_changes());
}

#[test]
fn its_last_week_is_the_world_row_for_row() {
    for hour in (0..7 * 24).step_by(31) {
        let now = NOW + hour * 3600 + hour;
        let (listings, _) = Past::new(now).listings_and_changes();
        let world = seed::seeded(now);
        let live: BTreeSet<&str> = world.backups.iter().map(|backup| backup.id.as_str()).collect();
        let oldest = world.backups.iter().map(|backup| backup.start).min().unwrap();
        let past = backups(&listings);
        let is_late = |row: &&Value| row["start_time"].is_string() && second(row, "start_time") >= oldest;
        let late: BTreeSet<&str> = past.values().filter(is_late).map(|row| row["id"].as_str().unwrap()).collect();
        assert!(late.len() > 250 && late.is_subset(&live), "hour {hour}: {:?}", late.difference(&live));
        let missed = world.backups.iter().filter(|it| it.start < now - 2 * DAY && !past.contains_key(&it.id)).count();
        assert_eq!(missed, 0, "hour {hour}");
        assert!(past.len() > 10_000);
    }
}

#[test]
fn nothing_is_older_than_its_service_and_nobody_looked_for_three_weeks() {
    let (listings, _) = Past::new(NOW).listings_and_changes();
    let services = seed::seeded(NOW).services;
    for row in backups(&listings).values().filter(|row| row["start_time"].is_string()) {
        let service = services.iter().find(|service| row["service_id"] == service.id.as_str());
        assert!(service.is_none_or(|service| second(row, "start_time") > service.created_on), "{row}");
    }
    let gaps: Vec<i64> =
        listings.windows(2).map(|pair| pair[1].at.duration_since(pair[0].at).as_hours() / 24).collect();
    assert_eq!(gaps.iter().filter(|&&days| days > 4).count(), 1, "{gaps:?}");
    assert!(gaps.iter().any(|days| (20..=26).contains(days)), "{gaps:?}");
    assert!(listings.iter().all(|listing| listing.at.as_second() < NOW));
}

#[test]
fn a_week_failed_a_schedule_moved_one_paused_and_one_was_deleted() {
    let (listings, changes) = Past::new(NOW).listings_and_changes();
    let past = backups(&listings);
    let failed = days(past.values(), "billing", "full", "Failed");
    assert!(failed.len() >= 6 && failed.iter().all(|day| (132..=140).contains(day)), "{failed:?}");
    assert!(days(past.values(), "mobile-api", "full", "Succeeded").iter().all(|day| !(91..99).contains(day)));
    assert!(days(past.values(), "mobile-api", "full", "Succeeded").contains(&102));
    let hours = |from: i64, until: i64| -> BTreeSet<i64> {
        let is_it = |row: &&Value| row["service_name"] == "orders-prod" && row["type"] == "full";
        let starts = past.values().filter(is_it).map(|row| second(row, "start_time"));
        starts.filter(|at| (from..until).contains(&((NOW - at) / DAY))).map(|at| at.rem_euclid(DAY) / 3600).collect()
    };
    assert_eq!((hours(202, 364), hours(10, 198)), ([3].into(), [2].into()));
    let is_listed = |listing: &PastListing| rows(&listing.schedules).iter().any(|row| row["id"] == 4290);
    assert!(is_listed(&listings[0]) && !is_listed(listings.last().unwrap()));
    let count = |is_it: fn(&PastChangeKind) -> bool| changes.iter().filter(|change| is_it(&change.kind)).count();
    assert_eq!(count(|kind| matches!(kind, PastChangeKind::Moved { .. })), 1);
    assert_eq!(count(|kind| matches!(kind, PastChangeKind::Suspended { .. })), 3);
    assert_eq!(count(|kind| matches!(kind, PastChangeKind::Deleted { .. })), 1);
    assert!(changes.is_sorted_by_key(|change| change.at));
}

#[test]
fn a_restore_was_rehearsed_every_month_and_its_entry_deleted_later() {
    let (listings, changes) = Past::new(NOW).listings_and_changes();
    let mut seen: BTreeMap<i64, Value> = BTreeMap::new();
    for row in listings.iter().flat_map(|listing| rows(&listing.restores)) {
        seen.insert(row["id"].as_i64().unwrap(), row);
    }
    let rehearsals = seen.values().filter(|row| row["service_name"] == "staging").count();
    assert!((9..=12).contains(&rehearsals), "{rehearsals}, but for those of the weeks when nobody looked");
    assert_eq!(seen.values().filter(|row| row["message"] == "the target ran out of disk space").count(), 1);
    let restored = changes.iter().filter(|change| matches!(change.kind, PastChangeKind::Restored { .. })).count();
    assert!(restored >= seen.len());
    let last: BTreeSet<i64> =
        rows(&listings.last().unwrap().restores).iter().map(|it| it["id"].as_i64().unwrap()).collect();
    assert!(last.iter().all(|id| *id > 610), "those of the service: {last:?}");
}
