//! Exports: frozen when asked for, written elsewhere, one at a time.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::lists::with_table;
use super::running_export::{ExportPhase, Exports, RunningExport};
use super::{Data, Dialog, Model, NotificationAction, Severity, StepContext};
use crate::api::{BackupQuery, Completeness};
use crate::domain::{Backup, Schedule, format_count};
use crate::export::{CsvOptions, ExportError, ExportReport, Provenance, all_columns, file_name};
use crate::grid::{Filter, Row, Rows};
use crate::msg::{
    Effect, ExportChoice, ExportColumns, ExportCommand, ExportEvent, ExportRequest, ExportRows, ExportTable,
    FileEffect, PickedPath, SavePath, TableId, Ticket, WindowEffect,
};

use super::Table;

impl Data {
    fn export_mut(&mut self) -> Option<&mut RunningExport> {
        self.session.open_mut()?.exports.running.as_mut()
    }

    /// How many rows an export of this kind has.
    #[must_use]
    pub fn export_rows(&self, table: TableId, rows: ExportRows) -> usize {
        with_table!(self.lists(), table, table => match rows {
            ExportRows::Selected => table.selection().len(),
            ExportRows::Shown => table.index().order.len(),
            ExportRows::All => table.rows().len(),
        })
    }

    /// How many columns of the table an export takes.
    #[must_use]
    pub fn export_columns(&self, table: TableId, columns: ExportColumns) -> usize {
        match (table, columns) {
            (TableId::Backups, ExportColumns::Visible) => self.backups().layout().visible().count(),
            (TableId::Backups, ExportColumns::All) => all_columns::<Backup>().len(),
            (TableId::Schedules, ExportColumns::Visible) => self.schedules().layout().visible().count(),
            (TableId::Schedules, ExportColumns::All) => all_columns::<Schedule>().len(),
        }
    }

    /// The file name an export of these rows gets: it names the filters that count for them, and says when the list is not whole.
    #[must_use]
    pub fn export_name(&self, table: TableId, rows: ExportRows) -> String {
        let profile = self.session.profile().map_or("", |profile| profile.name.as_str());
        let (name, filter, completeness) = match table {
            TableId::Backups => ("backups", self.backups().filter(), completeness(self.backups())),
            TableId::Schedules => ("schedules", self.schedules().filter(), completeness(self.schedules())),
        };
        let mut words = Vec::new();
        if completeness != COMPLETE {
            words.push("partial".to_owned());
        }
        words.extend(self.server_filter(table).into_iter().map(|(_, value)| value.to_owned()));
        if rows != ExportRows::All {
            words.push(short_filter(filter));
        }
        file_name(name, profile, &words.join("-"), self.now)
    }

    /// What the list was asked for with: other rows of it were never read.
    fn server_filter(&self, table: TableId) -> Vec<(&'static str, &str)> {
        let BackupQuery { service_id, status, .. } = self.backup_query();
        let service = service_id.as_ref().map(|id| ("service", id.as_str()));
        let status = status.as_deref().map(|status| ("status", status));
        let is_asked = table == TableId::Backups;
        [service, status].into_iter().flatten().filter(|_| is_asked).collect()
    }

    /// The folder a save begins in: the last one, else the user's own.
    fn export_folder(&self) -> PathBuf {
        self.settings.preferences.export.last_folder.clone().unwrap_or_else(|| self.start.home.clone())
    }

    /// The whole path for the path field.
    #[must_use]
    pub fn export_path(&self, table: TableId, rows: ExportRows) -> String {
        self.export_folder().join(self.export_name(table, rows)).display().to_string()
    }
}

impl Model {
    pub(super) fn handle_export(&mut self, command: ExportCommand, cx: &mut StepContext) {
        match command {
            ExportCommand::OpenExport => self.open_export(),
            ExportCommand::Export(choice) => self.export(&choice, cx),
            ExportCommand::ReplaceFiles => self.replace_files(cx),
            ExportCommand::CancelExport => self.cancel_export(cx),
        }
    }

    fn open_export(&mut self) {
        let Some(table) = self.view.table() else { return };
        let preferences = &self.data.settings.preferences.export;
        let form = &mut self.view.export;
        form.preset = preferences.preset;
        form.guard = preferences.guard;
        form.semicolon = preferences.semicolon;
        form.columns = if preferences.columns_all { ExportColumns::All } else { ExportColumns::Visible };
        let selected = with_table!(self.data.lists(), table, table => table.selection().len());
        form.rows = if selected > 1 { ExportRows::Selected } else { ExportRows::Shown };
        form.path = form.has_no_dialog.then(|| self.data.export_path(table, form.rows));
        form.nothing_picked = false;
        if let Some(open) = self.data.session.open_mut() {
            open.exports.error = None;
        }
        self.view.open(Dialog::Export(table));
    }

