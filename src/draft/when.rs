//! When a schedule runs, as the form holds it: one entry, from which every box is derived.
//!
//! A box shows a word of the entry or nothing, so that no edit can write a text that was never on screen. The text the server has is
//! kept beside the entry and is replaced only by what the user enters.

use super::field::{DraftField, FieldError, FieldFix};
use crate::cron::{
    Cron, CronError, CronField, LocalClock, OfferedFix, Plan, PlanError, PlanZone, Repeat, Timetable, Weekdays,
    written_fields,
};
use crate::domain::{Text, Zone};

/// What was entered last.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    /// Nothing: the schedule stays as the server has it.
    Kept,
    /// Once, now.
    Once,
    /// Times and days.
    Plan(Plan),
    /// The five boxes.
    Boxes([String; 5]),
    /// The whole expression.
    Expression(String),
}

/// A choice above the fields of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cadence {
    /// Once, now: `once` on the wire.
    Once,
    /// Every hour.
    Hourly,
    /// Every day.
    Daily,
    /// Monday to Friday.
    Weekdays,
    /// On chosen weekdays.
    Weekly,
    /// On chosen days of the month.
    Monthly,
    /// As a cron expression.
    Advanced,
}

impl Cadence {
    /// All, as they stand side by side.
    pub const ALL: [Self; 7] =
        [Self::Once, Self::Hourly, Self::Daily, Self::Weekdays, Self::Weekly, Self::Monthly, Self::Advanced];

    /// The word on its button.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Once => "Now, once",
            Self::Hourly => "Hourly",
            Self::Daily => "Daily",
            Self::Weekdays => "Weekdays",
            Self::Weekly => "Weekly",
            Self::Monthly => "Monthly",
            Self::Advanced => "Advanced",
        }
    }

    fn of(plan: &Plan) -> Self {
        match (plan.repeat, plan.weekdays) {
            (Repeat::Hourly, _) => Self::Hourly,
            (Repeat::Month, _) => Self::Monthly,
            (Repeat::Week, Weekdays::ALL) => Self::Daily,
            (Repeat::Week, Weekdays::WORKING) => Self::Weekdays,
            (Repeat::Week, _) => Self::Weekly,
        }
    }
}

/// When the backup is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// The text the server has, in an edit.
    original: Option<Text>,
    entry: Entry,
    /// The clock that times are shown and typed on.
    zone: PlanZone,
    /// The expression is shown although a plan could be.
    is_advanced: bool,
}

impl When {
    /// For a new schedule: every day at 02:00 on the given clock.
    #[must_use]
    pub fn new(zone: PlanZone) -> Self {
        Self { original: None, entry: Entry::Plan(Plan::default()), zone, is_advanced: false }
    }

    /// For a backup that is made once, now.
    #[must_use]
    pub fn once() -> Self {
        Self { entry: Entry::Once, ..Self::new(PlanZone::Utc) }
    }

    /// For a change of a schedule that the server describes with this text.
    #[must_use]
    pub fn of(text: &str, zone: PlanZone) -> Self {
        Self { original: Some(text.into()), entry: Entry::Kept, ..Self::new(zone) }
    }

    /// The text the server has, in an edit.
    #[must_use]
    pub fn original(&self) -> Option<&str> {
        self.original.as_deref()
    }

    /// True where the server's text is not five fields that can be read, so that boxes cannot show it.
    #[must_use]
    pub fn is_original_unusual(&self) -> bool {
        self.original().is_some_and(|text| written_fields(text).is_none() || Cron::parse(text).is_err())
    }

