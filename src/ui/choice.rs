//! One of several values, side by side.

use egui::Ui;

use crate::domain::Zone;
use crate::model::Data;
use crate::msg::{Command, Commands, PreferencesCommand};
use crate::settings::ZoneChoice;
use crate::theme::icon;
use crate::widgets::{ActionButton, ButtonStyle, MenuMark, menu_button, menu_choice, segmented};

/// The values with their names; none is on where `chosen` is another one. True: the choice changed.
pub(super) fn choose_ui<T: Clone + PartialEq>(ui: &mut Ui, choices: &[(T, &str)], chosen: &mut T) -> bool {
    let names: Vec<&str> = choices.iter().map(|(_, name)| *name).collect();
    let mut place = choices.iter().position(|(choice, _)| choice == chosen).unwrap_or(usize::MAX);
    let changed = segmented(ui, &names, &mut place);
    if let Some((choice, _)) = choices.get(place).filter(|_| changed) {
        *chosen = choice.clone();
    }
    changed
}

/// The same in a menu, behind a button with the name of the chosen value: for a line with little space.
pub(super) fn choose_menu_ui<T: Clone + PartialEq>(ui: &mut Ui, choices: &[(T, &str)], chosen: &mut T) -> bool {
    let name = choices.iter().find(|(choice, _)| choice == chosen).map_or("", |(_, name)| *name);
    let mut changed = false;
    let button = ActionButton::new(ButtonStyle::Secondary, name).trailing_icon(icon::CARET_DOWN);
    menu_button(ui, button, |ui| {
        for (choice, name) in choices {
            let is_on = choice == chosen;
            if menu_choice(ui, MenuMark::Radio(is_on), name, "").clicked() {
                *chosen = choice.clone();
                changed = !is_on;
                ui.close();
            }
        }
    });
    changed
}

/// A preference, which takes effect at once.
pub(super) fn preference_ui<T: Clone + PartialEq>(
    ui: &mut Ui,
    choices: &[(T, &str)],
    mut chosen: T,
    command: fn(T) -> PreferencesCommand,
    commands: &mut Commands,
) {
    if choose_ui(ui, choices, &mut chosen) {
        commands.push(Command::Preferences(command(chosen)));
    }
}

/// The clock that times are shown in.
pub(super) fn zone_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    let named = data.named_zone().map(Zone::short_label);
    let mut zones = vec![(ZoneChoice::Utc, "UTC"), (ZoneChoice::Local, "Local")];
    zones.extend(named.as_deref().map(|name| (ZoneChoice::Named, name)));
    preference_ui(ui, &zones, data.settings.preferences.zone, PreferencesCommand::SetZone, commands);
}
