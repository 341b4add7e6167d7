//! When it runs: how often, and below that times and days or the expression; then the sentence and the next runs.

use egui::{Frame, Margin, RichText, Ui};

use super::super::choice::choose_ui;
use super::super::text::small_ui;
use super::request::clock;
use super::{FormParts, cron, fixes_ui, plan, runs};
use crate::cron::Timetable;
use crate::domain::sanitize_for_display;
use crate::draft::Cadence;
use crate::model::{Data, FormPurpose, ScheduleForm};
use crate::theme::{self, radius, space};
use crate::widgets::link_button;

/// True: Enter was pressed in one of the fields.
pub(super) fn when_ui(ui: &mut Ui, parts: &mut FormParts<'_>) -> bool {
    let data = parts.data;
    ui.label(RichText::new("When").text_style(theme::strong()));
    original_ui(ui, data, parts.form);
    let is_new_cadence = cadence_ui(ui, data, parts.form);
    ui.add_space(space::S);
    let entered = match parts.form.draft.when.cadence(clock(data)) {
        Cadence::Once => {
            small_ui(ui, "Starts one backup as soon as possible");
            return false;
        }
        Cadence::Advanced => cron::cron_ui(ui, parts, is_new_cadence),
        _ => plan::plan_ui(ui, parts),
    };
    ui.add_space(space::S);
    runs::runs_ui(ui, data, parts.form);
    entered
}

/// The choices above the fields. True: another one was chosen.
fn cadence_ui(ui: &mut Ui, data: &Data, form: &mut ScheduleForm) -> bool {
    let has_once = form.purpose == FormPurpose::Create;
    let choices = Cadence::ALL.into_iter().filter(|it| has_once || *it != Cadence::Once);
    let choices: Vec<_> = choices.map(|it| (it, it.name())).collect();
    let mut chosen = form.draft.when.cadence(clock(data));
    let is_new = ui.push_id("cadence", |ui| choose_ui(ui, &choices, &mut chosen)).inner;
    if is_new {
        form.draft.when.choose(chosen, clock(data));
    }
    is_new
}

/// What SkySQL has where that is not five fields: it stays in sight, and is replaced only by what is entered.
fn original_ui(ui: &mut Ui, data: &Data, form: &mut ScheduleForm) {
    if !form.draft.when.is_original_unusual() {
        return;
    }
    let tokens = theme::tokens(ui);
    let original = form.draft.when.original().unwrap_or_default().to_owned();
    let shown = sanitize_for_display(&original);
    let shown = if original.is_empty() { "(empty)" } else { &shown };
    let frame = Frame::new().fill(tokens.panel).corner_radius(radius::CARD).inner_margin(Margin::symmetric(12, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = space::XS;
        ui.horizontal_wrapped(|ui| {
            ui.label("Set in SkySQL:");
            ui.label(RichText::new(shown).monospace());
        });
        if !form.draft.when.is_kept() {
            small_ui(ui, "Saving replaces it with the schedule below");
            if link_button(ui, &format!("Keep {shown}")).clicked() {
                form.draft.when.keep();
            }
            return;
        }
        let words = Timetable::read(&original).map_or_else(|error| error.message, |table| table.describe_with_zone());
        small_ui(ui, format!("{words}. It stays as it is unless you enter another schedule"));
        let fixes = form.draft.when.replacements(clock(data));
        if let Some(text) = fixes_ui(ui, &fixes) {
            form.draft.when.set_expression(&text);
        }
    });
    ui.add_space(space::XS);
}
