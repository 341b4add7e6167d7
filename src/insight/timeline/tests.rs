//! What the timeline shows, by tables and properties.

use jiff::Timestamp;
use proptest::prelude::*;

use super::super::tests::{NOW, SmallWorld, at, before};
use super::super::{BarState, Evidence};
use super::*;
use crate::domain::{BackupId, BackupType, ScheduleId, ServiceId, Zone};

fn timeline(world: &SmallWorld, span: TimelineSpan) -> Timeline {
    TimelineJob::new(&world.result(), span, world.now).run()
}

fn lane(world: &SmallWorld, span: TimelineSpan) -> Arc<TimelineLane> {
    Arc::clone(timeline(world, span).lanes.iter().find(|lane| lane.service.as_str() == "db1").unwrap())
}

fn sentences(world: &SmallWorld, span: TimelineSpan) -> Vec<String> {
    let utc = Zone::utc();
    lane(world, span).bars.iter().map(|bar| bar.sentence(&utc, world.now)).collect()
}

#[test]
fn what_ran_and_what_is_planned_is_on_one_axis() {
    let world = SmallWorld::new()
        .schedule(BackupType::Full, "0 2 * * *")
        .schedule(BackupType::Dump, "0 4 * * *")
        .good(&BackupType::Full, &[34.0, 10.0])
        .backup(BackupType::Full, "Running", before(0.25))
        .backup(BackupType::Snapshot, "Failed", before(3.0));
    assert_eq!(
        sentences(&world, TimelineSpan::Day),
        [
            "Full backup Mon 23 Nov 02:00 to 02:10, succeeded",
            "Snapshot Mon 23 Nov 09:00 to 09:10, failed",
            "Full backup Mon 23 Nov 11:45 until now, running",
            "Full backup planned Tue 24 Nov 02:00, about 10 min, the median of 2 runs",
            "Dump planned Tue 24 Nov 04:00, how long is not known",
        ]
    );
    let lane = lane(&world, TimelineSpan::Day);
    assert_eq!(lane.summary(), "2 runs planned, 3 past runs, 1 failed");
    let evidence: Vec<_> = lane.bars.iter().map(|bar| bar.evidence.clone()).collect();
    let backup = |id: &str| Evidence::Backups(vec![BackupId::new(id)]);
    let schedule = |id: &str| Evidence::Schedules(vec![ScheduleId::new(id)]);
    assert_eq!(evidence, [backup("b1"), backup("b3"), backup("b2"), schedule("300"), schedule("301")]);
    assert_eq!(sentences(&world, TimelineSpan::Week).len(), 3 + 14 + 1);
}

#[test]
fn what_cannot_be_planned_is_noted() {
    let world = SmallWorld::new()
        .schedule(BackupType::Full, "0 2 * * *")
        .with(|schedule| schedule.suspended = Some(true))
        .schedule(BackupType::Dump, "cron")
        .schedule(BackupType::Snapshot, "@every 90m")
        .schedule(BackupType::Incremental, "0 0 */2 * 1");
    let notes = ["1 schedule suspended", "2 schedules without known times"];
    assert_eq!(lane(&world, TimelineSpan::Week).notes(), notes);
    // Days that only one reading has are no certain runs: the 25th is odd, the 30th is a Monday.
    let perhaps = lane(&world, TimelineSpan::Week);
    let states: Vec<_> = perhaps.bars.iter().map(|bar| (bar.from.to_string(), bar.state)).collect();
    let days = ["2026-11-25", "2026-11-27", "2026-11-29", "2026-11-30"];
    assert_eq!(states, days.map(|day| (format!("{day}T00:00:00Z"), BarState::Perhaps)));

    let mut gone = world;
    gone.services = Some(Vec::new());
    let lane = lane(&gone, TimelineSpan::Week);
    assert!(lane.is_gone && lane.bars.is_empty());
    assert_eq!(lane.notes(), ["Deleted service", "1 schedule suspended"]);
}

