//! What stands above every screen until it is settled: a refused key, a key that could not be kept, being offline.

use crate::model::{Data, OpenSession};
use crate::msg::{Command, Commands};
use crate::theme::space;
use crate::widgets::{Alert, Level, alert_ui};

pub(super) fn banners_ui(ui: &mut egui::Ui, data: &Data, commands: &mut Commands) {
    let Some(open) = data.session.open() else { return };
    if open.refused.is_some() {
        refused_ui(ui, open, commands);
        ui.add_space(space::S);
    }
    if open.key_problem.is_some() {
        key_problem_ui(ui, open, commands);
        ui.add_space(space::S);
    }
}

fn refused_ui(ui: &mut egui::Ui, open: &OpenSession, commands: &mut Commands) {
    let Some(error) = &open.refused else { return };
    let alert = Alert {
        level: Level::Error,
        title: &error.sentence(),
        body: error.message.as_deref().unwrap_or("Nothing more is read with it. What you see is from before"),
        advice: "Enter a new key. The stored one was not removed",
        trace_id: error.trace_id.as_deref(),
        actions: &["Enter a new key", "Try again"],
    };
    let saved = !open.profile.is_demo;
    match alert_ui(ui, &alert) {
        Some(0) => commands.push(Command::ShowSignIn(saved.then(|| open.profile.id.clone()))),
        Some(_) if saved => commands.push(Command::OpenProfile(open.profile.id.clone())),
        Some(_) => commands.push(Command::TryDemo),
        None => {}
    }
}

fn key_problem_ui(ui: &mut egui::Ui, open: &OpenSession, commands: &mut Commands) {
    let Some(problem) = &open.key_problem else { return };
    let alert = Alert {
        level: Level::Warning,
        title: "The key was not saved. You are signed in until the window closes",
        body: &problem.sentence(),
        advice: &problem.advice(),
        trace_id: None,
        actions: &["Try again", "Use for this session only"],
    };
    match alert_ui(ui, &alert) {
        Some(0) => commands.push(Command::KeepKey),
        Some(_) => commands.push(Command::DismissKeyProblem),
        None => {}
    }
}
