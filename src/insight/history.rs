//! All backups seen, by service and type, in the order in which they began.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::{Backup, BackupType, StatusKind, Text};
use crate::rows::{Facts, Rows};

/// From this many rows on, a second core helps.
pub(super) const PARALLEL_THRESHOLD: usize = 100_000;
/// Lanes of a service: one for each backup type that a schedule can have.
pub(super) const LANES: usize = BackupType::ALL.len();

/// The number of the lane of a type; `None` for a word that is not known.
pub(super) fn lane_of(backup_type: &BackupType) -> Option<usize> {
    match backup_type {
        BackupType::Full => Some(0),
        BackupType::Incremental => Some(1),
        BackupType::BinaryLog => Some(2),
        BackupType::Dump => Some(3),
        BackupType::Snapshot => Some(4),
        BackupType::Other(_) => None,
    }
}

/// One backup that was seen. Times are in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SeenBackup {
    pub(super) start: i64,
    pub(super) end: Option<i64>,
    /// Its position among the rows.
    pub(super) row: u32,
    pub(super) status: StatusKind,
    pub(super) is_empty: bool,
}

impl SeenBackup {
    /// Something to restore from: good and not empty.
    pub(super) fn is_usable(&self) -> bool {
        self.status == StatusKind::Good && !self.is_empty
    }

    /// True while it runs or waits for its turn.
    pub(super) fn is_under_way(&self) -> bool {
        matches!(self.status, StatusKind::Running | StatusKind::Queued)
    }
}

/// The backups of one service.
#[derive(Clone, Debug, Default)]
pub(super) struct ServiceHistory {
    pub(super) name: Option<Text>,
    /// By [`lane_of`]; each in the order of the starts.
    pub(super) lanes: [Vec<SeenBackup>; LANES],
    /// Starts of rows of which the type or the start is not known; `None` for a start that is not.
    pub(super) unclear: Vec<Option<i64>>,
}

impl ServiceHistory {
    /// True where a row that cannot be placed may have begun in this stretch of time.
    pub(super) fn may_hide(&self, from: i64, until: i64) -> bool {
        self.unclear.iter().any(|start| start.is_none_or(|start| (from..until).contains(&start)))
    }
}

/// What words mean. The rows of a chunk borrow the same words: where one lies in memory tells what it means, without looking at it
/// again.
struct ByWord<V>(FxHashMap<*const str, V>);

impl<V> Default for ByWord<V> {
    fn default() -> Self {
        Self(FxHashMap::default())
    }
}

impl<V: Clone> ByWord<V> {
    fn get(&mut self, word: &str, meaning: impl FnOnce() -> V) -> V {
        if let Some(known) = self.0.get(&std::ptr::from_ref(word)) {
            return known.clone();
        }
        let meaning = meaning();
        self.0.insert(std::ptr::from_ref(word), meaning.clone());
        meaning
    }
}

/// The backups of all services.
#[derive(Clone, Debug, Default)]
pub struct BackupHistory {
    /// The number of each service, by its id.
    numbers: FxHashMap<Text, usize>,
    services: Vec<ServiceHistory>,
    rows: u32,
}

