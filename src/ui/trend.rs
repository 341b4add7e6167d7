//! Size and duration of a backup beside those of the ones before it: one sentence, and a small chart.

use std::sync::Arc;

use egui::{Color32, RichText, Ui};

use super::detail::{kept, note_ui};
use crate::domain::Backup;
use crate::insight::{Comparison, Quantity, RunTrend};
use crate::model::Data;
use crate::msg::{Command, Commands, WindowCommand};
use crate::theme::{self, icon, space};
use crate::widgets::{TrendChart, quiet_button, trend_chart_ui};

/// The sentence and the chart of one quantity; nothing for a backup that did not end well.
pub(super) fn trend_ui(ui: &mut Ui, row: &Backup, quantity: Quantity, data: &Data, commands: &mut Commands) {
    // While the overview is worked out anew, what was shown stays.
    let slot = egui::Id::unique("trend revision");
    let revision = data.trend_revision().or_else(|| ui.data(|memory| memory.get_temp(slot))).unwrap_or_default();
    ui.data_mut(|memory| memory.insert_temp(slot, revision));
    let trend: Arc<Option<RunTrend>> = kept(ui, "trend", (row, revision), |row| data.trend(row));
    let Some(trend) = &*trend else { return };
    ui.add_space(space::XS);
    let is_compared = data.settings.preferences.compare_all_types || !trend.varies();
    let color = if is_compared { sentence_ui(ui, trend, quantity) } else { theme::tokens(ui).text_secondary };
    if !trend.earlier.is_empty() {
        chart_ui(ui, trend, quantity, color, data, commands);
    }
}

/// What the comparison says; the color of the value in the chart.
fn sentence_ui(ui: &mut Ui, trend: &RunTrend, quantity: Quantity) -> Color32 {
    let tokens = theme::tokens(ui);
    let Some(sentence) = trend.sentence(quantity) else { return tokens.text_secondary };
    match trend.compare(quantity) {
        Some(Comparison::Unusual(..) | Comparison::Zero(_)) => {
            note_ui(ui, icon::WARNING, &sentence);
            tokens.warn
        }
        Some(Comparison::Usual(_)) => {
            note_ui(ui, icon::CHECK, &sentence);
            tokens.ok
        }
        Some(Comparison::TooFew(_)) | None => {
            note_ui(ui, icon::INFO, &sentence);
            tokens.text_secondary
        }
    }
}

fn chart_ui(ui: &mut Ui, trend: &RunTrend, quantity: Quantity, color: Color32, data: &Data, commands: &mut Commands) {
    let runs = || trend.earlier.iter().chain([&trend.this]);
    let most = runs().filter_map(|run| run.value(quantity)).max().unwrap_or(0).max(1) as f32;
    let values: Vec<Option<f32>> = runs().map(|run| run.value(quantity).map(|value| value as f32 / most)).collect();
    let words = |number: usize| {
        let Some(run) = runs().nth(number) else { return String::new() };
        let value = run.value(quantity).map_or_else(|| "not known".to_owned(), |value| quantity.words(value));
        format!("{}: {value}", data.zone().weekday_minute(run.at, data.now))
    };
    let chart_words = trend.chart_words(quantity);
    let chart = TrendChart {
        values: &values,
        median: trend.usual(quantity).map(|usual| usual.median as f32 / most),
        color,
        name: &chart_words,
        words: &words,
    };
    trend_chart_ui(ui, &chart);
    let secondary = theme::tokens(ui).text_secondary;
    ui.add(egui::Label::new(RichText::new(&chart_words).small().color(secondary)).wrap());
    if quiet_button(ui, &format!("Copy {}s", quantity.name())).clicked() {
        commands.push(Command::Window(WindowCommand::Copy(values_text(trend, quantity, data), "Values")));
    }
}

/// The values as lines for a spreadsheet: begin, and bytes or seconds.
fn values_text(trend: &RunTrend, quantity: Quantity, data: &Data) -> String {
    let unit = match quantity {
        Quantity::Size => "bytes",
        Quantity::Duration => "seconds",
    };
    let zone = data.zone();
    let lines = trend.earlier.iter().chain([&trend.this]).map(|run| {
        let value = run.value(quantity).map(|value| value.to_string()).unwrap_or_default();
        format!("{}\t{value}", zone.date_time(run.at))
    });
    let header = format!("Started ({})\t{unit}", zone.full_label());
    std::iter::once(header).chain(lines).collect::<Vec<_>>().join("\n")
}
