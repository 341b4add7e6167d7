//! Size and duration of a backup beside those of earlier ones of its service and type.

use jiff::Timestamp;

use super::CoverageResult;
use super::history::lane_of;
use super::words::noun;
use crate::domain::{Backup, BackupType, ServiceId, StatusKind, format_bytes, format_count, format_length};
use crate::rows::{Facts, Rows};

/// The maximum number of earlier runs to compare with, the newest ones.
const MAX_RUNS: usize = 30;
/// With fewer of them nothing is called usual.
const MIN_RUNS: usize = 5;
/// What is at least this many times the median, or at most the inverse part of it, can be unusual.
const FACTOR: f64 = 1.5;
/// By how many times the middle half of the values it has to be beyond that half (John Tukey's fence).
const FENCE: f64 = 1.5;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Stored bytes.
    Size,
    /// Seconds from begin to end.
    Duration,
}

impl Quantity {
    /// The word in sentences.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Duration => "duration",
        }
    }

    /// A value in words: `9.0 GiB`, `12 min`.
    #[must_use]
    pub fn words(self, value: u64) -> String {
        match self {
            Self::Size => format_bytes(value),
            Self::Duration => format_length(value),
        }
    }
}

/// A run that ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoodRun {
    /// When it began.
    pub at: Timestamp,
    /// Its stored bytes, where they are known.
    pub bytes: Option<u64>,
    /// How long it took, where that is known.
    pub secs: Option<u64>,
}

impl GoodRun {
    /// What is compared of it.
    #[must_use]
    pub fn value(&self, quantity: Quantity) -> Option<u64> {
        match quantity {
            Quantity::Size => self.bytes,
            Quantity::Duration => self.secs,
        }
    }

    fn of(facts: &Facts<'_>) -> Option<Self> {
        let at = facts.at.filter(|_| StatusKind::of(facts.status) == StatusKind::Good)?;
        let secs = facts.end.and_then(|end| u64::try_from(end.as_second() - at.as_second()).ok());
        Some(Self { at, bytes: facts.bytes, secs })
    }
}

/// The values that earlier runs have, in the middle and around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsualValue {
    /// The middle value.
    pub median: u64,
    /// A quarter of the values is smaller.
    pub lower: u64,
    /// A quarter of the values is greater.
    pub upper: u64,
    /// How many values there are; those of 0 and unknown ones do not count.
    pub runs: usize,
}

/// How a value compares with those of earlier runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Comparison {
    /// There are too few.
    TooFew(usize),
    /// It is 0.
    Zero(UsualValue),
    /// Not far from the others.
    Usual(UsualValue),
    /// Far from the others: the quotient by their median.
    Unusual(UsualValue, f64),
}

/// A backup and the good ones of its service and type before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunTrend {
    /// The newest earlier ones, oldest first.
    pub earlier: Vec<GoodRun>,
    /// The backup itself.
    pub this: GoodRun,
    backup_type: BackupType,
}

impl RunTrend {
    /// Beside the backups that a report was made from. `None` for a backup that did not end well, or of which type, service or begin is
    /// not known.
    #[must_use]
    pub fn listed(result: &CoverageResult, backup: &Backup) -> Option<Self> {
        let (this, backup_type, service) = subject(backup)?;
        let lane = lane_of(&backup_type)?;
        let seen = result.history.service(service.as_str()).and_then(|history| history.lanes.get(lane));
        let seen = seen.map_or(&[][..], Vec::as_slice);
        let before = seen.partition_point(|seen| seen.start() < this.at.as_second());
        let facts = seen.iter().take(before).rev().filter_map(|seen| result.backups.facts(seen.row));
        let mut earlier: Vec<GoodRun> = facts.filter_map(|facts| GoodRun::of(&facts)).take(MAX_RUNS).collect();
        earlier.reverse();
        Some(Self { earlier, this, backup_type })
    }

