//! The board of services by backup type.

use egui::{Color32, Ui};

use super::super::row_actions::service_change_line;
use crate::domain::{BackupType, format_span, format_until, sanitize_for_display};
use crate::insight::{CellState, CoverageCell, CoverageReport, Evidence, ServiceCoverage, Urgency};
use crate::model::{Data, Dialog, View};
use crate::msg::{Command, Commands, FormCommand, ListCommand, ShownEvidence};
use crate::theme::{self, Tokens, icon};
use crate::widgets::{Board, BoardCell, BoardClick, BoardRow, board_ui, menu_item};

const SERVICE: &str = "Service";
const NEXT: &str = "Next run";

/// The headers: the service, its types, the next run.
pub(super) fn headers() -> Vec<&'static str> {
    let types =
        [BackupType::Full, BackupType::Incremental, BackupType::BinaryLog, BackupType::Dump, BackupType::Snapshot];
    std::iter::once(SERVICE).chain(types.iter().map(type_header)).chain([NEXT]).collect()
}

fn type_header(backup_type: &BackupType) -> &'static str {
    match backup_type {
        BackupType::Full => "Full",
        BackupType::Incremental => "Incremental",
        BackupType::BinaryLog => "Binary log",
        BackupType::Dump => "Dump",
        BackupType::Snapshot => "Snapshot",
        BackupType::Other(_) => "Other",
    }
}

pub(super) fn services_ui(ui: &mut Ui, data: &Data, report: &CoverageReport, view: &mut View, commands: &mut Commands) {
    let headers = headers();
    let tokens = theme::tokens(ui);
    let board = Board { id: "services", headers: &headers, rows: report.services.len() };
    let row = |number: usize| report.services.get(number).map_or_else(BoardRow::default, |it| row_of(it, data, tokens));
    let clicked = board_ui(ui, board, row, |ui, number| {
        if let Some(service) = report.services.get(number) {
            menu_ui(ui, service, data, view, commands);
        }
    });
    let Some(BoardClick { row, cell }) = clicked else { return };
    if let Some(service) = report.services.get(row) {
        commands.push(show(service, cell.and_then(|cell| BackupType::ALL.get(cell).cloned())));
    }
}

/// The backups of the service, or of one type of it, with the newest good one selected.
fn show(service: &ServiceCoverage, backup_type: Option<BackupType>) -> Command {
    let lane = backup_type.as_ref().and_then(|kind| BackupType::ALL.iter().position(|known| known == kind));
    let newest = lane.and_then(|lane| service.cells.get(lane)?.newest.as_ref());
    let rows = Evidence::Backups(newest.map(|newest| newest.id.clone()).into_iter().collect());
    Command::List(ListCommand::ShowEvidence(ShownEvidence { service: service.id.clone(), backup_type, rows }))
}

fn row_of(service: &ServiceCoverage, data: &Data, tokens: &Tokens) -> BoardRow {
    let label = super::label_of(data, &service.id, service.name.as_deref());
    let note = match &service.not_ready {
        _ if service.is_gone => "Deleted service".to_owned(),
        Some(state) => sanitize_for_display(state).replace('_', " "),
        None => String::new(),
    };
    let (icon, color) = urgency_icon(service, tokens);
    let cells: Vec<BoardCell> = service.cells.iter().map(|cell| cell_of(cell, service.is_gone, data, tokens)).collect();
    let next = service.next().map(|at| until(at, data)).unwrap_or_default();
    let used = headers().into_iter().skip(1).zip(&cells).filter(|(_, cell)| !cell.icon.is_empty());
    let words: Vec<String> = used.map(|(kind, cell)| format!("{kind}: {}", cell.help)).collect();
    let notes =
        [note.as_str(), &words.join("; ")].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(". ");
    let next_words = if next.is_empty() { String::new() } else { format!(". Next run {next}") };
    BoardRow {
        name: format!("{label}, {}. {notes}{next_words}", urgency_words(service.urgency)),
        head: BoardCell { icon, color, is_loud: false, word: label, detail: note, help: String::new() },
        cells,
        last: if next.is_empty() { "–".to_owned() } else { next },
    }
}

fn urgency_words(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::None => "nothing to do",
        Urgency::Warning => "warning",
        Urgency::Problem => "needs attention",
    }
}

fn urgency_icon(service: &ServiceCoverage, tokens: &Tokens) -> (&'static str, Color32) {
    match service.urgency {
        Urgency::Problem => (icon::X_CIRCLE, tokens.bad),
        Urgency::Warning => (icon::WARNING, tokens.warn),
        Urgency::None if service.is_gone || service.is_unknown() => (icon::CIRCLE_DASHED, tokens.text_secondary),
        Urgency::None => (icon::CHECK_CIRCLE, tokens.ok),
    }
}

