//! "Delete the daily full backup of billing?": what will no longer run, and the milder way. And "Suspend …?".

use egui::{RichText, Ui};
use jiff::Timestamp;

use super::confirm::{ask_ui, name_to_type};
use super::row_actions::change_button_ui;
use super::suspension::suspension_fields_ui;
use super::text::quiet_ui;
use super::{flags, outcome};
use crate::cron::{NextRun, next_run};
use crate::domain::{Schedule, ScheduleId, Zone};
use crate::model::{ChangeKind, Data, SuspensionForm, View};
use crate::msg::{ChangeCommand, Command, Commands, WindowCommand};
use crate::theme::{self, icon, space};
use crate::widgets::{ActionButton, ButtonStyle, ModalDialog, labelled_field, text_field, two_clocks};

/// What ends the runs of a schedule.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ScheduleStop {
    Delete,
    Suspend,
}

impl ScheduleStop {
    /// Its verb, the same while it is being done, and what leaves the schedule alone.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Delete => ("Delete", "Deleting…", "Keep schedule"),
            Self::Suspend => ("Suspend", "Suspending…", "Keep running"),
        }
    }

    fn command(self, id: &ScheduleId) -> Command {
        Command::Change(match self {
            Self::Delete => ChangeCommand::Delete(id.clone()),
            Self::Suspend => ChangeCommand::Suspend(id.clone()),
        })
    }

    /// The schedule that this is being done to.
    fn under_way(self, data: &Data) -> Option<&Schedule> {
        match &data.change().filter(|change| change.is_under_way())?.kind {
            ChangeKind::Delete(schedule) if self == Self::Delete => Some(schedule),
            ChangeKind::Update(schedule, _) if self == Self::Suspend => Some(schedule),
            ChangeKind::Create(_)
            | ChangeKind::Update(..)
            | ChangeKind::Delete(_)
            | ChangeKind::Restore(_)
            | ChangeKind::DeleteRestore(_) => None,
        }
    }
}

pub(super) fn stop_ui(
    ui: &Ui,
    data: &Data,
    view: &mut View,
    (stop, id): (ScheduleStop, &ScheduleId),
    commands: &mut Commands,
) {
    let sending = stop.under_way(data).filter(|schedule| schedule.id == *id);
    let (verb, doing, keep) = stop.words();
    let target = sending.map_or_else(|| data.lists().target(id), Ok);
    let title = target.map_or_else(
        |_| format!("{verb} schedule {}?", id.shown()),
        |schedule| format!("{verb} the {}?", outcome::schedule_name(data, schedule)),
    );
    let to_type = target.ok().filter(|_| stop == ScheduleStop::Delete && data.is_production());
    let to_type = to_type.map(|schedule| name_to_type(data.service_name(schedule), schedule.id.as_str(), "delete"));
    let is_confirmed = to_type.as_ref().is_none_or(|name| view.confirm_name.trim() == name);
    let has_problem = stop == ScheduleStop::Suspend && view.suspension.problem(data.today()).is_some();
    let dialog = ModalDialog {
        id: verb,
        title: &title,
        width: 480.0,
        confirm: if sending.is_some() { doing } else { &format!("{verb} schedule") },
        cancel: if sending.is_some() { "Close" } else { keep },
        is_danger: true,
        can_confirm: target.is_ok() && data.can_change() && is_confirmed && !has_problem,
    };
    let mut is_retried = false;
    let is_asked = ask_ui(ui, &dialog, commands, |ui, commands| {
        flags::in_use_ui(ui, data);
        match (target, stop) {
            (Ok(schedule), ScheduleStop::Delete) => {
                ui.add_enabled_ui(sending.is_none(), |ui| {
                    schedule_ui(ui, data, schedule, commands);
                    if let Some(name) = &to_type {
                        let label = format!("Type {name} to delete the schedule");
                        confirm_ui(ui, &label, "This profile is marked as production", &mut view.confirm_name);
                    }
                });
                ui.add_space(space::XS);
            }
            (Ok(schedule), ScheduleStop::Suspend) => {
                ui.add_enabled_ui(sending.is_none(), |ui| suspend_ui(ui, data, schedule, &mut view.suspension));
            }
            // A dialog whose schedule left the screen says so, and does nothing.
            (Err(why_not), _) => {
                let sentence = why_not.sentence(&format!("Schedule {}", id.shown()));
                ui.label(format!("{sentence}, so nothing can be done to it here"));
            }
        }
        outcome::notice_ui(ui, data, outcome::Place::Dialog, commands);
        is_retried = outcome::refusal_ui(ui, data, &["Try again"]).is_some() && dialog.can_confirm;
    });
    if is_asked || is_retried {
        commands.push(stop.command(id));
    }
}

/// What a suspension means, why it is done, and when to be reminded.
fn suspend_ui(ui: &mut Ui, data: &Data, schedule: &Schedule, suspension: &mut SuspensionForm) {
    next_run_ui(ui, data, schedule);
    ui.label("No backups are made by this schedule until it is resumed");
    ui.add_space(space::XS);
    suspension_fields_ui(ui, data, suspension);
}

/// A name to type where two clicks alone are too few; `why` they are.
pub(super) fn confirm_ui(ui: &mut Ui, label: &str, why: &str, typed: &mut String) {
    ui.add_space(space::S);
    labelled_field(ui, label, why, None, |ui| text_field(ui, typed, ""));
}

fn schedule_ui(ui: &mut Ui, data: &Data, schedule: &Schedule, commands: &mut Commands) {
    ui.label(RichText::new(outcome::schedule_words(data, schedule)).text_style(theme::strong()));
    next_run_ui(ui, data, schedule);
    quiet_ui(ui, "Existing backups are kept until they expire");
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
        let secondary = theme::tokens(ui).text_secondary;
        let text = RichText::new("Stops new backups. It can be resumed at any time").color(secondary);
        ui.add(egui::Label::new(text).truncate());
    });
}

/// The run that is lost, as far as it is known.
fn next_run_ui(ui: &mut Ui, data: &Data, schedule: &Schedule) {
    let none = match next_run(schedule, data.now) {
        NextRun::At(at) => {
            ui.label("This run will not happen:");
            return instant_ui(ui, data, at);
        }
        NextRun::Either(perhaps, sure) => {
            let (which, why) = match sure {
                Some(_) => ("one of these two", "it is not known which of them SkySQL follows"),
                None => ("if there is one", "by one of them it never runs"),
            };
            ui.label(format!("This run will not happen, {which}:"));
            for at in [perhaps].into_iter().chain(sure) {
                instant_ui(ui, data, at);
            }
            return quiet_ui(ui, format!("Cron programs read this schedule in two ways, and {why}"));
        }
        NextRun::Never => "It would never have run: no date matches",
        NextRun::Unknown => "When it would run next is not known",
        NextRun::None if schedule.is_suspended() => "It is suspended, so no run is planned",
        NextRun::None => "It runs once, and not again",
    };
    ui.label(none);
}

fn instant_ui(ui: &mut Ui, data: &Data, at: Timestamp) {
    let (utc, local) = (Zone::utc(), data.second_zone());
    let (there, here) = (utc.weekday_minute(at, data.now), local.weekday_minute(at, data.now));
    ui.scope(|ui| {
        ui.spacing_mut().interact_size.y = theme::height::ROW_COMPACT;
        two_clocks(ui, (&there, utc.label()), (&here, local.label()));
    });
}
