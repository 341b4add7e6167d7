//! "Suspend the daily full backup of billing?", in production: what will not run until it is resumed.

use egui::Ui;

use super::delete::{next_run_ui, not_here_ui};
use super::{flags, outcome};
use crate::domain::ScheduleId;
use crate::model::{ChangeKind, Data};
use crate::msg::{ChangeCommand, Command, Commands, WindowCommand};
use crate::widgets::{DialogAnswer, ModalDialog, dialog_ui};

pub(super) fn suspend_ui(ui: &mut Ui, data: &Data, id: &ScheduleId, commands: &mut Commands) {
    let sending = data.change().filter(|change| change.is_under_way()).and_then(|change| match &change.kind {
        ChangeKind::Update(schedule, _) if schedule.id == *id => Some(&**schedule),
        ChangeKind::Update(..) | ChangeKind::Create(_) | ChangeKind::Delete(_) => None,
    });
    let target = sending.map_or_else(|| data.lists().target(id), Ok);
    let title = target.map_or_else(
        |_| format!("Suspend schedule {}?", id.shown()),
        |schedule| format!("Suspend the {}?", outcome::schedule_name(data, schedule)),
    );
    let dialog = ModalDialog {
        id: "suspend-schedule",
        title: &title,
        width: 480.0,
        confirm: if sending.is_some() { "Suspending…" } else { "Suspend schedule" },
        cancel: if sending.is_some() { "Close" } else { "Keep running" },
        is_danger: true,
        can_confirm: target.is_ok() && data.can_change(),
    };
    let answer = dialog_ui(ui, &dialog, |ui| {
        flags::in_use_ui(ui, data);
        match target {
            Ok(schedule) => {
                next_run_ui(ui, data, schedule);
                ui.label("No backups are made by this schedule until it is resumed");
            }
            Err(why_not) => not_here_ui(ui, why_not, id),
        }
        outcome::notice_ui(ui, data, outcome::Place::Dialog, commands);
        if outcome::refusal_ui(ui, data, &["Try again"]).is_some() && dialog.can_confirm {
            commands.push(Command::Change(ChangeCommand::Suspend(id.clone())));
        }
    });
    match answer {
        Some(DialogAnswer::Confirmed) => commands.push(Command::Change(ChangeCommand::Suspend(id.clone()))),
        Some(DialogAnswer::Cancelled) => commands.push(Command::Window(WindowCommand::CloseDialog)),
        None => {}
    }
}
