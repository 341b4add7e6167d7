//! What a screen reader finds in a table beside the widgets: the place of each line, its cells, how a header sorts.
//!
//! The name of a row is a sentence about it, and is all that is spoken while the keyboard goes along the rows; the cells are for who
//! reads a row bit by bit. A cell is a node and nothing else: a widget for each of them would cost every frame, with no reader too.

use egui::accesskit::{self, SortDirection};
use egui::{Context, Response, Role, accesskit_root_id};

use super::table_parts::{ReadCell, ReadLine};
use crate::grid::Direction;

/// What an empty cell is called; a dash is painted there.
const EMPTY: &str = "none";

/// Tells where these lines are, and what is in them. Each of them has a widget.
pub(super) fn line_nodes(ctx: &Context, lines: Vec<ReadLine>) {
    let root = accesskit_root_id();
    let Some(of_root) = ctx.accesskit_node_builder(root, |root| root.children().len()) else { return };
    for ReadLine { id, line, is_selected, mut cells } in lines {
        // Those that stay where they are were painted last.
        cells.sort_unstable_by_key(|cell| cell.column);
        // Unlike the id of a tooltip of the row, for which egui takes the row's with a bare number.
        let salt = id.with("cell");
        let mut ids = Vec::with_capacity(cells.len());
        for cell in cells {
            let id = salt.with(cell.column);
            ids.push(id.accesskit_id());
            ctx.accesskit_node_builder(id, |node| fill(node, cell, line));
        }
        ctx.accesskit_node_builder(id, |node| {
            node.set_row_index(line);
            if let Some(is_selected) = is_selected {
                node.set_selected(is_selected);
            }
            // Behind a menu that is open over the row.
            ids.splice(..0, node.children().iter().copied());
            node.set_children(ids);
        });
    }
    // egui hands a node that is no widget to the root: here it has a parent already.
    ctx.accesskit_node_builder(root, |root| {
        let children = root.children().iter().take(of_root).copied().collect::<Vec<_>>();
        root.set_children(children);
    });
}

fn fill(node: &mut accesskit::Node, cell: ReadCell, line: usize) {
    let ReadCell { column, rect, text, warning } = cell;
    node.set_role(Role::GridCell);
    node.set_label(if text.is_empty() { EMPTY.to_owned() } else { text });
    node.set_bounds(accesskit::Rect {
        x0: rect.min.x.into(),
        y0: rect.min.y.into(),
        x1: rect.max.x.into(),
        y1: rect.max.y.into(),
    });
    node.set_row_index(line);
    node.set_column_index(column);
    if let Some(warning) = warning {
        node.set_description(warning);
    }
}

/// Tells where the column of a header is among those shown, and how it sorts.
pub(super) fn header_node(header: &Response, column: Option<usize>, sort: Option<Direction>) {
    header.ctx.accesskit_node_builder(header.id, |node| {
        if let Some(column) = column {
            node.set_column_index(column);
        }
        match sort {
            Some(Direction::Ascending) => node.set_sort_direction(SortDirection::Ascending),
            Some(Direction::Descending) => node.set_sort_direction(SortDirection::Descending),
            None => {}
        }
    });
}
