//! The restore dialog: what is restored, into which service, what speaks against it, what it does, and how it goes.
//!
//! The texts are in [`RestoreForm`], judged anew in every frame; what is sent is the parsed value. May import domain, draft, model, msg,
//! widgets, theme. Must never keep a text of its own, nor send anything but by a command.

mod check_list;
mod confirm_step;
mod judged;
mod progress;
mod source;
mod target;
mod target_backup;

use std::sync::Arc;

use egui::{RichText, Ui};

use self::judged::JudgedRestore;
use super::form::{FormDialog, form_dialog_ui};
use super::row_actions::change_button_ui;
use super::{flags, outcome};
use crate::model::{Data, RestoreForm, RestoreStep, View};
use crate::msg::{Command, Commands, RestoreCommand, WindowCommand};
use crate::theme::{self, space};
use crate::widgets::{ActionButton, ButtonStyle, DialogAnswer, focus_on_open};

/// The width of the dialog, in points.
const WIDTH: f32 = 620.0;

/// What every part of the dialog is drawn from.
struct RestoreParts<'a> {
    data: &'a Data,
    form: &'a mut RestoreForm,
    judged: &'a JudgedRestore,
    commands: &'a mut Commands,
}

/// The dialog; its draft survives closing.
pub(super) fn restore_ui(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let Some(form) = &mut view.restore else {
        commands.push(Command::Window(WindowCommand::CloseDialog));
        return;
    };
    form.look_up(data);
    let judged = JudgedRestore::of(data, form);
    let mut parts = RestoreParts { data, form: &mut *form, judged: &judged, commands: &mut *commands };
    let dialog = FormDialog { id: "restore", name: "Restore", width: WIDTH };
    match form_dialog_ui(ui, dialog, &mut parts, title_ui, body_ui, footer_ui) {
        Some(DialogAnswer::Cancelled) => commands.push(Command::Window(WindowCommand::CloseDialog)),
        Some(DialogAnswer::Confirmed) => go_on(data, form, &judged, commands),
        None => {}
    }
}

fn step_name(step: RestoreStep) -> &'static str {
    match step {
        RestoreStep::Source => "Source",
        RestoreStep::Target => "Target",
        RestoreStep::Checks => "Checks",
        RestoreStep::Confirm => "Confirm",
        RestoreStep::Progress => "Progress",
    }
}

fn title_ui(ui: &mut Ui, parts: &mut RestoreParts<'_>) {
    ui.scope(|ui| title_lines_ui(ui, parts));
}

fn title_lines_ui(ui: &mut Ui, RestoreParts { data, form, judged, .. }: &mut RestoreParts<'_>) {
    let secondary = theme::tokens(ui).text_secondary;
    ui.horizontal(|ui| {
        ui.label(RichText::new("Restore").text_style(theme::section()));
        ui.add_space(space::S);
        flags::in_use_ui(ui, data);
        if let Some(place) = form.steps().iter().position(|step| *step == form.step) {
            let text = format!("Step {} of {}: {}", place + 1, form.steps().len(), step_name(form.step));
            ui.label(RichText::new(text).color(secondary));
        }
    });
    // The step of the target shows it in its field.
    let target = judged.target.as_ref().filter(|_| form.step > RestoreStep::Target);
    let lines = [("From", Some(&judged.source)), ("Into", target.map(|target| &target.label))];
    ui.spacing_mut().interact_size.y = theme::height::ROW_COMPACT;
    ui.spacing_mut().item_spacing.y = space::XS;
    for (word, text) in lines.into_iter().filter_map(|(word, text)| Some((word, text?))) {
        ui.horizontal(|ui| {
            ui.label(RichText::new(word).color(secondary));
            ui.add(egui::Label::new(RichText::new(text).text_style(theme::strong())).truncate());
        });
    }
}

/// True: Enter was pressed in a text field.
fn body_ui(ui: &mut Ui, parts: &mut RestoreParts<'_>) -> bool {
    let is_free = !judged::is_sending(parts.data);
    ui.spacing_mut().item_spacing.y = space::S;
    ui.push_id(step_name(parts.form.step), |ui| {
        ui.add_enabled_ui(is_free, |ui| match parts.form.step {
            RestoreStep::Source => source::source_ui(ui, parts),
            RestoreStep::Target => target::target_ui(ui, parts),
            RestoreStep::Checks => {
                check_list::checks_ui(ui, parts);
                false
            }
            RestoreStep::Confirm => confirm_step::confirm_ui(ui, parts),
            RestoreStep::Progress => {
                progress::progress_ui(ui, parts);
                false
            }
        })
        .inner
    })
    .inner
}

