//! Schedules that make no backups: how many, since when, why, and of which of them to remind the user.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use crate::domain::{ApiTime, Schedule};
use crate::rows::Rows;
use crate::settings::{Profile, Suspension, SuspensionNote, Suspensions};

/// What is typed about a suspension.
#[derive(Clone, Debug, Default)]
pub struct SuspensionForm {
    /// Why.
    pub reason: String,
    /// When to remind: a day such as `2026-12-01`, or nothing.
    pub remind_on: String,
}

impl SuspensionForm {
    /// The days that are offered: their names, and the days.
    #[must_use]
    pub fn offered(today: Date) -> [(&'static str, Date); 3] {
        let later = |days: i64| today.saturating_add(days.days());
        [("Tomorrow", later(1)), ("In a week", later(7)), ("In 30 days", later(30))]
    }

    /// What is wrong about the day.
    #[must_use]
    pub fn problem(&self, today: Date) -> Option<&'static str> {
        match self.note() {
            Ok(note) => note.remind_on.is_some_and(|day| day <= today).then_some("Choose a day after today"),
            Err(problem) => Some(problem),
        }
    }

    /// The note, where the day can be read.
    pub(super) fn note(&self) -> Result<SuspensionNote, &'static str> {
        let remind_on = match self.remind_on.trim() {
            "" => None,
            text => Some(text.parse::<Date>().map_err(|_unreadable| "Write the day like 2026-12-31")?),
        };
        Ok(SuspensionNote { reason: self.reason.trim().to_owned(), remind_on })
    }
}

/// What was counted in the list of schedules.
#[derive(Debug, Default)]
pub struct Suspended {
    /// The number of suspended schedules.
    pub count: usize,
    /// Since when the first of them is: as noted here, else when the service last changed it. `None` where neither is known.
    pub since: Option<Timestamp>,
    /// Those to be reminded of.
    pub due: Vec<(Schedule, Suspension)>,
    counted: Option<(u64, Suspensions, Date)>,
}

impl Suspended {
    /// Counts anew where the list, the notes or the day are others.
    pub(super) fn update(&mut self, rows: &Rows<Schedule>, revision: u64, profile: &Profile, today: Date) {
        let is_same = self.counted.as_ref().is_some_and(|(counted, notes, day)| {
            (*counted, *day) == (revision, today) && *notes == profile.suspensions
        });
        if is_same {
            return;
        }
        let notes = &profile.suspensions;
        let suspended: Vec<Schedule> = rows.iter().filter(Schedule::is_suspended).collect();
        let since = |row: &Schedule| {
            let changed = row.updated_at.as_ref().and_then(ApiTime::at);
            notes.get(&row.id).map(|noted| noted.since).or(changed)
        };
        let due = notes.due(today).filter_map(|noted| {
            let row = suspended.iter().find(|row| row.id == noted.schedule)?;
            Some((row.clone(), noted.clone()))
        });
        *self = Self {
            count: suspended.len(),
            since: suspended.iter().filter_map(since).min(),
            due: due.collect(),
            counted: Some((revision, notes.clone(), today)),
        };
    }
}
