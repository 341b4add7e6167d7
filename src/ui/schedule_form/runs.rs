//! What the schedule means: the sentence on both clocks, and the next runs.

use egui::{Grid, RichText, Ui};

use super::request::clock;
use crate::domain::{Cron, clock_sentence, in_text};
use crate::model::{Data, ScheduleForm};
use crate::theme::{self, space};

/// How many runs ahead are listed.
const RUNS: usize = 5;
/// What the sentence and the runs take, kept while there are none so that nothing jumps.
const HEIGHT: f32 = 190.0;

pub(super) fn runs_ui(ui: &mut Ui, data: &Data, form: &ScheduleForm) {
    ui.scope(|ui| {
        ui.set_min_height(HEIGHT);
        if let Some(Ok(cron)) = form.draft.when.cron(clock(data)) {
            words_ui(ui, &cron, data);
            list_ui(ui, &cron, data);
        }
    });
}

/// The expression in words, on both clocks.
fn words_ui(ui: &mut Ui, cron: &Cron, data: &Data) {
    let tokens = theme::tokens(ui);
    ui.spacing_mut().item_spacing.y = space::XS;
    ui.add(egui::Label::new(RichText::new(cron.utc_sentence()).text_style(theme::strong())).wrap());
    let both = clock_sentence(cron, data.local_zone(), data.now);
    let words = both.map_or_else(|| runs_a_week(cron), |both| format!("{both} · {}", runs_a_week(cron)));
    ui.add(egui::Label::new(RichText::new(words).color(tokens.text_secondary)).wrap());
    ui.add_space(space::XS);
}

/// `5 runs a week`; below one a week, by the year.
fn runs_a_week(cron: &Cron) -> String {
    let runs = cron.runs_per_week();
    let (number, period) = if runs < 0.95 { (runs * 365.25 / 7.0, "year") } else { (runs, "week") };
    let whole = number.round();
    if (whole - 1.0).abs() < 0.05 && (number - whole).abs() < 0.05 {
        return format!("1 run a {period}");
    }
    let is_whole = (number - whole).abs() < 0.05 || number >= 10.0;
    if is_whole { format!("{whole:.0} runs a {period}") } else { format!("{number:.1} runs a {period}") }
}

/// The next runs, one line each: UTC, this computer, how far ahead.
fn list_ui(ui: &mut Ui, cron: &Cron, data: &Data) {
    let tokens = theme::tokens(ui);
    let (utc, local) = (crate::domain::Zone::utc(), data.local_zone());
    let has_local = local.label() != utc.label();
    let head = |text: &str| RichText::new(text).small().color(tokens.text_secondary);
    Grid::new("next-runs").num_columns(3).spacing([space::XL, space::XS]).min_row_height(18.0).show(ui, |ui| {
        ui.label(head("Next runs, UTC"));
        if has_local {
            ui.label(head(&local.label().replace('_', " ")));
        }
        ui.end_row();
        let offset = |at| local.time_zone().to_offset(at);
        let mut last = offset(data.now);
        for at in cron.upcoming(data.now, RUNS) {
            let secs = u64::try_from(at.as_second().saturating_sub(data.now.as_second())).unwrap_or(0);
            ui.label(RichText::new(utc.weekday_minute(at)).monospace());
            if has_local {
                ui.label(RichText::new(local.weekday_minute(at)).monospace());
            }
            let change = if offset(at) == last { "" } else { " · clocks changed" };
            last = offset(at);
            ui.label(head(&format!("{}{change}", in_text(secs))));
            ui.end_row();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_counted_by_the_week_or_by_the_year() {
        let cases = [
            ("0 2 * * 1-5", "5 runs a week"),
            ("0 2 * * 0", "1 run a week"),
            ("0 2 1 * *", "12 runs a year"),
            ("0 * * * *", "168 runs a week"),
            ("0 2 */2 * *", "3.6 runs a week"),
            ("0 2 1 1 *", "1 run a year"),
        ];
        for (text, want) in cases {
            assert_eq!(runs_a_week(&Cron::parse(text).unwrap()), want, "{text}");
        }
    }
}
