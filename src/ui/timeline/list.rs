//! The same runs as a list in words, by their begins.

use egui::{Color32, CursorIcon, Role, TextStyle, Ui, WidgetInfo};

use super::{bar_words, name, show};
use crate::domain::StatusKind;
use crate::insight::{BarState, Timeline};
use crate::model::Data;
use crate::msg::Commands;
use crate::theme::{self, Tokens, height, icon};
use crate::widgets::{ListLine, RowList, list_line_ui, row_list_ui};

/// What is before the present is above the list.
pub(super) fn list_ui(ui: &mut Ui, data: &Data, timeline: &Timeline, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    let first = timeline.order.partition_point(|(lane, bar)| {
        timeline.lanes.get(*lane).and_then(|lane| lane.bars.get(*bar)).is_some_and(|bar| !bar.is_planned())
    });
    let list = RowList { id: "timeline list", rows: timeline.order.len(), height: height::ROW, first };
    row_list_ui(ui, list, |ui, row| {
        let Some((lane, bar)) = timeline.bar(row.number) else { return };
        let (icon, color) = state_icon(bar.state, tokens);
        let (service, words) = (name(data, lane), bar.sentence(data.zone(), data.now));
        row.response.widget_info(|| {
            WidgetInfo::labeled(Role::Row, ui.is_enabled(), format!("{service}: {}", bar_words(bar, data)))
        });
        list_line_ui(ui, row, ListLine { icon, color, title: &service, text: &words });
        if row.response.clone().on_hover_cursor(CursorIcon::PointingHand).clicked() {
            commands.push(show(&lane.service, Some(bar)));
        }
    });
    if timeline.order.is_empty() {
        ui.label(egui::RichText::new("Nothing ran, and nothing is planned").text_style(TextStyle::Body));
    }
}

fn state_icon(state: BarState, tokens: &Tokens) -> (&'static str, Color32) {
    match state {
        BarState::Planned | BarState::Perhaps => (icon::CLOCK, tokens.accent_text),
        BarState::Happened(StatusKind::Good) => (icon::CHECK_CIRCLE, tokens.ok),
        BarState::Happened(StatusKind::Bad) => (icon::X_CIRCLE, tokens.bad),
        BarState::Happened(StatusKind::Running) => (icon::RUNNING, tokens.running),
        BarState::Happened(StatusKind::Queued | StatusKind::Other) => (icon::CIRCLE_DASHED, tokens.text_secondary),
    }
}
