//! The schedules screen.

use egui::Ui;

use super::detail_schedule::detail_schedule_ui;
use super::row_actions::{RowAction, change_button_ui, change_line, row_action_line, row_line, several_ui};
use super::table_kind::{Sum, TableScreen};
use super::table_screen::table_screen_ui;
use crate::domain::{Schedule, format_count};
use crate::grid::{ColumnKey, Filter};
use crate::model::{Data, Table, View};
use crate::msg::{Command, Commands, FormCommand, ListCommand, TableId};
use crate::theme::icon;
use crate::widgets::{ActionButton, ButtonStyle, empty_state_ui};

/// Title, tools, table, detail pane, footer.
pub fn schedules_ui(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    table_screen_ui::<Schedule>(ui, data, view, commands);
}

impl TableScreen for Schedule {
    const TABLE: TableId = TableId::Schedules;
    const TITLE: &'static str = "Schedules";
    const NAME: &'static str = "schedules";
    const PERIOD: Option<&'static str> = None;

    fn table(data: &Data) -> &Table<Self> {
        data.schedules()
    }

    fn primary_action_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
        let button = ActionButton::new(ButtonStyle::Primary, "New schedule").icon(icon::PLUS);
        if change_button_ui(ui, data, button) {
            commands.push(Command::Form(FormCommand::NewSchedule(None)));
        }
    }

    fn sum(table: &Table<Self>) -> Option<Sum> {
        let suspended = table.index.summary.suspended;
        let filter = Filter { suspended: !table.filter.suspended, ..table.filter.clone() };
        (suspended > 0).then(|| Sum::Filter(format!("{} suspended", format_count(suspended)), filter))
    }

    fn menu_ui(ui: &mut Ui, row: &Self, _column: &ColumnKey, data: &Data, commands: &mut Commands) {
        let pause = if row.is_suspended() { RowAction::Resume } else { RowAction::Suspend };
        for action in [RowAction::Edit, pause, RowAction::ChangeTime, RowAction::BackUpNow, RowAction::Copy] {
            row_action_line(ui, action, row, data, commands);
        }
        ui.separator();
        if let Some(service) = &row.service_id {
            if row_line(ui, icon::BACKUP, "Show backups of this service", data.schedules()) {
                commands.push(Command::List(ListCommand::ShowBackupsOf(service.clone())));
            }
            if change_line(ui, icon::PLUS, "New schedule for this service…", data, data.schedules()) {
                commands.push(Command::Form(FormCommand::NewSchedule(Some(service.clone()))));
            }
            ui.separator();
        }
        row_action_line(ui, RowAction::Delete, row, data, commands);
    }

    fn several_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
        several_ui(ui, data, commands);
    }

    fn detail_ui(ui: &mut Ui, row: &Self, data: &Data, view: &mut View, commands: &mut Commands) {
        detail_schedule_ui(ui, row, data, view, commands);
    }

    fn empty_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
        let sentence = "No schedules yet. A schedule backs up a service automatically";
        if empty_state_ui(ui, icon::SCHEDULE, sentence, data.can_change().then_some("New schedule")) {
            commands.push(Command::Form(FormCommand::NewSchedule(None)));
        }
    }
}
