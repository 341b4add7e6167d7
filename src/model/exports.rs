//! Exports: frozen when asked for, written elsewhere, one at a time.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::lists::with_table;
use super::running_export::{Exports, RunningExport, Wanted};
use super::{Data, Dialog, Model, NotificationAction, Severity, StepContext};
use crate::api::BackupQuery;
use crate::domain::format_count;
use crate::export::{
    ExportColumns, ExportError, ExportJob, ExportOptions, ExportReport, ExportRows, FileFormat, Provenance, Snapshot,
    file_name,
};
use crate::grid::{Filter, RowSource};
use crate::msg::{Effect, ExportCommand, ExportEvent, PickedPath, SavePath, TableId, Ticket, WindowEffect};

impl Data {
    /// What an export or a copy takes from a table, as it is now.
    #[must_use]
    pub fn snapshot(&self, table: TableId, columns: ExportColumns) -> Snapshot {
        with_table!(self.lists(), table, table => table.snapshot(columns))
    }

    /// The file name an export of these rows gets: it names the filters that count for them, and says when the list is not whole.
    #[must_use]
    pub fn export_name(&self, table: TableId, options: &ExportOptions) -> String {
        let profile = self.session.profile().map_or("", |profile| profile.name.as_str());
        let name = match table {
            TableId::Backups if self.lists().backups_shown == RowSource::AllSeen => "backups-all-seen",
            TableId::Backups => "backups",
            TableId::Schedules => "schedules",
            TableId::Restores => "restores",
        };
        let partial = with_table!(self.lists(), table, table => table.partial()).map(|_why| "partial".to_owned());
        let asked = self.server_filter(table).into_iter().map(|(_, value)| value.to_owned());
        let filter = (options.rows != ExportRows::All).then(|| short_filter(self.filter(table)));
        let words: Vec<String> = partial.into_iter().chain(asked).chain(filter).collect();
        file_name(name, profile, &words.join("-"), self.now, options.format.ending())
    }

    fn filter(&self, table: TableId) -> &Filter {
        with_table!(self.lists(), table, table => &table.filter)
    }

    /// Where the rows of an export come from.
    fn provenance(&self, table: TableId, rows: ExportRows) -> Provenance {
        let asked = self.server_filter(table).into_iter().map(|(name, value)| format!("{name} asked for: {value}"));
        let filter = (rows != ExportRows::All).then(|| long_filter(self.filter(table)));
        let known = with_table!(self.lists(), table, table => table.provenance(self.now));
        let is_history = known.source == RowSource::AllSeen;
        Provenance {
            recorded_since: self.history().and_then(|history| history.since).filter(|_| is_history),
            app_version: self.config.build.version.to_owned(),
            profile: self.session.profile().map(|profile| profile.name.clone()).unwrap_or_default(),
            filters: asked.chain(filter).collect::<Vec<_>>().join("; "),
            ..known
        }
    }

    /// What the list was asked for with: other rows of it were never read.
    fn server_filter(&self, table: TableId) -> Vec<(&'static str, &str)> {
        let BackupQuery { service_id, status, .. } = &self.lists().query;
        let service = service_id.as_ref().map(|id| ("service", id.as_str()));
        let status = status.as_deref().map(|status| ("status", status));
        let is_asked = table == TableId::Backups && self.lists().backups_shown == RowSource::Listed;
        [service, status].into_iter().flatten().filter(|_| is_asked).collect()
    }

    /// The folder a save begins in: the last one, else the user's own.
    pub(super) fn export_folder(&self) -> PathBuf {
        self.settings.preferences.export.last_folder.clone().unwrap_or_else(|| self.config.home.clone())
    }

    /// The whole path for the path field.
    #[must_use]
    pub fn export_path(&self, table: TableId, options: &ExportOptions) -> String {
        self.export_folder().join(self.export_name(table, options)).display().to_string()
    }
}

impl Model {
    pub(super) fn handle_export(&mut self, command: ExportCommand, cx: &mut StepContext) {
        match command {
            ExportCommand::OpenExport(format) => self.open_export(format),
            ExportCommand::Export { table, options, path } => self.export(table, options, path, cx),
            ExportCommand::OpenEvidence => self.open_evidence(),
            ExportCommand::ExportEvidence { options, path } => self.export_evidence(&options, path, cx),
            ExportCommand::ReplaceFiles => {
                if let Some(exports) = self.exports() {
                    exports.replace_files(cx);
                }
            }
            ExportCommand::CancelExport => {
                if let Some(stopped) = self.exports().and_then(|exports| exports.cancel(cx)) {
                    // A dialog that does not show, or never answers, leaves typing.
                    self.view.export.nothing_picked = stopped.is_waiting_for_path();
                }
            }
        }
    }

    fn exports(&mut self) -> Option<&mut Exports> {
        Some(&mut self.data.session.open_mut()?.exports)
    }

    fn open_export(&mut self, format: Option<FileFormat>) {
        let Some(table) = self.view.table() else { return };
        let preferences = &self.data.settings.preferences.export;
        let form = &mut self.view.export;
        let is_several = self.data.snapshot(table, ExportColumns::Visible).selection.len() > 1;
        form.options = ExportOptions {
            rows: if is_several { ExportRows::Selected } else { ExportRows::Shown },
            columns: if preferences.columns_all { ExportColumns::All } else { ExportColumns::Visible },
            format: format.unwrap_or(preferences.format),
            preset: preferences.preset,
            formula_escape: preferences.guard,
            semicolon: preferences.semicolon,
            line_feed_only: form.options.line_feed_only,
        };
        form.path = form.has_no_dialog.then(|| self.data.export_path(table, &form.options));
        self.open_export_dialog(Dialog::Export(table));
    }

