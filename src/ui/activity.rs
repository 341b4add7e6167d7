//! Every request of this run: time, method, path, status, duration.

use egui::{Align, Layout, RichText, TextStyle};
use egui_extras::{Column, TableBuilder, TableRow};

use crate::api::RequestRecord;
use crate::domain::{count_text, screen_text};
use crate::model::Data;
use crate::msg::{Command, Commands};
use crate::theme::{self, icon, space};
use crate::widgets::{empty_state_ui, glyph_ui, icon_button, quiet_button, screen_title};

const HEADERS: [&str; 7] = ["Time", "Operation", "Method", "Path", "Response", "Duration", "Trace ID"];

pub(super) fn activity_ui(ui: &mut egui::Ui, data: &Data, commands: &mut Commands) {
    let count = data.activity.len();
    let detail = if count == 1 {
        "1 request in this run".to_owned()
    } else {
        format!("{} requests in this run", count_text(count))
    };
    screen_title(ui, "Activity", &detail, |ui| {
        if count > 0 && quiet_button(ui, "Clear").clicked() {
            commands.push(Command::ClearActivity);
        }
    });
    ui.add_space(space::S);
    if count == 0 {
        empty_state_ui(
            ui,
            icon::ACTIVITY,
            "Every request to SkySQL is listed here, without keys and without content",
            None,
        );
        return;
    }
    let row_height = theme::height::ROW_COMPACT.max(ui.text_style_height(&TextStyle::Body) + 6.0);
    ui.style_mut().interaction.selectable_labels = false;
    // Columns are told apart by distance; their edges show under the pointer.
    ui.visuals_mut().widgets.noninteractive.bg_stroke = egui::Stroke::NONE;
    ui.spacing_mut().item_spacing.x = space::L;
    TableBuilder::new(ui)
        .id_salt("activity")
        .auto_shrink(false)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::initial(160.0).at_least(90.0).clip(true).resizable(true))
        .column(Column::initial(120.0).at_least(80.0).clip(true).resizable(true))
        .column(Column::initial(64.0).at_least(50.0).clip(true).resizable(true))
        .column(Column::initial(290.0).at_least(120.0).clip(true).resizable(true))
        .column(Column::initial(130.0).at_least(60.0).clip(true).resizable(true))
        .column(Column::initial(80.0).at_least(60.0).clip(true).resizable(true))
        .column(Column::remainder().at_least(120.0).clip(true))
        .header(theme::height::ROW, |mut header| {
            for name in HEADERS {
                header.col(|ui| header_ui(ui, name, data));
            }
        })
        .body(|body| {
            body.rows(row_height, count, |mut row| {
                if let Some(record) = data.activity.get(row.index()) {
                    record_ui(&mut row, data, record, commands);
                }
            });
        });
}

fn header_ui(ui: &mut egui::Ui, name: &str, data: &Data) {
    let tokens = theme::tokens(ui);
    let text = if name == "Time" { format!("Time ({})", data.zone().label()) } else { name.to_owned() };
    let layout =
        if name == "Duration" { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
    ui.with_layout(layout, |ui| ui.label(RichText::new(text).font(theme::semibold(12.0)).color(tokens.text_secondary)));
}

fn record_ui(row: &mut TableRow<'_, '_>, data: &Data, record: &RequestRecord, commands: &mut Commands) {
    let good = record.status.is_some_and(|status| (200..300).contains(&status));
    row.col(|ui| mono_ui(ui, &data.zone().date_time(record.at)));
    row.col(|ui| text_ui(ui, record.operation.name()));
    row.col(|ui| mono_ui(ui, record.method));
    row.col(|ui| mono_ui(ui, &screen_text(&record.path)));
    row.col(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let tokens = theme::tokens(ui);
        let (glyph, colour) = if good { (icon::CHECK_CIRCLE, tokens.ok) } else { (icon::X_CIRCLE, tokens.bad) };
        glyph_ui(ui, glyph, &theme::body(), colour);
        let attempt = if record.attempt > 1 { format!(" (attempt {})", record.attempt) } else { String::new() };
        text_ui(ui, &format!("{}{attempt}", screen_text(&record.outcome)));
    });
    row.col(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| mono_ui(ui, &format!("{} ms", record.duration_ms)));
    });
    row.col(|ui| {
        if let Some(trace) = &record.trace_id {
            if icon_button(ui, icon::COPY, "Copy trace ID").clicked() {
                commands.push(Command::Copy(trace.clone(), "Trace ID"));
            }
            mono_ui(ui, &screen_text(trace));
        }
    });
}

fn text_ui(ui: &mut egui::Ui, text: &str) {
    ui.add(egui::Label::new(text).truncate());
}

fn mono_ui(ui: &mut egui::Ui, text: &str) {
    ui.add(egui::Label::new(RichText::new(text).text_style(theme::mono())).truncate());
}
