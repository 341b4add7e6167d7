//! All about one schedule, read singly when its row is chosen.

use egui::{RichText, TextStyle, Ui};

use super::detail::{
    Precision, clocks, fields_ui, group_ui, header_ui, json_ui, note_ui, times_ui, title_ui, unknown_ui,
};
use super::row_actions::{RowAction, row_action_button};
use super::suspension::note_lines_ui;
use super::text::small_ui;
use crate::cron::{NextRun, Timetable, describe_recurrence_with_zone};
use crate::domain::{Recurrence, Schedule, format_until};
use crate::draft::TWO_READINGS;
use crate::model::{Data, View};
use crate::msg::{Command, Commands, ListCommand, TableId};
use crate::theme::{self, icon, space};
use crate::widgets::{glyph_ui, icon_button, key_value, key_value_clocks, tag};

/// How many runs ahead are listed.
const RUNS: usize = 5;

/// The detail pane of a schedule; `listed` is its row in the table.
pub(super) fn detail_schedule_ui(
    ui: &mut Ui,
    listed: &Schedule,
    data: &Data,
    view: &mut View,
    commands: &mut Commands,
) {
    let row = data.lists().single_schedule.value().filter(|_| is_fresher(listed, data)).unwrap_or(listed);
    title_ui(ui, row, TableId::Schedules, data, commands);
    header_ui(ui, row, |ui| {
        // Some statuses say so themselves.
        let says_so = row.status.as_ref().is_some_and(|status| status.as_str().eq_ignore_ascii_case("suspended"));
        if row.is_suspended() && !says_so {
            tag(ui, "Suspended", theme::tokens(ui).warn);
        }
    });
    freshness_ui(ui, listed, data, commands);
    if row.is_suspended() {
        note_lines_ui(ui, data, &row.id);
    }
    ui.add_space(space::S);
    ui.horizontal_wrapped(|ui| {
        let pause = if row.is_suspended() { RowAction::Resume } else { RowAction::Suspend };
        for action in [RowAction::Edit, pause, RowAction::BackUpNow, RowAction::Delete] {
            row_action_button(ui, action, row, data, commands);
        }
    });
    group_ui(ui, "Runs", |ui| {
        let words = row.recurrence.as_ref().map(describe_recurrence_with_zone).unwrap_or_default();
        key_value(ui, "Schedule", "The cron expression in words", &words, &TextStyle::Body);
        fields_ui(ui, row, &["schedule", "suspended"], data);
        runs_ui(ui, row, data);
    });
    group_ui(ui, "Overview", |ui| {
        let keys = ["status", "message", "type", "service_name", "service_id", "cloud_provider"];
        fields_ui(ui, row, &keys, data);
    });
    group_ui(ui, "Times", |ui| {
        let times =
            [("created_at", &row.created_at), ("updated_at", &row.updated_at), ("scheduled_at", &row.scheduled_at)];
        times_ui(ui, row, &times, data);
    });
    group_ui(ui, "IDs", |ui| fields_ui(ui, row, &["id", "labels"], data));
    unknown_ui(ui, row, row.unknown.as_deref(), data.schedules().revision());
    json_ui(ui, row, data.schedules().revision(), view, commands);
}

/// True where the schedule was read singly, and not before the list: the later reading is the truth.
fn is_fresher(listed: &Schedule, data: &Data) -> bool {
    data.lists().single_schedule_id.as_ref() == Some(&listed.id)
        && data.lists().single_schedule.at >= data.schedules().remote.at
}

/// How fresh the pane is, apart from the table: a line of fixed height.
fn freshness_ui(ui: &mut Ui, listed: &Schedule, data: &Data, commands: &mut Commands) {
    let is_same = data.lists().single_schedule_id.as_ref() == Some(&listed.id);
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = theme::height::ROW_COMPACT;
        ui.spacing_mut().item_spacing.x = space::XS;
        let read = &data.lists().single_schedule;
        match read.error() {
            _ if !is_same => {}
            _ if read.is_loading() => return small_ui(ui, "Loading…"),
            Some(error) => {
                let warn = theme::tokens(ui).warn;
                let words = RichText::new(format!("Not checked: {}", error.sentence())).small().color(warn);
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    again_ui(ui, listed, commands);
                    ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                        glyph_ui(ui, icon::WARNING, &TextStyle::Small, warn);
                        ui.add(egui::Label::new(words).truncate()).on_hover_text(error.advice());
                    });
                });
                return;
            }
            None => {}
        }
        let at = read.at.filter(|_| is_fresher(listed, data));
        let checked = at.map(|at| format!("Checked {}", data.zone().clock(at, data.now)));
        small_ui(ui, checked.unwrap_or_else(|| "From the list".to_owned()));
        again_ui(ui, listed, commands);
    });
}

fn again_ui(ui: &mut Ui, listed: &Schedule, commands: &mut Commands) {
    if icon_button(ui, icon::REFRESH, "Check this schedule again").clicked() {
        commands.push(Command::List(ListCommand::ReadSchedule(listed.id.clone())));
    }
}

/// The next runs on both clocks, or why there are none.
fn runs_ui(ui: &mut Ui, row: &Schedule, data: &Data) {
    let timetable = match &row.recurrence {
        Some(Recurrence::Cron(text)) => Timetable::read(text),
        Some(Recurrence::Once) => {
            return note_ui(ui, icon::INFO, "A one-time schedule does not repeat");
        }
        None => return note_ui(ui, icon::WARNING, "SkySQL gave no schedule here, so the next run is not known"),
    };
    if row.is_suspended() {
        return note_ui(ui, icon::PAUSE, "Suspended: no new backups are made until it is resumed");
    }
    let Ok(timetable) = timetable else {
        return note_ui(ui, icon::WARNING, "This schedule cannot be read here, so the next run is not known");
    };
    let next = timetable.next_run(data.now);
    match next {
        NextRun::Never => return note_ui(ui, icon::WARNING, "This schedule will never run"),
        NextRun::Unknown => {
            return note_ui(ui, icon::INFO, "The next run is not known: SkySQL does not say from when it is counted");
        }
        NextRun::At(_) | NextRun::Either(..) | NextRun::None => {}
    }
    ui.add_space(space::XS);
    for (number, run) in timetable.upcoming(data.now, RUNS).into_iter().enumerate() {
        let secs = u64::try_from(run.at.as_second().saturating_sub(data.now.as_second())).unwrap_or(0);
        let name = if number == 0 { "Next run".to_owned() } else { format!("Run {}", number + 1) };
        let name = if run.is_certain { name } else { format!("{name}, perhaps") };
        ui.push_id(number, |ui| {
            key_value_clocks(ui, &name, &format_until(secs), &clocks(run.at, Precision::Minute, data));
        });
    }
    if matches!(&timetable, Timetable::Cron { cron, .. } if cron.readings().wide.is_some()) {
        two_readings_ui(ui, &timetable);
    }
    if let Some(warning) = timetable.gap_warning() {
        note_ui(ui, icon::WARNING, &warning);
    }
}

/// Why some runs are marked, and the spellings that leave no doubt.
fn two_readings_ui(ui: &mut Ui, timetable: &Timetable) {
    note_ui(ui, icon::WARNING, TWO_READINGS);
    if let Timetable::Cron { cron, .. } = timetable {
        for fix in cron.unambiguous() {
            note_ui(ui, icon::INFO, &format!("Read alike by all: {} ({})", fix.expression, fix.meaning));
        }
    }
}
