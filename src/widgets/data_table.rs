//! The table: any number of rows, only those in sight are drawn.
//!
//! Each row is one widget to click, in a scroll area that is as long as all rows; its cells are painted. Nothing is made of egui's
//! own widgets here: a `Ui` for each cell would cost more than its text.
//! Widths, order and sort live in the [`Layout`] the caller holds; this file keeps only what a frame must remember for the next one.

use egui::{Id, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::table_parts::{CellFonts, DataTable, Frame, LEADING_PAD, Memory, RowLines, Shown};
use super::{paint, table_group, table_header, table_keyboard, table_row};
use crate::grid::{Column, Kind, Layout, Line, Row, TableCommand};
use crate::theme::height;

/// The id the keyboard is on while a table has it.
fn table_id(id: &str) -> Id {
    Id::unique(("data_table", id))
}

/// Gives the table with this id the keyboard.
pub fn focus_table(ctx: &egui::Context, id: &str) {
    ctx.memory_mut(|memory| memory.request_focus(table_id(id)));
}

/// The next frame of this table scrolls to its focused row.
pub fn follow_focus(ctx: &egui::Context, id: &str) {
    let id = table_id(id);
    ctx.data_mut(|data| {
        let memory: &mut Memory = data.get_temp_mut_or_default(id);
        memory.is_following = true;
        memory.focus = None;
    });
}

/// Shows the table in all the space at hand; returns what was done to it. `menu` adds lines to a part of the context menu of a row. It
/// gets the row's id and the key of the column under the pointer.
pub fn data_table<R: Row>(ui: &mut Ui, table: &DataTable<'_, R>, menu: &mut RowLines<'_>) -> Vec<TableCommand> {
    let id = table_id(table.id);
    let mut memory: Memory = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let header_height = if table.dense { height::ROW_COMPACT + 4.0 } else { height::ROW + 2.0 };
    let whole = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(whole);
    let header_rect = Rect::from_min_size(whole.min, vec2(whole.width(), header_height));
    let viewport = Rect::from_min_max(header_rect.left_bottom(), whole.max);
    let frame = Frame {
        table,
        id,
        columns: shown_columns(table.layout, &memory, viewport.width() - ui.spacing().scroll.allocated_width()),
        row_height: if table.dense { height::ROW_COMPACT } else { height::ROW },
        viewport,
        has_focus: ui.memory(|memory| memory.has_focus(id)),
        is_read: ui.ctx().has_accesskit_node(ui.unique_id()),
        fonts: CellFonts::new(ui),
    };
    if frame.has_focus {
        table_keyboard::keyboard(ui, &frame, &mut memory);
    }
    memory.focused_row = None;
    // Before what is in it, so that a screen reader finds header and rows inside the table.
    let keyboard_stop = ui.interact(whole, id, Sense::focusable_noninteractive());
    keyboard_stop.widget_info(|| WidgetInfo::labeled(Role::Grid, ui.is_enabled(), table.id));
    let offset_x = body_ui(ui, &frame, &mut memory, menu);
    table_header::header_ui(ui, &frame, &mut memory, header_rect, offset_x);
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_row_count(table.lines.len());
        node.set_column_count(frame.columns.len());
        node.set_multiselectable();
        // What a screen reader speaks while the table has the keyboard.
        if let Some(row) = memory.focused_row {
            node.set_active_descendant(row.accesskit_id());
        }
    });
    if std::mem::take(&mut memory.takes_keyboard) {
        keyboard_stop.request_focus();
    }
    if frame.has_focus && table.selection.focus().is_none() {
        // The line that an arrow key takes first; with no line the header.
        let first = if table.lines.is_empty() { header_rect } else { first_line_rect(&frame, &memory) };
        paint::focus_ring(ui, &keyboard_stop, first);
    }
    memory.had_keyboard = frame.has_focus;
    let commands = std::mem::take(&mut memory.commands);
    ui.data_mut(|data| data.insert_temp(id, memory));
    commands
}

/// Where the first line is, as far as it is in sight.
fn first_line_rect<R: Row>(frame: &Frame<'_, R>, memory: &Memory) -> Rect {
    let top = (frame.viewport.top() - memory.view.0).max(frame.viewport.top());
    Rect::from_min_size(pos2(frame.viewport.left(), top), vec2(frame.viewport.width(), frame.row_height))
}

/// The most a column of texts grows: on a wide screen its neighbour stays near.
const MOST_GROWN: f32 = 400.0;

/// The most of the view that frozen columns may take.
const MOST_FROZEN: f32 = 0.6;

