//! The rows of a table: which are in sight, clicks, the menu of a row.

use std::ops::Range;

use egui::{Color32, Rect, Response, Role, Sense, Stroke, Tooltip, Ui, WidgetInfo, pos2, vec2};

use super::menu::{self, menu_item};
use super::table_parts::{Frame, LEADING_PAD, Memory, PADDING, ReadLine, RowLines, RowMenu, Shown, row_at};
use super::{paint, table_cells, table_nodes};
use crate::domain::format_count;
use crate::grid::{Column, CopyFormat, Focus, Row, RowKey, TableCommand};
use crate::theme::{self, icon, space};

/// How many rows the view has space for.
pub(super) fn rows_in<R: Row>(frame: &Frame<'_, R>) -> usize {
    whole(frame.viewport.height() / frame.row_height).max(1)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a position in the order, never negative")]
fn whole(rows: f32) -> usize {
    rows.max(0.0) as usize
}

/// The positions of the rows that can be seen, where the first of `count` rows begins at `top`.
pub(super) fn in_sight<R: Row>(frame: &Frame<'_, R>, top: f32, count: usize) -> Range<usize> {
    let first = whole((frame.viewport.top() - top) / frame.row_height).min(count);
    let end = whole(((frame.viewport.bottom() - top) / frame.row_height).ceil()).min(count);
    first..end
}

/// One row over `rect`, from the left edge of the first column to the right edge of the last one, at this line and this position in the order.
pub(super) fn row_ui<R: Row>(
    ui: &Ui,
    frame: &Frame<'_, R>,
    memory: &mut Memory,
    menu: &mut RowLines<'_>,
    [line, position]: [usize; 2],
    rect: Rect,
) {
    let Some(data) = &row_at(frame, position) else { return };
    let response = row_widget_ui(ui, frame, data, position, rect);
    let (cut, cells) = table_cells::row_cells_ui(ui, frame, data, &response, rect);
    if let Some(text) = cut {
        Tooltip::for_widget(&response).at_pointer().show(|ui| ui.label(text));
    }
    clicks(&response, frame, data, memory);
    row_menu(&response, frame, data, memory, menu);
    if frame.table.selection.focused_row() == Some(data.id()) {
        memory.focused_row = Some(response.id);
    }
    if frame.is_read {
        let is_selected = Some(frame.table.selection.contains(data.id()));
        table_nodes::line_node(ui, ReadLine { id: response.id, line, is_selected, cells });
    }
}

/// The one widget of a row, all over the view, which is clicked and read out.
fn row_widget_ui<R: Row>(ui: &Ui, frame: &Frame<'_, R>, data: &R, position: usize, row: Rect) -> Response {
    let rect = Rect::from_x_y_ranges(frame.viewport.x_range(), row.y_range());
    let id = if data.id().is_empty() { frame.id.with(("place", position)) } else { frame.id.with(("row", data.id())) };
    let response = ui.interact(rect, id, Sense::CLICK);
    response.widget_info(|| {
        let mut name = data.name(frame.table.context);
        for (words, number) in [(", row ", position + 1), (" of ", frame.table.lines.order().len())] {
            name.push_str(words);
            name.push_str(&number.to_string());
        }
        WidgetInfo { enabled: ui.is_enabled(), label: Some(name), ..WidgetInfo::new(Role::Row) }
    });
    response
}

/// The width that shows every cell of a column that is in sight.
pub(super) fn fitting_width<R: Row>(ui: &Ui, frame: &Frame<'_, R>, memory: &Memory, shown: &Shown<R>) -> f32 {
    let first = whole(memory.view.0 / frame.row_height);
    let numbers = (first..=first + rows_in(frame)).filter_map(|line| frame.table.lines.row_at(line));
    let rows = numbers.filter_map(|number| frame.table.rows.get(number));
    let widest = rows.fold(0.0_f32, |widest, data| {
        let text = shown.column.cell(&data, frame.table.context);
        let font = frame.fonts.of(shown.column.kind).clone();
        widest.max(paint::line(ui.painter(), &text, font, Color32::PLACEHOLDER, f32::INFINITY).size().x)
    });
    widest + table_cells::icon_width(shown.column.kind) + 2.0 * PADDING + 1.0
}

/// The column under the pointer.
fn column_at<R: Row>(frame: &Frame<'_, R>, response: &Response) -> Option<&'static Column<R>> {
    let x = response.interact_pointer_pos()?.x;
    // The left edge of the columns is the left edge of the first cell, which scrolls under the view.
    let first_left = response.ctx.data(|data| data.get_temp::<f32>(frame.id.with("left")))?;
    let view_left = frame.viewport.left();
    let (stuck, free): (Vec<_>, Vec<_>) = frame.columns.iter().partition(|shown| shown.is_stuck(first_left, view_left));
    let has_pointer = |shown: &&Shown<R>| {
        let left = shown.left_at(first_left, view_left);
        (left..left + shown.width).contains(&x)
    };
    stuck.into_iter().chain(free).find(has_pointer).map(|shown| shown.column)
}

fn clicks<R: Row>(response: &Response, frame: &Frame<'_, R>, data: &R, memory: &mut Memory) {
    let is_menu = response.secondary_clicked();
    memory.takes_keyboard |= response.clicked() || is_menu || response.is_pointer_button_down_on();
    if !response.clicked() && !is_menu {
        return;
    }
    let column = column_at(frame, response).or(frame.columns.first().map(|shown| shown.column));
    memory.column = column.map(|column| &column.key);
    let row = RowKey::from(data.id());
    // A menu acts on what is selected; opened elsewhere it first selects its own row.
    if is_menu && frame.table.selection.contains(data.id()) {
        return;
    }
    let modifiers = response.ctx.input(|input| input.modifiers);
    // It is in sight: nothing to follow.
    memory.is_following = false;
    memory.commands.push(if modifiers.shift && !is_menu {
        TableCommand::Extend(row)
    } else if modifiers.command && !is_menu {
        TableCommand::Toggle(row)
    } else if response.double_clicked() {
        TableCommand::Open(row)
    } else {
        TableCommand::Select(row)
    });
}

fn row_menu<R: Row>(response: &Response, frame: &Frame<'_, R>, data: &R, memory: &mut Memory, menu: &mut RowLines<'_>) {
    let by_key =
        frame.has_focus && memory.menu_of.take_if(|of| matches!(of, Focus::Row(row) if *row == data.id())).is_some();
    let below = response.rect.with_max_x(response.rect.left() + 2.0 * LEADING_PAD + 160.0);
    menu::context_menu(response, by_key, below, |ui| {
        let Some(key) = memory.column.or(frame.columns.first().map(|shown| &shown.column.key)) else { return };
        let before = ui.min_rect().height();
        menu(ui, RowMenu::Actions, data.id(), key);
        if ui.min_rect().height() > before {
            ui.separator();
        }
        let Some(column) = R::column(key.as_str()) else { return };
        facet_menu_ui(ui, frame, data, column, memory);
        let copies = frame.table.selection.len().max(1);
        let rows = if copies == 1 { "Copy row".to_owned() } else { format!("Copy {copies} rows") };
        if menu_item(ui, icon::COPY, "Copy cell", "").clicked() {
            memory.commands.push(TableCommand::CopyCell { row: data.id().into(), key: key.clone() });
            ui.close();
        }
        if menu_item(ui, icon::ROWS, &rows, "").clicked() {
            memory.commands.push(TableCommand::CopyRows(CopyFormat::Tsv));
            ui.close();
        }
        menu(ui, RowMenu::Copies, data.id(), key);
    });
}

/// The lines that filter by the value of a cell, where a filter can take it.
fn facet_menu_ui<R: Row>(ui: &mut Ui, frame: &Frame<'_, R>, data: &R, column: &Column<R>, memory: &mut Memory) {
    let Some(facet) = column.facet else { return };
    let value = data.facet(facet);
    if value.is_empty() {
        return;
    }
    let cell = column.cell(data, frame.table.context);
    let name = if cell.is_empty() { value } else { cell.as_ref() };
    let count = frame.table.facets.count(facet, value).map(format_count).unwrap_or_default();
    if menu_item(ui, icon::FILTER, &format!("Only {name}"), &count).clicked() {
        memory.commands.push(TableCommand::FilterBy(facet, value.to_owned()));
        ui.close();
    } else if menu_item(ui, icon::PROHIBIT, &format!("Without {name}"), "").clicked() {
        memory.commands.push(TableCommand::Exclude(facet, value.to_owned()));
        ui.close();
    }
    ui.separator();
}

/// The shape of a row to come.
pub(super) fn skeleton_ui<R: Row>(ui: &Ui, frame: &Frame<'_, R>, position: usize, row: Rect) {
    /// Widths as parts of a cell, so that it looks like words.
    const PARTS: [f32; 7] = [0.72, 0.48, 0.86, 0.6, 0.4, 0.78, 0.55];
    let (tokens, painter) = (theme::tokens(ui), ui.painter());
    for (number, shown) in frame.columns.iter().enumerate() {
        let rect = Rect::from_min_size(pos2(row.left() + shown.left, row.top()), vec2(shown.width, row.height()));
        let rect = rect.with_min_x(rect.left() + shown.leading_pad);
        let part = PARTS.get((position * 3 + number) % PARTS.len()).copied().unwrap_or(0.5);
        let size = vec2((rect.width() - 2.0 * PADDING) * part, space::S);
        let is_right = shown.column.is_right_aligned();
        let left = if is_right { rect.right() - PADDING - size.x } else { rect.left() + PADDING };
        let bar = Rect::from_min_size(pos2(left, rect.center().y - size.y / 2.0), size);
        painter.rect_filled(bar, size.y / 2.0, tokens.line_subtle);
    }
    painter.hline(frame.viewport.x_range(), row.bottom() - 0.5, Stroke::new(1.0, tokens.line_subtle));
    if position == 0 {
        let response = ui.interact(row, frame.id.with("skeleton"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, "Loading"));
    }
}
