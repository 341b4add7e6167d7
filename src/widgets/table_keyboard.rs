//! The keys of a table: move, extend, find by letters, open a row or its menu, copy.

use egui::{Event, EventFilter, Key, Modifiers, Ui};

use super::table_parts::{Frame, Memory, row_at};
use super::{menu, table_header, table_row};
use crate::grid::{CopyFormat, Focus, Kind, Line, Row, TableCommand};

/// Takes the keys of a table that has the keyboard.
pub(super) fn keyboard<R: Row>(ui: &Ui, frame: &Frame<'_, R>, memory: &mut Memory) {
    // Escape closes what is open elsewhere; it does not take the keyboard away.
    let lines = frame.table.lines;
    let kept = EventFilter {
        vertical_arrows: true,
        horizontal_arrows: lines.is_grouped(),
        escape: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(frame.id, kept));
    let count = lines.len();
    let last = isize::try_from(count).unwrap_or(isize::MAX);
    let page = isize::try_from(table_row::rows_in(frame).saturating_sub(1)).unwrap_or(1);
    let steps = [
        (Key::ArrowUp, -1),
        (Key::ArrowDown, 1),
        (Key::PageUp, -page),
        (Key::PageDown, page),
        (Key::Home, -last),
        (Key::End, last),
    ];
    // With no line chosen yet the ring is around the first one, and Enter and the menu key mean that line; not the key that has
    // only just brought the keyboard here.
    let first = first_line(frame);
    let ringed = frame.table.selection.focus().or(first.as_ref().filter(|_| memory.had_keyboard));
    // The line of the focus is looked for in the whole order, so only after a letter; the first one is known without.
    if ringed.is_some() && ringed == first.as_ref() && ui.input_mut(|input| menu::consume_alone(input, Key::ArrowUp)) {
        table_header::take_keyboard(ui, frame);
    }
    if let (Some(ringed), true) = (ringed, menu::is_menu_key(ui)) {
        if let Focus::Row(row) = ringed
            && !frame.table.selection.contains(row.as_str())
        {
            memory.commands.push(TableCommand::Select(row.clone()));
        }
        memory.menu_of = Some(ringed.clone());
        (memory.is_following, memory.focus) = (true, None);
    }
    type_ahead(ui, frame, memory);
    if let Some(ringed) = ringed.filter(|_| lines.is_grouped()) {
        group_keys(ui, frame, memory, ringed);
    }
    ui.input_mut(|input| {
        for (key, step) in steps {
            for (modifiers, extend) in [(Modifiers::SHIFT, true), (Modifiers::NONE, false)] {
                for _ in 0..input.count_and_consume_key(modifiers, key) {
                    memory.is_following = true;
                    memory.commands.push(TableCommand::MoveFocus { step, extend });
                }
            }
        }
        if input.consume_key(Modifiers::COMMAND, Key::A) {
            memory.commands.push(TableCommand::SelectAll);
        }
        if input.consume_key(Modifiers::NONE, Key::Space) {
            memory.commands.push(TableCommand::ToggleDetail);
        }
        if let Some(Focus::Row(row)) = ringed
            && input.consume_key(Modifiers::NONE, Key::Enter)
        {
            memory.is_following = true;
            memory.commands.push(TableCommand::Open(row.clone()));
        }
        if input.events.iter().any(|event| matches!(event, Event::Copy)) {
            memory.commands.extend(copy(frame, memory));
        }
    });
}

fn first_line<R: Row>(frame: &Frame<'_, R>) -> Option<Focus> {
    let lines = frame.table.lines;
    match lines.at(0)? {
        Line::Row(position) => row_at(frame, position).map(|row| Focus::Row(row.id().into())),
        Line::Group(number) => lines.group(number).map(|group| Focus::Group(group.service.clone())),
    }
}

