//! The header of a table: sort, widths, order, and which columns are shown.

use egui::{
    CursorIcon, EventFilter, Key, Modifiers, Rect, Response, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder,
    WidgetInfo, vec2,
};

use super::focus_group::next_member;
use super::menu::{self, MenuMark, menu_choice, menu_item};
use super::paint;
use super::table_parts::{Frame, Memory, PADDING, Shown};
use super::{table_nodes, table_row};
use crate::grid::{ColumnKey, Direction, Layout, Row, TableCommand};
use crate::theme::{self, icon, radius, space};

/// The narrowest a column can be, in points.
pub(super) const MIN_WIDTH: f32 = 48.0;

/// The space for the arrow of a sort and its rank, in points.
const SORT_MARK: f32 = 24.0;

/// How far from an edge it can be grabbed, in points.
const GRAB: f32 = 4.0;

/// Draws the header over `rect`, moved left by `offset_x` with the rows.
pub(super) fn header_ui<R: Row>(ui: &mut Ui, frame: &Frame<'_, R>, memory: &mut Memory, rect: Rect, offset_x: f32) {
    let tokens = theme::tokens(ui);
    ui.painter().rect_filled(rect, 0, tokens.panel);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.line_subtle));
    let mut inner =
        ui.new_child(UiBuilder::new().scope_id(frame.id.with("header")).accessibility_parent(frame.id).max_rect(rect));
    inner.shrink_clip_rect(rect);
    let ui = &inner;
    let first_left = rect.left() - offset_x;
    ui.data_mut(|data| data.insert_temp(frame.id.with("left"), first_left));
    let rect_of = |shown: &Shown<R>| {
        let left = shown.left_at(first_left, rect.left());
        Rect::from_min_size(egui::pos2(left, rect.top()), vec2(shown.width, rect.height()))
    };
    // Those that stay come last: the others pass under them.
    let (stuck, free): (Vec<_>, Vec<_>) =
        frame.columns.iter().partition(|shown| shown.is_stuck(first_left, rect.left()));
    let count = free.len();
    for (number, shown) in free.into_iter().chain(stuck).enumerate() {
        let cell = rect_of(shown);
        if number >= count {
            ui.painter().rect_filled(cell.with_max_y(rect.bottom() - 1.0), 0, tokens.panel);
            // Takes the pointer from the headers below.
            ui.interact(cell, frame.id.with(("under", &shown.column.key)), Sense::CLICK | Sense::DRAG);
        }
        let response = cell_ui(ui, frame, shown, cell, memory);
        if response.clicked() {
            let extend = ui.input(|input| input.modifiers.shift);
            memory.commands.push(TableCommand::Sort { key: shown.column.key.clone(), extend });
        }
        if response.drag_started() {
            memory.dragged = Some(&shown.column.key);
        }
        let by_key = response.has_focus() && menu::is_menu_key(ui);
        menu::context_menu(&response, by_key, cell, |ui| header_menu(ui, frame, shown, memory));
        paint::tooltip(response, shown.column.help);
        edge_ui(ui, frame, shown, cell, memory);
    }
    let mut edges: Vec<f32> = frame.columns.iter().map(|shown| rect_of(shown).left()).collect();
    edges.extend(frame.columns.last().map(|shown| rect_of(shown).right()));
    keyboard(ui, frame);
    drag_ui(ui, frame, memory, rect, &edges);
}

fn header_id<R: Row>(frame: &Frame<'_, R>, key: &ColumnKey) -> egui::Id {
    frame.id.with(("header", key))
}

/// The keyboard goes from the rows up to the headers: to the one the table is sorted by, else to the first.
pub(super) fn take_keyboard<R: Row>(ui: &Ui, frame: &Frame<'_, R>) {
    let is_shown = |key: &ColumnKey| frame.columns.iter().any(|shown| shown.column.key == *key);
    let sorted = frame.table.layout.sort.iter().map(|by| &by.key).find(|key| is_shown(key));
    if let Some(key) = sorted.or(frame.columns.first().map(|shown| &shown.column.key)) {
        ui.memory_mut(|memory| memory.request_focus(header_id(frame, key)));
    }
}

