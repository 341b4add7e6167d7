//! What both detail panes are made of: groups of fields, instants on two clocks, the JSON of a row.
//!
//! Every field comes from its grid column, so that its name and help are those of the table. May import grid, domain, widgets, theme.

use std::sync::Arc;

use egui::{Frame, Margin, RichText, ScrollArea, TextStyle, Ui};
use jiff::Timestamp;

use super::text::quiet_ui;
use crate::domain::{ApiTime, Backup, Restore, Zone, format_bytes, format_count, sanitize_for_display, sanitize_lines};
use crate::grid::{Column, Kind, Row, Value, json_text, unknown_fields};
use crate::model::{Data, View};
use crate::msg::{Command, Commands, TableCommand, TableId, WindowCommand};
use crate::theme::{self, icon, radius, space};
use crate::widgets::{
    ActionButton, ButtonStyle, glyph_ui, icon_button, key_value, key_value_clocks, key_value_icon, key_value_lines,
    row_status_icon, section_title, status_badge,
};

/// What the pane is about, and the way to close it.
pub(super) fn title_ui<R: Row>(ui: &mut Ui, row: &R, table: TableId, data: &Data, commands: &mut Commands) {
    let label = data.lists().service_label(row);
    let label = sanitize_for_display(&label);
    let label = if label.is_empty() { "Unknown service" } else { &label };
    let size = egui::vec2(ui.available_width(), theme::height::ROW);
    ui.allocate_ui_with_layout(size, egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if icon_button(ui, icon::CLOSE, "Close details").clicked() {
            commands.push(Command::Table(table, TableCommand::ToggleDetail));
        }
        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
            let name = egui::Label::new(RichText::new(label).text_style(theme::section())).truncate();
            ui.add(name).on_hover_text(label);
        });
    });
}

/// A titled group of fields.
pub(super) fn group_ui(ui: &mut Ui, title: &str, add: impl FnOnce(&mut Ui)) {
    ui.add_space(space::L);
    section_title(ui, title);
    ui.add_space(space::XS);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        add(ui);
    });
}

/// The fields of these columns.
pub(super) fn fields_ui<R: Row>(ui: &mut Ui, row: &R, keys: &[&str], data: &Data) {
    for column in keys.iter().filter_map(|key| R::column(key)) {
        field_ui(ui, row, column, data);
    }
}

fn field_ui<R: Row>(ui: &mut Ui, row: &R, column: &Column<R>, data: &Data) {
    let context = data.cell_context();
    let text = column.cell(row, &context);
    match (column.kind, (column.value)(row, data.now)) {
        (Kind::Status, _) if !text.is_empty() => {
            let (glyph, color) = row_status_icon(row, theme::tokens(ui));
            key_value_icon(ui, column.header, column.help, glyph, &text, color);
        }
        (_, Value::Bytes(bytes)) => {
            let mut lines = vec![(format_bytes(bytes), String::new())];
            if bytes >= 1024 {
                lines.push((format_count(bytes), "bytes".to_owned()));
            }
            key_value_lines(ui, column.header, column.help, &lines, &bytes.to_string());
        }
        (_, Value::Instant(at)) => {
            key_value_clocks(ui, column.header, column.help, &clocks(at, Precision::Second, data));
        }
        (
            Kind::Instant
            | Kind::Id
            | Kind::BinlogFile
            | Kind::BinlogPosition
            | Kind::Gtid
            | Kind::Integer
            | Kind::Seconds,
            _,
        ) => {
            key_value(ui, column.header, column.help, &text, &TextStyle::Monospace);
        }
        _ => {
            key_value(ui, column.header, column.help, &text, &TextStyle::Body);
        }
    }
}

/// Time fields of the API, each with a note where its text named no zone.
pub(super) fn times_ui<R: Row>(ui: &mut Ui, row: &R, times: &[(&str, &Option<ApiTime>)], data: &Data) {
    for (key, time) in times {
        fields_ui(ui, row, &[key], data);
        if matches!(time, Some(ApiTime::AssumedUtc(_))) {
            note_ui(ui, icon::INFO, "Time zone not given by SkySQL; shown as UTC");
        }
    }
}

/// The status and the backup type of a row, and what `more` adds to that line.
pub(super) fn header_ui<R: Row>(ui: &mut Ui, row: &R, more: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = theme::height::ROW_COMPACT;
        ui.spacing_mut().item_spacing.x = space::M;
        if let Some(status) = row.status() {
            let (glyph, color) = row_status_icon(row, theme::tokens(ui));
            status_badge(ui, glyph, &sanitize_for_display(status.as_str()), color);
        }
        if let Some(backup_type) = row.backup_type() {
            let noun = if R::NOUN == Restore::NOUN { Restore::NOUN } else { Backup::NOUN };
            quiet_ui(ui, format!("{} {noun}", sanitize_for_display(backup_type.name())));
        }
        more(ui);
    });
}

/// A line of help under fields.
pub(super) fn note_ui(ui: &mut Ui, glyph: &str, text: &str) {
    let secondary = theme::tokens(ui).text_secondary;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        glyph_ui(ui, glyph, &TextStyle::Small, secondary);
        ui.add(egui::Label::new(RichText::new(text).small().color(secondary)).wrap());
    });
}

