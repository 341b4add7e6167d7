//! When it runs: presets, five fields and the expression, all in step; the sentence and the next runs on both clocks.

use egui::{Grid, RichText, Ui};

use super::request::Verdict;
use super::{error_line_ui, is_entered};
use crate::domain::{Cron, CronField, DraftField, FieldError, Preset, Timing, clock_sentence, in_text};
use crate::model::{Data, FormPurpose, ScheduleForm};
use crate::theme::{self, space};
use crate::widgets::{segmented, text_field};

/// So many runs ahead are listed.
const RUNS: usize = 5;
/// What the sentence and the runs take, kept while there are none so that nothing jumps.
const RUNS_HEIGHT: f32 = 200.0;

/// True: Enter was pressed in one of the fields.
pub(super) fn when_ui(ui: &mut Ui, data: &Data, form: &mut ScheduleForm, verdict: &Verdict) -> bool {
    let tokens = theme::tokens(ui);
    ui.label(RichText::new("When").text_style(theme::strong()));
    let is_custom_clicked = presets_ui(ui, form);
    if form.draft.timing == Timing::OnceNow {
        let text = "One backup, made as soon as SkySQL gets to it";
        ui.label(RichText::new(text).small().color(tokens.text_secondary));
        return false;
    }
    ui.add_space(space::XS);
    let error = verdict.error(form, |field| matches!(field, DraftField::Cron(_))).cloned();
    let at = error.as_ref().and_then(|error| match error.field {
        DraftField::Cron(field) => field,
        _ => None,
    });
    let mut entered = fields_ui(ui, form, at.zip(error.as_ref()));
    entered |= expression_ui(ui, form, error.as_ref(), is_custom_clicked);
    ui.add_space(space::XS);
    ui.scope(|ui| {
        ui.set_min_height(RUNS_HEIGHT);
        if let Some(Ok(cron)) = form.draft.cron() {
            words_ui(ui, &cron, data);
            runs_ui(ui, &cron, data);
        }
    });
    entered
}

/// Once now, the presets, Custom. True: Custom was clicked.
fn presets_ui(ui: &mut Ui, form: &mut ScheduleForm) -> bool {
    let has_once = form.purpose == FormPurpose::Create;
    let mut names: Vec<&str> = Preset::ALL.iter().map(|preset| preset.name()).collect();
    names.push("Custom");
    if has_once {
        names.insert(0, "Once now");
    }
    let first = usize::from(has_once);
    let preset = form.draft.cron().and_then(Result::ok).as_ref().and_then(Preset::of).filter(|_| !form.custom);
    let place = Preset::ALL.iter().position(|it| Some(*it) == preset).unwrap_or(Preset::ALL.len());
    let mut chosen = if form.draft.timing == Timing::OnceNow { 0 } else { first + place };
    let changed = ui.push_id("presets", |ui| segmented(ui, &names, &mut chosen)).inner;
    if !changed {
        return false;
    }
    form.draft.timing = if has_once && chosen == 0 { Timing::OnceNow } else { Timing::Cron };
    let preset = chosen.checked_sub(first).and_then(|place| Preset::ALL.get(place));
    if let Some(preset) = preset {
        form.draft.set_cron_text(preset.cron());
    }
    form.custom = chosen == first + Preset::ALL.len();
    form.custom
}

