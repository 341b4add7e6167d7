//! A table grouped by service: its button, the line of a group, the mouse, the keyboard, a screen reader.

use crate::support::stepped::SteppedModel;
use egui::accesskit::Toggled;
use egui::{Key, Modifiers, Role, Theme};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};
use skybackup::domain::{Schedule, ScheduleId};
use skybackup::grid::{Focus, TableLines};
use skybackup::model::Table;
use skybackup::msg::{Command, Event, ListCommand, ListEvent, Screen, TableCommand, TableId, WindowCommand};
use skybackup::ui::root_ui;

use super::signed_in::{Desk, listed, model, now, schedules, tickets, window};
use super::table::backups;

const SIZE: [f32; 2] = [1280.0, 800.0];
/// Of four services with five backups each the first by name.
const FIRST: &str = "a-service-with-a-very-long-name-indeed-0042";

fn desk(screen: Screen) -> SteppedModel {
    let mut model = model(backups(20), schedules());
    model.handle(Command::Window(WindowCommand::Go(screen)), now());
    model
}

fn on<'a>(screen: Screen) -> Harness<'a, Desk> {
    let mut harness = window(desk(screen), SIZE, Theme::Dark, root_ui);
    harness.get_by_role_and_label(Role::Button, "Group by service").click();
    harness.run();
    harness
}

fn group<'h>(harness: &'h Harness<'_, Desk>, name: &str) -> Node<'h> {
    let begin = format!("{name}, ");
    let is_group = |node: &Node<'h>| label(node).starts_with(&begin) && !label(node).contains(", row ");
    harness.query_all_by_role(Role::Row).find(is_group).unwrap_or_else(|| panic!("no group {name}"))
}

fn label(node: &Node<'_>) -> String {
    node.accesskit_node().label().unwrap_or_default()
}

fn is_expanded(harness: &Harness<'_, Desk>, name: &str) -> Option<bool> {
    group(harness, name).accesskit_node().data().is_expanded()
}

fn lines<'h>(harness: &'h Harness<'_, Desk>) -> &'h TableLines {
    &harness.state().data().backups().lines
}

fn press(harness: &mut Harness<'_, Desk>, keys: &[Key]) {
    for key in keys {
        harness.key_press(*key);
        harness.run();
    }
}

fn focus(harness: &Harness<'_, Desk>) -> Option<Focus> {
    harness.state().data().backups().selection.focus().cloned()
}

fn selected(table: &Table<skybackup::domain::Backup>) -> usize {
    table.selection.len()
}

/// The keyboard on the rows, none of them chosen.
fn keyboard_on_rows(harness: &mut Harness<'_, Desk>) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run();
    press(harness, &[Key::Escape]);
}

#[test]
fn the_button_groups_and_a_group_tells_its_counts_and_its_newest_good_backup() {
    let mut harness = on(Screen::Backups);
    let button = harness.get_by_role_and_label(Role::Button, "Group by service");
    assert_eq!(button.accesskit_node().data().toggled(), Some(Toggled::True));
    assert_eq!((lines(&harness).len(), lines(&harness).order().len()), (24, 20));
    assert_eq!(
        label(&group(&harness, FIRST)),
        format!("{FIRST}, 5 backups, 1 failed, Newest good backup 16 h ago (binary log)")
    );
    assert!(label(&group(&harness, "billing")).contains(", 5 backups, 1 failed, Newest good backup "));
    assert!(harness.query_by_label_contains("20 of 20").is_some(), "groups are not counted as rows");
    harness.get_by_role_and_label(Role::Button, "Group by service").click();
    harness.run();
    assert_eq!(lines(&harness).len(), 20);
}

#[test]
fn schedules_are_grouped_too_and_tell_of_the_backups_of_the_service() {
    let mut model = desk(Screen::Schedules);
    let mut rows = schedules();
    let second = Schedule { id: ScheduleId::new("305"), suspended: Some(true), ..rows[0].clone() };
    rows.push(second);
    let ticket = tickets(&model.handle(Command::List(ListCommand::Refresh), now())).schedules;
    model.apply(Event::List(ListEvent::SchedulesListed(ticket, Ok(listed(rows)))), now());
    let mut harness = window(model, SIZE, Theme::Dark, root_ui);
    harness.get_by_role_and_label(Role::Button, "Group by service").click();
    harness.run();
    assert!(label(&group(&harness, "orders-prod")).starts_with("orders-prod, 2 schedules, Newest good backup "));
    assert!(label(&group(&harness, "billing")).starts_with("billing, 1 schedule, Newest good backup "));
}

