//! Questions before something is done that cannot be taken back: quitting during a change, asking a service that asked to wait,
//! signing out, forgetting the history.

use super::flags;
use crate::domain::{format_count, sanitize_for_display, shorten_middle};
use crate::model::{Batch, Data, Dialog as OpenDialog, History, RowState, View};
use crate::msg::{Command, Commands, LedgerCommand, ListCommand, SessionCommand, WindowCommand};
use crate::widgets::{DialogAnswer, ModalDialog, dialog_ui};

/// Asks; anything but a yes closes the dialog. True: yes.
pub(super) fn ask_ui(
    ui: &egui::Ui,
    dialog: &ModalDialog<'_>,
    commands: &mut Commands,
    body: impl FnOnce(&mut egui::Ui, &mut Commands),
) -> bool {
    let answer = dialog_ui(ui, dialog, |ui| body(ui, commands));
    if answer == Some(DialogAnswer::Cancelled) {
        commands.push(Command::Window(WindowCommand::CloseDialog));
    }
    answer == Some(DialogAnswer::Confirmed)
}

pub(super) fn quit_ui(ui: &egui::Ui, data: &Data, commands: &mut Commands) {
    let dialog = ModalDialog {
        id: "quit",
        title: "Quit while a change is being sent?",
        width: 420.0,
        confirm: "Quit anyway",
        cancel: "Wait",
        is_danger: true,
        can_confirm: true,
    };
    let done =
        data.change().is_none_or(|change| !change.is_under_way()) && !data.batch().is_some_and(Batch::is_running);
    let waiting = data.batch().map_or(0, |batch| batch.count(|state| matches!(state, RowState::Waiting)));
    let is_confirmed = ask_ui(ui, &dialog, commands, |ui, _| {
        flags::in_use_ui(ui, data);
        ui.label(if done {
            "The change is done by now"
        } else {
            "If you quit now, you will not see whether SkySQL made the change. SkyBackup checks it at the next start"
        });
        if waiting > 0 {
            ui.label(format!("{} more that were to follow are not sent", format_count(waiting)));
        }
    });
    if is_confirmed {
        commands.push(Command::Window(WindowCommand::Quit));
    }
}

pub(super) fn asked_to_wait_ui(ui: &egui::Ui, data: &Data, commands: &mut Commands) {
    let dialog = ModalDialog {
        id: "asked-to-wait",
        title: "Refresh now, although SkySQL asked to wait?",
        width: 420.0,
        confirm: "Refresh anyway",
        cancel: "Wait",
        is_danger: false,
        can_confirm: true,
    };
    let until = data.asked_to_wait_until();
    let is_confirmed = ask_ui(ui, &dialog, commands, |ui, _| {
        ui.label(until.map_or_else(
            || "The wait that SkySQL asked for is over".to_owned(),
            |at| {
                let (time, zone) = (data.zone().clock(at, data.now), data.zone().label());
                format!("SkySQL asked to wait until {time} {zone}. Refreshing earlier may make the wait longer")
            },
        ));
    });
    if is_confirmed {
        commands.push(Command::List(ListCommand::RefreshAnyway));
    }
}

pub(super) fn forget_history_ui(ui: &egui::Ui, data: &Data, commands: &mut Commands) {
    let Some(open) = data.session.open() else { return };
    let title = format!("Forget the history of {}?", shorten_middle(&sanitize_for_display(&open.profile.name), 40));
    let held = data.history().and_then(History::held_words);
    let dialog = ModalDialog {
        id: "forget-history",
        title: &title,
        width: 420.0,
        confirm: "Forget history",
        cancel: "Keep it",
        is_danger: true,
        can_confirm: held.is_some(),
    };
    let failed = data.history().and_then(|history| history.held.error());
    let is_confirmed = ask_ui(ui, &dialog, commands, |ui, _| {
        ui.label(match (&held, failed) {
            (Some(held), _) => format!("{held} are deleted from this computer, with the times they were seen at"),
            (None, Some(why)) => format!("There is no history to forget: {why}"),
            (None, None) => "Counting what it holds…".to_owned(),
        });
        ui.label("Backups that SkySQL no longer lists cannot be looked up afterwards. Nothing at SkySQL is changed");
    });
    if is_confirmed {
        commands.push(Command::Ledger(LedgerCommand::Forget));
    }
}

pub(super) fn sign_out_ui(ui: &egui::Ui, data: &Data, view: &mut View, mut forget: bool, commands: &mut Commands) {
    let Some(open) = data.session.open() else { return };
    let title = format!("Sign out of {}?", shorten_middle(&sanitize_for_display(&open.profile.name), 40));
    let dialog = ModalDialog {
        id: "sign-out",
        title: &title,
        width: 420.0,
        confirm: "Sign out",
        cancel: "Stay signed in",
        is_danger: false,
        can_confirm: true,
    };
    let answer = dialog_ui(ui, &dialog, |ui| {
        ui.label("The key and everything loaded with it are removed from memory");
        ui.checkbox(&mut forget, format!("Also delete the key from the {}", data.config.store_name));
    });
    match answer {
        Some(DialogAnswer::Confirmed) => {
            commands.push(Command::Session(SessionCommand::SignOut));
            if forget {
                commands.push(Command::Session(SessionCommand::DeleteKey(open.profile.id.clone())));
            }
        }
        Some(DialogAnswer::Cancelled) => commands.push(Command::Window(WindowCommand::CloseDialog)),
        None => view.dialog = Some(OpenDialog::SignOut { forget }),
    }
}

/// A longer name is not typed; nor is it looked through in each frame.
const LONGEST_TO_TYPE_BYTES: usize = 64;

/// What is typed to confirm: the name of the service, or the id where that name is long or holds what no keyboard types, or the verb
/// of the action where the id is so too.
pub(super) fn name_to_type(name: &str, id: &str, verb: &str) -> String {
    let is_plain = |text: &str| {
        let fits = !text.is_empty() && text.len() <= LONGEST_TO_TYPE_BYTES;
        fits && text.chars().all(|c| c.is_ascii_graphic() || c == ' ')
    };
    [name.trim(), id].into_iter().find(|text| is_plain(text)).unwrap_or(verb).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_can_be_typed() {
        let (longest, too_long) = ("a".repeat(64), "a".repeat(65));
        for (name, expected) in [
            ("orders-prod", "orders-prod"),
            ("a\u{202e}b", "301"),
            ("données", "301"),
            ("  ", "301"),
            (&longest, &longest),
            (&too_long, "301"),
        ] {
            assert_eq!(name_to_type(name, "301", "delete"), expected, "{name:?}");
        }
        assert_eq!(name_to_type("", "données", "delete"), "delete");
    }
}
