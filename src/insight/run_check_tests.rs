//! Planned runs: what is missed, and everything that must never be called so.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::tests::{NOW, SmallWorld, at, before};
use super::{CellState, NotCheckable, Observed, RunState};
use crate::cron::tests::any_cron;
use crate::domain::{ApiTime, BackupType, StatusKind};

const FULL: BackupType = BackupType::Full;

/// A daily full at 02:00 UTC, so that runs were 10, 34, 58, … hours ago.
fn daily() -> SmallWorld {
    SmallWorld::new().schedule(FULL, "0 2 * * *")
}

/// The states of the newest runs, newest first.
fn newest(world: &SmallWorld, count: usize) -> Vec<RunState> {
    world.runs(&FULL).into_iter().rev().take(count).map(|run| run.state).collect()
}

fn is_missed(state: &RunState) -> bool {
    matches!(state, RunState::Missed | RunState::Late)
}

fn reason(state: &RunState) -> Option<&NotCheckable> {
    match state {
        RunState::NotCheckable(reason) => Some(reason),
        _ => None,
    }
}

#[test]
fn runs_are_matched_by_time() {
    use RunState::{Due, Happened, Late, Missed};
    let good = Happened(StatusKind::Good);
    let world = daily().good(&FULL, &[58.0, 33.5, 9.99]);
    assert_eq!(newest(&world, 3), [good.clone(), good.clone(), good.clone()]);
    assert_eq!(newest(&daily().good(&FULL, &[58.0, 9.99]), 3), [good.clone(), Missed, good.clone()]);
    // A minute early is the difference of two clocks; four hours late is another run.
    assert_eq!(newest(&daily().good(&FULL, &[34.0, 10.016]), 1), std::slice::from_ref(&good));
    assert_eq!(newest(&daily().good(&FULL, &[34.0, 6.0]), 1), [Missed]);
    let failed = daily().good(&FULL, &[34.0]).backup(FULL, "Failed", before(10.0));
    assert_eq!(newest(&failed, 1), [Happened(StatusKind::Bad)]);
    // Another type or service is no match.
    assert_eq!(newest(&daily().good(&BackupType::Dump, &[10.0]), 1), [Missed]);
    for (minute, want) in [("55 11", Due), ("46 11", Due), ("44 11", Late), ("1 9", Late), ("59 8", Missed)] {
        let world = SmallWorld::new().schedule(FULL, &format!("{minute} * * *"));
        assert_eq!(newest(&world, 1), [want], "{minute}");
    }
    // Where runs are close, the next one ends the wait.
    let hourly = SmallWorld::new().schedule(FULL, "0 * * * *").good(&FULL, &[3.0, 2.0]);
    assert_eq!(newest(&hourly, 4), [Due, Missed, good.clone(), good]);
}

#[test]
fn one_backup_answers_for_one_run() {
    let twice = daily().schedule(FULL, "30 3 * * *").good(&FULL, &[9.99]);
    let states: Vec<bool> = newest(&twice, 2).iter().map(is_missed).collect();
    assert_eq!(states.iter().filter(|missed| **missed).count(), 1, "two runs, one backup");
}

#[test]
fn what_has_another_reason_is_not_missed() {
    use NotCheckable::{Busy, ClockOff, NotObserved, NotReady, TwoReadings, UnclearRow};
    let cases: Vec<(SmallWorld, NotCheckable)> = vec![
        (SmallWorld { observed: Observed::default(), ..daily() }, NotObserved),
        // The app did not run from before the run until now.
        (SmallWorld { observed: Observed::default().with_list(before(20.0)), ..daily() }, NotObserved),
        (daily().backup(FULL, "Running", before(11.0)), Busy),
        (daily().backup(FULL, "Succeeded", at("2026-11-23T13:00:00Z")), ClockOff),
        (daily().backup(BackupType::Other("clone".into()), "Succeeded", before(9.5)), UnclearRow),
        (SmallWorld::new().schedule(FULL, "0 2 */2 * 2"), TwoReadings),
    ];
    for (world, want) in cases {
        assert_eq!(newest(&world, 1).first().and_then(reason), Some(&want));
    }
    let mut stopped = daily();
    stopped.services.as_mut().unwrap()[0].status = Some("stopped".into());
    assert_eq!(newest(&stopped, 1).first().and_then(reason), Some(&NotReady("stopped".to_owned())));
    let mut timeless = daily().backup(FULL, "Succeeded", before(10.0));
    timeless.backups[0].start_time = None;
    assert_eq!(newest(&timeless, 1).first().and_then(reason), Some(&UnclearRow));
}

