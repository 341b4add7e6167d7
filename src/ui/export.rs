//! The export dialog: which rows and columns, for whom, and where to.

use egui::{RichText, Ui};

use super::choice::choose_ui;
use super::text::{quiet_ui, small_ui};
use crate::api::Completeness;
use crate::domain::{format_bytes, format_count, sanitize_for_display};
use crate::export::{CsvPreset, ExportColumns, ExportRows, FileFormat, Standing, with_ending_of};
use crate::grid::Row;
use crate::model::{Data, RunningExport, Table, View};
use crate::msg::{Command, Commands, ExportCommand, TableId, WindowCommand};
use crate::theme::{self, space};
use crate::widgets::{
    Alert, DialogAnswer, Level, ModalDialog, alert_ui, dialog_ui, focus_on_open, labelled_field, progress_bar,
    text_field, warning_ui,
};

/// The dialog for one of the tables.
pub fn export_ui(ui: &mut Ui, data: &Data, view: &mut View, table: TableId, commands: &mut Commands) {
    let rows = data.snapshot(table, ExportColumns::Visible).count(view.export.options.rows);
    if let Some(standing) = data.export().map(RunningExport::asks_to_replace).filter(|it| !it.is_empty()) {
        return replace_ui(ui, data, standing, commands);
    }
    let is_running = data.export().is_some();
    let has_path = view.export.path.as_ref().is_none_or(|path| !path.trim().is_empty());
    let dialog = ModalDialog {
        id: "export",
        title: match table {
            TableId::Backups => "Export backups",
            TableId::Schedules => "Export schedules",
            TableId::Restores => "Export restores",
        },
        width: 520.0,
        confirm: if view.export.path.is_some() { "Save" } else { "Export" },
        cancel: "Cancel",
        is_danger: false,
        can_confirm: !is_running && rows > 0 && has_path,
    };
    let mut is_entered = false;
    let answer = dialog_ui(ui, &dialog, |ui| is_entered = body_ui(ui, data, view, table));
    let entered = (is_entered && dialog.can_confirm).then_some(DialogAnswer::Confirmed);
    match answer.or(entered) {
        Some(DialogAnswer::Confirmed) => {
            let path = view.export.path.as_ref().map(|path| path.trim().into());
            let options = view.export.options;
            commands.push(Command::Export(ExportCommand::Export { table, options, path }));
        }
        Some(DialogAnswer::Cancelled) if is_running => commands.push(Command::Export(ExportCommand::CancelExport)),
        Some(DialogAnswer::Cancelled) => commands.push(Command::Window(WindowCommand::CloseDialog)),
        None => {}
    }
}

/// True: Enter was pressed in the path.
fn body_ui(ui: &mut Ui, data: &Data, view: &mut View, table: TableId) -> bool {
    failure_ui(ui, data);
    let fields = ui.add_enabled_ui(data.export().is_none(), |ui| {
        ui.spacing_mut().item_spacing.y = space::S;
        rows_ui(ui, data, view, table);
        if view.export.options.format != FileFormat::Json {
            columns_ui(ui, data, view, table);
        }
        format_ui(ui, view);
        if view.export.options.format == FileFormat::Csv {
            preset_ui(ui, view);
            options_ui(ui, view);
        }
        notes_ui(ui, data, view, table);
        let ending = view.export.options.format.ending();
        path_ui(ui, view, ending)
    });
    if let Some(running) = data.export() {
        ui.add_space(space::S);
        progress_ui(ui, running);
    } else if view.export.nothing_picked && view.export.path.is_none() {
        let path = |view: &View| data.export_path(table, &view.export.options);
        indented_ui(ui, |ui| nothing_picked_ui(ui, view, path));
    }
    fields.inner
}

/// Why the last try failed.
pub(super) fn failure_ui(ui: &mut Ui, data: &Data) {
    if let Some((sentence, advice)) = data.export_error() {
        let alert = Alert { level: Level::Error, title: sentence, body: "", advice, trace_id: None, actions: &[] };
        alert_ui(ui, &alert);
        ui.add_space(space::XS);
    }
}

/// A label in a column of its own, and the choice beside it.
fn choice_ui<T: Clone + PartialEq>(ui: &mut Ui, label: &str, choices: &[(T, &str)], chosen: &mut T) {
    const LABEL: f32 = 84.0;
    ui.push_id(label, |ui| {
        ui.horizontal(|ui| {
            let size = egui::vec2(LABEL, ui.spacing().interact_size.y);
            ui.allocate_ui_with_layout(size, egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.set_min_width(LABEL);
                ui.label(RichText::new(label).text_style(theme::strong()));
            });
            choose_ui(ui, choices, chosen);
        })
    });
}

