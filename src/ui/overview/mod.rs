//! The overview: which services are covered, worst first, and what needs attention.
//!
//! Owns: the layout of the screen and its words for a whole account. Each claim leads by one click to the rows behind it.
//! Must never: work anything out from rows; `insight` does.

mod board;
mod calendar;
mod findings;
pub(super) mod targets;

use egui::{CentralPanel, Frame, Margin, Panel, Ui};

use super::actions::evidence_pack;
use super::choice::choose_ui;
use super::placeholders;
use super::suspension::suspended_line_ui;
use super::table_screen::{partial_ui, stale_data_ui};
use crate::domain::{Backup, ServiceId, format_count, sanitize_for_display};
use crate::insight::CoverageReport;
use crate::model::{Data, Dialog, View};
use crate::msg::{Command, Commands, ListCommand};
use crate::theme::icon;
use crate::widgets::{ActionButton, ButtonStyle, board_skeleton_ui, empty_state_ui, screen_title};

/// From this width on, the findings are beside the board; below, above it.
const SIDE_BY_SIDE: f32 = 1080.0;
/// The width of the findings beside the board.
const FINDINGS: f32 = 340.0;

/// Title, findings, board.
pub(super) fn overview_ui(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let head = Frame::new().inner_margin(Margin { left: 16, right: 16, top: 4, bottom: 4 });
    let report = data.coverage().and_then(|coverage| coverage.report());
    Panel::top("overview_head").frame(head).show_separator_line(false).resizable(false).show(ui, |ui| {
        title_ui(ui, data, report, view, commands);
        suspended_line_ui(ui, data, commands);
    });
    let notices = Frame::new().inner_margin(Margin::symmetric(16, 0));
    placeholders::late_ui(ui, "overview_notices", notices, |ui| {
        stale_data_ui::<Backup>(ui, data, commands);
        partial_ui::<Backup>(ui, data, commands);
    });
    match report {
        _ if view.overview.is_calendar => calendar::calendar_ui(ui, data, view, commands),
        Some(report) if !report.services.is_empty() => layout_ui(ui, data, report, view, commands),
        Some(_) if !data.lists().is_loading() => {
            empty_state_ui(ui, icon::OVERVIEW, "No services yet. What SkySQL backs up is shown here", None);
        }
        _ => waiting_ui(ui, data, commands, |ui| board_skeleton_ui(ui, &board::headers())),
    }
}

fn layout_ui(ui: &mut Ui, data: &Data, report: &CoverageReport, view: &mut View, commands: &mut Commands) {
    let frame = Frame::new();
    if !report.findings.is_empty() {
        if ui.available_width() >= SIDE_BY_SIDE {
            let panel = Panel::right("overview_findings").frame(frame).exact_size(FINDINGS).resizable(false);
            panel.show(ui, |ui| findings::findings_ui(ui, data, report, commands));
        } else {
            let height = findings::height(report.findings.len()).min(ui.available_height() * 0.45);
            let panel = Panel::top("overview_findings").frame(frame).exact_size(height).resizable(false);
            panel.show(ui, |ui| findings::findings_ui(ui, data, report, commands));
        }
    }
    CentralPanel::no_frame().show(ui, |ui| board::services_ui(ui, data, report, view, commands));
}

fn title_ui(ui: &mut Ui, data: &Data, report: Option<&CoverageReport>, view: &mut View, commands: &mut Commands) {
    let words = report.filter(|report| !report.services.is_empty()).map(headline);
    let detail: Vec<String> = words.into_iter().chain(placeholders::age_text(data.backups(), data)).collect();
    screen_title(ui, "Overview", &detail.join("  ·  "), |ui| {
        if report.is_some() && ui.add(ActionButton::new(ButtonStyle::Secondary, "Targets…")).clicked() {
            view.open(Dialog::Targets(None));
        }
        let evidence = evidence_pack(data);
        let button = ActionButton::new(ButtonStyle::Secondary, "Evidence pack…");
        if ui.add_enabled(evidence.is_ok(), button).clicked() {
            commands.extend(evidence);
        }
        let faces = [(false, "Services"), (true, "Calendar")];
        ui.push_id("face", |ui| choose_ui(ui, &faces, &mut view.overview.is_calendar));
    });
}

/// `2 of 14 services need attention`.
fn headline(report: &CoverageReport) -> String {
    let of = format_count(report.existing);
    match report.problems {
        0 if report.is_unknown() => "Not checkable until all lists are loaded".to_owned(),
        0 if report.warnings > 0 && report.existing == 1 => "Covered, with a warning".to_owned(),
        // Covered is not the same as going as planned.
        0 if report.warnings > 0 => format!("Covered, {} of {of} with a warning", format_count(report.warnings)),
        0 if report.existing == 1 => "The service is covered".to_owned(),
        0 => format!("All {of} services are covered"),
        1 => format!("1 of {of} services needs attention"),
        problems => format!("{} of {of} services need attention", format_count(problems)),
    }
}

/// Nothing is known yet, or nothing could be loaded; `skeleton` draws the shape of what comes.
pub(super) fn waiting_ui(ui: &mut Ui, data: &Data, commands: &mut Commands, skeleton: impl FnOnce(&mut Ui)) {
    let remote = &data.backups().remote;
    if let Some(error) = remote.error() {
        if placeholders::error_ui(ui, error, remote.is_loading()) {
            commands.push(Command::List(ListCommand::Refresh));
        }
    } else if data.lists().is_loading() {
        skeleton(ui);
    } else if placeholders::unread_ui(ui, "backups", data.can_read()) {
        commands.push(Command::List(ListCommand::Refresh));
    }
}

/// What a service is called: its name, with its id where two have the same.
pub(super) fn label_of(data: &Data, id: &ServiceId, name: Option<&str>) -> String {
    let label = data.lists().service_names.label(id.as_str(), name);
    if label.is_empty() { "No service".to_owned() } else { sanitize_for_display(&label).into_owned() }
}

/// The name of a service, where the overview knows one.
fn name_of<'a>(data: &'a Data, id: &ServiceId) -> Option<&'a str> {
    let report = data.coverage()?.report()?;
    report.services.iter().find(|service| service.id == *id)?.name.as_deref()
}
