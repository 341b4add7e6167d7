//! What needs attention, each line leading to the rows behind it.

use egui::{Color32, ScrollArea, Ui};

use super::label_of;
use crate::domain::format_count;
use crate::insight::{CoverageReport, Finding, Urgency};
use crate::model::Data;
use crate::msg::{Command, Commands, ListCommand, ShownEvidence};
use crate::theme::{self, Tokens, icon, space};
use crate::widgets::{NOTE_ROW_HEIGHT, NoteRow, focus_group, keep_focus_in_sight, note_row, section_title};

const TITLE: f32 = 36.0;

/// The height that all findings take.
pub(super) fn height(count: usize) -> f32 {
    TITLE + count as f32 * NOTE_ROW_HEIGHT + space::XS
}

pub(super) fn findings_ui(ui: &mut Ui, data: &Data, report: &CoverageReport, commands: &mut Commands) {
    ui.horizontal(|ui| {
        ui.set_height(TITLE);
        ui.add_space(space::L);
        section_title(ui, &format!("Findings ({})", format_count(report.findings.len())));
    });
    ui.spacing_mut().item_spacing.y = 0.0;
    focus_group(ui, "findings", |ui| {
        ScrollArea::vertical().id_salt("findings").auto_shrink(false).show_rows(
            ui,
            NOTE_ROW_HEIGHT,
            report.findings.len(),
            |ui, rows| {
                for number in rows {
                    let Some(finding) = report.findings.get(number) else { continue };
                    if finding_ui(ui, data, finding, number) {
                        commands.push(Command::List(ListCommand::ShowEvidence(ShownEvidence {
                            service: finding.service.clone(),
                            backup_type: finding.backup_type.clone(),
                            rows: finding.evidence.clone(),
                        })));
                    }
                }
                keep_focus_in_sight(ui);
            },
        );
    });
}

fn urgency_look(urgency: Urgency, tokens: &Tokens) -> (&'static str, Color32, &'static str) {
    match urgency {
        Urgency::Problem => (icon::X_CIRCLE, tokens.bad, "Problem"),
        Urgency::Warning => (icon::WARNING, tokens.warn, "Warning"),
        Urgency::None => (icon::INFO, tokens.info, "Note"),
    }
}

/// One finding as a button; true if it was clicked.
fn finding_ui(ui: &mut Ui, data: &Data, finding: &Finding, number: usize) -> bool {
    let (icon, color, weight) = urgency_look(finding.urgency, theme::tokens(ui));
    let label = label_of(data, &finding.service, finding.service_name.as_deref());
    let (text, advice) = (&*finding.sentence(data.zone(), data.now), finding.advice());
    let title = &*format!("{label} · {weight}");
    let name = &*format!("{weight}: {label}. {text}. {advice}");
    note_row(ui, number, NoteRow { icon, color, title, text, advice, name }).clicked()
}
