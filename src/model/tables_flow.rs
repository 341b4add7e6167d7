//! Reading lists and showing them: refresh, pages, orders, selection, copying.

use jiff::{SignedDuration, Timestamp};

use super::table::Reindex;
use super::workspace::{Lists, Workspace};
use super::{Data, Model, RemoteStatus, Session, Severity, StepContext, Table};
use crate::api::{ApiError, BackupQuery, ErrorKind, ScheduleQuery};
use crate::domain::{Schedule, ScheduleId, Service, ServiceId};
use crate::export::ExportColumns;
use crate::grid::{ColumnKey, Filter, Layout, Row, RowKey, Rows, natural_key};
use crate::msg::{
    CopyFormat, Effect, ListCommand, ListEffect, ListEvent, Screen, TableCommand, TableEffect, TableId, Ticket,
};

/// While a backup runs, the tables are read again this often, if automatic refresh is on.
const BUSY_SECS: u32 = 30;

impl Model {
    pub(super) fn handle_list(&mut self, command: ListCommand, cx: &mut StepContext) {
        match command {
            ListCommand::Refresh => self.refresh_asked(cx),
            ListCommand::RefreshAnyway => self.refresh_anyway(cx),
            ListCommand::ResumeListing(table) => self.read_rest(table, cx),
            ListCommand::CancelLoading(table) => self.stop_loading(table, cx),
            ListCommand::ServerService(service_id) => {
                self.ask_for(BackupQuery { service_id, ..self.data.backup_query().clone() }, cx);
            }
            ListCommand::ServerStatus(status) => {
                self.ask_for(BackupQuery { status, ..self.data.backup_query().clone() }, cx);
            }
            ListCommand::ServerOrder(order) => {
                self.ask_for(BackupQuery { order, ..self.data.backup_query().clone() }, cx);
            }
            ListCommand::ShowBackupsOf(service) => self.show_backups_of(&service, cx),
            ListCommand::ShowSchedule(id) => self.show_schedule(&id, cx),
            ListCommand::ReadSchedule(id) => self.read_schedule(id, cx),
        }
    }

    /// A schedule that is chosen anew is read for the detail pane.
    pub(super) fn handle_table(&mut self, table: TableId, command: TableCommand, cx: &mut StepContext) {
        let opens_detail = matches!(command, TableCommand::Open(_)) && !self.view.detail;
        let before = self.data.schedules().chosen().map(|row| row.id.clone());
        self.table_command(table, command, cx);
        let after = self.data.schedules().chosen().map(|row| row.id.clone());
        if let Some(id) = after.filter(|id| self.view.detail && before.as_ref() != Some(id)) {
            self.read_schedule(id, cx);
        }
        if opens_detail {
            self.table_command(table, TableCommand::ToggleDetail, cx);
        }
    }

    /// Reads both tables and the services again. What is being read already goes on.
    pub(super) fn refresh(&mut self, cx: &mut StepContext) {
        let now = self.data.now;
        let Some(open) = self.data.session.open_mut().filter(|open| open.refused.is_none()) else { return };
        open.refresh.failed = if open.lists.is_offline() { open.refresh.failed.saturating_add(1) } else { 0 };
        open.refresh.last = Some(now);
        open.refresh.due_at = None;
        if !open.lists.services.is_loading() {
            let ticket = cx.ticket();
            open.lists.services.begin(ticket);
            cx.push(Effect::List(ListEffect::ListServices { ticket }));
        }
        if !self.data.backups().remote().is_loading() {
            self.refresh_backups(cx);
        }
        if !self.data.schedules().remote().is_loading() {
            self.refresh_schedules(cx);
        }
    }

    /// Reads the backups again; a listing under way is stopped, the newest question wins.
    pub(super) fn refresh_backups(&mut self, cx: &mut StepContext) {
        self.cancel_loading(TableId::Backups, cx);
        let Some(open) = self.data.session.open_mut().filter(|open| open.refused.is_none()) else { return };
        let ticket = cx.ticket();
        open.lists.backups.begin(ticket);
        cx.push(Effect::List(ListEffect::ListBackups { ticket, query: open.lists.backup_query.clone() }));
    }

