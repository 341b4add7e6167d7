//! The window without a mouse: menus, tables, dialogs, and where the keyboard is afterwards.

use crate::support::stepped::SteppedModel;
use egui::{Key, Modifiers, Role, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use skybackup::domain::ScheduleId;
use skybackup::grid::Direction;
use skybackup::model::Dialog;
use skybackup::msg::{
    ChangeCommand, Command, ListCommand, PreferencesCommand, ProfileCommand, Screen, TableCommand, TableId,
    WindowCommand,
};
use skybackup::settings::ZoneChoice;
use skybackup::ui::root_ui;

use super::signed_in::{Desk, asked, model, now, schedules, window};
use super::table::backups;

const SIZE: [f32; 2] = [1280.0, 800.0];

/// On the schedules, the keyboard on the table, no row selected.
fn desk() -> SteppedModel {
    let mut model = model(backups(40), schedules());
    model.handle(Command::Window(WindowCommand::Go(Screen::Schedules)), now());
    let by_service = TableCommand::SortTo("service_name".into(), Direction::Ascending);
    model.handle(Command::Table(TableId::Schedules, by_service), now());
    model
}

fn on_schedules<'a>() -> Harness<'a, Desk> {
    let mut harness = window(desk(), SIZE, Theme::Dark, root_ui);
    press(&mut harness, &[Key::F]);
    harness
}

/// Presses keys one after another, with Ctrl for letters and digits.
fn press(harness: &mut Harness<'_, Desk>, keys: &[Key]) {
    for key in keys {
        match key {
            Key::F | Key::A | Key::K | Key::E => {
                harness.key_press_modifiers(Modifiers::COMMAND, *key);
            }
            _ => harness.key_press(*key),
        }
        harness.run();
    }
}

/// The role and name of what has the keyboard.
fn focused(harness: &Harness<'_, Desk>) -> Option<(Role, String)> {
    let mut nodes = harness.root().children_recursive();
    let node = nodes.find(|node| node.accesskit_node().is_focused())?;
    Some((node.accesskit_node().role(), node.accesskit_node().label().unwrap_or_default()))
}

fn is_on(harness: &Harness<'_, Desk>, role: Role, name: &str) -> bool {
    focused(harness).is_some_and(|(is, called)| is == role && called.contains(name))
}

fn chosen(harness: &Harness<'_, Desk>) -> Option<String> {
    harness.state().data().schedules().chosen().map(|row| row.id.to_string())
}

/// From the search field into the rows.
fn into_rows(harness: &mut Harness<'_, Desk>) {
    press(harness, &[Key::Escape, Key::ArrowDown]);
    assert!(chosen(harness).is_some(), "{:?}", focused(harness));
}

#[test]
fn f10_opens_the_menus_arrows_walk_them_and_escape_returns_the_keyboard() {
    let mut harness = on_schedules();
    into_rows(&mut harness);
    press(&mut harness, &[Key::F10]);
    assert!(is_on(&harness, Role::MenuItem, "Refresh"), "{:?}", focused(&harness));
    press(&mut harness, &[Key::ArrowRight]);
    assert!(is_on(&harness, Role::MenuItem, "Copy rows"), "{:?}", focused(&harness));
    press(&mut harness, &[Key::ArrowRight, Key::ArrowDown]);
    assert!(is_on(&harness, Role::MenuItem, "Go to timeline"), "{:?}", focused(&harness));
    press(&mut harness, &[Key::ArrowLeft, Key::ArrowLeft, Key::ArrowLeft]);
    assert!(is_on(&harness, Role::MenuItem, "Command palette"), "round to the last: {:?}", focused(&harness));
    press(&mut harness, &[Key::Escape]);
    harness.run_steps(3);
    assert!(is_on(&harness, Role::Grid, "schedules") || is_on(&harness, Role::Row, ""), "{:?}", focused(&harness));
    let before = chosen(&harness);
    press(&mut harness, &[Key::ArrowDown]);
    assert_ne!(chosen(&harness), before, "the arrows move in the table again");
}

#[test]
fn alt_alone_opens_the_menus_and_a_chord_with_it_does_not() {
    let mut harness = on_schedules();
    into_rows(&mut harness);
    let alt = |harness: &mut Harness<'_, Desk>, between: Option<Key>| {
        harness.event(egui::Event::ModifiersChanged(Modifiers::ALT));
        harness.step();
        if let Some(key) = between {
            harness.key_press_modifiers(Modifiers::ALT, key);
            harness.step();
        }
        harness.event(egui::Event::ModifiersChanged(Modifiers::NONE));
        harness.run();
    };
    alt(&mut harness, Some(Key::X));
    assert!(harness.query_by_role_and_label(Role::MenuItem, "Refresh").is_none());
    alt(&mut harness, None);
    assert!(harness.query_by_role_and_label(Role::MenuItem, "Refresh").is_some());
}