fn rows_ui(ui: &mut Ui, data: &Data, view: &mut View, table: TableId) {
    let snapshot = data.snapshot(table, ExportColumns::Visible);
    let text = |word: &str, rows| format!("{word} {}", format_count(snapshot.count(rows)));
    let choices = [
        (ExportRows::Selected, &*text("Selected", ExportRows::Selected)),
        (ExportRows::Shown, &*text("Shown", ExportRows::Shown)),
        (ExportRows::All, &*text("All", ExportRows::All)),
    ];
    choice_ui(ui, "Rows", &choices, &mut view.export.options.rows);
}

fn columns_ui(ui: &mut Ui, data: &Data, view: &mut View, table: TableId) {
    let text = |word: &str, columns| format!("{word} {}", data.snapshot(table, columns).columns.len());
    // Labels are free text, which is only written where its column is shown.
    let all = match table {
        TableId::Backups | TableId::Restores => "All",
        TableId::Schedules => "All but labels",
    };
    let choices = [
        (ExportColumns::Visible, &*text("Visible", ExportColumns::Visible)),
        (ExportColumns::All, &*text(all, ExportColumns::All)),
    ];
    choice_ui(ui, "Columns", &choices, &mut view.export.options.columns);
}

/// What sort of file. The ending of a typed path follows.
fn format_ui(ui: &mut Ui, view: &mut View) {
    let choices = FileFormat::ALL.map(|format| (format, format.name()));
    let form = &mut view.export;
    let before = form.options.format;
    choice_ui(ui, "Format", &choices, &mut form.options.format);
    let format = form.options.format;
    if let Some(path) = form.path.as_mut().filter(|_| format != before) {
        *path = with_ending_of(path, format);
    }
    match format {
        FileFormat::Csv => {}
        FileFormat::Workbook => {
            note_ui(
                ui,
                "Numbers, times and durations to calculate with; ids stay text. A sheet says where the rows come from",
            );
        }
        FileFormat::Json => note_ui(ui, "Every field, labels too; numbers keep their digits"),
    }
}

fn preset_ui(ui: &mut Ui, view: &mut View) {
    let choices = [(CsvPreset::Excel, "Excel"), (CsvPreset::Scripts, "Scripts")];
    choice_ui(ui, "CSV for", &choices, &mut view.export.options.preset);
    note_ui(
        ui,
        match view.export.options.preset {
            CsvPreset::Excel => "Readable headers and times; sizes in bytes and GiB",
            CsvPreset::Scripts => "API field names, RFC 3339 times, plain numbers",
        },
    );
}

/// What a choice means, below it.
fn note_ui(ui: &mut Ui, text: &str) {
    indented_ui(ui, |ui| {
        ui.label(RichText::new(text).small().color(theme::tokens(ui).text_secondary));
    });
}

fn indented_ui(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    egui::Frame::new().inner_margin(egui::Margin { left: 92, right: 0, top: 0, bottom: 0 }).show(ui, |ui| {
        ui.set_width(ui.available_width());
        add(ui);
    });
}

fn options_ui(ui: &mut Ui, view: &mut View) {
    let options = &mut view.export.options;
    indented_ui(ui, |ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        let is_escaped = match options.preset {
            CsvPreset::Excel => {
                ui.checkbox(&mut options.semicolon, "Use semicolons (German or French Excel)");
                ui.checkbox(&mut options.formula_escape, "Escape text that looks like a formula");
                options.formula_escape
            }
            // Programs get the texts as they are.
            CsvPreset::Scripts => {
                ui.checkbox(&mut options.line_feed_only, "Unix line endings (LF)");
                false
            }
        };
        if !is_escaped {
            warning_ui(ui, "Text that looks like a formula is not escaped. A spreadsheet may run it");
        }
    });
}

/// What whoever opens the file should know.
fn notes_ui(ui: &mut Ui, data: &Data, view: &View, table: TableId) {
    let rows = data.snapshot(table, ExportColumns::Visible).count(view.export.options.rows);
    let options = &view.export.options;
    let zone = match options.is_csv_for_excel() {
        true if data.zone().is_unreadable() => {
            "Times in UTC: the time zone of this computer could not be read".to_owned()
        }
        true => format!("Times in {}", data.zone().full_label()),
        false => "Times in UTC".to_owned(),
    };
    let mut warnings = match table {
        TableId::Backups => list_warnings(data.shown_backups(), options.format),
        TableId::Schedules => list_warnings(data.schedules(), options.format),
        TableId::Restores => list_warnings(data.restores(), options.format),
    };
    warnings.extend(options.row_warning(rows));
    if rows == 0 {
        let what =
            if view.export.options.rows == ExportRows::Selected { "No rows selected" } else { "No rows to export" };
        warnings.push(what.to_owned());
    }
    indented_ui(ui, |ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        small_ui(ui, zone);
        for warning in warnings {
            warning_ui(ui, &warning);
        }
    });
}

