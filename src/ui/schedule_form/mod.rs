//! The form of a schedule: a new one, a run now, or a change of one.
//!
//! The texts are in [`ScheduleForm`], judged anew in every frame; what is sent is the parsed value. May import domain, model, msg, widgets,
//! theme. Must never keep a text of its own, nor send anything but by a command.

mod cron;
mod plan;
mod request;
mod runs;
mod service;
mod storage;
mod when;

use egui::{Layout, Response, RichText, TextStyle, Ui};

use self::request::FormValidation;
use super::choice::choose_ui;
use super::form::{FormDialog, draft_field_ui, error_line_ui, fixes_ui, form_dialog_ui, is_entered, preview_ui};
use super::{flags, outcome};
use crate::domain::{BackupType, ServiceId, type_line};
use crate::draft::{DraftField, FieldError, warnings};
use crate::model::{Data, FormPurpose, ScheduleForm, View};
use crate::msg::{Command, Commands, WindowCommand};
use crate::theme::{self, icon, space};
use crate::widgets::{ActionButton, ButtonStyle, DialogAnswer, glyph_ui, labelled_field};

/// From this window width on the form has two columns.
const WIDE_WINDOW: f32 = 1100.0;
/// The gap between them.
const GAP: f32 = 40.0;
/// What every part of the form is drawn from.
struct FormParts<'a> {
    data: &'a Data,
    form: &'a mut ScheduleForm,
    validation: &'a FormValidation,
    commands: &'a mut Commands,
}

/// The form as a dialog; its draft survives closing.
pub(super) fn schedule_form_ui(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let Some(form) = &mut view.form else {
        commands.push(Command::Window(WindowCommand::CloseDialog));
        return;
    };
    form.suggest_type(data);
    form.look_up_newest_full(data);
    let validation = FormValidation::of(data, form);
    let is_wide = is_wide(ui, &form.purpose);
    let title = title(&form.purpose, data);
    let dialog = FormDialog { id: "schedule-form", name: &title, width: if is_wide { 980.0 } else { 560.0 } };
    let mut parts = FormParts { data, form: &mut *form, validation: &validation, commands: &mut *commands };
    let title_ui = |ui: &mut Ui, _: &mut FormParts<'_>| title_ui(ui, data, &title);
    let answer = form_dialog_ui(ui, dialog, &mut parts, title_ui, body_ui, footer_ui);
    match answer {
        Some(DialogAnswer::Cancelled) => commands.push(Command::Window(WindowCommand::CloseDialog)),
        Some(DialogAnswer::Confirmed) => submit(data, form, commands),
        None => {}
    }
}

/// The fields of the time alone, for several schedules. True: Enter was pressed in one of them.
pub(super) fn time_fields_ui(ui: &mut Ui, data: &Data, form: &mut ScheduleForm, commands: &mut Commands) -> bool {
    let validation = FormValidation::of_time(data, form);
    when::when_ui(ui, &mut FormParts { data, form, validation: &validation, commands })
}

fn title_ui(ui: &mut Ui, data: &Data, title: &str) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(title).text_style(theme::section()));
        ui.add_space(space::S);
        flags::in_use_ui(ui, data);
    });
}

fn title(purpose: &FormPurpose, data: &Data) -> String {
    match purpose {
        FormPurpose::Create => "New schedule".to_owned(),
        FormPurpose::BackUpNow => "Back up now".to_owned(),
        FormPurpose::Edit(id) => data.schedules().find(id.as_str()).map_or_else(
            || format!("Edit schedule {}", id.shown()),
            |schedule| format!("Edit the {}", outcome::schedule_name(data, &schedule)),
        ),
    }
}

/// Sends what parses, once; else every error is shown from now on, and the first wrong field gets the keyboard.
fn submit(data: &Data, form: &mut ScheduleForm, commands: &mut Commands) {
    form.tried = true;
    let validation = FormValidation::of(data, form);
    form.focus = validation.first_wrong();
    if let Ok(request) = validation.request
        && data.can_change()
    {
        commands.push(Command::Change(request));
    }
}

fn is_wide(ui: &Ui, purpose: &FormPurpose) -> bool {
    ui.ctx().content_rect().width() >= WIDE_WINDOW && *purpose != FormPurpose::BackUpNow
}

/// True: Enter was pressed in a text field.
fn body_ui(ui: &mut Ui, parts: &mut FormParts<'_>) -> bool {
    let is_free = !request::is_sending(parts.data, parts.form);
    ui.add_enabled_ui(is_free, |ui| fields_ui(ui, parts)).inner
}

fn fields_ui(ui: &mut Ui, parts: &mut FormParts<'_>) -> bool {
    let mut entered = false;
    ui.spacing_mut().item_spacing.y = space::S;
    if is_wide(ui, &parts.form.purpose) {
        let (left, right) = (400.0, 540.0);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            let column = |ui: &mut Ui, width: f32, add: &mut dyn FnMut(&mut Ui)| {
                ui.allocate_ui_with_layout(egui::vec2(width, 0.0), Layout::top_down(egui::Align::Min), |ui| {
                    ui.set_width(width);
                    ui.spacing_mut().item_spacing.x = space::S;
                    add(ui);
                });
            };
            column(ui, left, &mut |ui| entered |= what_ui(ui, parts) | storage::storage_ui(ui, parts));
            column(ui, right, &mut |ui| entered |= when::when_ui(ui, parts));
        });
    } else {
        entered |= what_ui(ui, parts);
        if parts.form.purpose != FormPurpose::BackUpNow {
            entered |= when::when_ui(ui, parts);
            ui.add_space(space::S);
        }
        entered |= storage::storage_ui(ui, parts);
    }
    ui.add_space(space::XS);
    warnings_ui(ui, parts.data, parts.form);
    let FormParts { data, form, validation, commands } = parts;
    preview_ui(ui, data, &mut form.preview, || validation.preview(), commands);
    entered
}

