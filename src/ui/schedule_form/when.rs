//! When it runs: how often, and below that times and days or the expression; then the sentence and the next runs.

use egui::{Frame, Margin, RichText, Ui};

use super::request::{FormValidation, clock};
use super::{cron, fixes_ui, plan, runs};
use crate::cron::Timetable;
use crate::domain::sanitize_for_display;
use crate::draft::Cadence;
use crate::model::{Data, FormPurpose, ScheduleForm};
use crate::theme::{self, radius, space};
use crate::widgets::{link_button, segmented};

/// True: Enter was pressed in one of the fields.
pub(super) fn when_ui(ui: &mut Ui, data: &Data, form: &mut ScheduleForm, validation: &FormValidation) -> bool {
    let clock = clock(data);
    ui.label(RichText::new("When").text_style(theme::strong()));
    original_ui(ui, data, form);
    let chosen = cadence_ui(ui, data, form);
    ui.add_space(space::S);
    let mut entered = false;
    match form.draft.when.cadence(clock) {
        Cadence::Once => {
            let text = "Starts one backup as soon as possible";
            ui.label(RichText::new(text).small().color(theme::tokens(ui).text_secondary));
            return false;
        }
        Cadence::Advanced => entered |= cron::cron_ui(ui, data, form, validation, chosen == Some(Cadence::Advanced)),
        _ => entered |= plan::plan_ui(ui, data, form, validation),
    }
    ui.add_space(space::S);
    runs::runs_ui(ui, data, form);
    entered
}

/// The choices above the fields; the one clicked.
fn cadence_ui(ui: &mut Ui, data: &Data, form: &mut ScheduleForm) -> Option<Cadence> {
    let clock = clock(data);
    let has_once = form.purpose == FormPurpose::Create;
    let choices = Cadence::ALL.into_iter().filter(|it| has_once || *it != Cadence::Once).collect::<Vec<_>>();
    let names: Vec<&str> = choices.iter().map(|it| it.name()).collect();
    let current = form.draft.when.cadence(clock);
    let mut place = choices.iter().position(|it| *it == current).unwrap_or(usize::MAX);
    let changed = ui.push_id("cadence", |ui| segmented(ui, &names, &mut place)).inner;
    let chosen = choices.get(place).copied().filter(|_| changed)?;
    form.draft.when.choose(chosen, clock);
    Some(chosen)
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
        let quiet = |text: String| RichText::new(text).small().color(tokens.text_secondary);
        if !form.draft.when.is_kept() {
            ui.label(quiet("Saving replaces it with the schedule below".to_owned()));
            if link_button(ui, &format!("Keep {shown}")).clicked() {
                form.draft.when.keep();
            }
            return;
        }
        let words = Timetable::read(&original).map_or_else(|error| error.message, |table| table.describe_with_zone());
        ui.add(egui::Label::new(quiet(format!("{words}. It stays as it is unless you enter another schedule"))).wrap());
        let fixes = form.draft.when.replacements(clock(data));
        if let Some(text) = fixes_ui(ui, &fixes) {
            form.draft.when.set_expression(&text);
        }
    });
    ui.add_space(space::XS);
}
