//! The backups of one service: those that are listed, and those that were seen before.

use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashMap;

use crate::domain::{
    ApiTime, Backup, BackupId, BackupType, BinlogFile, GtidPosition, RETENTION, SeenState, ServiceId, StatusKind,
};
use crate::rows::{Cells, Chunk as _, Rows};

/// For so long a list tells what is there: backups are purged by the hour at most.
const LIST_KEEPS: SignedDuration = SignedDuration::from_hours(1);

/// Whether a backup can be a part of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MemberState {
    /// It is listed as succeeded.
    Listed,
    /// It was seen, is no longer listed, and is older than SkySQL keeps backups.
    Expired,
    /// It is not in the complete list.
    NotListed,
    /// It is listed as failed.
    Failed,
    /// It is listed as succeeded and holds 0 bytes.
    Empty,
    /// It has not ended.
    Unfinished,
    /// Neither of these is known.
    Unknown,
}

impl MemberState {
    /// Nothing can be restored from it, as far as the lists tell.
    #[must_use]
    pub fn is_unusable(self) -> bool {
        !matches!(self, Self::Listed | Self::Unknown)
    }
}

/// One backup. Times are in whole seconds.
#[derive(Clone, Debug)]
pub(super) struct KnownBackup {
    pub(super) row: Backup,
    pub(super) state: MemberState,
    pub(super) start: Option<i64>,
    pub(super) end: Option<i64>,
    pub(super) file: Option<BinlogFile>,
    pub(super) gtid: Option<GtidPosition>,
}

impl KnownBackup {
    fn new(state: MemberState, row: Backup) -> Self {
        let second = |time: &Option<ApiTime>| time.as_ref().and_then(ApiTime::at).map(Timestamp::as_second);
        Self {
            state,
            start: second(&row.start_time),
            end: second(&row.end_time),
            file: row.binlog_file.as_deref().and_then(BinlogFile::parse),
            gtid: row.binlog_gtid_position.as_deref().and_then(GtidPosition::parse).filter(|gtid| !gtid.is_empty()),
            row,
        }
    }

    pub(super) fn is(&self, backup_type: &BackupType) -> bool {
        self.row.backup_type.as_ref() == Some(backup_type)
    }
}

/// What backups are known from.
#[derive(Clone, Debug, Default)]
pub struct KnownLists {
    /// What SkySQL lists, as last read.
    pub listed: Rows<Backup>,
    /// Every backup ever seen, where the history was read.
    pub seen: Option<Rows<Backup>>,
    /// The list is complete.
    pub is_complete: bool,
    /// When the list was read.
    pub listed_at: Option<Timestamp>,
    /// The present.
    pub now: Timestamp,
}

/// The backups of one service, whatever order they came in.
#[derive(Clone, Debug, Default)]
pub struct ServiceBackups {
    /// By start, end and id.
    pub(super) all: Vec<KnownBackup>,
    /// Every backup that SkySQL lists of the service is among them, so that others are not listed.
    pub(super) is_complete: bool,
}

impl ServiceBackups {
    /// Those of a service.
    #[must_use]
    pub fn new(lists: &KnownLists, service: &ServiceId) -> Self {
        let is_complete = lists.is_complete;
        let is_recent = is_complete && lists.listed_at.is_some_and(|at| lists.now.duration_since(at) < LIST_KEEPS);
        let expired_by = lists.now.as_second().saturating_sub(RETENTION.as_secs());
        // An old list names backups that are purged by now.
        let is_current = |backup: &Backup| {
            let kept_from = backup.end_time.as_ref().and_then(ApiTime::at).or_else(|| backup.started_at());
            is_recent || kept_from.is_some_and(|at| at.as_second() > expired_by)
        };
        let listed = rows_of(&lists.listed, service).map(|row| {
            let state = if is_current(&row) { listed_state(&row) } else { MemberState::Unknown };
            (row.id.clone(), (state, row))
        });
        let mut by_id: FxHashMap<BackupId, (MemberState, Backup)> = FxHashMap::default();
        for row in lists.seen.iter().flat_map(|seen| rows_of(seen, service)) {
            by_id.insert(row.id.clone(), (seen_state(&row, is_complete), row));
        }
        by_id.extend(listed);
        let known = by_id.into_values().map(|(state, row)| KnownBackup::new(state, row));
        let mut backups = Self { all: known.collect(), is_complete };
        backups.sort();
        backups
    }

    /// Rows of a complete list, all of one service.
    pub(in crate::insight) fn listed(rows: impl Iterator<Item = Backup>) -> Self {
        let known = rows.map(|row| KnownBackup::new(listed_state(&row), row));
        let mut listed = Self { all: known.collect(), is_complete: true };
        listed.sort();
        listed
    }

    fn sort(&mut self) {
        self.all.sort_by(|a, b| (a.start, a.end, &a.row.id).cmp(&(b.start, b.end, &b.row.id)));
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// True where there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn find(&self, id: &str) -> Option<&KnownBackup> {
        self.all.iter().find(|backup| backup.row.id.as_str() == id)
    }

    pub(super) fn of_type<'a>(&'a self, backup_type: &'a BackupType) -> impl Iterator<Item = &'a KnownBackup> {
        self.all.iter().filter(move |backup| backup.is(backup_type))
    }

    /// What is known of a backup that is named somewhere and not among these.
    pub(super) fn absent_state(&self) -> MemberState {
        if self.is_complete { MemberState::NotListed } else { MemberState::Unknown }
    }
}

/// A row of the service's own list.
fn listed_state(row: &Backup) -> MemberState {
    match row.status_kind() {
        StatusKind::Good if row.is_good_but_empty() => MemberState::Empty,
        StatusKind::Good => MemberState::Listed,
        StatusKind::Bad => MemberState::Failed,
        StatusKind::Running | StatusKind::Queued => MemberState::Unfinished,
        StatusKind::Other => MemberState::Unknown,
    }
}

/// A row that only the history has.
fn seen_state(row: &Backup, is_complete: bool) -> MemberState {
    match row.sighting.map(|sighting| sighting.state) {
        Some(SeenState::Expired) => MemberState::Expired,
        Some(SeenState::Gone) => MemberState::NotListed,
        Some(SeenState::Listed) | None if is_complete => MemberState::NotListed,
        Some(SeenState::Listed) | None => MemberState::Unknown,
    }
}

/// The rows of a service. Its word is looked up once in each chunk, not in each row.
fn rows_of<'a>(rows: &'a Rows<Backup>, service: &'a ServiceId) -> impl Iterator<Item = Backup> + 'a {
    rows.chunks().iter().flat_map(move |chunk| {
        let words = match chunk.cells("service_id") {
            Cells::Words(words) => Some(words),
            _ => None,
        };
        let code = words.and_then(|words| (1..).zip(words.words()).find(|(_, word)| *word == service.as_str()));
        let code = code.map(|(code, _): (u16, _)| code);
        let codes = words.filter(|_| code.is_some()).map_or(&[][..], |words| words.codes());
        let positions = codes.iter().enumerate().filter(move |(_, of_row)| Some(**of_row) == code);
        positions.filter_map(|(at, _)| chunk.get(at))
    })
}
