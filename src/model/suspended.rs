//! Schedules that make no backups: how many, since when, why, and of which of them to remind the user.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::{Batch, ChangeKind, Data, Model, PendingChange, Workspace};
use crate::api::Completeness;
use crate::domain::{ApiTime, Schedule};
use crate::draft::SchedulePatch;
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

impl Workspace {
    /// A change is proven: keeps what the user noted about a suspension as long as that lasts.
    pub(super) fn note_outcome(&mut self, change: &PendingChange, now: Timestamp) {
        let notes = &mut self.profile.suspensions;
        match &change.kind {
            ChangeKind::Update(schedule, SchedulePatch { suspended: Some(true), .. }) => {
                notes.put(schedule.id.clone(), now, change.note.clone().unwrap_or_default());
            }
            ChangeKind::Update(schedule, SchedulePatch { suspended: Some(false), .. })
            | ChangeKind::Delete(schedule) => notes.remove(&schedule.id),
            ChangeKind::Create(_) | ChangeKind::Update(..) | ChangeKind::Restore(_) | ChangeKind::DeleteRestore(_) => {}
        }
    }

    /// After a whole listing: a schedule that runs again or is gone needs no reason any more.
    pub(super) fn forget_resumed(&mut self) {
        let table = &self.lists.schedules;
        // A listing that began before one of several changes knows nothing of it; another one comes after the last.
        if self.batch.as_ref().is_some_and(Batch::is_running) {
            return;
        }
        if table.completeness == Completeness::Complete && !self.profile.suspensions.is_empty() {
            let rows = table.remote.value().cloned().unwrap_or_default();
            self.profile.suspensions.retain(|id| rows.find(id.as_str()).is_some_and(|row| row.is_suspended()));
        }
    }
}

impl Model {
    /// What was noted in the session goes into the settings of its profile; of one that is not saved it is gone with the session.
    pub(super) fn keep_suspensions(&mut self) {
        let Data { session, settings, .. } = &mut self.data;
        let Some(in_use) = session.open().map(|open| &open.profile) else { return };
        let saved = settings.profiles.iter_mut().find(|saved| saved.id == in_use.id);
        if let Some(saved) = saved.filter(|saved| saved.suspensions != in_use.suspensions) {
            saved.suspensions.clone_from(&in_use.suspensions);
            self.settings_changed();
        }
    }
}