    /// True while nothing was entered: the server's text stays.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.entry == Entry::Kept
    }

    /// True where the backup is made once.
    #[must_use]
    pub fn is_once(&self) -> bool {
        self.entry == Entry::Once
    }

    /// When the entry runs: of a kept text whatever it says, also on a clock of its own; else the expression. `None` where nothing is
    /// known of it, and for a backup that is made once.
    #[must_use]
    pub fn timetable(&self, clock: LocalClock<'_>) -> Option<Timetable> {
        match self.original() {
            Some(text) if self.is_kept() => Timetable::read(text).ok(),
            _ => Some(Timetable::Cron { cron: self.cron(clock)?.ok()?, zone: Zone::utc() }),
        }
    }

    /// Expressions that could take the place of the server's text where that is not five fields: what it means in UTC, or what was
    /// probably meant.
    #[must_use]
    pub fn replacements(&self, clock: LocalClock<'_>) -> Vec<FieldFix> {
        let Some(text) = self.original().filter(|_| self.is_original_unusual()) else { return Vec::new() };
        let timetable = match Timetable::read(text) {
            Ok(timetable) => timetable,
            Err(error) => return at_field(error).fixes,
        };
        let expression = match &timetable {
            Timetable::Cron { cron, zone } if timetable.to_send().is_none() => {
                // The digits are those of that zone's clock; they are moved to UTC as a user's own would be.
                let there = LocalClock { zone, now: clock.now };
                let plan = Plan::of(cron, PlanZone::Utc, there);
                plan.and_then(|plan| plan.to_cron(PlanZone::Local, there).ok())
            }
            _ => timetable.to_send().cloned(),
        };
        expression.and_then(|cron| OfferedFix::new(cron.as_str(), None)).map(FieldFix::of).into_iter().collect()
    }

    /// Goes back to the text the server has.
    pub fn keep(&mut self) {
        if self.original.is_some() {
            self.entry = Entry::Kept;
        }
    }

    /// The clock that times are shown and typed on: the chosen one, but UTC for an expression whose days have no fixed place on the
    /// other.
    #[must_use]
    pub fn zone(&self, clock: LocalClock<'_>) -> PlanZone {
        if self.has_local_times(clock) { self.zone } else { PlanZone::Utc }
    }

    /// True where its times can be written on the clock beside UTC.
    #[must_use]
    pub fn has_local_times(&self, clock: LocalClock<'_>) -> bool {
        match &self.entry {
            Entry::Plan(_) => true,
            _ => self.reading(PlanZone::Local, clock).is_some(),
        }
    }

    /// The times and days of an expression.
    fn reading(&self, zone: PlanZone, clock: LocalClock<'_>) -> Option<Plan> {
        Plan::of(&self.cron(clock)?.ok()?, zone, clock)
    }

    /// Shows times on the other clock. What was typed stays as it was typed; the times of an expression are converted.
    pub fn set_zone(&mut self, zone: PlanZone) {
        self.zone = zone;
    }

    /// The clock beside UTC became another one: times that were typed on it are converted, so that the runs stay as they are.
    pub fn change_clock(&mut self, before: LocalClock<'_>, now: LocalClock<'_>) {
        if let (PlanZone::Local, Entry::Plan(plan)) = (self.zone, &self.entry)
            && let Ok(cron) = plan.to_cron(PlanZone::Local, before)
        {
            let converted = Plan::of(&cron, PlanZone::Local, now);
            self.entry = converted.map_or_else(|| Entry::Expression(cron.as_str().to_owned()), Entry::Plan);
        }
    }

    /// The whole expression as its field shows it; empty where there is none.
    #[must_use]
    pub fn expression(&self, clock: LocalClock<'_>) -> String {
        match &self.entry {
            Entry::Kept => self.original.as_deref().unwrap_or_default().to_owned(),
            Entry::Once => String::new(),
            Entry::Plan(plan) => {
                plan.to_cron(self.zone, clock).map(|cron| cron.as_str().to_owned()).unwrap_or_default()
            }
            Entry::Boxes(boxes) => joined(boxes),
            Entry::Expression(text) => text.clone(),
        }
    }

    /// The five boxes. Empty ones where the entry has no five fields, as for `@daily` of the server or a text that cannot be read.
    #[must_use]
    pub fn boxes(&self, clock: LocalClock<'_>) -> [String; 5] {
        match &self.entry {
            Entry::Boxes(boxes) => boxes.clone(),
            Entry::Expression(text) => written_fields(text).or_else(|| macro_fields(text)).unwrap_or_default(),
            Entry::Kept | Entry::Once | Entry::Plan(_) => written_fields(&self.expression(clock)).unwrap_or_default(),
        }
    }

    /// One box was edited. A whole expression pasted into it is taken as one.
    pub fn set_box(&mut self, field: CronField, text: &str, clock: LocalClock<'_>) {
        let mut boxes = self.boxes(clock);
        self.entry = if text.split_whitespace().count() == boxes.len() && Cron::parse(text).is_ok() {
            Entry::Expression(text.to_owned())
        } else {
            if let Some((_, place)) = CronField::ALL.into_iter().zip(&mut boxes).find(|(it, _)| *it == field) {
                text.clone_into(place);
            }
            Entry::Boxes(boxes)
        };
        self.is_advanced = true;
    }

    /// The whole expression was edited, or an offered one taken.
    pub fn set_expression(&mut self, text: &str) {
        self.entry = Entry::Expression(text.to_owned());
    }

    /// Times and days, where the entry can be written with them on the clock that is shown.
    #[must_use]
    pub fn plan(&self, clock: LocalClock<'_>) -> Option<Plan> {
        match &self.entry {
            Entry::Plan(plan) => Some(plan.clone()),
            Entry::Once => None,
            // A shortcut for five fields is not shown as if it were them.
            Entry::Kept if written_fields(self.original()?).is_none() => None,
            Entry::Kept | Entry::Boxes(_) | Entry::Expression(_) => self.reading(self.zone(clock), clock),
        }
    }

    /// Times or days were edited, on the clock they are shown on.
    pub fn set_plan(&mut self, plan: Plan, clock: LocalClock<'_>) {
        self.zone = self.zone(clock);
        self.entry = Entry::Plan(plan);
    }

    /// What is chosen above the fields.
    #[must_use]
    pub fn cadence(&self, clock: LocalClock<'_>) -> Cadence {
        match self.plan(clock) {
            _ if self.is_once() => Cadence::Once,
            Some(plan) if !self.is_advanced => Cadence::of(&plan),
            _ => Cadence::Advanced,
        }
    }

    /// Another choice above the fields: the time of day stays, where there is one. "Advanced" shows the same entry as an expression.
    pub fn choose(&mut self, cadence: Cadence, clock: LocalClock<'_>) {
        self.is_advanced = cadence == Cadence::Advanced;
        // Where the entry is a shortcut for times and days, those are the ones to start from.
        let current = self.plan(clock).or_else(|| self.reading(self.zone(clock), clock));
        let is_other = current.as_ref().is_none_or(|plan| Cadence::of(plan) != cadence);
        let mut plan = current.unwrap_or_default();
        match cadence {
            Cadence::Once => {
                self.entry = Entry::Once;
                return;
            }
            Cadence::Advanced => {
                if self.is_once() {
                    self.set_plan(plan, clock);
                }
                return;
            }
            Cadence::Hourly => plan.repeat = Repeat::Hourly,
            Cadence::Monthly => plan.repeat = Repeat::Month,
            Cadence::Daily | Cadence::Weekdays | Cadence::Weekly => {
                plan.repeat = Repeat::Week;
                if is_other {
                    plan.weekdays = match cadence {
                        Cadence::Weekdays => Weekdays::WORKING,
                        // Days that were chosen before come back.
                        Cadence::Weekly if ![Weekdays::ALL, Weekdays::WORKING].contains(&plan.weekdays) => {
                            plan.weekdays
                        }
                        Cadence::Weekly => Weekdays::SUNDAY,
                        _ => Weekdays::ALL,
                    };
                }
            }
        }
        // The same plan again is no edit: what the server has stays untouched.
        if self.plan(clock).as_ref() != Some(&plan) {
            self.set_plan(plan, clock);
        }
    }

    /// The expression of the fields, or what is wrong and where; `None` where the backup is made once. For an entry that is
    /// [kept](Self::is_kept) it is the one of the server's text, and is not sent.
    #[must_use]
    pub fn cron(&self, clock: LocalClock<'_>) -> Option<Result<Cron, FieldError>> {
        let cron = match &self.entry {
            Entry::Once => return None,
            Entry::Plan(plan) => {
                let of_plan = |error: PlanError| FieldError::new(DraftField::Plan(error.field), error.message);
                plan.to_cron(self.zone, clock).map_err(of_plan)
            }
            Entry::Boxes(boxes) => read_boxes(boxes).map_err(at_field),
            Entry::Kept => Cron::parse(self.original().unwrap_or_default()).map_err(at_field),
            Entry::Expression(text) => Cron::parse(text).map_err(at_field),
        };
        Some(cron.and_then(|cron| if cron.readings().widest().is_never() { Err(never_runs(&cron)) } else { Ok(cron) }))
    }
}