/// As in a tree: right shows the rows of a group and goes on to the first, left goes from a row to its group and hides the rows. Enter
/// and Space on the line of a group show or hide them.
fn group_keys<R: Row>(ui: &Ui, frame: &Frame<'_, R>, memory: &mut Memory, ringed: &Focus) {
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let (left, right) = (pressed(Key::ArrowLeft), pressed(Key::ArrowRight));
    let (table, lines) = (frame.table, frame.table.lines);
    let command = match ringed {
        Focus::Group(service) => {
            let turns = pressed(Key::Enter) || pressed(Key::Space);
            if !(turns || left || right) {
                return;
            }
            let is_expanded = lines.number_of(service).is_some_and(|number| lines.is_expanded(number));
            if turns || left && is_expanded || right && !is_expanded {
                Some(TableCommand::Expand(service.clone(), !is_expanded))
            } else {
                right.then_some(TableCommand::MoveFocus { step: 1, extend: false })
            }
        }
        Focus::Row(_) if left => {
            let line = table.selection.focus_line(table.rows, lines);
            let position = line.map(|line| lines.row_from(line));
            let group = position.and_then(|position| lines.group(lines.group_of_row(position)?));
            group.map(|group| TableCommand::FocusGroup(group.service.clone()))
        }
        Focus::Row(_) => None,
    };
    memory.is_following |= command.is_some();
    memory.commands.extend(command);
}

/// How many rows are searched for what is typed, so that no frame stalls; the search field searches all.
const TYPE_AHEAD_ROWS: usize = 20_000;

/// Letters typed sooner after one another than this belong together, in seconds.
const TYPE_AHEAD_SECS: f64 = 1.0;

/// Goes to the next row whose sorted column, else first column, begins with what is typed.
fn type_ahead<R: Row>(ui: &Ui, frame: &Frame<'_, R>, memory: &mut Memory) {
    let (now, letters) = ui.input(|input| {
        let texts =
            input.events.iter().filter_map(|event| if let Event::Text(text) = event { Some(text) } else { None });
        (input.time, texts.map(String::as_str).collect::<String>())
    });
    let is_new = memory.typed.0.is_empty() || now - memory.typed.1 > TYPE_AHEAD_SECS;
    // A space alone opens the details.
    if letters.is_empty() || is_new && letters.trim().is_empty() {
        return;
    }
    if is_new {
        memory.typed.0.clear();
    }
    memory.typed.0.push_str(&letters.to_lowercase());
    memory.typed.1 = now;
    ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Space));
    let sorted = frame.table.layout.sort.first();
    let sorted = sorted.and_then(|by| frame.columns.iter().find(|shown| shown.column.key == by.key));
    // Nobody looks for a row by the digits of a time: then it is the service's name.
    let by_words = sorted.filter(|shown| !matches!(shown.column.kind, Kind::Instant | Kind::Upcoming));
    let by_service = || frame.columns.iter().find(|shown| shown.column.kind == Kind::Service);
    let Some(column) = by_words.or_else(by_service).or(frame.columns.first()).map(|shown| shown.column) else { return };
    let lines = frame.table.lines;
    let line = frame.table.selection.focus_line(frame.table.rows, lines);
    let count = lines.order().len();
    // A first letter looks below the focused line, the letters after it at that line too.
    let from = line.map_or(0, |line| lines.row_from(if is_new { line + 1 } else { line }));
    let found = (0..count.min(TYPE_AHEAD_ROWS)).map(|step| (from + step) % count).find(|position| {
        row_at(frame, *position)
            .is_some_and(|row| column.cell(&row, frame.table.context).to_lowercase().starts_with(&memory.typed.0))
    });
    if let Some(row) = found.and_then(|position| row_at(frame, position)) {
        (memory.is_following, memory.focus) = (true, None);
        memory.commands.push(TableCommand::Select(row.id().into()));
    }
}

/// One row: the cell last clicked. Several: the rows. Nothing before the keyboard is on any row.
fn copy<R: Row>(frame: &Frame<'_, R>, memory: &Memory) -> Option<TableCommand> {
    let selection = frame.table.selection;
    let column = memory.column.or(frame.columns.first().map(|shown| &shown.column.key));
    match (selection.len(), column, selection.focused_row()) {
        (0 | 1, Some(key), Some(row)) => Some(TableCommand::CopyCell { row: row.into(), key: key.clone() }),
        (0, _, None) => None,
        _ => Some(TableCommand::CopyRows(CopyFormat::Tsv)),
    }
}
