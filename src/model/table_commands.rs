//! What a user does to the tables: another question, a jump, sorting, filtering, copying.

use super::lists::with_table;
use super::open_view::BeforeJump;
use super::{Data, Dialog, Model, RestoresFace, StepContext, Table, View, Workspace};
use crate::api::BackupQuery;
use crate::domain::{BackupId, ScheduleId, ServiceId};
use crate::export::ExportColumns;
use crate::grid::{ColumnKey, Filter, Layout, Period, Row, RowKey, RowSource};
use crate::insight::Evidence;
use crate::msg::{
    CopyFormat, Effect, ListCommand, Screen, SessionEffect, ShownEvidence, TableCommand, TableEffect, TableId,
};

impl Model {
    pub(super) fn handle_list(&mut self, command: ListCommand, cx: &mut StepContext) {
        let is_after_jump = self.data.is_after_jump();
        let goes_on = is_after_jump || command.is_jump();
        // The other backups are shown under the filter of the jump.
        let leaves_view = command.leaves_view() && !(is_after_jump && matches!(command, ListCommand::ShowBackups(_)));
        if leaves_view {
            self.close_view(cx);
        }
        let Some(open) = self.data.session.open_mut() else { return };
        let before = leaves_view.then(|| BeforeJump::new(self.view.screen, &open.lists));
        let query = open.lists.query.clone();
        match command {
            ListCommand::Refresh => self.refresh_asked(cx),
            ListCommand::RefreshAnyway => self.refresh_anyway(cx),
            ListCommand::ResumeListing(table) if open.can_read() => open.lists.resume(table, cx),
            ListCommand::ResumeListing(_) => {}
            ListCommand::CancelLoading(table) => {
                // The automatic refresh counts from here, else it would begin the same again at once.
                open.timer.listing_ended(cx.service_now);
                open.lists.cancel(table, cx);
            }
            ListCommand::ServerService(service_id) => open.ask_for(BackupQuery { service_id, ..query }, cx),
            ListCommand::ServerStatus(status) => open.ask_for(BackupQuery { status, ..query }, cx),
            ListCommand::ServerOrder(order) => open.ask_for(BackupQuery { order, ..query }, cx),
            ListCommand::ShowBackup(service, id) => open.show_backup(&service, &id, &mut self.view, cx),
            ListCommand::AskMoment(at) => self.view.moments.asked = Some(at),
            ListCommand::ShowMoments(service) => show_moments(service, &mut self.view),
            ListCommand::ShowBackupsOf(service) => open.show_backups_of(&service, &mut self.view, cx),
            ListCommand::ShowBackupsSeen(service, period) => {
                open.show_backups_seen(&service, period, &mut self.view, cx);
            }
            ListCommand::ShowEvidence(shown) => open.show_evidence(&shown, &mut self.view, cx),
            ListCommand::ShowBackups(source) => self.show_backups(source, cx),
            ListCommand::ShowSchedule(id) => open.show_schedule(id, &mut self.view, cx),
            ListCommand::ShowRestore(id) => open.show_restore(&id, &mut self.view),
            ListCommand::ShowSuspended => open.show_suspended(&mut self.view),
            ListCommand::ReadSchedule(id) => open.read_schedule(id, cx),
        }
        if let Some(before) = before.filter(|before| goes_on || before.screen != self.view.screen) {
            self.remember(before);
        }
    }

    /// A refresh that the user asks for: while the service wants to be left alone, they are asked once.
    pub(super) fn refresh_asked(&mut self, cx: &mut StepContext) {
        if self.data.can_read() && self.data.asked_to_wait_until().is_some() {
            self.view.open(Dialog::AskedToWait);
            return;
        }
        self.refresh(cx);
    }

    pub(super) fn refresh_anyway(&mut self, cx: &mut StepContext) {
        self.view.dialog.take_if(|dialog| *dialog == Dialog::AskedToWait);
        if let Some(open) = self.data.session.open_mut() {
            open.clock.rate_limited_until = None;
        }
        cx.push(Effect::Session(SessionEffect::ClearRateLimit));
        self.refresh(cx);
    }

    fn chosen_schedule(&self) -> Option<ScheduleId> {
        self.data.schedules().chosen().map(|row| row.id.clone())
    }

    /// A schedule that is chosen anew is read for the detail pane.
    pub(super) fn handle_table(&mut self, table: TableId, command: TableCommand, cx: &mut StepContext) {
        let opens_detail = matches!(command, TableCommand::Open(_)) && !self.view.detail;
        let before = self.chosen_schedule();
        self.table_command(table, command, cx);
        if let Some(id) = self.chosen_schedule().filter(|id| self.view.detail && before.as_ref() != Some(id)) {
            self.read_schedule(id, cx);
        }
        if opens_detail {
            self.toggle_detail(table, cx);
        }
    }

