//! The dialog of several changes before they are sent: what is chosen, and which requests that makes.

use std::collections::HashMap;
use std::sync::Arc;

use super::batch::BatchRow;
use super::view::PlanKey;
use super::{BatchForm, ChangeKind, Data, PlannedChange};
use crate::cron::{Cron, LocalClock, is_same_cron};
use crate::domain::{BackupType, Recurrence, Schedule, ScheduleId, Service, ServiceId};
use crate::draft::{NewSchedule, SchedulePatch};
use crate::msg::BatchAction;

impl BatchForm {
    /// The dialog about these schedules.
    pub(super) fn new(action: BatchAction, subjects: Vec<Schedule>) -> Self {
        let stagger = if action == BatchAction::Copy { "15" } else { "0" };
        Self { action, subjects, stagger: stagger.to_owned(), ..Self::default() }
    }

    /// Works the changes out where what they depend on is another one.
    pub fn plan_anew(&mut self, data: &Data) {
        let key = PlanKey {
            expression: self.when.draft.when.expression(clock(data)),
            stagger: self.stagger.clone(),
            services: self.services.clone(),
            chosen: self.chosen.clone(),
            starts_suspended: self.starts_suspended,
            gone: self.gone.value().map_or(0, Vec::len),
            schedules: data.schedules().revision(),
        };
        if self.planned_from.as_ref() != Some(&key) {
            self.plan = self.planned(data);
            self.planned_from = Some(key);
        }
    }

    /// The minutes from one to the next; `None` where the text is no such number.
    #[must_use]
    pub fn stagger_minutes(&self) -> Option<u16> {
        match self.stagger.trim() {
            "" => Some(0),
            text => text.parse().ok().filter(|minutes| *minutes <= MOST_MINUTES),
        }
    }

    /// The number of changes that would be sent.
    #[must_use]
    pub fn sendable(&self) -> usize {
        self.plan.iter().filter(|planned| planned.kind.is_ok()).count()
    }

    /// The changes to send, each with its turn to come.
    pub(super) fn to_send(&self) -> Vec<BatchRow> {
        let sendable = self.plan.iter().filter_map(|planned| {
            let kind = planned.kind.as_ref().ok()?.clone();
            Some(BatchRow::new(planned.subject.clone(), kind, planned.then_suspend))
        });
        sendable.collect()
    }

    fn planned(&self, data: &Data) -> Vec<PlannedChange> {
        let each = |kind: fn(&Schedule) -> Result<ChangeKind, String>| {
            let planned = |row: &Schedule| PlannedChange { subject: row.clone(), kind: kind(row), then_suspend: false };
            self.subjects.iter().map(planned).collect()
        };
        match self.action {
            BatchAction::Suspend => each(suspended),
            BatchAction::Resume => each(resumed),
            BatchAction::Delete => each(deleted),
            BatchAction::ChangeTime => self.moved(data),
            BatchAction::Copy => self.copied(data),
            BatchAction::Recreate => self.recreated(data),
        }
    }

    /// Every schedule at the new time, each some minutes after the one before.
    fn moved(&self, data: &Data) -> Vec<PlannedChange> {
        let Some(Ok(cron)) = self.when.draft.when.cron(clock(data)) else { return Vec::new() };
        let Some(stagger) = self.stagger_minutes() else { return Vec::new() };
        let mut turn = 0_u16;
        let planned = |row: &Schedule| {
            let kind = with_id(row).and_then(|()| {
                if row.is_once() {
                    return Err("A one-time schedule cannot be edited".to_owned());
                }
                let cron = staggered(&cron, stagger, turn)?;
                turn = turn.saturating_add(1);
                let backup_type = row.backup_type.clone().unwrap_or(BackupType::Full);
                let patch = SchedulePatch::between(row, &backup_type, Some(&cron));
                let patch = SchedulePatch { backup_type: None, ..patch };
                if patch.is_empty() {
                    return Err("It runs at this time already".to_owned());
                }
                Ok(ChangeKind::Update(Box::new(row.clone()), patch))
            });
            PlannedChange { subject: row.clone(), kind, then_suspend: false }
        };
        self.subjects.iter().map(planned).collect()
    }

    /// A schedule like the first one for every chosen service, each some minutes after the one before.
    fn copied(&self, data: &Data) -> Vec<PlannedChange> {
        let Some((original, stagger)) = self.subjects.first().zip(self.stagger_minutes()) else { return Vec::new() };
        let existing = ExistingSchedules::of(data);
        let mut turn = 0_u16;
        let planned = |service: &Service| {
            // The first copy is beside the original, so it is the first to wait.
            turn = turn.saturating_add(1);
            let recurrence = match &original.recurrence {
                Some(Recurrence::Cron(text)) => match Cron::parse(text).map(|cron| staggered(&cron, stagger, turn)) {
                    Ok(Ok(cron)) => Ok(Some(Recurrence::Cron(cron.as_str().into()))),
                    Ok(Err(problem)) => Err(problem),
                    Err(_) => Err("The time of the original is not one that can be copied".to_owned()),
                },
                other => Ok(other.clone()),
            };
            let subject = Schedule {
                service_id: Some(service.id.clone()),
                service_name: service.name.clone(),
                backup_type: original.backup_type.clone(),
                recurrence: recurrence.clone().unwrap_or_else(|_| original.recurrence.clone()),
                ..Schedule::default()
            };
            let kind = recurrence.and_then(|_| created(&subject, &existing));
            PlannedChange { subject, kind, then_suspend: self.starts_suspended && !original.is_once() }
        };
        let services = data.lists().known_services().iter();
        services.filter(|service| self.services.contains(&service.id)).map(planned).collect()
    }

