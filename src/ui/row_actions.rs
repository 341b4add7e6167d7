//! What can be done to one row: its buttons and menu lines, and why one is off.

use egui::Ui;

use crate::domain::{Backup, Schedule};
use crate::draft::RestoreSource;
use crate::grid::Row;
use crate::model::{Data, Table, restore_blocked_reason};
use crate::msg::{BatchAction, BatchCommand, ChangeCommand, Command, Commands, FormCommand, RestoreCommand};
use crate::theme::icon;
use crate::widgets::{ActionButton, ButtonStyle, link_button, menu_item};

/// Why an action on one row is off while several are selected.
pub(super) const ONE_AT_A_TIME: &str = "This works on one row at a time: select only one";

/// The one row that an action may reach, or why there is none.
pub(super) fn one_row<'a, R: Row>(table: &'a Table<R>, none: &'static str) -> Result<&'a R, &'static str> {
    if table.selection.len() > 1 {
        return Err(ONE_AT_A_TIME);
    }
    table.chosen().ok_or(none)
}

/// A button that leads to a change; where none can be sent its tooltip says why. True: it was clicked.
pub(super) fn change_button_ui(ui: &mut Ui, data: &Data, button: ActionButton<'_>) -> bool {
    blocked_button_ui(ui, data.change_blocked_reason(), button)
}

pub(super) fn blocked_button_ui(ui: &mut Ui, block: Option<&'static str>, button: ActionButton<'_>) -> bool {
    let response = ui.add_enabled(block.is_none(), button);
    let is_clicked = response.clicked();
    if let Some(reason) = block {
        response.on_disabled_hover_text(reason);
    }
    is_clicked
}

/// Why an action of a row is off that is not, or not alone, selected.
pub(super) const NOT_SELECTED: &str = "Select this row first";

/// What can be done to a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowAction {
    Edit,
    Suspend,
    Resume,
    BackUpNow,
    ChangeTime,
    Copy,
    Delete,
}

impl RowAction {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Edit => ("Edit…", icon::EDIT),
            Self::Suspend => ("Suspend…", icon::PAUSE),
            Self::Resume => ("Resume", icon::PLAY),
            Self::BackUpNow => ("Back up now…", icon::LIGHTNING),
            Self::ChangeTime => ("Change time…", icon::CLOCK),
            Self::Copy => ("Copy to services…", icon::COPY),
            Self::Delete => ("Delete…", icon::TRASH),
        }
    }

    /// Why it cannot be done to this one now; the one rule for menus, buttons, keys and the palette.
    pub(super) fn block(self, row: &Schedule, data: &Data) -> Option<&'static str> {
        if let Some(reason) = data.change_blocked_reason() {
            return Some(reason);
        }
        match one_row(data.schedules(), NOT_SELECTED) {
            Err(_) if self.is_for_several(row, data) => return None,
            Ok(chosen) if chosen.id != row.id => return Some(NOT_SELECTED),
            Err(reason) => return Some(reason),
            Ok(_) => {}
        }
        match self {
            Self::Edit if row.is_once() => Some("A one-time schedule cannot be edited"),
            Self::Suspend | Self::Resume if row.is_once() => Some("A one-time schedule has no runs to suspend"),
            Self::Suspend if row.is_suspended() => Some("This schedule is suspended already"),
            Self::Resume if !row.is_suspended() => Some("This schedule is not suspended"),
            Self::ChangeTime | Self::Copy if row.is_once() => Some("A one-time schedule runs once, at no set time"),
            Self::BackUpNow if row.service_id.is_none() => Some("The list does not say which service this is for"),
            Self::Edit | Self::Suspend | Self::Resume | Self::ChangeTime | Self::Delete if row.id.is_empty() => {
                Some("The list gives no id for this schedule")
            }
            _ => None,
        }
    }

    /// The same for several schedules; `None` for what works on one.
    fn for_several(self) -> Option<BatchAction> {
        match self {
            Self::Edit | Self::BackUpNow | Self::Copy => None,
            Self::Suspend => Some(BatchAction::Suspend),
            Self::Resume => Some(BatchAction::Resume),
            Self::ChangeTime => Some(BatchAction::ChangeTime),
            Self::Delete => Some(BatchAction::Delete),
        }
    }

    /// Several rows are selected, this one with them, and the action can be done to all.
    fn is_for_several(self, row: &Schedule, data: &Data) -> bool {
        let selection = &data.schedules().selection;
        self.for_several().is_some() && selection.len() > 1 && selection.contains(row.id.as_str())
    }

    /// What it asks for: about this schedule, or about all that are selected with it.
    pub(super) fn command(self, row: &Schedule, data: &Data) -> Command {
        if let Some(action) = self.for_several().filter(|_| self.is_for_several(row, data)) {
            return Command::Batch(BatchCommand::Ask(action));
        }
        match self {
            Self::ChangeTime => Command::Batch(BatchCommand::Ask(BatchAction::ChangeTime)),
            Self::Copy => Command::Batch(BatchCommand::Ask(BatchAction::Copy)),
            Self::Edit => Command::Form(FormCommand::EditSchedule(row.id.clone())),
            Self::Suspend => Command::Change(ChangeCommand::AskSuspend(row.id.clone())),
            Self::Resume => Command::Change(ChangeCommand::Resume(row.id.clone())),
            Self::BackUpNow => Command::Form(FormCommand::BackUpNow(row.service_id.clone())),
            Self::Delete => Command::Change(ChangeCommand::AskDelete(row.id.clone())),
        }
    }
}