    pub(super) fn refresh_schedules(&mut self, cx: &mut StepContext) {
        self.cancel_loading(TableId::Schedules, cx);
        let Some(open) = self.data.session.open_mut().filter(|open| open.refused.is_none()) else { return };
        let ticket = cx.ticket();
        open.lists.schedules.begin(ticket);
        let services = open.lists.services_to_ask();
        open.lists.schedules_asked_without_services = services.is_empty();
        cx.push(Effect::List(ListEffect::ListSchedules { ticket, query: ScheduleQuery::default(), services }));
    }

    /// Goes on with a listing that ended early, at the page that failed; what came before it is not read again.
    fn read_rest(&mut self, table: TableId, cx: &mut StepContext) {
        let Some(open) = self.data.session.open_mut().filter(|open| open.refused.is_none()) else { return };
        let ticket = cx.ticket();
        let Lists { backups, schedules, backup_query, .. } = &mut open.lists;
        let effect = match table {
            TableId::Backups => backups.rest_to_read().map(|(rest, rows)| {
                backups.begin(ticket);
                ListEffect::ResumeBackups { ticket, query: backup_query.clone(), rest, rows }
            }),
            TableId::Schedules => schedules.rest_to_read().map(|(rest, rows)| {
                schedules.begin(ticket);
                ListEffect::ResumeSchedules { ticket, query: ScheduleQuery::default(), rest, rows }
            }),
        };
        if let Some(effect) = effect {
            cx.push(Effect::List(effect));
        }
    }

    /// The user stops a listing; the automatic refresh counts from here, else it would begin the same again at once.
    fn stop_loading(&mut self, table: TableId, cx: &mut StepContext) {
        let now = self.data.now;
        if let Some(open) = self.data.session.open_mut() {
            open.refresh.last = Some(now);
        }
        self.cancel_loading(table, cx);
    }

    fn cancel_loading(&mut self, table: TableId, cx: &mut StepContext) {
        let now = self.data.now;
        let Some(open) = self.data.session.open_mut() else { return };
        let ticket = match table {
            TableId::Backups => open.lists.backups.cancel(now),
            TableId::Schedules => open.lists.schedules.cancel(now),
        };
        if let Some(ticket) = ticket {
            cx.push(Effect::Cancel(ticket));
        }
    }

    /// Asks the server another question. Rows that answer the old one go, unless the new one differs only in its order.
    fn ask_for(&mut self, query: BackupQuery, cx: &mut StepContext) {
        self.cancel_loading(TableId::Backups, cx);
        let Some(open) = self.data.session.open_mut() else { return };
        let old = std::mem::replace(&mut open.lists.backup_query, query.clone());
        if (old.service_id, old.status) != (query.service_id, query.status) {
            open.lists.backups.forget_rows();
        }
        self.refresh_backups(cx);
    }

    fn show_backups_of(&mut self, service: &ServiceId, cx: &mut StepContext) {
        self.view.screen = Screen::Backups;
        self.view.backups_search.clear();
        let filter = Filter { services: [service.as_str().to_owned()].into(), ..Filter::default() };
        let Some(open) = self.data.session.open_mut() else { return };
        open.lists.backups.handle(TableCommand::SetFilter(filter));
        let query = open.lists.backup_query.clone();
        let hides_some = query.status.is_some() || query.service_id.as_ref().is_some_and(|asked| asked != service);
        if !hides_some {
            return;
        }
        self.ask_for(BackupQuery { status: None, service_id: None, ..query }, cx);
    }

    fn show_schedule(&mut self, id: &ScheduleId, cx: &mut StepContext) {
        self.view.screen = Screen::Schedules;
        self.view.schedules_search.clear();
        self.view.detail = true;
        if let Some(open) = self.data.session.open_mut() {
            open.lists.schedules.handle(TableCommand::ClearFilter);
            open.lists.schedules.select_when_shown(id.as_str());
        }
        self.read_schedule(id.clone(), cx);
    }

