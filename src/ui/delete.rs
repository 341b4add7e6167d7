//! "Delete the daily full backup of billing?": what will no longer run, and the milder way.

use egui::{RichText, Ui};
use jiff::Timestamp;

use super::row_actions::change_button_ui;
use super::{flags, outcome};
use crate::cron::{NextRun, next_run};
use crate::domain::{Schedule, ScheduleId, Zone};
use crate::model::{ChangeKind, Data, NoTarget, View};
use crate::msg::{ChangeCommand, Command, Commands, WindowCommand};
use crate::theme::{self, icon, space};
use crate::widgets::{
    ActionButton, ButtonStyle, DialogAnswer, ModalDialog, dialog_ui, labelled_field, text_field, two_clocks,
};

pub(super) fn delete_ui(ui: &mut Ui, data: &Data, view: &mut View, id: &ScheduleId, commands: &mut Commands) {
    let sending = data.change().filter(|change| change.is_under_way()).and_then(|change| match &change.kind {
        ChangeKind::Delete(schedule) if schedule.id == *id => Some(&**schedule),
        ChangeKind::Delete(_) | ChangeKind::Create(_) | ChangeKind::Update(..) => None,
    });
    let is_sending = sending.is_some();
    let target = sending.map_or_else(|| data.lists().target(id), Ok);
    let title = target.map_or_else(
        |_| format!("Delete schedule {}?", id.shown()),
        |schedule| format!("Delete the {}?", outcome::schedule_name(data, schedule)),
    );
    let to_type = target.ok().filter(|_| data.is_production()).map(|it| name_to_type(data.service_name(it), &it.id));
    let is_confirmed = to_type.as_ref().is_none_or(|name| view.confirm_name.trim() == name);
    let dialog = ModalDialog {
        id: "delete-schedule",
        title: &title,
        width: 480.0,
        confirm: if is_sending { "Deleting…" } else { "Delete schedule" },
        cancel: if is_sending { "Close" } else { "Keep schedule" },
        is_danger: true,
        can_confirm: target.is_ok() && data.can_change() && is_confirmed,
    };
    let answer = dialog_ui(ui, &dialog, |ui| {
        flags::in_use_ui(ui, data);
        match target {
            Ok(schedule) => {
                ui.add_enabled_ui(!is_sending, |ui| {
                    schedule_ui(ui, data, schedule, commands);
                    if let Some(name) = &to_type {
                        confirm_ui(ui, name, &mut view.confirm_name);
                    }
                });
            }
            Err(why_not) => not_here_ui(ui, why_not, id),
        }
        ui.add_space(space::XS);
        outcome::notice_ui(ui, data, outcome::Place::Dialog, commands);
        if outcome::refusal_ui(ui, data, &["Try again"]).is_some() && dialog.can_confirm {
            commands.push(Command::Change(ChangeCommand::Delete(id.clone())));
        }
    });
    match answer {
        Some(DialogAnswer::Confirmed) => commands.push(Command::Change(ChangeCommand::Delete(id.clone()))),
        Some(DialogAnswer::Cancelled) => commands.push(Command::Window(WindowCommand::CloseDialog)),
        None => {}
    }
}

/// A dialog whose schedule left the screen says so, and does nothing.
pub(super) fn not_here_ui(ui: &mut Ui, why_not: NoTarget, id: &ScheduleId) {
    ui.label(format!("{}, so nothing can be done to it here", why_not.sentence(id)));
}

/// In production nothing is deleted by two clicks alone.
fn confirm_ui(ui: &mut Ui, name: &str, typed: &mut String) {
    ui.add_space(space::S);
    let label = format!("Type {name} to delete the schedule");
    labelled_field(ui, &label, "This profile is marked as production", None, |ui| text_field(ui, typed, ""));
}

/// A longer name is not typed; nor is it looked through in each frame.
const LONGEST_TO_TYPE_BYTES: usize = 64;

/// What is typed: the name of the service, or the id of the schedule where that name is long or holds what no keyboard types, or the
/// action itself where the id is so too.
fn name_to_type(label: &str, id: &ScheduleId) -> String {
    let label = if label.len() <= LONGEST_TO_TYPE_BYTES { label.trim() } else { "" };
    let is_plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    match id.as_str() {
        _ if is_plain(label) => label.to_owned(),
        id if id.len() <= LONGEST_TO_TYPE_BYTES && is_plain(id) => id.to_owned(),
        _ => "delete".to_owned(),
    }
}

fn schedule_ui(ui: &mut Ui, data: &Data, schedule: &Schedule, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    ui.label(RichText::new(outcome::schedule_words(data, schedule)).text_style(theme::strong()));
    next_run_ui(ui, data, schedule);
    ui.label(RichText::new("Existing backups are kept until they expire").color(tokens.text_secondary));
    if schedule.is_once() || schedule.is_suspended() {
        return;
    }
    ui.add_space(space::XS);
    ui.horizontal(|ui| {
        let suspend = ActionButton::new(ButtonStyle::Secondary, "Suspend instead").icon(icon::PAUSE);
        if change_button_ui(ui, data, suspend) {
            commands.push(Command::Window(WindowCommand::CloseDialog));
            commands.push(Command::Change(ChangeCommand::AskSuspend(schedule.id.clone())));
        }
        let text = RichText::new("Stops new backups. It can be resumed at any time").color(tokens.text_secondary);
        ui.add(egui::Label::new(text).truncate());
    });
}

/// The run that is lost, as far as it is known.
pub(super) fn next_run_ui(ui: &mut Ui, data: &Data, schedule: &Schedule) {
    let none = match next_run(schedule, data.now) {
        NextRun::At(at) => {
            ui.label("This run will not happen:");
            return instant_ui(ui, data, at);
        }
        NextRun::Either(perhaps, sure) => {
            ui.label(if sure.is_some() {
                "This run will not happen, one of these two:"
            } else {
                "This run will not happen, if there is one:"
            });
            for at in [perhaps].into_iter().chain(sure) {
                instant_ui(ui, data, at);
            }
            let why = if sure.is_some() {
                "it is not known which of them SkySQL follows"
            } else {
                "by one of them it never runs"
            };
            let text = format!("Cron programs read this schedule in two ways, and {why}");
            ui.label(RichText::new(text).color(theme::tokens(ui).text_secondary));
            return;
        }
        NextRun::Never => "It would never have run: no date matches",
        NextRun::Unknown => "When it would run next is not known",
        NextRun::None if schedule.is_suspended() => "It is suspended, so no run is planned",
        NextRun::None => "It runs once, and not again",
    };
    ui.label(none);
}

fn instant_ui(ui: &mut Ui, data: &Data, at: Timestamp) {
    let (utc, local) = (Zone::utc(), &data.config.local_zone);
    let (there, here) = (utc.weekday_minute(at, data.now), local.weekday_minute(at, data.now));
    ui.scope(|ui| {
        ui.spacing_mut().interact_size.y = theme::height::ROW_COMPACT;
        two_clocks(ui, (&there, utc.label()), (&here, local.label()));
    });
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
            assert_eq!(name_to_type(name, &ScheduleId::new("301")), expected, "{name:?}");
        }
    }
}
