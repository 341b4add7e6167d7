//! Why schedules were suspended from here, and when to think of them again. SkySQL keeps neither.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::ScheduleId;

/// What a user noted when suspending.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuspensionNote {
    /// The reason; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The day from which on to remind the user, by the clock of this computer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_on: Option<Date>,
}

/// One schedule that was suspended from here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// The schedule.
    pub schedule: ScheduleId,
    /// When it was suspended.
    pub since: Timestamp,
    /// Why, and until when.
    #[serde(flatten)]
    pub note: SuspensionNote,
}

/// The suspensions of a profile, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Suspensions(Vec<Suspension>);

impl Suspensions {
    /// Notes a suspension in place of an earlier one of the same schedule.
    pub fn put(&mut self, schedule: ScheduleId, since: Timestamp, note: SuspensionNote) {
        self.remove(&schedule);
        self.0.push(Suspension { schedule, since, note });
    }

    /// The schedule runs again, or is gone.
    pub fn remove(&mut self, schedule: &ScheduleId) {
        self.0.retain(|it| it.schedule != *schedule);
    }

    /// Keeps those of schedules that are still suspended.
    pub fn retain(&mut self, is_suspended: impl Fn(&ScheduleId) -> bool) {
        self.0.retain(|it| is_suspended(&it.schedule));
    }

    /// Reminds of a schedule on another day, or never.
    pub fn remind(&mut self, schedule: &ScheduleId, on: Option<Date>) {
        if let Some(found) = self.0.iter_mut().find(|it| it.schedule == *schedule) {
            found.note.remind_on = on;
        }
    }

    /// What is known of the suspension of a schedule.
    #[must_use]
    pub fn get(&self, schedule: &ScheduleId) -> Option<&Suspension> {
        self.0.iter().find(|it| it.schedule == *schedule)
    }

    /// Those to be reminded of on this day.
    pub fn due(&self, today: Date) -> impl Iterator<Item = &Suspension> {
        self.0.iter().filter(move |it| it.note.remind_on.is_some_and(|day| day <= today))
    }

    /// True where none is noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reminder_is_due_from_its_day_on_until_another_is_set() {
        let (id, day) = (ScheduleId::new("12"), |day: i8| jiff::civil::date(2026, 11, day));
        let mut noted = Suspensions::default();
        let note = |on| SuspensionNote { reason: "migration".to_owned(), remind_on: on };
        noted.put(id.clone(), Timestamp::UNIX_EPOCH, note(None));
        noted.put(id.clone(), Timestamp::UNIX_EPOCH, note(Some(day(20))));
        noted.put(ScheduleId::new("13"), Timestamp::UNIX_EPOCH, note(None));
        let due = |noted: &Suspensions, on| noted.due(on).map(|it| it.schedule.to_string()).collect::<Vec<_>>();
        assert_eq!(due(&noted, day(19)), Vec::<String>::new());
        assert_eq!((due(&noted, day(20)), due(&noted, day(28))), (vec!["12".to_owned()], vec!["12".to_owned()]));
        noted.remind(&id, Some(day(29)));
        assert_eq!(due(&noted, day(28)), Vec::<String>::new());
        noted.retain(|schedule| schedule.as_str() == "13");
        assert!(noted.get(&id).is_none() && !noted.is_empty());
    }
}