    /// Reads one schedule for the detail pane.
    pub(super) fn read_schedule(&mut self, id: ScheduleId, cx: &mut StepContext) {
        let now = self.data.now;
        let can_read = self.data.can_read() && !id.is_empty();
        let Some(open) = self.data.session.open_mut().filter(|_| can_read) else { return };
        let lists = &mut open.lists;
        if let Some(ticket) = lists.single_schedule.cancel(now) {
            cx.push(Effect::Cancel(ticket));
        }
        if lists.single_schedule_id.as_ref() != Some(&id) {
            lists.single_schedule = super::Remote::default();
        }
        let ticket = cx.ticket();
        lists.single_schedule.begin(ticket);
        lists.single_schedule_id = Some(id.clone());
        cx.push(Effect::List(ListEffect::ReadSchedule { ticket, id }));
    }

    pub(super) fn apply_list(&mut self, event: ListEvent, cx: &mut StepContext) {
        let now = self.data.now;
        let Some(open) = self.data.session.open_mut() else { return };
        let lists = &mut open.lists;
        match event {
            ListEvent::BackupsProgress(ticket, progress, rows) => {
                lists.backups.progressed(ticket, progress, rows);
            }
            ListEvent::SchedulesProgress(ticket, progress, rows) => {
                lists.schedules.progressed(ticket, progress, rows);
            }
            ListEvent::BackupsListed(ticket, result) => {
                let error = result.as_ref().err().cloned();
                if lists.backups.settle(ticket, result, now) {
                    self.read_ended(error, cx);
                }
            }
            ListEvent::SchedulesListed(ticket, result) => {
                let error = result.as_ref().err().cloned();
                if !lists.schedules.settle(ticket, result, now) {
                    return;
                }
                self.read_ended(error, cx);
                self.schedules_by_service(cx);
            }
            ListEvent::ServicesListed(ticket, mut result) => {
                if let Ok(listed) = &mut result {
                    listed.rows = in_order(&listed.rows);
                }
                let error = result.as_ref().err().cloned();
                if lists.services.settle(ticket, result, now) {
                    self.services_ended(error, cx);
                }
            }
            ListEvent::ScheduleRead(ticket, result) => self.schedule_read(ticket, result, cx),
            ListEvent::BackupsIndexed(ticket, result) => {
                lists.backups.indexed(ticket, result);
            }
            ListEvent::SchedulesIndexed(ticket, result) => {
                lists.schedules.indexed(ticket, result);
            }
        }
    }

    /// After a listing: a refused key stops everything. The pause until the next refresh counts from the end of a
    /// listing, so that one which takes longer than the pause is not followed by the next at once.
    fn read_ended(&mut self, error: Option<ApiError>, cx: &mut StepContext) {
        let now = self.data.now;
        if let Some(open) = self.data.session.open_mut() {
            open.refresh.last = Some(now);
        }
        if let Some(error) = error.filter(|error| error.kind == ErrorKind::KeyRefused) {
            self.key_refused(error, cx);
        }
    }

    /// The service refused the key: all calls stop, the data stays on screen as old, the stored key is not touched.
    pub(super) fn key_refused(&mut self, error: ApiError, cx: &mut StepContext) {
        let now = self.data.now;
        let Some(open) = self.data.session.open_mut() else { return };
        open.refused = Some(error);
        open.lists.cancel(now).into_iter().for_each(|ticket| cx.push(Effect::Cancel(ticket)));
    }

    /// With the services known, a schedules list that needs them one by one can be read.
    fn services_ended(&mut self, error: Option<ApiError>, cx: &mut StepContext) {
        if let Some(error) = error {
            if error.kind == ErrorKind::KeyRefused {
                self.key_refused(error, cx);
            }
            return;
        }
        self.schedules_by_service(cx);
    }