/// Goes to the next step, or sends the request from the last one; else every error is shown from now on, and the first wrong field
/// gets the keyboard.
fn go_on(data: &Data, form: &mut RestoreForm, judged: &JudgedRestore, commands: &mut Commands) {
    if let Some(error) = judged.errors.first() {
        form.tried = true;
        form.focus = Some(error.field);
        return;
    }
    if judged.blocked_reason(data, form).is_some() {
        return;
    }
    match form.step {
        RestoreStep::Source => form.go_to(RestoreStep::Target),
        RestoreStep::Target => {
            form.go_to(RestoreStep::Checks);
            commands.push(Command::Restore(RestoreCommand::Check));
        }
        RestoreStep::Checks => form.go_to(RestoreStep::Confirm),
        RestoreStep::Confirm => {
            if let Some(request) = form.request() {
                commands.push(Command::Restore(RestoreCommand::Create(Arc::new(request))));
            }
        }
        RestoreStep::Progress => commands.push(Command::Window(WindowCommand::CloseDialog)),
    }
}

/// The step before this one.
fn step_before(form: &RestoreForm) -> Option<RestoreStep> {
    form.steps().iter().copied().rfind(|step| *step < form.step).filter(|_| form.step != RestoreStep::Progress)
}

/// What is under the step and always in sight: the refusal or the open outcome, the reason, the buttons.
fn footer_ui(ui: &mut Ui, parts: &mut RestoreParts<'_>) -> Option<DialogAnswer> {
    let RestoreParts { data, form, judged, commands } = parts;
    ui.add_space(space::M);
    outcome::notice_ui(ui, data, outcome::Place::Dialog, commands);
    outcome::refusal_ui(ui, data, &[]);
    let secondary = theme::tokens(ui).text_secondary;
    let is_sending = judged::is_sending(data);
    let reason = judged.blocked_reason(data, form).filter(|_| !is_sending);
    if let Some(reason) = &reason {
        ui.add(egui::Label::new(RichText::new(reason).color(secondary)).wrap());
    }
    ui.add_space(space::XS);
    if form.step == RestoreStep::Progress {
        return progress::buttons_ui(ui, form, commands);
    }
    let next = next_words(form, judged, is_sending);
    let style = if form.step == RestoreStep::Confirm { ButtonStyle::DangerFilled } else { ButtonStyle::Primary };
    let next = ActionButton::new(style, &next);
    let back = step_before(form).map(|step| (ActionButton::new(ButtonStyle::Secondary, "Back"), step));
    let leave = ActionButton::new(ButtonStyle::Secondary, if is_sending { "Close" } else { "Cancel" });
    let mut answer = None;
    // Tab follows the order of creation: the safe button is made first, and all are measured to stand right.
    ui.horizontal(|ui| {
        let gap = ui.spacing().item_spacing.x;
        let back_width = back.as_ref().map_or(0.0, |(back, _)| back.width(ui) + gap);
        let used = next.width(ui) + back_width + leave.width(ui) + gap;
        ui.add_space((ui.available_width() - used).max(0.0));
        let leave = ui.add(leave);
        if form.step == RestoreStep::Checks {
            focus_on_open(ui, &leave);
        }
        if leave.clicked() {
            answer = Some(DialogAnswer::Cancelled);
        }
        if let Some((back, step)) = back
            && ui.add_enabled(!is_sending, back).clicked()
        {
            form.go_to(step);
        }
        if ui.add_enabled(reason.is_none() && !is_sending, next).clicked() {
            answer = Some(DialogAnswer::Confirmed);
        }
    });
    answer
}

fn next_words(form: &RestoreForm, judged: &JudgedRestore, is_sending: bool) -> String {
    match (form.step, &judged.target) {
        _ if is_sending => "Sending…".to_owned(),
        (RestoreStep::Confirm, Some(target)) => format!("Restore into {}", target.short),
        _ => "Next".to_owned(),
    }
}

/// A secondary button that leads to a change, and its command.
fn command_button_ui(ui: &mut Ui, data: &Data, words: &str, command: RestoreCommand, commands: &mut Commands) {
    if change_button_ui(ui, data, ActionButton::new(ButtonStyle::Secondary, words)) {
        commands.push(Command::Restore(command));
    }
}