/// The five fields; the one at fault is outlined.
fn fields_ui(ui: &mut Ui, form: &mut ScheduleForm, at: Option<(CronField, &FieldError)>) -> bool {
    let bad = theme::tokens(ui).bad;
    let width = (ui.available_width() - 4.0 * space::S) / 5.0;
    let (mut changed, mut entered) = (false, false);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        for (field, text) in CronField::ALL.into_iter().zip(&mut form.draft.cron_fields) {
            ui.vertical(|ui| {
                ui.set_width(width);
                ui.spacing_mut().item_spacing.y = 6.0;
                let name = ui.label(RichText::new(field.name()).small());
                let error = at.filter(|(at, _)| *at == field).map(|(_, error)| error);
                if error.is_some() {
                    let widgets = &mut ui.visuals_mut().widgets;
                    widgets.inactive.bg_stroke.color = bad;
                    widgets.hovered.bg_stroke.color = bad;
                }
                ui.style_mut().override_font_id = Some(theme::mono().resolve(ui.style()));
                let response = text_field(ui, text, "*").labelled_by(name.id);
                if let Some(error) = error {
                    ui.ctx().accesskit_node_builder(response.id, |node| {
                        node.set_invalid(egui::accesskit::Invalid::True);
                        node.set_description(error.message.as_str());
                    });
                }
                changed |= response.changed();
                entered |= is_entered(ui, &response);
            });
        }
    });
    if changed {
        form.draft.sync_from_fields();
        form.custom = false;
    }
    entered
}

/// The whole expression, and under it what is wrong, with the fix.
fn expression_ui(ui: &mut Ui, form: &mut ScheduleForm, error: Option<&FieldError>, take_focus: bool) -> bool {
    let tokens = theme::tokens(ui);
    ui.spacing_mut().item_spacing.y = 6.0;
    let name = ui.label(RichText::new("Cron expression").small());
    let response = ui
        .scope(|ui| {
            if error.is_some_and(|error| error.field == DraftField::Cron(None)) {
                let widgets = &mut ui.visuals_mut().widgets;
                widgets.inactive.bg_stroke.color = tokens.bad;
                widgets.hovered.bg_stroke.color = tokens.bad;
            }
            ui.style_mut().override_font_id = Some(theme::mono().resolve(ui.style()));
            text_field(ui, &mut form.draft.cron_text, "0 2 * * *")
        })
        .inner
        .labelled_by(name.id);
    if take_focus {
        response.request_focus();
    }
    if response.changed() {
        form.draft.sync_from_text();
        form.custom = false;
    }
    match error {
        None => {
            let help = "Minute, hour, day of month, month, weekday; always in UTC";
            ui.label(RichText::new(help).small().color(tokens.text_secondary));
        }
        Some(error) => {
            if let Some(fix) = error_line_ui(ui, error) {
                form.draft.set_cron_text(&fix);
                form.custom = false;
            }
        }
    }
    is_entered(ui, &response)
}

/// The expression in words, on both clocks.
fn words_ui(ui: &mut Ui, cron: &Cron, data: &Data) {
    let tokens = theme::tokens(ui);
    ui.spacing_mut().item_spacing.y = space::XS;
    ui.add(egui::Label::new(RichText::new(cron.utc_sentence()).text_style(theme::strong())).wrap());
    let words = match clock_sentence(cron, data.local_zone(), data.now) {
        None => cron.frequency(),
        Some(both) => format!("{both} · {}", cron.frequency()),
    };
    ui.add(egui::Label::new(RichText::new(words).color(tokens.text_secondary)).wrap());
    ui.add_space(space::XS);
}

/// The next runs, one line each: UTC, this computer, how far ahead.
fn runs_ui(ui: &mut Ui, cron: &Cron, data: &Data) {
    let tokens = theme::tokens(ui);
    let (utc, local) = (crate::domain::Zone::utc(), data.local_zone());
    let has_local = local.label() != utc.label();
    let head = |text: &str| RichText::new(text).small().color(tokens.text_secondary);
    Grid::new("next-runs").num_columns(3).spacing([space::XL, space::XS]).min_row_height(18.0).show(ui, |ui| {
        ui.label(head("Next runs, UTC"));
        if has_local {
            ui.label(head(local.label()));
        }
        ui.end_row();
        for at in cron.readings().widest().upcoming(data.now, RUNS) {
            let secs = u64::try_from(at.as_second().saturating_sub(data.now.as_second())).unwrap_or(0);
            ui.label(RichText::new(utc.weekday_minute(at, data.now)).monospace());
            if has_local {
                ui.label(RichText::new(local.weekday_minute(at, data.now)).monospace());
            }
            ui.label(head(&in_text(secs)));
            ui.end_row();
        }
    });
}
