//! The schedule as a cron expression: five boxes and the whole text, in step.

use egui::{RichText, TextStyle, Ui};

use super::super::text::small_ui;
use super::request::clock;
use super::{FormParts, error_line_ui, is_entered};
use crate::cron::CronField;
use crate::draft::{DraftField, FieldError};
use crate::model::{Data, ScheduleForm};
use crate::theme::{self, space};
use crate::widgets::text_field;

/// True: Enter was pressed in one of the fields.
pub(super) fn cron_ui(
    ui: &mut Ui,
    FormParts { data, form, validation, .. }: &mut FormParts<'_>,
    take_focus: bool,
) -> bool {
    let error = validation.error(form, |field| matches!(field, DraftField::Cron(_) | DraftField::Plan(_)));
    let entered = boxes_ui(ui, data, form, error);
    entered | expression_ui(ui, data, form, error, take_focus)
}

/// The five fields; the one at fault is outlined.
fn boxes_ui(ui: &mut Ui, data: &Data, form: &mut ScheduleForm, error: Option<&FieldError>) -> bool {
    let width = (ui.available_width() - 4.0 * space::S) / 5.0;
    let boxes = form.draft.when.boxes(clock(data));
    let mut entered = false;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        for (field, mut text) in CronField::ALL.into_iter().zip(boxes) {
            let error = error.filter(|error| error.field == DraftField::Cron(Some(field)));
            let response = box_ui(ui, width, field, &mut text, error);
            form.focus_if_asked(|asked| asked == DraftField::Cron(Some(field)), &response);
            if response.changed() {
                form.draft.when.set_box(field, &text, clock(data));
            }
            entered |= is_entered(ui, &response);
        }
    });
    entered
}

fn box_ui(ui: &mut Ui, width: f32, field: CronField, text: &mut String, error: Option<&FieldError>) -> egui::Response {
    let bad = theme::tokens(ui).bad;
    ui.vertical(|ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = 6.0;
        let name = ui.label(RichText::new(field.name()).small());
        if error.is_some() {
            let widgets = &mut ui.visuals_mut().widgets;
            widgets.inactive.bg_stroke.color = bad;
            widgets.hovered.bg_stroke.color = bad;
        }
        ui.style_mut().override_font_id = Some(TextStyle::Monospace.resolve(ui.style()));
        let response = text_field(ui, text, "").labelled_by(name.id);
        if let Some(error) = error {
            ui.ctx().accesskit_node_builder(response.id, |node| {
                node.set_invalid(egui::accesskit::Invalid::True);
                node.set_description(error.message.as_str());
            });
        }
        response
    })
    .inner
}

/// The whole expression, and under it what is wrong, with the fix.
fn expression_ui(
    ui: &mut Ui,
    data: &Data,
    form: &mut ScheduleForm,
    error: Option<&FieldError>,
    take_focus: bool,
) -> bool {
    let tokens = theme::tokens(ui);
    ui.spacing_mut().item_spacing.y = 6.0;
    let mut text = form.draft.when.expression(clock(data));
    let name = ui.label(RichText::new("Cron expression").small());
    let response = ui
        .scope(|ui| {
            if error.is_some_and(|error| error.field == DraftField::Cron(None)) {
                let widgets = &mut ui.visuals_mut().widgets;
                widgets.inactive.bg_stroke.color = tokens.bad;
                widgets.hovered.bg_stroke.color = tokens.bad;
            }
            ui.style_mut().override_font_id = Some(TextStyle::Monospace.resolve(ui.style()));
            text_field(ui, &mut text, "")
        })
        .inner
        .labelled_by(name.id);
    if take_focus {
        response.request_focus();
    }
    form.focus_if_asked(|field| matches!(field, DraftField::Cron(None) | DraftField::Plan(_)), &response);
    if response.changed() {
        form.draft.when.set_expression(&text);
    }
    match error {
        None => {
            let help = "Minute, hour, day of month, month, weekday. Always in UTC";
            small_ui(ui, help);
        }
        Some(error) => {
            if let Some(fix) = error_line_ui(ui, error) {
                form.draft.when.set_expression(&fix);
            }
        }
    }
    is_entered(ui, &response)
}
