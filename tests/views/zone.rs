//! The choice of a time zone by its name.

use egui::accesskit::Role;
use egui::{Key, Theme};
use egui_kittest::kittest::Queryable as _;
use skybackup::msg::{Command, PreferencesCommand, WindowCommand};
use skybackup::settings::ZoneChoice;
use skybackup::ui::root_ui;

use super::signed_in::{Desk, asked, model, now, schedules, window};

fn searching<'a>(typed: &str) -> egui_kittest::Harness<'a, Desk> {
    let mut model = model(Vec::new(), schedules());
    model.handle(Command::Window(WindowCommand::OpenZones), now());
    let mut harness = window(model, [900.0, 600.0], Theme::Dark, root_ui);
    harness.event(egui::Event::Text(typed.to_owned()));
    harness.run();
    harness
}

fn named(zone: &str) -> Command {
    Command::Preferences(PreferencesCommand::SetNamedZone(zone.to_owned()))
}

#[test]
fn a_zone_is_found_and_shown_beside_the_others() {
    let mut harness = searching("tok");
    harness.get_by_label("Asia/Tokyo  +09:00  Now Mon 23 Nov 23:04").click();
    assert!(asked(&mut harness).contains(&named("Asia/Tokyo")));
    assert!(harness.query_by_role(Role::Dialog).is_none());
    // Now the corner has three clocks.
    for zone in ["Local", "UTC", "Tokyo"] {
        harness.get_by_role_and_label(Role::RadioButton, zone).click();
        harness.run();
    }
    let choices = [ZoneChoice::Local, ZoneChoice::Utc, ZoneChoice::Named];
    let wanted = choices.map(|zone| Command::Preferences(PreferencesCommand::SetZone(zone)));
    assert!(asked(&mut harness).ends_with(&wanted));
    assert_eq!(harness.state().data().zone().label(), "Asia/Tokyo");
}

#[test]
fn enter_takes_the_first_zone_and_escape_none() {
    let mut harness = searching("lord");
    harness.key_press(Key::Enter);
    assert!(asked(&mut harness).contains(&named("Australia/Lord_Howe")));
    let mut harness = searching("atlantis");
    harness.get_by_label("No time zone matches");
    harness.key_press(Key::Enter);
    harness.key_press(Key::Escape);
    harness.key_press(Key::Escape);
    let asked = asked(&mut harness);
    assert!(!asked.iter().any(|command| matches!(command, Command::Preferences(_))), "{asked:?}");
    assert!(asked.contains(&Command::Window(WindowCommand::CloseDialog)));
}