    fn export(&mut self, choice: &ExportChoice, cx: &mut StepContext) {
        if self.data.session.open().is_none_or(|open| open.exports.running.is_some()) {
            return;
        }
        self.view.export.nothing_picked = false;
        self.remember_export(choice);
        let name = self.data.export_name(choice.table, choice.rows);
        let request = Box::new(self.freeze(choice));
        let total = self.data.export_rows(choice.table, choice.rows);
        let ticket = cx.ticket();
        if let Some(path) = &choice.path {
            let phase = ExportPhase::Writing;
            self.set_export(Some(RunningExport { ticket, request: request.clone(), phase, written: 0, total }));
            self.remember_folder(path);
            return cx.push(Effect::File(FileEffect::Export(ticket, request)));
        }
        self.set_export(Some(RunningExport { ticket, request, phase: ExportPhase::Picking, written: 0, total }));
        let folder = Some(self.data.export_folder());
        cx.push(Effect::Window(WindowEffect::PickSavePath(ticket, SavePath { file_name: name, folder })));
    }

    fn set_export(&mut self, running: Option<RunningExport>) {
        if let Some(open) = self.data.session.open_mut() {
            open.exports = Exports { running, error: None };
        }
    }

    fn remember_folder(&mut self, path: &Path) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            self.data.settings.preferences.export.last_folder = Some(folder.to_owned());
            self.settings_changed();
        }
    }

    fn remember_export(&mut self, choice: &ExportChoice) {
        let preferences = &mut self.data.settings.preferences.export;
        preferences.preset = choice.preset;
        preferences.guard = choice.guard;
        preferences.semicolon = choice.semicolon;
        preferences.columns_all = choice.columns == ExportColumns::All;
        self.settings_changed();
    }

    fn freeze(&self, choice: &ExportChoice) -> ExportRequest {
        let options = CsvOptions {
            preset: choice.preset,
            semicolon: choice.semicolon,
            guard: choice.guard,
            zone: self.data.zone().clone(),
            names: Arc::clone(&self.data.lists().service_names),
            now: self.data.now,
            line_feed_only: choice.line_feed_only,
        };
        with_table!(self.data.lists(), choice.table, table => self.frozen(table, choice, options))
    }

    fn frozen<R: Row>(&self, table: &Table<R>, choice: &ExportChoice, options: CsvOptions) -> ExportRequest
    where
        Rows<R>: Into<ExportTable>,
    {
        let columns: Vec<String> = match choice.columns {
            ExportColumns::Visible => table.layout().visible().map(|column| column.key.clone()).collect(),
            ExportColumns::All => all_columns::<R>().into_iter().map(str::to_owned).collect(),
        };
        let sort = table.layout().sort.iter().map(|by| format!("{} {:?}", by.key, by.direction).to_lowercase());
        let asked = self.data.server_filter(choice.table).into_iter();
        let mut filters: Vec<String> = asked.map(|(name, value)| format!("{name} asked for: {value}")).collect();
        if choice.rows != ExportRows::All {
            filters.push(long_filter(table.filter()));
        }
        let filters = filters.join("; ");
        let provenance = Provenance {
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            profile: self.data.session.profile().map(|profile| profile.name.clone()).unwrap_or_default(),
            at: table.remote().at().unwrap_or(self.data.now),
            filters,
            sort: sort.collect::<Vec<_>>().join(", "),
            completeness: completeness(table),
            rows: table.rows().len(),
        };
        ExportRequest {
            table: table.shared_rows().into(),
            rows: choice.rows,
            order: table.index().order.clone(),
            selection: table.selection().clone(),
            columns,
            options,
            provenance,
            path: choice.path.clone().unwrap_or_default(),
            replace: Vec::new(),
        }
    }

    /// The user agreed to replace what was asked about: the same export once more. What has appeared or changed meanwhile is
    /// asked about in its turn.
    fn replace_files(&mut self, cx: &mut StepContext) {
        let ticket = cx.ticket();
        let Some(export) = self.data.export_mut() else { return };
        let ExportPhase::Asking(standing) = std::mem::replace(&mut export.phase, ExportPhase::Writing) else { return };
        export.request.replace.retain(|allowed| !standing.iter().any(|it| it.path == allowed.path));
        export.request.replace.extend(standing);
        export.ticket = ticket;
        cx.push(Effect::File(FileEffect::Export(ticket, export.request.clone())));
    }

    /// Stops an export. Once it is being written, only its own end tells whether a file is there, so that is waited for.
    fn cancel_export(&mut self, cx: &mut StepContext) {
        let Some(export) = self.data.export() else { return };
        cx.push(Effect::Cancel(export.ticket));
        if export.phase != ExportPhase::Writing {
            // A dialog that does not show, or never answers, leaves typing.
            self.view.export.nothing_picked = export.is_waiting_for_path();
            self.set_export(None);
        }
    }

    pub(super) fn apply_export(&mut self, event: ExportEvent, cx: &mut StepContext) {
        match event {
            ExportEvent::SavePathPicked(ticket, picked) => self.path_picked(ticket, picked, cx),
            ExportEvent::ExportProgress(ticket, rows) => {
                if let Some(export) = self.data.export_mut().filter(|export| export.ticket == ticket) {
                    export.written = rows;
                }
            }
            ExportEvent::Exported(ticket, result) => {
                if let Some(export) = self.take_export(ticket) {
                    self.exported(export, result, cx);
                }
            }
            ExportEvent::Rendered(_, text, rows) => {
                let what =
                    if rows == 1 { "1 row copied".to_owned() } else { format!("{} rows copied", format_count(rows)) };
                cx.notify(Severity::Good, what);
                cx.push(Effect::Window(WindowEffect::CopyText(text)));
            }
        }
    }

    fn path_picked(&mut self, ticket: Ticket, picked: PickedPath, cx: &mut StepContext) {
        let is_asked = |export: &&mut RunningExport| export.ticket == ticket && export.is_waiting_for_path();
        let Some(export) = self.data.export_mut().filter(is_asked) else { return };
        match picked {
            PickedPath::Path(path) => {
                export.phase = ExportPhase::Writing;
                export.request.path.clone_from(&path);
                let request = export.request.clone();
                self.remember_folder(&path);
                cx.push(Effect::File(FileEffect::Export(ticket, request)));
            }
            PickedPath::Cancelled => {
                self.set_export(None);
                self.view.export.nothing_picked = true;
            }
            PickedPath::NoDialog => {
                self.set_export(None);
                self.view.export.has_no_dialog = true;
                if let Some(Dialog::Export(table)) = self.view.dialog {
                    let rows = self.view.export.rows;
                    self.view.export.path = Some(self.data.export_path(table, rows));
                }
            }
        }
    }

    fn exported(&mut self, mut export: RunningExport, result: Result<ExportReport, ExportError>, cx: &mut StepContext) {
        match result {
            Err(ExportError::Exists(standing)) if matches!(self.view.dialog, Some(Dialog::Export(_))) => {
                export.phase = ExportPhase::Asking(standing);
                self.set_export(Some(export));
            }
            Ok(report) => {
                if matches!(self.view.dialog, Some(Dialog::Export(_))) {
                    self.view.dialog = None;
                }
                let rows =
                    if report.rows == 1 { "1 row".to_owned() } else { format!("{} rows", format_count(report.rows)) };
                let name = report.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                let detail = std::iter::once(name).chain(report.warnings).collect::<Vec<_>>().join(" · ");
                let action = Some(NotificationAction::ShowInFolder(report.path));
                cx.notify_with(Severity::Good, format!("{rows} saved"), Some(detail), action);
            }
            Err(ExportError::Cancelled) => cx.notify(Severity::Info, "Export cancelled. No file was written"),
            Err(error) if matches!(self.view.dialog, Some(Dialog::Export(_))) => {
                if let Some(open) = self.data.session.open_mut() {
                    open.exports.error = Some((error.sentence(), error.advice().to_owned()));
                }
            }
            Err(error) => {
                let advice = Some(error.advice().to_owned());
                cx.notify_with(Severity::Bad, error.sentence(), advice, None);
            }
        }
    }

    fn take_export(&mut self, ticket: Ticket) -> Option<RunningExport> {
        self.data.session.open_mut()?.exports.running.take_if(|export| export.ticket == ticket)
    }
}