#[test]
fn a_choice_in_the_view_menu_is_marked() {
    let mut harness = on_schedules();
    harness.get_by_role_and_label(Role::MenuItem, "View").click();
    harness.run();
    let toggled = |harness: &Harness<'_, Desk>, role, name| {
        harness.get_by_role_and_label(role, name).accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
    };
    assert!(!toggled(&harness, Role::MenuItemCheckBox, "Local time"));
    assert!(toggled(&harness, Role::MenuItemRadio, "System theme"));
    harness.get_by_role_and_label(Role::MenuItemCheckBox, "Local time").click();
    assert!(asked(&mut harness).contains(&Command::Preferences(PreferencesCommand::SetZone(ZoneChoice::Local))));
    harness.get_by_role_and_label(Role::MenuItem, "View").click();
    harness.run();
    assert!(toggled(&harness, Role::MenuItemCheckBox, "Local time"));
}

#[test]
fn the_palette_finds_every_theme() {
    let mut harness = on_schedules();
    press(&mut harness, &[Key::K]);
    harness.event(egui::Event::Text("theme".to_owned()));
    harness.run();
    for name in ["System theme", "Light theme", "Dark theme"] {
        assert!(harness.query_by_label_contains(name).is_some(), "{name}");
    }
}

#[test]
fn escape_in_a_table_leaves_the_keyboard_there() {
    let mut harness = on_schedules();
    into_rows(&mut harness);
    let row = chosen(&harness);
    press(&mut harness, &[Key::Escape, Key::Escape, Key::ArrowDown]);
    assert_ne!(chosen(&harness), row);
    assert!(chosen(&harness).is_some());
}

#[test]
fn the_menu_of_a_row_opens_by_key_and_acts_on_that_row() {
    for keys in [(Modifiers::NONE, Key::Menu), (Modifiers::SHIFT, Key::F10)] {
        let mut harness = on_schedules();
        into_rows(&mut harness);
        let row = chosen(&harness).unwrap();
        harness.key_press_modifiers(keys.0, keys.1);
        harness.run();
        assert!(is_on(&harness, Role::MenuItem, "Edit…"), "{keys:?}: {:?}", focused(&harness));
        press(&mut harness, &[Key::Enter]);
        harness.run_steps(3);
        let dialog = harness.state().model.view.dialog.clone();
        assert_eq!(dialog, Some(Dialog::Schedule), "{keys:?}");
        assert_eq!(chosen(&harness), Some(row), "{keys:?}");
    }
}

#[test]
fn the_row_in_the_ring_is_opened_before_any_is_chosen() {
    for keys in [(Modifiers::NONE, Key::Enter), (Modifiers::SHIFT, Key::F10)] {
        let mut harness = on_schedules();
        // From the search to the table: the ring is around the first row.
        press(&mut harness, &[Key::Enter]);
        assert_eq!((focused(&harness).map(|(role, _)| role), chosen(&harness)), (Some(Role::Grid), None));
        harness.key_press_modifiers(keys.0, keys.1);
        harness.run();
        let table = harness.state().data().schedules();
        let first = table.index.order.first().and_then(|at| table.rows().get(*at));
        assert_eq!(chosen(&harness), first.map(|row| row.id.to_string()), "{keys:?}");
        assert!(harness.state().model.view.detail || is_on(&harness, Role::MenuItem, "Edit…"), "{keys:?}");
    }
}