    /// The deleted schedules as they were: the one that the dialog is about, or the chosen ones.
    fn recreated(&self, data: &Data) -> Vec<PlannedChange> {
        let existing = ExistingSchedules::of(data);
        let gone = self.gone.value().into_iter().flatten().map(|seen| &seen.row);
        let chosen = gone.filter(|row| self.chosen.contains(&row.id));
        let planned = |row: &Schedule| {
            let kind = created(row, &existing);
            let subject = Schedule { id: ScheduleId::default(), suspended: None, ..row.clone() };
            PlannedChange { subject, kind, then_suspend: row.is_suspended() }
        };
        self.subjects.iter().chain(chosen).map(planned).collect()
    }
}

/// A week: beyond that the offset would only name another day.
const MOST_MINUTES: u16 = 7 * 24 * 60;

fn clock(data: &Data) -> LocalClock<'_> {
    LocalClock { zone: data.second_zone(), now: data.now }
}

fn with_id(row: &Schedule) -> Result<(), String> {
    if row.id.is_empty() { Err("The list gives no ID for this schedule".to_owned()) } else { Ok(()) }
}

fn suspended(row: &Schedule) -> Result<ChangeKind, String> {
    with_id(row)?;
    match row {
        _ if row.is_once() => Err("A one-time schedule has no runs to suspend".to_owned()),
        _ if row.is_suspended() => Err("It is suspended already".to_owned()),
        _ => Ok(suspension(row, true)),
    }
}

fn resumed(row: &Schedule) -> Result<ChangeKind, String> {
    with_id(row)?;
    if row.is_suspended() { Ok(suspension(row, false)) } else { Err("It is not suspended".to_owned()) }
}

fn suspension(row: &Schedule, is_suspended: bool) -> ChangeKind {
    let patch = SchedulePatch { suspended: Some(is_suspended), ..SchedulePatch::default() };
    ChangeKind::Update(Box::new(row.clone()), patch)
}

fn deleted(row: &Schedule) -> Result<ChangeKind, String> {
    with_id(row)?;
    Ok(ChangeKind::Delete(Box::new(row.clone())))
}

/// The expression for the one whose turn this is, counted from 0.
fn staggered(cron: &Cron, stagger: u16, turn: u16) -> Result<Cron, String> {
    let minutes = stagger.checked_mul(turn).ok_or("It would run weeks later")?;
    cron.later(minutes).ok_or_else(|| format!("{minutes} minutes later its days would no longer be the same"))
}

/// A new schedule like this one. Where its backups went is not known, so they go to the storage of SkySQL.
fn created(row: &Schedule, existing: &ExistingSchedules) -> Result<ChangeKind, String> {
    let (Some(service_id), Some(backup_type), Some(recurrence)) = (&row.service_id, &row.backup_type, &row.recurrence)
    else {
        return Err("Its service, type or time is not known".to_owned());
    };
    if matches!(backup_type, BackupType::Other(_)) {
        return Err("Its backup type is not one of the five".to_owned());
    }
    // The service may tell no more of a time than that it is an expression.
    if matches!(recurrence, Recurrence::Cron(text) if Cron::parse(text).is_err()) {
        return Err("Its time is not known".to_owned());
    }
    if let Some(id) = existing.like(service_id, backup_type, recurrence) {
        return Err(format!("The service has a schedule like this already: #{}", id.shown()));
    }
    let new = NewSchedule {
        service_id: service_id.clone(),
        backup_type: backup_type.clone(),
        recurrence: recurrence.clone(),
        storage: None,
    };
    Ok(ChangeKind::Create(Arc::new(new)))
}

/// The schedules that are there, by service.
struct ExistingSchedules(HashMap<ServiceId, Vec<Schedule>>);

impl ExistingSchedules {
    fn of(data: &Data) -> Self {
        let mut by_service: HashMap<ServiceId, Vec<Schedule>> = HashMap::new();
        for row in data.schedules().rows().iter() {
            if let Some(service) = &row.service_id {
                by_service.entry(service.clone()).or_default().push(row);
            }
        }
        Self(by_service)
    }

    fn like(&self, service: &ServiceId, backup_type: &BackupType, recurrence: &Recurrence) -> Option<&ScheduleId> {
        let Recurrence::Cron(wanted) = recurrence else { return None };
        let is_like = |row: &&Schedule| {
            row.backup_type.as_ref() == Some(backup_type)
                && matches!(&row.recurrence, Some(Recurrence::Cron(text)) if is_same_cron(text, wanted))
        };
        self.0.get(service)?.iter().find(is_like).map(|row| &row.id)
    }
}

impl BatchAction {
    /// Its verb, as a title begins with it.
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            Self::Suspend => "Suspend",
            Self::Resume => "Resume",
            Self::ChangeTime => "Change the time of",
            Self::Delete => "Delete",
            Self::Copy => "Copy",
            Self::Recreate => "Recreate",
        }
    }

    /// The same while it is being done.
    #[must_use]
    pub fn doing(self) -> &'static str {
        match self {
            Self::Suspend => "Suspending",
            Self::Resume => "Resuming",
            Self::ChangeTime => "Changing the time of",
            Self::Delete => "Deleting",
            Self::Copy | Self::Recreate => "Creating",
        }
    }

    /// The same once it is done.
    #[must_use]
    pub fn done(self) -> &'static str {
        match self {
            Self::Suspend => "suspended",
            Self::Resume => "resumed",
            Self::ChangeTime => "changed",
            Self::Delete => "deleted",
            Self::Copy | Self::Recreate => "created",
        }
    }
}