    fn table_command(&mut self, table: TableId, command: TableCommand, cx: &mut StepContext) {
        if let TableCommand::CopyCell { row, key } = &command {
            return self.copy_cell(table, row, key, cx);
        }
        if let TableCommand::CopyRows(format) = command {
            return self.copy_rows(table, format, cx);
        }
        if command == TableCommand::ToggleDetail {
            return self.toggle_detail(table, cx);
        }
        if command == TableCommand::ClearFilter {
            self.view.search_mut(table).clear();
        }
        if matches!(command, TableCommand::MoveFocus { .. } | TableCommand::FocusGroup(_)) {
            self.view.scroll_to_focus = Some(table);
        }
        let Data { session, settings, .. } = &mut self.data;
        let Some(open) = session.open_mut() else { return };
        // The columns of a view are its own.
        if command == TableCommand::ClearFilter {
            open.forget_jump_to(table);
        }
        let is_view = open.shows_view_of(table);
        let mut of_view = None;
        let kept = match table {
            _ if is_view => &mut of_view,
            TableId::Backups if open.lists.backups_shown == RowSource::AllSeen => &mut settings.all_seen_table,
            TableId::Backups => &mut settings.backups_table,
            TableId::Schedules => &mut settings.schedules_table,
            TableId::Restores => &mut settings.restores_table,
        };
        let has_new_layout = with_table!(&mut open.lists, table, table => keep_layout(table, command, kept));
        if has_new_layout && !is_view {
            self.settings_changed();
        }
    }

    /// Shows the other backups, now and at the next start.
    pub(super) fn show_backups(&mut self, source: RowSource, cx: &mut StepContext) {
        let is_possible = source == RowSource::Listed || self.data.history_blocked_reason().is_none();
        let Some(open) = self.data.session.open_mut().filter(|open| is_possible && open.lists.backups_shown != source)
        else {
            return;
        };
        open.lists.show_backups(source);
        open.lists.read_history(cx);
        open.keep_source(source);
        self.data.settings.preferences.backups_shown = source;
        self.settings_changed();
    }

    fn toggle_detail(&mut self, table: TableId, cx: &mut StepContext) {
        self.view.detail = !self.view.detail;
        self.data.settings.preferences.detail_open = self.view.detail;
        self.settings_changed();
        let is_opened = self.view.detail && table == TableId::Schedules;
        if let Some(id) = self.chosen_schedule().filter(|_| is_opened) {
            self.read_schedule(id, cx);
        }
    }

    fn copy_cell(&mut self, table: TableId, row: &RowKey, key: &ColumnKey, cx: &mut StepContext) {
        let (lists, context) = (self.data.lists(), self.data.cell_context());
        let text = with_table!(lists, table, table => table.cell_text(row, key, &context));
        if let Some(text) = text {
            cx.copy(text, "Cell");
        }
    }

    fn copy_rows(&mut self, table: TableId, format: CopyFormat, cx: &mut StepContext) {
        let table = self.data.snapshot(table, ExportColumns::Visible);
        if !table.selection.is_empty() {
            let (ticket, zone) = (cx.ticket(), self.data.zone().clone());
            cx.push(Effect::Table(TableEffect::Render(ticket, Box::new(table), format, zone)));
        }
    }
}

impl Workspace {
    /// Selects a backup. Where the table does not show it, it shows all backups of the service first.
    fn show_backup(&mut self, service: &ServiceId, id: &BackupId, view: &mut View, cx: &mut StepContext) {
        if !self.lists.shown_backups().is_found(id.as_str()) {
            self.show_backups_of(service, view, cx);
        }
        view.screen = Screen::Backups;
        view.detail = true;
        self.lists.shown_backups_mut().select_when_shown(id.as_str());
    }

    fn show_backups_of(&mut self, service: &ServiceId, view: &mut View, cx: &mut StepContext) {
        view.screen = Screen::Backups;
        view.backups_search.clear();
        let filter = Filter { services: [service.as_str().to_owned()].into(), ..Filter::default() };
        self.lists.shown_backups_mut().handle(TableCommand::SetFilter(filter));
        let query = &self.lists.query;
        if query.status.is_some() || query.service_id.as_ref().is_some_and(|asked| asked != service) {
            self.ask_for(BackupQuery { status: None, service_id: None, ..query.clone() }, cx);
        }
    }

