//! The backups screen.

use egui::Ui;

use super::detail_backup::detail_backup_ui;
use super::query;
use super::schedules::{change_line, row_line, write_block};
use super::table_screen::{Screen, table_screen_ui};
use crate::domain::{Backup, bytes_text, count_text};
use crate::model::{Data, Table, View};
use crate::msg::{Command, Commands, TableId};
use crate::theme::icon;
use crate::widgets::{ActionButton, Weight, empty_state_ui};

/// Title, tools, table, detail pane, footer.
pub fn backups_ui(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    table_screen_ui::<Backup>(ui, data, view, commands);
}

impl Screen for Backup {
    const TABLE: TableId = TableId::Backups;
    const TITLE: &'static str = "Backups";
    const NAME: &'static str = "backups";
    const PERIOD: Option<&'static str> = Some("Started");

    fn table(data: &Data) -> &Table<Self> {
        &data.backups
    }

    fn deed_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
        let button = ActionButton::new(Weight::Secondary, "Back up now").icon(icon::LIGHTNING);
        let response = ui.add_enabled(data.can_write(), button);
        if response.clicked() {
            commands.push(Command::BackUpNow(data.backups.chosen().and_then(|row| row.service_id.clone())));
        }
        if let Some(reason) = write_block(data) {
            response.on_disabled_hover_text(reason);
        }
    }

    fn query_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
        query::query_ui(ui, data, commands);
    }

    fn sums(table: &Table<Self>) -> Vec<String> {
        let sums = table.index().summary;
        let mut parts = Vec::new();
        if sums.bytes_known > 0 {
            parts.push(format!("{} stored", bytes_text(sums.bytes)));
        }
        if sums.bad > 0 {
            parts.push(format!("{} failed", count_text(sums.bad)));
        }
        if sums.running > 0 {
            parts.push(format!("{} running", count_text(sums.running)));
        }
        parts
    }

    fn menu_ui(ui: &mut Ui, row: &Self, data: &Data, commands: &mut Commands) {
        let Some(service) = &row.service_id else { return };
        if row_line(ui, icon::BACKUP, "Show backups of this service", &data.backups) {
            commands.push(Command::ShowBackupsOf(service.clone()));
        }
        if change_line(ui, icon::SCHEDULE, "New schedule for this service…", data, &data.backups) {
            commands.push(Command::NewSchedule(Some(service.clone())));
        }
        if change_line(ui, icon::LIGHTNING, "Back up this service now…", data, &data.backups) {
            commands.push(Command::BackUpNow(Some(service.clone())));
        }
    }

    fn detail_ui(ui: &mut Ui, row: &Self, data: &Data, view: &mut View, commands: &mut Commands) {
        detail_backup_ui(ui, row, data, view, commands);
    }

    fn nothing_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
        if query::is_narrowed(data) {
            let sentence = "SkySQL has no backups of the kind asked for";
            if empty_state_ui(ui, icon::TRAY, sentence, Some("Ask for all backups")) {
                commands.push(Command::ServerService(None));
                commands.push(Command::ServerStatus(None));
            }
            return;
        }
        let sentence = "No backups yet. SkySQL keeps backups for 7 days; a schedule makes new ones";
        if empty_state_ui(ui, icon::TRAY, sentence, data.can_write().then_some("New schedule")) {
            commands.push(Command::NewSchedule(None));
        }
    }
}