/// The word for a list that holds every row.
const COMPLETE: &str = "complete";

/// Whether the rows are all there are, in the words of the side file.
fn completeness<R: Row>(table: &Table<R>) -> String {
    let missing = match table.completeness() {
        Completeness::Complete => None,
        Completeness::Partial(why) => Some(why.clone()),
        Completeness::ChangedWhileReading => Some("the list changed while it was read".to_owned()),
    };
    let reasons: Vec<String> = missing.into_iter().chain(table.unreadable_words()).collect();
    if reasons.is_empty() { COMPLETE.to_owned() } else { format!("partial: {}", reasons.join("; ")) }
}

/// The filter in few words, for the file name.
fn short_filter(filter: &Filter) -> String {
    let suspended = filter.suspended.then(|| "suspended".to_owned());
    let parts = filter.statuses.iter().chain(&filter.backup_types).chain(&filter.services).chain(&suspended);
    let text = Some(&filter.text).filter(|text| !text.is_empty());
    let parts: Vec<&str> = parts.chain(text).map(String::as_str).collect();
    if parts.is_empty() && !filter.is_empty() { "filtered".to_owned() } else { parts.join("-") }
}

/// The filter in words, for the side file.
fn long_filter(filter: &Filter) -> String {
    let list = |name: &str, values: &std::collections::BTreeSet<String>| {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        (!values.is_empty()).then(|| format!("{name}: {}", values.join(", ")))
    };
    let fields = if filter.all_fields { "text in any field" } else { "text" };
    let text = (!filter.text.is_empty()).then(|| format!("{fields}: {}", filter.text));
    let suspended = filter.suspended.then(|| "suspended: yes".to_owned());
    let from = filter.period.from.map(|at| format!("from {at}"));
    let until = filter.period.until.map(|at| format!("until {at}"));
    let parts = [
        text,
        list("status", &filter.statuses),
        list("type", &filter.backup_types),
        list("service", &filter.services),
        suspended,
        from,
        until,
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join("; ") }
}
