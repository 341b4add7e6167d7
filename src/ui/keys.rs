//! Questions about keys: which of several is kept, where the key of the environment may go, and whether a profile goes with its key.

use egui::RichText;

use super::confirm::ask_ui;
use super::flags;
use crate::domain::{ApiUrl, sanitize_for_display, shorten_middle};
use crate::model::{Data, Dialog as OpenDialog, View};
use crate::msg::{Command, Commands, SessionCommand, WindowCommand};
use crate::settings::{ProfileId, StoredKey};
use crate::theme::space;
use crate::widgets::{Alert, DialogAnswer, Level, ModalDialog, alert_ui, dialog_ui, link_button};

/// Which of several keys in the keyring is the right one; the others are deleted.
pub(super) fn several_keys_ui(
    ui: &egui::Ui,
    data: &Data,
    view: &mut View,
    (profile, keys, mut chosen): (&ProfileId, &[StoredKey], usize),
    commands: &mut Commands,
) {
    let title = format!("Keep one of {} keys?", keys.len());
    let dialog = ModalDialog {
        id: "several-keys",
        title: &title,
        width: 440.0,
        confirm: "Keep this key, delete the others",
        cancel: "Cancel",
        is_danger: true,
        can_confirm: chosen < keys.len(),
    };
    let answer = dialog_ui(ui, &dialog, |ui| {
        if let Some(profile) = data.profile(profile) {
            ui.label(format!(
                "The {} holds several keys for {}:",
                data.config.store_name,
                sanitize_for_display(&profile.name)
            ));
        }
        for (at, key) in keys.iter().enumerate() {
            let changed = key
                .modified
                .map_or_else(String::new, |at| format!(", changed {} {}", data.zone().minute(at), data.zone().label()));
            ui.radio_value(&mut chosen, at, format!("{}{changed}", sanitize_for_display(&key.label)));
        }
    });
    match (answer, keys.get(chosen)) {
        (Some(DialogAnswer::Confirmed), Some(key)) => {
            commands.push(Command::Session(SessionCommand::KeepOneKey(profile.clone(), key.id.clone())));
        }
        (Some(_), _) => commands.push(Command::Window(WindowCommand::CloseDialog)),
        (None, _) => {
            view.dialog = Some(OpenDialog::SeveralKeys { profile: profile.clone(), keys: keys.to_vec(), chosen });
        }
    }
}

/// Before a key goes to an address that nobody has signed in at.
pub(super) fn environment_key_ui(ui: &egui::Ui, url: &ApiUrl, commands: &mut Commands) {
    let title = format!("Send the key from SKYSQL_API_KEY to {}?", url.host());
    let dialog = ModalDialog {
        id: "environment-key",
        title: &title,
        width: 460.0,
        confirm: "Send the key",
        cancel: "Do not send",
        is_danger: true,
        can_confirm: true,
    };
    let is_confirmed = ask_ui(ui, &dialog, commands, |ui, _| {
        ui.add(egui::Label::new(RichText::new(url.as_str()).text_style(egui::TextStyle::Monospace)).wrap());
        ui.label("This is neither SkySQL's own address nor that of a saved profile. Whoever runs it gets the key");
    });
    if is_confirmed {
        commands.push(Command::Session(SessionCommand::UseEnvironmentKey));
    }
}

/// Before a profile goes; after its key could not be deleted, why, and the way to let the profile go without it.
pub(super) fn remove_profile_ui(ui: &egui::Ui, data: &Data, id: &ProfileId, commands: &mut Commands) {
    let profile = data.settings.profiles.iter().find(|profile| profile.id == *id);
    let removal = data.removal.as_ref().filter(|removal| removal.profile == *id);
    let is_under_way = removal.is_some_and(|removal| removal.is_under_way);
    let problem = removal.and_then(|removal| removal.problem.as_ref());
    let title = format!(
        "Remove profile {}?",
        shorten_middle(&sanitize_for_display(profile.map_or("", |profile| &profile.name)), 40)
    );
    let dialog = ModalDialog {
        id: "remove-profile",
        title: &title,
        width: 440.0,
        confirm: if problem.is_some() { "Try again" } else { "Remove profile" },
        cancel: if is_under_way { "Close" } else { "Keep profile" },
        is_danger: true,
        can_confirm: profile.is_some() && !is_under_way,
    };
    let is_confirmed = ask_ui(ui, &dialog, commands, |ui, commands| {
        if let Some(profile) = profile {
            flags::profile_ui(ui, profile);
        }
        let store = data.config.store_name;
        if let Some(problem) = problem {
            let alert = Alert {
                level: Level::Error,
                title: "The key was not deleted, so the profile is still here",
                body: &problem.sentence(),
                advice: &problem.advice(),
                trace_id: None,
                actions: &[],
            };
            alert_ui(ui, &alert);
            ui.add_space(space::XS);
            if link_button(ui, &format!("Remove the profile and leave its key in the {store}")).clicked() {
                commands.push(Command::Session(SessionCommand::RemoveProfileOnly(id.clone())));
            }
        } else if is_under_way {
            ui.label(format!("Deleting its key from the {store}…"));
        } else {
            ui.label(format!("Its key is deleted from the {store}, and its history from this computer. Backups and schedules at SkySQL are not touched"));
        }
    });
    if is_confirmed {
        commands.push(Command::Session(SessionCommand::RemoveProfile(id.clone())));
    }
}