/// On a header: left, right, Home and End go along the headers, down goes back to the rows.
fn keyboard<R: Row>(ui: &Ui, frame: &Frame<'_, R>) {
    let ids: Vec<egui::Id> = frame.columns.iter().map(|shown| header_id(frame, &shown.column.key)).collect();
    let Some(position) = ids.iter().position(|id| ui.memory(|memory| memory.has_focus(*id))) else { return };
    let arrows = EventFilter { vertical_arrows: true, horizontal_arrows: true, ..EventFilter::default() };
    let along = next_member(ui, &ids, position, [Key::ArrowLeft, Key::ArrowRight]);
    let down = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::ArrowDown));
    let next = if down { Some(frame.id) } else { along };
    ui.memory_mut(|memory| {
        if let Some(id) = ids.get(position) {
            memory.set_focus_lock_filter(*id, arrows);
        }
        if let Some(next) = next {
            memory.request_focus(next);
        }
    });
}

fn cell_ui<R: Row>(ui: &Ui, frame: &Frame<'_, R>, shown: &Shown<R>, cell: Rect, memory: &Memory) -> Response {
    let tokens = theme::tokens(ui);
    let column = shown.column;
    // The whole name of the zone is in the accessible name and in the tooltip; its last part is enough to read.
    let zone = frame.table.context.zone;
    let (text, drawn) = (column.header_text(&zone.full_label()), column.header_text(&zone.short_label()));
    let sort = frame.table.layout.sort_of(&column.key);
    let id = header_id(frame, &column.key);
    // Tab stops at the table once: its headers are reached from the first row.
    let has_keyboard = ui.memory(|memory| memory.has_focus(id));
    let sense = if has_keyboard { Sense::click_and_drag() } else { Sense::CLICK | Sense::DRAG };
    let response = ui.interact(cell.shrink2(vec2(GRAB, 0.0)), id, sense);
    response.widget_info(|| {
        let name = match sort {
            Some((Direction::Ascending, _)) => format!("{text}, sorted ascending"),
            Some((Direction::Descending, _)) => format!("{text}, sorted descending"),
            None => text.clone().into_owned(),
        };
        WidgetInfo::labeled(Role::ColumnHeader, ui.is_enabled(), name)
    });
    if frame.is_read {
        let place = frame.columns.iter().position(|other| other.column.key == column.key);
        table_nodes::header_node(&response, place, sort.map(|(direction, _)| direction));
    }
    let painter = ui.painter();
    let is_hot = response.hovered() || paint::has_context_menu(&response);
    if is_hot {
        painter.rect_filled(cell.shrink2(vec2(0.0, 0.5)), 0, tokens.hover);
    }
    let is_dragged = memory.dragged == Some(&column.key);
    let color = match (is_dragged, sort.is_some() || is_hot) {
        (true, _) => tokens.text_faint,
        (false, true) => tokens.text,
        (false, false) => tokens.text_secondary,
    };
    let font = theme::semibold(12.0);
    let mark = match sort {
        Some((_, Some(_))) => SORT_MARK,
        Some((_, None)) => 14.0,
        None => 0.0,
    };
    let inner = cell.with_min_x(cell.left() + shown.leading_pad);
    let words = paint::line(painter, &drawn, font, color, inner.width() - 2.0 * PADDING - mark);
    let y = cell.center().y;
    let x = if column.is_right_aligned() {
        inner.right() - PADDING - words.size().x - mark
    } else {
        inner.left() + PADDING
    };
    let end = x + words.size().x;
    let is_cut = words.elided || drawn != text;
    paint::left_centered(painter, x, y, words, color);
    if let Some((direction, rank)) = sort {
        arrow(ui, egui::pos2(end + 9.0, y), direction);
        if let Some(rank) = rank {
            let small = egui::FontId::new(12.0, egui::FontFamily::Proportional);
            let number = paint::line(painter, &rank.to_string(), small, tokens.text_secondary, 12.0);
            paint::left_centered(painter, end + 15.0, y, number, tokens.text_secondary);
        }
    }
    paint::focus_ring(ui, &response, cell.shrink(1.0));
    if is_cut { response.on_hover_text(text) } else { response }
}