/// To the second, or to the minute.
#[derive(Clone, Copy)]
pub(super) enum Precision {
    Second,
    Minute,
}

/// The instant on all clocks, each with the short name of its zone; those after the first leave out a date that is the same.
pub(super) fn clocks(at: Timestamp, precision: Precision, data: &Data) -> Vec<(String, String)> {
    let text = |zone: &Zone| match precision {
        Precision::Second => zone.date_time(at),
        Precision::Minute => zone.date_minute(at),
    };
    without_same_date(data.clocks().into_iter().map(|zone| (text(zone), zone.short_label())).collect())
}

/// Cuts the date of the other clocks where the first has shown it.
fn without_same_date(mut clocks: Vec<(String, String)>) -> Vec<(String, String)> {
    if let [(first, _), others @ ..] = &mut clocks[..]
        && let Some((day, _)) = first.split_once(' ')
    {
        for (text, _) in others {
            if let Some((_, time)) = text.split_once(' ').filter(|(other, _)| *other == day) {
                *text = time.to_owned();
            }
        }
    }
    clocks
}

/// How many lines of a row's JSON are shown; "Copy JSON" takes all.
const MAX_JSON_LINES: usize = 400;

/// How many fields that this app does not know are shown, each in a line of its own.
const MAX_UNKNOWN: usize = 50;

/// What `make` returns for a row, kept from frame to frame: a row can be megabytes. `revision` changes whenever the row may have.
pub(super) fn kept<R: Row, T: Send + Sync + 'static>(
    ui: &Ui,
    what: &'static str,
    (row, revision): (&R, u64),
    make: impl FnOnce(&R) -> T,
) -> Arc<T> {
    let slot = egui::Id::unique(what);
    let key = egui::Id::unique((R::NOUN, row.id(), revision));
    let before = ui.data(|data| data.get_temp::<(egui::Id, Arc<T>)>(slot));
    if let Some((_, value)) = before.filter(|(before, _)| *before == key) {
        return value;
    }
    let value = Arc::new(make(row));
    ui.data_mut(|data| data.insert_temp(slot, (key, Arc::clone(&value))));
    value
}

/// The row as the API writes it, folded away until asked for. `revision` changes whenever the row may have.
pub(super) fn json_ui<R: Row>(ui: &mut Ui, row: &R, revision: u64, view: &mut View, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    ui.add_space(space::L);
    let glyph = if view.detail_json { icon::CARET_DOWN } else { icon::CARET_RIGHT };
    ui.horizontal(|ui| {
        if ui.add(ActionButton::new(ButtonStyle::Quiet, "Raw JSON").icon(glyph)).clicked() {
            view.detail_json = !view.detail_json;
        }
        if view.detail_json && ui.add(ActionButton::new(ButtonStyle::Quiet, "Copy JSON").icon(icon::COPY)).clicked() {
            commands.push(Command::Window(WindowCommand::Copy(json_text(row), "JSON")));
        }
    });
    if !view.detail_json {
        return;
    }
    let frame = Frame::new().fill(tokens.panel).corner_radius(radius::CARD).inner_margin(Margin::same(12));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ScrollArea::horizontal().id_salt("json").auto_shrink([false, true]).show(ui, |ui| {
            let json = kept(ui, "shown JSON", (row, revision), |row| sanitize_lines(&json_text(row), MAX_JSON_LINES));
            let text = RichText::new(json.as_str()).monospace();
            ui.add(egui::Label::new(text).extend().selectable(true));
        });
    });
}

/// The fields of the response this app does not know.
pub(super) fn unknown_ui<R: Row>(ui: &mut Ui, row: &R, unknown: Option<&str>, revision: u64) {
    let Some(unknown) = unknown else { return };
    group_ui(ui, "Fields this app does not know", |ui| {
        let fields = kept(ui, "unknown fields", (row, revision), |_| unknown_fields(unknown));
        for (name, text) in fields.iter().take(MAX_UNKNOWN) {
            key_value(ui, &sanitize_for_display(name), "", &sanitize_for_display(text), &TextStyle::Monospace);
        }
        if let Some(more) = fields.len().checked_sub(MAX_UNKNOWN).filter(|more| *more > 0) {
            note_ui(ui, icon::INFO, &format!("{} more in the raw JSON", format_count(more)));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_clock_shows_a_date_only_where_it_differs() {
        let two = |first: &str, second: &str| {
            let both =
                without_same_date(vec![(first.to_owned(), "UTC".to_owned()), (second.to_owned(), "Berlin".to_owned())]);
            both.into_iter().map(|(time, _)| time).collect::<Vec<_>>()
        };
        assert_eq!(two("2026-11-23 02:00:07", "2026-11-23 03:00:07"), ["2026-11-23 02:00:07", "03:00:07"]);
        assert_eq!(two("2026-11-23 23:30:00", "2026-11-24 00:30:00"), ["2026-11-23 23:30:00", "2026-11-24 00:30:00"]);
    }
}
