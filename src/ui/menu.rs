//! The menus, one button each, filled from the list of actions.

use super::actions::{ACTIONS, Group};
use crate::model::{Data, View};
use crate::msg::Commands;
use crate::theme;
use crate::widgets::{focus_ring, menu_item};

pub(super) fn menu_bar_ui(ui: &mut egui::Ui, data: &Data, view: &View, commands: &mut Commands) {
    egui::MenuBar::new().ui(ui, |ui| {
        for group in Group::ALL {
            let menu =
                ui.menu_button(egui::RichText::new(group.name()).color(theme::tokens(ui).text_secondary), |ui| {
                    ui.set_min_width(240.0);
                    for action in ACTIONS.iter().filter(|action| action.group == group) {
                        let available = (action.available)(data, view);
                        let keys = action.keys_text(ui);
                        let item = ui
                            .add_enabled_ui(available.is_ok(), |ui| menu_item(ui, action.icon, action.name, &keys))
                            .inner;
                        let item = match available {
                            Ok(()) => item,
                            Err(why) => item.on_disabled_hover_text(why),
                        };
                        if item.clicked() {
                            action.run(data, view, commands);
                            ui.close();
                        }
                    }
                });
            focus_ring(ui, &menu.response, menu.response.rect);
        }
    });
}