#[test]
fn overlaps_are_named_once_for_two_schedules() {
    let utc = Zone::utc();
    let words = |world: &SmallWorld, span| {
        let timeline = timeline(world, span);
        timeline.overlaps().map(|(_, overlap)| overlap.sentence(span, &utc, world.now)).collect::<Vec<_>>()
    };
    let full = SmallWorld::new().schedule(BackupType::Full, "0 2 * * *").good(&BackupType::Full, &[34.0, 10.0]);
    // A full backup takes 10 minutes.
    let cases = [
        ("5 2 * * *", 1, "Dump of Tue 24 Nov 02:05 begins during the full backup of 02:00, which takes about 10 min"),
        ("10 2 * * *", 0, ""),
        ("0 2 * * *", 1, "Full backup and dump both begin Tue 24 Nov 02:00"),
        // How long a dump takes is not known.
        ("59 1 * * *", 0, ""),
    ];
    for (cron, count, want) in cases {
        let world = full.clone().schedule(BackupType::Dump, cron);
        let found = words(&world, TimelineSpan::Day);
        assert_eq!(found.len(), count, "{cron}: {found:?}");
        if let [sentence] = &found[..] {
            assert_eq!(sentence, want);
            assert_eq!(words(&world, TimelineSpan::Week), [format!("{want}. 7 times in the next 7 days")]);
        }
        let marked = lane(&world, TimelineSpan::Day).bars.iter().filter(|bar| bar.overlaps).count();
        assert_eq!(marked, count * 2, "both are outlined");
    }
    // A schedule can overlap with itself.
    let often = SmallWorld::new().schedule(BackupType::BinaryLog, "*/5 * * * *").good(&BackupType::BinaryLog, &[1.0]);
    let found = words(&often, TimelineSpan::Day);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("Binary log of Mon 23 Nov 12:10 begins during the binary log of 12:05"), "{found:?}");
    // Another service is not touched.
    let other = full.schedule(BackupType::Dump, "0 2 * * *").with(|it| it.service_id = Some(ServiceId::new("db2")));
    assert_eq!(words(&other, TimelineSpan::Day).len(), 0);
}

#[test]
fn many_runs_are_few_bars() {
    let hours: Vec<f64> = (1..160).map(f64::from).collect();
    let world = SmallWorld::new()
        .schedule(BackupType::BinaryLog, "30 * * * *")
        .schedule(BackupType::Incremental, "* * * * *")
        .good(&BackupType::BinaryLog, &hours)
        .backup(BackupType::BinaryLog, "Failed", before(30.5));
    let week = lane(&world, TimelineSpan::Week);
    assert_eq!(week.bars.iter().filter(|bar| !bar.is_planned()).map(|bar| bar.count).sum::<usize>(), 160);
    assert!(week.bars.len() < 70, "{}", week.bars.len());
    let words = sentences(&world, TimelineSpan::Week);
    assert!(words.contains(&"Binary log Sun 22 Nov 05:30 to 05:40, failed".to_owned()), "a failure is never hidden");
    assert!(words.contains(&"168 binary logs Mon 23 Nov 12:30 to Mon 30 Nov 11:40, planned".to_owned()), "{words:?}");
    assert!(words.contains(&"10,080 incremental backups Mon 23 Nov 12:00 to Mon 30 Nov 12:00, planned".to_owned()));
}

