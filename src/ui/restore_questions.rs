//! Questions about restores: "Delete the entry …?", and "Send the restore … again?".

use egui::{RichText, Ui};

use super::confirm::{ask_ui, name_to_type};
use super::row_actions::{NOT_SELECTED, one_row};
use super::stop::confirm_ui;
use super::{flags, outcome};
use crate::domain::{Restore, RestoreId};
use crate::model::{ChangeKind, Data, View};
use crate::msg::{ChangeCommand, Command, Commands, RestoreCommand, WindowCommand};
use crate::theme::{self, space};
use crate::widgets::ModalDialog;

/// Why the entry of this restore cannot be deleted now; the one rule for menu, button, key and palette.
pub(super) fn delete_block(row: &Restore, data: &Data) -> Option<&'static str> {
    if let Some(reason) = data.change_blocked_reason() {
        return Some(reason);
    }
    match one_row(data.restores(), NOT_SELECTED) {
        Ok(chosen) if chosen.id != row.id => Some(NOT_SELECTED),
        Err(reason) => Some(reason),
        Ok(_) => row.id.is_empty().then_some("The list gives no id for this restore"),
    }
}

pub(super) fn delete_command(row: &Restore) -> Command {
    Command::Restore(RestoreCommand::AskDelete(row.id.clone()))
}

pub(super) fn delete_ui(ui: &Ui, data: &Data, view: &mut View, id: &RestoreId, commands: &mut Commands) {
    let sending = data.change().filter(|change| change.is_under_way()).and_then(|change| match &change.kind {
        ChangeKind::DeleteRestore(restore) if restore.id == *id => Some(&**restore),
        _ => None,
    });
    let target = sending.map_or_else(|| data.lists().target_restore(id), Ok);
    let title = target.map_or_else(
        |_| format!("Delete the entry of restore {}?", id.shown()),
        |restore| format!("Delete the entry of the restore into {}?", outcome::target_label(data, restore)),
    );
    let to_type = target.ok().filter(|_| data.is_production());
    let to_type = to_type.map(|restore| name_to_type(data.service_name(restore), id.as_str(), "delete"));
    let is_confirmed = to_type.as_ref().is_none_or(|name| view.confirm_name.trim() == name);
    let dialog = ModalDialog {
        id: "delete restore",
        title: &title,
        width: 480.0,
        confirm: if sending.is_some() { "Deleting…" } else { "Delete entry" },
        cancel: if sending.is_some() { "Close" } else { "Keep entry" },
        is_danger: true,
        can_confirm: target.is_ok() && data.can_change() && is_confirmed,
    };
    let mut is_retried = false;
    let is_asked = ask_ui(ui, &dialog, commands, |ui, commands| {
        flags::in_use_ui(ui, data);
        match target {
            Ok(restore) => {
                ui.add_enabled_ui(sending.is_none(), |ui| {
                    entry_ui(ui, data, restore);
                    if let Some(name) = &to_type {
                        let label = format!("Type {name} to delete the entry");
                        confirm_ui(ui, &label, "This profile is marked as production", &mut view.confirm_name);
                    }
                });
            }
            // A dialog whose restore left the screen says so, and does nothing.
            Err(why_not) => {
                let why_not = why_not.sentence(&format!("Restore {}", id.shown()));
                ui.label(format!("{why_not}, so nothing can be done to it here"));
            }
        }
        ui.add_space(space::XS);
        outcome::notice_ui(ui, data, outcome::Place::Dialog, commands);
        is_retried = outcome::refusal_ui(ui, data, &["Try again"]).is_some() && dialog.can_confirm;
    });
    if is_asked || is_retried {
        commands.push(Command::Restore(RestoreCommand::Delete(id.clone())));
    }
}

fn entry_ui(ui: &mut Ui, data: &Data, restore: &Restore) {
    ui.label(RichText::new(outcome::restore_words(data, restore)).text_style(theme::strong()));
    ui.label(if restore.is_finished() {
        "Only the entry in this list is deleted. The target keeps the data that it has"
    } else {
        "This does not cancel the restore: SkySQL does not document a way to stop one that has begun. \
         Without its entry, its end cannot be followed here"
    });
}

/// A restore of unknown outcome is sent again only by who types the name of its target.
pub(super) fn resend_ui(ui: &Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let request = data.change().filter(|change| change.can_resend()).and_then(|change| match &change.kind {
        ChangeKind::Restore(request) => Some(&**request),
        _ => None,
    });
    let Some(request) = request else {
        // It was found meanwhile, or the user looks no further.
        commands.push(Command::Window(WindowCommand::CloseDialog));
        return;
    };
    let row = outcome::restore_into(data, &request.target);
    let title = format!("Send the restore into {} again?", outcome::target_label(data, &row));
    let name = name_to_type(data.service_name(&row), request.target.as_str(), "restore");
    let dialog = ModalDialog {
        id: "resend restore",
        title: &title,
        width: 480.0,
        confirm: "Send again",
        cancel: "Do not send",
        is_danger: true,
        can_confirm: view.confirm_name.trim() == name && !data.is_read_only(),
    };
    let is_asked = ask_ui(ui, &dialog, commands, |ui, _| {
        flags::in_use_ui(ui, data);
        ui.label(RichText::new(outcome::request_words(data, request)).text_style(theme::strong()));
        ui.label("The first request may still arrive. Then the data of the target is replaced twice");
        confirm_ui(
            ui,
            &format!("Type {name} to send it again"),
            "The target loses the data it has",
            &mut view.confirm_name,
        );
    });
    if is_asked {
        commands.push(Command::Window(WindowCommand::CloseDialog));
        commands.push(Command::Change(ChangeCommand::ResendChange));
    }
}
