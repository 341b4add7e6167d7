//! What is known of a row beyond the row itself: when it was seen, and when anybody looked.

use jiff::Timestamp;

use super::{Backup, BackupType, RETENTION, Recurrence, Restore, Schedule, ScheduleId, SeenState, Sighting, Text};

/// A backup, schedule or restore with the times it was seen at. All times are by this computer's clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen<R> {
    /// As it was last seen.
    pub row: R,
    /// When it was seen first. It may have been there before, while nobody looked.
    pub first_seen: Timestamp,
    /// When it was seen last.
    pub last_seen: Timestamp,
    /// When a whole list was first read without it; none while it is listed.
    pub gone_at: Option<Timestamp>,
}

impl Seen<Backup> {
    /// Whether it is still listed. A backup without a readable start counts from when it was first seen.
    #[must_use]
    pub fn state(&self) -> SeenState {
        let made_at = self.row.started_at().unwrap_or(self.first_seen);
        match self.gone_at {
            None => SeenState::Listed,
            Some(gone_at) if gone_at.duration_since(made_at) >= RETENTION => SeenState::Expired,
            Some(_) => SeenState::Gone,
        }
    }

    /// The row, together with what else is known of it.
    #[must_use]
    pub fn into_row(self) -> Backup {
        let (first_seen, last_seen, state) = (self.first_seen, self.last_seen, self.state());
        Backup { sighting: Some(Sighting { first_seen, last_seen, state }), ..self.row }
    }
}

impl Seen<Schedule> {
    /// Whether it is still listed. Schedules do not expire.
    #[must_use]
    pub fn state(&self) -> SeenState {
        if self.gone_at.is_some() { SeenState::Gone } else { SeenState::Listed }
    }
}

impl Seen<Restore> {
    /// Whether it is still listed. No document says how long the service lists restores, so none is called expired.
    #[must_use]
    pub fn state(&self) -> SeenState {
        if self.gone_at.is_some() { SeenState::Gone } else { SeenState::Listed }
    }

    /// The row, together with what else is known of it.
    #[must_use]
    pub fn into_row(self) -> Restore {
        let (first_seen, last_seen, state) = (self.first_seen, self.last_seen, self.state());
        Restore { sighting: Some(Sighting { first_seen, last_seen, state }), ..self.row }
    }
}

/// How much was ever seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeenCounts {
    /// The number of backups.
    pub backups: u64,
    /// The number of schedules.
    pub schedules: u64,
    /// The number of restores.
    pub restores: u64,
}

/// What decides about the runs of a schedule, and since when it is known to be so.
#[derive(Clone, Debug, PartialEq)]
pub struct ScheduleVersion {
    /// The schedule.
    pub id: ScheduleId,
    /// When it was first seen like this; it became so at some moment after it was last seen otherwise.
    pub since: Timestamp,
    /// Its type.
    pub backup_type: Option<BackupType>,
    /// Its times.
    pub recurrence: Option<Recurrence>,
    /// Whether it was suspended, where the service said so.
    pub suspended: Option<bool>,
}

/// A list that is polled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PolledList {
    /// The backups.
    Backups,
    /// The schedules.
    Schedules,
    /// The restores.
    Restores,
}

/// One fetch of a list that brought something: what happened outside of all polls was not observed, which is not the same as that
/// it did not happen.
#[derive(Clone, Debug, PartialEq)]
pub struct Poll {
    /// The list.
    pub list: PolledList,
    /// When the fetch began.
    pub began_at: Timestamp,
    /// When its last page was there.
    pub ended_at: Timestamp,
    /// The number of rows it brought.
    pub rows: u64,
    /// What the service was asked to leave out, such as `status=Failed`; none where it was asked for everything.
    pub filter: Option<Text>,
    /// Every page was read, every row could be, and the list stayed the same meanwhile.
    pub is_complete: bool,
}

impl Poll {
    /// What this poll did not list was not there. Only such a poll tells that a row is gone.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.is_complete && self.filter.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ApiTime;

    #[test]
    fn a_backup_that_is_no_longer_listed_is_expired_from_the_end_of_its_retention_on() {
        let at = |day: &str| format!("2026-11-{day}T02:00:00Z").parse::<Timestamp>().unwrap();
        let seen = |start: &str, gone_at: Option<Timestamp>| Seen {
            row: Backup { start_time: ApiTime::read(start), ..Backup::default() },
            first_seen: at("02"),
            last_seen: at("03"),
            gone_at,
        };
        let cases = [
            ("2026-11-01T02:00:00Z", None, SeenState::Listed),
            ("2026-11-01T02:00:00Z", Some(at("08")), SeenState::Expired),
            ("2026-11-01T02:00:01Z", Some(at("08")), SeenState::Gone),
            ("", Some(at("08")), SeenState::Gone),
            ("", Some(at("09")), SeenState::Expired),
            ("yesterday", Some(at("09")), SeenState::Expired),
        ];
        for (start, gone_at, want) in cases {
            assert_eq!(seen(start, gone_at).state(), want, "{start} {gone_at:?}");
        }
    }

    #[test]
    fn only_a_complete_poll_of_everything_is_whole() {
        let at = Timestamp::UNIX_EPOCH;
        for (filter, is_complete, want) in
            [(None, true, true), (None, false, false), (Some("status=Failed".into()), true, false)]
        {
            let poll = Poll { list: PolledList::Backups, began_at: at, ended_at: at, rows: 1, filter, is_complete };
            assert_eq!(poll.is_whole(), want);
        }
    }
}