/// A small triangle, painted so that no font is asked.
fn arrow(ui: &Ui, at: egui::Pos2, direction: Direction) {
    let tokens = theme::tokens(ui);
    let rise = if direction == Direction::Ascending { 2.0 } else { -2.0 };
    let points = vec![at + vec2(-3.5, rise), at + vec2(3.5, rise), at + vec2(0.0, -rise)];
    ui.painter().add(egui::Shape::convex_polygon(points, tokens.accent_text, Stroke::NONE));
}

/// The right edge of a column: drag for the width, double-click to fit.
fn edge_ui<R: Row>(ui: &Ui, frame: &Frame<'_, R>, shown: &Shown<R>, cell: Rect, memory: &mut Memory) {
    let tokens = theme::tokens(ui);
    let key = &shown.column.key;
    let edge = Rect::from_min_max(cell.right_top() - vec2(GRAB, 0.0), cell.right_bottom() + vec2(GRAB, 0.0));
    let response = ui.interact(edge, frame.id.with(("edge", key)), Sense::CLICK | Sense::DRAG);
    let is_hot = response.hovered() || response.dragged();
    if is_hot {
        ui.set_cursor_icon(CursorIcon::ResizeColumn);
    }
    let (stroke, inset) =
        if is_hot { (Stroke::new(2.0, tokens.accent_text), 0.0) } else { (Stroke::new(1.0, tokens.line_subtle), 8.0) };
    ui.painter().vline(cell.right() - 0.5, cell.y_range().shrink(inset), stroke);
    if response.drag_started() {
        memory.resize = Some((key, shown.width - shown.leading_pad));
    }
    if response.dragged()
        && let Some((dragged, width)) = &mut memory.resize
        && *dragged == key
    {
        *width = (*width + response.drag_delta().x).max(MIN_WIDTH);
    }
    if response.drag_stopped()
        && let Some((_, width)) = memory.resize.take()
    {
        memory.commands.push(TableCommand::Resize(key.clone(), width.round()));
    }
    if response.double_clicked() {
        fit(ui, frame, shown, memory);
    }
}

/// Makes a column as wide as its header and every cell in sight.
fn fit<R: Row>(ui: &Ui, frame: &Frame<'_, R>, shown: &Shown<R>, memory: &mut Memory) {
    let tokens = theme::tokens(ui);
    let text = shown.column.header_text(&frame.table.context.zone.short_label());
    let words = paint::line(ui.painter(), &text, theme::semibold(12.0), tokens.text, f32::INFINITY);
    let header = words.size().x + 2.0 * PADDING + SORT_MARK;
    let width = table_row::fitting_width(ui, frame, memory, shown).max(header).ceil();
    memory.commands.push(TableCommand::Resize(shown.column.key.clone(), width));
}

/// While a header is dragged: its name at the pointer and a line where it would go.
fn drag_ui<R: Row>(ui: &Ui, frame: &Frame<'_, R>, memory: &mut Memory, rect: Rect, edges: &[f32]) {
    let Some(key) = memory.dragged else { return };
    let pointer = ui.input(|input| input.pointer.interact_pos().or(input.pointer.latest_pos()));
    let (Some(pointer), Some(from)) = (pointer, frame.columns.iter().position(|shown| shown.column.key == *key)) else {
        memory.dragged = None;
        return;
    };
    let nearest = edges
        .iter()
        .enumerate()
        .min_by(|(_, a), (_, b)| (*a - pointer.x).abs().total_cmp(&(*b - pointer.x).abs()))
        .map_or(0, |(number, _)| number);
    if ui.input(|input| input.pointer.any_down()) {
        let tokens = theme::tokens(ui);
        ui.set_cursor_icon(CursorIcon::Grabbing);
        if let Some(x) = edges.get(nearest) {
            ui.painter().vline(*x, rect.y_range(), Stroke::new(2.0, tokens.accent_text));
        }
        let name = frame.columns.get(from).map_or("", |shown| shown.column.header);
        name_at_pointer(ui, name, egui::pos2(pointer.x, rect.center().y));
        return;
    }
    memory.dragged = None;
    memory.commands.extend(moved(frame.table.layout, from, nearest));
}