    /// Whichever of the two answers comes last, a list of schedules refused for want of services is asked for again once.
    fn schedules_by_service(&mut self, cx: &mut StepContext) {
        let lists = self.data.lists();
        let rejected = matches!(
            lists.schedules.remote().status(),
            RemoteStatus::Failed(error) if matches!(error.kind, ErrorKind::Rejected)
        );
        let helps = lists.schedules_asked_without_services && !lists.known_services().is_empty();
        if rejected && helps {
            self.refresh_schedules(cx);
        }
    }

    fn schedule_read(&mut self, ticket: Ticket, result: Result<Schedule, ApiError>, cx: &mut StepContext) {
        let now = self.data.now;
        let refused = result.as_ref().err().filter(|error| error.kind == ErrorKind::KeyRefused).cloned();
        let schedule = result.as_ref().ok().cloned();
        let Some(open) = self.data.session.open_mut() else { return };
        if !open.lists.single_schedule.settle(ticket, result, now) {
            return;
        }
        let schedules = &mut open.lists.schedules;
        if let Some(schedule) = schedule
            && schedules.find(schedule.id.as_str()).is_some_and(|old| *old != schedule)
        {
            schedules.put(schedule);
        }
        if let Some(error) = refused {
            self.key_refused(error, cx);
        }
    }

    fn table_command(&mut self, table: TableId, command: TableCommand, cx: &mut StepContext) {
        match command {
            TableCommand::CopyCell { row, key } => return self.copy_cell(table, &row, &key, cx),
            TableCommand::CopyRows(format) => return self.copy_rows(table, format, cx),
            TableCommand::ToggleDetail => {
                self.view.detail = !self.view.detail;
                self.data.settings.preferences.detail_open = self.view.detail;
                self.settings_changed();
                let focused = self.data.schedules().chosen().map(|row| row.id.clone());
                let opened = self.view.detail && table == TableId::Schedules;
                if let Some(id) = focused.filter(|_| opened) {
                    self.read_schedule(id, cx);
                }
                return;
            }
            TableCommand::ClearFilter => self.view.search_mut(table).clear(),
            TableCommand::MoveFocus { .. } => self.view.scroll_to_focus = Some(table),
            TableCommand::Sort { .. }
            | TableCommand::SortTo(..)
            | TableCommand::Resize(..)
            | TableCommand::Move { .. }
            | TableCommand::Show(..)
            | TableCommand::Freeze(..)
            | TableCommand::ResetLayout
            | TableCommand::SetFilter(_)
            | TableCommand::FilterBy(..)
            | TableCommand::Exclude(..)
            | TableCommand::Open(_)
            | TableCommand::Select(_)
            | TableCommand::Toggle(_)
            | TableCommand::Extend(_)
            | TableCommand::SelectAll
            | TableCommand::ClearSelection => {}
        }
        let Data { session, settings, .. } = &mut self.data;
        let Some(open) = session.open_mut() else { return };
        let has_new_layout = match table {
            TableId::Backups => keep_layout(&mut open.lists.backups, command, &mut settings.backups_table),
            TableId::Schedules => keep_layout(&mut open.lists.schedules, command, &mut settings.schedules_table),
        };
        if has_new_layout {
            self.settings_changed();
        }
    }

    fn copy_cell(&mut self, table: TableId, row: &RowKey, key: &ColumnKey, cx: &mut StepContext) {
        let context = self.data.cell_context();
        let text = match table {
            TableId::Backups => self.data.backups().cell_text(row, key, &context),
            TableId::Schedules => self.data.schedules().cell_text(row, key, &context),
        };
        if let Some(text) = text {
            self.copy(text, "Cell", cx);
        }
    }

    fn copy_rows(&mut self, table: TableId, format: CopyFormat, cx: &mut StepContext) {
        let table = self.data.snapshot(table, ExportColumns::Visible);
        if !table.selection.is_empty() {
            let (ticket, zone) = (cx.ticket(), self.data.zone().clone());
            cx.push(Effect::Table(TableEffect::Render(ticket, Box::new(table), format, zone)));
        }
    }