#[test]
fn the_axis_follows_the_clocks_of_the_zone() {
    let labels = |zone: &str, from: &str, until: &str, span| {
        let ticks = axis_ticks(at(from), at(until), span, &Zone::named(zone).unwrap());
        assert!(ticks.is_sorted_by_key(|tick| tick.at));
        ticks.into_iter().map(|tick| format!("{} {}", tick.at.strftime("%dT%H:%M"), tick.label)).collect::<Vec<_>>()
    };
    let day = TimelineSpan::Day;
    // A day of 23 hours, and one of 25.
    assert_eq!(
        labels("Europe/Berlin", "2027-03-27T20:00:00Z", "2027-03-28T20:00:00Z", day),
        ["27T23:00 Sun 28 Mar", "28T01:00 Clocks 1 hour forward", "28T04:00 06:00", "28T10:00 12:00", "28T16:00 18:00"]
    );
    assert_eq!(
        labels("Europe/Berlin", "2027-10-30T20:00:00Z", "2027-10-31T20:00:00Z", day),
        ["30T22:00 Sun 31 Oct", "31T01:00 Clocks 1 hour back", "31T05:00 06:00", "31T11:00 12:00", "31T17:00 18:00"]
    );
    assert_eq!(
        labels("Australia/Lord_Howe", "2027-04-03T12:00:00Z", "2027-04-03T22:00:00Z", day),
        ["03T13:00 Sun 4 Apr", "03T15:00 Clocks 30 minutes back", "03T19:30 06:00"]
    );
    // A day without a midnight begins at 01:00, which is the change itself.
    assert_eq!(
        labels("Asia/Beirut", "2027-03-27T20:00:00Z", "2027-03-28T20:00:00Z", TimelineSpan::Week),
        ["27T22:00 Sun 28 Mar", "27T22:00 Clocks 1 hour forward"]
    );
    assert_eq!(
        labels("UTC", "2026-11-22T12:00:00Z", "2026-11-24T12:00:00Z", TimelineSpan::Week),
        ["23T00:00 Mon 23 Nov", "24T00:00 Tue 24 Nov"]
    );
}

fn any_cron() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "0 2 * * *",
        "*/15 * * * *",
        "* * * * *",
        "30 */6 * * *",
        "0 0 */2 * 1",
        "0 3 31 * *",
        "@every 5m",
    ])
}

fn any_backup() -> impl Strategy<Value = (BackupType, &'static str, f64)> {
    let status = prop::sample::select(vec!["Succeeded", "Failed", "Running", "Scheduled", "odd"]);
    (prop::sample::select(BackupType::ALL.to_vec()), status, -1.0_f64..200.0)
}

proptest! {
    /// Whatever is planned and whatever ran: a lane is bounded, its bars are in the range, and none of the past is lost.
    #[test]
    fn a_lane_is_bounded_and_whole(
        crons in prop::collection::vec((prop::sample::select(BackupType::ALL.to_vec()), any_cron()), 0..6),
        backups in prop::collection::vec(any_backup(), 0..120),
        span in prop::sample::select(TimelineSpan::ALL.to_vec()),
    ) {
        let world = crons.into_iter().fold(SmallWorld::new(), |world, (kind, cron)| world.schedule(kind, cron));
        let world = backups.iter().fold(world, |world, (kind, status, hours)| world.backup(kind.clone(), status, before(*hours)));
        let timeline = timeline(&world, span);
        let (from, until) = timeline.range();
        let now: Timestamp = NOW.parse().unwrap();
        let mut past = 0;
        for lane in timeline.lanes.iter() {
            prop_assert!(lane.bars.len() <= 6 * 30 + 5 * 5 * 31);
            for bar in &lane.bars {
                prop_assert!(bar.until.is_none_or(|until| until >= bar.from));
                if bar.is_planned() {
                    prop_assert!(now <= bar.from && bar.from <= until);
                } else {
                    prop_assert!(bar.from <= now && bar.until.unwrap_or(bar.from) >= from);
                    past += bar.count;
                }
                prop_assert!(!bar.sentence(&Zone::utc(), now).is_empty());
            }
        }
        let ends = |status: &str, hours: f64| match status {
            "Running" => now,
            _ => before(hours - 1.0 / 6.0),
        };
        let within = |hours: f64| (0.0..=span.length().as_secs_f64() / 3600.0 + 24.0).contains(&hours);
        let shown = backups.iter().filter(|(_, status, hours)| within(*hours) && ends(status, *hours) >= from);
        // Starts are whole seconds, so one that falls on the edge may be counted either way.
        prop_assert!(past.abs_diff(shown.count()) <= 1);
    }
}
