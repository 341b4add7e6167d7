//! Times on a clock, weekdays, days of the month.

use egui::{Layout, Ui};

use super::super::choice::choose_ui;
use super::super::text::quiet_ui;
use super::request::clock;
use super::{FormParts, is_entered};
use crate::cron::{Plan, PlanField, PlanZone, Repeat};
use crate::draft::DraftField;
use crate::model::{Data, ScheduleForm};
use crate::theme::{self, space};
use crate::widgets::{labelled_field, text_field, toggles};

/// The weekdays as they stand side by side, with their number from Sunday.
const WEEKDAYS: [(&str, u8); 7] = [("Mon", 1), ("Tue", 2), ("Wed", 3), ("Thu", 4), ("Fri", 5), ("Sat", 6), ("Sun", 0)];
/// What the field of the times is wide.
const TIME_WIDTH: f32 = 230.0;

/// True: Enter was pressed in one of the fields.
pub(super) fn plan_ui(ui: &mut Ui, parts: &mut FormParts<'_>) -> bool {
    let clock = clock(parts.data);
    let Some(mut plan) = parts.form.draft.when.plan(clock) else { return false };
    let before = plan.clone();
    let entered = match plan.repeat {
        Repeat::Hourly => short_field_ui(
            ui,
            parts,
            DraftField::Plan(PlanField::Times),
            ("Minute of the hour", ""),
            &mut plan.minute,
            "0",
        ),
        Repeat::Week => {
            let entered = times_ui(ui, parts, &mut plan);
            ui.add_space(space::S);
            weekdays_ui(ui, parts, &mut plan);
            entered
        }
        Repeat::Month => {
            let entered = times_ui(ui, parts, &mut plan);
            ui.add_space(space::S);
            let words = ("Days of the month", "Such as 1, or 1, 15");
            entered | short_field_ui(ui, parts, DraftField::Plan(PlanField::Days), words, &mut plan.month_days, "1")
        }
    };
    if plan != before {
        parts.form.draft.when.set_plan(plan, clock);
    }
    entered
}

/// A field for a few figures.
fn short_field_ui(
    ui: &mut Ui,
    parts: &mut FormParts<'_>,
    field: DraftField,
    words: (&str, &str),
    text: &mut String,
    hint: &str,
) -> bool {
    let (response, _) = parts.field_ui(ui, field, words, |ui, _| {
        ui.scope(|ui| {
            ui.set_max_width(TIME_WIDTH);
            text_field(ui, text, hint)
        })
        .inner
    });
    is_entered(ui, &response)
}

/// The times, and beside them the clock they are meant on; what they are in UTC below.
fn times_ui(ui: &mut Ui, parts: &mut FormParts<'_>, plan: &mut Plan) -> bool {
    let data = parts.data;
    let help = plan.conversion(parts.form.draft.when.zone(clock(data)), clock(data));
    let help = help.as_deref().unwrap_or("More than one time: 02:00, 14:00");
    let (response, _) = parts.field_ui(ui, DraftField::Plan(PlanField::Times), ("Time", help), |ui, form| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::M;
            let size = egui::vec2(TIME_WIDTH, theme::height::CONTROL);
            let layout = Layout::left_to_right(egui::Align::Center);
            let field = ui.allocate_ui_with_layout(size, layout, |ui| text_field(ui, &mut plan.times, "02:00"));
            zone_ui(ui, data, form);
            field.inner
        })
        .inner
    });
    is_entered(ui, &response)
}

/// The clock that the times are meant on.
fn zone_ui(ui: &mut Ui, data: &Data, form: &mut ScheduleForm) {
    let (zone, when) = (data.second_zone(), &mut form.draft.when);
    if zone.label() == "UTC" {
        return quiet_ui(ui, "UTC");
    }
    if !when.has_local_times(clock(data)) {
        return quiet_ui(ui, format!("UTC; no fixed day in {}", zone.short_label()));
    }
    let local = if zone.has_name() { zone.short_label() } else { "This computer".to_owned() };
    let zones = [(PlanZone::Local, local.as_str()), (PlanZone::Utc, "UTC")];
    let mut chosen = when.zone(clock(data));
    if ui.push_id("zone", |ui| choose_ui(ui, &zones, &mut chosen)).inner {
        when.set_zone(chosen);
    }
}

fn weekdays_ui(ui: &mut Ui, FormParts { form, validation, .. }: &mut FormParts<'_>, plan: &mut Plan) {
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