fn cell_of(cell: &CoverageCell, is_gone: bool, data: &Data, tokens: &Tokens) -> BoardCell {
    let (icon, color, is_loud) = match cell.state {
        CellState::Unused => return BoardCell { word: "–".to_owned(), ..BoardCell::default() },
        // Nobody waits for backups of a service that is deleted.
        _ if is_gone => (icon::CIRCLE_DASHED, tokens.text_secondary, false),
        CellState::Fresh => (icon::CHECK_CIRCLE, tokens.ok, false),
        CellState::Late => (icon::CLOCK, tokens.warn, true),
        CellState::Missed => (icon::WARNING, tokens.warn, true),
        CellState::Failed | CellState::TooOld | CellState::NoBackup => (icon::X_CIRCLE, tokens.bad, true),
        CellState::Suspended => (icon::PAUSE, tokens.text_secondary, false),
        CellState::NoTarget | CellState::NotCheckable => (icon::CIRCLE_DASHED, tokens.text_secondary, false),
    };
    let word = cell.state.as_words().to_owned();
    let detail = match (cell.age_secs(data.now).map(short_span), cell.target_secs.map(short_span)) {
        (Some(age), Some(target)) => format!("{age} of {target}"),
        (Some(age), None) => age,
        (None, Some(target)) => format!("target {target}"),
        (None, None) => String::new(),
    };
    BoardCell { icon, color, is_loud, help: help(cell, &word, data), word, detail }
}

/// All about a cell: `Failed. Newest good backup 2 days ago, 2026-11-21 02:00 (UTC). Target 26 h. Next run in 3 h`.
fn help(cell: &CoverageCell, word: &str, data: &Data) -> String {
    let newest = cell.newest.as_ref().map_or_else(
        || "No good backup is listed".to_owned(),
        |newest| {
            let age = cell.age_secs(data.now).map(span).unwrap_or_default();
            let zone = data.zone();
            format!("Newest good backup {age} ago, {} ({})", zone.date_minute(newest.at), zone.label())
        },
    );
    let target = cell.target_secs.map(|target| format!("Target {}", span(target)));
    let next = cell.next.map(|at| format!("Next run {}", until(at, data)));
    let unchecked =
        cell.not_checkable.as_ref().map(|reason| format!("Not every run can be checked. {}", reason.sentence()));
    let sentences = [Some(word.to_owned()), Some(newest), target, next, unchecked];
    sentences.into_iter().flatten().collect::<Vec<_>>().join(". ")
}

fn until(at: jiff::Timestamp, data: &Data) -> String {
    format_until(u64::try_from(at.as_second() - data.now.as_second()).unwrap_or(0))
}

fn span(secs: i64) -> String {
    format_span(u64::try_from(secs).unwrap_or(0))
}

/// The same with `d` for days, for a cell.
fn short_span(secs: i64) -> String {
    if secs < 172_800 { span(secs) } else { format!("{} d", secs / 86_400) }
}

fn menu_ui(ui: &mut Ui, service: &ServiceCoverage, data: &Data, view: &mut View, commands: &mut Commands) {
    if menu_item(ui, icon::BACKUP, "Show backups of this service", "").clicked() {
        commands.push(show(service, None));
    }
    for (kind, cell) in
        BackupType::ALL.into_iter().zip(&service.cells).filter(|(_, cell)| cell.state != CellState::Unused)
    {
        let text = format!("{}: {}", type_header(&kind), cell.state.as_words());
        if menu_item(ui, "", &text, "").on_hover_text("Show these backups").clicked() {
            commands.push(show(service, Some(kind)));
        }
    }
    if menu_item(ui, icon::SCHEDULE, "Show its schedules", "").clicked() {
        let (service, rows) = (service.id.clone(), Evidence::Schedules(Vec::new()));
        commands.push(Command::List(ListCommand::ShowEvidence(ShownEvidence { service, backup_type: None, rows })));
    }
    if menu_item(ui, icon::CLOCK, "Can I get back to…?", "").clicked() {
        commands.push(Command::List(ListCommand::ShowMoments(Some(service.id.clone()))));
    }
    if service.is_gone {
        return;
    }
    ui.separator();
    let id = || Some(service.id.clone());
    if service_change_line(ui, icon::PLUS, "New schedule for this service…", data) {
        commands.push(Command::Form(FormCommand::NewSchedule(id())));
    }
    if service_change_line(ui, icon::LIGHTNING, "Back up this service now…", data) {
        commands.push(Command::Form(FormCommand::BackUpNow(id())));
    }
    if menu_item(ui, icon::OVERVIEW, "Targets of this service…", "").clicked() {
        view.open(Dialog::Targets(id()));
    }
}
