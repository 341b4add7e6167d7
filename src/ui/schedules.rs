//! The schedules screen, and what can be done to a schedule.

use egui::Ui;

use super::actions::one_row;
use super::detail_schedule::detail_schedule_ui;
use super::table_screen::{Sum, TableScreen, table_screen_ui};
use crate::domain::{Schedule, format_count};
use crate::grid::{ColumnKey, Filter, Row};
use crate::model::{Data, Table, View};
use crate::msg::{ChangeCommand, Command, Commands, FormCommand, ListCommand, TableId};
use crate::theme::icon;
use crate::widgets::{ActionButton, ButtonStyle, empty_state_ui, menu_item};

/// Title, tools, table, detail pane, footer.
pub fn schedules_ui(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    table_screen_ui::<Schedule>(ui, data, view, commands);
}

/// A button that leads to a change; where none can be sent its tooltip says why. True: it was clicked.
pub(super) fn change_button_ui(ui: &mut Ui, data: &Data, button: ActionButton<'_>) -> bool {
    blocked_button_ui(ui, data.change_blocked_reason(), button)
}

fn blocked_button_ui(ui: &mut Ui, block: Option<&'static str>, button: ActionButton<'_>) -> bool {
    let response = ui.add_enabled(block.is_none(), button);
    let is_clicked = response.clicked();
    if let Some(reason) = block {
        response.on_disabled_hover_text(reason);
    }
    is_clicked
}

/// Why an action of a row is off that is not, or not alone, selected.
const NOT_SELECTED: &str = "Select this row first";

/// What can be done to a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowAction {
    Edit,
    Suspend,
    Resume,
    BackUpNow,
    Delete,
}

impl RowAction {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Edit => ("Edit…", icon::EDIT),
            Self::Suspend => ("Suspend", icon::PAUSE),
            Self::Resume => ("Resume", icon::PLAY),
            Self::BackUpNow => ("Back up now…", icon::LIGHTNING),
            Self::Delete => ("Delete…", icon::TRASH),
        }
    }

    /// Why it cannot be done to this one now; the one rule for menus, buttons, keys and the palette.
    pub(super) fn block(self, row: &Schedule, data: &Data) -> Option<&'static str> {
        if let Some(reason) = data.change_blocked_reason() {
            return Some(reason);
        }
        match one_row(data.schedules(), NOT_SELECTED) {
            Ok(chosen) if chosen.id != row.id => return Some(NOT_SELECTED),
            Err(reason) => return Some(reason),
            Ok(_) => {}
        }
        match self {
            Self::Edit if row.is_once() => Some("A one-time schedule cannot be edited"),
            Self::Suspend | Self::Resume if row.is_once() => Some("A one-time schedule has no runs to suspend"),
            Self::Suspend if row.is_suspended() => Some("This schedule is suspended already"),
            Self::Resume if !row.is_suspended() => Some("This schedule is not suspended"),
            Self::BackUpNow if row.service_id.is_none() => Some("The list does not say which service this is for"),
            Self::Edit | Self::Suspend | Self::Resume | Self::Delete if row.id.is_empty() => {
                Some("The list gives no id for this schedule")
            }
            _ => None,
        }
    }

    pub(super) fn command(self, row: &Schedule) -> Command {
        match self {
            Self::Edit => Command::Form(FormCommand::EditSchedule(row.id.clone())),
            Self::Suspend => Command::Change(ChangeCommand::AskSuspend(row.id.clone())),
            Self::Resume => Command::Change(ChangeCommand::Resume(row.id.clone())),
            Self::BackUpNow => Command::Form(FormCommand::BackUpNow(row.service_id.clone())),
            Self::Delete => Command::Change(ChangeCommand::AskDelete(row.id.clone())),
        }
    }
}

/// An action as a button; where it cannot be done its tooltip says why.
pub(super) fn row_action_button(ui: &mut Ui, action: RowAction, row: &Schedule, data: &Data, commands: &mut Commands) {
    let (text, _) = action.words();
    let style = if action == RowAction::Delete { ButtonStyle::Danger } else { ButtonStyle::Secondary };
    if blocked_button_ui(ui, action.block(row, data), ActionButton::new(style, text)) {
        commands.push(action.command(row));
    }
}

fn row_action_line(ui: &mut Ui, action: RowAction, row: &Schedule, data: &Data, commands: &mut Commands) {
    let (text, glyph) = action.words();
    if line(ui, glyph, text, action.block(row, data)) {
        commands.push(action.command(row));
    }
}

/// A line of the menu of a row of `table`; off, with the reason, where several rows are selected.
pub(super) fn row_line<R: Row>(ui: &mut Ui, glyph: &str, text: &str, table: &Table<R>) -> bool {
    line(ui, glyph, text, one_row(table, NOT_SELECTED).err())
}

/// The same for one that leads to a change; off too where nothing can be changed.
pub(super) fn change_line<R: Row>(ui: &mut Ui, glyph: &str, text: &str, data: &Data, table: &Table<R>) -> bool {
    line(ui, glyph, text, data.change_blocked_reason().or(one_row(table, NOT_SELECTED).err()))
}

fn line(ui: &mut Ui, glyph: &str, text: &str, block: Option<&'static str>) -> bool {
    let response = ui.add_enabled_ui(block.is_none(), |ui| menu_item(ui, glyph, text, "")).inner;
    let is_clicked = response.clicked();
    if is_clicked {
        ui.close();
    }
    if let Some(reason) = block {
        response.on_disabled_hover_text(reason);
    }
    is_clicked
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
        let suspended = table.index().summary.suspended;
        let filter = Filter { suspended: !table.filter().suspended, ..table.filter().clone() };
        (suspended > 0).then(|| Sum::Filter(format!("{} suspended", format_count(suspended)), filter))
    }

    fn menu_ui(ui: &mut Ui, row: &Self, _column: &ColumnKey, data: &Data, commands: &mut Commands) {
        let pause = if row.is_suspended() { RowAction::Resume } else { RowAction::Suspend };
        for action in [RowAction::Edit, pause, RowAction::BackUpNow] {
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
