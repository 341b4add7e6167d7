//! The calendar: a square a day for each service, as far back as the history goes.

use egui::{Frame, Id, Margin, Panel, Ui};
use jiff::civil::Weekday;

use super::super::text::{quiet_ui, small_ui};
use super::label_of;
use crate::domain::format_count;
use crate::grid::Period;
use crate::insight::{Calendar, CalendarDay, CalendarService, DayState};
use crate::model::{Data, View};
use crate::msg::{Command, Commands, ListCommand};
use crate::theme::{icon, space};
use crate::widgets::{
    ActionButton, AxisMark, ButtonStyle, LaneAxis, LaneResponse, MarkKind, RowList, SQUARES_HEIGHT, SquareLook,
    SquareRow, empty_state_ui, lane_axis_ui, lanes_skeleton_ui, row_list_ui, square_row_ui, squares_in,
};

/// The width of the names of services.
const HEAD: f32 = 180.0;
/// The line that says what is at the keyboard or the pointer.
const WORDS: f32 = 28.0;
const LEGEND: &str =
    "Filled: all succeeded. Half: some failed. Cross: failed. Outline: no backup began. Dot: not observed";

fn words_slot() -> Id {
    Id::unique("calendar words")
}

pub(super) fn calendar_ui(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let Some(calendar) = data.calendar() else { return waiting_ui(ui, data) };
    if calendar.days.is_empty() {
        let words = "Nothing was seen yet. Each day that SkyBackup runs is shown here from now on";
        empty_state_ui(ui, icon::SCHEDULE, words, None);
        return;
    }
    let frame = Frame::new().inner_margin(Margin::symmetric(16, 0));
    Panel::bottom("calendar_words").frame(frame).exact_size(WORDS).resizable(false).show(ui, |ui| {
        ui.horizontal_centered(|ui| {
            let words: Option<String> = ui.data_mut(|data| data.remove_temp(words_slot()));
            small_ui(ui, words.unwrap_or_else(|| LEGEND.to_owned()));
        });
    });
    let room = squares_in(ui.available_width(), HEAD);
    let last = calendar.days.len().saturating_sub(room);
    let first = view.overview.first_day.unwrap_or(last).min(last);
    tools_ui(ui, data, calendar, (first, room), view);
    rows_ui(ui, data, calendar, (first, room), view, commands);
}

/// Which days are in sight, and the way to the others.
fn tools_ui(ui: &mut Ui, data: &Data, calendar: &Calendar, (first, room): (usize, usize), view: &mut View) {
    let last = calendar.days.len().saturating_sub(room);
    ui.horizontal(|ui| {
        ui.add_space(space::L);
        let step = |ui: &mut Ui, text, glyph, is_possible| {
            ui.add_enabled(is_possible, ActionButton::new(ButtonStyle::Quiet, text).icon(glyph)).clicked()
        };
        if step(ui, "Earlier", icon::ARROW_LEFT, first > 0) {
            view.overview.first_day = Some(first.saturating_sub(room));
        }
        if step(ui, "Later", icon::ARROW_RIGHT, first < last) {
            view.overview.first_day = Some(first + room).filter(|first| *first < last);
        }
        let count = format_count(calendar.days.len());
        let since = calendar.days.first().map(CalendarDay::words).unwrap_or_default();
        quiet_ui(ui, format!("{count} days since {since}, in {}", data.zone().label()));
    });
}

fn rows_ui(
    ui: &mut Ui,
    data: &Data,
    calendar: &Calendar,
    (first, room): (usize, usize),
    view: &mut View,
    commands: &mut Commands,
) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let marks = marks(calendar, first, room);
    let axis = LaneAxis { head: HEAD, marks: &marks };
    lane_axis_ui(ui, "Service", axis);
    let list = RowList { id: "calendar", rows: calendar.services.len(), height: SQUARES_HEIGHT, first: 0 };
    row_list_ui(ui, list, |ui, row| {
        let Some(service) = calendar.services.get(row.number) else { return };
        let title = label_of(data, &service.id, service.name.as_deref());
        let squares = SquareRow {
            title: &title,
            name: &format!("{title}. {}", calendar.summary(service)),
            count: calendar.days.len(),
            shown: first..(first + room).min(calendar.days.len()),
            room,
            look: &|day| look(calendar.state(service, day)),
            words: &|day| calendar.sentence(service, day),
        };
        let LaneResponse { current, clicked } = square_row_ui(ui, row, axis, &squares);
        if let Some(day) = current {
            let words = format!("{title}: {}", calendar.sentence(service, day));
            ui.data_mut(|data| data.insert_temp(words_slot(), words));
        }
        if let Some(day) = current.filter(|_| row.response.has_focus()) {
            show_day(view, day, (first, room));
        }
        if let Some(Some(day)) = clicked {
            commands.extend(rows_behind(calendar, service, day));
        }
    });
}

