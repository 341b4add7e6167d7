//! All backups seen, by service and type, in the order in which they began.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::{Backup, BackupType, StatusKind, Text};
use crate::rows::{BackupChunk, CHUNK_ROWS, Chunk as _, FactColumns, Rows, Words};

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

/// One backup that was seen, small because there are many. Its times are in seconds; one before 1970 or after 2106 counts as the first or the
/// last moment between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SeenBackup {
    start: u32,
    /// [`NO_END`] where none is known.
    end: u32,
    /// Its position among the rows.
    pub(super) row: u32,
    /// The [`id_tag`](crate::rows::id_tag) of its id.
    pub(super) id_tag: u16,
    pub(super) status: StatusKind,
    pub(super) is_empty: bool,
}

/// In place of the end of a backup.
const NO_END: u32 = 0;

impl SeenBackup {
    /// A backup that began, and perhaps ended, at these seconds since 1970.
    pub(super) fn new(start: i64, end: Option<i64>, row: u32, status: StatusKind) -> Self {
        let second = |second: i64| u32::try_from(second.max(i64::from(NO_END) + 1)).unwrap_or(u32::MAX);
        Self { start: second(start), end: end.map_or(NO_END, second), row, id_tag: 0, status, is_empty: false }
    }

    /// When it began, in seconds since 1970.
    pub(super) fn start(&self) -> i64 {
        self.start.into()
    }

    /// When it ended, in seconds since 1970.
    pub(super) fn end(&self) -> Option<i64> {
        (self.end != NO_END).then_some(self.end.into())
    }