impl BackupHistory {
    /// How many rows it was made from: the position of the next one.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows as usize
    }

    /// Adds the rows that follow those it has; the ids of the services they belong to. Many are read on two cores.
    pub(super) fn add(&mut self, backups: &Rows<Backup>) -> BTreeSet<Text> {
        let known = self.rows();
        let count = backups.len().saturating_sub(known);
        let touched = if count < PARALLEL_THRESHOLD {
            self.read(backups.facts_from(known))
        } else {
            let half = count / 2;
            let mut others = Self { rows: u32::try_from(known + half).unwrap_or(u32::MAX), ..Self::default() };
            let (mut touched, _) = rayon::join(
                || self.read(backups.facts_from(known).take(half)),
                || others.read(backups.facts_from(known + half)),
            );
            touched.extend(self.append(others));
            touched
        };
        let services = self.services.iter_mut().enumerate().filter(|(number, _)| touched.contains(number));
        let services: Vec<&mut ServiceHistory> = services.map(|(_, service)| service).collect();
        if count < PARALLEL_THRESHOLD {
            services.into_iter().for_each(ServiceHistory::sort);
        } else {
            services.into_par_iter().for_each(ServiceHistory::sort);
        }
        self.numbers.iter().filter(|(_, number)| touched.contains(number)).map(|(id, _)| id.clone()).collect()
    }

    /// Adds rows in their order; the numbers of the services they belong to.
    fn read<'r>(&mut self, rows: impl Iterator<Item = Facts<'r>>) -> FxHashSet<usize> {
        let mut touched = vec![false; self.services.len()];
        let (mut types, mut statuses, mut numbers) = (ByWord::default(), ByWord::default(), ByWord::default());
        for facts in rows {
            let backup_type = types.get(facts.backup_type, || BackupType::from_word(facts.backup_type));
            let status = statuses.get(facts.status, || StatusKind::of(facts.status));
            let number = numbers.get(facts.service_id, || self.number_of(facts.service_id));
            touched.resize(self.services.len(), false);
            if let (Some(service), Some(touched)) = (self.services.get_mut(number), touched.get_mut(number)) {
                service.add(self.rows, &facts, &backup_type, status);
                *touched = true;
            }
            self.rows += 1;
        }
        touched.into_iter().enumerate().filter(|(_, touched)| *touched).map(|(number, _)| number).collect()
    }

    /// Adds the rows of another history, which follow; the numbers of the services they belong to.
    fn append(&mut self, others: Self) -> FxHashSet<usize> {
        let Self { numbers, services: mut others, rows } = others;
        self.rows = rows;
        let mut touched = FxHashSet::default();
        for (id, number) in numbers.into_iter().collect::<BTreeMap<_, _>>() {
            let Some(other) = others.get_mut(number).map(std::mem::take) else { continue };
            let number = self.number_of(&id);
            touched.insert(number);
            if let Some(service) = self.services.get_mut(number) {
                service.append(other);
            }
        }
        touched
    }

    fn number_of(&mut self, id: &str) -> usize {
        if let Some(number) = self.numbers.get(id) {
            return *number;
        }
        let number = self.services.len();
        self.numbers.insert(id.into(), number);
        self.services.push(ServiceHistory::default());
        number
    }

    pub(super) fn service(&self, id: &str) -> Option<&ServiceHistory> {
        self.services.get(*self.numbers.get(id)?)
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.numbers.keys().map(Text::as_str)
    }
}

impl ServiceHistory {
    /// Brings each lane into the order of the starts.
    fn sort(&mut self) {
        for lane in &mut self.lanes {
            if !lane.is_sorted_by_key(|seen| seen.start) {
                lane.sort_by_key(|seen| seen.start);
            }
        }
    }

    /// Adds rows that follow.
    fn append(&mut self, mut others: Self) {
        self.name = self.name.take().or(others.name);
        for (lane, more) in self.lanes.iter_mut().zip(&mut others.lanes) {
            lane.append(more);
        }
        self.unclear.append(&mut others.unclear);
    }

    fn add(&mut self, row: u32, facts: &Facts<'_>, backup_type: &BackupType, status: StatusKind) {
        if self.name.is_none() {
            self.name = facts.service_name.map(Text::from);
        }
        let start = facts.at.map(Timestamp::as_second);
        let lane = lane_of(backup_type).and_then(|lane| self.lanes.get_mut(lane));
        let (Some(start), Some(lane)) = (start, lane) else {
            self.unclear.push(start);
            return;
        };
        lane.push(SeenBackup {
            start,
            end: facts.end.map(Timestamp::as_second),
            row,
            status,
            is_empty: Backup::is_empty_copy(backup_type, status, facts.bytes),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ApiTime, ServiceId, Status};

    #[test]
    fn many_rows_at_once_come_to_the_same_as_a_few_after_another() {
        let backup = |number: usize| Backup {
            service_id: (!number.is_multiple_of(11)).then(|| ServiceId::new(format!("db{}", number % 5))),
            service_name: (number > PARALLEL_THRESHOLD / 2 + 9).then(|| format!("name{number}").into()),
            backup_type: BackupType::ALL.get(number % 7).cloned(),
            status: Some(Status::new(if number.is_multiple_of(3) { "Failed" } else { "Succeeded" })),
            start_time: i64::try_from(1_790_000_000 + number * 7919 % 5000)
                .ok()
                .and_then(|second| Timestamp::from_second(second).ok())
                .map(ApiTime::At),
            storage_bytes: u64::try_from(number % 4).ok(),
            ..Backup::default()
        };
        let rows: Vec<Backup> = (0..PARALLEL_THRESHOLD + 20).map(backup).collect();
        let some = Rows::new(rows.iter().take(PARALLEL_THRESHOLD / 2 - 7).cloned());
        let all = Rows::new(rows);
        let (mut at_once, mut in_parts) = (BackupHistory::default(), BackupHistory::default());
        let touched = at_once.add(&all);
        in_parts.add(&some);
        in_parts.add(&all);
        assert_eq!((touched.len(), at_once.rows(), in_parts.rows()), (6, all.len(), all.len()));
        for id in &touched {
            let [whole, parts] = [&at_once, &in_parts].map(|history| history.service(id).unwrap());
            assert_eq!((&whole.name, &whole.unclear), (&parts.name, &parts.unclear), "{id}");
            assert!(whole.lanes == parts.lanes, "{id}");
        }
    }
}