/// The days in sight follow the keyboard.
fn show_day(view: &mut View, day: usize, (first, room): (usize, usize)) {
    if day < first {
        view.overview.first_day = Some(day);
    } else if day >= first + room {
        view.overview.first_day = Some(day + 1 - room);
    }
}

/// The backups of a service that began on a day.
fn rows_behind(calendar: &Calendar, service: &CalendarService, day: usize) -> Option<Command> {
    let day = calendar.days.get(day)?;
    let period = Period { from: Some(day.start), until: Some(day.end), up_to_now: None };
    Some(Command::List(ListCommand::ShowBackupsSeen(service.id.clone(), period)))
}

/// Squares that the name of a month takes, and a gap behind it.
const MONTH_SQUARES: usize = 5;

/// Months, and the Mondays in them. Of a month of which only the last days are in sight the name is left out where it takes the room of the next.
fn marks(calendar: &Calendar, first: usize, room: usize) -> Vec<AxisMark> {
    let days = calendar.days.iter().skip(first).take(room).enumerate();
    let free = room.saturating_sub(calendar.days.len());
    let begins_soon = days.clone().take(MONTH_SQUARES).skip(1).any(|(_, day)| day.date.day() == 1);
    let mark = |(place, day): (usize, &CalendarDay)| {
        let is_month = day.date.day() == 1 || place == 0 && !begins_soon;
        let is_monday = day.date.weekday() == Weekday::Monday && (place > 0 || !begins_soon);
        let (kind, form) = match (is_month, is_monday) {
            (true, _) => (MarkKind::Major, "%b %Y"),
            (false, true) => (MarkKind::Minor, "%-d"),
            (false, false) => return None,
        };
        let (at, label) = ((free + place) as f32 / room.max(1) as f32, day.date.strftime(form).to_string());
        Some(AxisMark { at, label, kind })
    };
    days.filter_map(mark).collect()
}

fn look(state: DayState) -> SquareLook {
    match state {
        DayState::NotObserved => SquareLook::Unknown,
        DayState::NoBackup => SquareLook::Nothing,
        DayState::Good => SquareLook::Good,
        DayState::Mixed => SquareLook::Mixed,
        DayState::Failed => SquareLook::Bad,
        DayState::Other => SquareLook::Other,
    }
}

/// It is being read, or cannot be.
fn waiting_ui(ui: &mut Ui, data: &Data) {
    match data.calendar_error().or_else(|| data.history_blocked_reason()) {
        Some(why) => {
            empty_state_ui(ui, icon::SCHEDULE, &format!("The calendar cannot be shown: {why}"), None);
        }
        None => lanes_skeleton_ui(ui, HEAD),
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::*;
    use crate::domain::Zone;
    use crate::insight::CalendarBuilder;

    #[test]
    fn the_days_of_a_month_are_not_read_as_those_of_the_month_before() {
        let now: Timestamp = "2026-11-29T12:00:00Z".parse().unwrap();
        let polls = (0..60).map(|day| now - SignedDuration::from_hours(24 * day));
        let calendar = CalendarBuilder::new(Zone::utc(), now).finish(polls);
        let labels = |first: &str| -> Vec<String> {
            let first = calendar.days.iter().position(|day| day.date.to_string() == first).unwrap();
            marks(&calendar, first, 24).into_iter().map(|mark| mark.label).collect()
        };
        assert_eq!(labels("2026-10-26"), ["Oct 2026", "Nov 2026", "2", "9", "16"]);
        assert_eq!(labels("2026-10-29"), ["Nov 2026", "2", "9", "16"]);
        assert_eq!(labels("2026-11-01"), ["Nov 2026", "2", "9", "16", "23"]);
        assert_eq!(labels("2026-11-02"), ["Nov 2026", "9", "16", "23"]);
    }
}