/// Why the file would not be the whole list.
fn list_warnings<R: Row>(table: &Table<R>, format: FileFormat) -> Vec<String> {
    let said = match format {
        FileFormat::Workbook => "the sheet About says so",
        FileFormat::Csv | FileFormat::Json => "the note beside the file says so",
    };
    let mut warnings = Vec::new();
    if table.remote.is_loading() {
        warnings.push("The list is still loading. Only the rows loaded so far are exported".to_owned());
    }
    match &table.completeness {
        Completeness::Complete => {}
        Completeness::Partial(_) => warnings.push(format!("Only part of the list is loaded; {said}")),
        Completeness::ChangedWhileReading => warnings.push(format!("The list changed while it was loading; {said}")),
    }
    if let Some(words) = table.unreadable_words() {
        let is_missing = if table.unreadable == 1 { "is" } else { "are" };
        warnings.push(format!("{words} and {is_missing} missing; {said}"));
    }
    warnings
}

/// The native dialog gave no file. Whether it was closed or could not open, the path can be typed.
pub(super) fn nothing_picked_ui(ui: &mut Ui, view: &mut View, path: impl FnOnce(&View) -> String) {
    ui.horizontal(|ui| {
        ui.label(RichText::new("No file was chosen").small().color(theme::tokens(ui).text_secondary));
        if ui.link(RichText::new("Type the path instead").small()).clicked() {
            view.export.path = Some(path(view));
        }
    });
}

/// Asks about each file by its name before anything is replaced.
pub(super) fn replace_ui(ui: &Ui, data: &Data, standing: &[Standing], commands: &mut Commands) {
    let names: Vec<String> = standing.iter().map(|it| sanitize_for_display(&it.name()).into_owned()).collect();
    let title = match names.as_slice() {
        [name] => format!("Replace {name}?"),
        several => format!("Replace {} existing files?", several.len()),
    };
    let dialog = ModalDialog {
        id: "replace",
        title: &title,
        width: 460.0,
        confirm: "Replace",
        cancel: "Cancel",
        is_danger: true,
        can_confirm: true,
    };
    let folder = standing.first().and_then(|it| it.path.parent()).map(|folder| folder.display().to_string());
    let answer = dialog_ui(ui, &dialog, |ui| {
        let verb = if names.len() == 1 { "exists" } else { "exist" };
        let position =
            folder.filter(|folder| !folder.is_empty()).map(|folder| format!(" in {}", sanitize_for_display(&folder)));
        ui.label(format!(
            "{} already {verb}{}:",
            if names.len() == 1 { "This file" } else { "These files" },
            position.unwrap_or_default()
        ));
        for (name, it) in names.iter().zip(standing) {
            quiet_ui(ui, format!("{name}, {}", about(data, it)));
            if it.is_foreign_note {
                warning_ui(ui, "This note was not written by SkyBackup");
            }
        }
    });
    match answer {
        Some(DialogAnswer::Confirmed) => commands.push(Command::Export(ExportCommand::ReplaceFiles)),
        Some(DialogAnswer::Cancelled) => commands.push(Command::Export(ExportCommand::CancelExport)),
        None => {}
    }
}

/// `12 KiB, changed 2026-11-27 14:02 UTC`.
fn about(data: &Data, standing: &Standing) -> String {
    let zone = data.zone();
    let changed = standing.changed_at.map(|at| format!(", changed {} {}", zone.date_minute(at), zone.label()));
    format!("{}{}", format_bytes(standing.bytes), changed.unwrap_or_default())
}

/// Where no native dialog can open, the path is typed. True: Enter was pressed in it.
pub(super) fn path_ui(ui: &mut Ui, view: &mut View, ending: &str) -> bool {
    let Some(path) = &mut view.export.path else { return false };
    let note = if view.export.has_no_dialog {
        "No save dialog is available on this desktop. Enter the full path".to_owned()
    } else {
        format!("Without an ending, .{ending} is added")
    };
    let error = path.trim().is_empty().then_some("Enter a path and file name");
    ui.add_space(space::XS);
    let field = labelled_field(ui, "Save to", &note, error, |ui| text_field(ui, path, "/home/you/backups.csv"));
    focus_on_open(ui, &field);
    field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter))
}

pub(super) fn progress_ui(ui: &mut Ui, running: &RunningExport) {
    if running.is_waiting_for_path() {
        progress_bar(ui, None, "Choose a file in the save dialog");
        return;
    }
    let fraction = (running.total > 0).then(|| running.written as f32 / running.total as f32);
    let (written, total) = (format_count(running.written), format_count(running.total));
    let is_packed = running.written == running.total && running.total > 0;
    let words = match running.total {
        _ if is_packed => "Finishing the file…".to_owned(),
        0 => format!("{written} backups written"),
        _ => format!("{written} of {total} rows written"),
    };
    progress_bar(ui, fraction, &words);
}
