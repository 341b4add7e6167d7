//! All about one schedule, read singly when its row is chosen.

use egui::{RichText, Ui};

use super::detail::{Precision, clocks, fields_ui, group_ui, json_ui, moment_ui, note_ui, unknown_ui};
use super::schedules::{Deed, deed_button};
use crate::domain::{NextRun, Recurrence, Schedule, Timetable, in_text, screen_text, zoned_recurrence_sentence};
use crate::grid::Row;
use crate::model::{Data, RemoteStatus, View};
use crate::msg::{Command, Commands};
use crate::theme::{self, icon, space};
use crate::widgets::{ValueStyle, icon_button, key_value, key_value_clocks, status_badge, status_icon, tag};

/// So many runs ahead are listed.
const RUNS: usize = 5;

/// The detail pane of a schedule; `listed` is its row in the table.
pub(super) fn detail_schedule_ui(
    ui: &mut Ui,
    listed: &Schedule,
    data: &Data,
    view: &mut View,
    commands: &mut Commands,
) {
    let row = data.single_schedule.value().filter(|_| is_fresher(listed, data)).unwrap_or(listed);
    header_ui(ui, row);
    freshness_ui(ui, listed, data, commands);
    ui.add_space(space::S);
    ui.horizontal_wrapped(|ui| {
        let pause = if row.is_suspended() { Deed::Resume } else { Deed::Suspend };
        for deed in [Deed::Edit, pause, Deed::BackUpNow, Deed::Delete] {
            deed_button(ui, deed, row, data, commands);
        }
    });
    group_ui(ui, "Runs", |ui| {
        let words = row.recurrence.as_ref().map(zoned_recurrence_sentence).unwrap_or_default();
        key_value(ui, "Runs", "The cron expression in words", &words, ValueStyle::Text);
        fields_ui(ui, row, &["schedule", "suspended"], data);
        runs_ui(ui, row, data);
    });
    group_ui(ui, "Overview", |ui| {
        let keys = ["status", "message", "type", "service_name", "service_id", "cloud_provider"];
        fields_ui(ui, row, &keys, data);
    });
    group_ui(ui, "Times", |ui| times_ui(ui, row, data));
    group_ui(ui, "Ids", |ui| fields_ui(ui, row, &["id", "labels"], data));
    unknown_ui(ui, row.unknown.as_deref());
    json_ui(ui, row, view, commands);
}

/// True where the schedule was read singly, and not before the list: the later reading is the truth.
fn is_fresher(listed: &Schedule, data: &Data) -> bool {
    data.single_schedule_id.as_ref() == Some(&listed.id) && data.single_schedule.at() >= data.schedules.remote().at()
}

fn header_ui(ui: &mut Ui, row: &Schedule) {
    let tokens = theme::tokens(ui);
    let label = screen_text(row.service_label());
    let label = if label.is_empty() { "Unknown service" } else { &label };
    ui.add(egui::Label::new(RichText::new(label).text_style(theme::section())).truncate()).on_hover_text(label);
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = theme::height::ROW_COMPACT;
        ui.spacing_mut().item_spacing.x = space::M;
        if let Some(status) = &row.status {
            let (glyph, colour) = status_icon(row.facets().kind, tokens);
            status_badge(ui, glyph, &screen_text(status.as_str()), colour);
        }
        if let Some(backup_type) = &row.backup_type {
            ui.label(RichText::new(format!("{} backup", screen_text(backup_type.name()))).color(tokens.text_secondary));
        }
        if row.is_suspended() {
            tag(ui, "Suspended", tokens.warn);
        }
    });
}

/// How fresh the pane is, apart from the table: a line of fixed height.
fn freshness_ui(ui: &mut Ui, listed: &Schedule, data: &Data, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    let is_same = data.single_schedule_id.as_ref() == Some(&listed.id);
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = theme::height::ROW_COMPACT;
        ui.spacing_mut().item_spacing.x = space::XS;
        let small = |text: String, colour| RichText::new(text).small().color(colour);
        match data.single_schedule.status() {
            _ if !is_same => {
                ui.label(small("As in the list".to_owned(), tokens.text_secondary));
            }
            RemoteStatus::Loading => {
                ui.label(small("Reading…".to_owned(), tokens.text_secondary));
                return;
            }
            RemoteStatus::Failed(error) => {
                let text = format!("{} Not read: {}", icon::WARNING, error.sentence());
                let words = egui::Label::new(small(text, tokens.warn)).truncate();
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    again_ui(ui, listed, commands);
                    ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                        ui.add(words).on_hover_text(error.advice());
                    });
                });
                return;
            }
            RemoteStatus::Ready | RemoteStatus::Idle => {
                let at = data
                    .single_schedule
                    .at()
                    .filter(|_| is_fresher(listed, data))
                    .map(|at| format!("Read {}", data.zone().minute(at)));
                ui.label(small(at.unwrap_or_else(|| "As in the list".to_owned()), tokens.text_secondary));
            }
        }
        again_ui(ui, listed, commands);
    });
}

fn again_ui(ui: &mut Ui, listed: &Schedule, commands: &mut Commands) {
    if icon_button(ui, icon::REFRESH, "Read this schedule again").clicked() {
        commands.push(Command::ReadSchedule(listed.id.clone()));
    }
}

/// The next runs on both clocks, or why there are none.
fn runs_ui(ui: &mut Ui, row: &Schedule, data: &Data) {
    let timetable = match &row.recurrence {
        Some(Recurrence::Text(text)) => Timetable::read(text),
        Some(Recurrence::Once) => {
            return note_ui(ui, icon::INFO, "A one-time schedule does not repeat");
        }
        None => return,
    };
    if row.is_suspended() {
        return note_ui(ui, icon::PAUSE, "Suspended: no new backups are made until it is resumed");
    }
    let timetable = match timetable {
        Ok(timetable) => timetable,
        Err(error) => {
            let text = format!("{error}. When it runs next is not known");
            return note_ui(ui, icon::WARNING, &text);
        }
    };
    match timetable.next_run(data.now) {
        NextRun::Never => return note_ui(ui, icon::WARNING, "This schedule will never run"),
        NextRun::Unknown => return note_ui(ui, icon::INFO, "SkySQL does not say from when it counts: the next run is not known"),
        NextRun::Either(..) => {
            let text = "Cron programs read this in two ways, and SkySQL does not say which one it follows. Only one of them has \
                        the runs marked “perhaps”";
            note_ui(ui, icon::WARNING, text);
        }
        NextRun::At(_) | NextRun::None => {}
    }
    ui.add_space(space::XS);
    for (number, run) in timetable.upcoming(data.now, RUNS).into_iter().enumerate() {
        let secs = u64::try_from(run.at.as_second().saturating_sub(data.now.as_second())).unwrap_or(0);
        let name = if number == 0 { "Next run".to_owned() } else { format!("Run {}", number + 1) };
        let ahead = if run.is_certain { in_text(secs) } else { format!("perhaps {}", in_text(secs)) };
        ui.push_id(number, |ui| key_value_clocks(ui, &name, &ahead, &clocks(run.at, Precision::Minute, data)));
    }
    if let Some(warning) = timetable.gap_warning() {
        note_ui(ui, icon::WARNING, &warning);
    }
}

fn times_ui(ui: &mut Ui, row: &Schedule, data: &Data) {
    let times = [("created_at", &row.created_at), ("updated_at", &row.updated_at), ("scheduled_at", &row.scheduled_at)];
    for (key, moment) in times {
        if let Some(column) = Schedule::column(key) {
            moment_ui(ui, column.header, column.help, moment.as_ref(), data);
        }
    }
}
