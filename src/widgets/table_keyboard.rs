//! The keys of a table: move, extend, find by letters, open a row or its menu, copy.

use egui::{Event, EventFilter, Key, Modifiers, Ui};

use super::table_parts::{Frame, Memory, row_at};
use super::{menu, table_header, table_row};
use crate::grid::{CopyFormat, Kind, Row, RowKey, TableCommand};

/// Takes the keys of a table that has the keyboard.
pub(super) fn keyboard<R: Row>(ui: &Ui, frame: &Frame<'_, R>, memory: &mut Memory) {
    // Escape closes what is open elsewhere; it does not take the keyboard away.
    let kept = EventFilter { vertical_arrows: true, escape: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(frame.id, kept));
    let count = frame.table.index.order.len();
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
    let focus = frame.table.selection.focus();
    // With no row chosen yet the ring is around the first one, and Enter and the menu key mean that row; not the key that has
    // only just brought the keyboard here.
    let first_row = row_at(frame, 0);
    let first = first_row.as_ref().map(R::id);
    let ringed = focus.or(first.filter(|_| memory.had_keyboard));
    // The position of the focus is looked for in the whole order, so only after a letter; the first row is known without.
    if ringed.is_some() && ringed == first && ui.input_mut(|input| menu::consume_alone(input, Key::ArrowUp)) {
        table_header::take_keyboard(ui, frame);
    }
    if let (Some(row_id), true) = (ringed, menu::is_menu_key(ui)) {
        if !frame.table.selection.contains(row_id) {
            memory.commands.push(TableCommand::Select(row_id.into()));
        }
        memory.menu_of = Some(RowKey::from(row_id));
        (memory.is_following, memory.focus) = (true, None);
    }
    type_ahead(ui, frame, memory);
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
        if let Some(row_id) = ringed
            && input.consume_key(Modifiers::NONE, Key::Enter)
        {
            memory.is_following = true;
            memory.commands.push(TableCommand::Open(row_id.into()));
        }
        if let Some(row_id) = focus
            && input.events.iter().any(|event| matches!(event, Event::Copy))
        {
            let copied = copy(frame, memory, row_id);
            memory.commands.push(copied);
        }
    });
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
    let position = frame.table.selection.focus_index(frame.table.rows, &frame.table.index.order);
    let count = frame.table.index.order.len();
    // A first letter looks below the focused row, the letters after it at that row too.
    let from = position.map_or(0, |position| if is_new { position + 1 } else { position });
    let found = (0..count.min(TYPE_AHEAD_ROWS)).map(|step| (from + step) % count).find(|position| {
        row_at(frame, *position)
            .is_some_and(|row| column.cell(&row, frame.table.context).to_lowercase().starts_with(&memory.typed.0))
    });
    if let Some(row) = found.and_then(|position| row_at(frame, position)) {
        (memory.is_following, memory.focus) = (true, None);
        memory.commands.push(TableCommand::Select(row.id().into()));
    }
}

/// One row: the cell last clicked. Several: the rows.
fn copy<R: Row>(frame: &Frame<'_, R>, memory: &Memory, row_id: &str) -> TableCommand {
    match (frame.table.selection.len(), memory.column.or(frame.columns.first().map(|shown| &shown.column.key))) {
        (0 | 1, Some(key)) => TableCommand::CopyCell { row: row_id.into(), key: key.clone() },
        _ => TableCommand::CopyRows(CopyFormat::Tsv),
    }
}
