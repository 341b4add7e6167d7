//! What stands on every screen until it is settled: a refused key, a key that could not be kept, a newer version.

use egui::{Frame, Margin};

use super::placeholders;
use crate::api::ApiError;
use crate::domain::{format_count, sanitize_for_display};
use crate::model::{Data, Dialog, KeySource, View, Workspace};
use crate::msg::{Command, Commands, LedgerCommand, PreferencesCommand, SessionCommand, WindowCommand};
use crate::settings::{KeyringError, UpdateChoice};
use crate::widgets::{Alert, Level, alert_ui};

pub(super) fn banners_ui(ui: &mut egui::Ui, data: &Data, view: &mut View, commands: &mut Commands) {
    let Some(open) = data.session.open() else { return };
    if let Some(error) = &open.refused {
        notice_frame().show(ui, |ui| refused_ui(ui, open, error, commands));
    }
    if let Some(problem) = &open.key_problem {
        notice_frame().show(ui, |ui| key_problem_ui(ui, open, problem, view, commands));
    }
    if let Some(known) = data.history().and_then(|history| history.other_services) {
        notice_frame().show(ui, |ui| other_services_ui(ui, open, known, commands));
    }
    update_ui(ui, data, commands);
}

/// Asks whether a key that lists none of the services that the history knows is of another organization.
fn other_services_ui(ui: &mut egui::Ui, open: &Workspace, known: usize, commands: &mut Commands) {
    let services = match known {
        1 => "not the one service".to_owned(),
        known => format!("none of the {} services", format_count(known)),
    };
    let title = format!("This key lists {services} that this profile has seen. Is it a key of another organization?");
    let name = sanitize_for_display(&open.profile.name);
    let body = format!("The history of {name} stays as it is, and nothing is recorded, until you choose");
    let choices = [
        ("Use a new profile…", Command::Session(SessionCommand::ShowSignIn(None))),
        ("Keep here", Command::Ledger(LedgerCommand::Accept)),
    ];
    let actions = choices.each_ref().map(|(name, _)| *name);
    let advice = "Keep here where all of its services were replaced";
    let alert = Alert { level: Level::Warning, title: &title, body: &body, advice, trace_id: None, actions: &actions };
    let clicked = alert_ui(ui, &alert);
    commands.extend(clicked.and_then(|index| choices.into_iter().nth(index)).map(|(_, command)| command));
}

/// Asks whether to look for newer versions, or tells of one.
fn update_ui(ui: &mut egui::Ui, data: &Data, commands: &mut Commands) {
    let Some(source) = &data.config.build.updates else { return };
    let daily = PreferencesCommand::SetUpdates(UpdateChoice::Daily);
    let never = PreferencesCommand::SetUpdates(UpdateChoice::Never);
    let (title, body, choices) = if data.asks_about_updates() {
        let body = format!("It would read a version number from {}. Nothing is installed", source.file.host());
        let choices =
            [("Check once a day", Command::Preferences(daily)), ("Do not check", Command::Preferences(never))];
        ("Check for new versions of SkyBackup?".to_owned(), body, choices)
    } else if let Some(newer) = data.newer_version() {
        let choices = [
            ("Open download page", Command::Window(WindowCommand::OpenDownloadPage)),
            ("Later", Command::Window(WindowCommand::PostponeUpdate)),
        ];
        (format!("SkyBackup {newer} is available"), format!("This is {}", data.config.build.version), choices)
    } else {
        return;
    };
    let actions = choices.each_ref().map(|(name, _)| *name);
    let alert = Alert { level: Level::Info, title: &title, body: &body, advice: "", trace_id: None, actions: &actions };
    let clicked = notice_frame().show(ui, |ui| alert_ui(ui, &alert)).inner;
    commands.extend(clicked.and_then(|index| choices.into_iter().nth(index)).map(|(_, command)| command));
}

/// The space around a notice that is on every screen.
pub(super) fn notice_frame() -> Frame {
    Frame::new().inner_margin(Margin { left: 16, right: 16, top: 12, bottom: 0 })
}

fn refused_ui(ui: &mut egui::Ui, open: &Workspace, error: &ApiError, commands: &mut Commands) {
    // A key that is nowhere stored cannot be fetched once more.
    let (advice, actions): (&str, &[&str]) = match open.source {
        KeySource::Keyring => ("Enter a new key. The stored one was not removed", &["Enter a new key", "Try again"]),
        KeySource::Environment => {
            ("Enter a key, or start again with another one in SKYSQL_API_KEY", &["Enter a new key"])
        }
        KeySource::ThisSession => ("It was used for this session only and is stored nowhere", &["Enter a new key"]),
        KeySource::Demo => ("Start the demo again, or enter a key", &["Enter a new key", "Try again"]),
    };
    let alert = Alert {
        level: Level::Error,
        title: &error.sentence(),
        body: &format!("{}. Nothing more is read with it", placeholders::error_body(error)),
        advice,
        trace_id: None,
        actions,
    };
    let is_demo = open.profile.is_demo;
    match placeholders::failure_ui(ui, error, alert) {
        Some(0) => {
            commands.push(Command::Session(SessionCommand::ShowSignIn((!is_demo).then(|| open.profile.id.clone()))));
        }
        Some(_) if is_demo => commands.push(Command::Session(SessionCommand::TryDemo)),
        Some(_) => commands.push(Command::Session(SessionCommand::OpenProfile(open.profile.id.clone()))),
        None => {}
    }
}

fn key_problem_ui(
    ui: &mut egui::Ui,
    open: &Workspace,
    problem: &KeyringError,
    view: &mut View,
    commands: &mut Commands,
) {
    let title = match open.keeping {
        Some(_) => "The key is not saved yet. You are signed in until the window closes",
        None => "The key was not saved. You are signed in until the window closes",
    };
    let first = match problem {
        KeyringError::NoPlace => "Create a keyring…",
        KeyringError::Ambiguous(keys) if !keys.is_empty() => "Choose the key to keep…",
        _ => "Try again",
    };
    let alert = Alert {
        level: Level::Warning,
        title,
        body: &problem.sentence(),
        advice: &problem.advice(),
        trace_id: None,
        actions: &[first, "Use for this session only"],
    };
    match (alert_ui(ui, &alert), problem) {
        (Some(0), KeyringError::NoPlace) => commands.push(Command::Session(SessionCommand::CreateKeyring)),
        (Some(0), KeyringError::Ambiguous(keys)) if !keys.is_empty() => {
            let (profile, keys) = (open.profile.id.clone(), keys.clone());
            view.open(Dialog::SeveralKeys { profile, keys, chosen: 0 });
        }
        (Some(0), _) => commands.push(Command::Session(SessionCommand::SaveKey)),
        (Some(_), _) => commands.push(Command::Session(SessionCommand::DismissKeyProblem)),
        (None, _) => {}
    }
}
