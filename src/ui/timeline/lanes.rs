//! The lanes: a row of bars for each service.

use egui::{Id, Ui};
use jiff::Timestamp;

use super::{bar_words, name, show};
use crate::domain::StatusKind;
use crate::insight::{BarState, Timeline, TimelineBar, TimelineLane, axis_ticks};
use crate::model::Data;
use crate::msg::Commands;
use crate::ui::text::small_ui;
use crate::widgets::{
    AxisMark, BarLook, LANE_HEIGHT, Lane, LaneAxis, LaneBar, MarkKind, RowList, lane_axis_ui, lane_ui, row_list_ui,
};

/// The width of the names of services.
pub(super) const HEAD: f32 = 180.0;
/// Where the present is on the axis.
const NOW: f32 = 0.5;

fn words_slot() -> Id {
    Id::unique("timeline words")
}

/// What is at the keyboard or the pointer, in words.
pub(super) fn words_ui(ui: &mut Ui) {
    ui.horizontal_centered(|ui| {
        let words: Option<String> = ui.data_mut(|data| data.remove_temp(words_slot()));
        let hint = "Filled: as it ran. Outlined: planned, as wide as earlier runs took. Arrow keys go from run to run";
        small_ui(ui, words.unwrap_or_else(|| hint.to_owned()));
    });
}

pub(super) fn lanes_ui(ui: &mut Ui, data: &Data, timeline: &Timeline, commands: &mut Commands) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let marks = marks(timeline, data);
    let axis = LaneAxis { head: HEAD, marks: &marks };
    lane_axis_ui(ui, &format!("Times in {}", data.zone().short_label()), axis);
    let list = RowList { id: "timeline", rows: timeline.lanes.len(), height: LANE_HEIGHT, first: 0 };
    row_list_ui(ui, list, |ui, row| {
        let Some(lane) = timeline.lanes.get(row.number) else { return };
        let (bars, tracks) = bars(lane, timeline);
        let (title, note) = (name(data, lane), note(lane));
        let drawn =
            Lane { title: &title, note: &note, name: &format!("{title}. {}", lane.summary()), bars: &bars, tracks };
        let words = |bar: usize| lane.bars.get(bar).map(|bar| bar_words(bar, data)).unwrap_or_default();
        let answer = lane_ui(ui, row, axis, drawn, NOW, &words);
        if let Some(bar) = answer.current {
            ui.data_mut(|data| data.insert_temp(words_slot(), format!("{title}: {}", words(bar))));
        }
        if let Some(bar) = answer.clicked {
            commands.push(show(&lane.service, bar.and_then(|bar| lane.bars.get(bar))));
        }
    });
}

/// What the bars of a lane do not show, or when the next run is.
fn note(lane: &TimelineLane) -> String {
    let notes = lane.notes();
    match (notes.is_empty(), lane.planned()) {
        (true, 0) => "Nothing planned".to_owned(),
        (true, 1) => "1 run planned".to_owned(),
        (true, planned) => format!("{} runs planned", crate::domain::format_count(planned)),
        (false, _) => notes.join(", "),
    }
}

fn marks(timeline: &Timeline, data: &Data) -> Vec<AxisMark> {
    let (from, until) = timeline.range();
    let ticks = axis_ticks(from, until, timeline.span, data.zone());
    let mut marks: Vec<AxisMark> = ticks
        .into_iter()
        .map(|tick| {
            let kind = match (tick.is_change, tick.is_day) {
                (true, _) => MarkKind::Change,
                (false, true) => MarkKind::Major,
                (false, false) => MarkKind::Minor,
            };
            AxisMark { at: place(tick.at, timeline), label: tick.label, kind }
        })
        .collect();
    marks.push(AxisMark { at: NOW, label: "Now".to_owned(), kind: MarkKind::Now });
    // Days before hours, so that where there is no room it is the hours that give way.
    marks.sort_by(|a, b| a.at.total_cmp(&b.at));
    marks
}

/// From 0 to 1; beyond that what begins before the axis, or ends after it.
fn place(at: Timestamp, timeline: &Timeline) -> f32 {
    let (from, until) = timeline.range();
    let secs = |later: Timestamp| later.duration_since(from).as_secs_f32();
    secs(at) / secs(until).max(1.0)
}

/// The bars, and how many tracks they are on: one for each type of the lane.
fn bars(lane: &TimelineLane, timeline: &Timeline) -> (Vec<LaneBar>, usize) {
    let mut types: Vec<usize> = lane.bars.iter().map(|bar| bar.lane).collect();
    types.sort_unstable();
    types.dedup();
    let bar = |bar: &TimelineBar| LaneBar {
        from: place(bar.from, timeline),
        until: bar.until.map(|until| place(until, timeline)),
        track: types.binary_search(&bar.lane).unwrap_or_default(),
        look: look(bar.state),
        is_several: bar.count > 1,
        is_marked: bar.overlaps,
    };
    (lane.bars.iter().map(bar).collect(), types.len())
}

fn look(state: BarState) -> BarLook {
    match state {
        BarState::Planned => BarLook::Planned,
        BarState::Perhaps => BarLook::Perhaps,
        BarState::Happened(StatusKind::Good) => BarLook::Good,
        BarState::Happened(StatusKind::Bad) => BarLook::Bad,
        BarState::Happened(StatusKind::Running) => BarLook::Running,
        BarState::Happened(StatusKind::Queued | StatusKind::Other) => BarLook::Other,
    }
}
