//! Every request of this run: time, method, path, status, duration.

use egui::{Align, Layout, Rect, RichText, ScrollArea, Stroke, TextStyle, vec2};
use egui_extras::{Column, TableBuilder, TableRow};

use crate::api::RequestRecord;
use crate::domain::{format_count, sanitize_for_display};
use crate::grid::folded;
use crate::model::{Data, View};
use crate::msg::{Command, Commands, WindowCommand};
use crate::theme::{self, icon, space};
use crate::widgets::{empty_state_ui, glyph_ui, icon_button, quiet_button, screen_title, search_field};

const HEADERS: [&str; 7] = ["Time", "Operation", "Response", "Duration", "Method", "Path", "Trace ID"];

/// In less than this not all columns are readable: then the table scrolls sideways.
const MIN_WIDTH: f32 = 900.0;
/// The width of the column for trace IDs, which is there only where the service sent one.
const TRACE_WIDTH: f32 = 180.0;

pub(super) fn activity_ui(ui: &mut egui::Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let count = data.activity.len();
    let detail = if count == 1 {
        "1 request since the start".to_owned()
    } else {
        format!("{} requests since the start", format_count(count))
    };
    screen_title(ui, "Activity", &detail, |ui| {
        if count > 0 && quiet_button(ui, "Clear").clicked() {
            commands.push(Command::Window(WindowCommand::ClearActivity));
        }
    });
    if count == 0 {
        empty_state_ui(
            ui,
            icon::ACTIVITY,
            "Every request to SkySQL is listed here, without keys and without content",
            None,
        );
        return;
    }
    let size = vec2(ui.available_width().min(280.0), ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        search_field(ui, &mut view.activity_search, "Search requests").accessible_name("Search requests");
    });
    ui.add_space(space::S);
    let words = folded(&view.activity_search);
    let shown: Vec<&RequestRecord> = data.activity.iter().filter(|record| has_words(record, &words)).collect();
    if shown.is_empty() {
        empty_state_ui(ui, icon::FILTER, "No request matches", None);
        return;
    }
    let height = ui.available_height();
    ScrollArea::horizontal().auto_shrink(false).show(ui, |ui| {
        let has_trace = shown.iter().any(|record| record.trace_id.is_some());
        let min_width = if has_trace { MIN_WIDTH + TRACE_WIDTH } else { MIN_WIDTH };
        ui.set_min_size(vec2(ui.available_width().max(min_width), 0.0));
        ui.set_max_height(height);
        list_ui(ui, data, &shown, has_trace, commands);
    });
}

/// True where every word is somewhere in what the list shows of a request.
fn has_words(record: &RequestRecord, words: &str) -> bool {
    if words.is_empty() {
        return true;
    }
    let trace = record.trace_id.as_deref().unwrap_or_default();
    let text = [record.operation.name(), record.method, &record.path, &record.outcome, trace].join("\n");
    let text = folded(&text);
    words.split_whitespace().all(|word| text.contains(word))
}

fn list_ui(ui: &mut egui::Ui, data: &Data, shown: &[&RequestRecord], has_trace: bool, commands: &mut Commands) {
    let row_height = theme::height::ROW_COMPACT.max(ui.text_style_height(&TextStyle::Body) + 6.0);
    ui.style_mut().interaction.selectable_labels = false;
    // Columns are told apart by distance; their edges show under the pointer.
    ui.visuals_mut().widgets.noninteractive.bg_stroke = Stroke::NONE;
    ui.spacing_mut().item_spacing.x = space::L;
    let clip = ui.clip_rect();
    let headers = HEADERS.iter().take(HEADERS.len() - usize::from(!has_trace));
    let mut table = TableBuilder::new(ui)
        .id_salt(("activity", has_trace))
        .auto_shrink(false)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::initial(160.0).at_least(90.0).clip(true).resizable(true))
        .column(Column::initial(120.0).at_least(80.0).clip(true).resizable(true))
        .column(Column::initial(130.0).at_least(60.0).clip(true).resizable(true))
        .column(Column::initial(80.0).at_least(60.0).clip(true).resizable(true))
        .column(Column::initial(64.0).at_least(50.0).clip(true).resizable(true))
        .column(Column::remainder().at_least(120.0).clip(true));
    if has_trace {
        table = table.column(Column::initial(TRACE_WIDTH).at_least(80.0).clip(true).resizable(true));
    }
    table
        .header(theme::height::ROW, |mut header| {
            for name in headers {
                header.col(|ui| header_ui(ui, name, data));
            }
        })
        .body(|body| {
            body.rows(row_height, shown.len(), |mut row| {
                if let Some(record) = shown.get(row.index()) {
                    record_ui(&mut row, clip, data, record);
                    if has_trace {
                        row.col(|ui| trace_ui(ui, record, commands));
                    }
                }
            });
        });
}

fn header_ui(ui: &mut egui::Ui, name: &str, data: &Data) {
    let tokens = theme::tokens(ui);
    let text = if name == "Time" { format!("Time ({})", data.zone().short_label()) } else { name.to_owned() };
    let layout =
        if name == "Duration" { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
    ui.with_layout(layout, |ui| ui.label(RichText::new(text).font(theme::semibold(12.0)).color(tokens.text_secondary)));
}

fn record_ui(row: &mut TableRow<'_, '_>, clip: Rect, data: &Data, record: &RequestRecord) {
    let good = record.status.is_some_and(|status| (200..300).contains(&status));
    row.col(|ui| {
        // Below the whole row; the cell itself is cut to its column.
        let line = Stroke::new(1.0, theme::tokens(ui).line_subtle);
        let mut painter = ui.painter().clone();
        painter.set_clip_rect(clip);
        painter.hline(clip.x_range(), (ui.max_rect().bottom() + space::XS).floor() + 0.5, line);
        mono_ui(ui, &data.zone().date_time(record.at));
    });
    row.col(|ui| text_ui(ui, record.operation.name()));
    row.col(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let tokens = theme::tokens(ui);
        let (glyph, color) = if good { (icon::CHECK_CIRCLE, tokens.ok) } else { (icon::X_CIRCLE, tokens.bad) };
        glyph_ui(ui, glyph, &TextStyle::Body, color);
        let attempt = if record.attempt > 1 { format!(" (attempt {})", record.attempt) } else { String::new() };
        text_ui(ui, &format!("{}{attempt}", sanitize_for_display(&record.outcome)));
    });
    row.col(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| mono_ui(ui, &format!("{} ms", record.duration_ms)));
    });
    row.col(|ui| mono_ui(ui, record.method));
    row.col(|ui| mono_ui(ui, &sanitize_for_display(&record.path)));
}

fn trace_ui(ui: &mut egui::Ui, record: &RequestRecord, commands: &mut Commands) {
    let Some(trace) = &record.trace_id else { return };
    if icon_button(ui, icon::COPY, "Copy trace ID").clicked() {
        commands.push(Command::Window(WindowCommand::Copy(trace.clone(), "Trace ID")));
    }
    mono_ui(ui, &sanitize_for_display(trace));
}

fn text_ui(ui: &mut egui::Ui, text: &str) {
    ui.add(egui::Label::new(text).truncate());
}

fn mono_ui(ui: &mut egui::Ui, text: &str) {
    ui.add(egui::Label::new(RichText::new(text).monospace()).truncate());
}
