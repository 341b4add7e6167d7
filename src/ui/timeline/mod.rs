//! The timeline: what is planned to run next, and what has run, as bars or as a list in words.
//!
//! Owns: the layout of the screen and its words for a whole account. Each bar leads by one click to the rows behind it.
//! Must never: work anything out from rows or schedules; `insight` does.

mod lanes;
mod list;
mod overlaps;

use egui::{CentralPanel, Frame, Margin, Panel, Ui};

use super::choice::choose_ui;
use super::overview::{label_of, waiting_ui};
use super::placeholders;
use super::table_screen::{partial_ui, stale_data_ui};
use crate::domain::{Backup, BackupType, Schedule, ServiceId, format_count};
use crate::insight::{Evidence, Timeline, TimelineBar, TimelineSpan};
use crate::model::{Data, View};
use crate::msg::{Command, Commands, ListCommand, ShownEvidence};
use crate::theme::icon;
use crate::widgets::{empty_state_ui, lanes_skeleton_ui, screen_title};

/// From this width on, the overlaps are beside the lanes; below, above them.
const SIDE_BY_SIDE: f32 = 1080.0;
/// The width of the overlaps beside the lanes.
const OVERLAPS: f32 = 320.0;
/// The line that says what is at the keyboard or the pointer.
const WORDS: f32 = 28.0;

/// Title, overlaps, lanes or list.
pub(super) fn timeline_ui(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let head = Frame::new().inner_margin(Margin { left: 16, right: 16, top: 4, bottom: 4 });
    let timeline = data.timeline();
    Panel::top("timeline_head").frame(head).show_separator_line(false).resizable(false).show(ui, |ui| {
        title_ui(ui, data, timeline, view);
    });
    let notices = Frame::new().inner_margin(Margin::symmetric(16, 0));
    placeholders::late_ui(ui, "timeline_notices", notices, |ui| {
        stale_data_ui::<Backup>(ui, data, commands);
        if data.backups().remote.error().is_none() {
            stale_data_ui::<Schedule>(ui, data, commands);
        }
        partial_ui::<Backup>(ui, data, commands);
    });
    match timeline {
        Some(timeline) if !timeline.lanes.is_empty() => layout_ui(ui, data, timeline, view, commands),
        Some(_) if !data.lists().is_loading() => {
            empty_state_ui(ui, icon::TIMELINE, "No services yet. When their backups run is shown here", None);
        }
        _ => waiting_ui(ui, data, commands, |ui| lanes_skeleton_ui(ui, lanes::HEAD)),
    }
}

fn title_ui(ui: &mut Ui, data: &Data, timeline: Option<&Timeline>, view: &mut View) {
    let words = timeline.filter(|timeline| !timeline.lanes.is_empty()).map(headline);
    let detail: Vec<String> = words.into_iter().chain(placeholders::age_text(data.backups(), data)).collect();
    screen_title(ui, "Timeline", &detail.join("  ·  "), |ui| {
        let faces = [(false, "Bars"), (true, "List")];
        ui.push_id("face", |ui| choose_ui(ui, &faces, &mut view.timeline.is_list));
        let spans = TimelineSpan::ALL.map(|span| (span, span.name()));
        ui.push_id("span", |ui| choose_ui(ui, &spans, &mut view.timeline.span));
    });
}

/// `12 runs planned in the next 24 hours, 2 overlap`.
fn headline(timeline: &Timeline) -> String {
    let (planned, span) = (timeline.planned(), timeline.span.name());
    let runs = if planned == 1 { "run" } else { "runs" };
    let overlaps = match timeline.overlaps().count() {
        0 => String::new(),
        1 => ", 1 overlap".to_owned(),
        count => format!(", {} overlaps", format_count(count)),
    };
    format!("{} {runs} planned in the next {span}{overlaps}", format_count(planned))
}

fn layout_ui(ui: &mut Ui, data: &Data, timeline: &Timeline, view: &View, commands: &mut Commands) {
    let frame = Frame::new();
    let count = timeline.overlaps().count();
    if count > 0 {
        if ui.available_width() >= SIDE_BY_SIDE {
            let panel = Panel::right("timeline_overlaps").frame(frame).exact_size(OVERLAPS).resizable(false);
            panel.show(ui, |ui| overlaps::overlaps_ui(ui, data, timeline, commands));
        } else {
            let height = overlaps::height(count).min(ui.available_height() * 0.4);
            let panel = Panel::top("timeline_overlaps").frame(frame).exact_size(height).resizable(false);
            panel.show(ui, |ui| overlaps::overlaps_ui(ui, data, timeline, commands));
        }
    }
    if view.timeline.is_list {
        CentralPanel::no_frame().show(ui, |ui| list::list_ui(ui, data, timeline, commands));
        return;
    }
    let words = frame.inner_margin(Margin::symmetric(16, 0));
    Panel::bottom("timeline_words").frame(words).exact_size(WORDS).resizable(false).show(ui, lanes::words_ui);
    CentralPanel::no_frame().show(ui, |ui| lanes::lanes_ui(ui, data, timeline, commands));
}

/// What a bar is: on the clock shown, and its begin on the others.
fn bar_words(bar: &TimelineBar, data: &Data) -> String {
    let others = data.clocks().into_iter().skip(1);
    let begins = others.map(|zone| format!("{} {}", zone.weekday_minute(bar.from, data.now), zone.short_label()));
    let sentence = bar.sentence(data.zone(), data.now);
    let begins: Vec<String> = begins.collect();
    if begins.is_empty() { sentence } else { format!("{sentence}. Begins {}", begins.join(", ")) }
}

/// The rows behind a bar, or all backups of a service.
fn show(service: &ServiceId, bar: Option<&TimelineBar>) -> Command {
    let rows = bar.map_or_else(|| Evidence::Backups(Vec::new()), |bar| bar.evidence.clone());
    let backup_type: Option<BackupType> = bar.map(|bar| bar.backup_type.clone());
    Command::List(ListCommand::ShowEvidence(ShownEvidence { service: service.clone(), backup_type, rows }))
}

/// What a service is called.
fn name(data: &Data, lane: &crate::insight::TimelineLane) -> String {
    label_of(data, &lane.service, lane.name.as_deref())
}
