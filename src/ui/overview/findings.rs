//! What needs attention, each line leading to the rows behind it.

use egui::{Color32, CursorIcon, Role, ScrollArea, Sense, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2};

use super::label_of;
use crate::domain::format_count;
use crate::insight::{CoverageReport, Finding, Urgency};
use crate::model::Data;
use crate::msg::{Command, Commands, ListCommand, ShownEvidence};
use crate::theme::{self, Tokens, icon, space};
use crate::widgets::{focus_group, keep_focus_in_sight, paint_icon, section_title};

/// A finding: its service, two lines of what is wrong, one of advice.
const ROW: f32 = 84.0;
const TITLE: f32 = 36.0;

/// The height that all findings take.
pub(super) fn height(count: usize) -> f32 {
    TITLE + count as f32 * ROW + space::XS
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
            ROW,
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
    let tokens = theme::tokens(ui);
    let (glyph, color, weight) = urgency_look(finding.urgency, tokens);
    let label = label_of(data, &finding.service, finding.service_name.as_deref());
    let (sentence, advice) = (finding.sentence(data.zone(), data.now), finding.advice());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let response = ui.interact(rect, ui.scope_id().with(("finding", number)), Sense::click());
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Button, ui.is_enabled(), format!("{weight}: {label}. {sentence}. {advice}"))
    });
    let painter = ui.painter();
    if response.hovered() {
        painter.rect_filled(rect, 0, tokens.hover);
    }
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.line_subtle));
    paint_icon(painter, pos2(rect.left() + space::L + 8.0, rect.top() + 17.0), glyph, 16.0, color);
    let left = rect.left() + space::L + 24.0;
    let width = rect.right() - left - space::XL;
    let lines = [
        (format!("{label} · {weight}"), theme::strong(), tokens.text, 1),
        (sentence.clone(), TextStyle::Body, tokens.text, 2),
        (advice.to_owned(), TextStyle::Small, tokens.text_secondary, 1),
    ];
    let (mut is_cut, mut top) = (false, rect.top() + space::S);
    for (text, style, color, rows) in lines {
        let galley = clipped(ui, &text, &style, color, (width, rows));
        is_cut |= galley.elided;
        let height = galley.size().y;
        ui.painter().galley(pos2(left, top), galley, color);
        top += height + 2.0;
    }
    paint_icon(
        ui.painter(),
        pos2(rect.right() - space::L, rect.center().y),
        icon::CARET_RIGHT,
        12.0,
        tokens.text_faint,
    );
    if response.has_focus() {
        let ring = Stroke::new(2.0, tokens.accent_text);
        ui.painter().rect_stroke(rect, theme::radius::CONTROL, ring, egui::StrokeKind::Inside);
    }
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    let response = if is_cut { response.on_hover_text(format!("{sentence}. {advice}")) } else { response };
    response.clicked()
}

/// Text in a maximum number of lines, cut with ….
fn clipped(
    ui: &Ui,
    text: &str,
    style: &TextStyle,
    color: Color32,
    (width, rows): (f32, usize),
) -> std::sync::Arc<egui::Galley> {
    let mut job = egui::text::LayoutJob::single_section(
        text.to_owned(),
        egui::TextFormat::simple(style.resolve(ui.style()), color),
    );
    job.wrap = egui::text::TextWrapping { max_width: width.max(0.0), max_rows: rows, ..Default::default() };
    ui.painter().layout_job(job)
}