#[test]
fn letters_find_a_row_and_the_headers_are_above_the_first() {
    let mut harness = on_schedules();
    into_rows(&mut harness);
    harness.event(egui::Event::Text("rep".to_owned()));
    harness.run();
    assert_eq!(chosen(&harness).as_deref(), Some("303"), "reports-warehouse-eu");
    press(&mut harness, &[Key::Home, Key::ArrowUp]);
    assert!(is_on(&harness, Role::ColumnHeader, ""), "{:?}", focused(&harness));
    let first = focused(&harness);
    press(&mut harness, &[Key::ArrowRight]);
    assert!(is_on(&harness, Role::ColumnHeader, "") && focused(&harness) != first);
    harness.state_mut().asked.clear();
    press(&mut harness, &[Key::Enter]);
    let sorts = |command: &Command| matches!(command, Command::Table(TableId::Schedules, TableCommand::Sort { .. }));
    assert!(harness.state().asked.iter().any(sorts), "{:?}", harness.state().asked);
    press(&mut harness, &[Key::ArrowDown]);
    assert!(!is_on(&harness, Role::ColumnHeader, ""));
}

#[test]
fn the_first_row_is_where_the_keyboard_is_before_any_is_chosen() {
    for (key, want) in [(Key::Home, Some("first")), (Key::ArrowDown, Some("first")), (Key::End, Some("last"))] {
        let mut harness = on_schedules();
        press(&mut harness, &[Key::Escape, key]);
        let table = harness.state().data().schedules();
        let id = |at: Option<&u32>| at.and_then(|at| table.rows().get(*at)).map(|row| row.id.to_string());
        let ends = [("first", id(table.index.order.first())), ("last", id(table.index.order.last()))];
        let chosen = chosen(&harness);
        assert_eq!(ends.iter().find(|(_, id)| *id == chosen).map(|(end, _)| *end), want, "{key:?}");
    }
    let mut harness = on_schedules();
    press(&mut harness, &[Key::Escape, Key::ArrowUp]);
    assert!(is_on(&harness, Role::ColumnHeader, ""), "{:?}", focused(&harness));
}

#[test]
fn letters_find_a_service_where_the_order_is_by_time() {
    let mut model = desk();
    let by_time = TableCommand::SortTo("next_run".into(), Direction::Ascending);
    model.handle(Command::Table(TableId::Schedules, by_time), now());
    let mut harness = window(model, SIZE, Theme::Dark, root_ui);
    press(&mut harness, &[Key::F]);
    into_rows(&mut harness);
    harness.event(egui::Event::Text("rep".to_owned()));
    harness.run();
    assert_eq!(chosen(&harness).as_deref(), Some("303"), "reports-warehouse-eu");
}

#[test]
fn the_table_is_one_stop_of_tab_and_the_pane_another() {
    let mut harness = on_schedules();
    into_rows(&mut harness);
    // Rows and headers hold no stop of their own.
    press(&mut harness, &[Key::Tab]);
    let after_table = focused(&harness);
    press(&mut harness, &[Key::Tab, Key::Tab, Key::Tab]);
    let stops: Vec<_> = (0..60)
        .map(|_| {
            press(&mut harness, &[Key::Tab]);
            focused(&harness)
        })
        .collect();
    let in_pane = |stop: &Option<(Role, String)>| {
        stop.as_ref().is_some_and(|(_, name)| {
            ["Close details", "Edit…", "Suspend…", "Back up now…", "Delete…", "Raw JSON"].contains(&name.as_str())
                || name.starts_with("Copy ")
        })
    };
    let round = stops.iter().skip(1).position(|stop| *stop == stops[0]).map_or(stops.len(), |place| place + 1);
    let stops = &stops[..round];
    assert_eq!(stops.iter().filter(|stop| in_pane(stop)).count(), 1, "{stops:#?}, after the table {after_table:?}");
    let rows = |stop: &&Option<(Role, String)>| {
        stop.as_ref().is_some_and(|(role, _)| matches!(role, Role::Row | Role::Grid | Role::ColumnHeader))
    };
    assert_eq!(stops.iter().filter(rows).count(), 1, "{stops:#?}");
}