#[test]
fn a_schedule_answers_only_for_what_it_was_asked() {
    let none = |world: SmallWorld| assert_eq!(world.runs(&FULL), [], "{:?}", world.schedules);
    none(daily().with(|schedule| schedule.suspended = Some(true)));
    none(daily().with(|schedule| schedule.created_at = Some(ApiTime::At(before(9.0)))));
    none(daily().with(|schedule| schedule.updated_at = Some(ApiTime::At(before(10.02)))));
    none(daily().with(|schedule| schedule.created_at = None));
    none(SmallWorld::new().schedule(FULL, "once"));
    none(SmallWorld::new().schedule(FULL, "cron"));
    none(SmallWorld::new().schedule(FULL, "@every 90m"));
    // Nightly backups without a schedule plan nothing, so nothing of theirs is missed.
    none(SmallWorld::new().good(&FULL, &[58.0]));
    // Nothing that may be purged by now is looked for.
    let oldest = daily().runs(&FULL).first().unwrap().at;
    assert!(oldest > before(6.0 * 24.0 + 1.0));
    // The whole list that was read last week says nothing about the runs since, and the one of today nothing about a week ago.
    let week = SmallWorld { observed: Observed::default().with_list(before(150.0)).with_list(before(0.0)), ..daily() };
    assert!(week.runs(&FULL).iter().all(|run| run.state == RunState::Missed));
}