    /// Its place among the backups of its lane: by the start, then as they were listed.
    fn place(&self) -> u64 {
        u64::from(self.start) << u32::BITS | u64::from(self.row)
    }

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
            self.read(backups, backups.len())
        } else {
            let middle = known + count / 2;
            let mut others = Self { rows: u32::try_from(middle).unwrap_or(u32::MAX), ..Self::default() };
            let read_others = || {
                others.reserve(backups);
                others.read(backups, backups.len())
            };
            self.reserve(backups);
            let (mut touched, _) = rayon::join(|| self.read(backups, middle), read_others);
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

    /// Makes room for all rows that follow those it has: a lane that grows is copied again and again.
    fn reserve(&mut self, backups: &Rows<Backup>) {
        let mut counts: Vec<[usize; LANES]> = Vec::new();
        for (chunk, rows) in self.following(backups, backups.len()) {
            let columns = chunk.fact_columns();
            let lanes = by_code(columns.backup_types, |word| lane_of(&BackupType::from_word(word)));
            let mut numbers = ServiceNumbers::new(columns.service_ids);
            for at in rows {
                let Some(number) = numbers.number(at, self) else { continue };
                if number >= counts.len() {
                    counts.resize(number + 1, [0; LANES]);
                }
                let lane = lanes.get(code(columns.backup_types, at)).copied().flatten();
                if let Some(count) = counts.get_mut(number).and_then(|counts| counts.get_mut(lane?)) {
                    *count += 1;
                }
            }
        }
        for (service, counts) in self.services.iter_mut().zip(counts) {
            service.lanes.iter_mut().zip(counts).for_each(|(lane, count)| lane.reserve_exact(count));
        }
    }

    /// The rows up to a position that follow those it has, chunk by chunk.
    fn following<'r>(
        &self,
        backups: &'r Rows<Backup>,
        end: usize,
    ) -> impl Iterator<Item = (&'r BackupChunk, Range<usize>)> + use<'r> {
        let known = self.rows();
        let chunks = backups.chunks().iter().enumerate().skip(known / CHUNK_ROWS);
        let chunks = chunks.map(|(number, chunk)| (number * CHUNK_ROWS, &**chunk));
        chunks
            .take_while(move |(first, _)| *first < end)
            .map(move |(first, chunk)| (chunk, known.saturating_sub(first)..chunk.len().min(end.saturating_sub(first))))
    }

    /// Adds the rows up to a position; the numbers of the services they belong to.
    fn read(&mut self, backups: &Rows<Backup>, end: usize) -> FxHashSet<usize> {
        let mut touched = FxHashSet::default();
        for (chunk, rows) in self.following(backups, end) {
            touched.extend(self.read_chunk(chunk, rows));
        }
        touched
    }

    /// Adds rows of a chunk. What words mean is looked up once for all of them.
    fn read_chunk(&mut self, chunk: &BackupChunk, rows: Range<usize>) -> impl Iterator<Item = usize> + use<> {
        let columns = chunk.fact_columns();
        let types = by_code(columns.backup_types, BackupType::from_word);
        let statuses = by_code(columns.statuses, StatusKind::of);
        let mut numbers = ServiceNumbers::new(columns.service_ids);
        for at in rows {
            let Some(number) = numbers.number(at, self) else { continue };
            let meaning = types.get(code(columns.backup_types, at)).zip(statuses.get(code(columns.statuses, at)));
            if let (Some(service), Some((backup_type, status))) = (self.services.get_mut(number), meaning) {
                service.add(self.rows, &columns, at, backup_type, *status);
            }
            self.rows += 1;
        }
        numbers.by_code.into_iter().flatten()
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
            if !lane.is_sorted_by_key(SeenBackup::place) {
                lane.sort_unstable_by_key(SeenBackup::place);
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

    fn add(&mut self, row: u32, columns: &FactColumns<'_>, at: usize, backup_type: &BackupType, status: StatusKind) {
        if self.name.is_none() {
            self.name = columns.service_names.get(at).map(Text::from);
        }
        let start = columns.start(at);
        let lane = lane_of(backup_type).and_then(|lane| self.lanes.get_mut(lane));
        let (Some(start), Some(lane)) = (start, lane) else {
            self.unclear.push(start);
            return;
        };
        let is_empty = Backup::is_empty_copy(backup_type, status, columns.storage_bytes(at));
        let seen = SeenBackup::new(start, columns.end(at), row, status);
        lane.push(SeenBackup { is_empty, id_tag: columns.id_tag(at), ..seen });
    }
}

/// The numbers of the services of a chunk, each looked up at its first row.
struct ServiceNumbers<'r> {
    ids: &'r Words,
    by_code: Vec<Option<usize>>,
}

impl<'r> ServiceNumbers<'r> {
    fn new(ids: &'r Words) -> Self {
        Self { ids, by_code: vec![None; ids.word_count() + 1] }
    }

    /// The number of the service of a row.
    fn number(&mut self, at: usize, history: &mut BackupHistory) -> Option<usize> {
        let number = self.by_code.get_mut(code(self.ids, at))?;
        Some(*number.get_or_insert_with(|| history.number_of(self.ids.get(at).unwrap_or_default())))
    }
}

/// The code of the word of a row.
fn code(words: &Words, at: usize) -> usize {
    words.codes().get(at).map_or(0, |code| usize::from(*code))
}

/// What each word of a column means, by its code.
fn by_code<M>(words: &Words, meaning: impl Fn(&str) -> M) -> Vec<M> {
    std::iter::once("").chain(words.words()).map(meaning).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::{ApiTime, ServiceId, Status};

    #[test]
    fn a_backup_of_another_century_keeps_its_place() {
        let starts = [i64::MIN, -1, 0, 1, 1_790_000_000, u32::MAX.into(), i64::MAX];
        let seen = starts.map(|start| SeenBackup::new(start, Some(start), 0, StatusKind::Good));
        assert!(seen.is_sorted_by_key(SeenBackup::place));
        assert_eq!(seen.map(|seen| seen.start()), [1, 1, 1, 1, 1_790_000_000, u32::MAX.into(), u32::MAX.into()]);
        assert_eq!(seen.map(|seen| seen.end()), seen.map(|seen| Some(seen.start())));
        assert_eq!(SeenBackup::new(5, None, 0, StatusKind::Running).end(), None);
    }

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
