//! How long the backups of a service and type usually take.

use super::history::SeenBackup;
use crate::domain::StatusKind;

/// The maximum number of good runs to look at, the newest ones: older ones say little about the next.
const NEWEST: usize = 20;

/// How long a run usually takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsualDuration {
    /// The median, in seconds.
    pub secs: i64,
    /// Of how many runs.
    pub runs: usize,
}

/// The median of the newest good runs of a lane; `None` where none has ended well.
pub(super) fn usual_duration(seen: &[SeenBackup]) -> Option<UsualDuration> {
    let good = seen.iter().rev().filter(|backup| backup.status == StatusKind::Good);
    let mut lengths: Vec<i64> =
        good.filter_map(|backup| Some(backup.end()? - backup.start())).filter(|secs| *secs >= 0).take(NEWEST).collect();
    let runs = lengths.len();
    Some(UsualDuration { secs: median(&mut lengths)?, runs })
}

/// The middle value; of an even number of values the mean of the two in the middle. `None` without values.
pub(super) fn median(values: &mut [i64]) -> Option<i64> {
    values.sort_unstable();
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *values.get(middle.checked_sub(1)?)?;
    Some(lower.midpoint(upper))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn run(start: i64, length: Option<i64>, status: StatusKind) -> SeenBackup {
        SeenBackup::new(1_790_000_000 + start, length.map(|length| 1_790_000_000 + start + length), 0, status)
    }

    #[test]
    fn only_runs_that_ended_well_tell_how_long_one_takes() {
        let good = |start, length| run(start, Some(length), StatusKind::Good);
        let cases = [
            (vec![], None),
            (vec![run(0, Some(5), StatusKind::Bad), run(1, None, StatusKind::Running)], None),
            (vec![run(0, None, StatusKind::Good), run(1, Some(-5), StatusKind::Good)], None),
            (vec![good(0, 700)], Some((700, 1))),
            (vec![good(0, 700), good(1, 720)], Some((710, 2))),
            (vec![good(0, 700), good(1, 90_000), good(2, 720)], Some((720, 3))),
        ];
        for (seen, want) in cases {
            assert_eq!(usual_duration(&seen).map(|usual| (usual.secs, usual.runs)), want);
        }
        // It was slower a while ago.
        let seen: Vec<_> = (0..60).map(|at| good(at, if at < 30 { 9_000 } else { 600 })).collect();
        assert_eq!(usual_duration(&seen), Some(UsualDuration { secs: 600, runs: NEWEST }));
    }

    proptest! {
        #[test]
        fn half_of_the_values_are_on_each_side(mut values in prop::collection::vec(-1000_i64..1000, 1..40)) {
            let middle = median(&mut values).unwrap();
            prop_assert!(values.iter().filter(|value| **value < middle).count() <= values.len() / 2);
            prop_assert!(values.iter().filter(|value| **value > middle).count() <= values.len() / 2);
        }
    }
}
