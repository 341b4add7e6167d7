//! Times on a clock, weekdays, days of the month.

use egui::{Layout, RichText, Ui};

use super::request::{FormValidation, clock};
use super::{held_back, is_entered, remember};
use crate::cron::{Plan, PlanField, PlanZone, Repeat};
use crate::draft::DraftField;
use crate::model::{Data, ScheduleForm};
use crate::theme::{self, space};
use crate::widgets::{labelled_field, segmented, text_field, toggles};

/// The weekdays as they stand side by side, with their number from Sunday.
const WEEKDAYS: [(&str, u8); 7] = [("Mon", 1), ("Tue", 2), ("Wed", 3), ("Thu", 4), ("Fri", 5), ("Sat", 6), ("Sun", 0)];
/// What the field of the times is wide.
const TIME_WIDTH: f32 = 230.0;

/// True: Enter was pressed in one of the fields.
pub(super) fn plan_ui(ui: &mut Ui, data: &Data, form: &mut ScheduleForm, validation: &FormValidation) -> bool {
    let Some(mut plan) = form.draft.when.plan(clock(data)) else { return false };
    let before = plan.clone();
    let entered = match plan.repeat {
        Repeat::Hourly => minute_ui(ui, form, validation, &mut plan),
        Repeat::Week => {
            let entered = times_ui(ui, data, form, validation, &mut plan);
            ui.add_space(space::S);
            weekdays_ui(ui, form, validation, &mut plan);
            entered
        }
        Repeat::Month => {
            let entered = times_ui(ui, data, form, validation, &mut plan);
            ui.add_space(space::S);
            entered | month_days_ui(ui, form, validation, &mut plan)
        }
    };
    if plan != before {
        form.draft.when.set_plan(plan, clock(data));
    }
    entered
}

fn minute_ui(ui: &mut Ui, form: &mut ScheduleForm, validation: &FormValidation, plan: &mut Plan) -> bool {
    let error = held_back(ui, form, "minute", validation.message(form, DraftField::Plan(PlanField::Times)));
    let response = labelled_field(ui, "Minute of the hour", "", error, |ui| {
        ui.scope(|ui| {
            ui.set_max_width(TIME_WIDTH);
            text_field(ui, &mut plan.minute, "0")
        })
        .inner
    });
    remember(ui, "minute", &response);
    form.focus_if_asked(|field| field == DraftField::Plan(PlanField::Times), &response);
    is_entered(ui, &response)
}

/// The times, and beside them the clock they are meant on; what they are in UTC below.
fn times_ui(ui: &mut Ui, data: &Data, form: &mut ScheduleForm, validation: &FormValidation, plan: &mut Plan) -> bool {
    let error = held_back(ui, form, "times", validation.message(form, DraftField::Plan(PlanField::Times)));
    let help = plan.conversion(form.draft.when.zone(clock(data)), clock(data));
    let help = help.as_deref().unwrap_or("More than one time: 02:00, 14:00");
    let mut zone = None;
    let response = labelled_field(ui, "Time", help, error, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::M;
            let response = ui
                .allocate_ui_with_layout(
                    egui::vec2(TIME_WIDTH, theme::height::CONTROL),
                    Layout::left_to_right(egui::Align::Center),
                    |ui| text_field(ui, &mut plan.times, "02:00"),
                )
                .inner;
            zone = zone_ui(ui, data, form);
            response
        })
        .inner
    });
    remember(ui, "times", &response);
    form.focus_if_asked(|field| field == DraftField::Plan(PlanField::Times), &response);
    if let Some(zone) = zone {
        form.draft.when.set_zone(zone);
    }
    is_entered(ui, &response)
}

/// The clock that the times are meant on; the one clicked.
fn zone_ui(ui: &mut Ui, data: &Data, form: &ScheduleForm) -> Option<PlanZone> {
    if data.config.local_zone.label() == "UTC" {
        ui.label(RichText::new("UTC").color(theme::tokens(ui).text_secondary));
        return None;
    }
    let (zone, when) = (&data.config.local_zone, &form.draft.when);
    if !when.has_local_times(clock(data)) {
        let why = format!("UTC; no fixed day in {}", zone.short_label());
        ui.label(RichText::new(why).color(theme::tokens(ui).text_secondary));
        return None;
    }
    let local = if zone.has_name() { zone.short_label() } else { "This computer".to_owned() };
    let zones = [PlanZone::Local, PlanZone::Utc];
    let mut place = usize::from(when.zone(clock(data)) == PlanZone::Utc);
    let changed = ui.push_id("zone", |ui| segmented(ui, &[&local, "UTC"], &mut place)).inner;
    zones.get(place).copied().filter(|_| changed)
}

fn weekdays_ui(ui: &mut Ui, form: &mut ScheduleForm, validation: &FormValidation, plan: &mut Plan) {
    let names = WEEKDAYS.map(|(name, _)| name);
    let weekdays = plan.weekdays;
    let is_on = |place: usize| WEEKDAYS.get(place).is_some_and(|(_, day)| weekdays.has(*day));
    let error = validation.message(form, DraftField::Plan(PlanField::Days));
    let mut switched = None;
    labelled_field(ui, "Days", "", error, |ui| {
        let shown = ui.push_id("weekdays", |ui| toggles(ui, &names, is_on));
        switched = shown.inner;
        shown.response
    });
    if let Some((_, day)) = switched.and_then(|place| WEEKDAYS.get(place)) {
        plan.weekdays = weekdays.with(*day, !weekdays.has(*day));
    }
}

fn month_days_ui(ui: &mut Ui, form: &mut ScheduleForm, validation: &FormValidation, plan: &mut Plan) -> bool {
    let error = held_back(ui, form, "days", validation.message(form, DraftField::Plan(PlanField::Days)));
    let response = labelled_field(ui, "Days of the month", "Such as 1, or 1, 15", error, |ui| {
        ui.scope(|ui| {
            ui.set_max_width(TIME_WIDTH);
            text_field(ui, &mut plan.month_days, "1")
        })
        .inner
    });
    remember(ui, "days", &response);
    form.focus_if_asked(|field| field == DraftField::Plan(PlanField::Days), &response);
    is_entered(ui, &response)
}