    /// Narrows a table to the rows behind something in the overview, and selects the first of those that it is about.
    fn show_evidence(&mut self, shown: &ShownEvidence, view: &mut View, cx: &mut StepContext) {
        let from = view.screen;
        let filter = Filter {
            services: [shown.service.as_str().to_owned()].into(),
            backup_types: shown.backup_type.iter().map(|kind| kind.as_api_str().to_owned()).collect(),
            ..Filter::default()
        };
        match &shown.rows {
            Evidence::Backups(ids) => {
                if self.lists.backups_shown != RowSource::Listed {
                    self.lists.show_backups(RowSource::Listed);
                }
                self.show_backups_of(&shown.service, view, cx);
                self.lists.backups.handle(TableCommand::SetFilter(filter));
                ids.first().into_iter().for_each(|id| self.lists.backups.select_when_shown(id.as_str()));
            }
            Evidence::Schedules(ids) => {
                view.screen = Screen::Schedules;
                view.schedules_search.clear();
                self.lists.schedules.handle(TableCommand::SetFilter(filter));
                ids.first().into_iter().for_each(|id| self.lists.schedules.select_when_shown(id.as_str()));
            }
        }
        view.back_to = Some(from);
    }

    /// Narrows all backups ever seen to those of a service and a stretch of time; without a history those listed now.
    fn show_backups_seen(&mut self, service: &ServiceId, period: Period, view: &mut View, cx: &mut StepContext) {
        let from = view.screen;
        if !self.history.is_unavailable && self.lists.backups_shown != RowSource::AllSeen {
            self.lists.show_backups(RowSource::AllSeen);
            self.lists.read_history(cx);
        }
        self.show_backups_of(service, view, cx);
        let services = [service.as_str().to_owned()].into();
        let filter = Filter { services, period, ..Filter::default() };
        self.lists.shown_backups_mut().handle(TableCommand::SetFilter(filter));
        view.back_to = Some(from);
    }

    /// Narrows the schedules to those that make no backups for now.
    fn show_suspended(&mut self, view: &mut View) {
        view.back_to = Some(view.screen).filter(|screen| *screen != Screen::Schedules);
        view.screen = Screen::Schedules;
        view.schedules_search.clear();
        let filter = Filter { suspended: true, ..Filter::default() };
        self.lists.schedules.handle(TableCommand::SetFilter(filter));
    }

    fn show_schedule(&mut self, id: ScheduleId, view: &mut View, cx: &mut StepContext) {
        view.screen = Screen::Schedules;
        view.schedules_search.clear();
        view.detail = true;
        self.lists.schedules.handle(TableCommand::ClearFilter);
        self.lists.schedules.select_when_shown(id.as_str());
        self.read_schedule(id, cx);
    }
}

impl ListCommand {
    /// It leads to the rows behind something, wherever it is asked for.
    fn is_jump(&self) -> bool {
        matches!(self, Self::ShowEvidence(_) | Self::ShowBackupsSeen(..) | Self::ShowSuspended)
    }

    /// It shows other rows than those of an open view.
    fn leaves_view(&self) -> bool {
        match self {
            Self::ShowBackups(_)
            | Self::ShowSchedule(_)
            | Self::ShowBackup(..)
            | Self::ShowRestore(_)
            | Self::ShowSuspended
            | Self::ShowBackupsOf(_)
            | Self::ShowBackupsSeen(..)
            | Self::ShowMoments(_)
            | Self::ShowEvidence(_) => true,
            Self::Refresh
            | Self::RefreshAnyway
            | Self::ResumeListing(_)
            | Self::CancelLoading(_)
            | Self::ServerService(_)
            | Self::ServerStatus(_)
            | Self::ServerOrder(_)
            | Self::AskMoment(_)
            | Self::ReadSchedule(_) => false,
        }
    }
}

/// Goes to the moments, with the keyboard in the field of the moment.
fn show_moments(service: Option<ServiceId>, view: &mut View) {
    view.screen = Screen::Restores;
    view.moments.face = RestoresFace::Moments;
    view.moments.focus = true;
    if service.is_some() && view.moments.service != service {
        view.moments.service = service;
    }
}

/// Does the command, and keeps the columns and the sort where it changed them.
fn keep_layout<R: Row>(table: &mut Table<R>, command: TableCommand, kept: &mut Option<Layout>) -> bool {
    let before = table.layout.clone();
    table.handle(command);
    let is_new = table.layout != before;
    if is_new {
        *kept = Some(table.layout.clone());
    }
    is_new
}