/// What is backed up, and how.
fn what_ui(ui: &mut Ui, parts: &mut FormParts<'_>) -> bool {
    let entered = service::service_ui(ui, parts);
    ui.add_space(space::S);
    type_ui(ui, parts);
    ui.add_space(space::S);
    entered
}

fn type_ui(ui: &mut Ui, FormParts { form, validation, .. }: &mut FormParts<'_>) {
    let types = BackupType::ALL;
    let names = types.each_ref().map(|it| (it.clone(), it.name()));
    let error = validation.message(form, DraftField::BackupType);
    let help = type_line(&form.draft.backup_type);
    labelled_field(ui, "Backup type", help, error, |ui| {
        let chosen = ui.push_id("type", |ui| choose_ui(ui, &names, &mut form.draft.backup_type));
        form.type_chosen |= chosen.inner;
        chosen.response
    });
}

/// Quiet lines about what to think of; they never block.
fn warnings_ui(ui: &mut Ui, data: &Data, form: &ScheduleForm) {
    let id = ServiceId::from_typed(&form.draft.service);
    let service = id.as_ref().and_then(|id| data.lists().known_services().iter().find(|service| service.id == *id));
    let fulls = form.known_fulls(data);
    // Without a service there is nothing to say about its backups.
    let is_early = id.is_none() && form.draft.backup_type == BackupType::Incremental;
    let mut texts =
        if is_early { Vec::new() } else { warnings(&form.draft, service, fulls.as_deref(), request::clock(data)) };
    texts.extend(
        request::duplicate(data, form).map(|id| format!("A schedule like this already exists: #{}", id.shown())),
    );
    let tokens = theme::tokens(ui);
    for text in texts {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            glyph_ui(ui, icon::WARNING, &TextStyle::Body, tokens.warn);
            ui.add(egui::Label::new(RichText::new(text).color(tokens.text_secondary)).wrap());
        });
    }
}

impl ScheduleForm {
    /// Gives a field the keyboard and brings it into sight, where that was asked for.
    fn focus_if_asked(&mut self, is_it: impl Fn(DraftField) -> bool, response: &Response) {
        if self.focus.take_if(|field| is_it(*field)).is_some() {
            response.request_focus();
            response.scroll_to_me(None);
        }
    }
}

impl<'a> FormParts<'a> {
    /// A labelled field that `add` draws. Its error is not shown while it is being typed in, as every text is wrong before it is
    /// complete; after a try it is. Returns that error too.
    fn field_ui(
        &mut self,
        ui: &mut Ui,
        field: DraftField,
        (label, help): (&str, &str),
        add: impl FnOnce(&mut Ui, &mut ScheduleForm) -> Response,
    ) -> (Response, Option<&'a FieldError>) {
        let error = self.validation.error(self.form, |it| *it == field);
        let tried = self.form.tried;
        let (response, error) = draft_field_ui(ui, field, error, tried, (label, help), |ui| add(ui, self.form));
        self.form.focus_if_asked(|asked| asked == field, &response);
        (response, error)
    }
}

/// What is under the fields and always in sight: the refusal or the open outcome, the reason, the buttons.
fn footer_ui(ui: &mut Ui, FormParts { data, form, validation, commands }: &mut FormParts<'_>) -> Option<DialogAnswer> {
    ui.add_space(space::M);
    outcome::notice_ui(ui, data, outcome::Place::Dialog, commands);
    outcome::refusal_ui(ui, data, &[]);
    ui.add_space(space::XS);
    let secondary = theme::tokens(ui).text_secondary;
    let is_sending = request::is_sending(data, form);
    let reason = data.change_blocked_reason().or_else(|| validation.request.as_ref().err()?.as_deref());
    let mut answer = None;
    let submit = ActionButton::new(ButtonStyle::Primary, request::button_words(&form.purpose, is_sending));
    let leave = ActionButton::new(ButtonStyle::Secondary, if is_sending { "Close" } else { "Cancel" });
    // Tab follows the order of creation: the safe button is made first, and both are measured to stand right.
    ui.horizontal(|ui| {
        let gap = ui.spacing().item_spacing.x;
        let room = (ui.available_width() - submit.width(ui) - leave.width(ui) - 2.0 * gap).max(0.0);
        let size = egui::vec2(room, ui.spacing().interact_size.y);
        ui.allocate_ui_with_layout(size, Layout::right_to_left(egui::Align::Center), |ui| {
            ui.set_width(room);
            if let Some(reason) = reason.filter(|_| !is_sending) {
                ui.add_space(space::S);
                ui.add(egui::Label::new(RichText::new(reason).color(secondary)).truncate());
            }
        });
        if ui.add(leave).clicked() {
            answer = Some(DialogAnswer::Cancelled);
        }
        if ui.add_enabled(reason.is_none() && !is_sending, submit).clicked() {
            answer = Some(DialogAnswer::Confirmed);
        }
    });
    answer
}