#[test]
fn a_change_of_clocks_moves_no_run_in_utc() {
    // A schedule in a zone of its own does move with it.
    let berlin = |now: &str, start: &str| {
        let mut world = SmallWorld::new().schedule(FULL, "TZ=Europe/Berlin 30 3 * * *");
        world.now = at(now);
        world.observed = Observed::default().with_list(world.now);
        world.schedules[0].created_at = Some(ApiTime::At(at("2026-01-01T00:00:00Z")));
        let world = world.backup(FULL, "Succeeded", at(start));
        newest(&world, 1)
    };
    let good = [RunState::Happened(StatusKind::Good)];
    assert_eq!(berlin("2026-10-24T12:00:00Z", "2026-10-24T01:30:05Z"), good);
    assert_eq!(berlin("2026-10-25T12:00:00Z", "2026-10-25T02:30:05Z"), good);
    assert_eq!(berlin("2026-10-25T12:00:00Z", "2026-10-24T22:30:05Z"), [RunState::Missed]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever the schedule: where each certain run has its backup, or none can be expected, nothing is missed or late.
    #[test]
    fn no_alarm_without_cause(
        cron in any_cron(),
        delay in 0_i64..600,
        looks_until_hours in 0_u32..200,
        changed_hours in 0_u32..200,
        cause in 0_u8..6,
    ) {
        let world = SmallWorld::new().schedule(FULL, &cron);
        let runs: Vec<Timestamp> = world.runs(&FULL).iter().map(|run| run.at).collect();
        let world = match cause {
            // Every run made its backup, somewhat late.
            0 => runs.iter().fold(world, |world, run| {
                let next = runs.iter().find(|next| *next > run).map_or(i64::MAX, |next| next.as_second() - run.as_second());
                let start = run.checked_add(SignedDuration::from_secs(delay.min(next - 1))).unwrap();
                world.backup(FULL, "Succeeded", start.min(at(NOW)))
            }),
            1 => world.with(|schedule| schedule.suspended = Some(true)),
            2 => world.with(|schedule| schedule.updated_at = Some(ApiTime::At(at(NOW)))),
            3 => SmallWorld { observed: Observed::default(), ..world },
            4 => {
                let mut world = world;
                world.services.as_mut().unwrap()[0].status = Some("pending_scale".into());
                world
            }
            _ => SmallWorld { schedules: Vec::new(), ..world },
        };
        let states: Vec<RunState> = world.runs(&FULL).into_iter().map(|run| run.state).collect();
        prop_assert!(!states.iter().any(is_missed), "{} {} {:?}", cron, cause, states);

        // And what was not looked at, or was planned before the last change, is never missed.
        let (looked, changed) = (before(f64::from(looks_until_hours)), before(f64::from(changed_hours)));
        let bare = SmallWorld { observed: Observed::default().with_list(looked), ..SmallWorld::new().schedule(FULL, &cron) }
            .with(|schedule| schedule.updated_at = Some(ApiTime::At(changed)));
        for run in bare.runs(&FULL).iter().filter(|run| is_missed(&run.state)) {
            prop_assert!(run.at <= looked && run.at > changed, "{} at {}", cron, run.at);
        }
    }

    /// Where two readings differ, only a run that both have can be missed.
    #[test]
    fn a_run_of_one_reading_is_never_missed(cron in any_cron()) {
        let world = SmallWorld::new().schedule(FULL, &cron);
        let timetable = crate::cron::Timetable::read(&cron).unwrap();
        for run in world.runs(&FULL).iter().filter(|run| is_missed(&run.state)) {
            let planned = timetable.runs_between(run.at.checked_sub(SignedDuration::from_secs(1)).unwrap(), run.at);
            prop_assert!(planned.iter().all(|planned| planned.is_certain), "{} at {}", cron, run.at);
        }
    }

    /// An unlisted backup more never makes a run missed.
    #[test]
    fn more_backups_never_miss_more(cron in any_cron(), starts in proptest::collection::vec(0.0_f64..144.0, 0..12), extra in 0.0_f64..144.0) {
        let missed = |world: &SmallWorld| world.runs(&FULL).iter().filter(|run| is_missed(&run.state)).count();
        let world = SmallWorld::new().schedule(FULL, &cron).good(&FULL, &starts);
        let more = world.clone().good(&FULL, &[extra]);
        prop_assert!(missed(&more) <= missed(&world));
    }
}

#[test]
fn a_cell_says_what_its_newest_runs_came_to() {
    let state = |world: &SmallWorld| world.service().cells[0].state;
    let cases = [
        (daily().good(&FULL, &[34.0, 10.0]), CellState::Fresh),
        (daily().good(&FULL, &[34.0]), CellState::Missed),
        (daily().good(&FULL, &[34.0]).backup(FULL, "Failed", before(10.0)), CellState::Failed),
        (daily().with(|it| it.suspended = Some(true)).good(&FULL, &[20.0]), CellState::Suspended),
        (SmallWorld::new().schedule(FULL, "50 11 * * *").good(&FULL, &[24.1]), CellState::Fresh),
        (SmallWorld::new().schedule(FULL, "30 11 * * *").good(&FULL, &[24.5]), CellState::Late),
        (SmallWorld::new(), CellState::NoBackup),
        (SmallWorld { observed: Observed::default(), ..SmallWorld::new() }, CellState::NotCheckable),
        (SmallWorld { observed: Observed::default(), ..daily().good(&FULL, &[10.0]) }, CellState::Fresh),
        (SmallWorld { observed: Observed::default(), ..daily().good(&FULL, &[50.0]) }, CellState::NotCheckable),
        (SmallWorld::new().schedule(FULL, "cron").good(&FULL, &[50.0]), CellState::TooOld),
        (
            SmallWorld::new().schedule(FULL, "30 11 * * *").good(&FULL, &[27.0]).backup(FULL, "Running", before(0.4)),
            CellState::Fresh,
        ),
    ];
    for (number, (world, want)) in cases.iter().enumerate() {
        assert_eq!(state(world), *want, "case {number}");
    }
}