/// The name of the column being dragged, on a plate of its own.
fn name_at_pointer(ui: &Ui, name: &str, at: egui::Pos2) {
    let tokens = theme::tokens(ui);
    let words = paint::line(ui.painter(), name, theme::semibold(12.0), tokens.text, f32::INFINITY);
    let around = Rect::from_center_size(at, words.size() + vec2(2.0 * space::S, space::S));
    let stroke = Stroke::new(1.0, tokens.line_strong);
    ui.painter().rect(around, radius::CONTROL, tokens.raised, stroke, egui::StrokeKind::Inside);
    paint::left_centered(ui.painter(), around.left() + space::S, at.y, words, tokens.text);
}

/// The move of shown column `from` before shown column `before`, or to the end.
fn moved(layout: &Layout, from: usize, before: usize) -> Option<TableCommand> {
    let to = if before > from { before - 1 } else { before };
    let (from_index, to_index) = (layout.index_of_visible(from)?, layout.index_of_visible(to)?);
    (to != from).then_some(TableCommand::Move { from: from_index, to: to_index })
}

fn header_menu<R: Row>(ui: &mut Ui, frame: &Frame<'_, R>, shown: &Shown<R>, memory: &mut Memory) {
    let key = &shown.column.key;
    let sorted = frame.table.layout.sort_of(key).map(|(direction, _)| direction);
    for (words, glyph, direction) in [
        ("Sort ascending", icon::ARROW_UP, Direction::Ascending),
        ("Sort descending", icon::ARROW_DOWN, Direction::Descending),
    ] {
        let glyph = if sorted == Some(direction) { icon::CHECK } else { glyph };
        if menu_item(ui, glyph, words, "").clicked() {
            memory.commands.push(TableCommand::SortTo(key.clone(), direction));
            ui.close();
        }
    }
    ui.separator();
    if menu_item(ui, icon::COLUMNS, "Fit width", "").clicked() {
        fit(ui, frame, shown, memory);
        ui.close();
    }
    let is_frozen = frame.table.layout.frozen.contains(key);
    if menu_item(ui, icon::PUSH_PIN, if is_frozen { "Unfreeze" } else { "Freeze" }, "").clicked() {
        memory.commands.push(TableCommand::Freeze(key.clone(), !is_frozen));
        ui.close();
    }
    let position = frame.columns.iter().position(|other| other.column.key == *key).unwrap_or(0);
    if position > 0 && menu_item(ui, icon::ARROW_LEFT, "Move left", "").clicked() {
        memory.commands.extend(moved(frame.table.layout, position, position - 1));
        ui.close();
    }
    if position + 1 < frame.columns.len() && menu_item(ui, icon::ARROW_RIGHT, "Move right", "").clicked() {
        memory.commands.extend(moved(frame.table.layout, position, position + 2));
        ui.close();
    }
    if frame.columns.len() > 1 && menu_item(ui, icon::EYE_SLASH, "Hide column", "").clicked() {
        memory.commands.push(TableCommand::Show(key.clone(), false));
        ui.close();
    }
    ui.separator();
    columns_menu_ui::<R>(ui, frame.table.layout, &mut memory.commands);
}

/// The list of all columns with a mark at those shown, and the way back to the first layout. Draw it inside a menu.
fn columns_menu_ui<R: Row>(ui: &mut Ui, layout: &Layout, commands: &mut Vec<TableCommand>) {
    let tokens = theme::tokens(ui);
    ui.horizontal(|ui| {
        ui.add_space(space::S);
        ui.label(egui::RichText::new("Columns").small().color(tokens.text_secondary));
    });
    ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        for laid in &layout.columns {
            let Some(column) = R::column(laid.key.as_str()) else { continue };
            let response = menu_choice(ui, MenuMark::Check(laid.visible), column.header, "");
            if response.clicked() {
                commands.push(TableCommand::Show(laid.key.clone(), !laid.visible));
            }
        }
    });
    ui.separator();
    if menu_item(ui, icon::RESTORE, "Restore defaults", "").clicked() {
        commands.push(TableCommand::ResetLayout);
        ui.close();
    }
}
