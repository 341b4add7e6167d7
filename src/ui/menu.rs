//! The menus, filled from the list of actions.

use super::actions::{ACTIONS, Action, Group};
use crate::model::{Data, View};
use crate::msg::Commands;
use crate::widgets::{menu_bar, menu_choice, menu_item, panel_separator};

pub(super) fn menu_bar_ui(ui: &mut egui::Ui, data: &Data, view: &View, commands: &mut Commands) {
    menu_bar(ui, &Group::ALL.map(Group::name), |ui, number| {
        let actions = ACTIONS.iter().filter(|action| Group::ALL.get(number) == Some(&action.group));
        let mut before = None;
        for action in actions {
            // What is on or off stands apart from what is done.
            let is_choice = action.mark.is_some();
            if before.replace(is_choice).is_some_and(|before| before != is_choice) {
                panel_separator(ui);
            }
            line_ui(ui, action, data, view, commands);
        }
    });
}

fn line_ui(ui: &mut egui::Ui, action: &Action, data: &Data, view: &View, commands: &mut Commands) {
    let command = (action.command)(data, view);
    let keys = action.keys_text(ui);
    let item = ui.add_enabled_ui(command.is_ok(), |ui| match action.mark {
        Some(mark) => menu_choice(ui, mark(data, view), action.name, &keys),
        None => menu_item(ui, action.icon, action.name, &keys),
    });
    match command {
        Ok(command) if item.inner.clicked() => {
            commands.push(command);
            ui.close();
        }
        Ok(_) => {}
        Err(why) => drop(item.inner.on_disabled_hover_text(why)),
    }
}
