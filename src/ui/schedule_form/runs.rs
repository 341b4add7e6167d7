//! What the schedule means: the sentence on both clocks, and the next runs.

use egui::{Grid, RichText, Ui};

use super::fixes_ui;
use super::request::clock;
use crate::cron::{Cron, DayRule, Run, Timetable, describe_clock_changes, describe_clocks};
use crate::domain::{Zone, format_until};
use crate::draft::FieldFix;
use crate::model::{Data, ScheduleForm};
use crate::theme::{self, space};

/// How many runs ahead are listed.
const RUNS: usize = 5;
/// What the sentence and the runs take, kept while there are none so that nothing jumps.
const HEIGHT: f32 = 180.0;

pub(super) fn runs_ui(ui: &mut Ui, data: &Data, form: &mut ScheduleForm) {
    ui.scope(|ui| {
        ui.set_min_height(HEIGHT);
        let Some(timetable) = form.draft.when.timetable(clock(data)) else { return };
        words_ui(ui, &timetable, data);
        let mut taken = None;
        if let Some(cron) = timetable.to_send() {
            taken = readings_ui(ui, cron);
        }
        list_ui(ui, &timetable, data);
        if let Some(text) = taken {
            form.draft.when.set_expression(&text);
        }
    });
}

/// The schedule in words, on both clocks.
fn words_ui(ui: &mut Ui, timetable: &Timetable, data: &Data) {
    let tokens = theme::tokens(ui);
    ui.spacing_mut().item_spacing.y = space::XS;
    ui.add(egui::Label::new(RichText::new(timetable.describe_with_zone()).text_style(theme::strong())).wrap());
    let Timetable::Cron { cron, .. } = timetable else { return };
    let zone = data.second_zone();
    let both = timetable.to_send().and_then(|cron| describe_clocks(cron, zone, data.now));
    let words = both.map_or_else(|| cron.frequency(), |both| format!("{both} · {}", cron.frequency()));
    ui.add(egui::Label::new(RichText::new(words).color(tokens.text_secondary)).wrap());
    for change in timetable.to_send().map(|cron| describe_clock_changes(cron, zone, data.now)).unwrap_or_default() {
        ui.add(egui::Label::new(RichText::new(change).small().color(tokens.text_secondary)).wrap());
    }
    ui.add_space(space::XS);
}

/// Where programs read the expression in two ways: who reads it how, and spellings that all read alike. The one that was clicked.
fn readings_ui(ui: &mut Ui, cron: &Cron) -> Option<String> {
    cron.readings().wide?;
    let tokens = theme::tokens(ui);
    let text = format!(
        "Both day fields must match in {}. One is enough in {}",
        cron.programs(DayRule::Both),
        cron.programs(DayRule::Either)
    );
    ui.add(egui::Label::new(RichText::new(text).small().color(tokens.text_secondary)).wrap());
    let fixes = cron.unambiguous().into_iter().map(|fix| FieldFix {
        label: format!("{}, read alike everywhere", fix.label()),
        text: fix.expression,
        meaning: fix.meaning,
    });
    let taken = fixes_ui(ui, &fixes.collect::<Vec<_>>());
    ui.add_space(space::XS);
    taken
}

/// The next runs, one line each: UTC, the clock beside it, how far ahead. Runs of one reading only are marked.
fn list_ui(ui: &mut Ui, timetable: &Timetable, data: &Data) {
    let tokens = theme::tokens(ui);
    let (utc, local) = (Zone::utc(), data.second_zone());
    let has_local = local.label() != utc.label();
    let runs = timetable.upcoming(data.now, RUNS);
    if runs.is_empty() {
        return;
    }
    let head = |text: &str| RichText::new(text).small().color(tokens.text_secondary);
    Grid::new("next-runs")
        .num_columns(2 + usize::from(has_local))
        .spacing([space::XL, space::XS])
        .min_row_height(18.0)
        .show(ui, |ui| {
            ui.label(head("Next runs, UTC"));
            if has_local {
                ui.label(head(&local.label().replace('_', " ")));
            }
            ui.end_row();
            let mut before = local.time_zone().to_offset(data.now);
            for Run { at, is_certain } in runs {
                let secs = u64::try_from(at.as_second().saturating_sub(data.now.as_second())).unwrap_or(0);
                ui.label(RichText::new(utc.weekday_minute(at, data.now)).monospace());
                if has_local {
                    ui.label(RichText::new(local.weekday_minute(at, data.now)).monospace());
                }
                let offset = local.time_zone().to_offset(at);
                let change = if has_local && offset != before { " · after the clocks change" } else { "" };
                before = offset;
                let doubt = if is_certain { "" } else { " · perhaps" };
                // The last column takes what is left, and wraps where dates with a year and two remarks do not fit.
                ui.add(egui::Label::new(head(&format!("{}{doubt}{change}", format_until(secs)))).wrap());
                ui.end_row();
            }
        });
}