#[test]
fn in_the_pane_arrows_go_from_one_button_to_the_next() {
    let mut harness = on_schedules();
    into_rows(&mut harness);
    let has_pane = |harness: &Harness<'_, Desk>| {
        is_on(harness, Role::Button, "Close details") || is_on(harness, Role::Button, "Edit…")
    };
    for _ in 0..40 {
        if !has_pane(&harness) {
            press(&mut harness, &[Key::Tab]);
        }
    }
    assert!(has_pane(&harness), "{:?}", focused(&harness));
    let first = focused(&harness);
    press(&mut harness, &[Key::ArrowDown]);
    let second = focused(&harness);
    assert!(second != first && is_on(&harness, Role::Button, ""), "{second:?}");
    press(&mut harness, &[Key::End]);
    assert!(is_on(&harness, Role::Button, "Raw JSON"), "{:?}", focused(&harness));
    press(&mut harness, &[Key::Home]);
    assert_eq!(focused(&harness), first);
}

#[test]
fn enter_confirms_a_dialog_from_its_field() {
    let mut harness = window(desk(), SIZE, Theme::Light, root_ui);
    let id = harness.state().data().session.profile().unwrap().id.clone();
    harness.state_mut().model.handle(Command::Profile(ProfileCommand::EditProfile(id)), now());
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "Profile name").focus();
    harness.run();
    harness.get_by_role_and_label(Role::TextInput, "Profile name").type_text(" two");
    harness.run();
    press(&mut harness, &[Key::Enter]);
    let changes = |command: &Command| matches!(command, Command::Profile(ProfileCommand::ChangeProfile(change)) if change.name == "acme two");
    assert!(harness.state().asked.iter().any(changes), "{:?}", harness.state().asked);
}

#[test]
fn enter_does_the_safe_thing_where_something_is_destroyed() {
    let mut harness = on_schedules();
    into_rows(&mut harness);
    let row = chosen(&harness).unwrap();
    press(&mut harness, &[Key::Delete]);
    assert_eq!(harness.state().model.view.dialog, Some(Dialog::Delete(ScheduleId::new(row.as_str()))));
    press(&mut harness, &[Key::Enter]);
    harness.run_steps(3);
    assert_eq!(harness.state().model.view.dialog, None);
    assert!(!harness.state().asked.contains(&Command::Change(ChangeCommand::Delete(ScheduleId::new(row.as_str())))));
    press(&mut harness, &[Key::ArrowDown]);
    assert_ne!(chosen(&harness), Some(row), "the keyboard is back in the table");
}