#[test]
fn a_click_hides_the_rows_of_a_group_and_what_is_hidden_is_not_selected() {
    let mut harness = on(Screen::Backups);
    assert_eq!(is_expanded(&harness, FIRST), Some(true));
    let row = harness.query_all_by_role(Role::Row).find(|row| label(row).contains(", row 1 of 20")).unwrap();
    row.click();
    harness.run();
    assert_eq!(selected(harness.state().data().backups()), 1);
    group(&harness, FIRST).click();
    harness.run();
    assert_eq!(is_expanded(&harness, FIRST), Some(false));
    assert_eq!((lines(&harness).len(), selected(harness.state().data().backups())), (19, 0));
    assert!(harness.query_by_label_contains("20 of 20").is_some(), "a group hides rows, it filters none");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run();
    assert_eq!(selected(harness.state().data().backups()), 15, "all that can be seen");
    group(&harness, FIRST).click();
    harness.run();
    assert_eq!((is_expanded(&harness, FIRST), lines(&harness).len()), (Some(true), 24));
}

#[test]
fn arrows_walk_groups_and_rows_as_in_a_tree() {
    let mut harness = on(Screen::Backups);
    keyboard_on_rows(&mut harness);
    press(&mut harness, &[Key::ArrowDown]);
    assert!(matches!(focus(&harness), Some(Focus::Group(_))));
    press(&mut harness, &[Key::ArrowLeft]);
    assert_eq!((is_expanded(&harness, FIRST), lines(&harness).len()), (Some(false), 19));
    press(&mut harness, &[Key::ArrowLeft]);
    assert_eq!(is_expanded(&harness, FIRST), Some(false), "there is nothing more to hide");
    press(&mut harness, &[Key::ArrowRight]);
    assert_eq!(is_expanded(&harness, FIRST), Some(true));
    press(&mut harness, &[Key::ArrowRight, Key::ArrowDown]);
    let table = harness.state().data().backups();
    assert_eq!(table.chosen().map(|row| row.service_name.clone().unwrap()), Some(FIRST.into()));
    assert_eq!(lines(&harness).row_at(2), table.index.order.get(1).copied());
    press(&mut harness, &[Key::ArrowLeft]);
    assert!(matches!(focus(&harness), Some(Focus::Group(_))), "from a row to its group");
    assert_eq!(selected(harness.state().data().backups()), 0);
    press(&mut harness, &[Key::Enter]);
    assert_eq!(is_expanded(&harness, FIRST), Some(false));
    press(&mut harness, &[Key::Space]);
    assert_eq!(is_expanded(&harness, FIRST), Some(true));
    // A reader is on the line of the group.
    let table = harness.get_by_role_and_label(Role::Grid, "backups");
    let of_group = group(&harness, FIRST).accesskit_node().locate().0;
    assert_eq!(table.accesskit_node().data().active_descendant(), Some(of_group));
}

#[test]
fn the_menu_of_a_group_hides_all_and_narrows_to_its_service() {
    let mut harness = on(Screen::Backups);
    group(&harness, "billing").click_secondary();
    harness.run();
    harness.get_by_label("Collapse all").click();
    harness.run();
    assert_eq!((lines(&harness).len(), lines(&harness).order().len()), (4, 0));
    group(&harness, "billing").click_secondary();
    harness.run();
    harness.get_by_label("Only this service").click();
    harness.run();
    assert!(harness.query_by_label_contains("5 of 20").is_some());
    group(&harness, "billing").click_secondary();
    harness.run();
    harness.get_by_label("Expand all").click();
    harness.run();
    assert_eq!(lines(&harness).order().len(), 5);
}

#[test]
fn only_lines_in_sight_are_built() {
    let mut model = desk(Screen::Backups);
    model.handle(Command::Table(TableId::Backups, TableCommand::GroupByService(true)), now());
    let count = |model: SteppedModel| {
        let harness = window(model, SIZE, Theme::Light, root_ui);
        harness.query_all_by_role(Role::Row).count()
    };
    let mut long = super::signed_in::model(backups(2_000), schedules());
    long.handle(Command::Window(WindowCommand::Go(Screen::Backups)), now());
    long.handle(Command::Table(TableId::Backups, TableCommand::GroupByService(true)), now());
    assert!(count(long) < 30 && count(model) > 10);
}