    /// Brings both orders up to date, and once more where new rows have told what services are called.
    pub(super) fn reindex(&mut self, cx: &mut StepContext) {
        self.reindex_once(cx);
        if self.data.session.open_mut().is_some_and(|open| open.lists.name_services()) {
            self.reindex_once(cx);
        }
    }

    fn reindex_once(&mut self, cx: &mut StepContext) {
        let now = self.data.now;
        let zone = self.data.zone().clone();
        let Some(open) = self.data.session.open_mut() else { return };
        let Lists { backups, schedules, service_names: names, .. } = &mut open.lists;
        if let Reindex::Elsewhere(ticket, job) = backups.reindex(&zone, now, names, &mut || cx.ticket()) {
            cx.push(Effect::Table(TableEffect::IndexBackups(ticket, *job)));
        }
        if let Reindex::Elsewhere(ticket, job) = schedules.reindex(&zone, now, names, &mut || cx.ticket()) {
            cx.push(Effect::Table(TableEffect::IndexSchedules(ticket, *job)));
        }
        if backups.select_wanted() {
            self.view.scroll_to_focus = Some(TableId::Backups);
        }
        if schedules.select_wanted() {
            self.view.scroll_to_focus = Some(TableId::Schedules);
        }
    }

    /// When the next automatic refresh is due.
    pub(super) fn next_refresh(&self) -> Option<Timestamp> {
        let Session::Open(open) = &self.data.session else { return None };
        let Workspace { lists, refresh, .. } = &**open;
        let every = self.data.settings.preferences.auto_refresh_secs;
        if open.refused.is_some() || lists.is_loading() || self.view.is_hidden {
            return None;
        }
        if every == 0 {
            return refresh.due_at;
        }
        let last = refresh.last?;
        let running = lists.backups.index().summary.running > 0;
        let secs = if lists.is_offline() {
            let doublings = refresh.failed.min(4);
            i64::from(5_u32 << doublings).min(60)
        } else if running {
            i64::from(every.min(BUSY_SECS))
        } else {
            i64::from(every)
        };
        // Up to a tenth later, so that computers that went offline together do not ask together.
        let spread_ms = secs * 100 * i64::from(refresh.failed.min(1)) * i64::from(last.subsec_millisecond()) / 1000;
        let due = last.checked_add(SignedDuration::from_millis(secs * 1000 + spread_ms)).ok()?;
        let due = refresh.due_at.map_or(due, |at| at.min(due));
        // Never earlier than the service asked for.
        Some(self.data.asked_to_wait_until().map_or(due, |until| until.max(due)))
    }

    pub(super) fn refresh_when_due(&mut self, cx: &mut StepContext) {
        let now = self.data.now;
        if let Some(open) = self.data.session.open_mut() {
            // A clock that was set back must not put off the next refresh.
            open.refresh.last = open.refresh.last.map(|at| at.min(now));
        }
        if self.next_refresh().is_some_and(|due| due <= now) {
            self.refresh(cx);
        }
    }

    pub(super) fn notify(&mut self, level: Severity, text: impl Into<String>) {
        self.data.toasts.add(level, text, None, None, self.data.local_now);
    }
}

/// Does the command, and keeps the columns and the sort where it changed them.
fn keep_layout<R: Row>(table: &mut Table<R>, command: TableCommand, kept: &mut Option<Layout>) -> bool {
    let before = table.layout().clone();
    table.handle(command);
    let is_new = *table.layout() != before;
    if is_new {
        *kept = Some(table.layout().clone());
    }
    is_new
}

/// Services as every list of them shows them: by name.
fn in_order(services: &[Service]) -> Rows<Service> {
    let mut services = services.to_vec();
    services.sort_by_cached_key(|service| (natural_key(service.label()), natural_key(service.id.as_str())));
    Rows::new(services)
}