fn shown_columns<R: Row>(layout: &Layout, memory: &Memory, view_width: f32) -> Vec<Shown<R>> {
    let mut columns: Vec<(&'static Column<R>, f32, bool)> = layout
        .visible()
        .filter_map(|laid| {
            let column = R::column(laid.key.as_str())?;
            let resized = memory.resize.filter(|(key, _)| **key == column.key).map(|(_, width)| width);
            let width = resized.unwrap_or(laid.width).round().max(table_header::MIN_WIDTH);
            // A width that was chosen stays as it was chosen.
            let grows = matches!(column.kind, Kind::Text | Kind::Service)
                && resized.is_none()
                && (laid.width - column.width).abs() < 0.5;
            Some((column, width, grows))
        })
        .collect();
    let growing = columns.iter().filter(|(.., grows)| *grows).count();
    let spare = view_width - LEADING_PAD - columns.iter().map(|(_, width, _)| width).sum::<f32>();
    if growing > 0 && spare > 0.0 {
        let each = (spare / growing as f32).floor().min(MOST_GROWN);
        columns.iter_mut().filter(|(.., grows)| *grows).for_each(|(_, width, _)| *width += each);
    }
    let (mut left, mut frozen) = (0.0, 0.0);
    let shown = columns.into_iter().enumerate().map(|(number, (column, width, _))| {
        let leading_pad = if number == 0 { LEADING_PAD } else { 0.0 };
        let width = width + leading_pad;
        let stays = layout.frozen.contains(&column.key) && frozen + width <= view_width * MOST_FROZEN;
        let shown = Shown { column, width, leading_pad, left, stop: stays.then_some(frozen) };
        left += width;
        frozen += if stays { width } else { 0.0 };
        shown
    });
    shown.collect()
}

/// Draws the rows; returns how far the view is scrolled to the right.
fn body_ui<R: Row>(ui: &mut Ui, frame: &Frame<'_, R>, memory: &mut Memory, menu: &mut RowLines<'_>) -> f32 {
    let lines = frame.table.lines;
    let is_waiting = lines.is_empty() && frame.table.loading;
    let mut body = ui.new_child(
        UiBuilder::new().scope_id(frame.id.with("body")).accessibility_parent(frame.id).max_rect(frame.viewport),
    );
    body.shrink_clip_rect(frame.viewport);
    body.spacing_mut().item_spacing = egui::Vec2::ZERO;
    let mut area = ScrollArea::both().id_salt("rows").auto_shrink(false);
    if let Some(offset) = offset_to_follow(frame, memory) {
        area = area.vertical_scroll_offset(offset);
    }
    let shown = area.show(&mut body, |ui| {
        let Some(last) = frame.columns.last() else { return };
        let count = if is_waiting { table_row::rows_in(frame) } else { lines.len() };
        let row_size = vec2(last.left + last.width, frame.row_height);
        let (_, all) = ui.allocate_space(vec2(row_size.x, count as f32 * row_size.y));
        for line in table_row::in_sight(frame, all.top(), count) {
            let top = all.top() + line as f32 * row_size.y;
            let rect = Rect::from_min_size(pos2(all.left(), top), row_size);
            match lines.at(line) {
                _ if is_waiting => table_row::skeleton_ui(ui, frame, line, rect),
                Some(Line::Row(position)) => table_row::row_ui(ui, frame, memory, menu, [line, position], rect),
                Some(Line::Group(number)) => table_group::group_ui(ui, frame, memory, [line, number], rect),
                None => {}
            }
        }
    });
    // Without the scroll bar at the bottom, which covers rows.
    memory.view = (shown.state.clamped_offset().y, shown.inner_rect.height());
    shown.state.clamped_offset().x
}

/// Where the view must be scrolled to so that the line the keyboard went to can be seen.
fn offset_to_follow<R: Row>(frame: &Frame<'_, R>, memory: &mut Memory) -> Option<f32> {
    let focus = frame.table.selection.focus();
    if memory.focus.as_ref() == focus {
        return None;
    }
    memory.focus = focus.cloned();
    if !std::mem::take(&mut memory.is_following) {
        return None;
    }
    let line = frame.table.selection.focus_line(frame.table.rows, frame.table.lines)?;
    let (offset, view_height) = memory.view;
    let top = line as f32 * frame.row_height;
    let bottom = top + frame.row_height;
    if top < offset {
        Some(top)
    } else if bottom > offset + view_height {
        Some(bottom - view_height)
    } else {
        None
    }
}
