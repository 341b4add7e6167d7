//! What a screen reader finds in a table beside the widgets: the place of each line, its cells, how a header sorts.
//!
//! The name of a row is a sentence about it, and is all that is spoken while the keyboard goes along the rows; the cells are for who
//! reads a row bit by bit. A cell is a node and nothing else: a widget for each of them would cost every frame, with no reader too.

use egui::accesskit::{self, Node, NodeId, SortDirection};
use egui::{Context, FullOutput, Plugin, Response, Role};

use super::table_parts::{ReadCell, ReadLine};
use crate::grid::Direction;

/// What an empty cell is called; a dash is painted there.
const EMPTY: &str = "none";

/// The cells of this pass, for the end of it. Through the [`Context`] each of them would be looked up several times, and be handed to the root
/// of the tree, as it is no widget.
#[derive(Default)]
struct CellNodes {
    nodes: Vec<(NodeId, Node)>,
    /// How many nodes there were in all the last time.
    all: usize,
}

impl Plugin for CellNodes {
    fn debug_name(&self) -> &'static str {
        "cells of tables"
    }

    fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
        let mut nodes = std::mem::take(&mut self.nodes);
        if let Some(update) = &mut output.platform_output.accesskit_update
            && !nodes.is_empty()
        {
            // There is space for the others behind them.
            nodes.append(&mut update.nodes);
            self.all = nodes.len();
            update.nodes = nodes;
        }
    }
}

/// Tells where this line is, and what is in it, once all else of it has been drawn. It has a widget.
pub(super) fn line_node(ctx: &Context, read: ReadLine) {
    let ReadLine { id, line, is_selected, mut cells } = read;
    // Those that stay where they are were painted last.
    cells.sort_unstable_by_key(|cell| cell.column);
    // Unlike the id of a tooltip of the row, for which egui takes the row's with a bare number.
    let salt = id.with("cell");
    let id_of = |cell: &ReadCell| salt.with(cell.column).accesskit_id();
    let has_node = ctx.accesskit_node_builder(id, |node| {
        node.set_row_index(line);
        if let Some(is_selected) = is_selected {
            node.set_selected(is_selected);
        }
        // Behind a menu that is open over the row.
        let children: Vec<NodeId> = node.children().iter().copied().chain(cells.iter().map(id_of)).collect();
        node.set_children(children);
    });
    if has_node.is_some() {
        let plugin = ctx.plugin_or_default::<CellNodes>();
        let CellNodes { nodes, all } = &mut *plugin.lock();
        if nodes.is_empty() {
            nodes.reserve_exact(*all);
        }
        nodes.extend(cells.into_iter().map(|cell| (id_of(&cell), cell_node(cell, line))));
    }
}

fn cell_node(cell: ReadCell, line: usize) -> Node {
    let ReadCell { column, rect, text, warning } = cell;
    let mut node = Node::new(Role::GridCell);
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
    node
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