/// What can be done to several selected schedules at once, as links.
pub(super) fn several_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
    let actions = [RowAction::Suspend, RowAction::Resume, RowAction::ChangeTime, RowAction::Delete];
    let block = data.change_blocked_reason();
    for (action, batch) in actions.into_iter().filter_map(|action| Some((action, action.for_several()?))) {
        let (text, _) = action.words();
        let link = ui.add_enabled_ui(block.is_none(), |ui| link_button(ui, text)).inner;
        if link.clicked() {
            commands.push(Command::Batch(BatchCommand::Ask(batch)));
        }
        if let Some(reason) = block {
            link.on_disabled_hover_text(reason);
        }
    }
}

/// Why a backup cannot be restored now; the one rule for menus, buttons and the palette.
pub(super) fn restore_block(row: &Backup, data: &Data) -> Option<&'static str> {
    if let Some(reason) = data.change_blocked_reason() {
        return Some(reason);
    }
    match one_row(data.shown_backups(), NOT_SELECTED) {
        Ok(chosen) if chosen.id != row.id => Some(NOT_SELECTED),
        Err(reason) => Some(reason),
        Ok(_) => restore_blocked_reason(row, data.now),
    }
}

/// Opens the restore dialog for a backup.
pub(super) fn restore_command(row: &Backup) -> Command {
    Command::Restore(RestoreCommand::Start(Some(RestoreSource::Backup(row.id.clone()))))
}

/// "Restore…" as a button; where it cannot be done its tooltip says why.
pub(super) fn restore_button(ui: &mut Ui, row: &Backup, data: &Data, commands: &mut Commands) {
    let button = ActionButton::new(ButtonStyle::Secondary, "Restore…").icon(icon::RESTORE);
    if blocked_button_ui(ui, restore_block(row, data), button) {
        commands.push(restore_command(row));
    }
}

pub(super) fn restore_line(ui: &mut Ui, row: &Backup, data: &Data, commands: &mut Commands) {
    if blocked_line(ui, icon::RESTORE, "Restore…", restore_block(row, data)) {
        commands.push(restore_command(row));
    }
}

/// An action as a button; where it cannot be done its tooltip says why.
pub(super) fn row_action_button(ui: &mut Ui, action: RowAction, row: &Schedule, data: &Data, commands: &mut Commands) {
    let (text, _) = action.words();
    let style = if action == RowAction::Delete { ButtonStyle::Danger } else { ButtonStyle::Secondary };
    if blocked_button_ui(ui, action.block(row, data), ActionButton::new(style, text)) {
        commands.push(action.command(row, data));
    }
}

pub(super) fn row_action_line(ui: &mut Ui, action: RowAction, row: &Schedule, data: &Data, commands: &mut Commands) {
    let (text, glyph) = action.words();
    if blocked_line(ui, glyph, text, action.block(row, data)) {
        commands.push(action.command(row, data));
    }
}

/// A line of the menu of a row of `table`; off, with the reason, where several rows are selected.
pub(super) fn row_line<R: Row>(ui: &mut Ui, glyph: &str, text: &str, table: &Table<R>) -> bool {
    blocked_line(ui, glyph, text, one_row(table, NOT_SELECTED).err())
}

/// The same for one that leads to a change; off too where nothing can be changed.
pub(super) fn change_line<R: Row>(ui: &mut Ui, glyph: &str, text: &str, data: &Data, table: &Table<R>) -> bool {
    blocked_line(ui, glyph, text, data.change_blocked_reason().or(one_row(table, NOT_SELECTED).err()))
}

/// A line of the menu of a service that leads to a change; off where nothing can be changed.
pub(super) fn service_change_line(ui: &mut Ui, glyph: &str, text: &str, data: &Data) -> bool {
    blocked_line(ui, glyph, text, data.change_blocked_reason())
}

/// A line of a menu; off, with the reason, where there is one.
pub(super) fn blocked_line(ui: &mut Ui, glyph: &str, text: &str, block: Option<&'static str>) -> bool {
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
