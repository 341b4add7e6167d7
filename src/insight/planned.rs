//! Schedules, read once for all conclusions about them.

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::history::lane_of;
use crate::cron::Timetable;
use crate::domain::{ApiTime, Recurrence, Schedule, ScheduleId, ServiceId, Status, StatusKind, Text};

/// A schedule. Times are in seconds.
#[derive(Clone, Debug)]
pub(super) struct PlannedSchedule {
    pub(super) id: ScheduleId,
    /// The lane of its type; `None` for a word that is not known.
    pub(super) lane: Option<usize>,
    /// `None` for one that runs once, and where the text does not tell the runs.
    pub(super) timetable: Option<Timetable>,
    pub(super) is_once: bool,
    pub(super) is_suspended: bool,
    pub(super) created_at: Option<Timestamp>,
    /// When it was created or last changed, whichever came later.
    pub(super) changed_at: Option<Timestamp>,
    pub(super) status: StatusKind,
    /// Between two runs, by the reading with fewer of them.
    pub(super) longest_gap: Option<i64>,
    /// On the average, by the same reading.
    pub(super) runs_a_week: f64,
}

impl PlannedSchedule {
    /// It recurs, and is not suspended.
    pub(super) fn is_active(&self) -> bool {
        !self.is_suspended && !self.is_once
    }
}

/// The schedules of all services.
#[derive(Debug, Default)]
pub struct PlannedSchedules {
    services: FxHashMap<Text, (Option<Text>, Vec<PlannedSchedule>)>,
}

impl PlannedSchedules {
    /// Reads their texts; each text is read once, however many schedules have it.
    #[must_use]
    pub fn new(schedules: &[Schedule]) -> Self {
        let mut read: FxHashMap<&str, Rhythm> = FxHashMap::default();
        let mut services: FxHashMap<Text, (Option<Text>, Vec<PlannedSchedule>)> = FxHashMap::default();
        for schedule in schedules {
            let rhythm = match &schedule.recurrence {
                Some(Recurrence::Cron(text)) => read.entry(text).or_insert_with(|| Rhythm::of(text)).clone(),
                Some(Recurrence::Once) | None => Rhythm::default(),
            };
            let id = schedule.service_id.as_ref().map_or("", ServiceId::as_str);
            let (name, plans) = services.entry(id.into()).or_default();
            if name.is_none() {
                name.clone_from(&schedule.service_name);
            }
            plans.push(planned(schedule, rhythm));
        }
        Self { services }
    }

    pub(super) fn of(&self, service: &str) -> &[PlannedSchedule] {
        self.services.get(service).map_or(&[], |(_, plans)| plans)
    }

    pub(super) fn service_name(&self, service: &str) -> Option<&Text> {
        self.services.get(service)?.0.as_ref()
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.services.keys().map(Text::as_str)
    }
}

/// What a text tells about its runs.
#[derive(Clone, Debug, Default)]
struct Rhythm {
    timetable: Option<Timetable>,
    longest_gap: Option<i64>,
    runs_a_week: f64,
}

impl Rhythm {
    fn of(text: &str) -> Self {
        let timetable = Timetable::read(text).ok();
        let pace = timetable.as_ref().and_then(Timetable::pace);
        let longest_gap = pace.and_then(|pace| i64::try_from(pace.longest_gap_secs?).ok());
        Self { timetable, longest_gap, runs_a_week: pace.map_or(0.0, |pace| pace.per_week) }
    }
}

fn planned(schedule: &Schedule, rhythm: Rhythm) -> PlannedSchedule {
    let created_at = schedule.created_at.as_ref().and_then(ApiTime::at);
    let updated_at = schedule.updated_at.as_ref().and_then(ApiTime::at);
    let Rhythm { timetable, longest_gap, runs_a_week } = rhythm;
    PlannedSchedule {
        id: schedule.id.clone(),
        lane: schedule.backup_type.as_ref().and_then(lane_of),
        timetable,
        is_once: schedule.is_once(),
        is_suspended: schedule.is_suspended(),
        created_at,
        changed_at: created_at.max(updated_at),
        status: schedule.status.as_ref().map_or(StatusKind::Other, Status::kind),
        longest_gap,
        runs_a_week,
    }
}