    /// Beside any rows, all of which are looked at.
    #[must_use]
    pub fn among(rows: &Rows<Backup>, backup: &Backup) -> Option<Self> {
        let (this, backup_type, service) = subject(backup)?;
        let is_alike = |facts: &Facts<'_>| {
            facts.service_id == service.as_str() && facts.backup_type.eq_ignore_ascii_case(backup_type.as_api_str())
        };
        let alike = rows.all_facts().filter(is_alike).filter_map(|facts| GoodRun::of(&facts));
        let mut earlier: Vec<GoodRun> = alike.filter(|run| run.at < this.at).collect();
        earlier.sort_by_key(|run| run.at);
        earlier.drain(..earlier.len().saturating_sub(MAX_RUNS));
        Some(Self { earlier, this, backup_type })
    }

    /// Snapshots and incrementals hold what changed since another one, so their sizes say little.
    #[must_use]
    pub fn varies(&self) -> bool {
        matches!(self.backup_type, BackupType::Snapshot | BackupType::Incremental)
    }

    /// The earlier values, in the middle and around it; `None` where they are too few.
    #[must_use]
    pub fn usual(&self, quantity: Quantity) -> Option<UsualValue> {
        let values = self.earlier.iter().filter_map(|run| run.value(quantity)).filter(|value| *value > 0);
        let mut values: Vec<u64> = values.collect();
        values.sort_unstable();
        let runs = values.len();
        let at = |quarters: usize| values.get((runs - 1) * quarters / 4).copied();
        if runs < MIN_RUNS {
            return None;
        }
        Some(UsualValue { median: at(2)?, lower: at(1)?, upper: at(3)?, runs })
    }

    /// How the backup compares; `None` where its own value is not known.
    #[must_use]
    pub fn compare(&self, quantity: Quantity) -> Option<Comparison> {
        let value = self.this.value(quantity)?;
        let Some(usual) = self.usual(quantity) else {
            let values = self.earlier.iter().filter_map(|run| run.value(quantity));
            return Some(Comparison::TooFew(values.filter(|value| *value > 0).count()));
        };
        if value == 0 && quantity == Quantity::Size {
            return Some(Comparison::Zero(usual));
        }
        let (value, median, lower, upper) = (value as f64, usual.median as f64, usual.lower as f64, usual.upper as f64);
        let fence = FENCE * (upper - lower);
        let is_greater = value >= FACTOR * median && value > upper + fence;
        let is_smaller = value <= median / FACTOR && value < lower - fence;
        // A minute more or less is nothing to report.
        let is_notable = quantity == Quantity::Size || (value - median).abs() >= 60.0;
        let is_unusual = (is_greater || is_smaller) && is_notable;
        Some(if is_unusual { Comparison::Unusual(usual, value / median) } else { Comparison::Usual(usual) })
    }

    /// The comparison in one sentence without its full stop: `Twice the usual size: median 10 GiB over 14 runs`.
    #[must_use]
    pub fn sentence(&self, quantity: Quantity) -> Option<String> {
        let name = quantity.name();
        let usual = |usual: UsualValue| {
            format!("median {} over {} runs", quantity.words(usual.median), format_count(usual.runs))
        };
        Some(match self.compare(quantity)? {
            Comparison::TooFew(0) => format!("No earlier {} to compare the {name} with", noun(&self.backup_type)),
            Comparison::TooFew(1) => format!("Only 1 earlier run, too few to tell the usual {name}"),
            Comparison::TooFew(runs) => format!("Only {runs} earlier runs, too few to tell the usual {name}"),
            Comparison::Zero(value) => format!("Holds 0 bytes: {}", usual(value)),
            Comparison::Usual(value) => format!("Usual {name}: {}", usual(value)),
            Comparison::Unusual(value, ratio) => format!("{} the usual {name}: {}", times(ratio), usual(value)),
        })
    }

    /// What a chart of the values shows, in words: how many there are, the middle half, the smallest and the greatest.
    #[must_use]
    pub fn chart_words(&self, quantity: Quantity) -> String {
        let name = quantity.name();
        let known = || self.earlier.iter().filter_map(|run| run.value(quantity));
        let usual = self.usual(quantity).map(|usual| [usual.lower, usual.upper].map(|value| quantity.words(value)));
        let unknown = self.earlier.len() - known().count();
        let parts = [
            Some(format!("Earlier runs: {}", format_count(self.earlier.len()))),
            known()
                .min()
                .zip(known().max())
                .map(|(least, most)| format!("{name} from {} to {}", quantity.words(least), quantity.words(most))),
            usual.map(|[lower, upper]| format!("half of them from {lower} to {upper}")),
            (unknown > 0).then(|| format!("{} without a known {name}", format_count(unknown))),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// What is compared of a backup, its type and its service.
fn subject(backup: &Backup) -> Option<(GoodRun, BackupType, ServiceId)> {
    let at = backup.started_at().filter(|_| backup.status_kind() == StatusKind::Good)?;
    let this = GoodRun { at, bytes: backup.storage_bytes, secs: backup.duration_secs() };
    Some((this, backup.backup_type.clone()?, backup.service_id.clone()?))
}

/// `Twice`, `3.4 times`, `Half`, `12 % of`.
fn times(ratio: f64) -> String {
    match ratio {
        0.45..0.55 => "Half".to_owned(),
        1.9..2.1 => "Twice".to_owned(),
        10.0.. => format!("{ratio:.0} times"),
        1.0.. => format!("{ratio:.1} times"),
        0.01.. => format!("{:.0} % of", ratio * 100.0),
        _ => "Less than 1 % of".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{SmallWorld, before};
    use super::*;
    use crate::domain::ApiTime;

    const GIB: u64 = 1 << 30;

    fn backup(day: u16, bytes: Option<u64>, minutes: i64) -> Backup {
        let start = before(24.0 * f64::from(day));
        Backup {
            service_id: Some(ServiceId::new("db1")),
            backup_type: Some(BackupType::Full),
            status: Some(crate::domain::Status::new("Succeeded")),
            start_time: Some(ApiTime::At(start)),
            end_time: Some(ApiTime::At(start + jiff::SignedDuration::from_mins(minutes))),
            storage_bytes: bytes,
            ..Backup::default()
        }
    }

    /// The trend of the last of these, by both ways, which agree.
    fn trend(rows: Vec<Backup>) -> Option<RunTrend> {
        let this = rows.last().cloned().unwrap();
        let world = SmallWorld { backups: rows.clone(), ..SmallWorld::new() };
        let listed = RunTrend::listed(&world.result(), &this);
        assert_eq!(listed, RunTrend::among(&Rows::new(rows), &this));
        listed
    }

    /// Days before now, from the oldest on.
    fn sizes(sizes: &[Option<u64>]) -> Vec<Backup> {
        let days = (0..u16::try_from(sizes.len()).unwrap()).rev();
        days.zip(sizes).map(|(day, bytes)| backup(day, *bytes, 12)).collect()
    }

    #[test]
    fn a_size_is_compared_with_the_median_of_at_least_five() {
        let ten = [Some(10 * GIB); 14];
        let spread = [8, 9, 10, 11, 12, 10, 9].map(|size| Some(size * GIB));
        let last = |before: &[Option<u64>], this: Option<u64>| sizes(&[before, &[this]].concat());
        let cases = [
            (last(&ten, Some(20 * GIB)), Some("Twice the usual size: median 10 GiB over 14 runs")),
            (last(&ten, Some(5 * GIB)), Some("Half the usual size: median 10 GiB over 14 runs")),
            (last(&ten, Some(GIB)), Some("10 % of the usual size: median 10 GiB over 14 runs")),
            (last(&ten, Some(34 * GIB)), Some("3.4 times the usual size: median 10 GiB over 14 runs")),
            (last(&ten, Some(200 * GIB)), Some("20 times the usual size: median 10 GiB over 14 runs")),
            (last(&ten, Some(1)), Some("Less than 1 % of the usual size: median 10 GiB over 14 runs")),
            (last(&ten, Some(12 * GIB)), Some("Usual size: median 10 GiB over 14 runs")),
            (last(&ten, Some(0)), Some("Holds 0 bytes: median 10 GiB over 14 runs")),
            (last(&ten, None), None),
            // Beyond the spread, or within it.
            (last(&spread, Some(15 * GIB)), Some("1.5 times the usual size: median 10 GiB over 7 runs")),
            (
                last(&[1, 5, 10, 15, 20, 25, 30].map(|size| Some(size * GIB)), Some(40 * GIB)),
                Some("Usual size: median 15 GiB over 7 runs"),
            ),
            // Sizes of 0 and unknown ones are no values to compare with.
            (
                last(&[&ten[..4], &[None, Some(0)]].concat(), Some(GIB)),
                Some("Only 4 earlier runs, too few to tell the usual size"),
            ),
            (
                last(&[&ten[..5], &[None, Some(0)]].concat(), Some(GIB)),
                Some("10 % of the usual size: median 10 GiB over 5 runs"),
            ),
            (last(&ten[..1], Some(GIB)), Some("Only 1 earlier run, too few to tell the usual size")),
            (last(&[], Some(GIB)), Some("No earlier full backup to compare the size with")),
        ];
        for (rows, want) in cases {
            assert_eq!(trend(rows).unwrap().sentence(Quantity::Size).as_deref(), want);
        }
        let words = trend(last(&[&spread[..], &[None]].concat(), Some(GIB))).unwrap().chart_words(Quantity::Size);
        assert_eq!(
            words,
            "Earlier runs: 8, size from 8.0 GiB to 12 GiB, half of them from 9.0 GiB to 10 GiB, 1 without a known size"
        );
    }

    #[test]
    fn a_duration_is_compared_too_and_a_minute_is_nothing() {
        let took = |minutes: &[i64]| {
            let days = (0..u16::try_from(minutes.len()).unwrap()).rev();
            let rows = days.zip(minutes).map(|(day, minutes)| backup(day, Some(GIB), *minutes)).collect();
            trend(rows).unwrap().sentence(Quantity::Duration).unwrap()
        };
        assert_eq!(took(&[12, 12, 12, 12, 12, 120]), "10 times the usual duration: median 12 min over 5 runs");
        assert_eq!(
            took(&[1, 1, 1, 1, 1, 2]),
            "2.0 times the usual duration: median 1 min over 5 runs".replace("2.0 times", "Twice")
        );
        assert_eq!(took(&[12, 12, 12, 12, 12, 13]), "Usual duration: median 12 min over 5 runs");
        assert_eq!(took(&[0, 0, 0, 0, 0, 0]), "No earlier full backup to compare the duration with");
    }

    #[test]
    fn only_good_earlier_runs_of_the_same_kind_count() {
        let mut rows = sizes(&[Some(10 * GIB); 12]);
        rows[0].status = Some(crate::domain::Status::new("Failed"));
        rows[1].service_id = Some(ServiceId::new("db2"));
        rows[2].backup_type = Some(BackupType::Dump);
        // Not the newest of the rows, but the one that is looked at.
        rows.push(rows[8].clone());
        let trend_of = trend(rows.clone()).unwrap();
        assert_eq!((trend_of.earlier.len(), trend_of.varies()), (5, false));
        assert!(trend_of.earlier.is_sorted_by_key(|run| run.at));
        for change in [
            |it: &mut Backup| it.status = Some(crate::domain::Status::new("Running")),
            |it: &mut Backup| it.start_time = None,
            |it: &mut Backup| it.service_id = None,
            |it: &mut Backup| it.backup_type = None,
        ] {
            let mut odd = rows.clone();
            change(odd.last_mut().unwrap());
            assert_eq!(trend(odd), None);
        }
        let many = trend(sizes(&[Some(GIB); 90])).unwrap();
        assert_eq!(many.earlier.len(), MAX_RUNS, "the newest");
    }

    proptest! {
        /// What is called usual lies between the quarters; what is unusual is farther from the median than any of them.
        #[test]
        fn nothing_in_the_middle_is_unusual(values in prop::collection::vec(1_u64..1000, 5..40), this in 0_u64..3000) {
            let rows: Vec<Option<u64>> = values.iter().map(|value| Some(value * GIB)).chain([Some(this * GIB)]).collect();
            let trend = trend(sizes(&rows)).unwrap();
            let usual = trend.usual(Quantity::Size).unwrap();
            prop_assert!(usual.lower <= usual.median && usual.median <= usual.upper);
            if let Some(Comparison::Unusual(_, ratio)) = trend.compare(Quantity::Size) {
                prop_assert!(this * GIB < usual.lower || this * GIB > usual.upper);
                prop_assert!(!(1.0 / FACTOR..FACTOR).contains(&ratio) || (ratio - 1.0 / FACTOR).abs() < 1e-9);
            }
        }
    }
}