impl Default for When {
    fn default() -> Self {
        Self::new(PlanZone::default())
    }
}

fn at_field(error: CronError) -> FieldError {
    let fixes = error.fixes.into_iter().map(FieldFix::of).collect();
    FieldError { field: DraftField::Cron(error.field), message: error.message, fixes }
}

fn never_runs(cron: &Cron) -> FieldError {
    let message = format!("This schedule will never run: {}", cron.never_reason());
    FieldError::new(DraftField::Cron(Some(CronField::DayOfMonth)), message)
}

/// The five fields of a shortcut such as `@daily`.
fn macro_fields(text: &str) -> Option<[String; 5]> {
    text.trim_start().starts_with('@').then(|| Cron::parse(text).ok()).flatten().map(|cron| cron.fields())
}

fn joined(boxes: &[String; 5]) -> String {
    let words: Vec<&str> = boxes.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
    words.join(" ")
}

/// Each box is read as its own field: a word too many in one never moves into the next.
fn read_boxes(boxes: &[String; 5]) -> Result<Cron, CronError> {
    let fields = || CronField::ALL.into_iter().zip(boxes.iter().map(|text| text.trim()));
    if let Some((field, _)) = fields().find(|(_, text)| text.is_empty()) {
        let filled: Vec<&str> = fields().map(|(_, text)| if text.is_empty() { "*" } else { text }).collect();
        let message = format!("{} is empty; enter * for every value", field.name());
        // Days that were left out are all days; an hour or minute that was left out may be any.
        let has_time = !matches!(field, CronField::Minute | CronField::Hour);
        let fixes = OfferedFix::new(&filled.join(" "), None).filter(|_| has_time).into_iter().collect();
        return Err(CronError { field: Some(field), message, fixes });
    }
    if let Some((field, _)) = fields().find(|(_, text)| text.contains(char::is_whitespace)) {
        let message = format!("{} holds a space; separate values with commas, such as 1,15", field.name());
        return Err(CronError { field: Some(field), message, fixes: Vec::new() });
    }
    Cron::parse(&joined(boxes))
}

#[cfg(test)]
#[path = "when_tests.rs"]
mod tests;
