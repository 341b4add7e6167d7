//! The notices in the corner of a screen.

use crate::domain::sanitize_lines;
use crate::model::{Data, NotificationAction, Severity};
use crate::msg::{BatchCommand, Command, Commands, ListCommand, ViewsCommand, WindowCommand};
use crate::widgets::{self, ToastAnswer, toast_ui};

/// A notice is never longer.
const MAX_LINES: usize = 6;

pub(super) fn toasts_ui(ui: &egui::Ui, data: &Data, commands: &mut Commands) {
    let shown = &data.notifications.list;
    let texts: Vec<String> = shown
        .iter()
        .map(|toast| {
            let detail = toast.detail.as_ref().map(|detail| format!("\n{detail}")).unwrap_or_default();
            // Some hold what the service said.
            sanitize_lines(&format!("{}{detail}", toast.text), MAX_LINES)
        })
        .collect();
    let toasts: Vec<widgets::Toast<'_>> = shown
        .iter()
        .zip(&texts)
        .map(|(toast, text)| widgets::Toast {
            level: level(toast.level),
            text,
            action: toast.action.as_ref().map(|action| match action {
                NotificationAction::ShowInFolder(_) => "Show in folder",
                NotificationAction::ShowSchedule(_) | NotificationAction::ShowRestore(_) => "Show",
                NotificationAction::Recreate(_) => "Recreate…",
                NotificationAction::RestoreView(..) => "Undo",
            }),
        })
        .collect();
    let (place, is_acted) = match toast_ui(ui, &toasts) {
        Some(ToastAnswer::Dismissed(place)) => (place, false),
        Some(ToastAnswer::Acted(place)) => (place, true),
        None => return,
    };
    let Some(toast) = shown.get(place) else { return };
    if let Some(action) = toast.action.clone().filter(|_| is_acted) {
        commands.push(match action {
            NotificationAction::ShowInFolder(path) => Command::Window(WindowCommand::ShowInFolder(path)),
            NotificationAction::ShowSchedule(id) => Command::List(ListCommand::ShowSchedule(id)),
            NotificationAction::RestoreView(at, view) => Command::Views(ViewsCommand::Restore(at, view)),
            NotificationAction::ShowRestore(id) => Command::List(ListCommand::ShowRestore(id)),
            NotificationAction::Recreate(schedule) => Command::Batch(BatchCommand::Recreate(schedule)),
        });
    }
    commands.push(Command::Window(WindowCommand::DismissNotification(toast.id)));
}

fn level(level: Severity) -> widgets::Level {
    match level {
        Severity::Good => widgets::Level::Success,
        Severity::Info => widgets::Level::Info,
        Severity::Warning => widgets::Level::Warning,
        Severity::Bad => widgets::Level::Error,
    }
}
