//! The restores screen.

use egui::Ui;

use super::detail_restore::detail_restore_ui;
use super::moments::faces_ui;
use super::restore_questions::{delete_block, delete_command};
use super::row_actions::{blocked_line, row_line};
use super::table_kind::{Sum, TableScreen};
use super::table_screen::table_screen_ui;
use crate::domain::Restore;
use crate::grid::ColumnKey;
use crate::model::{Data, RestoresFace, Table, View};
use crate::msg::{Command, Commands, ListCommand, RestoreCommand, Screen, TableId, WindowCommand};
use crate::theme::icon;
use crate::widgets::{ActionButton, ButtonStyle, empty_state_ui, menu_button, menu_item};

/// Title, tools, table, detail pane, footer.
pub fn restores_ui(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    table_screen_ui::<Restore>(ui, data, view, commands);
}

impl TableScreen for Restore {
    const TABLE: TableId = TableId::Restores;
    const TITLE: &'static str = "Restores";
    const NAME: &'static str = "restores";
    const PERIOD: Option<&'static str> = Some("Created");

    fn table(data: &Data) -> &Table<Self> {
        data.restores()
    }

    fn source_ui(ui: &mut Ui, _data: &Data, _is_narrow: bool, commands: &mut Commands) {
        let mut face = RestoresFace::Restores;
        if faces_ui(ui, &mut face) {
            commands.push(Command::List(ListCommand::ShowMoments(None)));
        }
    }

    fn primary_action_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
        let button =
            ActionButton::new(ButtonStyle::Primary, "New restore").icon(icon::PLUS).trailing_icon(icon::CARET_DOWN);
        let block = data.change_blocked_reason();
        let menu = ui.add_enabled_ui(block.is_none(), |ui| {
            menu_button(ui, button, |ui| {
                if menu_item(ui, icon::BACKUP, "From a backup: select it first", "").clicked() {
                    commands.push(Command::Window(WindowCommand::Go(Screen::Backups)));
                    ui.close();
                }
                if menu_item(ui, icon::CLOCK, "From a moment…", "").clicked() {
                    commands.push(Command::List(ListCommand::ShowMoments(None)));
                    ui.close();
                }
                if menu_item(ui, icon::CLOUD, "From my own bucket…", "").clicked() {
                    commands.push(Command::Restore(RestoreCommand::Start(None)));
                    ui.close();
                }
            })
        });
        if let Some(reason) = block {
            menu.inner.on_disabled_hover_text(reason);
        }
    }

    fn sum(_table: &Table<Self>) -> Option<Sum> {
        None
    }

    fn menu_ui(ui: &mut Ui, row: &Self, _column: &ColumnKey, data: &Data, commands: &mut Commands) {
        if let Some(service) = &row.service_id {
            if row_line(ui, icon::BACKUP, "Show backups of the target", data.restores()) {
                commands.push(Command::List(ListCommand::ShowBackupsOf(service.clone())));
            }
            ui.separator();
        }
        if blocked_line(ui, icon::TRASH, "Delete entry…", delete_block(row, data)) {
            commands.push(delete_command(row));
        }
    }

    fn detail_ui(ui: &mut Ui, row: &Self, data: &Data, view: &mut View, commands: &mut Commands) {
        detail_restore_ui(ui, row, data, view, commands);
    }

    fn empty_ui(ui: &mut Ui, _data: &Data, _commands: &mut Commands) {
        empty_state_ui(ui, icon::RESTORE, "No restores yet. What is restored into a service is listed here", None);
    }
}
