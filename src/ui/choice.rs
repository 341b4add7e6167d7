//! One of several values, side by side.

use egui::Ui;

use crate::domain::Zone;
use crate::model::Data;
use crate::msg::{Command, Commands, PreferencesCommand};
use crate::settings::ZoneChoice;
use crate::widgets::segmented;

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
