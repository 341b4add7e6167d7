//! The table as a screen reader finds it: grid, rows, cells, headers, and where each of them is.

use egui::accesskit::{NodeId, SortDirection};
use egui::{Key, Modifiers, Role};
use egui_kittest::Harness;
use egui_kittest::kittest::{AccessKitNode, NodeT as _, Queryable as _};
use skybackup::domain::Backup;
use skybackup::grid::Row as _;
use skybackup::widgets::focus_table;

use super::table::{Screen, WIDE, harness, wheel};

type Table<'a> = Harness<'a, Screen>;

fn grid<'h>(table: &'h Table<'_>) -> AccessKitNode<'h> {
    table.get_by_role(Role::Grid).accesskit_node()
}

fn rows<'h>(table: &'h Table<'_>) -> Vec<AccessKitNode<'h>> {
    table.query_all_by_role(Role::Row).map(|row| row.accesskit_node()).collect()
}

fn cells<'h>(row: &AccessKitNode<'h>) -> Vec<AccessKitNode<'h>> {
    row.children().collect()
}

fn texts(row: &AccessKitNode<'_>) -> Vec<String> {
    cells(row).iter().filter_map(AccessKitNode::label).collect()
}

/// The shown columns from left to right, by the headers that a listener meets.
fn headers(table: &Table<'_>) -> Vec<(usize, String, Option<SortDirection>)> {
    let mut headers: Vec<_> = table
        .query_all_by_role(Role::ColumnHeader)
        .map(|header| header.accesskit_node())
        .map(|header| (header.data().column_index().unwrap(), header.label().unwrap(), header.sort_direction()))
        .collect();
    headers.sort_by_key(|header| header.0);
    headers
}

#[test]
fn a_row_has_a_cell_for_each_column_and_says_where_it_is() {
    let table = harness(Screen::new(5000), WIDE);
    let (grid, headers) = (grid(&table), headers(&table));
    assert_eq!((grid.data().row_count(), grid.data().column_count()), (Some(5000), Some(headers.len())));
    assert!(grid.is_multiselectable());
    assert!(headers.len() > 4 && headers.iter().map(|header| header.0).eq(0..headers.len()), "{headers:?}");
    let rows = rows(&table);
    assert!((10..40).contains(&rows.len()), "only those in sight");
    assert!(rows.iter().map(|row| row.data().row_index()).eq((0..rows.len()).map(Some)));
    for row in &rows {
        let places = cells(row).into_iter().map(|cell| {
            assert_eq!(cell.role(), Role::GridCell);
            assert_eq!(cell.data().row_index(), row.data().row_index());
            cell.data().column_index()
        });
        assert!(places.eq((0..headers.len()).map(Some)));
    }
    // No cell is anywhere else.
    let everywhere = table.query_all_by_role(Role::GridCell).count();
    assert_eq!(everywhere, rows.len() * headers.len());
}

#[test]
fn a_cell_is_called_what_it_shows() {
    let mut screen = Screen::new(30);
    for column in Backup::columns() {
        screen.layout.set_visible(&column.key, true);
    }
    let table = harness(screen, [3600.0, 500.0]);
    let (headers, rows) = (headers(&table), rows(&table));
    let texts = texts(&rows[0]);
    assert_eq!(texts.len(), headers.len(), "no name is missing");
    let of = |name: &str| &texts[headers.iter().position(|header| header.1 == name).unwrap()];
    assert_eq!(
        (of("Status").as_str(), of("Service").as_str(), of("Type").as_str()),
        ("Succeeded", "orders-prod", "Full")
    );
    assert_eq!(of("Method"), "none", "a dash is no word");
    // Each cell is where it is painted: inside its row, below its header.
    let row = table.query_all_by_role(Role::Row).next().unwrap();
    for (cell, (_, name, _)) in row.query_all_by_role(Role::GridCell).zip(&headers) {
        let header = table.get_by_role_and_label(Role::ColumnHeader, name).rect();
        assert!(row.rect().contains(cell.rect().center()), "{name}");
        assert!(header.x_range().contains(cell.rect().center().x), "{name}");
    }
}

#[test]
fn cells_follow_the_rows_and_those_out_of_sight_do_not_exist() {
    let mut screen = Screen::new(500);
    for column in Backup::columns() {
        screen.layout.set_visible(&column.key, true);
    }
    let mut table = harness(screen, [700.0, 400.0]);
    let places = |table: &Table<'_>| -> Vec<usize> {
        let rows = rows(table);
        cells(&rows[0]).iter().map(|cell| cell.data().column_index().unwrap()).collect()
    };
    let first = places(&table);
    assert!(first.len() < headers(&table).len() && first.iter().copied().eq(0..first.len()), "{first:?}");
    table.hover_at(egui::pos2(500.0, 200.0));
    table.event(wheel(egui::vec2(-900.0, 0.0)));
    table.event(wheel(egui::vec2(0.0, -3000.0)));
    table.run_steps(60);
    let row = rows(&table).remove(0);
    let line = row.data().row_index().unwrap();
    assert!(line > 20 && row.label().unwrap().ends_with(&format!("row {} of 500", line + 1)));
    let last = places(&table);
    assert!(last.starts_with(&[0, 1]) && !last.contains(&2), "frozen ones stay, others are scrolled away: {last:?}");
    assert!(last.is_sorted(), "in the order of the columns, whatever was painted last: {last:?}");
}

#[test]
fn a_header_tells_how_it_sorts() {
    let mut table = harness(Screen::new(30), WIDE);
    let sorted = |table: &Table<'_>| {
        let sorted = headers(table).into_iter().filter_map(|(_, name, sort)| Some((name, sort?)));
        sorted.collect::<Vec<_>>()
    };
    table.get_by_role_and_label(Role::ColumnHeader, "Service").click();
    table.run();
    assert_eq!(sorted(&table), [("Service, sorted ascending".to_owned(), SortDirection::Ascending)]);
    table.get_by_role_and_label(Role::ColumnHeader, "Service, sorted ascending").click();
    table.run();
    assert_eq!(sorted(&table), [("Service, sorted descending".to_owned(), SortDirection::Descending)]);
}

#[test]
fn the_selected_rows_and_the_row_of_the_keyboard_are_known() {
    let mut table = harness(Screen::new(30), WIDE);
    focus_table(&table.ctx, "backups");
    table.run();
    table.key_press(Key::ArrowDown);
    table.run();
    table.key_press_modifiers(Modifiers::SHIFT, Key::ArrowDown);
    table.run();
    let rows = rows(&table);
    let selected: Vec<_> =
        rows.iter().filter(|row| row.is_selected() == Some(true)).map(AccessKitNode::label).collect();
    assert_eq!(selected.len(), 2, "{selected:?}");
    assert!(rows.iter().all(|row| row.is_selected().is_some()), "the others are known not to be");
    let focused: Option<NodeId> = grid(&table).data().active_descendant();
    assert_eq!(focused, Some(rows[1].locate().0));
}

#[test]
fn an_open_menu_of_a_row_is_found_beside_its_cells() {
    let mut table = harness(Screen::new(30), WIDE);
    table.get_all_by_role(Role::Row).nth(1).unwrap().click_secondary();
    table.run();
    let items = table.query_all_by_role(Role::MenuItem).count();
    assert!(items > 3, "{items}");
    assert_eq!(texts(&rows(&table)[1])[..2], ["Failed".to_owned(), "billing".to_owned()]);
}