#[test]
fn what_works_on_one_row_leaves_several_alone_and_the_key_says_why() {
    let mut harness = on_schedules();
    into_rows(&mut harness);
    press(&mut harness, &[Key::A]);
    assert_eq!(harness.state().data().schedules().selection.len(), 4);
    assert_eq!(chosen(&harness), None);
    press(&mut harness, &[Key::F2]);
    assert_eq!(harness.state().model.view.dialog, None);
    assert!(
        harness.query_all_by_label_contains("select only one").next().is_some(),
        "a key that does nothing says why"
    );
    press(&mut harness, &[Key::Delete]);
    assert_eq!(harness.state().model.view.dialog, Some(skybackup::model::Dialog::Batch), "all of them at once");
    press(&mut harness, &[Key::Escape]);
    harness.get_by_role_and_label(Role::MenuItem, "Schedule").click();
    harness.run();
    let is_off = [
        ("Edit schedule…", true),
        ("Copy schedule to services…", true),
        ("Suspend schedule…", false),
        ("Resume schedule", false),
        ("Change time of schedules…", false),
        ("Delete schedule…", false),
    ];
    for (name, want) in is_off {
        let item = harness.get_by_role_and_label(Role::MenuItem, name);
        assert_eq!(item.accesskit_node().is_disabled(), want, "{name}");
    }
    press(&mut harness, &[Key::Escape, Key::K]);
    assert!(harness.query_by_label("Edit schedule…").is_none(), "what is of no use now is not offered");
}

#[test]
fn a_hidden_row_is_out_of_reach() {
    let mut harness = on_schedules();
    into_rows(&mut harness);
    let row = chosen(&harness).unwrap();
    press(&mut harness, &[Key::F]);
    let other = if row == "302" { "orders" } else { "billing" };
    harness.get_by_label("Search schedules").type_text(other);
    harness.run();
    assert_eq!(chosen(&harness), None, "it is hidden, so it is not selected");
    assert!(harness.query_by_role_and_label(Role::Button, "Delete…").is_none(), "the pane shows nothing of it");
    press(&mut harness, &[Key::Enter, Key::Delete, Key::F2]);
    assert_eq!(harness.state().model.view.dialog, None);
}

#[test]
fn function_keys_work_while_a_field_has_the_keyboard_and_letters_stay_in_it() {
    let mut harness = on_schedules();
    assert!(is_on(&harness, Role::TextInput, "Search"), "{:?}", focused(&harness));
    asked(&mut harness);
    harness.key_press(Key::F5);
    assert!(asked(&mut harness).contains(&Command::List(ListCommand::Refresh)));
    harness.key_press(Key::Delete);
    harness.event(egui::Event::Text("?".to_owned()));
    harness.key_press_modifiers(Modifiers::SHIFT, Key::Questionmark);
    assert!(!asked(&mut harness).iter().any(|command| matches!(
        command,
        Command::Window(WindowCommand::OpenShortcuts) | Command::Change(ChangeCommand::AskDelete(_))
    )));
    assert_eq!(harness.state().model.view.schedules_search, "?");
    harness.key_press(Key::F1);
    assert!(asked(&mut harness).contains(&Command::Window(WindowCommand::OpenShortcuts)));
}

#[test]
fn keys_scroll_the_shortcuts_in_a_low_window() {
    let mut model = desk();
    model.handle(Command::Window(WindowCommand::OpenShortcuts), now());
    let mut harness = window(model, [900.0, 600.0], Theme::Dark, root_ui);
    harness.run();
    let top = |harness: &Harness<'_, Desk>| harness.get_by_label("Move in the table").rect().top();
    let at_first = top(&harness);
    press(&mut harness, &[Key::PageDown]);
    assert!(top(&harness) < at_first - 50.0, "the rest comes into sight");
    press(&mut harness, &[Key::Home]);
    assert!((top(&harness) - at_first).abs() < 1.0);
    assert!(is_on(&harness, Role::Button, "Close"));
}

#[test]
fn who_goes_to_a_table_by_key_goes_on_in_it() {
    let mut model = desk();
    model.handle(Command::Window(WindowCommand::Go(Screen::Overview)), now());
    let mut harness = window(model, SIZE, Theme::Dark, root_ui);
    press(&mut harness, &[Key::Tab, Key::Tab]);
    assert!(!is_on(&harness, Role::Grid, ""));
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num4);
    harness.run();
    assert!(is_on(&harness, Role::Grid, "schedules"), "{:?}", focused(&harness));
    press(&mut harness, &[Key::ArrowDown]);
    assert!(is_on(&harness, Role::Row, "row 1 of"), "{:?}", focused(&harness));
}
