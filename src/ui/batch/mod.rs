//! Several changes at once: what exactly, which requests that makes, how far they are, what each led to.
//!
//! Owns: the dialog and the notice while it is closed. What is sent is worked out in `model`; nothing is sent but by a command.

mod fields;
mod plan;
mod progress;

use egui::{ScrollArea, Ui};

use super::confirm::ask_ui;
use super::{flags, outcome};
use crate::domain::format_count;
use crate::model::{BatchForm, Data, View};
use crate::msg::{BatchAction, BatchCommand, Command, Commands, WindowCommand};
use crate::theme::space;
use crate::widgets::{ModalDialog, labelled_field, text_field};

pub(super) use progress::banner_ui;

/// The width of the dialog, in points.
const WIDTH: f32 = 680.0;
/// What title, marks and buttons take of the height of the window.
const AROUND: f32 = 220.0;

/// The dialog: the choices before the changes are sent, how far they are from then on.
pub(super) fn batch_ui(ui: &mut Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    match (view.batch.take(), data.batch()) {
        (Some(mut form), _) => {
            form.plan_anew(data);
            form_ui(ui, data, view, &mut form, commands);
            view.batch = Some(form);
        }
        (None, Some(batch)) => progress::progress_ui(ui, data, batch, commands),
        (None, None) => commands.push(Command::Window(WindowCommand::CloseDialog)),
    }
}

fn form_ui(ui: &mut Ui, data: &Data, view: &mut View, form: &mut BatchForm, commands: &mut Commands) {
    let count = form.sendable();
    let to_type = (form.action == BatchAction::Delete && count > 1).then(|| format!("delete {}", schedules(count)));
    let is_typed = to_type.as_ref().is_none_or(|words| view.confirm_name.trim().eq_ignore_ascii_case(words));
    let has_problem = form.action == BatchAction::Suspend && view.suspension.problem(data.today()).is_some();
    let dialog = ModalDialog {
        id: "batch",
        title: &title(form),
        width: WIDTH,
        confirm: &confirm_words(form.action, count),
        cancel: "Cancel",
        is_danger: matches!(form.action, BatchAction::Suspend | BatchAction::Delete),
        can_confirm: count > 0 && is_typed && !has_problem && data.can_change(),
    };
    let room = (ui.content_rect().height() - AROUND).max(160.0);
    let is_confirmed = ask_ui(ui, &dialog, commands, |ui, commands| {
        flags::in_use_ui(ui, data);
        let area = ScrollArea::vertical().max_height(room).min_scrolled_height(room).auto_shrink([false, true]);
        area.show(ui, |ui| {
            // The bar covers no words.
            ui.set_max_width(ui.available_width() - space::M);
            fields::fields_ui(ui, data, form, &mut view.suspension, commands);
            plan::plan_ui(ui, data, form, commands);
            if let Some(words) = &to_type {
                ui.add_space(space::S);
                let label = format!("Type {words} to delete them");
                labelled_field(ui, &label, "", None, |ui| text_field(ui, &mut view.confirm_name, ""));
            }
        });
        outcome::notice_ui(ui, data, outcome::Place::Dialog, commands);
    });
    if is_confirmed {
        commands.push(Command::Batch(BatchCommand::Send));
    }
}

/// `1 schedule`, `12 schedules`.
fn schedules(count: usize) -> String {
    if count == 1 { "1 schedule".to_owned() } else { format!("{} schedules", format_count(count)) }
}

fn title(form: &BatchForm) -> String {
    let chosen = form.subjects.len();
    match form.action {
        BatchAction::Copy => "Copy to services".to_owned(),
        BatchAction::Recreate if chosen == 0 => "Recreate deleted schedules".to_owned(),
        action => format!("{} {}?", action.verb(), schedules(chosen)),
    }
}

fn confirm_words(action: BatchAction, count: usize) -> String {
    match action {
        BatchAction::Copy => format!("Create {}", schedules(count)),
        action => format!("{} {}", action.verb(), schedules(count)),
    }
}
