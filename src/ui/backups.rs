//! The backups screen.

use egui::Ui;

use super::choice::{choose_menu_ui, choose_ui};
use super::detail_backup::detail_backup_ui;
use super::query;
use super::row_actions::{change_button_ui, change_line, restore_line, row_line};
use super::table_kind::{Sum, TableScreen};
use super::table_screen::table_screen_ui;
use crate::domain::{Backup, format_bytes};
use crate::grid::{ColumnKey, Facet, Row as _, RowSource};
use crate::model::{Data, Table, View};
use crate::msg::{Command, Commands, FormCommand, ListCommand, TableId};
use crate::theme::icon;
use crate::widgets::{ActionButton, ButtonStyle, empty_state_ui};

/// Title, tools, table, detail pane, footer.
pub fn backups_ui(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    table_screen_ui::<Backup>(ui, data, view, commands);
}

fn is_history(data: &Data) -> bool {
    data.lists().backups_shown == RowSource::AllSeen
}

impl TableScreen for Backup {
    const TABLE: TableId = TableId::Backups;
    const TITLE: &'static str = "Backups";
    const NAME: &'static str = "backups";
    const PERIOD: Option<&'static str> = Some("Started");

    fn table(data: &Data) -> &Table<Self> {
        data.shown_backups()
    }

    fn listed(data: &Data) -> &Table<Self> {
        data.backups()
    }

    fn backups(data: &Data) -> &Table<Self> {
        data.shown_backups()
    }

    fn source_ui(ui: &mut Ui, data: &Data, is_narrow: bool, commands: &mut Commands) {
        let blocked = data.history_blocked_reason();
        let choices = [RowSource::Listed, RowSource::AllSeen].map(|source| (source, source.name()));
        let mut chosen = data.lists().backups_shown;
        let shown = ui.add_enabled_ui(blocked.is_none(), |ui| {
            if is_narrow { choose_menu_ui(ui, &choices, &mut chosen) } else { choose_ui(ui, &choices, &mut chosen) }
        });
        if shown.inner {
            commands.push(Command::List(ListCommand::ShowBackups(chosen)));
        }
        shown.response.on_disabled_hover_text(blocked.unwrap_or_default());
    }

    fn counted(data: &Data) -> String {
        let since = data.history().and_then(|history| history.since).filter(|_| is_history(data));
        let since = since.map(|since| format!(" seen since {}", data.zone().civil_and_offset(since).0.date()));
        since.unwrap_or_else(|| Self::narrowed_words(data).to_owned())
    }

    fn primary_action_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
        let button = ActionButton::new(ButtonStyle::Secondary, "Back up now").icon(icon::LIGHTNING);
        if change_button_ui(ui, data, button) {
            commands.push(Command::Form(FormCommand::BackUpNow(
                data.shown_backups().chosen().filter(|row| row.is_listed()).and_then(|row| row.service_id.clone()),
            )));
        }
    }

    fn query_ui(ui: &mut Ui, data: &Data, is_narrow: bool, commands: &mut Commands) {
        if !is_history(data) {
            query::query_ui(ui, data, is_narrow, commands);
        }
    }

    fn is_narrowed(data: &Data) -> bool {
        !is_history(data) && query::is_narrowed(data)
    }

    fn widen(_data: &Data, commands: &mut Commands) {
        commands.push(Command::List(ListCommand::ServerService(None)));
        commands.push(Command::List(ListCommand::ServerStatus(None)));
    }

    fn sum(table: &Table<Self>) -> Option<Sum> {
        let sums = table.index.summary;
        (sums.bytes_known > 0).then(|| Sum::Words(format!("{} stored", format_bytes(sums.bytes))))
    }

    fn menu_ui(ui: &mut Ui, row: &Self, column: &ColumnKey, data: &Data, commands: &mut Commands) {
        restore_line(ui, row, data, commands);
        let Some(service) = &row.service_id else { return };
        // On the service itself, the table's own line does the same.
        let column = Self::column(column.as_str());
        let is_on_service = column.is_some_and(|column| column.facet == Some(Facet::Service));
        if !is_on_service && row_line(ui, icon::BACKUP, "Show backups of this service", data.shown_backups()) {
            commands.push(Command::List(ListCommand::ShowBackupsOf(service.clone())));
        }
        if row_line(ui, icon::CLOCK, "Can I get back to…?", data.shown_backups()) {
            commands.push(Command::List(ListCommand::ShowMoments(Some(service.clone()))));
        }
        if !row.is_listed() {
            return;
        }
        if change_line(ui, icon::SCHEDULE, "New schedule for this service…", data, data.shown_backups()) {
            commands.push(Command::Form(FormCommand::NewSchedule(Some(service.clone()))));
        }
        if change_line(ui, icon::LIGHTNING, "Back up this service now…", data, data.shown_backups()) {
            commands.push(Command::Form(FormCommand::BackUpNow(Some(service.clone()))));
        }
    }

    fn detail_ui(ui: &mut Ui, row: &Self, data: &Data, view: &mut View, commands: &mut Commands) {
        detail_backup_ui(ui, row, data, view, commands);
    }

    fn empty_ui(ui: &mut Ui, data: &Data, commands: &mut Commands) {
        if is_history(data) {
            let sentence = "No backups seen yet. What SkySQL lists is recorded with every refresh";
            if empty_state_ui(ui, icon::TRAY, sentence, Some("Show what is listed now")) {
                commands.push(Command::List(ListCommand::ShowBackups(RowSource::Listed)));
            }
            return;
        }
        if query::is_narrowed(data) {
            let sentence = "SkySQL has no backups that match";
            if empty_state_ui(ui, icon::TRAY, sentence, Some("Load all backups")) {
                Self::widen(data, commands);
            }
            return;
        }
        let sentence = "No backups yet. SkySQL keeps backups for 7 days; a schedule makes new ones";
        if empty_state_ui(ui, icon::TRAY, sentence, data.can_change().then_some("New schedule")) {
            commands.push(Command::Form(FormCommand::NewSchedule(None)));
        }
    }
}