    /// Opens a dialog of an export, in which nothing has failed yet.
    pub(super) fn open_export_dialog(&mut self, dialog: Dialog) {
        self.view.export.nothing_picked = false;
        if let Some(exports) = self.exports() {
            exports.error = None;
        }
        self.view.open(dialog);
    }

    fn export(&mut self, table: TableId, options: ExportOptions, path: Option<PathBuf>, cx: &mut StepContext) {
        if self.is_exporting() {
            return;
        }
        self.remember_export(options);
        let job = Box::new(ExportJob {
            table: self.data.snapshot(table, options.columns),
            options,
            zone: self.data.zone().clone(),
            names: Arc::clone(&self.data.lists().service_names),
            now: self.data.now,
            provenance: self.data.provenance(table, options.rows),
            path: PathBuf::new(),
            replace: Vec::new(),
        });
        let wanted = SavePath {
            file_type: options.format.name(),
            ending: options.format.ending(),
            file_name: self.data.export_name(table, &options),
            folder: Some(self.data.export_folder()),
        };
        self.begin_export(Wanted::Table(job), wanted, path, cx);
    }

    /// Begins an export; without a path it is asked for.
    pub(super) fn begin_export(&mut self, wanted: Wanted, save: SavePath, path: Option<PathBuf>, cx: &mut StepContext) {
        let ticket = cx.ticket();
        if let Some(exports) = self.exports() {
            exports.begin(ticket, wanted);
        }
        self.view.export.nothing_picked = false;
        match path {
            Some(path) => self.write_to(path, cx),
            None => cx.push(Effect::Window(WindowEffect::PickSavePath(ticket, save))),
        }
    }

    pub(super) fn is_exporting(&self) -> bool {
        self.data.session.open().is_none_or(|open| open.exports.running.is_some())
    }

    /// The path of the running export is known: it is written.
    fn write_to(&mut self, path: PathBuf, cx: &mut StepContext) {
        self.remember_folder(&path);
        if let Some(exports) = self.exports() {
            exports.write_to(path, cx);
        }
    }

    fn remember_folder(&mut self, path: &Path) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            self.data.settings.preferences.export.last_folder = Some(folder.to_owned());
            self.settings_changed();
        }
    }

    fn remember_export(&mut self, options: ExportOptions) {
        let preferences = &mut self.data.settings.preferences.export;
        preferences.format = options.format;
        preferences.preset = options.preset;
        preferences.guard = options.formula_escape;
        preferences.semicolon = options.semicolon;
        preferences.columns_all = options.columns == ExportColumns::All;
        self.settings_changed();
    }

    pub(super) fn apply_export(&mut self, event: ExportEvent, cx: &mut StepContext) {
        match event {
            ExportEvent::SavePathPicked(ticket, picked) => self.path_picked(ticket, picked, cx),
            ExportEvent::ExportProgress(ticket, rows) => {
                if let Some(exports) = self.exports() {
                    exports.progress(ticket, rows);
                }
            }
            ExportEvent::Exported(ticket, result) => {
                if let Some(export) = self.exports().and_then(|exports| exports.take(ticket)) {
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
        let is_asked = |export: &RunningExport| export.ticket == ticket && export.is_waiting_for_path();
        if !self.data.export().is_some_and(is_asked) {
            return;
        }
        let has_no_dialog = match picked {
            PickedPath::Path(path) => return self.write_to(path, cx),
            PickedPath::Cancelled => false,
            PickedPath::NoDialog => true,
        };
        if let Some(exports) = self.exports() {
            exports.take(ticket);
        }
        let form = &mut self.view.export;
        if !has_no_dialog {
            form.nothing_picked = true;
            return;
        }
        form.has_no_dialog = true;
        form.path = match self.view.dialog {
            Some(Dialog::Export(table)) => Some(self.data.export_path(table, &form.options)),
            Some(Dialog::Evidence) => Some(self.data.evidence_path()),
            _ => return,
        };
    }

    fn exported(&mut self, export: RunningExport, result: Result<ExportReport, ExportError>, cx: &mut StepContext) {
        match result {
            Err(ExportError::Exists(standing)) if self.view.is_export_open() => {
                if let Some(exports) = self.exports() {
                    exports.ask_about(export, standing);
                }
            }
            Ok(report) => {
                if self.view.is_export_open() {
                    self.view.dialog = None;
                }
                let what = match (&export.wanted, report.rows) {
                    (Wanted::Evidence(_), _) => "Evidence pack".to_owned(),
                    (Wanted::Table(_), 1) => "1 row".to_owned(),
                    (Wanted::Table(_), rows) => format!("{} rows", format_count(rows)),
                };
                let name = report.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                let detail = std::iter::once(name).chain(report.warnings).collect::<Vec<_>>().join(" · ");
                let action = Some(NotificationAction::ShowInFolder(report.path));
                cx.notify_with(Severity::Good, format!("{what} saved"), Some(detail), action);
            }
            Err(ExportError::Cancelled) => cx.notify(Severity::Info, "Export cancelled. No file was written"),
            Err(error) if self.view.is_export_open() => {
                if let Some(exports) = self.exports() {
                    exports.failed(&error);
                }
            }
            Err(error) => {
                let advice = Some(error.advice().to_owned());
                cx.notify_with(Severity::Bad, error.to_string(), advice, None);
            }
        }
    }
}

/// The filter in few words, for the file name.
fn short_filter(filter: &Filter) -> String {
    let suspended = filter.suspended.then(|| "suspended".to_owned());
    let parts = filter.statuses.iter().chain(&filter.backup_types).chain(&filter.services);
    let parts = parts.chain(&filter.states).chain(&suspended);
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
        list("state", &filter.states),
        suspended,
        from,
        until,
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join("; ") }
}
