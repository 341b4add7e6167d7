//! The dialog of a profile: its name and its marks. Its address and key are the sign-in form's.

use egui::{RichText, Ui};

use super::confirm::ask_ui;
use super::flags;
use super::text::small_ui;
use crate::domain::{sanitize_for_display, shorten_middle};
use crate::model::{Data, View};
use crate::msg::{Command, Commands, ProfileChange, ProfileCommand, SessionCommand, WindowCommand};
use crate::settings::ProfileId;
use crate::theme::{self, space};
use crate::widgets::{DialogAnswer, ModalDialog, dialog_ui, focus_on_open, labelled_field, link_button, text_field};

pub(super) fn profile_ui(ui: &Ui, data: &Data, view: &mut View, id: &ProfileId, commands: &mut Commands) {
    let Some(saved) = data.profile(id) else {
        commands.push(Command::Window(WindowCommand::CloseDialog));
        return;
    };
    let form = &mut view.profile;
    let title = format!("Profile {}", shorten_middle(&sanitize_for_display(&saved.name), 40));
    let dialog = ModalDialog {
        id: "profile",
        title: &title,
        width: 440.0,
        confirm: "Save profile",
        cancel: "Cancel",
        is_danger: false,
        can_confirm: !form.name.trim().is_empty(),
    };
    let is_confirmed = ask_ui(ui, &dialog, commands, |ui, commands| {
        let error = form.name.trim().is_empty().then_some("Enter a name");
        let field = labelled_field(ui, "Profile name", "", error, |ui| text_field(ui, &mut form.name, "production"));
        focus_on_open(ui, &field);
        ui.add_space(space::S);
        ui.label(RichText::new("Label").text_style(theme::strong()));
        flags::choose_ui(ui, &mut form.flags);
        ui.add_space(space::S);
        ui.label(RichText::new("Address and key").text_style(theme::strong()));
        address_ui(ui, data, id, commands);
    });
    if is_confirmed {
        let name = form.name.trim().to_owned();
        let change = ProfileChange { id: id.clone(), name, flags: form.flags };
        commands.push(Command::Profile(ProfileCommand::ChangeProfile(change)));
    }
}

/// What cannot be changed without the key.
fn address_ui(ui: &mut Ui, data: &Data, id: &ProfileId, commands: &mut Commands) {
    let open = data.session.open().filter(|open| open.profile.id == *id);
    let saved = data.settings.profiles.iter().find(|profile| profile.id == *id);
    let address = open.map(|open| open.url.as_str()).or_else(|| saved.map(|profile| profile.api_url.as_str()));
    ui.add(egui::Label::new(RichText::new(address.unwrap_or_default()).monospace()).truncate());
    if let Some(open) = open {
        small_ui(ui, format!("Key of {}", open.key));
    }
    if saved.is_some() && link_button(ui, "Enter another address or key…").clicked() {
        commands.push(Command::Window(WindowCommand::CloseDialog));
        commands.push(Command::Session(SessionCommand::ShowSignIn(Some(id.clone()))));
    }
}

/// Before production can be changed again.
pub(super) fn allow_changes_ui(ui: &Ui, data: &Data, view: &mut View, change: &ProfileChange, commands: &mut Commands) {
    let dialog = ModalDialog {
        id: "allow-changes",
        title: "Allow changes in production?",
        width: 440.0,
        confirm: "Allow changes",
        cancel: "Keep read only",
        is_danger: true,
        can_confirm: true,
    };
    let answer = dialog_ui(ui, &dialog, |ui| {
        if let Some(profile) = data.profile(&change.id) {
            flags::profile_ui(ui, profile);
        }
        ui.label("Schedules of this profile can then be created, changed and deleted, and backups be started");
    });
    match answer {
        Some(DialogAnswer::Confirmed) => commands.push(Command::Profile(ProfileCommand::ChangeProfile(change.clone()))),
        Some(DialogAnswer::Cancelled) => {
            view.profile.flags.read_only = true;
            view.open(crate::model::Dialog::Profile(change.id.clone()));
        }
        None => {}
    }
}
