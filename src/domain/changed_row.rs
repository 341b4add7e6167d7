//! The row that a change is about, of whichever list.

use super::{Restore, Schedule};

/// A row that a change made, found, or did not find as expected.
#[derive(Clone, Debug, PartialEq)]
pub enum ChangedRow {
    /// A schedule.
    Schedule(Box<Schedule>),
    /// A restore.
    Restore(Box<Restore>),
}

impl ChangedRow {
    /// What such a row is called.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Schedule(_) => "schedule",
            Self::Restore(_) => "restore",
        }
    }

    /// Its id as it is shown in a sentence.
    #[must_use]
    pub fn shown_id(&self) -> String {
        match self {
            Self::Schedule(schedule) => schedule.id.shown(),
            Self::Restore(restore) => restore.id.shown(),
        }
    }

    /// The schedule, where it is one.
    #[must_use]
    pub fn schedule(&self) -> Option<&Schedule> {
        match self {
            Self::Schedule(schedule) => Some(schedule),
            Self::Restore(_) => None,
        }
    }

    /// The schedule, where it is one.
    #[must_use]
    pub fn into_schedule(self) -> Option<Schedule> {
        match self {
            Self::Schedule(schedule) => Some(*schedule),
            Self::Restore(_) => None,
        }
    }
}

impl From<Schedule> for ChangedRow {
    fn from(schedule: Schedule) -> Self {
        Self::Schedule(Box::new(schedule))
    }
}

impl From<Restore> for ChangedRow {
    fn from(restore: Restore) -> Self {
        Self::Restore(Box::new(restore))
    }
}
